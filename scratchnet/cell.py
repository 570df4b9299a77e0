"""Cell: one Experiment trained to its end. Plain text goes in and plain text comes out, so any machine may do it.

Many cells share a large table, so it is a text of its own: written once, and handed to who computes beside each cell.
"""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .events import MAX_UPDATE, POINTS
from .experiment import Experiment
from .points import Points
from .run import History
from .values import whole

SCORES = ("train_loss", "validation_loss", "test_loss", "train_score", "validation_score", "test_score")


@dataclass(frozen=True, eq=False)
class Result:
    """What came of a cell.

    update, epoch: where it ended. Loss (without l1 and l2) and score of each part are those there, or, where it
    diverged, at the last update with usable numbers; score is the share of correct classes, or R2 for a regression; nan
    where a part has no points or its R2 is undefined.
    best_loss, best_score: the lowest loss and the highest score at the start, at epoch ends (those that the history
    has) and at the end, with the epoch of the first such moment. They are of the validation points, or of the test
    points where there are none: a number that was chosen by the test points flatters.
    diverged: the reason in words, "" where it did not.
    history: as of a `Run`, None where it was not asked for.
    """

    update: int
    epoch: int
    train_loss: float
    validation_loss: float
    test_loss: float
    train_score: float
    validation_score: float
    test_score: float
    best_loss: float
    best_loss_epoch: int
    best_score: float
    best_score_epoch: int
    diverged: str
    history: History | None = None

    def to_json(self) -> str:
        """One line of text, in which every number reads back exactly."""
        plain = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        if self.history is not None:
            plain["history"] = {name: values.tolist() for name, values in vars(self.history).items()}
        return json.dumps(plain)  # with NaN, which JSON has not and Python's reads

    @classmethod
    def from_json(cls, text: str) -> Result:
        """What `to_json` wrote."""
        plain = json.loads(text)
        if plain["history"] is not None:
            plain["history"] = History(**{name: np.array(values) for name, values in plain["history"].items()})
        return cls(**plain)


def checked_end(epochs: int | None, updates: int | None) -> None:
    """ValueError unless one of the two is given, a whole number of at least 1."""
    if (epochs is None) == (updates is None):
        raise ValueError("end: expected a number of epochs or a number of updates, one of the two; give one.")
    whole("epochs" if updates is None else "updates", epochs if updates is None else updates, 1, MAX_UPDATE)


def cell_text(
    experiment: Experiment, epochs: int | None = None, updates: int | None = None, history: bool = False
) -> str:
    """One line of text for `run_cell`. epochs or updates: where it ends. history: whether its rows are wanted.

    An Experiment in writing only names its large tables, see `tables_of`.
    """
    checked_end(epochs, updates)
    said = {"experiment": experiment.to_json(), "epochs": epochs, "updates": updates, "history": history}
    return json.dumps(said)


def tables_of(experiment: Experiment) -> tuple[Points, ...]:
    """The tables that an Experiment in writing only names."""
    data = [experiment.dataset, *(changes[POINTS] for _, changes in experiment.events if POINTS in changes)]
    return tuple(dict.fromkeys(one for one in data if isinstance(one, Points) and not one.fits_a_link))


def table_text(points: Points) -> str:
    """One line of text for `read_table`, which begins with the digest. The numbers are the bytes that they are in
    memory: as decimals, 20,000 rows of 50 would keep everybody else on a server waiting for most of a second."""
    about = {name: getattr(points, name) for name in ("name", "names", "target", "classes", "kinds", "domain")}
    parts = () if points.parts is None else points.parts
    arrays = [base64.b64encode(np.asarray(array, "<f8").tobytes()).decode() for array in (points.x, points.y, parts)]
    return " ".join([points.digest, *arrays, json.dumps(about)])


def read_table(text: str) -> Points:
    """What `table_text` wrote."""
    _, *arrays, about = text.split(" ", 4)
    x, y, parts = (np.frombuffer(base64.b64decode(letters), "<f8") for letters in arrays)
    return Points(x=x.reshape(len(y), -1), y=y, parts=parts if len(parts) else None, **json.loads(about))


def run_cell(text: str, *tables: str) -> str:
    """Train the cell that `cell_text` wrote: the text of its `Result`. tables: the `table_text` of each of its tables.
    It depends on these texts alone."""
    return run_with(text, [read_table(table) for table in tables])


def run_with(text: str, tables: Sequence[Points]) -> str:
    """As `run_cell`, for who has read the tables already."""
    cell = json.loads(text)
    experiment = Experiment.from_json(cell["experiment"], {points.digest: points for points in tables})
    run = experiment.start()
    run.advance(updates=cell["updates"], epochs=cell["epochs"])
    end, history = run.evaluate(), run.history
    of_end = {name: float("nan") if (value := getattr(end, name)) is None else value for name in SCORES}
    part = "test" if end.validation_loss is None else "validation"
    epochs = np.append(history.epoch, run.epoch)
    loss, loss_epoch = _best(np.nanargmin, epochs, getattr(history, f"{part}_loss"), of_end[f"{part}_loss"])
    score, score_epoch = _best(np.nanargmax, epochs, getattr(history, f"{part}_score"), of_end[f"{part}_score"])
    return Result(
        run.update,
        run.epoch,
        **of_end,
        best_loss=loss,
        best_loss_epoch=loss_epoch,
        best_score=score,
        best_score_epoch=score_epoch,
        diverged=run.reason if run.status == "diverged" else "",
        history=history if cell["history"] else None,
    ).to_json()


def _best(
    first_best: Callable[[np.ndarray], np.intp], epochs: np.ndarray, rows: np.ndarray, end: float
) -> tuple[float, int]:
    """(the best of a column and of the value at the end, its epoch); (nan, 0) where none is a number."""
    values = np.append(rows, end)
    if np.isnan(values).all():
        return float("nan"), 0
    at = first_best(values)
    return float(values[at]), int(epochs[at])
