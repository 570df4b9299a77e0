"""Losses: value and dloss/dz against PyTorch, computed through a network whose pre-activation is exactly its input."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

import scratchnet as sn

CASES = json.loads((Path(__file__).parent / "oracles" / "losses.json").read_text())["data"]


def backward_at(z, y, output, loss):
    """Backpropagation where W is the identity and b is 0, so that the only layer's z is the given one."""
    k = z.shape[1]
    net = sn.Network.from_arrays(weights=[np.eye(k)], biases=[np.zeros(k)], activations=[output])
    return sn.backpropagate(net, net.forward(z), y, loss=loss)


def test_the_names_are_those_the_learner_chooses_from():
    assert sorted(sn.LOSSES) == ["bce", "cross_entropy", "half_squared_error", "hinge", "huber", "mae", "mse"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_value_and_delta_agree_with_pytorch(case):
    bwd = backward_at(np.array(case["z"]), np.array(case["y"]), case["output"], case["loss"])
    np.testing.assert_allclose(bwd.data_loss, case["value"], rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(bwd.delta[0], case["delta"], rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize("case", [c for c in CASES if c["loss"] == "cross_entropy"], ids=lambda case: case["name"])
def test_cross_entropy_takes_class_indices_as_well_as_one_hot_rows(case):
    z, one_hot = np.array(case["z"]), np.array(case["y"])
    by_row = backward_at(z, one_hot, "softmax", "cross_entropy")
    by_index = backward_at(z, one_hot.argmax(axis=1), "softmax", "cross_entropy")
    assert by_index.loss == by_row.loss
    np.testing.assert_array_equal(by_index.delta[0], by_row.delta[0])


def test_a_sure_and_wrong_prediction_costs_1000_and_not_infinity():
    for z, y in ((1000.0, 0.0), (-1000.0, 1.0)):
        bwd = backward_at(np.array([[z]]), np.array([[y]]), "sigmoid", "bce")
        assert bwd.loss == 1000
        assert bwd.delta[0][0, 0] == np.sign(z)
    bwd = backward_at(np.array([[1000.0, -1000.0, 0.0]]), np.array([1]), "softmax", "cross_entropy")
    assert bwd.loss == 2000
    np.testing.assert_array_equal(bwd.delta[0], [[1, -1, 0]])


def test_a_sure_and_right_prediction_costs_nothing():
    for z, y in ((-1000.0, 0.0), (1000.0, 1.0)):
        bwd = backward_at(np.array([[z]]), np.array([[y]]), "sigmoid", "bce")
        assert bwd.loss == 0
        assert bwd.delta[0][0, 0] == 0


@pytest.mark.parametrize("loss", ["mae", "huber", "mse", "half_squared_error"])
def test_a_perfect_prediction_has_loss_0_and_delta_0(loss):
    z = np.array([[1.0, -2.0], [0.0, 3.0]])
    bwd = backward_at(z, z.copy(), "identity", loss)
    assert bwd.loss == 0
    np.testing.assert_array_equal(bwd.delta[0], 0)


def test_mse_is_a_mean_over_samples_and_outputs_and_half_squared_error_over_samples_only():
    z, y = np.array([[1.0, 3.0], [0.0, 2.0]]), np.zeros((2, 2))
    assert backward_at(z, y, "identity", "mse").loss == (1 + 9 + 0 + 4) / 4
    assert backward_at(z, y, "identity", "half_squared_error").loss == (1 + 9 + 0 + 4) / 2 / 2


@pytest.mark.parametrize("output", ["identity", "tanh", "relu", "softmax"])
def test_bce_without_a_sigmoid_is_refused(output):
    with pytest.raises(ValueError, match="sigmoid"):
        backward_at(np.zeros((1, 2)), np.zeros((1, 2)), output, "bce")


@pytest.mark.parametrize("output", ["identity", "tanh", "relu", "sigmoid"])
def test_cross_entropy_without_a_softmax_is_refused(output):
    with pytest.raises(ValueError, match="softmax"):
        backward_at(np.zeros((1, 2)), np.array([[0.0, 1.0]]), output, "cross_entropy")


def test_an_unknown_loss_is_refused_by_a_sentence_that_names_the_known_ones():
    with pytest.raises(ValueError, match=r"mse"):
        backward_at(np.zeros((1, 1)), np.zeros((1, 1)), "identity", "mean_square")


@pytest.mark.parametrize(
    ("loss", "output", "y"),
    [
        ("mse", "identity", np.zeros(3)),
        ("mse", "identity", np.zeros((3, 1))),
        ("mse", "identity", np.zeros((1, 2))),
        ("mse", "identity", np.zeros((2, 2))),
        ("bce", "sigmoid", np.zeros(3)),
        ("bce", "sigmoid", np.zeros((1, 2))),
        ("hinge", "tanh", np.ones((3, 1))),
        ("mae", "identity", np.array(1.0)),
        ("cross_entropy", "softmax", np.zeros((3, 1), dtype=int)),
        ("cross_entropy", "softmax", np.zeros(2, dtype=int)),
        ("cross_entropy", "softmax", np.array([0, 1, 2])),
        ("cross_entropy", "softmax", np.array([0, 1, -1])),
    ],
    ids=lambda value: str(value.shape) if isinstance(value, np.ndarray) else value,
)
def test_targets_that_would_broadcast_or_do_not_fit_are_refused(loss, output, y):
    with pytest.raises(ValueError, match=r"\S+ \S+"):
        backward_at(np.zeros((3, 2)), y, output, loss)


@pytest.mark.parametrize(("y", "a"), [(y, a) for y in (0.0, 0.25, 1.0) for a in (0.0, 0.25, 1.0)])
def test_the_slope_of_a_probability_that_has_rounded_to_0_or_1_is_0_where_it_is_right_and_infinite_where_it_is_wrong(
    y, a
):
    def share(p, q):
        return p / q if q else 0.0 if p == 0 else math.inf

    slope = sn.LOSSES["bce"].slope(np.array([[y, 0.25]]), np.array([[a, 0.25]]))
    assert slope.tolist() == [[share(1 - y, 1 - a) - share(y, a), 0.0]]
    slope = sn.LOSSES["cross_entropy"].slope(np.array([[y, 0.25]]), np.array([[a, 0.5]]))
    assert slope.tolist() == [[-share(y, a), -0.5]]


def test_whole_numbers_are_as_good_as_floats_for_targets():
    z = np.array([[0.5, -1.0], [2.0, 0.25]])
    for loss in ("mse", "mae", "huber", "half_squared_error"):
        assert backward_at(z, [[1, 0], [3, -2]], "identity", loss).loss == (
            backward_at(z, [[1.0, 0.0], [3.0, -2.0]], "identity", loss).loss
        )
