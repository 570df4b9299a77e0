"""The walkthrough: each number of each frame against plain Python and PyTorch, each formula read and recombined."""

import itertools
import math
import re
import sys
from pathlib import Path

import numpy as np
import pytest

import scratchnet as sn
from tests import by_hand
from tests.latex_reader import exact_sides, printed, sides
from ui.walkthrough import STAGES, UNIT, Focus, frames, microscope, place_of_code, shares, source_code

HIDDEN = ["identity", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "softplus", "swish"]
PAIRS = [(f, loss) for f in [*HIDDEN, "softmax"] for loss in ("mse", "half_squared_error", "mae", "huber", "hinge")]
PAIRS += [("sigmoid", "bce"), ("softmax", "cross_entropy")]
OPTIMIZERS = [
    sn.SGD(0.1),
    sn.SGD(0.1, weight_decay=0.05),
    sn.SGD(0.1, momentum=0.9),
    sn.SGD(0.1, momentum=0.9, dampening=0.4),
    sn.SGD(0.1, momentum=0.9, nesterov=True, weight_decay=0.05),
    sn.Adagrad(0.1, lr_decay=0.1, initial_accumulator_value=0.2),
    sn.Adadelta(weight_decay=0.01),
    sn.RMSProp(0.01),
    sn.RMSProp(0.01, momentum=0.5, centered=True, weight_decay=0.05),
    sn.Adam(0.01),
    sn.Adam(0.01, weight_decay=0.05),
    sn.AdamW(0.01),
    sn.AdamW(0.01, weight_decay=0.0),
    sn.NAdam(0.01),
]


def problem(sizes, loss, rows, seed=0):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(rows, sizes[0])), rng.normal(size=(rows, sizes[-1]))
    if loss == "bce":
        y = (y > 0).astype(float)
    elif loss == "hinge":
        y = np.where(y > 0, 1.0, -1.0)
    elif loss == "cross_entropy":
        y = np.eye(sizes[-1])[rng.integers(0, sizes[-1], rows)]
    return x, y


def step_of(sizes, hidden, output, loss, rows=1, seed=0, updates=1, **trainer):
    """The last of some updates on one mini-batch, from weights that are drawn, biases too."""
    net = sn.Network.build(sizes, hidden=hidden, output=output, initializer="standard_normal", rng=seed)
    net = net.replace(net.theta * 0.5)
    x, y = problem(sizes, loss, rows, seed)
    trainer = sn.Trainer(loss=loss, **trainer)
    step, state = None, None
    for update in range(updates):
        step = trainer.step(net, x, y, state, update)
        net, state = step.after, step.optimizer_after
    return step


def reference_step(loss="bce"):
    """The worked reference: 3-2-1, sigmoid, one sample, rate 0.1."""
    net = sn.Network.from_arrays(
        [[[0.4, -0.6, 0.2], [-0.3, 0.5, 0.7]], [[0.8, -0.5]]], [[0.1, -0.2], [0.05]], ["sigmoid", "sigmoid"]
    )
    return sn.Trainer(loss=loss, optimizer=sn.SGD(0.1)).step(net, [[0.5, -0.2, 0.1]], [[1.0]])


def named(found):
    return {frame.key: frame for frame in found}


def check_every_line(found):
    """Each formula, from its printed numbers, gives its printed result; from the exact ones, the exact result."""
    for frame in found:
        for line in frame.lines:
            assert len(line.latex) < 700, line.latex
            *formulas, result = sides(line)
            *values, last = exact_sides(line)
            assert last == line.value, line.latex
            size = max([1e-6, *(abs(v) for _, _, v in line.numbers if math.isfinite(v))])
            for formula, value in zip(formulas, values, strict=True):
                assert formula.meets(result), f"{frame.key}: {line.latex}"
                tolerance = 1e-9 * size if frame.key != "check" else 1e-9
                assert abs(value - line.value) <= max(tolerance, 1e-9 * abs(line.value)), f"{frame.key}: {line.latex}"


def lists(step):
    net = step.before
    return [W.tolist() for W in net.weights], [b.tolist() for b in net.biases], net.activations


