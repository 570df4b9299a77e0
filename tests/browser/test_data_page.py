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
NOTHING = "Nothing can be learned so."
# Tables that can be read and are odd: what the page says of each.
ODD = {
    "one class only": ("a,b\n1,x\n2,x\n3,x\n4,x\n", "Column 'b' has the same value in every row"),
    "one row": ("a,b\n1,x\n", NOTHING),
    "two rows": ("a,b\n1,x\n2,y\n", "2 rows can be used, and at least 3 are needed"),
    "nan and inf": ("a,b\n1,2\nnan,3\ninf,4\n-inf,5\n5,7\n6,8\n", "1 row with a missing value left out"),
    "1e999": ("a,b\n1,2\n1e999,3\n3,4\n4,6\n", "1 cell is no number and counts as missing (first '1e999' in row 2)"),
    "5000 digits": (
        "a,b\n1,2\n" + "9" * 5000 + ",3\n3,4\n4,6\n",
        "1 cell is no number and counts as missing (first '9999",
    ),
    "zero-variance column": ("a,b,c\n1,7,2\n2,7,3\n3,7,4\n4,7,6\n", "Column 'b' has the same value in every row"),
    "300 classes": ("a,b\n" + "".join(f"{i},w{i % 300}\n" for i in range(900)), NOTHING),
    "all text": ("a,b\n" + "".join(f"text {i},more {i}\n" for i in range(50)), NOTHING),
    "formula cells": ("name,a,b\n" + "".join(f"=1+{i},{i},{i * i}\n" for i in range(8)), "8 rows of 1 input."),
    "names that are code": (
        "<script>alert(1)</script>,$x$,:red[x]\n" + "".join(f"{i},{i * 2},{i % 2}\n" for i in range(12)),
        "<script>alert(1)</script>",
    ),
    "the same name twice": (
        "a,a,b\n1,2,3\n2,3,5\n3,4,9\n4,5,1\n",
        "1 column had the name of another and got a number.",
    ),
    "dates": ("when,b\n2020-01-01,1\n2020-01-02,2\n2020-01-03,4\n2020-01-04,3\n", "Column 'when' holds dates or times"),
}
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


def test_each_odd_table_is_read_through_the_real_widget_and_the_page_says_what_is_odd(app, page, tmp_path):
    main = page.get_by_test_id("stMain")
    for case, (text, words) in ODD.items():
        file = Path(tmp_path, "odd.csv")
        file.write_text(text, encoding="utf-8")
        page.goto(f"{app.address}/data")
        expect(page.get_by_role("heading", name="Your own data")).to_be_visible()
        page.locator("input[type=file]").set_input_files(file)
        expect(main.get_by_text(words).first, case).to_be_visible()
