"""Mistakes: what the tab counts, draws and lists are the network's own answers; a click puts a point on the board."""

import json
import math

import numpy as np
import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

import scratchnet as sn
from scratchnet.calibration import calibration
from scratchnet.roc import roc
from tests.test_decision import class_by_hand
from tests.test_playground_page import captions, checked, pg, whole
from tests.widgets import named
from ui import mistake_charts as charts
from ui import mistakes
from ui.kit.numbers import text

TWO = "dataset=moons&noise=0.3&samples=80&hidden=3&at=40"
SIX = "dataset=six_blobs&output=softmax&loss=cross_entropy&samples=120&hidden=4&noise=0.3&at=40"
NUMBERS = "dataset=multi_gaussian&output=identity&loss=mse&samples=80&hidden=3&at=40"


def opened(query: str, tab: str = "Mistakes") -> AppTest:
    app = whole(query)
    app.session_state["playground_study_tab"] = tab
    return checked(app.run())


def choose(app: AppTest, name: str, value: str) -> AppTest:
    return checked(named(app.segmented_control, f"playground_mistakes_{name}").set_value(value).run())


def figures(app: AppTest) -> dict:
    return app.session_state["playground_study"].figures


def pictures(app: AppTest) -> list[str]:
    """What is read aloud in the place of each chart."""
    return [chart.proto.alt for chart in app.get("plotly_chart")]


def listed(app: AppTest) -> list:
    return [button for button in app.button if str(button.key).startswith("playground_worst_")]


def answered(run: sn.Run, part: str) -> list[tuple[int, int]]:
    """(true class, answer) of each point, by plain comparison."""
    x, y = getattr(run, f"x_{part}"), getattr(run, f"y_{part}").tolist()
    signed = min(min(row) for row in y) < 0
    outputs = run.network.predict(x).tolist()
    return [(class_by_hand(t, signed), class_by_hand(o, signed)) for t, o in zip(y, outputs, strict=True)]


@pytest.mark.parametrize(
    "query",
    [
        TWO,
        SIX,
        "dataset=moons&noise=0.3&samples=80&hidden=3&at=40&output=tanh&loss=mse",
        "dataset=moons&noise=0.3&samples=80&hidden=3&at=40&output=softmax&loss=cross_entropy",
    ],
)
@pytest.mark.parametrize("part", ["test", "train"])
def test_the_confusion_matrix_counts_what_plain_loops_count_in_the_chosen_part(query, part):
    app = choose(opened(query), "part_2", part)
    pairs, classes = answered(pg(app).run, part), pg(app).run.dataset.classes
    figure = figures(app)[f"confusion {part}"]
    cells = figure["data"][0]
    for true in range(classes):
        row = [pairs.count((true, answer)) for answer in range(classes)]
        assert [cell.removeprefix("<b>").removesuffix("</b>") for cell in cells["text"][true]] == [str(n) for n in row]
        assert cells["text"][true][true].startswith("<b>"), "what is right is told by more than its place"
        recall = f"{100 * row[true] / sum(row):.1f} %" if sum(row) else charts.NOTHING
        assert figure["layout"]["yaxis2"]["ticktext"][true] == recall
        column = [pairs.count((other, true)) for other in range(classes)]
        precision = f"{100 * row[true] / sum(column):.1f} %" if sum(column) else charts.NOTHING
        assert figure["layout"]["xaxis2"]["ticktext"][true] == precision
        (said,) = pictures(app)
        assert f"class {true}: " in said and f"precision {precision}, recall {recall}" in said
    name = {"test": "test", "train": "training"}[part]
    assert f"of the {name} points at update 40" in said
    assert any(caption.startswith(name.capitalize()) for caption in captions(app))


def test_a_class_that_nobody_answers_and_one_that_is_not_there_have_no_share():
    figure = charts.confusion_figure(np.array([[3, 0, 2], [1, 0, 0], [0, 0, 0]]), ["0", "1", "2"])
    assert figure["layout"]["xaxis2"]["ticktext"] == ["75.0 %", "–", "0.0 %"]
    assert figure["layout"]["yaxis2"]["ticktext"] == ["60.0 %", "0.0 %", "–"]
    assert np.isfinite(figure["data"][0]["z"]).all()
    go.Figure(figure)


