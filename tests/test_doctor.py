"""The doctor: each finding is there in a run that has the illness and not in one that has not, and never raises."""

import dataclasses
import math
import re
import statistics
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import scratchnet as sn
from benchmarks.doctor import has_helped, healthy, wilson
from scratchnet import doctor, stopping
from scratchnet import health as health_module
from scratchnet.doctor import Finding, findings
from scratchnet.health import Health, Since, health_of
from scratchnet.numerals import text

CIRCLE = sn.Experiment(dataset="circle", samples=200, hidden=(6,))
DEEP = CIRCLE.replace(hidden=(6,) * 6, optimizer="sgd", learning_rate=0.1, activation="sigmoid")
PLANE = sn.Experiment(dataset="plane", hidden=(), output="identity", loss="mse", optimizer="sgd", learning_rate=0.3)
PENGUINS = sn.Experiment(dataset="penguins", hidden=(8,), **sn.defaults_for("penguins"))
FEW = sn.Experiment(dataset="gauss", samples=200, noise=0.4, train_fraction=0.1, hidden=(8, 8), learning_rate=0.03)
SWINGING = CIRCLE.replace(hidden=(4,), optimizer="rmsprop", learning_rate=1.0)
RELU = CIRCLE.replace(hidden=(8, 8), activation="relu", optimizer="sgd", learning_rate=3.0)
LOUD = sn.Experiment(dataset="moons", hidden=(6,), optimizer="sgd", learning_rate=30.0, samples=200)
PUSHED = CIRCLE.replace(hidden=(6, 6), learning_rate=1.0)
SMALL = CIRCLE.replace(samples=500, activation="relu", optimizer="sgd", learning_rate=3.0)  # 4 of 6 units die
JUMPING = sn.Experiment(dataset="spiral", learning_rate=1.0)  # with Adam
DECAYED = CIRCLE.replace(optimizer="adamw", optimizer_settings={"weight_decay": 10.0})
STUCK = sn.Experiment(dataset="spiral", hidden=(12,), learning_rate=0.001, samples=200, noise=0.4)
MILDER = {"optimizer_settings": {"momentum": 0.9}, "learning_rate": 0.03}
# kind, the one that has it, how many epochs it is trained, and what is different in one that has not
CASES = [
    ("unscaled", PENGUINS, 20, {"scaling": "standard"}),
    ("alike", CIRCLE.replace(initializer="zeros"), 20, {"initializer": "glorot_uniform"}),
    ("alike", CIRCLE.replace(initializer="constant", hidden=(6, 4)), 20, {"initializer": "he_normal"}),
    ("too fast", PLANE, 20, {"learning_rate": 0.03}),
    ("too fast", LOUD, 40, {"learning_rate": 0.3}),
    ("too fast", JUMPING, 60, {"learning_rate": 0.01}),
    ("too fast", CIRCLE.replace(optimizer="sgd", optimizer_settings={"momentum": 0.99}, learning_rate=0.3), 40, MILDER),
    ("dead", RELU, 20, {"learning_rate": 0.1}),
    ("dead", SMALL, 4, {"learning_rate": 0.1}),
    ("dead", RELU.replace(activation=("tanh", "relu")), 20, {"activation": ("tanh", "leaky_relu")}),
    ("saturated", PUSHED, 40, {"learning_rate": 0.01}),
    ("vanishing", DEEP, 40, {"activation": "tanh"}),
    (
        "vanishing",
        DEEP.replace(dataset="spiral", samples=500, optimizer="adam", learning_rate=0.01),
        60,
        {"activation": "tanh"},
    ),
    ("too strong", CIRCLE.replace(l2=0.1), 15, {"l2": 1e-4}),
    ("too strong", CIRCLE.replace(l1=0.1), 60, {"l1": 1e-4}),
    ("too strong", CIRCLE.replace(optimizer_settings={"weight_decay": 0.3}), 15, {"optimizer_settings": {}}),
    ("too strong", DECAYED, 4, {"optimizer_settings": {"weight_decay": 0.01}}),
    ("too slow", CIRCLE.replace(samples=500, optimizer="sgd", learning_rate=1e-3), 20, {"learning_rate": 0.1}),
    ("too slow", CIRCLE.replace(optimizer="sgd", learning_rate=1e-5), 20, {"learning_rate": 0.1}),
    ("overfitting", FEW, 150, {"train_fraction": 0.5, "noise": 0.1}),
    ("oscillation", SWINGING, 40, {"learning_rate": 0.01}),
    ("underfitting", sn.Experiment(dataset="xor", hidden=(), samples=300), 150, {"hidden": (8,)}),
    ("underfitting", sn.Experiment(dataset="circle", activation="identity"), 15, {"activation": "tanh"}),
    ("plateau", STUCK, 200, {"noise": 0.0, "learning_rate": 0.01}),
]
IDS = [f"{kind} {place}" for place, (kind, *_) in enumerate(CASES)]


def trained(experiment: sn.Experiment, epochs: int) -> sn.Run:
    run = experiment.start()
    run.advance(epochs=epochs)
    return run


def found(run: sn.Run) -> dict[str, Finding]:
    return {finding.kind: finding for finding in findings(health_of(run))}


def with_losses(history: sn.History, losses: np.ndarray) -> sn.History:
    return dataclasses.replace(history, train_loss=losses)


