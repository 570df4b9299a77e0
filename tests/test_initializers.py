"""Initializers: shapes, determinism, and distributions with tolerances that follow from the number of draws."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchnet.initializers import INITIALIZERS

FAN_IN, FAN_OUT = 300, 200
VARIANCE = {
    "standard_normal": 1.0,
    "uniform": 1 / 12,  # (0.5 - -0.5)^2 / 12
    "lecun_normal": 1 / 300,
    "glorot_uniform": 2 / 500,
    "glorot_normal": 2 / 500,
    "he_uniform": 2 / 300,
    "he_normal": 2 / 300,
}
LIMIT = {"uniform": 0.5, "glorot_uniform": math.sqrt(6 / 500), "he_uniform": math.sqrt(6 / 300)}


def test_the_initializers_are_those_of_the_contract_and_know_their_own_names():
    assert list(INITIALIZERS) == ["zeros", "constant", *VARIANCE]
    assert all(INITIALIZERS[name].name == name for name in INITIALIZERS)
    assert all(INITIALIZERS[name].title and INITIALIZERS[name].formula for name in INITIALIZERS)


@given(st.sampled_from(list(INITIALIZERS)), st.integers(1, 9), st.integers(1, 9), st.integers(0, 2**32))
def test_weights_and_biases_have_their_shapes_and_follow_from_the_seed(name, fan_in, fan_out, seed):
    initializer = INITIALIZERS[name]
    rng, again = np.random.default_rng(seed), np.random.default_rng(seed)
    weights, biases = initializer.weights(rng, fan_in, fan_out), initializer.biases(rng, fan_out)
    assert weights.shape == (fan_out, fan_in) and biases.shape == (fan_out,)
    assert weights.dtype == biases.dtype == np.float64
    assert np.isfinite(weights).all() and np.isfinite(biases).all()
    assert np.array_equal(weights, initializer.weights(again, fan_in, fan_out))
    assert np.array_equal(biases, initializer.biases(again, fan_out))


@pytest.mark.parametrize("name", VARIANCE)
def test_weights_have_mean_0_and_the_variance_of_their_formula(name):
    n = FAN_IN * FAN_OUT
    w = INITIALIZERS[name].weights(np.random.default_rng(3), FAN_IN, FAN_OUT) / math.sqrt(VARIANCE[name])
    # Of n draws with variance 1 the mean has standard deviation 1/sqrt(n), the variance sqrt((kurtosis - 1)/n):
    # kurtosis is 3 for a normal, 1.8 for a uniform distribution. Beyond four of them lies 1 right formula in 16000.
    kurtosis = 1.8 if name in LIMIT else 3
    assert abs(w.mean()) < 4 / math.sqrt(n)
    assert abs(w.var() - 1) < 4 * math.sqrt((kurtosis - 1) / n)
    assert abs((w**4).mean() - kurtosis) < 0.15  # the shape: a uniform would be 1.2 away from a normal
    # Four of them are below 0.03 here; a formula with fan_in for fan_out or a factor of 2 is off by 0.16 at least.


@pytest.mark.parametrize("name", LIMIT)
def test_uniform_weights_fill_their_interval_and_never_leave_it(name):
    w = INITIALIZERS[name].weights(np.random.default_rng(4), FAN_IN, FAN_OUT)
    assert np.abs(w).max() <= LIMIT[name]
    assert w.max() > 0.999 * LIMIT[name] and w.min() < -0.999 * LIMIT[name]


def test_normal_weights_are_not_truncated():
    # 60000 draws: about 3.8 of them lie beyond four standard deviations
    w = INITIALIZERS["he_normal"].weights(np.random.default_rng(5), FAN_IN, FAN_OUT)
    assert np.abs(w).max() > 3.5 * math.sqrt(2 / FAN_IN)


def test_zeros_and_constant_make_identical_units():
    rng = np.random.default_rng(0)
    assert not INITIALIZERS["zeros"].weights(rng, 3, 2).any()
    assert (INITIALIZERS["constant"].weights(rng, 3, 2) == 0.5).all()


def test_only_the_tutorials_initializer_draws_biases():
    for name, initializer in INITIALIZERS.items():
        biases = initializer.biases(np.random.default_rng(6), 10_000)
        if name == "standard_normal":
            assert abs(biases.mean()) < 4 / 100 and abs(biases.var() - 1) < 4 * math.sqrt(2) / 100
        else:
            assert not biases.any()


def test_weights_are_drawn_before_biases_from_one_stream():
    rng = np.random.default_rng(7)
    initializer = INITIALIZERS["standard_normal"]
    drawn = np.concatenate([initializer.weights(rng, 3, 2).ravel(), initializer.biases(rng, 2)])
    assert np.array_equal(drawn, np.random.default_rng(7).standard_normal(8))
