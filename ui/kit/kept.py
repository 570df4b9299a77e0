"""Kept: a text that the browser's tab keeps, so that a reload, which is another visit here, does not lose it."""

from collections.abc import Callable

import streamlit as st

from ui.kit.mount import mount
from ui.unbroken import unbroken


def kept(name: str, text: str, longest: int, put: Callable[[str], None]) -> None:
    """Have the tab keep this text, "" for none.

    name: its own in the app. longest: characters; what is longer is not kept. put: takes what the tab has kept of the
    visit before, once; it may be any text, since a browser may say anything.
    """
    key, heard = f"{name}_kept", f"{name}_heard"

    @unbroken
    def listen() -> None:
        found = st.session_state[key].found
        st.session_state[heard] = True
        if isinstance(found, str) and 0 < len(found) <= longest:
            put(found)

    data = {"name": name, "text": text if len(text) <= longest else "", "heard": st.session_state.get(heard, False)}
    mount("kit/kept", key=key, data=data, on_found_change=listen)
