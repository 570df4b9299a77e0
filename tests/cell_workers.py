"""The worker processes of sweeps that there are, and waiting for what other processes do."""

import os
import time
from collections.abc import Callable
from contextlib import suppress

import psutil


def cell_workers(parent: int | None = None) -> list[psutil.Process]:
    """Those below a process, this one where none is named."""
    found = []
    for child in psutil.Process(parent or os.getpid()).children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it may end while it is asked
            if child.status() != psutil.STATUS_ZOMBIE and "scratchnet.worker_processes" in child.cmdline():
                found.append(child)
    return found


def waited_for(is_so: Callable[[], bool], seconds: float = 60) -> None:
    """A process that starts or ends has to have the processor for it, which others may be using."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)
