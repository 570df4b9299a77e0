"""The board of a table with many columns, in a browser: the plane of its points, a row typed, points told apart."""

import time

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import scratchnet as sn
from tests.browser.live_board import PATIENCE, LiveBoard

WINE = "dataset=wine&scaling=standard&validation_fraction=0.2&hidden=4"
DIGITS = "dataset=digits&scaling=minmax&hidden=12&samples=500"

# The middle of each pixel of the first canvas in the network, from 0 (black) to 255.
PIXELS = """() => {
  const host = [...document.querySelectorAll("*")].find(({ shadowRoot }) => shadowRoot?.querySelector(".columns"));
  const canvas = (host ? host.shadowRoot : document).querySelector(".columns canvas");
  const [width, height] = [canvas.width / 8, canvas.height / 8];
  const at = (column, row) => canvas.getContext("2d").getImageData((column + 0.5) * width, (row + 0.5) * height, 1, 1);
  return Array.from({ length: 64 }, (_, i) => at(i & 7, i >> 3).data[0]);
}"""


@pytest.fixture
def opened(app, new_page):
    def open_(query: str, **settings) -> Page:
        page = new_page(**settings)
        page.goto(f"{app.address}/?{query}")
        LiveBoard(page).wait("paints > 0")
        return page

    return open_


def test_a_table_opens_on_the_plane_of_its_points_and_a_click_there_is_followed_in_the_datas_own_units(opened):
    page = opened(WINE)
    across = page.get_by_label("Input across the map")
    expect(across).to_have_value("-1")
    expect(page.get_by_text("The plane on which the training points spread most")).to_be_visible()
    expect(page.get_by_label("Validation: results")).to_be_visible()
    data = sn.Experiment.from_query(WINE)[0].start().dataset
    expect(page.get_by_role("button", name=f"Feature {data.names[0]}")).to_be_visible()
    map_ = page.locator(".mapBox canvas").last
    box = map_.bounding_box()
    map_.click(position={"x": box["width"] * 0.15, "y": box["height"] * 0.1})  # a corner without points
    page.get_by_text("Type a row").click()
    fields = page.locator(".rowFields input")
    expect(fields).to_have_count(len(data.names))
    expect(fields.first).not_to_have_value("")
    typed = [float(value.replace("−", "-")) for value in fields.evaluate_all("fields => fields.map((f) => f.value)")]
    scaled = (np.array(typed) - data.x_train.mean(axis=0)) / data.x_train.std(axis=0)
    plane, _ = sn.principal_plane_of(data)
    assert plane.distances(scaled[None])[0] < 1e-3, "what was clicked lies on the plane"
    across.select_option("0")
    expect(page.get_by_label("Input up the map")).to_have_value("1")
    expect(page.get_by_text("A slice through the data")).to_be_visible()
    across.select_option("-1")
    expect(page.get_by_label("Input up the map")).to_have_value("-1")


def test_a_row_that_is_typed_with_decimal_commas_is_followed(opened):
    page = opened(WINE)
    page.get_by_text("Type a row").click()
    fields = page.locator(".rowFields input")
    data = sn.load_dataset("wine")
    row = data.x_train[3].tolist()
    for place, value in enumerate(row):
        fields.nth(place).fill(str(value).replace(".", ","))
    fields.last.press("Enter")
    run = sn.Experiment.from_query(WINE)[0].start()
    scaled = (np.array([row]) - run.dataset.x_train.mean(axis=0)) / run.dataset.x_train.std(axis=0)
    first = run.network.predict(scaled)[0, 0]
    expect(page.locator(".probe .answer")).to_contain_text(f"{first:.4g}"[:6])


def test_digits_are_a_picture_on_the_board_and_a_point_that_is_chosen_is_shown(opened):
    page = opened(DIGITS)
    picture = page.get_by_role("img", name="The input as a picture of 8 by 8 pixels")
    expect(picture).to_be_visible()
    expect(page.locator("button.feature")).to_have_count(0)

    def darkness() -> list[int]:
        return page.evaluate(PIXELS)

    mean = darkness()
    page.get_by_label("Training point").fill("12")
    page.keyboard.press("Enter")
    expect(page.get_by_text("training point 12:")).to_be_visible()
    latest = time.monotonic() + PATIENCE
    while (one := darkness()) == mean and time.monotonic() < latest:
        page.wait_for_timeout(100)
    pixels = sn.Experiment.from_query(DIGITS)[0].start().dataset.x_train[11]
    assert one != mean
    assert np.corrcoef(pixels, one)[0, 1] < -0.9, "the larger the value, the darker the pixel"


def test_a_table_is_read_on_a_phone(opened):
    page = opened(WINE, viewport={"width": 390, "height": 844})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
