"""The lesson of the learning rate in a real browser: an edge found, one predicted, one that a network steps over."""

from playwright.sync_api import expect

from tests.browser.lesson_page import LOADED, LessonPage


def test_the_tasks_wrong_answer_first_with_a_refused_rate_and_all_of_it_on_a_phone(app, page):
    lesson = LessonPage(page, app.address, "learning_rate").open()
    expect(page.locator(".js-plotly-plot .contourlayer path").first).to_be_visible(timeout=LOADED)
    lesson.check(1, "All your rates up to 0.01 converge")
    box = lesson.predict("it only gets faster")
    expect(box).to_contain_text("Now see")
    lesson.type("rate", "two")
    expect(page.get_by_text("rate: expected a number")).to_be_visible()
    lesson.type("rate", "0.119")
    expect(page.get_by_text("swings and converges").first).to_be_visible()
    expect(box).to_contain_text("You predicted “it only gets faster”")
    expect(page.get_by_text("follows from it is told when two of your runs")).to_be_visible()
    slider = lesson.slider("rate")
    slider.focus()
    slider.press("ArrowRight")  # 0.12
    expect(page.get_by_text("Your runs: 0.119 converges, 0.12 diverges.")).to_be_visible()
    lesson.check(1, "Right: 0.119 converges and 0.12 diverges")
    lesson.is_done(1)

    page.get_by_role("radio", name="x minus its mean, times three").click()
    expect(page.get_by_text("Your runs: 0.119 converges")).to_have_count(0)
    for rate in ("0.0885", "0.0895"):
        lesson.type("rate", rate)
        expect(page.locator("[data-testid=stTable]").get_by_text(rate, exact=True)).to_be_visible()
    lesson.answer(2, "1", "the smallest curvature")
    lesson.answer(2, "0.0889", "Right, and your runs agree")
    page.get_by_role("radio", name="1", exact=True).click()
    expect(page.get_by_text("The loss rose after 25 of 300 updates, first after update 31.")).to_be_visible()
    lesson.check(3, "Right: 1 is below the edge at update 0")
    lesson.is_done(3)
    lesson.nothing_is_wider_than_a_phone()
