"""The printed formulas: an update gives the engine's numbers; single functions are right where floating point holds."""

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


# ---- a whole update, against the engine's arrays ---------------------------------------------------------------------

HIDDEN = [name for name in sn.ACTIVATIONS if name != "softmax"]


def drawn(seed):
    """A network with 0 to 3 hidden layers, any activations, a loss that goes with them, and a mini-batch."""
    rng = np.random.default_rng(seed)
    sizes = [int(n) for n in rng.integers(1, 6, rng.integers(2, 6))]
    output, loss = [("sigmoid", "bce"), ("softmax", "cross_entropy"), ("softmax", "mse"), (None, "huber")][seed % 4]
    names = [str(rng.choice(HIDDEN)) for _ in sizes[1:]]
    names[-1] = output or names[-1]
    net = sn.Network.build(sizes, names[:-1], names[-1], initializer="standard_normal", rng=seed)
    n = int(rng.integers(1, 8))
    x, y = rng.normal(size=(n, sizes[0])), rng.normal(size=(n, sizes[-1]))
    if loss == "bce":
        y = (y > 0).astype(float)
    elif loss == "cross_entropy":
        y = np.eye(sizes[-1])[rng.integers(0, sizes[-1], n)]
    return net, x, y, loss


@pytest.mark.parametrize("seed", range(60))
def test_an_update_as_a_textbook_has_it_gives_the_engines_numbers(seed):
    net, x, y, loss = drawn(seed)
    step = sn.Trainer(loss=loss, optimizer=sn.SGD(learning_rate=0.1)).step(net, x, y)
    z, a = textbook.forward(x, net.weights, net.biases, [sn.ACTIVATIONS[name].f for name in net.activations])
    for ours, printed in zip([*step.forward.z, *step.forward.a], [*z, *a[1:]], strict=True):
        np.testing.assert_allclose(printed, ours, rtol=1e-12, atol=1e-14)

    def slope(name, z, a):
        return (textbook.SLOPES.get(name) or sn.ACTIVATIONS[name].derivative)(z, a)

    slopes = [slope(*of_layer) for of_layer in zip(net.activations, z, a[1:], strict=True)]
    form = textbook.output_delta
    if sn.LOSSES[loss].own_output == net.activations[-1]:
        form = textbook.own_output_delta
    elif net.activations[-1] == "softmax":
        form, slopes[-1] = textbook.softmax_delta, sn.activations.softmax_jacobian(a[-1])
    delta = form(y, a[-1], sn.LOSSES[loss].slope(y, a[-1]), slopes[-1])
    np.testing.assert_allclose(delta, step.backward.delta[-1], rtol=1e-10, atol=1e-13)
    dW, db = textbook.backward(delta, a, net.weights, slopes)
    for ours, printed in zip([*step.backward.dW, *step.backward.db], [*dW, *db], strict=True):
        np.testing.assert_allclose(printed, ours, rtol=1e-9, atol=1e-13)
    for old, new, gradient in zip(net.weights, step.after.weights, dW, strict=True):
        np.testing.assert_allclose(textbook.descend(old, gradient, 0.1), new, rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("name", textbook.SLOPES)
def test_the_printed_slopes_are_those_of_the_engine_also_at_the_kink(name):
    z = np.linspace(-5, 5, 41)
    a = sn.ACTIVATIONS[name].f(z)
    np.testing.assert_allclose(textbook.SLOPES[name](z, a), sn.ACTIVATIONS[name].derivative(z, a), rtol=1e-14)
