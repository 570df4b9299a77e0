"""The page Sweep in a browser: run, look, open a cell on the board; Cancel, and leaving, end the processes."""

import re
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Page, expect

from tests.cell_workers import cell_workers, waited_for


def run_with(page: Page, rates: str, epochs: str) -> None:
    typed = page.get_by_role("textbox", name="Learning rate: values")
    typed.fill(rates)
    typed.press("Enter")
    number = page.get_by_role("textbox", name="Epochs")
    number.fill(epochs)
    number.press("Enter")
    cells = 12 * (1 + rates.count(";"))
    expect(page.get_by_text(f"{cells} cells: {cells // 3} combinations from 3 seeds each")).to_be_visible()
    page.get_by_role("button", name="Run", exact=True).click()


def test_a_sweep_is_run_and_its_best_cell_opens_on_the_board(page: Page, app):
    page.goto(f"{app.address}/sweep")
    run_with(page, "0,03; 0,3; 100000000", "3")
    expect(page.get_by_text("diverged, which counts as worse than any number.")).to_be_visible()
    expect(page.locator(".js-plotly-plot .heatmaplayer image")).to_have_count(1)
    chosen = page.get_by_role("combobox", name="A cell, the best first").input_value()
    rate = chosen.split("Learning rate ")[1].split(",")[0]
    page.get_by_role("link", name="Open in the playground").click()
    board = page.get_by_test_id("board")
    expect(board).not_to_have_attribute("data-update", "0", timeout=20_000)
    expect(page).to_have_url(re.compile(f"learning_rate={re.escape(rate)}&.*init_seed="))


def test_cancel_and_leaving_end_the_processes_of_a_sweep(page: Page, fresh_app):
    server = fresh_app()
    page.goto(f"{server.address}/sweep")
    run_with(page, "0.001; 0.002; 0.003; 0.004", "2000")
    cancel = page.get_by_role("button", name="Cancel", exact=True)
    expect(cancel).to_be_visible()
    waited_for(lambda: len(cell_workers(server.pid)) > 0)
    cancel.click()
    expect(page.get_by_text("of 48 cells are done and kept.")).to_be_visible()
    waited_for(lambda: cell_workers(server.pid) == [])
    page.get_by_role("button", name="Run", exact=True).click()
    expect(cancel).to_be_visible()
    waited_for(lambda: len(cell_workers(server.pid)) > 0)
    page.goto("about:blank")
    waited_for(lambda: cell_workers(server.pid) == [])


def to_the_sweep(page: Page) -> None:
    page.get_by_test_id("stTopNav").get_by_text("Lab", exact=True).click()
    page.get_by_test_id("stTopNavDropdownLink").filter(has_text="Sweep").click()


def open_the_best_cell(page: Page) -> None:
    """It is on the board at its last update, with its learning rate."""
    link = page.get_by_role("link", name="Open in the playground")
    expect(link).to_be_visible(timeout=60_000)
    wanted = dict(parse_qsl(urlsplit(link.get_attribute("href")).query))
    link.click()
    board = page.get_by_test_id("board").and_(page.locator("[data-paints]"))
    for _ in range(2):  # also when what the browser remembers has been said
        expect(board).to_have_attribute("data-update", wanted["at"], timeout=20_000)
        expect(board).to_have_attribute("data-playing", "false")
        page.wait_for_timeout(1500)
    expect(page).to_have_url(re.compile(f"[?&]learning_rate={re.escape(wanted['learning_rate'])}(&|$)"))


def play_on(page: Page) -> None:
    page.get_by_test_id("board").get_by_role("button", name="Play").click()
    page.wait_for_timeout(1500)


def test_a_cell_opens_after_other_runs_after_it_was_left_playing_and_after_the_page_was_loaded_anew(page: Page, app):
    page.goto(app.address)
    play_on(page)
    to_the_sweep(page)
    run_with(page, "0,03; 0,3", "3")
    open_the_best_cell(page)
    play_on(page)
    to_the_sweep(page)
    open_the_best_cell(page)
    play_on(page)
    page.go_back()
    open_the_best_cell(page)
    play_on(page)
    to_the_sweep(page)
    expect(page.get_by_role("link", name="Open in the playground")).to_be_visible()
    page.reload()
    run_with(page, "0,03; 0,3", "3")
    open_the_best_cell(page)
