"""Data sets to learn from: points with known answers, made from a formula, a noise level and a seed.

Vocabulary: a row of x is a sample (a point), a column an input (x1, x2, ...); y is its target: a class or a number.
``DATASETS[name]`` describes a data set, ``load_dataset(name, ...)`` makes its points and splits them into train,
validation and test. Somebody's own points (points.py) are described by ``spec_of`` as a name is, and split here, too.

Noise is one number from 0 to 0.5; a screen that shows "noise 0 to 50 percent" divides its number by 100. It acts as
the data set's own formula says, in one of three ways: the label is decided at a displaced place while the point stays
(circle, xor, checkerboard, stripes, plane, multi_gaussian), the point itself is displaced (spirals, moons, rings) or
spread out more (gauss, blobs), or the target is displaced (the one-input functions).

circle, xor, gauss, spiral, plane and multi_gaussian use the formulas of TensorFlow Playground (github.com/tensorflow/
playground, src/dataset.ts), so that what a learner knows from there holds here. Order: what a data set is, then the
generators from simple to hard, the list of them, and at the end the way in, ``load_dataset``.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from .points import TEST, TRAIN, VALIDATION, Points, round_window
from .real_data import REAL_DATA, load_real_data
from .scaling import SCALINGS, Scale, fit_scale
from .values import is_number, is_whole

Domain = tuple[tuple[float, float], ...]  # (low, high) of each column
Samples = tuple[np.ndarray, np.ndarray]  # x (n, columns), y (n,)

MIN_SAMPLES, MAX_SAMPLES = 2, 100_000
MAX_NOISE = 0.5
MIN_TRAIN_FRACTION, MAX_TRAIN_FRACTION = 0.1, 0.9
MAX_VALIDATION_FRACTION = 0.5
MIN_TEST_FRACTION = 0.05  # beside training and validation
MAX_SEED = 2**63 - 1


@dataclass(frozen=True, eq=False)
class Dataset:
    """The samples of one data set, split into train, validation and test; all arrays are read-only.

    Shapes: x_train (n, columns), x_test (m, columns) and x_validation (k, columns), float64; k may be 0. y_train,
    y_test and y_validation are (n, 1) float64 for the tasks "binary" (class 0 or 1) and "regression" (the value), and
    (n,) int64 class indices 0 .. classes-1 for "multiclass". All are in the data's own units. ``names`` are those of
    the columns, ``domain`` the window (low, high) of each: all points lie in it. It is the spec's domain, widened to a
    whole number where noise has thrown a point further out. ``classes`` is 0 for regression. ``fixed``: there is no
    sample for testing, so all are both train and test, and the test score says nothing about new data.

    ``scale``: of the columns, fitted on x_train, what the network is given; ``target_scale``: of a regression's targets
    (one column). None where nothing is scaled. ``filled``: how many missing values are the mean of the column now.
    """

    name: str
    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    task: str
    names: tuple[str, ...]
    domain: Domain
    classes: int
    fixed: bool
    x_validation: np.ndarray
    y_validation: np.ndarray
    class_names: tuple[str, ...]
    scale: Scale | None
    target_scale: Scale | None
    filled: int

    def scaled(self, x: np.ndarray) -> np.ndarray:
        """Rows x (n, columns) as the network's features see them."""
        return x if self.scale is None else self.scale(x)

    def in_units(self, values: np.ndarray) -> np.ndarray:
        """Outputs or coded targets (n, outputs) of a regression in the data's own units."""
        return values if self.target_scale is None else self.target_scale.back(values)


