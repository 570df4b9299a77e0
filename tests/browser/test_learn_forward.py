"""Step 2 in a real browser: the tasks as a student works them, wrong answer first; the graph by mouse and keys."""

import pytest
from playwright.sync_api import Page, expect

import scratchnet as sn
from ui.checks import forward as checks
from ui.numbers import text

PHONE = {"width": 390, "height": 844}
LOADED = 60_000  # ms; other tests share the machine


def opened(page: Page, address: str) -> Page:
    page.goto(f"{address}/forward")
    expect(page.get_by_test_id("graph")).to_have_count(3, timeout=LOADED)
    expect(unit(page, 1, 0)).to_be_visible(timeout=LOADED)
    return page


def graph(page: Page):
    return page.get_by_test_id("graph").first


def unit(page: Page, layer: int, place: int):
    return graph(page).locator(f'.item[data-kind="unit"][data-layer="{layer}"][data-unit="{place}"]')


def link(page: Page, layer: int, place: int, source: int | str):
    return graph(page).locator(
        f'.item[data-kind="link"][data-layer="{layer}"][data-unit="{place}"][data-source="{source}"]'
    )


def task(page: Page, place: int):
    return page.locator(f".st-key-task_forward_{place}")


def opened_unit(page: Page):
    return page.get_by_role("combobox", name="Opened unit")


def type_into(page: Page, label: str, typed: str) -> None:
    field = page.get_by_role("textbox", name=label, exact=True)
    field.fill(typed)
    field.press("Enter")


def test_the_three_tasks_wrong_answer_first(app, page):
    opened(page, app.address)
    for place, wrong, hint, right in (
        (1, "0,25", "the sigmoid of it is still missing", "0,562"),
        (2, "41", "has a bias as well", "51"),
    ):
        answer = task(page, place).get_by_role("textbox")
        answer.fill(wrong)
        answer.press("Enter")
        expect(task(page, place)).to_contain_text(hint)
        answer.fill(right)
        answer.press("Enter")
        expect(task(page, place)).to_contain_text("Right:")
    task(page, 3).get_by_role("button", name="Check").click()
    expect(task(page, 3)).to_contain_text("Your answer is missing")
    task(page, 3).get_by_text("W (4, 3), b (3,), z (5, 3)").click()
    task(page, 3).get_by_role("button", name="Check").click()
    expect(task(page, 3)).to_contain_text("it would have 4 units")
    task(page, 3).get_by_text("W (3, 4), b (3,), z (5, 3)").click()
    task(page, 3).get_by_role("button", name="Check").click()
    expect(task(page, 3)).to_contain_text("Right:")
    expect(page.get_by_text("3 of 3 tasks done")).to_be_visible()
    expect(page).to_have_url(f"{app.address}/forward?done=forward.1-forward.2-forward.3")


def test_a_typed_input_goes_through_the_whole_graph(app, page):
    opened(page, app.address)
    page.get_by_text("all of layer 1, not the output").click()
    expect(page.locator(".st-key-predict_forward_1")).to_contain_text("Now see:")
    type_into(page, "x1, typed", "-1,5")
    forward = checks.network_of(checks.START).forward([[-1.5, -0.2, 0.1]])
    for layer, values in enumerate(forward.a):
        for place, value in enumerate(values[0]):
            expect(unit(page, layer, place)).to_contain_text(text(value))
    expect(page.locator(".st-key-predict_forward_1")).to_contain_text("but it is “all of layer 1 and the output”")


def test_a_unit_and_a_link_open_by_mouse(app, page):
    opened(page, app.address)
    unit(page, 1, 0).click()
    expect(opened_unit(page)).to_have_value("output 1")
    expect(unit(page, 1, 0)).to_have_attribute("aria-pressed", "true")
    expect(link(page, 1, 0, 1)).to_contain_class("negative lit")
    expect(link(page, 0, 0, 0)).to_contain_class("positive dim")
    box = link(page, 0, 1, 2).locator(".line").bounding_box()
    page.mouse.click(box["x"] + 0.8 * box["width"], box["y"] + 0.2 * box["height"])  # it rises to the right
    expect(link(page, 0, 1, 2)).to_have_attribute("aria-pressed", "true")
    expect(opened_unit(page)).to_have_value("unit 2 of layer 1")
    link(page, 1, 0, "").locator(".hit").click()
    expect(link(page, 1, 0, "")).to_have_attribute("aria-pressed", "true")
    expect(opened_unit(page)).to_have_value("output 1")


