"""The player's pictures of a frame: graph, arrays, formula in lines and code, which lead to each other."""

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
import streamlit

import scratchnet as sn
from scratchnet.network import parameter_index
from ui import microscope
from ui import walkthrough as walk
from ui.checks import backpropagation as checks
from ui.kit.numbers import exact, text
from ui.player import START, choose, focus_of, formula_module, hear, pictures, story_of, told
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
    story = pictures.story(step, frames, focus)
    json.dumps(story, allow_nan=False)
    graph = story["graph"]
    places = {tuple(part["at"]) for part in graph["links"]}
    places |= {tuple(part["at"]) for column in graph["columns"] for unit in column["units"] for part in both(unit)}
    assert tuple(graph["chosen"]) in places
    for frame, shown in zip(frames, story["frames"], strict=True):
        for column in graph["columns"]:
            for unit in column["units"]:
                assert shown["faces"]["units"][column["layer"] + 1] < len(unit["faces"])
        for link in graph["links"]:
            assert shown["faces"]["weights"][link["at"][0] + 1] < len(link["faces"])
        tables = [story["tables"][place] for place in shown["tables"]]
        cells = [cell for table in tables for row in table["rows"] for cell in row["cells"]]
        own = {pictures.plain(symbol) for symbol, _ in (*frame.operands, (frame.symbol, None))}
        if frame.key != "start":  # no table about anything else
            assert {table["name"].split(", layer")[0] for table in tables} <= own, frame.key
        is_about_chosen = frame.layer == focus.layer and frame.key.rstrip("0123456789") in ("z", "dW", "delta", "da")
        if frame.key == "start" or frame.place == "parameters" or is_about_chosen:
            is_bias_of_z = focus.source is None and frame.key.startswith("dW")
            assert is_bias_of_z or any(cell["marked"] for cell in cells), frame.key
        listing = story["listings"][shown["listing"]]
        assert len(listing["lines"]) < 200
        assert set(shown["marked"]) <= {number for number, _ in listing["linked"]}
        assert shown["formula"].count("{") == shown["formula"].count("}")


def both(unit):
    return [unit, unit["bias"]] if unit["bias"] else [unit]


@pytest.mark.parametrize(("step", "focus"), CASES)
def test_a_cell_leads_to_the_place_whose_number_it_shows(step, focus):
    focus = focus.checked(step)
    frames = {frame.key: frame for frame in walk.frames(step, focus)}
    for layer, (W, b) in enumerate(zip(step.before.weights, step.before.biases, strict=True)):
        tables = tables_of(step, frames[f"z{layer + 1}"], focus)
        by_kind = {
            table["of"]: table for table in tables if table["name"][0] in "Wb" and f"{layer + 1}" in plain(table)
        }
        for row in by_kind["weights"]["rows"]:
            for cell in row["cells"]:
                _, unit, source = cell["at"]
                assert float(cell["exact"]) == W[unit, source]
        for cell in by_kind["biases"]["rows"][0]["cells"]:
            assert float(cell["exact"]) == b[cell["at"][1]]


def tables_of(step, frame, focus):
    tables = pictures.Tables(step, focus)
    return [tables.made[place] for place in tables.of(frame)]


def plain(table):
    return table["name"].translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))


def test_a_parameters_old_and_new_value_stand_in_the_arrays_of_the_update():
    step, focus = step_of(n=4, optimizer="adam"), Focus(0, 1, 2).checked(step_of(n=4))
    frame = next(f for f in walk.frames(step, focus) if f.key == "update")
    marked = [
        [cell for row in table["rows"] for cell in row["cells"] if cell["marked"]]
        for table in tables_of(step, frame, focus)
    ]
    assert float(marked[0][0]["exact"]) == step.before.weights[0][1, 2]
    assert float(marked[-1][0]["exact"]) == step.after.weights[0][1, 2]


def test_numbers_appear_on_the_graph_when_their_frame_comes_and_stay():
    step = checks.step_of(checks.START)
    focus = Focus().checked(step)
    _, first, last = (column["units"][0] for column in pictures.graph_of(step, focus)["columns"])
    seen = {}
    for frame in walk.frames(step, focus):
        _, *faces = pictures.faces_of(step, frame, focus)["units"]
        seen[frame.key] = [
            (u["faces"][i]["text"], u["faces"][i]["below"]) for u, i in zip((first, last), faces, strict=True)
        ]
    assert seen["start"] == [("", ["", ""]), ("", ["", ""])]
    assert seen["z1"] == [("", ["z 0.44", ""]), ("", ["", ""])]
    assert seen["a1"][0][0] == "0.6083"
    assert seen["a1"][1][0] == ""
    assert seen["delta2"][1][1] == ["z 0.3335", "δ −0.4174"]
    assert seen["da1"][0][1] == ["z 0.44", "∂a −0.3339"]
    assert seen["slope1"][0][1] == ["z 0.44", "f′ 0.2383"]
    assert seen["delta1"][0][1] == ["z 0.44", "δ −0.07956"]
    assert seen["check"][0][1] == ["z 0.44", "δ −0.07956"]


