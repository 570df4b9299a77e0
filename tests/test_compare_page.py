"""The page Compare without a browser: presets, drawers, boards that come and go, and the ways there and back."""

from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest
import segno
import streamlit as st
from streamlit.testing.v1 import AppTest

import scratchnet as sn
from tests.lesson_app import sound
from tests.widgets import named
from ui.compare.comparison import Comparison, link
from ui.compare.presets import PRESETS
from ui.kit.palette import BLACK, WHITE
from ui.play.playground import Playground

MENU = Path(__file__).parent.parent / "ui" / "menu.py"
SMALL = sn.Experiment(dataset="circle", hidden=(4,), samples=60)


def opened(query: str = "", **session) -> AppTest:
    app = AppTest.from_file(MENU, default_timeout=60).run()
    app.query_params.clear()
    for name, value in parse_qsl(query):
        app.query_params[name] = value
    for name, value in session.items():
        app.session_state[name] = value
    return sound(app.switch_page("../pages/lab/compare.py").run())


def of(app: AppTest) -> Comparison:
    return app.session_state["comparison"]


def address(app: AppTest) -> dict:
    return {name: values[-1] if isinstance(values, list) else values for name, values in app.query_params.items()}


def test_it_opens_with_the_first_preset_its_text_and_an_address_that_opens_it_again():
    app = opened()
    first = next(iter(PRESETS.values()))
    assert of(app).experiments == first.experiments
    assert first.text in [text.value for text in app.caption]
    held = address(app)
    assert held == dict(parse_qsl(of(app).link))
    assert of(opened(of(app).link)).experiments == first.experiments


@pytest.mark.parametrize("name", PRESETS)
def test_each_preset_is_one_choice_away(name):
    app = opened(link([SMALL, SMALL], 5))
    app.session_state["compare_preset"] = name
    of(app).load(PRESETS[name].experiments)  # AppTest knows no menu buttons
    app = sound(app.run())
    assert of(app).experiments == PRESETS[name].experiments
    assert PRESETS[name].text in [text.value for text in app.caption]
    assert [len(frame.value) for frame in app.dataframe] == [len(PRESETS[name].experiments)]


def test_a_drawer_changes_its_own_board_and_what_differs_is_marked():
    app = opened(link([SMALL, SMALL], 9), compare2_drawer_rate=True)
    named(app.selectbox, "compare2_choose_learning_rate").set_value("0.1").run()
    app = sound(app.run())
    assert of(app).experiments == (SMALL, SMALL.with_event(9, learning_rate=0.1))
    table = app.dataframe[0].value
    assert table["Learning rate"].tolist() == ["0.01", "0.1"]
    assert table["Changed on the way"].tolist() == ["–", "Learning rate 0.1 from update 9"]
    assert of(app).names == ["Learning rate 0.01", "Learning rate 0.1 from update 9"]
    labels = [popover.proto.popover.label for popover in app.get("popover")]
    assert "Rate A: 0.01 ≠" in labels and "Rate B: 0.1 ≠" in labels
    assert "Network B" in labels and "Network B ≠" not in labels


def test_the_cost_stands_beside_each_board():
    table = opened(link([SMALL, SMALL.replace(hidden=(8, 8), batch_size=5)], 9)).dataframe[0].value
    assert table["Updates"].tolist() == ["9", "9"] and table["Epochs"].tolist() == ["3", "1"]
    # Three times all weights but twice those of the first layer, for each sample that was used.
    assert table["Multiplications"].tolist() == [f"{90 * (2 * 8 + 3 * 4):,}", f"{45 * (2 * 16 + 3 * (64 + 8)):,}"]


