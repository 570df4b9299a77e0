"""The report: what is printed of a run is what the run is, and a picture in it shows what the network answers."""

import base64
import itertools
import re
import struct
import zlib

import numpy as np
import pytest

import scratchnet as sn
from tests import by_hand
from tests.paper_reader import is_rounded, loads_nothing, read, words
from ui.kit import palette
from ui.paper.graphs import _round_steps as round_steps
from ui.paper.graphs import loss_graph
from ui.paper.png import png_address
from ui.paper.report import report

LINK = "http://localhost:8501/?dataset=spiral"
RUNS = {
    "two classes": {"hidden": (4,)},
    "three classes": {"dataset": "three_blobs", "hidden": (3,), "output": "softmax", "loss": "cross_entropy"},
    "tanh and hinge": {"dataset": "moons", "hidden": (2, 2), "output": "tanh", "loss": "hinge"},
    "a plane of numbers": {"dataset": "plane", "hidden": (3,), "output": "identity", "loss": "mse"},
    "a curve": {"dataset": "sine", "features": ("x1",), "hidden": (3,), "output": "identity", "loss": "mse"},
    "given points": {"dataset": "xor_gate", "hidden": (2,)},
    "three inputs": {"dataset": "tutorial", "features": ("x1", "x2", "x3"), "hidden": (2,)},
    "large": {"hidden": (40, 12)},
}
ALL = pytest.mark.parametrize("name", RUNS)


def run_of(name: str, epochs: int = 4) -> sn.Run:
    run = sn.Experiment(**{"samples": 60} | RUNS[name]).start()
    run.advance(epochs=epochs)
    return run


def rows_below(root, heading):
    """The rows of the table that stands below a heading, each as a list of its cells' words."""
    for part in root.iter("div"):
        title = part.find("h2")
        if title is not None and words(title).startswith(heading) and part.find("table") is not None:
            return [[words(cell) for cell in row] for row in part.iter("tr")]
    return None


def outputs(run, x):
    """What the network answers, by plain loops."""
    net = run.network
    W, b = [w.tolist() for w in net.weights], [v.tolist() for v in net.biases]
    return [by_hand.forward(W, b, net.activations, sample)[1][-1] for sample in x.tolist()]


def class_of(run, output):
    if len(output) > 1:
        return output.index(max(output))
    return int(output[0] > (0.0 if run.settings.output == "tanh" or run.settings.loss == "hinge" else 0.5))


@ALL
def test_losses_and_scores_are_those_of_plain_loops(name):
    run = run_of(name)
    found = {row[0]: row[1:] for row in rows_below(read(report(run, "", LINK)), "Scores")}
    for column, part in enumerate(("train", "test")):
        x, y = getattr(run, f"x_{part}"), getattr(run, f"y_{part}").tolist()
        said = outputs(run, x)
        loss = sum(by_hand.LOSS[run.settings.loss][0](t, a) for t, a in zip(y, said, strict=True)) / len(y)
        assert is_rounded(found["loss"][column], loss)
        if run.dataset.task != "regression":
            right = sum(class_of(run, a) == class_of(run, t) for t, a in zip(y, said, strict=True))
            assert found["correct"][column] == f"{right} of {len(y)}"
            assert abs(float(found["accuracy"][column].removesuffix(" %")) - 100 * right / len(y)) <= 0.051


@ALL
def test_classes_are_counted_by_what_they_are_and_what_was_answered(name):
    run = run_of(name)
    found = rows_below(read(report(run, "", LINK)), "Test points")
    if run.dataset.task == "regression":
        assert found is None
        return
    pairs = [
        (class_of(run, t), class_of(run, a)) for t, a in zip(run.y_test.tolist(), outputs(run, run.x_test), strict=True)
    ]
    classes = len(found) - 1
    assert found[0] == ["true class", *(f"says {k}" for k in range(classes))]
    for k, row in enumerate(found[1:]):
        assert row == [str(k), *(str(pairs.count((k, said))) for said in range(classes))]


