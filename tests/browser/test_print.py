"""Print: what a teacher downloads is printed whole on either paper, the key apart from the sheet."""

import re

from tests.browser.live_board import LiveBoard

WIDTHS = {"A4": 687, "Letter": 710}  # pixels between the margins


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_a_worksheet_and_its_key_are_a_page_each_on_either_paper_and_nothing_is_cut(new_page, app, tmp_path):
    page, files = new_page(), []
    LiveBoard(page).open(app.address, "dataset=moons&hidden=2&activation=sigmoid")
    page.get_by_role("button", name="Share", exact=True).click()
    page.get_by_role("tab", name="On paper").click()
    for label in ("Point to learn from", "Seed of the numbers"):
        if label.startswith("Seed"):
            page.get_by_text("Friendly numbers", exact=True).click()
        page.get_by_label(label, exact=True).wait_for()
        with page.expect_download() as download:
            page.get_by_role("button", name="Worksheet (HTML)").click()
        files.append(tmp_path / download.value.suggested_filename)
        download.value.save_as(files[-1])
    assert [file.name for file in files] == ["worksheet-point-1.html", "worksheet-seed-0.html"]
    page.emulate_media(media="print")
    for file in files:
        page.goto(file.as_uri())
        for paper, width in WIDTHS.items():
            assert pages(page.pdf(format=paper)) == 2, paper
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        key = page.locator("section.page")
        key.evaluate("key => key.replaceChildren('short')")
        assert pages(page.pdf(format="A4")) == 2, "the key begins on a page of its own, however short it is"
        key.evaluate("key => key.remove()")
        assert pages(page.pdf(format="A4")) == 1, "the sheet is one page"