def test_boards_are_added_and_taken_away():
    app = opened(link([SMALL, SMALL], 4))
    assert not [button for button in app.button if button.label.startswith("Remove")]
    sound(app.button(key="compare_add").click().run())
    sound(app.button(key="compare_add").click().run())
    assert len(of(app).boards) == 4 and not [button for button in app.button if button.label == "Add a board"]
    sound(app.button(key="compare2_remove").click().run())
    assert [pg.name for pg in of(app).playgrounds] == ["compare1", "compare3", "compare4"]
    assert set(address(app)) == {"a", "b", "c", "at"}


def test_each_board_is_one_click_from_the_playground_where_it_stands_when_it_is_pressed(monkeypatch):
    app = opened(link([SMALL, SMALL.replace(learning_rate=0.3)], 6))
    went = []
    monkeypatch.setattr(st, "switch_page", lambda page, query_params: went.append(dict(query_params)))
    of(app).playgrounds[1].reach(37)  # the page has not run since
    for letter in "AB":
        (button,) = [one for one in app.button if one.label == f"Open {letter}"]
        button.click().run()
    assert [(query["learning_rate"], query["at"]) for query in went] == [("0.01", "6"), ("0.3", "37")]


def shared(app: AppTest) -> tuple[str, list[str], list[str]]:
    """What Share says: its link, its sentences, and its pictures by their addresses. No other widget shows a code."""
    app.session_state["compare1_drawer_share"] = True
    app = sound(app.run())
    (code,) = [code.value for code in app.code]
    sentences = [text.value for text in (*app.markdown, *app.text)]
    return code, sentences, [one.url for image in app.get("image") for one in image.proto.imgs]


def test_share_leads_to_the_same_boards_at_the_same_update_with_their_branches_for_another_visitor():
    app = opened(link([SMALL, SMALL.replace(optimizer="sgd", learning_rate=0.5)], 9), compare2_drawer_rate=True)
    for pg in of(app).playgrounds:
        pg.goto(4)
    app = sound(app.run())
    named(app.selectbox, "compare2_choose_learning_rate").set_value("0.1").run()
    sound(app.run())
    for pg in of(app).playgrounds:
        pg.goto(7)
    code, sentences, pictures = shared(app)
    said = "This link opens update 7 of this comparison anywhere, with the same data, first weights and changes."
    assert said in sentences and "It holds board B's other branch, too." in sentences
    assert not any("board A's" in sentence for sentence in sentences)
    wanted = segno.make(code, error="l", micro=False).svg_data_uri(scale=4, border=4, dark=BLACK, light=WHITE)
    assert pictures == [wanted]

    there = of(opened(code.partition("?")[2]))
    plain = [SMALL.start(), SMALL.replace(optimizer="sgd", learning_rate=0.5).with_event(4, learning_rate=0.1).start()]
    for pg, run in zip(there.playgrounds, plain, strict=True):
        for _ in range(7):
            run.step()
        assert pg.shown == 7 and pg.run.evaluate().train_loss == run.evaluate().train_loss
        assert pg.run.network.theta.tobytes() == run.network.theta.tobytes()
    ways = [[(fork.at, fork.experiment) for fork in pg.forks.every] for pg in there.playgrounds]
    before = plain[1].experiment.replace(events=())
    assert ways == [[(0, SMALL)], [(0, before), (4, plain[1].experiment)]]
    assert there.link == of(app).link


def test_while_the_boards_play_share_says_that_its_link_is_of_another_update():
    app = opened(link([SMALL, SMALL], 5))
    of(app).playgrounds[1].play()
    _, sentences, _ = shared(app)
    said = "It is playing: this link opens update 5, not the one on screen. Pause to share what is on screen."
    assert said in sentences and not any("anywhere" in sentence for sentence in sentences)


def test_a_comparison_whose_link_is_too_long_for_a_picture_says_so_and_its_link_is_there():
    long = SMALL
    for update in range(40):
        long = long.with_event(update, learning_rate=0.001 * (update + 1))
    code, sentences, pictures = shared(opened(link([long, long, long, long], 50)))
    assert len(code) > 2953 and pictures == []
    said = f"This link is too long for a QR code: it has {len(code):,} characters, a code holds 2,953."
    assert sentences.count(said) == 1
    assert of(opened(code.partition("?")[2])).experiments == (long,) * 4


