"""Answers: reading a number as people type it, and comparing it to three significant digits, for every check."""

import re
from math import floor, log10

from ui.kit.typed import FRACTION, number

PRECISION = "3 significant digits"  # what `agrees` asks for, in the words that stand beside the field
NEARLY = "Nearly: it must be right to three significant digits, counted from the first that is not 0; round last."
# A power of ten as the pages write it: 3.066×10⁻⁵, 10^-5.
POWER = re.compile(
    r"(?:(.+?)\s*[×·*]\s*)?10"
    r"(?:\s*(?:\^|\*\*)\s*\(?([-+\u2212]?[0-9]{1,3})\)?|([\u207a\u207b]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))"
)
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹\u207a\u207b\u2212", "0123456789+--")


def read(answer: object, example: str = "0.25") -> float:
    """The typed number: with a decimal point or comma, a fraction such as 25/39, a power of ten such as 2·10^-5, or
    percent, as the share that it is.

    ValueError with one sentence otherwise, also for no answer.
    """
    return _read(answer, example)[0]


def read_percent(answer: object, example: str = "70") -> float:
    """The typed number as percent, as a person means it: 75, 75 %, 0.75 and 3/4 are all 75.

    Without a % sign, a fraction and whatever is not beyond 1 is a share of 1. ValueError as `read`.
    """
    value, signed = _read(answer, example)
    is_share = signed or abs(value) <= 1 or FRACTION.fullmatch(str(answer)) is not None
    return 100 * value if is_share else value


def _read(answer: object, example: str) -> tuple[float, bool]:
    """(the number, whether it was typed with a % sign and so divided by 100)."""
    if answer is None or not str(answer).strip():
        raise ValueError(f"Your answer is missing: type a number such as {example}.")
    typed = str(answer).strip()
    without = re.sub(r"\s*(%|percent)$", "", typed)
    signed = without != typed
    power = POWER.fullmatch(without)
    if power is not None:
        without = f"{power[1] or 1}e{(power[2] or power[3]).translate(SUPERSCRIPTS)}"
    try:
        value = number(without, "Your answer", example)
    except ValueError:
        number(typed, "Your answer", example)  # refused as well, and quoted with its % sign
        raise
    return (value / 100 if signed else value), signed


def unit(exact: float) -> float:
    """One in the third significant digit of a number: 0.001 for 0.4361, 10 for 4361; for 0, 0.001."""
    return 10.0 ** (floor(log10(abs(exact))) - 2) if exact else 0.001


def agrees(given: float, exact: float) -> bool:
    """Whether both are the same number to three significant digits; the tiny slack is for decimal fractions."""
    return abs(given - exact) <= 0.5 * unit(exact) * (1 + 1e-6)


def is_near(given: float, exact: float) -> bool:
    """Whether the way was probably right and only digits are missing, or lost on the way."""
    return abs(given - exact) <= 10 * unit(exact)


def compare(
    answer: object,
    exact: float,
    slips: dict[float, str],
    example: str = "0.25",
    otherwise: str = "Not yet: write each term down with its sign, then add them up.",
    never_negative: str = "",
) -> tuple[bool, str]:
    """Check a typed number against the exact one. slips: what a known mistake gives -> the sentence that helps.

    otherwise: what helps with a mistake that is not known. never_negative: what to say of a number below 0 where none
    can be. Returns (passed, why); why never tells the exact number.
    """
    try:
        given = read(answer, example)
    except ValueError as error:
        return False, str(error)
    if agrees(given, exact):
        return True, "Right."
    for slip, sentence in slips.items():
        if agrees(given, slip) and not agrees(slip, exact):
            return False, sentence
    if given < 0 and never_negative:
        return False, never_negative
    if agrees(-given, exact):
        return False, "The size is right, the sign is not: follow each minus once more."
    if is_near(given, exact):
        return False, NEARLY
    return False, otherwise
