"""Pictures of a forward pass: the network with its numbers, one unit's sum, and the same numbers as arrays in LaTeX."""

from dataclasses import replace

import numpy as np

import scratchnet as sn
from ui.checks.forward import INPUTS, SAMPLES, UNITS
from ui.formulas import with_numbers
from ui.graph import Link, Place, Unit
from ui.kit.numbers import exact, latex, text
from ui.labels import layer_title, unit_name
from ui.lesson import bracketed

FEW_COLUMNS = 3  # of an array: more are written smaller
LINE = 36  # characters of numbers in one line of a sum
SHAPES_WANTED = (
    rf"\underset{{?}}{{z}} = \underset{{({SAMPLES},\,{INPUTS})}}{{x}}\;\underset{{?}}{{W}}{{}}^{{\mathsf T}} +"
    rf" \underset{{?}}{{b}} \qquad \text{{{UNITS} units}}"
)


def symbol(letter: str, layer: int, unit: int) -> str:
    """The same as LaTeX: x_2, a^{(1)}_2."""
    return f"x_{{{unit + 1}}}" if layer < 0 else rf"{letter}^{{({layer + 1})}}_{{{unit + 1}}}"


def array_symbol(letter: str, layer: int) -> str:
    """A whole layer's array as LaTeX: x for the inputs, a^{(1)}."""
    return "x" if layer < 0 else rf"{letter}^{{({layer + 1})}}"


def numbers_on_graph(net: sn.Network, forward: sn.Forward, row: int, computed: int) -> tuple[dict, dict]:
    """(units, links) for `ui.graph.graph`: every weight and bias, and the values of the layers computed so far."""
    units = {
        (-1, i): Unit(unit_name(-1, i), text(value), shade=value, exact=exact(value))
        for i, value in enumerate(forward.x[row])
    }
    links: dict[Place, Link] = {}
    for layer, (W, b) in enumerate(zip(net.weights, net.biases, strict=True)):
        for unit in range(len(b)):
            z, a = forward.z[layer][row, unit], forward.a[layer][row, unit]
            known = layer < computed
            units[layer, unit] = Unit(
                unit_name(layer, unit),
                text(a) if known else "",
                below=(f"z {text(z)}" if known else "",),
                shade=float(a) if known else 0.0,
                exact=exact(a) if known else "",
            )
            links[layer, unit, None] = Link(float(b[unit]))
            for source, w in enumerate(W[unit]):
                links[layer, unit, source] = Link(float(w))
    return units, links


def with_one_missing(net: sn.Network, forward: sn.Forward, place: Place) -> tuple[dict, dict]:
    """(units, links) of a whole forward pass in which one unit's numbers are asked for; no sum is given away."""
    units, links = numbers_on_graph(net, forward, 0, len(net.weights))
    units = {at: replace(unit, below=()) for at, unit in units.items()}
    units[place] = replace(units[place], text="?", shade=0.0, asked=True, exact="")
    return units, links


def lit_by(net: sn.Network, place: Place) -> set[Place]:
    """What a chosen place speaks of: an input with the units it reaches, a unit or its weight with all that enters."""
    layer, unit = place[:2]
    if layer < 0:
        return {place, *((0, other, unit) for other in range(net.sizes[1])), *((0, u) for u in range(net.sizes[1]))}
    sources = range(net.sizes[layer])
    into: set[Place] = {(layer, unit), (layer, unit, None)}
    return into | {(layer - 1, i) for i in sources} | {(layer, unit, i) for i in sources}


def place_name(net: sn.Network, place: Place) -> str:
    """A place in words, counted from 1 as everything a learner reads: "unit 2 of layer 1", "output 1", "input 3"."""
    layer, unit = place[:2]
    if layer < 0:
        return f"input {unit + 1}"
    return f"output {unit + 1}" if layer == len(net.sizes) - 2 else f"unit {unit + 1} of layer {layer + 1}"


def shape(array: np.ndarray) -> str:
    """(3,) or (2, 3), as NumPy prints it."""
    return str(array.shape)


def titles(net: sn.Network, forward: sn.Forward) -> list[str]:
    """A heading for each column of the graph: the layer, and the shape of its weights."""
    shapes = [f"x {shape(forward.x)}", *(f"W{layer + 1} {shape(W)}" for layer, W in enumerate(net.weights))]
    return [f"{layer_title(net, layer - 1)}\n{words}" for layer, words in enumerate(shapes)]


def _marked(words: str, mark: bool) -> str:
    """Bold, not coloured: a formula has the same colours in both themes, and none can be read on white and on black."""
    return rf"\mathbf{{{words}}}" if mark else words


def _in_lines(terms: list[str], lengths: list[int]) -> str:
    """Terms joined by plus signs, with a new line of the formula where one would become too long."""
    lines: list[list[str]] = [[]]
    room = LINE
    for term, length in zip(terms, lengths, strict=True):
        if length > room and lines[-1]:
            lines.append([])
            room = LINE
        lines[-1].append(term)
        room -= length
    return r" \\ &\quad + ".join(" + ".join(line) for line in lines)