@ALL
def test_every_parameter_of_a_layer_that_fits_on_paper_is_printed(name):
    run = run_of(name)
    root = read(report(run, "", LINK))
    found = {words(table.find("caption")): table for table in root.iter("table") if table.find("caption") is not None}
    printed = 0
    for layer, (W, b) in enumerate(zip(run.network.weights, run.network.biases, strict=True), 1):
        title = "Output (" if layer == len(run.network.weights) else f"Layer {layer} ("
        table = next((table for caption, table in found.items() if caption.startswith(title)), None)
        if table is None:
            assert f"{W.shape[0]} × {W.shape[1]} weights" in words(root)
            continue
        rows = [[words(cell) for cell in row] for row in table.iter("tr")][1:]
        for unit, row in enumerate(rows):
            exact = [*W[unit].tolist(), float(b[unit])]
            assert all(is_rounded(shown, one) for shown, one in zip(row[1:], exact, strict=True))
            printed += len(exact)
    assert printed == run.network.n_parameters or (name == "large" and printed == 0)


@ALL
def test_settings_seeds_versions_and_link_are_there_and_nothing_is_loaded(name):
    run = run_of(name)
    document = report(run, "The loss is falling.", LINK)
    said = words(read(document))
    drawn = not sn.spec_of(run.settings.dataset).fixed
    assert [label in said for label in ("Seed of the data0", "Samples60", "Noise0", "Seed of the order0")] == [
        drawn
    ] * 4
    wanted = (
        "Seed of the first weights0",
        "Learning rate0.01",
        "OptimizerAdam",
    )
    for one in (*wanted, "The loss is falling.", LINK, np.__version__, f"update {run.update}"):
        assert one in said
    assert loads_nothing(document, LINK) == []
    assert len(document) < 120_000
    assert not re.search(r"\b(mse|bce|relu|[a-z]+_[a-z_]+)\b", said.replace(LINK, ""))


def test_texts_that_look_like_markup_are_texts():
    hostile = "</p></svg><script>alert(1)</script>\"'><img src=x onerror=alert(1)>&lt;"
    document = report(run_of("two classes"), hostile, hostile)
    assert loads_nothing(document, LINK) == []
    assert words(read(document)).count(hostile) == 2


@pytest.mark.parametrize(("name", "epochs"), [("two classes", 0), ("two classes", 5), ("a curve", 3)])
def test_the_loss_curves_have_a_point_for_every_row_of_the_history(name, epochs):
    run = run_of(name, epochs)
    curves = {line.get("class"): line for line in read(report(run, "", LINK)).iter("polyline") if line.get("class")}
    for part in ("training", "test"):
        points = [tuple(map(float, point.split(","))) for point in curves[part].get("points").split()]
        values = run.history.train_loss if part == "training" else run.history.test_loss
        assert len(points) == len(values) == epochs + 1
        order = np.argsort(values, kind="stable")
        heights = [points[i][1] for i in order]  # the larger a loss, the higher, so the smaller its y
        assert heights == sorted(heights, reverse=True)
    dashes = [curves[part].get("stroke-dasharray") for part in ("training", "test")]
    assert dashes[0] != dashes[1]


@pytest.mark.parametrize("low", [-3.7, 0.0, 52.0])
@pytest.mark.parametrize("span", [0.0101, 0.3, 1.0, 4.9, 10.1, 95.0, 51_000.0])
def test_an_axis_has_two_to_six_round_numbers(low, span):
    steps = round_steps(low, low + span)
    assert 2 <= len(steps) <= 6
    assert all(low - 1e-9 <= step <= low + span + 1e-9 for step in steps)
    gaps = {f"{after - before:.1e}"[0] for before, after in itertools.pairwise(steps)}
    assert len(gaps) == 1 and gaps <= {"1", "2", "5"}


def test_losses_that_are_no_numbers_are_left_out_of_the_curve():
    run = sn.Experiment(samples=20, hidden=(2,)).start()
    run.advance(epochs=2)
    when = run.history.update, run.history.epoch, run.history.multiplications
    history = sn.History(*when, np.array([1.0, np.inf, 0.5]), *[np.full(3, np.nan)] * 5)
    curves = [line.get("points") for line in loss_graph(history, "Loss").iter("polyline")]
    assert [len(points.split()) for points in curves] == [2, 0]


def picture_of(document):
    """(pixels (rows, columns), colours (n, 3)) of the map in a report, read by the rules of the format."""
    image = next(read(document).iter("image"))
    return pixels_of(image.get("href"))


