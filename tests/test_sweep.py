"""A sweep: the numbers of fresh runs, whoever computes them and whatever happens to those who do."""

import csv
import io
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import numpy as np
import psutil
import pytest

import scratchnet as sn
from scratchnet.cell import Result, read_table, run_cell, table_text, tables_of
from scratchnet.sweep import Failure, Sweep, diverged, medians, read_setting, rows, run
from scratchnet.worker_processes import WorkerProcesses
from tests.cell_workers import cell_workers, waited_for
from ui.sweeps import pool


@pytest.fixture(autouse=True, scope="module")
def no_worker_of_a_page_that_was_tried_before():
    pool.close()


@pytest.fixture(autouse=True)
def a_main_that_others_can_start_from(monkeypatch):
    """A page that was tried before is still the script of this process, and a process of a pool would run it again."""
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))


CHECKOUT = Path(__file__).parent.parent
SMALL = sn.Experiment(dataset="moons", samples=40, hidden=(3,), batch_size=5, validation_fraction=0.2)
GRID = Sweep(SMALL, {"learning_rate": [0.01, 0.3], "hidden": [[3], [2, 2]]}, [4, 7], epochs=3, history=True)


class AtOnce(Executor):
    """Computes in the thread that submits."""

    def __init__(self):
        self.is_shut = False

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        try:
            future.set_result(self.answer(fn, *args))
        except Exception as error:
            future.set_exception(error)
        return future

    def answer(self, fn, *texts):
        return fn(*texts)

    def shutdown(self, wait=True, *, cancel_futures=False):
        self.is_shut = True


class LastFirst(AtOnce):
    """Takes a few cells before it computes any, and the last of them first."""

    def __init__(self):
        super().__init__()
        self.held = []

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        self.held.append((future, fn, args))
        if len(self.held) == 4:
            while self.held:
                future_, fn_, args_ = self.held.pop()
                future_.set_result(fn_(*args_))
        return future


def written(outcomes):
    return [outcome.to_json() if isinstance(outcome, Result) else outcome for outcome in outcomes]


def one_by_one(sweep):
    return [run_cell(sweep.text(index)) for index in range(len(sweep.cells))]


def test_each_cell_has_the_numbers_of_a_fresh_run_of_its_experiment():
    outcomes = iter(run(GRID, AtOnce))
    for learning_rate in (0.01, 0.3):
        for hidden in ((3,), (2, 2)):
            for seed in (4, 7):
                fresh = sn.Experiment(
                    dataset="moons",
                    samples=40,
                    batch_size=5,
                    validation_fraction=0.2,
                    learning_rate=learning_rate,
                    hidden=hidden,
                    init_seed=seed,
                ).start()
                seen = [fresh.evaluate()]
                for _ in range(3):
                    for _ in range(4):  # 20 training points in mini-batches of 5
                        fresh.step()
                    seen.append(fresh.evaluate())
                got = next(outcomes)
                assert (got.update, got.epoch, got.diverged) == (12, 3, "")
                for name in ("train", "validation", "test"):
                    assert getattr(got, f"{name}_loss") == getattr(seen[-1], f"{name}_loss")
                    assert getattr(got, f"{name}_score") == getattr(seen[-1], f"{name}_score")
                losses = [each.validation_loss for each in seen]
                scores = [each.validation_score for each in seen]
                assert (got.best_loss, got.best_loss_epoch) == (min(losses), losses.index(min(losses)))
                assert (got.best_score, got.best_score_epoch) == (max(scores), scores.index(max(scores)))
                assert got.history.validation_loss.tolist() == losses
                assert got.history.train_loss.tolist() == [each.train_loss for each in seen]
                assert got.history.epoch.tolist() == [0, 1, 2, 3]
    assert next(outcomes, None) is None


def test_a_cell_may_end_in_the_middle_of_an_epoch_and_its_best_is_then_looked_for_there_too():
    experiment = sn.Experiment(dataset="moons", samples=40, batch_size=5, learning_rate=0.05)
    (got,) = run(Sweep(experiment, updates=6), AtOnce)
    fresh = experiment.start()
    seen = {0: fresh.evaluate().test_loss}
    for update in range(1, 7):
        fresh.step()
        seen[update] = fresh.evaluate().test_loss
    assert (got.update, got.epoch, got.test_loss, got.history) == (6, 1, seen[6], None)
    assert (got.best_loss, got.best_loss_epoch) == (seen[6], 1) and seen[6] < min(seen[0], seen[4])
    assert np.isnan(got.validation_loss) and np.isnan(got.validation_score)


