"""Pictures: the loss on a plane, as a map with lines of equal loss and as a surface, with paths of runs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ui.charts import LOWER, cut, layout, plain
from ui.kit import palette
from ui.kit.numbers import D3, text, tick

CEILING = 4  # times the largest loss on a path: what is higher would press all else into one colour
DECADES = 12  # of a logarithmic scale, below its top; what is lower is drawn at its foot
LINES = 20  # of equal loss, about
CASING = 5  # pixels of the white line below a path, which stands out on every loss
ROUND, FEW_DECADES = (1, 2, 5), 4  # what is printed of a decade beside a logarithmic scale, where they are few
DASHES = ("dash", "dot", "dashdot", "longdash")  # of other branches
LONGEST = 26  # letters of an axis's name beside the surface
CONFIG = {"displaylogo": False}


@dataclass(frozen=True, eq=False)
class Way:
    """A path as it is drawn: name; places on the plane (k, 2); by moment (k,) its update, its own loss, how far it lies
    off the plane, and whether something was changed by hand there. branch: 0 for the run on screen, of other branches
    a number each.
    """

    name: str
    places: np.ndarray
    updates: np.ndarray
    losses: np.ndarray
    off: np.ndarray
    changed: np.ndarray
    branch: int = 0


@dataclass(frozen=True, eq=False)
class Heights:
    """Losses as they are drawn: surface (rows, columns), ways, each (k,); low, high: the ends of their scale.

    said: what is not drawn as it is, in sentences. clipped: whether anything of the surface is not.
    """

    surface: np.ndarray
    ways: tuple[np.ndarray, ...]
    low: float
    high: float
    said: tuple[str, ...]
    clipped: bool


def heights(surface: np.ndarray, ways: Sequence[Way], is_log: bool) -> Heights:
    """Where losses are cut off so that the rest can be seen, and the words for it."""
    own = np.concatenate([way.losses for way in ways])
    known = np.concatenate([surface.ravel(), own])
    known = known[np.isfinite(known) & (known > 0 if is_log else True)]
    if not len(known):
        known = np.ones(1)
    high, low, said = float(known.max()), float(known.min()), []
    own = own[np.isfinite(own)]
    if not is_log and len(own) and own.max() > 0 and high > CEILING * own.max():
        high = CEILING * float(own.max())
        above = int((surface[np.isfinite(surface)] > high).sum())
        said.append(
            f"At {above:,} of {surface.size:,} places the loss is above {text(high)}, {CEILING} times the largest on "
            f"the path (up to {text(known.max())}): they are drawn at {text(high)}."
        )
    if is_log:
        low = max(low, high / 10**DECADES)
        below = int((surface < low).sum())
        if below:
            said.append(f"At {below:,} places the loss is below {text(low)}: they are drawn at {text(low)}.")
    if missing := int((~np.isfinite(surface)).sum()):
        said.append(
            f"At {missing:,} of {surface.size:,} places the loss is too large for a number: they are drawn at "
            f"{text(high)}."
        )

    def between(values: np.ndarray) -> np.ndarray:
        return np.clip(np.nan_to_num(values, nan=high, posinf=high, neginf=low), low, high)

    shown = between(surface)
    return Heights(
        shown, tuple(between(way.losses) for way in ways), low, high, tuple(said), bool((shown != surface).any())
    )


@dataclass(frozen=True, eq=False)
class Scene:
    """What both pictures show: losses (len(t), len(s)) of the places of a plane, ways on it, names of its axes."""

    s: np.ndarray
    t: np.ndarray
    losses: np.ndarray
    ways: Sequence[Way]
    axes: tuple[str, str]
    is_log: bool

    @cached_property
    def heights(self) -> Heights:
        return heights(self.losses, self.ways, self.is_log)

    @property
    def colours(self) -> np.ndarray:
        """(len(t), len(s)): what the colours of the places stand for."""
        return np.log10(self.heights.surface) if self.is_log else self.heights.surface


def map_figure(scene: Scene) -> dict:
    """The plane from above, the stronger the colour the higher the loss."""
    s, t = scene.s, scene.t
    across, up = map(plain, scene.axes)
    surface: dict[str, Any] = {
        "type": "contour",
        "z": scene.colours,
        "contours": {"coloring": "heatmap"},
        "ncontours": LINES,
        "line": {"color": palette.MAP_INK, "width": 0.6},
        "colorbar": {"title": {"text": "loss"}, "thickness": 14} | _scale(scene),
        **_surface(scene, "z"),
    }
    traces = [surface]
    for way in scene.ways:
        x, y = way.places.T
        casing = {"type": "scatter", "mode": "lines", "x": x, "y": y, "hoverinfo": "skip", "showlegend": False}
        traces.append(casing | {"line": {"color": palette.WHITE, "width": CASING}})
        traces += [{"type": "scatter", **trace} for trace in _marks(way, {"x": x, "y": y}, flat=True)]
    return {
        "data": traces,
        "layout": layout()
        | {
            "legend": {"orientation": "h", "x": 0, "y": -0.26, "yanchor": "top"},
            "xaxis": {"title": {"text": across}, "range": [s[0], s[-1]], "zeroline": False},
            "yaxis": {"title": {"text": up}, "range": [t[0], t[-1]], "zeroline": False},
            "margin": {"l": 56, "r": 12, "t": 24, "b": 44},
            "height": LOWER,
        },
    }


def surface_figure(scene: Scene) -> dict:
    """The same as a surface that can be turned. A path is drawn at its own losses, so where it lies off the plane it
    leaves the surface."""
    s, t, drawn = scene.s, scene.t, scene.heights
    surface: dict[str, Any] = {
        "type": "surface",
        "z": drawn.surface,
        "surfacecolor": scene.colours,
        "showscale": False,
        "opacity": 0.92,
        **_surface(scene, "c"),
    }
    traces = [surface]
    for way, z in zip(scene.ways, drawn.ways, strict=True):
        inside = _inside(way.places, s, t)  # a line would go on outside of the box
        place = {"x": np.where(inside, way.places[:, 0], np.nan), "y": way.places[:, 1], "z": z}
        traces += [{"type": "scatter3d", **trace} for trace in _marks(way, place, flat=False)]
    axis: dict[str, Any] = {"gridcolor": palette.GREY, "showbackground": False, "showspikes": False}
    z_axis: dict[str, Any] = {"title": {"text": "loss"}}
    if scene.is_log:
        marks = _round(drawn)
        z_axis |= {"type": "log", "tickvals": marks, "ticktext": [tick(value, 3) for value in marks]}
    return {
        "data": traces,
        "layout": layout()
        | {
            "legend": {"orientation": "h", "x": 0, "y": -0.02, "yanchor": "top"},
            "scene": {
                "xaxis": axis | {"title": {"text": _short(scene.axes[0])}, "range": [s[0], s[-1]]},
                "yaxis": axis | {"title": {"text": _short(scene.axes[1])}, "range": [t[0], t[-1]]},
                "zaxis": axis | z_axis,
                "camera": {"eye": {"x": 1.6, "y": -1.6, "z": 1.1}, "center": {"x": 0, "y": 0, "z": -0.15}},
                "aspectratio": {"x": 1, "y": 1, "z": 0.7},
            },
            "margin": {"l": 0, "r": 0, "t": 24, "b": 0},
            "height": LOWER,
        },
    }


def _surface(scene: Scene, letter: str) -> dict:
    """What both pictures have in common: the places, the ends of the colours (zmin and zmax of a map, cmin and cmax of
    a surface), and what is said of a place: its own loss, also where it is drawn elsewhere."""
    drawn = scene.heights
    low, high = _places(scene, [drawn.low, drawn.high])
    is_elsewhere = scene.is_log or drawn.clipped
    axes = zip(map(plain, scene.axes), "xy", strict=True)
    where = "".join(f"{axis} %{{{of}:{D3}}}<br>" for axis, of in axes)
    said = "%{text}" if is_elsewhere else f"%{{z:{D3}}}"
    every = {"text": [[text(value) for value in row] for row in scene.losses]} if is_elsewhere else {}
    return {
        "x": scene.s,
        "y": scene.t,
        "colorscale": palette.SHARES,
        f"{letter}min": low,
        f"{letter}max": high if high > low else low + 1,
        "hovertemplate": f"{where}loss {said}<extra></extra>",
        **every,
    }


def _short(axis: str) -> str:
    """An axis's name without what is said in brackets, and cut: beside a surface there is no room for it."""
    return plain(cut(axis.split(" (")[0], LONGEST))


