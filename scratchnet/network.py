"""A network: layers of units, one flat vector of parameters, and the forward pass through them.

Layer l turns the activations of the layer before into its own:  z = a_prev @ W.T + b,  a = f(z).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from .activations import ACTIVATIONS
from .initializers import INITIALIZERS
from .values import as_numbers, find, is_whole

AT_ONCE = 2**17  # units times samples, where nobody asks for what was computed on the way
REPEAT_AT_MOST = 4096  # above so many numbers a broadcast add is as fast as an add of equal shapes

Order = Literal["C", "F"]  # of a (rows, units) array in memory


class ForwardPass:
    """The forward pass of one parameter vector over batches of `rows` rows, with arrays of its own for z and a.

    theta: (n_parameters,), or a stack (networks, n_parameters) of networks that all see the same rows: then each z[l]
    and a[l] is (networks, rows, units), in order "C", and the numbers are those that each network computes alone.

    Called again, it writes over what it computed before. So training keeps one and nobody sees its arrays, while
    whatever is handed out (`Network.forward`) was computed by a pass that is used once. `flat_z` and `flat_a` are the z
    and a of all layers, one layer after the other (see `unit_views`), of theta's own precision. order: "C" keeps what a
    layer makes of one sample in one piece. "F" is for pictures of units: what a unit makes of all samples lies in one
    piece, and a is written over z, which nobody looks at.
    """

    def __init__(
        self, theta: np.ndarray, sizes: Sequence[int], activations: Sequence[str], rows: int, order: Order = "C"
    ) -> None:
        self.theta, self.sizes, self.activations, self.rows = theta, sizes, activations, rows
        networks, is_stack = theta.shape[:-1], theta.ndim > 1
        all_rows = rows * math.prod(networks)
        self.flat_z = np.empty(all_rows * sum(sizes[1:]), theta.dtype)
        self.flat_a = np.empty_like(self.flat_z) if order == "C" else self.flat_z
        self.z, self.a = (unit_views(flat, sizes, all_rows, order) for flat in (self.flat_z, self.flat_a))
        weights, biases = parameter_views(theta, sizes)
        self._repeated: np.ndarray | None = None
        if is_stack:
            self.z, self.a = (tuple(v.reshape(*networks, rows, -1) for v in views) for views in (self.z, self.a))
            biases = tuple(b[..., None, :] for b in biases)
        elif order == "C" and self.flat_z.size <= REPEAT_AT_MOST:
            biases = self._repeated_biases()
        # On arrays this small `dot` takes half the time of np.matmul, but it can only write row after row.
        self._multiply = np.ndarray.dot if order == "C" and not is_stack else np.matmul
        functions = [ACTIVATIONS[name].f for name in activations]
        turned = [W.swapaxes(-1, -2) for W in weights]
        self._layers = list(zip(turned, biases, functions, self.z, self.a, strict=True))

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Fill z and a for x (rows, inputs), of theta's precision and `order`; returns the output (rows, outputs)."""
        if self._repeated is not None:
            self.theta.take(self._places, None, self._repeated, "clip")
        multiply, a_prev = self._multiply, x
        for W_T, b, f, z, a in self._layers:
            multiply(a_prev, W_T, z)  # z = a_prev @ W.T
            np.add(z, b, z)  # z = z + b
            f(z, a)  # a = f(z)
            a_prev = a
        return a_prev

    def _repeated_biases(self) -> tuple[np.ndarray, ...]:
        """b[l] once for every row, (rows, units): arrays that each call fills anew from theta.

        Adding b to every row is a broadcast, which costs three times an add of equal shapes when arrays are tiny. One
        `take` repeats the biases of all layers, row for row, so that each layer's add is of equal shapes.
        """
        _, places = parameter_views(np.arange(self.theta.size), self.sizes)
        self._places = np.concatenate([np.tile(place, self.rows) for place in places])
        self._repeated = np.empty_like(self.flat_z)
        return unit_views(self._repeated, self.sizes, self.rows)


@dataclass(frozen=True, eq=False)
class Forward:
    """What a forward pass computed: x (n, inputs), and z[l], a[l] (n, units of layer l) for l = 0 .. layers - 1."""

    x: np.ndarray
    z: tuple[np.ndarray, ...]
    a: tuple[np.ndarray, ...]

    @property
    def output(self) -> np.ndarray:
        """The last layer's activations (n, outputs)."""
        return self.a[-1]


