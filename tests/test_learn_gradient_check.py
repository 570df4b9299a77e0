"""The lesson of the gradient check, worked without a browser: as a student would, with wrong answers first."""

import re
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from scratchnet.planted_bugs import BUGS, drawn
from tests.latex_reader import printed
from tests.lesson_app import answered, formulas, go_to, opened, press, sound, tasks_of, texts
from tests.menu_pages import menu_pages
from tests.widgets import named
from ui import lesson
from ui.checks import gradient_check as checks


@pytest.fixture(scope="module")
def visitor() -> AppTest:
    """Somebody who stays on the page, for tests that change one thing and look at that."""
    return opened("gradient_check")


def name_the_bug(app: AppTest, name: str) -> AppTest:
    seed = app.session_state["lesson_gradient_check"]["seed"]
    app.radio(key=f"gradient_check_bug_{seed}").set_value(name)
    return press(app, "Judge")


def test_the_page_opens_under_its_title_as_a_lesson_after_the_steps():
    app = opened("gradient_check")
    assert app.header[0].value == lesson.FURTHER["gradient_check"].title
    assert "Further lesson 1 · 0 of 2 tasks done" in texts(app)
    assert tasks_of(app) == 2


def test_the_menu_and_the_way_on_lead_to_it_after_the_last_step():
    learn = [page.url_path for page in menu_pages() if page.section == "Learn"]
    assert learn.index("gradient_check") > learn.index("evaluation")
    links = opened("evaluation").get("page_link")
    assert f"Next: {lesson.FURTHER['gradient_check'].title}" in [link.proto.label for link in links]


def test_a_right_gradient_seems_wrong_at_a_bad_step_and_right_at_a_good_one():
    app = opened("gradient_check")
    assert "51 of 51 seem wrong" in texts(app)
    sound(named(app.select_slider, "gradient_check_h").set_value(1e-5).run())
    assert "all 51 parameters agree" in texts(app)
    sound(named(app.select_slider, "gradient_check_h").set_value(1e-13).run())
    assert "seem wrong" in texts(app)


def test_both_losses_share_more_and_more_digits_as_h_shrinks():
    app, shared = opened("gradient_check"), []
    for h in (0.1, 1e-4, 1e-8):
        sound(named(app.select_slider, "gradient_check_h").set_value(h).run())
        alike = formulas(app).split("L(w + h) &= {")[1].split("}")[0]
        shared.append(len(alike))
    assert shared == sorted(shared) and shared[2] > shared[0] + 5


def test_who_subtracts_the_two_printed_losses_gets_the_printed_difference():
    app = opened("gradient_check")
    for h in (0.1, 1e-5, 1e-9, 1e-13):
        sound(named(app.select_slider, "gradient_check_h").set_value(h).run())
        shown = formulas(app)
        plus, minus = (Decimal("".join(digits)) for digits in re.findall(r"h\) &= \{(.*?)\}\\mathbf\{(.*?)\}", shown))
        difference = re.search(r"&= \\frac\{(.*?)\}\{2\\cdot", shown)[1]
        assert printed(difference).contains(float(plus - minus)), (h, plus, minus, difference)


def test_analytic_numeric_and_relative_error_have_their_sentence_before_they_are_used():
    said = texts(opened("gradient_check"))
    idea = next(words for words in said.split("\n") if "slightly wrong gradient" in words)
    for word in ("Analytic", "Numeric", "Relative error"):
        at = said.lower().index(word.lower())
        assert f"**{word}** is" in idea and at == said.index(idea) + idea.index(word), "nothing says it earlier"


def test_the_page_does_not_explain_what_it_asks_to_predict_before_it_was_seen():
    app = opened("gradient_check")
    assert "truncation" not in texts(app) and "E(h)" not in formulas(app)
    assert "This follows when you have made $h$ small." in texts(app)
    sound(named(app.select_slider, "gradient_check_h").set_value(1e-10).run())
    assert "truncation" in texts(app) and "E(h)" in formulas(app)


@pytest.mark.parametrize("samples", [1, 2])
def test_what_speaks_against_a_bug_in_all_samples_is_not_said_of_a_picture_of_fewer(samples):
    app = opened("gradient_check")
    seed = next(seed for seed in range(100) if drawn(seed) == "wrong_sign")
    app.session_state["lesson_gradient_check"] |= {"seed": seed, "samples": samples}
    app.run()
    name_the_bug(app, "sum_for_mean")
    assert f"No; check all {checks.SAMPLES} samples to see it. With a sum for the mean every ratio would be 6" in texts(
        app
    )


