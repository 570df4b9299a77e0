"""How live the playground is, in a real Chromium beside the app on the same machine.

    python -m benchmarks.browser [--seconds 120] [--json FILE]

Times are taken inside the page: from the click to the animation frame that draws what it asked for. A row's value is
the median of several. Run it on a quiet machine: server and browser share its cores with whatever else runs.
"""

import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from benchmarks import table
from benchmarks.table import Row, row_of
from tools import app_server, find_chromium

SCREEN = {"width": 1400, "height": 900}
LAPTOP = {"width": 1366, "height": 768}
SETTINGS = "dataset=spiral&samples=500&batch_size=10&optimizer=sgd&learning_rate=0.03"  # 250 training points
NETWORKS = {
    "2-8-8-1": f"{SETTINGS}&hidden=8-8",
    "2-8x6-1": f"{SETTINGS}&hidden=8-8-8-8-8-8",
    "six classes": f"{SETTINGS.replace('spiral', 'six_blobs')}&hidden=8-8",
    "digits, 64-32-10": "dataset=digits&scaling=minmax&hidden=32&batch_size=32&optimizer=adam",
}
WARM_UP, WINDOWS, WINDOW = 3000, 3, 5000  # ms of playing before measuring; how often and how long
CLICKS = 7
OPENINGS = 7
POINTS = 8  # drawn in a window
# When the pointer was pressed, and when the board first shows a frame with another number of points.
PRESSED = """() => addEventListener("pointerdown", () => {
  window.pressedAt = performance.now();
}, { capture: true, once: true })"""
NEXT_POINT = """root => {
  const { points } = root.dataset;
  const found = new Promise((done) => {
    const observer = new MutationObserver(() => {
      if (root.dataset.points === points) return;
      observer.disconnect();
      done({ at: performance.now() });
    });
    observer.observe(root, { attributes: true });
  });
  return { found };
}"""
# ms from letting go of the pointer to the first frame that Python has sent for the place where it was.
EXACT = """root => {
  let released = Infinity;
  addEventListener("pointerup", () => { released = performance.now(); }, { capture: true, once: true });
  const found = new Promise((done) => {
    const observer = new MutationObserver(() => {
      if (released === Infinity || +root.dataset.generation < 0) return;
      observer.disconnect();
      done(performance.now() - released);
    });
    observer.observe(root, { attributes: true, attributeFilter: ["data-paints"] });
  });
  return { found };
}"""
BARE_PAGE = Path(__file__).parent / "bare_page.py"
ONE_FRAME = b'{"update":'  # begins each snapshot in the header of a payload

# Keeps a row for each moment something on the board's root changed: what was drawn, and when.
RECORD = """root => {
  root.rows = [];
  root.mark = "the same node";
  new MutationObserver(() => {
    const { playing, update, epoch, generation, paints } = root.dataset;
    root.rows.push({ at: performance.now(), playing: playing === "true", update: +update, epoch: +epoch,
      generation: +generation, paints: +paints });
    if (root.rows.length > 4000) root.rows.splice(0, 2000);
  }).observe(root, { attributes: true });
}"""
NOW = "root => ({ at: performance.now(), paints: +root.dataset.paints, epoch: +root.dataset.epoch })"
# Clicks a button of the board and gives the ms until its picture was drawn: for Play the first update that was not on
# screen, for a step the next update, for Pause the animation frame after which nothing moves.
CLICK = """(root, name) => new Promise((done, failed) => {
  const button = root.querySelector(`button[aria-label^="${name}"]`);
  const update = +root.dataset.update;
  const isDrawn = () => {
    if (name === "Pause") return root.dataset.playing === "false";
    if (name === "Play") return +root.dataset.update > update;
    return +root.dataset.update === update + 1;
  };
  const began = performance.now();
  const observer = new MutationObserver(() => {
    if (!isDrawn()) return;
    observer.disconnect();
    if (name === "Pause") requestAnimationFrame(() => done(performance.now() - began));
    else done(performance.now() - began);
  });
  observer.observe(root, { attributes: true });
  setTimeout(() => failed(new Error(`${name}: no picture after 20 s`)), 20000);
  button.click();
})"""


@contextmanager
def app_in_browser() -> Iterator[tuple[Browser, str]]:
    """A browser and the address of a fresh server of the app; without a Chromium the program ends."""
    chromium = find_chromium.find()
    if chromium is None:
        sys.exit("No Chromium was found: python tools/find_chromium.py installs one.")
    with (
        app_server.running() as server,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=list(find_chromium.FLAGS)) as browser,
    ):
        yield browser, server.address