def test_ten_classes_have_a_cell_for_each_pair_true_ones_down_and_the_first_on_top():
    figure = charts.confusion_figure(np.arange(100).reshape(10, 10), [str(k) for k in range(10)])
    cells, layout = figure["data"][0], figure["layout"]
    assert np.shape(cells["z"]) == (10, 10) and cells["text"][2][7] == "27"
    assert layout["yaxis"]["range"] == layout["yaxis2"]["range"] == [9.5, -0.5]
    assert layout["xaxis"]["range"] == layout["xaxis2"]["range"] == [-0.5, 9.5]
    go.Figure(figure)


HOSTILE = "<script>$x$:red[b] %{x}"


def test_classes_and_columns_have_their_own_names_which_are_shown_as_text_wherever_they_come_from():
    x = np.array([[0.0, 1.0], [1.0, 0.5], [2.0, 0.1], [3.0, 0.9], [4.0, 0.2], [5.0, 0.8]])
    points = sn.Points("mine", x, np.array([0, 1, 0, 1, 0, 1]), ("width", HOSTILE), "kind", ("setosa", HOSTILE))
    app = whole()
    app.session_state["playground_study_tab"] = "Mistakes"
    pg(app).apply(dataset=points)
    app = app.run()
    run, study = pg(app).run, app.session_state["playground_study"]
    assert study.data.class_names == ("setosa", HOSTILE)
    ticks = study.figures["confusion test"]["layout"]["xaxis"]["ticktext"]
    assert ticks == ["setosa", "&lt;script&gt;$x$:r…"]
    assert "answered setosa" in pictures(app)[0] or f"answered {HOSTILE}" in pictures(app)[0]
    shown = r"\<script\>\$x\$" + ":\u2060red" + r"\[b\] %\{x\}"
    label = next(button.label for button in listed(app) if "class setosa" not in button.label)
    assert f"class {shown}, answer" in label
    app = named(app.segmented_control, "playground_mistakes_picture_3").set_value(mistakes.ROC).run()
    assert any(f"the more of {shown} is found, and the more of setosa is taken" in said for said in captions(app))
    drawn, called = study.figures["roc"], "&lt;script&gt;$x$:red[b] &#37;{x}"
    assert drawn["layout"]["xaxis"]["title"]["text"] == "share of setosa taken for &lt;script&gt;$x$:r…"
    assert drawn["layout"]["yaxis"]["title"]["text"] == "share of &lt;script&gt;$x$:r… found (recall)"
    assert all(f"of {called} found" in trace["hovertemplate"] for trace in drawn["data"][1:])
    app = named(app.segmented_control, "playground_mistakes_picture_3").set_value(mistakes.CALIBRATION).run()
    assert any(f"how probable the network says {shown} is" in said for said in captions(app))
    drawn = study.figures["calibration"]
    assert drawn["layout"]["xaxis"]["title"]["text"] == "probability of &lt;script&gt;$x$:r…, as said"
    assert drawn["layout"]["yaxis"]["title"]["text"] == "share that is &lt;script&gt;$x$:r…"
    assert f"of them are {called}" in drawn["data"][1]["hovertemplate"]
    assert f"of {HOSTILE}" in pictures(app)[0]
    assert "class 1" not in json.dumps([study.figures["roc"]["layout"], drawn["layout"]])
    app.session_state["playground_study_tab"] = "Layers"
    app.run()
    assert not app.exception
    written = [trace["name"] for trace in hidden(study) if trace["x"] == [None]]
    assert written[-2:] == ["setosa", "&lt;script&gt;$x$:red[b] &#37;{x}"]
    assert run.dataset is study.data


