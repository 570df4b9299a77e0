"""Pool: the worker processes that all visitors' sweeps share, a cell of each visitor in turn.

A cell is never interrupted, so one of many minutes would keep its process from everybody. While such cells have all
places there is one place more, for sweeps of short cells alone; and a cell that runs far beyond what it was expected to
take is ended.
"""

import logging
import os
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from concurrent.futures import Executor, Future
from functools import partial
from typing import Any

import streamlit as st

from scratchnet.sweep import TookTooLong
from scratchnet.sweep_command import SCHEDULER
from scratchnet.worker_processes import WorkerProcesses
from ui.kit.numbers import text

MOST_PLACES = 4  # a process takes 40 MB, and a host of apps shows more processors than it gives
IDLE_SECONDS = 30.0  # until processes that nobody needs are ended
SHORT_SECONDS = 10.0  # of a cell: so long a place may be kept from those who have to wait
# A cell that takes so many times what was expected, and so long at least, is ended. Beside two who play at full speed a
# worker, which is polite, has a tenth of a processor.
LATE_FACTOR, LATE_SECONDS = 20.0, 60.0


class Pool:
    """At most so many cells at once. make: an executor that computes one at a time; each is made when it is needed.

    Whoever is ended takes the executor that computes for it along: nobody waits for a cell that nobody wants.
    """

    def __init__(self, places: int, make: Callable[[], Executor], idle_seconds: float = IDLE_SECONDS) -> None:
        self.places, self._make, self._idle_seconds = places, make, idle_seconds
        self._lock = threading.Lock()
        self._lines: OrderedDict[PoolExecutor, deque[tuple[Future[Any], tuple]]] = OrderedDict()  # the next one first
        self._idle: list[Executor] = []
        self._running: dict[Future[Any], tuple[PoolExecutor, Executor]] = {}  # of a cell -> for whom, by whom
        self._timers: dict[Future[Any], threading.Timer] = {}  # of such a cell -> what ends it when it is late
        self._late: set[Future[Any]] = set()  # that were ended
        self._timer: threading.Timer | None = None
        self._is_closed = False

    def executor(self, visitor: Hashable = None, seconds: float = 0.0, *, instead: bool = False) -> "PoolExecutor":
        """A visitor's share for one sweep; None: a visitor of its own. seconds: that its longest cell is expected to
        take, 0 where that is not known. instead: see `PoolExecutor`."""
        return PoolExecutor(self, visitor, seconds, instead)

    def before(self, who: "PoolExecutor") -> int:
        """How many other visitors come before the next cell of who; 0 where one of its cells is being computed."""
        with self._lock:
            if any(other is who for other, _ in self._running.values()) or who not in self._lines:
                return 0
            lines = list(self._lines)
            waiting = {other.visitor for other in lines[: lines.index(who)] if other.is_short or not who.is_short}
            later = {other.visitor for other in lines[lines.index(who) :]}
            computed = {other.visitor for other in self._wanted() if other.is_short or not who.is_short}
            return len((waiting | (computed - later)) - {who.visitor})

    def others(self, visitor: Hashable) -> int:
        """How many other visitors' sweeps have cells here."""
        with self._lock:
            return len({other.visitor for other in (*self._wanted(), *self._lines)} - {visitor})

    def _wanted(self) -> list["PoolExecutor"]:
        """For whom cells are computed. Those of who has cancelled are as good as ended."""
        return [who for who, _ in self._running.values() if not who.is_ended]

    def take(self, who: "PoolExecutor", task: tuple) -> Future[Any]:
        """A cell for the end of who's line."""
        future: Future[Any] = Future()
        with self._lock:
            if self._is_closed or who.is_ended:
                raise RuntimeError("the server is being stopped" if self._is_closed else "this sweep was ended")
            self._lines.setdefault(who, deque()).append((future, task))
        self._give()
        return future

    def end(self, who: "PoolExecutor") -> None:
        """Forget the cells of who, those that are being computed as well."""
        with self._lock:
            who.is_ended = True
            for future, _ in self._lines.pop(who, ()):
                future.cancel()
            ended = [executor for other, executor in self._running.values() if other is who]
        for executor in ended:
            executor.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """End all of it, at the end of the server."""
        with self._lock:
            self._is_closed = True
            known = [*self._lines, *(who for who, _ in self._running.values())]
        for who in known:
            self.end(who)
        self._end_idle()

    def _give(self) -> None:
        """Have free places compute the next cells, one of each visitor in turn."""
        while True:
            failure: Exception | None = None
            with self._lock:
                who = next(filter(self._may_start, self._lines), None)
                if who is None:
                    return
                line = self._lines.pop(who)
                future, task = line.popleft()
                if line:
                    self._lines[who] = line  # now the last
                if not future.set_running_or_notify_cancel():
                    continue
                try:
                    executor = self._idle.pop() if self._idle else self._make()
                    self._running[future] = who, executor
                except Exception as error:  # no memory for one, say
                    failure = error
            if failure is None:
                try:
                    computed: Future[Any] = executor.submit(*task)
                except Exception as error:  # no process for one; or who it is for was ended just now, and it as well
                    failure = error
                    executor.shutdown(wait=False, cancel_futures=True)
                    with self._lock:
                        del self._running[future]
            if failure is not None:
                future.set_exception(failure)
                continue
            if who.seconds:
                timer = threading.Timer(who.most_seconds, self._end_late, (future,))
                timer.daemon = True
                self._timers[future] = timer
                timer.start()
            computed.add_done_callback(partial(self._is_done, future))

    def _end_late(self, future: Future[Any]) -> None:
        with self._lock:
            if future not in self._running:
                return
            self._late.add(future)
            _, executor = self._running[future]
        executor.shutdown(wait=False, cancel_futures=True)

    def _may_start(self, who: "PoolExecutor") -> bool:
        running = [other for other, _ in self._running.values()]
        return len(running) < self.places or (who.is_short and not any(other.is_short for other in running))

    def _is_done(self, future: Future[Any], computed: Future[Any]) -> None:
        with self._lock:
            who, executor = self._running.pop(future)
            is_late = future in self._late
            self._late.discard(future)
            if (timer := self._timers.pop(future, None)) is not None:
                timer.cancel()
            if not who.is_ended and not is_late:
                self._idle.append(executor)
            if self._timer is not None:
                self._timer.cancel()
            self._timer = threading.Timer(self._idle_seconds, self._end_idle)
            self._timer.daemon = True
            self._timer.start()
        if who.is_ended or is_late:  # it may have been free already when its end was asked for
            executor.shutdown(wait=False, cancel_futures=True)
        try:
            answer = computed.result()
        except BaseException as error:
            future.set_exception(TookTooLong(who.too_long) if is_late and not who.is_ended else error)
        else:
            future.set_result(answer)
        self._give()

    def _end_idle(self) -> None:
        with self._lock:
            if (self._running or self._lines) and not self._is_closed:
                return
            idle, self._idle = self._idle, []
        for executor in idle:
            executor.shutdown(wait=False, cancel_futures=True)


