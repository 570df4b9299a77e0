"""The parts of a gradient that a page shows one by one: factors of the chain rule, shares of samples, penalties, one
parameter's small difference. They must be the numbers that the training itself used."""

import itertools

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.activations import softmax_jacobian
from scratchnet.backpropagation import chain, penalty, penalty_gradients, sample_gradients
from scratchnet.gradient_check import slope_across
from scratchnet.network import parameter_index
from scratchnet.trainer import first_order_change, is_plain_descent, length


@pytest.fixture
def case():
    """A 3-4-2 network with biases, a batch of five, and what went back through it."""
    rng = np.random.default_rng(4)
    net = sn.Network.build((3, 4, 2), hidden="swish", output="softmax", initializer="standard_normal", rng=2)
    x, y = rng.normal(size=(5, 3)), np.eye(2)[rng.integers(0, 2, 5)]
    return net, x, y


def places(net):
    """Every parameter as (layer, unit, source), source None for a bias."""
    for layer, (inputs, units) in enumerate(itertools.pairwise(net.sizes)):
        for unit in range(units):
            for source in (*range(inputs), None):
                yield layer, unit, source


def test_a_parameter_lies_in_theta_where_its_weight_or_bias_is(case):
    net, _, _ = case
    found = [parameter_index(net.sizes, *place) for place in places(net)]
    assert sorted(found) == list(range(net.n_parameters))
    for layer, unit, source in places(net):
        value = net.biases[layer][unit] if source is None else net.weights[layer][unit, source]
        assert net.theta[parameter_index(net.sizes, layer, unit, source)] == value


@pytest.mark.parametrize("place", [(2, 0, 0), (-1, 0, 0), (0, 4, 0), (0, -1, None), (0, 0, 3), (1, 0, -1)])
def test_a_parameter_that_the_network_does_not_have_is_refused(place):
    with pytest.raises(ValueError, match="counted from 0"):
        parameter_index((3, 4, 2), *place)


@pytest.mark.parametrize("loss", ["mse", "cross_entropy"])
def test_the_factors_multiply_to_the_deltas_and_gradients_of_the_backward_pass_to_the_last_bit(case, loss):
    net, x, y = case
    fwd = net.forward(x)
    bwd = sn.backpropagate(net, fwd, y, loss)
    parts = chain(net, fwd, bwd, y, loss)
    np.testing.assert_array_equal(parts.da[0] * parts.slope[0], bwd.delta[0])
    np.testing.assert_array_equal(parts.gradient, bwd.gradient)
    with_penalty = sn.backpropagate(net, fwd, y, loss, l1=0.1, l2=0.3)
    np.testing.assert_array_equal(chain(net, fwd, with_penalty, y, loss).gradient, bwd.gradient)
    # Through softmax's whole Jacobian; for cross-entropy this is a - y only after everything has cancelled.
    through = np.einsum("nj,njk->nk", parts.loss_slope, parts.jacobian) / len(x)
    np.testing.assert_allclose(through, bwd.delta[1], rtol=1e-12, atol=1e-15)


def test_the_jacobian_of_softmax_agrees_with_small_differences():
    z = np.array([[0.3, -1.2, 2.0], [0.0, 0.0, 5.0]])
    softmax = sn.ACTIVATIONS["softmax"].f
    jacobian = softmax_jacobian(softmax(z))
    for k in range(3):
        up, down = z.copy(), z.copy()
        up[:, k] += 1e-6
        down[:, k] -= 1e-6
        np.testing.assert_allclose(jacobian[:, :, k], (softmax(up) - softmax(down)) / 2e-6, atol=1e-9)


def test_the_shares_of_the_samples_are_their_own_gradients_and_their_mean_is_the_gradient(case):
    net, x, y = case
    fwd = net.forward(x)
    bwd = sn.backpropagate(net, fwd, y, "cross_entropy")
    alone = [sn.backpropagate(net, net.forward(x[s : s + 1]), y[s : s + 1], "cross_entropy") for s in range(5)]
    for layer, unit, source in places(net):
        shares = sample_gradients(fwd, bwd, layer, unit, source)
        i = parameter_index(net.sizes, layer, unit, source)
        np.testing.assert_allclose(shares, [b.gradient[i] for b in alone], rtol=1e-12, atol=1e-15)
        assert shares.mean() == pytest.approx(bwd.gradient[i], rel=1e-12, abs=1e-15)


