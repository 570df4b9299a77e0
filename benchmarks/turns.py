"""Turns: processes that take turns at one core, so that each has a share of it, as on a host that gives no more."""

import itertools
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psutil

TURN = 0.01  # seconds


@contextmanager
def in_turns(processes: Sequence[psutil.Process], places: int) -> Iterator[None]:
    """Of so many turns each process has one and stands still for the others: places = 10 is a tenth of a core.

    processes: as many as there are places, or fewer.
    """
    ends = threading.Event()

    def one_after_the_other() -> None:
        for place in itertools.cycle(range(places)):
            if place < len(processes):
                processes[place].resume()
            if ends.wait(TURN):
                return
            if place < len(processes):
                processes[place].suspend()

    for each in processes:
        each.suspend()
    turns = threading.Thread(target=one_after_the_other)
    turns.start()
    try:
        yield
    finally:
        ends.set()
        turns.join()
        for each in processes:
            each.resume()
