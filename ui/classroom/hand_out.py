"""Hand out: what stands under "Use in class": a teacher makes a task of what is on the screen, or takes a ready one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import streamlit as st

import scratchnet as sn
from scratchnet.events import POINTS
from scratchnet.goals import AT_LEAST, KEPT, KINDS, Condition, Goal
from ui import labels, present
from ui.classroom import invitation, shelf, words
from ui.classroom.assignment import CONTROLS, DRAWERS, MAX_INSTRUCTION, Assignment, read
from ui.classroom.invitation import Ways
from ui.classroom.tasks import TASKS
from ui.kit.typed import number, whole_number, written
from ui.play.playground import Playground
from ui.unbroken import unbroken

OWN, LINK = "own", "link"  # what is on the screen, or a task that is there already, instead of a ready one
DRAFT = "draft"  # of the address: the task as it stands in the form, so that a reload has it
# What belongs together stands together: the data, and what makes the first weights. The others follow.
FIRST_LISTED = (
    "dataset",
    "samples",
    "noise",
    "train_fraction",
    "validation_fraction",
    "scaling",
    "data_seed",
    "init_seed",
    "edit weights",
    "initializer",
)
MOST_SAID = 3  # changes on the way, in the sentence above the form
SAME_AS_LAYERS = "hidden"  # of CONTROLS, and another name for what the board calls layers
USUAL = {"train_accuracy": 0.95, "test_accuracy": 0.95, "train_loss": 0.1, "test_loss": 0.2, "gap": 0.1}
USUAL |= {"units": 3, "updates": 1000, "parameters": 50}


def hand_out(pg: Playground) -> None:
    """The form, and beside it the link with its fingerprint and its picture. What is chosen stays for the visit."""
    draft = _draft(pg)
    chosen = _kept(
        pg,
        "begin",
        st.selectbox,
        "Begin with",
        [OWN, LINK, *TASKS],
        1 if draft.began else 0,
        format_func=_title,
        help=(
            "What is on the screen becomes the pupils' start, at update 0 and with the changes made on the way. "
            "Or take a ready task, or one of yours by its link, and change what you like."
        ),
    )
    if chosen == OWN and (sentence := _what_is_handed_out(pg)):
        st.caption(sentence)
    blank = Assignment("", Goal(), (), (), pg.run.experiment)
    form, result = st.columns((3, 2), gap="medium")
    try:
        with form:
            if chosen == LINK:
                base = _by_link(pg, draft.began)
                task = _form(pg, base.fingerprint, base)
            else:
                task = _form(pg, chosen, TASKS[chosen].assignment if chosen in TASKS else blank)
            for sentence in _ways_around(task):
                st.caption(sentence)
        way = invitation.ways(task)
        draft.now = "" if task == blank else task.text
    except ValueError as error:
        with result:
            st.text(f"No link yet. {error}")
        return
    with result:
        _result(pg, task, way)


def _what_is_handed_out(pg: Playground) -> str:
    """Where a pupil's task begins and what is not in it, "" where it is just what the teacher sees."""
    start, forks, said = pg.run.experiment, pg.forks, []
    for update, changes in start.events:
        words = labels.in_words(start.at(update), tuple(name for name in changes if name in sn.LIVE_SETTINGS))
        words += ["weights set by hand"] * ("edits" in changes) + ["other points"] * (POINTS in changes)
        said += [f"{', '.join(words)} at update {update:,}"] * (update > 0)
    left = [letter for letter, fork in zip("ABCDEFGH", forks.every, strict=False) if fork.id != forks.present]
    if not (pg.shown or said or left):
        return ""
    more = f"; {len(said) - MOST_SAID} more" if len(said) > MOST_SAID else ""
    on_the_way = f", and changes on the way: {'; '.join(said[:MOST_SAID])}{more}" if said else ""
    others = f" Branch{'es' * (len(left) > 1)} {' and '.join(left)} {'are' if len(left) > 1 else 'is'} not handed out."
    return f"It begins at update 0{on_the_way}.{others if left else ''}"


def _by_link(pg: Playground, began: str) -> Assignment:
    """The task that the teacher names. ValueError with one sentence where it is none."""
    help = "The link that you handed out, or the eight letters of its short address. Its start stays as it is."
    typed = _kept(pg, "link", st.text_input, "Its link or letters", began, help=help)
    if not typed.strip():
        raise ValueError("Paste the link of a task that you have made, or type its letters.")
    return invitation.task_of(typed, pg.files)


def _ways_around(task: Assignment) -> Iterator[str]:
    """Sentences on a button of the board that changes what was probably meant to stay."""
    for kept, seed, button in (
        ({"dataset", "samples", "noise", "train_fraction"}, "data_seed", "New data"),
        ({"edits", "initializer"}, "init_seed", "New weights"),
    ):
        if task.fixed & kept and seed not in task.fixed and not sn.why_idle(task.start, task.start.samples, seed):
            yield f"{button} stays free: lock {words.CONTROL_LABELS[seed]}, too, where all are to have the same."


@dataclass
class Draft:
    """What the form holds, as the text of a task, "" for nothing: at the visit's beginning, now, and in the address."""

    began: str
    now: str
    written: str


def _draft(pg: Playground) -> Draft:
    key = pg.key("draft")
    if key not in st.session_state:
        text = st.query_params.get(DRAFT, "")
        try:
            known = read(text, pg.files).text if text else ""
        except ValueError:  # an address that was cut off: the form is empty then, as without it
            known = ""
        st.session_state[key] = Draft(known, known, text)
    return st.session_state[key]


