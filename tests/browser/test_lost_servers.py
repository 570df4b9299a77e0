"""Lost servers: the browser knows where the visit was, and says when nobody answers."""

import os
import re
import signal

import pytest
from playwright.sync_api import expect

import scratchnet as sn
from tests.browser.conftest import checked_server
from tests.browser.lesson_page import LessonPage
from tests.browser.live_board import LiveBoard
from tools import app_server
from ui.lesson import LOST

EDITED = sn.Experiment(hidden=(4, 3), samples=200).with_edit(2, 0, 1, 0, 4.0)


# Every message of the server arrives so many ms late.
LATE = """window.late = 0;
window.WebSocket = class extends WebSocket {
  addEventListener(kind, listener, more) {
    const later = (event) => (window.late ? setTimeout(() => listener(event), window.late) : listener(event));
    super.addEventListener(kind, kind === "message" ? later : listener, more);
  }
};"""


# A network that lets pages through and no websockets.
BLOCKED = """window.WebSocket = class extends EventTarget {
  constructor() {
    super();
    this.readyState = 3;
    Promise.resolve().then(() => ["error", "close"].forEach((kind) => this.dispatchEvent(new Event(kind))));
  }
  send() {}
  close() {}
};"""


@pytest.mark.parametrize("path", ["", "neurons"])
def test_where_a_network_blocks_websockets_a_sentence_says_so_instead_of_an_empty_page(
    new_page, app, console_errors, path
):
    page = new_page()
    page.clock.install()
    page.add_init_script(BLOCKED)
    page.goto(f"{app.address}/{path}")
    words = page.get_by_test_id("waiting")
    page.clock.fast_forward(11_000)
    expect(words).to_be_hidden()
    page.clock.fast_forward(2_000)
    expect(words).to_contain_text("not the live connection (WebSocket)")
    expect(words).to_contain_text(f"address: {app.address.replace('http', 'ws')}/_stcore/stream")
    page.close()  # it goes on trying, and would write the next error after the list is cleared
    console_errors.clear()


def test_a_page_that_has_come_is_not_said_to_be_blocked(new_page, app):
    page = new_page()
    page.clock.install()
    board = LiveBoard(page).open(app.address)
    page.clock.fast_forward(13_000)
    page.wait_for_timeout(500)
    expect(page.get_by_test_id("waiting")).to_be_hidden()
    assert board.numbers().update == 0


def test_a_server_that_answers_late_is_not_said_to_be_silent_and_one_that_is_silent_is(new_page, app):
    page = new_page()
    page.add_init_script(LATE)
    board = LiveBoard(page).open(app.address, EDITED.to_query())
    board.set_speed("1 update/s")
    page.evaluate("window.late = 3500")
    board.press("Play")
    board.wait("update >= 3")
    words, heard = board.root.locator(".words"), board.root.locator("[role=status].unseen")
    for _ in range(12):
        assert "goes on when the server answers" not in words.inner_text()
        page.wait_for_timeout(250)
    page.evaluate("window.late = 1e8")
    expect(words).to_contain_text(re.compile("Waiting for the server.* You see update [0-9]+; it goes on"))
    expect(heard).to_have_text(re.compile("Waiting for the server.* It goes on when the server answers"))
    assert re.search("[0-9]", heard.text_content()) is None, "an update on screen that goes on would make it false"


def killed(server: app_server.AppServer) -> None:
    """As by a host that is out of memory: it has no time to say anything."""
    os.kill(server.pid, signal.SIGKILL)


def test_a_server_that_is_killed_and_starts_again_goes_on_where_the_visit_was_and_meanwhile_nothing_is_pretended(
    new_page, console_errors
):
    port, page = app_server.free_port(), new_page()
    words = page.get_by_test_id("board").locator(".words")
    lost = page.get_by_text(re.compile("The server had lost this visit"))
    with checked_server(port=port) as server:
        board = LiveBoard(page).open(server.address, EDITED.to_query())
        board.play_until("epoch >= 5")
        killed(server)
    expect(board.root).to_have_attribute("data-status", "disconnected")
    expect(words).to_contain_text("No connection to the server")
    board.wait_until_nothing_is_painted()  # what had come before is on screen
    cut = board.numbers().update
    page.wait_for_timeout(1000)
    assert board.numbers().update == cut
    assert words.inner_text().count("Learning") == 0
    with checked_server(port=port) as server:
        board.wait(f"playing && status !== 'disconnected' && update > {cut}")
        expect(lost).to_be_visible()
        board.pause()
        shown, run = board.check()  # to the last bit, with the edit
        assert run.experiment == EDITED
        assert shown.update > cut
        killed(server)
    expect(board.root).to_have_attribute("data-status", "disconnected")
    with checked_server(port=port) as server:
        expect(lost).to_contain_text(f"update {shown.update:,} was trained again, with the same numbers")
        board.wait(f"!playing && status !== 'disconnected' && update === {shown.update}")
        assert board.check()[0].parameters == shown.parameters
        killed(server)
    expect(board.root).to_have_attribute("data-status", "disconnected")
    board.press("Step one update")  # what is wanted meanwhile is not lost
    with checked_server(port=port):
        board.wait(f"!playing && status !== 'disconnected' && update === {shown.update + 1}")
        assert board.check()[1].experiment == EDITED
        page.goto("about:blank")
    page.close()
    console_errors.clear()  # the browser tells of each attempt to connect


def test_a_lesson_answers_after_its_server_was_killed_with_its_numbers_and_a_sentence(new_page, console_errors):
    port, page = app_server.free_port(), new_page()
    with checked_server(port=port) as server:
        lesson = LessonPage(page, server.address, "gradient_check").open()
        seed = page.get_by_label("Seed that draws the bug").filter(visible=True)
        lesson.press("Next bug")
        lesson.shows(seed, "1")
        lesson.check(2, "No bug")  # the whole page runs: after a part Streamlit asks by itself
        lesson.settled()
        killed(server)
    expect(page.get_by_test_id("stApp")).not_to_have_attribute("data-test-connection-state", "CONNECTED")
    with checked_server(port=port):
        lost = page.get_by_text(LOST)
        expect(lost).to_be_in_viewport()  # though one is far down on the page
        lesson.shows(seed, "1")
        lesson.press("Next bug")  # a part of the page that runs alone
        lesson.shows(seed, "2")
        page.get_by_role("button", name="Close").click()
        expect(lost).to_be_hidden()
        page.goto("about:blank")
    console_errors.clear()  # the browser tells of each attempt to connect
