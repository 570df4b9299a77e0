"""Admission: as many visits as one process carries, and a line for those who come after, in the order of their arrival.

An open visit takes memory, and a host with little of it ends the whole app when it is used up. So above a number of
visits, PLAYGROUND_VISITORS in the environment, a visitor gets a short page, which goes on by itself when a place is
free. docs/hosting.md says what a visit costs.
"""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.web.server.starlette import starlette_app_utils
from streamlit.web.server.starlette.starlette_server_config import XSRF_COOKIE_NAME

from ui import errors

VARIABLE = "PLAYGROUND_VISITORS"
USUAL = 300  # visits of one process: with them it stays well below the 690 MB of Streamlit Community Cloud
MOST = 10_000
KEPT_SECONDS = 20  # a place, for a page that is loaded again or a connection that was cut for a moment
SOONEST, LATEST = 3.0, 30.0  # seconds between two looks of a waiting page whether it is its turn
EACH_BEFORE = 0.5  # seconds between them for each who is before: a long line asks no more often than a short one
HAS_PLACE = "has_place"  # of the session


@dataclass
class _Visit:
    who: str
    browser: bytes | None
    seen: float  # clock when it was connected
    has_place: bool = False


class Places:
    """At most so many visits at once. is_connected(who): whether a browser has that visit open now. clock: seconds."""

    def __init__(
        self, most: int, is_connected: Callable[[str], bool], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.most = most
        self._is_connected, self._clock = is_connected, clock
        self._lock = threading.Lock()
        self._visits: list[_Visit] = []  # in the order of their arrival

    def number(self, who: str, browser: bytes | None = None, had_place: bool = False) -> int:
        """0 where the visit has a place, else its number in the line.

        browser: what its tabs have in common; a visit of the same one that has just gone hands on where it stood.
        had_place: it is in the memory already, and comes back after its connection was cut for long.
        """
        with self._lock:
            self._forget_who_has_gone()
            visit = self._known(who, browser)
            if visit is None:
                visit = _Visit(who, browser, self._clock(), had_place)
                self._visits.append(visit)
            free = self.most - sum(one.has_place for one in self._visits)
            line = [one for one in self._visits if not one.has_place]
            for first in line[: max(0, free)]:
                first.has_place = True
            return 0 if visit.has_place else 1 + line.index(visit) - max(0, free)

    def _forget_who_has_gone(self) -> None:
        now = self._clock()
        for visit in self._visits:
            if self._is_connected(visit.who):
                visit.seen = now
        self._visits = [visit for visit in self._visits if now - visit.seen <= KEPT_SECONDS]

    def _known(self, who: str, browser: bytes | None) -> _Visit | None:
        """The visit as it stands here, perhaps under the name that it had before its page was loaded again."""
        for visit in self._visits:
            if visit.who == who:
                return visit
        for visit in self._visits:
            if browser is not None and visit.browser == browser and not self._is_connected(visit.who):
                visit.who, visit.seen = who, self._clock()
                return visit
        return None


def most_visitors() -> int:
    """As the environment says. ValueError with one sentence where that is no number of visitors."""
    text = os.environ.get(VARIABLE, "").strip()
    if not text:
        return USUAL
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST and len(text) <= 9):
        raise ValueError(
            f"{VARIABLE} is {text!r:.40}: expected a whole number from 1 to {MOST:,}, of visitors at once in one "
            f"process; change it, or unset it for {USUAL}."
        )
    return int(text)


@st.cache_resource(show_spinner=False)
def places() -> Places:
    """Those of this process."""
    return Places(most_visitors(), lambda who: runtime.get_instance().is_active_session(who))


def is_let_in() -> bool:
    """Whether the page may run for this visit. Where it may not, the visitor's number in the line is on the page."""
    number = _number()
    if number == 0:
        st.session_state[HAS_PLACE] = True
        return True
    pause = _pause(number)
    st.fragment(_line, run_every=pause)(pause)
    return False


def _number() -> int:
    visit = get_script_run_ctx()
    who = visit.session_id if visit is not None else ""
    cookie = st.context.cookies.get(XSRF_COOKIE_NAME, "")  # Streamlit writes it anew each time, and its token stays
    browser, _ = starlette_app_utils.decode_xsrf_token_string(cookie)
    return places().number(who, browser, HAS_PLACE in st.session_state)


def _pause(number: int) -> float:
    """Seconds between two looks of a visitor with this number in the line."""
    return min(max(SOONEST, EACH_BEFORE * number), LATEST)


def _line(pause: float) -> None:
    """What a waiting visitor sees. pause: seconds until the next look."""
    with errors.caught():
        number = _number()
        if number == 0 or _pause(number) < pause:
            st.rerun(scope="app")
        with st.container(horizontal_alignment="center"), st.container(width=620, key="line"):
            st.title("Please wait a moment", anchor=False)
            st.info(f"You are number **{number}** in the line.", icon=":material/hourglass_top:")
            most = places().most
            people = "One person is" if most == 1 else f"{most:,} people are"
            st.markdown(
                f"{people} using this app, as many as its server carries at once. Leave this page open: it goes on by "
                "itself as soon as it is your turn, with the link that you opened."
            )
