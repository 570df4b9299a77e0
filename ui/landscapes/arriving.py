"""Arriving: a link's run is trained up to its update, and its other branches for a moment, before it is shown."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from ui import allowance, errors
from ui.gate import gate
from ui.landscapes import turns
from ui.play.conversation import LOCK_SECONDS
from ui.play.playground import LARGEST_SLICE, Playground
from ui.play.turn import Slices
from ui.rerun import rerun_page
from ui.unbroken import unbroken


@contextmanager
def _turn(pg: Playground) -> Iterator[bool]:
    """A turn of the gate with the playground's lock. Gives whether it has that: while another thread of this visitor is
    at work, others must not wait for it at the gate, so the turn is given back."""
    with gate().turn(turns.who(pg)):
        is_mine = pg.lock.acquire(timeout=LOCK_SECONDS)
        try:
            yield is_mine
        finally:
            if is_mine:
                pg.lock.release()


def train(pg: Playground, seconds: float) -> None:
    """Go on towards the update of a link for so long, in one turn of the gate, but for one slice at least. Nothing is
    done while another thread of this visitor is at work."""
    with _turn(pg) as is_mine:
        now, slices = time.perf_counter(), Slices(LARGEST_SLICE)
        latest = now + seconds
        while is_mine and pg.replay is not None:
            pg.train(slices.updates)
            pg.sees(pg.run.update)
            before, now = now, time.perf_counter()
            slices.took(now - before)
            if now > latest or gate().is_awaited():
                break


def catch_up(pg: Playground) -> None:
    """Train branches that came with a link, for a moment: what is not there by then is told of."""
    if not pg.is_behind or pg.playing:
        return
    with _turn(pg) as is_mine:
        latest = time.perf_counter() + turns.FIRST_PIECE

        def is_over() -> bool:
            return time.perf_counter() > latest or gate().is_awaited()

        while is_mine and pg.is_behind and not is_over():
            pg.catch_up(is_over)


@st.fragment(run_every=turns.EVERY)
def on_the_way(pg: Playground) -> None:
    """How far it is, with the means to stop there: the playground's Pause."""
    with allowance.shared(), errors.caught():
        train(pg, turns.PIECE)
        replay = pg.replay
        if replay is None:
            rerun_page()
        st.progress(pg.run.update / replay.update, text=replay.words)
        st.button("Pause", key=pg.key("landscape_pause"), on_click=unbroken(pg.pause))
