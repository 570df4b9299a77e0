"""What the pages say about the tutorial is measured here again, by a witness that knows nothing of scratchnet's engine.

The tutorial's network is so small that its training can be written in a dozen lines of plain NumPy, all starts at once
as one more dimension of every array. The pages measure with `scratchnet`; both come to the same answers.
"""

import functools
from pathlib import Path

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.side_by_side import SideBySide

CHECKOUT = Path(__file__).parent.parent
X = np.array([[0.5, -0.2, 0.1], [0.1, 0.8, -0.5], [-0.4, 0.2, 0.9]])
Y = np.array([[1.0], [0.0], [1.0]])
STARTS, EPOCHS = 300, 1000


def tutorial_network(seed):
    return sn.Network.build(
        sizes=(3, 2, 1), hidden="sigmoid", output="sigmoid", initializer="standard_normal", rng=seed
    )


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@functools.cache
def answers(loss, learning_rate):
    """What 300 starts answer to the three points after 1000 epochs, one sample an update, in order: (starts, 3)."""
    nets = [tutorial_network(seed) for seed in range(STARTS)]
    W1, b1 = np.array([net.weights[0] for net in nets]), np.array([net.biases[0] for net in nets])
    W2, b2 = np.array([net.weights[1][0] for net in nets]), np.array([net.biases[1] for net in nets])

    def forward(x):
        a1 = sigmoid(W1 @ x + b1)
        return a1, sigmoid((W2 * a1).sum(axis=1, keepdims=True) + b2)

    for _ in range(EPOCHS):
        for x, y in zip(X, Y, strict=True):
            a1, a2 = forward(x)
            delta2 = a2 - y if loss == "bce" else 2 * (a2 - y) * a2 * (1 - a2)
            delta1 = delta2 * W2 * a1 * (1 - a1)
            W2 -= learning_rate * delta2 * a1
            b2 -= learning_rate * delta2
            W1 -= learning_rate * delta1[:, :, None] * x
            b1 -= learning_rate * delta1
    return np.hstack([forward(x)[1] for x in X])


def right(loss, learning_rate):
    """(starts, 3) of True where the answer is above 0.5 for class 1 and not above it for class 0."""
    return (answers(loss, learning_rate) > 0.5) == Y[:, 0]


@pytest.mark.parametrize(("loss", "learning_rate"), [("bce", 0.1), ("mse", 0.01)])
def test_scratchnet_comes_to_the_same_answers(loss, learning_rate):
    trainer = sn.Trainer(loss=loss, optimizer=sn.SGD(learning_rate=learning_rate))
    side = SideBySide([tutorial_network(seed) for seed in range(20)], trainer, X, Y)
    side.advance(EPOCHS)
    np.testing.assert_allclose(side.predict()[:, :, 0], answers(loss, learning_rate)[:20], rtol=1e-9)


# The pages give fractions of 1000 starts. Of 300, three standard deviations are 8 percent points either way.


def test_at_rate_001_about_71_percent_of_starts_get_all_three_points_right():
    assert right("bce", 0.01).all(axis=1).mean() == pytest.approx(0.71, abs=0.08)


def test_the_sample_that_fails_is_always_the_only_one_of_class_0():
    assert right("bce", 0.01)[:, [0, 2]].all()
    assert not right("bce", 0.01)[:, 1].all()


def test_at_rate_01_every_start_gets_all_three_points_right():
    assert right("bce", 0.1).all()


def test_with_the_true_gradient_of_mse_about_31_percent_of_starts_do():
    assert right("mse", 0.01).all(axis=1).mean() == pytest.approx(0.31, abs=0.08)


@pytest.mark.parametrize(
    ("loss", "learning_rate", "percent"), [("bce", 0.01, 72), ("bce", 0.1, 100), ("mse", 0.01, 31)]
)
def test_step_5_says_of_300_starts_what_these_come_to(loss, learning_rate, percent):
    assert round(100 * right(loss, learning_rate).all(axis=1).mean()) == percent
    assert f"**{percent} %**" in (CHECKOUT / "pages" / "learn" / "training.py").read_text(encoding="utf-8")


