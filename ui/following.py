"""Following: widgets that show a value which something else than the visitor's hand on them can change as well.

The browser sends the values of all widgets with each message. What a widget held before the browser learned of a change
would be taken for the visitor's choice: a slider would undo the number that has just been typed beside it.
"""

from collections.abc import Callable

import streamlit as st

VERSIONS = "following_versions"
CORRECTED = "following_corrected"


def follow(name: str, value, says_the_same: Callable[[object], bool] = lambda held: False) -> str:
    """The key of the widget `name`, which shows `value`; to be called before the widget is drawn.

    When something else than the widget changed its value, it becomes a new widget, and nobody listens to the old one.
    says_the_same: whether what it holds does no harm when it is sent again, as a text 0,03 for 0.03 (ValueError: it
    does): then the widget stays, and with it the focus.
    """
    versions = st.session_state.setdefault(VERSIONS, {})
    key = f"{name}:{versions.get(name, 0)}"
    held = st.session_state.get(key, value)
    corrected = st.session_state.setdefault(CORRECTED, set())
    if held != value and _is_true(says_the_same, held):
        corrected.add(key)
    elif held != value:
        versions[name] = versions.get(name, 0) + 1
        key = f"{name}:{versions[name]}"
    # Not put there again without need, for it could undo what is being typed. A correction is, in every run, and so is
    # the value of a new widget until the visitor uses it: the run that made it may have been broken off before the
    # browser heard of it, and a list of which it knows no value would show its first option and send that as chosen.
    if key not in st.session_state:
        corrected.add(key)
    if key in corrected or st.session_state[key] != value:
        st.session_state[key] = value
    return key


def _is_true(says_the_same: Callable[[object], bool], held) -> bool:
    try:
        return says_the_same(held)
    except ValueError:
        return False


def is_followed(key: str) -> bool:
    """Whether the widget that a visitor has used is the one on screen, not an older one of a browser that is behind."""
    name, version = key.rsplit(":", 1)
    st.session_state[CORRECTED].discard(key)  # the browser has spoken of it
    return st.session_state[VERSIONS].get(name, 0) == int(version)
