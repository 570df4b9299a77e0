"""Step 3 in a real browser: the tasks worked as a student would, wrong answer first."""

import re

from playwright.sync_api import Page, expect

LOADED = 60_000  # ms; Plotly is a large script, and other tests share the machine


def opened(page: Page, address: str) -> Page:
    page.goto(f"{address}/losses")
    expect(page.get_by_role("heading", level=2, name="Implementing Loss Functions")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(4, timeout=LOADED)
    return page


def task(page: Page, place: int):
    return page.locator(f".st-key-task_losses_{place}")


def test_the_two_tasks_wrong_answer_first(app, page):
    opened(page, app.address)
    answer = task(page, 1).get_by_role("textbox")
    answer.fill("0.26")
    task(page, 1).get_by_role("button", name="Check").click()
    expect(task(page, 1)).to_contain_text("the mean over the three samples is still missing")
    answer.fill("0,0867")
    task(page, 1).get_by_role("button", name="Check").click()
    expect(task(page, 1)).to_contain_text("Right: three squares")

    task(page, 2).get_by_role("button", name="Check").click()
    expect(task(page, 2)).to_contain_text("towards 0")
    output = page.get_by_label("a, typed", exact=True)
    output.fill("0,1")
    output.press("Enter")
    task(page, 2).get_by_role("button", name="Check").click()
    expect(task(page, 2)).to_contain_text("Right: the cross-entropy is 2.303")
    expect(page.get_by_text("2 of 2 tasks done")).to_be_visible()
    expect(page).to_have_url(f"{app.address}/losses?done=losses.1-losses.2")


def test_progress_goes_along_to_the_step_before(app, page):
    opened(page, f"{app.address}")
    page.goto(f"{app.address}/losses?done=losses.1")
    expect(page.get_by_text("1 of 2 tasks done")).to_be_visible()
    page.get_by_role("link", name="Back:").first.click()
    expect(page).to_have_url(re.compile(r"/forward\?done=losses\.1$"))
    page.get_by_role("link", name="Next:").first.click()
    expect(page.get_by_text("1 of 2 tasks done")).to_be_visible()


def test_a_surely_wrong_sample_changes_table_and_shares(app, page):
    opened(page, app.address)
    page.get_by_role("button", name="One surely wrong").click()
    expect(page.get_by_text("It makes 98.0 % of the squared error")).to_be_visible()
    expect(page.get_by_test_id("stTable").first).to_contain_text("1.836")


def test_a_z_from_which_the_printed_form_is_infinite(app, page):
    opened(page, app.address)
    field = page.get_by_label("z, typed")
    field.fill("36")
    field.press("Enter")
    table = page.get_by_test_id("stTable").nth(1)
    expect(table).not_to_contain_text("divide by zero")
    field.fill("37")
    field.press("Enter")
    expect(table).to_contain_text("divide by zero encountered in log")
    expect(table).to_contain_text("infinity")


def test_nothing_is_wider_than_a_phone(app, new_page):
    page = opened(new_page(viewport={"width": 390, "height": 844}), app.address)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
