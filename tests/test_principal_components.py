"""Principal components: cases worked by hand, scikit-learn's numbers, points in fewer directions than asked."""

import itertools
import json
import math
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from scratchnet.principal_components import principal_components

ORACLE = json.loads((Path(__file__).parent / "oracles" / "study.json").read_text())["data"]["principal_components"]
ROOT = math.sqrt(0.5)


def test_a_cross_of_five_points_has_its_arms_as_components():
    # Variances 2 * 9 along (1, 1) / sqrt 2 and 2 * 1 along (1, -1) / sqrt 2: shares 0.9 and 0.1.
    arms = np.array([[3, 3], [-3, -3], [1, -1], [-1, 1], [0, 0]]) * ROOT
    found = principal_components(arms + np.array([10.0, 20.0]))
    np.testing.assert_allclose(found.mean, [10, 20])
    np.testing.assert_allclose(found.directions, [[ROOT, ROOT], [ROOT, -ROOT]])
    np.testing.assert_allclose(found.shares, [0.9, 0.1])
    np.testing.assert_allclose(found.coordinates([[10 + 3 * ROOT, 20 + 3 * ROOT]]), [[3, 0]], atol=1e-12)


@pytest.mark.parametrize("case", ORACLE, ids=lambda case: case["name"])
def test_directions_and_shares_are_those_of_scikit_learn(case):
    count = len(case["shares"])
    found = principal_components(case["x"], count)
    np.testing.assert_allclose(found.mean, case["mean"], rtol=1e-12)
    np.testing.assert_allclose(found.shares, case["shares"], rtol=1e-9, atol=1e-12)
    for mine, other, share in zip(found.directions, case["directions"], found.shares, strict=True):
        if share > 1e-12:  # where nothing varies any direction is as good
            sign = 1 if np.dot(mine, other) > 0 else -1
            np.testing.assert_allclose(mine, sign * np.array(other), rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("turn", [0.0, 1e-15, -1e-15, 1e-9, -1e-9])
def test_two_columns_of_one_scale_do_not_turn_over_by_a_rounding(turn):
    x = np.array([[-1.0, 1.0], [1.0, -1.0], [0.1, 0.1]]) * [1 + turn, 1 - turn]
    np.testing.assert_allclose(principal_components(x).directions[0], [ROOT, -ROOT], atol=1e-8)


@given(hnp.arrays(float, st.tuples(st.integers(1, 9), st.integers(2, 6)), elements=st.floats(-1e3, 1e3)))
def test_the_directions_are_at_right_angles_and_never_turn_over_whatever_the_points(x):
    found = principal_components(x)
    np.testing.assert_allclose(found.directions.dot(found.directions.T), np.eye(2), atol=1e-9)
    for direction in found.directions.tolist():
        largest = max(abs(entry) for entry in direction)
        assert next(entry for entry in direction if abs(entry) >= 0.5 * largest) > 0
    first, second = found.shares
    assert 1 + 1e-12 >= first >= second >= 0
    assert first + second <= 1 + 1e-12


@given(
    hnp.arrays(float, (8, 3), elements=st.integers(-50, 50).map(float)), st.sampled_from([1e-200, 1e-9, 1.0, 1e9, 1e90])
)
def test_no_other_direction_shows_more_of_the_spread_and_the_unit_does_not_matter(x, unit):
    found = principal_components(unit * x)
    spread = [[value - mean for value, mean in zip(row, x.mean(axis=0), strict=True)] for row in x.tolist()]
    whole = sum(value**2 for row in spread for value in row)
    rng = np.random.default_rng(0)
    others = rng.normal(size=(40, 3))
    for direction in [*others / np.linalg.norm(others, axis=1, keepdims=True), found.directions[0]]:
        along = sum(sum(a * b for a, b in zip(row, direction, strict=True)) ** 2 for row in spread)
        assert along <= (found.shares[0] + 1e-9) * whole


@pytest.mark.parametrize(
    ("x", "directions"),
    [
        ([[4.0, 5.0, 6.0]], [[1, 0, 0], [0, 1, 0]]),  # one row
        ([[0.1, 0.3, 7.0]] * 3, [[1, 0, 0], [0, 1, 0]]),  # equal rows, whose mean rounding may move
        ([[7.0, 1.0, 7.0], [7.0, 3.0, 7.0]], [[0, 1, 0], [1, 0, 0]]),  # two rows, constant columns beside one
        ([[0.1, 0.1, 1.0], [0.1, 0.1, 2.0], [0.1, 0.1, 4.0]], [[0, 0, 1], [1, 0, 0]]),
    ],
)
def test_points_in_fewer_directions_than_asked_are_completed_by_the_columns_own(x, directions):
    found = principal_components(x)
    np.testing.assert_allclose(found.directions, directions, atol=1e-15)
    varies = len({tuple(row) for row in x}) > 1
    assert found.shares.tolist() == [float(varies), 0.0]
    assert np.isfinite(found.coordinates(x)).all()


def test_columns_that_lie_within_the_directions_found_are_passed_over():
    rows = [[0.1, -0.1, 0.6], [0.1, -0.5, 0.4], [1.3, 0.9, -0.7], [-1.3, -0.6, 0.0], [-2.3, -0.2, -1.2]]
    found = principal_components([[*row, 5.0] for row in rows], 4)  # all in the first three columns, askew in them
    np.testing.assert_allclose(found.directions[3], [0, 0, 0, 1], atol=1e-12)
    assert found.shares[3] == 0


@pytest.mark.parametrize("x", [[], [[1.0], [2.0]], [1.0, 2.0], np.zeros((0, 3))])
def test_too_few_columns_or_no_row_is_refused(x):
    with pytest.raises(ValueError, match="need one row and 2 columns at least; got"):
        principal_components(x)


@pytest.mark.parametrize("value", [math.nan, math.inf, "x"])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="The points must be finite numbers"):
        principal_components([[1.0, 2.0], [3.0, value]])


