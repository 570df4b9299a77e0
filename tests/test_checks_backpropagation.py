"""The tasks of step 4: each fails at the start, passes on a right answer, and says what is missing."""

import math
import re

import numpy as np
import pytest

import scratchnet as sn
from ui.checks import backpropagation as checks
from ui.checks.answers import read
from ui.kit.numbers import text
from ui.walkthrough import frames

BY_HAND = {
    checks.output_delta: lambda step: step.backward.delta[1][0, 0],
    checks.weight_of_the_output: lambda step: step.backward.dW[1][0, 0],
    checks.weight_of_the_hidden_layer: lambda step: step.backward.dW[0][0, 1],
    checks.new_weight: lambda step: step.after.weights[1][0, 0],
}
each_task = pytest.mark.parametrize(("check", "number"), BY_HAND.items(), ids=lambda f: getattr(f, "__name__", ""))


@each_task
def test_no_answer_does_not_pass_and_the_sentence_says_what_is_missing(check, number):
    passed, why = check(checks.START, None)
    assert not passed
    assert "missing" in why


@each_task
@pytest.mark.parametrize("comma", [False, True])
@pytest.mark.parametrize("digits", [3, 4, 8])
def test_a_right_answer_passes_with_three_digits_or_more_with_point_or_comma(check, number, comma, digits):
    typed = f"{number(checks.step_by_hand()):.{digits}g}"
    assert check(checks.START, typed.replace(".", ",") if comma else typed)[0]


@each_task
def test_a_wrong_answer_gets_a_sentence_that_does_not_tell_the_right_one(check, number):
    exact = number(checks.step_by_hand())
    for wrong in (exact * 1.02, -exact, exact + 1, 0.0):
        passed, why = check(checks.START, repr(float(wrong)))
        assert not passed
        assert why.endswith(".")
        assert f"{abs(exact):.3g}" not in why


@each_task
@pytest.mark.parametrize("typed", ["", "nan", "1e400", "two", "9" * 10_000, "--1"])
def test_whatever_is_typed_gets_one_sentence(check, number, typed):
    passed, why = check(checks.START, typed)
    assert not passed
    assert why
    assert len(why) < 300


def test_the_four_digits_on_the_picture_are_enough_for_each_answer():
    step = checks.step_by_hand()
    seen = [[read(text(v)) for v in layer[0]] for layer in step.forward.a]
    W2, rate = checks.BY_HAND["weights"][1][0], checks.BY_HAND["rate"]
    delta = seen[1][0] - checks.BY_HAND["y"]
    dw = delta * seen[0][0]
    hidden = delta * W2[0] * seen[0][0] * (1 - seen[0][0])
    answers = (delta, dw, hidden * checks.BY_HAND["x"][1], W2[0] - rate * dw)
    for check, answer in zip(BY_HAND, answers, strict=True):
        assert check(checks.START, f"{answer:.4g}") == (True, check(checks.START, f"{answer:.4g}")[1]), check.__name__


@pytest.mark.parametrize(
    ("check", "slip", "word"),
    [
        (checks.output_delta, lambda s: s.forward.output[0, 0] * (1 - s.forward.output[0, 0]), "alone"),
        (checks.output_delta, lambda s: 1 - s.forward.output[0, 0], "target"),
        (checks.weight_of_the_output, lambda s: s.backward.delta[1][0, 0], "delta itself"),
        (checks.weight_of_the_output, lambda s: s.backward.delta[1][0, 0] * s.forward.a[0][0, 1], "other hidden"),
        (checks.weight_of_the_hidden_layer, lambda s: s.backward.delta[1][0, 0] * 0.6 * -0.5, "missing"),
        (checks.new_weight, lambda s: 0.6 + 0.5 * s.backward.dW[1][0, 0], "subtracts"),
        (checks.new_weight, lambda s: 0.6 - s.backward.dW[1][0, 0], "rate is missing"),
        (checks.new_weight, lambda s: 0.6, "old weight"),
    ],
)
def test_a_known_slip_gets_the_sentence_that_helps(check, slip, word):
    passed, why = check(checks.START, f"{slip(checks.step_by_hand()):.5g}")
    assert not passed
    assert word in why


def test_the_update_on_the_page_is_the_worked_reference():
    step = checks.step_of(checks.START)
    np.testing.assert_allclose(
        step.backward.dW[0], [[-0.039781, 0.015912, -0.007956], [0.025167, -0.010067, 0.005033]], atol=5e-7
    )
    np.testing.assert_allclose(step.backward.delta[1], [[-0.417379]], atol=5e-7)
    mse = checks.step_of(checks.START | {"loss": "mse"})
    np.testing.assert_allclose(mse.backward.delta[1], [[-0.202991]], atol=5e-7)


def test_the_next_update_starts_where_the_last_one_ended_with_the_optimizers_memory():
    state = checks.START | {"optimizer": "Adam"}
    first, second = checks.step_of(state), checks.step_of(state | {"made": 1})
    assert np.array_equal(second.before.theta, first.after.theta)
    for name, value in first.optimizer_after.items():
        assert np.array_equal(second.optimizer_before[name], value)


