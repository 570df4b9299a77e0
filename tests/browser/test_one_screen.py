"""The first screen: on a laptop the whole board is on it, on a phone Play and the map are."""

import re
from itertools import combinations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SCREEN
from tests.browser.lesson_page import PHONE
from tests.browser.live_board import LiveBoard

LARGEST = "hidden=8-8-8-8-8-8&features=x1,x2,x1^2,x2^2,x1*x2,sin(x1),sin(x2)"
# Two branches, one of them looked at in its past.
FORKED = "hidden=4-3&samples=200&400.learning_rate=0.3&at=900&until=1200&forks=_0_2000_400~~0_400"
# Said beside the heading, in as much as fits there.
NOTICED = "hidden=banana&samples=200"
SMALL_LAPTOP = {"width": 1280, "height": 720}  # and a projector
SMALLEST = {".loss": 80, ".network": 300, ".mapRow": 230, ".forks": 24}  # pixels of height in which it can be read
HEADER = 60  # Streamlit's, always on top


def is_on_screen(board: LiveBoard, *selectors: str) -> None:
    """Wholly, and below Streamlit's header."""
    height = board.page.viewport_size["height"]
    for selector in selectors:
        box = board.root.locator(selector).first.bounding_box()
        assert box["y"] >= HEADER, selector
        assert box["y"] + box["height"] <= height + 1, selector  # a page is scrolled to whole pixels
        assert box["height"] >= SMALLEST.get(selector, 26), selector


# What reaches beyond the screen, or holds more letters than it shows; also in the board's shadow root.
CUT_OFF = """page => {
  const found = [];
  const walk = (node) => {
    for (const child of node.children) {
      walk(child);
      if (child.shadowRoot) walk(child.shadowRoot);
      const { left, right, width } = child.getBoundingClientRect();
      const isSeen = width > 1 && child.checkVisibility({ visibilityProperty: true });
      const isHidden = child.matches("output") && child.scrollWidth > child.clientWidth + 1;
      if (isSeen && (left < 0 || right > innerWidth || isHidden)) found.push(child.outerHTML.slice(0, 160));
    }
  };
  walk(document.querySelector("[data-testid=stMain]"));
  return found;
}"""


# The rectangles of all that each selector finds.
BOXES = """(root, selectors) => selectors.map((selector) =>
  [...root.querySelectorAll(selector)].map((element) => element.getBoundingClientRect().toJSON()))"""


def lies_before(one: dict, other: dict) -> bool:
    """Left of it or above it: a finger can tell them apart."""
    return one["x"] + one["width"] <= other["x"] + 1 or one["y"] + one["height"] <= other["y"] + 1


def test_on_a_small_laptop_the_curve_has_the_room_that_the_map_can_spare(page, app):
    board = LiveBoard(page).open(app.address, "")
    page.set_viewport_size(SMALL_LAPTOP)
    board.wait_until_nothing_is_painted(300)
    assert board.root.locator(".mapBox").bounding_box()["height"] - 28 >= 240  # below it are 28 of its axis
    assert board.root.locator(".loss").bounding_box()["height"] >= 93


@pytest.mark.parametrize(
    "query",
    ["", FORKED, NOTICED, LARGEST, "dataset=sine&features=x1", "dataset=six_blobs&output=softmax", "dataset=tutorial"],
)
def test_the_board_fits_on_a_laptop_and_on_a_phone_play_and_the_map_stay_together(page, app, query):
    board = LiveBoard(page).open(app.address, query)
    place = board.root.locator(".mapBox, .flat").filter(visible=True)
    for screen in (SCREEN, SMALL_LAPTOP):
        page.set_viewport_size(screen)
        board.wait_until_nothing_is_painted(300)
        is_on_screen(board, ".strip", ".network", ".below", ".mapRow", ".toggles", ".loss")
        if query == FORKED:
            is_on_screen(board, ".forks")
        whole = board.root.bounding_box()
        assert whole["y"] + whole["height"] <= screen["height"]
        for part in (".mapRow", ".flat"):  # nothing lies over the curve
            if board.root.locator(part).is_visible():
                below = board.root.locator(part).bounding_box()
                assert below["y"] + below["height"] <= board.root.locator(".toggles").bounding_box()["y"] + 1
    page.set_viewport_size(PHONE)
    board.wait_until_nothing_is_painted(300)
    is_on_screen(board, 'button[aria-label="Play"]')
    box = place.bounding_box()
    assert box["y"] + box["height"] <= PHONE["height"]
    board.root.locator(".network").scroll_into_view_if_needed()
    is_on_screen(board, 'button[aria-label="Play"]', ".network")
    # Who moves through time sees what it changes, also where the browser's own bars take a part of the screen.
    page.set_viewport_size(PHONE | {"height": PHONE["height"] - 140})
    board.wait_until_nothing_is_painted(300)
    top = board.root.locator(".mapRow").bounding_box()["y"]
    page.get_by_test_id("stMain").evaluate("(main, by) => main.scrollBy(0, by)", top - HEADER - 48)  # Play is there
    is_on_screen(board, 'button[aria-label="Play"]', ".mapRow", ".loss")
    # A finger hits Draw and not the scale, whose last number can be read.
    numbers, buttons = board.root.evaluate(BOXES, [".scale > :last-child", ".mapRow > .draw"])
    assert all(lies_before(low, button) and button["height"] >= 32 for low in numbers for button in buttons)
    boxes = [button.bounding_box() for button in board.root.locator(".heading button:not(.term)").all()]
    assert all(lies_before(one, other) or lies_before(other, one) for one, other in combinations(boxes, 2))
    order = [
        board.root.locator(part).bounding_box()["y"]
        for part in (".readings", ".mapRow", ".toggles", ".loss", ".network")
    ]
    assert order == sorted(order)


