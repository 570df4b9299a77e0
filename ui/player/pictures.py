"""Pictures of the frames: the graph with what is known by then, the arrays, the formula in lines, the code.

`story(step, frames, focus)` is all that a browser needs to go from frame to frame by itself: plain values, in which
what many frames share stands once. Nothing is computed here: the numbers are those of the step and of its frames.
"""

import re

import numpy as np

import scratchnet as sn
from scratchnet import backpropagation, network
from ui import formulas
from ui import walkthrough as walk
from ui.graph import MOST_UNITS, Link, Place, Unit, link_face, shown_units, unit_face
from ui.kit.numbers import exact, text
from ui.labels import layer_title, unit_name
from ui.walkthrough import Focus, Frame

ROWS, COLUMNS = 6, 6  # of an array on screen; of a larger one the part around what is chosen
SMALL = 4  # units in the largest layer up to which every unit has room for all of its numbers
LINE = 44  # characters of a formula in one line
# What is known of a unit, in the order in which it becomes known, and of a weight or bias: its faces on the graph.
UNIT_FACES = ("", "z", "a", "da", "slope", "delta")
OLD, NEW, WITH_GRADIENT = range(3)


# ---- everything ------------------------------------------------------------------------------------------------------


def story(
    step: sn.trainer.Step,
    frames: tuple[Frame, ...],
    focus: Focus,
    inputs: tuple[str, ...] = (),
    most: int = MOST_UNITS,
    lines: int | None = None,
    width: int = LINE,
    small: int = SMALL,
) -> dict:
    """What the browser shows of an update, frame by frame.

    graph, tables and listings stand for themselves; a frame names the faces that the graph's parts wear by then, its
    tables and its listing by their places in these lists. inputs: the names of the inputs; none: x1, x2, ...
    most: units drawn in a layer. lines: of a formula with numbers in it; the others are counted.
    width: characters in a line of it. small: units in the largest layer up to which all numbers of a unit are drawn.
    """
    tables, listings = Tables(step, focus), listings_of(frames, focus.layer)
    functions = list(listings)
    told = [
        {
            "key": frame.key,
            "title": frame.title,
            "stage": frame.stage,
            "action": frame.action,
            "sentence": frame.sentence,
            "old": frame.weights_old,
            "formula": formula_of(frame, lines, width),
            "note": frame.shape,
            "more": f"{more:,} more like it: choose another unit or link"
            if (more := frame.more + len(frame.lines) - len(frame.lines[:lines]))
            else "",
            "faces": faces_of(step, frame, focus, small),
            "lit": lit_of(frame),
            "backward": frame.stage == "backward",
            "tables": tables.of(frame),
            "listing": functions.index(frame.code.function),
            "marked": list(walk.source_code(frame)[3]),
        }
        for frame in frames
    ]
    return {
        "graph": graph_of(step, focus, inputs, most, small),
        "tables": tables.made,
        "listings": list(listings.values()),
        "frames": told,
        "losses": losses_of(frames),
    }


def losses_of(frames: tuple[Frame, ...]) -> list[tuple[str, str]]:
    """Loss before and after, and what the gradient had predicted; from the frames, which have computed them."""
    found = {frame.key: frame.result for frame in frames}
    before, after, change = found["loss_after"]
    predicted, _ = found["prediction"]
    return [
        ("loss before", text(before, 6)),
        ("loss after", text(after, 6)),
        ("change", text(change)),
        ("predicted by the gradient", text(predicted)),
    ]


# ---- which frames come before which ----------------------------------------------------------------------------------


def reached(key: str, layers: int, focus_layer: int) -> frozenset[str]:
    """The keys of the frames up to this one, in the order in which an update happens, also those not told."""
    order = ["start"]
    for layer in range(1, layers + 1):
        order += [f"z{layer}", f"a{layer}"]
    order += ["losses", "loss", "penalty"]
    for layer in range(layers, 0, -1):
        order += [f"{name}{layer}" for name in ("da", "slope", "delta", "dW", "db")]
    key = f"db{focus_layer + 1}" if key == "shares" else key
    return frozenset(order[: order.index(key) + 1] if key in order else order)