SEVERAL = {  # executors that compute several cells at once
    "threads": lambda: ThreadPoolExecutor(3),
    "process pool": lambda: ProcessPoolExecutor(2, multiprocessing.get_context("spawn")),
    "worker processes": lambda: WorkerProcesses(2),
}


@pytest.mark.parametrize("executor", [LastFirst, *SEVERAL.values()], ids=["last first", *SEVERAL])
def test_who_computes_it_and_in_which_order_makes_no_difference_to_the_last_bit(executor):
    told = []
    outcomes = run(GRID, executor, lambda index, outcome: told.append((index, outcome)))
    assert written(outcomes) == one_by_one(GRID)
    assert sorted(index for index, _ in told) == list(range(8))
    assert all(outcomes[index] is outcome for index, outcome in told)


def test_a_large_table_goes_along_to_a_process_that_has_never_seen_it():
    generator = np.random.default_rng(5)
    x = generator.normal(size=(300, 3))
    own = sn.Points("own", x=x, y=(x[:, 0] > 0).astype(float), names=("a", "b", "c"), classes=("no", "yes"), target="t")
    assert not own.fits_a_link
    features = ("x1", "x2", "x3")
    base = sn.Experiment(dataset=own, features=features, hidden=(2,), output="sigmoid", loss="bce")
    (got,) = run(Sweep(base, updates=3), lambda: WorkerProcesses(1))
    fresh = base.start()
    fresh.advance(updates=3)
    assert got.test_loss == fresh.evaluate().test_loss


def own_table(rows=300, columns=3, name="own"):
    """Points that a link does not carry: with missing values, flags, parts, and numbers of many digits."""
    generator = np.random.default_rng(rows)
    x = generator.normal(size=(rows, columns))
    y = (x[:, 0] > 0).astype(float)
    x[3, 1], x[:, 2], x[4, 0] = np.nan, x[:, 2] > 0.1, -0.0
    return sn.Points(
        name,
        x=x,
        y=y,
        names=tuple(f"column {k} ä" for k in range(columns)),
        target="t",
        classes=("no", "yes"),
        kinds=("number", "number", "flag", *["number"] * (columns - 3)),
        parts=generator.integers(0, 3, size=rows),
        domain=((-9, 9),) * columns,
    )


def of_table(points):
    return sn.Experiment(dataset=points, features=("x1", "x2", "x3"), hidden=(2,), output="sigmoid", loss="bce")


def test_a_table_in_writing_reads_back_to_the_last_bit():
    generator = np.random.default_rng(8)
    numbers = sn.Points("n", x=generator.normal(size=(250, 1)) * 1e-9, y=generator.normal(size=250), names=("a",))
    for points in (own_table(), numbers):
        read = read_table(table_text(points))
        assert read == points and (read.parts is None) == (points.parts is None)
        for name in ("x", "y", "parts"):
            one, other = getattr(read, name), getattr(points, name)
            assert one is other or (one.dtype, one.tobytes()) == (other.dtype, other.tobytes())
        for name in ("name", "names", "target", "classes", "kinds", "domain"):
            assert getattr(read, name) == getattr(points, name)
        assert "\n" not in table_text(points)


@pytest.mark.parametrize("executor", [AtOnce, *SEVERAL.values()], ids=["at once", *SEVERAL])
def test_cells_of_a_large_table_are_those_of_fresh_runs_whoever_computes_them(executor):
    base = of_table(own_table())
    sweep = Sweep(base, {"learning_rate": [0.01, 0.3]}, [4, 7, 9], epochs=2, history=True)
    got = iter(run(sweep, executor))
    for rate in (0.01, 0.3):
        for seed in (4, 7, 9):
            fresh = base.replace(learning_rate=rate, init_seed=seed).start()
            fresh.advance(epochs=2)
            one = next(got)
            assert one.test_loss == fresh.evaluate().test_loss
            assert one.history.train_loss.tolist() == fresh.history.train_loss.tolist()


