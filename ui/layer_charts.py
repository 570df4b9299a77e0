"""Layer charts: where a layer puts the points, with the grid of the inputs as it bends it; what its inputs weigh."""

from typing import Any

import numpy as np

import scratchnet as sn
from scratchnet.hidden_space import HiddenSpace
from scratchnet.input_weights import InputWeights
from ui.charts import LOWER, cut, in_legend, layout, marks, plain, said_classes
from ui.kit import palette
from ui.kit.numbers import D3, percent

LONGEST = 24  # letters of an input's name beside its bar; a hover says all
MOST_INPUTS = 16  # bars that can be read beside each other; the smaller ones are counted


def hidden_figure(
    grid: np.ndarray,
    answers: np.ndarray,
    points: dict[str, tuple[np.ndarray, np.ndarray]],
    axes: tuple[str, str],
    decision: sn.Decision,
    classes: tuple[str, ...],
    scale: tuple[float, float],
    is_true: bool,
) -> dict:
    """A grid of inputs as a layer has bent it, (lines, places, 2), each place in the colour of its answer.

    answers: (lines, places), classes, or numbers, which give no colour. points: by the name of their part where the
    layer puts them (n, 2), and their classes or targets (n,). axes: what lies across and up.
    classes: their names.
    scale: of the colours of targets. is_true: whether lengths are as true across as up.
    """
    same = answers[:, :-1] == answers[:, 1:]
    if decision.classes:
        lines = [
            _bent(grid, same & (answers[:, 1:] == k), palette.CLASSES[k].color, f"the network answers class {said}")
            for k, said in enumerate(said_classes(classes, np.arange(decision.classes)))
        ]
        lines.append(_bent(grid, ~same, palette.GREY, "the answer changes"))
    else:
        lines = [_bent(grid, np.full(same.shape, True), palette.GREY, "a line of the inputs")]
    hover = f"{axes[0]} %{{x:{D3}}}<br>{axes[1]} %{{y:{D3}}}<br>"
    drawn = [
        marks(name, places, y, classes[: decision.classes], scale) | {"legendgroup": name, "showlegend": False}
        for name, (places, y) in points.items()
    ]
    for trace in drawn:
        trace["hovertemplate"] = hover + trace["hovertemplate"]
    return {
        "data": [*lines, *drawn, *in_legend(points, classes)],
        "layout": layout()
        | {
            "height": LOWER,
            "margin": {"l": 56, "r": 12, "t": 40, "b": 44},
            "legend": {"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top"},
            "xaxis": {"title": {"text": axes[0]}, "zeroline": False},
            "yaxis": {"title": {"text": axes[1]}, "zeroline": False} | ({"scaleanchor": "x"} if is_true else {}),
        },
    }


def _bent(grid, drawn, color, said):
    """Of lines (lines, places, 2) the pieces from place to place that are to be drawn, (lines, places - 1)."""
    drawn = np.pad(drawn, ((0, 0), (1, 1)))
    before, after = drawn[:, :-1].ravel(), drawn[:, 1:].ravel()
    kept = np.repeat(grid.reshape(-1, 2), 2, axis=0)  # each place, and after it a gap where a drawn piece ends
    kept[1::2] = np.nan
    kept = kept[np.column_stack([before | after, before & ~after]).ravel()]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": said,
        "x": kept[:, 0],
        "y": kept[:, 1],
        "hoverinfo": "skip",
        "showlegend": False,
        "opacity": 0.8 if color == palette.GREY else 0.55,
        "line": {"color": color, "width": 1.2},
    }


def axis_names(space: HiddenSpace) -> tuple[str, str]:
    """What the two numbers of a `HiddenSpace` are called."""
    if space.components is not None:
        first, second = space.components.shares.tolist()
        return f"component 1 ({percent(first)} of the variance)", f"component 2 ({percent(second)} of the variance)"
    across, up = space.units or (0, 0)
    return f"a of unit {across + 1}", f"a of unit {up + 1}"


def weights_figure(weights: InputWeights, names: tuple[str, ...]) -> dict:
    """The first layer's weights by input, the weightiest on top. names: of all inputs."""
    shown = min(MOST_INPUTS, len(weights.inputs))
    labels = [plain(names[i]) for i in weights.inputs[:shown]]
    bars: list[dict[str, Any]] = [
        {
            "type": "bar",
            "orientation": "h",
            "name": name,
            "x": values[:shown],
            "y": list(range(shown)),
            "customdata": labels,
            "hovertemplate": f"%{{customdata}}<br>{name} %{{x:{D3}}}<extra></extra>",
            "marker": {"color": color, "pattern": {"shape": pattern}},
        }
        for name, values, color, pattern in (
            ("sum of its weights below 0", weights.negative, palette.NEGATIVE, "/"),
            ("sum of its weights above 0", weights.positive, palette.POSITIVE, ""),
        )
    ]
    return {
        "data": bars,
        "layout": layout()
        | {
            "height": LOWER,
            "barmode": "relative",
            "bargap": 0.3 if shown > 4 else 0.6,
            "margin": {"l": 56, "r": 12, "t": 40, "b": 44},
            "legend": {"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top"},
            "xaxis": {"title": {"text": "weights into layer 1, added up"}},
            "yaxis": {
                "tickvals": list(range(shown)),
                "ticktext": [plain(cut(names[i], LONGEST)) for i in weights.inputs[:shown]],
                "range": [shown - 0.5, -0.5],
                "showgrid": False,
                "automargin": True,
            },
        },
    }
