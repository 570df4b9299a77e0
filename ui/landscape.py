"""Landscape: the part of its page that shows the training loss on a plane through all weights, and the run's path.

The run is that on the playground, as it stands at the update on screen; it goes on without this one.
"""

import dataclasses
import functools
import hashlib
import time
from dataclasses import dataclass, field
from pathlib import Path as File

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import scratchnet as sn
from scratchnet import landscape as sl
from scratchnet.principal_components import principal_components
from ui import address, allowance, errors, labels, landscape_charts
from ui.gate import gate
from ui.kit.numbers import percent, text
from ui.landscape_charts import Way
from ui.loss_axis import wants_log
from ui.play.payload import feature_label, unit_names
from ui.play.playground import EMPTY_MAP, LARGEST_SLICE, Playground
from ui.surfaces import Work, surfaces
from ui.terms import SCALED_LOSS, TERMS
from ui.unbroken import unbroken

PLAYGROUND = File(__file__).resolve().parent.parent / "pages" / "play" / "playground.py"
OF_PATH, OF_PARAMETERS, RANDOM = "path", "parameters", "random"
PLANES = {
    OF_PATH: "The run's own path",
    OF_PARAMETERS: "Two weights or biases",
    RANDOM: "Two random directions",
}
BIAS = "its bias"
ZOOMS = {
    0.05: "a 20th, around the present",
    0.25: "a quarter, around the present",
    1.0: "the whole path",
    2.0: "twice as wide",
    5.0: "five times as wide",
}
RESOLUTIONS = (21, 31, 61, 101)  # places along each side
USUAL = 61
# Multiplications of a surface: places times training points times parameters. What is usual takes a second or two, and
# nobody has half a minute of a shared server.
MOST_AT_FIRST, MOST_AT_ALL = 5e9, 6e10
FIRST_PIECE, PIECE, EVERY = 0.3, 0.12, 0.25  # seconds: of computing at once, then at a time, and from piece to piece
CONFIG = {"displaylogo": False}
SMOOTH = (
    "Smooth curves on such a plane are no sign of learning: a walk whose steps are all drawn at random has them, too "
    "(Antognini and Sohl-Dickstein 2018)."
)


@dataclass(frozen=True, eq=False)
class Still:
    """The run on the playground as it stood at one update. figures: what was drawn of it."""

    shown: tuple[int, int, bool]  # generation and update of the playground it was taken at, and whether a branch waits
    run: sn.Run
    path: sl.Path
    branches: tuple[tuple[str, sl.Path], ...] = ()  # the other ones: name and path, from where it left its parent on
    missing: int = 0  # branches that are not at hand
    figures: dict = field(default_factory=dict)

    @property
    def paths(self) -> list[sl.Path]:
        """The run's, then those of its other branches."""
        return [self.path, *(path for _, path in self.branches)]

    @property
    def network(self) -> sn.Network:
        return self.run.network

    def mean_loss(self, penalties: bool) -> sl.MeanLoss:
        """The loss of the training points, with the penalties in force or without."""
        settings = self.run.settings
        l1, l2 = (settings.l1, settings.l2) if penalties else (0.0, 0.0)
        return sl.MeanLoss(self.network, self.run.x_train, self.run.y_train, settings.loss, l1, l2)


@dataclass(frozen=True)
class Chosen:
    """What the visitor wants to see. plane: of PLANES; places: of two parameters; seed: of random directions."""

    plane: str
    places: tuple[tuple[int, int, int | None], ...] = ()
    seed: int = 0
    zoom: float = 1.0
    size: int = USUAL
    penalties: bool = False


def still(pg: Playground) -> Still:
    """The run at the update on screen, taken once for each picture of the board; it goes on without this one."""
    key = pg.key("landscape_still")
    with pg.lock:
        shown = (pg.generation, pg.shown, pg.is_behind)
        last = st.session_state.get(key)
        if last is not None and last.shown == shown:
            return last
        run, forks = pg.run.fork(), pg.forks
    turn = functools.partial(gate().turn, _who(pg))
    with turn():
        run.goto(shown[1])
    others = pg.others_at_hand()
    branches = [(labels.branch_name(forks, fork.id), sl.path_of(of, turn).since(fork.at)) for fork, of in others]
    missing = len(forks.every) - 1 - len(branches)
    st.session_state[key] = now = Still(shown, run, sl.path_of(run, turn), tuple(branches), missing)
    return now


