"""Questions: the guess that a page asks for before anything moves, and the tasks that it checks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from ui import present
from ui.checks.answers import PRECISION
from ui.kit.typed import LONGEST_TEXT, written
from ui.lesson.controls import complain, problems
from ui.lesson.course import LESSONS
from ui.lesson.page import IDEA
from ui.lesson.progress import done, remember
from ui.present import shows
from ui.unbroken import unbroken

PREDICT = "predict"  # the part that is its prediction, once more and judged


def predict(ident: str, question: str, choices: Sequence[str], right: str, acted: bool, do: str, because: str) -> bool:
    """Ask for a guess before anything moves; after she has acted, say how the guess compares. Returns whether the
    picture may show the answer: it has answered her guess, or she has acted without one.

    acted: whether the picture has shown the answer by now; once it has, the guess made before it is the one judged.
    do: what to do to see it. because: why `right` is so.
    """
    judged = st.session_state.setdefault("lesson_judged", {})  # ident -> the guess that the picture has answered
    if not shows(IDEA, PREDICT):
        return acted if st.session_state.get(f"guess_{ident}") is None else ident in judged
    with st.container(border=True, key=f"predict_{ident.replace('.', '_')}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            words = f"**Predict.** {question}"
            st.markdown(words, width="content")
            guess = st.pills(
                words, choices, key=f"guess_{ident}", persist_state="session", label_visibility="collapsed", wrap=True
            )
        if guess is None and ident not in judged and present.is_projected() and not shows(IDEA):
            st.markdown(f":green[**✓**] “{right}”. {because}")  # the class has said its guess aloud
            return acted
        if guess is None and ident not in judged:
            st.caption("Choose before you try: a wrong guess teaches more than none.")
            return acted
        if acted:
            judged.setdefault(ident, guess)
        if ident not in judged:
            st.markdown(f"→ Now see: {do}")
        elif (first := judged[ident]) == right:
            st.markdown(f":green[**✓**] As you predicted. {because}")
        else:
            st.markdown(f":red[**✗**] You predicted “{first}”, but it is “{right}”. {because}")
    return ident in judged


@dataclass(frozen=True)
class Cells:
    """A table to fill in, as the answer to a task: a field for each row and column.

    head: what the rows are. rows: each row's name -> the words beside its fields. width: of these words, in pixels.
    right: ((row, column), what is typed) -> whether it is right, for the mark beside it.
    """

    head: str
    rows: Mapping[str, str]
    columns: tuple[str, ...]
    right: Callable[[tuple[str, str], str], bool]
    width: int = 96


def task(
    ident: str,
    question: str,
    check: Callable[[Mapping, Any], tuple[bool, str]],
    state: Mapping,
    answer: str | Sequence[str] | Cells | None = None,
    precision: str = PRECISION,
) -> None:
    """A task that the page checks. ident: "neurons.1". check(state, answer) -> (passed, why), a pure function.

    answer: None where the page's values are the answer; the label of a field to type into; the choices; or a table,
    of which the check gets what is typed into each cell.
    precision: how exact a typed answer has to be, which stands beside the field's label, or above the table.
    """
    if present.is_projected():
        return
    key, (path, number) = ident.replace(".", "_"), ident.split(".")
    place = LESSONS[path].place(int(number))
    with st.container(border=True, key=f"task_{key}", gap="xsmall"):
        badge = ":green-badge[✓ done] " if ident in done() else ""  # a question may end with a table
        st.markdown(f"**Task {place}.** {badge}{question}")
        choices = None if isinstance(answer, str | Cells) else answer
        # A form waits for its button or Enter; a choice is known at once, so the verdict on another one can go.
        with st.container() if choices is not None else st.form(f"form_{key}", border=False):
            if isinstance(answer, Cells):
                _fields(answer, ident, precision)
            with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
                if isinstance(answer, str):
                    st.text_input(
                        f"{answer} ({precision})",  # read aloud as it stands, so without markup
                        key=f"answer_{key}",
                        persist_state="session",
                        width=300,
                        autocomplete="off",
                    )
                elif choices is not None:
                    st.radio(
                        f"Your answer to task {place}",
                        choices,
                        index=None,
                        key=f"answer_{key}",
                        persist_state="session",
                        horizontal=True,
                        label_visibility="collapsed",
                    )
                button = st.form_submit_button if choices is None else st.button
                button(f"Check task {place}", on_click=_check, args=(ident, check, state, answer))
        _show_result(ident, state, answer)


def _fields(cells: Cells, ident: str, precision: str) -> None:
    """The table's head, and its rows: what stands beside the fields, the fields, and after a check a mark for each."""
    keys, width = _cell_keys(cells, ident), 92
    checked = ident in st.session_state.get("lesson_results", {})
    with st.container(gap="xsmall"):
        st.caption(f"Each cell: {precision}.")
        with _row():
            st.markdown(f"**{cells.head}**", width=cells.width)
            for column in cells.columns:
                st.markdown(f"**{column}**", width=width)
        for row, words in cells.rows.items():
            with _row():
                st.text(words, width=cells.width)
                marks = []
                for column in cells.columns:
                    typed = st.text_input(
                        f"{column} of {row} ({precision})",
                        key=keys[row, column],
                        persist_state="session",
                        label_visibility="collapsed",
                        width=width,
                        autocomplete="off",
                    )
                    marks.append(_mark(cells.right((row, column), typed)) if checked and typed.strip() else "·")
                st.markdown(" ".join(marks), width="content")


