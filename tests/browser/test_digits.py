"""The digits page in a real browser: train, draw with the mouse and with keys, look at a mistake, come back to it."""

import re

from playwright.sync_api import Locator, Page, expect

from scratchnet.strokes import digit_of_strokes
from tests.browser.lesson_page import PHONE
from tests.drawn_digits import DRAWN
from ui.digits.reading import CANVAS, FIRST, PEN

READ_AS = re.compile(r"^\d, [\d.]+ % sure$")


# Presses keys on the canvas so many times, faster than a person can.
KEYS = """(paper, [keys, times]) => {
  const press = (key) => paper.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  for (let n = 0; n < times; n += 1) keys.forEach(press);
}"""


def ways(paper: Locator, digit: int) -> list[list[tuple[float, float]]]:
    """The strokes of a recorded digit, as places on the page."""
    box = paper.bounding_box()
    edge = 2  # the frame of the canvas
    scale = (box["width"] - 2 * edge) / CANVAS
    return [
        [(box["x"] + edge + scale * x, box["y"] + edge + scale * y) for x, y, _ in stroke] for stroke in DRAWN[digit]
    ]


def straight(digit: int):
    """What the network sees of it, without a browser."""
    return digit_of_strokes([[(x, y) for x, y, _ in stroke] for stroke in DRAWN[digit]], PEN).ravel()


def is_seen(digits: Locator, digit: int) -> bool:
    expected = straight(digit)
    return sum(abs(a - b) for a, b in zip(seen(digits), expected, strict=True)) < 0.06 * expected.sum()


def draw(page: Page, paper: Locator, digit: int) -> None:
    """Draw a recorded digit with the mouse."""
    for places in ways(paper, digit):
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place, steps=2)
        page.mouse.up()


def seen(digits: Locator) -> list[int]:
    return [int(ink) for ink in (digits.get_attribute("data-seen") or "").split()]


def test_a_network_that_was_trained_here_reads_what_is_drawn_and_guesses_nothing_of_an_empty_canvas(app, page):
    page.goto(f"{app.address}/digits")
    digits, paper = page.get_by_test_id("digits"), page.get_by_role("application", name="Canvas to draw a digit on")
    expect(digits).to_have_attribute("data-update", "0", timeout=60_000)
    expect(digits).to_contain_text("Nothing is drawn")
    bars = digits.locator(".bar")
    expect(bars).to_have_count(10)
    assert [bar.is_disabled() for bar in bars.all()] == [True] * 10

    digits.get_by_role("button", name="Train", exact=True).click()
    told = digits.get_by_text("Below is update 0; it is counted again when training rests.")
    expect(told).to_be_visible()
    expect(digits).to_have_attribute("data-epoch", "20", timeout=30_000)
    expect(digits).to_have_attribute("data-playing", "false")
    expect(told).to_have_count(0)
    assert float(digits.get_attribute("data-score") or 0) >= 0.95
    expect(digits).to_contain_text("Nothing is drawn")  # a trained network does not guess, either

    draw(page, paper, 3)
    expect(digits).to_have_attribute("data-answer", "3")
    expect(digits.locator(".read")).to_have_text(re.compile("^3, "))
    expect(digits).to_have_attribute("data-waits", "false")  # what the last point came to is answered
    assert is_seen(digits, 3)
    assert "sure" in (digits.get_by_test_id("aloud").text_content() or "")
    digits.get_by_role("button", name="Clear").click()
    expect(digits.locator(".read")).to_have_text("Nothing is drawn")
    right = []
    for digit in DRAWN:
        draw(page, paper, digit)
        expect(digits).to_have_attribute("data-waits", "false")
        right += [digit] * (digits.get_attribute("data-answer") == str(digit))
        if digit != 9:
            digits.get_by_role("button", name="Clear").click()
    assert len(right) >= 8, right

    digits.get_by_role("button", name=re.compile("^3 ")).click()  # what would speak for another digit
    expect(digits).to_contain_text("Why 3, and why not")
    mistake = digits.locator(".mistake").first
    truth, answer = re.search(r"(\d) read as (\d)", mistake.inner_text()).groups()
    mistake.click()
    expect(digits).to_have_attribute("data-answer", answer)
    assert truth != answer

    digits.get_by_role("button", name="Clear").click()
    paper.press("ArrowUp")
    paper.press(" ")
    for _ in range(14):
        paper.press("ArrowDown")
    paper.press(" ")
    expect(digits.locator(".read")).to_have_text(READ_AS)
    expect(digits).to_have_attribute("data-strokes", "1")
    expect(digits).to_have_attribute("data-waits", "false")
    ink = [seen(digits)[8 * row : 8 * row + 8] for row in range(8)]
    assert all(row[3] + row[4] > 0 == row[0] == row[7] for row in ink)  # an upright line in the middle
    paper.press("Delete")
    expect(digits.locator(".read")).to_have_text("Nothing is drawn")

    draw(page, paper, 0)
    expect(digits).to_have_attribute("data-answer", "0")
    page.get_by_test_id("stTopNav").get_by_text("Lab", exact=True).click()
    page.get_by_test_id("stTopNavDropdownLink").filter(has_text="Your own data").click()
    expect(page.get_by_role("heading", name="Your own data")).to_be_visible()
    page.go_back()
    expect(digits).to_have_attribute("data-answer", "0", timeout=60_000)  # the drawing is still there
    expect(digits).to_have_attribute("data-update", "860")

    expect(page).to_have_url(re.compile(r"dataset=digits.*&at=860$"))
    score = digits.get_attribute("data-score")
    page.reload()
    expect(digits).to_have_attribute("data-update", "860", timeout=60_000)
    assert digits.get_attribute("data-score") == score


