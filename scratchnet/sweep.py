"""Sweep: one Experiment over a grid of settings and seeds, computed by whoever is given, with the same result by all.

`python -m scratchnet.sweep --help` tells of its command line.
"""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from .cell import Result, cell_text, checked_end, run_cell, table_text, tables_of
from .experiment import MAX_SEED, Experiment
from .links import read_value, write_value
from .settings import WITH_SETTINGS, Settings, setting_defaults
from .values import listed, one_of, shown, whole

SEEDS_OF = ("init_seed", "order_seed", "data_seed")
MOST_SETTINGS = 3
MOST_CELLS = 100_000
LOSSES_OF = ("test_loss", "validation_loss", "train_loss", "best_loss")
SCORES_OF = ("test_score", "validation_score", "train_score", "best_score")

IN_FLIGHT = 64  # cells that an executor has at once: enough for a cluster, and their results take little memory
TRIES = 3  # of a cell; the last one alone, so that what ends its worker takes no other cell along
LOOK_SECONDS = 0.1  # between two looks at whether it is cancelled
FRUITLESS = 5  # executors in a row that finish no cell


@dataclass(frozen=True)
class Cell:
    """values: one for each setting of the grid, in its order; seed: None where the base's own is used."""

    values: tuple[Any, ...]
    seed: int | None
    experiment: Experiment


@dataclass(frozen=True)
class Failure:
    """A cell without a result, and why."""

    reason: str


class TookTooLong(Exception):
    """What an executor raises of a cell that it has ended. It says why, and what to do, without a capital or a stop."""


