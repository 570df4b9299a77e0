"""Charts: what one studies at rest, in Plotly: the loss with axes and hover, and what the network answers everywhere.

Each function takes what scratchnet computed and returns a figure as plain values; nothing is computed here but the
network's own answers on a grid. The colours are those of the board: orange is negative or class 0, blue positive or 1.
"""

import numpy as np

import scratchnet as sn
from ui import palette

POINTS = ((0.0, "#8f4300"), (0.5, "#b9b4ae"), (1.0, "#0e4379"))  # darker, to stand out from the map behind them
# Streamlit puts the theme's sixth and third colour for categories in the place of these two, light or dark: neither
# has anything to do with a sign.
TRAIN, TEST = "#000006", "#000003"
GRID = 81  # answers along each side of the plane
CURVE = 301  # answers along one input
LOG_ABOVE = 20  # a curve that falls by more is read on a logarithmic axis
HEIGHT = 460


def wants_log(history: sn.History) -> bool:
    """Whether the losses span so much that a logarithmic axis shows them better: those it can show, above 0, finite."""
    losses = np.concatenate([history.train_loss, history.test_loss])
    losses = losses[np.isfinite(losses) & (losses > 0)]
    return bool(len(losses) and losses.max() / LOG_ABOVE > losses.min())


def loss_figure(history: sn.History, loss: str, log: bool) -> dict:
    """Training loss (solid) and test loss (dashed) over the epochs. loss: what it is called.

    A loss of exactly 0 has no place on a logarithmic axis: there it is a triangle at the foot. One that is not finite
    has no place on any axis: how many there are is said.
    """
    curves = [
        ("training loss", history.train_loss, TRAIN, "solid"),
        ("test loss", history.test_loss, TEST, "dash"),
    ]
    axis = {"title": {"text": f"{loss}, logarithmic" if log else loss}, "type": "log" if log else "linear"}
    axis |= _log_range(history) if log else {"rangemode": "tozero"}
    data = [_loss_curve(history, name, values, color, dash, log) for name, values, color, dash in curves]
    for name, values, color, _ in curves:
        if log and (values == 0).any():
            data.append(_zeros(history, name, values, color, 10 ** axis["range"][0]))
            axis["title"]["text"] = f"{loss}, logarithmic (▲ is 0)"
    missing = sum(int((~np.isfinite(values)).sum()) for _, values, *_ in curves)
    return {
        "data": data,
        "layout": _layout()
        | {
            "hovermode": "x unified",
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            "xaxis": {"title": {"text": "epoch"}, "rangemode": "tozero"},
            "yaxis": axis,
            "annotations": [_note(f"Not drawn: {missing} losses that are infinite or not a number.")] * (missing > 0),
        },
    }


def _loss_curve(history, name, values, color, dash, log):
    shown = np.isfinite(values) & ((values > 0) | (not log))
    return {
        "type": "scatter",
        "mode": "lines+markers" if shown.sum() < 3 else "lines",
        "name": name,
        "x": history.epoch,
        "y": np.where(shown, values, np.nan),
        "customdata": history.update,
        "hovertemplate": "epoch %{x}, update %{customdata}<br>%{y:.4g}",
        "line": {"color": color, "dash": dash, "width": 2},
        "cliponaxis": False,
    }


def _zeros(history, name, values, color, foot):
    """Triangles at the foot of a logarithmic axis, at the epochs in which a loss was exactly 0."""
    epochs = history.epoch[values == 0]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": f"{name} 0",
        "x": epochs,
        "y": np.full(len(epochs), foot),
        "customdata": history.update[values == 0],
        "hovertemplate": "epoch %{x}, update %{customdata}<br>exactly 0",
        "marker": {"symbol": "triangle-up", "size": 9, "color": color},
        "cliponaxis": False,
        "showlegend": False,
    }


def _log_range(history):
    """The range of a logarithmic axis, as exponents, a little more than the positive losses need, and its marks."""
    losses = np.concatenate([history.train_loss, history.test_loss])
    losses = np.log10(losses[np.isfinite(losses) & (losses > 0)])
    low, high = (losses.min(), losses.max()) if len(losses) else (0.0, 0.0)
    spare = 0.06 * (high - low) or 0.3
    # 1, 2, 5, 10: a decade alone would leave most curves with one labelled line.
    marks = {"dtick": "D2" if high - low < 4 else max(1, round((high - low) / 6)), "exponentformat": "e"}
    return {"range": [float(low - spare), float(high + spare)]} | (marks if len(losses) else {"tickvals": []})


def _note(words: str) -> dict:
    """A sentence inside the plot, at its top."""
    return {
        "text": words,
        "xref": "paper",
        "yref": "paper",
        "x": 0.5,
        "y": 0.99,
        "yanchor": "top",
        "showarrow": False,
        "bgcolor": "rgba(255, 255, 255, 0.85)",
        "font": {"color": "#22232b"},
    }


