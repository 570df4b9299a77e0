"""The page of step 5, worked without a browser: as a student would, with wrong answers first."""

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import scratchnet as sn
from tests.lesson_app import answered, go_to, opened, press, sound, tasks_of, texts
from tests.widgets import named
from ui import lesson
from ui.checks import training as checks
from ui.drawings import training as drawings
from ui.film import record


def choose(app: AppTest, name: str, value) -> AppTest:
    group = named(app.button_group, f"choose_training_{name}")
    return sound(group.set_value(value).run())


def test_the_page_opens_with_a_film_of_the_tutorials_training():
    app = opened("training")
    assert app.header[0].value == lesson.STEPS["training"].title
    names = [component.proto.id.rsplit("-", 1)[-1] for component in app.get("bidi_component")]
    assert names == ["training_film", "lesson_address_one_run", "lesson_end"]
    assert tasks_of(app) == lesson.STEPS["training"].tasks


def test_all_tasks_worked_wrong_answer_first():
    app = opened("training")
    assert "Nothing is measured yet" in answered(app, "training.1", "100")
    press(app, "Run 20 starts")
    measured = app.session_state["lesson_training"]["measured"]
    assert [(m.learning_rate, m.loss, m.starts) for m in measured] == [(0.01, "bce", 20)]
    assert f"**{measured[0].successes} of 20 starts** got all three right. Wrong was sample 2." in texts(app)
    assert "divide by the number of starts" in answered(app, "training.1", str(measured[0].successes))
    assert f"Right: {measured[0].successes} of 20" in answered(app, "training.1", str(5 * measured[0].successes))
    assert "1 of 2 tasks done" in texts(app)

    assert "try a larger rate" in texts(press(app, "Check", 2))
    choose(app, "learning_rate", 0.1)
    assert "No start was run with these settings yet" in texts(app)
    press(app, "Run 20 starts")
    assert "20 of 20 starts** got all three right. None was wrong." in texts(app)
    assert "Right: at 0.1 all 20 of 20" in texts(press(app, "Check", 2))
    assert "2 of 2 tasks done" in texts(app)


def test_what_was_measured_is_what_runs_of_these_seeds_come_to():
    app = press(opened("training"), "Run 20 starts")
    measured = app.session_state["lesson_training"]["measured"][0]
    for seed in range(0, 20, 5):
        film = record(checks.experiment_of(checks.START | {"seed": seed}), checks.EPOCHS, 5)
        right = (film.outputs[-1] > 0.5) == (film.run.y_train[:, 0] > 0.5)
        assert measured.right[seed] == tuple(right)


def test_more_starts_are_added_to_those_of_the_same_settings():
    app = press(press(opened("training"), "Run 20 starts"), "Run 20 more")
    first, *others = app.session_state["lesson_training"]["measured"]
    assert first.starts == 40 and not others


def test_three_hundred_starts_come_to_what_the_page_says():
    """Of the tutorial's settings; those of the other two that it names are measured in test_tutorial_facts.py."""
    app = press(opened("training"), "Run up to 300")
    (measured,) = app.session_state["lesson_training"]["measured"]
    assert (measured.learning_rate, measured.loss, measured.starts) == (0.01, "bce", 300)
    assert round(100 * measured.successes / measured.starts) == 72
    assert "**72 %** at rate 0.01, **100 %** at 0.1, and **31 %**" not in texts(app), "both tasks are yet to be done"
    assert "**72 %** at rate 0.01, **100 %** at 0.1, and **31 %**" in texts(opened("training", "training.1-training.2"))
    assert all(b.disabled for b in app.button if b.label in ("Run 20 more", "Run up to 300"))


def test_a_prediction_is_judged_only_after_the_strip_has_shown_it():
    app = opened("training")
    app.button_group(key="guess_training.1").set_value("always").run()
    assert "Now see" in texts(app)
    assert "You predicted “always”, but it is “about 3 times in 4”" in texts(press(app, "Run 20 starts"))


def test_the_tutorials_settings_come_back_with_one_press():
    app = choose(opened("training"), "learning_rate", 3.0)
    sound(named(app.number_input, "training_seed").set_value(7).run())
    assert app.session_state["lesson_training"]["seed"] == 7
    press(app, "The tutorial’s settings")
    values = app.session_state["lesson_training"]
    assert {name: values[name] for name in ("learning_rate", "loss", "seed")} == {
        name: checks.START[name] for name in ("learning_rate", "loss", "seed")
    }


