"""Numbers as a reader sees them: four significant digits, the exact value beside them, and never a bare nan.

A printed number says how well it is known. With fewer than four significant digits it is exact (0.5 is a half); with
four or more it was rounded, and stands for everything that rounds to it (0.5000 is somewhere near a half). So formulas
with printed numbers can be checked by interval arithmetic, and tests do.
"""

import math
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

DIGITS = 4
EXACT = 1e-12  # relative: round-off in the last bits (0.1 + 0.2) does not make a number inexact to a reader
WHOLE_UP_TO = 1e6  # whole numbers below are printed whole
PLAIN_FROM, PLAIN_BELOW = -4, 4  # powers of ten between which no exponent is written


@lru_cache(maxsize=4096)  # the frames of an update say the same numbers many times
def _digits(value, digits):
    """(sign, significant digits as a string, exponent of the first) of a finite number that is not 0.

    Rounded as at school, half away from zero, and what is rounded is the number as it is written: 0.91875 becomes
    0.9188, though the float that stands for it is a little less. ui/kit/numbers.js does the same.
    """
    written = Decimal(repr(abs(value)))
    for count in (*range(1, DIGITS), digits):
        rounded = Context(prec=count, rounding=ROUND_HALF_UP).plus(written)
        if count == digits or abs(float(rounded) - abs(value)) <= EXACT * abs(value):
            break
    number = "".join(map(str, rounded.as_tuple().digits))
    return "-" if value < 0 else "", number.ljust(count, "0"), rounded.adjusted()


def _mantissa_and_exponent(value, digits):
    """How a finite number is written: ("-0.05", None), or with an exponent ("1.234", -7)."""
    if value == 0:
        return "0", None  # minus zero too
    if value == int(value) and abs(value) < WHOLE_UP_TO:
        return str(int(value)), None
    sign, number, exponent = _digits(value, digits)
    if not PLAIN_FROM <= exponent < max(PLAIN_BELOW, digits):
        return sign + number[0] + ("." + number[1:] if len(number) > 1 else ""), exponent
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{number}", None
    whole = number[: exponent + 1].ljust(exponent + 1, "0")
    rest = number[exponent + 1 :]
    return sign + whole + ("." + rest if rest else ""), None


def _in_words(value):
    if math.isnan(value):
        return "not a number"
    return "infinity" if value > 0 else "minus infinity"


def text(value, digits=DIGITS):
    """A number for a sentence or a table: 0.5826, -0.05, 1.234e-7, 12, infinity."""
    value = float(value)
    if not math.isfinite(value):
        return _in_words(value)
    number, exponent = _mantissa_and_exponent(value, digits)
    return number if exponent is None else f"{number}e{exponent}"


def text_beside(value, bound):
    """A number for a sentence that says on which side of a bound it lies: as `text`, or digits enough to see it."""
    for digits in range(DIGITS, 17):
        written = text(value, digits)
        if (float(written) > bound) == (value > bound) and (float(written) < bound) == (value < bound):
            return written
    return exact(value)


def exact(value):
    """All digits of a number, as Python reads them back: for a hover or a download."""
    value = float(value)
    return repr(value + 0.0 if value else 0.0) if math.isfinite(value) else _in_words(value)


def apart(first, second):
    """Two finite numbers with so many decimals, at least 17, that who subtracts what is printed gets their difference.

    All digits that Python needs to read them back are not enough for that: a float is seldom what it is written as.
    """
    difference = abs(Decimal(first) - Decimal(second))
    decimals = max(17, DIGITS - difference.adjusted()) if difference else 17
    return tuple(f"{Decimal(value):.{decimals}f}" for value in (first, second))


def latex(value, digits=DIGITS):
    """A number for a formula: 0.5826, 1.234\\times 10^{-7}, \\text{infinity}. Brackets are the formula's business."""
    value = float(value)
    if not math.isfinite(value):
        return rf"\text{{{_in_words(value)}}}"
    number, exponent = _mantissa_and_exponent(value, digits)
    return number if exponent is None else rf"{number}\times 10^{{{exponent}}}"
