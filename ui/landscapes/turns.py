"""Turns: how long the page Landscape computes at a time, the name under which it waits at the gate, and its long ways.

What takes longer than a turn is cut into pieces, between which others have theirs, the picture says how far it is, and
the run of the page ends where its visitor has left or wants something else.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

import scratchnet as sn
from ui.gate import gate
from ui.play.playground import LARGEST_SLICE, Playground
from ui.play.turn import Slices

FIRST_PIECE, PIECE, EVERY = 0.3, 0.12, 0.25  # seconds: of computing at once, then at a time, and from piece to piece


def who(pg: Playground) -> str:
    """The visitor's name at the gate."""
    return f"landscape {id(pg)}"


@contextmanager
def pieces(pg: Playground, words: str, expected: int) -> Iterator[Callable[[], AbstractContextManager]]:
    """Gives what a turn is had with, for about so many pieces of a work, which a bar shows meanwhile."""
    place, done = st.empty(), 0

    @contextmanager
    def turn() -> Iterator[None]:
        nonlocal done
        if _has_left():
            st.stop()
        place.progress(min(done / max(expected, 1), 1.0), text=words)  # here Streamlit ends a run that is not wanted
        done += 1
        with gate().turn(who(pg)):
            yield

    try:
        yield turn
    finally:
        place.empty()


def _has_left() -> bool:
    """Whether the visitor has closed the page: its run would go on to its end."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and runtime.exists() and not runtime.get_instance().is_active_session(context.session_id)


def go(run: sn.Run, update: int, turn: Callable[[], AbstractContextManager]) -> None:
    """Take a run to an update, in as many turns as it takes."""
    run.approach(update)
    slices = Slices(LARGEST_SLICE)
    while run.update < update and run.status != "diverged":
        with turn():
            now = time.perf_counter()
            latest = now + PIECE
            while run.update < update and run.status != "diverged":
                run.advance(updates=min(slices.updates, update - run.update))
                before, now = now, time.perf_counter()
                slices.took(now - before)
                if now > latest:
                    break
