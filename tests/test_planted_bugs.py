"""Planted bugs: each is the mistake that it says it is, a gradient check finds it, and nothing that trains knows it."""

from pathlib import Path

import numpy as np
import pytest

import scratchnet as sn
from scratchnet import planted_bugs
from scratchnet.network import parameter_views
from scratchnet.planted_bugs import BUGS, drawn, planted_gradient, records_of, walk_back
from ui.checks import gradient_check as lesson

CHECKOUT = Path(__file__).parent.parent
NET, X, Y = lesson.network_and_data()
RIGHT = sn.backpropagate(NET, NET.forward(X), Y, "mse").gradient


def net_of(sizes, hidden="tanh"):
    return sn.Network.build(sizes, hidden=hidden, output="sigmoid", initializer="standard_normal", rng=5)


def right_of(net, x, y, loss="mse"):
    return sn.backpropagate(net, net.forward(x), y, loss).gradient


def test_the_walk_back_without_a_bug_is_the_gradient_of_the_package():
    records = records_of(NET, X, Y)
    walked = walk_back(records.fwd, records.delta, NET.weights, records.factors.slope)
    np.testing.assert_allclose(walked, RIGHT, rtol=1e-13, atol=1e-16)


def test_the_right_gradient_passes_the_check_of_the_lesson():
    assert lesson.check_at(lesson.LAB_STEP).max_relative_error < 1e-7


@pytest.mark.parametrize("name", BUGS)
def test_every_planted_bug_is_found_by_the_check(name):
    check = lesson.check_of(name, lesson.check_at(lesson.LAB_STEP))
    assert check.max_relative_error > 1e-3


def test_the_wrong_sign_turns_every_slope_round():
    np.testing.assert_allclose(planted_gradient("wrong_sign", NET, X, Y), -RIGHT, rtol=1e-13, atol=1e-16)


def test_the_sum_is_as_many_means_as_there_are_samples():
    np.testing.assert_allclose(planted_gradient("sum_for_mean", NET, X, Y), 6 * RIGHT, rtol=1e-13, atol=1e-15)


def test_the_wrong_loss_is_the_gradient_of_cross_entropy():
    bce = right_of(NET, X, Y, "bce")
    np.testing.assert_allclose(planted_gradient("wrong_loss", NET, X, Y), bce, rtol=1e-13, atol=1e-16)


def test_a_forgotten_bias_leaves_the_weights_right_and_the_biases_0():
    dW, db = parameter_views(planted_gradient("forgotten_bias", NET, X, Y), NET.sizes)
    right_dW, _ = parameter_views(RIGHT, NET.sizes)
    assert all(not b.any() for b in db)
    for planted, right in zip(dW, right_dW, strict=True):
        np.testing.assert_allclose(planted, right, rtol=1e-13, atol=1e-16)


def test_without_the_slope_delta_is_what_came_through_the_matrix():
    bwd = sn.backpropagate(NET, NET.forward(X), Y, "mse")
    dW, _ = parameter_views(planted_gradient("missing_slope", NET, X, Y), NET.sizes)
    delta = bwd.delta[2] @ NET.weights[2]
    np.testing.assert_allclose(dW[1], delta.T @ NET.forward(X).a[0], rtol=1e-12, atol=1e-16)
    np.testing.assert_allclose(dW[0], (delta @ NET.weights[1]).T @ X, rtol=1e-12, atol=1e-16)


def test_the_transposed_matrix_is_the_gradient_sent_back_through_another_network():
    turned = [NET.weights[0], NET.weights[1].T, NET.weights[2]]
    fwd, bwd = NET.forward(X), sn.backpropagate(NET, NET.forward(X), Y, "mse")
    delta = (bwd.delta[1] @ turned[1]) * (1 - fwd.a[0] ** 2)
    dW, _ = parameter_views(planted_gradient("transposed_matrix", NET, X, Y), NET.sizes)
    np.testing.assert_allclose(dW[0], delta.T @ X, rtol=1e-12, atol=1e-16)
    np.testing.assert_allclose(dW[1], bwd.dW[1], rtol=1e-12, atol=1e-16)


def test_the_early_update_is_what_code_that_updates_in_place_computes():
    W = [np.array(weights) for weights in NET.weights]
    fwd = NET.forward(X)
    delta, dW, db = sn.backpropagate(NET, fwd, Y, "mse").delta[2], {}, {}
    for layer in (2, 1, 0):
        dW[layer], db[layer] = delta.T @ (fwd.a[layer - 1] if layer else X), delta.sum(axis=0)
        W[layer] -= planted_bugs.STALE_RATE * dW[layer]
        if layer:
            delta = (delta @ W[layer]) * (1 - fwd.a[layer - 1] ** 2)
    in_place = np.concatenate([part for layer in range(3) for part in (dW[layer].ravel(), db[layer])])
    np.testing.assert_allclose(
        planted_gradient("update_before_going_back", NET, X, Y), in_place, rtol=1e-12, atol=1e-16
    )


@pytest.mark.parametrize(
    ("name", "net", "samples"),
    [
        ("sum_for_mean", NET, 1),
        ("missing_slope", net_of((3, 4, 3), hidden="identity"), 6),
        ("transposed_matrix", net_of((3, 1, 1, 3)), 6),
        ("update_before_going_back", net_of((3, 3)), 6),
    ],
)
def test_a_bug_hides_where_its_description_says(name, net, samples):
    planted = planted_gradient(name, net, X[:samples], Y[:samples])
    np.testing.assert_allclose(planted, right_of(net, X[:samples], Y[:samples]), rtol=1e-12, atol=1e-16)


def test_a_matrix_that_is_not_square_cannot_be_transposed_by_mistake():
    with pytest.raises(ValueError, match="Only a square matrix"):
        planted_gradient("transposed_matrix", net_of((3, 4, 2, 3)), X, Y)


def test_an_unknown_bug_is_refused_in_one_sentence():
    with pytest.raises(ValueError, match="one of wrong_sign, sum_for_mean"):
        planted_gradient("typing error", NET, X, Y)


def test_a_planted_gradient_can_not_be_changed():
    assert not planted_gradient("wrong_sign", NET, X, Y).flags.writeable


def test_seven_seeds_in_a_row_draw_every_bug_once_and_the_same_again():
    for first in (0, 7, 700):
        assert {drawn(seed) for seed in range(first, first + 7)} == set(BUGS)
    assert [drawn(seed) for seed in range(50)] == [drawn(seed) for seed in range(50)]
    assert len({tuple(drawn(seed) for seed in range(7 * block, 7 * block + 7)) for block in range(9)}) > 1


@pytest.mark.parametrize("seed", [-1, 0.5, "1", None, True])
def test_what_is_no_seed_is_refused_in_one_sentence(seed):
    with pytest.raises(ValueError, match="whole number of at least 0"):
        drawn(seed)


def test_nothing_but_the_lesson_knows_the_planted_bugs():
    files = [path for folder in ("scratchnet", "ui", "pages") for path in (CHECKOUT / folder).rglob("*.py")]
    knowing = {path.relative_to(CHECKOUT).as_posix() for path in files if "planted_bugs import" in path.read_text()}
    assert knowing == {"pages/learn/gradient_check.py", "ui/checks/gradient_check.py"}
