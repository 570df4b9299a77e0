"""Whether a visitor has done something while her board waits for its turn: read from what Streamlit holds back."""

import json
from types import SimpleNamespace

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests

import scratchnet as sn
import ui.board
from ui.play.conversation import Conversation
from ui.play.playground import Playground

STEP = {"id": 1, "kind": "step", "what": "update"}


@pytest.fixture
def talk(monkeypatch):
    """A conversation, and the requests of its visitor's script as Streamlit keeps them."""
    requests = ScriptRequests()
    monkeypatch.setattr(ui.board, "get_script_run_ctx", lambda: SimpleNamespace(script_requests=requests))
    return Conversation(Playground(sn.Experiment(samples=40))), requests


def ear_of(*spoken):
    return ui.board._ear({one.playground.name: one for one in spoken})


def says(requests, ack, **where):
    states = WidgetStates()
    states.widgets.add(id="$$ID-0123abcd-playground_board").json_value = (
        ack if where.pop("raw", 0) else json.dumps({"ack": ack})
    )
    states.widgets.add(id="$$ID-0123abcd-other").bool_value = True
    assert requests.request_rerun(RerunData(widget_states=states, **(where or {"fragment_id": "of the board"})))


def test_a_question_that_is_only_asked_again_is_no_reason_to_leave_the_line(talk):
    conversation, requests = talk
    is_wanted_elsewhere = ear_of(conversation)
    assert not is_wanted_elsewhere()
    says(requests, {"n": 7, "outbox": []})
    assert not is_wanted_elsewhere()


def test_a_command_is_one_until_it_has_been_carried_out(talk):
    conversation, requests = talk
    is_wanted_elsewhere = ear_of(conversation)
    says(requests, {"n": 7, "outbox": [STEP]})
    assert is_wanted_elsewhere()
    conversation.answer({"n": 7, "outbox": [STEP]})
    assert not is_wanted_elsewhere()


def test_a_run_of_the_whole_page_is_one(talk):
    conversation, requests = talk
    says(requests, {"n": 7, "outbox": []}, page_script_hash="the playground")
    assert ear_of(conversation)()


@pytest.mark.parametrize(
    "ack", [None, 3, "text", [], {}, {"outbox": 5}, {"outbox": [None, {"id": "x"}, {"id": 1e400}]}]
)
def test_whatever_a_browser_sends_is_answered_with_no(talk, ack):
    conversation, requests = talk
    says(requests, ack)
    assert not ear_of(conversation)()


@pytest.mark.parametrize("text", ["", "{", "3", "[1]", '"text"', "[" * 100_000])
def test_what_is_no_json_is_answered_with_no(talk, text):
    conversation, requests = talk
    says(requests, text, raw=True, fragment_id="of the board")
    assert not ear_of(conversation)()


def test_without_streamlits_requests_nobody_is_wanted(talk, monkeypatch):
    monkeypatch.setattr(ui.board, "get_script_run_ctx", lambda: SimpleNamespace(script_requests=None))
    assert not ear_of(talk[0])()


def test_a_long_message_is_read_once_however_often_it_is_asked_about(talk, monkeypatch):
    conversation, requests = talk
    is_wanted_elsewhere, read = ear_of(conversation), []
    monkeypatch.setattr(ui.board, "json", SimpleNamespace(loads=lambda text: read.append(text) or json.loads(text)))
    says(requests, {"n": 7, "outbox": [0] * 100_000})
    assert [is_wanted_elsewhere() for _ in range(5)] == [False] * 5
    assert len(read) == 1
    says(requests, {"n": 8, "outbox": [STEP]})
    assert [is_wanted_elsewhere() for _ in range(5)] == [True] * 5
    assert len(read) == 2
