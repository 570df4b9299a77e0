"""Typed: reading a number as people type it, and writing one as they would. Every field of the app reads by this rule.

ui/board/input.js follows the same rule where a number is typed on the board; one test holds both to one table.
"""

import re
from math import isfinite

import numpy as np

LONGEST_TEXT = 60  # characters of a typed number or list
NONE = "none"
MINUS_SIGNS = dict.fromkeys(map(ord, "\u2212\u2010\u2011\u2012\u2013\u2014\ufe58\ufe63\uff0d"), "-")
SPACES = "\u00a0\u2009\u202f '\u2019"  # what stands between groups of three digits
GROUPS = rf"[-+]?[0-9]{{1,3}}(?:[{SPACES}][0-9]{{3}})+(?:[.,][0-9]*)?"
WHOLE_GROUPS = r"[-+]?[1-9][0-9]{0,2}(?:,[0-9]{3}|\.[0-9]{3})"


def plain(text: object) -> str:
    """The same number with a hyphen for a minus and without groups of thousands; the last of two marks is the decimal.

    12 345, 12'345, 12,345.6, 12.345,6 and 1,234,567 have groups. One mark alone is a decimal point or comma.
    """
    typed = str(text).strip().translate(MINUS_SIGNS)
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
    """A typed number, with a decimal point or comma. ValueError with one sentence, beginning with `name`, otherwise."""
    typed = str(text).strip()
    if len(typed) > LONGEST_TEXT:
        raise ValueError(f"{name}: expected a number such as {example}, got {len(typed)} characters; type fewer.")
    digits = plain(typed)
    if not re.fullmatch(r"[-+]?([0-9]+[.,]?[0-9]*|[.,][0-9]+)([eE][-+]?[0-9]+)?", digits):
        raise ValueError(f"{name}: expected a number such as {example}, got {typed!r}; type digits only.")
    value = float(digits.replace(",", "."))
    if not isfinite(value):
        raise ValueError(f"{name}: expected a number such as {example}, got {typed}, which is too large; type less.")
    return value


def whole_number(text: object, name: str, example: str = "10") -> int:
    """A typed whole number, as `number`; here a mark before three last digits parts thousands: 2,000 and 2.000."""
    typed = plain(text)
    value = number(re.sub("[.,]", "", typed) if re.fullmatch(WHOLE_GROUPS, typed) else text, name, example)
    if value != int(value):
        raise ValueError(f"{name}: expected a whole number such as {example}, got {written(value)}; round it.")
    return int(value)


def written(value: float | int | None) -> str:
    """A number as a person would type it, all its digits and no more; None is "none"."""
    if value is None:
        return NONE
    if isinstance(value, int):
        return str(value)
    if value == 0 or 1e-6 <= abs(value) < 1e9:
        return np.format_float_positional(value, trim="-")
    return repr(value)
