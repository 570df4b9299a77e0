"""Step 6 in a real browser: threshold and epoch move the counts, and the tasks are worked wrong answer first."""

from playwright.sync_api import Page, expect

from ui.checks import evaluation as checks

LOADED = 60_000  # ms; Plotly is a large script, and other tests share the machine


def opened(page: Page, address: str) -> Page:
    page.goto(f"{address}/evaluation")
    expect(page.get_by_role("heading", level=2, name="Evaluating the Model")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(3, timeout=LOADED)
    return page


def task(page: Page, place: int):
    return page.locator(f".st-key-task_evaluation_{place}")


def type_into(page: Page, name: str, text: str) -> None:
    field = page.get_by_label(f"{name}, typed")
    field.fill(text)
    field.press("Enter")


def test_a_threshold_of_1_finds_nothing_and_is_seen_in_every_picture(app, page):
    opened(page, app.address)
    expect(page.get_by_text("147/160")).to_be_visible()
    type_into(page, "threshold", "1")
    expect(page.get_by_text("73/160")).to_be_visible()  # all that are truly class 0, and no other
    type_into(page, "threshold", "0,5")
    expect(page.get_by_text("147/160")).to_be_visible()


def test_training_on_shows_overfitting_and_judges_the_prediction(app, page):
    opened(page, app.address)
    page.locator(".st-key-predict_evaluation_1").get_by_text("it falls too").click()
    expect(page.get_by_text("Now see")).to_be_visible()
    type_into(page, "epoch", "200")
    expect(page.get_by_text("138/160")).to_be_visible()
    expect(page.get_by_text("You predicted “it falls too”, but it is “it rises”")).to_be_visible()


def test_the_three_tasks_wrong_answer_first(app, page):
    opened(page, app.address)
    task(page, 1).get_by_text(checks.REASONS[0]).click()
    task(page, 1).get_by_role("button", name="Check").click()
    expect(task(page, 1)).to_contain_text("They need not")
    task(page, 1).get_by_text(checks.WHY).click()
    task(page, 1).get_by_role("button", name="Check").click()
    expect(task(page, 1)).to_contain_text("Right: (3, 1) against (3,)")
    for place, wrong, told, right, praise in (
        (2, "1", "16 comparisons, not 4", "0.625", "though every prediction is perfect"),
        (3, "0,735", "That is the precision", "0,641", "Right: 25 of the 39"),
    ):
        answer = task(page, place).get_by_role("textbox")
        answer.fill(wrong)
        answer.press("Enter")
        expect(task(page, place)).to_contain_text(told)
        answer.fill(right)
        answer.press("Enter")
        expect(task(page, place)).to_contain_text(praise)
    expect(page).to_have_url(f"{app.address}/evaluation?done=evaluation.1-evaluation.2-evaluation.3")


def test_the_shape_of_the_predictions_decides_between_a_refusal_and_three_of_three(app, page):
    opened(page, app.address)
    expect(page.locator(".st-key-refusal")).to_contain_text("got (3, 1) and (3,); reshape one.")
    page.get_by_role("radio", name="(3, 1), like the targets").click()
    expect(page.get_by_text("1, 3/3 right")).to_be_visible()
    expect(page.locator(".st-key-refusal")).to_have_count(0)


def test_nothing_is_wider_than_a_phone(app, new_page):
    page = opened(new_page(viewport={"width": 390, "height": 844}), app.address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
