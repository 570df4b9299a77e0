"""Playground link: a line of a page that opens an experiment on the playground, at an update."""

from pathlib import Path

import streamlit as st

from ui.ways import way

PLAYGROUND = Path(__file__).resolve().parent.parent / "pages" / "play" / "playground.py"


def playground_link(query: str, label: str, help: str | None = None) -> None:
    """query: a moment's, as its link holds it."""
    st.page_link(
        st.Page(PLAYGROUND, default=True),
        label=label,
        icon=":material/arrow_forward:",
        query_params=way(query),
        help=help,
    )
