"""Address: the address bar holds the moment on screen, so the link there opens the same one anywhere.

The browser sends the address it has with every run, and learns a new one a moment later. So an address that differs
from the last one written is either a visitor's (a link, the Back button) or one the browser had not replaced yet; the
board tells which one the browser has by now, and Streamlit whether it was Back or Forward that led there. What was done
and set in the lessons stays in the address here as well.
"""

from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

import scratchnet as sn
from scratchnet.links import MAX_SENTENCES
from scratchnet.values import shown
from ui import gallery, lesson, moment, present, ways
from ui.classroom import assignment, hand_out, shelf
from ui.data.keeper import is_missing
from ui.paper import worksheet
from ui.play.playground import Playground
from ui.playground_link import playground_link
from ui.state import tables

PAGE = "address_page"  # which page ran last, and which before it
NEEDED = "address_needed"  # (page, query) of a link that waits for its table; page: "" of the playground
BESIDE = ("done", "numbers", *present.NAMES)  # what an address holds beside the moment: lessons, a window for the wall
NO_STEP = (*moment.VIEW, *moment.AROUND)  # of a moment: where they alone differ, Back leads to nothing else
READ_WHOLE = ("", "compare", "digits", "landscape", "sweep", "seeds")  # pages that say of each name what is wrong
OWN = {"hand_ins": ("task",), "": (hand_out.DRAFT,)}  # names that a page has beside these
LEFT_OUT = "address_left_out"  # (page, sentences, the link to the playground that another page was given)
APART = (*BESIDE, hand_out.DRAFT)  # and what a teacher is making


class Addressed(Protocol):
    """What the address bar can speak of: a playground, or a comparison of several. As `Playground` describes them."""

    name: str  # of a comparison that of its page, too

    def key(self, what: str) -> str: ...
    def open(self, query: str, first: sn.Experiment | None = None) -> None: ...
    def is_led_here(self) -> None: ...
    @property
    def files(self) -> Mapping[str, sn.Points]: ...
    @property
    def address(self) -> str: ...
    @property
    def link(self) -> str: ...


def page_runs(path: str) -> None:
    """A page of the menu begins to run: whether the visitor has just come to it is known by the one before."""
    before = st.session_state.get(PAGE, (None,))[0]
    if before is None:
        lesson.read_address()
        st.session_state[LEFT_OUT] = (path, *_left_out(path))
    st.session_state[PAGE] = (path, before)
    if path != before:
        ways.another_page_runs()


def say_what_was_left_out() -> None:
    """What the address with which the visit began says and its page does not take, above that page.

    Later ones are of the browser's Back button, which may bring along what another page had.
    """
    path, said, link = st.session_state.get(LEFT_OUT, (None, (), ""))
    if path != st.session_state[PAGE][0]:
        return
    if said:
        st.text("\n".join(said))  # it quotes the address
    if link:
        playground_link(link, "Open it on the playground", "What the address holds.")


def _left_out(path: str) -> tuple[list[str], str]:
    """(sentences, the link to the playground that the address of another page holds)."""
    said, link = [], in_the_bar()
    is_read = path in READ_WHOLE or (path == "exercise" and names_a_sheet())
    is_link = not is_read and moment.says_an_experiment(link)
    if is_link:
        said.append("The address holds an experiment, which this page does not take: it is as usual.")
    known = (*BESIDE, *OWN.get(path, ()))
    for name in st.query_params:
        texts = st.query_params.get_all(name)
        if name not in known and (name == hand_out.DRAFT or not (is_read or is_link)):
            said.append(f"In the link (it is left out), there is nothing on this page that is called {shown(name)}.")
        elif len(texts) > 1 and name in known:
            said.append(f"In the link (the last one, {shown(texts[-1])}, is used), {shown(name)} is given twice.")
    if path == "" and (draft := st.query_params.get(hand_out.DRAFT)):
        try:
            assignment.read(draft, tables())
        except ValueError as error:
            said.append(f"In the link (the form for a task is empty), {hand_out.DRAFT}: {error}")
    said += present.problems(path in lesson.LESSONS, path == "")
    if path not in lesson.LESSONS:  # which say it in their own place
        said += lesson.taken_what_was_ignored()
    return said[:MAX_SENTENCES], link if is_link else ""


def names_a_sheet() -> bool:
    """Whether the address is one of the page Exercise, not what another page has left there."""
    return any(name in st.query_params for name in worksheet.SHEET)


