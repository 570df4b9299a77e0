"""Cost: what an Experiment may ask of a computer that many share. What is above is refused before any array is made.

Two numbers say it. Every parameter costs memory (a run keeps the weights of a few of its moments, and what the
optimizer remembers of each) and a multiplication for each sample that is evaluated. Every unit has, for each sample of
a mini-batch, four numbers: z, a, its slope and its delta. At both bounds together a run takes some 20 MB, and an
update with all samples 0.02 s with relu and 0.06 s with gelu, measured on a slow core.
"""

from collections.abc import Sequence
from itertools import pairwise

from .network import parameter_count

MAX_PARAMETERS = 40_000  # weights and biases: three layers of 128 units
PER_UNIT, PER_PARAMETER = 100, 80  # multiplications: tanh and its slope take as long, and what Adam does
PER_SLOW_UNIT = {"softplus": 500, "gelu": 900}
MAX_UNIT_SAMPLES = 400_000  # units of all layers, times training samples: the largest mini-batch has all of them


def multiplications(sizes: Sequence[int]) -> int:
    """Multiplications by which one sample takes part in an update of a network of these layer sizes.

    Those with the weights on its way forward, those with the deltas for their gradient, and those with the weights on
    the way back, which ends at the first layer. Activations, loss and optimizer, with a few for each unit or parameter,
    are not counted.
    """
    weights = [before * units for before, units in pairwise(sizes)]
    return 3 * sum(weights) - weights[0]


def update_work(sizes: Sequence[int], activations: Sequence[str], batch_size: int) -> int:
    """What an update with so many samples computes, in multiplications: those of `multiplications`, and for activations
    (a name for each layer after the input) and optimizer about as many as take the same time. The calls into NumPy, as
    many for a layer whatever its size, come on top: in tiny networks they are nearly all of it."""
    units = sum(PER_SLOW_UNIT.get(name, PER_UNIT) * n for name, n in zip(activations, sizes[1:], strict=True))
    return batch_size * (multiplications(sizes) + units) + PER_PARAMETER * parameter_count(sizes)


def check_cost(sizes: Sequence[int], rows: int) -> None:
    """ValueError for a network of these layer sizes on so many training samples that would cost too much."""
    parameters, units = parameter_count(sizes), sum(sizes[1:])
    if parameters > MAX_PARAMETERS:
        raise ValueError(
            f"hidden: expected at most {MAX_PARAMETERS:,} weights and biases, got {parameters:,}; "
            "use fewer layers or units."
        )
    if units * rows > MAX_UNIT_SAMPLES:
        raise ValueError(
            f"hidden and samples: expected at most {MAX_UNIT_SAMPLES:,} units, those of the output too, times training "
            f"samples, got {units:,} times {rows:,} = {units * rows:,}; use fewer units or samples."
        )
