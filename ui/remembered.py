"""Remembered: what the browser keeps of a visit, so that it goes on where it was when the server has forgotten it.

A server that starts again, or a visit that was away for too long, leaves nothing behind. But an Experiment with its
events and an update determine every number, so the browser keeps these few and hands them to whoever answers next.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import scratchnet as sn
from scratchnet import forks
from scratchnet.forks import Forks
from scratchnet.values import shown
from ui.kit.numbers import tick
from ui.moment import EMPTY, MOST_EPOCHS, MOST_UPDATES

LONGEST_LINK = 100_000  # characters


@dataclass(frozen=True)
class Replay:
    """The way back to an update that was on screen before: `experiment` is trained again up to `update`.

    playing: whether it then goes on learning. The numbers on the way are those of the first time, bit for bit.
    then: what is done on arrival, unless the visitor stops on the way or chooses something else.
    """

    experiment: sn.Experiment
    update: int
    playing: bool
    ignored: tuple[str, ...] = ()
    is_lost: bool = True  # the server had forgotten it; else the visitor asked for it, by a link, a reload or Undo
    then: Callable[[], object] | None = None

    @property
    def words(self) -> str:
        if not self.is_lost:  # a link may come from another computer, whose last digits may differ
            return f"Training up to update {self.update:,}. Pause stops here."
        return f"Training again up to update {self.update:,}, with the same numbers as before. Pause stops here."

    @property
    def announced(self) -> str:
        """The same, and what of the link could not be used: the way may be long, and nobody waits for its end."""
        return " ".join((self.words, *self.ignored))

    def said(self, update: int) -> str:
        """What the visitor is told at its end, at this update: the one wanted, or the last before a divergence."""
        if not self.is_lost:
            return " ".join(self.ignored)
        lost = "The server had lost this visit; here it is again."
        if update:
            lost = f"The server had lost this visit; update {update:,} was trained again, with the same numbers."
        return " ".join((lost, *self.ignored))


def replay_of(
    link: object, update: object, playing: object, reloaded: object = False, files: Mapping[str, sn.Points] = EMPTY
) -> Replay:
    """What a browser remembers. ValueError with one sentence when it makes no sense at all.

    reloaded: the visitor has loaded the page anew while it played. files: as for `Experiment.from_query`.
    """
    if not isinstance(link, str) or len(link) > LONGEST_LINK:
        raise ValueError("The server lost this visit, and the browser's memory of it cannot be read: choose anew.")
    experiment, ignored = sn.Experiment.from_query(link, files)
    if isinstance(update, bool) or not isinstance(update, int) or update < 0:
        update, ignored = 0, (*ignored, "The update that was on screen is not known: this is the start.")
    if update > MOST_UPDATES:
        wanted = tick(update) if update < 10**15 else shown(update)
        ignored = (*ignored, f"Update {wanted} is too far to be trained again: this stops at {MOST_UPDATES:,}.")
        update, playing = MOST_UPDATES, False
    return Replay(experiment, update, playing is True, ignored, is_lost=reloaded is not True)


def forks_of(text: object, replay: Replay, furthest: object) -> tuple[Forks, tuple[str, ...]]:
    """(forks, ignored): the branches as a browser remembers them; what it does not know properly is left out."""
    known = type(furthest) is int and replay.update <= furthest <= MOST_UPDATES
    last = furthest if known and isinstance(furthest, int) else replay.update
    if not isinstance(text, str) or not text:
        return Forks.of(replay.experiment, last, replay.update), replay.ignored
    tree, ignored = forks.read(text, replay.experiment, last, replay.update, MOST_UPDATES)
    return tree, (*replay.ignored, *ignored)


def stop_rule_of(remembered: object) -> dict:
    """The stop rules as a browser remembers them; a rule that it does not know properly is off."""
    known = remembered if isinstance(remembered, dict) else {}
    epochs = known.get("epochs")
    usable = isinstance(epochs, int) and not isinstance(epochs, bool) and 1 <= epochs <= MOST_EPOCHS
    return {
        "solved": known.get("solved") is True,
        "plateau": known.get("plateau") is True,
        "epochs": epochs if usable else None,
    }