def test_a_table_is_written_once_for_a_sweep_and_all_cells_share_its_text(monkeypatch):
    base, seen, written_ = of_table(own_table()), [], []

    class Watched(AtOnce):
        def answer(self, fn, text, *tables):
            seen.append((len(text), tables))
            if len(seen) == 4:
                raise BrokenExecutor("gone")
            return fn(text, *tables)

    def counted(points):
        written_.append(points)
        return table_text(points)

    monkeypatch.setattr("scratchnet.sweep.table_text", counted)
    sweep = Sweep(base, seeds=list(range(8)), updates=1)
    assert not any(isinstance(one, Failure) for one in run(sweep, Watched))
    assert written_ == [base.dataset]  # and no second time for the next executor
    assert len({id(tables[0]) for _, tables in seen}) == 1 and max(length for length, _ in seen) < 2000


def test_a_worker_process_is_told_a_table_once_and_anew_only_after_a_cell_of_another(monkeypatch):
    told = []

    class Watched(subprocess.Popen):
        def __init__(self, *args, **settings):
            super().__init__(*args, **settings)
            inner, self.stdin = self.stdin, self
            self.write, self.flush, self.close = inner.write, inner.flush, inner.close

        def writelines(self, parts):
            told.append(parts[2][:64])
            for part in parts:
                self.write(part)

    monkeypatch.setattr("scratchnet.worker_processes.subprocess.Popen", Watched)
    one, other, none = of_table(own_table()), of_table(own_table(301)), SMALL
    workers = WorkerProcesses(1)
    try:
        for experiment in (one, one.replace(init_seed=5), other, one, one.replace(l2=0.1), none, one):
            sweep = Sweep(experiment, updates=3)
            tables = [table_text(points) for points in tables_of(experiment)]
            got = workers.submit(run_cell, sweep.text(0), *tables).result()
            fresh = experiment.start()
            fresh.advance(updates=3)
            assert Result.from_json(got).test_loss == fresh.evaluate().test_loss
    finally:
        workers.shutdown()
    first, second = one.dataset.digest, other.dataset.digest
    assert told == ["", first, "", second, "", first, "", "", first]


def test_to_hand_out_a_large_table_takes_a_moment_and_is_held_in_memory_once():
    generator = np.random.default_rng(1)
    x = generator.normal(size=(20_000, 50))
    names = tuple(f"c{k}" for k in range(50))
    base = of_table(sn.Points("large", x=x, y=(x[:, 0] > 0).astype(float), names=names, classes=("no", "yes")))
    sweep = Sweep(base.replace(batch_size=10**6), seeds=list(range(6)), updates=1)

    held = []

    class Keeps(AtOnce):  # holds what it is given, as an executor with many cells in flight
        def submit(self, fn, /, *args, **kwargs):
            held.append(args)
            future = Future()
            future.set_result(Result(0, 0, *[0.0] * 6, 0.0, 0, 0.0, 0, "").to_json())
            return future

    tracemalloc.start()
    run(sweep, Keeps)
    largest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(held) == 6 and largest < 45e6  # bytes, their letters, and the text that they become
    began = time.thread_time()  # what others have to wait for, however busy the machine is
    run(sweep, Keeps)
    assert time.thread_time() - began < 0.25  # a table as decimals takes 0.9 s, and six times as much for six cells


def test_a_diverged_cell_says_why_and_a_median_counts_it_as_worse_than_any_number():
    sweep = Sweep(SMALL, {"learning_rate": [0.01, 1e9]}, [1, 2, 3], epochs=1)
    outcomes = run(sweep, AtOnce)
    assert [bool(outcome.diverged) for outcome in outcomes] == [False] * 3 + [True] * 3
    assert "larger than 1e8" in outcomes[3].diverged and outcomes[3].update == 0
    assert diverged(sweep, outcomes).tolist() == [0, 3]
    by_hand = sorted(outcome.test_loss for outcome in outcomes[:3])[1]
    assert medians(sweep, outcomes, "test_loss").tolist() == [by_hand, np.inf]
    assert medians(sweep, outcomes, "best_score").tolist()[1] == -np.inf
    # Two of four diverged: the median lies between a number and something worse than any.
    mixed = Sweep(SMALL, {"l2": [0.0]}, [1, 2, 3, 4], epochs=1)
    assert medians(mixed, [*outcomes[:2], *outcomes[3:5]], "test_loss").tolist() == [np.inf]
    assert medians(mixed, [*outcomes[:3], outcomes[3]], "test_loss")[0] == np.mean(
        sorted(o.test_loss for o in outcomes[:3])[1:]
    )
    assert medians(mixed, [outcomes[0], outcomes[1], None, Failure("lost")], "test_loss")[0] == np.mean(
        [outcomes[0].test_loss, outcomes[1].test_loss]
    )
    assert np.isnan(medians(mixed, [None] * 4, "test_loss")).all()