def test_the_run_on_the_playground_is_taken_along_with_a_copy_or_with_its_other_branches():
    app = AppTest.from_file(MENU, default_timeout=60)
    forked = SMALL.with_event(3, learning_rate=0.1)
    for name, value in parse_qsl(f"{forked.to_query()}&at=7"):
        app.query_params[name] = value
    app = sound(app.run())
    app = sound(app.button(key="playground_compare").click().run())
    assert of(app).experiments == (forked, forked)
    assert [pg.shown for pg in of(app).playgrounds] == [7, 7]

    app.query_params.clear()  # as in a browser, which goes to the page by its path alone
    app = sound(app.switch_page("../pages/play/playground.py").run())
    pg = app.session_state["conversations"]["playground"].playground
    pg.goto(5)
    pg.apply(learning_rate=0.5)
    app = sound(app.run())
    app = sound(app.button(key="playground_compare").click().run())
    assert of(app).experiments == (forked, forked.with_event(5, learning_rate=0.5)), "each has its letter"


def test_names_that_were_given_to_branches_come_along_and_are_had_again_on_the_playground(monkeypatch):
    app = AppTest.from_file(MENU, default_timeout=60)
    for name, value in parse_qsl(f"{SMALL.to_query()}&at=7"):
        app.query_params[name] = value
    app = sound(app.run())
    pg = app.session_state["conversations"]["playground"].playground
    for rate in (0.1, 0.2):
        pg.goto(5)
        pg.apply(learning_rate=rate)
        pg.reach(7)
    unnamed = pg.link
    pg.rename(0, "**slow** ~ 1")
    pg.rename(2, "hot")
    app = sound(app.run())
    app = sound(app.button(key="playground_compare").click().run())
    assert of(app).given_names == ["**slow** ~ 1", "", "hot"]
    (table,) = app.dataframe
    assert table.value[""].tolist() == ["A **slow** ~ 1", "B", "C hot"]
    held = address(app)
    again = opened(urlencode(held))
    assert of(again).given_names == of(app).given_names and address(again) == held, "the link has them"
    again = sound(again.button(key="compare_add").click().run())
    assert of(again).given_names == ["**slow** ~ 1", "", "hot", ""], "a copy is told apart"
    again = sound(again.button(key="compare_undo").click().run())
    assert of(again).given_names == of(app).given_names

    went: list[dict] = []
    monkeypatch.setattr(st, "switch_page", lambda page, query_params: went.append(dict(query_params)))
    (button,) = [one for one in app.button if one.label == "Open C"]
    button.click().run()
    monkeypatch.undo()
    alone = Playground()
    alone.open(urlencode(went[0]))
    assert [fork.name for fork in alone.forks.every] == ["hot"]
    pg.rename(2, "other")  # where the branches are they stay, and the one that comes has the name that it had there
    pg.open(urlencode(went[0]))
    assert [fork.name for fork in pg.forks.every] == ["**slow** ~ 1", "", "hot"]
    pg.rename(2, "")
    pg.goto(6)
    pg.open(urlencode(went[0]))
    assert [fork.name for fork in pg.forks.every] == ["**slow** ~ 1", "", "hot"] and pg.shown == 7
    pg.goto(6)
    pg.open(unnamed)
    assert [fork.name for fork in pg.forks.every] == ["**slow** ~ 1", "", "hot"], "a link without names takes none away"


def test_a_run_without_another_branch_has_its_name_and_its_copy_has_none():
    app = AppTest.from_file(MENU, default_timeout=60)
    app = sound(app.run())
    app.session_state["conversations"]["playground"].playground.rename(0, "mine")
    app = sound(app.run())
    app = sound(app.button(key="playground_compare").click().run())
    assert of(app).given_names == ["mine", ""]


