"""Step 4's page without a browser: its controls, the walkthrough and its tasks, worked as a student would."""

import json
import math

import pytest

from tests.lesson_app import go_to, opened
from tests.widgets import named
from ui.checks import backpropagation as checks
from ui.checks import whole_update
from ui.kit.numbers import latex
from ui.lesson import LESSONS
from ui.recipe import recipe

TASKS = LESSONS["backpropagation"].tasks


@pytest.fixture
def at():
    return opened("backpropagation")


def shown(at) -> str:
    return " ".join(element.value for kind in ("markdown", "caption", "text", "latex") for element in getattr(at, kind))


def player(at) -> dict:
    """What the player has sent to the browser."""
    return next(data for c in at.get("bidi_component") if "heard" in (data := json.loads(c.proto.json)))


def report(at, **said) -> dict:
    """Report as the player in a browser does that has no frames yet; what Python answers."""
    said = {"n": player(at)["heard"] + 1, "have": "", "choose": None} | said
    at.session_state["backpropagation_player_player"] = {"report": said}
    at.run()
    assert not at.error
    return player(at)


def frame(at, key: str) -> dict:
    return next(frame for frame in report(at)["story"]["frames"] if frame["key"] == key)


def act(at, action: str):
    first = next(frame["key"] for frame in report(at)["story"]["frames"] if frame["action"] == action)
    return report(at, action=action, frame=first)


def test_the_page_opens_with_the_worked_reference_and_no_task_done(at):
    assert f"0 of {TASKS} tasks done" in shown(at)
    assert "0.5826-1" in frame(at, "delta2")["formula"]
    assert "-0.4174" in frame(at, "delta2")["formula"]


def test_gradients_and_update_are_two_views_of_one_step(at):
    actions = {shown["title"]: shown["action"] for shown in player(at)["story"]["frames"]}
    assert actions["New weights and biases"] == "apply update"
    assert actions["Delta of the output"] == "compute gradients"
    answer = act(at, "apply update")
    assert (answer["action"], answer["frame"]) == ("apply update", "update")
    assert dict(answer["story"]["losses"])["loss before"] == "0.540218"
    assert dict(answer["story"]["losses"])["loss after"] == "0.512854"


def test_every_optimizer_and_loss_is_told(at):
    act(at, "apply update")
    for optimizer in checks.OPTIMIZERS:
        choose(at, "optimizer", optimizer)
        assert frame(at, "update")["formula"]
    choose(at, "loss", "mse")
    for key in ("z1", "a1", "loss", "da2", "slope2", "dW2", "db1"):
        assert frame(at, key)["formula"]


def guess(at, choice: str) -> None:
    next(g for g in at.get("button_group") if g.key == "guess_backpropagation.1").set_value(choice).run()


def test_the_prediction_is_judged_as_soon_as_the_update_of_the_start_numbers_was_on_screen(at):
    guess(at, "down, away from 0")
    assert "Now see: walk through" in shown(at)
    assert "You predicted" not in shown(at)
    named(at.get("button_group"), "choose_backpropagation_y").set_value(0).run()
    act(at, "apply update")  # of other numbers, in which it moves the other way
    assert "You predicted" not in shown(at)
    assert "with the start numbers" in shown(at)
    next(button for button in at.button if button.label == "Start numbers").click().run()
    act(at, "apply update")
    assert "You predicted “down, away from 0”, but it is “up, towards 0”" in shown(at)
    act(at, "compute gradients")
    guess(at, "up, towards 0")
    assert "You predicted “down, away from 0”" in shown(at), "the guess that was made before it was seen"


@pytest.mark.parametrize("typed", ["0", "0,0", "-0.1", "", "nan", "1e999", "-", "11", "0.00001"])
def test_a_rate_that_no_update_can_have_gets_one_sentence_and_the_page_goes_on(at, typed):
    named(at.text_input, "type_backpropagation_rate").set_value(typed).run()
    assert not at.exception and not at.error
    assert "rate: expected a number from 0.0001 to 10" in shown(at) or "rate: expected a number such as 3," in shown(at)
    assert at.session_state["lesson_backpropagation"]["rate"] == 0.1
    assert frame(at, "update")["formula"]


def test_a_mini_batch_and_a_deeper_network_are_walked_through_as_well(at):
    choose(at, "rows", 3)
    assert "mean" in frame(at, "loss")["sentence"]
    choose(at, "network", "3-3-2-1")
    assert frame(at, "delta3")
    assert "Say for all 23 weights and biases" in shown(at)
    start = next(button for button in at.button if button.label == "Start numbers")
    start.click().run()
    assert "Say for all 11 weights and biases" in shown(at)


def choose(at, name: str, value) -> None:
    named(at.get("button_group"), f"choose_backpropagation_{name}").set_value(value).run()
    assert not at.exception
    assert not at.error


def test_another_target_changes_the_numbers_and_bad_input_keeps_the_last_good_ones(at):
    for typed in ("", "text", "nan", "1e400", "9" * 10_000):
        named(at.text_input, "type_backpropagation_x1").set_value(typed).run()
        assert "x1" in shown(at)
        assert at.session_state["lesson_backpropagation"]["x1"] == 0.5
        assert not at.error
    named(at.text_input, "type_backpropagation_x1").set_value("1,25").run()
    assert at.session_state["lesson_backpropagation"]["x1"] == 1.25


def test_the_tasks_by_hand_wrong_answer_first(at):
    step = checks.step_by_hand()
    right = (
        step.backward.delta[1][0, 0],
        step.backward.dW[1][0, 0],
        step.backward.dW[0][0, 1],
        step.after.weights[1][0, 0],
    )
    for place, exact in enumerate(right, start=2):
        for answer, count in ((-exact, place - 2), (exact, place - 1)):
            at.text_input(key=f"answer_backpropagation_{place}").set_value(f"{answer:.3g}".replace(".", ","))
            button = next(b for b in at.button if b.key and f"backpropagation_{place}" in b.key)
            button.click().run()
            assert f"{count} of {TASKS} tasks done" in shown(at)


