"""Data: the visitor's own table, from a file or pasted, becomes what the playground learns."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain
from pathlib import Path
from urllib.parse import parse_qsl

import numpy as np
import streamlit as st

import scratchnet as sn
from ui import address, errors, gallery, own_table
from ui.compare import comparison
from ui.data import choosing
from ui.data.choosing import CLASSES, DROP, FILL, NUMBERS, Choice
from ui.data.columns import DECIMALS, Column
from ui.data.decoding import ENCODINGS
from ui.data.export import as_csv
from ui.data.keeper import is_meant
from ui.data.reading import LONE, SEPARATORS
from ui.own_table import Given
from ui.paper.settings import SCALING_WORDS
from ui.state import conversation, tables
from ui.terms import TERMS
from ui.unbroken import unbroken
from ui.uploads import taken

PLAYGROUND = Path(__file__).parent.parent / "play" / "playground.py"
EXERCISE = PLAYGROUND.parent.parent / "learn" / "exercise.py"
COMPARE = PLAYGROUND.parent.parent / "lab" / "compare.py"
FILE, PASTED = "data_file", "data_pasted"
SHOWN = "data_shown"  # the table that the editor began with, to which the browser's edits are
MOST_PASTED = 400_000  # characters; more comes as a file
EXAMPLE = "height;weight;kind\n24,5;4,1;cat\n61,0;28,5;dog\n23,0;3,8;cat\n\u2026"
# The browser's widget shows a refusal of ui/web/guard.py in its own words, with this number alone.
REFUSED = (
    "Should it show an *AxiosError*, its number says why: 408, the file came too slowly; 429, too many files at once; "
    "503, many tables are coming in or being read. Try again in a minute, or paste the table."
)
TASKS = {CLASSES: "a class", NUMBERS: "a number"}
MISSING = {DROP: "Leave the row out", FILL: "Put the mean of the training rows there"}
MOST_REMARKS = 3


@unbroken
def take_file() -> None:
    file = st.session_state.get(FILE)
    if file is not None and hasattr(file, "getvalue"):  # what the server has given back already is none
        own_table.give(file.name.rpartition(".")[0] or file.name, taken(file))


@unbroken
def take_pasted() -> None:
    own_table.give("Pasted table", st.session_state[PASTED])


@unbroken
def correct(given: Given, name: str, key: str) -> None:
    own_table.give(given.name, given.source, **{**given.said, name: st.session_state[key]})


@unbroken
def put_away() -> None:
    own_table.put_away()


def as_text(name: str) -> str:
    """What Markdown shows as this name, whatever somebody called a column."""
    escaped = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", name)
    return escaped.replace(":", ":\u200b")  # an icon or a smiley is sought in what the reader sees


def complain(title: str, sentence: str) -> None:
    """What did not go, and as text, for it may quote what came from outside, what to do."""
    st.error(title, icon=":material/error:")
    st.text(sentence)


def ask() -> None:
    """The first screen: a file, or pasted text."""
    st.markdown(
        "Bring a table, and the network on the playground learns from it. Each row is one example. "
        "One column is what the network is to guess, the others are what it guesses from."
    )
    needed = st.session_state.get(address.NEEDED)
    if needed and address.file_of(needed[1], tables()):
        st.text(f"The link that you opened needs its file: give {named_in(needed[1])} here, and the link opens.")
    if sentence := own_table.complaint():
        complain("This table could not be read.", sentence)
    by_file, by_text = st.columns(2, gap="large")
    with by_file:
        st.subheader("A file", anchor=False)
        st.file_uploader(
            "CSV, at most 2 MB: 20,000 rows, 50 columns",
            key=FILE,
            on_change=take_file,
            max_upload_size=2,
            help="In a spreadsheet choose Save as or Download, and there CSV. Commas, semicolons, tabs or bars between "
            f"the columns and decimal commas or points are found by themselves. {REFUSED}",
        )
        st.caption(
            "It goes into this app's memory, and stays there only while it is in use. Whoever gets a link to your "
            "playground can see it there: bring nothing about persons."
        )
    with by_text:
        st.subheader("Or paste it", anchor=False)
        st.text_area(
            "Copied from a spreadsheet, or typed",
            key=PASTED,
            persist_state="session",
            height=180,
            max_chars=MOST_PASTED,
            placeholder=EXAMPLE,
        )
        st.button("Read the table", key="data_read", icon=":material/arrow_forward:", on_click=take_pasted)


def named_in(query: str) -> str:
    """The file's name and digest in a link that waits for it."""
    try:
        sn.points.read_link(address.file_of(query, tables()), {})
    except ValueError as error:
        return str(error).partition("the file ")[2].partition(", which")[0]
    return "it"


