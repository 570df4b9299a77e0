"""Admission: as many visits as there are places, a line in the order of arrival, no place lost and none kept empty."""

import os
import random
import subprocess
import sys

import pytest
from streamlit.testing.v1 import AppTest

from tests.menu_pages import MENU
from tools import app_server
from ui import admission
from ui.admission import KEPT_SECONDS, LATEST, SOONEST, Places


class House:
    """Places with a clock that a test moves and browsers that it opens and closes."""

    def __init__(self, most):
        self.now, self.open = 0.0, set()
        self.places = Places(most, self.open.__contains__, lambda: self.now)

    def comes(self, who, browser=None, had_place=False):
        self.open.add(who)
        return self.places.number(who, browser, had_place)

    def asks(self, who):
        return self.places.number(who)

    def goes(self, *who):
        self.open.difference_update(who)

    def wait(self, seconds, *asking):
        """So long, in which these ask now and then; what they heard last."""
        for _ in range(round(seconds)):
            self.now += 1
            heard = [self.asks(who) for who in asking]
        return heard


def test_who_comes_first_is_let_in_and_the_others_stand_in_the_order_of_their_arrival():
    house = House(2)
    assert [house.comes(who) for who in "abcde"] == [0, 0, 1, 2, 3]
    assert [house.asks(who) for who in "edcba"] == [3, 2, 1, 0, 0]


def test_a_place_goes_to_the_first_in_the_line_soon_after_its_visitor_has_left():
    house = House(2)
    for who in "abcd":
        house.comes(who)
    house.wait(5, *"cd")
    house.goes("a")
    assert house.wait(KEPT_SECONDS - 1, *"cd") == [1, 2]
    assert house.wait(2, *"dc") == [1, 0]
    assert house.asks("b") == 0


def test_who_leaves_the_line_holds_up_nobody_behind():
    house = House(1)
    for who in "abcd":
        house.comes(who)
    house.goes("b", "a")
    assert house.wait(KEPT_SECONDS + 1, *"cd") == [0, 1]


def test_a_place_is_given_to_the_first_even_where_others_ask_before_her():
    house = House(1)
    for who in "abc":
        house.comes(who)
    house.goes("a")
    house.wait(KEPT_SECONDS + 1, "c")
    assert [house.asks("c"), house.asks("b")] == [1, 0]


def test_a_page_loaded_again_keeps_its_place_and_its_number_where_the_browser_is_known():
    house = House(1)
    assert [house.comes(*one) for one in (("a", b"A"), ("b", b"B"), ("c", b"C"))] == [0, 1, 2]
    house.goes("a", "b")
    house.now += 4
    assert house.comes("b2", b"B") == 1, "another visit of the same browser stands where the first one stood"
    assert house.comes("a2", b"A") == 0
    assert house.asks("c") == 2
    assert house.comes("a3", b"A") == 3, "a second tab is another visit, as long as the first is open"


def test_who_is_no_longer_known_by_a_browser_hands_on_nothing():
    house = House(1)
    house.comes("a")
    house.comes("b")
    house.goes("a")
    house.now += 4
    assert house.comes("a2") == 2


def test_a_visit_in_memory_that_comes_back_late_goes_on_and_costs_nobody_else_the_place():
    house = House(2)
    for who in "abcde":
        house.comes(who)
    house.goes("a")
    house.wait(KEPT_SECONDS + 1, *"bcde")
    assert [house.comes("a", had_place=True), *map(house.asks, "bcde")] == [0, 0, 0, 1, 2]
    house.goes("c")
    assert house.wait(KEPT_SECONDS + 1, *"abde") == [0, 0, 1, 2], "now two are inside again, as many as may be"
    house.goes("b")
    assert house.wait(KEPT_SECONDS + 1, *"ade") == [0, 0, 1]


def test_under_any_coming_and_going_places_are_full_and_in_order():
    chance, house, arrived = random.Random(3), House(5), []
    for _ in range(3000):
        house.now += 1
        if chance.random() < 0.3:
            arrived.append(f"v{house.now}")
            house.comes(arrived[-1])
        if chance.random() < 0.25 and arrived:
            gone = arrived.pop(chance.randrange(len(arrived)))
            house.goes(gone)
        numbers = [house.asks(who) for who in arrived]
        inside = numbers.count(0)
        assert inside <= 5
        waiting = [number for number in numbers if number]
        assert waiting == sorted(set(waiting)), "in the order of arrival"
        if not waiting:
            continue
        house_of_others = len(house.places._visits) - len(arrived)  # who has left a moment ago
        assert inside + house_of_others >= 5, "nobody waits beside an empty place"


@pytest.mark.parametrize(("number", "pause"), [(1, SOONEST), (6, SOONEST), (20, 10.0), (60, LATEST), (5000, LATEST)])
def test_who_has_far_to_go_asks_less_often(number, pause):
    assert admission._pause(number) == pause


@pytest.mark.parametrize(("text", "most"), [(None, 300), ("", 300), (" 40 ", 40), ("1", 1), ("10000", 10_000)])
def test_the_number_of_places_is_the_environments(monkeypatch, text, most):
    monkeypatch.delenv(admission.VARIABLE, raising=False)
    if text is not None:
        monkeypatch.setenv(admission.VARIABLE, text)
    assert admission.most_visitors() == most


@pytest.mark.parametrize("text", ["0", "-3", "many", "1e3", "10001", "4.0", "٣", "9" * 5000, "1" + "0" * 9])
def test_what_is_no_number_of_visitors_is_refused_in_one_sentence(monkeypatch, text):
    monkeypatch.setenv(admission.VARIABLE, text)
    with pytest.raises(ValueError, match=r"^PLAYGROUND_VISITORS is .*: expected a whole number from 1 to") as said:
        admission.most_visitors()
    assert "\n" not in str(said.value)
    assert len(str(said.value)) < 250


def test_a_wrong_number_ends_the_start_with_that_sentence_and_no_stack_trace():
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true", "--server.port"]
    start = subprocess.run(
        [*command, str(app_server.free_port())],
        cwd=app_server.CHECKOUT,
        env=os.environ | {admission.VARIABLE: "many"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert start.returncode == 1
    assert "PLAYGROUND_VISITORS is 'many': expected a whole number" in start.stderr
    assert "Traceback" not in start.stderr + start.stdout


def test_who_waits_sees_her_number_and_no_page_and_then_the_page(monkeypatch):
    house = House(1)
    house.comes("somebody")
    monkeypatch.setattr(admission, "places", lambda: house.places)
    app = AppTest.from_file(MENU, default_timeout=60)
    monkeypatch.setattr(house.places, "_is_connected", lambda who: who in house.open or who == "test session id")
    app.run()
    assert [said.value for said in app.info] == ["You are number **1** in the line."]
    assert "One person is using this app" in app.markdown[0].value
    assert not app.get("bidi_component")
    house.goes("somebody")
    house.now += KEPT_SECONDS + 1
    app.run()
    assert not app.info
    assert app.get("bidi_component"), "the board"
