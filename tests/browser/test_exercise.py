"""The exercise in a real browser: from Share to the last number with the keyboard alone, on a phone, after a reload."""

import re

import pytest
from playwright.sync_api import Page, expect

import scratchnet as sn
from scratchnet.cells import needs, value
from tests.browser.conftest import SCREEN
from tests.browser.lesson_page import PHONE
from tests.browser.live_board import LiveBoard
from tests.browser.test_accessibility import LOOKS, check, look_as
from tests.browser.test_one_screen import CUT_OFF
from ui.exercise import ident, judged
from ui.exercise import page as whole_page
from ui.kit import assets
from ui.kit.numbers import text
from ui.paper import worksheet as paper

LARGEST = {"dataset": "three_blobs", "features": ("x1", "x2", "x1^2", "x2^2"), "hidden": (4, 4), "learning_rate": 0.3}
LARGEST |= {"activation": "tanh", "output": "softmax", "loss": "cross_entropy"}


def field(page: Page, cell):
    return page.get_by_test_id("exercise").locator(f'td[data-cell="{ident(cell)}"] input')


def states(page: Page) -> dict[str, str]:
    """What every field that was judged is marked as."""
    found = (
        page.get_by_test_id("exercise")
        .locator("td[data-cell] input")
        .evaluate_all("fields => fields.map((one) => [one.parentElement.dataset.cell, one.dataset.state])")
    )
    return {cell: state for cell, state in found if state}


def opened(page: Page, address: str, query: str) -> Page:
    page.goto(f"{address}/exercise?{query}")
    expect(page.get_by_test_id("exercise").locator(".count")).to_contain_text("right")
    return page


# By how many pixels each index reaches below the letter that it stands at.
INDICES = """root => [...root.querySelectorAll("msub")].map(({ children: [letter, index] }) =>
  index.getBoundingClientRect().bottom - letter.getBoundingClientRect().bottom)"""


def test_the_indices_of_its_formulas_stand_below_their_letters(app, page):
    below = opened(page, app.address, "hidden=2").get_by_test_id("exercise").evaluate(INDICES)
    assert len(below) >= 6 and min(below) >= 2


def test_a_number_that_did_not_reach_the_server_is_said_again(app, new_page):
    page = new_page()
    page.add_init_script("""window.lost = 0;
    window.WebSocket = class extends WebSocket {
      send(data) { if (window.lost > 0) window.lost -= 1; else super.send(data); }
    };""")
    opened(page, app.address, "seed=0")
    key = paper.key_of(paper.friendly(0, ""))
    cell = next(iter(key))
    page.evaluate("window.lost = 2")
    field(page, cell).fill(text(key[cell]).replace("−", "-"))
    field(page, cell).press("Enter")
    expect(page.get_by_test_id("exercise").locator(".count")).to_contain_text("1 of")
    assert page.evaluate("window.lost") == 0


# Mounts the component as Streamlit does, in the midst of typing closes it, and mounts it again without the page.
BUILT_ANEW = """async ([script, first, later]) => {
  const { default: mount } = await import(script);
  const parentElement = document.body.appendChild(document.createElement("div")).attachShadow({ mode: "open" });
  const said = [];
  const setStateValue = (_, value) => said.push(value.typed);
  const close = mount({ parentElement, data: first, setStateValue });
  const fields = () => [...parentElement.querySelectorAll("td[data-cell] input")];
  const [one, two] = fields();
  one.focus();
  one.value = "0.25";
  two.focus();
  two.value = "1.";
  two.setSelectionRange(2, 2);
  close();
  mount({ parentElement, data: later, setStateValue });
  const found = fields();
  const place = found.indexOf(parentElement.activeElement);
  found[place].value += "5";
  found[place].blur();
  return [found.slice(0, 2).map((field) => field.value), place, Object.values(said.at(-1))];
}"""


def test_who_is_typing_when_the_page_is_built_anew_goes_on_in_the_same_field_and_nothing_is_lost(app, new_page):
    page = new_page()
    opened(page, app.address, "seed=0")
    sheet = paper.friendly(7, "")
    key = paper.key_of(sheet)
    later = judged(sheet, key, {})
    script = f"/assets/{assets.VERSION}/exercise/exercise.js"
    built = page.evaluate(BUILT_ANEW, [script, later | whole_page(sheet, key), later])
    assert built == [["0.25", "1.5"], 1, ["0.25", "1.5"]]