def frame_for(frames: tuple[Frame, ...], present: Frame, place: Place) -> str:
    """Where to go when a link or unit is chosen: the frame like the present one that is about its layer.

    On a frame about the whole network, one stays: its lines are about the chosen parameter.
    """
    keys = [frame.key for frame in frames]
    if present.layer is None or place[0] < 0:
        return present.key
    kind, layer = present.key.rstrip("0123456789"), place[0] + 1
    if len(place) == 3 and present.stage in ("forward", "backward"):
        kind = "z" if present.stage == "forward" else "db" if place[2] is None else "dW"
    wanted = f"{kind}{layer}"
    return wanted if wanted in keys else present.key


# ---- the graph -------------------------------------------------------------------------------------------------------


def graph_of(
    step: sn.trainer.Step, focus: Focus, inputs: tuple[str, ...] = (), most: int = MOST_UNITS, small: int = SMALL
) -> dict:
    """The network as the browser draws it, each part with all of its faces, which `faces_of` a frame choose from.

    Units show a, below it z and what has flowed back (dL/da, then f', then delta). Links show the weight, below it its
    gradient; once the update is made the new weight, below it the old one.
    """
    net, s = step.before, focus.sample
    chain = backpropagation.chain(net, step.forward, step.backward, step.y, step.trainer.loss)
    is_small = max(net.sizes) <= small
    widest = max(float(np.abs(W).max()) for W in net.weights)
    names = inputs or [unit_name(-1, i) for i in range(net.sizes[0])]
    chosen = (focus.layer, focus.unit) + (() if focus.source == walk.UNIT else (focus.source,))
    shown = [shown_units(layer, size, (), chosen, most) for layer, size in enumerate(net.sizes, start=-1)]

    def unit(layer, k):
        if layer < 0:
            return [unit_face(Unit(names[k], text(x := step.forward.x[s, k]), shade=_shade(x), exact=exact(x)))]
        z, a = step.forward.z[layer][s, k], step.forward.a[layer][s, k]
        sums = [f"z {text(z)}"] if is_small else []
        da = chain.da[layer] if layer < len(net.weights) - 1 else chain.loss_slope
        slope = chain.slope[layer]
        back = [f"∂a {text(da[s, k])}", "", f"δ {text(step.backward.delta[layer][s, k])}"]
        back[1] = back[0] if slope is None else f"f′ {text(slope[s, k])}"
        empty = [""] * len(sums)
        bare = [unit_face(Unit(unit_name(layer, k), "", (*lines, ""))) for lines in (empty, sums)]
        return bare + [
            unit_face(Unit(unit_name(layer, k), text(a), (*sums, line), _shade(a), exact=exact(a)))
            for line in ("", *back)
        ]

    def link(place, arrays):
        at = place[1:] if place[2] is not None else place[1]
        old, slope, new = (float(array[at]) for array in arrays)
        links = [Link(old, below=" "), Link(new, below=f"was {text(old)}"), Link(old, below=f"∂ {text(slope)}")]
        if not is_small:
            links = [Link(old), Link(new)]
        return {"at": list(place), "faces": [link_face(link, widest) for link in links]}

    columns, links = [], []
    for layer, members in enumerate(shown, start=-1):
        units = [{"at": [layer, k], "faces": unit(layer, k), "bias": None} for k in members]
        if layer >= 0:
            weights = net.weights[layer], chain.dW[layer], step.after.weights[layer]
            biases = net.biases[layer], chain.db[layer], step.after.biases[layer]
            for drawn in units:
                k = drawn["at"][1]
                drawn["bias"] = link((layer, k, None), biases) | {"quiet": not is_small}
                links += [link((layer, k, j), weights) for j in shown[layer]]
        title = layer_title(net, layer).split("\n")
        columns.append({"layer": layer, "title": title, "units": units, "rest": net.sizes[layer + 1] - len(members)})
    return {
        "columns": columns,
        "links": links,
        "chosen": list(chosen),
        "widest": text(widest) if widest else "",
        "lines": 4 if is_small else 1,  # below a unit: its bias with the gradient, z, what has flowed back
    }