def test_the_axes_of_the_medians_are_the_settings_in_their_order():
    sweep = Sweep(SMALL, {"learning_rate": [0.01, 0.1, 0.3], "l2": [0.0, 0.1]}, [0], epochs=1)
    outcomes = run(sweep, AtOnce)
    table = medians(sweep, outcomes, "train_loss")
    for i, rate in enumerate((0.01, 0.1, 0.3)):
        for j, l2 in enumerate((0.0, 0.1)):
            fresh = SMALL.replace(learning_rate=rate, l2=l2, init_seed=0).start()
            fresh.advance(epochs=1)
            assert table[i, j] == fresh.evaluate().train_loss


# What happens to those who compute

LONGER = Sweep(SMALL, {"learning_rate": [0.01, 0.02, 0.03, 0.04]}, [0, 1], epochs=400)


def test_a_worker_process_that_is_killed_costs_no_cell_and_no_other_worker():
    made, killed = [], []

    def executor():
        made.append(WorkerProcesses(2))
        return made[-1]

    def on_done(index, outcome):
        if not killed:
            killed.append(made[0].pids[0])
            os.kill(killed[0], signal.SIGKILL)

    outcomes = run(LONGER, executor, on_done)
    assert killed and len(made) == 1
    assert written(outcomes) == one_by_one(LONGER)
    assert made[0].pids == ()


def test_a_pool_that_breaks_because_one_of_its_processes_is_killed_is_replaced():
    made = []

    def executor():
        made.append(ProcessPoolExecutor(2, multiprocessing.get_context("spawn")))
        return made[-1]

    def on_done(index, outcome):
        if len(made) == 1:
            os.kill(next(iter(made[0]._processes)), signal.SIGKILL)

    outcomes = run(LONGER, executor, on_done)
    assert len(made) == 2
    assert written(outcomes) == one_by_one(LONGER)


class BreaksAt(AtOnce):
    """Breaks with all that it holds where one certain cell is among it, as a pool whose process is killed."""

    def __init__(self, text):
        super().__init__()
        self.text, self.held = text, []
        self.thread = threading.Timer(0.1, self.compute)  # all that may be together is there by then
        self.thread.start()

    def submit(self, fn, /, *args, **kwargs):
        if not self.thread.is_alive():
            raise BrokenExecutor("it has ended")
        self.held.append((Future(), fn, args))
        return self.held[-1][0]

    def compute(self):
        for future, fn, args in self.held:
            if any(self.text in others for _, _, others in self.held):
                future.set_exception(BrokenExecutor("a process was killed"))
            else:
                future.set_result(fn(*args))


def test_a_cell_that_kills_whoever_computes_it_is_named_and_takes_no_other_along():
    sweep = Sweep(SMALL, {"learning_rate": [0.01, 0.02, 0.03, 0.04, 0.05]}, epochs=1)
    outcomes = run(sweep, lambda: BreaksAt(sweep.text(2)))
    assert outcomes[2] == Failure("Tried 3 times: BrokenExecutor: a process was killed.")
    others = [0, 1, 3, 4]
    assert [written(outcomes)[index] for index in others] == [one_by_one(sweep)[index] for index in others]


def test_a_cell_that_a_broken_executor_never_answers_is_computed_by_the_next():
    made = []

    class Silent(AtOnce):
        def submit(self, fn, /, *args, **kwargs):
            if len(made) > 1:
                return super().submit(fn, *args)
            future = Future()
            if args == (GRID.text(3),):
                future.set_exception(BrokenExecutor("gone"))
            return future

    def executor():
        made.append(Silent())
        return made[-1]

    assert written(run(GRID, executor)) == one_by_one(GRID)
    assert len(made) == 2


