"""Layers: where a layer puts the points, the grid as it bends it, and what the inputs weigh."""

import itertools

import numpy as np
import plotly.graph_objects as go
import pytest

import scratchnet as sn
from scratchnet.input_weights import input_weights
from tests.test_mistakes import figures, opened, pictures
from tests.test_playground_page import captions, checked, pg
from tests.widgets import named
from ui import layer_charts, layers
from ui.kit import palette

TWO = sn.Decision(2, 1, 0.5)
WIDE = "dataset=moons&noise=0.3&samples=80&hidden=5-3&at=40"


def hidden(app) -> dict:
    (figure,) = [figure for key, figure in figures(app).items() if key[0] == "hidden"]
    return figure


def select(app, name, value):
    return checked(named(app.selectbox, f"playground_layers_{name}").set_value(value).run())


def test_each_point_lies_at_the_activations_of_the_chosen_units_with_the_mark_of_its_class():
    app = select(opened(WIDE, "Layers"), "along", "two units")
    app = select(select(app, "Across_3", 2), "Up_3", 1)
    figure = next(f for key, f in figures(app).items() if key[0] == "hidden" and key[2] == (2, 1))
    run = pg(app).run
    drawn = [trace for trace in figure["data"] if trace["mode"] == "markers" and len(trace["x"]) > 1]
    for trace, name, x, y in zip(
        drawn, ("training", "test"), (run.x_train, run.x_test), (run.y_train, run.y_test), strict=True
    ):
        a = run.network.forward(x).a[1]
        assert trace["name"] == name
        np.testing.assert_array_equal(np.column_stack([trace["x"], trace["y"]]), a[:, [2, 1]])
        assert trace["marker"]["symbol"] == [palette.CLASSES[int(k)].symbol for k in y[:, 0]]
    assert drawn[1]["marker"]["color"] == palette.WHITE, "test points are hollow"
    assert [figure["layout"][axis]["title"]["text"] for axis in ("xaxis", "yaxis")] == ["a of unit 3", "a of unit 2"]
    assert "scaleanchor" not in figure["layout"]["yaxis"]
    assert "Where Layer 2 puts the points at update 40: a of unit 3 across, a of unit 2 up" in pictures(app)[0]


def test_more_than_two_units_are_seen_along_their_principal_components_at_one_scale():
    app = opened(WIDE, "Layers")
    figure, run = hidden(app), pg(app).run
    a = run.network.forward(run.x_train).a[1]
    variances = np.linalg.eigvalsh(np.cov(a.T))[::-1]
    first = f"{100 * variances[0] / variances.sum():.1f} %"
    assert figure["layout"]["xaxis"]["title"]["text"] == f"component 1 ({first} of the variance)"
    assert figure["layout"]["yaxis"]["scaleanchor"] == "x"
    assert any("Principal components" in caption for caption in captions(app))
    go.Figure(figure)


def test_the_last_hidden_layer_comes_first_and_any_of_two_units_or_more_can_be_chosen():
    def offered(query):
        app = opened(query, "Layers")
        found = [box for box in app.selectbox if "layers_layer" in str(box.key)]
        return (found[0].options, found[0].value) if found else None

    assert offered(WIDE) == (["Layer 1: 5 units", "Layer 2: 3 units"], 1)
    three = "dataset=three_blobs&output=softmax&loss=cross_entropy&samples=60&hidden="
    assert offered(f"{three}4-1") == (["Layer 1: 4 units", "Output: 3 units"], 0)
    assert offered(f"{three}none") == (["Output: 3 units"], 0)
    assert offered("dataset=moons&samples=60&hidden=1") is None
    assert layers.NO_LAYER in captions(opened("dataset=moons&samples=60&hidden=1", "Layers"))


