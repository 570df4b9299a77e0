"""The page of step 3, worked without a browser: as a student would, with wrong answers first."""

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.lesson_app import answered, formulas, opened, press, sound, tasks_of, texts
from tests.widgets import named
from ui import lesson
from ui.checks import losses as checks
from ui.drawings import losses as drawings


@pytest.fixture(scope="module")
def visitor() -> AppTest:
    """Somebody who stays on the page, for tests that change one thing and look at that."""
    return opened("losses")


def mean_row(app: AppTest) -> list[str]:
    return list(app.table[0].value.iloc[-1])[-2:]


def test_the_page_opens_with_the_tutorials_example_and_its_002():
    app = opened("losses")
    assert app.header[0].value == lesson.STEPS["losses"].title
    assert mean_row(app) == ["**0.02**", "**0.1446**"]
    assert tasks_of(app) == lesson.STEPS["losses"].tasks


def test_the_trap_is_measured_and_ours_refuses_with_a_sentence():
    shown = texts(opened("losses"))
    assert "is 0.3533 instead of 0.02" in shown
    assert "mse: y_true and y_pred must have the same shape, got (3, 1) and (3,)" in shown


def test_one_surely_wrong_sample_takes_most_of_the_cross_entropy():
    app = press(opened("losses"), "One surely wrong")
    assert mean_row(app) == ["**0.3367**", "**1.836**"]
    assert "Sample 3 is farthest off. It makes 98.0 % of the squared error and 96.2 % of the cross-entropy" in texts(
        app
    )
    assert mean_row(press(app, "The tutorial’s example")) == ["**0.02**", "**0.1446**"]


def test_the_printed_form_breaks_where_numpy_says_so_and_the_form_from_z_does_not():
    app = opened("losses")
    assert app.table[1].value.to_numpy().tolist() == [
        ["as printed, from a", "infinity", "divide by zero encountered in log"],
        ["**from z**", "**40**", "nothing"],
    ]
    sound(named(app.text_input, "type_losses_z").set_value("-3").run())
    assert [row[1:] for row in app.table[1].value.to_numpy().tolist()] == [
        ["0.04859", "nothing"],
        ["**0.04859**", "nothing"],
    ]


def test_all_tasks_worked_wrong_answer_first():
    app = opened("losses")
    assert "the mean over the three samples is still missing" in answered(app, "losses.1", "0,26")
    assert "three squares, and their mean is 0.08667" in answered(app, "losses.1", "0,0867")

    assert "so move the output a on, towards 0" in texts(press(app, "Check", 2))
    named(app.text_input, "type_losses_a").set_value("0,1").run()
    assert "the cross-entropy is 2.303 and the squared error 0.81" in texts(press(app, "Check", 2))
    assert "2 of 2 tasks done" in texts(app)
    assert app.query_params["done"] == "losses.1-losses.2"


@pytest.mark.parametrize(
    ("key", "text"),
    [
        *(("type_losses_a", text) for text in ("", "text", "nan", "1e400", "-1e9", "7" * 10_000)),
        ("type_losses_a2", "1e400"),
        ("type_losses_z", "-1e9"),
    ],
)
def test_bad_input_gets_one_sentence_and_the_pictures_keep_the_last_good_state(visitor, key, text):
    app = visitor
    before, said_before = (formulas(app), mean_row(app)), len(app.text)
    sound(named(app.text_input, key).set_value(text).run())
    assert (formulas(app), mean_row(app)) == before
    said = [element.value for element in app.text]
    assert len(said) == said_before + 1
    assert any(sentence.startswith(f"{key.split('_')[-1]}: expected a number") for sentence in said)
    sound(named(app.text_input, key).set_value("0.5").run())
    assert len(app.text) == said_before


@pytest.mark.parametrize(
    ("output", "key", "ends", "known"),
    [
        ("probability", "a", (0.001, 0.999), drawings.OF_PROBABILITIES),
        ("any number", "number", (-3.0, 3.0), drawings.OF_NUMBERS),
    ],
)
def test_every_loss_draws_and_is_written_out_at_both_ends(output, key, ends, known):
    app = opened("losses")
    values = app.session_state["lesson_losses"]
    values["output"] = output
    app.session_state[f"losses_drawn_{output}"] = list(known)
    for end in ends:
        values[key] = end
        sound(app.run())
        for name in known:
            assert drawings.title(name).capitalize() in texts(app)
    app.session_state[f"losses_drawn_{output}"] = []
    sound(app.run())


def test_that_one_curve_lies_on_the_other_is_said_only_where_both_are_drawn():
    app = opened("losses")
    assert "above one curve lies on the other" not in texts(app)
    app.session_state["losses_drawn_probability"] = ["bce", "cross_entropy"]
    assert "so above one curve lies on the other" in texts(sound(app.run()))


def test_a_prediction_once_judged_stays_judged_when_another_target_is_chosen():
    app = opened("losses")
    app.button_group(key="guess_losses.1").set_value("the squared error").run()
    named(app.slider, "slide_losses_a").set_value(0.01).run()
    assert "You predicted “the squared error”" in texts(app)
    named(app.button_group, "choose_losses_target").set_value(0).run()
    assert "You predicted “the squared error”" in texts(app)


def test_the_curves_show_the_answer_to_the_prediction_only_once_it_has_been_seen():
    app, drawn_so_far = opened("losses"), "Drawn as far as the output has come"
    assert drawn_so_far in texts(app)
    app.button_group(key="guess_losses.1").set_value("the squared error").run()
    assert drawn_so_far in texts(app)
    named(app.slider, "slide_losses_a").set_value(0.01).run()
    named(app.slider, "slide_losses_a").set_value(0.9).run()
    assert drawn_so_far not in texts(app)


def test_the_printed_form_has_no_number_from_the_two_borders_that_the_page_tells():
    said = texts(opened("losses"))
    told = [float(found) for found in re.findall(r"from \$z = (-?[0-9.]+)\$", said, re.IGNORECASE)]
    assert len(told) == 2
    for border, back in zip(told, (-0.1, 0.1), strict=True):
        assert not np.isfinite(checks.printed(border))
        assert np.isfinite(checks.printed(border + back))
