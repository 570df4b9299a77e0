"""An Experiment is everything that determines a run, as plain values: data, network, training, seeds, later changes.

What a value may be is said in settings.py, events.py and task.py; how an Experiment is written down, in links.py.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import links
from .activations import ACTIVATIONS
from .cost import check_cost
from .datasets import DATASETS, MAX_NOISE, MAX_TRAIN_FRACTION, MIN_SAMPLES, MIN_TRAIN_FRACTION
from .events import MAX_UPDATE, checked_events
from .features import FEATURES
from .initializers import INITIALIZERS
from .losses import LOSSES
from .settings import LIVE_SETTINGS, WITH_SETTINGS, Settings, checked_live
from .task import check_task, outputs_of
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

    dataset, features, initializer, optimizer, schedule, output, loss: names in the registries of this package.
    samples, noise, train_fraction: given to `load_dataset`.
    hidden: units of each hidden layer, () for none.
    activation: one name, or one a hidden layer (equal names become one).
    optimizer_settings, schedule_settings: what differs from the defaults of the named class.
    batch_size: at least the number of training rows means all of them.
    clip_norm: largest norm of the gradient, None for no clipping.
    data_seed, init_seed, order_seed: for data and split, initial parameters, order of the samples in each epoch.
    events: what was changed on the way, `((update, changes), ...)` in rising order. `changes` maps live settings to
        new values, and "edits" to a tuple of (layer, unit, source, value): the weight from unit `source` of the layer
        before, or the bias where source is None. An event at update u acts when u updates have been made, before the
        next one. Events of one update are merged, and what changes nothing is left out.

    Two-class targets are 0/1, and -1/+1 where the output is tanh or the loss hinge.
    """

    dataset: str = "spiral"
    samples: int = 500
    noise: float = 0.0
    train_fraction: float = 0.5
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
            "dataset": one_of("dataset", self.dataset, DATASETS),
            "samples": whole("samples", self.samples, MIN_SAMPLES, MAX_SAMPLES),
            "noise": number("noise", self.noise, 0.0, MAX_NOISE),
            "train_fraction": number("train_fraction", self.train_fraction, MIN_TRAIN_FRACTION, MAX_TRAIN_FRACTION),
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
        rows = 0 if DATASETS[checked["dataset"]].fixed else round(checked["samples"] * checked["train_fraction"])
        check_cost((len(checked["features"]), *checked["hidden"], outputs), rows)
        checked |= checked_live({name: getattr(self, name) for name in LIVE_SETTINGS}, {})
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        in_force = {name: checked[name] for name in LIVE_SETTINGS}
        object.__setattr__(self, "events", checked_events(self.events, self.sizes, in_force))

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of every layer, the input first: (features, *hidden, outputs)."""
        return len(self.features), *self.hidden, outputs_of(self.dataset, self.output)

    @property
    def activations(self) -> tuple[str, ...]:
        """The activation of each hidden layer, one name a layer."""
        return self.activation if isinstance(self.activation, tuple) else (self.activation,) * len(self.hidden)

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
            name: value for u, new in self.events if u <= update for name, value in new.items() if name != "edits"
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
        return links.to_query(self)

    @classmethod
    def from_query(cls, text: str) -> tuple[Experiment, tuple[str, ...]]:
        """(experiment, ignored) of a query string, with or without "?"; never an exception, whatever the text.

        A value that cannot be used falls back to its default alone and adds one sentence to `ignored`; of an output and
        a loss that do not fit each other, the one stays that fits the usual other. Of a key given twice the first
        counts. The sentences hold text of the link: show them as text, not as Markdown.
        """
        return links.read_query(text, cls())

    def to_json(self) -> str:
        """The experiment as one JSON object: all fields in the order of the class, floats that read back exactly."""
        return links.to_json(self)

    @classmethod
    def from_json(cls, text: str) -> Experiment:
        """The experiment that `to_json` wrote; a missing field has its default. ValueError with one sentence."""
        return cls(**links.read_json(text, _FIELDS))


_FIELDS = tuple(field.name for field in dataclasses.fields(Experiment))


# Checks of single fields


def _features(value: object, dataset: str) -> tuple[str, ...]:
    names = listed("features", value, "['x1', 'x2']")
    columns = len(DATASETS[dataset].names)
    available = [name for name, feature in FEATURES.items() if feature.columns <= columns]
    for name in names:
        one_of("features", name, FEATURES)
        if name not in available:
            raise ValueError(
                f"features: expected features of {dataset}, got {shown(name)}; choose from {', '.join(available)}."
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
