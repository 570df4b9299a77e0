"""One whole update worked by hand: every number of a 3-2-1 sigmoid network, from z to the loss after the step.

The numbers are given to 6 decimals, so a right one lies within half of the last digit.
"""

import numpy as np
import pytest

import scratchnet as sn

X, Y = np.array([[0.5, -0.2, 0.1]]), np.array([[1.0]])
RATE = 0.1


@pytest.fixture
def net():
    return sn.Network.from_arrays(
        weights=[[[0.4, -0.6, 0.2], [-0.3, 0.5, 0.7]], [[0.8, -0.5]]],
        biases=[[0.1, -0.2], [0.05]],
        activations=["sigmoid", "sigmoid"],
    )


def same(actual, by_hand):
    np.testing.assert_allclose(actual, by_hand, rtol=0, atol=0.51e-6)


def one_update(net, loss):
    optimizer = sn.SGD(learning_rate=RATE)
    return sn.Trainer(loss=loss, optimizer=optimizer).step(net, X, Y, optimizer.init(net.theta), update=0)


def test_the_forward_pass(net):
    fwd = net.forward(X)
    # z1 = .4*.5 + -.6*-.2 + .2*.1 + .1 = .44 and -.3*.5 + .5*-.2 + .7*.1 - .2 = -.38
    same(fwd.z[0], [[0.44, -0.38]])
    same(fwd.a[0], [[0.608259, 0.406127]])
    same(fwd.z[1], [[0.333544]])
    same(fwd.a[1], [[0.582621]])
    np.testing.assert_array_equal(fwd.output, fwd.a[1])
    np.testing.assert_array_equal(net.predict(X), fwd.output)


def test_the_neuron_of_the_first_step_is_the_same_neuron(net):
    neuron = sn.Neuron([0.4, -0.6, 0.2], 0.1, activation="sigmoid")
    same(neuron.z(X[0]), 0.44)
    same(neuron.forward(X[0]), 0.608259)


def test_the_slope_at_the_output(net):
    fwd = net.forward(X)
    same(sn.ACTIVATIONS["sigmoid"].derivative(fwd.z[1], fwd.a[1]), [[0.243174]])


def test_the_backward_pass_of_cross_entropy(net):
    step = one_update(net, "bce")
    bwd = step.backward
    same(bwd.loss, 0.540218)
    same(bwd.data_loss, 0.540218)
    same(bwd.delta[1], [[-0.417379]])
    same(bwd.dW[1], [[-0.253874, -0.169509]])
    same(bwd.db[1], [-0.417379])
    same(bwd.delta[1] @ net.weights[1], [[-0.333903, 0.208689]])  # dL/da1
    same(bwd.delta[0], [[-0.079562, 0.050333]])
    same(bwd.dW[0], [[-0.039781, 0.015912, -0.007956], [0.025167, -0.010067, 0.005033]])
    same(bwd.db[0], [-0.079562, 0.050333])


def test_the_factors_cancel_to_output_minus_target(net):
    fwd = net.forward(X)
    a = fwd.output[0, 0]
    dL_da, slope = -1 / a, a * (1 - a)  # dL/da of -log(a), and f'(z)
    same(dL_da, -1.716381)
    bwd = sn.backpropagate(net, fwd, Y, loss="bce")
    np.testing.assert_allclose(bwd.delta[1], [[dL_da * slope]], rtol=1e-14)
    np.testing.assert_allclose(bwd.delta[1], fwd.output - Y, rtol=1e-14)


def test_the_backward_pass_of_mse(net):
    bwd = one_update(net, "mse").backward
    same(bwd.loss, 0.174205)
    same(bwd.delta[1], [[-0.202991]])
    same(bwd.dW[1], [[-0.123471, -0.082440]])
    same(bwd.delta[0], [[-0.038695, 0.024479]])


@pytest.mark.parametrize(("loss", "before", "after"), [("bce", 0.540218, 0.512854), ("mse", 0.174205, 0.167686)])
def test_the_loss_after_one_update(net, loss, before, after):
    step = one_update(net, loss)
    same(step.backward.loss, before)
    same(sn.backpropagate(step.after, step.after.forward(X), Y, loss=loss).loss, after)
    np.testing.assert_allclose(step.after.theta, net.theta - RATE * step.gradient, rtol=1e-15)


def test_the_parameter_vector_is_written_row_by_row_layer_by_layer(net):
    assert net.theta.tolist() == [0.4, -0.6, 0.2, -0.3, 0.5, 0.7, 0.1, -0.2, 0.8, -0.5, 0.05]
    bwd = sn.backpropagate(net, net.forward(X), Y, loss="bce")
    flat = [*bwd.dW[0].ravel(), *bwd.db[0], *bwd.dW[1].ravel(), *bwd.db[1]]
    np.testing.assert_array_equal(bwd.gradient, flat)