def check_against_plain_python(step, found):
    W, b, activations = lists(step)
    hand = by_hand.update(W, b, activations, step.trainer.loss, step.forward.x.tolist(), step.y.tolist())
    if len(step.y) == 1:
        hand["loss"] = hand.pop("losses")
    by_key = named(found)
    for key, expected in hand.items():
        np.testing.assert_allclose(by_key[key].result, expected, rtol=1e-9, atol=1e-12, err_msg=key)
    l1, l2, x, y = step.trainer.l1, step.trainer.l2, step.forward.x.tolist(), step.y.tolist()
    before = by_hand.loss_of(W, b, activations, step.trainer.loss, x, y, l1, l2)
    after_W, after_b = [w.tolist() for w in step.after.weights], [v.tolist() for v in step.after.biases]
    after = by_hand.loss_of(after_W, after_b, activations, step.trainer.loss, x, y, l1, l2)
    np.testing.assert_allclose(by_key["loss_after"].result, [before, after, after - before], rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(by_key["update"].result, step.after.theta)
    # The gradient with the penalties, flat: W row by row, then b, with loops.
    flat = []
    for layer in range(len(W)):
        for k, row in enumerate(W[layer]):
            flat += [hand[f"dW{layer + 1}"][k][j] + l1 * by_hand.sign(w) + l2 * w for j, w in enumerate(row)]
        flat += hand[f"db{layer + 1}"]
    if l1 or l2:
        np.testing.assert_allclose(by_key["penalty"].result, before, rtol=1e-9)
        np.testing.assert_allclose(by_key["regularisation"].result, flat, rtol=1e-9, atol=1e-12)
    if step.trainer.clip_norm is not None:
        length = math.sqrt(sum(g * g for g in flat))
        factor = min(1.0, step.trainer.clip_norm / length)
        np.testing.assert_allclose(by_key["clipping"].result, [g * factor for g in flat], rtol=1e-9, atol=1e-12)
    moved = [new - old for new, old in zip(step.after.theta.tolist(), step.before.theta.tolist(), strict=True)]
    predicted = sum(g * way for g, way in zip(flat, moved, strict=True))
    np.testing.assert_allclose(by_key["prediction"].result, [predicted, after - before], rtol=1e-9, atol=1e-12)
    return hand, flat


# ---- the worked reference, frame by frame ----------------------------------------------------------------------------

REFERENCE = {
    "z1": [[0.44, -0.38]],
    "a1": [[0.608259, 0.406127]],
    "z2": [[0.333544]],
    "a2": [[0.582621]],
    "loss": [0.540218],
    "da2": [[-1.716381]],
    "slope2": [[0.243174]],
    "delta2": [[-0.417379]],
    "dW2": [[-0.253874, -0.169509]],
    "db2": [-0.417379],
    "da1": [[-0.333903, 0.208689]],
    "delta1": [[-0.079562, 0.050333]],
    "dW1": [[-0.039781, 0.015912, -0.007956], [0.025167, -0.010067, 0.005033]],
}
REFERENCE_MSE = {
    "loss": [0.174205],
    "delta2": [[-0.202991]],
    "dW2": [[-0.123471, -0.082440]],
    "delta1": [[-0.038695, 0.024479]],
}


@pytest.mark.parametrize(("loss", "known", "after"), [("bce", REFERENCE, 0.512854), ("mse", REFERENCE_MSE, 0.167686)])
def test_the_worked_reference_frame_by_frame(loss, known, after):
    found = frames(reference_step(loss))
    for key, expected in known.items():
        np.testing.assert_allclose(named(found)[key].result, expected, rtol=0, atol=0.51e-6, err_msg=key)
    assert named(found)["loss_after"].result[1] == pytest.approx(after, abs=0.51e-6)
    check_every_line(found)
    check_against_plain_python(reference_step(loss), found)


def test_the_frames_of_the_reference_come_in_the_order_of_the_update():
    assert " ".join(frame.key for frame in frames(reference_step())) == (
        "start z1 a1 z2 a2 loss da2 slope2 delta2 dW2 db2 da1 slope1 delta1 dW1 db1 update loss_after prediction check"
    )


def test_the_frames_of_a_mini_batch_with_everything_switched_on_come_in_order():
    step = step_of(
        (2, 2, 2), "tanh", "softmax", "cross_entropy", 3, optimizer=sn.Adam(weight_decay=0.1), l1=0.1, clip_norm=0.1
    )
    assert ", ".join(frame.key for frame in frames(step, Focus(0, 1, 0))) == (
        "start, z1, a1, z2, a2, losses, loss, penalty, da2, slope2, delta2, dW2, db2, "
        "da1, slope1, delta1, dW1, db1, shares, regularisation, clipping, "
        "optimizer decayed, optimizer m, optimizer v, optimizer m_hat, optimizer v_hat, optimizer step, "
        "update, loss_after, prediction, check"
    )


def test_the_printed_lines_of_the_reference():
    found = named(frames(reference_step()))
    assert [line.latex for line in found["z1"].lines] == [
        r"z^{(1)}_{1}=0.4\cdot 0.5+(-0.6)\cdot (-0.2)+0.2\cdot 0.1+0.1=0.44",
        r"z^{(1)}_{2}=(-0.3)\cdot 0.5+0.5\cdot (-0.2)+0.7\cdot 0.1+(-0.2)=-0.38",
    ]
    assert [line.latex for line in found["delta2"].lines] == [
        r"\delta^{(2)}_{1}=\frac{0.5826-1}{\cancel{0.5826\cdot (1-0.5826)}}\cdot "
        r"\cancel{0.5826\cdot (1-0.5826)}=-0.4174",
        r"\delta^{(2)}_{1}=0.5826-1=-0.4174",
    ]
    assert found["update"].lines[0].latex == r"\text{new }w^{(2)}_{1,1}=0.8-0.1\cdot (-0.2539)=0.8254"


# ---- grids: plain Python, and every printed formula ------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize(("output", "loss"), PAIRS)
def test_every_number_and_formula_of_every_output_and_loss(output, loss, outputs, rows):
    i = PAIRS.index((output, loss))
    hidden = [HIDDEN[(i + rows) % 9], HIDDEN[(i + 4 * outputs) % 9]]
    step = step_of((2, 3, 2, outputs), hidden, output, loss, rows, seed=i)
    found = frames(step, None if rows == 1 else Focus(0, 1, 0, 2))
    check_against_plain_python(step, found)
    check_every_line(found)


@pytest.mark.parametrize("name", HIDDEN)
def test_every_number_and_formula_of_every_hidden_activation(name):
    step = step_of((3, 4, 4, 1), name, "sigmoid", "bce", 2, l2=0.1)
    found = frames(step)
    check_against_plain_python(step, found)
    check_every_line(found)


@pytest.mark.parametrize("layers", range(7))
def test_every_number_and_formula_of_networks_with_0_to_6_hidden_layers(layers):
    step = step_of((3, *[3, 2, 5, 2, 7, 3][:layers], 2), "tanh", "identity", "mse", 4, l1=0.02, l2=0.1, clip_norm=0.3)
    for focus in (None, Focus(0, 1, 2, 3), Focus(0, 0, None, 1)):
        found = frames(step, focus)
        check_against_plain_python(step, found)
        check_every_line(found)


@pytest.mark.parametrize(("updates", "clip_norm"), [(1, None), (4, None), (1, 100.0), (4, 0.05)])
@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=str)
def test_every_number_and_formula_of_every_optimizer(optimizer, updates, clip_norm):
    schedule = sn.SCHEDULES["exponential"](gamma=0.9) if clip_norm else None
    settings = {"optimizer": optimizer, "clip_norm": clip_norm, "schedule": schedule}
    step = step_of((2, 2, 1), "tanh", "sigmoid", "bce", 3, updates=updates, **settings)
    for focus in (Focus(0, 1, 1), Focus(1, 0, None), Focus(0, 0)):
        found = frames(step, focus)
        check_every_line(found)
        check_against_plain_python(step, found)