@pytest.mark.parametrize(("kind", "ill", "epochs", "other"), CASES, ids=IDS)
def test_a_run_that_has_the_illness_is_found_ill_and_one_that_has_not_is_not(kind, ill, epochs, other):
    run = trained(ill, epochs)
    finding = found(run)[kind]
    assert 0 <= finding.update <= run.update and 0 <= finding.remedy.update <= run.update
    assert finding.sentence.endswith(".") and "nan" not in finding.sentence
    if finding.layer is not None:
        units = run.experiment.sizes[finding.layer + 1]
        assert finding.unit is None or 0 <= finding.unit < units
    assert kind not in found(trained(ill.replace(**other), epochs))


@pytest.mark.parametrize(("kind", "ill", "epochs", "other"), CASES, ids=IDS)
def test_what_is_advised_for_each_of_them_is_another_experiment_and_helps(kind, ill, epochs, other):
    run = trained(ill, epochs)
    finding = found(run)[kind]
    changes = finding.remedy.changes
    assert changes and all(getattr(run.settings, name) != value for name, value in changes.items())
    assert finding.remedy.is_live == all(name in sn.LIVE_SETTINGS for name in changes)
    assert finding.remedy.is_live or finding.remedy.update == 0
    assert has_helped(run, finding)


# ---- the evidence of each, by plain means -------------------------------------------------------------------------


def test_the_largest_input_is_named_as_its_column_is():
    run = trained(PENGUINS, 1)
    names, x = run.dataset.names, run.dataset.x_train
    largest = max(abs(value) for value in x.ravel().tolist())
    finding = found(run)["unscaled"]
    assert finding.evidence["largest"] == largest > doctor.LARGE
    assert f"{names[int(np.argmax(x.max(axis=0)))]} reaches {text(largest)}" in finding.sentence


def test_targets_of_a_regression_are_looked_at_as_inputs_are():
    x = np.linspace(-1, 1, 40)[:, None]
    points = sn.Points("prices", x, 5000 * x[:, 0], ("size",), "price")
    one = sn.Experiment(dataset=points, hidden=(3,), learning_rate=1e-4, **sn.defaults_for(points))
    run = trained(one, 1)
    largest = max(abs(value) for value in run.y_train.ravel().tolist())
    assert f"the target reaches {text(largest)}" in found(run)["unscaled"].sentence and largest > 4000
    assert "unscaled" not in found(trained(one.replace(scaling="standard"), 1))


def test_which_units_are_dead_and_since_when_is_what_a_fresh_run_shows():
    run = trained(RELU, 20)
    finding = found(run)["dead"]
    fresh = RELU.start()

    def dead_units():
        a = fresh.network.forward(fresh.x_train).a[finding.layer]
        return [unit for unit in range(8) if all(value == 0 for value in a[:, unit].tolist())]

    fresh.goto(run.update)
    assert finding.evidence["dead"] == len(dead_units()) > 6 and finding.unit == dead_units()[0]
    fresh.goto(finding.update)
    assert len(dead_units()) > 6
    fresh.goto(finding.remedy.update)
    assert finding.remedy.update < finding.update and len(dead_units()) <= 6
    assert finding.sentence.startswith(f"{finding.evidence['dead']} of 8 units of layer {finding.layer + 1} are dead")


def test_a_saturated_unit_is_one_that_answers_about_the_same_at_every_point():
    run = trained(PUSHED, 40)
    finding = found(run)["saturated"]
    a = run.network.forward(run.x_train).a[finding.layer]
    stuck = [
        unit
        for unit, answers in enumerate(a.T.tolist())
        if statistics.mean(1 - v * v <= 0.05 for v in answers) >= 0.99 and statistics.pstdev(answers) < 0.2
    ]
    assert stuck == sorted({finding.unit, *stuck}) and finding.unit == stuck[0]
    assert finding.evidence["saturated"] == len(stuck) >= 3


def test_how_far_a_gradient_has_vanished_is_told_per_weight_and_how_slow_a_rate_is_by_its_updates():
    run = trained(DEEP, 40)
    finding = found(run)["vanishing"]
    bwd = sn.backpropagate(run.network, run.network.forward(run.x_train), run.y_train, "bce")
    means = [
        math.sqrt(statistics.mean(v * v for v in [*dW.ravel().tolist(), *db.tolist()]))
        for dW, db in zip(bwd.dW, bwd.db, strict=True)
    ]
    share = means[0] / max(means)
    assert finding.evidence["share"] == pytest.approx(share)
    assert f"at update {run.update:,} it is for a weight of layer 1 {text(share, 3)} of that" in finding.sentence
    assert finding.layer == 0 and "of the output layer" in finding.sentence and finding.update == run.update
    slow = trained(CIRCLE.replace(optimizer="sgd", learning_rate=1e-5), 20)
    ratio = found(slow)["too slow"].evidence["ratio"]
    before, after = slow.network, slow.step().after
    moved = [
        np.linalg.norm(new - old) / np.linalg.norm(old) for old, new in zip(before.weights, after.weights, strict=True)
    ]
    assert ratio == pytest.approx(max(moved), rel=1.0) and ratio < 5e-5


def test_overfitting_begins_where_the_loss_of_the_points_held_out_is_lowest():
    for experiment in (FEW, FEW.replace(validation_fraction=0.3)):
        run = trained(experiment, 150)
        part = "validation" if experiment.validation_fraction else "test"
        losses = getattr(run.history, f"{part}_loss").tolist()
        finding = found(run)["overfitting"]
        assert finding.update == run.history.update[losses.index(min(losses))]
        assert f"the {part} loss rose from {text(min(losses))} to {text(losses[-1])}" in finding.sentence
        assert finding.remedy.update <= finding.update


