"""Following: widgets that show a value which something else than the visitor's hand on them can change as well.

The browser sends the values of all widgets with each message. What a widget held before the browser learned of a change
would be taken for the visitor's choice: a slider would undo the number that has just been typed beside it.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

VERSIONS = "following_versions"
CORRECTED = "following_corrected"  # key -> how many more complete runs of the page say the correction


def follow(name: str, value, says_the_same: Callable[[Any], bool] = lambda held: False) -> str:
    """The key of the widget `name`, which shows `value` and has it as its default; to be called before it is drawn.

    When something else than the widget changed its value, it becomes a new widget, and nobody listens to the old one.
    says_the_same: whether what it holds does no harm when it is sent again, as a text 0,03 for 0.03 (ValueError: it
    does): then the widget stays, and with it the focus, and is corrected; its default is that of `unless_corrected`.
    """
    versions = st.session_state.setdefault(VERSIONS, {})
    key = f"{name}:{versions.get(name, 0)}"
    held = st.session_state.get(key, value)
    corrected = st.session_state.setdefault(CORRECTED, {})
    if held != value and _is_true(says_the_same, held):
        corrected[key] = 2
    elif held != value:
        versions[name] = versions.get(name, 0) + 1
        key = f"{name}:{versions[name]}"
    # What is put there overwrites what is being typed, so it is not put there without need. A run may be broken off, or
    # what it said be thrown away by the next one, before the browser has heard of the correction.
    if key in corrected:
        st.session_state[key] = value
    return key


def unless_corrected(key: str, default, nothing):
    """The default of the widget, but `nothing` while it is corrected: Streamlit takes one or the other."""
    return nothing if key in st.session_state[CORRECTED] else default


def _is_true(says_the_same: Callable[[Any], bool], held) -> bool:
    try:
        return says_the_same(held)
    except ValueError:
        return False


def is_followed(key: str) -> bool:
    """Whether the widget that a visitor has used is the one on screen, not an older one of a browser that is behind."""
    name, version = key.rsplit(":", 1)
    st.session_state[CORRECTED].pop(key, None)  # the browser has spoken of it
    return st.session_state[VERSIONS].get(name, 0) == int(version)


def page_has_run() -> None:
    """The page has come to its end: the browser hears what it said, unless another run begins in the same instant."""
    corrected = st.session_state.get(CORRECTED, {})
    for key in list(corrected):
        corrected[key] -= 1
        if not corrected[key]:
            del corrected[key]
