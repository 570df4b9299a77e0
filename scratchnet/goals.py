"""Goals: what somebody is asked to reach with a run, and how far the run is, measured as it stands.

A goal is reached where all of its conditions are met at the same update.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from .datasets import spec_of
from .divergence import UNKNOWN, advice
from .events import MAX_UPDATE, POINTS
from .experiment import MAX_LAYERS, MAX_UNITS, Experiment
from .run import Evaluation, Run
from .settings import LIVE_SETTINGS
from .values import listed, number, one_of, shown, whole

EDITS = "edits"  # weights and biases set by hand, which are kept like a setting
KEPT = (*(field.name for field in fields(Experiment) if field.name != "events"), EDITS)
MAX_PARAMETERS = 10**6  # that a condition may speak of; no network here has as many


def _share(name: str, value: object) -> float:
    return number(name, value, 0.0, 1.0)


def _kept(name: str, value: object) -> tuple[str, ...]:
    names = listed(name, value, "['dataset', 'noise']")
    for one in names:
        one_of(name, one, dict.fromkeys(KEPT))
    if not names or len(set(names)) < len(names):
        raise ValueError(f"{name}: expected at least one name and each once; choose from {', '.join(KEPT)}.")
    return tuple(one for one in KEPT if one in names)


def _true(name: str, value: object) -> bool:
    if value is not True:
        raise ValueError(f"{name}: expected true, got {shown(value)}; leave the condition out instead.")
    return True


# What can be asked for: kind -> the check of its value
KINDS: Mapping[str, Callable[[str, object], Any]] = {
    "train_accuracy": _share,  # at least
    "test_accuracy": _share,
    "train_loss": number,  # at most
    "test_loss": number,
    "gap": number,  # of the test loss above the training loss, at most
    "units": lambda name, value: whole(name, value, 0, MAX_LAYERS * MAX_UNITS),  # hidden ones, at most
    "updates": lambda name, value: whole(name, value, 0, MAX_UPDATE),
    "parameters": lambda name, value: whole(name, value, 1, MAX_PARAMETERS),
    "unchanged": _kept,  # names of KEPT
    "diverges": _true,  # and it is the learning rate that makes it diverge
}
AT_LEAST = ("train_accuracy", "test_accuracy", "diverges")  # of the other kinds at most so much may be


@dataclass(frozen=True)
class Condition:
    """One thing that is wanted: a kind of KINDS with its value, which is checked and kept in one type."""

    kind: str
    value: Any

    def __post_init__(self) -> None:
        one_of("goal", self.kind, KINDS)
        object.__setattr__(self, "value", KINDS[self.kind](self.kind, self.value))


@dataclass(frozen=True)
class Measured:
    """A condition with what it is about, as a number: for "unchanged" how many settings were changed."""

    condition: Condition
    now: float
    is_met: bool


@dataclass(frozen=True)
class Goal:
    """Conditions, each kind once at most. One without conditions asks for nothing and is never reached."""

    conditions: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        conditions = listed("goal", self.conditions, "[Condition('test_accuracy', 0.95)]")
        for one in conditions:
            if not isinstance(one, Condition):
                raise ValueError(f"goal: expected conditions, got {shown(one)}; give each as a Condition.")
        kinds = [one.kind for one in conditions]
        twice = next((kind for kind in kinds if kinds.count(kind) > 1), None)
        if twice:
            raise ValueError(f"goal: expected each kind of condition once, got {twice} twice; leave one of them out.")
        in_order = sorted(conditions, key=lambda one: list(KINDS).index(one.kind))
        object.__setattr__(self, "conditions", tuple(in_order))

    def to_plain(self) -> list[list[Any]]:
        """The goal in values that JSON has: [[kind, value], ...]."""
        return [[one.kind, list(one.value) if isinstance(one.value, tuple) else one.value] for one in self.conditions]

    @classmethod
    def from_plain(cls, plain: object) -> Goal:
        """The goal that `to_plain` wrote. ValueError with one sentence for anything else."""
        conditions = []
        for pair in listed("goal", plain, "[['test_accuracy', 0.95]]"):
            parts = listed("goal", pair, "['test_accuracy', 0.95]")
            if len(parts) != 2:
                raise ValueError(f"goal: expected a kind and its value, got {len(parts)} values; give both.")
            conditions.append(Condition(*parts))
        return cls(tuple(conditions))


def check_fits(goal: Goal, experiment: Experiment) -> None:
    """ValueError for a goal that speaks of a share of correct classes where the data has none."""
    spec = spec_of(experiment.dataset)
    if spec.task != "regression":
        return
    for condition in goal.conditions:
        if condition.kind.endswith("accuracy"):
            raise ValueError(
                f"{condition.kind}: expected data with classes, got {spec.name}, whose answers are numbers; "
                "ask for a loss instead."
            )


def measure(goal: Goal, run: Run, start: Experiment, losses: Evaluation | None = None) -> tuple[Measured, ...]:
    """How far a run, as it stands, is with each condition. start: what "unchanged" is compared with.

    losses: of the run as it stands, where they are known.
    """
    losses = losses or run.evaluate()
    return tuple(_measured(condition, run, start, losses) for condition in goal.conditions)


def is_reached(measured: tuple[Measured, ...]) -> bool:
    """Whether there is something to reach, and all of it is met."""
    return bool(measured) and all(one.is_met for one in measured)


def _measured(condition: Condition, run: Run, start: Experiment, losses: Evaluation) -> Measured:
    wanted = condition.value
    match condition.kind:
        case "train_accuracy":
            now = losses.train_score if losses.train_correct is not None else float("nan")
        case "test_accuracy":
            now = losses.test_score if losses.test_correct is not None else float("nan")
        case "train_loss":
            now = losses.train_loss
        case "test_loss":
            now = losses.test_loss
        case "gap":
            now = losses.test_loss - losses.train_loss
        case "units":
            now = sum(run.experiment.hidden)
        case "updates":
            now = run.update
        case "parameters":
            now = run.network.n_parameters
        case "unchanged":
            now, wanted = len(changed(run.experiment, start, wanted, run.update)), 0
        case _:
            now = run.status == "diverged" and advice(run.trainer, run.learning_rate) == UNKNOWN
    # Of nan, where there is nothing to measure, neither is so.
    is_met = now >= wanted if condition.kind in AT_LEAST else now <= wanted
    return Measured(condition, float(now), bool(is_met))


def changed(
    experiment: Experiment, start: Experiment, names: tuple[str, ...] = KEPT, update: int = MAX_UPDATE
) -> tuple[str, ...]:
    """Of the names (of KEPT), those that an Experiment has otherwise than its start, up to an update.

    An event changes a setting unless the start has the same event; also where it was changed back later. What was to
    change in the start and no longer does, because something else was changed before it, counts as unchanged.
    """
    found = {name for name in names if name != EDITS and getattr(experiment, name) != getattr(start, name)}
    planned: dict[int, Mapping[str, Any]] = dict(start.events)
    in_force = {name: getattr(experiment, name) for name in (*LIVE_SETTINGS, "dataset")}
    for at, changes in experiment.events:
        if at > update:
            break
        same = planned.get(at, {})
        for name, value in changes.items():
            kept = "dataset" if name == POINTS else name
            if name == EDITS:
                differs = not set(value) <= set(same.get(EDITS, ()))
            else:
                differs = value != in_force[kept] and (name, value) not in same.items()
                in_force[kept] = value
            if differs and kept in names:
                found.add(kept)
    return tuple(name for name in names if name in found)
