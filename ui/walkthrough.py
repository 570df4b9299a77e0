"""The walkthrough: one update, told number by number. A `Step` in, an ordered tuple of frames out.

A frame says one thing: a formula, the same formula with the numbers in it, what came out, and where on the graph it is.
No formula is here: the numbers are those that `Trainer.step` returned, and what it did not keep (f', the slope of the
loss, an optimizer's corrections) is computed once more by the functions of `scratchnet`: those that training uses, and
`update_parts.py`.
"""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import scratchnet as sn
from scratchnet import activations, backpropagation, losses, network, textbook, trainer
from scratchnet.gradient_check import slope_across
from scratchnet.update_parts import parts as update_parts
from ui import formulas as tex
from ui.formulas import DELTA
from ui.kit import numbers

L_ALL = r"L_{\text{all}}"  # the loss with regularisation
UNIT = "unit"  # Focus.source for all parameters of a unit; None is its bias, as in Run.edit
ALL_UNITS_UP_TO = 4  # a larger layer shows one unit and counts the others
ALL_CELLS_UP_TO = 6
CLASS_TERMS = 12
LINKS_LIT_UP_TO = 400  # beyond, only those of the units shown light up
LARGEST_PLAIN_EXPONENT = 30.0  # a softmax of larger |z| is shown with the largest z subtracted, as it is computed
STAGES = ("start", "forward", "loss", "backward", "regularisation", "optimizer", "update", "check")

SLOPE_NOTES = {  # what is unusual in the formula of a slope: of an activation function, of a loss
    "relu": " The square brackets are 1 where it is true, and 0 where not.",
    "bce": " The slope of ln a is 1/a, that of ln(1 - a) is -1/(1 - a): so it is -y/a + (1 - y)/(1 - a), which over one"
    " denominator is this.",
    "cross_entropy": " The slope of ln a is 1/a, so that of -y ln a is this.",
    "hinge": " The square brackets are 1 where it is true, and 0 where not.",
    "swish": " The letter sigma is the sigmoid.",
    "gelu": " Phi and phi are the normal distribution and its density.",
}
PART_TITLES = {
    "decayed": "gradient with weight decay",
    "shrunk": "weight decay, apart from the gradient",
    "velocity": "velocity",
    "look_ahead": "look ahead",
    "sum": "sum of squared gradients",
    "rate": "learning rate of this update",
    "m": "average gradient m",
    "v": "average squared gradient v",
    "u": "average squared step u",
    "average": "average gradient",
    "variance": "variance of the gradient",
    "m_hat": "m, corrected",
    "v_hat": "v, corrected",
    "mu": "share of the present gradient",
    "mu_next": "share of the average",
    "mu_product": "product of the shares",
    "step": "step before the learning rate",
}

PRINTED = {  # the textbook forms of optimizers that have one; the others', see `_printed`
    sn.Adagrad: textbook.adagrad,
    sn.Adadelta: textbook.adadelta,
    sn.Adam: textbook.adam,
    sn.AdamW: textbook.adam,
    sn.NAdam: textbook.nadam,
}
# The piece of source text by which the line of a part of an optimizer's update is found; others: "name =".
PART_MARKS = {"sum": "    total =", "step": "    d =", "look_ahead": "    ahead =", "theta": "return"}


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


def frames(step, focus=None):
    """All frames of an update, in the order in which it happens. focus: a `Focus`; None: the first output unit."""
    with np.errstate(all="ignore"):  # what overflows is named in words on the screen
        return tuple(_Walk(step, focus or Focus(), only=False).all())


def microscope(step, focus):
    """The frames of one unit, weight or bias alone: its sum, its chain rule, who pulled it, its old and new value."""
    walk = _Walk(step, focus, only=True)
    layer = walk.focus.layer + 1
    own = {f"{name}{layer}" for name in ("z", "a", "da", "slope", "delta", "dW", "db")}
    if walk.focus.source is None:
        own -= {f"dW{layer}"}
    elif walk.focus.source != UNIT:
        own -= {f"db{layer}"}
    others = {*STAGES} - {"forward", "backward"}
    with np.errstate(all="ignore"):
        return tuple(f for f in walk.all() if f.key in own or f.stage in others or f.key == "shares")


def source_code(frame):
    """The running source of a frame's function: (file name, first line number, source, marked line numbers)."""
    name, found, first = _source(frame.code.function)
    mark = frame.code.mark
    marked = tuple(first + i for i, text in enumerate(found) if mark and mark in text)
    return name, first, "".join(found), marked


def place_of_code(frame):
    """Where the code beside a frame stands, and what it is to the numbers of the frame, in words."""
    code = frame.code
    place = f"{_source(code.function)[0]}, {code.function.__qualname__}"
    if frame.stage == "start":
        return f"{place}: the code of the whole update"  # it has not run yet in the story that the frames tell
    if code.engine is None:
        return f"{place}: the code that has just run"
    file = _source(code.engine)[0]
    return f"{place}: the textbook form. Training runs it on arrays kept for speed: {file}, {_name(code.engine)}"


def _name(function):
    return function.__qualname__.removesuffix(".__call__")


def _printed(optimizer):
    """The textbook form of an optimizer's update."""
    if isinstance(optimizer, sn.SGD):
        with_memory = textbook.nesterov if optimizer.nesterov else textbook.momentum
        return with_memory if optimizer.momentum else textbook.descend
    if isinstance(optimizer, sn.RMSProp):
        return textbook.rmsprop_in_full if optimizer.centered or optimizer.momentum else textbook.rmsprop
    return PRINTED[type(optimizer)]


