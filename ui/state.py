"""State: where a visitor's playgrounds and their conversations with the boards are kept between two runs of a page."""

import streamlit as st

from ui.data.keeper import Keeper
from ui.play.conversation import Conversation
from ui.play.playground import Playground

KEY = "conversations"  # of all boards of a visit, by name


@st.cache_resource(show_spinner=False)
def tables() -> Keeper:
    """The tables that visitors have given to this process."""
    return Keeper()


def conversation(name: str = "playground") -> Conversation:
    """The visitor's board of this name with its playground, made at the first call of a visit."""
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
