"""The exercise: it asks for what the worksheet asks for, judges each number by itself, and knows what follows."""

import json
from dataclasses import replace
from urllib.parse import parse_qsl

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import scratchnet as sn
from scratchnet.cells import needs, value
from tests.lesson_app import sound
from tests.menu_pages import MENU
from tests.test_worksheet import SHEETS, sheet_of
from ui.exercise import MOST_KEPT, TYPED, fingerprint, heard, ident, judged, page
from ui.exercise.verdicts import FOLLOWS, RIGHT, UNREAD, WRONG, how, label, name, verdicts
from ui.kit.numbers import text
from ui.paper import worksheet as paper

ALL = pytest.mark.parametrize("name_of", SHEETS)
PAGE = "http://localhost:8501/"


def as_learners_write(value: float) -> str:
    """Four digits and a decimal comma."""
    return text(value).replace(".", ",")


def fields(body) -> list[str]:
    """The names of the boxes in elements as the browser gets them, in the order of the Tab key."""
    found = []
    for tag, attributes, children in body:
        if "data-cell" in attributes:
            assert tag == "td" and children == []  # nothing of the key
            found.append(attributes["data-cell"])
        found += fields([one for one in children if not isinstance(one, str)])
    return found


@ALL
def test_there_is_a_field_for_every_number_of_the_key_with_a_name_of_its_own_and_no_answer_in_the_page(name_of):
    sheet = SHEETS[name_of]()
    key = paper.key_of(sheet)
    data = page(sheet, key) | judged(sheet, key, {})
    assert sorted(fields(data["body"])) == sorted(map(ident, key)) == sorted(data["labels"])
    assert len(set(data["labels"].values())) == len(key)
    outside = json.dumps(data, ensure_ascii=False)
    given = {text(number) for number in (*sheet.network.theta, *sheet.x, *sheet.y, sheet.learning_rate)}
    secret = {text(number) for number in key.values() if len(text(number).lstrip("−0.")) >= 4} - given
    assert len(secret) > 3 and [one for one in secret if one in outside] == []


@ALL
def test_the_rounded_numbers_of_the_printed_key_are_all_right_also_with_a_comma(name_of):
    sheet = SHEETS[name_of]()
    key = paper.key_of(sheet)
    found = verdicts(sheet, key, {cell: as_learners_write(number) for cell, number in key.items()})
    assert [cell for cell, verdict in found.items() if verdict.state != RIGHT] == []
    typed = {cell: str(number) for cell, number in key.items()}
    assert judged(sheet, key, typed)["is_done"]
    assert not judged(sheet, key, typed | {("z", 0, 0): "99"})["is_done"]
    assert not judged(sheet, key, {cell: typed[cell] for cell in list(typed)[:-1]})["is_done"]


@ALL
def test_who_goes_on_computing_with_four_digits_is_right_all_the_way(name_of):
    sheet = SHEETS[name_of]()
    key, typed = paper.key_of(sheet), {}
    for cell in key:
        known = {one: paper.as_printed(typed[one]) for one in needs(cell, sheet.network, sheet.loss)}
        typed[cell] = value(cell, known, sheet.network, sheet.x, sheet.y, sheet.loss, sheet.learning_rate)
    found = verdicts(sheet, key, {cell: text(number) for cell, number in typed.items()})
    assert [cell for cell, verdict in found.items() if verdict.state != RIGHT] == []


@ALL
def test_one_mistake_is_wrong_itself_and_what_follows_from_it_is_said_to_follow(name_of):
    sheet = SHEETS[name_of]()
    net = sheet.network
    key, typed = paper.key_of(sheet), {}
    slip = ("z", 0, 0)
    for cell in key:
        known = {one: typed[one] for one in needs(cell, net, sheet.loss)}
        typed[cell] = value(cell, known, net, sheet.x, sheet.y, sheet.loss, sheet.learning_rate)
        if cell == slip:
            typed[cell] += 0.37
    found = verdicts(sheet, key, {cell: repr(number) for cell, number in typed.items()})
    assert found[slip].state == WRONG
    changed = {cell for cell in key if abs(typed[cell] - key[cell]) > 0.01 * abs(key[cell])}
    assert len(changed) > 2
    for cell in changed - {slip}:
        assert found[cell].state == FOLLOWS, cell
        assert "your own" in found[cell].why and "Look for the mistake " in found[cell].why
    same = {cell for cell in key if typed[cell] == key[cell]}
    assert {found[cell].state for cell in same} <= {RIGHT}


