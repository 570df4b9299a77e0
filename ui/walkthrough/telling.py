"""Telling: a step with the factors that it did not keep, what is shown of it where there is much, and its words."""

import numpy as np

import scratchnet as sn
from scratchnet import backpropagation, network
from ui import formulas as tex
from ui.walkthrough.frame import UNIT, Frame, Lit

L_ALL = r"L_{\text{all}}"  # the loss with regularisation
ALL_UNITS_UP_TO = 4  # a larger layer shows one unit and counts the others
ALL_CELLS_UP_TO = 6
CLASS_TERMS = 12
LINKS_LIT_UP_TO = 400  # beyond, only those of the units shown light up
LARGEST_PLAIN_EXPONENT = 30.0  # a softmax of larger |z| is shown with the largest z subtracted, as it is computed


def frame_of(stage, key, *, lines, result, axes, **others):
    """A Frame whose result is an array of float64 that nobody writes into. axes: its shape in words."""
    result = np.asarray(result, dtype=np.float64)
    result.setflags(write=False)
    return Frame(stage, key, lines=tuple(lines), result=result, shape=f"{result.shape}: {axes}", **others)


def some(count, chosen):
    """As many of the numbers below count as are written out, in order, the chosen one among them."""
    return sorted([chosen, *tex.first(count, ALL_UNITS_UP_TO - 1, {chosen})])


def powers_of(z):
    """Softmax's powers of e: what is subtracted from each z (None: nothing), power(k) in pieces, and their values."""
    shift = float(z.max()) if np.abs(z).max() > LARGEST_PLAIN_EXPONENT else None
    minus = [] if shift is None else ["-", shift]
    return shift, lambda k: ["e^{", z[k], *minus, "}"], np.exp(z - (shift or 0.0))


def add_up_classes(y, term):
    """A sum over classes in pieces. One whose target is 0 adds 0, and its logarithm or quotient need not exist."""
    true = np.flatnonzero(y)
    pieces = tex.add_up(len(true), lambda i: term(true[i]), (), limit=len(true))
    others = len(y) - len(true)
    return [*pieces, rf"+\underbrace{{0}}_{{\text{{{others} with y=0}}}}"] if others else pieces


class Telling:
    """One Step as it is told. `only`: of a layer just the chosen unit."""

    def __init__(self, step, focus, only):
        self.step, self.focus, self.only = step, focus.checked(step), only
        self.net, self.forward, self.backward, self.y = step.before, step.forward, step.backward, step.y
        self.n, self.layers = len(step.y), len(step.before.weights)
        self.last = self.layers - 1  # the output layer
        self.loss = sn.LOSSES[step.trainer.loss]
        self.outputs = step.before.sizes[-1]
        self.output = step.before.activations[-1]
        self.is_own = self.loss.own_output == self.output
        self.chain = backpropagation.chain(self.net, self.forward, self.backward, self.y, self.loss.name)
        self.s, self.all_samples = self.focus.sample, tuple(range(self.n))

    def chosen_unit(self, layer):
        """The unit of a layer that is shown even where not all are: the learner's, elsewhere the first."""
        return self.focus.unit if layer == self.focus.layer else 0

    def chosen_source(self, layer):
        """The source of the learner's weight if it is one of this layer; else None."""
        is_weight = layer == self.focus.layer and isinstance(self.focus.source, int)
        return self.focus.source if is_weight else None

    def units(self, layer):
        """The units of a layer whose lines are written out."""
        count = self.net.sizes[layer + 1]
        if self.only or count > ALL_UNITS_UP_TO:
            return [self.chosen_unit(layer)]
        return list(range(count))

    def cells(self, layer):
        """The weights of a layer whose lines are written out, as (layer, unit, source)."""
        sources, units = self.net.sizes[layer], self.net.sizes[layer + 1]
        unit, source = self.chosen_unit(layer), self.chosen_source(layer)
        if self.only and source is not None:
            return [(layer, unit, source)]
        if not self.only and sources * units <= ALL_CELLS_UP_TO:
            return [(layer, k, j) for k in range(units) for j in range(sources)]
        return [(layer, unit, j) for j in some(sources, source or 0)]

    def parameters(self):
        """The parameters whose lines are written out in a frame about all of them: (cell, index in theta)."""
        f = self.focus
        sources = [*some(self.net.sizes[f.layer], 0), None] if f.source == UNIT else [f.source]
        cells = [(f.layer, f.unit, source) for source in sources]
        return [(cell, network.parameter_index(self.net.sizes, *cell)) for cell in cells]

    def layer_name(self, layer):
        return "the output layer" if layer == self.last else f"hidden layer {layer + 1}"

    def of_sample(self):
        return f" The lines show sample {self.s + 1} of {self.n}." if self.n > 1 else ""

    def rows(self):
        return "1 sample" if self.n == 1 else f"{self.n} samples"

    def a_prev(self, layer):
        return self.forward.a[layer - 1] if layer else self.forward.x

    def into(self, layer, units):
        """The links into a layer: all of them, or those of the units shown where there are very many."""
        count, sources = self.net.sizes[layer + 1], self.net.sizes[layer]
        if not self.only and count * sources <= LINKS_LIT_UP_TO:
            units = range(count)
        return tuple((layer, k, j) for k in units for j in range(sources))

    def all_units(self, layer):
        """The units of a layer that light up; layer -1 for the inputs."""
        is_one = self.only and layer >= 0
        return tuple((layer, k) for k in (self.units(layer) if is_one else range(self.net.sizes[layer + 1])))

    def biases(self, layer):
        """The biases of a layer that light up."""
        return tuple((layer, k, None) for _, k in self.all_units(layer))

    def output_units(self):
        return tuple((self.last, k) for k in range(self.outputs))

    def mean(self, values, chosen):
        """The mean of one number a sample, in pieces."""
        return [*tex.over(self.n), "(", *tex.add_up(self.n, lambda s: [values[s]], values, chosen), ")"]

    def about_units(self, stage, name, layer, *, sentence, lit=None, **others):
        """A frame whose result has a number for each sample and each unit of a layer."""
        count = self.net.sizes[layer + 1]
        return frame_of(
            stage,
            f"{name}{layer + 1}",
            layer=layer,
            sentence=sentence + self.of_sample(),
            axes=f"{self.rows()}, {count} unit{'s' * (count != 1)}",
            place="units",
            lit=lit or Lit(units=self.all_units(layer), samples=(self.s,)),
            more=count - len(self.units(layer)),
            **others,
        )

    def about_parameters(self, stage, key, *, line, axes="flat like theta", samples=(), **others):
        """A frame whose result is flat like theta, with a line for each parameter shown: line(cell, index)."""
        shown = self.parameters()
        return frame_of(
            stage,
            key,
            lines=[line(cell, i) for cell, i in shown],
            axes=axes,
            place="parameters",
            lit=Lit(links=tuple(cell for cell, _ in shown), samples=samples),
            more=self.net.n_parameters - len(shown),
            **others,
        )
