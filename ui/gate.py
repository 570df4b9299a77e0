"""Gate: one visitor trains at a time. Ten threads that train and draw in turn are faster than ten that fight.

Who has just done something goes first; of the others, whoever has had least of the time. A turn's cost is measured, so
that a heavy network waits longer for its next one instead of making others wait.
"""

import heapq
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import streamlit as st

LOOK_AROUND_SECONDS = 0.05  # of waiting, between two looks at whether something else has become more important
PLAYING_SECONDS = 3.0  # after a turn, in which somebody counts among those who train


@dataclass(order=True)
class _Ticket:
    later: bool  # than who has just done something
    begins: float  # in time that was shared out, see `Gate._used`
    number: int
    is_called: threading.Event = field(default_factory=threading.Event, compare=False)


class Gate:
    """Lets one thread in at a time, in the order of fair queueing (Demers, Keshav and Shenker 1989, section 2).

    clock: seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._counting = threading.Lock()
        self._numbers = itertools.count()
        self._line: list[_Ticket] = []
        self._inside: _Ticket | None = None
        self._now = 0.0  # shared-out time: where the last turn began
        self._used: dict[str, float] = {}  # who -> shared-out time at which the last turn ended
        self._seen: dict[str, float] = {}  # who -> clock at the end of the last turn

    @property
    def waiting(self) -> int:
        """How many wait for a turn."""
        with self._counting:
            return len(self._line)

    def players(self, who: str) -> int:
        """How many train at present, `who` among them."""
        with self._counting:
            latest = self._clock() - PLAYING_SECONDS
            for gone in [name for name, seen in self._seen.items() if seen < latest]:
                del self._seen[gone], self._used[gone]
            return len(self._seen.keys() | {who})

    @contextmanager
    def turn(self, who: str, first: bool = False, meanwhile: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Wait for a turn and have it. who: a name for the visitor. first: she has just done something.

        meanwhile: called now and then while it waits; what it raises ends the waiting.
        """
        ticket = self._line_up(who, first)
        try:
            while not ticket.is_called.wait(LOOK_AROUND_SECONDS):
                meanwhile()
        except BaseException:
            self._go_away(ticket)
            raise
        began = self._clock()
        try:
            yield
        finally:
            with self._counting:
                self._seen[who] = ended = self._clock()
                self._used[who] = ticket.begins + (ended - began)
                self._call_next()

    def _line_up(self, who: str, first: bool) -> _Ticket:
        with self._counting:
            ticket = _Ticket(not first, max(self._now, self._used.get(who, 0.0)), next(self._numbers))
            heapq.heappush(self._line, ticket)
            if self._inside is None:
                self._call_next()
            return ticket

    def _go_away(self, ticket: _Ticket) -> None:
        with self._counting:
            if ticket is self._inside:
                self._call_next()
            else:
                self._line.remove(ticket)
                heapq.heapify(self._line)

    def _call_next(self) -> None:
        self._inside = heapq.heappop(self._line) if self._line else None
        if self._inside is not None:
            if self._inside.later:  # who goes first does not make time pass for the others
                self._now = max(self._now, self._inside.begins)
            self._inside.is_called.set()


@st.cache_resource
def gate() -> Gate:
    """One for the process."""
    return Gate()
