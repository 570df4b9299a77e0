"""How long a playground trains for one answer: over the whole range of what can be measured, and the laws it keeps."""

import itertools
from collections.abc import Callable, Iterable

import pytest

from ui.play.turn import Pace, Turn, longest, turn

SPEEDS = (1, 5, 25, 250, 2500, 30_000, 900_000)  # updates a second
PLAYERS = (1, 2, 3, 5, 10, 19, 20, 30, 60, 100, 300)


def over(*ranges: Iterable) -> Callable:
    """A test of every combination in one: as a test of its own each takes longer to be told of than to be tried. What
    a failure was tried with stands above it, as the arguments of the call."""

    def of_all(law: Callable) -> Callable:
        def test() -> None:
            for combination in itertools.product(*ranges):
                law(*combination)

        return test

    return of_all


def test_alone_a_turn_lasts_045_seconds_and_beside_others_016_and_less():
    assert [round(longest(players), 6) for players in (1, 2, 3, 4, 5, 10, 20, 50, 60, 100, 300)] == [
        *(0.45, 0.16, 0.16, 0.125, 0.1, 0.05, 0.05, 0.05, 0.06, 0.1, 0.1)
    ]


@over((None, *SPEEDS), PLAYERS)
def test_the_first_turn_after_a_change_is_short_and_each_one_at_most_twice_as_long_as_the_one_before(limit, players):
    seconds, before = [], 0.0
    for _ in range(8):
        before = turn(Pace(), limit, before, players).seconds
        seconds.append(before)
    assert seconds[0] == 0.02
    for one, two in itertools.pairwise(seconds):
        assert two == min(2 * one, longest(players))
    assert seconds[-1] == longest(players)


@over(SPEEDS, PLAYERS)
def test_at_a_limited_speed_frames_are_as_many_as_can_be_seen_or_shared_and_move_at_that_speed(limit, players):
    plan = turn(Pace(period=0.1), limit, 0.1, players)
    wanted = min(60, 450 / players)
    assert plan.stride == max(1, round(limit / wanted))
    assert plan.hold == plan.stride / limit
    held = plan.frames * plan.hold  # seconds that the turn's frames last on screen
    asked = min(1.0, max(0.3, players / 60))
    assert plan.frames == 1 or abs(held - asked) <= 0.5 * plan.hold + 1e-9


def test_a_class_at_ten_epochs_a_second_is_asked_less_often_and_sees_the_snapshots_it_was_promised():
    """250 updates a second are 10 epochs of the first experiment. Promised: 10 a second at 30, 6 at 60, 4 at 100."""
    pace = Pace(period=0.1)
    for players, promised in ((30, 10), (60, 6), (100, 4)):
        assert 250 / turn(pace, 250, 0.1, players).stride >= promised
    assert turn(pace, 250, 0.1, 1) == Turn(0.2, 19, 4, 4 / 250)
    assert turn(pace, 250, 0.1, 30) == Turn(0.05, 7, 17, 17 / 250)
    assert turn(pace, 250, 0.1, 60) == Turn(0.06, 8, 33, 33 / 250)
    assert turn(pace, 250, 0.1, 100) == Turn(0.1, 4, 56, 56 / 250)


@over(SPEEDS, (3, 300, 3000, 300_000), (0.0001, 0.001, 0.01, 0.2), PLAYERS[1:])
def test_where_there_is_no_time_for_the_speed_pictures_stay_and_cover_less_and_move_on_evenly(
    limit, updates, drawing, players
):
    pace = Pace(updates=updates, drawing=drawing, period=2.0)
    plan, nominal = turn(pace, limit, 9.0, players), turn(Pace(period=0.1), limit, 9.0, players)
    assert 1 <= plan.stride <= nominal.stride
    if plan.stride == nominal.stride:
        assert plan == nominal, "it is fast enough"
        return
    assert plan.hold == 2.0 / plan.frames, "evenly until the next answer"
    assert plan.frames == 1 or plan.frames * drawing <= plan.seconds / 2 + 1e-9, "half of the time is for training"
    assert plan.frames <= max(1, round(2.0 * min(60, 450 / players)))
    spare = plan.seconds - plan.frames * drawing
    assert plan.stride == max(1, round(spare * updates / plan.frames))
    if plan.frames > 1 and plan.stride > 1:  # all of it fits into the turn
        assert plan.frames * (drawing + (plan.stride - 0.5) / updates) <= plan.seconds + 1e-9


