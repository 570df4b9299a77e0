"""Allowance: who has much computed at once rests afterwards, and who does not is never held up."""

import threading
import time

import pytest
import streamlit as st

from ui import allowance
from ui.allowance import AT_ONCE, LEAST, LONGEST_REST, MOST, Allowance, share_of_each
from ui.gate import Gate


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_who_clicks_as_people_do_for_two_minutes_never_rests():
    clock = Clock()
    visitor = Allowance(clock)
    for _ in range(24):  # five pages of 0.08 s in quick succession, then she looks at what came of it
        for _ in range(5):
            assert visitor.spend(0.08, players=30) == 0
            clock.now += 0.3
        clock.now += 4.0


@pytest.mark.parametrize("players", [2, 5, 10, 30, 100])
@pytest.mark.parametrize("each", [0.03, 0.1, 0.25])
def test_who_never_stops_gets_a_share_of_a_core(each, players):
    clock = Clock()
    visitor = Allowance(clock)
    began, worked = clock.now, 0.0
    while clock.now < began + 600:
        worked += each
        clock.now += each
        clock.now += visitor.spend(each, players)
    share = {2: 0.2, 5: 0.2, 10: 0.1, 30: 0.07, 100: 0.07}[players]
    assert share * 600 - each <= worked <= share * 600 + AT_ONCE + 2 * each
    clock.now += AT_ONCE / share  # and once she has stopped for a while she is as any other
    assert visitor.spend(0.99 * AT_ONCE, players) == 0


def test_ten_who_never_stop_leave_together_no_more_than_one_core_busy():
    assert all(players * share_of_each(players) <= 1 for players in range(1, 15))


def test_a_share_is_never_more_nor_less_than_one_can_work_with():
    shares = [share_of_each(players) for players in range(300)]
    assert shares == sorted(shares, reverse=True)
    assert (shares[0], shares[-1]) == (MOST, LEAST)


def test_a_single_long_computation_is_followed_by_a_rest_of_seconds_only():
    visitor = Allowance(Clock())
    assert visitor.spend(60.0, players=30) == pytest.approx(LONGEST_REST)


def work(seconds: float) -> None:
    latest = time.thread_time() + seconds
    while time.thread_time() < latest:
        pass


def test_turns_do_not_count_nor_does_waiting_and_what_is_inside_counts_once():
    gate = Gate()
    with gate.outside_of_turns() as whole:
        work(0.02)
        with gate.turn("she"):
            work(0.2)
        time.sleep(0.1)
        with gate.outside_of_turns() as part:
            work(0.02)
            assert part() == 0
        assert 0.04 <= whole() < 0.1
    with gate.outside_of_turns() as next_one:
        work(0.01)
        assert 0.01 <= next_one() < 0.1


@pytest.mark.parametrize(("players", "rests"), [((), False), (("she",), False), (("she", "another"), True)])
def test_she_rests_where_others_train_also_when_the_run_is_broken_off(monkeypatch, players, rests):
    gate, rested = Gate(), []
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(allowance, "AT_ONCE", 0.0)
    for name in players:
        with gate.turn(name):
            pass
    here = threading.get_ident()  # other threads may sleep meanwhile, too
    monkeypatch.setattr(time, "sleep", lambda seconds: threading.get_ident() == here and rested.append(seconds))
    with pytest.raises(KeyboardInterrupt), allowance.shared(lambda: gate):
        work(0.02)
        raise KeyboardInterrupt
    assert [seconds >= 0.02 / MOST for seconds in rested] == ([True] if rests else [])


def test_each_thread_is_measured_for_itself():
    gate, measured = Gate(), []

    def another() -> None:
        with gate.outside_of_turns() as seconds:
            work(0.01)
            measured.append(seconds())

    with gate.outside_of_turns() as mine:
        thread = threading.Thread(target=another)
        thread.start()
        thread.join()
        assert mine() < 0.01
    assert measured[0] >= 0.01
