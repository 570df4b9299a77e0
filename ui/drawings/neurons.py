"""Pictures of one neuron: its sum term by term, its activation's curve with the tangent, its line in the plane."""

import numpy as np

import scratchnet as sn
from ui.charts import NEGATIVE, POSITIVE, SCALE
from ui.numbers import text

PLUM, GREY = "#000003", "#000006"  # Streamlit puts the theme's third and sixth colour here: neither stands for a sign
SPANS = (1, 2, 5, 10, 20, 50, 100, 200)  # half the length of an axis: a few lengths, so that it rarely jumps
CURVE = 241  # points of a curve
GRID = 61  # answers along each side of the plane
PLANE = 5.0  # the plane shows inputs from -5 to 5
UNBOUNDED = 10.0  # where a has no bounds, colours tell -10 from 10


def span(*values: float) -> float:
    """The least half length of an axis that holds all values."""
    largest = max(map(abs, values))
    return next((length for length in SPANS if largest <= length), largest)


def sum_figure(names: list[str], terms: list[float], z: float) -> dict:
    """The sum z, term by term: each bar begins where the one before ends; blue goes up, orange down."""
    reached = np.cumsum(terms)
    length = span(*reached, z)
    return {
        "data": [
            {
                "type": "waterfall",
                "orientation": "h",
                "y": [*names, "z"],
                "x": [*terms, 0.0],
                "measure": [*["relative"] * len(terms), "total"],
                "text": [text(value) for value in (*terms, z)],
                "textposition": "outside",
                "cliponaxis": False,
                "increasing": {"marker": {"color": POSITIVE}},
                "decreasing": {"marker": {"color": NEGATIVE}},
                "totals": {"marker": {"color": POSITIVE if z > 0 else NEGATIVE, "line": {"width": 2, "color": PLUM}}},
                "connector": {"line": {"color": GREY, "width": 1, "dash": "dot"}},
                "hovertemplate": "%{y}: %{text}<extra></extra>",
            }
        ],
        "layout": {
            "height": 62 + 27 * len(terms) + 27,
            "margin": {"l": 44, "r": 20, "t": 8, "b": 34},
            "xaxis": {"range": [-1.18 * length, 1.18 * length], "zeroline": True, "zerolinewidth": 2, "nticks": 9},
            "yaxis": {"autorange": "reversed", "fixedrange": True},
            "showlegend": False,
        },
    }


def activation_figure(name: str, z: float, a: float, slope: float) -> dict:
    """The curve a = f(z), its slope f' (dotted), and the point (z, a) with the tangent."""
    activation, length = sn.ACTIVATIONS[name], max(span(z), 5)
    zs = np.linspace(-length, length, CURVE)
    curve = activation.f(zs)
    slopes = activation.derivative(zs, curve)
    reach = 0.3 * length
    low, high = min(curve.min(), slopes.min(), 0.0), max(curve.max(), slopes.max(), 1.0)
    room = 0.08 * (high - low)
    return {
        "data": [
            _line(zs, curve, "a = f(z)", PLUM, 3, "solid"),
            _line(zs, slopes, "slope f′(z)", GREY, 1.5, "dot"),
            _line(
                np.array([z - reach, z + reach]),
                np.array([a - slope * reach, a + slope * reach]),
                f"tangent, slope {text(slope)}",
                GREY,
                2.5,
                "solid",
            ),
            {
                "type": "scatter",
                "mode": "markers+text",
                "x": [z],
                "y": [a],
                "text": [f"z {text(z)}, a {text(a)}"],
                "textposition": "bottom right" if z < 0.2 * length else "bottom left",
                "textfont": {"size": 14},
                "cliponaxis": False,
                "marker": {"size": 13, "color": PLUM, "line": {"width": 2, "color": "#ffffff"}},
                "hovertemplate": "z = %{x:.6g}<br>a = %{y:.6g}<extra></extra>",
                "showlegend": False,
            },
        ],
        "layout": {
            "height": 330,
            "margin": {"l": 50, "r": 12, "t": 34, "b": 40},
            "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
            "xaxis": {"title": {"text": "weighted sum z"}, "range": [-length, length], "zeroline": True},
            "yaxis": {"title": {"text": "activation a"}, "range": [low - room, high + room], "zeroline": True},
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
        "hovertemplate": name + ": %{y:.4g} at z = %{x:.3g}<extra></extra>",
    }


def plane_figure(neuron: sn.Neuron, x: np.ndarray) -> dict:
    """What the neuron answers over its first two inputs, the others as they are: the line z = 0, the weights' arrow.

    x: (inputs,), at least two.
    """
    side = np.linspace(-PLANE, PLANE, GRID)
    points = np.tile(x, (GRID * GRID, 1))
    points[:, 0], points[:, 1] = (axis.ravel() for axis in np.meshgrid(side, side))
    z = neuron.z(points).reshape(GRID, GRID)
    a = neuron.forward(points).reshape(GRID, GRID)
    activation = sn.ACTIVATIONS[neuron.activation]
    low, high = (
        (-UNBOUNDED, UNBOUNDED) if None in (activation.low, activation.high) else (activation.low, activation.high)
    )
    w1, w2 = neuron.weights[:2]
    data = [
        {
            "type": "heatmap",
            "x": side,
            "y": side,
            "z": a.astype(np.float32),
            "zmin": low,
            "zmax": high,
            "zsmooth": "best",
            "colorscale": SCALE,
            "colorbar": {"title": {"text": "a"}, "thickness": 12, "x": 1.01, "nticks": 6},
            "hovertemplate": "x1 = %{x:.3g}<br>x2 = %{y:.3g}<br>a = %{z:.4g}<extra></extra>",
        }
    ]
    if z.min() < 0 < z.max():
        data.append(
            {
                "type": "contour",
                "x": side,
                "y": side,
                "z": z.astype(np.float32),
                "contours": {"coloring": "lines", "start": 0, "end": 0, "size": 1},
                "colorscale": [[0, "#22232b"], [1, "#22232b"]],
                "line": {"width": 3},
                "showscale": False,
                "hoverinfo": "skip",
            }
        )
    data.append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": [x[0]],
            "y": [x[1]],
            "marker": {"size": 13, "color": PLUM, "line": {"width": 2, "color": "#ffffff"}},
            "hovertemplate": "the inputs: x1 = %{x:.4g}, x2 = %{y:.4g}<extra></extra>",
        }
    )
    arrow = {
        "x": w1,
        "y": w2,
        "ax": 0.0,
        "ay": 0.0,
        "xref": "x",
        "yref": "y",
        "axref": "x",
        "ayref": "y",
        "showarrow": True,
        "arrowhead": 2,
        "arrowwidth": 2.5,
        "arrowcolor": "#22232b",
        "text": "",
    }
    name = {"x": w1, "y": w2, "text": "w", "showarrow": False, "font": {"size": 15, "color": "#22232b"}}
    name |= {"xshift": 12 if w1 >= 0 else -12, "yshift": 10 if w2 >= 0 else -10}
    return {
        "data": data,
        "layout": {
            "height": 420,
            "margin": {"l": 44, "r": 8, "t": 10, "b": 44},
            "showlegend": False,
            "annotations": [arrow, name] if np.hypot(w1, w2) > 0 else [],
            "xaxis": {"title": {"text": "x1"}, "range": [-PLANE, PLANE], "constrain": "domain", "showgrid": False},
            "yaxis": {
                "title": {"text": "x2"},
                "range": [-PLANE, PLANE],
                "scaleanchor": "x",
                "constrain": "domain",
                "showgrid": False,
            },
        },
    }