def test_the_first_wrong_number_of_a_chain_is_named_and_not_the_one_that_only_follows():
    sheet = paper.friendly(0, PAGE)
    key, typed = paper.key_of(sheet), {}
    for cell in key:
        known = {one: typed[one] for one in needs(cell, sheet.network, sheet.loss)}
        typed[cell] = value(cell, known, sheet.network, sheet.x, sheet.y, sheet.loss, sheet.learning_rate)
        if cell == ("a", 0, 0):
            typed[cell] += 0.2
    found = verdicts(sheet, key, {cell: repr(number) for cell, number in typed.items()})
    assert found["a", 0, 0].state == WRONG and found["a", 1, 0].state == FOLLOWS
    assert found["z", 1, 0].why == "It follows from your own a⁽¹⁾₁: the way is right. Look for the mistake there."
    assert found["loss",].why == (
        "It follows from your own a⁽²⁾₁: the way is right. Look for the mistake where it began, in a⁽¹⁾₁."
    )


def test_what_is_no_number_has_a_mark_of_its_own_and_nothing_is_said_to_follow_from_it():
    sheet = paper.friendly(3, PAGE)
    key = paper.key_of(sheet)
    found = verdicts(sheet, key, {("z", 0, 0): "abc", ("a", 0, 0): repr(key["a", 0, 0] * 1.004)})
    assert found["z", 0, 0].state == UNREAD and "'abc'" in found["z", 0, 0].why
    assert "your own" not in found["a", 0, 0].why


def test_paper_and_screen_ask_for_the_same_number_of_digits():
    asked = "Keep all digits on the way and write down four"
    app = opened("")
    assert asked in paper.worksheet(paper.friendly(0, PAGE))
    (said,) = [one.value for one in app.markdown if "digits on the way" in one.value]
    assert f"{asked}; another last digit is no mistake." in said and "three" not in said


def test_the_way_back_to_the_numbers_before_stands_on_the_page():
    app = opened("seed=0")
    assert not [one for one in app.button if one.key == "exercise_back"]
    app = sound(app.button(key="exercise_other").click().run())
    app = sound(app.button(key="exercise_other").click().run())
    assert app.button(key="exercise_back").label == "Back to seed 1"
    app = sound(app.button(key="exercise_back").click().run())
    assert app.button(key="exercise_back").label == "Back to seed 0"
    app = sound(app.button(key="exercise_back").click().run())
    assert given_to_browser(app)["sheet"] == fingerprint(paper.friendly(0, PAGE))
    assert not [one for one in app.button if one.key == "exercise_back"]
    reloaded = opened("seed=7")
    assert reloaded.button(key="exercise_back").label == "Back to seed 6"


def test_from_friendly_numbers_there_is_a_way_back_to_the_own_network():
    sheet = sheet_of(hidden=(2,))
    app = opened(sheet.query)
    app = sound(app.button(key="exercise_other").click().run())
    assert app.button(key="exercise_back").label == "Back to your own network"
    app = sound(app.button(key="exercise_back").click().run())
    assert given_to_browser(app)["sheet"] == fingerprint(sheet)


def test_a_wrong_number_after_a_wrong_one_is_wrong_and_gets_its_formula():
    sheet = paper.friendly(3, PAGE)
    key = paper.key_of(sheet)
    typed = {("z", 0, 0): "0.9", ("a", 0, 0): "0.123"}
    found = verdicts(sheet, key, typed)
    assert found["z", 0, 0].why == "Not yet: z⁽¹⁾₁ = w⁽¹⁾₁,₁ · x₁ + w⁽¹⁾₁,₂ · x₂ + b⁽¹⁾₁."
    assert found["a", 0, 0].state == WRONG
    assert found["a", 0, 0].why == "Not yet: a⁽¹⁾₁ is sigmoid of z⁽¹⁾₁; its formula stands under Given."


