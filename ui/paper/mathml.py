"""MathML: the formulas of scratchnet, which are LaTeX, as elements that a browser sets by itself, without a library.

What it reads is the little that those formulas use; anything else is a ValueError, which a test over all of them sees.
"""

import re
from xml.etree.ElementTree import Element

from ui.paper.document import element

TOKEN = re.compile(r"\\(?:text|operatorname)\{[^}]*\}|\\[a-zA-Z]+|\\.|[0-9.]+|\S")
NAMES = {r"\Phi": "Φ", r"\varphi": "φ", r"\sigma": "σ", r"\delta": "δ", r"\eta": "η", r"\partial": "∂"}
FUNCTIONS = (r"\ln", r"\max", r"\min", r"\tanh")
SIGNS = {r"\,": "·", r"\sum": "∑", r"\cdot": "·", "-": "−", "'": "′"}
NOTHING = (r"\left", r"\right")
DIGIT = re.compile(r"[0-9.]+")


def formula(latex: str) -> Element:
    """A formula as one element `math`, to stand in a line."""
    return element("math", element("mrow", *_row(TOKEN.findall(latex), "")))


def _row(tokens: list[str], end: str) -> list[Element]:
    """The elements up to `end`, which is taken too."""
    row: list[Element] = []
    while tokens:
        if tokens[0] == end:
            tokens.pop(0)
            return row
        if tokens[0] in "^_":
            tag = {"^": "msup", "_": "msub"}[tokens.pop(0)]
            base, script = row.pop(), _one(tokens)
            if base.text == "∑":
                tag = "munder"
            row.append(element(tag, base, script))
        elif tokens[0] in NOTHING:
            tokens.pop(0)
        else:
            row.append(_one(tokens))
    if end:
        raise ValueError(f"A formula lacks {end}.")
    return row


def _one(tokens: list[str]) -> Element:
    """The element of the next token, with what belongs to it."""
    token = tokens.pop(0)
    if token == "{":
        return element("mrow", *_row(tokens, "}"))
    if token in (r"\frac", r"\tfrac"):
        if DIGIT.fullmatch(tokens[0]):  # \frac12
            tokens[:1] = list(tokens[0])
        return element("mfrac", _one(tokens), _one(tokens))
    if token.startswith((r"\text{", r"\operatorname{")):
        return element("mtext", f"\u00a0{token[token.index('{') + 1 : -1].strip()}\u00a0")
    if token == r"\ ":
        return element("mtext", "\u00a0")
    if token in NAMES:
        return element("mi", NAMES[token])
    if token in FUNCTIONS:
        return element("mi", f"\u2009{token[1:]}\u2009")
    if token in SIGNS:
        return element("mo", SIGNS[token])
    if DIGIT.fullmatch(token):
        return element("mn", token)
    if token.isalpha():
        return element("mi", token)
    if token.startswith("\\"):
        raise ValueError(f"A formula holds {token!r}, which is not known here.")
    return element("mo", token, stretchy="false")  # brackets as high as letters
