"""A regression whose inputs and targets are scaled is in the data's own units on every screen and paper, or says so.

The targets lie around 300,000 with a spread of 50,000, so that a scaled number is never taken for one in units. All
references are plain loops over the points below and the parameters of the network.
"""

import csv
import dataclasses
import io
import math
from urllib.parse import parse_qsl

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import scratchnet as sn
from scratchnet.points import TEST, TRAIN, VALIDATION
from tests import by_hand
from tests.lesson_app import sound
from tests.menu_pages import MENU
from tests.paper_reader import is_rounded, read, words
from tests.test_hand_ins_page import looked_through
from tests.test_hand_ins_page import opened as pupil
from tests.test_hand_out import share
from tests.test_mistakes import figures, listed, opened
from tests.test_playground_page import captions, checked, pg, whole
from tests.test_report import picture_of, rows_below
from ui import charts, exercise
from ui import share as share_drawer
from ui.classroom import assignment, hand_in, shelf
from ui.kit.numbers import text
from ui.paper import worksheet as paper
from ui.paper.report import report
from ui.play.conversation import Conversation
from ui.play.payload import unpack
from ui.play.playground import Playground
from ui.state import tables
from ui.tables import parameters_as_csv
from ui.terms import TERMS

NAMES = ("price, net", "=rooms", "age")
PARTS = {"training": ("train", TRAIN), "validation": ("validation", VALIDATION), "test": ("test", TEST)}
SCALED_LOSS = "The targets are scaled as the inputs are, so the losses are those of scaled targets."
LINK = "http://localhost:8501/?dataset=homes"


def homes(columns: int, rows: int = 24, parts: bool = True) -> sn.Points:
    """Every second row is for training, and of the others every second one for validation."""
    rng = np.random.default_rng(5)
    x = rng.normal(size=(rows, 3)) * [20.0, 1.5, 9.0] + [100.0, 4.0, 30.0]
    y = 300_000 + 50_000 * np.sin(x[:, 0] / 20) + 9_000 * rng.normal(size=rows)
    said = np.array([(TRAIN, VALIDATION, TRAIN, TEST)[row % 4] for row in range(rows)])
    return sn.Points("homes", x[:, :columns], y, NAMES[:columns], "value", parts=said if parts else None)


def settings_of(points: sn.Points, scaling: str = "standard") -> dict:
    features = tuple(f"x{column + 1}" for column in range(len(points.names)))
    return {"dataset": points, "features": features, "hidden": (3,), "output": "identity", "loss": "mse"} | {
        "scaling": scaling,
        "learning_rate": 0.03,
    }


def run_of(columns: int, epochs: int = 8, **said) -> sn.Run:
    run = sn.Experiment(**settings_of(homes(columns), **said)).start()
    run.advance(epochs=epochs)
    return run


def moved_and_stretched(values, scaling: str = "standard") -> tuple[float, float]:
    """(shift, factor) of the values of the training points."""
    if scaling == "minmax":
        return min(values), max(values) - min(values)
    mean = math.fsum(values) / len(values)
    return mean, math.sqrt(math.fsum((value - mean) ** 2 for value in values) / len(values))


