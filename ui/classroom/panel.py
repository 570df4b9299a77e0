"""Panel: the task in force, above the board: what is to be done, how far each condition is, and by what it is named."""

import streamlit as st

from ui.classroom import hand_in, words
from ui.play.playground import Playground
from ui.unbroken import unbroken


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
            drawer = st.popover("Hand in", key=pg.key("hand_in"), on_change=unbroken(pg.is_used), width="content")
            if drawer.open:
                with drawer:
                    _hand_in(pg)


def _hand_in(pg: Playground) -> None:
    """A name, and the text to send to the teacher."""
    if pg.playing:
        st.text("It is playing. Pause to hand in what is on the screen.")
        return
    name = st.text_input(
        "Your name",
        key=pg.key("hand_in_name"),
        persist_state="session",
        on_change=unbroken(pg.is_used),
        help=f"As your teacher knows you, at most {hand_in.MAX_NAME} letters.",
    )
    if not name:
        st.text("Type your name: the text to send stands here then.")
        return
    try:
        st.code(hand_in.of_run(name, pg.run, pg.assignment, pg.reached).text, language=None, wrap_lines=True)
    except ValueError as error:
        st.text(str(error))
        return
    st.caption("Copy all of it and send it. Your teacher runs it again and sees what you see.")