def landscape(pg: Playground) -> None:
    """Controls, the two pictures, and what they say."""
    if pg.replay is not None:
        _train(pg, FIRST_PIECE)
    if pg.replay is not None:
        _on_the_way(pg)
        return
    if pg.is_empty:
        st.info(EMPTY_MAP)
        _way_back(pg, None)
        return
    _catch_up(pg)
    now = still(pg)
    st.markdown(
        "How high the training loss is for other weights than the network's own. A picture has far fewer directions "
        "than a network has weights, so you choose a plane through them; all else is held fixed. " + _which_run(pg, now)
    )
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    chosen = _controls(pg, now, row)
    if chosen is None:
        _way_back(pg, now)
        return
    try:
        plane = _plane(now, chosen)
    except ValueError as error:
        st.info(str(error))
        _way_back(pg, now)
        return
    least = 1.0 if chosen.plane == RANDOM else 0.0
    with np.errstate(all="ignore"):
        ends = sl.window(plane, now.paths, least, chosen.zoom)
    s, t = (np.linspace(*end, chosen.size) for end in ends)
    losses = _losses(pg, now, chosen, plane, s, t)
    if losses is not None:
        _pictures(pg, now, chosen, plane, (s, t, losses), row)
    if chosen.plane == OF_PATH and len(now.path.updates) > 2:
        _walk(pg, now)
    _moments(pg, now, plane, chosen)
    _way_back(pg, now)


def _which_run(pg: Playground, now: Still) -> str:
    run = now.run
    said = f"This is the run on the playground at update {run.update:,}: {'-'.join(map(str, run.network.sizes))}, "
    said += f"{run.network.n_parameters:,} weights and biases, {len(run.x_train):,} training points."
    if pg.playing:
        said += " It plays, and stands still while you are here."
    if run.status == "diverged":
        said += " The next update makes its numbers unusable: it has diverged."
    return said


def _who(pg: Playground) -> str:
    """The visitor's name at the gate."""
    return f"landscape {id(pg)}"


# ---- the way to a link's update --------------------------------------------------------------------------------------


def _train(pg: Playground, seconds: float) -> None:
    """Go on towards the update of a link for so long, in one turn of the gate, but for one slice at least."""
    with gate().turn(_who(pg)), pg.lock:
        latest = time.perf_counter() + seconds
        while pg.replay is not None:
            pg.train(LARGEST_SLICE)
            pg.sees(pg.run.update)
            if time.perf_counter() > latest:
                break


def _catch_up(pg: Playground) -> None:
    """Train branches that came with a link, for a moment: what is not there by then is told of."""
    if not pg.is_behind or pg.playing:
        return
    with gate().turn(_who(pg)), pg.lock:
        latest = time.perf_counter() + FIRST_PIECE
        while pg.is_behind and time.perf_counter() < latest:
            pg.catch_up(lambda: time.perf_counter() > latest)


@st.fragment(run_every=EVERY)
def _on_the_way(pg: Playground) -> None:
    """How far it is, with the means to stop there: the playground's Pause."""
    with allowance.shared(), errors.caught():
        _train(pg, PIECE)
        replay = pg.replay
        if replay is None:
            st.rerun()
        st.progress(pg.run.update / replay.update, text=replay.words)
        st.button("Pause", key=pg.key("landscape_pause"), on_click=unbroken(pg.pause))


# ---- what is chosen --------------------------------------------------------------------------------------------------


