"""Network check: the browser tries what a lesson needs of network, device and browser, and says what is missing.

`network_check(key)` mounts it. The browser asks questions, as a board does, and each is answered at once; it measures
how long that takes, also for messages as large as the largest of a board.
"""

import threading
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
LARGE_EVERY = 3.0  # seconds of the process between two such answers: nobody who plays is to wait for them


@st.fragment
def network_check(key: str) -> None:
    with errors.caught():
        question = (st.session_state.get(key) or {}).get("question")
        wants_largest = isinstance(question, dict) and question.get("wants") == "largest"
        data = answer(question, time.time(), large_answers().wait() if wants_largest else None)
        mount("network_check/network_check", key=key, data=data, on_question_change=nothing)


class LargeAnswers:
    """Those of a process: one at a time, whoever asks for it, and however often she connects anew."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = 0.0  # time.monotonic() from which there may be one

    def wait(self) -> float:
        """0 where there may be one now, which then is given; else the seconds until there may be one."""
        with self._lock:
            now = time.monotonic()
            if now < self._next:
                return self._next - now
            self._next = now + LARGE_EVERY
            return 0.0


@st.cache_resource(show_spinner=False)
def large_answers() -> LargeAnswers:
    return LargeAnswers()


def answer(question: object, now: float, wait: float | None = None) -> bytes:
    """What the browser gets to hear: the number of its question, what came of it, and the server's clock.

    now: seconds since 1970. wait: None where it asks for a small answer; 0 for one with as many bytes as the largest of
    a board; else the seconds after which it may ask for that again. A question may be anything, since a browser may
    send anything.
    """
    asked = question if isinstance(question, dict) else {}
    number, filling = asked.get("n"), asked.get("filling")
    header = {
        "n": number if isinstance(number, int) and abs(number) < 2**53 else 0,
        "came": len(filling) if isinstance(filling, str) else 0,
        "clock": 1000 * now,  # in JavaScript's unit, as the next
        "wait": 1000 * (wait or 0),
        "largest": {"answer": LARGEST_ANSWER, "question": LARGEST_QUESTION},
    }
    return pack(header, {"filling": ("u1", _filling())} if wait == 0 else {})


@st.cache_resource(show_spinner=False)
def _filling() -> np.ndarray:
    """Bytes that nothing on the way can make smaller."""
    filling = np.random.default_rng(0).integers(0, 256, LARGEST_ANSWER, np.uint8)
    filling.setflags(write=False)
    return filling