def test_links_show_old_weights_then_gradients_then_new_weights():
    step = checks.step_of(checks.START)
    focus = Focus(0, 0, 0).checked(step)
    (link,) = (link for link in pictures.graph_of(step, focus)["links"] if link["at"] == [0, 0, 0])
    seen = {f.key: link["faces"][pictures.faces_of(step, f, focus)["weights"][1]] for f in walk.frames(step, focus)}
    assert (seen["start"]["text"], seen["start"]["below"].strip()) == ("0.4", "")
    assert seen["dW1"]["below"] == "∂ −0.03978"
    assert float(seen["update"]["exact"]) == step.after.weights[0][0, 0]
    assert seen["update"]["below"] == "was 0.4"


def test_a_link_that_is_spoken_of_is_lit_together_with_its_ends():
    step = step_of()
    frame = next(f for f in walk.microscope(step, Focus(0, 1, 2)) if f.key == "dW1")
    assert {(0, 1, 2), (0, 1), (-1, 2)} == {tuple(place) for place in pictures.lit_of(frame)}


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
    listing = pictures.listings_of(frames, focus.layer)[frame.code.function]
    lines = [listing["lines"][number - listing["first"]] for number in walk.source_code(frame)[3]]
    assert lines
    assert all("db[l] = delta.sum(axis=0)" in line for line in lines)


def test_choosing_a_line_of_code_leads_to_the_frame_of_the_chosen_layer():
    step = step_of((3, 4, 2, 1))
    for layer in range(3):
        focus = Focus(layer, 0, 0).checked(step)
        frames = walk.frames(step, focus)
        frame = next(f for f in frames if f.key == "z1")
        listing = pictures.listings_of(frames, layer)[frame.code.function]
        assert dict(listing["linked"])[walk.source_code(frame)[3][0]] == f"z{layer + 1}"


def test_a_place_that_the_network_no_longer_has_gives_the_first_output():
    step = step_of((2, 3, 1), 4)
    for place, sample in (((5, 0), 0), ((0, 9, 1), 0), ((0, 0, 1), 99), (("x", 0), 0)):
        assert focus_of(step, {"place": place, "sample": sample}) == Focus(1, 0, UNIT, 0)


def test_nothing_is_told_twice_for_the_same_step_and_focus():
    step, values = step_of(), dict(START)
    assert told(step, values, False)[1] is told(step, values, False)[1]
    assert story_of(step, values, False, (), None)[0] is story_of(step, values, False, (), None)[0]


def test_a_story_has_the_same_name_only_as_long_as_it_says_the_same():
    def name(step, **chosen):
        return story_of(step, START | chosen, False, (), None)[1]

    assert name(step_of()) == name(step_of())
    assert name(step_of()) != name(step_of(), place=(0, 1, 2))
    assert name(step_of()) != name(step_of(l2=0.1))


def test_a_report_of_the_browser_counts_once():
    step, values = step_of(n=3), dict(START)
    first = {"n": 1, "have": "x", "action": "apply update", "frame": "update", "choose": None}
    hear(step, values, False, first)
    assert (values["action"], values["frame"], values["have"]) == ("apply update", "update", "x")
    values.update(START)
    hear(step, values, False, first)
    assert values["action"] == "compute gradients"
    hear(step, values, False, first | {"n": 2, "choose": {"at": [0, 1, None], "sample": 2}})
    assert (values["place"], values["sample"]) == ((0, 1, None), 2)


@pytest.mark.parametrize(
    "report",
    [
        None,
        "next",
        {},
        {"n": "1", "action": "check"},
        {"n": 1, "action": "delete", "frame": "z1"},
        {"n": 1, "action": ["check"], "frame": "z1"},
        {"n": 1, "action": "check", "frame": 7},
        {"n": 1, "choose": {"at": [9, 0, 0]}},
        {"n": 1, "choose": {"at": [-1, 0]}},
        {"n": 1, "choose": {"at": [0, True, 0]}},
        {"n": 1, "choose": {"at": "000", "sample": 1}},
        {"n": 1, "choose": [0, 1, 2]},
        {"n": 1, "choose": {"at": [0, 1, 2, 3]}},
    ],
)
def test_a_report_of_something_that_does_not_exist_changes_nothing_on_screen(report):
    step, values = step_of(), dict(START)
    hear(step, values, False, report)
    assert {name: values[name] for name in START} == START


def test_the_module_that_sets_formulas_is_where_the_browser_is_told():
    assert (Path(streamlit.__file__).parent / "static" / formula_module()).is_file()


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
    story = json.dumps(pictures.story(step, walk.frames(step, focus), focus), allow_nan=False)
    assert "infinity" in story


