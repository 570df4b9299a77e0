"""The page Sweep in a browser: run, look, open a cell on the board; Cancel, and leaving, end the processes."""

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
    assert f"learning_rate={rate}&" in page.url and "init_seed=" in page.url


def test_cancel_and_leaving_end_the_processes_of_a_sweep(page: Page, fresh_app):
    server = fresh_app()
    page.goto(f"{server.address}/sweep")
    run_with(page, "0.001; 0.002; 0.003; 0.004", "2000")
    cancel = page.get_by_role("button", name="Cancel", exact=True)
    expect(cancel).to_be_visible()
    waited_for(lambda: len(cell_workers(server.pid)) > 0)
    cancel.click()
    expect(page.get_by_text("of 48 cells are done and kept.")).to_be_visible()
    waited_for(lambda: cell_workers(server.pid) == [], 40)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(cancel).to_be_visible()
    waited_for(lambda: len(cell_workers(server.pid)) > 0)
    page.goto("about:blank")
    waited_for(lambda: cell_workers(server.pid) == [], 60)