def test_the_keyboard_walks_along_links_and_units_and_keeps_its_place(app, page):
    opened(page, app.address)
    expect(graph(page).locator('[tabindex="0"]')).to_have_count(1)
    unit(page, 0, 0).focus()
    for key in ("ArrowLeft", "ArrowDown"):
        page.keyboard.press(key)
    expect(link(page, 0, 0, 1)).to_be_focused()
    expect(link(page, 0, 0, 1)).to_have_accessible_name("Weight from input 2 to unit 1 of layer 1: -0.6")
    page.keyboard.press("Enter")
    expect(link(page, 0, 0, 1)).to_have_attribute("aria-pressed", "true")
    expect(link(page, 0, 0, 1)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(unit(page, 0, 0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(link(page, 1, 0, 1)).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press(" ")
    expect(opened_unit(page)).to_have_value("output 1")
    expect(unit(page, 1, 0)).to_be_focused()


def test_other_sizes_are_drawn_and_bad_ones_get_one_sentence(app, page):
    opened(page, app.address)
    for typed in ("", "text", "nan", "1e400", "3-9-1", "7" * 10_000):
        type_into(page, "Sizes", typed)
        expect(page.get_by_text("Sizes: expected 2 to 5 whole numbers")).to_have_count(1)
        expect(unit(page, 1, 0)).to_contain_text("0.5826")
        type_into(page, "Sizes", "3-2-1")
        expect(page.get_by_text("Sizes: expected")).to_have_count(0)
    type_into(page, "Sizes", "6-6-6-6-6")
    expect(graph(page).locator('.item[data-kind="unit"]')).to_have_count(30)
    net = sn.Network.build((6,) * 5, hidden="sigmoid", initializer="standard_normal", rng=0)
    forward = net.forward([[checks.START[f"x{place}"] for place in range(1, 7)]])
    for place in range(6):
        expect(unit(page, 3, place)).to_contain_text(text(forward.output[0, place]))
        expect(link(page, 2, place, 5)).to_have_attribute("data-text", text(net.weights[2][place, 5]))


def test_layers_are_computed_one_after_the_other(app, page):
    opened(page, app.address)
    page.get_by_role("radio", name="Inputs", exact=True).click()
    expect(unit(page, 0, 0)).not_to_contain_text("0.6083")
    expect(page.get_by_text("is given, not computed")).to_be_visible()
    page.get_by_role("radio", name="Layer 1", exact=True).click()
    expect(unit(page, 0, 0)).to_contain_text("0.6083")
    expect(unit(page, 1, 0)).not_to_contain_text("0.5826")
    page.get_by_role("radio", name="Output", exact=True).click()
    expect(unit(page, 1, 0)).to_contain_text("0.5826")


def test_a_new_answer_is_drawn_into_the_same_nodes(app, page):
    opened(page, app.address)
    type_into(page, "Sizes", "6-6-6-6-6")  # 150 numbers and 144 links
    expect(graph(page).locator('.item[data-kind="unit"]')).to_have_count(30)
    unit(page, 0, 1).evaluate("node => { node.mark = 'the same'; }")
    for place in (1, 2, 3):
        unit(page, 0, place).click()
        expect(unit(page, 0, place)).to_have_attribute("aria-pressed", "true")
    assert unit(page, 0, 1).evaluate("node => node.mark") == "the same"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_the_whole_graph_within_its_width(app, new_page, scheme):
    page = opened(new_page(viewport=PHONE, color_scheme=scheme, reduced_motion="reduce"), app.address)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("node => node.scrollWidth <= node.clientWidth")
    for picture in page.get_by_test_id("graph").all():
        box = picture.locator("svg").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
    unit(page, 0, 1).scroll_into_view_if_needed()
    unit(page, 0, 1).click()
    expect(unit(page, 0, 1)).to_have_attribute("aria-pressed", "true")
