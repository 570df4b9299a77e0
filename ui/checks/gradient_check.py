"""The lesson of the gradient check: its network, how the error splits, the planted bugs in words, what each leaves
behind, the tasks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import scratchnet as sn
from scratchnet.backpropagation import BackwardPass
from scratchnet.losses import mse_slope
from scratchnet.network import parameter_views
from scratchnet.planted_bugs import STALE_RATE, drawn, planted_gradient
from scratchnet.trainer import BatchUpdate
from ui.checks.answers import read
from ui.kit.numbers import text
from ui.kit.typed import written
from ui.lesson_numbers import one_of

# Several layers, outputs and samples, and one square matrix: mistakes like to hide where one of these is one.
SIZES, SAMPLES, SEED, LOSS = (3, 4, 4, 3), 6, 3, "mse"
SAMPLE_COUNTS = (1, 2, SAMPLES)
STEPS = (*(float(f"{digit}e{power}") for power in range(-13, -1) for digit in (1, 3)), 0.1)  # every h to choose
LAB_STEP = 1e-5  # the h of the bug lab
WRONG = 1e-5  # relative error from which a parameter counts as wrong: far from round-off, and from any bug
SMALL = 1e-9  # a step h at which she has seen the error rise again
IN_A_ROW = 2
NEAR = 10.0  # a step this many times larger or smaller than the best one is good enough
HIGHEST_SEED = 9999
START: dict[str, Any] = {
    "h": STEPS[-1],
    "errors": (),  # what she has measured: (h, largest relative error), one for each h
    "seed": 0,
    "samples": SAMPLES,
    "verdicts": (),  # (seed, name of the bug she chose), in order
}
IN_ADDRESS = {
    "h": one_of(STEPS),
    "seed": one_of(range(HIGHEST_SEED + 1)),
    "samples": one_of(SAMPLE_COUNTS),
}


def network_and_data(samples: int = SAMPLES) -> tuple[sn.Network, np.ndarray, np.ndarray]:
    """The lesson's network, always the same, and its first `samples` rows of x (n, 3) and y (n, 3)."""
    net = sn.Network.build(SIZES, hidden="tanh", output="sigmoid", initializer="standard_normal", rng=SEED)
    rng = np.random.default_rng(SEED)
    x = rng.uniform(-1, 1, (SAMPLES, SIZES[0])).round(1)
    y = (rng.uniform(size=(SAMPLES, SIZES[-1])) > 0.5).astype(float)
    return net, x[:samples], y[:samples]


def check_at(h: float, samples: int = SAMPLES) -> sn.GradientCheck:
    """The right gradient against the difference quotient with step h."""
    return sn.gradient_check(*network_and_data(samples), LOSS, h)


def check_of(name: str, right: sn.GradientCheck, samples: int = SAMPLES) -> sn.GradientCheck:
    """The gradient with a planted bug against the same difference quotients as the right one."""
    return sn.GradientCheck(planted_gradient(name, *network_and_data(samples), LOSS), right.numeric)


def below_the_floor(check: sn.GradientCheck) -> int:
    """How many parameters are judged by a thousandth of the largest slope, their own being smaller."""
    size = np.maximum(np.abs(check.analytic), np.abs(check.numeric))
    return int((size < 1e-3 * size.max()).sum())


# ---- the error of the quotient and its two causes --------------------------------------------------------------------


@dataclass(frozen=True)
class TwoErrors:
    """The error as truncation * h^2 + round_off / h; `best` is the h where that is least."""

    truncation: float
    round_off: float

    @property
    def best(self) -> float:
        return (self.round_off / (2 * self.truncation)) ** (1 / 3)


def two_errors(errors: Sequence[tuple[float, float]]) -> TwoErrors:
    """Both constants from measured (h, error): medians far to either side of the best h, where one cause rules."""
    large = [error / h**2 for h, error in errors if 1e-3 <= h <= 3e-2]
    small = [error * h for h, error in errors if 1e-12 <= h <= 1e-8]
    return TwoErrors(float(np.median(large)), float(np.median(small)))


def measured_all(state: Mapping) -> bool:
    """Whether the error was measured at every step h."""
    return len(state["errors"]) == len(STEPS)


def best_step(state: Mapping, answer=None) -> tuple[bool, str]:
    """Task 1: the h of the least error, within a factor of ten."""
    if not measured_all(state):
        return False, "Measure first: press Measure every h, then read off where the curve is lowest."
    try:
        h = read(answer, "0.001 or 1e-3")
    except ValueError as error:
        return False, str(error)
    if h <= 0:
        return False, f"A step h is above 0; got {written(h)}. Type it as 0.001 or as 1e-3."
    best = min(state["errors"], key=lambda pair: pair[1])[0]
    if h > NEAR * best:
        return False, "Too large: there the curve still falls with h squared, so the quotient cuts off a corner."
    if h < best / NEAR:
        return False, "Too small: there the noise of round-off rules, and it grows with 1/h."
    return True, f"Right: the least error is measured at h = {text(best)}, where both causes weigh about the same."


