"""The tasks of step 3, losses: a mean squared error by hand, and an output that is surely wrong."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

import scratchnet as sn
from scratchnet import textbook
from ui.checks.answers import compare
from ui.kit.numbers import text, text_beside
from ui.lesson_numbers import between, one_of

SAMPLES = 3
LEAST, MOST = 0.001, 0.999  # a sigmoid never answers exactly 0 or 1
FARTHEST_Z = 1000.0
FARTHEST = 3.0  # an output that is any number goes from -3 to 3
# One output to move, and the tutorial's example of three samples.
START: dict[str, Any] = {
    **{"output": "probability", "target": 1, "a": 0.9, "signed_target": 1, "number": 0.5},
    **{"y1": 1, "y2": 0, "y3": 1},
    **{"a1": 0.9, "a2": 0.1, "a3": 0.8},
    "z": 40.0,
}
IN_ADDRESS = {
    "output": one_of(("probability", "any number")),
    **dict.fromkeys(("target", "y1", "y2", "y3"), one_of((0, 1))),
    "signed_target": one_of((-1, 1)),
    **dict.fromkeys(("a", "a1", "a2", "a3"), between(LEAST, MOST)),
    "number": between(-FARTHEST, FARTHEST),
    "z": between(-FARTHEST_Z, FARTHEST_Z),
}
PRESETS: dict[str, Any] = {
    "The tutorial’s example": {name: START[name] for name in ("y1", "y2", "y3", "a1", "a2", "a3")},
    "One surely wrong": {"y1": 1, "y2": 0, "y3": 1, "a1": 0.9, "a2": 0.1, "a3": 0.005},
}
# A mean squared error to do by hand: other numbers than those on the page.
BY_HAND: dict[str, Any] = {"y": (1.0, 0.0, 1.0), "a": (0.7, 0.4, 0.9)}
HIGH_CROSS_ENTROPY, HIGH_SQUARED_ERROR = 2.0, 1.0


def losses_of(name: str, y, a) -> np.ndarray:
    """A loss of each sample, (n,), for targets 0/1 and outputs of a sigmoid, both (n,); from z where it can be.

    cross_entropy has an output for each class, so there 1 - a stands beside a, as a softmax of z and 0 gives them.
    """
    y, a = np.array(y, dtype=float)[:, None], np.array(a, dtype=float)[:, None]
    z = textbook.logit(a)
    if name == "cross_entropy":
        y, a, z = np.hstack([y, 1 - y]), np.hstack([a, 1 - a]), np.hstack([z, np.zeros_like(z)])
    return sn.LOSSES[name].per_sample(y, a, z)


def losses_of_numbers(name: str, y, a) -> np.ndarray:
    """A loss of each sample, (n,), for outputs that may be any number, both (n,): not for the two cross-entropies."""
    return sn.LOSSES[name].per_sample(np.array(y, dtype=float)[:, None], np.array(a, dtype=float)[:, None], None)


def from_z(y: float, z: float) -> float:
    """The binary cross-entropy of one sample as `scratchnet` computes it, from the output's pre-activation z."""
    return sn.LOSSES["bce"].per_sample(np.array([[y]]), None, np.array([[z]])).item()


def printed(z) -> np.ndarray:
    """The binary cross-entropy for the target 0 as its formula is printed, from a = sigmoid(z). Shape as z.

    Infinity or nan where it breaks.
    """
    with np.errstate(all="ignore"):
        return textbook.binary_cross_entropy(0.0, textbook.sigmoid(np.asarray(z, dtype=float)))


@cache
def printed_ends() -> tuple[float, float]:
    """The lowest and the highest z at which `printed` is a number, found by halving the way to -1000 and to 1000."""

    def end(good: float, broken: float) -> float:
        while (middle := (good + broken) / 2) not in (good, broken):
            good, broken = (middle, broken) if np.isfinite(printed(middle)) else (good, middle)
        return good

    return end(0.0, -FARTHEST_Z), end(0.0, FARTHEST_Z)


def mean_by_hand(state: Mapping, answer=None) -> tuple[bool, str]:
    """The mean squared error of BY_HAND, worked out and typed."""
    y, a = BY_HAND["y"], BY_HAND["a"]
    exact = sn.mse(y, a)
    slips = {
        float(losses_of("mse", y, a).sum()): "That is the sum: the mean over the three samples is still missing.",
        sn.rmse(y, a): "That is the root of it: the mean squared error has no root.",
        sn.mae(y, a): "Those are the distances: each must be squared before the mean.",
        float(losses_of("half_squared_error", y, a).mean()): "That is half of it: the mean squared error has no 1/2.",
        float(losses_of("bce", y, a).mean()): "That is the cross-entropy: square the distances instead.",
    }
    passed, why = compare(
        answer,
        exact,
        slips,
        otherwise="Not yet: subtract target and output of each sample, square the three, then take their mean.",
        never_negative="A mean of squares is never negative.",
    )
    return passed, f"Right: three squares, and their mean is {text(exact)}." if passed else why


def surely_wrong(state: Mapping, answer=None) -> tuple[bool, str]:
    """An output, set above, with a cross-entropy above 2 and a squared error below 1."""
    if state["output"] != "probability":
        return False, "Asked is a probability: choose it above, under “The output is”, then move the output a."
    y, a = [state["target"]], [state["a"]]
    entropy, square = losses_of("bce", y, a).item(), losses_of("mse", y, a).item()
    numbers = f"the cross-entropy is {text_beside(entropy, HIGH_CROSS_ENTROPY)}"
    numbers += f" and the squared error {text_beside(square, HIGH_SQUARED_ERROR)}"
    if entropy > HIGH_CROSS_ENTROPY and square < HIGH_SQUARED_ERROR:
        return True, f"Right: {numbers}. A squared error of a probability never passes 1; cross-entropy has no end."
    side = "towards 0" if state["target"] == 1 else "towards 1"
    return False, f"Here {numbers}: the cross-entropy must be above 2, so move the output a on, {side}."