def pixels_of(address):
    file = base64.b64decode(address.removeprefix("data:image/png;base64,"))
    assert file.startswith(b"\x89PNG\r\n\x1a\n")
    at, parts = 8, {}
    while at < len(file):
        (length,) = struct.unpack(">I", file[at : at + 4])
        name, data = file[at + 4 : at + 8], file[at + 8 : at + 8 + length]
        assert struct.unpack(">I", file[at + 8 + length : at + 12 + length]) == (zlib.crc32(name + data),)
        parts[name], at = data, at + 12 + length
    columns, rows, *kind = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    assert kind == [8, 3, 0, 0, 0]
    lines = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(rows, columns + 1)
    assert not lines[:, 0].any()
    return lines[:, 1:], np.frombuffer(parts[b"PLTE"], np.uint8).reshape(-1, 3)


def test_a_picture_has_the_colours_of_its_pixels():
    pixels = np.array([[0, 1, 2], [2, 1, 0]], np.uint8)
    colours = np.array([[255, 0, 0], [0, 128, 0], [1, 2, 3]])
    again, table = pixels_of(png_address(pixels, colours))
    assert again.tolist() == pixels.tolist() and table.tolist() == colours.tolist()


@pytest.mark.parametrize("name", ["two classes", "three classes", "tanh and hinge"])
def test_the_map_is_nearest_to_the_colour_of_the_class_that_is_answered_there(name):
    run = run_of(name, 10)
    pixels, colours = picture_of(report(run, "", LINK))
    side, (low1, high1), (low2, high2) = len(pixels), *run.dataset.domain
    looks = np.array([[int(look.color[i : i + 2], 16) for i in (1, 3, 5)] for look in palette.CLASSES[:3]], float)
    middle, checked, met = np.array([0xF4, 0xF1, 0xEE]), 0, set()
    for row in range(2, side, 9):
        for column in range(2, side, 9):
            x = [low1 + (high1 - low1) * (column + 0.5) / side, high2 - (high2 - low2) * (row + 0.5) / side]
            (output,) = outputs(run, np.array([x]))
            way = colours[pixels[row, column]].astype(float) - middle
            if np.abs(way).max() < 20:
                continue  # too pale to say
            ways = looks - middle
            likeness = ways @ way / np.linalg.norm(ways, axis=1)
            known = likeness[: max(2, len(output))]
            assert known.argmax() == class_of(run, output)
            checked, met = checked + 1, met | {class_of(run, output)}
    assert checked > 30 and len(met) > 1
    lines = [path.get("d") for path in read(report(run, "", LINK)).iter("path")]
    assert any(re.fullmatch(r"(M[\d.]+ [\d.]+[vh][\d.]+)+", line) for line in lines)  # where the answer changes


def test_a_curve_goes_through_what_the_network_answers():
    run = run_of("a curve", 10)
    root = read(report(run, "", LINK))
    drawing = list(root.iter("svg"))[1]
    curve = next(line for line in drawing.iter("polyline"))
    points = np.array([tuple(map(float, point.split(","))) for point in curve.get("points").split()])
    assert len(points) > 50
    low, high = run.dataset.domain[0]
    x = low + (high - low) * (points[:, 0] - 52) / (340 - 12 - 52)
    exact = np.ravel(outputs(run, x[:, None]))
    line = np.polyfit(exact, points[:, 1], 1)  # up the page is down in pixels
    assert line[0] < 0 and np.abs(np.polyval(line, exact) - points[:, 1]).max() < 0.3


def test_a_report_of_three_inputs_says_where_its_slice_lies():
    said = words(read(report(run_of("three inputs"), "", LINK, columns=(0, 2), held=(1.0, 0.25, 1.0))))
    assert "x2 = 0.25" in said


@pytest.mark.parametrize(
    ("dataset", "features", "named"),
    [
        ("wine", ("x1", "x13"), "alcohol, proline"),
        ("penguins", ("x2", "x4"), "bill depth (mm), body mass (g)"),
    ],
)
def test_columns_and_classes_have_the_names_of_the_data_everywhere(dataset, features, named):
    output = {"hidden": (2,), "output": "softmax", "loss": "cross_entropy"}
    run = sn.Experiment(dataset=dataset, features=features, **output).start()
    root = read(report(run, "", LINK))
    assert [words(row[1]) for row in root.iter("tr") if words(row[0]) == "Features"] == [named]
    found = rows_below(root, "Test points")
    assert found[0][1:] == [f"says {name}" for name in run.dataset.class_names]
    assert [row[0] for row in found[1:]] == list(run.dataset.class_names)
    assert not re.search(r"\bx\d\d?\b", words(root))