# ---- the planted bugs in words ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BugWords:
    """A planted bug for a reader: its title, the right line that it breaks, what it did, and where it hides.

    right: the function of scratchnet that does it right; line: a text that only the line of interest in it holds.
    """

    title: str
    right: Callable
    line: str
    did: str
    hides: str


WORDS: dict[str, BugWords] = {
    "wrong_sign": BugWords(
        "wrong sign",
        mse_slope,
        "return (a - y)",
        "It took y − a for a − y at the output. Everything behind it is a product with that, so every slope has"
        " the right size and the wrong sign: the update climbs.",
        "nowhere: every slope that is not 0 shows it.",
    ),
    "sum_for_mean": BugWords(
        "sum over the samples instead of their mean",
        BackwardPass._output_delta,
        "self._share",
        "It left out the 1/n: every slope is n times too large, as if the learning rate had been multiplied by"
        " the size of the batch.",
        "with a single sample, where sum and mean are the same.",
    ),
    "wrong_loss": BugWords(
        "gradient of another loss: a − y at the output",
        BackwardPass._output_delta,
        "if self._is_own_loss",
        "It sent back a − y, which is the gradient of cross-entropy, while the loss is the mean squared error:"
        " there the slope of the sigmoid does not cancel. The walk back itself is right, from a wrong start.",
        "nowhere with this loss; with cross-entropy a − y is right.",
    ),
    "missing_slope": BugWords(
        "f′ left out in the hidden layers",
        BackwardPass.__call__,
        "np.multiply(delta_prev, slope",
        "It took dL/da of a hidden layer for its dL/dz: the factor f′(z) is missing, once more with every"
        " layer further back. The output layer does not go through it, so it is right.",
        "where f′(z) is 1: with the identity, or tanh near 0.",
    ),
    "forgotten_bias": BugWords(
        "the bias forgotten",
        BackwardPass.__call__,
        "        self._ones.dot(delta, db)",
        "It never worked out db, so the gradient of every bias stays 0 and no bias is ever learned. The weights"
        " do not need db: they are right.",
        "nowhere, as long as the check looks at the biases, too.",
    ),
    "transposed_matrix": BugWords(
        "W transposed on the way back",
        BackwardPass.__call__,
        "delta.dot(W, delta_prev)",
        "It went back through W.T, the matrix with rows and columns exchanged, so each unit got the blame of another."
        " That fits only through a square matrix,"
        " here that of layer 2; what lies in front of it is wrong, what lies behind it is right.",
        "where no matrix is square it is an error of shapes, and in a layer of one unit it is no mistake.",
    ),
    "update_before_going_back": BugWords(
        "weights updated before going back through them",
        BatchUpdate.__call__,
        "self._optimizer.apply",
        f"It updated W as soon as dW was known (learning rate {STALE_RATE}), then sent delta back through the"
        " new W. The right code moves theta once, when the whole gradient of the old one is known.",
        "in a network of one layer, and nearly so at a small learning rate.",
    ),
}


# ---- what a planted bug leaves behind --------------------------------------------------------------------------------


@dataclass(frozen=True)
class LayerEvidence:
    """A layer in the check: how many of its weights and biases are wrong, the range of analytic / numeric, lengths.

    length: how long the layer's analytic gradient is, divided by the length of the numeric one.
    """

    wrong_weights: int
    weights: int
    wrong_biases: int
    biases: int
    weight_ratios: tuple[float, float]
    bias_ratios: tuple[float, float]
    length: float

    @property
    def right(self) -> bool:
        return self.wrong_weights == self.wrong_biases == 0


def ratios(check: sn.GradientCheck) -> np.ndarray:
    """analytic / numeric for every parameter, flat like theta; not a number where the numeric one is 0."""
    nowhere = np.full_like(check.numeric, np.nan)
    return np.divide(check.analytic, check.numeric, out=nowhere, where=check.numeric != 0) + 0.0


def evidence(check: sn.GradientCheck) -> tuple[LayerEvidence, ...]:
    """What the check shows of each layer of the lesson's network, from the first to the output."""
    found = []
    parts = (check.relative_errors, ratios(check), check.analytic, check.numeric)
    for (W_error, b_error), (W_ratio, b_ratio), analytic, numeric in zip(
        *(zip(*parameter_views(part, SIZES), strict=True) for part in parts), strict=True
    ):
        found.append(
            LayerEvidence(
                int((W_error > WRONG).sum()),
                W_error.size,
                int((b_error > WRONG).sum()),
                b_error.size,
                (float(W_ratio.min()), float(W_ratio.max())),
                (float(b_ratio.min()), float(b_ratio.max())),
                _length(analytic) / _length(numeric),
            )
        )
    return tuple(found)


def _length(parts: Sequence[np.ndarray]) -> float:
    return float(np.sqrt(sum((part**2).sum() for part in parts)))


