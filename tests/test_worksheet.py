"""The worksheet: its key is right for the numbers that are printed, its boxes are empty, and its texts are texts."""

import itertools
import re

import numpy as np
import pytest

import scratchnet as sn
from tests import by_hand
from tests.paper_reader import NUMBER, is_rounded, loads_nothing, read, value, words
from ui import moment
from ui.paper import worksheet as paper
from ui.paper.mathml import formula
from ui.play.playground import SPEEDS

LINK = "http://localhost:8501/?dataset=xor"


def sheet_of(updates: int = 7, point: int = 3, **settings) -> paper.Worksheet:
    run = sn.Experiment(**{"samples": 40, "learning_rate": 0.3} | settings).start()
    run.advance(updates=updates)
    return paper.of_run(run, point, LINK)


SHEETS = {
    "friendly": lambda: paper.friendly(3, "http://localhost:8501/"),
    "friendly again": lambda: paper.friendly(4, "http://localhost:8501/"),
    "no hidden layer": lambda: sheet_of(hidden=(), dataset="and_gate", point=2),
    "cross-entropy of two": lambda: sheet_of(hidden=(3, 2), activation=("tanh", "relu")),
    "four classes' worth": lambda: sheet_of(
        dataset="three_blobs", hidden=(4, 4), activation="sigmoid", output="softmax", loss="cross_entropy"
    ),
    "softmax, one layer": lambda: sheet_of(
        dataset="three_blobs", features=("x1", "x2", "x1*x2"), hidden=(), output="softmax", loss="cross_entropy"
    ),
    "a curve": lambda: sheet_of(dataset="sine", features=("x1",), hidden=(3,), output="identity", loss="mse"),
    "half squares": lambda: sheet_of(
        hidden=(2, 3), activation="leaky_relu", output="sigmoid", loss="half_squared_error"
    ),
    "hinge": lambda: sheet_of(hidden=(4,), activation="elu", output="identity", loss="hinge"),
    "huber": lambda: sheet_of(hidden=(2,), activation="softplus", output="tanh", loss="huber"),
    "mae, swish": lambda: sheet_of(
        dataset="plane", hidden=(2,), activation="swish", output="identity", loss="mae", optimizer="adam", l2=0.1
    ),
}
ALL = pytest.mark.parametrize("name", SHEETS)


def parts(document):
    """(the sheet, the key): elements."""
    body = read(document).find("body")
    sheet, key = list(body)
    assert key.get("class") == "page"
    return sheet, key


def tables(part):
    """(heading, title) -> the table's rows, each a list of cells."""
    found, heading = {}, ""
    for element in part.iter():
        if element.tag == "h2":
            heading = words(element)[:1]
        if element.tag == "table":
            caption = element.find("caption")
            rows = [[words(cell) for cell in row] for row in element.iter("tr")]
            found[heading, "" if caption is None else words(caption)] = rows
    return found


def layer_names(sizes):
    return [f"Layer {layer}" for layer in range(1, len(sizes) - 1)] + ["Output"]


def printed_network(sheet_part, sizes):
    """(W, b) of the sheet, read off what is printed in its last tables."""
    W, b, found = [], [], tables(sheet_part)
    for layer, name in enumerate(layer_names(sizes)):
        olds = [value(row[1]) for row in found["4", name][1:]]
        rows = [olds[at : at + sizes[layer] + 1] for at in range(0, len(olds), sizes[layer] + 1)]
        assert len(rows) == sizes[layer + 1]
        W.append([row[:-1] for row in rows])
        b.append([row[-1] for row in rows])
    return W, b


def printed_sample(sheet_part):
    """(x, y, learning rate) as they are printed."""
    lines = [words(line) for line in sheet_part.iter("p")]
    after = {
        start: [value(line.split(" = ")[-1]) for line in lines if re.match(start, line)]
        for start in ("x", "target", "learning rate")
    }
    return after["x"], after["target"], after["learning rate"][0]


