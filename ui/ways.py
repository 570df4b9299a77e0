"""Ways: links from a page to a moment on another one. Whoever takes one gets that moment, whatever she has made of the
same one before; where a visitor only comes back, what she left is on screen. So a page knows what led there.
"""

from urllib.parse import parse_qsl, urlencode

import streamlit as st

SHOWN, LEFT = "ways_shown", "ways_left"  # by the page on screen, and by the one that was left for it
MOST = 100  # that are known of a page; a visitor looks through the cells of a sweep


def way(query: str) -> list[tuple[str, str]]:
    """The parameters of a link from this page to a moment on another one."""
    pairs = parse_qsl(query, keep_blank_values=True)
    known = st.session_state.setdefault(SHOWN, [])
    known.append(urlencode(pairs))
    del known[:-MOST]
    return pairs


def another_page_runs() -> None:
    st.session_state[LEFT] = st.session_state.pop(SHOWN, [])


def led_here() -> list[str]:
    """Queries of the links that stood on the page before. Asked once: what comes later is the browser's own address."""
    return st.session_state.pop(LEFT, [])
