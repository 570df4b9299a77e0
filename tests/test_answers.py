"""Answers: read with point or comma, compared to three significant digits."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.checks.answers import agrees, compare, read, read_percent


@pytest.mark.parametrize(
    ("given_", "exact"),
    [(0.583, 0.582621), (0.5826, 0.582621), (-0.0796, -0.079562), (1230, 1234.4), (0.0, 0.0), (1e-7, 1.0004e-7)],
)
def test_three_significant_digits_are_enough(given_, exact):
    assert agrees(given_, exact)


@pytest.mark.parametrize(
    ("given_", "exact"), [(0.58, 0.582621), (0.582, 0.582621), (0.0796, -0.079562), (0.001, 0.0), (0.0, 1e-7)]
)
def test_two_digits_cut_digits_and_a_wrong_sign_are_not(given_, exact):
    assert not agrees(given_, exact)


@given(st.floats(-1e300, 1e300).filter(lambda x: abs(x) > 1e-300))
def test_every_number_agrees_with_itself_rounded_to_three_digits(exact):
    assert agrees(float(f"{exact:.2e}"), exact)


@given(st.text(max_size=80) | st.floats() | st.none())
def test_nothing_typed_can_make_a_comparison_raise(answer):
    passed, why = compare(answer, 0.25, {0.5: "Half of it."})
    assert isinstance(passed, bool)
    assert why


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *(("0,25", 0.25), (" .25 ", 0.25), ("2.5e-1", 0.25), ("+0.25", 0.25), ("25 %", 0.25), ("25%", 0.25)),
        *(("1/4", 0.25), (" 1 / 4 ", 0.25), ("-1/-4", 0.25), ("0,5/2", 0.25), ("1\u20444", 0.25)),
        *((f"{minus}1,5", -1.5) for minus in "-\u2212\u2010\u2011\u2012\u2013\u2014\ufe63\uff0d"),
        *(("12,345.5", 12345.5), ("12.345,5", 12345.5), ("12 345,5", 12345.5), ("12\u202f345.5", 12345.5)),
        *(("12'345", 12345.0), ("12\u2019345", 12345.0), ("1,234,567", 1234567.0), ("1.234.567", 1234567.0)),
        *(("10^-5", 1e-5), ("10⁻⁵", 1e-5), ("1·10^-5", 1e-5), ("3,066×10⁻⁵", 3.066e-5), ("-2 * 10**2", -200.0)),
        *(("10^(-5)", 1e-5), ("10^\u22125", 1e-5), ("10³", 1000.0)),
        *(("1.234", 1.234), ("1,234", 1.234)),  # one mark alone is a decimal one: 1.234 is a frequent answer here
    ],
)
def test_an_answer_is_read_as_people_type_it(typed, meant):
    assert read(typed) == pytest.approx(meant, rel=1e-15)


@pytest.mark.parametrize(
    ("typed", "percent"),
    [
        *(("75", 75), ("75 %", 75), ("75%", 75), ("75 percent", 75), ("0.75", 75), ("0,75", 75), ("3/4", 75)),
        *(("0.75 %", 0.75), ("-0.75", -75), ("1", 100), ("0", 0), ("150/2 %", 75), ("7/4", 175), ("13.75", 13.75)),
    ],
)
def test_percent_is_what_a_person_means(typed, percent):
    assert read_percent(typed) == pytest.approx(percent, rel=1e-15)


@pytest.mark.parametrize(
    "typed",
    [
        *("about 3", "1/0", "1/2/3", "/2", "1/", "%", "1..2", "1,2.3.4", "12 34", "1,23,456", "1e400", "1e308/1e-308"),
        *("25/39 of them", "--1", "0x10", "1_000", "\u221e", "nan %", "1" * 500, "1/" + "9" * 500),
    ],
)
@pytest.mark.parametrize("reading", [read, read_percent])
def test_nonsense_is_refused_with_one_sentence(reading, typed):
    with pytest.raises(ValueError, match=r"^Your answer: expected a number such as .*\.$"):
        reading(typed)


def test_a_missing_answer_says_so():
    with pytest.raises(ValueError, match="is missing"):
        read(" ")


@given(st.text(alphabet="0123456789.,/%- e'", max_size=12))
def test_whatever_is_typed_is_a_finite_number_or_refused(typed):
    for reading in (read, read_percent):
        try:
            assert math.isfinite(reading(typed))
        except ValueError as error:
            assert str(error).endswith(".")
