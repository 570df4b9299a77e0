"""Cold links: every page opens by its own address, also for the very first visitor of a server."""

import pytest
from playwright.sync_api import expect

from tests.menu_pages import MenuPage, menu_pages
from ui import errors

PAGES = menu_pages()


@pytest.mark.parametrize("target", PAGES, ids=lambda target: target.url_path or "home")
def test_the_first_visitor_of_a_server_may_come_by_a_deep_link(fresh_app, page, target: MenuPage):
    page.goto(f"{fresh_app().address}/{target.url_path}")
    expect(page.get_by_test_id("stMain").get_by_role("heading").first).to_be_visible()
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)  # the script has come to its end
    assert page.title().startswith(target.title)
    expect(page.get_by_test_id("stTopNav")).to_have_count(0 if len(PAGES) == 1 else 1)  # no menu of a single page
    expect(page.get_by_text("Page not found")).to_have_count(0)
    expect(page.get_by_text(errors.SENTENCE)).to_have_count(0)


def test_a_wrong_link_says_so_and_still_shows_the_menu(app, page, console_errors):
    page.goto(f"{app.address}/no-such-page")
    expect(page.get_by_text("Page not found")).to_be_visible()
    expect(page.get_by_role("heading", name="Playground", level=1)).to_be_visible()
    assert [error for error in console_errors if "does not seem to exist" not in error] == []
    console_errors.clear()
