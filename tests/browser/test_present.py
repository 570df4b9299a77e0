"""The window for the projector in a real browser: all of it on the screen, type for the last row, a clicker's keys.

Looked at is every frame of the lessons, of the microscope and of the board, at the sizes of a projector and zoomed in.
"""

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Locator, Page, TimeoutError, expect

import scratchnet as sn
from tests.browser.test_accessibility import SERIOUS, is_streamlits
from ui.lesson import LESSONS
from ui.play.playground import Playground

PROJECTOR, LAPTOP, ZOOMED = ({"width": w, "height": h} for w, h in ((1280, 720), (1366, 768), (853, 480)))
LEAST = 20  # px of 1280 x 720, of letters and numbers that are read; what a formula sets small belongs to its signs
BODY = 22
XOR = f"{sn.Experiment(dataset='xor', hidden=(4,)).to_query()}&at=30"
# Two branches: as it began, and at another rate from update 400.
FORKED = "hidden=4-3&samples=200&400.learning_rate=0.3&at=900&until=1200&forks=_0_2000_400~~0_400"
LOADED = 60_000

# Letters on the screen as [px, text], without the small signs of formulas and what is not seen.
LETTERS = """() => {
  const found = [];
  const walk = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) walk(node.shadowRoot);
      const letters = [...node.childNodes].filter((child) => child.nodeType === 3);
      const own = letters.map((child) => child.data.trim()).join("");
      const isSaid = !node.closest(".katex, .unseen, style, script, noscript, title, [popover]:not(:popover-open)");
      if (!own || !isSaid) continue;
      if (!node.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const { width, height } = node.getBoundingClientRect();
      if (width < 2 || height < 2) continue;
      found.push([parseFloat(getComputedStyle(node).fontSize) * (node.currentCSSZoom || 1), own.slice(0, 40)]);
    }
  };
  walk(document);
  return found;
}"""
# How far the page can be scrolled down and sideways, and a formula that nobody scrolls on a wall.
OVER = """() => {
  const main = document.querySelector("[data-testid=stMain]");
  const roots = [...document.querySelectorAll("*")].map((node) => node.shadowRoot).filter(Boolean);
  const formulas = roots.flatMap((root) => [...root.querySelectorAll(".formula")]);
  return [
    main.scrollHeight - main.clientHeight,
    main.scrollWidth - main.clientWidth,
    ...formulas.map((formula) => formula.scrollWidth - formula.clientWidth - 1),
  ];
}"""

TOPMOST = """([x, y]) => {
  let node = document.elementFromPoint(x, y);
  while (node.shadowRoot) node = node.shadowRoot.elementFromPoint(x, y);
  return node.className;
}"""
IS_DARK = """() => {
  const { backgroundColor } = getComputedStyle(document.querySelector("[data-testid=stApp]"));
  return Number(backgroundColor.match(/[0-9]+/)[0]) < 128;
}"""


