"""Controls: numbers to slide and to type, choices of a few, and the sentence about what was typed and is no value.

They change the page's values, a plain dict (`kept` in `progress.py`), which pictures, formulas and checks read.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal

import streamlit as st

from ui import present
from ui.following import follow, is_followed, unless_corrected
from ui.kit import numbers
from ui.kit.typed import number, whole_number, written
from ui.unbroken import unbroken


@unbroken
def put(values: dict, new: Mapping) -> None:
    """Set several values at once (a preset, the start): what was typed wrongly is forgotten. For an `on_click`."""
    values.update(new)
    st.session_state["lesson_problems"] = {}


def quantity(
    path: str,
    values: dict,
    name: str,
    low: float,
    high: float,
    step: float,
    label: str = "",
    slider: bool = True,
    width: int | Literal["stretch"] = 210,
    whole: bool = False,
) -> None:
    """A number to slide and to type: `values[name]`, from low to high. label: Markdown, also LaTeX; default the name.

    whole: a fraction is refused. Typing takes a decimal point or comma, a fraction such as 1/3 and any minus sign.
    What is no number of the range gets a sentence below, and the value stays.
    """
    width = "stretch" if present.is_projected() else width
    key, label, limits = f"{path}_{name}", label or name, (low, high, whole)
    problem = problems().get(key)
    with st.container(gap=None, width=width, key=f"quantity_{key}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(label, width="content")
            if slider:
                slid = min(max(float(values[name]), low), high)
                slide_key = follow(f"slide_{key}", slid)
                st.slider(
                    f"{name}, slider",
                    float(low),
                    float(high),
                    slid,
                    step=step,
                    format=numbers.PRINTF,
                    key=slide_key,
                    label_visibility="collapsed",
                    on_change=_slid,
                    args=(slide_key, key, values, name),
                    width="stretch",
                )
            number = written(round(values[name], 12))
            if present.is_projected():  # a slider says its number itself
                if not slider:
                    st.markdown(f"**{number}**", width="content")
                return
            shown = problem[0] if problem else number
            type_key = follow(f"type_{key}", shown, lambda typed: typed_number(typed, name, *limits) == values[name])
            st.text_input(
                f"{name}, typed",
                unless_corrected(type_key, shown, ""),
                key=type_key,
                label_visibility="collapsed",
                placeholder=number,  # where the slider moved the field is a new one, painted once before it is filled
                on_change=_typed,
                args=(type_key, key, values, name, *limits),
                width=84,
            )
        if problem:
            complain(problem[1])


def choose(path: str, values: dict, name: str, options: Iterable, label: str, words: Callable = str) -> None:
    """A choice of a few, always exactly one: `values[name]`. words: what an option is called on screen."""
    key = follow(f"choose_{path}_{name}", values[name])
    st.segmented_control(
        label,
        list(options),
        default=values[name],
        required=True,
        format_func=words,
        key=key,
        wrap=True,
        on_change=_chosen,
        args=(key, values, name),
    )


@unbroken
def _chosen(key: str, values: dict, name: str) -> None:
    if is_followed(key) and st.session_state[key] is not None:
        values[name] = st.session_state[key]


def complain(sentence: str) -> None:
    """One sentence beside what it is about. Plain text: it may quote what somebody typed."""
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="top", wrap=False):
        st.markdown(":red[**✗**]", width="content")
        st.text(sentence, width="stretch")  # as content it would be as wide as the row, beside the icon


def problems() -> dict[str, tuple[str, str]]:
    """key -> (what was typed, the sentence about it), for every field whose text is no value."""
    return st.session_state.setdefault("lesson_problems", {})


@unbroken
def _slid(widget: str, key: str, values: dict, name: str) -> None:
    if is_followed(widget):
        problems().pop(key, None)
        values[name] = st.session_state[widget]


@unbroken
def _typed(widget: str, key: str, values: dict, name: str, low: float, high: float, whole: bool) -> None:
    if not is_followed(widget):
        return
    text = st.session_state[widget]
    try:
        values[name] = typed_number(text, name, low, high, whole)
        problems().pop(key, None)
    except ValueError as error:
        problems()[key] = (text, str(error))


def typed_number(text: str, name: str, low: float, high: float, whole: bool = False) -> float:
    """A typed number from low to high; ValueError with one sentence that begins with the name otherwise."""
    if not str(text).strip():
        raise ValueError(f"{name}: expected a number from {written(low)} to {written(high)}, got nothing; type one.")
    value = (whole_number if whole else number)(text, name, written(float(f"{(low + high) / 4 or high / 2:.1g}")))
    if not low <= value <= high:
        raise ValueError(
            f"{name}: expected a number from {written(low)} to {written(high)}, got {written(value)}; type another."
        )
    return value + 0.0  # no minus zero
