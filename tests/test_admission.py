"""Admission: as many visits as there are places, a line in the order of arrival, no place lost and none kept empty."""

import concurrent.futures
import contextlib
import os
import random
import subprocess
import sys
import threading
import time

import pytest
from streamlit.testing.v1 import AppTest

from tests.menu_pages import MENU
from tools import app_server
from ui import admission, errors
from ui.admission import KEPT_SECONDS, LATEST, MOST_WAITING, SOONEST, UNUSED_SECONDS, Places
from ui.visit import KEY, Visit


class House:
    """Places with a clock that a test moves and browsers that it opens and closes."""

    def __init__(self, most):
        self.now, self.open = 0.0, set()
        self.places = Places(most, self.open.__contains__, lambda: self.now)
        self.had = {}  # what the session of each keeps, as in ui/admission.py

    def comes(self, who, browser=None):
        self.open.add(who)
        return self.asks(who, browser)

    def asks(self, who, browser=None):
        visit = self.places.visit(who, browser, self.had.get(who))
        if visit.number == 0:
            self.had[who] = visit
        return visit.number

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
    assert house.wait(KEPT_SECONDS, *"cd") == [1, 2]
    assert house.wait(2, *"dc") == [1, 0]
    assert house.asks("b") == 0


def test_who_leaves_the_line_holds_up_nobody_behind():
    house = House(1)
    for who in "abcd":
        house.comes(who)
    house.goes("b", "a")
    assert house.wait(KEPT_SECONDS + 2, *"cd") == [0, 1]


def test_a_place_is_given_to_the_first_even_where_others_ask_before_her():
    house = House(1)
    for who in "abc":
        house.comes(who)
    house.goes("a")
    house.wait(KEPT_SECONDS + 2, "c")
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


def test_one_browser_that_comes_and_goes_has_one_place_whoever_of_it_comes_back():
    house, names = House(1), [f"a{i}" for i in range(50)]
    for name in names:
        assert house.comes(name, b"A") == 0
        house.goes(name)
        house.now += 1
    heard = [house.comes(name, b"A") for name in names]
    assert heard.count(0) == 1
    heard = [house.asks(name, b"A") for name in names]
    assert sorted(heard) == list(range(50))


def test_a_tab_whose_place_went_to_a_new_tab_waits_when_it_comes_back():
    house = House(1)
    house.comes("a", b"A")
    house.goes("a")
    house.wait(3)
    assert [house.comes("new tab", b"A"), house.comes("a", b"A"), house.asks("new tab", b"A")] == [0, 1, 0]


@pytest.mark.parametrize("last_look", [1, 55, 80])
def test_a_reload_keeps_its_place_however_long_ago_somebody_looked_and_also_when_one_looks_meanwhile(last_look):
    house = House(1)
    house.comes("a", b"A")
    house.comes("b", b"B")
    house.now += last_look
    house.goes("a")
    house.now += 1
    assert house.asks("b", b"B") == 1, "she looks while the page is loaded again"
    house.now += 1
    assert [house.comes("a2", b"A"), house.asks("b", b"B")] == [0, 1]
    house.now += 3600
    house.goes("a2")
    house.now += 1
    assert [house.comes("a3", b"A"), house.asks("b", b"B")] == [0, 1], "nobody has looked for an hour"


def test_who_left_long_before_anybody_looked_keeps_nobody_waiting():
    house = House(2)
    house.comes("a", b"A")
    house.comes("b", b"B")
    house.goes("a", "b")
    house.now += 600
    assert [house.comes("c", b"C"), house.comes("d", b"D"), house.comes("e", b"E")] == [0, 0, 1]


def test_a_place_that_nobody_has_used_for_an_hour_goes_back_where_somebody_waits_and_the_longest_unused_first():
    house = House(3)
    for who in "abc":
        house.comes(who)
        house.now += 10
    house.now = UNUSED_SECONDS + 15  # a was used more than an hour ago, and b, and c not
    assert house.asks("c") == 0
    house.had["b"].used = house.now - 5  # a part of its page has run
    assert [house.comes("d"), house.comes("e"), house.comes("f")] == [0, 1, 2]
    assert [house.asks("a"), house.asks("b"), house.asks("c")] == [3, 0, 0], "who comes back to an old tab waits"
    house.wait(UNUSED_SECONDS - 100, *"bcd")
    assert [house.asks("e"), house.asks("b")] == [1, 0], "a place in use stays"


def test_of_two_unused_places_that_of_the_longest_unused_goes_to_the_one_who_waits():
    house = House(2)
    house.comes("a")
    house.comes("b")
    house.now += 10
    house.asks("a")
    house.now += 2 * UNUSED_SECONDS
    assert house.comes("c") == 0
    assert [house.had["a"].has_place, house.had["b"].has_place] == [True, False]


def test_without_a_line_an_unused_place_stays():
    house = House(2)
    house.comes("a")
    house.now += 9 * UNUSED_SECONDS
    assert [house.comes("b"), house.asks("a")] == [0, 0]


def test_a_run_of_a_part_of_a_page_is_a_use_of_its_place(monkeypatch):
    used = Visit("a", None, 0.0, 0.0)
    monkeypatch.setattr(errors.visit.st, "session_state", {KEY: used})
    with errors.caught():
        pass
    assert abs(used.used - time.monotonic()) < 60 and used.used > 0


