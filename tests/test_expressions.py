"""Functions that somebody types: read by a small grammar, computed as Python's own floats would, refused in words."""

import math
import operator

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import scratchnet as sn
from scratchnet.expressions import MAX_DEPTH, MAX_LENGTH

numbers = st.floats(0, 100).map(lambda value: round(value, 3))
OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
FUNCTIONS = {"sin": math.sin, "cos": math.cos, "exp": math.exp, "sqrt": math.sqrt, "abs": abs}


def leaves():
    return st.one_of(
        numbers.map(lambda value: (repr(value), lambda a, b: value)),
        st.just(("x1", lambda a, b: a)),
        st.just(("x2", lambda a, b: b)),
    )


def larger(parts):
    """Each part is (text, function of x1 and x2); in the text everything joined stands in parentheses."""

    def joined(sign, one, other):
        return f"({one[0]} {sign} {other[0]})", lambda a, b: OPERATORS[sign](one[1](a, b), other[1](a, b))

    def applied(name, part):
        return f"{name}({part[0]})", lambda a, b: FUNCTIONS[name](part[1](a, b))

    def raised(part, power):
        return f"({part[0]})^{power}", lambda a, b: math.pow(part[1](a, b), power)

    return st.one_of(
        st.builds(joined, st.sampled_from(list(OPERATORS)), parts, parts),
        st.builds(applied, st.sampled_from(list(FUNCTIONS)), parts),
        st.builds(raised, parts, st.integers(0, 3)),
        parts.map(lambda part: (f"-{part[0]}", lambda a, b: -part[1](a, b))),
    )


@given(st.recursive(leaves(), larger, max_leaves=5), st.floats(-6, 6), st.floats(-6, 6))
def test_a_function_has_the_value_that_pythons_own_floats_have(expression, a, b):
    text, function = expression
    assume(len(text) <= MAX_LENGTH)
    read = sn.read_expression(text)
    assert not read.is_comparison
    try:
        expected = function(a, b)
    except (ArithmeticError, ValueError):
        expected = math.nan
    if math.isfinite(expected):
        assert read(np.array([[a, b]]))[0] == pytest.approx(expected, rel=1e-9, abs=1e-12)
    else:
        with pytest.raises(ValueError, match="has no value at x1 = "):
            read(np.array([[a, b]]))


