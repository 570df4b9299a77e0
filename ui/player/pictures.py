"""Pictures of a frame: the graph with what is known by then, the arrays it was made of, its formula in lines, its code.

Pure functions of a `Step` and a `Frame` of ui.walkthrough; plain values come out. Nothing is computed here: the numbers
are those of the step and of its frames.
"""

import re

import numpy as np

import scratchnet as sn
from scratchnet import backpropagation, network
from ui import formulas
from ui import walkthrough as walk
from ui.drawings.forward import layer_title, unit_name
from ui.graph import Link, Place, Unit
from ui.numbers import exact, text
from ui.walkthrough import Focus, Frame

ROWS, COLUMNS = 6, 6  # of an array on screen; of a larger one the part around what is chosen
SMALL = 4  # units in the largest layer up to which every unit has room for all of its numbers
LINE = 44  # characters of a formula in one line

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


def graph_of(step: sn.trainer.Step, frame: Frame, focus: Focus, inputs: tuple[str, ...] = ()) -> dict:
    """The arguments of `ui.graph.graph` for a frame: the numbers computed by then, what lights up, and where arrows go.

    inputs: the names of the inputs; none: x1, x2, ...

    Units show a, below it z and what has flowed back (dL/da, then f', then delta). Links show the weight, below it its
    gradient; once the update is made the new weight, below it the old one.
    """
    net, layers, s = step.before, len(step.before.weights), focus.sample
    chain = backpropagation.chain(net, step.forward, step.backward, step.y, step.trainer.loss)
    known = reached(frame.key, layers, focus.layer)
    is_small = max(net.sizes) <= SMALL
    is_new = not frame.weights_old
    names = inputs or [unit_name(-1, i) for i in range(net.sizes[0])]
    units = {(-1, i): Unit(names[i], text(v), shade=_shade(v)) for i, v in enumerate(step.forward.x[s])}
    links = {}
    for layer in range(layers):
        name = layer + 1
        z, a = step.forward.z[layer][s], step.forward.a[layer][s]
        for k in range(len(z)):
            below = [f"z {text(z[k])}" if f"z{name}" in known else ""] if is_small else []
            if f"delta{name}" in known:
                below.append(f"δ {text(step.backward.delta[layer][s, k])}")
            elif f"slope{name}" in known and chain.slope[layer] is not None:
                below.append(f"f′ {text(chain.slope[layer][s, k])}")
            elif f"da{name}" in known:
                below.append(f"∂a {text(chain.da[layer][s, k] if layer < layers - 1 else chain.loss_slope[s, k])}")
            else:
                below.append("")
            shown = f"a{name}" in known
            units[layer, k] = Unit(
                unit_name(layer, k), text(a[k]) if shown else "", tuple(below), _shade(a[k]) if shown else 0.0
            )
        arrays = [net.weights[layer], chain.dW[layer], step.after.weights[layer]]
        biases = [net.biases[layer], chain.db[layer], step.after.biases[layer]]
        for (k, j), w in np.ndenumerate(arrays[0]):
            links[layer, k, j] = _link(w, arrays[1][k, j], arrays[2][k, j], f"dW{name}" in known, is_new, is_small)
        for k, b in enumerate(biases[0]):
            if is_small or (layer, k, None) in frame.lit.links:
                known_b = f"db{name}" in known
                links[layer, k, None] = _link(b, biases[1][k], biases[2][k], known_b, is_new, is_small)
    lit = {*frame.lit.units, *frame.lit.links}
    if lit and frame.lit.links:  # a link without its ends would hang in the air
        lit |= {place[:2] for place in frame.lit.links}
        lit |= {(place[0] - 1, place[2]) for place in frame.lit.links if place[2] is not None}
    place = (focus.layer, focus.unit) + (() if focus.source == walk.UNIT else (focus.source,))
    return {
        "sizes": net.sizes,
        "units": units,
        "links": links,
        "lit": lit or None,
        "chosen": place,
        "titles": [layer_title(net, layer) for layer in range(-1, layers)],
        "scale": max(float(np.abs(W).max()) for W in net.weights),
        "backward": frame.stage == "backward",
    }


def _shade(value: float) -> float:
    return float(np.clip(value, -1, 1)) if np.isfinite(value) else 0.0