@ALL
def test_every_number_of_the_key_is_that_of_plain_loops_over_the_numbers_on_the_sheet(name):
    sheet = SHEETS[name]()
    blank, key = parts(paper.worksheet(sheet))
    sizes, activations = sheet.network.sizes, sheet.network.activations
    (W, b), (x, y, rate) = printed_network(blank, sizes), printed_sample(blank)
    there = by_hand.update(W, b, activations, sheet.loss, [x], [y])
    found, checked = tables(key), 0
    assert is_rounded(found["1", "Loss"][1][1], there["loss"])
    for layer, title in enumerate(layer_names(sizes)):
        z, a, delta = (there[f"{letter}{layer + 1}"][0] for letter in ("z", "a", "delta"))
        for unit, row in enumerate(found["1", title][1:]):
            assert row[0] == str(unit + 1)
            assert is_rounded(row[1], z[unit]) and is_rounded(row[2], a[unit])
        for unit, row in enumerate(found["3", title][1:]):
            assert is_rounded(row[1], delta[unit])
        rows = iter(found["4", title][1:])
        for unit in range(sizes[layer + 1]):
            for source in range(sizes[layer] + 1):
                is_bias = source == sizes[layer]
                old = b[layer][unit] if is_bias else W[layer][unit][source]
                slope = there[f"db{layer + 1}"][unit] if is_bias else there[f"dW{layer + 1}"][unit][source]
                named, printed_old, gradient, new = next(rows)
                assert named == (f"b({layer + 1}){unit + 1}" if is_bias else f"w({layer + 1}){unit + 1},{source + 1}")
                assert value(printed_old) == old
                assert is_rounded(gradient, slope) and is_rounded(new, old - rate * slope)
                checked += 1
        assert next(rows, None) is None
    assert checked == sum((before + 1) * units for before, units in itertools.pairwise(sizes))


@ALL
def test_the_sheet_shows_the_numbers_of_the_screen_rounded_and_computes_with_the_rounded_ones(name):
    sheet = SHEETS[name]()
    blank, _ = parts(paper.worksheet(sheet))
    W, b = printed_network(blank, sheet.network.sizes)
    for layer, weights in enumerate(sheet.network.weights):
        assert weights.tolist() == W[layer] and sheet.network.biases[layer].tolist() == b[layer]
    x, y, rate = printed_sample(blank)
    assert (x, y, rate) == (list(sheet.x), list(sheet.y), sheet.learning_rate)


def test_the_numbers_on_the_sheet_are_those_of_the_run_at_its_update():
    run = sn.Experiment(samples=40, hidden=(3,), schedule="exponential", schedule_settings={"gamma": 0.5}).start()
    run.advance(updates=5)
    sheet = paper.of_run(run, 2, LINK)
    assert np.abs(sheet.network.theta - run.network.theta).max() < 5e-5
    assert np.abs(np.array(sheet.x) - run.x_train[1]).max() < 5e-4
    assert sheet.learning_rate == pytest.approx(0.01 * 0.5**5, rel=1e-3)


@ALL
def test_no_answer_stands_outside_the_key(name):
    sheet = SHEETS[name]()
    document = paper.worksheet(sheet)
    outside, _, behind = document.partition('<section class="page">')
    assert behind.rstrip().endswith("</section></body></html>")
    blank, key = parts(document)
    boxes = [cell for cell in blank.iter("td") if cell.get("class") != "given"]
    answers = [words(cell) for cell in key.iter("td") if cell.get("class") != "given"]
    assert [words(cell) for cell in boxes] == [""] * len(answers)
    given = {words(cell) for cell in blank.iter("td")} | set(NUMBER.findall(words(blank)))
    secret = {answer for answer in answers if len(answer.lstrip("−0.")) >= 4} - given
    assert len(secret) > 3
    assert [answer for answer in secret if answer in outside] == []


