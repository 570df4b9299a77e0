"""The tasks of step 2, forward propagation: an activation that is missing, how many parameters, which shapes fit."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

import scratchnet as sn
from ui.checks.answers import compare, read
from ui.kit.numbers import text
from ui.lesson_numbers import between, one_of

MOST_SIZES, MOST_UNITS = 5, 6  # the inputs and up to four layers, of up to six units
LONGEST_TEXT = 40
HIGHEST_SEED = 99_999
ACTIVATIONS = [name for name in sn.ACTIVATIONS if name != "softmax"]  # of a hidden layer
# The network that all pages work with, and the tutorial's first sample (the inputs beyond three are ours).
WORKED: dict[str, Any] = {
    "weights": ([[0.4, -0.6, 0.2], [-0.3, 0.5, 0.7]], [[0.8, -0.5]]),
    "biases": ([0.1, -0.2], [0.05]),
}
START: dict[str, Any] = {
    "sizes": (3, 2, 1),
    "hidden": "sigmoid",
    "output": "sigmoid",
    "seed": None,  # None: the worked weights, where the sizes are theirs
    "row": 0,  # which sample of the data the inputs stand for
    "rows": 1,  # how many samples go through at once
    **{"x1": 0.5, "x2": -0.2, "x3": 0.1, "x4": 0.3, "x5": -0.4, "x6": 0.8},
    "computed": 2,  # layers computed so far
    "opened": 2,  # what `computed` was when a unit was last opened
    "chosen": (0, 0),  # a unit (layer, unit), or a weight (layer, unit, source) of it; source None is its bias
}
# A small network with one activation hidden from view: other numbers than those on the page.
MISSING: dict[str, Any] = {
    "weights": ([[0.6, -0.4, 0.2], [0.5, 0.8, -0.6]], [[1.2, -0.7]]),
    "biases": ([-0.1, 0.6], [0.2]),
    "x": (1.5, -1.0, 0.5),
    "unit": (0, 1),
}
COUNTED = (4, 5, 3, 2)  # how many parameters?
SAMPLES, INPUTS, UNITS = 5, 4, 3  # which shapes fit?
# choice -> (shape of W, shape of b, shape of z)
SHAPES: dict[str, Any] = {
    "W (4, 3), b (3,), z (5, 3)": ((4, 3), (3,), (5, 3)),
    "W (3, 4), b (5,), z (5, 3)": ((3, 4), (5,), (5, 3)),
    "W (3, 4), b (3,), z (5, 3)": ((3, 4), (3,), (5, 3)),
    "W (3, 4), b (3,), z (3, 5)": ((3, 4), (3,), (3, 5)),
}


def read_sizes(typed: object) -> tuple[int, ...]:
    """Layer sizes as typed, "3-2-1": the inputs first, the outputs last; ValueError with one sentence otherwise."""
    written = str(typed).strip()
    got = repr(written) if len(written) <= LONGEST_TEXT else f"{len(written)} characters"
    expected = f"Sizes: expected 2 to {MOST_SIZES} whole numbers from 1 to {MOST_UNITS}, such as 3-2-1, got "
    if len(written) > LONGEST_TEXT or not re.fullmatch(r"[0-9]{1,3}([-–,;x ]+[0-9]{1,3})*", written):
        raise ValueError(f"{expected}{got if written else 'nothing'}; type the inputs first, the outputs last.")
    sizes = tuple(int(size) for size in re.findall("[0-9]+", written))
    if not 2 <= len(sizes) <= MOST_SIZES or not all(1 <= size <= MOST_UNITS for size in sizes):
        raise ValueError(f"{expected}{got}; type fewer or smaller ones.")
    return sizes


IN_ADDRESS = {
    "sizes": read_sizes,
    "hidden": one_of(ACTIVATIONS),
    "output": one_of(sn.ACTIVATIONS),
    "seed": one_of(range(HIGHEST_SEED + 1)),
    "row": one_of(range(3)),
    "rows": one_of((1, 3)),
    **dict.fromkeys(("x1", "x2", "x3", "x4", "x5", "x6"), between(-5, 5)),
    "computed": one_of(range(MOST_SIZES)),
}


def is_worked(state: Mapping) -> bool:
    """Whether the weights are those of the worked example, not drawn from a seed."""
    return state["seed"] is None and tuple(state["sizes"]) == START["sizes"]


def network_of(state: Mapping) -> sn.Network:
    """The network that the page's values describe: the worked one, or weights drawn as the tutorial draws them."""
    sizes = state["sizes"]
    names = [state["hidden"]] * (len(sizes) - 2) + [state["output"]]
    if is_worked(state):
        return sn.Network.from_arrays(WORKED["weights"], WORKED["biases"], names)
    return sn.Network.build(
        sizes, hidden=names[:-1], output=names[-1], initializer="standard_normal", rng=state["seed"] or 0
    )


def samples_of(dataset: sn.Dataset, state: Mapping) -> np.ndarray:
    """The rows that go through the network, (rows, inputs): what is typed, alone or in its place among the data's."""
    typed = np.array([[state[f"x{place}"] for place in range(1, state["sizes"][0] + 1)]])
    if state["rows"] == 1:
        return typed
    samples = dataset.x_train.copy()
    samples[state["row"]] = typed
    return samples


