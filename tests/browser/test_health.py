"""The doctor in a browser: one click shows the unit that is ill, another tries the remedy on the board."""

import re

from playwright.sync_api import expect

import scratchnet as sn
from scratchnet.doctor import findings
from scratchnet.health import health_of
from tests.browser.live_board import LiveBoard

QUERY = "dataset=circle&samples=200&hidden=8-8&activation=relu&optimizer=sgd&learning_rate=3.0&at=200"


def test_what_the_doctor_advises_is_tried_on_the_board_in_one_click(page, app):
    board = LiveBoard(page).open(app.address, QUERY)
    page.get_by_role("tab", name="Health").click()
    trying = page.get_by_role("button", name=re.compile("^Try: learning rate 0.3 from update"))
    expect(trying).to_be_visible()
    expect(page.get_by_text("8 of 8 units of layer 2 are dead")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(1)
    update = int(re.search(r"update (\d+) on", trying.inner_text())[1])
    trying.click()
    expect(page).to_have_url(re.compile(f"{update}.learning_rate=0.3"))
    shown, _ = board.check()
    assert shown.update == update < 200
    expect(page.get_by_text("Press Play and see whether it helps.")).to_be_visible()
    run = sn.Experiment.from_query(QUERY)[0].start()
    run.goto(update)
    run.change(learning_rate=0.3)
    run.goto(200)
    assert "dead" not in [finding.kind for finding in findings(health_of(run))], "and it helps"
