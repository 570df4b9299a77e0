"""The checks of step 3: each fails at the start, passes on a right answer, and says what is missing."""

import math

import pytest

import scratchnet as sn
from ui.checks import losses as checks


@pytest.mark.parametrize("check", [checks.mean_by_hand, checks.surely_wrong])
def test_a_check_fails_at_the_start_and_says_why(check):
    passed, why = check(checks.START, None)
    assert not passed
    assert why.endswith(".")


@pytest.mark.parametrize("answer", ["0.0867", "0,0867", "0.08667", "8.67e-2", " .0867 "])
def test_the_mean_squared_error_by_hand_is_right_with_point_or_comma(answer):
    # (0.09 + 0.16 + 0.01) / 3 = 0.26 / 3
    assert checks.mean_by_hand(checks.START, answer)[0]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("0.26", "mean over the three samples"),
        ("0.294", "no root"),
        ("0.267", "must be squared"),
        ("0.0433", "no 1/2"),
        ("0.324", "cross-entropy"),
        ("0.086", "three significant digits"),
        ("-0.0867", "never negative"),
        ("3", "square the three"),
    ],
)
def test_a_known_slip_gets_its_own_hint(answer, told):
    passed, why = checks.mean_by_hand(checks.START, answer)
    assert not passed
    assert told in why
    assert "0.086" not in why, "a hint does not give the answer away"


@pytest.mark.parametrize("answer", [None, "", "text", "nan", "inf", "1e400", "9" * 10_000])
def test_what_is_no_number_gets_one_short_sentence(answer):
    passed, why = checks.mean_by_hand(checks.START, answer)
    assert not passed
    assert why.startswith("Your answer")
    assert len(why) < 160 and "\n" not in why


def test_an_output_far_from_its_target_is_surely_wrong():
    # -ln a > 2 below a = exp(-2) = 0.1353
    assert checks.surely_wrong(checks.START | {"a": 0.135})[0]
    assert checks.surely_wrong(checks.START | {"target": 0, "a": 0.865})[0]


@pytest.mark.parametrize(("values", "told"), [({"a": 0.136}, "towards 0"), ({"target": 0, "a": 0.8}, "towards 1")])
def test_an_output_that_is_not_wrong_enough_is_told_where_to_go(values, told):
    passed, why = checks.surely_wrong(checks.START | values)
    assert not passed and told in why


def test_the_losses_of_the_page_are_those_of_the_formulas():
    y, a = [1.0, 0.0], [0.9, 0.3]
    expected = {
        "mse": [0.01, 0.09],
        "half_squared_error": [0.005, 0.045],
        "mae": [0.1, 0.3],
        "huber": [0.005, 0.045],
        "bce": [-math.log(0.9), -math.log(0.7)],
        "cross_entropy": [-math.log(0.9), -math.log(0.7)],
    }
    for name, terms in expected.items():
        assert checks.losses_of(name, y, a) == pytest.approx(terms, rel=1e-12), name


def test_the_losses_of_numbers_are_those_of_the_formulas():
    y, a = [1.0, -1.0], [-2.0, -0.5]
    expected = {"mse": [9.0, 0.25], "half_squared_error": [4.5, 0.125], "mae": [3.0, 0.5], "huber": [2.5, 0.125]}
    expected["hinge"] = [3.0, 0.5]
    for name, terms in expected.items():
        assert checks.losses_of_numbers(name, y, a) == pytest.approx(terms, rel=1e-12), name


def test_every_loss_of_the_package_can_be_drawn():
    from ui.drawings import losses as drawings

    assert {*drawings.OF_PROBABILITIES, *drawings.OF_NUMBERS} == set(sn.LOSSES) == set(drawings.LINES)


def test_cross_entropy_from_z_is_a_number_however_sure_the_mistake():
    assert checks.from_z(0.0, 1000.0) == 1000.0
    assert checks.from_z(1.0, -1000.0) == 1000.0


def test_a_number_that_is_no_probability_does_not_pass_for_one():
    passed, why = checks.surely_wrong(checks.START | {"a": 0.05, "output": "any number"})
    assert not passed and "choose it above" in why
    assert checks.surely_wrong(checks.START | {"a": 0.05})[0]


@pytest.mark.parametrize("target", [0, 1])
def test_of_two_classes_both_cross_entropies_are_minus_the_logarithm_of_the_probability_of_the_truth(target):
    for a in (0.001, 0.3, 0.5, 0.999):
        told = -math.log(a if target == 1 else 1 - a)
        for name in ("bce", "cross_entropy"):
            assert checks.losses_of(name, [target], [a]).item() == pytest.approx(told, rel=1e-12)


@pytest.mark.parametrize(("a", "right"), [(0.1354, False), (0.1353, True), (0.13533528, True)])
def test_the_cross_entropy_is_shown_on_its_own_side_of_the_bound(a, right):
    passed, why = checks.surely_wrong(checks.START | {"a": a})
    assert passed == right
    shown = float(why.split("cross-entropy is ")[1].split(" ")[0])
    assert (shown > checks.HIGH_CROSS_ENTROPY) == right, why