# ---- PyTorch's numbers -----------------------------------------------------------------------------------------------

with np.load(Path(__file__).parent / "oracles" / "backpropagation.npz") as file:
    ORACLE = {name: file[name] for name in file.files}


@pytest.mark.parametrize(("outputs", "samples"), [(1, 1), (1, 5), (3, 1), (3, 5)])
def test_losses_deltas_and_gradients_of_the_frames_agree_with_pytorch(outputs, samples):
    shapes = [
        (4,),
        (samples, outputs),
        (samples, 3),
        (samples, 2),
        (samples, outputs),
        (samples, 2),
        (3,),
        (2,),
        (outputs,),
    ]
    shapes += [s for _ in range(4) for s in ((3, 2), (2, 3), (outputs, 2))]
    theta, x = ORACLE[f"theta_{outputs}"], ORACLE[f"x_{outputs}"][:samples]
    for case, row in list(
        zip(ORACLE[f"cases_{outputs}x{samples}"], ORACLE[f"numbers_{outputs}x{samples}"], strict=True)
    )[::7]:
        first, second, output, loss = str(case).split()
        y = ORACLE[f"y_real_{outputs}"]
        if loss in ("hinge", "bce"):
            y = ORACLE[f"y_sign_{outputs}"] if loss == "hinge" else (ORACLE[f"y_sign_{outputs}"] + 1) / 2
        elif loss == "cross_entropy":
            y = np.eye(outputs)[ORACLE[f"y_class_{outputs}"]]
        numbers, at = [], 0
        for shape in shapes:
            numbers.append(row[at : at + math.prod(shape)].reshape(shape))
            at += math.prod(shape)
        net = sn.Network((2, 3, 2, outputs), (first, second, output), theta)
        found = named(frames(sn.Trainer(loss=loss, l1=0.03, l2=0.2, optimizer=sn.SGD(0.1)).step(net, x, y[:samples])))
        expected = {
            "a3": 1,
            "delta1": 2,
            "delta2": 3,
            "delta3": 4,
            "db1": 6,
            "db2": 7,
            "db3": 8,
            "dW1": 9,
            "dW2": 10,
            "dW3": 11,
        }
        for key, place in expected.items():
            np.testing.assert_allclose(
                found[key].result, numbers[place], rtol=1e-9, atol=1e-11, err_msg=f"{case} {key}"
            )
        assert found["loss"].result == pytest.approx(numbers[0][0], rel=1e-9)
        assert found["penalty"].result == pytest.approx(numbers[0][3], rel=1e-9)
        W1 = found["regularisation"].result[:6].reshape(3, 2)
        np.testing.assert_allclose(W1, numbers[18], rtol=1e-9, atol=1e-11, err_msg=str(case))


