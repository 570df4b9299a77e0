"""Icons come from a font of our own, which has a thirtieth of Streamlit's: each looks as it does there."""

import pytest

from tests.browser.live_board import LiveBoard
from tools import icons

# Draws each name in both fonts; those that differ, and those of which nothing is seen.
COMPARE = """async ([names, address]) => {
  const whole = await new FontFace("whole", `url(${address})`).load();
  document.fonts.add(whole);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 48;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const drawn = (name, family) => {
    context.clearRect(0, 0, 48, 48);
    context.font = `40px "${family}"`;
    context.fillText(name, 4, 44);
    return [context.measureText(name).width, ...context.getImageData(0, 0, 48, 48).data];
  };
  const faults = [];
  for (const name of names) {
    const [ours, theirs] = [drawn(name, "Material Symbols Rounded"), drawn(name, "whole")];
    const isIcon = Math.round(ours[0]) === 40 && ours.slice(1).some(Boolean);
    if (!isIcon || String(ours) !== String(theirs)) faults.push(name);
  }
  return faults;
}"""


def test_every_icon_looks_as_in_streamlits_font(app, new_page):
    page = new_page()
    LiveBoard(page).open(app.address)
    names = icons.LIST.read_text("utf-8").split()
    whole = f"{app.address}/static/media/{icons.streamlits_font().name}"
    assert page.evaluate(COMPARE, [names, whole]) == []
    assert page.evaluate(COMPARE, [["pets"], whole]) == ["pets"], "an icon that ours has not"


@pytest.mark.parametrize("path", ["", "neurons", "hand_ins"])
def test_no_page_fetches_streamlits_font_of_icons(app, new_page, path):
    page, asked = new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{app.address}/{path}")
    page.get_by_test_id("stMainBlockContainer").wait_for()
    page.wait_for_function(
        "() => [...document.fonts].some((one) => one.family.includes('Material') && one.status === 'loaded')"
    )
    page.wait_for_load_state("networkidle")
    fonts = [url.rpartition("/")[2] for url in asked if "icons.woff2" in url or "MaterialSymbols" in url]
    assert fonts == ["icons.woff2"]
