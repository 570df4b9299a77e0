"""What the board's pictures say is what the network decides: every data set, output and loss that may meet."""

import functools
import itertools
from types import SimpleNamespace

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.task import check_task
from tests.test_decision import class_by_hand
from ui.kit import palette
from ui.play import payload

PLACES = 200


def allowed():
    datasets = ("circle", "xor_gate", "tutorial", "three_blobs", "six_blobs", "five_spirals")
    for dataset, output, loss in itertools.product(datasets, sn.ACTIVATIONS, sn.LOSSES):
        try:
            check_task(dataset, output, loss)
        except ValueError:
            continue
        yield dataset, output, loss


def made(updates=7, **settings):
    settings = {"features": sn.DATASETS[settings["dataset"]].names, "hidden": (5,), "samples": 60} | settings
    run = sn.Experiment(init_seed=3, **settings).start()
    run.advance(updates=updates)
    return run, payload.Scene(run, 1)


@functools.cache  # 256 colours of a table, and few tables
def seen_class(color):
    """The class whose colour, more or less pale, this is: the nearest of all, each as pale as it suits best."""
    middle = np.array([int(palette.MIDDLE[i : i + 2], 16) for i in (1, 3, 5)], float)
    away = []
    for look in palette.CLASSES:
        direction = np.array([int(look.color[i : i + 2], 16) for i in (1, 3, 5)], float) - middle
        share = max(0.0, min(1.0, (np.array(color) - middle) @ direction / (direction @ direction)))
        away.append(np.abs(middle + share * direction - color).max())
    return int(np.argmin(away))


def places_of(run, scene, side, chosen):
    """The inputs (n, columns) at the centres of some pixels: row, column, other columns where they are held."""
    points = np.tile(scene.held, (len(chosen), 1))
    (low1, high1), (low2, high2) = (run.dataset.domain[column] for column in scene.columns)
    for point, pixel in zip(points, chosen, strict=True):
        line, column = divmod(int(pixel), side)
        point[scene.columns[0]] = low1 + (high1 - low1) * (column + 0.5) / side
        point[scene.columns[1]] = high2 - (high2 - low2) * (line + 0.5) / side
    return points


@pytest.mark.parametrize(("dataset", "output", "loss"), list(allowed()))
def test_under_discretize_each_place_has_the_colour_of_the_class_that_the_network_gives_it(dataset, output, loss):
    run, scene = made(dataset=dataset, output=output, loss=loss)
    signed = output == "tanh" or loss == "hinge"
    values, arrays = scene.describe(run)
    seen = [seen_class(tuple(color)) for color in arrays["tables"][1][values["tables"]["discrete"]].tolist()]
    for pixels in (scene.frame(run, None).output_maps[0], scene.sharp(run, [])[0][0]):  # playing, and at rest
        side = len(pixels)
        chosen = np.random.default_rng(5).choice(side * side, PLACES, replace=False)
        x = sn.apply_features(places_of(run, scene, side, chosen), run.experiment.features)
        outputs = run.network.predict(x)
        expected = [class_by_hand(row, signed) for row in outputs.tolist()]
        shown = [seen[pixel] for pixel in pixels.ravel()[chosen]]
        # Pictures are computed in float32: a value that is nearer to the cut may lie on its other side.
        sure = np.abs(
            np.diff(np.sort(outputs)[:, -2:])[:, 0] if outputs.shape[1] > 1 else outputs[:, 0] - 0.5 * (not signed)
        )
        assert [s for s, far in zip(shown, sure, strict=True) if far > 1e-6] == [
            e for e, far in zip(expected, sure, strict=True) if far > 1e-6
        ]
        assert output == "relu" or (sure > 1e-6).sum() > PLACES / 2  # relu may be 0 everywhere
        # The line runs between pixels of different classes: with these classes it parts them within a pixel.
        assert [int(arrays["pixel_classes"][1][pixel]) for pixel in pixels.ravel()[chosen]] == shown


@pytest.mark.parametrize("value", [0.5, np.nextafter(np.float32(0.5), 1), 1e38, np.inf, -np.inf, np.nan, 0.4999, 0.0])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_pixel_lies_on_the_side_of_the_cut_that_its_value_has(value, dtype):
    decision = sn.decision_of(sn.Experiment(dataset="circle", output="identity", loss="mse"))
    with np.errstate(invalid="ignore", over="ignore"):
        pixel = sn.answer_pixels(np.array([[value]], dtype), decision, (0.0, 1.0))[0]
    assert (pixel >= 128) == (value > 0.5)


