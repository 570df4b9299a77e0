"""How quickly the lessons and the microscope answer, in a real Chromium beside the app on the same machine.

    python -m benchmarks.learn [--json FILE]

Times are taken inside the page: from the click to the animation frame after the one that shows what it asked for. A
row's value is the median of several. Run it on a quiet machine: server and browser share its cores with what else runs.
"""

from collections.abc import Iterator

from playwright.sync_api import Browser, Page

from benchmarks import table
from benchmarks.browser import SETTINGS, app_in_browser
from benchmarks.table import Row, row_of

SCREEN = {"width": 1366, "height": 768}
WORKED = "8-8"  # hidden layers: 2-8-8-1
OPENINGS, VISITS, FRAMES, MOVES, STRIPS = 7, 5, 9, 9, 3

# All elements that a selector finds, those in shadow roots included.
DEEP = """const deep = (selector, root = document) => [...root.querySelectorAll('*')].flatMap((element) =>
  [...(element.matches(selector) ? [element] : []), ...(element.shadowRoot ? deep(selector, element.shadowRoot) : [])]);
const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
const until = async (holds) => {
  const latest = performance.now() + 20000;
  while (!holds()) {
    if (performance.now() > latest) throw new Error('no picture after 20 s');
    await new Promise((done) => setTimeout(done, 1));
  }
};
"""
# The next frame of a walkthrough: all of its parts are there, the formula typeset.
NEXT_FRAME = f"""async (bar) => {{ {DEEP}
  const player = bar.closest('[data-testid=player]');
  const graph = player.querySelector('[data-testid=graph]');
  const formula = player.querySelector('[data-testid=formula]');
  const frame = bar.dataset.frame, drawn = graph.dataset.updates, set = formula.firstChild;
  const began = performance.now();
  bar.querySelector('button[aria-label="Next frame"]').click();
  await until(() => bar.dataset.frame !== frame && graph.dataset.updates !== drawn && formula.firstChild !== set);
  await painted();
  return performance.now() - began;
}}"""
# Opens the microscope by its tab, or by the card of a link on the board: graph, formula and who pulled are there.
OPEN = f"""async (way) => {{ {DEEP}
  const tab = () => deep('[role=tab]').find((each) => each.textContent.includes('Microscope'));
  const opener = way === 'tab' ? tab() : deep('.card .look').find((button) => button.checkVisibility());
  const parts = ['[data-testid=formula] .katex', '.item', '.pulls .row'];
  const began = performance.now();
  opener.click();
  await until(() => deep('[data-testid=player]').some((player) => parts.every((part) => player.querySelector(part))));
  await painted();
  return performance.now() - began;
}}"""
# From the key that moved the slider to the pictures drawn with the new number.
WATCH_KEYS = "addEventListener('keydown', () => { window.pressedAt = performance.now(); }, true)"
SKETCHES = f"""() => {{ {DEEP} return deep('[data-testid=sketch]').map((sketch) => +sketch.dataset.updates); }}"""
REDRAWN = f"""async (before) => {{ {DEEP}
  await until(() => deep('[data-testid=sketch]').every((sketch, i) => +sketch.dataset.updates > before[i]));
  await painted();
  return performance.now() - window.pressedAt;
}}"""
STRIP = f"""async () => {{ {DEEP}
  const button = [...document.querySelectorAll('button')].find((each) => each.textContent.includes('Run 20'));
  const began = performance.now();
  button.click();
  await until(() => /\\d+ of 20 starts/.test(document.body.textContent));
  await painted();
  return (performance.now() - began) / 1000;
}}"""


def new_page(browser: Browser) -> Page:
    return browser.new_context(viewport=SCREEN).new_page()


def measure_frames(page: Page) -> list[float]:
    """ms of frame changes, one after the other, each after a rest in which the page has become still."""
    bar = page.get_by_test_id("bar")
    page.get_by_test_id("formula").locator(".katex").first.wait_for()
    bar.locator(".mark").first.click()
    page.wait_for_timeout(1000)
    times = []
    for _ in range(FRAMES):
        times.append(bar.evaluate(NEXT_FRAME))
        page.wait_for_timeout(600)
    return times


