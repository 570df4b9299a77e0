"""Charts: what is drawn are the run's own numbers."""

import numpy as np
import plotly.graph_objects as go
import pytest

import scratchnet as sn
from ui import charts


def trained(epochs: int = 3, **settings) -> sn.Run:
    run = sn.Experiment(**{"samples": 60, "hidden": (4,)} | settings).start()
    run.advance(epochs=epochs)
    return run


def answers(run: sn.Run) -> dict | None:
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


def test_a_logarithmic_axis_says_so():
    axis = charts.loss_figure(trained().history, "Loss", log=True)["layout"]["yaxis"]
    assert axis["type"] == "log"
    assert axis["title"]["text"] == "Loss, logarithmic"


@pytest.mark.parametrize(("losses", "log"), [((2.0, 1.0, 0.11), False), ((2.0, 1.0, 0.09), True), ((2.0, 0.0), False)])
def test_the_axis_is_logarithmic_by_itself_when_the_loss_falls_more_than_20_fold(losses, log):
    losses = np.array(losses)
    history = sn.History(*[np.arange(len(losses))] * 2, losses, losses, losses, losses)
    assert charts.wants_log(history) is log


def history_of(train, test=None):
    """A history with these losses, epoch after epoch; test: the same where not given."""
    train, test = np.array(train, dtype=float), np.array(train if test is None else test, dtype=float)
    epochs = np.arange(len(train))
    return sn.History(5 * epochs, epochs, train, test, train, train)


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


def test_a_linear_axis_draws_losses_of_0_at_0():
    figure = charts.loss_figure(history_of([0.9, 0.0]), "Hinge", log=False)
    assert len(figure["data"]) == 2 and list(figure["data"][0]["y"]) == [0.9, 0.0]
    assert "▲" not in figure["layout"]["yaxis"]["title"]["text"]


@pytest.mark.parametrize("log", [True, False])
@pytest.mark.parametrize("losses", [[0.0], [0.0, 0.0], [np.inf, np.nan], [1.0], [1e-300, 1e300], [1.0, np.inf, 0.0]])
def test_any_losses_make_a_figure_that_plotly_accepts_and_what_is_not_drawn_is_said(losses, log):
    history = history_of(losses)
    charts.wants_log(history)
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
    assert charts.wants_log(history_of(losses)) is log


def test_the_map_is_what_the_network_answers_at_each_point():
    run = trained()
    surface = answers(run)["data"][0]
    assert np.shape(surface["z"]) == (charts.GRID, charts.GRID)
    for row, column in ((0, 0), (0, -1), (40, 7)):
        point = np.array([[surface["x"][column], surface["y"][row]]], dtype=np.float64)
        answer = run.network.predict(sn.apply_features(point, run.settings.features))[0, 0]
        assert surface["z"][row, column] == pytest.approx(answer, abs=1e-5)


def test_the_boundary_of_two_classes_lies_exactly_in_the_middle_of_the_scale():
    for settings, middle, ends in (
        ({}, 0.5, (0.0, 1.0)),
        ({"output": "tanh", "loss": "mse"}, 0.0, (-1.0, 1.0)),
    ):
        surface = answers(trained(**settings))["data"][0]
        assert surface["contours"]["start"] == surface["contours"]["end"] == middle
        assert (surface["zmin"], surface["zmax"]) == ends
        assert surface["type"] == "contour"


def test_training_points_are_filled_and_test_points_hollow_at_their_own_places():
    run = trained()
    _, train, test = answers(run)["data"]
    for dots, x, y, symbol in (
        (train, run.dataset.x_train, run.y_train, "circle"),
        (test, run.dataset.x_test, run.y_test, "circle-open"),
    ):
        assert np.array_equal(np.column_stack([dots["x"], dots["y"]]), x)
        assert np.array_equal(dots["marker"]["color"], y[:, 0])
        assert dots["marker"]["symbol"] == symbol


def test_a_regression_has_a_scale_symmetric_about_0_and_no_boundary():
    surface = answers(trained(dataset="plane", output="identity", loss="mse"))["data"][0]
    assert surface["zmin"] == -surface["zmax"] < 0
    assert surface["type"] == "heatmap", "a contour would have lines"


def test_a_data_set_with_one_input_is_a_curve_through_its_points():
    run = trained(dataset="sine", features=("x1",), output="identity", loss="mse")
    train, test, curve = answers(run)["data"]
    assert np.array_equal(train["x"], run.dataset.x_train[:, 0]) and np.array_equal(test["y"], run.y_test[:, 0])
    assert np.allclose(curve["y"], run.network.predict(np.asarray(curve["x"])[:, None])[:, 0])


def test_three_inputs_have_no_picture():
    assert answers(trained(dataset="tutorial", features=("x1", "x2", "x3"))) is None


@pytest.mark.parametrize("name", sn.DATASETS)
def test_every_data_set_makes_a_figure_that_plotly_accepts(name):
    figure = answers(trained(dataset=name, **sn.defaults_for(name)))
    assert figure is None or go.Figure(figure)


def test_the_classes_of_several_outputs_are_those_with_the_largest():
    run = trained(dataset="three_blobs", **sn.defaults_for("three_blobs"))
    surface, train, _ = answers(run)["data"]
    assert set(np.unique(surface["z"])) <= {0, 1, 2}
    assert np.array_equal(train["marker"]["color"], run.dataset.y_train)
