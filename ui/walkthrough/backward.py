"""Backward: the frames of backpropagation, from the loss back to every weight and bias."""

from typing import Any

import numpy as np

import scratchnet as sn
from scratchnet import activations, backpropagation, textbook
from ui import formulas as tex
from ui.formulas import DELTA
from ui.walkthrough.frame import Code, Lit
from ui.walkthrough.pulls import shares
from ui.walkthrough.telling import LINKS_LIT_UP_TO, Telling, add_up_classes, frame_of, some

SLOPE_NOTES = {  # what is unusual in the formula of a slope: of an activation function, of a loss
    "relu": " The square brackets are 1 where it is true, and 0 where not.",
    "bce": " The slope of ln a is 1/a, that of ln(1 - a) is -1/(1 - a): so it is -y/a + (1 - y)/(1 - a), which over one"
    " denominator is this.",
    "cross_entropy": " The slope of ln a is 1/a, so that of -y ln a is this.",
    "hinge": " The square brackets are 1 where it is true, and 0 where not.",
    "swish": " The letter sigma is the sigmoid.",
    "gelu": " Phi and phi are the normal distribution and its density.",
}


class BackwardFrames(Telling):
    """Slopes, deltas and gradients of the output layer, then of each layer before it."""

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
        return self.about_units(
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
        shown = some(count, k)

        def line(j):
            left = rf"\frac{{\partial a_{{{j + 1}}}}}{{\partial z_{{{k + 1}}}}}"
            return tex.line(
                left, [a[j], r"\cdot (", "1" if j == k else "0", "-", a[k], ")"], value=J[self.s, j, k], cell=(last, j)
            )

        return frame_of(
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
        return self.about_units(
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

            return [line("(", *add_up_classes(y, term), ")"), difference]
        if self.chain.jacobian is not None:
            J = self.chain.jacobian[s][:, k]
            return [line("(", *tex.add_up(len(a), lambda j: [g[j], r"\cdot ", J[j]], g * J, (k,)), ")")]
        return [line(g[k], r"\cdot ", self.chain.slope[last][s, k])]

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
        return frame_of(
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

        return frame_of(
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
        return self.about_units(
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
        return self.about_units(
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
        return self.about_units(
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
        return frame_of(
            "backward",
            "shares",
            layer=f.layer,
            symbol=tex.slope(tex.weight(cell), "L_s"),
            title="Who pulled this " + ("bias" if f.source is None else "weight"),
            sentence="The gradient is the mean of what each sample alone asks for: some pull up, some down.",
            formula=rf"{left}=\frac{{1}}{{n}}\sum_s {tex.slope(tex.weight(cell), 'L_s')},\ n={self.n}",
            lines=[tex.line(left, self.mean(pulls, order), value=found.mean, cell=cell)],
            result=pulls,
            axes="a number for each sample",
            place="samples",
            lit=Lit(units=((f.layer, f.unit),), links=(cell,), samples=tuple(order)),
            code=Code(backpropagation.sample_gradients),
        )
