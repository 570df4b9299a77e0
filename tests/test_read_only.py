"""Nobody can write into the arrays of a network or a data set, and nothing that is no network is taken for one."""

import dataclasses
import importlib
import pkgutil

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.backpropagation import chain


@pytest.fixture
def net():
    return sn.Network.build(sizes=(2, 3, 1), hidden="tanh", output="sigmoid", initializer="glorot_uniform", rng=0)


def refuses_writing(array):
    with pytest.raises(ValueError, match="read-only"):
        array[...] = 7


def test_the_arrays_of_a_network_cannot_be_written(net):
    for array in (net.theta, *net.weights, *net.biases):
        refuses_writing(array)


def test_the_arrays_of_a_replaced_and_of_a_trained_network_cannot_be_written(net):
    optimizer = sn.SGD(learning_rate=0.1)
    x, y = np.ones((2, 2)), np.ones((2, 1))
    step = sn.Trainer(loss="bce", optimizer=optimizer).step(net, x, y, optimizer.init(net.theta), update=0)
    for other in (net.replace(net.theta + 1), step.after, step.before):
        for array in (other.theta, *other.weights, *other.biases):
            refuses_writing(array)


def test_the_data_of_a_data_set_cannot_be_written():
    data = sn.load_dataset("xor", samples=20)
    for array in (data.x_train, data.y_train, data.x_test, data.y_test):
        refuses_writing(array)


def test_a_network_does_not_change_with_the_arrays_it_was_built_from():
    w, b = np.ones((1, 2)), np.zeros(1)
    net = sn.Network.from_arrays(weights=[w], biases=[b], activations=["identity"])
    w[0, 0] = b[0] = 9
    np.testing.assert_array_equal(net.theta, [1, 1, 0])
    theta = np.zeros(3)
    moved = net.replace(theta)
    theta[0] = 9
    np.testing.assert_array_equal(moved.theta, [0, 0, 0])


def test_weights_and_biases_are_views_of_theta(net):
    for array in (*net.weights, *net.biases):
        assert np.shares_memory(array, net.theta)
    flat = np.concatenate([part.ravel() for pair in zip(net.weights, net.biases, strict=True) for part in pair])
    np.testing.assert_array_equal(flat, net.theta)
    assert net.n_parameters == len(net.theta) == 3 * 2 + 3 + 3 + 1
    assert tuple(net.sizes) == (2, 3, 1)
    assert tuple(net.activations) == ("tanh", "sigmoid")


def test_a_network_and_a_trainer_are_frozen(net):
    with pytest.raises(dataclasses.FrozenInstanceError):
        net.theta = np.zeros(13)
    with pytest.raises(dataclasses.FrozenInstanceError):
        sn.Trainer(loss="bce", optimizer=sn.SGD()).loss = "mse"


@pytest.mark.parametrize("size", [12, 14, 0], ids=str)
def test_a_parameter_vector_of_another_length_is_refused(net, size):
    with pytest.raises(ValueError, match="13"):
        net.replace(np.zeros(size))


def test_a_parameter_vector_of_another_shape_is_refused(net):
    for shape in ((13, 1), (1, 13)):
        with pytest.raises(ValueError, match="13"):
            net.replace(np.zeros(shape))


@pytest.mark.parametrize(
    ("weights", "biases", "activations"),
    [
        ([np.zeros((3, 2)), np.zeros((1, 2))], [np.zeros(3), np.zeros(1)], ["tanh", "sigmoid"]),
        ([np.zeros((3, 2))], [np.zeros(2)], ["tanh"]),
        ([np.zeros((3, 2))], [np.zeros((3, 1))], ["tanh"]),
        ([np.zeros((1, 2))], [0.0], ["tanh"]),
        ([np.zeros((3, 2))], [np.zeros(1)], ["tanh"]),
        ([np.zeros((3, 2))], [np.zeros(3), np.zeros(1)], ["tanh"]),
        ([np.zeros(2)], [np.zeros(1)], ["tanh"]),
        ([np.zeros((3, 2))], [np.zeros(3)], ["tanh", "tanh"]),
        ([np.zeros((3, 2))], [np.zeros(3)], ["cosine"]),
        ([np.zeros((3, 2)), np.zeros((1, 3))], [np.zeros(3), np.zeros(1)], ["softmax", "sigmoid"]),
        ([np.full((3, 2), np.nan)], [np.zeros(3)], ["tanh"]),
        ([], [], []),
    ],
    ids=[
        "layers that do not meet", "too few biases", "biases as a column", "a bias that is no list",
        "one bias that would broadcast", "biases of a layer that is not there",
        "flat weights", "too many activations", "an unknown activation", "softmax in a hidden layer",
        "weights that are nan", "no layer",
    ],
)  # fmt: skip
def test_arrays_that_are_no_network_are_refused(weights, biases, activations):
    with pytest.raises(ValueError, match=r"\S+ \S+"):
        sn.Network.from_arrays(weights=weights, biases=biases, activations=activations)


