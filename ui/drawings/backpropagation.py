"""Pictures for backpropagation: the network whose update is to be done by hand, forward done, deltas still asked."""

from collections.abc import Collection, Mapping

import numpy as np

import scratchnet as sn
from ui.graph import Link, Unit
from ui.kit.numbers import text
from ui.labels import layer_title, unit_name


def by_hand(step: sn.trainer.Step, given: Mapping, told: Collection[int] = ()) -> dict:
    """The arguments of `ui.graph.graph`: all weights, z and a of a step, and a question mark for each delta.

    told: the layers whose deltas are shown instead.
    """
    net, forward = step.before, step.forward
    units = {(-1, i): Unit(unit_name(-1, i), text(x), shade=float(x)) for i, x in enumerate(given["x"])}
    links = {}
    for layer, (W, b) in enumerate(zip(net.weights, net.biases, strict=True)):
        for unit, bias in enumerate(b):
            z, a = forward.z[layer][0, unit], forward.a[layer][0, unit]
            delta = text(step.backward.delta[layer][0, unit]) if layer in told else "?"
            units[layer, unit] = Unit(unit_name(layer, unit), text(a), (f"z {text(z)}", f"δ = {delta}"), float(a))
            links[layer, unit, None] = Link(float(bias))
        links |= {(layer, unit, source): Link(float(w)) for (unit, source), w in np.ndenumerate(W)}
    return {
        "sizes": net.sizes,
        "units": units,
        "links": links,
        "titles": [layer_title(net, layer) for layer in range(-1, len(net.weights))],
    }
