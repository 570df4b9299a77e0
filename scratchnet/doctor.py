"""The doctor: what may be wrong with a run, why one may think so, and one thing to try. It reads `Health` alone.

Each finding is a pure function of the health of a run and returns a `Finding`, or None. `findings` asks them all. The
numbers above which something counts as wrong were chosen on drawn runs: `python -m benchmarks.doctor` measures how
often a healthy run is called ill, and how often what is advised helps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from . import stopping
from .cost import MAX_PARAMETERS, MAX_UNIT_SAMPLES
from .health import MANY_LOST, RANGE, RELU_KIN, Health, Since
from .idle import ALL_ALIKE
from .network import parameter_count
from .numerals import text
from .settings import LIVE_SETTINGS, Settings
from .trainer import length

if TYPE_CHECKING:
    from .run import History

SEVERE, SERIOUS, MILD = 3, 2, 1

# Healthy: in 80 runs, drawn and looked at as in benchmarks/doctor.py, seed 5.
LARGE = 100.0  # an input or target: LeCun et al., "Efficient BackProp" (1998), section 4.3, wants them to be about 1
BEYOND = 8.0  # an input at which a unit of usual first weights is at the end of its range
VANISHED = 1e-2  # the gradient of a weight of the first layer, of that in the layer where it is largest; healthy: 0.08
TOO_FAST = 0.1  # update-to-weight ratio: a hundred times the usual 1e-3 (health.py); healthy: 0.00016 to 0.11
TOO_SLOW = 5e-5  # likewise a twentieth
STILL_STEEP = 0.1  # of the gradient at the start: what is left of it shows that there is a way to go
DEAD_SHARE = 0.65  # of the units of a layer, so 4 of 6; of a run that gets nowhere half of them are enough (MANY_LOST)
HARDLY_FALLEN = 0.95  # the training loss, of that at the start
NOWHERE = 0.9  # likewise that of the last half of the epochs, of that of the quarter before
NOWHERE_EPOCHS = 8  # from then on
JUMP = 0.05  # by so much of the loss at the start an update changes the loss of its own mini-batch
JUMP_UP = 0.02  # likewise where the loss is no lower than at the start
STEP = 0.04  # by so much of the length of the first weights such an update changes a layer's weights
VANISHED_ONCE = 5e-2  # as VANISHED, in a deep network that gets nowhere
DEEP = 4  # hidden layers
PULL = 0.5  # the gradient of the penalties, of that of the data loss
PENALTY = 0.1  # the penalty, of the data loss
SHRUNK = 0.5  # the weights, of the first ones
DECAYED = 0.005  # of a weight, in each update of a run that gets nowhere
DECAYED_AT_ONCE = 0.05  # likewise of any run that is not solved
LINEAR_EPOCHS = 10  # after so many a linear network that gets nowhere will get nowhere
LINEAR_SCORE = 0.75  # below it
CREEPING = 5e-4  # as TOO_SLOW, of a run of so many epochs whose loss is still nearly as high as it was
CREEPING_EPOCHS, CREEPING_LOSS, CREEPING_OWN = 15, 0.8, 1e-3
STRONG_MOMENTUM = 0.95
OVERFIT_RISE = 1.5  # the held-out loss, of its lowest
OVERFIT_GAP = 0.05  # training score less held-out score
SWINGS = 20  # changes of the loss, between rows of the history, that are looked at for oscillation
TURNS = 0.5  # the share of them with another sign than the one before; of independent losses it is 2/3
SWING = 0.2  # the mean size of such a change, of the loss at the start
RISEN = 1.5  # the training loss, of that at the start; healthy: below 1
ROSE = 1.01  # likewise: more than a few last digits
FEW_UNITS = 8  # in all hidden layers together: a network that is small here
NEW_UNITS = 8  # of a hidden layer that is added; it helped 15 of 17 drawn runs, twice as many units in each layer 14
LARGEST_FACTOR = 1000.0  # by which a rate is changed at once
USUAL_FACTOR = 100.0  # likewise in a run whose numbers can be used; a penalty
USUAL_RATE = 0.01  # what is advised where even so much of a change leaves the rate far from any that is of use
STEPS = tuple(name for name in LIVE_SETTINGS if name not in ("l1", "l2", "shuffle"))  # they make an update what it is
PENALTIES = ("optimizer", "optimizer_settings", "l1", "l2")
ENOUGH_MADE = 4  # updates looked at that were made with a setting that was changed on the way, before it is judged


@dataclass(frozen=True)
class Remedy:
    """Changes of an Experiment's fields, to be made at an update; at 0 in a new start, where one of them needs that."""

    changes: Settings
    update: int

    @property
    def is_live(self) -> bool:
        """Whether it can be made within the run."""
        return all(name in LIVE_SETTINGS for name in self.changes)