@pytest.mark.parametrize("classes", [(), ("a", "b"), ("a", "b", "c")])
@pytest.mark.parametrize("y", [[1], [1, 1], [0, 1], [1, 1, 1, 1]])
def test_few_points_or_one_class_alone_leave_every_tab_standing(y, classes):
    x = np.array([[0.5, 0.5], [0.5, 0.5], [2.0, 1.0], [3.0, 0.0]])[: len(y)]
    points = sn.Points("few", x, np.array(y, dtype=float if not classes else int), classes=classes)
    output, loss = {0: ("identity", "mse"), 2: ("sigmoid", "bce"), 3: ("softmax", "cross_entropy")}[len(classes)]
    app = whole()
    pg(app).apply(dataset=points, output=output, loss=loss, hidden=(3,), scaling="standard")
    assert pg(app).run.dataset.name == "few"
    for tab in ("Mistakes", "Layers"):
        app.session_state["playground_study_tab"] = tab
        app = checked(app.run())
        assert pictures(app) and all(pictures(app))
        if tab == "Mistakes":
            assert listed(app)
        if len(classes) == 2 and tab == "Mistakes":
            for picture in (mistakes.ROC, mistakes.CALIBRATION):
                assert pictures(choose(app, "picture_3", picture))


def hidden(study) -> list[dict]:
    (figure,) = [figure for key, figure in study.figures.items() if key[0] == "hidden"]
    return [trace for trace in figure["data"] if len(trace["x"]) == 1]


def test_classes_without_a_name_are_called_by_their_number():
    app = choose(opened(TWO), "picture_3", mistakes.ROC)
    assert figures(app)["roc"]["layout"]["xaxis"]["title"]["text"] == "share of class 0 taken for class 1"
    assert any("a point of class 1 has a higher output than one of class 0." in said for said in captions(app))


def test_two_classes_have_three_pictures_and_others_one_without_a_choice():
    def choices(query):
        keys = [str(control.key) for control in opened(query).segmented_control]
        return [key for key in keys if "mistakes_picture" in key]

    assert choices(TWO) == ["playground_mistakes_picture_3"]
    assert choices(TWO + "&output=tanh&loss=mse") == ["playground_mistakes_picture_2"], "a tanh gives no probability"
    assert choices(SIX) == choices(NUMBERS) == []


def test_the_mark_on_a_roc_curve_is_what_the_network_answers():
    app = choose(opened(TWO), "picture_3", mistakes.ROC)
    chance, *drawn = figures(app)["roc"]["data"]
    assert list(chance["x"]) == list(chance["y"]) == [0, 1]
    for (line, mark), part, name in zip((drawn[:2], drawn[2:]), ("train", "test"), ("training", "test"), strict=True):
        pairs = answered(pg(app).run, part)
        shares = [
            sum(answer for true, answer in pairs if true == k) / sum(true == k for true, _ in pairs) for k in (0, 1)
        ]
        assert [mark["x"][0], mark["y"][0]] == pytest.approx(shares)
        assert any(np.allclose(shares, place) for place in zip(line["x"], line["y"], strict=True)), "it lies on it"
        outputs = pg(app).run.network.predict(getattr(pg(app).run, f"x_{part}"))[:, 0]
        area = text(roc([true for true, _ in pairs], outputs).area)
        assert line["name"] == f"{name}: area {area}" and f"{name} {area}" in pictures(app)[0]
    assert [line["line"]["dash"] for line in drawn[::2]] == ["solid", "dash"]
    assert [mark["marker"]["symbol"] for mark in drawn[1::2]] == ["circle", "circle-open"]
    go.Figure(figures(app)["roc"])


def test_where_one_class_is_missing_its_curve_is_too_and_why_is_said():
    app = whole("dataset=moons&samples=2&hidden=3")
    app.session_state["playground_study_tab"] = "Mistakes"
    app = choose(checked(app.run()), "picture_3", mistakes.ROC)
    assert len(figures(app)["roc"]["data"]) == 1
    words = " ".join(captions(app))
    assert "Training: A ROC curve needs points of both classes; all 1 are of class" in words and "Test: A ROC" in words
    assert pictures(app) == ["ROC curves at update 0. Area under the curve: none."]
    points = sn.Points("few", np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([0, 1]), classes=("a*b", "rose"))
    pg(app).apply(dataset=points, output="sigmoid", loss="bce")
    words = " ".join(captions(checked(app.run())))
    assert "points of both classes; all 1 are of class rose." in words and "all 1 are of class a\\*b." in words


