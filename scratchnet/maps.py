"""Maps: what every unit answers all over the plane of two inputs, as small pictures of whole numbers 0 to 255.

Data of more columns is cut by a plane (see planes.py). Data of one column has curves instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .activations import ACTIVATIONS
from .decision import Decision
from .features import apply_features
from .network import ForwardPass, Network
from .planes import Plane, slice_at
from .scaling import Scale

LARGEST_FLOAT32 = 1e30  # pictures are computed in float32 as long as nothing in them can be larger
LARGEST_EXPONENT = 1000  # of 2, for the ends of a scale: twice that is still a float64


@dataclass(frozen=True, eq=False)
class LayerMaps:
    """The maps of one layer's units: pixels (units, size, size) uint8, and the values that 0 and 255 stand for.

    value = low + (high - low) * pixel / 255, low and high (units,). Row 0 is the top of the picture, the largest x2.
    crossings: of an answer that is a class, where it changes between two pixels, see `class_crossings`.
    """

    pixels: np.ndarray
    low: np.ndarray
    high: np.ndarray
    crossings: np.ndarray | None = None


class UnitMaps:
    """Maps of a network whose inputs are features of two columns, or of more through which a plane is laid.

    features: their names. domain: ((low, high), (low, high)) of the plane's two coordinates. size: pixels along one
    side of the output's map; hidden units have one for every `unit_step`-th (odd) pixel, the middle one of unit_step *
    unit_step. A pixel's value is the one at its centre. plane: by default the two columns there are, across and up.
    scale: what the columns pass through before the features.

    Bounded activations have their own bounds as scale (tanh -1 to 1, sigmoid 0 to 1). Where an activation is unbounded
    the scale is -s to s, s the least power of 2 that no pixel exceeds, so that it changes seldom and in whole steps;
    the output's is given instead by `output_range`, and what lies beyond is drawn as its end.

    With a `decision` the last map is that of the answer, see `answer_pixels`; where there are several output units,
    their own maps come before it, as large as those of hidden units.
    """

    def __init__(
        self,
        features: Sequence[str],
        domain: Sequence[tuple[float, float]],
        size: int = 100,
        unit_step: int = 1,
        output_range: tuple[float, float] | None = None,
        decision: Decision | None = None,
        plane: Plane | None = None,
        scale: Scale | None = None,
    ) -> None:
        if len(domain) != 2:
            raise ValueError(f"Maps show a plane: they need the domains of two columns; got {len(domain)}.")
        if size < 1 or unit_step % 2 == 0 or size % unit_step:
            raise ValueError(f"unit_step must be odd and divide the size; got {unit_step} and {size}.")
        (low1, high1), (low2, high2) = domain
        centres = (np.arange(size) + 0.5) / size
        x1, x2 = np.meshgrid(low1 + (high1 - low1) * centres, high2 - (high2 - low2) * centres)
        self.points = (plane or slice_at((0, 1), (0.0, 0.0))).points(x1.ravel(), x2.ravel())
        self.size, self.unit_step, self.output_range, self.decision = size, unit_step, output_range, decision
        self._classes = pixel_meanings(decision)[0] if decision is not None else None
        self._inputs = np.asfortranarray(apply_features(self.points, features, scale))
        self._inputs_float32 = self._inputs.astype(np.float32)
        self._largest_input = float(np.abs(self._inputs).max())

    def inputs(self) -> LayerMaps:
        """The features themselves as `LayerMaps`: pictures of what the network is given, each from -s to s.

        s is the largest size of a pixel's value: they never change, so their scales need no whole steps.
        """
        x = self._unit_pixels(self._inputs.T.reshape(-1, self.size, self.size))
        s = np.abs(x).max(axis=(1, 2))
        s[s == 0] = 1.0
        return LayerMaps(_pixels(x, -s, s), -s, s)

    def __call__(self, net: Network) -> list[LayerMaps]:
        """A `LayerMaps` for every layer of the network, and the answer's where it is another one than the last."""
        single = self._fits_float32(net)
        theta, x = (net.theta.astype(np.float32), self._inputs_float32) if single else (net.theta, self._inputs)
        forward, maps = ForwardPass(theta, net.sizes, net.activations, len(x), "F"), []
        with np.errstate(under="ignore", over="ignore", invalid="ignore"):
            outputs = forward(x)
            answer = None
            if self.decision is not None and self.output_range is not None:
                answer = self._answer(outputs, self.decision, self.output_range)
            for a, name in zip(forward.a, net.activations, strict=True):
                f, values = ACTIVATIONS[name], a.T.reshape(-1, self.size, self.size)
                if a is not outputs or (answer is not None and len(values) > 1):
                    maps.append(_quantised(self._unit_pixels(values), f.low, f.high, None))
                elif answer is None:
                    maps.append(_quantised(values, f.low, f.high, self.output_range))
        return maps if answer is None else [*maps, answer]

    def _answer(self, outputs: np.ndarray, decision: Decision, output_range: tuple[float, float]) -> LayerMaps:
        """The map of what outputs (n, outputs) at all pixels mean."""
        pixels = answer_pixels(outputs, decision, output_range).reshape(1, self.size, self.size)
        crossings = None if self._classes is None else class_crossings(self._classes[pixels[0]], outputs, decision)
        low, high = (np.full(1, end) for end in output_range)
        return LayerMaps(pixels, low, high, crossings)

    def _unit_pixels(self, values: np.ndarray) -> np.ndarray:
        middle = self.unit_step // 2
        return values[:, middle :: self.unit_step, middle :: self.unit_step]

    def _fits_float32(self, net: Network) -> bool:
        """Whether float32, which is enough for 256 shades and twice as fast, can hold whatever the network computes."""
        largest, bound = float(np.abs(net.theta).max()), self._largest_input
        for inputs in net.sizes[:-1]:
            bound = largest * (inputs * bound + 1.0) + 1.0
        return bound < LARGEST_FLOAT32