@functools.cache  # Python reads the whole file again for every question, and the source does not change while it runs
def _source(function):
    function = inspect.unwrap(function)
    return Path(inspect.getfile(function)).name, *inspect.getsourcelines(function)


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


# ---- the walk ------------------------------------------------------------------------------------------------------


def _frame(stage, key, *, lines, result, axes, **others):
    """A Frame whose result is an array of float64 that nobody writes into. axes: its shape in words."""
    result = np.asarray(result, dtype=np.float64)
    result.setflags(write=False)
    return Frame(stage, key, lines=tuple(lines), result=result, shape=f"{result.shape}: {axes}", **others)


def _some(count, chosen):
    """As many of the numbers below count as are written out, in order, the chosen one among them."""
    return sorted([chosen, *tex.first(count, ALL_UNITS_UP_TO - 1, {chosen})])


def _powers(z):
    """Softmax's powers of e: what is subtracted from each z (None: nothing), power(k) in pieces, and their values."""
    shift = float(z.max()) if np.abs(z).max() > LARGEST_PLAIN_EXPONENT else None
    minus = [] if shift is None else ["-", shift]
    return shift, lambda k: ["e^{", z[k], *minus, "}"], np.exp(z - (shift or 0.0))


def _add_up_classes(y, term):
    """A sum over classes in pieces. One whose target is 0 adds 0, and its logarithm or quotient need not exist."""
    true = np.flatnonzero(y)
    pieces = tex.add_up(len(true), lambda i: term(true[i]), (), limit=len(true))
    others = len(y) - len(true)
    return [*pieces, rf"+\underbrace{{0}}_{{\text{{{others} with y=0}}}}"] if others else pieces


