"""The network check on the server's side: each question has its answer, and large ones are as large as a board's."""

import math

import pytest
from streamlit.testing.v1 import AppTest

import scratchnet as sn
from scratchnet.links import MAX_QUERY
from tests.menu_pages import MENU
from ui import network_check
from ui.network_check import LARGEST_ANSWER, LARGEST_QUESTION, answer
from ui.play import payload
from ui.play.conversation import LONGEST_ADDRESS
from ui.play.turn import FULL_SPEED_FRAMES

PAGE = MENU.parent.parent / "pages" / "teach" / "check.py"
INPUTS = ("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)")


def test_an_answer_names_its_question_and_has_the_servers_clock_in_ms():
    header, arrays = payload.unpack(answer({"n": 1_764_162_000_123, "filling": "abc"}, 1_764_162_000.5))
    assert (header["n"], header["came"], header["clock"]) == (1_764_162_000_123, 3, 1_764_162_000_500)
    assert header["largest"] == {"answer": LARGEST_ANSWER, "question": LARGEST_QUESTION}
    assert arrays == {}


def test_the_largest_answer_is_sent_whole_and_in_bytes_that_cannot_be_made_smaller():
    data = answer({"n": 2}, 0.0, wait=0.0)
    _, arrays = payload.unpack(data)
    (counts,) = [[int((arrays["filling"] == value).sum()) for value in range(256)]]
    assert sum(counts) == LARGEST_ANSWER <= len(data)
    bits = -sum(count / LARGEST_ANSWER * math.log2(count / LARGEST_ANSWER) for count in counts)
    assert bits > 7.999, "of 8: so even are the bytes"


@pytest.mark.parametrize(
    "question",
    [None, 3, "largest", [], {}, {"n": "1"}, {"n": 0.5}, {"n": 10**30}, {"filling": 7}],
)
def test_what_no_browser_asks_gets_a_small_answer_to_no_question(question):
    header, arrays = payload.unpack(answer(question, 1.0))
    assert (header["n"], header["came"], arrays) == (0, 0, {})


@pytest.mark.parametrize("hidden", [(64,) * 8, (48,) * 12, (128, 128, 128), (8,) * 12])
def test_no_answer_of_a_board_at_full_speed_is_larger_than_what_is_tried(hidden):
    run = sn.Experiment(hidden=hidden, samples=60, features=INPUTS).start()
    frames = [payload.Scene(run, 1).frame(run, (0.1, 0.2))] * FULL_SPEED_FRAMES[1]
    listed, arrays = payload.describe_frames(frames)
    size = len(payload.pack({"frames": listed}, arrays))
    assert 500_000 < size <= LARGEST_ANSWER


def test_a_board_may_say_as_much_as_is_tried():
    assert MAX_QUERY + LONGEST_ADDRESS <= LARGEST_QUESTION


def test_the_page_mounts_it_and_says_what_it_does():
    app = AppTest.from_file(PAGE, default_timeout=60).run()
    assert not app.exception
    assert [title.value for title in app.title] == ["Check this room's connection"]
    (component,) = app.get("bidi_component")
    header, _ = payload.unpack(component.proto.bytes)
    assert header["n"] == 0
    app.session_state["network_check"] = {"question": {"n": 5, "filling": "ab"}}
    (component,) = app.run().get("bidi_component")
    header, _ = payload.unpack(component.proto.bytes)
    assert (header["n"], header["came"]) == (5, 2)
    assert abs(header["clock"] / 1000 - network_check.time.time()) < 60


def test_of_all_visits_one_gets_a_large_answer_and_the_others_hear_how_long_to_wait(monkeypatch):
    network_check.large_answers.clear()
    visits = [AppTest.from_file(PAGE, default_timeout=60).run() for _ in range(2)]

    def asks(visit, wants):
        """The size of the answer, and the ms to wait that it names."""
        visits[visit].session_state["network_check"] = {"question": {"n": 5, "wants": wants}}
        (component,) = visits[visit].run().get("bidi_component")
        return len(component.proto.bytes) > LARGEST_ANSWER, payload.unpack(component.proto.bytes)[0]["wait"]

    now = 50.0
    monkeypatch.setattr(network_check.time, "monotonic", lambda: now)
    assert [asks(0, "largest"), asks(0, ["largest"])] == [(True, 0), (False, 0)]
    now += 0.5
    assert [asks(0, "largest"), asks(1, "largest")] == [(False, 2500), (False, 2500)]
    now += 2.5
    assert [asks(1, "more"), asks(1, "largest"), asks(0, "largest")] == [(False, 0), (True, 0), (False, 3000)]


def test_its_bytes_are_made_once():
    assert network_check._filling() is network_check._filling()
