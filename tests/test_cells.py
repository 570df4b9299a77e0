"""Cells: made one after the other of those they need, they are the numbers of an update, and nothing else is read."""

import itertools
import math

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.cells import cells, needs, value
from tests import by_hand

RATE = 0.25
CASES = {
    "bce": ((2, 3, 1), ("tanh", "sigmoid"), "bce", [1.0]),
    "bce of two outputs": ((2, 2, 2), ("relu", "sigmoid"), "bce", [1.0, 0.0]),
    "cross-entropy": ((3, 2, 3), ("sigmoid", "softmax"), "cross_entropy", [0.0, 1.0, 0.0]),
    "mse of two": ((2, 3, 2), ("swish", "identity"), "mse", [0.4, -0.3]),
    "mse of a sigmoid": ((2, 2, 1), ("softplus", "sigmoid"), "mse", [1.0]),
    "half": ((1, 2, 2, 2), ("elu", "leaky_relu", "tanh"), "half_squared_error", [0.2, -0.6]),
    "mae": ((2, 2, 2), ("tanh", "identity"), "mae", [0.3, -2.0]),
    "huber": ((2, 2, 2), ("tanh", "identity"), "huber", [0.1, -5.0]),
    "hinge": ((2, 2, 2), ("tanh", "identity"), "hinge", [1.0, -1.0]),
    "one layer": ((4, 1), ("sigmoid",), "bce", [0.0]),
}
ALL = pytest.mark.parametrize("name", CASES)


def made(name: str):
    sizes, activations, loss, y = CASES[name]
    rng = np.random.default_rng(3)
    weights = [rng.normal(size=(units, before)) for before, units in itertools.pairwise(sizes)]
    biases = [rng.normal(size=units) for units in sizes[1:]]
    net = sn.Network.from_arrays(weights=weights, biases=biases, activations=list(activations))
    return net, rng.normal(size=sizes[0]).tolist(), y, loss


class Known(dict):
    """What is known, and what of it was read."""

    def __init__(self):
        super().__init__()
        self.read = set()

    def __getitem__(self, cell):
        self.read.add(cell)
        return super().__getitem__(cell)


@ALL
def test_each_cell_made_of_those_before_is_the_number_of_plain_loops_and_reads_what_it_needs(name):
    net, x, y, loss = made(name)
    W, b = [one.tolist() for one in net.weights], [one.tolist() for one in net.biases]
    there = by_hand.update(W, b, net.activations, loss, [x], [y])
    known = Known()
    for cell in cells(net.sizes):
        known.read = set()
        known[cell] = value(cell, known, net, x, y, loss, RATE)
        assert known.read == set(needs(cell, net, loss)), cell
        kind, *place = cell
        if kind == "loss":
            expected = there["loss"]
        elif kind in ("z", "a", "delta"):
            expected = there[f"{kind}{place[0] + 1}"][0][place[1]]
        else:
            layer, unit, source = place
            slope = there[f"db{layer + 1}"][unit] if source is None else there[f"dW{layer + 1}"][unit][source]
            old = b[layer][unit] if source is None else W[layer][unit][source]
            expected = slope if kind == "gradient" else old - RATE * slope
        assert known[cell] == pytest.approx(expected, rel=1e-9, abs=1e-12), cell


@ALL
def test_every_number_of_an_update_is_a_cell_once_and_after_all_that_it_needs(name):
    net, *_, loss = made(name)
    every = cells(net.sizes)
    assert len(every) == len(set(every)) == 1 + 3 * sum(net.sizes[1:]) + 2 * net.n_parameters
    for place, cell in enumerate(every):
        assert set(needs(cell, net, loss)) <= set(every[:place])


def test_what_leaves_no_number_is_nan_or_infinite_and_no_warning():
    net, x, y, loss = made("bce")
    assert not math.isfinite(value(("loss",), {("a", 1, 0): 0.0}, net, x, y, loss, RATE))
    assert math.isnan(value(("loss",), {("a", 1, 0): -2.0}, net, x, y, loss, RATE))
