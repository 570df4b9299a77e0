"""Surfaces: losses over a plane, computed in pieces in turns of the gate, and kept for the process by their content.

A class that looks at the same run computes its surface once.
"""

import threading
import time

import numpy as np
import streamlit as st

from scratchnet.landscape import Surface
from ui.gate import gate

MOST_KEPT = 64  # surfaces in a process; the largest takes 80 kB


class Surfaces:
    """Digest of what a surface is of -> its losses, for all visitors; those go that nobody has used for longest."""

    def __init__(self, most: int = MOST_KEPT):
        self._most, self._lock = most, threading.Lock()
        self._kept: dict[str, np.ndarray] = {}  # the one used last is the last

    def get(self, digest: str) -> np.ndarray | None:
        with self._lock:
            found = self._kept.pop(digest, None)
            if found is not None:
                self._kept[digest] = found
            return found

    def keep(self, digest: str, losses: np.ndarray) -> None:
        with self._lock:
            self._kept.pop(digest, None)
            self._kept[digest] = losses
            while len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]


@st.cache_resource(show_spinner=False)
def surfaces() -> Surfaces:
    """One for the process."""
    return Surfaces()


class Work:
    """A surface that is being computed. who: for whom, at the gate."""

    def __init__(self, digest: str, surface: Surface, who: str):
        self.digest, self.surface, self._who = digest, surface, who
        self.is_cancelled = False

    def advance(self, seconds: float) -> None:
        """Compute for so long, in one turn of the gate, or until somebody waits there, but at least one block."""
        with gate().turn(self._who):
            latest = time.perf_counter() + seconds
            while not self.surface.is_complete:
                self.surface.advance()
                if time.perf_counter() > latest or gate().is_awaited():
                    break
        if self.surface.is_complete:
            surfaces().keep(self.digest, self.surface.values)

    def cancel(self) -> None:
        self.is_cancelled = True

    def go_on(self) -> None:
        self.is_cancelled = False
