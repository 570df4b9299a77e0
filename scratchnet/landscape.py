"""Landscape: the training loss on a plane through the space of all weights and biases, and a run's path over it.

That space has as many dimensions as there are parameters, and a picture has two: a plane is chosen, and all that is not
in it is held fixed. Which plane decides what is seen, so how far a path lies off it is said, too. Li et al. 2018,
Visualizing the Loss Landscape of Neural Nets; Antognini and Sohl-Dickstein 2018, PCA of High Dimensional Random Walks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .losses import LOSSES, as_targets, check_pair
from .network import AT_ONCE, Network, frozen, parameter_index, parameter_vector, parameter_views, passes
from .principal_components import principal_components
from .run import Run
from .values import at_least_zero

FEWEST = 32  # moments of a path, as far as they can be had
# For moments that are not at hand updates are trained again: at most so many, and so many multiplications, each some
# half a second.
MOST_REPLAYED, MOST_MULTIPLICATIONS = 20_000, 5e8
SPARE = 0.15  # of a window's width, on each side of the paths
NARROWEST = 0.25  # of the wider side of a window: a path that hardly moves along one axis is not blown up
PARALLEL = 1e-9  # below 1, of the cosine between two directions that make no plane


@dataclass(frozen=True, eq=False)
class Path:
    """Moments of a run in the space of its parameters: the start first, the present last.

    updates: (k,), never falling. thetas: (k, n_parameters). changed: (k,), whether something was changed by hand there
    (an event); theta is then that after the change, and where weights were set the moment before it has that on
    arrival. unmarked: how many events are not among the moments, because too many updates would have to be trained
    again for them.
    """

    updates: np.ndarray
    thetas: np.ndarray
    changed: np.ndarray
    unmarked: int = 0

    @property
    def length(self) -> float:
        """The way from moment to moment in straight lines: what a run goes between them is at least as long."""
        return float(np.linalg.norm(np.diff(self.thetas, axis=0), axis=1).sum())

    def since(self, update: int) -> Path:
        """The part from the last moment at or before an update on."""
        first = max(int(np.searchsorted(self.updates, update, side="right")) - 1, 0)
        return Path(self.updates[first:], self.thetas[first:], self.changed[first:], self.unmarked)


def path_of(run: Run, turn: Callable[[], AbstractContextManager] = nullcontext) -> Path:
    """The path of a run up to its present update; the run is left as it is.

    Of the moments at hand, with more, evenly spread, where these are fewer than FEWEST, and those of events.

    turn: in it updates are trained again, each time only so many that others who train are not held up.
    """
    moments = {(update, False): theta for update, theta in run.checkpoints}
    events = [update for update, _ in run.experiment.events if update <= run.update]
    again, replayed, unmarked = run.fork(), 0, 0
    an_update = min(run.settings.batch_size, len(run.x_train)) * run.network.n_parameters
    most = min(MOST_REPLAYED, int(MOST_MULTIPLICATIONS / an_update))

    def go(update: int) -> None:
        again.approach(update)
        while again.update < update:
            with turn():
                again.advance(updates=min(max(most // FEWEST, 1), update - again.update))

    if len(moments) < FEWEST and run.update <= most:
        for update in np.unique(np.linspace(0, run.update, FEWEST).round().astype(int)).tolist():
            go(update)
            if update not in events:
                moments[update, False] = again.network.theta
    for update in events:
        known = [at for at, _ in moments if at < update or not at] + [again.update] * (again.update < update)
        if replayed + update - max(known) > most:
            unmarked += 1
            continue
        replayed += update - max(known)
        go(max(update - 1, 0))
        step = None
        if update:
            with turn():
                step = again.step()
        if step is not None and run.experiment.edits_at(update):
            moments[update, False] = step.after.theta
        moments[update, True] = again.network.theta
    if (run.update, True) not in moments:
        moments[run.update, False] = run.network.theta
    moments = dict(sorted(moments.items()))
    updates, marks = zip(*moments, strict=True)
    path = Path(np.array(updates), np.array(list(moments.values())), np.array(marks), unmarked)
    frozen((path.updates, path.thetas, path.changed))
    return path


@dataclass(frozen=True, eq=False)
class LossPlane:
    """All parameters origin + s * across + t * up, each (n_parameters,).

    The two directions may have any length and any angle: s and t count them, so at (1, 0) all of `across` is added.
    shares: of a plane of principal components the part of the paths' variance along each. ValueError where the
    directions lie along one line, or are 0.
    """

    origin: np.ndarray
    across: np.ndarray
    up: np.ndarray
    shares: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        frozen((self.origin, self.across, self.up))
        if not abs(self._cosine) < 1 - PARALLEL:  # nan where one of them is 0
            raise ValueError(
                "The two directions lie along one line or are 0, so they make no plane; choose two others."
            )

    @property
    def _cosine(self) -> float:
        sizes = np.linalg.norm(self.across), np.linalg.norm(self.up)
        return float(self.across.dot(self.up) / (sizes[0] * sizes[1])) if all(sizes) else float("nan")

    @property
    def angle(self) -> float:
        """Between the directions, in degrees, 0 to 180."""
        return float(np.degrees(np.arccos(self._cosine)))

    def thetas(self, s: ArrayLike, t: ArrayLike) -> np.ndarray:
        """The parameters (n, n_parameters) at n places of the plane, s and t (n,)."""
        return self.origin + np.multiply.outer(s, self.across) + np.multiply.outer(t, self.up)

    def coordinates(self, thetas: ArrayLike) -> np.ndarray:
        """The places (n, 2) of the plane that are nearest to parameters (n, n_parameters): the least squares."""
        directions = np.stack([self.across, self.up])
        along = directions.dot((np.asarray(thetas) - self.origin).T)
        return np.linalg.solve(directions.dot(directions.T), along).T

    def distances(self, thetas: ArrayLike) -> np.ndarray:
        """How far parameters (n, n_parameters) lie from the plane, (n,)."""
        return np.linalg.norm(np.asarray(thetas) - self.thetas(*self.coordinates(thetas).T), axis=1)


def path_plane(paths: Sequence[Path]) -> LossPlane:
    """The plane along which paths spread most (their first two principal components), through the first one's present.

    So the present lies in it, and the loss there is the run's own. Both directions have length 1. Where the paths
    spread along one line alone the second direction is a parameter's own, and its share is 0.
    """
    found = principal_components(np.concatenate([path.thetas for path in paths]), 2)
    first, second = found.shares.tolist()
    across, up = found.directions
    return LossPlane(paths[0].thetas[-1], across, up, (first, second))


def parameter_plane(net: Network, across: tuple[int, int, int | None], up: tuple[int, int, int | None]) -> LossPlane:
    """The plane in which two parameters vary, all others held as they are in `net`; s and t are their own values.

    across, up: (layer, unit, source), source None for the bias, counted from 0. ValueError for one that the network
    does not have, and for the same one twice.
    """
    origin, directions = net.theta.copy(), np.zeros((2, net.n_parameters))
    for direction, place in zip(directions, (across, up), strict=True):
        index = parameter_index(net.sizes, *place)
        direction[index], origin[index] = 1.0, 0.0
    return LossPlane(origin, directions[0], directions[1])


def random_plane(net: Network, seed: int) -> LossPlane:
    """The plane through `net` along two random directions, filter-normalised as in Li et al. 2018, section 4.

    A unit's incoming weights are its filter: those of a direction are drawn normal, and scaled to the length that the
    network's own have. So 1 on an axis changes every unit's weights by as much as they are large, whatever their size.
    Biases stay as they are. ValueError where no two weights are left to vary.
    """
    rng = np.random.default_rng(seed)
    directions = []
    for _ in range(2):
        rows = [rng.normal(size=W.shape) for W in net.weights]
        for drawn, W in zip(rows, net.weights, strict=True):
            drawn *= (np.linalg.norm(W, axis=1) / np.linalg.norm(drawn, axis=1))[:, None]
        directions.append(parameter_vector(rows, [np.zeros_like(b) for b in net.biases]))
    return LossPlane(net.theta, directions[0], directions[1])


def window(
    plane: LossPlane, paths: Sequence[Path], least: float = 0.0, zoom: float = 1.0
) -> tuple[tuple[float, float], tuple[float, float]]:
    """((low, high), (low, high)) of the two coordinates, in which all paths are seen.

    least: it reaches at least so far from the middle. zoom: of what is so many times as wide; a part (below 1) has its
    middle at the first path's present, the whole and more at the middle of the paths.
    """
    places = plane.coordinates(np.concatenate([path.thetas for path in paths]))
    low, high = places.min(axis=0), places.max(axis=0)
    half = np.maximum((high - low) * (0.5 + SPARE), least)
    half = np.maximum(half, NARROWEST * half.max()) if half.any() else np.ones(2)
    middle = plane.coordinates(paths[0].thetas[-1:])[0] if zoom < 1 else (low + high) / 2
    ends = np.column_stack([middle - zoom * half, middle + zoom * half]).tolist()
    return (ends[0][0], ends[0][1]), (ends[1][0], ends[1][1])


class MeanLoss:
    """The mean loss of many networks of one shape on the same samples: parameters (k, n_parameters) -> (k,).

    What `mean_loss` says of each, and with l1 or l2 what `total_loss` does. Many are computed at once, as one stack,
    in blocks of bounded memory: x and y are the same for all. Where numbers overflow it is infinite or not a number.
    """

    def __init__(
        self, net: Network, x: ArrayLike, y: ArrayLike, loss: str = "bce", l1: float = 0.0, l2: float = 0.0
    ) -> None:
        check_pair(net.activations[-1], loss)
        at_least_zero(l1=l1, l2=l2)
        self._sizes, self._activations, self._loss = net.sizes, net.activations, LOSSES[loss]
        self._x = net.check_input(x)
        self._y = as_targets(y, loss, len(self._x), net.sizes[-1])
        self._l1, self._l2 = l1, l2
        numbers = max(len(self._x) * sum(net.sizes[1:]), net.n_parameters)
        self.at_once = max(1, AT_ONCE // numbers)  # networks of one block
        self._use(np.empty((self.at_once, net.n_parameters)))

    def __call__(self, thetas: np.ndarray) -> np.ndarray:
        blocks = [thetas[start : start + self.at_once] for start in range(0, len(thetas), self.at_once)]
        with np.errstate(all="ignore"):  # far from any path everything may overflow, and is handed out as it is
            return np.concatenate([self._of_block(block) for block in blocks])

    def _use(self, theta: np.ndarray) -> None:
        """Compute stacks of this many networks from now on."""
        self._theta, self._passes = theta, passes(theta, self._sizes, self._activations, len(self._x))

    def _of_block(self, thetas: np.ndarray) -> np.ndarray:
        networks = len(thetas)
        if networks != len(self._theta):
            self._use(np.empty(thetas.shape))
        self._theta[:] = thetas
        losses = np.empty((networks, len(self._x)))
        for rows, forward in self._passes:
            output, y = forward(self._x[rows]), self._y[rows]
            flat = (networks * len(y), y.shape[1])  # a sample of a network is a sample
            of_each = self._loss.per_sample(
                np.tile(y, (networks, 1)), output.reshape(flat), forward.z[-1].reshape(flat)
            )
            losses[:, rows] = of_each.reshape(networks, -1)
        return losses.mean(axis=1) + self._penalties(thetas)

    def _penalties(self, thetas: np.ndarray) -> np.ndarray | float:
        if not self._l1 and not self._l2:
            return 0.0
        weights = [W.reshape(len(thetas), -1) for W in parameter_views(thetas, self._sizes)[0]]
        absolute = sum(np.abs(W).sum(axis=1) for W in weights)
        return self._l1 * absolute + 0.5 * self._l2 * sum((W * W).sum(axis=1) for W in weights)


class Surface:
    """The loss over a grid of a plane, computed piece by piece: values (len(t), len(s)), NaN where they are to come.

    s, t: the places across and up. done, total: of the grid's places.
    """

    def __init__(self, loss: MeanLoss, plane: LossPlane, s: np.ndarray, t: np.ndarray) -> None:
        self.s, self.t, self._loss, self._plane = s, t, loss, plane
        self.done, self.total = 0, len(s) * len(t)
        self._places = [axis.ravel() for axis in np.meshgrid(s, t)]
        self._values = np.full(self.total, np.nan)

    @property
    def values(self) -> np.ndarray:
        return frozen([self._values.reshape(len(self.t), len(self.s))])[0]  # a view of its own

    @property
    def is_complete(self) -> bool:
        return self.done == self.total

    def advance(self) -> None:
        """Compute the next block of places, as many as fit into one stack."""
        block = slice(self.done, self.done + self._loss.at_once)
        with np.errstate(all="ignore"):
            thetas = self._plane.thetas(*(axis[block] for axis in self._places))
        self._values[block] = self._loss(thetas)
        self.done = min(block.stop, self.total)


def random_walk(steps: int, size: int, seed: int) -> np.ndarray:
    """So many steps through a space of `size` dimensions, each drawn normal: places (steps + 1, size), from 0 on.

    Nothing is learned on it, and yet its principal components are smooth curves: of a long walk in many dimensions
    cosines, with 6/pi^2 (60.8 %) and a quarter of that (15.2 %) of the variance (Antognini and Sohl-Dickstein 2018,
    section 2).
    """
    walk = np.zeros((steps + 1, size))
    np.cumsum(np.random.default_rng(seed).normal(size=(steps, size)), axis=0, out=walk[1:])
    return walk
