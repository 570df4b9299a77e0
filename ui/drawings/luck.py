"""Pictures of luck: the accuracy of each seed with both settings, their differences, and what is claimed from a few."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from scratchnet.luck import Claims, sign_flip_test
from ui.checks import luck as checks
from ui.kit import palette
from ui.kit.numbers import percent, text

# What the dots stand on, and where there is no difference: without them an empty chart is a hole.
LINE = {"showline": True, "linecolor": palette.THEME_GREY}
GROUND = {"zeroline": True, "zerolinecolor": palette.THEME_GREY, "zerolinewidth": 1}


def seeds_figure(measured: checks.Measured) -> dict:
    """A dot for each seed: its accuracy with each setting, a row each, equal ones above each other; and the medians."""
    words = checks.PAIRS[measured.pair].words
    accuracies = [[pair[side] / measured.total for pair in measured.right] for side in (0, 1)]
    heights = [stacked(row) for row in accuracies]
    top = 1 + max((height for row in heights for height in row), default=1)
    data = []
    for name, axis, x, y, symbol, colour in zip(
        words,
        ("y", "y2"),
        accuracies,
        heights,
        ("circle-open", "square"),
        (palette.THEME_GREY, palette.THEME_PLUM),
        strict=True,
    ):
        data.append(_dots(name, x, y, axis, symbol, colour, "accuracy"))
        if x:
            data.append(
                {
                    "type": "scatter",
                    "mode": "lines",
                    "x": [100 * float(np.median(x))] * 2,
                    "y": [0, top],
                    "yaxis": axis,
                    "line": {"color": colour, "width": 2, "dash": "dash"},
                    "hoverinfo": "skip",
                    "showlegend": False,
                }
            )
    rows = {"showgrid": False, "showticklabels": False, "range": [0, top], "fixedrange": True} | GROUND
    layout = _layout(350, "test accuracy", [*accuracies[0], *accuracies[1]], (0, 1))
    layout["xaxis"] |= {"anchor": "y2", "zeroline": False, "showline": False}
    return {
        "data": data,
        "layout": layout
        | {
            "yaxis": rows | {"domain": [0.53, 1.0], "title": {"text": words[0]}},
            "yaxis2": rows | {"domain": [0.0, 0.47], "title": {"text": words[1]}},
        },
    }


def differences_figure(measured: checks.Measured) -> dict:
    """A dot for each seed at the difference of its two accuracies: to the right of 0 the second setting is better."""
    first, second = checks.PAIRS[measured.pair].words
    differences = measured.differences
    data, heights = [], stacked(differences)
    for name, sign, symbol, colour in (
        (f"{second} better", 1, "square", palette.POSITIVE),
        ("alike", 0, "diamond-open", palette.THEME_GREY),
        (f"{first} better", -1, "circle", palette.NEGATIVE),
    ):
        chosen = [k for k, d in enumerate(differences) if (d > 0) - (d < 0) == sign]
        data.append(
            _dots(
                name,
                [differences[k] for k in chosen],
                [heights[k] for k in chosen],
                "y",
                symbol,
                colour,
                "difference",
                seeds=chosen,
                legend=True,
            )
        )
    return {
        "data": data,
        "layout": {
            **_layout(310, f"accuracy with {second} minus accuracy with {first}", differences, (-0.2, 0.2)),
            "margin": {"l": 12, "r": 12, "t": 30, "b": 42},
            "yaxis": {"visible": False, "range": [0, max(heights, default=1) + 1], "fixedrange": True},
            "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "itemclick": False},
        },
    }


def stacked(values: Sequence[float]) -> list[int]:
    """How many of the values before each one, and itself, lie in the same place."""
    seen: Counter = Counter()
    heights = []
    for value in values:
        seen[round(value, 9)] += 1
        heights.append(seen[round(value, 9)])
    return heights


def _dots(
    name: str,
    x: Sequence[float],
    y: Sequence[float],
    axis: str,
    symbol: str,
    colour: str,
    what: str,
    seeds: Sequence[int] | None = None,
    legend: bool = False,
) -> dict:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [100 * value for value in x],
        "y": list(y),
        "yaxis": axis,
        "customdata": [(k, percent_signed(value)) for k, value in zip(seeds or range(len(x)), x, strict=True)],
        "hovertemplate": f"seed %{{customdata[0]}}<br>{what} %{{customdata[1]}}<extra>{name}</extra>",
        "marker": {"symbol": symbol, "size": 6, "color": colour},
        "showlegend": legend,
    }


def percent_signed(share: float) -> str:
    """A share in percent, with its minus where it has one."""
    return f"−{percent(-share)}" if share < 0 else percent(share)


def _layout(height: int, title: str, values: Sequence[float], ends: tuple[float, float]) -> dict:
    """ends: of the axis until there are two different values, which say where it lies."""
    few = {"range": [100 * end for end in ends]} if len(set(values)) < 2 else {}
    return {
        "height": height,
        "margin": {"l": 46, "r": 12, "t": 8, "b": 42},
        "xaxis": {"title": {"text": title}, "ticksuffix": " %", "fixedrange": True, **LINE, **GROUND} | few,
        "dragmode": False,
        "hovermode": "closest",
    }


def claims_table(found: Sequence[Claims], tells_single: bool) -> list[dict]:
    """A row for each size of group. tells_single: also that of one seed, which a task asks for."""
    return [
        {
            "seeds": str(claim.seeds),
            "right": percent(claim.right),
            "wrong": percent(claim.wrong),
            "no difference": percent(claim.none),
            "groups": "all" if claim.is_exact else "20,000 drawn",
        }
        for claim in found
        if claim.seeds > 1 or tells_single
    ]


def tests_table(measured: checks.Measured) -> list[dict]:
    """What the first so many seeds say: their mean difference, and how often chance alone makes one as large."""
    return [
        {
            "seeds": f"0 to {n - 1}",
            "mean difference": percent_signed(sum(measured.differences[:n]) / n),
            "chance alone, p": text(sign_flip_test(measured.differences[:n])),
        }
        for n in (3, 6, 10, 30, checks.SEEDS)
        if n <= measured.seeds
    ]