def test_every_optimizer_of_scratchnet_is_offered_with_its_own_settings():
    offered = [(name, settings) for name, settings in checks.OPTIMIZERS.values() if not settings]
    assert sorted(name for name, _ in offered) == sorted(sn.OPTIMIZERS)


def test_a_mini_batch_is_the_sample_of_the_page_and_the_tutorials_other_two():
    data, one = sn.load_dataset("tutorial"), checks.step_of(checks.START | {"x1": 2.0, "y": 0})
    three = checks.step_of(checks.START | {"x1": 2.0, "y": 0, "rows": 3})
    np.testing.assert_array_equal(three.forward.x[0], one.forward.x[0])
    np.testing.assert_array_equal(three.forward.x[1:], data.x_train[1:])
    np.testing.assert_array_equal(three.y[:, 0], [0, *data.y_train[1:, 0]])
    alone = [
        checks.step_of(checks.START | dict(zip(("x1", "x2", "x3", "y"), (*x, *y), strict=True)))
        for x, y in zip(three.forward.x, three.y, strict=True)
    ]
    np.testing.assert_allclose(three.gradient, np.mean([step.gradient for step in alone], axis=0), rtol=1e-12)


@pytest.mark.parametrize("rows", checks.ROWS)
@pytest.mark.parametrize("network", checks.NETWORKS)
def test_which_grow_is_asked_of_every_network_and_mini_batch(network, rows):
    state = checks.START | {"network": network, "rows": rows}
    step = checks.step_of(state)
    assert "-".join(map(str, step.before.sizes)) == network
    assert len(checks.parameter_names(step.before.sizes)) == step.before.n_parameters
    for loss in checks.LOSSES:
        right = checks.growing(checks.step_of(checks.asked(state | {"loss": loss})))
        passed, why = checks.signs(state | {"loss": loss, "growing": tuple(right)})
        assert passed
        assert right
        assert f"all {step.before.n_parameters}: each goes against" in why


def test_which_grow_fails_at_the_start_and_passes_when_all_are_named():
    assert checks.signs(checks.START) == (
        False,
        "Choose the parameters that will move up, all of them; the sign of each gradient tells.",
    )
    right = checks.growing(checks.step_of(checks.START | {"y": 0}))
    assert right == {"W1[1,2]", "W1[2,1]", "W1[2,3]", "b1[2]"}
    assert checks.signs(checks.START | {"growing": tuple(right)})[0]


def test_which_grow_counts_what_is_right_and_knows_when_all_is_turned_round():
    names = set(checks.parameter_names())
    right = checks.growing(checks.step_of(checks.START | {"y": 0}))
    assert "turned round" in checks.signs(checks.START | {"growing": tuple(names - right)})[1]
    passed, why = checks.signs(checks.START | {"growing": tuple(right - {"b1[2]"})})
    assert not passed
    assert re.match("10 of 11 are right", why)


def test_which_grow_is_a_prediction_and_no_reading():
    asked = checks.asked(checks.START)
    right = tuple(checks.growing(checks.step_of(asked)))
    state = checks.START | {"growing": right}
    passed, why = checks.signs(state | {"seen": (checks.numbers_of(asked), checks.numbers_of(checks.START))})
    assert not passed
    assert "have been on screen" in why
    other = state | {"seen": (checks.numbers_of(asked),), "x2": 0.3}
    assert checks.signs(other | {"growing": tuple(checks.growing(checks.step_of(checks.asked(other))))})[0]


def test_what_predict_has_shown_is_not_what_the_first_task_asks():
    seen = checks.START | {"seen": (checks.numbers_of(checks.START),)}
    shown = checks.growing(checks.step_of(seen))
    assert not checks.signs(seen | {"growing": tuple(shown)})[0]
    assert checks.signs(seen | {"growing": tuple(checks.growing(checks.step_of(checks.asked(seen))))})[0]


@pytest.mark.parametrize("optimizer", checks.OPTIMIZERS)
def test_every_rate_that_the_field_takes_makes_an_update_that_can_be_told(optimizer):
    for rate in (checks.LEAST_RATE, 10):
        for made in (0, checks.MOST_UPDATES - 1):
            step = checks.step_of(checks.START | {"optimizer": optimizer, "rate": rate, "made": made, "x1": -5, "y": 0})
            assert np.isfinite(step.after.theta).all()
            assert all(np.isfinite(frame.result).all() or "infinite" in frame.sentence for frame in frames(step))


@pytest.mark.parametrize("optimizer", checks.OPTIMIZERS)
@pytest.mark.parametrize("loss", checks.LOSSES)
def test_every_optimizer_goes_against_the_gradient_in_its_first_update(optimizer, loss):
    step = checks.step_of(checks.START | {"optimizer": optimizer, "loss": loss})
    assert np.array_equal(np.sign(step.after.theta - step.before.theta), -np.sign(step.gradient))


def test_the_tutorials_delta_is_the_gradient_of_cross_entropy_and_not_of_the_mse():
    pairs = checks.wrong_pair(checks.START)
    assert pairs["bce", "bce"] < 1e-6
    assert pairs["mse", "mse"] < 1e-6
    assert pairs["bce", "mse"] == pytest.approx(0.5137, abs=1e-3)


