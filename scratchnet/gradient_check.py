"""Gradient check: is the gradient of backpropagation right? Nudge each parameter and see what the loss does."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .backpropagation import backpropagate, penalty
from .losses import as_targets, mean_loss
from .network import Network
from .values import is_number


@dataclass(frozen=True, eq=False)
class GradientCheck:
    """Both gradients, flat like theta, and how far apart they are at most (see `relative_errors`)."""

    analytic: np.ndarray
    numeric: np.ndarray

    @property
    def relative_errors(self) -> np.ndarray:
        """|analytic - numeric| / max(|analytic|, |numeric|), a number a parameter.

        The denominator is at least a thousandth of the largest slope: the difference quotient itself is only good to
        about 1e-11, so the ratio of two tiny slopes would measure round-off.
        """
        size = np.maximum(np.abs(self.analytic), np.abs(self.numeric))
        floor = max(1e-3 * float(size.max(initial=0.0)), np.finfo(float).tiny)
        return np.abs(self.analytic - self.numeric) / np.maximum(size, floor)

    @property
    def max_relative_error(self) -> float:
        """The largest of the relative errors: about 1e-8 for a right gradient, above 1e-3 for most wrong ones."""
        return float(self.relative_errors.max(initial=0.0))


def total_loss(net: Network, x: ArrayLike, y: ArrayLike, loss: str = "bce", l1: float = 0.0, l2: float = 0.0) -> float:
    """The mean loss of net over x (n, inputs), y, with l1 and l2: the function whose slope is the gradient."""
    fwd = net.forward(x)
    y = as_targets(y, loss, *fwd.output.shape)
    return mean_loss(loss, y, fwd.output, fwd.z[-1]) + penalty(net, l1, l2)


def gradient_check(
    net: Network, x: ArrayLike, y: ArrayLike, loss: str = "bce", h: float = 1e-5, l1: float = 0.0, l2: float = 0.0
) -> GradientCheck:
    """Compare backpropagation with (L(theta_i + h) - L(theta_i - h)) / 2h for every parameter i.

    The error of the quotient falls with h^2 until round-off, which grows with 1/h, takes over; h = 1e-5 lies between
    (Press et al., Numerical Recipes, section 5.7). ValueError unless h is a positive number.
    """
    if not (is_number(h) and h > 0):
        raise ValueError(f"The step h of a gradient check must be a positive number such as 1e-5; got {h!r}.")
    analytic = backpropagate(net, net.forward(x), y, loss, l1, l2).gradient
    numeric = np.array([slope_across(net, x, y, i, loss, h, l1, l2).slope for i in range(net.n_parameters)])
    numeric.setflags(write=False)
    return GradientCheck(analytic, numeric)


@dataclass(frozen=True)
class SlopeAcross:
    """The loss with one parameter h larger and h smaller, and the slope between the two."""

    h: float
    loss_plus: float
    loss_minus: float

    @property
    def slope(self) -> float:
        """(L(w + h) - L(w - h)) / 2h."""
        return (self.loss_plus - self.loss_minus) / (2 * self.h)


def slope_across(
    net: Network,
    x: ArrayLike,
    y: ArrayLike,
    index: int,
    loss: str = "bce",
    h: float = 1e-5,
    l1: float = 0.0,
    l2: float = 0.0,
) -> SlopeAcross:
    """Move the parameter theta[index] by h up and down, all others held, and look at the loss: a `SlopeAcross`."""
    losses = []
    for shift in (h, -h):
        theta = net.theta.copy()
        theta[index] += shift
        losses.append(total_loss(net.replace(theta), x, y, loss, l1, l2))
    return SlopeAcross(h, *losses)
