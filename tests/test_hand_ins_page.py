"""From the pupil's Hand in to the teacher's table, without a browser."""

import csv
import io
import json
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

import scratchnet as sn
from scratchnet import goals
from scratchnet.goals import Condition, Goal
from tests.menu_pages import MENU
from tests.widgets import named
from ui import errors
from ui.classroom import hand_in, register
from ui.classroom.assignment import Assignment

START = sn.Experiment(dataset="circle", samples=60, hidden=(3,), learning_rate=0.03)
TASK = Assignment("Get it right.", Goal((Condition("train_loss", 0.5),)), ("dataset",), (), START)


def checked(app: AppTest) -> AppTest:
    assert not app.exception
    assert errors.SENTENCE not in [error.value for error in app.error]
    return app


def opened(query: str) -> AppTest:
    app = AppTest.from_file(MENU, default_timeout=60)
    for name, value in parse_qsl(query, keep_blank_values=True):
        app.query_params[name] = value
    return checked(app.run())


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in [*app.text, *app.code, *app.caption])


def handed_in(query: str, name: str) -> str:
    """What a pupil with this address copies from Hand in."""
    app = opened(query)
    app.session_state["playground_hand_in"] = True
    checked(app.run())
    checked(named(app.text_input, "playground_hand_in_name").set_value(name).run())
    (text,) = hand_in.texts_in(said(app))
    return text


def looked_through(link: str, pasted: str) -> AppTest:
    app = checked(AppTest.from_file(MENU, default_timeout=60).switch_page("../pages/teach/hand_ins.py").run())
    named(app.text_input, "hand_ins_task").set_value(link)
    checked(named(app.text_area, "hand_ins_pasted").set_value(pasted).run())
    return checked(named(app.button, "hand_ins_run").click().run())


def test_what_a_class_hands_in_is_run_again_and_stands_in_a_table_with_what_it_reached():
    solved = handed_in(f"{START.to_query()}&at=300&task={TASK.text}", "=Ada")
    begun = handed_in(f"task={TASK.text}", "Bo")
    app = looked_through(f"http://school/?task={TASK.text}", f"{solved}\n{begun}\n{solved}\nN1.xyz")
    table = app.dataframe[0].value
    run = START.start()
    while run.evaluate().train_loss > 0.5:
        run.advance(epochs=1)
    assert 0 < run.update < 300
    assert list(table["Name"])[:2] == ["=Ada", "Bo"]
    assert list(table["Reached"])[:2] == [f"at update {run.update}", "no"]
    assert list(table["Update"])[:2] == [300, 0]
    assert list(table["Changed"])[:2] == ["nothing", "nothing"]
    assert list(table["Run again here"])[:2] == ["the same", "the same"]
    assert "the same text as number 1" in table["Remark"][2]
    assert "damaged" in table["Remark"][3]
    assert f"Task {TASK.fingerprint}: 1 of 4 reached the goal." in said(app)
    again = opened(table["Open"][0].removeprefix("/?"))
    pg = again.session_state["conversations"]["playground"].playground
    assert (pg.shown, pg.run.experiment, pg.assignment) == (300, START, TASK)


def test_a_hand_in_with_a_broken_lock_or_of_a_changed_task_is_told():
    cheat = hand_in.of_run("Cy", START.replace(dataset="xor").start(), TASK).text
    easy = Assignment("Get it right.", Goal((Condition("train_loss", 5.0),)), (), (), START)
    other = handed_in(f"task={easy.text}", "Di")
    table = looked_through(TASK.text, f"{cheat} {other}").dataframe[0].value
    assert table["Remark"][0] == "The task fixes what was changed: Data set."
    assert table["Remark"][1] == "It was made for another task."
    assert table["Reached"][1] == "no"


def test_after_a_reload_the_task_is_there_again_and_where_the_texts_are_kept_is_said_before():
    app = checked(AppTest.from_file(MENU, default_timeout=60).switch_page("../pages/teach/hand_ins.py").run())
    checked(named(app.text_input, "hand_ins_task").set_value(f"http://school/?task={TASK.text}").run())
    assert app.query_params["task"] in (TASK.text, [TASK.text])
    again = AppTest.from_file(MENU, default_timeout=60)
    again.query_params["task"] = TASK.text
    again = checked(again.switch_page("../pages/teach/hand_ins.py").run())
    assert named(again.text_input, "hand_ins_task").value == TASK.text
    said_first = " ".join(one.value for one in again.markdown)
    assert "for a reload it is kept by your browser, in this tab alone" in said_first
    assert f"*{named(again.button, 'hand_ins_forget').label}*" in said_first
    checked(named(again.text_input, "hand_ins_task").set_value("").run())
    assert "task" not in again.query_params


@pytest.mark.parametrize("longer", [0, 1])
def test_the_tab_is_given_what_may_be_pasted_to_keep_and_nothing_longer(longer):
    app = AppTest.from_file(MENU, default_timeout=60)
    app.session_state["hand_ins_text"] = text = "x" * (hand_in.MAX_PASTED + longer)
    checked(app.switch_page("../pages/teach/hand_ins.py").run())
    (given,) = [json.loads(one.proto.json) for one in app.get("bidi_component")]
    assert given == {"name": "hand_ins", "text": "" if longer else text, "heard": False}


