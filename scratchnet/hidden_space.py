"""Hidden space: where a layer puts the inputs. A grid drawn on the inputs shows how it bends and folds them.

A layer's activations are a point with a number for each unit. Two units are two numbers, which can be drawn; of more,
two are chosen, or the two principal components of what the layer makes of the training data.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .network import Network, passes
from .planes import Plane
from .principal_components import Components, principal_components


@dataclass(frozen=True, eq=False)
class HiddenSpace:
    """A layer's activations in two numbers: those of `units`, or along `components` where units is None.

    layer: counted from 0.
    """

    network: Network
    layer: int
    units: tuple[int, int] | None
    components: Components | None

    def places(self, x: ArrayLike) -> np.ndarray:
        """Where the network's inputs x (n, inputs) come to lie, (n, 2)."""
        a = _activations(self.network, self.layer, x)
        if self.components is not None:
            return self.components.coordinates(a)
        return a[:, list(self.units or ())]


def hidden_space(net: Network, layer: int, x_train: ArrayLike, units: Sequence[int] | None = None) -> HiddenSpace:
    """The `HiddenSpace` of a layer; x_train (n, inputs): whose activations choose the components where units is None.

    ValueError for a layer that there is not, of fewer than two units, and for what is not two different units of it;
    also where an activation of the training data is no finite number.
    """
    if layer not in range(len(net.sizes) - 1):
        raise ValueError(f"There are layers 0 to {len(net.sizes) - 2}; got {layer!r:.20}.")
    size = net.sizes[layer + 1]
    if size < 2:
        raise ValueError(f"Layer {layer + 1} has one unit, whose answers lie on a line; choose one of two or more.")
    if units is None:
        return HiddenSpace(net, layer, None, principal_components(_activations(net, layer, x_train)))
    if not len(units) == len(set(units)) == 2 or not all(unit in range(size) for unit in units):
        raise ValueError(f"Expected two different units of 0 to {size - 1}; got {units}.")
    return HiddenSpace(net, layer, (units[0], units[1]), None)


def _activations(net: Network, layer: int, x: ArrayLike) -> np.ndarray:
    """What a layer makes of inputs x (n, inputs), (n, units); inf or nan where its numbers are too large."""
    x = net.check_input(x)
    a = np.empty((len(x), net.sizes[layer + 1]))
    with np.errstate(over="ignore", invalid="ignore"):
        for rows, forward in passes(net.theta, net.sizes, net.activations, len(x)):
            forward(x[rows])
            a[rows] = forward.a[layer]
    return a


def input_grid(
    window: Sequence[tuple[float, float]], plane: Plane | None = None, lines: int = 13, places: int = 61
) -> np.ndarray:
    """Lines on the inputs, as points (lines, places, columns): so many across the window of the plane and as many up.

    window: (low, high) of the plane's two coordinates. With (low, high) of one column alone: one line along it.
    """
    along = [np.linspace(low, high, places) for low, high in window]
    if plane is None:
        return along[0][None, :, None]
    (low1, high1), (low2, high2) = window
    first, second = np.linspace(low1, high1, lines), np.linspace(low2, high2, lines)
    across = [plane.points(along[0], np.full(places, at)) for at in second]
    up = [plane.points(np.full(places, at), along[1]) for at in first]
    return np.array([*across, *up])
