"""Use in class: what a teacher chooses is in the link, and the link opens it."""

import dataclasses
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from scratchnet.goals import Condition, Goal
from tests.test_playground_page import checked, opened, pg, widgets_without_help
from tests.widgets import named
from ui.classroom import reach, shelf
from ui.classroom.assignment import CONTROLS, Assignment, read
from ui.classroom.tasks import TASKS
from ui.classroom.words import CONTROL_LABELS
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
    """The one that holds the whole task."""
    (found,) = [code.value for code in app.code if "task=1." in code.value]
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
    ways = {one.proto.label: one.proto.url for one in drawer.get("link_button")}
    assert ways["Preview as a pupil"] == link(drawer)
    assert parse_qs(ways["Show large"].removeprefix("?")) == {
        "task": [task.text],
        "present": ["task"],
        "embed": ["true"],
    }
    (image,) = [one.proto for one in drawer.get("image")]
    assert image.imgs[0].url.startswith("data:image/svg+xml")


def test_the_form_says_that_a_task_begins_at_update_0_what_comes_on_the_way_and_what_is_not_handed_out(drawer):
    assert "It begins at update 0" not in captions(drawer), "nothing else is on the screen"
    board = pg(drawer)
    board.step("epoch")
    assert "It begins at update 0." in captions(checked(drawer.run()))
    board.goto(5)
    board.apply(learning_rate=1.0, l2=0.01)
    said = captions(checked(drawer.run()))
    assert (
        "It begins at update 0, and changes on the way: rate 1, L2 0.01 at update 5. Branch A is not handed out."
        in said
    )
    task = handed_out(drawer)
    assert task.start.events == ((5, {"learning_rate": 1.0, "l2": 0.01}),)
    board.step("epoch")
    board.goto(7)
    board.apply(learning_rate=0.5)
    board.edit(0, 0, None, 2.0)
    said = captions(checked(drawer.run()))
    assert "at update 5; rate 0.5, weights set by hand at update 7. Branches A and B are not handed out." in said
    board.branch(0)
    said = captions(checked(drawer.run()))
    assert "It begins at update 0. Branches B and C are not handed out." in said
    ready = chosen(drawer, "selectbox", "begin", "few_units")
    assert "It begins at update 0" not in captions(ready)


def captions(app) -> str:
    return " ".join(element.value for element in app.caption)


def test_pupils_get_the_address_in_the_network_and_the_teachers_preview_stays_in_her_own_browser(monkeypatch):
    theirs = "http://192.168.1.20:8501"
    monkeypatch.setattr(reach, "address", lambda here, listens_at: (theirs, reach.IN_THE_NETWORK))
    app = share(opened(), "Use in class")
    task = handed_out(app)
    assert link(app) == f"{theirs}/?task={task.text}"
    ways = {one.proto.label: one.proto.url for one in app.get("link_button")}
    assert ways["Preview as a pupil"] == f"/?task={task.text}"  # a test's browser has no address


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


def test_buttons_are_called_as_on_the_screen_and_what_belongs_together_stands_together(drawer):
    assert [name for name in CONTROL_LABELS.values() if "rawer" in name] == []
    assert CONTROL_LABELS["training"] == "Button Training, with all behind it"
    for name in ("locked", "hidden"):
        options = list(named(drawer.multiselect, f"playground_class_own_{name}").options)
        places = [options.index(CONTROL_LABELS[one]) for one in ("data_seed", "init_seed", "edit weights")]
        assert places == list(range(places[0], places[0] + 3)), options
        assert len(options) == len(set(options)) == len(CONTROLS) - 1 + (3 if name == "hidden" else 0)


@pytest.mark.parametrize(
    ("locked", "hidden", "said"),
    [
        (["dataset"], [], "New data stays free"),
        (["noise"], [], "New data stays free"),
        ([], ["data"], "New data stays free"),
        (["dataset", "data_seed"], [], None),
        (["dataset"], ["data_seed"], None),
        (["edit weights"], [], "New weights stays free"),
        ([], ["initializer"], "New weights stays free"),
        (["edit weights", "init_seed"], [], None),
        (["learning_rate"], ["speed"], None),
    ],
)
def test_a_lock_that_a_free_seed_goes_around_is_told_in_the_form(drawer, locked, hidden, said):
    app = chosen(drawer, "multiselect", "own_locked", locked)
    app = chosen(app, "multiselect", "own_hidden", hidden)
    told = [one.value for one in app.caption if "stays free" in one.value]
    assert [one.split(":")[0] for one in told] == ([said] if said else [])
    assert handed_out(app).locked == tuple(name for name in CONTROLS if name in locked)


def again(app):
    """What a reload of this page, or its bookmark, opens in a new visit."""
    query = urlencode({name: "".join(app.query_params[name]) for name in app.query_params})
    return share(opened(query), "Use in class")


