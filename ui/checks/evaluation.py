"""The tasks of step 6, evaluation: training against test, loss against accuracy, a matrix to read, a threshold to find,
the luck of few test points; and at last the arrays whose shapes make a wrong number of right predictions."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

import scratchnet as sn
from ui.checks.answers import NEARLY, agrees, is_near, read, read_percent
from ui.kit.numbers import text
from ui.lesson_numbers import between, one_of

# Few noisy points to learn from and a network that can learn them by heart.
EXPERIMENT = sn.Experiment(
    dataset="moons", samples=200, noise=0.4, train_fraction=0.2, hidden=(8, 8), learning_rate=0.03, batch_size=10
)
EPOCHS = 200
FIRST, LAST = 20, EPOCHS  # the two epochs that the tasks compare
# farthest: the largest epoch that she has seen; the curves are drawn so far and no further, so that she can predict.
START: dict[str, Any] = {"epoch": FIRST, "farthest": FIRST, "threshold": 0.5, "rows": "test", "shape": "flat"}
WELL_TRAINED = 150  # from this epoch on the picture shows what came of training on
ROWS = {"train": "40 training points", "test": "160 test points"}
SHAPES: dict[str, Any] = {"flat": "(3,), as it came", "column": "(3, 1), like the targets"}
IN_ADDRESS = {
    **dict.fromkeys(("epoch", "farthest"), between(0, EPOCHS)),
    "threshold": between(0, 1),
    "rows": one_of(ROWS),
    "shape": one_of(SHAPES),
}

# Perfect predictions of the tutorial's three targets, as its code compares them: a column against a flat array.
PERFECT: dict[str, Any] = {"targets": (1, 0, 1), "predictions": (0.9, 0.1, 0.8)}
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

# Why the loss rises between these two epochs though the accuracy stays.
STEADY = 50, EPOCHS
SURER = "The wrong answers become more and more sure"
CAUSES = (
    "All answers become a little worse",
    SURER,
    "Other points than before are wrong",
    "The loss counts the training points, too",
)

# A threshold to find: so few of class 1 may be missed, and so few of class 0 let in.
MISSED, LET_IN = 4, 8

# Luck: so many testers who have so many of the test points each, in the order of the data.
TESTERS, OWN = 8, 20

# A matrix to read: rows are true classes, columns predicted ones.
COUNTS = ((52, 9), (14, 25))


@cache
def outputs_at(epoch: int) -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """For "train" and "test": targets (n, 1), outputs (n, 1) and the loss of each point (n,), after so many epochs."""
    run = EXPERIMENT.start()
    run.advance(epochs=epoch)
    found = {}
    for part, x, y in (("train", run.x_train, run.y_train), ("test", run.x_test, run.y_test)):
        forward = run.network.forward(x)
        losses = sn.LOSSES[EXPERIMENT.loss].per_sample(y, forward.output, forward.z[-1])
        found[part] = y, forward.output, losses
    return found


def gap(state: Mapping, answer=None) -> tuple[bool, str]:
    """By how many percentage points the accuracy on the training points is the higher one, at the last epoch."""
    if state["farthest"] < LAST:
        return False, f"Slide the epoch to {LAST} first: the two numbers that you need stand above the curves."
    counts = [sn.accuracy_counts(*outputs_at(LAST)[part][:2], float(state["threshold"])) for part in ("train", "test")]
    (right_train, all_train), (right_test, all_test) = counts
    train, test = 100 * right_train / all_train, 100 * right_test / all_test
    slips = {
        train: "That is the accuracy on the training points alone: take away the one on the test points.",
        test: "That is the accuracy on the test points alone: how much higher is the one on the training points?",
        test - train: "The size is right: asked is how much higher the training accuracy is, so without a minus.",
        all_test - right_test: f"So many test points are wrong, of {all_test}: how many percent is that?",
        right_test - right_train: "These counts are of unlike totals: first make each a share of its own total.",
    }
    right = (
        f"Right: {text(train)} % less {text(test)} %. The test points say what to expect of new points; the training"
        " points only say how well these were learned."
    )
    otherwise = f"Not yet: at epoch {LAST}, right / total of each of the two, in percent; then the difference."
    return _judge(answer, train - test, slips, otherwise, right, "12.5", read_percent)


def loss_and_accuracy(state: Mapping, answer=None) -> tuple[bool, str]:
    """How the loss can rise while the accuracy stays, between the epochs STEADY."""
    before, after = STEADY
    (y, old, old_losses), (_, new, new_losses) = (outputs_at(epoch)["test"] for epoch in STEADY)
    decision = sn.decision_of(EXPERIMENT)
    was_wrong, is_wrong = (decision.answers(outputs) != decision.answers(y) for outputs in (old, new))
    if answer == SURER:
        return True, (
            f"Right: at epoch {after} the {is_wrong.sum()} wrong points make {text(new_losses[is_wrong].sum())} of all"
            f" the loss of {text(new_losses.sum())}; at epoch {before} it was {text(old_losses[was_wrong].sum())} of"
            f" {text(old_losses.sum())}. The accuracy only counts them."
        )
    same = (
        f"No: the same {is_wrong.sum()} test points are wrong at both epochs."
        if (was_wrong == is_wrong).all()
        else "Some are, but as many as before: their number alone does not raise a loss."
    )
    why_not = {
        CAUSES[0]: f"No: {(new_losses < old_losses).sum()} of the {len(y)} points have a smaller loss than before.",
        CAUSES[2]: same,
        CAUSES[3]: "No: the dashed curve is of the test points alone; the training loss is the solid one. It falls.",
    }
    look = f"Choose a cause: look at epochs {before} and {after} how near to 0 and to 1 the crosses are."
    return False, why_not.get(answer, look)


def find_threshold(state: Mapping, answer=None) -> tuple[bool, str]:
    """A threshold at which few of class 1 are missed and few of class 0 let in, of the test points at epoch FIRST."""
    if state["rows"] != "test" or int(state["epoch"]) != FIRST:
        return False, f"Asked are the {ROWS['test']} at epoch {FIRST}: choose them above, then move the threshold."
    y, outputs, _ = outputs_at(FIRST)["test"]
    (_, let_in), (missed, _) = sn.confusion_matrix(y, outputs, float(state["threshold"])).tolist()
    now = f"At the threshold {text(state['threshold'])}, {missed} of class 1 are missed and {let_in} of class 0 let in"
    if missed > MISSED:
        return False, f"{now}: too many are missed. A lower threshold finds more of class 1."
    if let_in > LET_IN:
        return False, f"{now}: too many are let in. A higher threshold keeps more of class 0 out."
    return True, f"Right: {now[0].lower()}{now[1:]}. The network is the same; only the line has moved."


def right_of_testers(y: np.ndarray, outputs: np.ndarray, threshold: float) -> list[int]:
    """How many of his own points each of the testers finds right. y, outputs: of the test points, (160, 1)."""
    groups = [slice(first, first + OWN) for first in range(0, TESTERS * OWN, OWN)]
    return [sn.accuracy_counts(y[group], outputs[group], threshold)[0] for group in groups]


def luck(state: Mapping, answer=None) -> tuple[bool, str]:
    """How many percentage points lie between the luckiest and the unluckiest tester, as the table shows them now."""
    y, outputs, _ = outputs_at(int(state["epoch"]))["test"]
    right = right_of_testers(y, outputs, float(state["threshold"]))
    low, high = min(right), max(right)
    exact = 100 * (high - low) / OWN
    slips = {
        high - low: f"So many points are between them, of {OWN}: how many percent of {OWN} is that?",
        100 * high / OWN: "That is the luckiest tester alone: take away what the unluckiest has.",
        100 * low / OWN: "That is the unluckiest tester alone: take it away from what the luckiest has.",
        100 * (high - low) / (TESTERS * OWN): f"Each tester has {OWN} points, not {TESTERS * OWN}: divide by {OWN}.",
    }
    why = (
        f"Right: {low}/{OWN} and {high}/{OWN} are the very same network. So 18/20 against 19/20 says nothing about"
        " which of two networks is the better one; many test points do."
    )
    otherwise = "Not yet: the largest count of the table less the smallest, and how many percent of 20 that is."
    return _judge(answer, exact, slips, otherwise, why, "12.5", read_percent)


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
        sn.f1(true, predicted): "That mixes precision and recall (a score called F1): recall is found / truly class 1.",
        1 - exact: "That is the share that was missed: recall counts those that were found.",
        100 * exact: "Nearly: give it as a share from 0 to 1, not in percent.",
    }
    otherwise = "Not yet: in the row of true class 1, divide those that were found by all of the row."
    found, of = COUNTS[1][1], sum(COUNTS[1])
    return _judge(answer, exact, slips, otherwise, f"Right: {found} of the {of} that are truly class 1 were found.")


def _judge(
    answer, exact: float, slips: dict[float, str], otherwise: str, right: str, example: str = "0.25", reading=read
) -> tuple[bool, str]:
    try:
        given = reading(answer, example)
    except ValueError as error:
        return False, str(error)
    if agrees(given, exact):
        return True, right
    known = next((why for slip, why in slips.items() if agrees(given, slip)), "")
    return False, known or (NEARLY if is_near(given, exact) else otherwise)
