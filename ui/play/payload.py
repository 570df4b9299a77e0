"""Payload: what the live board shows, as bytes. Frames, the scene around them, and how both are written.

A frame is everything that is on screen at one update of one run. A scene is what stays the same from frame to frame:
sizes, features, points. The bytes are a u32 with the header's length, the header as JSON, zeros up to a multiple of 8,
then arrays; the header's "arrays" gives each array's type, shape and offset. ui/board/protocol.js reads them.
"""

import json
import math
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

import scratchnet as sn
from scratchnet import goals
from scratchnet.events import MAX_EDIT
from scratchnet.features import features_of
from scratchnet.network import parameter_views
from scratchnet.task import coded_targets
from ui.classroom import words
from ui.classroom.assignment import Assignment
from ui.kit import palette
from ui.kit.numbers import text
from ui.labels import held_in_words, of_columns
from ui.play import drawn_points
from ui.terms import TERMS

MOST_LAYERS, MOST_UNITS = 6, 8  # what + on the board reaches; larger networks are a setting
OUTPUT_SIDE, UNIT_SIDE, SHARP_SIDE = 60, 20, 100  # pixels of a map's side while playing (output, unit) and at rest
MOST_PICTURED, MOST_UNIT_MAPS = 20, 128  # units that are drawn: of one layer, of all; more maps would fill the line
STRONGEST = 0.75  # of a class's colour on the map, so that its own points stand out
LEAST = 0.25  # of several classes, how strong the winner's colour is where it wins by a hair
FEWER_PICTURED = 10  # units of one layer where the inputs are many, too: a frame stays under 16 kB
COLUMNS_WITH_FEATURES = 3  # up to so many columns squares and sines of the first two are offered
PARTS = ("train", "validation", "test")
MOST_INPUTS = 16  # that are drawn by name; of more those with the largest weights
STEPS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)  # of a range that grows under what is drawn
CURVE_SPARE = 0.15  # of the span of a curve's targets, above and below it
POINT_SHADES = 16  # of the points of a regression: points of one colour are drawn together

TYPES = {"f8": np.float64, "f4": np.float32, "i4": np.int32, "u1": np.uint8}
# As a learner writes them; names in the code are made for links.
FEATURE_LABELS = {
    "x1^2": "x1²",
    "x2^2": "x2²",
    "x1*x2": "x1·x2",
    "sin(x1)": "sin x1",
    "sin(x2)": "sin x2",
}


NAN = float("nan")
NOTHING = sn.Evaluation(NAN, NAN, None, 0, None, 0, NAN, NAN)  # of no points
FIELDS = tuple(field.name for field in fields(sn.Experiment) if field.name != "events")

# What the colours of the output's map say, in words.
OUTPUT_COLOURS = {
    "binary": "blue: {1}, orange: {0}",
    "multiclass": "the class that wins here",
    "regression": "blue: high, orange: low",
}


def pack(header: dict, arrays: dict[str, tuple[str, np.ndarray]]) -> bytes:
    """The bytes of a header (JSON values, NaN refused) and of arrays, name -> (type of TYPES, array)."""
    table, parts, offset = {}, [], 0
    for name, (kind, array) in arrays.items():
        data = np.ascontiguousarray(array, dtype=np.dtype(TYPES[kind]).newbyteorder("<"))
        table[name] = [kind, list(data.shape), offset]
        parts += [data.tobytes(), bytes(-data.nbytes % 8)]
        offset += data.nbytes + -data.nbytes % 8
    text = json.dumps({**header, "arrays": table}, allow_nan=False, separators=(",", ":")).encode()
    return b"".join([len(text).to_bytes(4, "little"), text, bytes(-(4 + len(text)) % 8), *parts])


