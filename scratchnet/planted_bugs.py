"""Planted bugs: well-known mistakes in backpropagation, each a wrong gradient that a gradient check has to find.

Nothing that trains calls this file: the right gradient is made by `backpropagation.py` alone. Each mistake is that
gradient's own walk back through the layers with one thing wrong, made from the factors of the right one (`Chain`). Most
of them train all the same, only worse, which is why they are looked for by a check and not by a loss that falls.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from .backpropagation import Chain, backpropagate, chain
from .losses import as_targets
from .network import Forward, Network, parameter_vector, parameter_views
from .values import is_whole

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


def walk_back(
    fwd: Forward,
    delta: np.ndarray,
    weights: Sequence[np.ndarray],
    slopes: Sequence[np.ndarray],
    learning_rate: float = 0.0,
) -> np.ndarray:
    """The gradient, flat like theta, from the output's delta (n, outputs) back to the first layer; a list a layer.

    With the right factors and rate 0 it is the right one. learning_rate: how far W is moved before it is gone through.
    """
    dW: list[np.ndarray] = []
    db: list[np.ndarray] = []
    for layer in reversed(range(len(weights))):
        a_prev = fwd.a[layer - 1] if layer else fwd.x
        dW.insert(0, delta.T @ a_prev)
        db.insert(0, delta.sum(axis=0))
        if layer:
            W = weights[layer] - learning_rate * dW[0]
            delta = (delta @ W) * slopes[layer - 1]
    return parameter_vector(dW, db)


def wrong_sign(records: Records) -> np.ndarray:
    """y - a for a - y at the output."""
    return walk_back(records.fwd, -records.delta, records.net.weights, records.factors.slope)


def sum_for_mean(records: Records) -> np.ndarray:
    """The 1/n of the mean left out."""
    samples = len(records.y)
    return walk_back(records.fwd, samples * records.delta, records.net.weights, records.factors.slope)


def wrong_loss(records: Records) -> np.ndarray:
    """a - y at the output, which is right for cross-entropy, whatever the loss is."""
    delta = (records.fwd.output - records.y) / len(records.y)
    return walk_back(records.fwd, delta, records.net.weights, records.factors.slope)


def missing_slope(records: Records) -> np.ndarray:
    """dL/da of a hidden layer taken for its dL/dz: without the factor f'(z)."""
    ones = [np.ones_like(slope) for slope in records.factors.slope]
    return walk_back(records.fwd, records.delta, records.net.weights, ones)


def forgotten_bias(records: Records) -> np.ndarray:
    """db never computed."""
    gradient = records.factors.gradient.copy()
    for db in parameter_views(gradient, records.net.sizes)[1]:
        db[:] = 0.0
    return gradient


def transposed_matrix(records: Records) -> np.ndarray:
    """W.T for W on the way back, wherever it fits. ValueError where it fits nowhere."""
    # Only a square matrix can be transposed by mistake: any other would not fit, and NumPy would say so.
    turned = [W.T if W.shape[0] == W.shape[1] else W for W in records.net.weights]
    if not any(W.shape[0] == W.shape[1] for W in turned[1:]):  # nothing goes back through the first
        raise ValueError(
            f"Only a square matrix behind the first can be transposed by mistake; a {records.net.sizes} network has"
            " none, so plant another bug."
        )
    return walk_back(records.fwd, records.delta, turned, records.factors.slope)


def update_before_going_back(records: Records) -> np.ndarray:
    """Each W updated as soon as its dW is known, and then gone back through."""
    return walk_back(records.fwd, records.delta, records.net.weights, records.factors.slope, STALE_RATE)


# name -> gradient(records), flat like theta
BUGS: Mapping[str, Callable[[Records], np.ndarray]] = MappingProxyType(
    {
        bug.__name__: bug
        for bug in (
            wrong_sign,
            sum_for_mean,
            wrong_loss,
            missing_slope,
            forgotten_bias,
            transposed_matrix,
            update_before_going_back,
        )
    }
)


def records_of(net: Network, x: ArrayLike, y: ArrayLike, loss: str = "mse") -> Records:
    """The `Records` of a network on x (n, inputs), y (n, outputs). ValueError for what `backpropagate` refuses."""
    fwd = net.forward(x)
    bwd = backpropagate(net, fwd, y, loss)
    y = as_targets(y, loss, *fwd.output.shape)
    return Records(net, fwd, y, chain(net, fwd, bwd, y, loss), bwd.delta[-1])


def planted_gradient(name: str, net: Network, x: ArrayLike, y: ArrayLike, loss: str = "mse") -> np.ndarray:
    """The gradient of the mean loss with a planted bug in it, flat like theta, for x (n, inputs), y (n, outputs).

    ValueError for an unknown name, for what `backpropagate` refuses, and where the mistake cannot be made.
    """
    if name not in BUGS:
        raise ValueError(f"Expected a planted bug, one of {', '.join(BUGS)}; got {name!r}.")
    gradient = BUGS[name](records_of(net, x, y, loss))
    gradient.setflags(write=False)
    return gradient


def drawn(seed: int) -> str:
    """The name of the bug that a seed (a whole number of at least 0) draws.

    Seven seeds in a row, from a multiple of seven on, draw every bug once, so neighbours mostly differ.
    """
    if not is_whole(seed, 0):
        raise ValueError(f"The seed of a planted bug must be a whole number of at least 0; got {seed!r}.")
    block, place = divmod(int(seed), len(BUGS))
    return list(BUGS)[np.random.default_rng(block).permutation(len(BUGS))[place]]
