"""The lesson of luck in a real browser: seeds run and cancelled, claims counted, a pair found, six seeds by hand."""

import re

from playwright.sync_api import expect

from tests.browser.lesson_page import LOADED, LessonPage
from ui.checks import luck as checks


def test_a_run_is_cancelled_and_goes_on_and_the_tasks_are_worked_wrong_answer_first(app, page):
    lesson = LessonPage(page, app.address, "luck").open()
    box = lesson.predict("almost always")
    lesson.press("Run all 60")
    page.get_by_role("button", name="Cancel").click()
    said = page.get_by_text(re.compile(r"^Of \d+ seeds?"))
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0, timeout=LOADED)
    lesson.settled()
    page.wait_for_timeout(1000)  # the seed that was being run when Cancel came is counted, too
    have = int(re.match(r"Of (\d+) seed", said.inner_text())[1])
    assert have < checks.SEEDS, "Cancel has ended it"
    lesson.check(1, f"Only {have} of 60 seeds have run")
    lesson.press("Run all 60")
    expect(page.get_by_text(re.compile("^Of 60 seeds"))).to_be_visible(timeout=LOADED)
    expect(box).to_contain_text("You predicted “almost always”")
    worse = int(re.search(r"(\d+) name 3 units", said.inner_text())[1])
    lesson.answer(1, str(worse), "divide by the number of seeds")
    lesson.answer(1, f"{worse}/60", "name the worse setting")
    lesson.check(2, "Look for a pair whose difference is larger")
    page.get_by_text("learning rate 0.01 or 0.03", exact=True).click()
    expect(page.get_by_text("No seed has run yet")).to_be_visible()
    lesson.press("Run all 60")
    expect(page.get_by_text(re.compile("^Of 60 seeds.* name 0.03"))).to_be_visible(timeout=LOADED)
    lesson.check(2, "the difference is larger than the spread")
    lesson.answer(3, "1/64", "all six for the other counts as well")
    lesson.answer(3, "1/32", "Right.")
    lesson.is_done(3)
    lesson.nothing_is_wider_than_a_phone()
