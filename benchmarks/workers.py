"""How many times the class of one worker several workers carry, behind the nginx that `make serve` starts.

    python -m benchmarks.workers [--seconds 15] [--each 15] [--first-worker-port 8601] [--json FILE]

Each worker has a class of its own that asks for more than it can give; what it carries are the snapshots a second of
all, with the time of the clicks. One, two and four workers are compared with a quarter of a core each: they run in
turns, ten milliseconds at a time, so that four of them take one core, and nginx and the visitors have the other. Then
one and two with a core each, as far as two cores allow: nginx and the visitors have what is left. What four with a core
each carry is calculated from that, and marked so.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from benchmarks import load, table
from benchmarks.turns import in_turns
from tools import app_server, serve

PLACES = 4  # workers that take turns at one core
SPEED = "10e"  # epochs a second: what a class plays at
FULL = 2  # times so many play where a worker has a core of its own
HEADER = (
    "| workers | core of each | playing | click p50 | click p95 | snapshots/s | of one worker | worker's core in use "
    "| nginx's | losses | others |\n|" + "---|" * 11
)


@contextmanager
def served(workers: int, first: int) -> Iterator[tuple[str, list[psutil.Process], list[psutil.Process]]]:
    """The address, the workers, and the processes of nginx."""
    port = app_server.free_port()
    command = [sys.executable, "-m", "tools.serve", "--address", "127.0.0.1", "--workers", str(workers)]
    command += ["--port", str(port), "--first-worker-port", str(first)]
    with subprocess.Popen(command, cwd=app_server.CHECKOUT) as process:
        try:
            latest = time.monotonic() + app_server.STARTUP_SECONDS
            while not serve.is_open("127.0.0.1", port):
                if process.poll() is not None or time.monotonic() > latest:
                    raise RuntimeError("the workers do not start; the reason stands above")
                time.sleep(0.1)
            below = psutil.Process(process.pid).children(recursive=True)
            apps = [each for each in below if "streamlit" in each.cmdline()]
            yield f"http://127.0.0.1:{port}", apps, [each for each in below if each not in apps]
        finally:
            process.terminate()
            process.wait()


def measured(workers: int, quarter: bool, each: int, seconds: float, first: int) -> tuple[load.Row, float, float]:
    """What a class met with, and the cores in use by a worker (mean) and by nginx."""
    with served(workers, first) as (address, apps, nginx):
        class_ = (workers * each, 0, 0, SPEED, 0.0, seconds)  # nothing is asked of the clicks
        if quarter:
            with in_turns(apps, PLACES):
                row = asyncio.run(load.measure(address, apps + nginx, *class_))
        else:
            row = asyncio.run(load.measure(address, apps + nginx, *class_))
    return row, sum(row.cores[:workers]) / workers, sum(row.cores[workers:])


def main() -> None:
    given = table.arguments(
        __doc__,
        ("--seconds", 15, "of measuring, each row"),
        ("--each", 15, "players of a worker that has a quarter of a core"),
        ("--first-worker-port", 8601, "as of tools.serve"),
    )
    print(HEADER, flush=True)
    ones, times, kept = {}, {}, []
    for workers, quarter in ((1, True), (2, True), (4, True), (1, False), (2, False)):
        players = given.each if quarter else FULL * given.each
        row, app, nginx = measured(workers, quarter, players, given.seconds, given.first_worker_port)
        one = ones.setdefault(quarter, row.all)
        times[workers, quarter] = row.all / one
        void = "**void** " if row.others > load.OTHERS_PERCENT else ""
        print(
            f"| {workers} | {'a quarter' if quarter else 'all of it'} | {row.playing} | {row.p50:.2f} s "
            f"| {row.p95:.2f} s | {row.all:.0f} | {row.all / one:.2f} times | {app:.2f} | {nginx:.3f} "
            f"| {row.right} right, {row.wrong} wrong | {void}{row.others:.0f} % |",
            flush=True,
        )
        kept.append(vars(row) | {"workers": workers, "quarter": quarter, "times": row.all / one})
    print(
        "\nCalculated, not measured: four workers with a core each carry what one does "
        f"({ones[False]:.0f} snapshots a second) {times[4, True]:.2f} times: {times[4, True] * ones[False]:.0f}"
    )
    table.write(given.json, rows=kept)


if __name__ == "__main__":
    main()
