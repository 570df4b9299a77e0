"""The gradient check in a real browser: worked as a student would, wrong answer first, by mouse and keyboard."""

from playwright.sync_api import Page, expect

from scratchnet.planted_bugs import BUGS, drawn
from ui.checks import gradient_check as checks

TRIES = 4


def opened(page: Page, address: str) -> Page:
    page.goto(f"{address}/gradient_check")
    expect(page.get_by_role("heading", name="Checking a Gradient")).to_be_visible()
    expect(page.locator(".js-plotly-plot .heatmaplayer")).to_have_count(2)
    return page


def task(page: Page, place: int):
    return page.locator(f".st-key-task_gradient_check_{place}")


def judge(page: Page, name: str) -> None:
    lab = page.locator(".st-key-lab")
    lab.get_by_text(checks.WORDS[name].title, exact=True).click()
    lab.get_by_role("button", name="Judge").click()


def test_the_two_tasks_wrong_answer_first(app, page):
    opened(page, app.address)
    page.get_by_role("button", name="Measure every h").click()
    expect(page.get_by_text("truncation, grows as h²")).to_be_visible()
    answer = task(page, 1).get_by_role("textbox")
    answer.fill("1e-12")
    answer.press("Enter")
    expect(task(page, 1)).to_contain_text("Too small: there the noise of round-off rules")
    answer.fill("3e-5")
    answer.press("Enter")
    expect(task(page, 1)).to_contain_text("Right: the least error is measured at h = 3e-5")
    expect(page.get_by_text("1 of 2 tasks done")).to_be_visible()

    wrong = next(name for name in BUGS if name != drawn(0))
    judge(page, wrong)
    expect(page.get_by_text("look at the ratios again")).to_be_visible()
    expect(page.get_by_role("heading", name="The right line")).to_have_count(0)
    judge(page, drawn(0))
    expect(page.get_by_role("heading", name="The right line")).to_be_visible()
    for seed in (1, 2):
        page.get_by_role("button", name="Next bug").click()
        expect(page.get_by_label("Seed that draws the bug")).to_have_value(str(seed))
        judge(page, drawn(seed))
        expect(page.get_by_text(f"In a row: {seed}.")).to_be_visible()
        expect(page.get_by_text(f"def {drawn(seed)}(records):")).to_be_visible()
    task(page, 2).get_by_role("button", name="Check").click()
    expect(task(page, 2)).to_contain_text("Right: 2 seeds in a row")
    expect(page.get_by_text("2 of 2 tasks done")).to_be_visible()
    expect(page).to_have_url(f"{app.address}/gradient_check?done=gradient_check.1-gradient_check.2")


def test_bad_input_is_told_in_one_sentence_and_the_curve_stays(app, page):
    opened(page, app.address)
    page.get_by_role("button", name="Measure every h").click()
    expect(page.get_by_text("truncation, grows as h²")).to_be_visible()
    answer = task(page, 1).get_by_role("textbox")
    for text, told in (
        ("text", "expected a number"),
        ("nan", "expected a number"),
        ("1e400", "expected a number"),
        ("-1", "above 0"),
        ("7" * 10_000, "10000 characters"),
    ):
        answer.fill(text)
        answer.press("Enter")
        expect(task(page, 1)).to_contain_text(told)
        expect(page.get_by_text("truncation, grows as h²")).to_be_visible()


def test_the_slider_moved_by_key_changes_the_heat_map_at_once(app, page):
    opened(page, app.address)
    page.get_by_role("button", name="Measure every h").click()
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


def test_nothing_is_wider_than_a_phone(app, new_page):
    page = opened(new_page(viewport={"width": 390, "height": 844}), app.address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    main = page.get_by_test_id("stMain")
    page.get_by_role("button", name="Judge").click()
    sentence = page.get_by_text("Choose one of the bugs first")
    expect(sentence).to_be_visible()
    assert sentence.evaluate("text => text.getBoundingClientRect().right") <= 390, "no word is cut off"
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")


def test_the_pictures_of_the_first_part_fit_on_a_small_laptop(app, page):
    opened(page, app.address)
    for place in (0, 1):
        box = page.locator(".js-plotly-plot").nth(place).bounding_box()
        assert box["y"] + box["height"] <= 768
