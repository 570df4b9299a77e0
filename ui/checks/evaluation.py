"""The tasks of step 6, evaluation: why perfect predictions score 0.556, what four would score, reading a matrix."""

from collections.abc import Mapping, Sequence

import numpy as np

import scratchnet as sn
from ui.checks.answers import agrees, read
from ui.numbers import text

# Few noisy points to learn from and a network that can learn them by heart.
EXPERIMENT = sn.Experiment(
    dataset="moons", samples=200, noise=0.4, train_fraction=0.2, hidden=(8, 8), learning_rate=0.03, batch_size=10
)
EPOCHS = 200
START = {"epoch": 20, "threshold": 0.5, "rows": "test", "shape": "flat"}
WELL_TRAINED = 150  # from this epoch on the picture shows what came of training on
ROWS = {"train": "40 training points", "test": "160 held-out points"}
SHAPES = {"flat": "(3,), as it came", "column": "(3, 1), like the targets"}

# Perfect predictions of the tutorial's three targets, as its code compares them: a column against a flat array.
PERFECT = {"targets": (1, 0, 1), "predictions": (0.9, 0.1, 0.8)}
FOUR = (1, 0, 1, 1)
REASONS = (
    "The outputs never reach exactly 0 or 1",
    "Every target is compared with every prediction",
    "The threshold 0.5 is too high",
    "Three samples are too few for an accuracy",
)
WHY = REASONS[1]
WHY_NOT = {
    REASONS[0]: "They need not: only the side of 0.5 counts, and all three are on the right side.",
    REASONS[2]: "All predictions lie on the right side of 0.5: any threshold from 0.1 to below 0.8 would do.",
    REASONS[3]: "Three samples can score 0, 1/3, 2/3 or 1, but not 0.556: so into how many parts is that divided?",
}

# A matrix to read: rows are true classes, columns predicted ones.
COUNTS = ((52, 9), (14, 25))


def labels(counts: Sequence[Sequence[int]]) -> tuple[np.ndarray, np.ndarray]:
    """(true classes, predicted classes), both (n,): samples that have these counts as their confusion matrix."""
    true, predicted = np.indices((2, 2)).reshape(2, 4)
    return np.repeat(true, np.ravel(counts)), np.repeat(predicted, np.ravel(counts))


def stretched(targets: Sequence[int], predictions: Sequence[float]) -> np.ndarray:
    """(n, n) of True where a target equals a predicted class, as NumPy compares (n, 1) with (n,) without a word."""
    return np.array(targets)[:, None] == (np.array(predictions) > 0.5)


def find_why(state: Mapping, answer=None) -> tuple[bool, str]:
    """Why perfect predictions of shape (3,) score 0.556 against targets of shape (3, 1)."""
    if answer == WHY:
        n = len(PERFECT["targets"])
        agree = int(stretched(**PERFECT).sum())
        return True, f"Right: (3, 1) against (3,) is stretched to {n * n} comparisons, of which {agree} agree."
    return False, WHY_NOT.get(answer, "Choose a reason: compare the two shapes in the picture first.")


def four_perfect(state: Mapping, answer=None) -> tuple[bool, str]:
    """What such code prints for perfect predictions of four samples."""
    exact = float(stretched(FOUR, FOUR).mean())
    slips = {
        sn.accuracy(np.array(FOUR), np.array(FOUR)): "That is the true accuracy; the code makes 16 comparisons, not 4.",
        float(stretched(**PERFECT).mean()): "That is the result for three samples: here a table of 4 by 4 is averaged.",
        float(np.mean(FOUR)): "That is one row of the table: average all four, also the one of target 0.",
        float(stretched(FOUR, FOUR).sum()): "So many comparisons agree: divide by how many there are.",
        1 - exact: "That is the share that disagrees.",
    }
    otherwise = "Not yet: draw a table of 4 by 4, targets down, predictions across, and count where they agree."
    return _judge(answer, exact, slips, otherwise, f"Right: {text(exact)}, though every prediction is perfect.")


def read_recall(state: Mapping, answer=None) -> tuple[bool, str]:
    """The recall of class 1 in the matrix COUNTS."""
    true, predicted = labels(COUNTS)
    exact = sn.recall(true, predicted)
    slips = {
        sn.precision(true, predicted): "That is the precision: you went down a column. Recall stays in the true row.",
        sn.recall(true, predicted, positive=0): "That is the recall of class 0: take the row of true class 1.",
        sn.accuracy(true, predicted): "That is the accuracy, of both classes: recall asks about true class 1 only.",
        sn.f1(true, predicted): "That is F1, the mean of precision and recall.",
        1 - exact: "That is the share that was missed: recall counts those that were found.",
        100 * exact: "Nearly: give it as a share from 0 to 1, not in percent.",
    }
    otherwise = "Not yet: in the row of true class 1, divide those that were found by all of the row."
    found, of = COUNTS[1][1], sum(COUNTS[1])
    return _judge(answer, exact, slips, otherwise, f"Right: {found} of the {of} that are truly class 1 were found.")


def _judge(answer, exact: float, slips: dict[float, str], otherwise: str, right: str) -> tuple[bool, str]:
    try:
        given = read(answer)
    except ValueError as error:
        return False, str(error)
    if agrees(given, exact):
        return True, right
    return False, next((why for slip, why in slips.items() if agrees(given, slip)), otherwise)
