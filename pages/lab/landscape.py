"""Landscape: the loss around the path of the run that is on the playground."""

import streamlit as st

from ui import address
from ui.landscapes.page import landscape
from ui.state import conversation

pg = conversation().playground
address.read(pg)
st.title("Loss landscape", anchor=False)
if pg.notice:
    st.text(pg.notice)
landscape(pg)
address.write(pg)
