"""Turns are fair: one at a time, a person first, and whoever has had least of the time before the others."""

import threading
import time

import pytest

from ui.gate import Gate


def wait_until(condition):
    latest = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < latest, "it was waited for in vain"
        time.sleep(0.001)


class WatchedGate(Gate):
    """A gate that counts who has come; whoever gives up may have gone again before a test looks."""

    came = 0

    def _line_up(self, *how):
        ticket = super()._line_up(*how)
        self.came += 1
        return ticket

    def has_come(self, count):
        wait_until(lambda: self.came >= count)

    @property
    def waiting(self):
        with self._lock:
            return len(self._line)


class Line:
    """Visitors who wait at a gate, one after the other, until the one inside leaves; notes who has a turn when."""

    def __init__(self):
        self.now, self.order, self.threads = 0.0, [], []
        self.gate = WatchedGate(clock=lambda: self.now)

    def waits(self, who, seconds=0.0, **how):
        """One more who waits, and whose turn then takes so long."""

        def have_a_turn():
            with self.gate.turn(who, **how):
                self.order.append(who)
                self.now += seconds

        before = self.gate.came
        self.threads.append(threading.Thread(target=have_a_turn))
        self.threads[-1].start()
        self.gate.has_come(before + 1)

    def all_have_had_their_turn(self):
        for thread in self.threads:
            thread.join(timeout=30)
            assert not thread.is_alive()
        return self.order


def has_a_turn(line, who, seconds, **how):
    with line.gate.turn(who, **how):
        line.now += seconds


def test_they_come_in_the_order_in_which_they_came():
    line = Line()
    with line.gate.turn("inside"):
        for who in "abcd":
            line.waits(who)
    assert line.all_have_had_their_turn() == list("abcd")


def test_who_has_just_done_something_comes_first():
    line = Line()
    with line.gate.turn("inside"):
        for who in "abc":
            line.waits(who)
        line.waits("person", first=True)
        line.waits("another person", first=True)
    assert line.all_have_had_their_turn() == ["person", "another person", *"abc"]


def test_who_clicks_without_end_gets_no_more_of_the_time_than_those_who_only_play():
    now, had = 0.0, dict.fromkeys(("clicks", *"abcde"), 0.0)
    gate = Gate(clock=lambda: now)
    tickets = [gate._line_up(who, who == "clicks", lambda: False) for who in had]
    for _ in range(900):  # each lines up again at once
        ticket = next(one for one in tickets if one is gate._inside)
        seconds = 0.02 if ticket.who == "clicks" else 0.05
        now += seconds
        had[ticket.who] += seconds
        tickets[tickets.index(ticket)] = again = gate._line_up(ticket.who, ticket.who == "clicks", lambda: False)
        assert again is not gate._inside
        gate._leave(ticket, seconds)
    assert max(had.values()) - min(had.values()) < 0.3 + 2 * 0.05


def test_some_clicks_in_a_row_all_go_first():
    line = Line()
    for _ in range(10):
        with line.gate.turn("inside"):
            line.waits("plays", 0.05)
            line.waits("clicks", 0.02, first=True)
        assert line.all_have_had_their_turn()[-2:] == ["clicks", "plays"]


def test_who_has_a_turn_knows_that_somebody_waits_who_has_just_done_something():
    line = Line()
    with line.gate.turn("inside"):
        assert not line.gate.is_awaited()
        line.waits("plays")
        assert not line.gate.is_awaited()
        line.waits("clicks", first=True)
        assert line.gate.is_awaited()
    line.all_have_had_their_turn()
    with line.gate.turn("next"):
        assert not line.gate.is_awaited()


def test_who_has_had_a_long_turn_lets_those_before_who_had_short_ones():
    line = Line()
    has_a_turn(line, "heavy", 1.0)
    has_a_turn(line, "light", 0.1)
    with line.gate.turn("inside"):
        line.waits("heavy")
        line.waits("light")
        line.waits("new")
    assert line.all_have_had_their_turn() == ["new", "light", "heavy"]


def test_over_time_heavy_and_light_have_the_same_share_of_the_time():
    line = Line()
    had = {"heavy": 0.0, "light": 0.0, "middle": 0.0}
    cost = {"heavy": 0.9, "light": 0.03, "middle": 0.2}
    for _ in range(100):
        with line.gate.turn("inside"):
            tickets = {who: line.gate._line_up(who, False, lambda: True) for who in had}
        called = next(who for who, ticket in tickets.items() if ticket.is_over.is_set())
        while line.gate.waiting:  # the others give up
            time.sleep(0.001)
        line.gate._leave(tickets[called], cost[called])
        had[called] += cost[called]
    assert max(had.values()) - min(had.values()) <= 0.9, "at most one turn of the heavy one apart"


