"""The tasks of step 1, neurons: an activation by the bias alone, a weighted sum by hand, a flat slope by the inputs."""

from collections.abc import Mapping
from typing import Any

import numpy as np

import scratchnet as sn
from ui.checks.answers import compare
from ui.kit.numbers import text, text_beside
from ui.kit.typed import written
from ui.lesson_numbers import between, one_of

MOST_INPUTS = 4
# The tutorial's first sample, and the first unit of the network that all pages work with.
START: dict[str, Any] = {
    "inputs": 3,
    "activation": "sigmoid",
    **{"x1": 0.5, "x2": -0.2, "x3": 0.1, "x4": 0.3},
    **{"w1": 0.4, "w2": -0.6, "w3": 0.2, "w4": -0.5},
    "b": 0.1,
}
IN_ADDRESS = {
    "inputs": one_of(range(1, MOST_INPUTS + 1)),
    "activation": one_of(name for name in sn.ACTIVATIONS if name != "softmax"),
    **dict.fromkeys(("x1", "x2", "x3", "x4", "w1", "w2", "w3", "w4"), between(-5, 5)),
    "b": between(-10, 10),
}
HIGH_ACTIVATION = 0.9
FLAT_SLOPE = 0.05
# A sum to do by hand: other numbers than those on the page.
BY_HAND: dict[str, Any] = {"weights": (0.8, -0.5, 0.3), "bias": -0.4, "x": (1.5, 2.0, -1.0)}


def names(letter: str, state: Mapping) -> list[str]:
    """The names of the inputs in use, ("x") x1, x2, ..., or of their weights ("w")."""
    return [f"{letter}{place}" for place in range(1, state["inputs"] + 1)]


def neuron_of(state: Mapping) -> tuple[sn.Neuron, np.ndarray]:
    """The neuron that the page's values describe, and its inputs (inputs,)."""
    weights = [state[name] for name in names("w", state)]
    return sn.Neuron(weights, state["b"], state["activation"]), np.array([state[name] for name in names("x", state)])


def high_by_the_bias(state: Mapping, answer=None) -> tuple[bool, str]:
    """a > 0.9 with the bias alone: everything else as at the start."""
    if moved := _moved(state, allowed={"b"}):
        return False, f"Only the bias may differ from the start, but {moved}: press Start numbers, then move only b."
    neuron, x = neuron_of(state)
    a = neuron.forward(x)
    shown = text_beside(a, HIGH_ACTIVATION)
    if a > HIGH_ACTIVATION:
        return True, f"Right: with b = {written(state['b'])} the sum z is {text(neuron.z(x))} and a is {shown}."
    if state["b"] == START["b"]:
        return False, f"a is {shown} and must be above 0.9: move b and watch the point on the curve."
    return (
        False,
        f"a is {shown}, not above 0.9 yet: {'more' if state['b'] > START['b'] else 'the other way with'} bias.",
    )


def sum_by_hand(state: Mapping, answer=None) -> tuple[bool, str]:
    """z of the neuron BY_HAND, worked out and typed."""
    weights, bias, x = BY_HAND["weights"], BY_HAND["bias"], BY_HAND["x"]
    neuron = sn.Neuron(weights, bias)
    z = neuron.z(x)
    slips = {
        sn.Neuron(weights, 0.0).z(x): "That is the sum of the products: the bias is still missing.",
        sn.Neuron(weights, -bias).z(x): "The bias has the wrong sign: it is added as it stands, with its minus.",
        neuron.forward(x): "That is a, one step too far: z is the sum before the activation.",
        sn.Neuron(np.abs(weights), bias).z(np.abs(x)): "Mind the signs: minus times plus is minus.",
        sn.Neuron(np.abs(weights), bias).z(x): "Mind the sign of the second weight.",
        sn.Neuron(weights, bias).z(np.abs(x)): "Mind the sign of the third input.",
    }
    passed, why = compare(answer, z, slips, example="0.25")
    return passed, f"Right: three products and the bias add up to {text(z)}." if passed else why


def flat_by_the_inputs(state: Mapping, answer=None) -> tuple[bool, str]:
    """f'(z) < 0.05 with the inputs alone: everything else as at the start."""
    if moved := _moved(state, allowed={"x1", "x2", "x3", "x4"}):
        return False, (
            f"Only the inputs may differ from the start, but {moved}: press Start numbers, then move only inputs."
        )
    neuron, x = neuron_of(state)
    slope = neuron.slope(x)
    if slope < FLAT_SLOPE:
        return True, (
            f"Right: the slope is {text_beside(slope, FLAT_SLOPE)}. There the neuron hardly answers to its inputs,"
            " and will hardly learn."
        )
    return (
        False,
        f"The slope is {text_beside(slope, FLAT_SLOPE)} and must be below 0.05: drive z far from 0, to either side.",
    )


def _moved(state: Mapping, allowed: set[str]) -> str:
    """What differs from the start though it should not, in words; "" when nothing does."""
    if state["activation"] != START["activation"]:
        return "the activation is another one"
    if state["inputs"] != START["inputs"]:
        count = state["inputs"]
        return f"there {'is 1 input' if count == 1 else f'are {count} inputs'} instead of {START['inputs']}"
    used = [*names("x", state), *names("w", state), "b"]
    moved = [name for name in used if name not in allowed and state[name] != START[name]]
    return f"{', '.join(moved)} {'has' if len(moved) == 1 else 'have'} moved" if moved else ""
