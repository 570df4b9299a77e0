"""ROC curves: cases by hand, scikit-learn's numbers, the chance that the area stands for, ties, one class only."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import scratchnet as sn
from scratchnet.roc import roc

ORACLE = json.loads((Path(__file__).parent / "oracles" / "study.json").read_text())["data"]["roc"]


def test_four_points_step_by_step():
    # From the highest score down: 0.9 is of class 1, 0.8 of class 0, 0.5 of class 1, 0.1 of class 0.
    curve = roc([1, 0, 1, 0], [0.9, 0.8, 0.5, 0.1])
    assert curve.cuts.tolist() == [0.9, 0.8, 0.5, 0.1, -math.inf]
    assert curve.true_positive.tolist() == [0, 0.5, 0.5, 1, 1]
    assert curve.false_positive.tolist() == [0, 0, 0.5, 0.5, 1]
    assert curve.area == 0.75, "of the four pairs one is in the wrong order"


def test_equal_scores_come_together_and_a_pair_of_them_counts_half():
    curve = roc([1, 0, 1], [0.5, 0.5, 0.7])
    assert curve.cuts.tolist() == [0.7, 0.5, -math.inf]
    assert curve.true_positive.tolist() == [0, 0.5, 1]
    assert curve.false_positive.tolist() == [0, 0, 1]
    assert curve.area == 0.75


@pytest.mark.parametrize("case", ORACLE, ids=lambda case: case["name"])
def test_points_and_area_are_those_of_scikit_learn(case):
    curve = roc(case["y"], case["scores"])
    np.testing.assert_allclose(curve.false_positive, case["false_positive"], rtol=1e-12)
    np.testing.assert_allclose(curve.true_positive, case["true_positive"], rtol=1e-12)
    assert curve.area == pytest.approx(case["area"], rel=1e-12)


classes_and_scores = st.lists(st.tuples(st.booleans(), st.integers(-3, 3)), min_size=2, max_size=14).filter(
    lambda rows: len({label for label, _ in rows}) == 2
)


@given(classes_and_scores)
def test_each_cut_gives_the_shares_above_it_and_the_area_is_the_chance_of_the_right_order(rows):
    y, scores = [int(label) for label, _ in rows], [float(score) for _, score in rows]
    curve = roc(y, scores)
    ones = [score for label, score in rows if label]
    zeros = [score for label, score in rows if not label]
    for cut, false, true in zip(curve.cuts, curve.false_positive, curve.true_positive, strict=True):
        assert true == sum(score > cut for score in ones) / len(ones)
        assert false == sum(score > cut for score in zeros) / len(zeros)
        if math.isfinite(cut):  # what the network would answer with this cut
            answers = sn.Decision(2, 1, cut).answers(np.array(scores)[:, None])
            assert true == sn.recall(y, answers)
    assert len(curve.cuts) == len(set(scores)) + 1
    pairs = [(one > zero) + 0.5 * (one == zero) for one in ones for zero in zeros]
    assert curve.area == pytest.approx(sum(pairs) / len(pairs), rel=1e-12)


@pytest.mark.parametrize("label", [0, 1])
def test_one_class_alone_has_no_curve(label):
    with pytest.raises(ValueError, match=f"needs points of both classes; all 3 are of class {label}"):
        roc([label] * 3, [0.1, 0.2, 0.3])


@pytest.mark.parametrize(
    ("y", "scores", "words"),
    [
        ([0, 1], [[0.1], [0.2]], r"both be \(n,\)"),
        ([[0], [1]], [[0.1], [0.2]], r"both be \(n,\)"),
        ([], [], r"both be \(n,\)"),
        ([0, 2], [0.1, 0.2], "must be 0 or 1; got 2"),
        ([-1, 1], [0.1, 0.2], "must be 0 or 1; got -1"),
        ([0, 1], [0.1, math.nan], "The scores must be finite numbers; got nan"),
        ([0, 1], [0.1, math.inf], "The scores must be finite numbers; got inf"),
    ],
)
def test_what_is_no_score_of_two_classes_is_refused(y, scores, words):
    with pytest.raises(ValueError, match=words):
        roc(y, scores)
