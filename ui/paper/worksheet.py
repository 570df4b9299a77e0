"""Worksheet: one update of a small network to compute by hand, and on a page of its own the key.

What is printed is what is computed with: the numbers of a network on screen are first rounded to the digits on the
sheet. So a pupil with a calculator comes to the very numbers of the key, which are those of `Trainer.step`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode
from xml.etree.ElementTree import Element

import numpy as np

import scratchnet as sn
from scratchnet import links
from scratchnet.cells import Cell, cells
from scratchnet.links import MAX_QUERY
from scratchnet.points import A_FILE, read_link
from scratchnet.run import is_usable
from scratchnet.trainer import Step
from scratchnet.values import shown
from ui.kit.numbers import MINUS, text
from ui.kit.typed import whole_number
from ui.labels import layer_title, title
from ui.moment import EMPTY, KEYS, Moment, changes_after, without
from ui.paper import settings
from ui.paper.document import document, element, symbol
from ui.paper.mathml import formula
from ui.paper.picture import has_room, network_picture

MOST_LAYERS, MOST_UNITS = 3, 4  # of what one does by hand; inputs count as units
FRIENDLY = sn.Experiment(
    dataset="xor_gate",
    hidden=(2,),
    activation="sigmoid",
    output="sigmoid",
    loss="bce",
    optimizer="sgd",
    learning_rate=0.5,
    batch_size=1,
)
ONE_PAGE = 48  # weights and biases whose boxes, in two columns, fit on a page
SHEET = ("seed", "point")  # of an address: friendly numbers by their seed, or a point of the data set there
SEEDS = 10_000  # of friendly numbers
Key = dict[Cell, float]
Box = Callable[[Cell], Element]  # the table's cell in which a number is asked for


@dataclass(frozen=True, eq=False)
class Worksheet:
    """What is given. x, y: the sample, a number for each input and output. inputs: names of the inputs. scaled: a
    sentence on what of it is scaled, "" where nothing is.

    about: which numbers these are, in a few words; made: how to have them again; link: where they are on screen.
    query: the sheet itself, as the exercise's address has it and `of_query` reads it; "" where it has no such form.
    """

    network: sn.Network
    x: tuple[float, ...]
    y: tuple[float, ...]
    loss: str
    learning_rate: float
    inputs: tuple[str, ...]
    about: str
    made: str
    link: str
    query: str = ""
    scaled: str = ""


def why_not(network: sn.Network, loss: str) -> str:
    """Why there is no worksheet of this network, in one sentence; "" where there is one."""
    layers, units = len(network.sizes) - 1, max(network.sizes)
    if layers > MOST_LAYERS or units > MOST_UNITS:
        return (
            f"This network, {'-'.join(map(str, network.sizes))}, is too large to compute by hand: at most {MOST_UNITS} "
            f"inputs, {MOST_LAYERS - 1} hidden layers and {MOST_UNITS} units in each layer. Make it smaller, or choose "
            "friendly numbers."
        )
    if "gelu" in network.activations:
        return "Nobody computes GELU by hand: choose another activation, or friendly numbers."
    if network.activations[-1] == "softmax" and loss != "cross_entropy":
        return "By hand, softmax goes with cross-entropy alone: choose that loss, or friendly numbers."
    return ""


def of_run(run: sn.Run, point: int, link: str) -> Worksheet:
    """The network of a run at its present update with one training point, by its number, counted from 1.

    ValueError with one sentence where there is no such point, or nothing to do by hand.
    """
    network, now, row = run.network, run.settings, point - 1
    if reason := why_not(network, now.loss):
        raise ValueError(reason)
    if not 0 <= row < len(run.x_train):
        raise ValueError(
            f"Point to learn from: expected a number from 1 to {len(run.x_train):,}, got {point:,}; type another."
        )
    network = network.replace([as_printed(value) for value in network.theta])
    learning_rate = as_printed(run.learning_rate)
    sheet = Worksheet(
        network,
        tuple(map(as_printed, run.x_train[row])),
        tuple(map(as_printed, run.y_train[row])),
        now.loss,
        learning_rate,
        settings.inputs_in_words(run),
        f"{sn.spec_of(now.dataset).title}, update {run.update:,}, training point {point:,}",
        f"Update {run.update:,} of this experiment, training point {point:,}, all numbers rounded as printed; "
        "plain gradient descent, without momentum, regularisation or clipping. Settings of the run: "
        + "; ".join(f"{name}: {value}" for name, value in settings.in_words(run).items())
        + (f"; {len(run.experiment.events)} later changes, which are in the link" if run.experiment.events else ""),
        link,
        _query(now, network, learning_rate, point),
        _scaled(run),
    )
    if not is_usable(step_of(sheet).after.theta):
        raise ValueError("The update of this point would leave no usable numbers: lower the learning rate.")
    return sheet


def _scaled(run: sn.Run) -> str:
    """What of a run's numbers is not in the data's own units, in a sentence; "" where all are."""
    if run.dataset.scale is None:
        return ""
    what = "Inputs" if run.dataset.target_scale is None else "Inputs and targets"
    words = settings.SCALING_WORDS[run.settings.scaling]
    return f"{what} are scaled ({words}): these are the numbers that the network computes with."


def _query(now: sn.Experiment, network: sn.Network, learning_rate: float, point: int) -> str:
    """The numbers of a sheet in an address: set by hand at the start of the run, so that nothing has to be trained."""
    plain = {"optimizer": "sgd", "optimizer_settings": {}, "schedule": "constant", "schedule_settings": {}}
    try:
        own = _with_numbers(now.replace(**plain, learning_rate=learning_rate), network)
    except ValueError:  # a rate of 0 at the end of a schedule, a weight of a million
        return ""
    return f"{own.to_query()}&point={point}"


def _with_numbers(experiment: sn.Experiment, network: sn.Network) -> sn.Experiment:
    """The experiment that begins with the weights and biases of a network."""
    edits = [
        (layer, unit, source if source < len(row) - 1 else None, value)
        for layer, (W, b) in enumerate(zip(network.weights, network.biases, strict=True))
        for unit, row in enumerate(np.column_stack([W, b]).tolist())
        for source, value in enumerate(row)
    ]
    return experiment.with_event(0, edits=edits)


def of_query(query: str, page: str, files: Mapping[str, sn.Points] = EMPTY) -> tuple[Worksheet, tuple[str, ...]]:
    """(sheet, ignored) of an address as `Worksheet.query` has it; friendly numbers where it names no data set.

    page: the app's address. files: tables that are at hand. ignored: a sentence for each value that was not used.
    ValueError with one sentence where there is nothing to do by hand.
    """
    said: list[str] = []
    pairs = parse_qsl(query[:MAX_QUERY], keep_blank_values=True)
    own, rest = ([pair for pair in pairs if (pair[0] in SHEET) == is_own] for is_own in (True, False))
    given = dict(rest[::-1]) | links.once(own, lambda error, used: said.append(f"In the link ({used}), {error}."))
    if "dataset" not in given:
        if others := ", ".join(dict.fromkeys(name for name, _ in pairs if name != "seed")):
            said.append(f"In the link (left out), expected a data set beside {shown(others)}, got none.")
        return friendly(whole_number(given.get("seed", "0"), "Seed of the numbers", "0"), page), tuple(said)
    if given["dataset"].startswith(A_FILE):  # another data set in its place would be another exercise
        try:
            read_link(given["dataset"], files)
        except ValueError as error:
            raise ValueError(f"{error}".replace("the link", "The link", 1)) from None
    if "seed" in given:
        said.append(f"In the link (left out), seed: expected none beside a data set, got {shown(given['seed'])}.")
    settings_alone, left_out = without(KEYS, urlencode(rest))
    experiment, ignored = sn.Experiment.from_query(settings_alone, files)
    said += [*ignored, *changes_after(0, experiment), *left_out]
    point = whole_number(given.get("point", "1"), "Point to learn from", "1")
    sheet = of_run(experiment.start(), point, f"{page}?{experiment.to_query()}")
    title = sn.spec_of(experiment.dataset).title
    return replace(sheet, about=f"{title}, training point {point:,}"), tuple(said)


def friendly(seed: int, page: str) -> Worksheet:
    """A 2-2-1 network with inputs, weights and biases of one decimal, drawn from a seed. page: the app's address.

    ValueError with one sentence for a seed that is none.
    """
    if not 0 <= seed < SEEDS:
        raise ValueError(
            f"Seed of the numbers: expected a whole number from 0 to {SEEDS - 1:,}, got {seed:,}; type another."
        )
    rng = np.random.default_rng(seed)
    network = FRIENDLY.start().network
    numbers = rng.integers(1, 10, network.n_parameters + 2) * rng.choice([-1, 1], network.n_parameters + 2) / 10
    network, x, y = network.replace(numbers[2:]), tuple(numbers[:2].tolist()), (float(rng.integers(2)),)
    experiment = _with_numbers(FRIENDLY, network)
    return Worksheet(
        network,
        x,
        y,
        FRIENDLY.loss,
        FRIENDLY.learning_rate,
        FRIENDLY.features,
        f"Friendly numbers, seed {seed:,}",
        f"Playground, Share, On paper, Friendly numbers, seed {seed:,}. The link shows this network with this input",
        f"{page}?{Moment(experiment, probe=x).query}",
        f"seed={seed}",
    )


def as_printed(value: float) -> float:
    """The number that is printed for another one."""
    return float(text(value).replace(MINUS, "-"))


def step_of(sheet: Worksheet) -> Step:
    """The update, as the network's own trainer makes it: plain gradient descent on this one sample."""
    trainer = sn.Trainer(loss=sheet.loss, optimizer=sn.SGD(learning_rate=sheet.learning_rate))
    with np.errstate(all="ignore"):
        return trainer.step(sheet.network, [sheet.x], [sheet.y])


