"""An Experiment is everything that determines a run, as plain values: data, network, training, seeds, later changes.

What a value may be is said in settings.py, events.py and task.py; how an Experiment is written down, in links.py.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import links
from .activations import ACTIVATIONS
from .cost import check_cost
from .datasets import (
    MAX_NOISE,
    MAX_TRAIN_FRACTION,
    MAX_VALIDATION_FRACTION,
    MIN_SAMPLES,
    MIN_TEST_FRACTION,
    MIN_TRAIN_FRACTION,
    spec_of,
    training_rows,
)
from .events import MAX_UPDATE, POINTS, checked_events
from .features import FEATURES, features_of
from .initializers import INITIALIZERS
from .losses import LOSSES
from .points import Points
from .scaling import SCALINGS
from .settings import LIVE_SETTINGS, WITH_SETTINGS, Settings, checked_live
from .task import check_task, checked_dataset, outputs_of
from .values import listed, number, one_of, shown, whole

if TYPE_CHECKING:
    from .run import Run

MAX_LAYERS = 12  # hidden layers
MAX_UNITS = 128  # units of one hidden layer
MAX_SAMPLES = 10_000  # fewer than load_dataset makes, because anybody's link may ask a shared server for them
MAX_SEED = 2**31


@dataclass(frozen=True)
class Experiment:
    """All that determines a run, bit for bit on the same machine and versions.

    Every value is checked and normalised (lists to tuples, 1 to 1.0 where a rate is meant), so equal experiments
    compare and hash equal; a bad value is a ValueError of one sentence.

    features, initializer, optimizer, schedule, output, loss: names in the registries of this package.
    dataset: a name in DATASETS, or somebody's own `Points`.
    samples, noise, train_fraction, validation_fraction, scaling: given to `load_dataset`.
    hidden: units of each hidden layer, () for none.
    activation: one name, or one a hidden layer (equal names become one).
    optimizer_settings, schedule_settings: what differs from the defaults of the named class.
    batch_size: at least the number of training rows means all of them.
    clip_norm: largest norm of the gradient, None for no clipping.
    data_seed, init_seed, order_seed: for data and split, initial parameters, order of the samples in each epoch.
    events: what was changed on the way, `((update, changes), ...)` in rising order. `changes` maps live settings to
        new values, and "edits" to a tuple of (layer, unit, source, value): the weight from unit `source` of the layer
        before, or the bias where source is None; and "points" to what `Points` that differ in rows become. An event at
        update u acts when u updates have been made, before the
        next one. Events of one update are merged, and what changes nothing is left out.

    Two-class targets are 0/1, and -1/+1 where the output is tanh or the loss hinge.
    """

    dataset: str | Points = "spiral"
    samples: int = 500
    noise: float = 0.0
    train_fraction: float = 0.5
    validation_fraction: float = 0.0
    scaling: str = "none"
    features: tuple[str, ...] = ("x1", "x2")
    hidden: tuple[int, ...] = (8, 8)
    activation: str | tuple[str, ...] = "tanh"
    output: str = "sigmoid"
    loss: str = "bce"
    initializer: str = "glorot_uniform"
    optimizer: str = "adam"
    optimizer_settings: Mapping[str, Any] = Settings()
    learning_rate: float = 0.01
    schedule: str = "constant"
    schedule_settings: Mapping[str, Any] = Settings()
    batch_size: int = 10
    shuffle: bool = True
    l1: float = 0.0
    l2: float = 0.0
    clip_norm: float | None = None
    data_seed: int = 0
    init_seed: int = 0
    order_seed: int = 0
    events: tuple[tuple[int, Mapping[str, Any]], ...] = ()

    def __post_init__(self) -> None:
        checked: dict[str, Any] = {
            "dataset": checked_dataset(self.dataset),
            "samples": whole("samples", self.samples, MIN_SAMPLES, MAX_SAMPLES),
            "noise": number("noise", self.noise, 0.0, MAX_NOISE),
            "train_fraction": number("train_fraction", self.train_fraction, MIN_TRAIN_FRACTION, MAX_TRAIN_FRACTION),
            "validation_fraction": number(
                "validation_fraction", self.validation_fraction, 0.0, MAX_VALIDATION_FRACTION
            ),
            "scaling": one_of("scaling", self.scaling, dict.fromkeys(SCALINGS)),
            "features": _features(self.features, self.dataset),
            "hidden": _hidden(self.hidden),
            "initializer": one_of("initializer", self.initializer, INITIALIZERS),
            "output": one_of("output", self.output, ACTIVATIONS),
            "loss": one_of("loss", self.loss, LOSSES),
            "data_seed": whole("data_seed", self.data_seed, 0, MAX_SEED),
            "init_seed": whole("init_seed", self.init_seed, 0, MAX_SEED),
            "order_seed": whole("order_seed", self.order_seed, 0, MAX_SEED),
        }
        checked["activation"] = _activation(self.activation, len(checked["hidden"]))
        check_task(checked["dataset"], checked["output"], checked["loss"])
        outputs = outputs_of(checked["dataset"], checked["output"])
        left = 1.0 - checked["train_fraction"] - checked["validation_fraction"]
        if checked["validation_fraction"] and left < MIN_TEST_FRACTION - 1e-9:
            raise ValueError(
                f"validation_fraction: expected that {MIN_TEST_FRACTION:g} or more is left for the test beside "
                f"training and validation, got {max(left, 0.0):.2g}; choose smaller shares."
            )
        rows = training_rows(checked["dataset"], checked["samples"], checked["train_fraction"])
        check_cost((len(checked["features"]), *checked["hidden"], outputs), rows)
        checked |= checked_live({name: getattr(self, name) for name in LIVE_SETTINGS}, {})
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        in_force = {name: checked[name] for name in LIVE_SETTINGS}
        events = checked_events(self.events, self.sizes, in_force, self.dataset)
        if events and events[0][0] == 0 and POINTS in events[0][1]:  # before the first update: there were none before
            first = dict(events[0][1])
            object.__setattr__(self, "dataset", first.pop(POINTS))
            events = ((0, Settings(first)), *events[1:]) if first else events[1:]
        object.__setattr__(self, "events", events)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of every layer, the input first: (features, *hidden, outputs)."""
        return len(self.features), *self.hidden, outputs_of(self.dataset, self.output)

    @property
    def activations(self) -> tuple[str, ...]:
        """The activation of each hidden layer, one name a layer."""
        return self.activation if isinstance(self.activation, tuple) else (self.activation,) * len(self.hidden)

    def activation_for(self, layers: int) -> str | tuple[str, ...]:
        """The activation with so many hidden layers: where each has its own, more layers take the last."""
        if isinstance(self.activation, str):
            return self.activation
        return (*self.activation, *self.activation[-1:] * layers)[:layers] or self.activation[-1]

    def start(self) -> Run:
        """A new Run at update 0."""
        from .run import Run  # a Run is made of an Experiment, so run.py imports this file

        return Run(self)

    def replace(self, **changes: Any) -> Experiment:
        """The same with `changes`; a changed optimizer or schedule that comes without settings has its own defaults."""
        for kind in WITH_SETTINGS:
            if kind in changes and changes[kind] != getattr(self, kind):
                changes.setdefault(f"{kind}_settings", {})
        for name in changes:
            if name not in _FIELDS:
                raise ValueError(f"{shown(name)}: expected a field of an Experiment; choose from {', '.join(_FIELDS)}.")
        return dataclasses.replace(self, **changes)

    # Events

    def at(self, update: int) -> Experiment:
        """The experiment without events, with the live settings in force for the update from `update` to `update + 1`.

        Settings change at events only: a loop asks again from `next_event`, not for each update.
        """
        changes = {
            "dataset" if name == POINTS else name: value
            for u, new in self.events
            if u <= update
            for name, value in new.items()
            if name != "edits"
        }
        return dataclasses.replace(self, events=(), **changes)

    def schedule_start(self, update: int) -> int:
        """The update from which the schedule in force at `update` counts: where it, or a setting of it, was chosen."""
        return max((u for u, changes in self.events if u <= update and "schedule" in changes), default=0)

    def edits_at(self, update: int) -> tuple[tuple[int, int, int | None, float], ...]:
        """The edits (layer, unit, source or None, value) made after exactly `update` updates, before the next one.

        An edit acts on the parameters and a setting on the next update, so at one update their order does not matter.
        """
        return next((changes.get("edits", ()) for u, changes in self.events if u == update), ())

    def next_event(self, update: int) -> int | None:
        """The update of the first event later than `update`, None when there is none."""
        return next((u for u, _ in self.events if u > update), None)

    def with_event(self, update: int, **changes: Any) -> Experiment:
        """The same with live settings changed at `update`, later events dropped. ValueError for other settings."""
        return self._with(update, changes)

    def with_edit(self, update: int, layer: int, unit: int, source: int | None, value: float) -> Experiment:
        """The same with one weight (or the bias, source None) set at `update`; events later than that are dropped.

        Layers, units and sources count from 0; of two edits of one place at one update the later stays.
        """
        return self._with(update, {"edits": ((layer, unit, source, value),)})

    def with_points(self, update: int, points: Points) -> Experiment:
        """The same with other rows of its own data from `update` on; events later than that are dropped.

        ValueError unless they differ from those before in their rows alone, and each row says its part.
        """
        return self._with(update, {POINTS: points})

    def _with(self, update: int, changes: dict[str, Any]) -> Experiment:
        update = whole("update", update, 0, MAX_UPDATE)
        kept = tuple(event for event in self.events if event[0] <= update)
        return dataclasses.replace(self, events=(*kept, (update, changes)))

    # Written forms

    def to_query(self) -> str:
        """The experiment as a query string without "?": every field by its name, so a link outlives changed defaults.

        Lists are joined by "-", settings are `optimizer.momentum=0.9`, and at update 120 `120.learning_rate=0.1`,
        `120.edit.1.0.2=0.5` (layer 1, unit 0, source 2) and `120.edit.1.0.bias=0.5`: these marks survive every encoder
        unchanged.
        """
        return self._query

    @cached_property
    def _query(self) -> str:  # a board asks for it with each of its answers
        return links.to_query(self)

    @cached_property
    def path(self) -> tuple[tuple[int, str], ...]:
        """(update, digest) of the start and of each event: what an update is like is said by the last one up to it.

        A digest is made of the fields and the events so far alone, so it is the same in any process: pictures of equal
        update and digest are equal, whatever was changed later.
        """
        return links.digests(self)

    @classmethod
    def from_query(cls, text: str, files: Mapping[str, Points] = Settings()) -> tuple[Experiment, tuple[str, ...]]:
        """(experiment, ignored) of a query string, with or without "?"; never an exception, whatever the text.

        files: digest -> Points that are at hand; a link says of a large table only which one it is.

        A value that cannot be used falls back to its default alone and adds one sentence to `ignored`; of an output and
        a loss that do not fit each other, the one stays that fits the usual other. Of a key given twice the first
        counts. The sentences hold text of the link: show them as text, not as Markdown.
        """
        return links.read_query(text, cls(), files)

    def to_json(self) -> str:
        """The experiment as one JSON object: all fields in the order of the class, floats that read back exactly."""
        return links.to_json(self)

    @classmethod
    def from_json(cls, text: str, files: Mapping[str, Points] = Settings()) -> Experiment:
        """The experiment that `to_json` wrote; a missing field has its default. ValueError with one sentence.

        files: as for `from_query`.
        """
        return cls(**links.read_json(text, _FIELDS, files))


