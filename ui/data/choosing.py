"""Choosing: which columns of a table are learned from, and what is to be learned, as arrays.

A column of numbers is one input. A column of words becomes one input for each of its words, 1 where the row has it and
0 elsewhere (one-hot). A row without a target is left out; one without a value of an input is left out, too, or keeps
nan, for the mean of the training rows to be put there. What happened is said in numbers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from scratchnet.points import MAX_CLASSES, Points
from scratchnet.values import shown
from ui.data.columns import Column
from ui.data.reading import MAX_COLUMNS, unlike

CLASSES, NUMBERS = "classes", "numbers"
DROP, FILL = "drop", "fill"
MIN_ROWS = 3  # one each to train with, to validate and to test
MAX_WORDS = 20  # of a column that becomes inputs
FEW_NUMBERS = 10  # different whole numbers that are rather classes than amounts
LARGE = 10.0  # inputs beyond this are hard to learn from as they are


@dataclass(frozen=True, eq=False)
class Choice:
    """points: what is learned, with nan where the training mean belongs. rows (n,): which rows of the table these are.
    said: what was left out or filled, a sentence each."""

    points: Points
    rows: np.ndarray
    said: tuple[str, ...]


def usual_target(columns: Sequence[Column]) -> str:
    """The name of the column that is probably to be learned: the last that can be and whose words come again."""
    able = [one for one in columns if not why_no_target(one, usual_task(one))]
    again = [one for one in able if one.kind == "number" or one.distinct < len(one.values) - one.missing]
    return ([*columns[-1:], *able[-1:], *again[-1:]])[-1].name


def usual_inputs(columns: Sequence[Column], target: str) -> tuple[str, ...]:
    """The names of the other columns of numbers that say something, or of words where there are none."""
    able = [one for one in columns if one.name != target and not why_no_input(one) and one.distinct > 1]
    numbers = tuple(one.name for one in able if one.kind == "number")
    return numbers or tuple(one.name for one in able)


def usual_task(column: Column) -> str:
    """Whether classes or numbers are learned from this target: words and a few whole numbers are classes."""
    if column.kind != "number":
        return CLASSES
    values = column.values[~np.isnan(column.values)]
    return CLASSES if column.distinct <= FEW_NUMBERS and (values == np.round(values)).all() else NUMBERS


def why_no_input(column: Column) -> str:
    """Why nothing can be learned from a column, in a sentence that says what to do; "" where it can."""
    if column.distinct == 0 or column.kind == "date":
        return column.remark
    if column.kind == "text" and column.distinct > MAX_WORDS:
        return (
            f"Column {shown(column.name)} has {column.distinct:,} different words, and an input is needed for each; at"
            f" most {MAX_WORDS} are taken: leave it out."
        )
    return ""


def why_no_target(column: Column, task: str) -> str:
    """Why a column cannot be the target, in a sentence that says what to do; "" where it can."""
    name = shown(column.name)
    if column.distinct == 0:
        return f"The target {name} has no values: choose another column."
    if task == NUMBERS and column.kind != "number":
        return f"The target {name} holds words: learn classes, or choose a column of numbers."
    if column.distinct == 1:
        what = "one class only" if task == CLASSES else "the same number in every row"
        return f"The target {name} has {what}: expected at least two; choose another column."
    if task == CLASSES and column.distinct > MAX_CLASSES:
        different = f"{column.distinct:,} different values in {len(column.values):,} rows"
        way = "learn numbers instead, or choose another column" if column.kind == "number" else "choose another column"
        return f"The target {name} has {different}, and at most {MAX_CLASSES} classes are learned: {way}."
    return ""


def choose(
    name: str, columns: Sequence[Column], target: str, inputs: Sequence[str], task: str, missing: str = DROP
) -> Choice:
    """What is learned from these columns. name: of the table. task: CLASSES or NUMBERS. missing: DROP or FILL.
    ValueError in one sentence where nothing can be."""
    by_name = {one.name: one for one in columns}
    goal = by_name[target]
    if not inputs:
        raise ValueError("No column is chosen to learn from: choose at least one as input.")
    if target in inputs:
        raise ValueError(f"Column {shown(target)} is the target and an input: it would be its own answer; choose one.")
    for why in (why_no_target(goal, task), *(why_no_input(by_name[name]) for name in inputs)):
        if why:
            raise ValueError(why)
    has_target = _is_there(goal)
    is_whole = np.all([_is_there(by_name[name]) for name in inputs], axis=0)
    is_used = has_target & is_whole if missing == DROP else has_target
    rows = np.flatnonzero(is_used)
    said = []
    if without := int((~has_target).sum()):
        said.append(f"{_rows(without)} without a target left out.")
    if without := int((has_target & ~is_whole).sum()):
        how = "left out" if missing == DROP else "kept: the mean of the training rows stands there"
        said.append(f"{_rows(without)} with a missing value {how}.")
    if len(rows) < MIN_ROWS:
        rest = f"{_rows(len(rows))} of {len(goal.values):,}" if said else _rows(len(rows))
        raise ValueError(
            f"{rest} can be used, and at least {MIN_ROWS} are needed, to train, validate and test: add rows"
            f"{', or fill missing values' if said and missing == DROP else ''}."
        )
    y, classes = _target(goal, rows, task)
    parts = [_inputs(by_name[name], rows) for name in inputs]
    x = np.hstack([values for values, _ in parts])
    if x.shape[1] > MAX_COLUMNS:
        raise ValueError(
            f"These columns make {x.shape[1]} inputs, and at most {MAX_COLUMNS} are taken: leave out columns of words."
        )
    kinds = [by_name[name].kind for name, (values, _) in zip(inputs, parts, strict=True) for _ in values.T]
    points = Points(
        unlike(name, ()) or "My table",
        x,
        y,
        _all_unlike(wanted for _, many in parts for wanted in many),
        target,
        _all_unlike(classes),
        tuple("number" if kind == "number" else "flag" for kind in kinds),
    )
    return Choice(points, rows, tuple(said))


def usual_scaling(points: Points) -> str:
    """The scaling that is advised: "standard" for large values or amounts of very different size, "none" elsewhere.
    Numbers that are learned count as well: they are scaled together with the inputs."""
    largest = np.nanmax(np.abs(points.x), axis=0)
    largest = largest if points.classes else np.append(largest, np.abs(points.y).max())
    is_even = largest.max() <= LARGE and largest.max() <= 100 * largest.min()
    return "none" if is_even else "standard"


def _all_unlike(wanted: Iterable[str]) -> tuple[str, ...]:
    names: list[str] = []
    for name in wanted:
        names.append(unlike(name, names))
    return tuple(names)


def _is_there(column: Column) -> np.ndarray:
    return ~np.isnan(column.values)


def _target(column: Column, rows: np.ndarray, task: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """(y, classes), the classes in order of size or of the alphabet. ValueError if the rows left have only one."""
    values = column.values[rows]
    if task == NUMBERS:
        if np.ptp(values) == 0:
            raise ValueError(
                f"The target {shown(column.name)} has the same number in every row that is left: fill missing values."
            )
        return values, ()
    known, y = np.unique(values, return_inverse=True)
    if len(known) < 2:
        raise ValueError(f"The target {shown(column.name)} has one class only in the rows that are left: add rows.")
    classes = tuple(column.words[int(value)] if column.words else _word(float(value)) for value in known)
    return y.astype(np.int64), classes


def _inputs(column: Column, rows: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """(values (n, inputs), names) of one column; a row without a word has nan for each of its words."""
    values = column.values[rows][:, None]
    if column.kind == "number":
        return values, (column.name,)
    there = np.unique(values[~np.isnan(values)])
    flags = np.where(np.isnan(values), np.nan, values == there)
    return flags, tuple(f"{column.name} = {column.words[int(place)]}" for place in there)


def _word(value: float) -> str:
    """A number as a class is called: 3 and not 3.0."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else str(value)


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
