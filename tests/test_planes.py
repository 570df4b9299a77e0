"""Planes through more than two inputs."""

import numpy as np
import pytest

import scratchnet as sn


def test_two_columns_vary_and_the_others_stand_at_the_mean_of_the_training_data():
    data = sn.load_dataset("tutorial")
    plane = sn.plane_of(data, (2, 0))
    points = plane.points(np.array([5.0, 6.0]), np.array([7.0, 8.0]))
    x2 = (-0.2 + 0.8 + 0.2) / 3
    np.testing.assert_allclose(points, [[7.0, x2, 5.0], [8.0, x2, 6.0]], rtol=1e-15)


def test_two_inputs_are_a_plane_by_themselves():
    plane = sn.plane_of(sn.load_dataset("circle"))
    assert plane.points(np.array([1.0]), np.array([-2.0])).tolist() == [[1.0, -2.0]]


@pytest.mark.parametrize("columns", [(0, 0), (0, 3), (-1, 1), (0,), (0, 1, 2)])
def test_what_is_not_two_columns_is_refused(columns):
    with pytest.raises(ValueError, match=r"two different columns of 0 to 2; got"):
        sn.plane_of(sn.load_dataset("tutorial"), columns)