@dataclass(frozen=True)
class Finding:
    """What may be wrong. layer, unit: counted from 0, None where it is in no single one. update: where it is seen.
    evidence: the numbers that say so. severity: 3 comes before all else, 2 is in the way, 1 is worth a try. sentence:
    all of it in words, layers and units counted from 1; of an update it says what is true there.
    """

    kind: str
    layer: int | None
    unit: int | None
    update: int
    evidence: Settings
    severity: int
    sentence: str
    remedy: Remedy


def findings(health: Health) -> tuple[Finding, ...]:
    """All findings, the worst first. What is seen of the loss alone is said only where no cause of it was found, and
    what would turn a setting another way than a worse finding only once that one is gone.

    They follow from the experiment and the update alone, not from how one came there.
    """
    health = health.of_the_run_alone()
    found = [finding for look in CAUSES if (finding := look(health)) is not None]
    if not found:
        found = [finding for look in SYMPTOMS if (finding := look(health)) is not None][:1]
    said: list[Finding] = []
    for finding in sorted(found, key=lambda finding: -finding.severity):
        if not any(_are_at_odds(finding.remedy, worse.remedy, health.settings) for worse in said):
            said.append(finding)
    return tuple(said)


def waits_since(health: Health) -> int | None:
    """The update at which a live setting was changed, where too few were made and looked at since to judge it."""
    health = health.of_the_run_alone()
    changed = _changed(health, LIVE_SETTINGS)
    return changed if _is_too_early(health, changed) else None


def _are_at_odds(one: Remedy, other: Remedy, settings: Any) -> bool:
    """Whether two remedies turn one setting two ways: a number up and down, or anything else to two values."""
    for name in set(one.changes) & set(other.changes):
        first, second, now = one.changes[name], other.changes[name], getattr(settings, name)
        is_number = isinstance(now, int | float)
        if (first - now) * (second - now) < 0 if is_number else first != second:
            return True
    return False


# ---- causes --------------------------------------------------------------------------------------------------------


def unscaled(health: Health) -> Finding | None:
    """Inputs, or the targets of a regression, that are far larger than 1 and are not scaled."""
    if health.settings.scaling != "none" or _is_solved(health):
        return None
    column = int(np.argmax(health.largest_input))
    largest, what = float(health.largest_input[column]), health.input_names[column]
    if health.largest_target > largest:  # those of classes are at most 1
        largest, what = health.largest_target, "the target"
    if not largest >= LARGE:
        return None
    return Finding(
        "unscaled",
        None,
        None,
        0,
        Settings({"largest": largest}),
        SEVERE,
        f"Numbers are badly scaled: {what} reaches {text(largest)}, while first weights and learning rates are made "
        "for numbers of about 1.",
        _new(health, scaling="standard"),
    )


def alike(health: Health) -> Finding | None:
    """Units of a layer that are all the same, and get the same gradient for ever: they act as one."""
    layer = next((layer for layer, is_so in enumerate(health.alike[-1]) if is_so), None)
    if layer is None:
        return None
    others = np.flatnonzero(~health.alike[:, layer])
    units = health.network.sizes[layer + 1]
    return Finding(
        "alike",
        layer,
        0,
        int(health.update[others[-1] + 1]) if len(others) else 0,
        Settings({"units": units}),
        SEVERE,
        f"The {units} units of layer {layer + 1} are all the same: with equal weights each gets the same gradient, so "
        "they stay equal and learn as one.",
        _new(health, initializer=_suited(health.network.activations[layer]))
        if health.settings.initializer in ALL_ALIKE
        else _new(health, init_seed=health.settings.init_seed + 1),
    )


