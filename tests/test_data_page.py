"""The page Data without a browser: from a table to the playground, and from a link that waits for one to the board."""

import inspect
import re
from urllib.parse import parse_qsl

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import scratchnet as sn
from tests.menu_pages import MENU
from tests.test_table_reading import BAD
from tests.widgets import named
from ui import errors, gallery, own_table
from ui.classroom import assignment, shelf
from ui.compare.comparison import link as comparison_link
from ui.data.keeper import Keeper, is_meant, is_missing
from ui.paper import worksheet
from ui.state import KEY, tables
from ui.web import guard

PETS = "größe;gewicht;alter;art\n" + "".join(
    f"{20 + place % 7},5;{3 + place % 5},25;{place % 12};{'hund' if place % 2 else 'katze'}\n" for place in range(60)
)
MANY = "a,b,c,d,kind\n" + "".join(f"{i % 13},{i % 7},{i % 11},{i % 3},{'u' if i % 2 else 'v'}\n" for i in range(300))


@pytest.fixture(autouse=True)
def no_table_of_another_test():
    tables.clear()


def checked(app: AppTest) -> AppTest:
    assert not app.exception
    assert errors.SENTENCE not in [error.value for error in app.error]
    return app


def data_page(app: AppTest | None = None) -> AppTest:
    app = app or AppTest.from_file(MENU, default_timeout=60)
    return checked(app.switch_page("../pages/lab/data.py").run())


def pasted(text: str, app: AppTest | None = None) -> AppTest:
    app = data_page(app)
    named(app.text_area, "data_pasted").set_value(text)
    return checked(named(app.button, "data_read").click().run())


def uploaded(data: bytes, name: str, app: AppTest | None = None) -> AppTest:
    app = data_page(app)
    named(app.file_uploader, "data_file").set_value((name, data, "text/csv"))
    return checked(app.run())


def widget(widgets, what: str):
    """The one whose key ends so: what stands between is the table's number."""
    (found,) = [one for one in widgets if re.fullmatch(rf"data_\d+_{what}", str(one.key))]
    return found


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in [*app.error, *app.text])


def used(app: AppTest) -> AppTest:
    return checked(named(app.button, "data_use").click().run())


def board_of(app: AppTest):
    return app.session_state[KEY]["playground"].playground


def test_a_pasted_table_with_decimal_commas_is_learned_on_the_playground():
    app = pasted(PETS)
    assert "Pasted table: 60 rows, 4 columns" in said(app)
    assert "60 rows of 3 inputs. Classes: hund 30, katze 30." in said(app)
    app = used(app)
    pg = board_of(app)
    points = pg.settings["dataset"]
    assert pg.settings["hidden"] == gallery.FIRST.hidden  # all else is what the playground opens with
    assert points.names == ("größe", "gewicht", "alter")
    assert points.classes == ("hund", "katze")
    assert points.x[:2].tolist() == [[20.5, 3.25, 0.0], [21.5, 4.25, 1.0]]
    assert points.y[:2].tolist() == [1, 0]
    assert pg.settings["scaling"] == "standard"
    assert app.query_params["dataset"] == points.link
    pg.run.advance(epochs=30)
    history = pg.run.history
    assert history.train_loss[-1] < history.train_loss[0]


def test_an_uploaded_file_is_read_and_the_server_does_not_keep_it_twice():
    app = uploaded(MANY.encode(), "numbers.of 7.csv")
    assert "numbers.of 7: 300 rows, 5 columns" in said(app)
    assert own_table.GIVEN in app.session_state
    assert app.session_state[own_table.GIVEN].source == MANY.encode()


@pytest.mark.parametrize("case", sorted(set(BAD) - {"a million equal column names", "a line of 2 MB"}))
def test_bad_files_get_their_sentence_and_the_page_stays_as_it_was(case):
    data, words = BAD[case]
    if not data:
        return  # no browser uploads nothing
    app = uploaded(data, "bad.csv")
    assert [error.value for error in app.error] == ["This table could not be read."]
    assert re.search(words, said(app))
    assert named(app.text_area, "data_pasted") is not None


def test_what_is_refused_takes_nothing_away():
    app = pasted("a,b\n1,2\n3,4,5\n6,7\n")
    assert "Line 3 has 3 cells" in said(app)
    assert named(app.text_area, "data_pasted").value == "a,b\n1,2\n3,4,5\n6,7\n"
    app = pasted("a;b\n1,5;u\n2;v\n3;u\n2,5;v\n", app)
    assert [error.value for error in app.error] == []
    checked(widget(app.selectbox, "separator").set_value(",").run())
    assert "It cannot be read so, and stays as it was." in said(app)
    assert widget(app.selectbox, "separator").value == ";"
    assert "Classes: u 2, v 2." in said(app)


