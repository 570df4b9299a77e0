"""The player's pictures of a frame: graph, arrays, formula in lines and code, which lead to each other."""

import json
import math
import re

import numpy as np
import pytest

import scratchnet as sn
from ui import walkthrough as walk
from ui.checks import backpropagation as checks
from ui.graph import drawing
from ui.player import START, choose, focus_of, pictures, told
from ui.walkthrough import UNIT, Focus

OPTIMIZERS = sorted(sn.OPTIMIZERS)


def step_of(sizes=(3, 2, 1), n=1, optimizer="sgd", loss="bce", **settings):
    rng = np.random.default_rng(3)
    output = {"bce": "sigmoid", "mse": "tanh", "cross_entropy": "softmax"}[loss]
    net = sn.Network.build(sizes, "tanh", output, rng=1)
    y = np.eye(sizes[-1])[rng.integers(sizes[-1], size=n)] if sizes[-1] > 1 else rng.integers(2, size=(n, 1)) * 1.0
    trainer = sn.Trainer(loss=loss, optimizer=sn.OPTIMIZERS[optimizer](learning_rate=0.1), **settings)
    return trainer.step(net, rng.normal(size=(n, sizes[0])), y)


CASES = [
    (step_of(), Focus(0, 1, 2)),
    (step_of(n=10, optimizer="adam", l2=0.01, clip_norm=0.1), Focus(1, 0, None, 7)),
    (step_of((2, 8, 8, 1), 10, "nadam"), Focus(1, 3, 5, 9)),
    (step_of((4, 3), 5, "rmsprop", "cross_entropy", l1=0.01), Focus(0, 2, UNIT, 4)),
    (step_of((64, 32, 10), 12, "adadelta", "cross_entropy"), Focus(0, 31, 63, 11)),
    (step_of((1, 2, 2, 2, 2, 2, 1), 3, "adagrad", "mse"), Focus(2, 1, 0, 1)),
]


@pytest.mark.parametrize(("step", "focus"), CASES)
@pytest.mark.parametrize("told_by", [walk.frames, walk.microscope])
def test_every_frame_can_be_drawn_and_what_is_chosen_is_marked(step, focus, told_by):
    frames, focus = told_by(step, focus), focus.checked(step)
    for frame in frames:
        graph = pictures.graph_of(step, frame, focus)
        picture = drawing(*(graph[name] for name in ("sizes", "units", "links", "lit", "chosen")))
        json.dumps(picture, allow_nan=False)
        arrays = pictures.arrays_of(step, frame, focus)
        json.dumps(arrays, allow_nan=False)
        cells = [cell for array in arrays for row in array["rows"] for cell in row["cells"]]
        assert any(cell["marked"] for cell in cells), frame.key
        listing = pictures.listing_of(frames, frame, focus.layer)
        assert len(listing["lines"]) < 200
        assert set(listing["marked"]) <= {number for number, _ in listing["linked"]}
        assert pictures.formula_of(frame).count("{") == pictures.formula_of(frame).count("}")


@pytest.mark.parametrize(("step", "focus"), CASES)
def test_a_cell_leads_to_the_place_whose_number_it_shows(step, focus):
    focus = focus.checked(step)
    frames = {frame.key: frame for frame in walk.frames(step, focus)}
    for layer, (W, b) in enumerate(zip(step.before.weights, step.before.biases, strict=True)):
        tables = pictures.arrays_of(step, frames[f"z{layer + 1}"], focus)
        by_kind = {
            table["of"]: table for table in tables if table["name"][0] in "Wb" and f"{layer + 1}" in plain(table)
        }
        for row in by_kind["weights"]["rows"]:
            for cell in row["cells"]:
                _, unit, source = cell["at"]
                assert float(cell["exact"]) == W[unit, source]
        for cell in by_kind["biases"]["rows"][0]["cells"]:
            assert float(cell["exact"]) == b[cell["at"][1]]


def plain(table):
    return table["name"].translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))


def test_a_parameters_old_and_new_value_stand_in_the_arrays_of_the_update():
    step, focus = step_of(n=4, optimizer="adam"), Focus(0, 1, 2).checked(step_of(n=4))
    frame = next(f for f in walk.frames(step, focus) if f.key == "update")
    marked = [
        [cell for row in table["rows"] for cell in row["cells"] if cell["marked"]]
        for table in pictures.arrays_of(step, frame, focus)
    ]
    assert float(marked[0][0]["exact"]) == step.before.weights[0][1, 2]
    assert float(marked[-1][0]["exact"]) == step.after.weights[0][1, 2]


