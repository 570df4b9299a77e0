"""Goals: each condition measures what it says, on runs whose numbers are worked out here by plain arithmetic."""

import json
import math

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.goals import KINDS, Condition, Goal, changed, check_fits, is_reached, measure

START = sn.Experiment(dataset="circle", samples=120, noise=0.05, hidden=(4, 3))


def trained(updates: int = 40, start: sn.Experiment = START) -> sn.Run:
    run = start.start()
    run.advance(updates=updates)
    return run


def one(run: sn.Run, kind: str, value, start: sn.Experiment = START):
    (measured,) = measure(Goal((Condition(kind, value),)), run, start)
    return measured


def outputs(run: sn.Run, x) -> list[float]:
    return [float(row[0]) for row in run.network.predict(x)]


def cross_entropy(run: sn.Run, x, y) -> float:
    pairs = list(zip(outputs(run, x), [float(row[0]) for row in y], strict=True))
    return -sum(t * math.log(p) + (1 - t) * math.log(1 - p) for p, t in pairs) / len(pairs)


def share_right(run: sn.Run, x, y) -> float:
    right = [(p >= 0.5) == (t == 1) for p, t in zip(outputs(run, x), [float(row[0]) for row in y], strict=True)]
    return sum(right) / len(right)


def test_each_condition_measures_what_it_says():
    run = trained()
    train, test = (run.x_train, run.y_train), (run.x_test, run.y_test)
    wanted = {
        "train_accuracy": (0.9, share_right(run, *train)),
        "test_accuracy": (0.9, share_right(run, *test)),
        "train_loss": (0.5, cross_entropy(run, *train)),
        "test_loss": (0.5, cross_entropy(run, *test)),
        "gap": (0.1, cross_entropy(run, *test) - cross_entropy(run, *train)),
        "units": (7, 4 + 3),
        "updates": (40, 40),
        "parameters": (31, 2 * 4 + 4 + 4 * 3 + 3 + 3 * 1 + 1),
        "unchanged": (("dataset",), 0),
        "diverges": (True, 0),
    }
    assert set(wanted) == set(KINDS)
    for kind, (value, now) in wanted.items():
        assert one(run, kind, value).now == pytest.approx(now, rel=1e-9), kind


@pytest.mark.parametrize("kind", ["train_accuracy", "test_accuracy"])
def test_an_accuracy_is_met_from_the_value_itself_on(kind):
    run = trained()
    now = one(run, kind, 0).now
    assert 0 < now < 1
    assert [one(run, kind, value).is_met for value in (now - 1e-9, now, now + 1e-9)] == [True, True, False]


@pytest.mark.parametrize("kind", ["train_loss", "test_loss", "gap"])
def test_a_loss_is_met_up_to_the_value_itself(kind):
    run = trained(3000, START.replace(learning_rate=0.1))  # by now the training loss is the smaller one
    now = one(run, kind, 0).now
    assert now > 0
    assert [one(run, kind, value).is_met for value in (now * 0.99, now, now * 1.01)] == [False, True, True]


@pytest.mark.parametrize(("kind", "most"), [("units", 7), ("updates", 40), ("parameters", 31)])
def test_so_many_are_allowed_and_not_one_more(kind, most):
    run = trained(40)
    assert [one(run, kind, value).is_met for value in (most - 1, most, most + 1)] == [False, True, True]


def test_of_what_was_to_stay_it_is_counted_how_much_was_changed():
    run = START.replace(noise=0.1, hidden=(4,)).start()
    names = ("dataset", "noise", "hidden")
    assert (one(run, "unchanged", names).now, one(run, "unchanged", names).is_met) == (2, False)
    assert one(run, "unchanged", ("dataset", "samples")).is_met


def test_a_setting_that_was_changed_on_the_way_is_changed_also_after_it_was_changed_back():
    run = trained(10)
    run.change(learning_rate=0.1)
    run.advance(updates=5)
    assert not one(run, "unchanged", ("learning_rate",)).is_met
    run.change(learning_rate=START.learning_rate)
    assert not one(run, "unchanged", ("learning_rate",)).is_met
    assert one(run, "unchanged", ("batch_size",)).is_met