class Plain:
    """What a run computes, in loops. rows: by the name of a part, (inputs, target) of each point, in units."""

    def __init__(self, run: sn.Run):
        points, net, scaling = run.settings.dataset, run.network, run.settings.scaling
        self.rows = {
            name: [(list(x), y) for *x, y, said in points.rows() if said == part] for name, (_, part) in PARTS.items()
        }
        train = self.rows["training"]
        self.columns = [moved_and_stretched(column, scaling) for column in zip(*(x for x, _ in train), strict=True)]
        self.shift, self.factor = moved_and_stretched([y for _, y in train], scaling)
        self.W, self.b = [w.tolist() for w in net.weights], [v.tolist() for v in net.biases]
        self.activations = net.activations

    def scaled(self, x) -> list[float]:
        return [(value - shift) / factor for value, (shift, factor) in zip(x, self.columns, strict=True)]

    def of_scaled(self, x) -> float:
        """The answer in units to inputs that are scaled already."""
        return by_hand.forward(self.W, self.b, self.activations, x)[1][-1][0] * self.factor + self.shift

    def answer(self, x) -> float:
        return self.of_scaled(self.scaled(x))

    def targets(self, name: str) -> list[float]:
        return [y for _, y in self.rows[name]]

    def loss(self, name: str) -> float:
        """Of scaled targets."""
        rows = self.rows[name]
        return math.fsum(((self.answer(x) - y) / self.factor) ** 2 for x, y in rows) / len(rows)

    def ends(self) -> tuple[float, float]:
        """Of the board's colours: as far above and below the middle of the scaled targets as one of them lies."""
        reach = max(abs(y - self.shift) for y in self.targets("training"))
        return (self.shift - reach, self.shift + reach) if self.factor != 1 else (-reach, reach)


def answers(run: sn.Run, plane: sn.Plane | None = None) -> dict:
    return charts.answer_figure(
        run.network, run.settings, run.dataset, run.y_train, run.y_test, plane, run.y_validation
    )


# ---- the charts ------------------------------------------------------------------------------------------------------


def test_the_map_its_colours_and_its_points_are_in_units():
    run = run_of(2)
    plain, figure = Plain(run), answers(run)
    surface = figure["data"][0]
    low, high = plain.ends()
    assert (surface["zmin"], surface["zmax"]) == pytest.approx((low, high))
    for row in range(0, charts.GRID, 16):
        for column in range(0, charts.GRID, 16):
            answer = plain.answer([surface["x"][column], surface["y"][row]])
            assert surface["z"][row][column] == pytest.approx(min(max(answer, low), high))
    for name in PARTS:
        (marks,) = [trace for trace in figure["data"] if trace.get("name") == name and trace["x"][0] is not None]
        assert list(marks["customdata"]) == pytest.approx(plain.targets(name)), name
        assert [list(x) for x in zip(marks["x"], marks["y"], strict=True)] == [x for x, _ in plain.rows[name]]
        look = marks["marker"] if name == "training" else marks["marker"]["line"]
        assert list(look["color"]) == pytest.approx(plain.targets(name)), name
        assert (look["cmin"], look["cmax"]) == pytest.approx((low, high)), name


@pytest.mark.parametrize("columns", [(0, 1), (2, 1), ()])
def test_the_map_is_a_square_as_the_boards_is_however_unlike_the_columns_units_are(columns):
    run = run_of(3)
    plane = sn.plane_of(run.dataset, columns) if columns else sn.principal_plane_of(run.dataset)[0]
    layout = answers(run, plane)["layout"]
    across, up = (high - low for low, high in (layout["xaxis"]["range"], layout["yaxis"]["range"]))
    assert layout["yaxis"]["scaleanchor"] == "x"
    # Plotly: a unit up is so many times as long as one across.
    assert up * layout["yaxis"]["scaleratio"] == pytest.approx(across)


def test_the_curve_and_its_points_are_in_units():
    run = run_of(1)
    plain, figure = Plain(run), answers(run)
    for name in PARTS:
        (dots,) = [trace for trace in figure["data"] if trace["name"] == name]
        assert list(dots["y"]) == pytest.approx(plain.targets(name)), name
    curve = figure["data"][-1]
    assert list(curve["y"][::25]) == pytest.approx([plain.answer([x]) for x in curve["x"][::25]])


class Answering:
    """A network that answers what it is told, row by row, in scaled numbers."""

    def __init__(self, outputs):
        self.outputs = outputs

    def predict(self, x):
        return np.resize(self.outputs, (len(x), 1))


