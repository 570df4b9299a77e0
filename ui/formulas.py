"""Formulas as text: LaTeX with letters, and the same with numbers in it, each number remembered with all its digits.

Formulas with numbers keep to a small grammar, so that a test can read what is printed and calculate it again: `\\cdot`
between factors, `\\times 10^{..}` inside a number only, negative numbers in brackets unless they open a sum, braces
around every exponent. Symbols count layers and units from 1, as the screen does; code counts them from 0.
"""

import math
import re
from dataclasses import dataclass

import numpy as np

from ui.kit import numbers

DELTA = r"\delta"
TERMS = 8  # of a sum; a longer one shows so many and adds up the rest


@dataclass(frozen=True)
class Line:
    """One formula with its numbers: `latex`, ending in "= result".

    numbers: (start, stop, exact value) of every printed number in latex, in order; the last is the result, `value`.
    cell: what the line is about, (layer, unit, source), source None for a bias; or (layer, unit); or None.
    """

    latex: str
    numbers: tuple
    value: float
    cell: tuple | None = None


@dataclass(frozen=True)
class Number:
    """A number with another count of digits than usual."""

    value: float
    digits: int


def typeset(pieces):
    """LaTeX of strings and numbers, with the places of the numbers: (latex, ((start, stop, value), ...))."""
    text, places = "", []
    for i, piece in enumerate(pieces):
        if isinstance(piece, str):
            text += piece
            continue
        digits = piece.digits if isinstance(piece, Number) else numbers.DIGITS
        value = float(piece.value if isinstance(piece, Number) else piece)
        shown = numbers.latex(value, digits)
        following = pieces[i + 1] if i + 1 < len(pieces) and isinstance(pieces[i + 1], str) else ""
        opens = not text or text[-1] in "=({,[|"
        is_negative = value < 0
        has_power = following.startswith("^")
        wrap = is_negative and (not opens or has_power or following.startswith(r"\cdot"))
        wrap = wrap or (has_power and r"\times" in shown)
        if wrap:
            text += "("
        places.append((len(text), len(text) + len(shown), value))
        text += shown + (")" if wrap else "")
    return text, tuple(places)


def line(left, *sides, value, cell=None, digits=numbers.DIGITS):
    """left = side = side = value; every side a list of pieces, left a string. A side of one number is not repeated."""
    pieces = [left]
    for side in sides:
        if len(side) > 1:
            pieces += ["=", *side]
    pieces += ["=", Number(value, digits)]
    latex, places = typeset(pieces)
    return Line(latex, places, float(value), cell)


def fill(template, values):
    """A formula's template with its slots «name» replaced: by numbers (floats) or symbols (strings). Pieces."""
    pieces = [
        values[part] if is_slot else part.replace(r"\,", r"\cdot ").replace(r"\left", "").replace(r"\right", "")
        for is_slot, part in _parts(template)
    ]
    return [piece for piece in pieces if piece != ""]


def _parts(template):
    return [(bool(i % 2), part) for i, part in enumerate(re.split("«(\\w+)»", template))]


LETTERS = "zaym"  # of scratchnet's formulas, for which numbers can stand
_WORDS = re.compile(rf"\\(?:text|operatorname)\{{[^}}]*\}}|\\[a-zA-Z]+|\\.|(?<![a-zA-Z])([{LETTERS}])(?![a-zA-Z_])")


def slotted(formula):
    """A formula of scratchnet with its letters z, a, y and m made slots."""
    return _WORDS.sub(lambda found: f"«{found[1]}»" if found[1] else found[0], formula)


def with_numbers(formula, **values):
    r"""A formula of scratchnet with numbers for the letters that are given: with_numbers(r"z\,e^{z}", z=2.0). LaTeX."""
    return typeset(fill(slotted(formula), {letter: letter for letter in LETTERS} | values))[0]


