"""Gate: one visitor trains at a time. Ten threads that train and draw in turn are faster than ten that fight.

Who has just done something goes first; of the others, whoever has had least of the time. A turn's cost is measured, so
that a heavy network waits longer for its next one instead of making others wait.
"""

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import streamlit as st

LOOK_AROUND_SECONDS = 0.02  # between two looks at whether any of those who wait gives up
BORROWED_SECONDS = 0.3  # that who goes first may be ahead of the others; some fifteen clicks in a row
PLAYING_SECONDS = 5.0  # after a turn, in which somebody counts among those who train


@dataclass(order=True)
class _Ticket:
    later: bool  # than who has just done something
    begins: float  # in time that was shared out, see `Gate._now`
    number: int
    who: str = field(compare=False)
    gives_up: Callable[[], bool] = field(compare=False)
    is_over: threading.Event = field(default_factory=threading.Event, compare=False)  # the waiting, either way


class _Work(threading.local):
    """What a thread has done. in_turns: seconds of the processor in turns of the gate."""

    in_turns = 0.0
    is_measured = False


class Gate:
    """Lets one thread in at a time, in the order of start-time fair queueing (Goyal, Vin and Cheng 1996, section 2).

    clock: seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        self._line: list[_Ticket] = []
        self._inside: _Ticket | None = None
        self._usher: threading.Thread | None = None
        self._work = _Work()
        self._now = 0.0  # shared-out time: where the last turn began, which is no time of a clock
        self._used: dict[str, float] = {}  # who -> shared-out time at which the last turn ended
        self._waited: dict[str, float] = {}  # who -> where the turn would have begun that was waited for in vain
        self._seen: dict[str, float] = {}  # who -> clock at the end of the last turn, or of waiting in vain

    def players(self, who: str) -> int:
        """How many train at present or wait for it, `who` among them."""
        with self._lock:
            latest = self._clock() - PLAYING_SECONDS
            for gone in [name for name, seen in self._seen.items() if seen < latest]:
                for known in (self._seen, self._used, self._waited):
                    known.pop(gone, None)
            return len(self._seen.keys() | {ticket.who for ticket in self._line} | {who})

    def is_awaited(self) -> bool:
        """Whether somebody waits who has just done something: then whoever has a turn had better end it soon."""
        with self._lock:
            return bool(self._line) and not self._line[0].later

    @contextmanager
    def turn(self, who: str, first: bool = False, gives_up: Callable[[], bool] = lambda: False) -> Iterator[bool]:
        """Wait for a turn and have it. who: a name for the board. first: its visitor has just done something. Who does
        so all the time would keep the others from ever having one: far ahead of them nobody goes first.

        gives_up: asked now and then while it waits, in another thread, whether to wait no longer; who cannot say (it
        raises) is taken to go on waiting. Gives whether this is its turn. Who gave up and comes again has not lost the
        place.
        """
        ticket = self._line_up(who, first, gives_up)
        ticket.is_over.wait()
        began, before = self._clock(), time.thread_time()
        try:
            yield ticket is self._inside
        finally:
            if ticket is self._inside:
                self._work.in_turns += time.thread_time() - before
                self._leave(ticket, self._clock() - began)

    @contextmanager
    def outside_of_turns(self) -> Iterator[Callable[[], float]]:
        """Gives a function: how many seconds this thread has had the processor since then, without those of its turns.

        0 inside of another one, which measures this as well.
        """
        work = self._work
        is_inner, work.is_measured = work.is_measured, True
        before = time.thread_time() - work.in_turns
        try:
            yield lambda: 0.0 if is_inner else time.thread_time() - work.in_turns - before
        finally:
            work.is_measured = is_inner

    def _line_up(self, who: str, first: bool, gives_up: Callable[[], bool]) -> _Ticket:
        with self._lock:
            begins = self._waited.pop(who, max(self._now, self._used.get(who, 0.0)))
            first = first and begins <= self._now + BORROWED_SECONDS
            ticket = _Ticket(not first, begins, next(self._numbers), who, gives_up)
            heapq.heappush(self._line, ticket)
            if self._inside is None:
                self._call_next()
            elif self._usher is None:
                self._usher = threading.Thread(target=self._look_around, name="usher", daemon=True)
                self._usher.start()
            return ticket

    def _look_around(self) -> None:
        """Sends away who gives up, as long as anybody waits. One thread does it for all: sixty that wake up to look for
        themselves take a tenth of the processor."""
        while True:
            time.sleep(LOOK_AROUND_SECONDS)
            with self._lock:
                if not self._line:
                    self._usher = None
                    return
                waiting = list(self._line)
            gone = [ticket for ticket in waiting if _gives_up(ticket)]  # who answers slowly holds up nobody's turn
            with self._lock:
                gone = [ticket for ticket in gone if ticket in self._line]
                for ticket in gone:
                    self._line.remove(ticket)
                    self._waited[ticket.who], self._seen[ticket.who] = ticket.begins, self._clock()
                    ticket.is_over.set()
                if gone:
                    heapq.heapify(self._line)

    def _leave(self, ticket: _Ticket, seconds: float) -> None:
        """After a turn of so long."""
        with self._lock:
            self._used[ticket.who], self._seen[ticket.who] = ticket.begins + seconds, self._clock()
            self._call_next()

    def _call_next(self) -> None:
        self._inside = heapq.heappop(self._line) if self._line else None
        if self._inside is not None:
            if self._inside.later:  # who goes first does not make time pass for the others
                self._now = max(self._now, self._inside.begins)
            self._inside.is_over.set()


def _gives_up(ticket: _Ticket) -> bool:
    """One visitor's fault must not end the thread that looks after all."""
    try:
        return ticket.gives_up()
    except Exception:
        logging.getLogger(__name__).exception("a visitor who waits could not say whether she gives up")
        ticket.gives_up = lambda: False  # said once
        return False


@st.cache_resource
def gate() -> Gate:
    """One for the process."""
    return Gate()
