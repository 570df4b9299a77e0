"""Progress: what the learner has done and set, kept for the session and in the address.

`?done=neurons.1-losses.2` and the numbers of each page (`ui/lesson_numbers.py`): so a page shows the same again after a
visit to another one, and after a reload.
"""

from collections.abc import Iterable, Mapping

import streamlit as st

from scratchnet.values import shown
from ui import lesson_numbers, present
from ui.kit.mount import mount
from ui.lesson.course import LESSONS, TASKS

NUMBERS = "lesson_numbers"  # path -> what differs from its start there, as `lesson_numbers` writes it
STARTS = "lesson_starts"  # path -> (start, readers) of `kept`, for the pages whose numbers an address holds
IGNORED = "lesson_ignored"  # sentences about what a link said and no lesson could use, until they are dismissed
LONGEST_LINK = 600  # characters of progress that are read; all tasks together need fewer


def done() -> tuple[str, ...]:
    """The tasks done in this session, in the order of the steps: "neurons.1", ..."""
    return tuple(task for task in TASKS if task in st.session_state.get("lesson_done", ()))


def read_progress(text: str) -> tuple[frozenset[str], list[str]]:
    """(tasks, ignored): the tasks that a link names, and a sentence for each word that is none."""
    names = text[:LONGEST_LINK].split("-") if text.strip("-") else [text]
    named = dict.fromkeys(filter(None, names))
    unknown = [name for name in named if name not in TASKS]
    ignored = [f"In the link (it is left out), done: there is no task {shown(name)}." for name in unknown]
    return frozenset(named).intersection(TASKS), ignored


def write_progress(tasks: Iterable[str]) -> str:
    """The tasks as a link names them."""
    return "-".join(tasks)


def remember(tasks: Iterable[str]) -> None:
    """These tasks are done in this session."""
    st.session_state["lesson_done"] = st.session_state.get("lesson_done", frozenset()).union(tasks)


def read_address() -> None:
    """Take over what the address says is done, and at the visit's start the numbers that were set."""
    tasks, unknown = read_progress(st.query_params.get("done", ""))
    remember(tasks)
    if NUMBERS not in st.session_state:
        st.session_state[NUMBERS], ignored = lesson_numbers.split(st.query_params.get("numbers", ""), LESSONS)
        st.session_state[IGNORED] = [*unknown, *ignored]


def taken_what_was_ignored() -> list[str]:
    """Sentences on what the address said and no lesson could use, for a page that says them in place of a lesson."""
    ignored, st.session_state[IGNORED] = st.session_state[IGNORED], []
    return ignored


def in_address() -> dict[str, str]:
    """What an address says of the lessons: the names and values of its query."""
    held = st.session_state.setdefault(NUMBERS, {})
    for path, (start, readers) in st.session_state.get(STARTS, {}).items():
        held[path] = lesson_numbers.written(st.session_state[f"lesson_{path}"], start, readers)
    said = {"done": write_progress(done()), "numbers": lesson_numbers.join(held)}
    return {name: text for name, text in said.items() if text}


def kept(path: str, start: Mapping, readers: lesson_numbers.Readers | None = None) -> dict:
    """The page's values for this session, at first a copy of `start`: plain numbers and names, changed by controls.

    readers: for each value that the address holds, how it is read there. Call first in each run of the page.
    """
    key, readers = f"lesson_{path}", readers or {}
    if key not in st.session_state:
        read_address()
        held, ignored = lesson_numbers.read(st.session_state[NUMBERS].get(path, {}), readers)
        st.session_state[key] = {**start, **held}
        st.session_state[IGNORED] += ignored
    values = st.session_state[key]
    if readers:
        st.session_state.setdefault(STARTS, {})[path] = (start, readers)
    return values


def part_ends(name: str) -> None:
    """In a part of a page that runs alone, last in one of its columns, where it takes no room: the address keeps what
    was set. name: its own on the page."""
    mount("lesson/lesson_address", key=f"lesson_address_{name}", data=whole_address())


def whole_address() -> dict[str, str]:
    own = {"slide": ""} | present.in_address() if present.is_projected() else {}
    return {"done": "", "numbers": ""} | in_address() | own


def link_progress() -> None:
    """Take over what the address says is done, and let the address say what is done now.

    The numbers follow in the browser (`lesson_address.js`): each new address from here would be a page to go back to.
    """
    read_address()
    if set(st.query_params) - {"done", "numbers", *present.NAMES}:  # the Back button may bring the playground's along
        st.query_params.from_dict(in_address() | present.in_address())
    told, now = st.query_params.get("done"), write_progress(done())
    if now and now != told:
        st.query_params["done"] = now
    elif not now and told is not None:
        del st.query_params["done"]