# ---- what is special -------------------------------------------------------------------------------------------------


def test_where_the_output_rounds_to_1_the_slope_is_called_infinite_and_delta_is_still_right():
    net = sn.Network.from_arrays([[[50.0]]], [[0.0]], ["sigmoid"])
    found = frames(sn.Trainer(loss="bce", optimizer=sn.SGD(0.1)).step(net, [[1.0]], [[0.0]]))
    by_key = named(found)
    assert by_key["da1"].result == np.inf
    assert by_key["da1"].lines[0].latex.endswith(r"=\text{infinity}")
    assert "infinite" in by_key["da1"].sentence
    assert by_key["delta1"].result == 1.0
    assert by_key["loss"].result == pytest.approx(50.0)
    check_every_line(found)


def test_where_a_class_has_probability_0_the_slope_is_called_infinite_and_delta_is_still_right():
    net = sn.Network.from_arrays([[[1000.0], [-1000.0]]], [[0.0, 0.0]], ["softmax"])
    found = frames(sn.Trainer(loss="cross_entropy", optimizer=sn.SGD(0.1)).step(net, [[1.0]], np.array([1])))
    by_key = named(found)
    assert np.isinf(by_key["da1"].result).any() and "infinite" in by_key["da1"].sentence
    np.testing.assert_array_equal(by_key["delta1"].result, [[1.0, -1.0]])
    assert by_key["loss"].result == pytest.approx(2000.0)
    check_every_line(found)


@pytest.mark.parametrize(("output", "loss"), [("sigmoid", "bce"), ("softmax", "cross_entropy")])
def test_the_cancellation_to_a_minus_y_is_shown_and_not_just_its_result(output, loss):
    step = step_of((2, 3, 3), "tanh", output, loss, 2)
    lines = [line for line in named(frames(step, Focus(1, 0)))["delta2"].lines if line.cell == (1, 0)]
    assert r"\cancel" in lines[0].latex and r"\cancel" not in lines[1].latex
    assert lines[0].value == lines[1].value


