"""Pulls: how each sample of the mini-batch pulled one weight or bias."""

from dataclasses import dataclass

import numpy as np

from scratchnet import backpropagation
from ui.walkthrough.frame import UNIT


@dataclass(frozen=True, eq=False)
class Shares:
    """How each sample of the mini-batch pulled one parameter.

    gradients (n,): dL/dw of each sample's own loss. mean: their mean, the gradient of the data loss. order (n,): rows,
    the strongest pull first.
    """

    gradients: np.ndarray
    mean: float
    order: np.ndarray


def shares(step, focus):
    """Who pulled this weight or bias: a `Shares`. ValueError when the focus is a whole unit."""
    focus = focus.checked(step)
    if focus.source == UNIT:
        raise ValueError("Shares belong to one weight or bias; got a whole unit: name a source, or None for the bias.")
    pulls = backpropagation.sample_gradients(step.forward, step.backward, focus.layer, focus.unit, focus.source)
    order = np.argsort(-np.abs(pulls), kind="stable")
    for array in (pulls, order):
        array.setflags(write=False)
    return Shares(pulls, float(pulls.mean()), order)
