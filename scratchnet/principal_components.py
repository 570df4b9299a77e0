"""Principal components: the directions in which points spread most, and how much of their spread each one holds.

Of many columns they choose two that show more of the points than any other two directions can.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .values import as_numbers

LEAST_ADDED = 1e-3  # that a column has to add to the directions found: of a million columns one always adds as much


@dataclass(frozen=True, eq=False)
class Components:
    """The first k principal components of points.

    mean: (columns,), where they begin. directions: (k, columns), each of length 1 and at right angles to all others.
    shares: (k,), the part of the points' whole variance along each, 0 to 1, largest first; 0 where nothing varies.
    """

    mean: np.ndarray
    directions: np.ndarray
    shares: np.ndarray

    def coordinates(self, x: ArrayLike) -> np.ndarray:
        """How far points (n, columns) lie from the mean along each direction, (n, k)."""
        return (np.asarray(x, dtype=np.float64) - self.mean).dot(self.directions.T)


def principal_components(x: ArrayLike, count: int = 2) -> Components:
    """The first `count` principal components of points x (n, columns), by a singular value decomposition.

    Pearson 1901; Jolliffe, Principal Component Analysis, 2002, chapter 3. Columns count as they are: one in larger
    units weighs more, so scale them first where their units differ.

    A direction and its opposite say the same. So that no picture is ever turned over, the first entry of a direction
    that is at least half as large as its largest is positive (the largest itself would not do: of two that are equal,
    as is usual for two columns of one scale, rounding would choose). Where the points spread in fewer directions than
    asked for (one row, equal rows, points on a line) the rest are taken from the columns' own, in their order.

    ValueError: not at least one row, fewer columns than components, or a value that is no finite number.
    """
    x = as_numbers(x, "The points")
    if x.ndim != 2 or not len(x) or x.shape[1] < count or count < 1:
        raise ValueError(f"{count} principal components need one row and {count} columns at least; got {x.shape}.")
    mean = np.where((x == x[0]).all(axis=0), x[0], x.mean(axis=0))  # which rounding moves away from equal numbers
    spread = x - mean
    size = float(max(spread.max(), -spread.min())) or 1.0  # so that no square is too large, or too small, for float64
    spread /= size
    singular, directions = _decomposed(spread, count)
    rank = int((singular > max(x.shape) * np.finfo(np.float64).eps * singular.max()).sum())
    shares = np.zeros(count)
    shares[:rank] = singular[: min(rank, count)] ** 2 / (float((singular**2).sum()) or 1.0)
    kept = _completed(directions[: min(rank, count)], count)
    return Components(mean, kept * _signs(kept), shares)


def _decomposed(spread: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """All singular values of (rows, columns), and the first `count` directions (count or fewer, columns) to the right.

    Of many columns, such as the parameters of a network, those of the small triangle of a QR decomposition are the same
    and are had several times sooner, in memory for three times as many numbers (Golub and Van Loan, section 8.6.3). Of
    few columns they would be the same as well, and are had about twice as soon without it.
    """
    if spread.shape[1] <= spread.shape[0]:
        _, singular, directions = np.linalg.svd(spread, full_matrices=False)
        return singular, directions[:count]
    basis, triangle = np.linalg.qr(spread.T)
    _, singular, within = np.linalg.svd(triangle.T, full_matrices=False)
    return singular, within[:count].dot(basis.T)


def _completed(directions: np.ndarray, count: int) -> np.ndarray:
    """So many directions (count, columns): the given ones, then what each column adds to them that adds enough."""
    found = list(directions)
    for column in range(directions.shape[1]):  # a few are looked at: no more than count lie within the directions found
        if len(found) == count:
            break
        axis = np.zeros(directions.shape[1])
        axis[column] = 1.0
        for _ in range(2):  # once more takes away what rounding left
            axis = axis - sum((axis.dot(known) * known for known in found), np.zeros(len(axis)))
        length = float(np.linalg.norm(axis))
        if length > LEAST_ADDED:
            found.append(axis / length)
    return np.array(found)


def _signs(directions: np.ndarray) -> np.ndarray:
    """1 or -1 for each direction, (k, 1): see `principal_components`."""
    sizes = np.abs(directions)
    first = (sizes >= 0.5 * sizes.max(axis=1, keepdims=True)).argmax(axis=1)
    return np.sign(np.take_along_axis(directions, first[:, None], axis=1))