def _link(old: float, slope: float, new: float, has_slope: bool, is_new: bool, is_small: bool) -> Link:
    if is_new:
        return Link(float(new), below=f"was {text(old)}" if is_small else "")
    return Link(float(old), below=f"∂ {text(slope)}" if has_slope and is_small else ("" if not is_small else " "))


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


def arrays_of(step: sn.trainer.Step, frame: Frame, focus: Focus) -> list[dict]:
    """The arrays of a frame as tables: what it was made of, what came out, and W with the chosen cell marked."""
    tables, used = [], set()
    for symbol, array in frame.operands:
        if symbol in used or not np.ndim(array):
            continue
        used.add(symbol)
        tables.append(_table(step, symbol, np.asarray(array), focus))
    if frame.place in ("units", "weights", "biases", "parameters") and frame.key != "start":
        made = _table(step, frame.symbol, frame.result, focus)
        tables.append(made | {"sign": "→"} if tables else made)
    if not any(table["of"] == "parameters" for table in tables):
        own = {"W": step.before.weights[focus.layer]}
        if focus.source is None:
            own["b"] = step.before.biases[focus.layer]
        for letter, array in own.items():
            symbol = rf"{letter}^{{({focus.layer + 1})}}"
            if symbol not in used:
                tables.append(_table(step, symbol, array, focus))
    return tables


def _table(step, symbol, array, focus):
    """One array as plain values: its name, shape and rows of cells, each with the place it leads to."""
    net, n = step.before, len(step.y)
    inputs, units = net.sizes[focus.layer], net.sizes[focus.layer + 1]
    shape = str(array.shape)
    number = re.search(r"\((\d+)\)", symbol)
    layer = int(number[1]) - 1 if number else None
    if array.shape == (net.n_parameters,):  # flat like theta: the layer of the focus, its biases as a last column
        starts = [network.parameter_index(net.sizes, focus.layer, 0, source) for source in (0, None)]
        W = array[starts[0] : starts[0] + inputs * units].reshape(units, inputs)
        b = array[starts[1] : starts[1] + units]
        places = [[(focus.layer, k, j) for j in [*range(inputs), None]] for k in range(units)]
        rows = [f"to {k + 1}" for k in range(units)]
        columns = [f"from {j + 1}" for j in range(inputs)] + ["b"]
        name = f"{plain(symbol)}, layer {focus.layer + 1}"
        return _cut(name, f"of {array.size}", "parameters", np.column_stack([W, b]), rows, columns, places, None, focus)
    if (
        array.ndim == 2
        and layer is not None
        and array.shape == (net.sizes[layer + 1], net.sizes[layer])
        and "W" in symbol
    ):
        places = [[(layer, k, j) for j in range(array.shape[1])] for k in range(array.shape[0])]
        rows = [f"to {k + 1}" for k in range(array.shape[0])]
        columns = [f"from {j + 1}" for j in range(array.shape[1])]
        return _cut(plain(symbol), shape, "weights", array, rows, columns, places, None, focus)
    if array.ndim == 1 and layer is not None and "b" in symbol:
        places = [[(layer, k, None) for k in range(array.size)]]
        return _cut(plain(symbol), shape, "biases", array[None], [""], _counted(array.size), places, None, focus)
    if array.ndim == 2 and len(array) == n:
        if symbol == "x":
            layer = -1
        elif layer is None:  # y and f' stand for the layer that the frame is about
            layer = len(net.sizes) - 2 if symbol == "y" or array.shape[1] == net.sizes[-1] else focus.layer
        places = [[(layer, k) for k in range(array.shape[1])] for _ in range(n)]
        rows = [f"sample {s + 1}" if n > 1 else "" for s in range(n)]
        return _cut(plain(symbol), shape, "units", array, rows, _counted(array.shape[1]), places, range(n), focus)
    flat = np.atleast_2d(array.reshape(len(array), -1) if array.ndim > 1 else array)
    return _cut(plain(symbol), shape, "", flat, [""] * len(flat), _counted(flat.shape[1]), None, None, focus)


def _counted(count):
    return [str(k + 1) for k in range(count)] if count > 1 else []


