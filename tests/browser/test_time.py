"""The time slider: what it shows on the way is true, and where one lets go the numbers are exact."""

import re

from playwright.sync_api import Locator, Page, expect

import scratchnet as sn
from tests.browser.live_board import LiveBoard

SMALL = "dataset=circle&samples=200&batch_size=10&hidden=4-3&optimizer=sgd&learning_rate=0.1"
# Keeps what was drawn, and by which answer or, of a kept frame, by none.
RECORD = """root => {
  root.seen = [];
  new MutationObserver(() => {
    const { update, trainLoss, testLoss, playing, generation } = root.dataset;
    root.seen.push([+update, +trainLoss, +testLoss, playing === "true", +generation]);
  }).observe(root, { attributes: true, attributeFilter: ["data-paints"] });
}"""
KEPT = -2  # the generation of a frame that was kept


def slider(board: LiveBoard) -> Locator:
    return board.root.get_by_role("slider", name="Time")


def place_of(board: LiveBoard, share: float) -> tuple[float, float]:
    """Where on the page a share of the way lies on the curve."""
    box = slider(board).bounding_box()
    return box["x"] + 8 + share * (box["width"] - 16), box["y"] + box["height"] / 3


def played(page: Page, address: str, query: str = SMALL, until: int = 1500) -> LiveBoard:
    board = LiveBoard(page).open(address, query)
    board.set_speed("100 epochs/s")
    board.play_until(f"update > {until}")
    return board


def check_frames(experiment: sn.Experiment, seen: list[list]) -> None:
    """Each picture that was seen has the losses of a fresh run at its update."""
    run = experiment.start()
    for update, train, test, *_ in sorted(seen):
        run.goto(update)
        now = run.evaluate()
        assert (train, test) == (now.train_loss, now.test_loss), f"update {update}"


def test_dragging_while_it_plays_shows_true_pictures_and_ends_exactly_and_play_goes_on_along_the_same_future(app, page):
    board = played(page, app.address)
    board.root.evaluate(RECORD)
    page.mouse.move(*place_of(board, 0.9))
    page.mouse.down()
    for step in range(60):
        page.mouse.move(*place_of(board, 0.9 - 0.01 * step))
        page.wait_for_timeout(16)
    dragged = board.root.evaluate("root => root.seen.splice(0)")
    assert not board.numbers().playing
    kept = [row for row in dragged if row[4] == KEPT]
    assert len({row[0] for row in kept}) > 20
    first = dragged.index(kept[0])
    rest = [row for row in dragged[first:] if row[4] != KEPT]
    assert not [row for row in rest if row[3]], "it played on under the pointer"
    assert slider(board).evaluate("node => +node.value !== +node.max")
    board.wait("generation >= 0 && !playing")  # the pointer rests: the exact frame comes before it lets go
    resting = board.numbers().update
    page.mouse.move(*place_of(board, 0.35))
    board.wait(f"generation === {KEPT} && update > {resting}")
    page.mouse.move(*place_of(board, 0.31))
    page.mouse.up()
    board.wait("generation >= 0 && !playing")
    wanted = int(slider(board).input_value())
    assert board.numbers().update == wanted
    furthest = int(board.root.get_attribute("data-furthest"))
    assert abs(wanted - 0.31 * furthest) < 0.01 * furthest
    _, run = board.check()
    board.check_map(run)
    check_frames(run.experiment, kept)
    expect(slider(board)).to_have_attribute(
        "aria-valuetext", re.compile(f"^update {wanted:,} of {furthest:,}, training loss 0\\.")
    )
    expect(board.root.locator(".unseen[role=status]")).to_contain_text(f"Update {wanted:,} of {furthest:,}.")
    board.set_speed("10 epochs/s")
    board.play_until(f"update > {wanted + 100}")
    assert int(board.root.get_attribute("data-furthest")) == furthest
    board.pause()
    after, _ = board.check()
    assert wanted < after.update < furthest


def test_a_click_on_the_curve_and_the_keys_go_there_and_the_last_of_quick_moves_wins(app, page):
    board = played(page, app.address)
    board.pause()
    board.check()
    furthest = int(board.root.get_attribute("data-furthest"))
    page.mouse.click(*place_of(board, 0.5))
    board.wait(f"Math.abs(update - {furthest / 2}) < {furthest / 100} && generation >= 0")
    shown, _ = board.check()
    time = slider(board)
    time.focus()
    for key, update in (("ArrowLeft", shown.update - 1), ("ArrowRight", shown.update), ("Home", 0), ("End", furthest)):
        time.press(key)
        board.wait(f"update === {update} && generation >= 0")
        board.check()
    time.press("PageDown")
    board.wait(f"update < {0.95 * furthest} && generation >= 0")
    board.check()
    generation = board.numbers().generation
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
    last = int(time.input_value())
    board.wait(f"update === {last} && generation > {generation}")
    board.check()
    assert board.numbers().update == last


def test_a_finger_moves_through_time_too(app, new_page):
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    board = played(page, app.address, until=600)
    board.pause()
    board.root.locator(".loss").scroll_into_view_if_needed()
    board.check()
    furthest = int(board.root.get_attribute("data-furthest"))
    x, y = place_of(board, 0.8)
    finger = page.context.new_cdp_session(page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(20):
        at = place_of(board, 0.8 - 0.03 * step)
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": at[0], "y": at[1]}]})
        page.wait_for_timeout(16)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    board.wait(f"update < {furthest / 2} && generation >= 0")
    assert board.numbers().update == int(slider(board).input_value())
    board.check()


def test_who_opens_a_link_late_in_a_run_drags_through_pictures_that_python_makes_of_it(app, page):
    board = LiveBoard(page).open(app.address, f"{SMALL}&at=3000")
    board.wait("update === 3000 && !playing")
    board.check()
    board.root.evaluate(RECORD)
    page.mouse.move(*place_of(board, 0.9))
    page.wait_for_timeout(600)
    page.mouse.down()
    for step in range(40):
        page.mouse.move(*place_of(board, 0.9 - 0.02 * step))
        page.wait_for_timeout(16)
    seen = [row for row in board.root.evaluate("root => root.seen") if row[4] == KEPT]
    page.mouse.up()
    board.wait("generation >= 0")
    _, run = board.check()
    assert len({row[0] for row in seen}) > 8
    check_frames(run.experiment, seen)
