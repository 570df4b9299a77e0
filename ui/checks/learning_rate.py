"""The lesson of the learning rate: a bowl that a real network has, runs in it, how a run ends, the tasks."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np

import scratchnet as sn
from scratchnet.curvature import Curvature, edge, largest_curvature, linear_unit_hessian, lowest_point
from scratchnet.full_batch import Way, walk
from ui.checks.answers import compare
from ui.kit.numbers import text
from ui.kit.typed import written
from ui.lesson_numbers import between, one_of

# Four samples of one input, so that every sum of the Hessian can be done by hand; the same targets each time.
X, Y = (1.0, 2.0, 3.0, 4.0), (1.5, 2.0, 3.5, 4.0)
DATA = {"raw": "x as measured", "centred": "x minus its mean", "stretched": "x minus its mean, times three"}
W_START, B_START = -1.0, 0.5
LOWEST, HIGHEST = 0.001, 1.2  # learning rates to set
SHOWN = 60  # updates that are drawn
LONG = 2000  # updates after which a run is judged
NEAR = 0.02  # how far apart, beside the larger, two rates may be that have the edge between them
FADED = 1e-9  # of the first step: a run whose last step is no longer has converged
SLACK = 1e-6  # two steps that differ by no more are of one length, but for round-off

# The larger network: the playground's own layers, with plain gradient descent on all training samples.
NET_RATES = (0.1, 0.3, 1.0, 3.0)
NET_UPDATES, NET_EVERY = 300, 10  # updates; between two at which the curvature is measured
SIZES = (2, 8, 8, 1)
START: dict[str, Any] = {
    "data": "raw",
    "rate": 0.01,
    "update": SHOWN,
    "tried": (),  # the runs that she has seen: (data, rate, how it ends)
    "net_rate": NET_RATES[0],
    "net_tried": (),  # (rate, edge at the start, updates after which the loss rose)
}
IN_ADDRESS = {
    "data": one_of(DATA),
    "rate": between(LOWEST, HIGHEST),
    "update": between(0, SHOWN),
    "net_rate": one_of(NET_RATES),
}
CONVERGES, SWINGS, DIVERGES, NEITHER = "converges", "swings and converges", "diverges", "does neither"


def samples(data: str) -> tuple[np.ndarray, np.ndarray]:
    """x and y, both (4, 1)."""
    x = np.array(X)[:, None]
    if data != "raw":
        x = x - x.mean()
    return (3 * x if data == "stretched" else x), np.array(Y)[:, None]


def unit() -> sn.Network:
    """One linear unit where every run begins: a = w x + b."""
    return sn.Network.from_arrays([[[W_START]]], [[B_START]], ["identity"])


def run_with(data: str, rate: float) -> Way:
    """Gradient descent on all four samples, `LONG` updates or as far as there are numbers."""
    return walk(unit(), sn.Trainer(loss="mse", optimizer=sn.SGD(rate)), *samples(data), LONG)


def how_it_ends(way: Way) -> str:
    """Whether a run converges, from its steps alone: at its end they are shorter than halfway there, or longer.

    A run swings where its second step goes back on the first.
    """
    if not way.is_whole:
        return DIVERGES
    steps = np.diff(way.theta, axis=0)
    first, half, last = (float(np.linalg.norm(steps[k])) for k in (0, len(steps) // 2, -1))
    if last > FADED * first:
        if last > half * (1 + SLACK):
            return DIVERGES
        if last > half * (1 - SLACK):
            return NEITHER
    return SWINGS if steps[0] @ steps[1] < 0 else CONVERGES


@dataclass(frozen=True, eq=False)
class Bowl:
    """The loss of the linear unit on one of the data sets: its Hessian, both curvatures, smallest first, the direction
    (2,) of the larger one, and where it is lowest."""

    hessian: np.ndarray
    curvatures: tuple[float, float]
    steepest: np.ndarray
    lowest: np.ndarray
    least: float

    @property
    def edge(self) -> float:
        return edge(self.curvatures[1])


def bowl_of(data: str) -> Bowl:
    x, y = samples(data)
    net, hessian = unit(), linear_unit_hessian(x)
    lowest = lowest_point(hessian, net.theta, sn.backpropagate(net, net.forward(x), y, "mse").gradient)
    curvatures, directions = np.linalg.eigh(hessian)
    least = sn.mse(y, net.replace(lowest).predict(x))
    return Bowl(hessian, (float(curvatures[0]), float(curvatures[1])), directions[:, 1], lowest, float(least))


def bracket(state: Mapping, data: str) -> tuple[float | None, float | None]:
    """(the largest rate that converged, the smallest that diverged) of the runs she has seen; None where none did."""
    seen = [(rate, end) for where, rate, end in state["tried"] if where == data]
    held = max((rate for rate, end in seen if end in (CONVERGES, SWINGS)), default=None)
    broke = min((rate for rate, end in seen if end == DIVERGES), default=None)
    return held, broke


def is_bracketed(state: Mapping, data: str) -> bool:
    """Whether two of her runs have the edge between them, nearly enough."""
    held, broke = bracket(state, data)
    return held is not None and broke is not None and broke - held <= NEAR * broke


def _too_far(held: float, broke: float) -> str:
    return (
        f"{written(held)} converges and {written(broke)} diverges, {text(100 * (broke - held) / broke)} % apart: the"
        f" edge lies between them. Try rates there until the two are at most {text(100 * NEAR)} % apart."
    )


def edge_found(state: Mapping, answer=None) -> tuple[bool, str]:
    """Task 1: on x as measured, a rate that converges and one that diverges, at most 2 % apart."""
    held, broke = bracket(state, "raw")
    if held is None and broke is None:
        return False, f"No run yet with {DATA['raw']}: choose it, set a rate, and look."
    if broke is None:
        return False, f"All your rates up to {written(held)} converge: try larger ones until a run diverges."
    if held is None:
        return False, f"All your rates from {written(broke)} on diverge: try smaller ones until a run converges."
    if not is_bracketed(state, "raw"):
        return False, _too_far(held, broke)
    return True, f"Right: {written(held)} converges and {written(broke)} diverges; the edge lies between."


def edge_predicted(state: Mapping, answer=None) -> tuple[bool, str]:
    """Task 2: the edge of the stretched data from its Hessian, and runs of her own on both sides of it."""
    low, high = bowl_of("stretched").curvatures
    slips = {
        1 / high: "There a run begins to swing: the edge is twice as far, where 1 - rate · curvature is -1.",
        high / 2: "That is the curvature divided by 2: the edge is 2 divided by the curvature.",
        high: "That is the largest curvature itself: the edge is 2 divided by it.",
        edge(low): "That belongs to the smallest curvature: the largest one sets the edge.",
        bowl_of("raw").edge: "That is the edge of x as measured: take the Hessian of the stretched data.",
        bowl_of("centred").edge: "That is the edge of the narrow data: x minus its mean is taken times three here.",
    }
    passed, why = compare(
        answer,
        edge(high),
        slips,
        "0.05",
        "Not yet: which entry of the Hessian is the largest curvature? Divide 2 by it.",
    )
    if not passed:
        return False, why
    held, broke = bracket(state, "stretched")
    if not is_bracketed(state, "stretched"):
        if held is not None and broke is not None:
            missing = _too_far(held, broke)
        else:
            missing = f"with this data one rate just below it and one just above, at most {text(100 * NEAR)} % apart."
            missing += "" if held is None else f" So far {written(held)} converges."
            missing += "" if broke is None else f" So far {written(broke)} diverges."
        return False, f"The number is right; now let your own runs say so: {missing}"
    return True, f"Right, and your runs agree: {written(held)} converges, {written(broke)} diverges."


# ---- a larger network ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class NetRun:
    """A run of the larger network. at: updates at which the curvature was measured; curvatures: the largest there."""

    rate: float
    way: Way
    at: tuple[int, ...]
    curvatures: tuple[Curvature, ...]

    @property
    def rises(self) -> tuple[int, ...]:
        """The updates, from 1, after which the loss was higher than before."""
        return tuple(int(k) + 1 for k in np.flatnonzero(np.diff(self.way.loss) > 0))

    @property
    def summary(self) -> tuple[float, float, int]:
        return self.rate, edge(self.curvatures[0].value), len(self.rises)


def net_run(rate: float, turn: Callable[[], AbstractContextManager] = nullcontext) -> NetRun:
    """turn: what each of its pieces of work waits for, so that others are not kept waiting for all of them."""
    experiment = sn.Experiment(
        dataset="moons",
        samples=200,
        noise=0.1,
        hidden=SIZES[1:-1],
        optimizer="sgd",
        learning_rate=rate,
        batch_size=200,
    )
    run = experiment.start()
    data = run.x_train, run.y_train
    with turn():
        way = walk(run.network, run.trainer, *data, NET_UPDATES)
    at, found = tuple(range(0, way.updates + 1, NET_EVERY)), []
    for k in at:
        with turn():
            found.append(largest_curvature(run.network.replace(way.theta[k]), *data, experiment.loss))
    return NetRun(rate, way, at, tuple(found))


def rises_below_the_edge(state: Mapping, answer=None) -> tuple[bool, str]:
    """Task 3: a rate below the edge of the start whose loss rises all the same later on."""
    if not state["net_tried"]:
        return False, "No run yet: choose a rate for the larger network."
    rate, start, rises = next(seen for seen in state["net_tried"] if seen[0] == state["net_rate"])
    if rate >= start:
        return False, f"{text(rate)} is above the edge at update 0, {text(start)}: there a rise is no surprise."
    if not rises:
        return (
            False,
            f"{text(rate)} is below the edge at update 0, {text(start)}, but its loss never rises: try another.",
        )
    return True, (
        f"Right: {text(rate)} is below the edge at update 0, {text(start)}, yet the loss rises after {rises} of"
        f" {NET_UPDATES} updates, because the curvature grew on the way."
    )
