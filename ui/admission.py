"""Admission: as many visits as one process carries, and a line for those who come after, in the order of their arrival.

An open visit takes memory, and a host with little of it ends the whole app when it is used up. So above a number of
visits, PLAYGROUND_VISITORS in the environment, a visitor gets a short page, which goes on by itself when a place is
free. docs/hosting.md says what a visit costs.
"""

import os
import threading
import time
from collections.abc import Callable

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.web.server.starlette import starlette_app_utils
from streamlit.web.server.starlette.starlette_server_config import XSRF_COOKIE_NAME

from ui import errors
from ui.rerun import rerun_page
from ui.visit import KEY, Visit

VARIABLE = "PLAYGROUND_VISITORS"
USUAL = 300  # visits of one process: with them it stays well below the 690 MB of Streamlit Community Cloud
MOST = 10_000
MOST_WAITING = 100  # in the line: each has a connection and some 50 kB
KEPT_SECONDS = 20  # a place, for a page that is loaded again or a connection that was cut for a moment
LOOKED = 90  # seconds; a browser lets a hidden page look once a minute
UNUSED_SECONDS = 3600  # until a place that nobody uses goes to who waits for one
SOONEST, LATEST = 3.0, 30.0  # seconds between two looks of a waiting page whether it is its turn
EACH_BEFORE = 0.5  # seconds between them for each who is before: a long line asks no more often than a short one


class Places:
    """At most so many visits at once. is_connected(who): whether a browser has that visit open now. clock: seconds."""

    def __init__(
        self, most: int, is_connected: Callable[[str], bool], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.most = most
        self._is_connected, self._clock = is_connected, clock
        self._lock = threading.Lock()
        self._visits: list[Visit] = []  # in the order of their arrival

    def visit(self, who: str, browser: bytes | None = None, former: Visit | None = None) -> Visit:
        """The visit of who asks, as it stands now.

        browser: what its tabs have in common; a visit of the same one that has just gone hands on where it stood.
        former: what who asks had when it had a place. It is in the memory already, so it keeps the place after its
        connection was cut for long; not where the place was handed on, or went back unused.
        """
        with self._lock:
            now = self._clock()
            self._look(now)
            visit = self._known(who, browser)  # before any is forgotten: a reload may come long after the look before
            if visit is None and former is not None and former.who == who:
                visit = former
                self._visits.append(visit)
            if visit is not None:
                visit.seen = visit.used = now
                visit.gone = None
            self._visits = [one for one in self._visits if one.gone is None or now - one.gone <= KEPT_SECONDS]
            if visit is None:
                visit = Visit(who, browser, now, now)
                self._visits.append(visit)
            self._give(now)
            line = [one for one in self._visits if not one.has_place]
            visit.number = 0 if visit.has_place else 1 + line.index(visit)
            if visit.number > MOST_WAITING:
                self._visits.remove(visit)
                visit.number = None
            return visit

    def _look(self, now: float) -> None:
        for visit in self._visits:
            if self._is_connected(visit.who):
                visit.seen, visit.gone = now, None
            elif visit.gone is None:  # since the look before; where that is long ago, as good as since then
                visit.gone = now if now - visit.seen <= LOOKED else visit.seen

    def _known(self, who: str, browser: bytes | None) -> Visit | None:
        """The visit as it stands here, perhaps under the name that it had before its page was loaded again."""
        for visit in self._visits:
            if visit.who == who:
                return visit
        for visit in self._visits:
            if browser is not None and visit.browser == browser and visit.gone is not None:
                visit.who = who
                return visit
        return None

    def _give(self, now: float) -> None:
        """The free places to the first of the line; where they are too few, those as well that nobody uses."""
        line = [one for one in self._visits if not one.has_place]
        inside = [one for one in self._visits if one.has_place]
        unused = sorted((one for one in inside if now - one.used > UNUSED_SECONDS), key=lambda one: one.used)
        back = unused[: max(0, len(inside) + len(line) - self.most)]
        for one in back:
            one.has_place = False
            self._visits.remove(one)
        for first in line[: max(0, self.most - len(inside) + len(back))]:
            first.has_place = True


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
        return True
    if number is None:
        _full()
    else:
        pause = _pause(number)
        st.fragment(_line, run_every=pause)(pause)
    return False


def _number() -> int | None:
    context = get_script_run_ctx()
    who = context.session_id if context is not None else ""
    cookie = st.context.cookies.get(XSRF_COOKIE_NAME, "")  # Streamlit writes it anew each time, and its token stays
    browser, _ = starlette_app_utils.decode_xsrf_token_string(cookie)
    asked = places().visit(who, browser, st.session_state.get(KEY))
    if asked.number == 0:
        st.session_state[KEY] = asked
    return asked.number


def _pause(number: int) -> float:
    """Seconds between two looks of a visitor with this number in the line."""
    return min(max(SOONEST, EACH_BEFORE * number), LATEST)


def _line(pause: float) -> None:
    """What a waiting visitor sees. pause: seconds until the next look."""
    with errors.caught():
        number = _number()
        if number is None or number == 0 or _pause(number) < pause:
            rerun_page()
        with st.container(horizontal_alignment="center"), st.container(width=620, key="line"):
            st.title("Please wait a moment", anchor=False)
            st.info(f"You are number **{number}** in the line.", icon=":material/hourglass_top:")
            most = places().most
            people = "One person is" if most == 1 else f"{most:,} people are"
            st.markdown(
                f"{people} using this app, as many as its server carries at once. Leave this page open: it goes on by "
                "itself as soon as it is your turn, with the link that you opened."
            )


def _full() -> None:
    """What a visitor sees for whom the line is too long. It does not look again by itself."""
    with st.container(horizontal_alignment="center"), st.container(width=620, key="line"):
        st.title("Please come back later", anchor=False)
        st.info(
            f"This app is full, and {MOST_WAITING} people are in the line already.", icon=":material/hourglass_top:"
        )
        st.markdown("Try again in a quarter of an hour: reload this page, and it opens with the link that you opened.")
