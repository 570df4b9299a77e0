import re
from types import SimpleNamespace

import numpy as np
import pytest

from scratchnet import Experiment, Network
from scratchnet.run import in_history
from scratchnet.stopping import dead_units, epochs, plateau, rate_words, solved, status_words
from ui.play.playground import Playground


def history(train_loss, test_score=None, epoch=None, validation_score=None):
    """A history whose rows are the epochs 0, 1, 2, ... where nothing else is said."""
    train_loss = np.asarray(train_loss, dtype=float)
    epoch = np.arange(len(train_loss)) if epoch is None else np.asarray(epoch)
    test_score = np.zeros(len(train_loss)) if test_score is None else np.asarray(test_score, dtype=float)
    none = np.full(len(epoch), np.nan)
    validation = none if validation_score is None else np.asarray(validation_score)
    loss = none if validation_score is None else np.asarray(train_loss)
    scores = {"test_score": test_score, "validation_score": validation, "validation_loss": loss}
    return SimpleNamespace(epoch=epoch, train_loss=train_loss, **scores)


def thinned_epochs(last):
    """The epochs of which a run keeps a row, and the last."""
    return np.array([*(epoch for epoch in range(last) if in_history(epoch)), last])


def test_19_of_20_test_points_are_solved_and_18_are_not():
    assert "95 %" in solved(history([1, 0.1], [0.5, 19 / 20]), "binary")
    assert solved(history([1, 0.1], [0.5, 18 / 20]), "binary") == ""


def test_regression_is_solved_by_r2_and_the_reason_says_so():
    assert "R² was 0.96," in solved(history([1, 0.1], [-3, 0.96]), "regression")
    assert solved(history([1, 0.1], [-3, 0.94]), "regression") == ""


def test_solved_reads_the_last_epoch_end_only():
    assert solved(history([1, 0.5, 0.4], [0.1, 0.99, 0.9]), "binary") == ""


def test_a_lucky_start_is_not_solved_before_the_first_epoch_end():
    assert solved(history([1], [1.0]), "binary") == ""


def test_an_undefined_score_is_not_solved():
    assert solved(history([1, 1], [np.nan, np.nan]), "regression") == ""


@pytest.mark.parametrize("seed", range(20))
def test_a_flat_noisy_loss_is_a_plateau_and_a_falling_noisy_one_is_not(seed):
    noise = 1 + 0.05 * np.random.default_rng(seed).standard_normal(201)
    falling = np.exp(-0.005 * np.arange(201))
    assert plateau(history(0.5 * noise * np.exp(0.0005 * np.arange(201))))
    assert plateau(history(0.5 * noise * falling)) == ""


def test_one_lucky_epoch_neither_makes_nor_hides_a_plateau():
    flat = np.full(201, 0.7)
    flat[190] = 0.01
    assert plateau(history(flat))
    falling = np.linspace(1, 0.1, 201)
    falling[110] = 0.01
    assert plateau(history(falling)) == ""


def test_the_plateau_rule_waits_for_twice_its_50_epochs():
    assert plateau(history(np.ones(100))) == ""  # epochs 0 to 99
    assert plateau(history(np.ones(101)))


def test_a_fall_of_1_percent_between_the_two_halves_is_the_border():
    def two_halves(now):
        return history(np.concatenate([np.ones(51), np.full(50, now)]))

    assert plateau(two_halves(0.991))
    assert plateau(two_halves(0.989)) == ""


def test_a_rising_loss_and_a_loss_of_exactly_0_are_plateaus():
    assert plateau(history(np.linspace(1, 2, 101)))
    assert plateau(history(np.zeros(101)))