def test_points_that_are_trained_on_and_tested_on_are_not_learned_by_heart():
    fixed = sn.Experiment(dataset="xor_gate", hidden=(8, 8), learning_rate=0.1)
    assert health_of(trained(fixed, 100)).held_out == ""
    assert "overfitting" not in found(trained(fixed, 100))


def test_a_loss_swings_where_it_turns_as_often_as_not_and_by_much():
    run = trained(SWINGING, 40)
    losses = run.history.train_loss[-21:].tolist()
    changes = [later - earlier for earlier, later in pairwise(losses)]
    turns = sum((one < 0) != (other < 0) for one, other in pairwise(changes))
    finding = found(run)["oscillation"]
    assert finding.evidence["turns"] == turns >= 10
    assert finding.evidence["size"] == pytest.approx(statistics.mean(map(abs, changes)) / run.history.train_loss[0])


def test_a_momentum_that_never_fades_is_what_is_changed_not_the_rate():
    run = trained(CIRCLE.replace(optimizer="sgd", optimizer_settings={"momentum": 1.5}, learning_rate=0.1), 40)
    assert run.status == "diverged"
    assert found(run)["too fast"].remedy.changes == {"optimizer_settings": {"momentum": 0.9}}


def test_a_rate_that_was_raised_on_the_way_is_lowered_from_there_on_not_before():
    run = trained(CIRCLE.replace(optimizer="sgd", learning_rate=0.1), 10)
    best = run.update  # the last epoch end, where the loss was lowest
    run.advance(updates=5)
    raised = run.update
    run.change(learning_rate=1000.0)
    run.advance(epochs=20)
    remedy = found(run)["too fast"].remedy
    assert run.history.update[run.history.train_loss.argmin()] == best
    assert remedy.update == raised and remedy.changes["learning_rate"] <= 100
    fork = run.fork()
    fork.goto(remedy.update)
    assert fork.settings.learning_rate == 1000.0
    fork.change(**remedy.changes)
    assert fork.settings.learning_rate == remedy.changes["learning_rate"]


def test_a_schedule_that_has_made_the_rate_0_is_taken_away():
    one = CIRCLE.replace(schedule="cosine", schedule_settings={"t_max": 100})
    finding = found(trained(one, 20))["too slow"]
    assert finding.remedy.changes == {"schedule": "constant"}


def test_units_made_alike_by_hand_get_other_weights_and_zeros_another_start():
    assert found(CIRCLE.replace(initializer="zeros").start())["alike"].remedy.changes == {
        "initializer": "glorot_uniform"
    }
    run = CIRCLE.replace(hidden=(2,)).start()
    for layer, unit, source in ((0, 0, 0), (0, 1, 0), (0, 0, 1), (0, 1, 1), (1, 0, 0), (1, 0, 1)):
        run.edit(layer, unit, source, 0.5)
    assert found(run)["alike"].remedy.changes == {"init_seed": 1}


def test_a_symptom_is_told_only_where_no_cause_was_found():
    run = trained(sn.Experiment(dataset="xor", hidden=(), samples=300, optimizer="sgd", learning_rate=1e-8), 150)
    assert stopping.plateau(run.history)
    assert list(found(run)) == ["too slow"]
    assert doctor.underfitting(health_of(run)) is not None


def test_the_worst_comes_first():
    loud = trained(LOUD.replace(learning_rate=100.0, l2=1e-3), 40)
    order = [finding.severity for finding in findings(health_of(loud))]
    assert len(order) > 1 and order == sorted(order, reverse=True)


def test_a_network_that_cannot_be_made_wider_is_not_advised_to_be():
    health = health_of(trained(sn.Experiment(dataset="xor", hidden=(), samples=300), 150))
    assert doctor.underfitting(health) is not None
    assert doctor.underfitting(dataclasses.replace(health, points=10**6)) is None


# ---- what is said together ----------------------------------------------------------------------------------------


def at_odds(run: sn.Run, said: tuple[Finding, ...]) -> list[tuple[str, str, str]]:
    """(kind, kind, setting) of findings that would turn one setting two ways: up and down, or to two names."""
    found = []
    for place, one in enumerate(said):
        for other in said[place + 1 :]:
            for name in set(one.remedy.changes) & set(other.remedy.changes):
                first, second, now = one.remedy.changes[name], other.remedy.changes[name], getattr(run.settings, name)
                is_number = isinstance(now, float | int)
                if (first - now) * (second - now) < 0 if is_number else first != second:
                    found.append((one.kind, other.kind, name))
    return found


ROUGH = {
    "dataset": ("circle", "spiral", "xor", "moons"),
    "samples": (100, 200),
    "hidden": ((6,), (8, 8), (6, 4, 4)),
    "activation": ("relu", "tanh", "sigmoid", "elu"),
    "initializer": ("glorot_uniform", "he_uniform", "standard_normal", "constant", "zeros"),
    "optimizer": ("sgd", "adam", "rmsprop"),
    "learning_rate": (1e-7, 1e-5, 0.01, 1.0, 10.0, 1000.0),
    "schedule": ("constant", "constant", "cosine"),
}