def test_a_curve_is_cut_where_it_is_far_from_the_points_and_not_only_far_from_0():
    run = run_of(1)
    plain = Plain(run)
    told = Answering([0.5, 500.0])  # 500 spreads away, which is but 80 times the largest target
    figure = charts.answer_figure(told, run.settings, run.dataset, run.y_train, run.y_test)
    curve = figure["data"][-1]
    assert curve["y"][0] == pytest.approx(plain.shift + 0.5 * plain.factor) and np.isnan(curve["y"][1])
    (note,) = figure["layout"]["annotations"]
    far = text(plain.shift + 500 * plain.factor)
    assert note["text"] == f"Not drawn: outputs from {far} to {far}."


@pytest.mark.parametrize("scaling", ["standard", "minmax", "none"])
def test_the_ends_of_the_colours_are_the_boards_scale_brought_back_to_units(scaling):
    run = run_of(2, scaling=scaling, epochs=0)
    points = run.settings.dataset
    targets = [y for *_, y, part in points.rows() if part == TRAIN]
    shift, factor = (0.0, 1.0) if scaling == "none" else moved_and_stretched(targets, scaling)
    reach = max(abs((y - shift) / factor) for y in targets)
    surface = answers(run)["data"][0]
    assert (surface["zmin"], surface["zmax"]) == pytest.approx((shift - reach * factor, shift + reach * factor))


# ---- the study -------------------------------------------------------------------------------------------------------


def page_of(columns: int, tab: str):
    app = whole()
    assert pg(app).apply(**settings_of(homes(columns)))
    pg(app).step("epoch")
    app.session_state["playground_study_tab"] = tab
    return checked(app.run())


@pytest.mark.parametrize("columns", [1, 2])
def test_residuals_and_the_worst_answers_are_in_units(columns):
    app = page_of(columns, "Mistakes")
    plain = Plain(pg(app).run)
    for trace in figures(app)["residuals"]["data"]:
        rows = plain.rows[trace["name"]]
        assert list(trace["x"]) == pytest.approx([plain.answer(x) for x, _ in rows])
        assert list(trace["y"]) == pytest.approx([y - plain.answer(x) for x, y in rows], abs=1e-6)
    rows = plain.rows["test"]
    assert any(caption.endswith(SCALED_LOSS) for caption in captions(app)), "of the worst answers"
    loss, place = max((((plain.answer(x) - y) / plain.factor) ** 2, place) for place, (x, y) in enumerate(rows))
    x, y = rows[place]
    assert listed(app)[0].label == (
        f"**{text(loss)}**  point {place + 1}: target {text(y)}, answer {text(plain.answer(x))}"
    )


@pytest.mark.parametrize("columns", [1, 2])
def test_in_layers_targets_and_their_colours_are_in_units_and_inputs_are_said_to_be_scaled(columns):
    app = page_of(columns, "Layers")
    plain = Plain(pg(app).run)
    (figure,) = [figure for key, figure in figures(app).items() if key[0] == "hidden"]
    low, high = plain.ends()
    for name in PARTS:
        (marks,) = [trace for trace in figure["data"] if trace.get("name") == name and trace["x"][0] is not None]
        assert list(marks["customdata"]) == pytest.approx(plain.targets(name)), name
        look = marks["marker"] if name == "training" else marks["marker"]["line"]
        assert (look["cmin"], look["cmax"]) == pytest.approx((low, high)), name
    names = figures(app)["weights"]["data"][0]["customdata"]
    assert sorted(names) == sorted(f"{name}, scaled" for name in NAMES[:columns])


def test_charts_and_the_drawer_say_that_losses_are_of_scaled_targets_and_nothing_says_so_without():
    app = page_of(2, "Charts")
    assert captions(app).count(SCALED_LOSS) == 2, "in the drawer of the data, and below the loss"
    plain = Plain(pg(app).run)
    (loss,) = [figure for key, figure in figures(app).items() if key[0] == "loss"]
    last = {trace["name"]: trace["y"][-1] for trace in loss["data"]}
    assert last == pytest.approx({f"{name} loss": plain.loss(name) for name in PARTS})
    pg(app).apply(scaling="none")
    assert SCALED_LOSS not in captions(checked(app.run()))
    assert SCALED_LOSS not in captions(opened("dataset=wine&scaling=standard&hidden=3", "Charts")), "classes stay"