def dataclasses_of_the_package():
    for file in pkgutil.iter_modules(sn.__path__, "scratchnet."):
        module = importlib.import_module(file.name)
        for value in vars(module).values():
            if dataclasses.is_dataclass(value) and value.__module__ == module.__name__:
                yield value


def test_every_record_and_every_choice_is_frozen():
    for kind in dataclasses_of_the_package():
        with pytest.raises(dataclasses.FrozenInstanceError):
            object.__new__(kind).anything = 1


def test_what_holds_arrays_is_compared_by_identity_because_arrays_have_no_single_answer():
    assert {kind.__name__ for kind in dataclasses_of_the_package() if kind.__eq__ is object.__eq__} == {
        *("Network", "Forward", "Backward", "Chain", "Step", "Part", "Records"),
        *("Dataset", "History", "LayerMaps", "GradientCheck", "Samples", "Scale", "RealData"),
        *("Components", "Roc", "Calibration", "Expression", "HiddenSpace", "InputWeights"),
        *("Curvature", "Way", "Health", "Result", "Fan"),
        *("LossPlane", "Path"),
    }


@pytest.mark.parametrize(("weights", "biases"), [(1, 2), (2, 1), (0, 1), (1, 0)])
def test_weights_without_their_biases_are_refused_by_both_numbers(weights, biases):
    with pytest.raises(ValueError, match=f"as many bias vectors as weight matrices; got {biases} and {weights}"):
        sn.Network.from_arrays([np.zeros((2, 2))] * weights, [np.zeros(2)] * biases, ["tanh"] * weights)


@pytest.mark.parametrize("sizes", [(), (3,), (2, 0, 1), (2, 1.5), (2, True), (2, "3")], ids=str)
def test_sizes_that_are_no_layers_are_refused(sizes):
    with pytest.raises(ValueError, match=r"at least two layer sizes .*; got \("):
        sn.Network.build(sizes)


def test_the_first_layer_whose_shapes_are_wrong_is_named_with_what_it_expects():
    for weights, biases, sentence in (
        (
            [np.zeros(2)],
            [np.zeros(1)],
            "Layer 1 expects W of shape (units, inputs) and b of shape (units,); got (2,) and (1,).",
        ),
        (
            [np.zeros((3, 2)), np.zeros((1, 2))],
            [np.zeros(3), np.zeros(1)],
            "Layer 2 expects W of shape (units, 3) and b of shape (units,); got (1, 2) and (1,).",
        ),
    ):
        with pytest.raises(ValueError) as caught:
            sn.Network.from_arrays(weights, biases, ["tanh"] * len(weights))
        assert str(caught.value) == sentence


def test_the_arrays_of_every_record_cannot_be_written(net):
    x, y = np.ones((2, 2)), np.ones((2, 1))
    step = sn.Trainer(loss="bce", optimizer=sn.Adam(), clip_norm=1e-3).step(net, x, y)
    fwd = net.forward(x)
    bwd = sn.backpropagate(net, fwd, y, loss="bce", l1=0.1)
    factors = chain(net, fwd, bwd, y, "bce")
    for record in (fwd, step.forward):
        for array in (record.x, *record.z, *record.a, record.output):
            refuses_writing(array)
    for record in (bwd, step.backward):
        for array in (*record.delta, *record.dW, *record.db, record.dx, record.gradient):
            refuses_writing(array)
    for array in (*factors.da, *factors.slope, *factors.dW, *factors.db, factors.gradient):
        refuses_writing(array)
    for array in (step.gradient, step.after.theta, net.predict(x)):
        refuses_writing(array)
