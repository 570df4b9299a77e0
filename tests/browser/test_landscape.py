"""The page Landscape in a browser: both pictures are painted under the page's policy, and a moment leads back."""

import io
import re
import time

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, expect

from tests.browser.lesson_page import LOADED, PHONE
from tests.browser.live_board import PATIENCE

EDITED = "dataset=moons&samples=60&hidden=5-4&at=150&60.edit.0.1.0=3.0"


def plum_of(chart: Locator) -> int:
    """So many of its pixels are plum."""
    picture = np.asarray(Image.open(io.BytesIO(chart.screenshot())).convert("RGB")).astype(int)
    red, green, blue = np.moveaxis(picture, 2, 0)
    return int(((red - green > 8) & (blue - green > 8)).sum())


def test_on_a_phone_the_names_of_what_is_drawn_lie_below_the_name_of_the_axis(app, page):
    page.set_viewport_size(PHONE)
    page.goto(f"{app.address}/landscape?{EDITED}")
    chart = page.get_by_test_id("stPlotlyChart").first
    expect(chart.get_by_text("changed by hand")).to_be_visible()
    page.wait_for_timeout(1000)  # it is drawn once more when its place has its size
    axis, legend = (chart.locator(part).bounding_box() for part in (".xtitle", ".legendtext >> nth=0"))
    assert axis["y"] + axis["height"] <= legend["y"], (axis, legend)


def test_the_map_and_the_surface_are_painted_and_a_moment_of_the_path_opens_on_the_playground(app, page):
    page.goto(f"{app.address}/landscape?{EDITED}")
    charts = page.get_by_test_id("stPlotlyChart")
    expect(charts).to_have_count(2, timeout=LOADED)  # the surface is computed, and then drawn
    expect(charts.nth(0).get_by_text("changed by hand")).to_be_visible()
    expect(charts.nth(1).locator("canvas").first).to_be_visible()
    latest = time.monotonic() + PATIENCE
    while (plum := plum_of(charts.nth(1))) <= 10_000 and time.monotonic() < latest:
        page.wait_for_timeout(200)
    assert plum > 10_000, "no surface in plum"  # WebGL has painted it
    expect(page.get_by_role("figure", name="From above: the training loss on a plane")).to_have_count(1)

    plane = page.get_by_role("combobox", name="Plane")
    plane.focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("option", name="Two random directions").click()
    expect(page.get_by_role("button", name="New directions · seed 0")).to_be_visible()
    expect(page.get_by_text("Two random directions from the present, seed 0")).to_be_visible()

    page.get_by_role("combobox", name="Moment of the path").click()
    page.keyboard.type("update 0")
    first = page.get_by_role("option").first
    expect(first).to_have_text("update 0")
    first.click()
    expect(page.get_by_role("combobox", name="Moment of the path")).to_have_value("update 0")
    link = page.get_by_role("link", name="This moment on the playground")
    expect(link).not_to_have_attribute("href", re.compile(r"[?&]at=150"))  # the server has heard of the choice
    link.click()
    board = page.get_by_test_id("board")
    expect(board).to_have_attribute("data-update", "0")
    expect(board).to_have_attribute("data-playing", "false")