@dataclass(frozen=True)
class DatasetSpec:
    """What a data set is, before any point is made.

    ``generate(rng, samples, noise)`` -> x (n, columns), y (n,). ``target(x)`` -> (n,) is the answer without noise at
    any (n, columns) points, or None where points are not labelled by a function of their place. ``names`` and
    ``domain`` (low, high) are those of the columns. ``classes`` is 0 for regression. ``fixed``: a handful of given
    samples; samples, noise, train_fraction and seed change nothing and test equals train. ``given``: so many samples
    are given, 0 where they are drawn at random; they are split, with as much of each class in each part as it goes, and
    samples and noise change nothing. ``class_names``: "class 0", "class 1" where they have no others. ``flags``: which
    columns are 0 or 1 and are not scaled, () for none. ``image``: (rows, columns) of
    pixels, where the columns are those of a picture, row by row from the top; () where they are not. ``parts``: the
    part of each given sample where it is given, too.
    """

    name: str
    title: str
    description: str
    task: str
    generate: Callable[[np.random.Generator, int, float], Samples]
    target: Callable[[np.ndarray], np.ndarray] | None = None
    names: tuple[str, ...] = ("x1", "x2")
    domain: Domain = ((-6.0, 6.0), (-6.0, 6.0))
    classes: int = 2
    fixed: bool = False
    given: int = 0
    class_names: tuple[str, ...] = ()
    flags: tuple[bool, ...] = ()
    image: tuple[int, ...] = ()
    parts: tuple[int, ...] | None = None

    @property
    def output(self) -> str:
        """The usual activation of the output layer for this task."""
        return {"binary": "sigmoid", "multiclass": "softmax", "regression": "identity"}[self.task]

    @property
    def loss(self) -> str:
        """The usual loss for this task."""
        return {"binary": "bce", "multiclass": "cross_entropy", "regression": "mse"}[self.task]

    @property
    def outputs(self) -> int:
        """How many output units a network for this task has."""
        return self.classes if self.task == "multiclass" else 1


# Random numbers are drawn in the same order and number whatever the noise is, and scaled by it afterwards: when a
# learner moves the noise slider, the points stay recognisable instead of jumping to unrelated places.


def _square(rng: np.random.Generator, samples: int, reach: float) -> np.ndarray:
    """Points (samples, 2) drawn evenly from the square -reach .. reach."""
    return rng.uniform(-reach, reach, (samples, 2))


def _shares(samples: int, groups: int) -> np.ndarray:
    """The group 0 .. groups-1 of each sample, shape (samples,), as evenly as it goes; the first groups get the rest."""
    return np.sort(np.arange(samples) % groups)


def _around(radius: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """Points (n, 2) at the given distance from the origin; the angle is measured clockwise from the x2 axis."""
    return np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])


# Given samples: nothing is drawn.


def _given(x: tuple, y: tuple, rng: np.random.Generator, samples: int, noise: float) -> Samples:
    return np.array(x, dtype=np.float64), np.array(y, dtype=np.float64)


GATE_INPUTS = ((0, 0), (0, 1), (1, 0), (1, 1))


# Targets that are a function of the place. One column:


def _function_of_x1(
    target: Callable[[np.ndarray], np.ndarray], reach: float, rng: np.random.Generator, samples: int, noise: float
) -> Samples:
    x = rng.uniform(-reach, reach, (samples, 1))
    return x, target(x) + noise * rng.uniform(-1, 1, samples)


def _sine(x: np.ndarray) -> np.ndarray:
    return np.sin(x[:, 0])


def _step(x: np.ndarray) -> np.ndarray:
    return np.where(x[:, 0] >= 0, 1.0, 0.0)


def _abs(x: np.ndarray) -> np.ndarray:
    return np.abs(x[:, 0])


def _parabola(x: np.ndarray) -> np.ndarray:
    return x[:, 0] ** 2


# Two columns. The point keeps its place; its target is that of a place up to noise * shift away in each direction.


def _function_of_place(
    target: Callable[[np.ndarray], np.ndarray],
    reach: float,
    shift: float,
    rng: np.random.Generator,
    samples: int,
    noise: float,
) -> Samples:
    x = _square(rng, samples, reach)
    return x, target(x + noise * _square(rng, samples, shift))


def _plane(x: np.ndarray) -> np.ndarray:
    return (x[:, 0] + x[:, 1]) / 10


BUMPS = ((-4.0, 2.5, 1), (0.0, 2.5, -1), (4.0, 2.5, 1), (-4.0, -2.5, -1), (0.0, -2.5, 1), (4.0, -2.5, -1))


def _multi_gaussian(x: np.ndarray) -> np.ndarray:
    """Six bumps (x1, x2, sign) of height 1 that fall off in a straight line to 0 at distance 2: they never overlap."""
    bumps = (sign * np.maximum(0, 1 - np.hypot(x[:, 0] - x1, x[:, 1] - x2) / 2) for x1, x2, sign in BUMPS)
    return sum(bumps, np.zeros(len(x)))


