"""Backpropagation against two witnesses, PyTorch's autograd and small differences, wherever an activation, a loss and a
regulariser may meet: 1 and 3 outputs, two hidden layers with different activations, one sample and a batch of five.
"""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import scratchnet as sn

with np.load(Path(__file__).parent / "oracles" / "backpropagation.npz") as file:
    ORACLE = {name: file[name] for name in file.files}
REGULARISERS = {"none": (0.0, 0.0), "l1": (0.03, 0.0), "l2": (0.0, 0.2), "l1 and l2": (0.03, 0.2)}
HIDDEN = ["identity", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "softplus", "swish"]


def groups():
    """The cases that share a shape, an output activation and a loss: (outputs, samples, output, loss, rows)."""
    found = []
    for outputs, samples in ((1, 1), (1, 5), (3, 1), (3, 5)):
        rows = {}
        for i, case in enumerate(ORACLE[f"cases_{outputs}x{samples}"]):
            rows.setdefault(tuple(str(case).split()[2:]), []).append(i)
        for (output, loss), indices in rows.items():
            name = f"{loss} of {output}, {outputs} outputs, {samples} samples"
            found.append(pytest.param(outputs, samples, output, loss, indices, id=name))
    return found


def problem(outputs, samples, loss):
    """Parameters, inputs and targets as the oracle script used them."""
    theta, x = ORACLE[f"theta_{outputs}"], ORACLE[f"x_{outputs}"][:samples]
    y = ORACLE[f"y_real_{outputs}"]
    if loss == "hinge":
        y = ORACLE[f"y_sign_{outputs}"]
    elif loss == "bce":
        y = (ORACLE[f"y_sign_{outputs}"] + 1) / 2
    elif loss == "cross_entropy":
        y = np.eye(outputs)[ORACLE[f"y_class_{outputs}"]]
    return theta, x, y[:samples]


def network(theta, sizes, activations):
    weights, biases, at = [], [], 0
    for fan_in, fan_out in pairwise(sizes):
        weights.append(theta[at : at + fan_in * fan_out].reshape(fan_out, fan_in))
        biases.append(theta[at + fan_in * fan_out : at + (fan_in + 1) * fan_out])
        at += (fan_in + 1) * fan_out
    return sn.Network.from_arrays(weights=weights, biases=biases, activations=activations)


def parts(row, outputs, samples):
    """The numbers of one case, by name: the order in which the oracle script wrote them."""
    shapes = {"losses": (4,), "output": (samples, outputs)}
    shapes |= {"delta 0": (samples, 3), "delta 1": (samples, 2), "delta 2": (samples, outputs), "dx": (samples, 2)}
    shapes |= {"db 0": (3,), "db 1": (2,), "db 2": (outputs,)}
    shapes |= {
        f"dW {layer}, {reg}": s for reg in REGULARISERS for layer, s in enumerate([(3, 2), (2, 3), (outputs, 2)])
    }
    named, at = {}, 0
    for name, shape in shapes.items():
        size = int(np.prod(shape))
        named[name] = row[at : at + size].reshape(shape)
        at += size
    assert at == len(row)
    return named


def agree(actual, oracle, what):
    """To ten digits. NumPy's own test is asked for its report only: it takes ten times as long, 20,000 times over."""
    close = actual.shape == oracle.shape and (abs(actual - oracle) <= 1e-14 + 1e-10 * abs(oracle)).all()
    if not (close and actual.dtype == oracle.dtype):
        np.testing.assert_allclose(actual, oracle, rtol=1e-10, atol=1e-14, err_msg=what, strict=True)