def test_the_prediction_of_plain_descent_is_minus_the_rate_times_the_squared_gradient():
    step = step_of((2, 3, 1), "tanh", "sigmoid", "bce", 4, optimizer=sn.SGD(0.01))
    frame = named(frames(step))["prediction"]
    squared = sum(g * g for g in step.backward.gradient.tolist())
    assert frame.result[0] == pytest.approx(-0.01 * squared, rel=1e-12)
    assert "not plain" not in frame.sentence
    for other in ({"optimizer": sn.Adam(0.01)}, {"optimizer": sn.SGD(0.01), "clip_norm": 1e-3}):
        assert (
            "not plain"
            in named(frames(step_of((2, 3, 1), "tanh", "sigmoid", "bce", 4, **other)))["prediction"].sentence
        )


def test_the_numeric_check_agrees_with_backpropagation_for_every_parameter():
    step = step_of((2, 3, 1), "tanh", "sigmoid", "bce", 4, l1=0.01, l2=0.1)
    W, b, activations = lists(step)
    for layer, (units, sources) in enumerate([(3, 2), (1, 3)]):
        for unit, source in itertools.product(range(units), [*range(sources), None]):
            numeric, analytic, plus, _ = named(frames(step, Focus(layer, unit, source)))["check"].result
            assert numeric == pytest.approx(analytic, abs=1e-8)
            moved = [[[*row] for row in m] for m in W], [[*v] for v in b]
            place = moved[1][layer] if source is None else moved[0][layer][unit]
            place[unit if source is None else source] += 1e-5
            x, y = step.forward.x.tolist(), step.y.tolist()
            assert plus == pytest.approx(by_hand.loss_of(*moved, activations, "bce", x, y, 0.01, 0.1), rel=1e-12)


def test_the_shares_are_the_gradients_of_each_sample_alone():
    step = step_of((2, 4, 3), "tanh", "softmax", "cross_entropy", 6, l2=0.1)
    W, b, activations = lists(step)
    for layer, unit, source in ((0, 3, 1), (0, 2, None), (1, 2, 0)):
        found = shares(step, Focus(layer, unit, source))
        for s in range(6):
            alone = by_hand.update(
                W, b, activations, "cross_entropy", [step.forward.x[s].tolist()], [step.y[s].tolist()]
            )
            expected = alone[f"db{layer + 1}"][unit] if source is None else alone[f"dW{layer + 1}"][unit][source]
            assert found.gradients[s] == pytest.approx(expected, rel=1e-9, abs=1e-13)
        pulls = np.abs(found.gradients)[found.order]
        assert (np.diff(pulls) <= 0).all()
        whole = step.backward.db[layer][unit] if source is None else step.backward.dW[layer][unit, source]
        penalty = 0.0 if source is None else 0.1 * step.before.weights[layer][unit, source]
        assert found.mean == pytest.approx(whole - penalty, rel=1e-9)


def test_the_microscope_shows_one_weight_and_its_last_line_is_what_the_next_step_makes():
    run = sn.Experiment(dataset="xor", samples=60, hidden=(4,), optimizer="adam").start()
    run.advance(updates=3)
    rows = run.next_batch()
    shown = run.trainer.step(run.network, run.x_train[rows], run.y_train[rows], run.optimizer_state, run.update)
    found = microscope(shown, Focus(0, 2, 1))
    assert {line.cell[:2] for f in found if f.key in ("z1", "a1", "da1", "delta1", "dW1") for line in f.lines} == {
        (0, 2)
    }
    assert [line.cell for line in named(found)["dW1"].lines] == [(0, 2, 1)]
    assert not {"z2", "db1", "dW2"} & {f.key for f in found}
    check_every_line(found)
    made = run.step()
    np.testing.assert_array_equal(named(found)["update"].result, made.after.theta)
    assert named(found)["update"].lines[0].value == made.after.weights[0][2, 1]


