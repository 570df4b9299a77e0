"""Charts: what is drawn are the run's own numbers."""

import math

import numpy as np
import plotly.graph_objects as go
import pytest

import scratchnet as sn
from tests.test_decision import allowed, class_by_hand
from ui import charts
from ui.kit import palette
from ui.loss_axis import wants_log
from ui.play.payload import Scene


def log_wanted(history):
    return wants_log(history.train_loss, history.test_loss)


def trained(epochs: int = 3, **settings) -> sn.Run:
    run = sn.Experiment(**{"samples": 60, "hidden": (4,)} | settings).start()
    run.advance(epochs=epochs)
    return run


def answers(run: sn.Run) -> dict:
    return charts.answer_figure(run.network, run.settings, run.dataset, run.y_train, run.y_test)


def test_the_loss_curves_are_the_history_with_training_solid_and_test_dashed():
    run = trained()
    figure = charts.loss_figure(run.history, "Binary cross-entropy", log=False)
    train, test = figure["data"]
    for curve, losses in ((train, run.history.train_loss), (test, run.history.test_loss)):
        assert np.array_equal(curve["x"], run.history.epoch)
        assert np.array_equal(curve["y"], losses)
        assert np.array_equal(curve["customdata"], run.history.update)
    assert (train["line"]["dash"], test["line"]["dash"]) == ("solid", "dash")
    assert figure["layout"]["yaxis"]["title"]["text"] == "Binary cross-entropy"
    go.Figure(figure)


def test_points_kept_for_validation_have_a_dotted_curve_and_hollow_marks_with_a_dot():
    run = trained(validation_fraction=0.2, dataset="three_blobs", output="softmax", loss="cross_entropy")
    curves = charts.loss_figure(run.history, "Cross-entropy", log=False)["data"]
    assert [curve["name"] for curve in curves] == ["training loss", "validation loss", "test loss"]
    assert np.array_equal(curves[1]["y"], run.history.validation_loss) and curves[1]["line"]["dash"] == "dot"
    figure = charts.answer_figure(
        run.network, run.settings, run.dataset, run.y_train, run.y_test, y_validation=run.y_validation
    )
    (points,) = [trace for trace in figure["data"] if trace.get("name") == "validation" and len(trace["x"]) > 1]
    assert np.array_equal(np.column_stack([points["x"], points["y"]]), run.dataset.x_validation)
    classes = run.dataset.y_validation.tolist()
    assert points["marker"]["symbol"] == [f"{palette.CLASSES[k].symbol}-dot" for k in classes]
    assert points["marker"]["color"] == palette.WHITE
    go.Figure(figure)
    run = trained(validation_fraction=0.2, dataset="sine", features=("x1",), output="identity", loss="mse")
    figure = charts.answer_figure(
        run.network, run.settings, run.dataset, run.y_train, run.y_test, y_validation=run.y_validation
    )
    points = figure["data"][2]
    assert (points["name"], points["marker"]["symbol"]) == ("validation", "circle-open-dot")
    assert np.array_equal(points["y"], run.dataset.y_validation[:, 0])


def test_every_class_has_a_mark_for_points_of_validation_that_plotly_knows():
    x = np.zeros((10, 2))
    go.Figure({"data": [charts.marks("validation", x, np.arange(10), [f"class {k}" for k in range(10)], (0.0, 1.0))]})


