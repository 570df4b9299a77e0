"""Hidden space: where a layer puts inputs, by plain loops, and the grid that is bent."""

import math

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.hidden_space import hidden_space, input_grid
from tests import by_hand

X = [[0.3, -0.8], [1.2, 0.4], [-0.5, 0.9], [0.1, 0.1], [-1.4, -0.6]]


def net_of(*sizes):
    rng = np.random.default_rng(11)
    shapes = list(zip(sizes[1:], sizes, strict=False))
    weights, biases = [rng.normal(size=shape) for shape in shapes], [rng.normal(size=units) for units, _ in shapes]
    return sn.Network.from_arrays(weights, biases, ["tanh"] * (len(shapes) - 1) + ["sigmoid"])


def activations(net, layer, x):
    W, b = [w.tolist() for w in net.weights], [b.tolist() for b in net.biases]
    return [by_hand.forward(W, b, net.activations, row)[1][layer] for row in x]


@pytest.mark.parametrize(("layer", "units"), [(0, (2, 0)), (1, (0, 1)), (1, (3, 1)), (2, (1, 0))])
def test_two_units_are_their_own_activations(layer, units):
    net = net_of(2, 3, 4, 2)
    expected = [[a[units[0]], a[units[1]]] for a in activations(net, layer, X)]
    np.testing.assert_allclose(hidden_space(net, layer, X, units).places(X), expected, rtol=1e-12)


def test_of_more_units_the_two_directions_in_which_the_training_points_spread_most():
    net = net_of(2, 5, 1)
    space = hidden_space(net, 0, X)
    places = space.places(X)
    np.testing.assert_allclose(places.mean(axis=0), [0, 0], atol=1e-12)
    # Against the eigenvalues of the covariance, which another routine finds: those spreads are the two largest.
    covariance = np.cov(np.array(activations(net, 0, X)).T)
    largest = np.linalg.eigvalsh(covariance)[::-1]
    np.testing.assert_allclose(np.cov(places.T), np.diag(largest[:2]), atol=1e-12)
    np.testing.assert_allclose(space.components.shares, largest[:2] / largest.sum(), rtol=1e-9)
    other = [[2.0, 2.0]]  # a point that is not among those that chose the directions
    a = np.array(activations(net, 0, other)[0])
    centred = a - np.mean(activations(net, 0, X), axis=0)
    expected = [centred.dot(space.components.directions[k]) for k in range(2)]
    np.testing.assert_allclose(space.places(other)[0], expected, rtol=1e-9)


def test_more_points_than_fit_in_one_block_each_have_their_place():
    net, x = net_of(2, 3, 4, 2), np.random.default_rng(0).normal(size=(40_000, 2))
    places = hidden_space(net, 1, X, (0, 3)).places(x)
    for row in (0, 20_000, 39_999):
        a = activations(net, 1, x[row : row + 1].tolist())[0]
        np.testing.assert_allclose(places[row], [a[0], a[3]], rtol=1e-10)


def test_a_layer_of_one_unit_one_that_is_not_there_and_other_pairs_are_refused():
    net = net_of(2, 3, 1)
    with pytest.raises(ValueError, match="Layer 2 has one unit, whose answers lie on a line"):
        hidden_space(net, 1, X)
    for layer in (-1, 2, 0.5):
        with pytest.raises(ValueError, match="There are layers 0 to 1"):
            hidden_space(net, layer, X)
    for units in ((0, 0), (0, 3), (0,), (-1, 0)):
        with pytest.raises(ValueError, match="two different units of 0 to 2"):
            hidden_space(net, 0, X, units)


def test_numbers_too_large_have_no_directions_of_largest_spread():
    net = sn.Network.from_arrays([[[1e200, 0.0]] * 2, [[1e200, 1e200]] * 2], [[0.0, 0.0]] * 2, ("identity",) * 2)
    with pytest.raises(ValueError, match="must be finite numbers"):
        hidden_space(net, 1, X)


def test_the_grid_has_straight_lines_across_and_up_the_whole_window():
    plane = sn.slice_at((2, 0), (9.0, 0.5, 9.0))
    grid = input_grid(((-1.0, 3.0), (10.0, 20.0)), plane, lines=3, places=5)
    assert grid.shape == (6, 5, 3)
    for line, up in enumerate((10.0, 15.0, 20.0)):
        assert grid[line].tolist() == [[up, 0.5, across] for across in (-1.0, 0.0, 1.0, 2.0, 3.0)]
    for line, across in enumerate((-1.0, 1.0, 3.0), 3):
        assert grid[line].tolist() == [[up, 0.5, across] for up in (10.0, 12.5, 15.0, 17.5, 20.0)]


def test_of_one_column_the_grid_is_one_line_along_it():
    assert input_grid(((-1.0, 3.0),), places=5).tolist() == [[[-1.0], [0.0], [1.0], [2.0], [3.0]]]
    assert math.prod(input_grid(((0.0, 1.0),)).shape) == 61