def _are_all(layers: Sequence[LayerEvidence], value: float) -> bool:
    ends = [end for layer in layers for end in (*layer.weight_ratios, *layer.bias_ratios)]
    return all(abs(end - value) <= 1e-3 * max(1.0, abs(value)) for end in ends)


def _weights_right(layers: Sequence[LayerEvidence]) -> bool:
    return all(layer.wrong_weights == 0 for layer in layers)


Expectation = tuple[Callable[[tuple[LayerEvidence, ...]], bool], str]
OUTPUT_RIGHT = "With this bug the output layer would be right, for it has no part in it; here it is wrong."
# What each bug must leave behind in this network, all 6 samples checked; and what to say when it has not.
EXPECTED: dict[str, tuple[Expectation, ...]] = {
    "wrong_sign": (
        (lambda layers: _are_all(layers, -1.0), "With a wrong sign every ratio would be -1; look at the ratios again."),
    ),
    "sum_for_mean": (
        (
            lambda layers: _are_all(layers, SAMPLES),
            f"With a sum for the mean every ratio would be {SAMPLES}, the number of samples; look at the ratios again.",
        ),
    ),
    "wrong_loss": (
        (lambda layers: not layers[-1].right, "With another loss the output layer would be wrong first; here not."),
        (
            lambda layers: not _weights_right(layers),
            "With another loss the weights would be wrong, too; here they are right.",
        ),
        (
            lambda layers: layers[-1].weight_ratios[1] - layers[-1].weight_ratios[0] > 0.01,
            "With another loss the ratio would differ from sample to sample, so from cell to cell; here it is one"
            " number.",
        ),
    ),
    "missing_slope": (
        (lambda layers: layers[-1].right, OUTPUT_RIGHT),
        (
            lambda layers: not any(layer.right for layer in layers[:-1]),
            "With this bug both hidden layers would be wrong; here one of them is right.",
        ),
        (
            lambda layers: all(layer.length > 1.2 for layer in layers[:-1]),
            "f′ is at most 1, so without it the gradients of the hidden layers would be much too long; here their"
            " lengths are nearly right.",
        ),
    ),
    "forgotten_bias": (
        (_weights_right, "A forgotten bias would leave all weights right; here weights are wrong."),
        (
            lambda layers: all(layer.bias_ratios == (0.0, 0.0) for layer in layers),
            "A forgotten bias would have the gradient 0; here it has not.",
        ),
    ),
    "transposed_matrix": (
        (lambda layers: layers[-1].right, OUTPUT_RIGHT),
        (
            lambda layers: layers[1].right,
            "Only the matrix of layer 2 is square, so a transposed one could only spoil what lies in front of it;"
            " here layer 2 itself is wrong.",
        ),
        (lambda layers: not layers[0].right, "Layer 1 would be wrong; here it is right."),
    ),
    "update_before_going_back": (
        (lambda layers: layers[-1].right, OUTPUT_RIGHT),
        (
            lambda layers: not any(layer.right for layer in layers[:-1]),
            "With this bug both hidden layers would be wrong; here one of them is right.",
        ),
        (
            lambda layers: all(abs(layer.length - 1.0) < 0.1 for layer in layers[:-1]),
            "One update moves the weights only a little, so the lengths would be nearly right; here they are far off.",
        ),
    ),
}


def contradiction(name: str, layers: tuple[LayerEvidence, ...]) -> str:
    """The first thing that this bug would have left behind and that is not there; "" when all of it is."""
    return next((sentence for is_met, sentence in EXPECTED[name] if not is_met(layers)), "")


def verdict(seed: int, name: str | None) -> tuple[bool, str]:
    """Whether the bug that a seed has planted is the one named, and what speaks against it when not."""
    if name not in WORDS:
        return False, "Choose one of the bugs first: what do the ratios and the wrong layers speak for?"
    if name == drawn(seed):
        return True, f"Right, it is this one: {WORDS[name].title}."
    layers = evidence(check_of(drawn(seed), check_at(LAB_STEP)))
    return False, contradiction(name, layers)


def streak(verdicts: Sequence[tuple[int, str]]) -> int:
    """How many seeds in a row, up to the last, were solved at the first try; a seed counts once."""
    first_tries: dict[int, bool] = {}
    for seed, name in verdicts:
        if name is not None:  # to press Judge without a choice is no try
            first_tries.setdefault(seed, name == drawn(seed))
    count = 0
    for solved in reversed(first_tries.values()):
        if not solved:
            break
        count += 1
    return count


def two_in_a_row(state: Mapping, answer=None) -> tuple[bool, str]:
    """Task 2: the bugs of two different seeds in a row, each at the first try."""
    found = streak(state["verdicts"])
    if found >= IN_A_ROW:
        return True, f"Right: {found} seeds in a row, each at the first try, from nothing but a gradient check."
    if not state["verdicts"]:
        return False, "No bug is found yet: read the ratios, choose a bug in the lab and press Judge."
    if found:
        return False, "One is found; now another seed: press Next bug."
    return False, "The last seed took more than one try: press Next bug and find two in a row."