def test_the_map_below_the_board_is_the_boards_principal_plane():
    app = page_of(3, "Charts")
    pg(app).slice(())
    app = app.run()
    assert not app.exception
    run, plain = pg(app).run, Plain(pg(app).run)
    ((key, figure),) = [
        (key, figure) for key, figure in figures(app).items() if key[0] == "answers" and not key[1].columns
    ]
    assert figure["layout"]["xaxis"]["title"]["text"].startswith("component 1 (")
    plane, surface = key[1], figure["data"][0]
    low, high = plain.ends()
    for place in (0, 40, 80):
        s, t = surface["x"][place], surface["y"][20]
        x = [o + s * a + t * u for o, a, u in zip(plane.origin, plane.across, plane.up, strict=True)]
        assert surface["z"][20][place] == pytest.approx(min(max(plain.of_scaled(x), low), high))
    scaled = np.array([plain.scaled(x) for x, _ in plain.rows["training"]])
    variances = np.linalg.eigvalsh(np.cov(scaled.T))[::-1]
    places = np.array([[np.dot(x - plane.origin, way) for way in (plane.across, plane.up)] for x in scaled])
    assert places.var(axis=0, ddof=1) == pytest.approx(variances[:2]), "no plane spreads the points more"
    assert run.dataset.names == NAMES


# ---- files and paper -------------------------------------------------------------------------------------------------


def test_the_file_of_parameters_has_four_cells_a_line_whatever_the_columns_are_called_and_none_is_a_formula():
    net = run_of(2).network
    rows = list(csv.reader(io.StringIO(parameters_as_csv(net, ("price, net, scaled", '=rooms "2"')))))
    assert rows[0] == ["layer", "unit", "source", "value"]
    assert [len(row) for row in rows] == [4] * (net.n_parameters + 1)
    first = ["price, net, scaled", '\'=rooms "2"', "bias"]
    wanted = [["1", str(unit + 1), source] for unit in range(3) for source in first]
    wanted += [["2", "1", source] for source in ("unit 1", "unit 2", "unit 3", "bias")]
    assert [row[:3] for row in rows[1:]] == wanted
    values = []
    for W, b in zip(net.weights, net.biases, strict=True):
        values += [value for row, bias in zip(W.tolist(), b.tolist(), strict=True) for value in (*row, bias)]
    assert [float(row[3]) for row in rows[1:]] == values


def circles_of(drawing) -> list[tuple[float, float]]:
    return [(float(one.get("cx")), float(one.get("cy"))) for one in drawing.iter("circle") if one.get("r") == "2"]


def pixel(value: float, low: float, high: float, start: float, stop: float) -> float:
    return start + (stop - start) * (value - low) / (high - low)


def test_the_reports_curve_stands_among_its_points_in_units():
    run = run_of(1)
    plain, drawing = Plain(run), list(read(report(run, "", LINK)).iter("svg"))[1]
    every = [y for name in PARTS for y in plain.targets(name)]
    spare = 0.15 * (max(every) - min(every))
    low, high = min(every) - spare, max(every) + spare
    left, right = run.dataset.domain[0]
    exact = [(pixel(x, left, right, 52, 328), pixel(y, low, high, 226, 12)) for (x,), y in plain.rows["training"]]
    assert np.abs(np.array(circles_of(drawing)) - exact).max() < 0.06
    (curve,) = drawing.iter("polyline")
    assert "dashed: the pattern" not in words(read(report(run, "", LINK))), "nobody knows the pattern without noise"
    points = [tuple(map(float, point.split(","))) for point in curve.get("points").split()]
    for across, down in points[::40]:
        x = left + (right - left) * (across - 52) / (328 - 52)
        assert down == pytest.approx(pixel(plain.answer([x]), low, high, 226, 12), abs=0.3)


