"""The checks of step 6: each fails at the start, passes on a right answer, and says what is missing."""

import numpy as np
import pytest

import scratchnet as sn
from ui.checks import evaluation as checks

BAD = [None, "", "   ", "text", "nan", "inf", "1e400", "9" * 10_000, "0.3.1", "<b>1</b>"]


@pytest.mark.parametrize("check", [checks.find_why, checks.four_perfect, checks.read_recall])
def test_a_check_fails_without_an_answer_and_says_what_to_do(check):
    passed, why = check(checks.START, None)
    assert not passed and why.endswith(".")


def test_only_the_stretching_is_the_reason():
    assert [checks.find_why(checks.START, reason)[0] for reason in checks.REASONS] == [False, True, False, False]
    assert set(checks.WHY_NOT) == set(checks.REASONS) - {checks.WHY}


def test_the_trap_of_three_samples_scores_five_of_nine():
    agree = checks.stretched(**checks.PERFECT)
    assert agree.shape == (3, 3)
    assert agree.mean() == pytest.approx(5 / 9)


@pytest.mark.parametrize("answer", ["0.625", "0,625", ".625", "0.6250"])
def test_four_perfect_predictions_score_ten_of_sixteen(answer):
    # three of target 1 agree with three predictions each, the one of target 0 with one: 9 + 1 of 16
    assert checks.four_perfect(checks.START, answer)[0]


@pytest.mark.parametrize(
    ("answer", "told"),
    [("1", "true accuracy"), ("0.556", "three samples"), ("0.75", "one row"), ("10", "divide"), ("0.375", "disagrees")],
)
def test_a_slip_with_four_samples_is_named(answer, told):
    passed, why = checks.four_perfect(checks.START, answer)
    assert not passed and told in why
    assert "0.625" not in why


@pytest.mark.parametrize("answer", ["0.641", "0,641", "0.64103", "0.6410256"])
def test_the_recall_read_from_the_matrix_passes(answer):
    assert checks.read_recall(checks.START, answer)[0]  # 25 / (14 + 25)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("0.735", "precision"),  # 25 / 34
        ("0.852", "class 0"),  # 52 / 61
        ("0.77", "accuracy"),  # 77 / 100
        ("0.685", "F1"),  # 50 / 73
        ("0.359", "missed"),  # 14 / 39
        ("64.1", "percent"),
        ("0.5", "Not yet"),
    ],
)
def test_a_slip_with_the_matrix_is_named(answer, told):
    passed, why = checks.read_recall(checks.START, answer)
    assert not passed and told in why


@pytest.mark.parametrize("check", [checks.four_perfect, checks.read_recall])
@pytest.mark.parametrize("answer", BAD)
def test_what_is_no_number_gets_one_sentence(check, answer):
    passed, why = check(checks.START, answer)
    assert not passed
    assert why.startswith("Your answer") and why.endswith(".") and len(why) < 160


def test_the_labels_of_a_matrix_give_the_matrix():
    np.testing.assert_array_equal(sn.confusion_matrix(*checks.labels(checks.COUNTS)), checks.COUNTS)


def test_the_page_shows_overfitting():
    """What the page says: at epoch 20 all 40 are right, and from there the loss on held-out points rises."""
    run = checks.EXPERIMENT.start()
    run.advance(epochs=checks.START["epoch"])
    early = run.evaluate()
    run.advance(epochs=checks.EPOCHS - checks.START["epoch"])
    late = run.evaluate()
    assert (early.train_correct, early.train_total, early.test_total) == (40, 40, 160)
    assert late.train_correct == 40
    assert late.train_loss < early.train_loss / 10
    assert late.test_loss > 2 * early.test_loss
    assert late.test_correct < early.test_correct