# ---- the microscope --------------------------------------------------------------------------------------------------


def test_a_point_outside_the_next_mini_batch_is_followed_alone_from_the_same_weights():
    run = sn.Experiment(samples=40, batch_size=5).start()
    run.advance(updates=3)
    now = microscope.next_update(run)
    outside = next(row for row in range(len(run.x_train)) if row not in now.rows)
    alone = now.of_one(outside)
    assert list(alone.rows) == [outside]
    np.testing.assert_array_equal(alone.step.forward.x, run.x_train[[outside]])
    np.testing.assert_array_equal(alone.step.before.theta, run.network.theta)
    focus = Focus(0, 0, 1).checked(alone.step)
    (point,) = microscope.around("playground", alone, alone.step, focus)["pulls"]["points"]
    assert (point["index"], abs(point["share"])) == (outside, 1.0)


def test_who_pulled_names_every_sample_of_the_mini_batch_with_its_share_of_the_strongest():
    run = sn.Experiment(samples=80, batch_size=30).start()
    run.advance(updates=3)
    now = microscope.next_update(run)
    focus = Focus(1, 0, 0).checked(now.step)
    pulls = microscope.around("playground", now, now.step, focus)["pulls"]
    assert [point["index"] for point in pulls["points"]] == list(now.rows)
    assert max(abs(point["share"]) for point in pulls["points"]) == 1.0
    gradients = walk.shares(now.step, focus).gradients
    for point, gradient in zip(pulls["points"], gradients, strict=True):
        assert math.copysign(1, point["share"]) == math.copysign(1, gradient)
    assert pulls["update"] == run.update


@pytest.mark.parametrize("settings", [{}, {"l1": 0.01}, {"l2": 3.0}, {"clip_norm": 0.001}])
@pytest.mark.parametrize(
    ("optimizer", "own"),
    [(name, {}) for name in sn.OPTIMIZERS]
    + [("sgd", {"momentum": 0.9}), ("sgd", {"weight_decay": 3.0}), ("rmsprop", {"momentum": 0.9})],
)
def test_what_is_said_of_the_way_an_update_goes_is_true_of_every_number(optimizer, own, settings):
    run = sn.Experiment(
        dataset="circle", samples=60, hidden=(4,), optimizer=optimizer, optimizer_settings=own, **settings
    ).start()
    run.advance(updates=40)
    now = microscope.next_update(run)
    said, against = set(), []
    for layer, unit, source in ((0, unit, source) for unit in range(4) for source in (0, 1, None)):
        focus = Focus(layer, unit, source).checked(now.step)
        around = microscope.around("playground", now, now.step, focus)
        sentence, headline = around["pulls"]["sentence"], dict(around["headline"])
        said.add("the update goes against the gradient" in sentence)
        i = parameter_index(run.network.sizes, layer, unit, source)
        pull = walk.shares(now.step, focus).mean
        # From the samples to the gradient in the headline: each number on the way stands in the sentence.
        numbers = dict(re.findall(r"(mean|adds|makes),? ([-−0-9.×⁻⁰¹²³⁴-⁹e]+[0-9⁰-⁹])", sentence))
        weight = run.network.theta[i] if source is not None else 0.0
        penalty = settings.get("l1", 0) * np.sign(weight) + settings.get("l2", 0) * weight
        assert ("adds" in numbers) == (penalty != 0)
        assert penalty == 0 or numbers["adds"] == text(penalty)
        assert ("makes" in numbers) == ("clip_norm" in settings)
        if "makes" not in numbers:
            assert headline["gradient"] == exact(now.step.backward.gradient[i])
            assert now.step.backward.gradient[i] == pytest.approx(pull + penalty, rel=1e-9, abs=1e-15)
        against.append(pull == 0 or (now.step.after.theta[i] - now.step.before.theta[i]) * pull < 0)
    assert len(said) == 1 and (all(against) or said == {False})
    plain = optimizer in ("sgd", "adagrad", "adadelta", "rmsprop") and not own and not {"l1", "l2"} & set(settings)
    assert said == {plain}


def test_every_choice_of_the_microscope_is_a_place_of_the_network():
    run = sn.Experiment(hidden=(8, 3)).start()
    now = microscope.next_update(run)
    for place in ((0, 7, 1), (1, 2, None), (2, 0, 2), (0, 5)):
        values = START | {"place": place}
        focus = focus_of(now.step, values)
        for choice in microscope.choices(now, now.step, focus):
            chosen = choice["options"][choice["chosen"]]
            assert chosen["at"] == list(place)
            for option in choice["options"]:
                hear(now.step, values, True, {"n": values.get("heard", 0) + 1, "choose": option})
                assert values["place"] == tuple(option["at"])
