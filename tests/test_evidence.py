"""Evidence: gradient times input, against small differences and cases worked by hand."""

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.evidence import evidence


def compared(net, x, k):
    """z_k less the mean of all z of the output layer, by plain loops over the network's own arrays."""
    a = list(x)
    for l, (W, b, name) in enumerate(zip(net.weights, net.biases, net.activations, strict=True)):
        z = [sum(w * value for w, value in zip(row, a, strict=True)) + bias for row, bias in zip(W, b, strict=True)]
        if l == len(net.weights) - 1:
            return z[k] - sum(z) / len(z)
        a = [float(sn.ACTIVATIONS[name].f(np.array([value]))[0]) for value in z]
    raise AssertionError("a network has a layer")


@pytest.mark.parametrize("hidden", ["tanh", "sigmoid", "softplus", "gelu", "elu"])
@pytest.mark.parametrize("sizes", [(4, 3), (4, 5, 3), (4, 6, 5, 3)])
def test_evidence_is_the_input_times_how_the_compared_score_changes_with_it(hidden, sizes):
    net = sn.Network.build(sizes, hidden, "softmax", "standard_normal", 7)
    x, h = np.array([0.5, 0.0, -1.25, 2.0]), 1e-5
    for k in range(3):
        found = evidence(net, x, k)
        for i in range(4):
            up, down = x.copy(), x.copy()
            up[i], down[i] = x[i] + h, x[i] - h
            slope = (compared(net, up, k) - compared(net, down, k)) / (2 * h)
            assert found[i] == pytest.approx(x[i] * slope, rel=1e-6, abs=1e-8)
        assert found[1] == 0


def test_it_is_counted_from_what_an_input_is_where_nothing_is():
    net = sn.Network.build((3, 4, 2), "tanh", "softmax", "standard_normal", 3)
    x, empty = np.array([0.5, -0.8, 1.0]), np.array([-0.8, -0.8, 0.25])
    slopes = evidence(net, x, 1) / x
    assert evidence(net, x, 1, empty) == pytest.approx((x - empty) * slopes, rel=1e-12)
    assert evidence(net, x, 1, empty)[1] == 0


def test_of_two_classes_by_hand():
    net = sn.Network.from_arrays([[[1, 2], [3, -4]]], [[0, 0]], ["softmax"])
    # z_0 less the mean is (z_0 - z_1) / 2, whose slopes are (1 - 3) / 2 and (2 + 4) / 2.
    assert evidence(net, [10, 1], 0).tolist() == [-10.0, 3.0]
    assert evidence(net, [10, 1], 1).tolist() == [10.0, -3.0]


def test_a_unit_of_relu_that_is_off_passes_nothing_on():
    net = sn.Network.from_arrays([[[1, 1], [-1, 0]], [[2, 5], [0, 0]]], [[0, 0], [0, 0]], ["relu", "softmax"])
    assert evidence(net, [3, 1], 0).tolist() == [3.0, 1.0]  # (2 - 0) / 2 through the first unit; the second is off


def test_without_hidden_layers_all_evidence_and_the_biases_are_the_whole_score():
    net = sn.Network.build((5, 4), "tanh", "softmax", "standard_normal", 3)
    x = np.linspace(-1, 2, 5)
    for k in range(4):
        total = float(evidence(net, x, k).sum()) + net.biases[0][k] - sum(net.biases[0]) / 4
        assert total == pytest.approx(compared(net, x, k), abs=1e-12)


def test_the_evidence_for_all_classes_together_is_nothing_and_cannot_be_written():
    net = sn.Network.build((5, 6, 4), "tanh", "softmax", "standard_normal", 3)
    parts = [evidence(net, np.ones(5), k) for k in range(4)]
    assert np.abs(sum(parts)).max() < 1e-12 < np.abs(parts[0]).max()
    with pytest.raises(ValueError, match="read-only"):
        parts[0][0] = 1


@pytest.mark.parametrize("k", [-1, 3, 1.5, None, True, "1"])
def test_a_class_that_is_not_there_is_refused(k):
    with pytest.raises(ValueError, match="expected a class from 0 to 2"):
        evidence(sn.Network.build((2, 3), output="softmax"), [1, 1], k)


def test_a_sample_of_another_length_is_refused():
    with pytest.raises(ValueError, match=r"expects x of shape \(n, 2\)"):
        evidence(sn.Network.build((2, 3), output="softmax"), [1, 1, 1], 0)
