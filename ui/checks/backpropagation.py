"""The tasks of step 4, backpropagation: which numbers grow, deltas, a gradient in each layer, a new weight."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

import scratchnet as sn
from scratchnet import backpropagation
from ui.checks.answers import compare
from ui.checks.forward import WORKED
from ui.kit.numbers import text
from ui.lesson_numbers import between, one_of

OPTIMIZERS = {  # what it is called here -> (name, settings)
    "Gradient descent": ("sgd", {}),
    "Momentum": ("sgd", {"momentum": 0.9}),
    "Adagrad": ("adagrad", {}),
    "Adadelta": ("adadelta", {}),
    "RMSProp": ("rmsprop", {}),
    "Adam": ("adam", {}),
    "AdamW": ("adamw", {}),
    "NAdam": ("nadam", {}),
}
NETWORKS: dict[
    str, Any
] = {  # sizes, as they are called here -> weights and biases; the first is the one that all pages work with
    "3-2-1": WORKED,
    "3-3-2-1": {
        "weights": (
            [[0.4, -0.6, 0.2], [-0.3, 0.5, 0.7], [0.6, 0.1, -0.4]],
            [[0.8, -0.5, 0.3], [-0.7, 0.4, 0.9]],
            [[0.6, -0.8]],
        ),
        "biases": ([0.1, -0.2, 0.05], [0.05, -0.1], [0.2]),
    },
    "3-2-2": {  # a hidden unit gets a delta from each output
        "weights": (WORKED["weights"][0], [[0.8, -0.5], [-0.4, 0.6]]),
        "biases": (WORKED["biases"][0], [0.05, -0.1]),
    },
}
ROWS = {1: "1 sample", 3: "mini-batch of 3"}
LOSSES = {"bce": "Cross-entropy", "mse": "MSE"}
MOST_UPDATES = 50
LEAST_RATE = 0.0001  # an update has to change something: a rate of 0 is refused beside its field
START: dict[str, Any] = {
    **{"x1": 0.5, "x2": -0.2, "x3": 0.1, "y": 1},
    **{"loss": "bce", "rate": 0.1, "optimizer": "Gradient descent"},
    **{"network": "3-2-1", "rows": 1},
    "made": 0,  # updates made before the one on screen
    "seen": (),  # the numbers for which "Apply update" has been on screen: see `numbers_of`
    "growing": (),  # the parameters that the learner says will move up
}
NUMBERS = ("x1", "x2", "x3", "y", "network", "rows", "loss", "rate", "optimizer", "made")
IN_ADDRESS = {
    **dict.fromkeys(("x1", "x2", "x3"), between(-5, 5)),
    "y": one_of((0, 1)),
    "network": one_of(NETWORKS),
    "rows": one_of(ROWS),
    "loss": one_of(LOSSES),
    "rate": between(LEAST_RATE, 10),
    "optimizer": one_of(OPTIMIZERS),
    "made": one_of(range(MOST_UPDATES + 1)),
}
# A network to do by hand: other numbers than those on the page. Sigmoid, cross-entropy.
# A test holds: whoever goes on from the printed numbers, rounded at every step, gets the same three digits.
BY_HAND: dict[str, Any] = {
    "weights": ([[0.5, -0.4], [-0.3, 0.8]], [[0.6, -0.9]]),
    "biases": ([0.2, -0.2], [0.3]),
    "x": (1.5, -0.5),
    "y": 0.0,
    "rate": 0.5,
}
# The same with a second output, for the two ways back to a hidden unit.
TWO_OUTPUTS: dict[str, Any] = {
    "weights": (BY_HAND["weights"][0], [[0.6, -0.9], [0.7, 0.4]]),
    "biases": (BY_HAND["biases"][0], [0.3, -0.2]),
    "x": BY_HAND["x"],
    "y": (0.0, 1.0),
    "rate": BY_HAND["rate"],
}


def numbers_of(state: Mapping) -> tuple:
    """Everything that decides what the update on screen does."""
    return tuple(state[name] for name in NUMBERS)


def is_start(state: Mapping) -> bool:
    """Whether the update on screen is the one that the page opens with."""
    return numbers_of(state) == numbers_of(START)


def asked(state: Mapping) -> dict:
    """The update of the task about signs: the first one, with the target 0, which Predict has not shown."""
    return {**state, "y": 0, "made": 0}


def samples_of(state: Mapping) -> tuple[np.ndarray, np.ndarray]:
    """(x (rows, 3), y (rows, outputs)): what is set on the page, alone or in place of the tutorial's first sample.

    Two outputs stand for two classes: the second one's target is 1 - y.
    """
    x, y = np.array([[state["x1"], state["x2"], state["x3"]]]), np.array([[float(state["y"])]])
    data = sn.load_dataset("tutorial")
    others = range(1, state["rows"])
    x, y = np.vstack([x, data.x_train[others]]), np.vstack([y, data.y_train[others]])
    return x, np.hstack([y, 1 - y]) if has_two_outputs(state) else y


def has_two_outputs(state: Mapping) -> bool:
    """Whether the network on the page has an output for each of two classes."""
    return len(NETWORKS[state["network"]]["biases"][-1]) == 2


def step_of(state: Mapping) -> sn.trainer.Step:
    """The update that the page's values describe, after `made` others."""
    name, settings = OPTIMIZERS[state["optimizer"]]
    trainer = sn.Trainer(loss=state["loss"], optimizer=sn.OPTIMIZERS[name](learning_rate=state["rate"], **settings))
    arrays, memory = NETWORKS[state["network"]], None
    net = sn.Network.from_arrays(**arrays, activations=["sigmoid"] * len(arrays["biases"]))
    x, y = samples_of(state)
    for update in range(state["made"] + 1):
        step = trainer.step(net, x, y, memory, update)
        net, memory = step.after, step.optimizer_after
    return step