def how_it_was_read(given: Given) -> None:
    """What was found of how the table is written; each can be corrected."""
    table = own_table.table_of(given)
    separators = {**SEPARATORS, LONE: "none: one column"}
    found = [ENCODINGS.get(table.encoding, ""), separators[table.separator], f"decimal {DECIMALS[table.decimal]}"]
    with st.popover(f"Read as: {', '.join(filter(None, found))}", icon=":material/tune:"):
        for name, label, options, value in (
            ("encoding", "Letters", ENCODINGS, table.encoding),
            ("separator", "Between columns", separators, table.separator),
            ("decimal", "Decimal mark", DECIMALS, table.decimal),
            ("has_header", "First row", {True: "names of the columns", False: "values"}, table.has_header),
        ):
            if value != "":  # pasted text has its letters already
                key = f"data_{given.number}_{name}"
                st.selectbox(
                    label,
                    list(options),
                    list(options).index(value),
                    format_func=options.__getitem__,
                    key=key,
                    on_change=correct,
                    args=(given, name, key),
                )


def edited(given: Given):
    """The table, in which each cell can be changed."""
    key = f"data_{given.number}_table"
    if key not in st.session_state:  # also when the visitor comes back from another page
        st.session_state[SHOWN] = own_table.table_of(given).cells if given.cells is None else given.cells
    before = st.session_state[SHOWN]
    cells = st.data_editor(
        before,
        key=key,
        height=330,
        num_rows="dynamic",
        alt="The table; each cell can be changed, and rows can be added and taken away",
    )
    cells = cells.fillna("").astype("str").reset_index(drop=True)
    if not cells.equals(before if given.cells is None else given.cells):
        own_table.edit(cells)
    return cells


def remarks(found: Sequence[str]) -> None:
    for sentence in found[:MOST_REMARKS]:
        st.text(sentence)
    if more := found[MOST_REMARKS:]:
        with st.popover(f"{len(more)} more remarks" if len(more) > 1 else "1 more remark", type="tertiary"):
            for sentence in more:
                st.text(sentence)


def chosen(given: Given, columns: Sequence[Column]) -> Choice:
    """What is to be learned and from what. ValueError in one sentence where nothing can be."""
    names = [one.name for one in columns]
    start = f"data_{given.number}_"
    target = st.selectbox(
        "What the network guesses",
        names,
        names.index(choosing.usual_target(columns)),
        key=f"{start}target",
        persist_state="session",
        help="The target: the column whose value the network is to find out.",
    )
    goal = columns[names.index(target)]
    task = CLASSES
    if goal.kind == "number":
        usual = choosing.usual_task(goal)
        task = st.segmented_control(
            "It is",
            list(TASKS),
            default=usual,
            format_func=TASKS.__getitem__,
            key=f"{start}task_{names.index(target)}",
            persist_state="session",
            required=True,
            help="A class is one of a few kinds; a number can be anything between.",
        )
    others = [name for name in names if name != target]
    inputs = st.pills(
        "What it guesses from",
        others,
        selection_mode="multi",
        default=[name for name in choosing.usual_inputs(columns, target) if name in others],
        format_func=as_text,
        key=f"{start}inputs_{names.index(target)}",
        persist_state="session",
        help="The inputs. A column of words becomes one input for each word: 1 where a row has it, else 0.",
    )
    missing = DROP
    if any(one.missing for one in columns if one.name in inputs):
        missing = st.radio(
            "Where a value is missing",
            list(MISSING),
            format_func=MISSING.__getitem__,
            key=f"{start}missing",
            persist_state="session",
            horizontal=True,
        )
    return choosing.choose(given.name, columns, target, inputs, task, missing)


def scaled(given: Given, points: sn.Points) -> str:
    """The scaling that is chosen; the one that is advised at first."""
    advised = choosing.usual_scaling(points)
    scaling = st.segmented_control(
        "Scaling",
        list(sn.SCALINGS),
        default=advised,
        format_func=SCALING_WORDS.__getitem__,
        key=f"data_{given.number}_scaling_{advised}",
        persist_state="session",
        required=True,
        help=TERMS["scaling"],
    )
    if advised != "none" and scaling == "none":
        st.text("Some values are large or of very different size: without scaling the network hardly learns from them.")
    return scaling