@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
def test_a_hover_names_the_class_of_a_place_and_of_a_point_as_its_owner_did(output):
    names = ("<b>cat</b>", "dog %{x}") if output == "sigmoid" else ("<b>cat</b>", "dog %{x}", "a" * 40)
    said = ["&lt;b&gt;cat&lt;/b&gt;", "dog &#37;{x}", f"{'a' * 23}…"]  # as letters, and a long one cut
    rng = np.random.default_rng(0)
    y = np.arange(30) % len(names)
    x = rng.normal(size=(30, 2)) + 4.0 * y[:, None]
    points = sn.Points("animals", x, y, ("weight", "height"), classes=names)
    loss = "bce" if output == "sigmoid" else "cross_entropy"
    run = trained(40, dataset=points, output=output, loss=loss, learning_rate=0.1, samples=30)
    surface, train = answers(run)["data"][:2]
    assert [said.index(name) for name in train["customdata"]] == np.ravel(run.dataset.y_train).astype(int).tolist()
    places = np.stack(np.meshgrid(surface["x"], surface["y"]), axis=-1).reshape(-1, 2)
    outputs = run.network.predict(run.dataset.scaled(places))
    won = outputs.argmax(axis=1) if output == "softmax" else (outputs[:, 0] > 0.5).astype(int)
    assert len(set(won.tolist())) == len(names)
    assert [said.index(name) for name in surface["customdata"].ravel()] == won.tolist()
    assert all("class %{customdata}" in trace["hovertemplate"] for trace in (surface, train))


@pytest.mark.parametrize(
    ("low", "high", "written"),
    [
        (-1.3, -0.2, ["0.1", "0.2", "0.5"]),
        (-0.3, 0.3, ["0.6", "0.7", "0.8", "0.9", "1"]),  # 1.5 and 2 would be too many
        (-0.02, 0.4, ["1", "1.5", "2", "2.5"]),
        (-12.1, 2.2, ["1e-12", "1e-9", "1e-6", "0.001", "1"]),
    ],
)
def test_beside_a_logarithmic_axis_every_number_is_written_whole_and_they_are_few(low, high, written):
    marks = charts.log_marks(low, high)
    assert marks["ticktext"] == written
    assert marks["tickvals"] == pytest.approx([float(words) for words in written], rel=1e-12)


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ([0.05, 0.1], ["0.05", "0.06", "0.07", "0.08", "0.09", "0.1"]),
        ([0.013, 0.6], ["0.02", "0.05", "0.1", "0.2", "0.5"]),
        ([0.3], ["0.2", "0.3", "0.4", "0.5"]),
        ([3e-7, 0.2], ["1e-6", "1e-5", "0.0001", "0.001", "0.01", "0.1"]),
        ([0.69215, 0.69315], ["0.69209", "0.69321"]),  # no round number between: both ends, 6 % beyond
        ([0.6931, 0.69310001], ["0.6931", "0.69310001"]),
        ([1.5e308, 1.0], ["1", *(f"1e{45 * k}" for k in range(1, 7))]),
        ([5e-324, 1.0], [*(f"1e-{44 * k}" for k in range(6, 0, -1)), "1"]),
    ],
)
def test_a_logarithmic_axis_holds_all_values_and_two_marks_at_least_however_near_or_far_they_are(values, written):
    axis = charts.log_axis(np.array(values))
    low, high = axis["range"]
    assert 10.0**low > 0 and math.isfinite(10.0**high)
    assert all(low <= max(math.log10(value), -307) <= high for value in values)
    assert axis["ticktext"] == written
    assert axis["tickvals"] == pytest.approx([float(words) for words in written], rel=1e-6)
    assert all(low - 1e-9 <= math.log10(mark) <= high + 1e-9 for mark in axis["tickvals"])


def test_a_logarithmic_axis_without_values_has_no_marks():
    assert charts.log_axis(np.array([]))["tickvals"] == []


def test_marks_of_a_loss_that_spans_a_decade_are_not_digits_without_their_power_of_ten():
    axis = charts.loss_figure(trained(40, learning_rate=0.1).history, "Loss", log=True)["layout"]["yaxis"]
    low, high = (10**end for end in axis["range"])
    assert 2 <= len(axis["tickvals"]) <= 7 and all(low <= value <= high for value in axis["tickvals"])
    assert [float(words) for words in axis["ticktext"]] == pytest.approx(axis["tickvals"], rel=1e-12)


def test_a_logarithmic_axis_says_so():
    axis = charts.loss_figure(trained().history, "Loss", log=True)["layout"]["yaxis"]
    assert axis["type"] == "log"
    assert axis["title"]["text"] == "Loss, logarithmic"