def step_by_hand(given: Mapping = BY_HAND) -> sn.trainer.Step:
    """The update of the tasks: of `BY_HAND` or of `TWO_OUTPUTS`."""
    net = sn.Network.from_arrays(given["weights"], given["biases"], ["sigmoid", "sigmoid"])
    trainer = sn.Trainer(loss="bce", optimizer=sn.SGD(learning_rate=given["rate"]))
    return trainer.step(net, [given["x"]], np.atleast_2d(given["y"]))


def output_delta(state: Mapping, answer=None) -> tuple[bool, str]:
    """The delta of the output of `step_by_hand`."""
    step = step_by_hand()
    a, exact = step.forward.output[0, 0], float(step.backward.delta[1][0, 0])
    chain = chain_of(step)
    slips = {
        float(chain.loss_slope[0, 0]): "That is dL/da; delta is dL/dz, so it is still to be multiplied by f'(z).",
        float(exact * chain.slope[1][0, 0]): "f' is in it once too often: cross-entropy's dL/da has just cancelled it.",
        float(chain.slope[1][0, 0]): "That is f'(z) alone; delta is dL/da times f'(z).",
        float(1 - a): "Mind the target: it is 0 here, not 1.",
    }
    otherwise = "Not yet: delta is dL/da times f'(z); with cross-entropy f' cancels."
    passed, why = compare(answer, exact, slips, otherwise=otherwise)
    return passed, f"Right: a - y = {text(a)} - 0, for f' cancels." if passed else why


def weight_of_the_output(state: Mapping, answer=None) -> tuple[bool, str]:
    """dL/dw of the weight from hidden unit 1 to the output, of `step_by_hand`."""
    step = step_by_hand()
    delta, a, z = step.backward.delta[1][0, 0], step.forward.a[0][0], step.forward.z[0][0]
    exact = float(step.backward.dW[1][0, 0])
    slips = {
        float(delta): "That is delta itself, the gradient of the bias; the weight multiplies an activation.",
        float(delta * a[1]): "That belongs to the other hidden unit: take the activation this weight multiplies.",
        float(delta * z[0]): "That uses z of the hidden unit; the weight multiplies its activation a.",
        float(delta * step.before.weights[1][0, 0]): "That is what flows back through the weight; its gradient takes"
        " the activation instead of the weight.",
        float(BY_HAND["rate"] * exact): "The learning rate does not belong to the gradient: it comes in the update.",
    }
    otherwise = "Not yet: it is delta of the output times the activation that this weight multiplies."
    passed, why = compare(answer, exact, slips, otherwise=otherwise)
    return passed, f"Right: delta times a is {text(delta)} times {text(a[0])}." if passed else why


def weight_of_the_hidden_layer(state: Mapping, answer=None) -> tuple[bool, str]:
    """dL/dw of the weight from input 2 to hidden unit 1, of `step_by_hand`."""
    step = step_by_hand()
    chain, x, delta = chain_of(step), BY_HAND["x"], step.backward.delta[0][0]
    da, slope = chain.da[0][0], chain.slope[0][0]
    exact = float(step.backward.dW[0][0, 1])
    slips = {
        float(da[0] * x[1]): "f' of the hidden unit is missing: delta is dL/da times f'(z).",
        float(delta[0]): "That is the delta of the unit; the gradient multiplies it by the input.",
        float(delta[0] * x[0]): "That belongs to input 1: take the input that this weight multiplies.",
        float(delta[1] * x[1]): "That belongs to hidden unit 2: take the unit that this weight leads to.",
        float(step.backward.delta[1][0, 0] * slope[0] * x[1]): "The weight on the way back is missing: the output's"
        " delta comes to the hidden unit through it.",
        float(BY_HAND["rate"] * exact): "The learning rate does not belong to the gradient: it comes in the update.",
    }
    otherwise = "Not yet: it is delta of the hidden unit times the input that this weight multiplies."
    passed, why = compare(answer, exact, slips, otherwise=otherwise)
    return passed, f"Right: delta times x is {text(delta[0])} times {text(x[1])}." if passed else why