@pytest.mark.parametrize("last", [257, 1000, 5000, 123_457])
def test_a_thinned_history_is_read_by_epochs(last):
    epoch = thinned_epochs(last)
    assert len(epoch) < 128 + 64 * 11
    rate = 0.02 / (last // 8 if last > 400 else 50)  # 2 % a window: a plateau if rows were taken for epochs
    assert plateau(history(np.exp(-rate * epoch), epoch=epoch)) == ""
    assert plateau(history(np.exp(-rate / 4 * epoch), epoch=epoch))


def test_the_number_of_epochs_stops_a_run_at_that_epoch_end():
    assert epochs(history(np.ones(10)), 10) == ""  # epochs 0 to 9
    assert "10 epochs" in epochs(history(np.ones(11)), 10)
    assert epochs(history([1, 1], epoch=[0, 300]), 10)


@pytest.mark.parametrize("points", [1, 20_000])
def test_a_relu_unit_that_is_0_for_every_point_is_dead_and_a_tanh_unit_is_not(points):
    x = np.tile(np.eye(2), (points, 1))  # of the three units one is 0 for both, one for the first, one for the second
    W = [np.array([[-1.0, -1.0], [-1.0, 2.0], [1.0, -1.0]]), np.zeros((4, 3)), np.zeros((1, 4))]
    b = [np.zeros(3), np.zeros(4), np.zeros(1)]
    assert dead_units(Network.from_arrays(W, b, ("relu", "tanh", "sigmoid")), x) == ((0, 1, 3),)
    assert dead_units(Network.from_arrays(W, b, ("relu", "relu", "sigmoid")), x) == ((0, 1, 3), (1, 4, 4))
    assert dead_units(Network.from_arrays(W[:1], b[:1], ("tanh",)), x) == ()


def test_the_status_line_says_what_the_run_is_doing_and_why():
    start, later = history([0.7]), history([0.7, 0.31])
    assert status_words("ready", "", start, 0.7) == "Not trained yet: training loss 0.7."
    assert status_words("running", "", start, 0.5) == "Paused: training loss 0.5, down from 0.7 at the start."
    assert status_words("running", "", start, 0.5, True) == "Learning: training loss down from 0.7 at the start."
    assert status_words("running", "", later, 0.3) == "Paused: training loss 0.3, down from 0.7 at the start."
    said = "at the end of epoch 1 the training loss was down from 0.7 at the start."
    assert status_words("running", "", later, 0.9, True) == f"Learning: {said}", "0.9 is there for a moment"
    said = "at the end of epoch 2 the training loss was up from 0.7 at the start."
    assert status_words("running", "", history([0.7, 0.6, 0.8]), 0.5, True) == f"No longer learning: {said}"
    assert status_words("running", "", history([0.7, 0.8, 0.9]), 0.5, True) == (
        "Not learning so far: at the end of epoch 2 the training loss was up from 0.7 at the start."
    )
    assert status_words("running", "", later, 0.3, solved="it is right") == "Solved: it is right."
    assert status_words("running", "", later, 0.3, solved="it is right", plateau="flat") == "Solved: it is right."
    assert status_words("running", "", later, 0.3, plateau="flat") == "Plateau: flat."
    assert status_words("running", "", later, 0.3, plateau="up, a rise") == "Getting worse: up, a rise."
    assert status_words("stopped", "10 epochs are done", later, 0.3) == "Stopped: 10 epochs are done."


def test_a_loss_that_explodes_in_the_first_epoch_is_not_called_learning():
    start = history([8.056])
    words = status_words("running", "", start, 2e15, True)
    assert words == "Not learning so far: training loss up from 8.056 at the start."
    assert status_words("running", "", start, 2e15) == "Paused: training loss 2e15, up from 8.056 at the start."
    assert status_words("running", "", start, 8.0561, True).startswith("Not learning so far: training loss about")


def test_a_diverged_run_says_its_reason_whatever_the_rules_say():
    words = status_words(
        "diverged", "z was 1e308 at update 7.", history([0.7, 0.3]), 0.3, solved="it is right", plateau="flat"
    )
    assert words == "Diverged: z was 1e308 at update 7."


def test_dead_units_are_told_after_the_state_with_layers_counted_from_1():
    words = status_words("running", "", history([0.7, 0.31]), 0.31, dead=((0, 3, 8), (2, 1, 4)))
    assert words.endswith(
        "at the start. 3 of 8 units in layer 1 are 0 for every training point: no gradient reaches their weights. "
        "1 of 4 units in layer 3 is 0 for every training point: no gradient reaches its weights."
    )


def test_the_rate_in_force_is_told_where_it_is_not_the_chosen_one():
    assert rate_words(0.003, 0.003) == ""
    assert rate_words(0.01, 0.0025) == "The schedule makes the learning rate 0.0025 now."
    assert rate_words(0.01, 0.0) == "The schedule makes the learning rate 0 now: the next update changes nothing."


def test_a_plateau_on_which_the_loss_rose_says_so():
    losses = np.concatenate([np.full(51, 0.002295), np.full(50, 0.0139)])
    said = plateau(history(losses))
    assert said.endswith("of the last 50 epochs was 0.0139 and of the 50 before 0.002295, a rise")
    assert plateau(history(np.full(101, 0.25))).endswith("0.25, the same")
    assert plateau(history(np.full(101, 0.25) - 1e-6 * np.arange(101))).endswith("a fall of less than 1 %")


def test_one_is_one_and_many_are_many():
    assert epochs(history([1, 1]), 1) == "1 epoch is done, at least the 1 asked for"
    assert epochs(history([1, 1], epoch=[0, 2500]), 2000) == "2,500 epochs are done, at least the 2,000 asked for"
    words = status_words("running", "", history([0.7, 0.31]), 0.31, dead=((0, 1, 1),))
    assert words.endswith("The only unit in layer 1 is 0 for every training point: no gradient reaches its weights.")


def test_a_network_that_was_solved_and_is_not_any_more_is_said_to_have_been():
    playground = Playground(Experiment(dataset="circle", samples=100, hidden=(4,), learning_rate=0.1))
    playground.step("epoch")
    while not solved(playground.run.history, "binary"):
        playground.step("epoch")
    assert playground.words.startswith("Solved: at the end of epoch")
    playground.step("update")
    playground.edit(1, 0, None, 1e3)
    assert re.match(r"Was solved: at the end .*, at least 95 %; now it is [0-9.]+ %\.$", playground.words)


def test_the_plateau_compares_fifty_epochs_with_the_fifty_before_and_not_one_more():
    losses = [1.0] * 50 + [0.5] + [0.98, 1.02] * 25  # epochs 0 to 100; that of epoch 50 counts among the earlier ones
    assert "of the last 50 epochs was 1 and of the 50 before 1" in plateau(history(losses))


def test_the_plateau_compares_an_eighth_of_a_long_run_with_the_eighth_before():
    said = plateau(history([1.0] * 401 + [0.5] * 200 + [0.75] * 100 + [0.755] * 100))  # epochs 0 to 800
    assert said.endswith("of the last 100 epochs was 0.755 and of the 100 before 0.75, a rise of less than 1 %")


def test_a_rise_is_one_from_1_percent_on():
    def said(now):
        return plateau(history(np.concatenate([np.ones(51), np.full(50, now)])))

    assert said(1.0099).endswith("a rise of less than 1 %") and said(1.0101).endswith("a rise")
    assert said(0.9999).endswith("a fall of less than 1 %")


def test_what_was_solved_is_said_beside_what_it_is_now():
    later = history([0.7, 0.31])

    def words(solved, score):
        return status_words("running", "", later, 0.3, solved=solved, score=score)

    assert words("it was 96 %", 0.875) == "Was solved: it was 96 %; now it is 87.5 %."
    assert words("test R² was 0.96", 0.875) == "Was solved: test R² was 0.96; now it is 0.875."
    assert words("it was 96 %", 0.95) == "Solved: it was 96 %."


def test_a_run_may_be_solved_at_any_epoch_end():
    for epoch in (1, 2, 7):
        said = solved(history([1, 0.1], [0.5, 0.96], epoch=[0, epoch]), "binary")
        assert said == f"at the end of epoch {epoch} test accuracy was 96 %, at least 95 %"


def test_where_there_are_validation_points_they_say_whether_it_is_solved_and_test_points_choose_nothing():
    assert "validation accuracy was 96 %" in solved(
        history([1, 0.1], [0.5, 0.6], validation_score=[0.5, 0.96]), "binary"
    )
    assert solved(history([1, 0.1], [0.5, 0.99], validation_score=[0.5, 0.9]), "binary") == ""
    assert "validation R² was 0.97" in solved(history([1, 0.1], [0, 0.6], validation_score=[0, 0.97]), "regression")
    assert solved(history([1, 0.1], [0, 0.99], validation_score=[0, np.nan]), "regression") == ""
