"""Microscope: any number of the playground, opened. The next update, told for one link, unit or bias; who pulled it.

It shows what the next Step will do, before it does it: `Trainer.step` is pure, so the run stays where it is.
"""

from dataclasses import dataclass

import numpy as np
import streamlit as st

import scratchnet as sn
from scratchnet import network
from scratchnet.run import is_usable
from scratchnet.trainer import Step
from ui import walkthrough as walk
from ui.numbers import exact, text
from ui.player import START, focus_of, part, pictures, player
from ui.walkthrough import UNIT, Focus

KEY = "microscope"
MOST_PULLS = 12  # rows of samples; the strongest first, the others are counted
MOST_OTHERS = 400  # points of the training data behind those of the mini-batch
UNIT_ITSELF, BIAS = "the unit itself", "its bias"


@dataclass(frozen=True, eq=False)
class Next:
    """The update that comes next. step: None when it would leave no usable numbers. rows: its samples in x_train."""

    step: Step | None
    rows: np.ndarray
    data: sn.Dataset
    features: tuple[str, ...]


def next_update(run: sn.Run) -> Next:
    """What the next update of a run will do. The run is not changed."""
    rows = run.next_batch()
    with np.errstate(all="ignore"):  # numbers about to overflow are met here as in the run
        step = run.trainer.step(run.network, run.x_train[rows], run.y_train[rows], run.optimizer_state, run.update)
        is_good = run.status != "diverged" and bool(is_usable(step.after.theta))
    return Next(step if is_good else None, rows, run.dataset, run.settings.features)


def values() -> dict:
    """What the microscope looks at: place, frame and sample, kept for the visit."""
    return st.session_state.setdefault(KEY, START | {"place": (0, 0, 0), "frame": "start"})


def look_at(place: tuple) -> None:
    """Open it at a place of the board: (layer, unit), (layer, unit, source), source None for the bias."""
    kept = values()
    kept.update(place=place, action="compute gradients", bring=kept.get("bring", 0) + 1)
    kept["frame"] = "start" if len(place) == 2 else f"d{'b' if place[2] is None else 'W'}{place[0] + 1}"


def look_near(probe: tuple | None, now: Next) -> None:
    """A place on the map was chosen: the sample of the mini-batch nearest to it comes up."""
    kept = values()
    if probe is None or kept.get("probe") == (probe, id(now)):
        return
    kept["probe"] = (probe, id(now))
    points = now.data.x_train[now.rows]
    kept["sample"] = int(np.argmin(((points - np.array(probe)) ** 2).sum(axis=1)))


def microscope(now: Next, caption: str) -> None:
    """The tab. caption: which update this is, in words."""
    st.caption(caption)
    if now.step is None:
        st.info("The next update would leave no usable numbers, so there is none to show: go back, or lower the rate.")
        return
    kept = values()
    step = now.step

    def above() -> None:
        focus = focus_of(step, kept)
        _selectors(now, step, focus, kept)
        _headline(step, focus_of(step, kept), now.features)

    def below(step: Step, focus: Focus) -> None:
        _who_pulled(now, step, focus, kept)

    player(KEY, step, kept, only=True, above=above, below=below, inputs=now.features)


