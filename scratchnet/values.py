"""Values: is one value what it has to be? A whole number, a finite number within bounds, a name that a table has.

What counts as a number is said here once (`is_whole`, `is_number`). The functions after that refuse in one sentence: a
ValueError that says what was expected and what came. Those of settings, which may come from a stranger's link, also say
what to do, and return the value in the one type that it is kept in.
"""

import math
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any, TypeGuard, TypeVar

import numpy as np
from numpy.typing import ArrayLike

Entry = TypeVar("Entry")  # of a table


def is_whole(value: object, low: float = -math.inf, high: float = math.inf) -> TypeGuard[int]:
    """Whether `value` is a whole number, Python's or NumPy's, of `low` to `high`. True and False are none."""
    return isinstance(value, Integral) and not isinstance(value, bool) and low <= int(value) <= high


def is_number(value: object, low: float = -math.inf, high: float = math.inf) -> TypeGuard[float]:
    """Whether `value` is a number that a finite float64 can hold, of `low` to `high`. True and False are none."""
    if not isinstance(value, Real) or isinstance(value, bool):
        return False
    try:
        number = float(value)
    except OverflowError:  # a whole number beyond 1e308
        return False
    return math.isfinite(number) and low <= number <= high


# Settings of an optimizer, a schedule, a trainer: each by its name


def at_least_zero(**settings: object) -> None:
    """ValueError unless each is a number of at least 0."""
    for name, value in settings.items():
        if not is_number(value, 0):
            raise ValueError(f"{name} must be a number of at least 0; got {value!r}.")


def positive(**settings: object) -> None:
    """ValueError unless each is a number above 0."""
    for name, value in settings.items():
        if not (is_number(value) and value > 0):
            raise ValueError(f"{name} must be a positive number; got {value!r}.")


def below_one(**settings: object) -> None:
    """ValueError unless each is a share of at least 0 and below 1."""
    for name, value in settings.items():
        if not (is_number(value, 0) and value < 1):
            raise ValueError(f"{name} must be at least 0 and below 1; got {value!r}.")


def between(low: float, high: float, **settings: object) -> None:
    """ValueError unless each is a number of `low` to `high`."""
    for name, value in settings.items():
        if not is_number(value, low, high):
            raise ValueError(f"{name} must be a number from {low} to {high}; got {value!r}.")


def updates(**settings: object) -> None:
    """ValueError unless each is a whole number of updates of at least 1."""
    for name, value in settings.items():
        if not is_whole(value, 1):
            raise ValueError(f"{name} must be a whole number of updates of at least 1; got {value!r}.")


# What a program hands over


def as_numbers(values: ArrayLike, what: str) -> np.ndarray:
    """values as a new C-contiguous float64 array; ValueError in one sentence unless all are finite numbers."""
    try:
        array = np.array(values, dtype=np.float64, order="C")
    except (TypeError, ValueError):
        raise ValueError(f"{what} must be finite numbers in rows of equal length; got {values!r:.60}.") from None
    if not np.isfinite(array).all():
        raise ValueError(f"{what} must be finite numbers; got {array[~np.isfinite(array)][0]}.")
    return array


def find(name: object, registry: Mapping[str, Entry], what: str) -> Entry:
    """The entry of a table by its name; ValueError in one sentence for a name it does not have."""
    if not isinstance(name, str) or name not in registry:
        raise ValueError(f"{what} must be one of {', '.join(registry)}; got {name!r}.")
    return registry[name]


# What a person, a link or a file says: settings of an Experiment


def shown(value: object) -> str:
    """`value` for a sentence: short and printable whatever it is, because it may come from a stranger's link."""
    if isinstance(value, str):
        printable = "".join(c if c.isprintable() else "?" for c in value[:40])
        return f"'{printable}{'...' if len(value) > 40 else ''}'"
    if isinstance(value, bool | np.bool_ | float | np.floating) or value is None:
        return str(value)
    if isinstance(value, int | np.integer):
        return str(value) if abs(int(value)) < 10**20 else "a number of more than 20 digits"
    return f"a {type(value).__name__}"


def whole(name: str, value: object, low: int, high: int) -> int:
    """`value` as an int of `low` to `high`."""
    if not is_whole(value, low, high):
        raise ValueError(f"{name}: expected a whole number from {low} to {high}, got {shown(value)}; change it to one.")
    return int(value)


def number(name: str, value: object, low: float = 0.0, high: float = math.inf, above: bool = False) -> float:
    """`value` as a finite float of `low` (or above it) to `high`; -0.0 becomes 0.0: equal numbers are written alike."""
    wanted = f"a finite number {'above' if above else 'of at least'} {low:g}" if low > -math.inf else "a finite number"
    wanted += f" and at most {high:g}" if high < math.inf else ""
    if is_number(value, low, high) and not (above and value == low):
        return float(value) + 0.0
    raise ValueError(f"{name}: expected {wanted}, got {shown(value)}; change it to one.")


def flag(name: str, value: object) -> bool:
    """`value` as a bool; 0 and 1 are numbers."""
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name}: expected true or false, got {shown(value)}; choose one of the two.")
    return bool(value)


def one_of(name: str, value: object, registry: Mapping[str, Any]) -> str:
    """`value`, which has to be a name that the registry has."""
    if not isinstance(value, str) or value not in registry:
        raise ValueError(f"{name}: expected a known name, got {shown(value)}; choose one of {', '.join(registry)}.")
    return value


def listed(name: str, value: object, example: str) -> tuple:
    """`value`, a list or a tuple, as a tuple; the example is for the sentence."""
    if not isinstance(value, list | tuple):
        raise ValueError(f"{name}: expected a list such as {example}, got {shown(value)}; give a list.")
    return tuple(value)
