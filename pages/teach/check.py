"""Check the connection: before a lesson what it needs is tried; what a school's network or browser blocks is named."""

import streamlit as st

from ui.network_check import network_check

st.title("Check this room's connection", anchor=False)
st.markdown(
    "Open this page before the lesson, in the room and on a device of the class. It tries what the lessons and the"
    " board need, takes some ten seconds, and moves 5 MB. Nothing of it is kept."
)
network_check("network_check")
