"""The lesson of luck, worked without a browser: as a student would, with wrong answers first."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.lesson_app import answered, go_to, opened, press, sound, tasks_of, texts
from tests.widgets import named
from ui import lesson
from ui.checks import luck as checks
from ui.drawings import luck as drawings


def choose(app: AppTest, pair: str) -> AppTest:
    return sound(named(app.button_group, "choose_luck_pair").set_value(pair).run())


def measured(app: AppTest, pair: str = "units") -> checks.Measured:
    return checks.measured_of(app.session_state["lesson_luck"], pair)


def test_the_page_opens_before_any_seed_has_run():
    app = opened("luck")
    assert app.header[0].value == lesson.FURTHER["luck"].title
    assert tasks_of(app) == lesson.FURTHER["luck"].tasks
    assert "Press Run 1 seed, Run 10 seeds or Run all 60" in texts(app) and "Of 0 seeds" not in texts(app)
    assert "No seed has run yet" in texts(app) and "half of the time" not in texts(app).split("Predict")[0]
    assert not app.session_state["lesson_luck"]["measured"]


@pytest.mark.parametrize("right", [(), ((70, 70),)])
def test_axes_of_few_seeds_are_those_of_a_share(right):
    few = checks.Measured("units", right, 80)
    low, high = drawings.seeds_figure(few)["layout"]["xaxis"]["range"]
    assert (low, high) == (0, 100)
    low, high = drawings.differences_figure(few)["layout"]["xaxis"]["range"]
    assert -100 <= low < -1 < 1 < high <= 100
    assert "range" not in drawings.seeds_figure(checks.Measured("units", ((70, 72), (60, 75)), 80))["layout"]["xaxis"]


def test_all_tasks_worked_wrong_answer_first_and_the_prediction_judged_when_all_seeds_have_run():
    app = opened("luck")
    app.button_group(key="guess_luck.1").set_value("almost always").run()
    press(app, "Run 1 seed")
    assert measured(app).seeds == 1 and "Of 1 seed, **" in texts(app)
    assert "Only 1 of 60 seeds have run" in texts(press(app, "Check"))
    press(app, "Run 10 seeds")
    assert measured(app).seeds == 11 and "Now see" in texts(app)
    press(app, "Run all 60")
    assert "You predicted “almost always”, but it is “about half of the time”" in texts(app)
    assert all(button.disabled for button in app.button if str(button.key).startswith("luck_"))
    better, alike, worse = measured(app).counts
    assert (
        f"Of 60 seeds, **{better}** name 4 units, **{worse}** name 3 units, and at **{alike}** both are alike."
        in texts(app)
    )
    claims = next(table.value for table in app.table if "wrong" in table.value)
    assert list(claims["seeds"]) == ["3", "10", "30"], "that of one seed is asked for"
    assert "divide by the number of seeds" in answered(app, "luck.1", str(worse))
    assert "name the worse setting" in answered(app, "luck.1", f"{worse}/60")
    claims = next(table.value for table in app.table if "wrong" in table.value)
    assert list(claims["seeds"]) == ["1", "3", "10", "30"]

    assert "Look for a pair whose difference is larger" in texts(press(app, "Check", 2))
    choose(app, "rate")
    assert "Only 0 of 60 seeds" in texts(press(app, "Check", 2))
    press(app, "Run all 60")
    assert "the difference is larger than the spread" in texts(press(app, "Check", 2))
    assert "all six for the other counts as well" in answered(app, "luck.3", "1/64")
    app.text_input(key="answer_luck_3").set_value("1/32")
    press(app, "Check", 3)
    assert "3 of 3 tasks done" in texts(app)


def test_what_is_said_of_the_seeds_is_what_their_runs_come_to():
    app = press(opened("luck"), "Run 10 seeds")
    for seed, right in enumerate(measured(app).right):
        for side in (0, 1):
            run = checks.experiment_of("units", side, seed).start()
            run.advance(epochs=checks.EPOCHS)
            assert right[side] == run.evaluate().test_correct
    for side, name in enumerate(("3 units", "4 units")):
        counts = sorted(pair[side] for pair in measured(app).right)
        median = (counts[4] + counts[5]) / 2 / 60
        assert f"**{name}**: median {100 * median:.1f} %, from {counts[0]}/60 to {counts[-1]}/60." in texts(app)


@pytest.mark.parametrize("pair", checks.PAIRS)
def test_each_pair_keeps_its_own_seeds_also_after_a_visit_to_another_page(pair):
    app = press(choose(opened("luck"), pair), "Run 1 seed")
    go_to(app, "neurons")
    go_to(app, "luck")
    assert [found.pair for found in app.session_state["lesson_luck"]["measured"]] == [pair]
    assert app.session_state["lesson_luck"]["pair"] == pair
