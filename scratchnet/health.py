"""Health: what is measured of a run at moments of its own way, for a doctor to judge (doctor.py) and for charts.

Of each moment: how long the gradient of the training loss is in each layer, how much the next update changes each
layer's weights, how far its activations spread, and at how many points each hidden unit is flat. A unit is flat at a
point where its slope f'(z) is at most a twentieth of its steepest: what lies before it then learns next to nothing from
this point. Of tanh that is beyond 0.975 of its 1, of the sigmoid outside of 0.013 to 0.987: saturated, as in Glorot and
Bengio, "Understanding the difficulty of training deep feedforward neural networks" (2010), section 3. A relu is flat
where it is 0; one that is flat at every point is dead. A unit that is dead, or saturated at nearly every point at about
the same answer, is lost.

All but curves follows from the run and its update alone, not from how one came there.

Update-to-weight ratio: |W after the update - W| / |W|, lengths over all weights of a layer, which is usually near 1e-3
(A. Karpathy, notes of Stanford CS231n, "Neural Networks Part 3", section "Ratio of weights:updates").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from .activations import ACTIVATIONS
from .backpropagation import backpropagate, penalty
from .losses import LOSSES
from .network import Network, parameter_count
from .optimizers import AdamW
from .run import CHECKPOINT_BYTES, LONGEST_STRETCH, MAX_CHECKPOINTS, MIN_CHECKPOINTS, Run, is_usable
from .trainer import Trainer, length

if TYPE_CHECKING:
    from .experiment import Experiment
    from .run import History

MOST_MOMENTS = 64
ENOUGH_MOMENTS = 16  # evenly spread ones; where these would cost too much, those at hand are taken for the curves
MOST_ROWS = 1000  # training points that are looked at: of more every second, third, ...
# What it costs is counted, not measured, so that a run is looked at alike everywhere. The unit is a multiplication
# of the network with its part of the activations' cost, 0.2 to 0.4 ns; all together are to stay below half a second.
WORK = 600_000_000
SEARCH = 800_000_000  # likewise for when units were lost, on top, in a run that has lost many
PER_MOMENT = 1_000_000  # a moment beside its points: some 60 calls of NumPy and a small update
PER_UPDATE = 60_000  # likewise an update on the way to it
PER_CHECK = 60_000  # likewise a look at which units are lost
STRETCHES = 32  # in which a time that one searches in is divided, again and again
PER_ACTIVATION = 20  # an activation with its slope, forwards and back
FLAT = 0.05
STEEPEST = {"sigmoid": 0.25}  # the largest slope of the others that can be flat is 1, or a little more
NEVER_FLAT = ("identity", "leaky_relu")  # whose slope is the same everywhere, or small on purpose
RELU_KIN = ("relu", "elu", "gelu", "swish", "softplus")  # flat on one side: of these, what is flat everywhere is dead
RANGE = {"sigmoid": 1.0, "tanh": 2.0}  # from lowest to highest, flat at both ends
SATURATED = 0.99  # of the points at which a unit is flat
STUCK = 0.1  # of a saturated unit's range from lowest to highest: so little its answer varies from point to point
MANY_LOST = 0.5  # of a layer's units: since when is searched for


@dataclass(frozen=True)
class Since:
    """Since when all the units of a layer that are lost now are.

    after: an update at which not all of them were, -1 where they always were. by: a later one from which on they all
    were at every moment looked at. is_seen: whether every update from there to now was looked at.
    """

    after: int
    by: int
    is_seen: bool

    @property
    def is_exact(self) -> bool:
        """Whether nothing lies between the two."""
        return self.by == self.after + 1


@dataclass(frozen=True, eq=False)
class Health:
    """What was measured at m moments of a run. Arrays are read-only; layers are counted from 0.

    experiment: with its events; settings: those in force at present. update: (m,), rising, the last one is now.
    is_sure: (m,), whether a moment is looked at because of the run alone, see `moments_of`; the others are for curves.
    gradient, ratio, spread: (m, layers). gradient: the length of the training loss's gradient, penalties included, for
    a layer's weights and biases. ratio: that of the next update's mini-batch; nan where all weights are 0. spread: the
    standard deviation of a layer's activations over its units and the points.
    own: (m,), by how much the next update changes the data loss of its own mini-batch. pull: (m,), the length of the
    gradient of the penalties (l1, l2, weight decay that is added to the gradient), of that of the data loss, for all
    weights. penalty: l1 and l2's part of the loss now, of the data loss. size: (m,), the length of all weights.
    flat: of each hidden layer (m, units), the share of points at which a unit is flat. varies: likewise, the standard
    deviation of what a unit answers over the points. flat_points: of each hidden layer (rows, units), where a unit is
    flat now. lost: of each hidden layer (m, units), the units that are lost. since: of each hidden layer, since when
    those that are lost now are, None where they are less than half of it.
    rows: (rows,), the rows of x_train that were looked at now, of `points`.
    alike: (m, hidden layers), of those of two units and more, whether all have the same weights, in and out, and the
    same biases.
    largest_input: (inputs,), of the network's inputs the largest, without its sign, input_names: what they are called;
    largest_target: of the targets.
    has_diverged: whether the next update leads to numbers that cannot be used. held_out: the part that is not trained
    on, "" where there is none.
    """

    experiment: Experiment
    settings: Experiment
    network: Network
    task: str
    has_diverged: bool
    held_out: str
    history: History
    update: np.ndarray
    is_sure: np.ndarray
    gradient: np.ndarray
    ratio: np.ndarray
    spread: np.ndarray
    own: np.ndarray
    pull: np.ndarray
    penalty: float
    size: np.ndarray
    flat: tuple[np.ndarray, ...]
    varies: tuple[np.ndarray, ...]
    flat_points: tuple[np.ndarray, ...]
    lost: tuple[np.ndarray, ...]
    since: tuple[Since | None, ...]
    rows: np.ndarray
    points: int
    alike: np.ndarray
    largest_input: np.ndarray
    input_names: tuple[str, ...]
    largest_target: float

    @property
    def held_out_loss(self) -> np.ndarray:
        """The loss of the points that are not trained on, by row of the history: see `held_out`."""
        return getattr(self.history, f"{self.held_out or 'train'}_loss")

    @property
    def held_out_score(self) -> np.ndarray:
        """Likewise the score."""
        return getattr(self.history, f"{self.held_out or 'train'}_score")

    def of_the_run_alone(self) -> Health:
        """Without the moments that depend on how the run was watched."""
        if self.is_sure.all():
            return self
        of_moments = ("update", "is_sure", "gradient", "ratio", "spread", "own", "pull", "size", "alike")
        sure = self.is_sure
        fewer: dict = {name: getattr(self, name)[sure] for name in of_moments}
        fewer |= {name: tuple(of[sure] for of in getattr(self, name)) for name in ("flat", "varies", "lost")}
        return replace(self, **fewer)


def moments_of(run: Run) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """(updates at which a run is looked at, those of them that follow from the run alone).

    These are the start, now, and multiples of a power of two between, so that most of them stay the same when the run
    goes on. A run holds few of its moments, and which ones depends on how it was watched, so up to each there may be
    some updates to make again. Where that would take long, after very many updates or in a large network, they are few,
    and curves have those at hand as well.
    """
    last, sizes = run.update, run.experiment.sizes
    parameters = parameter_count(sizes)
    each_point = 3 * (parameters + PER_ACTIVATION * sum(sizes[1:]))
    look = PER_MOMENT + min(len(run.x_train), MOST_ROWS) * each_point
    most = min(WORK // (look + _way_to(run) * _update_work(run)), MOST_MOMENTS)
    stretch = 1
    while last > stretch * max(most - 1, 0) and stretch < last:
        stretch *= 2
    sure = tuple(sorted({*range(0, last, stretch), last}))
    if most >= ENOUGH_MOMENTS:
        return sure, sure
    at_hand = [update for update, _ in run.checkpoints if update < last]
    most = max(ENOUGH_MOMENTS, min(MOST_MOMENTS, WORK // look)) - 1
    if len(at_hand) > most:
        at_hand = [at_hand[int(place)] for place in np.linspace(0, len(at_hand) - 1, most)]
    return tuple(sorted({*at_hand, *sure})), sure


def _way_to(run: Run) -> int:
    """How many updates it is about, from the moment before it that is held, to one of a run: by what a run may hold,
    not by what this one does, which depends on how it was watched.
    """
    arrays = 2 + len([value for value in run.optimizer_state.values() if np.ndim(value)])
    memory = 8 * parameter_count(run.experiment.sizes) * arrays
    held = max(MIN_CHECKPOINTS, min(MAX_CHECKPOINTS, CHECKPOINT_BYTES // memory)) / 2
    return int(max(run.update / held, min(run.updates_per_epoch, LONGEST_STRETCH)) / 2)


def _update_work(run: Run) -> int:
    """What an update takes, in the unit of WORK."""
    sizes = run.experiment.sizes
    parameters = parameter_count(sizes)
    points = min(run.settings.batch_size, len(run.x_train))
    return PER_UPDATE + points * 3 * (parameters + PER_ACTIVATION * sum(sizes[1:])) + 10 * parameters


def health_of(run: Run) -> Health:
    """Measure a run, up to where it stands. It is not changed."""
    return searched(run, measured(run))


def measured(run: Run) -> Health:
    """The first half of `health_of`, for who lets others compute in between: `since` is None of each layer."""
    (moments, sure), way = moments_of(run), run.fork()
    looks = []
    with np.errstate(all="ignore"):  # a run that diverges has numbers that overflow
        for update in moments:
            if update < run.update:
                way.goto(update)
                looks.append(_look(way))
            else:
                looks.append(_look(run))
        last, x, y = looks[-1], run.x_train, run.y_train
        held_out = "" if run.dataset.fixed else "validation" if len(run.x_validation) else "test"
        columns: dict[str, Any] = {
            name: np.array([look[name] for look in looks])
            for name in ("gradient", "ratio", "spread", "own", "pull", "size", "alike")
        }
        hidden = range(len(run.experiment.hidden))
        of_units: dict[str, Any] = {
            name: tuple(np.array([look[name][layer] for look in looks]) for layer in hidden)
            for name in ("flat", "varies", "lost")
        }
        is_sure = np.isin(moments, sure)
        found = Health(
            experiment=run.experiment,
            settings=run.settings,
            network=run.network,
            task=run.dataset.task,
            has_diverged=last["has_diverged"],
            held_out=held_out if held_out and len(getattr(run, f"x_{held_out}")) else "",
            history=run.history,
            update=np.array(moments),
            is_sure=is_sure,
            penalty=last["penalty"],
            flat_points=last["flat_points"],
            since=(None,) * len(hidden),
            rows=_rows(len(x)),
            points=len(x),
            largest_input=np.abs(x).max(axis=0),
            input_names=tuple(_input_name(name, run.dataset.names) for name in run.experiment.features),
            largest_target=float(np.abs(y).max()),
            **columns,
            **of_units,
        )
    arrays = [found.update, found.is_sure, *columns.values(), *found.flat_points]
    for array in (*arrays, *(array for several in of_units.values() for array in several)):
        array.setflags(write=False)
    return found


def searched(run: Run, health: Health) -> Health:
    """The second half of `health_of`: with since when units are lost, of the layers that have lost most first."""
    sure, left = health.of_the_run_alone(), SEARCH
    since: list[Since | None] = [None] * len(sure.lost)
    with np.errstate(all="ignore"):
        for layer in sorted(range(len(since)), key=lambda layer: -sure.lost[layer][-1].mean()):
            lost = sure.lost[layer]
            if lost[-1].any() and lost[-1].mean() >= MANY_LOST:
                since[layer], left = _since(run, layer, lost, sure.update.tolist(), left)
    return replace(health, since=tuple(since))


def _since(run: Run, layer: int, lost: np.ndarray, moments: Sequence[int], left: int) -> tuple[Since, int]:
    """Since when the units (units,) of a layer that are lost at the last of some moments, lost (m, units), are so; and
    what is left of the work, of so much.

    First between which two moments, and then, if that does not cost too much, between which two updates, going that
    way again in ever smaller stretches; and whether they were lost ever since.
    """
    units = np.flatnonzero(lost[-1])
    others = np.flatnonzero(~lost[:, units].all(axis=1))
    after, by = (moments[others[-1]], moments[others[-1] + 1]) if len(others) else (-1, 0)
    sizes = run.experiment.sizes
    check = PER_CHECK + min(len(run.x_train), MOST_ROWS) * (parameter_count(sizes) + PER_ACTIVATION * sum(sizes[1:]))
    update, way = _update_work(run), run.fork()

    def all_lost() -> bool:
        rows = _rows(len(way.x_train))
        net, fwd = way.network, way.network.forward(way.x_train[rows])
        return bool(_lost(net.activations[layer], fwd.z[layer], fwd.a[layer])[units].all())

    is_seen = by == run.update
    while by - after > 1 or not is_seen:
        # Where it begins, in ever smaller stretches; then from there to now, in the smallest that are affordable.
        first, last = (after, by) if by - after > 1 else (by, run.update)
        cost = (last - first + _way_to(run)) * update
        if left - cost < check:
            break
        left -= cost
        stretch = -(-(last - first) // STRETCHES) if by - after > 1 else -(-(last - first) * check // left)
        left -= (last - first) // stretch * check
        way.goto(first)
        begins = first if by - after > 1 else None
        for place in range(first + stretch, last, stretch):
            way.goto(place)
            if not all_lost():
                begins = place
        if begins is None:
            is_seen = stretch == 1
            break
        after, by = begins, min(last, begins + stretch)
        is_seen = by == run.update
    return Since(after, by, is_seen), left


def _input_name(feature: str, columns: tuple[str, ...]) -> str:
    """A feature that is a column has the column's own name."""
    return columns[int(feature[1:]) - 1] if feature[1:].isdecimal() else feature


