"""Page: the controls, the two pictures and what they say, of the run that is on the playground at the update on screen.

It goes on without this one.
"""

import dataclasses
from collections.abc import Callable
from contextlib import AbstractContextManager

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from scratchnet import landscape as sl
from ui.kit.numbers import text
from ui.landscapes import turns, words
from ui.landscapes.arriving import catch_up, on_the_way, train
from ui.landscapes.choices import OF_PATH, RANDOM, Chosen, controls, plane_of
from ui.landscapes.pictures import CONFIG, Scene, Way, map_figure, surface_figure
from ui.landscapes.still import Still, still
from ui.landscapes.surfaces import losses_on
from ui.landscapes.walk import walk
from ui.loss_axis import wants_log
from ui.play.playground import EMPTY_MAP, Playground
from ui.playground_link import playground_link
from ui.terms import TERMS


def landscape(pg: Playground) -> None:
    """Controls, the two pictures, and what they say."""
    if pg.replay is not None:
        train(pg, turns.FIRST_PIECE)
    if pg.replay is not None:
        on_the_way(pg)
        return
    if pg.is_empty:
        st.info(EMPTY_MAP)
        _way_back(pg, None)
        return
    catch_up(pg)
    now = still(pg)
    st.markdown(
        "How high the training loss is for other weights than the network's own. A picture has far fewer directions "
        "than a network has weights, so you choose a plane through them; all else is held fixed. "
        + words.which_run(pg, now)
    )
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    chosen = controls(pg, now, row)
    if chosen is None:
        _way_back(pg, now)
        return
    try:
        plane = plane_of(now, chosen)
    except ValueError as error:
        st.info(str(error))
        _way_back(pg, now)
        return
    least = 1.0 if chosen.plane == RANDOM else 0.0
    with np.errstate(all="ignore"):
        ends = sl.window(plane, now.paths, least, chosen.zoom)
    s, t = (np.linspace(*end, chosen.size) for end in ends)
    losses = losses_on(pg, now, chosen, plane, s, t)
    if losses is not None:
        _pictures(pg, now, chosen, plane, (s, t, losses), row)
    if chosen.plane == OF_PATH and len(now.path.updates) > 2:
        walk(pg, now)
    _moments(pg, now, plane, chosen)
    _way_back(pg, now)


def _ways(pg: Playground, now: Still, plane: sl.LossPlane, penalties: bool) -> list[Way]:
    """The run's path on the plane, then those of its other branches."""
    key = ("losses", penalties)
    if key not in now.figures:
        loss, moments = now.mean_loss(penalties), sum(len(path.updates) for path in now.paths)
        with turns.pieces(pg, "Computing the losses of the path", -(-moments // loss.at_once)) as turn:
            now.figures[key] = [_in_turns(loss, path.thetas, turn) for path in now.paths]
    names, ways = ["path of the run", *(name for name, _ in now.branches)], []
    for branch, (name, path, losses) in enumerate(zip(names, now.paths, now.figures[key], strict=True)):
        with np.errstate(all="ignore"):
            places, off = plane.coordinates(path.thetas), plane.distances(path.thetas)
        ways.append(Way(name, places, path.updates, losses, off, path.changed, branch))
    return ways


def _in_turns(loss: sl.MeanLoss, thetas: np.ndarray, turn: Callable[[], AbstractContextManager]) -> np.ndarray:
    """The losses of parameters (k, n_parameters), a stack at a time."""
    found = np.empty(len(thetas))
    for first in range(0, len(thetas), loss.at_once):
        stack = slice(first, first + loss.at_once)
        with turn():
            found[stack] = loss(thetas[stack])
    return found


def _pictures(
    pg: Playground,
    now: Still,
    chosen: Chosen,
    plane: sl.LossPlane,
    grid: tuple[np.ndarray, np.ndarray, np.ndarray],
    row: DeltaGenerator,
) -> None:
    """row: of controls, where the choice of the axis stands."""
    ways = _ways(pg, now, plane, chosen.penalties)
    automatic = wants_log(grid[-1].ravel(), ways[0].losses)
    with row:
        is_log = st.toggle(
            "Logarithmic loss",
            automatic,
            key=pg.key(f"landscape_log_{automatic}"),
            help=TERMS["log loss"],
            persist_state="session",
        )
    scene = Scene(*grid, ways, words.axes(now, chosen, plane), is_log)
    key = ("pictures", chosen, is_log)
    if key not in now.figures:
        for old in [name for name in now.figures if name[0] == "pictures"]:  # one pair is enough to remember
            del now.figures[old]
        now.figures[key] = map_figure(scene), surface_figure(scene)
    alt = words.alt(scene)
    seen = zip(("From above", "As a surface"), now.figures[key], st.columns(2, gap="medium"), strict=True)
    for number, (name, figure, column) in enumerate(seen):
        with column:
            st.plotly_chart(figure, key=pg.key(f"landscape_picture_{number}"), config=CONFIG, alt=f"{name}: {alt}")
    st.markdown(words.about_the_plane(now, chosen, plane))
    for sentence in scene.heights.said:
        st.caption(sentence)
    st.caption(words.about_the_path(now, plane, ways[0]))
    if said := words.about_the_branches(now, ways):
        st.text(said)  # branches have names that somebody has typed
    st.caption(words.about_the_loss(now, chosen, plane))


def _moments(pg: Playground, now: Still, plane: sl.LossPlane, chosen: Chosen) -> None:
    """The path in numbers, for whoever does not see the pictures or wants to compute with them."""
    if not now.path.length:
        return
    box = st.expander("The path in numbers", key=pg.key("landscape_numbers"), on_change="rerun")
    if not box.open:
        return
    import pandas as pd  # half a second, which only who opens this shall wait

    way = _ways(pg, now, plane, chosen.penalties)[0]
    across, up = words.axes(now, chosen, plane)
    columns = {"update": way.updates, "loss": way.losses, across: way.places[:, 0], up: way.places[:, 1]}
    table = pd.DataFrame({**columns, "off the plane": way.off, "changed by hand": way.changed})
    with box:
        st.dataframe(
            table.style.format(text, subset=["loss", across, up, "off the plane"]),
            hide_index=True,
            alt="The moments of the path, with their losses and places on the plane",
        )


def _way_back(pg: Playground, now: Still | None) -> None:
    """To the playground, at the present or at a moment of the path."""
    moment = pg.moment
    if now is not None and now.path.length:
        updates = sorted(set(now.path.updates.tolist()))
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            update = st.selectbox(
                "Moment of the path",
                updates,
                index=len(updates) - 1,
                format_func=lambda update: f"update {update:,}",
                key=pg.key(f"landscape_moment_{updates[-1]}_{len(updates)}"),
                width=200,
            )
            moment = moment if update == updates[-1] else dataclasses.replace(moment, update=update)
            playground_link(moment.query, "This moment on the playground")
        return
    playground_link(moment.query, "To the playground")
