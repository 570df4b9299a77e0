"""Backpropagation: the gradient of the loss for every parameter, from one walk back through the layers.

delta[l] is dL/dz of layer l, of the mean loss of the batch (Nielsen 2015, chapter 2, equations BP1 to BP4):
    delta[last] = dL/da * f'(z)            dW[l] = delta[l].T @ a[l-1]
    delta[l-1]  = (delta[l] @ W[l]) * f'(z[l-1])      db[l] = sum of delta[l] over the rows
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import ArrayLike

from .activations import ACTIVATIONS, softmax_jacobian
from .losses import LOSSES, as_targets, check_pair, mean_loss
from .network import Forward, ForwardPass, Network, frozen, parameter_views, unit_views
from .values import at_least_zero


class BackwardPass:
    """The backward pass that belongs to a `ForwardPass`: reads its theta, z and a, with arrays of its own for the rest.

    Called again (after the forward pass was), it writes over what it computed before.
    """

    def __init__(self, forward: ForwardPass, loss: str, l1: float = 0.0, l2: float = 0.0) -> None:
        theta, sizes, activations, rows = forward.theta, forward.sizes, forward.activations, forward.rows
        flat_z, flat_a, z, a = forward.flat_z, forward.flat_a, forward.z, forward.a
        flat_slope = np.empty_like(flat_z)
        self.delta, slope = unit_views(np.empty_like(flat_z), sizes, rows), unit_views(flat_slope, sizes, rows)
        self.gradient = np.empty(theta.size)
        self.dW, self.db = parameter_views(self.gradient, sizes)
        weights, _ = parameter_views(theta, sizes)
        self._ones = np.ones(rows)  # ones @ delta sums the rows in half the time of delta.sum(axis=0)
        self._share = np.array(1.0 / rows)
        self._loss, self._output, self._z, self._a = LOSSES[loss], ACTIVATIONS[activations[-1]], z[-1], a[-1]
        self._is_own_loss = self._loss.own_output == self._output.name
        # Hidden layers that follow each other with the same activation lie in one piece: one call gives their slopes.
        self._slopes, start = [], 0
        for name, layers in groupby(zip(activations[:-1], sizes[1:-1], strict=True), key=lambda layer: layer[0]):
            piece = slice(start, start + rows * sum(units for _, units in layers))
            self._slopes.append((ACTIVATIONS[name].derivative, flat_z[piece], flat_a[piece], flat_slope[piece]))
            start = piece.stop
        delta_T = [d.T for d in self.delta]
        self._first = delta_T[0], self.dW[0], self.delta[0], self.db[0]
        self._layers = [
            (*own, a[l - 1], weights[l], self.delta[l - 1], slope[l - 1])
            for l, own in reversed(list(enumerate(zip(delta_T, self.dW, self.delta, self.db, strict=True))))
            if l > 0
        ]
        self._penalties = penalty_slopes(theta, sizes, l1, l2)

    def __call__(self, x: np.ndarray, y: np.ndarray) -> None:
        """Fill delta and gradient (with dW, db as its views) for x (rows, inputs) and y (rows, outputs)."""
        self._output_delta(y)
        for derivative, z, a, slope in self._slopes:
            derivative(z, a, slope)
        for delta_T, dW, delta, db, a_prev, W, delta_prev, slope in self._layers:
            delta_T.dot(a_prev, dW)
            self._ones.dot(delta, db)
            delta.dot(W, delta_prev)
            np.multiply(delta_prev, slope, delta_prev)
        delta_T, dW, delta, db = self._first
        delta_T.dot(x, dW)
        self._ones.dot(delta, db)
        for penalty in self._penalties:
            self.gradient += penalty()

    def _output_delta(self, y: np.ndarray) -> None:
        """dL/dz of the output layer. With its own loss the slope's denominator cancels against f'(z): a - y is left."""
        delta = self.delta[-1]
        if self._is_own_loss:
            np.subtract(self._a, y, delta)
        else:
            delta[:] = self._output.delta(self._z, self._a, self._loss.slope(y, self._a))
        np.multiply(delta, self._share, delta)  # of the mean loss: the one place where 1/n appears


def penalty_slopes(theta: np.ndarray, sizes: Sequence[int], l1: float, l2: float) -> list[Callable[[], np.ndarray]]:
    """Functions that give the slopes of l1 * sum|W| and l2/2 * sum W^2 at the present theta; 0 for the biases."""
    slopes: list[Callable[[], np.ndarray]] = []
    if l1 or l2:
        on_weights = np.zeros(theta.size)
        for W in parameter_views(on_weights, sizes)[0]:
            W[:] = 1.0
        l1_of_each, l2_of_each = l1 * on_weights, l2 * on_weights
        if l1:
            slopes.append(lambda: l1_of_each * np.sign(theta))
        if l2:
            slopes.append(lambda: l2_of_each * theta)
    return slopes


def penalty(net: Network, l1: float, l2: float) -> float:
    """l1 * sum|W| + l2/2 * sum W^2 over the weights of a network (not its biases), as a float."""
    total = 0.0
    if l1:
        total += l1 * sum(float(np.abs(W).sum()) for W in net.weights)
    if l2:
        total += 0.5 * l2 * sum(float((W * W).sum()) for W in net.weights)
    return total


@dataclass(frozen=True, eq=False)
class Backward:
    """What a backward pass computed, for a batch of n rows.

    data_loss: mean over the samples; loss: the same plus l1 and l2. delta[l] (n, units): dL/dz of the data loss.
    dW[l], db[l]: shaped as W[l], b[l], with l1 and l2; gradient: all of them, flat like theta. dx (n, inputs): dL/dx.
    """

    loss: float
    data_loss: float
    delta: tuple[np.ndarray, ...]
    dW: tuple[np.ndarray, ...]
    db: tuple[np.ndarray, ...]
    dx: np.ndarray
    gradient: np.ndarray


def backpropagate(
    net: Network, fwd: Forward, y: ArrayLike, loss: str = "bce", l1: float = 0.0, l2: float = 0.0
) -> Backward:
    """The gradient of the mean loss over the batch of `fwd` (= net.forward(x)) against the targets y.

    y: (n, outputs), or (n,) class numbers for cross_entropy. Returns a `Backward`. ValueError for a pair of output and
    loss that has no meaning, and for shapes that would broadcast.
    """
    check_pair(net.activations[-1], loss)
    at_least_zero(l1=l1, l2=l2)
    y = as_targets(y, loss, *fwd.output.shape)
    forward = ForwardPass(net.theta, net.sizes, net.activations, len(fwd.x))
    for l, (z, a) in enumerate(zip(fwd.z, fwd.a, strict=True)):  # the same numbers, one layer after the other
        forward.z[l][:], forward.a[l][:] = z, a
    run = BackwardPass(forward, loss, l1, l2)
    run(fwd.x, y)
    return record(net, fwd, y, loss, l1, l2, run)


def record(net: Network, fwd: Forward, y: np.ndarray, loss: str, l1: float, l2: float, run: BackwardPass) -> Backward:
    """The `Backward` of a backward pass that has been run, and will not be run again."""
    data_loss = mean_loss(loss, y, fwd.output, fwd.z[-1])
    run.gradient.setflags(write=False)
    dx = run.delta[0] @ net.weights[0]
    dx.setflags(write=False)
    dW, db = parameter_views(run.gradient, net.sizes)
    return Backward(data_loss + penalty(net, l1, l2), data_loss, frozen(run.delta), dW, db, dx, run.gradient)


@dataclass(frozen=True, eq=False)
class Chain:
    """The factors that a backward pass multiplies, for a batch of n rows: what `Backward` has only as products.

    loss_slope (n, outputs): dL/da of each sample's own loss, without the 1/n; infinite where a probability rounds to 0
    on the wrong side. da[l] (n, units), hidden layers only: dL/da of the mean loss. slope[l] (n, units): f'(z); for
    softmax the own derivative of each unit, whose whole Jacobian `jacobian` (n, outputs, outputs) has (else None).
    dW[l], db[l], gradient: of the data loss, without l1 and l2.
    """

    loss_slope: np.ndarray
    da: tuple[np.ndarray, ...]
    slope: tuple[np.ndarray, ...]
    jacobian: np.ndarray | None
    dW: tuple[np.ndarray, ...]
    db: tuple[np.ndarray, ...]
    gradient: np.ndarray


def chain(net: Network, fwd: Forward, bwd: Backward, y: ArrayLike, loss: str) -> Chain:
    """The factors of a backward pass (see `Chain`), from its records: a_prev, delta and W are read, not made again."""
    output = net.activations[-1]
    y = as_targets(y, loss, *fwd.output.shape)
    da = tuple(delta.dot(W) for delta, W in zip(bwd.delta[1:], net.weights[1:], strict=True))
    slope = [ACTIVATIONS[name].derivative(z, a) for name, z, a in zip(net.activations, fwd.z, fwd.a, strict=True)]
    gradient = np.empty(net.n_parameters)
    dW, db = parameter_views(gradient, net.sizes)
    for layer, delta in enumerate(bwd.delta):
        a_prev = fwd.a[layer - 1] if layer else fwd.x
        delta.T.dot(a_prev, dW[layer])
        np.ones(len(delta)).dot(delta, db[layer])
    gradient.setflags(write=False)
    jacobian = softmax_jacobian(fwd.output) if output == "softmax" else None
    return Chain(
        LOSSES[loss].slope(y, fwd.output),
        frozen(da),
        frozen(slope),
        jacobian,
        *parameter_views(gradient, net.sizes),
        gradient,
    )


def sample_gradients(fwd: Forward, bwd: Backward, layer: int, unit: int, source: int | None = None) -> np.ndarray:
    """dL/dw of each sample's own loss (n,), for one weight (source: a unit of the layer before) or bias (source None).

    Their mean over the samples is the data gradient of that parameter: who pulled it, which way, and how hard.
    """
    delta = bwd.delta[layer][:, unit]
    a_prev = fwd.a[layer - 1] if layer else fwd.x
    pull = delta if source is None else delta * a_prev[:, source]
    return pull * len(delta)  # delta has the 1/n of the mean loss


def penalty_gradients(net: Network, l1: float, l2: float) -> tuple[np.ndarray, np.ndarray]:
    """The slopes of l1 * sum|W| and of l2/2 * sum W^2, two flat vectors like theta (0 where the strength is 0)."""

    def slope(l1: float, l2: float) -> np.ndarray:
        slopes = penalty_slopes(net.theta, net.sizes, l1, l2)
        return slopes[0]() if slopes else np.zeros(net.n_parameters)

    return slope(l1, 0.0), slope(0.0, l2)
