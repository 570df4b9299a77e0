"""Use in class: what a teacher chooses is in the link, and the link opens it."""

from urllib.parse import parse_qs, urlsplit

import pytest

from scratchnet.goals import Condition
from tests.test_playground_page import checked, opened, pg, widgets_without_help
from tests.widgets import named
from ui.classroom.assignment import Assignment, read
from ui.classroom.tasks import TASKS
from ui.gallery import FIRST


def share(app, tab: str):
    """The page with Share open at one of its tabs."""
    app.session_state["playground_drawer_share"] = True
    app.session_state["playground_share_tab"] = tab
    return checked(app.run())


@pytest.fixture
def drawer():
    return share(opened(), "Use in class")


def chosen(app, kind: str, name: str, value):
    return checked(named(getattr(app, kind), f"playground_class_{name}").set_value(value).run())


def link(app) -> str:
    (found,) = [code.value for code in app.code if "task=" in code.value]
    return found


def handed_out(app) -> Assignment:
    return read(parse_qs(urlsplit(link(app)).query)["task"][0])


def texts(app) -> str:
    return " ".join(element.value for element in app.text)


def test_what_is_on_the_screen_is_the_start_and_nothing_is_locked_before_it_is_chosen(drawer):
    task = handed_out(drawer)
    assert (task.start, task.locked, task.hidden, task.instruction) == (FIRST, (), (), "")
    assert task.goal.conditions == ()
    assert f"Task {task.fingerprint}" in texts(drawer)
    (preview,) = [one.proto for one in drawer.get("link_button")]
    assert preview.url == link(drawer)
    (image,) = [one.proto for one in drawer.get("image")]
    assert image.imgs[0].url.startswith("data:image/svg+xml")


def test_every_choice_is_in_the_link(drawer):
    app = chosen(drawer, "text_area", "own_instruction", "Mind the gap.")
    app = chosen(app, "multiselect", "own_conditions", ["test_accuracy", "gap", "units", "unchanged", "diverges"])
    app = chosen(app, "text_input", "own_test_accuracy", "92,5")
    app = chosen(app, "text_input", "own_gap", "0.05")
    app = chosen(app, "multiselect", "own_unchanged", ["noise"])
    app = chosen(app, "multiselect", "own_locked", ["dataset", "edit weights"])
    app = chosen(app, "multiselect", "own_hidden", ["training", "speed"])
    task = handed_out(app)
    assert task.instruction == "Mind the gap."
    assert task.goal.conditions == (
        Condition("test_accuracy", 0.925),
        Condition("gap", 0.05),
        Condition("units", 3),
        Condition("unchanged", ("noise",)),
        Condition("diverges", True),
    )
    assert (task.locked, set(task.hidden)) == (("dataset", "edit weights"), {"training", "speed"})


@pytest.mark.parametrize(
    ("typed", "told"), [("much", "Test accuracy"), ("120", "at most 1"), ("-1", "at least 0"), ("", "Test accuracy")]
)
def test_a_value_that_is_none_is_one_sentence_and_there_is_no_link(drawer, typed, told):
    app = chosen(drawer, "multiselect", "own_conditions", ["test_accuracy"])
    app = chosen(app, "text_input", "own_test_accuracy", typed)
    assert told in texts(app) and "No link yet." in texts(app)
    assert not [code for code in app.code if "task=" in code.value]


@pytest.mark.parametrize("name", TASKS)
def test_a_ready_task_is_handed_out_as_it_is(drawer, name):
    assert handed_out(chosen(drawer, "selectbox", "begin", name)) == TASKS[name].assignment


def test_the_link_opens_the_task_and_a_pupil_has_no_drawer_for_teachers(drawer):
    app = chosen(drawer, "selectbox", "begin", "few_units")
    pupil = share(opened(urlsplit(link(app)).query), "Link")
    assert pg(pupil).assignment == TASKS["few_units"].assignment
    assert "Use in class" in [tab.label for tab in app.tabs]
    assert "Use in class" not in [tab.label for tab in pupil.tabs]


def test_every_field_of_the_form_has_a_sentence_that_says_what_it_does(drawer):
    app = chosen(drawer, "multiselect", "own_conditions", ["test_accuracy", "unchanged"])
    assert widgets_without_help(app) == []
    assert [one.label for kind in (app.multiselect, app.text_area) for one in kind if not one.help.endswith(".")] == []
