"""Visit: what somebody has open, where it stands in the house (ui/admission.py), and when it was last used."""

import time
from dataclasses import dataclass

import streamlit as st

KEY = "visit"  # of the session, since it had a place


@dataclass(eq=False)
class Visit:
    """Times are seconds of a clock that only goes forward, that of `time.monotonic` where no test has its own."""

    who: str  # who holds it now: a page that is loaded again holds it under another name
    browser: bytes | None
    seen: float  # when it was last seen connected
    used: float  # when its page, or a part of it, last ran
    gone: float | None = None  # when it was found gone; None while it is connected
    has_place: bool = False
    number: int | None = None  # 0 where it has a place, else its number in the line; None where the line is full


def runs() -> None:
    """To be called in each run of a page and of a part of it."""
    visit = st.session_state.get(KEY)
    if visit is not None:
        visit.used = time.monotonic()
