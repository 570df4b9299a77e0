"""Drawn points: what each tool of the board makes of somebody's own points.

A row is (inputs ..., target, part), as `sn.Points.rows` gives them. A browser may say anything: whatever a tool is
given is checked here, and a ValueError of one sentence leaves all as it was. A tool names a row by its number and by
what the row was: where another row has that number by now, no other point is changed in its place.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

import scratchnet as sn
from scratchnet.points import MAX_LINK_ROWS, TEST, TRAIN, VALIDATION
from scratchnet.values import is_number, is_whole, shown
from ui.kit.numbers import text

NAME = "My points"
MOST_TAKEN = 150  # of a data set, so that there is room for as many more as a link holds
MOST_CLASSES = 6  # that the board has room and colours for
LARGEST_TARGET = 1e6
PARTS = {"train": TRAIN, "validation": VALIDATION, "test": TEST}
GONE = "The point is no longer where it was, so nothing was changed: try again."


def why_not(dataset: sn.Dataset) -> str:
    """Why nobody can draw on this data, "" where one can."""
    return "" if len(dataset.names) <= 2 else "Only data with one or two inputs can be drawn on the map."


def decimals(low: float, high: float) -> int:
    """So many decimals has a coordinate that lies between the two: two, more where the window is narrow."""
    return 2 if high - low >= 1 else 2 - math.floor(math.log10(high - low))


def taken(dataset: sn.Dataset, given: str | sn.Points) -> tuple[sn.Points, str]:
    """(points, sentence): the points of a data set as somebody's own, at most MOST_TAKEN, training and test apart.

    given: what the Experiment calls the data. Its own drawn points stay as they are.
    """
    if reason := why_not(dataset):
        raise ValueError(reason)
    if isinstance(given, sn.Points) and given.is_drawn:
        return given, "These points are yours already."
    sets = {TRAIN: (dataset.x_train, dataset.y_train), VALIDATION: (dataset.x_validation, dataset.y_validation)}
    sets |= {} if dataset.fixed else {TEST: (dataset.x_test, dataset.y_test)}
    whole = sum(len(x) for x, _ in sets.values())
    share = min(1.0, MOST_TAKEN / whole)
    # The parts lie in shuffled order, so the first rows of each are a fair choice.
    counts = {part: max(int(len(x) * share), min(len(x), 1)) for part, (x, _) in sets.items()}
    counts[TRAIN] = min(counts[TRAIN], MOST_TAKEN - sum(counts.values()) + counts[TRAIN])
    x = np.concatenate([x[: counts[part]] for part, (x, _) in sets.items()])
    y = np.concatenate([np.reshape(y, -1)[: counts[part]] for part, (_, y) in sets.items()])
    for column, (low, high) in zip(x.T, dataset.domain, strict=True):
        column[:] = np.clip(np.round(column, decimals(low, high)), low, high)
    if not dataset.classes:
        y = np.round(y, decimals(float(y.min()), float(y.max())) if len(set(y.tolist())) > 1 else 2)
    parts = np.repeat(list(counts), list(counts.values()))
    classes = dataset.class_names if dataset.classes else ()
    names = given.names if isinstance(given, sn.Points) else dataset.names
    target = given.target if isinstance(given, sn.Points) else ("class" if classes else "y")
    points = sn.Points(NAME, x, y, names, target, classes, (), parts, dataset.domain)
    said = f"{len(points)} of {whole:,}" if len(points) < whole else f"All {whole}"
    room = MAX_LINK_ROWS - len(points)
    return points, f"{said} points are yours now, rounded, and there is room for {room} more. Started anew."


def added(points: sn.Points, rows: object, is_empty: bool) -> tuple[sn.Points, str]:
    """With new rows at the end, or on an empty map with these alone. sentence: where not all found room."""
    if not isinstance(rows, list) or not 1 <= len(rows) <= MAX_LINK_ROWS:
        raise ValueError(f"A drawing adds 1 to {MAX_LINK_ROWS} points at once: draw fewer.")
    new = [_row(points, row) for row in rows]
    old = () if is_empty else points.rows()
    room = MAX_LINK_ROWS - len(old)
    if room < 1:
        raise ValueError(f"A link holds at most {MAX_LINK_ROWS} points, and so many are there: erase some first.")
    if is_empty and not any(row[-1] == TRAIN for row in new[:room]):
        raise ValueError("The first point of an empty map has to be a training point: there is nothing to learn yet.")
    said = f"{room} of {len(new)} points were added: a link holds at most {MAX_LINK_ROWS}." if room < len(new) else ""
    return points.with_rows([*old, *new[:room]]), said


def changed(points: sn.Points, index: object, was: object, to: object) -> sn.Points:
    """With another row in the place of one: moved, of another class, of another height or of another part."""
    rows = list(points.rows())
    rows[_place(points, rows, index, was)] = _row(points, to)
    return _with_training_points(points, rows)


def erased(points: sn.Points, gone: object) -> sn.Points:
    """Without these rows, each [index, what the row was]."""
    if not isinstance(gone, list) or not 1 <= len(gone) <= MAX_LINK_ROWS:
        raise ValueError(f"1 to {MAX_LINK_ROWS} points are erased at once: erase fewer.")
    rows: list[Any] = list(points.rows())
    for pair in gone:
        if not isinstance(pair, list) or len(pair) != 2:
            raise ValueError(GONE)
        rows[_place(points, rows, *pair)] = None  # the others keep their numbers
    return _with_training_points(points, [row for row in rows if row is not None])


def labelled(points: sn.Points, text: object, chosen: object) -> tuple[sn.Points, str]:
    """(points, sentence): with the classes, or heights, that a typed function gives to all of them.

    Where a comparison holds a point is of the chosen class. Elsewhere, of two classes, it is of the other; of more it
    stays what it was.
    """
    expression = sn.read_expression(text, len(points.names))
    values = expression(points.x)
    if not points.classes:
        if expression.is_comparison:
            raise ValueError("These points have heights: type a function such as sin(x1), not a comparison.")
        if np.abs(values).max() > LARGEST_TARGET:
            raise ValueError("A height is a number of at most a million in size: type another function.")
        y: np.ndarray = values
        said = "All points have the heights of the function now."
    else:
        if not expression.is_comparison:
            raise ValueError("These points have classes: type a comparison such as x2 > sin(x1), or above sin(x1).")
        if not is_whole(chosen, 0, len(points.classes) - 1):
            raise ValueError(f"A point is of a class from 1 to {len(points.classes)}: choose one of them.")
        y = np.where(values, chosen, 1 - chosen if len(points.classes) == 2 else points.y)
        said = f"Where it holds, {int(values.sum())} of {len(points)} points are of {points.classes[chosen]} now."
    return points.with_rows([(*row[:-2], target, row[-1]) for row, target in zip(points.rows(), y, strict=True)]), said


def with_a_class_more(points: sn.Points) -> sn.Points:
    _has_classes(points)
    if len(points.classes) >= MOST_CLASSES:
        raise ValueError(f"A drawing has at most {MOST_CLASSES} classes, and so many are there.")
    names = (f"class {number}" for number in range(len(points.classes), 2 * MOST_CLASSES))
    name = next(name for name in names if name not in points.classes)
    return _with_classes(points, (*points.classes, name))


def with_a_class_less(points: sn.Points, is_empty: bool) -> sn.Points:
    """Without the last class, which has to have no points."""
    _has_classes(points)
    if len(points.classes) <= 2:
        raise ValueError("A drawing with classes has at least two of them.")
    last = len(points.classes) - 1
    if (points.y == last).any() and not is_empty:
        raise ValueError("The last class still has points: erase or flip them first.")
    return _with_classes(points, points.classes[:-1], np.minimum(points.y, last - 1))


def _with_classes(points: sn.Points, classes: tuple[str, ...], y: np.ndarray | None = None) -> sn.Points:
    y = points.y if y is None else y
    of = (points.names, points.target, classes, points.kinds, points.parts, points.domain)
    return sn.Points(points.name, points.x, y, *of)


def _has_classes(points: sn.Points) -> None:
    if not points.classes:
        raise ValueError("These points have numbers as targets and no classes.")


def _row(points: sn.Points, row: object) -> tuple[float, ...]:
    """A checked row, its inputs rounded."""
    columns = len(points.names)
    if not isinstance(row, list) or len(row) != columns + 2 or not all(is_number(value) for value in row):
        raise ValueError(f"A point is {columns + 2} finite numbers (inputs, target, part): draw it again.")
    *inputs, target, part = row
    placed = []
    for name, value, (low, high) in zip(points.names, inputs, points.window, strict=True):
        if not low <= value <= high:
            ends = f"from {text(low)} to {text(high)}"
            raise ValueError(f"A point lies inside the map: expected {shown(name)} {ends}, got {text(value)}.")
        placed.append(min(max(round(float(value), decimals(low, high)), low), high))
    if points.classes and not is_whole(target, 0, len(points.classes) - 1):
        raise ValueError(f"A point is of a class from 1 to {len(points.classes)}: choose one of them.")
    if not abs(target) <= LARGEST_TARGET:
        raise ValueError("A height is a number of at most a million in size: type another one.")
    if not is_whole(part, TRAIN, TEST):
        raise ValueError("A point is for training or for testing: choose one of the two.")
    return *placed, float(target), float(part)


def _place(points: sn.Points, rows: Sequence[Any], index: object, was: object) -> int:
    """The number of the row meant: this one if it is what it was, else one that is."""
    width = len(points.names) + 2
    if not isinstance(was, list) or len(was) != width or not all(is_number(value) for value in was):
        raise ValueError(GONE)
    there = tuple(was)
    if is_whole(index, 0, len(rows) - 1) and rows[index] == there:
        return index
    found = next((place for place, row in enumerate(rows) if row == there), None)
    if found is None:
        raise ValueError(GONE)
    return found


def _with_training_points(points: sn.Points, rows: list) -> sn.Points:
    if not any(row[-1] == TRAIN for row in rows):
        raise ValueError("One training point has to stay, or there is nothing to learn from; Clear empties the map.")
    return points.with_rows(rows)


def described(points: str | sn.Points) -> dict[str, Any] | None:
    """What the board has to know to draw on these points, None where they are nobody's own.

    rows: their numbers, part by part as the board has them.
    """
    if not isinstance(points, sn.Points) or not points.is_drawn or points.parts is None:
        return None
    rows = {name: np.flatnonzero(points.parts == part).tolist() for name, part in PARTS.items()}
    return {"rows": rows, "decimals": [decimals(*ends) for ends in points.window]}