def test_the_choice_of_a_layer_is_that_of_one_network_and_another_begins_anew():
    app = opened(WIDE, "Layers")
    app = select(app, "layer_2-5-3-1", 0)
    pg(app).apply(hidden=(4, 2, 3))
    app = checked(app.run())
    assert named(app.selectbox, "playground_layers_layer_2-4-2-3-1").value == 2
    pg(app).apply(hidden=(5, 3))
    app = checked(app.run())
    assert named(app.selectbox, "playground_layers_layer_2-5-3-1").value == 0


@pytest.mark.parametrize(
    "query",
    [
        "dataset=sine&features=x1&output=identity&loss=mse&samples=60&hidden=3",
        "dataset=tutorial&features=x1-x2-x3&hidden=3",
        "dataset=multi_gaussian&output=identity&loss=mse&samples=60&hidden=2",
        "dataset=five_spirals&output=softmax&loss=cross_entropy&samples=60&hidden=4",
    ],
)
def test_any_data_has_both_pictures(query):
    app = opened(query, "Layers")
    assert len(pictures(app)) == 2 and all(pictures(app))
    go.Figure(hidden(app))
    go.Figure(figures(app)["weights"])


def test_of_three_inputs_the_grid_is_the_slice_that_the_board_shows():
    app = opened("dataset=tutorial&features=x1-x2-x3&hidden=2&at=5", "Layers")
    run = pg(app).run
    lines = [trace for trace in hidden(app)["data"] if trace["mode"] == "lines"]
    places = np.concatenate([np.column_stack([line["x"], line["y"]]) for line in lines])
    corner = np.array([[-1.0, -1.0, run.dataset.x_train[:, 2].mean()]])
    a = run.network.forward(corner).a[0][0]
    assert np.isclose(places, a).all(axis=1).any()


def test_of_many_columns_of_unlike_units_the_grid_is_that_of_the_scaled_inputs_on_the_boards_plane():
    rng = np.random.default_rng(2)
    x = rng.normal(size=(40, 5)) * [1.0, 1000.0, 0.01, 1.0, 1.0]
    points = sn.Points("five", x, x[:, 1] + 500 * x[:, 0], tuple("abcde"), "sales")
    app = opened(WIDE, "Layers")
    features = tuple(f"x{i}" for i in range(1, 6))
    pg(app).apply(dataset=points, features=features, output="identity", loss="mse", scaling="standard", hidden=(2,))
    pg(app).slice(())
    app = app.run()
    assert not app.exception
    run, plane = pg(app).run, sn.principal_plane_of(pg(app).run.dataset)[0]
    (line, *_) = hidden(app)["data"]
    low = plane.window(run.dataset)[0][0]
    scaled = plane.points(np.array([low]), np.array([low]))  # a corner, as the network sees it
    a = run.network.forward(scaled).a[0][0]
    assert np.isclose(np.column_stack([line["x"], line["y"]]), a).all(axis=1).any()
    app.session_state["playground_study_tab"] = "Mistakes"
    app.run()
    drawn = figures(app)["residuals"]["data"][0]
    np.testing.assert_allclose(drawn["customdata"], run.dataset.y_train[:, 0], rtol=1e-9)  # in its own unit


