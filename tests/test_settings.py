"""Checks of single values: what is allowed to the last number, and the sentence for what is not."""

import math

import numpy as np
import pytest

from scratchnet.experiment import Experiment
from scratchnet.settings import flag, listed, number, one_of, shown, whole


def sentence(check, *arguments, **named):
    with pytest.raises(ValueError) as caught:
        check("it", *arguments, **named)
    return str(caught.value)


@pytest.mark.parametrize(
    ("bounds", "wanted"),
    [
        ({}, "a finite number of at least 0"),
        ({"above": True}, "a finite number above 0"),
        ({"low": 0.1, "high": 0.9}, "a finite number of at least 0.1 and at most 0.9"),
        ({"low": -1e6, "high": 1e6}, "a finite number of at least -1e+06 and at most 1e+06"),
        ({"low": -math.inf}, "a finite number"),
        ({"low": -math.inf, "high": 2.0}, "a finite number and at most 2"),
    ],
)
def test_a_number_is_refused_by_its_bounds(bounds, wanted):
    for value, got in (("0.5", "'0.5'"), (math.nan, "nan"), (math.inf, "inf"), (-math.inf, "-inf"), (True, "True")):
        assert sentence(number, value, **bounds) == f"it: expected {wanted}, got {got}; change it to one."


def test_a_number_may_be_its_bound_unless_it_has_to_be_above_it():
    assert number("it", 0) == 0.0 and number("it", 5e-324, above=True) == 5e-324
    assert number("it", 0.1, 0.1, 0.9) == 0.1 and number("it", 0.9, 0.1, 0.9) == 0.9
    assert number("it", -7, -math.inf) == -7.0 and type(number("it", -7, -math.inf)) is float
    for value, bounds in ((0.0, {"above": True}), (-5e-324, {}), (0.9000000000000001, {"low": 0.1, "high": 0.9})):
        assert "got" in sentence(number, value, **bounds)
    assert math.copysign(1, number("it", -0.0)) == 1


def test_a_whole_number_lies_between_its_bounds_and_is_no_truth_value():
    assert (
        whole("it", 1, 1, 4) == 1 and whole("it", np.int64(4), 1, 4) == 4 and type(whole("it", np.int8(2), 1, 4)) is int
    )
    for value, got in ((0, "0"), (5, "5"), (2.0, "2.0"), (True, "True"), ("2", "'2'"), (None, "None")):
        assert sentence(whole, value, 1, 4) == f"it: expected a whole number from 1 to 4, got {got}; change it to one."


def test_a_truth_value_is_no_number_and_a_name_is_one_of_those_known():
    assert flag("it", True) is True and flag("it", np.False_) is False
    assert sentence(flag, 1) == "it: expected true or false, got 1; choose one of the two."
    assert one_of("it", "b", {"a": 1, "b": 2}) == "b"
    for value, got in (("c", "'c'"), (["a"], "a list"), (None, "None")):
        assert sentence(one_of, value, {"a": 1, "b": 2}) == (
            f"it: expected a known name, got {got}; choose one of a, b."
        )


def test_a_list_may_be_a_tuple_and_nothing_else():
    assert listed("it", [1, 2], "[1]") == (1, 2) and listed("it", (), "[1]") == ()
    for value, got in (("ab", "'ab'"), ({1: 2}, "a dict"), (3, "3")):
        assert sentence(listed, value, "[8, 8]") == f"it: expected a list such as [8, 8], got {got}; give a list."


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a" * 40, "'" + "a" * 40 + "'"),
        ("a" * 41, "'" + "a" * 40 + "...'"),
        ("a\nb\x00", "'a?b?'"),
        (10**20 - 1, "9" * 20),
        (1 - 10**20, "-" + "9" * 20),
        (10**20, "a number of more than 20 digits"),
        (-(10**20), "a number of more than 20 digits"),
        (np.float64(0.5), "0.5"),
        (np.True_, "True"),
        (None, "None"),
        (3j, "a complex"),
        ([1], "a list"),
    ],
)
def test_a_strangers_value_is_shown_short_and_printable(value, expected):
    assert shown(value) == expected


@pytest.mark.parametrize(
    "settings",
    [
        {"batch_size": 2**31},
        {"schedule": "step", "schedule_settings": {"step_size": 2**31}},
        {"data_seed": 2**31},
        {"init_seed": 2**31},
        {"order_seed": 2**31},
    ],
    ids=lambda settings: list(settings)[-1],
)
def test_the_largest_whole_number_that_a_setting_may_be_is_2_to_the_31(settings):
    def one_more(value):
        return {k: v + 1 for k, v in value.items()} if isinstance(value, dict) else value + 1

    Experiment(**settings)
    *kept, last = settings.items()
    with pytest.raises(ValueError, match=r"from [01] to 2147483648, got 2147483649"):
        Experiment(**dict(kept), **{last[0]: one_more(last[1])})


def test_a_number_of_a_list_of_settings_is_checked_like_one_that_stands_alone():
    betas = {"optimizer": "adam", "optimizer_settings": {"betas": [0.5, 0]}}
    assert Experiment(**betas).optimizer_settings == {"betas": (0.5, 0.0)}
    for bad, why in (([0.5], "expected 2 numbers, got 1; give 2"), ([0.5, "1"], "a finite number, got '1'")):
        with pytest.raises(ValueError, match=why):
            Experiment(optimizer="adam", optimizer_settings={"betas": bad})
    with pytest.raises(ValueError, match=r"expected a list such as \[0.9, 0.999\], got 0.5"):
        Experiment(optimizer="adam", optimizer_settings={"betas": 0.5})
