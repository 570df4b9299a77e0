"""Sketch: a small picture that follows a slider: curves, bars, points and a map, between two axes.

Plotly draws what is studied at rest; it builds its picture anew for every change, which takes longer than a slider
waits. A sketch only redraws a few lines. Python says what stands where, in the numbers of the axes; the browser draws.
Colours are names that sketch.css knows: positive and negative for signs only, plum, green, gold, grey and black.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ui import present
from ui.kit.mount import mount
from ui.kit.numbers import text

HIGHEST_ON_THE_WALL = 285  # px, and as many again and more by its zoom
STEPS = (1, 2, 2.5, 5, 10)  # between two marks of an axis, times a power of ten


@dataclass(frozen=True)
class Axis:
    """An axis from low to high. marks: (place, words) of its ticks; None: round numbers."""

    title: str
    low: float
    high: float
    marks: Sequence[tuple[float, str]] | None = None

    def drawn(self) -> dict:
        marks = [(place, text(place)) for place in rounds(self.low, self.high)] if self.marks is None else self.marks
        return {"title": self.title, "low": float(self.low), "high": float(self.high), "marks": list(marks)}


def rounds(low: float, high: float, most: int = 7) -> list[float]:
    """Round numbers from low to high, at most so many."""
    least = (high - low) / (most - 1)
    power = 10.0 ** np.floor(np.log10(least))
    step = next(step * power for step in STEPS if step * power >= least * (1 - 1e-9))
    return [round(count * step, 12) for count in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1)]


def line(x, y, colour: str, name: str = "", width: float = 3, dash: str = "solid", told: bool = True) -> dict:
    """A curve through the points. name: its legend. dash: solid, dash, dot, dashdot. told: y is told at the pointer."""
    points = np.column_stack([x, y]).tolist()
    return {
        "kind": "line",
        "points": points,
        "colour": colour,
        "name": name,
        "width": width,
        "dash": dash,
        "told": told,
    }


def point(x: float, y: float, colour: str, label: str = "", side: str = "right") -> dict:
    """A point with a label, to its right and below, or to its left and above: there a rising curve leaves room."""
    return {"kind": "point", "at": [float(x), float(y)], "colour": colour, "label": label, "side": side}


def bar(start: float, end: float, row: float, colour: str, label: str, framed: bool = False) -> dict:
    """A horizontal bar from start to end in the middle of a row, with its number behind it."""
    ends = [float(start), float(end)]
    return {"kind": "bar", "ends": ends, "row": float(row), "colour": colour, "label": label, "framed": framed}


def arrow(x: float, y: float, label: str) -> dict:
    """An arrow from the origin."""
    return {"kind": "arrow", "to": [float(x), float(y)], "label": label}


def rule(x: float) -> dict:
    """A dotted line over the whole height: where the slider stands."""
    return {"kind": "rule", "at": float(x)}


def shade(start: float, end: float, label: str) -> dict:
    """A part of the x axis that is set apart, over the whole height, with words in it."""
    return {"kind": "shade", "ends": [float(start), float(end)], "label": label}


def plane(values: np.ndarray, low: float, high: float, title: str) -> dict:
    """A map of values (rows, columns) over the whole picture, the first row lowest; low is orange, high is blue."""
    rows, columns = values.shape
    numbers = base64.b64encode(values.astype("<f4").tobytes()).decode()
    return {
        "kind": "plane",
        "values": numbers,
        "rows": rows,
        "columns": columns,
        "low": float(low),
        "high": float(high),
        "ends": [text(low), text((low + high) / 2), text(high)],
        "title": title,
    }


def sketch(key: str, x: Axis, y: Axis, items: Sequence[dict], alt: str, height: int, square: bool = False) -> None:
    """Show a picture, drawn in the order of its items. alt: what it shows, in words. square: both axes alike."""
    mount(
        "sketch/sketch",
        key=key,
        data={
            "x": x.drawn(),
            "y": y.drawn(),
            "items": list(items),
            "alt": alt,
            "height": min(height, HIGHEST_ON_THE_WALL) if present.is_projected() else height,
            "square": square,
        },
    )
