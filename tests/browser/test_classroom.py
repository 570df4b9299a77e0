"""A task in a real browser: what is locked or hidden, that it is reached while it plays, and that the link keeps it."""

import re
import time
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import expect

from scratchnet.goals import Condition, Goal
from tests.browser.conftest import SCREEN
from tests.browser.lesson_page import PHONE
from tests.browser.live_board import PATIENCE, LiveBoard
from tests.browser.test_accessibility import check
from tests.browser.test_one_screen import CUT_OFF, SMALL_LAPTOP, is_on_screen
from ui.classroom import hand_in
from ui.classroom.assignment import Assignment
from ui.classroom.tasks import TASKS
from ui.gallery import FIRST
from ui.kit.numbers import text

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
    reached = page.get_by_test_id("task").get_by_role("status")
    expect(reached).to_contain_text("Reached at update", timeout=20_000)  # while it plays on
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


# While it plays, in one go: the update of the board, that of the panel, and the panel's words.
BOTH = """() => {
  const find = (root, id) => {
    const hosts = [...root.querySelectorAll("*")].filter((node) => node.shadowRoot);
    return root.querySelector(`[data-testid=${id}]`) ?? hosts.map((node) => find(node.shadowRoot, id)).find(Boolean);
  };
  const [board, panel] = ["board", "task"].map((id) => find(document, id));
  const printed = [...board.querySelectorAll(".counters output")].at(-1).textContent.replace(",", "");
  const words = [...panel.querySelectorAll("li")].map((one) => one.textContent);
  return [board.dataset.playing, Number(printed), Number(panel.dataset.update), words];
}"""


def test_how_far_each_condition_is_follows_the_board_while_it_plays_and_is_of_the_update_that_it_prints(app, page):
    goal = Goal((Condition("test_accuracy", 1.0), Condition("updates", 9999)))
    task = Assignment("Watch.", goal, (), (), FIRST.replace(hidden=(3,)))
    board = LiveBoard(page).open(app.address, urlencode({"task": task.text, "speed": "5u"}))
    panel = page.get_by_test_id("task")
    expect(panel).to_contain_text("Test accuracy at least 100 %: now ")
    board.press("Play")
    seen, latest = {}, time.monotonic() + PATIENCE
    while len(seen) < 10 and time.monotonic() < latest:
        page.wait_for_timeout(50)
        playing, printed, told, words = page.evaluate(BOTH)
        assert playing == "true" and printed == told
        seen[told] = words
    assert len(seen) > 5
    board.pause()
    run = task.start.start()
    for update in range(max(seen) + 1):
        if update in seen:
            now = run.evaluate()
            accuracy = text(100 * now.test_correct / now.test_total)
            expected = [f"Not met: Test accuracy at least 100 %: now {accuracy} %"]
            expected.append(f"Met: At most 9,999 updates: now {update:,}")
            assert seen[update] == expected
        run.step()
    assert panel.locator("[aria-live], [role=status]").count() == 1  # that it is reached, and no number


def test_reached_stays_said_after_reset_reload_and_the_link_again_in_this_tab_and_not_in_another(app, new_page):
    page = new_page()
    link = urlencode({"task": TASK.text})
    board = LiveBoard(page).open(app.address, link)
    board.press("Play")
    reached = page.get_by_test_id("task").get_by_role("status")
    expect(reached).to_contain_text("Reached at update", timeout=20_000)
    said = reached.inner_text()
    board.pause()
    board.press("Reset to the start")
    board.wait("update === 0")
    expect(reached).to_have_text(said)
    expect(page).not_to_have_url(re.compile("[?&]at="))  # it says update 0
    board.wait_until_nothing_is_painted()
    page.reload()
    expect(reached).to_have_text(said, timeout=20_000)
    assert board.numbers().update == 0
    page.goto(f"{app.address}/?{link}")
    expect(reached).to_have_text(said, timeout=20_000)
    other = page.context.new_page()
    other.goto(f"{app.address}/?{link}")
    expect(other.get_by_test_id("task").get_by_text("now")).to_have_count(1)
    expect(other.get_by_test_id("task").get_by_role("status")).to_have_text("")


def test_a_link_without_the_task_leaves_it_says_so_and_back_leads_to_it_with_what_was_reached(app, new_page):
    page = new_page()
    board = LiveBoard(page).open(app.address, urlencode({"task": TASK.text}))
    board.press("Play")
    reached = page.get_by_test_id("task").get_by_role("status")
    expect(reached).to_contain_text("Reached at update", timeout=20_000)
    said = reached.inner_text()
    board.pause()
    board.check()
    page.goto(f"{app.address}/?{FIRST.replace(hidden=(2,)).to_query()}")
    expect(page.get_by_text(f"This link has no task, so task {TASK.fingerprint} is left.")).to_be_visible()
    expect(page.get_by_test_id("task")).to_have_count(0)
    page.go_back()
    expect(page.get_by_test_id("task")).to_contain_text(f"Task {TASK.fingerprint}")
    expect(reached).to_have_text(said, timeout=20_000)
    page.goto(app.address + "/?" + FIRST.replace(hidden=(2,)).to_query())
    page.get_by_text("is left").wait_for()
    page.reload()  # said once
    expect(page.get_by_test_id("board")).to_be_visible()
    board.wait("paints > 0")
    page.wait_for_timeout(1000)
    expect(page.get_by_text("is left")).to_have_count(0)