class Wall:
    """A window for the projector, and the means to use it."""

    def __init__(self, page: Page, address: str):
        self.page, self.address = page, address
        self.root = page.get_by_test_id("present")
        self.where = self.root.locator(".where")
        self.pointer = self.root.locator(".pointer")

    def open(self, path: str, query: str, size: dict = PROJECTOR) -> "Wall":
        self.page.set_viewport_size(size)
        self.page.goto(f"{self.address}/{path}?{query}&embed=true")
        self.root.wait_for(state="attached", timeout=LOADED)
        self.rests()
        return self

    def rests(self) -> None:
        """Python has answered, and what it sent is drawn."""
        expect(self.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        expect(self.page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=LOADED)
        self.page.wait_for_timeout(250)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.rests()

    def fits(self) -> None:
        """No scrolling. A picture may be drawn once more when its place has its size."""
        self.page.wait_for_function(f"() => ({OVER})().every((over) => over <= 0)", timeout=8000)

    def letters_are_large(self) -> None:
        """A chart may still be on its way to its size."""
        for _ in range(10):
            letters = self.page.evaluate(LETTERS)
            small = [(size, text) for size, text in letters if size < LEAST * self.page.viewport_size["width"] / 1280]
            if not small:
                return
            self.page.wait_for_timeout(300)
        raise AssertionError(f"too small for the last row in “{self.where.inner_text()}”: {small[:6]}")

    def places(self, most: int = 60) -> list[str]:
        """Goes on by the clicker until nothing comes next; the words of every place on the way, looked at."""
        seen: list[str] = []
        for _ in range(most):
            place = self.where.inner_text()
            if seen and place == seen[-1]:
                return seen
            seen.append(place)
            self.fits()
            self.letters_are_large()
            self.page.keyboard.press("PageDown")
            with_next = self.where.filter(has_not_text=re.compile(f"^{re.escape(place)}$"))
            is_last = all(at == of for at, of in re.findall(r"(\d+) of (\d+)", place))
            try:
                with_next.wait_for(timeout=3000 if is_last else LOADED)
            except TimeoutError:
                continue
            self.rests()
        raise AssertionError(f"there is no end after {most} places: {seen}")


@pytest.fixture
def wall(page: Page, app) -> Wall:
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return Wall(page, app.address)


def opacity(node: Locator) -> float:
    return node.evaluate("node => parseFloat(getComputedStyle(node).opacity)")


@pytest.mark.parametrize("path", LESSONS)
def test_a_clicker_leads_through_every_frame_of_a_lesson_each_on_one_screen_in_large_type(wall, path):
    wall.open(path, "present=lesson")
    places = wall.places()
    count = int(re.search(r"of (\d+)", places[0])[1])
    numbers = [int(re.match(r"(\d+) of", place)[1]) for place in places]
    assert sorted(set(numbers)) == list(range(1, count + 1)) and numbers == sorted(numbers)
    if path == "backpropagation":
        told = [place for place in places if "of 20)" in place]
        assert len(told) == len(set(told)) == 20
    wall.press("PageUp")
    expect(wall.where).to_have_text(places[-2])


def test_a_frame_begins_with_the_numbers_it_is_about_and_they_can_be_changed_by_hand(wall):
    wall.open("neurons", "present=lesson&slide=2")
    wall.press("PageDown")
    expect(wall.where).to_contain_text("The bias grows")
    expect(wall.page).to_have_url(re.compile("neurons.b%3A2(&|$)"))
    picture = wall.page.get_by_test_id("sketch")
    expect(picture).to_contain_text("z 2.34, a 0.9121")  # 0.4·0.5 + 0.6·0.2 + 0.2·0.1 + 2 and its sigmoid
    wall.page.get_by_role("slider").first.focus()
    wall.press("ArrowRight")
    expect(picture).to_contain_text("z 2.44")


def test_the_frame_stays_when_the_window_is_loaded_again(wall):
    wall.open("losses", "present=lesson")
    for _ in range(2):
        place = wall.where.inner_text()
        wall.press("PageDown")
        expect(wall.where).not_to_have_text(place)
    place = wall.where.inner_text()
    expect(wall.page).to_have_url(re.compile("[?&]slide=2"))
    wall.page.reload()
    expect(wall.where).to_have_text(place, timeout=LOADED)


@pytest.mark.parametrize("query", [XOR, "", "dataset=three_blobs&at=60"])
def test_a_clicker_leads_through_every_frame_of_the_microscope(wall, query):
    wall.open("", f"present=microscope&{query}")
    places = wall.places()
    count = int(re.search(r"of (\d+)\)", places[0])[1])
    assert len(places) == len(set(places)) == count
    wall.press("PageUp")
    expect(wall.where).to_have_text(places[-2])


def test_a_clicker_steps_the_board_on_and_back_to_the_very_same_numbers(wall):
    wall.open("", f"present=board&{XOR}")
    board = wall.page.get_by_test_id("board")
    expect(board).to_have_attribute("data-update", "30")
    loss = board.get_attribute("data-train-loss")
    for size in (PROJECTOR, LAPTOP):
        wall.page.set_viewport_size(size)
        wall.fits()
        wall.letters_are_large()
    wall.page.keyboard.press("PageDown")
    expect(board).to_have_attribute("data-update", "31")
    wall.page.keyboard.press("ArrowRight")
    expect(board).to_have_attribute("data-update", "32")
    assert board.get_attribute("data-train-loss") != loss
    wall.page.keyboard.press("PageUp")
    expect(board).to_have_attribute("data-update", "31")
    wall.page.keyboard.press("ArrowLeft")
    expect(board).to_have_attribute("data-update", "30")
    expect(board).to_have_attribute("data-train-loss", loss)
    assert board.locator("input:not([type=range]), .seeds, .probe").count() == 0
    expect(board.get_by_role("slider", name="Time")).to_have_value("30")
    board.locator("button.link").first.click(force=True)
    expect(board.locator("input:not([type=range])")).to_have_count(0)  # a weight is shown and not typed


def test_on_the_wall_one_goes_back_in_time_and_to_a_branch_and_nothing_begins_the_run_anew(wall):
    wall.open("", f"present=board&{FORKED}")
    board = wall.page.get_by_test_id("board")
    branches = board.get_by_role("group", name="Branches of this run")
    expect(branches.get_by_role("button")).to_have_count(2, timeout=LOADED)  # none to rename or delete one
    expect(board).to_have_attribute("data-furthest", "1200")
    wall.rests()
    box = board.get_by_role("slider", name="Time").bounding_box()
    wall.page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + box["height"] / 2)
    wall.page.mouse.down()
    wall.page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + box["height"] / 2, steps=8)
    wall.page.mouse.up()
    expect(board).to_have_attribute("data-update", re.compile("^(5[5-9]|6[0-4]).$"))  # half of 1200
    branches.get_by_role("button", pressed=False).click()
    expect(branches.get_by_role("button", pressed=True)).to_have_text(re.compile("^A"))
    branches.get_by_role("button", pressed=False).click()
    expect(board).to_have_attribute("data-furthest", "1200")
    expect(board.get_by_role("button", name=re.compile("^(Add|Remove|Reset|Rename|Delete)"))).to_have_count(0)
    expect(board.locator(".feature")).to_have_count(2)
    expect(board.locator(".feature:not([inert])")).to_have_count(0)
    box = board.locator(".feature").first.bounding_box()
    wall.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    board.get_by_role("button", name="Back to update 0").click()
    expect(board).to_have_attribute("data-update", "0")
    wall.rests()
    expect(board).to_have_attribute("data-furthest", "1200")
    expect(branches.get_by_role("button")).to_have_count(2)


