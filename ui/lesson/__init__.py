"""Lesson: what the pages of Learn are made of: heading, prediction, numbers to set, formula, its source, task.

A page of Learn is read downwards: predict, do, see, explain. It keeps its numbers in a plain dict (`kept`), which
controls change and pictures, formulas and checks read.
"""

from ui.lesson.controls import choose, complain, put, quantity, typed_number
from ui.lesson.course import FURTHER, LESSONS, STEPS, TASKS, menu_title
from ui.lesson.explanations import (
    ASIDE,
    HERE,
    bad,
    bracketed,
    broken,
    chart,
    formula,
    good,
    marked_source,
    note,
    part,
    refusal,
    source,
    table,
    tutorial,
    what_numpy_says,
)
from ui.lesson.page import LOST, MOST_SENTENCES, VISIT, begin, end
from ui.lesson.progress import (
    NUMBERS,
    done,
    in_address,
    kept,
    part_ends,
    read_address,
    read_progress,
    taken_what_was_ignored,
    write_progress,
)
from ui.lesson.questions import Cells, predict, task

__all__ = [
    "ASIDE",
    "FURTHER",
    "HERE",
    "LESSONS",
    "LOST",
    "MOST_SENTENCES",
    "NUMBERS",
    "STEPS",
    "TASKS",
    "VISIT",
    "Cells",
    "bad",
    "begin",
    "bracketed",
    "broken",
    "chart",
    "choose",
    "complain",
    "done",
    "end",
    "formula",
    "good",
    "in_address",
    "kept",
    "marked_source",
    "menu_title",
    "note",
    "part",
    "part_ends",
    "predict",
    "put",
    "quantity",
    "read_address",
    "read_progress",
    "refusal",
    "source",
    "table",
    "taken_what_was_ignored",
    "task",
    "tutorial",
    "typed_number",
    "what_numpy_says",
    "write_progress",
]
