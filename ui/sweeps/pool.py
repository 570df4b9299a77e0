"""Pool: the worker processes that all visitors' sweeps share, a cell of each visitor in turn."""

import os
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from typing import Any

import streamlit as st

from scratchnet.sweep_command import SCHEDULER
from scratchnet.worker_processes import WorkerProcesses

MOST_PLACES = 4  # a process takes 40 MB, and a host of apps shows more processors than it gives
IDLE_SECONDS = 30.0  # until processes that nobody needs are ended


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
        self._timer: threading.Timer | None = None
        self._is_closed = False

    def executor(self) -> "PoolExecutor":
        """One visitor's share."""
        return PoolExecutor(self)

    def before(self, who: "PoolExecutor") -> int:
        """How many others come before the next cell of who; 0 where one of its cells is being computed."""
        with self._lock:
            if any(other is who for other, _ in self._running.values()) or who not in self._lines:
                return 0
            return list(self._lines).index(who) + len({other for other, _ in self._running.values()} - set(self._lines))

    def sharers(self) -> int:
        """How many visitors' sweeps have cells here."""
        with self._lock:
            return len({other for other, _ in self._running.values()} | set(self._lines))

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
            with self._lock:
                if not self._lines or len(self._running) >= self.places:
                    return
                who, line = self._lines.popitem(last=False)
                future, task = line.popleft()
                if line:
                    self._lines[who] = line  # now the last
                if not future.set_running_or_notify_cancel():
                    continue
                executor = self._idle.pop() if self._idle else self._make()
                self._running[future] = who, executor
            try:
                computed: Future[Any] = executor.submit(*task)
            except RuntimeError as error:  # who it is for was ended just now, and the executor with it
                computed = Future()
                computed.set_exception(error)
            computed.add_done_callback(partial(self._is_done, future))

    def _is_done(self, future: Future[Any], computed: Future[Any]) -> None:
        with self._lock:
            who, executor = self._running.pop(future)
            if not who.is_ended:
                self._idle.append(executor)
            if self._timer is not None:
                self._timer.cancel()
            self._timer = threading.Timer(self._idle_seconds, self._end_idle)
            self._timer.daemon = True
            self._timer.start()
        if who.is_ended:  # it may have been free already when its end was asked for
            executor.shutdown(wait=False, cancel_futures=True)
        try:
            answer = computed.result()
        except BaseException as error:
            future.set_exception(error)
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
    """One visitor's share of a pool, for one sweep."""

    def __init__(self, pool: Pool) -> None:
        self._pool, self.is_ended = pool, False

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


def executor_factory() -> Callable[[], Executor]:
    """Who computes a sweep of the page: the cluster that the environment names, which has a line of its own, else the
    pool. ValueError or ImportError where there is no such cluster."""
    if address := os.environ.get(SCHEDULER, "").strip():
        from ui.sweeps.cluster import executor_of

        return executor_of(address)
    return pool().executor