def explained(net: sn.Network, forward: sn.Forward, row: int, place: Place) -> str:
    """A unit's sum and activation as LaTeX: in letters, with the numbers, product by product, the results."""
    sums, squash = sum_steps(net, forward, row, place), activation_steps(net, forward, row, place)
    lines = [f"{left} &= " + r" \\ &= ".join(steps) for left, *steps in (sums, squash)]
    return r"\small\begin{aligned} " + r" \\[6pt] ".join(lines) + r"\end{aligned}"


def sum_steps(net: sn.Network, forward: sn.Forward, row: int, place: Place) -> tuple[str, ...]:
    """z: its name, the sum in letters, with the numbers, product by product, the result."""
    layer, unit, *source = place
    a_prev = (forward.x if layer == 0 else forward.a[layer - 1])[row]
    weights, bias = net.weights[layer][unit], net.biases[layer][unit]
    term = source[0] if source else -1  # the term that a chosen weight or bias (None) stands for
    letters = (
        rf"\sum_j w^{{({layer + 1})}}_{{{unit + 1},j}}\, {array_symbol('a', layer - 1)}_j + {symbol('b', layer, unit)}"
    )
    pairs = [rf"{bracketed(w)}\cdot {bracketed(v)}" for w, v in zip(weights, a_prev, strict=True)]
    products = weights * a_prev

    def line(terms, values):
        terms = [_marked(words, place == term) for place, words in enumerate(terms)]
        lengths = [3 + sum(len(text(number)) for number in group) for group in values]
        return _in_lines([*terms, _marked(bracketed(bias), term is None)], [*lengths, len(text(bias)) + 2])

    return (
        symbol("z", layer, unit),
        letters,
        line(pairs, list(zip(weights, a_prev, strict=True))),
        line([bracketed(product) for product in products], [(product,) for product in products]),
        latex(forward.z[layer][row, unit]),
    )


def activation_steps(net: sn.Network, forward: sn.Forward, row: int, place: Place) -> tuple[str, ...]:
    """a: its name, the function in letters and with the number in it, the result."""
    layer, unit = place[:2]
    z, a = forward.z[layer][row, unit], forward.a[layer][row, unit]
    name = net.activations[layer]
    in_letters = sn.ACTIVATIONS[name].formula
    if name == "softmax":  # it looks at the sums of the whole layer
        powers = [f"e^{{{latex(other)}}}" for other in forward.z[layer][row]]
        quotient = rf"\frac{{{powers[unit]}}}{{{' + '.join(powers)}}}"
        return symbol("a", layer, unit), f"f(z)_k = {in_letters}", quotient, latex(a)
    return symbol("a", layer, unit), f"f(z) = {in_letters} = {with_numbers(in_letters, z=z)} = {latex(a)}"


def matrix(rows: np.ndarray, marked=lambda i, j: False) -> str:
    """Rows of numbers as LaTeX; marked(i, j) says which stand out."""
    lines = [" & ".join(_marked(latex(v), marked(i, j)) for j, v in enumerate(line)) for i, line in enumerate(rows)]
    return r"\begin{bmatrix}" + r" \\ ".join(lines) + r"\end{bmatrix}"


def arrays(net: sn.Network, forward: sn.Forward, row: int, place: Place) -> str:
    """The layer of a place in arrays, as LaTeX, each with its shape; the unit's row of W, its b, z and a are marked."""
    layer, unit, *source = place
    a_prev = forward.x if layer == 0 else forward.a[layer - 1]
    W, b, z, a = net.weights[layer], net.biases[layer], forward.z[layer], forward.a[layer]
    before, W_name = array_symbol("a", layer - 1), array_symbol("W", layer)
    b_name, z_name, a_name = (array_symbol(letter, layer) for letter in "bza")

    def here(i, j):
        return i == row and j == unit

    def of_weights(i, j):
        return i == unit and (not source or source[0] == j)

    parts = [
        (before, "", matrix(a_prev, lambda i, j: i == row and len(forward.x) > 1), a_prev),
        (W_name, "", matrix(W, of_weights), W),
        (b_name, "", matrix(b[None], lambda i, j: j == unit and source in ([], [None])), b),
        (z_name, rf"{before}\,{W_name}{{}}^{{\mathsf T}} + {b_name}", matrix(z, here), z),
        (a_name, rf"f\left({z_name}\right)", matrix(a, here), a),
    ]
    columns = max(array.shape[-1] for *_, array in parts)
    then = " = " if columns <= FEW_COLUMNS else r" \\ &= "  # wide arrays stand on a line of their own
    lines = [
        rf"{name} &= {made}{then if made else ''}{picture}{small_shape(array)}" for name, made, picture, array in parts
    ]
    size = r"\small" if columns <= FEW_COLUMNS else r"\scriptsize"
    return size + r"\begin{aligned}" + r" \\[3pt] ".join(lines) + r"\end{aligned}"


def small_shape(array: np.ndarray) -> str:
    return rf"\;{{\scriptsize \text{{{shape(array)}}}}}"
