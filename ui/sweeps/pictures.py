"""Pictures: a sweep as a heat map of one or two settings, or as lines through three, and the same in words."""

import math
from collections.abc import Sequence

import numpy as np

import scratchnet as sn
from scratchnet.cell import Result
from scratchnet.sweep import LOSSES_OF, Failure, Sweep, counted, diverged, medians
from ui.charts import layout
from ui.kit import palette
from ui.kit.numbers import text, tick
from ui.loss_axis import wants_log
from ui.sweeps.choices import NAMES, cell_in_words, value_in_words

Outcomes = Sequence[Result | Failure | None]
MOST_WITH_NUMBERS = 150  # cells of a heat map that have room for their numbers
HEIGHT, MARGIN = 380, {"l": 56, "r": 12, "t": 40, "b": 44}
BEST = 10  # of so many combinations one stands out among the lines
TICKS = 4  # beside the scale of the colours
CROSS = "✕"


def measures(sweep: Sweep) -> dict[str, str]:
    """Measure -> what it is called on screen. The first is the loss of the part by which one may choose."""
    score = "R²" if sn.spec_of(sweep.base.dataset).task == "regression" else "accuracy"
    parts = {"test": "Test", "train": "Training"}
    if any(cell.experiment.validation_fraction for cell in sweep.cells):
        parts = {"validation": "Validation"} | parts
    first = next(iter(parts))
    named = {f"{part}_loss": f"{word} loss" for part, word in parts.items()}
    named |= {f"{part}_score": f"{word} {score}" for part, word in parts.items()}
    return named | {"best_loss": f"Lowest {first} loss on the way", "best_score": f"Highest {first} {score} on the way"}


def best_first(sweep: Sweep, outcomes: Outcomes, measure: str) -> list[int]:
    """Numbers of the cells with a result, the best one first; diverged ones last."""
    sign = 1 if measure in LOSSES_OF else -1

    def rank(index: int) -> tuple[bool, float]:
        outcome = outcomes[index]
        value = getattr(outcome, measure)
        is_worst = bool(isinstance(outcome, Result) and outcome.diverged) or math.isnan(value)
        return is_worst, 0.0 if math.isnan(value) else sign * value

    return sorted((index for index, one in enumerate(outcomes) if isinstance(one, Result)), key=rank)


def heat_map(sweep: Sweep, outcomes: Outcomes, measure: str, label: str) -> dict:
    """The median over the seeds at each pair of values: the first setting across, the second up. Darker is better."""
    table, gone = medians(sweep, outcomes, measure), diverged(sweep, outcomes)
    known = counted(sweep, outcomes, measure)
    if table.ndim == 1:
        table, gone, known = table[:, None], gone[:, None], known[:, None]
    table, gone, known = table.T, gone.T, known.T
    colors, bar = _colors(table, measure)
    axes = [[value_in_words(name, value) for value in values] for name, values in sweep.over.items()]
    names = [NAMES[name] for name in sweep.over]
    if len(axes) == 1:
        axes, names = [*axes, [""]], [*names, ""]
    seeds = max(len(sweep.seeds), 1)
    across, up = axes
    places = [(x, y) for y in range(len(up)) for x in range(len(across))]
    numbers, said = (
        [
            [_in_cell(float(table[y, x]), gone[y, x], known[y, x], seeds, short) for x in range(len(across))]
            for y in range(len(up))
        ]
        for short in (True, False)
    )
    return {
        "data": [
            {
                "type": "heatmap",
                "x": list(range(len(across))),
                "y": list(range(len(up))),
                "z": colors,
                "customdata": said,
                "colorscale": palette.SHARES,
                "reversescale": measure in LOSSES_OF,
                "xgap": 2,
                "ygap": 2,
                "hoverongaps": False,
                "texttemplate": "%{text}" if table.size <= MOST_WITH_NUMBERS else "",
                "text": numbers,
                "hovertemplate": "%{customdata}<extra></extra>",
                "colorbar": {"title": {"text": label}, "thickness": 14} | bar,
            }
            | _ends(colors)
        ],
        "layout": layout()
        | {
            "height": HEIGHT,
            "margin": MARGIN,
            "xaxis": _axis(names[0], across),
            "yaxis": _axis(names[1], up),
            "annotations": [
                {"x": x, "y": y, "text": numbers[y][x], "showarrow": False}
                for x, y in places
                if not math.isfinite(table[y, x]) and table.size <= MOST_WITH_NUMBERS
            ],
        },
    }