def key_of(sheet: Worksheet) -> Key:
    """Every number that is asked for, in the order of the computation."""
    step = step_of(sheet)
    return {cell: _in_step(step, cell) for cell in cells(sheet.network.sizes)}


def _in_step(step: Step, cell: Cell) -> float:
    kind, *place = cell
    if kind == "loss":
        return step.backward.loss
    layer, unit, *source = place
    if not source:
        every = {"z": step.forward.z, "a": step.forward.a, "delta": step.backward.delta}[kind]
        return float(every[layer][0, unit])
    W, b = (step.backward.dW, step.backward.db) if kind == "gradient" else (step.after.weights, step.after.biases)
    return float(b[layer][unit] if source == [None] else W[layer][unit, source[0]])


def worksheet(sheet: Worksheet) -> str:
    """The file of HTML: the sheet with empty boxes, and on a new page the key."""
    sizes, key = "-".join(map(str, sheet.network.sizes)), key_of(sheet)
    blank = element(
        "div",
        element(
            "div",
            element("h1", "One update by hand"),
            element("div", "Name ", element("span", class_="line"), "  Date ", element("span", class_="line short")),
            class_="head",
        ),
        element("p", sheet.about, class_="quiet"),
        element(
            "p",
            f"A {sizes} network sees one training point. Compute what it answers, how wrong that is, and what one step "
            "of plain gradient descent makes of every weight and bias. Keep all digits on the way and write down four; "
            "another last digit is no mistake.",
        ),
        *given(sheet),
        *asked(sheet, lambda cell: element("td")),
    )
    answers = element(
        "section",
        element("div", element("h1", "Answer key"), element("div", sheet.about, class_="quiet"), class_="head"),
        element(
            "p",
            "Computed with the numbers as they are printed on the sheet, by the code that trains the network in the "
            "app; rounded to four significant digits.",
            class_="quiet",
        ),
        *asked(sheet, lambda cell: element("td", text(key[cell]))),
        element(
            "footer",
            element("div", f"To make it again: {sheet.made}."),
            element("div", f"Computed with {settings.versions()}."),
            element("div", sheet.link),
        ),
        class_="page",
    )
    return document(f"One update by hand: {sheet.about}", blank, answers)


