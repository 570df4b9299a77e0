"""Faults: what a learner sees and keeps when the line, the clock, the disk or the computer fails, or her own hands do.

Under each of them the numbers are those of a single run that nobody disturbs, to the last bit. A server that dies is in
test_lost_servers.py.
"""

import re
import resource

import pytest
from playwright.sync_api import expect

import scratchnet as sn
from tests.browser.conftest import checked_server
from tests.browser.line import line_to
from tests.browser.live_board import LiveBoard

EDITED = sn.Experiment(hidden=(4, 3), samples=200).with_edit(2, 0, 1, 0, 4.0)
SMALL = "hidden=4-3&samples=200&speed=max"
LOST = re.compile("The server had lost this visit")
FORGETFUL = {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "1"}  # seconds; as if one had been away for 130


@pytest.fixture
def line(app):
    with line_to(app.address) as line:
        yield line


@pytest.fixture
def cut_lines_are_noise(watch, console_errors):  # after which `watch` looks at them
    """The browser tells of each attempt to connect; everything else still counts."""
    yield
    noise = re.compile("WebSocket|ERR_|disconnected|Failed to fetch(?! dynamically)|Client Error in|not responding")
    console_errors[:] = [error for error in console_errors if not noise.search(error)]


def test_a_line_that_is_silent_for_three_seconds_costs_nothing_and_the_board_says_that_it_waits(line, app, new_page):
    board = LiveBoard(new_page()).open(line.address, EDITED.to_query())
    board.play_until("epoch >= 3")
    line.silence()
    words = board.root.locator(".words")
    expect(words).to_contain_text(re.compile("Waiting for the server.* You see update [0-9,]+; it goes on"))
    board.page.wait_for_timeout(500)
    assert not board.root.page.get_by_text(LOST).is_visible()
    update = board.numbers().update
    line.mend()
    board.wait(f"playing && update > {update}")
    expect(words).not_to_contain_text("Waiting")
    board.pause()
    assert board.check()[1].experiment == EDITED


@pytest.mark.usefixtures("cut_lines_are_noise")
def test_a_cut_that_the_server_outlasts_is_said_and_nothing_is_lost(line, new_page):
    board = LiveBoard(new_page()).open(line.address, SMALL)
    board.press("New weights")
    board.play_until("epoch >= 3")
    line.cut()
    words = board.root.locator(".words")
    expect(words).to_contain_text("No connection to the server: nothing is learned now.")
    board.wait("status === 'disconnected'")
    board.page.wait_for_timeout(3000)
    update = board.numbers().update
    line.mend()
    board.wait(f"playing && status !== 'disconnected' && update > {update}")
    expect(board.page.get_by_text(LOST)).to_be_hidden()
    board.pause()
    assert board.check()[1].experiment.init_seed == 1
    expect(board.button("Undo")).to_be_enabled()  # the visit is the same: it knows what was done before


@pytest.mark.usefixtures("cut_lines_are_noise")
def test_after_a_cut_that_the_server_does_not_outlast_the_same_update_is_there_with_a_sentence(new_page):
    with checked_server(**FORGETFUL) as server, line_to(server.address) as line:
        board = LiveBoard(new_page()).open(line.address, EDITED.to_query())
        board.play_until("epoch >= 3")
        board.pause()
        before, _ = board.check()
        line.cut()
        board.wait("status === 'disconnected'")
        board.page.wait_for_timeout(2000)
        line.mend()
        expect(board.page.get_by_text(LOST)).to_contain_text(
            f"update {before.update:,} was trained again, with the same numbers"
        )
        board.wait(f"!playing && status !== 'disconnected' && update === {before.update}")
        after, run = board.check()
        assert (after.parameters, run.experiment) == (before.parameters, EDITED)
        board.page.goto("about:blank")


# As browsers do in a tab behind others: what happens every now and then happens seldom.
SELDOM = """const often = window.setInterval;
window.setInterval = (call, milliseconds, ...more) => often(call, Math.max(milliseconds, 5000), ...more);"""


@pytest.mark.usefixtures("cut_lines_are_noise")
def test_where_another_server_answers_at_once_the_board_goes_on_there_though_nobody_saw_the_cut(app, new_page):
    with checked_server() as another, line_to(another.address) as line:
        page = new_page()
        page.add_init_script(SELDOM)
        board = LiveBoard(page).open(line.address, EDITED.to_query())
        board.press("Step one epoch")
        board.wait("epoch === 1")
        before, _ = board.check()
        page.wait_for_timeout(1000)  # the page around the board has run: after it Streamlit does not ask by itself
        line.server = app.address
        line.cut()
        line.mend()
        page.wait_for_timeout(1000)
        board.press("Step one update")
        board.wait(f"!playing && update === {before.update + 1}")
        assert board.check()[1].experiment == EDITED


@pytest.mark.usefixtures("cut_lines_are_noise")
def test_a_closed_lid_is_found_again_as_it_was_left(new_page):
    """Closed: no timer runs, the connection is gone and the server forgets. Opened: all goes on at once."""
    with checked_server(**FORGETFUL) as server, line_to(server.address) as line:
        page = new_page()
        board = LiveBoard(page).open(line.address, EDITED.to_query())
        board.play_until("epoch >= 3")
        before = board.numbers()
        lid = page.context.new_cdp_session(page)
        lid.send("Page.setWebLifecycleState", {"state": "frozen"})
        line.cut()
        page.wait_for_timeout(3000)
        line.mend()
        lid.send("Page.setWebLifecycleState", {"state": "active"})
        expect(page.get_by_text(LOST)).to_be_visible()
        board.wait(f"playing && status !== 'disconnected' && update > {before.update}")
        board.pause()
        assert board.check()[1].experiment == EDITED
        page.goto("about:blank")


