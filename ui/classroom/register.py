"""Register: what was found for each hand-in as rows of a table, on the screen and as a file for a spreadsheet."""

import csv
import io
from collections.abc import Iterable
from urllib.parse import urlencode

from ui.classroom import words
from ui.classroom.assignment import Assignment
from ui.classroom.hand_in import Found

COLUMNS = ("Number", "Name", "Reached", "Remark", "Update", "Conditions", "Changed", "Run again here", "Open")
FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet runs a cell that begins so


def row(found: Found, assignment: Assignment) -> dict[str, str | int | None]:
    """One row by the names of COLUMNS. Open: the address of what was handed in, below that of the app."""
    if found.experiment is None:
        empty: dict[str, str | int | None] = dict.fromkeys(COLUMNS, "")
        return empty | {"Number": found.place, "Remark": found.complaint, "Update": None}
    fixed = ", ".join(words.CONTROL_LABELS[name] for name in found.broken)
    remarks = [f"The task fixes what was changed: {fixed}."] if fixed else []
    remarks += ["It was made for another task."] if found.is_another_task else []
    conditions = "; ".join(f"{words.wanted(one.condition)}: {words.so_far(one, '')}" for one in found.measured)
    link = f"{found.experiment.to_query()}&{urlencode({'at': found.update, 'task': assignment.text})}"
    return {
        "Number": found.place,
        "Name": found.name,
        "Reached": "no" if found.reached is None else f"at update {found.reached:,}",
        "Remark": " ".join(remarks),
        "Update": found.update,
        "Conditions": f"at update {found.measured_at:,}: {conditions}" if conditions else "",
        "Changed": ", ".join(words.CONTROL_LABELS[name] for name in found.differs) or "nothing",
        "Run again here": run_again(found),
        "Open": f"/?{link}",
    }


def run_again(found: Found) -> str:
    """Whether this computer came to the losses that were handed in."""
    if found.is_same:
        return "the same"
    if found.same_up_to is None:
        return "another run: not even the first loss is the same"
    where = f"the same to 1e-9 up to update {found.same_up_to:,}"
    return f"{where}; computed with {found.made_with}"


def as_csv(rows: Iterable[dict[str, str | int | None]], address: str) -> str:
    """The rows as a file, with whole addresses. No cell is a formula for a spreadsheet, whatever a pupil typed."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in rows:
        cells = ["" if one[name] is None else str(one[name]) for name in COLUMNS]
        cells[-1] = cells[-1] and f"{address}{cells[-1]}"
        writer.writerow([f"'{cell}" if cell.startswith(FORMULAS) else cell for cell in cells])
    return written.getvalue()