class _Walk:
    """One Step, with the factors that it did not keep, made into frames. `only`: of a layer just the chosen unit."""

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

    def all(self):
        yield self.start()
        for layer in range(self.layers):
            yield self.z(layer)
            yield self.a(layer)
        yield from self.losses()
        for layer in reversed(range(self.layers)):
            is_last = layer == self.last
            yield self.loss_slope() if is_last else self.da(layer)
            yield self.jacobian() if is_last and self.output == "softmax" else self.slope(layer)
            yield self.output_delta() if is_last else self.delta(layer)
            yield self.dW(layer)
            yield self.db(layer)
            if layer == self.focus.layer and self.focus.source != UNIT and self.n > 1:
                yield self.shares()
        if self.step.trainer.l1 or self.step.trainer.l2:
            yield self.regularisation()
        if self.step.trainer.clip_norm is not None:
            yield self.clipping()
        yield from self.optimizer()
        t = self.step.trainer
        after = sn.total_loss(self.step.after, self.forward.x, self.y, t.loss, t.l1, t.l2)
        yield self.loss_after(after)
        yield self.prediction(after)
        yield self.check()

    # ---- what is shown, and its words ----------------------------------------------------------------------------

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
        return [(layer, unit, j) for j in _some(sources, source or 0)]

    def parameters(self):
        """The parameters whose lines are written out in a frame about all of them: (cell, index in theta)."""
        f = self.focus
        sources = [*_some(self.net.sizes[f.layer], 0), None] if f.source == UNIT else [f.source]
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

    def _about_units(self, stage, name, layer, *, sentence, lit=None, **others):
        """A frame whose result has a number for each sample and each unit of a layer."""
        count = self.net.sizes[layer + 1]
        return _frame(
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

    def _about_parameters(self, stage, key, *, line, axes="flat like theta", samples=(), **others):
        """A frame whose result is flat like theta, with a line for each parameter shown: line(cell, index)."""
        shown = self.parameters()
        return _frame(
            stage,
            key,
            lines=[line(cell, i) for cell, i in shown],
            axes=axes,
            place="parameters",
            lit=Lit(links=tuple(cell for cell, _ in shown), samples=samples),
            more=self.net.n_parameters - len(shown),
            **others,
        )

    # ---- start and forward -----------------------------------------------------------------------------------------

    def start(self):
        theta = self.net.theta
        layers = [f"{tex.array('W', layer)},{tex.array('b', layer)}" for layer in range(self.layers)]
        return self._about_parameters(
            "start",
            "start",
            symbol=r"\theta",
            title="Before the update",
            sentence=f"Update {self.step.update + 1:,} begins with these weights and biases, {self.rows()} and "
            f"the learning rate {numbers.text(self.step.learning_rate)}; the loss is the {self.loss.title}.",
            formula=r"\theta=(" + r",\ ".join(layers) + ")",
            line=lambda cell, i: tex.line(tex.weight(cell), value=theta[i], cell=cell),
            result=theta,
            axes="all weights and biases",
            samples=self.all_samples,
            code=Code(trainer.Trainer.step),
            operands=(("x", self.forward.x), ("y", self.y)),
        )

    def z(self, layer):
        W, b, a_prev, z = self.net.weights[layer], self.net.biases[layer], self.a_prev(layer), self.forward.z[layer]
        units, row, source = self.units(layer), a_prev[self.s], self.chosen_source(layer)
        chosen = () if source is None else (source,)

        def line(k):
            products = tex.add_up(W.shape[1], lambda j: [W[k, j], r"\cdot ", row[j]], W[k] * row, chosen)
            return tex.line(tex.of("z", layer, k), [*products, "+", b[k]], value=z[self.s, k], cell=(layer, k))

        return self._about_units(
            "forward",
            "z",
            layer,
            symbol=tex.array("z", layer),
            title=f"Weighted sums of {self.layer_name(layer)}",
            sentence="Each unit multiplies what comes in by its weights, adds it up and adds its bias.",
            formula=rf"{tex.of('z', layer, 'k')}=\sum_j {tex.weight((layer, 'k', 'j'))}\,{tex.of('a', layer - 1, 'j')}"
            rf"+{tex.weight((layer, 'k', None))}",
            lines=[line(k) for k in units],
            result=z,
            lit=Lit(
                units=(*self.all_units(layer - 1), *self.all_units(layer)),
                links=(*self.into(layer, units), *self.biases(layer)),
                samples=(self.s,),
            ),
            code=Code(textbook.forward, "z.append", network.ForwardPass.__call__),
            operands=((tex.array("a", layer - 1), a_prev), (tex.array("W", layer), W), (tex.array("b", layer), b)),
        )

    def a(self, layer):
        name, z, a = self.net.activations[layer], self.forward.z[layer], self.forward.a[layer]
        activation, row = sn.ACTIVATIONS[name], z[self.s]
        if name == "softmax":
            formula, side = self._softmax(layer, row)
            sentence = "Softmax turns the sums into shares of 1: probabilities of the classes."
        else:
            template = tex.slotted(activation.formula)
            formula = rf"{tex.of('a', layer, 'k')}=" + "".join(tex.general(template, {"z": tex.of("z", layer, "k")}))

            def side(k):
                return tex.fill(template, {"z": row[k]})

            sentence = f"The activation function, {name}, makes each unit's sum its output."
        return self._about_units(
            "forward",
            "a",
            layer,
            symbol=tex.array("a", layer),
            title=f"Activations of {self.layer_name(layer)}",
            sentence=sentence,
            formula=formula,
            lines=[
                tex.line(tex.of("a", layer, k), side(k), value=a[self.s, k], cell=(layer, k)) for k in self.units(layer)
            ],
            result=a,
            code=Code(activation.f, "return"),
            operands=((tex.array("z", layer), z),),
        )

    def _softmax(self, layer, row):
        """The general formula of softmax, and the pieces of one unit's, with the largest z subtracted where needed."""
        shift, power, powers = _powers(row)

        def side(k):
            return [r"\frac{", *power(k), "}{", *tex.add_up(len(row), power, powers, (k,), CLASS_TERMS), "}"]

        c = "" if shift is None else "-c"
        z_k, z_j = tex.of("z", layer, "k"), tex.of("z", layer, "j")
        formula = rf"{tex.of('a', layer, 'k')}=\frac{{e^{{{z_k}{c}}}}}{{\sum_j e^{{{z_j}{c}}}}}"
        return formula + (rf",\ c=\max_j {z_j}" if c else ""), side

    # ---- loss ------------------------------------------------------------------------------------------------------

    def losses(self):
        """The loss of each sample, their mean where there are several, and what regularisation adds to it."""
        per_sample = self.loss.per_sample(self.y, self.forward.output, self.forward.z[-1])
        title, formula, is_one = self.loss.title, self.loss.formula, self.n == 1
        general, symbol = ("L", "L") if is_one else ("L_s", rf"L_{{{self.s + 1}}}")
        words = "The loss says with one number how far the output is from the target."
        if not self._is_definition_printable():
            words += " The output rounds to 0 or 1 here, so the logarithm is taken from z, as the code does."
        yield _frame(
            "loss",
            "loss" if is_one else "losses",
            symbol=general,
            title=f"Loss: {title}" if is_one else f"Loss of each sample: {title}",
            sentence=words + self.of_sample(),
            formula=f"{general}={formula}"
            + (f"={self.loss.formula_from_z}" if self.loss.formula_from_z else "")
            + (rf",\ m={self.outputs}" if "{m}" in formula else ""),
            lines=self._loss_lines(symbol, per_sample[self.s]),
            result=per_sample,
            axes="a number for each sample",
            place="samples",
            lit=Lit(units=self.output_units(), samples=(self.s,)),
            code=Code(self.loss.per_sample, "return"),
            more=self.n - 1,
            operands=((tex.array("a", self.last), self.forward.output), ("y", self.y)),
        )
        if not is_one:
            yield _frame(
                "loss",
                "loss",
                symbol="L",
                title="Loss of the mini-batch",
                sentence="The mean over the samples; this is the number that the update makes smaller.",
                formula=rf"L=\frac{{1}}{{n}}\sum_s L_s,\ n={self.n}",
                lines=[tex.line("L", self._mean(per_sample, (self.s,)), value=self.backward.data_loss)],
                result=self.backward.data_loss,
                axes="one number",
                place="number",
                lit=Lit(units=self.output_units(), samples=self.all_samples),
                code=Code(losses.mean_loss, "return"),
                operands=(("L_s", per_sample),),
            )
        if self.step.trainer.l1 or self.step.trainer.l2:
            yield self.penalty()

    def output_units(self):
        return tuple((self.last, k) for k in range(self.outputs))

    def _mean(self, values, chosen):
        """The mean of one number a sample, in pieces."""
        return [*tex.over(self.n), "(", *tex.add_up(self.n, lambda s: [values[s]], values, chosen), ")"]

    def _is_definition_printable(self):
        """Whether the loss can be printed by its definition: not with the logarithm of almost 0."""
        a, y = self.forward.output[self.s], self.y[self.s]
        if self.loss.name == "bce":
            return bool((np.minimum(a, 1 - a) > 1e-12).all())
        if self.loss.name == "cross_entropy":
            return bool((a[y != 0] > 1e-300).all())
        return True

    def _loss_lines(self, symbol, value):
        """The loss of the sample shown: by its definition, and as it is computed from z."""
        sides = [self._loss_by_definition()] if self._is_definition_printable() else []
        if self.loss.formula_from_z:
            sides.append(self._loss_from_z())
        return [tex.line(symbol, side, value=value) for side in sides]

    def _loss_by_definition(self):
        y, a, m, factor = self.y[self.s], self.forward.output[self.s], self.outputs, self.loss.factor
        template = tex.slotted(self.loss.term)

        def term(k):
            return tex.fill(template, {"a": a[k], "y": y[k]})

        if self.loss.name == "cross_entropy":
            side = _add_up_classes(y, term)
        else:
            without_factor = {r"\frac{1}{2}": 2.0, "-": -1.0}.get(factor, 1.0)
            side = tex.add_up(m, term, without_factor * self._loss_of_each_output())
        if factor == "-":
            return ["-", *side] if m == 1 else ["-(", *side, ")"]
        is_mean_of_one = m == 1 and "{m}" in factor
        return side if is_mean_of_one else [factor.replace("{m}", f"{{{m}}}") + r"\cdot (", *side, ")"]

    def _loss_from_z(self):
        y, z = self.y[self.s], self.forward.z[-1][self.s]
        if self.loss.name == "bce":
            template = tex.slotted(self.loss.formula_from_z)
            return tex.add_up(len(z), lambda k: tex.fill(template, {"z": z[k], "y": y[k]}), self._loss_of_each_output())
        shift, power, powers = _powers(z)
        start = [] if shift is None else [shift, "+"]
        targets = [piece for k in np.flatnonzero(y) for piece in ("-", y[k], r"\cdot ", z[k])]
        return [*start, r"\ln(", *tex.add_up(len(z), power, powers, (), CLASS_TERMS), ")", *targets]

    def _loss_of_each_output(self):
        """The loss of the sample shown if it had this output alone: an array (outputs,)."""
        y, a, z = self.y[self.s], self.forward.output[self.s], self.forward.z[-1][self.s]
        return self.loss.per_sample(y[:, None], a[:, None], z[:, None])

    def penalty(self):
        l1, l2 = self.step.trainer.l1, self.step.trainer.l2
        side, formula = [self.backward.data_loss], "L"
        if l1:
            side += ["+", l1, r"\cdot ", backpropagation.penalty(self.net, 1.0, 0.0)]
            formula += r"+\lambda_1\sum|w|"
        if l2:
            side += ["+", r"\frac{", l2, r"}{2}\cdot ", backpropagation.penalty(self.net, 0.0, 2.0)]
            formula += r"+\frac{\lambda_2}{2}\sum w^2"
        return _frame(
            "loss",
            "penalty",
            symbol=L_ALL,
            title="Loss with regularisation",
            sentence="Large weights cost extra; biases do not.",
            formula=f"{L_ALL}={formula}",
            lines=[tex.line(L_ALL, side, value=self.backward.loss)],
            result=self.backward.loss,
            axes="one number",
            place="number",
            lit=Lit(samples=self.all_samples),
            code=Code(backpropagation.penalty),
        )

    # ---- backward, output layer ------------------------------------------------------------------------------------

    def loss_slope(self):
        last, slope, loss = self.last, self.chain.loss_slope, self.loss
        a, y = self.forward.output[self.s], self.y[self.s]
        template = tex.slotted(loss.slope_formula)

        def side(k):
            if (loss.name == "bce" and a[k] in (0.0, 1.0)) or (loss.name == "cross_entropy" and a[k] == 0.0):
                return []
            return tex.fill(template, {"a": a[k], "y": y[k], "m": str(self.outputs)})

        general = {"a": tex.of("a", last, "k"), "y": "y_k", "m": "m"}
        words = "How fast the loss rises when this output rises: negative means that it falls then."
        words += SLOPE_NOTES.get(loss.name, "")
        if not np.isfinite(slope).all():
            words += (
                " It is infinite where an output rounds to 0 or 1 on the wrong side; the product with f' is not, "
                "because the factor that is 0 cancels."
            )
        return self._about_units(
            "backward",
            "da",
            last,
            symbol=tex.slope_of("a", last),
            title="Slope of the loss",
            sentence=words,
            formula=tex.slope_of("a", last, "k", sample=self.n > 1)
            + "="
            + "".join(tex.general(template, general))
            + (r",\ m=" + str(self.outputs) if "«m»" in template else ""),
            lines=[
                tex.line(tex.slope_of("a", last, k, sample=self.n > 1), side(k), value=slope[self.s, k], cell=(last, k))
                for k in self.units(last)
            ],
            result=slope,
            code=Code(loss.slope, "return"),
            operands=((tex.array("a", last), self.forward.output), ("y", self.y)),
        )

    def jacobian(self):
        last, a = self.last, self.forward.output[self.s]
        J: Any = self.chain.jacobian
        k, count = self.chosen_unit(last), len(a)
        shown = _some(count, k)

        def line(j):
            left = rf"\frac{{\partial a_{{{j + 1}}}}}{{\partial z_{{{k + 1}}}}}"
            return tex.line(
                left, [a[j], r"\cdot (", "1" if j == k else "0", "-", a[k], ")"], value=J[self.s, j, k], cell=(last, j)
            )

        return _frame(
            "backward",
            f"slope{last + 1}",
            layer=last,
            symbol=r"\frac{\partial a}{\partial z}",
            title="Slopes of softmax",
            sentence=f"In softmax every output answers to every sum: raising z {k + 1} raises its own share and lowers "
            "the others." + self.of_sample(),
            formula=r"\frac{\partial a_j}{\partial z_k}=a_j\,([j=k]-a_k)",
            lines=[line(j) for j in shown],
            result=J,
            axes=f"{self.rows()}, output by sum",
            place="jacobian",
            lit=Lit(units=self.output_units(), samples=(self.s,)),
            code=Code(activations.softmax_jacobian, "return"),
            more=count * count - len(shown),
            operands=((tex.array("a", last), self.forward.output),),
        )

    def output_delta(self):
        last, delta = self.last, self.backward.delta[-1]
        over = r"\frac{1}{n}\," if self.n > 1 else ""
        a, y, z = tex.of("a", last, "k"), "y_k", tex.of("z", last, "k")
        difference = f"{over}({a}-{y})" if over else f"{a}-{y}"
        if self.is_own and self.output == "sigmoid":
            formula = rf"{over}\frac{{{a}-{y}}}{{{a}\,(1-{a})}}\cdot {a}\,(1-{a})={difference}"
            words = (
                "The slope of the loss has a (1 - a) below the line, f' is a (1 - a): they cancel, and a - y is left."
            )
        elif self.is_own:
            formula = rf"{over}\sum_j \left(-\frac{{y_j}}{{a_j}}\right)a_j\,([j=k]-a_k)"
            formula += rf"={over}({a}\sum_j y_j-{y})={difference}"
            words = "Each -y/a meets the a of softmax's slope and cancels; the targets add up to 1, and a - y is left."
        elif self.output == "softmax":
            formula = rf"{over}\sum_j \frac{{\partial L}}{{\partial a_j}}\frac{{\partial a_j}}{{\partial z_k}}"
            words = "Softmax lets every output answer to every sum, so the chain rule adds up all the ways."
        else:
            formula = rf"{over}{tex.slope_of('a', last, 'k', sample=self.n > 1)}\cdot f'({z})"
            words = "Delta says how fast the loss rises with the sum z of a unit: slope of the loss times slope of f."
        mixes = textbook.softmax_delta if self.output == "softmax" else textbook.output_delta
        printed = textbook.own_output_delta if self.is_own else mixes
        return self._about_units(
            "backward",
            "delta",
            last,
            symbol=tex.array(DELTA, last),
            title="Delta of the output",
            sentence=words + (" The mean over the samples enters here, once, as 1/n." if self.n > 1 else ""),
            formula=rf"{tex.of(DELTA, last, 'k')}={tex.slope_of('z', last, 'k')}={formula}",
            lines=[line for k in self.units(last) for line in self._output_delta_lines(k, delta[self.s, k])],
            result=delta,
            code=Code(printed, "return", backpropagation.BackwardPass._output_delta),
            operands=((tex.slope_of("a", last), self.chain.loss_slope), (r"f'", self.chain.slope[last])),
        )

    def _output_delta_lines(self, k, value):
        last, s, over = self.last, self.s, tex.over(self.n)
        a, y, g = self.forward.output[s], self.y[s], self.chain.loss_slope[s]
        left, cell = tex.of(DELTA, last, k), (last, k)

        def line(*side):
            return tex.line(left, [*over, *side], value=value, cell=cell)

        difference = line("(", a[k], "-", y[k], ")") if over else line(a[k], "-", y[k])
        if self.is_own and self.output == "sigmoid":
            if a[k] * (1 - a[k]) == 0:
                return [difference]
            own = [a[k], r"\cdot (1-", a[k], ")"]
            top = [r"\frac{", a[k], "-", y[k], r"}{\cancel{"]
            return [line(*top, *own, r"}}\cdot \cancel{", *own, "}"), difference]
        if self.is_own:
            if (a[y != 0] == 0).any():
                return [difference]

            def term(j):
                slope = ["1" if j == k else "0", "-", a[k]]
                return [r"(-\frac{", y[j], r"}{\cancel{", a[j], r"}})\cdot \cancel{", a[j], r"}\cdot (", *slope, ")"]

            return [line("(", *_add_up_classes(y, term), ")"), difference]
        if self.chain.jacobian is not None:
            J = self.chain.jacobian[s][:, k]
            return [line("(", *tex.add_up(len(a), lambda j: [g[j], r"\cdot ", J[j]], g * J, (k,)), ")")]
        return [line(g[k], r"\cdot ", self.chain.slope[last][s, k])]

    # ---- backward, all layers --------------------------------------------------------------------------------------

    def dW(self, layer):
        dW, delta, a_prev = self.chain.dW[layer], self.backward.delta[layer], self.a_prev(layer)
        cells = self.cells(layer)

        def line(cell):
            _, k, j = cell
            products = delta[:, k] * a_prev[:, j]
            side = tex.add_up(self.n, lambda s: [delta[s, k], r"\cdot ", a_prev[s, j]], products, (self.s,))
            return tex.line(tex.slope(tex.weight(cell)), side, value=dW[k, j], cell=cell)

        index = "k" if self.n == 1 else "s,k"
        product = rf"{tex.of(DELTA, layer, index)}\,{tex.of('a', layer - 1, 'j' if self.n == 1 else 's,j')}"
        return _frame(
            "backward",
            f"dW{layer + 1}",
            layer=layer,
            symbol=tex.slope(tex.array("W", layer)),
            title=f"Gradient of the weights into {self.layer_name(layer)}",
            sentence="A weight's gradient is the delta of the unit it leads to times the activation it multiplies"
            + (", added up over the samples." if self.n > 1 else "."),
            formula=rf"{tex.slope(tex.weight((layer, 'k', 'j')))}="
            + (product if self.n == 1 else rf"\sum_s {product}"),
            lines=[line(cell) for cell in cells],
            result=dW,
            axes="units of this layer, units of the layer before",
            place="weights",
            lit=Lit(
                units=tuple(dict.fromkeys(cell[:2] for cell in cells)),
                links=tuple(cells) if self.only else self.into(layer, [cells[0][1]]),
                samples=self.all_samples,
            ),
            code=Code(textbook.backward, "dW[l] =", backpropagation.BackwardPass.__call__),
            more=dW.size - len(cells),
            operands=((tex.array(DELTA, layer), delta), (tex.array("a", layer - 1), a_prev)),
        )

    def db(self, layer):
        db, delta, units = self.chain.db[layer], self.backward.delta[layer], self.units(layer)

        def line(k):
            side = tex.add_up(self.n, lambda s: [delta[s, k]], delta[:, k], (self.s,))
            return tex.line(tex.slope(tex.weight((layer, k, None))), side, value=db[k], cell=(layer, k, None))

        return _frame(
            "backward",
            f"db{layer + 1}",
            layer=layer,
            symbol=tex.slope(tex.array("b", layer)),
            title=f"Gradient of the biases of {self.layer_name(layer)}",
            sentence="A bias is a weight whose input is always 1, so its gradient is delta itself"
            + (", added up over the samples." if self.n > 1 else "."),
            formula=rf"{tex.slope(tex.weight((layer, 'k', None)))}="
            + (tex.of(DELTA, layer, "k") if self.n == 1 else rf"\sum_s {tex.of(DELTA, layer, 's,k')}"),
            lines=[line(k) for k in units],
            result=db,
            axes="units of this layer",
            place="biases",
            lit=Lit(
                units=self.all_units(layer),
                links=self.biases(layer),
                samples=self.all_samples,
            ),
            code=Code(textbook.backward, "db[l] =", backpropagation.BackwardPass.__call__),
            more=db.size - len(units),
            operands=((tex.array(DELTA, layer), delta),),
        )

    def da(self, layer):
        """dL/da of a hidden layer: what the deltas of the layer after it send back through the weights."""
        da, delta, W = self.chain.da[layer], self.backward.delta[layer + 1], self.net.weights[layer + 1]
        units, row = self.units(layer), delta[self.s]

        def line(j):
            side = tex.add_up(len(row), lambda k: [row[k], r"\cdot ", W[k, j]], row * W[:, j])
            return tex.line(tex.slope_of("a", layer, j), side, value=da[self.s, j], cell=(layer, j))

        count = W.shape[0]
        lit = self.all_units(layer)
        sources = [j for _, j in lit] if count * len(lit) <= LINKS_LIT_UP_TO else units
        return self._about_units(
            "backward",
            "da",
            layer,
            symbol=tex.slope_of("a", layer),
            title=f"Back to the activations of {self.layer_name(layer)}",
            sentence="An activation acts on the loss through every unit it feeds: each way is a delta times a weight, "
            "all added up. The weights are still the old ones.",
            formula=rf"{tex.slope_of('a', layer, 'j')}=\sum_k "
            rf"{tex.of(DELTA, layer + 1, 'k')}\,{tex.weight((layer + 1, 'k', 'j'))}",
            lines=[line(j) for j in units],
            result=da,
            lit=Lit(
                units=(*((layer + 1, k) for k in range(count)), *lit),
                links=tuple((layer + 1, k, j) for k in range(count) for j in sources),
                samples=(self.s,),
            ),
            code=Code(textbook.backward, "da =", backpropagation.BackwardPass.__call__),
            operands=((tex.array(DELTA, layer + 1), delta), (tex.array("W", layer + 1), W)),
        )

    def slope(self, layer):
        name = self.net.activations[layer]
        activation, slope = sn.ACTIVATIONS[name], self.chain.slope[layer]
        z, a = self.forward.z[layer][self.s], self.forward.a[layer][self.s]
        template = tex.slotted(activation.derivative_formula)
        words = f"How steep {name} is at this z: a small slope lets little of the error through."
        general = {"z": tex.of("z", layer, "k"), "a": tex.of("a", layer, "k")}
        return self._about_units(
            "backward",
            "slope",
            layer,
            symbol=f"f'({tex.array('z', layer)})",
            title=f"Slope of the activation function in {self.layer_name(layer)}",
            sentence=words + SLOPE_NOTES.get(name, ""),
            formula=f"f'({tex.of('z', layer, 'k')})=" + "".join(tex.general(template, general)),
            lines=[
                tex.line(
                    f"f'({tex.of('z', layer, k)})",
                    tex.fill(template, {"z": z[k], "a": a[k]}),
                    value=slope[self.s, k],
                    cell=(layer, k),
                )
                for k in self.units(layer)
            ],
            result=slope,
            code=self._slope_code(activation),
            operands=((tex.array("z", layer), self.forward.z[layer]), (tex.array("a", layer), self.forward.a[layer])),
        )

    def _slope_code(self, activation):
        printed = textbook.SLOPES.get(activation.name)
        return Code(printed, "return", activation.derivative) if printed else Code(activation.derivative, "return")

    def delta(self, layer):
        """delta of a hidden layer."""
        delta, da, slope = self.backward.delta[layer], self.chain.da[layer], self.chain.slope[layer]
        return self._about_units(
            "backward",
            "delta",
            layer,
            symbol=tex.array(DELTA, layer),
            title=f"Delta of {self.layer_name(layer)}",
            sentence="Delta is dL/dz: what came back to the activation, times the slope of the activation function.",
            formula=rf"{tex.of(DELTA, layer, 'k')}={tex.slope_of('z', layer, 'k')}={tex.slope_of('a', layer, 'k')}"
            rf"\cdot f'({tex.of('z', layer, 'k')})",
            lines=[
                tex.line(
                    tex.of(DELTA, layer, k),
                    [da[self.s, k], r"\cdot ", slope[self.s, k]],
                    value=delta[self.s, k],
                    cell=(layer, k),
                )
                for k in self.units(layer)
            ],
            result=delta,
            code=Code(textbook.backward, "delta = da", backpropagation.BackwardPass.__call__),
            operands=((tex.slope_of("a", layer), da), (f"f'({tex.array('z', layer)})", slope)),
        )

    def shares(self):
        """The gradient of the chosen parameter as the mean of what each sample wanted."""
        found, f = shares(self.step, self.focus), self.focus
        cell = (f.layer, f.unit, f.source)
        pulls, left = found.gradients, tex.slope(tex.weight(cell))
        order = [int(i) for i in found.order[: tex.TERMS - 1]]
        return _frame(
            "backward",
            "shares",
            layer=f.layer,
            symbol=tex.slope(tex.weight(cell), "L_s"),
            title="Who pulled this " + ("bias" if f.source is None else "weight"),
            sentence="The gradient is the mean of what each sample alone asks for: some pull up, some down.",
            formula=rf"{left}=\frac{{1}}{{n}}\sum_s {tex.slope(tex.weight(cell), 'L_s')},\ n={self.n}",
            lines=[tex.line(left, self._mean(pulls, order), value=found.mean, cell=cell)],
            result=pulls,
            axes="a number for each sample",
            place="samples",
            lit=Lit(units=((f.layer, f.unit),), links=(cell,), samples=tuple(order)),
            code=Code(backpropagation.sample_gradients),
        )

    # ---- after backpropagation -------------------------------------------------------------------------------------

    def regularisation(self):
        l1, l2 = self.step.trainer.l1, self.step.trainer.l2
        by_l1, by_l2 = backpropagation.penalty_gradients(self.net, l1, l2)
        data, total, theta = self.chain.gradient, self.backward.gradient, self.net.theta
        formula = (r"+\lambda_1\,\operatorname{sign}(w)" if l1 else "") + (r"+\lambda_2\,w" if l2 else "")

        def line(cell, i):
            side = [data[i]]
            if cell[2] is not None:
                side += ["+", l1, r"\cdot \operatorname{sign}(", theta[i], ")"] if l1 else []
                side += ["+", l2, r"\cdot ", theta[i]] if l2 else []
            return tex.line(tex.slope(tex.weight(cell), L_ALL), side, value=total[i], cell=cell)

        return self._about_parameters(
            "regularisation",
            "regularisation",
            symbol=tex.slope("w", L_ALL),
            title="Regularisation joins the gradient",
            sentence="The penalty pulls every weight towards 0 and leaves the biases alone.",
            formula=f"{tex.slope('w', L_ALL)}={tex.slope('w')}{formula}",
            line=line,
            result=total,
            code=Code(textbook.with_penalties, "return", backpropagation.penalty_slopes),
            operands=((tex.slope("w"), data), (r"\lambda_1", by_l1), (r"\lambda_2", by_l2)),
        )

    def clipping(self):
        whole, used, limit = self.backward.gradient, self.step.gradient, self.step.trainer.clip_norm
        length = trainer.length(whole)
        is_cut = length > limit

        def line(cell, i):
            side = [whole[i], r"\cdot \frac{", limit, "}{", length, "}"] if is_cut else []
            return tex.line(f"g_{{{tex.weight(cell)}}}", side, value=used[i], cell=cell)

        words = (
            "longer than the limit, so all of it is shortened by one factor"
            if is_cut
            else "short enough and stays as it is"
        )
        return self._about_parameters(
            "regularisation",
            "clipping",
            symbol="g",
            title="Clipping the gradient",
            sentence=f"The gradient has the length {numbers.text(length)}; the limit is {numbers.text(limit)}: "
            f"it is {words}.",
            formula=r"g\leftarrow g\cdot \frac{c}{|g|}\text{ if }|g|>c\text{ else }g",
            line=line,
            result=used,
            code=Code(trainer.clipped, "return"),
            operands=(("g", whole),),
        )

    def optimizer(self):
        step = self.step
        optimizer, memories = step.trainer.optimizer, (step.optimizer_before, step.optimizer_after)
        *parts, last = update_parts(optimizer, step.before.theta, step.gradient, *memories, step.learning_rate)
        for part in parts:
            yield self._part(
                part,
                "optimizer",
                f"optimizer {part.name}",
                title=f"Optimizer: {PART_TITLES[part.name]}",
                sentence=f"{type(optimizer).__name__}: {part.sentence}",
                result=part.result,
            )
        yield self._part(
            last,
            "update",
            "update",
            title="New weights and biases",
            sentence=f"{last.sentence} Every gradient came from the same old weights.",
            result=step.after.theta,  # what the part comes to, to the last bit
            weights_old=False,
        )

    def _part(self, part, stage, key, *, result, **others):
        """A part of the optimizer's update: an array like theta, or one number for all parameters."""
        symbols = {name: symbol for name, (symbol, _) in part.values.items()}

        def at(i, value):
            return float(value if np.ndim(value) == 0 else value[i])

        def line(cell, i):
            values = {name: at(i, value) for name, (_, value) in part.values.items()}
            left = rf"\text{{new }}{tex.weight(cell)}" if stage == "update" else part.symbol
            return tex.line(left, tex.fill(part.formula, values), value=at(i, result), cell=cell)

        others |= {
            "symbol": part.symbol,
            "formula": f"{part.symbol}=" + "".join(tex.general(part.formula, symbols)),
            "result": result,
            "code": self._part_code(part.name),
            "operands": tuple((symbol, np.asarray(value)) for symbol, value in part.values.values()),
        }
        if np.ndim(result):
            return self._about_parameters(stage, key, line=line, **others)
        return _frame(stage, key, lines=[line(None, None)], axes="one number", place="number", lit=Lit(), **others)

    def _part_code(self, name):
        """Where an optimizer computes a part of its update: its function, and the line."""
        optimizer = self.step.trainer.optimizer
        own = type(optimizer)
        if name == "decayed":
            return Code(own.decayed, "return")
        if name == "shrunk":
            return Code(own.apply, "theta *=")
        return Code(_printed(optimizer), PART_MARKS.get(name, f"    {name} ="), own.apply)

    def loss_after(self, after):
        before = self.backward.loss
        change, digits = after - before, tex.digits_apart(after, before)
        after_tex = tex.Number(after, digits)
        fell = "fell" if change < 0 else "rose" if change > 0 else "did not change"
        return _frame(
            "update",
            "loss_after",
            symbol=r"L_{\text{after}}",
            title="Forward again: the loss after the update",
            sentence=f"The same {self.rows()} through the new weights: the loss {fell}.",
            formula=r"L_{\text{after}}-L_{\text{before}}",
            lines=[
                tex.line(r"L_{\text{before}}", value=before, digits=digits),
                tex.line(r"L_{\text{after}}", value=after, digits=digits),
                tex.line(r"\Delta L", [after_tex, "-", tex.Number(before, digits)], value=change),
            ],
            result=[before, after, change],
            axes="before, after, change",
            place="numbers",
            lit=Lit(units=self.output_units(), samples=self.all_samples),
            code=Code(sn.total_loss, "return"),
            weights_old=False,
        )

    def prediction(self, after):
        """after: the loss that the update led to."""
        step = self.step
        change, real = trainer.first_order_change(step), after - step.backward.loss
        g, moved = step.backward.gradient, step.after.theta - step.before.theta
        if trainer.is_plain_descent(step):
            length = trainer.length(g)
            formula, mark = r"\Delta L\approx -\eta\,|g|^{2}", "return -step.learning_rate"
            line = tex.line(r"-\eta|g|^{2}", [-step.learning_rate, r"\cdot ", length, "^{2}"], value=change)
            words = "If the loss were a plane, the update would change it by minus the learning rate times |g| squared"
        else:
            formula, mark = r"\Delta L\approx \sum_i g_i\,(w_{i,\text{new}}-w_i)", "step.after.theta -"
            largest = np.argsort(-np.abs(g * moved), kind="stable")[: tex.TERMS - 1]
            side = tex.add_up(g.size, lambda i: [g[i], r"\cdot ", moved[i]], g * moved, [int(i) for i in largest])
            line = tex.line(r"\sum_i g_i\,\Delta w_i", side, value=change)
            words = (
                "This is not plain gradient descent, so the prediction is not -learning rate times |g| squared: it is "
                "every gradient times the way its parameter really went"
            )
        words += f"; that predicts {numbers.text(change)}, and the loss changed by {numbers.text(real)}."
        return _frame(
            "update",
            "prediction",
            symbol=r"\Delta L",
            title="What the gradient predicted",
            sentence=words,
            formula=formula,
            lines=[line],
            result=[change, real],
            axes="predicted change, real change",
            place="numbers",
            lit=Lit(samples=self.all_samples),
            code=Code(trainer.first_order_change, mark),
            weights_old=False,
            operands=(("g", g), (r"\Delta w", moved)),
        )

    def check(self):
        t, f = self.step.trainer, self.focus
        cell = (f.layer, f.unit, 0 if f.source == UNIT else f.source)
        i = network.parameter_index(self.net.sizes, *cell)
        across = slope_across(self.net, self.forward.x, self.y, i, t.loss, l1=t.l1, l2=t.l2)
        digits = tex.digits_apart(across.loss_plus, across.loss_minus)
        plus, minus = tex.Number(across.loss_plus, digits), tex.Number(across.loss_minus, digits)
        analytic = self.backward.gradient[i]
        left = tex.slope(tex.weight(cell), L_ALL if t.l1 or t.l2 else "L")
        return _frame(
            "check",
            "check",
            layer=f.layer,
            symbol=left,
            title="Numeric check of one parameter",
            sentence=f"Without any formula: add {numbers.text(across.h)} to this one number, take as much away, "
            f"both at the old weights, and look at the loss. Backpropagation said {numbers.text(analytic)}.",
            formula=rf"{left}\approx \frac{{L(w+h)-L(w-h)}}{{2h}}",
            lines=[
                tex.line(
                    left, [r"\frac{", plus, "-", minus, r"}{2\cdot ", across.h, "}"], value=across.slope, cell=cell
                ),
                tex.line(left + r"_{\text{backpropagation}}", value=analytic, cell=cell),
            ],
            result=[across.slope, analytic, across.loss_plus, across.loss_minus],
            axes="numeric, backpropagation, L(w+h), L(w-h)",
            place="numbers",
            lit=Lit(units=((f.layer, f.unit),), links=(cell,), samples=self.all_samples),
            code=Code(slope_across),
        )