def test_what_was_found_can_be_corrected():
    app = pasted("a;b;c\n1,234;2;x\n2,345;3;y\n3,456;4;x\n")
    assert own_table.table_of(app.session_state[own_table.GIVEN]).decimal == ","
    checked(widget(app.selectbox, "decimal").set_value(".").run())
    used(app)
    assert board_of(app).settings["dataset"].x[:, 0].tolist() == [1234.0, 2345.0, 3456.0]
    app = data_page(app)
    assert widget(app.selectbox, "decimal").value == "."
    checked(widget(app.selectbox, "has_header").set_value(False).run())
    assert "Pasted table: 4 rows, 3 columns" in said(app)


def test_target_task_inputs_missing_values_and_scaling_are_chosen():
    app = pasted("x,y,word,n\n" + "".join(f"{i},{'' if i == 3 else i / 2},w{i % 2},{i % 4}\n" for i in range(12)))
    checked(widget(app.selectbox, "target").set_value("n").run())
    assert "Classes: 0 3, 1 3, 2 3, 3 2." in said(app)
    (task,) = [one for one in app.segmented_control if "_task_" in str(one.key)]
    checked(task.set_value("numbers").run())
    (inputs,) = app.pills
    checked(inputs.set_value(["y", "word"]).run())
    assert "11 rows of 3 inputs. 1 row with a missing value left out." in said(app)
    checked(widget(app.radio, "missing").set_value("fill").run())
    assert "12 rows of 3 inputs. 1 row with a missing value kept" in said(app)
    (scaling,) = [one for one in app.segmented_control if "_scaling_" in str(one.key)]
    checked(scaling.set_value("minmax").run())
    used(app)
    settings = board_of(app).settings
    points = settings["dataset"]
    assert (points.names, points.kinds) == (("y", "word = w0", "word = w1"), ("number", "flag", "flag"))
    assert (points.task, points.target, settings["scaling"]) == ("regression", "n", "minmax")
    assert np.isnan(points.x[3, 0])
    assert settings["loss"] == "mse"


def test_values_of_a_million_are_scaled_unless_the_visitor_says_otherwise_and_then_the_page_tells():
    app = pasted("a,b,kind\n" + "".join(f"{i}000000,{i % 5},{'u' if i > 20 else 'v'}\n" for i in range(40)))
    (scaling,) = app.segmented_control
    assert scaling.value == "standard"
    checked(scaling.set_value("none").run())
    assert "without scaling the network hardly learns" in said(app)
    (scaling,) = app.segmented_control
    checked(scaling.set_value("standard").run())
    used(app)
    run = board_of(app).run
    run.advance(epochs=40)
    assert run.history.train_loss[-1] < 0.3 * run.history.train_loss[0]


def test_a_column_that_comes_from_outside_is_nowhere_markdown():
    app = pasted("<script>,:red[x],$y$\n" + "".join(f"{i},7,k{i % 2}\n" for i in range(9)))
    assert "Column ':red[x]' has the same value in every row" in said(app)
    words = [one.value for one in [*app.markdown, *app.caption, *app.subheader, *app.title]]
    assert not [one for one in words if "red[" in one or "<script" in one or "$y" in one]


def test_the_table_is_there_again_after_a_visit_to_the_playground_and_the_choices_with_it():
    app = pasted(MANY)
    checked(widget(app.selectbox, "target").set_value("d").run())
    used(app)
    app = data_page(app)
    assert "Pasted table: 300 rows, 5 columns" in said(app)
    assert widget(app.selectbox, "target").value == "d"
    checked(named(app.button, "data_another").click().run())
    assert named(app.text_area, "data_pasted").value == MANY


def test_cells_can_be_edited_and_stay_so_also_after_a_visit_elsewhere():
    app = pasted("a,b,k\n1,2,x\n3,4,y\n5,6,x\n")
    (editor,) = app.data_editor

    def edit(rows=None, added=(), deleted=()) -> str:
        app.session_state[editor.key] = {
            "edited_rows": rows or {},
            "added_rows": list(added),
            "deleted_rows": list(deleted),
        }
        checked(app.run())
        return said(app)

    assert "4 rows of 2 inputs. Classes: x 2, y 1, z 1." in edit({0: {"a": "7.5"}}, [{"a": "8", "b": "9", "k": "z"}])
    assert "3 rows of 2 inputs. Classes: x 1, y 1, z 1." in edit({}, [{"a": "8", "b": "9", "k": "z"}], [2])
    assert "3 rows of 2 inputs. Classes: x 2, y 1. 1 row without a target left out." in edit({}, [{"a": "8"}])
    assert "Column 'a': 1 cell is no number" in edit({1: {"a": "three"}}, [{"a": "8", "b": "9", "k": "z"}])
    assert "The target 'k' has no values: choose another column." in edit({}, (), [0, 1, 2])
    assert "3 rows of 2 inputs. Classes: x 2, y 1." in edit()
    edit({0: {"a": "7.5"}})
    used(app)
    assert board_of(app).settings["dataset"].x.tolist() == [[7.5, 2], [3, 4], [5, 6]]
    used(data_page(app))
    assert board_of(app).settings["dataset"].x[0, 0] == 7.5


