"""Sweep command: the command line of sweep.py, which alone here speaks to a person."""

from __future__ import annotations

import argparse
import csv
import os
import pkgutil
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import IO, Any, NoReturn

from .cell import Result
from .experiment import Experiment
from .sweep import SEEDS_OF, Failure, Sweep, read_setting, rows, run
from .values import shown, whole
from .worker_processes import WorkerProcesses

SCHEDULER = "SCRATCHNET_SCHEDULER"
# Who knows a cluster. A name and no import: without one nothing outside of this package is needed.
CLUSTER = "ui.sweeps.cluster:executor_of"
MOST_WORKERS = 1000
INTERRUPTED = 130  # as a shell says it
BAR = 30  # characters

ABOUT = """\
Train one experiment over a grid of settings and seeds, and write a table (CSV) with a row for each cell:
loss and score of each part of the data at the end, the best of the way, and whether it diverged.

  python -m scratchnet.sweep experiment.json --over learning_rate=0.003,0.01,0.03 --seeds 10
  python -m scratchnet.sweep experiment.json --over hidden=8,8-8,16 --over activation=tanh,relu --epochs 200 --out t.csv

experiment.json is what the page Sweep gives under "All its settings", or Experiment.to_json() of scratchnet. Ctrl-C
ends it and keeps what is done. Numbers do not depend on who computes them: on one kind of machine they are the same to
the last bit."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{message.rstrip('.')}; --help tells how.\n")


def parser() -> argparse.ArgumentParser:
    made = _Parser(
        prog="python -m scratchnet.sweep", description=ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("experiment", help="a file with an Experiment as JSON")
    made.add_argument(
        "--over",
        action="append",
        default=[],
        metavar="SETTING=VALUE,VALUE,...",
        help="up to three times; values as in a link (0.03, relu, 8-8 for two layers, none), also optimizer.momentum",
    )
    made.add_argument("--seeds", metavar="N", help="so many seeds, 0 to N - 1, for each combination")
    made.add_argument("--seed-of", default=SEEDS_OF[0], metavar="WHICH", help=f"of what: {', '.join(SEEDS_OF)}")
    made.add_argument("--epochs", metavar="N", help="train each cell for so many epochs (100 where nothing is said)")
    made.add_argument("--updates", metavar="N", help="train each cell for so many updates instead")
    made.add_argument("--workers", metavar="N", help="processes of this machine (as many as it has processors)")
    made.add_argument(
        "--scheduler",
        metavar="tcp://HOST:PORT",
        help=f"compute on this Dask cluster instead of processes of this machine (or {SCHEDULER} in the environment); "
        "needs what requirements-cluster.txt lists",
    )
    made.add_argument("--out", metavar="FILE", help="write the table there instead of on standard output")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """0: every cell has its row; 1: some have none, and the table says why; 2: wrong arguments; 130: Ctrl-C."""
    said = parser().parse_args(arguments)
    try:
        sweep = _sweep(said)
        executor = _executor(said)
        out = Path(said.out) if said.out else None
        part = None if out is None else out.with_name(f"{out.name}.part").open("w", newline="", encoding="utf-8")
    except (ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    outcomes: list[Result | Failure | None] = [None] * len(sweep.cells)
    done = 0

    def on_done(index: int, outcome: Result | Failure) -> None:
        nonlocal done
        outcomes[index], done = outcome, done + 1
        _draw(done, len(outcomes))

    code = 0
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        _draw(0, len(outcomes))
        run(sweep, executor, on_done)
    except KeyboardInterrupt:
        code = INTERRUPTED
    finally:
        signal.signal(signal.SIGTERM, before)
        sys.stderr.write("\n")
    _write(sweep, outcomes, part or sys.stdout)
    if part is not None and out is not None:
        part.close()
        os.replace(part.name, out)
    if code == INTERRUPTED:
        sys.stderr.write(f"Interrupted: {done} of {len(outcomes)} cells are done and kept.\n")
        return code
    reasons = [outcome.reason for outcome in outcomes if isinstance(outcome, Failure)]
    for reason in dict.fromkeys(reasons):
        sys.stderr.write(f"{reasons.count(reason)} of {len(outcomes)} cells have no result: {reason}\n")
    return 1 if reasons else code


def _sweep(said: argparse.Namespace) -> Sweep:
    try:
        text = Path(said.experiment).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{said.experiment}: expected a file with an Experiment as JSON, got {error}.") from None
    base = Experiment.from_json(text)
    over: dict[str, list[Any]] = {}
    for each in said.over:
        name, equals, values = each.partition("=")
        if not equals or name in over:
            raise ValueError(f"--over: expected each setting once, as learning_rate=0.01,0.03, got {shown(each)}.")
        over[name] = [read_setting(base, name, value.strip()) for value in values.split(",")]
    seeds = range(_number(said.seeds, "--seeds", 10_000)) if said.seeds else ()
    if said.epochs and said.updates:
        raise ValueError("--epochs and --updates: expected one of the two, got both; leave one out.")
    updates = _number(said.updates, "--updates", 10**12) if said.updates else None
    epochs = None if updates else _number(said.epochs or "100", "--epochs", 10**12)
    return Sweep(base, over, tuple(seeds), said.seed_of, epochs, updates)


def _executor(said: argparse.Namespace) -> Callable[[], Executor]:
    address = said.scheduler or os.environ.get(SCHEDULER, "").strip()
    if address:
        try:
            of_cluster: Callable[[str], Callable[[], Executor]] = pkgutil.resolve_name(CLUSTER)
        except ImportError as error:
            raise ValueError(f"A cluster needs what requirements-cluster.txt lists; got {error}.") from None
        return of_cluster(address)
    workers = _number(said.workers, "--workers", MOST_WORKERS) if said.workers else os.cpu_count() or 1
    return lambda: WorkerProcesses(workers)


def _number(text: str, name: str, most: int) -> int:
    return whole(name, int(text) if text.isascii() and text.isdigit() else text, 1, most)


def _interrupt(number: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _draw(done: int, count: int) -> None:
    filled = BAR * done // count
    sys.stderr.write(f"\r[{'#' * filled}{'.' * (BAR - filled)}] {done} of {count} cells")
    sys.stderr.flush()


def _write(sweep: Sweep, outcomes: Sequence[Result | Failure | None], file: IO[str]) -> None:
    names, table = rows(sweep, outcomes)
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(table)
    file.flush()
