"""Answers: reading a typed number, and comparing it to three significant digits, for every check."""

from math import floor, log10

from ui.controls import number


def read(answer: object, example: str = "0.25") -> float:
    """The typed number, with a decimal point or comma; ValueError with one sentence otherwise, also for no answer."""
    if answer is None or not str(answer).strip():
        raise ValueError(f"Your answer is missing: type a number such as {example}.")
    return number(answer, "Your answer", example)


def unit(exact: float) -> float:
    """One in the third significant digit of a number: 0.001 for 0.4361, 10 for 4361; for 0, 0.001."""
    return 10.0 ** (floor(log10(abs(exact))) - 2) if exact else 0.001


def agrees(given: float, exact: float) -> bool:
    """Whether both are the same number to three significant digits; the tiny slack is for decimal fractions."""
    return abs(given - exact) <= 0.5 * unit(exact) * (1 + 1e-6)


def compare(answer: object, exact: float, slips: dict[float, str], example: str = "0.25") -> tuple[bool, str]:
    """Check a typed number against the exact one. slips: what a known mistake gives -> the sentence that helps.

    Returns (passed, why); why never tells the exact number.
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
    if agrees(-given, exact):
        return False, "The size is right, the sign is not: follow each minus once more."
    if abs(given - exact) <= 10 * unit(exact):
        return False, "Nearly: it must be right to three significant digits, so round only at the end."
    return False, "Not yet: write each term down with its sign, then add them up."
