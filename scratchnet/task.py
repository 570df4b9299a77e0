"""The task of a data set: which output and loss fit it, and how its targets are written for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from .datasets import DATASETS, spec_of
from .losses import check_pair
from .points import Points
from .scaling import Scale
from .values import one_of, shown

if TYPE_CHECKING:
    from .experiment import Experiment

_CLASS_LOSSES = ("bce", "cross_entropy", "hinge")
# Outputs that cannot reach every number, in words.
_RANGES = {
    "sigmoid": "stays between 0 and 1",
    "tanh": "stays between -1 and 1",
    "relu": "is never below 0",
    "softplus": "is never below 0",
    "elu": "is never below -1",
    "gelu": "is never below -0.17",
    "swish": "is never below -0.28",
}


def checked_dataset(dataset: object) -> str | Points:
    """A known name, or Points. ValueError with one sentence for anything else."""
    return dataset if isinstance(dataset, Points) else one_of("dataset", dataset, DATASETS)


def defaults_for(dataset: str | Points) -> dict[str, Any]:
    """The usual features, output and loss for a data set, as fields of an Experiment. ValueError: unknown name."""
    spec = spec_of(checked_dataset(dataset))
    features = tuple(f"x{number}" for number in range(1, len(spec.names) + 1))
    return {"features": features, "output": spec.output, "loss": spec.loss}


def outputs_of(dataset: str | Points, output: str) -> int:
    """Output units: one a class where a softmax shares 1 among the classes, else one."""
    return spec_of(dataset).classes if output == "softmax" else 1


def check_task(dataset: str | Points, output: str, loss: str) -> None:
    """ValueError for an output and a loss that mean nothing together, or nothing for the task of the data set."""
    check_pair(output, loss)
    spec, wrong = spec_of(dataset), ""
    task, dataset = spec.task, shown(spec.name) if isinstance(dataset, Points) else dataset
    if task == "regression" and loss in _CLASS_LOSSES:
        wrong = f"a loss for the numbers of {dataset}, got {loss}, which is for classes"
    elif task == "regression" and output == "softmax":
        wrong = f"an output for the numbers of {dataset}, got softmax, which is for classes"
    elif task == "multiclass" and output != "softmax":
        wrong = f"an output with a unit for each class of {dataset}, got {output}"
    elif output == "softmax" and loss == "hinge":
        wrong = "an output that can be negative for the loss hinge, got softmax"
    if wrong:
        raise ValueError(f"output and loss: expected {wrong}; choose {spec.output} and {spec.loss}.")


def unusual(experiment: Experiment) -> str:
    """One sentence on an Experiment's output and loss: allowed but unusual for the task. "" when they are usual."""
    spec = spec_of(experiment.dataset)
    output, loss = experiment.output, experiment.loss
    advice = f"{spec.output} with {spec.loss} is the usual choice."
    if spec.task == "regression":
        if output in _RANGES:
            return f"The output {output} {_RANGES[output]}, so it cannot follow targets beyond that; {advice}"
        return f"The output {output} bends what the last layer adds up; {advice}" if output != "identity" else ""
    if (output, loss) in (("sigmoid", "bce"), ("softmax", "cross_entropy"), ("identity", "hinge")):
        return ""
    if loss == "hinge" and output == "tanh":
        return "The hinge loss wants outputs beyond -1 and 1, which tanh never reaches; identity is its usual output."
    if loss == "hinge":
        return f"The hinge loss wants outputs on both sides of 0, and {output} is not made for that; identity is usual."
    if output in ("sigmoid", "softmax", "tanh"):
        return f"With the output {output}, {loss} learns slowly where the answer is surely wrong; {advice}"
    return f"With the output {output}, {loss} also punishes answers that are right by a wide margin; {advice}"


def is_signed(experiment: Experiment) -> bool:
    """Whether an Experiment's two-class targets are coded -1 and +1 (tanh output or hinge loss) instead of 0 and 1."""
    return experiment.output == "tanh" or experiment.loss == "hinge"


def coded_targets(experiment: Experiment, task: str, y: ArrayLike, scale: Scale | None = None) -> np.ndarray:
    """A data set's targets y (n, 1) or (n,) as the loss of an Experiment wants them, float64 (n, outputs).

    Softmax: one-hot. Two classes: 0/1, or -1/+1 (see `is_signed`). Regression: the values, scaled.
    """
    y = np.array(y, dtype=np.float64)
    if experiment.output == "softmax":
        return np.eye(experiment.sizes[-1])[y.reshape(-1).astype(np.int64)]
    y = y.reshape(-1, 1)
    if task == "binary" and is_signed(experiment):
        return 2.0 * y - 1.0
    return y if scale is None else scale(y)