@pytest.mark.parametrize(("losses", "log"), [((2.0, 1.0, 0.11), False), ((2.0, 1.0, 0.09), True), ((2.0, 0.0), False)])
def test_the_axis_is_logarithmic_by_itself_when_the_loss_falls_more_than_20_fold(losses, log):
    losses = np.array(losses)
    history = sn.History(*[np.arange(len(losses))] * 3, *[losses] * 6)
    assert log_wanted(history) is log


def history_of(train, test=None):
    """A history with these losses, epoch after epoch; test: the same where not given."""
    train, test = np.array(train, dtype=float), np.array(train if test is None else test, dtype=float)
    epochs = np.arange(len(train))
    return sn.History(5 * epochs, epochs, epochs, train, test, train, train, *[np.full(len(train), np.nan)] * 2)


def test_losses_of_exactly_0_are_triangles_at_the_foot_of_a_logarithmic_axis_and_the_rest_is_drawn():
    figure = charts.loss_figure(history_of([0.9, 0.3, 0.0, 0.0], [1.0, 0.02, 0.01, 0.0]), "Hinge", log=True)
    train, test, train_zeros, test_zeros = figure["data"]
    assert [float(y) for y in train["y"][:2]] == [0.9, 0.3] and np.isnan(train["y"][2:]).all()
    assert [float(y) for y in test["y"][:3]] == [1.0, 0.02, 0.01] and np.isnan(test["y"][3])
    assert list(train_zeros["x"]) == [2, 3] and list(test_zeros["x"]) == [3]
    assert list(train_zeros["customdata"]) == [10, 15], "hover says at which update"
    low, high = figure["layout"]["yaxis"]["range"]
    assert 10**low < 0.01 and 10**high > 1.0 and set(train_zeros["y"]) == {10**low}
    assert "▲ is 0" in figure["layout"]["yaxis"]["title"]["text"]
    go.Figure(figure)


def test_a_loss_between_two_gaps_is_a_dot_since_a_line_would_not_show_it():
    losses = [1.0, 0.5, 0.0, 0.01, 0.0, 0.2, 0.1]
    train = charts.loss_figure(history_of(losses), "Hinge", log=True)["data"][0]
    assert (train["mode"], list(train["marker"]["size"])) == ("lines+markers", [0, 0, 0, 6, 0, 0, 0])


def test_a_linear_axis_draws_losses_of_0_at_0():
    figure = charts.loss_figure(history_of([0.9, 0.0]), "Hinge", log=False)
    assert len(figure["data"]) == 2 and list(figure["data"][0]["y"]) == [0.9, 0.0]
    assert "▲" not in figure["layout"]["yaxis"]["title"]["text"]


@pytest.mark.parametrize("log", [True, False])
@pytest.mark.parametrize("losses", [[0.0], [0.0, 0.0], [np.inf, np.nan], [1.0], [1e-300, 1e300], [1.0, np.inf, 0.0]])
def test_any_losses_make_a_figure_that_plotly_accepts_and_what_is_not_drawn_is_said(losses, log):
    history = history_of(losses)
    log_wanted(history)
    figure = charts.loss_figure(history, "Loss", log)
    assert np.isfinite(figure["layout"]["yaxis"].get("range", 0)).all()
    drawn = sum(int(np.isfinite(np.asarray(trace["y"])).sum()) for trace in figure["data"])
    unfit = 2 * int((~np.isfinite(losses)).sum())
    assert drawn == 2 * len(losses) - unfit
    words = [note["text"] for note in figure["layout"]["annotations"]]
    assert words == ([f"Not drawn: {unfit} losses that are infinite or not a number."] if unfit else [])
    go.Figure(figure)


@pytest.mark.parametrize(
    ("losses", "log"), [((2.0, 0.09, 0.0), True), ((2.0, 0.09, np.inf), True), ((2.0, 1.0, np.nan), False)]
)
def test_losses_that_no_logarithmic_axis_shows_do_not_choose_it_nor_prevent_it(losses, log):
    assert log_wanted(history_of(losses)) is log


