"""Cell: one Experiment trained to its end. Plain text goes in and plain text comes out, so any machine may do it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
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

    An Experiment in writing only names a large table; here its rows come along.
    """
    checked_end(epochs, updates)
    data = [experiment.dataset, *(changes[POINTS] for _, changes in experiment.events if POINTS in changes)]
    tables = {points.digest: points for points in data if isinstance(points, Points) and not points.fits_a_link}
    return json.dumps(
        {
            "experiment": experiment.to_json(),
            "tables": [points.to_plain() for points in tables.values()],
            "epochs": epochs,
            "updates": updates,
            "history": history,
        }
    )


def run_cell(text: str) -> str:
    """Train the cell that `cell_text` wrote: the text of its `Result`. It depends on the text alone."""
    cell = json.loads(text)
    tables = [Points.from_plain(plain) for plain in cell["tables"]]
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