def faces_of(step: sn.trainer.Step, frame: Frame, focus: Focus, small: int = SMALL) -> dict[str, list[int]]:
    """Which faces units, weights and biases wear at a frame: a place in their lists of faces for each column."""
    layers = range(1, len(step.before.weights) + 1)
    known = reached(frame.key, len(layers), focus.layer)
    has_room = max(step.before.sizes) <= small

    def of_links(name):
        if not frame.weights_old:
            return [0, *(NEW for _ in layers)]
        return [0, *(WITH_GRADIENT if has_room and f"{name}{n}" in known else OLD for n in layers)]

    units = [max(i for i, name in enumerate(UNIT_FACES) if not name or f"{name}{n}" in known) for n in layers]
    return {"units": [0, *units], "weights": of_links("dW"), "biases": of_links("db")}


def lit_of(frame: Frame) -> list[list[int | None]] | None:
    """The places that a frame speaks of; None: no place in particular. A link's ends are lit with it."""
    lit = {*frame.lit.units, *frame.lit.links}
    lit |= {place[:2] for place in frame.lit.links}
    lit |= {(place[0] - 1, place[2]) for place in frame.lit.links if place[2] is not None}
    return [list(place) for place in sorted(lit, key=str)] or None


def _shade(value: float) -> float:
    return float(np.clip(value, -1, 1)) if np.isfinite(value) else 0.0


# ---- the arrays ------------------------------------------------------------------------------------------------------

SYMBOLS = {
    r"\delta": "δ", r"\beta": "β", r"\eta": "η", r"\epsilon": "ε", r"\lambda": "λ", r"\theta": "θ", r"\mu": "μ",
    r"\rho": "ρ", r"\alpha": "α", r"\gamma": "γ", r"\partial": "∂", r"\Delta": "Δ", r"\cdot": "·", r"\prod": "∏",
}  # fmt: skip
HIGH = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def plain(latex: str) -> str:
    """A symbol in plain text: δ⁽²⁾ for \\delta^{(2)}, ∂L/∂W⁽¹⁾, m̂."""
    words = re.sub(r"\\text\{([^}]*)\}", r"\1", latex)
    words = re.sub(r"\\hat\s*\{?(\w)\}?", lambda found: f"{found[1]}\u0302", words)
    words = re.sub(r"\\(?:bar|tilde)\s*\{?(\w)\}?", lambda found: f"{found[1]}\u0304", words)
    for name, letter in SYMBOLS.items():
        words = words.replace(name, letter)
    words = re.sub(r"\^\{\((\d+)\)\}", lambda found: f"⁽{found[1].translate(HIGH)}⁾", words)
    words = re.sub(r"_\{?(\d+)\}?", lambda found: found[1].translate(LOW), words)
    words = re.sub(r"_\{([^{}]*)\}", r" \1", words)
    words = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"\1/\2", words)
    return re.sub(r"[{}\\]", "", words).replace("∂ ", "∂").strip()


class Tables:
    """The arrays of all frames as tables, each made once: `of(frame)` says which belong to a frame."""

    def __init__(self, step: sn.trainer.Step, focus: Focus):
        self.step, self.focus = step, focus
        self.made: list[dict] = []
        self._places: dict[tuple, int] = {}

    def of(self, frame: Frame) -> list[int]:
        """The places in `made` of what a frame was made of, of what came out; before the update the parameters."""
        net, chosen = self.step.before, self.focus.layer
        shown: dict[str, int] = {}
        for symbol, array in frame.operands:
            if symbol not in shown and np.ndim(array):
                shown[symbol] = self._place(symbol, np.asarray(array))
        found = list(shown.values())
        if frame.place in ("units", "weights", "biases", "parameters") and frame.key != "start":
            found.append(self._place(frame.symbol, frame.result, "→" if found else ""))
        if frame.key == "start":
            for layer in range(len(net.weights)) if max(net.sizes) <= SMALL and len(net.sizes) <= SMALL else [chosen]:
                found.append(self._place(formulas.array("W", layer), net.weights[layer]))
                found.append(self._place(formulas.array("b", layer), net.biases[layer]))
        return found

    def _place(self, symbol: str, array: np.ndarray, sign: str = "") -> int:
        name = symbol, id(array), sign  # the frames keep their arrays, so no other one can have this id
        if name not in self._places:
            self._places[name] = len(self.made)
            self.made.append(_table(self.step, symbol, array, self.focus) | {"sign": sign})
        return self._places[name]


