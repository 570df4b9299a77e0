"""A window for the projector is sent what belongs on the wall, and nothing else: no field, no name, no hand-in."""

import json
import statistics
import time
from contextlib import contextmanager
from pathlib import Path
from unittest import mock
from urllib.parse import parse_qs

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import scratchnet as sn
from scratchnet.goals import Goal
from tests.lesson_app import sound
from ui import microscope, present
from ui.classroom.assignment import Assignment
from ui.classroom.tasks import TASKS
from ui.gate import Gate
from ui.kit.numbers import text
from ui.lesson import LESSONS
from ui.moment import Moment
from ui.play import payload, playground
from ui.play.conversation import Conversation
from ui.play.playground import Playground

ROOT = Path(__file__).parent.parent
# What can be typed into or sent with a name; a choice by the mouse may stay.
TYPED = ("text_input", "text_area", "number_input", "chat_input", "file_uploader", "data_editor", "form")
AT = f"{sn.Experiment(dataset='xor').to_query()}&at=30"


def shown(what: str, page: str = "", query: str = "", **more: str) -> AppTest:
    """A window for the projector, opened by a link."""
    app = AppTest.from_file(ROOT / "ui/menu.py", default_timeout=60)
    for name, (value,) in parse_qs(query).items():
        app.query_params[name] = value
    app.query_params["present"] = what
    for name, value in more.items():
        app.query_params[name] = value
    return sound(app.switch_page(f"../pages/learn/{page}.py").run() if page else app.run())


def components(app: AppTest) -> list[str]:
    return [component.proto.component_name.split("-")[0] for component in app.get("bidi_component")]


def goes(app: AppTest, slide: int, name: str = "") -> AppTest:
    """To a frame, with the numbers that it begins with, as `stage` goes there for a browser that asks."""
    app.session_state[present.SLIDE] = slide
    if name:
        app.session_state[f"lesson_{name}"].update(app.session_state[present.FRAMES][slide].put)
    return sound(app.run())


def said(app: AppTest) -> list[str]:
    """Everything that a frame says or draws, but what is beside it on every frame."""
    kinds = ("markdown", "latex", "code", "header", "plotly_chart", "table", "arrow_table", "info")
    texts = [str(element.proto) for kind in kinds for element in app.get(kind)]
    pictures = [c.proto for c in app.get("bidi_component") if c.proto.component_name.split("-")[0] not in APART]
    return texts + [picture.component_name + picture.json for picture in pictures]


APART = ("present", "lesson_end")


@pytest.mark.parametrize("what", ["board", "microscope"])
def test_nothing_can_be_typed_where_the_playground_is_projected(what):
    app = shown(what, query=AT)
    assert components(app) == {"board": ["board", "caller", "present"], "microscope": ["player", "present"]}[what]
    assert [kind for kind in (*TYPED, "button", "popover", "link_button", "tabs") if len(app.get(kind))] == []
    assert not app.title and not app.text


@pytest.mark.parametrize("wall", [True, False])
def test_the_board_hears_from_each_window_of_a_visit_whether_it_is_on_the_wall(wall):
    with mock.patch.object(Conversation, "answer", autospec=True, side_effect=Conversation.answer) as answer:
        app = shown("board" if wall else "", query=AT)
    assert {one.kwargs["wall"] for one in answer.call_args_list} == {wall}
    spoken = app.session_state["conversations"]["playground"]
    for said in (wall, not wall):
        assert payload.unpack(spoken.answer(None, wall=said))[0]["wall"] is said


def sent(app: AppTest) -> str:
    """All that a page sends, as text."""
    return str([element.proto for element in app.main if hasattr(element, "proto")])


def test_a_task_is_obeyed_on_the_wall_and_its_text_and_the_way_to_hand_in_are_not_sent():
    task = Assignment("Anna, Ben and Carla begin", Goal(), (), (), sn.Experiment(dataset="xor")).text
    usual = AppTest.from_file(ROOT / "ui/menu.py", default_timeout=60)
    usual.query_params["task"] = task
    sound(usual.run())
    assert "Anna" in sent(usual)  # the pupils' own window says it
    app = shown("board", task=task)
    assert app.session_state["conversations"]["playground"].playground.task == task
    assert "Anna" not in sent(app)
    assert components(app) == ["board", "caller", "present"]


@pytest.mark.parametrize(("what", "position"), [("", "top"), ("board", "hidden"), ("lesson", "hidden")])
def test_the_menu_is_for_the_usual_window_only(what, position, monkeypatch):
    asked, navigation = [], st.navigation
    monkeypatch.setattr(st, "navigation", lambda pages, **how: asked.append(how) or navigation(pages, **how))
    shown(what, "neurons" if what == "lesson" else "")
    assert {how["position"] for how in asked} == {position}


