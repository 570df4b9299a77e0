"""The kit of Learn: progress in a link, typed numbers, formulas with numbers in them, the source that has run."""

import inspect
import json
import re
from urllib.parse import quote

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import scratchnet as sn
from scratchnet import textbook
from tests.lesson_app import opened, sound, texts
from tests.menu_pages import menu_pages
from tests.widgets import named
from ui import lesson


def test_the_steps_have_the_titles_and_paths_of_the_tutorial_in_its_order():
    assert [(path, step.title) for path, step in lesson.STEPS.items()] == [
        ("neurons", "Implementing Neurons and Activation Functions"),
        ("forward", "Forward Propagation"),
        ("losses", "Implementing Loss Functions"),
        ("backpropagation", "Backpropagation and Gradient Descent"),
        ("training", "Training the Neural Network"),
        ("evaluation", "Evaluating the Model"),
    ]


def test_the_menu_numbers_every_lesson_as_its_page_does_in_order_and_under_its_title():
    shown = [(page.url_path, page.title) for page in menu_pages() if page.url_path in lesson.LESSONS]
    assert [path for path, _ in shown] == list(lesson.LESSONS)
    for path, words in shown:
        number, title = words.split(": ")
        assert title == lesson.LESSONS[path].title
        assert f":gray[{number} " in texts(opened(path)), "the page says the same"
    assert [words.split(":")[0] for _, words in shown] == [
        *(f"Step {n}" for n in range(1, len(lesson.STEPS) + 1)),
        *(f"Further lesson {n}" for n in range(1, len(lesson.FURTHER) + 1)),
    ]


@pytest.mark.parametrize("path", lesson.LESSONS)
def test_every_lesson_has_one_closed_aside_about_the_tutorial_and_says_beside_each_field_how_exact_an_answer_must_be(
    path,
):
    app = opened(path)
    asides = [box for box in app.expander if lesson.ASIDE in box.label]
    assert [(box.label, box.proto.expanded) for box in asides] == [(f":gray[Aside:] {lesson.ASIDE}", False)]
    told = "Deep Learning from Scratch: How to Build Neural Networks Step-by-Step" in texts(app)
    assert told == (path == "neurons"), "the first page says what the asides are about, once for all"
    for field in app.text_input:
        if (field.key or "").startswith("answer_"):
            assert re.search(r"\((3 significant digits|to a|a whole|within a) ?.*\)$", field.label), field.label


def test_a_link_holds_what_was_done():
    done = ["neurons.1", "neurons.3", "losses.2"]
    assert lesson.read_progress(lesson.write_progress(done)) == (set(done), [])
    assert quote(lesson.write_progress(lesson.TASKS)) == lesson.write_progress(lesson.TASKS), "no escapes in the link"


def test_a_link_with_everything_done_is_read_whole():
    assert lesson.read_progress(lesson.write_progress(lesson.TASKS)) == (set(lesson.TASKS), [])


@pytest.mark.parametrize(
    "text",
    ["", "neurons", "neurons.0", "neurons.99", "../../etc.1", "<script>", "neurons.1.2", "x" * 10**6, "-" * 10**6],
)
def test_what_is_no_task_in_a_link_is_ignored(text):
    assert lesson.read_progress(text)[0] == set()


@given(st.text())
def test_a_link_never_names_a_task_that_does_not_exist(text):
    assert lesson.read_progress(text)[0] <= set(lesson.TASKS)


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.5", 0.5), ("0,5", 0.5), (" -3 ", -3.0), ("\u22121,25", -1.25), ("\u2013.5", -0.5), ("5", 5.0)],
)
def test_a_number_may_be_typed_with_a_point_or_a_comma(text, value):
    assert lesson.typed_number(text, "x1", -5, 5) == value


def test_a_typed_minus_zero_is_zero():
    assert repr(lesson.typed_number("-0", "x1", -5, 5)) == "0.0"


@pytest.mark.parametrize("text", ["", "  ", "text", "nan", "inf", "1e400", "5.01", "-6", "1.2.3", "9" * 10_000])
def test_what_is_no_number_of_the_range_is_refused_in_one_short_sentence_that_begins_with_the_name(text):
    with pytest.raises(ValueError) as refused:
        lesson.typed_number(text, "x1", -5, 5)
    sentence = str(refused.value)
    assert sentence.startswith("x1: expected a number")
    assert len(sentence) < 150
    assert "\n" not in sentence


