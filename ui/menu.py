"""The menu: the script of every visit. It sets up the browser tab, shows the menu and runs the chosen page."""

from pathlib import Path

import streamlit as st

from ui import errors, lesson

PAGES = Path(__file__).resolve().parent.parent / "pages"  # absolute: also right where app.py is the script
ICON = Path(__file__).resolve().parent / "icon.svg"  # a file of ours: a named icon would be asked from another machine

page = st.navigation(
    {
        "": [  # a link of its own: a menu called Play would stand beside the button Play
            st.Page(PAGES / "play/playground.py", title="Playground", default=True),
        ],
        "Learn": [
            st.Page(PAGES / "learn/neurons.py", title=lesson.STEPS["neurons"].title),
            st.Page(PAGES / "learn/forward.py", title=lesson.STEPS["forward"].title),
            st.Page(PAGES / "learn/losses.py", title=lesson.STEPS["losses"].title),
            st.Page(PAGES / "learn/backpropagation.py", title=lesson.STEPS["backpropagation"].title),
            st.Page(PAGES / "learn/training.py", title=lesson.STEPS["training"].title),
            st.Page(PAGES / "learn/evaluation.py", title=lesson.STEPS["evaluation"].title),
            st.Page(PAGES / "learn/gradient_check.py", title=lesson.FURTHER["gradient_check"].title),
        ],
    },
    position="top",
)

st.set_page_config(page_title=f"{page.title} · a neural network from scratch", page_icon=ICON, layout="wide")

with errors.caught():
    page.run()