def test_a_table_on_a_board_whose_settings_a_task_fixes_is_refused_in_words():
    app = AppTest.from_file(MENU, default_timeout=60)
    app.query_params["task"] = task_that_fixes_the_data()
    app = pasted(PETS, checked(app.run()))
    app = used(app)
    assert "The playground could not take it." in said(app)
    assert "Locked by the task" in said(app)


def test_the_drawer_of_the_data_leads_to_the_page_unless_a_task_fixes_them():
    app = AppTest.from_file(MENU, default_timeout=60)
    app.session_state["playground_drawer_data"] = True
    links = [one.proto.page for one in checked(app.run()).get("page_link")]
    assert links.count("data") == 1
    app.query_params["task"] = task_that_fixes_the_data()
    assert "data" not in [one.proto.page for one in checked(app.run()).get("page_link")]


def task_that_fixes_the_data() -> str:
    from scratchnet.goals import Condition, Goal
    from ui.classroom.assignment import Assignment

    start = sn.Experiment(dataset="circle", samples=60, hidden=(3,))
    return Assignment("Learn it.", Goal((Condition("train_loss", 0.5),)), ("dataset",), (), start).text


def test_before_a_file_is_given_the_page_says_what_the_numbers_of_a_refusal_mean():
    """Those of the guard that a person can meet: larger files and files of other pages the browser does not send."""
    refusals = set(map(int, re.findall(r"\b[45]\d\d\b", inspect.getsource(guard.Uploads))))
    (uploader,) = data_page().file_uploader
    said = set(map(int, re.findall(r"\b[45]\d\d\b", uploader.proto.help)))
    assert said == refusals - {403, 413}


# ---- links -----------------------------------------------------------------------------------------------------------


def opened(query: str) -> AppTest:
    app = AppTest.from_file(MENU, default_timeout=60)
    for name, value in parse_qsl(query, keep_blank_values=True):
        app.query_params[name] = value
    return checked(app.run())


def link_of_many(**choices) -> str:
    app = pasted(MANY)
    if choices:
        checked(widget(app.selectbox, "target").set_value(choices["target"]).run())
    used(app)
    link = board_of(app).link
    assert "dataset=file.1." in link
    return link


def test_a_large_table_is_found_again_by_a_reload_and_by_another_visit_of_this_process():
    link = link_of_many()
    pg = board_of(opened(link))
    assert len(pg.settings["dataset"]) == 300
    assert pg.notice == ""


@pytest.mark.parametrize("target", ["kind", "b"])
def test_a_link_to_a_table_that_is_not_here_opens_as_soon_as_that_file_is_given(target):
    link = link_of_many(target=target) + "&at=7"
    tables.clear()
    app = opened(link)
    digest = link.partition("dataset=file.1.")[2][:8]
    file = f"'Pasted table' (digest {digest})"
    assert f"{file}, which is not here; give that file on the page Your own data" in board_of(app).notice
    app = data_page(app)
    assert f"The link that you opened needs its file: give {file} here, and the link opens." in said(app)
    app = uploaded(MANY.encode(), "Pasted table.csv", app)
    pg = board_of(app)
    assert pg.settings["dataset"].target == target
    assert pg.moment.update == 7
    assert f"{pg.link}" == link


def test_a_link_opens_when_its_senders_columns_are_chosen_and_another_table_leaves_it_waiting():
    app = pasted(MANY)
    (inputs,) = app.pills
    checked(inputs.set_value(["a", "b"]).run())
    used(app)
    link = board_of(app).link
    tables.clear()
    app = pasted(PETS, opened(link))
    assert "with the columns that its sender chose" in said(app)
    checked(named(app.button, "data_another").click().run())
    app = pasted(MANY, app)
    assert "with the columns that its sender chose" in said(app)
    (inputs,) = app.pills
    checked(inputs.set_value(["a", "b"]).run())
    assert board_of(app).settings["dataset"].names == ("a", "b")
    assert board_of(app).link == link


