"""The checks of the gradient check's lesson: the best step, and a reader of the evidence that tells all bugs apart."""

from itertools import permutations

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.network import parameter_index
from scratchnet.planted_bugs import BUGS, drawn
from ui import lesson
from ui.checks import gradient_check as checks
from ui.drawings import gradient_check as drawings

BAD = [None, "", "   ", "text", "nan", "inf", "1e400", "9" * 10_000, "0.3.1", "<b>1</b>"]
SEED_OF = {drawn(seed): seed for seed in range(len(BUGS))}
RIGHT = checks.check_at(checks.LAB_STEP)


@pytest.fixture(scope="module")
def errors():
    return tuple((h, checks.check_at(h).max_relative_error) for h in checks.STEPS)


@pytest.mark.parametrize("check", [checks.best_step, checks.two_in_a_row])
def test_a_check_fails_at_the_start_and_says_why(check):
    passed, why = check(checks.START, None)
    assert not passed
    assert why.endswith(".")


# ---- the best step ---------------------------------------------------------------------------------------------------


def test_the_error_is_a_u_falling_with_h_squared_and_rising_with_1_over_h(errors):
    measured = dict(errors)
    assert measured[1e-2] / measured[1e-3] == pytest.approx(100, rel=0.05)
    assert measured[1e-3] / measured[1e-4] == pytest.approx(100, rel=0.2)
    assert 10 < measured[1e-11] / measured[1e-8] < 1e5
    assert measured[1e-13] > 0.1


def test_the_best_step_by_the_formula_is_near_the_measured_one(errors):
    fit = checks.two_errors(errors)
    best = min(errors, key=lambda pair: pair[1])[0]
    assert best / 3 < fit.best < 3 * best

    def together(h):
        return fit.truncation * h**2 + fit.round_off / h

    assert together(fit.best) < min(together(0.9 * fit.best), together(1.1 * fit.best))


@pytest.mark.parametrize("answer", ["3e-5", "0,00003", "0.0001", "1e-5", "4e-6", "2e-4"])
def test_a_step_within_a_factor_of_ten_is_right(errors, answer):
    assert checks.best_step(checks.START | {"errors": errors}, answer)[0]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("0.1", "Too large"),
        ("1e-3", "Too large"),
        ("1e-13", "Too small"),
        ("1e-6", "Too small"),
        ("0", "above 0"),
        ("-5", "above 0"),
    ],
)
def test_a_step_too_far_from_the_best_is_told_which_error_rules(errors, answer, told):
    passed, why = checks.best_step(checks.START | {"errors": errors}, answer)
    assert not passed
    assert told in why


@pytest.mark.parametrize("answer", BAD)
def test_what_is_no_number_gets_one_short_sentence(errors, answer):
    passed, why = checks.best_step(checks.START | {"errors": errors}, answer)
    assert not passed
    assert why.startswith("Your answer") and len(why) < 150


def test_the_best_step_is_read_off_a_measured_curve_and_not_guessed(errors):
    passed, why = checks.best_step(checks.START | {"errors": errors[:5]}, "3e-5")
    assert not passed
    assert "Measure every h" in why


# ---- the bugs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BUGS)
def test_a_reader_of_the_shown_evidence_finds_every_bug_and_only_it(name):
    layers = checks.evidence(checks.check_of(name, RIGHT))
    assert [bug for bug in BUGS if not checks.contradiction(bug, layers)] == [name]


def test_no_two_bugs_leave_the_same_table_behind():
    tables = [str(drawings.evidence_table(checks.evidence(checks.check_of(name, RIGHT)))) for name in BUGS]
    assert len(set(tables)) == len(BUGS)


def test_the_right_gradient_looks_like_no_bug():
    layers = checks.evidence(RIGHT)
    assert all(layer.right for layer in layers)
    assert all(checks.contradiction(name, layers) for name in BUGS)


@pytest.mark.parametrize(("hidden", "named"), list(permutations(BUGS, 2)))
def test_a_wrong_verdict_hears_what_speaks_against_it_and_not_what_it_is(hidden, named):
    passed, why = checks.verdict(SEED_OF[hidden], named)
    assert not passed
    assert why.endswith(".") and len(why) > 20
    assert checks.WORDS[hidden].title not in why