def test_a_run_of_more_branches_than_boards_says_how_many_found_no_place():
    app = AppTest.from_file(MENU, default_timeout=60)
    for name, value in parse_qsl(f"{SMALL.to_query()}&at=7"):
        app.query_params[name] = value
    app = sound(app.run())
    pg = app.session_state["conversations"]["playground"].playground
    for rate in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6):
        pg.goto(5)
        pg.apply(learning_rate=rate)
        pg.reach(7)
    assert len(pg.forks.every) == 7, "the test needs more branches than boards"
    app = sound(app.run())
    app = sound(app.button(key="playground_compare").click().run())
    said = "A comparison has at most 4 boards: 3 more branches of the run are not here."
    assert said in [text.value for text in app.text]
    assert len(of(app).boards) == 4 and of(app).experiments[0] == SMALL.with_event(5, learning_rate=0.6)
    assert set(address(app)) == {"a", "b", "c", "d", "at"}


def test_the_inputs_of_a_wide_table_are_chosen_for_each_board_and_not_with_the_data_of_all():
    wide = sn.Experiment(dataset="penguins", hidden=(4,), **sn.defaults_for("penguins"))
    assert len(wide.features) > 3, "the test needs a table of many columns"
    app = opened(link([wide, wide], 3), compare1_drawer_data=True)
    assert [one for one in app.text_input if one.label == "Seed of the data"], "the drawer is closed"
    assert not [one for one in app.multiselect if one.label == "Inputs"]
    app = opened(link([wide, wide], 3), compare2_drawer_network=True)
    (inputs,) = [one for one in app.multiselect if one.label == "Inputs"]
    inputs.set_value(list(wide.features[:2])).run()
    app = sound(app.run())
    assert [one.features for one in of(app).experiments] == [wide.features, wide.features[:2]]
    labels = [popover.proto.popover.label for popover in app.get("popover")]
    assert {"Network A ≠", "Network B ≠"} <= set(labels)


def test_a_damaged_link_says_one_sentence_as_text():
    app = opened("a=dataset%3Dcircle&b=learning_rate%3D**big**")
    said = [text.value for text in app.text if "big" in text.value]
    assert len(said) == 1 and "expected" in said[0]
    assert [one.learning_rate for one in of(app).experiments] == [0.01, 0.01]


def test_what_was_changed_on_any_board_is_taken_back_by_one_button_and_its_other_future_is_told_of():
    app = opened(link([SMALL, SMALL], 9), compare2_drawer_rate=True)
    assert app.button(key="compare_undo").disabled and app.button(key="compare_redo").disabled
    for pg in of(app).playgrounds:
        pg.goto(4)
    app = sound(app.run())
    named(app.selectbox, "compare2_choose_learning_rate").set_value("0.1").run()
    app = sound(app.run())
    assert [text.value for text in app.text if text.value.startswith("Board B goes another way from update 4 on.")]
    held = address(app)
    assert held["until"] == "9_4" and held["forks"].startswith("b=")
    app = sound(app.button(key="compare_undo").click().run())
    assert of(app).experiments == (SMALL, SMALL) and [pg.furthest for pg in of(app).playgrounds] == [9, 9]
    assert set(address(app)) == {"a", "b", "at", "until"}
    app = sound(app.button(key="compare_redo").click().run())
    assert of(app).experiments == (SMALL, SMALL.with_event(4, learning_rate=0.1)) and address(app) == held


def test_a_branch_taken_from_the_playground_comes_with_the_future_that_was_seen_of_it():
    app = AppTest.from_file(MENU, default_timeout=60)
    for name, value in parse_qsl(f"{SMALL.to_query()}&at=7&until=20"):
        app.query_params[name] = value
    app = sound(app.run())
    app = sound(app.button(key="playground_compare").click().run())
    assert [(pg.shown, pg.furthest) for pg in of(app).playgrounds] == [(7, 20), (7, 20)]
