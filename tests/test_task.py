"""The task: how targets are written for each pair of output and loss, and what is said of an unusual pair."""

import itertools

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.task import check_task, coded_targets, is_signed, outputs_of, unusual

DATASETS = {"circle": [0, 1, 1, 0], "tutorial": [1, 0, 1], "three_blobs": [2, 0, 1], "plane": [-0.5, 0.0, 1.25]}


def allowed():
    for dataset, output, loss in itertools.product(DATASETS, sn.ACTIVATIONS, sn.LOSSES):
        try:
            check_task(dataset, output, loss)
        except ValueError:
            continue
        yield dataset, output, loss


@pytest.mark.parametrize(("dataset", "output", "loss"), list(allowed()))
def test_targets_are_written_as_output_and_loss_want_them(dataset, output, loss):
    raw, spec = DATASETS[dataset], sn.DATASETS[dataset]
    experiment = sn.Experiment(dataset=dataset, features=spec.names, output=output, loss=loss)
    signed = output == "tanh" or loss == "hinge"
    if output == "softmax":
        expected = [[1.0 if k == label else 0.0 for k in range(spec.classes)] for label in raw]
    elif spec.task == "binary" and signed:
        expected = [[1.0] if label == 1 else [-1.0] for label in raw]
    else:
        expected = [[float(value)] for value in raw]
    assert is_signed(experiment) == signed
    assert outputs_of(dataset, output) == len(expected[0]) == experiment.sizes[-1]
    for y in (np.array(raw), np.array(raw, dtype=float)[:, None]):
        coded = coded_targets(experiment, spec.task, y)
        assert coded.tolist() == expected and coded.dtype == np.float64
        coded[:] = 9.0
        assert y.ravel().tolist() == raw, "the data set keeps its own"


@pytest.mark.parametrize(
    ("dataset", "output", "loss", "sentence"),
    [
        (
            "plane",
            "gelu",
            "mae",
            "The output gelu is never below -0.17, so it cannot follow targets beyond that; "
            "identity with mse is the usual choice.",
        ),
        (
            "plane",
            "leaky_relu",
            "mse",
            "The output leaky_relu bends what the last layer adds up; identity with mse is the usual choice.",
        ),
        ("plane", "identity", "huber", ""),
        ("circle", "sigmoid", "bce", ""),
        ("circle", "softmax", "cross_entropy", ""),
        ("circle", "identity", "hinge", ""),
        (
            "circle",
            "tanh",
            "hinge",
            "The hinge loss wants outputs beyond -1 and 1, which tanh never reaches; identity is its usual output.",
        ),
        (
            "circle",
            "relu",
            "hinge",
            "The hinge loss wants outputs on both sides of 0, and relu is not made for that; identity is usual.",
        ),
        (
            "circle",
            "tanh",
            "mse",
            "With the output tanh, mse learns slowly where the answer is surely wrong; "
            "sigmoid with bce is the usual choice.",
        ),
        (
            "three_blobs",
            "softmax",
            "mae",
            "With the output softmax, mae learns slowly where the answer is surely wrong; "
            "softmax with cross_entropy is the usual choice.",
        ),
        (
            "circle",
            "relu",
            "half_squared_error",
            "With the output relu, half_squared_error also punishes answers that are right by a wide margin; "
            "sigmoid with bce is the usual choice.",
        ),
        (
            "circle",
            "identity",
            "mse",
            "With the output identity, mse also punishes answers that are right by a wide margin; "
            "sigmoid with bce is the usual choice.",
        ),
    ],
)
def test_an_unusual_pair_is_told_what_is_unusual_about_it(dataset, output, loss, sentence):
    assert unusual(sn.Experiment(dataset=dataset, output=output, loss=loss)) == sentence


@pytest.mark.parametrize(
    ("dataset", "output", "loss", "what"),
    [
        ("plane", "sigmoid", "bce", "a loss for the numbers of plane, got bce, which is for classes; choose identity"),
        ("plane", "softmax", "mse", "an output for the numbers of plane, got softmax, which is for classes; choose"),
        ("three_blobs", "tanh", "mse", "an output with a unit for each class of three_blobs, got tanh; choose softmax"),
        (
            "circle",
            "softmax",
            "hinge",
            "an output that can be negative for the loss hinge, got softmax; choose sigmoid",
        ),
    ],
)
def test_a_pair_without_a_meaning_is_refused_by_what_it_lacks(dataset, output, loss, what):
    with pytest.raises(ValueError, match=f"^output and loss: expected {what}"):
        check_task(dataset, output, loss)
