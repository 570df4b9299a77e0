"""Tables of visitors: what spreadsheets and public files look like is read, and bad input gets one sentence."""

import csv
import io
import math
import re
import zipfile

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.data import reading
from ui.data.columns import columns_of
from ui.data.decoding import MAX_BYTES
from ui.data.export import as_csv
from ui.data.reading import LONE, MAX_ROWS, find_separator, read


def rows_of(table) -> list[list[str]]:
    return table.cells.to_numpy().tolist()


def numbers_of(table) -> dict[str, list[float] | None]:
    """Column -> its numbers, None for one that holds no numbers."""
    found = columns_of(table.cells, table.decimal, table.decimal_is_said)
    return {one.name: one.values.tolist() if one.kind == "number" else None for one in found}


# ---- what spreadsheets write -----------------------------------------------------------------------------------------

GERMAN = "Größe;Gewicht;Umsatz;Art\r\n1,5;2,25;1.234,50;Bär\r\n-0,75;3;12.345.678;Kuh\r\n"
FRENCH = "taille;poids;chiffre;espèce\r\n1,5;2,25;1\u202f234,50;bœuf\r\n-0,75;3;12\u00a0345\u00a0678;âne\r\n"
ENGLISH = 'size,weight,sales,kind\r\n1.5,2.25,"1,234.50",bear\r\n-0.75,3,"12,345,678",cow\r\n'
NUMBERS = [[1.5, -0.75], [2.25, 3.0], [1234.5, 12345678.0]]


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        (GERMAN, "cp1252", ("cp1252", ";", ",")),  # Excel: CSV (delimited)
        (GERMAN, "utf-8-sig", ("utf-8", ";", ",")),  # Excel: CSV UTF-8
        (GERMAN.replace(";", "\t"), "utf-16", ("utf-16", "\t", ",")),  # Excel: Unicode text
        (GERMAN, "utf-8", ("utf-8", ";", ",")),  # LibreOffice
        (FRENCH, "utf-8-sig", ("utf-8", ";", ",")),
        (FRENCH.replace("\u202f", "\u00a0"), "cp1252", ("cp1252", ";", ",")),
        (FRENCH.replace(";", "\t"), "utf-16-be-mark", ("utf-16", "\t", ",")),
        (ENGLISH, "cp1252", ("utf-8", ",", ".")),
        (ENGLISH, "utf-8-sig", ("utf-8", ",", ".")),
        (ENGLISH.replace("\r\n", "\n"), "utf-8", ("utf-8", ",", ".")),  # LibreOffice and Google Sheets
        (ENGLISH.replace('"', "").replace("1,234", "1234").replace(",345,", "345").replace(",", "\t"), "utf-8", None),
    ],
)
def test_what_excel_libreoffice_and_google_sheets_write_in_three_languages_is_read(text, encoding, expected):
    data = b"\xfe\xff" + text.encode("utf-16-be") if encoding == "utf-16-be-mark" else text.encode(encoding)
    table = read(data)
    assert (table.encoding, table.separator, table.decimal) == (expected or ("utf-8", "\t", "."))
    assert table.has_header
    names = re.split("[;,\t]", text.split("\r\n")[0].split("\n")[0])
    assert list(table.cells.columns) == names
    found = numbers_of(table)
    assert [found[name] for name in names[:3]] == NUMBERS
    assert found[names[3]] is None
    assert table.cells[names[3]].tolist() == [
        text.split("\n")[row].strip().split(names_end(text))[-1] for row in (1, 2)
    ]
    assert table.notes == ()


def names_end(text: str) -> str:
    return next(mark for mark in ";\t," if mark in text)


def test_google_sheets_in_german_writes_decimal_commas_in_quotes_between_commas():
    table = read(b'a,b\n"1,5","2,25"\n3,"4,75"\n')
    assert (table.separator, table.decimal) == (",", ",")
    assert numbers_of(table) == {"a": [1.5, 3.0], "b": [2.25, 4.75]}