def apart(one: Locator, other: Locator) -> bool:
    a, b = one.bounding_box(), other.bounding_box()
    return any(
        first[at] + first[length] <= second[at]
        for first, second in ((a, b), (b, a))
        for at, length in (("x", "width"), ("y", "height"))
    )


def four_branches() -> str:
    """The link of a run with weights set by hand in three of its branches."""
    pg = Playground(sn.Experiment.from_query("hidden=4-3&samples=200")[0])
    pg._stand_at(600)
    for update in (40, 400, 410):
        pg.branch(0, update)
        pg.edit(0, 1, None, 0.5)
    return pg.link


def test_on_the_wall_nothing_lies_over_the_map_or_the_numbers_where_the_mouse_is(wall):
    wall.open("", f"present=board&{FORKED}")
    board = wall.page.get_by_test_id("board")
    chips, tip = board.locator(".branch"), board.get_by_role("tooltip")
    expect(chips).to_have_count(2, timeout=LOADED)
    chips.nth(1).hover()
    wall.page.wait_for_timeout(600)
    expect(tip).to_be_hidden()  # its name can be read
    board.get_by_role("button", name=re.compile("^Unit 2 of layer 1")).first.hover()
    expect(board.locator(".scale")).to_contain_text("−1")  # the map is the unit's
    for kind, number in zip(board.locator(".kind").all(), board.locator(".kind + .number").all(), strict=True):
        assert not kind.is_visible() or apart(kind.locator(".term"), number)
    wall.open("", f"present=board&{four_branches()}")
    expect(chips).to_have_count(4, timeout=LOADED)
    chips.nth(1).hover()
    expect(tip).to_have_text("weights set by hand from update 40")
    assert all(apart(tip, part) for part in (board.locator(".mapBox"), board.locator(".forks"), board.locator(".loss")))