def test_judge_pressed_without_a_choice_is_no_try():
    app = opened("gradient_check")
    press(app, "Judge")
    assert "Choose one of the bugs first" in texts(app)
    name_the_bug(app, drawn(0))
    assert "In a row: 1." in texts(app)


def test_the_first_task_wrong_answer_first():
    app = opened("gradient_check")
    assert "Measure first" in answered(app, "gradient_check.1", "3e-5")
    press(app, "Measure every h")
    assert r"\sqrt[3]" in formulas(app)
    assert "Too small" in answered(app, "gradient_check.1", "1e-12")
    assert "Right: the least error is measured at h = 3e-5" in answered(app, "gradient_check.1", "0,00003")
    assert "1 of 2 tasks done" in texts(app)
    assert app.query_params["done"] == "gradient_check.1"


@pytest.mark.parametrize("text", ["", "text", "nan", "1e400", "-1", "7" * 10_000])
def test_bad_input_gets_one_sentence(visitor, text):
    app = visitor
    if not checks.measured_all(app.session_state["lesson_gradient_check"]):
        press(app, "Measure every h")
    app.text_input(key="answer_gradient_check_1").set_value(text)
    press(app, "Check")
    assert len(app.text) == 1
    assert len(app.text[0].value) < 150


def test_two_bugs_in_a_row_wrong_verdict_first():
    app = opened("gradient_check")
    assert "No bug is found yet" in texts(press(app, "Check", 2))
    assert "Choose one of the bugs first" in texts(press(app, "Judge"))
    press(app, "Next bug")
    wrong = next(name for name in BUGS if name != drawn(1))
    assert "The right line" not in "\n".join(part.value for part in name_the_bug(app, wrong).subheader)
    name_the_bug(app, drawn(1))
    assert "In a row: 0" in texts(app)
    assert "The right line" in "\n".join(part.value for part in app.subheader)
    assert "more than one try" in texts(press(app, "Check", 2))
    for seed in (2, 3):
        press(app, "Next bug")
        assert named(app.number_input, "gradient_check_seed").value == seed
        name_the_bug(app, drawn(seed))
        assert f"In a row: {seed - 1}" in texts(app)
    assert "Right: 2 seeds in a row" in texts(press(app, "Check", 2))
    assert "1 of 2 tasks done" in texts(app)


@pytest.mark.parametrize("seed", range(7))
def test_every_bug_opens_with_every_number_of_samples_and_shows_its_right_line(visitor, seed):
    app = visitor
    for samples in checks.SAMPLE_COUNTS:
        app.session_state["lesson_gradient_check"] |= {"seed": seed, "samples": samples}
        sound(app.run())
    name_the_bug(app, drawn(seed))
    marked = [code.value for code in app.code if lesson.HERE in code.value]
    assert any(f"def {drawn(seed)}(records: Records)" in code for code in marked)
    assert any(f"def {checks.WORDS[drawn(seed)].right.__name__}(" in code for code in marked)


def test_the_sum_hides_when_there_is_one_sample():
    app = opened("gradient_check")
    seed = next(seed for seed in range(7) if drawn(seed) == "sum_for_mean")
    app.session_state["lesson_gradient_check"] |= {"seed": seed, "samples": 1}
    assert set(sound(app.run()).table[0].value["ratios in W"]) == {"1"}
    app.session_state["lesson_gradient_check"] |= {"samples": 6}
    assert set(sound(app.run()).table[0].value["ratios in W"]) == {"6"}


def test_a_prediction_is_judged_only_after_the_picture_has_shown_it():
    app = opened("gradient_check")
    app.button_group(key="guess_gradient_check.1").set_value("it falls and falls").run()
    assert "Now see" in texts(app)
    press(app, "Measure every h")
    assert "You predicted “it falls and falls”, but it is “it falls, then rises again”" in texts(app)


def test_what_was_measured_and_found_is_still_there_after_a_visit_to_another_page():
    app = press(opened("gradient_check"), "Measure every h")
    name_the_bug(app, drawn(0))
    go_to(app, "neurons")
    go_to(app, "gradient_check")
    assert r"\sqrt[3]" in formulas(app)
    assert "In a row: 1" in texts(app)