def test_compute_gradients_and_apply_update_are_two_views_of_one_update():
    found = frames(step_of((2, 3, 1), "tanh", "sigmoid", "bce", 2, optimizer=sn.Adam(0.01), l2=0.1, clip_norm=1.0))
    actions = [f.action for f in found]
    assert [name for name, _ in itertools.groupby(actions)] == ["compute gradients", "apply update", "check"]
    assert all(f.weights_old for f in found if f.action == "compute gradients")
    assert [f.key for f in found if not f.weights_old] == ["update", "loss_after", "prediction"]
    assert {f.stage for f in found} == set(STAGES)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=str)
def test_every_frame_has_words_a_shape_that_is_true_and_code_whose_line_is_found(optimizer):
    step = step_of((2, 5, 3), "tanh", "softmax", "cross_entropy", 3, optimizer=optimizer, l1=0.1, l2=0.1, clip_norm=0.1)
    for frame in frames(step, Focus(0, 4, 1)):
        assert frame.title and frame.sentence.endswith(".") and frame.formula and frame.symbol
        assert frame.shape.split(":")[0] == str(frame.result.shape), frame.key
        assert not frame.result.flags.writeable
        assert frame.lines
        for text in (frame.formula, *(line.latex for line in frame.lines)):
            assert not re.search(r"\^\{[^{}]*\}(_\{[^{}]*\})?\^", text), text  # two powers: a typesetter refuses it
            assert "«" not in text and text.count("{") == text.count("}")
        name, first, text, marked = source_code(frame)
        assert name.endswith(".py") and first > 0 and text.lstrip().startswith("def")
        assert len(marked) == bool(frame.code.mark), (frame.key, frame.code)
        assert all(frame.code.mark in text.splitlines()[line - first] for line in marked)
        assert frame.stage not in ("forward", "backward", "optimizer") or marked or frame.key == "shares", frame.key


MARKED_STEPS = [
    reference_step(),
    reference_step("mse"),
    step_of((2, 3, 4, 3), "relu", "softmax", "cross_entropy", 3, optimizer=sn.Adam(0.01), updates=3),
    step_of((2, 3, 2, 2), "leaky_relu", "softmax", "mse", 4, optimizer=sn.AdamW(0.01, weight_decay=0.0), updates=2),
    step_of((2, 3, 1), "gelu", "tanh", "hinge", 2, optimizer=sn.NAdam(0.01), updates=3, l1=0.1, l2=0.2),
    step_of((2, 3, 1), "identity", "softplus", "mse", 1, optimizer=sn.SGD(0.1)),
    *(
        step_of((2, 3, 2), "tanh", "sigmoid", "bce", 4, optimizer=optimizer, updates=3)
        for optimizer in (
            sn.SGD(0.1, momentum=0.8),
            sn.SGD(0.1, momentum=0.8, dampening=0.3),
            sn.SGD(0.1, momentum=0.8, nesterov=True),
            sn.Adagrad(0.1, lr_decay=0.2),
            sn.Adagrad(0.1),
            sn.Adadelta(),
            sn.RMSProp(0.1),
            sn.RMSProp(0.1, momentum=0.7),
            sn.RMSProp(0.1, centered=True),
            sn.RMSProp(0.1, momentum=0.7, centered=True),
        )
    ),
]