# ---- the parts of the page -------------------------------------------------------------------------------------------


def given(sheet: Worksheet) -> list[Element]:
    """The picture, and beside it what else is given."""
    net = sheet.network
    own = [f" ({name})" if name != f"x{place}" else "" for place, name in enumerate(sheet.inputs, 1)]
    lines = [
        element("p", symbol("x", below=str(place)), f"{name} = {text(value)}")
        for place, (value, name) in enumerate(zip(sheet.x, own, strict=True), 1)
    ]
    lines += [
        element("p", "target ", symbol("y", below=str(k) if len(sheet.y) > 1 else ""), f" = {text(value)}")
        for k, value in enumerate(sheet.y, 1)
    ]
    lines += [element("p", sheet.scaled, class_="quiet")] if sheet.scaled else []
    lines.append(element("p", "learning rate ", symbol("η"), f" = {text(sheet.learning_rate)}"))
    for name in dict.fromkeys(net.activations):
        layers = [layer_title(net, layer) for layer, known in enumerate(net.activations) if known == name]
        where = "every unit" if len(layers) == len(net.activations) else " and ".join(layers).lower()
        lines.append(
            element(
                "p",
                f"{where}: {in_a_sentence(title(name))}, ",
                symbol("a"),
                " = ",
                formula(sn.ACTIVATIONS[name].formula),
            )
        )
    loss = sn.LOSSES[sheet.loss]
    written = formula(loss.formula if len(sheet.y) > 1 else loss.factor + loss.term)  # a sum over one output is none
    lines.append(element("p", f"loss: {loss.title}, ", symbol("L"), " = ", written))
    if any(letter.text == "m" for letter in written.iter("mi")):
        lines.append(element("p", symbol("m"), f" = {len(sheet.y)}, the number of outputs"))
    side = element("div", *lines, class_="grow")
    picture = element("div", network_picture(net, sheet.x))
    matrices = [] if has_room(net) else [_matrix(net, layer) for layer in range(len(net.weights))]
    return [element("h2", "Given"), element("div", picture, side, *matrices, class_="row")]


