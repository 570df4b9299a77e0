"""Kept: runs of a visitor that are not on screen: the last few whole, so that going to one is instant, and of more
the losses alone, so that their curves stay beside the present one. Of tables both hold as many as Undo does.
"""

import scratchnet as sn
from scratchnet.run import checkpoint_bytes
from ui.undo import are_too_large

MOST_RUNS, MOST_RUN_BYTES = 3, 12_000_000  # of checkpoints; whoever goes to another one waits until it is trained again
MOST_HISTORIES = 24  # each a few hundred rows
NOTHING = sn.History.of([])


class Kept:
    """Runs and histories by their Experiment, of which there are no two that go alike."""

    def __init__(self) -> None:
        self._runs: dict[sn.Experiment, sn.Run] = {}  # the one that was left last stands last
        self._histories: dict[sn.Experiment, tuple[int, sn.History]] = {}  # how far it was, and the losses

    def keep(self, run: sn.Run) -> None:
        """A run leaves the screen."""
        experiment = run.experiment
        self._runs.pop(experiment, None)
        self._runs[experiment] = run
        self._histories[experiment] = max(
            self._histories.pop(experiment, (-1, NOTHING)), (run.been, run.at_hand), key=lambda known: known[0]
        )
        while (
            len(self._runs) > MOST_RUNS
            or checkpoint_bytes(self._runs.values()) > MOST_RUN_BYTES
            or are_too_large(self._runs, ())
        ):
            del self._runs[next(iter(self._runs))]
        while len(self._histories) > MOST_HISTORIES or are_too_large((), self._histories):
            del self._histories[next(iter(self._histories))]

    @property
    def runs(self) -> tuple[sn.Run, ...]:
        return tuple(self._runs.values())

    def forget_runs(self) -> None:
        """The losses stay: whoever goes to one of these runs waits until it is trained again."""
        self._runs = {}

    def history(self, experiment: sn.Experiment, after: int, until: int) -> sn.History:
        """The known rows of updates after one, up to another; none of a run that was never here."""
        return self._histories.get(experiment, (0, NOTHING))[1].between(after, until)

    def been(self, experiment: sn.Experiment) -> int:
        """How far the known losses of a run go."""
        return self._histories.get(experiment, (0, NOTHING))[0]
