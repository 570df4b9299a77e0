"""The lesson of the optimizers, worked without a browser: as a student would, with wrong answers first."""

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from scratchnet import textbook
from tests.lesson_app import answered, formulas, go_to, opened, press, sound, tasks_of, texts
from tests.widgets import named
from ui import lesson
from ui.checks import optimizers as checks

FAIR = {"sgd": 0.9, "momentum": 0.1, "nesterov": 0.3, "rmsprop": 0.1, "adam": 0.1}


def choose(app: AppTest, name: str, value) -> AppTest:
    return sound(named(app.button_group, f"choose_optimizers_{name}").set_value(value).run())


def race(app: AppTest, rule: str, rate: float) -> AppTest:
    return choose(choose(app, "rule", rule), f"rate_{rule}", rate)


def test_the_page_opens_with_a_race_of_five_rules():
    app = opened("optimizers")
    assert app.header[0].value == lesson.FURTHER["optimizers"].title
    assert tasks_of(app) == lesson.FURTHER["optimizers"].tasks
    assert [row.split(" ")[1] for row in app.table[0].value["rule"]] == list(checks.RULES.values())
    assert "whole way turns along" not in texts(app), "that is what is to be predicted"


def test_all_tasks_worked_wrong_answer_first_and_the_prediction_judged_when_it_was_seen():
    app = opened("optimizers")
    app.button_group(key="guess_optimizers.1").set_value("all alike").run()
    assert "Not yet within 150 updates: SGD, Momentum, Nesterov." in texts(press(app, "Check"))
    for rule, rate in FAIR.items():
        race(app, rule, rate)
    assert "Right, with these rates all arrive" in texts(press(app, "Check"))
    assert "Now see" in texts(app)

    assert "That is the step of SGD" in answered(app, "optimizers.2", "0.0006")
    assert "only its sign is left" in answered(app, "optimizers.2", "0.03")

    choose(app, "landscape", "turned")
    assert "You predicted “all alike”, but it is “RMSProp and Adam”" in texts(app)
    assert "whole way turns along" in texts(app)
    assert "Momentum arrives in the turned valley, after" in answered(app, "optimizers.3", "Momentum")
    said = answered(app, "optimizers.3", "RMSProp")
    assert "has yet to run at the rates 0.003, 0.01, 0.03, 0.3, 0.45, 0.9." in said
    for rate in (0.003, 0.01, 0.03, 0.3, 0.45, 0.9):
        race(app, "rmsprop", rate)
    assert "Right: in the turned valley RMSProp needs 481 updates" in texts(press(app, "Check", 3))
    assert "3 of 3 tasks done" in texts(app)


def by_the_book(rule: str, rate: float, updates: int) -> np.ndarray:
    """The parameters after so many updates in the long valley, by the printed formulas and a gradient in loops."""
    ground = checks.ground_of("along", 100)
    theta, memory = ground.net.theta[:2].copy(), {"v": np.zeros(2), "m": np.zeros(2)}
    for t in range(1, updates + 1):
        errors = [(theta[0] * a + theta[1] * b - y, a, b) for (a, b), y in zip(ground.x, ground.y[:, 0], strict=True)]
        gradient = np.array([sum(2 * e * a for e, a, _ in errors), sum(2 * e * b for e, _, b in errors)]) / len(errors)
        if rule == "sgd":
            theta = textbook.descend(theta, gradient, rate)
        elif rule == "momentum":
            theta, memory["v"] = textbook.momentum(theta, gradient, memory["v"], 1, rate, 0.9)
        elif rule == "nesterov":
            theta, memory["v"] = textbook.nesterov(theta, gradient, memory["v"], rate, 0.9)
        elif rule == "rmsprop":
            theta, memory["v"] = textbook.rmsprop(theta, gradient, memory["v"], rate, 0.99, 1e-8)
        else:
            theta, memory["m"], memory["v"] = textbook.adam(
                theta, gradient, memory["m"], memory["v"], t, rate, 0.9, 0.999, 1e-8
            )
    return theta


@pytest.mark.parametrize("rule", checks.RULES)
@pytest.mark.parametrize("update", [0, 3])
def test_the_update_line_by_line_ends_where_the_printed_formula_does(rule, update):
    app = race(opened("optimizers"), rule, 0.1)
    sound(named(app.text_input, "type_optimizers_update").set_value(str(update)).run())
    last = formulas(app).split(r"w_{\text{new}}")[-1]
    numbers = [float(number) for number in re.findall(r"-?\d+\.\d+|-?\d+", last)]
    before, after = by_the_book(rule, 0.1, update)[0], by_the_book(rule, 0.1, update + 1)[0]
    assert numbers[0] == pytest.approx(before, rel=6e-4)
    assert numbers[-1] == pytest.approx(after, rel=6e-4)


def test_the_plateau_has_no_condition_number_and_its_race_is_another_one():
    app = opened("optimizers")
    before = list(app.table[0].value["at the goal"])
    choose(app, "landscape", "plateau")
    assert not [group for group in app.button_group if "condition" in str(group.key)]
    assert list(app.table[0].value["at the goal"]) != before
    assert "The lowest point was found by a long descent" in texts(app)


def test_races_are_still_there_after_a_visit_to_another_page():
    app = race(opened("optimizers"), "adam", 0.3)
    go_to(app, "neurons")
    go_to(app, "optimizers")
    held = app.session_state["lesson_optimizers"]
    assert held["rate_adam"] == 0.3 and ("along", 100, "adam", 0.3) in [seen[:4] for seen in held["raced"]]
