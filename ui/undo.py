"""Undo: what was on screen before each change, and what was taken back, so that both can be had again.

Experiments and updates are all it takes; the runs themselves are kept for the last few places only, so that going
back is instant where it happens most and memory stays small.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import scratchnet as sn
from scratchnet.forks import Forks

MOST_PLACES = 100
MOST_RUNS = 4
MOST_BYTES = 24_000_000  # of the tables in one pile, of which a run keeps about three copies


@dataclass(frozen=True, eq=False)
class Place:
    """Where a run stood: all of its branches, the update of the present one, and that run itself while it is kept.

    is_empty: the visitor had cleared the map, and the run only waited for the first point. number: it rises with each
    place that was left, and stays when the run is forgotten; 0 for one that has not been left.
    """

    forks: Forks
    run: sn.Run | None
    is_empty: bool = False
    number: int = 0

    @property
    def experiment(self) -> sn.Experiment:
        return self.forks.here.experiment

    @property
    def update(self) -> int:
        return self.forks.here.shown


class Undo:
    """Two piles of places: those before the changes, and those that were left by taking changes back."""

    def __init__(self):
        self._before: list[Place] = []
        self._after: list[Place] = []
        self.number = 0  # of the place that was left last

    @property
    def can_undo(self) -> bool:
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        return bool(self._after)

    def first_since(self, number: int) -> Place | None:
        """The place before the first change since `self.number` was this, of those not taken back; None without one."""
        return next((place for place in self._before if place.number > number), None)

    def forget(self) -> None:
        """Nothing leads to any place so far. Numbers go on rising, for who knows one of them."""
        self._before.clear()
        self._after.clear()

    @property
    def runs(self) -> list[sn.Run]:
        """Those that are kept."""
        return [place.run for place in (*self._before, *self._after) if place.run is not None]

    def forget_runs(self) -> None:
        """All places stay, and the way to one is trained again."""
        for pile in (self._before, self._after):
            pile[:] = [replace(place, run=None) for place in pile]

    def changes(self, here: Place) -> None:
        """Something is about to change here: it can be had back, and what had been taken back is gone."""
        _put(self._before, self._left(here))
        self._after.clear()

    def opens(self, here: Place, experiment: sn.Experiment) -> Place | None:
        """The address opens an experiment, at any update. By the browser's Back and Forward it is one of those that
        were left: then it is gone to among them, as Undo and Redo would, and it is given. Any other is a change."""
        if experiment == here.experiment and not here.is_empty:
            return None
        for source, target in ((self._before, self._after), (self._after, self._before)):
            if any(place.experiment == experiment for place in source):
                _put(target, self._left(here))
                while (place := source.pop()).experiment != experiment:
                    target.append(replace(place, run=None))
                del target[:-MOST_PLACES]
                return place
        self.changes(here)
        return None

    def undo(self, here: Place) -> Place | None:
        """The place before the last change; None when there is none."""
        return _moved(self._before, self._after, self._left(here))

    def redo(self, here: Place) -> Place | None:
        """The place that was left by the last undo; None when there is none."""
        return _moved(self._after, self._before, self._left(here))

    def _left(self, here: Place) -> Place:
        self.number += 1
        return replace(here, number=self.number)


def _moved(source: list[Place], target: list[Place], here: Place) -> Place | None:
    if not source:
        return None
    _put(target, here)
    return source.pop()


def _put(pile: list[Place], place: Place) -> None:
    pile.append(place)
    if len(pile) > MOST_RUNS:
        pile[-1 - MOST_RUNS] = replace(pile[-1 - MOST_RUNS], run=None)
    del pile[:-MOST_PLACES]
    while are_too_large(
        [place.experiment for place in pile if place.run is not None], [place.experiment for place in pile]
    ):
        del pile[0]


def are_too_large(runs: Iterable[sn.Experiment], experiments: Iterable[sn.Experiment]) -> bool:
    """Whether there are several tables, and they take more than MOST_BYTES: of a run about four times.

    runs: the experiments whose runs are held; experiments: those that are held themselves.
    """
    tables: dict[str, int] = {}
    for copies, held in ((1, experiments), (4, runs)):
        for experiment in held:
            if isinstance(points := experiment.dataset, sn.Points):
                tables[points.digest] = copies * points.x.nbytes
    return len(tables) > 1 and sum(tables.values()) > MOST_BYTES
