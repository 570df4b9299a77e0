"""Step 4 in a real browser: another network, a mini-batch and another optimizer, from the drawer to the new weights."""

from playwright.sync_api import expect

from tests.browser.lesson_page import LessonPage
from ui.checks import backpropagation as checks
from ui.kit.numbers import text


def test_a_deeper_network_and_a_mini_batch_are_chosen_drawn_and_kept_while_others_are_refused(app, page):
    lesson = LessonPage(page, app.address, "backpropagation").open()
    page.locator(".st-key-backpropagation_settings button").first.click()
    for name in ("3-3-2-1", checks.ROWS[3], "NAdam"):
        page.get_by_role("radio", name=name, exact=True).click()
    drawer = page.get_by_role("button", name=f"3-3-2-1 · {checks.ROWS[3]} · Cross-entropy · NAdam")
    expect(drawer).to_be_visible()
    page.keyboard.press("Escape")
    graph = page.get_by_test_id("graph").first
    net = checks.step_of(checks.START | {"network": "3-3-2-1"}).before
    expect(graph.locator('.item[data-kind="unit"]')).to_have_count(sum(net.sizes))
    weight = graph.locator('.item[data-kind="link"][data-layer="1"][data-unit="1"][data-source="2"]')
    expect(weight).to_have_attribute("data-text", text(net.weights[1][1, 2]))
    expect(page.get_by_text(f"Say for all {net.n_parameters} weights and biases")).to_be_visible()
    expect(page.get_by_text("3 samples and the learning rate 0.1")).to_be_visible()

    lesson.type("x1", "1e400")
    expect(page.locator(".st-key-quantity_backpropagation_x1")).to_contain_text("x1: expected a number")
    expect(weight).to_have_attribute("data-text", text(net.weights[1][1, 2]))
    # To another lesson and back: the numbers are still those, and so is what was typed wrongly.
    page.get_by_role("link", name="Next:").first.click()
    expect(page.get_by_role("heading", level=2, name="Training the Neural Network")).to_be_visible()
    page.get_by_role("link", name="Back:").first.click()
    expect(drawer).to_be_visible()
    expect(lesson.field("x1")).to_have_value("1e400")
    lesson.type("x1", "1,5")
    expect(page.locator(".st-key-quantity_backpropagation_x1")).not_to_contain_text("expected")
