"""A real browser and a real server for the tests in this folder.

A test fails when a page writes an error to the browser's console, asks any other machine for anything, or leaves a
stack trace in the server's log.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    WebSocket,
    expect,
    sync_playwright,
)

from tests.browser.lesson_page import PHONE
from tools import app_server, find_chromium

SCREEN = {"width": 1366, "height": 768}  # the smallest laptop in a classroom
# On a deep link Streamlit asks for its server below the page's path before it asks at the root.
STREAMLIT_LOOKS_FOR_ITS_SERVER = re.compile(r"^/[^/]+/_stcore/(health|host-config)$")
# No other machine is reached. (Playwright's routes would see to it as well, but with them nothing is cached.)
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
expect.set_options(timeout=20_000)  # two busy cores may be slow; a passing check does not wait


def faults_in(log: str) -> list[str]:
    """The stack traces of a server's log but one of Streamlit's own: a browser left while it was being answered."""
    traces = re.split(r"(?=^Exception in ASGI application$)", log, flags=re.MULTILINE)
    left = re.compile(r"^starlette\.websockets\.WebSocketDisconnected: .*\Z", re.MULTILINE)
    ours = re.compile(r'File ".*/(scratchnet|ui(?!/web/)|pages)/')  # through ui/web goes all that is said
    return [
        trace for trace in traces if "Traceback" in trace and (ours.search(trace) or not left.search(trace.rstrip()))
    ]


@contextmanager
def checked_server(script: Path = app_server.CHECKOUT / "app.py", **settings: str) -> Iterator[app_server.AppServer]:
    with app_server.running(script, **settings) as server:
        try:
            yield server
        except BaseException:
            print(server.log())  # what pytest then shows beside the failure
            raise
        assert faults_in(server.log()) == []


@pytest.fixture(scope="session")
def app() -> Iterator[app_server.AppServer]:
    """One server for all tests that need nothing special; its `address` is what a page opens."""
    with checked_server() as server:
        yield server


@pytest.fixture
def fresh_app() -> Iterator[Callable[..., app_server.AppServer]]:
    """Call it for a server that nobody has visited yet, as often as needed."""
    with ExitStack() as servers:
        yield lambda **settings: servers.enter_context(checked_server(**settings))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = find_chromium.find()
    assert chromium, "no Chromium was found: python tools/find_chromium.py installs one"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*find_chromium.FLAGS, ALONE])
        yield browser
        browser.close()


@pytest.fixture
def console_errors() -> list[str]:
    """What any page of the test wrote as an error. A test that causes one on purpose checks it and clears the list."""
    return []


@pytest.fixture
def watch(console_errors: list[str]) -> Iterator[Callable[[Page], Page]]:
    """Call it with a page to have the test fail for what that page writes as an error or asks of another machine."""
    elsewhere: list[str] = []

    def look_at(asked: Request | WebSocket) -> None:
        if urlsplit(asked.url).hostname not in ("127.0.0.1", None):
            elsewhere.append(asked.url)

    def note(message: ConsoleMessage) -> None:
        address = message.location["url"]
        if message.type == "error" and not STREAMLIT_LOOKS_FOR_ITS_SERVER.search(urlsplit(address).path):
            console_errors.append(f"{message.text} ({address})")

    watched: list[Page] = []
    listeners = {
        "console": note,
        "pageerror": lambda error: console_errors.append(str(error)),
        "request": look_at,
        "websocket": look_at,
    }

    def start(page: Page) -> Page:
        page.bring_to_front()  # behind another tab it would be painted late
        for event, listener in listeners.items():
            page.on(event, listener)
        watched.append(page)
        return page

    yield start
    for page in watched:
        if not page.is_closed():  # it may serve another test
            for event, listener in listeners.items():
                page.remove_listener(event, listener)
    assert elsewhere == [], "a page asked another machine for something"
    assert console_errors == []


@pytest.fixture
def new_page(browser: Browser, watch: Callable[[Page], Page]) -> Iterator[Callable[..., Page]]:
    """Call it for a page in a browser that was never here; settings are those of Playwright's `new_context`."""
    contexts: list[BrowserContext] = []

    def open_page(**settings) -> Page:
        contexts.append(browser.new_context(**({"viewport": SCREEN} | settings)))
        return watch(contexts[-1].new_page())

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def returning(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that comes back: it keeps the app's files, so pages open faster. Each page is a visit of its own."""
    context = browser.new_context(viewport=SCREEN)
    yield context
    context.close()


@pytest.fixture(scope="session")
def tab(returning: BrowserContext) -> Page:
    """One tab for test after test: a new one is a new process, which must compile all of Streamlit's scripts again."""
    return returning.new_page()


@pytest.fixture
def page(tab: Page, watch: Callable[[Page], Page]) -> Iterator[Page]:
    """An empty page, for a visit of its own. Routes and the like would outlive the test: for those take `new_page`."""
    tab.set_viewport_size(SCREEN)
    tab.emulate_media(color_scheme="light", reduced_motion="no-preference")
    yield watch(tab)
    tab.goto("about:blank")  # ends the visit


@pytest.fixture
def phone(page: Page) -> Page:
    """An empty page as wide as a phone."""
    page.set_viewport_size(PHONE)
    return page
