"""Accessibility: axe-core finds nothing serious on any page, light, dark or on a phone, and no name stands twice.

axe-core comes with the package axe-playwright-python; it sees into the open shadow roots of the components.
"""

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SCREEN
from tests.browser.lesson_page import PHONE, LessonPage
from tests.browser.live_board import LiveBoard
from tests.browser.test_one_screen import FORKED
from tests.menu_pages import menu_pages
from tests.test_config import contrast
from ui.classroom import hand_in
from ui.classroom.tasks import TASKS
from ui.lesson import LESSONS

SERIOUS = ("serious", "critical")
# What is Streamlit's own markup and cannot be changed from an app: the rule, and the element below which it is excused.
STREAMLIT = {
    # The menu of a phone puts its sections as <div> between <ul> and <li>.
    "list": "[data-testid=stSidebarNavItems]",
    "listitem": "[data-testid=stSidebarNavItems]",
    # st.latex, st.code, and Markdown with a wide formula or table, may be scrolled sideways. Browsers let the keyboard
    # reach such a box by themselves, unknown to axe.
    "scrollable-region-focusable": ".katex-display, [data-testid=stCode], [data-testid=stMarkdownContainer]",
}
# Names that assistive technology reads, as [place, role, name]; the microscope and the step-through show parts of a
# network that the page has already named, and are a place of their own. Not asked for: what a group or a
# table around it tells apart (radio buttons, cells), and what Streamlit adds to lists ("Open"), tables and charts.
NAMES = """() => {
  axe.setup(document.body);
  try {
    const place = (root) => {
      if (!root.host) return "page";
      const board = root.querySelector(".board.compared"); // a region with a letter of its own
      if (board) return board.getAttribute("aria-label").split(".")[0];
      return root.querySelector("[data-testid=player]") ? "player" : "page";
    };
    const named = "button, a[href], input, select, [role=button], [role=tab], [role=slider]";
    const grouped = "[type=radio], [role=radio], [type=hidden], [data-rac] > button[aria-label=Open]";
    return axe.utils.querySelectorAll(axe._tree, named)
      .filter((found) => axe.commons.dom.isVisibleToScreenReaders(found))
      .filter(({ actualNode: node }) => !node.matches(grouped))
      .filter(({ actualNode: node }) => !node.closest("td, th, [data-testid=stElementToolbar], .modebar"))
      .map((found) => {
        const name = axe.commons.text.accessibleTextVirtual(found);
        return [place(found.actualNode.getRootNode()), axe.commons.aria.getRole(found), name];
      });
  } finally {
    axe.teardown();
  }
}"""
# A lesson on a phone has the elements that were looked at before, elsewhere; and each look costs a second.
OF_THE_WIDTH = ("color-contrast", "scrollable-region-focusable", "target-size")
LOOKS = {"light": ("light", SCREEN), "dark": ("dark", SCREEN), "phone": ("light", PHONE)}


def look_as(page: Page, look: str) -> None:
    scheme, size = LOOKS[look]
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size(size)
    page.wait_for_function(
        """scheme => {
          const { backgroundColor } = getComputedStyle(document.querySelector("[data-testid=stApp]"));
          return (backgroundColor.match(/[0-9]+/)[0] < 128) === (scheme === "dark");
        }""",
        arg=scheme,
    )


def serious_faults(page: Page, rules: tuple[str, ...], within: str | None) -> list[str]:
    """One line for each: the rule, the element and what axe says of it. rules: none for all; within: a part of it."""
    options = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
    if not page.evaluate("'axe' in window"):  # it stays until another page is opened; half a megabyte to compile
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("([within, options]) => axe.run(within ?? document, options)", [within, options])
    return [
        f"{rule['id']}: {node['html'][:120]} {node['failureSummary'][:300]}"
        for rule in found["violations"]
        if rule["impact"] in SERIOUS
        for node in rule["nodes"]
        if not is_streamlits(page, rule["id"], node["target"])
    ]


