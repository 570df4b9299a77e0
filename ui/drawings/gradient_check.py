"""Pictures of a gradient check: every parameter as a cell of its matrix, and the error over the step h."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

import scratchnet as sn
from scratchnet.network import parameter_views
from ui.checks import gradient_check as checks
from ui.kit import palette
from ui.kit.numbers import exact, text, tick

LOW, HIGH = -12, 0  # powers of ten at the ends of the colours: what is smaller or larger is drawn as these
ROW, GAP = 1.0, 0.8  # heights in rows; a gap holds the next matrix's name
CELL = 25  # pixels of a row
BIAS_GAP = 0.22  # columns between W and b


def cells_figure(check: sn.GradientCheck, words: np.ndarray, sizes: Sequence[int]) -> dict:
    """One matrix a layer, W and behind it b as the last column, coloured by relative error on a logarithmic scale.

    words: flat like theta, what to write into each cell.
    """
    errors = check.relative_errors
    logs = np.log10(np.clip(errors, 10.0**LOW, 10.0**HIGH))
    shown = [
        (exact(a), exact(n), text(error)) for a, n, error in zip(check.analytic, check.numeric, errors, strict=True)
    ]
    places = np.arange(errors.size)
    columns = max(sizes[:-1])
    data, notes, top = [], [], 0.0
    for layer, ((W, b), (inputs, units)) in enumerate(
        zip(zip(*parameter_views(places, sizes), strict=True), pairwise(sizes), strict=True), 1
    ):
        top += GAP
        rows = top + 0.5 + np.arange(units)
        before = "x" if layer == 1 else f"a{layer - 1}"
        notes.append(_note(-0.5, top - 0.4, f"<b>layer {layer}</b> · {units} × {inputs} weights", "left"))
        notes.append(_note(columns + BIAS_GAP, top - 0.4, f"b{layer}", "center"))
        for part, x, names in (
            (
                W,
                np.arange(inputs) + columns - inputs,
                [f"W{layer}[{{u}},{s + 1}], from {before}" for s in range(inputs)],
            ),
            (b[:, None], np.array([columns + BIAS_GAP]), [f"b{layer}[{{u}}]"]),
        ):
            data.append(
                {
                    "type": "heatmap",
                    "x": x,
                    "y": rows,
                    "z": logs[part],
                    "zmin": LOW,
                    "zmax": HIGH,
                    "xgap": 2,
                    "ygap": 2,
                    "coloraxis": "coloraxis",
                    "text": words[part],
                    "texttemplate": "%{text}",
                    "textfont": {"size": 12},
                    "customdata": [
                        [[name.format(u=u + 1), *shown[place]] for name, place in zip(names, row, strict=True)]
                        for u, row in enumerate(part)
                    ],
                    "hovertemplate": "%{customdata[0]}<br>analytic %{customdata[1]}<br>numeric %{customdata[2]}"
                    "<br>relative error %{customdata[3]}<extra></extra>",
                }
            )
        top += units * ROW
    return {
        "data": data,
        "layout": {
            "height": int(top * CELL) + 58,
            "margin": {"l": 4, "r": 4, "t": 4, "b": 54},
            "annotations": notes,
            "xaxis": {"visible": False, "range": [-0.55, columns + BIAS_GAP + 0.55], "fixedrange": True},
            "yaxis": {"visible": False, "range": [top, 0.0], "fixedrange": True},
            "coloraxis": {
                "cmin": LOW,
                "cmax": HIGH,
                "colorscale": palette.ERRORS,
                "colorbar": {
                    "orientation": "h",
                    "thickness": 10,
                    "len": 1.0,
                    "x": 0.5,
                    "y": 0,
                    "yanchor": "top",
                    "ypad": 6,
                    "tickvals": [LOW, -9, -7, np.log10(checks.WRONG), -3, HIGH],
                    "ticktext": [f"≤ 1e{LOW}", "1e-9", "1e-7", "wrong: 1e-5", "1e-3", "≥ 1"],
                },
            },
            "showlegend": False,
        },
    }


def _note(x: float, y: float, words: str, anchor: str) -> dict:
    return {"x": x, "y": y, "text": words, "showarrow": False, "xanchor": anchor, "font": {"size": 13}}


def error_words(check: sn.GradientCheck) -> np.ndarray:
    """The relative error of each parameter to one digit, flat like theta: 4e-9."""
    return np.array([text(error, 1) for error in check.relative_errors])


def ratio_words(check: sn.GradientCheck) -> np.ndarray:
    """analytic / numeric of each parameter, to four digits; short where it is the number 1, -1, 6, ... to 1e-5."""
    return np.array([ratio_text(ratio) for ratio in checks.ratios(check)])


def ratio_text(ratio: float) -> str:
    """A ratio as a reader needs it: 1 where the check cannot tell it from 1, four digits otherwise."""
    whole = round(ratio) if np.isfinite(ratio) else 0.0
    return text(whole if abs(ratio - whole) <= checks.WRONG * max(1.0, abs(whole)) else ratio)


def evidence_table(layers: Sequence[checks.LayerEvidence]) -> list[dict]:
    """Layer by layer: how many are wrong, between which numbers the ratios lie, how long the gradient is."""
    return [
        {
            "layer": str(place),
            "wrong W, b": f"{layer.wrong_weights}/{layer.weights}, {layer.wrong_biases}/{layer.biases}",
            "ratios in W": _between(layer.weight_ratios),
            "in b": _between(layer.bias_ratios),
            "of lengths": ratio_text(layer.length),
        }
        for place, layer in enumerate(layers, 1)
    ]


def _between(ends: tuple[float, float]) -> str:
    low, high = map(ratio_text, ends)
    return low if low == high else f"{low} to {high}"


def steps_figure(errors: Sequence[tuple[float, float]], h: float, fit: checks.TwoErrors | None) -> dict:
    """The largest relative error over h, both logarithmic: what was measured, and the two causes once all is.

    errors: (h, error) in any order; fit: None while it is not all measured.
    """
    xs, ys = zip(*sorted(errors), strict=True)
    data = []
    if fit:
        for name, low, high, at, dash in (
            ("truncation, grows as h²", 2e-6, 0.2, lambda step: fit.truncation * step**2, "dash"),
            ("round-off, grows as 1/h", 5e-14, 1e-3, lambda step: fit.round_off / step, "dot"),
        ):
            ends = [low, high]
            data.append(
                _scatter(
                    "lines", ends, [at(step) for step in ends], name, line={"dash": dash, "color": palette.THEME_GREY}
                )
            )
    data.append(
        _scatter(
            "lines+markers" if fit else "markers",
            xs,
            ys,
            "measured",
            line={"width": 2, "color": palette.THEME_PLUM},
            marker={"size": 7, "color": palette.THEME_PLUM},
            showlegend=False,
        )
    )
    data.append(
        _scatter(
            "markers",
            [h],
            [dict(errors)[h]],
            f"h = {text(h)}",
            marker={"size": 15, "color": palette.THEME_PLUM, "line": {"width": 2, "color": palette.WHITE}},
            showlegend=False,
        )
    )
    return {
        "data": data,
        "layout": {
            "height": 318,
            "margin": {"l": 62, "r": 12, "t": 30, "b": 44},
            "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
            "xaxis": {
                "title": {"text": "step h, logarithmic"},
                "type": "log",
                "range": [-13.4, -0.6],
                "tickvals": [10.0**power for power in range(-13, 0, 2)],
                "ticktext": [f"1e{power}" for power in range(-13, 0, 2)],
                "fixedrange": True,
            },
            "yaxis": {
                "title": {"text": "largest relative error, logarithmic", "font": {"size": 12}},
                "type": "log",
                "range": [-10, 0.7],
                "tickvals": [10.0**power for power in range(-10, 1, 2)],
                "ticktext": [*(f"1e{power}" for power in range(-10, 0, 2)), "1"],
                "fixedrange": True,
            },
            "shapes": [
                {
                    "type": "line",
                    "xref": "paper",
                    "x0": 0,
                    "x1": 1,
                    "y0": checks.WRONG,
                    "y1": checks.WRONG,
                    "line": {"width": 1, "dash": "dot", "color": palette.GREY},
                }
            ],
            "annotations": [
                {
                    "x": -3.3,  # between the two branches of the curve
                    "xanchor": "right",
                    "y": np.log10(checks.WRONG),
                    "yanchor": "bottom",
                    "text": "wrong above 1e-5",
                    "showarrow": False,
                    "font": {"size": 12},
                }
            ],
        },
    }


def _scatter(mode: str, x: Sequence[float], y: Sequence[float], name: str, **look) -> dict:
    return {
        "type": "scatter",
        "mode": mode,
        "name": name,
        "x": list(x),
        "y": list(y),
        "customdata": [(tick(h), text(error)) for h, error in zip(x, y, strict=True)] if "marker" in look else None,
        "hovertemplate": "h = %{customdata[0]}<br>largest relative error %{customdata[1]}<extra></extra>"
        if "marker" in look
        else None,
        "hoverinfo": None if "marker" in look else "skip",
        **look,
    }
