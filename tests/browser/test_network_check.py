"""The network check in a browser: it tries what a lesson needs, and names what is blocked where something is."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import test_accessibility as accessibility
from tests.browser.lesson_page import PHONE
from tools import app_server
from ui.network_check import LARGEST_ANSWER, LARGEST_QUESTION

ARTEFACTS = app_server.CHECKOUT / "test-artefacts"
THINGS = (
    "Live connection",
    "Large messages",
    "Speed of this device",
    "Pictures",
    "Clock",
    "Storage",
    "Addresses",
    "Looks",
)


def checked(page: Page, address: str) -> dict[str, tuple[str, str]]:
    """Open the page and wait until all is tried: thing -> (verdict, all that is said)."""
    page.goto(f"{address}/check")
    root = page.get_by_test_id("network-check")
    expect(root).to_have_attribute("data-done", "true", timeout=90_000)
    rows = root.get_by_role("listitem")
    expect(rows).to_have_count(len(THINGS))
    found = {}
    for thing, row in zip(THINGS, rows.all(), strict=True):
        said = row.inner_text()
        assert thing in said
        found[thing] = (row.get_attribute("data-verdict") or "", said)
    return found


def sizes_of_messages(page: Page) -> dict[str, list[int]]:
    """Characters or bytes of what the page's live connection sends and gets, from now on."""
    sizes: dict[str, list[int]] = {"sent": [], "came": []}

    def listen(socket):
        socket.on("framesent", lambda payload: sizes["sent"].append(len(payload)))
        socket.on("framereceived", lambda payload: sizes["came"].append(len(payload)))

    page.on("websocket", listen)
    return sizes


def milliseconds(pattern: str, said: str) -> float:
    number, unit = re.search(pattern, said).groups()
    return float(number) * {"ms": 1, "s": 1000}[unit]


def test_everything_is_tried_for_real_and_told_as_one_text(app, new_page):
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    sizes = sizes_of_messages(page)
    found = checked(page, app.address)
    verdicts = {thing: verdict for thing, (verdict, _) in found.items()}
    may_be_slow = {"Live connection", "Large messages", "Speed of this device"}  # where others use the machine
    assert {thing for thing, verdict in verdicts.items() if verdict != "good"} <= may_be_slow
    assert "blocked" not in verdicts.values()
    assert max(sizes["came"]) > LARGEST_ANSWER
    assert max(sizes["sent"]) > LARGEST_QUESTION
    apart = milliseconds(r"([\d.]+) (m?s) (?:ahead|behind)", found["Clock"][1])
    trip = milliseconds(r"answered within ([\d.]+) (m?s)", found["Live connection"][1])
    assert apart <= trip, "server and browser have the same clock here, as far as an answer on its way can tell"
    text = page.get_by_label("All as one text").input_value()
    for _, said in found.values():
        for line in said.split("\n")[1:]:
            assert line in text
    assert f"one WebSocket, {app.address.replace('http', 'ws')}/_stcore/stream" in text
    page.get_by_role("button", name="Copy for the technician").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == text
    page.get_by_role("button", name="Check again").click()
    root = page.get_by_test_id("network-check")
    expect(root).to_have_attribute("data-done", "false")
    expect(root).to_have_attribute("data-done", "true", timeout=90_000)


def test_who_checks_while_others_do_or_again_at_once_waits_for_a_turn_and_nothing_is_called_blocked(app, new_page):
    pages = [new_page() for _ in range(2)]
    sizes = [sizes_of_messages(page) for page in pages]
    for page in pages:
        page.goto(f"{app.address}/check")
    for turn in (1, 2):
        for page in pages:
            root = page.get_by_test_id("network-check")
            expect(root).to_have_attribute("data-done", "true", timeout=90_000)
            assert root.locator("[data-verdict=blocked]").count() == 0
        assert [sum(size > LARGEST_ANSWER for size in heard["came"]) for heard in sizes] == [turn] * 2
        if turn == 1:
            for page in pages:
                page.get_by_role("button", name="Check again").click()


def test_a_filter_that_cuts_large_messages_and_long_addresses_is_named(app, new_page, console_errors):
    page = new_page()

    def filtered(socket):
        server = socket.connect_to_server()
        server.on_message(lambda message: socket.close() if len(message) > 1_000_000 else socket.send(message))

    page.route_web_socket(re.compile("_stcore/stream"), filtered)
    page.route(re.compile("health.checked="), lambda route: route.fulfill(status=414))
    found = checked(page, app.address)
    assert {thing for thing, (verdict, _) in found.items() if verdict == "blocked"} == {"Large messages", "Addresses"}
    assert "From the server: did not arrive; to it: arrived after" in found["Large messages"][1]
    assert "refused on the way" in found["Addresses"][1]
    summary = page.get_by_test_id("network-check").get_by_role("status")
    expect(summary).to_contain_text("Of 8 things that a lesson needs: 2 blocked")
    console_errors[:] = [one for one in console_errors if "414" not in one and "WebSocket" not in one]


def test_a_browser_that_keeps_nothing_and_a_clock_that_is_wrong_are_named(app, new_page):
    page = new_page()
    page.add_init_script(
        """Storage.prototype.setItem = () => { throw new DOMException("no", "SecurityError"); };
        const now = Date.now;
        Date.now = () => now() + 3_600_000;"""
    )
    found = checked(page, app.address)
    assert found["Storage"][0] == "blocked"
    assert found["Clock"][0] == "wrong"
    assert re.search(r"3600 s ahead", found["Clock"][1])
    for look in accessibility.LOOKS:  # with what is good, slow and blocked
        accessibility.look_as(page, look)
        accessibility.check(page, look)


@pytest.mark.parametrize("name", ["light", "dark", "phone"])
def test_the_check_can_be_read_and_photographed_on(app, new_page, name):
    ARTEFACTS.mkdir(exist_ok=True)
    look = {"viewport": PHONE, "has_touch": True, "is_mobile": True} if name == "phone" else {"color_scheme": name}
    page = new_page(**look)
    checked(page, app.address)
    page.screenshot(path=ARTEFACTS / f"check-{name}.png", full_page=True)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
