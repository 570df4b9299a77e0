"""Edits, inputs and undo: what a visitor types into the network shows up in every number at once, and truthfully."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import expect

import scratchnet as sn
from tests.browser.live_board import LiveBoard

SMALL = "hidden=4-3&samples=200"
ANY = re.compile(".")


@pytest.fixture(scope="module")
def opened(returning, app) -> Iterator[LiveBoard]:
    page = returning.new_page()
    yield LiveBoard(page).open(app.address, SMALL)
    page.close()


@pytest.fixture
def board(opened, watch) -> LiveBoard:
    """A small network after one epoch, without an input."""
    watch(opened.page)
    opened.press("Reset")
    opened.wait("update === 0 && !playing")
    if opened.button("Clear the inputs").is_visible():
        opened.press("Clear the inputs")
        expect(opened.button("Clear the inputs")).to_be_hidden()
    opened.press("Step one epoch")
    opened.wait("epoch === 1")
    return opened


def type_value(board: LiveBoard, place: tuple[int, int, int | None], text: str) -> None:
    board.parameter(*place).click()
    field = board.root.get_by_label("New value of the")
    field.fill(text)
    field.press("Enter")


def type_input(board: LiveBoard, *values: str) -> None:
    for name, value in zip(("x1", "x2"), values, strict=True):
        board.root.get_by_label(f"Input {name}").fill(value)
    board.root.get_by_label("Input x2").press("Enter")


def wait_for_parameter(board: LiveBoard, place: tuple[int, int, int | None], value: float) -> None:
    expect(board.parameter(*place)).to_have_attribute("data-bias" if place[2] is None else "data-weight", f"{value:g}")


@pytest.mark.parametrize(("place", "text", "value"), [((0, 1, 0), "2.5", 2.5), ((2, 0, None), "-0,75", -0.75)])
def test_a_typed_value_changes_the_loss_and_the_map_at_once(board, place, text, value):
    before, _ = board.check()
    type_value(board, place, text)
    wait_for_parameter(board, place, value)
    shown, run = board.check()
    assert shown.update == before.update
    assert shown.parameters == {**before.parameters, place: value}
    assert shown.train_loss != before.train_loss
    assert run.experiment.edits_at(run.update) == ((*place, value),)
    board.check_map(run)


def test_a_link_can_be_clicked_where_it_is_drawn(board):
    before = board.numbers()
    link = board.parameter(1, 2, 0).bounding_box()
    handle = board.root.locator(".overlay")
    corner = handle.bounding_box()
    # A little to the left of the link's button, on the line itself.
    handle.click(position={"x": link["x"] - corner["x"] - 3, "y": link["y"] - corner["y"] + link["height"] / 2})
    field = board.root.get_by_label("New value of the weight from")
    place = place_of(field.get_attribute("aria-label").split("weight from ")[1])
    expect(field).to_have_value(f"{before.parameters[place]!r}")
    field.press("Escape")
    expect(field).to_be_hidden()
    assert board.check()[0].parameters == before.parameters


def place_of(words: str) -> tuple[int, int, int]:
    """(layer, unit, source) of "unit 2 of layer 1 to unit 3 of layer 2", counted from 0."""
    source, _, unit, layer = [int(part) for part in words.split() if part.isdigit()]
    return layer - 1, unit - 1, source - 1


@pytest.mark.parametrize("place", [(0, 1, 0), (1, 2, 3), (2, 0, None)])
def test_enter_in_the_editor_applies_and_closes_it_and_the_button_has_the_focus_again(board, place):
    before = board.numbers()
    button = board.parameter(*place)
    button.focus()
    button.press("Enter")
    field = board.root.get_by_label("New value of the")
    field.fill("2.5")
    field.press("Enter")
    wait_for_parameter(board, place, 2.5)
    expect(field).to_have_count(0)
    expect(button).to_be_focused()
    assert board.check()[0].parameters == {**before.parameters, place: 2.5}
    button.press("Enter")
    field.fill("7")
    field.press("Escape")
    expect(field).to_have_count(0)
    expect(button).to_be_focused()
    assert board.check()[0].parameters == {**before.parameters, place: 2.5}


@pytest.mark.parametrize("how", ["mouse", "keyboard", "tap"])
def test_a_chosen_unit_opens_a_card_with_its_numbers_and_the_page_stays_where_it_is(board, how):
    main = board.page.get_by_test_id("stMain")
    unit = board.root.locator('[data-kind=unit][data-layer="0"][data-unit="2"]')
    card = board.root.get_by_role("dialog", name="unit 3 of layer 1")
    if how == "keyboard":
        unit.focus()
        unit.press("Enter")
    elif how == "tap":
        unit.dispatch_event("click", {"pointerType": "touch"})
    else:
        unit.click()
    expect(card).to_be_focused()
    bias = board.numbers().parameters[0, 2, None]
    expect(card).to_contain_text("hidden unit: a = tanh(z)")
    expect(card).to_contain_text(f"bias{bias:.4g}".replace("-", "−"))
    expect(card).to_contain_text("map−1 to 1")
    expect(board.root.locator(".readings .title")).to_have_text("Unit 3 of layer 1")
    expect(card.get_by_text("z", exact=True)).to_have_count(0)
    assert main.evaluate("main => main.scrollTop") == 0
    expect(board.page.get_by_role("tab", name="Charts")).to_have_attribute("aria-selected", "true")
    board.page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(unit).to_be_focused()


def test_the_card_of_a_unit_follows_the_network_and_leads_to_its_bias_and_to_the_microscope(board):
    type_input(board, "1", "2")
    expect(board.button("Output unit")).to_have_attribute("data-z", ANY)
    board.button("Output unit").click()
    card = board.root.get_by_role("dialog", name="output unit")
    shown = board.numbers()
    for _ in range(2):
        z, a = (f"{values[2, 0]:.4g}"[:6].replace("-", "−") for values in (shown.z, shown.a))
        expect(card.locator("dd").nth(1)).to_contain_text(z)
        expect(card.locator("dd").nth(2)).to_contain_text(a)
        board.page.keyboard.press("ArrowRight")
        board.wait(f"update === {shown.update + 1}")
        shown = board.numbers()
    card.get_by_role("button", name="Change its bias").click()
    field = board.root.get_by_label("New value of the bias of output unit")
    field.fill("0.5")
    field.press("Enter")
    wait_for_parameter(board, (2, 0, None), 0.5)
    board.button("Output unit").click()
    board.root.locator(".title").first.click()
    expect(card).to_have_count(0)
    board.button("Output unit").click()
    card.get_by_role("button", name="Open in the microscope").press("Enter")
    expect(board.page.get_by_role("tab", name="Microscope")).to_have_attribute("aria-selected", "true")
    expect(board.page.get_by_text("output unit", exact=True).first).to_be_visible()
    expect(card).to_have_count(0)


def test_what_is_no_number_keeps_the_old_value_and_says_so_in_one_sentence(board):
    before, _ = board.check()
    for text in ("abc", "", "1,2,3", "1e999", "NaN", "1e300", "-1000000.1"):
        type_value(board, (1, 0, 1), text)
        told = f"Not “{text}”: type a number from −1,000,000 to 1,000,000, such as −0.25 or 1,5. The old value stays."
        expect(board.root.get_by_role("alert")).to_have_text(told)
        board.root.get_by_label("New value of the").press("Escape")
        expect(board.root.get_by_role("alert")).to_have_count(0)
    assert board.check()[0].parameters == before.parameters


# Counts the server's messages with a whole scene; with `forgetful` set, Python hears that the board does not know it.
FORGETFUL = """window.scenes = 0;
const latin = (bytes) => new TextDecoder("latin1").decode(bytes);
window.WebSocket = class extends WebSocket {
  addEventListener(kind, listener, more) {
    const heard = (event) => {
      if (latin(event.data).includes('"scene_data"')) window.scenes += 1;
      listener(event);
    };
    super.addEventListener(kind, kind === "message" ? heard : listener, more);
  }
  send(bytes) {
    const text = latin(bytes), at = text.search(/"scene":[0-8][,}]/);
    const own = new Uint8Array(bytes);
    if (window.forgetful && at >= 0) own[at + 8] = "9".charCodeAt(0);
    super.send(own);
  }
};"""


def test_a_scene_that_the_board_knows_already_closes_no_editor(new_page, app):
    page = new_page()
    page.add_init_script(FORGETFUL)
    board = LiveBoard(page).open(app.address, SMALL)
    board.check()
    scenes = page.evaluate("scenes")
    board.parameter(0, 0, None).click()
    field = board.root.get_by_label("New value of the bias of unit 1 of layer 1")
    field.fill("0.7")
    page.evaluate("window.forgetful = true")
    board.button("Unit 3 of layer 1").hover()
    page.wait_for_function(f"() => scenes > {scenes}")
    page.wait_for_timeout(300)
    expect(field).to_have_value("0.7")
    field.press("Enter")
    wait_for_parameter(board, (0, 0, None), 0.7)


def test_an_edit_while_playing_acts_on_the_frame_on_screen_and_the_run_goes_on(board):
    board.set_speed("5 updates/s")
    board.play_until("playing && update >= 12")
    before = board.numbers()
    type_value(board, (1, 1, 2), "3")
    board.wait(f"playing && generation > {before.generation}")
    after = board.numbers()
    board.wait(f"playing && update >= {after.update + 4}")
    board.pause()
    _, run = board.check()
    ((update, changes),) = run.experiment.events
    assert changes == {"edits": ((1, 1, 2, 3.0),)}
    assert before.update <= update <= after.update
    board.set_speed("Full speed")


def test_what_is_built_anew_while_it_plays_has_names_and_no_words_of_the_network_before(page, app):
    board = LiveBoard(page).open(app.address, SMALL)
    board.set_speed("5 updates/s")
    board.play_until("playing && update >= 2")
    scenes = board.numbers().generation
    board.press("Add a unit to layer 1")
    board.wait(f"playing && generation > {scenes}")
    expect(board.button("Weight from x1 to unit 5 of layer 1")).to_be_attached()
    nameless = (
        """buttons => buttons.filter((one) => !one.getAttribute("aria-label") && !one.textContent.trim()).length"""
    )
    assert board.root.locator(".overlay button").evaluate_all(nameless) == 0
    assert board.numbers().playing
    expect(board.root.locator("[role=status].unseen")).to_have_text("Learning")


def test_undo_brings_back_the_run_and_its_update(board):
    before, _ = board.check()
    type_value(board, (0, 0, 0), "5")
    wait_for_parameter(board, (0, 0, 0), 5)
    board.press("Undo")
    board.wait(f"generation > {before.generation + 1}")
    shown, run = board.check()
    assert shown.parameters == before.parameters
    assert shown.update == before.update
    assert run.experiment.events == ()
    expect(board.button("Redo")).to_be_enabled()


def test_a_typed_input_shows_every_weighted_sum_and_activation(board):
    type_input(board, "1,5", "-2")
    expect(board.button("Output unit")).to_have_attribute("data-z", ANY)
    shown, run = board.check(probe=(1.5, -2.0))
    assert len(shown.z) == len(shown.a) == 8
    (output,) = run.network.predict([[1.5, -2.0]])[0]
    expect(board.root.locator(".answer")).to_contain_text(f"{output:.4g}"[:6])


def test_an_input_is_followed_exactly_as_long_as_it_stands_in_the_fields(board):
    x1, x2 = (board.root.get_by_label(f"Input {name}") for name in ("x1", "x2"))
    answer, followed = board.root.locator(".answer"), board.button("Output unit")
    type_input(board, "0,5", "1")
    expect(followed).to_have_attribute("data-z", ANY)
    for press in ("Step one epoch", "Reset"):
        generation = board.numbers().generation
        board.press(press)
        board.wait(f"generation > {generation}")
        assert (x1.input_value(), x2.input_value()) == ("0.5", "1")
        board.check(probe=(0.5, 1.0))
    x1.fill("")
    x1.press("Enter")
    expect(followed).not_to_have_attribute("data-z", ANY)
    expect(answer).to_have_text("Type every input.")
    assert x2.input_value() == "1"  # nobody has to type it again
    x1.fill("2")
    x1.press("Enter")
    expect(followed).to_have_attribute("data-z", ANY)
    board.check(probe=(2.0, 1.0))
    for field in (x2, x1):
        field.fill("")
        field.press("Enter")
    expect(answer).to_have_text("or click the picture")
    board.check()


def test_what_is_said_to_an_emptied_input_outlives_a_picture_that_was_computed_before(board):
    x1 = board.root.get_by_label("Input x1")
    type_input(board, "0.5", "1")
    expect(board.button("Output unit")).to_have_attribute("data-z", ANY)
    board.wait_until_nothing_is_painted()
    x1.evaluate(
        """field => {
          field.value = "";
          field.dispatchEvent(new Event("change"));
          const unit = field.getRootNode().querySelector("[data-kind=unit]");
          unit.dispatchEvent(new PointerEvent("pointerenter")); // paints before any answer
        }"""
    )
    expect(board.button("Output unit")).not_to_have_attribute("data-z", ANY)
    expect(board.root.locator(".answer")).to_have_text("Type every input.")


def test_what_is_said_to_emptied_inputs_outlives_a_picture_that_is_painted_late(board):
    type_input(board, "0.5", "1")
    expect(board.button("Output unit")).to_have_attribute("data-z", ANY)
    board.wait_until_nothing_is_painted()
    empty = """field => {
      field.value = "";
      field.dispatchEvent(new Event("change"));
    }"""
    board.page.evaluate(
        """() => {
          window.late = [];
          window.inTime = window.requestAnimationFrame;
          window.requestAnimationFrame = (paint) => window.late.push(paint);
        }"""
    )
    board.root.get_by_label("Input x2").evaluate(empty)
    board.page.wait_for_timeout(1500)  # the answer is there; its picture is not
    board.root.get_by_label("Input x1").evaluate(empty)
    board.page.evaluate(
        """() => {
          window.requestAnimationFrame = window.inTime;
          for (const paint of window.late) window.requestAnimationFrame(paint);
        }"""
    )
    expect(board.button("Output unit")).not_to_have_attribute("data-z", ANY)
    expect(board.root.locator(".answer")).to_have_text("or click the picture")
    board.check()


def test_values_of_an_input_stay_live_while_the_network_learns(board):
    type_input(board, "1", "2")
    expect(board.button("Output unit")).to_have_attribute("data-z", ANY)
    board.set_speed("1 epoch/s")
    first = board.numbers()
    board.play_until("playing && epoch >= 2")
    unit = board.button("Unit 1 of layer 1")
    expect(unit).not_to_have_attribute("data-a", str(first.a[0, 0]))
    board.pause()
    board.set_speed("Full speed")
    shown, _ = board.check(probe=(1.0, 2.0))
    assert shown.a != first.a


def test_an_edited_weight_is_in_the_values_of_the_input(board):
    type_input(board, "0.5", "0.5")
    type_value(board, (0, 2, 1), "-4")
    wait_for_parameter(board, (0, 2, 1), -4)
    board.check(probe=(0.5, 0.5))


def test_a_click_on_the_map_is_an_input(board):
    box = board.map.bounding_box()
    board.page.mouse.click(box["x"] + 0.6 * box["width"], box["y"] + 0.3 * box["height"])
    fields = [board.root.get_by_label(f"Input {name}") for name in ("x1", "x2")]
    expect(fields[0]).not_to_have_value("")
    x1, x2 = (float(field.input_value()) for field in fields)
    assert -6 < x1 < 6
    assert 0 < x2 < 6  # above the middle
    expect(board.button("Output unit")).to_have_attribute("data-z", ANY)
    board.check(probe=(x1, x2))
    board.press("Clear the inputs")
    expect(fields[0]).to_have_value("")
    assert board.check()[0].z == {}


def lonely_point(run: sn.Run) -> int:
    """The row of a training point that has no other one near it."""
    x = run.dataset.x_train
    apart = np.linalg.norm(x[:, None] - x[None], axis=2) + np.diag(np.full(len(x), np.inf))
    return int(apart.min(axis=1).argmax())


def test_a_click_near_a_training_point_is_this_point_to_the_last_digit_and_opens_its_card(board):
    _, run = board.check()
    row = lonely_point(run)
    x, y = run.dataset.x_train[row], run.dataset.y_train[row]
    board.click_map((x[0] + 0.1, x[1] - 0.1), run)
    card = board.root.get_by_role("status").filter(has_text="training point")
    expect(card).to_contain_text(f"training point {row + 1}: x1")
    expect(card).to_contain_text(f"target class {int(y.item())}")
    expect(board.button("Output unit")).to_have_attribute("data-z", ANY)
    board.check(probe=tuple(x.tolist()))
    card.get_by_role("button", name="Open in the microscope").click()
    expect(board.page.get_by_role("tab", name="Microscope")).to_have_attribute("aria-selected", "true")
    expect(board.page.get_by_text(f"Training point {row + 1}, (").first).to_be_visible()
    board.press("Play")
    expect(card).to_be_hidden()
    board.pause()


def test_a_training_point_can_be_chosen_by_its_number(board):
    _, run = board.check()
    field = board.root.get_by_label("Training point")
    for typed in ("101", "0,5", "0", "-3", "2.0", "1e1", "$x^2$"):
        field.fill(typed)
        field.press("Enter")
        told = board.root.get_by_role("status").filter(has_text=f"a whole number from 1 to 100, not “{typed}”")
        expect(told).to_be_visible()
        expect(field).to_have_value(typed)
    assert board.check()[0].z == {}
    field.fill("7")
    field.press("Enter")
    expect(board.root.get_by_role("status").filter(has_text="training point 7: x1")).to_be_visible()
    expect(board.button("Output unit")).to_have_attribute("data-z", ANY)
    board.check(probe=tuple(run.dataset.x_train[6].tolist()))
    field.press("ArrowUp")
    expect(board.root.get_by_role("status").filter(has_text="training point 8: x1")).to_be_visible()
    expect(field).to_have_value("8")
    expect(field).to_be_focused()
    field.press("Escape")
    expect(board.root.get_by_role("status").filter(has_text="training point")).to_have_count(0)


PULLED = """([update, points]) =>
  window.dispatchEvent(new CustomEvent("scratchnet:playground:pulled", {detail: {update, points}}))"""


def test_who_pulled_is_ringed_on_the_map_at_rest_and_at_this_update_only(board):
    shown, _ = board.check()
    rows = [{"index": 3, "share": 1.0}, {"index": 40, "share": -0.5}]

    def rings_of(update: int, points: list[dict], count: int) -> None:
        board.page.evaluate(PULLED, [update, points])
        expect(board.root).to_have_attribute("data-rings", str(count))

    legend = board.root.get_by_text("pulled: blue down, orange up")
    rings_of(shown.update, rows, 2)
    expect(legend).to_be_visible()
    rings_of(shown.update + 1, rows, 0)
    expect(legend).to_be_hidden()
    rings_of(shown.update, rows, 2)
    rings_of(shown.update, [], 0)
    rings_of(shown.update, rows, 2)
    board.press("Step one update")
    expect(board.root).to_have_attribute("data-rings", "0")
    rings_of(shown.update + 1, rows, 2)
    board.press("Play")
    expect(board.root).to_have_attribute("data-rings", "0")
    board.pause()


@pytest.mark.parametrize("how", ["double click", "M"])
def test_a_link_is_opened_in_the_microscope_in_one_go_and_a_bias_too(board, how):
    board.page.emulate_media(reduced_motion="reduce")  # the microscope comes into sight at once: nothing glides away
    for place in ((1, 2, 0), (0, 1, None)):
        generation = board.numbers().generation
        button = board.parameter(*place)
        if how == "M":
            button.focus()
            button.press("m")
        else:
            button.dblclick(force=True)
        words = (
            "bias of unit 2 of layer 1" if place[2] is None else "weight from unit 1 of layer 1 to unit 3 of layer 2"
        )
        expect(board.page.get_by_text(words).first).to_be_visible()
        expect(board.root.get_by_label("New value of the")).to_be_hidden()
        expect(board.root).to_have_attribute("data-rings", "10")  # the mini-batch
        assert board.numbers().generation == generation
    board.page.emulate_media(reduced_motion="no-preference")


def test_an_input_that_is_no_number_is_refused_in_one_sentence(board):
    type_input(board, "two", "")
    expect(board.root.get_by_text("Type numbers such as")).to_be_visible()
    type_input(board, "", "")
    expect(board.root.get_by_text("Type numbers such as")).to_be_hidden()
    type_input(board, "two", "1")
    expect(board.root.get_by_text("Type numbers such as")).to_be_visible()
    assert board.check()[0].z == {}
    type_input(board, "1e9", "1")
    expect(board.page.get_by_text("An input is one number for each of x1, x2")).to_be_visible()
    type_input(board, "", "")


def test_new_weights_and_new_data_take_the_next_seed_and_undo_gives_it_back(page, app):
    board = LiveBoard(page).open(app.address, SMALL)
    first, _ = board.check()
    board.press("New weights")
    expect(board.root.get_by_text("seed 1")).to_be_visible()
    shown, run = board.check()
    assert (run.experiment.init_seed, run.experiment.data_seed, shown.update) == (1, 0, 0)
    assert shown.parameters != first.parameters
    board.press("Undo")
    expect(board.root.get_by_text("seed 1")).to_have_count(0)
    assert board.check()[0].parameters == first.parameters
    board.press("New data")
    expect(board.root.get_by_text("seed 1")).to_be_visible()
    shown, run = board.check()
    assert (run.experiment.init_seed, run.experiment.data_seed) == (0, 1)
    assert shown.parameters == first.parameters
    assert shown.train_loss != first.train_loss


def test_on_given_points_new_data_is_disabled_with_its_reason_and_a_weight_takes_thousands(page, app):
    board = LiveBoard(page).open(app.address, "dataset=xor_gate&hidden=2&learning_rate=0.1")
    board.press("Step one update")
    new_data = board.button("New data · seed 0")
    expect(new_data).to_be_disabled()
    expect(new_data).to_have_attribute(
        "aria-description", "Nothing is drawn at random: the points of this data set are given."
    )
    expect(board.button("New weights · seed 0")).to_be_enabled()
    type_input(board, "1.234,5", "\u22120,5")
    board.check(probe=(1234.5, -0.5))
    expect(board.root.locator("output.answer")).to_contain_text(re.compile(r"→ output [0-9]"))
    type_input(board, "12 34", "1")
    expect(board.root.get_by_text("Type numbers such as")).to_be_visible()


def test_layers_units_and_features_are_changed_on_the_board(page, app):
    board = LiveBoard(page).open(app.address, SMALL)
    for button, changed in (
        ("Add a hidden layer", {"hidden": (4, 3, 3)}),
        ("Remove a unit from layer 1", {"hidden": (3, 3, 3)}),
        ("Add a unit to layer 3", {"hidden": (3, 3, 4)}),
        ("Remove the last hidden layer", {"hidden": (3, 3)}),
        ("Feature x1·x2", {"features": ("x1", "x2", "x1*x2")}),
        ("Feature x1", {"features": ("x2", "x1*x2")}),
    ):
        wanted = sn.Experiment(**{"hidden": (3, 3), "features": board.experiment().features, "samples": 200, **changed})
        generation = board.numbers().generation
        # The name of one button may be the beginning of another's.
        board.root.locator(f'button[aria-label="{button}"]').click()
        board.wait(f"generation > {generation}")
        expect(board.root.locator("button.unit[data-kind=unit]")).to_have_count(sum(wanted.sizes[1:]))
        _, run = board.check()
        assert run.experiment == wanted
