"""Reading: a file or a pasted text as a table of text cells, with how it was found to be written, to be corrected.

clevercsv finds the separator: its measure of consistency (van den Burg, Nazabal and Sutton 2019) leaves a decimal comma
alone where simpler ones take the numbers apart. It is asked about the beginning of a text only and about our separators
only, so no text can keep it busy. The standard library's csv takes the lines apart: pandas fills a short line up in
silence. What is not of one width is either a title above the table, a note below it, or a mistake to be told.
"""

import csv
import io
import itertools
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

import pandas as pd
from clevercsv.consistency import ConsistencyDetector
from clevercsv.dialect import SimpleDialect

from scratchnet.points import MAX_NAME
from scratchnet.values import shown
from ui.data.columns import DECIMALS, is_number, usual_decimal
from ui.data.decoding import as_table_text, decode

MAX_ROWS, MAX_COLUMNS = 20_000, 50
MAX_AROUND = 200  # lines with a header, titles and notes
MAX_LINE = 100_000  # characters; 50 columns with a page of text in each
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
LONE = ""  # the separator of a table with one column
SAMPLE = 16_000  # characters in which the separator is looked for: a hundred lines and more
NO_SEPARATOR = "\x1f"  # for csv, which wants one: decoding lets no such character through
END = "\0"  # a line after the last: if it is not a record by itself, a quote was left open
NEVER_CLOSED = "is never closed: put a quote at the cell's end, or take its first one away."


@dataclass(frozen=True, eq=False)
class Table:
    """A table as it was written, and what was found of how it is written.

    cells: a row a row, text cells; the columns' names differ. encoding: a key of ENCODINGS, "" for pasted text.
    separator: a key of SEPARATORS or LONE. decimal: the usual decimal mark, a key of DECIMALS; decimal_is_said: by the
    caller, for all columns. has_header: whether the names stood in its first row. notes: what was left out or changed,
    a sentence each.
    """

    cells: pd.DataFrame
    encoding: str
    separator: str
    decimal: str
    decimal_is_said: bool
    has_header: bool
    notes: tuple[str, ...]


def read(
    source: bytes | str,
    encoding: str | None = None,
    separator: str | None = None,
    decimal: str | None = None,
    has_header: bool | None = None,
) -> Table:
    """The table in a file's bytes or a pasted text. What is None is found. ValueError in one sentence that says what to
    do for what is no table, or one beyond the bounds."""
    text, encoding = decode(source, encoding) if isinstance(source, bytes) else (as_table_text(source), "")
    said, text = _said_separator(text)
    if separator is None:
        separator = said if said is not None else find_separator(text)
    elif separator not in (*SEPARATORS, LONE):
        raise ValueError(f"The separator has to be one of {', '.join(SEPARATORS.values())}; got {shown(separator)}.")
    if decimal not in (None, *DECIMALS):
        raise ValueError(f"The decimal mark has to be a point or a comma; got {shown(decimal)}.")
    body = _body(text, separator)
    cells, notes = _frame(text, separator, body)
    first = [cell.strip() for cell in cells.iloc[0]]
    if has_header is None:
        has_header = body.is_short_header or _is_header(first, cells.iloc[1:])
    if has_header:
        cells = cells.iloc[1:].reset_index(drop=True)
    cells, names, dropped = _without_empty(cells, first if has_header else [""] * len(first))
    names, renamed = _names(names)
    cells.columns = pd.Index(names, dtype=object)
    if cells.empty:
        raise ValueError(
            "The table has names and no rows: expected at least one row of values below them."
            if has_header
            else "The table has no values: expected rows of numbers or words."
        )
    if len(cells) > MAX_ROWS:
        raise ValueError(_too_long(len(cells)))
    return Table(
        cells,
        encoding,
        separator,
        decimal or usual_decimal(cells, separator),
        decimal is not None,
        has_header,
        (*body.notes, *notes, *dropped, *(renamed if has_header else ())),
    )