def in_numbers(choice: Choice) -> str:
    points = choice.points
    inputs = "1 input" if len(points.names) == 1 else f"{len(points.names)} inputs"
    said = f"{len(points):,} rows of {inputs}."
    if points.classes:
        counts = np.bincount(points.y, minlength=len(points.classes))
        said += (
            f" Classes: {', '.join(f'{name} {count:,}' for name, count in zip(points.classes, counts, strict=True))}."
        )
    return " ".join((said, *choice.said))


def to_the_playground() -> None:
    st.switch_page(
        st.Page(PLAYGROUND, default=True),
        query_params=parse_qsl(conversation().playground.link, keep_blank_values=True),
    )


def use(points: sn.Points, scaling: str) -> None:
    """Put the table on the visitor's board and go there."""
    pg = conversation().playground
    if not pg.follows_the_address:  # the visit began on this page
        pg.open("", gallery.FIRST)
    if pg.apply(dataset=points, scaling=scaling) or pg.settings["dataset"] == points:
        to_the_playground()
    complain("The playground could not take it.", pg.notice)


def open_what_waited(given: Given, columns: Sequence[Column], points: sn.Points) -> None:
    """If a link waits for this table, it opens: as it is chosen now, or as it would be chosen at first."""
    page, query = st.session_state[address.NEEDED]
    candidates: Iterable[sn.Points] = [points]
    if not st.session_state.get(f"data_{given.number}_sought"):
        st.session_state[f"data_{given.number}_sought"] = True
        candidates = chain(candidates, likely(given, columns))
    for one in candidates:
        if is_meant(address.file_of(query, tables()), one):
            tables().keep(one)
            break
    if not address.file_of(query, tables()):
        st.session_state.pop(address.NEEDED)
        if page == "exercise":
            st.switch_page(st.Page(EXERCISE), query_params=parse_qsl(query, keep_blank_values=True))
        if page == "compare":
            comparison().open(query)
            st.switch_page(st.Page(COMPARE))
        conversation().playground.open(query)
        to_the_playground()
    st.text(
        f"The link that you opened needs {named_in(query)}, with the columns that its sender chose: choose the same,"
        f" and it opens. As it is now, the digest is {points.digest[:8]}."
    )


def likely(given: Given, columns: Sequence[Column]) -> Iterator[sn.Points]:
    """What somebody makes of this table who chooses the target and leaves all else as it is."""
    for one in columns:
        for missing in MISSING if any(other.missing for other in columns) else [DROP]:
            with suppress(ValueError):
                inputs = choosing.usual_inputs(columns, one.name)
                yield choosing.choose(given.name, columns, one.name, inputs, choosing.usual_task(one), missing).points


@st.fragment  # so that a choice does not have the whole table sent once more
def learn(given: Given, columns: Sequence[Column]) -> None:
    """What is to be learned, and the way to the playground."""
    with errors.caught():
        try:
            choice = chosen(given, columns)
            scaling = scaled(given, choice.points)
        except ValueError as error:
            complain("Nothing can be learned so.", str(error))
            return
        st.text(in_numbers(choice))
        if st.button("Use on the playground", key="data_use", icon=":material/arrow_forward:", width="stretch"):
            use(choice.points, scaling)
        if address.NEEDED in st.session_state:
            open_what_waited(given, columns, choice.points)


def show(given: Given) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        size = own_table.table_of(given).cells.shape
        rows, columns = (f"{n:,} {what}{'s' * (n != 1)}" for n, what in zip(size, ("row", "column"), strict=True))
        st.text(f"{given.name}: {rows}, {columns}", width="content")
        how_it_was_read(given)
    if sentence := own_table.complaint():
        complain("It cannot be read so, and stays as it was.", sentence)
    left, right = st.columns([3, 2], gap="large")
    with left:
        cells = edited(given)
        columns = own_table.columns_in(given, cells)
        table = own_table.table_of(given)
        with st.container(horizontal=True):
            st.download_button(
                "Download (CSV)",
                partial(as_csv, cells, table.separator),
                f"{given.name}.csv",
                "text/csv",
                key="data_download",
                on_click="ignore",
                icon=":material/download:",
                help="The table as it stands here, for a spreadsheet. What it would run as a formula is made text.",
            )
            st.button("Another table", key="data_another", icon=":material/upload:", on_click=put_away)
        remarks([*table.notes, *filter(None, (one.remark for one in columns))])
    with right:
        learn(given, columns)


st.title("Your own data", anchor=False)
if (table_given := own_table.given()) is None:
    ask()
else:
    show(table_given)
