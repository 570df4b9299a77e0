"""Links from the pages of the lab to the playground open the moment that they name, whatever came of it before."""

from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

import scratchnet as sn
from tests import test_landscape_page, test_seeds_page, test_sweep_page
from tests.lesson_app import sound
from tests.test_compare_page import link as comparison_link
from ui import ways
from ui.moment import read
from ui.play.playground import SPEEDS, Playground

SMALL = sn.Experiment(dataset="moons", samples=40, hidden=(3,), batch_size=5)


def to(app: AppTest, page: str, query: str = "") -> AppTest:
    """The visitor goes to a page, by the menu or with a query by a link."""
    app.query_params.clear()
    for name, value in parse_qsl(query, keep_blank_values=True):
        app.query_params[name] = value
    return sound(app.switch_page(f"../pages/{page}.py").run())


def on_the_board(app: AppTest) -> Playground:
    return app.session_state["conversations"]["playground"].playground


def began() -> AppTest:
    """One who was on the playground."""
    app = AppTest.from_file(test_sweep_page.MENU, default_timeout=60)
    for name, value in parse_qsl(SMALL.to_query()):
        app.query_params[name] = value
    return sound(app.run())


def sweep() -> tuple[AppTest, str]:
    app = test_sweep_page.set_up(to(began(), "lab/sweep"), learning_rate="0.03; 0.1")
    return test_sweep_page.finished(app), "lab/sweep"


def luck() -> tuple[AppTest, str]:
    return test_seeds_page.finished(test_seeds_page.set_up(to(began(), "lab/seeds"))), "lab/seeds"


def landscape() -> tuple[AppTest, str]:
    app = began()
    on_the_board(app).run.advance(updates=20)
    on_the_board(app).sees(20)
    return with_an_early_moment(to(app, "lab/landscape")), "lab/landscape"


def with_an_early_moment(app: AppTest) -> AppTest:
    return test_landscape_page.choose(app, "moment", test_landscape_page.still(app).path.updates.tolist()[1])


def compare() -> tuple[AppTest, str]:
    futures = [SMALL, SMALL.replace(learning_rate=0.1)]
    return to(began(), "lab/compare", comparison_link(futures, 12)), "lab/compare"


def links(app: AppTest) -> list[str]:
    """Queries of the links to moments of the playground."""
    queries = [one.proto.query_string for one in app.get("page_link")]
    return [query for query in queries if "dataset=" in query]


def take(app: AppTest, path: str, query: str | None = None) -> tuple[AppTest, str]:
    """Follow a link of the page, or the first one; in a comparison, whose boards may play, a button goes there."""
    if path != "lab/compare":
        query = query if query in links(app) else links(app)[0]
        return to(app, "play/playground", query), query
    query = app.session_state["comparison"].playgrounds[0].link
    (button,) = [one for one in app.button if one.label == "Open A"]
    return sound(button.click().run()), query


def is_there(app: AppTest, query: str) -> bool:
    pg, (there, _) = on_the_board(app), read(query, SPEEDS)
    return (pg.run.settings, pg.shown) == (there.experiment, there.update)


def plays_on(app: AppTest, updates: int = 7) -> None:
    """The board plays, for which the page does not run: its address stays as it is."""
    pg = on_the_board(app)
    pg.play()
    pg.run.advance(updates=updates)
    pg.sees(pg.run.update)


@pytest.mark.parametrize("page", [sweep, luck, landscape, compare])
def test_a_link_opens_its_moment_again_after_one_has_played_on_from_there(page):
    app, path = page()
    app, query = take(app, path)
    assert is_there(app, query)
    plays_on(app)
    assert not is_there(app, query)
    for _ in range(2):  # the pages show the same link again, or one to where the board stands now
        app = to(app, path)
        app = with_an_early_moment(app) if page is landscape else app
        app, again = take(app, path, query)
        assert is_there(app, again)
        plays_on(app)


@pytest.mark.parametrize("page", [sweep, luck])
def test_who_comes_back_by_the_menu_or_from_a_page_without_that_link_finds_what_she_left(page):
    app, path = page()
    query = links(app)[0]
    app = to(app, "play/playground", query)
    plays_on(app)
    left = on_the_board(app).shown
    app = to(to(app, path), "play/playground")
    assert on_the_board(app).shown == left
    app = to(app, "play/playground", query)  # the browser's Back button, perhaps: she opened it before
    app = to(app, "play/playground", query)
    plays_on(app)
    left = on_the_board(app).shown
    app = to(to(app, "learn/neurons"), "play/playground", query)
    assert on_the_board(app).shown == left


def test_what_led_here_is_said_once_and_later_addresses_are_the_browsers_own(monkeypatch):
    monkeypatch.setattr(ways.st, "session_state", {})
    ways.way("dataset=moons&at=5")
    ways.another_page_runs()
    assert [ways.led_here() for _ in range(2)] == [["dataset=moons&at=5"], []]


@pytest.mark.parametrize("page", [sweep, luck])
def test_what_the_browser_kept_before_a_page_was_loaded_anew_is_older_than_a_link_there(page):
    own = SMALL.replace(learning_rate=0.003).to_query()
    app, _ = page()
    query = links(app)[0]
    app = to(app, "play/playground", query)
    on_the_board(app).resume(own, 9, False, reloaded=True)
    assert is_there(app, query)
    on_the_board(app).resume(own, 9, False)  # a server that had forgotten the visit: what is on screen is the newest
    assert on_the_board(app).run.settings == sn.Experiment.from_query(own)[0]


@pytest.mark.parametrize("page", [sweep, luck])
def test_who_comes_back_by_the_menu_after_a_page_was_loaded_anew_gets_what_the_browser_kept(page):
    own = SMALL.replace(learning_rate=0.003).to_query()
    app, _ = page()
    app = to(app, "play/playground")
    on_the_board(app).resume(own, 9, False, reloaded=True)
    assert on_the_board(app).run.settings == sn.Experiment.from_query(own)[0]