def too_fast(health: Health) -> Finding | None:
    """A learning rate at which the run has diverged, or at which its loss has risen in large steps.

    A single one can be enough: weights that it threw far away may hardly move afterwards.
    """
    history, settings, changed = health.history, health.settings, _changed(health, STEPS)
    loss, base = history.train_loss, _row_at(history, changed)
    ratios = np.nan_to_num(health.ratio, nan=0.0, posinf=np.inf)
    best = int(history.update[int(np.nanargmin(loss))]) if np.isfinite(loss).any() else 0
    since = max(_at_hand(health, best), changed)
    place = len(ratios) - 1
    if health.has_diverged:
        ratio = float(ratios[-1].max())
        sentence = f"The run diverges: update {int(health.update[-1]) + 1:,} leads to numbers that cannot be used."
        if ratio > TOO_FAST:
            sentence += f" It would change the weights of a layer by {text(ratio, 3)} times their own size."
    elif _is_too_early(health, changed):
        return None
    else:
        recent = _recent(ratios, health, changed).max(axis=1)
        ratio = float(np.median(recent))
        what = (
            f"half of the last {len(recent)} updates looked at change the weights of a layer by {text(ratio, 3)} of "
            "their own size or more"
            if len(recent) > 1
            else f"the next update changes the weights of a layer by {text(ratio, 3)} of their own size"
        )
        if not ratio > TOO_FAST:
            first = int(np.searchsorted(health.update, _live(health, _slower(settings, 0.0), since).update))
            place = first + int(np.argmax(ratios[first:].max(axis=1)))
            ratio = float(ratios[place].max())
            what = (
                f"update {int(health.update[place]) + 1:,} changed the weights of a layer by {text(ratio, 3)} times "
                "their own size"
            )
        if not (ratio > TOO_FAST and loss[-1] > RISEN * loss[base]):
            return _jumping(health)
        when = f"at the end of epoch {int(history.epoch[base]):,}" if base else "at the start"
        sentence = (
            f"The learning rate looks too high: {what}, where 0.001 is usual, and the training loss rose from "
            f"{text(loss[base])} {when} to {text(loss[-1])} at the end of epoch {int(history.epoch[-1]):,}."
        )
    return Finding(
        "too fast",
        int(np.argmax(ratios[place])),
        None,
        since,
        Settings({"ratio": ratio, "loss": float(loss[-1]), "start": float(loss[0])}),
        SEVERE,
        sentence + _momentum_words(settings),
        _live(health, _slower(settings, float(ratios[np.searchsorted(health.update, since)].max())), since),
    )


def _jumping(health: Health) -> Finding | None:
    """A learning rate at which each update changes the loss of its own mini-batch by much, and all together nothing."""
    history, settings, changed = health.history, health.settings, _changed(health, STEPS)
    start, own = float(history.train_loss[0]), np.abs(_recent(health.own, health, changed))
    nowhere = _gets_nowhere(health, changed)
    first, last = int(history.epoch[_row_at(history, changed)]), int(history.epoch[-1])
    later = history.epoch > (first + last) // 2
    is_up = last - first >= NOWHERE_EPOCHS and float(np.median(history.train_loss[later])) >= start
    if not nowhere or not (0 < start < np.inf) or not float(np.median(own)) > (JUMP_UP if is_up else JUMP) * start:
        return None
    if any(health.since) or _is_linear(settings) or any(health.alike[-1]):  # which is what is in the way
        return None
    shares = _first_shares(health)
    if 0 < shares[0] < VANISHED_ONCE and float(np.median(shares)) < VANISHED:  # the last layers alone jump
        return None
    steps = np.nan_to_num(health.ratio, nan=0.0, posinf=np.inf).max(axis=1) * health.size
    if not float(np.median(_recent(steps, health, changed))) > STEP * health.size[0]:  # so no step is large
        return None
    size = float(np.median(own)) / start
    worst = len(health.own) - bool(changed) - len(own) + int(np.argmax(own))
    ratios = np.nan_to_num(health.ratio, nan=0.0, posinf=np.inf).max(axis=1)
    which = f"half of the last {len(own)} updates looked at change" if len(own) > 1 else "the next update changes"
    return Finding(
        "too fast",
        int(np.argmax(np.nan_to_num(health.ratio[worst], nan=0.0))),
        None,
        int(health.update[worst]),
        Settings({"own": size, "loss": float(history.train_loss[-1]), "start": start}),
        SEVERE,
        f"The learning rate looks too high: {which} the loss of {'their' if len(own) > 1 else 'its'} own mini-batch by "
        f"{text(100 * size, 3)} % of the loss at the start{' or more' if len(own) > 1 else ''}, and others undo it: "
        f"{nowhere}." + _momentum_words(settings),
        _live(health, _slower(settings, float(ratios[health.update >= changed].max()), USUAL_FACTOR), changed),
    )


def _momentum_words(settings: Any) -> str:
    """What a momentum does to steps, "" where it is not strong."""
    momentum = settings.optimizer_settings.get("momentum", 0.0)
    if settings.optimizer != "sgd" or not STRONG_MOMENTUM <= momentum < 1:
        return ""
    times = text(1 / (1 - momentum), 3)
    return f" Momentum {text(momentum)} makes steps that go the same way up to {times} times as long."


