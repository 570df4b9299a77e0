"""Losses: one number that says how far the outputs are from the targets, and its slope.

Every loss is given for each sample; the mean over the samples is taken in one place, `mean_loss`, and the gradient's
1/n in one place, the backward pass. What a sum over outputs or a mean over outputs is, each docstring says.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from .activations import ACTIVATIONS
from .values import as_numbers, find


def mse_per_sample(y: np.ndarray, a: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Squared error, mean over the outputs: (a - y)^2."""
    return ((a - y) ** 2).mean(axis=1)


def mse_slope(y: np.ndarray, a: np.ndarray) -> np.ndarray:
    """2 (a - y) / outputs."""
    return (a - y) * (2.0 / y.shape[1])


def half_squared_error_per_sample(y: np.ndarray, a: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Half the squared error, summed over the outputs: sum (a - y)^2 / 2."""
    return 0.5 * ((a - y) ** 2).sum(axis=1)


def half_squared_error_slope(y: np.ndarray, a: np.ndarray) -> np.ndarray:
    """a - y."""
    return a - y


def mae_per_sample(y: np.ndarray, a: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Absolute error, mean over the outputs."""
    return np.abs(a - y).mean(axis=1)


def mae_slope(y: np.ndarray, a: np.ndarray) -> np.ndarray:
    """sign(a - y) / outputs; 0 where the error is 0."""
    return np.sign(a - y) / y.shape[1]


def huber_per_sample(y: np.ndarray, a: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Half the square of an error up to 1, beyond that |error| - 1/2 (Huber 1964, delta = 1); mean over the outputs."""
    error = np.abs(a - y)
    small = np.minimum(error, 1.0)
    return (0.5 * small**2 + (error - small)).mean(axis=1)


def huber_slope(y: np.ndarray, a: np.ndarray) -> np.ndarray:
    """The error, cut off at -1 and 1, / outputs."""
    return np.clip(a - y, -1.0, 1.0) / y.shape[1]


def hinge_per_sample(y: np.ndarray, a: np.ndarray, z: np.ndarray) -> np.ndarray:
    """max(0, 1 - y a) for targets -1 and +1, mean over the outputs."""
    return np.maximum(0.0, 1.0 - y * a).mean(axis=1)


def hinge_slope(y: np.ndarray, a: np.ndarray) -> np.ndarray:
    """-y / outputs where y a < 1, else 0."""
    return np.where(y * a < 1.0, -y, 0.0) / y.shape[1]


def bce_per_sample(y: np.ndarray, a: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Binary cross-entropy -(y ln a + (1 - y) ln(1 - a)) of a = sigmoid(z), summed over the outputs.

    Computed from z as max(z, 0) - y z + ln(1 + exp(-|z|)): the same number, but right where a rounds to 0 or 1
    (Goodfellow, Bengio & Courville 2016, section 6.2.2.2).
    """
    return (np.maximum(z, 0.0) - y * z + np.log1p(np.exp(-np.abs(z)))).sum(axis=1)


def bce_slope(y: np.ndarray, a: np.ndarray) -> np.ndarray:
    """(a - y) / (a (1 - a)) = (1 - y) / (1 - a) - y / a; infinite where a rounds to 0 or 1 on the wrong side."""
    return _quotient(1.0 - y, 1.0 - a) - _quotient(y, a)


def cross_entropy_per_sample(y: np.ndarray, a: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Cross-entropy -sum_k y_k ln a_k of a = softmax(z), for one-hot y; computed from z as ln(sum exp z) - z_y."""
    largest = z.max(axis=1, keepdims=True)
    log_sum = largest[:, 0] + np.log(np.exp(z - largest).sum(axis=1))
    return log_sum * y.sum(axis=1) - (y * z).sum(axis=1)


def cross_entropy_slope(y: np.ndarray, a: np.ndarray) -> np.ndarray:
    """-y / a; infinite where the probability of the true class rounds to 0."""
    return -_quotient(y, a)


def _quotient(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """p / q with 0 / 0 = 0 and p / 0 = infinity, without a warning: a surely wrong output has an infinite slope."""
    at_zero = np.where(p == 0.0, 0.0, np.inf)
    return np.divide(p, q, out=at_zero, where=q != 0.0)


@dataclass(frozen=True)
class Loss:
    """A loss of outputs a against targets y, both (n, outputs).

    per_sample(y, a, z) -> (n,): the loss of each sample (z, the output's pre-activations, is read by bce and
    cross_entropy only). slope(y, a) -> (n, outputs): dL/da of each sample's own loss. `own_output` names the output
    activation whose derivative cancels against the slope: there dL/dz is a - y. The formulas are LaTeX. A sample's loss
    is `factor` times the sum of `term` over its outputs; m is the number of outputs. `slope_formula` and `term` follow
    the rules of an Activation's formulas. `formula_from_z` is what a loss with its own output is computed by.
    """

    name: str
    title: str
    per_sample: Callable[..., np.ndarray]
    slope: Callable[[np.ndarray, np.ndarray], np.ndarray]
    formula: str
    slope_formula: str
    factor: str
    term: str
    own_output: str | None = None
    formula_from_z: str | None = None


LOSSES: Mapping[str, Loss] = MappingProxyType(
    {
        loss.name: loss
        for loss in (
            Loss(
                "mse",
                "mean squared error",
                mse_per_sample,
                mse_slope,
                r"\frac{1}{m}\sum_k (a_k-y_k)^2",
                r"\frac{2}{m}\,(a-y)",
                r"\frac{1}{m}",
                r"(a-y)^{2}",
            ),
            Loss(
                "half_squared_error",
                "half squared error",
                half_squared_error_per_sample,
                half_squared_error_slope,
                r"\frac12\sum_k (a_k-y_k)^2",
                r"a-y",
                r"\frac{1}{2}",
                r"(a-y)^{2}",
            ),
            Loss(
                "bce",
                "binary cross-entropy",
                bce_per_sample,
                bce_slope,
                r"-\sum_k \left(y_k\ln a_k+(1-y_k)\ln(1-a_k)\right)",
                r"\frac{a-y}{a\,(1-a)}",
                r"-",
                r"(y\,\ln(a)+(1-y)\,\ln(1-a))",
                "sigmoid",
                r"\max(z,0)-y\,z+\ln(1+e^{-|z|})",
            ),
            Loss(
                "cross_entropy",
                "cross-entropy",
                cross_entropy_per_sample,
                cross_entropy_slope,
                r"-\sum_k y_k\ln a_k",
                r"-\frac{y}{a}",
                r"-",
                r"y\,\ln(a)",
                "softmax",
                r"\ln\left(\sum_j e^{z_j}\right)-\sum_k y_k\,z_k",
            ),
            Loss(
                "mae",
                "mean absolute error",
                mae_per_sample,
                mae_slope,
                r"\frac{1}{m}\sum_k |a_k-y_k|",
                r"\frac{1}{m}\,\operatorname{sign}(a-y)",
                r"\frac{1}{m}",
                r"|a-y|",
            ),
            Loss(
                "huber",
                "Huber loss",
                huber_per_sample,
                huber_slope,
                r"\frac{1}{m}\sum_k h(a_k-y_k),\ h(e)=\tfrac{e^2}{2}\text{ if }|e|<1\text{ else }|e|-\tfrac12",
                r"\frac{1}{m}\,\operatorname{clip}(a-y,-1,1)",
                r"\frac{1}{m}",
                r"(\frac{(a-y)^{2}}{2}\text{ if }|a-y|<1\text{ else }|a-y|-\frac{1}{2})",
            ),
            Loss(
                "hinge",
                "hinge loss",
                hinge_per_sample,
                hinge_slope,
                r"\frac{1}{m}\sum_k \max(0,1-y_k a_k)",
                r"-\frac{y}{m}\,[y\,a<1]",
                r"\frac{1}{m}",
                r"\max(0,1-y\,a)",
            ),
        )
    }
)


def check_pair(output: str, loss: str) -> None:
    """Refuse an output activation and a loss that have no meaning together (both by name)."""
    find(output, ACTIVATIONS, "The output activation")
    own = find(loss, LOSSES, "The loss").own_output
    if own is not None and output != own:
        raise ValueError(
            f"The loss {loss} reads the output as a probability, so it needs the output {own}; got {output}."
        )


def as_targets(y: ArrayLike, loss: str, rows: int, outputs: int) -> np.ndarray:
    """y as a float64 array (rows, outputs): one-hot where cross_entropy is given class numbers (n,).

    ValueError in one sentence for no rows at all and for any shape that NumPy would silently broadcast, and for
    values that the loss cannot read.
    """
    if rows == 0:
        raise ValueError("A loss is a mean over samples, so it needs at least one row; got none.")
    given = np.asarray(y)
    if loss == "cross_entropy" and given.ndim == 1 and given.dtype.kind in "iu":
        if given.shape != (rows,) or not 0 <= given.min() <= given.max() < outputs:
            raise ValueError(
                f"Class numbers must be {rows} whole numbers from 0 to {outputs - 1}, one a row; got {given.shape} "
                f"with values {given.min(initial=0)} to {given.max(initial=0)}."
            )
        return np.eye(outputs)[given]
    if given.shape != (rows, outputs):
        raise ValueError(
            f"The targets y must have the shape of the output, ({rows}, {outputs}); got {given.shape}: reshape y."
        )
    y = as_numbers(given, "The targets y")
    if loss in ("bce", "cross_entropy") and not ((y >= 0) & (y <= 1)).all():
        raise ValueError(f"Targets of {loss} must be probabilities from 0 to 1; got {y.min():g} to {y.max():g}.")
    if loss == "cross_entropy" and np.abs(y.sum(axis=1) - 1).max() > 1e-9:
        raise ValueError(f"Targets of cross_entropy must sum to 1 in each row; got a sum of {y.sum(axis=1).max():g}.")
    if loss == "hinge" and not (np.abs(y) == 1).all():
        raise ValueError(f"Targets of hinge must be -1 or 1; got {y.min():g} to {y.max():g}.")
    return y


def mean_loss(loss: str, y: np.ndarray, a: np.ndarray, z: np.ndarray) -> float:
    """The data loss of a batch: the mean over its samples, as a float."""
    return float(LOSSES[loss].per_sample(y, a, z).mean())