def test_the_source_shown_is_the_source_that_runs_with_one_line_marked():
    code, place = lesson.marked_source(sn.Neuron.z, "self.weights + self.bias")
    marked = [line for line in code.split("\n") if line.endswith(lesson.HERE)]
    assert marked == ["    z = x @ self.weights + self.bias" + lesson.HERE]
    lines, first = inspect.getsourcelines(sn.Neuron.z)
    assert code.replace(lesson.HERE, "").split("\n") == [line.rstrip("\n")[4:] for line in lines]
    line = next(first + place for place, text in enumerate(lines) if "self.weights + self.bias" in text)
    assert place.startswith(f"scratchnet/neuron.py, line {line}:")


def test_without_a_text_the_last_line_is_marked():
    code, _ = lesson.marked_source(sn.ACTIVATIONS["tanh"].f)
    assert code.split("\n")[-1] == "    return np.tanh(z, out)" + lesson.HERE


@pytest.mark.parametrize("line", ["no such line", "x"])
def test_a_line_that_is_not_in_the_source_exactly_once_is_refused(line):
    with pytest.raises(ValueError, match="exactly one line"):
        lesson.marked_source(sn.Neuron.z, line)


def test_a_long_sum_is_broken_into_lines_of_two_terms():
    assert lesson.broken(["a", "b", "c"]) == r"a + b \\ &\quad + c"


def test_numpys_objection_is_told_beside_the_result():
    assert lesson.what_numpy_says(textbook.sigmoid, 0.0) == (0.5, "")
    assert lesson.what_numpy_says(textbook.sigmoid, -720.0) == (0.0, "overflow encountered in exp")


def test_a_refusal_is_the_sentence_of_the_package_and_must_happen():
    assert "same shape" in lesson.refusal(sn.mse, np.ones((3, 1)), np.ones(3))
    with pytest.raises(RuntimeError):
        lesson.refusal(sn.mse, np.ones(3), np.ones(3))


@pytest.mark.parametrize(
    ("path", "explained", "used"),
    [
        ("neurons", "**activation function**", "With a sigmoid"),
        ("neurons", "**Slope**", "where the slope of the sigmoid"),
        ("forward", "**unit**", "Which numbers of the network"),
        ("forward", "**Shape**", "x has shape"),
        ("forward", "(2,) is a plain list", "x has shape"),
        ("forward", "**Row**", "x has shape"),
        ("forward", "**Transpose**", "x has shape"),
        ("forward", "**Parameter**", "How many parameters"),
        ("losses", "**squared error**", "Which of the two grows more"),
        ("losses", "**binary cross-entropy**", "Which of the two grows more"),
    ],
)
def test_a_word_is_explained_above_the_question_that_needs_it(path, explained, used):
    said = "\n".join(element.value for element in opened(path).markdown)  # in the order of the page
    assert 0 <= said.find(explained) < said.find(used)


def test_the_two_cross_entropies_are_told_apart_where_the_output_is_a_probability():
    assert "called *cross-entropy* or softmax cross-entropy" in texts(opened("losses"))


@pytest.mark.parametrize("path", lesson.LESSONS)
def test_a_verdict_on_a_choice_goes_as_soon_as_another_is_marked(path):
    app = opened(path)
    for key in [radio.key for radio in app.radio if radio.key.startswith("answer_")]:
        place = [radio.key for radio in app.radio].index(key)
        said = len(app.text)
        for answer in app.radio[place].options:
            sound(app.radio(key=key).set_value(answer).run())
            assert len(app.text) == said, "nothing is said about this one yet"
            label = f"Check task {lesson.LESSONS[path].place(int(key.split('_')[-1]))}"
            sound(next(button for button in app.button if button.label == label).click().run())
            assert len(app.text) == said + 1
        sound(app.radio(key=key).set_value(app.radio[place].options[0]).run())
        assert len(app.text) == said


@pytest.mark.parametrize("path", lesson.LESSONS)
def test_a_verdict_on_a_typed_answer_says_which_one_was_checked(path):
    app = opened(path)
    fields = [field for field in app.text_input if re.fullmatch(rf"answer_{path}_\d+", str(field.key))]
    for field in fields:
        label = f"Check task {lesson.LESSONS[path].place(int(field.key.split('_')[-1]))}"
        for answer in (" 7.25 ", "seven"):
            app.text_input(key=field.key).set_value(answer)
            sound(next(button for button in app.button if button.label == label).click().run())
            assert f"Checked {answer.strip()}: " in texts(app)
        app.text_input(key=field.key).set_value("\u202e5")  # a mark of direction would turn the sentence round
        sound(next(button for button in app.button if button.label == label).click().run())
        assert "\u202e" not in texts(app)