def dead(health: Health) -> Finding | None:
    """Units of relu and its kin that are flat at every point: two thirds of a layer, or half if nothing is learned."""
    worst: tuple[float, int] = (0.0, -1)
    for layer, lost in enumerate(health.lost):
        share = float(lost[-1].mean()) if health.network.activations[layer] in RELU_KIN else 0.0
        worst = max(worst, (share, layer), key=lambda found: found[0])
    share, layer = worst
    enough = MANY_LOST if _gets_nowhere(health) else DEAD_SHARE
    if share < enough or _is_solved(health) or unscaled(health):  # which pushes units there
        return None
    lost, since = health.lost[layer], health.since[layer]
    assert since is not None  # half of them and more
    units, size = np.flatnonzero(lost[-1]), lost.shape[1]
    of = "it is" if len(units) == 1 else "they are"
    return Finding(
        "dead",
        layer,
        int(units[0]),
        since.by,
        Settings({"dead": len(units), "units": size, "points": len(health.rows)}),
        SEVERE if len(units) == size else SERIOUS,
        f"{_of_layer(len(units), size, layer)} dead: {of} flat at all {len(health.rows):,} training points looked at, "
        f"so that almost no gradient comes through. {_since_words(since, len(units))}",
        _new(health, activation="leaky_relu", initializer=_suited("relu"))
        if (before := _before(health, lost, since)) is None
        else _slower_before(health, since, before),
    )


def saturated(health: Health) -> Finding | None:
    """Units of sigmoid or tanh that are at one end of their range at nearly every point, half of a layer or more."""
    if unscaled(health) or _is_solved(health):
        return None
    for layer, (flat, lost, since) in enumerate(zip(health.flat, health.lost, health.since, strict=True)):
        if health.network.activations[layer] not in RANGE or since is None:
            continue
        units = np.flatnonzero(lost[-1])
        unit = int(units[0])
        share = float(flat[-1, unit])
        return Finding(
            "saturated",
            layer,
            unit,
            since.by,
            Settings({"saturated": len(units), "units": flat.shape[1], "share": share}),
            SERIOUS,
            f"{_of_layer(len(units), flat.shape[1], layer)} saturated: unit {unit + 1} is flat at "
            f"{text(100 * share)} % of the training points, and answers about the same at all. "
            f"{_since_words(since, len(units))}",
            _new(health, scaling="standard")
            if health.settings.scaling == "none" and health.largest_input.max() >= BEYOND
            else (
                _new(health, initializer="glorot_uniform")
                if health.settings.initializer != "glorot_uniform"
                else _new(health, activation="relu", initializer="he_uniform")
            )
            if (before := _before(health, lost, since)) is None
            else _slower_before(health, since, before),
        )
    return None


def too_strong(health: Health) -> Finding | None:
    """A penalty, or a weight decay, that holds the weights down more than the data draws them up."""
    settings, pull, changed = health.settings, float(health.pull[-1]), _changed(health, PENALTIES)
    if settings.optimizer == "adamw":
        return _decayed(health)
    if _is_too_early(health, changed):
        return None
    decay = settings.optimizer_settings.get("weight_decay", 0.0)
    is_large = health.penalty >= PENALTY or health.size[-1] <= SHRUNK * health.size[0]
    if not is_large or not (pull >= PULL and float(np.median(_recent(health.pull, health, changed))) >= PULL):
        return None
    if _is_solved(health) or not health.history.train_score[-1] < stopping.SOLVED_SCORE or health.update[-1] == 0:
        return None
    changes: dict[str, Any] = {
        name: _rounded(value / USUAL_FACTOR) for name in ("l1", "l2") if (value := getattr(settings, name))
    }
    names = [name.upper() for name in changes]
    if decay:
        names.append("weight decay")
        changes["optimizer_settings"] = Settings(
            {**settings.optimizer_settings, "weight_decay": _rounded(decay / USUAL_FACTOR)}
        )
    penalty = " and ".join(names)
    return Finding(
        "too strong",
        None,
        None,
        int(health.update[-1]),
        Settings({"pull": pull, "size": float(health.size[-1])}),
        SERIOUS,
        f"The weights are held down too strongly: {penalty} {'draws' if len(names) == 1 else 'draw'} them towards 0 "
        f"{text(pull, 3)} times as strongly as the data {'draws' if len(names) == 1 else 'draw'} them elsewhere, and "
        f"the training {_score_words(health, float(health.history.train_score[-1]))}.",
        _live(health, Settings(changes), changed),
    )


def _decayed(health: Health) -> Finding | None:
    """Likewise by AdamW, whose weight decay stands beside the gradient: a share of each weight goes in each update."""
    settings, changed = health.settings, _changed(health, (*PENALTIES, *STEPS))
    if _is_too_early(health, changed):
        return None
    decay = settings.optimizer_settings.get("weight_decay", 0.0)
    share = settings.learning_rate * decay
    score = float(health.history.train_score[-1])
    if not (share >= DECAYED and health.size[-1] <= SHRUNK * health.size[0] and settings.schedule == "constant"):
        return None
    if not (share >= DECAYED_AT_ONCE or _gets_nowhere(health, changed)) or not score < stopping.SOLVED_SCORE:
        return None
    return Finding(
        "too strong",
        None,
        None,
        int(health.update[-1]),
        Settings({"share": share, "size": float(health.size[-1])}),
        SERIOUS,
        f"The weights are held down too strongly: weight decay takes {text(100 * share, 3)} % off each of them in "
        f"every update, and the training {_score_words(health, score)}.",
        _live(
            health,
            Settings({"optimizer_settings": Settings({**settings.optimizer_settings, "weight_decay": 0.01})}),
            changed,
        ),
    )


