"""Planted bugs: well-known mistakes in backpropagation, each a wrong gradient that a gradient check has to find.

Nothing that trains calls this file: the right gradient is made by `backpropagation.py` alone. Each mistake is that
gradient's own walk back through the layers with one thing wrong, made from the factors of the right one (`Chain`). Most
of them train all the same, only worse, which is why they are looked for by a check and not by a loss that falls.
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from .backpropagation import BackwardPass, Chain, backpropagate, chain
from .losses import as_targets, mse_slope
from .network import Forward, Network, parameter_views
from .trainer import BatchUpdate

STALE_RATE = 0.5  # the learning rate of `update_before_going_back`: 0 would hide the mistake


@dataclass(frozen=True, eq=False)
class Records:
    """What a planted bug starts from: a network, its forward pass, targets y (n, outputs) and the right factors.

    delta (n, outputs) is the right dL/dz of the output layer.
    """

    net: Network
    fwd: Forward
    y: np.ndarray
    factors: Chain
    delta: np.ndarray


def walk_back(fwd, delta, weights, slopes, learning_rate=0.0):
    """The gradient, flat like theta, from the output's delta (n, outputs) back to the first layer; a list a layer.

    With the right factors and rate 0 it is the right one. learning_rate: how far W is moved before it is gone through.
    """
    parts = []
    for layer in reversed(range(len(weights))):
        a_prev = fwd.a[layer - 1] if layer else fwd.x
        dW, db = delta.T @ a_prev, delta.sum(axis=0)
        parts = [dW.ravel(), db, *parts]
        if layer:
            W = weights[layer] - learning_rate * dW
            delta = (delta @ W) * slopes[layer - 1]
    return np.concatenate(parts)


def wrong_sign(records):
    return walk_back(records.fwd, -records.delta, records.net.weights, records.factors.slope)


def sum_for_mean(records):
    samples = len(records.y)
    return walk_back(records.fwd, samples * records.delta, records.net.weights, records.factors.slope)


def wrong_loss(records):
    delta = (records.fwd.output - records.y) / len(records.y)
    return walk_back(records.fwd, delta, records.net.weights, records.factors.slope)


def missing_slope(records):
    ones = [np.ones_like(slope) for slope in records.factors.slope]
    return walk_back(records.fwd, records.delta, records.net.weights, ones)


def forgotten_bias(records):
    gradient = records.factors.gradient.copy()
    for db in parameter_views(gradient, records.net.sizes)[1]:
        db[:] = 0.0
    return gradient


def transposed_matrix(records):
    # Only a square matrix can be transposed by mistake: any other would not fit, and NumPy would say so.
    turned = [W.T if W.shape[0] == W.shape[1] else W for W in records.net.weights]
    if not any(W.shape[0] == W.shape[1] for W in turned[1:]):  # nothing goes back through the first
        raise ValueError(
            f"Only a square matrix behind the first can be transposed by mistake; a {records.net.sizes} network has"
            " none, so plant another bug."
        )
    return walk_back(records.fwd, records.delta, turned, records.factors.slope)


def update_before_going_back(records):
    return walk_back(records.fwd, records.delta, records.net.weights, records.factors.slope, STALE_RATE)


@dataclass(frozen=True)
class PlantedBug:
    """A mistake: its title for a reader, the wrong gradient, and the right line that it breaks.

    gradient(records) -> flat, like theta. right: the function that does it right; line: a text that only the line of
    interest in it holds. did: what went wrong, in words; hides: where it makes no difference, so that a check there
    would not find it.
    """

    name: str
    title: str
    gradient: Callable
    right: Callable
    line: str
    did: str
    hides: str


BUGS = MappingProxyType(
    {
        bug.name: bug
        for bug in (
            PlantedBug(
                "wrong_sign",
                "wrong sign",
                wrong_sign,
                mse_slope,
                "return (a - y)",
                "It took y − a for a − y at the output. Everything behind it is a product with that, so every slope has"
                " the right size and the wrong sign: the update climbs.",
                "nowhere: every slope that is not 0 shows it.",
            ),
            PlantedBug(
                "sum_for_mean",
                "sum over the samples instead of their mean",
                sum_for_mean,
                BackwardPass._output_delta,
                "self._share",
                "It left out the 1/n: every slope is n times too large, as if the learning rate had been multiplied by"
                " the size of the batch.",
                "with a single sample, where sum and mean are the same.",
            ),
            PlantedBug(
                "wrong_loss",
                "gradient of another loss: a − y at the output",
                wrong_loss,
                BackwardPass._output_delta,
                "if self._is_own_loss",
                "It sent back a − y, which is the gradient of cross-entropy, while the loss is the mean squared error:"
                " there the slope of the sigmoid does not cancel. The walk back itself is right, from a wrong start.",
                "nowhere with this loss; with cross-entropy a − y is right.",
            ),
            PlantedBug(
                "missing_slope",
                "f′ left out in the hidden layers",
                missing_slope,
                BackwardPass.__call__,
                "np.multiply(delta_prev, slope",
                "It took dL/da of a hidden layer for its dL/dz: the factor f′(z) is missing, once more with every"
                " layer further back. The output layer does not go through it, so it is right.",
                "where f′(z) is 1: with the identity, or tanh near 0.",
            ),
            PlantedBug(
                "forgotten_bias",
                "the bias forgotten",
                forgotten_bias,
                BackwardPass.__call__,
                "        self._ones.dot(delta, db)",
                "It never worked out db, so the gradient of every bias stays 0 and no bias is ever learned. The weights"
                " do not need db: they are right.",
                "nowhere, as long as the check looks at the biases, too.",
            ),
            PlantedBug(
                "transposed_matrix",
                "W transposed on the way back",
                transposed_matrix,
                BackwardPass.__call__,
                "delta.dot(W, delta_prev)",
                "It went back through W.T, so each unit got the blame of another. It fits only through a square matrix,"
                " here that of layer 2; what lies in front of it is wrong, what lies behind it is right.",
                "where no matrix is square it is an error of shapes, and in a layer of one unit it is no mistake.",
            ),
            PlantedBug(
                "update_before_going_back",
                "weights updated before going back through them",
                update_before_going_back,
                BatchUpdate.__call__,
                "self._optimizer.apply",
                f"It updated W as soon as dW was known (learning rate {STALE_RATE}), then sent delta back through the"
                " new W. The right code moves theta once, when the whole gradient of the old one is known.",
                "in a network of one layer, and nearly so at a small learning rate.",
            ),
        )
    }
)


def records_of(net, x, y, loss="mse"):
    """The `Records` of a network on x (n, inputs), y (n, outputs). ValueError for what `backpropagate` refuses."""
    fwd = net.forward(x)
    bwd = backpropagate(net, fwd, y, loss)
    y = as_targets(y, loss, *fwd.output.shape)
    return Records(net, fwd, y, chain(net, fwd, bwd, y, loss), bwd.delta[-1])


def planted_gradient(name, net, x, y, loss="mse"):
    """The gradient of the mean loss with a planted bug in it, flat like theta, for x (n, inputs), y (n, outputs).

    ValueError for an unknown name, for what `backpropagate` refuses, and where the mistake cannot be made.
    """
    if name not in BUGS:
        raise ValueError(f"Expected a planted bug, one of {', '.join(BUGS)}; got {name!r}.")
    gradient = BUGS[name].gradient(records_of(net, x, y, loss))
    gradient.setflags(write=False)
    return gradient


def drawn(seed):
    """The name of the bug that a seed (a whole number of at least 0) draws.

    Seven seeds in a row, from a multiple of seven on, draw every bug once, so neighbours mostly differ.
    """
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise ValueError(f"The seed of a planted bug must be a whole number of at least 0; got {seed!r}.")
    block, place = divmod(int(seed), len(BUGS))
    return list(BUGS)[np.random.default_rng(block).permutation(len(BUGS))[place]]