def test_beside_the_number_of_tasks_done_stands_what_a_reload_keeps_and_what_it_does_not():
    places = [element.help for element in opened("neurons").markdown if "tasks done" in element.value]
    assert len(places) == 1
    assert "finished tasks and the numbers that were set" in places[0]
    assert "Answers and predictions are gone" in places[0]


@pytest.mark.parametrize(
    ("path", "task", "name", "refused", "good"),
    [
        ("neurons", 1, "b", "abc", 0.1),
        ("losses", 2, "a", "5", 0.9),
        ("backpropagation", 1, "x2", "abc", -0.2),
        ("backpropagation", 1, "rate", "0", 0.1),
    ],
)
def test_a_verdict_on_the_pages_values_says_which_field_shows_a_refused_text_and_what_counts(
    path, task, name, refused, good
):
    app, said = opened(path), f"{name} counts as {good}: what its field shows was refused."
    named(app.text_input, f"type_{path}_{name}").set_value(refused).run()
    assert said not in texts(app), "nothing is checked yet"
    check = next(button for button in app.button if button.label == f"Check task {task}")
    sound(check.click().run())
    assert said in texts(app)
    sound(named(app.text_input, f"type_{path}_{name}").set_value("0.5").run())
    assert said not in texts(app)


GREEK = r"\\(alpha|beta|gamma|delta|epsilon|eta|theta|lambda|mu|rho|sigma|varphi|phi|psi|Phi|Pi|Delta)(?![A-Za-z])"


def open_texts(block) -> list[str]:
    """What can be read on the page from top to bottom without opening a box."""
    if block.type in ("expander", "expandable", "popover"):
        return []
    if not hasattr(block, "children"):
        return [block.value] if block.type in ("markdown", "caption", "latex") else []
    return [text for child in block.children.values() for text in open_texts(child)]


@pytest.mark.parametrize("path", lesson.LESSONS)
def test_a_greek_letter_is_named_where_it_is_first_used_and_not_in_a_closed_box_only(path):
    texts = open_texts(opened(path).main)
    assert len(texts) > 10
    for place, text in enumerate(texts):
        for letter in set(re.findall(GREEK, text)):
            so_far = " ".join(texts[: place + 2]).replace(f"\\{letter}", "")  # a formula's words may stand below it
            assert re.search(rf"\b{letter.removeprefix('var')}\b", so_far, re.IGNORECASE), (letter, text)


def test_delta_is_defined_above_the_first_task_and_that_of_a_hidden_unit_above_the_task_that_needs_it():
    texts = open_texts(opened("backpropagation").main)
    task_1, task_4 = (next(text for text in texts if text.startswith(f"**Task {place}.**")) for place in (1, 4))
    first = next(text for text in texts if re.search(r"\bdelta\b", text))
    assert r"\delta = \partial L / \partial z" in first
    assert texts.index(first) < texts.index(task_1)
    hidden = next(place for place, text in enumerate(texts) if r"\delta_j = f'(z_j)" in text)
    assert hidden < texts.index(task_4)


@pytest.mark.parametrize("path", lesson.LESSONS)
def test_the_name_of_a_field_has_no_markup_that_would_be_read_aloud(path):
    app = opened(path)
    fields = [*app.text_input, *app.radio, *app.slider, *app.selectbox, *app.checkbox, *app.number_input]
    assert fields
    for field in fields:
        assert not re.search(r":[a-z-]+\[|\*\*|[$`\\]", field.label), field.label


def test_a_visit_that_the_server_had_lost_is_said_when_the_browser_tells_of_it():
    app = opened("neurons")
    end = next(component for component in app.get("bidi_component") if "lesson_end" in component.proto.id)
    assert json.loads(end.proto.json)["visit"] == app.session_state[lesson.VISIT]
    for said, told in (({"back": True}, []), ({"lost": True}, [lesson.LOST]), ({}, [])):
        app.session_state["lesson_end"] = said  # back: the connection was gone, and the visit is known
        assert [toast.value for toast in sound(app.run()).toast] == told
    assert opened("neurons").session_state[lesson.VISIT] != app.session_state[lesson.VISIT]
