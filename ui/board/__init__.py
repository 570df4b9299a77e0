"""The live board: a network that learns before your eyes, on a canvas in the browser, fed with frames from Python.

`board(conversation)` mounts it in a fragment of its own. While it plays, the browser asks for a chunk of frames
whenever its queue runs low, and only this fragment runs; a browser that does not ask (a closed tab) costs nothing.
"""

import json
import time
from collections.abc import Callable
from contextlib import suppress

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

from ui import errors
from ui.gate import gate
from ui.kit.mount import mount, nothing
from ui.play.conversation import Conversation

KEY = "board"
CALLER = "board_caller"
# After an answer the server's event loop needs a moment without a busy thread beside it, or nothing is sent.
YIELD_SECONDS = 0.03
# The board's height as in board.css, kept free until its files are there: what stands below must not come and go.
PLACE = ":host { min-height: clamp(470px, 100svh - 212px, 556px); }"


def board(conversation: Conversation) -> None:
    """Mount the live board. Once a page."""
    with st.container(gap=None):
        _board(conversation)
        # Outside the fragment, so that it has the whole page run: a visit that is new to the server knows no fragment.
        mount("board/caller", key=CALLER, on_unheard_change=nothing)


@st.fragment
def _board(conversation: Conversation) -> None:
    with errors.caught():
        state = st.session_state.get(KEY) or {}
        is_wanted_elsewhere = _ear(conversation)
        payload = conversation.answer(state.get("ack"), gate(), gives_up=is_wanted_elsewhere)
        mount("board/board", key=KEY, data=payload, css=PLACE, on_ack_change=nothing)
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
