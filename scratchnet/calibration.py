"""Calibration: whether a probability means what it says. Of all points called 80 % sure, are eight of ten right?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .activations import ACTIVATIONS
from .roc import two_classes


@dataclass(frozen=True, eq=False)
class Calibration:
    """Samples in bins of equal width by their probability of class 1.

    edges: (bins + 1,), from 0 to 1; what lies on an edge belongs to the bin below it, and 0 to the first. counts:
    (bins,) samples in each. predicted: (bins,) their mean probability; actual: (bins,) the share of them that is of
    class 1; both NaN where a bin is empty.
    """

    edges: np.ndarray
    counts: np.ndarray
    predicted: np.ndarray
    actual: np.ndarray


def calibration(y_true: ArrayLike, probabilities: ArrayLike, bins: int = 10) -> Calibration:
    """How probabilities of class 1 (n,) compare with how often class 1 it is; y_true (n,), 0 or 1.

    A reliability diagram (Niculescu-Mizil & Caruana 2005). Bins of few samples say little, so their counts belong to
    the picture. ValueError with one sentence for other shapes or values.
    """
    y, p = two_classes(y_true, probabilities)
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError(f"Probabilities are from 0 to 1; got {p.min():g} to {p.max():g}.")
    edges = np.linspace(0.0, 1.0, bins + 1)
    places = np.searchsorted(edges[1:-1], p)
    counts, of_class_1, sums = (np.bincount(places, weights, bins) for weights in (None, y, p))
    with np.errstate(invalid="ignore"):
        return Calibration(edges, counts, sums / counts, of_class_1 / counts)


def is_probability(output: str) -> bool:
    """Whether what an output activation gives can be read as a probability: all of it lies from 0 to 1."""
    return (ACTIVATIONS[output].low, ACTIVATIONS[output].high) == (0.0, 1.0)
