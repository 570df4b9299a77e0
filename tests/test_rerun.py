"""A page that asks for its own next run while something of the visitor's waits: what he asked for is what runs."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner import RerunData
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.testing.v1 import AppTest

import ui.rerun

ROOT = Path(__file__).parent.parent
CODE = [ROOT / "app.py", *sorted((ROOT / "ui").rglob("*.py")), *sorted((ROOT / "pages").rglob("*.py"))]


def page():
    import streamlit as st
    from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

    from ui.rerun import rerun_page

    seen = st.session_state.setdefault("seen", [])
    context = get_script_run_ctx()
    seen.append(context.query_string)
    again = st.session_state.setdefault("again", rerun_page)

    @st.fragment
    def part():
        seen.append("part")
        if len(seen) == 2:  # while the part runs, before it asks for the page
            for data in st.session_state.get("arriving", ()):
                assert context.script_requests.request_rerun(RerunData(**data))
            again()
            seen.append("not ended")

    part()


def seen_with(*arriving, again=None):
    app = AppTest.from_function(page)
    app.session_state["arriving"] = arriving
    if again is not None:
        app.session_state["again"] = again
    app.query_params["at"] = "1"
    app.run()
    assert not app.exception
    return app.session_state["seen"]


def test_with_nothing_waiting_the_page_runs_again_with_its_own_address():
    assert seen_with() == ["at=1", "part", "at=1", "part"]


BACK = {"query_string": "at=2", "is_history_navigation": True}
SAID = {"query_string": "at=2", "fragment_id": "of a board"}


@pytest.mark.parametrize("waiting", [[BACK], [SAID], [BACK, SAID], [SAID, BACK], [BACK, BACK]])
def test_an_address_that_waits_is_the_one_of_the_next_run(waiting):
    assert seen_with(*waiting) == ["at=1", "part", "at=2", "part"]


def test_a_link_to_another_page_that_waits_is_followed_and_a_press_that_waits_is_heard(monkeypatch):
    requests = ScriptRequests()
    here = {"query_string": "at=1", "page_script_hash": "here"}
    others = {"script_requests": requests, "cached_message_hashes": frozenset(), "context_info": None}
    monkeypatch.setattr(ui.rerun, "get_script_run_ctx", lambda: SimpleNamespace(**here, **others))
    press = WidgetState(id="a button", trigger_value=True)
    there = {"query_string": "at=2", "page_script_hash": "there", "page_name": "exercise"}
    assert requests.request_rerun(RerunData(**there, widget_states=WidgetStates(widgets=[press])))
    assert requests.request_rerun(RerunData(**there, widget_states=WidgetStates(), fragment_id="of a board"))
    ui.rerun.rerun_page()
    asked = requests.on_scriptrunner_yield().rerun_data
    assert (asked.page_script_hash, asked.page_name, asked.query_string) == ("there", "exercise", "at=2")
    assert list(asked.widget_states.widgets) == [press] and asked.fragment_id_queue == []


def test_streamlits_own_rerun_would_lose_it():
    import streamlit as st

    assert seen_with(BACK, again=st.rerun) == ["at=1", "part", "at=1", "part"]


def test_no_part_of_the_app_asks_for_a_run_in_another_way():
    asks = [
        str(path.relative_to(ROOT))
        for path in CODE
        if re.search(r"\bst\.rerun\(|\bimport .*\brerun\b", path.read_text("utf-8"))
    ]
    assert asks == []
