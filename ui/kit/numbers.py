"""Numbers as a reader sees them, in one form everywhere: scratchnet/numerals.py has it, numbers.js the same letters.

Formulas with printed numbers can be checked by interval arithmetic, and tests do. Other forms have their names here:
`tick` beside an axis, `percent`, `exact` with all digits for who goes on computing, `latex` in a formula, PRINTF and D3
where Streamlit and Plotly write. A count has its thousands apart: {:,} in Python.
"""

import math
from decimal import Decimal

from scratchnet.numerals import DIGITS, MINUS, in_words, mantissa_and_exponent, text

# `tick` with four digits, where only the browser can write: in tables that can be sorted and beside sliders, and at the
# pointer on a picture of thousands of numbers. Both have powers of ten below 1e-6 only.
PRINTF, D3 = "%.4g", ".4~g"


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
    return repr(value + 0.0 if value else 0.0) if math.isfinite(value) else in_words(value)


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
        return rf"\text{{{in_words(value)}}}"
    number, exponent = mantissa_and_exponent(value, digits)
    return number if exponent is None else rf"{number}\times 10^{{{exponent}}}"
