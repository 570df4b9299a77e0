"""Digits: a canvas to draw on, and beside it what a network sees of it and makes of it, while the pen moves."""

import time

import streamlit as st

from ui import allowance, errors
from ui.board import YIELD_SECONDS
from ui.digits.reading import Reading
from ui.gate import gate
from ui.kit.mount import mount, nothing
from ui.rerun import rerun_page

KEY = "digits_reading"  # of the visit
PLACE = ":host { min-height: 620px; }"


def reading() -> Reading:
    """The visitor's, made at the first call of a visit."""
    if KEY not in st.session_state:
        st.session_state[KEY] = Reading()
    return st.session_state[KEY]


@st.fragment
def digits(of: Reading) -> None:
    """Mount it."""
    with allowance.shared(), errors.caught():
        key = of.playground.key("canvas")
        said = (st.session_state.get(key) or {}).get("said")
        data = of.answer(said, gate())
        mount("digits/digits", key=key, data=data, css=PLACE, on_said_change=nothing)
        if data["playing"]:
            time.sleep(YIELD_SECONDS)
        if of.playground.page_is_stale():
            rerun_page()
