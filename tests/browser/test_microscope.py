"""The microscope in a real browser: what it shows of the next update is what Step then does, digit for digit."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.live_board import LiveBoard, parameters_of
from ui.gallery import GALLERY
from ui.kit.numbers import exact

WEIGHT = (0, 1, 0)
LARGE = "dataset=six_blobs&hidden=64-32&output=softmax&loss=cross_entropy"


class Microscope:
    """The microscope's tab, and the means to use it."""

    def __init__(self, page: Page):
        self.page = page
        self.bar = page.get_by_test_id("bar")
        self.headline = page.get_by_test_id("headline")

    def choose(self, label: str, option: str) -> None:
        self.page.get_by_test_id("player").get_by_label(label, exact=True).select_option(label=option)

    def cell(self, place: int) -> str:
        return self.headline.locator("dd").nth(place).inner_text().strip()


@pytest.fixture
def board(page, app) -> LiveBoard:
    return LiveBoard(page).open(app.address, GALLERY["spiral"].experiment.to_query())  # two hidden layers


def open_at(board: LiveBoard, layer: int, unit: int, source: int | None) -> Microscope:
    """Through the board: a click on the link or bias, then on the question in its card."""
    board.parameter(layer, unit, source).click(force=True)
    board.root.locator(".card .look").click()
    microscope = Microscope(board.page)
    microscope.bar.wait_for()
    return microscope


def open_point(board: LiveBoard, row: int) -> None:
    """A training point by its number, and then through its card."""
    field = board.root.get_by_label("Training point")
    field.fill(str(row + 1))
    field.press("Enter")
    card = board.root.get_by_role("status").filter(has_text=f"training point {row + 1}:")
    card.get_by_role("button", name="Open in the microscope").click()
    Microscope(board.page).bar.wait_for()


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
    board.root.get_by_role("button", name="Open in the microscope").click()
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


def test_those_who_pulled_are_told_to_the_board_and_taken_back_when_the_microscope_closes(board):
    page = board.page
    page.evaluate("addEventListener('scratchnet:playground:pulled', (event) => { window.pulled = event.detail; })")
    shown, run = board.check()
    open_at(board, *WEIGHT)
    page.get_by_test_id("pulls").locator("button.row").first.wait_for()
    page.wait_for_function("() => window.pulled")
    pulled = page.evaluate("pulled")
    assert pulled["update"] == shown.update
    assert [point["index"] for point in pulled["points"]] == list(run.next_batch())
    assert max(abs(point["share"]) for point in pulled["points"]) == 1
    page.get_by_test_id("player").get_by_label("Number", exact=True).select_option(label="the unit itself")
    page.wait_for_function("() => pulled.points.length === 0")
    page.get_by_test_id("player").get_by_label("Number", exact=True).select_option(label="its bias")
    page.wait_for_function("() => pulled.points.length > 0")
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.get_by_role("tab", name="Parameters").click()
    page.wait_for_function("() => pulled.points.length === 0")


def test_a_training_point_outside_the_next_mini_batch_is_followed_alone_and_one_goes_back(board):
    page = board.page
    _, run = board.check()
    batch = list(run.next_batch())
    inside, outside = batch[3], next(row for row in range(len(run.x_train)) if row not in batch)
    open_point(board, outside)
    sentence = page.get_by_text(f"Training point {outside + 1}, ")
    expect(sentence).to_be_visible()
    expect(page.get_by_test_id("player").locator(".choice.sample option")).to_have_count(1)
    page.get_by_role("button", name="Back to the next mini-batch").click()
    expect(page.get_by_test_id("player").locator(".choice.sample option")).to_have_count(10)
    expect(sentence).to_have_count(0)
    open_point(board, inside)
    row = page.get_by_test_id("pulls").locator('button.row[data-sample="3"]')
    expect(row).to_have_attribute("aria-pressed", "true")


def test_a_large_network_is_followed_unit_by_unit_and_counts_the_rest(page, app):
    board = LiveBoard(page).open(app.address, LARGE)
    open_point(board, int(board.experiment().start().next_batch()[0]))
    microscope = Microscope(page)
    graph = page.get_by_test_id("player").get_by_test_id("graph")
    expect(graph.get_by_text("and 57 more")).to_be_visible()
    expect(graph.get_by_text("and 25 more")).to_be_visible()
    assert graph.locator(".item").count() < 200
    microscope.choose("Layer", "Layer 2")
    expect(microscope.headline).to_contain_text("of layer 2")
    microscope.choose("Unit", "32")
    expect(microscope.headline).to_contain_text("unit 32 of layer 2")
    microscope.choose("Number", "weight from unit 64")
    expect(microscope.headline).to_contain_text("weight from unit 64 of layer 1 to unit 32 of layer 2")
    page.get_by_test_id("player").get_by_role("button", name="Apply update").click()
    expect(microscope.bar).to_have_attribute("data-index", "0")
    promised = microscope.cell(3)
    board.press("Step one update")
    expect(microscope.headline.locator("dd").nth(1)).to_have_text(promised)


def test_lists_choose_the_same_as_the_board(board):
    microscope = open_at(board, *WEIGHT)
    microscope.choose("Number", "its bias")
    expect(microscope.headline).to_contain_text("bias of unit 2 of layer 1")
    microscope.choose("Layer", "Output")
    expect(microscope.headline).to_contain_text("bias of output unit")
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
    expect(board.page.get_by_test_id("pulls").locator("button.row.here")).to_have_count(1)


def test_a_formula_whose_file_was_cut_off_is_set_as_soon_as_the_file_comes(app, new_page, console_errors):
    page, asked = new_page(), []

    def cut(route):
        asked.append(route.request.url)
        if len(asked) < 4:
            route.abort()
        else:
            route.continue_()

    page.route("**/rehype-katex*", cut)
    board = LiveBoard(page).open(app.address, GALLERY["spiral"].experiment.to_query())
    open_at(board, *WEIGHT)
    formula = page.get_by_test_id("formula")
    expect(formula).to_contain_text("\\")  # readable meanwhile, as LaTeX
    expect(formula.locator(".katex-html").first).to_be_visible()
    assert len(asked) == 4
    assert all("ERR_FAILED" in error and "rehype-katex" in error for error in console_errors), console_errors
    console_errors.clear()