def test_numbers_appear_on_the_graph_when_their_frame_comes_and_stay():
    step = checks.step_of(checks.START)
    focus = Focus().checked(step)
    seen = {}
    for frame in walk.frames(step, focus):
        units = pictures.graph_of(step, frame, focus)["units"]
        seen[frame.key] = (units[0, 0].text, units[0, 0].below, units[1, 0].text, units[1, 0].below)
    assert seen["start"] == ("", ("", ""), "", ("", ""))
    assert seen["z1"] == ("", ("z 0.44", ""), "", ("", ""))
    assert seen["a1"][0] == "0.6083"
    assert seen["a1"][2] == ""
    assert seen["delta2"][3] == ("z 0.3335", "δ -0.4174")
    assert seen["da1"][1] == ("z 0.44", "∂a -0.3339")
    assert seen["slope1"][1] == ("z 0.44", "f′ 0.2383")
    assert seen["delta1"][1] == ("z 0.44", "δ -0.07956")
    assert seen["check"][1] == ("z 0.44", "δ -0.07956")


def test_links_show_old_weights_then_gradients_then_new_weights():
    step = checks.step_of(checks.START)
    focus = Focus(0, 0, 0).checked(step)
    links = {f.key: pictures.graph_of(step, f, focus)["links"][0, 0, 0] for f in walk.frames(step, focus)}
    assert (links["start"].value, links["start"].below.strip()) == (0.4, "")
    assert links["dW1"].below == "∂ -0.03978"
    assert links["update"].value == step.after.weights[0][0, 0]
    assert links["update"].below == "was 0.4"


def test_choosing_a_link_brings_up_the_frame_about_it_and_its_line_of_code():
    step, values = step_of(), dict(START)
    choose(step, values, False, (0, 1, 2))
    assert values["frame"] == "start"  # about all parameters
    values["frame"] = "z2"
    choose(step, values, False, (0, 1, 2))
    assert values["frame"] == "z1"
    values["frame"] = "delta2"
    choose(step, values, False, (0, 1, None))
    assert values["frame"] == "db1"
    focus, frames = told(step, values, False)
    frame = next(f for f in frames if f.key == "db1")
    listing = pictures.listing_of(frames, frame, focus.layer)
    lines = [listing["lines"][number - listing["first"]] for number in listing["marked"]]
    assert lines
    assert all("self._ones.dot(delta, db)" in line for line in lines)


def test_choosing_a_line_of_code_leads_to_the_frame_of_the_chosen_layer():
    step = step_of((3, 4, 2, 1))
    for layer in range(3):
        focus = Focus(layer, 0, 0).checked(step)
        frames = walk.frames(step, focus)
        frame = next(f for f in frames if f.key == "z1")
        number = pictures.listing_of(frames, frame, layer)["marked"][0]
        assert pictures.frame_of_line(frames, frame, number, layer) == f"z{layer + 1}"
        assert pictures.frame_of_line(frames, frame, "nonsense", layer) == "z1"
        assert pictures.frame_of_line(frames, frame, 10**9, layer) == "z1"


def test_a_place_that_the_network_no_longer_has_gives_the_first_output():
    step = step_of((2, 3, 1), 4)
    for place, sample in (((5, 0), 0), ((0, 9, 1), 0), ((0, 0, 1), 99), (("x", 0), 0)):
        assert focus_of(step, {"place": place, "sample": sample}) == Focus(1, 0, UNIT, 0)


def test_nothing_is_told_twice_for_the_same_step_and_focus():
    step, values = step_of(), dict(START)
    assert told(step, values, False)[1] is told(step, values, False)[1]


@pytest.mark.parametrize(("step", "focus"), CASES)
def test_a_broken_formula_holds_the_same_signs_and_no_line_is_long(step, focus):
    for frame in walk.frames(step, focus):
        for line in (frame.formula, *(line.latex for line in frame.lines)):
            broken = pictures.in_lines(line)
            assert re.sub(r"\s*\\\\\s*&(\\quad )?|&", "", broken).replace(" ", "") == line.replace(" ", "")


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"\delta^{(2)}", "δ⁽²⁾"),
        (r"\frac{\partial L}{\partial W^{(1)}}", "∂L/∂W⁽¹⁾"),
        (r"\hat m", "m̂"),
        (r"m_{\text{old}}", "m old"),
        (r"W^{(12)}", "W⁽¹²⁾"),
    ],
)
def test_symbols_have_a_plain_form(latex, words):
    assert pictures.plain(latex) == words


def test_infinite_numbers_reach_the_picture_as_words():
    net = sn.Network.from_arrays([[[800.0]]], [[0.0]], ["sigmoid"])
    step = sn.Trainer(loss="bce", optimizer=sn.SGD(learning_rate=0.1)).step(net, [[1.0]], [[0.0]])
    focus = Focus().checked(step)
    for frame in walk.frames(step, focus):
        json.dumps(pictures.arrays_of(step, frame, focus), allow_nan=False)
        graph = pictures.graph_of(step, frame, focus)
        assert all(math.isfinite(unit.shade) for unit in graph["units"].values())