@dataclass(frozen=True, eq=False, repr=False)
class Network:
    """Layer sizes, an activation's name for each layer, and one read-only float64 vector `theta` with all parameters.

    A network never changes; a trained one is a new one (`replace`). theta is W[0] row by row, b[0], W[1], ...
    """

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    theta: np.ndarray

    def __post_init__(self) -> None:
        object.__setattr__(self, "sizes", whole_sizes(self.sizes))
        object.__setattr__(self, "activations", tuple(self.activations))
        if len(self.activations) != len(self.sizes) - 1:
            raise ValueError(
                f"A network of sizes {self.sizes} needs {len(self.sizes) - 1} activations, one a layer; "
                f"got {len(self.activations)}."
            )
        for layer, name in enumerate(self.activations):
            find(name, ACTIVATIONS, f"The activation of layer {layer + 1}")
            if name == "softmax" and layer < len(self.activations) - 1:
                raise ValueError(
                    f"Softmax belongs to the output layer only; layer {layer + 1} of {len(self.activations)} has it."
                )
        theta = np.asarray(self.theta, dtype=np.float64)
        if theta.shape != (parameter_count(self.sizes),):
            raise ValueError(
                f"theta of a {self.sizes} network has shape ({parameter_count(self.sizes)},); got {theta.shape}."
            )
        if theta.flags.writeable or theta.base is not None:  # somebody could still change it
            theta = theta.copy()
            theta.setflags(write=False)
        object.__setattr__(self, "theta", theta)

    @classmethod
    def build(
        cls,
        sizes: Sequence[int],
        hidden: str | Sequence[str] = "tanh",
        output: str = "sigmoid",
        initializer: str = "glorot_uniform",
        rng: int | np.random.Generator = 0,
    ) -> Network:
        """A new network. `hidden`: one activation's name, or one a hidden layer. `rng`: a seed or a Generator."""
        sizes = whole_sizes(sizes)
        layers = len(sizes) - 2
        names = [hidden] * layers if isinstance(hidden, str) else list(hidden)
        if len(names) != layers:
            raise ValueError(f"{layers} hidden layers need one activation or {layers}; got {len(names)}.")
        draw = find(initializer, INITIALIZERS, "The initializer")
        if rng is None:
            raise ValueError(
                "rng must be a seed or a NumPy Generator, so that the weights can be drawn again; got None."
            )
        rng = np.random.default_rng(rng)
        weights, biases = [], []
        for inputs, units in pairwise(sizes):
            weights.append(draw.weights(rng, inputs, units))
            biases.append(draw.biases(rng, units))
        return cls(sizes, (*names, output), parameter_vector(weights, biases))

    @classmethod
    def from_arrays(
        cls, weights: Sequence[ArrayLike], biases: Sequence[ArrayLike], activations: Sequence[str]
    ) -> Network:
        """A network from weights W[l] (units, inputs), biases b[l] (units,) and one activation's name a layer."""
        W, b = [as_numbers(part, "Weights") for part in weights], [as_numbers(part, "Biases") for part in biases]
        if not W or len(W) != len(b):
            raise ValueError(f"A network needs as many bias vectors as weight matrices; got {len(b)} and {len(W)}.")
        sizes = [W[0].shape[1] if W[0].ndim == 2 else 0]
        for l in range(len(W)):
            if W[l].ndim != 2 or b[l].ndim != 1 or W[l].shape != (b[l].size, sizes[l]):
                raise ValueError(
                    f"Layer {l + 1} expects W of shape (units, {sizes[l] or 'inputs'}) and b of shape (units,); "
                    f"got {W[l].shape} and {b[l].shape}."
                )
            sizes.append(b[l].size)
        return cls(tuple(sizes), tuple(activations), parameter_vector(W, b))

    @cached_property
    def _views(self) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
        return parameter_views(self.theta, self.sizes)

    @property
    def weights(self) -> tuple[np.ndarray, ...]:
        """W[l] (units of layer l, units of the layer before), read-only views into theta."""
        return self._views[0]

    @property
    def biases(self) -> tuple[np.ndarray, ...]:
        """b[l] (units of layer l,), read-only views into theta."""
        return self._views[1]

    @property
    def n_parameters(self) -> int:
        """How many weights and biases there are."""
        return self.theta.size

    def replace(self, theta: ArrayLike) -> Network:
        """A new network of the same architecture with the parameters theta (n_parameters,)."""
        return Network(self.sizes, self.activations, np.asarray(theta))

    def forward(self, x: ArrayLike) -> Forward:
        """The forward pass over x (n, inputs), with everything it computed: see `Forward`."""
        x = self.check_input(x)
        run = ForwardPass(self.theta, self.sizes, self.activations, len(x))
        run(x)
        return Forward(x, frozen(run.z), frozen(run.a))

    def predict(self, x: ArrayLike) -> np.ndarray:
        """The output (n, outputs) for x (n, inputs)."""
        x = self.check_input(x)
        output = np.empty((len(x), self.sizes[-1]))
        for rows, forward in passes(self.theta, self.sizes, self.activations, len(x)):
            output[rows] = forward(x[rows])
        output.setflags(write=False)
        return output

    def check_input(self, x: ArrayLike) -> np.ndarray:
        """A read-only copy of x, C-contiguous float64 (n, inputs); ValueError for anything else."""
        given = as_numbers(x, "The inputs x")
        if given.ndim != 2 or given.shape[1] != self.sizes[0]:
            raise ValueError(f"The network expects x of shape (n, {self.sizes[0]}), a row a sample; got {given.shape}.")
        given.setflags(write=False)
        return given

    def __repr__(self) -> str:
        return f"Network(sizes={self.sizes}, activations={self.activations}, {self.n_parameters} parameters)"