def arguments(step, function, layer):
    """What a textbook function takes, from a step; the f'(z) are the engine's."""
    net, fwd, o, t = step.before, step.forward, step.trainer.optimizer, step.optimizer_after["t"]
    slopes = [sn.ACTIVATIONS[n].derivative(z, a) for n, z, a in zip(net.activations, fwd.z, fwd.a, strict=True)]
    loss_slope = sn.LOSSES[step.trainer.loss].slope(step.y, fwd.output)
    last = sn.activations.softmax_jacobian(fwd.output) if net.activations[-1] == "softmax" else slopes[-1]
    rate, memory = step.learning_rate, step.optimizer_before
    data = sn.backpropagation.chain(net, fwd, step.backward, step.y, step.trainer.loss).gradient
    weights = np.concatenate([np.r_[np.ones(W.size), np.zeros(len(W))] for W in net.weights])
    deltas = (step.y, fwd.output, loss_slope, last)
    start, nothing = (net.theta, step.gradient), np.zeros_like(net.theta)
    given = {
        "forward": lambda: (fwd.x, net.weights, net.biases, [sn.ACTIVATIONS[name].f for name in net.activations]),
        "output_delta": lambda: deltas,
        "own_output_delta": lambda: deltas,
        "softmax_delta": lambda: deltas,
        "backward": lambda: (step.backward.delta[-1], [fwd.x, *fwd.a], net.weights, slopes),
        "descend": lambda: (net.theta, step.gradient, rate),
        "with_penalties": lambda: (data, net.theta * weights, step.trainer.l1, step.trainer.l2),
        "momentum": lambda: (*start, memory["velocity"], 1.0 if t == 1 else 1 - o.dampening, rate, o.momentum),
        "nesterov": lambda: (*start, memory["velocity"], rate, o.momentum),
        "adagrad": lambda: (*start, memory["sum"], t, rate, o.lr_decay, o.eps),
        "adadelta": lambda: (*start, memory["v"], memory["u"], rate, o.rho, o.eps),
        "rmsprop": lambda: (*start, memory["v"], rate, o.alpha, o.eps),
        "rmsprop_in_full": lambda: (
            *(*start, memory["v"], memory.get("average", nothing), memory.get("velocity", nothing)),
            *(rate, o.alpha, o.eps, o.momentum, o.centered),
        ),
        "adam": lambda: (net.theta, step.gradient, memory["m"], memory["v"], t, rate, *o.betas, o.eps),
        "nadam": lambda: (
            *(net.theta, step.gradient, memory["m"], memory["v"], t, memory["mu_product"]),
            *(rate, *o.betas, o.eps, o.momentum_decay),
        ),
    }
    if function.__name__ in given:
        return given[function.__name__]()
    return fwd.z[layer], fwd.a[layer]


def made_by_line(function, given, line):
    """The arrays that a run of the function has only once this line of its file has been executed."""
    made, before, waits = [], [], []

    def arrays(values):
        for value in values:
            if isinstance(value, np.ndarray | float):
                yield value
            elif isinstance(value, list | tuple):
                yield from arrays(value)

    def trace(frame, event, result):
        if frame.f_code is not function.__code__:
            return None
        if waits:
            waits.clear()
            seen = {id(value) for value in before}
            values = [*frame.f_locals.values(), *([result] if event == "return" else [])]
            made.extend(value for value in arrays(values) if id(value) not in seen)
        if event == "line" and frame.f_lineno == line:
            before[:] = arrays(frame.f_locals.values())
            waits.append(line)
        return trace

    sys.settrace(trace)
    try:
        function(*given)
    finally:
        sys.settrace(None)
    return made


@pytest.mark.parametrize("step", MARKED_STEPS, ids=lambda step: str(step.trainer.optimizer))
def test_the_marked_line_of_a_textbook_form_is_the_line_that_computes_the_frame(step):
    for frame in frames(step):
        function = frame.code.function
        if frame.code.engine is None:
            assert "textbook" not in function.__module__
            continue
        (line,) = source_code(frame)[3]
        made = made_by_line(function, arguments(step, function, frame.layer), line)
        like = [value for value in made if np.shape(value) == frame.result.shape]
        assert any(np.allclose(value, frame.result, rtol=1e-9, atol=1e-13) for value in like), frame.key


def test_what_is_shown_as_code_says_whether_it_has_just_run_and_where_training_has_its_own():
    said = {frame.key: place_of_code(frame) for frame in frames(reference_step())}
    assert said["a1"] == "activations.py, sigmoid: the code that has just run"
    assert said["start"] == "trainer.py, Trainer.step: the code of the whole update"
    assert said["dW2"] == (
        "textbook.py, backward: the textbook form. Training runs it on arrays kept for speed: "
        "backpropagation.py, BackwardPass"
    )
    assert "network.py, ForwardPass" in said["z1"] and "optimizers.py, SGD.apply" in said["update"]


