"""Step 3 in a real browser: the tasks worked as a student would, wrong answer first."""

import re

from playwright.sync_api import expect

from tests.browser.lesson_page import LessonPage


def test_the_two_tasks_wrong_answer_first_and_progress_goes_along(app, page):
    lesson = LessonPage(page, app.address, "losses").open()
    lesson.answer(1, "0.26", "the mean over the three samples is still missing")
    lesson.answer(1, "0,0867", "Right: three squares")
    lesson.is_done(1)
    page.get_by_role("link", name="Back:").first.click()
    expect(page).to_have_url(re.compile(r"/forward\?done=losses\.1$"))
    page.get_by_role("link", name="Next:").first.click()
    lesson.is_done(1)
    lesson.check(2, "towards 0")
    lesson.type("a", "0,1")
    lesson.check(2, "Right: the cross-entropy is 2.303")
    lesson.is_done(2)


def test_table_shares_and_the_printed_form_follow_what_is_set(app, page):
    lesson = LessonPage(page, app.address, "losses").open()
    curves = page.get_by_test_id("sketch").first
    curves.locator(".picture").hover(position={"x": 500, "y": 120})  # the pointer reads every curve
    expect(curves.locator(".told")).to_contain_text(re.compile(r"^at 0\.\d+\nmean squared error [\d.]+\nbinary cross"))
    told, picture = curves.locator(".told").bounding_box(), curves.bounding_box()
    assert picture["x"] <= told["x"] and told["x"] + told["width"] <= picture["x"] + picture["width"]
    assert picture["y"] <= told["y"] and told["y"] + told["height"] <= picture["y"] + picture["height"]
    printed = page.get_by_test_id("sketch").nth(1)
    for share, is_number in ((0.6, True), (0.95, False)):  # of the picture's width; the printed form ends before 50
        printed.locator(".picture").hover(position={"x": share * printed.bounding_box()["width"], "y": 120})
        told = expect(printed.locator(".told"))
        told.to_contain_text("computed from z")
        (told.to_contain_text if is_number else told.not_to_contain_text)("as printed, from a")
    lesson.press("One surely wrong")
    expect(page.get_by_text("It makes 98.0 % of the squared error")).to_be_visible()
    expect(page.get_by_test_id("stTable").first).to_contain_text("1.836")
    lesson.type("z", "36")
    table = page.get_by_test_id("stTable").nth(1)
    expect(table).not_to_contain_text("divide by zero")
    lesson.type("z", "37")
    expect(table).to_contain_text("divide by zero encountered in log")
    expect(table).to_contain_text("infinity")
    lesson.nothing_is_wider_than_a_phone()
