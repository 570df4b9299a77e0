"""Input features: what the network is given to see of a point, such as x1, x1*x2 or sin(x1).

A feature is one number computed from the raw coordinates of a sample; the chosen features, in order, are the columns
of the network's input. The right feature can replace a hidden layer: x1*x2 alone solves xor. All but x3, which the
tutorial's points need, are those of TensorFlow Playground (src/playground.ts), and as there they see the coordinates
unscaled: sin(x1) is the sine of x1 radians. Where an experiment scales its columns, they see the scaled ones.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .points import MAX_COLUMNS
from .scaling import Scale

# Squares and products of larger numbers would soon leave what float64 can hold; no data set comes anywhere near.
LARGEST_COORDINATE = 1e100


@dataclass(frozen=True)
class Feature:
    """One input feature: ``function(x)`` maps (n, at least ``columns``) to (n,); ``latex`` prints it as a formula."""

    name: str
    latex: str
    function: Callable[[np.ndarray], np.ndarray]
    columns: int


def _column(number: int) -> Feature:
    """The column of this number, counted from 1, as it is."""
    latex = f"x_{number}" if number < 10 else f"x_{{{number}}}"
    return Feature(f"x{number}", latex, lambda x: x[:, number - 1], number)


FEATURES: dict[str, Feature] = {
    feature.name: feature
    for feature in (
        *(_column(number) for number in range(1, MAX_COLUMNS + 1)),
        Feature("x1^2", "x_1^2", lambda x: x[:, 0] * x[:, 0], 1),
        Feature("x2^2", "x_2^2", lambda x: x[:, 1] * x[:, 1], 2),
        Feature("x1*x2", "x_1 x_2", lambda x: x[:, 0] * x[:, 1], 2),
        Feature("sin(x1)", r"\sin x_1", lambda x: np.sin(x[:, 0]), 1),
        Feature("sin(x2)", r"\sin x_2", lambda x: np.sin(x[:, 1]), 2),
    )
}


def features_of(columns: int) -> list[str]:
    """The names of all features that data of so many columns has."""
    return [name for name, feature in FEATURES.items() if feature.columns <= columns]


def apply_features(x: ArrayLike, names: Iterable[str], scale: Scale | None = None) -> np.ndarray:
    """The network's input: one column for each named feature of the samples x.

    x is (n, columns), raw coordinates, which the scale is for; the result is a new C-contiguous float64 array
    (n, len(names)). ValueError with
    one sentence for an x of another shape, a coordinate that is not finite or above 1e100, no or unknown or repeated
    names, and features that need a column x has not got.
    """
    try:
        x = np.asarray(x, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError("apply_features: x must be numbers of shape (n, columns).") from None
    if x.ndim != 2:
        raise ValueError(f"apply_features: x must have shape (n, columns), one row a sample, got {x.shape}.")
    names = (names,) if isinstance(names, str) else tuple(names)
    if not names:
        raise ValueError(f"apply_features: name at least one feature of {', '.join(features_of(x.shape[1]))}.")
    for position, name in enumerate(names):
        if not isinstance(name, str) or name not in FEATURES:
            raise ValueError(
                f"apply_features: there is no feature {name!r:.60}; choose from {', '.join(features_of(x.shape[1]))}."
            )
        if name in names[:position]:
            raise ValueError(f"apply_features: the feature {name} is named twice; name each once.")
        if FEATURES[name].columns > x.shape[1]:
            raise ValueError(
                f"apply_features: {name} needs {FEATURES[name].columns} input columns, but x has shape {x.shape}."
            )
    if not (np.abs(x) <= LARGEST_COORDINATE).all():  # written so that nan fails too
        raise ValueError(f"apply_features: every coordinate in x must be finite and at most {LARGEST_COORDINATE:g}.")
    x = x if scale is None else scale(x)
    result = np.empty((len(x), len(names)))
    for column, name in enumerate(names):
        result[:, column] = FEATURES[name].function(x)
    return result