def find_separator(text: str) -> str:
    """The separator of a table, LONE if there is only one column."""
    sample = text[:SAMPLE]
    if len(text) > SAMPLE and "\n" in sample:
        sample = sample[: sample.rindex("\n") + 1]
    there = [separator for separator in SEPARATORS if separator in sample]
    if len(there) < 2:
        return there[0] if there else LONE
    detector = ConsistencyDetector(cache_capacity=SAMPLE)
    dialects = [SimpleDialect(separator, '"', "") for separator in there]
    try:
        scores = detector.compute_consistency_scores(sample, dialects)
        return str(detector.get_best_dialects(scores)[0].delimiter)
    except (ValueError, RecursionError):  # a cell that looks like JSON is read as such, however deep it is
        return max(there, key=sample.count)


def _said_separator(text: str) -> tuple[str | None, str]:
    """(separator, rest) of a text whose first line says `sep=;`, as Excel understands it; (None, text) of others."""
    line, _, rest = text.partition("\n")
    said = line.strip("\r\n\"' ")
    if not said.lower().startswith("sep=") or len(said) > 5:
        return None, text
    mark = said[4:] or "\t"  # stripped with the line's end
    if mark not in SEPARATORS:
        raise ValueError(
            f"The first line names {shown(mark)} as separator: expected comma, semicolon, tab or bar; change it to one."
        )
    return mark, f"\n{rest}"  # its lines keep their numbers


def _lines(text: str, separator: str) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > MAX_LINE:
            if separator and line.count(separator) >= MAX_COLUMNS:
                raise ValueError(_too_wide(line.count(separator) + 1))
            raise ValueError(
                f"Line {number:,} has {len(line):,} characters, and at most {MAX_LINE:,} are read: expected one row on"
                " each line."
            )
        yield line


def _too_long(rows: int) -> str:
    return f"The table has {rows:,} rows, and at most {MAX_ROWS:,} are read: leave some out."


def _too_wide(columns: int) -> str:
    return (
        f"The table has {columns:,} columns, and at most {MAX_COLUMNS} are read: leave some out, or choose another"
        " separator."
    )


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """(line where it begins, cells) of each record; a quoted cell may go over several lines."""
    lines: Iterable[str] = itertools.chain(_lines(text, separator), (END,))
    reader = csv.reader(lines, delimiter=separator or NO_SEPARATOR)
    line = 1
    try:
        for record in reader:
            if record == [END]:
                return
            if record and record[-1].endswith(END):
                raise ValueError(f"A quote in the row that begins in line {line:,} {NEVER_CLOSED}")
            if len(record) > MAX_COLUMNS:
                raise ValueError(_too_wide(len(record)))
            yield line, record
            line = reader.line_num + 1
    except csv.Error:  # a cell beyond 131,072 characters, the only thing that csv minds here
        raise ValueError(f"A quote in the row that begins in line {line:,} {NEVER_CLOSED}") from None


@dataclass(frozen=True)
class _Body:
    """Which records of a text are its table: those from `first` to `last`, all of them `width` cells wide or blank.

    is_short_header: the first has one cell fewer, because the column of the rows' names has none (so does R).
    """

    first: int
    last: int
    width: int
    is_short_header: bool
    notes: tuple[str, ...]


def _body(text: str, separator: str) -> _Body:
    """Find the table between titles above and notes below it. ValueError for lines of other widths in the middle."""
    found = ((place, line, len(record)) for place, (line, record) in enumerate(_records(text, separator)) if record)
    records = list(itertools.islice(found, MAX_ROWS + MAX_AROUND))
    if more := sum(1 for _ in found):
        raise ValueError(_too_long(len(records) + more))
    widths = Counter(width for _, _, width in records)
    if not widths:
        raise ValueError("There is nothing in it: expected a row of names and rows of values.")
    width = max(widths, key=lambda width: (widths[width], width))
    if len(records) <= 3 and records[0][2] > width:  # a header and a short row: the header says what is meant
        width = records[0][2]
    whole = [row for row, (_, _, cells) in enumerate(records) if cells == width]
    first, last = whole[0], whole[-1]
    is_short_header = first > 0 and width > 2 and records[first - 1][2] == width - 1
    first -= is_short_header
    titles, feet = records[:first], records[last + 1 :]
    wrong = [one for one in titles if one[2] > width]
    wrong += [one for one in records[first + is_short_header : last] if one[2] != width]
    wrong += [one for one in feet if one[2] > 1 or width == 2]
    if wrong:
        _, line, cells = wrong[0]
        raise ValueError(
            f"Line {line:,} has {cells:,} cell{'s' * (cells != 1)} and most lines have {width}"
            f"{f' ({len(wrong):,} lines differ)' if len(wrong) > 1 else ''}: correct it, put cells that hold a"
            f" {SEPARATORS.get(separator, 'separator')} in quotes, or choose another separator."
        )
    notes = [
        f"{_lines_in_words(len(places))} {where} the table left out."
        for places, where in ((titles, "above"), (feet, "below"))
        if places
    ]
    return _Body(records[first][0], records[last][0], width, is_short_header, tuple(notes))