def given_again(app: AppTest) -> AppTest:
    """The page Data names the file that is waited for, and gets it."""
    app = data_page(app)
    assert "needs its file: give 'Pasted table' (digest " in said(app)
    return uploaded(MANY.encode(), "Pasted table.csv", app)


@pytest.mark.parametrize("said_by", ["letters", "text"])
def test_a_task_whose_table_is_not_here_names_its_file_and_opens_as_soon_as_that_is_given(
    said_by, monkeypatch, tmp_path
):
    monkeypatch.setenv(shelf.FOLDER, str(tmp_path / "shelf"))
    start = board_of(opened(link_of_many())).run.settings
    task = assignment.Assignment("Fit it.", assignment.goals.Goal(()), (), (), start)
    shelf.keep(task)
    tables.clear()
    app = opened(f"task={task.fingerprint if said_by == 'letters' else task.text}")
    digest = start.dataset.digest[:8]
    assert f"the file 'Pasted table' (digest {digest}), which is not here" in board_of(app).notice
    pg = board_of(given_again(app))
    assert pg.assignment == task
    assert pg.settings["dataset"] == start.dataset
    assert pg.notice == ""


def test_a_comparison_whose_table_is_not_here_opens_as_one_as_soon_as_the_file_is_given():
    run = board_of(opened(link_of_many())).run.settings
    query = comparison_link([run.replace(hidden=(2,)), run.replace(hidden=(3,))], 4)
    tables.clear()
    app = AppTest.from_file(MENU, default_timeout=60).switch_page("../pages/lab/compare.py")
    for name, value in parse_qsl(query, keep_blank_values=True):
        app.query_params[name] = value
    app = checked(app.run())
    assert f"the file 'Pasted table' (digest {run.dataset.digest[:8]}), which is not here" in said(app)
    app = given_again(app)
    of = app.session_state["comparison"]
    assert [(one.dataset.digest, one.hidden) for one in of.experiments] == [
        (run.dataset.digest, (2,)),
        (run.dataset.digest, (3,)),
    ]
    assert [pg.shown for pg in of.playgrounds] == [4, 4] and of.notice == ""
    assert of.link == query
    assert parse_qsl(query)[0] == ("a", app.query_params["a"])


def test_an_exercise_whose_table_is_not_here_is_no_other_exercise_and_opens_as_soon_as_the_file_is_given():
    run = board_of(opened(link_of_many())).run.settings.replace(hidden=(2,)).start()
    query = worksheet.of_run(run, 2, "").query
    tables.clear()
    app = AppTest.from_file(MENU, default_timeout=60).switch_page("../pages/learn/exercise.py")
    for name, value in parse_qsl(query, keep_blank_values=True):
        app.query_params[name] = value
    app = checked(app.run())
    assert "There is no exercise of this." in said(app)
    assert "The link is about the file 'Pasted table' (digest " in said(app)
    assert not app.get("bidi_component")
    app = given_again(app)
    assert "Pasted table, training point 2" in said(app)


# ---- the keeper ------------------------------------------------------------------------------------------------------


def table_of_rows(rows: int, name: str) -> sn.Points:
    return sn.Points(
        name, np.arange(3.0 * rows).reshape(rows, 3), np.arange(rows) % 2, ("a", "b", "c"), "t", ("u", "v")
    )


def test_of_too_many_tables_the_one_goes_that_was_not_used_for_longest():
    first, second, third = (table_of_rows(300, name) for name in ("one", "two", "three"))
    keeper = Keeper(most_bytes=2 * 300 * 4 * 8)
    keeper.keep(first)
    keeper.keep(second)
    keeper.keep(first)
    keeper.keep(third)
    assert set(keeper) == {first.digest, third.digest}
    assert keeper[first.digest] is first
    huge = table_of_rows(2_000, "huge")
    keeper.keep(huge)
    assert list(keeper) == [huge.digest]  # the one that is used stays, however large it is
    assert len(keeper) == 1


def test_whoever_asks_sees_one_state_while_others_give():
    keeper = Keeper()
    keeper.keep(table_of_rows(300, "one"))
    seen = keeper.items()
    keeper.keep(table_of_rows(300, "two"))
    assert len(seen) == 1
    assert len(keeper.items()) == 2


def test_a_link_means_a_table_by_its_digest_alone():
    points, other = table_of_rows(300, "one"), table_of_rows(301, "one")
    assert is_meant(points.link, points)
    assert not is_meant(points.link, other)
    assert is_missing(points.link, {other.digest: other})
    assert not is_missing(points.link, {other.digest: other, points.digest: points})
    assert not is_missing("circle", {})
    assert not is_meant("circle", points)
    assert is_missing("file.1.nonsense", {})