def opened(browser: Browser, address: str, query: str) -> tuple[Page, Locator, float]:
    """A page of a browser that was never here, its board, and the ms from the navigation to the first whole board."""
    page = browser.new_context(viewport=SCREEN).new_page()
    page.goto(f"{address}/?{query}", wait_until="commit")
    board = page.get_by_test_id("board")
    board.and_(page.locator("[data-paints]")).wait_for()
    return page, board, page.evaluate("performance.now()")


def at_full_speed(board: Locator) -> None:
    board.get_by_label("Speed", exact=True).select_option(label="Full speed")
    board.page.wait_for_timeout(1000)


def play(board: Locator) -> float:
    return board.evaluate(CLICK, "Play")


def pause(board: Locator) -> float:
    return board.evaluate(CLICK, "Pause")


def measure_playing(browser: Browser, address: str, network: str, floors: dict) -> list[Row]:
    """Paints and epochs a second and bytes a snapshot, at full speed."""
    page = browser.new_context(viewport=SCREEN).new_page()
    received: list[bytes] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda message: received.append(message)))
    page.goto(f"{address}/?{NETWORKS[network]}")
    board = page.get_by_test_id("board")
    board.and_(page.locator("[data-paints]")).wait_for()
    at_full_speed(board)
    play(board)
    page.wait_for_timeout(WARM_UP)
    paints, epochs, bytes_each = [], [], []
    for _ in range(WINDOWS):
        received.clear()
        before = board.evaluate(NOW)
        page.wait_for_timeout(WINDOW)
        after = board.evaluate(NOW)
        seconds = (after["at"] - before["at"]) / 1000
        paints.append((after["paints"] - before["paints"]) / seconds)
        epochs.append((after["epoch"] - before["epoch"]) / seconds)
        messages = [message for message in received if isinstance(message, bytes)]
        snapshots = sum(message.count(ONE_FRAME) for message in messages)
        bytes_each.append(sum(map(len, messages)) / max(snapshots, 1) / 1000)
    pause(board)
    page.context.close()
    rows = [row_of(f"canvas paints, {network}", paints, "a second", floors["paints"], at_least=True)]
    if "epochs" in floors:
        rows += [row_of(f"epochs at full speed, {network}", epochs, "a second", floors["epochs"], at_least=True)]
    return [*rows, row_of(f"a snapshot on the wire, {network}", bytes_each, "kB", floors["kB"])]


def measure_clicks(browser: Browser, address: str) -> list[Row]:
    """Play, Pause, Step and the learning rate to their pictures."""
    page, board, _ = opened(browser, address, f"{SETTINGS}&hidden=8-8")
    at_full_speed(board)
    times = {"Play": [], "Pause": [], "Step one update": []}
    for _ in range(CLICKS):
        times["Play"].append(play(board))
        page.wait_for_timeout(1000)
        times["Pause"].append(pause(board))
        page.wait_for_timeout(1500)  # the page around the board comes to rest, too
        times["Step one update"].append(board.evaluate(CLICK, "Step one update"))
        page.wait_for_timeout(1500)
    rates = measure_learning_rate(page, board)
    page.context.close()
    return [
        row_of("Play to its picture", times["Play"], "ms", 120),
        row_of("Pause to its picture", times["Pause"], "ms", 50),
        row_of("Step to its picture", times["Step one update"], "ms", 200),
        row_of("learning rate chosen to a frame that used it", rates, "ms", 300),
    ]


def measure_learning_rate(page: Page, board: Locator) -> list[float]:
    """ms from the click on a rate in the list to the first frame of an update made with it."""
    page.evaluate("window.addEventListener('click', () => { window.clickedAt = performance.now(); }, true)")
    board.evaluate(RECORD)
    play(board)
    times = []
    for rate in ("0.1", "0.03") * 3:
        page.wait_for_timeout(1500)
        generation = int(board.get_attribute("data-generation"))
        page.get_by_role("combobox", name="Learning rate").click()
        page.get_by_role("option", name=rate, exact=True).click()
        drawn = page.wait_for_function(
            """([root, generation]) => {
              const rows = root.rows.filter((row) => row.generation > generation);
              return rows.find((row) => row.update > rows[0].update);
            }""",
            arg=[board.element_handle(), generation],
        ).json_value()
        times.append(drawn["at"] - page.evaluate("window.clickedAt"))
    pause(board)
    return times


