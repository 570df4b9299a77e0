"""The live board: a network that learns before your eyes, on a canvas in the browser, fed with frames from Python.

`board(conversation)` mounts it in a fragment of its own. While it plays, the browser asks for a chunk of frames
whenever its queue runs low, and only this fragment runs; a browser that does not ask (a closed tab) costs nothing.
"""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

from ui import errors
from ui.gate import gate
from ui.kit import assets
from ui.play.conversation import Conversation
from ui.unbroken import unbroken

KEY = "board"
CALLER = "board_caller"
FOLDER = Path(__file__).parent
# After an answer the server's event loop needs a moment without a busy thread beside it, or nothing is sent.
YIELD_SECONDS = 0.03
# The board's height as in board.css, kept free until its files are there: what stands below must not come and go.
PLACE = ":host { min-height: clamp(470px, 100svh - 212px, 556px); }"


def board(conversation: Conversation) -> None:
    """Mount the live board. Once a page."""
    with st.container(gap=None):
        _board(conversation)
        # Outside the fragment, so that it has the whole page run: a visit that is new to the server knows no fragment.
        caller = st.components.v2.component("caller", js=assets.script("board/caller.js"))
        caller(key=CALLER, on_unheard_change=_nothing)


@st.fragment
def _board(conversation: Conversation) -> None:
    with errors.caught():
        state = st.session_state.get(KEY) or {}
        is_wanted_elsewhere = _ear(conversation)
        _mount(conversation.answer(state.get("ack"), gate(), gives_up=is_wanted_elsewhere))
        if not is_wanted_elsewhere():
            time.sleep(YIELD_SECONDS)
        if conversation.playground.page_is_stale():
            st.rerun(scope="app")


def _ear(conversation: Conversation) -> Callable[[], bool]:
    """A function, for any thread: whether the visitor has done something that Streamlit holds until this run has ended.

    What the board only says again is no reason to end it. Streamlit has no public names for this.
    """
    requests = get_script_run_ctx().script_requests

    def is_wanted_elsewhere() -> bool:
        if requests is None or requests._state is not ScriptRequestType.RERUN:
            return False
        asked = requests._rerun_data
        said = [widget.json_value for widget in asked.widget_states.widgets if widget.id.endswith(f"-{KEY}")]
        if said and asked.fragment_id_queue:
            with suppress(ValueError, AttributeError, RecursionError):  # a browser may send anything
                return conversation.has_news(json.loads(said[0]).get("ack"))
            return False
        return True

    return is_wanted_elsewhere


def _mount(payload: bytes) -> None:
    script = assets.script("board/board.js")
    # Where the script is a file of its own it fetches its styles itself; inline, both travel in every message.
    name, css = ("board", PLACE) if assets.served() else ("board-inline", (FOLDER / "board.css").read_text("utf-8"))
    component = st.components.v2.component(name, js=script, css=css)
    component(key=KEY, data=payload, on_ack_change=_nothing)


@unbroken
def _nothing() -> None:
    """A component's state must be declared by a callback; all the work is done in the fragment."""
