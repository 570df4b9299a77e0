"""Columns: what is in each column of a table: numbers, however they are written, dates, or words.

A number may have a decimal point or a decimal comma and its thousands set apart by the other of the two, by a space or
by an apostrophe. Which of the two it is shows each column by itself ("1,5" is written with a comma, "1.234,5" too);
where all cells of a column could be either ("1,234"), it is what the other columns have.
"""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scratchnet.points import LARGEST
from scratchnet.values import shown

MISSING = ("", "na", "n/a", "nan", "null", "none", "nil", "?", "-", "–", "—", ".", "..", "...")  # in small letters
MISSING += ("#n/a", "#nv", "#div/0!", "#value!", "#wert!", "#valeur!")  # a spreadsheet's, in three languages
LOOKED_AT = 2_000  # rows that show a table's decimal mark
KEPT_WORDS = 100
MOSTLY = 0.75  # of the cells that are there are numbers: then the others are mistakes and count as missing
SPACES = " \u00a0\u2009\u202f"  # between thousands: what French, the SI and spreadsheets write
POINT, COMMA = ".", ","
DECIMALS = {POINT: "point", COMMA: "comma"}


def _number(decimal: str, others: str) -> str:
    """A pattern: digits, whose thousands one of `others` may set apart, a fraction, an exponent; a unit around."""
    whole = rf"[0-9]{{1,3}}(?:[{others}{SPACES}'’][0-9]{{3}})+|[0-9]+"
    digits = rf"(?:(?:{whole})(?:[{decimal}][0-9]*)?|[{decimal}][0-9]+)(?:[eE][+\-]?[0-9]+)?"
    return rf"[$€£¥]?[{SPACES}]?[+\-−]?{digits}[{SPACES}]?[%€$£¥]?"


NUMBERS = {POINT: _number(POINT, COMMA), COMMA: _number(COMMA, POINT)}
EITHER = re.compile("|".join(f"(?:{pattern})" for pattern in NUMBERS.values()))
DATE = (
    r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?:[T ].*)?"  # 2026-11-26, also with a time
    r"|[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:[0-9]{4}|[0-9]{2})(?: .*)?"  # 26.11.2026 and 11/26/26
    r"|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
)


@dataclass(frozen=True, eq=False)
class Column:
    """One column, read. kind: "number", "date" or "text"; decimal: how its numbers are written.

    values (rows,): float64, nan where there is none: numbers, or places in `words` (dates and texts), which are in the
    order of the alphabet; with more than KEPT_WORDS different ones there are no words. missing: cells without a value,
    `strange` of which hold something that is no number; first_strange: (row from 0, cell) of the first. distinct: how
    many different values there are.
    """

    name: str
    kind: str
    decimal: str
    values: np.ndarray
    words: tuple[str, ...]
    missing: int
    strange: int
    first_strange: tuple[int, str] | None
    distinct: int

    @property
    def remark(self) -> str:
        """One sentence about what a person should know before choosing this column, "" where there is nothing."""
        name = shown(self.name)
        if self.missing == len(self.values) and not self.strange:
            return f"Column {name} has no values: leave it out."
        if self.strange and self.first_strange:
            row, cell = self.first_strange
            cells = "1 cell is no number and counts" if self.strange == 1 else f"{self.strange:,} cells are no numbers"
            return (
                f"Column {name}: {cells}{' and count' * (self.strange > 1)} as missing (first {shown(cell)} in row"
                f" {row + 1:,}): correct the table, or leave it so."
            )
        if self.distinct == 1:
            return f"Column {name} has the same value in every row, so nothing can be learned from it: leave it out."
        if self.kind == "date":
            return (
                f"Column {name} holds dates or times, which are no numbers: leave it out, or add a column with the"
                " year, the month or the days since the first."
            )
        return ""


def columns_of(cells: pd.DataFrame, decimal: str, is_said: bool = False) -> tuple[Column, ...]:
    """Each column of a table of text cells, read. decimal: its usual mark, a key of DECIMALS. is_said: all columns are
    written with it; otherwise one that shows another is read with that."""
    return tuple(_column(str(name), cells[name], decimal, is_said) for name in cells.columns)


def is_number(cell: str) -> bool:
    """Whether a cell is written as a number, with a decimal point or comma."""
    return bool(EITHER.fullmatch(cell))


def usual_decimal(cells: pd.DataFrame, separator: str) -> str:
    """The decimal mark of a table: what those columns are written with that show it. Where none does, a comma in a
    table whose separator is a semicolon: so do spreadsheets write where the comma is taken."""
    points = commas = either = 0
    for name in cells.columns:
        different = cells[name].head(LOOKED_AT).str.strip().drop_duplicates()
        with_point, with_comma = (int(different.str.fullmatch(NUMBERS[mark]).sum()) for mark in (POINT, COMMA))
        points += with_point > with_comma
        commas += with_comma > with_point
        either += bool(with_point == with_comma and with_comma and different.str.contains(COMMA, regex=False).any())
    if points == commas:
        return COMMA if either and separator == ";" else POINT
    return COMMA if commas > points else POINT


def _column(name: str, cells: pd.Series, usual: str, is_said: bool) -> Column:
    codes, index = pd.factorize(cells.str.strip())  # each cell is looked at once, however often it is there
    different = pd.Series(index, dtype="str")
    counts = np.bincount(codes, minlength=len(different))
    is_missing = different.str.lower().isin(MISSING).to_numpy(dtype=bool)
    matches = {mark: different.str.fullmatch(NUMBERS[mark]).to_numpy(dtype=bool) & ~is_missing for mark in DECIMALS}
    points, commas = (int(counts[matches[mark]].sum()) for mark in (POINT, COMMA))
    decimal = usual if is_said or points == commas else (POINT if points > commas else COMMA)
    there = int(counts[~is_missing].sum())
    values = np.full(len(different), np.nan)
    words: tuple[str, ...] = ()
    strange, first = 0, None
    if there and counts[matches[decimal]].sum() >= MOSTLY * there:
        kind = "number"
        values[matches[decimal]] = _as_floats(different[matches[decimal]], decimal)
        values[~(np.abs(values) <= LARGEST)] = np.nan  # 1e999 is written as a number and is none that can be learned
        if strange := int(counts[is_strange := np.isnan(values) & ~is_missing].sum()):
            row = int(is_strange[codes].argmax())
            first = (row, str(cells.iloc[row]).strip())
        distinct = len(np.unique(values[~np.isnan(values)]))
    else:
        kind = "date" if there and different[~is_missing].str.fullmatch(DATE).all() else "text"
        distinct = int((~is_missing).sum())
        values[~is_missing] = np.arange(distinct)
        if distinct <= KEPT_WORDS:
            words = tuple(sorted(different[~is_missing]))
            values[~is_missing] = [words.index(word) for word in different[~is_missing]]
    values = values[codes]
    values.flags.writeable = False
    return Column(name, kind, decimal, values, words, int(np.isnan(values).sum()), strange, first, distinct)


def _as_floats(cells: pd.Series, decimal: str) -> np.ndarray:
    """Numbers as float64, to the last bit as Python reads them; beyond 1e308 they are infinite."""
    plain = cells.str.replace(f"[$€£¥%'’{SPACES}{POINT if decimal == COMMA else COMMA}]", "", regex=True)
    plain = plain.str.replace("−", "-", regex=False).str.replace(decimal, POINT, regex=False)
    return plain.to_numpy(dtype=object).astype(np.float64)
