"""Playing: the network learns before one's eyes, stands still on request, and every number on screen is true."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.live_board import LiveBoard

SMALL = "hidden=4-3&samples=200"
NOT_A_NUMBER = re.compile(r"\b(nan|inf|infinity|undefined|null)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def opened(returning, app) -> Iterator[LiveBoard]:
    """A small network, opened once: a page takes seconds to open, a reset does not."""
    page = returning.new_page()
    yield LiveBoard(page).open(app.address, SMALL)
    page.close()


@pytest.fixture
def board(opened, watch) -> LiveBoard:
    """A small network at its start."""
    watch(opened.page)
    if opened.numbers().update or opened.numbers().playing:
        opened.press("Reset")
        opened.wait("update === 0 && !playing")
    return opened


def test_the_page_opens_untrained_and_paused(app, page):
    board = LiveBoard(page).open(app.address)
    shown, run = board.check()
    assert not shown.playing
    assert shown.epoch == 0
    board.check_map(run)


def test_play_learns_and_paints_what_it_learns(board):
    start = board.numbers()
    board.play_until(f"playing && epoch >= 20 && paints >= {20 + int(board.root.get_attribute('data-paints'))}")
    assert board.numbers().train_loss < start.train_loss
    expect(board.button("Pause")).to_be_visible()
    expect(board.root.get_by_role("status").filter(has_text="Learning")).to_have_count(1)


def test_pause_stands_still_on_numbers_that_scratchnet_computes(board):
    board.play_until("epoch >= 5")
    board.pause()
    at = board.numbers().update
    shown, run = board.check()
    assert shown.update == at
    board.check_map(run)
    board.wait_until_nothing_is_painted()
    assert board.numbers() == shown


# Presses a button of the board, and reads at each paint of two seconds what stands there at rest.
PRESS_AND_READ = """(root, label) => new Promise((done) => {
  root.querySelector(`button[aria-label^="${label}"]`).click();
  const [began, seen] = [performance.now(), []];
  const look = (now) => {
    const { playing, update, trainLoss } = root.dataset;
    if (playing === "false") seen.push([Number(update), Number(trainLoss), root.querySelector(".words").textContent]);
    if (now - began < 2000 || seen.length < 10) requestAnimationFrame(look);
    else done(seen);
  };
  requestAnimationFrame(look);
})"""


def test_at_rest_the_words_are_never_of_another_update_than_the_picture(board):
    for button in ("Pause", "Step one update", "Step one epoch", "Pause"):
        if button != "Step one epoch":
            board.play_until(f"playing && update > {board.numbers().update + 150}")
        seen = board.root.evaluate(PRESS_AND_READ, button)
        assert len(seen) > 5
        for update, loss, words in seen:
            said = re.search(r"training loss (\d\.\d+)", words)
            if said is None:  # the second while a busy server lets wait for what it is like there
                assert words == f"At update {update:,}." or f" You see update {update:,}; it goes on" in words
            else:
                assert float(said[1]) == pytest.approx(loss, 1e-3), words


def test_a_step_adds_one_update(board):
    for update in (1, 2, 3):
        board.press("Step one update")
        board.wait(f"update === {update}")
    shown, _ = board.check()
    assert shown.update == 3


def test_two_clicks_in_a_row_are_two_steps(board):
    board.button("Step one update").evaluate("button => { button.click(); button.click(); }")
    board.wait("update >= 2")
    assert board.check()[0].update == 2


def test_a_step_while_playing_stands_still_one_update_on(board):
    board.play_until("epoch >= 2")
    board.press("Step one update")
    expect(board.root).to_have_attribute("data-playing", "false")
    board.check()


def test_an_epoch_step_goes_to_the_end_of_the_epoch(board):
    board.press("Step one update")
    board.wait("update === 1")
    board.press("Step one epoch")
    board.wait("update === 10")  # 100 training points in batches of 10
    shown, _ = board.check()
    assert shown.epoch == 1


def test_reset_returns_to_the_same_numbers(board):
    start, _ = board.check()
    board.play_until("epoch >= 5")
    board.press("Reset")
    board.wait("update === 0 && !playing")
    shown, _ = board.check()
    assert shown.parameters == start.parameters
    assert (shown.train_loss, shown.test_loss) == (start.train_loss, start.test_loss)


def test_playing_on_after_a_reset_goes_the_same_way(board):
    board.press("Step one epoch")
    board.wait("epoch === 1")
    first = board.check()[0].parameters
    board.press("Reset")
    board.wait("update === 0")
    board.press("Step one epoch")
    board.wait("epoch === 1")
    assert board.check()[0].parameters == first


def test_space_right_arrow_and_r_play_step_and_reset_while_the_focus_is_on_the_board(board):
    board.page.get_by_role("button", name="Compare", exact=True).focus()
    board.page.keyboard.press("Tab")  # the board's first stop, which says the keys, aloud and in sight
    expect(board.root).to_be_focused()
    expect(board.root).to_have_accessible_name(re.compile("Space plays or pauses"))
    expect(board.root.get_by_text("play or pause")).to_be_visible()
    board.page.keyboard.press("ArrowRight")
    board.wait("update === 1 && !playing")
    board.page.keyboard.press("Space")
    board.wait("playing && epoch >= 2")
    board.page.keyboard.press("Space")
    expect(board.root).to_have_attribute("data-playing", "false")
    board.check()
    board.page.keyboard.press("r")
    board.wait("update === 0 && !playing")


def test_a_field_keeps_its_keys(board):
    field = board.root.get_by_label("Input x1")
    field.focus()
    for key in ("Space", "r", "ArrowRight", "1"):
        board.page.keyboard.press(key)
    expect(field).to_have_value(" r1")
    field.fill("")
    speed = board.root.get_by_label("Speed", exact=True)
    speed.focus()
    board.page.keyboard.press("r")
    board.page.keyboard.press("ArrowRight")
    elsewhere = board.page.get_by_role("combobox", name="Learning rate")
    elsewhere.focus()
    board.page.keyboard.press("r")
    board.page.keyboard.press("Escape")
    board.wait_until_nothing_is_painted()
    shown = board.numbers()
    assert (shown.update, shown.playing) == (0, False)
    board.set_speed("Full speed")


def test_playing_keeps_the_boards_node_and_where_the_page_is_scrolled_to(board):
    scrolled = board.page.get_by_test_id("stMain")
    scrolled.evaluate("main => main.scrollTo(0, 120)")
    board.root.evaluate("root => { root.mark = 'the same'; }")
    canvases = board.root.locator(".mapBox canvas").first
    canvases.evaluate("canvas => { canvas.mark = 'the same'; }")
    board.root.evaluate("root => root.querySelector('button[aria-label=Play]').click()")
    board.wait("epoch >= 30")
    board.root.evaluate("root => root.querySelector('button[aria-label=Pause]').click()")
    board.check()
    board.wait_until_nothing_is_painted()
    assert board.root.evaluate("root => root.mark") == "the same"
    assert canvases.evaluate("canvas => canvas.mark") == "the same"
    assert scrolled.evaluate("main => main.scrollTop") == 120


def test_the_charts_are_drawn_when_they_come_into_sight_also_while_it_plays(page, app):
    board, charts = LiveBoard(page).open(app.address, SMALL), page.locator(".js-plotly-plot")
    board.play_until("playing && epoch > 500")
    expect(charts).to_have_count(0)
    page.get_by_text("when they come into sight").scroll_into_view_if_needed()
    expect(charts).to_have_count(2)
    expect(page.get_by_text("pause to bring them up to date")).to_be_visible()
    board.wait("playing")


def test_a_tab_below_the_board_stays_where_it_was_clicked(board):
    main = board.page.get_by_test_id("stMain")
    main.evaluate("main => main.scrollTo(0, main.scrollHeight)")
    tab = board.page.get_by_role("tab", name="Parameters")
    before = tab.bounding_box()["y"]
    tab.click()
    expect(board.page.get_by_text("Layer 1 (Tanh)")).to_be_visible()
    assert abs(tab.bounding_box()["y"] - before) < 2
    board.page.get_by_role("tab", name="Charts").click()
    main.evaluate("main => main.scrollTo(0, 0)")


def test_a_slow_speed_shows_every_update_however_late_a_slow_computer_is(board):
    board.set_speed("5 updates/s")
    board.root.evaluate(
        """root => {
          root.seen = [];
          new MutationObserver(() => root.seen.push(Number(root.dataset.update)))
            .observe(root, { attributeFilter: ["data-update"] });
        }"""
    )
    board.page.evaluate(
        """() => {
          const busy = () => { for (const since = performance.now(); performance.now() - since < 240;); };
          window.busy = setInterval(busy, 270);
        }"""
    )
    board.play_until("update >= 12")
    board.page.evaluate("() => clearInterval(window.busy)")
    board.pause()
    shown, _ = board.check()
    board.set_speed("Full speed")
    seen = [update for update in board.root.evaluate("root => [...new Set(root.seen)]") if update > 0]
    assert seen == list(range(1, shown.update + 1))


def test_what_is_said_while_it_plays_is_never_ahead_of_the_epoch_on_screen(page, app):
    board = LiveBoard(page).open(app.address)
    board.root.evaluate(
        r"""root => {
          window.told = [];
          const words = root.querySelector(".words");
          new MutationObserver(() => {
            const found = /epoch ([0-9,]+)/.exec(words.textContent);
            if (found) window.told.push([Number(found[1].replaceAll(",", "")), Number(root.dataset.epoch)]);
          }).observe(words, { childList: true, characterData: true, subtree: true });
        }"""
    )
    board.press("Play")
    page.wait_for_function("() => told.length >= 6", timeout=60_000)
    board.pause()
    told = page.evaluate("told")
    assert [pair for pair in told if pair[0] > pair[1]] == []


def test_a_diverging_run_ends_in_a_sentence_and_its_last_numbers(page, app):
    query = "dataset=plane&hidden=&output=identity&loss=mse&optimizer=sgd&learning_rate=3&samples=100"
    board = LiveBoard(page).open(app.address, query)
    board.press("Play")
    board.wait("status === 'diverged' && !playing")
    expect(board.root.locator(".words")).to_contain_text("learning rate")
    shown, run = board.check()
    assert run.status != "diverged" or run.reason  # the last finite state is on screen
    assert abs(shown.train_loss) < float("inf")
    text = board.page.locator("body").inner_text()
    assert not NOT_A_NUMBER.search(text)
    board.press("Play")  # it cannot go on, and says what to do
    expect(board.page.get_by_text("diverged and cannot go on")).to_be_visible()
    expect(board.root).to_have_attribute("data-playing", "false")
    board.press("Reset")
    board.wait("update === 0 && status === 'ready'")


def test_the_first_network_is_solved_and_stops_by_itself_when_asked_to(page, app):
    board = LiveBoard(page).open(app.address)
    page.get_by_role("button", name="Training", exact=True).click()
    page.get_by_text("When solved", exact=True).click()
    expect(page.get_by_role("switch", name="When solved")).to_be_checked()
    page.keyboard.press("Escape")
    board.play_until("status === 'stopped' && !playing")
    expect(board.root.locator(".words")).to_contain_text("test accuracy was")
    _, run = board.check()
    assert run.history.test_score[-1] >= 0.95
    assert (run.history.test_score[:-1] < 0.95).all()
    assert run.update == run.history.update[-1]