@pytest.mark.parametrize(("outputs", "samples", "output", "loss", "indices"), groups())
def test_every_loss_delta_and_gradient_agrees_with_pytorch(outputs, samples, output, loss, indices):
    theta, x, y = problem(outputs, samples, loss)
    for i in indices:
        activations = str(ORACLE[f"cases_{outputs}x{samples}"][i]).split()[:3]
        oracle = parts(ORACLE[f"numbers_{outputs}x{samples}"][i], outputs, samples)
        net = network(theta, (2, 3, 2, outputs), activations)
        fwd = net.forward(x)
        agree(fwd.output, oracle["output"], f"{activations} output")
        for k, (reg, (l1, l2)) in enumerate(REGULARISERS.items()):
            bwd = sn.backpropagate(net, fwd, y, loss=loss, l1=l1, l2=l2)
            where = f"{activations} {loss} {reg}: "
            agree(np.float64(bwd.loss), oracle["losses"][k], where + "loss")
            agree(np.float64(bwd.data_loss), oracle["losses"][0], where + "data loss")
            agree(bwd.dx, oracle["dx"], where + "dx")
            for layer in range(3):
                agree(bwd.delta[layer], oracle[f"delta {layer}"], where + f"delta {layer}")
                agree(bwd.dW[layer], oracle[f"dW {layer}, {reg}"], where + f"dW {layer}")
                agree(bwd.db[layer], oracle[f"db {layer}"], where + f"db {layer}")
            flat = np.concatenate([part.ravel() for layer in range(3) for part in (bwd.dW[layer], bwd.db[layer])])
            np.testing.assert_array_equal(bwd.gradient, flat)


def slopes_by_differences(net, x, y, loss, l1, l2, directions, h=1e-5):
    """(L(theta + h d) - L(theta - h d)) / 2h for every row d of directions: only losses are used, no gradient."""

    def value(theta):
        return sn.total_loss(net.replace(theta), x, y, loss=loss, l1=l1, l2=l2)

    return np.array([(value(net.theta + h * d) - value(net.theta - h * d)) / (2 * h) for d in directions])


@pytest.mark.parametrize(("outputs", "samples", "output", "loss", "indices"), groups())
def test_every_gradient_agrees_with_central_differences(outputs, samples, output, loss, indices):
    """Along a random direction, in which a single wrong entry of the gradient shows."""
    theta, x, y = problem(outputs, samples, loss)
    for i in indices:
        activations = str(ORACLE[f"cases_{outputs}x{samples}"][i]).split()[:3]
        net = network(theta, (2, 3, 2, outputs), activations)
        for k, (l1, l2) in enumerate(REGULARISERS.values()):
            direction = np.random.default_rng([i, k]).normal(0, 1, len(theta))
            direction /= np.linalg.norm(direction)
            bwd = sn.backpropagate(net, net.forward(x), y, loss=loss, l1=l1, l2=l2)
            assert bwd.loss == sn.total_loss(net, x, y, loss=loss, l1=l1, l2=l2)
            numeric = slopes_by_differences(net, x, y, loss, l1, l2, [direction])
            np.testing.assert_allclose(
                direction @ bwd.gradient, numeric, rtol=1e-6, atol=1e-9, err_msg=f"{activations}"
            )


@pytest.mark.parametrize(("outputs", "samples", "output", "loss", "indices"), groups())
def test_the_gradient_check_of_the_package_finds_no_fault(outputs, samples, output, loss, indices):
    """Parameter by parameter; where a pair meets all hidden activations, one of them, another one each time."""
    theta, x, y = problem(outputs, samples, loss)
    i = indices[indices[0] % len(indices)]
    activations = str(ORACLE[f"cases_{outputs}x{samples}"][i]).split()[:3]
    net = network(theta, (2, 3, 2, outputs), activations)
    check = sn.gradient_check(net, x, y, loss=loss, l1=0.03, l2=0.2)
    assert check.max_relative_error < 1e-5, f"{activations} {loss}"
    bwd = sn.backpropagate(net, net.forward(x), y, loss=loss, l1=0.03, l2=0.2)
    np.testing.assert_array_equal(check.analytic, bwd.gradient)
    numeric = slopes_by_differences(net, x, y, loss, 0.03, 0.2, np.eye(len(theta))[::5])
    np.testing.assert_allclose(check.numeric[::5], numeric, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("samples", [1, 4])
def test_neighbouring_layers_of_one_activation_and_of_several_have_the_gradient_of_small_differences(samples):
    hidden = ["tanh", "tanh", "softplus", "swish", "swish", "swish", "tanh"]
    net = sn.Network.build((2, 5, 3, 4, 2, 2, 3, 4, 3), hidden=hidden, output="sigmoid", rng=4)
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(samples, 2)), rng.integers(0, 2, size=(samples, 3)).astype(float)
    check = sn.gradient_check(net, x, y, loss="bce")
    np.testing.assert_allclose(check.analytic, check.numeric, rtol=0, atol=1e-9)
    assert np.count_nonzero(check.analytic) == net.n_parameters