def test_a_first_line_that_names_the_separator_is_obeyed_and_is_no_row():
    table = read(b"sep=;\r\na,b;c\r\n1,2;3\r\n4,5;6\r\n")
    assert (table.separator, table.cells.columns.tolist()) == (";", ["a,b", "c"])
    assert numbers_of(table) == {"a,b": [1.2, 4.5], "c": [3.0, 6.0]}
    assert read(b"sep=\t\na\tb\n1\t2\n").separator == "\t"
    assert read(b'"sep=|"\na|b\n1|2\n').separator == "|"
    with pytest.raises(ValueError, match="names ':' as separator: expected comma, semicolon, tab or bar"):
        read(b"sep=:\na:b\n1:2\n")
    with pytest.raises(ValueError, match="Line 4 has 3 cells"):
        read(b"sep=;\na;b\n1;2\n1;2;3\n4;5\n")


def test_quoted_cells_hold_line_ends_separators_and_quotes():
    table = read(b'id;note\n1;"two\nlines; and ""words"""\n2;"x\r\ny"\n')
    assert rows_of(table) == [["1", 'two\nlines; and "words"'], ["2", "x\r\ny"]]


def test_a_decimal_mark_is_found_for_each_column_and_a_column_that_could_be_either_follows_the_others():
    text = "a;b;c\n1,5;2.5;1.234\n2,5;3.5;5.678\n3,25;4,5;9.000\n"
    found = {one.name: one.decimal for one in columns_of(read(text).cells, ",")}
    assert found == {"a": ",", "b": ".", "c": ","}
    assert numbers_of(read("a;b\n1,5;1.234\n2;5.678\n"))["b"] == [1234.0, 5678.0]
    assert numbers_of(read("a;b\n1.5;1.234\n2;5.678\n"))["b"] == [1.234, 5.678]
    assert numbers_of(read('a,b\n1.5,"1,234"\n2,"5,678"\n'))["b"] == [1234.0, 5678.0]
    assert numbers_of(read("a;b\n1;1,234\n2;5,678\n"))["b"] == [1.234, 5.678]  # a semicolon: where the comma is taken


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1'234.5", 1234.5),  # Switzerland
        ("1’234.5", 1234.5),
        ("−2.5", -2.5),  # a typographer's minus
        ("12.5 %", 12.5),
        ("$1,200.50", 1200.5),
        ("1e-3", 0.001),
        (".5", 0.5),
        ("5.", 5.0),
        (" 7 ", 7.0),
        ("\u00a07", 7.0),
        ("0x10", None),
        ("1_000", None),
        ("1,23,4", None),
        ("--1", None),
        ("e5", None),
        (".", None),
        ("inf", None),
        ("1e999", None),
        ("1e30", 1e30),
        ("-1e101", None),
        ("9" * 5000, None),
        ("0." + "0" * 5000 + "1", 0.0),
        ("٣", None),  # digits of other scripts
    ],
)
def test_a_number_is_read_as_a_person_reads_it_and_what_is_none_counts_as_missing(cell, value):
    table = read("".join(f'"{one}",x\n' for one in ("a", "1.5", "2.5", "3.5", cell)))
    (column, _) = columns_of(table.cells, ".")
    assert column.kind == "number"
    if value is None:
        assert math.isnan(column.values[3])
        assert column.missing == 1
        assert column.strange == (cell != ".")
    else:
        assert column.values[3] == value
        assert (column.missing, column.strange) == (0, 0)


def test_every_finite_number_that_python_writes_is_read_back_to_the_last_bit():
    values = np.random.default_rng(0).normal(size=400) * 10.0 ** np.random.default_rng(1).integers(-300, 28, 400)
    table = read("a,b\n" + "".join(f"{value!r},1\n" for value in values.tolist()))
    assert numbers_of(table)["a"] == values.tolist()


