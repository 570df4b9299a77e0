"""Pictures of ways over a landscape of two parameters: its lines of equal loss, the ways, and each way's loss."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from ui.kit import palette
from ui.kit.numbers import D3, text, tick

LINES_A_DECADE = 2  # of equal loss, for each factor of ten of the height above the lowest point


@dataclass(frozen=True, eq=False)
class Drawn:
    """A way to draw: theta (places, 2) and the loss at each, up to where it is shown.

    marked: the places that alone have its mark in full, where ways lie beside each other; None: each has one.
    """

    name: str
    theta: np.ndarray
    loss: np.ndarray
    colour: str = palette.THEME_PLUM
    symbol: str = "circle"
    dash: str = "solid"
    width: float = 1.6  # pixels
    marked: Collection[int] | None = None

    def sizes(self, mark: float, other: float, alone: float) -> float | list[float]:
        """Of the marks, in pixels: those in full, the others, and all where each place has one."""
        return alone if self.marked is None else [mark if k in self.marked else other for k in range(len(self.loss))]


@dataclass(frozen=True, eq=False)
class Landscape:
    """The loss over a plane of two parameters: values (len(second), len(first)); `lowest`: its (place, loss).

    names: of the two parameters, as a reader reads them.
    """

    first: np.ndarray
    second: np.ndarray
    values: np.ndarray
    lowest: tuple[np.ndarray, float]
    names: tuple[str, str] = ("w", "b")


def map_figure(landscape: Landscape, ways: Sequence[Drawn], height: int = 360) -> dict:
    """Lines of equal loss, the lowest point, and the ways with a mark at each place; the axes stay as they are."""
    place, least = landscape.lowest
    above = np.log10(np.maximum(landscape.values - least, 1e-12))
    low, high = np.floor(np.percentile(above, 2)), np.ceil(above.max())
    data = [
        {
            "type": "contour",
            "x": landscape.first,
            "y": landscape.second,
            "z": above,
            "contours": {"coloring": "none", "start": low, "end": high, "size": 1 / LINES_A_DECADE},
            "line": {"color": palette.THEME_GREY, "width": 0.9},
            "customdata": [[text(value) for value in row] for row in landscape.values],
            "hovertemplate": f"{landscape.names[0]} = %{{x:{D3}}}<br>{landscape.names[1]} = %{{y:{D3}}}<br>"
            "loss %{customdata}<extra></extra>",
            "showlegend": False,
            "showscale": False,
        },
        {
            "type": "scatter",
            "mode": "markers",
            "name": "lowest",
            "x": [place[0]],
            "y": [place[1]],
            "marker": {"symbol": "x-thin", "size": 13, "line": {"width": 2.5, "color": palette.THEME_GREY}},
            "hovertemplate": f"lowest: loss {text(least)}<extra></extra>",
        },
    ]
    for way in ways:
        shown = {
            "customdata": [(str(k), text(loss)) for k, loss in enumerate(way.loss)],
            "hovertemplate": f"{way.name}<br>update %{{customdata[0]}}<br>loss %{{customdata[1]}}<extra></extra>",
        }
        data.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": way.name,
                "x": way.theta[:, 0],
                "y": way.theta[:, 1],
                "line": {"color": way.colour, "width": way.width, "dash": way.dash},
                "marker": {"color": way.colour, "size": way.sizes(9, 3, alone=5), "symbol": way.symbol, "opacity": 1},
                **shown,
            }
        )
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": way.theta[-1:, 0],
                "y": way.theta[-1:, 1],
                "marker": {"color": way.colour, "size": 12, "symbol": way.symbol},
                "showlegend": False,
                "hoverinfo": "skip",
            }
        )
    return {
        "data": data,
        "layout": {
            "height": height,
            "margin": {"l": 48, "r": 8, "t": 8, "b": 42},
            "showlegend": False,
            "xaxis": _axis(landscape.names[0], landscape.first),
            "yaxis": _axis(landscape.names[1], landscape.second),
            "dragmode": False,
            "hovermode": "closest",
        },
    }


def _axis(name: str, values: np.ndarray) -> dict:
    return {
        "title": {"text": name},
        "range": [float(values[0]), float(values[-1])],
        "zeroline": False,
        "showgrid": False,
        "fixedrange": True,
    }


def loss_figure(ways: Sequence[Drawn], least: float, updates: int, decades: tuple[int, int], height: int = 300) -> dict:
    """Each way's loss above the lowest by update, the height logarithmic from 10^decades[0] to 10^decades[1].

    What lies beyond the ends is drawn at them: a run that has come to the last digit, or one that explodes.
    """
    low, high = decades
    data = []
    for way in ways:
        above = way.loss - least
        data.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": way.name,
                "x": list(range(len(above))),
                "y": np.clip(above, 10.0**low, 10.0**high),
                "line": {"color": way.colour, "width": max(way.width, 2), "dash": way.dash},
                "marker": {"color": way.colour, "size": way.sizes(8, 0, alone=4), "symbol": way.symbol, "opacity": 1},
                "customdata": [text(value) for value in way.loss],
                "hovertemplate": f"{way.name}<br>update %{{x}}<br>loss %{{customdata}}<extra></extra>",
                "showlegend": len(ways) > 1,
            }
        )
    powers = range(low, high + 1, 4)
    return {
        "data": data,
        "layout": {
            "height": height,
            "margin": {"l": 60, "r": 8, "t": 12, "b": 42},
            "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "itemsizing": "constant"},
            "xaxis": {
                "title": {"text": "update"},
                "range": [-0.5, updates + 0.5],
                "zeroline": False,
                "fixedrange": True,
            },
            "yaxis": {
                "title": {"text": "loss above the lowest", "font": {"size": 12}},
                "type": "log",
                "range": [low - 0.15, high + 0.15],
                "tickvals": [10.0**power for power in powers],
                "ticktext": [tick(10.0**power) if abs(power) < 4 else f"1e{power}" for power in powers],
                "fixedrange": True,
            },
        },
    }