def _inside_the_circle(x: np.ndarray) -> np.ndarray:
    return np.where(np.hypot(x[:, 0], x[:, 1]) < 2.5, 1.0, 0.0)


def _same_sign(x: np.ndarray) -> np.ndarray:
    return np.where(x[:, 0] * x[:, 1] >= 0, 1.0, 0.0)


def _checkerboard(x: np.ndarray) -> np.ndarray:
    """Squares of side 3, four by four in the window; the one right above the origin belongs to class 1."""
    return 1 - (np.floor(x[:, 0] / 3) + np.floor(x[:, 1] / 3)) % 2


def _stripes(x: np.ndarray) -> np.ndarray:
    """Upright stripes 2 wide; the one to the right of the origin belongs to class 1."""
    return 1 - np.floor(x[:, 0] / 2) % 2


def _circle(rng: np.random.Generator, samples: int, noise: float) -> Samples:
    group = _shares(samples, 2)
    low, high = np.where(group == 0, 0.0, 3.5), np.where(group == 0, 2.5, 5.0)
    x = _around(low + (high - low) * rng.random(samples), rng.uniform(0, 2 * np.pi, samples))
    return x, _inside_the_circle(x + noise * _square(rng, samples, 5))


def _xor(rng: np.random.Generator, samples: int, noise: float) -> Samples:
    x = _square(rng, samples, 5)
    x += np.where(x > 0, 0.3, -0.3)  # keeps a gap along both axes
    return x, _same_sign(x + noise * _square(rng, samples, 5))


# Classes that are shapes: the class decides where the point lies.


def _gauss(rng: np.random.Generator, samples: int, noise: float) -> Samples:
    label = 1 - _shares(samples, 2)
    centre = np.where(label == 1, 2.0, -2.0)[:, None]
    return centre + math.sqrt(0.5 + 7 * noise) * rng.standard_normal((samples, 2)), label


def _blobs(classes: int, rng: np.random.Generator, samples: int, noise: float) -> Samples:
    """Round clouds of variance 0.25 + 3.5 * noise; centres evenly on a circle of radius 4, the first on the x2 axis."""
    label = _shares(samples, classes)
    centre = _around(np.full(samples, 4.0), 2 * np.pi * label / classes)
    return centre + math.sqrt(0.25 + 3.5 * noise) * rng.standard_normal((samples, 2)), label


def _arms(arms: int, rng: np.random.Generator, samples: int, noise: float) -> Samples:
    """Point i = 1 .. m of each arm: radius 5 i/m, angle i/m of 3.5/arms turns: neighbouring arms are 5/3.5 apart.

    i starts at 1, because at 0 all arms would hold the origin: one place with contradicting labels, which nothing can
    learn.
    """
    arm = _shares(samples, arms)
    size = np.bincount(arm, minlength=arms)
    along = np.concatenate([np.arange(1, m + 1) / m for m in size if m])
    x = _around(5 * along, 2 * np.pi * (3.5 / arms * along + arm / arms))
    return x + noise * _square(rng, samples, 1), arm


def _spiral(rng: np.random.Generator, samples: int, noise: float) -> Samples:
    x, arm = _arms(2, rng, samples, noise)
    return x, 1 - arm


def _moons(rng: np.random.Generator, samples: int, noise: float) -> Samples:
    """Two half circles of radius 3, each with its end in the hollow of the other, displaced by up to 3 * noise."""
    label = 1 - _shares(samples, 2)
    angle = rng.uniform(0, np.pi, samples)
    side = np.where(label == 1, 1.0, -1.0)
    x = np.column_stack([side * (3 * np.cos(angle) - 1.5), side * (3 * np.sin(angle) - 0.75)])
    return x + noise * _square(rng, samples, 3), label


def _rings(rng: np.random.Generator, samples: int, noise: float) -> Samples:
    """A disc and two rings: a quarter at radius 0-1 and a quarter at 4-5 (class 1), half at 2-3 (class 0)."""
    ring = np.array([0, 1, 2, 1])[_shares(samples, 4)]
    x = _around(2 * ring + rng.random(samples), rng.uniform(0, 2 * np.pi, samples))
    return x + noise * _square(rng, samples, 2), np.where(ring == 1, 0, 1)


