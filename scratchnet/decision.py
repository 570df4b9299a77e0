"""The decision: how a network's outputs become an answer. Which class, or for a regression the number itself.

It is said here once. Accuracy, stop rules, confusion counts, maps, lines, colours and charts ask here, so that none of
them can call a class what another one does not.
"""

from dataclasses import dataclass

import numpy as np

from .datasets import spec_of
from .experiment import Experiment
from .task import is_signed, outputs_of


@dataclass(frozen=True)
class Decision:
    """How outputs (n, outputs) become answers (n,).

    classes: how many there are; 0 where the answer is a number. outputs: how many output units there are.
    cut: with one output and two classes, class 1 is where the output is greater than this (at the cut: class 0).
    With an output for each class the answer is the class with the largest one (of equal ones the first).
    """

    classes: int
    outputs: int
    cut: float | None

    def answers(self, outputs: np.ndarray) -> np.ndarray:
        """The answers (n,): class numbers as int64, or for a regression the outputs themselves, float64.

        Targets as `coded_targets` writes them are outputs of a network that is always right: the answers of the targets
        are the true classes. An output that is not a number is no answer to be drawn: as a class it counts as 0.
        """
        outputs = np.asarray(outputs)
        if outputs.ndim != 2 or outputs.shape[1] != self.outputs:
            raise ValueError(f"answers: expected outputs of shape (n, {self.outputs}), got {outputs.shape}.")
        if not self.classes:
            return outputs[:, 0]
        if self.cut is None:
            return outputs.argmax(axis=1)
        return (outputs[:, 0] > self.cut).astype(np.int64)

    def changes(self, here: np.ndarray, there: np.ndarray) -> np.ndarray:
        """Where the answer changes between two places: the share (n,) of the way from `here` to `there`, 0 to 1.

        here, there: outputs (n, outputs) of places whose answers are different classes. Between them the outputs are
        taken to lie on straight lines. Where they say nothing (not numbers, or both as near) it is halfway.
        """
        with np.errstate(invalid="ignore", divide="ignore"):
            if self.cut is not None:
                before, after = here[:, 0] - self.cut, there[:, 0] - self.cut
            else:
                rows, mine, other = np.arange(len(here)), self.answers(here), self.answers(there)
                before, after = here[rows, mine] - here[rows, other], there[rows, mine] - there[rows, other]
            shares = before / (before - after)
        return np.clip(np.nan_to_num(shares, nan=0.5), 0.0, 1.0)


def decision_of(experiment: Experiment) -> Decision:
    """The decision of an Experiment's network. The cut is the middle between the two targets of `coded_targets`."""
    spec = spec_of(experiment.dataset)
    outputs = outputs_of(experiment.dataset, experiment.output)
    if spec.task == "regression":
        return Decision(0, outputs, None)
    cut = None if outputs > 1 else 0.0 if is_signed(experiment) else 0.5
    return Decision(spec.classes, outputs, cut)