def read(pg: Addressed, first: sn.Experiment = gallery.FIRST) -> None:
    """Open the moment of the address, if it came from the visitor. Call first in each run of the page.

    There is one address, so of several boards on a page one follows it. first: what an empty address opens.
    """
    lesson.read_address()
    text = in_the_bar()
    key = pg.key("address")
    led_by = [_normal(query) for query in ways.led_here()]
    if text and text in led_by:
        _open(pg, text)
        pg.is_led_here()
        st.session_state[key] = [text]
        return
    if key not in st.session_state:
        st.session_state[key] = [text]
        _open(pg, text, first)
        return
    seen = st.session_state[key]  # what the browser had when it last told, then what was written since
    told = _normal(pg.address)
    seen = seen[seen.index(told) :] if told in seen else seen
    if not text:
        # A menu's link to this page, or the Back button to where the visit began: what is on screen stays.
        st.session_state[key] = [text] if _has_just_come() else seen
    elif text in seen and not (_is_gone_to() and _is_another(text, pg.link)):
        st.session_state[key] = seen[seen.index(text) :]
    elif _without(NO_STEP, text) == _without(NO_STEP, pg.link):
        # Another view of the same numbers is no step of Back: what comes late is the browser's own older address.
        st.session_state[key] = seen
    else:
        _open(pg, text)
        st.session_state[key] = [text]


def _open(pg: Addressed, text: str, first: sn.Experiment | None = None) -> None:
    """Open a link; one whose table is not here is kept until the page Data gets that file."""
    text = _whole(text)
    pg.open(text, first)
    wait_for_a_table("" if isinstance(pg, Playground) else pg.name, text, pg.files)


def wait_for_a_table(page: str, query: str, files: Mapping[str, sn.Points]) -> None:
    """Have a link of a page opened as soon as the page Data gets its file, if that is not here."""
    if file_of(query, files):
        st.session_state[NEEDED] = (page, query)


def file_of(query: str, files: Mapping[str, sn.Points]) -> str:
    """What a query string says of a table that is not at hand; "" where none is missing.

    It may be its own, its task's, or of a comparison that of the first board, which is that of all.
    """
    given = dict(parse_qsl(query, keep_blank_values=True))
    first = dict(parse_qsl(given.get("a", ""), keep_blank_values=True))
    said = (given.get("dataset", ""), assignment.dataset_in(given.get("task", "")), first.get("dataset", ""))
    return next((dataset for dataset in said if is_missing(dataset, files)), "")


def write(pg: Addressed) -> None:
    """Put the moment on screen into the address bar, if it holds another one."""
    link, seen = _normal(pg.link), st.session_state[pg.key("address")]
    of_a_board = pg if isinstance(pg, Playground) else None  # a teacher's draft belongs to one
    said = lesson.in_address() | present.in_address() | (hand_out.in_address(of_a_board) if of_a_board else {})
    is_there = all(said.get(name, "") == st.query_params.get(name, "") for name in BESIDE)
    is_last = seen[-1] == link  # else the browser, which has this one, is about to put there what was written since
    if link == in_the_bar() and is_last and is_there and not (of_a_board and hand_out.is_news(of_a_board)):
        return
    if not in_the_bar() and seen[-1] == link and not _has_just_come():
        return  # the visitor has gone back to where the visit began: a new address would hold her here
    if of_a_board:
        hand_out.is_written(of_a_board)
    st.session_state[pg.key("address")] = [*seen, link]
    st.query_params.from_dict(dict(parse_qsl(link, keep_blank_values=True)) | said)


def _whole(query: str) -> str:
    """A query string with the text of a task that it says by its letters: found before anybody waits for the board."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(name, shelf.text_of(value) if name == "task" else value) for name, value in pairs])


def _is_gone_to() -> bool:
    """Whether it was Back or Forward that led to this address: then it is no older one of the browser's.

    Streamlit has no public name for this.
    """
    context: Any = get_script_run_ctx()
    return context.is_history_navigation


def _is_another(one: str, other: str) -> bool:
    """Whether two query strings are of different experiments. At which update the run on screen stands its address may
    not say yet: of one that plays it is written at rest."""
    return _without(moment.KEYS, one) != _without(moment.KEYS, other)


def _has_just_come() -> bool:
    path, before = st.session_state.get(PAGE, (None, None))
    return path != before


def in_the_bar() -> str:
    """What the address holds of a moment, as far as the server knows."""
    return _normal(urlencode([(name, value) for name in st.query_params for value in st.query_params.get_all(name)]))


def _normal(query: str) -> str:
    """A query string without what stands beside the moment, written as all are written here."""
    return _without(APART, query)


def _without(names: tuple[str, ...], query: str) -> str:
    pairs = parse_qsl(query.removeprefix("?"), keep_blank_values=True)
    return urlencode([(name, value) for name, value in pairs if name not in names])