def test_the_calibration_has_a_mark_for_each_bin_with_points_and_their_number_below():
    app = choose(opened(TWO), "picture_3", mistakes.CALIBRATION)
    _, *drawn = figures(app)["calibration"]["data"]
    for (line, bars), part in zip((drawn[:2], drawn[2:]), ("train", "test"), strict=True):
        pairs = answered(pg(app).run, part)
        outputs = pg(app).run.network.predict(getattr(pg(app).run, f"x_{part}"))[:, 0]
        found = calibration([true for true, _ in pairs], outputs)
        assert bars["y"].tolist() == found.counts.tolist() and sum(bars["y"]) == len(pairs)
        assert bars["x"].tolist() == pytest.approx([0.05 + 0.1 * k for k in range(10)])
        np.testing.assert_array_equal(line["x"], [p for p in found.predicted if not math.isnan(p)])
        np.testing.assert_array_equal(line["y"], [p for p in found.actual if not math.isnan(p)])
        order = np.argsort(line["customdata"])
        assert (np.diff(line["marker"]["size"][order]) >= 0).all(), "more points, a larger mark"
    assert [bars["marker"]["pattern"]["shape"] for bars in drawn[1::2]] == ["", "/"]
    go.Figure(figures(app)["calibration"])


def test_residuals_are_targets_minus_answers_of_both_parts():
    app = opened(NUMBERS)
    run = pg(app).run
    figure = figures(app)["residuals"]
    for points, part, symbol in zip(figure["data"], ("train", "test"), ("circle", "circle-open"), strict=True):
        answers = run.network.predict(getattr(run, f"x_{part}"))[:, 0]
        np.testing.assert_array_equal(points["x"], answers)
        np.testing.assert_allclose(points["y"], getattr(run.dataset, f"y_{part}")[:, 0] - answers, atol=1e-15)
        np.testing.assert_allclose(points["customdata"], getattr(run.dataset, f"y_{part}")[:, 0], atol=1e-15)
        assert points["marker"]["symbol"] == symbol
    assert figure["layout"]["yaxis"]["title"]["text"] == "residual: target − answer"
    assert "Residuals" in pictures(app)[0] and f"at update {run.update}" in pictures(app)[0]
    go.Figure(figure)


@pytest.mark.parametrize("query", [TWO, SIX, NUMBERS])
@pytest.mark.parametrize("part", ["test", "train"])
def test_the_worst_answers_are_the_points_with_the_largest_loss_the_largest_first(query, part):
    app = choose(opened(query), "part_2", part)
    run = pg(app).run
    x, y = getattr(run, f"x_{part}"), getattr(run, f"y_{part}")
    losses = []
    for row in range(len(x)):  # each point's own loss, as the loss of a batch of one
        step = sn.Trainer(loss=run.settings.loss, optimizer=sn.SGD(0.1)).step(
            run.network, x[row : row + 1], y[row : row + 1], None
        )
        losses.append(step.backward.data_loss)
    order = sorted(range(len(x)), key=lambda row: -losses[row])[: mistakes.MOST_WORST]
    words = [button.label for button in listed(app)]
    assert [label.split(":")[0] for label in words] == [f"**{text(losses[row])}**  point {row + 1}" for row in order]
    for label, row in zip(words, order, strict=True):
        outputs = run.network.predict(x[row : row + 1])[0]
        if query == NUMBERS:
            assert label.endswith(f": target {text(y[row, 0])}, answer {text(outputs[0])}")
            continue
        true, answer = answered(run, part)[row]
        assert f"class {true}" in label and f"answer {answer}" in label
        assert f"(output {text(outputs[true if query == SIX else 0])})" in label


@pytest.mark.parametrize("part", ["test", "train"])
def test_a_click_puts_the_point_on_the_board_and_the_list_shows_which_one_it_is(part):
    app = choose(opened(TWO), "part_2", part)
    before = [button.label for button in listed(app)]
    assert not any("on the board" in button.label for button in listed(app))
    row = int(listed(app)[2].key.rsplit("_", 1)[1])
    app = checked(listed(app)[2].click().run())
    point = getattr(pg(app).run.dataset, f"x_{part}")[row]
    assert pg(app).probe == tuple(point.tolist())
    assert app.query_params["input"], "and the address has it"
    labels = [button.label.removesuffix(" **← on the board**") for button in listed(app)]
    assert labels == before, "the run stands where it stood"
    followed = [button.label.endswith(" **← on the board**") for button in listed(app)]
    assert followed == [False] * 2 + [True] + [False] * 5
    assert {button.proto.type for button in listed(app)} == {"tertiary"}, "of another kind it would lose the focus"


