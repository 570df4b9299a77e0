"""Playground link: a line of a page that opens an experiment on the playground, at an update."""

from pathlib import Path
from urllib.parse import parse_qsl

import streamlit as st

PLAYGROUND = Path(__file__).resolve().parent.parent / "pages" / "play" / "playground.py"


def playground_link(query: str, label: str, help: str | None = None) -> None:
    """query: a moment's, as its link holds it."""
    st.page_link(
        st.Page(PLAYGROUND, default=True),
        label=label,
        icon=":material/arrow_forward:",
        query_params=parse_qsl(query, keep_blank_values=True),
        help=help,
    )