def test_the_gradient_check_would_find_a_wrong_gradient():
    """The slip of the tutorial: the gradient of cross-entropy under the loss curve of MSE."""
    theta, x, _ = problem(1, 5, "bce")
    y = (ORACLE["y_sign_1"] + 1) / 2
    net = network(theta, (2, 3, 2, 1), ["tanh", "tanh", "sigmoid"])
    wrong = sn.gradient_check(net, x, y, loss="bce").analytic
    numeric = sn.gradient_check(net, x, y, loss="mse").numeric
    assert np.linalg.norm(wrong - numeric) / (np.linalg.norm(wrong) + np.linalg.norm(numeric)) > 0.1


def test_l1_has_slope_0_at_a_weight_of_0_and_leaves_biases_alone():
    net = sn.Network.from_arrays([[[0.0, 2.0], [-3.0, 0.0]]], [[5.0, -5.0]], ["identity"])
    x, y = np.zeros((1, 2)), np.array([[5.0, -5.0]])  # a perfect prediction: only the penalty is left
    bwd = sn.backpropagate(net, net.forward(x), y, loss="mse", l1=0.5, l2=0.0)
    np.testing.assert_array_equal(bwd.dW[0], [[0, 0.5], [-0.5, 0]])
    np.testing.assert_array_equal(bwd.db[0], [0, 0])
    assert bwd.data_loss == 0
    assert bwd.loss == 0.5 * (2 + 3)


def test_l2_is_half_the_sum_of_squares_so_that_its_slope_is_l2_times_the_weight():
    net = sn.Network.from_arrays([[[0.0, 2.0], [-3.0, 0.0]]], [[5.0, -5.0]], ["identity"])
    x, y = np.zeros((1, 2)), np.array([[5.0, -5.0]])
    bwd = sn.backpropagate(net, net.forward(x), y, loss="mse", l1=0.0, l2=0.1)
    np.testing.assert_allclose(bwd.dW[0], [[0, 0.2], [-0.3, 0]], rtol=1e-15)
    np.testing.assert_array_equal(bwd.db[0], [0, 0])
    np.testing.assert_allclose(bwd.loss, 0.05 * (4 + 9), rtol=1e-15)


def test_the_loss_and_gradients_stay_finite_where_every_z_is_about_1000():
    rng = np.random.default_rng(0)
    x = rng.normal(0, 1, (6, 2))
    for output, loss, outputs in (("sigmoid", "bce", 2), ("softmax", "cross_entropy", 3)):
        net = sn.Network.build(sizes=(2, 4, outputs), hidden="relu", output=output, initializer="he_normal", rng=1)
        net = net.replace(net.theta * 40)
        fwd = net.forward(x)
        assert np.abs(fwd.z[-1]).max() > 1000
        y = np.eye(outputs)[rng.integers(0, outputs, 6)]
        bwd = sn.backpropagate(net, fwd, y, loss=loss)
        assert np.isfinite(bwd.loss)
        assert np.isfinite(bwd.gradient).all()
        np.testing.assert_allclose(bwd.delta[-1], (fwd.output - y) / 6, rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("shape", [(5, 3), (5, 1), (2,), (5, 2, 1)], ids=str)
def test_inputs_of_another_shape_are_refused_with_the_expected_one(shape):
    net = sn.Network.build(sizes=(2, 3, 1), hidden="tanh", output="sigmoid", initializer="glorot_uniform", rng=0)
    for method in (net.forward, net.predict):
        with pytest.raises(ValueError, match="2"):
            method(np.zeros(shape))


def test_a_batch_without_a_sample_is_refused():
    net = sn.Network.build(sizes=(2, 3, 1), hidden="tanh", output="sigmoid", initializer="glorot_uniform", rng=0)
    x, y = np.zeros((0, 2)), np.zeros((0, 1))
    with pytest.raises(ValueError, match="at least one row"):
        sn.backpropagate(net, net.forward(x), y, loss="bce")
    with pytest.raises(ValueError, match="at least one row"):
        sn.Trainer(loss="bce").step(net, x, y)


def test_targets_for_another_number_of_samples_are_refused():
    net = sn.Network.build(sizes=(2, 3, 1), hidden="tanh", output="sigmoid", initializer="glorot_uniform", rng=0)
    with pytest.raises(ValueError, match=r"4.*5|5.*4"):
        sn.backpropagate(net, net.forward(np.zeros((5, 2))), np.zeros((4, 1)), loss="bce")
