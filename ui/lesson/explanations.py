"""Explanations: headings, tables, charts and small print, formulas with their numbers, the code that has run, and the
aside about the tutorial's own code.
"""

import inspect
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import numpy as np
import streamlit as st

from ui import present
from ui.kit import numbers

CHECKOUT = Path(__file__).resolve().parent.parent.parent
HERE = "  # <-- here"  # stands behind the line of interest, as a comment: what is shown stays Python
ASIDE = "What the tutorial’s own code does here"


def part(word: str, text: str) -> None:
    """A heading inside the page: Predict, Do, See or Explain, and what it is about; on the wall none."""
    if present.is_projected():  # where the frame's title says it
        return
    st.subheader(f":gray[{word}] {text}", anchor=False)


def table(rows: Any) -> None:
    """A table of a few rows."""
    st.table(rows, border="horizontal", hide_index=True)


def chart(figure: dict, key: str, alt: str, on_wall: int | None = None) -> None:
    """A chart to be looked at. on_wall: its height there in pixels, where that is another one."""
    height: int | Literal["content"] = on_wall if on_wall and present.is_projected() else "content"
    st.plotly_chart(figure, key=key, height=height, config={"displayModeBar": False}, alt=alt)


def note(text: str) -> None:
    """Small print below what it is about; none on the wall, where somebody says it."""
    if not present.is_projected():
        st.caption(text)


def formula(left: str, *steps: str) -> None:
    """A formula as LaTeX, one step a line: the general form, the same with the numbers in it, the result."""
    lines = r" \\ ".join(f"&= {step}" for step in steps)
    st.latex(rf"\begin{{aligned}} {left} {lines} \end{{aligned}}")


def broken(terms: Sequence[str]) -> str:
    """A sum of terms in LaTeX, two a line: so that it fits on a phone."""
    lines = [" + ".join(terms[place : place + 2]) for place in range(0, len(terms), 2)]
    return r" \\ &\quad + ".join(lines)


def bracketed(value: float) -> str:
    """A number as LaTeX inside a sum or product: in brackets when it is negative."""
    return f"({numbers.latex(value)})" if value < 0 else numbers.latex(value)


def source(function: Callable, line: str | None = None, textbook: bool = False) -> None:
    """The function that computed it, as it stands in the running code. line: a text that the line of interest holds.

    Without `line` the last line is marked. ValueError when not exactly one line holds it. textbook: it is the form that
    teaches, and another one has run.
    """
    code, place = marked_source(function, line)
    if textbook:
        place = place.replace(
            "the code that has just run", "the textbook form; tests hold it to the numbers of the code that has run"
        )
    st.code(code, language=None, wrap_lines=True)  # the highlighter's colours are too pale on white
    st.caption(place)


def marked_source(function: Callable, line: str | None = None) -> tuple[str, str]:
    """(source with a mark behind the line of interest, "file, line number"), see `source`."""
    lines, first = inspect.getsourcelines(function)
    code = textwrap.dedent("".join(lines)).rstrip().split("\n")
    places = [len(code) - 1] if line is None else [place for place, text in enumerate(code) if line in text]
    if len(places) != 1:
        raise ValueError(f"{function.__qualname__}: {line!r} must be in exactly one line, it is in {len(places)}.")
    code[places[0]] += HERE
    file = Path(inspect.getfile(function)).resolve().relative_to(CHECKOUT).as_posix()
    return "\n".join(code), f"{file}, line {first + places[0]}: the code that has just run."


def what_numpy_says(function: Callable, *numbers: float) -> tuple[float, str]:
    """(result, "" or what NumPy objects to, such as "overflow encountered in exp"), for code that breaks on purpose."""
    arrays = [np.array(number) for number in numbers]
    with np.errstate(all="ignore"):
        result = float(function(*arrays))
    try:
        with np.errstate(divide="raise", over="raise", invalid="raise"):
            function(*arrays)
    except FloatingPointError as error:
        return result, str(error)
    return result, ""


def refusal(function: Callable, *arguments) -> str:
    """The sentence with which scratchnet refuses these arguments. RuntimeError when it takes them."""
    try:
        function(*arguments)
    except ValueError as error:
        return str(error)
    raise RuntimeError(f"{function.__qualname__} was expected to refuse these arguments.")


@contextmanager
def tutorial() -> Iterator[None]:
    """Around what the tutorial's own code does here, an aside, closed at first: `good` and `bad` inside."""
    with st.expander(f":gray[Aside:] {ASIDE}", key="tutorial"):
        yield


def good(text: str) -> None:
    st.markdown(f":green[**Good.**] {text}")


def bad(text: str) -> None:
    st.markdown(f":red[**Flaw.**] {text}")