def _controls(pg: Playground, now: Still, row: DeltaGenerator) -> Chosen | None:
    """What is chosen, None where that cannot be shown: then why is said."""
    settings, has_path = now.run.settings, now.path.length > 0
    with row:
        plane = st.selectbox(
            "Plane",
            list(PLANES),
            index=0 if has_path else 2,
            format_func=PLANES.__getitem__,
            key=pg.key(f"landscape_plane_{has_path}"),
            persist_state="session",
            width=230,
        )
        zoom = st.selectbox(
            "Shown",
            list(ZOOMS),
            index=2,
            format_func=lambda zoom: ZOOMS[zoom] if plane != RANDOM or zoom != 1 else "as far as the weights are large",
            key=pg.key("landscape_zoom"),
            persist_state="session",
            width=250,
        )
        cost = len(now.run.x_train) * now.network.n_parameters
        offered = [size for size in RESOLUTIONS if size**2 * cost <= MOST_AT_ALL] or list(RESOLUTIONS[:1])
        quick = [size for size in offered if size <= USUAL and size**2 * cost <= MOST_AT_FIRST] or offered[:1]
        size = st.selectbox(
            "Grid",
            offered,
            index=len(quick) - 1,
            format_func=lambda size: f"{size} × {size}",
            key=pg.key(f"landscape_grid_{quick[-1]}_{offered[-1]}"),
            help="At so many places of the plane the loss is computed. A finer grid takes longer.",
            persist_state="session",
            width=120,
        )
        penalties = bool(settings.l1 or settings.l2) and st.toggle(
            "With penalties",
            key=pg.key("landscape_penalties"),
            help="Adds what L1 and L2 add: training goes down on that sum. The curves on the playground leave it out.",
            persist_state="session",
        )
        seed = 0
        if plane == RANDOM:
            seed = _seed(pg, "landscape_seed", "New directions")
    if quick[-1] < USUAL:
        st.caption(
            f"This network is large for its {len(now.run.x_train):,} training points, so the grid is coarse at first; "
            "a finer one takes longer, and you can cancel it."
        )
    if plane == OF_PATH and not has_path:
        st.info(
            "This run has no path yet: it stands where it began. Train it on the playground, or choose two random "
            "directions."
        )
        return None
    places: tuple = ()
    if plane == OF_PARAMETERS:
        left, right = st.columns(2, gap="medium")
        with left:
            across = _parameter(pg, now, "across", 0)
        with right:
            up = _parameter(pg, now, "up", 1)
        if across == up:
            st.info("Across and up are the same number of the network: choose another one for one of them.")
            return None
        places = (across, up)
    return Chosen(plane, places, seed, zoom, size, penalties)


def _seed(pg: Playground, name: str, label: str) -> int:
    """A seed that a button counts on, as the board's New weights."""
    key = pg.key(name)
    seed = st.session_state.setdefault(key, 0)

    @unbroken
    def another() -> None:
        st.session_state[key] = seed + 1

    st.button(f"{label} · seed {seed}", key=f"{key}_next", on_click=another)
    return seed


def _parameter(pg: Playground, now: Still, axis: str, first: int) -> tuple[int, int, int | None]:
    """Lists for one weight or bias: its layer, its unit, and where it comes from. first: the source at first."""
    net = now.network
    of = f"{axis}_{'-'.join(map(str, net.sizes))}"

    def choose(label: str, options: list, words, width: int, index: int = 0):
        return st.selectbox(
            f"{label} {axis}",
            options,
            index=index,
            format_func=words,
            key=pg.key(f"landscape_{label}_{of}_{len(options)}"),
            persist_state="session",
            width=width,
        )

    with st.container(horizontal=True, gap="small"):
        layer = choose("Layer", list(range(len(net.sizes) - 1)), lambda n: labels.layer_title(net, n), 120)
        unit = choose("Unit", list(range(net.sizes[layer + 1])), lambda k: str(k + 1), 100)
        sources, names = [*range(net.sizes[layer]), BIAS], _sources(now, layer)
        source = choose(
            "Number",
            sources,
            lambda k: BIAS if k == BIAS else f"weight from {names[k]}",
            230,
            min(first, len(sources) - 1),
        )
    return layer, unit, None if source == BIAS else source


def _sources(now: Still, layer: int) -> list[str]:
    """What the sources of a layer's units are called."""
    if layer == 0:
        return [feature_label(name, now.run.dataset.names) for name in now.run.settings.features]
    return unit_names(now.network.sizes, now.run.dataset.class_names)[layer - 1]


def parameter_name(now: Still, place: tuple[int, int, int | None]) -> str:
    """A weight or bias as the board names it."""
    layer, unit, source = place
    of = unit_names(now.network.sizes, now.run.dataset.class_names)[layer][unit]
    return f"bias of {of}" if source is None else f"weight from {_sources(now, layer)[source]} to {of}"


def _plane(now: Still, chosen: Chosen) -> sl.LossPlane:
    if chosen.plane == OF_PARAMETERS:
        return sl.parameter_plane(now.network, *chosen.places)
    if chosen.plane == RANDOM:
        return sl.random_plane(now.network, chosen.seed)
    if OF_PATH not in now.figures:
        now.figures[OF_PATH] = sl.path_plane(now.paths)
    return now.figures[OF_PATH]


