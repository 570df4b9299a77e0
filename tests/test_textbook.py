"""The printed formulas: right where floating point holds them, and broken where a page says they break."""

import numpy as np
import pytest

import scratchnet as sn
from scratchnet import textbook

Z = np.linspace(-30, 30, 61)


def test_the_printed_sigmoid_is_that_of_the_package_where_it_can_be_computed():
    np.testing.assert_allclose(textbook.sigmoid(Z), sn.ACTIVATIONS["sigmoid"].f(Z), rtol=1e-14)


def test_the_printed_sigmoid_overflows_below_minus_709_and_that_of_the_package_does_not():
    with np.errstate(over="raise"):
        textbook.sigmoid(np.array(-709.0))
        with pytest.raises(FloatingPointError, match="overflow"):
            textbook.sigmoid(np.array(-710.0))
    assert sn.ACTIVATIONS["sigmoid"].f(np.array(-710.0)) > 0


@pytest.mark.parametrize("y", [0.0, 1.0])
def test_the_printed_cross_entropy_is_that_of_the_package_for_moderate_z(y):
    z = np.linspace(-9, 9, 19)
    ours = sn.LOSSES["bce"].per_sample(np.full((19, 1), y), None, z[:, None])
    np.testing.assert_allclose(textbook.binary_cross_entropy(y, textbook.sigmoid(z)), ours, rtol=1e-9)


def test_from_z_37_the_printed_cross_entropy_of_a_sure_mistake_is_infinite():
    with np.errstate(divide="ignore", invalid="ignore"):
        assert np.isfinite(textbook.binary_cross_entropy(0.0, textbook.sigmoid(36.0)))
        assert textbook.binary_cross_entropy(0.0, textbook.sigmoid(37.0)) == np.inf


def test_the_logit_undoes_the_sigmoid():
    a = np.array([0.001, 0.1, 0.5, 0.999])
    np.testing.assert_allclose(textbook.sigmoid(textbook.logit(a)), a, rtol=1e-13)
