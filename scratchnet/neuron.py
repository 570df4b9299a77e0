"""A single neuron: a weighted sum of its inputs plus a bias, then an activation. Nothing more."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .activations import ACTIVATIONS
from .values import as_numbers, find


class Neuron:
    """Weights (inputs,), a bias and an activation's name. ValueError in one sentence for anything else.

    >>> Neuron([1.0, -2.0], 0.5).z([3.0, 1.0])
    1.5
    """

    def __init__(self, weights: ArrayLike, bias: ArrayLike, activation: str = "sigmoid") -> None:
        self.weights, bias = as_numbers(weights, "A neuron's weights"), as_numbers(bias, "A neuron's bias")
        self.activation = activation
        find(activation, ACTIVATIONS, "A neuron's activation")
        if activation == "softmax":
            raise ValueError("Softmax compares the units of a layer, so a single neuron cannot use it; choose sigmoid.")
        if self.weights.ndim != 1 or bias.ndim != 0:
            raise ValueError(
                f"A neuron needs a list of weights and one bias; got shapes {self.weights.shape} and {bias.shape}."
            )
        self.weights.setflags(write=False)
        self.bias = float(bias)

    def z(self, x: ArrayLike) -> Any:
        """The pre-activation: x (inputs,) -> a number, or x (n, inputs) -> (n,)."""
        x = self._inputs(x)
        z = x @ self.weights + self.bias
        return float(z) if x.ndim == 1 else z

    def forward(self, x: ArrayLike) -> Any:
        """The activation a = f(z), shaped as z."""
        z = self.z(x)
        a = ACTIVATIONS[self.activation].f(np.asarray(z))
        return float(a) if np.ndim(z) == 0 else a

    def products(self, x: ArrayLike) -> np.ndarray:
        """The terms of z one by one, without the bias: weight times input, shaped as x."""
        return self.weights * self._inputs(x)

    def slope(self, x: ArrayLike) -> Any:
        """How fast a answers to z here: f'(z), shaped as z."""
        z, a = np.atleast_1d(self.z(x)), np.atleast_1d(self.forward(x))
        slope = ACTIVATIONS[self.activation].derivative(z, a)
        return float(slope[0]) if np.ndim(x) == 1 else slope

    def _inputs(self, x: ArrayLike) -> np.ndarray:
        x = as_numbers(x, "A neuron's inputs")
        if x.ndim not in (1, 2) or x.shape[-1] != self.weights.size:
            raise ValueError(
                f"This neuron expects {self.weights.size} inputs a sample; got an array of shape {x.shape}."
            )
        return x
