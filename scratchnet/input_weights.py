"""Input weights: how much of a network's first layer hangs on each of its inputs."""

from dataclasses import dataclass

import numpy as np

from .network import Network


@dataclass(frozen=True, eq=False)
class InputWeights:
    """The first layer's weights added up for each input: arrays (inputs,), the weightiest input first.

    inputs: which they are, counted from 0. positive, negative: the sums of their weights above and below 0. A weight
    is for an input of size 1, so two inputs compare where their sizes do.
    """

    inputs: np.ndarray
    positive: np.ndarray
    negative: np.ndarray


def input_weights(net: Network) -> InputWeights:
    """The `InputWeights` of a network, sorted by the sums of the weights' sizes, equal ones as they stand."""
    W = net.weights[0]
    positive, negative = np.maximum(W, 0.0).sum(axis=0), np.minimum(W, 0.0).sum(axis=0)
    order = np.argsort(negative - positive, kind="stable")
    return InputWeights(order, positive[order], negative[order])
