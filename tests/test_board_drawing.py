"""The board's drawing on a canvas that only writes down what it is asked to draw."""

import json
import shutil
import subprocess

import pytest

from ui.board import FOLDER

SCRIPT = """
import { drawLoss } from "./board/drawing.js";
globalThis.Path2D = class { constructor(d) { this.d = d; } };
const drawn = { lines: [], triangles: [], words: [] };
let path = [];
const context = {
  beginPath() { path = []; },
  moveTo(x, y) { path.push(["M", x, y]); },
  lineTo(x, y) { path.push(["L", x, y]); },
  stroke() { if (this.lineWidth !== 1) drawn.lines.push(path); },
  fill(shape) { drawn.triangles.push(shape.d); },
  fillText(text) { drawn.words.push(text); },
  setLineDash() {},
};
const surface = { context, width: 300, height: 150, clear() {} };
const numbers = (values) => values.map((value) => value === "nan" ? NaN : value === "inf" ? Infinity : value);
const { update, train, test, logarithmic } = JSON.parse(process.argv[2]);
drawLoss(surface, { update, train: numbers(train), test: numbers(test) }, { logarithmic, colours: {}, perEpoch: 1 });
console.log(JSON.stringify(drawn));
"""


def loss_curve(tmp_path, train, test, logarithmic=True):
    """What drawLoss draws: lines (test, train), each a list of (M or L, x, y), triangles and words."""
    shutil.copytree(FOLDER.parent, tmp_path / "ui", ignore=lambda _, names: [n for n in names if n.endswith(".py")])
    (tmp_path / "ui" / "package.json").write_text('{"type": "module"}')
    (tmp_path / "ui" / "draw.mjs").write_text(SCRIPT)
    curve = {"update": list(range(len(train))), "train": train, "test": test, "logarithmic": logarithmic}
    done = subprocess.run(
        ["node", "draw.mjs", json.dumps(curve)], cwd=tmp_path / "ui", capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node runs the board's drawing without a browser")


def test_a_loss_of_0_is_a_triangle_at_the_foot_of_a_logarithmic_axis_and_the_positive_part_is_drawn(tmp_path):
    drawn = loss_curve(tmp_path, [1.0, 0.1, 0.0, 0.0, 0.01], [1.0, 0.5, 0.2, 0.1, 0.1])
    test, train = drawn["lines"]
    kinds = "".join(kind for kind, *_ in train)
    assert kinds == "ML" + "L" + "ML", "two points, a gap of two zeros, a point, which a line to itself makes a dot"
    assert "".join(kind for kind, *_ in test) == "ML" + "LLLL"
    assert len(drawn["triangles"]) == 2
    assert "loss (logarithmic axis; ▲ is 0)" in drawn["words"]


def test_losses_that_are_all_0_are_triangles_on_an_axis_without_marks(tmp_path):
    drawn = loss_curve(tmp_path, [0.0, 0.0, 0.0], [0.0, 0.0, 0.0])
    assert drawn["lines"] == [[], []] and len(drawn["triangles"]) == 6
    assert drawn["words"] and "null" not in json.dumps(drawn)


def test_what_is_not_finite_leaves_a_gap_on_either_axis_and_the_rest_is_drawn(tmp_path):
    drawn = loss_curve(tmp_path, [1.0, "inf", 0.0, "nan", 0.5], [1.0, 1.0, 1.0, 1.0, 1.0], logarithmic=False)
    test, train = drawn["lines"]
    assert "".join(kind for kind, *_ in train) == "ML" * 3 and len(test) == 6
    assert drawn["triangles"] == [] and "loss" in drawn["words"]
    assert "null" not in json.dumps(drawn), "every place is a number"
