"""The one forward pass: in both orders in memory it gives the textbook's numbers, and theta's layout is said once."""

import numpy as np
import pytest

import scratchnet as sn
from scratchnet import network, textbook
from scratchnet.network import ForwardPass, parameter_count, parameter_vector, parameter_views

SIZES = (3, 4, 2, 5)


@pytest.mark.parametrize("rows", [1, 7, 900])  # 900: too many for repeated biases, and for few at a time of gelu
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("name", sn.ACTIVATIONS)
def test_whatever_the_order_in_memory_a_forward_pass_gives_the_numbers_of_the_textbook(name, order, rows):
    hidden = "tanh" if name == "softmax" else name
    net = sn.Network.build(SIZES, hidden, name, initializer="standard_normal", rng=3)
    x = np.random.default_rng(4).normal(size=(rows, 3))
    forward = ForwardPass(net.theta, SIZES, net.activations, rows, order)
    output = forward(np.array(x, order=order))
    f = [sn.ACTIVATIONS[name].f for name in net.activations]
    z, a = textbook.forward(x, net.weights, net.biases, f)
    np.testing.assert_allclose(output, a[-1], rtol=1e-12, atol=1e-14)
    for ours, printed in zip(forward.a, a[1:], strict=True):
        np.testing.assert_allclose(ours, printed, rtol=1e-12, atol=1e-14)
        assert ours.flags.c_contiguous if order == "C" else ours.flags.f_contiguous
    if order == "C":
        for ours, printed in zip(forward.z, z, strict=True):
            np.testing.assert_allclose(ours, printed, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("rows", [1, 7, 300])
@pytest.mark.parametrize("name", sn.ACTIVATIONS)
def test_a_stack_of_networks_gives_each_its_own_numbers_in_blocks_of_bounded_size(monkeypatch, name, rows):
    hidden = "tanh" if name == "softmax" else name
    nets = [sn.Network.build(SIZES, hidden, name, initializer="standard_normal", rng=seed) for seed in range(4)]
    x = np.random.default_rng(4).normal(size=(rows, 3))
    forward = ForwardPass(np.array([net.theta for net in nets]), SIZES, nets[0].activations, rows)
    output = forward(x)
    f = [sn.ACTIVATIONS[name].f for name in nets[0].activations]
    for k, net in enumerate(nets):
        z, a = textbook.forward(x, net.weights, net.biases, f)
        np.testing.assert_allclose(output[k], a[-1], rtol=1e-12, atol=1e-14)
        for ours, printed in zip((*forward.z, *forward.a), (*z, *a[1:]), strict=True):
            np.testing.assert_allclose(ours[k], printed, rtol=1e-12, atol=1e-14)
    monkeypatch.setattr(network, "AT_ONCE", 1000)
    for rows_of_block, block in network.passes(forward.theta, SIZES, nets[0].activations, rows):
        assert block.flat_z.size <= 1000
        np.testing.assert_allclose(block(x[rows_of_block]), output[:, rows_of_block], rtol=1e-12)


def test_a_forward_pass_follows_the_theta_that_was_written_into_whichever_way_biases_are_added():
    for rows in (2, 2000):
        theta = np.zeros(parameter_count(SIZES))
        forward = ForwardPass(theta, SIZES, ("identity",) * 3, rows)
        parameter_views(theta, SIZES)[1][-1][:] = 1, 2, 3, 4, 5
        assert forward(np.zeros((rows, 3))).tolist() == [[1, 2, 3, 4, 5]] * rows


def test_theta_is_the_weights_row_by_row_then_the_biases_layer_after_layer():
    weights = [np.array([[0.0, 1, 2], [3, 4, 5]]), np.array([[8.0, 9]])]
    biases = [np.array([6.0, 7]), np.array([10.0])]
    theta = parameter_vector(weights, biases)
    assert theta.tolist() == list(range(11)) and parameter_count((3, 2, 1)) == 11
    W, b = parameter_views(theta, (3, 2, 1))
    for ours, given in zip([*W, *b], [*weights, *biases], strict=True):
        assert ours.tolist() == given.tolist() and np.shares_memory(ours, theta)
    assert [network.parameter_index((3, 2, 1), *place) for place in ((0, 1, 0), (0, 1), (1, 0, 1), (1, 0))] == [
        3,
        7,
        9,
        10,
    ]
