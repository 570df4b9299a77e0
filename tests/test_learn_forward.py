"""The page of step 2, worked without a browser: the same record in graph, sum and arrays; wrong answers first."""

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import scratchnet as sn
from scratchnet import textbook
from tests.lesson_app import formulas, opened, press, sound, texts
from tests.widgets import named
from ui import lesson
from ui.checks import forward as checks
from ui.drawings import forward as drawings
from ui.formulas import in_words
from ui.kit.numbers import latex, text


@pytest.fixture(scope="module")
def visitor() -> AppTest:
    """Somebody who stays on the page, for tests that change one thing and look at that."""
    return opened("forward")


def on_graph(app: AppTest) -> tuple[dict, dict]:
    """What stands on the first graph: (place -> text of the unit, place -> text of the weight or bias)."""
    data = json.loads(app.get("bidi_component")[0].proto.json)
    units = [unit for column in data["columns"] for unit in column["units"]]
    links = [*data["links"], *(unit["bias"] for unit in units if unit["bias"])]
    return {tuple(unit["at"]): unit["text"] for unit in units}, {tuple(link["at"]): link["text"] for link in links}


def settings(app: AppTest) -> str:
    """What is chosen, as the closed popover of the settings says it."""
    (popover,) = app.get("popover")
    return popover.proto.popover.label


def lit(app: AppTest) -> set:
    data = json.loads(app.get("bidi_component")[0].proto.json)
    parts = [*data["links"], *(unit for column in data["columns"] for unit in column["units"])]
    return {tuple(part["at"]) for part in parts if part["lit"]}


def set_sizes(app: AppTest, typed: str) -> AppTest:
    return sound(named(app.text_input, "forward_sizes").set_value(typed).run())


def test_it_opens_with_the_worked_example_on_the_graph_in_the_sum_and_in_arrays():
    app = opened("forward")
    units, links = on_graph(app)
    assert units[0, 0] == "0.6083" and units[0, 1] == "0.4061" and units[1, 0] == "0.5826"
    assert links[0, 0, 1] == "−0.6" and links[0, 1, None] == "−0.2"
    assert r"0.2 + 0.12 + 0.02 + 0.1 \\ &= 0.44" in formulas(app)
    for shape in ("(1, 3)", "(2, 3)", "(2,)", "(1, 2)"):
        assert shape in formulas(app)


@pytest.mark.parametrize(
    ("sizes", "function"),
    [
        ("3-2-1", "sigmoid"),
        ("3-2-1", "relu"),
        ("1-1", "tanh"),
        ("2-4-1", "relu"),
        ("3-4-4-2", "sigmoid"),
        ("6-6-6-6-6", "tanh"),
    ],
)
def test_graph_sum_and_arrays_show_the_numbers_of_one_forward_pass(visitor, sizes, function):
    app = visitor
    app.session_state["lesson_forward"].update(hidden=function, output=function)
    set_sizes(app, sizes)
    state = app.session_state["lesson_forward"]
    net = checks.network_of(state)
    forward = net.forward(checks.samples_of(sn.load_dataset("tutorial"), state))
    units, links = on_graph(app)
    for layer, (W, b) in enumerate(zip(net.weights, net.biases, strict=True)):
        for unit in range(len(b)):
            assert units[layer, unit] == text(forward.a[layer][0, unit])
            assert links[layer, unit, None] == text(b[unit])
            assert [links[layer, unit, source] for source in range(W.shape[1])] == [text(w) for w in W[unit]]
    last = len(net.sizes) - 2
    sound(named(app.selectbox, "forward_unit").select((last, 0)).run())
    assert latex(forward.z[last][0, 0]) in formulas(app)
    assert latex(forward.a[last][0, 0]) in formulas(app)
    assert drawings.matrix(net.weights[last], lambda i, j: i == 0) in formulas(app)


def test_a_sum_of_random_numbers_is_written_so_that_its_products_add_up():
    net = sn.Network.build((6, 3, 2), initializer="standard_normal", rng=5)
    forward = net.forward(np.random.default_rng(5).uniform(-2, 2, (1, 6)))
    name, _, _, products, result = drawings.sum_steps(net, forward, 0, (0, 2))
    numbers = products.replace(r"\\ &\quad", "").replace("(", "").replace(")", "").split("+")
    assert name == "z^{(1)}_{3}"
    assert len(numbers) == 7
    rounding = sum(0.5 * 10 ** (np.floor(np.log10(abs(float(number)))) - 3) for number in numbers)
    assert abs(sum(map(float, numbers)) - forward.z[0][0, 2]) <= rounding
    assert result == latex(forward.z[0][0, 2])


