"""The race of optimizers in a real browser: rates found for all five, the valley turned, one step worked by hand."""

from playwright.sync_api import expect

from tests.browser.lesson_page import LOADED, LessonPage


def test_a_fair_race_the_turned_valley_and_a_step_by_hand(app, page):
    lesson = LessonPage(page, app.address, "optimizers").open()
    expect(page.locator(".js-plotly-plot .contourlayer path").first).to_be_visible(timeout=LOADED)
    box = lesson.predict("all alike")
    lesson.check(1, "Not yet within 150 updates: SGD, Momentum, Nesterov.")
    for rule, rate, update in (
        ("SGD", "0.9", "update 124"),
        ("Momentum", "0.1", "update 99"),
        ("Nesterov", "0.3", "update 32"),
        ("RMSProp", "0.1", "update 8"),
    ):
        page.get_by_role("radiogroup", name="Rule").get_by_text(rule, exact=True).click()
        rates = page.get_by_role("radiogroup", name=f"Learning rate of {rule}")
        rates.get_by_text(rate, exact=True).click()
        expect(page.get_by_role("table").get_by_text(update, exact=True)).to_be_visible()
    lesson.check(1, "Right, with these rates all arrive")
    lesson.answer(2, "0.0006", "That is the step of SGD")
    lesson.answer(2, "0.03", "only its sign is left")
    page.get_by_text("the valley turned", exact=True).click()
    expect(box).to_contain_text("You predicted “all alike”")
    lesson.task(3).get_by_text("RMSProp", exact=True).click()
    lesson.check(3, "has yet to run at the rates")
    lesson.is_done(2)
    lesson.nothing_is_wider_than_a_phone()
