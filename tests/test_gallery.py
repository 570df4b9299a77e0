"""The gallery: each starting point does what its sentence says, measured by running it."""

import numpy as np
import pytest

import scratchnet as sn
from scratchnet import stopping
from ui.gallery import FIRST, GALLERY, sentence_about
from ui.play.playground import Playground


def run_of(name: str, epochs: int, **changes) -> sn.Run:
    run = GALLERY[name].experiment.replace(**changes).start()
    run.advance(epochs=epochs)
    return run


def dead_units_of(run: sn.Run) -> dict[int, int]:
    """Layer, counted from 1 -> its dead units."""
    dead = stopping.dead_units(run.network, run.x_train)
    return {layer + 1: units for layer, units, _ in dead}


def test_every_sentence_fits_on_the_line_above_the_board():
    for start in GALLERY.values():
        assert start.sentence.endswith(".")
        assert 20 <= len(start.sentence) <= 115
        assert len(start.title) <= 30


def test_every_starting_point_survives_its_link():
    for start in GALLERY.values():
        assert sn.Experiment.from_query(start.experiment.to_query()) == (start.experiment, ())


def test_every_starting_point_has_the_sentence_shown_for_it_and_other_settings_have_none():
    for start in GALLERY.values():
        assert sentence_about(start.experiment) == start.sentence
    assert sentence_about(FIRST.replace(noise=0.123)) == ""


def test_no_starting_point_uses_an_unusual_output_and_loss():
    assert [name for name, start in GALLERY.items() if sn.unusual(start.experiment)] == []


SECONDS, EPOCHS_A_SECOND = 10, 10  # what a first visitor waits for; the speed that the playground opens with


@pytest.mark.parametrize(("init_seed", "data_seed"), [(i, d) for i in range(8) for d in range(3)])
def test_the_first_experiment_is_solved_within_ten_seconds_of_play_from_whatever_weights(init_seed, data_seed):
    run = FIRST.replace(init_seed=init_seed, data_seed=data_seed).start()
    run.advance(epochs=SECONDS * EPOCHS_A_SECOND)
    assert (run.history.test_score >= 0.95).any()


def test_the_first_experiment_is_small_and_one_cannot_overlook_that_it_is_not_solved_yet():
    assert len(FIRST.hidden) <= 2 and sum(FIRST.hidden) <= 6 and FIRST.features == ("x1", "x2")
    assert Playground().speed == f"{EPOCHS_A_SECOND}e"
    run = FIRST.start()
    assert run.evaluate().test_score < 0.7
    run.advance(epochs=SECONDS * EPOCHS_A_SECOND)
    assert stopping.solved(run.history, run.dataset.task), "and it stays solved"


@pytest.mark.parametrize("init_seed", range(4))
def test_the_spiral_with_sines_is_solved_within_100_epochs_from_whatever_weights(init_seed):
    run = run_of("spiral", epochs=100, init_seed=init_seed)
    assert stopping.solved(run.history, run.dataset.task)


def test_the_spiral_without_the_sines_is_not_solved_after_150_epochs():
    run = run_of("spiral_alone", epochs=150)
    assert (run.history.test_score < stopping.SOLVED_SCORE).all()


def test_xor_without_a_hidden_layer_stays_near_chance():
    run = run_of("xor_line", epochs=100)
    assert run.history.test_score[20:].max() < 0.75
    assert run.history.train_score[20:].max() < 0.75


def test_the_product_alone_solves_xor_with_one_weight_and_one_bias():
    run = run_of("xor_product", epochs=100)
    assert run.network.n_parameters == 2
    assert stopping.solved(run.history, "binary")


def test_overfitting_lowers_the_training_loss_while_the_test_loss_rises():
    run = run_of("overfitting", epochs=200)
    history = run.history
    assert len(run.x_train) == 20
    assert history.train_loss[-1] < 0.02
    assert history.test_loss[-1] > 2 * history.test_loss.min()
    assert history.test_loss.argmin() < 20


def test_the_high_rate_explodes_and_a_tenth_of_it_is_easy():
    run = run_of("rate_too_high", epochs=10)
    assert run.status == "diverged"
    assert "learning rate" in run.reason
    losses = []
    run.goto(0)
    for _ in range(5):
        losses.append(run.evaluate().train_loss)
        run.advance(updates=1)
    assert (np.diff(losses) > 0).all(), "every step overshoots further than the last"
    assert stopping.solved(run_of("rate_too_high", epochs=5, learning_rate=0.03).history, "regression")


def test_the_dead_units_are_dead_for_ever():
    run = run_of("dead_relu", epochs=20)
    assert dead_units_of(run)[2] == 8, "all of layer 2"
    weights = run.network.weights[0].copy(), run.network.weights[1].copy()
    run.advance(epochs=20)
    assert dead_units_of(run)[2] == 8
    assert np.array_equal(run.network.weights[0], weights[0]) and np.array_equal(run.network.weights[1], weights[1])
    assert run.history.test_score[-1] < 0.75


def test_the_tutorials_points_need_a_higher_rate_than_its_own_from_this_start():
    assert run_of("tutorial", epochs=1000).evaluate().train_correct < 3
    assert run_of("tutorial", epochs=1000, learning_rate=0.1).evaluate().train_correct == 3


def test_the_bumps_are_followed():
    run = run_of("bumps", epochs=200)
    assert run.history.test_score[-1] > 0.85
