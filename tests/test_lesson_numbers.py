"""What was set in the lessons as an address holds it: everything that can be set comes back, and nothing else."""

import importlib
import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.lesson_app import MENU, go_to, opened, press, sound
from ui import lesson, lesson_numbers
from ui.lesson_numbers import between, join, one_of, split, written

CHECKS = {path: importlib.import_module(f"ui.checks.{path}") for path in lesson.LESSONS}


def drawn(path: str, rng: np.random.Generator) -> dict[str, str]:
    """A text for each value of this lesson that an address may hold, as somebody could write it."""
    tried = ["-0.25", "0.75", "3", "1", "0", "2", "8", "150", "1e-05", "mse", "relu", "softmax", "any number", "-1"]
    tried += ["3-4-4-2", "2-4-1", "6-6-6-6-6", "3-3-2-1", "3-2-2", "Adam", "Momentum", "train", "column", "4", "77"]
    tried += ["centred", "0.3", "turned", "adam", "rate"]
    accepted = {}
    for name, read in CHECKS[path].IN_ADDRESS.items():
        fitting = [text for text in tried if lesson_numbers.read({name: text}, {name: read})[0]]
        assert fitting, f"nothing tried here fits {path}.{name}"
        accepted[name] = str(rng.choice(fitting))
    return accepted


@pytest.mark.parametrize("path", lesson.LESSONS)
@pytest.mark.parametrize("seed", range(2))
def test_whatever_an_address_may_hold_is_shown_and_written_again(path, seed):
    texts = drawn(path, np.random.default_rng(seed))
    app = AppTest.from_file(MENU, default_timeout=60)
    app.query_params["numbers"] = join({path: texts})
    go_to(app, path)
    values = app.session_state[f"lesson_{path}"]
    corrected = {"computed", "rows"} if path == "forward" else {"farthest"}  # by the other values
    for name, text in texts.items():
        if name not in corrected:
            assert values[name] == CHECKS[path].IN_ADDRESS[name](text)
    again = AppTest.from_file(MENU, default_timeout=60)
    again.query_params["numbers"] = join(app.session_state[lesson.NUMBERS])
    go_to(again, path)
    same = {name: again.session_state[f"lesson_{path}"][name] for name in CHECKS[path].IN_ADDRESS}
    assert same == {name: values[name] for name in same}


@pytest.mark.parametrize("path", lesson.LESSONS)
def test_an_address_holds_what_the_sliders_can_show_and_no_more(path):
    app = opened(path)
    readers = CHECKS[path].IN_ADDRESS
    for slider in app.slider:
        name = slider.label.removesuffix(", slider")
        for edge in (slider.min, slider.max):
            assert readers[name](str(edge)) == edge
        for beyond in (slider.min - slider.step, slider.max + slider.step):
            with pytest.raises(ValueError, match="xpected"):
                readers[name](str(beyond))


@pytest.mark.parametrize("path", lesson.LESSONS)
def test_a_lesson_left_as_it_opens_adds_nothing_to_the_address(path):
    assert lesson_numbers.join(opened(path).session_state[lesson.NUMBERS]) == ""


def test_what_is_set_in_a_part_that_runs_alone_is_in_what_the_part_tells_the_browser():
    app = opened("gradient_check")
    lesson_end, parts = "", []
    for number in (1, 2):
        press(app, "Next bug")
        for component in app.get("bidi_component"):
            said = json.loads(component.proto.json)
            if "-lesson_address_" in component.proto.id:
                parts.append(said["numbers"])
            elif "-lesson_end" in component.proto.id:
                lesson_end = said["address"]["numbers"]
        assert {lesson_end, parts[-1]} == {f"gradient_check.seed:{number}"}
    assert len(parts) == 4  # each of the two parts says it


STRANGE = """
w1 w1: neurons neurons.w1 neurons.:3 .w1:3 neurons.w9:3 neurons.w1:nan neurons.w1:1e999 neurons.w1:-5.1 nowhere.x:1
neurons.activation:softmax neurons.activation:__class__ neurons.inputs:5 neurons.inputs:1.5 ~~:.~ neurons.b:<b>
neurons.w1:--3
"""


