"""Step 1 in a real browser: the tasks worked as a student would, wrong answer first, by mouse and keyboard."""

import re

from playwright.sync_api import expect

from tests.browser.lesson_page import LessonPage


def picture(lesson: LessonPage, place: int = 1):
    """The sum, the curve (1), the plane."""
    return lesson.page.get_by_test_id("sketch").nth(place)


def test_the_three_tasks_wrong_answer_first(app, page):
    lesson = LessonPage(page, app.address, "neurons").open()
    box = lesson.predict("grows without end")
    expect(box).to_contain_text("Now see")
    lesson.check(1, "a is 0.6083 and must be above 0.9")
    lesson.type("b", "2,5")
    expect(lesson.task(1)).not_to_contain_text("must be above 0.9:")
    expect(box).to_contain_text("You predicted “grows without end”, but it is “grows towards 1”")
    lesson.check(1, "Right: with b = 2.5")
    lesson.is_done(1)

    lesson.answer(2, "-0.1", "the bias is still missing")
    lesson.answer(2, "-0,5", "Right: three products and the bias")

    lesson.check(3, "b has moved")
    lesson.press("Start numbers")
    lesson.shows(lesson.field("b"), "0.1")
    lesson.type("x1", "-5")
    lesson.type("x2", "5")
    lesson.check(3, "hardly answers")
    lesson.is_done(3)


def test_the_numbers_that_were_set_outlast_a_reload_and_a_visit_to_the_playground_and_are_no_pages_to_go_back_to(
    app, new_page
):
    page = new_page()  # a tab of its own: 50 entries are the most that one counts
    lesson = LessonPage(page, app.address, "neurons").open()
    pages = page.evaluate("history.length")
    for name, number in {"w1": "2", "b": "-0.75"}.items():
        lesson.type(name, number)
        expect(page).to_have_url(re.compile(f"neurons.{name}(:|%3A){number}"))
    assert page.evaluate("history.length") == pages
    page.get_by_role("link", name="Playground").first.click()
    expect(page.get_by_test_id("board")).to_be_visible(timeout=60_000)
    expect(page).to_have_url(re.compile("neurons.w1"))
    page.reload()
    expect(page.get_by_test_id("board")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Learn", exact=True).click()
    page.get_by_test_id("stTopNavDropdownLink").nth(0).click()
    for name, number in {"w1": "2", "b": "-0.75"}.items():
        expect(lesson.field(name)).to_have_value(number, timeout=60_000)


def test_numbers_typed_one_right_after_the_other_all_count_though_python_is_slower(app, page):
    lesson = LessonPage(page, app.address, "neurons").open()
    processor = page.context.new_cdp_session(page)
    processor.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    typed = {"x1": "-5", "x2": "5", "x3": "-1,5", "w1": "2", "w2": "-3"}
    for name, number in typed.items():
        lesson.field(name).fill(number)
        lesson.field(name).press("Enter")
    for name, number in typed.items():
        expect(lesson.field(name)).to_have_value(number.replace(",", "."))
    lesson.settled()
    expect(picture(lesson, 0)).to_contain_text("−25.2")  # -5*2 + 5*-3 - 1.5*0.2 + 0.1
    for name, number in typed.items():
        expect(lesson.field(name)).to_have_value(number.replace(",", "."))
    processor.detach()  # the tab serves other tests


def test_a_number_typed_counts_though_the_next_click_comes_before_the_browser_has_read_the_answer(app, page):
    lesson = LessonPage(page, app.address, "neurons").open()
    lesson.type("x1", "-5")
    expect(picture(lesson)).to_contain_text("z −1.76")
    # Once the number is under way the browser is busy, so long that Python has answered; then the click goes off before
    # the answer has been read: the sliders in its message still stand where they stood.
    lesson.task(3).get_by_role("button", name="Check").evaluate(
        """button => addEventListener("keyup", ({ key }) => key === "Enter" && setTimeout(() => {
          const end = performance.now() + 1500;
          while (performance.now() < end);
          button.click();
        }, 20))"""
    )
    lesson.type("x2", "5")
    expect(lesson.task(3)).to_contain_text("hardly answers")
    expect(lesson.field("x2")).to_have_value("5")


# Collects what the field of a quantity shows to the eye, once for each picture of the page in which that changed.
SHOWN = """name => {
  window.shown = [];
  const look = () => {
    const fields = [...document.querySelectorAll(`input[aria-label="${name}, typed"]`)];
    const seen = fields.filter((field) => field.checkVisibility());
    const text = seen.map((field) => field.value || field.placeholder).join(" and ");
    if (text !== window.shown.at(-1)) window.shown.push(text);
    requestAnimationFrame(look);
  };
  look();
}"""


def test_a_slider_moved_by_key_moves_sum_curve_and_plane_in_the_same_pictures(app, page):
    lesson = LessonPage(page, app.address, "neurons").open()
    for place in range(3):
        picture(lesson, place).evaluate("node => { node.mark = 'the same'; }")
    page.evaluate(SHOWN, "b")
    lesson.slider("b").focus()
    lesson.slider("b").press("ArrowRight")
    expect(picture(lesson, 1)).to_contain_text("z 0.54, a 0.6318")
    expect(picture(lesson, 0)).to_contain_text("0.54")
    expect(lesson.field("b")).to_have_value("0.2")
    assert "" not in page.evaluate("window.shown"), "the field was empty for a moment"
    for place in range(3):
        expect(picture(lesson, place)).to_have_attribute("data-updates", "2")
        assert picture(lesson, place).evaluate("node => node.mark") == "the same"
    # The pointer reads a curve and the map.
    curve = picture(lesson, 1).locator(".picture")
    curve.hover(position={"x": 300, "y": 120})
    expect(picture(lesson, 1).locator(".told")).to_contain_text("a = f(z) 0.")
    picture(lesson, 2).locator(".picture").hover(position={"x": 200, "y": 200})
    expect(picture(lesson, 2).locator(".told")).to_contain_text("x1 ")
    lesson.page.get_by_role("radio", name="1", exact=True).click()
    expect(page.get_by_text("With one input there is no plane to draw")).to_be_visible()


def test_a_link_with_progress_opens_with_it_and_bad_input_is_told_beside_its_field(app, page):
    lesson = LessonPage(page, app.address, "neurons").open(done="neurons.2-losses.1-%3Cscript%3E-neurons.9")
    expect(page.get_by_text("1 of 3 tasks done")).to_be_visible()
    expect(page).to_have_url(f"{app.address}/neurons?done=neurons.2-losses.1")
    box = page.locator(".st-key-quantity_neurons_b")
    for text in ("", "1e400", "7" * 10_000):
        lesson.type("b", text)
        expect(box).to_contain_text("b: expected a number")
        expect(picture(lesson)).to_contain_text("z 0.44, a 0.6083")
        lesson.type("b", "0.1")
        expect(box).not_to_contain_text("expected")
    lesson.nothing_is_wider_than_a_phone()
