"""Health: what is measured of a run at moments of its own way, for a doctor to judge (doctor.py) and for charts.

Of each moment: how long the gradient of the training loss is in each layer, how much the next update changes each
layer's weights, how far its activations spread, and at how many points each hidden unit is flat. A unit is flat at a
point where its slope f'(z) is at most a twentieth of its steepest: what lies before it then learns next to nothing from
this point. Of tanh that is beyond 0.975 of its 1, of the sigmoid outside of 0.013 to 0.987: saturated, as in Glorot and
Bengio, "Understanding the difficulty of training deep feedforward neural networks" (2010), section 3. A relu is flat
where it is 0; one that is flat at every point is dead.

Update-to-weight ratio: |W after the update - W| / |W|, lengths over all weights of a layer, which is usually near 1e-3
(A. Karpathy, notes of Stanford CS231n, "Neural Networks Part 3", section "Ratio of weights:updates").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .activations import ACTIVATIONS
from .backpropagation import backpropagate
from .network import Network, parameter_count
from .run import CHECKPOINT_BYTES, LONGEST_STRETCH, MAX_CHECKPOINTS, MIN_CHECKPOINTS, Run
from .trainer import length

if TYPE_CHECKING:
    from .experiment import Experiment
    from .run import History

MOST_MOMENTS = 64
ENOUGH_MOMENTS = 16  # evenly spread ones; where these would cost too much, those at hand are taken
MOST_ROWS = 1000  # training points that are looked at: of more every second, third, ...
# What it costs is counted, not measured, so that a run is looked at alike everywhere. The unit is a multiplication
# of the network with its part of the activations' cost, 0.2 to 0.4 ns; all together are to stay below half a second.
WORK = 600_000_000
PER_MOMENT = 1_000_000  # a moment beside its points: some 60 calls of NumPy and a small update
PER_UPDATE = 60_000  # likewise an update on the way to it
PER_ACTIVATION = 20  # an activation with its slope, forwards and back
FLAT = 0.05
STEEPEST = {"sigmoid": 0.25}  # the largest slope of the others that can be flat is 1, or a little more
NEVER_FLAT = ("identity", "leaky_relu")  # whose slope is the same everywhere, or small on purpose


@dataclass(frozen=True, eq=False)
class Health:
    """What was measured at m moments of a run. Arrays are read-only; layers are counted from 0.

    experiment: with its events; settings: those in force at present. update: (m,), rising, the last one is now.
    is_even: whether these follow from the run alone, see `moments_of`.
    gradient, ratio, spread: (m, layers). gradient: the length of the training loss's gradient, penalties included, for
    a layer's weights and biases. ratio: that of the next update's mini-batch; nan where all weights are 0. spread: the
    standard deviation of a layer's activations over its units and the points.
    flat: of each hidden layer (m, units), the share of points at which a unit is flat. varies: likewise, the standard
    deviation of what a unit answers over the points. flat_points: of each hidden layer (rows, units), where a unit is
    flat now. rows: (rows,), the rows of x_train that were looked at now, of `points`.
    alike: of each hidden layer of two units and more, whether all have the same weights, in and out, and biases.
    largest_input: (inputs,), of the network's inputs the largest, without its sign, input_names: what they are called;
    largest_target: of the targets.
    reason: why the run stopped or diverged. held_out: the part that is not trained on, "" where there is none.
    """

    experiment: Experiment
    settings: Experiment
    network: Network
    task: str
    status: str
    reason: str
    held_out: str
    history: History
    update: np.ndarray
    is_even: bool
    gradient: np.ndarray
    ratio: np.ndarray
    spread: np.ndarray
    flat: tuple[np.ndarray, ...]
    varies: tuple[np.ndarray, ...]
    flat_points: tuple[np.ndarray, ...]
    rows: np.ndarray
    points: int
    alike: tuple[bool, ...]
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


def moments_of(run: Run) -> tuple[tuple[int, ...], bool]:
    """(updates at which a run is looked at, whether they follow from the run alone).

    They are evenly spread from the start to now. A run holds few of its moments, and which ones depends on how it was
    watched, so up to each there may be some updates to make again. Where that would take too long, after very many
    updates or in a large network, they are those at hand.
    """
    last, sizes = run.update, run.experiment.sizes
    parameters = parameter_count(sizes)
    each_point = 3 * (parameters + PER_ACTIVATION * sum(sizes[1:]))
    look = PER_MOMENT + min(len(run.x_train), MOST_ROWS) * each_point
    update = PER_UPDATE + min(run.settings.batch_size, len(run.x_train)) * each_point + 10 * parameters
    memory = 8 * parameters * (2 + len([value for value in run.optimizer_state.values() if np.ndim(value)]))
    held = max(MIN_CHECKPOINTS, min(MAX_CHECKPOINTS, CHECKPOINT_BYTES // memory)) / 2
    apart = max(last / held, min(run.updates_per_epoch, LONGEST_STRETCH))
    most = int(WORK // (look + apart / 2 * update))
    if most >= ENOUGH_MOMENTS:
        places = np.linspace(0, last, min(most, MOST_MOMENTS, last + 1))
        return tuple(int(place) for place in places), True
    at_hand = [update for update, _ in run.checkpoints if update < last]
    most = max(ENOUGH_MOMENTS, min(MOST_MOMENTS, WORK // look)) - 1
    if len(at_hand) > most:
        at_hand = [at_hand[int(place)] for place in np.linspace(0, len(at_hand) - 1, most)]
    return (*at_hand, last), False


def health_of(run: Run) -> Health:
    """Measure a run, up to where it stands. It is not changed."""
    (moments, is_even), way = moments_of(run), run.fork()
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
        columns = [np.array([look[name] for look in looks]) for name in ("gradient", "ratio", "spread")]
        hidden = range(len(run.experiment.hidden))
        flat, varies = (
            tuple(np.array([look[name][layer] for look in looks]) for layer in hidden) for name in ("flat", "varies")
        )
        found = Health(
            experiment=run.experiment,
            settings=run.settings,
            network=run.network,
            task=run.dataset.task,
            status=run.status,
            reason=run.reason,
            held_out=held_out if held_out and len(getattr(run, f"x_{held_out}")) else "",
            history=run.history,
            update=np.array(moments),
            is_even=is_even,
            gradient=columns[0],
            ratio=columns[1],
            spread=columns[2],
            flat=flat,
            varies=varies,
            flat_points=last["flat_points"],
            rows=_rows(len(x)),
            points=len(x),
            alike=tuple(_are_alike(run.network, layer) for layer in hidden),
            largest_input=np.abs(x).max(axis=0),
            input_names=tuple(_input_name(name, run.dataset.names) for name in run.experiment.features),
            largest_target=float(np.abs(y).max()),
        )
    for array in (found.update, found.gradient, found.ratio, found.spread, *flat, *varies, *found.flat_points):
        array.setflags(write=False)
    return found


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
    batch = run.next_batch()
    step = trainer.step(net, run.x_train[batch], run.y_train[batch], run.optimizer_state, run.update)
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
        "flat": [there.mean(axis=0) for there in flat_points],
        "varies": [a.std(axis=0) for a in fwd.a[:-1]],
        "flat_points": flat_points,
    }


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