def test_the_line_has_an_end_and_who_comes_after_it_is_not_kept_in_memory():
    house = House(1)
    heard = [house.comes(f"v{i}", b"%d" % i) for i in range(MOST_WAITING + 20)]
    assert heard == [*range(MOST_WAITING + 1), *[None] * 19]
    assert len(house.places._visits) == MOST_WAITING + 1
    assert house.asks(f"v{MOST_WAITING}") == MOST_WAITING, "who stands in it stays"
    house.goes("v7")
    house.wait(KEPT_SECONDS + 2, "v1")
    assert house.asks(f"v{MOST_WAITING + 5}") == MOST_WAITING, "who tries again later may find an end of it"


def test_visits_that_come_at_the_same_time_have_as_many_places_as_there_are_and_a_number_each():
    asking, together = set(), set()

    def is_connected(who):
        asking.add(threading.get_ident())
        together.add(len(asking))
        time.sleep(0.0005)
        asking.discard(threading.get_ident())
        return True

    places = Places(5, is_connected)
    with concurrent.futures.ThreadPoolExecutor(20) as threads:
        heard = list(threads.map(lambda i: places.visit(f"v{i}").number, range(40)))
    assert sorted(heard) == [0] * 5 + list(range(1, 36))
    assert together == {1}, "one after the other"


def test_a_visit_in_memory_that_comes_back_late_goes_on_and_costs_nobody_else_the_place():
    house = House(2)
    for who in "abcde":
        house.comes(who)
    house.goes("a")
    house.wait(KEPT_SECONDS + 2, *"bcde")
    assert [house.comes("a"), *map(house.asks, "bcde")] == [0, 0, 0, 1, 2]
    house.goes("c")
    assert house.wait(KEPT_SECONDS + 2, *"abde") == [0, 0, 1, 2], "now two are inside again, as many as may be"
    house.goes("b")
    assert house.wait(KEPT_SECONDS + 2, *"ade") == [0, 0, 1]


def test_under_any_coming_and_going_places_are_full_and_in_order(monkeypatch):
    monkeypatch.setattr(admission, "MOST_WAITING", 1000)
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


@pytest.mark.parametrize("is_secret", [False, True])
def test_a_wrong_number_ends_the_start_with_that_sentence_and_no_stack_trace(is_secret, tmp_path):
    """Of the environment, or as Streamlit Community Cloud has settings."""
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(f'{admission.VARIABLE} = "many"\n', encoding="utf-8")
    given = {"STREAMLIT_SECRETS_FILES": str(secrets)} if is_secret else {admission.VARIABLE: "many"}
    port = str(app_server.free_port())
    start = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true", "--server.port", port],
        cwd=app_server.CHECKOUT,
        env=os.environ | given,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert start.returncode == 1
    assert "PLAYGROUND_VISITORS is 'many': expected a whole number" in start.stderr
    assert "Traceback" not in start.stderr + start.stdout


@pytest.fixture
def visited(monkeypatch):
    """The app before a house with one place, which somebody has, and a house that knows the visit of AppTest."""
    house = House(1)
    house.comes("somebody")
    house.open.add("test session id")
    monkeypatch.setattr(admission, "places", lambda: house.places)
    return AppTest.from_file(MENU, default_timeout=60), house


def leaves(house, who):
    """Somebody leaves, and it is seen."""
    house.goes(who)
    house.now += 1
    house.places._look(house.now)
    house.now += KEPT_SECONDS + 1


def test_who_waits_sees_her_number_and_no_page_and_then_the_page_which_stays_when_she_comes_back_late(visited):
    app, house = visited
    app.run()
    assert [said.value for said in app.info] == ["You are number **1** in the line."]
    assert "One person is using this app" in app.markdown[0].value
    assert not app.get("bidi_component")
    leaves(house, "somebody")
    app.run()
    assert not app.info
    assert app.get("bidi_component"), "the board"
    leaves(house, "test session id")
    assert [house.comes("another"), house.comes("third")] == [0, 1]
    house.open.add("test session id")
    app.run()
    assert not app.info, "what she had is in the memory: she goes on"


def test_who_comes_after_the_end_of_the_line_is_asked_to_come_later_and_her_page_does_not_look_again(
    visited, monkeypatch
):
    app, house = visited
    asked = []
    monkeypatch.setattr(admission.st, "fragment", lambda *args, **settings: asked.append(settings))
    for i in range(MOST_WAITING):
        house.comes(f"v{i}")
    app.run()
    assert [title.value for title in app.title] == ["Please come back later"]
    assert [said.value for said in app.info] == ["This app is full, and 100 people are in the line already."]
    assert "reload this page" in app.markdown[0].value
    assert not app.get("bidi_component")
    assert asked == [], "no part of the page runs by itself"


@pytest.mark.parametrize(
    ("number", "pause", "looks_anew"),
    [(1, 30.0, True), (1, SOONEST, False), (20, 10.0, False), (20, 30.0, True), (0, SOONEST, True), (None, 10.0, True)],
)
def test_a_long_pause_becomes_shorter_as_soon_as_the_line_has(visited, monkeypatch, number, pause, looks_anew):
    class Anew(BaseException):
        pass

    def anew():
        raise Anew

    monkeypatch.setattr(admission, "_number", lambda: number)
    monkeypatch.setattr(admission, "rerun_page", anew)
    with pytest.raises(Anew) if looks_anew else contextlib.nullcontext():
        admission._line(pause)
