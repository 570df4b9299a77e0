"""Own table: what a visitor has given on the page Data, between two runs of it: the source and what was corrected."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd
import streamlit as st

from ui.data.columns import Column, columns_of
from ui.data.reading import Table, read
from ui.web.memory import give_back

GIVEN, NUMBER, COMPLAINT = "own_table", "own_table_number", "own_table_complaint"


@dataclass(frozen=True, eq=False)
class Given:
    """number: of the table in this visit: another one has other widgets. said: what was corrected, by the names that
    `read` has for it. cells: as the visitor has edited them, None as they came."""

    number: int
    name: str
    source: bytes | str
    said: Mapping[str, str | bool] = field(default_factory=dict)
    cells: pd.DataFrame | None = None


def given() -> Given | None:
    """The visitor's table, None where there is none yet."""
    return st.session_state.get(GIVEN)


def give(name: str, source: bytes | str, **said: str | bool) -> None:
    """Take a table, if it is one: otherwise the one before stays, and `complaint` says what is to be done."""
    _give_back()
    try:
        _read(source, **said)
    except ValueError as error:
        st.session_state[COMPLAINT] = str(error)
    else:
        st.session_state.pop(COMPLAINT, None)
    # In both cases: widgets that hold what was refused become new ones, which show what is in force.
    st.session_state[NUMBER] = st.session_state.get(NUMBER, 0) + 1
    if COMPLAINT not in st.session_state:
        st.session_state[GIVEN] = Given(st.session_state[NUMBER], name, source, said)
    elif GIVEN in st.session_state:
        st.session_state[GIVEN] = dataclasses.replace(st.session_state[GIVEN], number=st.session_state[NUMBER])


def edit(cells: pd.DataFrame) -> None:
    """The visitor has edited the table: so it stays when she comes back to the page."""
    st.session_state[GIVEN] = dataclasses.replace(st.session_state[GIVEN], cells=cells)


def put_away() -> None:
    st.session_state.pop(GIVEN, None)
    st.session_state.pop(COMPLAINT, None)


def complaint() -> str:
    """The sentence about what could not be read last, "" where it could."""
    return st.session_state.get(COMPLAINT, "")


def table_of(given: Given) -> Table:
    return _read(given.source, **given.said)


def columns_in(given: Given, cells: pd.DataFrame) -> tuple[Column, ...]:
    table = table_of(given)
    return columns_of(cells, table.decimal, table.decimal_is_said)


@st.cache_resource(ttl=60, show_spinner=False)  # at most once a minute: it takes a tenth of a second
def _give_back() -> None:
    """Free the tables before: they lie in circles as well."""
    give_back()


# A few seconds' use of a page is a dozen runs, and the largest table takes half a second each time.
@st.cache_resource(max_entries=4, ttl=300, show_spinner=False)
def _read(source: bytes | str, **said) -> Table:
    return read(source, **said)
