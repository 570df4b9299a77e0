"""Job: a visitor's sweep while it is computed, in a thread of its own, and what came of it.

It is cancelled by its visitor, who may leave for that, or have another one started, on whatever page.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from scratchnet.cell import Result
from scratchnet.sweep import Failure, Sweep, run
from ui import errors
from ui.sweeps.pool import PoolExecutor

PAGES = ("sweep", "seeds")  # that have one
KEPT_SECONDS = 20.0  # for a connection that was cut for a moment


class Job:
    """outcomes: of each cell, None for those that are not computed. is_here: whether the visitor is. fault: a sentence
    where something went wrong that nobody foresaw. clock: seconds."""

    def __init__(
        self,
        sweep: Sweep,
        factory: Callable[[], Executor],
        is_here: Callable[[], bool] = lambda: True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.sweep = sweep
        self.outcomes: list[Result | Failure | None] = [None] * len(sweep.cells)
        self.is_cancelled = False
        self.fault = ""
        self._factory, self._is_here, self._clock = factory, is_here, clock
        self._executor: Executor | None = None
        self._began = self._ended = self._seen = clock()
        self.thread = threading.Thread(target=self._run, name="sweep", daemon=True)
        self.thread.start()

    @property
    def is_running(self) -> bool:
        return self.thread.is_alive()

    @property
    def done(self) -> int:
        return len(self.outcomes) - self.outcomes.count(None)

    @property
    def seconds(self) -> float:
        """How long it has been computed, or was."""
        return (self._clock() if self.is_running else self._ended) - self._began

    @property
    def seconds_left(self) -> float | None:
        """As the cells so far tell; None before the first."""
        return self.seconds / self.done * (len(self.outcomes) - self.done) if self.done else None

    @property
    def before(self) -> int:
        """How many other visitors come before its next cell."""
        return self._executor.before() if isinstance(self._executor, PoolExecutor) else 0

    @property
    def is_instead(self) -> bool:
        """Whether it is computed here because the cluster that should do it cannot be used."""
        return isinstance(self._executor, PoolExecutor) and self._executor.instead

    def cancel(self) -> None:
        if self.is_running:
            self.is_cancelled = True

    def _run(self) -> None:
        try:
            run(self.sweep, self._made, self._finished, self._is_over)
        except Exception:
            logging.getLogger(__name__).exception("a sweep ended by an error")
            self.fault = errors.SENTENCE
        finally:
            self._ended = self._clock()

    def _made(self) -> Executor:
        self._executor = self._factory()
        return self._executor

    def _finished(self, index: int, outcome: Result | Failure) -> None:
        self.outcomes[index] = outcome

    def _is_over(self) -> bool:
        """Whether nobody wants it any longer."""
        now = self._clock()
        if self._is_here():
            self._seen = now
        elif now - self._seen > KEPT_SECONDS:
            self.is_cancelled = True
        return self.is_cancelled


def job(page: str) -> Job | None:
    """The visitor's last one of a page."""
    return st.session_state.get(f"{page}_job")


def visitor() -> str:
    """Unlike any other's. It opens the visit: never shown, never logged."""
    context = get_script_run_ctx()
    return context.session_id if context is not None else ""


def start(page: str, sweep: Sweep, factory: Callable[[], Executor]) -> None:
    """Have a sweep computed for a page. A visitor has one at a time: the one before is over."""
    for other in PAGES:
        if (before := job(other)) is not None:
            before.cancel()
    who = visitor()

    def is_here() -> bool:
        return not runtime.exists() or runtime.get_instance().is_active_session(who)

    st.session_state[f"{page}_job"] = Job(sweep, factory, is_here)
