"""Divergence: which setting makes numbers explode, where the settings alone tell.

An update that expands by itself makes parameters grow whatever the data say: a momentum that never fades, or a pull
towards 0 that throws each weight further to the other side. Both are linear recursions in one weight, so where they
begin can be worked out exactly. Otherwise loss and data decide as well, and only what is usual can be said.
"""

from .numerals import text
from .optimizers import SGD, AdamW, RMSProp
from .trainer import Trainer

UNKNOWN = "A smaller learning rate may help."


def pull_limit(optimizer: SGD) -> float:
    """The least learning rate * pull from which SGD throws a weight further from 0 than it was; the pull is l2 plus
    weight_decay.

    Without loss, v' = m v + c p w and w' = w - rate v' (Nesterov: w - rate (p w + m v')), with pull p, momentum m and
    c = 1 - dampening. Both roots of the characteristic polynomial lie within the unit circle below this limit (Jury's
    criterion at -1; Polyak 1964 for the heavy ball): 2 (1 + m) / c, Nesterov 2 (1 + m) / (1 + 2 m).
    """
    m = optimizer.momentum
    return 2 * (1 + m) / (1 + 2 * m if optimizer.nesterov else 1 - optimizer.dampening * (m > 0))


def advice(trainer: Trainer, learning_rate: float) -> str:
    """One sentence on what to change after a divergence: the setting that expands by itself, else what is usual.

    learning_rate: the one in force.
    """
    optimizer = trainer.optimizer
    if isinstance(optimizer, SGD | RMSProp) and optimizer.momentum >= 1:
        return f"Momentum is {text(optimizer.momentum)}: with 1 or more the steps never fade; choose less than 1."
    if isinstance(optimizer, SGD):
        if optimizer.momentum and optimizer.dampening > 1:
            return (
                f"Dampening is {text(optimizer.dampening)}: above 1 the steps go up the gradient; choose at most 1, "
                "0 is usual."
            )
        # A dampening of exactly 1 takes nothing of the gradient, so no pull either.
        limit = pull_limit(optimizer) if not (optimizer.momentum and optimizer.dampening == 1) else float("inf")
        pull = trainer.l2 + optimizer.weight_decay
        return _pull_words(trainer.l2, optimizer.weight_decay, learning_rate * pull, limit)
    if isinstance(optimizer, AdamW):
        return _pull_words(0.0, optimizer.weight_decay, learning_rate * optimizer.weight_decay, 2.0)
    return UNKNOWN


def _pull_words(l2: float, weight_decay: float, product: float, limit: float) -> str:
    if not product > limit:
        return UNKNOWN
    name = " + ".join(name for name, strength in (("L2", l2), ("weight decay", weight_decay)) if strength)
    name = f"({name})" if l2 and weight_decay else name
    digits = next(digits for digits in range(4, 18) if f"{product:.{digits}g}" != f"{limit:.{digits}g}")
    return (
        f"{name} times the learning rate is {product:.{digits}g}: above {limit:.{digits}g} each update throws "
        "the weights further past 0 than they were; lower one of them."
    )
