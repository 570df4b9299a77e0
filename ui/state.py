"""State: where a visitor's playgrounds and their conversations with the boards are kept between two runs of a page."""

import streamlit as st

from ui.play.conversation import Conversation
from ui.play.playground import Playground

KEY = "conversations"  # of all boards of a visit, by name


def conversation(name: str = "playground") -> Conversation:
    """The visitor's board of this name with its playground, made at the first call of a visit."""
    known = conversations()
    if name not in known:
        known[name] = Conversation(Playground(name=name))
    return known[name]


def conversations() -> dict[str, Conversation]:
    """Board's name -> its conversation, for all boards that the visitor has met."""
    return st.session_state.setdefault(KEY, {})
