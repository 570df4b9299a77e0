"""Panel: the task in force, above the board: what is to be done, how far each condition is, and by what it is named."""

import streamlit as st

from ui.classroom import words
from ui.play.playground import Playground


def panel(pg: Playground) -> None:
    """Show the task that this playground obeys; nothing without one."""
    task = pg.assignment
    if task is None:
        return
    update, measured = pg.progress()
    with st.container(gap="xsmall", key=pg.key("task")):
        if task.instruction:
            st.text(task.instruction)
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            for one in measured:
                icon = ":material/check_circle:" if one.is_met else ":material/radio_button_unchecked:"
                said = f"{words.wanted(one.condition)}: {words.so_far(one)}"
                st.badge(said, icon=icon, color="green" if one.is_met else "gray")
            if pg.reached is not None:
                st.badge(f"Reached at update {pg.reached:,}", icon=":material/flag:", color="blue")
            where = f"At update {update:,} · task" if measured else "Task"
            st.caption(f"{where} {task.fingerprint}", width="content")
