"""Frame: one thing that happens in an update, what lights up with it, its code, and what the learner has chosen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from scratchnet import network

UNIT = "unit"  # Focus.source for all parameters of a unit; None is its bias, as in Run.edit
STAGES = ("start", "forward", "loss", "backward", "regularisation", "optimizer", "update", "check")


@dataclass(frozen=True)
class Focus:
    """What the learner chose: a unit of a layer, one of its weights (source) or its bias, and a sample.

    Counted from 0; layer -1 is the output layer. source: a unit of the layer before, None for the bias, UNIT for
    the unit itself. sample: a row of the mini-batch.
    """

    layer: int = -1
    unit: int = 0
    source: Any = UNIT
    sample: int = 0

    def checked(self, step):
        """The same with layer and unit counted from 0; ValueError in one sentence for something that is not there."""
        sizes, rows = step.before.sizes, len(step.forward.x)
        layer = self.layer + len(sizes) - 1 if self.layer < 0 else self.layer
        source = None if self.source == UNIT else self.source
        network.parameter_index(sizes, layer, self.unit, source)
        if not 0 <= self.sample < rows:
            raise ValueError(f"The mini-batch has {rows} samples, counted from 0; got {self.sample}.")
        return Focus(layer, self.unit, self.source, self.sample)


@dataclass(frozen=True)
class Lit:
    """What lights up: units (layer, unit), layer -1 for the inputs; links and cells of W (layer, unit, source), source
    None for a bias; samples: rows of the mini-batch."""

    units: tuple = ()
    links: tuple = ()
    samples: tuple = ()


@dataclass(frozen=True)
class Code:
    """The function of scratchnet that is shown beside a frame, and the text that marks the line in it ("": all).

    engine: None where the training runs this very function; else the one that it runs, with the same numbers in arrays
    kept for speed, and `function` is the textbook form of it.
    """

    function: Callable
    mark: str = ""
    engine: Callable | None = None


@dataclass(frozen=True, eq=False)
class Frame:
    """One thing that happens in an update.

    key: its name in a link ("z1", "delta2", "optimizer m_hat"). layer: from 0, or None. formula: LaTeX in letters.
    lines: the formula with numbers, for what is shown; `more` counts what is not. result: the exact numbers, an array
    whose shape `shape` puts in words and whose place on the graph `place` names: "units" (n, units), "weights" (units,
    sources), "biases" (units,), "parameters" (flat like theta), "samples" (n,), "number" (), "numbers" or "jacobian".
    operands: ((symbol, array), ...), what the result was made of, for a picture in matrices.
    weights_old: whether the numbers belong to the weights before the update.
    """

    stage: str
    key: str
    symbol: str
    title: str
    sentence: str
    formula: str
    lines: tuple
    result: np.ndarray
    shape: str
    place: str
    lit: Lit
    code: Code
    layer: int | None = None
    more: int = 0
    weights_old: bool = True
    operands: tuple = ()

    @property
    def action(self):
        """The button that this frame belongs to: "compute gradients", "apply update" or "check"."""
        if self.stage in ("optimizer", "update"):
            return "apply update"
        return "check" if self.stage == "check" else "compute gradients"
