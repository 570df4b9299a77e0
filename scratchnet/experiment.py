"""An Experiment is everything that determines a run, as plain values: data, network, training, seeds, later changes.

Read from top to bottom: read-only settings, checks of single values, the Experiment, its two written forms (a link's
query string and JSON), and two questions about tasks (which output and loss fit, which pairs are unusual).
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

import numpy as np

from .activations import ACTIVATIONS
from .datasets import DATASETS, MAX_NOISE, MAX_TRAIN_FRACTION, MIN_SAMPLES, MIN_TRAIN_FRACTION
from .features import FEATURES
from .initializers import INITIALIZERS
from .losses import LOSSES, check_pair
from .optimizers import OPTIMIZERS
from .schedules import SCHEDULES

if TYPE_CHECKING:
    from .run import Run

# What may change while a run goes on; everything else needs a new start.
LIVE_SETTINGS = (
    "optimizer",
    "optimizer_settings",
    "learning_rate",
    "schedule",
    "schedule_settings",
    "batch_size",
    "shuffle",
    "l1",
    "l2",
    "clip_norm",
)
MAX_CHANGES = 500  # settings and edits in all events together: the link must stay one that can be sent
MAX_LAYERS = 12  # hidden layers
MAX_UNITS = 128  # units of one hidden layer
MAX_SAMPLES = 10_000  # fewer than load_dataset makes, because anybody's link may ask a shared server for them
MAX_SEED = 2**31
MAX_EDIT = 1e6  # far beyond any weight that trains, far below the size at which a run counts as diverged
MAX_UPDATE = 10**12 - 1  # twelve digits
MAX_QUERY = 200_000  # characters of a link; MAX_CHANGES long ones fit
MAX_JSON = 200_000  # characters of a document
MAX_SENTENCES = 20  # about ignored values of one link


class Settings(Mapping):
    """A read-only mapping that compares (also with a dict) and hashes by its items.

    >>> Settings({"momentum": 0.9}) == {"momentum": 0.9}
    True
    """

    __slots__ = ("_pairs",)

    def __init__(self, items: Mapping[str, Any] | None = None):
        self._pairs = tuple((items or {}).items())  # a tuple of a few pairs: nothing can be put in later

    def __getitem__(self, name: str) -> Any:
        for key, value in self._pairs:
            if key == name:
                return value
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return (key for key, _ in self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)

    def __hash__(self) -> int:
        return hash(frozenset(self._pairs))

    def __repr__(self) -> str:
        return f"Settings({dict(self._pairs)!r})"


# Checks of single values


def _shown(value: object) -> str:
    """`value` for a sentence: short and printable whatever it is, because it may come from a stranger's link."""
    if isinstance(value, str):
        printable = "".join(c if c.isprintable() else "?" for c in value[:40])
        return f"'{printable}{'...' if len(value) > 40 else ''}'"
    if isinstance(value, bool | np.bool_ | float | np.floating) or value is None:
        return str(value)
    if isinstance(value, Integral):
        return str(value) if abs(value) < 10**20 else "a number of more than 20 digits"
    return f"a {type(value).__name__}"


def _whole(name: str, value: object, low: int, high: int) -> int:
    if not isinstance(value, Integral) or isinstance(value, bool) or not low <= value <= high:
        raise ValueError(
            f"{name}: expected a whole number from {low} to {high}, got {_shown(value)}; change it to one."
        )
    return int(value)


def _number(name: str, value: object, low: float = 0.0, high: float = math.inf, above: bool = False) -> float:
    """`value` as a finite float of `low` (or above it) to `high`; -0.0 becomes 0.0: equal numbers are written alike."""
    wanted = f"a finite number {'above' if above else 'of at least'} {low:g}" if low > -math.inf else "a finite number"
    wanted += f" and at most {high:g}" if high < math.inf else ""
    if isinstance(value, Real) and not isinstance(value, bool):
        try:
            number = float(value) + 0.0
        except OverflowError:  # a whole number beyond 1e308
            number = math.inf
        if math.isfinite(number) and low <= number <= high and not (above and number == low):
            return number
    raise ValueError(f"{name}: expected {wanted}, got {_shown(value)}; change it to one.")


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name}: expected true or false, got {_shown(value)}; choose one of the two.")
    return bool(value)


