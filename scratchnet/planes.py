"""A plane through the space of the inputs: where it begins, and the two directions in which it goes on.

Two inputs are a plane by themselves; of more, no picture shows all, but each plane through them is a true picture. A
slice lets two columns vary and holds the others; the plane of the first two principal components shows most of the
points' spread.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .datasets import Dataset
from .principal_components import principal_components

SPARE = 0.05  # of a window's reach, beyond the outermost point


@dataclass(frozen=True)
class Plane:
    """All inputs origin + s * across + t * up.

    origin, across, up: a number for each column; across and up have length 1 and are at right angles, so that s and t
    are lengths in the unit of the columns. ValueError where they are not.
    """

    origin: tuple[float, ...]
    across: tuple[float, ...]
    up: tuple[float, ...]

    def __post_init__(self) -> None:
        if not len(self.origin) == len(self.across) == len(self.up) >= 2:
            raise ValueError(
                "A plane needs an origin and two directions of the same two columns or more; got "
                f"{len(self.origin)}, {len(self.across)} and {len(self.up)} numbers."
            )
        directions = self._directions
        if not (np.abs(directions.dot(directions.T) - np.eye(2)) < 1e-9).all():
            raise ValueError("The two directions of a plane must have length 1 and be at right angles; scale them.")

    @property
    def _directions(self) -> np.ndarray:
        return np.array([self.across, self.up], dtype=np.float64)

    @property
    def columns(self) -> tuple[int, ...]:
        """The columns that lie across and up where the plane is a slice, counted from 0; () where it is none."""
        places = [[i for i, entry in enumerate(direction) if entry] for direction in (self.across, self.up)]
        is_slice = all(len(place) == 1 for place in places) and all(sum(one) == 1 for one in (self.across, self.up))
        return (places[0][0], places[1][0]) if is_slice else ()

    def points(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """The inputs (n, columns) at n places of the plane, first and second (n,) being its two coordinates."""
        return self.origin + np.multiply.outer(first, self.across) + np.multiply.outer(second, self.up)

    def coordinates(self, x: ArrayLike) -> np.ndarray:
        """The places (n, 2) of the plane that are nearest to inputs x (n, columns); of a slice, its two columns."""
        return (np.asarray(x, dtype=np.float64) - self.origin).dot(self._directions.T)

    def distances(self, x: ArrayLike) -> np.ndarray:
        """How far inputs x (n, columns) lie from the plane, (n,), in the unit of the columns; 0 for those in it."""
        off = np.asarray(x, dtype=np.float64) - self.points(*self.coordinates(x).T)
        return np.hypot.reduce(off, axis=1)

    def window(self, data: Dataset) -> tuple[tuple[float, float], ...]:
        """((low, high), (low, high)) of the two coordinates, so that all points of the data are seen.

        A slice shows the data's own domain. Any other plane, one of scaled rows, is shown as far in each direction, so
        that lengths compare.
        """
        if self.columns:
            return tuple(data.domain[column] for column in self.columns)
        places = np.abs(self.coordinates(data.scaled(np.concatenate([data.x_train, data.x_validation, data.x_test]))))
        reach = (1 + SPARE) * float(places.max()) or 1.0
        return ((-reach, reach),) * 2


def slice_at(columns: Sequence[int], held: Sequence[float]) -> Plane:
    """The plane in which two columns vary and the others stay as held: a value for every column.

    Of the two columns it does not matter. ValueError: not two different columns of those that are held.
    """
    among = range(len(held))
    if not len(columns) == len(set(columns)) == 2 or not all(column in among for column in columns):
        raise ValueError(f"A plane needs two different columns of 0 to {len(held) - 1}; got {columns}.")
    origin, (across, up) = np.array(held, dtype=np.float64), np.eye(len(held))[list(columns)]
    origin[list(columns)] = 0.0  # so that the plane's coordinates are the columns' own values
    return Plane(*(tuple(part.tolist()) for part in (origin, across, up)))


def plane_of(data: Dataset, columns: Sequence[int] = (0, 1)) -> Plane:
    """The slice along two columns through the mean of the training data. ValueError: not two different ones of it."""
    return slice_at(columns, data.x_train.mean(axis=0).tolist())


def principal_plane_of(data: Dataset) -> tuple[Plane, tuple[float, float]]:
    """The principal plane of the training data as it is scaled: of unlike units the largest would be all that is seen.

    The plane and its coordinates are those of `data.scaled` rows.
    """
    return principal_plane(data.scaled(data.x_train))


def principal_plane(x: ArrayLike) -> tuple[Plane, tuple[float, float]]:
    """The plane of the first two principal components of points x (n, columns), and the share of variance of each.

    It goes through their mean, where both coordinates are 0. Meant for the training data: test points do not choose
    what they are seen on. ValueError as of `principal_components`.
    """
    found = principal_components(x, 2)
    parts = (found.mean, *found.directions)
    first, second = found.shares.tolist()
    return Plane(*(tuple(part.tolist()) for part in parts)), (first, second)