def largest_network() -> int:
    """Parameters of 2-128-128-128-1, about as many as an address may ask for."""
    return sum(above * below + above for below, above in itertools.pairwise((2, 128, 128, 128, 1)))


@pytest.mark.parametrize(
    ("case", "rows"), [("one", 1), ("two", 2), ("a line", 12), ("equal", 12), ("a plane", 12), ("a walk", 40)]
)
def test_of_as_many_columns_as_the_largest_network_memory_is_in_proportion_to_rows_times_columns(case, rows):
    columns = largest_network()
    rng = np.random.default_rng(3)
    along = rng.normal(size=(2, columns))
    shares = rng.normal(size=(rows, 2)) * [[5.0, 1.0 if case == "a plane" else 0.0]]
    x = {
        "equal": lambda: np.tile(along[0], (rows, 1)),
        "a walk": lambda: rng.normal(size=(rows, columns)).cumsum(axis=0),
    }.get(case, lambda: along[0] + shares.dot(along))()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        found = principal_components(x, 2)
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    assert peak <= 8 * columns * (5 * rows + 16)  # bytes; columns x columns would be 9 GB
    assert np.abs(found.directions.dot(found.directions.T) - np.eye(2)).max() < 1e-9
    known = {"one": 0, "equal": 0, "two": 1, "a line": 1}.get(case, 2)
    assert (found.shares > 1e-12).sum() == known
    if known == 1:
        cosine = found.directions[0].dot(along[0]) / math.sqrt(along[0].dot(along[0]))
        assert abs(abs(cosine) - 1) < 1e-12


@given(
    hnp.arrays(float, st.tuples(st.integers(1, 6), st.integers(7, 14)), elements=st.integers(-9, 9).map(float)),
    st.integers(0, 5),
)
def test_of_more_columns_than_rows_shares_are_the_eigenvalues_of_all_products_of_rows(x, lost):
    x[: lost + 1] = x[0]  # often there are fewer directions than rows
    found = principal_components(x, 2)
    mean = [sum(column) / len(x) for column in x.T.tolist()]
    spread = [[value - middle for value, middle in zip(row, mean, strict=True)] for row in x.tolist()]
    products = [[sum(a * b for a, b in zip(row, other, strict=True)) for other in spread] for row in spread]
    whole = sum(products[k][k] for k in range(len(x)))
    values = sorted(np.linalg.eigvalsh(products).tolist(), reverse=True)
    wanted = [max(value, 0.0) / whole if whole > 1e-9 else 0.0 for value in [*values, 0.0][:2]]
    np.testing.assert_allclose(found.shares, wanted, atol=1e-9)
    for direction, share in zip(found.directions.tolist(), wanted, strict=True):
        along = sum(sum(a * b for a, b in zip(row, direction, strict=True)) ** 2 for row in spread)
        assert along == pytest.approx(share * whole, abs=1e-6 * (1 + whole))
