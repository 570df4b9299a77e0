"""The page of step 1, worked without a browser: as a student would, with wrong answers first."""

import pytest
from streamlit.testing.v1 import AppTest

import scratchnet as sn
from tests.lesson_app import answered, formulas, go_to, opened, press, sound, tasks_of, texts
from tests.widgets import named
from ui import lesson
from ui.checks import neurons as checks
from ui.formulas import in_words


@pytest.fixture(scope="module")
def visitor() -> AppTest:
    """Somebody who stays on the page, for tests that change one thing and look at that."""
    return opened("neurons")


def test_the_page_opens_under_its_title_with_the_sum_written_out():
    app = opened("neurons")
    assert app.header[0].value == lesson.STEPS["neurons"].title
    assert r"0.2 + 0.12 + 0.02 + 0.1 \\ &= 0.44" in formulas(app)
    assert "0.6083" in formulas(app)


def test_it_has_as_many_tasks_as_the_heading_says():
    app = opened("neurons")
    assert tasks_of(app) == lesson.STEPS["neurons"].tasks
    assert "0 of 3 tasks done" in texts(app)


def test_a_number_can_be_typed_with_a_comma_and_the_slider_follows():
    app = opened("neurons")
    sound(named(app.text_input, "type_neurons_b").set_value("1,86").run())
    assert named(app.slider, "slide_neurons_b").value == 1.86
    assert "= 2.2" in formulas(app)
    sound(named(app.slider, "slide_neurons_b").set_value(3.0).run())
    assert named(app.text_input, "type_neurons_b").value == "3"


@pytest.mark.parametrize("text", ["", "text", "nan", "1e400", "11", "7" * 10_000])
def test_bad_input_gets_one_sentence_and_the_picture_keeps_the_last_good_state(visitor, text):
    app = visitor
    before = formulas(app)
    sound(named(app.text_input, "type_neurons_b").set_value(text).run())
    said = [element.value for element in app.text]
    assert len(said) == 1 and said[0].startswith("b: expected a number")
    assert formulas(app) == before
    assert named(app.text_input, "type_neurons_b").value == text, "what was typed stays, to be corrected"
    sound(named(app.text_input, "type_neurons_b").set_value("2").run())
    assert not app.text
    assert formulas(app) != before
    sound(named(app.text_input, "type_neurons_b").set_value("0.1").run())


def test_all_tasks_worked_wrong_answer_first():
    app = opened("neurons")
    assert "a is 0.6083 and must be above 0.9" in texts(press(app, "Check", 1))
    named(app.slider, "slide_neurons_b").set_value(2.5).run()
    assert "must be above 0.9" not in texts(app), "what was said about other values is gone"
    assert "Right: with b = 2.5" in texts(press(app, "Check", 1))
    assert "1 of 3 tasks done" in texts(app)

    assert "the bias is still missing" in answered(app, "neurons.2", "-0,1")
    assert "three products and the bias" in answered(app, "neurons.2", "-0,5")

    named(app.slider, "slide_neurons_x1").set_value(5.0).run()
    assert "b has moved" in texts(press(app, "Check", 3))
    next(button for button in app.button if button.label == "Start numbers").click().run()
    named(app.slider, "slide_neurons_x1").set_value(-5.0).run()
    named(app.slider, "slide_neurons_x2").set_value(5.0).run()
    assert "hardly answers" in texts(press(app, "Check", 3))
    assert "3 of 3 tasks done" in texts(app)
    assert app.query_params["done"] == "neurons.1-neurons.2-neurons.3"


def test_a_link_brings_its_progress_and_nothing_else():
    app = opened("neurons", "neurons.2-nonsense-neurons.77-<script>")
    assert "1 of 3 tasks done" in texts(app)
    assert app.query_params["done"] == "neurons.2"


def test_a_number_typed_just_before_check_counts():
    """A browser that waits for an answer sends what comes next together: the field and the button in one message."""
    app = opened("neurons")
    named(app.text_input, "type_neurons_b").set_value("2,5")
    assert "Right: with b = 2.5" in texts(press(app, "Check", 1))


def test_the_numbers_are_still_there_after_a_visit_to_another_page():
    app = opened("neurons")
    named(app.slider, "slide_neurons_b").set_value(4.0).run()
    go_to(app, "losses")
    go_to(app, "neurons")
    assert named(app.slider, "slide_neurons_b").value == 4.0


def test_a_prediction_is_judged_only_after_the_picture_has_shown_it():
    app = opened("neurons")
    guess = app.button_group(key="guess_neurons.1")
    guess.set_value("grows without end").run()
    assert "Now see" in texts(app)
    assert "You predicted" not in texts(app)
    named(app.slider, "slide_neurons_b").set_value(6.0).run()
    assert "You predicted “grows without end”, but it is “grows towards 1”" in texts(app)
    for later in ("grows towards 1", None):
        app.button_group(key="guess_neurons.1").set_value(later).run()
        assert "You predicted “grows without end”, but it is “grows towards 1”" in texts(app), "the first guess stays"
    named(app.slider, "slide_neurons_b").set_value(0.0).run()
    assert "You predicted “grows without end”" in texts(app), "what was seen stays seen"


@pytest.mark.parametrize(
    ("activation", "inputs"),
    [
        *((name, 2) for name in ("identity", "relu", "leaky_relu", "elu", "gelu", "softplus", "swish", "tanh")),
        *(("sigmoid", inputs) for inputs in range(1, checks.MOST_INPUTS + 1)),
    ],
)
def test_every_activation_and_number_of_inputs_draws_at_the_ends_of_every_range(visitor, activation, inputs):
    app = visitor
    values = app.session_state["lesson_neurons"]
    values |= {"inputs": inputs, "activation": activation, "b": -10.0}
    values |= {f"{letter}{place}": 5.0 for letter in "xw" for place in range(1, 5)}
    sound(app.run())
    values |= {f"w{place}": 0.0 for place in range(1, 5)}
    sound(app.run())


@pytest.mark.parametrize("name", [name for name in sn.ACTIVATIONS if name != "softmax"])
def test_signs_of_the_two_formulas_are_put_in_words_beside_them(visitor, name):
    values = visitor.session_state["lesson_neurons"]
    values["activation"] = name
    sound(visitor.run())
    activation = sn.ACTIVATIONS[name]
    assert in_words(activation.formula, activation.derivative_formula) in texts(visitor)