def test_the_report_has_the_validation_points_and_says_what_is_scaled_and_nothing_that_is_idle():
    run = run_of(2)
    plain, root = Plain(run), read(report(run, "", LINK))
    head, *rows = rows_below(root, "Scores")
    assert head == ["", "training", "validation", "test"]
    found = {row[0]: row[1:] for row in rows}
    for place, name in enumerate(PARTS):
        assert is_rounded(found["loss"][place], plain.loss(name))
        targets = plain.targets(name)
        mean = math.fsum(targets) / len(targets)
        missed = math.fsum((y - plain.answer(x)) ** 2 for x, y in plain.rows[name])
        assert is_rounded(found["R²"][place], 1 - missed / math.fsum((y - mean) ** 2 for y in targets))
    said = words(root)
    assert SCALED_LOSS in said
    assert "Dotted: validation." in said
    (line,) = [line for line in root.iter("polyline") if line.get("class") == "validation"]
    assert len(line.get("points").split()) == len(run.history.update)
    heads = [
        [words(cell) for cell in table.find("thead").iter("th")]
        for table in root.iter("table")
        if table.find("thead") is not None
    ]
    assert ["", "price, net, scaled", "=rooms, scaled", "bias"] in heads
    cells = [words(cell) for cell in root.iter("th")]
    assert {"Scaling", "Learning rate", "Seed of the first weights"} <= set(cells)
    assert not {"Samples", "Noise", "Share for training", "Share for validation", "Seed of the data"} & set(cells)


def test_a_report_without_scaling_says_nothing_of_it():
    said = words(read(report(run_of(2, scaling="none"), "", LINK)))
    assert SCALED_LOSS not in said and ", scaled" not in said


def test_a_report_of_scaled_classes_without_validation_says_nothing_of_scaled_targets_nor_of_validation():
    run = sn.Experiment(dataset="moons", samples=40, features=("x1", "x1*x2"), hidden=(2,), scaling="minmax").start()
    run.advance(epochs=2)
    root = read(report(run, "", LINK))
    assert SCALED_LOSS not in words(root) and "alidation" not in words(root).replace("Share for validation", "")
    assert "x1·x2, scaled" in [words(cell) for cell in root.iter("th")]
    assert [line.get("class") for line in root.iter("polyline")] == ["training", "test"]


def test_the_page_asks_for_a_report_of_the_plane_that_the_board_shows(monkeypatch):
    asked = []
    monkeypatch.setattr(share_drawer, "report", lambda run, words, link, *plane: asked.append(plane) or "report")
    app = page_of(3, "Charts")
    app.session_state["playground_drawer_share"] = True
    app.session_state["playground_share_tab"] = "On paper"
    for columns in ((), (0, 2)):
        pg(app).slice(columns)
        app = app.run()
        assert not app.exception
        assert asked[-1] == (columns, pg(app).probe)


def test_a_report_says_that_test_and_training_points_are_the_same():
    points = homes(2)
    alone = dataclasses.replace(points, parts=np.full(len(points), TRAIN))
    same = "Test and training points are the same here: the test says nothing about new data."
    run = sn.Experiment(**settings_of(alone)).start()
    assert same in words(read(report(run, "", LINK)))
    assert same not in words(read(report(run_of(2), "", LINK)))


