"""The lesson of the learning rate, worked without a browser: as a student would, with wrong answers first."""

import re

import pytest
from streamlit.testing.v1 import AppTest

import scratchnet as sn
from tests.lesson_app import answered, formulas, go_to, opened, press, sound, tasks_of, texts
from tests.widgets import named
from ui import lesson
from ui.checks import learning_rate as checks


def rate(app: AppTest, typed: str) -> AppTest:
    return sound(named(app.text_input, "type_learning_rate_rate").set_value(typed).run())


def choose(app: AppTest, name: str, value) -> AppTest:
    return sound(named(app.button_group, f"choose_learning_rate_{name}").set_value(value).run())


def test_the_page_opens_with_a_run_that_converges_and_does_not_tell_the_edge():
    app = opened("learning_rate")
    assert app.header[0].value == lesson.FURTHER["learning_rate"].title
    assert "At the rate **0.01** the run :green[**converges**]" in texts(app)
    assert tasks_of(app) == lesson.FURTHER["learning_rate"].tasks
    assert r"\lambda" not in formulas(app) and r"\eta_{\text{edge}}" not in formulas(app)


def test_all_tasks_worked_wrong_answer_first():
    app = opened("learning_rate")
    assert "All your rates up to 0.01 converge" in texts(press(app, "Check"))
    rate(app, "0,11")
    assert "the run :green[**swings and converges**]" in texts(app)
    rate(app, "0.13")
    assert "the run :red[**diverges**]" in texts(app) and "it left the map at update" in texts(app)
    assert "0.11 converges and 0.13 diverges" in texts(press(app, "Check"))
    assert r"\eta_{\text{edge}}" not in formulas(app)
    rate(app, "0.1197")
    rate(app, "0.1198")
    assert r"\frac{2}{16.70}" in formulas(app) and "0.119756" in formulas(app)
    assert "Your runs: **0.1197** converges, **0.1198** diverges." in texts(app)
    assert "Right: 0.1197 converges" in texts(press(app, "Check"))

    choose(app, "data", "stretched")
    assert r"\eta_{\text{edge}}" not in formulas(app), "this one is to be predicted"
    assert r"\begin{pmatrix} 22.5 & 0 \\ 0 & 2 \end{pmatrix}" in formulas(app)
    assert "That is the largest curvature itself" in answered(app, "learning_rate.2", "22.5")
    assert "now let your own runs say so" in answered(app, "learning_rate.2", "0.0889")
    rate(app, "0.0888")
    rate(app, "0.089")
    assert "Right, and your runs agree" in texts(press(app, "Check", 2))

    assert "its loss never rises" in texts(press(app, "Check", 3))
    choose(app, "net_rate", 3.0)
    assert "a rise is no surprise" in texts(press(app, "Check", 3))
    choose(app, "net_rate", 1.0)
    assert "Right: 1 is below the edge at update 0" in texts(press(app, "Check", 3))
    assert "3 of 3 tasks done" in texts(app)
    assert app.query_params["done"] == "learning_rate.1-learning_rate.2-learning_rate.3"


def test_a_prediction_is_judged_only_after_a_run_has_swung():
    app = opened("learning_rate")
    app.button_group(key="guess_learning_rate.1").set_value("it slows down").run()
    rate(app, "0.02")
    assert "Now see" in texts(app)
    rate(app, "0.1")
    assert "You predicted “it slows down”, but it is “it swings from side to side”" in texts(app)


@pytest.mark.parametrize("update", [0, 1, 9])
def test_the_update_in_numbers_is_the_one_a_loop_makes(update):
    app = rate(opened("learning_rate"), "0.03")
    sound(named(app.text_input, "type_learning_rate_update").set_value(str(update)).run())
    w, b = -1.0, 0.5
    for _ in range(update + 1):
        old = w, b
        errors = [w * x + b - y for x, y in zip(checks.X, checks.Y, strict=True)]
        w -= 0.03 * sum(2 * e * x for e, x in zip(errors, checks.X, strict=True)) / 4
        b -= 0.03 * sum(2 * e for e in errors) / 4
    assert f"Update {update + 1} in numbers" in "\n".join(part.value for part in app.subheader)
    for name, was, now in zip("wb", old, (w, b), strict=True):
        line = formulas(app).split(rf"{name}_{{\text{{new}}}}")[1].split(r"\end{aligned}")[0]
        numbers = [float(number) for number in re.findall(r"-?\d+\.\d+|-?\d+", line)]
        assert numbers[0] == pytest.approx(was, rel=6e-4, abs=1e-12)
        assert numbers[-1] == pytest.approx(now, rel=6e-4)


@pytest.mark.parametrize("text", ["", "text", "nan", "1e400", "-1", "0", "7", "7" * 1000])
def test_a_bad_rate_gets_one_sentence_and_the_run_stays(visitor, text):
    app = visitor
    kept = app.session_state["lesson_learning_rate"]["rate"]
    rate(app, text)
    assert app.session_state["lesson_learning_rate"]["rate"] == kept
    assert len([said.value for said in app.text if said.value.startswith("rate")]) == 1


@pytest.fixture(scope="module")
def visitor():
    return opened("learning_rate")


def test_a_run_that_explodes_after_few_updates_is_shown_as_far_as_it_came():
    app = rate(opened("learning_rate"), "1.2")
    way = checks.run_with("raw", 1.2)
    assert way.updates < checks.SHOWN
    assert f"loss after {way.updates} updates" in texts(app)


def test_what_is_said_of_the_larger_network_is_what_a_run_of_the_playground_does():
    app = choose(opened("learning_rate"), "net_rate", 1.0)
    run = sn.Experiment(
        dataset="moons", samples=200, noise=0.1, optimizer="sgd", learning_rate=1.0, batch_size=200
    ).start()
    losses = [run.evaluate().train_loss]
    for _ in range(300):
        run.step()
        losses.append(run.evaluate().train_loss)
    rises = [k for k in range(1, 301) if losses[k] > losses[k - 1]]
    assert f"The loss rose after **{len(rises)} of 300** updates, first after update {rises[0]}." in texts(app)


def test_runs_are_still_there_after_a_visit_to_another_page():
    app = rate(rate(opened("learning_rate"), "0.1195"), "0.12")
    go_to(app, "neurons")
    go_to(app, "learning_rate")
    assert r"\eta_{\text{edge}}" in formulas(app)
    assert app.session_state["lesson_learning_rate"]["rate"] == 0.12
