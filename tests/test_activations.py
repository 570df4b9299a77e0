"""Activations: values and slopes against PyTorch, far into both tails, where careless formulas overflow."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.activations import normal_cdf

ORACLE = json.loads((Path(__file__).parent / "oracles" / "activations.json").read_text())["data"]
ELEMENTWISE = ["identity", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "softplus", "swish"]
GRID = np.array(ORACLE["z"])[:, None]  # (37, 1): a row is a sample


def test_the_names_are_those_the_learner_chooses_from():
    assert sorted(sn.ACTIVATIONS) == sorted([*ELEMENTWISE, "softmax"])
    for name, activation in sn.ACTIVATIONS.items():
        assert activation.name == name
        assert activation.formula


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_values_agree_with_pytorch_from_minus_1000_to_1000(name):
    a = sn.ACTIVATIONS[name].f(GRID)
    np.testing.assert_allclose(a[:, 0], ORACLE[name]["f"], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_slopes_agree_with_pytorch_from_minus_1000_to_1000(name):
    activation = sn.ACTIVATIONS[name]
    slope = activation.derivative(GRID, activation.f(GRID))
    assert np.shape(slope) == GRID.shape
    np.testing.assert_allclose(np.asarray(slope)[:, 0], ORACLE[name]["derivative"], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_slopes_agree_with_central_differences(name):
    activation = sn.ACTIVATIONS[name]
    z = np.linspace(-6.05, 6.05, 122).reshape(61, 2)  # 0, the corner of relu, is not among them
    h = 1e-5
    numeric = (activation.f(z + h) - activation.f(z - h)) / (2 * h)
    np.testing.assert_allclose(activation.derivative(z, activation.f(z)), numeric, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_the_input_is_left_as_it_was(name):
    z = GRID.copy()
    a = sn.ACTIVATIONS[name].f(z)
    a_before = a.copy()
    sn.ACTIVATIONS[name].derivative(z, a)
    np.testing.assert_array_equal(z, GRID)
    np.testing.assert_array_equal(a, a_before)


def test_the_slope_of_relu_at_0_is_0():
    zero = np.zeros((1, 1))
    assert sn.ACTIVATIONS["relu"].derivative(zero, zero)[0, 0] == 0


def test_small_tails_are_small_numbers_and_not_0():
    z = np.array([[-700.0, -100.0, -40.0]])
    np.testing.assert_allclose(sn.ACTIVATIONS["sigmoid"].f(z), np.exp(z), rtol=1e-12)
    np.testing.assert_allclose(sn.ACTIVATIONS["softplus"].f(z), np.exp(z), rtol=1e-12)
    np.testing.assert_allclose(sn.ACTIVATIONS["swish"].f(z), z * np.exp(z), rtol=1e-12)
    tiny = np.array([[1e-12, -1e-12, 1e-300]])
    np.testing.assert_allclose(sn.ACTIVATIONS["elu"].f(tiny), tiny, rtol=1e-11)
    np.testing.assert_allclose(sn.ACTIVATIONS["gelu"].f(tiny), tiny / 2, rtol=1e-11)


def test_many_numbers_have_the_normal_distribution_of_each_alone_from_far_left_to_far_right():
    rng = np.random.default_rng(5)
    z = np.concatenate([rng.uniform(-37, 12, 20_000), rng.normal(size=20_000), np.arange(-8.5, 8.5, 1 / 512)])
    one_by_one = np.array([0.5 * math.erfc(-value / math.sqrt(2)) for value in z])
    np.testing.assert_allclose(normal_cdf(z), one_by_one, rtol=2e-13, atol=0)
    inside = np.abs(z) < 5
    np.testing.assert_allclose(normal_cdf(z[inside]), one_by_one[inside], rtol=2e-14, atol=0)
    plane = z[:40_000].reshape(200, 200)
    np.testing.assert_array_equal(normal_cdf(plane), normal_cdf(z[:40_000]).reshape(200, 200))
    np.testing.assert_allclose([normal_cdf(value[None])[0] for value in z[::500]], one_by_one[::500], rtol=2e-13)
    wild = np.array([np.nan, np.inf, -np.inf, 1e300, -1e300, 0.0] * 50)
    np.testing.assert_array_equal(normal_cdf(wild), [np.nan, 1.0, 0.0, 1.0, 0.0, 0.5] * 50)


def test_softmax_agrees_with_pytorch_and_sums_to_1_at_any_size_of_z():
    a = sn.ACTIVATIONS["softmax"].f(np.array(ORACLE["softmax"]["z"]))
    np.testing.assert_allclose(a, ORACLE["softmax"]["f"], rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(a.sum(axis=1), 1, rtol=1e-15)


# What a map takes as its scale: two ends where both are stated.
BOUNDS = {
    "sigmoid": (0, 1),
    "tanh": (-1, 1),
    "softmax": (0, 1),
    "relu": (0, None),
    "softplus": (0, None),
    "elu": (-1, None),
}


@pytest.mark.parametrize("name", sorted(sn.ACTIVATIONS))
def test_the_stated_bounds_are_approached_and_never_crossed_and_where_none_is_stated_there_is_none_above(name):
    z = np.linspace(-1000.0, 1000.0, 4001)
    a = sn.ACTIVATIONS[name].f(np.column_stack([z, -z]) if name == "softmax" else z)
    low, high = sn.ACTIVATIONS[name].low, sn.ACTIVATIONS[name].high
    assert (low, high) == BOUNDS.get(name, (None, None))
    assert low is None or low <= a.min() < low + 1e-12
    assert a.max() == 1000 if high is None else high - 1e-12 < a.max() <= high


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("name", sorted(sn.ACTIVATIONS))
def test_single_precision_and_columns_in_memory_give_the_same_numbers(name, order):
    z = np.concatenate([np.linspace(-1000, 1000, 401), np.linspace(-95, 95, 399)]).reshape(200, 4)
    a = sn.ACTIVATIONS[name].f(z)
    single = sn.ACTIVATIONS[name].f(np.array(z, dtype=np.float32, order=order))
    np.testing.assert_allclose(single, a, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(sn.ACTIVATIONS[name].f(np.array(z, order=order)), a, rtol=1e-15, atol=0)
