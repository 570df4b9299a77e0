"""Health charts: gradients, updates, flat units, spread and gap of a run over its updates, as figures for Plotly.

Each takes the `Health` that scratchnet measured. A layer has a colour and a dash of its own in all of them.
"""

from typing import Any

import numpy as np

from scratchnet.health import SATURATED, Health
from ui.charts import LOWER, layout, log_axis, note
from ui.kit import palette
from ui.kit.numbers import D3, text

COLORS = (palette.THEME_PLUM, palette.THEME_GOLD, palette.THEME_GREY)
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")  # with three colours fifteen pairs, for thirteen layers
USUAL = (1e-4, 1e-2)  # a tenth and ten times the usual 1e-3, see scratchnet/health.py
NEARLY_ALL = f"{text(100 * SATURATED)} % of the points and more"
FEW = 3  # moments, of which a line alone would not be seen


def layer_name(health: Health, layer: int) -> str:
    return "output" if layer == len(health.network.sizes) - 2 else f"layer {layer + 1}"


def gradient_figure(health: Health) -> dict:
    """The length of the gradient by layer, on a logarithmic axis."""
    return _by_layer(health, health.gradient, "length of the gradient", "log")


def ratio_figure(health: Health) -> dict:
    """The update-to-weight ratio by layer, on a logarithmic axis, with the band in which it usually lies."""
    figure = _by_layer(health, health.ratio, "change, as a share of the weights", "log", USUAL)
    low, high = USUAL
    figure["layout"]["shapes"] = [
        {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": low, "y1": high, "line": {"width": 0}}
        | {"fillcolor": palette.GREY, "opacity": 0.18, "layer": "below"}
    ]
    figure["layout"]["annotations"] += [
        {"xref": "paper", "x": 1, "xanchor": "right", "y": np.log10(high), "yanchor": "bottom", "showarrow": False}
        | {"text": "usual: about 0.001", "font": {"size": 11}}
    ]
    return figure


def spread_figure(health: Health) -> dict:
    """The standard deviation of the activations by layer."""
    return _by_layer(health, health.spread, "spread of activations", "linear")


def flat_figure(health: Health) -> dict:
    """Of each hidden layer how often its units are flat (lines), and how many of them nearly everywhere (marks)."""
    data = []
    for layer, flat in enumerate(health.flat):
        name, look = layer_name(health, layer), _look(layer)
        data.append(
            _line(health.update, 100 * flat.mean(axis=1), f"{name}: flat, units × points", look)
            | {"hovertemplate": f"update %{{x}}<br>%{{y:{D3}}} % of units × points<extra>{name}</extra>"}
        )
        stuck = 100 * (flat >= SATURATED).mean(axis=1)
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": f"{name}: units flat at {NEARLY_ALL}",
                "x": health.update,
                "y": stuck,
                "hovertemplate": f"update %{{x}}<br>%{{y:{D3}}} % of its units flat at {NEARLY_ALL}"
                f"<extra>{name}</extra>",
                "marker": {"color": look["color"], "symbol": ("circle", "square", "diamond")[layer % 3], "size": 5},
                "cliponaxis": False,
            }
        )
    return _figure(data, "flat, %", {"range": [0, 100], "zeroline": False})


def gap_figure(health: Health) -> dict:
    """By how much the loss of the points that are held out is above that of the training points."""
    history = health.history
    gap = health.held_out_loss - history.train_loss
    finite = np.isfinite(gap)
    line = _line(history.update, np.where(finite, gap, np.nan), f"{health.held_out} loss − training loss", _look(0)) | {
        "hovertemplate": f"update %{{x}}<br>%{{y:{D3}}}<extra></extra>"
    }
    figure = _figure([line], f"{health.held_out} loss − training loss", {"zeroline": True})
    return _counted(figure, int((~finite).sum()))


def _by_layer(health: Health, values: np.ndarray, title: str, kind: str, shown: tuple[float, ...] = ()) -> dict:
    """values (m, layers). shown: numbers that a logarithmic axis has to reach as well."""
    drawable = np.isfinite(values) & ((values > 0) | (kind != "log"))
    data = [
        _line(
            health.update,
            np.where(drawable[:, layer], values[:, layer], np.nan),
            layer_name(health, layer),
            _look(layer),
        )
        for layer in range(values.shape[1])
    ]
    axis = log_axis(np.array([*values[drawable], *shown])) if kind == "log" else {"type": kind, "rangemode": "tozero"}
    return _counted(_figure(data, title, axis), int((~drawable).sum()), "0, " * (kind == "log"))


def _look(layer: int) -> dict[str, Any]:
    return {"color": COLORS[layer % len(COLORS)], "dash": DASHES[layer % len(DASHES)], "width": 2}


def _line(x: np.ndarray, y: np.ndarray, name: str, look: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers" if len(x) <= FEW else "lines",
        "name": name,
        "x": x,
        "y": y,
        "hovertemplate": f"update %{{x}}<br>%{{y:{D3}}}<extra>{name}</extra>",
        "line": look,
        "marker": {"color": look["color"], "size": 6},
        "cliponaxis": False,
    }


def _figure(data: list[dict], title: str, axis: dict[str, Any]) -> dict:
    return {
        "data": data,
        "layout": layout()
        | {
            "height": LOWER,
            "margin": {"l": 64, "r": 12, "t": 40, "b": 44},
            "legend": {"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top"},
            "showlegend": len(data) > 1,
            "xaxis": {"title": {"text": "update"}, "rangemode": "tozero", "zeroline": False},
            "yaxis": {"title": {"text": title}} | axis,
            "annotations": [],
        },
    }


def _counted(figure: dict, missing: int, zero: str = "") -> dict:
    """With a note of how many numbers have no place on the axis."""
    if missing:
        figure["layout"]["annotations"] = [
            note(f"Not drawn: {missing} values that are {zero}infinite or not a number.")
        ]
    return figure