def _table(step, symbol, array, focus):
    """One array as plain values: its name, shape and rows of cells, each with the place it leads to."""
    net, n = step.before, len(step.y)
    inputs, units = net.sizes[focus.layer], net.sizes[focus.layer + 1]
    shape = str(array.shape)
    number = re.search(r"\((\d+)\)", symbol)
    layer = int(number[1]) - 1 if number else None
    here = (focus.unit, focus.source if isinstance(focus.source, int) else 0)  # where the focus is in its weights
    if array.shape == (net.n_parameters,):  # flat like theta: the layer of the focus, its biases as a last column
        starts = [network.parameter_index(net.sizes, focus.layer, 0, source) for source in (0, None)]
        W = array[starts[0] : starts[0] + inputs * units].reshape(units, inputs)
        b = array[starts[1] : starts[1] + units]
        here = (focus.unit, inputs if focus.source is None else here[1])
        return _cut(
            f"{plain(symbol)}, layer {focus.layer + 1}",
            f"of {array.size}",
            "parameters",
            np.column_stack([W, b]),
            lambda k: f"to {k + 1}",
            lambda j: f"from {j + 1}" if j < inputs else "b",
            lambda k, j: (focus.layer, k, j if j < inputs else None),
            here,
            focus,
        )
    name, is_here = plain(symbol), layer == focus.layer
    if array.ndim == 2 and "W" in symbol and layer is not None and array.shape == net.weights[layer].shape:
        around = here if is_here else (0, 0)
        rows, columns = (lambda k: f"to {k + 1}"), (lambda j: f"from {j + 1}")
        return _cut(name, shape, "weights", array, rows, columns, lambda k, j: (layer, k, j), around, focus)
    if array.ndim == 1 and layer is not None and "b" in symbol:
        around = (0, focus.unit if is_here else 0)
        return _cut(name, shape, "biases", array[None], _nothing, _count, lambda _, k: (layer, k, None), around, focus)
    if array.ndim == 2 and len(array) == n:
        if symbol == "x":
            layer = -1
        elif layer is None:  # y and f' stand for the layer that the frame is about
            layer = len(net.sizes) - 2 if symbol == "y" or array.shape[1] == net.sizes[-1] else focus.layer
        around = (focus.sample, focus.unit if layer == focus.layer else 0)
        rows = (lambda s: f"sample {s + 1}") if n > 1 else _nothing
        return _cut(name, shape, "units", array, rows, _count, lambda _, k: (layer, k), around, focus)
    flat = np.atleast_2d(array.reshape(len(array), -1) if array.ndim > 1 else array)
    return _cut(name, shape, "", flat, _nothing, _count, lambda *_: (), (0, 0), focus)


def _count(index):
    return str(index + 1)


def _nothing(_):
    return ""


def _cut(name, shape, of, array, row_name, column_name, place, around, focus):
    """The part of an array around a place, as plain values. place(row, column) -> what a cell leads to."""
    wanted = (focus.layer, focus.unit) if focus.source == walk.UNIT else (focus.layer, focus.unit, focus.source)
    across, down = (_window(array.shape[axis], most, around[axis]) for axis, most in ((1, COLUMNS), (0, ROWS)))
    shown = array[down.start : down.stop, across.start : across.stop].tolist()

    def cell(i, j, value):
        made, at = {"text": text(value), "exact": exact(value)}, place(i, j)
        if at and at[0] >= 0:
            made["at"] = list(at)
        if of == "units":
            made["sample"] = i
            made["marked"] = at == wanted[:2] and i == focus.sample
        else:
            made["marked"] = bool(at) and at[: len(wanted)] == wanted
        return made

    rows = [
        {
            "name": row_name(i),
            "here": of == "units" and len(array) > 1 and i == focus.sample,
            "cells": [cell(i, j, value) for j, value in zip(across, values, strict=True)],
        }
        for i, values in zip(down, shown, strict=True)
    ]
    left = array.size - len(across) * len(down)
    return {
        "name": name,
        "shape": shape,
        "of": of,
        "columns": [column_name(j) for j in across] if array.shape[1] > 1 or of in ("weights", "parameters") else [],
        "rows": rows,
        "more": f"and {left:,} more {'number' if left == 1 else 'numbers'}" if left else "",
    }