@pytest.mark.parametrize("hidden", BUGS)
def test_the_right_verdict_passes(hidden):
    assert checks.verdict(SEED_OF[hidden], hidden)[0]


@pytest.mark.parametrize("named", [None, "", "no such bug"])
def test_no_verdict_is_asked_for_one(named):
    passed, why = checks.verdict(0, named)
    assert not passed and "Choose" in why


def right(seed):
    return seed, drawn(seed)


def wrong(seed):
    return seed, drawn(seed + 1)


@pytest.mark.parametrize(
    ("verdicts", "count"),
    [
        ((), 0),
        ((right(0),), 1),
        ((right(0), right(0)), 1),
        ((right(0), right(1)), 2),
        ((wrong(0), right(0)), 0),
        ((wrong(0), right(0), right(1), right(2)), 2),
        ((right(0), wrong(1), right(2)), 1),
        ((right(0), right(1), wrong(1)), 2),
        ((right(0), (1, None), right(2)), 2),  # to press Judge without a choice is no try
        ((right(0), (1, None), right(1)), 2),
        (((0, None), wrong(0), right(0)), 0),
    ],
)
def test_only_first_tries_of_different_seeds_count_in_a_row(verdicts, count):
    assert checks.streak(verdicts) == count
    assert checks.two_in_a_row(checks.START | {"verdicts": verdicts})[0] == (count >= 2)


def test_every_bug_is_told_in_words_and_its_right_line_is_one_line_of_running_code():
    assert list(checks.WORDS) == list(BUGS)
    for words in checks.WORDS.values():
        code, place = lesson.marked_source(words.right, words.line)
        assert code.count(lesson.HERE) == 1
        assert place.startswith("scratchnet/")
        assert words.did.endswith(".") and words.hides.endswith(".")


# ---- the pictures ----------------------------------------------------------------------------------------------------


def test_every_parameter_is_drawn_once_in_its_place_with_its_own_numbers():
    figure = drawings.cells_figure(RIGHT, drawings.error_words(RIGHT), checks.SIZES)
    seen = {}
    for trace in figure["data"]:
        for row, logs in zip(trace["customdata"], trace["z"], strict=True):
            for (name, analytic, numeric, _), log in zip(row, logs, strict=True):
                seen[name.split(", from")[0]] = (analytic, numeric, log)
    assert len(seen) == RIGHT.analytic.size
    for name, layer, unit, source in [
        ("W1[1,1]", 0, 0, 0),
        ("W2[4,3]", 1, 3, 2),
        ("W3[3,4]", 2, 2, 3),
        ("b2[3]", 1, 2, None),
    ]:
        place = parameter_index(checks.SIZES, layer, unit, source)
        analytic, numeric, log = seen[name]
        assert (float(analytic), float(numeric)) == (RIGHT.analytic[place], RIGHT.numeric[place])
        assert log == pytest.approx(max(np.log10(RIGHT.relative_errors[place]), drawings.LOW))


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [
        (1.0000000004, "1"),
        (-1.0, "−1"),
        (6.0000001, "6"),
        (0.0, "0"),
        (1.02345, "1.023"),
        (0.99998, "1.000"),
        (float("nan"), "not a number"),
    ],
)
def test_a_ratio_is_a_whole_number_only_where_the_check_can_not_tell_it_from_one(ratio, shown):
    assert drawings.ratio_text(ratio) == shown


def test_the_floor_of_the_relative_error_counts_what_lies_below_it():
    check = sn.GradientCheck(np.array([1.0, 1e-4, 0.0]), np.array([1.0, 1e-4, 1e-2]))
    assert checks.below_the_floor(check) == 1


def test_the_curve_shows_both_causes_only_when_all_is_measured(errors):
    some = drawings.steps_figure(errors[:3], errors[0][0], None)
    everything = drawings.steps_figure(errors, 1e-5, checks.two_errors(errors))
    assert not any("truncation" in trace["name"] for trace in some["data"])
    falling = next(trace for trace in everything["data"] if "truncation" in trace["name"])
    rising = next(trace for trace in everything["data"] if "round-off" in trace["name"])
    for trace, power in ((falling, 2), (rising, -1)):
        (x0, x1), (y0, y1) = trace["x"], trace["y"]
        assert np.log(y1 / y0) / np.log(x1 / x0) == pytest.approx(power)
