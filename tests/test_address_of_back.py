"""Back just after a change: the browser's older address is what the visitor wants, and not one that was under way."""

from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

import scratchnet as sn
from tests.lesson_app import sound

ONE = sn.Experiment(dataset="moons", samples=40, hidden=(3,), batch_size=5)


def page():
    import streamlit as st
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    from ui import address
    from ui.state import conversation

    get_script_run_ctx().is_history_navigation = st.session_state.get("by_back", False)  # as Streamlit tells of a step
    pg = conversation().playground
    address.page_runs("")
    address.read(pg)
    if st.session_state.pop("changes", False):
        pg.apply(hidden=(4,))
    address.write(pg)
    for _ in range(st.session_state.pop("steps", 0)):
        pg.step()


def visit():
    """A visit that has just made a change: the browser has had no time to tell that it has the new address."""
    app = AppTest.from_function(page)
    old = dict(parse_qsl(ONE.to_query()))
    app.query_params.update(old)
    sound(app.run())
    app.session_state["changes"] = True
    sound(app.run())
    assert hidden(app) == ((4,), "4")
    app.query_params.update(old)
    return app


def hidden(app):
    """Of the experiment on screen, and in the address."""
    (conversation,) = app.session_state["conversations"].values()
    return conversation.playground.run.experiment.hidden, app.query_params["hidden"][0]


def test_an_older_address_that_the_browser_sends_by_itself_is_none_to_go_to():
    app = visit()
    sound(app.run())
    assert hidden(app) == ((4,), "4")


def test_back_to_an_older_address_is_followed_at_once_and_so_is_forward_after_it():
    app = visit()
    app.session_state["by_back"] = True
    sound(app.run())
    assert hidden(app) == ((3,), "3")
    app.query_params["hidden"] = "4"
    sound(app.run())
    assert hidden(app) == ((4,), "4")
    app.session_state["by_back"] = False
    sound(app.run())
    assert hidden(app) == ((4,), "4")


@pytest.mark.parametrize("came", ["before its address was written", "after"])
def test_back_from_another_page_to_the_address_of_a_run_that_has_gone_on_leaves_it_where_it_was(came):
    app = AppTest.from_function(page)
    app.query_params.update(dict(parse_qsl(ONE.to_query())))
    app.session_state["steps"] = 5
    sound(app.run())
    (conversation,) = app.session_state["conversations"].values()
    assert conversation.playground.shown == 5
    if came == "after":
        sound(app.run())
        app.query_params.pop("at")  # it was under way, and the browser has the older one
    app.session_state["by_back"] = True
    sound(app.run())
    assert (conversation.playground.shown, "".join(app.query_params["at"])) == (5, "5")
