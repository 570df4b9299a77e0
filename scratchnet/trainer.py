"""The trainer: one update, from mini-batch to new parameters. Forward, loss, backward, optimizer.

`Trainer.step` makes one update and returns everything it computed. A `Run` makes thousands through the same
`BatchUpdate`, and keeps only the parameters. (side_by_side.py trains many networks in the same arrays, for
a lesson; a test holds both to each other.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .backpropagation import Backward, BackwardPass, record
from .losses import LOSSES, as_targets, check_pair
from .network import Forward, ForwardPass, Network, frozen
from .optimizers import SGD, Optimizer, State, frozen_state, private_state
from .schedules import Schedule
from .values import at_least_zero, find, is_number


def length(gradient: np.ndarray) -> float:
    """|g|, the square root of the sum of squares, as a float. Taken of g / max|g|, whose squares cannot overflow."""
    largest = float(np.abs(gradient).max())
    if not 0.0 < largest < np.inf:
        return largest
    shares = gradient / largest
    return largest * float(np.sqrt(shares.dot(shares)))


def clipped(gradient: np.ndarray, clip_norm: float) -> np.ndarray:
    """The gradient, shortened to the length clip_norm where it is longer (Pascanu et al. 2013, algorithm 1)."""
    norm = length(gradient)
    return gradient / norm * clip_norm if norm > clip_norm else gradient


@dataclass(frozen=True, eq=False)
class Step:
    """One update, kept whole: nothing in it ever changes.

    before, after: networks. forward, backward: the records at `before`. gradient: the backward's, after clipping.
    optimizer_before, optimizer_after: the optimizer's state. update: how many updates came before this one.
    """

    update: int
    before: Network
    forward: Forward
    backward: Backward
    learning_rate: float
    gradient: np.ndarray
    optimizer_before: State
    optimizer_after: State
    after: Network
    y: np.ndarray
    trainer: "Trainer"


def is_plain_descent(step: Step) -> bool:
    """Whether a `Step` went -learning_rate * gradient and nothing else: no memory, weight decay or clipping."""
    optimizer = step.trainer.optimizer
    is_sgd = isinstance(optimizer, SGD) and not optimizer.momentum and not optimizer.weight_decay
    return is_sgd and np.array_equal(step.gradient, step.backward.gradient)


def first_order_change(step: Step) -> float:
    """By how much the loss of a `Step`'s mini-batch would change if it were a plane: gradient times way gone, a float.

    The gradient is the one before clipping. Plain descent goes -learning_rate * gradient, so this is -learning_rate *
    |gradient|^2; any other optimizer goes another way (Nocedal & Wright 2006, section 2.2).
    """
    gradient = step.backward.gradient
    if is_plain_descent(step):  # the same number, without the digits that new - old loses
        return -step.learning_rate * float(gradient.dot(gradient))
    return float(gradient.dot(step.after.theta - step.before.theta))


@dataclass(frozen=True)
class Trainer:
    """The settings of an update: the loss's name, an optimizer, a schedule or None, l1, l2, and clip_norm or None.

    schedule_start: the update at which the schedule was chosen; its time counts from there.
    """

    loss: str = "bce"
    optimizer: Optimizer = SGD()  # noqa: RUF009 - frozen, so one default may be shared
    schedule: Schedule | None = None
    l1: float = 0.0
    l2: float = 0.0
    clip_norm: float | None = None
    schedule_start: int = 0

    def __post_init__(self) -> None:
        find(self.loss, LOSSES, "The loss")
        if not isinstance(self.optimizer, Optimizer):
            raise ValueError(
                f"optimizer must be an optimizer such as Adam(learning_rate=0.01); got {self.optimizer!r}."
            )
        if self.schedule is not None and not hasattr(self.schedule, "rate"):
            raise ValueError(f"schedule must be a schedule such as StepDecay(), or None; got {self.schedule!r}.")
        at_least_zero(l1=self.l1, l2=self.l2)
        if self.clip_norm is not None and not (is_number(self.clip_norm) and self.clip_norm > 0):
            raise ValueError(f"clip_norm must be a positive number, or None for no clipping; got {self.clip_norm!r}.")

    def learning_rate(self, update: int) -> float:
        """The rate of the update that follows `update` others."""
        base = self.optimizer.learning_rate
        return base if self.schedule is None else self.schedule.rate(base, update - self.schedule_start)

    def step(self, net: Network, x: ArrayLike, y: ArrayLike, state: State | None = None, update: int = 0) -> Step:
        """One update of net on the mini-batch x (n, inputs), y (n, outputs); returns a `Step` and changes nothing.

        state: the optimizer's (None: before its first update). update: how many updates came before, for the schedule.
        """
        check_pair(net.activations[-1], self.loss)
        x = net.check_input(x)
        y = as_targets(y, self.loss, len(x), net.sizes[-1])
        first = self.optimizer.init(net.theta)
        state = first if state is None else state
        if set(state) != set(first):
            raise ValueError(
                f"The state of {type(self.optimizer).__name__} holds {', '.join(first)}; got {', '.join(state)}."
            )
        theta, private = net.theta.copy(), private_state(state)
        run = BatchUpdate(self, theta, net.sizes, net.activations, len(x))
        gradient = run(x, y, private, update)
        fwd = Forward(x, frozen(run.forward.z), frozen(run.forward.a))
        bwd = record(net, fwd, y, self.loss, self.l1, self.l2, run.backward)
        theta.setflags(write=False)
        gradient.setflags(write=False)
        after = net.replace(theta)
        return Step(
            update, net, fwd, bwd, self.learning_rate(update), gradient, state, frozen_state(private), after, y, self
        )


class BatchUpdate:
    """One update after another, of a theta that it owns, on mini-batches of `rows` rows. What trains a network.

    What is the same memory, and why: `forward` sees theta through W[l] and b[l], and each call writes the next
    parameters into theta. So the next forward pass computes with them: that is the training, without a new array.

        theta     (n_parameters,)  given; W[l], b[l] of forward and backward are views into it
        z, a      (rows, units)    forward's, a view a layer into flat_z and flat_a; backward reads them
        delta     (rows, units)    backward's, like the slopes f'(z) it is made with
        gradient  (n_parameters,)  backward's; dW[l], db[l] are views into it, in theta's order
        state                      the optimizer's, given with each call and written into

    Every call writes over all of it, so nobody outside may keep one of these arrays: `Trainer.step` uses an object
    once, and a `Run` copies theta when it stops.
    """

    def __init__(
        self, trainer: Trainer, theta: np.ndarray, sizes: Sequence[int], activations: Sequence[str], rows: int
    ) -> None:
        self.forward = ForwardPass(theta, sizes, activations, rows)
        self.backward = BackwardPass(self.forward, trainer.loss, trainer.l1, trainer.l2)
        self._trainer, self._theta = trainer, theta
        self._optimizer, self._schedule, self._clip_norm = trainer.optimizer, trainer.schedule, trainer.clip_norm
        self._rate = np.array(trainer.optimizer.learning_rate)  # a ufunc takes an array faster than a float

    def __call__(self, x: np.ndarray, y: np.ndarray, state: dict[str, Any], update: int) -> np.ndarray:
        """Write the next parameters into theta and the optimizer's memory into state; returns the gradient used."""
        self.forward(x)
        self.backward(x, y)
        gradient = self.backward.gradient
        if self._clip_norm is not None:
            gradient = clipped(gradient, self._clip_norm)
        rate = self._rate if self._schedule is None else self._trainer.learning_rate(update)
        self._optimizer.apply(self._theta, gradient, state, rate)
        return gradient
