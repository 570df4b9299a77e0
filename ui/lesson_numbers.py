"""Lesson numbers: what was set in the lessons as an address holds it, `numbers=neurons.x1:0.7~forward.hidden:relu`.

Each lesson says which of its values a link may hold and how each is read: a name -> a function of the text, which
raises ValueError for what the page could not show. What differs from the lesson's start is written, nothing else.
Whatever is not used has its sentence, for a visitor who would otherwise take the start for what the link said.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from scratchnet.values import shown

LONGEST = 2000  # characters that are read; all lessons with everything changed need fewer
MOST_NAMED = 12  # choices that a sentence lists
Readers = Mapping[str, Callable[[str], Any]]


def between(low: float, high: float) -> Callable[[str], float]:
    """Reads a number from low to high."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not low <= value <= high:  # which NaN is not
            raise ValueError(f"expected a number from {low} to {high}, got {shown(text)}")
        return value

    return read


def one_of(options: Iterable) -> Callable[[str], Any]:
    """Reads one of these values."""
    named = {_text(option): option for option in options}
    known = list(named)
    words = f"one of {', '.join(known)}" if len(known) <= MOST_NAMED else f"one of {known[0]} to {known[-1]}"

    def read(text: str) -> object:
        if text not in named:
            raise ValueError(f"expected {words}, got {shown(text)}")
        return named[text]

    return read


def split(text: str, paths: Iterable[str]) -> tuple[dict[str, dict[str, str]], list[str]]:
    """(found, ignored) of a link's text: path of a lesson -> name -> how its value is written; a sentence for the rest.

    paths: of the lessons that there are.
    """
    found: dict[str, dict[str, str]] = {}
    ignored = []
    if len(text) > LONGEST:
        ignored.append(f"In the link (cut there), numbers: expected at most {LONGEST:,} characters, got {len(text):,}.")
    entries = text[:LONGEST].split("~") if text.strip("~") else [text]
    for entry in dict.fromkeys(filter(None, entries)):
        place, _, value = entry.partition(":")
        path, _, name = place.partition(".")
        if path in paths and name:
            found.setdefault(path, {})[name] = value
        else:
            ignored.append(f"In the link (it is left out), numbers: there is no lesson with {shown(place)}.")
    return found, ignored


def join(numbers: Mapping[str, Mapping[str, str]]) -> str:
    """The text of a link, see `split`."""
    return "~".join(f"{path}.{name}:{value}" for path, held in numbers.items() for name, value in held.items())


def read(held: Mapping[str, str], readers: Readers) -> tuple[dict[str, Any], list[str]]:
    """(values, ignored) of one lesson: what it does not know or could not show stays as it starts, with a sentence."""
    values: dict[str, Any] = {}
    ignored = []
    for name, text in held.items():
        if name not in readers:
            ignored.append(f"In the link (it is left out), there is nothing on this page that is called {shown(name)}.")
            continue
        try:
            values[name] = readers[name](text)
        except ValueError as error:
            ignored.append(f"In the link (its start is used), {name}: {str(error).removesuffix('.')}.")
    return values, ignored


def written(values: Mapping[str, Any], start: Mapping[str, Any], readers: Readers) -> dict[str, str]:
    """What differs from the start, as `read` reads it."""
    return {name: _text(values[name]) for name in readers if values[name] != start[name]}


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a slider gives 20.0 where a whole number is meant
    return "-".join(map(str, value)) if isinstance(value, tuple) else str(value)
