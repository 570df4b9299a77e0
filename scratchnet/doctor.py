"""The doctor: what may be wrong with a run, why one may think so, and one thing to try. It reads `Health` alone.

Each finding is a pure function of the health of a run and returns a `Finding`, or None. `findings` asks them all. The
numbers above which something counts as wrong were chosen on drawn runs: `python -m benchmarks.doctor` measures how
often a healthy run is called ill, and how often what is advised helps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from . import stopping
from .cost import MAX_PARAMETERS, MAX_UNIT_SAMPLES
from .health import Health
from .idle import ALL_ALIKE
from .network import parameter_count
from .numerals import text
from .settings import LIVE_SETTINGS, Settings
from .trainer import length

SEVERE, SERIOUS, MILD = 3, 2, 1

# Healthy: in 80 runs, drawn and looked at as in benchmarks/doctor.py, seed 5.
LARGE = 100.0  # an input or target: LeCun et al., "Efficient BackProp" (1998), section 4.3, wants them to be about 1
VANISHED = 1e-2  # the gradient of a weight of the first layer, of that in the layer where it is largest; healthy: 0.08
TOO_FAST = 0.1  # update-to-weight ratio: a hundred times the usual 1e-3 (health.py); healthy: 0.00016 to 0.11
TOO_SLOW = 5e-5  # likewise a twentieth
STILL_STEEP = 0.1  # of the gradient at the start: what is left of it shows that there is a way to go
DEAD_SHARE = 0.75  # of the units of a layer; healthy: up to 5 of 8, and they learn well without them
SATURATED = 0.99  # of the points at which a unit is flat
STUCK = 0.1  # of a saturated unit's range from lowest to highest: so little its answer varies from point to point
SATURATED_SHARE = 0.5  # of the units of a layer; healthy: none at all
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

# Flat on one side: of these, what is flat everywhere is dead.
RELU_KIN = ("relu", "elu", "gelu", "swish", "softplus")
RANGE = {"sigmoid": 1.0, "tanh": 2.0}  # from lowest to highest, flat at both ends


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
    """What may be wrong. layer, unit: counted from 0, None where it is in no single one. update: since when, at the
    latest, of the moments looked at. evidence: the numbers that say so. severity: 3 comes before all else, 2 is in the
    way, 1 is worth a try. sentence: all of it in words, layers and units counted from 1.
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
    """
    found = [finding for look in CAUSES if (finding := look(health)) is not None]
    if not found:
        found = [finding for look in SYMPTOMS if (finding := look(health)) is not None][:1]
    said: list[Finding] = []
    for finding in sorted(found, key=lambda finding: -finding.severity):
        if not any(_are_at_odds(finding.remedy, worse.remedy, health.settings) for worse in said):
            said.append(finding)
    return tuple(said)


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
    layer = next((layer for layer, is_so in enumerate(health.alike) if is_so), None)
    if layer is None:
        return None
    units = health.network.sizes[layer + 1]
    return Finding(
        "alike",
        layer,
        0,
        0,
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
    loss, settings = health.history.train_loss, health.settings
    ratios = np.nan_to_num(health.ratio, nan=0.0, posinf=np.inf)
    best = int(health.history.update[int(np.nanargmin(loss))]) if np.isfinite(loss).any() else 0
    since = _at_hand(health, best)
    place = len(ratios) - 1
    if health.status == "diverged":
        ratio = float(ratios[-1].max())
        sentence = f"The run has diverged: update {int(health.update[-1]) + 1:,} led to numbers that cannot be used."
        if ratio > TOO_FAST:
            sentence += f" It would have changed weights by {text(ratio, 3)} times their own size."
    else:
        ratio = float(np.median(_recent(ratios).max(axis=1)))
        what = f"each update changes weights by {text(ratio, 3)} of their own size"
        if not ratio > TOO_FAST:
            first = int(np.searchsorted(health.update, _live(health, _slower(settings, 0.0), since).update))
            place = first + int(np.argmax(ratios[first:].max(axis=1)))
            ratio = float(ratios[place].max())
            what = f"update {int(health.update[place]) + 1:,} changed weights by {text(ratio, 3)} times their own size"
        if not (ratio > TOO_FAST and loss[-1] > RISEN * loss[0]):
            return None
        sentence = (
            f"The learning rate looks too high: {what}, where 0.001 is usual, and the training loss rose from "
            f"{text(loss[0])} to {text(loss[-1])}."
        )
    return Finding(
        "too fast",
        int(np.argmax(ratios[place])),
        None,
        since,
        Settings({"ratio": ratio, "loss": float(loss[-1]), "start": float(loss[0])}),
        SEVERE,
        sentence,
        _live(health, _slower(settings, float(ratios[np.searchsorted(health.update, since)].max())), since),
    )


def dead(health: Health) -> Finding | None:
    """Units of relu and its kin that are flat at every point, more than three quarters of a layer."""
    worst: tuple[float, int] = (0.0, -1)
    for layer, flat in enumerate(health.flat):
        share = float((flat[-1] == 1.0).mean()) if health.network.activations[layer] in RELU_KIN else 0.0
        worst = max(worst, (share, layer), key=lambda found: found[0])
    share, layer = worst
    if share <= DEAD_SHARE or unscaled(health):  # which pushes units there
        return None
    is_dead = health.flat[layer] == 1.0
    units, size = np.flatnonzero(is_dead[-1]), is_dead.shape[1]
    since = _since(health, is_dead.mean(axis=1) > DEAD_SHARE)  # so many of them: one may be revived for a while
    return Finding(
        "dead",
        layer,
        int(units[0]),
        since,
        Settings({"dead": len(units), "units": size, "points": len(health.rows)}),
        SEVERE if len(units) == size else SERIOUS,
        f"{_of_layer(len(units), size, layer)} dead since update {since:,} at the latest: flat at all "
        f"{len(health.rows):,} training points looked at, so that almost no gradient comes through.",
        _new(health, activation="leaky_relu", initializer=_suited("relu"))
        if since == 0
        else _live(health, _slower(health.settings, 0.0), _before(health, since)),
    )


def saturated(health: Health) -> Finding | None:
    """Units of sigmoid or tanh that are at one end of their range at nearly every point, half of a layer or more."""
    if unscaled(health):
        return None
    for layer, (flat, varies) in enumerate(zip(health.flat, health.varies, strict=True)):
        activation = health.network.activations[layer]
        if activation not in RANGE:
            continue
        is_stuck = (flat >= SATURATED) & (varies <= STUCK * RANGE[activation])
        units = np.flatnonzero(is_stuck[-1])
        if not len(units) or len(units) < SATURATED_SHARE * flat.shape[1]:
            continue
        since = _since(health, is_stuck.mean(axis=1) >= SATURATED_SHARE)
        unit = int(units[0])
        share = float(flat[-1, unit])
        return Finding(
            "saturated",
            layer,
            unit,
            since,
            Settings({"saturated": len(units), "units": flat.shape[1], "share": share}),
            SERIOUS,
            f"{_of_layer(len(units), flat.shape[1], layer)} saturated since update {since:,} at the latest: unit "
            f"{unit + 1} is flat at {text(100 * share)} % of the training points, and answers about the same at all.",
            (
                _new(health, initializer="glorot_uniform")
                if health.settings.initializer != "glorot_uniform"
                else _new(health, activation="relu", initializer="he_uniform")
            )
            if since == 0
            else _live(health, _slower(health.settings, 0.0), _before(health, since)),
        )
    return None


def vanishing(health: Health) -> Finding | None:
    """A gradient that is far smaller in the first layer than in another one, though it gets there."""
    sizes = health.network.sizes
    counts = np.array([parameter_count(pair) for pair in pairwise(sizes)])
    of_a_weight = health.gradient / np.sqrt(counts)
    with np.errstate(all="ignore"):
        share = of_a_weight[:, 0] / of_a_weight.max(axis=1)
    holds = (share < VANISHED) & (share > 0)
    middle = float(np.median(_recent(share)))
    if len(counts) < 3 or not holds[-1] or not 0 < middle < VANISHED or _is_solved(health):
        return None
    if dead(health) or saturated(health) or too_fast(health):  # which is where the gradient is lost
        return None
    since = _since(health, holds)
    largest = int(np.argmax(of_a_weight[-1]))
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
        since,
        Settings({"share": middle, "first": float(health.gradient[-1, 0])}),
        SERIOUS,
        f"The gradient vanishes on its way back: for a weight of layer 1 it is {text(middle, 3)} of that for a weight "
        f"of {_layer_words(health, largest)}, since update {since:,} at the latest, so the first layers hardly learn.",
        _new(health, **changes),
    )


def too_slow(health: Health) -> Finding | None:
    """Updates that hardly change any weight, though the gradient has not become small."""
    ratio = _recent(np.nan_to_num(health.ratio, nan=0.0)).max(axis=1)
    first, last = length(health.gradient[0]), length(health.gradient[-1])
    steep = last / first if 0 < first < np.inf else 0.0
    middle = float(np.median(ratio))
    if health.update[-1] == 0 or _is_solved(health) or not (middle < TOO_SLOW and steep > STILL_STEEP):
        return None
    if health.history.train_loss[-1] > ROSE * health.history.train_loss[0]:  # so something has moved it
        return None
    if any(look(health) for look in (unscaled, too_fast, dead, saturated, oscillation)):  # which stop it as well
        return None
    rate = health.settings.learning_rate
    if health.settings.schedule != "constant":
        changes: dict[str, Any] = {"schedule": "constant"}
    else:
        changes = {"learning_rate": _rounded(rate * _power_of_ten(1e-3 / max(middle, 1e-3 / LARGEST_FACTOR)))}
    holds = np.nan_to_num(health.ratio, nan=0.0).max(axis=1) < TOO_SLOW
    since = _since(health, holds) if holds[-1] else int(health.update[-1])
    return Finding(
        "too slow",
        None,
        None,
        since,
        Settings({"ratio": middle, "steep": steep}),
        SERIOUS,
        f"The learning rate looks too low: an update changes no layer's weights by more than {text(middle, 3)} of "
        f"their own size, where 0.001 is usual, though the gradient is still {text(steep, 3)} of that at the start.",
        _live(health, Settings(changes), since),
    )


def overfitting(health: Health) -> Finding | None:
    """A loss that rises on points that are not trained on while it falls on those that are."""
    if not health.held_out:
        return None
    history, held_out = health.history, health.held_out_loss
    if not np.isfinite(held_out).all():
        return None
    best = int(np.argmin(held_out))
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
    history = health.history
    recent, start = history.train_loss[-1 - SWINGS :], float(history.train_loss[0])
    if len(recent) <= SWINGS or not np.isfinite(recent).all() or not start > 0 or _is_solved(health):
        return None
    changes = np.diff(recent)
    turns = int(np.count_nonzero(np.sign(changes[1:]) * np.sign(changes[:-1]) < 0))
    size = float(np.abs(changes).mean() / start)
    if not (turns >= TURNS * (SWINGS - 1) and size >= SWING) or too_fast(health):
        return None
    since = _at_hand(health, int(history.update[-1 - SWINGS]))
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
    reason, settings = stopping.plateau(health.history), health.settings
    score = float(health.history.train_score[-1])
    units = sum(settings.hidden)
    if not reason or reason.endswith(stopping.RISE) or not score < stopping.SOLVED_SCORE or units > FEW_UNITS:
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
    reason, score = stopping.plateau(health.history), float(health.history.train_score[-1])
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


def _recent(values: np.ndarray) -> np.ndarray:
    """The last quarter of the moments, at least one."""
    return values[-max(1, len(values) // 4) :]


def _since(health: Health, holds: np.ndarray) -> int:
    """The update from which on something holds at every moment looked at; it holds now."""
    others = np.flatnonzero(~holds)
    return int(health.update[others[-1] + 1 if len(others) else 0])


def _before(health: Health, update: int) -> int:
    """The moment looked at before this one."""
    return int(health.update[max(int(np.searchsorted(health.update, update)) - 1, 0)])


def _at_hand(health: Health, update: int) -> int:
    """The last moment looked at that is not after this update."""
    return int(health.update[int(np.searchsorted(health.update, update, side="right")) - 1])


def _is_solved(health: Health) -> bool:
    return bool(stopping.solved(health.history, health.task))


def _suited(activation: str) -> str:
    """First weights that keep the signal's size with this activation, see initializers.py."""
    return "he_uniform" if activation in (*RELU_KIN, "leaky_relu") else "glorot_uniform"


def _slower(settings: Any, ratio: float) -> Settings:
    """A tenth of the learning rate, or less where updates are larger; where momentum expands by itself, less of it."""
    momentum = settings.optimizer_settings.get("momentum", 0.0)
    if momentum >= 1:
        return Settings({"optimizer_settings": Settings({**settings.optimizer_settings, "momentum": 0.9})})
    if settings.optimizer_settings.get("dampening", 0.0) > 1:
        return Settings({"optimizer_settings": Settings({**settings.optimizer_settings, "dampening": 0.0})})
    factor = min(max(10.0, _power_of_ten(ratio / 0.01)), LARGEST_FACTOR) if np.isfinite(ratio) else LARGEST_FACTOR
    return Settings({"learning_rate": _rounded(settings.learning_rate / factor)})


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
