"""A page with two boards side by side, which the app does not have (yet): neither may know of the other."""

import streamlit as st

from ui import following
from ui.board import board
from ui.controls import controls
from ui.state import conversation
from ui.study import study

st.set_page_config(layout="wide")
for column, name in zip(st.columns(2), ("left", "right"), strict=True):
    with column:
        spoken = conversation(name)
        pg = spoken.playground
        pg.page_runs()
        controls(pg)
        board(spoken)
        study(pg)
following.page_has_run()