def _name(name: str, value: object, registry: Mapping[str, Any]) -> str:
    if not isinstance(value, str) or value not in registry:
        raise ValueError(f"{name}: expected a known name, got {_shown(value)}; choose one of {', '.join(registry)}.")
    return value


def _list(name: str, value: object, example: str) -> tuple:
    if not isinstance(value, list | tuple):
        raise ValueError(f"{name}: expected a list such as {example}, got {_shown(value)}; give a list.")
    return tuple(value)


def _clip_norm(name: str, value: object) -> float | None:
    return None if value is None else _number(name, value, above=True)


_LIVE_CHECKS: dict[str, Callable[[str, object], Any]] = {
    "learning_rate": lambda name, value: _number(name, value, above=True),
    "batch_size": lambda name, value: _whole(name, value, 1, 2**31),
    "shuffle": _flag,
    "l1": _number,
    "l2": _number,
    "clip_norm": _clip_norm,
}
_WITH_SETTINGS = {"optimizer": OPTIMIZERS, "schedule": SCHEDULES}


def _setting_fields(kind: type) -> dict[str, Any]:
    """Setting name -> default, of an optimizer or a schedule. The learning rate is the Experiment's own field."""
    return {f.name: f.default for f in dataclasses.fields(kind) if f.init and f.name != "learning_rate"}


def _settings(field: str, owner: str, kind: type, given: object) -> Settings:
    """`given` checked by the class it is for, each value in the type of that class's default, in that class's order."""
    if not isinstance(given, Mapping):
        raise ValueError(
            f"{field}: expected names with values, got {_shown(given)}; give for example an empty mapping."
        )
    known = _setting_fields(kind)
    for name in given:
        if name not in known:
            choice = f"choose from {', '.join(known)}" if known else "leave it out"
            raise ValueError(f"{field}: expected settings of {owner}, got {_shown(name)}; {choice}.")
    values = {name: _as_default(f"{field}: {name}", given[name], known[name]) for name in known if name in given}
    try:
        kind(**values)
    except ValueError as error:
        raise ValueError(f"{field}: {error}") from None
    return Settings(values)


def _as_default(name: str, value: object, default: object) -> Any:
    """`value` checked and turned into the type of `default`; what range is right, the class itself says."""
    if isinstance(default, bool):
        return _flag(name, value)
    if isinstance(default, int):
        return _whole(name, value, 0, 2**31)
    if isinstance(default, tuple):
        parts = _list(name, value, str(list(default)))
        if len(parts) != len(default):
            raise ValueError(f"{name}: expected {len(default)} numbers, got {len(parts)}; give {len(default)}.")
        return tuple(_number(name, part, -math.inf) for part in parts)
    if default is None and value is None:
        return None
    return _number(name, value, -math.inf)


def _live(changes: Mapping[str, Any], in_force: Mapping[str, Any]) -> dict[str, Any]:
    """The checked `changes` of live settings. A new optimizer or schedule without settings has its own defaults."""
    checked = {}
    for name, value in changes.items():
        if name not in LIVE_SETTINGS:
            raise ValueError(
                f"{_shown(name)}: expected a setting that can change while a run goes on ({', '.join(LIVE_SETTINGS)}); "
                "start a new run to change anything else."
            )
        if name in _LIVE_CHECKS:
            checked[name] = _LIVE_CHECKS[name](name, value)
    for kind, registry in _WITH_SETTINGS.items():
        field = f"{kind}_settings"
        if kind in changes or field in changes:
            name = _name(kind, changes.get(kind, in_force.get(kind)), registry)
            kept = in_force[field] if name == in_force.get(kind) else {}
            checked[kind] = name
            checked[field] = _settings(field, name, registry[name], changes.get(field, kept))
    return checked


def _edit(edit: object, sizes: tuple[int, ...]) -> tuple[int, int, int | None, float]:
    """One checked edit (layer, unit, source or None for the bias, value) of a network of `sizes`."""
    parts = _list("edit", edit, "[layer, unit, source, value]")
    if len(parts) != 4:
        raise ValueError(f"edit: expected layer, unit, source and value, got {len(parts)} values; give all four.")
    layer = _whole("edit: layer", parts[0], 0, len(sizes) - 2)
    unit = _whole("edit: unit", parts[1], 0, sizes[layer + 1] - 1)
    source = None if parts[2] is None else _whole("edit: source", parts[2], 0, sizes[layer] - 1)
    return layer, unit, source, _number("edit: value", parts[3], -MAX_EDIT, MAX_EDIT)