def test_the_slopes_of_the_penalties_are_those_of_the_penalties(case):
    net, x, y = case
    by_l1, by_l2 = penalty_gradients(net, 0.1, 0.3)
    fwd = net.forward(x)
    plain, both = sn.backpropagate(net, fwd, y, "mse"), sn.backpropagate(net, fwd, y, "mse", 0.1, 0.3)
    np.testing.assert_allclose(plain.gradient + by_l1 + by_l2, both.gradient, rtol=1e-13)
    for place in places(net):
        i = parameter_index(net.sizes, *place)
        up, down = net.theta.copy(), net.theta.copy()
        up[i] += 1e-6
        down[i] -= 1e-6
        for slopes, strengths in ((by_l1, (0.1, 0.0)), (by_l2, (0.0, 0.3))):
            numeric = (penalty(net.replace(up), *strengths) - penalty(net.replace(down), *strengths)) / 2e-6
            assert slopes[i] == pytest.approx(numeric, abs=1e-8)
    for slopes in penalty_gradients(net, 0.0, 0.0):
        np.testing.assert_array_equal(slopes, np.zeros(net.n_parameters))


def test_one_parameter_moved_by_h_is_one_number_of_the_gradient_check(case):
    net, x, y = case
    whole = sn.gradient_check(net, x, y, "cross_entropy", h=1e-4, l2=0.1)
    for i in (0, 7, net.n_parameters - 1):
        found = slope_across(net, x, y, i, "cross_entropy", h=1e-4, l2=0.1)
        assert found.slope == whole.numeric[i]
        theta = net.theta.copy()
        theta[i] += 1e-4
        assert found.loss_plus == sn.total_loss(net.replace(theta), x, y, "cross_entropy", l2=0.1)


@pytest.mark.parametrize(
    ("settings", "is_plain"),
    [
        ({"optimizer": sn.SGD(0.1)}, True),
        ({"optimizer": sn.SGD(0.1), "l2": 0.1, "clip_norm": 100.0}, True),
        ({"optimizer": sn.SGD(0.1), "clip_norm": 0.01}, False),
        ({"optimizer": sn.SGD(0.1, momentum=0.9)}, False),
        ({"optimizer": sn.SGD(0.1, weight_decay=0.1)}, False),
        ({"optimizer": sn.Adam(0.1)}, False),
    ],
)
def test_the_first_order_change_is_the_gradient_times_the_way_gone(case, settings, is_plain):
    net, x, y = case
    step = sn.Trainer(loss="cross_entropy", **settings).step(net, x, y)
    assert is_plain_descent(step) == is_plain
    way = step.after.theta - step.before.theta
    expected = sum(g * w for g, w in zip(step.backward.gradient.tolist(), way.tolist(), strict=True))
    assert first_order_change(step) == pytest.approx(expected, rel=1e-10)
    assert length(np.array([3.0, 4.0])) == 5.0


def test_for_small_steps_the_first_order_change_is_what_the_loss_does(case):
    net, x, y = case
    for rate in (1e-3, 1e-5):
        step = sn.Trainer(loss="cross_entropy", optimizer=sn.SGD(rate)).step(net, x, y)
        change = sn.total_loss(step.after, x, y, "cross_entropy") - step.backward.loss
        assert first_order_change(step) == pytest.approx(change, rel=20 * rate)


@pytest.mark.parametrize("sizes", [(3, 2), (3, 4, 2), (3, 4, 3, 2)], ids=str)
def test_the_jacobian_is_there_for_a_softmax_output_only_whatever_the_depth(sizes):
    x, y = np.ones((2, 3)), np.eye(2)
    for output, loss in (("softmax", "cross_entropy"), ("tanh", "mse")):
        net = sn.Network.build(sizes, hidden="swish", output=output)
        fwd = net.forward(x)
        factors = chain(net, fwd, sn.backpropagate(net, fwd, y, loss), y, loss)
        assert (factors.jacobian is not None) == (output == "softmax")
