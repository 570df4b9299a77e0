"""When training has done enough: rules that read the history of a run and say why to stop, and its state in words.

Each rule is a pure function of the history at the last epoch end and returns a reason, or "" to go on. `history` has
the arrays epoch, train_loss, test_score, ... of `Run.history`: a row at update 0 (epoch 0) and at epoch ends, every
epoch at first and fewer later, so the rules count epochs, never rows. A score is an accuracy of 0 to 1, or R2 for
regression.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from .network import Network, passes
from .numerals import text

if TYPE_CHECKING:
    from .run import History

SOLVED_SCORE = 0.95
PLATEAU_EPOCHS = 50
PLATEAU_FALL = 0.01
RISE = "a rise"  # of more than that: no plateau, though the loss has stopped falling there as well


def solved(history: History, task: str) -> str:
    """Solved: the test accuracy (R2 for the task "regression") at the last epoch end is at least 0.95.

    Where there are validation points it is theirs: by the test points nothing is chosen then. The numbers on screen may
    be those of an update in the middle of the next epoch, so the reason says when.
    """
    is_validated = not np.isnan(history.validation_loss[-1])
    part, score = ("validation", history.validation_score[-1]) if is_validated else ("test", history.test_score[-1])
    if history.epoch[-1] < 1 or not score >= SOLVED_SCORE:  # written so that an undefined score (nan) is not solved
        return ""
    if task == "regression":
        return f"{_at_the_end(history)} {part} R² was {text(score)}, at least {SOLVED_SCORE}"
    return f"{_at_the_end(history)} {part} accuracy was {text(100 * score)} %, at least {text(100 * SOLVED_SCORE)} %"


def plateau(history: History) -> str:
    """Plateau: the median training loss of the last 50 epochs (an eighth of the run, when that is more) is not at least
    1 % below the median of as many epochs before them.

    Medians, because the loss of single epochs jumps with the order of the mini-batches. An eighth of the run, because
    rows of the history lie up to a 128th of the run apart: 16 of them remain for a median. The rule first speaks after
    100 epochs; a slow start that falls later looks the same to it as an end.
    """
    last = int(history.epoch[-1])
    window = max(PLATEAU_EPOCHS, last // 8)
    if last < 2 * window:
        return ""
    recent = history.train_loss[history.epoch > last - window]
    earlier = history.train_loss[(history.epoch > last - 2 * window) & (history.epoch <= last - window)]
    now, before = float(np.median(recent)), float(np.median(earlier))
    if now < (1 - PLATEAU_FALL) * before:
        return ""
    little = f"of less than {text(100 * PLATEAU_FALL)} %"
    if now > (1 + PLATEAU_FALL) * before:
        what = RISE
    elif now == before:
        what = "the same"
    else:
        what = f"a {'rise' if now > before else 'fall'} {little}"
    return (
        f"{_at_the_end(history)} the median training loss of the last {window:,} epochs was {text(now)} and of the "
        f"{window:,} before {text(before)}, {what}"
    )


def _at_the_end(history: History) -> str:
    return f"at the end of epoch {int(history.epoch[-1]):,}"


def epochs(history: History, limit: int) -> str:
    """Epochs: at least `limit` epochs are done."""
    done = int(history.epoch[-1])
    if done < limit:
        return ""
    return f"{done:,} {'epoch is' if done == 1 else 'epochs are'} done, at least the {limit:,} asked for"


def dead_units(net: Network, x: np.ndarray) -> tuple[tuple[int, int, int], ...]:
    """(layer, dead units, units) for each layer with dead units, layers counted from 0.

    x: the network's inputs (n, features) at all training points. A relu unit is dead when it is 0 for all of them: its
    slope is 0 as well, so no gradient reaches its weights. The other activations have a slope everywhere.
    """
    relu = [layer for layer, name in enumerate(net.activations) if name == "relu"]
    lives = {layer: np.zeros(net.sizes[layer + 1], dtype=bool) for layer in relu}
    for rows, forward in passes(net.theta, net.sizes, net.activations, len(x)) if relu else ():
        forward(x[rows])
        for layer in relu:
            lives[layer] |= forward.a[layer].any(axis=0)
    counts = [(layer, int(np.count_nonzero(~lives[layer])), net.sizes[layer + 1]) for layer in relu]
    return tuple(count for count in counts if count[1])


def rate_words(chosen: float, in_force: float) -> str:
    """One sentence on a learning rate that a schedule has moved away from the chosen one, "" where it has not."""
    if text(in_force) == text(chosen):
        return ""
    if in_force == 0:
        return "The schedule makes the learning rate 0 now: the next update changes nothing."
    return f"The schedule makes the learning rate {text(in_force)} now."


def status_words(
    status: str,
    reason: str,
    history: History,
    loss: float,
    playing: bool = False,
    solved: str = "",
    plateau: str = "",
    score: float = np.nan,
    dead: Iterable[tuple[int, int, int]] = (),
) -> str:
    """The state of a run in words: what it is doing and why, then a sentence for each layer with dead units.

    status, reason: those of the run. loss: its training loss at the present update. playing: whether it is being
    trained while this is read; its loss is then another one in the next moment, so the last epoch end is judged.
    solved, plateau: what these rules say, also where they do not stop the run. score: the test score at the present
    update, which may be below what counts as solved since the epoch end. dead: as `dead_units` returns it.
    """
    if status in ("diverged", "stopped"):
        words = f"{status.capitalize()}: {reason}" if reason else status.capitalize()
    elif status == "ready":
        words = f"Not trained yet: training loss {text(loss)}"
    elif solved:
        now = text(score) if "R²" in solved else f"{text(100 * score)} %"
        words = f"Was solved: {solved}; now it is {now}" if score < SOLVED_SCORE else f"Solved: {solved}"
    elif plateau:
        words = f"{'Getting worse' if plateau.endswith(RISE) else 'Plateau'}: {plateau}"
    else:
        words = _loss_words(loss, history, playing)
    return " ".join([words.removesuffix(".") + ".", *(_dead_words(*layer) for layer in dead)])


def _loss_words(loss: float, history: History, playing: bool) -> str:
    """The training loss beside that at the start. Two that are printed alike are alike."""
    losses, epoch, what = history.train_loss, int(history.epoch[-1]), "training loss"
    if playing and epoch:
        loss, what = float(losses[-1]), f"at the end of epoch {epoch:,} the training loss was"
    start = float(losses[0])
    now, then = text(loss), text(start)
    if now == then:
        change = "about as high as at the start"
    else:
        change = f"{'down' if loss < start else 'up'} from {then} at the start"
    if not playing:
        return f"Paused: training loss {now}, {change}"
    if now != then and loss < start:
        return f"Learning: {what} {change}"
    return f"{'No longer learning' if losses.min() < start else 'Not learning so far'}: {what} {change}"


def _dead_words(layer: int, dead: int, units: int) -> str:
    # A learner counts layers from 1.
    if units == 1:
        return f"The only unit in layer {layer + 1} is 0 for every training point: no gradient reaches its weights."
    where = f"{dead} of {units} units in layer {layer + 1}"
    if dead == 1:
        return f"{where} is 0 for every training point: no gradient reaches its weights."
    return f"{where} are 0 for every training point: no gradient reaches their weights."