def _cut(name, shape, of, array, rows, columns, places, samples, focus):
    chosen = _marks(places, samples, focus) if places else np.zeros(array.shape, bool)
    at = [int(found[0]) if len(found) else 0 for found in np.nonzero(chosen)]
    across, down = _window(array.shape[1], COLUMNS, at[1]), _window(array.shape[0], ROWS, at[0])
    table = [
        {
            "name": rows[i],
            "here": samples is not None and len(array) > 1 and i == focus.sample,
            "cells": [
                {
                    "text": text(array[i, j]),
                    "exact": exact(array[i, j]),
                    "value": float(np.sign(np.nan_to_num(array[i, j]))),
                    "at": list(places[i][j]) if places and places[i][j][0] >= 0 else None,
                    "sample": i if samples is not None else None,
                    "marked": bool(chosen[i, j]),
                }
                for j in across
            ],
        }
        for i in down
    ]
    left = array.size - len(across) * len(down)
    return {
        "name": name,
        "shape": shape,
        "of": of,
        "sign": "",
        "columns": [columns[j] for j in across] if columns else [],
        "rows": table,
        "more": f"and {left:,} more" if left else "",
    }


def _marks(places, samples, focus):
    """Which cells are the chosen parameter's or unit's: a weight and its gradient, or the unit's number."""
    wanted = (focus.layer, focus.unit) if focus.source == walk.UNIT else (focus.layer, focus.unit, focus.source)

    def is_marked(i, place):
        if len(place) == 2:  # a number of a unit, of a sample
            return place == wanted[:2] and i == focus.sample
        return place == wanted if len(wanted) == 3 else place[:2] == wanted

    return np.array([[is_marked(i, place) for place in row] for i, row in enumerate(places)])


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


def formula_of(frame: Frame) -> str:
    """All lines of a frame in one block: in letters first, then with the numbers."""
    lines = [frame.formula, *(line.latex for line in frame.lines)]
    return r"\begin{aligned}" + r" \\[5pt] ".join(in_lines(line) for line in lines) + r"\end{aligned}"


def listing_of(frames: tuple[Frame, ...], frame: Frame, layer: int) -> dict:
    """The source of a frame's function: {file, name, first, lines, marked, linked: [(line, title of its frame)]}."""
    file, first, source, marked = walk.source_code(frame)
    found = _frames_of_lines(frames, frame)
    titles = {other.key: other.title for other in frames}
    linked = [(number, titles[_nearest(others, layer)]) for number, others in found.items()]
    return {
        "file": file,
        "name": frame.code.function.__qualname__,
        "first": first,
        "lines": source.rstrip().split("\n"),
        "marked": list(marked),
        "linked": linked,
    }


def _frames_of_lines(frames, frame) -> dict[int, list[Frame]]:
    """Line number -> the frames that this line of the present function computed."""
    found: dict[int, list[Frame]] = {}
    lines: dict[str, tuple[int, ...]] = {}  # reading the source takes longer than all the rest: once a mark
    for other in frames:
        if other.code.function == frame.code.function:
            if other.code.mark not in lines:
                lines[other.code.mark] = walk.source_code(other)[3]
            for number in lines[other.code.mark]:
                found.setdefault(number, []).append(other)
    return found


def frame_of_line(frames: tuple[Frame, ...], frame: Frame, number: object, layer: int) -> str:
    """The frame that a line of code leads to: of the chosen layer where there is one, else the first."""
    found = _frames_of_lines(frames, frame).get(number)
    return _nearest(found, layer) if found else frame.key


def _nearest(found: list[Frame], layer: int) -> str:
    return next((other.key for other in found if other.layer == layer), found[0].key)


def place_name(sizes: tuple[int, ...], focus: Focus, features: tuple[str, ...] = ()) -> str:
    """The chosen place in words, counted from 1."""
    is_output = focus.layer == len(sizes) - 2
    unit = f"output unit {focus.unit + 1}" if is_output else f"unit {focus.unit + 1} of layer {focus.layer + 1}"
    if focus.source == walk.UNIT:
        return unit
    if focus.source is None:
        return f"bias of {unit}"
    if focus.layer == 0:
        source = features[focus.source] if features else f"input {focus.source + 1}"
    else:
        source = f"unit {focus.source + 1} of layer {focus.layer}"
    return f"weight from {source} to {unit}"


def symbol_of(focus: Focus) -> str:
    """The chosen place as LaTeX."""
    if focus.source == walk.UNIT:
        return formulas.of("a", focus.layer, focus.unit)
    return formulas.weight((focus.layer, focus.unit, focus.source))
