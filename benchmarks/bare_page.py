"""The least page of Streamlit that has a component: what the playground's opening is compared with."""

import streamlit as st

SCRIPT = """export default function ({ parentElement }) {
  const drawn = document.createElement("canvas");
  drawn.dataset.testid = "bare";
  parentElement.append(drawn);
  drawn.getContext("2d").fillRect(0, 0, 9, 9);
}"""
st.components.v2.component("bare", js=SCRIPT)(key="bare")
