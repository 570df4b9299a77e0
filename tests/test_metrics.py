"""Metrics: cases worked by hand, the tutorial's broadcasting trap, undefined cases, bad input."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from scratchnet.metrics import (
    accuracy,
    accuracy_counts,
    confusion_matrix,
    f1,
    mae,
    mse,
    precision,
    precision_and_recall,
    r2,
    recall,
    residuals,
    rmse,
)

ORACLE = json.loads((Path(__file__).parent / "oracles" / "study.json").read_text())["data"]["class_scores"]

REGRESSION = [mse, rmse, mae, r2]
CLASSIFICATION = [accuracy, accuracy_counts, confusion_matrix, precision, recall, f1]


@pytest.fixture(autouse=True)
def floating_point_errors_raise():
    with np.errstate(divide="raise", over="raise", invalid="raise"):
        yield


def test_the_tutorials_example_has_a_mean_squared_error_of_0_02():
    # differences 0.1, 0.1, 0.2: squares 0.01 + 0.01 + 0.04 = 0.06, divided by 3
    assert mse([1, 0, 1], [0.9, 0.1, 0.8]) == pytest.approx(0.02, rel=1e-12)


def test_regression_metrics_agree_with_sums_done_by_hand_for_two_outputs():
    y = np.array([[1.0, 10.0], [3.0, 20.0]])
    p = np.array([[2.0, 10.0], [3.0, 14.0]])
    # differences 1, 0, 0, -6
    assert mse(y, p) == pytest.approx(37 / 4)
    assert rmse(y, p) == pytest.approx(math.sqrt(37 / 4))
    assert mae(y, p) == pytest.approx(7 / 4)
    # output 1: 1 - 1 / (1 + 1) = 0.5; output 2: 1 - 36 / (25 + 25) = 0.28; mean 0.39
    assert r2(y, p) == pytest.approx(0.39)


@pytest.mark.parametrize("metric", REGRESSION + CLASSIFICATION)
@pytest.mark.parametrize("shapes", [((3, 1), (3,)), ((3,), (3, 1)), ((3,), (1, 3, 1)), ((3,), (4,)), ((1,), (3,))])
def test_shapes_that_would_broadcast_are_refused_with_both_shapes_named(metric, shapes):
    with pytest.raises(ValueError) as caught:
        metric(np.ones(shapes[0]), np.ones(shapes[1]))
    message = str(caught.value)
    assert message.startswith(metric.__name__ + ":") and "\n" not in message
    assert str(shapes[1]) in message


@pytest.mark.parametrize("metric", REGRESSION + CLASSIFICATION)
@pytest.mark.parametrize("bad", [[], [math.nan], [math.inf], ["one"], ["1"], 1.0, None, [[1], [1, 2]], [1j], [[[1.0]]]])
def test_what_cannot_be_scored_is_refused_with_one_sentence_on_either_side(metric, bad):
    for y_true, y_pred in ((bad, [1.0]), ([1.0], bad), (bad, bad)):
        with pytest.raises(ValueError, match=f"^{metric.__name__}: [^\n]*[.]$"):
            metric(y_true, y_pred)


# R2


def test_r2_is_exactly_1_for_the_data_themselves():
    y = np.random.default_rng(0).normal(size=(50, 3))
    assert r2(y, y.copy()) == 1.0


def test_r2_of_always_answering_the_mean_is_0():
    y = np.random.default_rng(1).normal(size=40)
    assert r2(y, np.full(40, y.mean())) == pytest.approx(0, abs=1e-14)


def test_r2_of_constant_targets_is_1_when_hit_exactly_and_0_otherwise():
    # 0.1 is not a binary fraction: the mean of ten of them differs from 0.1, so a sum of squares would not be 0
    assert r2([0.1] * 10, [0.1] * 10) == 1.0
    assert r2([0.1] * 10, [0.1] * 9 + [0.2]) == 0.0
    assert r2([3.0], [3.0]) == 1.0 and r2([3.0], [2.0]) == 0.0
    assert r2([[1.0, 0.0], [1.0, 1.0]], [[0.0, 0.0], [0.0, 1.0]]) == 0.5  # output 1 undefined and missed, output 2 hit


@given(
    hnp.arrays(np.float64, 6, elements=st.floats(-100, 100)),
    hnp.arrays(np.float64, 6, elements=st.floats(-100, 100)),
)
def test_r2_follows_its_definition_and_never_exceeds_1(y, p):
    total = ((y - y.mean()) ** 2).sum()
    value = r2(y, p)
    assert value <= 1
    if total > 1e-6:
        assert value == pytest.approx(1 - ((y - p) ** 2).sum() / total, rel=1e-6, abs=1e-9)


@given(
    hnp.arrays(np.float64, (3, 2), elements=st.floats(allow_nan=False, allow_infinity=False)),
    hnp.arrays(np.float64, (3, 2), elements=st.floats(allow_nan=False, allow_infinity=False)),
)
def test_no_finite_number_is_too_large_or_small_for_a_regression_metric(y, p):
    for metric in REGRESSION:
        assert not math.isnan(metric(y, p))


def test_a_square_that_float64_cannot_hold_is_inf():
    assert mse([1e200, 0.0], [-1e200, 0.0]) == math.inf
    assert mae([1e200, 0.0], [-1e200, 0.0]) == pytest.approx(1e200)


# Classification


def test_accuracy_with_counts_by_hand_for_two_classes():
    y, p = np.array([[1.0], [0.0], [1.0], [0.0]]), np.array([[0.9], [0.4], [0.3], [0.6]])
    assert accuracy_counts(y, p) == (2, 4)
    assert accuracy(y, p) == 0.5
    assert accuracy_counts(y, p, threshold=0.2) == (2, 4)  # now 1 1 1 1
    assert accuracy_counts(y, p, threshold=0.7) == (3, 4)  # now 1 0 0 0


def test_a_score_at_the_threshold_is_class_0():
    assert accuracy([0.0, 1.0], [0.5, np.nextafter(0.5, 1)]) == 1.0


def test_perfect_predictions_in_the_other_shape_are_refused_and_not_scored_0_556():
    y = np.array([1.0, 0.0, 1.0])
    with pytest.raises(ValueError, match=r"\(3,\) and \(3, 1\)"):
        accuracy(y, y[:, None])
    assert accuracy(y[:, None], y[:, None]) == 1.0
    # what NumPy would have answered: nine comparisons, five of them equal
    assert (y == y[:, None]).mean() == pytest.approx(0.556, abs=1e-3)


def test_targets_of_minus_and_plus_1_need_the_threshold_to_be_said():
    y, p = [-1.0, 1.0, 1.0], [-0.4, 0.2, 0.8]
    assert accuracy_counts(y, p, threshold=0) == (3, 3)
    assert accuracy_counts(y, p, threshold=0.5) == (2, 3)
    with pytest.raises(ValueError, match="threshold=0"):
        accuracy(y, p)


@pytest.mark.parametrize("y_true", [[-1.0, 0.0, 1.0], [0.0, 1.0, 2.0], [0.3, 0.7, 1.0]])
def test_targets_that_are_not_two_classes_are_refused_for_one_score(y_true):
    with pytest.raises(ValueError, match="0 or 1"):
        accuracy(y_true, [0.1, 0.2, 0.3], threshold=0)


def test_the_largest_of_k_scores_is_the_predicted_class_for_indices_and_one_hot_alike():
    scores = np.array([[0.2, 0.5, 0.3], [0.6, 0.3, 0.1], [0.1, 0.2, 0.7], [0.4, 0.3, 0.3]])
    y = np.array([1, 0, 2, 2])
    assert accuracy_counts(y, scores) == (3, 4)
    assert accuracy_counts(np.eye(3)[y], scores) == (3, 4)
    assert confusion_matrix(y, scores).tolist() == [[1, 0, 0], [0, 1, 0], [1, 0, 1]]


@pytest.mark.parametrize("y_true", [[3, 0], [-1, 0], [0.5, 0], [[1, 1, 0], [1, 0, 0]], [[2, -1, 0], [1, 0, 0]]])
def test_targets_that_do_not_belong_to_k_scores_are_refused(y_true):
    with pytest.raises(ValueError, match="y_true"):
        accuracy(y_true, np.ones((2, 3)))


def test_classes_are_compared_as_they_are():
    assert accuracy_counts([2, 0, 1, 7], [2, 1, 1, 7]) == (3, 4)
    assert accuracy_counts(np.array([True, False]), np.array([True, True])) == (1, 2)
    assert accuracy_counts(np.array([-1.0, 1.0]), np.array([-1, -1])) == (1, 2)
    assert accuracy_counts(np.array([[1.0], [0.0]]), np.array([[1], [0]])) == (2, 2)
    for y_true, y_pred in (([0, 1], [-1, 1]), ([-1, 1], [2, 1]), ([0.5, 1.0], [0, 1]), ([0, 1], [0, 1000])):
        with pytest.raises(ValueError):
            accuracy(y_true, y_pred)


def test_a_confusion_matrix_has_true_classes_as_rows():
    y, p = [0.0, 0.0, 0.0, 1.0, 1.0], [0.1, 0.7, 0.2, 0.4, 0.8]
    assert confusion_matrix(y, p).tolist() == [[2, 1], [1, 1]]
    assert confusion_matrix([2, 0, 0], [2, 1, 0], classes=4).tolist() == [
        [1, 1, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 1, 0],
        [0, 0, 0, 0],
    ]


@pytest.mark.parametrize("classes", [2, 1001, 3.0, True, "3"])
def test_a_number_of_classes_that_does_not_fit_is_refused(classes):
    with pytest.raises(ValueError, match="classes must be"):
        confusion_matrix([2, 0, 0], [2, 1, 0], classes=classes)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=40))
def test_the_confusion_matrix_holds_every_sample_and_its_diagonal_is_the_accuracy(pairs):
    y, p = np.array(pairs).T
    matrix = confusion_matrix(y, p, classes=5)
    assert matrix.sum() == len(pairs)
    assert (int(np.trace(matrix)), len(pairs)) == accuracy_counts(y, p)
    assert matrix.sum(axis=1).tolist() == np.bincount(y, minlength=5).tolist()
    assert matrix.sum(axis=0).tolist() == np.bincount(p, minlength=5).tolist()


def test_precision_recall_and_f1_by_hand():
    y, p = [1, 1, 1, 0, 0, 0, 0], [1, 1, 0, 1, 1, 1, 0]  # TP 2, FP 3, FN 1
    assert precision(y, p) == pytest.approx(2 / 5)
    assert recall(y, p) == pytest.approx(2 / 3)
    assert f1(y, p) == pytest.approx(2 * (2 / 5) * (2 / 3) / (2 / 5 + 2 / 3))
    assert precision(y, p, positive=0) == pytest.approx(1 / 2)
    assert recall(y, p, positive=0) == pytest.approx(1 / 4)


def test_undefined_precision_recall_and_f1_are_0():
    assert precision([1, 0], [0, 0]) == 0.0
    assert recall([0, 0], [1, 0]) == 0.0
    assert f1([0, 0], [0, 0]) == 0.0


def test_precision_and_recall_of_three_classes_by_hand():
    # Class 1 is never predicted, and class 2 is not there.
    precisions, recalls = precision_and_recall([[3, 0, 2], [1, 0, 0], [0, 0, 0]])
    np.testing.assert_allclose(precisions, [3 / 4, math.nan, 0 / 2])
    np.testing.assert_allclose(recalls, [3 / 5, 0 / 1, math.nan])


@pytest.mark.parametrize("case", ORACLE, ids=lambda case: f"{case['classes']} classes")
def test_precision_and_recall_of_every_class_are_those_of_scikit_learn(case):
    counts = confusion_matrix(case["y"], case["answers"], classes=case["classes"])
    assert counts.sum(axis=1).tolist() == case["support"]
    for mine, other in zip(precision_and_recall(counts), (case["precision"], case["recall"]), strict=True):
        np.testing.assert_allclose(mine, [math.nan if value is None else value for value in other], rtol=1e-12)


@pytest.mark.parametrize("counts", [[[1, 2]], [1, 2], [[1, -1], [0, 2]], [[1.0, math.nan], [0, 1]]])
def test_what_is_no_table_of_counts_is_refused(counts):
    with pytest.raises(ValueError, match="precision_and_recall: counts"):
        precision_and_recall(counts)


def test_a_residual_is_what_is_missing_from_the_prediction():
    assert residuals([[3.0], [1.0]], [[2.5], [4.0]]).tolist() == [[0.5], [-3.0]]
    with pytest.raises(ValueError, match="same shape"):
        residuals([1.0, 2.0], [[1.0], [2.0]])


@pytest.mark.parametrize("positive", [-1, 1000, 0.5, True, None])
def test_a_positive_class_that_is_no_class_index_is_refused(positive):
    for metric in (precision, recall, f1):
        with pytest.raises(ValueError, match="positive must be"):
            metric([1, 0], [1, 0], positive=positive)


@pytest.mark.parametrize("threshold", [math.nan, math.inf, "0.5", [0.5]])
def test_a_threshold_that_is_no_number_is_refused(threshold):
    with pytest.raises(ValueError, match="threshold must be"):
        accuracy([1.0, 0.0], [0.9, 0.1], threshold=threshold)


def test_a_threshold_for_k_scores_is_refused():
    with pytest.raises(ValueError, match="two classes"):
        accuracy([1, 0], np.eye(2), threshold=0.5)


@pytest.mark.parametrize("y_true", [[1, 0], [1, 0, 1, 0], [[1], [0], [1]], [[0, 1], [1, 0]], [[0, 0, 1]] * 3])
def test_targets_of_another_number_than_their_rows_of_scores_are_refused(y_true):
    for metric in CLASSIFICATION:
        with pytest.raises(ValueError, match=r"y_true must be \(3,\) class indices or \(3, 2\) one-hot"):
            metric(y_true, [[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])


def test_classes_minus_and_plus_1_are_two():
    assert confusion_matrix([-1, 1, 1], [1, -1, 1]).tolist() == [[0, 1], [1, 1]]
    assert confusion_matrix([-1.0, 1.0, 1.0], [0.5, -0.5, 0.25], threshold=0).tolist() == [[0, 1], [1, 1]]