# ---- the surface -----------------------------------------------------------------------------------------------------


def _losses(
    pg: Playground, now: Still, chosen: Chosen, plane: sl.LossPlane, s: np.ndarray, t: np.ndarray
) -> np.ndarray | None:
    """The losses (len(t), len(s)) of the grid; None while they are computed, which is shown then."""
    of = hashlib.sha256(f"{now.run.experiment.to_query()}\n{now.run.update}\n{chosen.penalties}\n".encode())
    for array in (plane.origin, plane.across, plane.up, s, t):  # which moments make a plane depends on who looked when
        of.update(array.tobytes())
    digest = of.hexdigest()
    key = pg.key("landscape_work")
    if (known := surfaces().get(digest)) is not None:
        st.session_state.pop(key, None)
        return known
    work = st.session_state.get(key)
    if work is None or work.digest != digest:
        surface = sl.Surface(now.mean_loss(chosen.penalties), plane, s, t)
        st.session_state[key] = work = Work(digest, surface, _who(pg))
        work.advance(FIRST_PIECE)
    if work.surface.is_complete:
        return work.surface.values
    if not work.is_cancelled:
        _progress(work)
        return None
    st.info(f"Cancelled after {work.surface.done:,} of {work.surface.total:,} places.")
    st.button("Go on", key=pg.key("landscape_go_on"), on_click=unbroken(work.go_on))
    return None


@st.fragment(run_every=EVERY)
def _progress(work: Work) -> None:
    """How far the surface is. Who has closed the page asks for no further piece, and costs nothing."""
    with allowance.shared(), errors.caught():
        work.advance(PIECE)
        if work.is_cancelled or work.surface.is_complete:
            st.rerun()
        done, total = work.surface.done, work.surface.total
        st.progress(done / total, text=f"Computing the loss: {done:,} of {total:,} places")
        st.button("Cancel", key=f"landscape_cancel_{work.digest}", on_click=unbroken(work.cancel))


# ---- pictures and words ----------------------------------------------------------------------------------------------


def _ways(now: Still, plane: sl.LossPlane, penalties: bool) -> list[Way]:
    """The run's path on the plane, then those of its other branches."""
    key = ("losses", penalties)
    if key not in now.figures:
        loss = now.mean_loss(penalties)
        now.figures[key] = [loss(path.thetas) for path in now.paths]
    names, ways = ["path of the run", *(name for name, _ in now.branches)], []
    for branch, (name, path, losses) in enumerate(zip(names, now.paths, now.figures[key], strict=True)):
        with np.errstate(all="ignore"):
            places, off = plane.coordinates(path.thetas), plane.distances(path.thetas)
        ways.append(Way(name, places, path.updates, losses, off, path.changed, branch))
    return ways


def _axes(now: Still, chosen: Chosen, plane: sl.LossPlane) -> tuple[str, str]:
    if plane.shares is not None:
        first, second = (percent(share) for share in plane.shares)
        return f"direction 1 ({first} of the variance)", f"direction 2 ({second} of the variance)"
    if chosen.plane == OF_PARAMETERS:
        across, up = (parameter_name(now, place) for place in chosen.places)
        return across, up
    return "random direction 1", "random direction 2"


def _pictures(
    pg: Playground,
    now: Still,
    chosen: Chosen,
    plane: sl.LossPlane,
    grid: tuple[np.ndarray, np.ndarray, np.ndarray],
    row: DeltaGenerator,
) -> None:
    """row: of controls, where the choice of the axis stands."""
    s, t, losses = grid
    ways, axes = _ways(now, plane, chosen.penalties), _axes(now, chosen, plane)
    way = ways[0]
    automatic = wants_log(losses.ravel(), way.losses)
    with row:
        is_log = st.toggle(
            "Logarithmic loss",
            automatic,
            key=pg.key(f"landscape_log_{automatic}"),
            help=TERMS["log loss"],
            persist_state="session",
        )
    key = ("pictures", chosen, is_log)
    if key not in now.figures:
        for old in [name for name in now.figures if name[0] == "pictures"]:  # one pair is enough to remember
            del now.figures[old]
        drawn = (s, t, losses, ways, axes, is_log)
        now.figures[key] = landscape_charts.map_figure(*drawn), landscape_charts.surface_figure(*drawn)
    alt = _alt(s, t, losses, ways, axes)
    seen = zip(("From above", "As a surface"), now.figures[key], st.columns(2, gap="medium"), strict=True)
    for number, (name, figure, column) in enumerate(seen):
        with column:
            st.plotly_chart(figure, key=pg.key(f"landscape_picture_{number}"), config=CONFIG, alt=f"{name}: {alt}")
    st.markdown(_about_the_plane(now, chosen, plane))
    for sentence in landscape_charts.heights(losses, ways, is_log).said:
        st.caption(sentence)
    st.caption(_about_the_path(now, plane, way))
    if said := _about_the_branches(now, ways):
        st.text(said)  # branches have names that somebody has typed
    st.caption(_about_the_loss(now, chosen, plane))


