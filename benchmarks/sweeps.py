"""How long the luck of the first experiment takes, on two processes: python -m benchmarks.sweeps

The page Luck asks for it: one's own seed and 50 others, 300 epochs each, with their histories, by the pool that
visitors share. Nobody else has it here, and its processes are started anew each time. On a machine that others use as
well the seconds of the clock tell little: what the processors worked, shared by two, is what a quiet machine takes.
"""

import resource
import time
from collections.abc import Iterator

import scratchnet as sn
from benchmarks.table import Row, arguments, printed, row_of, write
from scratchnet.cell import Result
from scratchnet.spread import fan
from scratchnet.sweep import Sweep
from scratchnet.worker_processes import WorkerProcesses
from ui.sweeps.job import Job
from ui.sweeps.pool import Pool

SEEDS, EPOCHS, PROCESSES = 50, 300, 2
MOST_SECONDS = 10.0


def worked() -> float:
    """Seconds of processors that this process and those it has waited for had until now."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def measured() -> tuple[float, float]:
    """(seconds of the clock until the fan is there, seconds of processors)."""
    worked_before, began = worked(), time.perf_counter()
    sweep = Sweep(sn.Experiment(), seeds=list(range(SEEDS + 1)), epochs=EPOCHS, history=True)
    pool = Pool(PROCESSES, lambda: WorkerProcesses(1))
    job = Job(sweep, pool.executor)
    job.thread.join()
    fan([outcome for outcome in job.outcomes if isinstance(outcome, Result)])
    took = time.perf_counter() - began
    pool.close()  # waits for its processes, whose work counts from then on
    return took, worked() - worked_before


def rows(rounds: int) -> Iterator[Row]:
    takes = [measured() for _ in range(rounds)]
    what = f"{SEEDS} seeds and one's own, {EPOCHS} epochs, {PROCESSES} processes"
    yield row_of(f"{what}: the clock", [clock for clock, _ in takes], "s", MOST_SECONDS)
    yield row_of(f"{what}: processors / {PROCESSES}", [work / PROCESSES for _, work in takes], "s", MOST_SECONDS)


def main() -> None:
    of = arguments(__doc__ or "", ("--rounds", 3, "how often it is measured"))
    write(of.json, rows=printed(rows(of.rounds)))


if __name__ == "__main__":
    main()