def missing_network() -> tuple[sn.Network, sn.Forward]:
    """The network of the first task and its forward pass."""
    net = sn.Network.from_arrays(MISSING["weights"], MISSING["biases"], ["sigmoid", "sigmoid"])
    return net, net.forward([MISSING["x"]])


def missing_activation(state: Mapping, answer=None) -> tuple[bool, str]:
    """The activation that the picture of `missing_network` leaves out."""
    net, forward = missing_network()
    layer, unit = MISSING["unit"]
    weights, bias = net.weights[layer][unit], net.biases[layer][unit]

    def a(weights, bias, activation="sigmoid", x=forward.x[0]):
        return sn.Neuron(weights, bias, activation).forward(x)

    slips = {
        float(forward.z[layer][0, unit]): "That is the sum z: the sigmoid of it is still missing.",
        a(weights, 0.0): "The bias of this unit is missing in the sum.",
        a(weights, -bias): "The bias has the wrong sign: it is added as it stands.",
        a(np.abs(weights), bias): "Mind the sign of each weight.",
        a(np.abs(weights), bias, x=np.abs(forward.x[0])): "Mind the signs: minus times plus is minus.",
        a(weights, bias, "tanh"): "That is the tanh of the sum; these units have a sigmoid.",
        float(
            forward.a[layer][0, 1 - unit]
        ): "That is the other hidden unit: take the links that end in the dashed one.",
        float(forward.a[1][0, 0]): "That is the output; the question is the hidden unit with the dashed line.",
    }
    passed, why = compare(
        answer,
        float(forward.a[layer][0, unit]),
        slips,
        otherwise="Not yet: write each product down with its sign, add them and the bias up, then take the sigmoid.",
        never_negative="A sigmoid is never negative.",
    )
    z, exact = forward.z[layer][0, unit], forward.a[layer][0, unit]
    return passed, f"Right: z is {text(z)}, and its sigmoid {text(exact)}." if passed else why


def parameters_counted(state: Mapping, answer=None) -> tuple[bool, str]:
    """How many weights and biases the network COUNTED has."""
    net = sn.Network.build(COUNTED)
    weights = sum(W.size for W in net.weights)
    slips = {
        float(weights): "Those are the weights; each unit behind the inputs has a bias as well.",
        float(net.n_parameters - weights): "Those are the biases; each link is a weight as well.",
        float(net.n_parameters + COUNTED[0]): "The inputs have no bias: they are given, not computed.",
        float(sum(COUNTED)): "Those are the units; count the links, and a bias for each unit behind the inputs.",
    }
    passed, why = compare(
        answer,
        float(net.n_parameters),
        slips,
        example="20",
        otherwise="Not yet: each layer has units times inputs weights, and a bias for each unit; add all layers.",
        never_negative="A number of parameters is a count, never negative.",
    )
    if passed and read(answer) != net.n_parameters:
        return False, "A number of parameters is a whole number: one for each weight and one for each bias."
    if passed:
        layers = " + ".join(
            f"({W.shape[0]}·{W.shape[1]} + {b.size})" for W, b in zip(net.weights, net.biases, strict=True)
        )
        return True, f"Right: {layers} = {net.n_parameters}."
    if why.startswith(("Not yet", "Nearly")):
        why = "Not yet: for each layer, units times units of the layer before, plus one bias a unit."
    return False, why


def shapes_that_fit(state: Mapping, answer=None) -> tuple[bool, str]:
    """Which shapes a layer of UNITS units has for SAMPLES samples of INPUTS inputs."""
    if answer not in SHAPES:
        return False, "Your answer is missing: choose one of the lines."
    W, b, z = SHAPES[answer]
    net = sn.Network.build((INPUTS, UNITS))
    if net.weights[0].shape != W:
        return False, f"W has a row for each unit and a column for each input; here it would have {W[0]} units."
    if net.biases[0].shape != b:
        return False, f"A bias belongs to a unit, not to a sample; here there would be {b[0]} of them."
    if net.forward(np.zeros((SAMPLES, INPUTS))).z[0].shape != z:
        return False, f"A row is a sample, in z as in x; here z would have {z[0]} of them."
    return True, "Right: (5, 4) times the transposed (3, 4) is (5, 3), and b is added to each of its rows."


def asked_and_built(asked: int, built: int) -> dict[str, str]:
    """What happens when `asked` hidden units are wanted and `built` are made: the shapes that meet, and NumPy's word.

    The output neuron gets a weight for each unit asked for, and an activation from each that was built.
    """
    hidden = [sn.Neuron(weights, 0.0) for weights in np.eye(built, len(MISSING["x"]))]
    a, output = np.array([neuron.forward(MISSING["x"]) for neuron in hidden]), sn.Neuron(np.ones(asked), 0.0)
    try:
        np.dot(a, output.weights)
        said = f"nothing; scratchnet's neuron answers {text(output.forward(a))}"
    except ValueError as error:
        said = str(error)
    return {
        "asked for": str(asked),
        "weights": str(output.weights.shape),
        "inputs": str(a.shape),
        "NumPy says": said,
    }
