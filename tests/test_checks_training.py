"""The checks of step 5: each fails at the start, passes on a right answer, and says what is missing."""

import pytest

from ui.checks import training as checks

BAD = [None, "", "   ", "text", "nan", "inf", "1e400", "9" * 10_000, "7.5.1", "<b>75</b>"]
ALL, ONE_WRONG = (True, True, True), (True, False, True)


def state(rate=0.01, loss="bce", good=15, starts=20, **others):
    measured = checks.Measured(rate, loss, (ALL,) * good + (ONE_WRONG,) * (starts - good))
    return checks.START | {"measured": (measured,)} | others


@pytest.mark.parametrize("check", [checks.success_rate, checks.sure_rate])
@pytest.mark.parametrize("answer", [None, "75"])
def test_a_check_fails_at_the_start_and_says_what_to_press(check, answer):
    passed, why = check(checks.START, answer)
    assert not passed
    assert "Nothing is measured yet" in why


@pytest.mark.parametrize("answer", ["75", "75.0", "75,0", "0.75", "0,75", " 75 "])
def test_the_measured_rate_passes_in_percent_or_as_a_share(answer):
    passed, why = checks.success_rate(state(), answer)
    assert passed and "15 of 20" in why


def test_a_rate_that_is_no_whole_percent_may_be_rounded():
    assert checks.success_rate(state(good=29, starts=40), "72.5")[0]
    assert checks.success_rate(state(good=44, starts=60), "73")[0]
    assert not checks.success_rate(state(good=44, starts=60), "74")[0]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("25", "share of starts that failed"),
        ("91.7", "share of right answers"),
        ("15", "how many succeeded"),
        ("71", "Not what the squares show"),
    ],
)
def test_a_known_slip_is_named(answer, told):
    passed, why = checks.success_rate(state(), answer)
    assert not passed and told in why
    assert "75" not in why


@pytest.mark.parametrize("answer", BAD)
def test_what_is_no_number_gets_one_sentence(answer):
    passed, why = checks.success_rate(state(), answer)
    assert not passed
    assert why.startswith("Your answer") and why.endswith(".") and len(why) < 160


def test_other_settings_or_too_few_starts_do_not_answer_the_question():
    passed, why = checks.success_rate(state(rate=0.1, good=20), "100")
    assert not passed and "not measured yet, only others" in why
    passed, why = checks.success_rate(state(good=8, starts=10), "80")
    assert not passed and "at least 20" in why


def test_a_rate_at_which_all_starts_succeed_passes():
    passed, why = checks.sure_rate(state(rate=0.1, good=20))
    assert passed and "0.1" in why and "20 of 20" in why
    assert checks.sure_rate(state(rate=0.1, good=10, starts=10))[0]


@pytest.mark.parametrize(
    ("measured", "told"),
    [
        ({}, "so try a larger rate"),
        ({"rate": 0.001, "good": 1}, "larger rate"),
        ({"loss": "mse", "good": 6}, "larger rate"),
        ({"rate": 0.1, "good": 5, "starts": 5}, "run more"),
        ({"rate": 0.1, "good": 19}, "19 of 20"),
    ],
)
def test_a_rate_that_is_not_sure_gets_a_direction(measured, told):
    passed, why = checks.sure_rate(state(**measured))
    assert not passed and told in why


def test_failing_samples_are_counted_from_one():
    assert state()["measured"][0].failing == (2,)
    assert state(good=20)["measured"][0].failing == ()


def test_the_experiment_of_the_start_is_the_tutorials():
    run = checks.experiment_of(checks.START).start()
    run.advance(epochs=1)
    assert run.update == 3, "one update for each of the three samples"
    assert run.experiment.learning_rate == 0.01
    assert list(run.next_batch()) == [0], "in the given order"
