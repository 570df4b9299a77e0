"""Pictures of losses: curves over the output, each sample's share, the form from z against the printed one, a trap."""

import numpy as np

import scratchnet as sn
from scratchnet import textbook
from ui.charts import SCALE
from ui.checks.losses import LEAST, MOST, from_z, losses_of, losses_of_numbers
from ui.numbers import text

# Streamlit puts the theme's colours for categories here; none of these four stands for a sign.
PLUM, GREEN, GOLD, GREY = "#000003", "#000004", "#000005", "#000006"
LINES = {
    "mse": (PLUM, "solid"),
    "bce": (GREEN, "solid"),
    "half_squared_error": (PLUM, "dot"),
    "cross_entropy": (GOLD, "dash"),
    "mae": (GREY, "solid"),
    "huber": (GREY, "dash"),
    "hinge": (GREEN, "dashdot"),
}
OF_PROBABILITIES = ("mse", "bce", "half_squared_error", "cross_entropy", "mae", "huber")
OF_NUMBERS = ("mse", "half_squared_error", "mae", "huber", "hinge")
FARTHEST = 3.0  # an output that is any number is drawn from -3 to 3
CURVE = 401
SURE = 50.0  # the least half length of the axis of z


def title(name: str) -> str:
    return sn.LOSSES[name].title


def probability_figure(names: list[str], target: int, a: float) -> dict:
    """Losses of one output that is a probability, over all outputs, with a point at this one."""
    outputs = np.linspace(LEAST, MOST, CURVE)
    curves = {name: losses_of(name, np.full(CURVE, target), outputs) for name in names}
    points = {name: losses_of(name, [target], [a]).item() for name in names}
    return _curves(outputs, curves, a, points, [0, 1], 7.0, target)


def number_figure(names: list[str], target: int, a: float) -> dict:
    """Losses of one output that may be any number, over all outputs, with a point at this one."""
    outputs = np.linspace(-FARTHEST, FARTHEST, CURVE)
    curves = {name: losses_of_numbers(name, np.full(CURVE, target), outputs) for name in names}
    points = {name: losses_of_numbers(name, [target], [a]).item() for name in names}
    return _curves(outputs, curves, a, points, [-FARTHEST, FARTHEST], 16.0, target)


def _curves(outputs, curves, a, points, ends, highest, target):
    data = []
    for name, curve in curves.items():
        color, dash = LINES[name]
        hover = f"{title(name)}: %{{y:.4g}} at a = %{{x:.3g}}<extra></extra>"
        shape = {"type": "scatter", "legendgroup": name, "hovertemplate": hover}
        data.append(
            shape
            | {
                "mode": "lines",
                "name": title(name),
                "x": outputs.astype(np.float32),
                "y": curve.astype(np.float32),
                "line": {"color": color, "dash": dash, "width": 3},
            }
        )
        data.append(
            shape
            | {
                "mode": "markers",
                "x": [a],
                "y": [points[name]],
                "cliponaxis": False,
                "showlegend": False,
                "marker": {"color": color, "size": 12, "line": {"width": 2, "color": "#ffffff"}},
            }
        )
    return {
        "data": data,
        "layout": {
            "height": 360,
            "margin": {"l": 50, "r": 14, "t": 34, "b": 42},
            "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
            "xaxis": {"title": {"text": f"output a, for the target {target}"}, "range": ends, "zeroline": False},
            "yaxis": {"title": {"text": "loss of this sample"}, "range": [-0.02 * highest, highest], "zeroline": True},
            "shapes": [
                {
                    "type": "line",
                    "x0": a,
                    "x1": a,
                    "yref": "paper",
                    "y0": 0,
                    "y1": 1,
                    "line": {"width": 1, "dash": "dot", "color": "#8a8794"},
                }
            ],
        },
    }


def share_figure(terms: dict[str, np.ndarray]) -> dict:
    """How much of the whole loss each sample makes, a bar for each loss; loss name -> its terms (n,)."""
    shares = {name: values / values.sum() for name, values in terms.items()}
    labels = [title(name) for name in shares]
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "name": f"sample {sample + 1}",
                "y": labels,
                "x": [100 * share[sample] for share in shares.values()],
                "text": [_label(sample, share[sample]) for share in shares.values()],
                "textangle": 0,
                "textposition": "inside",
                "insidetextanchor": "middle",
                "insidetextfont": {"color": "#ffffff" if sample != 1 else "#22232b"},
                "marker": {
                    "color": ("#5b6270", "#cfcbd6", "#7b3f8f")[sample],
                    "line": {"width": 1, "color": "#ffffff"},
                },
                "hovertemplate": f"sample {sample + 1}: %{{x:.4g}} %<extra></extra>",
            }
            for sample in range(len(next(iter(terms.values()))))
        ],
        "layout": {
            "height": 150,
            "barmode": "stack",
            "showlegend": False,
            "margin": {"l": 150, "r": 14, "t": 4, "b": 40},
            "xaxis": {"range": [0, 100], "ticksuffix": " %", "title": {"text": "share of the loss"}},
            "yaxis": {"autorange": "reversed"},
        },
    }