def test_each_thing_found_can_be_corrected():
    german = "Name;Wert\nä;1,234\nö;2,345\n"
    assert read(german.encode("cp1252"), encoding="mac-roman").cells["Name"].tolist() == ["‰", "ˆ"]
    assert rows_of(read("a;b\n1,5;2\n2,5;3\n", separator=",", has_header=False))[0] == ["1", "5;2"]
    assert numbers_of(read(german, decimal="."))["Wert"] == [1234.0, 2345.0]
    assert numbers_of(read(german))["Wert"] == [1.234, 2.345]
    assert rows_of(read(german, has_header=False))[0] == ["Name", "Wert"]
    assert read("1,2\n3,4\n", has_header=True).cells.columns.tolist() == ["1", "2"]
    assert read("a b,c d\n1,2\n3,4\n", separator=LONE).cells.columns.tolist() == ["a b,c d"]
    for wrong in ({"encoding": "utf-7"}, {"separator": ":"}, {"decimal": ";"}):
        with pytest.raises(ValueError, match=r"has to be (one of|a point or a comma)"):
            read(b"a,b\n1,2\n", **wrong)


@pytest.mark.parametrize(
    ("text", "has_header"),
    [
        ("a,b\n1,2\n3,4\n", True),
        ("5,6\n1,2\n3,4\n", False),
        ("red,7\nblue,8\n", False),
        ("colour,shape\nred,round\nblue,square\n", True),
        ("red,round\nblue,square\nred,square\n", False),
        (",b\nx,2\ny,4\n", True),
        ("a;b\n1,5;2\n", True),
        ("1,5;2\n2,5;3\n", False),
    ],
)
def test_a_header_is_a_first_row_without_numbers_whose_words_do_not_come_again(text, has_header):
    assert read(text).has_header == has_header


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("x\n1.5\n2.5\n", LONE),
        ("a;b\n1,5;2,5\n3,25;4,5\n", ";"),
        ("1,5;2,5\n3,5;4,5\n", ";"),
        ("1,5\t2,5\n3,5\t4,5\n", "\t"),
        ('name,text\nA,"a; b"\nB,"c; d"\n', ","),
        ("a|b\n1,5|2\n2,5|3\n", "|"),
        ("when;what\n01.02.2020 10:00;1,5\n02.02.2020 11:00;2,5\n", ";"),
        ('a;b,"{""a"":' + "[" * 3000 + '}"\n1;2,3,4\n', ","),  # JSON too deep for the type test: the commonest is taken
        ('a;b,{"a":' + "1" * 5000 + "}\n1;2,3\n,,\n", ","),
    ],
)
def test_the_separator_is_found_and_a_decimal_comma_is_none(text, separator):
    assert find_separator(text) == separator


# ---- public files of twelve makers: their quirks, none of their data -------------------------------------------------

