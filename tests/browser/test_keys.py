"""By keyboard alone: an opened drawer is entered and left with Tab, and what has the focus can be seen."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lesson_page import LessonPage
from tests.browser.live_board import LiveBoard

FOCUSED = """() => {
  let focused = document.activeElement;
  while (focused.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return [Boolean(focused.closest("[data-testid=stPopoverBody]")), focused.ariaLabel || focused.textContent];
}"""


def tab(page: Page, keys: str = "Tab") -> tuple[bool, str]:
    """Press Tab: whether the focus is in a drawer then, and what has it."""
    page.keyboard.press(keys)
    inside, name = page.evaluate(FOCUSED)
    return inside, name.strip()


@pytest.mark.parametrize(
    ("name", "last", "following", "plays"),
    [
        ("Data", "The tutorial's three points", "Network", False),
        ("Network", "Seed of the first weights", "Training", True),
        ("Training", "After so many epochs", "Compare", False),
        ("Share", "dataset=spiral", "present_to_allPresent", False),
    ],
)
def test_tab_leads_into_an_open_drawer_through_it_and_on_to_what_follows_its_button(
    page, app, name, last, following, plays
):
    board = LiveBoard(page).open(app.address, "hidden=4-3&samples=200")
    if plays:
        board.play_until("update > 20")
    button = page.get_by_role("button", name=name, exact=True)
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stPopoverBody")).to_contain_text(last)  # its controls come one after the other
    if plays:  # and are drawn again once, for what the browser has said of them
        page.wait_for_timeout(500)
    else:
        board.wait_until_nothing_is_painted()
    first = tab(page)
    assert first[0]
    page.keyboard.press("Shift+Tab")
    expect(button).to_be_focused()
    passed = [tab(page)]
    assert passed == [first]
    while passed[-1][0] and len(passed) < 60:
        passed.append(tab(page))
    *inside, (is_inside, after) = passed
    assert any(last in found for _, found in inside)
    assert not is_inside
    assert after.startswith(following)
    button.focus()
    tab(page)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
    expect(button).to_be_focused()


def test_tab_waits_in_a_drawer_whose_controls_are_still_under_way(new_page, app):
    page = new_page()
    page.add_init_script("""window.held = null;
    window.WebSocket = class extends WebSocket {
      send(bytes) { window.held ? window.held.push(() => super.send(bytes)) : super.send(bytes); }
    };""")
    LiveBoard(page).open(app.address)
    page.evaluate("() => { window.held = []; }")
    page.get_by_role("button", name="Data", exact=True).focus()
    page.keyboard.press("Enter")
    body = page.get_by_test_id("stPopoverBody")
    expect(body).to_be_visible()
    assert tab(page) == (True, "Data")
    page.evaluate("() => { for (const send of window.held.splice(0)) send(); window.held = null; }")
    expect(body).to_contain_text("Noise")
    assert tab(page)[1].endswith("Bring your own table")  # the first control that comes


def test_tab_leads_into_the_settings_of_a_lesson(page, app):
    lesson = LessonPage(page, app.address, "backpropagation").open()
    button = page.locator(".st-key-backpropagation_settings button").first
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="NAdam", exact=True)).to_be_visible()
    lesson.settled()
    assert tab(page)[0]


def test_tab_leads_through_what_is_shared_of_a_comparison_to_the_data_of_all(page, app):
    page.goto(f"{app.address}/compare")
    LiveBoard(page, "compare1").wait("paints > 0")
    button = page.get_by_role("button", name="Share", exact=True)
    page.get_by_role("button", name="Start from", exact=True).focus()
    tab(page)
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stPopoverBody").get_by_role("img")).to_be_visible()  # what comes last
    page.wait_for_timeout(500)  # it is drawn again once, for what the browser has said of it
    passed = [tab(page)]
    while passed[-1][0] and len(passed) < 20:
        passed.append(tab(page))
    *inside, (is_inside, after) = passed
    assert any("/compare?a=" in name for _, name in inside), passed
    assert not is_inside and after.startswith("Data: Circle")


def test_tab_goes_on_from_an_open_menu_and_what_has_the_focus_lies_below_the_bar(page, app):
    LiveBoard(page).open(app.address)
    page.get_by_role("button", name="Start from", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stMenuButtonBody")).to_be_visible()
    assert tab(page)[1].startswith("Share")
    expect(page.get_by_test_id("stMenuButtonBody")).to_have_count(0)
    main = page.get_by_test_id("stMain")
    main.evaluate("main => main.scrollTo(0, 300)")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Start from", exact=True)).to_be_focused()
    bar = page.get_by_test_id("stHeader").bounding_box()
    assert page.get_by_role("button", name="Start from", exact=True).bounding_box()["y"] >= bar["y"] + bar["height"]
    for _ in range(6):
        page.keyboard.press("Shift+Tab")
        if main.evaluate("main => main === document.activeElement"):
            break
    assert main.evaluate("main => getComputedStyle(main).outlineStyle") == "solid"
