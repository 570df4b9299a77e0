"""A run: an Experiment going on. It trains, remembers its losses, and can go back to any of its updates exactly.

Time is counted in updates. At update 0 stands the start; the events of the Experiment act on arrival at their update.
An epoch's order of samples is a function of (order_seed, epoch) alone, so a past update is reached again, bit for bit,
by training anew from the nearest checkpoint before it.

A run's memory is bounded: at most MAX_CHECKPOINTS checkpoints and at most CHECKPOINT_BYTES of them (though
MIN_CHECKPOINTS, whatever their size), and 64 rows of history for each doubling of the number of epochs.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any

import numpy as np

from .cost import multiplications
from .datasets import Dataset, load_dataset, training_rows
from .decision import Decision, decision_of
from .divergence import advice
from .events import MAX_UPDATE
from .experiment import Experiment
from .features import apply_features
from .losses import LOSSES
from .metrics import r2
from .network import Network, parameter_count, parameter_views, passes
from .numerals import text
from .optimizers import OPTIMIZERS, State, frozen_state, private_state
from .points import Points
from .schedules import SCHEDULES
from .task import coded_targets
from .trainer import BatchUpdate, Step, Trainer
from .values import is_whole

MAX_CHECKPOINTS = 256
MIN_CHECKPOINTS = 6
CHECKPOINT_BYTES = 8_000_000
# After so many epochs the history keeps every second one, after twice as many every fourth, and so on: more rows than
# a curve has pixels would only cost evaluations.
EVERY_EPOCH_UP_TO = 128
LONGEST_STRETCH = 500  # updates between two looks at whether the run still goes well
# Of a Run, what never changes and what is replaced whole; a fork has lists and arrays to write into of its own.
SHARED_BY_FORKS = (
    *("_samples", "_decision", "_activations", "_ordered", "_each"),
    *("_experiment", "_settings", "_trainer", "_now", "_status", "_reason", "_checkpoint_every", "_been"),
)
HISTORY_SCORES = ("train_loss", "test_loss", "train_score", "test_score", "validation_loss", "validation_score")
LONGEST = 1e8  # a longer theta has diverged: the squares of what it makes of its inputs soon overflow
LONGEST_SQUARED = LONGEST**2


@dataclass(frozen=True)
class Evaluation:
    """Loss (data loss, without l1 and l2) and score on the training and on the test data, at the same parameters.

    score: the share of correct classes, or R2 for a regression, where correct is None. The R2 of targets that are all
    equal (a single one, say) is not defined: nan. Where there is no validation data, its loss and score are None.
    """

    train_loss: float
    test_loss: float
    train_correct: int | None
    train_total: int
    test_correct: int | None
    test_total: int
    train_score: float
    test_score: float
    validation_loss: float | None = None
    validation_correct: int | None = None
    validation_total: int = 0
    validation_score: float | None = None


@dataclass(frozen=True, eq=False)
class History:
    """Arrays of equal length, a row for update 0 and for epoch ends (see `in_history`), and for the last epoch end.

    multiplications: see `Run.multiplications`. Where there is no validation data, its loss and score are nan. A row
    within an epoch (see `Run.row`) has a fraction for its epoch.
    """

    update: np.ndarray
    epoch: np.ndarray
    multiplications: np.ndarray
    train_loss: np.ndarray
    test_loss: np.ndarray
    train_score: np.ndarray
    test_score: np.ndarray
    validation_loss: np.ndarray
    validation_score: np.ndarray

    @classmethod
    def of(cls, rows: list[tuple[int, int, int, Evaluation]]) -> History:
        """The history of rows (update, epoch, multiplications, Evaluation)."""
        columns = [np.array([row[column] for row in rows], dtype=np.int64) for column in (0, 1, 2)]
        scores = [np.array([getattr(row[3], name) for row in rows], dtype=np.float64) for name in HISTORY_SCORES]
        return cls(*columns, *scores)

    @classmethod
    def joined(cls, histories: list[History]) -> History:
        """The rows of several, one after another."""
        every = [cls.of([]), *histories]
        return cls(*(np.concatenate([getattr(one, field.name) for one in every]) for field in fields(cls)))

    @classmethod
    def merged(cls, histories: list[History]) -> History:
        """The rows of several of the same run, in the order of their updates, each once."""
        every = cls.joined(histories)
        _, order = np.unique(every.update, return_index=True)
        return cls(*(getattr(every, field.name)[order] for field in fields(cls)))

    def between(self, after: int, until: int) -> History:
        """The rows of the updates after one, up to another."""
        rows = (after < self.update) & (self.update <= until)
        return History(*(getattr(self, field.name)[rows] for field in fields(self)))


@dataclass(frozen=True)
class _Moment:
    """Where a run stands on arrival at an update, before the events there: everything that its future depends on.

    position: samples used of the present epoch. used: of all epochs, counted once for each use. shuffled: whether this
    epoch goes through them in a shuffled order. last_epoch: (update, epoch, used, theta) of the last epoch end, which
    the history always shows.
    """

    update: int
    epoch: int
    position: int
    used: int
    shuffled: bool
    theta: np.ndarray
    state: State
    last_epoch: tuple[int, int, int, np.ndarray]

    @property
    def nbytes(self) -> int:
        """The size of its arrays in bytes."""
        arrays = [self.theta, self.last_epoch[3], *self.state.values()]
        return sum(array.nbytes for array in arrays if isinstance(array, np.ndarray))


@dataclass(frozen=True, eq=False)
class Samples:
    """The data of an Experiment as its network gets it: inputs (n, features) and coded targets (n, outputs) of the
    training, validation and test part, and all of them one below the other. Read-only.
    """

    dataset: Dataset
    x_train: np.ndarray
    y_train: np.ndarray
    x_validation: np.ndarray
    y_validation: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    x_all: np.ndarray
    y_all: np.ndarray

    @classmethod
    def of(cls, experiment: Experiment) -> Samples:
        data = load_dataset(
            experiment.dataset,
            samples=experiment.samples,
            noise=experiment.noise,
            train_fraction=experiment.train_fraction,
            seed=experiment.data_seed,
            validation_fraction=experiment.validation_fraction,
            scaling=experiment.scaling,
        )
        x = [apply_features(x, experiment.features, data.scale) for x in (data.x_train, data.x_validation, data.x_test)]
        targets = (data.y_train, data.y_validation, data.y_test)
        y = [coded_targets(experiment, data.task, y, data.target_scale) for y in targets]
        arrays = [array for pair in zip(x, y, strict=True) for array in pair]
        arrays += [np.concatenate(x), np.concatenate(y)]
        for array in arrays:
            array.setflags(write=False)
        return cls(data, *arrays)


class Scorer:
    """Evaluates parameters on all samples, in memory of its own that is used again.

    decision: what outputs mean; loss: its name; sizes, activations: the network's.
    """

    def __init__(
        self, samples: Samples, decision: Decision, loss: str, sizes: tuple[int, ...], activations: tuple[str, ...]
    ) -> None:
        self._samples, self._decision, self._loss = samples, decision, LOSSES[loss]
        self._theta, rows = np.empty(parameter_count(sizes)), len(samples.x_all)
        self._output, self._last_z = np.empty((rows, sizes[-1])), np.empty((rows, sizes[-1]))
        self._passes = passes(self._theta, sizes, activations, rows)
        self._known: list[tuple[np.ndarray, Evaluation]] = []  # of the last two: the present, and the last epoch end

    def __call__(self, theta: np.ndarray) -> Evaluation:
        for known, evaluation in self._known:
            if known is theta and not theta.flags.writeable:
                return evaluation
        evaluation = self._of(theta)
        self._known = [*self._known[-1:], (theta, evaluation)]
        return evaluation

    def _of(self, theta: np.ndarray) -> Evaluation:
        self._theta[:] = theta
        output, last_z, samples = self._output, self._last_z, self._samples
        for rows, forward in self._passes:
            output[rows], last_z[rows] = forward(samples.x_all[rows]), forward.z[-1]
        y = samples.y_all
        losses = self._loss.per_sample(y, output, last_z)
        ends = np.cumsum([0, len(samples.x_train), len(samples.x_validation), len(samples.x_test)]).tolist()
        parts = [slice(low, high) for low, high in pairwise(ends)]
        loss = [_mean(losses[part]) for part in parts]
        counts = [part.stop - part.start for part in parts]
        correct: list[int | None]
        if samples.dataset.task == "regression":
            score, correct = [_r2_or_nan(y[part], output[part]) for part in parts], [None] * 3
        else:
            right = self._decision.answers(output) == self._decision.answers(y)
            rights = [int(np.count_nonzero(right[part])) for part in parts]
            score = [of / max(all_, 1) for of, all_ in zip(rights, counts, strict=True)]
            correct = [*rights]
        of_parts = list(zip(loss, correct, counts, score, strict=True))
        (loss0, correct0, n0, score0), validation, (loss2, correct2, n2, score2) = of_parts
        known = validation if counts[1] else ()
        return Evaluation(loss0, loss2, correct0, n0, correct2, n2, score0, score2, *known)


def in_history(epoch: int) -> bool:
    """Whether the end of this epoch is a row of every run's history: all up to 128, then 64 for each doubling."""
    return epoch % (1 << max(0, (epoch - 1).bit_length() - EVERY_EPOCH_UP_TO.bit_length() + 1)) == 0


