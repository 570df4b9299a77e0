"""Verdicts: what is said of each number that a learner has typed into an exercise.

A number is right when it agrees with the exact one, or follows from right ones that were rounded on the way. Where it
follows from the learner's own earlier numbers it is said so: the way is right, and the mistake lies where they began.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import scratchnet as sn
from scratchnet.cells import Cell, needs, value
from ui.checks.answers import agrees, compare, read
from ui.labels import HIGH, LOW, layer_title, title, unit_name
from ui.paper.worksheet import Key, Worksheet, in_a_sentence

RIGHT, FOLLOWS, WRONG, UNREAD = "right", "follows", "wrong", "unread"
MOST_NAMED = 3  # earlier numbers that a sentence lists


@dataclass(frozen=True)
class Verdict:
    """state: RIGHT, FOLLOWS from own numbers, WRONG, or UNREAD: no number. why: one sentence or two, never the number.

    began: of one that follows the first wrong cell, with which it all began.
    """

    state: str
    why: str
    began: Cell | None = None


def verdicts(sheet: Worksheet, key: Key, typed: Mapping[Cell, str]) -> dict[Cell, Verdict]:
    """What is said of each cell in which something is typed. key: the exact numbers."""
    given = {cell: number for cell, text in typed.items() if (number := _number(text)) is not None}
    found: dict[Cell, Verdict] = {}
    for cell in key:  # in the order of the computation
        if typed.get(cell, "").strip():
            found[cell] = _verdict(sheet, key, cell, typed[cell], given, found)
    return found


def _verdict(
    sheet: Worksheet,
    key: Key,
    cell: Cell,
    text: str,
    given: Mapping[Cell, float],
    found: Mapping[Cell, Verdict],
) -> Verdict:
    """given: what is typed, as numbers. found: what is said of the cells before."""
    passed, why = compare(text, key[cell], _slips(sheet, key, cell), otherwise=f"Not yet: {how(sheet, cell)}.")
    if passed or cell not in given:
        return Verdict(RIGHT if passed else UNREAD, why)
    before = needs(cell, sheet.network, sheet.loss)
    known = {one: given.get(one, key[one]) for one in before}
    own = value(cell, known, sheet.network, sheet.x, sheet.y, sheet.loss, sheet.learning_rate)
    if not abs(own) < float("inf") or not agrees(given[cell], own):
        return Verdict(WRONG, why)
    others = [one for one in before if one in found and found[one].state in (WRONG, FOLLOWS)]
    if not others:
        return Verdict(RIGHT, "Right.")
    named = ", ".join(name(one) for one in others[:MOST_NAMED])
    more = " and others" if len(others) > MOST_NAMED else ""
    firsts = {found[one].began or one for one in others}
    began = next(one for one in key if one in firsts)
    where = "there" if began in others else f"where it began, in {name(began)}"
    why = f"It follows from your own {named}{more}: the way is right. Look for the mistake {where}."
    return Verdict(FOLLOWS, why, began)


def name(cell: Cell) -> str:
    """What a cell is called in a sentence: a⁽¹⁾₂, or the gradient of w⁽¹⁾₂,₁."""
    kind, *place = cell
    if kind == "loss":
        return "L"
    if kind in ("gradient", "new"):
        return f"the {'gradient' if kind == 'gradient' else 'new value'} of {_parameter(*place)}"
    layer, unit = place
    return unit_name(layer, unit, {"delta": "δ"}.get(kind, kind))


def label(net: sn.Network, cell: Cell) -> str:
    """What a cell's field is called aloud."""
    kind, *place = cell
    if kind == "loss":
        return "Loss L"
    layer, unit, *source = place
    if not source:
        return f"{kind} of unit {unit + 1}, {layer_title(net, layer).lower()}"
    what = "bias" if source[0] is None else f"weight from {'input' if layer == 0 else 'unit'} {source[0] + 1}"
    told = "gradient" if kind == "gradient" else "new value"
    return f"{told} of the {what} to unit {unit + 1}, {layer_title(net, layer).lower()}"


def how(sheet: Worksheet, cell: Cell) -> str:
    """The formula of a cell, with the names of all that it needs."""
    net, last = sheet.network, len(sheet.network.sizes) - 2
    kind, *place = cell
    if kind == "loss":
        outputs = " and ".join(unit_name(last, unit) for unit in range(net.sizes[-1]))
        return f"L is the {sn.LOSSES[sheet.loss].title} of {outputs}; its formula stands under Given"
    layer, unit, *source = place
    this = name(cell)
    match kind:
        case "z":
            terms = [f"{_parameter(layer, unit, j)} · {unit_name(layer - 1, j)}" for j in range(net.sizes[layer])]
            return f"{this} = {' + '.join(terms)} + {_parameter(layer, unit, None)}"
        case "a":
            z = [unit_name(layer, one[2], "z") for one in needs(cell, net, sheet.loss)]
            if len(z) > 1:
                own = unit_name(layer, unit, "z")
                return f"{this} = e to the power of {own}, divided by the sum of that of {', '.join(z)}"
            return f"{this} is {in_a_sentence(title(net.activations[layer]))} of {z[0]}; its formula stands under Given"
        case "delta" if layer == last and sn.LOSSES[sheet.loss].own_output == net.activations[last]:
            return f"{this} = {unit_name(layer, unit)} − {_target(sheet, unit)}"
        case "delta" if layer == last:
            slope = f"the slope of the {sn.LOSSES[sheet.loss].title} at {unit_name(layer, unit)}"
            return f"{this} = {slope} times f′({unit_name(layer, unit, 'z')}); both stand above the table"
        case "delta":
            after = range(net.sizes[layer + 2])
            terms = [f"{_parameter(layer + 1, k, unit)} · {unit_name(layer + 1, k, 'δ')}" for k in after]
            return f"{this} = f′({unit_name(layer, unit, 'z')}) · ({' + '.join(terms)})"
        case "gradient" if source[0] is None:
            return f"{this} is {unit_name(layer, unit, 'δ')}"
        case "gradient":
            return f"{this} = {unit_name(layer, unit, 'δ')} · {unit_name(layer - 1, source[0])}"
    return f"{this} = {_parameter(layer, unit, source[0])} − η · its gradient"


def _slips(sheet: Worksheet, key: Key, cell: Cell) -> dict[float, str]:
    """What a known mistake gives -> the sentence that helps."""
    net, (kind, *place) = sheet.network, cell
    if kind == "z":
        layer, unit = place
        return {key[cell] - float(net.biases[layer][unit]): "The bias is missing: add it to the sum."}
    if kind == "new":
        layer, unit, source = place
        old = float(net.biases[layer][unit] if source is None else net.weights[layer][unit, source])
        return {
            2 * old - key[cell]: "That is up the slope: new value = old value minus η times the gradient.",
            old - key["gradient", *place]: "The learning rate is missing: new value = old value − η · gradient.",
        }
    return {}


def _number(text: str) -> float | None:
    try:
        return read(text)
    except ValueError:
        return None


def _parameter(layer: int, unit: int, source: int | None) -> str:
    below = _low(unit + 1) if source is None else f"{_low(unit + 1)},{_low(source + 1)}"
    return f"{'b' if source is None else 'w'}⁽{_high(layer + 1)}⁾{below}"


def _target(sheet: Worksheet, unit: int) -> str:
    return f"y{_low(unit + 1)}" if len(sheet.y) > 1 else "y"


def _low(number: int) -> str:
    return "".join(LOW[int(digit)] for digit in str(number))


def _high(number: int) -> str:
    return "".join(HIGH[int(digit)] for digit in str(number))
