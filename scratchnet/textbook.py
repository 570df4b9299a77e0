"""Textbook forms: formulas exactly as they are printed, for a page that shows where they break in floating point.

Nothing that trains uses them. scratchnet computes the same numbers in forms that hold for every z: see the sigmoid in
activations.py and the binary cross-entropy in losses.py.
"""

import numpy as np


def sigmoid(z):
    """1 / (1 + exp(-z)). NumPy's exp overflows for z below -709.78."""
    return 1.0 / (1.0 + np.exp(-z))


def binary_cross_entropy(y, a):
    """-(y ln a + (1 - y) ln(1 - a)) for 0 <= a <= 1. 1 - a is exactly 0 for a sigmoid from z = 37, and ln 0 is -inf."""
    return -(y * np.log(a) + (1.0 - y) * np.log(1.0 - a))


def logit(a):
    """ln(a / (1 - a)): the z whose sigmoid is a, for 0 < a < 1."""
    return np.log(a / (1.0 - a))
