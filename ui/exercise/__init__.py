"""The exercise: a worksheet on the screen. A learner types each number of one update, and each is judged by itself.

What is asked is what is printed: the same elements, with a field in each box. The browser shows and keeps what was
typed; Python, which alone has the key, says what is right.
"""

import hashlib
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

import streamlit as st

from scratchnet.cells import Cell
from ui import errors
from ui.exercise.verdicts import FOLLOWS, RIGHT, label, verdicts
from ui.kit.mount import mount, nothing
from ui.kit.typed import LONGEST_TEXT
from ui.paper import worksheet as paper
from ui.paper.document import element

TYPED = "exercise_typed"  # fingerprint of a sheet -> cell -> what is typed there
MOST_KEPT = 20  # sheets of a visit
PLACE = ":host { min-height: 600px; }"


def exercise(sheet: paper.Worksheet) -> None:
    """Show a worksheet to fill in."""
    _exercise(sheet)


@st.fragment
def _exercise(sheet: paper.Worksheet) -> None:
    with errors.caught():
        key, mark = paper.key_of(sheet), fingerprint(sheet)
        said = (st.session_state.get(f"exercise_{mark}") or {}).get("said")
        said = said if isinstance(said, Mapping) else {}
        kept = st.session_state.setdefault(TYPED, {})
        if "typed" in said:
            kept[mark] = heard(said["typed"], key)
            for old in list(kept)[:-MOST_KEPT]:
                del kept[old]
        data = judged(sheet, key, kept.get(mark, {}))
        if said.get("has") is not True:  # the page is long, and the same with every answer
            data |= page(sheet, key)
        mount("exercise/exercise", key=f"exercise_{mark}", data=data, css=PLACE, on_said_change=nothing)


def fingerprint(sheet: paper.Worksheet) -> str:
    """Letters that name the numbers of a sheet: under them what was typed is kept."""
    given = (sheet.network.sizes, sheet.network.activations, sheet.network.theta.tolist(), sheet.x, sheet.y, sheet.loss)
    return hashlib.sha256(repr((given, sheet.learning_rate)).encode()).hexdigest()[:12]


def heard(said: object, key: paper.Key) -> dict[Cell, str]:
    """What the browser says was typed. It may send anything: what is no text in a cell of the key is left out."""
    known = {ident(cell): cell for cell in key}
    pairs = said.items() if isinstance(said, Mapping) else ()
    return {known[name]: text[: LONGEST_TEXT + 1] for name, text in pairs if name in known and isinstance(text, str)}


def page(sheet: paper.Worksheet, key: paper.Key) -> dict[str, Any]:
    """What the browser is given once: the page's elements, and what each field is called."""
    body = [*paper.given(sheet), *paper.asked(sheet, lambda cell: element("td", data_cell=ident(cell)))]
    return {
        "body": [plain(one) for one in body],
        "labels": {ident(cell): label(sheet.network, cell) for cell in key},
    }


def judged(sheet: paper.Worksheet, key: paper.Key, typed: Mapping[Cell, str]) -> dict[str, Any]:
    """What it is given with every answer: what is typed and what is said of it."""
    found = verdicts(sheet, key, typed)
    states = [one.state for one in found.values()]
    count = f"{states.count(RIGHT)} of {len(key)} right"
    if FOLLOWS in states:
        count += f", {states.count(FOLLOWS)} more by your own numbers"
    return {
        "sheet": fingerprint(sheet),
        "typed": {ident(cell): text for cell, text in typed.items()},
        "verdicts": {ident(cell): [one.state, one.why] for cell, one in found.items()},
        "count": count,
        "is_done": states.count(RIGHT) == len(key),
    }


def ident(cell: Cell) -> str:
    """The name of a cell in the browser."""
    return "-".join(map(str, cell))


def plain(one: Element) -> list:
    """An element as JSON has it: [tag, attributes, children], texts among the children."""
    children: list[Any] = [one.text] if one.text else []
    for child in one:
        children.append(plain(child))
        if child.tail:
            children.append(child.tail)
    return [one.tag, one.attrib, children]