def _about_the_plane(now: Still, chosen: Chosen, plane: sl.LossPlane) -> str:
    """What the plane is, and what is held fixed."""
    count = now.network.n_parameters
    if plane.shares is not None:
        first, second = (percent(share) for share in plane.shares)
        said = (
            f"**The plane of the path** goes through the present along the two directions in which the "
            f"{len(now.path.updates):,} moments of this run spread most: {first} and {second} of "
            "their variance (principal components). "
        )
        if not plane.shares[1]:
            said += "They lie on one line, so the second direction is that of a single weight. "
        return said + f"What the other {max(count - 2, 0):,} directions of the weights say is held as it is at present."
    if chosen.plane == OF_PARAMETERS:
        across, up = (labels.literal(parameter_name(now, place)) for place in chosen.places)
        return (
            f"**Two numbers of the network** vary, {across} and {up}. The other {count - 2:,} weights and biases are "
            "held as they are at present."
        )
    return (
        f"**Two random directions** from the present, seed {chosen.seed}, {round(plane.angle)}° apart. They are "
        "filter-normalised (Li et al. 2018): at 1 on an axis each unit's weights have changed by as much as they are "
        "large. Biases are held as they are at present, and so is all that is in no direction drawn."
    )


def _about_the_path(now: Still, plane: sl.LossPlane, way: Way) -> str:
    """How far the path lies off the plane, and what the picture makes of that."""
    length = now.path.length
    if not length:
        return "The run stands where it began: there is no path yet, only the present."
    farthest = int(np.argmax(way.off))
    most, last = (percent(way.off[number] / length) for number in (farthest, -1))
    said = (
        f"The path is {text(length)} long, from moment to moment. It lies off this plane by {most} of that at most, at "
        f"update {way.updates[farthest]:,}, and by {last} at present. Each moment is drawn at the place of the plane "
        "nearest to it and, on the surface, at its own loss: where the two part, the path lies off the plane."
    )
    if now.path.unmarked:
        said += f" {now.path.unmarked:,} changes by hand are not marked: it would take too long to go back to them."
    return said


def _about_the_branches(now: Still, ways: list[Way]) -> str:
    """Where the other branches end, and which of them are not drawn."""
    said = [
        f"The branch “{way.name}” leaves its parent at update {way.updates[0]:,} and ends at update "
        f"{way.updates[-1]:,}, loss {text(way.losses[-1])}; it lies off this plane by {text(way.off.max())} at most."
        for way in ways[1:]
    ]
    if now.missing:
        branches = "1 other branch is" if now.missing == 1 else f"{now.missing} other branches are"
        said.append(f"{branches} not drawn: go there once on the playground.")
    return " ".join(said)


def _about_the_loss(now: Still, chosen: Chosen, plane: sl.LossPlane) -> str:
    """Which loss it is, and how steep it is at the present."""
    run, settings = now.run, now.run.settings
    l1, l2 = (settings.l1, settings.l2) if chosen.penalties else (0.0, 0.0)
    if ("gradient", chosen.penalties) not in now.figures:
        with np.errstate(all="ignore"):
            forward = run.network.forward(run.x_train)
            made = sn.backpropagate(run.network, forward, run.y_train, settings.loss, l1, l2).gradient
        now.figures["gradient", chosen.penalties] = made
    gradient = now.figures["gradient", chosen.penalties]
    with np.errstate(all="ignore"):
        whole, across, up = np.linalg.norm(gradient), gradient.dot(plane.across), gradient.dot(plane.up)
    said = f"Loss: {labels.loss_title(settings.loss).lower()} of the {len(run.x_train):,} training points"
    said += ", with the penalties L1 and L2 on top." if chosen.penalties else "."
    if (settings.l1 or settings.l2) and not chosen.penalties:
        said += " Training goes down on it with the penalties added, so it need not end at a lowest place here."
    said += f" At present its slope is {text(across)} across and {text(up)} up; "
    said += f"the whole gradient has length {text(float(whole))}."
    if any("points" in changes for at, changes in run.experiment.events if at <= run.update):
        said += " Points were drawn while it learned: everywhere, it is the loss of the points as they are now."
    if run.dataset.target_scale is not None:
        said += f" {SCALED_LOSS}"
    return said