def test_a_task_is_shown_large_with_its_picture_and_address_and_with_nothing_else():
    task = TASKS["few_units"].assignment
    app = shown("task", task=task.text)
    texts = [text.value for text in app.text]
    assert texts == [
        task.instruction,
        "○ Test accuracy at least 95 %",
        "○ At most 3 hidden units",
        f"Task {task.fingerprint}",
    ]
    assert [code.value for code in app.code] == [f"/?task={task.fingerprint}"]
    assert len(app.get("image")) == 1
    assert components(app) == ["present"]
    assert [kind for kind in (*TYPED, "button", "popover", "link_button", "tabs") if len(app.get(kind))] == []


def test_without_a_task_the_window_for_one_shows_the_board():
    assert components(shown("task")) == ["board", "caller", "present"]


@pytest.mark.parametrize("name", LESSONS)
def test_every_frame_of_a_lesson_says_something_of_its_own_and_has_no_field_and_no_task(name):
    app = shown("lesson", name)
    frames, seen = app.session_state[present.FRAMES], []
    assert len(frames) > 5
    for slide, frame in enumerate(frames):
        goes(app, slide, name)
        assert [kind for kind in (*TYPED, "expander", "link_button", "page_link") if len(app.get(kind))] == [], frame
        assert not [b.label for b in app.button if b.label.startswith("Check task")], frame
        assert said(app) and said(app) not in seen, frame
        seen.append(said(app))


@pytest.mark.parametrize("name", LESSONS)
def test_in_its_usual_window_a_lesson_has_all_parts_that_are_projected_and_the_way_to_the_wall(name):
    wall = shown("lesson", name)
    usual = AppTest.from_file(ROOT / "ui/menu.py", default_timeout=60)
    sound(usual.switch_page(f"../pages/learn/{name}.py").run())
    for slide, frame in enumerate(wall.session_state[present.FRAMES]):
        if frame.put or frame.part in ("steps", "causes"):  # which begin with other numbers, or with all measured
            continue
        goes(wall, slide)
        assert {text.value for text in wall.latex} <= {text.value for text in usual.latex}
    (way,) = [button.proto.url for button in usual.get("link_button")]
    assert parse_qs(way.removeprefix("?")) == {"present": ["lesson"], "embed": ["true"]}
    assert len(usual.get("form"))  # its tasks


def test_on_the_wall_the_last_word_on_a_prediction_is_told_though_nobody_has_clicked_a_guess():
    app = shown("lesson", "losses")
    first, again = (
        next(i for i, f in enumerate(app.session_state[present.FRAMES]) if f.part == part)
        for part in ("idea", "predict")
    )
    answer = "✓**] “the binary cross-entropy”. A squared error"
    assert answer not in str(said(goes(app, first)))
    assert answer in str(said(goes(app, again)))


def test_a_window_begins_at_the_numbers_and_the_frame_of_its_address():
    app = shown("lesson", "neurons", numbers="neurons.b:1.5", slide="1")
    assert app.session_state["lesson_neurons"]["b"] == 1.5
    assert app.session_state[present.FRAMES][app.session_state[present.SLIDE]].part == "sum"


@pytest.mark.parametrize(("asked", "place"), [("99999", -1), ("-1", 0), ("x", 0), ("²", 0), ("1" * 5000, -1)])
def test_a_frame_that_does_not_exist_is_the_nearest_one(asked, place):
    app = shown("lesson", "neurons", slide=asked)
    frames = app.session_state[present.FRAMES]
    assert app.session_state[present.SLIDE] == range(len(frames))[place]


def test_another_word_than_those_known_is_the_usual_window():
    app = shown("boards", query=AT)
    assert "listener" in components(app) and app.title


def test_the_next_frame_sets_the_numbers_it_is_about_and_the_address_holds_it():
    app = shown("lesson", "neurons")
    frames = app.session_state[present.FRAMES]
    grows = [frame.title for frame in frames].index("The bias grows")
    goes(app, grows - 1)
    app.session_state[present.STAGE] = {"go": 1}
    stage = next(c for c in app.get("bidi_component") if c.proto.component_name.startswith("present"))
    assert json.loads(stage.proto.json)["place"] == grows - 1
    goes(app, grows)
    end = next(c for c in app.get("bidi_component") if c.proto.component_name.startswith("lesson_end"))
    assert json.loads(end.proto.json)["address"]["slide"] == str(grows)