def vanishing(health: Health) -> Finding | None:
    """A gradient that is far smaller in the first layer than in another one, though it gets there."""
    share = _first_shares(health)
    now, middle, hidden = float(share[-1]), float(np.median(_recent(share))), len(health.settings.hidden)
    if not hidden or _is_solved(health) or not health.history.train_score[-1] < stopping.SOLVED_SCORE:
        return None
    if _is_too_early(health, _changed(health, (*STEPS, *PENALTIES))):  # whether they are why cannot be told yet
        return None
    is_stuck = _gets_nowhere(health)
    bound = VANISHED_ONCE if is_stuck and hidden >= DEEP else VANISHED
    is_now = 0 < now < bound and 0 < middle < bound
    was = float(share[0])
    # A deep network that gets nowhere: its first layers were never taught, and what comes later is built on that.
    if not is_now and not (is_stuck and hidden >= DEEP and 0 < was < VANISHED and now > 0):
        return None
    if any(
        look(health) for look in (alike, dead, saturated, too_fast, too_strong)
    ):  # which is where the gradient is lost
        return None
    place = len(share) - 1 if is_now else 0
    largest = int(np.argmax(_of_a_weight(health)[place]))
    there = float(share[place])
    when = f"at update {int(health.update[-1]):,}" if is_now else "at the start"
    activations = {*health.network.activations[:-1]}
    changes = (
        {"activation": "tanh", "initializer": "glorot_uniform"}
        if activations <= {"sigmoid", "softplus"}
        else {"activation": "relu", "initializer": "he_uniform"}
        if not activations & {"relu"}
        else {"initializer": "he_uniform"}
        if health.settings.initializer != "he_uniform"
        else {"activation": "leaky_relu"}
    )
    return Finding(
        "vanishing",
        0,
        None,
        int(health.update[place]),
        Settings({"share": there, "first": float(health.gradient[place, 0])}),
        SERIOUS,
        f"The gradient vanishes on its way back: {when} it is for a weight of layer 1 {text(there, 3)} of that for a "
        f"weight of {_layer_words(health, largest)}, so the first layers hardly learn.",
        _new(health, **changes),
    )


def too_slow(health: Health) -> Finding | None:
    """Updates that hardly change any weight, though the gradient has not become small."""
    history, changed = health.history, _changed(health, STEPS)
    if _is_too_early(health, changed):
        return None
    recent = _recent(np.nan_to_num(health.ratio, nan=0.0), health, changed).max(axis=1)
    first, last = length(health.gradient[0]), length(health.gradient[-1])
    steep = last / first if 0 < first < np.inf else 0.0
    middle, start = float(np.median(recent)), float(history.train_loss[0])
    creeps = (
        middle < CREEPING
        and history.epoch[-1] - history.epoch[_row_at(history, changed)] >= CREEPING_EPOCHS
        and history.train_loss[-1] > CREEPING_LOSS * start
        and float(np.median(np.abs(_recent(health.own, health, changed)))) < CREEPING_OWN * start
    )
    if health.update[-1] == 0 or _is_solved(health) or not (middle < TOO_SLOW or creeps) or not steep > STILL_STEEP:
        return None
    if history.train_loss[-1] > ROSE * start:  # so something has moved it
        return None
    if any(look(health) for look in (unscaled, alike, too_fast, dead, saturated, too_strong, oscillation)):
        return None
    rate = health.settings.learning_rate
    if health.settings.schedule != "constant":
        changes: dict[str, Any] = {"schedule": "constant"}
    else:
        rate *= _power_of_ten(1e-3 / max(middle, 1e-3 / LARGEST_FACTOR))
        changes = {"learning_rate": _rounded(max(rate, USUAL_RATE) if middle * LARGEST_FACTOR < TOO_SLOW else rate)}
    which = f"half of the last {len(recent)} updates looked at change" if len(recent) > 1 else "the next update changes"
    as_large = "as large as" if text(steep, 3) == "1" else f"{text(steep, 3)} times that"
    return Finding(
        "too slow",
        None,
        None,
        int(health.update[-1]),
        Settings({"ratio": middle, "steep": steep}),
        SERIOUS,
        f"The learning rate looks too low: {which} no layer's weights "
        f"{f'by more than {text(middle, 3)} of their own size' if middle else 'at all'}, where 0.001 of their own size "
        f"is usual, though the gradient is still {as_large} at the start.",
        _live(health, Settings(changes), changed),
    )


