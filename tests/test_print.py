"""Print: Share offers a worksheet and a report of the update on screen, made only while it is open."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import scratchnet as sn
from tests.widgets import named
from ui import share
from ui.play.playground import Playground

MENU = Path(__file__).parent.parent / "ui" / "menu.py"
SMALL = sn.Experiment(dataset="xor", samples=40, hidden=(2,))


@pytest.fixture
def made(monkeypatch) -> list:
    """What was made into files, as it is asked for: the sheet of numbers, or the run of a report."""
    files: list = []

    def worksheet(sheet):
        files.append(sheet)
        return f"worksheet of {sheet.about}"

    def report(run, words, link, *_):
        files.append((run.update, words, link))
        return "report"

    monkeypatch.setattr(share.paper, "worksheet", worksheet)
    monkeypatch.setattr(share, "report", report)
    return files


def opened(experiment: sn.Experiment, drawer: bool = True) -> AppTest:
    app = AppTest.from_file(MENU, default_timeout=60)
    for pair in experiment.to_query().split("&"):
        name, value = pair.split("=")
        app.query_params[name] = value
    app.session_state["playground_drawer_share"] = drawer
    app.session_state["playground_share_tab"] = "On paper"
    return run(app)


def run(changed) -> AppTest:
    """The page, run again; changed: it, or one of its widgets that was set."""
    app = changed.run()
    assert not app.exception and not app.error
    return app


def pg(app: AppTest) -> Playground:
    return app.session_state["conversations"]["playground"].playground


def downloads(app: AppTest) -> list[str]:
    return [button.proto.label for button in app.get("download_button") if "HTML" in button.proto.label]


def exercises(app: AppTest) -> list[str]:
    """The queries of the links to an exercise."""
    links = [link.proto for link in app.get("page_link") if "exercise" in link.proto.label]
    return [link.query_string for link in links]


def said(app: AppTest) -> str:
    return " ".join(element.value for element in app.text)


def test_a_closed_drawer_makes_nothing(made):
    assert downloads(opened(SMALL, drawer=False)) == [] and made == []


def test_an_open_drawer_offers_both_of_the_update_on_screen(made):
    app = opened(SMALL)
    pg(app).step("epoch")
    run(app)
    assert downloads(app) == ["Worksheet (HTML)", "Report (HTML)"]
    sheet, (update, words, link) = made[-2:]
    assert update == pg(app).run.update > 0
    assert words == pg(app).words
    assert sheet.about == f"Exclusive or, update {update}, training point 1" or f"update {update}," in sheet.about
    assert sheet.link == link and link.endswith(f"/?{pg(app).link}") and f"at={update}" in link


def test_another_training_point_and_another_seed_are_taken(made):
    app = opened(SMALL)
    run(named(app.text_input, "playground_print_point").set_value("7"))
    assert "training point 7" in made[-2].about
    run(app.toggle(key="playground_print_friendly").set_value(True))
    run(named(app.text_input, "playground_print_seed").set_value("12"))
    assert made[-2].about == "Friendly numbers, seed 12"
    assert exercises(app) == ["seed=12"]


def test_the_same_sheet_is_offered_on_the_screen_and_none_where_there_is_none(made):
    app = opened(SMALL)
    pg(app).step("epoch")
    run(named(app.text_input, "playground_print_point").set_value("7"))
    (query,) = exercises(app)
    sheet, ignored = share.paper.of_query(query, "")
    assert ignored == () and share.paper.key_of(sheet) == share.paper.key_of(made[-2])
    run(named(app.text_input, "playground_print_point").set_value("21"))
    assert exercises(app) == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("21", "Point to learn from: expected a number from 1 to 20, got 21; type another."),
        ("**x**", "Point to learn from: expected a number such as 1, got '**x**'; type one number, in digits."),
    ],
)
def test_a_training_point_that_is_none_is_one_sentence_and_the_report_stays(made, typed, sentence):
    app = opened(SMALL)
    run(named(app.text_input, "playground_print_point").set_value(typed))
    assert sentence in said(app)
    assert downloads(app) == ["Report (HTML)"]


def test_of_a_network_too_large_for_a_pupil_there_are_friendly_numbers(made):
    app = opened(sn.Experiment())
    assert downloads(app) == ["Worksheet (HTML)", "Report (HTML)"], "friendly numbers are chosen already"
    assert made[-2].network.sizes == (2, 2, 1)
    run(app.toggle(key="playground_print_friendly").set_value(False))
    assert "This network, 2-8-8-1, is too large to compute by hand: " in said(app)
    assert downloads(app) == ["Report (HTML)"]
    assert not opened(SMALL).toggle(key="playground_print_friendly").value


def test_while_it_plays_nothing_is_made_and_it_says_how_to_go_on(made):
    app = opened(SMALL)
    made.clear()
    pg(app).play()
    run(app)
    assert downloads(app) == [] and made == []
    assert any("once it is paused" in element.value for element in app.markdown)


def test_everything_in_the_drawer_says_what_it_does():
    app = opened(SMALL)
    widgets = [app.toggle(key="playground_print_friendly"), named(app.text_input, "playground_print_point")]
    helps = [widget.help for widget in widgets]
    helps += [button.proto.help for button in app.get("download_button") if "HTML" in button.proto.label]
    assert len(helps) == 4 and all(words.endswith(".") for words in helps)