def new_weight(state: Mapping, answer=None) -> tuple[bool, str]:
    """The weight from hidden unit 1 to the output after the update of `step_by_hand`."""
    step = step_by_hand()
    old, slope, rate = step.before.weights[1][0, 0], step.backward.dW[1][0, 0], BY_HAND["rate"]
    exact = float(step.after.weights[1][0, 0])
    slips = {
        float(old): "That is the old weight: subtract the learning rate times its gradient.",
        float(old + rate * slope): "That goes up the slope: the update subtracts.",
        float(old - slope): "The learning rate is missing: the gradient alone does not say how far to go.",
        float(-rate * slope): "That is the change alone; the new weight is the old one plus it.",
        float(rate * slope): "That is the step alone: subtract it from the old weight.",
    }
    otherwise = "Not yet: it is the old weight minus the learning rate times its gradient."
    passed, why = compare(answer, exact, slips, example="0.55", otherwise=otherwise)
    return passed, f"Right: {text(old)} - {text(rate)} times {text(slope)}." if passed else why


def delta_of_two(state: Mapping, answer=None) -> tuple[bool, str]:
    """Delta of hidden unit 1 of `TWO_OUTPUTS`, to which both outputs send theirs."""
    step = step_by_hand(TWO_OUTPUTS)
    W, out, hidden = step.before.weights[1], step.backward.delta[1][0], step.backward.delta[0][0]
    slope = float(chain_of(step).slope[0][0, 0])
    first, second = (float(term) for term in out * W[:, 0])
    exact = float(hidden[0])
    other_way = "Only one of the two ways back: the sum has a term for each output that this unit feeds."
    slips = {
        first * slope: other_way,
        second * slope: other_way,
        first + second: "f' of the hidden unit is missing: the sum is dL/da, and delta is dL/da times f'(z).",
        first: "Only one of the two ways back, and f' of the hidden unit is missing.",
        second: "Only one of the two ways back, and f' of the hidden unit is missing.",
        (first - second) * slope: "The two terms are added, each with the sign that its delta and its weight give it.",
        (second - first) * slope: "The two terms are added, each with the sign that its delta and its weight give it.",
        float(out @ W[0]) * slope: "Those are the weights into output 1: take the weights that lead away from hidden"
        " unit 1, one to each output.",
        float(out.sum()) * slope: "The weights on the way back are missing: each delta comes through its own.",
        float(hidden[1]): "That belongs to hidden unit 2: take the weights that lead away from unit 1.",
    }
    otherwise = "Not yet: add up each output's delta times the weight that leads to it, then multiply the sum by f'(z)."
    passed, why = compare(answer, exact, slips, otherwise=otherwise)
    terms = " + ".join(f"({text(delta)} times {text(w)})" for delta, w in zip(out, W[:, 0], strict=True))
    return passed, f"Right: {terms} is {text(first + second)}, times f' = {text(slope)}." if passed else why


def parameter_names(sizes: Sequence[int] = (3, 2, 1)) -> dict[str, tuple[int, int, int | None]]:
    """Every parameter of a network by its name: W1[2,3] into unit 2 from input 3, b1[2], ..."""
    names: dict[str, tuple[int, int, int | None]] = {}
    for layer, (inputs, units) in enumerate(pairwise(sizes)):
        for unit in range(units):
            for source in range(inputs):
                names[f"W{layer + 1}[{unit + 1},{source + 1}]"] = layer, unit, source
        for unit in range(units):
            names[f"b{layer + 1}[{unit + 1}]"] = layer, unit, None
    return names


def growing(step: sn.trainer.Step) -> set[str]:
    """The parameters that the update moves up, towards plus infinity."""
    change = step.after.theta - step.before.theta
    return {name for name, moved in zip(parameter_names(step.before.sizes), change, strict=True) if moved > 0}


def signs(state: Mapping, answer=None) -> tuple[bool, str]:
    """Which parameters the update that is `asked` will move up, said before it was shown."""
    step = step_of(asked(state))
    names, said = parameter_names(step.before.sizes), set(state["growing"])
    if numbers_of(asked(state)) in state["seen"]:
        return False, "These changes have been on screen: set other inputs above, and predict for those first."
    if not said:
        return False, "Choose the parameters that will move up, all of them; the sign of each gradient tells."
    right = growing(step)
    wrong = len(said ^ right)
    if not wrong:
        return True, f"Right, all {len(names)}: each goes against its gradient. Set the target to 0, apply, and see."
    if said == set(names) - right:
        return False, "All turned round: the update goes against the gradient, so a negative gradient moves it up."
    return (
        False,
        f"{len(names) - wrong} of {len(names)} are right: follow the signs of delta and of what it multiplies.",
    )


def chain_of(step: sn.trainer.Step) -> backpropagation.Chain:
    """The factors that the chain rule multiplies in this update."""
    return backpropagation.chain(step.before, step.forward, step.backward, step.y, step.trainer.loss)


def wrong_pair(state: Mapping) -> dict[tuple[str, str], float]:
    """(gradient of, loss it is checked against) -> largest relative error, at the weights on the page."""
    step = step_of(state)
    x, y = step.forward.x, step.y
    checks = {loss: sn.gradient_check(step.before, x, y, loss) for loss in LOSSES}
    return {
        (of, against): sn.GradientCheck(checks[of].analytic, checks[against].numeric).max_relative_error
        for of in LOSSES
        for against in LOSSES
    }
