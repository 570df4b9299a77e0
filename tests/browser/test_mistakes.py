"""Mistakes in a browser: what is listed as a worst answer is one click away from the board."""

import re

from playwright.sync_api import expect

import scratchnet as sn
from scratchnet.worst_answers import sample_losses, worst
from tests.browser.live_board import LiveBoard
from ui.kit.numbers import text

QUERY = "dataset=moons&noise=0.3&samples=80&hidden=3&at=40"


def test_a_worst_answer_that_is_clicked_becomes_the_boards_input(page, app):
    board = LiveBoard(page).open(app.address, QUERY)
    page.get_by_role("tab", name="Mistakes").click()
    run = sn.Experiment.from_query(QUERY)[0].start()
    run.goto(40)
    losses = sample_losses(run.network, run.x_test, run.y_test, run.settings.loss)
    row = int(worst(losses, 1)[0])
    button = page.get_by_role("button", name=f"{text(losses[row])} point {row + 1}:")
    expect(button).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(1)
    expect(button).to_be_in_viewport()
    expect(board.root).not_to_be_in_viewport(ratio=1)
    button.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("&input="))
    expect(board.root).to_be_in_viewport(ratio=1)
    expect(button).to_be_focused()
    shown, _ = board.check(probe=tuple(run.dataset.x_test[row].tolist()))
    assert shown.update == 40, "the run stands where it stood"

    page.set_viewport_size({"width": 1366, "height": 1500})
    board.wait_until_nothing_is_painted(300)
    other = int(worst(losses, 2)[1])
    where = board.root.bounding_box()
    page.get_by_role("button", name=f"{text(losses[other])} point {other + 1}:").click()
    board.check(probe=tuple(run.dataset.x_test[other].tolist()))
    page.wait_for_timeout(600)
    assert board.root.bounding_box() == where, "what can be seen does not jump"