def is_streamlits(page: Page, rule: str, target: list) -> bool:
    """target: selectors, one for each frame; a list where the element is in a shadow root, and so in ours."""
    if rule not in STREAMLIT or not isinstance(target[0], str):
        return False
    return page.evaluate("([at, of]) => Boolean(document.querySelector(at)?.closest(of))", [target[0], STREAMLIT[rule]])


def names_that_stand_twice(page: Page) -> list:
    names = page.evaluate(NAMES)
    return [name for place, name in enumerate(names) if name in names[:place] or not name[2].strip()]


def check(page: Page, look: str, rules: tuple[str, ...] = (), within: str | None = None) -> None:
    """Nothing serious, and no name that stands twice. In the dark only the colours are others.

    A colour may still be on its way to the one it will be, and a part of the page: some more looks are allowed.

    On a phone the buttons stay above what is scrolled, and axe takes what they hide for letters upon them: looked at is
    the page from its top, where nothing is hidden.
    """
    if look == "phone":
        page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
    for _ in range(5):
        faults = serious_faults(page, ("color-contrast",) if look == "dark" else rules, within)
        if not faults:
            break
        page.wait_for_timeout(300)
    assert not faults, "\n".join(faults)
    if look != "dark":
        assert names_that_stand_twice(page) == []


def with_drawer(page: Page, look: str, button: Locator) -> None:
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    page.wait_for_timeout(300)  # it grows
    check(page, look, within="[data-testid=stPopoverBody]" if page.get_by_test_id("stPopoverBody").count() else None)
    page.keyboard.press("Escape")
    expect(button).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_serious_on_the_playground_with_drawers_cards_and_the_microscope_open(page, app, look):
    board = LiveBoard(page).open(app.address, FORKED)
    board.root.get_by_role("group", name="Branches of this run").wait_for()
    look_as(page, look)
    check(page, look)
    if look == "phone":
        page.get_by_test_id("stExpandSidebarButton").click()
        page.get_by_test_id("stSidebarNavLink").first.wait_for()
        check(page, look)
        page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    else:
        for name in ("Start from", "Share", "Data", "Network", "Training"):
            with_drawer(page, look, page.get_by_role("button", name=name, exact=True))
    board.root.get_by_label("Input x1").fill("1")
    board.root.get_by_label("Input x2").fill("2")
    board.root.get_by_label("Input x2").press("Enter")
    for weight in ("[data-weight^='-']", ":not([data-weight^='-'])"):  # orange letters, and blue ones
        board.root.locator(f"button.link{weight}").first.hover(force=True)
        expect(board.root.locator(".card .value")).to_be_visible()
        check(page, look)
    board.root.locator("button.link").first.click(force=True)
    board.root.get_by_label("New value of the").fill("no number")
    board.root.get_by_label("New value of the").press("Enter")
    expect(board.root.get_by_role("alert")).to_be_visible()
    check(page, look)
    page.keyboard.press("Escape")
    board.button("Unit 2 of layer 1").click()
    board.root.get_by_role("button", name="bias of unit 2 of layer 1", exact=True).click()
    expect(board.root.get_by_role("tooltip")).to_be_visible()
    check(page, look)
    board.root.get_by_role("button", name="Open in the microscope").click()
    page.get_by_test_id("bar").wait_for()
    check(page, look)
    page.get_by_role("tab", name="Charts").click()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    check(page, look)
    page.get_by_role("tab", name="Mistakes").click()
    expect(page.get_by_text("Worst answers")).to_be_visible()
    check(page, look)
    page.get_by_role("tab", name="Layers").click()
    expect(page.get_by_text("Each point lies where this layer puts it")).to_be_visible()
    check(page, look)
    page.get_by_role("tab", name="Health").click()
    expect(page.get_by_text("The doctor looked at")).to_be_visible()
    check(page, look)
    page.get_by_role("tab", name="Parameters").click()
    expect(page.get_by_text("Layer 1 (Tanh)")).to_be_visible()
    check(page, look)


@pytest.mark.parametrize("path", LESSONS)
def test_nothing_serious_in_a_lesson_with_an_answer_and_everything_open(page, app, path):
    lesson = LessonPage(page, app.address, path).open()
    lesson.settled()
    page.get_by_role("button", name="Check task 1").click()
    lesson.settled()
    for summary in page.locator("summary").all():
        summary.click()
    for look in LOOKS:
        look_as(page, look)
        check(page, look, OF_THE_WIDTH if look == "phone" else ())