class PoolExecutor(Executor):
    """One visitor's share of a pool, for one sweep. instead: of a cluster, which cannot be used."""

    def __init__(self, pool: Pool, visitor: Hashable, seconds: float, instead: bool) -> None:
        self._pool, self.seconds, self.instead, self.is_ended = pool, seconds, instead, False
        self.visitor = self if visitor is None else visitor

    @property
    def is_short(self) -> bool:
        return 0 < self.seconds <= SHORT_SECONDS

    @property
    def most_seconds(self) -> float:
        """Until a cell of it is ended."""
        return max(LATE_FACTOR * self.seconds, LATE_SECONDS)

    @property
    def too_long(self) -> str:
        return (
            f"about {text(self.seconds, 2)} s were expected, and it was ended after {text(self.most_seconds, 2)} s, as "
            "others use this server as well; choose fewer epochs or a smaller network"
        )

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return self._pool.take(self, (fn, *args))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        if cancel_futures:
            self._pool.end(self)

    def before(self) -> int:
        """How many others come before its next cell."""
        return self._pool.before(self)


@st.cache_resource(show_spinner=False)
def pool() -> Pool:
    """That of this process: a worker for each processor."""
    return Pool(min(os.cpu_count() or 1, MOST_PLACES), lambda: WorkerProcesses(1))


def close() -> None:
    """End all workers, for the server stops. Another one that starts in this process has a pool of its own."""
    pool().close()
    pool.clear()


def executor_factory(visitor: Hashable, seconds: float) -> Callable[[], Executor]:
    """Who computes a sweep of the page: the cluster that the environment names, which has a line of its own, else the
    pool; it also where the cluster cannot be used, and why that is so is for the log of who runs the server.

    visitor, seconds: as of `Pool.executor`.
    """
    address = os.environ.get(SCHEDULER, "").strip()
    if not address:
        return partial(pool().executor, visitor, seconds)

    def executor() -> Executor:
        try:
            from ui.sweeps.cluster import executor_of

            return executor_of(address)()
        except (ImportError, ValueError, OSError):
            logging.getLogger(__name__).exception("the cluster cannot be used, so a sweep is computed here")
            return pool().executor(visitor, seconds, instead=True)

    return executor