def _matrix(net: sn.Network, layer: int) -> Element:
    """The weights and biases of a layer, a row for each of its units."""
    letter = "x" if layer == 0 else "a"
    heads: list[Element | str] = [
        symbol(letter, below=str(source + 1), head="from ") for source in range(net.sizes[layer])
    ]
    head = element("tr", *[element("th", words) for words in ["to unit", *heads, "bias"]])
    rows = [
        element("tr", element("th", str(unit + 1)), *[element("td", text(value), class_="given") for value in row])
        for unit, row in enumerate(np.column_stack([net.weights[layer], net.biases[layer]]))
    ]
    return _table(layer_title(net, layer), head, rows, "plain")


def asked(sheet: Worksheet, box: Box) -> list[Element]:
    """What is asked for, in the order of the computation, with a box for every number."""
    net, layers = sheet.network, range(len(sheet.network.sizes) - 1)
    head = element("tr", element("th", ""), element("th", symbol("L")))
    loss = _table("Loss", head, [element("tr", element("th", ""), box(("loss",)))])
    backwards = list(reversed(layers))  # as one goes back
    columns = "columns whole" if net.n_parameters <= ONE_PAGE else "columns"
    return [
        element("h2", "1. Forward, and 2. the loss"),
        element(
            "p",
            symbol("z"),
            ": each weight times what it multiplies, added up, plus the bias; ",
            *_sum(),
            class_="hint",
        ),
        element("div", *[_units(net, layer, ("z", "a"), box) for layer in layers], loss, class_="row"),
        element("h2", "3. Backward: ", symbol("δ"), " of every unit, the last layer first"),
        element("p", *_how_delta(sheet), class_="hint"),
        element("div", *[_units(net, layer, ("delta",), box) for layer in backwards], class_="row"),
        element("h2", "4. Gradients, and then all new values at once"),
        element(
            "p",
            "Of a weight: ",
            symbol("δ"),
            " of the unit that it leads to, times what it multiplies; of a bias: ",
            symbol("δ"),
            " of its unit. New value = old value − ",
            symbol("η"),
            " · gradient.",
            class_="hint",
        ),
        element("div", *[_parameters(net, layer, box) for layer in backwards], class_=columns),
    ]