def _inside(places: np.ndarray, s: np.ndarray, t: np.ndarray) -> np.ndarray:
    low, high = np.array([s[0], t[0]]), np.array([s[-1], t[-1]])
    return np.all((places >= low) & (places <= high), axis=1)


def _marks(way: Way, place: dict, flat: bool) -> list[dict]:
    """The line of a path with its moments, then the start, what was changed by hand, and the present."""
    said = [
        [f"{update:,}", text(loss), text(off)]
        for update, loss, off in zip(way.updates.tolist(), way.losses, way.off, strict=True)
    ]
    hover = "update %{customdata[0]}<br>loss of the run %{customdata[1]}<br>off the plane by %{customdata[2]}"

    def trace(name: str, chosen: np.ndarray, mode: str, **look: Any) -> dict:
        parts = {axis: np.asarray(values)[chosen] for axis, values in place.items()}
        rows = [row for row, is_one in zip(said, chosen.tolist(), strict=True) if is_one]
        return {
            **parts,
            "name": name,
            "mode": mode,
            "customdata": rows,
            "hovertemplate": f"{hover}<extra>{plain(name)}</extra>",
            "legendgroup": name,
            **look,
        }

    number, last = np.arange(len(way.updates)), len(way.updates) - 1
    if way.branch:  # its end is marked, and its line is broken in its own way
        look = {"color": palette.GREY, "width": 2 if flat else 5, "dash": DASHES[way.branch % len(DASHES)]}
        symbols = np.where(number == last, "square", "circle")
        sizes = np.where(number == last, 11 if flat else 5, 3 if flat else 2)
        edge = {"width": 1.5 if flat else 1, "color": palette.MAP_INK}
        marker = {"size": sizes, "symbol": symbols, "color": palette.WHITE, "line": edge}
        return [trace(plain(f"branch: {way.name}"), number >= 0, "lines+markers", marker=marker, line=look)]
    outline = {"width": 2 if flat else 1, "color": palette.MAP_INK}
    moment = {"size": 5 if flat else 2.5, "color": palette.WHITE, "line": outline | {"width": 1}}
    line = {"color": palette.GREY, "width": 2 if flat else 5}  # seen in the legend of a dark page too
    big = 1.0 if flat else 0.5
    present = {"symbol": "star" if flat else "diamond", "size": 17 * big if flat else 7}
    traces = [
        trace(way.name, number >= 0, "lines+markers", marker=moment, line=line),
        trace("start", number == 0, "markers", marker={"size": 13 * big, "color": palette.WHITE, "line": outline}),
        trace(
            "changed by hand",
            way.changed,
            "markers",
            marker={
                "symbol": "x",
                "size": 11 * big,
                "color": palette.MAP_INK,
                "line": {"width": 1, "color": palette.WHITE},
            },
        ),
        trace(
            "present",
            number == last,
            "markers",
            marker=present | {"color": palette.GOLD, "line": {"width": 1.5, "color": palette.MAP_INK}},
        ),
    ]
    if last == 0:  # nothing but the present
        return traces[3:]
    return traces if way.changed.any() else [*traces[:2], traces[3]]


def _places(scene: Scene, losses: Sequence[float]) -> list[float]:
    """Where on the scale of the colours some losses stand."""
    return [math.log10(loss) if scene.is_log else loss for loss in losses]


def _scale(scene: Scene) -> dict:
    """The losses beside their colours: round ones on a logarithmic scale, else the ends and quarters."""
    drawn = scene.heights
    values = _round(drawn) if scene.is_log else np.linspace(drawn.low, drawn.high, 5).tolist()
    return {"tickmode": "array", "tickvals": _places(scene, values), "ticktext": [tick(value, 3) for value in values]}


def _round(drawn: Heights) -> list[float]:
    """Round losses between the ends of a logarithmic scale; where there are hardly any, its ends and three between."""
    decades = range(math.floor(math.log10(drawn.low)), math.ceil(math.log10(drawn.high)) + 1)
    digits = ROUND if len(decades) <= FEW_DECADES else (1,)
    values = [digit * 10.0**decade for decade in decades[:: 1 + len(decades) // 8] for digit in digits]
    found = [value for value in values if drawn.low <= value <= drawn.high]
    return found if len(found) > 2 else np.geomspace(drawn.low, drawn.high, 5).tolist()
