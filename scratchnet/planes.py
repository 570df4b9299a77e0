"""A plane through the space of the inputs: two columns of a data set vary, all others are held at stated values.

Two inputs are a plane by themselves; of more, no picture shows all, but each plane through them is a true picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .datasets import Dataset


@dataclass(frozen=True)
class Plane:
    """columns: the two that vary, counted from 0. held: a value for every column, of which the other ones' are used."""

    columns: tuple[int, ...]
    held: tuple[float, ...]

    def points(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """The inputs (n, columns) at n places of the plane, first and second (n,) being its two coordinates."""
        points = np.tile(self.held, (len(first), 1))
        points[:, self.columns[0]], points[:, self.columns[1]] = first, second
        return points


def plane_of(data: Dataset, columns: Sequence[int] = (0, 1)) -> Plane:
    """The plane of two columns through the mean of the training data. ValueError: not two different columns of it."""
    if not len(columns) == len(set(columns)) == 2 or not all(column in range(len(data.names)) for column in columns):
        raise ValueError(f"A plane needs two different columns of 0 to {len(data.names) - 1}; got {columns}.")
    return Plane(tuple(columns), tuple(map(float, data.x_train.mean(axis=0))))
