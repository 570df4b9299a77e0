"""Drawing with mouse, keys and fingers: what is on the map is what is learned from, and what the address holds."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

import scratchnet as sn
from tests.browser.lesson_page import PHONE
from tests.browser.live_board import MAP_AROUND, MAP_LEFT, MAP_TOP, LiveBoard
from tests.browser.test_accessibility import LOOKS, check, look_as

WINDOW = ((-6.0, 6.0), (-6.0, 6.0))
ROWS = [[-4, -4, 0, 0], [-4, 0, 0, 0], [-3, 3, 0, 0], [4, -4, 1, 0], [4, 0, 1, 0], [3, 3, 1, 0], [-2, -2, 0, 2]]

SCROLLED = "() => document.querySelector('[data-testid=stMain]').scrollTop + scrollY"


def link(rows=ROWS, **more) -> str:
    """The link of a small network and these points: x1, x2, class, part."""
    table = np.array(rows, dtype=float)
    points = sn.Points(
        "mine", table[:, :2], table[:, 2], ("x1", "x2"), "class", ("class 0", "class 1"), (), table[:, 3], WINDOW
    )
    return sn.Experiment(dataset=points, hidden=(4, 3), **more).to_query()


def place(board: LiveBoard, x1: float, x2: float) -> tuple[float, float]:
    """Where on the page a place of the data lies."""
    box = board.map.bounding_box()
    size = min(box["width"] - MAP_LEFT - 4, box["height"] - MAP_AROUND)
    return box["x"] + MAP_LEFT + (x1 + 6) / 12 * size, box["y"] + MAP_TOP + (6 - x2) / 12 * size


def pen(board: LiveBoard):
    return board.root.get_by_role("button", name="Draw", exact=True)


def tool(board: LiveBoard, name: str):
    return board.root.locator(".drawBar").get_by_role("button", name=name, exact=True)


def rows_of(board: LiveBoard) -> list[tuple[float, ...]]:
    """The points of the address at the update on screen."""
    return board.experiment().at(board.numbers().update).dataset.rows()


def is_near(row, x1: float, x2: float) -> bool:
    return abs(row[0] - x1) < 0.06 and abs(row[1] - x2) < 0.06  # the map is coarser than the data


def test_points_drawn_dragged_and_erased_while_it_plays_are_those_of_the_address(page, app, new_page):
    board = LiveBoard(page).open(app.address, link() + "&speed=5u")
    board.wait_until_nothing_is_painted()  # the page around it has come to rest
    boxes = [board.root.bounding_box(), board.map.bounding_box()]
    pen(board).click()
    board.play_until("update > 3")
    before = board.numbers().update
    page.mouse.click(*place(board, 0, 2))
    board.wait("points === 8")
    for name in ("Add a class", "Remove the last class"):
        warning = re.compile(f"^{name}: starts anew.*Undo brings back what was learned$")
        expect(board.root.get_by_role("button", name=warning)).to_have_attribute("title", warning)
    board.root.get_by_role("button", name="class 1", exact=True).click()
    page.mouse.click(*place(board, 1, -5))
    board.wait("points === 9")
    tool(board, "Move").click()
    page.mouse.move(*place(board, 4, 0))
    page.mouse.down()
    way = [place(board, 4 - 0.25 * step, 0.25 * step) for step in range(12)]
    for step in way[:-2]:
        page.mouse.move(*step)
        page.wait_for_timeout(40)
    page.wait_for_timeout(700)
    for step in way[-2:]:  # so soon after one another that only the first can have been said when the button is let go
        page.mouse.move(*step)
    page.mouse.up()
    tool(board, "Erase").click()
    page.mouse.click(*place(board, -3, 3))
    board.wait("points === 8")
    tool(board, "Flip").click()
    page.mouse.click(*place(board, -4, 0))
    now = board.numbers().update
    assert now >= before
    assert [board.root.bounding_box(), board.map.bounding_box()] == boxes  # nothing has jumped or grown
    board.wait(f"update > {now}")
    board.pause()
    shown, run = board.check()
    *kept, first, second = rows_of(board)
    assert kept[0] == (-4, -4, 0, 0) and kept[1] == (-4, 0, 1, 0) and kept[2] == (4, -4, 1, 0)
    assert is_near(kept[3], 1.25, 2.75) and kept[4:] == [(3, 3, 1, 0), (-2, -2, 0, 2)]
    assert is_near(first, 0, 2) and first[2:] == (0, 0) and is_near(second, 1, -5) and second[2:] == (1, 0)
    assert all(update >= before for update, _ in run.experiment.events)
    held = page.url
    for press in ("Undo", "Undo", "Undo", "Redo", "Redo", "Redo"):  # flip, erase, the whole drag, and back again
        generation = board.numbers().generation
        board.press(press)
        board.wait(f"generation > {generation}")
        if press == "Undo":
            expect(page).not_to_have_url(held)
            assert board.moment().experiment != run.experiment
    board.wait(f"update === {shown.update}")
    board.check()
    other = LiveBoard(new_page())
    other.page.goto(page.url)
    other.wait(f"update === {shown.update}")
    assert other.numbers().parameters == shown.parameters and other.numbers().train_loss == shown.train_loss


def test_from_nothing_by_the_keyboard_alone(page, app):
    board = LiveBoard(page).open(app.address, "dataset=circle&samples=100&hidden=4")
    said = board.root.locator(".drawBar [role=status]")
    pen(board).focus()
    page.keyboard.press("Enter")
    tool(board, "Clear").focus()
    page.keyboard.press("Enter")
    board.wait("points === 0")
    expect(board.root.locator(".words")).to_have_text("The map is empty: draw the first point, and learning can begin.")
    board.map.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    expect(said).to_have_text("x1 0.6, x2 0.3")
    page.keyboard.press("Enter")
    board.wait("points === 1 && trainLoss > 0")
    expect(said).to_have_text("Added a training point of class 0.")
    page.keyboard.press("2")
    expect(said).to_have_text("New points are of class 1.")
    for key in ("ArrowDown",) * 5:
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    board.wait("points === 2")
    page.keyboard.press("m")
    expect(said).to_have_text("Took up a training point of class 1.")
    for key in ("Shift+ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)
    page.keyboard.press("M")
    expect(said).to_have_text("Put down at x1 0.24, x2 −1.2.")
    page.keyboard.press("Enter")
    board.wait("points === 3")
    page.keyboard.press("Delete")
    board.wait("points === 2")
    page.keyboard.press("ArrowRight")  # moves the cross and makes no step
    page.wait_for_timeout(500)
    assert board.numbers().update == 0
    page.keyboard.press(" ")  # plays, as everywhere on the board
    board.wait("update > 5")
    page.keyboard.press(" ")
    board.wait("!playing")
    board.check()
    assert rows_of(board) == ((0.6, 0.3, 0, 0), (0.24, -1.2, 1, 0))


def test_a_finger_draws_on_a_phone_and_the_page_does_not_scroll(app, new_page):
    page = new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    board = LiveBoard(page).open(app.address, link())
    pen(board).scroll_into_view_if_needed()
    pen(board).tap()
    board.map.scroll_into_view_if_needed()
    page.touchscreen.tap(*place(board, 0, 2))
    board.wait("points === 8")
    tool(board, "Brush").tap()
    board.map.scroll_into_view_if_needed()
    top = board.map.bounding_box()["y"]
    finger = page.context.new_cdp_session(page)
    touch = [dict(zip("xy", place(board, 0, -1 - step / 2), strict=True)) for step in range(8)]
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": touch[:1]})
    for point in touch[1:]:
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        page.wait_for_timeout(40)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    board.wait("points > 14")
    assert board.map.bounding_box()["y"] == top
    board.check()
    for x1, x2, target, part in rows_of(board)[8:]:
        assert abs(x1) < 2 and -6 <= x2 < 1.5 and (target, part) == (0, 0)
    for _ in range(2):  # the whole stroke, then the point
        board.button("Undo").scroll_into_view_if_needed()
        board.press("Undo")
        page.wait_for_timeout(500)
    board.wait("points === 7")


def first_moved(board: LiveBoard, was: list[float]) -> tuple[float, ...]:
    """The first point of the address, once it is no longer what it was: the page around the board follows at rest."""
    for _ in range(100):
        if list(rows_of(board)[0]) != was:
            break
        board.page.wait_for_timeout(100)
    return rows_of(board)[0]


def test_the_range_of_a_curve_stays_under_the_pen_and_grows_when_it_is_lifted(page, app):
    points = sn.Points("mine", [[-3.0], [3.0]], [0.5, -0.5], ("x1",), "y", (), (), [0, 0], [[-6, 6]])
    board = LiveBoard(page).open(
        app.address, sn.Experiment(dataset=points, hidden=(3,), **sn.defaults_for(points)).to_query()
    )
    pen(board).click()
    tool(board, "Move").click()
    box = board.map.bounding_box()
    left, top, width, height = (
        box["x"] + 36,
        box["y"] + 6,
        box["width"] - 40,
        box["height"] - 34,
    )  # curveBox of curves.js
    reach = 1.3  # of the targets from -1 to 1 with the room above and below

    def at(x1, y):
        return left + (x1 + 6) / 12 * width, top + (reach - y) / (2 * reach) * height

    page.mouse.move(*at(-3, 0.5))
    page.mouse.down()
    for step in range(12):  # along the upper edge, with time for answers
        page.mouse.move(*at(-3 + 0.2 * step, 1.28))
        page.wait_for_timeout(100)
    board.wait("points === 2")
    page.mouse.up()
    x1, y, _ = first_moved(board, [-3, 0.5, 0])
    assert abs(x1 + 0.8) < 0.1 and abs(y - 1.28) < 0.03
    reach = 1.95  # the next step is 1.5
    page.mouse.move(*at(x1, y))
    page.mouse.down()
    page.mouse.move(*at(x1, 0.0))
    page.mouse.up()
    assert abs(first_moved(board, [x1, y, 0])[1]) < 0.03


@pytest.mark.parametrize("data", ["circle", "plane", "sine"])  # classes, heights, a curve
def test_on_a_phone_nothing_moves_when_the_bar_opens_or_the_page_says_something(app, new_page, data):
    page = new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    board = LiveBoard(page).open(app.address, f"dataset={data}&samples=60&hidden=3")
    expect(page.get_by_role("tab", name="Charts")).to_be_visible()  # what stands around the board has come, too
    board.wait_until_nothing_is_painted()
    parts = [board.root.locator(part) for part in (".mapBox", ".network", ".below", ".loss")]

    def heights():
        """Above the window, so that it does not matter how far it is scrolled."""
        board.wait_until_nothing_is_painted(300)  # and a tap may have scrolled, which takes its time
        return [round(part.evaluate(f"part => part.getBoundingClientRect().y + ({SCROLLED})()")) for part in parts]

    closed = heights()
    pen(board).tap()
    expect(tool(board, "Take these points")).to_be_visible()
    assert heights() == closed
    tool(board, "Take these points").tap()
    board.wait("points === 60")
    expect(page.get_by_test_id("stText").filter(has_text="All 60 points are yours now")).to_be_visible()
    assert heights() == closed
    pen_down = board.root.get_by_role("button", name="Done", exact=True)
    pen_down.tap()
    expect(pen(board)).to_be_visible()
    assert heights() == closed


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_serious_while_one_draws(page, app, look):
    board = LiveBoard(page).open(app.address, "dataset=circle&samples=60&hidden=3")
    look_as(page, look)
    pen(board).click()
    check(page, look)
    tool(board, "Take these points").click()
    board.wait("points === 60")
    expect(tool(board, "Label")).to_be_visible()
    check(page, look)
    board.map.focus()
    page.keyboard.press("ArrowUp")
    check(page, look)
