"""The live board: a network that learns before your eyes, on a canvas in the browser, fed with frames from Python.

`board(conversation)` mounts it in a fragment of its own. While it plays, the browser asks for a chunk of frames
whenever its queue runs low, and only this fragment runs; a browser that does not ask (a closed tab) costs nothing.
"""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

from ui import allowance, errors, present
from ui.gate import gate
from ui.kit.mount import mount, nothing
from ui.play.conversation import Conversation
from ui.rerun import rerun_page
from ui.state import conversations

# After an answer the server's event loop needs a moment without a busy thread beside it, or nothing is sent.
YIELD_SECONDS = 0.03
# The board's height as in board.css, kept free until its files are there: what stands below must not come and go.
PLACE = ":host { min-height: clamp(var(--least, 470px), 100svh - var(--above, 196px), 572px); }"
PLACE_AMONG_OTHERS = ":host { min-height: 290px; }"


def board(conversation: Conversation) -> None:
    """Mount the live board. Of several on a page each has a playground of another name."""
    with st.container(gap=None):
        _board(conversation)
        # Outside the fragment, so that it has the whole page run: a visit that is new to the server knows no fragment.
        pg = conversation.playground
        mount("board/caller", key=pg.key("caller"), data={"board": pg.name}, on_unheard_change=nothing)


@st.fragment
def _board(conversation: Conversation) -> None:
    with allowance.shared(), errors.caught():
        key = conversation.playground.key("board")
        state = st.session_state.get(key) or {}
        is_wanted_elsewhere = _ear(conversations())
        payload = conversation.answer(
            state.get("ack"), gate(), gives_up=is_wanted_elsewhere, wall=present.is_projected()
        )
        place = PLACE_AMONG_OTHERS if conversation.letter else PLACE
        mount("board/board", key=key, data=payload, css=place, on_ack_change=nothing)
        if not is_wanted_elsewhere():
            time.sleep(YIELD_SECONDS)
        if conversation.playground.page_is_stale():
            rerun_page()


def _ear(spoken: Mapping[str, Conversation]) -> Callable[[], bool]:
    """A function, for any thread: whether the visitor has done something that Streamlit holds until this run has ended.

    spoken: the conversations of all her boards, by name. What a board only says again is no reason to end the run.
    Streamlit has no public names for this.
    """
    boards = {f"-{one.playground.key('board')}": one for one in spoken.values()}  # the end of its component's id
    context: Any = get_script_run_ctx()
    requests = context.script_requests
    read: dict[str, Any] = {}  # what was said last -> the same as values: it is asked fifty times a second

    def values_of(text: str) -> Any:
        if text not in read:
            read.clear()
            read[text] = json.loads(text)
        return read[text]

    def is_wanted_elsewhere() -> bool:
        if requests is None or requests._state is not ScriptRequestType.RERUN:
            return False
        asked = requests._rerun_data
        said = [
            (one, widget.json_value)
            for widget in asked.widget_states.widgets
            for end, one in boards.items()
            if widget.id.endswith(end)
        ]
        if not said or not asked.fragment_id_queue:
            return True
        for conversation, text in said:
            with suppress(ValueError, AttributeError, RecursionError):  # a browser may send anything
                if conversation.has_news(values_of(text).get("ack")):
                    return True
        return False

    return is_wanted_elsewhere
