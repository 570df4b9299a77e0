"""Calibration: a case worked by hand, scikit-learn's numbers, empty bins and probabilities on their edges."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchnet.calibration import calibration, is_probability

ORACLE = json.loads((Path(__file__).parent / "oracles" / "study.json").read_text())["data"]["calibration"]


def test_six_points_in_four_bins_by_hand():
    found = calibration([0, 1, 0, 1, 1, 0], [0.0, 0.25, 0.1, 0.3, 0.9, 1.0], bins=4)
    assert found.edges.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert found.counts.tolist() == [3, 1, 0, 2]  # 0.25 belongs to the bin below it
    np.testing.assert_allclose(found.predicted, [0.35 / 3, 0.3, math.nan, 0.95])
    np.testing.assert_allclose(found.actual, [1 / 3, 1, math.nan, 0.5])


@pytest.mark.parametrize("case", ORACLE, ids=lambda case: case["name"])
def test_means_and_shares_are_those_of_scikit_learn(case):
    found = calibration(case["y"], case["p"], case["bins"])
    filled = found.counts > 0
    np.testing.assert_allclose(found.predicted[filled], case["mean"], rtol=1e-12)
    np.testing.assert_allclose(found.actual[filled], case["share"], rtol=1e-12)
    assert np.isnan(found.predicted[~filled]).all() and np.isnan(found.actual[~filled]).all()


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=40), st.integers(1, 12))
def test_each_point_is_in_one_bin_and_lies_between_its_edges(rows, bins):
    found = calibration([int(label) for label, _ in rows], [p for _, p in rows], bins)
    low = [0.0, *found.edges[1:].tolist()]
    for i, count in enumerate(found.counts.tolist()):
        inside = [(label, p) for label, p in rows if (low[i] < p or i == 0) and p <= low[i + 1]]
        assert count == len(inside)
        if inside:
            assert found.actual[i] == pytest.approx(sum(label for label, _ in inside) / count)
            assert found.predicted[i] == pytest.approx(sum(p for _, p in inside) / count)
    assert found.counts.sum() == len(rows)


def test_one_class_alone_is_calibrated_too():
    assert calibration([1, 1], [0.9, 0.8], bins=2).actual[1] == 1.0


@pytest.mark.parametrize("p", [[-0.1, 0.5], [0.5, 1.1]])
def test_what_is_no_probability_is_refused(p):
    with pytest.raises(ValueError, match=r"Probabilities are from 0 to 1; got"):
        calibration([0, 1], p)


def test_sigmoid_and_softmax_alone_give_probabilities():
    names = ("identity", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "softplus", "swish", "softmax")
    assert [name for name in names if is_probability(name)] == ["sigmoid", "softmax"]