def passes(
    theta: np.ndarray, sizes: Sequence[int], activations: Sequence[str], samples: int
) -> list[tuple[slice, ForwardPass]]:
    """(rows, a `ForwardPass` for them) for one block of samples after the other: all at once would need much memory.

    Blocks of the same length have the same pass, so what it computed of one is gone at the next. theta: also a stack.
    """
    rows = max(1, AT_ONCE // (sum(sizes[1:]) * math.prod(theta.shape[:-1])))
    whole, rest = divmod(samples, rows)
    blocks = [ForwardPass(theta, sizes, activations, rows)] * whole if whole else []
    if rest:
        blocks.append(ForwardPass(theta, sizes, activations, rest))
    return [(slice(i * rows, (i + 1) * rows), forward) for i, forward in enumerate(blocks)]


def unit_views(vector: np.ndarray, sizes: Sequence[int], rows: int, order: Order = "C") -> tuple[np.ndarray, ...]:
    """A (rows, units) array for every layer after the input, as views into one flat vector, layer after layer.

    order: "C" has it row after row in the vector, "F" unit after unit.
    """
    views, start = [], 0
    for units in sizes[1:]:
        views.append(vector[start : start + rows * units].reshape((rows, units), order=order))
        start += rows * units
    return tuple(views)


def frozen(arrays: Iterable[np.ndarray]) -> tuple[np.ndarray, ...]:
    """The arrays as a tuple, read-only from now on."""
    for array in arrays:
        array.setflags(write=False)
    return tuple(arrays)


# ---- theta: how the parameters of all layers lie in one flat vector ----------------------------------------------


def parameter_views(vector: np.ndarray, sizes: Sequence[int]) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """The weights (units, inputs) and biases (units,) of every layer, as views into one flat vector.

    The order is W[0] row by row, b[0], W[1], ...; a gradient lies in its vector in the same order. It is made here
    alone: who looks for a place in theta takes the views of 0, 1, 2, ... Of a stack (networks, n_parameters) each view
    is one, too: (networks, units, inputs) and (networks, units).
    """
    weights, biases, start = [], [], 0
    for inputs, units in pairwise(sizes):
        stop = start + units * inputs
        weights.append(vector[..., start:stop].reshape(*vector.shape[:-1], units, inputs))
        biases.append(vector[..., stop : stop + units])
        start = stop + units
    return tuple(weights), tuple(biases)


def parameter_vector(weights: Sequence[np.ndarray], biases: Sequence[np.ndarray]) -> np.ndarray:
    """The flat vector of weights (units, inputs) and biases (units,), one of each a layer: `parameter_views` undone."""
    sizes = (weights[0].shape[1], *(len(b) for b in biases))
    vector = np.empty(parameter_count(sizes))
    for views, parts in zip(parameter_views(vector, sizes), (weights, biases), strict=True):
        for view, part in zip(views, parts, strict=True):
            view[:] = part
    return vector


def parameter_count(sizes: Sequence[int]) -> int:
    """How many weights and biases a network of these layer sizes has."""
    return sum(units * (inputs + 1) for inputs, units in pairwise(sizes))


def parameter_index(sizes: Sequence[int], layer: int, unit: int, source: int | None = None) -> int:
    """Where a weight (source: a unit or input of the layer before) or a bias (source None) lies in theta.

    ValueError for one that the network does not have.
    """
    ok = is_whole(layer, 0, len(sizes) - 2) and is_whole(unit, 0, sizes[layer + 1] - 1)
    if not ok or (source is not None and not is_whole(source, 0, sizes[layer] - 1)):
        what = "bias" if source is None else f"weight from {source!r:.20}"
        raise ValueError(
            f"A {tuple(sizes)} network has no {what} to unit {unit!r:.20} of layer {layer!r:.20}, counted from 0."
        )
    weights, biases = parameter_views(np.arange(parameter_count(sizes)), sizes)
    return int(biases[layer][unit] if source is None else weights[layer][unit, source])


def whole_sizes(sizes: Sequence[int]) -> tuple[int, ...]:
    """Layer sizes as a tuple of whole numbers; ValueError unless there are at least two, of at least 1."""
    sizes = tuple(sizes)
    if len(sizes) < 2 or not all(is_whole(size, 1) for size in sizes):
        raise ValueError(
            f"A network needs at least two layer sizes (inputs, ..., outputs), whole numbers above 0; got {sizes}."
        )
    return tuple(int(size) for size in sizes)