def test_a_cell_for_which_memory_is_too_small_is_tried_three_times_and_named():
    sweep = Sweep(SMALL, {"learning_rate": [0.01, 0.02, 0.03]}, epochs=1)
    tried = []

    class Small(AtOnce):
        def answer(self, fn, text):
            tried.append(text)
            if text == sweep.text(1) or (text == sweep.text(2) and tried.count(text) < 3):
                raise MemoryError
            return fn(text)

    outcomes = run(sweep, Small)
    assert outcomes[1] == Failure("Tried 3 times: the memory was too small.")
    assert [tried.count(sweep.text(index)) for index in range(3)] == [1, 3, 3]
    assert [written(outcomes)[index] for index in (0, 2)] == [one_by_one(sweep)[index] for index in (0, 2)]


def test_where_nobody_can_be_had_any_more_what_is_finished_is_kept_and_the_rest_is_named():
    made = []

    class Ends(AtOnce):
        def submit(self, fn, /, *args, **kwargs):
            if made.count("cell") == 2:
                raise BrokenExecutor("gone")
            made.append("cell")
            return super().submit(fn, *args)

    def executor():
        if made:
            raise OSError("the scheduler does not answer")
        return Ends()

    outcomes = run(GRID, executor)
    assert written(outcomes)[:2] == one_by_one(GRID)[:2]
    assert set(outcomes[2:]) == {Failure("Not computed: OSError: the scheduler does not answer.")}


def test_executors_that_never_finish_a_cell_are_given_up():
    made = []

    class Useless(AtOnce):
        def submit(self, fn, /, *args, **kwargs):
            raise BrokenExecutor("no process could be started")

    def executor():
        made.append(Useless())
        return made[-1]

    outcomes = run(GRID, executor)
    assert len(made) == 5 and all(one.is_shut for one in made)
    assert len(set(outcomes)) == 1 and "no process could be started" in outcomes[0].reason


def test_cancel_ends_the_processes_in_the_middle_of_their_cells_and_keeps_what_is_done():
    endless = Sweep(SMALL, {"learning_rate": [0.01, 0.02]}, epochs=10**9)
    began, made = time.monotonic(), []

    def is_cancelled():
        return bool(cell_workers()) and time.monotonic() > began + 0.5

    def executor():
        made.append(WorkerProcesses(2))
        return made[-1]

    assert run(endless, executor, is_cancelled=is_cancelled) == (None, None)
    waited_for(lambda: made[0].pids == () and not cell_workers())

    done = []
    outcomes = run(LONGER, executor, lambda index, _: done.append(index), lambda: len(done) >= 3)
    assert {index for index, outcome in enumerate(outcomes) if outcome is not None} == set(done)
    assert 3 <= len(done) < 8
    assert all(written(outcomes)[index] == one_by_one(LONGER)[index] for index in done)
    waited_for(lambda: not cell_workers())