def test_a_newcomer_does_not_make_up_for_the_time_in_which_he_was_not_there():
    line = Line()
    for _ in range(100):
        has_a_turn(line, "old", 1.0)
    for _ in range(3):
        has_a_turn(line, "new", 1.0)
    with line.gate.turn("inside"):
        line.waits("new")
        line.waits("old")
    assert line.all_have_had_their_turn() == ["old", "new"]


def test_who_gives_up_has_no_turn_and_nobody_else_is_disturbed():
    line, had = Line(), []

    def gives_up():
        with line.gate.turn("impatient", gives_up=lambda: True) as is_its_turn:
            had.append(is_its_turn)

    with line.gate.turn("inside") as is_its_turn:
        assert is_its_turn
        impatient = threading.Thread(target=gives_up)
        impatient.start()
        line.gate.has_come(2)
        line.waits("patient")
        impatient.join(timeout=30)
        assert not impatient.is_alive() and line.gate.waiting == 1 and had == [False]
    assert line.all_have_had_their_turn() == ["patient"]
    with line.gate.turn("next"):
        assert line.gate.waiting == 0


def test_who_cannot_say_whether_to_give_up_goes_on_waiting_and_keeps_nobody_else_from_it(caplog):
    line, gives_up = Line(), threading.Event()

    def fails():
        raise TypeError("a fault of one visitor's")

    with line.gate.turn("inside"):
        line.waits("faulty", gives_up=fails)
        line.waits("third")
        wait_until(lambda: "could not say" in caplog.text)
        left = []

        def waits_for_nothing():
            with line.gate.turn("leaves", gives_up=gives_up.is_set) as is_mine:
                left.append(is_mine)

        leaver = threading.Thread(target=waits_for_nothing)
        leaver.start()
        gives_up.set()
        leaver.join(timeout=30)
        assert left == [False], "while somebody is inside"
    assert line.all_have_had_their_turn() == ["faulty", "third"]
    assert caplog.text.count("could not say") == 1


def test_who_is_long_in_saying_whether_to_give_up_holds_up_nobodys_turn():
    line, asked, may_say = Line(), threading.Event(), threading.Event()

    def says_late():
        asked.set()
        may_say.wait(timeout=30)
        return False

    with line.gate.turn("inside"):
        line.waits("slow", gives_up=says_late)
        assert asked.wait(timeout=30)
        assert line.gate.players("another") == 2
        line.waits("third", first=True)
    wait_until(lambda: line.order == ["third", "slow"])
    assert not may_say.is_set()
    may_say.set()
    assert line.all_have_had_their_turn() == ["third", "slow"]


def test_who_gave_up_and_comes_again_has_kept_the_place():
    line = Line()
    has_a_turn(line, "a", 0.1)
    with line.gate.turn("inside"):
        line.waits("impatient", gives_up=lambda: True)
        line.all_have_had_their_turn()  # in vain
        line.order.clear()
    has_a_turn(line, "b", 5.0)
    has_a_turn(line, "b", 5.0)  # time goes on
    with line.gate.turn("inside"):
        line.waits("newcomer")
        line.waits("impatient")
    assert line.all_have_had_their_turn() == ["impatient", "newcomer"]


def test_a_turn_that_fails_is_over():
    gate = Gate()
    with pytest.raises(ZeroDivisionError), gate.turn("a"):
        raise ZeroDivisionError
    with gate.turn("b"):
        pass


def test_it_counts_who_trains_and_forgets_them_after_five_seconds():
    line = Line()
    assert line.gate.players("a") == 1
    for who in "abc":
        has_a_turn(line, who, 0.1)
    assert line.gate.players("a") == 3
    assert line.gate.players("d") == 4
    line.now += 4.5
    has_a_turn(line, "a", 0.1)
    line.now += 1.0
    assert line.gate.players("a") == 1
    assert set(line.gate._used) == {"a"}


def test_only_one_is_inside_however_many_come():
    gate, inside, most = Gate(), [], []

    def come(who):
        for _ in range(30):
            with gate.turn(who):
                inside.append(who)
                most.append(len(inside))
                inside.remove(who)

    threads = [threading.Thread(target=come, args=(who,)) for who in "abcdefgh"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert len(most) == 240 and set(most) == {1}
