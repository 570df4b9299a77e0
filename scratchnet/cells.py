"""Cells: one update on one sample as a list of numbers, each with the few that it is made of.

For who computes by hand: what comes after what, and what a number has to be where those before it are a learner's own.
Layers, units and sources count from 0. Training does not use it; a test holds it to `Trainer.step`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from . import textbook
from .activations import ACTIVATIONS
from .losses import LOSSES
from .network import Network
from .neuron import Neuron

# ("z", layer, unit), "a" and "delta" likewise, ("loss",), and ("gradient", layer, unit, source) and "new" likewise, for
# the weight from that source or, where it is None, the bias.
Cell = tuple


def cells(sizes: Sequence[int]) -> tuple[Cell, ...]:
    """All numbers of an update in the order in which they are computed: forward, the loss, back, then what is new."""
    layers = range(len(sizes) - 1)
    found: list[Cell] = [(letter, layer, k) for layer in layers for letter in "za" for k in range(sizes[layer + 1])]
    found.append(("loss",))
    found += [("delta", layer, k) for layer in reversed(layers) for k in range(sizes[layer + 1])]
    for layer in reversed(layers):
        places = [(layer, k, source) for k in range(sizes[layer + 1]) for source in (*range(sizes[layer]), None)]
        found += [(name, *place) for place in places for name in ("gradient", "new")]
    return tuple(found)


def needs(cell: Cell, net: Network, loss: str) -> tuple[Cell, ...]:
    """The other cells that a cell is computed from, beside what is given: inputs, target, old weights and biases."""
    kind, last = cell[0], len(net.sizes) - 2
    if kind == "loss":
        return _layer("a", last, net)
    layer, unit = cell[1:3]
    match kind:
        case "z":
            return _layer("a", layer - 1, net) if layer else ()
        case "a":
            return _layer("z", layer, net) if net.activations[layer] == "softmax" else (("z", layer, unit),)
        case "delta":
            if layer == last and LOSSES[loss].own_output == net.activations[last]:
                return (("a", layer, unit),)
            after = () if layer == last else _layer("delta", layer + 1, net)
            return (*after, ("z", layer, unit), ("a", layer, unit))
        case "gradient":
            source = cell[3]
            before = (("a", layer - 1, source),) if layer and source is not None else ()
            return (("delta", layer, unit), *before)
    return (("gradient", *cell[1:]),)


def value(
    cell: Cell,
    known: Mapping[Cell, float],
    net: Network,
    x: Sequence[float],
    y: Sequence[float],
    loss: str,
    rate: float,
) -> float:
    """What a cell is, from the known numbers of all that it needs; infinite or nan where they leave it no number."""
    with np.errstate(all="ignore"):
        return float(_value(cell, known, net, np.asarray(x, float), np.asarray(y, float), loss, rate))


def _value(
    cell: Cell, known: Mapping[Cell, float], net: Network, x: np.ndarray, y: np.ndarray, loss: str, rate: float
) -> Any:
    def layer_of(letter: str, layer: int) -> np.ndarray:
        """(units,)"""
        return x if layer < 0 else np.array([known[one] for one in _layer(letter, layer, net)])

    kind, last = cell[0], len(net.sizes) - 2
    if kind == "loss":
        return _loss(loss, y, layer_of("a", last))
    layer, unit = cell[1:3]
    f = ACTIVATIONS[net.activations[layer]]
    match kind:
        case "z":
            return Neuron(net.weights[layer][unit], net.biases[layer][unit]).z(layer_of("a", layer - 1))
        case "a":
            z = layer_of("z", layer) if f.name == "softmax" else np.array([known["z", layer, unit]])
            return _activations(z, f.name)[unit if f.name == "softmax" else 0]
        case "delta":
            a = np.array([[known["a", layer, unit]]])
            if layer == last and LOSSES[loss].own_output == f.name:
                return textbook.own_output_delta(y[None, unit : unit + 1], a, None, None)[0, 0]
            slope = f.derivative(np.array([[known["z", layer, unit]]]), a)
            if layer < last:
                return textbook.hidden_delta(layer_of("delta", layer + 1), net.weights[layer + 1][:, unit], slope[0, 0])
            answers = y.copy()  # the slope of a loss over several outputs knows how many they are
            answers[unit] = a[0, 0]
            return LOSSES[loss].slope(y[None], answers[None])[0, unit] * slope[0, 0]
        case "gradient":
            if cell[3] is None:
                return known["delta", layer, unit]
            return known["delta", layer, unit] * (known["a", layer - 1, cell[3]] if layer else x[cell[3]])
    old = net.biases[layer][unit] if cell[3] is None else net.weights[layer][unit, cell[3]]
    return textbook.descend(old, known["gradient", *cell[1:]], rate)


def _activations(z: np.ndarray, name: str) -> np.ndarray:
    """a (units,) of a layer's z (units,): of a network of one layer that takes z as it is."""
    unchanged = Network.from_arrays(weights=[np.eye(len(z))], biases=[np.zeros(len(z))], activations=[name])
    return unchanged.forward(z[None]).output[0]


def _loss(loss: str, y: np.ndarray, a: np.ndarray) -> Any:
    """The loss of outputs a (outputs,), as one computes it by hand: also where it is otherwise computed from z."""
    if loss == "bce":
        return textbook.binary_cross_entropy(y, a).sum()
    if loss == "cross_entropy":
        return textbook.cross_entropy(y, a)
    return LOSSES[loss].per_sample(y[None], a[None], None)[0]


def _layer(letter: str, layer: int, net: Network) -> tuple[Cell, ...]:
    return tuple((letter, layer, unit) for unit in range(net.sizes[layer + 1]))