def test_workers_end_by_themselves_in_the_middle_of_a_cell_when_who_started_them_is_killed():
    code = (
        "import scratchnet as sn, time; from scratchnet.sweep import *; from scratchnet.cell import run_cell;"
        "from scratchnet.worker_processes import WorkerProcesses;"
        "s = Sweep(sn.Experiment(), epochs=10**9); w = WorkerProcesses(1); w.submit(run_cell, s.text(0));"
        "time.sleep(0.5); print(w.pids[0], flush=True); time.sleep(60)"
    )
    program = subprocess.Popen([sys.executable, "-c", code], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    with program:
        pid = int(program.stdout.readline())
        assert psutil.pid_exists(pid)
        program.kill()
    waited_for(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)


def test_an_executor_has_at_most_64_cells_at_once():
    at_once, held = [], []

    class Slow(AtOnce):  # answers when nothing comes any more
        def submit(self, fn, /, *args, **kwargs):
            future = Future()
            held.append((future, fn, args))
            at_once.append(len(held))
            if len(at_once) in (64, 128, 150):
                threading.Timer(0.2, answer).start()
            return future

    def answer():
        while held:
            future, fn, args = held.pop()
            future.set_result(fn(*args))

    sweep = Sweep(sn.Experiment(dataset="and_gate", hidden=()), seeds=list(range(150)), updates=1)
    assert None not in run(sweep, Slow)
    assert max(at_once) == 64


def test_a_worker_that_computes_when_no_more_will_come_ends_after_its_cell():
    workers = WorkerProcesses(1)
    future = workers.submit(run_cell, Sweep(SMALL, epochs=2000).text(0))
    waited_for(lambda: workers.pids != ())
    workers.shutdown(wait=False)
    assert Result.from_json(future.result(30)).epoch == 2000
    waited_for(lambda: workers.pids == ())


def test_a_process_that_is_being_started_when_all_are_ended_at_once_is_ended_too(monkeypatch):
    workers, made = WorkerProcesses(1), []

    class Slow(subprocess.Popen):
        def __init__(self, *args, **settings):
            super().__init__(*args, **settings)
            made.append(self)
            workers.shutdown(wait=False, cancel_futures=True)

    monkeypatch.setattr("scratchnet.worker_processes.subprocess.Popen", Slow)
    future = workers.submit(run_cell, Sweep(SMALL, epochs=10**9).text(0))
    try:
        with pytest.raises(CancelledError):
            future.result(10)
    finally:
        made[0].kill()
    assert made[0].wait(10) == -signal.SIGKILL and workers.pids == ()


def test_workers_leave_the_processor_to_whoever_else_needs_it():
    workers = WorkerProcesses(1)
    workers.submit(run_cell, Sweep(SMALL, epochs=1).text(0)).result()
    try:
        assert [one.nice() for one in cell_workers()] == [min(psutil.Process().nice() + 10, 19)]
    finally:
        workers.shutdown()
    assert workers.pids == ()


def test_a_worker_knows_scratchnet_and_numpy_and_nothing_of_the_program_that_started_it():
    code = "import sys, scratchnet.worker_processes; print(*{name.split('.')[0] for name in sys.modules})"
    said = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    loaded = set(said.stdout.split()) - sys.stdlib_module_names
    assert loaded & {"streamlit", "pandas", "plotly", "ui", "pytest", "distributed"} == set()
    assert {"numpy", "scratchnet"} <= loaded
    with pytest.raises(ValueError, match="computes run_cell"):
        WorkerProcesses(1).submit(print, "x")


# What is refused


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"over": {"learning_rate": [0.01, -1]}, "epochs": 1}, "learning_rate: expected a finite number above 0"),
        ({"over": {"activation": ["tan"]}, "epochs": 1}, "activation: expected a known name, got 'tan'"),
        ({"over": {"rate": [1]}, "epochs": 1}, "'rate': expected a field of an Experiment"),
        ({"over": {"rate.x": [1]}, "epochs": 1}, "such as optimizer.momentum, got 'rate.x'"),
        ({"over": {"optimizer.speed": [1]}, "epochs": 1}, "expected settings of adam, got 'speed'"),
        ({"over": {"events": [[]]}, "epochs": 1}, "got events"),
        ({"over": {"init_seed": [1, 2]}, "seeds": [0], "epochs": 1}, "what the seeds are of"),
        ({"over": {"l2": []}, "epochs": 1}, "at least one value"),
        ({"over": {"l2": [1, 1.0]}, "epochs": 1}, "got one twice"),
        ({"over": dict.fromkeys(("l1", "l2", "noise", "samples"), (1,)), "epochs": 1}, "at most 3 settings, got 4"),
        ({"over": {"samples": range(40)}, "epochs": 1}, "over 'samples': expected a list"),
        ({"seeds": [0, 0], "epochs": 1}, "got one twice"),
        ({"seeds": [-1], "epochs": 1}, "init_seed: expected a whole number from 0"),
        ({"seeds": [1], "seed_of": "seed", "epochs": 1}, "seed_of: expected a known name"),
        ({"over": {"l1": list(range(500)), "l2": list(range(500))}, "epochs": 1}, "at most 100,000 cells"),
        ({}, "one of the two"),
        ({"epochs": 1, "updates": 1}, "one of the two"),
        ({"epochs": 0}, "epochs: expected a whole number from 1"),
        ({"updates": 1.5}, "updates: expected a whole number from 1"),
    ],
)
def test_a_sweep_that_cannot_be_is_refused_in_one_sentence(settings, told):
    with pytest.raises(ValueError) as refused:
        Sweep(SMALL, **settings)
    assert told in str(refused.value) and "\n" not in str(refused.value)