def test_of_rough_drawn_settings_no_two_findings_turn_one_setting_two_ways():
    rng, kinds = np.random.default_rng(11), set()
    for _ in range(120):
        chosen = {name: values[rng.integers(len(values))] for name, values in ROUGH.items()}
        if rng.random() < 0.5:  # each layer with an activation of its own
            several = ROUGH["activation"]
            chosen["activation"] = tuple(several[rng.integers(len(several))] for _ in chosen["hidden"])
        run = trained(sn.Experiment(**chosen, init_seed=int(rng.integers(1000))), int(rng.choice([5, 25])))
        said = findings(health_of(run))
        assert at_odds(run, said) == [], run.experiment.to_query()
        here = {finding.kind for finding in said}
        if "too slow" in here:
            assert not here & {"too fast", "dead", "saturated", "oscillation", "unscaled"}, run.experiment.to_query()
            assert run.history.train_loss[-1] <= 1.01 * run.history.train_loss[0]
        assert not {"vanishing", "too fast"} <= here, run.experiment.to_query()
        kinds |= here
    assert {"too slow", "too fast", "dead", "saturated", "vanishing", "alike"} <= kinds, "all of them were drawn"


USUAL = sn.Experiment(dataset="circle")


@pytest.mark.parametrize(
    ("experiment", "epochs", "cause"),
    [
        (USUAL.replace(activation="relu", learning_rate=1.0), 60, "dead"),
        (USUAL.replace(dataset="spiral", optimizer="sgd", activation="relu", learning_rate=10.0), 60, "dead"),
        (USUAL.replace(dataset="spiral", activation="sigmoid", learning_rate=1.0), 60, "saturated"),
        (USUAL.replace(optimizer="sgd", activation="relu", learning_rate=1000.0), 60, "too fast"),  # it diverges
        (USUAL.replace(optimizer="sgd", activation="sigmoid", learning_rate=1000.0), 60, "too fast"),
        (USUAL.replace(optimizer="sgd", activation="tanh", learning_rate=10.0), 60, "too fast"),
    ],
)
def test_what_keeps_a_network_from_learning_is_said_and_not_that_its_rate_is_too_low_or_its_gradient_vanishes(
    experiment, epochs, cause
):
    said = found(trained(experiment, epochs))
    assert cause in said and not {"too slow", "vanishing"} & set(said)
    rates = [one.remedy.changes["learning_rate"] for one in said.values() if "learning_rate" in one.remedy.changes]
    assert all(rate < experiment.learning_rate for rate in rates)


def test_a_rate_that_threw_the_weights_far_at_once_is_too_high_though_no_update_moves_them_any_more():
    run = trained(USUAL.replace(optimizer="sgd", activation="sigmoid", learning_rate=1000.0), 60)
    loss = run.history.train_loss
    assert loss[-1] > 100 * loss[0]
    finding, fresh, moved = found(run)["too fast"], run.experiment.start(), {}
    for update in health_of(run).update.tolist():
        fresh.goto(update)
        before, after = fresh.network, fresh.fork().step().after
        moved[update + 1] = [
            math.dist(new.ravel(), old.ravel()) / math.hypot(*old.ravel())
            for old, new in zip(before.weights, after.weights, strict=True)
        ]
    assert statistics.median(max(sizes) for sizes in list(moved.values())[-16:]) < 0.1, "now they hardly move"
    worst = max(moved, key=lambda update: max(moved[update]))
    assert finding.evidence["ratio"] == pytest.approx(max(moved[worst]))
    assert finding.layer == moved[worst].index(max(moved[worst]))
    words = (
        f"update {worst:,} changed the weights of a layer by {text(finding.evidence['ratio'], 3)} times their own size"
    )
    assert words in finding.sentence and finding.remedy.changes["learning_rate"] == 1.0


def test_a_rate_that_was_lowered_since_is_no_longer_called_too_high():
    run = trained(USUAL.replace(optimizer="sgd", activation="sigmoid", learning_rate=1000.0), 5)
    assert "too fast" in found(run)
    run.change(learning_rate=0.001)
    run.advance(epochs=20)
    assert run.history.train_loss[-1] > 100 * run.history.train_loss[0]
    assert "too fast" not in found(run)


@pytest.mark.parametrize(
    ("kind", "ill", "epochs", "change"),
    [
        ("too fast", LOUD, 40, {"learning_rate": 29.0}),
        ("too fast", JUMPING, 60, {"clip_norm": 1e6}),
        ("too slow", CIRCLE.replace(optimizer="sgd", learning_rate=1e-5), 20, {"learning_rate": 2e-5}),
        ("too strong", CIRCLE.replace(l2=0.1), 15, {"l2": 0.09}),
        ("too strong", DECAYED, 4, {"optimizer_settings": {"weight_decay": 9.0}}),
        ("oscillation", SWINGING, 40, {"learning_rate": 1.1}),
        ("overfitting", FEW, 150, {"l2": 1e-9}),
        ("plateau", STUCK, 200, {"batch_size": 11}),
    ],
)
def test_a_setting_is_judged_by_updates_that_were_made_with_it_alone(kind, ill, epochs, change):
    run = trained(ill, epochs)
    assert kind in found(run) and doctor.waits_since(health_of(run)) is None
    changed = run.update
    run.change(**change)
    for updates in (0, 1, 2):
        run.advance(updates=updates)
        assert kind not in found(run), (updates, found(run)[kind].sentence)
        assert doctor.waits_since(health_of(run)) == changed
    if kind != "overfitting":  # which has come to its end
        run.advance(epochs=2 * epochs)
        assert doctor.waits_since(health_of(run)) is None
        finding = found(run)["too fast" if kind == "oscillation" else kind]  # it still swings, and gets nowhere
        assert finding.remedy.update >= changed and finding.update >= changed