def test_a_digit_is_drawn_with_a_finger_and_the_page_does_not_scroll(app, new_page):
    page = new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(f"{app.address}/digits?{FIRST.to_query()}&at=430")
    digits, paper = page.get_by_test_id("digits"), page.get_by_role("application", name="Canvas to draw a digit on")
    expect(digits).to_have_attribute("data-update", "430", timeout=60_000)
    paper.scroll_into_view_if_needed()
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    for digit in (3, 4):  # of one stroke, and of two
        top = paper.bounding_box()["y"]
        strokes = ways(paper, digit)
        for first, *rest in strokes:
            touch("touchStart", first)
            for place in rest:
                touch("touchMove", place)
                page.wait_for_timeout(10)
            touch("touchEnd")
        expect(digits).to_have_attribute("data-strokes", str(len(strokes)))
        expect(digits).to_have_attribute("data-waits", "false")
        assert paper.bounding_box()["y"] == top
        assert is_seen(digits, digit)
        expect(digits.locator(".read")).to_have_text(re.compile(f"^{digit}, "))
        page.wait_for_timeout(500)  # a touch that follows at once is a gesture with the one before, and no tap
        digits.get_by_role("button", name="Clear").tap()
        expect(digits.locator(".read")).to_have_text("Nothing is drawn")

    ((first, second, *_),) = ways(paper, 1)
    touch("touchStart", first)
    touch("touchMove", second)
    touch("touchMove", second, strokes[0][0])  # a second finger, or the palm, draws nothing
    touch("touchEnd")
    expect(digits).to_have_attribute("data-strokes", "1")


def test_a_drawing_has_an_end_which_is_said_and_the_network_goes_on_answering(app, page):
    page.goto(f"{app.address}/digits")
    digits, paper = page.get_by_test_id("digits"), page.get_by_role("application", name="Canvas to draw a digit on")
    expect(digits).to_have_attribute("data-update", "0", timeout=60_000)
    paper.evaluate(KEYS, [[" "], 1])
    for _ in range(6):  # in pieces, as a person who scribbles has answers on the way
        paper.evaluate(KEYS, [["ArrowLeft", "ArrowRight"], 200])
    full = digits.get_by_text("The canvas takes no more ink: clear it, or take back a stroke.")
    expect(full.first).to_be_visible()
    expect(digits).to_have_attribute("data-waits", "false")
    expect(digits.locator(".read")).to_have_text(READ_AS)
    paper.press(" ")
    paper.press("ArrowDown")
    expect(digits).to_have_attribute("data-strokes", "1")
    paper.hover()
    page.mouse.down()
    digits.get_by_role("button", name="Take back a stroke").press("Enter")  # under the pressed pointer
    page.mouse.move(*ways(paper, 1)[0][0])
    page.mouse.up()
    expect(digits).to_have_attribute("data-strokes", "0")
    expect(digits.locator(".read")).to_have_text("Nothing is drawn")
    expect(full.first).not_to_be_visible()
    draw(page, paper, 1)
    expect(digits).to_have_attribute("data-strokes", "1")
    expect(digits.locator(".read")).to_have_text(READ_AS)