def test_the_signs_are_to_be_said_before_the_update_is_seen(at):
    target = named(at.get("button_group"), "choose_backpropagation_y")
    target.set_value(0).run()
    act(at, "apply update")
    right = checks.growing(checks.step_of(checks.START | {"y": 0}))
    say(at, right)
    assert "have been on screen" in shown(at)
    named(at.text_input, "type_backpropagation_x3").set_value("0.2").run()
    say(at, set(checks.parameter_names()) - right)
    assert "turned round" in shown(at)
    say(at, right)
    assert f"1 of {TASKS} tasks done" in shown(at)


def say(at, names) -> None:
    pills = named(at.get("button_group"), "backpropagation_growing")
    pills.set_value(sorted(names)).run()
    next(b for b in at.button if b.key and "form_backpropagation_1" in b.key).click().run()


def answer(at, place: int, typed: str) -> None:
    at.text_input(key=f"answer_backpropagation_{place}").set_value(typed)
    next(b for b in at.button if b.key and f"form_backpropagation_{place}" in b.key).click().run()
    assert not at.exception and not at.error


def test_two_outputs_are_a_choice_and_the_task_on_them_explains_a_slip(at):
    assert "Two outputs, one for each class" not in shown(at)
    choose(at, "network", "3-2-2")
    assert "output 1 has the target y = 1, output 2 the other, 1 − y = 0" in shown(at)
    assert "Say for all 14 weights and biases" in shown(at)
    for key in ("loss", "da2", "delta2", "da1", "dW1"):
        assert frame(at, key)["formula"]
    choose(at, "rows", 3)
    act(at, "apply update")
    step = checks.step_by_hand(checks.TWO_OUTPUTS)
    a, deltas = step.forward.a[0][0, 0], step.backward.delta[1][0]
    answer(at, 6, f"{deltas[0] * 0.6 * a * (1 - a):.4g}")
    assert "Only one of the two ways back" in shown(at)
    answer(at, 6, f"{step.backward.delta[0][0, 0]:.4g}".replace(".", ","))
    assert f"1 of {TASKS} tasks done" in shown(at)


def fill_in(at, typed: dict) -> None:
    """Type into cells of the table, and check it."""
    for (name, column), number in typed.items():
        next(f for f in at.text_input if f.label.startswith(f"{column} of {name} ")).set_value(number)
    next(b for b in at.button if b.label == f"Check task {TASKS}").click().run()
    assert not at.exception and not at.error


def test_the_whole_update_is_filled_in_cell_by_cell_wrong_ones_first_and_kept_on_another_page(at):
    exact = {cell: number for cell, (number, _) in whole_update.cells().items()}
    fields = [f.label for f in at.text_input if " of W" in f.label or " of b" in f.label]
    assert len(fields) == len(set(fields)) == len(exact) == 18
    fill_in(at, {})
    assert "begin with the gradient of W2[1,1]" in shown(at)
    fill_in(
        at,
        {("W2[1,1]", "gradient"): f"{exact['W2[1,1]', 'gradient']:.4f}".replace(".", ","), ("b1[1]", "new value"): "x"},
    )
    assert "1 of 18 cells are right. The first wrong one is the new value of b1[1]. " in shown(at)
    marks = [m.value for m in at.markdown]
    assert ":green[**✓**] ·" in marks
    assert "· :red[**✗**]" in marks
    fill_in(at, {cell: f"{number:.4g}" for cell, number in exact.items()})
    assert "All 18 of 18 cells are right" in shown(at)
    assert f"1 of {TASKS} tasks done" in shown(at)
    go_to(at, "losses")
    go_to(at, "backpropagation")
    assert "All 18 of 18 cells are right" in shown(at)
    assert [m.value for m in at.markdown].count(":green[**✓**] :green[**✓**]") == 9


def test_the_recipe_is_shown_as_it_is_downloaded(at):
    page = recipe(checks.step_of(checks.START))
    assert page.strip() in [m.value.strip() for m in at.markdown]
    assert any(getattr(button.proto, "label", "") == "Download the recipe" for button in at.get("download_button"))


def test_the_chain_rule_is_a_plain_product_of_this_networks_numbers_before_the_walk_and_the_loss_slope_is_derived(at):
    a, hidden = 1 / (1 + math.exp(-0.33354358)), 1 / (1 + math.exp(-0.44))
    slope_L, slope_f = -1 / a, a * (1 - a)
    formulas = [element.value for element in at.latex]
    product = next(f for f in formulas if r"\partial z}{\partial w} \\" in f)
    assert rf"({latex(slope_L)}) \cdot {latex(slope_f)} \cdot {latex(hidden)}" in product
    assert latex(slope_L * slope_f * hidden) == "-0.2539"
    assert "-0.2539" in product
    derived = next(f for f in formulas if r"-\frac{y}{a} + \frac{1-y}{1-a}" in f)
    assert derived.index(r"-\frac{y}{a}") < derived.index(r"\frac{a-y}{a\,(1-a)}") < derived.index(latex(slope_L))
    boxes = [box.label for box in at.expander]
    assert "Symbols, and how they are read" in boxes
    assert "The chain rule, once as a plain product" in boxes
    kinds = [getattr(element, "label", "") or element.type for element in at.main]
    assert kinds.index("The chain rule, once as a plain product") < kinds.index("bidi_component"), "before it is used"
    told = frame(at, "da2")["sentence"]
    assert "-y/a + (1 - y)/(1 - a)" in told
