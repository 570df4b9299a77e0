"""In what a branch differs from the one that it left is marked at the controls, and told in a sentence."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import scratchnet as sn
from tests.lesson_app import sound
from tests.menu_pages import MENU
from ui import branching
from ui.play.playground import Playground

SMALL = {"dataset": "circle", "hidden": (3,), "samples": 60, "batch_size": 10}
# a change -> the settings whose controls are marked, and what the sentence says
CHANGES = {
    "learning_rate": ({"learning_rate": 0.1}, ("learning_rate",), "rate 0.03 there"),
    "batch_size": ({"batch_size": 5}, ("batch_size",), "batch size 10 there"),
    "l2": ({"l2": 0.01}, ("l2",), "L2 0 there"),
    "shuffle": ({"shuffle": False}, ("shuffle",), "shuffle on there"),
    "clip_norm": ({"clip_norm": 1.0}, ("clip_norm",), "longest gradient none there"),
    "optimizer": ({"optimizer": "sgd"}, ("optimizer",), "optimizer Adam there"),
    "one of its settings": (
        {"optimizer_settings": {"eps": 0.5}},
        ("optimizer_settings", "optimizer_settings.eps"),
        "epsilon 1e-8 there",
    ),
    "optimizer with its settings": (
        {"optimizer": "sgd", "optimizer_settings": {"momentum": 0.9}},
        ("optimizer",),
        "optimizer Adam there",
    ),
    "schedule": ({"schedule": "cosine"}, ("schedule",), "schedule Constant there"),
    "two": ({"learning_rate": 0.1, "l1": 0.1}, ("learning_rate", "l1"), "rate 0.03 and L1 0 there"),
}


def forked(change=None) -> Playground:
    """Sixty updates seen, back at 30; there changed."""
    pg = Playground(sn.Experiment(**SMALL, learning_rate=0.03))
    pg.step("epoch")
    pg._stand_at(60)
    while pg.replay is not None:  # on a busy machine it goes on in pieces
        pg.train(1000)
    pg.goto(30)
    if change:
        pg.apply(**change)
    return pg


ANEW = {
    "units": lambda pg: pg.apply(hidden=(4,)),
    "noise": lambda pg: pg.apply(noise=0.3),
    "new weights": Playground.new_weights,
    "new data": Playground.new_data,
    "reset": Playground.reset,
    "points": lambda pg: pg.draw("take", {}),
}


@pytest.mark.parametrize("begins_anew", ANEW.values(), ids=ANEW)
def test_a_new_start_says_that_the_branches_went_and_what_it_begins_with_and_undo_brings_all_back(begins_anew):
    pg = forked({"learning_rate": 0.3, "l2": 0.01})
    pg._stand_at(40)
    before = pg.forks
    begins_anew(pg)
    assert pg.notice.endswith(
        " The branches of this run went too; Undo brings all back. It begins with the rate 0.3 and L2 0.01."
    )
    now = pg.run.experiment
    assert (pg.shown, now.learning_rate, now.l2, now.events) == (0, 0.3, 0.01, ())
    assert len(pg.forks.every) == 1
    pg.undo()
    assert [fork.experiment for fork in pg.forks.every] == [fork.experiment for fork in before.every]
    assert (len(before.every), pg.forks.present, pg.run.update) == (2, before.present, 40)
    pg.branch(0)
    assert pg.run.experiment.learning_rate == 0.03 and not pg.run.experiment.events


@pytest.mark.parametrize("begins_anew", ANEW.values(), ids=ANEW)
def test_a_new_start_of_a_run_without_branches_says_nothing_of_any_or_of_what_was_set_before_the_first_update(
    begins_anew,
):
    pg = Playground(sn.Experiment(**SMALL, learning_rate=0.03))
    pg.apply(learning_rate=0.3)
    pg.step("epoch")
    begins_anew(pg)
    assert pg.shown == 0 and "branches" not in pg.notice and "begins with" not in pg.notice


@pytest.mark.parametrize(("change", "fields", "said"), CHANGES.values(), ids=CHANGES)
def test_what_differs_is_marked_where_it_is_in_force_and_nowhere_else(change, fields, said):
    pg = forked(change)
    every = (*sn.LIVE_SETTINGS, *(f"optimizer_settings.{name}" for name in ("eps", "betas")))
    for shown in (30, 31):
        marked = {name for name in every if branching.mark(pg, name)}
        assert marked == set(fields)
        assert branching.sentence(pg) == f"\u2260 Differs from A (as it began): {said}."
        for name in fields:
            assert branching.explained(pg, name).startswith("Differs from A (as it began): ")
        pg.step()
        assert shown + 1 == pg.shown
    pg.goto(29)  # the same in both
    assert not any(branching.mark(pg, name) for name in every) and branching.sentence(pg) == ""
    pg.branch(0)
    assert not any(branching.mark(pg, name) for name in every) and branching.sentence(pg) == ""


def test_the_value_there_is_the_one_in_force_at_the_same_update_and_the_branch_has_its_letter_and_name():
    pg = forked({"learning_rate": 0.1})
    pg._stand_at(50)
    pg.rename(1, "hot")
    pg.goto(40)
    pg.apply(learning_rate=0.3)
    assert branching.sentence(pg) == "\u2260 Differs from B (hot): rate 0.1 there."
    pg.branch(1)
    pg._stand_at(70)
    pg.apply(learning_rate=1.0)  # where it ends no other future is left behind
    pg.branch(2)
    pg._stand_at(69)
    assert branching.explained(pg, "learning_rate") == "Differs from B (hot): rate 0.1 there."
    pg._stand_at(70)
    assert branching.explained(pg, "learning_rate") == "Differs from B (hot): rate 1 there."
    pg.delete(1)
    assert branching.sentence(pg) == "\u2260 Differs from A (as it began): rate 0.03 there."


def test_weights_set_by_hand_and_drawn_points_have_no_control_and_are_said():
    pg = forked()
    pg.edit(0, 1, None, 0.5)
    assert branching.sentence(pg) == "\u2260 Differs from A (as it began): other weights set by hand."
    pg.step()
    pg.step()
    assert branching.sentence(pg).endswith("other weights set by hand.")
    pg.apply(learning_rate=0.1)
    assert branching.sentence(pg).endswith("rate 0.03 there; other weights set by hand.")
    drawn = forked()
    drawn.draw("take", {})
    drawn._stand_at(60)
    drawn.goto(30)
    x = np.zeros(2).tolist()
    drawn.draw("add", {"rows": [[*x, 1, 0]]})
    assert len(drawn.forks.every) == 2
    assert branching.sentence(drawn) == "\u2260 Differs from A (as it began): other points."


def opened(query: str) -> AppTest:
    app = AppTest.from_file(MENU, default_timeout=60)
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        app.query_params[name] = value
    return sound(app.run())


@pytest.mark.parametrize("name", ["learning_rate", "batch_size", "one of its settings"])
def test_the_page_marks_the_control_its_closed_drawer_and_says_it_beside_the_heading(name):
    change, _, said = CHANGES[name]
    app = opened(sn.Experiment(**SMALL, learning_rate=0.03).to_query() + "&at=30&until=60")
    pg = app.session_state["conversations"]["playground"].playground
    assert {one.label for one in app.selectbox} >= {"Learning rate"}
    pg.apply(**change)
    app = sound(app.run())
    is_rate = name == "learning_rate"
    assert ("Learning rate \u2260" in {one.label for one in app.selectbox}) == is_rate
    drawers = {one.proto.popover.label for one in app.get("popover")}
    assert ("Training \u2260" in drawers) != is_rate and "Data" in drawers and "Network" in drawers
    assert f"\u2260 Differs from A (as it began): {said}." in {text.value for text in app.text}
    if is_rate:
        (box,) = [one for one in app.selectbox if one.label == "Learning rate \u2260"]
        assert box.help.startswith("Differs from A (as it began): rate 0.03 there. ")


def test_where_it_plays_past_a_change_the_page_runs_to_show_what_is_in_force_then():
    pg = forked({"learning_rate": 0.1})
    pg._stand_at(60)
    pg.goto(20)
    pg.page_runs()
    pg.play()
    pg.train(20)
    pg.sees(29)
    assert not pg.page_is_stale()
    pg.sees(30)
    assert pg.page_is_stale() and not pg.page_is_stale()
    pg.sees(33)
    assert not pg.page_is_stale()
