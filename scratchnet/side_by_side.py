"""Side by side: many starts of one small network trained as ONE network, so that chance can be measured while waiting.

Trained one after the other, a hundred starts cost a hundred times the NumPy calls of one. Laid side by side they cost
hardly more than one: each layer holds the units of all starts, and no weight joins units of different starts. Those
weights are 0, and their gradients are set to 0 before the optimizer sees them, so no start knows of another; each
learns as it would alone (to round-off: the sums are added in another order).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from .backpropagation import BackwardPass
from .losses import as_targets
from .network import ForwardPass, Network, parameter_count, parameter_views
from .optimizers import private_state
from .trainer import Trainer


class SideBySide:
    """Networks of the same sizes and activations, which learn the same samples without knowing of each other.

    trainer: its loss and optimizer are used. It may not mix parameters of different starts (clip_norm) nor change with
    time (schedule) nor add to the gradient (l1, l2). x (n, inputs), y (n, outputs); one sample an update, in order.
    ValueError for anything else.
    """

    def __init__(self, nets: Sequence[Network], trainer: Trainer, x: ArrayLike, y: ArrayLike) -> None:
        nets = list(nets)
        if not nets or any((net.sizes, net.activations) != (nets[0].sizes, nets[0].activations) for net in nets):
            raise ValueError("SideBySide needs at least one network, all of the same sizes and activations.")
        if trainer.schedule is not None or trainer.clip_norm is not None or trainer.l1 or trainer.l2:
            raise ValueError("SideBySide trains without schedule, clip_norm, l1 and l2; leave them out.")
        if nets[0].activations[-1] == "softmax":
            raise ValueError("SideBySide needs outputs that stand alone; softmax shares 1 among all of them.")
        self.epoch = 0
        self.nets, self._trainer = len(nets), trainer
        x = nets[0].check_input(x)
        y = as_targets(y, trainer.loss, len(x), nets[0].sizes[-1])
        self._x = np.ascontiguousarray(x)
        self._sizes = (nets[0].sizes[0], *(size * self.nets for size in nets[0].sizes[1:]))
        self._theta, self._own = _together(nets, self._sizes)
        self._activations = nets[0].activations
        self._forward = ForwardPass(self._theta, self._sizes, self._activations, 1)
        self._backward = BackwardPass(self._forward, trainer.loss)
        self._samples = [(x[i : i + 1], np.tile(y[i : i + 1], self.nets)) for i in range(len(x))]
        self._state = private_state(trainer.optimizer.init(self._theta))
        # A loss that is a mean over the outputs is divided by those of all starts: the gradient is multiplied back.
        self._scale = self._own * (self.nets if trainer.loss in MEAN_OVER_OUTPUTS else 1.0)

    def advance(self, epochs: int) -> None:
        """Train every network for so many passes over the samples. ValueError when the numbers of one explode."""
        rate = self._trainer.optimizer.learning_rate
        gradient = self._backward.gradient
        with np.errstate(all="ignore"):  # asked below
            for _ in range(epochs):
                for x, y in self._samples:
                    self._forward(x)
                    self._backward(x, y)
                    np.multiply(gradient, self._scale, gradient)
                    self._trainer.optimizer.apply(self._theta, gradient, self._state, rate)
                self.epoch += 1
        if not np.isfinite(self._theta).all():  # 0 times infinity is no number: one start would spoil all others
            raise ValueError("The weights of a start have grown beyond all numbers; choose a smaller learning rate.")

    def predict(self) -> np.ndarray:
        """What each network answers to each sample now: (networks, n, outputs)."""
        output = ForwardPass(self._theta, self._sizes, self._activations, len(self._x))(self._x)
        return np.ascontiguousarray(output.reshape(len(self._x), self.nets, -1).swapaxes(0, 1))


MEAN_OVER_OUTPUTS = ("mse", "mae", "huber")


def _together(nets: Sequence[Network], sizes: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """(theta of the one network, 1.0 at the parameters of its starts and 0.0 between them)."""
    theta, own = np.zeros((2, parameter_count(sizes)))
    weights, biases = parameter_views(theta, sizes)
    own_weights, own_biases = parameter_views(own, sizes)
    for k, net in enumerate(nets):
        for l, (W, b) in enumerate(zip(net.weights, net.biases, strict=True)):
            rows = slice(k * len(b), (k + 1) * len(b))
            columns = slice(None) if l == 0 else slice(k * W.shape[1], (k + 1) * W.shape[1])
            weights[l][rows, columns], biases[l][rows] = W, b
            own_weights[l][rows, columns], own_biases[l][rows] = 1.0, 1.0
    return theta, own