# What stands in formulas of activation functions beside letters and numbers -> the same in words, Markdown.
_IN_WORDS = {
    r"\max": r"$\max$: the larger of the two",
    r"\min": r"$\min$: the smaller of the two",
    "[z>0]": r"$[z>0]$: 1 where $z>0$, else 0",
    "e^": r"$e$: Euler’s number 2.718…",
    r"\ln": r"$\ln$: the natural logarithm",
    r"\tanh": r"$\tanh(z)$: the hyperbolic tangent, $(e^{z}-e^{-z})/(e^{z}+e^{-z})$",
    r"\Phi": r"$\Phi(z)$ (capital phi): the share of a standard normal distribution that lies below $z$",
    r"\varphi": r"$\varphi(z)$ (phi): the slope of $\Phi$ at $z$, the bell curve",
    r"\sigma": r"$\sigma(z)$ (sigma): the sigmoid of $z$, $1/(1+e^{-z})$",
    r"\sum_j": r"$\sum_j$: add up what follows, for every output $j$",
}


def in_words(*formulas):
    """What the signs of these formulas of activation functions mean: one line of Markdown, "" when there are none."""
    said = (words for sign, words in _IN_WORDS.items() if any(sign in formula for formula in formulas))
    return "; ".join(said)


def add_up(count, term, values, chosen=(), limit=TERMS):
    """A sum in pieces: term(i) gives the pieces of a term, values[i] what it comes to. A long one adds up its rest."""
    if count <= limit:
        places = list(range(count))
    else:
        places = sorted({*list(chosen)[: limit - 1], *first(count, limit - 1 - len(set(chosen)), set(chosen))})
    pieces = []
    for n, i in enumerate(places):
        pieces += ["+" if n else "", *term(i)]
    if len(places) < count:
        others = np.ones(count, dtype=bool)
        others[places] = False
        rest = float(np.asarray(values)[others].sum())
        pieces += [r"+\underbrace{", rest, rf"}}_{{\text{{{count - len(places)} more}}}}"]
    return [piece for piece in pieces if not (isinstance(piece, str) and piece == "")]


def first(count, wanted, without):
    """The first `wanted` of the numbers below count that are not in `without`, a set."""
    return [i for i in range(min(count, wanted + len(without))) if i not in without][: max(wanted, 0)]


def over(n):
    """The factor 1/n of a mean over n samples; nothing for one."""
    return [] if n == 1 else [rf"\frac{{1}}{{{n}}}\cdot "]


def digits_apart(a, b):
    """Digits enough that a - b can be seen in both."""
    difference = abs(a - b)
    if not (math.isfinite(difference) and difference > 0):
        return numbers.DIGITS
    return min(15, numbers.DIGITS + max(0, math.ceil(math.log10(max(abs(a), abs(b)) / difference))))


# ---- symbols: code counts from 0, the screen from 1 ------------------------------------------------------------------


def _shown(index):
    return str(index + 1) if isinstance(index, int | np.integer) else index


def array(letter, layer):
    """The symbol of a layer's array: z^{(1)}; x for the inputs."""
    return "x" if layer < 0 else rf"{letter}^{{({layer + 1})}}"


def of(letter, layer, unit):
    """The symbol of one unit's number: z^{(1)}_{2}; x_{2} for an input."""
    return rf"{array(letter, layer)}_{{{_shown(unit)}}}"


def weight(cell):
    """w^{(1)}_{2,3}: into unit 2 of layer 1 from unit 3; b^{(1)}_{2} for a bias."""
    layer, unit, source = cell
    if source is None:
        return rf"b^{{({layer + 1})}}_{{{_shown(unit)}}}"
    return rf"w^{{({layer + 1})}}_{{{_shown(unit)},{_shown(source)}}}"


def slope(name, loss="L"):
    """dL/dw for the symbol w."""
    return rf"\frac{{\partial {loss}}}{{\partial {name}}}"


def slope_of(letter, layer, unit=None, sample=False):
    """dL/da or dL/dz: of a layer's array, or of one unit; `sample`: of one sample's own loss, L_s."""
    name = array(letter, layer) if unit is None else of(letter, layer, unit)
    return slope(name, "L_s" if sample else "L")


def general(template, symbols):
    """The template with symbols for its slots, as pieces that are all strings."""
    parts = _parts(template)
    pieces = []
    for i, (is_slot, part) in enumerate(parts):
        text = symbols[part] if is_slot else part
        has_two_powers = is_slot and "^" in text and i + 1 < len(parts) and parts[i + 1][1].startswith("^")
        pieces.append(f"({text})" if has_two_powers else text)
    return pieces