def _rows(points: int) -> np.ndarray:
    """Which of so many training points are looked at: all, or every second, third, ..."""
    return np.arange(0, points, -(-points // MOST_ROWS))


def _look(run: Run) -> dict:
    """What is measured where a run stands: for `Health`, without the first axis."""
    net, trainer, rows = run.network, run.trainer, _rows(len(run.x_train))
    x, y = run.x_train[rows], run.y_train[rows]
    fwd = net.forward(x)
    bwd = backpropagate(net, fwd, y, trainer.loss, trainer.l1, trainer.l2)
    gradient = [length(np.append(dW, db)) for dW, db in zip(bwd.dW, bwd.db, strict=True)]
    of_penalty, of_data = _parts(bwd.dW, net, trainer)
    batch = run.next_batch()
    x_batch, y_batch = run.x_train[batch], run.y_train[batch]
    step = trainer.step(net, x_batch, y_batch, run.optimizer_state, run.update)
    then = step.after.forward(x_batch)
    own = float(LOSSES[trainer.loss].per_sample(y_batch, then.a[-1], then.z[-1]).mean()) - step.backward.data_loss
    ratio = [
        length((after - before).ravel()) / size if (size := length(before.ravel())) else np.nan
        for before, after in zip(net.weights, step.after.weights, strict=True)
    ]
    flat_points = tuple(
        _flat(name, z, a) for name, z, a in zip(net.activations[:-1], fwd.z[:-1], fwd.a[:-1], strict=True)
    )
    return {
        "gradient": gradient,
        "ratio": ratio,
        "spread": [a.std() for a in fwd.a],
        "own": own,
        "pull": of_penalty / of_data if of_data else 0.0,
        "penalty": penalty(net, trainer.l1, trainer.l2) / bwd.data_loss if bwd.data_loss else 0.0,
        "size": _of_all(net.weights),
        "flat": [there.mean(axis=0) for there in flat_points],
        "varies": [a.std(axis=0) for a in fwd.a[:-1]],
        "flat_points": flat_points,
        "lost": [_lost(name, z, a) for name, z, a in zip(net.activations[:-1], fwd.z[:-1], fwd.a[:-1], strict=True)],
        "alike": [_are_alike(net, layer) for layer in range(len(net.weights) - 1)],
        "has_diverged": not is_usable(step.after.theta),
    }


def _parts(dW: Sequence[np.ndarray], net: Network, trainer: Trainer) -> tuple[float, float]:
    """The lengths of the penalties' gradient for all weights, and of the data loss's. dW: both together.

    A weight decay that an optimizer adds to the gradient is like l2; that of AdamW acts beside it.
    """
    decay = 0.0 if isinstance(trainer.optimizer, AdamW) else getattr(trainer.optimizer, "weight_decay", 0.0)
    added = [trainer.l1 * np.sign(W) + trainer.l2 * W for W in net.weights]
    of_data = [both - more for both, more in zip(dW, added, strict=True)]
    return _of_all([more + decay * W for more, W in zip(added, net.weights, strict=True)]), _of_all(of_data)


def _of_all(arrays: Sequence[np.ndarray]) -> float:
    """The length of all their numbers together."""
    return length(np.concatenate([array.ravel() for array in arrays]))


def _lost(activation: str, z: np.ndarray, a: np.ndarray) -> np.ndarray:
    """Which units (units,) of a layer are lost, of its z and a (rows, units)."""
    flat = _flat(activation, z, a).mean(axis=0)
    if activation in RANGE:
        return (flat >= SATURATED) & (a.std(axis=0) <= STUCK * RANGE[activation])
    return (flat == 1.0) & (activation in RELU_KIN)


def _flat(activation: str, z: np.ndarray, a: np.ndarray) -> np.ndarray:
    """Where the units of a layer are flat, like z and a (rows, units)."""
    if activation in NEVER_FLAT:
        return np.zeros(z.shape, dtype=bool)
    slope = np.abs(ACTIVATIONS[activation].derivative(z, a))
    return slope <= FLAT * STEEPEST.get(activation, 1.0)


def _are_alike(net: Network, layer: int) -> bool:
    """Whether the units of a layer, of two and more, have equal weights into and out of them and equal biases.

    To nine digits: equal numbers that are added up in another order differ in their last bits.
    """
    into = np.column_stack([net.weights[layer], net.biases[layer]])
    both = np.column_stack([into, net.weights[layer + 1].T])
    return len(both) > 1 and bool(np.allclose(both, both[0], rtol=1e-9, atol=1e-12 * np.abs(both).max()))