def _gate(name: str, title: str, description: str, y: tuple) -> DatasetSpec:
    window = ((-0.5, 1.5), (-0.5, 1.5))
    generate = partial(_given, GATE_INPUTS, y)
    return DatasetSpec(name, title, description, "binary", generate, domain=window, fixed=True)


def _one_input(name: str, title: str, description: str, target: Callable, reach: float) -> DatasetSpec:
    generate = partial(_function_of_x1, target, reach)
    window = ((-reach, reach),)
    return DatasetSpec(name, title, description, "regression", generate, target, ("x1",), window, classes=0)


def _k_classes(name: str, title: str, description: str, generate: Callable, classes: int) -> DatasetSpec:
    return DatasetSpec(name, title, description, "multiclass", partial(generate, classes), classes=classes)


def _measured(name: str) -> DatasetSpec:
    """A table of real_data.py. Of two classes the second one is 1; of more each has a number."""
    data = load_real_data(name)
    description = data.description
    return DatasetSpec(
        name,
        description.title,
        description.sentence,
        "binary" if len(data.classes) == 2 else "multiclass",
        lambda rng, samples, noise: (data.x.copy(), data.y.copy()),
        names=data.names,
        domain=tuple(round_window(column) for column in data.x.T),
        classes=len(data.classes),
        given=len(data.y),
        class_names=data.classes,
        image=(8, 8) if name == "digits" else (),
    )


DATASETS: dict[str, DatasetSpec] = {
    spec.name: spec
    for spec in (
        # Two classes in the plane.
        DatasetSpec(
            "circle", "Circle", "A disc of one class inside a ring of the other.", "binary", _circle, _inside_the_circle
        ),
        DatasetSpec(
            "xor",
            "Equal signs",
            "Class 1 where x1 and x2 have the same sign, 0 where they have not: no straight line separates the two.",
            "binary",
            _xor,
            _same_sign,
        ),
        DatasetSpec("gauss", "Two clouds", "Two round clouds that one straight line separates.", "binary", _gauss),
        DatasetSpec("spiral", "Spiral", "Two spiral arms wound around each other.", "binary", _spiral),
        DatasetSpec("moons", "Moons", "Two half circles, each reaching into the other.", "binary", _moons),
        DatasetSpec(
            "rings",
            "Rings",
            "A disc and an outer ring of one class with a ring of the other between.",
            "binary",
            _rings,
        ),
        DatasetSpec(
            "checkerboard",
            "Checkerboard",
            "Squares of side 3 that change class like a chess board.",
            "binary",
            partial(_function_of_place, _checkerboard, 6, 3),
            _checkerboard,
        ),
        DatasetSpec(
            "stripes",
            "Stripes",
            "Upright stripes of width 2: x2 says nothing about the class.",
            "binary",
            partial(_function_of_place, _stripes, 6, 2),
            _stripes,
        ),
        # A handful of given samples: test equals train.
        _gate("and_gate", "AND", "1 only if both inputs are 1.", (0, 0, 0, 1)),
        _gate("or_gate", "OR", "1 if at least one input is 1.", (0, 1, 1, 1)),
        _gate("nand_gate", "NAND", "0 only if both inputs are 1.", (1, 1, 1, 0)),
        _gate("nor_gate", "NOR", "1 only if both inputs are 0.", (1, 0, 0, 0)),
        _gate("xor_gate", "XOR", "1 if exactly one input is 1: no single neuron can do it.", (0, 1, 1, 0)),
        DatasetSpec(
            "tutorial",
            "The tutorial's three points",
            "Three samples with three inputs, so few that one neuron separates them whatever their labels.",
            "binary",
            partial(_given, ((0.5, -0.2, 0.1), (0.1, 0.8, -0.5), (-0.4, 0.2, 0.9)), (1, 0, 1)),
            names=("x1", "x2", "x3"),
            domain=((-1.0, 1.0), (-1.0, 1.0), (-1.0, 1.0)),
            fixed=True,
        ),
        # Many classes in the plane.
        _k_classes("three_blobs", "Three clouds", "Three round clouds on a circle.", _blobs, 3),
        _k_classes("six_blobs", "Six clouds", "Six round clouds on a circle.", _blobs, 6),
        _k_classes("three_spirals", "Three spirals", "Three spiral arms wound around each other.", _arms, 3),
        _k_classes("five_spirals", "Five spirals", "Five spiral arms wound around each other.", _arms, 5),
        # Numbers over the plane.
        DatasetSpec(
            "plane",
            "Plane",
            "A tilted plane, (x1 + x2) / 10.",
            "regression",
            partial(_function_of_place, _plane, 6, 6),
            _plane,
            classes=0,
        ),
        DatasetSpec(
            "multi_gaussian",
            "Six bumps",
            "Three hills and three hollows on flat ground.",
            "regression",
            partial(_function_of_place, _multi_gaussian, 6, 6),
            _multi_gaussian,
            classes=0,
        ),
        # Numbers over one input.
        _one_input("sine", "Sine", "The curve sin(x1).", _sine, 6.0),
        _one_input("step", "Step", "A jump from 0 to 1 at x1 = 0.", _step, 6.0),
        _one_input("abs", "Absolute value", "The kink |x1|, from -2 to 2.", _abs, 2.0),
        _one_input("square", "Square", "The parabola x1 squared, from -2 to 2.", _parabola, 2.0),
        # Tables that people measured.
        *(_measured(name) for name in REAL_DATA),
    )
}


