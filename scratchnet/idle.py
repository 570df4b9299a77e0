"""Idle: settings that change nothing in an experiment as it stands, and why: another value of theirs is the same run.

Whoever offers a choice asks here first, because a new start of the same run throws training away for nothing.
"""

from .datasets import spec_of
from .experiment import Experiment

DRAWN = ("samples", "noise")
SPLIT = ("train_fraction", "validation_fraction", "data_seed")
ALL_ALIKE = ("zeros", "constant")


def why_idle(experiment: Experiment, training_points: int, setting: str, value: object = None) -> str:
    """One sentence on why another value of this setting would change nothing, "" where it would change the run.

    value: the one that is asked about; only of some settings it depends on it, and without it the answer there is "".
    """
    spec = spec_of(experiment.dataset)
    if setting in DRAWN and (spec.fixed or spec.given):
        return "Nothing is drawn at random: the points of this data set are given."
    if setting in SPLIT and spec.fixed:
        return "Nothing is drawn at random: the points of this data set are given."
    if setting in SPLIT and spec.parts is not None:
        return "Each point says by itself whether it is for training or for testing."
    if setting == "activation" and not experiment.hidden:
        return "There is no hidden layer that would use it."
    if setting == "init_seed" and experiment.initializer in ALL_ALIKE:
        return "Nothing is drawn at random: the first weights are all the same number."
    if setting == "order_seed" and not experiment.shuffle:
        return "Shuffle is off: the training points come in the same order in every epoch."
    if setting in ("order_seed", "shuffle") and experiment.batch_size >= training_points:
        return "Each update takes all training points: there is no order."
    if setting == "batch_size" and isinstance(value, int) and min(experiment.batch_size, value) >= training_points:
        return f"Each update takes all {training_points:,} training points: no batch is larger."
    return ""
