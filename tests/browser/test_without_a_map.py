"""A data set of three inputs has no map: what is left works without one."""

import re

from playwright.sync_api import expect

from tests.browser.live_board import LiveBoard


def test_three_inputs_are_followed_and_a_training_point_opens_though_there_is_no_map(app, page):
    board = LiveBoard(page).open(app.address, "dataset=tutorial&hidden=2&activation=sigmoid")
    expect(board.root.get_by_text("A map needs two inputs; this data set has 3.")).to_be_visible()
    for of_the_map in ("Test points", "Discretize"):
        expect(board.root.get_by_label(of_the_map)).to_be_hidden()
    expect(board.root.get_by_label("Log loss")).to_be_visible()
    for name, typed in {"x1": "0,5", "x2": "-0.2", "x3": "1"}.items():
        board.root.get_by_label(f"Input {name}").fill(typed)
    board.root.get_by_label("Input x3").press("Enter")
    expect(board.button("Output unit")).to_have_attribute("data-z", re.compile("."))
    board.check(probe=(0.5, -0.2, 1.0))

    field = board.root.get_by_label("Training point")
    field.fill("4")
    field.press("Enter")
    expect(board.root.get_by_text("type a whole number from 1 to 3")).to_be_visible()
    field.fill("2")
    field.press("Enter")
    card = board.root.get_by_role("status").filter(has_text="training point 2: x1 0.1")
    card.get_by_role("button", name="Open in the microscope").click()
    page.get_by_test_id("bar").wait_for()
    expect(page.get_by_test_id("player").get_by_label("Sample (of 3)")).to_contain_text("→ 0")
