"""Update: the frames from the gradient to the new weights, and what came of it."""

import numpy as np

import scratchnet as sn
from scratchnet import backpropagation, network, textbook, trainer
from scratchnet.gradient_check import slope_across
from scratchnet.update_parts import parts as update_parts
from ui import formulas as tex
from ui.kit import numbers
from ui.walkthrough.frame import UNIT, Code, Lit
from ui.walkthrough.telling import L_ALL, Telling, frame_of

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


def _printed(optimizer):
    """The textbook form of an optimizer's update."""
    if isinstance(optimizer, sn.SGD):
        with_memory = textbook.nesterov if optimizer.nesterov else textbook.momentum
        return with_memory if optimizer.momentum else textbook.descend
    if isinstance(optimizer, sn.RMSProp):
        return textbook.rmsprop_in_full if optimizer.centered or optimizer.momentum else textbook.rmsprop
    return PRINTED[type(optimizer)]


class UpdateFrames(Telling):
    """Regularisation and clipping, each part of the optimizer's update, and the numeric check."""

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

        return self.about_parameters(
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
        return self.about_parameters(
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
            return self.about_parameters(stage, key, line=line, **others)
        return frame_of(stage, key, lines=[line(None, None)], axes="one number", place="number", lit=Lit(), **others)

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
        return frame_of(
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
        return frame_of(
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
        return frame_of(
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
