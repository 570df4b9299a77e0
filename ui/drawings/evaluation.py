"""Pictures of an evaluation: losses of two data sets apart, outputs cut by a threshold, a confusion matrix."""

import numpy as np
import pandas as pd

import scratchnet as sn
from ui.kit import palette
from ui.kit.numbers import D3, percent, text
from ui.sketch import Axis, line, rule

NAMES = (("true negative", "false positive"), ("false negative", "true positive"))


def curves_picture(history: sn.History, epoch: int, farthest: int, evaluation: sn.Evaluation) -> dict:
    """Training loss (solid) and test loss (dashed) up to the farthest epoch seen, with the chosen epoch marked.

    evaluation: at the chosen epoch, which a thinned history may not hold. The arguments of `ui.sketch.sketch`.
    """
    seen = history.epoch <= farthest
    curves = (
        ("training loss", history.train_loss[seen], "grey", "solid"),
        ("test loss", history.test_loss[seen], "plum", "dash"),
    )
    return {
        "x": Axis("epoch", 0, int(history.epoch[-1])),
        "y": Axis("cross-entropy", 0, 1.05 * max(float(values.max()) for _, values, *_ in curves)),
        "items": [
            *(line(history.epoch[seen], values, color, name, 2.5, dash) for name, values, color, dash in curves),
            rule(epoch),
        ],
        "alt": f"Losses at epoch {epoch}: training {text(evaluation.train_loss)}, test {text(evaluation.test_loss)}.",
        "height": 268,
    }


def counts_figure(y: np.ndarray, outputs: np.ndarray, decision: sn.Decision, hollow: bool, matrix: np.ndarray) -> dict:
    """Every sample by its output, in the row of its true class, parted at the cut; below it the four groups, counted.

    y, outputs: (n, 1). hollow: as test points are drawn. matrix (2, 2): rows true, columns predicted. They are one
    figure, since each one that a slider changes is built anew.
    """
    return {
        "data": [*_samples(y, outputs, decision, hollow), _matrix(matrix) | {"xaxis": "x2", "yaxis": "y2"}],
        "layout": {
            "height": 400,
            "margin": {"l": 58, "r": 12, "t": 8, "b": 6},
            "showlegend": False,
            "xaxis": {
                "title": {"text": "output a"},
                "range": [-0.03, 1.03],
                "zeroline": False,
                "nticks": 6,
                "anchor": "y",
                "fixedrange": True,
            },
            "yaxis": {
                "domain": [0.62, 1.0],
                "range": [1.5, -0.5],
                "tickvals": [0, 1],
                "ticktext": ["true 0", "true 1"],
                "showgrid": False,
                "zeroline": False,
                "fixedrange": True,
            },
            "xaxis2": {"side": "top", "anchor": "y2", "fixedrange": True, "showgrid": False},
            "yaxis2": {"domain": [0.0, 0.36], "autorange": "reversed", "fixedrange": True, "showgrid": False},
            "shapes": [
                {
                    "type": "line",
                    "x0": decision.cut,
                    "x1": decision.cut,
                    "y0": 0,
                    "y1": 1,
                    "yref": "y domain",
                    "line": {"width": 2.5, "dash": "dash", "color": palette.GREY},
                }
            ],
        },
    }


def _samples(y, outputs, decision, hollow):
    answers, y, outputs = decision.answers(outputs), y[:, 0], outputs[:, 0]
    data = []
    for target, color in zip((0, 1), (palette.NEGATIVE, palette.POSITIVE), strict=True):
        own = np.flatnonzero(y == target)
        said = answers[own]
        # Spread over the row, so that equal outputs do not hide each other: the golden ratio leaves no pattern.
        spread = 0.62 * (np.arange(len(own)) * 0.6180339887 % 1 - 0.5)
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": outputs[own],
                "y": target + spread,
                "customdata": [NAMES[target][s] for s in said],
                "hovertemplate": f"output %{{x:{D3}}}, true class " + str(target) + ": %{customdata}<extra></extra>",
                "marker": {
                    "color": color,
                    "size": 8,
                    "symbol": ["x-thin" if s != target else "circle-open" if hollow else "circle" for s in said],
                    "line": {"width": 2, "color": color},
                },
            }
        )
    return data


def _matrix(matrix):
    """Counts; the darker, the larger the share of its row."""
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    return {
        "type": "heatmap",
        "x": ["predicted 0", "predicted 1"],
        "y": ["true 0", "true 1"],
        "z": shares,
        "zmin": 0,
        "zmax": 1,
        "colorscale": palette.SHARES,
        "showscale": False,
        "xgap": 3,
        "ygap": 3,
        "text": [
            [f"<b>{count}</b><br>{name}" for count, name in zip(*row, strict=True)]
            for row in zip(matrix, NAMES, strict=True)
        ],
        "customdata": [[percent(share) for share in row] for row in shares],
        "hovertemplate": "%{text}<br>%{customdata} of its row<extra></extra>",
        "texttemplate": "%{text}",  # Plotly writes light on dark and dark on light
        "textfont": {"size": 14},
    }


def testers_table(right: list[int], own: int) -> list[dict[str, str]]:
    """How many of his own points each tester finds right: two columns of testers, so that a phone shows them all."""
    cells = [(f"{k}", f"**{count}/{own}**") for k, count in enumerate(right, start=1)]
    half = -(-len(cells) // 2)
    return [
        {"tester": a, "right": b, "tester ": c, "right ": d}
        for (a, b), (c, d) in zip(cells[:half], [*cells[half:], ("", "")], strict=False)
    ]


def comparisons_table(targets, predictions, agree: np.ndarray) -> pd.DataFrame:
    """Which comparisons agree: targets down, predictions across. agree: (n, n), or (n, 1) row by row."""
    across = predictions if agree.shape[1] > 1 else ["its own"]
    return pd.DataFrame(
        [
            [f"target {target}", *("✓" if same else "✗" for same in row)]
            for target, row in zip(targets, agree, strict=True)
        ],
        columns=["", *(f"prediction {p}" if agree.shape[1] > 1 else "its own prediction" for p in across)],
    )


def labelings_table(labelings: list[tuple[int, ...]], correct: list[int]) -> pd.DataFrame:
    """What one neuron has learned of each labeling of the same points."""
    return pd.DataFrame(
        {
            "targets": [", ".join(map(str, targets)) for targets in labelings],
            "one neuron, right": [f"{right}/{len(targets)}" for targets, right in zip(labelings, correct, strict=True)],
        }
    )
