"""Forward: the frames from the start of an update to the outputs."""

import scratchnet as sn
from scratchnet import network, textbook, trainer
from ui import formulas as tex
from ui.kit import numbers
from ui.walkthrough.frame import Code, Lit
from ui.walkthrough.telling import CLASS_TERMS, Telling, powers_of


class ForwardFrames(Telling):
    """What is there before the update, and for each layer its sums and activations."""

    def start(self):
        theta = self.net.theta
        layers = [f"{tex.array('W', layer)},{tex.array('b', layer)}" for layer in range(self.layers)]
        return self.about_parameters(
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

        return self.about_units(
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
        return self.about_units(
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
        shift, power, powers = powers_of(row)

        def side(k):
            return [r"\frac{", *power(k), "}{", *tex.add_up(len(row), power, powers, (k,), CLASS_TERMS), "}"]

        c = "" if shift is None else "-c"
        z_k, z_j = tex.of("z", layer, "k"), tex.of("z", layer, "j")
        formula = rf"{tex.of('a', layer, 'k')}=\frac{{e^{{{z_k}{c}}}}}{{\sum_j e^{{{z_j}{c}}}}}"
        return formula + (rf",\ c=\max_j {z_j}" if c else ""), side
