"""Thumbnails: a small picture of every data set, drawn from its own training points, in the colours of the board."""

import base64
from collections.abc import Iterable

import numpy as np
import streamlit as st

import scratchnet as sn
from scratchnet.datasets import DatasetSpec
from ui.kit.palette import CLASSES, MIDDLE, NEGATIVE, POSITIVE

WIDTH, HEIGHT, EDGE = 64, 48, 5  # pixels
POINTS = 600  # of a picture; squares and stripes are seen only where points are many
SIZE, TILE, GIVEN = 2.6, 7, 9  # pixels across a point: of a class, of a regression (they close up), of few given ones
SHADES = 9  # of a regression's targets
GROUPS = ("Two classes", "Many classes", "Regression", "Gates and given points", "Real data")
DIGIT_SIDE, DIGIT_STEP, DIGIT_SCALE = 8, 9, 1.35  # of the picture of the digits: pixels of one, from one to the next


def group_of(spec: DatasetSpec) -> str:
    """Under which heading a data set is offered."""
    if spec.given:
        return GROUPS[4]
    if spec.fixed:
        return GROUPS[3]
    return {"binary": GROUPS[0], "multiclass": GROUPS[1], "regression": GROUPS[2]}[spec.task]


@st.cache_data(show_spinner=False)
def thumbnail(name: str) -> str:
    """The picture of a data set as the address of an image."""
    return "data:image/svg+xml;base64," + base64.b64encode(picture(name).encode()).decode()


def picture(name: str) -> str:
    """The picture of a data set as SVG: the first two inputs as places; a single one with its target as a curve."""
    data = sn.load_dataset(name, samples=2 * POINTS)
    x, y = data.x_train, np.ravel(data.y_train)
    if name == "digits":
        drawn = _digits(x, y)
    elif x.shape[1] == 1:
        order = np.argsort(x[:, 0])
        at = _places(np.column_stack((x[order, 0], y[order])))
        drawn = f'<path d="M{" L".join(at)}" stroke="{POSITIVE}" stroke-width="2"/>'
    else:
        at, colours = _places(x[:, :2]), np.array(_colours(data.task, y))
        size = GIVEN if data.fixed else TILE if data.task == "regression" else SIZE
        drawn = "".join(
            f'<path d="{"".join(f"M{at[i]}h0" for i in np.flatnonzero(colours == colour))}" stroke="{colour}"'
            f' stroke-width="{size}" stroke-linecap="round"/>'
            for colour in dict.fromkeys(colours.tolist())
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' fill="none">{drawn}</svg>'
    )


def _digits(x: np.ndarray, y: np.ndarray) -> str:
    """The first digit of each class in its class's colour, five in a row: of a picture two of 64 inputs say nothing."""
    drawn = []
    for k, look in enumerate(CLASSES):
        rows, columns = np.nonzero(x[np.flatnonzero(y == k)[0]].reshape(DIGIT_SIDE, DIGIT_SIDE) >= DIGIT_SIDE)
        across, down = 2 + DIGIT_STEP * (k % 5) + columns, 6 + 15 * (k // 5) + rows
        dots = "".join(f"M{h} {v}h1" for h, v in zip(across, down, strict=True))
        drawn.append(f'<path d="{dots}" stroke="{look.color}" stroke-width="1"/>')
    return f'<g transform="scale({DIGIT_SCALE})">{"".join(drawn)}</g>'


def _places(points: np.ndarray) -> list[str]:
    """Where points (n, 2) lie in the picture, the second number upwards, from edge to edge."""
    low, high = points.min(0), points.max(0)
    share = (points - low) / np.where(high > low, high - low, 1)
    size = np.array([WIDTH, HEIGHT]) - 2 * EDGE
    return [f"{EDGE + h * size[0]:.0f} {EDGE + (1 - v) * size[1]:.0f}" for h, v in share]


def _colours(task: str, y: np.ndarray) -> Iterable[str]:
    """A colour for every target: of its class, or from negative to positive."""
    if task != "regression":
        return [CLASSES[int(target)].color for target in y]
    reach = np.abs(y).max() or 1.0
    return [_shade(round(float(target) / reach * (SHADES // 2)) / (SHADES // 2)) for target in y]


def _shade(value: float) -> str:
    """A colour between negative (-1), the middle (0) and positive (1)."""
    end = POSITIVE if value > 0 else NEGATIVE
    pairs = ((int(MIDDLE[i : i + 2], 16), int(end[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(middle + abs(value) * (far - middle)):02x}" for middle, far in pairs)
