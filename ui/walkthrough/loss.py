"""Loss: the frames that tell how far the outputs are from the targets."""

import numpy as np

from scratchnet import backpropagation, losses
from ui import formulas as tex
from ui.walkthrough.frame import Code, Lit
from ui.walkthrough.telling import CLASS_TERMS, L_ALL, Telling, add_up_classes, frame_of, powers_of


class LossFrames(Telling):
    """The loss of each sample, of the mini-batch, and with what regularisation adds."""

    def losses(self):
        """The loss of each sample, their mean where there are several, and what regularisation adds to it."""
        per_sample = self.loss.per_sample(self.y, self.forward.output, self.forward.z[-1])
        title, formula, is_one = self.loss.title, self.loss.formula, self.n == 1
        general, symbol = ("L", "L") if is_one else ("L_s", rf"L_{{{self.s + 1}}}")
        words = "The loss says with one number how far the output is from the target."
        if not self._is_definition_printable():
            words += " The output rounds to 0 or 1 here, so the logarithm is taken from z, as the code does."
        yield frame_of(
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
            yield frame_of(
                "loss",
                "loss",
                symbol="L",
                title="Loss of the mini-batch",
                sentence="The mean over the samples; this is the number that the update makes smaller.",
                formula=rf"L=\frac{{1}}{{n}}\sum_s L_s,\ n={self.n}",
                lines=[tex.line("L", self.mean(per_sample, (self.s,)), value=self.backward.data_loss)],
                result=self.backward.data_loss,
                axes="one number",
                place="number",
                lit=Lit(units=self.output_units(), samples=self.all_samples),
                code=Code(losses.mean_loss, "return"),
                operands=(("L_s", per_sample),),
            )
        if self.step.trainer.l1 or self.step.trainer.l2:
            yield self.penalty()

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
            side = add_up_classes(y, term)
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
        shift, power, powers = powers_of(z)
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
        return frame_of(
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
