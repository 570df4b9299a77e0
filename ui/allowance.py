"""Allowance: what one visitor may take of the processor while others train.

Turns of the gate are fair by themselves. Pages and commands are computed at once, because whoever has clicked waits for
them; who asks for twenty a second would keep a core busy and everybody else waiting. Such a visitor is answered, and
rests after each answer.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from ui.gate import Gate, gate

KEY = "allowance"
AT_ONCE = 2.0  # seconds of the processor: some twenty-five pages
LEAST, MOST = 0.07, 0.2  # of a core, in the long run: a page a second, or a slider that is pulled
LONGEST_REST = 6.0  # seconds


class Allowance:
    """One visitor's: grows with time, shrinks with work. clock: seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._left, self._at = AT_ONCE, clock()

    def spend(self, seconds: float, players: int) -> float:
        """After work that took the processor so long, while so many train: for how many seconds to rest."""
        share, now = share_of_each(players), self._clock()
        left = min(AT_ONCE, self._left + share * (now - self._at)) - seconds
        self._left, self._at = max(left, -share * LONGEST_REST), now
        return max(0.0, -self._left / share)


def share_of_each(players: int) -> float:
    """Of the one core that Python can use: of a few each what is left if all want it at a time, for all may."""
    return min(MOST, max(LEAST, 1 / max(1, players)))


@contextmanager
def shared(door: Callable[[], Gate] = gate) -> Iterator[None]:
    """Around the run of a page, and of a part that also runs alone: rest after it, where others train.

    What is computed in a turn of the gate does not count, and a part inside of a page counts with it.
    """
    allowance = st.session_state.setdefault(KEY, Allowance())  # later Streamlit may refuse it: a newer message is there
    with door().outside_of_turns() as seconds:
        try:
            yield
        finally:
            players = door().players("nobody")
            rest = allowance.spend(seconds(), players)
            if players > 2:  # nobody, this visitor, and others
                time.sleep(rest)
