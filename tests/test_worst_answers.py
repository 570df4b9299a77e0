"""Worst answers: each sample's loss by plain loops, and the order of the largest."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import scratchnet as sn
from scratchnet.worst_answers import sample_losses, worst
from tests import by_hand

PAIRS = [
    ("identity", "mse", 2),
    ("tanh", "half_squared_error", 2),
    ("identity", "mae", 2),
    ("identity", "huber", 2),
    ("tanh", "hinge", 1),
    ("sigmoid", "bce", 2),
    ("softmax", "cross_entropy", 3),
]


def net_and_data(output, loss, outputs, rows=5):
    rng = np.random.default_rng(4)
    shapes = ((3, 2), (outputs, 3))
    net = sn.Network.from_arrays(
        [rng.normal(size=shape) for shape in shapes], [rng.normal(size=units) for units, _ in shapes], ("tanh", output)
    )
    y = rng.integers(0, 2, (rows, outputs)).astype(float)
    if loss == "hinge":
        y = 2 * y - 1
    if loss == "cross_entropy":
        y = np.eye(outputs)[rng.integers(0, outputs, rows)]
    return net, rng.normal(size=(rows, 2)), y


@pytest.mark.parametrize(("output", "loss", "outputs"), PAIRS)
def test_each_samples_loss_is_that_of_plain_loops(output, loss, outputs):
    net, x, y = net_and_data(output, loss, outputs)
    W, b = [w.tolist() for w in net.weights], [b.tolist() for b in net.biases]
    expected = [
        by_hand.loss_of(W, b, net.activations, loss, [sample], [target])
        for sample, target in zip(x.tolist(), y.tolist(), strict=True)
    ]
    np.testing.assert_allclose(sample_losses(net, x, y, loss), expected, rtol=1e-10)


def test_more_samples_than_fit_in_one_block_have_their_own_losses_too():
    net, x, y = net_and_data("sigmoid", "bce", 2, rows=60_000)
    losses = sample_losses(net, x, y, "bce")
    some = [0, 30_000, 59_999]
    np.testing.assert_allclose(losses[some], sample_losses(net, x[some], y[some], "bce"), rtol=1e-12)


def test_their_mean_is_the_loss_that_the_screen_says():
    run = sn.Experiment(samples=60).start()
    run.advance(epochs=3)
    for part, x, y in (("train", run.x_train, run.y_train), ("test", run.x_test, run.y_test)):
        losses = sample_losses(run.network, x, y, run.settings.loss)
        assert losses.mean() == pytest.approx(getattr(run.evaluate(), f"{part}_loss"), rel=1e-12)


def test_the_largest_come_first_and_of_equal_ones_the_earlier_row():
    assert worst(np.array([0.5, 3.0, 0.5, math.nan, 0.7, math.inf]), 5).tolist() == [3, 5, 1, 4, 0]
    assert worst(np.array([0.5, 3.0]), 8).tolist() == [1, 0]


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30), st.integers(1, 10))
def test_no_row_that_is_left_out_has_a_larger_loss(losses, count):
    rows = worst(np.array(losses, dtype=float), count).tolist()
    assert rows == sorted(range(len(losses)), key=lambda row: (-losses[row], row))[:count]


def test_a_loss_that_does_not_fit_the_output_is_refused():
    net, x, y = net_and_data("identity", "mse", 2)
    with pytest.raises(ValueError, match="needs the output sigmoid"):
        sample_losses(net, x, y, "bce")
    with pytest.raises(ValueError, match="must have the shape of the output"):
        sample_losses(net, x, y[:, :1], "mse")
