"""Spread pictures: what many seeds of one experiment gave, as a fan of their losses and the distribution of their
scores, with the visitor's own run in both, and the same in words.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

import scratchnet as sn
from scratchnet.cell import Result
from scratchnet.spread import Fan, quantiles, standing
from scratchnet.sweep import value_of
from ui.charts import SPARE, layout, log_axis
from ui.kit import palette
from ui.kit.numbers import percent, text
from ui.loss_axis import wants_log

FAN_HEIGHT, SCORES_HEIGHT = 320, 230
BANDS = ((0, 4, 0.24), (1, 3, 0.5))  # of the levels of a fan: from, to, how strong
MOST_BARS, MOST_TICKS = 20, 5


@dataclass(frozen=True)
class Score:
    """By what runs are compared. part: "test", or "train" where there are no test points; is_share: an accuracy, which
    is a share of points, or else an R²."""

    part: str
    is_share: bool

    @property
    def measure(self) -> str:
        return f"{self.part}_score"

    @property
    def label(self) -> str:
        return f"{'test' if self.part == 'test' else 'training'} {'accuracy' if self.is_share else 'R²'}"

    def of(self, result: Result) -> float:
        """As it counts beside others, see `value_of`."""
        return value_of(result, self.measure)

    def written(self, value: float) -> str:
        if value == -math.inf:
            return "diverged"
        return percent(value) if self.is_share and math.isfinite(value) else text(value)


def score_of(experiment: sn.Experiment, results: Sequence[Result]) -> Score:
    part = "train" if all(math.isnan(one.test_loss) for one in results) else "test"
    return Score(part, sn.spec_of(experiment.dataset).task != "regression")


def fan_wants_log(of: Fan) -> bool:
    return wants_log(of.loss.ravel())


def fan_figure(of: Fan, own: sn.History | None, loss: str, label: str, log: bool) -> dict:
    """The bands of a fan of five levels with its median, and the visitor's own run. loss: which of the history.

    What lies in infinity, because so many diverged, is drawn to the top of the axis.
    """
    every = np.concatenate([of.loss.ravel(), *([getattr(own, loss)] if own is not None else [])])
    known = every[np.isfinite(every) & ((every > 0) | (not log))]
    low, high = (min(0.0, float(known.min())), max(0.0, float(known.max()))) if len(known) else (0.0, 1.0)
    axis: dict[str, Any] = (
        log_axis(known) if log else {"type": "linear", "range": [low, high + (SPARE * (high - low) or 0.3)]}
    )
    lowest, highest = (10**end for end in axis["range"]) if log else axis["range"]

    def placed(losses: np.ndarray) -> np.ndarray:
        return np.clip(losses, lowest, highest)

    data = []
    for first, last, strength in BANDS:
        both = ~np.isnan(of.loss[first])
        x, below, above = of.epoch[both], placed(of.loss[first, both]), placed(of.loss[last, both])
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": f"{round(100 * of.levels[first])} to {round(100 * of.levels[last])} %",
                "x": np.concatenate([x, x[::-1]]),
                "y": np.concatenate([below, above[::-1]]),
                "fill": "toself",
                "fillcolor": palette.THEME_PLUM,
                "opacity": strength,
                "line": {"width": 0, "color": palette.THEME_PLUM},
                "hoverinfo": "skip",
            }
        )
    middle = len(of.levels) // 2
    data.append(
        {
            "type": "scatter",
            "mode": "lines",
            "name": "median",
            "x": of.epoch,
            "y": placed(of.loss[middle]),
            "customdata": [_at(of, place) for place in range(len(of.epoch))],
            "hovertemplate": "%{customdata}",
            "line": {"color": palette.THEME_INK, "width": 2, "dash": "dash"},
        }
    )
    if own is not None:
        losses = getattr(own, loss)
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": "yours",
                "x": own.epoch,
                "y": placed(losses),
                "customdata": [text(value) for value in losses.tolist()],
                "hovertemplate": "%{customdata}",
                "line": {"color": palette.THEME_GREY, "width": 3},
            }
        )
    axis |= {"title": {"text": f"{label}, logarithmic" if log else label}}
    return {
        "data": data,
        "layout": layout()
        | {
            "height": FAN_HEIGHT,
            "hovermode": "x unified",
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            "xaxis": {"title": {"text": "epoch"}, "rangemode": "tozero"},
            "yaxis": axis,
        },
    }


def fan_in_words(of: Fan, label: str) -> str:
    """Where the fan begins and ends, in sentences for who does not see it."""
    places = dict.fromkeys((0, len(of.epoch) - 1))
    return " ".join(f"{label} after epoch {int(of.epoch[place]):,}: {_at(of, place)}." for place in places)


def scores_figure(scores: np.ndarray, own: float, score: Score, title: str, points: int) -> dict:
    """How many runs reached which score: bars, and the visitor's own as a line. scores: numbers; own: -inf for none.

    points: of an accuracy, how many it is a share of.
    """
    edges = bar_edges(scores, points if score.is_share else None)
    counts, _ = np.histogram(scores, edges)
    half = 0.5 / points if score.is_share else 0.0  # from an edge to the first accuracy that there can be in a bar
    ends = [(score.written(low + half), score.written(high - half)) for low, high in pairwise(edges.tolist())]
    centres = (edges[:-1] + edges[1:]) / 2
    marked = slice(None, None, -(-len(centres) // MOST_TICKS))
    mark: dict[str, Any] = {}
    if math.isfinite(own):
        line = {"color": palette.THEME_GREY, "width": 3}
        words = {"text": f"yours: {score.written(own)}", "showarrow": False, "yanchor": "bottom"}
        mark["shapes"] = [{"type": "line", "x0": own, "x1": own, "y0": 0, "y1": 1, "yref": "paper", "line": line}]
        mark["annotations"] = [{"x": own, "y": 1, "yref": "paper"} | words]
    return {
        "data": [
            {
                "type": "bar",
                "x": centres,
                "y": counts,
                "width": 0.94 * np.diff(edges),
                "marker": {"color": palette.THEME_PLUM, "opacity": 0.6},
                "customdata": [low if low == high else f"{low} to {high}" for low, high in ends],
                "hovertemplate": "%{customdata}: %{y} seeds<extra></extra>",
            }
        ],
        "layout": layout()
        | {
            "height": SCORES_HEIGHT,
            "margin": {"l": 56, "r": 12, "t": 40, "b": 44},
            "xaxis": {
                "title": {"text": title},
                "range": [edges[0], edges[-1]],
                "tickvals": centres[marked],
                "ticktext": [score.written(centre) for centre in centres[marked].tolist()],
                "showgrid": False,
            },
            "yaxis": {
                "title": {"text": "seeds"},
                "rangemode": "tozero",
                "dtick": max(1, -(-int(counts.max()) // MOST_TICKS)),
            },
        }
        | mark,
    }


def bar_edges(scores: np.ndarray, points: int | None) -> np.ndarray:
    """The edges of bars for the scores, which are some. points: of an accuracy, k of so many points: then each bar
    covers as many possible values as every other, and its edges lie between two of them."""
    low, high = float(scores.min()), float(scores.max())
    bars = min(MOST_BARS, 2 * math.isqrt(len(scores)))
    if points is None:
        width = (high - low) / bars or 0.01 * max(abs(low), 1.0)
        return low - width / 2 + width * np.arange(math.floor((high - low) / width + 0.5) + 2)
    first, last = round(low * points), round(high * points)
    each = -(-(last - first + 1) // bars)
    return (first - 0.5 + each * np.arange((last - first) // each + 2)) / points


def scores_in_words(results: Sequence[Result], score: Score) -> str:
    """Median and spread of the scores in a sentence; "" where none is a number."""
    values = np.array([score.of(one) for one in results])
    low, middle, high, best = quantiles(values[:, None], (0.05, 0.5, 0.95, 1.0))[:, 0].tolist()
    if math.isnan(middle) or best == -math.inf:
        return ""
    if middle == -math.inf:
        return f"The median seed diverged; the best has {score.written(best)}."
    if low == -math.inf:
        return f"The median is {score.written(middle)}, the best {score.written(best)}."
    between = np.count_nonzero((low <= values) & (values <= high))
    return (
        f"The median is {score.written(middle)}; {between} of {np.count_nonzero(~np.isnan(values))} seeds lie between "
        f"{score.written(low)} and {score.written(high)}."
    )


def standing_in_words(seed: int, own: Result, others: Sequence[Result], score: Score) -> str:
    """The visitor's own among the others, in a sentence."""
    of = standing(own, others, score.measure)
    count = of.better + of.equal + of.worse
    if own.diverged:
        return f"Your seed {seed} diverged, as {of.equal} of {count} other seeds did."
    said = f"Your seed {seed} has a {score.label} of {score.written(score.of(own))}"
    if not count:
        return f"{said}; no other seed has one to compare it with."
    said += f", better than {of.better} of {count} other seeds"
    if of.equal:
        return f"{said} and the same as {of.equal}: better than {percent(of.share)}, where the same counts half."
    return f"{said} ({percent(of.share)})."


def uncounted_in_words(results: Sequence[Result], score: Score) -> str:
    """How many runs diverged or have no score, in sentences; "" where all have one."""
    gone = sum(bool(one.diverged) for one in results)
    undefined = sum(math.isnan(score.of(one)) for one in results)
    said = []
    if gone:
        said.append(f"{gone} of {len(results)} seeds diverged, which counts as worse than any number.")
    if undefined:
        said.append(f"{undefined} of {len(results)} seeds have no {score.label}: it is not defined for their points.")
    return " ".join(said)


def _at(of: Fan, place: int) -> str:
    """The fan at a moment: median and bands."""
    low, lower, middle, upper, high = ("diverged" if value == math.inf else text(value) for value in of.loss[:, place])
    said = f"median {middle}; 25 to 75 %: {lower} to {upper}; 5 to 95 %: {low} to {high}"
    gone = int(of.diverged[place])
    return said + (f"; {gone} of {int(of.runs[place])} diverged" if gone else "")
