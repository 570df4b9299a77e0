"""Words on the board: what a beginner does not know explains itself, by hover, focus and tap."""

import pytest
from playwright.sync_api import expect

from tests.browser.live_board import LiveBoard
from ui.terms import TERMS

# Every word on the board that explains itself: its text, the description that assistive technology reads, and whether
# the keyboard reaches it.
WORDS = """root => [...root.querySelectorAll("[data-term]")].filter((node) => node.checkVisibility()).map((node) => {
  const told = node.querySelector("input, select") || node;
  const description = root.querySelector("#" + CSS.escape(told.getAttribute("aria-describedby")));
  return [node.dataset.term, description && description.textContent, told.tabIndex];
})"""

TAP = """node => node.dispatchEvent(
  new PointerEvent("click", { pointerType: "touch", bubbles: true, composed: true, cancelable: true }))"""


@pytest.fixture
def board(page, app) -> LiveBoard:
    return LiveBoard(page).open(app.address, "hidden=3&samples=100")


def test_every_term_on_the_board_has_its_sentence_by_hover_focus_and_tap(board):
    page, tip = board.page, board.root.get_by_role("tooltip")
    board.button("Unit 1 of layer 1").click()
    words = board.root.evaluate(WORDS)
    assert {"epoch", "update", "seed", "loss", "accuracy", "weight", "bias", "z", "a"} <= {word for word, *_ in words}
    assert {"discretize", "log loss", "test points", "feature", "activation", "unit map"} <= {
        word for word, *_ in words
    }
    assert words == [[word, TERMS[word], 0] for word, *_ in words]
    card = board.root.get_by_role("dialog")
    expect(card).to_be_visible()
    page.keyboard.press("Tab")
    expect(tip).to_have_text(TERMS["bias"])  # focus
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    expect(card).to_be_visible()  # one Escape closes one thing
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    for word, text in (("epoch", "Epoch"), ("discretize", "Discretize"), ("seed", "Seeds")):
        node = board.root.locator(f'[data-term="{word}"]').filter(has_text=text)
        node.hover()
        expect(tip).to_have_text(TERMS[word])
        tip.hover()  # it stays while it is read
        page.wait_for_timeout(400)
        expect(tip).to_have_text(TERMS[word])
        board.map.hover()
        expect(tip).to_be_hidden()
        node.evaluate(TAP)
        expect(tip).to_have_text(TERMS[word])
        board.root.locator(".words").click()
        expect(tip).to_be_hidden()


IDLE = """root => [...root.querySelectorAll("button")]
  .filter((button) => button.ariaDisabled === "true" && button.checkVisibility())
  .map((button) => button.ariaLabel)"""


def test_a_button_that_does_nothing_now_says_why_by_hover_focus_press_and_tap_and_still_does_nothing(page, app):
    board = LiveBoard(page).open(app.address, "dataset=xor_gate&hidden=1")
    tip = board.root.get_by_role("tooltip")
    reasons = {
        "New data · seed 0": "Nothing is drawn at random: the points of this data set are given.",
        "Undo": "There is no change to take back.",
        "Redo": "There is no change that was taken back.",
        "Remove a unit from layer 1": "A layer has at least one unit; remove the layer instead.",
    }
    assert set(board.root.evaluate(IDLE)) == set(reasons)
    assert board.root.locator("button:disabled").count() == 0  # they could not be asked
    before = board.experiment(), board.numbers().generation
    for name, reason in reasons.items():
        button = board.button(name)
        expect(button).to_have_attribute("aria-description", reason)
        button.hover()
        expect(tip).to_have_text(reason)
        board.map.hover()
        expect(tip).to_be_hidden()
        for use, how in ((button.press, "Enter"), (button.dispatch_event, "click"), (button.evaluate, TAP)):
            use(how)
            expect(tip).to_have_text(reason)
            page.keyboard.press("Escape")
            expect(tip).to_be_hidden()
    assert (board.experiment(), board.numbers().generation) == before
    board.press("Add a unit to layer 1")
    expect(board.button("Undo")).to_be_enabled()
    expect(board.button("Undo")).to_have_attribute("title", "Take back the last change")
    board.button("Undo").click()
    expect(board.button("Redo")).to_be_enabled()


def test_the_board_says_its_colours_and_counters_in_words(board):
    readings = board.root.locator(".readings")
    expect(readings).to_contain_text("blue: class 1, orange: class 0")
    expect(readings).not_to_contain_text("whole network")
    expect(board.root.locator(".legend")).to_contain_text("frame and small square: bias")
    expect(board.root.locator(".counters")).to_contain_text("passes over the data")
    board.button("Unit 2 of layer 1").hover()
    expect(readings).to_contain_text("blue high, orange low")
    expect(readings).to_contain_text("Training, whole network")  # beside a unit's name it would be taken for the unit's
    board.open(board.page.url.split("/?")[0], "dataset=plane&output=identity&loss=mse")
    expect(readings).to_contain_text("blue: high, orange: low")
    expect(readings.locator("[data-term='R²']")).to_have_attribute("aria-describedby", "term-R²")
