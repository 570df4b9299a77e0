"""Spread: what one experiment gives from many seeds: the band in which its losses lie, and how many of them one beats.

A run that diverged counts as worse than any number, from the moment on at which it did; so it is never left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .cell import Result
from .sweep import value_of

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, eq=False)
class Fan:
    """Quantiles of a loss at moments (n,) of many runs.

    update, epoch (n,): those rows of the histories that every run has which came so far.
    loss (levels, n): inf where the quantile is that of a run that had diverged before; nan where none has a number.
    runs, diverged (n,): how many count there, and how many of them had diverged before.
    """

    levels: tuple[float, ...]
    update: np.ndarray
    epoch: np.ndarray
    loss: np.ndarray
    runs: np.ndarray
    diverged: np.ndarray


def fan(results: Sequence[Result], loss: str = "test_loss", levels: Sequence[float] = LEVELS) -> Fan:
    """The fan of results that have their histories; loss: a loss of those. ValueError where there are none.

    A loss that is not a number does not count at its moment.
    """
    histories = [result.history for result in results if result.history is not None]
    if not histories or len(histories) < len(results):
        raise ValueError("fan: expected results with their histories, got some without; ask for history=True.")
    longest = max(histories, key=lambda history: history.update[-1])
    rows = [dict(zip(of.update.tolist(), getattr(of, loss).tolist(), strict=True)) for of in histories]
    ends = [int(of.update[-1]) for of in histories]
    update = longest.update
    common = [all(u in row or u > end for row, end in zip(rows, ends, strict=True)) for u in update.tolist()]
    update, epoch = update[common], longest.epoch[common]
    losses = np.array([[row.get(u, math.inf) for u in update.tolist()] for row in rows])
    gone = np.array([[u > end for u in update.tolist()] for end in ends])
    return Fan(
        tuple(levels),
        update,
        epoch,
        quantiles(losses, levels),
        np.count_nonzero(~np.isnan(losses), axis=0),
        np.count_nonzero(gone, axis=0),
    )


def quantiles(values: np.ndarray, levels: Sequence[float]) -> np.ndarray:
    """Quantiles (levels, n) of each column of values (runs, n): linear between the two nearest of them in order, as
    NumPy's. nan does not count, and is what comes of a column of nothing else; infinity is as far as it says, also
    from a number, where the quantile does not fall on that number itself.
    """
    ordered = np.sort(values, axis=0)  # nan comes last
    last = np.maximum(np.count_nonzero(~np.isnan(values), axis=0) - 1, 0)
    place = np.asarray(levels, dtype=np.float64)[:, None] * last
    below = np.floor(place).astype(int)
    low = np.take_along_axis(ordered, below, axis=0)
    high = np.take_along_axis(ordered, np.minimum(below + 1, last), axis=0)
    share = place - below
    with np.errstate(invalid="ignore"):  # of infinities, for which the other way is taken
        between = np.where(np.isfinite(low) & np.isfinite(high), low + share * (high - low), low + high)
    return np.where((share == 0) | (low == high), low, between)


@dataclass(frozen=True)
class Standing:
    """How one run stands among others: so many it beats, equals, and is beaten by; undefined: whose number, or its own,
    is not one, and that do not count."""

    better: int
    equal: int
    worse: int
    undefined: int

    @property
    def share(self) -> float:
        """Of those that count, the share that it beats, of equal ones half; nan where none counts."""
        count = self.better + self.equal + self.worse
        return (self.better + self.equal / 2) / count if count else math.nan


def standing(one: Result, others: Sequence[Result], score: str = "test_score") -> Standing:
    """How a run stands among others by a score. Two that diverged are equal."""
    own = value_of(one, score)
    values = [value_of(other, score) for other in others]
    better, equal, worse = (
        sum(own > value for value in values),
        sum(own == value for value in values),
        sum(own < value for value in values),
    )
    return Standing(better, equal, worse, len(values) - better - equal - worse)


def ranked(results: Sequence[Result], part: str = "test") -> list[int]:
    """Numbers of the results, the best one first: by score, of equal scores by loss, of equal losses as they come.

    part: "train", "validation" or "test". Those without a score come behind those with one, ordered by loss.
    """

    def rank(index: int) -> tuple[bool, float, bool, float]:
        score, loss = value_of(results[index], f"{part}_score"), value_of(results[index], f"{part}_loss")
        no_score, no_loss = math.isnan(score), math.isnan(loss)
        return no_score, 0.0 if no_score else -score, no_loss, 0.0 if no_loss else loss

    return sorted(range(len(results)), key=rank)


def middle(order: Sequence[int]) -> int:
    """Of those in an order the one in the middle; of two the first, so that it is a run that there was."""
    return order[(len(order) - 1) // 2]