def test_layers_appear_one_by_one_and_the_first_unit_of_each_is_opened():
    app = opened("forward")
    control = named(app.button_group, "choose_forward_computed")
    sound(control.set_value(0).run())
    units, _ = on_graph(app)
    assert units[-1, 0] == "0.5" and units[0, 0] == "" and units[1, 0] == ""
    assert "is given, not computed" in texts(app)
    sound(named(app.button_group, "choose_forward_computed").set_value(1).run())
    units, _ = on_graph(app)
    assert units[0, 0] == "0.6083" and units[1, 0] == ""
    assert lit(app) == {(0, 0), (-1, 0), (-1, 1), (-1, 2), (0, 0, 0), (0, 0, 1), (0, 0, 2)}
    sound(named(app.selectbox, "forward_unit").select((1, 0)).run())
    assert "Not computed yet" in texts(app)


def test_a_chosen_weight_is_marked_in_its_product_and_in_its_cell_of_w():
    app = opened("forward")
    app.session_state["lesson_forward"]["chosen"] = (0, 0, 1)
    sound(app.run())
    marked = drawings._marked("-0.6", True)
    assert formulas(app).count(marked) == 1  # the cell
    assert drawings._marked(r"(-0.6)\cdot (-0.2)", True) in formulas(app)
    assert drawings._marked("0.4", True) not in formulas(app)


def test_a_sample_of_the_data_goes_in_at_a_press_and_three_go_through_at_once():
    app = opened("forward")
    sound(app.button(key="forward_sample_2").click().run())
    net = checks.network_of(checks.START)
    data = sn.load_dataset("tutorial")
    assert on_graph(app)[0][1, 0] == text(net.predict(data.x_train)[1, 0])
    sound(named(app.button_group, "choose_forward_rows").set_value(3).run())
    assert on_graph(app)[0][1, 0] == text(net.predict(data.x_train)[1, 0])
    assert "(3, 2)" in formulas(app)
    assert latex(net.forward(data.x_train).z[0][2, 1]) in formulas(app)


@pytest.mark.parametrize("typed", ["", "text", "nan", "1e400", "3-9-1", "7" * 10_000])
def test_bad_sizes_get_one_sentence_and_the_network_stays(visitor, typed):
    app = visitor
    before = on_graph(app)
    set_sizes(app, typed)
    assert len([element for element in app.text if element.value.startswith("Sizes: expected")]) == 1
    read = [element.key if element.type == "text_input" else getattr(element, "value", "") for element in app.main]
    place = next(place for place, name in enumerate(read) if str(name).startswith("forward_sizes"))
    assert any(str(words).startswith("Sizes: expected") for words in read[place : place + 6]), "right below its field"
    assert on_graph(app) == before
    assert named(app.text_input, "forward_sizes").value == typed, "what was typed stays, to be corrected"
    set_sizes(app, "2-2")
    assert not [element for element in app.text if element.value.startswith("Sizes:")]
    assert set(on_graph(app)[0]) == {(-1, 0), (-1, 1), (0, 0), (0, 1)}


def test_every_computed_number_of_the_graph_has_all_its_digits_for_the_pointer():
    data = json.loads(opened("forward").get("bidi_component")[0].proto.json)
    forward = checks.network_of(checks.START).forward([[0.5, -0.2, 0.1]])
    assert float(data["columns"][1]["units"][0]["exact"]) == forward.a[0][0, 0]
    assert float(data["columns"][2]["units"][0]["exact"]) == forward.output[0, 0]
    assert float(data["columns"][0]["units"][1]["exact"]) == -0.2


def test_softmax_on_the_output_divides_1_among_the_outputs():
    app = opened("forward")
    sound(named(app.button_group, "choose_forward_output").set_value("softmax").run())
    assert on_graph(app)[0][1, 0] == "1", "of one output, as the page says"
    set_sizes(app, "3-2-3")
    state = app.session_state["lesson_forward"]
    net = checks.network_of(state)
    forward = net.forward(checks.samples_of(sn.load_dataset("tutorial"), state))
    units, _ = on_graph(app)
    assert [units[1, unit] for unit in range(3)] == [text(a) for a in forward.output[0]]
    sound(named(app.selectbox, "forward_unit").select((1, 2)).run())
    powers = [f"e^{{{latex(z)}}}" for z in forward.z[1][0]]
    assert rf"\frac{{{powers[2]}}}{{{' + '.join(powers)}}} \\ &= {latex(forward.output[0, 2])}" in formulas(app)


