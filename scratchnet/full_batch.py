"""Full batch: the way an optimizer takes when every update sees all samples, with every place on it kept.

Nothing in it is random, so it shows what the rule does and the landscape asks for, and no luck. A Run does the same and
more, but keeps only some of its places.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .gradient_check import total_loss
from .landscape import MeanLoss
from .losses import as_targets, check_pair, mean_loss
from .network import Network
from .optimizers import private_state
from .run import is_usable
from .trainer import BatchUpdate, Trainer


@dataclass(frozen=True, eq=False)
class Way:
    """Every place on it: theta (updates + 1, n_parameters) and its loss (updates + 1,), the start first.

    is_whole: whether all updates were made; where the next one would have left all usable numbers, the way ends.
    """

    theta: np.ndarray
    loss: np.ndarray
    is_whole: bool

    @property
    def updates(self) -> int:
        return len(self.loss) - 1


def walk(net: Network, trainer: Trainer, x: ArrayLike, y: ArrayLike, updates: int) -> Way:
    """The way of net over so many updates, each with all of x (n, inputs) and y (n, outputs)."""
    check_pair(net.activations[-1], trainer.loss)
    x = net.check_input(x)
    y = as_targets(y, trainer.loss, len(x), net.sizes[-1])
    theta, state = net.theta.copy(), private_state(trainer.optimizer.init(net.theta))
    update = BatchUpdate(trainer, theta, net.sizes, net.activations, len(x))
    places, losses = [net.theta], []
    with np.errstate(all="ignore"):  # asked in each round
        for number in range(updates):
            update(x, y, state, number)  # its forward pass belongs to the place before
            losses.append(mean_loss(trainer.loss, y, update.forward.a[-1], update.forward.z[-1]))
            if not is_usable(theta):
                break
            places.append(theta.copy())
    if len(places) > len(losses):
        losses.append(total_loss(net.replace(places[-1]), x, y, trainer.loss))
    way = Way(np.array(places), np.array(losses), len(places) == updates + 1)
    way.theta.setflags(write=False)
    way.loss.setflags(write=False)
    return way


def loss_plane(
    net: Network, x: ArrayLike, y: ArrayLike, loss: str, first: np.ndarray, second: np.ndarray
) -> np.ndarray:
    """The loss of a network at every pair of values of its first two parameters: (len(second), len(first)).

    first, second: the values of theta[0] and of theta[1]. All other parameters stay as they are in net.
    """
    places = np.array([(a, b, *net.theta[2:]) for b in second for a in first])
    return MeanLoss(net, x, y, loss)(places).reshape(len(second), len(first))
