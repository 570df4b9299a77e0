"""The playground: a neural network that learns while you watch."""

import streamlit as st

st.title("Playground")