def _row():
    return st.container(horizontal=True, vertical_alignment="center", gap="xsmall", wrap=False)


def _mark(right: bool) -> str:
    return ":green[**✓**]" if right else ":red[**✗**]"


def _cell_keys(cells: Cells, ident: str) -> dict[tuple[str, str], str]:
    """(row, column) -> the key of its field."""
    places = [(row, column) for row in cells.rows for column in cells.columns]
    return {place: f"answer_{ident.replace('.', '_')}_{number}" for number, place in enumerate(places)}


@unbroken
def _check(ident: str, check: Callable, state: Mapping, asked: object) -> None:
    # state is the page's own dict, not a copy: a number typed just before may have arrived together with the click.
    answer = _answer(ident, asked)
    passed, why = check(state, answer)
    st.session_state.setdefault("lesson_results", {})[ident] = (passed, why, dict(state), answer)
    if passed:
        remember([ident])


def _answer(ident: str, asked: object) -> object:
    """What is typed or chosen at a task now; None where nothing is, or where the page's values are the answer."""
    if isinstance(asked, Cells):
        return {cell: st.session_state.get(key, "") for cell, key in _cell_keys(asked, ident).items()}
    return st.session_state.get(f"answer_{ident.replace('.', '_')}")


def _show_result(ident: str, state: Mapping, asked: object) -> None:
    """The verdict, for as long as it belongs to the answer that is marked; on a typed one it says which was checked."""
    result = st.session_state.get("lesson_results", {}).get(ident)
    if result is None or result[3] != _answer(ident, asked):
        return
    passed, why, then, answer = result
    if not passed and then != state:
        return  # what was said about other values says nothing about these
    if asked is None:
        _say_what_counts(ident.split(".")[0], state)
    typed = answer.strip() if isinstance(answer, str) and isinstance(asked, str) else ""
    if 0 < len(typed) <= LONGEST_TEXT and typed.isprintable():  # a mark of direction would turn the sentence round
        why = f"Checked {typed}: {why}"
    if passed:
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="top", wrap=False):
            st.markdown(":green[**✓**]", width="content")
            st.text(why, width="stretch")
    else:
        complain(why)


def _say_what_counts(path: str, state: Mapping) -> None:
    """Before a verdict on the page's values: which of its fields show a text that was refused, and what counts."""
    for name in state:
        if f"{path}_{name}" in problems():
            st.text(f"{name} counts as {written(round(state[name], 12))}: what its field shows was refused.")
