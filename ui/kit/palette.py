"""Palette: the colours and marks that mean something, once for board, charts, lessons and drawings.

Orange is negative or class 0, blue is positive or class 1. Further classes have a colour and a mark of their own. The
colours were searched for numerically: of ten, the two nearest ones are as far apart as they can be for everybody, also
without one of the three kinds of cones, and each stands out from a white and from a dark page. tests/test_palette.py
measures it (CIEDE2000).
"""

import math
from dataclasses import dataclass

# On maps, which are as light on a dark page. Scales are written as Plotly has them.
NEGATIVE, MIDDLE, POSITIVE = "#d96b0c", "#f4f1ee", "#1f77b4"
SCALE = ((0.0, NEGATIVE), (0.5, MIDDLE), (1.0, POSITIVE))
POINTS = ((0.0, "#8f4300"), (0.5, "#b9b4ae"), (1.0, "#0e4379"))  # darker, to stand out from the map behind them
MAP_INK = "#22232b"  # lines and letters on a map, or on another light ground
OVER_A_MAP = "rgba(255, 255, 255, 0.85)"  # the ground of words that stand on one
WHITE, BLACK = "#ffffff", "#000000"
PAPER_INK, PAPER_FRAME, PAPER_RULE = "#55555f", "#77777f", "#c8c8ce"  # printed: small letters, boxes, lines
GREY = "#80808a"  # what belongs to no class and has no sign, on either page

# What has no sign has no orange and no blue: it is plum, from nothing to all.
PLUM = "#7b3f8f"
SHARES = ((0.0, "#f3ecf6"), (1.0, PLUM))
# From 1e-5 on, where a gradient counts as wrong, a strong colour.
ERRORS = ((0.0, "#f6f3f7"), (5 / 12, "#e6dcec"), (7 / 12, "#c8a6d6"), (9 / 12, "#96559f"), (1.0, "#5a1173"))
PARTS = ("#5b6270", "#cfcbd6", PLUM)  # of a sum: three samples beside each other
PARTS_INK = (WHITE, MAP_INK, WHITE)
RIGHT, RIGHT_INK = "#3f7d5a", WHITE  # dark enough for white letters on either page
GOLD = "#c9a227"  # a further curve in a sketch

# Streamlit puts a colour of the theme in the place of these: one of its chartCategoricalColors, counted from 1.
THEME_PLUM, THEME_GOLD, THEME_GREY = "#000003", "#000005", "#000006"
THEME_RED, THEME_TEAL, THEME_OLIVE, THEME_INK = "#000007", "#000008", "#000009", "#000010"
# Lines beside each other that are of no class and no sign, as far apart on either page as five can be for everybody.
LINES = (THEME_INK, THEME_TEAL, THEME_RED, THEME_PLUM, THEME_OLIVE)


# On the page itself a line has to stand out from the page: brighter where that is dark. Letters are darker on white.
SIGNS = {
    "light": {"negative": NEGATIVE, "positive": POSITIVE, "negative-ink": "#a84600", "positive-ink": "#084680"},
    "dark": {"negative": "#f09a4a", "positive": "#5aa5e8", "negative-ink": "#f09a4a", "positive-ink": "#5aa5e8"},
}


@dataclass(frozen=True)
class ClassMark:
    """How one class looks. symbol: its mark as Plotly calls it, with or without a dot. outline: the mark's corners

    (x, y), y down, within a distance of about 1 from its middle; none for a disc.
    """

    color: str
    symbol: str
    outline: tuple[tuple[float, float], ...]


def _star(points: int, inner: float | None = None, turn: float = 0.0, size: float = 1.0) -> tuple:
    """Corners of a regular polygon, or with an inner radius of a star; the first points up, `turn` turns (1: 360°)."""
    radii = [size] * points if inner is None else [size, inner * size] * points
    angles = [2 * math.pi * (i / len(radii) + turn) for i in range(len(radii))]
    corners = zip(radii, angles, strict=True)
    return tuple((round(r * math.sin(a), 4), round(-r * math.cos(a), 4)) for r, a in corners)


_PLUS = tuple((x * 1.05, y * 1.05) for x, y in (
    (-0.4, -1), (0.4, -1), (0.4, -0.4), (1, -0.4), (1, 0.4), (0.4, 0.4),
    (0.4, 1), (-0.4, 1), (-0.4, 0.4), (-1, 0.4), (-1, -0.4), (-0.4, -0.4),
))  # fmt: skip
_X = tuple((round((x - y) * math.sqrt(0.5), 4), round((x + y) * math.sqrt(0.5), 4)) for x, y in _PLUS)
_TALL = ((0.0, -1.4), (0.7, 0.0), (0.0, 1.4), (-0.7, 0.0))

CLASSES = (
    ClassMark(NEGATIVE, "circle", ()),
    ClassMark(POSITIVE, "square", _star(4, turn=0.125, size=1.2)),
    ClassMark("#8a223c", "triangle-up", _star(3, size=1.3)),
    ClassMark("#3ccbbe", "diamond", _star(4, size=1.3)),
    ClassMark("#be0808", "cross", _PLUS),
    ClassMark("#d88aff", "triangle-down", _star(3, turn=0.5, size=1.3)),
    ClassMark("#97b17d", "star", _star(5, inner=0.45, size=1.45)),
    ClassMark("#633c70", "x", _X),
    ClassMark("#3c08e5", "pentagon", _star(5, size=1.2)),
    ClassMark("#a45670", "diamond-tall", _TALL),
)