def overfitting(health: Health) -> Finding | None:
    """A loss that rises on points that are not trained on while it falls on those that are."""
    if not health.held_out:
        return None
    history, held_out, changed = health.history, health.held_out_loss, _changed(health, ("l2",))
    first = int(np.searchsorted(history.update, changed))
    if not np.isfinite(held_out).all() or first == len(held_out) or _is_too_early(health, changed):
        return None
    best = first + int(np.argmin(held_out[first:]))
    gap = float(history.train_score[-1] - health.held_out_score[-1])
    rises = held_out[-1] > OVERFIT_RISE * held_out[best]
    if not (rises and history.train_loss[-1] < history.train_loss[best] and gap > OVERFIT_GAP):
        return None
    at = _at_hand(health, int(history.update[best]))
    return Finding(
        "overfitting",
        None,
        None,
        int(history.update[best]),
        Settings({"lowest": float(held_out[best]), "now": float(held_out[-1]), "gap": gap}),
        SERIOUS,
        f"The network learns its training points by heart: since update {int(history.update[best]):,} the "
        f"{health.held_out} loss rose from {text(held_out[best])} to {text(held_out[-1])}, while the training loss "
        f"fell from {text(history.train_loss[best])} to {text(history.train_loss[-1])}.",
        _live(health, Settings({"l2": _rounded(health.settings.l2 * 3 or 0.01)}), at),
    )


def oscillation(health: Health) -> Finding | None:
    """A training loss that goes up and down from epoch to epoch, by much, and gets nowhere."""
    history, changed = health.history, _changed(health, STEPS)
    recent, start = history.train_loss[history.update >= changed][-1 - SWINGS :], float(history.train_loss[0])
    if len(recent) <= SWINGS or not np.isfinite(recent).all() or not start > 0 or _is_solved(health):
        return None
    changes = np.diff(recent)
    turns = int(np.count_nonzero(np.sign(changes[1:]) * np.sign(changes[:-1]) < 0))
    size = float(np.abs(changes).mean() / start)
    if not (turns >= TURNS * (SWINGS - 1) and size >= SWING) or too_fast(health):
        return None
    since = max(_at_hand(health, int(history.update[-1 - SWINGS])), changed)
    return Finding(
        "oscillation",
        None,
        None,
        since,
        Settings({"turns": turns, "size": size}),
        SERIOUS,
        f"The training loss swings: of {SWINGS} changes between epochs {int(history.epoch[-1 - SWINGS]):,} and "
        f"{int(history.epoch[-1]):,}, {turns} go the other way than the one before, and a change is on average "
        f"{text(100 * size, 3)} % of the loss at the start.",
        _live(health, _slower(health.settings, 0.0), since),
    )


# ---- symptoms ------------------------------------------------------------------------------------------------------


def underfitting(health: Health) -> Finding | None:
    """A small network that has stopped getting better, while it answers its own training points badly."""
    reason, settings, history = stopping.plateau(health.history), health.settings, health.history
    score = float(history.train_score[-1])
    units = sum(settings.hidden)
    is_linear = _is_linear(settings)
    if is_linear and not reason and history.epoch[-1] >= LINEAR_EPOCHS and score < LINEAR_SCORE:
        reason = _gets_nowhere(health)
    if not reason or reason.endswith(stopping.RISE) or not score < stopping.SOLVED_SCORE:
        return None
    if is_linear and units:
        return Finding(
            "underfitting",
            None,
            None,
            int(health.update[-1]),
            Settings({"score": score, "units": units}),
            SERIOUS,
            f"The network may be too simple: with the identity as activation its layers together are one straight line "
            f"or plane. Its training {_score_words(health, score)}, and it gets no better: {reason}.",
            _new(health, activation="tanh", initializer=_suited("tanh")),
        )
    if units > FEW_UNITS:
        return None
    changes: dict[str, Any] = {"hidden": (*settings.hidden, NEW_UNITS)}
    if isinstance(settings.activation, tuple):
        changes["activation"] = (*settings.activation, settings.activation[-1])
    sizes = (health.network.sizes[0], *changes["hidden"], health.network.sizes[-1])
    if parameter_count(sizes) > MAX_PARAMETERS or sum(sizes[1:]) * health.points > MAX_UNIT_SAMPLES:
        return None
    has = "no hidden layer" if not units else "one hidden unit" if units == 1 else f"{units} hidden units"
    return Finding(
        "underfitting",
        None,
        None,
        int(health.update[-1]),
        Settings({"score": score, "units": units}),
        SERIOUS,
        f"The network may be too small: with {has} its training {_score_words(health, score)}, and it gets no better: "
        f"{reason}.",
        _new(health, **changes),
    )