class UnitCurves:
    """Curves of a network whose inputs are features of one column: what every unit answers along it.

    domain: (low, high) of the column. x: the `size` places, both ends among them. scale: of the column.
    """

    def __init__(
        self, features: Sequence[str], domain: tuple[float, float], size: int = 121, scale: Scale | None = None
    ) -> None:
        self.x = np.linspace(*domain, size)
        self._inputs = apply_features(self.x[:, None], features, scale)

    def inputs(self) -> np.ndarray:
        """The features themselves (features, size)."""
        return self._inputs.T

    def __call__(self, net: Network) -> np.ndarray:
        """The activations of all units, layer after layer (units, size); what is not finite is NaN or very large."""
        with np.errstate(over="ignore", invalid="ignore"):
            return np.concatenate(net.forward(self._inputs).a, axis=1).T

    def scale(self, net: Network, curves: np.ndarray) -> np.ndarray:
        """The values (units, 2) between which each curve is drawn: as for maps, bounds or a power of 2."""
        names = [name for units, name in zip(net.sizes[1:], net.activations, strict=True) for _ in range(units)]
        scales = np.empty((len(curves), 2))
        for unit, (curve, name) in enumerate(zip(curves, names, strict=True)):
            low, high = ACTIVATIONS[name].low, ACTIVATIONS[name].high
            scales[unit] = (low, high) if low is not None and high is not None else symmetric_scale(curve[None])[0]
        return scales


def symmetric_scale(values: np.ndarray) -> np.ndarray:
    """For each row of values (units, n) the ends -s and s of its scale (units, 2), s a power of 2."""
    largest = np.abs(values).max(axis=1).astype(np.float64)
    largest[~(largest >= np.finfo(np.float32).tiny)] = 1.0  # 0 everywhere, or no number: any scale shows it
    high = np.exp2(np.minimum(np.ceil(np.log2(largest)), LARGEST_EXPONENT))
    return np.stack([-high, high], axis=1)


