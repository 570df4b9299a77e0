"""Maps: what every unit answers all over the plane of two inputs, as small pictures of whole numbers 0 to 255."""

from dataclasses import dataclass

import numpy as np

from .activations import ACTIVATIONS
from .features import apply_features

LARGEST_FLOAT32 = 1e30  # pictures are computed in float32 as long as nothing in them can be larger


@dataclass(frozen=True, eq=False)
class LayerMaps:
    """The maps of one layer's units: pixels (units, size, size) uint8, and the values that 0 and 255 stand for.

    value = low + (high - low) * pixel / 255, low and high (units,). Row 0 is the top of the picture, the largest x2.
    """

    pixels: np.ndarray
    low: np.ndarray
    high: np.ndarray


class UnitMaps:
    """Maps of a network whose inputs are features of two columns.

    features: their names. domain: ((low, high), (low, high)) of the two columns. size: pixels along one side of the
    output's map; hidden units have one for every `unit_step`-th (odd) pixel, the middle one of unit_step * unit_step.
    A pixel's value is the one at its centre.

    Bounded activations have their own bounds as scale (tanh -1 to 1, sigmoid 0 to 1). Where an activation is unbounded
    the scale is -s to s, s the least power of 2 that no pixel exceeds, so that it changes seldom and in whole steps;
    the output's is given instead by `output_range`, and what lies beyond is drawn as its end.
    """

    def __init__(self, features, domain, size=100, unit_step=1, output_range=None):
        if len(domain) != 2:
            raise ValueError(f"Maps show a plane: they need the domains of two columns; got {len(domain)}.")
        if size < 1 or unit_step % 2 == 0 or size % unit_step:
            raise ValueError(f"unit_step must be odd and divide the size; got {unit_step} and {size}.")
        (low1, high1), (low2, high2) = domain
        centres = (np.arange(size) + 0.5) / size
        x1, x2 = np.meshgrid(low1 + (high1 - low1) * centres, high2 - (high2 - low2) * centres)
        self.points = np.column_stack([x1.ravel(), x2.ravel()])
        self.size, self.unit_step, self.output_range = size, unit_step, output_range
        self._inputs = {np.float64: np.ascontiguousarray(apply_features(self.points, features).T)}
        self._inputs[np.float32] = self._inputs[np.float64].astype(np.float32)
        self._largest_input = float(np.abs(self._inputs[np.float64]).max())

    def inputs(self):
        """The features themselves as `LayerMaps`: pictures of what the network is given, each scaled as unbounded."""
        x = self._inputs[np.float64].reshape(-1, self.size, self.size)
        return self._quantised(self._unit_pixels(x), None, None, None)

    def __call__(self, net):
        """A `LayerMaps` for every layer of the network."""
        dtype = self._precision(net)
        last = len(net.weights) - 1
        a, maps = self._inputs[dtype], []
        with np.errstate(under="ignore"):
            for layer, (W, b, name) in enumerate(zip(net.weights, net.biases, net.activations, strict=True)):
                # Units are rows here, so that each unit's map lies in one piece.
                z = W.astype(dtype, copy=False).dot(a)
                z += b.astype(dtype, copy=False)[:, None]
                f = ACTIVATIONS[name]
                a = f.f(z.T).T if name == "softmax" else f.f(z, z)
                values = a.reshape(-1, self.size, self.size)
                if layer < last:
                    maps.append(self._quantised(self._unit_pixels(values), f.low, f.high, None))
                else:
                    maps.append(self._quantised(values, f.low, f.high, self.output_range))
        return maps

    def _unit_pixels(self, values):
        middle = self.unit_step // 2
        return values[:, middle :: self.unit_step, middle :: self.unit_step]

    def _precision(self, net):
        """float32, which is enough for 256 shades and twice as fast, unless the parameters could overflow it."""
        largest, bound = float(np.abs(net.theta).max()), self._largest_input
        for inputs in net.sizes[:-1]:
            bound = largest * (inputs * bound + 1.0) + 1.0
        return np.float32 if bound < LARGEST_FLOAT32 else np.float64

    def _quantised(self, values, low, high, output_range):
        units = len(values)
        bounded = low is not None and high is not None
        if bounded:
            low, high = np.full(units, low), np.full(units, high)
        elif output_range is not None:
            low, high = (np.full(units, end) for end in output_range)
        else:
            largest = np.abs(values).max(axis=(1, 2)).astype(np.float64)
            largest[largest < np.finfo(np.float32).tiny] = 1.0  # 0 everywhere: any scale shows it
            high = np.exp2(np.ceil(np.log2(largest)))
            low = -high
        scale = (255.0 / (high - low)).astype(values.dtype)
        shift = (0.5 - low * 255.0 / (high - low)).astype(values.dtype)
        pixels = values * scale[:, None, None]
        pixels += shift[:, None, None]
        if not bounded:
            np.clip(pixels, 0.0, 255.0, out=pixels)
        return LayerMaps(pixels.astype(np.uint8), low, high)