def _sum() -> list[Element | str]:
    return [
        formula(r"z_k = \sum_j w_{k,j}\cdot a_j + b_k"),
        " (in layer 1 ",
        symbol("x", below="j"),
        " for ",
        symbol("a", below="j"),
        ")",
    ]


def _how_delta(sheet: Worksheet) -> list[Element | str]:
    """How delta comes about for this loss and these activations."""
    net, loss = sheet.network, sn.LOSSES[sheet.loss]
    *hidden, output = net.activations
    parts: list[Element | str] = ["Output: "]
    used = [sn.ACTIVATIONS[name].derivative_formula for name in dict.fromkeys(hidden)]
    if loss.own_output == output:
        parts.append(formula(r"\delta = a - y"))
    else:
        used.append(loss.slope_formula)
        parts += [formula(rf"\delta = {loss.slope_formula}\cdot f'(z)"), ", ", *_slope(output)]
        used.append(sn.ACTIVATIONS[output].derivative_formula)
    parts.append(".")
    if hidden:
        parts += [" Hidden: ", formula(r"\delta_j = f'(z_j)\cdot\sum_k w_{k,j}\cdot\delta_k"), " with the old weights"]
        for name in dict.fromkeys(hidden):
            parts += [", ", *_slope(name)]
        parts.append(".")
    if any("[" in used_one for used_one in used):
        parts.append(" Square brackets are 1 where it is true, else 0.")
    return parts


def _slope(name: str) -> list[Element | str]:
    return [f"{in_a_sentence(title(name))}: ", formula(rf"f'(z) = {sn.ACTIVATIONS[name].derivative_formula}")]


def _units(net: sn.Network, layer: int, letters: Sequence[str], box: Box) -> Element:
    """A box for every unit of a layer and everything that is asked of it."""
    written = {"z": "z", "a": "a", "delta": "δ"}
    head = element("tr", element("th", "unit"), *[element("th", symbol(written[name])) for name in letters])
    rows = [
        element("tr", element("th", str(unit + 1)), *[box((name, layer, unit)) for name in letters])
        for unit in range(net.sizes[layer + 1])
    ]
    return _table(layer_title(net, layer), head, rows)


def _parameters(net: sn.Network, layer: int, box: Box) -> Element:
    """A row for every weight and bias of a layer: its old value, a box for its gradient, a box for its new value."""
    head = element("tr", *[element("th", words) for words in ("", "old", "gradient", "new")])
    rows = []
    for unit in range(net.sizes[layer + 1]):
        for source in (*range(net.sizes[layer]), None):
            old = net.biases[layer][unit] if source is None else net.weights[layer][unit, source]
            letter, below = ("b", f"{unit + 1}") if source is None else ("w", f"{unit + 1},{source + 1}")
            place = (layer, unit, source)
            before = element("td", text(old), class_="given")
            name = element("th", symbol(letter, f"({layer + 1})", below))
            rows.append(element("tr", name, before, box(("gradient", *place)), box(("new", *place))))
    return _table(layer_title(net, layer), head, rows)


def _table(words: str, head: Element, rows: list[Element], kind: str = "cells") -> Element:
    return element("table", element("caption", words), element("thead", head), element("tbody", *rows), class_=kind)


def in_a_sentence(name: str) -> str:
    """A name inside a sentence: without its capital, but where it is a short form."""
    return name if name[1:2].isupper() or "ReLU" in name else name.lower()
