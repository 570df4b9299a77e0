"""Pictures of one neuron: its sum term by term, its activation's curve with the tangent, its line in the plane.

Each is the arguments of `ui.sketch.sketch`.
"""

import numpy as np

import scratchnet as sn
from ui.kit.numbers import text
from ui.sketch import Axis, arrow, bar, line, plane, point

SPANS = (1, 2, 5, 10, 20, 50, 100, 200)  # half the length of an axis: a few lengths, so that it rarely jumps
CURVE = 241  # points of a curve
GRID = 61  # answers along each side of the plane
PLANE = 5.0  # the plane shows inputs from -5 to 5
UNBOUNDED = 10.0  # where a has no bounds, colours tell -10 from 10


def span(*values: float) -> float:
    """The least half length of an axis that holds all values."""
    largest = max(map(abs, values))
    return next((length for length in SPANS if largest <= length), largest)


def sum_picture(names: list[str], terms: list[float], z: float) -> dict:
    """The sum z, term by term: each bar begins where the one before ends; blue goes up, orange down."""
    ends = np.cumsum(terms).tolist()
    length = 1.25 * span(*ends, z)  # room for the numbers behind the bars
    rows = [(name, start, end, term) for name, start, end, term in zip(names, [0.0, *ends], ends, terms, strict=False)]
    rows.append(("z", 0.0, z, z))
    last = len(rows) - 1
    return {
        "x": Axis("", -length, length),
        "y": Axis("", -0.5, last + 0.5, [(last - place, name) for place, (name, *_) in enumerate(rows)]),
        "items": [
            bar(start, end, last - place, "positive" if end >= start else "negative", text(number), place == last)
            for place, (_, start, end, number) in enumerate(rows)
        ],
        "height": 34 + 27 * len(rows),
        "alt": f"The sum z, term by term: {text(z)}.",
    }


def activation_picture(name: str, title: str, z: float, a: float, slope: float) -> dict:
    """The curve a = f(z), its slope f' (dotted), and the point (z, a) with the tangent."""
    activation, length = sn.ACTIVATIONS[name], max(span(z), 5)
    zs = np.linspace(-length, length, CURVE)
    curve = activation.f(zs)
    slopes = activation.derivative(zs, curve)
    reach = 0.3 * length
    low, high = min(curve.min(), slopes.min(), 0.0), max(curve.max(), slopes.max(), 1.0)
    room = 0.08 * (high - low)
    tangent = [z - reach, z + reach], [a - slope * reach, a + slope * reach]
    return {
        "x": Axis("weighted sum z", -length, length),
        "y": Axis("activation a", low - room, high + room),
        "items": [
            line(zs, slopes, "grey", "slope f′(z)", 1.8, "dot"),
            line(*tangent, "gold", f"tangent, slope {text(slope)}", 2.5, told=False),
            line(zs, curve, "plum", "a = f(z)"),
            point(z, a, "plum", f"z {text(z)}, a {text(a)}", "right" if z < 0.2 * length else "left"),
        ],
        "height": 330,
        "alt": f"The curve of {title}, at z = {text(z)}: a = {text(a)}, slope {text(slope)}.",
    }


def plane_picture(neuron: sn.Neuron, x: np.ndarray) -> dict:
    """What the neuron answers over its first two inputs, the others as they are: the line z = 0, the weights' arrow.

    x: (inputs,), at least two.
    """
    side = np.linspace(-PLANE, PLANE, GRID)
    points = np.tile(x, (GRID * GRID, 1))
    points[:, 0], points[:, 1] = (axis.ravel() for axis in np.meshgrid(side, side))
    a = neuron.forward(points).reshape(GRID, GRID)
    activation = sn.ACTIVATIONS[neuron.activation]
    low, high = activation.low, activation.high
    if low is None or high is None:
        low, high = -UNBOUNDED, UNBOUNDED
    items = [plane(a, low, high, "a")]
    if len(ends := boundary(neuron, x)) == 2:
        items.append(line(ends[:, 0], ends[:, 1], "black", told=False))
    items.append(point(x[0], x[1], "plum"))
    items.append(arrow(neuron.weights[0], neuron.weights[1], "w"))
    return {
        "x": Axis("x1", -PLANE, PLANE),
        "y": Axis("x2", -PLANE, PLANE),
        "items": items,
        "height": 420,
        "square": True,
        "alt": "What the neuron answers to each pair of the first two inputs, with the line z = 0.",
    }


def boundary(neuron: sn.Neuron, x: np.ndarray) -> np.ndarray:
    """Where the line z = 0 enters and leaves the plane's square, (2, 2): rows are points; fewer where it does not.

    z is straight along each side, so it is 0 where the two corners' z divide it.
    """
    corners = np.array([(-PLANE, -PLANE), (PLANE, -PLANE), (PLANE, PLANE), (-PLANE, PLANE)])
    inputs = np.tile(x, (4, 1))
    inputs[:, :2] = corners
    z, found = neuron.z(inputs), []
    for here, there in ((0, 1), (1, 2), (2, 3), (3, 0)):
        if (z[here] < 0) != (z[there] < 0):
            found.append(corners[here] + z[here] / (z[here] - z[there]) * (corners[there] - corners[here]))
    return np.array(found)
