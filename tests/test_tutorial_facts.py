"""What the pages say about the tutorial is measured here again, with scratchnet's own parts.

Three hundred starts of a 3-2-1 sigmoid network, 3000 updates each, would take a minute one after the other. So sixty
starts are laid side by side as ONE network: hidden units 2k and 2k + 1 and output unit k belong to start k. Weights
between different starts are 0 and their gradients are set to 0 before the optimizer sees them, so that no start knows
of another; `test_starts_side_by_side_learn_like_one_alone` holds this against a bare 3-2-1 network.
"""

import functools

import numpy as np
import pytest

import scratchnet as sn

X = np.array([[0.5, -0.2, 0.1], [0.1, 0.8, -0.5], [-0.4, 0.2, 0.9]])
Y = np.array([[1.0], [0.0], [1.0]])
STARTS, TOGETHER, EPOCHS = 300, 60, 1000


def tutorial_network(seed):
    return sn.Network.build(
        sizes=(3, 2, 1), hidden="sigmoid", output="sigmoid", initializer="standard_normal", rng=seed
    )


def side_by_side(nets):
    """One network that holds all of `nets`, and 1 at each parameter of theirs, 0 between them."""
    n = len(nets)
    w2, inside = np.zeros((n, 2 * n)), np.zeros((n, 2 * n))
    for k, net in enumerate(nets):
        w2[k, 2 * k : 2 * k + 2] = net.weights[1][0]
        inside[k, 2 * k : 2 * k + 2] = 1
    w1, b1, b2 = (np.concatenate(parts) for parts in zip(*((m.weights[0], *m.biases) for m in nets), strict=True))
    together = sn.Network.from_arrays(weights=[w1, w2], biases=[b1, b2], activations=["sigmoid", "sigmoid"])
    return together, np.concatenate([np.ones(w1.size + b1.size), inside.ravel(), np.ones(n)])


def train(seeds, loss, learning_rate, epochs):
    """The networks of these seeds, side by side, after `epochs` passes with one sample an update, in order.

    `bce` adds the outputs up, as independent networks need it; `mse` averages over outputs, so its rate is multiplied
    by their number.
    """
    together, inside = side_by_side([tutorial_network(seed) for seed in seeds])
    n = len(seeds)
    optimizer = sn.SGD(learning_rate=learning_rate * (n if loss == "mse" else 1))
    state = optimizer.init(together.theta)
    samples = [(X[i : i + 1], np.repeat(Y[i : i + 1], n, axis=1)) for i in range(3)]
    for _ in range(epochs):
        for x, y in samples:
            gradient = sn.backpropagate(together, together.forward(x), y, loss=loss).gradient
            theta, state = optimizer.update(together.theta, gradient * inside, state)
            together = together.replace(theta)
    return together


@functools.cache
def answers(loss, learning_rate):
    """(starts, 3) of True where output > 0.5 equals the target, after 1000 epochs."""
    right = []
    for first in range(0, STARTS, TOGETHER):
        together = train(range(first, first + TOGETHER), loss, learning_rate, EPOCHS)
        right.append(((together.predict(X) > 0.5) == Y).T)
    return np.concatenate(right)


@pytest.mark.parametrize("loss", ["bce", "mse"])
def test_starts_side_by_side_learn_like_one_alone(loss):
    together = train(range(40, 44), loss, 0.1, epochs=30)
    for k, seed in enumerate(range(40, 44)):
        net = tutorial_network(seed)
        optimizer = sn.SGD(learning_rate=0.1)
        trainer, state = sn.Trainer(loss=loss, optimizer=optimizer), optimizer.init(net.theta)
        for update in range(90):
            i = update % 3
            step = trainer.step(net, X[i : i + 1], Y[i : i + 1], state, update=update)
            net, state = step.after, step.optimizer_after
        np.testing.assert_allclose(together.weights[0][2 * k : 2 * k + 2], net.weights[0], rtol=1e-12)
        np.testing.assert_allclose(together.weights[1][k, 2 * k : 2 * k + 2], net.weights[1][0], rtol=1e-12)
        np.testing.assert_allclose(together.biases[1][k], net.biases[1][0], rtol=1e-12)


# The pages give fractions of 1000 starts. Of 300, three standard deviations are 8 percent points either way.


def test_at_rate_001_about_71_percent_of_starts_get_all_three_points_right():
    assert answers("bce", 0.01).all(axis=1).mean() == pytest.approx(0.71, abs=0.08)


def test_the_sample_that_fails_is_always_the_only_one_of_class_0():
    right = answers("bce", 0.01)
    assert right[:, [0, 2]].all()
    assert not right[:, 1].all()


def test_at_rate_01_every_start_gets_all_three_points_right():
    assert answers("bce", 0.1).all()


def test_with_the_true_gradient_of_mse_about_31_percent_of_starts_do():
    assert answers("mse", 0.01).all(axis=1).mean() == pytest.approx(0.31, abs=0.08)


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
