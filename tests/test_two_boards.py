"""Two boards on one page: each has a name, and with it its own playground, keys and place in the session."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.lesson_app import sound
from tests.widgets import named
from ui.play.playground import Playground

PAGE = Path(__file__).parent / "two_boards.py"
DRAWERS = ("drawer_data", "drawer_network", "drawer_training")


@pytest.fixture
def app():
    """The page with all drawers open, so that every control of both boards is there."""
    app = AppTest.from_file(PAGE, default_timeout=60)
    for board in ("left", "right"):
        for drawer in DRAWERS:
            app.session_state[f"{board}_{drawer}"] = True
        app.session_state[f"{board}_study_seen"] = True
    return sound(app.run())


def pg(app, board) -> Playground:
    return app.session_state["conversations"][board].playground


def widgets(app):
    return [*app.selectbox, *app.text_input, *app.toggle, *app.slider, *app.button, *app.menu_button]


def test_every_widget_belongs_to_one_board_and_the_other_has_the_same(app):
    keys = [widget.key for widget in widgets(app)]
    assert None not in keys
    left, right = ({key.removeprefix(f"{b}_") for key in keys if key.startswith(f"{b}_")} for b in ("left", "right"))
    assert left == right
    assert len(left) > 40
    assert len(keys) == 2 * len(left)


def test_no_entry_of_the_session_is_shared_but_those_that_hold_one_for_each_name(app):
    common = {"conversations", "following_versions", "following_corrected"}
    common |= {"allowance"}  # of the processor, which is the visitor's, however many boards she has
    names = set(app.session_state._state._state.filtered_state) - common  # AppTest lists none of its own
    assert {name for name in names if not name.startswith(("left_", "right_"))} == set()
    assert set(app.session_state["conversations"]) == {"left", "right"}
    for name in ("following_versions", "following_corrected"):
        held = app.session_state[name]
        assert all(key.startswith(("left_", "right_")) for key in held)


@pytest.mark.parametrize(("used", "other"), [("left", "right"), ("right", "left")])
def test_a_choice_on_one_board_is_the_choice_of_that_board_alone(app, used, other):
    before = pg(app, other)
    run, settings, generation = before.run, before.settings, before.generation
    sound(named(app.selectbox, f"{used}_choose_dataset").set_value("xor").run())
    sound(named(app.text_input, f"{used}_choose_hidden").set_value("5, 3").run())
    sound(named(app.toggle, f"{used}_choose_shuffle").set_value(False).run())
    sound(app.button(key=f"{used}_next_init_seed").click().run())
    sound(named(app.toggle, f"{used}_stop_solved").set_value(True).run())
    now = pg(app, used)
    assert (now.settings["dataset"], now.settings["hidden"], now.settings["shuffle"]) == ("xor", (5, 3), False)
    assert now.settings["init_seed"] == settings["init_seed"] + 1
    assert now.stop_rule["solved"]
    assert "New initial weights" in now.notice
    assert pg(app, other) is before
    assert (before.run, before.settings, before.generation, before.notice) == (run, settings, generation, "")
    assert not before.stop_rule["solved"]
    assert named(app.selectbox, f"{other}_choose_dataset").value == settings["dataset"]
    assert named(app.text_input, f"{other}_choose_hidden").value == ", ".join(map(str, settings["hidden"]))


def test_an_undo_on_one_board_takes_nothing_back_on_the_other(app):
    sound(named(app.selectbox, "left_choose_dataset").set_value("xor").run())
    sound(named(app.selectbox, "right_choose_dataset").set_value("gauss").run())
    pg(app, "left").undo()
    sound(app.run())
    assert pg(app, "left").settings["dataset"] != "xor"
    assert pg(app, "right").settings["dataset"] == "gauss"
    assert named(app.selectbox, "right_choose_dataset").value == "gauss"


def test_what_is_looked_at_on_one_board_comes_under_its_own_microscope(app):
    pg(app, "left").look(0, 1, None)
    pg(app, "right").look(0, 0, 1)
    sound(app.run())
    places = [app.session_state[f"{board}_microscope"]["place"] for board in ("left", "right")]
    assert places == [(0, 1, None), (0, 0, 1)]
    assert [app.session_state[f"{board}_study_tab"] for board in ("left", "right")] == ["Microscope"] * 2
    pg(app, "left").look_at(3)
    sound(app.run())
    assert [app.session_state[f"{board}_microscope"].get("row") for board in ("left", "right")][1] is None


@pytest.mark.parametrize("name", ["", "two words", "a-b", "a.b", "a:b", "left_study", "<b>", "läft"])
def test_a_name_that_would_not_do_as_part_of_a_key_is_refused_with_a_sentence(name):
    with pytest.raises(ValueError, match=r"^A board's name is made of letters and digits; got "):
        Playground(name=name)
