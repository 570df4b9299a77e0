"""Curvature: how fast the slope itself changes, and so how large a learning rate may be.

Near theta the loss is L + g.d + d.H.d / 2 for a small step d. H, the Hessian, holds the second derivatives. Along an
eigenvector of H with eigenvalue lambda (its curvature), gradient descent multiplies the distance from the lowest point
by 1 - learning_rate * lambda in each update. So on a loss that is exactly such a bowl it converges for every learning
rate below 2 / (largest lambda), and diverges above (LeCun, Bottou, Orr & Mueller 1998, "Efficient BackProp", section
5). One linear unit with the mse is such a bowl; elsewhere the curvature changes on the way.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .backpropagation import backpropagate
from .network import Network

STEP = 1e-4  # length of the step for the difference of two gradients: its cut-off falls with h^2, its noise with 1/h
ROUNDS = 1000  # of power iteration at most
ENOUGH = 1e-4  # |H v - lambda v| beside |lambda|, at which v counts as an eigenvector; lambda is nearer still


def linear_unit_hessian(x: ArrayLike) -> np.ndarray:
    """The second derivatives of the mse of one linear unit over x (n, inputs): (inputs + 1, inputs + 1), as theta.

    2/n times the sum over the samples of (x, 1)(x, 1)': neither the targets nor the parameters appear in it, so the
    curvature is the same everywhere.
    """
    rows = np.asarray(x, dtype=np.float64)
    rows = np.column_stack([rows, np.ones(len(rows))])
    return 2 / len(rows) * rows.T @ rows


def lowest_point(hessian: np.ndarray, theta: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """Where a bowl of constant curvature has slope 0, from the gradient at any theta: theta - H^-1 gradient."""
    return theta - np.linalg.solve(hessian, gradient)


def edge(curvature: float) -> float:
    """The learning rate from which on gradient descent diverges along a direction of this curvature: 2 / curvature."""
    return 2 / curvature


def factor(learning_rate: float, curvature: float) -> float:
    """What gradient descent multiplies the distance from the lowest point by, along a direction of this curvature."""
    return 1 - learning_rate * curvature


def hessian_times(net: Network, x: ArrayLike, y: ArrayLike, direction: ArrayLike, loss: str = "bce") -> np.ndarray:
    """H v: how the gradient changes along v (n_parameters,), by the central difference of two gradients.

    Only two backward passes, where H itself would be n_parameters squared numbers (Pearlmutter 1994, section 2).
    """
    v = np.asarray(direction, dtype=np.float64)
    step = STEP / np.linalg.norm(v)
    ahead, behind = (net.replace(net.theta + sign * step * v) for sign in (1, -1))
    slopes = [backpropagate(near, near.forward(x), y, loss).gradient for near in (ahead, behind)]
    return (slopes[0] - slopes[1]) / (2 * step)


@dataclass(frozen=True, eq=False)
class Curvature:
    """An eigenvalue of H and its direction, of length 1."""

    value: float
    direction: np.ndarray


def largest_curvature(net: Network, x: ArrayLike, y: ArrayLike, loss: str = "bce", seed: int = 0) -> Curvature:
    """The largest eigenvalue of H at net, by power iteration: v becomes H v, over and over, and turns into the
    direction that H stretches most (Golub & Van Loan 2013, chapter 8). seed: of the direction it begins with.

    Where that one curves downwards, the largest is looked for once more, with H shifted by it.
    """
    found = _power_iteration(net, x, y, loss, 0.0, seed)
    return found if found.value >= 0 else _power_iteration(net, x, y, loss, found.value, seed)


def _power_iteration(net: Network, x: ArrayLike, y: ArrayLike, loss: str, shift: float, seed: int) -> Curvature:
    """The eigenvalue of H whose distance from `shift` is largest."""
    stretched = np.random.default_rng(seed).standard_normal(net.n_parameters)
    for _ in range(ROUNDS):
        v = stretched / np.linalg.norm(stretched)
        stretched = hessian_times(net, x, y, v, loss) - shift * v
        value = float(v @ stretched)
        if np.linalg.norm(stretched - value * v) <= ENOUGH * abs(value):
            break
    v.setflags(write=False)
    return Curvature(value + shift, v)