# What stood where: of each of these, its left end and its width, whenever the board is painted.
STANDS = """root => {
  root.stood = new Set();
  const note = () => root.stood.add(JSON.stringify([".forks", ".mapBox", ".readings"].map((part) => {
    const { x, width } = root.querySelector(part).getBoundingClientRect();
    return [x, width].map(Math.round);
  })));
  note();
  new MutationObserver(note).observe(root, { attributes: true, attributeFilter: ["data-paints"] });
}"""


def test_on_the_wall_nothing_is_pushed_aside_while_it_plays_and_the_branch_on_screen_is_in_sight(wall):
    wall.open("", f"present=board&speed=10e&{four_branches()}")
    board = wall.page.get_by_test_id("board")
    expect(board.locator(".branch[aria-pressed=true]")).to_be_in_viewport(ratio=0.9, timeout=LOADED)
    board.evaluate(STANDS)
    board.get_by_role("button", name="Play").click()
    for _ in range(3):
        said = board.locator(".words").inner_text()
        expect(board.locator(".words")).not_to_have_text(said)
    assert len(board.evaluate("root => [...root.stood]")) == 1


# The lines beside Training and Test, and what the strip holds beyond its end.
SAMPLES = """root => [...root.querySelectorAll(".sample")].map((line) => line.getBoundingClientRect().width)
  .filter((width) => width > 0)"""


def test_on_the_wall_long_numbers_of_updates_leave_room_for_the_results(wall):
    wall.open("", f"present=board&{XOR}")
    board = wall.page.get_by_test_id("board")
    for number, text in zip(board.locator(".counters .number").all(), ("31,888", "318,884"), strict=True):
        number.evaluate("(node, text) => { node.textContent = text; }", text)
    samples, strip = board.evaluate(SAMPLES), board.locator(".strip")
    assert len(samples) == 2 and min(samples) >= 30
    assert strip.evaluate("strip => strip.scrollWidth - strip.clientWidth") <= 0
    assert apart(board.locator(".counters"), board.locator(".readings"))


def test_the_map_is_read_where_the_mouse_is_though_the_page_is_enlarged(wall):
    wall.open("", f"present=board&{XOR}")
    board = wall.page.get_by_test_id("board")
    expect(board).to_have_attribute("data-update", "30")
    canvas = board.get_by_role("img", name="Output over the inputs")
    box = canvas.bounding_box()
    left, size = (
        30 / canvas.evaluate("c => c.clientWidth"),
        canvas.evaluate("c => Math.min(c.clientWidth - 34, c.clientHeight - 28) / c.clientWidth"),
    )
    across = left + size / 2  # the middle of the map is the middle of its domain
    down = (6 / canvas.evaluate("c => c.clientWidth") + size / 2) * box["width"]
    wall.page.mouse.click(box["x"] + across * box["width"], box["y"] + down)
    expect(wall.page).to_have_url(re.compile(r"[?&]input="))
    x1, x2 = map(float, re.search(r"input=([^&]+)", wall.page.url)[1].split("_"))
    assert abs(x1) < 0.1 and abs(x2) < 0.1, (x1, x2)  # the domain reaches from -6 to 6