@pytest.mark.parametrize("entry", STRANGE.split())
def test_what_an_address_may_not_hold_is_left_out_and_the_page_opens_as_ever(entry):
    app = AppTest.from_file(MENU, default_timeout=60)
    app.query_params["numbers"] = f"{entry}~neurons.w2:0.5"
    go_to(app, "neurons")
    assert app.session_state["lesson_neurons"] == {**CHECKS["neurons"].START, "w2": 0.5}
    (told,) = [text.value for text in app.text if text.value.startswith("In the link ")]
    place, _, value = entry.strip("~").partition(":")
    assert any(f"'{part}'" in told for part in (place, place.removeprefix("neurons."), value)), "what was got is quoted"
    app.button(key="dismiss_ignored").click().run()
    assert not any(text.value.startswith("In the link") for text in app.text)


def test_a_link_full_of_nonsense_is_told_in_few_lines_and_one_without_any_in_none():
    app = AppTest.from_file(MENU, default_timeout=60)
    app.query_params["numbers"] = "~".join(f"neurons.w{number}:<b>&#36;x&#36;</b>" for number in range(900))
    app.query_params["done"] = "neurons.1-neurons.99-**bold**-" + "x" * 100_000
    go_to(app, "neurons")
    (told,) = [text.value for text in app.text if "In the link" in text.value]
    assert told.count("\n") == lesson.MOST_SENTENCES and told.endswith(" more values were left out.")
    assert "In the link (it is left out), done: there is no task 'neurons.99'." in told and len(told) < 1000
    assert (
        lesson.read_progress("neurons.1-losses.2")[1] == lesson_numbers.split("neurons.w1:3", lesson.LESSONS)[1] == []
    )


def test_a_link_of_separators_alone_is_told_and_an_empty_one_is_nothing():
    assert lesson.read_progress("--")[1] == ["In the link (it is left out), done: there is no task '--'."]
    assert split("~~", lesson.LESSONS)[1] == ["In the link (it is left out), numbers: there is no lesson with '~~'."]
    assert lesson.read_progress("")[1] == split("", lesson.LESSONS)[1] == []


def test_a_number_is_written_as_it_was_set_and_a_whole_one_as_a_whole_one():
    readers = {"x": between(-5, 5), "n": one_of(range(9)), "sizes": str, "same": between(0, 1)}
    start = {"x": 0.0, "n": 0, "sizes": (1,), "same": 0.5}
    held = written({"x": 0.1 + 0.2, "n": 7.0, "sizes": (3, 2), "same": 0.5}, start, readers)
    assert held == {"x": "0.30000000000000004", "n": "7", "sizes": "3-2"}
    both = {"neurons": held, "losses": {"z": "-3"}}
    assert split(join(both), lesson.LESSONS) == (both, [])


def test_what_was_set_in_several_lessons_stays_over_the_playground_and_a_new_visit():
    app = opened("neurons")
    slider = next(slider for slider in app.slider if slider.label == "w1, slider")
    sound(slider.set_value(2.5).run())
    go_to(app, "losses")
    slider = next(slider for slider in app.slider if slider.label == "z, slider")
    sound(slider.set_value(-7.0).run())
    sound(app.switch_page("../pages/play/playground.py").run())
    held = app.query_params["numbers"]
    assert (held if isinstance(held, str) else held[-1]) == "neurons.w1:2.5~losses.z:-7"
    again = AppTest.from_file(MENU, default_timeout=60)
    for name, value in app.query_params.items():
        again.query_params[name] = value
    sound(again.run())
    go_to(again, "losses")
    assert again.session_state["lesson_losses"]["z"] == -7
    go_to(again, "neurons")
    assert again.session_state["lesson_neurons"]["w1"] == 2.5


def test_a_lessons_address_holds_nothing_of_the_playground():
    app = AppTest.from_file(MENU, default_timeout=60)
    for name, value in {"dataset": "circle", "at": "250", "done": "neurons.1"}.items():
        app.query_params[name] = value
    go_to(app, "neurons")
    assert dict(app.query_params) == {"done": "neurons.1"}