def test_parameters_are_named_in_the_order_of_theta():
    names = checks.parameter_names((3, 2, 1))
    indices = [sn.network.parameter_index((3, 2, 1), *place) for place in names.values()]
    assert indices == list(range(11))


# ---- two outputs: a hidden unit receives two deltas ------------------------------------------------------------------


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def plain_update(given):
    """One update of a network with one hidden layer, by plain loops: sigmoid and cross-entropy, one sample.

    Returns a (layers), delta (layers), dW, db, and the new W and b, all as lists.
    """
    W, b, targets = given["weights"], given["biases"], [float(y) for y in np.atleast_1d(given["y"])]
    a = []
    for layer in range(2):
        before = given["x"] if layer == 0 else a[0]
        a.append(
            [
                sigmoid(b[layer][k] + sum(W[layer][k][j] * before[j] for j in range(len(before))))
                for k in range(len(b[layer]))
            ]
        )
    out = [a[1][k] - targets[k] for k in range(len(targets))]
    hidden = [sum(out[k] * W[1][k][j] for k in range(len(out))) * a[0][j] * (1 - a[0][j]) for j in range(len(b[0]))]
    delta = [hidden, out]
    dW = [[[d * v for v in before] for d in delta[layer]] for layer, before in enumerate((given["x"], a[0]))]
    rate = given["rate"]
    new_W = [
        [[w - rate * g for w, g in zip(*rows, strict=True)] for rows in zip(W[layer], dW[layer], strict=True)]
        for layer in range(2)
    ]
    new_b = [[w - rate * g for w, g in zip(b[layer], delta[layer], strict=True)] for layer in range(2)]
    return a, delta, dW, new_W, new_b


def test_a_hidden_unit_with_two_outputs_gets_the_sum_of_two_terms_and_the_task_asks_for_it():
    given = checks.TWO_OUTPUTS
    a, delta, *_ = plain_update(given)
    assert checks.delta_of_two(checks.START, repr(delta[0][0]))[0]
    assert checks.delta_of_two(checks.START, f"{delta[0][0]:.3g}".replace(".", ","))[0]
    seen = [read(text(d)) for d in delta[1]]  # the digits on the picture are enough
    unit = read(text(a[0][0]))
    typed = (seen[0] * 0.6 + seen[1] * 0.7) * unit * (1 - unit)
    assert checks.delta_of_two(checks.START, f"{typed:.3g}")[0]


@pytest.mark.parametrize(
    ("slip", "words"),
    [
        (lambda d, f: d[0] * 0.6 * f, "Only one of the two ways back"),
        (lambda d, f: d[1] * 0.7 * f, "Only one of the two ways back"),
        (lambda d, f: d[0] * 0.6, "and f' of the hidden unit is missing"),
        (lambda d, f: d[1] * 0.7, "and f' of the hidden unit is missing"),
        (lambda d, f: d[0] * 0.6 + d[1] * 0.7, "f' of the hidden unit is missing"),
        (lambda d, f: -(d[0] * 0.6 + d[1] * 0.7) * f, "the sign is not"),
        (lambda d, f: (d[0] * 0.6 - d[1] * 0.7) * f, "The two terms are added"),
        (lambda d, f: (d[0] * 0.6 + d[1] * -0.9) * f, "lead away from hidden unit 1"),
        (lambda d, f: (d[0] + d[1]) * f, "weights on the way back are missing"),
        (lambda d, f: 17.0, "Not yet"),
    ],
)
def test_a_slip_with_two_outputs_gets_its_own_sentence_which_does_not_tell_the_answer(slip, words):
    a, delta, *_ = plain_update(checks.TWO_OUTPUTS)
    passed, why = checks.delta_of_two(checks.START, repr(slip(delta[1], a[0][0] * (1 - a[0][0]))))
    assert not passed
    assert words in why
    assert text(delta[0][0]) not in why


def test_two_outputs_stand_for_two_classes_in_the_network_of_the_page():
    for y in (0, 1):
        step = checks.step_of(checks.START | {"network": "3-2-2", "y": y})
        np.testing.assert_array_equal(step.y, [[y, 1 - y]])
        arrays = checks.NETWORKS["3-2-2"]
        _, delta, dW, new_W, _ = plain_update(arrays | {"x": (0.5, -0.2, 0.1), "y": (y, 1 - y), "rate": 0.1})
        for layer in range(2):
            np.testing.assert_allclose(step.backward.delta[layer][0], delta[layer], rtol=1e-12)
            np.testing.assert_allclose(step.backward.dW[layer], dW[layer], rtol=1e-12)
            np.testing.assert_allclose(step.after.weights[layer], new_W[layer], rtol=1e-12)
    back = next(frame for frame in frames(step) if frame.key == "da1")
    assert "all added up" in back.sentence
    mini = checks.step_of(checks.START | {"network": "3-2-2", "rows": 3})
    np.testing.assert_array_equal(mini.y, [[1, 0], [0, 1], [1, 0]])