def test_a_loss_that_rose_before_a_change_is_not_what_is_said_of_the_rate_since():
    run = trained(LOUD, 5)
    run.change(learning_rate=1e-4)
    run.advance(epochs=5)
    row, changed = len(run.history.update) - 1, run.update
    run.change(learning_rate=300.0)
    run.advance(epochs=15)
    sentence, losses = found(run)["too fast"].sentence, run.history.train_loss
    assert losses[row] > 1.5 * losses[0] and run.history.update[row] == changed
    said = f"rose from {text(losses[row])} at the end of epoch 10 to {text(losses[-1])} at the end of epoch 25."
    assert sentence.endswith(said)
    _, first, second = re.split(r"half of the last (\d+) updates looked at", sentence)[0:3]
    there, largest = run.fork(), []
    moments = [update for update in health_of(run).update.tolist() if changed <= update < run.update]
    for update in moments[-int(first) :]:
        there.goto(update)
        before = there.network.weights
        after = there.step().after.weights
        largest.append(max(np.linalg.norm(b - a) / np.linalg.norm(a) for a, b in zip(before, after, strict=True)))
    assert len(largest) == int(first)
    assert second.startswith(f" change the weights of a layer by {text(statistics.median(largest), 3)} of")


def test_straight_after_its_remedy_nothing_is_said_of_what_the_old_rate_has_done_to_the_gradient():
    one = CIRCLE.replace(noise=0.1, hidden=(8, 6), optimizer="sgd", learning_rate=10.0)
    run = one.start()
    run.advance(updates=3515)
    remedy = found(run)["too fast"].remedy
    assert (remedy.update, remedy.changes) == (64, {"learning_rate": 0.1})
    run.goto(remedy.update)
    run.change(**remedy.changes)
    bwd = sn.backpropagate(run.network, run.network.forward(run.x_train), run.y_train, "bce")
    mean = [math.sqrt(statistics.mean([*(dW.ravel() ** 2), *(db**2)])) for dW, db in zip(bwd.dW, bwd.db, strict=True)]
    assert mean[0] < 0.01 * max(mean), "which would be called vanishing"
    assert found(run) == {} and doctor.waits_since(health_of(run)) == 64


def test_dead_units_are_blamed_on_the_rate_that_killed_them_not_on_a_later_one():
    run = trained(RELU, 20)
    before = found(run)["dead"]
    run.change(learning_rate=0.001)
    run.advance(epochs=1)
    assert found(run)["dead"].remedy == before.remedy and before.remedy.changes == {"learning_rate": 0.3}


def test_a_risen_loss_is_never_that_of_a_rate_that_is_too_low():
    run = trained(CIRCLE.replace(optimizer="sgd", learning_rate=1e-5), 20)
    health = health_of(run)
    assert doctor.too_slow(health) is not None
    losses = run.history.train_loss.copy()
    losses[-1] = 1.02 * losses[0]
    assert doctor.too_slow(dataclasses.replace(health, history=with_losses(run.history, losses))) is None


def test_a_diverged_run_is_said_to_fail_at_the_update_that_the_run_itself_names():
    run = trained(PLANE, 20)
    assert run.status == "diverged"
    named = re.match(r"Update ([\d,]+) ", run.reason)[1]
    sentence = found(run)["too fast"].sentence
    assert f"update {named} " in sentence and f"update {run.update:,} " not in sentence
    assert named == f"{run.update + 1:,}"


def test_a_gradient_that_does_not_get_to_the_first_layer_at_all_has_not_vanished_on_its_way():
    health = health_of(trained(DEEP, 40))
    assert doctor.vanishing(health) is not None
    gradient = health.gradient.copy()
    gradient[-1, 0] = 0.0
    assert doctor.vanishing(dataclasses.replace(health, gradient=gradient)) is None
    gradient[:-1, 0], gradient[-1, 0] = 0.0, health.gradient[-1, 0]
    assert doctor.vanishing(dataclasses.replace(health, gradient=gradient)) is None, "it did so once alone"


@pytest.mark.parametrize(("activation", "cause"), [("sigmoid", doctor.saturated), ("softplus", doctor.dead)])
def test_where_units_are_flat_everywhere_they_are_why_the_gradient_is_lost(activation, cause):
    health = health_of(trained(DEEP.replace(activation=activation, initializer="lecun_normal"), 10))
    gradient = np.ones_like(health.gradient)
    gradient[:, 0] = 1e-5
    health = dataclasses.replace(health, gradient=gradient)
    assert cause(health) is None and doctor.vanishing(health) is not None
    health = dataclasses.replace(
        health,
        flat=tuple(np.ones_like(shares) for shares in health.flat),
        lost=tuple(np.ones_like(lost) for lost in health.lost),
        since=tuple(Since(-1, 0, True) for _ in health.since),
    )
    assert cause(health) is not None and doctor.vanishing(health) is None