def test_a_number_alone_is_judged_by_the_exact_ones_before_it_not_by_empty_fields():
    sheet = paper.friendly(3, PAGE)
    key = paper.key_of(sheet)
    for cell in key:
        known = dict.fromkeys(needs(cell, sheet.network, sheet.loss), 0.0)
        own = value(cell, known, sheet.network, sheet.x, sheet.y, sheet.loss, sheet.learning_rate)
        if known and abs(own) < float("inf") and abs(own - key[cell]) > 0.05 * abs(key[cell]):
            assert verdicts(sheet, key, {cell: repr(own)})[cell].state == WRONG, cell
    assert abs(key["a", 0, 0] - 0.5) > 0.05
    assert verdicts(sheet, key, {("a", 0, 0): "0.5"})["a", 0, 0].state == WRONG


def test_after_an_output_of_which_the_loss_is_infinite_every_loss_is_wrong():
    sheet = next(one for one in (paper.friendly(seed, PAGE) for seed in range(9)) if one.y == (0.0,))
    key = paper.key_of(sheet)
    found = verdicts(sheet, key, {("a", 1, 0): "1", ("loss",): "3"})
    assert found["a", 1, 0].state == found["loss",].state == WRONG
    assert found["loss",].why.startswith("Not yet: L is")


def test_what_follows_names_the_wrong_ones_it_follows_from_and_no_other():
    sheet = paper.friendly(3, PAGE)
    net, key = sheet.network, paper.key_of(sheet)

    def of(cell, **known):
        before = {one: key[one] for one in needs(cell, net, sheet.loss)} | {("a", 0, k): v for k, v in known.values()}
        return value(cell, before, net, sheet.x, sheet.y, sheet.loss, sheet.learning_rate)

    first, second = key["a", 0, 0] + 0.2, key["a", 0, 1] + 0.2
    for wrong, named in (
        ({"first": (0, first)}, "a⁽¹⁾₁"),
        ({"second": (1, second)}, "a⁽¹⁾₂"),
        ({"first": (0, first), "second": (1, second)}, "a⁽¹⁾₁, a⁽¹⁾₂"),
    ):
        typed = {("z", 0, 0): "99"}  # wrong, and not what the next layer's z is made of
        typed |= {("a", 0, 0): repr(key["a", 0, 0]), ("a", 0, 1): repr(key["a", 0, 1])}
        typed |= {("a", 0, k): repr(number) for k, number in wrong.values()}
        typed["z", 1, 0] = repr(of(("z", 1, 0), **wrong))
        found = verdicts(sheet, key, typed)["z", 1, 0]
        said = f"It follows from your own {named}: the way is right. Look for the mistake there."
        assert (found.state, found.why) == (FOLLOWS, said)


@pytest.mark.parametrize(
    ("name_of", "cell", "said"),
    [
        ("friendly", ("loss",), "L is the binary cross-entropy of a⁽²⁾₁; its formula stands under Given"),
        ("friendly", ("delta", 1, 0), "δ⁽²⁾₁ = a⁽²⁾₁ − y"),
        ("friendly", ("delta", 0, 1), "δ⁽¹⁾₂ = f′(z⁽¹⁾₂) · (w⁽²⁾₁,₂ · δ⁽²⁾₁)"),
        ("friendly", ("gradient", 0, 1, 0), "the gradient of w⁽¹⁾₂,₁ = δ⁽¹⁾₂ · x₁"),
        ("friendly", ("gradient", 1, 0, None), "the gradient of b⁽²⁾₁ is δ⁽²⁾₁"),
        ("friendly", ("new", 1, 0, 1), "the new value of w⁽²⁾₁,₂ = w⁽²⁾₁,₂ − η · its gradient"),
        (
            "softmax, one layer",
            ("a", 0, 1),
            "a⁽¹⁾₂ = e to the power of z⁽¹⁾₂, divided by the sum of that of z⁽¹⁾₁, z⁽¹⁾₂, z⁽¹⁾₃",
        ),
        ("softmax, one layer", ("delta", 0, 2), "δ⁽¹⁾₃ = a⁽¹⁾₃ − y₃"),
        (
            "huber",
            ("delta", 1, 0),
            "δ⁽²⁾₁ = the slope of the Huber loss at a⁽²⁾₁ times f′(z⁽²⁾₁); both stand above the table",
        ),
    ],
)
def test_a_hint_is_the_formula_with_the_names_of_what_it_needs(name_of, cell, said):
    assert how(SHEETS[name_of](), cell) == said