PUBLIC = {
    "UCI: no header, question marks for what is missing, spaces after commas, an empty line at the end": (
        "39, State-gov, 13, <=50K\n50, ?, 9, >50K\n38, Private, ?, <=50K\n\n",
        ["column 1", "column 2", "column 3", "column 4"],
        3,
        {"column 1": [39.0, 50.0, 38.0], "column 3": [13.0, 9.0, math.nan]},
    ),
    "UCI wine quality: semicolons with decimal points and quoted names": (
        '"fixed acidity";"pH";"quality"\n7.4;3.51;5\n7.8;3.2;6\n',
        ["fixed acidity", "pH", "quality"],
        2,
        {"fixed acidity": [7.4, 7.8], "quality": [5.0, 6.0]},
    ),
    "R: row names under no name of their own, all words in quotes, NA": (
        '"height","kind"\n"1",1.5,"a"\n"2",NA,"b"\n"3",2.5,"a"\n',
        ["column 1", "height", "kind"],
        3,
        {"column 1": [1.0, 2.0, 3.0], "height": [1.5, math.nan, 2.5]},
    ),
    "pandas: an index under an empty name": (
        ",x,y\n0,0.1,1e-05\n1,0.2,2e-05\n",
        ["column 1", "x", "y"],
        2,
        {"column 1": [0.0, 1.0], "y": [1e-05, 2e-05]},
    ),
    "a German statistical office: titles above, a note below, units in the names, cp1252": (
        "Bevölkerung nach Jahren;\n\nJahr;Männer (Tsd.);Frauen (Tsd.)\n2019;41.037,6;42.128,1\n2020;41.026,7;42.128,4\n"
        "\n© Statistisches Amt\n".encode("cp1252").replace(b"nach Jahren;\n", b"nach Jahren\n"),
        ["Jahr", "Männer (Tsd.)", "Frauen (Tsd.)"],
        2,
        {"Jahr": [2019.0, 2020.0], "Männer (Tsd.)": [41037.6, 41026.7]},
    ),
    "the World Bank: quotes everywhere, title lines, years as names, a separator at each line's end": (
        '"Data Source","Indicators",\n\n"Last Updated","2024-01-01",\n\n'
        '"Country","Code","2019","2020",\n"A","AA","1.5","",\n"B","BB","2.5","3.5",\n',
        ["column 1", "column 2", "column 3", "column 4"],  # years are numbers: whoever looks says that these are names
        3,
        {"column 3": [2019.0, 1.5, 2.5]},
    ),
    "Eurostat: tabs, a colon for what is missing, flags beside the numbers": (
        "geo\ttime\tvalue\nAT\t2019\t1.5\nBE\t2019\t2.5 p\nBG\t2019\t3.5\nCY\t2019\t4.5\nCZ\t2019\t:\nDE\t2019\t5.5\n"
        "DK\t2019\t6.5\nEE\t2019\t7.5\n",
        ["geo", "time", "value"],
        8,
        {"value": [1.5, math.nan, 3.5, 4.5, math.nan, 5.5, 6.5, 7.5]},
    ),
    "a weather service: bars, padded with spaces, minus 999 for what is missing": (
        "STATION |  TEMP |  RAIN \n  00044 |   1.5 |  -999 \n  00045 |  -2.5 |   0.4 \n",
        ["STATION", "TEMP", "RAIN"],
        2,
        {"TEMP": [1.5, -2.5], "RAIN": [-999.0, 0.4]},
    ),
    "a French open data site: a mark, semicolons, spaces in numbers, accents": (
        "\ufeffCommune;Population;Densité\nÉvry;12 345;1 234,5\nNîmes;151 001;927,2\n".encode(),
        ["Commune", "Population", "Densité"],
        2,
        {"Population": [12345.0, 151001.0], "Densité": [1234.5, 927.2]},
    ),
    "an old Macintosh: lines end with a carriage return": (
        b"a,b\r1,2\r3,4\r",
        ["a", "b"],
        2,
        {"a": [1.0, 3.0], "b": [2.0, 4.0]},
    ),
    "a spreadsheet: a title filled up with separators, empty rows and columns": (
        "My measurements;;;;\n;;;;\nx;y;kind;;\n1,5;2;a;;\n;;;;\n2,5;3;b;;\n",
        ["x", "y", "kind"],
        2,
        {"x": [1.5, 2.5], "y": [2.0, 3.0]},
    ),
    "a measuring device: comment lines, a date and time, exponents with a plus sign, the mark of MS-DOS at the end": (
        b"# device 7\n# calibrated\ntime,volt,ampere\n"
        b"2024-01-01T10:00,+1.5E+00,2.0E-03\n2024-01-01T10:01,-1.5E+00,1\n\x1a",
        ["time", "volt", "ampere"],
        2,
        {"volt": [1.5, -1.5], "ampere": [0.002, 1.0]},
    ),
}


@pytest.mark.parametrize("quirk", PUBLIC)
def test_public_files_of_twelve_makers_are_read(quirk):
    source, names, rows, numbers = PUBLIC[quirk]
    table = read(source.encode() if isinstance(source, str) else source)
    assert list(table.cells.columns) == names
    assert len(table.cells) == rows
    found = numbers_of(table)
    for name, values in numbers.items():
        np.testing.assert_array_equal(found[name], values)


