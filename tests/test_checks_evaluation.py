"""The checks of step 6: each fails at the start, passes on a right answer, and says what is missing."""

import math

import numpy as np
import pytest

import scratchnet as sn
from ui.checks import evaluation as checks
from ui.checks.answers import NEARLY

BAD = [None, "", "   ", "text", "nan", "inf", "1e400", "9" * 10_000, "0.3.1", "<b>1</b>"]


ALL = [
    *(checks.gap, checks.loss_and_accuracy, checks.read_recall, checks.find_threshold, checks.luck),
    *(checks.find_why, checks.four_perfect),
]
SEEN_ALL = checks.START | {"farthest": checks.LAST}


@pytest.mark.parametrize("check", ALL)
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


@pytest.mark.parametrize("check", [checks.four_perfect, checks.read_recall, checks.gap, checks.luck])
@pytest.mark.parametrize("answer", BAD)
def test_what_is_no_number_gets_one_sentence(check, answer):
    passed, why = check(SEEN_ALL, answer)
    assert not passed
    assert why.startswith("Your answer") and why.endswith(".") and len(why) < 160


@pytest.fixture(scope="module")
def at():
    """A function of the epoch: targets and outputs of the test points, by a run of the test's own."""
    runs = {}

    def outputs(epoch):
        if epoch not in runs:
            run = checks.EXPERIMENT.start()
            run.advance(epochs=epoch)
            runs[epoch] = [float(y) for (y,) in run.y_test], [float(a) for (a,) in run.network.predict(run.x_test)]
        return runs[epoch]

    return outputs


def counted(y, outputs, threshold):
    """(true negatives, false positives, false negatives, true positives) by a plain loop."""
    counts = [0, 0, 0, 0]
    for target, output in zip(y, outputs, strict=True):
        counts[2 * (target == 1) + (output > threshold)] += 1
    return counts


def test_the_gap_is_that_of_the_two_counts_at_the_last_epoch(at):
    tn, _, _, tp = counted(*at(checks.LAST), 0.5)
    exact = 100 - 100 * (tn + tp) / 160  # all 40 training points are right
    assert (tn + tp, exact) == (138, 13.75)
    assert not checks.gap(checks.START, "13.75")[0], "it is to be seen first"
    for answer in ("13.75", "13,75", "13.8", "13.75 %", "0.1375", "22/160"):
        assert checks.gap(SEEN_ALL, answer)[0]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("100", "training points alone"),
        ("86.25", "test points alone"),
        ("-13.75", "without a minus"),
        ("22", "So many test points are wrong"),
        ("98", "unlike totals"),
        ("8.125", "Not yet: at epoch 200"),
    ],
)
def test_a_slip_with_the_gap_is_named(answer, told):
    passed, why = checks.gap(SEEN_ALL, answer)
    assert not passed and told in why


def test_what_is_said_of_loss_and_accuracy_is_so(at):
    """Between the two epochs the same points are wrong, and they alone make the loss rise."""
    losses, wrong = {}, {}
    for epoch in checks.STEADY:
        y, outputs = at(epoch)
        losses[epoch] = [-math.log(a if target == 1 else 1 - a) for target, a in zip(y, outputs, strict=True)]
        wrong[epoch] = [(a > 0.5) != (target == 1) for target, a in zip(y, outputs, strict=True)]
    before, after = checks.STEADY
    assert wrong[before] == wrong[after] and sum(wrong[after]) == 22
    assert sum(losses[after]) > 1.6 * sum(losses[before])
    of_wrong = [sum(loss for loss, w in zip(losses[e], wrong[e], strict=True) if w) for e in checks.STEADY]
    smaller = sum(new < old for old, new in zip(losses[before], losses[after], strict=True))
    said = {cause: checks.loss_and_accuracy(checks.START, cause) for cause in checks.CAUSES}
    assert [cause for cause, (passed, _) in said.items() if passed] == [checks.SURER]
    for value in (*of_wrong, sum(losses[before]), sum(losses[after])):
        assert f" {value:.4g}" in said[checks.SURER][1]
    assert f"No: {smaller} of the 160 points" in said[checks.CAUSES[0]][1]
    assert "the same 22 test points" in said[checks.CAUSES[2]][1]


@pytest.mark.parametrize("threshold", [0, 0.1, 0.19, 0.2, 0.23, 0.24, 0.3, 0.5, 1])
def test_a_threshold_passes_exactly_where_few_are_missed_and_few_let_in(threshold, at):
    _, let_in, missed, _ = counted(*at(checks.FIRST), threshold)
    passed, why = checks.find_threshold(checks.START | {"threshold": threshold}, None)
    assert passed == (missed <= checks.MISSED and let_in <= checks.LET_IN)
    assert f"{missed} of class 1 are missed and {let_in} of class 0 let in" in why
    assert ("lower threshold" in why) == (missed > checks.MISSED)
    assert ("higher threshold" in why) == (missed <= checks.MISSED and let_in > checks.LET_IN)


def test_a_threshold_for_other_points_or_another_epoch_is_not_what_was_asked():
    for other in ({"rows": "train"}, {"epoch": 200}):
        passed, why = checks.find_threshold(checks.START | {"threshold": 0.2} | other, None)
        assert not passed and "160 test points at epoch 20" in why


@pytest.mark.parametrize("state", [{}, {"epoch": 200}, {"threshold": 0.9}])
def test_luck_is_the_difference_of_the_testers_that_the_page_shows(state, at):
    state = checks.START | state
    y, outputs = at(state["epoch"])
    right = [
        sum(counted(y[k : k + 20], outputs[k : k + 20], state["threshold"])[i] for i in (0, 3))
        for k in range(0, 160, 20)
    ]
    column = np.array(y)[:, None], np.array(outputs)[:, None]
    assert checks.right_of_testers(*column, state["threshold"]) == right
    low, high = min(right), max(right)
    passed, why = checks.luck(state, f"{5 * (high - low)}")
    assert passed and f"{low}/20 and {high}/20" in why
    for answer, told in ((high - low, "So many points"), (5 * high, "luckiest"), (5 * low, "unluckiest")):
        passed, why = checks.luck(state, str(answer))
        assert not passed and told in why


def test_the_labels_of_a_matrix_give_the_matrix():
    np.testing.assert_array_equal(sn.confusion_matrix(*checks.labels(checks.COUNTS)), checks.COUNTS)


def test_the_page_shows_overfitting():
    """What the page says: at epoch 20 all 40 are right, and from there the loss on the test points rises."""
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


@pytest.mark.parametrize(
    ("check", "state", "answers"),
    [
        (checks.read_recall, {}, ("0.64", "64 %", "16/25", "0.645")),
        (checks.gap, checks.START | {"farthest": checks.LAST}, ("14", "13.6")),
    ],
)
def test_a_right_way_with_a_digit_too_few_is_told_so(check, state, answers):
    for answer in answers:
        assert check({**checks.START, **state}, answer) == (False, NEARLY), answer
