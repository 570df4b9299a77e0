"""Choices: which settings the page Sweep offers, how their values are typed, and what a sweep of them will cost."""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import scratchnet as sn
from scratchnet.cost import update_work
from scratchnet.datasets import training_rows
from scratchnet.sweep import Sweep
from scratchnet.values import shown
from ui.kit import typed
from ui.labels import LABELS, loss_title, title
from ui.paper.settings import SCALING_WORDS

MOST_EPOCHS = 2000
MOST_CELLS = 400  # of one visitor: the processors are shared
MOST_SECONDS = 1800.0  # of one processor
MEASURED_SECONDS, MEASURED_UPDATES = 0.05, 100  # of training, from which is told how long all of it takes
LONGEST_SECONDS = 0.5  # of it, until there are three to compare: one may have waited for others
NAMES = LABELS | {"order_seed": "Seed of the order", "hidden": "Hidden layers"}
# Settings that are typed -> the values proposed. Names are chosen from a list.
TYPED = {
    "learning_rate": "0.001; 0.003; 0.01; 0.03; 0.1",
    "hidden": "none; 4; 8; 8-8",
    "batch_size": "5; 10; 20; 50",
    "l2": "0; 0.001; 0.01; 0.1",
    "l1": "0; 0.001; 0.01",
    "clip_norm": "none; 0.5; 1",
    "samples": "100; 200; 500",
    "noise": "0; 0.1; 0.2",
    "train_fraction": "0.3; 0.5; 0.7",
    "init_seed": "0; 1; 2; 3; 4",
    "order_seed": "0; 1; 2; 3; 4",
    "data_seed": "0; 1; 2; 3; 4",
}
CHOSEN = {
    "activation": tuple(name for name in sn.ACTIVATIONS if name != "softmax"),
    "optimizer": tuple(sn.OPTIMIZERS),
    "initializer": tuple(sn.INITIALIZERS),
    "scaling": tuple(sn.SCALINGS),
    "shuffle": (True, False),
}
AT_FIRST = {
    "activation": ("sigmoid", "tanh", "relu"),
    "optimizer": ("sgd", "rmsprop", "adam"),
    "initializer": ("standard_normal", "glorot_uniform", "he_normal"),
}
OFFERED = (
    *("learning_rate", "hidden", "activation", "optimizer", "batch_size", "l2", "l1", "initializer", "clip_norm"),
    *("samples", "noise", "train_fraction", "scaling", "shuffle", "init_seed", "order_seed", "data_seed"),
)
SEED_WORDS = {"init_seed": "First weights", "order_seed": "Order of the samples", "data_seed": "Data"}
WHOLE = ("batch_size", "samples", "init_seed", "order_seed", "data_seed")
SEPARATOR = re.compile(r"\s*;\s*|,\s+|\s+")  # a comma without a space is a decimal comma


def read_values(name: str, text: str) -> tuple[Any, ...]:
    """The values of a setting as people type them: 0,003; 0,01 or 0.003, 0.01 or 4; 8-8; none. ValueError with one
    sentence for a text that is none of these; what a value may be says the Experiment."""
    parts = [part for part in SEPARATOR.split(text.strip()) if part]
    if not parts:
        raise ValueError(f"{NAMES[name]}: expected values such as {TYPED[name]}, got none; type at least one.")
    return tuple(_read(name, part) for part in parts)


def _read(name: str, text: str) -> Any:
    if text.lower() == typed.NONE and name in ("hidden", "clip_norm"):
        return () if name == "hidden" else None
    is_whole = name == "hidden" or name in WHOLE
    read = typed.whole_number if is_whole else typed.number
    try:
        return tuple(read(size, "") for size in text.split("-")) if name == "hidden" else read(text, "")
    except ValueError:  # its sentence asks for one number, and here several may stand
        raise ValueError(
            f"{NAMES[name]}: expected {'whole ' * is_whole}numbers separated by ;, such as {TYPED[name]}, got"
            f" {shown(text)}; correct it or take it out."
        ) from None


def at_most(name: str, text: str, most: int) -> int:
    """A typed number of 1 to so many. ValueError with one sentence."""
    value = typed.whole_number(text, name)
    if not 1 <= value <= most:
        raise ValueError(f"{name}: expected a whole number from 1 to {most:,}, got {text.strip()}; change it.")
    return value


