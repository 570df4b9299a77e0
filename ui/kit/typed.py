"""Typed: reading a number as people type it, and writing one as they would. Every field of the app reads by this rule.

typed.js follows the same rule where a number is typed on the board; a test holds both to each other.
"""

import re
from math import isfinite

import numpy as np

LONGEST_TEXT = 60  # characters of a typed number or list
NONE = "none"
MINUS_SIGNS = dict.fromkeys(map(ord, "\u2212\u2010\u2011\u2012\u2013\u2014\ufe58\ufe63\uff0d"), "-")
SPACES = "\u00a0\u2009\u202f '\u2019"  # what stands between groups of three digits
GROUPS = rf"[-+]?[0-9]{{1,3}}(?:[{SPACES}][0-9]{{3}})+(?:[.,][0-9]*)?"
DECIMAL = r"[-+]?([0-9]+[.,]?[0-9]*|[.,][0-9]+)([eE][-+]?[0-9]+)?"
FRACTION = re.compile(r"([^/\u2044\u2215\u00f7]+)[/\u2044\u2215\u00f7]([^/\u2044\u2215\u00f7]+)")  # 1/3
WHOLE_GROUPS = r"[-+]?[1-9][0-9]{0,2}(?:,[0-9]{3}|\.[0-9]{3})"


def plain(text: object) -> str:
    """The same number with a hyphen for a minus and without groups of thousands; the last of two marks is the decimal.

    12 345, 12'345, 12,345.6, 12.345,6 and 1,234,567 have groups. One mark alone is a decimal point or comma.
    A space behind the sign is dropped.
    """
    typed = re.sub(r"^([-+])\s+", r"\1", str(text).strip().translate(MINUS_SIGNS))
    if re.fullmatch(GROUPS, typed):
        typed = re.sub(f"[{SPACES}]", "", typed)
    for group, point in (",.", ".,"):
        several = rf"[-+]?[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}})+"
        if re.fullmatch(rf"{several}{re.escape(point)}[0-9]*", typed) or (
            typed.count(group) > 1 and re.fullmatch(several, typed)
        ):
            typed = typed.replace(group, "")
    return typed


def number(text: object, name: str, example: str = "0.03") -> float:
    """A typed number, with a decimal point or comma, or a fraction of two such as 1/3.

    ValueError with one sentence, beginning with `name`, otherwise; it quotes the whole of what was typed.
    """
    typed = str(text).strip()
    expected = f"{name}: expected a number such as {example}, got"
    if len(typed) > LONGEST_TEXT:
        raise ValueError(f"{expected} {len(typed)} characters; type fewer.")
    fraction = FRACTION.fullmatch(typed)
    parts = [plain(part) for part in (fraction.groups() if fraction else (typed,))]
    if not all(re.fullmatch(DECIMAL, part) for part in parts):
        raise ValueError(f"{expected} {typed!r}; type one number, in digits.")
    value, *below = (float(part.replace(",", ".")) for part in parts)
    if below == [0]:
        raise ValueError(f"{expected} {typed}, a division by 0; type another.")
    quotient = value / below[0] if below else value
    if not all(map(isfinite, (value, *below, quotient))):
        raise ValueError(f"{expected} {typed}, which is too large; type less.")
    return quotient


def whole_number(text: object, name: str, example: str = "10") -> int:
    """A typed whole number, as `number`; here a mark before three last digits parts thousands: 2,000 and 2.000.

    A fraction is refused even where it comes out whole: 8/4 may be meant as two layers.
    """
    typed = plain(text)
    value = number(re.sub("[.,]", "", typed) if re.fullmatch(WHOLE_GROUPS, typed) else text, name, example)
    if value != int(value) or FRACTION.fullmatch(typed):
        raise ValueError(f"{name}: expected a whole number such as {example}, got {typed}; leave the fraction out.")
    return int(value)


def written(value: float | int | None) -> str:
    """A number as a person would type it, all its digits and no more; None is "none"."""
    if value is None:
        return NONE
    if isinstance(value, int):
        return str(value)
    if value == 0 or 1e-6 <= abs(value) < 1e16:
        return np.format_float_positional(value, trim="-")
    return re.sub(r"e([-+])0", r"e\1", repr(value))  # 1e-8
