"""Lesson numbers: what was set in the lessons as an address holds it, `numbers=neurons.x1:0.7~forward.hidden:relu`.

Each lesson says which of its values a link may hold and how each is read: a name -> a function of the text, which
raises ValueError for what the page could not show. What differs from the lesson's start is written, nothing else.
"""

import math
from collections.abc import Callable, Iterable, Mapping

LONGEST = 2000  # characters that are read; all lessons with everything changed need fewer
Readers = Mapping[str, Callable[[str], object]]


def between(low: float, high: float) -> Callable[[str], float]:
    """Reads a number from low to high."""

    def read(text: str) -> float:
        value = float(text)
        if not (math.isfinite(value) and low <= value <= high):
            raise ValueError(f"Expected a number from {low} to {high}, got {text}.")
        return value

    return read


def one_of(options: Iterable) -> Callable[[str], object]:
    """Reads one of these values."""
    named = {_text(option): option for option in options}

    def read(text: str) -> object:
        if text not in named:
            raise ValueError(f"Expected one of {', '.join(named)}, got {text}.")
        return named[text]

    return read


def split(text: str) -> dict[str, dict[str, str]]:
    """A link's text -> path of a lesson -> name -> how its value is written. What has another form is left out."""
    found: dict[str, dict[str, str]] = {}
    for entry in text[:LONGEST].split("~"):
        place, colon, value = entry.partition(":")
        path, dot, name = place.partition(".")
        if colon and dot and path and name:
            found.setdefault(path, {})[name] = value
    return found


def join(numbers: Mapping[str, Mapping[str, str]]) -> str:
    """The text of a link, see `split`."""
    return "~".join(f"{path}.{name}:{value}" for path, held in numbers.items() for name, value in held.items())


def read(held: Mapping[str, str], readers: Readers) -> dict[str, object]:
    """The values of one lesson. What it does not know or could not show is left out: its start stays."""
    values = {}
    for name, text in held.items():
        try:
            values[name] = readers[name](text)
        except (KeyError, ValueError):
            continue
    return values


def written(values: Mapping[str, object], start: Mapping[str, object], readers: Readers) -> dict[str, str]:
    """What differs from the start, as `read` reads it."""
    return {name: _text(values[name]) for name in readers if values[name] != start[name]}


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a slider gives 20.0 where a whole number is meant
    return "-".join(map(str, value)) if isinstance(value, tuple) else str(value)
