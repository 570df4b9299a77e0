"""State: where a visitor's playgrounds and their conversations with the boards are kept between two runs of a page."""

import ctypes
import gc
from contextlib import suppress

import streamlit as st

from ui.data.keeper import Keeper
from ui.play.conversation import Conversation
from ui.play.playground import Playground

KEY = "conversations"  # of all boards of a visit, by name


@st.cache_resource(ttl=60, show_spinner=False)  # at most once a minute: it takes a tenth of a second
def forget_who_has_gone() -> None:
    """Give back the memory of visits that have ended. They hold each other in circles, which only the garbage collector
    undoes, and among so few new objects it would not come by itself for hours: a large network kept 150 MB. glibc keeps
    what was freed in the arenas of threads that have ended; elsewhere there is nothing to trim."""
    gc.collect()
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


@st.cache_resource(show_spinner=False)
def tables() -> Keeper:
    """The tables that visitors have given to this process."""
    return Keeper()


def conversation(name: str = "playground") -> Conversation:
    """The visitor's board of this name with its playground, made at the first call of a visit."""
    if KEY not in st.session_state:
        forget_who_has_gone()
    known = conversations()
    if name not in known:
        known[name] = Conversation(Playground(name=name, files=tables()))
    own = known[name].playground.own_points
    if own is not None and not own.fits_a_link:
        tables().keep(own)  # it is used: others go first
    return known[name]


def conversations() -> dict[str, Conversation]:
    """Board's name -> its conversation, for all boards that the visitor has met."""
    return st.session_state.setdefault(KEY, {})