def answer_figure(network: sn.Network, settings: sn.Experiment, data: sn.Dataset, y_train, y_test) -> dict | None:
    """What the network answers to every input, with the training points (filled) and the test points (hollow).

    y_train, y_test: the targets as coded for the loss, (n, outputs). Two inputs and one output: a map, with the
    boundary of two classes as a line; several outputs: the class with the largest one. One input: a curve. None for
    more inputs, which no plane shows.
    """
    if len(data.names) == 1:
        return _curve(network, settings, data, y_train, y_test)
    if len(data.names) != 2:
        return None
    (low1, high1), (low2, high2) = data.domain
    x1, x2 = np.linspace(low1, high1, GRID), np.linspace(low2, high2, GRID)
    points = np.column_stack([axis.ravel() for axis in np.meshgrid(x1, x2)])
    answers = network.predict(sn.apply_features(points, settings.features))
    classes = answers.shape[1] > 1
    z = (answers.argmax(axis=1) if classes else answers[:, 0]).reshape(GRID, GRID).astype(np.float32)
    boundary, low, high = _range(settings, data, y_train, y_test)
    surface = {
        "type": "contour",
        "x": x1.astype(np.float32),
        "y": x2.astype(np.float32),
        "z": z,
        "zmin": low,
        "zmax": high,
        "colorscale": palette.SCALE,
        "hovertemplate": "x1 = %{x:.3g}<br>x2 = %{y:.3g}<br>output %{z:.4g}<extra></extra>",
        "colorbar": {"title": {"text": "class" if classes else "output"}, "thickness": 14} | _ticks(low, high, classes),
    }
    if boundary is not None:
        surface["contours"] = {"coloring": "heatmap", "start": boundary, "end": boundary, "size": 1}
        surface["line"] = {"color": "#22232b", "width": 2}
    else:  # no line means anything: neighbouring answers run into each other, classes are cells
        surface |= {"type": "heatmap", "zsmooth": False if classes else "best"}
    color_train, color_test = (y.argmax(axis=1) if classes else y[:, 0] for y in (y_train, y_test))
    return {
        "data": [
            surface,
            _points("training", data.x_train, color_train, (low, high), False),
            _points("test", data.x_test, color_test, (low, high), True),
        ],
        "layout": _layout()
        | {
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            "xaxis": {"title": {"text": data.names[0]}, "range": [low1, high1], "constrain": "domain"},
            "yaxis": {"title": {"text": data.names[1]}, "range": [low2, high2], "scaleanchor": "x"},
        },
    }


def _range(settings, data, y_train, y_test):
    """(boundary or None, low, high): where two classes meet, and the values of the scale's two ends."""
    if y_train.shape[1] > 1:
        return None, 0, y_train.shape[1] - 1
    if data.task != "binary":
        largest = float(max(np.abs(y_train).max(), np.abs(y_test).max(), 1e-9))
        return None, -largest, largest
    return (0.0, -1.0, 1.0) if y_train.min() < 0 or y_test.min() < 0 else (0.5, 0.0, 1.0)


def _ticks(low, high, classes):
    """Values printed beside the scale: each class, or the ends and quarters."""
    values = list(range(int(high) + 1)) if classes else np.linspace(low, high, 5).tolist()
    return {"tickmode": "array", "tickvals": values, "ticktext": [f"{value:.3g}" for value in values]}


def _points(name, x, colors, ends, hollow):
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": x[:, 0],
        "y": x[:, 1],
        "customdata": colors,
        "hovertemplate": "x1 = %{x:.3g}<br>x2 = %{y:.3g}<br>target %{customdata:.4g}<extra>" + name + "</extra>",
        "marker": {
            "color": colors,
            "colorscale": POINTS,
            "cmin": ends[0],
            "cmax": ends[1],
            "size": 7,
            "symbol": "circle-open" if hollow else "circle",
            "line": {"width": 1.5} if hollow else {"width": 1, "color": "#ffffff"},
        },
    }


def _curve(network, settings, data, y_train, y_test):
    ((low, high),) = data.domain
    x = np.linspace(low, high, CURVE)
    answers = network.predict(sn.apply_features(x[:, None], settings.features))[:, 0]
    dots = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": name,
            "x": points[:, 0],
            "y": y[:, 0],
            "marker": {"color": TRAIN, "size": 6, "symbol": symbol},
        }
        for name, points, y, symbol in (
            ("training", data.x_train, y_train, "circle"),
            ("test", data.x_test, y_test, "circle-open"),
        )
    ]
    curve = {
        "type": "scatter",
        "mode": "lines",
        "name": "output",
        "x": x,
        "y": answers,
        "line": {"color": TEST, "width": 3},
    }
    return {
        "data": [*dots, curve],
        "layout": _layout()
        | {
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            "xaxis": {"title": {"text": data.names[0]}},
            "yaxis": {"title": {"text": "output"}},
        },
    }


def _layout():
    # Above the plot there is room for Plotly's buttons, which a touch screen always shows, and for the legend.
    return {"height": HEIGHT, "margin": {"l": 56, "r": 12, "t": 66, "b": 44}}