def _label(sample, share):
    """What fits into the bar, also on a phone."""
    return f"sample {sample + 1}" if share > 0.3 else str(sample + 1) if share > 0.05 else ""


def stable_figure(z: float) -> dict:
    """Cross-entropy for target 0 over z: as printed, from a, as far as it is a number; and as computed from z."""
    reach = max(SURE, 1.25 * abs(z))
    zs = np.linspace(-reach, reach, CURVE)
    whole = sn.LOSSES["bce"].per_sample(np.zeros((CURVE, 1)), None, zs[:, None])
    with np.errstate(all="ignore"):
        printed = textbook.binary_cross_entropy(0.0, textbook.sigmoid(zs))
    good = np.isfinite(printed)
    data = [
        _line(zs, whole, "computed from z", GREEN, 3, "solid"),
        _line(zs[good], printed[good], "as printed, from a", PLUM, 5, "dot"),
    ]
    shapes, notes = [], []
    if not good.all():
        edge = float(zs[good].max())
        shapes = [{"type": "rect", "x0": edge, "x1": reach, "yref": "paper", "y0": 0, "y1": 1, "line": {"width": 0}}]
        shapes[0] |= {"fillcolor": "#8a8794", "opacity": 0.16}
        notes = [{"x": (edge + reach) / 2, "y": 0.04, "yref": "paper", "text": "printed form:<br>no number"}]
        notes[0] |= {"showarrow": False, "yanchor": "bottom"}
    data.append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": [z],
            "y": [from_z(0.0, z)],
            "showlegend": False,
            "cliponaxis": False,
            "marker": {"color": GREEN, "size": 12, "line": {"width": 2, "color": "#ffffff"}},
            "hovertemplate": "%{y:.6g} at z = %{x:.6g}<extra></extra>",
        }
    )
    return {
        "data": data,
        "layout": {
            "height": 300,
            "margin": {"l": 50, "r": 14, "t": 34, "b": 42},
            "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
            "xaxis": {"title": {"text": "z of the output"}, "range": [-reach, reach]},
            "yaxis": {"title": {"text": "cross-entropy, target 0"}, "range": [-0.03 * reach, reach]},
            "shapes": shapes,
            "annotations": notes,
        },
    }


def _line(x, y, name, color, width, dash):
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": x.astype(np.float32),
        "y": y.astype(np.float32),
        "line": {"color": color, "width": width, "dash": dash},
        "hovertemplate": name + ": %{y:.4g} at z = %{x:.4g}<extra></extra>",
    }


def broadcast_figure(differences: np.ndarray, rows: list[str], columns: list[str]) -> dict:
    """A matrix of differences (n, n) that NumPy made of two lists: only its diagonal was meant."""
    n = len(differences)
    return {
        "data": [
            {
                "type": "heatmap",
                "x": columns,
                "y": rows,
                "z": differences,
                "zmin": -1,
                "zmax": 1,
                "colorscale": SCALE,
                "xgap": 3,
                "ygap": 3,
                "text": [[text(value) for value in row] for row in differences],
                "texttemplate": "%{text}",
                "textfont": {"size": 15, "color": "#22232b"},
                "hovertemplate": "%{y}, %{x}: %{text}<extra></extra>",
                "colorbar": {"thickness": 10, "nticks": 3, "title": {"text": "a − y"}},
            }
        ],
        "layout": {
            "height": 230,
            "margin": {"l": 76, "r": 8, "t": 30, "b": 8},
            "xaxis": {"side": "top", "type": "category"},
            "yaxis": {"autorange": "reversed", "type": "category"},
            "shapes": [
                {
                    "type": "rect",
                    "x0": place - 0.44,
                    "x1": place + 0.44,
                    "y0": place - 0.44,
                    "y1": place + 0.44,
                    "line": {"width": 3, "color": "#22232b"},
                }
                for place in range(n)
            ],
        },
    }
