"""Payload: what the live board shows, as bytes. Frames, the scene around them, and how both are written.

A frame is everything that is on screen at one update of one run. A scene is what stays the same from frame to frame:
sizes, features, points. The bytes are a u32 with the header's length, the header as JSON, zeros up to a multiple of 8,
then arrays; the header's "arrays" gives each array's type, shape and offset. ui/board/protocol.js reads them.
"""

import json
from dataclasses import dataclass

import numpy as np

import scratchnet as sn
from ui.terms import TERMS

MOST_LAYERS, MOST_UNITS = 6, 8  # what + on the board reaches; larger networks are a setting
OUTPUT_SIDE, UNIT_SIDE, SHARP_SIDE = 60, 20, 100  # pixels of a map's side while playing (output, unit) and at rest
NARROW_ABOVE = 1000  # parameters; above, theta travels as float32 while playing
MOST_UNIT_MAPS = 128  # with more units than this their maps would fill the line; the tiles then show no map

TYPES = {"f8": np.float64, "f4": np.float32, "i4": np.int32, "u1": np.uint8}
# As a learner writes them; names in the code are made for links.
FEATURE_LABELS = {
    "x1^2": "x1²",
    "x2^2": "x2²",
    "x1*x2": "x1·x2",
    "sin(x1)": "sin x1",
    "sin(x2)": "sin x2",
}


