"""Answers: read with point or comma, compared to three significant digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.checks.answers import agrees, compare, read


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


def test_an_answer_is_read_with_a_comma():
    assert read("0,25") == 0.25


def test_a_missing_answer_says_so():
    with pytest.raises(ValueError, match="is missing"):
        read(" ")
