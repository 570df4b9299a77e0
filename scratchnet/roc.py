"""ROC curve: what two classes look like at every cut at once. How many of class 1 are found, at the cost of how many of
class 0 that are taken for it?
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .values import as_numbers


@dataclass(frozen=True, eq=False)
class Roc:
    """A point for each cut that makes a difference, arrays (points,), from "nothing is class 1" to "everything is".

    cuts: class 1 is where the score is greater, as `Decision` has it; the last is -inf. false_positive: the share of
    class 0 above the cut; true_positive: of class 1 (its recall). area: that under the curve, 0 to 1: the chance that a
    sample of class 1 has a higher score than one of class 0, an equal one counting half (Hanley & McNeil 1982).
    """

    cuts: np.ndarray
    false_positive: np.ndarray
    true_positive: np.ndarray
    area: float


def roc(y_true: ArrayLike, scores: ArrayLike) -> Roc:
    """The ROC curve of scores (n,) against true classes y_true (n,), 0 or 1.

    Samples of equal scores come above the cut together: there the curve is one straight, slanting piece. ValueError
    with one sentence for other shapes or values, and where one of the two classes is missing.
    """
    y, scores = two_classes(y_true, scores)
    positives = int(y.sum())
    negatives = len(y) - positives
    if not positives or not negatives:
        raise ValueError(f"A ROC curve needs points of both classes; all {len(y):,} are of class {int(positives > 0)}.")
    order = np.argsort(-scores, kind="stable")
    scores, y = scores[order], y[order]
    last = np.flatnonzero(np.append(np.diff(scores) != 0, True))  # of each group of equal scores
    found = np.append(0, np.cumsum(y)[last])
    false = np.append(0, last + 1) - found
    twice_area = int((np.diff(false) * (found[1:] + found[:-1])).sum())
    cuts = np.append(scores[last], -np.inf)
    return Roc(cuts, false / negatives, found / positives, twice_area / (2 * positives * negatives))


def two_classes(y_true: ArrayLike, scores: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """True classes (n,) as int64 and scores (n,) as float64; ValueError unless they are 0 or 1, and finite numbers."""
    y, scores = as_numbers(y_true, "The true classes"), as_numbers(scores, "The scores")
    if y.ndim != 1 or y.shape != scores.shape or not len(y):
        raise ValueError(f"True classes and scores must both be (n,), one a sample; got {y.shape} and {scores.shape}.")
    if not ((y == 0) | (y == 1)).all():
        raise ValueError(f"The true classes must be 0 or 1; got {y[(y != 0) & (y != 1)][0]:g}.")
    return y.astype(np.int64), scores
