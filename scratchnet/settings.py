"""Settings: values that a learner, a link or a file gives, checked one by one and made alike where they mean the same.

What a single value may be is said in values.py.
"""

import dataclasses
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .optimizers import OPTIMIZERS
from .schedules import SCHEDULES
from .values import flag, listed, number, one_of, shown, whole

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


class Settings(Mapping):
    """A read-only mapping that compares (also with a dict) and hashes by its items.

    >>> Settings({"momentum": 0.9}) == {"momentum": 0.9}
    True
    """

    __slots__ = ("_pairs",)

    def __init__(self, items: Mapping[str, Any] | None = None) -> None:
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


# Live settings

LIVE_CHECKS: dict[str, Callable[[str, object], Any]] = {
    "learning_rate": lambda name, value: number(name, value, above=True),
    "batch_size": lambda name, value: whole(name, value, 1, 2**31),
    "shuffle": flag,
    "l1": number,
    "l2": number,
    "clip_norm": lambda name, value: None if value is None else number(name, value, above=True),
}
WITH_SETTINGS = {"optimizer": OPTIMIZERS, "schedule": SCHEDULES}


def setting_defaults(kind: type) -> dict[str, Any]:
    """Setting name -> default, of an optimizer or a schedule. The learning rate is the Experiment's own field."""
    return {f.name: f.default for f in dataclasses.fields(kind) if f.init and f.name != "learning_rate"}


def checked_settings(field: str, owner: str, kind: type, given: object) -> Settings:
    """`given` checked by the class it is for, each value in the type of that class's default, in that class's order."""
    if not isinstance(given, Mapping):
        raise ValueError(f"{field}: expected names with values, got {shown(given)}; give for example an empty mapping.")
    known = setting_defaults(kind)
    for name in given:
        if name not in known:
            choice = f"choose from {', '.join(known)}" if known else "leave it out"
            raise ValueError(f"{field}: expected settings of {owner}, got {shown(name)}; {choice}.")
    values = {name: _as_default(f"{field}: {name}", given[name], known[name]) for name in known if name in given}
    try:
        kind(**values)
    except ValueError as error:
        raise ValueError(f"{field}: {error}") from None
    return Settings(values)


def _as_default(name: str, value: object, default: object) -> Any:
    """`value` checked and turned into the type of `default`; what range is right, the class itself says."""
    if isinstance(default, bool):
        return flag(name, value)
    if isinstance(default, int):
        return whole(name, value, 0, 2**31)
    if isinstance(default, tuple):
        parts = listed(name, value, str(list(default)))
        if len(parts) != len(default):
            raise ValueError(f"{name}: expected {len(default)} numbers, got {len(parts)}; give {len(default)}.")
        return tuple(number(name, part, -math.inf) for part in parts)
    if default is None and value is None:
        return None
    return number(name, value, -math.inf)


def checked_live(changes: Mapping[str, Any], in_force: Mapping[str, Any]) -> dict[str, Any]:
    """The checked `changes` of live settings. A new optimizer or schedule without settings has its own defaults."""
    checked = {}
    for name, value in changes.items():
        if name not in LIVE_SETTINGS:
            raise ValueError(
                f"{shown(name)}: expected a setting that can change while a run goes on ({', '.join(LIVE_SETTINGS)}); "
                "start a new run to change anything else."
            )
        if name in LIVE_CHECKS:
            checked[name] = LIVE_CHECKS[name](name, value)
    for kind, registry in WITH_SETTINGS.items():
        field = f"{kind}_settings"
        if kind in changes or field in changes:
            name = one_of(kind, changes.get(kind, in_force.get(kind)), registry)
            kept = in_force[field] if name == in_force.get(kind) else {}
            checked[kind] = name
            checked[field] = checked_settings(field, name, registry[name], changes.get(field, kept))
    return checked
