"""Report: a run at one of its updates, to print or to hand in: how it was made, what came of it, and every number."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element

import numpy as np

import scratchnet as sn
from ui.charts import has_losses, slice_in_words
from ui.kit.numbers import percent, text
from ui.labels import held_in_words, layer_title, loss_title, short_class, title
from ui.paper import settings
from ui.paper.document import document, element
from ui.paper.graphs import MOST_POINTS, answer_graph, loss_graph
from ui.terms import SAME_POINTS, SCALED_LOSS

MOST_COLUMNS, MOST_ROWS = 9, 32  # of a layer's parameters on paper: what fits the width, and a page


def report(
    run: sn.Run, words: str, link: str, columns: Sequence[int] = (0, 1), held: Sequence[float] | None = None
) -> str:
    """The file of HTML. words: the run's state in a sentence. columns, held: of the map, as the board shows it; no
    columns of three and more inputs are the principal components.
    """
    name = f"{sn.spec_of(run.settings.dataset).title}, update {run.update:,}"
    epochs = f"{run.epoch:,} complete {'epoch' if run.epoch == 1 else 'epochs'}"
    made = f"Computed with {settings.versions()}. The same seeds and settings give the same run again; on another "
    body = [
        element("h1", "Report of a run"),
        element("p", f"{name} ({epochs}). {words}".strip(), class_="quiet"),
        element("div", *_pictures(run, columns, held), class_="row"),
        element("div", _scores(run), *_confusion(run), class_="row"),
        element("h2", "Settings and seeds"),
        element("div", *_settings(run), class_="row"),
        element("h2", "Weights and biases"),
        *[_parameters(run, layer) for layer in range(len(run.network.weights))],
        element(
            "footer",
            element("div", f"{made}machine or with other versions the last digits may differ."),
            element("div", f"This run at this update: {link}"),
        ),
    ]
    return document(f"Report of a run: {name}", *body)


def _pictures(run: sn.Run, columns: Sequence[int], held: Sequence[float] | None) -> list[Element]:
    loss, data = loss_title(run.settings.loss), run.dataset
    classes = sn.decision_of(run.settings).classes
    shown = min(MOST_POINTS, len(data.x_train))
    points = f"{shown:,} of {len(data.x_train):,}" if shown < len(data.x_train) else f"all {shown:,}"
    said = f"Marks: {points} training points."
    if len(data.names) == 1:
        pattern = "; dashed: the pattern without noise" if sn.spec_of(run.settings.dataset).target else ""
        said = f"Line: output{pattern}. {said}"
    elif classes:
        said = f"Lines: where the answer changes. {said}"
    else:
        said = f"Blue: high, orange: low. {said}"
    plane = _plane(data, columns, held)
    if plane is not None and not plane.columns:
        said += f" {slice_in_words(data, plane)}"
    elif plane is not None and len(data.names) > 2:
        said += f" A slice at {held_in_words(data, plane)}."
    dotted = " Dotted: validation." if has_losses("validation", run.history.validation_loss) else ""
    scaled = f" {SCALED_LOSS}" if data.target_scale is not None else ""
    lines = _quiet(f"Solid: training.{dotted} Dashed: test.{scaled}")
    return [
        element("div", element("h2", "Loss"), loss_graph(run.history, loss), lines, class_="grow"),
        element("div", element("h2", "Answers"), answer_graph(run, plane), _quiet(said), class_="grow"),
    ]


def _plane(data: sn.Dataset, columns: Sequence[int], held: Sequence[float] | None) -> sn.Plane | None:
    """The plane of the inputs that the map shows; None of a single input."""
    if len(data.names) == 1:
        return None
    if not columns and len(data.names) > 2:
        return sn.principal_plane_of(data)[0]
    return sn.plane_of(data, columns or (0, 1)) if held is None else sn.slice_at(columns or (0, 1), held)


def _scores(run: sn.Run) -> Element:
    """Losses and scores on each part of the data."""
    now = run.evaluate()
    parts = {"training": "train", "validation": "validation", "test": "test"}
    if not now.validation_total:
        del parts["validation"]

    def of_each(measured: str) -> list:
        return [getattr(now, f"{part}_{measured}") for part in parts.values()]

    rows = [("loss", *map(text, of_each("loss")))]
    if now.train_correct is None:
        rows.append(("R²", *map(text, of_each("score"))))
    else:
        rows.append(("accuracy", *map(percent, of_each("score"))))
        counts = zip(of_each("correct"), of_each("total"), strict=True)
        rows.append(("correct", *(f"{right:,} of {total:,}" for right, total in counts)))
    same = [_quiet(SAME_POINTS)] if run.dataset.fixed else []
    return element("div", element("h2", "Scores"), _table(("", *parts), rows), *same)


def _confusion(run: sn.Run) -> list[Element]:
    """How often each class was answered with each; nothing where answers are numbers."""
    decision = sn.decision_of(run.settings)
    if not decision.classes:
        return []
    answers = decision.answers(run.network.predict(run.x_test))
    counts = sn.confusion_matrix(decision.answers(run.y_test), answers, classes=decision.classes)
    names = [short_class(run.dataset.class_names, k) for k in range(decision.classes)]
    head = ("true class", *(f"says {name}" for name in names))
    rows = [(name, *(f"{count:,}" for count in row)) for name, row in zip(names, counts.tolist(), strict=True)]
    return [element("div", element("h2", "Test points: true class and answer"), _table(head, rows))]


def _settings(run: sn.Run) -> list[Element]:
    """What the run was made of, in two tables beside each other."""
    said = list(settings.in_words(run).items())
    if run.learning_rate != run.settings.learning_rate:
        said.append(("Rate in force", text(run.learning_rate)))
    if run.experiment.events:
        said.append(("Changed on the way", f"{len(run.experiment.events)} times; the link holds each"))
    half = -(-len(said) // 2)
    return [_words_table(part) for part in (said[:half], said[half:])]


def _parameters(run: sn.Run, layer: int) -> Element:
    """The parameters of a layer as a table, or what there is of a layer that is too large for paper."""
    net = run.network
    W, b = net.weights[layer], net.biases[layer]
    name = f"{layer_title(net, layer)} ({title(net.activations[layer])})"
    units, sources = W.shape
    if sources >= MOST_COLUMNS or units > MOST_ROWS:
        low, high = (text(value) for value in (np.min(W), np.max(W)))
        return _quiet(
            f"{name}: {units} × {sources} weights, from {low} to {high}, and {units} biases: too many to print; "
            "Parameters below the board has all of them to download."
        )
    names = settings.inputs_in_words(run) if layer == 0 else [f"unit {source + 1}" for source in range(sources)]
    rows = [
        (f"unit {unit + 1}", *(text(value) for value in (*row, bias)))
        for unit, (row, bias) in enumerate(zip(W.tolist(), b.tolist(), strict=True))
    ]
    return element("div", _table(("", *names, "bias"), rows, name))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "") -> Element:
    """A table of numbers: the first of each row is its name."""
    parts = [element("caption", caption)] if caption else []
    parts.append(element("thead", element("tr", *[element("th", words) for words in head])))
    body = [
        element("tr", element("th", name), *[element("td", number) for number in numbers]) for name, *numbers in rows
    ]
    return element("table", *parts, element("tbody", *body), class_="plain")


def _words_table(rows: Sequence[tuple[str, str]]) -> Element:
    body = [element("tr", element("th", name), element("td", words, class_="words")) for name, words in rows]
    return element("table", element("tbody", *body), class_="plain grow")


def _quiet(words: str) -> Element:
    return element("p", words, class_="quiet")