def test_its_backward_pass_is_that_of_cross_entropy_and_not_of_the_mse_it_taught():
    """output - target, carried back: equal to the gradient of cross-entropy, half way off that of MSE."""
    net = tutorial_network(0)
    fwd = net.forward(X)
    delta2 = (fwd.output - Y) / 3
    delta1 = (delta2 @ net.weights[1]) * fwd.a[0] * (1 - fwd.a[0])
    parts = (delta1.T @ X, delta1.sum(axis=0), delta2.T @ fwd.a[0], delta2.sum(axis=0))
    tutorial = np.concatenate([part.ravel() for part in parts])

    def relative_error(numeric):
        return np.linalg.norm(tutorial - numeric) / (np.linalg.norm(tutorial) + np.linalg.norm(numeric))

    assert relative_error(sn.gradient_check(net, X, Y, loss="bce").numeric) < 1e-9
    assert relative_error(sn.gradient_check(net, X, Y, loss="mse").numeric) > 0.3


def test_its_mse_example_is_002():
    assert sn.mse(np.array([1.0, 0.0, 1.0]), np.array([0.9, 0.1, 0.8])) == pytest.approx(0.02)


@pytest.mark.parametrize("score", [sn.mse, sn.accuracy], ids=["mse", "accuracy"])
def test_the_scores_it_broadcasts_silently_are_refused_with_both_shapes(score):
    """Perfect predictions of shape (3,1) against (3,) would score 0.556, and the MSE would be 0.353 instead of 0.02."""
    column, flat = Y, np.array([0.9, 0.1, 0.8])
    assert ((column > 0.5) == (flat > 0.5)).mean() == pytest.approx(0.556, abs=1e-3)
    assert ((column - flat) ** 2).mean() == pytest.approx(0.353, abs=1e-3)
    for y_true, y_pred in ((column, flat), (flat.round(), column)):
        with pytest.raises(ValueError, match=r"\(3,.*\(3,"):
            score(y_true, y_pred)


def test_any_hidden_size_works_and_a_batch_is_one_sample_a_row():
    for hidden in (1, 2, 3, 7):
        net = sn.Network.build(
            sizes=(3, hidden, 1), hidden="sigmoid", output="sigmoid", initializer="standard_normal", rng=hidden
        )
        one_by_one = np.concatenate([net.predict(X[i : i + 1]) for i in range(3)])
        np.testing.assert_allclose(net.predict(X), one_by_one, rtol=1e-14)


def test_the_same_seed_draws_the_same_start_biases_included():
    np.testing.assert_array_equal(tutorial_network(7).theta, tutorial_network(7).theta)
    assert not np.array_equal(tutorial_network(7).theta, tutorial_network(8).theta)
    assert np.all(tutorial_network(7).biases[0] != 0)


def test_the_data_set_of_the_package_is_the_tutorials():
    data = sn.load_dataset("tutorial")
    np.testing.assert_array_equal(data.x_train, X)
    np.testing.assert_array_equal(data.y_train, Y)


def test_one_neuron_separates_the_three_points_whatever_their_labels():
    for labels in np.ndindex(2, 2, 2):
        y = np.array(labels, dtype=float)[:, None]
        net = sn.Network.build(sizes=(3, 1), hidden="sigmoid", output="sigmoid", initializer="zeros", rng=0)
        optimizer = sn.SGD(learning_rate=5.0)
        trainer, state = sn.Trainer(loss="bce", optimizer=optimizer), optimizer.init(net.theta)
        for update in range(200):
            step = trainer.step(net, X, y, state, update=update)
            net, state = step.after, step.optimizer_after
        np.testing.assert_array_equal(net.predict(X) > 0.5, y == 1)