def test_a_setting_that_the_experiment_itself_changes_on_the_way_cannot_be_swept():
    changing = SMALL.with_event(8, learning_rate=0.5)
    with pytest.raises(ValueError, match="changes it at update 8"):
        Sweep(changing, {"learning_rate": [0.01]}, epochs=3)
    (got,) = run(Sweep(changing, {"l2": [0.1]}, epochs=3), AtOnce)  # other events are part of what is swept
    fresh = changing.replace(l2=0.1).start()
    fresh.advance(epochs=3)
    assert got.test_loss == fresh.evaluate().test_loss


def test_where_each_layer_has_its_own_activation_more_layers_take_the_last():
    base = SMALL.replace(hidden=(3, 2), activation=("tanh", "relu"))
    sweep = Sweep(base, {"hidden": [(), (4,), (5, 3), (4, 4, 4, 4)]}, epochs=1)
    assert [(cell.experiment.hidden, cell.experiment.activations) for cell in sweep.cells] == [
        ((), ()),
        ((4,), ("tanh",)),
        ((5, 3), ("tanh", "relu")),
        ((4, 4, 4, 4), ("tanh", "relu", "relu", "relu")),
    ]
    both = Sweep(base, {"hidden": [(4,), (4, 4)], "activation": ["elu"]}, epochs=1)
    assert [cell.experiment.activation for cell in both.cells] == ["elu", "elu"]
    with pytest.raises(ValueError, match=r"^hidden: expected a list"):
        Sweep(base, {"hidden": [3]}, epochs=1)


def test_settings_of_an_optimizer_are_set_after_it_is_chosen():
    sweep = Sweep(SMALL, {"optimizer.momentum": [0, 0.9], "optimizer": ["sgd", "rmsprop"]}, epochs=1)
    assert [
        (cell.experiment.optimizer, dict(cell.experiment.optimizer_settings), cell.values) for cell in sweep.cells
    ] == [
        ("sgd", {"momentum": 0.0}, (0.0, "sgd")),
        ("rmsprop", {"momentum": 0.0}, (0.0, "rmsprop")),
        ("sgd", {"momentum": 0.9}, (0.9, "sgd")),
        ("rmsprop", {"momentum": 0.9}, (0.9, "rmsprop")),
    ]


def test_values_are_read_as_a_link_has_them():
    read = {
        ("learning_rate", "1e-3"): 0.001,
        ("hidden", "8-4"): (8, 4),
        ("hidden", "none"): (),
        ("activation", "relu-tanh"): ("relu", "tanh"),
        ("batch_size", "20"): 20,
        ("shuffle", "false"): False,
        ("clip_norm", "none"): None,
        ("clip_norm", "1.5"): 1.5,
        ("optimizer.nesterov", "true"): True,
        ("optimizer.betas", "0.9-0.99"): (0.9, 0.99),
    }
    assert {key: read_setting(SMALL, *key) for key in read} == read


# The command line


def command(*arguments):
    return [sys.executable, "-m", "scratchnet.sweep", *map(str, arguments)]


@pytest.fixture
def experiment_file(tmp_path):
    path = tmp_path / "experiment.json"
    path.write_text(SMALL.to_json(), "utf-8")
    return path