def _selectors(now: Next, step: Step, focus: Focus, kept: dict) -> None:
    """The same choice as on the board, as lists: for the keyboard, a phone, a screen reader."""
    sizes = step.before.sizes
    layers = list(range(len(sizes) - 1))
    sources = [UNIT_ITSELF, BIAS, *range(sizes[focus.layer])]
    source = {UNIT: UNIT_ITSELF, None: BIAS}.get(focus.source, focus.source)

    def changed(what: str) -> None:
        wanted = st.session_state[f"{KEY}_{what}"]
        layer = wanted if what == "layer" else focus.layer
        unit = wanted if what == "unit" else min(focus.unit, sizes[layer + 1] - 1)
        chosen = wanted if what == "source" else source
        if isinstance(chosen, int):
            chosen = min(chosen, sizes[layer] - 1)
        place = {UNIT_ITSELF: (layer, unit), BIAS: (layer, unit, None)}.get(chosen, (layer, unit, chosen))
        moved = what == "layer" or (what == "source" and len(place) == 3)
        kept["place"] = place
        if moved and kept["action"] == "compute gradients":
            look_at(place)

    def sample_changed() -> None:
        kept["sample"] = st.session_state[f"{KEY}_sample"]

    def from_where(choice) -> str:
        if isinstance(choice, str):
            return choice
        return f"weight from {now.features[choice]}" if focus.layer == 0 else f"weight from unit {choice + 1}"

    def layer_name(layer: int) -> str:
        return "Output" if layer == layers[-1] else f"Layer {layer + 1}"

    choices = (
        ("layer", "Layer", layers, layer_name, focus.layer, 130),
        ("unit", "Unit", list(range(sizes[focus.layer + 1])), lambda unit: str(unit + 1), focus.unit, 90),
        ("source", "Number", sources, from_where, source, 200),
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        for name, label, options, words, present, width in choices:
            st.session_state[f"{KEY}_{name}"] = present
            st.selectbox(
                label, options, format_func=words, key=f"{KEY}_{name}", on_change=changed, args=(name,), width=width
            )
        st.session_state[f"{KEY}_sample"] = focus.sample
        st.selectbox(
            f"Sample (of {len(now.rows)} in the mini-batch)",
            list(range(len(now.rows))),
            format_func=lambda s: sample_name(now, step, s),
            key=f"{KEY}_sample",
            on_change=sample_changed,
            width=260,
        )


def sample_name(now: Next, step: Step, sample: int) -> str:
    """A sample by its place in the mini-batch, its inputs and its target."""
    point = now.data.x_train[now.rows[sample]]
    inputs = ", ".join(text(value, 3) for value in point[:3]) + (", …" if len(point) > 3 else "")
    y = step.y[sample]
    return f"{sample + 1}: ({inputs}) → {text(y[0], 3) if len(y) == 1 else f'class {int(y.argmax())}'}"


def _headline(step: Step, focus: Focus, features: tuple[str, ...]) -> None:
    """The chosen number now, its gradient, and what it will be: with all digits, as the board will hold them."""
    name = pictures.place_name(step.before.sizes, focus, features)
    if focus.source == UNIT:
        z, a = (array[focus.layer][focus.sample, focus.unit] for array in (step.forward.z, step.forward.a))
        delta = step.backward.delta[focus.layer][focus.sample, focus.unit]
        row = {"unit": name, "z of this sample": exact(z), "a": exact(a), "δ (with 1/n)": exact(delta)}
    else:
        i = network.parameter_index(step.before.sizes, focus.layer, focus.unit, focus.source)
        row = {
            "number": name,
            "now": exact(step.before.theta[i]),
            "gradient": exact(step.gradient[i]),
            "after the next update": exact(step.after.theta[i]),
        }
    with st.container(key=f"{KEY}_headline"):
        st.table([row], border="horizontal", hide_index=True)


def _who_pulled(now: Next, step: Step, focus: Focus, kept: dict) -> None:
    if focus.source == UNIT:
        st.caption("Choose one weight or bias to see which samples of the mini-batch pulled it, and how hard.")
        return
    found = walk.shares(step, focus)
    st.markdown(
        f"**Who pulled it.** Each sample alone would have this gradient; their mean, {text(found.mean)}, is what"
        f" backpropagation gives. Blue pulls the number down, orange up: an update goes against the gradient."
    )
    widget = f"{KEY}_pulls"

    def chosen() -> None:
        sample = (st.session_state.get(widget) or {}).get("sample")
        if type(sample) is int and 0 <= sample < len(now.rows):
            kept["sample"] = sample

    part("pulls")(key=widget, data=pulls_of(now, step, found, focus.sample), on_sample_change=chosen)


def pulls_of(now: Next, step: Step, found: walk.Shares, chosen: int) -> dict:
    """The picture of who pulled, as plain values: samples, the strongest first, and a map of two inputs."""
    largest = float(np.abs(found.gradients).max()) or 1.0
    order = [int(s) for s in found.order]
    shown = order[:MOST_PULLS]
    if chosen not in shown:
        shown[-1] = chosen
    is_plane = len(now.data.names) == 2
    samples = [
        {
            "at": s,
            "name": sample_name(now, step, s),
            "text": text(found.gradients[s]),
            "exact": exact(found.gradients[s]),
            "share": float(found.gradients[s]) / largest,
            "here": s == chosen,
            "point": [float(v) for v in now.data.x_train[now.rows[s]]] if is_plane else None,
        }
        for s in shown
    ]
    rest = len(order) - len(shown)
    return {
        "samples": samples,
        "more": f"and {rest:,} more" if rest else "",
        "map": {
            "names": list(now.data.names),
            "domain": [[float(low), float(high)] for low, high in now.data.domain],
            "others": now.data.x_train[:MOST_OTHERS].tolist(),
        }
        if is_plane
        else None,
    }
