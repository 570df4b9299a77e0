"""Mistake charts: who was taken for what, at which cut, how surely, and by how much, as figures for Plotly.

Each takes what scratchnet computed. The parts of the data look as everywhere, see `LOOKS`.
"""

from typing import Any

import numpy as np

import scratchnet as sn
from scratchnet.calibration import Calibration
from scratchnet.roc import Roc
from ui.charts import LOOKS, LOWER, cut, layout, plain
from ui.kit import palette
from ui.kit.numbers import D3, percent, text

SMALLEST, LARGEST = 5, 14  # px of a mark of the calibration
LONGEST = 14  # letters of a class's name at the edge; a hover says all
NOTHING = "–"  # 0 of 0: there is no share to say
PATTERNS = {"solid": "", "dot": ".", "dash": "/"}  # of bars, for how a line is drawn


def share(value: float) -> str:
    """A share as a percentage, or that there is none."""
    return percent(value) if np.isfinite(value) else NOTHING


def confusion_figure(counts: np.ndarray, names: list[str]) -> dict:
    """A confusion matrix (k, k), true classes down, answers across, with the recall of each row and the precision of
    each column at its edge. The darker a cell, the larger its share of the row; what is right is bold.

    names: of the classes.
    """
    precisions, recalls = sn.precision_and_recall(counts)
    classes, shares = range(len(counts)), counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    cells = {
        "type": "heatmap",
        "x": list(classes),
        "y": list(classes),
        "z": shares,
        "zmin": 0,
        "zmax": 1,
        "colorscale": palette.SHARES,
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "text": [[f"<b>{n:,}</b>" if i == j else f"{n:,}" for j, n in enumerate(row)] for i, row in enumerate(counts)],
        "customdata": [
            [[percent(value), plain(names[i]), plain(names[j])] for j, value in enumerate(row)]
            for i, row in enumerate(shares)
        ],
        "textfont": {"size": 14 if len(counts) < 6 else 12},
        "texttemplate": "%{text}",  # Plotly writes light on dark and dark on light
        "hovertemplate": "true class %{customdata[1]}, answer %{customdata[2]}: %{text}<br>"
        "%{customdata[0]} of this class<extra></extra>",
    }
    # An axis is only drawn where something belongs to it.
    edges = {"type": "scatter", "x": [None], "y": [None], "xaxis": "x2", "yaxis": "y2", "showlegend": False}
    ends = [-0.5, len(counts) - 0.5]
    axis = {"tickvals": list(classes), "showgrid": False, "zeroline": False, "fixedrange": True}
    written = [plain(cut(name, LONGEST)) for name in names]
    return {
        "data": [cells, edges],
        "layout": layout()
        | {
            "height": LOWER,
            "margin": {"l": 56, "r": 72, "t": 66, "b": 60},
            "xaxis": axis | {"ticktext": written, "title": {"text": "answer"}, "range": ends, "side": "top"},
            "yaxis": axis
            | {"ticktext": written, "title": {"text": "true class"}, "range": ends[::-1], "automargin": True},
            "xaxis2": axis
            | {"title": {"text": "precision"}, "ticktext": [share(value) for value in precisions]}
            | {"range": ends, "overlaying": "x", "side": "bottom"},
            "yaxis2": axis
            | {"title": {"text": "recall"}, "ticktext": [share(value) for value in recalls]}
            | {"range": ends[::-1], "overlaying": "y", "side": "right"},
        },
    }


def roc_figure(curves: dict[str, tuple[Roc, np.ndarray]], names: tuple[str, ...]) -> dict:
    """ROC curves by the name of their part, each with the confusion matrix (2, 2) of the network's own answers.

    These are the mark on the curve: the cut that the network is held to. names: of the two classes.
    """
    zero, one = map(plain, names)
    data: list[dict[str, Any]] = [_diagonal("by chance: area 0.5")]
    for name, (curve, counts) in curves.items():
        look = LOOKS[name]
        shares = f"%{{y:{D3}}} of {one} found, %{{x:{D3}}} of {zero} taken for it<extra>{name}</extra>"
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": f"{name}: area {text(curve.area)}",
                "legendgroup": name,
                "x": curve.false_positive,
                "y": curve.true_positive,
                "customdata": curve.cuts,
                "hovertemplate": f"{one} above %{{customdata:{D3}}}:<br>{shares}",
                "line": {"color": look.color, "dash": look.dash, "width": 2},
                "cliponaxis": False,
            }
        )
        (_, taken), (_, found) = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": f"{name}: the network’s own cut",
                "legendgroup": name,
                "showlegend": False,
                "x": [taken],
                "y": [found],
                "hovertemplate": f"the network’s own cut:<br>{shares}",
                "marker": {"color": look.color, "symbol": f"circle{look.mark}", "size": 11, "line": {"width": 2}},
                "cliponaxis": False,
            }
        )
    return {
        "data": data,
        "layout": layout()
        | {
            **_LEGEND_BELOW,
            "xaxis": {"title": {"text": f"share of {_short(names[0])} taken for {_short(names[1])}"}} | _SHARES,
            "yaxis": {"title": {"text": f"share of {_short(names[1])} found (recall)"}} | _SHARES,
        },
    }


