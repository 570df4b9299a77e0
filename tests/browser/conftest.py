"""A real browser and a real server for the tests in this folder.

A test fails when a page writes an error to the browser's console, asks any other machine for anything, or leaves a
stack trace in the server's log.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, expect, sync_playwright

from tools import app_server, find_chromium

SCREEN = {"width": 1366, "height": 768}  # the smallest laptop in a classroom
# On a deep link Streamlit asks for its server below the page's path before it asks at the root.
STREAMLIT_LOOKS_FOR_ITS_SERVER = re.compile(r"^/[^/]+/_stcore/(health|host-config)$")
expect.set_options(timeout=20_000)  # two busy cores may be slow; a passing check does not wait


@contextmanager
def checked_server(**settings: str) -> Iterator[app_server.AppServer]:
    with app_server.running(**settings) as server:
        yield server
        assert "Traceback" not in server.log(), server.log()


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
        browser = playwright.chromium.launch(executable_path=chromium, args=list(find_chromium.FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def console_errors() -> list[str]:
    """What any page of the test wrote as an error. A test that causes one on purpose checks it and clears the list."""
    return []


@pytest.fixture
def new_page(browser: Browser, console_errors: list[str]) -> Iterator[Callable[..., Page]]:
    """Call it for a page with a session of its own; settings are those of Playwright's `new_context`."""
    contexts: list[BrowserContext] = []
    elsewhere: list[str] = []

    def block(route: Route) -> None:
        elsewhere.append(route.request.url)
        route.abort()

    def note(message: ConsoleMessage) -> None:
        address = message.location["url"]
        if message.type == "error" and not STREAMLIT_LOOKS_FOR_ITS_SERVER.search(urlsplit(address).path):
            console_errors.append(f"{message.text} ({address})")

    def open_page(**settings) -> Page:
        context = browser.new_context(**({"viewport": SCREEN} | settings))
        contexts.append(context)
        context.route(lambda url: urlsplit(url).hostname not in ("127.0.0.1", None), block)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: console_errors.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert elsewhere == [], "a page asked another machine for something"
    assert console_errors == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()