def test_what_was_left_out_is_said_in_numbers():
    device = next(source for quirk, (source, *_) in PUBLIC.items() if quirk.startswith("a measuring device"))
    assert read(device).notes == ("2 lines above the table left out.",)
    text, *_ = PUBLIC["a spreadsheet: a title filled up with separators, empty rows and columns"]
    assert read(text).notes == (
        "1 line above the table left out.",
        "1 empty row left out.",
        "2 empty columns left out.",
    )
    data, *_ = PUBLIC["a German statistical office: titles above, a note below, units in the names, cp1252"]
    assert read(data).notes == ("1 line above the table left out.", "1 line below the table left out.")
    assert read("a,a,,a\n1,2,3,4\n5,6,7,8\n").notes == (
        "2 columns had the name of another and got a number.",
        "1 column had no name.",
    )


# ---- bad input -------------------------------------------------------------------------------------------------------


def zipped(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return file.getvalue()


BAD = {
    "an empty file": (b"", "The file is empty: expected a row of names and rows of values"),
    "only white space": (b" \r\n\t\n", "The file is empty"),
    "only a mark": (b"\xef\xbb\xbf\n", "There is nothing in it"),
    "only a header": (b"a,b,c\n", "The table has names and no rows: expected at least one row"),
    "only separators": (b",,,\n,,,\n", "The table has (no values|names and no rows)"),
    "binary": (bytes(range(256)) * 4, "This file is no text: expected a table as CSV"),
    "UTF-16 without a mark": ("a,b\n1,2\n".encode("utf-16-le"), "This file is no text"),
    "bytes that cp1252 does not know": (b"a,b\n\x81,2\n", "byte 5 is none. Choose another encoding, or save"),
    "an open quote": (b'a,b\n1,"2\n3,4\n', "A quote in the row that begins in line 2 is never closed"),
    "an open quote before 200,000 letters": (
        b'a,b\n1,"2\n' + b"3,4\n" * 50_000,
        "A quote in the row that begins in line 2 is never closed",
    ),
    "ragged rows": (
        b"a,b\n1,2\n3,4,5\n6,7\n8\n",
        r"Line 3 has 3 cells and most lines have 2 \(2 lines differ\): correct it, put cells that hold a comma in quot",
    ),
    "a row that is too short": (b"a,b,c\n1,2,3\n1,2\n1,2,3\n", "Line 3 has 2 cells and most lines have 3"),
    "a million equal column names": (
        b"a," * 999_999 + b"a",
        "The table has 1,000,000 columns, and at most 50 are read",
    ),
    "a line of 2 MB": (b"a" * MAX_BYTES, "Line 1 has 2,000,000 characters, and at most 100,000 are read"),
    "2 MB and 1 byte": (b"a" * (MAX_BYTES + 1), "The file has 2,000,001 bytes, and at most 2,000,000"),
    "20,001 rows": (b"a,b\n" + b"1,2\n" * 20_001, "The table has 20,001 rows, and at most 20,000 are read: leave some"),
    "half a million rows": (b"1,2\n" * 500_000, "The table has 500,000 rows"),
    "51 columns": (b",".join([b"1"] * 51) + b"\n", "The table has 51 columns, and at most 50 are read: leave some out"),
    "png": (b"\x89PNG\r\n\x1a\n1234", r"This is a picture \(png\). A table is needed"),
    "jpg": (b"\xff\xd8\xff\xe01234", r"This is a picture \(jpg\)"),
    "pdf": (b"%PDF-1.7\n", "This is a PDF. Copy its table into a spreadsheet, and save that as CSV UTF-8"),
    "xlsx": (
        zipped("[Content_Types].xml", "xl/workbook.xml"),
        r"This is an Excel workbook \(xlsx\). Open it in the spreadsheet, choose Save as or Download, and there CSV",
    ),
    "ods": (zipped("mimetype", "META-INF/opendocument.spreadsheet"), r"This is a LibreOffice spreadsheet \(ods\)"),
    "zip": (zipped("table.csv"), r"This is a packed file \(zip\). Unpack it, and give the CSV file that is in it"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r"This is an older Excel workbook \(xls\)"),
    "gz": (b"\x1f\x8b\x08\x00", r"This is a packed file \(gz\)"),
    "a web page": (b"\n<!DOCTYPE html><html>", "This is a web page or a drawing and no table"),
    "json": (b'[{"a": 1}]', "This is JSON and no table: save it as CSV"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gets_one_sentence_that_says_what_to_do(case):
    data, words = BAD[case]
    with pytest.raises(ValueError, match=words) as caught:
        read(data)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert len(sentence) < 250
    assert "\n" not in sentence


@pytest.mark.parametrize("case", ["2 MB and 1 byte", "png", "a million equal column names", "a line of 2 MB"])
def test_what_is_refused_at_once_is_taken_apart_by_nobody(case, monkeypatch):
    """Bounded work: neither pandas nor the measure of consistency is asked about more than a sample."""
    monkeypatch.setattr(pd, "DataFrame", None)
    seen = []
    measure = reading.ConsistencyDetector.compute_consistency_scores
    monkeypatch.setattr(
        reading.ConsistencyDetector,
        "compute_consistency_scores",
        lambda self, data, dialects: seen.append(len(data)) or measure(self, data, dialects),
    )
    with pytest.raises(ValueError, match=r"at most|picture"):
        read(BAD[case][0])
    assert all(length <= reading.SAMPLE for length in seen)


def test_the_measure_of_consistency_sees_the_beginning_alone_and_five_dialects_at_most(monkeypatch):
    seen = []
    monkeypatch.setattr(
        reading.ConsistencyDetector,
        "compute_consistency_scores",
        lambda self, data, dialects: seen.append((len(data), len(dialects))) or dict.fromkeys(dialects),
    )
    monkeypatch.setattr(reading.ConsistencyDetector, "get_best_dialects", lambda self, scores: list(scores))
    find_separator("a,b;c|d\te\n" * 100_000)
    assert seen == [(seen[0][0], 4)]
    assert 0.9 * reading.SAMPLE < seen[0][0] <= reading.SAMPLE


@pytest.mark.parametrize("count", [1, MAX_ROWS])
def test_as_many_rows_as_are_promised_are_read(count):
    assert len(read(b"a,b\n" + b"1,2\n" * count).cells) == count


def test_fifty_columns_are_read_and_all_bytes_that_are_promised():
    wide = ",".join(f"c{place}" for place in range(50)) + "\n" + ",".join(["1"] * 50) + "\n"
    assert read(wide).cells.shape == (1, 50)
    full = b"a,b\n" + b"12,45\n" * 10_000
    full += b"1," + b"7" * 90_000 + b"\n"
    assert len(read(full).cells) == 10_001
    longest = b"name,text\n" + b"".join(b"x," + b"word " * 19_000 + b"\n" for _ in range(21))
    assert len(read(longest[:MAX_BYTES]).cells) == 21


def test_names_from_outside_are_kept_as_text_on_one_line_and_no_two_are_equal():
    table = read('<script>,$x$,:red[x],"two\nlines",a,a,A,\n1,2,3,4,5,6,7,8\n')
    assert list(table.cells.columns) == ["<script>", "$x$", ":red[x]", "two lines", "a", "a 2", "A", "column 8"]
    assert list(read("a 2,a,a\n1,2,3\n").cells.columns) == ["a 2", "a", "a 3"]
    assert [len(name) for name in read("x" * 500 + "," + "x" * 400 + "\n1,2\n").cells.columns] == [60, 60]


@pytest.mark.parametrize(
    ("cells", "remark"),
    [
        (
            ["1", "2", "3", "x", "5"],
            r"1 cell is no number and counts as missing \(first 'x' in row 4\): correct the table",
        ),
        (
            ["1", "inf", "3", "1e999", "5", "6", "7", "8"],
            r"2 cells are no numbers and count as missing \(first 'inf' in",
        ),
        (["7", "7", "7"], "has the same value in every row, so nothing can be learned from it: leave it out"),
        (["2020-01-01", "2020-01-02"], "holds dates or times, which are no numbers: leave it out, or add a column"),
        (["31.12.2020 10:00", "1.1.2021 11:30"], "holds dates or times"),
        (["10:00", "11:30"], "holds dates or times"),
        (["", "NA", "?"], "has no values: leave it out"),
    ],
)
def test_a_column_that_needs_a_look_says_so_in_one_sentence(cells, remark):
    (column,) = columns_of(pd.DataFrame({"c": cells}, dtype="str"), ".")
    assert re.match(f"Column 'c':? {remark}", column.remark)


@pytest.mark.parametrize("cells", [["1", "2", ""], ["a", "b", "b"], ["1.1", "2.2", "NA"]])
def test_a_usual_column_has_no_remark(cells):
    (column,) = columns_of(pd.DataFrame({"c": cells}, dtype="str"), ".")
    assert column.remark == ""


# ---- for a spreadsheet -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "-", "+1-cmd|' /C'!A0"]
)
def test_no_cell_of_the_file_is_a_formula(cell):
    written = as_csv(pd.DataFrame({cell: [cell, "x"], "b": ["1", "2"]}, dtype="str")).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(written, newline="")))
    assert [rows[0][0], rows[1][0]] == [f"'{cell}", f"'{cell}"]