def plateau(health: Health) -> Finding | None:
    """A training loss that has stopped falling before the run is solved."""
    changed, score = _changed(health, LIVE_SETTINGS), float(health.history.train_score[-1])
    reason = stopping.plateau(health.history)
    made = health.history.epoch[-1] - health.history.epoch[_row_at(health.history, changed)]
    if changed and made < 2 * max(stopping.PLATEAU_EPOCHS, int(health.history.epoch[-1]) // 8):  # what it compares
        return None
    if not reason or reason.endswith(stopping.RISE) or not score < stopping.SOLVED_SCORE:
        return None
    settings = health.settings
    changes: dict[str, Any]
    if settings.optimizer in ("sgd", "adagrad", "adadelta"):
        changes = {"optimizer": "adam", "learning_rate": 0.01}
    elif 4 * settings.batch_size <= health.points:  # a gradient of more points swings less
        changes = {"batch_size": 4 * settings.batch_size}
    else:
        changes = {"learning_rate": _rounded(settings.learning_rate / 3)}
    return Finding(
        "plateau",
        None,
        None,
        int(health.update[-1]),
        Settings({"loss": float(health.history.train_loss[-1]), "score": score}),
        MILD,
        f"The training loss no longer falls: {reason}. The training {_score_words(health, score)}.",
        _live(health, Settings(changes), int(health.update[-1])),
    )


CAUSES: tuple[Callable[[Health], Finding | None], ...] = (
    unscaled,
    alike,
    too_fast,
    dead,
    saturated,
    too_strong,
    vanishing,
    too_slow,
    overfitting,
    oscillation,
)
SYMPTOMS: tuple[Callable[[Health], Finding | None], ...] = (underfitting, plateau)


# ---- inside --------------------------------------------------------------------------------------------------------


def _new(health: Health, **changes: Any) -> Remedy:
    """Changes in a new start; what is so already is left out."""
    return Remedy(Settings({name: new for name, new in changes.items() if getattr(health.settings, name) != new}), 0)


def _live(health: Health, changes: Settings, update: int) -> Remedy:
    """Live changes from an update on, or from where one of these settings was chosen last: before, it was another."""
    chosen = [at for at, new in health.experiment.events if at <= health.update[-1] and set(new) & set(changes)]
    return Remedy(changes, max([update, *chosen]))


def _changed(health: Health, names: tuple[str, ...]) -> int:
    """The update at which one of these settings was changed last, 0 where all are as at the start."""
    events = health.experiment.events
    return max((at for at, new in events if at <= health.update[-1] and set(new) & set(names)), default=0)


def _is_too_early(health: Health, changed: int) -> bool:
    """Whether too few updates were made, and looked at, to judge what was changed on the way."""
    made = np.count_nonzero(health.update[:-1] >= changed)
    return changed > 0 and bool(made < ENOUGH_MADE)


def _row_at(history: History, update: int) -> int:
    """The last row of the history that is not after this update."""
    return int(np.searchsorted(history.update, update, side="right")) - 1


def _recent(values: np.ndarray, health: Health | None = None, changed: int = 0) -> np.ndarray:
    """The last quarter of the moments, at least one. Where settings were changed on the way: of the moments whose next
    update was made with them, which now's was not yet, and ENOUGH_MADE at least.
    """
    if health is None or not changed:
        return values[-max(1, len(values) // 4) :]
    made = values[:-1][health.update[:-1] >= changed]
    return made[-max(ENOUGH_MADE, len(values) // 4) :]


def _gets_nowhere(health: Health, changed: int = 0) -> str:
    """Whether the training loss has not fallen for a while before the run is solved, in words, "" where it has.

    In the first epochs: since the start, or the last row before a change. Later: medians, because single epochs jump.
    """
    history, last = health.history, int(health.history.epoch[-1])
    loss, base = history.train_loss, _row_at(history, changed)
    first = int(history.epoch[base])
    if last == first or not history.train_score[-1] < stopping.SOLVED_SCORE or _is_solved(health):
        return ""
    if last - first < NOWHERE_EPOCHS:
        if not loss[-1] >= HARDLY_FALLEN * loss[base]:
            return ""
        when = f"at the end of epoch {first:,}" if base else "at the start"
        return f"the training loss was {text(loss[base])} {when} and {text(loss[-1])} at the end of epoch {last:,}"
    half, quarter = first + (last - first) // 2, first + (last - first) // 4
    now = float(np.median(loss[history.epoch > half]))
    earlier = loss[(history.epoch > quarter) & (history.epoch <= half)]
    if not len(earlier):  # in a long run rows lie far apart, and a change may be just behind
        return ""
    before = float(np.median(earlier))
    if not now >= NOWHERE * min(before, float(loss[base])):
        return ""
    return (
        f"the median training loss of epochs {quarter + 1:,} to {half:,} was {text(before)}, of those to {last:,} "
        f"{text(now)}"
    )


def _is_linear(settings: Any) -> bool:
    """Whether all layers together are one straight line or plane; also without any hidden layer."""
    return {*settings.activations} <= {"identity"}


def _of_a_weight(health: Health) -> np.ndarray:
    """The gradient (m, layers) as it is for one weight or bias, in the square mean."""
    return health.gradient / np.sqrt([parameter_count(pair) for pair in pairwise(health.network.sizes)])


def _first_shares(health: Health) -> np.ndarray:
    """How large it is in the first layer (m,), of that in the layer where it is largest."""
    of_a_weight = _of_a_weight(health)
    with np.errstate(all="ignore"):
        return of_a_weight[:, 0] / of_a_weight.max(axis=1)


def _since_words(since: Since, units: int) -> str:
    """Since when so many units are as they are, of what was seen."""
    they, all_ = ("It has", "it was") if units == 1 else ("They have", "all of them were")
    if since.after < 0:
        return f"{they} been from the start{'' if since.is_seen else ', at every moment looked at'}."
    if not since.is_exact:
        return (
            f"Between update {since.after:,}, when not {all_}, and update {since.by:,} they became so."
            if units > 1
            else f"Between update {since.after:,}, when it was not, and update {since.by:,} it became so."
        )
    if since.is_seen:
        return f"{they} been since update {since.by:,}."
    return (
        f"At update {since.after:,} not {all_}; at update {since.by:,} and every moment looked at since they were."
        if units > 1
        else f"At update {since.after:,} it was not; at update {since.by:,} and every moment looked at since it was."
    )


def _before(health: Health, lost: np.ndarray, since: Since) -> int | None:
    """The last moment looked at before units of a layer, lost (m, units), were lost at which the fewest of them were;
    None where that were half of the layer.
    """
    places = np.flatnonzero(health.update <= since.after)
    if not len(places):
        return None
    counts = lost[places][:, lost[-1]].sum(axis=1)
    place = int(places[np.flatnonzero(counts == counts.min())[-1]])
    return None if counts.min() >= MANY_LOST * lost.shape[1] else int(health.update[place])


def _slower_before(health: Health, since: Since, before: int) -> Remedy:
    """A lower rate than the one at which units were lost, from `before` on or from where it was chosen: what was chosen
    after they were lost is not to blame.
    """
    events = health.experiment.events
    chosen = [at for at, new in events if at <= since.after and {"learning_rate", "optimizer_settings"} & set(new)]
    update = max([before, *chosen])
    return Remedy(_slower(health.experiment.at(update), 0.0), update)


def _at_hand(health: Health, update: int) -> int:
    """The last moment looked at that is not after this update."""
    return int(health.update[int(np.searchsorted(health.update, update, side="right")) - 1])


def _is_solved(health: Health) -> bool:
    return bool(stopping.solved(health.history, health.task))


def _suited(activation: str) -> str:
    """First weights that keep the signal's size with this activation, see initializers.py."""
    return "he_uniform" if activation in (*RELU_KIN, "leaky_relu") else "glorot_uniform"


def _slower(settings: Any, ratio: float, largest: float = LARGEST_FACTOR) -> Settings:
    """A tenth of the learning rate, or less where updates are larger; where momentum expands by itself, less of it."""
    momentum = settings.optimizer_settings.get("momentum", 0.0)
    if momentum >= 1:
        return Settings({"optimizer_settings": Settings({**settings.optimizer_settings, "momentum": 0.9})})
    if settings.optimizer_settings.get("dampening", 0.0) > 1:
        return Settings({"optimizer_settings": Settings({**settings.optimizer_settings, "dampening": 0.0})})
    factor = min(max(10.0, _power_of_ten(ratio / 0.01)), largest) if np.isfinite(ratio) else largest
    rate = settings.learning_rate / factor
    if not ratio / factor <= 1:  # updates would still be larger than the weights: 1e297 instead of 1e300 is no advice
        rate = min(rate, USUAL_RATE)
    return Settings({"learning_rate": _rounded(rate)})


def _power_of_ten(factor: float) -> float:
    """The least power of ten that is not below the factor."""
    return float(10.0 ** np.ceil(np.log10(factor) - 1e-9)) if factor > 0 else 0.0


def _rounded(value: float) -> float:
    """To three digits, so that a rate can be read."""
    return float(f"{value:.3g}")


def _layer_words(health: Health, layer: int) -> str:
    return "the output layer" if layer == len(health.network.sizes) - 2 else f"layer {layer + 1}"


def _score_words(health: Health, score: float) -> str:
    return f"R² is {text(score)}" if health.task == "regression" else f"accuracy is {text(100 * score)} %"


def _of_layer(units: int, of: int, layer: int) -> str:
    if of == 1:
        return f"The only unit of layer {layer + 1} is"
    return f"{units} of {of} units of layer {layer + 1} {'is' if units == 1 else 'are'}"
