"""Lost servers: the browser knows where the visit was, and says when nobody answers."""

from playwright.sync_api import expect

import scratchnet as sn
from tests.browser.conftest import checked_server
from tests.browser.live_board import LiveBoard
from tools import app_server

EDITED = sn.Experiment(hidden=(4, 3), samples=200).with_edit(2, 0, 1, 0, 4.0)


def test_a_server_that_starts_again_goes_on_where_the_visit_was_and_meanwhile_nothing_is_pretended(
    new_page, console_errors
):
    port, page = app_server.free_port(), new_page()
    words = page.get_by_test_id("board").locator(".words")
    with checked_server(port=port) as server:
        board = LiveBoard(page).open(server.address, EDITED.to_query())
        board.play_until("epoch >= 5")
    expect(board.root).to_have_attribute("data-status", "disconnected", timeout=5000)
    expect(words).to_contain_text("No connection to the server")
    page.wait_for_timeout(500)
    cut = board.numbers().update
    page.wait_for_timeout(1000)
    assert board.numbers().update == cut
    assert words.inner_text().count("Learning") == 0
    with checked_server(port=port):
        board.wait(f"playing && status !== 'disconnected' && update > {cut}")
        expect(page.get_by_text("The server had lost this visit")).to_be_visible()
        board.pause()
        shown, run = board.check()  # to the last bit, with the edit
        assert run.experiment == EDITED
        assert shown.update > cut
    expect(board.root).to_have_attribute("data-status", "disconnected")
    board.press("Step one update")  # what is wanted meanwhile is not lost
    with checked_server(port=port):
        board.wait(f"!playing && status !== 'disconnected' && update === {shown.update + 1}")
        assert board.check()[1].experiment == EDITED
        page.goto("about:blank")
    console_errors.clear()  # the browser tells of each attempt to connect