@pytest.mark.parametrize(
    "settings", [{"output": "sigmoid", "loss": "bce"}, {"output": "softmax", "loss": "cross_entropy"}]
)
def test_blue_is_class_1_with_one_output_or_two(settings):
    run, scene = made(dataset="circle", updates=300, hidden=(8,), **settings)
    assert run.evaluate().train_correct / run.evaluate().train_total > 0.95
    values, arrays = scene.describe(run)
    colours = arrays["tables"][1][values["tables"]["answer"]][scene.frame(run, None).output_maps[0]].astype(int)
    middle, corner = colours[30, 30], colours[1, 1]  # the disc is class 1
    assert middle[2] > middle[0] + 50 and corner[0] > corner[2] + 50
    looks = scene.sets[0][1]["looks_train"][1]
    assert (looks == run.dataset.y_train.ravel()).all()
    assert values["classes"][1]["color"] == palette.POSITIVE


def test_several_classes_are_stronger_where_they_are_surer():
    decision = sn.decision_of(sn.Experiment(dataset="three_blobs", **sn.defaults_for("three_blobs")))
    outputs = np.array([[0.34, 0.33, 0.33], [0.6, 0.3, 0.1], [1.0, 0, 0], [0, 0, 1.0], [0.2, 0.4, 0.4]])
    pixels = sn.answer_pixels(outputs, decision, (0, 1))
    classes, surely = sn.pixel_meanings(decision)
    assert classes[pixels].tolist() == [0, 0, 0, 2, 1]
    np.testing.assert_allclose(surely[pixels], (outputs.max(axis=1) - 1 / 3) / (2 / 3), atol=0.01)


def test_one_input_has_the_curve_of_every_unit_and_of_the_target():
    run, scene = made(dataset="sine", output="identity", loss="mse")
    frame = scene.frame(run, None)
    values, arrays = scene.describe(run)
    x = arrays["curve_x"][1]
    forward = run.network.forward(sn.apply_features(x[:, None], ("x1",)))
    np.testing.assert_array_equal(frame.curves, np.concatenate(forward.a, axis=1).T)
    np.testing.assert_allclose(arrays["curve_target"][1], np.sin(x))
    low, high = frame.ranges[-1]
    assert low < run.dataset.y_train.min() and run.dataset.y_train.max() < high
    assert frame.output_maps is None and values["classes"] == []


@pytest.mark.parametrize("dataset", ["sine", "plane"])
def test_numbers_beyond_float32_reach_the_browser_as_the_ends_of_their_scale(dataset):
    spec = sn.DATASETS[dataset]
    run, scene = made(dataset=dataset, output="identity", loss="mse", hidden=(1,), activation="identity")
    net = run.network.replace(np.array([1e200] * len(spec.names) + [0.0, 1e100, 0.0]))
    there = SimpleNamespace(network=net, update=7, epoch=0, evaluate=run.evaluate, settings=run.settings)
    there.passes, there.multiplications, there.epoch_end = run.passes, run.multiplications, run.epoch_end
    frame = scene.frame(there, None)
    _, arrays = payload.describe_frames([frame])
    _, unpacked = payload.unpack(payload.pack({}, arrays))
    assert np.isfinite(unpacked["ranges"]).all()
    if dataset == "sine":
        curve = unpacked["curves"][0, -1]
        assert np.isfinite(curve).all() and curve[0] < -1e38 and curve[-1] > 1e38
    else:
        picture = unpacked["output_maps"][0, 0]
        assert picture[0, -1] == 255 and picture[-1, 0] == 0


def test_three_inputs_are_a_slice_through_two_columns_at_stated_values():
    run, scene = made(dataset="tutorial", output="sigmoid", loss="bce")
    mean = sum(x[2] for x in run.dataset.x_train.tolist()) / 3
    assert scene.view()["columns"] == (0, 1) and scene.view()["held"][2] == pytest.approx(mean)
    assert f"x3 = {mean:.4g} (the mean of the training points)" in scene.view()["words"]
    scene.look((2, 0), (0.1, 0.7, -0.3))  # x3 across, x1 up, x2 as in the input that is tried
    assert "x2 = 0.7 (as in the input" in scene.view()["words"]
    side, net = payload.OUTPUT_SIDE, run.network
    x3, x1 = -1 + 2 * 10.5 / side, 1 - 2 * 20.5 / side
    expected = net.predict([[x1, 0.7, x3]])[0, 0]
    assert scene.frame(run, None).output_maps[0, 20, 10] == pytest.approx(255 * expected, abs=0.6)
