"""Tasks by hand: the exact answer and the one from the numbers that the page shows round to the same three digits."""

import math

import pytest

from ui.checks import backpropagation, forward, losses, neurons, whole_update
from ui.checks.answers import read
from ui.kit.numbers import text


def shown(value):
    """A number as the page shows it, read back."""
    return read(text(value))


def deltas(given, roundings):
    """(hidden deltas, output deltas) of a network by hand from the printed activations; roundings: of each result."""
    step = backpropagation.step_by_hand(given)
    hidden, out = ([shown(a) for a in layer[0]] for layer in step.forward.a)
    targets = given["y"] if isinstance(given["y"], tuple) else (given["y"],)
    last = [roundings(a - y) for a, y in zip(out, targets, strict=True)]
    first = []
    for j, a in enumerate(hidden):
        way_back = roundings(sum(d * row[j] for d, row in zip(last, given["weights"][1], strict=True)))
        first.append(roundings(way_back * roundings(a * (1 - a))))
    return first, last, hidden


def by_hand(roundings):
    """Name of the check -> (check, the answer from printed numbers)."""
    given, two = backpropagation.BY_HAND, backpropagation.TWO_OUTPUTS
    first, last, hidden = deltas(given, roundings)
    net = forward.missing_network()[0]
    (layer, unit), a = forward.MISSING["unit"], [forward.MISSING["x"]]
    known = forward.missing_network()[1]
    before = [shown(v) for v in (known.a[layer - 1][0] if layer else a[0])]
    z = roundings(sum(w * v for w, v in zip(net.weights[layer][unit], before, strict=True)) + net.biases[layer][unit])
    y, outputs = losses.BY_HAND["y"], losses.BY_HAND["a"]
    neuron = neurons.BY_HAND
    dw = roundings(last[0] * hidden[0])
    return {
        "z of a neuron": (
            neurons.sum_by_hand,
            neurons.START,
            sum(w * x for w, x in zip(neuron["weights"], neuron["x"], strict=True)) + neuron["bias"],
        ),
        "missing activation": (forward.missing_activation, forward.START, 1 / (1 + math.exp(-z))),
        "mean squared error": (
            losses.mean_by_hand,
            losses.START,
            sum((p - q) ** 2 for p, q in zip(y, outputs, strict=True)) / 3,
        ),
        "delta of the output": (backpropagation.output_delta, backpropagation.START, last[0]),
        "weight of the output": (backpropagation.weight_of_the_output, backpropagation.START, last[0] * hidden[0]),
        "weight of the hidden layer": (
            backpropagation.weight_of_the_hidden_layer,
            backpropagation.START,
            first[0] * given["x"][1],
        ),
        "new weight": (
            backpropagation.new_weight,
            backpropagation.START,
            given["weights"][1][0][0] - given["rate"] * dw,
        ),
        "two ways back": (backpropagation.delta_of_two, backpropagation.START, deltas(two, roundings)[0][0]),
    }


@pytest.mark.parametrize("roundings", [float, shown], ids=["rounded once", "rounded at every step"])
@pytest.mark.parametrize("task", by_hand(float))
def test_the_answer_from_the_printed_numbers_is_right_as_the_exact_one_is(task, roundings):
    check, state, answer = by_hand(roundings)[task]
    passed, why = check(state, f"{answer:.2e}")  # three significant digits
    assert passed, (answer, why)


@pytest.mark.parametrize("roundings", [float, shown], ids=["rounded once", "rounded at every step"])
def test_every_cell_of_the_whole_update_takes_the_answer_from_the_printed_numbers(roundings):
    given = backpropagation.BY_HAND
    first, last, hidden = deltas(given, roundings)
    for name, (layer, unit, source) in whole_update.places().items():
        delta = (first, last)[layer][unit]
        gradient = roundings(delta * (1 if source is None else (given["x"], hidden)[layer][source]))
        old = given["biases"][layer][unit] if source is None else given["weights"][layer][unit][source]
        for column, answer in zip(whole_update.COLUMNS, (gradient, old - given["rate"] * gradient), strict=True):
            cell = name, column
            assert whole_update.is_right(cell, f"{answer:.2e}"), (cell, answer, whole_update.cells()[cell][0])