@ALL
def test_every_hint_names_all_the_cells_that_are_needed(name_of):
    sheet = SHEETS[name_of]()
    for cell in paper.key_of(sheet):
        for one in needs(cell, sheet.network, sheet.loss):
            own_slope = cell[0] == "delta" and one[0] == "a"  # f'(z) may be written with a
            assert own_slope or name(one).removeprefix("the ").split(" of ")[-1] in how(sheet, cell), (cell, one)


def test_known_slips_are_told_and_never_the_number():
    sheet = paper.friendly(3, PAGE)
    net, key = sheet.network, paper.key_of(sheet)
    without_bias = key["z", 0, 1] - net.biases[0][1]
    place = (1, 0, 0)
    old, gradient = net.weights[1][0, 0], key["gradient", *place]
    for cell, number, said in (
        (("z", 0, 1), without_bias, "bias is missing"),
        (("new", *place), old + sheet.learning_rate * gradient, "up the slope"),
        (("new", *place), old - gradient, "learning rate is missing"),
        (("delta", 1, 0), -key["delta", 1, 0], "the sign is not"),
        (("a", 0, 0), key["a", 0, 0] * 1.008, "Nearly"),
    ):
        found = verdicts(sheet, key, {cell: repr(float(number))})[cell]
        assert found.state == WRONG and said in found.why
        assert text(key[cell]) not in found.why


def test_what_is_no_number_is_told_and_empty_fields_are_not_judged():
    sheet = paper.friendly(3, PAGE)
    key = paper.key_of(sheet)
    found = verdicts(sheet, key, {("z", 0, 0): "o,5", ("a", 0, 0): "  ", ("loss",): "1" * 61})
    assert set(found) == {("z", 0, 0), ("loss",)}
    assert found["z", 0, 0].why.startswith("Your answer: expected a number such as")
    assert {one.state for one in found.values()} == {UNREAD}


@pytest.mark.parametrize("said", [None, 7, [], {"z-0-0": 5, "z-9-9": "1", 3: "x"}, {"__proto__": {"a": 1}}])
def test_what_a_browser_says_that_is_no_text_in_a_field_is_left_out(said):
    key = paper.key_of(paper.friendly(3, PAGE))
    assert heard(said, key) == {}
    assert heard({"z-0-0": "1,5"}, key) == {("z", 0, 0): "1,5"}
    assert len(heard({"z-0-0": "1" * 10**6}, key)["z", 0, 0]) < 100


def test_sheets_that_differ_in_any_number_do_not_show_each_others_answers():
    sheet = sheet_of(hidden=(2,))
    others = [
        replace(sheet, x=(sheet.x[0] + 0.1, *sheet.x[1:])),
        replace(sheet, y=(1.0 - sheet.y[0],)),
        replace(sheet, network=sheet.network.replace(sheet.network.theta + 0.1)),
        replace(sheet, loss="mse"),
        replace(sheet, learning_rate=0.7),
    ]
    assert len({fingerprint(one) for one in (sheet, *others)}) == 1 + len(others)


def test_fields_are_named_aloud_by_what_they_are():
    net = paper.friendly(3, PAGE).network
    assert label(net, ("z", 0, 1)) == "z of unit 2, layer 1"
    assert label(net, ("delta", 1, 0)) == "delta of unit 1, output"
    assert label(net, ("gradient", 0, 1, 0)) == "gradient of the weight from input 1 to unit 2, layer 1"
    assert label(net, ("new", 1, 0, None)) == "new value of the bias to unit 1, output"


# ---- its address -----------------------------------------------------------------------------------------------------


