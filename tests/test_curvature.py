"""Curvature: a Hessian worked by hand and by small differences of the loss, the edge it sets, the largest curvature."""

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.curvature import (
    edge,
    factor,
    hessian_times,
    largest_curvature,
    linear_unit_hessian,
    lowest_point,
)
from scratchnet.gradient_check import total_loss


def linear_unit(inputs: int, seed: int) -> sn.Network:
    rng = np.random.default_rng(seed)
    return sn.Network.from_arrays([rng.normal(size=(1, inputs))], [rng.normal(size=1)], ["identity"])


def second_differences(net: sn.Network, x: np.ndarray, y: np.ndarray, loss: str, h: float = 1e-4) -> np.ndarray:
    """Every second derivative of the loss from four values of the loss itself, and no gradient."""
    n = net.n_parameters
    found = np.empty((n, n))

    def at(*moves: tuple[int, float]) -> float:
        theta = net.theta.copy()
        for place, by in moves:
            theta[place] += by
        return total_loss(net.replace(theta), x, y, loss)

    for i in range(n):
        for j in range(n):
            four = [
                sign * at((i, a * h), (j, b * h)) for a, b, sign in ((1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1))
            ]
            found[i, j] = sum(four) / (4 * h * h)
    return found


def test_the_hessian_of_a_linear_unit_by_hand():
    hessian = linear_unit_hessian([[1.0], [2.0], [3.0], [4.0]])  # 2/4 of the sums 30, 10, 10, 4
    np.testing.assert_array_equal(hessian, [[15.0, 5.0], [5.0, 2.0]])


@pytest.mark.parametrize("inputs", [1, 2, 4])
def test_the_hessian_of_a_linear_unit_is_the_second_difference_of_its_loss_anywhere(inputs):
    rng = np.random.default_rng(inputs)
    x, y = rng.normal(size=(7, inputs)), rng.normal(size=(7, 1))
    for seed in range(3):  # at other parameters it is the same
        differences = second_differences(linear_unit(inputs, seed), x, y, "mse", 1e-2)
        np.testing.assert_allclose(linear_unit_hessian(x), differences, rtol=1e-7, atol=1e-7)


def test_from_anywhere_the_lowest_point_is_what_least_squares_finds():
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(9, 3)), rng.normal(size=(9, 1))
    wanted = np.linalg.lstsq(np.column_stack([x, np.ones(9)]), y[:, 0], rcond=None)[0]
    for seed in range(3):
        net = linear_unit(3, seed)
        gradient = sn.backpropagate(net, net.forward(x), y, "mse").gradient
        np.testing.assert_allclose(lowest_point(linear_unit_hessian(x), net.theta, gradient), wanted, rtol=1e-10)


@pytest.mark.parametrize("share", [0.5, 0.99, 1.01, 1.5])
def test_a_loop_of_descent_multiplies_the_distance_along_each_direction_by_its_factor_and_breaks_at_the_edge(share):
    x, y = np.array([[1.0], [2.0], [3.0], [4.0]]), np.array([[1.5], [2.0], [3.5], [4.0]])
    curvatures, directions = np.linalg.eigh(linear_unit_hessian(x))
    rate, lowest = share * edge(curvatures[-1]), np.array([0.9, 0.5])  # by hand, from the sums of x, y and x y
    w, b = -1.0, 0.5
    for _ in range(200):
        before = np.array([w, b]) - lowest
        slope_w = sum(2 * (w * xi + b - yi) * xi for xi, yi in zip(x[:, 0], y[:, 0], strict=True)) / 4
        slope_b = sum(2 * (w * xi + b - yi) for xi, yi in zip(x[:, 0], y[:, 0], strict=True)) / 4
        w, b = w - rate * slope_w, b - rate * slope_b
        after = np.array([w, b]) - lowest
        for curvature, direction in zip(curvatures, directions.T, strict=True):
            wanted = factor(rate, curvature) * (before @ direction)
            assert abs(after @ direction - wanted) <= 1e-9 * max(1.0, np.linalg.norm(before))
    moved = np.linalg.norm(after) / np.linalg.norm(np.array([-1.0, 0.5]) - lowest)
    assert moved < 1 if share < 1 else moved > 1


CASES = [
    ((3, 4, 2), "tanh", "identity", "mse"),
    ((2, 3, 3, 1), "tanh", "sigmoid", "bce"),
    ((2, 3, 3), "sigmoid", "softmax", "cross_entropy"),
]


@pytest.mark.parametrize(("sizes", "hidden", "output", "loss"), CASES)
def test_the_largest_curvature_is_the_largest_eigenvalue_of_all_second_differences_of_the_loss(
    sizes, hidden, output, loss
):
    rng = np.random.default_rng(11)
    net = sn.Network.build(sizes, hidden=hidden, output=output, rng=2)
    x = rng.normal(size=(6, sizes[0]))
    y = rng.integers(0, sizes[-1], 6) if loss == "cross_entropy" else rng.integers(0, 2, (6, sizes[-1])).astype(float)
    hessian = second_differences(net, x, y, loss)
    v = rng.normal(size=net.n_parameters)
    np.testing.assert_allclose(hessian_times(net, x, y, v, loss), hessian @ v, atol=2e-6)
    values, directions = np.linalg.eigh(hessian)
    found = largest_curvature(net, x, y, loss)
    assert found.value == pytest.approx(values[-1], rel=1e-4)
    assert abs(found.direction @ directions[:, -1]) == pytest.approx(1, abs=1e-3)


def test_where_the_steepest_bend_is_downwards_the_largest_upwards_one_is_found():
    """One sigmoid unit that is surely wrong, with the mse: there the loss is a hilltop, and bends down most of all."""
    x, y = np.array([[1.0, 0.2], [0.8, -0.5], [1.2, 0.4]]), np.zeros((3, 1))
    net = sn.Network.from_arrays([[[2.0, 0.3]]], [[0.5]], ["sigmoid"])
    values = np.linalg.eigvalsh(second_differences(net, x, y, "mse"))
    assert abs(values[0]) > abs(values[-1]), "the case is what it is meant to be"
    assert largest_curvature(net, x, y, "mse").value == pytest.approx(values[-1], abs=1e-5)


def test_a_direction_of_any_length_is_stretched_by_its_length():
    net = sn.Network.build((2, 3, 1), rng=0)
    x, y, v = np.array([[0.3, -0.4], [1.0, 0.2]]), np.array([[1.0], [0.0]]), np.arange(1.0, 14.0)
    once = hessian_times(net, x, y, v)
    np.testing.assert_allclose(hessian_times(net, x, y, 1000 * v), 1000 * once, rtol=1e-9)