@pytest.mark.parametrize(
    ("text", "at", "value"),
    [
        ("1 + 2 * 3", (0, 0), 7),
        ("8 - 3 - 2", (0, 0), 3),
        ("8 / 4 / 2", (0, 0), 1),
        ("-x1^2", (3, 0), -9),
        ("2^3^2", (0, 0), 512),
        ("2^-1", (0, 0), 0.5),
        ("--2", (0, 0), 2),
        ("+x1 - -x2", (1, 2), 3),
        ("2*x1^2*x2", (3, 5), 90),
        ("X1 + Sin(0)", (4, 0), 4),
        ("1e2+.5", (0, 0), 100.5),
        ("3−1·2×2", (0, 0), -1),
        ("abs(-2)sqrt(4)", (0, 0), None),
        ("(((x1)))", (2, 0), 2),
    ],
)
def test_signs_bind_as_in_a_textbook(text, at, value):
    if value is None:
        with pytest.raises(ValueError, match="an operation or the end, got 'sqrt'"):
            sn.read_expression(text)
        return
    assert sn.read_expression(text)(np.array([at], dtype=float)).tolist() == [value]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("above sin(x1)", lambda a, b: b > math.sin(a)),
        ("Below 2", lambda a, b: b < 2),
        ("inside x1^2 + x2^2 < 9", lambda a, b: a * a + b * b < 9),
        ("outside x1^2 + x2^2 < 9", lambda a, b: not a * a + b * b < 9),
        ("x1^2 + x2^2 >= 9", lambda a, b: a * a + b * b >= 9),
        ("x2 > 0.5*x1 - 1", lambda a, b: b > 0.5 * a - 1),
        ("x1 <= x2", lambda a, b: a <= b),
    ],
)
def test_a_comparison_holds_where_it_should(text, where):
    places = [(a / 2, b / 2) for a in range(-8, 9) for b in range(-8, 9)]
    read = sn.read_expression(text)
    assert read.is_comparison
    assert read(np.array(places)).tolist() == [where(a, b) for a, b in places]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("   ", "is empty"),
        (None, "is empty"),
        (5, "is empty"),
        ("x1" + " + x1" * 60, f"at most {MAX_LENGTH} characters, got 302"),
        ("(" * 21 + "x1" + ")" * 21, f"at most {MAX_DEPTH} parts"),
        ("-" * 50 + "1", f"at most {MAX_DEPTH} parts"),
        ("2^" * 50 + "1", f"at most {MAX_DEPTH} parts"),
        ("x1 +", "at character 5: expected a number, x1, x2, a function (sin, cos, exp, sqrt, abs) or (, got the end."),
        ("x3", "at character 1: expected a number, x1, x2"),
        ("x1 ** 2", "at character 5: expected a number"),
        ("2 x1", "at character 3: expected an operation or the end, got 'x1'"),
        ("(x1", "at character 4: expected an operation or ), got the end"),
        ("sin x1", "at character 5: expected ( after sin, got 'x1'"),
        ("x1 > x2 > 0", "at character 9: expected the end, got '>'"),
        ("inside x1", "at character 10: expected < or >, got the end"),
        ("above x1 > 2", "at character 10: expected the end, got '>'"),
        ("x1 = 2", "at character 4: expected an operation or the end, got '='"),
        ("0,5,1", "got '.1'"),
        ("1e999", "a number below 1e308"),
        ("__import__('os')", "at character 1"),
        ("x1.real", "at character 3"),
        ("lambda: 0", "at character 1"),
        ("<script>", "at character 1"),
    ],
)
def test_what_cannot_be_read_is_one_sentence_that_says_where(text, says):
    with pytest.raises(ValueError) as caught:
        sn.read_expression(text)
    assert says in str(caught.value) and "\n" not in str(caught.value)


@given(st.text(max_size=60) | st.text("x12+-*/^()<>=. sincoabove", max_size=40))
def test_any_text_is_read_or_refused_in_one_sentence(text):
    try:
        read = sn.read_expression(text)
        read(np.array([[1.0, 2.0]]))
    except ValueError as error:
        assert str(error).endswith(".") and "\n" not in str(error)


def test_as_many_parts_as_fit_may_stand_beside_one_another():
    assert sn.read_expression("+".join(["(x1)"] * 24))(np.array([[2.0, 0]])).tolist() == [48]


def test_of_one_column_there_is_x1_alone():
    assert sn.read_expression("2*x1", columns=1)(np.array([[3.0]])).tolist() == [6]
    with pytest.raises(ValueError, match="a number, x1, a function"):
        sn.read_expression("x2", columns=1)
    with pytest.raises(ValueError, match="x1 alone"):
        sn.read_expression("above 0", columns=1)


def test_a_place_without_a_value_is_named():
    places = np.array([[1.0, 0], [-4, 2]])
    for text in ("sqrt(x1)", "sqrt(x1) > x2", "x2 > sqrt(x1)", "x1^0.5", "1/(x1+4)", "outside sqrt(x1) < 1"):
        with pytest.raises(ValueError, match=r"no value at x1 = −4, x2 = 2: change"):
            sn.read_expression(text)(places)
    assert sn.read_expression("1/(x1+4) > 3")(places).tolist() == [False, True]  # infinity is above three


@pytest.mark.parametrize(
    ("text", "value"), [("x1²", 9.0), ("x2³ - x1²", -17.0), ("0,5*x1", 1.5), ("-x1²", -9.0), ("2*x2²^2", 32.0)]
)
def test_raised_digits_and_decimal_commas_are_read_as_the_page_and_people_write_them(text, value):
    assert sn.read_expression(text)(np.array([[3.0, -2.0]]))[0] == value


def test_what_follows_a_raised_digit_is_refused_at_its_own_place():
    with pytest.raises(ValueError, match="character 4"):
        sn.read_expression("x1²x2")
