"""Metrics: how good predictions are, said in numbers for people. (What training lowers is a loss: see losses.py.)

Vocabulary: y_true are the targets, y_pred the network's outputs, a row (or entry) of each is a sample. Shapes have to
agree exactly: NumPy would stretch (3, 1) against (3,) to (3, 3) and average nine meaningless differences, so that is
refused.
All functions raise ValueError with one sentence for shapes that differ, empty arrays, nan and inf.

Regression (mse, rmse, mae, r2, residuals): both of the same shape (n,) or (n, outputs).

Classification (the others) accepts three forms:

    one score a sample   y_true (n,) or (n, 1) of 0/1 or -1/+1, y_pred the same shape: class 1 where y_pred > threshold
    k scores a sample    y_true (n,) class indices or (n, k) one-hot, y_pred (n, k): the class of the largest score
    classes              y_true (n,) or (n, 1), y_pred integers or booleans of the same shape: compared as they are
"""

import numpy as np
from numpy.typing import ArrayLike

from .decision import Decision
from .values import is_number, is_whole

# Regression


def mse(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """Mean squared error over samples and outputs, in the unit of y squared; inf if float64 cannot hold it."""
    y_true, y_pred = _same_shape("mse", y_true, y_pred)
    return _mean_square(y_true, y_pred)


def rmse(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """Square root of the mean squared error: a typical error in the unit of y, in which large errors weigh more."""
    y_true, y_pred = _same_shape("rmse", y_true, y_pred)
    return float(np.sqrt(_mean_square(y_true, y_pred)))


def mae(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """Mean absolute error over samples and outputs, in the unit of y; inf if float64 cannot hold it."""
    y_true, y_pred = _same_shape("mae", y_true, y_pred)
    with np.errstate(over="ignore"):
        return float(np.abs(y_pred - y_true).mean())


def r2(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """Coefficient of determination: 1 - sum (y - prediction)^2 / sum (y - mean y)^2, averaged over outputs.

    1 is perfect, 0 is as good as always answering the mean of these very targets, below 0 is worse than that. Where all
    targets of an output are equal the fraction is undefined; by convention it counts as 1 when every prediction equals
    them exactly, else as 0 (scikit-learn's r2_score with its defaults does the same).
    """
    y_true, y_pred = _same_shape("r2", y_true, y_pred)
    outputs = (len(y_true), -1)
    columns = zip(y_true.reshape(outputs).T, y_pred.reshape(outputs).T, strict=True)
    each = [_r2_of_one(y, prediction) for y, prediction in columns]
    return sum(each) / len(each)


def residuals(y_true: ArrayLike, y_pred: ArrayLike) -> np.ndarray:
    """What the predictions leave over, y_true - y_pred, in their shape: above 0 where the prediction is too low."""
    y_true, y_pred = _same_shape("residuals", y_true, y_pred)
    return y_true - y_pred


def _mean_square(y_true: np.ndarray, y_pred: np.ndarray) -> float:
    with np.errstate(over="ignore"):
        return float(np.square(y_pred - y_true).mean())


def _r2_of_one(y: np.ndarray, prediction: np.ndarray) -> float:
    if (y == y[0]).all():  # asked of the values, not of the sum of squares, which rounding may leave at 1e-34
        return float((prediction == y).all())
    # Both sums have the unit of y squared; dividing by the size first keeps the smallest and largest targets in range.
    size = np.abs(y).max()
    y = y / size
    spread = y - y.mean()
    with np.errstate(over="ignore"):
        error = y - prediction / size
        return float(1 - error.dot(error) / spread.dot(spread))


def _same_shape(where: str, y_true: ArrayLike, y_pred: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Both as float64 arrays of one shape (n,) or (n, outputs), with every value finite."""
    y_true, y_pred = _finite(where, "y_true", y_true), _finite(where, "y_pred", y_pred)
    if y_true.shape != y_pred.shape:
        raise ValueError(
            f"{where}: y_true and y_pred must have the same shape, got {y_true.shape} and {y_pred.shape}; reshape one."
        )
    return y_true.astype(np.float64, copy=False), y_pred.astype(np.float64, copy=False)


def _finite(where: str, what: str, values: ArrayLike) -> np.ndarray:
    """An array of shape (n,) or (n, outputs) of finite numbers: int64 for integers and booleans, else float64."""
    try:
        array = np.asarray(values)
        if array.dtype.kind not in "biufO":  # above all: no strings, which NumPy would read as numbers
            raise TypeError
        array = array.astype(np.int64 if array.dtype.kind in "bi" else np.float64, copy=False)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{where}: {what} must be numbers of shape (n,) or (n, outputs).") from None
    if array.ndim not in (1, 2) or array.size == 0:
        raise ValueError(f"{where}: {what} must have shape (n,) or (n, outputs), n at least 1, got {array.shape}.")
    if not np.isfinite(array).all():
        raise ValueError(f"{where}: {what} holds nan or inf; only finite numbers can be scored.")
    return array


# Classification


def accuracy(y_true: ArrayLike, y_pred: ArrayLike, threshold: float | None = None) -> float:
    """Share of samples whose predicted class is the true one, 0 to 1. Forms of y: see the top of this file.

    threshold: for scores of two classes, class 1 where y_pred > threshold (at the threshold: class 0). None means 0.5,
    the middle of 0/1 targets; for -1/+1 targets it must be given (0 is their middle).
    """
    correct, total = _counts("accuracy", y_true, y_pred, threshold)
    return correct / total


def accuracy_counts(y_true: ArrayLike, y_pred: ArrayLike, threshold: float | None = None) -> tuple[int, int]:
    """The accuracy as two whole numbers, (correct, total), for a screen that says 19/20. Arguments as for accuracy."""
    return _counts("accuracy_counts", y_true, y_pred, threshold)


def confusion_matrix(
    y_true: ArrayLike, y_pred: ArrayLike, threshold: float | None = None, classes: int | None = None
) -> np.ndarray:
    """How often each true class (row) was predicted as each class (column): (k, k) integers, which sum to n.

    k is 2 for scores of two classes and the number of columns for scores of more; for y given as classes it is one more
    than the largest class seen, at least 2. ``classes`` asks for more. Targets -1/+1 count as classes 0 and 1.
    """
    true, predicted, k = _classes("confusion_matrix", y_true, y_pred, threshold)
    if classes is not None:
        if not is_whole(classes, k, MAX_CLASSES):
            raise ValueError(
                f"confusion_matrix: classes must be a whole number from {k} (needed here) to {MAX_CLASSES}, "
                f"got {classes!r:.60}."
            )
        k = int(classes)
    return np.bincount(true * k + predicted, minlength=k * k).reshape(k, k)


def precision(y_true: ArrayLike, y_pred: ArrayLike, threshold: float | None = None, positive: int = 1) -> float:
    """Of the samples predicted as the class ``positive``, the share that are of it: TP / (TP + FP).

    By convention 0 when none was predicted so (0/0). Of two classes or more, all but ``positive`` count as negative.
    """
    true_positive, false_positive, _ = _hits("precision", y_true, y_pred, threshold, positive)
    return true_positive / max(true_positive + false_positive, 1)


def recall(y_true: ArrayLike, y_pred: ArrayLike, threshold: float | None = None, positive: int = 1) -> float:
    """Of the samples of the class ``positive``, the share that were predicted so: TP / (TP + FN).

    By convention 0 when there are none (0/0). Of two classes or more, all but ``positive`` count as negative.
    """
    true_positive, _, false_negative = _hits("recall", y_true, y_pred, threshold, positive)
    return true_positive / max(true_positive + false_negative, 1)


def precision_and_recall(counts: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Precision and recall of every class, (k,) each, of a `confusion_matrix` (k, k): hits by column and by row.

    NaN where it is 0 of 0: the class was never predicted, or is not there. (`precision` and `recall`, which give one
    number to compute with, have 0 by convention.) ValueError for what is not a square of counts.
    """
    table = _finite("precision_and_recall", "counts", counts)
    if table.ndim != 2 or table.shape[0] != table.shape[1] or (table < 0).any():
        raise ValueError(f"precision_and_recall: counts must be a (k, k) table of counts, got {table.shape}.")
    with np.errstate(invalid="ignore"):
        return np.diag(table) / table.sum(axis=0), np.diag(table) / table.sum(axis=1)


def f1(y_true: ArrayLike, y_pred: ArrayLike, threshold: float | None = None, positive: int = 1) -> float:
    """Harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN).

    By convention 0 when the class ``positive`` is neither present nor predicted (0/0).
    """
    true_positive, false_positive, false_negative = _hits("f1", y_true, y_pred, threshold, positive)
    return 2 * true_positive / max(2 * true_positive + false_positive + false_negative, 1)


MAX_CLASSES = 1000  # a confusion matrix of more would be a wrong class number rather than a wish


def _counts(where: str, y_true: ArrayLike, y_pred: ArrayLike, threshold: float | None) -> tuple[int, int]:
    true, predicted, _ = _classes(where, y_true, y_pred, threshold)
    return int(np.count_nonzero(true == predicted)), len(true)


def _hits(
    where: str, y_true: ArrayLike, y_pred: ArrayLike, threshold: float | None, positive: int
) -> tuple[int, int, int]:
    """How many true positives, false positives and false negatives there are for one class."""
    true, predicted, _ = _classes(where, y_true, y_pred, threshold)
    if not is_whole(positive, 0, MAX_CLASSES - 1):
        raise ValueError(
            f"{where}: positive must be a whole number from 0 to {MAX_CLASSES - 1}, the index of a class, "
            f"got {positive!r:.60}."
        )
    true, predicted = true == positive, predicted == positive
    hits, false_positive, false_negative = true & predicted, ~true & predicted, true & ~predicted
    return int(np.count_nonzero(hits)), int(np.count_nonzero(false_positive)), int(np.count_nonzero(false_negative))


def _classes(
    where: str, y_true: ArrayLike, y_pred: ArrayLike, threshold: float | None
) -> tuple[np.ndarray, np.ndarray, int]:
    """True and predicted class indices, both (n,) integers, and the number of classes."""
    y_true, y_pred = _finite(where, "y_true", y_true), _finite(where, "y_pred", y_pred)
    if threshold is not None and not is_number(threshold):
        raise ValueError(f"{where}: threshold must be a finite number or None, got {threshold!r:.60}.")
    if y_pred.ndim == 2 and y_pred.shape[1] > 1:
        if threshold is not None:
            raise ValueError(
                f"{where}: a threshold is for two classes with one score each, but y_pred has shape {y_pred.shape}."
            )
        k = y_pred.shape[1]
        return _indices(where, y_true, y_pred.shape), Decision(k, k, None).answers(y_pred), k
    if y_true.shape != y_pred.shape:
        raise ValueError(
            f"{where}: y_true and y_pred must have the same shape, got {y_true.shape} and {y_pred.shape}; reshape one."
        )
    y_true, y_pred = y_true.reshape(-1), y_pred.reshape(-1)
    if y_pred.dtype.kind == "i" and threshold is None:
        return _as_they_are(where, y_true, y_pred)
    minus = (y_true == -1).any()
    if not ((y_true == 1) | (y_true == (-1 if minus else 0))).all():
        raise ValueError(f"{where}: for one score a sample every y_true must be 0 or 1 (or every one -1 or +1).")
    if minus and threshold is None:
        raise ValueError(
            f"{where}: y_true holds -1, so say where class 1 begins: threshold=0 is the middle of -1 and 1."
        )
    cut = 0.5 if threshold is None else threshold
    return (y_true == 1).astype(np.int64), Decision(2, 1, cut).answers(y_pred[:, None]), 2


def _indices(where: str, y_true: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Class indices (n,) of targets that belong to scores of the given shape (n, k)."""
    n, k = shape
    if y_true.shape == (n, k):
        if not (((y_true == 0) | (y_true == 1)).all() and (y_true.sum(axis=1) == 1).all()):
            raise ValueError(
                f"{where}: each row of a y_true of shape {y_true.shape} must be one-hot, a single 1 among 0s."
            )
        return y_true.argmax(axis=1)
    if y_true.shape != (n,):
        raise ValueError(
            f"{where}: for y_pred of shape {shape}, y_true must be {(n,)} class indices or {shape} one-hot, "
            f"got {y_true.shape}."
        )
    if not ((y_true >= 0) & (y_true < k) & (y_true == np.floor(y_true))).all():
        raise ValueError(f"{where}: with {k} columns of scores every y_true must be a whole number from 0 to {k - 1}.")
    return y_true.astype(np.int64)


def _as_they_are(where: str, y_true: np.ndarray, y_pred: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    if (y_true == -1).any() or (y_pred == -1).any():
        if not all(((y == -1) | (y == 1)).all() for y in (y_true, y_pred)):
            raise ValueError(f"{where}: -1 is a class only beside +1; y_true and y_pred must both be of -1/+1.")
        return (y_true == 1).astype(np.int64), (y_pred == 1).astype(np.int64), 2
    for what, y in (("y_true", y_true), ("y_pred", y_pred)):
        if not ((y >= 0) & (y < MAX_CLASSES) & (y == np.floor(y))).all():
            raise ValueError(f"{where}: every class in {what} must be a whole number from 0 to {MAX_CLASSES - 1}.")
    y_true, y_pred = y_true.astype(np.int64), y_pred.astype(np.int64)
    return y_true, y_pred, max(2, int(y_true.max()) + 1, int(y_pred.max()) + 1)