def measure_drawing(browser: Browser, address: str) -> list[Row]:
    """While it plays at full speed: paints a second, and ms from a press on the map to the frame that has the point."""
    page, board, _ = opened(browser, address, NETWORKS["2-8-8-1"])
    at_full_speed(board)
    page.get_by_role("button", name="Draw", exact=True).click()
    page.get_by_role("button", name="Take these points", exact=True).click()
    board.get_by_label("Function that labels all points").wait_for()
    box = board.locator(".mapBox canvas").last.bounding_box()
    play(board)
    page.wait_for_timeout(WARM_UP)
    paints, times = [], []
    for window in range(WINDOWS):
        before = board.evaluate(NOW)
        for point in range(POINTS):
            page.evaluate(PRESSED)
            drawn = board.evaluate_handle(NEXT_POINT)
            along = (POINTS * window + point + 1) / (POINTS * WINDOWS + 1)
            page.mouse.click(box["x"] + box["width"] * (0.15 + 0.7 * along), box["y"] + box["height"] * 0.3)
            times.append(
                drawn.evaluate("({ found }) => found.then(({ at }) => at)") - page.evaluate("window.pressedAt")
            )
            page.wait_for_timeout(WINDOW / POINTS)
        after = board.evaluate(NOW)
        paints.append((after["paints"] - before["paints"]) / (after["at"] - before["at"]) * 1000)
    pause(board)
    page.context.close()
    return [
        row_of("canvas paints while points are drawn, 2-8-8-1", paints, "a second", 50, at_least=True),
        row_of("a point drawn to the frame that has it, 2-8-8-1 at full speed", times, "ms", 200),
    ]


def measure_dragging(browser: Browser, address: str) -> list[Row]:
    """Paints a second while one drags to and fro through a run, also as a share of those while it played; and ms from
    letting go to the exact frame."""
    page, board, _ = opened(browser, address, NETWORKS["2-8-8-1"])
    at_full_speed(board)
    play(board)
    page.wait_for_timeout(WARM_UP)
    before = board.evaluate(NOW)
    page.wait_for_timeout(WINDOW)
    after = board.evaluate(NOW)
    playing = (after["paints"] - before["paints"]) / (after["at"] - before["at"]) * 1000
    pause(board)
    page.wait_for_timeout(1500)
    box = board.get_by_role("slider", name="Time").bounding_box()
    paints, times = [], []
    for window in range(WINDOWS):
        page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 3)
        page.mouse.down()
        before = after = board.evaluate(NOW)
        step = 0
        while after["at"] - before["at"] < WINDOW:
            step += 1
            share = 0.5 + 0.4 * math.cos(step / 60 + window)
            page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 3)
            page.wait_for_timeout(5)
            if step % 20 == 0:
                after = board.evaluate(NOW)
        paints.append((after["paints"] - before["paints"]) / (after["at"] - before["at"]) * 1000)
        exact = board.evaluate_handle(EXACT)
        page.mouse.up()
        times.append(exact.evaluate("({ found }) => found"))
        page.wait_for_timeout(1000)
    page.context.close()
    return [
        row_of("canvas paints while one drags through time, 2-8-8-1", paints, "a second", 50, at_least=True),
        row_of("the same, of those while it played", [one / playing for one in paints], "", 0.85, at_least=True),
        row_of("time slider let go to the exact frame", times, "ms", 300),
    ]


def measure_opening(browser: Browser, address: str) -> list[Row]:
    """Seconds until the board is whole, and how much of that is the board's: beside a page with the least component."""
    whole, above = [], []
    with app_server.running(BARE_PAGE) as bare:
        for turn in range(OPENINGS + 1):
            page = browser.new_context(viewport=SCREEN).new_page()
            page.goto(bare.address, wait_until="commit")
            page.get_by_test_id("bare").wait_for()
            without = page.evaluate("performance.now()") / 1000
            page.context.close()
            page, _, milliseconds = opened(browser, address, "")
            page.wait_for_timeout(1500)
            page.context.close()
            if turn:  # the first warms both servers up
                whole.append(milliseconds / 1000)
                above.append(milliseconds / 1000 - without)
    words = "page opened to the first whole board (server warm, browser's cache empty)"
    beyond = "the same above a Streamlit page with one component"
    return [row_of(words, whole, "s", 2.5), row_of(beyond, above, "s", 0.5)]