def test_from_share_to_the_last_number_with_the_keyboard_alone(app, page):
    board = LiveBoard(page).open(app.address, "dataset=xor&hidden=2&samples=40&learning_rate=0.3")
    board.press("Step one update")
    board.wait("update === 1")
    page.get_by_role("button", name="Share").click()
    page.get_by_role("tab", name="On paper").click()
    page.get_by_role("textbox", name="Point to learn from").fill("3")
    page.get_by_role("textbox", name="Point to learn from").press("Enter")
    run = sn.Experiment(dataset="xor", hidden=(2,), samples=40, learning_rate=0.3).start()
    run.advance(updates=1)
    sheet = paper.of_run(run, 3, "")
    link = page.get_by_role("link", name="As an exercise on the screen")
    expect(link).to_have_attribute("href", re.compile(r"exercise.*point=3"))
    link.click()
    expect(page.get_by_role("heading", name="One update by hand")).to_be_visible()
    key, order = paper.key_of(sheet), page.get_by_test_id("exercise").locator("td[data-cell]")
    expect(order).to_have_count(len(key))
    named = {ident(cell): number for cell, number in key.items()}
    cells = order.evaluate_all("all => all.map((one) => one.dataset.cell)")
    fields = page.get_by_test_id("exercise").locator("td[data-cell] input")
    fields.first.focus()
    for place, cell in enumerate(cells):
        number = text(named[cell]).replace("−", "-").replace(".", ",")
        expect(fields.nth(place)).to_be_focused()
        page.keyboard.type(number)
        if fields.nth(place).input_value() != number:  # built anew between two keys, a person sees a digit missing
            page.keyboard.press("Control+A")
            page.keyboard.type(number)
        page.keyboard.press("Enter")
    count = page.get_by_test_id("exercise").locator(".count")
    expect(count).to_have_text(f"{len(key)} of {len(key)} right")
    assert set(states(page).values()) == {"right"}
    page.reload()
    expect(count).to_have_text(f"{len(key)} of {len(key)} right")
    expect(field(page, ("z", 0, 0))).to_have_value(text(key["z", 0, 0]).replace("−", "-").replace(".", ","))
    other = page.context.new_page()  # the address alone: what a teacher hands out
    opened(other, app.address, page.url.partition("?")[2])
    expect(other.get_by_test_id("exercise").locator(".count")).to_have_text(f"0 of {len(key)} right")
    other.close()


def test_a_mistake_is_told_with_its_formula_and_what_follows_from_it_is_credited(app, page):
    sheet = paper.friendly(5, "")
    key = paper.key_of(sheet)
    opened(page, app.address, "seed=5")
    told = page.get_by_test_id("exercise").get_by_role("status")
    field(page, ("z", 0, 0)).fill("5")
    field(page, ("z", 0, 0)).press("Tab")
    expect(told).to_have_text("z of unit 1, layer 1: Not yet: z⁽¹⁾₁ = w⁽¹⁾₁,₁ · x₁ + w⁽¹⁾₁,₂ · x₂ + b⁽¹⁾₁.")
    expect(field(page, ("a", 0, 0))).to_be_focused()
    own = dict(key) | {("z", 0, 0): 5.0}
    for cell in (("a", 0, 0), ("z", 1, 0)):
        known = {one: own[one] for one in needs(cell, sheet.network, sheet.loss)}
        own[cell] = value(cell, known, sheet.network, sheet.x, sheet.y, sheet.loss, sheet.learning_rate)
        field(page, cell).fill(f"{own[cell]:.5g}")
        field(page, cell).press("Enter")
    expect(told).to_contain_text("z of unit 1, output: It follows from your own a⁽¹⁾₁")
    assert states(page) == {"z-0-0": "wrong", "a-0-0": "follows", "z-1-0": "follows"}
    expect(page.get_by_test_id("exercise").locator(".count")).to_have_text("0 of 28 right, 2 more by your own numbers")
    field(page, ("z", 0, 0)).fill(text(key["z", 0, 0]))
    field(page, ("z", 0, 0)).press("Enter")
    expect(field(page, ("a", 0, 0))).to_have_attribute("data-state", "wrong")
    page.get_by_role("button", name="Other numbers").click()
    expect(page).to_have_url(re.compile("seed=6"))
    expect(page.get_by_text("Friendly numbers, seed 6")).to_be_visible()
    expect(page.get_by_test_id("exercise").locator(".count")).to_have_text("0 of 28 right")
    page.go_back()
    expect(page.get_by_text("Friendly numbers, seed 5")).to_be_visible()
    expect(field(page, ("z", 0, 0))).to_have_value(text(key["z", 0, 0]))