_FIELDS = tuple(field.name for field in dataclasses.fields(Experiment))


# Checks of single fields


def _features(value: object, dataset: str | Points) -> tuple[str, ...]:
    names = listed("features", value, "['x1', 'x2']")
    spec = spec_of(dataset)
    available = features_of(len(spec.names))
    for name in names:
        if not isinstance(name, str) or name not in FEATURES:
            one_of("features", name, dict.fromkeys(available))
        if name not in available:
            of = shown(spec.name) if isinstance(dataset, Points) else spec.name
            raise ValueError(
                f"features: expected features of {of}, got {shown(name)}; choose from {', '.join(available)}."
            )
    if not names or len(set(names)) < len(names):
        got = "one twice" if names else "none"
        raise ValueError(
            f"features: expected at least one feature and each once, got {got}; choose from {', '.join(available)}."
        )
    return names


def _hidden(value: object) -> tuple[int, ...]:
    sizes = listed("hidden", value, "[8, 8]")
    if len(sizes) > MAX_LAYERS:
        raise ValueError(f"hidden: expected at most {MAX_LAYERS} layers, got {len(sizes)}; use fewer.")
    return tuple(whole("hidden", size, 1, MAX_UNITS) for size in sizes)


def _activation(value: object, layers: int) -> str | tuple[str, ...]:
    names = (value,) if isinstance(value, str) else listed("activation", value, "['tanh', 'relu']")
    for name in names:
        one_of("activation", name, {known: None for known in ACTIVATIONS if known != "softmax"})
    if not names or (not isinstance(value, str) and len(names) != layers):
        raise ValueError(
            f"activation: expected one name, or one for each of the {layers} hidden layers, got {len(names)}; "
            "give one name."
        )
    return names[0] if len(set(names)) == 1 else names