def measure_first_visit(browser: Browser, address: str) -> list[Row]:
    """MB that a browser which was never here fetches for the playground and for a lesson after that, and how long the
    first whole board takes on a slow line. The charts, whose library is the largest part, are out of sight."""
    page = browser.new_context(viewport=LAPTOP).new_page()
    fetched: list[float] = []
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.on("Network.loadingFinished", lambda told: fetched.append(told["encodedDataLength"]))
    line.on("Network.webSocketFrameReceived", lambda told: fetched.append(0.75 * len(told["response"]["payloadData"])))
    megabytes = []
    for path, drawn in (("", page.locator("[data-paints]")), ("backpropagation", page.get_by_test_id("bar"))):
        page.goto(f"{address}/{path}")
        drawn.first.wait_for()
        page.wait_for_timeout(3000)
        megabytes.append(sum(fetched) / 1e6)
        fetched.clear()
    page.context.close()
    page = browser.new_context(viewport=LAPTOP).new_page()
    slow = {"offline": False, "latency": 300, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    page.set_default_timeout(120_000)
    page.goto(address, wait_until="commit")
    page.locator("[data-paints]").wait_for()
    seconds = page.evaluate("performance.now()") / 1000
    page.context.close()
    return [
        Row("fetched for the playground by a browser that was never here", megabytes[0], "MB", 1.2, at_least=False),
        Row("fetched beyond that for a lesson", megabytes[1], "MB", 0.8, at_least=False),
        Row("first whole board at 50 kB and 300 ms", seconds, "s", 30, at_least=False),
    ]


def measure_solving(browser: Browser, address: str) -> Row:
    """Seconds from Play to the end of the epoch at which the first experiment is solved."""
    page, board, _ = opened(browser, address, "")
    page.get_by_role("button", name="Training", exact=True).click()
    page.get_by_text("When solved", exact=True).click()
    page.wait_for_timeout(1500)
    page.keyboard.press("Escape")
    page.wait_for_timeout(1000)
    board.evaluate("root => { root.began = performance.now(); }")
    play(board)
    board.and_(page.locator('[data-status="stopped"][data-playing="false"]')).wait_for(timeout=60_000)
    seconds = board.evaluate("root => (performance.now() - root.began) / 1000")
    page.context.close()
    return Row("Play to solved, the experiment the page opens with", seconds, "s", 10, at_least=False)


def measure_endurance(browser: Browser, address: str, seconds: int) -> tuple[list[str], list[str]]:
    """Plays for so long. What was lost on the way, and what the console said."""
    page = browser.new_context(viewport=SCREEN).new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{address}/?{SETTINGS}&hidden=8-8")
    board = page.get_by_test_id("board")
    board.and_(page.locator("[data-paints]")).wait_for()
    main = page.get_by_test_id("stMain")
    page.wait_for_timeout(1500)
    at_full_speed(board)
    main.evaluate("main => main.scrollTo(0, 100)")
    board.evaluate(RECORD)
    play(board)
    page.wait_for_timeout(1000 * seconds)
    lost = []
    if board.get_attribute("data-playing") != "true":
        lost.append("it no longer plays")
    if board.evaluate("root => root.mark") != "the same node":
        lost.append("the board's node was replaced")
    if main.evaluate("main => main.scrollTop") != 100:
        lost.append("the page was scrolled")
    page.context.close()
    return lost, errors


def measure_all(browser: Browser, address: str) -> Iterator[Row]:
    opened(browser, address, "")[0].context.close()  # warms the server up
    yield from measure_playing(browser, address, "2-8-8-1", {"paints": 50, "epochs": 600, "kB": 12})
    yield from measure_playing(browser, address, "2-8x6-1", {"paints": 50, "epochs": 250, "kB": 28})
    yield from measure_playing(browser, address, "six classes", {"paints": 50, "kB": 16})
    yield from measure_playing(browser, address, "digits, 64-32-10", {"paints": 50, "kB": 16})
    yield from measure_drawing(browser, address)
    yield from measure_dragging(browser, address)
    yield from measure_clicks(browser, address)
    yield from measure_opening(browser, address)
    yield from measure_first_visit(browser, address)
    yield measure_solving(browser, address)


def main() -> None:
    options = table.arguments(__doc__, ("--seconds", 120, "how long the board must last"))
    with app_in_browser() as (browser, address):
        rows = table.printed(measure_all(browser, address))
        lost, errors = measure_endurance(browser, address, options.seconds)
    kept = "; ".join([*lost, *errors]) or "yes"
    print(f"| {options.seconds} s of playing: node and scroll kept, no console error | {kept} | yes | ", end="")
    print("yes |" if kept == "yes" else "**no** |")
    table.write(options.json, rows=rows, seconds=options.seconds, lost=lost, errors=errors)


if __name__ == "__main__":
    main()