@ALL
def test_the_address_of_a_sheet_opens_the_same_sheet_without_any_training(name_of):
    sheet = SHEETS[name_of]()
    again, ignored = paper.of_query(sheet.query, PAGE)
    assert ignored == () and "at=" not in sheet.query and len(sheet.query) < 4000
    assert again.network.theta.tolist() == sheet.network.theta.tolist()
    assert (again.x, again.y, again.loss, again.learning_rate) == (sheet.x, sheet.y, sheet.loss, sheet.learning_rate)
    assert again.network.activations == sheet.network.activations and again.inputs == sheet.inputs
    assert paper.key_of(again) == paper.key_of(sheet) and fingerprint(again) == fingerprint(sheet)


def test_the_rate_of_a_schedule_and_settings_that_are_not_plain_come_along_as_one_rate():
    run = sn.Experiment(samples=40, hidden=(3,), optimizer="adam", schedule="warmup", learning_rate=0.5).start()
    run.advance(updates=5)
    sheet = paper.of_run(run, 2, PAGE)
    again, _ = paper.of_query(sheet.query, PAGE)
    assert again.learning_rate == sheet.learning_rate != 0.5


def test_where_no_address_can_hold_the_numbers_there_is_paper_alone():
    run = sn.Experiment(samples=40, hidden=(2,)).start()
    run = run.fork()
    run.edit(0, 0, 0, 1e6)
    run.change(learning_rate=1.0)
    sheet = paper.of_run(run, 1, PAGE)
    assert sheet.query  # a million is the most that can be set by hand
    broken = paper._query(run.settings, sheet.network.replace(np.full(sheet.network.n_parameters, 2e6)), 0.1, 1)
    assert broken == ""


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("seed=ten", "Seed of the numbers: expected a number such as 0, got 'ten'"),
        ("seed=-3", "expected a whole number from 0 to 9,999"),
        ("dataset=circle&hidden=9&point=1", "too large to compute by hand"),
        ("dataset=circle&hidden=128-128-128&point=1", "too large to compute by hand"),
        ("dataset=xor&hidden=2&point=0", "Point to learn from: expected a number from 1 to"),
        ("dataset=xor&hidden=2&point=x", "Point to learn from: expected a number"),
        ("dataset=xor&hidden=2&activation=gelu&point=1", "GELU"),
    ],
)
def test_an_address_that_is_no_exercise_gets_one_sentence(query, said):
    with pytest.raises(ValueError, match=r"^[A-Z]") as refusal:
        paper.of_query(query, PAGE)
    assert said in str(refusal.value)


def test_what_else_stands_in_an_address_is_left_out_and_bad_values_are_told():
    sheet, ignored = paper.of_query("dataset=xor&hidden=2&at=500&task=1.A&speed=max&point=2&noise=much", PAGE)
    assert len(ignored) == 2 and "noise" in ignored[0] and sheet.about == "Equal signs, training point 2"
    assert ignored[1] == "In the link (left out), only the playground has these: at, task, speed."
    assert paper.of_query("", PAGE)[0].about == "Friendly numbers, seed 0"


@pytest.mark.parametrize(
    ("query", "about", "told"),
    [
        ("point=99", "Friendly numbers, seed 0", "expected a data set beside 'point', got none"),
        ("seed=3&hidden=2&q=1", "Friendly numbers, seed 3", "expected a data set beside 'hidden, q', got none"),
        ("seed=3&seed=4", "Friendly numbers, seed 3", "'seed' is given more than once"),
        ("dataset=xor&hidden=2&point=2&seed=3", "Equal signs, training point 2", "seed: expected none beside a data"),
        ("dataset=xor&hidden=2&point=2&point=3", "Equal signs, training point 2", "'point' is given more than once"),
        ("dataset=xor&hidden=2&point=2&9.l1=1", "Equal signs, training point 2", "after update 0, got one at update 9"),
    ],
)
def test_what_a_sheet_does_not_take_of_its_address_has_one_sentence(query, about, told):
    sheet, said = paper.of_query(query, PAGE)
    assert sheet.about == about and len(said) == 1 and told in said[0]


def test_a_sheet_of_its_own_network_takes_all_that_its_address_says():
    sheet = paper.of_run(sn.Experiment(dataset="xor", samples=40, hidden=(2,)).start(), 2, PAGE)
    assert paper.of_query(sheet.query, PAGE)[1] == ()