def test_what_is_no_number_has_its_own_mark_and_sentence_at_once_and_the_way_back_is_by_keyboard(app, page):
    opened(page, app.address, "seed=3")
    typed = field(page, ("z", 0, 0))
    typed.fill("abc")
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("exercise").locator(".told")).to_contain_text("got 'abc'")
    expect(typed.locator("+ .mark")).to_have_text("?")
    page.get_by_role("button", name="Other numbers").press("Enter")
    page.get_by_role("button", name="Back to seed 3").press("Enter")
    expect(field(page, ("z", 0, 0))).to_have_value("abc")


def test_what_was_typed_is_there_again_after_a_visit_to_another_page(app, page):
    sheet = paper.friendly(8, "")
    opened(page, app.address, "seed=8")
    field(page, ("z", 0, 0)).fill(text(paper.key_of(sheet)["z", 0, 0]))
    field(page, ("z", 0, 0)).press("Enter")
    expect(field(page, ("z", 0, 0))).to_have_attribute("data-state", "right")
    page.get_by_role("link", name="Playground").click()
    expect(page.get_by_test_id("board")).to_be_visible()
    page.get_by_role("button", name="Learn", exact=True).click()
    page.get_by_test_id("stTopNavDropdownLink").filter(has_text="Exercise").click()
    expect(field(page, ("z", 0, 0))).to_have_attribute("data-state", "right")
    expect(field(page, ("z", 0, 0))).to_have_value(text(paper.key_of(sheet)["z", 0, 0]))
    expect(page).to_have_url(re.compile("exercise.*seed=8"))  # who copies the address has these numbers


def test_the_largest_sheet_fits_a_phone_and_what_is_typed_is_never_below_what_stays_on_the_screen(app, page):
    run = sn.Experiment(**LARGEST).start()
    sheet = paper.of_run(run, 2, "")
    key = paper.key_of(sheet)
    assert sheet.network.sizes == (4, 4, 4, 3)
    page.set_viewport_size(PHONE)
    opened(page, app.address, sheet.query)
    assert page.evaluate(CUT_OFF) == []
    for cell in list(key)[::9]:
        field(page, cell).focus()
        box = field(page, cell).bounding_box()
        foot = page.get_by_test_id("exercise").locator(".foot").bounding_box()
        assert box["y"] >= 60 and box["y"] + box["height"] <= foot["y"] + 1, cell
        assert box["height"] >= 34
    last = list(key)[-1]
    field(page, last).fill(text(key[last]))
    field(page, last).press("Enter")
    expect(field(page, last)).to_have_attribute("data-state", "right")


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_serious_on_an_exercise_with_right_and_wrong_numbers(app, page, look):
    sheet = paper.friendly(7, "")
    key = paper.key_of(sheet)
    opened(page, app.address, "seed=7")
    for cell, typed in ((("z", 0, 0), "7"), (("a", 0, 0), "0.99909"), (("z", 0, 1), text(key["z", 0, 1]))):
        field(page, cell).fill(typed)
        field(page, cell).press("Enter")
    expect(field(page, ("z", 0, 1))).to_have_attribute("data-state", "right")
    assert states(page) == {"z-0-0": "wrong", "a-0-0": "follows", "z-0-1": "right"}
    look_as(page, look)
    check(page, look)
    page.set_viewport_size(SCREEN)
