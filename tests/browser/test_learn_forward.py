"""Step 2 in a real browser: the tasks as a student works them, wrong answer first; the graph by mouse and keys."""

from playwright.sync_api import Page, expect

import scratchnet as sn
from tests.browser.lesson_page import LOADED, PHONE, LessonPage
from ui.checks import forward as checks
from ui.kit.numbers import text


def opened(page: Page, address: str, motion: str = "reduce") -> LessonPage:
    lesson = LessonPage(page, address, "forward").open(motion=motion)
    expect(page.get_by_test_id("graph")).to_have_count(3, timeout=LOADED)
    expect(unit(page, 1, 0)).to_be_visible(timeout=LOADED)
    return lesson


def graph(page: Page):
    return page.get_by_test_id("graph").first


def unit(page: Page, layer: int, place: int):
    return graph(page).locator(f'.item[data-kind="unit"][data-layer="{layer}"][data-unit="{place}"]')


def link(page: Page, layer: int, place: int, source: int | str):
    return graph(page).locator(
        f'.item[data-kind="link"][data-layer="{layer}"][data-unit="{place}"][data-source="{source}"]'
    )


def opened_unit(page: Page):
    return page.get_by_role("combobox", name="Opened unit")


def set_sizes(page: Page, typed: str) -> None:
    field = page.get_by_role("textbox", name="Sizes", exact=True)
    field.fill(typed)
    field.press("Enter")


def test_the_three_tasks_wrong_answer_first_and_an_input_goes_through_the_whole_graph(app, page):
    lesson = opened(page, app.address)
    lesson.answer(1, "0,25", "the sigmoid of it is still missing")
    lesson.answer(1, "0,562", "Right:")
    lesson.answer(2, "41", "has a bias as well")
    lesson.answer(2, "51", "Right:")
    lesson.check(3, "Your answer is missing")
    lesson.task(3).get_by_text("W (4, 3), b (3,), z (5, 3)").click()
    lesson.check(3, "it would have 4 units")
    lesson.task(3).get_by_text("W (3, 4), b (3,), z (5, 3)").click()
    lesson.check(3, "Right:")
    lesson.is_done(3)

    box = lesson.predict("all of layer 1, not the output")
    expect(box).to_contain_text("Now see:")
    lesson.type("x1", "-1,5")
    forward = checks.network_of(checks.START).forward([[-1.5, -0.2, 0.1]])
    for layer, values in enumerate(forward.a):
        for place, value in enumerate(values[0]):
            expect(unit(page, layer, place)).to_contain_text(text(value))
    expect(box).to_contain_text("but it is “all of layer 1 and the output”")


def test_units_and_links_open_by_mouse_and_the_keyboard_walks_along_them_and_keeps_its_place(app, page):
    opened(page, app.address, motion="no-preference")  # what is pressed may be fading in
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

    expect(graph(page).locator('[tabindex="0"]')).to_have_count(1)
    unit(page, 0, 0).focus()
    for key in ("ArrowLeft", "ArrowDown"):
        page.keyboard.press(key)
    expect(link(page, 0, 0, 1)).to_be_focused()
    expect(link(page, 0, 0, 1)).to_have_accessible_name("Weight from input 2 to unit 1 of layer 1: −0.6")
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


def test_layers_are_computed_one_after_the_other_and_other_sizes_are_drawn_or_refused_in_one_sentence(app, page):
    opened(page, app.address)
    page.get_by_role("radio", name="Inputs", exact=True).click()
    expect(unit(page, 0, 0)).not_to_contain_text("0.6083")
    expect(page.get_by_text("is given, not computed")).to_be_visible()
    page.get_by_role("radio", name="Layer 1", exact=True).click()
    expect(unit(page, 0, 0)).to_contain_text("0.6083")
    expect(unit(page, 1, 0)).not_to_contain_text("0.5826")
    page.get_by_role("radio", name="Output", exact=True).click()
    expect(unit(page, 1, 0)).to_contain_text("0.5826")
    for typed in ("", "3-9-1", "7" * 10_000):
        set_sizes(page, typed)
        expect(page.get_by_text("Sizes: expected 2 to 5 whole numbers")).to_have_count(1)
        expect(unit(page, 1, 0)).to_contain_text("0.5826")
        set_sizes(page, "3-2-1")
        expect(page.get_by_text("Sizes: expected")).to_have_count(0)
    set_sizes(page, "6-6-6-6-6")
    expect(graph(page).locator('.item[data-kind="unit"]')).to_have_count(30)
    net = sn.Network.build((6,) * 5, hidden="sigmoid", initializer="standard_normal", rng=0)
    forward = net.forward([[checks.START[f"x{place}"] for place in range(1, 7)]])
    for place in range(6):
        expect(unit(page, 3, place)).to_contain_text(text(forward.output[0, place]))
        expect(link(page, 2, place, 5)).to_have_attribute("data-text", text(net.weights[2][place, 5]))

    # A new answer is drawn into the same nodes, also of 150 numbers and 144 links.
    unit(page, 0, 1).evaluate("node => { node.mark = 'the same'; }")
    for place in (1, 2, 3):
        unit(page, 0, place).click()
        expect(unit(page, 0, place)).to_have_attribute("aria-pressed", "true")
    assert unit(page, 0, 1).evaluate("node => node.mark") == "the same"


def test_a_phone_shows_the_whole_graph_within_its_width(app, phone):
    page = phone
    lesson = opened(page, app.address)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        lesson.nothing_is_wider_than_a_phone()
        for picture in page.get_by_test_id("graph").all():
            box = picture.locator("svg").bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
    unit(page, 0, 1).scroll_into_view_if_needed()
    unit(page, 0, 1).click()
    expect(unit(page, 0, 1)).to_have_attribute("aria-pressed", "true")