# What the colours of the output's map say, in words.
OUTPUT_COLOURS = {
    "binary": "blue: class 1, orange: class 0",
    "multiclass": "blue: yes, orange: no",
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

    The probe's: inputs (features,), and z and a of every unit, layer after layer (units,); None without a probe.
    Maps: output_maps (outputs, side, side) and unit_maps (hidden units, side, side), uint8, and ranges (units, 2), the
    values that 0 and 255 stand for in every unit's map; None where they cannot be drawn.
    """

    update: int
    epoch: int
    evaluation: sn.Evaluation
    theta: np.ndarray
    inputs: np.ndarray | None
    z: np.ndarray | None
    a: np.ndarray | None
    output_maps: np.ndarray | None
    unit_maps: np.ndarray | None
    ranges: np.ndarray | None


class Scene:
    """What the board draws frames of one run into: it makes frames, and says what they have in common.

    number: grows with every new scene, so that browser and server know which one the browser has.
    """

    def __init__(self, run: sn.Run, number: int):
        self.number = number
        self.experiment = run.settings  # without events: they may change while the scene stays
        self.dataset = run.dataset
        self.planar = len(run.dataset.domain) == 2
        self.output_range = self._output_range(run)
        self.updates_per_epoch = -(-len(run.x_train) // min(run.settings.batch_size, len(run.x_train)))
        units = sum(run.experiment.sizes[1:])
        self._maps = self._sharp_maps = None
        if self.planar and units <= MOST_UNIT_MAPS:
            plane = (run.experiment.features, run.dataset.domain)
            ends = self.output_range if self.unbounded_output else None
            self._maps = sn.UnitMaps(*plane, size=OUTPUT_SIDE, unit_step=OUTPUT_SIDE // UNIT_SIDE, output_range=ends)
            self._sharp_maps = sn.UnitMaps(*plane, size=SHARP_SIDE, output_range=ends)

    @property
    def unbounded_output(self) -> bool:
        activation = sn.ACTIVATIONS[self.experiment.output]
        return activation.low is None or activation.high is None

    def _output_range(self, run: sn.Run) -> tuple[float, float]:
        """The output's fixed colour scale: its activation's bounds, else symmetric and as far as the targets go."""
        activation = sn.ACTIVATIONS[run.experiment.output]
        if activation.low is not None and activation.high is not None:
            return activation.low, activation.high
        reach = float(np.abs(run.y_train).max()) or 1.0
        return -reach, reach

    def frame(self, run: sn.Run, probe: tuple[float, ...] | None) -> Frame:
        """The frame of a run at its present update; probe: the raw inputs to follow, one a column of the data."""
        net = run.network
        inputs = z = a = output_maps = unit_maps = ranges = None
        if probe is not None:
            forward = net.forward(sn.apply_features([probe], self.experiment.features))
            inputs, z, a = forward.x[0], np.concatenate(forward.z, 1)[0], np.concatenate(forward.a, 1)[0]
        if self._maps is not None:
            *hidden, output = self._maps(net)
            output_maps = output.pixels
            unit_maps = np.concatenate([maps.pixels for maps in hidden]) if hidden else None
            ranges = np.concatenate([np.stack([maps.low, maps.high], 1) for maps in (*hidden, output)])
        return Frame(run.update, run.epoch, run.evaluate(), net.theta, inputs, z, a, output_maps, unit_maps, ranges)

    def sharp(self, run: sn.Run, units: list[tuple[int, int]]) -> np.ndarray | None:
        """Large maps (units, 100, 100) of some units (layer, unit) for a picture at rest."""
        if self._sharp_maps is None:
            return None
        layers = self._sharp_maps(run.network)
        return np.stack([layers[layer].pixels[unit] for layer, unit in units])

    def describe(self, run: sn.Run) -> tuple[dict, dict]:
        """The scene for a browser that does not have it: JSON values and arrays for `pack`."""
        experiment, data = self.experiment, self.dataset
        names = [name for name, feature in sn.FEATURES.items() if feature.columns <= len(data.names)]
        values = {
            "sizes": experiment.sizes,
            "activations": (*experiment.activations, experiment.output),
            "unit_names": unit_names(experiment.sizes, by_class=data.task != "regression"),
            "kinds": [
                *(f"hidden unit: a = {activation}(z)" for activation in experiment.activations),
                f"output unit: a = {experiment.output}(z)",
            ],
            "task": data.task,
            "inputs": data.names,
            "domain": data.domain,
            "output_range": self.output_range,
            "target_range": self.output_range if data.task == "regression" else (0, max(1, data.classes - 1)),
            "updates_per_epoch": self.updates_per_epoch,
            "fixed": data.fixed,
            "terms": TERMS,
            "colours": {"output": OUTPUT_COLOURS[data.task], "unit": "blue high, orange low"},
            "limits": {"layers": MOST_LAYERS, "units": MOST_UNITS},
            "features": [
                {
                    "name": name,
                    "label": FEATURE_LABELS.get(name, name),
                    "on": name in experiment.features,
                    "source": experiment.features.index(name) if name in experiment.features else -1,
                }
                for name in names
            ],
        }
        arrays = {
            f"{coordinate}_{part}": (
                "f8",  # a point that is clicked becomes the input, to the last digit
                getattr(data, f"{coordinate}_{part}").reshape(len(getattr(data, f"x_{part}")), -1),
            )
            for coordinate in "xy"
            for part in ("train", "test")
        }
        if self.planar:
            every = sn.UnitMaps(names, data.domain, size=OUTPUT_SIDE, unit_step=OUTPUT_SIDE // UNIT_SIDE)
            arrays["feature_maps"] = ("u1", every.inputs().pixels)
        return values, arrays


def unit_names(sizes: tuple[int, ...], by_class: bool) -> list[list[str]]:
    """What each unit is called, layer by layer. by_class: several outputs stand for one class each."""
    *hidden, outputs = sizes[1:]
    names = [[f"unit {unit + 1} of layer {layer}" for unit in range(size)] for layer, size in enumerate(hidden, 1)]
    if outputs == 1:
        return [*names, ["output unit"]]
    return [*names, [f"output unit of class {k}" if by_class else f"output unit {k + 1}" for k in range(outputs)]]


def describe_frames(frames: list[Frame], narrow: bool) -> tuple[list[dict], dict]:
    """Frames of one scene as JSON values and arrays for `pack`; the first axis of each array counts the frames.

    narrow: theta as float32, half the bytes, where a picture needs no more.
    """
    values = [
        {
            "run": 0,
            "update": frame.update,
            "epoch": frame.epoch,
            "train": _measured(frame.evaluation, "train"),
            "test": _measured(frame.evaluation, "test"),
        }
        for frame in frames
    ]
    if not frames:
        return values, {}
    kinds = {"theta": "f4" if narrow else "f8", "inputs": "f8", "z": "f8", "a": "f8"}
    kinds |= {"output_maps": "u1", "unit_maps": "u1", "ranges": "f4"}
    return values, {
        name: (kind, np.stack([getattr(frame, name) for frame in frames]))
        for name, kind in kinds.items()
        if getattr(frames[0], name) is not None
    }


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
