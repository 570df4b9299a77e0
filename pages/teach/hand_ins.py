"""Hand-ins: a teacher pastes what the class has sent, and each run is trained again here and looked at."""

from functools import partial

import streamlit as st

from ui import present
from ui.classroom import hand_in, invitation, register
from ui.following import follow, is_followed
from ui.gate import gate
from ui.kit.kept import kept
from ui.labels import literal
from ui.state import tables
from ui.unbroken import unbroken

# What a teacher looks for stands within the width of a laptop; the file has it in the order of register.COLUMNS.
SHOWN = ("Name", "Reached", "Remark", "Update", "Open", "Number", "Conditions", "Changed", "Run again here")
WIDTHS = {"Name": 145, "Reached": 125, "Remark": 575, "Update": 75, "Open": 110, "Number": 80, "Conditions": 400}
RESULT = "hand_ins_result"  # rows of the last look, with the text and the task they are of
PASTED = "hand_ins_text"


def use(text: str) -> None:
    """What was found belongs to what was pasted then."""
    st.session_state[PASTED] = text
    st.session_state.pop(RESULT, None)


@unbroken
def paste(key: str) -> None:
    if is_followed(key):
        use(st.session_state[key])


def find(text: str) -> None:
    """What the tab has kept; not in the place of what was pasted while the page opened."""
    if not st.session_state[PASTED]:
        use(text)


@unbroken
def forget() -> None:
    use("")


@unbroken
def keep_task() -> None:
    """A reload or a bookmark has the task by the address. The pupils' texts do not go there: they hold names."""
    st.session_state.pop(RESULT, None)
    try:
        st.query_params["task"] = invitation.task_of(st.session_state["hand_ins_task"], tables()).text
    except ValueError:
        st.query_params.pop("task", None)


st.title("Hand-ins", anchor=False)
st.markdown(
    "Each hand-in holds the settings, every change and the update, so the run is trained again here: what it reached is"
    " measured, not believed. What you paste goes to this app, which forgets it with this page; for a reload it is kept"
    " by your browser, in this tab alone, until you press *Forget these hand-ins* or close the tab. Press it where"
    " others use the computer after you. The address of this page holds your task."
)
link = st.text_input(
    "Link of your task",
    st.query_params.get("task", ""),
    key="hand_ins_task",
    persist_state="session",
    on_change=keep_task,
    placeholder="https://…/?task=1.…",
    help="The one that you handed out, or its eight letters. Use in class shows it, for the same choices the same one.",
)
task, fault = None, ""
try:
    task = invitation.task_of(link, tables())
except ValueError as error:
    fault = str(error)
pasted = st.session_state.setdefault(PASTED, "")
pasted_key = follow("hand_ins_pasted", pasted)
st.text_area(
    "Hand-ins",
    pasted,
    key=pasted_key,
    on_change=paste,
    args=(pasted_key,),
    height=160,
    max_chars=hand_in.MAX_PASTED,
    placeholder="N1.…",
    help="All at once: one below the other, mails, or the table of a form. What stands around them does not matter.",
)
texts = hand_in.texts_in(pasted)
with st.container(horizontal=True, gap="small"):
    is_asked = st.button(
        "Run them again",
        key="hand_ins_run",
        type="primary",
        disabled=not texts,
        help=f"Trains each again, at most {hand_in.MOST} at once.",
    )
    st.button(
        "Forget these hand-ins",
        key="hand_ins_forget",
        disabled=not pasted,
        on_click=forget,
        help="Empties the field and the table, here and in your browser.",
    )
    if not present.is_projected():
        kept("hand_ins", pasted, hand_in.MAX_PASTED, find)
if pasted and not texts:
    st.text("There is no hand-in in this text: each begins with N1. and is copied from Hand in, beside the task.")
elif len(texts) > hand_in.MOST:
    st.text(f"These are {len(texts)}, and the first {hand_in.MOST} are looked at: paste the others afterwards.")

if fault and (is_asked or link.strip()):
    st.error(literal(fault), icon=":material/error:")
if is_asked and task:
    bar = st.progress(0.0, "Training again …")
    found = hand_in.look_through(
        pasted,
        task,
        partial(gate().turn, "lessons"),
        lambda done, of: bar.progress(done / of, f"Trained again: {done} of {of}"),
        tables(),
    )
    st.session_state[RESULT] = ([register.row(one, task) for one in found], task.fingerprint)
    bar.empty()

if RESULT in st.session_state:
    rows, fingerprint = st.session_state[RESULT]
    reached = sum(str(one["Reached"]).startswith("at") for one in rows)
    st.text(f"Task {fingerprint}: {reached} of {len(rows)} reached the goal.")
    st.dataframe(
        rows,
        hide_index=True,
        column_order=SHOWN,
        column_config={name: st.column_config.Column(width=width) for name, width in WIDTHS.items()}
        | {"Open": st.column_config.LinkColumn(width=WIDTHS["Open"], display_text="on the board")},
        placeholder="",
        alt="What was found for each hand-in",
    )
    st.download_button(
        "Download the table (CSV)",
        register.as_csv(rows, (st.context.url or "").rsplit("/", 1)[0]),
        key="hand_ins_csv",
        file_name=f"hand-ins-{fingerprint}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        help="For a spreadsheet.",
    )