@pytest.mark.parametrize("path", [one.url_path for one in menu_pages() if one.url_path and one.url_path not in LESSONS])
def test_nothing_serious_on_a_page_beside_the_lessons(page, app, path):
    page.goto(f"{app.address}/{path}")
    page.get_by_role("heading", level=1).wait_for()
    if path == "compare":
        expect(page.locator("[data-testid=board][data-paints]")).to_have_count(4)
    for look in LOOKS:
        look_as(page, look)
        check(page, look, OF_THE_WIDTH if look == "phone" else ())
        if path == "compare":
            with_drawer(page, look, page.get_by_role("button", name="Share", exact=True))


def test_nothing_serious_in_what_a_class_has_handed_in(page, app):
    task = TASKS["few_units"].assignment
    run = task.start.start()
    page.goto(f"{app.address}/hand_ins")
    page.get_by_role("textbox", name="Link of your task").fill(f"/?task={task.text}")
    page.get_by_role("textbox", name="Hand-ins").fill(hand_in.of_run("Ada", run, task).text)
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Run them again").click()
    page.get_by_role("button", name="Download the table (CSV)").wait_for()
    for look in LOOKS:
        look_as(page, look)
        check(page, look, OF_THE_WIDTH if look == "phone" else ())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_letters_on_what_streamlit_fills_with_the_primary_colour_can_be_read(page, app, scheme):
    page.emulate_media(color_scheme=scheme)
    LiveBoard(page).open(app.address)
    page.get_by_role("button", name="Share", exact=True).click()
    page.get_by_role("tab", name="Use in class").click()
    locked = page.get_by_test_id("stPopoverBody").get_by_role("combobox", name="Lock")
    locked.fill("Activation")
    locked.press("Enter")
    chip = page.get_by_test_id("stPopoverBody").locator("[data-tag]").first
    assert contrast(*colours_of(chip)) >= 4.5
    page.goto(f"{app.address}/hand_ins")
    page.get_by_role("textbox", name="Hand-ins").fill("N1.x")
    page.keyboard.press("Control+Enter")
    run = page.get_by_role("button", name="Run them again")
    expect(run).to_be_enabled()
    assert contrast(*colours_of(run)) >= 4.5


def colours_of(element: Locator) -> list[str]:
    """Of its letters and of what they stand on, as #rrggbb."""
    look = "one => { const { color, backgroundColor } = getComputedStyle(one); return [color, backgroundColor]; }"
    return [
        "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3])
        for colour in element.evaluate(look)
    ]


def test_nothing_serious_beside_a_table_of_ones_own(page, app):
    page.goto(f"{app.address}/data")
    pasted = page.get_by_label("Copied from a spreadsheet, or typed")
    pasted.fill("a;b\n1;2;3\n4;5\n")
    page.get_by_role("button", name="Read the table").click()
    page.get_by_text("This table could not be read").wait_for()
    check(page, "light")
    pasted.fill("size;when;kind\n" + "".join(f"{i};2026-01-0{i};{'' if i == 3 else i % 2}\n" for i in range(1, 9)))
    page.get_by_role("button", name="Read the table").click()
    page.get_by_role("button", name="Use on the playground").wait_for()
    for look in LOOKS:
        look_as(page, look)
        check(page, look, OF_THE_WIDTH if look == "phone" else ())
    look_as(page, "light")
    with_drawer(page, "light", page.get_by_role("button", name="Read as"))


@pytest.mark.parametrize("way", ["Link", "On paper", "Use in class"])
def test_nothing_serious_in_what_is_shared(page, app, way):
    LiveBoard(page).open(app.address)
    page.get_by_role("button", name="Share", exact=True).click()
    page.get_by_role("tab", name=way).click()
    page.get_by_test_id("stPopoverBody").locator("code:visible, button:visible").first.wait_for()
    for look in LOOKS:
        look_as(page, look)
        check(page, look, within="[data-testid=stPopoverBody]")
