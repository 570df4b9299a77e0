"""Address: the address bar holds the Experiment on screen, so the link there opens the same one anywhere.

The browser sends the address it has with every run, and learns a new one a moment later. So an address that differs
from the last one written is either a visitor's (a link, the Back button) or one the browser had not replaced yet.
"""

from urllib.parse import parse_qsl, urlencode

import streamlit as st

import scratchnet as sn
from ui import gallery
from ui.state import Playground

KEY = "address"


def read(pg: Playground) -> None:
    """Open the experiment of the address, if it came from the visitor. Call first in each run of the page."""
    text = _present()
    if KEY not in st.session_state:
        st.session_state[KEY] = [text]
        pg.open(text, gallery.FIRST)
        return
    seen = st.session_state[KEY]  # what the browser had when it last told, then what was written since
    if text in seen:
        st.session_state[KEY] = seen[seen.index(text) :]
        return
    experiment, ignored = sn.Experiment.from_query(text)
    pg.replace(experiment)
    pg.notice = " ".join(ignored)
    st.session_state[KEY] = [text]


def write(pg: Playground) -> None:
    """Put the experiment on screen into the address bar, if it holds another one."""
    pairs = parse_qsl(pg.query, keep_blank_values=True)
    if urlencode(pairs) != _present():
        st.session_state[KEY] = [*st.session_state[KEY], urlencode(pairs)]
        st.query_params.from_dict(dict(pairs))


def _present() -> str:
    """The address's query as far as the server knows."""
    return urlencode([(name, value) for name in st.query_params for value in st.query_params.get_all(name)])