def _events(events: object, sizes: tuple[int, ...], in_force: dict[str, Any]) -> tuple[tuple[int, Settings], ...]:
    """Checked events, merged to one an update, without what changes nothing: runs that go alike are written alike."""
    settings_at: dict[int, tuple[dict, dict]] = {}  # update -> live settings before and after it
    edits_at: dict[int, dict] = {}  # update -> (layer, unit, source) -> edit
    last = 0
    for event in _list("events", events, "[[120, {'learning_rate': 0.1}]]"):
        parts = _list("events", event, "[120, {'learning_rate': 0.1}]")
        if len(parts) != 2 or not isinstance(parts[1], Mapping):
            raise ValueError("events: expected an update and its changes, got something else; give [update, changes].")
        update = _whole("events: update", parts[0], 0, MAX_UPDATE)
        if update < last:
            raise ValueError(f"events: expected rising updates, got {update} after {last}; sort them.")
        last = update
        changes = dict(parts[1])
        try:
            edits = [_edit(edit, sizes) for edit in _list("edits", changes.pop("edits", ()), "[[0, 1, 0, 0.5]]")]
            after = {**in_force, **_live(changes, in_force)}
        except ValueError as error:
            raise ValueError(f"events: at update {update}, {error}") from None
        settings_at[update] = (settings_at.get(update, (in_force,))[0], after)
        edits_at.setdefault(update, {}).update({edit[:3]: edit for edit in edits})
        in_force = after
    merged = []
    for update, (before, after) in settings_at.items():
        new = {name for name in LIVE_SETTINGS if before[name] != after[name]}
        for kind in _WITH_SETTINGS:  # the two say nothing without each other
            if kind in new or f"{kind}_settings" in new:
                new |= {kind, f"{kind}_settings"}
        changes = {name: after[name] for name in LIVE_SETTINGS if name in new}
        if edits_at[update]:
            order = sorted(edits_at[update], key=lambda place: (*place[:2], -1 if place[2] is None else place[2]))
            changes["edits"] = tuple(edits_at[update][place] for place in order)
        if changes:
            merged.append((update, Settings(changes)))
    total = sum(_weight(changes) for _, changes in merged)
    if total > MAX_CHANGES:
        raise ValueError(f"events: expected at most {MAX_CHANGES} changes in one run, got {total}; start a new run.")
    return tuple(merged)


def _weight(changes: Mapping[str, Any]) -> int:
    """How many changes of one update count towards MAX_CHANGES: each setting and each edit is one."""
    return len(changes) - ("edits" in changes) + len(changes.get("edits", ()))


