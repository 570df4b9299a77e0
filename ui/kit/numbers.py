"""Numbers as a reader sees them, in one form everywhere; numbers.js writes them with the same letters.

- Four significant digits, or fewer where they say it all. So a printed number says how well it is known: with fewer
  than four it is exact (0.5 is a half), with four it was rounded and stands for all that rounds to it (0.5000 is
  somewhere near a half). Formulas with printed numbers can be checked by interval arithmetic, and tests do.
- Plain from 0.0001 to below 10 000, whole numbers below a million; beyond, a power of ten: 1.235e4 would as 12350 claim
  a fifth digit. Where more digits are asked for, as many stand before the point.
- A real minus sign, as wide as a digit, but in an exponent the one that is typed; words for what is no number.

Other forms have their names here: `tick` beside an axis, `percent`, `exact` with all digits for who goes on computing,
`latex` in a formula, PRINTF and D3 where Streamlit and Plotly write. A count has its thousands apart: {:,} in Python.
"""

import math
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

DIGITS = 4
MINUS = "\u2212"
EXACT = 1e-12  # relative: round-off in the last bits (0.1 + 0.2) does not make a number inexact to a reader
# `tick` with four digits, where only the browser can write: in tables that can be sorted and beside sliders, and at the
# pointer on a picture of thousands of numbers. Both have powers of ten below 1e-6 only.
PRINTF, D3 = "%.4g", ".4~g"
WHOLE_UP_TO = 1e6  # whole numbers below are printed whole
PLAIN_FROM, PLAIN_BELOW = -4, 4  # powers of ten between which no exponent is written


@lru_cache(maxsize=4096)  # the frames of an update say the same numbers many times
def _digits(value, digits, trims):
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


def _mantissa_and_exponent(value, digits, trims=False):
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


def _in_words(value):
    if math.isnan(value):
        return "not a number"
    return "infinity" if value > 0 else "minus infinity"


def text(value, digits=DIGITS, trims=False):
    """A number for a sentence or a table: 0.5826, −0.05, 1.234e-7, 12, infinity. trims: without zeros at its end."""
    value = float(value)
    if not math.isfinite(value):
        return _in_words(value)
    number, exponent = _mantissa_and_exponent(value, digits, trims)
    number = number.replace("-", MINUS)
    return number if exponent is None else f"{number}e{exponent}"


def tick(value, digits=6):
    """A number beside an axis or at the end of a scale, which is a round one or is read as one: no zeros at its end."""
    return text(value, digits, trims=True)


def percent(share):
    """A share of 0 to 1 with one decimal, also where that is 0, so that a column of them can be compared: 80.7 %."""
    tenths = math.floor(1000 * share + 0.5)
    return f"{tenths // 10}.{tenths % 10} %"


def text_beside(value, bound):
    """A number for a sentence that says on which side of a bound it lies: as `text`, or digits enough to see it."""
    for digits in range(DIGITS, 17):
        written = text(value, digits)
        near = float(written.replace(MINUS, "-"))
        if (near > bound) == (value > bound) and (near < bound) == (value < bound):
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