def test_the_map_is_what_the_network_answers_at_each_point():
    run = trained()
    surface = answers(run)["data"][0]
    assert np.shape(surface["z"]) == (charts.GRID, charts.GRID)
    for row, column in ((0, 0), (0, -1), (40, 7)):
        point = np.array([[surface["x"][column], surface["y"][row]]])
        answer = run.network.predict(sn.apply_features(point, run.settings.features))[0, 0]
        assert surface["z"][row, column] == pytest.approx(answer, rel=1e-12)


# ---- classes: every picture says what the accuracy counts ------------------------------------------------------------


def color_at(surface, row, column):
    """The colour of a cell, (3,), mixed from the scale as Plotly does."""
    share = (surface["z"][row, column] - surface["zmin"]) / (surface["zmax"] - surface["zmin"])
    stops = np.array([at for at, _ in surface["colorscale"]])
    colors = np.array([rgb(color) for _, color in surface["colorscale"]])
    place = min(int(np.searchsorted(stops, share, side="right")), len(stops) - 1)  # of two stops at a place the later
    low, high = stops[place - 1], stops[place]
    return colors[place - 1] + (colors[place] - colors[place - 1]) * (share - low) / (high - low)


def rgb(color):
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)], dtype=float)


def hue(color):
    """A colour without how pale it is: its distance from the map's near-white, of length 1; 0 for near-white itself."""
    away = color - rgb(palette.MIDDLE)
    return away / np.linalg.norm(away) if np.linalg.norm(away) > 1e-6 else away


@pytest.mark.parametrize(
    ("dataset", "output", "loss"), [pair for pair in allowed() if pair[0] not in ("plane", "sine")]
)
def test_colour_and_hover_of_each_place_and_point_are_those_of_the_class_that_plain_comparison_gives(
    dataset, output, loss, monkeypatch
):
    monkeypatch.setattr(charts, "GRID", 24)  # a coarse map has places enough to look at, and is drawn in no time
    names = sn.DATASETS[dataset].names
    run = trained(dataset=dataset, features=names, output=output, loss=loss, noise=0.2, init_seed=3)
    figure = answers(run)
    surface, train, test = figure["data"][:3]
    signed = output == "tanh" or loss == "hinge"
    held = run.dataset.x_train.mean(axis=0)
    for row, column in np.random.default_rng(5).integers(0, charts.GRID, (60, 2)):
        place = [surface["x"][column], surface["y"][row], *held[2:]]
        said = class_by_hand(run.network.predict(sn.apply_features([place], names))[0].tolist(), signed)
        assert surface["customdata"][row, column] == str(said)
        seen = hue(color_at(surface, row, column))
        assert not seen.any() or np.allclose(seen, hue(rgb(palette.CLASSES[said].color)), atol=0.06)
    parts = [(train, run.dataset.x_train, run.dataset.y_train), (test, run.dataset.x_test, run.dataset.y_test)]
    for dots, x, y in parts[: 1 if run.dataset.fixed else 2]:
        classes = [int(k) for k in np.ravel(y)]
        marker = dots["marker"]
        colors = marker["line"]["color"] if dots is test else marker["color"]
        assert np.array_equal(np.column_stack([dots["x"], dots["y"]]), x[:, :2])
        assert list(colors) == [charts.point_color(k) for k in classes]
        assert list(marker["symbol"]) == [palette.CLASSES[k].symbol for k in classes]
        assert list(dots["customdata"]) == [str(k) for k in classes]
    legend = [trace["name"] for trace in figure["data"][1:] if trace.get("showlegend", True)]
    count = len(run.network.biases[-1]) if output == "softmax" else 2
    assert legend[-count:] == [f"class {k}" for k in range(count)]


@pytest.mark.parametrize(
    ("settings", "cut", "ends"),
    [
        ({}, 0.5, (0.0, 1.0)),
        ({"output": "identity", "loss": "mse"}, 0.5, (0.0, 1.0)),
        ({"output": "relu", "loss": "mae"}, 0.5, (0.0, 1.0)),
        ({"output": "softplus", "loss": "huber"}, 0.5, (0.0, 1.0)),
        ({"output": "tanh", "loss": "mse"}, 0.0, (-1.0, 1.0)),
        ({"output": "identity", "loss": "hinge"}, 0.0, (-1.0, 1.0)),
        ({"output": "sigmoid", "loss": "hinge"}, 0.0, (-1.0, 1.0)),
    ],
)
def test_the_line_between_two_classes_stands_at_the_cut_which_is_the_middle_of_the_scale(settings, cut, ends):
    surface = answers(trained(**settings))["data"][0]
    assert surface["type"] == "contour"
    assert surface["contours"]["start"] == surface["contours"]["end"] == cut
    assert (surface["zmin"], surface["zmax"]) == ends
    assert surface["colorscale"][1] == (0.5, palette.MIDDLE)