def test_bad_inputs_get_one_sentence_and_the_picture_stays():
    app = opened("forward")
    before = on_graph(app)
    sound(named(app.text_input, "type_forward_x1").set_value("1e400").run())
    assert [element.value for element in app.text if element.value.startswith("x1: expected")]
    assert on_graph(app) == before


def test_new_weights_are_drawn_with_the_next_seed_and_the_start_comes_back():
    app = opened("forward")
    before = on_graph(app)
    (draw,) = [button for button in app.button if button.label == "Draw new weights"]
    sound(draw.click().run())
    assert settings(app) == "Hidden sigmoid, output sigmoid · 1 sample · weights of seed 1"
    assert on_graph(app)[1] != before[1]
    (start,) = [button for button in app.button if button.label == "Start numbers"]
    sound(start.click().run())
    assert on_graph(app) == before
    assert settings(app) == "Hidden sigmoid, output sigmoid · 1 sample · worked weights"


def test_the_missing_number_and_what_would_give_it_away_are_not_on_its_graph():
    app = opened("forward")
    payload = app.get("bidi_component")[1].proto.json
    forward = checks.missing_network()[1]
    assert "0.562" not in payload
    assert repr(float(forward.a[0][0, 1])) not in payload
    assert '"z ' not in payload
    assert '"?"' in payload


def test_the_three_tasks_wrong_answer_first():
    app = opened("forward")
    for task, wrong, hint, right in (
        (1, "0.25", "the sigmoid of it is still missing", "0,562"),
        (2, "41", "has a bias as well", "51"),
    ):
        key = f"answer_forward_{task}"
        press(app, "Check", task)
        assert "Your answer is missing" in texts(app)
        app.text_input(key=key).set_value(wrong)
        press(app, "Check", task)
        assert hint in texts(app)
        app.text_input(key=key).set_value(right)
        press(app, "Check", task)
    choices = app.radio(key="answer_forward_3")
    choices.set_value("W (4, 3), b (3,), z (5, 3)")
    press(app, "Check", 3)
    assert "it would have 4 units" in texts(app)
    app.radio(key="answer_forward_3").set_value("W (3, 4), b (3,), z (5, 3)")
    press(app, "Check", 3)
    assert lesson.STEPS["forward"].tasks == 3
    assert "3 of 3 tasks done" in texts(app)


def test_the_prediction_is_judged_only_after_the_input_has_moved():
    app = opened("forward")
    sound(app.button_group(key="guess_forward.1").set_value("all of layer 1, not the output").run())
    assert "Now see:" in texts(app)
    sound(named(app.text_input, "type_forward_x1").set_value("2").run())
    assert "it is “all of layer 1 and the output”" in texts(app)


def test_the_tutorials_crash_is_shown_live():
    app = opened("forward")
    assert "shapes (1,) and (2,) not aligned" in "\n".join(str(table.value) for table in app.table)


@pytest.mark.parametrize("sizes", [(3, 2, 1), (1, 1), (2, 4, 3, 2)])
def test_the_code_shown_is_the_textbook_form_and_it_makes_the_numbers_of_the_page(sizes):
    app = opened("forward")
    shown = [block.value for block in app.code]
    assert shown[0].startswith("def forward(x, W, b, f):") and len(shown[0].splitlines()) == 7
    captions = [caption.value for caption in app.caption if "scratchnet/" in caption.value]
    assert captions[0].startswith("scratchnet/textbook.py") and "has just run" not in captions[0]
    assert captions[1].startswith("scratchnet/network.py") and captions[1].endswith("the code that has just run.")
    state = checks.START | {"sizes": sizes}
    net = checks.network_of(state)
    x = checks.samples_of(sn.load_dataset("tutorial"), state)
    _, a = textbook.forward(x, net.weights, net.biases, [textbook.sigmoid] * len(net.weights))
    np.testing.assert_allclose(a[-1], net.forward(x).output, rtol=1e-14)


@pytest.mark.parametrize("name", ["gelu", "swish", "tanh", "relu"])
def test_signs_of_the_opened_units_formula_are_put_in_words(name):
    app = opened("forward")
    app.session_state["lesson_forward"] |= {"hidden": name, "chosen": (0, 0)}
    sound(app.run())
    assert in_words(sn.ACTIVATIONS[name].formula) in texts(app)
