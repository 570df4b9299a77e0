"""Layers: the tab of the study that shows where a layer puts the inputs, and what they weigh in the first one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

import scratchnet as sn
from scratchnet.hidden_space import hidden_space, input_grid
from scratchnet.input_weights import input_weights
from ui import charts, labels, layer_charts
from ui.kit.numbers import text
from ui.play.playground import Playground
from ui.unbroken import unbroken

if TYPE_CHECKING:
    from ui.study import Still

CONFIG = {"displaylogo": False}
BENT = "Each point lies where this layer puts it. The lines are straight ones on the inputs, as the layer bends them"
SPREAD = " Principal components: where the training points spread most."
WEIGHTS = (
    "How much of the first layer hangs on each input, the weightiest on top. Inputs compare where their numbers are of"
    " the same size."
)
NO_LAYER = "No layer has two units: what one unit answers lies on a line, and Charts shows it."


def layers(pg: Playground, now: Still, plane: sn.Plane | None, on_use: Callable[[], None]) -> None:
    """Hidden space on the left, the first layer's weights on the right.

    plane: of the inputs, whose grid is bent; None of a single input. on_use: called when something was chosen here.
    """
    left, right = st.columns(2, gap="medium")
    with left:
        _hidden(pg, now, plane, on_use)
    with right:
        _weights(pg, now)


def _hidden(pg: Playground, now: Still, plane: sn.Plane | None, on_use: Callable[[], None]) -> None:
    net = now.network
    wide = [layer for layer, units in enumerate(net.sizes[1:]) if units > 1]
    if not wide:
        st.caption(NO_LAYER)
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        # A key of its own for each network: an index that the next one does not have would be no choice.
        layer = st.selectbox(
            "Layer",
            wide,
            index=max(len(wide) - 1 - (wide[-1] == len(net.sizes) - 2), 0),
            format_func=lambda layer: f"{labels.layer_title(net, layer)}: {net.sizes[layer + 1]} units",
            key=pg.key(f"layers_layer_{'-'.join(map(str, net.sizes))}"),
            on_change=unbroken(on_use),
            persist_state="session",
            label_visibility="collapsed",
            width=190,
        )
        units = _units(pg, net.sizes[layer + 1], on_use)
    try:
        space = hidden_space(net, layer, now.inputs["train"], units)
    except ValueError as error:  # activations that are no finite numbers have no components
        st.info(f"There are no principal components of this layer. {error}")
        return
    axes, decision = layer_charts.axis_names(space), sn.decision_of(now.settings)
    if ("hidden", layer, units, plane) not in now.figures:
        now.figures["hidden", layer, units, plane] = _figure(now, space, axes, plane, decision)
    name = labels.layer_title(net, layer)
    st.plotly_chart(
        now.figures["hidden", layer, units, plane],
        key=pg.key("hidden_chart"),
        config=CONFIG,
        alt=f"Where {name} puts the points at update {now.update}: {axes[0]} across, {axes[1]} up, with a grid of the "
        "inputs as this layer bends it.",
    )
    st.caption(BENT + (", in the colour of the answer." if decision.classes else ".") + SPREAD * (units is None))


def _units(pg: Playground, size: int, on_use: Callable[[], None]) -> tuple[int, int] | None:
    """Two units of a layer of this size, None for its principal components."""
    if size == 2:
        return 0, 1
    options = ["principal components", "two units"]
    chosen = st.selectbox(
        "Seen along",
        options,
        key=pg.key("layers_along"),
        on_change=unbroken(on_use),
        persist_state="session",
        label_visibility="collapsed",
        width=210,
    )
    if chosen == options[0]:
        return None
    across, up = (
        st.selectbox(
            label,
            list(range(size)),
            index=index,
            format_func=lambda unit: f"unit {unit + 1}",
            key=pg.key(f"layers_{label}_{size}"),
            on_change=unbroken(on_use),
            persist_state="session",
            label_visibility="collapsed",
            width=110,
        )
        for index, label in enumerate(("Across", "Up"))
    )
    return (across, up) if across != up else (across, (across + 1) % size)


def _figure(now: Still, space, axes: tuple[str, str], plane: sn.Plane | None, decision: sn.Decision) -> dict:
    data = now.data
    window = plane.window(data) if plane is not None else data.domain
    grid = input_grid(window, plane)
    inputs = charts.inputs_at(grid.reshape(-1, grid.shape[2]), now.settings, data, plane)
    with np.errstate(over="ignore", invalid="ignore"):
        answers = decision.answers(data.in_units(now.network.predict(inputs))).reshape(grid.shape[:2])
    points = {
        name: (space.places(now.inputs[part]), decision.answers(data.in_units(now.targets[part])))
        for part, name in now.parts.items()
    }
    scale = charts.number_scale(now.settings, data, now.targets["train"])
    bent = space.places(inputs).reshape(*grid.shape[:2], 2)
    return layer_charts.hidden_figure(
        bent, answers, points, axes, decision, data.class_names, scale, space.components is not None
    )


def _weights(pg: Playground, now: Still) -> None:
    weights, names = input_weights(now.network), labels.input_names(now.data, now.settings.features)
    shown = [names[i] for i in weights.inputs[: layer_charts.MOST_INPUTS]]
    if "weights" not in now.figures:
        now.figures["weights"] = layer_charts.weights_figure(weights, names)
    said = ", ".join(
        f"{name} {text(negative)} and {text(positive)}"
        for name, negative, positive in zip(shown, weights.negative, weights.positive, strict=False)
    )
    st.plotly_chart(
        now.figures["weights"],
        key=pg.key("weights_chart"),
        config=CONFIG,
        alt=f"Sums of the first layer's weights below and above 0 at update {now.update}, by input: {said}.",
    )
    rest = len(names) - len(shown)
    st.caption(WEIGHTS + (f" {rest:,} inputs with smaller weights are not drawn." if rest else ""))
