"""Page: the heading of a lesson with the way to those before and after, and its last line with the way on."""

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

import streamlit as st

from ui import present
from ui.kit.mount import mount, nothing
from ui.lesson.course import LESSONS, STEPS, place_of
from ui.lesson.explanations import ASIDE
from ui.lesson.progress import IGNORED, done, in_address, link_progress, whole_address
from ui.present import Frame, shows
from ui.unbroken import unbroken

PAGES = Path(__file__).resolve().parent.parent.parent / "pages" / "learn"
TUTORIAL = "Deep Learning from Scratch: How to Build Neural Networks Step-by-Step"
IDEA = "idea"  # the part of a presented lesson that is its heading
# A name for what a server knows of this visitor: by another one her browser sees that it was lost.
VISIT = "lesson_visit"
# So short that a toast shows all of it.
LOST = "The server had lost this visit. Numbers and finished tasks are back; check answers again."
MOST_SENTENCES = 5  # about a link that are shown


def begin(path: str, idea: str, frames: Sequence[Frame]) -> None:
    """The heading: which step this is, the way to the steps before and after, and the page's one idea (Markdown).

    frames: the page as it is presented; its parts ask `shows` whether they are sent. The first is this heading's.
    """
    link_progress()
    present.begin(frames)
    step = LESSONS[path]
    if present.is_projected():
        if shows(IDEA):
            st.header(step.title, anchor=False)
            st.markdown(idea)
        return
    count = sum(task.startswith(f"{path}.") for task in done())
    with st.container(gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"):
            st.header(step.title, anchor=False, width="content")
            with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
                st.markdown(
                    f":gray[{place_of(path)} · {count} of {step.tasks} tasks done]",
                    width="content",
                    help="The address of this page holds the finished tasks and the numbers that were set: keep it as a"
                    " bookmark to go on later. Answers and predictions are gone when the page is loaded again.",
                )
                present.opener(
                    present.LESSON, urlencode({"numbers": in_address().get("numbers", "")}), f"{path}_present"
                )
                _neighbours(path, place_of)
        _what_was_ignored()
        st.markdown(idea)
        if path == next(iter(LESSONS)):
            st.caption(
                f"Steps 1 to {len(STEPS)} follow a written tutorial, “{TUTORIAL}”. Each lesson has a closed box,"
                f" “{ASIDE}”: an aside that tells what is good in that text’s code and"
                " where it goes wrong. You can do without it."
            )


def _what_was_ignored() -> None:
    """What the link said and the lessons could not use. Plain text: the link is quoted."""
    ignored = st.session_state[IGNORED]
    if ignored:
        with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key="ignored"):
            more = len(ignored) - MOST_SENTENCES
            st.text(
                "\n".join([*ignored[:MOST_SENTENCES], *([f"{more} more values were left out."] if more > 0 else [])])
            )
            st.button(
                "Dismiss",
                icon=":material/close:",
                type="tertiary",
                on_click=unbroken(ignored.clear),
                key="dismiss_ignored",
            )


def end(path: str) -> None:
    """The last line of a page: the way on. After it only what nobody sees: it keeps the address and a phone's menu, and
    notices that the server had lost this visit."""
    if present.is_projected():
        present.stage(st.session_state[f"lesson_{path}"])
    else:
        with st.container(horizontal=True, horizontal_alignment="right"):
            _neighbours(path, lambda other: LESSONS[other].title)
    visit = st.session_state.setdefault(VISIT, secrets.token_hex(4))
    data = {"visit": visit, "address": whole_address()}
    said = mount("lesson/lesson_end", key="lesson_end", data=data, on_back_change=nothing, on_lost_change=nothing)
    if said.lost:
        st.toast(LOST, icon=":material/info:", duration="infinite")  # in sight wherever on the page one is


def _neighbours(path: str, words: Callable[[str], str]) -> None:
    paths = [name for name in LESSONS if _script(name).is_file()]
    place = paths.index(path)
    with st.container(horizontal=True, gap="small", width="content"):
        if place > 0:
            before = paths[place - 1]
            _page_link(before, f"Back: {words(before)}", ":material/arrow_back:", "left")
        if place + 1 < len(paths):
            after = paths[place + 1]
            _page_link(after, f"Next: {words(after)}", ":material/arrow_forward:", "right")


def _page_link(path: str, label: str, icon: str, side: Literal["left", "right"]) -> None:
    page, title = st.Page(_script(path), title=LESSONS[path].title), LESSONS[path].title
    named = None if title in label else title
    st.page_link(page, label=label, icon=icon, icon_position=side, query_params=in_address() or None, help=named)


def _script(path: str) -> Path:
    return PAGES / f"{path}.py"
