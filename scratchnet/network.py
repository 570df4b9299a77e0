"""A network: layers of units, one flat vector of parameters, and the forward pass through them.

Layer l turns the activations of the layer before into its own:  z = a_prev @ W.T + b,  a = f(z).
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from .activations import ACTIVATIONS, as_numbers, find
from .initializers import INITIALIZERS

AT_ONCE = 2**17  # units times samples, where nobody asks for what was computed on the way
REPEAT_AT_MOST = 4096  # above so many numbers a broadcast add is as fast as an add of equal shapes


def parameter_count(sizes):
    """How many weights and biases a network of these layer sizes has."""
    return sum(units * (inputs + 1) for inputs, units in pairwise(sizes))


def parameter_index(sizes, layer, unit, source=None):
    """Where a weight (source: a unit or input of the layer before) or a bias (source None) lies in theta.

    ValueError for one that the network does not have.
    """
    places = (layer, unit) if source is None else (layer, unit, source)
    ok = all(isinstance(place, (int, np.integer)) and not isinstance(place, bool) for place in places)
    ok = ok and 0 <= layer < len(sizes) - 1 and 0 <= unit < sizes[layer + 1]
    if not ok or (source is not None and not 0 <= source < sizes[layer]):
        what = "bias" if source is None else f"weight from {source!r:.20}"
        raise ValueError(
            f"A {tuple(sizes)} network has no {what} to unit {unit!r:.20} of layer {layer!r:.20}, counted from 0."
        )
    start = parameter_count(sizes[: layer + 1])
    inputs, units = sizes[layer], sizes[layer + 1]
    return start + (units * inputs + unit if source is None else unit * inputs + source)


def whole_sizes(sizes):
    """Layer sizes as a tuple of whole numbers; ValueError unless there are at least two, of at least 1."""
    sizes = tuple(sizes)
    if len(sizes) < 2 or not all(isinstance(size, (int, np.integer)) and size >= 1 for size in sizes):
        raise ValueError(
            f"A network needs at least two layer sizes (inputs, ..., outputs), whole numbers above 0; got {sizes}."
        )
    return tuple(int(size) for size in sizes)


def parameter_views(vector, sizes):
    """The weights (units, inputs) and biases (units,) of every layer, as views into one flat vector.

    The order is W[0] row by row, b[0], W[1], ...; a gradient lies in its vector in the same order.
    """
    weights, biases, start = [], [], 0
    for inputs, units in pairwise(sizes):
        stop = start + units * inputs
        weights.append(vector[start:stop].reshape(units, inputs))
        biases.append(vector[stop : stop + units])
        start = stop + units
    return tuple(weights), tuple(biases)


def unit_views(vector, sizes, rows):
    """A (rows, units) array for every layer after the input, as views into one flat vector, layer after layer."""
    ends = np.cumsum([rows * units for units in sizes[1:]])
    return [vector[end - rows * units : end].reshape(rows, units) for end, units in zip(ends, sizes[1:], strict=True)]


class ForwardPass:
    """The forward pass of one parameter vector over batches of `rows` rows, with arrays of its own for z and a.

    Called again, it writes over what it computed before. So training keeps one and nobody sees its arrays, while
    whatever is handed out (`Network.forward`) was computed by a pass that is used once. `flat_z` and `flat_a` are the z
    and a of all layers, one layer after the other (see `unit_views`).
    """

    def __init__(self, theta, sizes, activations, rows):
        self.theta, self.sizes, self.activations, self.rows = theta, sizes, activations, rows
        weights, biases = parameter_views(theta, sizes)
        self.flat_z, self.flat_a = np.empty(rows * sum(sizes[1:])), np.empty(rows * sum(sizes[1:]))
        self.z, self.a = unit_views(self.flat_z, sizes, rows), unit_views(self.flat_a, sizes, rows)
        self._repeated = None
        # Adding b to every row is a broadcast, which costs three times an add of equal shapes when arrays are tiny. One
        # `take` repeats the biases of all layers, row for row, so that each layer's add is of equal shapes.
        if self.flat_z.size <= REPEAT_AT_MOST:
            places, start = [], 0
            for inputs, units in pairwise(sizes):
                start += units * inputs
                places.append(np.tile(np.arange(start, start + units), rows))
                start += units
            self._places = np.concatenate(places)
            self._repeated = np.empty(self._places.size)
            biases = unit_views(self._repeated, sizes, rows)
        functions = [ACTIVATIONS[name].f for name in activations]
        self._layers = list(zip([W.T for W in weights], biases, functions, self.z, self.a, strict=True))

    def __call__(self, x):
        """Fill z and a for x (rows, inputs), C-contiguous float64; returns the output (rows, outputs)."""
        if self._repeated is not None:
            self.theta.take(self._places, None, self._repeated, "clip")
        a_prev = x
        for W_T, b, f, z, a in self._layers:
            a_prev.dot(W_T, z)  # on arrays this small half the time of np.matmul, and less than np.dot
            np.add(z, b, z)
            f(z, a)
            a_prev = a
        return a_prev


def passes(theta, sizes, activations, samples):
    """(rows, a `ForwardPass` for them) for one block of samples after the other: all at once would need much memory.

    Blocks of the same length have the same pass, so what it computed of one is gone at the next.
    """
    rows = max(1, AT_ONCE // sum(sizes[1:]))
    whole, rest = divmod(samples, rows)
    blocks = [ForwardPass(theta, sizes, activations, rows)] * whole if whole else []
    if rest:
        blocks.append(ForwardPass(theta, sizes, activations, rest))
    return [(slice(i * rows, (i + 1) * rows), forward) for i, forward in enumerate(blocks)]


@dataclass(frozen=True, eq=False)
class Forward:
    """What a forward pass computed: x (n, inputs), and z[l], a[l] (n, units of layer l) for l = 0 .. layers - 1."""

    x: np.ndarray
    z: tuple
    a: tuple

    @property
    def output(self):
        """The last layer's activations (n, outputs)."""
        return self.a[-1]


