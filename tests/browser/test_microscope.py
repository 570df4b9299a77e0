"""The microscope in a real browser: what it shows of the next update is what Step then does, digit for digit."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.live_board import LiveBoard, parameters_of
from ui.numbers import exact

WEIGHT = (0, 1, 0)


class Microscope:
    """The microscope's tab, and the means to use it."""

    def __init__(self, page: Page):
        self.page = page
        self.bar = page.get_by_test_id("bar")
        self.headline = page.locator(".st-key-microscope_headline")

    def choose(self, label: str, option: str) -> None:
        self.page.locator(f".st-key-microscope_{label}").get_by_role("combobox").click()
        self.page.get_by_role("option", name=option, exact=True).click()

    def cell(self, place: int) -> str:
        return self.headline.locator("td, [role=cell]").nth(place).inner_text().strip()


@pytest.fixture
def board(page, app) -> LiveBoard:
    return LiveBoard(page).open(app.address)


def open_at(board: LiveBoard, layer: int, unit: int, source: int | None) -> Microscope:
    """Through the board: a click on the link or bias, then on the question in its card."""
    board.parameter(layer, unit, source).click(force=True)
    board.root.locator(".card .look").click()
    microscope = Microscope(board.page)
    microscope.bar.wait_for()
    return microscope


def test_a_link_of_the_board_opens_under_the_microscope_and_step_does_what_was_shown(board):
    shown = board.numbers()
    microscope = open_at(board, *WEIGHT)
    expect(microscope.headline).to_contain_text(exact(shown.parameters[WEIGHT]))
    for place in (WEIGHT, (1, 0, None), (2, 0, 3)):
        if place != WEIGHT:
            microscope = open_at(board, *place)
        before = board.numbers()
        expect(microscope.headline).to_contain_text(exact(before.parameters[place]))
        promised = microscope.cell(3)
        board.press("Step one update")
        board.wait(f"update === {before.update + 1}")
        assert exact(board.numbers().parameters[place]) == promised
        expect(microscope.headline).to_contain_text(promised)  # the new "now"


def test_the_whole_network_after_step_is_the_one_of_the_run_that_the_microscope_looked_at(board):
    _, run = board.check()
    step = run.step()
    open_at(board, *WEIGHT)
    before = board.numbers().update
    board.press("Step one update")
    board.wait(f"update === {before + 1}")
    assert board.numbers().parameters == parameters_of(step.after)


def test_a_unit_of_the_board_opens_and_each_frame_can_be_reached(board):
    board.root.locator('[data-kind=unit][data-layer="0"][data-unit="2"]').click()
    microscope = Microscope(board.page)
    expect(microscope.bar).to_have_attribute("data-frame", "start")
    expect(microscope.headline).to_contain_text("unit 3 of layer 1")
    for key in ("z1", "a1"):
        microscope.bar.get_by_role("button", name="Next frame").click()
        expect(microscope.bar).to_have_attribute("data-frame", key)
    expect(board.page.get_by_text("The activation function, tanh").first).to_be_visible()


def test_who_pulled_a_weight_is_shown_and_choosing_a_sample_changes_the_lines(board):
    microscope = open_at(board, *WEIGHT)
    pulls = board.page.get_by_test_id("pulls")
    rows = pulls.locator("button.row")
    expect(rows).to_have_count(10)
    expect(pulls.locator(".point")).to_have_count(10)
    sizes = [float(text.replace("−", "-")) for text in pulls.locator(".pull").all_inner_texts()]
    assert [abs(size) for size in sizes] == sorted((abs(size) for size in sizes), reverse=True)
    sample = rows.nth(4).get_attribute("data-sample")
    rows.nth(4).click()
    expect(pulls.locator(f'button.row[data-sample="{sample}"]')).to_have_attribute("aria-pressed", "true")
    expect(microscope.bar).to_be_visible()


def test_lists_choose_the_same_as_the_board(board):
    microscope = open_at(board, *WEIGHT)
    microscope.choose("source", "its bias")
    expect(microscope.headline).to_contain_text("bias of unit 2 of layer 1")
    microscope.choose("layer", "Output")
    expect(microscope.headline).to_contain_text("output unit 1")
    expect(microscope.headline).to_contain_text(exact(board.numbers().parameters[2, 0, None]))


def test_while_the_network_plays_the_microscope_stands_still_and_says_so(board):
    microscope = open_at(board, *WEIGHT)
    now, update = microscope.cell(1), board.numbers().update
    board.play_until(f"update > {update + 60}")
    assert microscope.cell(1) == now
    microscope.bar.get_by_role("button", name="Next frame").click()
    board.pause()
    shown = board.numbers()
    expect(microscope.headline).to_contain_text(exact(shown.parameters[WEIGHT]))


def test_a_place_on_the_map_brings_up_the_nearest_sample(board):
    open_at(board, *WEIGHT)
    board.map.click(position={"x": 120, "y": 60})
    board.page.wait_for_timeout(300)
    expect(board.page.get_by_test_id("pulls").locator("button.row.here")).to_have_count(1)