def test_the_command_line_writes_the_table_that_the_sweep_gives(experiment_file, tmp_path):
    out = tmp_path / "results.csv"
    arguments = command(experiment_file, "--over", "learning_rate=0.01,0.3", "--over", "hidden=3,2-2", "--seeds", "2")
    arguments += ["--epochs", "3", "--workers", "2"]
    said = subprocess.run(arguments, cwd=CHECKOUT, capture_output=True, text=True)
    assert (said.returncode, "8 of 8 cells" in said.stderr) == (0, True)
    sweep = Sweep(SMALL, {"learning_rate": [0.01, 0.3], "hidden": [(3,), (2, 2)]}, [0, 1], epochs=3)
    table = list(csv.DictReader(io.StringIO(said.stdout)))
    assert [(row["learning_rate"], row["hidden"], row["init_seed"]) for row in table] == [
        (rate, hidden, seed) for rate in ("0.01", "0.3") for hidden in ("3", "2-2") for seed in ("0", "1")
    ]
    for row, text in zip(table, one_by_one(sweep), strict=True):
        for name, value in json.loads(text).items():
            assert name in ("history", "diverged") or float(row[name]) == value
        assert row["diverged"] == row["failed"] == ""
    filed = subprocess.run([*arguments, "--out", str(out)], cwd=CHECKOUT, capture_output=True, text=True)
    assert (filed.stdout, out.read_text("utf-8")) == ("", said.stdout)
    assert sorted(tmp_path.iterdir()) == sorted([experiment_file, out])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--over", "learning_rate=0.01,x"], "learning_rate: expected a finite number above 0, got 'x'"),
        (["--over", "learning_rate"], "expected each setting once"),
        (["--over", "l2=0,1", "--over", "l2=2"], "expected each setting once"),
        (["--seeds", "many"], "--seeds: expected a whole number from 1"),
        (["--epochs", "0"], "--epochs: expected a whole number from 1"),
        (["--epochs", "1", "--updates", "1"], "leave one out"),
        (["--workers", "0"], "--workers: expected a whole number"),
        (["--ever", "l2=1"], "unrecognized arguments: --ever"),
        (["--out", "/nowhere/at/all.csv"], "/nowhere/at"),
    ],
)
def test_wrong_arguments_are_answered_by_one_sentence_and_code_2(experiment_file, capsys, arguments, told):
    from scratchnet.sweep_command import main

    try:
        code = main([str(experiment_file), *arguments])
    except SystemExit as end:
        code = end.code
    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert told in said.err and said.err.count("\n") == 1


@pytest.mark.parametrize("content", ["{", '{"learning_rate": -1}', None])
def test_a_file_that_is_no_experiment_is_answered_by_one_sentence(tmp_path, capsys, content):
    from scratchnet.sweep_command import main

    path = tmp_path / "experiment.json"
    if content is not None:
        path.write_text(content, "utf-8")
    assert main([str(path)]) == 2
    said = capsys.readouterr()
    assert said.err.count("\n") == 1 and "expected" in said.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_keeps_what_is_done_and_leaves_no_worker_behind(experiment_file, tmp_path, number):
    out = tmp_path / "results.csv"
    arguments = command(experiment_file, "--over", "learning_rate=0.01,0.02,0.03,0.04,0.05,0.06", "--seeds", "5")
    arguments += ["--epochs", "2000", "--workers", "1", "--out", str(out)]
    program = subprocess.Popen(arguments, cwd=CHECKOUT, stderr=subprocess.PIPE, text=True, bufsize=1)
    with program:
        said = ""
        while " 1 of 30 cells" not in said:
            said += program.stderr.read(1)
        (worker,) = cell_workers(program.pid)
        program.send_signal(number)
        said += program.stderr.read()
    assert program.returncode == 130
    assert not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE
    table = list(csv.DictReader(io.StringIO(out.read_text("utf-8"))))
    assert 1 <= len(table) < 30 and f"Interrupted: {len(table)} of 30 cells are done" in said
    fresh = SMALL.replace(learning_rate=0.01, init_seed=0).start()
    fresh.advance(epochs=2000)
    assert float(table[0]["test_loss"]) == fresh.evaluate().test_loss
    assert "Traceback" not in said


def test_a_table_has_a_row_for_each_cell_with_an_outcome_and_empty_cells_for_what_is_no_number():
    sweep = Sweep(sn.Experiment(samples=40, hidden=(2,)), {"clip_norm": [None, 1.0]}, [3, 4], epochs=1)
    outcomes = run(sweep, AtOnce)
    names, table = rows(sweep, [outcomes[0], None, Failure("Not computed: gone."), outcomes[3]])
    assert names[:3] == ("clip_norm", "init_seed", "update") and names[-2:] == ("diverged", "failed")
    assert [row[:2] for row in table] == [("none", 3), ("1.0", 3), ("1.0", 4)]
    assert [row[-1] for row in table] == ["", "Not computed: gone.", ""]
    assert table[0][names.index("validation_loss")] == "" and set(table[1][2:-1]) == {""}
    assert table[2][names.index("test_loss")] == outcomes[3].test_loss