def test_the_spotlight_dims_what_the_frame_is_not_about_and_can_be_put_out(wall):
    wall.open("backpropagation", "present=lesson&slide=1")
    wall.press("PageDown")
    dim, lit = (wall.page.locator(f"[data-testid=graph] .{kind}").first for kind in ("links .dim", "item.lit"))
    lit.wait_for()
    bright = opacity(lit)
    assert wall.root.get_attribute("data-spotlight") == "true"
    assert bright > 0.9 and opacity(dim) < 0.2
    wall.press("s")
    assert opacity(dim) == pytest.approx(0.32) and opacity(lit) == bright
    wall.page.get_by_role("button", name="Spotlight (S)").click()
    assert opacity(dim) < 0.2


def test_on_the_board_the_spotlight_is_where_the_mouse_is(wall):
    wall.open("", f"present=board&{XOR}")
    network, output = wall.page.locator(".board .network"), wall.page.locator(".board .output")
    network.hover(position={"x": 5, "y": 60})
    assert opacity(output) == 1
    wall.press("s")
    assert opacity(output) < 0.2
    wall.page.locator(".board .mapRow").hover()
    assert opacity(output) == 1 and opacity(wall.page.locator(".board .left")) < 0.2


def test_the_pointer_is_large_follows_the_mouse_and_goes_when_it_rests(wall):
    wall.open("neurons", "present=lesson")
    expect(wall.pointer).to_be_hidden()
    wall.press("l")
    for x, y in ((300, 200), (900, 500)):
        wall.page.mouse.move(x, y)
        box = wall.pointer.bounding_box()
        assert (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) == pytest.approx((x, y), abs=1)
        assert box["width"] == pytest.approx(0.05 * 1280, abs=1)
        assert opacity(wall.pointer) == 1
    wall.page.wait_for_function("() => true")
    expect(wall.pointer).to_have_class(re.compile("rests"), timeout=5000)
    assert opacity(wall.pointer) == 0
    wall.press("l")
    expect(wall.pointer).to_be_hidden()


def test_black_covers_everything_and_the_next_key_of_the_clicker_brings_it_back(wall):
    wall.open("neurons", "present=lesson")
    black = wall.root.locator(".black")
    place = wall.where.inner_text()
    for key, back in ((".", "."), ("b", "b"), (".", "PageDown"), ("b", "Escape")):
        wall.press(key)
        box = black.bounding_box()
        assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 1280, 720)
        assert wall.page.evaluate(TOPMOST, [640, 710]) == "black"
        wall.press(back)
        expect(black).to_be_hidden()
    expect(wall.where).to_have_text(place)  # nothing went on unseen


def test_full_screen_by_the_button_and_by_the_keys(wall):
    wall.open("neurons", "present=lesson")
    is_full = "() => Boolean(document.fullscreenElement)"
    wall.page.get_by_role("button", name="Full screen (F)").click()
    wall.page.wait_for_function(is_full)
    wall.page.keyboard.press("f")
    wall.page.wait_for_function("() => !document.fullscreenElement")
    wall.page.keyboard.press("F5")  # a clicker's start; the page is not loaded again
    wall.page.wait_for_function(is_full)
    wall.page.keyboard.press("F5")
    wall.page.wait_for_function("() => !document.fullscreenElement")


def test_the_theme_is_that_of_the_page_and_the_button_takes_the_other_one_at_the_same_frame(wall):
    wall.open("losses", "present=lesson&slide=4")
    place = wall.where.inner_text()
    assert not wall.page.evaluate(IS_DARK)
    wall.page.keyboard.press("t")
    wall.page.wait_for_url(re.compile("embed_options=dark_theme"))
    expect(wall.where).to_have_text(place, timeout=LOADED)
    assert wall.page.evaluate(IS_DARK)
    wall.page.keyboard.press("t")
    wall.page.wait_for_url(re.compile("embed_options=light_theme"))
    expect(wall.where).to_have_text(place, timeout=LOADED)
    assert not wall.page.evaluate(IS_DARK)