def test_settings_and_measurements_are_still_there_after_a_visit_to_another_page():
    app = press(choose(opened("training"), "learning_rate", 0.3), "Run 20 starts")
    go_to(app, "losses")
    go_to(app, "training")
    values = app.session_state["lesson_training"]
    assert values["learning_rate"] == 0.3 and values["measured"][0].starts == 20


def test_a_history_of_one_changing_array_shows_the_same_number_every_time():
    tables = [table.value for table in opened("training").table]
    history = next(table for table in tables if "one array, kept" in table)
    assert history["one array, kept"].nunique() == 1
    assert history["Step.after"].nunique() == 3
    assert list(history["Step.before"][1:]) == list(history["Step.after"][:-1])


@pytest.mark.parametrize("loss", checks.LOSSES)
def test_a_film_shows_what_the_run_answers_at_each_of_its_epochs(loss):
    experiment = checks.experiment_of(checks.START | {"loss": loss, "seed": 3})
    film = record(experiment, 60, 20)
    assert list(film.epochs) == [0, 20, 40, 60]
    run = experiment.start()
    for epoch, outputs, value, correct in zip(film.epochs, film.outputs, film.loss, film.correct, strict=True):
        run.goto(3 * int(epoch))
        np.testing.assert_array_equal(outputs, run.network.predict(run.x_train)[:, 0])
        assert (value, correct) == (run.evaluate().train_loss, run.evaluate().train_correct)


def test_the_strip_has_a_square_for_each_start_filled_when_all_are_right():
    measured = checks.Measured(0.01, "bce", ((True,) * 3, (True, False, True), (True,) * 3))
    whole, wrong, ring = drawings.strip_figure(measured, seed=2, planned=20)["data"]
    assert [seed for seed, _ in whole["customdata"]] == [0, 2]
    assert [seed for seed, _ in wrong["customdata"]] == [1]
    assert whole["text"] == ["3/3", "3/3"] and wrong["text"] == ["2/3"]
    assert (whole["marker"]["symbol"], wrong["marker"]["symbol"]) == ("square", "square-open")
    assert ring["x"] == [2]
    assert len(drawings.strip_figure(measured, seed=99, planned=20)["data"]) == 2, (
        "a start that was not run has no ring"
    )


def test_before_the_first_run_the_strip_shows_how_many_squares_there_will_be():
    (empty,) = drawings.strip_figure(checks.Measured(0.01, "bce", ()), seed=0, planned=20)["data"]
    assert len(empty["x"]) == 20 and empty["name"] == "not run yet"


@pytest.mark.parametrize(
    ("settings", "middle"),
    [({}, 0.5), ({"output": "identity", "loss": "mse"}, 0.5), ({"output": "tanh", "loss": "mse"}, 0.0)],
)
def test_a_film_says_of_each_output_the_class_that_plain_comparison_with_the_middle_of_the_targets_gives(
    settings, middle
):
    experiment = sn.Experiment(dataset="xor_gate", hidden=(3,), learning_rate=0.1, **settings)
    film = record(experiment, 40, 1)
    assert middle or ((film.outputs > 0) & (film.outputs < 0.5)).any(), "where a cut at 0.5 would be wrong"
    truth = [int(y > middle) for y in film.run.y_train[:, 0]]
    for outputs, said, correct in zip(film.outputs.tolist(), film.answers.tolist(), film.correct, strict=True):
        assert said == [int(output > middle) for output in outputs]
        assert correct == sum(a == b for a, b in zip(said, truth, strict=True))


@pytest.mark.parametrize("done", ["", "training.1", "training.2"])
def test_the_page_tells_no_success_rate_and_no_sure_rate_before_both_tasks_are_done(done):
    said = texts(opened("training", done))
    assert not re.findall(r"\b\d+ ?%", said), "a share in percent answers task 1"
    assert "at 0.1" not in said and "At 0.1" not in said, "a rate that never fails answers task 2"
    assert "What 300 starts come to is told when both tasks are done." in said


def test_the_share_that_task_1_asks_for_is_in_the_table_only_when_the_task_is_done():
    app = press(opened("training"), "Run 20 starts")
    table = next(table.value for table in app.table if "all three right" in table.value)
    assert list(table["all three right"]) == ["15 of 20"] and "success rate" not in table
    app.text_input(key="answer_training_1").set_value("75")
    press(app, "Check")
    table = next(table.value for table in app.table if "all three right" in table.value)
    assert list(table["success rate"]) == ["75 %"]