def is_usable(theta: np.ndarray) -> bool:
    """Whether parameters can be computed with: all finite, and the length of theta at most LONGEST."""
    return theta.dot(theta) <= LONGEST_SQUARED  # False where a number is NaN


class Shuffle:
    """The order of the samples in each epoch: a function of (seed, epoch) alone, so any epoch's can be had at any time.

    Philox counts (Salmon et al. 2011): its n-th number is a function of the key and n, and so each epoch gets a stretch
    of the count for itself. Setting the count takes a third of the time of making a generator.
    """

    def __init__(self, seed: int) -> None:
        self._philox = np.random.Philox(key=seed)
        self._start = self._philox.state
        self._generator = np.random.Generator(self._philox)

    def permutation(self, epoch: int, n: int) -> np.ndarray:
        """The order (n,) of n samples in this epoch."""
        self._start["state"]["counter"][1] = epoch
        self._philox.state = self._start
        return self._generator.permutation(n)


class Run:
    """An Experiment at one of its updates."""

    _samples: Samples
    _trainer: Trainer
    _settings: Experiment
    _now: _Moment
    _status: str
    _reason: str

    def __init__(self, experiment: Experiment) -> None:
        self._decision = decision_of(experiment)
        self._experiment = experiment
        first = Network.build(
            experiment.sizes,
            hidden=experiment.activations,
            output=experiment.output,
            initializer=experiment.initializer,
            rng=experiment.init_seed,
        )
        self._activations = first.activations
        # epoch -> (update, samples used, Evaluation) of the epoch ends that are in the history
        self._rows: dict[int, tuple[int, int, Evaluation]] = {}
        self._each = multiplications(experiment.sizes)
        self._use(experiment.at(0), experiment.schedule_start(0), Samples.of(experiment))
        state = self._trainer.optimizer.init(first.theta)
        start = _Moment(0, 0, 0, 0, False, first.theta, state, (0, 0, 0, first.theta))
        self._checkpoints, self._checkpoint_every, self._been = [start], 1, 0
        self._enter(start)

    # ---- what it is ------------------------------------------------------------------------------------------------

    @property
    def experiment(self) -> Experiment:
        """The Experiment, with the events up to now: what a link to this run holds."""
        return self._experiment

    @property
    def settings(self) -> Experiment:
        """The Experiment with the live settings that are in force now, and without events."""
        return self._settings

    @property
    def dataset(self) -> Dataset:
        """The data at the present update, which drawing changes."""
        return self._samples.dataset

    @property
    def x_train(self) -> np.ndarray:
        """The network's inputs (n, features) for the training data; as `x_validation` and `x_test`."""
        return self._samples.x_train

    @property
    def y_train(self) -> np.ndarray:
        """The coded targets (n, outputs) of the training data; as `y_validation` and `y_test`."""
        return self._samples.y_train

    @property
    def x_validation(self) -> np.ndarray:
        return self._samples.x_validation

    @property
    def y_validation(self) -> np.ndarray:
        return self._samples.y_validation

    @property
    def x_test(self) -> np.ndarray:
        return self._samples.x_test

    @property
    def y_test(self) -> np.ndarray:
        return self._samples.y_test

    @property
    def trainer(self) -> Trainer:
        """The settings in force now, as the `Trainer` that makes the next update."""
        return self._trainer

    @property
    def learning_rate(self) -> float:
        """The rate in force: that of the next update, which a schedule may have moved away from the chosen one."""
        return self._trainer.learning_rate(self.update)

    @property
    def update(self) -> int:
        """How many updates have been made."""
        return self._now.update

    @property
    def epoch(self) -> int:
        """How many passes over the training data are complete."""
        return self._now.epoch

    @property
    def samples_used(self) -> int:
        """How many samples the updates so far were made of, counted once for each use."""
        return self._now.used

    @property
    def multiplications(self) -> int:
        """Multiplications that the updates so far took, those that `cost.multiplications` counts."""
        return self._each * self._now.used

    @property
    def passes(self) -> float:
        """The passes over the training data so far: complete ones, and the share of the present one that is done."""
        return self._now.epoch + self._now.position / len(self.x_train)

    @property
    def network(self) -> Network:
        """The network at the present update."""
        return Network(self._experiment.sizes, self._activations, self._now.theta)

    @property
    def optimizer_state(self) -> State:
        """What the optimizer remembers at the present update."""
        return self._now.state

    @property
    def status(self) -> str:
        """ "ready" before the first update, then "running", "stopped" (by `stop`) or "diverged"."""
        return self._status

    @property
    def reason(self) -> str:
        """Why it stopped or diverged, in words; "" when there is no reason."""
        return self._reason

    @property
    def history(self) -> History:
        """Losses and scores at update 0 and at epoch ends up to now; what it holds depends on the run only."""
        rows = [self._row(epoch) for epoch, (update, *_) in self._rows.items() if update <= self.update]
        update, epoch, used, theta = self._now.last_epoch
        if epoch not in self._rows:
            there = self._experiment.at(update)
            scorer = self._evaluate if there.dataset == self._settings.dataset else self._scorer(Samples.of(there))
            rows.append((update, epoch, self._each * used, scorer(theta)))
        return History.of(rows)

    @property
    def at_hand(self) -> History:
        """All rows of epoch ends where this run has been, those after now as well: none has to be trained."""
        return History.of([self._row(epoch) for epoch in sorted(self._rows)])

    @property
    def row(self) -> History:
        """The present update alone, wherever it lies, as a row of a history; its epoch is `passes`."""
        here = History.of([(self.update, self.epoch, self.multiplications, self.evaluate())])
        return replace(here, epoch=np.array([self.passes]))

    def _row(self, epoch: int) -> tuple[int, int, int, Evaluation]:
        update, used, evaluation = self._rows[epoch]
        return update, epoch, self._each * used, evaluation

    @property
    def been(self) -> int:
        """The furthest update where this run has been; of one that diverged MAX_UPDATE, for nothing comes after it."""
        return self._been

    @property
    def checkpoints(self) -> tuple[tuple[int, np.ndarray], ...]:
        """(update, theta) of moments up to now that are at hand without training, the start first: at most 256 of them,
        about evenly spread over the run's way. theta is that on arrival, before an edit of that update.
        """
        known = self._checkpoints
        return tuple((moment.update, moment.theta) for moment in known if moment.update <= self.update)

    def evaluate(self) -> Evaluation:
        """Loss and score at the present parameters, on the training and on the test data: an `Evaluation`."""
        return self._evaluate(self._now.theta)

    # ---- training --------------------------------------------------------------------------------------------------

    @property
    def updates_per_epoch(self) -> int:
        """Of the settings in force: mini-batches in which every training sample comes once."""
        rows = len(self.x_train)
        return -(-rows // min(self.settings.batch_size, rows))

    def next_batch(self) -> np.ndarray:
        """Which samples the next update takes: their rows in x_train and y_train, in order."""
        start = self._now.position
        return self._order(self._now)[0][start : start + self._settings.batch_size]

    def step(self) -> Step | None:
        """Make one update and return it whole, as a `Step`; None when the run has diverged (see `reason`)."""
        if self._status == "diverged":
            return None
        now, rows = self._now, self.next_batch()
        with np.errstate(all="ignore"):  # as in `_advance_within_epoch`
            step = self._trainer.step(self.network, self.x_train[rows], self.y_train[rows], now.state, now.update)
            usable = is_usable(step.after.theta)
        if not usable:
            self._diverge(step.forward.z)
            return None
        self._status, self._reason = "running", ""
        self._arrive(self._later(now.update + 1, now.position + len(rows), step.after.theta, step.optimizer_after))
        return step

    def advance(self, updates: int | None = None, epochs: int | None = None) -> None:
        """Make so many updates, or go on to the n-th epoch end from here. Stops early where the run diverges."""
        if (updates is None) == (epochs is None):
            raise ValueError("advance needs a number of updates or a number of epochs, one of the two.")
        count = updates if epochs is None else epochs
        if not is_whole(count, 0):
            raise ValueError(
                f"advance needs a number of updates or epochs, a whole number of at least 0; got {count!r}."
            )
        last_update = self.update + count if epochs is None else None
        last_epoch = self.epoch + count if updates is None else None
        while self._status != "diverged" and self.update != last_update and self.epoch != last_epoch:
            self._status, self._reason = "running", ""
            self._advance_within_epoch(last_update)

    def stop(self, reason: str) -> None:
        """Mark the run as stopped, with the reason in words. Any further update takes the mark away."""
        if self._status != "diverged":
            self._status, self._reason = "stopped", reason

    def _advance_within_epoch(self, last_update: int | None) -> None:
        """Train to the end of the epoch, or less far: to the next event, to last_update, or LONGEST_STRETCH updates."""
        now, batch_size, rows = self._now, self._settings.batch_size, len(self.x_train)
        starts = range(now.position, rows, batch_size)[:LONGEST_STRETCH]
        for limit in (last_update, self._experiment.next_event(now.update)):
            if limit is not None:
                starts = starts[: limit - now.update]
        _, x, y = self._order(now)
        theta, state, update = self._theta, private_state(now.state), now.update
        theta[:] = now.theta
        # Overflow and 0 * inf are met on purpose: whether the numbers can still be used is asked after each update.
        with np.errstate(all="ignore"):
            make_update = self._batch_update(min(batch_size, rows - now.position))
            for start in starts:
                stop = start + batch_size
                if stop > rows:  # the last, smaller mini-batch of the epoch
                    make_update = self._batch_update(rows - start)
                make_update(x[start:stop], y[start:stop], state, update)
                if not theta.dot(theta) <= LONGEST_SQUARED:  # is_usable, without the call
                    z = [z.copy() for z in make_update.forward.z]
                    if update > now.update:
                        self._advance_within_epoch(update)
                    self._diverge(z)
                    return
                update += 1
        theta = theta.copy()
        theta.setflags(write=False)
        self._arrive(self._later(update, starts[-1] + batch_size, theta, frozen_state(state)))

    def _later(self, update: int, position: int, theta: np.ndarray, state: State) -> _Moment:
        """The moment at which training from the present one arrives, having used `position` samples of the epoch."""
        now, rows = self._now, len(self.x_train)
        used = now.used + min(position, rows) - now.position
        if position < rows:
            return replace(now, update=update, position=position, used=used, theta=theta, state=state)
        epoch = now.epoch + 1
        return _Moment(update, epoch, 0, used, now.shuffled, theta, state, (update, epoch, used, theta))

    def _diverge(self, z: Sequence[np.ndarray]) -> None:
        """Stay here, because the next update, whose mini-batch had the pre-activations z, leads to unusable numbers."""
        largest_z = max(float(np.abs(z_l).max()) for z_l in z)
        self._status, self._been = "diverged", MAX_UPDATE
        self._reason = (
            f"Update {self.update + 1:,} made the weights and biases, taken together, larger than {text(LONGEST)} "
            f"(largest weighted sum z in its batch, without its sign: {text(largest_z, 3)}; "
            f"learning rate: {text(self.learning_rate)}). "
            f"You see update {self.update:,}, the last one with usable numbers. "
            + advice(self._trainer, self.learning_rate)
        )

    def epoch_end(self) -> int:
        """The update at which the present epoch ends, or the next one where none has begun; events are counted in."""
        update, position, batch_size = self.update, self._now.position, self._settings.batch_size
        rows = len(self.x_train)
        while position < rows:
            event = self._experiment.next_event(update)
            updates = -(-(rows - position) // batch_size)
            updates = updates if event is None else min(updates, event - update)
            update, position = update + updates, position + updates * batch_size
            if update == event and position < rows:  # else it is over before the event acts
                there = self._experiment.at(update)
                batch_size = there.batch_size
                rows = training_rows(there.dataset, there.samples, there.train_fraction)
        return update

    # ---- time ------------------------------------------------------------------------------------------------------

    def goto(self, update: int) -> None:
        """Go to any update, past or future; a past one is the same, bit for bit, as at the first visit."""
        if not is_whole(update, 0):
            raise ValueError(f"goto needs the number of an update, a whole number of at least 0; got {update!r}.")
        self.approach(int(update))
        if update > self.update:
            self.advance(updates=int(update) - self.update)

    def approach(self, update: int) -> None:
        """Go as near to an update as is possible without training: from there `advance` leads to it."""
        place = bisect_right(self._checkpoints, update, key=lambda moment: moment.update)
        nearest = self._checkpoints[place - 1]
        if update < self.update or nearest.update > self.update:
            self._status, self._reason = "running", ""
            self._enter(nearest)

    def change(self, **settings: Any) -> None:
        """Change live settings from the next update on; events of later updates are dropped.

        ValueError, and nothing has changed, for a name or a value that an Experiment refuses.
        """
        self._go_on_with(self._experiment.with_event(self.update, **settings))

    def edit(self, layer: int, unit: int, source: int | None, value: float) -> None:
        """Set one weight (source: the unit or input it comes from) or bias (source None), here and now.

        Counted from 0. Events of later updates are dropped. ValueError, and nothing has changed, for a wrong one.
        """
        self._go_on_with(self._experiment.with_edit(self.update, layer, unit, source, value))

    def draw(self, points: Points) -> None:
        """Go on with other rows of the Experiment's own data, from the next update on; later events are dropped.

        An epoch's order is a function of its seed, its number and the number of training points: where that changes in
        the middle of an epoch, the rest of it is taken from the new order, and it ends where that ends. ValueError, and
        nothing has changed, for points that differ in more than their rows.
        """
        self._go_on_with(self._experiment.with_points(self.update, points))

    def fork(self, **settings: Any) -> Run:
        """A new Run that shares this one's past and differs from here on in the live settings that are named."""
        other = object.__new__(Run)
        for name in SHARED_BY_FORKS:
            setattr(other, name, getattr(self, name))
        other._checkpoints, other._rows = list(self._checkpoints), dict(self._rows)
        other._own_buffers()
        if settings:
            other.change(**settings)
        return other

    def follow(self, experiment: Experiment) -> None:
        """Take on an Experiment that is the same before the present update, and from here on may have other events.

        ValueError, and nothing has changed, for one with another past.
        """
        mine, theirs = (
            replace(of, events=tuple(event for event in of.events if event[0] < self.update))
            for of in (self._experiment, experiment)
        )
        if mine != theirs:
            raise ValueError(
                f"follow needs an experiment with the same past up to update {self.update}; start it anew."
            )
        self._go_on_with(experiment)

    def _go_on_with(self, experiment: Experiment) -> None:
        """Take on an experiment that differs from this one only in events at the present update and later."""
        here = self.update
        self._experiment = experiment
        self._checkpoints = [moment for moment in self._checkpoints if moment.update <= here]
        self._rows = {epoch: row for epoch, row in self._rows.items() if row[0] < here}
        self._status, self._reason, self._been = "running", "", here
        self._enter(self._checkpoints[-1])
        self.goto(here)

    def _arrive(self, moment: _Moment) -> None:
        """Stand at a moment that training has just reached."""
        if moment.update >= self._checkpoints[-1].update + self._checkpoint_every:
            self._checkpoints.append(moment)
            most = max(MIN_CHECKPOINTS, min(MAX_CHECKPOINTS, CHECKPOINT_BYTES // moment.nbytes))
            while len(self._checkpoints) > most:  # they may lie further apart than the doubled distance
                self._thin_checkpoints()
        if self._experiment.next_event(moment.update - 1) == moment.update:
            self._enter(moment)
        else:
            self._stand(moment)

    def _thin_checkpoints(self) -> None:
        """Double the distance between checkpoints; the start always stays."""
        self._checkpoint_every *= 2
        kept = self._checkpoints[:1]
        for moment in self._checkpoints[1:]:
            if moment.update >= kept[-1].update + self._checkpoint_every:
                kept.append(moment)
        self._checkpoints = kept

    def _enter(self, moment: _Moment) -> None:
        """Stand at a moment after the events of its update: edits change theta, settings the updates to come."""
        self._use_settings_at(moment.update)
        edits = self._experiment.edits_at(moment.update)
        if edits:
            theta = moment.theta.copy()
            weights, biases = parameter_views(theta, self._experiment.sizes)
            for layer, unit, source, value in edits:
                if source is None:
                    biases[layer][unit] = value
                else:
                    weights[layer][unit, source] = value
            theta.setflags(write=False)
            moment = replace(moment, theta=theta)
            if moment.position == 0:
                moment = replace(moment, last_epoch=(moment.update, moment.epoch, moment.used, theta))
        # An optimizer takes over what was remembered if it remembers the same things (Adam and AdamW do).
        if moment.position and moment.position >= len(self.x_train):  # points were erased: the epoch is over
            end = (moment.update, moment.epoch + 1, moment.used, moment.theta)
            moment = replace(moment, epoch=moment.epoch + 1, position=0, last_epoch=end)
        fresh = self._trainer.optimizer.init(moment.theta)
        if set(fresh) != set(moment.state):
            moment = replace(moment, state=fresh)
        self._stand(moment)

    def _stand(self, moment: _Moment) -> None:
        """Make this moment, at which all events have acted, the present one."""
        if moment.position == 0:
            shuffled = self._settings.shuffle and self._settings.batch_size < len(self.x_train)
            if shuffled != moment.shuffled:
                moment = replace(moment, shuffled=shuffled)
            if in_history(moment.epoch) and moment.epoch not in self._rows:
                self._rows[moment.epoch] = moment.update, moment.used, self._evaluate(moment.theta)
        self._now, self._been = moment, max(self._been, moment.update)
        if moment.update == 0:
            self._status, self._reason = "ready", ""

    # ---- inside ----------------------------------------------------------------------------------------------------

    def _use_settings_at(self, update: int) -> None:
        """Put the live settings of the experiment at this update in force."""
        settings, schedule_start = self._experiment.at(update), self._experiment.schedule_start(update)
        if settings != self._settings or schedule_start != self._trainer.schedule_start:
            same = settings.dataset == self._settings.dataset
            self._use(settings, schedule_start, self._samples if same else Samples.of(settings))

    def _use(self, settings: Experiment, schedule_start: int, samples: Samples) -> None:
        """Put these live settings and data in force; a schedule counts from update schedule_start."""
        self._samples = samples
        self._ordered: tuple[int, tuple[np.ndarray, np.ndarray, np.ndarray]] | None = None
        optimizer, schedule = OPTIMIZERS[settings.optimizer], SCHEDULES[settings.schedule]
        self._settings = settings
        self._trainer = Trainer(
            loss=settings.loss,
            optimizer=optimizer(learning_rate=settings.learning_rate, **settings.optimizer_settings),
            schedule=None if settings.schedule == "constant" else schedule(**settings.schedule_settings),
            l1=settings.l1,
            l2=settings.l2,
            clip_norm=settings.clip_norm,
            schedule_start=schedule_start,
        )
        self._own_buffers()

    def _own_buffers(self) -> None:
        """Arrays that training and evaluation write into, seen by nobody outside."""
        self._shuffle = Shuffle(self._experiment.order_seed)
        self._theta = np.empty(parameter_count(self._experiment.sizes))
        self._batch_updates: dict[int, BatchUpdate] = {}
        self._evaluate = self._scorer(self._samples)

    def _scorer(self, samples: Samples) -> Scorer:
        of = self._experiment
        return Scorer(samples, self._decision, of.loss, of.sizes, self._activations)

    def _batch_update(self, rows: int) -> BatchUpdate:
        """The updates on mini-batches of so many rows, by the present trainer."""
        if rows not in self._batch_updates:
            sizes = self._experiment.sizes
            self._batch_updates[rows] = BatchUpdate(self._trainer, self._theta, sizes, self._activations, rows)
        return self._batch_updates[rows]

    def _order(self, now: _Moment) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The samples of the present epoch in their order: (their rows in x_train, x, y)."""
        if not now.shuffled:
            return np.arange(len(self.x_train)), self.x_train, self.y_train
        if self._ordered is None or self._ordered[0] != now.epoch:
            rows = self._shuffle.permutation(now.epoch, len(self.x_train))
            self._ordered = now.epoch, (rows, self.x_train.take(rows, 0), self.y_train.take(rows, 0))
        _, ordered = self._ordered
        return ordered


def checkpoint_bytes(runs: Iterable[Run], beside: Iterable[Run] = ()) -> int:
    """The bytes of checkpoints that these runs hold and those beside them do not. Forks hold the same ones of their
    common past, which count once."""
    shared = {id(moment) for run in beside for moment in run._checkpoints}
    held = {id(moment): moment.nbytes for run in runs for moment in run._checkpoints}
    return sum(size for moment, size in held.items() if moment not in shared)


def _mean(values: np.ndarray) -> float:
    """The mean, nan of nothing."""
    return float(np.add.reduce(values)) / len(values) if len(values) else float("nan")


def _r2_or_nan(y: np.ndarray, output: np.ndarray) -> float:
    """R2, (n, 1) each; nan where it would divide by 0, for which `r2` has a convention that a screen cannot explain."""
    return r2(y, output) if len(y) and (y != y[0]).any() else float("nan")
