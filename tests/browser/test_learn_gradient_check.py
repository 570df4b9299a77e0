"""The gradient check in a real browser: worked as a student would, wrong answer first, by mouse and keyboard."""

from playwright.sync_api import Page, expect

from scratchnet.planted_bugs import BUGS, drawn
from tests.browser.lesson_page import LOADED, PHONE, LessonPage
from ui.checks import gradient_check as checks

TRIES = 4


def opened(page: Page, address: str) -> LessonPage:
    lesson = LessonPage(page, address, "gradient_check").open()
    expect(page.locator(".js-plotly-plot .heatmaplayer")).to_have_count(2, timeout=LOADED)
    return lesson


def judge(lesson: LessonPage, name: str) -> None:
    lesson.settled()
    lab = lesson.page.locator(".st-key-lab")
    lab.get_by_text(checks.WORDS[name].title, exact=True).click()
    lab.get_by_role("button", name="Judge").click()


def test_the_two_tasks_wrong_answer_first_and_bad_input_is_told_in_one_sentence(app, page):
    lesson = opened(page, app.address)
    lesson.press("Measure every h")
    expect(page.get_by_text("truncation, grows as h²")).to_be_visible()
    for text, told in (
        ("text", "expected a number"),
        ("nan", "expected a number"),
        ("1e400", "expected a number"),
        ("-1", "above 0"),
        ("7" * 10_000, "10000 characters"),
        ("1e-12", "Too small: there the noise of round-off rules"),
    ):
        lesson.answer(1, text, told)
        expect(page.get_by_text("truncation, grows as h²")).to_be_visible()
    lesson.answer(1, "3e-5", "Right: the least error is measured at h = 3e-5")
    lesson.is_done(1)

    wrong = next(name for name in BUGS if name != drawn(0))
    judge(lesson, wrong)
    expect(page.get_by_text("look at the ratios again")).to_be_visible()
    expect(page.get_by_role("heading", name="The right line")).to_have_count(0)
    judge(lesson, drawn(0))
    expect(page.get_by_role("heading", name="The right line")).to_be_visible()
    for seed in (1, 2):
        lesson.press("Next bug")
        lesson.shows(page.get_by_label("Seed that draws the bug"), str(seed))
        judge(lesson, drawn(seed))
        expect(page.get_by_text(f"In a row: {seed}.")).to_be_visible()
        expect(page.get_by_text(f"def {drawn(seed)}(records: Records)")).to_be_visible()
    lesson.check(2, "Right: 2 seeds in a row")
    lesson.is_done(2)


def test_pictures_fit_on_a_small_laptop_and_the_slider_moved_by_key_changes_the_heat_map(app, page):
    lesson = opened(page, app.address)
    for place in (0, 1):
        box = page.locator(".js-plotly-plot").nth(place).bounding_box()
        assert box["y"] + box["height"] <= page.viewport_size["height"]
    lesson.press("Measure every h")
    expect(page.get_by_text("truncation, grows as h²")).to_be_visible()
    slider = page.get_by_role("slider").first
    slider.focus()
    labels = "document.querySelector('.js-plotly-plot').querySelectorAll('.heatmap-label')"
    cells = f"[...{labels}].map(label => label.textContent).join()"
    before = page.evaluate(cells)
    assert len(before.split(",")) == 51
    for _ in range(TRIES):
        slider.press("ArrowLeft")
        page.wait_for_function(
            f"before => {{ const now = {cells}; return now && now !== before; }}", arg=before, polling="raf"
        )
        before = page.evaluate(cells)
    lesson.press("Judge")
    sentence = page.get_by_text("Choose one of the bugs first")
    expect(sentence).to_be_visible()
    lesson.nothing_is_wider_than_a_phone()
    assert sentence.evaluate("text => text.getBoundingClientRect().right") <= PHONE["width"], "no word is cut off"