@pytest.mark.parametrize("hidden", ["128-128", "20-20-20-20"])
def test_what_of_a_large_network_is_not_drawn_is_told_in_words_that_can_be_read(page, app, hidden):
    board = LiveBoard(page).open(app.address, f"dataset=circle&hidden={hidden}")
    for screen in (SCREEN, PHONE):
        page.set_viewport_size(screen)
        board.wait_until_nothing_is_painted(300)
        # At once, because a late answer lays out anew.
        words, buttons = board.root.evaluate(BOXES, [".more", ".heading button"])
        assert len(words) >= len(hidden.split("-")) and buttons
        boxes = [*words, *buttons]
        assert all(lies_before(one, other) or lies_before(other, one) for one, other in combinations(boxes, 2))


def test_on_a_phone_no_control_and_no_answer_is_cut_off(page, app):
    page.set_viewport_size(PHONE)
    board = LiveBoard(page).open(app.address, "dataset=six_blobs&output=softmax&loss=cross_entropy&hidden=8-8")
    for name, value in (("x1", "1.5"), ("x2", "-2")):
        board.root.get_by_label(f"Input {name}").fill(value)
    board.root.get_by_label("Input x2").press("Enter")
    answer = board.root.locator(".answer")
    expect(answer).to_have_text(re.compile(r"output (\S+, ){5}\S+$"))  # the first four of six were said to be all
    _, run = board.check((1.5, -2.0))
    shown = [float(text) for text in answer.text_content().replace("−", "-").partition("output ")[2].split(", ")]
    assert shown == pytest.approx(run.network.predict([[1.5, -2.0]])[0], rel=1e-3)
    assert page.evaluate(CUT_OFF) == []


def test_a_phones_keyboard_has_a_minus_where_a_negative_number_may_be_typed(page, app):
    board = LiveBoard(page).open(app.address, "hidden=2")
    board.parameter(0, 0, None).click()
    expect(board.root.get_by_label(re.compile("^New value of"))).to_be_visible()
    fields = page.locator("input:visible").all()
    assert len(fields) >= 4  # the editor's, two inputs, the number of a point, the lists
    for field in fields:
        if field.get_attribute("aria-label") != "Training point":  # counted from 1
            assert field.get_attribute("inputmode") in (None, "text"), field.get_attribute("aria-label")


def test_on_a_phone_the_menu_closes_once_a_page_is_chosen_be_it_the_present_one(page, app):
    LiveBoard(page).open(app.address)
    page.set_viewport_size(PHONE)
    menu = page.get_by_test_id("stSidebarNavLink")
    for place, title in (
        (1, "Implementing Neurons"),
        (1, "Implementing Neurons"),
        (7, "Checking a Gradient"),
        (0, "Playground"),
    ):
        page.get_by_test_id("stExpandSidebarButton").click()
        expect(menu.nth(place)).to_be_in_viewport()
        menu.nth(place).click()
        expect(page.get_by_test_id("stExpandSidebarButton")).to_be_visible()
        expect(menu.nth(place)).not_to_be_in_viewport()
        expect(page.get_by_role("heading", name=re.compile(title))).to_be_visible()