def _lines_in_words(count: int) -> str:
    return "1 line" if count == 1 else f"{count:,} lines"


def _frame(text: str, separator: str, body: _Body) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The table's records as text cells, without blank ones and titles that a spreadsheet filled up to the width."""
    records = (record for _, record in itertools.islice(_records(text, separator), body.first, body.last + 1))
    if body.is_short_header:
        records = itertools.chain([["", *next(records)]], records)
    parts = []
    while chunk := list(itertools.islice(records, 1000)):  # lists of Python's strings take much: a few at a time
        if rows := [record for record in chunk if record]:
            parts.append(pd.DataFrame(rows, dtype="str"))
    cells = pd.concat(parts, ignore_index=True)
    filled = (cells.head(50) != "").sum(axis=1).tolist()
    titles = next((row for row, count in enumerate(filled) if count > 1), 0) if body.width > 2 else 0
    if titles and any(filled[:titles]):
        note = f"{_lines_in_words(sum(map(bool, filled[:titles])))} above the table left out."
        return cells.iloc[titles:].reset_index(drop=True), (note,)
    return cells, ()


def _is_header(first: list[str], rest: pd.DataFrame) -> bool:
    """Whether the first row holds names: no number, and something above numbers, or words that never come again."""
    if not any(first) or any(is_number(cell) for cell in first):
        return False
    below = [rest.iloc[:, place].str.strip() for place, cell in enumerate(first) if cell]
    if any(is_number(cell) for column in below for cell in column.head(20)):
        return True
    return not any((column == cell).any() for column, cell in zip(below, filter(None, first), strict=True))


def unlike(wanted: str, taken: Container[str]) -> str:
    """A name as `Points` take one: on one line, printable, not too long, and none of those that are taken."""
    plain = " ".join("".join(letter if letter.isprintable() else " " for letter in wanted).split())
    name, count = plain[:MAX_NAME].strip(), 1
    while name in taken:
        count += 1
        name = f"{plain[: MAX_NAME - len(str(count)) - 1].strip()} {count}"
    return name


def _names(given: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """The columns' names, all of them different; a sentence where one had to be changed."""
    names: list[str] = []
    same = unnamed = 0
    for place, wanted in enumerate(given, start=1):
        plain = unlike(wanted, ())
        unnamed += not plain
        same += plain in names
        names.append(unlike(plain or f"column {place}", names))
    notes = []
    if same:
        notes.append(f"{same} column{'s' * (same != 1)} had the name of another and got a number.")
    if unnamed:
        notes.append(f"{unnamed} column{'s' * (unnamed != 1)} had no name.")
    return names, tuple(notes)


def _without_empty(cells: pd.DataFrame, header: list[str]) -> tuple[pd.DataFrame, list[str], tuple[str, ...]]:
    """The table and its names without rows that are empty, and without columns that have neither name nor value."""
    is_filled = cells.apply(lambda column: column.str.strip() != "")
    rows = is_filled.any(axis=1).to_numpy()
    columns = [bool(name) or bool(filled) for name, filled in zip(header, is_filled.any(axis=0), strict=True)]
    notes = []
    if empty := int((~rows).sum()):
        notes.append(f"{empty:,} empty row{'s' * (empty != 1)} left out.")
    if empty := columns.count(False):
        notes.append(f"{empty} empty column{'s' * (empty != 1)} left out.")
    names = [name for name, is_kept in zip(header, columns, strict=True) if is_kept]
    return cells.loc[rows, columns].reset_index(drop=True), names, tuple(notes)
