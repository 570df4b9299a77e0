"""Mount: components of pages that run at once do not take each other's place in Streamlit's register."""

import logging
import threading

import pytest
import streamlit as st
from streamlit.components import v2
from streamlit.components.v2.component_manager import BidiComponentManager

from ui import board
from ui.kit.mount import mount

ROUNDS = 20


@pytest.mark.parametrize("looks", [(board.PLACE, board.PLACE_AMONG_OTHERS), (None, ":host { color: red }")])
def test_pages_that_run_at_once_each_get_a_component_with_the_look_they_asked_for(monkeypatch, caplog, looks):
    manager, seen, begin = BidiComponentManager(), [], threading.Barrier(4)
    monkeypatch.setattr(v2, "get_bidi_component_manager", lambda: manager)
    monkeypatch.setattr(st, "_bidi_component", lambda name, **_: manager.get(name).css_content)
    caplog.set_level(logging.WARNING)

    def page(look):
        begin.wait()
        for _ in range(ROUNDS):
            seen.append((look, mount("board/caller", key="one", css=look)))

    pages = [threading.Thread(target=page, args=(looks[place % 2],)) for place in range(4)]
    for one in pages:
        one.start()
    for one in pages:
        one.join()
    assert len(seen) == 4 * ROUNDS
    assert all(got == wanted for wanted, got in seen)
    assert not [one for one in caplog.messages if "already registered" in one]
