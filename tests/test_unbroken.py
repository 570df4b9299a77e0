"""Three clicks in quick succession: the later messages arrive while the callback of the first one runs."""

from pathlib import Path

import pytest
from streamlit.runtime.state.session_state import SessionState
from streamlit.testing.v1 import AppTest

from tests.menu_pages import menu_pages

MENU = Path(__file__).parent.parent / "ui" / "menu.py"
DRAWERS = ("playground_drawer_data", "playground_drawer_network", "playground_drawer_training")
NAMES = ("network", "rows", "optimizer")


def page():
    import streamlit as st
    from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

    from ui.unbroken import unbroken

    heard = st.session_state.setdefault("heard", {})

    @unbroken
    def chosen(name):
        for states in st.session_state.pop("arriving", ()):
            # What the server does with a message of the browser, and what a callback does all the time.
            get_script_run_ctx().script_requests.request_rerun(RerunData(widget_states=states))
            assert st.session_state["heard"] is heard
        heard[name] = st.session_state[name]

    for name in ("network", "rows", "optimizer"):
        st.radio(name, ["first", "second"], key=name, on_change=chosen, args=(name,))


def test_every_one_of_three_quick_clicks_is_heard_and_the_newest_values_stay():
    app = AppTest.from_function(page).run()
    messages = []
    for radio in app.radio:
        radio.set_value("second")
        messages.append(app._tree.get_widget_states())
    app.session_state["arriving"] = messages[1:]
    app._run(messages[0])
    assert not app.exception
    assert app.session_state["heard"] == dict.fromkeys(NAMES, "second")
    assert [radio.value for radio in app.radio] == ["second"] * 3


PAGES = MENU.parent.parent / "pages"


@pytest.mark.parametrize("page", menu_pages(), ids=lambda page: page.title)
def test_every_callback_of_every_page_comes_to_its_end(page, monkeypatch):
    registered = []

    def register(state, metadata, key):
        registered.extend([metadata.callback, *(metadata.callbacks or {}).values()])
        return true_register(state, metadata, key)

    true_register = SessionState.register_widget
    monkeypatch.setattr(SessionState, "register_widget", register)
    app = AppTest.from_file(MENU, default_timeout=60)
    for drawer in DRAWERS:
        app.session_state[drawer] = True
    app.session_state["playground_study_seen"] = True
    app.run()
    if page.url_path:
        (script,) = PAGES.glob(f"*/{page.url_path}.py")
        app.switch_page(f"../pages/{script.parent.name}/{script.name}").run()
    callbacks = {callback for callback in registered if callback is not None}
    assert len(callbacks) > 3
    assert {callback.__qualname__ for callback in callbacks if not getattr(callback, "is_unbroken", False)} == set()
