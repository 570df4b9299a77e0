"""Presets: comparisons to begin with, each with what came out of it from ten seeds.

`python -m benchmarks.presets` measures them: data, first weights and order are drawn anew from each seed, and `holds`
says of the runs whether it went as the sentence says. The seeds for which it did not are `fails`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import scratchnet as sn

SEEDS = range(10)
ALL = 10_000  # as a batch size: all training points


@dataclass(frozen=True)
class Preset:
    """experiments: two to four, with the same data. sentence: what is to be seen of them at `update`. holds: whether
    runs of them, in that order, which stand there have done so."""

    title: str
    sentence: str
    update: int
    experiments: tuple[sn.Experiment, ...]
    holds: Callable[[Sequence[sn.Run]], bool]
    fails: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """The sentence, and for how many of the ten seeds it held."""
        return f"{self.sentence} So at update {self.update:,} in {len(SEEDS) - len(self.fails)} of 10 seeds."

    def runs(self, seed: int) -> list[sn.Run]:
        """The runs at its update, with data, first weights and order from this seed."""
        runs = [one.replace(data_seed=seed, init_seed=seed, order_seed=seed).start() for one in self.experiments]
        for run in runs:
            run.advance(updates=self.update)
        return runs


def _losses(runs: Sequence[sn.Run]) -> list[float]:
    return [run.evaluate().train_loss for run in runs]


def _rates(runs: Sequence[sn.Run]) -> bool:
    slowest, slow, best, high = _losses(runs)
    return best < slow / 5 and slow < slowest / 2 and high > slow


def _optimizers(runs: Sequence[sn.Run]) -> bool:
    plain, momentum, adam = _losses(runs)
    return adam < momentum / 5 and momentum < plain / 10


def _activations(runs: Sequence[sn.Run]) -> bool:
    identity, *bent = (run.evaluate().train_score for run in runs)
    return identity < 0.75 and min(bent) > 0.98


def _initializers(runs: Sequence[sn.Run]) -> bool:
    zeros, constant, *random = _losses(runs)
    return zeros > 0.68 and constant > 0.4 and max(random) < 0.01


def _depth(runs: Sequence[sn.Run]) -> bool:
    losses = _losses(runs)
    return losses == sorted(losses, reverse=True)


def _batches(runs: Sequence[sn.Run]) -> bool:
    ten, one, every = _losses(runs)
    history = runs[2].history.train_loss
    return one > 2 * ten and ten < 1.5 * every and bool((history[1:] < history[:-1]).all())


def _regularisation(runs: Sequence[sn.Run]) -> bool:
    free, little, much = (run.evaluate() for run in runs)
    return free.train_loss < little.train_loss < much.train_loss and free.test_loss > 2 * max(
        little.test_loss, much.test_loss
    )


def _scaling(runs: Sequence[sn.Run]) -> bool:
    raw, scaled = (run.evaluate().test_score for run in runs)
    return raw < 0.45 and scaled > 0.95


_CIRCLE = sn.Experiment(dataset="circle")
_SGD = _CIRCLE.replace(optimizer="sgd")
_FEW = sn.Experiment(dataset="gauss", samples=200, noise=0.4, train_fraction=0.1, learning_rate=0.03)
_WINE = sn.Experiment(
    dataset="wine",
    features=tuple(f"x{column}" for column in range(1, 14)),
    hidden=(8,),
    output="softmax",
    loss="cross_entropy",
    optimizer="sgd",
    learning_rate=0.03,
)
PRESETS = MappingProxyType(
    {
        "rates": Preset(
            "Learning rates",
            "0.003 has hardly begun, 0.03 is slow, 0.3 is best; at 3 the loss jumps and is above that at 0.03.",
            1500,
            tuple(_SGD.replace(learning_rate=rate) for rate in (0.003, 0.03, 0.3, 3.0)),
            _rates,
        ),
        "optimizers": Preset(
            "Optimizers",
            "At one rate, momentum brings SGD to less than a tenth of its loss, and Adam to less than a fifth of that.",
            1500,
            (_SGD, _SGD.replace(optimizer_settings={"momentum": 0.9}), _CIRCLE),
            _optimizers,
        ),
        "activations": Preset(
            "Activations",
            "Without a bend (identity) less than 75 % are right on the circle; sigmoid, tanh and ReLU learn it.",
            1500,
            tuple(_CIRCLE.replace(activation=name) for name in ("identity", "sigmoid", "tanh", "relu")),
            _activations,
        ),
        "initializers": Preset(
            "First weights",
            "All zeros learn nothing; all alike, the units of a layer stay alike; drawn at random it is learned.",
            1500,
            tuple(
                _CIRCLE.replace(initializer=name) for name in ("zeros", "constant", "glorot_uniform", "standard_normal")
            ),
            _initializers,
        ),
        "depth": Preset(
            "Depth",
            "On the spiral each further hidden layer ends with a lower training loss.",
            2500,
            tuple(sn.Experiment(hidden=(8,) * layers) for layers in range(4)),
            _depth,
            fails=(3,),
        ),
        "batches": Preset(
            "Batch sizes",
            "Batches of 10 end as low as all points for a 25th of the cost; single points do not. All: it only falls.",
            1500,
            tuple(_SGD.replace(learning_rate=0.1, batch_size=size) for size in (10, 1, ALL)),
            _batches,
        ),
        "regularisation": Preset(
            "Regularisation",
            "20 noisy points: without L2 the training loss is lowest, and the test loss more than twice the others'.",
            2500,
            tuple(_FEW.replace(l2=rate) for rate in (0.0, 0.03, 0.1)),
            _regularisation,
        ),
        "scaling": Preset(
            "Scaled and unscaled data",
            "13 measurements in their own units: less than 45 % right. With mean 0 and spread 1 more than 95 %.",
            500,
            (_WINE, _WINE.replace(scaling="standard")),
            _scaling,
        ),
    }
)
