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


# ---- every optimizer, several updates long, with penalties and clipping ----------------------------------------------

OPTIMIZERS = [
    sn.SGD(learning_rate=0.1),
    sn.SGD(learning_rate=0.1, weight_decay=0.2),
    sn.SGD(learning_rate=0.1, momentum=0.9, dampening=0.5),
    sn.SGD(learning_rate=0.1, momentum=0.9, nesterov=True, weight_decay=0.1),
    sn.Adagrad(learning_rate=0.1, lr_decay=0.1, weight_decay=0.1),
    sn.Adadelta(weight_decay=0.1),
    sn.RMSProp(weight_decay=0.1),
    sn.RMSProp(momentum=0.9, centered=True),
    sn.Adam(learning_rate=0.05, betas=(0.8, 0.99), weight_decay=0.1),
    sn.AdamW(learning_rate=0.05, weight_decay=0.3),
    sn.NAdam(learning_rate=0.05, weight_decay=0.1),
]
PAIRS = [("sigmoid", "bce"), ("softmax", "cross_entropy"), *(("tanh", loss) for loss in sn.LOSSES)]
PAIRS = [pair for pair in PAIRS if pair[0] != "tanh" or sn.LOSSES[pair[1]].own_output is None]


def printed_update(o, w, gradient, memory, t):
    """The next weights and what is remembered, as the textbook has it, from the optimizer's settings."""
    rate = o.learning_rate
    if isinstance(o, sn.AdamW):
        w = w - rate * o.weight_decay * w
    else:
        gradient = gradient + o.weight_decay * w
    zero = np.zeros_like(w)
    if isinstance(o, sn.SGD):
        if not o.momentum:
            return textbook.descend(w, gradient, rate), ()
        (velocity,) = memory or (zero,)
        if o.nesterov:
            w, velocity = textbook.nesterov(w, gradient, velocity, rate, o.momentum)
        else:
            share = 1.0 if t == 1 else 1 - o.dampening
            w, velocity = textbook.momentum(w, gradient, velocity, share, rate, o.momentum)
        return w, (velocity,)
    if isinstance(o, sn.Adagrad):
        w, *memory = textbook.adagrad(w, gradient, *(memory or (zero,)), t, rate, o.lr_decay, o.eps)
    elif isinstance(o, sn.Adadelta):
        w, *memory = textbook.adadelta(w, gradient, *(memory or (zero, zero)), rate, o.rho, o.eps)
    elif isinstance(o, sn.RMSProp) and not o.momentum:
        w, *memory = textbook.rmsprop(w, gradient, *(memory or (zero,)), rate, o.alpha, o.eps)
    elif isinstance(o, sn.RMSProp):
        settings = rate, o.alpha, o.eps, o.momentum, o.centered
        w, *memory = textbook.rmsprop_in_full(w, gradient, *(memory or (zero, zero, zero)), *settings)
    elif isinstance(o, sn.NAdam):
        m, v, product = memory or (zero, zero, 1.0)
        w, *memory = textbook.nadam(w, gradient, m, v, t, product, rate, *o.betas, o.eps, o.momentum_decay)
    else:
        w, *memory = textbook.adam(w, gradient, *(memory or (zero, zero)), t, rate, *o.betas, o.eps)
    return w, memory


@pytest.mark.parametrize(("output", "loss"), PAIRS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=str)
def test_five_updates_as_a_textbook_has_them_lead_to_the_engines_parameters(optimizer, output, loss):
    rng = np.random.default_rng(OPTIMIZERS.index(optimizer))
    names = [str(rng.choice(HIDDEN)) for _ in range(2)]
    net = sn.Network.build((3, 4, 2, 3), names, output, initializer="standard_normal", rng=1)
    l1, l2, longest = 0.01, 0.1, 0.3
    trainer = sn.Trainer(loss=loss, optimizer=optimizer, l1=l1, l2=l2, clip_norm=longest)
    W, b, memory, state = list(net.weights), list(net.biases), (), None
    for update in range(5):
        x, y = rng.normal(size=(6, 3)), rng.choice([-1.0, 1.0], (6, 3))
        if loss == "bce":
            y = (y > 0).astype(float)
        elif loss == "cross_entropy":
            y = np.eye(3)[rng.integers(0, 3, 6)]
        step = trainer.step(net, x, y, state, update)
        net, state = step.after, step.optimizer_after
        z, a = textbook.forward(x, W, b, [sn.ACTIVATIONS[name].f for name in net.activations])
        slopes = [
            (textbook.SLOPES.get(name) or sn.ACTIVATIONS[name].derivative)(*of_layer)
            for name, *of_layer in zip(net.activations, z, a[1:], strict=True)
        ]
        own = sn.LOSSES[loss].own_output is not None
        form = textbook.own_output_delta if own else textbook.output_delta
        delta = form(y, a[-1], sn.LOSSES[loss].slope(y, a[-1]), slopes[-1])
        dW, db = textbook.backward(delta, a, W, slopes)
        dW = [textbook.with_penalties(gradient, w, l1, l2) for gradient, w in zip(dW, W, strict=True)]
        gradient = np.concatenate([part.ravel() for pair in zip(dW, db, strict=True) for part in pair])
        length = np.sqrt((gradient**2).sum())
        gradient = gradient * min(1.0, longest / length)
        w = np.concatenate([part.ravel() for pair in zip(W, b, strict=True) for part in pair])
        w, memory = printed_update(optimizer, w, gradient, memory, update + 1)
        np.testing.assert_allclose(w, net.theta, rtol=1e-9, atol=1e-12)
        start = 0
        for l in range(3):
            units, inputs = W[l].shape
            W[l] = w[start : start + units * inputs].reshape(units, inputs)
            b[l] = w[start + units * inputs : start + units * inputs + units]
            start += units * (inputs + 1)