def test_data_of_a_single_class_are_drawn_on_the_same_scale_in_the_colour_of_that_class():
    run = trained()
    figure = charts.answer_figure(
        run.network, run.settings, run.dataset, np.zeros_like(run.y_train), np.zeros_like(run.y_test)
    )
    surface, train, test = figure["data"][:3]
    assert (surface["zmin"], surface["zmax"], surface["contours"]["start"]) == (0.0, 1.0, 0.5)
    assert set(train["marker"]["color"]) == set(test["marker"]["line"]["color"]) == {charts.point_color(0)}


def test_lines_between_many_classes_part_exactly_the_neighbours_that_differ():
    run = trained(dataset="three_blobs", **sn.defaults_for("three_blobs"))
    figure = answers(run)
    surface, _, _, lines = figure["data"][:4]
    classes, x1, x2 = surface["customdata"], surface["x"], surface["y"]
    wanted = set()
    for row in range(charts.GRID):
        for column in range(charts.GRID):
            for other in ((row, column + 1), (row + 1, column)):
                if max(other) < charts.GRID and classes[other] != classes[row, column]:
                    middle = (x1[column] + x1[other[1]]) / 2, (x2[row] + x2[other[0]]) / 2
                    wanted.add((round(middle[0], 6), round(middle[1], 6)))
    xs, ys = lines["x"].reshape(-1, 3), lines["y"].reshape(-1, 3)
    drawn = {(round(x, 6), round(y, 6)) for x, y in zip(xs[:, :2].mean(axis=1), ys[:, :2].mean(axis=1), strict=True)}
    assert drawn == wanted and len(xs) == len(wanted) > 0


