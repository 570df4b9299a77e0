"""The live board: a network that learns before your eyes, on a canvas in the browser, fed with frames from Python.

`board(playground)` mounts it in a fragment of its own. While it plays, the browser asks for a chunk of frames whenever
its queue runs low, and only this fragment runs; a browser that does not ask (a closed tab) costs nothing.
"""

import threading
import time
from pathlib import Path

import streamlit as st

from ui import assets, errors
from ui.unbroken import unbroken

KEY = "board"
CALLER = "board_caller"
FOLDER = Path(__file__).parent
# After an answer the server's event loop needs a moment without a busy thread beside it, or nothing is sent.
YIELD_SECONDS = 0.03
# The board's height as in board.css, kept free until its files are there: what stands below must not come and go.
PLACE = ":host { min-height: clamp(470px, 100svh - 212px, 556px); }"


class Gate:
    """Lets one thread in at a time, and knows how many wait."""

    def __init__(self):
        self.waiting = 0
        self._counting = threading.Lock()
        self._one = threading.Semaphore(1)

    def __enter__(self) -> None:
        self._count(1)
        self._one.acquire()
        self._count(-1)

    def __exit__(self, *error) -> None:
        self._one.release()

    def _count(self, more: int) -> None:
        with self._counting:
            self.waiting += more


@st.cache_resource
def gate() -> Gate:
    """One for the process: ten threads that train and draw in turn are faster than ten that fight."""
    return Gate()


def board(playground) -> None:
    """Mount the live board of a `ui.state.Playground`. Once a page."""
    with st.container(gap=None):
        _board(playground)
        # Outside the fragment, so that it has the whole page run: a visit that is new to the server knows no fragment.
        caller = st.components.v2.component("caller", js=assets.script("board/caller.js"))
        caller(key=CALLER, on_unheard_change=_nothing)


@st.fragment
def _board(playground) -> None:
    with errors.caught():
        state = st.session_state.get(KEY) or {}
        _mount(playground.answer(state.get("ack"), gate()))
        time.sleep(YIELD_SECONDS)
        if playground.page_is_stale():
            st.rerun(scope="app")


def _mount(payload: bytes) -> None:
    script = assets.script("board/board.js")
    # Where the script is a file of its own it fetches its styles itself; inline, both travel in every message.
    name, css = ("board", PLACE) if assets.served() else ("board-inline", (FOLDER / "board.css").read_text("utf-8"))
    component = st.components.v2.component(name, js=script, css=css)
    component(key=KEY, data=payload, on_ack_change=_nothing)


@unbroken
def _nothing() -> None:
    """A component's state must be declared by a callback; all the work is done in the fragment."""
