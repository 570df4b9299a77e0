"""Export: a table as a CSV file for a spreadsheet, in which no cell is a formula, whatever somebody typed."""

import csv
import io

import pandas as pd

from ui.data.columns import is_number
from ui.data.reading import LONE

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # a spreadsheet runs a cell that begins so


def as_csv(cells: pd.DataFrame, separator: str = ",") -> bytes:
    """The table with its names, in UTF-8 with the mark by which Excel knows it. A cell that a spreadsheet would run
    gets an apostrophe before it, which stands for "text" there; a number such as -1.5 is none of these."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter="," if separator == LONE else separator, lineterminator="\r\n")
    writer.writerow([harmless(str(name)) for name in cells.columns])
    writer.writerows([harmless(cell) for cell in row] for row in cells.itertuples(index=False, name=None))
    return written.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """The text of a cell, with an apostrophe before it where a spreadsheet would run it."""
    if not cell.lstrip(" ").startswith(FORMULAS) or is_number(cell):
        return cell
    return f"'{cell}"
