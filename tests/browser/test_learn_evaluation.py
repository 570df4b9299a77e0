"""Step 6 in a real browser: threshold and epoch move the counts, and the tasks are worked wrong answer first."""

from playwright.sync_api import expect

from tests.browser.lesson_page import LOADED, LessonPage
from ui.checks import evaluation as checks


def opened(page, address: str) -> LessonPage:
    lesson = LessonPage(page, address, "evaluation").open()
    expect(page.locator(".js-plotly-plot")).to_have_count(1, timeout=LOADED)
    return lesson


def test_threshold_and_epoch_are_seen_in_every_count_and_judge_the_prediction(app, page):
    lesson = opened(page, app.address)
    expect(page.get_by_text("147/160").first).to_be_visible()
    lesson.type("threshold", "1")
    expect(page.get_by_text("73/160").first).to_be_visible()  # all that are truly class 0, and no other
    lesson.type("threshold", "0,5")
    expect(page.get_by_text("147/160").first).to_be_visible()
    curves = page.get_by_test_id("sketch")
    expect(curves.get_by_role("img", name="Losses at epoch 20: training 0.04784, test 0.2481.")).to_be_visible()
    box = lesson.predict("it falls too")
    expect(box).to_contain_text("Now see")
    lesson.type("epoch", "200")
    expect(page.get_by_text("138/160").first).to_be_visible()
    expect(box).to_contain_text("You predicted “it falls too”, but it is “it rises”")
    lesson.nothing_is_wider_than_a_phone()


def test_the_tasks_are_worked_wrong_answer_first(app, page):
    lesson = opened(page, app.address)
    lesson.answer(4, "22", "Slide the epoch to 200 first")
    lesson.type("epoch", "200")
    expect(page.get_by_text("138/160").first).to_be_visible()
    lesson.answer(4, "22", "So many test points are wrong")
    lesson.answer(4, "13,75", "Right: 100 % less 86.25 %")
    lesson.task(5).get_by_text(checks.CAUSES[2]).click()
    lesson.check(5, "the same 22 test points are wrong")
    lesson.task(5).get_by_text(checks.SURER).click()
    lesson.check(5, "The accuracy only counts them")
    lesson.answer(3, "0,735", "That is the precision")
    lesson.answer(3, "0,641", "Right: 25 of the 39")
    lesson.check(6, "Asked are the 160 test points at epoch 20")
    lesson.type("epoch", "20")
    lesson.type("threshold", "0.1")
    lesson.check(6, "A higher threshold keeps more of class 0 out")
    lesson.type("threshold", "0,22")
    lesson.check(6, "Right: at the threshold 0.22")
    lesson.type("threshold", "0.5")
    expect(page.get_by_text("epoch 20 and threshold 0.5")).to_be_visible()
    lesson.answer(7, "3", "how many percent of 20 is that")
    lesson.answer(7, "15", "are the very same network")
    lesson.is_done(5)

    expect(page.locator(".st-key-refusal")).to_contain_text("got (3, 1) and (3,); reshape one.")
    page.get_by_role("radio", name="(3, 1), like the targets").click()
    expect(page.get_by_text("1, 3/3 right")).to_be_visible()
    expect(page.locator(".st-key-refusal")).to_have_count(0)
    lesson.task(1).get_by_text(checks.REASONS[0]).click()
    lesson.check(1, "They need not")
    lesson.task(1).get_by_text(checks.WHY).click()
    lesson.check(1, "Right: (3, 1) against (3,)")
    lesson.answer(2, "1", "16 comparisons, not 4")
    lesson.answer(2, "0.625", "though every prediction is perfect")
    lesson.is_done(7)