@ALL
def test_the_picture_has_a_link_for_every_weight_dashed_where_it_is_negative_and_no_number_on_another(name):
    sheet = SHEETS[name]()
    blank, _ = parts(paper.worksheet(sheet))
    drawing = next(blank.iter("svg"))
    weights = [weight for W in sheet.network.weights for weight in W.ravel().tolist()]
    dashed = [line.get("stroke-dasharray") is not None for line in drawing.iter("line")]
    assert dashed == [weight < 0 for weight in weights]
    assert len(list(drawing.iter("circle"))) == sum(sheet.network.sizes)
    numbers = [text for text in drawing.iter("text") if text.get("paint-order")]
    biases = [bias for b in sheet.network.biases for bias in b.tolist()]
    printed = sorted(value(words(text).removeprefix("b = ")) for text in numbers)
    if max(W.size for W in sheet.network.weights) <= 6:
        assert printed == sorted([*weights, *biases, *sheet.x])
    else:  # too many for the picture: they stand in tables
        assert printed == sorted(sheet.x)
        for layer, title in enumerate(layer_names(sheet.network.sizes)):
            rows = [[value(cell) for cell in row[1:]] for row in tables(blank)["G", title][1:]]
            W, b = sheet.network.weights[layer], sheet.network.biases[layer]
            assert rows == [[*row, bias] for row, bias in zip(W.tolist(), b.tolist(), strict=True)]
    boxes = [(float(text.get("x")), float(text.get("y")), 3.2 * len(words(text))) for text in numbers]
    for (x1, y1, half1), (x2, y2, half2) in itertools.combinations(boxes, 2):
        assert abs(y1 - y2) >= 11 or abs(x1 - x2) >= half1 + half2


HOSTILE = "</title></svg><script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;<!--"


def test_texts_that_look_like_markup_are_texts():
    plain = paper.friendly(3, "http://localhost:8501/")
    sheet = paper.Worksheet(
        plain.network, plain.x, plain.y, plain.loss, plain.learning_rate, (HOSTILE, "x2"), HOSTILE, HOSTILE, HOSTILE
    )
    document = paper.worksheet(sheet)
    root = read(document)
    assert loads_nothing(document, LINK) == []
    assert words(root).count(HOSTILE) == 6  # title, twice about, name of an input, made, link
    assert words(root.find("head/title")).endswith(HOSTILE)


@ALL
def test_nothing_is_loaded_and_nothing_runs(name):
    sheet = SHEETS[name]()
    document = paper.worksheet(sheet)
    assert loads_nothing(document, sheet.link) == []
    assert sheet.link in words(read(document))
    policy = next(meta for meta in read(document).iter("meta") if meta.get("http-equiv"))
    assert policy.get("content").startswith("default-src 'none';")


@pytest.mark.parametrize(
    "planted",
    [
        "<script>1</script>",
        '<i src="http://a.b/c"></i>',
        '<i onclick="f()"></i>',
        "<style>i { background: url(a) }</style>",
    ],
)
def test_the_reader_finds_what_would_be_loaded(planted):
    document = paper.worksheet(paper.friendly(3, "/")).replace("<body>", f"<body>{planted}")
    assert len(loads_nothing(document, LINK)) > 0


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"hidden": (5,)}, "This network, 2-5-1, is too large to compute by hand: "),
        (
            {"hidden": (2, 2, 2)},
            "2-2-2-2-1, is .+ at most 4 inputs, 2 hidden layers and 4 units in each layer. Make it smaller, or",
        ),
        ({"features": ("x1", "x2", "x1*x2", "x1^2", "x2^2"), "hidden": (2,)}, "5-2-1"),
        ({"hidden": (2,), "activation": "gelu"}, "GELU"),
        ({"dataset": "three_blobs", "hidden": (2,), "output": "softmax", "loss": "mse"}, "softmax"),
    ],
)
def test_what_nobody_does_by_hand_is_refused_in_one_sentence_that_offers_friendly_numbers(settings, said):
    with pytest.raises(ValueError, match=said) as refusal:
        sheet_of(**settings)
    assert str(refusal.value).endswith("friendly numbers.")


@pytest.mark.parametrize("point", [0, -1, 21])
def test_a_training_point_that_is_not_there_is_refused(point):
    with pytest.raises(ValueError, match=f"^Point to learn from: expected a number from 1 to 20, got {point}; type"):
        sheet_of(hidden=(2,), point=point)


