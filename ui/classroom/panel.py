"""Panel: the task in force, above the board: what is to be done, how far each condition is, and by what it is named."""

import streamlit as st

from ui.classroom import hand_in, words
from ui.kit.mount import mount
from ui.play.playground import Playground
from ui.unbroken import unbroken

PLACE = ":host { min-height: 54px; }"  # of three lines, kept free until its files are there


def panel(pg: Playground) -> None:
    """Show the task that this playground obeys; nothing without one. How far it is the board tells in the browser."""
    task = pg.assignment
    if task is None:
        return
    wanted = [words.wanted(one) for one in task.goal.conditions]
    data = {"board": pg.name, "fingerprint": task.fingerprint, "instruction": task.instruction, "wanted": wanted}
    with st.container(horizontal=True, vertical_alignment="top", gap="small", key=pg.key("task")):
        mount("classroom/panel", key=pg.key("panel"), data=data, css=PLACE)
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
    reached = pg.reached_here()
    try:
        st.code(hand_in.of_run(name, pg.run, pg.assignment, reached).text, language=None, wrap_lines=True)
    except ValueError as error:
        st.text(str(error))
        return
    if pg.reached is not None and reached is None:
        st.text(
            f"The goal was reached at update {pg.reached:,}, but not by what is on the screen now. Undo, or the "
            "browser's Back button, leads back to it."
        )
    st.caption(
        f"It is what was on the screen at update {pg.run.update:,}. Copy all of it: the button at its right end, shown "
        "when you point at it or tap it, does that. Send it as your teacher told you; it is run again there, and shows "
        "what you see."
    )