def test_the_moment_in_the_address_stays_beside_what_is_projected():
    app = shown("board", query=AT)
    assert (app.query_params["present"], app.query_params["at"]) == ("board", "30")
    assert app.session_state["conversations"]["playground"].playground.run.update == 30


def test_the_microscope_shows_the_update_of_the_address_however_long_the_way_there_is(monkeypatch):
    monkeypatch.setattr(playground, "REACH_SECONDS", 0.0)  # the board would go there in pieces
    experiment = sn.Experiment(dataset="xor", hidden=(3,))
    app = shown("microscope", query=Moment(experiment, 707).query)
    (player,) = [c for c in app.get("bidi_component") if c.proto.component_name.startswith("player")]
    run = experiment.start()
    run.goto(707)
    step = run.step()
    assert step is not None
    frames = {frame["key"]: frame for frame in json.loads(player.proto.json)["story"]["frames"]}
    after = json.loads(player.proto.json)["story"]["losses"]
    assert "start" in frames
    loss = sn.backpropagate(step.before, step.forward, step.y, loss="bce").data_loss
    assert after[0][1] == text(loss, 6)


def test_the_way_to_a_far_update_is_gone_in_turns_with_others_under_a_name_of_its_own(monkeypatch):
    """Whoever presents a late update must not have the class wait, and a window that is closed must not train on."""
    turns, gate = [], Gate()

    class Watched:
        def players(self, who):
            return 30  # a class

        @contextmanager
        def turn(self, who):
            with gate.turn(who):
                began = time.thread_time()
                yield
                turns.append((who, time.thread_time() - began))

    monkeypatch.setattr(microscope, "gate", Watched)
    monkeypatch.setattr(playground, "REACH_SECONDS", 0.0)
    query = Moment(sn.Experiment(dataset="xor", hidden=(3,)), 20_000).query
    shown("microscope", query=query)
    names = {who for who, _ in turns}
    assert len(turns) > 3
    assert statistics.median(seconds for _, seconds in turns) < 0.1  # a turn of thirty, which lasts 0.05 s
    shown("microscope", query=query)
    assert len({who for who, _ in turns}) == 2 and len(names) == 1, "two visitors are two names"


def test_a_visitor_who_has_left_is_no_longer_trained_for(monkeypatch):
    class Left(Exception):
        pass

    class Bar:
        def progress(self, share, words):
            raise Left  # as Streamlit ends a run: where the page is told something

        empty = progress

    run = sn.Experiment(dataset="xor", hidden=(3,)).start()
    monkeypatch.setattr(st, "empty", Bar)
    with pytest.raises(Left):
        microscope._go(run, 10**9, "she")
    assert run.update == 0


@pytest.mark.parametrize(
    ("asked", "key", "place", "sample"),
    [
        ("dW1.0_1_0.3", "dW1", [0, 1, 0], 3),
        ("db2.1_0_b.0", "db2", [1, 0, None], 0),
        ("update2.1_0_1.0", None, None, None),  # a frame that does not exist
        ("dW1.9_9_9.3", None, None, None),
        ("dW1.0_b_0.3", None, None, None),
        ("...", None, None, None),
        ("dW1.0_1_0.x", None, None, None),
        ("dW1.0_1_0.0.-1", "dW1", [0, 1, 0], 0),  # no training point
    ],
)
def test_the_microscope_begins_at_the_frame_the_place_and_the_sample_of_the_address(asked, key, place, sample):
    app = shown("microscope", query=AT, frame=asked)
    (player,) = [c for c in app.get("bidi_component") if c.proto.component_name.startswith("player")]
    data = json.loads(player.proto.json)
    assert data["wall"] and data["present"] is None
    if place is not None:
        assert data["frame"] == key
        assert data["story"]["graph"]["chosen"] == place and data["story"]["sample"] == sample
    assert max(len(column["units"]) for column in data["story"]["graph"]["columns"]) <= 5


def test_back_while_it_plays_stands_still_before_the_update_on_screen():
    pg = Playground(sn.Experiment(dataset="xor"))
    pg.play()
    pg.train(60)
    pg.sees(20)
    pg.back()
    assert not pg.playing and (pg.run.update, pg.shown) == (19, 19)


def test_back_is_the_update_before_bit_for_bit_and_stops_at_the_start():
    pg = Playground()
    pg.replace(sn.Experiment(dataset="xor"))
    for _ in range(3):
        pg.step()
    held = pg.run.network.theta.copy()
    pg.step()
    talk = Conversation(pg)
    talk.answer({"n": 1, "outbox": [{"kind": "back", "id": 1}]})
    assert pg.run.update == 3 and (pg.run.network.theta == held).all() and not pg.playing
    for _ in range(5):
        pg.back()
    assert pg.run.update == 0