# What hour it is jumps in the server: as many seconds as this file says, ahead of the true time.
CLOCK = """import pathlib, time
told, true = pathlib.Path(__file__).with_name("ahead"), time.time
time.time = lambda: true() + float(told.read_text())
"""
# The same in the browser.
CLOCK_IN_THE_BROWSER = """window.ahead = 0;
const trueDate = Date;
window.Date = class extends trueDate {
  constructor(...given) { given.length ? super(...given) : super(trueDate.now() + window.ahead); }
  static now() { return trueDate.now() + window.ahead; }
};"""


def test_clocks_that_are_set_by_hours_change_nothing(new_page, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(CLOCK)
    (tmp_path / "ahead").write_text("0")
    with checked_server(PYTHONPATH=str(tmp_path)) as server:
        page = new_page()
        page.add_init_script(CLOCK_IN_THE_BROWSER)
        board = LiveBoard(page).open(server.address, EDITED.to_query())
        board.play_until("epoch >= 3")
        for hours in (5, -5, 0):
            (tmp_path / "ahead").write_text(str(3600 * hours))
            page.evaluate("hours => { window.ahead = 3600000 * hours; }", -hours)
            epoch = board.numbers().epoch
            board.wait(f"playing && epoch > {epoch + 10}")
            expect(board.root.locator(".words")).to_contain_text("Learning")
        board.pause()
        board.check()
        page.goto("about:blank")


def test_two_tabs_of_one_browser_are_two_visits_also_where_one_was_opened_out_of_the_other(app, new_page, watch):
    first = LiveBoard(new_page()).open(app.address, SMALL)
    first.play_until("epoch >= 3")
    with first.page.expect_popup() as opened:  # with a copy of all that the first tab keeps for itself
        first.page.evaluate("() => { window.open(window.location.href); }")
    second = LiveBoard(watch(opened.value))
    second.wait("paints > 0")
    assert (second.numbers().update, second.numbers().playing) == (0, False)
    second.press("Step one update")
    second.wait("update === 1")
    expect(second.page).to_have_url(re.compile("at=1"))
    second.page.reload()
    second.wait("paints > 0 && update === 1")
    assert second.check()[0].playing is False
    first.page.bring_to_front()
    first.wait("playing && epoch >= 5")
    first.page.reload()
    first.wait("playing && epoch >= 6")
    first.pause()
    assert first.check()[0].update > 1
    assert second.numbers().update == 1


def test_back_and_forward_while_it_plays_show_what_their_address_says(app, page):
    board = LiveBoard(page).open(app.address, SMALL)
    board.root.get_by_role("button", name="Add a unit to layer 1").click()
    expect(page).to_have_url(re.compile("hidden=5-3&"))
    board.wait_until_python_knows_the_address()
    board.play_until("epoch >= 3")
    for step, hidden in ((page.go_back, (4, 3)), (page.go_forward, (5, 3))):
        step()
        expect(page).to_have_url(re.compile(f"hidden={'-'.join(map(str, hidden))}&"))
        shown, run = board.check()
        board.wait_until_python_knows_the_address()
        assert (run.experiment.hidden, shown.playing) == (hidden, False)
        board.play_until("epoch >= 3")
    board.pause()
    board.check()


def test_two_hundred_clicks_as_fast_as_they_come_are_two_hundred_updates(app, page):
    board = LiveBoard(page).open(app.address, SMALL)
    step = board.button("Step one update")
    step.evaluate("async button => { for (let i = 0; i < 100; i += 1) { button.click(); await 0; } }")
    step.evaluate(
        """async button => {
          for (let i = 0; i < 100; i += 1) { button.click(); await new Promise((done) => setTimeout(done, 3)); }
        }"""
    )
    board.wait("update === 200 && !playing")
    board.check()
    board.button("Play").evaluate("button => { for (let i = 0; i < 201; i += 1) button.click(); }")
    board.wait("playing && update > 220")
    board.pause()
    board.check()


def test_a_slow_computer_on_a_slow_line_plays_pauses_at_once_and_shows_right_numbers(app, new_page):
    page = new_page()
    board = LiveBoard(page).open(app.address, SMALL)
    limits = page.context.new_cdp_session(page)
    limits.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    line = {"offline": False, "latency": 300, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
    limits.send("Network.emulateNetworkConditions", line)
    board.play_until("epoch >= 3")
    epoch = board.numbers().epoch
    board.wait(f"playing && epoch > {epoch + 3}")
    # At once: in the same breath, whatever else the computer has to do.
    paused = """root => {
      root.querySelector('button[aria-label^="Pause"]').click();
      return root.dataset.playing;
    }"""
    assert board.root.evaluate(paused) == "false"
    still = board.numbers().update
    page.wait_for_timeout(1500)
    assert board.check()[0].update == still


# A browser that has no room for anything.
NO_ROOM = """Storage.prototype.setItem = () => {
  throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
};"""


def test_with_a_full_disk_on_either_side_one_can_learn(new_page, console_errors):
    with checked_server() as server:
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (0, 0))  # nothing more is written to any file, log included
        page = new_page()
        page.add_init_script(NO_ROOM)
        board = LiveBoard(page).open(server.address, SMALL)
        board.play_until("epoch >= 3")
        board.pause()
        board.check()
        page.goto(f"{server.address}/backpropagation")
        expect(page.get_by_test_id("bar").first).to_be_visible()
        page.goto("about:blank")