def in_address(pg: Playground) -> dict[str, str]:
    """What the address holds of this form."""
    draft = _draft(pg).now if pg.assignment is None else ""
    return {DRAFT: draft} if draft else {}


def is_news(pg: Playground) -> bool:
    """Whether the address was never told of the draft: one that the Back button leads to may hold an older one."""
    return in_address(pg).get(DRAFT, "") != _draft(pg).written


def is_written(pg: Playground) -> None:
    _draft(pg).written = in_address(pg).get(DRAFT, "")


def _form(pg: Playground, chosen: str, base: Assignment) -> Assignment:
    """What the teacher has chosen. ValueError with one sentence where it is no task."""
    instruction = _kept(
        pg,
        f"{chosen}_instruction",
        st.text_area,
        "What to do",
        base.instruction,
        max_chars=MAX_INSTRUCTION,
        height=126,
        help="It stands above the board, as plain text.",
    )
    values = {one.kind: one.value for one in base.goal.conditions}
    help = "All of these at the same update. None: there is nothing to reach."
    kinds = _several(pg, f"{chosen}_conditions", "Reached when", KINDS, values, words.TITLES, help)
    goal = Goal(tuple(Condition(kind, _value(pg, chosen, kind, values)) for kind in kinds))
    controls = [name for name in dict.fromkeys((*FIRST_LISTED, *CONTROLS)) if name != SAME_AS_LAYERS]
    help = "To be seen, and not to be changed."
    locked = _several(pg, f"{chosen}_locked", "Lock", controls, base.locked, words.CONTROL_LABELS, help)
    help = "Not to be seen either. The three buttons stand above the board; with one goes what only it can change."
    options = (*DRAWERS, *controls)
    hidden = _several(pg, f"{chosen}_hidden", "Hide", options, base.hidden, words.CONTROL_LABELS, help)
    return Assignment(instruction, goal, tuple(locked), tuple(hidden), base.start)


def _value(pg: Playground, chosen: str, kind: str, values: dict) -> Any:
    """The value of a condition, as typed."""
    if kind == "diverges":
        return True
    label, name = words.TITLES[kind], f"{chosen}_{kind}"
    if kind == "unchanged":
        help = "These have to be as at the start."
        return _several(pg, name, label, KEPT, values.get(kind, ()), words.CONTROL_LABELS, help)
    value = values.get(kind, USUAL[kind])
    usual = written(round(100 * value, 10) if kind.endswith("accuracy") else value)
    bound = "at least" if kind in AT_LEAST else "at most"
    unit = " in percent" if kind.endswith("accuracy") else ""
    typed = _kept(pg, name, st.text_input, f"{label}, {bound}{unit}", usual, help=f"A number, such as {usual}.")
    if isinstance(USUAL[kind], int):
        return whole_number(typed, label, usual)
    return number(typed, label) / 100 if kind.endswith("accuracy") else number(typed, label)


def _result(pg: Playground, task: Assignment, way: Ways) -> None:
    """The task's letters, the link as a picture and in letters, and what a pupil sees."""
    st.text(
        f"Task {task.fingerprint}", help="These letters stand on every pupil's page: the same letters, the same task."
    )
    invitation.picture(task, way, 200)
    if way.short:
        st.code(way.short, language=None, wrap_lines=True)
        st.caption("To type from the wall: this app knows the task by its letters.")
    else:
        st.button(
            "Make a short address",
            key=pg.key("class_short"),
            on_click=_shorten,
            args=(pg, task),
            help="One to type from the wall. This app then keeps the task by its letters.",
        )
    if way.known:
        st.caption(way.known)
    st.code(way.link, language=None)
    st.caption("Keep this link: with Begin with, A task by its link or letters, it opens this form again.")
    with st.container(horizontal=True, gap="xsmall"):
        st.link_button(
            "Preview as a pupil",
            way.here,
            key=pg.key("class_preview"),
            help="Opens the link in another tab of the browser.",
        )
        st.link_button(
            "Show large",
            present.link(present.TASK, urlencode({"task": task.text})),
            icon=":material/present_to_all:",
            key=pg.key("class_large"),
            help="Opens a window of its own for the projector: the task, the picture, and the address to type.",
        )


@unbroken
def _shorten(pg: Playground, task: Assignment) -> None:
    pg.is_used()
    try:
        shelf.keep(task)
    except ValueError as error:
        pg.notice = str(error)


def _kept(pg: Playground, name: str, widget, label: str, *args, **more) -> Any:
    """A widget whose value stays while the drawer is closed."""
    return widget(
        label, *args, key=pg.key(f"class_{name}"), on_change=unbroken(pg.is_used), persist_state="session", **more
    )


def _several(
    pg: Playground, name: str, label: str, options: Iterable[str], chosen: Iterable[str], titles: dict, help: str
) -> list[str]:
    """Some of the options."""
    options = list(options)
    default = [one for one in chosen if one in options]
    more: dict[str, Any] = {"default": default, "format_func": titles.get, "wrap": True, "help": help}
    return _kept(pg, name, st.multiselect, label, options, **more)


def _title(name: str) -> str:
    if name in TASKS:
        return TASKS[name].title
    return "A task by its link or letters" if name == LINK else "What is on the screen"
