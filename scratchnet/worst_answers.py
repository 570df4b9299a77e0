"""Worst answers: the samples that cost a network most. Often they are mislabelled, rare, or the next thing to learn."""

import numpy as np
from numpy.typing import ArrayLike

from .losses import LOSSES, as_targets, check_pair
from .network import Network, passes


def sample_losses(net: Network, x: ArrayLike, y: ArrayLike, loss: str) -> np.ndarray:
    """The loss of each sample (n,); their mean is the data loss. x (n, inputs), y (n, outputs) as coded for the loss.

    What a diverged network computes may be inf or nan. ValueError for a loss that does not fit the output, and for
    shapes that do not fit.
    """
    check_pair(net.activations[-1], loss)
    x = net.check_input(x)
    y = as_targets(y, loss, len(x), net.sizes[-1])
    losses = np.empty(len(x))
    with np.errstate(all="ignore"):
        for rows, forward in passes(net.theta, net.sizes, net.activations, len(x)):
            a = forward(x[rows])
            losses[rows] = LOSSES[loss].per_sample(y[rows], a, forward.z[-1])
    return losses


def worst(losses: np.ndarray, count: int) -> np.ndarray:
    """The rows of the `count` largest of losses (n,), the largest first; fewer where there are fewer.

    Of equal losses the earlier row comes first. What is no number is worse than any.
    """
    return np.argsort(-np.where(np.isnan(losses), np.inf, losses), kind="stable")[:count]