@pytest.mark.parametrize("columns", [(), (0, 2)])
def test_the_map_of_a_report_is_the_plane_that_is_on_the_board(columns):
    run = run_of(3)
    plain, held = Plain(run), (100.0, 4.0, 30.0)
    document = report(run, "", LINK, columns, held)
    pixels, _ = picture_of(document)
    said, side = words(read(document)), len(pixels)
    scaled = [plain.scaled(x) for x, _ in plain.rows["training"]]
    if columns:
        (low1, high1), (low2, high2) = (run.dataset.domain[column] for column in columns)
        place = lambda s, t: plain.answer([s, held[1], t])  # noqa: E731
        assert "component" not in said and "=rooms = 4" in said
        points = [(x[0], x[2]) for x, _ in plain.rows["training"]]
    else:
        plane = sn.principal_plane_of(run.dataset)[0]
        every = [plain.scaled(x) for name in PARTS for x, _ in plain.rows[name]]
        on_plane = lambda x: [np.dot(np.subtract(x, plane.origin), way) for way in (plane.across, plane.up)]  # noqa: E731
        high1 = high2 = 1.05 * max(abs(value) for x in every for value in on_plane(x))
        low1 = low2 = -high1
        place = lambda s, t: plain.of_scaled(  # noqa: E731
            [o + s * a + t * u for o, a, u in zip(plane.origin, plane.across, plane.up, strict=True)]
        )
        assert "component 1 (" in said and "component 2 (" in said
        assert "the plane on which the training points spread most" in said
        points = [on_plane(x) for x in scaled]
    low, high = plain.ends()
    for row in range(3, side, 16):
        for column in range(3, side, 16):
            answer = place(low1 + (high1 - low1) * (column + 0.5) / side, high2 - (high2 - low2) * (row + 0.5) / side)
            share = min(max((answer - low) / (high - low), 0), 1)
            assert abs(int(pixels[row, column]) - 255 * share) <= 1.01
    drawn = []
    for path in list(read(document).iter("svg"))[1].iter("path"):
        if path.get("stroke-width") == "0.6":
            for mark in path.get("d").split("M")[1:]:
                x, y = mark.split("a")[0].split(" ")
                drawn.append((float(x) + 2.9, float(y)))
    side = 270 - 12 - 44
    exact = [(pixel(s, low1, high1, 52, 52 + side), pixel(t, low2, high2, 226, 12)) for s, t in points]
    assert np.abs(np.array(sorted(drawn)) - sorted(exact)).max() < 0.11


SHEET_SAYS = "Inputs and targets are scaled (Mean 0, spread 1): these are the numbers that the network computes with."


def test_a_worksheet_says_that_its_numbers_are_scaled_and_names_the_columns():
    run = run_of(2)
    plain, sheet = Plain(run), paper.of_run(run, 3, LINK)
    page = next(iter(read(paper.worksheet(sheet)).find("body")))
    lines = [words(line) for line in page.iter("p")]
    assert SHEET_SAYS in lines
    x, y = plain.rows["training"][2]
    wanted = [text(value) for value in (*plain.scaled(x), (y - plain.shift) / plain.factor)]
    assert f"x1 (price, net, scaled) = {wanted[0]}" in lines
    assert f"x2 (=rooms, scaled) = {wanted[1]}" in lines
    assert f"target y = {wanted[2]}" in lines
    assert SHEET_SAYS in str(exercise.page(sheet, paper.key_of(sheet))["body"])
    foot = words(read(paper.worksheet(sheet)).find("body"))
    assert "Noise" not in foot and "Samples" not in foot


def test_a_worksheet_of_classes_says_it_of_the_inputs_alone_and_one_without_scaling_does_not():
    classes = {"dataset": "moons", "samples": 40, "hidden": (2,), "scaling": "minmax"}
    page = words(read(paper.worksheet(paper.of_run(sn.Experiment(**classes).start(), 1, LINK))))
    assert "Inputs are scaled (From 0 to 1): these are the numbers that the network computes with." in page
    for run in (run_of(2, scaling="none", epochs=0), sn.Experiment(**classes | {"scaling": "none"}).start()):
        if run.settings.dataset == "moons":
            assert "scaled (" not in words(read(paper.worksheet(paper.of_run(run, 1, LINK))))


def test_an_exercise_a_hand_in_and_a_task_of_a_large_table_are_read_where_the_table_is_at_hand():
    points = homes(2, rows=400)
    assert not points.fits_a_link
    files = {points.digest: points}
    run = sn.Experiment(**settings_of(points)).start()
    run.advance(updates=3)
    sheet = paper.of_run(run, 2, LINK)
    again, ignored = paper.of_query(sheet.query, "http://localhost:8501/", files)
    assert ignored == () and (again.x, again.y) == (sheet.x, sheet.y)
    task = assignment.Assignment("Fit it.", assignment.goals.Goal(()), (), (), run.settings)
    assert assignment.read(task.text, files).start.dataset == points
    handed = hand_in.of_run("Ada", run, task)
    assert hand_in.read(handed.text, files).experiment.dataset == points
    (found,) = hand_in.look_through(handed.text, task, files=files)
    assert (found.complaint, found.is_same) == ("", True)
    (missing,) = hand_in.look_through(handed.text, task)
    assert "homes" in missing.complaint