@pytest.mark.parametrize("cell", ["-1.5", "+2", "-1,5", "−3", "a=b", "", "x-y", "'quoted'"])
def test_numbers_and_words_are_written_as_they_are(cell):
    written = as_csv(pd.DataFrame({"a": [cell], "b": ["1"]}, dtype="str"), ";").decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(written, newline=""), delimiter=";")) == [["a", "b"], [cell, "1"]]


def test_what_was_read_is_written_as_it_came_and_read_again():
    table = read(GERMAN.encode("cp1252"))
    again = read(as_csv(table.cells, table.separator))
    assert (again.encoding, again.separator, again.decimal) == ("utf-8", ";", ",")
    pd.testing.assert_frame_equal(again.cells, table.cells)


# ---- whatever comes --------------------------------------------------------------------------------------------------

LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))
CELLS = st.text(st.one_of(LETTERS, st.sampled_from(",;|\t\"\n\r'=-.0123456789 ")), max_size=12)


@given(st.binary(max_size=400) | st.text(st.sampled_from("ab1,;|\t\"\r\n'=. \ufeff\0")).map(str.encode))
def test_any_bytes_are_a_table_or_one_sentence(data):
    try:
        table = read(data)
    except ValueError as error:
        assert str(error).endswith(".")
        assert "\n" not in str(error)
    else:
        assert table.cells.shape[0] >= 1
        assert len(set(table.cells.columns)) == table.cells.shape[1] >= 1
        for column in columns_of(table.cells, table.decimal, table.decimal_is_said):
            assert column.values.shape == (len(table.cells),)
            assert not np.isinf(column.values).any()


@settings(deadline=None)
@given(
    st.integers(2, 5).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=2)),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_the_csv_module_writes_is_read_back_cell_for_cell(rows, separator, encoding):
    rows = [["n", *("v" * len(rows[0][1:]))], *([f"r{place}", *row[1:]] for place, row in enumerate(rows))]
    written = io.StringIO()
    csv.writer(written, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(rows)
    table = read(written.getvalue().encode(encoding), separator=separator, has_header=True)
    assert rows_of(table) == rows[1:]


@given(st.lists(st.floats(-1e30, 1e30), min_size=3, max_size=20), st.sampled_from(".,"))
def test_numbers_written_with_either_mark_are_read_back_equal(values, decimal):
    cells = [repr(value).replace(".", decimal) for value in values]
    table = read("name;value\n" + "".join(f"x{place};{cell}\n" for place, cell in enumerate(cells)), decimal=decimal)
    assert numbers_of(table)["value"] == values
