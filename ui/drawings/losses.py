"""Pictures of losses: curves over the output, each sample's share, the form from z against the printed one, a trap.

A picture follows a slider and is the arguments of `ui.sketch.sketch`; a figure is one of Plotly.
"""

import numpy as np

import scratchnet as sn
from ui.checks.losses import FARTHEST, LEAST, MOST, from_z, losses_of, losses_of_numbers, printed, printed_ends
from ui.kit import palette
from ui.kit.numbers import text
from ui.sketch import Axis, line, point, rule, shade

LINES = {  # none of these colours stands for a sign
    "mse": ("plum", "solid"),
    "bce": ("green", "solid"),
    "half_squared_error": ("plum", "dot"),
    "cross_entropy": ("gold", "dash"),
    "mae": ("grey", "solid"),
    "huber": ("grey", "dash"),
    "hinge": ("green", "dashdot"),
}
OF_PROBABILITIES = ("mse", "bce", "half_squared_error", "cross_entropy", "mae", "huber")
OF_NUMBERS = ("mse", "half_squared_error", "mae", "huber", "hinge")
CURVE = 401
SURE = 50.0  # the least half length of the axis of z


def title(name: str) -> str:
    return sn.LOSSES[name].title


def probability_picture(names: list[str], target: int, a: float, whole: bool = True) -> dict:
    """Losses of one output that is a probability, with a point at this one.

    whole: over all outputs; otherwise over those from the target to this one, which is how far they have been met.
    """
    right = MOST if target == 1 else LEAST
    outputs = np.linspace(LEAST, MOST, CURVE) if whole else np.linspace(min(a, right), max(a, right), CURVE)
    curves = {name: losses_of(name, np.full(CURVE, target), outputs) for name in names}
    points = {name: losses_of(name, [target], [a]).item() for name in names}
    return _curves(outputs, curves, a, points, [0, 1], 7.0, target)


def number_picture(names: list[str], target: int, a: float) -> dict:
    """Losses of one output that may be any number, over all outputs, with a point at this one."""
    outputs = np.linspace(-FARTHEST, FARTHEST, CURVE)
    curves = {name: losses_of_numbers(name, np.full(CURVE, target), outputs) for name in names}
    points = {name: losses_of_numbers(name, [target], [a]).item() for name in names}
    return _curves(outputs, curves, a, points, [-FARTHEST, FARTHEST], 16.0, target)


def _curves(outputs, curves, a, points, ends, highest, target):
    items = [line(outputs, curve, LINES[name][0], title(name), 3, LINES[name][1]) for name, curve in curves.items()]
    items += [point(a, value, LINES[name][0]) for name, value in points.items()]
    return {
        "x": Axis(f"output a, for the target {target}", *ends),
        "y": Axis("loss of this sample", -0.02 * highest, highest),
        "items": [rule(a), *items],
        "height": 350,
        "alt": f"Losses over the output a for the target {target}, with points at a = {text(a)}.",
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
                "insidetextfont": {"color": palette.PARTS_INK[sample]},
                "marker": {
                    "color": palette.PARTS[sample],
                    "line": {"width": 1, "color": palette.WHITE},
                },
                "customdata": [text(100 * share[sample]) for share in shares.values()],
                "hovertemplate": f"sample {sample + 1}: %{{customdata}} %<extra></extra>",
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


def stable_picture(z: float) -> dict:
    """Cross-entropy for target 0 over z: as printed, from a, as far as it is a number; and as computed from z."""
    reach = max(SURE, 1.25 * abs(z))
    zs = np.linspace(-reach, reach, CURVE)
    whole = sn.LOSSES["bce"].per_sample(np.zeros((CURVE, 1)), None, zs[:, None])
    lowest, highest = printed_ends()
    good = np.hstack([max(lowest, -reach), zs[(zs > lowest) & (zs < highest)], min(highest, reach)])
    items = [
        line(zs, whole, "green", "computed from z"),
        line(good, printed(good), "plum", "as printed, from a", 5, "dot"),
    ]
    broken = [(-reach, lowest), (highest, reach)]
    items[:0] = [shade(start, end, "printed form:\nno number") for start, end in broken if start < end]
    return {
        "x": Axis("z of the output", -reach, reach),
        "y": Axis("cross-entropy, target 0", -0.03 * reach, reach),
        "items": [*items, point(z, from_z(0.0, z), "green")],
        "height": 300,
        "alt": f"Cross-entropy over z for the target 0: {text(from_z(0.0, z))} at z = {text(z)}.",
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
                "colorscale": palette.SCALE,
                "xgap": 3,
                "ygap": 3,
                "text": [[text(value) for value in row] for row in differences],
                "texttemplate": "%{text}",
                "textfont": {"size": 15, "color": palette.MAP_INK},
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
                    "line": {"width": 3, "color": palette.MAP_INK},
                }
                for place in range(n)
            ],
        },
    }
