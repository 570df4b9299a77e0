"""Scaling: each column moved and stretched so that the columns of a table are of like size.

It is fitted on the training part alone: what it knows of the other parts would be known to the network, too. "standard"
gives each column the mean 0 and the standard deviation 1 (of the n values themselves, divided by n), "minmax" the
range 0 to 1. Both as in LeCun et al., "Efficient BackProp" (1998), section 4.3, and in scikit-learn's StandardScaler
and MinMaxScaler; there, too, a column whose values are all equal is moved but not stretched.

"shared" gives all columns together the mean 0 and the standard deviation 1, as is usual for the pixels of pictures:
they have one unit, and one that is hardly ever inked in training would otherwise count for many where it once is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SCALINGS = ("none", "standard", "minmax", "shared")


@dataclass(frozen=True, eq=False)
class Scale:
    """shift, factor: (columns,) each. A value is shown in the data's units and given to the network scaled."""

    shift: np.ndarray
    factor: np.ndarray

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """x (n, columns) as the network gets it."""
        return (x - self.shift) / self.factor

    def back(self, scaled: np.ndarray) -> np.ndarray:
        """What was scaled, in the data's units again; (n, columns)."""
        return scaled * self.factor + self.shift


def fit_scale(scaling: str, x: np.ndarray, fits: Sequence[bool]) -> Scale | None:
    """The scale of training rows x (n, columns), None for "none". fits: which columns it may change at all."""
    if scaling == "none":
        return None
    shift, factor, fitted = np.zeros(x.shape[1]), np.ones(x.shape[1]), np.asarray(fits, dtype=bool)
    ranges = np.ptp(x, axis=0)
    if scaling == "standard":
        shift[:], factor[:] = x.mean(axis=0), x.std(axis=0)
    elif scaling == "minmax":
        shift[:], factor[:] = x.min(axis=0), ranges
    elif fitted.any():
        shift[:], factor[:], ranges[:] = x[:, fitted].mean(), x[:, fitted].std(), np.ptp(x[:, fitted])
    # Of equal values the mean may miss them by a last digit, and what is left is no spread.
    factor[(ranges == 0) | ~(factor > 0)] = 1.0
    shift[~fitted], factor[~fitted] = 0.0, 1.0
    return Scale(shift, factor)
