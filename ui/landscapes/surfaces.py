"""Surfaces: losses over a plane, computed in pieces in turns of the gate, and kept for the process by their content.

A class that looks at the same run computes its surface once.
"""

import hashlib
import threading
import time

import numpy as np
import streamlit as st

from scratchnet.landscape import LossPlane, Surface
from ui import allowance, errors
from ui.gate import gate
from ui.landscapes import turns
from ui.landscapes.choices import Chosen
from ui.landscapes.still import Still
from ui.play.playground import Playground
from ui.rerun import rerun_page
from ui.unbroken import unbroken

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


def losses_on(
    pg: Playground, now: Still, chosen: Chosen, plane: LossPlane, s: np.ndarray, t: np.ndarray
) -> np.ndarray | None:
    """The losses (len(t), len(s)) of the grid; None while they are computed, which is shown then."""
    of = hashlib.sha256(f"{now.run.experiment.to_query()}\n{now.run.update}\n{chosen.penalties}\n".encode())
    for array in (plane.origin, plane.across, plane.up, s, t):  # which moments make a plane depends on who looked when
        of.update(array.tobytes())
    digest = of.hexdigest()
    key = pg.key("landscape_work")
    if (known := surfaces().get(digest)) is not None:
        st.session_state.pop(key, None)
        return known
    work = st.session_state.get(key)
    if work is None or work.digest != digest:
        surface = Surface(now.mean_loss(chosen.penalties), plane, s, t)
        st.session_state[key] = work = Work(digest, surface, turns.who(pg))
        work.advance(turns.FIRST_PIECE)
    if work.surface.is_complete:
        return work.surface.values
    if not work.is_cancelled:
        _progress(work)
        return None
    st.info(f"Cancelled after {work.surface.done:,} of {work.surface.total:,} places.")
    st.button("Go on", key=pg.key("landscape_go_on"), on_click=unbroken(work.go_on))
    return None


@st.fragment(run_every=turns.EVERY)
def _progress(work: Work) -> None:
    """How far the surface is. Who has closed the page asks for no further piece, and costs nothing."""
    with allowance.shared(), errors.caught():
        work.advance(turns.PIECE)
        if work.is_cancelled or work.surface.is_complete:
            rerun_page()
        done, total = work.surface.done, work.surface.total
        st.progress(done / total, text=f"Computing the loss: {done:,} of {total:,} places")
        st.button("Cancel", key=f"landscape_cancel_{work.digest}", on_click=unbroken(work.cancel))
