"""The page Data in a browser: a pasted table is learned on the board, and bad files meet their sentence."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.live_board import LiveBoard
from tests.test_table_reading import BAD

PETS = "größe;gewicht;art\n" + "".join(
    f"{20 + place % 7},5;{3 + place % 5},25;{'hund' if place % 7 > 3 else 'katze'}\n" for place in range(60)
)
TOO_LARGE = "2 MB and 1 byte"  # the widget says so by itself and sends nothing


@pytest.fixture
def page(app, new_page) -> Page:
    page = new_page()
    page.goto(f"{app.address}/data")
    expect(page.get_by_role("heading", name="Your own data")).to_be_visible()
    return page


def test_a_pasted_table_with_decimal_commas_is_learned_on_the_board(app, page):
    page.get_by_label("Copied from a spreadsheet, or typed").fill(PETS)
    page.get_by_role("button", name="Read the table").click()
    expect(page.get_by_role("button", name="Read as: semicolon, decimal comma")).to_be_visible()
    expect(page.get_by_text("60 rows of 2 inputs. Classes: hund 24, katze 36.")).to_be_visible()
    page.get_by_role("button", name="Use on the playground").click()
    board = LiveBoard(page)
    board.wait("paints > 0")
    before = board.numbers()
    assert before.update == 0
    board.press("Play")
    board.wait("update > 30")
    board.press("Pause")
    after = board.numbers()
    assert after.train_loss < before.train_loss
    page.reload()  # 60 rows of two columns are in the address whole
    board.wait("paints > 0")
    expect(page.get_by_role("combobox", name="Data set")).to_have_value("Pasted table")


def test_each_bad_file_gets_its_sentence_through_the_real_widget_and_the_next_one_is_read(page, tmp_path):
    main = page.get_by_test_id("stMain")
    cases = [case for case in BAD if case != TOO_LARGE]
    cases = [TOO_LARGE, *cases[::2], *cases[1::2]]  # so no sentence is that of the file before
    for place, case in enumerate(cases):
        data, words = BAD[case]
        file = Path(tmp_path, f"{place}.csv")
        file.write_bytes(data)
        if case == TOO_LARGE:
            page.locator("input[type=file]").set_input_files(file)
            expect(main.get_by_text("File must be 2.0MB or smaller")).to_be_visible()
            continue
        expect(main.get_by_text(re.compile(words))).to_have_count(0)
        with page.expect_response(lambda answer: answer.request.method == "PUT") as sent:
            page.locator("input[type=file]").set_input_files(file)
        assert sent.value.status == 204, case
        expect(main.get_by_text(re.compile(words)).first, case).to_be_visible()
    good = Path(tmp_path, "pets.csv")
    good.write_bytes(PETS.encode("cp1252"))
    page.locator("input[type=file]").set_input_files(good)
    expect(page.get_by_text("pets: 60 rows, 3 columns")).to_be_visible()
