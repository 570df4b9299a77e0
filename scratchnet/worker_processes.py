"""Worker processes: an executor for cells. Each worker is a Python of its own that knows scratchnet and NumPy alone.

The standard library has `ProcessPoolExecutor`, and the same sweep runs on it. For a server it has five faults: a worker
imports the program that started it, one that is killed takes the cells of all others along, none can be ended in the
middle of a cell, all stay for ever when the server is killed, and what is said to them is pickled. Here each reads
lines of text and writes one for each cell, keeps the tables of its last cell for the next, and ends at once when nobody
can write to it any longer.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from .cell import read_table, run_cell, run_with
from .points import Points

CHECKOUT = Path(__file__).resolve().parent.parent
# Networks here are tiny: threads inside BLAS cost eight times what they save.
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")

TABLE, CELL = "table", "cell"  # what a line for a worker begins with; a line of TABLE alone: forget those before

POLITE = 10  # of 19: who sits before the screen of this computer, or plays on its server, goes first


class WorkerProcesses(Executor):
    """At most so many processes, each started when it is first needed. Its one function is `run_cell`.

    A process that ends in the middle of a cell is an OSError of that cell alone; another takes its place.
    """

    def __init__(self, workers: int) -> None:
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="cell")  # each waits for one process
        self._idle: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
        self._processes: dict[int, subprocess.Popen[str]] = {}
        self._tables: dict[int, list[str]] = {}  # of a process -> the digests of the tables that it has
        self._takes_no_more = self._ends_at_once = False

    @property
    def pids(self) -> tuple[int, ...]:
        """Of the processes that there are now."""
        return tuple(self._processes)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if fn is not run_cell or not args or kwargs:
            raise ValueError("WorkerProcesses computes run_cell(...) and nothing else; take a ProcessPoolExecutor.")
        return self._threads.submit(self._answer, *args)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes: with cancel_futures at once, in the middle of their cells, else after what was given."""
        self._takes_no_more, self._ends_at_once = True, self._ends_at_once or cancel_futures
        if cancel_futures:
            for process in tuple(self._processes.values()):
                process.kill()
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        self._end_idle()

    def _answer(self, text: str, *tables: str) -> str:
        """What a process says to a cell, after it was told the tables that it has not from the cell before. In a thread
        of its own."""
        process = self._take()
        assert process.stdin is not None and process.stdout is not None
        answer = ""
        with suppress(OSError):  # it ended before it had read all
            digests = [table[: table.index(" ")] for table in tables]
            if digests != self._tables.get(process.pid, []):
                for table in ("", *tables):
                    process.stdin.writelines((TABLE, " ", table, "\n"))
                self._tables[process.pid] = digests
            process.stdin.write(f"{CELL} {text}\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        if not answer.endswith("\n"):
            process.kill()
            code = self._end(process)
            if self._ends_at_once:
                raise CancelledError
            raise ChildProcessError(f"the process that computed the cell ended in the middle of it, with code {code}")
        self._idle.put(process)
        if self._takes_no_more:
            self._end_idle()
        kind, said = json.loads(answer)
        if kind == "memory":
            raise MemoryError(said)
        if kind == "error":
            raise RuntimeError(said)
        return str(said)

    def _take(self) -> subprocess.Popen[str]:
        with suppress(Empty):
            return self._idle.get_nowait()
        before = os.environ.get("PYTHONPATH")
        paths = os.pathsep.join([str(CHECKOUT), *([before] if before else [])])
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "scratchnet.worker_processes"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **dict.fromkeys(ONE_THREAD, "1"), "PYTHONPATH": paths},
            start_new_session=True,  # Ctrl-C is for who waits for it
        )
        self._processes[process.pid] = process
        if self._ends_at_once:  # shutdown came between
            process.kill()
        return process

    def _end_idle(self) -> None:
        with suppress(Empty):
            while True:
                self._end(self._idle.get_nowait())

    def _end(self, process: subprocess.Popen[str]) -> int:
        """Have a process end that computes nothing, and give its code."""
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        code = process.wait()
        self._processes.pop(process.pid, None)
        self._tables.pop(process.pid, None)
        return code


def work() -> None:
    """Be a worker: lines come in, and for each cell a pair goes out: what it is ("result", "memory", "error") and its
    text."""
    if sys.platform != "win32":
        os.nice(POLITE)
    lines: SimpleQueue[str] = SimpleQueue()
    ThreadPoolExecutor(1).submit(_listen, lines)
    unread, tables = list[str](), list[Points]()
    while True:
        kind, _, text = lines.get().rstrip("\n").partition(" ")
        if kind == TABLE:
            if text:
                unread.append(text)
            else:
                unread, tables = [], []
            continue
        try:
            while unread:
                tables.append(read_table(unread[0]))
                del unread[0]
            said = ("result", run_with(text, tables))
        except MemoryError as error:
            said = ("memory", str(error))
        except Exception as error:  # it is told to who asked
            said = ("error", f"{type(error).__name__}: {error}")
        sys.stdout.write(f"{json.dumps(said)}\n")
        sys.stdout.flush()


def _listen(lines: SimpleQueue[str]) -> None:
    for line in sys.stdin:
        lines.put(line)
    os._exit(0)  # nobody is there any longer, whatever is being computed


if __name__ == "__main__":
    work()