def test_what_a_teacher_needs_comes_first_in_the_table_and_an_empty_cell_is_empty():
    app = looked_through(TASK.text, "N1.xyz")
    table = app.dataframe[0].proto
    assert list(table.column_order)[:5] == ["Name", "Reached", "Remark", "Update", "Open"]
    assert sorted(table.column_order) == sorted(register.COLUMNS)
    assert table.placeholder == ""


@pytest.mark.parametrize("link", ["", "http://school/", "task=1.abc", "http://school/?task=2.abc"])
def test_a_link_without_a_task_gets_one_sentence_and_what_was_pasted_stays(link):
    text = hand_in.of_run("Ed", START.start(), TASK).text
    app = looked_through(link, text)
    (error,) = app.error
    assert error.value.endswith(".") and "\n" not in error.value
    assert named(app.text_area, "hand_ins_pasted").value == text
    assert not app.dataframe


def test_a_text_without_hand_ins_says_what_they_look_like_and_cannot_be_run():
    app = checked(AppTest.from_file(MENU, default_timeout=60).switch_page("../pages/teach/hand_ins.py").run())
    checked(named(app.text_area, "hand_ins_pasted").set_value("Hello").run())
    assert "each begins with N1." in said(app)
    assert named(app.button, "hand_ins_run").disabled


def test_a_pupil_reads_where_the_button_that_copies_is_and_to_whom_the_text_goes():
    app = opened(f"task={TASK.text}")
    app.session_state["playground_hand_in"] = True
    checked(app.run())
    checked(named(app.text_input, "playground_hand_in_name").set_value("Ada").run())
    assert "the button at its right end" in said(app) and "as your teacher told you" in said(app)


def test_while_it_plays_nothing_can_be_handed_in_and_a_name_is_asked_for():
    app = opened(f"task={TASK.text}")
    app.session_state["playground_hand_in"] = True
    assert "Type your name" in said(checked(app.run()))
    app.session_state["conversations"]["playground"].playground.play()
    assert "Pause to hand in" in said(checked(app.run()))
    assert hand_in.texts_in(said(app)) == []


def test_a_pupil_hears_that_the_run_on_screen_is_not_the_one_that_reached_the_goal():
    app = opened(f"{START.to_query()}&at=300&task={TASK.text}")
    app.session_state["playground_hand_in"] = True
    checked(app.run())
    checked(named(app.text_input, "playground_hand_in_name").set_value("Ada").run())
    playground = app.session_state["conversations"]["playground"].playground
    assert playground.reached is not None and "not by what is on the screen" not in said(app)
    playground.reset()
    assert f"reached at update {playground.reached:,}, but not by what is on the screen" in said(checked(app.run()))
    (text,) = hand_in.texts_in(said(app))
    assert hand_in.read(text).update == 0
    for _ in range(80):  # another run that reaches it as well, later than the first
        playground.step("epoch")
        if playground.reached_here() is not None:
            break
        playground.apply(learning_rate=START.learning_rate / 2)
    second = playground.reached_here()
    assert second not in (None, playground.reached)
    assert "not by what is on the screen" not in said(checked(app.run()))
    (text,) = hand_in.texts_in(said(app))
    assert hand_in.read(text).reached == second


def test_a_pupil_whose_tab_alone_knows_of_an_earlier_success_is_not_denied_what_is_met_on_the_screen():
    app = opened(f"task={TASK.text}")
    playground = app.session_state["conversations"]["playground"].playground
    playground.was_reached(TASK.fingerprint, 7)
    app.session_state["playground_hand_in"] = True
    checked(app.run())
    checked(named(app.text_input, "playground_hand_in_name").set_value("Ada").run())
    assert "reached at update 7, but not by what is on the screen" in said(app)
    while goals.measure(TASK.goal, playground.run, START)[0].now > 0.5:
        playground.step("epoch")
    assert "not by what is on the screen" not in said(checked(app.run()))
    (text,) = hand_in.texts_in(said(app))
    assert hand_in.read(text).reached == playground.run.update != 7


def test_no_cell_of_the_file_is_a_formula_and_addresses_are_whole():
    found = [
        hand_in.Found(1, name, experiment=START, update=3, made_with="x") for name in ("=1+1", "+1", "-1", "@a", "Ada")
    ]
    rows = [register.row(one, TASK) for one in [*found, hand_in.Found(6, complaint="It is damaged.")]]
    cells = list(csv.reader(io.StringIO(register.as_csv(rows, "http://school"))))
    assert cells[0] == list(register.COLUMNS)
    assert [row[1] for row in cells[1:]] == ["'=1+1", "'+1", "'-1", "'@a", "Ada", ""]
    assert all(row[-1].startswith("http://school/?dataset=circle&") for row in cells[1:6])
    assert cells[6] == ["6", "", "", "It is damaged.", "", "", "", "", ""]
