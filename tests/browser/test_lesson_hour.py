"""An hour in class as people have it: a teacher prepares a task, two pupils solve it, one of them by breaking a lock,
both hand in, and the teacher sees who did what."""

import csv
import dataclasses
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Page, expect

from tests.browser.live_board import LiveBoard
from ui.classroom import assignment
from ui.classroom.assignment import Assignment

INSTRUCTION = "Separate the classes.\nWhich unit does what?"


def task_of(link: str) -> Assignment:
    return assignment.read(parse_qs(urlsplit(link).query)["task"][0])


def chosen(page: Page, box: str, option: str) -> None:
    """Choose an option of a list that takes several."""
    page.get_by_role("combobox", name=box).click()
    page.get_by_role("option", name=option, exact=True).click()
    page.keyboard.press("Escape")


def prepared(page: Page, address: str, is_ready: Callable[[Assignment], bool]) -> tuple[str, Assignment]:
    """(link, task): what a teacher makes of the first screen."""
    LiveBoard(page).open(address)
    page.get_by_role("button", name="Share").click()
    page.get_by_role("tab", name="Use in class").click()
    page.get_by_role("textbox", name="What to do").fill(INSTRUCTION)
    page.keyboard.press("Control+Enter")
    chosen(page, "Reached when", "Test accuracy")
    page.get_by_role("textbox", name=re.compile("Test accuracy, at least")).fill("80")
    page.keyboard.press("Tab")
    chosen(page, "Lock", "Data set")
    preview = page.get_by_role("link", name="Preview as a pupil")
    for _ in range(100):
        link = preview.get_attribute("href")
        if is_ready(task_of(link)):
            break
        page.wait_for_timeout(100)
    task = task_of(link)
    expect(page.get_by_role("img", name=f"QR code of the link to task {task.fingerprint}")).to_be_visible()
    return link, task


def handed_in(page: Page, board: LiveBoard, name: str) -> str:
    """The text that a pupil of this name copies once the goal is reached."""
    board.press("Add a unit to layer 1")
    board.press("Play")
    expect(page.get_by_text("Reached at update")).to_be_visible()
    board.pause()
    board.check()
    page.get_by_role("button", name="Hand in").click()
    page.get_by_role("textbox", name="Your name").fill(name)
    page.keyboard.press("Enter")
    text = page.locator("code").filter(has_text=re.compile(r"^N1\."))
    expect(text).to_be_visible()
    return text.inner_text()


def test_a_teacher_prepares_a_task_two_pupils_solve_it_and_who_broke_a_lock_is_named(app, new_page, tmp_path):
    teacher = new_page()
    link, task = prepared(teacher, app.address, lambda task: bool(task.locked and task.goal.conditions))
    assert (task.instruction, task.locked) == (INSTRUCTION, ("dataset",))
    assert [(one.kind, one.value) for one in task.goal.conditions] == [("test_accuracy", 0.8)]

    page = new_page()
    board = LiveBoard(page).open(app.address, urlsplit(link).query)
    expect(page.get_by_text("Which unit does what?")).to_be_visible()
    expect(page.get_by_text(task.fingerprint)).to_be_visible()
    ada = handed_in(page, board, "Ada")

    # Bob writes easier data into the address, which is refused; then he takes the lock out of the task itself.
    page = new_page()
    board = LiveBoard(page).open(app.address, urlencode({"dataset": "gauss", "task": task.text}))
    expect(page.get_by_text("The link changes what the task locks")).to_be_visible()
    assert board.experiment() == task.start
    unlocked = dataclasses.replace(task, locked=())
    easier = task.start.replace(dataset="gauss")
    board = LiveBoard(page).open(app.address, f"{easier.to_query()}&{urlencode({'task': unlocked.text})}")
    expect(page.get_by_text(unlocked.fingerprint)).to_be_visible()
    expect(page.get_by_text(task.fingerprint)).to_have_count(0)
    bob = handed_in(page, board, "Bob")

    teacher.goto(f"{app.address}/hand_ins")
    teacher.get_by_role("textbox", name="Link of your task").fill(link)
    teacher.get_by_role("textbox", name="Hand-ins").fill(f"From: Ada\n{ada}\n\nFrom: Bob\n> {bob}\n")
    teacher.keyboard.press("Control+Enter")
    teacher.get_by_role("button", name="Run them again").click()
    expect(teacher.get_by_text(f"Task {task.fingerprint}: 2 of 2 reached the goal.")).to_be_visible()
    with teacher.expect_download() as download:
        teacher.get_by_role("button", name="Download the table (CSV)").click()
    download.value.save_as(tmp_path / "table.csv")
    rows = list(csv.DictReader((tmp_path / "table.csv").read_text("utf-8").splitlines()))
    assert [row["Name"] for row in rows] == ["Ada", "Bob"]
    assert [row["Remark"] for row in rows] == [
        "",
        "The task fixes what was changed: Data set. It was made for another task.",
    ]
    assert [row["Run again here"] for row in rows] == ["the same", "the same"]
    assert "Data set" not in rows[0]["Changed"]

    # What Ada handed in opens on the teacher's board at the update and with the numbers that she had.
    page = new_page()
    board = LiveBoard(page).open(app.address, urlsplit(rows[0]["Open"]).query)
    expect(page.get_by_text("Reached at update")).to_be_visible()
    shown, _ = board.check()
    assert f"{shown.update}" == rows[0]["Update"]