def value_in_words(name: str, value: Any) -> str:
    """A value of a setting as a picture or a table shows it."""
    if name == "scaling":
        return SCALING_WORDS[value]
    if name == "loss":
        return loss_title(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "-".join(value_in_words(name, part) for part in value) or "none"
    return title(value) if isinstance(value, str) else typed.written(value)


def cell_in_words(sweep: Sweep, values: Sequence[Any]) -> str:
    """The settings of a cell in a line, such as Learning rate 0.01, Activation Tanh."""
    return ", ".join(
        f"{NAMES[name]} {value_in_words(name, value)}" for name, value in zip(sweep.over, values, strict=True)
    )


def checked(base: sn.Experiment, over: Mapping[str, Sequence[Any]], **settings: Any) -> Sweep:
    """The sweep, if it is not larger than a visitor's may be. ValueError with one sentence otherwise."""
    cells = max(len(settings.get("seeds", ())), 1)
    for values in over.values():
        cells *= len(values)
    if cells > MOST_CELLS:
        raise ValueError(
            f"Cells: expected at most {MOST_CELLS}, got {cells:,}; choose fewer values or seeds, or run it on your own "
            "computer: python -m scratchnet.sweep --help tells how."
        )
    return Sweep(base, over, **settings)


def check_idle(sweep: Sweep) -> None:
    """ValueError with one sentence where the values of a setting, or the seeds, all give the same run."""
    several = [name for name, values in sweep.over.items() if len(values) > 1]
    for name in (*several, *([sweep.seed_of] if len(sweep.seeds) > 1 else [])):
        cells = zip(sweep.cells, _training_rows(sweep), strict=True)
        values = sweep.over.get(name, (None,))  # of seeds none is like another
        whys = [sn.why_idle(cell.experiment, rows, name, value) for cell, rows in cells for value in values]
        if all(whys) and name in sweep.over:
            raise ValueError(f"{NAMES[name]}: all values would give the same run. {whys[0]} Choose another setting.")
        if all(whys):
            raise ValueError(
                f"Seeds: all seeds of {SEED_WORDS[name].lower()} would give the same run. {whys[0]} Type one seed, or "
                "choose seeds of something else."
            )


def _training_rows(sweep: Sweep) -> list[int]:
    """Of each cell, counted once for cells of the same data."""
    data = [(one.dataset, one.samples, one.train_fraction) for one in (cell.experiment for cell in sweep.cells)]
    known = {each: training_rows(*each) for each in dict.fromkeys(data)}
    return [known[each] for each in data]


@dataclass(frozen=True)
class Effort:
    """Of a cell. updates: all that it makes; calls, work: of one of them, see `update_work`."""

    updates: int
    calls: int
    work: int


def efforts(sweep: Sweep) -> list[Effort]:
    """Of each cell. A sweep that ends after so many epochs."""
    found = []
    for cell, rows in zip(sweep.cells, _training_rows(sweep), strict=True):
        one = cell.experiment
        batch_size = min(one.batch_size, rows)
        updates = (sweep.epochs or 0) * -(-rows // batch_size)
        work = update_work(one.sizes, (*one.activations, one.output), batch_size)
        found.append(Effort(updates, len(one.sizes), work))
    return found


def measured_cells(of: Sequence[Effort]) -> tuple[int, int]:
    """(a cell with the least work in an update, one with the most), by which those between them are judged."""
    works = [one.work for one in of]
    least, most = ([at for at, work in enumerate(works) if work == end] for end in (min(works), max(works)))
    return least[len(least) // 2], most[len(most) // 2]


@dataclass(frozen=True)
class Pace:
    """Seconds of one processor: to make a cell ready, and for an update."""

    start: float
    update: float


def seconds_of(of: Sequence[Effort], light: Pace, heavy: Pace) -> list[float]:
    """Of one processor, for each cell. light, heavy: the paces of `measured_cells`.

    An update takes so long for each call and for each multiplication as the two measured ones say together.
    """
    one, other = (of[at] for at in measured_cells(of))
    per_call, per_work = light.update / one.calls, 0.0
    determinant = one.calls * other.work - other.calls * one.work
    if one.work < other.work and determinant > 0:
        per_call = (light.update * other.work - heavy.update * one.work) / determinant
        per_work = (one.calls * heavy.update - other.calls * light.update) / determinant
    if per_call < 0:  # measured while others had the processor, or the work is nearly all of it
        per_call, per_work = 0.0, heavy.update / other.work
    if per_work < 0:
        per_call, per_work = max(light.update / one.calls, heavy.update / other.calls), 0.0
    start = max(light.start, heavy.start)
    return [start + cell.updates * (per_call * cell.calls + per_work * cell.work) for cell in of]


def pace_of(experiment: sn.Experiment) -> Pace:
    """Measured: it is trained for a moment. The median counts, for others may have had the processor meanwhile."""
    began = time.perf_counter()
    run = experiment.start()
    ready = time.perf_counter()
    updates, taken = 1, list[float]()
    while (passed := time.perf_counter() - ready) < MEASURED_SECONDS or (len(taken) < 3 and passed < LONGEST_SECONDS):
        before = time.perf_counter()
        run.advance(updates=updates)
        taken.append((time.perf_counter() - before) / updates)
        updates = min(2 * updates, MEASURED_UPDATES)  # one of a large network takes all the time there is
    later = sorted(taken[len(taken) // 2 :])
    return Pace(ready - began, later[(len(later) - 1) // 2])