LONG = {
    "letters": ("Find the fewest units. " * 30)[:500],
    "one word": "W" * 500,
    "lines": "One thing more.\n" * 30,
}


@pytest.mark.parametrize("name", LONG)
def test_however_long_the_instruction_is_the_board_is_on_one_screen_and_all_of_it_can_be_read(app, page, name):
    every = [Condition("train_accuracy", 0.9), Condition("train_loss", 0.1), Condition("test_loss", 0.2)]
    every += [Condition("gap", 0.1), Condition("units", 3), Condition("updates", 900), Condition("parameters", 50)]
    task = Assignment(LONG[name], Goal(tuple(every)), (), (), FIRST)
    board = LiveBoard(page).open(app.address, urlencode({"task": task.text}))
    panel = page.get_by_test_id("task")
    for screen in (SCREEN, SMALL_LAPTOP):
        page.set_viewport_size(screen)
        board.wait_until_nothing_is_painted(300)
        is_on_screen(board, ".strip", ".network", ".below", ".toggles", ".loss")
        whole = board.root.bounding_box()
        assert whole["y"] + whole["height"] <= screen["height"]
        expect(panel.get_by_text(f"Task {task.fingerprint}")).to_be_visible()
    page.set_viewport_size(PHONE)
    board.wait_until_nothing_is_painted(300)
    assert page.evaluate(CUT_OFF) == []
    panel.get_by_role("button", name="Read all").press("Enter")
    expect(panel.get_by_role("button", name="Show less")).to_be_focused()
    for part in (".instruction", "ul"):
        assert panel.locator(part).evaluate("node => node.scrollHeight <= node.clientHeight + 1")
    assert panel.locator(".instruction").inner_text() == LONG[name].strip()
    panel.get_by_role("button", name="Show less").press("Enter")
    expect(panel.get_by_role("button", name="Read all")).to_be_focused()


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


# What a tab keeps of the texts of a class, as one text.
KEPT = "() => Object.values(sessionStorage).filter((text) => text.includes('N1.')).join()"


def test_pasted_hand_ins_outlive_a_reload_in_their_tab_alone_until_they_are_forgotten(app, new_page):
    pasted = f"From: Ada\n> {hand_in.of_run('Ada', READY.start.start(), READY).text}\nЖ 漢 <b>"
    page = new_page()
    page.goto(f"{app.address}/hand_ins?{urlencode({'task': READY.text})}")
    field = page.get_by_role("textbox", name="Hand-ins")
    field.fill(pasted)
    page.keyboard.press("Control+Enter")
    run, forget = (page.get_by_role("button", name=name) for name in ("Run them again", "Forget these hand-ins"))
    run.click()
    expect(page.get_by_text(f"Task {READY.fingerprint}: 0 of 1 reached the goal.")).to_be_visible()
    assert page.evaluate(KEPT) == pasted
    page.reload()
    expect(field).to_have_value(pasted)
    run.click()
    expect(page.get_by_text(f"Task {READY.fingerprint}: 0 of 1 reached the goal.")).to_be_visible()
    for title in ("Check the connection", "Hand-ins"):
        page.get_by_role("button", name="Teach", exact=True).click()
        page.get_by_test_id("stTopNavDropdownLink").filter(has_text=title).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(title.split()[0])
    expect(field).to_have_value(pasted)
    for query in ("", "?present=board"):  # of the same browser, the second as for the wall
        other = page.context.new_page()
        other.goto(f"{app.address}/hand_ins{query}")
        expect(other.get_by_role("textbox", name="Hand-ins")).to_have_value("")
        assert other.evaluate(KEPT) == ""
        other.close()
    forget.click()
    expect(field).to_have_value("")
    expect(forget).to_be_disabled()
    page.wait_for_function("() => Object.keys(sessionStorage).every((name) => !name.includes('hand_ins'))")
    page.reload()
    expect(run).to_be_disabled()
    page.wait_for_timeout(1500)
    expect(field).to_have_value("")


def test_a_window_for_the_wall_asks_for_no_hand_ins_even_where_its_tab_keeps_some(app, page):
    page.goto(f"{app.address}/hand_ins")
    page.get_by_role("textbox", name="Hand-ins").fill("N1.abc")
    page.keyboard.press("Control+Enter")
    page.wait_for_function(f"() => ({KEPT})() === 'N1.abc'")
    page.goto(f"{app.address}/hand_ins?present=board")
    field = page.get_by_role("textbox", name="Hand-ins")
    expect(field).to_be_visible()
    page.wait_for_timeout(1500)
    expect(field).to_have_value("")
    page.goto(f"{app.address}/hand_ins")  # in the same tab
    expect(field).to_have_value("N1.abc")