def unpack(payload: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """The header and the arrays (read-only) of a payload: what protocol.js does, for tests and benchmarks."""
    length = int.from_bytes(payload[:4], "little")
    header = json.loads(payload[4 : 4 + length])
    start = 4 + length + -(4 + length) % 8
    arrays = {}
    for name, (kind, shape, offset) in header["arrays"].items():
        count = int(np.prod(shape))
        arrays[name] = np.frombuffer(payload, TYPES[kind], count, start + offset).reshape(shape)
    return header, arrays


@dataclass(frozen=True, eq=False)
class Frame:
    """All numbers on screen at one update.

    passes, multiplications: what of them lies behind this update; epoch_end: where its epoch ends, see `Run`.
    theta: weights and biases of the pictured units, in the order of a network that has these alone. The probe's: inputs
    (features,), and z and a of every unit, layer after layer (units,); None without a probe.
    Maps: output_maps (1, side, side), the answer's, and unit_maps (pictured hidden units, and the output units if
    there are several; side, side), uint8; crossings (n,) uint8 of the line between classes, see `UnitMaps`. With one
    input curves (pictured units, places) instead. ranges (units, 2): the values that 0 and 255, or foot and top, stand
    for in every unit's picture. None where they cannot be drawn.
    measured: how far each condition of the task is; empty without one. points: the number of the set of points that is
    on screen with it, see `Scene.points`.
    """

    update: int
    epoch: int
    passes: float
    multiplications: int
    epoch_end: int
    evaluation: sn.Evaluation
    theta: np.ndarray
    inputs: np.ndarray | None
    z: np.ndarray | None
    a: np.ndarray | None
    output_maps: np.ndarray | None
    crossings: np.ndarray | None
    unit_maps: np.ndarray | None
    curves: np.ndarray | None
    ranges: np.ndarray | None
    measured: tuple[goals.Measured, ...]
    points: int

    @property
    def nbytes(self) -> int:
        """The size of its arrays in bytes."""
        return sum(value.nbytes for value in vars(self).values() if isinstance(value, np.ndarray))


class Scene:
    """What the board draws frames of one run into: it makes frames, and says what they have in common.

    number: grows with every new scene, so that browser and server know which one the browser has. only_used: of the
    features the board shows those alone that the network takes. points: number of the present set of points, which
    grows where some are drawn or erased while the scene stays; sets: number -> (values, arrays) of each.
    """

    _curves: sn.UnitCurves  # of data with one column
    _maps: sn.UnitMaps  # of data with more
    _sharp_maps: sn.UnitMaps
    _domain: tuple[tuple[float, float], ...]

    def __init__(self, run: sn.Run, number: int, only_used: bool = False, is_empty: bool = False):
        self.number = number
        self.only_used = only_used
        self.experiment = run.settings  # without events: they may change while the scene stays
        self.dataset = run.dataset
        self.decision = sn.decision_of(run.settings)
        self.output_range = self._output_range(run)
        self.is_empty = is_empty
        self._strongest = strongest(run.network)
        self._features = self._feature_names(run.network)
        used = [self.experiment.features.index(name) for name in self._features if name in self.experiment.features]
        self.drawn_inputs = np.array(sorted(used), dtype=int)
        self.pictured = [np.sort(units) for units in self._strongest]
        self._shown = self._parameters_of_pictured(run.network)
        self.columns: tuple[int, ...] = tuple(range(min(2, len(run.dataset.names))))
        self.principal = sn.principal_plane_of(self.dataset) if len(self.dataset.names) > 2 else None
        self.held = tuple(run.dataset.x_train.mean(axis=0).tolist())
        self._reach = 1.0  # of the large curve's targets, where they are drawn
        self.points, self.sets = 0, {0: (self._describe_points(run), self._places())}
        self._aim()

    @property
    def planar(self) -> bool:
        return len(self.dataset.names) > 1

    @property
    def _plane(self) -> dict[str, Any]:
        """The plane that the maps show, and the scale that its inputs still have to pass through."""
        if self.columns or self.principal is None:
            return {"plane": sn.slice_at(self.columns, self.held), "scale": self.dataset.scale}
        return {"plane": self.principal[0], "scale": None}

    def suits(self, run: sn.Run, only_used: bool) -> bool:
        """Whether the same scene shows this run, perhaps with other points. The batch size makes its epochs' length."""
        old, new = self.experiment, run.settings
        fixed = [f for f in FIELDS if f != "dataset" and (f not in sn.LIVE_SETTINGS or f == "batch_size")]
        return (
            self.only_used == only_used
            and all(getattr(old, name) == getattr(new, name) for name in fixed)
            and _are_alike(old.dataset, new.dataset)
            and (old.dataset == new.dataset or self.dataset.scale is None)  # other points are scaled otherwise
            and (not self.planar or self.output_range == self._output_range(run))  # a curve has its scale in its frames
        )

    def take_points(self, run: sn.Run, is_empty: bool = False) -> None:
        """Show the points of a run as it stands, if they are others than before."""
        if run.settings.dataset == self.experiment.dataset and is_empty == self.is_empty:
            return
        self.experiment, self.dataset, self.is_empty = run.settings, run.dataset, is_empty
        self.points += 1
        self.sets[self.points] = self._describe_points(run), self._places()
        if self.dataset.scale is not None:
            self._aim()

    def look(self, columns: tuple[int, ...], held: tuple[float, ...] | None) -> None:
        """Shows other columns of the data (none: its principal components), or holds the others at other values.

        held: None for their means.
        """
        held = held or tuple(self.dataset.x_train.mean(axis=0).tolist())
        across = self.columns
        self.columns, old, self.held = columns, self.held, held
        if across != columns:
            described, _ = self.sets[self.points]
            self.points += 1
            self.sets[self.points] = described, self._places()
        if across != columns or any(old[i] != held[i] for i in range(len(held)) if i not in columns):
            self._aim()

    def _aim(self) -> None:
        """Makes what draws the pictures of the columns shown."""
        features = self.experiment.features
        # The window of what lies across and up, or of the one column. Of a large table it costs as much as an answer.
        self._domain = domain = self._plane["plane"].window(self.dataset) if self.planar else self.dataset.domain
        if not self.planar:
            self._curves = sn.UnitCurves(features, domain[0], scale=self.dataset.scale)
            return
        settings: dict[str, Any] = {"output_range": self.output_range, "decision": self.decision}
        settings |= self._plane
        self._maps = sn.UnitMaps(features, domain, size=OUTPUT_SIDE, unit_step=OUTPUT_SIDE // UNIT_SIDE, **settings)
        self._sharp_maps = sn.UnitMaps(features, domain, size=SHARP_SIDE, **settings)

    def _output_range(self, run: sn.Run) -> tuple[float, float]:
        """The fixed scale of the answer's colours. Two classes: as far on both sides of the cut as the targets lie."""
        if self.decision.cut is not None:
            reach = float(np.abs(run.y_train - self.decision.cut).max())
            return self.decision.cut - reach, self.decision.cut + reach
        return number_range(run.settings.output, run.y_train)

    def _parameters_of_pictured(self, net: sn.Network) -> np.ndarray | slice:
        """Where in theta the parameters on screen are, in a frame's order: all, of a network that is drawn whole."""
        drawn = (self.drawn_inputs, *self.pictured)
        if all(len(units) == size for units, size in zip(drawn, net.sizes, strict=True)):
            return slice(None)
        weights, biases = parameter_views(np.arange(net.n_parameters), net.sizes)
        before, places = self.drawn_inputs, []
        for W, b, units in zip(weights, biases, self.pictured, strict=True):
            places += [W[np.ix_(units, before)].ravel(), b[units]]
            before = units
        return np.concatenate(places)

    def frame(self, run: sn.Run, probe: tuple[float, ...] | None, task: Assignment | None = None) -> Frame:
        """The frame of a run at its present update; probe: the raw inputs to follow, one a column of the data.

        task: the one in force, whose conditions are measured.
        """
        self.take_points(run, self.is_empty and not run.update)
        net = run.network
        inputs = z = a = output_maps = crossings = unit_maps = curves = ranges = None
        if probe is not None:
            forward = net.forward(sn.apply_features([probe], self.experiment.features, self.dataset.scale))
            inputs, z, a = forward.x[0], np.concatenate(forward.z, 1)[0], np.concatenate(forward.a, 1)[0]
        if self.planar:
            *layers, answer = self._maps(net)
            output_maps, crossings = answer.pixels, answer.crossings
            if layers:
                chosen = zip(layers, self.pictured, strict=False)  # a single output unit's own map is the answer's
                unit_maps = np.concatenate([maps.pixels[units] for maps, units in chosen])
            ranges = np.concatenate([np.stack([maps.low, maps.high], 1) for maps in (*layers, answer)])
            ranges[-1] = self.dataset.in_units(ranges[-1])
        else:
            curves = self._curves(net)
            ranges = self._curves.scale(net, curves)
            curves[-1:] = self.dataset.in_units(curves[-1:])
            ranges[-1] = self._curve_range()
            limit = float(np.finfo(np.float32).max)
            curves = np.nan_to_num(curves, nan=np.nan, posinf=limit, neginf=-limit).clip(-limit, limit)
            first = np.cumsum([0, *net.sizes[1:-1]])
            curves = curves[np.concatenate([at + units for at, units in zip(first, self.pictured, strict=True)])]
        evaluation = NOTHING if self.is_empty else run.evaluate()
        pictures = (output_maps, crossings, unit_maps, curves, ranges)
        measured = goals.measure(task.goal, run, task.start, evaluation) if task is not None else ()
        numbers = (evaluation, net.theta[self._shown], inputs, z, a)
        when = (run.update, run.epoch, run.passes, run.multiplications, run.epoch_end())
        return Frame(*when, *numbers, *pictures, measured, self.points)

    def sharp(self, run: sn.Run, units: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray | None]:
        """Large maps (1 + units, 100, 100) for a picture at rest: the answer's and those of units (layer, unit).

        And the crossings of the answer's line. Only where there is a plane.
        """
        *layers, answer = self._sharp_maps(run.network)
        return np.stack([answer.pixels[0], *(layers[layer].pixels[unit] for layer, unit in units)]), answer.crossings

    def view(self, probe: tuple[float, ...] | None = None) -> dict:
        """What lies across and up: columns of the data, the others being held, or (no columns) principal components.

        place: where the probe lies; of one column, its value.
        """
        shown: dict[str, Any] = {"columns": self.columns, "held": self.held, "domain": self._domain, "words": ""}
        if self.columns or self.principal is None:
            held = held_in_words(self.dataset, self._plane["plane"]) if self.planar else ""
            shown |= {"words": f"A slice through the data, at {held}."} if held else {}
            place = None if probe is None else [probe[column] for column in self.columns]
            return shown | {"names": [self.dataset.names[column] for column in self.columns], "place": place}
        plane, shares = self.principal
        percent = [f"{text(100 * share, 2)} %" for share in shares]
        words = (
            f"The plane on which the training points spread most, {percent[0]} and {percent[1]} of the variance. "
            "Points stand at their nearest place; colours are answers on it."
        )
        place = None if probe is None else plane.coordinates(self.dataset.scaled(np.array([probe])))[0].tolist()
        return shown | {"names": ["component 1", "component 2"], "words": words, "place": place}

    def feature_pictures(self) -> dict:
        """Maps or curves of all features the data has, as arrays for `pack`."""
        names = self._features
        if not self.planar:
            curves = sn.UnitCurves(names, self.dataset.domain[0], scale=self.dataset.scale).inputs()
            return {"feature_curves": ("f4", curves)}
        every = sn.UnitMaps(names, self._domain, OUTPUT_SIDE, OUTPUT_SIDE // UNIT_SIDE, **self._plane).inputs()
        return {"feature_maps": ("u1", every.pixels)}

    def _feature_names(self, net: sn.Network) -> list[str]:
        """The features on the board. Of many columns, what is computed of two stands there where it is used."""
        used, columns = self.experiment.features, len(self.dataset.names)
        names = features_of(columns)
        if self.only_used or columns > MOST_INPUTS:
            names = [name for name in names if name in used]
        elif columns > COLUMNS_WITH_FEATURES:
            names = [name for place, name in enumerate(names) if place < columns or name in used]
        if len(names) <= max(MOST_INPUTS, len(features_of(COLUMNS_WITH_FEATURES))):
            return names
        sums = np.abs(net.weights[0]).sum(axis=0)
        largest = sorted(names, key=lambda name: -sums[used.index(name)] if name in used else 0.0)[:MOST_INPUTS]
        return [name for name in names if name in largest]

    def _curve_range(self) -> tuple[float, float]:
        """Foot and top of the large curve: all targets, with room above and below."""
        parts = [self._heights(getattr(self.dataset, f"y_{part}")) for part in PARTS]
        targets = np.concatenate([*parts, *self._target_curve()])
        low, high = float(targets.min()), float(targets.max())
        if isinstance(self.experiment.dataset, sn.Points) and self.experiment.dataset.is_drawn:
            # Only ever farther, and in small steps: so it stays where it is from point to point, and there is room to
            # draw. (A board takes a new range when no pen is down on it.)
            self._reach = max(self._reach, step_above(max(-low, high)))
            low, high = -self._reach, self._reach
        spare = CURVE_SPARE * (high - low) or 1.0
        return low - spare, high + spare

    def _heights(self, y: np.ndarray) -> np.ndarray:
        """What the last output unit, whose curve is drawn, has to give for targets y, (n,), in the data's own units."""
        coded = coded_targets(self.experiment, self.dataset.task, y, self.dataset.target_scale)
        return self.dataset.in_units(coded)[:, -1]

    def _target_curve(self) -> list[np.ndarray]:
        """The answers without noise along the one column, where the data set knows them."""
        target = sn.spec_of(self.experiment.dataset).target
        return [] if self.planar or target is None else [target(self._curves.x[:, None])]

    def describe(self, run: sn.Run) -> tuple[dict, dict]:
        """The scene for a browser that does not have it: JSON values and arrays for `pack`."""
        experiment, data = self.experiment, self.dataset
        names = self._features
        tables, table_names = self._tables()
        values = {
            "sizes": experiment.sizes,
            "activations": (*experiment.activations, experiment.output),
            "image": self._image(),
            "drawn_inputs": self.drawn_inputs.tolist(),
            "strongest": [units.tolist() for units in self._strongest],
            "unit_names": unit_names(experiment.sizes, data.class_names),
            "kinds": [
                *(f"hidden unit: a = {activation}(z)" for activation in experiment.activations),
                f"output unit: a = {experiment.output}(z)",
            ],
            "task": data.task,
            "inputs": data.names,
            "domain": data.domain,
            "output_range": self.output_range,
            "output_units": self._output_units(),
            "classes": [
                {"name": name, "color": look.color, "outline": look.outline}
                for name, look in zip(data.class_names, palette.CLASSES, strict=False)
            ],
            "tables": table_names,
            "terms": TERMS,
            "colours": {
                "output": OUTPUT_COLOURS[data.task].format(*data.class_names),
                "unit": "blue high, orange low",
                "one": "its probability",
                "curve": "plum: output, dashed: target; ● training",
            },
            "limits": {"layers": MOST_LAYERS, "units": MOST_UNITS, "edit": MAX_EDIT},
            "features": [
                {
                    "name": name,
                    "label": feature_label(name, data.names),
                    "on": name in experiment.features,
                    "source": experiment.features.index(name) if name in experiment.features else -1,
                }
                for name in names
            ],
        }
        arrays: dict[str, Any] = {"tables": ("u1", tables)}
        if self.decision.classes:
            arrays["pixel_classes"] = ("u1", sn.pixel_meanings(self.decision)[0])
        arrays |= self.feature_pictures()
        if not self.planar:
            arrays["curve_x"] = ("f8", self._curves.x)
            for curve in self._target_curve():
                arrays["curve_target"] = ("f8", curve)
        return values, arrays

    def _describe_points(self, run: sn.Run) -> dict:
        """What is said of the present points, as JSON values. Of an empty map there are none."""
        data, drawn = self.dataset, drawn_points.described(run.settings.dataset)
        if drawn is not None and self.is_empty:
            drawn["rows"] = dict.fromkeys(drawn["rows"], ())
        return {"fixed": data.fixed, "drawn": drawn, "validated": len(data.x_validation) > 0 and not self.is_empty}

    def _places(self) -> dict:
        """Where the present points lie on what is shown, and how they look, as arrays for `pack`.

        Their other columns stay here: of a large table they are megabytes. Who clicks a point says its number.
        """
        data, arrays = self.dataset, {}
        for part in PARTS:
            x, y = (getattr(data, f"{coordinate}_{part}")[: 0 if self.is_empty else None] for coordinate in "xy")
            if self.columns or self.principal is None:
                arrays[f"places_{part}"] = ("f8", x[:, self.columns])
            else:
                arrays[f"places_{part}"] = ("f4", self.principal[0].coordinates(data.scaled(x)))
            arrays[f"y_{part}"] = ("f8", np.reshape(y, (len(x), 1)))
            arrays[f"looks_{part}"] = ("u1", self._looks(y))
            if not self.planar:
                arrays[f"height_{part}"] = ("f8", self._heights(y))
        return arrays

    def _image(self) -> dict | None:
        """The shape of the picture that the inputs are, the values of its palest and darkest pixels, and the mean one.

        None where they are none, or where the network does not get all of its pixels.
        """
        shape = sn.spec_of(self.experiment.dataset).image
        if not shape or len(self.drawn_inputs) == 0 or len(self.experiment.features) != len(self.dataset.names):
            return None
        x = self.dataset.x_train
        return {"shape": shape, "low": float(x.min()), "high": float(x.max()), "mean": x.mean(axis=0).tolist()}

    def _output_units(self) -> tuple[float, float]:
        """What 0 of the output unit is in the data's own units, and how much 1 more adds."""
        zero, one = self.dataset.in_units(np.array([[0.0], [1.0]]))[:, 0].tolist()
        return zero, one - zero

    def _tables(self) -> tuple[np.ndarray, dict]:
        """What colour each pixel of a map has: tables (n, 256, 3) and which of them is for what.

        unit: from orange to blue. answer: the large map; discrete: the same, classes alone. classes: for each of
        several output units, from nothing to its class's colour.
        """
        signed = np.linspace(-1, 1, 256)
        tables = [_faded(np.where(signed[:, None] < 0, _rgb(palette.NEGATIVE), _rgb(palette.POSITIVE)), np.abs(signed))]
        names: dict[str, Any] = {"unit": 0, "answer": 0, "discrete": 0, "classes": []}
        if self.decision.classes:
            classes, surely = sn.pixel_meanings(self.decision)
            colors = np.array([_rgb(look.color) for look in palette.CLASSES])
            least = LEAST if self.decision.classes > 2 else 0.0  # between two classes the map may fade to nothing
            names["answer"] = len(tables)
            tables.append(_faded(colors[classes], STRONGEST * (least + (1 - least) * surely)))
            names["discrete"] = len(tables)
            tables.append(_faded(colors[classes], np.full(256, STRONGEST)))
        if self.decision.outputs > 1:
            for k in range(self.decision.outputs):
                names["classes"].append(len(tables))
                tables.append(_faded(np.tile(colors[k], (256, 1)), np.linspace(0, STRONGEST, 256)))
        return np.rint(tables), names

    def _looks(self, y: np.ndarray) -> np.ndarray:
        """For each target its class, or for a regression the pixel of its colour in the table "unit"."""
        if self.decision.classes:
            return y.reshape(-1)
        low, high = (float(end) for end in self.dataset.in_units(np.array(self.output_range)))
        shares = np.clip((y.reshape(-1) - low) / (high - low), 0, 1)
        return np.rint(np.rint(shares * POINT_SHADES) / POINT_SHADES * 255)


def number_range(output: str, targets: np.ndarray) -> tuple[float, float]:
    """The ends of a regression's colours, as coded for the loss: the output's bounds, else as far as targets reach.

    output: an activation's name. targets: coded, (n, 1). `Dataset.in_units` brings the ends back.
    """
    activation = sn.ACTIVATIONS[output]
    if activation.low is not None and activation.high is not None:
        return activation.low, activation.high
    reach = float(np.abs(targets).max()) or 1.0
    return -reach, reach


def _rgb(color: str) -> tuple[int, ...]:
    return tuple(int(color[i : i + 2], 16) for i in (1, 3, 5))


def _faded(colors: np.ndarray, strengths: np.ndarray) -> np.ndarray:
    """Colours (n, 3), the paler the smaller their strengths (n,) from 0 to 1 are."""
    middle = np.array(_rgb(palette.MIDDLE))
    return middle + (colors - middle) * strengths[:, None]


def step_above(value: float) -> float:
    """The first of 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, ... that is at least this value, which is above 0."""
    power = 10.0 ** math.floor(math.log10(max(value, 1e-300)))
    return next((step * power for step in STEPS if step * power >= value), 10 * power)


def feature_label(name: str, columns: tuple[str, ...]) -> str:
    """What a feature is called on screen: a column by its own name, and what is made of columns with their names."""
    return of_columns(FEATURE_LABELS.get(name, name), columns)


def strongest(net: sn.Network) -> list[np.ndarray]:
    """For each layer the units (n,) that the board may draw, those with the largest sums of weights first."""
    *hidden, output = net.weights
    most = min(MOST_PICTURED if net.sizes[0] <= MOST_INPUTS else FEWER_PICTURED, MOST_UNIT_MAPS // len(net.weights))
    return [*(np.argsort(-np.abs(W).sum(axis=1), kind="stable")[:most] for W in hidden), np.arange(len(output))]


def unit_names(sizes: tuple[int, ...], class_names: tuple[str, ...]) -> list[list[str]]:
    """What each unit is called, layer by layer. class_names: what several outputs stand for, () where for no class."""
    *hidden, outputs = sizes[1:]
    names = [[f"unit {unit + 1} of layer {layer}" for unit in range(size)] for layer, size in enumerate(hidden, 1)]
    if outputs == 1:
        return [*names, ["output unit"]]
    of = [f"output unit {k + 1}" for k in range(outputs)]
    return [*names, [f"output unit of {name}" for name in class_names] if class_names else of]


def describe_frames(frames: list[Frame]) -> tuple[list[dict], dict]:
    """Frames of one scene as JSON values and arrays for `pack`; the first axis of each array counts the frames.

    Only crossings are written one after another: each frame says how many are its own.
    """
    values = [
        {
            "update": frame.update,
            "epoch": frame.epoch,
            "passes": frame.passes,
            "multiplications": frame.multiplications,
            "epoch_end": frame.epoch_end,
            "train": _measured(frame.evaluation, "train"),
            "validation": _measured(frame.evaluation, "validation") if frame.evaluation.validation_total else None,
            "test": _measured(frame.evaluation, "test"),
            "crossings": len(frame.crossings) if frame.crossings is not None else None,
            "goal": describe_goal(frame.measured),
            "points": frame.points,
        }
        for frame in frames
    ]
    if not frames:
        return values, {}
    kinds = {"theta": "f8", "inputs": "f8", "z": "f8", "a": "f8"}
    kinds |= {"output_maps": "u1", "unit_maps": "u1", "curves": "f4", "ranges": "f8"}
    arrays = {
        name: (kind, np.stack([getattr(frame, name) for frame in frames]))
        for name, kind in kinds.items()
        if getattr(frames[0], name) is not None
    }
    if frames[0].crossings is not None:
        arrays["crossings"] = ("u1", np.concatenate([frame.crossings for frame in frames]))
    return values, arrays


def describe_sets(scene: Scene, numbers: set[int]) -> tuple[list[dict], dict]:
    """Sets of points by their numbers, as JSON values and arrays for `pack`, whose names end in the number."""
    listed = sorted(number for number in numbers if number in scene.sets)
    values = [{"number": number, **scene.sets[number][0]} for number in listed]
    arrays = {f"{name}@{number}": array for number in listed for name, array in scene.sets[number][1].items()}
    return values, arrays


def _are_alike(old: str | sn.Points, new: str | sn.Points) -> bool:
    """Whether two data sets are the same, or differ in their rows alone."""
    if isinstance(old, sn.Points) and isinstance(new, sn.Points):
        return old == new or (old.is_drawn and old.fits(new))
    return old == new


def describe_goal(measured: tuple[goals.Measured, ...]) -> list[tuple[str, bool]]:
    """How far each condition is in words, and whether it is met."""
    return [(words.so_far(one), one.is_met) for one in measured]


def _measured(evaluation: sn.Evaluation, part: str) -> dict:
    """Loss and score of one part of the data. A score that has no value (R2 of equal targets) is None."""
    correct, score = getattr(evaluation, f"{part}_correct"), getattr(evaluation, f"{part}_score")
    return {
        "loss": finite(getattr(evaluation, f"{part}_loss")),
        "correct": correct,
        "total": getattr(evaluation, f"{part}_total") if correct is not None else None,
        "r2": finite(score) if correct is None else None,
    }


def finite(value: float) -> float | None:
    """JSON has no NaN and no infinity; the board prints a dash for None."""
    return float(value) if np.isfinite(value) else None