@dataclass(frozen=True)
class Sweep:
    """Every combination of the values in `over`, each with every seed. ValueError with one sentence for a bad one.

    base: what all cells have in common, its events too.
    over: setting -> its values, at most three settings. A setting is a field of Experiment, or one of the optimizer's
        or the schedule's own, as "optimizer.momentum".
    seeds: of `seed_of`, "init_seed", "order_seed" or "data_seed"; none: the base's own alone.
    epochs, updates: one of the two, where each cell ends.
    history: whether results have their rows.
    cells: of the settings the last varies fastest, of all the seed.
    """

    base: Experiment
    over: Mapping[str, Sequence[Any]] = Settings()
    seeds: Sequence[int] = ()
    seed_of: str = "init_seed"
    epochs: int | None = None
    updates: int | None = None
    history: bool = False
    cells: tuple[Cell, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        checked_end(self.epochs, self.updates)
        one_of("seed_of", self.seed_of, dict.fromkeys(SEEDS_OF))
        seeds = tuple(whole(self.seed_of, seed, 0, MAX_SEED) for seed in listed("seeds", self.seeds, "[0, 1, 2]"))
        if len(self.over) > MOST_SETTINGS:
            raise ValueError(f"over: expected at most {MOST_SETTINGS} settings, got {len(self.over)}; leave some out.")
        over = {name: self._checked(name, values, bool(seeds)) for name, values in self.over.items()}
        if math.prod(map(len, over.values())) * max(len(seeds), 1) > MOST_CELLS:
            raise ValueError(f"over: expected at most {MOST_CELLS:,} cells, got more; choose fewer values or seeds.")
        cells = []
        for values in itertools.product(*over.values()):
            experiment = _with(self.base, dict(zip(over, values, strict=True)))
            own = tuple(_setting(experiment, name) for name in over)
            for seed in seeds or (None,):
                one = experiment if seed is None else experiment.replace(**{self.seed_of: seed})
                cells.append(Cell(own, seed, one))
        if len({cell.experiment for cell in cells}) < len(cells):
            raise ValueError("Expected values and seeds that differ, got one twice; leave one out.")
        # As an Experiment has them: a list as a tuple, 1 as 1.0.
        kept = {name: tuple(dict.fromkeys(cell.values[i] for cell in cells)) for i, name in enumerate(over)}
        for name, value in (("seeds", seeds), ("over", Settings(kept)), ("cells", tuple(cells))):
            object.__setattr__(self, name, value)

    def _checked(self, name: str, values: object, has_seeds: bool) -> tuple[Any, ...]:
        if name == "events" or (has_seeds and name == self.seed_of):
            words = "it is what the seeds are of" if name != "events" else "it is no single setting"
            raise ValueError(f"over: expected settings of an Experiment, got {name}, and {words}; choose another.")
        at = next((update for update, changes in self.base.events if name.split(".")[0] in changes), None)
        if at is not None:
            raise ValueError(f"over {name}: the experiment itself changes it at update {at:,}; leave its events out.")
        checked = listed(f"over {shown(name)}", values, "[0.01, 0.03]")
        if not checked:
            raise ValueError(f"over {shown(name)}: expected at least one value, got none; give one.")
        return checked

    def text(self, index: int) -> str:
        """The cell of this number, for `run_cell`; its large tables are texts of their own."""
        return cell_text(self.cells[index].experiment, self.epochs, self.updates, self.history)


def read_setting(base: Experiment, name: str, text: str) -> Any:
    """The value of a setting that a text stands for, written as in a link: 0.03, relu, 8-8, true, none.

    Text that stands for none comes back as it is: the Experiment refuses and shows it.
    """
    kind, dot, setting = name.partition(".")
    if not dot:
        return read_value(name, text, getattr(base, name, ""))
    known = [setting_defaults(owner) for owner in WITH_SETTINGS.get(kind, {}).values()]
    return read_value(name, text, next((defaults[setting] for defaults in known if setting in defaults), None))


def value_of(result: Result, measure: str) -> float:
    """A number of a result as it counts beside others: of one that diverged, worse than any; nan where undefined."""
    if result.diverged:
        return math.inf if measure in LOSSES_OF else -math.inf
    return float(getattr(result, measure))


def medians(sweep: Sweep, outcomes: Sequence[Result | Failure | None], measure: str) -> np.ndarray:
    """The median over seeds of a measure (a number of `Result`), in an array with an axis for each setting.

    A diverged cell counts as worse than any number, so where half of them diverged, it is inf (a score: -inf). A cell
    without a result, or whose number is not defined, does not count; nan where none is left.
    """
    worst = math.inf if measure in LOSSES_OF else -math.inf
    values = [value_of(outcome, measure) if isinstance(outcome, Result) else math.nan for outcome in outcomes]
    rows = np.array(values).reshape(-1, max(len(sweep.seeds), 1))
    return np.array([_median(row[~np.isnan(row)].tolist(), worst) for row in rows]).reshape(
        [len(values) for values in sweep.over.values()]
    )


def counted(sweep: Sweep, outcomes: Sequence[Result | Failure | None], measure: str) -> np.ndarray:
    """How many of the seeds have a number that a median counts, in an array as that of `medians`."""
    has = [isinstance(outcome, Result) and not math.isnan(value_of(outcome, measure)) for outcome in outcomes]
    shape = [len(values) for values in sweep.over.values()]
    return np.array(has).reshape([*shape, max(len(sweep.seeds), 1)]).sum(axis=-1)


def diverged(sweep: Sweep, outcomes: Sequence[Result | Failure | None]) -> np.ndarray:
    """How many of the seeds diverged, in an array as that of `medians`."""
    flags = [isinstance(outcome, Result) and bool(outcome.diverged) for outcome in outcomes]
    shape = [len(values) for values in sweep.over.values()]
    return np.array(flags).reshape([*shape, max(len(sweep.seeds), 1)]).sum(axis=-1)


def rows(
    sweep: Sweep, outcomes: Sequence[Result | Failure | None]
) -> tuple[tuple[str, ...], list[tuple[str | float, ...]]]:
    """(names, rows) of a table, a row for each cell with an outcome: settings as a link has them, the seed, numbers."""
    numbers = tuple(one.name for one in fields(Result) if one.name not in ("diverged", "history"))
    names = (*sweep.over, *([sweep.seed_of] if sweep.seeds else []), *numbers, "diverged", "failed")
    table: list[tuple[str | float, ...]] = []
    for cell, outcome in zip(sweep.cells, outcomes, strict=True):
        own: tuple[str | float, ...] = tuple(write_value(value) for value in cell.values)
        own += () if cell.seed is None else (cell.seed,)
        if isinstance(outcome, Failure):
            table.append((*own, *[""] * (len(numbers) + 1), outcome.reason))
        elif outcome is not None:
            values = [getattr(outcome, name) for name in numbers]
            values = ["" if math.isnan(value) else value for value in values]
            table.append((*own, *values, outcome.diverged, ""))
    return names, table


def _median(values: list[float], worst: float) -> float:
    values = sorted(values)
    if not values:
        return math.nan
    low, high = values[(len(values) - 1) // 2], values[len(values) // 2]
    return worst if worst in (low, high) else (low + high) / 2


def _with(base: Experiment, settings: dict[str, Any]) -> Experiment:
    """The base with these settings; those of an optimizer or a schedule after it is chosen."""
    if "hidden" in settings and "activation" not in settings:
        layers = len(listed("hidden", settings["hidden"], "[8, 8]"))
        settings = settings | {"activation": base.activation_for(layers)}
    experiment = base.replace(**{name: value for name, value in settings.items() if "." not in name})
    for name, value in settings.items():
        kind, dot, setting = name.partition(".")
        if dot and kind not in WITH_SETTINGS:
            raise ValueError(f"over: expected a setting such as optimizer.momentum, got {shown(name)}; change it.")
        if dot:
            own = f"{kind}_settings"
            experiment = experiment.replace(**{own: {**getattr(experiment, own), setting: value}})
    return experiment


def _setting(experiment: Experiment, name: str) -> Any:
    kind, dot, setting = name.partition(".")
    return getattr(experiment, f"{kind}_settings")[setting] if dot else getattr(experiment, name)


# Computing it


def run(
    sweep: Sweep,
    executor_factory: Callable[[], Executor],
    on_done: Callable[[int, Result | Failure], None] = lambda index, outcome: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> tuple[Result | Failure | None, ...]:
    """What came of each cell, in their order; None for those that were not computed because it was cancelled.

    executor_factory: makes an executor, and another where one breaks. Each is shut down here, at the end or, with
        cancel_futures, when it is cancelled or broken.
    on_done: told of each cell as it is finished, in no order, in this thread. What it raises ends the sweep.
    is_cancelled: asked ten times a second.

    What a finished cell gave is kept, whatever happens to those who compute. A cell that was lost with its worker, or
    for which memory was too small, is tried again, three times in all, and then named with the reason; one that its
    executor ends with `TookTooLong` is named at once.
    """
    outcomes: list[Result | Failure | None] = [None] * len(sweep.cells)
    tables: dict[str, str] = {}  # digest -> the text of each large table, one for all cells, written when it is needed
    lost = [0] * len(sweep.cells)
    waiting = deque(range(len(sweep.cells)))
    fruitless, reason = 0, ""

    def settle(index: int, outcome: Result | Failure) -> None:
        outcomes[index] = outcome
        on_done(index, outcome)

    while waiting and not is_cancelled():
        open_before = outcomes.count(None)
        try:
            if fruitless == FRUITLESS:
                raise BrokenExecutor(f"{FRUITLESS} times in a row nobody finished a cell; the last time: {reason}")
            executor = executor_factory()
        except Exception as error:
            for index in waiting:
                settle(index, Failure(f"Not computed: {_words(error)}"))
            break
        reason = _until_it_breaks(sweep, executor, tables, waiting, lost, settle, is_cancelled)
        fruitless = fruitless + 1 if outcomes.count(None) == open_before else 0
    return tuple(outcomes)


def _until_it_breaks(
    sweep: Sweep,
    executor: Executor,
    tables: dict[str, str],
    waiting: deque[int],
    lost: list[int],
    settle: Callable[[int, Result | Failure], None],
    is_cancelled: Callable[[], bool],
) -> str:
    """Compute with one executor what waits. Gives why it broke, "" where it did not; what is left waits again."""
    flying: dict[Future[str], int] = {}
    broken, is_whole = "", False
    try:
        while (waiting or flying) and not broken and not is_cancelled():
            while waiting and _may_start(waiting[0], flying, lost) and not broken:
                needed = tables_of(sweep.cells[waiting[0]].experiment)
                for points in needed:
                    if points.digest not in tables:
                        tables[points.digest] = table_text(points)
                texts = [sweep.text(waiting[0]), *(tables[points.digest] for points in needed)]
                try:
                    future = executor.submit(run_cell, *texts)
                except Exception as error:  # each kind of executor says in its own way that it is broken
                    broken = _words(error)
                else:
                    flying[future] = waiting.popleft()
            for future in wait(flying, LOOK_SECONDS, FIRST_COMPLETED).done:
                index = flying.pop(future)
                try:
                    outcome = Result.from_json(future.result())
                except Exception as error:
                    if isinstance(error, BrokenExecutor | CancelledError):
                        broken = _words(error)
                    lost[index] += 1
                    if isinstance(error, TookTooLong):  # as another try would
                        settle(index, Failure(f"Not finished: {error}."))
                    elif lost[index] < TRIES:
                        waiting.append(index)
                    else:
                        settle(index, Failure(f"Tried {TRIES} times: {_words(error)}"))
                else:
                    settle(index, outcome)
        is_whole = not broken and not flying
    finally:
        waiting.extend(flying.values())
        executor.shutdown(wait=is_whole, cancel_futures=not is_whole)
    return broken


def _may_start(index: int, flying: Mapping[Future[str], int], lost: list[int]) -> bool:
    """Whether this cell may start beside those: one that has its last try is alone."""
    if lost[index] == TRIES - 1 or any(lost[other] == TRIES - 1 for other in flying.values()):
        return not flying
    return len(flying) < IN_FLIGHT


def _words(error: BaseException) -> str:
    """One sentence on an error, which may have no words of its own."""
    kind = type(error).__name__
    if isinstance(error, MemoryError):
        kind = "the memory was too small"
    words = " ".join(str(error).split())
    return f"{kind}: {words}"[:300].removesuffix(".") + "." if words else f"{kind}."


if __name__ == "__main__":
    from .sweep_command import main

    raise SystemExit(main())
