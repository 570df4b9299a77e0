"""A neuron against sums by hand, for one sample and for several."""

import math

import numpy as np
import pytest

import scratchnet as sn

NEURON = sn.Neuron([0.5, -1.0, 2.0], 0.25, "tanh")
SAMPLE, Z = [1.0, 3.0, 0.5], 0.5 * 1.0 - 1.0 * 3.0 + 2.0 * 0.5 + 0.25
OTHER, Z_OTHER = [0.0, -1.0, 0.25], 1.0 + 0.5 + 0.25


def test_one_sample_gives_numbers():
    assert NEURON.z(SAMPLE) == Z and type(NEURON.z(SAMPLE)) is float
    assert NEURON.forward(SAMPLE) == pytest.approx(math.tanh(Z), rel=1e-15) and type(NEURON.forward(SAMPLE)) is float
    assert NEURON.slope(SAMPLE) == pytest.approx(1 - math.tanh(Z) ** 2, rel=1e-15)
    assert type(NEURON.slope(SAMPLE)) is float
    assert NEURON.products(SAMPLE).tolist() == [0.5, -3.0, 1.0]


@pytest.mark.parametrize("samples", [1, 2])
def test_several_samples_give_an_entry_each_and_one_row_is_still_several(samples):
    x, z = [SAMPLE, OTHER][:samples], [Z, Z_OTHER][:samples]
    assert NEURON.z(x).tolist() == z
    np.testing.assert_allclose(NEURON.forward(x), [math.tanh(v) for v in z], rtol=1e-15)
    np.testing.assert_allclose(NEURON.slope(x), [1 - math.tanh(v) ** 2 for v in z], rtol=1e-15)
    assert NEURON.products(x).tolist() == [[0.5, -3.0, 1.0], [0.0, 1.0, 0.5]][:samples]


def test_nobody_can_write_into_its_weights():
    with pytest.raises(ValueError, match="read-only"):
        NEURON.weights[0] = 7.0


@pytest.mark.parametrize(
    ("weights", "bias", "activation", "sentence"),
    [
        ([[1.0]], 0.0, "tanh", "got shapes (1, 1) and ()"),
        ([1.0], [0.0], "tanh", "got shapes (1,) and (1,)"),
        (1.0, 0.0, "tanh", "got shapes () and ()"),
        ([1.0], 0.0, "softmax", "a single neuron cannot use it"),
        ([1.0], 0.0, "cosine", "must be one of"),
    ],
)
def test_what_is_no_neuron_is_refused(weights, bias, activation, sentence):
    with pytest.raises(ValueError) as caught:
        sn.Neuron(weights, bias, activation)
    assert sentence in str(caught.value)


@pytest.mark.parametrize("x", [5.0, [1.0, 2.0], [[1.0, 2.0]], [[[1.0, 2.0, 3.0]]], [1.0, 2.0, 3.0, 4.0]])
def test_inputs_of_another_shape_are_refused(x):
    for method in (NEURON.z, NEURON.forward, NEURON.products, NEURON.slope):
        with pytest.raises(ValueError, match="expects 3 inputs a sample; got an array of shape"):
            method(x)
