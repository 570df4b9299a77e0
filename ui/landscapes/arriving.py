"""Arriving: a link's run is trained up to its update, and its other branches for a moment, before it is shown."""

import time

import streamlit as st

from ui import allowance, errors
from ui.gate import gate
from ui.landscapes import turns
from ui.play.playground import LARGEST_SLICE, Playground
from ui.play.turn import Slices
from ui.unbroken import unbroken


def train(pg: Playground, seconds: float) -> None:
    """Go on towards the update of a link for so long, in one turn of the gate, but for one slice at least."""
    with gate().turn(turns.who(pg)), pg.lock:
        now, slices = time.perf_counter(), Slices(LARGEST_SLICE)
        latest = now + seconds
        while pg.replay is not None:
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
    with gate().turn(turns.who(pg)), pg.lock:
        latest = time.perf_counter() + turns.FIRST_PIECE
        while pg.is_behind and time.perf_counter() < latest:
            pg.catch_up(lambda: time.perf_counter() > latest)


@st.fragment(run_every=turns.EVERY)
def on_the_way(pg: Playground) -> None:
    """How far it is, with the means to stop there: the playground's Pause."""
    with allowance.shared(), errors.caught():
        train(pg, turns.PIECE)
        replay = pg.replay
        if replay is None:
            st.rerun()
        st.progress(pg.run.update / replay.update, text=replay.words)
        st.button("Pause", key=pg.key("landscape_pause"), on_click=unbroken(pg.pause))