def _window(count, most, around):
    """So many places of `count`, with `around` among them."""
    first = min(max(0, around - most // 2), max(0, count - most))
    return range(first, min(count, first + most))


# ---- formula and code ------------------------------------------------------------------------------------------------


def in_lines(latex: str, width: int = LINE) -> str:
    """A formula for an aligned block, broken before an equals sign or a plus where a line would become too long."""
    pieces, depth, at, is_side_note = [], 0, 0, False
    for i, letter in enumerate(latex):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        is_side_note = is_side_note or latex.startswith(r",\ ", i)  # "..., n = 10" stays together
        opens = depth == 0 and letter in "=+" and i > at and not is_side_note
        if opens and not (letter == "+" and latex[i - 1] in "=(^_"):
            pieces.append(latex[at:i])
            at = i
    pieces.append(latex[at:])
    if len(pieces) == 1:
        return re.sub(r"(\\approx|\\leftarrow)", r"&\1", pieces[0], count=1)
    left = next((i for i, piece in enumerate(pieces) if piece[0] == "="), len(pieces))
    lines, room = "".join(pieces[:left]), width
    for i, piece in enumerate(pieces[left:]):
        length = _length(piece)
        if i == 0:
            lines += "&" + piece
        elif length > room:
            lines += (r" \\ &" if piece[0] == "=" else r" \\ &\quad ") + piece
            room = width
        else:
            lines += piece
        room -= length
    return lines


def _length(latex: str) -> int:
    """About how many characters wide a piece of LaTeX is."""
    words = re.sub(r"\\(?:frac|text|cancel|underbrace|operatorname|sqrt|cdot|quad|times|left|right)", "", latex)
    words = re.sub(r"\\[a-zA-Z]+", "x", words)
    return len(re.sub(r"[{}^_\\ ]", "", words))


def formula_of(frame: Frame, most: int | None = None, width: int = LINE) -> str:
    """The lines of a frame in one block: in letters first, then with the numbers, so many of them at most."""
    lines = [frame.formula, *(line.latex for line in frame.lines[:most])]
    return r"\begin{aligned}" + r" \\[5pt] ".join(in_lines(line, width) for line in lines) + r"\end{aligned}"


def listings_of(frames: tuple[Frame, ...], layer: int) -> dict[object, dict]:
    """Function -> its source: {place, first, lines, linked}.

    place: file and function, and what this code is to the numbers of the frame.
    linked: [(number of a line that computed a frame, the frame's key)]; of several frames the one of the chosen layer.
    """
    made: dict[object, dict] = {}
    for frame in frames:
        function = frame.code.function
        if function not in made:
            _, first, source, _ = walk.source_code(frame)
            found = _frames_of_lines(frames, function)
            linked = [(number, _nearest(others, layer)) for number, others in found.items()]
            place, lines = walk.place_of_code(frame), source.rstrip().split("\n")
            made[function] = {"place": place, "first": first, "lines": lines, "linked": linked}
    return made


def _frames_of_lines(frames, function) -> dict[int, list[Frame]]:
    """Line number -> the frames that this line of a function computed."""
    found: dict[int, list[Frame]] = {}
    for frame in frames:
        if frame.code.function == function:
            for number in walk.source_code(frame)[3]:
                found.setdefault(number, []).append(frame)
    return found


def _nearest(found: list[Frame], layer: int) -> str:
    return next((frame.key for frame in found if frame.layer == layer), found[0].key)


def place_name(sizes: tuple[int, ...], focus: Focus, features: tuple[str, ...] = ()) -> str:
    """The chosen place in words, counted from 1."""
    is_output = focus.layer == len(sizes) - 2
    unit = f"unit {focus.unit + 1} of layer {focus.layer + 1}"
    if is_output:
        unit = "output unit" if sizes[-1] == 1 else f"output unit {focus.unit + 1}"
    if focus.source == walk.UNIT:
        return unit
    if focus.source is None:
        return f"bias of {unit}"
    if focus.layer == 0:
        source = features[focus.source] if features else f"input {focus.source + 1}"
    else:
        source = f"unit {focus.source + 1} of layer {focus.layer}"
    return f"weight from {source} to {unit}"
