"""Network check: the browser tries what a lesson needs of network, device and browser, and says what is missing.

`network_check(key)` mounts it. The browser asks questions, as a board does, and each is answered at once; it measures
how long that takes, also for messages as large as the largest of a board.
"""

import time

import numpy as np
import streamlit as st

from ui import errors
from ui.kit.mount import mount, nothing
from ui.play.payload import pack

# Bytes. The largest networks take 71 kB a frame, and an answer at full speed has up to 48 (ui/play/turn.py).
LARGEST_ANSWER = 4_000_000
# Characters. A board that tells a new server where it was sends its link and the address (MAX_QUERY, LONGEST_ADDRESS).
LARGEST_QUESTION = 450_000
LARGE_EVERY = 3.0  # seconds of one visit between two such answers: nobody else is to wait for them


@st.fragment
def network_check(key: str) -> None:
    with errors.caught():
        question = (st.session_state.get(key) or {}).get("question")
        large_at, now = st.session_state.get(f"{key}_large_at", -LARGE_EVERY), time.monotonic()
        is_large = isinstance(question, dict) and question.get("wants") == "largest" and now - large_at >= LARGE_EVERY
        if is_large:
            st.session_state[f"{key}_large_at"] = now
        data = answer(question, time.time(), is_large)
        mount("network_check/network_check", key=key, data=data, on_question_change=nothing)


def answer(question: object, now: float, is_large: bool = False) -> bytes:
    """What the browser gets to hear: the number of its question, what came of it, and the server's clock.

    now: seconds since 1970. is_large: with as many bytes as the largest answer of a board. A question may be anything,
    since a browser may send anything.
    """
    asked = question if isinstance(question, dict) else {}
    number, filling = asked.get("n"), asked.get("filling")
    header = {
        "n": number if isinstance(number, int) and abs(number) < 2**53 else 0,
        "came": len(filling) if isinstance(filling, str) else 0,
        "clock": 1000 * now,  # in JavaScript's unit
        "largest": {"answer": LARGEST_ANSWER, "question": LARGEST_QUESTION},
    }
    return pack(header, {"filling": ("u1", _filling())} if is_large else {})


def _filling() -> np.ndarray:
    """Bytes that nothing on the way can make smaller."""
    return np.random.default_rng(0).integers(0, 256, LARGEST_ANSWER, np.uint8)
