"""Ten minutes unseen: the run stands still at the update that was on screen, and the page says so."""

import pytest
from playwright.sync_api import expect

from tests.browser.live_board import LiveBoard

LINK = "dataset=circle&hidden=3&samples=100&speed=10e"
MINUTE = 60_000


@pytest.fixture
def board(app, new_page):
    """One that plays, in a browser whose clock the test can move."""
    page = new_page()
    page.clock.install()
    board = LiveBoard(page).open(app.address, LINK)
    board.play_until("update > 20")
    return board


def said(board) -> str:
    update = board.numbers().update
    return f"Paused at update {update:,}: nobody had looked for ten minutes."


def test_a_run_goes_on_after_nine_minutes_with_a_closed_lid_and_stands_still_after_ten(board):
    for _ in range(2):
        before = board.numbers().update
        board.page.clock.fast_forward(9 * MINUTE)
        board.wait(f"playing && update > {before + 5}")
        expect(board.page.get_by_text("nobody had looked")).to_have_count(0)
    board.page.clock.fast_forward(10 * MINUTE)
    board.wait("!playing")
    expect(board.page.get_by_text("nobody had looked")).to_have_text(said(board))
    board.check()
    before = board.numbers().update
    board.press("Play")
    board.wait(f"playing && update > {before + 5}")
    expect(board.page.get_by_text("nobody had looked")).to_have_count(0)


def test_a_hidden_page_asks_for_nothing_and_stands_still_at_what_was_seen_last(board):
    """A browser gives no animation frames to a hidden page, so none are given here."""
    page = board.page
    page.evaluate(
        """() => {
          window.framesOfTheBrowser = window.requestAnimationFrame;
          window.heldBack = [];
          window.requestAnimationFrame = (paint) => window.heldBack.push(paint);
        }"""
    )
    page.wait_for_timeout(3000)  # what was asked for before has been answered by then
    update, paints = board.root.get_attribute("data-update"), board.root.get_attribute("data-paints")
    page.clock.fast_forward(10 * MINUTE)
    expect(board.root).to_have_attribute("data-playing", "false")
    assert board.root.get_attribute("data-paints") == paints
    page.evaluate(
        """() => {
          window.requestAnimationFrame = window.framesOfTheBrowser;
          window.heldBack.forEach((paint) => window.requestAnimationFrame(paint));
        }"""
    )
    expect(page.get_by_text("nobody had looked")).to_have_text(
        f"Paused at update {int(update):,}: nobody had looked for ten minutes."
    )
    board.check()


def test_it_stands_still_also_where_the_first_thing_after_the_time_away_is_a_picture(app, page):
    board = LiveBoard(page).open(app.address, LINK)
    board.play_until("update > 20")
    page.evaluate(
        """() => requestAnimationFrame(() => {
          const now = performance.now.bind(performance);
          performance.now = () => now() + 600_000;
        })"""
    )
    board.wait("!playing")
    expect(page.get_by_text("nobody had looked")).to_have_text(said(board))
    page.reload()  # with a clock that goes right
