"""The line before a full house, in real browsers: the page says the number and goes on by itself."""

import pytest
from playwright.sync_api import expect

from tests.browser import test_accessibility as accessibility
from tests.browser.lesson_page import PHONE
from tests.browser.live_board import LiveBoard
from tools import app_server

ARTEFACTS = app_server.CHECKOUT / "test-artefacts"
LINK = "/?dataset=circle&hidden=3&samples=100"


@pytest.fixture
def full_app(fresh_app):
    """A server with one place."""
    return fresh_app(PLAYGROUND_VISITORS="1")


def number(page, expected):
    expect(page.get_by_test_id("stAlert")).to_contain_text(f"You are number {expected} in the line.", timeout=40_000)


def test_who_waits_is_let_in_by_herself_with_her_link_and_a_reload_costs_nobody_the_place(full_app, new_page):
    first, second, third = (new_page() for _ in range(3))
    board = LiveBoard(first).open(full_app.address)
    second.goto(full_app.address + LINK)
    number(second, 1)
    third.goto(full_app.address + "/neurons")
    number(third, 2)
    assert second.get_by_test_id("board").count() == 0
    for waiting, expected in ((second, 1), (third, 2)):
        waiting.reload()
        number(waiting, expected)
    first.reload()
    board.wait("paints > 0")
    number(second, 1)
    first.close()
    there = LiveBoard(second)
    expect(there.root).to_be_visible(timeout=60_000)
    there.wait("paints > 0")
    assert there.experiment().dataset == "circle"
    number(third, 1)
    second.close()
    expect(third.get_by_role("heading", name="Implementing Neurons")).to_be_visible(timeout=60_000)


@pytest.fixture
def hosted_app(fresh_app, tmp_path):
    """The same where settings are given as secrets, as on Streamlit Community Cloud."""
    secrets = tmp_path / "secrets.toml"
    secrets.write_text('PLAYGROUND_VISITORS = "1"\n', encoding="utf-8")
    return fresh_app(STREAMLIT_SECRETS_FILES=str(secrets))


@pytest.mark.parametrize("name", ["light", "dark", "phone"])
def test_the_line_can_be_read_and_photographed_on(hosted_app, new_page, name):
    ARTEFACTS.mkdir(exist_ok=True)
    LiveBoard(new_page()).open(hosted_app.address)
    look = {"viewport": PHONE, "has_touch": True, "is_mobile": True} if name == "phone" else {"color_scheme": name}
    page = new_page(**look)
    page.goto(hosted_app.address + LINK)
    number(page, 1)
    page.screenshot(path=ARTEFACTS / f"line-{name}.png")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    accessibility.check(page, name)