def test_the_surer_a_class_wins_the_stronger_is_its_colour():
    outputs = np.array([[0.34, 0.33, 0.33], [0.1, 0.6, 0.3], [0.0, 1.0, 0.0]])
    every = np.repeat(outputs, charts.GRID * charts.GRID // 3, axis=0)
    axis = np.linspace(-1, 1, charts.GRID)
    z = charts._winners(every, every.argmax(axis=1), axis, axis, ("class 0", "class 1", "class 2"))["z"].ravel()
    just, surer, surest = z[0], z[len(z) // 2], z[-1]
    assert 0 < just < 0.02 and 1.3 < surer < surest < 2, "a whole number for the class, and behind the point how sure"


def test_points_that_are_both_training_and_test_are_drawn_once_and_filled():
    figure = answers(trained(dataset="xor_gate"))
    points = [trace for trace in figure["data"][1:] if len(trace["x"]) == 4]
    assert [trace["name"] for trace in points] == ["training and test"]
    assert points[0]["marker"]["color"][0] != "#ffffff"


def test_training_points_are_filled_and_test_points_hollow():
    _, train, test = answers(trained())["data"][:3]
    assert train["marker"]["line"]["color"] == "#ffffff" != train["marker"]["color"]
    assert test["marker"]["color"] == "#ffffff"


# ---- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("output", ["identity", "relu", "tanh", "sigmoid"])
def test_a_regression_has_the_boards_scale_whatever_its_output_is(output):
    run = trained(dataset="plane", output=output, loss="mse")
    surface = answers(run)["data"][0]
    assert (surface["zmin"], surface["zmax"]) == Scene(run, 1).output_range


def test_a_regression_has_the_boards_scale_symmetric_about_0_and_no_boundary():
    run = trained(dataset="plane", output="identity", loss="mse")
    surface, train, test = answers(run)["data"][:3]
    assert surface["zmin"] == -surface["zmax"] < 0
    assert (surface["zmin"], surface["zmax"]) == Scene(run, 1).output_range
    assert surface["type"] == "heatmap", "a contour would have lines"
    for colors in (train["marker"], test["marker"]["line"]):
        assert (colors["cmin"], colors["cmax"]) == (surface["zmin"], surface["zmax"])
    assert np.array_equal(test["marker"]["line"]["color"], run.y_test[:, 0])


class Answering:
    """A network that answers what it is told, row by row."""

    def __init__(self, outputs):
        self.outputs = outputs

    def predict(self, x):
        return np.resize(self.outputs, (len(x), 1))


@pytest.mark.parametrize("settings", [{}, {"dataset": "plane", "output": "identity", "loss": "mse"}])
def test_outputs_beyond_any_scale_are_drawn_as_its_ends_and_a_hover_says_the_true_number(settings):
    run = trained(**settings)
    told = np.array([1e39, -1e39, 1e300, np.inf, -np.inf, 0.25, np.nan])
    figure = charts.answer_figure(Answering(told), run.settings, run.dataset, run.y_train, run.y_test)
    surface = figure["data"][0]
    low, high = surface["zmin"], surface["zmax"]
    np.testing.assert_array_equal(
        surface["z"].ravel()[:7], np.clip([high, low, high, high, low, 0.25, np.nan], low, high)
    )
    said = [words for row in surface["text"] for words in row][:7]
    assert said == ["1e39", "−1e39", "1e300", "infinity", "minus infinity", "0.25", "not a number"]
    assert "%{text}" in surface["hovertemplate"]
    missing = sum(place % 7 == 6 for place in range(charts.GRID**2))
    (note,) = figure["layout"]["annotations"]
    assert note["text"] == f"Not drawn: at {missing:,} of 6,561 places the output is not a number."
    go.Figure(figure)


def test_a_data_set_with_one_input_is_a_curve_through_its_points():
    run = trained(dataset="sine", features=("x1",), output="identity", loss="mse")
    figure = answers(run)
    train, test, curve = figure["data"]
    assert np.array_equal(train["x"], run.dataset.x_train[:, 0]) and np.array_equal(test["y"], run.y_test[:, 0])
    assert np.allclose(curve["y"], run.network.predict(np.asarray(curve["x"])[:, None])[:, 0])
    assert not figure["layout"]["annotations"]


def test_a_curve_that_goes_far_beyond_its_points_is_cut_there_and_says_so():
    run = trained(dataset="sine", features=("x1",), output="identity", loss="mse")
    told = np.array([0.5, 1e50, -1e39])
    figure = charts.answer_figure(Answering(told), run.settings, run.dataset, run.y_train, run.y_test)
    curve = figure["data"][2]
    assert curve["y"][0] == 0.5 and np.isnan(curve["y"][1:3]).all()
    assert figure["layout"]["annotations"][0]["text"] == "Not drawn: outputs from −1e39 to 1e50."


def test_three_inputs_are_a_slice_at_the_mean_of_the_training_data_which_is_said():
    run = trained(dataset="tutorial", features=("x1", "x2", "x3"))
    surface, train, _ = answers(run)["data"][:3]
    mean = (0.1 - 0.5 + 0.9) / 3
    point = np.array([[surface["x"][3], surface["y"][60], mean]])
    assert surface["z"][60, 3] == pytest.approx(run.network.predict(point)[0, 0], rel=1e-12)
    assert np.array_equal(np.column_stack([train["x"], train["y"]]), run.dataset.x_train[:, :2])
    assert charts.slice_in_words(run.dataset, sn.plane_of(run.dataset)) == (
        "The map is a slice along x1 and x2, at x3 = 0.1667 (the mean of the training points). Points stand at their"
        " own place in these two, wherever they are in the others."
    )
    circle = trained().dataset
    assert charts.slice_in_words(circle, sn.plane_of(circle)) == ""


def test_on_the_plane_of_the_principal_components_points_stand_at_their_coordinates():
    run = trained(dataset="tutorial", features=("x1", "x2", "x3"))
    plane, _ = sn.principal_plane(run.dataset.x_train)
    figure = charts.answer_figure(run.network, run.settings, run.dataset, run.y_train, run.y_test, plane)
    surface, points = figure["data"][:2]
    s, t = surface["x"][3], surface["y"][60]
    place = [o + s * a + t * u for o, a, u in zip(plane.origin, plane.across, plane.up, strict=True)]
    assert surface["z"][60, 3] == pytest.approx(run.network.predict(np.array([place]))[0, 0], rel=1e-9)
    centred = run.dataset.x_train - run.dataset.x_train.mean(axis=0)
    expected = centred.dot(np.array([plane.across, plane.up]).T)
    np.testing.assert_allclose(np.column_stack([points["x"], points["y"]]), expected, atol=1e-12)
    titles = [figure["layout"][axis]["title"]["text"] for axis in ("xaxis", "yaxis")]
    variances = np.linalg.eigvalsh(np.cov(run.dataset.x_train.T))[::-1]
    shares = [f"{100 * variance / variances.sum():.1f} %" for variance in variances]
    assert titles == [f"component {k + 1} ({shares[k]} of the variance)" for k in range(2)]
    reach = 1.05 * np.abs(expected).max()
    for axis in ("xaxis", "yaxis"):
        assert figure["layout"][axis]["range"] == pytest.approx((-reach, reach))


def test_another_slice_is_drawn_along_its_own_two_inputs_and_said():
    run = trained(dataset="tutorial", features=("x1", "x2", "x3"))
    plane = sn.slice_at((2, 0), (0.0, 0.7, 0.0))
    figure = charts.answer_figure(run.network, run.settings, run.dataset, run.y_train, run.y_test, plane)
    surface, points = figure["data"][:2]
    across, up = surface["x"][3], surface["y"][60]
    assert surface["z"][60, 3] == pytest.approx(run.network.predict(np.array([[up, 0.7, across]]))[0, 0], rel=1e-12)
    assert np.array_equal(np.column_stack([points["x"], points["y"]]), run.dataset.x_train[:, [2, 0]])
    assert [figure["layout"][axis]["title"]["text"] for axis in ("xaxis", "yaxis")] == ["x3", "x1"]
    words = charts.slice_in_words(run.dataset, plane)
    assert words.startswith("The map is a slice along x3 and x1, at x2 = 0.7 (as in the input")


@pytest.mark.parametrize("name", sn.DATASETS)
def test_every_data_set_makes_a_figure_that_plotly_accepts(name):
    assert go.Figure(answers(trained(dataset=name, **sn.defaults_for(name))))


def test_a_point_has_the_hue_of_its_class_and_is_darker():
    for k, mark in enumerate(palette.CLASSES):
        np.testing.assert_allclose(rgb(charts.point_color(k)), 0.66 * rgb(mark.color), atol=0.51)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"output": "tanh", "loss": "mse"},
        {"output": "identity", "loss": "mse"},
        {"output": "relu", "loss": "mae"},
        {"output": "softmax", "loss": "cross_entropy"},
        {"dataset": "three_blobs", "output": "softmax", "loss": "cross_entropy"},
        {"dataset": "five_spirals", "output": "softmax", "loss": "cross_entropy"},
        {"dataset": "tutorial", "features": ("x1", "x2", "x3")},
    ],
)
def test_board_and_chart_show_the_same_class_wherever_no_border_is_near(settings):
    run = trained(**settings)
    shown = answers(run)["data"][0]["customdata"].astype(int)
    scene = Scene(run, 1)
    pixels = scene.frame(run, None).output_maps[0]
    classes = sn.pixel_meanings(scene.decision)[0][pixels][::-1]  # a picture begins above, a chart below
    compared = 0
    for row, column in np.random.default_rng(0).integers(0, len(pixels), (400, 2)):
        y, x = (round((place + 0.5) / len(pixels) * (charts.GRID - 1)) for place in (row, column))
        near = shown[max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2]
        if (near == near[0, 0]).all():
            assert classes[row, column] == near[0, 0]
            compared += 1
    assert compared > 200