def test_a_draft_is_there_again_after_a_reload_and_the_board_beside_it_is_as_without_it(drawer):
    assert "draft" not in drawer.query_params, "nothing was chosen yet"
    app = chosen(drawer, "text_area", "own_instruction", "Mind the gap.")
    app = chosen(app, "multiselect", "own_conditions", ["test_accuracy"])
    app = chosen(app, "multiselect", "own_locked", ["dataset", "data_seed"])
    before = handed_out(app)
    reloaded = again(app)
    assert handed_out(reloaded) == before
    assert pg(reloaded).notice == "" and pg(reloaded).assignment is None
    assert "draft" not in pg(reloaded).link, "what is shared as a link is the board alone"
    changed = chosen(reloaded, "text_area", f"{before.fingerprint}_instruction", "Mind the step.")
    assert handed_out(again(changed)).instruction == "Mind the step."


@pytest.mark.parametrize("draft", ["1.AAAA", "x", "1." + "A" * 9000])
def test_a_damaged_draft_is_none(draft):
    app = share(opened(urlencode({"draft": draft})), "Use in class")
    assert handed_out(app) == Assignment("", Goal(), (), (), FIRST)
    assert "draft" not in app.query_params


def test_a_task_is_corrected_from_its_link_or_its_letters(drawer):
    few = TASKS["few_units"].assignment
    app = chosen(drawer, "selectbox", "begin", "link")
    assert "Paste the link" in texts(app) and not [one for one in app.code if "task=" in one.value]
    for given in (f"http://school/?task={few.text}", few.text, few.fingerprint.lower()):
        app = chosen(app, "text_input", "link", given)
        assert handed_out(app) == few
    app = chosen(app, "text_area", f"{few.fingerprint}_instruction", "One word less.")
    task = handed_out(app)
    assert task == dataclasses.replace(few, instruction="One word less.")
    app = chosen(app, "text_input", "link", f"task={TASKS['spiral'].assignment.text}")
    assert handed_out(app) == TASKS["spiral"].assignment, "another task has fields of its own"
    app = chosen(app, "text_input", "link", "ABCDEFGH")
    assert "No link yet. No task is known here as 'ABCDEFGH'" in texts(app)


def test_the_form_says_that_its_link_opens_it_again(drawer):
    assert any("Keep this link" in one.value for one in drawer.caption)


def test_a_short_address_is_made_when_asked_for_and_opens_the_same_task(drawer, monkeypatch, tmp_path):
    monkeypatch.setenv(shelf.FOLDER, str(tmp_path / "shelf"))
    app = chosen(drawer, "text_area", "own_instruction", "Mind the gap.")
    whole = handed_out(app)
    long_picture = picture(app)
    assert not (tmp_path / "shelf").exists()
    assert [code.value for code in app.code] == [link(app)]
    app = checked(named(app.button, "playground_class_short").click().run())
    assert [code.value for code in app.code] == [f"/?task={whole.fingerprint}", link(app)]
    assert picture(app) != long_picture, "it is the picture of the short address"
    pupil = opened(f"task={whole.fingerprint.lower()}")
    assert pg(pupil).assignment == whole
    assert pupil.query_params["task"] == whole.text, "from then on the pupil's address holds the task itself"
    changed = chosen(app, "text_area", "own_instruction", "Mind the step.")
    assert [code.value for code in changed.code] == [link(changed)], "another task has no short address yet"


def test_a_task_that_is_too_long_for_a_picture_says_so_and_its_short_address_has_one(monkeypatch, tmp_path):
    monkeypatch.setenv(shelf.FOLDER, str(tmp_path / "shelf"))
    start = FIRST
    for update in range(280):
        start = start.with_edit(update, 0, update % 6, 0, 1 / (update + 3))
    app = share(opened(start.to_query()), "Use in class")
    assert len(link(app)) > 2953 and len(app.get("image")) == 0
    assert f"This link is too long for a QR code: it has {len(link(app)):,} characters" in texts(app)
    app = checked(named(app.button, "playground_class_short").click().run())
    assert len(app.get("image")) == 1 and "too long" not in texts(app)


def test_letters_that_are_typed_over_the_address_open_their_task_as_well():
    ready = TASKS["few_units"].assignment
    app = opened(FIRST.replace(hidden=(3,)).to_query())
    app.query_params.clear()
    app.query_params["task"] = ready.fingerprint
    assert pg(checked(app.run())).assignment == ready


def test_where_nothing_can_be_kept_a_sentence_says_so(drawer, monkeypatch, tmp_path):
    (tmp_path / "a file").write_text("")
    monkeypatch.setenv(shelf.FOLDER, str(tmp_path / "a file" / "shelf"))
    app = checked(named(drawer.button, "playground_class_short").click().run())
    assert pg(app).notice.startswith("There is no short address: this computer keeps no file")
    assert [code.value for code in app.code] == [link(app)]


def test_letters_that_nobody_knows_are_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv(shelf.FOLDER, str(tmp_path))
    app = opened("task=ABCDEFGH")
    assert pg(app).assignment is None
    assert "No task is known here as 'ABCDEFGH'" in pg(app).notice


def picture(app) -> str:
    (image,) = [one.proto for one in app.get("image")]
    return image.imgs[0].url