def _short(name: str) -> str:
    """A class's name for the title of an axis."""
    return plain(cut(name, LONGEST))


def calibration_figure(parts: dict[str, Calibration], one: str) -> dict:
    """How often it was class 1, by how probable the network said it was; below it, how many points each bin has.

    A bin's mark is the larger the more points it has. one: the name of class 1.
    """
    data: list[dict[str, Any]] = [_diagonal("as often as said")]
    for name, found in parts.items():
        look, filled = LOOKS[name], found.counts > 0
        counts = found.counts[filled]
        middles = (found.edges[:-1] + found.edges[1:]) / 2
        data.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": name,
                "legendgroup": name,
                "x": found.predicted[filled],
                "y": found.actual[filled],
                "customdata": counts,
                "hovertemplate": f"%{{customdata:,}} points, on average %{{x:{D3}}}:<br>"
                f"%{{y:{D3}}} of them are {plain(one)}<extra>{name}</extra>",
                "line": {"color": look.color, "dash": look.dash, "width": 1},
                "marker": {"color": look.color, "symbol": f"circle{look.mark}", "line": {"width": 2}}
                | {"size": SMALLEST + (LARGEST - SMALLEST) * np.sqrt(counts / counts.max())},
                "cliponaxis": False,
            }
        )
        data.append(
            {
                "type": "bar",
                "name": name,
                "legendgroup": name,
                "showlegend": False,
                "x": middles,
                "y": found.counts,
                "yaxis": "y2",
                "hovertemplate": f"%{{y:,}} points<extra>{name}</extra>",
                "marker": {"color": look.color, "pattern": {"shape": PATTERNS[look.dash]}},
            }
        )
    return {
        "data": data,
        "layout": layout()
        | {
            **_LEGEND_BELOW,
            "xaxis": {"title": {"text": f"probability of {_short(one)}, as said"}, "anchor": "y2"} | _SHARES,
            "yaxis": {"title": {"text": f"share that is {_short(one)}"}, "domain": [0.34, 1.0]} | _SHARES,
            "yaxis2": {"title": {"text": "points"}, "domain": [0.0, 0.22], "rangemode": "tozero", "nticks": 4},
            "bargap": 0.15,
        },
    }


def residual_figure(parts: dict[str, tuple[np.ndarray, np.ndarray]]) -> dict:
    """What the answers leave over, by the answer: (answers (n,), residuals (n,)) by the name of their part."""
    data = []
    for name, (answers, left_over) in parts.items():
        look = LOOKS[name]
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": name,
                "x": answers,
                "y": left_over,
                "customdata": answers + left_over,
                "hovertemplate": f"target %{{customdata:{D3}}}, answer %{{x:{D3}}}<br>residual %{{y:{D3}}}"
                f"<extra>{name}</extra>",
                "marker": {"color": look.color, "symbol": f"circle{look.mark}", "size": 7},
            }
        )
    line = {"width": 1, "color": palette.GREY}
    return {
        "data": data,
        "layout": layout()
        | {
            "height": LOWER,
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            "xaxis": {"title": {"text": "answer"}, "zeroline": False},
            "yaxis": {"title": {"text": "residual: target − answer"}, "zeroline": False},
            "shapes": [{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0, "y1": 0, "line": line}],
        },
    }


_LEGEND_BELOW = {
    "height": LOWER,
    "margin": {"l": 56, "r": 12, "t": 40, "b": 44},
    "legend": {"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top"},
}
_SHARES = {"range": [0, 1], "zeroline": False, "fixedrange": True}


def _diagonal(name: str) -> dict:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [0, 1],
        "y": [0, 1],
        "hoverinfo": "skip",
        "line": {"color": palette.GREY, "width": 1},
    }