# ---- the page --------------------------------------------------------------------------------------------------------


def opened(query: str = "") -> AppTest:
    app = sound(AppTest.from_file(MENU, default_timeout=60).run())
    app.query_params.clear()
    app.query_params.update(dict(parse_qsl(query)))
    return sound(app.switch_page("../pages/learn/exercise.py").run())


def given_to_browser(app) -> dict:
    found = [json.loads(one.proto.json or "{}") for one in app.get("bidi_component")]
    return next(data for data in found if "verdicts" in data)


def test_the_page_shows_the_sheet_of_its_address_and_judges_what_is_typed():
    sheet = sheet_of(hidden=(2,))
    app = opened(sheet.query)
    mark, key = fingerprint(sheet), paper.key_of(sheet)
    assert given_to_browser(app)["sheet"] == mark and given_to_browser(app)["verdicts"] == {}
    app.session_state[f"exercise_{mark}"] = {
        "said": {"has": True, "typed": {"z-0-0": repr(key["z", 0, 0]), "a-0-0": "7"}}
    }
    app = sound(app.run())
    data = given_to_browser(app)
    assert "body" not in data  # it has it
    assert [data["verdicts"][cell][0] for cell in ("z-0-0", "a-0-0")] == [RIGHT, WRONG]
    assert data["count"] == f"1 of {len(key)} right"
    assert app.session_state[TYPED][mark] == {("z", 0, 0): repr(key["z", 0, 0]), ("a", 0, 0): "7"}


def test_of_too_many_sheets_the_oldest_are_forgotten():
    sheet = sheet_of(hidden=(2,))
    app, mark = opened(sheet.query), fingerprint(sheet)
    names = [f"sheet {number}" for number in range(MOST_KEPT + 3)]
    app.session_state[TYPED] = {name: {} for name in names}
    app.session_state[f"exercise_{mark}"] = {"said": {"has": True, "typed": {"z-0-0": "7"}}}
    app = sound(app.run())
    assert list(app.session_state[TYPED]) == [*names[4:], mark]
    assert given_to_browser(app)["typed"] == {"z-0-0": "7"}


def test_after_the_last_seed_comes_the_first():
    app = opened()
    app.session_state["exercise_chosen"] = "seed=9999"
    app = sound(app.run())
    assert given_to_browser(app)["sheet"] == fingerprint(paper.friendly(9999, PAGE))
    app = sound(app.button(key="exercise_other").click().run())
    assert given_to_browser(app)["sheet"] == fingerprint(paper.friendly(0, PAGE))


@pytest.mark.parametrize("said", [5, [], {"has": "yes"}, {"has": False, "typed": 3}, None])
def test_whoever_does_not_say_that_it_has_the_page_gets_it(said):
    sheet = sheet_of(hidden=(2,))
    app = opened(sheet.query)
    app.session_state[f"exercise_{fingerprint(sheet)}"] = {"said": said}
    assert len(fields(given_to_browser(sound(app.run()))["body"])) == len(paper.key_of(sheet))


def test_without_a_sheet_in_the_address_there_are_friendly_numbers_and_the_button_gives_others():
    app = opened("dataset=circle&at=7")  # the playground's, which the browser may bring along
    assert given_to_browser(app)["sheet"] == fingerprint(paper.friendly(0, PAGE))
    app = sound(app.button(key="exercise_other").click().run())
    assert given_to_browser(app)["sheet"] == fingerprint(paper.friendly(1, PAGE))
    assert app.query_params["seed"] == ["1"] or app.query_params["seed"] == "1"


def test_what_cannot_be_done_by_hand_is_one_sentence_and_friendly_numbers_are_offered():
    app = opened("dataset=circle&hidden=9&point=1")
    assert any("too large to compute by hand" in one.value for one in app.text)
    app = sound(app.button(key="exercise_other").click().run())
    assert given_to_browser(app)["sheet"] == fingerprint(paper.friendly(0, PAGE))
    assert not [one for one in app.button if one.key == "exercise_back"], "there were no numbers before"