def test_a_training_loss_that_rises_as_well_is_not_learning_by_heart():
    run = trained(FEW, 150)
    health, history = health_of(run), run.history
    assert doctor.overfitting(health) is not None
    losses = history.train_loss.copy()
    losses[-1] = 1.1 * losses[history.test_loss.argmin()]
    assert doctor.overfitting(dataclasses.replace(health, history=with_losses(history, losses))) is None


def test_a_loss_that_rises_again_is_no_sign_of_a_small_network_and_no_plateau():
    run = trained(sn.Experiment(dataset="xor", hidden=(), samples=300), 150)
    health, history = health_of(run), run.history
    rising = dataclasses.replace(health, history=with_losses(history, 0.7 + 0.01 * history.epoch))
    assert stopping.plateau(rising.history).endswith("a rise")
    for look in (doctor.underfitting, doctor.plateau):
        assert look(health) is not None and look(rising) is None


def test_a_rate_is_not_called_too_low_where_numbers_are_badly_scaled_the_run_has_diverged_or_its_loss_swings():
    slow = health_of(trained(CIRCLE.replace(optimizer="sgd", learning_rate=1e-5), 40))
    assert doctor.too_slow(slow) is not None
    large = dataclasses.replace(slow, largest_input=np.array([1.0, 5000.0]))
    assert doctor.unscaled(large) is not None and doctor.too_slow(large) is None
    diverged = dataclasses.replace(slow, has_diverged=True)
    assert doctor.too_fast(diverged) is not None and doctor.too_slow(diverged) is None
    losses = slow.history.train_loss * np.where(np.arange(len(slow.history.epoch)) % 2, 1.5, 1.0)
    losses[-1] = slow.history.train_loss[0]
    swinging = dataclasses.replace(slow, history=with_losses(slow.history, losses))
    assert doctor.oscillation(swinging) is not None and doctor.too_slow(swinging) is None


# ---- since when, and from when on -----------------------------------------------------------------------------------


def lost_units(run: sn.Run, layer: int) -> list[int]:
    """The units of a layer that are dead or saturated where a run stands, by plain means: relu, tanh and sigmoid."""
    a, kind = run.network.forward(run.x_train).a[layer], run.experiment.activations[layer]
    found = []
    for unit, values in enumerate(a.T.tolist()):
        if kind == "relu":
            is_lost = not any(values)
        else:
            flat = [1 - v * v <= 0.05 if kind == "tanh" else v * (1 - v) <= 0.0125 for v in values]
            is_lost = statistics.mean(flat) >= 0.99 and statistics.pstdev(values) <= (0.2 if kind == "tanh" else 0.1)
        found += [unit] * is_lost
    return found


LOSING = [
    RELU,
    SMALL,
    PUSHED,
    JUMPING.replace(activation="relu"),
    CIRCLE.replace(activation="relu", optimizer="sgd", optimizer_settings={"momentum": 0.99}, learning_rate=0.1),
    sn.Experiment(dataset="circle", activation="sigmoid", optimizer="sgd", learning_rate=10.0),
]


@pytest.mark.parametrize("experiment", LOSING)
def test_each_since_of_a_run_is_true_at_its_update_whenever_it_is_said_and_its_remedy_begins_where_most_units_live(
    experiment,
):
    run, said = experiment.start(), 0
    for updates in (10, 20, 70, 150, 250, 500):
        run.advance(updates=updates)
        for kind in ("dead", "saturated"):
            finding = found(run).get(kind)
            if finding is None:
                continue
            units = lost_units(run, finding.layer)
            assert finding.evidence[kind] == len(units) and finding.unit == units[0]
            since = re.search(r" (?:It has|They have) been since update ([\d,]+)\.$", finding.sentence)
            assert since, finding.sentence
            begin = int(since[1].replace(",", ""))
            assert begin == finding.update
            there = experiment.start()
            there.goto(begin - 1)
            assert not {*units} <= {*lost_units(there, finding.layer)}
            while there.update < run.update:
                there.step()
                assert {*units} <= {*lost_units(there, finding.layer)}, (begin, there.update)
            if finding.remedy.is_live:
                there.goto(finding.remedy.update)
                assert finding.remedy.update < begin
                assert len(lost_units(there, finding.layer)) < experiment.hidden[finding.layer] / 2
            said += 1
    assert said


def test_what_could_not_be_searched_is_said_between_two_updates_and_what_was_not_seen_is_not_called_since(monkeypatch):
    run = trained(RELU, 20)
    layer = found(run)["dead"].layer
    units = lost_units(run, layer)
    monkeypatch.setattr(health_module, "SEARCH", 0)
    finding, there = found(run)["dead"], RELU.start()
    said = re.search(
        r"Between update ([\d,]+), when not all of them were, and update ([\d,]+) they became so\.$", finding.sentence
    )
    first, last = (int(number.replace(",", "")) for number in said.groups())
    there.goto(first)
    assert not {*units} <= {*lost_units(there, layer)}
    there.goto(last)
    assert {*units} <= {*lost_units(there, layer)} and first < last - 1 and finding.update == last
    monkeypatch.setattr(health_module, "SEARCH", 3_000_000)
    sentence = found(run)["dead"].sentence
    said = re.search(
        r"At update (\d+) not all of them were; at update (\d+) and every moment looked at since", sentence
    )
    before, begin = map(int, said.groups())
    assert begin == before + 1
    there.goto(before)
    assert not {*units} <= {*lost_units(there, layer)}
    there.step()
    assert {*units} <= {*lost_units(there, layer)}


