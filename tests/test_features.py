"""Input features: values by hand, order, layout, bad input."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from scratchnet.features import FEATURES, LARGEST_COORDINATE, apply_features, features_of
from scratchnet.scaling import Scale

OF_THREE = features_of(3)


@pytest.fixture(autouse=True)
def floating_point_errors_raise():
    with np.errstate(divide="raise", over="raise", invalid="raise"):
        yield


def test_the_features_are_those_of_the_contract_and_know_their_own_names():
    assert OF_THREE == ["x1", "x2", "x3", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)"]
    assert list(FEATURES)[:64] == [f"x{column}" for column in range(1, 65)]
    assert features_of(1) == ["x1", "x1^2", "sin(x1)"] and len(features_of(64)) == len(FEATURES) == 69
    assert all(FEATURES[name].name == name and FEATURES[name].latex for name in FEATURES)


def test_every_feature_of_a_point_agrees_with_python_floats():
    point = (2.0, -3.0, 0.5)
    by_hand = [2.0, -3.0, 0.5, 4.0, 9.0, -6.0, math.sin(2.0), math.sin(-3.0)]
    assert apply_features(np.array([point]), OF_THREE)[0] == pytest.approx(by_hand, rel=1e-15)


def test_features_keep_the_order_in_which_they_are_named_and_rows_stay_samples():
    x = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    assert apply_features(x, ("x1*x2", "x2", "x1")).tolist() == [[2, 2, 1], [12, 4, 3], [30, 6, 5]]


@given(
    hnp.arrays(np.float64, st.tuples(st.integers(0, 5), st.just(3)), elements=st.floats(-1e100, 1e100)),
    st.lists(st.sampled_from(OF_THREE), min_size=1, unique=True),
)
def test_the_result_is_a_new_contiguous_float64_array_with_a_column_for_each_name(x, names):
    before = x.copy()
    result = apply_features(x, names)
    assert result.shape == (len(x), len(names)) and result.dtype == np.float64 and result.flags.c_contiguous
    assert not np.shares_memory(result, x) and np.array_equal(x, before)
    for column, name in enumerate(names):
        assert np.array_equal(result[:, column], apply_features(x, (name,))[:, 0])


def test_each_of_64_columns_is_a_feature_and_features_see_what_the_scale_makes_of_them():
    x = np.arange(128.0).reshape(2, 64)
    assert np.array_equal(apply_features(x, [f"x{column}" for column in range(64, 0, -1)]), x[:, ::-1])
    scale = Scale(np.array([1.0, 10.0]), np.array([2.0, 5.0]))
    assert apply_features([[5.0, 0.0]], ("x1^2", "x1*x2"), scale).tolist() == [[4.0, -4.0]]


def test_read_only_and_integer_input_is_welcome():
    x = np.array([[1, 2]])
    x.flags.writeable = False
    assert apply_features(x, ("x1", "x2^2")).tolist() == [[1.0, 4.0]]


def test_a_single_name_may_stand_for_itself():
    assert apply_features([[3.0, 4.0]], "x1^2").tolist() == [[9.0]]


@pytest.mark.parametrize(
    ("x", "names", "says"),
    [
        ([1.0, 2.0], ("x1",), r"shape \(n, columns\), one row a sample, got \(2,\)"),
        ([[[1.0]]], ("x1",), r"got \(1, 1, 1\)"),
        ([["one", "two"]], ("x1",), "must be numbers"),
        ([[1.0, 2.0], [3.0]], ("x1",), "must be numbers"),
        ([[1.0, 2.0]], (), "at least one feature"),
        ([[1.0, 2.0]], ("x65",), "no feature 'x65'; choose from x1, x2"),
        ([[1.0, 2.0]], (7,), "no feature 7"),
        ([[1.0, 2.0]], (["x1"],), "no feature"),
        ([[1.0, 2.0]], ("x1", "x2", "x1"), "x1 is named twice"),
        ([[1.0]], ("x1", "x2"), r"x2 needs 2 input columns, but x has shape \(1, 1\)"),
        ([[1.0, 2.0]], ("x3",), "x3 needs 3 input columns"),
        ([[math.nan, 1.0]], ("x1",), "finite"),
        ([[math.inf, 1.0]], ("sin(x1)",), "finite"),
        ([[-1.0, 1e101]], ("x2^2",), "at most 1e[+]100"),
    ],
)
def test_bad_input_is_refused_with_one_sentence(x, names, says):
    with pytest.raises(ValueError, match=says) as caught:
        apply_features(x, names)
    message = str(caught.value)
    assert message.startswith("apply_features: ") and message.endswith(".") and "\n" not in message


def test_the_largest_coordinate_allowed_gives_finite_features():
    assert np.isfinite(apply_features([[LARGEST_COORDINATE, -LARGEST_COORDINATE, 0.0]], OF_THREE)).all()
