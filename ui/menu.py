"""The menu: the script of every visit. It sets up the browser tab, shows the menu and runs the chosen page."""

from pathlib import Path

import streamlit as st

from ui import errors

PAGES = Path(__file__).parent.parent / "pages"

st.set_page_config(page_title="Neural network playground", page_icon=":material/hub:", layout="wide")

page = st.navigation(
    {
        "Play": [
            st.Page(PAGES / "play/playground.py", title="Playground", icon=":material/play_circle:", default=True),
        ],
    },
    position="top",
)

with errors.caught():
    page.run()
