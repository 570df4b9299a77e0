"""The page Luck in a browser: run, look (by axe, too), take the table along, open the worst seed where it ended."""

import csv
import io
import re

from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import LOOKS, OF_THE_WIDTH, check, look_as


def test_seeds_are_run_shown_downloaded_and_opened_where_they_ended(page: Page, app):
    page.goto(f"{app.address}/seeds")
    page.get_by_role("radio", name="10", exact=True).click()
    number = page.get_by_role("textbox", name="Epochs")
    number.fill("2")
    number.press("Enter")
    expect(page.get_by_text("11 runs, your own with them")).to_be_visible()
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_text("Your seed 0 has a test accuracy of")).to_be_visible()
    expect(page.locator(".js-plotly-plot .scatterlayer .trace")).to_have_count(4)
    expect(page.locator(".js-plotly-plot .barlayer .point").first).to_be_visible()
    page.get_by_text("All seeds as a table").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download all seeds (CSV)").click()
    for look in LOOKS:
        look_as(page, look)
        check(page, look, OF_THE_WIDTH if look == "phone" else ())
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))
    assert [row["init_seed"] for row in rows] == [str(seed) for seed in range(11)]
    worst = min(rows, key=lambda row: (float(row["test_score"]), -float(row["test_loss"])))
    page.get_by_role("link", name="Worst").click()
    expect(page.get_by_test_id("board")).to_have_attribute("data-update", worst["update"])
    expect(page).to_have_url(re.compile(f"init_seed={worst['init_seed']}&"))