def _alt(s: np.ndarray, t: np.ndarray, losses: np.ndarray, ways: list[Way], axes: tuple[str, str]) -> str:
    way = ways[0]
    finite = np.where(np.isfinite(losses), losses, np.inf)
    row, column = np.unravel_index(int(np.argmin(finite)), losses.shape)
    lowest = f"{text(losses[row, column])}, at ({text(s[column])}, {text(t[row])})"
    said = (
        f"the training loss on a plane, {axes[0]} across from {text(s[0])} to {text(s[-1])}, {axes[1]} up from "
        f"{text(t[0])} to {text(t[-1])}. It is lowest, {lowest}. "
    )
    (x0, y0), (x1, y1) = way.places[0], way.places[-1]
    if len(way.updates) == 1:
        return said + f"The run is at ({text(x1)}, {text(y1)}), loss {text(way.losses[-1])}."
    for other in ways[1:]:
        (x, y), loss = other.places[-1], other.losses[-1]
        said += f"The branch {other.name} ends at ({text(x)}, {text(y)}), loss {text(loss)}. "
    return said + (
        f"The run's path leads from ({text(x0)}, {text(y0)}), loss {text(way.losses[0])}, to ({text(x1)}, "
        f"{text(y1)}) at update {way.updates[-1]:,}, loss {text(way.losses[-1])}."
    )


def _walk(pg: Playground, now: Still) -> None:
    """The path beside a walk that learned nothing."""
    st.caption(SMOOTH)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        is_shown = st.toggle("A random walk of as many steps", key=pg.key("landscape_walk"), persist_state="session")
        if not is_shown:
            return
        seed = _seed(pg, "landscape_walk_seed", "Another walk")
    steps, size = len(now.path.updates) - 1, now.network.n_parameters
    if ("walk", seed) not in now.figures:
        found = []
        for places in (now.path.thetas, sl.random_walk(steps, size, seed)):
            components = principal_components(places, 2)
            found.append((components.coordinates(places), components.shares.tolist()))
        now.figures["walk", seed] = found
    titles = "The path of the run", f"A random walk, seed {seed}"
    for title, (places, shares), column in zip(titles, now.figures["walk", seed], st.columns(2), strict=True):
        first, second = (percent(share) for share in shares)
        with column:
            st.plotly_chart(
                landscape_charts.curve_figure(places, shares, title),
                key=pg.key(f"landscape_curve_{title.split(',')[0]}"),
                config=CONFIG,
                alt=f"{title} on its own first two principal components, with {first} and {second} of its variance.",
            )
    first, second = (percent(share) for share in now.figures["walk", seed][1][1])
    st.caption(
        f"The walk takes {steps:,} steps in {size:,} dimensions, each drawn at random, and its first two components "
        f"show {first} and {second} of its variance all the same; of a long one they show 60.8 % and 15.2 %, on curves "
        f"that are cosines. What tells the run from it are its losses."
    )


def _moments(pg: Playground, now: Still, plane: sl.LossPlane, chosen: Chosen) -> None:
    """The path in numbers, for whoever does not see the pictures or wants to compute with them."""
    if not now.path.length:
        return
    box = st.expander("The path in numbers", key=pg.key("landscape_numbers"), on_change="rerun")
    if not box.open:
        return
    import pandas as pd  # half a second, which only who opens this shall wait

    way = _ways(now, plane, chosen.penalties)[0]
    across, up = _axes(now, chosen, plane)
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
            _link(moment.query, "This moment on the playground")
        return
    _link(moment.query, "To the playground")


def _link(query: str, label: str) -> None:
    st.page_link(
        st.Page(PLAYGROUND, default=True),
        label=label,
        icon=":material/arrow_forward:",
        query_params=address.way(query),
    )
