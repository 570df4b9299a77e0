"""The lesson of the optimizers: landscapes that real units have, the race over them, the tasks."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

import scratchnet as sn
from scratchnet.curvature import linear_unit_hessian, lowest_point
from scratchnet.full_batch import Way, loss_plane, walk
from scratchnet.optimizers import Optimizer
from ui.checks.answers import compare
from ui.kit.typed import written
from ui.lesson_numbers import between, one_of

MOMENTUM = 0.9
RULES = {"sgd": "SGD", "momentum": "Momentum", "nesterov": "Nesterov", "rmsprop": "RMSProp", "adam": "Adam"}
RATES = (0.003, 0.01, 0.03, 0.1, 0.3, 0.45, 0.9)
LANDSCAPES = {"along": "valley along an axis", "turned": "the valley turned", "plateau": "plateau"}
CONDITIONS = (1, 10, 100)
SHOWN = 100  # updates that are drawn
LONG = 500  # updates of a race
GOAL = 1e-3  # how far above the lowest loss a rule has arrived, when it stays below
QUICK, QUICK_CONDITION = 150, 100  # updates within which each rule is to arrive, and in which valley
SHARES = (0.01, 0.1, 0.4, 0.7, 0.9, 0.99)  # what the sigmoid unit has to answer to -2, -1, ..., 3
SMALL_SLOPE, FIRST_RATE = -0.02, 0.03  # of the step by hand
START: dict[str, Any] = {
    "landscape": "along",
    "condition": 100,
    "rule": "sgd",
    "update": SHOWN,
    **{f"rate_{rule}": 0.03 for rule in RULES},
    "raced": (),  # what she has seen: (landscape, condition, rule, rate, updates to the goal or None)
}
IN_ADDRESS = {
    "landscape": one_of(LANDSCAPES),
    "condition": one_of(CONDITIONS),
    "rule": one_of(RULES),
    "update": between(0, SHOWN),
    **{f"rate_{rule}": one_of(RATES) for rule in RULES},
}


def optimizer_of(rule: str, rate: float) -> Optimizer:
    """The rule with the package's usual settings, which are torch's; momentum 0.9."""
    if rule in ("momentum", "nesterov"):
        return sn.SGD(rate, momentum=MOMENTUM, nesterov=rule == "nesterov")
    return {"sgd": sn.SGD, "rmsprop": sn.RMSProp, "adam": sn.Adam}[rule](rate)


@dataclass(frozen=True, eq=False)
class Ground:
    """What is raced over: a unit at the start, its samples, the part of the plane of its first two parameters that is
    drawn, and their names.

    curvatures: smallest and largest in that plane, of a valley; None where they change from place to place.
    """

    net: sn.Network
    x: np.ndarray
    y: np.ndarray
    first: tuple[float, float]
    second: tuple[float, float]
    names: tuple[str, str]
    lowest: np.ndarray
    least: float
    curvatures: tuple[float, float] | None


def valley(landscape: str, condition: int) -> Ground:
    """One linear unit with the mse, whose largest curvature by its two weights is `condition` times the smallest.

    Four inputs around 0 (a, b), the corners of a rectangle: the Hessian of the weights is then 2 diag(mean a^2, mean
    b^2), a valley along the axis of w1, and the bias, right from the start, stays 0. To turn the valley the same inputs
    and the same start are turned by 45 degrees, which changes no curvature (Hessian R H R' for a rotation R).
    """
    x = np.array([[1.0, 1.0], [-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0]]) * [condition**-0.5, 1.0]
    best, away = np.array([1.0, -0.5]), np.array([-3.0, 2.0])
    if landscape == "turned":
        rotation = np.array([[1.0, 1.0], [-1.0, 1.0]]) / 2**0.5
        x, away = x @ rotation.T, rotation @ away
    y = (x @ best)[:, None]
    net = sn.Network.from_arrays([(best + away)[None, :]], [[0.0]], ["identity"])
    hessian = linear_unit_hessian(x)
    lowest = lowest_point(hessian, net.theta, sn.backpropagate(net, net.forward(x), y, "mse").gradient)
    low, high = map(float, np.linalg.eigvalsh(hessian[:2, :2]))
    least = float(sn.mse(y, net.replace(lowest).predict(x)))
    return Ground(net, x, y, (-3.0, 4.0), (-3.5, 3.5), ("weight w1", "weight w2"), lowest, least, (low, high))


def plateau() -> Ground:
    """One sigmoid unit with the mse, at first surely wrong: there its slope is nearly 0, and the loss nearly flat.

    The lowest point has no formula; it is where a long descent from the best place of a coarse plane comes to rest.
    """
    x = np.arange(-2.0, 4.0)[:, None]
    y = np.array(SHARES)[:, None]
    net = sn.Network.from_arrays([[[-5.0]]], [[0.0]], ["sigmoid"])
    first, second = np.linspace(-6.0, 6.0, 25), np.linspace(-6.0, 6.0, 25)
    plane = loss_plane(net, x, y, "mse", first, second)
    row, column = np.unravel_index(plane.argmin(), plane.shape)
    down = walk(net.replace([first[column], second[row]]), sn.Trainer(loss="mse", optimizer=sn.SGD(0.5)), x, y, 5000)
    return Ground(
        net, x, y, (-6.0, 6.0), (-6.0, 6.0), ("weight w", "bias b"), down.theta[-1], float(down.loss[-1]), None
    )


def ground_of(landscape: str, condition: int) -> Ground:
    return plateau() if landscape == "plateau" else valley(landscape, condition)


def race(ground: Ground, rule: str, rate: float) -> Way:
    return walk(ground.net, sn.Trainer(loss="mse", optimizer=optimizer_of(rule, rate)), ground.x, ground.y, LONG)


def arrival(way: Way, least: float) -> int | None:
    """After how many updates the loss has come near the lowest for good; None where it has not at the end."""
    far = np.flatnonzero(way.loss - least > GOAL)
    arrived = int(far[-1]) + 1 if far.size else 0
    return arrived if way.is_whole and arrived <= way.updates else None


def seen(state: Mapping, landscape: str, condition: int) -> dict[str, dict[float, int | None]]:
    """rule -> rate -> updates to the goal, of the races on this ground that she has seen."""
    found: dict[str, dict[float, int | None]] = {rule: {} for rule in RULES}
    for place, number, rule, rate, arrived in state["raced"]:
        if (place, number) == (landscape, condition):
            found[rule][rate] = arrived
    return found


def is_quick(arrived: int | None) -> bool:
    return arrived is not None and arrived <= QUICK


def all_quick(state: Mapping, answer=None) -> tuple[bool, str]:
    """Task 1: the rates at which all five rules arrive in time at once, in the long valley along the axis."""
    wanted = ("along", QUICK_CONDITION)
    if (state["landscape"], state["condition"]) != wanted:
        return False, f"Choose the {LANDSCAPES['along']} with the condition number {QUICK_CONDITION} first."
    races = seen(state, *wanted)
    slow = [RULES[rule] for rule in RULES if not is_quick(races[rule].get(state[f"rate_{rule}"]))]
    if slow:
        return False, f"Not yet within {QUICK} updates: {', '.join(slow)}. Choose each in turn and try its other rates."
    rates = ", ".join(f"{RULES[rule]} {written(state[f'rate_{rule}'])}" for rule in RULES)
    return True, f"Right, with these rates all arrive within {QUICK} updates: {rates}."


def hurt_by_turning(state: Mapping, answer=None) -> tuple[bool, str]:
    """Task 3: the rule that arrives in time at no rate once the valley is turned, seen in her own races."""
    if answer not in RULES.values():
        return False, "Choose a rule first."
    races = seen(state, "turned", QUICK_CONDITION)
    if answer != RULES["rmsprop"]:
        arrived = races[dict(zip(RULES.values(), RULES, strict=True))[answer]].values()
        quick = [number for number in arrived if number is not None and is_quick(number)]
        return False, (
            f"{answer} arrives in the turned valley, after {min(quick)} updates at its best of your rates."
            if quick
            else f"You have not seen {answer} arrive within {QUICK} updates in the turned valley yet; it does at one of"
            " the rates. Try them."
        )
    missing = [rate for rate in RATES if rate not in races["rmsprop"]]
    if missing:
        return False, (
            f"Show it: with the valley turned and the condition number {QUICK_CONDITION}, {answer} has yet to run at"
            f" the {'rate' if len(missing) == 1 else 'rates'} {', '.join(map(written, missing))}."
        )
    best = min(number for number in races["rmsprop"].values() if number is not None)
    return True, (
        f"Right: in the turned valley {answer} needs {best} updates even at its best of these rates. It sets the size"
        " of a step for each parameter alone, and here both have to move together."
    )


def first_step() -> float:
    """What Adam's first update adds to a parameter whose slope is `SMALL_SLOPE`."""
    adam, theta = sn.Adam(FIRST_RATE), np.zeros(1)
    after, _ = adam.update(theta, [SMALL_SLOPE], adam.init(theta))
    return float(after[0])


def first_step_by_hand(state: Mapping, answer=None) -> tuple[bool, str]:
    """Task 2: by how much Adam's first update changes a parameter with a small slope."""
    plain = -FIRST_RATE * SMALL_SLOPE
    slips = {
        plain: "That is the step of SGD: Adam divides the slope by the root of its average square.",
        0.1 * plain: "That is the rate times m: m is corrected by 1 - 0.9, and divided by the root of v, corrected"
        " too.",
        -FIRST_RATE * 0.1 * SMALL_SLOPE / (0.001 * SMALL_SLOPE**2) ** 0.5: "Both averages began at 0: correct m by"
        " 1 - 0.9 and v by 1 - 0.999 before you divide.",
    }
    passed, why = compare(
        answer, first_step(), slips, "0.5", "Not yet: m and v first, then both corrected, then rate · m / √v."
    )
    return passed, why + (" The size of the slope has cancelled: only its sign is left." if passed else "")


SETTINGS_OF = MappingProxyType(
    {
        "sgd": "",
        "momentum": f"momentum {MOMENTUM}",
        "nesterov": f"momentum {MOMENTUM}",
        "rmsprop": f"alpha {sn.RMSProp().alpha}",
        "adam": f"betas {sn.Adam().betas[0]}, {sn.Adam().betas[1]}",
    }
)