def test_a_click_while_it_plays_goes_on_playing_with_the_point_on_the_board():
    app = opened(TWO)
    pg(app).play()
    app = listed(checked(app.run()))[0].click().run()
    assert pg(app).playing and pg(app).probe is not None


def test_mistakes_keep_still_while_it_plays_and_say_which_update_they_show():
    app = opened(TWO)
    before = app.session_state["playground_study"]
    pg(app).play()
    pg(app).apply(learning_rate=0.5)
    checked(app.run())
    assert app.session_state["playground_study"] is before
    assert any("These show update 40 " in caption and "pause to bring" in caption for caption in captions(app))


def test_points_that_are_both_are_shown_once_and_cannot_be_chosen_apart():
    app = opened("dataset=xor_gate&hidden=2&at=20")
    assert not [key for control in app.segmented_control if "mistakes_part" in (key := str(control.key))]
    assert "of the training and test points" in pictures(app)[0]
    assert len(listed(app)) == 4
    app = choose(app, "picture_3", mistakes.ROC)
    assert [trace["name"].split(":")[0] for trace in figures(app)["roc"]["data"]][1:] == ["training and test"] * 2


def test_points_kept_for_validation_are_a_part_of_their_own_told_by_line_and_mark():
    app = opened(TWO + "&validation_fraction=0.2")
    app = choose(app, "part_3", "validation")
    run = pg(app).run
    assert "of the validation points" in pictures(app)[0]
    pairs = answered(run, "validation")
    cells = figures(app)["confusion validation"]["data"][0]["text"]
    assert sum(int(cell.strip("<b/>")) for row in cells for cell in row) == len(pairs) == len(run.x_validation) > 0
    worst = worst_row(run, "validation")
    assert listed(app)[0].label.split(":")[0].endswith(f"point {worst + 1}")
    app = checked(listed(app)[0].click().run())
    assert pg(app).probe == tuple(run.dataset.x_validation[worst].tolist())
    app = choose(app, "picture_3", mistakes.ROC)
    lines = [trace for trace in figures(app)["roc"]["data"][1:] if trace["mode"] == "lines"]
    assert [line["line"]["dash"] for line in lines] == ["solid", "dot", "dash"]
    marks = [trace["marker"]["symbol"] for trace in figures(app)["roc"]["data"] if trace["mode"] == "markers"]
    assert marks == ["circle", "circle-open-dot", "circle-open"]
    app = choose(app, "picture_3", mistakes.CALIBRATION)
    bars = [trace for trace in figures(app)["calibration"]["data"] if trace["type"] == "bar"]
    assert [bar["marker"]["pattern"]["shape"] for bar in bars] == ["", ".", "/"]
    for name in ("roc", "calibration"):
        go.Figure(figures(app)[name])


def worst_row(run: sn.Run, part: str) -> int:
    """The point with the largest binary cross-entropy."""
    outputs, y = run.network.predict(getattr(run, f"x_{part}"))[:, 0], getattr(run, f"y_{part}")[:, 0]
    losses = [-math.log(a if t else 1 - a) for a, t in zip(outputs.tolist(), y.tolist(), strict=True)]
    return losses.index(max(losses))


def test_nothing_is_drawn_before_it_comes_into_sight():
    app = whole(TWO)
    app.session_state["playground_study_seen"] = False
    app.session_state["playground_study_tab"] = "Mistakes"
    checked(app.run())
    assert pictures(app) == [] and listed(app) == []
    assert "The charts are drawn when they come into sight." in captions(app)


def test_outputs_that_are_no_numbers_are_said_and_the_list_still_stands():
    app = opened(TWO)
    study = app.session_state["playground_study"]
    outputs = {part: np.full_like(values, np.nan) for part, values in study.outputs.items()}
    study.__dict__["outputs"] = outputs
    checked(app.run())
    assert [info.value for info in app.info] == [mistakes.NOT_FINITE]
    assert len(listed(app)) == mistakes.MOST_WORST