@pytest.mark.parametrize("seed", [0, 1, 2, 9_999])
def test_friendly_numbers_have_one_decimal_and_are_never_0(seed):
    sheet = paper.friendly(seed, "/")
    numbers = [*sheet.network.theta.tolist(), *sheet.x]
    assert all(round(number, 1) == number and 0.1 <= abs(number) <= 0.9 for number in numbers)
    assert sheet.network.sizes == (2, 2, 1) and sheet.y in ((0.0,), (1.0,))


def test_a_seed_gives_the_same_numbers_again_and_another_one_gives_others():
    documents = [paper.worksheet(paper.friendly(seed, "/")) for seed in (5, 5, 6)]
    assert documents[0] == documents[1]
    thetas = {tuple(paper.friendly(seed, "/").network.theta.tolist()) for seed in range(50)}
    assert len(thetas) == 50


@pytest.mark.parametrize("seed", [-1, 10_000])
def test_a_seed_beyond_the_known_ones_is_refused(seed):
    with pytest.raises(ValueError, match="expected a whole number from 0 to 9,999"):
        paper.friendly(seed, "/")


@pytest.mark.parametrize("seed", [0, 7])
def test_the_link_of_friendly_numbers_opens_that_network_with_that_input(seed):
    sheet = paper.friendly(seed, "http://localhost:8501/")
    there, ignored = moment.read(sheet.link.partition("?")[2], SPEEDS)
    assert ignored == ()
    run = there.experiment.start()
    assert run.network.theta.tolist() == sheet.network.theta.tolist()
    assert run.network.activations == sheet.network.activations
    assert there.probe == sheet.x and run.learning_rate == sheet.learning_rate


def test_of_a_name_that_an_address_says_twice_the_first_counts():
    page = "http://localhost:8501/"
    assert paper.of_query("seed=3&seed=4", page)[0].about == "Friendly numbers, seed 3"
    twice, _ = paper.of_query("dataset=xor&hidden=2&point=2&point=5", page)
    assert twice.about.endswith("training point 2")


def test_the_foot_of_friendly_numbers_names_the_way_to_them_as_the_screen_does():
    assert paper.friendly(4, "/").made.startswith("Playground, Share, On paper, Friendly numbers, seed 4.")


def test_the_foot_says_how_to_make_the_sheet_again():
    sheet = sheet_of(hidden=(2,), data_seed=11, init_seed=12, order_seed=13)
    _, key = parts(paper.worksheet(sheet))
    foot = words(key.find("footer"))
    for said in (
        "Update 7 ",
        "training point 3",
        "Seed of the data: 11",
        "Seed of the first weights: 12",
        "Seed of the order: 13",
        LINK,
        np.__version__,
    ):
        assert said in foot


def test_a_sheet_says_no_name_that_only_a_link_has():
    for make in SHEETS.values():
        text = words(parts(paper.worksheet(make()))[0])
        assert not re.search(r"\b(mse|bce|mae|relu|elu|sgd|[a-z0-9]+_[a-z0-9_]+)\b", text), text


@pytest.mark.parametrize("name", [*sn.ACTIVATIONS, *sn.LOSSES])
def test_every_formula_of_the_network_can_be_set_on_paper(name):
    found = sn.ACTIVATIONS.get(name) or sn.LOSSES[name]
    formulas = [text for field, text in vars(found).items() if "formula" in field and text]
    assert formulas
    for text in formulas:
        assert "\\" not in words(formula(text)) and "{" not in words(formula(text))
        letters = [letter.text for letter in formula(text).iter("mi") if letter.text in ("z", "a", "y")]
        assert letters == re.findall("[zay]", re.sub(r"\\text\{[^}]*\}|\\[a-z]+|\{sign\}|\{clip\}", "", text))


def test_a_formula_is_set_as_fractions_powers_and_functions():
    def shape(element):
        return f"{element.tag}({','.join(map(shape, element))})" if len(element) else element.text

    assert shape(formula(r"\frac{1}{1+e^{-z}}")) == "math(mrow(mfrac(mrow(1),mrow(1,+,msup(e,mrow(−,z))))))"
    assert shape(formula(r"\frac12\,(a-y)")) == "math(mrow(mfrac(1,2),·,(,a,−,y,)))"
    with pytest.raises(ValueError, match="not known here"):
        formula(r"\int z")