def test_what_lights_up_is_in_the_network():
    step = step_of((2, 5, 3), "tanh", "softmax", "cross_entropy", 3)
    for focus in (None, Focus(0, 4, 1, 2), Focus(1, 2, None)):
        for make in (frames, lambda s, f: microscope(s, f or Focus())):
            for frame in make(step, focus):
                for layer, unit in frame.lit.units:
                    assert -1 <= layer < 2 and 0 <= unit < (2, 5, 3)[layer + 1]
                for layer, unit, source in frame.lit.links:
                    assert 0 <= layer < 2 and 0 <= unit < (5, 3)[layer]
                    assert source is None or 0 <= source < (2, 5)[layer]
                assert all(0 <= s < 3 for s in frame.lit.samples)


def test_a_big_network_shows_the_chosen_unit_and_counts_the_rest():
    step = step_of((64, 32, 10), "relu", "softmax", "cross_entropy", 32, optimizer=sn.Adam(), l2=0.01)
    focus = Focus(0, 31, 63, 31)
    found = frames(step, focus)
    check_every_line(found)
    by_key = named(found)
    assert [line.cell for line in by_key["z1"].lines] == [(0, 31)] and by_key["z1"].more == 31
    assert r"57 more" in by_key["z1"].lines[0].latex
    assert (0, 31, 63) in [line.cell for line in by_key["dW1"].lines]
    assert max(len(f.lit.links) for f in found) <= 400
    check_against_plain_python(step, found)


@pytest.mark.parametrize(
    ("focus", "told"),
    [
        (Focus(2, 0), "no bias to unit 0 of layer 2"),
        (Focus(0, 7), "unit 7"),
        (Focus(0, -1), "unit -1"),
        (Focus(0, 0, 5), "weight from 5"),
        (Focus(0, 0, 1, 9), "2 samples"),
    ],
)
def test_a_focus_that_is_not_there_is_refused_in_one_sentence(focus, told):
    step = step_of((2, 3, 1), "tanh", "sigmoid", "bce", 2)
    with pytest.raises(ValueError, match=told):
        frames(step, focus)
    assert Focus(-1).checked(step) == Focus(1, 0, UNIT, 0)


def test_shares_of_a_whole_unit_are_refused():
    with pytest.raises(ValueError, match="whole unit"):
        shares(reference_step(), Focus(0, 1))


def test_an_update_that_overflows_is_told_in_words_and_without_a_warning():
    net = sn.Network.from_arrays([[[1e200]], [[1e100]]], [[0.0], [0.0]], ["identity", "identity"])
    with np.errstate(all="ignore"):
        step = sn.Trainer(loss="mse", optimizer=sn.SGD(0.1)).step(net, [[1.0]], [[0.0]])
    by_key = named(frames(step))
    assert by_key["loss"].lines[0].latex.endswith(r"=\text{infinity}")
    assert not any("nan" in line.latex for frame in by_key.values() for line in frame.lines)


def test_an_old_walk_stays_true_when_training_goes_on():
    run = sn.Experiment(dataset="xor", samples=40, hidden=(3,)).start()
    found = frames(run.step())
    kept = [frame.result.copy() for frame in found]
    run.advance(updates=20)
    for frame, copy in zip(found, kept, strict=True):
        np.testing.assert_array_equal(frame.result, copy)


# ---- the reader itself must be able to say no ------------------------------------------------------------------------


def test_the_reader_finds_a_wrong_result_a_missing_bracket_and_a_number_printed_wrong():
    line = named(frames(reference_step()))["z2"].lines[0]
    start, stop, _ = line.numbers[0]

    def with_number(text, exact):
        shift = len(text) - (stop - start)
        later = [(a + shift, b + shift, v) for a, b, v in line.numbers[1:]]
        latex = line.latex[:start] + text + line.latex[stop:]
        return type(line)(latex, ((start, start + len(text), exact), *later), line.value)

    formula, result = sides(with_number("0.801", 0.801))
    assert not formula.meets(result)
    with pytest.raises(AssertionError, match="brackets"):
        sides(with_number("-0.8", -0.8))
    with pytest.raises(AssertionError, match="printed for"):
        sides(with_number("0.8", 0.8001))
    assert printed("0.5826").contains(0.58264) and not printed("0.5826").contains(0.58266)
    assert not printed("0.5").contains(0.50001)