# The Experiment


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

    def __post_init__(self):
        checked: dict[str, Any] = {
            "dataset": _name("dataset", self.dataset, DATASETS),
            "samples": _whole("samples", self.samples, MIN_SAMPLES, MAX_SAMPLES),
            "noise": _number("noise", self.noise, 0.0, MAX_NOISE),
            "train_fraction": _number("train_fraction", self.train_fraction, MIN_TRAIN_FRACTION, MAX_TRAIN_FRACTION),
            "features": _features(self.features, self.dataset),
            "hidden": _hidden(self.hidden),
            "initializer": _name("initializer", self.initializer, INITIALIZERS),
            "output": _name("output", self.output, ACTIVATIONS),
            "loss": _name("loss", self.loss, LOSSES),
            "data_seed": _whole("data_seed", self.data_seed, 0, MAX_SEED),
            "init_seed": _whole("init_seed", self.init_seed, 0, MAX_SEED),
            "order_seed": _whole("order_seed", self.order_seed, 0, MAX_SEED),
        }
        checked["activation"] = _activation(self.activation, len(checked["hidden"]))
        _check_task(checked["dataset"], checked["output"], checked["loss"])
        checked |= _live({name: getattr(self, name) for name in LIVE_SETTINGS}, {})
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        in_force = {name: checked[name] for name in LIVE_SETTINGS}
        object.__setattr__(self, "events", _events(self.events, self.sizes, in_force))

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of every layer, the input first: (features, *hidden, outputs)."""
        return len(self.features), *self.hidden, _outputs(self.dataset, self.output)

    @property
    def activations(self) -> tuple[str, ...]:
        """The activation of each hidden layer, one name a layer."""
        return self.activation if isinstance(self.activation, tuple) else (self.activation,) * len(self.hidden)

    def start(self) -> Run:
        """A new Run at update 0."""
        from .run import Run  # a Run is made of an Experiment, so run.py imports this file

        return Run(self)

    def replace(self, **changes) -> Experiment:
        """The same with `changes`; a changed optimizer or schedule that comes without settings has its own defaults."""
        for kind in _WITH_SETTINGS:
            if kind in changes and changes[kind] != getattr(self, kind):
                changes.setdefault(f"{kind}_settings", {})
        for name in changes:
            if name not in _FIELDS:
                raise ValueError(
                    f"{_shown(name)}: expected a field of an Experiment; choose from {', '.join(_FIELDS)}."
                )
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

    def edits_at(self, update: int) -> tuple[tuple[int, int, int | None, float], ...]:
        """The edits (layer, unit, source or None, value) made after exactly `update` updates, before the next one.

        An edit acts on the parameters and a setting on the next update, so at one update their order does not matter.
        """
        return next((changes.get("edits", ()) for u, changes in self.events if u == update), ())

    def next_event(self, update: int) -> int | None:
        """The update of the first event later than `update`, None when there is none."""
        return next((u for u, _ in self.events if u > update), None)

    def with_event(self, update: int, **changes) -> Experiment:
        """The same with live settings changed at `update`, later events dropped. ValueError for other settings."""
        return self._with(update, changes)

    def with_edit(self, update: int, layer: int, unit: int, source: int | None, value: float) -> Experiment:
        """The same with one weight (or the bias, source None) set at `update`; events later than that are dropped.

        Layers, units and sources count from 0; of two edits of one place at one update the later stays.
        """
        return self._with(update, {"edits": ((layer, unit, source, value),)})

    def _with(self, update: int, changes: dict[str, Any]) -> Experiment:
        update = _whole("update", update, 0, MAX_UPDATE)
        kept = tuple(event for event in self.events if event[0] <= update)
        return dataclasses.replace(self, events=(*kept, (update, changes)))

    # Written forms

    def to_query(self) -> str:
        """The experiment as a query string without "?": every field by its name, so a link outlives changed defaults.

        Lists are joined by "-", settings are `optimizer.momentum=0.9`, and at update 120 `120.learning_rate=0.1`,
        `120.edit.1.0.2=0.5` (layer 1, unit 0, source 2) and `120.edit.1.0.bias=0.5`: these marks survive every encoder
        unchanged.
        """
        pairs = [pair for name in _FIELDS[:-1] for pair in _query_pairs(name, getattr(self, name))]
        for update, changes in self.events:
            pairs += [(f"{update}.{key}", text) for name in changes for key, text in _query_pairs(name, changes[name])]
        return urlencode(pairs, safe="*()")

    @classmethod
    def from_query(cls, text: str) -> tuple[Experiment, tuple[str, ...]]:
        """(experiment, ignored) of a query string, with or without "?"; never an exception, whatever the text.

        A value that cannot be used falls back to its default alone and adds one sentence to `ignored`; of an output and
        a loss that do not fit each other, the one stays that fits the usual other. Of a key given twice the first
        counts. The sentences hold text of the link: show them as text, not as Markdown.
        """
        return _read_query(text)

    def to_json(self) -> str:
        """The experiment as one JSON object: all fields in the order of the class, floats that read back exactly."""
        return json.dumps({name: _plain(getattr(self, name)) for name in _FIELDS}, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Experiment:
        """The experiment that `to_json` wrote; a missing field has its default. ValueError with one sentence."""
        if not isinstance(text, str) or len(text) > MAX_JSON:
            raise ValueError(f"experiment: expected JSON text of at most {MAX_JSON} characters; give an exported one.")
        try:
            document = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_json_int)
        except json.JSONDecodeError as error:
            raise ValueError(
                f"experiment: expected JSON, got something else at line {error.lineno}, column {error.colno}; "
                "export it again."
            ) from None
        except RecursionError:
            raise ValueError(
                "experiment: expected a flat object, got too many brackets in brackets; export it again."
            ) from None
        if not isinstance(document, dict):
            raise ValueError(f"experiment: expected a JSON object, got {_shown(document)}; export it again.")
        for name in document:
            if name not in _FIELDS:
                raise ValueError(f"experiment: expected fields of an Experiment, got {_shown(name)}; remove it.")
        return cls(**document)


_FIELDS = tuple(field.name for field in dataclasses.fields(Experiment))  # "events" is the last
_DEFAULTS = {field.name: field.default for field in dataclasses.fields(Experiment)}


def _features(value: object, dataset: str) -> tuple[str, ...]:
    names = _list("features", value, "['x1', 'x2']")
    columns = len(DATASETS[dataset].names)
    available = [name for name, feature in FEATURES.items() if feature.columns <= columns]
    for name in names:
        _name("features", name, FEATURES)
        if name not in available:
            raise ValueError(
                f"features: expected features of {dataset}, got {_shown(name)}; choose from {', '.join(available)}."
            )
    if not names or len(set(names)) < len(names):
        got = "one twice" if names else "none"
        raise ValueError(
            f"features: expected at least one feature and each once, got {got}; choose from {', '.join(available)}."
        )
    return names


def _hidden(value: object) -> tuple[int, ...]:
    sizes = _list("hidden", value, "[8, 8]")
    if len(sizes) > MAX_LAYERS:
        raise ValueError(f"hidden: expected at most {MAX_LAYERS} layers, got {len(sizes)}; use fewer.")
    return tuple(_whole("hidden", size, 1, MAX_UNITS) for size in sizes)


def _activation(value: object, layers: int) -> str | tuple[str, ...]:
    names = (value,) if isinstance(value, str) else _list("activation", value, "['tanh', 'relu']")
    for name in names:
        _name("activation", name, {known: None for known in ACTIVATIONS if known != "softmax"})
    if not names or (not isinstance(value, str) and len(names) != layers):
        raise ValueError(
            f"activation: expected one name, or one for each of the {layers} hidden layers, got {len(names)}; "
            "give one name."
        )
    return names[0] if len(set(names)) == 1 else names


# Query string and JSON


def _plain(value: object) -> Any:
    """`value` with lists and dicts for tuples and Settings, as JSON has them."""
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        raise ValueError("experiment: expected each name once in an object, got one twice; remove one of the two.")
    return document


def _no_constant(name: str):
    raise ValueError(f"experiment: expected finite numbers, got {name}; change it to a number.")


def _json_int(text: str) -> int | float:
    return int(text) if len(text) < 25 else float(text)  # Python refuses to read whole numbers of many digits


def _text(value: object) -> str:
    """One value as it stands in a link."""
    if value is None or value == ():
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "-".join(_text(part) for part in value)
    # repr reads back exactly; a link would turn the plus of 1e+20 into a space
    return repr(value).replace("e+", "e") if isinstance(value, float) else str(value)


def _query_pairs(name: str, value: object) -> list[tuple[str, str]]:
    """The keys and texts of one field, of one setting, or of the edits of one event."""
    if name == "edits":
        return [
            (f"edit.{layer}.{unit}.{'bias' if source is None else source}", _text(new))
            for layer, unit, source, new in value
        ]
    if isinstance(value, Mapping):
        return [(f"{name.removesuffix('_settings')}.{key}", _text(part)) for key, part in value.items()]
    return [(name, _text(value))]


_FLOAT = r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?"


def _value(name: str, text: str, like: object) -> Any:
    """The value that `text` of a link stands for, in the type of `like`.

    Text that stands for none comes back as it is: the check of the field refuses and shows it. Only 0 to 9 are digits,
    because Python's own int and float also read "5_0", " 5" and the digits of other scripts.
    """
    if isinstance(like, bool):
        return {"true": True, "false": False}.get(text, text)
    if isinstance(like, tuple):
        if text == "none":
            return ()
        if like and isinstance(like[0], str):
            return tuple(re.split("[-,]", text))
        return tuple(_value(name, part, like[0] if like else 0.0) for part in re.split("(?<=[0-9])[-,]", text))
    if name == "activation" and re.search("[-,]", text):
        return tuple(re.split("[-,]", text))
    if isinstance(like, str):
        return text
    if like is None and text == "none":
        return None
    if isinstance(like, int):
        return int(text) if re.fullmatch("-?[0-9]{1,18}", text) else text
    return float(text) if len(text) < 100 and re.fullmatch(_FLOAT, text) else text


def _read_live(texts: dict[str, str], in_force: Mapping[str, Any], ignore: Callable[[object, str], None]) -> dict:
    """Takes the live settings out of `texts` of a link and returns those that are right, checked."""
    changes: dict[str, Any] = {}

    def refused(new: dict[str, Any]) -> ValueError | None:
        try:
            changes.update(_live(new, {**in_force, **changes}))
        except ValueError as error:
            return error
        return None

    for name in _LIVE_CHECKS:
        if name in texts and (error := refused({name: _value(name, texts.pop(name), _DEFAULTS[name])})):
            ignore(error, f"{_text(in_force[name])} is used instead")
    for kind, registry in _WITH_SETTINGS.items():
        field = f"{kind}_settings"
        if kind in texts and (error := refused({kind: texts.pop(kind), field: {}})):
            ignore(error, f"{in_force[kind]} is used instead")
        known = _setting_fields(registry[changes.get(kind, in_force[kind])])
        own = {key: key.removeprefix(f"{kind}.") for key in texts if key.startswith(f"{kind}.")}
        settings = {name: _value(name, texts.pop(key), known.get(name)) for key, name in own.items()}
        if settings and refused({field: settings}):  # together they may be right where one alone is not
            for name, value in settings.items():
                if error := refused({field: {**changes.get(field, {}), name: value}}):
                    ignore(error, "its default is used instead")
    return changes


def _read_query(text: str) -> tuple[Experiment, tuple[str, ...]]:
    experiment = Experiment()
    if not isinstance(text, str) or len(text) > MAX_QUERY:
        return experiment, (f"The link was ignored: expected text of at most {MAX_QUERY} characters.",)
    ignored: list[str] = []

    def ignore(error: object, used: str) -> None:
        ignored.append(f"In the link, {str(error).removesuffix('.')} ({used})." if len(ignored) < MAX_SENTENCES else "")

    def attempt(**changes) -> Experiment:
        try:
            return experiment.replace(**changes)
        except ValueError as error:
            ignore(error, " and ".join(_text(getattr(experiment, name)) for name in changes) + " is used instead")
            return experiment

    given: dict[str, str] = {}
    repeated: dict[str, None] = {}
    for key, value in parse_qsl(text.removeprefix("?"), keep_blank_values=True):
        if key in given:
            repeated[key] = None
        given.setdefault(key, value)
    for key in repeated:
        ignore(f"{_shown(key)} is given more than once", f"the first one, {_shown(given[key])}, is used")

    if "dataset" in given:  # first, because the defaults of features, output and loss follow from it
        dataset = given.pop("dataset")
        experiment = attempt(dataset=dataset, **(defaults_for(dataset) if dataset in DATASETS else {}))
    pair = {name: given.pop(name) for name in ("output", "loss") if name in given}
    try:
        experiment = experiment.replace(**pair)
    except ValueError as error:
        for name, value in pair.items():
            with contextlib.suppress(ValueError):  # one of the two may be right beside the usual other
                experiment = experiment.replace(**{name: value})
        ignore(error, f"{experiment.output} and {experiment.loss} are used instead")
    for name in _FIELDS:
        if name in given and name not in LIVE_SETTINGS and name != "events":
            experiment = attempt(**{name: _value(name, given.pop(name), _DEFAULTS[name])})
    in_force = {name: getattr(experiment, name) for name in LIVE_SETTINGS}
    experiment = experiment.replace(**_read_live(given, in_force, ignore))
    experiment = experiment.replace(events=_read_events(given, experiment, ignore))
    for key in given:
        ignore(f"there is nothing that is called {_shown(key)}", "it is left out")
    if len(ignored) > MAX_SENTENCES:
        ignored[MAX_SENTENCES:] = [f"In the link, {len(ignored) - MAX_SENTENCES} more values were left out."]
    return experiment, tuple(ignored)


def _read_events(given: dict[str, str], experiment: Experiment, ignore: Callable[[object, str], None]) -> list:
    """Takes the events out of `given` and returns those that are right, in order and at most MAX_CHANGES."""
    texts_at: dict[int, dict[str, str]] = {}
    for key in list(given):
        if match := re.fullmatch(r"([0-9]{1,12})\.(.+)", key, re.DOTALL):
            texts_at.setdefault(int(match[1]), {})[match[2]] = given.pop(key)
    in_force = {name: getattr(experiment, name) for name in LIVE_SETTINGS}
    events, total = [], 0
    for update, texts in sorted(texts_at.items()):

        def ignore_here(error: object, used: str, update: int = update) -> None:
            ignore(f"at update {update}, {error}", used)

        changes = _read_live(texts, in_force, ignore_here)
        edits = []
        for key in [key for key in texts if key.startswith("edit.")]:
            value = _value(key, texts.pop(key), 0.0)
            place = re.fullmatch(r"edit\.([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,4}|bias)", key)
            try:
                if not place:
                    raise ValueError(f"{_shown(key)}: expected edit.layer.unit.source; use whole numbers.")
                source = None if place[3] == "bias" else int(place[3])
                edits.append(_edit((int(place[1]), int(place[2]), source, value), experiment.sizes))
            except ValueError as error:
                ignore_here(error, "it is left out")
        for key in texts:
            ignore_here(f"there is nothing that is called {_shown(key)}", "it is left out")
        total += len(changes) + len(edits)
        if total > MAX_CHANGES:
            ignore_here(f"expected at most {MAX_CHANGES} changes in one run", "this and later ones are left out")
            break
        in_force.update(changes)
        events.append((update, {**changes, "edits": edits}))
    return events


# The task


def defaults_for(dataset: str) -> dict[str, Any]:
    """The usual features, output and loss for a data set, as fields of an Experiment. ValueError: unknown name."""
    spec = DATASETS[_name("dataset", dataset, DATASETS)]
    return {"features": spec.names, "output": spec.output, "loss": spec.loss}


def _outputs(dataset: str, output: str) -> int:
    """Output units: one a class where a softmax shares 1 among the classes, else one."""
    return DATASETS[dataset].classes if output == "softmax" else 1


def _check_task(dataset: str, output: str, loss: str) -> None:
    """ValueError for an output and a loss that mean nothing together, or nothing for the task of the data set."""
    check_pair(output, loss)
    task, wrong = DATASETS[dataset].task, ""
    if task == "regression" and loss in _CLASS_LOSSES:
        wrong = f"a loss for the numbers of {dataset}, got {loss}, which is for classes"
    elif task == "regression" and output == "softmax":
        wrong = f"an output for the numbers of {dataset}, got softmax, which is for classes"
    elif task == "multiclass" and output != "softmax":
        wrong = f"an output with a unit for each class of {dataset}, got {output}"
    elif output == "softmax" and loss == "hinge":
        wrong = "an output that can be negative for the loss hinge, got softmax"
    if wrong:
        usual = defaults_for(dataset)
        raise ValueError(f"output and loss: expected {wrong}; choose {usual['output']} and {usual['loss']}.")


_CLASS_LOSSES = ("bce", "cross_entropy", "hinge")
# Outputs that cannot reach every number, in words.
_RANGES = {
    "sigmoid": "stays between 0 and 1",
    "tanh": "stays between -1 and 1",
    "relu": "is never below 0",
    "softplus": "is never below 0",
    "elu": "is never below -1",
    "gelu": "is never below -0.17",
    "swish": "is never below -0.28",
}


def unusual(experiment: Experiment) -> str:
    """One sentence about an output and a loss that are allowed but unusual for the task, "" when they are usual."""
    spec = DATASETS[experiment.dataset]
    output, loss = experiment.output, experiment.loss
    advice = f"{spec.output} with {spec.loss} is the usual choice."
    if spec.task == "regression":
        if output in _RANGES:
            return f"The output {output} {_RANGES[output]}, so it cannot follow targets beyond that; {advice}"
        return f"The output {output} bends what the last layer adds up; {advice}" if output != "identity" else ""
    if (output, loss) in (("sigmoid", "bce"), ("softmax", "cross_entropy"), ("identity", "hinge")):
        return ""
    if loss == "hinge" and output == "tanh":
        return "The hinge loss wants outputs beyond -1 and 1, which tanh never reaches; identity is its usual output."
    if loss == "hinge":
        return f"The hinge loss wants outputs on both sides of 0, and {output} is not made for that; identity is usual."
    if output in ("sigmoid", "softmax", "tanh"):
        return f"With the output {output}, the loss {loss} learns slowly where the answer is surely wrong; {advice}"
    return f"With the output {output}, the loss {loss} also punishes answers that are right by a wide margin; {advice}"