def answer_pixels(outputs: np.ndarray, decision: Decision, output_range: tuple[float, float]) -> np.ndarray:
    """What a network decides for each of its outputs (n, outputs), and how surely, as pixels (n,) uint8.

    A number, or one of two classes: from 0 at the low end of `output_range` to 255 at the high end. A pixel of two
    classes lies on the side that the decision gives its value: 0 to 127 are class 0, 128 to 255 class 1 (with an
    output for each, the value is that of class 1). More classes: class after class, each with as many shades as there
    is room for, from as sure as by chance to quite sure. `pixel_meanings` is the way back.
    """
    answers = decision.answers(outputs)
    if decision.classes > 2:
        shades = 256 // decision.classes
        chance = 1 / decision.classes
        surely = np.clip((np.nan_to_num(outputs.max(axis=1)) - chance) / (1 - chance), 0.0, 1.0)
        return (answers * shades + np.rint(surely * (shades - 1)).astype(np.int64)).astype(np.uint8)
    low, high = output_range
    pixels = _pixels(outputs[:, -1][None], np.full(1, low), np.full(1, high))[0]
    if decision.classes:
        pixels = np.where(answers == 1, np.maximum(pixels, 128), np.minimum(pixels, 127)).astype(np.uint8)
    return pixels


def pixel_meanings(decision: Decision) -> tuple[np.ndarray | None, np.ndarray]:
    """The class of each of the 256 pixels of `answer_pixels` (None for a number), and how sure it is, 0 to 1 (256,)."""
    pixels = np.arange(256)
    if decision.classes > 2:
        shades = 256 // decision.classes
        classes = np.minimum(pixels // shades, decision.classes - 1)
        return classes.astype(np.uint8), np.minimum((pixels - classes * shades) / (shades - 1), 1.0)
    surely = np.abs(2 * pixels / 255 - 1)
    return ((pixels >= 128).astype(np.uint8) if decision.classes else None), surely


def class_crossings(classes: np.ndarray, outputs: np.ndarray, decision: Decision) -> np.ndarray:
    """Where the answer changes between neighbouring pixels, as shares (n,) uint8 of the way, 0 to 255.

    classes (size, size): the pixels' classes; outputs (size * size, outputs). A share for each pair of pixels of
    different classes: first for each pixel and the one to its right, row by row, then for each and the one below it.
    """
    size = len(classes)
    across = np.flatnonzero(classes[:, :-1] != classes[:, 1:])
    across += across // (size - 1)  # a row has one pair less than pixels
    down = np.flatnonzero(classes[:-1] != classes[1:])
    here, there = np.concatenate([across, down]), np.concatenate([across + 1, down + size])
    return np.rint(255 * decision.changes(outputs[here], outputs[there])).astype(np.uint8)


def _quantised(
    values: np.ndarray, low: float | None, high: float | None, output_range: tuple[float, float] | None
) -> LayerMaps:
    """The `LayerMaps` of values (units, side, side) on the scale low to high, or `output_range`, or -s to s."""
    if low is not None and high is not None:
        output_range = low, high
    if output_range is None:
        lows, highs = symmetric_scale(values.reshape(len(values), -1)).T
    else:
        lows, highs = (np.full(len(values), end) for end in output_range)
    return LayerMaps(_pixels(values, lows, highs), lows, highs)


def _pixels(values: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Values (units, ...) as uint8, 0 at low, 255 at high, their ends beyond; what is no number counts as 0."""
    if values.dtype == np.float64:  # float32 is used where nothing can overflow
        values = np.nan_to_num(values, nan=0.0, posinf=2.0**LARGEST_EXPONENT, neginf=-(2.0**LARGEST_EXPONENT))
    shape = (-1,) + (1,) * (values.ndim - 1)
    pixels = values * (255.0 / (high - low)).astype(values.dtype).reshape(shape)
    pixels += (0.5 - low / (high - low) * 255.0).astype(values.dtype).reshape(shape)
    np.clip(pixels, 0.0, 255.0, out=pixels)
    return pixels.astype(np.uint8)
