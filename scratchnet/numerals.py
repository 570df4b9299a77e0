"""Numerals: how a number is written in a sentence.

- Four significant digits, or fewer where they say it all. So a printed number says how well it is known: with fewer
  than four it is exact (0.5 is a half), with four it was rounded and stands for all that rounds to it (0.5000 is
  somewhere near a half).
- Plain from 0.0001 to below 10 000, whole numbers below a million; beyond, a power of ten: 1.235e4 would as 12350 claim
  a fifth digit. Where more digits are asked for, as many stand before the point.
- A real minus sign, as wide as a digit, but in an exponent the one that is typed; words for what is no number.
"""

import math
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

DIGITS = 4
MINUS = "\u2212"
EXACT = 1e-12  # relative: round-off in the last bits (0.1 + 0.2) does not make a number inexact to a reader
WHOLE_UP_TO = 1e6  # whole numbers below are printed whole
PLAIN_FROM, PLAIN_BELOW = -4, 4  # powers of ten between which no exponent is written


@lru_cache(maxsize=4096)  # the frames of an update say the same numbers many times
def _digits(value: float, digits: int, trims: bool) -> tuple[str, int]:
    """(significant digits as a string, exponent of the first) of a finite number above 0.

    Rounded as at school, half away from zero, and what is rounded is the number as it is written: 0.91875 becomes
    0.9188, though the float that stands for it is a little less.
    """
    written = Decimal(repr(value))
    for count in (*range(1, DIGITS), digits):
        rounded = Context(prec=count, rounding=ROUND_HALF_UP).plus(written)
        if count == digits or abs(float(rounded) - value) <= EXACT * value:
            break
    number = "".join(map(str, rounded.as_tuple().digits))
    return number.rstrip("0") if trims else number.ljust(count, "0"), rounded.adjusted()


def mantissa_and_exponent(value: float, digits: int, trims: bool = False) -> tuple[str, int | None]:
    """How a finite number is written: ("-0.05", None), or with an exponent ("1.234", -7)."""
    if value == 0:
        return "0", None  # minus zero too
    if value == int(value) and abs(value) < WHOLE_UP_TO:
        return str(int(value)), None
    sign = "-" if value < 0 else ""
    number, exponent = _digits(abs(value), digits, trims)
    if not PLAIN_FROM <= exponent < max(PLAIN_BELOW, digits):
        return sign + number[0] + ("." + number[1:] if len(number) > 1 else ""), exponent
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{number}", None
    whole = number[: exponent + 1].ljust(exponent + 1, "0")
    rest = number[exponent + 1 :]
    return sign + whole + ("." + rest if rest else ""), None


def in_words(value: float) -> str:
    """What is no finite number."""
    if math.isnan(value):
        return "not a number"
    return "infinity" if value > 0 else "minus infinity"


def text(value: float, digits: int = DIGITS, trims: bool = False) -> str:
    """A number for a sentence or a table: 0.5826, −0.05, 1.234e-7, 12, infinity. trims: without zeros at its end."""
    value = float(value)
    if not math.isfinite(value):
        return in_words(value)
    number, exponent = mantissa_and_exponent(value, digits, trims)
    number = number.replace("-", MINUS)
    return number if exponent is None else f"{number}e{exponent}"