def test_what_changes_later_than_the_update_is_not_changed_yet():
    run = START.with_event(30, learning_rate=0.1).start()
    run.advance(updates=29)
    assert one(run, "unchanged", ("learning_rate",)).is_met
    run.advance(updates=1)
    assert not one(run, "unchanged", ("learning_rate",)).is_met


def test_a_weight_set_by_hand_counts_as_changed_and_nothing_else_does():
    run = trained(10)
    run.edit(0, 1, None, 0.5)
    assert changed(run.experiment, START) == ("edits",)


def test_the_starts_own_events_are_no_changes_and_others_at_the_same_update_are():
    start = START.with_event(5, learning_rate=0.2).with_edit(8, 0, 0, 1, 0.25)
    run = trained(10, start)
    assert changed(run.experiment, start) == ()
    assert changed(START.with_event(5, learning_rate=0.3), start) == ("learning_rate",)
    assert changed(start.with_edit(8, 0, 0, 1, 0.75), start) == ("edits",)


def test_no_clipping_that_comes_on_the_way_is_a_change_though_none_stands_for_it():
    start = START.replace(clip_norm=1.0)
    assert changed(start.with_event(4, clip_norm=None), start) == ("clip_norm",)


def test_a_run_that_the_learning_rate_made_diverge_has_met_it_and_one_by_momentum_has_not():
    start = sn.Experiment(dataset="plane", hidden=(), output="identity", loss="mse", optimizer="sgd", learning_rate=0.3)
    run = trained(2000, start)
    assert run.status == "diverged"
    assert one(run, "diverges", True).is_met
    blamed = trained(20000, start.replace(learning_rate=0.01, optimizer_settings={"momentum": 1.5}))
    assert blamed.status == "diverged"
    assert not one(blamed, "diverges", True).is_met


def test_a_goal_is_reached_where_all_is_met_at_once_and_an_empty_one_never():
    run = trained(40)
    met, unmet = Condition("units", 7), Condition("updates", 39)
    assert is_reached(measure(Goal((met,)), run, START))
    assert not is_reached(measure(Goal((met, unmet)), run, START))
    assert not is_reached(measure(Goal(), run, START))


def test_of_numbers_an_accuracy_is_not_measured_and_not_met():
    run = sn.Experiment(dataset="plane", output="identity", loss="mse").start()
    measured = one(run, "test_accuracy", 0.0)
    assert np.isnan(measured.now) and not measured.is_met
    with pytest.raises(ValueError, match="expected data with classes, got plane"):
        check_fits(Goal((Condition("train_accuracy", 0.5),)), run.experiment)
    check_fits(Goal((Condition("train_loss", 0.5),)), run.experiment)


def test_a_goal_goes_through_json_and_back():
    goal = Goal(
        (Condition("unchanged", ["noise", "dataset"]), Condition("test_accuracy", 1), Condition("diverges", True))
    )
    plain = json.loads(json.dumps(goal.to_plain()))
    assert plain == [["test_accuracy", 1.0], ["unchanged", ["dataset", "noise"]], ["diverges", True]]
    assert Goal.from_plain(plain) == goal


@pytest.mark.parametrize(
    ("plain", "told"),
    [
        (None, "expected a list"),
        ([["speed", 3]], "expected a known name"),
        ([["test_accuracy"]], "expected a kind and its value, got 1"),
        ([["test_accuracy", 1.1]], "at most 1, got 1.1"),
        ([["test_accuracy", "much"]], "got 'much'"),
        ([["train_loss", float("nan")]], "expected a finite number"),
        ([["gap", -0.1]], "at least 0, got -0.1"),
        ([["units", 2.5]], "whole number"),
        ([["updates", True]], "whole number"),
        ([["unchanged", []]], "at least one name"),
        ([["unchanged", ["events"]]], "expected a known name, got 'events'"),
        ([["unchanged", ["noise", "noise"]]], "each once"),
        ([["diverges", False]], "expected true"),
        ([["units", 3], ["units", 4]], "got units twice"),
        ([[["units"], 3]], "expected a known name"),
    ],
)
def test_anything_else_is_refused_in_one_sentence(plain, told):
    with pytest.raises(ValueError) as refused:
        Goal.from_plain(plain)
    assert told in str(refused.value) and "\n" not in str(refused.value)
