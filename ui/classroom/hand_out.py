"""Hand out: the drawer "Use in class", where a teacher makes a task of what is on the screen, or takes a ready one."""

from typing import Any

import streamlit as st

from scratchnet.goals import AT_LEAST, KEPT, KINDS, Condition, Goal
from ui.classroom import qr, words
from ui.classroom.assignment import CONTROLS, DRAWERS, HIDEABLE, MAX_INSTRUCTION, Assignment
from ui.classroom.tasks import TASKS
from ui.kit.typed import number, whole_number, written
from ui.play.playground import Playground
from ui.unbroken import unbroken

OWN = "own"  # what is on the screen, instead of a ready task
SAME_AS_LAYERS = "hidden"  # of CONTROLS, and another name for what the board calls layers
USUAL = {"train_accuracy": 0.95, "test_accuracy": 0.95, "train_loss": 0.1, "test_loss": 0.2, "gap": 0.1}
USUAL |= {"units": 3, "updates": 1000, "parameters": 50}
EXAMPLES = {"train_accuracy": "95", "test_accuracy": "95"}


def hand_out(pg: Playground) -> None:
    """The form, and beside it the link with its fingerprint and its picture. What is chosen stays for the visit."""
    chosen = _kept(
        pg,
        "begin",
        st.selectbox,
        "Begin with",
        [OWN, *TASKS],
        format_func=_title,
        help=(
            "What is on the screen becomes the pupils' start, at update 0 and with the changes made on the way. "
            "Or take a ready task and change what you like."
        ),
    )
    base = TASKS[chosen].assignment if chosen in TASKS else Assignment("", Goal(), (), (), pg.run.experiment)
    form, result = st.columns((3, 2), gap="medium")
    try:
        with form:
            task = _form(pg, chosen, base)
        link = f"{(st.context.url or '').rstrip('/')}/?task={task.text}"
    except ValueError as error:
        with result:
            st.text(f"No link yet. {error}")
        return
    with result:
        _result(pg, task, link)


def _form(pg: Playground, chosen: str, base: Assignment) -> Assignment:
    """What the teacher has chosen. ValueError with one sentence where it is no task."""
    instruction = _kept(
        pg,
        f"{chosen}_instruction",
        st.text_area,
        "What to do",
        base.instruction,
        max_chars=MAX_INSTRUCTION,
        height=110,
        help="It stands above the board, as plain text.",
    )
    conditions = _kept(
        pg,
        f"{chosen}_conditions",
        st.multiselect,
        "Reached when",
        list(KINDS),
        default=[one.kind for one in base.goal.conditions],
        format_func=_condition_title,
        help="All of these at the same update. None: there is nothing to reach.",
    )
    values = {one.kind: one.value for one in base.goal.conditions}
    found = tuple(Condition(kind, _value(pg, chosen, kind, values)) for kind in conditions)
    controls = [name for name in CONTROLS if name != SAME_AS_LAYERS]
    locked = _kept(
        pg,
        f"{chosen}_locked",
        st.multiselect,
        "Lock",
        controls,
        default=[n for n in base.locked if n in controls],
        format_func=words.CONTROL_LABELS.get,
        help="To be seen, and not to be changed.",
    )
    hidden = _kept(
        pg,
        f"{chosen}_hidden",
        st.multiselect,
        "Hide",
        [*DRAWERS, *controls],
        default=[n for n in base.hidden if n in HIDEABLE and n != SAME_AS_LAYERS],
        format_func=words.CONTROL_LABELS.get,
        help="Not to be seen either. A drawer takes along what only it can change.",
    )
    return Assignment(instruction, Goal(found), tuple(locked), tuple(hidden), base.start)


def _value(pg: Playground, chosen: str, kind: str, values: dict) -> Any:
    """The value of a condition, as typed."""
    if kind == "diverges":
        return True
    label, name = _condition_title(kind), f"{chosen}_{kind}"
    if kind == "unchanged":
        return _kept(
            pg,
            name,
            st.multiselect,
            label,
            list(KEPT),
            default=list(values.get(kind, ())),
            format_func=words.CONTROL_LABELS.get,
            help="These have to be as at the start.",
        )
    value = values.get(kind, USUAL[kind])
    usual = written(round(100 * value, 10) if kind.endswith("accuracy") else value)
    bound = "at least" if kind in AT_LEAST else "at most"
    unit = " in percent" if kind.endswith("accuracy") else ""
    typed = _kept(pg, name, st.text_input, f"{label}, {bound}{unit}", usual, help=f"A number, such as {usual}.")
    if isinstance(USUAL[kind], int):
        return whole_number(typed, label, usual)
    return number(typed, label) / 100 if kind.endswith("accuracy") else number(typed, label)


def _result(pg: Playground, task: Assignment, link: str) -> None:
    st.code(link, language=None, wrap_lines=True)
    st.text(f"Task {task.fingerprint}")
    st.caption("These letters stand on every pupil's page: the same letters, the same task.")
    st.image(qr.picture(link), width=180, alt=f"QR code of the link to task {task.fingerprint}")
    st.link_button(
        "Preview as a pupil", link, key=pg.key("class_preview"), help="Opens the link in another tab of the browser."
    )


def _kept(pg: Playground, name: str, widget, label: str, *args, **more) -> Any:
    """A widget whose value stays while the drawer is closed."""
    return widget(
        label, *args, key=pg.key(f"class_{name}"), on_change=unbroken(pg.is_used), persist_state="session", **more
    )


def _title(name: str) -> str:
    return TASKS[name].title if name in TASKS else "What is on the screen"


def _condition_title(kind: str) -> str:
    return words.TITLES[kind]
