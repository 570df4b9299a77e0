"""Data of one input has curves, data of three a slice: both are pictures to point at, like the map of two."""

import re

import pytest
from playwright.sync_api import expect

import scratchnet as sn
from tests.browser.live_board import LiveBoard


def test_three_inputs_are_a_slice_that_goes_through_the_input_that_is_tried(app, new_page):
    page = new_page()  # a tab of its own: 50 entries are the most that one counts
    board = LiveBoard(page).open(app.address, "dataset=tutorial&hidden=2&activation=sigmoid")
    expect(board.root.get_by_text("x3 = 0.1667 (the mean of the training points)")).to_be_visible()
    box = board.map.bounding_box()
    board.map.click(position={"x": box["width"] / 2, "y": box["height"] / 3})
    expect(board.root.get_by_label("Input x3")).to_have_value(re.compile(r"0\.1666"))
    for name, typed in {"x1": "0,5", "x2": "-0.2", "x3": "1"}.items():
        board.root.get_by_label(f"Input {name}").fill(typed)
    board.root.get_by_label("Input x3").press("Enter")
    expect(board.button("Output unit")).to_have_attribute("data-z", re.compile("."))
    board.check(probe=(0.5, -0.2, 1.0))
    expect(board.root.get_by_text("x3 = 1 (as in the input")).to_be_visible()

    board.root.get_by_label("Input across the map").select_option("x2")
    expect(board.root.get_by_label("Input up the map")).to_have_value("0")  # the two have changed places
    board.root.get_by_label("Input up the map").select_option("x3")
    expect(board.root.get_by_text("x1 = 0.5 (as in the input")).to_be_visible()
    board.check(probe=(0.5, -0.2, 1.0))
    board.press("Add a unit to layer 1")
    board.wait("update === 0")
    expect(board.parameter(0, 2, None)).to_be_visible()
    for side, column in (("across", "1"), ("up", "2")):  # another network shows the same slice, and says so
        expect(board.root.get_by_label(f"Input {side} the map")).to_have_value(column)

    entries = page.evaluate("history.length")
    board.root.get_by_label("Input across the map").select_option("x1")
    expect(page).to_have_url(re.compile(r"&input=0\.5_-0\.2_1&axes=1_3$"))
    assert page.evaluate("history.length") == entries  # another view is nothing to go back to
    page.reload()
    board.wait("paints > 0")
    expect(board.root.get_by_label("Input x2")).to_have_value("-0.2")
    expect(board.root.get_by_label("Input up the map")).to_have_value("2")
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


def test_one_input_has_a_curve_that_follows_the_network_and_takes_a_click(app, page):
    board = LiveBoard(page).open(app.address, "dataset=sine&features=x1&output=identity&loss=mse&hidden=8")
    board.play_until("update > 300")
    board.pause()
    _, run = board.check()
    box = board.map.bounding_box()
    board.map.click(position={"x": 36 + (box["width"] - 40) * 0.25, "y": 12})
    expect(board.root.get_by_label("Input x1")).to_have_value(re.compile(r"^-(3|2\.9)"))
    tried = float(board.root.get_by_label("Input x1").input_value())
    board.check(probe=(tried,))
    # Where scratchnet says that the curve runs there is its colour: three places, pixel by pixel.
    scale = board.root.evaluate(CURVE_PIXELS)
    (low, high) = sn.DATASETS["sine"].domain[0]
    targets = [*run.dataset.y_train.ravel(), *run.dataset.y_test.ravel(), -1, 1]
    spare = 0.15 * (max(targets) - min(targets))
    bottom, top = min(targets) - spare, max(targets) + spare
    for share in (0.31, 0.5, 0.77):
        answer = run.network.predict([[low + share * (high - low)]])[0, 0]
        found = scale[round(share * (len(scale) - 1))]
        assert found is not None
        assert found == pytest.approx((answer - bottom) / (top - bottom), abs=0.02)


# For each pixel column of the curve's box the height (0 to 1) at which the curve, the one thing that is plum, lies.
CURVE_PIXELS = """root => {
  const canvas = root.querySelector('.mapBox canvas');
  const density = canvas.width / canvas.clientWidth;
  const [width, height] = [canvas.clientWidth - 40, canvas.clientHeight - 34];
  return Array.from({length: width}, (_, i) => {
    const {data} = canvas.getContext('2d').getImageData((36 + i) * density, 6 * density, 1, height * density);
    const hits = [];
    for (let y = 0; 4 * y < data.length; y += 1) {
      const [r, g, b] = data.slice(4 * y, 4 * y + 3);
      if (r - g > 40 && b - g > 40) hits.push(y);
    }
    return hits.length ? 1 - (hits[0] + hits[hits.length - 1] + 1) / 2 / (height * density) : null;
  });
}"""
