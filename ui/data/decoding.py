"""Decoding: the bytes of a file as text, or one sentence about what else the file is."""

import re

MAX_BYTES = 2_000_000

# name for Python -> name for a person, for who has to correct what was found
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows, Western Europe (cp1252)",
    "cp1250": "Windows, Central Europe (cp1250)",
    "cp1251": "Windows, Cyrillic (cp1251)",
    "iso8859-15": "Western Europe with the euro sign (ISO 8859-15)",
    "mac-roman": "Macintosh, Western Europe",
    "cp850": "MS-DOS, Western Europe (cp850)",
}
MARKS = {  # the bytes at the very beginning that say how a text is written (Unicode 16, section 23.8)
    b"\xef\xbb\xbf": "utf-8",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
SPREADSHEET = "Open it in the spreadsheet, choose Save as or Download, and there CSV UTF-8; then give that file."
PICTURE = "A table is needed: give a text file with a row on each line (CSV)."
UNPACK = "Unpack it, and give the CSV file that is in it."
FORMS = (  # the first bytes, what such a file is, what to do
    (b"\xd0\xcf\x11\xe0", "an older Excel workbook (xls)", SPREADSHEET),
    (b"\x89PNG", "a picture (png)", PICTURE),
    (b"\xff\xd8\xff", "a picture (jpg)", PICTURE),
    (b"GIF8", "a picture (gif)", PICTURE),
    (b"%PDF", "a PDF", "Copy its table into a spreadsheet, and save that as CSV UTF-8."),
    (b"\x1f\x8b", "a packed file (gz)", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a packed file (7z)", UNPACK),
    (b"PAR1", "a Parquet file", "Save it as CSV with the program that made it."),
    (b"SQLite format 3", "a database (SQLite)", "Save one of its tables as CSV."),
)
WORKBOOKS = (  # what stands in the list of a zip file that is a workbook
    (b"xl/", "an Excel workbook (xlsx)"),
    (b"opendocument.spreadsheet", "a LibreOffice spreadsheet (ods)"),
    (b"Index/", "a Numbers spreadsheet"),
)
PAGE = re.compile(r"\s*(<!doctype html|<html|<\?xml|<svg)", re.IGNORECASE)
JSON = re.compile(r'\s*(\{\s*"|\[\s*[\[{])')
NO_TEXT = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")  # controls that no table holds; \x1a ended texts in MS-DOS


def decode(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """(text, encoding) of a file. encoding: a key of ENCODINGS, None to find it: the mark at the beginning, then strict
    UTF-8, then cp1252; detectors that guess more take German letters for a Macintosh's or for Polish ones (measured).

    ValueError in one sentence that says what to do, where there is no text in these bytes or too much of it.
    """
    if not data.strip():
        raise ValueError("The file is empty: expected a row of names and rows of values; check that it was saved.")
    if len(data) > MAX_BYTES:
        raise ValueError(
            f"The file has {len(data):,} bytes, and at most {MAX_BYTES:,} (2 MB) are read: leave out rows or columns."
        )
    if what := _other_form(data):
        raise ValueError(what)
    if encoding is None:
        found = next((name for mark, name in MARKS.items() if data.startswith(mark)), None)
        found = found or ("utf-8" if _is_text(data, "utf-8") else "cp1252")
    elif encoding in ENCODINGS:
        found = encoding
    else:
        raise ValueError(f"The encoding has to be one of {', '.join(ENCODINGS)}; got {encoding!r:.40}.")
    try:
        text = data.decode(found)
    except UnicodeDecodeError as error:
        if encoding is None and b"\0" in data:
            raise ValueError(_binary()) from None
        which = ENCODINGS[found]
        raise ValueError(
            f"The letters cannot be read as {which}: byte {error.start + 1:,} is none. Choose another encoding, or save"
            " the table as CSV UTF-8."
        ) from None
    return as_table_text(text.removeprefix("\ufeff")), found


def as_table_text(text: str) -> str:
    """A text, decoded or pasted, that may hold a table; ValueError in one sentence for what cannot."""
    if len(text) > MAX_BYTES:
        raise ValueError(
            f"The text has {len(text):,} characters, and at most {MAX_BYTES:,} are read: leave out rows or columns."
        )
    text = text.rstrip("\x1a")
    if not text.strip():
        raise ValueError("There is nothing in it: expected a row of names and rows of values.")
    if NO_TEXT.search(text):
        raise ValueError(_binary())
    if PAGE.match(text):
        raise ValueError(
            "This is a web page or a drawing and no table: on the page look for Download or Raw, and give the CSV file."
        )
    if JSON.match(text):
        raise ValueError("This is JSON and no table: save it as CSV, with a row on each line.")
    return text


def _is_text(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _binary() -> str:
    return "This file is no text: expected a table as CSV. " + SPREADSHEET


def _other_form(data: bytes) -> str:
    """What a file is by its first bytes that is no text, and what to do; "" for what may be text."""
    if data.startswith(b"PK\x03\x04"):
        workbook = next((what for mark, what in WORKBOOKS if mark in data), "")
        return f"This is {workbook or 'a packed file (zip)'}. {SPREADSHEET if workbook else UNPACK}"
    return next((f"This is {what}. {to_do}" for mark, what, to_do in FORMS if data.startswith(mark)), "")