GRID = np.array([[[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [3.0, 0.0]], [[0.0, 5.0], [1.0, 5.0], [2.0, 5.0], [3.0, 5.0]]])


def pieces(trace):
    """The places that a line joins, piece after piece."""
    places, found = list(zip(trace["x"].tolist(), trace["y"].tolist(), strict=True)), []
    for one, other in itertools.pairwise(places):
        if not np.isnan([*one, *other]).any():
            found.append((one, other))
    return found


def test_the_grid_has_the_colour_of_the_answer_and_is_grey_where_that_changes():
    answers = np.array([[0, 0, 1, 1], [1, 1, 1, 0]])
    figure = layer_charts.hidden_figure(
        GRID, answers, {}, ("across", "up"), TWO, ("class 0", "class 1"), (0.0, 1.0), is_true=False
    )
    of_0, of_1, changing = figure["data"][:3]
    assert pieces(of_0) == [((0, 0), (1, 0))]
    assert pieces(of_1) == [((2, 0), (3, 0)), ((0, 5), (1, 5)), ((1, 5), (2, 5))]
    assert pieces(changing) == [((1, 0), (2, 0)), ((2, 5), (3, 5))]
    colors = [trace["line"]["color"] for trace in (of_0, of_1, changing)]
    assert colors == [palette.NEGATIVE, palette.POSITIVE, palette.GREY]
    go.Figure(figure)


def test_a_grid_of_numbers_is_one_colour_and_goes_from_end_to_end_of_each_line():
    decision = sn.Decision(0, 1, None)
    answers = np.linspace(0, 1, 8).reshape(2, 4)
    figure = layer_charts.hidden_figure(GRID, answers, {}, ("across", "up"), decision, (), (-1.0, 1.0), is_true=True)
    (line,) = figure["data"]
    assert pieces(line) == [((x, y), (x + 1, y)) for y in (0, 5) for x in (0, 1, 2)]


def test_targets_of_numbers_colour_the_points_on_the_boards_scale():
    points = {"training": (np.array([[0.0, 1.0], [2.0, 3.0]]), np.array([0.5, -2.0]))}
    decision = sn.Decision(0, 1, None)
    figure = layer_charts.hidden_figure(
        GRID, np.zeros((2, 4)), points, ("across", "up"), decision, (), (-2.0, 2.0), is_true=True
    )
    marks = figure["data"][1]
    assert marks["marker"]["color"].tolist() == [0.5, -2.0]
    assert (marks["marker"]["cmin"], marks["marker"]["cmax"]) == (-2.0, 2.0)
    assert marks["hovertemplate"].startswith("across %{x")


def test_the_bars_of_the_first_layers_weights_are_sorted_and_the_smallest_of_many_are_counted():
    rng = np.random.default_rng(5)
    W = rng.normal(size=(3, 40))
    net = sn.Network.from_arrays([W, [[1.0, 1.0, 1.0]]], [np.zeros(3), np.zeros(1)], ("tanh", "sigmoid"))
    names = tuple(f"{i} <b>is</b> %{{x}}{i % 2 * ' and a long name'}" for i in range(40))
    figure = layer_charts.weights_figure(input_weights(net), names)
    below, above = figure["data"]
    sizes = [sum(abs(row[i]) for row in W.tolist()) for i in range(40)]
    order = sorted(range(40), key=lambda i: -sizes[i])[: layer_charts.MOST_INPUTS]
    assert (above["x"] - below["x"]).tolist() == pytest.approx([sizes[i] for i in order])
    assert above["x"].tolist() == pytest.approx([sum(max(row[i], 0) for row in W.tolist()) for i in order])
    wanted = [f"{i} &lt;b&gt;is&lt;/b&gt; &#37;{{x}}" for i in order]
    assert below["customdata"] == [name + i % 2 * " and a long name" for i, name in zip(order, wanted, strict=True)]
    ticks = [name + i % 2 * (" and a …" if i < 10 else " and a…") for i, name in zip(order, wanted, strict=True)]
    assert figure["layout"]["yaxis"]["ticktext"] == ticks
    assert figure["layout"]["yaxis"]["range"] == [layer_charts.MOST_INPUTS - 0.5, -0.5], "the weightiest is on top"
    assert (below["marker"]["color"], above["marker"]["color"]) == (palette.NEGATIVE, palette.POSITIVE)
    assert (below["marker"]["pattern"]["shape"], above["marker"]["pattern"]["shape"]) == ("/", "")
    go.Figure(figure)


def test_the_weights_are_read_aloud_input_by_input():
    app = opened("dataset=moons&samples=60&hidden=2&at=7&features=x1-x2-x1^2", "Layers")
    (said,) = [words for words in pictures(app) if words.startswith("Sums of the first layer's weights")]
    weights = input_weights(pg(app).run.network)
    names = [("x1", "x2", "x1^2")[i] for i in weights.inputs]
    assert [said.index(f" {name} ") for name in names] == sorted(said.index(f" {name} ") for name in names)
    assert "at update 7" in said
