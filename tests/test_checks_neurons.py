"""The checks of step 1: each fails at the start, passes on a right answer, and says what is missing."""

import pytest

from ui.checks import neurons as checks

BAD = [None, "", "   ", "text", "nan", "inf", "1e400", "9" * 10_000, "0.3.1", "<b>1</b>"]


@pytest.mark.parametrize("check", [checks.high_by_the_bias, checks.sum_by_hand, checks.flat_by_the_inputs])
def test_a_check_fails_at_the_start_and_says_why(check):
    passed, why = check(checks.START, None)
    assert not passed
    assert why.endswith(".")


def test_the_bias_alone_brings_the_activation_above_09():
    # 0.34 without the bias; a sigmoid is above 0.9 from z = ln 9 = 2.1972 on
    assert checks.high_by_the_bias(checks.START | {"b": 1.86})[0]
    passed, why = checks.high_by_the_bias(checks.START | {"b": 1.85})
    assert not passed and "not above 0.9 yet" in why


def test_a_bias_on_the_wrong_side_is_told_to_turn_round():
    passed, why = checks.high_by_the_bias(checks.START | {"b": -3.0})
    assert not passed and "the other way" in why


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"w1": 5.0}, "w1 has moved"),
        ({"x1": 5.0, "x2": -5.0}, "x1, x2 have moved"),
        ({"activation": "identity"}, "activation"),
        ({"inputs": 2}, "2 inputs"),
    ],
)
def test_the_bias_must_do_it_alone(changed, told):
    passed, why = checks.high_by_the_bias(checks.START | {"b": 5.0} | changed)
    assert not passed and told in why


def test_an_input_that_is_not_in_use_may_have_moved():
    assert checks.high_by_the_bias(checks.START | {"b": 5.0, "x4": 3.0, "w4": 3.0})[0]


@pytest.mark.parametrize("answer", ["-0.5", "-0,5", " -0.500", "\u22120.50", "-5e-1", -0.5])
def test_the_sum_by_hand_is_right_with_point_or_comma(answer):
    # 0.8 * 1.5 - 0.5 * 2 + 0.3 * (-1) - 0.4 = 1.2 - 1 - 0.3 - 0.4
    assert checks.sum_by_hand(checks.START, answer)[0]


@pytest.mark.parametrize("answer", ["-0.501", "-0.499", "0.51", "-5", "0"])
def test_a_sum_that_differs_in_the_third_digit_is_wrong(answer):
    assert not checks.sum_by_hand(checks.START, answer)[0]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("-0.1", "bias is still missing"),
        ("0.3", "bias has the wrong sign"),
        ("0.378", "one step too far"),
        ("0.5", "sign is not"),
        ("2.1", "minus times plus"),
        ("1.5", "second weight"),
        ("0.1", "third input"),
        ("-0.502", "three significant digits"),
        ("7", "each term"),
    ],
)
def test_a_known_slip_gets_its_own_hint(answer, told):
    passed, why = checks.sum_by_hand(checks.START, answer)
    assert not passed
    assert told in why
    assert "0.5" not in why, "a hint does not give the answer away"


@pytest.mark.parametrize("answer", BAD)
def test_what_is_no_number_gets_one_short_sentence(answer):
    passed, why = checks.sum_by_hand(checks.START, answer)
    assert not passed
    assert why.startswith("Your answer")
    assert len(why) < 160 and "\n" not in why


@pytest.mark.parametrize("inputs", [{"x1": 5.0, "x2": -2.0}, {"x1": -5.0, "x2": 5.0}])
def test_inputs_far_to_either_side_make_the_slope_small(inputs):
    # z = 2 + 1.2 + 0.02 + 0.1 = 3.32: a = 0.9651, slope 0.0337; and z = -4.88
    assert checks.flat_by_the_inputs(checks.START | inputs)[0]


def test_inputs_that_are_not_far_enough_are_told_the_slope():
    # z = 2 + 0.12 + 0.02 + 0.1 = 2.24: a = 0.90378, slope 0.08696
    passed, why = checks.flat_by_the_inputs(checks.START | {"x1": 5.0})
    assert not passed and "0.08696" in why


@pytest.mark.parametrize("changed", [{"b": 9.0}, {"w1": 5.0}, {"activation": "relu"}, {"inputs": 1}])
def test_the_inputs_must_do_it_alone(changed):
    assert not checks.flat_by_the_inputs(checks.START | {"x1": -5.0, "x2": 5.0} | changed)[0]


@pytest.mark.parametrize(("b", "right"), [(1.8573, True), (1.857, False), (1.857204, False), (2.0, True)])
def test_the_activation_is_shown_on_its_own_side_of_the_bound_beside_the_bias_as_typed(b, right):
    passed, why = checks.high_by_the_bias(checks.START | {"b": b})
    assert passed == right
    shown = float(why.split("a is ")[1].split(" ")[0].rstrip(".,"))
    assert (shown > checks.HIGH_ACTIVATION) == right, why
    assert not right or f"b = {b:g} " in why


@pytest.mark.parametrize(
    ("count", "words"), [(1, "there is 1 input instead of 3"), (2, "there are 2 inputs instead of 3")]
)
def test_another_number_of_inputs_is_said_in_its_own_form(count, words):
    passed, why = checks.flat_by_the_inputs(checks.START | {"inputs": count})
    assert not passed
    assert words in why
