"""Checks of single values: what is allowed to the last number, and the sentence for what is not."""

import math

import numpy as np
import pytest

from scratchnet.values import (
    at_least_zero,
    below_one,
    between,
    flag,
    is_number,
    is_whole,
    listed,
    number,
    one_of,
    positive,
    shown,
    updates,
    whole,
)


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


@pytest.mark.parametrize("value", [True, False, np.True_, "1", None, [1], 1j])
def test_what_is_neither_whole_nor_a_number(value):
    assert not is_whole(value) and not is_number(value)


def test_a_whole_number_and_a_number_may_be_numpys_and_may_be_their_bounds():
    for kind in (int, np.int8, np.uint64):
        assert is_whole(kind(3), 3, 3) and not is_whole(kind(3), 4, 9) and not is_whole(kind(3), 0, 2)
    for kind in (int, float, np.float32, np.int8):
        assert is_number(kind(3), 3, 3) and not is_number(kind(3), 3.5, 9) and not is_number(kind(3), 0, 2.5)
    assert not is_whole(3.0) and is_whole(10**400) and is_number(10**308) and not is_number(10**400)
    assert not any(is_number(value) for value in (math.nan, math.inf, -math.inf))


@pytest.mark.parametrize(
    ("check", "good", "bad", "what"),
    [
        (at_least_zero, [0, 0.0, 5e-324, 1e308], [-5e-324, -1], "a number of at least 0"),
        (positive, [5e-324, 1, 1e308], [0, 0.0, -1], "a positive number"),
        (below_one, [0, 0.5, 0.9999999999999999], [1, 1.0, -5e-324, 2], "at least 0 and below 1"),
        (lambda **it: between(0.5, 2.0, **it), [0.5, 1, 2], [0.49, 2.1, -1], "a number from 0.5 to 2.0"),
        (updates, [1, 2**40], [0, -1, 1.0], "a whole number of updates of at least 1"),
    ],
)
def test_a_setting_is_refused_by_its_name_and_what_it_must_be(check, good, bad, what):
    for value in good:
        check(it=value)
    for value in (*bad, math.nan, math.inf, "1", None, True):
        with pytest.raises(ValueError) as caught:
            check(other=1 if check is not below_one else 0, it=value)
        assert str(caught.value) == f"it must be {what}; got {value!r}."
