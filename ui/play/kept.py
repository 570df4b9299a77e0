"""Kept: runs of a visitor that are not on screen: the last few whole, so that going to one is instant, and of more
the losses alone, so that their curves stay beside the present one. Of tables both hold as many as Undo does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import scratchnet as sn
from scratchnet.run import checkpoint_bytes
from ui.undo import are_too_large

MOST_RUNS, MOST_RUN_BYTES = 3, 12_000_000  # of checkpoints; whoever goes to another one waits until it is trained again
MOST_HISTORIES = 24  # each a few hundred rows
MOST_POINTS = 4  # of a history: a curve needs two, where it begins and where it ends
NOTHING = sn.History.of([])


@dataclass(frozen=True)
class _Losses:
    """What is known of a run. been: how far its epoch ends are. points: update -> its row, wherever it lies; of an
    update beyond a divergence the row of the last one that can be had."""

    been: int = 0
    epoch_ends: sn.History = NOTHING
    points: Mapping[int, sn.History] = field(default_factory=dict)


class Kept:
    """Runs and histories by their Experiment, of which there are no two that go alike."""

    def __init__(self) -> None:
        self._runs: dict[sn.Experiment, sn.Run] = {}  # the one that was left last stands last
        self._losses: dict[sn.Experiment, _Losses] = {}

    def keep(self, run: sn.Run) -> None:
        """A run leaves the screen."""
        experiment = run.experiment
        self._runs.pop(experiment, None)
        self._runs[experiment] = run
        known = self._losses.get(experiment, _Losses())
        if known.been <= run.been:
            known = replace(known, been=run.been, epoch_ends=run.at_hand)
        self._keep_losses(experiment, known)
        while (
            len(self._runs) > MOST_RUNS
            or checkpoint_bytes(self._runs.values()) > MOST_RUN_BYTES
            or are_too_large(self._runs, ())
        ):
            del self._runs[next(iter(self._runs))]

    def keep_point(self, experiment: sn.Experiment, update: int, row: sn.History) -> None:
        """The losses at an update, where no epoch need end. row: as `Run.row` gives it."""
        known = self._losses.get(experiment, _Losses())
        points = dict(list(known.points.items())[1 - MOST_POINTS :])
        self._keep_losses(experiment, replace(known, points=points | {update: row}))

    def _keep_losses(self, experiment: sn.Experiment, known: _Losses) -> None:
        self._losses.pop(experiment, None)
        self._losses[experiment] = known
        while len(self._losses) > MOST_HISTORIES or are_too_large((), self._losses):
            del self._losses[next(iter(self._losses))]

    @property
    def runs(self) -> tuple[sn.Run, ...]:
        return tuple(self._runs.values())

    def forget_runs(self) -> None:
        """The losses stay: whoever goes to one of these runs waits until it is trained again."""
        self._runs = {}

    def curve(self, experiment: sn.Experiment, first: int, last: int) -> sn.History:
        """The known rows from one update to another, with those two; none of a run that was never here."""
        known = self._losses.get(experiment, _Losses())
        return self.with_points(known.epoch_ends.between(first - 1, last), experiment, first, last)

    def with_points(self, rows: sn.History, experiment: sn.Experiment, first: int, last: int) -> sn.History:
        """Rows of a run from one update to another, and what is known of these two, where no epoch need end."""
        points = self._losses.get(experiment, _Losses()).points
        known = [points[update] for update in (first, last) if update in points]
        return sn.History.merged([rows, *known]) if known else rows

    def has_point(self, experiment: sn.Experiment, update: int) -> bool:
        return update in self._losses.get(experiment, _Losses()).points

    def been(self, experiment: sn.Experiment) -> int:
        """How far the known losses of a run go."""
        return self._losses.get(experiment, _Losses()).been