def test_units_that_are_dead_from_the_start_get_another_start():
    one = CIRCLE.replace(activation="relu", initializer="zeros", hidden=(4,))
    finding = doctor.dead(health_of(trained(one, 5)))
    assert finding.sentence.endswith("They have been from the start.") and finding.update == 0
    assert finding.remedy.changes == {"activation": "leaky_relu", "initializer": "he_uniform"}


def test_the_numbers_of_a_rate_that_jumps_are_those_of_plain_updates_and_of_the_curve():
    run = trained(JUMPING, 60)
    finding, there, changed = found(run)["too fast"], JUMPING.start(), []
    moments = health_of(run).update.tolist()
    recent = moments[-(len(moments) // 4) :]
    for update in recent:
        there.goto(update)
        batch = there.next_batch()
        x, y = there.x_train[batch], there.y_train[batch]

        def loss(network, x=x, y=y):
            p = network.predict(x)[:, 0].tolist()
            return -statistics.mean(
                math.log(v) if t else math.log(1 - v) for v, t in zip(p, y[:, 0].tolist(), strict=True)
            )

        before = loss(there.network)
        changed.append(abs(loss(there.step().after) - before))
    start = run.history.train_loss[0]
    assert finding.evidence["own"] == pytest.approx(statistics.median(changed) / start, rel=1e-6)
    assert finding.update == recent[int(np.argmax(changed))]
    losses = run.history.train_loss.tolist()
    first, last = text(statistics.median(losses[16:31])), text(statistics.median(losses[31:61]))
    assert f"the median training loss of epochs 16 to 30 was {first}, of those to 60 {last}" in finding.sentence
    assert f"half of the last {len(recent)} updates looked at" in finding.sentence


def test_a_strong_momentum_is_said_to_make_steps_longer():
    run = trained(CIRCLE.replace(optimizer="sgd", optimizer_settings={"momentum": 0.99}, learning_rate=0.3), 40)
    words = "Momentum 0.99 makes steps that go the same way up to 100 times as long."
    assert words in found(run)["too fast"].sentence
    assert sum(0.99**step for step in range(5000)) == pytest.approx(100)


def test_how_strongly_weights_are_held_down_is_told_by_the_slopes_of_penalty_and_data():
    run = trained(CIRCLE.replace(l2=0.1), 15)
    bwd = sn.backpropagate(run.network, run.network.forward(run.x_train), run.y_train, "bce")
    of_data = math.hypot(*(value for dW in bwd.dW for value in dW.ravel().tolist()))
    of_penalty = math.hypot(*(0.1 * value for W in run.network.weights for value in W.ravel().tolist()))
    finding = found(run)["too strong"]
    assert finding.evidence["pull"] == pytest.approx(of_penalty / of_data)
    assert f"L2 draws them towards 0 {text(of_penalty / of_data, 3)} times as strongly" in finding.sentence
    assert finding.remedy.changes == {"l2": 0.001} and finding.remedy.update == 0
    of_adamw = found(trained(DECAYED, 4))["too strong"]
    assert "weight decay takes 10 % off each of them in every update" in of_adamw.sentence
    assert of_adamw.remedy.changes == {"optimizer_settings": {"weight_decay": 0.01}}


def test_half_of_a_layer_dead_is_told_where_nothing_is_learned_and_two_thirds_wherever_the_run_is_not_solved():
    run = trained(SMALL, 4)
    assert found(run)["dead"].evidence == {"dead": 4, "units": 6, "points": 250}
    health = health_of(run)
    falling = np.linspace(1.0, 0.2, len(run.history.epoch))
    learning = dataclasses.replace(health, history=with_losses(run.history, falling))
    assert doctor.dead(learning) is not None
    lost = health.lost[0].copy()
    lost[-1] = [True] * 3 + [False] * 3
    half = dataclasses.replace(health, lost=(lost,))
    stuck = dataclasses.replace(half, history=with_losses(run.history, np.ones(len(falling))))
    assert doctor.dead(stuck) is not None
    assert doctor.dead(dataclasses.replace(half, history=with_losses(run.history, falling))) is None
    solved = dataclasses.replace(run.history, test_score=np.ones(len(falling)))
    assert doctor.dead(dataclasses.replace(health, history=solved)) is None


# ---- whatever the run ---------------------------------------------------------------------------------------------


@st.composite
def runs(draw) -> sn.Run:
    """A run of anything: data, network, optimizer, rates from far too low to far too high, few updates or many."""
    name = draw(
        st.sampled_from(["circle", "six_blobs", "multi_gaussian", "sine", "xor_gate", "tutorial", "digits", "wine"])
    )
    spec = sn.spec_of(name)
    hidden = tuple(draw(st.lists(st.integers(1, 6), max_size=4)))
    activations = sorted(set(sn.ACTIVATIONS) - {"softmax"})
    experiment = sn.Experiment(
        dataset=name,
        samples=draw(st.sampled_from([20, 60])),
        scaling=draw(st.sampled_from(["none", "standard", "minmax"])),
        hidden=hidden,
        activation=tuple(draw(st.sampled_from(activations)) for _ in hidden) or "tanh",
        initializer=draw(st.sampled_from(sorted(sn.INITIALIZERS))),
        optimizer=draw(st.sampled_from(sorted(sn.OPTIMIZERS))),
        learning_rate=draw(st.sampled_from([1e-12, 1e-4, 0.01, 1.0, 100.0, 1e6])),
        schedule=draw(st.sampled_from(sorted(sn.SCHEDULES))),
        batch_size=draw(st.sampled_from([1, 10, 10_000])),
        l2=draw(st.sampled_from([0.0, 0.1])),
        clip_norm=draw(st.sampled_from([None, 1.0])),
        init_seed=draw(st.integers(0, 1000)),
        **sn.defaults_for(name),
    )
    run = experiment.start()
    for updates in draw(st.lists(st.sampled_from([1, 7, 40, 150]), max_size=3)):
        run.advance(updates=updates)
        if draw(st.booleans()):
            run.change(learning_rate=draw(st.sampled_from([1e-3, 10.0])))
    assert spec.task == run.dataset.task
    return run


@given(runs(), st.booleans(), st.lists(st.integers(1, 40), min_size=1, max_size=6))
def test_what_is_found_follows_from_the_experiment_and_the_update_alone_not_from_how_one_came_there(
    run, is_costly, frames
):
    with pytest.MonkeyPatch.context() as patch:
        if is_costly:  # so that few moments are affordable, and others at hand
            patch.setattr(health_module, "WORK", 8_000_000)
        said, at = findings(health_of(run)), run.update
        fresh = run.experiment.start()  # as of a link
        fresh.goto(at)
        assert findings(health_of(fresh)) == said
        stepped = run.experiment.start()
        while stepped.update < at:
            stepped.step()
        assert findings(health_of(stepped)) == said
        played, place = run.experiment.start(), 0
        while played.update < at:
            played.advance(updates=min(frames[place % len(frames)], at - played.update))
            place += 1
        assert findings(health_of(played)) == said
        played.advance(updates=frames[0])  # there and back
        played.goto(at // 2)
        played.goto(at)
        assert findings(health_of(played)) == said
        branch = played.fork()
        branch.change(learning_rate=0.5)
        branch.advance(updates=5)
        assert findings(health_of(played)) == said


@given(runs())
def test_no_run_makes_the_doctor_raise_and_what_it_advises_can_be_done(run):
    health = health_of(run)
    assert isinstance(health, Health)
    assert at_odds(run, findings(health)) == []
    for look in (*doctor.CAUSES, *doctor.SYMPTOMS):
        finding = look(health)
        if finding is None:
            continue
        assert finding.sentence.endswith(".") and len(finding.sentence) < 500
        assert 0 <= finding.update <= run.update and 0 <= finding.remedy.update <= run.update
        if finding.remedy.is_live:
            fork = run.fork()
            fork.goto(finding.remedy.update)
            before = fork.experiment
            fork.change(**finding.remedy.changes)
            assert fork.settings != before.at(fork.update)
        else:
            assert run.settings.replace(**finding.remedy.changes) != run.settings


@pytest.mark.parametrize("y", [[1], [1, 1], [0, 1]])
@pytest.mark.parametrize("classes", [(), ("a", "b"), ("a", "b", "c")])
def test_one_point_or_one_class_alone_is_looked_at_as_well(y, classes):
    x = np.array([[0.5, 0.5], [0.5, 0.5]])[: len(y)]
    points = sn.Points("few", x, np.array(y, dtype=int if classes else float), classes=classes)
    run = sn.Experiment(dataset=points, hidden=(3,), **sn.defaults_for(points)).start()
    for _ in range(3):
        findings(health_of(run))
        run.advance(epochs=60)


def test_of_twelve_drawn_healthy_runs_none_is_called_ill():
    """The share over 200, with its interval, is printed by `python -m benchmarks.doctor`."""
    several = healthy(np.random.default_rng(7))
    for _ in range(12):
        experiment, looks = next(several)
        assert looks
        assert [(epoch, finding.sentence) for epoch, said in looks for finding in said] == [], experiment.to_query()


def test_the_interval_of_a_share_is_the_one_that_is_printed_in_books():
    low, high = wilson(3, 200)  # statsmodels 0.14: proportion_confint(3, 200, method="wilson")
    assert (low, high) == (pytest.approx(0.005113, abs=2e-6), pytest.approx(0.043169, abs=2e-5))
    assert wilson(0, 200)[0] == 0


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("rate", [1e-310, 1e-300, 1e-20, 1e10, 1e100, 1e300])
def test_of_a_rate_beyond_all_use_is_told_what_it_does_and_advised_is_one_that_is_of_use(optimizer, rate):
    run = CIRCLE.replace(optimizer=optimizer, learning_rate=rate).start()
    run.advance(updates=40)
    start = CIRCLE.replace(optimizer=optimizer, learning_rate=rate).start().network
    (finding,) = found(run).values()
    if rate < 1:
        assert all(np.array_equal(now, old) for now, old in zip(run.network.weights, start.weights, strict=True))
        assert "change no layer's weights at all, where" in finding.sentence
        assert "the gradient is still as large as at the start." in finding.sentence
    else:
        assert run.update == 0 and "It would change the weights of a layer by " in finding.sentence
    assert not re.search(r"\b(0|1) (of|times) ", finding.sentence)
    assert finding.remedy.changes == {"learning_rate": 0.01}
    better = CIRCLE.replace(optimizer=optimizer, **finding.remedy.changes).start()
    better.advance(epochs=5)
    assert better.epoch == 5 and better.history.train_loss[-1] < better.history.train_loss[0]
