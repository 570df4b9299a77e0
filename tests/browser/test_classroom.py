"""A task in a real browser: what is locked or hidden, that it is reached while it plays, and that the link keeps it."""

from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import expect

from scratchnet.goals import Condition, Goal
from tests.browser.live_board import LiveBoard
from tests.browser.test_accessibility import check
from ui.classroom.assignment import Assignment
from ui.classroom.tasks import TASKS
from ui.gallery import FIRST

TASK = Assignment(
    "Reach 80 % test accuracy.",
    Goal((Condition("test_accuracy", 0.8),)),
    ("dataset", "edit weights"),
    ("features", "training"),
    FIRST,
)
READY = TASKS["right_input"].assignment


def test_a_pupil_reaches_the_goal_while_it_plays_and_reload_and_back_keep_the_task(app, page):
    board = LiveBoard(page).open(app.address, urlencode({"task": TASK.text}))
    expect(page.get_by_text(TASK.fingerprint)).to_be_visible()
    expect(board.root.locator("button.feature")).to_have_count(2)
    expect(page.get_by_role("combobox", name="Data set")).to_be_disabled()
    expect(page.get_by_role("button", name="Training", exact=True)).to_have_count(0)
    board.parameter(0, 0, None).click()
    expect(board.root.get_by_role("dialog")).to_contain_text("Locked by the task")
    expect(board.root.get_by_role("dialog").get_by_role("textbox")).to_have_count(0)
    page.keyboard.press("Escape")
    board.press("Add a unit to layer 1")
    board.press("Play")
    reached = page.get_by_text("Reached at update")
    expect(reached).to_be_visible(timeout=20_000)  # while it plays on
    assert board.numbers().playing
    board.pause()
    board.check()
    said = reached.inner_text()
    assert parse_qs(urlsplit(page.url).query)["task"] == [TASK.text]
    for look in ("light", "dark"):
        page.emulate_media(color_scheme=look)
        check(page, look, ("color-contrast",), ".st-key-playground_task")
    page.reload()
    expect(page.get_by_text(said)).to_be_visible(timeout=20_000)  # found again on the way
    expect(page.get_by_text(TASK.fingerprint)).to_be_visible()
    assert board.experiment().hidden == (7,)
    page.go_back()
    expect(page.get_by_text(TASK.fingerprint)).to_be_visible()
    board.wait("paints > 0")
    assert parse_qs(urlsplit(page.url).query)["task"] == [TASK.text]


def test_the_teachers_preview_opens_what_was_chosen(app, page):
    LiveBoard(page).open(app.address)
    page.get_by_role("button", name="Share").click()
    page.get_by_role("tab", name="Use in class").click()
    page.get_by_role("combobox", name="Begin with").click()
    page.get_by_role("option", name="The right input").click()
    expect(page.get_by_role("img", name=f"task {READY.fingerprint}")).to_be_visible()
    link = page.get_by_role("link", name="Preview as a pupil").get_attribute("href")
    page.goto(link)
    expect(page.get_by_text(READY.instruction)).to_be_visible()
    expect(page.get_by_text(READY.fingerprint)).to_be_visible()