def visited(browser: Browser, address: str) -> Page:
    """The playground, in a browser that was never here, after the moment that a visitor looks at it."""
    page = new_page(browser)
    page.goto(f"{address}/?{SETTINGS}&hidden={WORKED}")
    page.get_by_role("tab", name="Microscope").wait_for(timeout=60_000)
    page.wait_for_timeout(3000)
    return page


def measure_first_openings(browser: Browser, address: str) -> Row:
    times = []
    for _ in range(VISITS):
        page = visited(browser, address)
        times.append(page.evaluate(OPEN, "tab"))
        page.context.close()
    return row_of("microscope: the first time in a visit", times, "ms", 400)


def measure_microscope(browser: Browser, address: str) -> list[Row]:
    page = visited(browser, address)
    _, *by_tab = [open_and_leave(page, "tab") for _ in range(1 + OPENINGS)]
    by_card = [open_by_card(page) for _ in range(OPENINGS)]
    page.get_by_role("tab", name="Microscope").click()
    frames = measure_frames(page)
    page.context.close()
    return [
        row_of("microscope: next frame to its picture, 2-8-8-1", frames, "ms", 150),
        row_of("microscope: opened by its tab, 2-8-8-1", by_tab, "ms", 400),
        row_of("microscope: opened by the card of a link", by_card, "ms", 400),
    ]


def open_and_leave(page: Page, way: str) -> float:
    time = page.evaluate(OPEN, way)
    page.wait_for_timeout(600)
    page.get_by_role("tab", name="Parameters").click()
    page.wait_for_timeout(1500)
    return time


def open_by_card(page: Page) -> float:
    link = '.link[data-layer="0"][data-unit="1"][data-source="0"]'
    page.get_by_test_id("board").locator(f"button{link}").click(force=True)
    page.get_by_test_id("board").locator(".card .look").first.wait_for()
    page.wait_for_timeout(600)
    return open_and_leave(page, "card")


def measure_walkthrough(browser: Browser, address: str) -> Row:
    page = new_page(browser)
    page.goto(f"{address}/backpropagation")
    page.get_by_test_id("bar").wait_for(timeout=60_000)
    row = row_of("step 4: next frame to its picture", measure_frames(page), "ms", 150)
    page.context.close()
    return row


def measure_slider(browser: Browser, address: str) -> Row:
    page = new_page(browser)
    page.goto(f"{address}/neurons")
    thumb = page.locator(".st-key-quantity_neurons_x1").get_by_role("slider")
    thumb.wait_for(timeout=60_000)
    page.wait_for_timeout(3000)
    page.evaluate(WATCH_KEYS)
    times = []
    for _ in range(MOVES):
        before = page.evaluate(SKETCHES)
        thumb.press("ArrowRight")
        times.append(page.evaluate(REDRAWN, before))
        page.wait_for_timeout(800)
    page.context.close()
    return row_of("step 1: slider moved to its pictures", times, "ms", 300)


def measure_strip(browser: Browser, address: str) -> Row:
    """Each time a visitor who was never there: the starts are trained anew."""
    times = []
    for _ in range(STRIPS):
        page = new_page(browser)
        page.goto(f"{address}/training")
        page.get_by_role("button", name="Run 20 starts").wait_for(timeout=60_000)
        page.wait_for_timeout(4000)
        times.append(page.evaluate(STRIP))
        page.context.close()
    return row_of("step 5: 20 starts of 1000 epochs to their strip", times, "s", 3)


def measure_all(browser: Browser, address: str) -> Iterator[Row]:
    yield from measure_microscope(browser, address)
    yield measure_first_openings(browser, address)
    yield measure_walkthrough(browser, address)
    yield measure_slider(browser, address)
    yield measure_strip(browser, address)


def main() -> None:
    options = table.arguments(__doc__)
    with app_in_browser() as (browser, address):
        rows = table.printed(measure_all(browser, address))
    table.write(options.json, rows=rows)


if __name__ == "__main__":
    main()
