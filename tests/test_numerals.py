"""How a number is written in a sentence of the package; tests/test_numbers.py holds the browser to the same letters."""

import pytest

from scratchnet.numerals import text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (float("inf"), "infinity"),
        (float("-inf"), "minus infinity"),
        (float("nan"), "not a number"),
        (0.0, "0"),
        (-0.0, "0"),
        (0.5, "0.5"),
        (0.50003, "0.5000"),
        (-0.05, "\u22120.05"),
        (0.0005, "0.0005"),
        (0.0001, "0.0001"),
        (0.00001, "1e-5"),
        (0.1 + 0.2, "0.3"),
        (9999.4, "9999"),
        (12345.6, "1.235e4"),
        (999_999, "999999"),
        (1_000_000, "1e6"),
        (0.91875, "0.9188"),
    ],
)
def test_a_number_has_four_digits_or_fewer_where_they_say_it_all(value, written):
    assert text(value) == written