def test_alone_nobody_gets_fewer_updates_than_the_speed_says_however_slow_the_answers_are():
    for period in (0.1, 0.5, 3.0):
        assert turn(Pace(updates=10, period=period), 250, 0.3, 1) == Turn(0.45, 19, 4, 4 / 250)


@over(SPEEDS, (0.0001, 0.001, 0.011, 0.2, 3.0), (0.31, 0.7, 2.0))
def test_alone_on_a_slow_server_frames_last_until_its_next_answer_and_leave_half_of_the_turn_for_training(
    limit, drawing, period
):
    plan = turn(Pace(drawing=drawing, period=period), limit, 0.45, 1, dry=True)
    assert plan.hold == plan.stride / limit, "the chosen speed"
    lasting = plan.frames * plan.hold
    wanted = max(1, round(limit / 60))
    seen, drawn = max(1, round(1.2 * period * limit / wanted)), max(1, int(0.45 / 2 / drawing))
    assert plan.frames == min(seen, drawn)
    assert plan.stride >= wanted
    exact = plan.frames / limit if drawn < seen else plan.hold  # seconds by which whole numbers can make it longer
    assert wanted > 1.2 * period * limit or abs(lasting - 1.2 * period) <= 0.5 * exact + 1e-9


def test_a_browser_that_has_frames_left_or_a_fast_server_needs_none_for_longer_than_usual():
    slow, fast = Pace(period=0.7), Pace(period=0.3)
    assert turn(slow, 250, 0.45, 1, dry=True) == Turn(0.45, 52, 4, 4 / 250)
    for pace, players, dry in ((slow, 1, False), (fast, 1, True), (fast, 1, False)):
        assert turn(pace, 250, 0.45, players, dry) == turn(Pace(period=0.1), 250, 0.45, players)
    assert turn(slow, 250, 0.1, 2, dry=True) == turn(slow, 250, 0.1, 2)


@over((10, 24, 60), (0.02, 0.15, 0.5, 1.0), (0.0, 0.01, 0.025, 0.112, 0.225, 0.45))
def test_at_full_speed_a_turn_has_a_frame_for_each_paint_until_the_next_answer_and_trains_all_the_time(
    paints, period, before
):
    plan = turn(Pace(updates=8000, period=period, paints=paints, drawing=0.001), None, before, 1)
    assert plan.frames == min(48, max(4, round(paints * period))), "also in the short turns after a change"
    assert plan.seconds == (min(2 * before, 0.45) or 0.02)
    training = plan.seconds - 0.001 * plan.frames  # what drawing them leaves, but never less than half
    assert abs(plan.frames * plan.stride - 8000 * max(training, plan.seconds / 2)) <= 0.5 * plan.frames
    assert plan.hold is None


def test_the_measured_pace_follows_what_was_measured_and_forgets_what_was():
    pace = Pace()
    for _ in range(20):
        pace.trained(100, 0.5)
        pace.answered(0.4)
    assert pace.updates == pytest.approx(200, rel=0.01)
    assert pace.period == pytest.approx(0.4, rel=0.01)
    pace.trained(0, 0.5)
    pace.trained(5, 0.0)
    assert pace.updates == pytest.approx(200, rel=0.01), "what took no time or made no update says nothing"
    pace.answered(3600.0)
    assert pace.period <= 0.4 + 0.3 * 4.6 + 0.01, "a visitor who was away is not slow"
    pace.drew(0.011)
    assert pace.drawing == pytest.approx(0.002)
    once = Pace(updates=1000.0, period=0.1)
    once.trained(300, 0.1)
    once.answered(0.2)
    assert (once.updates, once.period) == (2000.0, pytest.approx(0.13))