@dataclass(frozen=True, eq=False, repr=False)
class Network:
    """Layer sizes, an activation's name for each layer, and one read-only float64 vector `theta` with all parameters.

    A network never changes; a trained one is a new one (`replace`). theta is W[0] row by row, b[0], W[1], ...
    """

    sizes: tuple
    activations: tuple
    theta: np.ndarray

    def __post_init__(self):
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
    def build(cls, sizes, hidden="tanh", output="sigmoid", initializer="glorot_uniform", rng=0):
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
        parts = []
        for inputs, units in pairwise(sizes):
            parts += [draw.weights(rng, inputs, units).ravel(), draw.biases(rng, units)]
        return cls(sizes, [*names, output], np.concatenate(parts) if parts else np.empty(0))

    @classmethod
    def from_arrays(cls, weights, biases, activations):
        """A network from weights W[l] (units, inputs), biases b[l] (units,) and one activation's name a layer."""
        weights = [as_numbers(W, "Weights") for W in weights]
        biases = [as_numbers(b, "Biases") for b in biases]
        if not weights or len(weights) != len(biases):
            raise ValueError(
                f"A network needs as many bias vectors as weight matrices; got {len(biases)} and {len(weights)}."
            )
        inputs = weights[0].shape[-1] if weights[0].ndim == 2 else None
        sizes = [inputs]
        for layer, (W, b) in enumerate(zip(weights, biases, strict=True)):
            if W.ndim != 2 or b.ndim != 1 or W.shape != (b.size, sizes[-1]):
                raise ValueError(
                    f"Layer {layer + 1} expects W of shape (units, {sizes[-1] or 'inputs'}) and b of shape (units,); "
                    f"got {W.shape} and {b.shape}."
                )
            sizes.append(b.size)
        theta = np.concatenate([part for W, b in zip(weights, biases, strict=True) for part in (W.ravel(), b)])
        return cls(sizes, activations, theta)

    @cached_property
    def _views(self):
        return parameter_views(self.theta, self.sizes)

    @property
    def weights(self):
        """W[l] (units of layer l, units of the layer before), read-only views into theta."""
        return self._views[0]

    @property
    def biases(self):
        """b[l] (units of layer l,), read-only views into theta."""
        return self._views[1]

    @property
    def n_parameters(self):
        """How many weights and biases there are."""
        return self.theta.size

    def replace(self, theta):
        """A new network of the same architecture with the parameters theta (n_parameters,)."""
        return Network(self.sizes, self.activations, theta)

    def forward(self, x):
        """The forward pass over x (n, inputs), with everything it computed: see `Forward`."""
        x = self.check_input(x)
        run = ForwardPass(self.theta, self.sizes, self.activations, len(x))
        run(x)
        return Forward(x, frozen(run.z), frozen(run.a))

    def predict(self, x):
        """The output (n, outputs) for x (n, inputs)."""
        x = self.check_input(x)
        output = np.empty((len(x), self.sizes[-1]))
        for rows, forward in passes(self.theta, self.sizes, self.activations, len(x)):
            output[rows] = forward(x[rows])
        output.setflags(write=False)
        return output

    def check_input(self, x):
        """A read-only copy of x, C-contiguous float64 (n, inputs); ValueError for anything else."""
        given = as_numbers(x, "The inputs x")
        if given.ndim != 2 or given.shape[1] != self.sizes[0]:
            raise ValueError(f"The network expects x of shape (n, {self.sizes[0]}), a row a sample; got {given.shape}.")
        given.setflags(write=False)
        return given

    def __repr__(self):
        return f"Network(sizes={self.sizes}, activations={self.activations}, {self.n_parameters} parameters)"


def frozen(arrays):
    """The arrays as a tuple, read-only from now on."""
    for array in arrays:
        array.setflags(write=False)
    return tuple(arrays)
