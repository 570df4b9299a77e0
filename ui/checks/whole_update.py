"""The last task of step 4: every gradient and every new value of one update by hand, cell by cell.

The update is that of `backpropagation.step_by_hand`, a 2-2-1 network.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from ui.checks import backpropagation as by_hand
from ui.checks.answers import agrees, compare, read
from ui.kit.numbers import text

COLUMNS = GRADIENT, NEW = "gradient", "new value"
Slips = dict[float, str]  # what a known mistake gives -> the sentence that helps
Cell = tuple[str, str]  # (parameter, column)


def places() -> dict[str, tuple[int, int, int | None]]:
    """Every parameter by its name, as the walk back reaches them: the last layer first."""
    names = by_hand.parameter_names(by_hand.step_by_hand().before.sizes)
    return dict(sorted(names.items(), key=lambda named: -named[1][0]))  # sorted is stable


@cache  # the same for everybody, and every cell of the table asks
def cells() -> Mapping[Cell, tuple[float, Slips]]:
    """(parameter, column) -> (the exact number, its slips): all gradients, then all new values."""
    step = by_hand.step_by_hand()
    gradients = {(name, GRADIENT): _gradient(step, *place) for name, place in places().items()}
    new = {(name, NEW): _new(step, place, *gradients[name, GRADIENT]) for name, place in places().items()}
    return MappingProxyType(gradients | new)


def rows() -> dict[str, str]:
    """Each parameter -> what stands beside its fields: its name and its old value."""
    before = by_hand.step_by_hand().before
    return {name: f"{name} = {text(_of(before, *place))}" for name, place in places().items()}


def is_right(cell: Cell, typed: str) -> bool:
    """Whether this is the number of the cell, to three significant digits."""
    try:
        return agrees(read(typed), cells()[cell][0])
    except ValueError:
        return False


def whole_update(state: Mapping, answer: Mapping[Cell, str] | None = None) -> tuple[bool, str]:
    """All cells at once: how many are right, and what may be wrong in the first one that is not."""
    typed = {cell: given for cell, given in (answer or {}).items() if given and given.strip()}
    wanted = cells()
    if not typed:
        return False, f"The table is empty: begin with the {_called(next(iter(wanted)))}, at the end of the network."
    right = [cell for cell, given in typed.items() if is_right(cell, given)]
    count = f"{len(right)} of {len(wanted)} cells are right"
    if len(right) == len(wanted):
        return True, f"All {count}: this is one update of a network, by hand, and every larger one is made like it."
    wrong = next((cell for cell in wanted if cell in typed and cell not in right), None)
    if wrong is None:
        return (
            False,
            f"{count}, none is wrong. Next: the {_called(next(cell for cell in wanted if cell not in typed))}.",
        )
    _, why = compare(typed[wrong], *wanted[wrong])
    return False, f"{count}. The first wrong one is the {_called(wrong)}. {_plainer(why, wrong)}"


def _called(cell: Cell) -> str:
    name, column = cell
    return f"{column} of {name}"


def _plainer(why: str, cell: Cell) -> str:
    """What is said of a mistake that is not known: what the cell is made of."""
    if not why.startswith("Not yet"):
        return why
    name, column = cell
    if column == NEW:
        return "Not yet: it is the old value minus the learning rate times the gradient."
    if name.startswith("b"):
        return "Not yet: it is delta of that unit."
    return "Not yet: it is delta of the unit that the weight leads to, times what the weight multiplies."


def _of(net, layer: int, unit: int, source: int | None) -> float:
    return float(net.biases[layer][unit] if source is None else net.weights[layer][unit, source])


def _gradient(step, layer: int, unit: int, source: int | None) -> tuple[float, Slips]:
    """(dL/d of the parameter, its slips)."""
    delta, rate = float(step.backward.delta[layer][0, unit]), step.learning_rate
    incoming = by_hand.BY_HAND["x"] if layer == 0 else step.forward.a[0][0]
    deltas = _wrong_deltas(step, layer, unit)
    if source is None:
        times = "A bias multiplies 1, so nothing is multiplied to delta."
        products = {delta * float(value): times for value in incoming}
        exact, slips = delta, deltas | products
    else:
        exact = delta * float(incoming[source])
        slips = {wrong * float(incoming[source]): why for wrong, why in deltas.items()}
        slips |= _wrong_inputs(step, layer, unit, source)
    slips[rate * exact] = "The learning rate does not belong to the gradient: it comes in the update."
    slips[_of(step.after, layer, unit, source)] = "That is the new value: it belongs in the next column."
    return exact, slips


def _wrong_deltas(step, layer: int, unit: int) -> Slips:
    """What is taken for delta of a unit."""
    chain = by_hand.chain_of(step)
    slope, out = float(chain.slope[layer][0, unit]), float(step.backward.delta[1][0, 0])
    if layer == 1:
        return {
            out * slope: "f' is in it once too often: cross-entropy's dL/da has just cancelled it.",
            float(chain.loss_slope[0, 0]): "f' is missing: dL/da is still to be multiplied by f'(z), which leaves"
            " a - y.",
            float(1 - step.forward.output[0, 0]): "Mind the target: it is 0 here, not 1.",
        }
    other = 1 - unit
    return {
        out * float(step.before.weights[1][0, unit]): "f' of the hidden unit is missing: delta is dL/da times f'(z).",
        out * slope: "The weight on the way back is missing: the output's delta comes to the hidden unit through it.",
        out * float(step.after.weights[1][0, unit]) * slope: "That went back through the new weight: all gradients"
        " come from the old ones, and only then is anything changed.",
        float(step.backward.delta[0][0, other]): f"That belongs to hidden unit {other + 1}: take the unit that this"
        " parameter leads to.",
        out: "That is delta of the output: it has still to go back through the weight and f' to the hidden unit.",
    }


def _wrong_inputs(step, layer: int, unit: int, source: int) -> Slips:
    """What is taken for delta times what a weight multiplies, with the right delta."""
    delta, other = float(step.backward.delta[layer][0, unit]), 1 - source
    itself = {delta: "That is delta itself, the gradient of the bias; a weight's is delta times what it multiplies."}
    flows = "That is delta times the weight, which flows back; its gradient is delta times what the weight multiplies."
    back = {delta * _of(step.before, layer, unit, source): flows}
    if layer == 0:
        x = by_hand.BY_HAND["x"]
        return (
            {delta * x[other]: f"The wrong input: this weight multiplies x{source + 1}, not x{other + 1}."}
            | itself
            | {delta * float(step.forward.a[0][0, unit]): "The wrong input: it multiplies x, not the unit's own a."}
            | back
        )
    a, z, x = step.forward.a[0][0], step.forward.z[0][0], by_hand.BY_HAND["x"]
    return (
        {delta * float(a[other]): f"The wrong input: this weight multiplies a of hidden unit {source + 1}."}
        | itself
        | {delta * float(z[source]): "That uses z of the hidden unit; the weight multiplies its activation a."}
        | {delta * x[source]: "The wrong input: this weight multiplies an activation, not x."}
        | back
    )


def _new(step, place: tuple, gradient: float, wrong: Slips) -> tuple[float, Slips]:
    """(the parameter after the update, its slips); wrong: the slips of its gradient."""
    old, rate = _of(step.before, *place), step.learning_rate
    slips = {
        old: "That is the old value: subtract the learning rate times its gradient.",
        old + rate * gradient: "That goes up the slope: the update subtracts.",
        old - gradient: "The learning rate is missing: the gradient alone does not say how far to go.",
        -rate * gradient: "That is the change alone; the new value is the old one plus it.",
        rate * gradient: "That is the step alone: subtract it from the old value.",
        gradient: "That is the gradient: the new value is the old one minus the learning rate times it.",
    }
    for value, why in wrong.items():
        slips.setdefault(old - rate * value, f"The gradient in it is not right. {why}")
    return _of(step.after, *place), slips