def spec_of(dataset: str | Points) -> DatasetSpec:
    """What a data set is: of a name in DATASETS, or of somebody's own points. KeyError for another name."""
    if not isinstance(dataset, Points):
        return DATASETS[dataset]
    # Of drawn points the number changes while one draws, faster than a sentence is read; the board counts them.
    count = "Points" if dataset.is_drawn else f"{len(dataset):,} {'point' if len(dataset) == 1 else 'points'}"
    words = f"{count} of your own, with the target {dataset.target}"
    return DatasetSpec(
        dataset.name,
        dataset.name,
        words,
        dataset.task,
        lambda rng, samples, noise: (dataset.x.copy(), dataset.y),
        names=dataset.names,
        domain=dataset.window,
        classes=len(dataset.classes),
        given=len(dataset),
        class_names=dataset.classes,
        flags=tuple(kind == "flag" for kind in dataset.kinds),
        parts=None if dataset.parts is None else tuple(dataset.parts.tolist()),
    )


def training_rows(dataset: str | Points, samples: int, train_fraction: float) -> int:
    """How many training samples `load_dataset` gives."""
    spec = spec_of(dataset)
    if spec.parts is not None:
        return spec.parts.count(TRAIN)
    if spec.fixed:
        return len(spec.generate(np.random.default_rng(0), 0, 0.0)[0])
    return _borders(spec.given or samples, train_fraction, 0.0)[0]


