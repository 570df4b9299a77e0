"""Planes through more than two inputs: slices, the plane of the principal components, any two directions."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import scratchnet as sn
from tests import by_hand

NUMBERS = st.floats(-1e6, 1e6, allow_subnormal=False)
ROOT = math.sqrt(0.5)
TILTED = sn.Plane((1.0, 2.0, 3.0), (ROOT, ROOT, 0.0), (0.0, 0.0, -1.0))  # nothing of it lies along one column alone


def test_two_columns_vary_and_the_others_stand_at_the_mean_of_the_training_data():
    data = sn.load_dataset("tutorial")
    plane = sn.plane_of(data, (2, 0))
    points = plane.points(np.array([5.0, 6.0]), np.array([7.0, 8.0]))
    x2 = (-0.2 + 0.8 + 0.2) / 3
    np.testing.assert_allclose(points, [[7.0, x2, 5.0], [8.0, x2, 6.0]], rtol=1e-15)
    assert plane.columns == (2, 0)


def test_two_inputs_are_a_plane_by_themselves():
    plane = sn.plane_of(sn.load_dataset("circle"))
    assert plane.points(np.array([1.0]), np.array([-2.0])).tolist() == [[1.0, -2.0]]


@pytest.mark.parametrize("columns", [(0, 0), (0, 3), (-1, 1), (0,), (0, 1, 2)])
def test_what_is_not_two_columns_is_refused(columns):
    with pytest.raises(ValueError, match=r"two different columns of 0 to 2; got"):
        sn.plane_of(sn.load_dataset("tutorial"), columns)


@given(hnp.arrays(float, (7, 4), elements=NUMBERS), st.permutations(range(4)))
def test_a_slice_changes_no_digit_of_its_two_columns_and_of_those_held(x, order):
    columns, held = order[:2], x[0].tolist()
    plane = sn.slice_at(columns, held)
    points = plane.points(x[:, columns[0]], x[:, columns[1]])
    for point, row in zip(points.tolist(), x.tolist(), strict=True):
        assert point == [row[i] if i in columns else held[i] for i in range(4)]
    assert np.array_equal(plane.coordinates(x), x[:, columns])
    off = [math.hypot(*(row[i] - held[i] for i in order[2:])) for row in x.tolist()]
    np.testing.assert_allclose(plane.distances(x), off, rtol=1e-12)


def test_it_does_not_matter_at_what_a_slice_would_hold_the_columns_that_vary():
    assert sn.slice_at((2, 0), (7.0, 0.5, 8.0)) == sn.slice_at((2, 0), (-1.0, 0.5, 0.0))


def test_a_tilted_plane_goes_from_its_origin_along_its_two_directions():
    np.testing.assert_allclose(
        TILTED.points(np.array([0.0, 2.0]), np.array([0.0, 5.0])), [[1, 2, 3], [1 + 2 * ROOT, 2 + 2 * ROOT, -2]]
    )
    # (4, 2, 1) is 3 along the first column and -2 along the third from the origin; half of the 3 lies in the plane
    np.testing.assert_allclose(TILTED.coordinates([[4.0, 2.0, 1.0]]), [[3 * ROOT, 2.0]])
    np.testing.assert_allclose(TILTED.distances([[4.0, 2.0, 1.0]]), [3 * ROOT])
    assert TILTED.columns == ()
    against = sn.Plane((0.0, 0.0), (-1.0, 0.0), (0.0, 1.0))
    assert against.columns == (), "mirrored, it is no slice: its coordinate is not the column's value"


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (((0, 0, 0), (1, 0, 0), (0, 1)), r"same two columns or more; got 3, 3 and 2"),
        (((0,), (1,), (1,)), r"same two columns or more; got 1, 1 and 1"),
        (((0, 0), (2, 0), (0, 1)), "length 1 and be at right angles"),
        (((0, 0), (1, 0), (ROOT, ROOT)), "length 1 and be at right angles"),
        (((0, 0), (math.nan, 0), (0, 1)), "length 1 and be at right angles"),
    ],
)
def test_what_is_no_plane_is_refused(parts, words):
    with pytest.raises(ValueError, match=words):
        sn.Plane(*parts)


def spread_data(x_train, x_test):
    columns = len(x_train[0])
    parts = (np.array(x_train), np.zeros((len(x_train), 1)), np.array(x_test), np.zeros((len(x_test), 1)))
    names = tuple(f"x{i + 1}" for i in range(columns))
    none = np.empty((0, columns)), np.empty((0, 1)), (), None, None, 0
    return sn.Dataset("mine", *parts, "regression", names, ((-10.0, 10.0),) * columns, 0, False, *none)


def test_the_principal_plane_of_points_along_a_line_says_that_the_line_holds_all():
    # (1, 1, 0) is the line; nothing is left, so the second direction is the first column, as far as it is not the line
    plane, shares = sn.principal_plane([[0.0, 0.0, 5.0], [1.0, 1.0, 5.0], [3.0, 3.0, 5.0]])
    np.testing.assert_allclose(plane.origin, [4 / 3, 4 / 3, 5.0])
    np.testing.assert_allclose(plane.across, [ROOT, ROOT, 0.0])
    np.testing.assert_allclose(plane.up, [ROOT, -ROOT, 0.0])
    assert shares == (1.0, 0.0)


def test_the_window_of_a_tilted_plane_shows_all_points_and_is_as_wide_as_high():
    data = spread_data([[1.0, 2.0, 3.0], [2.0, 3.0, 3.0]], [[1.0, 2.0, -5.0]])
    (low, high), other = TILTED.window(data)
    assert (low, high) == other and low == -high
    assert high == pytest.approx(8 * 1.05)  # the test point is 8 from the origin, against the third column
    assert sn.slice_at((0, 2), (0.0, 0.0, 0.0)).window(data) == ((-10.0, 10.0), (-10.0, 10.0))
    single = spread_data([[1.0, 2.0, 3.0]], [[1.0, 2.0, 3.0]])
    assert TILTED.window(single) == ((-1.0, 1.0), (-1.0, 1.0)), "where all points are one there is still a window"


def test_maps_of_a_tilted_plane_show_what_each_unit_answers_at_its_points():
    rng = np.random.default_rng(3)
    net = sn.Network.from_arrays(
        [rng.normal(size=(2, 3)), rng.normal(size=(1, 2))], [[0.3, -0.2], [0.1]], ("tanh", "sigmoid")
    )
    maps = sn.UnitMaps(("x1", "x2", "x3"), ((-2.0, 3.0), (-1.0, 5.0)), size=4, plane=TILTED)(net)
    for row in range(4):
        for column in range(4):
            s, t = -2 + 5 * (column + 0.5) / 4, 5 - 6 * (row + 0.5) / 4
            point = [1 + s * ROOT, 2 + s * ROOT, 3 - t]
            _, a = by_hand.forward(
                [W.tolist() for W in net.weights], [b.tolist() for b in net.biases], net.activations, point
            )
            shown = [-1 + 2 * maps[0].pixels[unit, row, column] / 255 for unit in range(2)]
            np.testing.assert_allclose(shown, a[0], atol=1.01 / 255)
            assert maps[1].pixels[0, row, column] / 255 == pytest.approx(a[1][0], abs=0.51 / 255)