@pytest.mark.parametrize(
    ("path", "query"), [("backpropagation", "present=lesson&slide=1"), ("", f"present=board&{XOR}")]
)
def test_zoomed_to_150_percent_letters_are_larger_and_controls_and_sentence_stay_on_the_screen(wall, path, query):
    wall.open(path, query, ZOOMED)
    letters = [size for size, _ in wall.page.evaluate(LETTERS)]
    assert sorted(letters)[len(letters) // 20] * 1.5 >= 1.2 * BODY  # pixels of the wall
    kept = wall.page.locator(".player .sentence, .board .transport").first
    wall.page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 150)")
    wall.page.wait_for_timeout(200)
    for node in (kept, wall.root.locator(".bar"), wall.root.get_by_role("button", name="Next")):
        expect(node).to_be_in_viewport(ratio=0.9)
    assert wall.page.evaluate(OVER)[1] <= 0


def test_the_keys_are_told_in_the_window_and_a_slider_keeps_its_own(wall):
    wall.open("neurons", "present=lesson&slide=2")
    place = wall.where.inner_text()
    keys = wall.root.locator(".keys")
    expect(keys).to_be_hidden()
    wall.page.keyboard.press("?")
    expect(keys).to_contain_text("full screen")
    wall.page.keyboard.press("?")
    expect(keys).to_be_hidden()
    slider = wall.page.get_by_role("slider").first
    slider.focus()
    wall.press("ArrowRight")
    expect(wall.page).to_have_url(re.compile("neurons.b%3A0.2"))  # it moved by one of its steps
    expect(wall.where).to_have_text(place)
    wall.page.keyboard.press("PageDown")  # a clicker goes on whatever has the focus
    expect(wall.where).not_to_have_text(place)


def test_the_way_to_the_wall_is_on_the_board_in_the_microscope_and_in_lessons_and_opens_what_is_on_screen(page, app):
    page.goto(f"{app.address}/?{XOR}")
    page.get_by_test_id("board").wait_for()
    expect(page.get_by_test_id("board")).to_have_attribute("data-update", "30")
    way = page.get_by_role("link", name="Present")
    expect(way).to_have_attribute("href", re.compile("at=30.*present=board.*embed=true"))
    with page.context.expect_page() as opened:
        way.click()
    new = opened.value
    expect(new.get_by_test_id("board")).to_have_attribute("data-update", "30", timeout=LOADED)
    expect(new.get_by_test_id("present")).to_be_attached()
    expect(new.get_by_test_id("stHeader")).to_be_hidden()
    expect(new.get_by_role("navigation")).to_have_count(1)  # our own bar; the menu is not sent
    new.close()
    page.goto(f"{app.address}/backpropagation")
    bar = page.get_by_test_id("bar")
    bar.get_by_role("button", name="Next frame").click(timeout=LOADED)
    bar.get_by_role("button", name="Next frame").click()
    key = bar.get_attribute("data-frame")
    with page.context.expect_page() as opened:
        page.get_by_test_id("player").get_by_role("link", name="Present").click()
    new = opened.value
    expect(new.get_by_test_id("present").locator(".where")).to_contain_text("(3 of 20)", timeout=LOADED)
    assert f"frame={key}." in new.url
    new.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("path", "query"),
    [("", f"present=board&{XOR}"), ("", f"present=microscope&{XOR}"), ("forward", "present=lesson&slide=2")],
)
def test_axe_finds_nothing_serious_on_the_wall(wall, path, query, scheme):
    wall.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    wall.open(path, query)
    if path or "microscope" in query:
        wall.press("s")  # what is dimmed on purpose is not to be read
    wall.page.keyboard.press("?")
    wall.page.evaluate(AXE_SCRIPT)
    found = wall.page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    faults = [
        f"{rule['id']}: {node['html'][:150]} {node['failureSummary'][:200]}"
        for rule in found["violations"]
        if rule["impact"] in SERIOUS
        for node in rule["nodes"]
        if not is_streamlits(wall.page, rule["id"], node["target"])
    ]
    assert not faults, "\n".join(faults)