def load_dataset(
    name: str | Points,
    samples: int = 500,
    noise: float = 0.0,
    train_fraction: float = 0.5,
    seed: int = 0,
    validation_fraction: float = 0.0,
    scaling: str = "none",
) -> Dataset:
    """The points of a data set, split at random into train, validation and test.

    name: a key of DATASETS, or Points. samples: 2 to 100000 in all. noise: 0 to 0.5 (a percentage of 0 to 50 divided by
    100). train_fraction: 0.1 to 0.9; the number of training rows is rounded, and train and test get at least one row.
    seed: a whole number from 0. validation_fraction: 0 to 0.5, of all rows; both shares leave 0.05 for the test.
    scaling: of SCALINGS, fitted on the training part.

    Points and split come from the seed alone. Another train_fraction moves the border in the same shuffled list of the
    same points: a smaller training set is the beginning of a larger one. A fixed data set (logic gates, the tutorial's
    points) ignores everything but its name and the scaling, keeps its order, and is its own test set; so do given
    samples of which none is for testing. ValueError with one sentence for bad input.
    """
    if not isinstance(name, Points) and (not isinstance(name, str) or name not in DATASETS):
        raise ValueError(f"load_dataset: there is no data set {name!r:.60}; choose one of {', '.join(DATASETS)}.")
    for what, value, low, high, is_right, kind in (
        ("samples", samples, MIN_SAMPLES, MAX_SAMPLES, is_whole, "whole number"),
        ("noise", noise, 0, MAX_NOISE, is_number, "number"),
        ("train_fraction", train_fraction, MIN_TRAIN_FRACTION, MAX_TRAIN_FRACTION, is_number, "number"),
        ("seed", seed, 0, MAX_SEED, is_whole, "whole number"),
        ("validation_fraction", validation_fraction, 0, MAX_VALIDATION_FRACTION, is_number, "number"),
    ):
        if not is_right(value, low, high):
            raise ValueError(f"load_dataset: {what} must be a {kind} from {low} to {high}, got {value!r:.60}.")
    if scaling not in SCALINGS:
        raise ValueError(f"load_dataset: scaling must be one of {', '.join(SCALINGS)}, got {scaling!r:.60}.")

    spec = spec_of(name)
    # Two children of the seed: the split does not depend on how many numbers the points used up, and neither of them is
    # the stream that initial weights drawn from the same seed would see.
    points_rng, split_rng = np.random.default_rng(seed).spawn(2)
    x, y = spec.generate(points_rng, samples, noise)
    train, validation, test = _split(spec, y, split_rng, train_fraction, validation_fraction)
    is_fixed = spec.fixed or not len(test)
    test = test if len(test) else train
    missing = np.isnan(x)
    if missing.any():
        with np.errstate(invalid="ignore"):
            means = np.where(missing[train].all(axis=0), np.nanmean(x, axis=0), _means(x[train]))
        x = np.where(missing, means, x)
    scale = fit_scale(scaling, x[train], [not flag for flag in spec.flags] or [True] * x.shape[1])
    target_scale = fit_scale(scaling, y[train][:, None], [True]) if spec.task == "regression" else None
    y = y.astype(np.int64) if spec.task == "multiclass" else y.astype(np.float64)[:, None]
    return Dataset(
        spec.name,
        *(_read_only(x[train]), _read_only(y[train]), _read_only(x[test]), _read_only(y[test])),
        spec.task,
        spec.names,
        _window(spec, x),
        spec.classes,
        is_fixed,
        *(_read_only(x[validation]), _read_only(y[validation])),
        spec.class_names or tuple(f"class {k}" for k in range(spec.classes)),
        scale,
        target_scale,
        int(missing.sum()),
    )


def _split(
    spec: DatasetSpec, y: np.ndarray, rng: np.random.Generator, train_fraction: float, validation_fraction: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The rows of the three parts, in their order."""
    rows = np.arange(len(y))
    if spec.parts is not None:
        parts = np.array(spec.parts)
        return rows[parts == TRAIN], rows[parts == VALIDATION], rows[parts == TEST]
    if spec.fixed or len(y) == 1:
        return rows, rows[:0], rows[:0]
    order = rng.permutation(len(y))
    if spec.given and spec.classes:
        order = order[_by_turns(y[order])]
    train, validation = _borders(len(y), train_fraction, validation_fraction)
    return order[:train], order[train : train + validation], order[train + validation :]


def _borders(rows: int, train_fraction: float, validation_fraction: float) -> tuple[int, int]:
    """How many rows are for training and for validation; at least one is for training, and one is left if it can be."""
    train = min(max(round(rows * train_fraction), 1), max(rows - 1, 1))
    return train, min(round(rows * validation_fraction), max(rows - 1 - train, 0))


def _by_turns(y: np.ndarray) -> np.ndarray:
    """An order (n,) of rows of classes y (n,) of which each beginning, and so each part, has its share of each class.

    The j-th of the m rows of a class stands at (j + 1/2) / m of the whole way.
    """
    along = np.empty(len(y))
    for k in np.unique(y):
        members = np.flatnonzero(y == k)
        along[members] = (np.arange(len(members)) + 0.5) / len(members)
    return np.argsort(along, kind="stable")


def _means(x: np.ndarray) -> np.ndarray:
    """The mean of each column (columns,), of the values that are there; nan where there is none."""
    there = ~np.isnan(x)
    count = there.sum(axis=0)
    return np.divide(np.where(there, x, 0.0).sum(axis=0), count, out=np.full(x.shape[1], np.nan), where=count > 0)


def _window(spec: DatasetSpec, x: np.ndarray) -> Domain:
    """The domain, or the smallest square with whole-number borders around the origin that shows every point."""
    domain = spec.domain
    if spec.given or all(low <= x[:, c].min() and x[:, c].max() <= high for c, (low, high) in enumerate(domain)):
        return domain
    reach = float(np.ceil(np.abs(x).max()))
    return ((-reach, reach),) * len(domain)


def _read_only(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array