def parallel(sweep: Sweep, outcomes: Outcomes, measure: str, label: str) -> dict:
    """A line for each combination of settings, through its values to its median; the best ones stand out.

    Plotly's own parallel coordinates need WebGL, which some computers in schools have not.
    """
    table, known = medians(sweep, outcomes, measure), counted(sweep, outcomes, measure)
    seeds = max(len(sweep.seeds), 1)
    drawn = np.argwhere(np.isfinite(table))
    values = table[tuple(drawn.T)]
    heights, bar = _colors(values, measure)
    order = np.argsort(values if measure in LOSSES_OF else -values, kind="stable")
    best = set(order[: max(1, len(order) // BEST)].tolist())
    low, span = (float(heights.min()), float(np.ptp(heights)) or 1.0) if len(heights) else (0.0, 1.0)
    data = []
    for name, is_best, color in (
        ("the others", False, palette.THEME_GREY),
        ("the best tenth", True, palette.THEME_PLUM),
    ):
        x, y, said = [], [], []
        for at, place in enumerate(drawn.tolist()):
            if (at in best) is is_best:
                cell = [own[index] for own, index in zip(sweep.over.values(), place, strict=True)]
                up = [_share(index, len(own)) for own, index in zip(sweep.over.values(), place, strict=True)]
                x += [*range(len(place) + 1), None]
                y += [*up, (float(heights[at]) - low) / span, None]
                words = f"{label} {text(values[at])}{_some(known[tuple(place)], seeds)}"
                words += f"<br>{cell_in_words(sweep, cell).replace(', ', '<br>')}"
                said += [words] * (len(place) + 2)
        data.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": name,
                "x": x,
                "y": y,
                "customdata": said,
                "hovertemplate": "%{customdata}<extra></extra>",
                "line": {"color": color, "width": 3 if is_best else 1},
                "marker": {"size": 7 if is_best else 4},
                "opacity": 1.0 if is_best else 0.4,
            }
        )
    axes = [
        [(_share(index, len(own)), value_in_words(name, value)) for index, value in enumerate(own)]
        for name, own in sweep.over.items()
    ]
    ends = zip(bar.get("tickvals", ()), bar.get("ticktext", ()), strict=True)
    axes.append([((place - low) / span, words) for place, words in ends])
    labels = [*(NAMES[name] for name in sweep.over), label]
    return {
        "data": data,
        "layout": layout()
        | {
            "height": HEIGHT,
            "margin": MARGIN | {"r": 40},
            "legend": {"orientation": "h", "x": 0, "y": -0.14},
            "xaxis": {
                "tickvals": list(range(len(labels))),
                "ticktext": labels,
                "side": "top",
                "showgrid": True,
                "zeroline": False,
                "range": [-0.35, len(labels) - 0.65],
            },
            "yaxis": {"visible": False, "range": [-0.06, 1.06]},
            "annotations": [
                {"x": axis, "y": y, "text": words, "showarrow": False, "font": {"size": 13}}
                # No line is left of the first axis and right of the last.
                | {"xanchor": "left" if axis else "right", "xshift": 5 if axis else -7}
                | ({"yshift": 9} if 0 < axis < len(labels) - 1 else {})
                for axis, marks in enumerate(axes)
                for y, words in marks
            ],
        },
    }


def in_words(sweep: Sweep, outcomes: Outcomes, measure: str, label: str) -> str:
    """What the picture shows, in sentences for who does not see it."""
    table, gone = medians(sweep, outcomes, measure), diverged(sweep, outcomes)
    known, seeds = counted(sweep, outcomes, measure), len(sweep.seeds)
    finite = np.argwhere(np.isfinite(table))
    values = table[tuple(finite.T)]
    said = []
    if len(finite):
        order = np.argsort(values if measure in LOSSES_OF else -values, kind="stable")
        for word, at in (("Best", order[0]), ("Worst", order[-1]))[: 1 + (len(finite) > 1)]:
            cell = [own[index] for own, index in zip(sweep.over.values(), finite[at], strict=True)]
            count = int(known[tuple(finite[at])])
            of = f"{count} of {seeds} seeds" if count < seeds else f"{count} seeds"
            of = f"the median of {of}" if count > 1 else f"one of {seeds} seeds" if seeds > 1 else "one seed"
            said.append(
                f"{word} {label[:1].lower()}{label[1:]}: {text(values[at])} ({of}) at {cell_in_words(sweep, cell)}."
            )
    if gone.any():
        said.append(f"{int(gone.sum())} of {len(sweep.cells)} cells diverged, which counts as worse than any number.")
    failed = sum(isinstance(outcome, Failure) for outcome in outcomes)
    open_ = sum(outcome is None for outcome in outcomes)
    if failed:
        said.append(f"{failed} could not be computed; the table says why.")
    if open_:
        said.append(f"{open_} were not computed.")
    return " ".join(said)


def _in_cell(value: float, gone: int, known: int, seeds: int, short: bool) -> str:
    """What stands in a place of a heat map, or beside the pointer there. known: of the seeds, those with a number."""
    if math.isinf(value):
        return CROSS if short else f"{gone} of {known} diverged" if seeds > 1 else "diverged"
    if math.isnan(value):
        return "" if short else "no number"
    said = text(value, 3 if short else 4) + (f" ({CROSS} {gone} of {known})" if gone else "")
    return said if short else said + _some(known, seeds)


def _some(known: int, seeds: int) -> str:
    """That not all seeds have a number, where that is so."""
    return f" ({known} of {seeds} seeds)" if known < seeds else ""


def _colors(table: np.ndarray, measure: str) -> tuple[np.ndarray, dict]:
    """(what the colours stand for, ticks of their scale): of losses that span much the logarithms."""
    finite = table[np.isfinite(table)]
    log = measure in LOSSES_OF and wants_log(finite) and bool((finite > 0).all())
    with np.errstate(all="ignore"):
        shown = np.log10(table) if log else table
    colors = np.where(np.isfinite(table), shown, np.nan)
    if not len(finite):
        return colors, {}
    low, high = np.nanmin(colors), np.nanmax(colors)
    places = np.linspace(low, high, TICKS) if high > low else np.array([low])
    words = [tick(10**place if log else place, 3) for place in places.tolist()]
    return colors, {"tickvals": places.tolist(), "ticktext": words}


def _share(index: int, count: int) -> float:
    """Where a value stands on its axis, from 0 to 1."""
    return index / (count - 1) if count > 1 else 0.5


def _ends(colors: np.ndarray) -> dict:
    """Ends of the scale where all numbers are the same: Plotly would choose others."""
    known = colors[~np.isnan(colors)]
    if len(known) and known.min() == known.max():
        return {"zmin": known[0] - 1, "zmax": known[0] + 1}
    return {}


def _axis(name: str, values: list[str]) -> dict:
    return {
        "title": {"text": name},
        "tickvals": list(range(len(values))),
        "ticktext": values,
        "showgrid": False,
        "zeroline": False,
    }
