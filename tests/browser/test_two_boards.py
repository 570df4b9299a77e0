"""Two boards side by side on one page (tests/two_boards.py): both play and answer, and neither knows of the other."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import checked_server
from tests.browser.live_board import LiveBoard, difference, painted, parameters_of
from tests.browser.test_time import KEPT, RECORD, check_frames, place_of, slider
from ui.play.playground import Playground

PAGE = Path(__file__).parent.parent / "two_boards.py"
BIAS = (0, 1, None)


@pytest.fixture(scope="module")
def server():
    with checked_server(script=PAGE) as server:
        yield server


@pytest.fixture
def boards(server, new_page) -> list[LiveBoard]:
    page = new_page(viewport={"width": 1600, "height": 900})
    page.goto(server.address)
    both = [LiveBoard(page, name) for name in ("left", "right")]
    for board in both:
        board.wait("paints > 0")
    return both


def picture(board: LiveBoard) -> list[str]:
    """The large map as it is on screen, and what lies over it."""
    return board.root.locator(".mapBox canvas").evaluate_all("all => all.map((canvas) => canvas.toDataURL())")


def settle(board: LiveBoard) -> None:
    """Wait for the sharp map, that comes a moment after the board has come to rest."""
    board.wait_until_nothing_is_painted(1500)


def test_both_play_at_once_and_each_answers_while_the_other_goes_on(boards):
    left, right = boards
    for board in boards:
        board.set_speed("10 epochs/s")
        board.press("Play")
    for board in boards:
        board.wait("playing && update > 40")
    left.pause()
    rests = left.numbers().update
    gone = right.numbers().update
    right.wait(f"playing && update > {gone + 40}")
    left.press("Step one update")
    left.wait(f"update === {rests + 1}")
    assert right.numbers().playing
    right.pause()
    assert difference(left.numbers(), computed(left.numbers().update)) == ""
    assert difference(right.numbers(), computed(right.numbers().update)) == ""


def computed(update: int):
    """The run that both boards begin with, at this update."""
    run = Playground().run
    run.goto(update)
    return run


def test_the_slider_of_one_board_is_dragged_while_the_other_plays_and_neither_mixes(boards):
    left, right = boards
    page = left.page
    for board in boards:
        board.set_speed("10 epochs/s")
        board.press("Play")
    left.wait("playing && update > 300")
    left.pause()
    left.root.locator(".loss").scroll_into_view_if_needed()
    experiment = computed(0).experiment
    run = experiment.start()
    for board in boards:
        board.root.evaluate(RECORD)
    right_before = right.numbers()
    page.mouse.move(*place_of(left, 0.9))
    page.mouse.down()
    for step in range(50):
        page.mouse.move(*place_of(left, 0.9 - 0.012 * step))
        painted(page)
    page.mouse.move(*place_of(left, 0.25))
    page.mouse.up()
    left.wait("generation >= 0 && !playing")
    wanted = int(slider(left).input_value())
    left.wait(f"update === {wanted}")
    at_release = right.numbers()
    right.wait(f"playing && update > {at_release.update + 40}")
    seen, others = (board.root.evaluate("root => root.seen") for board in boards)

    kept = [row for row in seen if row[4] == KEPT]
    assert len({row[0] for row in kept}) > 8
    check_frames(experiment, kept)
    assert not any(row[3] for row in seen), "the left board played under the pointer"
    assert left.numbers().update == wanted
    assert difference(left.numbers(), computed(wanted)) == ""
    settle_at = int(left.root.get_attribute("data-furthest"))
    assert abs(wanted - 0.25 * settle_at) < 0.02 * settle_at

    # The right one is where it was going, frame by frame, and has heard nothing of it.
    assert at_release.playing and at_release.update > right_before.update
    assert at_release.generation == right_before.generation
    updates = [row[0] for row in others]
    assert updates == sorted(updates) and len(set(updates)) > 10
    assert all(row[3] and row[4] == right_before.generation for row in others)
    for update, train, test, *_ in others[:: max(1, len(others) // 40)]:
        run.goto(update)
        now = run.evaluate()
        assert (train, test) == (now.train_loss, now.test_loss), f"update {update}"
    page.wait_for_timeout(1500)  # and nothing comes late
    assert left.numbers().update == wanted and not left.numbers().playing
    right.pause()
    assert difference(right.numbers(), computed(right.numbers().update)) == ""


def test_an_edit_a_look_and_a_ring_on_one_board_never_reach_the_other(boards):
    left, right = boards
    for board in boards:
        settle(board)
    before, shown = right.numbers(), picture(right)
    assert before.parameters == left.numbers().parameters

    left.parameter(*BIAS).click(force=True)
    left.root.locator(".card input").fill("0,75")
    left.root.locator(".card input").press("Enter")
    left.wait("generation > 1")
    expect(left.root.locator('[data-kind=bias][data-layer="0"][data-unit="1"]')).to_have_attribute("data-bias", "0.75")
    settle(left)
    edited = picture(left)
    assert edited != shown

    left.parameter(*BIAS).click(force=True)
    left.root.locator(".card .look").click()
    left.page.get_by_test_id("pulls").wait_for()  # there is one microscope: the other board has not opened its own
    settle(left)
    assert picture(left) != edited  # with a ring around each point that pulled
    assert left.page.get_by_test_id("player").count() == 1
    settle(right)
    assert right.numbers() == before
    assert picture(right) == shown
    assert right.numbers().parameters == parameters_of(computed(0).network)


def test_a_reload_brings_back_what_played_on_each_board(boards):
    left, right = boards
    left.set_speed("5 updates/s")
    left.press("Play")
    right.set_speed("10 epochs/s")
    right.press("Play")
    left.wait("playing && update > 3")
    right.wait("playing && update > 60")
    gone = right.numbers().update
    left.page.reload()
    right.wait(f"playing && update > {gone}")
    left.wait("playing && update > 3")
    assert left.root.get_by_label("Speed", exact=True).input_value() == "5u"
    assert right.root.get_by_label("Speed", exact=True).input_value() == "10e"
    assert left.numbers().update < gone