def test_the_pages_read_the_table_of_a_task_a_hand_in_and_an_exercise_where_somebody_has_given_it(
    monkeypatch, tmp_path
):
    monkeypatch.setenv(shelf.FOLDER, str(tmp_path / "shelf"))
    points = homes(2, rows=400)
    run = sn.Experiment(**settings_of(points)).start()
    run.advance(updates=3)
    task = assignment.Assignment("Fit it.", assignment.goals.Goal(()), (), (), run.settings)
    shelf.keep(task)
    assert shelf.is_kept(task)
    query = paper.of_run(run, 2, LINK).query
    tables.clear()
    missing = f"the file 'homes' (digest {points.digest[:8]}), which is not here"
    assert any(missing in one.value for one in exercise_of(query).text)
    tables().keep(points)
    assert "homes, training point 2" in [one.value for one in exercise_of(query).text]
    for said in (task.text, task.fingerprint):
        assert pg(pupil(f"task={said}")).assignment == task
        table = looked_through(f"http://school/?task={said}", hand_in.of_run("Ada", run, task).text).dataframe[0].value
        assert list(table["Run again here"]) == ["the same"]
        assert list(table["Changed"]) == ["nothing"]
    app = share(pupil(f"draft={task.text}"), "Use in class")
    assert app.query_params["draft"] == task.text, "a teacher's form opens again"
    assert handed_out_text(app) == task.text
    tables.clear()


def handed_out_text(app) -> str:
    (found,) = [code.value for code in app.code if "task=1." in code.value]
    return found.split("task=")[1]


def exercise_of(query: str):
    app = sound(AppTest.from_file(MENU, default_timeout=60).run())
    app.query_params.clear()
    app.query_params.update(dict(parse_qsl(query)))
    return sound(app.switch_page("../pages/learn/exercise.py").run())


def test_the_word_scaling_is_true_of_targets_too():
    assert "target" in TERMS["scaling"]


# ---- the axis of losses ----------------------------------------------------------------------------------------------


@pytest.fixture
def falling_apart() -> sn.Experiment:
    """Learning from targets of 2 spoils the answer to the points of validation, from almost nothing to a lot."""
    x = np.array([[1.0], [1.5], [1.0], [1.5]])
    points = sn.Points("apart", x, [2.0, 2.0, 0.001, 2.0], ("a",), "t", parts=[TRAIN, TRAIN, VALIDATION, TEST])
    said = settings_of(points, "none") | {"hidden": (), "initializer": "zeros", "optimizer": "sgd"}
    return sn.Experiment(**said)


def spans(losses) -> float:
    return max(losses) / min(losses)


def test_losses_of_validation_alone_can_ask_for_the_logarithmic_axis(falling_apart):
    board = Playground(falling_apart)
    board.run.advance(epochs=5)
    history = board.run.history
    assert spans([*history.train_loss, *history.test_loss]) < 20 < spans(history.validation_loss)
    axes = words(read(report(board.run, "", LINK)))
    assert ", logarithmic axis" in axes
    header, _ = unpack(Conversation(board)._reply({}, wall=False))
    assert header["logarithmic"] is True
    app = whole()
    assert pg(app).apply(
        **{
            name: getattr(falling_apart, name)
            for name in (
                "dataset",
                "features",
                "hidden",
                "output",
                "loss",
                "scaling",
                "learning_rate",
                "initializer",
                "optimizer",
            )
        }
    )
    for _ in range(5):
        pg(app).step("epoch")
    app = checked(app.run())
    assert ("loss", True) in figures(app) and ("loss", False) not in figures(app)
