"""Lesson: what the pages of Learn are made of: heading, prediction, numbers to set, formula, its source, task.

A page of Learn is read downwards: predict, do, see, explain. It keeps its numbers in a plain dict (`kept`), which
controls change and pictures, formulas and checks read; so a page shows the same again after a visit to another one.
What the learner has done is kept for the session and in the address: `?done=neurons.1-losses.2`, and so are the numbers
(`lesson_numbers`).
"""

import inspect
import secrets
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

import numpy as np
import streamlit as st

from scratchnet.values import shown
from ui import lesson_numbers, present
from ui.checks.answers import PRECISION
from ui.following import follow, is_followed, unless_corrected
from ui.kit import numbers
from ui.kit.mount import mount, nothing
from ui.kit.typed import LONGEST_TEXT, number, whole_number, written
from ui.present import Frame, shows
from ui.unbroken import unbroken

CHECKOUT = Path(__file__).resolve().parent.parent
HERE = "  # <-- here"  # stands behind the line of interest, as a comment: what is shown stays Python
TUTORIAL = "Deep Learning from Scratch: How to Build Neural Networks Step-by-Step"
ASIDE = "What the tutorial’s own code does here"
NUMBERS = "lesson_numbers"  # path -> what differs from its start there, as `lesson_numbers` writes it
STARTS = "lesson_starts"  # path -> (start, readers) of `kept`, for the pages whose numbers an address holds
IGNORED = "lesson_ignored"  # sentences about what a link said and no lesson could use, until they are dismissed
PREDICT = "predict"  # the part that is its prediction, once more and judged
IDEA = "idea"  # the part of a presented lesson that is its heading
# A name for what a server knows of this visitor: by another one her browser sees that it was lost.
VISIT = "lesson_visit"
# So short that a toast shows all of it.
LOST = "The server had lost this visit. Numbers and finished tasks are back; check answers again."
MOST_SENTENCES = 5  # of them that are shown
LONGEST_LINK = 600  # characters of progress that are read; all tasks together need fewer


@dataclass(frozen=True)
class Step:
    """A step of the tutorial, or a further lesson: its (exact) title, and how many tasks its page has.

    order: the tasks' numbers in links, in the order of the page, where that is another one than 1, 2, 3, ...: a number
    that once stood in a link goes on meaning the same task.
    """

    title: str
    tasks: int
    order: tuple[int, ...] = ()

    def place(self, number: int) -> int:
        """Which task of the page, counted from 1, has this number in links."""
        return self.order.index(number) + 1 if self.order else number


# url path, which is also the file's name in pages/learn -> step, in the tutorial's order
STEPS = {
    "neurons": Step("Implementing Neurons and Activation Functions", 3),
    "forward": Step("Forward Propagation", 3),
    "losses": Step("Implementing Loss Functions", 2),
    "backpropagation": Step("Backpropagation and Gradient Descent", 7),
    "training": Step("Training the Neural Network", 2),
    "evaluation": Step("Evaluating the Model", 7, order=(4, 5, 3, 6, 7, 1, 2)),
}
# Lessons of the same form that go further than the tutorial, after its steps.
FURTHER = {
    "gradient_check": Step("Checking a Gradient, and Finding Bugs by It", 2),
    "learning_rate": Step("The Learning Rate, and Where It Diverges", 3),
    "optimizers": Step("A Race of Five Optimizers", 3),
    "luck": Step("Luck, and How Many Seeds a Claim Needs", 3),
}
LESSONS = STEPS | FURTHER
TASKS = tuple(f"{path}.{place}" for path, step in LESSONS.items() for place in range(1, step.tasks + 1))

# ---- progress --------------------------------------------------------------------------------------------------------


def done() -> tuple[str, ...]:
    """The tasks done in this session, in the order of the steps: "neurons.1", ..."""
    return tuple(task for task in TASKS if task in st.session_state.get("lesson_done", ()))


def read_progress(text: str) -> tuple[frozenset[str], list[str]]:
    """(tasks, ignored): the tasks that a link names, and a sentence for each word that is none."""
    named = dict.fromkeys(filter(None, text[:LONGEST_LINK].split("-")))
    unknown = [name for name in named if name not in TASKS]
    ignored = [f"In the link (it is left out), done: there is no task {shown(name)}." for name in unknown]
    return frozenset(named).intersection(TASKS), ignored


def write_progress(tasks: Iterable[str]) -> str:
    """The tasks as a link names them."""
    return "-".join(tasks)


def remember(tasks: Iterable[str]) -> None:
    """These tasks are done in this session."""
    st.session_state["lesson_done"] = st.session_state.get("lesson_done", frozenset()).union(tasks)


def read_address() -> None:
    """Take over what the address says is done, and at the visit's start the numbers that were set."""
    tasks, unknown = read_progress(st.query_params.get("done", ""))
    remember(tasks)
    if NUMBERS not in st.session_state:
        st.session_state[NUMBERS], ignored = lesson_numbers.split(st.query_params.get("numbers", ""), LESSONS)
        st.session_state[IGNORED] = [*unknown, *ignored]


def in_address() -> dict[str, str]:
    """What an address says of the lessons: the names and values of its query."""
    held = st.session_state.setdefault(NUMBERS, {})
    for path, (start, readers) in st.session_state.get(STARTS, {}).items():
        held[path] = lesson_numbers.written(st.session_state[f"lesson_{path}"], start, readers)
    said = {"done": write_progress(done()), "numbers": lesson_numbers.join(held)}
    return {name: text for name, text in said.items() if text}


def part_ends(name: str) -> None:
    """In a part of a page that runs alone, last in one of its columns, where it takes no room: the address keeps what
    was set. name: its own on the page."""
    mount("lesson_address", key=f"lesson_address_{name}", data=_whole_address())


def _whole_address() -> dict[str, str]:
    own = {"slide": ""} | present.in_address() if present.is_projected() else {}
    return {"done": "", "numbers": ""} | in_address() | own


def _link_progress() -> None:
    """Take over what the address says is done, and let the address say what is done now.

    The numbers follow in the browser (`lesson_address.js`): each new address from here would be a page to go back to.
    """
    read_address()
    if set(st.query_params) - {"done", "numbers", *present.NAMES}:  # the Back button may bring the playground's along
        st.query_params.from_dict(in_address() | present.in_address())
    told, now = st.query_params.get("done"), write_progress(done())
    if now and now != told:
        st.query_params["done"] = now
    elif not now and told is not None:
        del st.query_params["done"]


# ---- the frame of a page ---------------------------------------------------------------------------------------------


def begin(path: str, idea: str, frames: Sequence[Frame]) -> None:
    """The heading: which step this is, the way to the steps before and after, and the page's one idea (Markdown).

    frames: the page as it is presented; its parts ask `shows` whether they are sent. The first is this heading's.
    """
    _link_progress()
    present.begin(frames)
    step = LESSONS[path]
    if present.is_projected():
        if shows(IDEA):
            st.header(step.title, anchor=False)
            st.markdown(idea)
        return
    count = sum(task.startswith(f"{path}.") for task in done())
    with st.container(gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"):
            st.header(step.title, anchor=False, width="content")
            with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
                st.markdown(
                    f":gray[{_place(path)} · {count} of {step.tasks} tasks done]",
                    width="content",
                    help="The address of this page holds the finished tasks and the numbers that were set: keep it as a"
                    " bookmark to go on later. Answers and predictions are gone when the page is loaded again.",
                )
                present.opener(
                    present.LESSON, urlencode({"numbers": in_address().get("numbers", "")}), f"{path}_present"
                )
                _neighbours(path, _place)
        _what_was_ignored()
        st.markdown(idea)
        if path == next(iter(LESSONS)):
            st.caption(
                f"Steps 1 to {len(STEPS)} follow a written tutorial, “{TUTORIAL}”. Each lesson has a closed box,"
                f" “{ASIDE}”: an aside that tells what is good in that text’s code and"
                " where it goes wrong. You can do without it."
            )


def _what_was_ignored() -> None:
    """What the link said and the lessons could not use. Plain text: the link is quoted."""
    ignored = st.session_state[IGNORED]
    if ignored:
        with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key="ignored"):
            more = len(ignored) - MOST_SENTENCES
            st.text(
                "\n".join([*ignored[:MOST_SENTENCES], *([f"{more} more values were left out."] if more > 0 else [])])
            )
            st.button(
                "Dismiss",
                icon=":material/close:",
                type="tertiary",
                on_click=unbroken(ignored.clear),
                key="dismiss_ignored",
            )


def menu_title(path: str) -> str:
    """The lesson as the menu lists it, with the number that stands on its page."""
    return f"{_number(path)}: {LESSONS[path].title}"


def end(path: str) -> None:
    """The last line of a page: the way on. After it only what nobody sees: it keeps the address and a phone's menu, and
    notices that the server had lost this visit."""
    if present.is_projected():
        present.stage(st.session_state[f"lesson_{path}"])
    else:
        with st.container(horizontal=True, horizontal_alignment="right"):
            _neighbours(path, lambda other: LESSONS[other].title)
    visit = st.session_state.setdefault(VISIT, secrets.token_hex(4))
    data = {"visit": visit, "address": _whole_address()}
    said = mount("lesson_end", key="lesson_end", data=data, on_back_change=nothing, on_lost_change=nothing)
    if said.lost:
        st.toast(LOST, icon=":material/info:", duration="infinite")  # in sight wherever on the page one is


def _number(path: str) -> str:
    of, word = (STEPS, "Step") if path in STEPS else (FURTHER, "Further lesson")
    return f"{word} {list(of).index(path) + 1}"


def _place(path: str) -> str:
    return f"{_number(path)} of {len(STEPS)}" if path in STEPS else _number(path)


def _neighbours(path: str, words: Callable[[str], str]) -> None:
    paths = [name for name in LESSONS if _script(name).is_file()]
    place = paths.index(path)
    with st.container(horizontal=True, gap="small", width="content"):
        if place > 0:
            before = paths[place - 1]
            _page_link(before, f"Back: {words(before)}", ":material/arrow_back:", "left")
        if place + 1 < len(paths):
            after = paths[place + 1]
            _page_link(after, f"Next: {words(after)}", ":material/arrow_forward:", "right")


def _page_link(path: str, label: str, icon: str, side: Literal["left", "right"]) -> None:
    page, title = st.Page(_script(path), title=LESSONS[path].title), LESSONS[path].title
    named = None if title in label else title
    st.page_link(page, label=label, icon=icon, icon_position=side, query_params=in_address() or None, help=named)


def _script(path: str) -> Path:
    return CHECKOUT / "pages" / "learn" / f"{path}.py"


# ---- numbers to set --------------------------------------------------------------------------------------------------


def kept(path: str, start: Mapping, readers: lesson_numbers.Readers | None = None) -> dict:
    """The page's values for this session, at first a copy of `start`: plain numbers and names, changed by controls.

    readers: for each value that the address holds, how it is read there. Call first in each run of the page.
    """
    key, readers = f"lesson_{path}", readers or {}
    if key not in st.session_state:
        read_address()
        held, ignored = lesson_numbers.read(st.session_state[NUMBERS].get(path, {}), readers)
        st.session_state[key] = {**start, **held}
        st.session_state[IGNORED] += ignored
    values = st.session_state[key]
    if readers:
        st.session_state.setdefault(STARTS, {})[path] = (start, readers)
    return values


@unbroken
def put(values: dict, new: Mapping) -> None:
    """Set several values at once (a preset, the start): what was typed wrongly is forgotten. For an `on_click`."""
    values.update(new)
    st.session_state["lesson_problems"] = {}


def quantity(
    path: str,
    values: dict,
    name: str,
    low: float,
    high: float,
    step: float,
    label: str = "",
    slider: bool = True,
    width: int | Literal["stretch"] = 210,
    whole: bool = False,
) -> None:
    """A number to slide and to type: `values[name]`, from low to high. label: Markdown, also LaTeX; default the name.

    whole: a fraction is refused. Typing takes a decimal point or comma, a fraction such as 1/3 and any minus sign.
    What is no number of the range gets a sentence below, and the value stays.
    """
    width = "stretch" if present.is_projected() else width
    key, label, limits = f"{path}_{name}", label or name, (low, high, whole)
    problem = _problems().get(key)
    with st.container(gap=None, width=width, key=f"quantity_{key}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(label, width="content")
            if slider:
                slid = min(max(float(values[name]), low), high)
                slide_key = follow(f"slide_{key}", slid)
                st.slider(
                    f"{name}, slider",
                    float(low),
                    float(high),
                    slid,
                    step=step,
                    format=numbers.PRINTF,
                    key=slide_key,
                    label_visibility="collapsed",
                    on_change=_slid,
                    args=(slide_key, key, values, name),
                    width="stretch",
                )
            number = written(round(values[name], 12))
            if present.is_projected():  # a slider says its number itself
                if not slider:
                    st.markdown(f"**{number}**", width="content")
                return
            shown = problem[0] if problem else number
            type_key = follow(f"type_{key}", shown, lambda typed: typed_number(typed, name, *limits) == values[name])
            st.text_input(
                f"{name}, typed",
                unless_corrected(type_key, shown, ""),
                key=type_key,
                label_visibility="collapsed",
                placeholder=number,  # where the slider moved the field is a new one, painted once before it is filled
                on_change=_typed,
                args=(type_key, key, values, name, *limits),
                width=84,
            )
        if problem:
            complain(problem[1])


def choose(path: str, values: dict, name: str, options: Iterable, label: str, words: Callable = str) -> None:
    """A choice of a few, always exactly one: `values[name]`. words: what an option is called on screen."""
    key = follow(f"choose_{path}_{name}", values[name])
    st.segmented_control(
        label,
        list(options),
        default=values[name],
        required=True,
        format_func=words,
        key=key,
        wrap=True,
        on_change=_chosen,
        args=(key, values, name),
    )


@unbroken
def _chosen(key: str, values: dict, name: str) -> None:
    if is_followed(key) and st.session_state[key] is not None:
        values[name] = st.session_state[key]


def complain(sentence: str) -> None:
    """One sentence beside what it is about. Plain text: it may quote what somebody typed."""
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="top", wrap=False):
        st.markdown(":red[**✗**]", width="content")
        st.text(sentence, width="stretch")  # as content it would be as wide as the row, beside the icon


def _problems() -> dict[str, tuple[str, str]]:
    """key -> (what was typed, the sentence about it), for every field whose text is no value."""
    return st.session_state.setdefault("lesson_problems", {})


@unbroken
def _slid(widget: str, key: str, values: dict, name: str) -> None:
    if is_followed(widget):
        _problems().pop(key, None)
        values[name] = st.session_state[widget]


@unbroken
def _typed(widget: str, key: str, values: dict, name: str, low: float, high: float, whole: bool) -> None:
    if not is_followed(widget):
        return
    text = st.session_state[widget]
    try:
        values[name] = typed_number(text, name, low, high, whole)
        _problems().pop(key, None)
    except ValueError as error:
        _problems()[key] = (text, str(error))


def typed_number(text: str, name: str, low: float, high: float, whole: bool = False) -> float:
    """A typed number from low to high; ValueError with one sentence that begins with the name otherwise."""
    if not str(text).strip():
        raise ValueError(f"{name}: expected a number from {written(low)} to {written(high)}, got nothing; type one.")
    value = (whole_number if whole else number)(text, name, written(float(f"{(low + high) / 4 or high / 2:.1g}")))
    if not low <= value <= high:
        raise ValueError(
            f"{name}: expected a number from {written(low)} to {written(high)}, got {written(value)}; type another."
        )
    return value + 0.0  # no minus zero


# ---- predict, see, explain -------------------------------------------------------------------------------------------


def what_numpy_says(function: Callable, *numbers: float) -> tuple[float, str]:
    """(result, "" or what NumPy objects to, such as "overflow encountered in exp"), for code that breaks on purpose."""
    arrays = [np.array(number) for number in numbers]
    with np.errstate(all="ignore"):
        result = float(function(*arrays))
    try:
        with np.errstate(divide="raise", over="raise", invalid="raise"):
            function(*arrays)
    except FloatingPointError as error:
        return result, str(error)
    return result, ""


def refusal(function: Callable, *arguments) -> str:
    """The sentence with which scratchnet refuses these arguments. RuntimeError when it takes them."""
    try:
        function(*arguments)
    except ValueError as error:
        return str(error)
    raise RuntimeError(f"{function.__qualname__} was expected to refuse these arguments.")


def part(word: str, text: str) -> None:
    """A heading inside the page: Predict, Do, See or Explain, and what it is about; on the wall none."""
    if present.is_projected():  # where the frame's title says it
        return
    st.subheader(f":gray[{word}] {text}", anchor=False)


def predict(ident: str, question: str, choices: Sequence[str], right: str, acted: bool, do: str, because: str) -> bool:
    """Ask for a guess before anything moves; after she has acted, say how the guess compares. Returns whether the
    picture may show the answer: it has answered her guess, or she has acted without one.

    acted: whether the picture has shown the answer by now; once it has, the guess made before it is the one judged.
    do: what to do to see it. because: why `right` is so.
    """
    judged = st.session_state.setdefault("lesson_judged", {})  # ident -> the guess that the picture has answered
    if not shows(IDEA, PREDICT):
        return acted if st.session_state.get(f"guess_{ident}") is None else ident in judged
    with st.container(border=True, key=f"predict_{ident.replace('.', '_')}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            words = f"**Predict.** {question}"
            st.markdown(words, width="content")
            guess = st.pills(
                words, choices, key=f"guess_{ident}", persist_state="session", label_visibility="collapsed", wrap=True
            )
        if guess is None and ident not in judged and present.is_projected() and not shows(IDEA):
            st.markdown(f":green[**✓**] “{right}”. {because}")  # the class has said its guess aloud
            return acted
        if guess is None and ident not in judged:
            st.caption("Choose before you try: a wrong guess teaches more than none.")
            return acted
        if acted:
            judged.setdefault(ident, guess)
        if ident not in judged:
            st.markdown(f"→ Now see: {do}")
        elif (first := judged[ident]) == right:
            st.markdown(f":green[**✓**] As you predicted. {because}")
        else:
            st.markdown(f":red[**✗**] You predicted “{first}”, but it is “{right}”. {because}")
    return ident in judged


def table(rows: Any) -> None:
    """A table of a few rows."""
    st.table(rows, border="horizontal", hide_index=True)


def chart(figure: dict, key: str, alt: str, on_wall: int | None = None) -> None:
    """A chart to be looked at. on_wall: its height there in pixels, where that is another one."""
    height: int | Literal["content"] = on_wall if on_wall and present.is_projected() else "content"
    st.plotly_chart(figure, key=key, height=height, config={"displayModeBar": False}, alt=alt)


def note(text: str) -> None:
    """Small print below what it is about; none on the wall, where somebody says it."""
    if not present.is_projected():
        st.caption(text)


def formula(left: str, *steps: str) -> None:
    """A formula as LaTeX, one step a line: the general form, the same with the numbers in it, the result."""
    lines = r" \\ ".join(f"&= {step}" for step in steps)
    st.latex(rf"\begin{{aligned}} {left} {lines} \end{{aligned}}")


def broken(terms: Sequence[str]) -> str:
    """A sum of terms in LaTeX, two a line: so that it fits on a phone."""
    lines = [" + ".join(terms[place : place + 2]) for place in range(0, len(terms), 2)]
    return r" \\ &\quad + ".join(lines)


def bracketed(value: float) -> str:
    """A number as LaTeX inside a sum or product: in brackets when it is negative."""
    return f"({numbers.latex(value)})" if value < 0 else numbers.latex(value)


def source(function: Callable, line: str | None = None, textbook: bool = False) -> None:
    """The function that computed it, as it stands in the running code. line: a text that the line of interest holds.

    Without `line` the last line is marked. ValueError when not exactly one line holds it. textbook: it is the form that
    teaches, and another one has run.
    """
    code, place = marked_source(function, line)
    if textbook:
        place = place.replace(
            "the code that has just run", "the textbook form; tests hold it to the numbers of the code that has run"
        )
    st.code(code, language=None, wrap_lines=True)  # the highlighter's colours are too pale on white
    st.caption(place)


def marked_source(function: Callable, line: str | None = None) -> tuple[str, str]:
    """(source with a mark behind the line of interest, "file, line number"), see `source`."""
    lines, first = inspect.getsourcelines(function)
    code = textwrap.dedent("".join(lines)).rstrip().split("\n")
    places = [len(code) - 1] if line is None else [place for place, text in enumerate(code) if line in text]
    if len(places) != 1:
        raise ValueError(f"{function.__qualname__}: {line!r} must be in exactly one line, it is in {len(places)}.")
    code[places[0]] += HERE
    file = Path(inspect.getfile(function)).resolve().relative_to(CHECKOUT).as_posix()
    return "\n".join(code), f"{file}, line {first + places[0]}: the code that has just run."


@contextmanager
def tutorial() -> Iterator[None]:
    """Around what the tutorial's own code does here, an aside, closed at first: `good` and `bad` inside."""
    with st.expander(f":gray[Aside:] {ASIDE}", key="tutorial"):
        yield


def good(text: str) -> None:
    st.markdown(f":green[**Good.**] {text}")


def bad(text: str) -> None:
    st.markdown(f":red[**Flaw.**] {text}")


# ---- tasks -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cells:
    """A table to fill in, as the answer to a task: a field for each row and column.

    head: what the rows are. rows: each row's name -> the words beside its fields. width: of these words, in pixels.
    right: ((row, column), what is typed) -> whether it is right, for the mark beside it.
    """

    head: str
    rows: Mapping[str, str]
    columns: tuple[str, ...]
    right: Callable[[tuple[str, str], str], bool]
    width: int = 96


def task(
    ident: str,
    question: str,
    check: Callable[[Mapping, Any], tuple[bool, str]],
    state: Mapping,
    answer: str | Sequence[str] | Cells | None = None,
    precision: str = PRECISION,
) -> None:
    """A task that the page checks. ident: "neurons.1". check(state, answer) -> (passed, why), a pure function.

    answer: None where the page's values are the answer; the label of a field to type into; the choices; or a table,
    of which the check gets what is typed into each cell.
    precision: how exact a typed answer has to be, which stands beside the field's label, or above the table.
    """
    if present.is_projected():
        return
    key, (path, number) = ident.replace(".", "_"), ident.split(".")
    place = LESSONS[path].place(int(number))
    with st.container(border=True, key=f"task_{key}", gap="xsmall"):
        badge = ":green-badge[✓ done] " if ident in done() else ""  # a question may end with a table
        st.markdown(f"**Task {place}.** {badge}{question}")
        choices = None if isinstance(answer, str | Cells) else answer
        # A form waits for its button or Enter; a choice is known at once, so the verdict on another one can go.
        with st.container() if choices is not None else st.form(f"form_{key}", border=False):
            if isinstance(answer, Cells):
                _fields(answer, ident, precision)
            with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
                if isinstance(answer, str):
                    st.text_input(
                        f"{answer} ({precision})",  # read aloud as it stands, so without markup
                        key=f"answer_{key}",
                        persist_state="session",
                        width=300,
                        autocomplete="off",
                    )
                elif choices is not None:
                    st.radio(
                        f"Your answer to task {place}",
                        choices,
                        index=None,
                        key=f"answer_{key}",
                        persist_state="session",
                        horizontal=True,
                        label_visibility="collapsed",
                    )
                button = st.form_submit_button if choices is None else st.button
                button(f"Check task {place}", on_click=_check, args=(ident, check, state, answer))
        _show_result(ident, state, answer)


def _fields(cells: Cells, ident: str, precision: str) -> None:
    """The table's head, and its rows: what stands beside the fields, the fields, and after a check a mark for each."""
    keys, width = _cell_keys(cells, ident), 92
    checked = ident in st.session_state.get("lesson_results", {})
    with st.container(gap="xsmall"):
        st.caption(f"Each cell: {precision}.")
        with _row():
            st.markdown(f"**{cells.head}**", width=cells.width)
            for column in cells.columns:
                st.markdown(f"**{column}**", width=width)
        for row, words in cells.rows.items():
            with _row():
                st.text(words, width=cells.width)
                marks = []
                for column in cells.columns:
                    typed = st.text_input(
                        f"{column} of {row} ({precision})",
                        key=keys[row, column],
                        persist_state="session",
                        label_visibility="collapsed",
                        width=width,
                        autocomplete="off",
                    )
                    marks.append(_mark(cells.right((row, column), typed)) if checked and typed.strip() else "·")
                st.markdown(" ".join(marks), width="content")


def _row():
    return st.container(horizontal=True, vertical_alignment="center", gap="xsmall", wrap=False)


def _mark(right: bool) -> str:
    return ":green[**✓**]" if right else ":red[**✗**]"


def _cell_keys(cells: Cells, ident: str) -> dict[tuple[str, str], str]:
    """(row, column) -> the key of its field."""
    places = [(row, column) for row in cells.rows for column in cells.columns]
    return {place: f"answer_{ident.replace('.', '_')}_{number}" for number, place in enumerate(places)}


@unbroken
def _check(ident: str, check: Callable, state: Mapping, asked: object) -> None:
    # state is the page's own dict, not a copy: a number typed just before may have arrived together with the click.
    answer = _answer(ident, asked)
    passed, why = check(state, answer)
    st.session_state.setdefault("lesson_results", {})[ident] = (passed, why, dict(state), answer)
    if passed:
        remember([ident])


def _answer(ident: str, asked: object) -> object:
    """What is typed or chosen at a task now; None where nothing is, or where the page's values are the answer."""
    if isinstance(asked, Cells):
        return {cell: st.session_state.get(key, "") for cell, key in _cell_keys(asked, ident).items()}
    return st.session_state.get(f"answer_{ident.replace('.', '_')}")


def _show_result(ident: str, state: Mapping, asked: object) -> None:
    """The verdict, for as long as it belongs to the answer that is marked; on a typed one it says which was checked."""
    result = st.session_state.get("lesson_results", {}).get(ident)
    if result is None or result[3] != _answer(ident, asked):
        return
    passed, why, then, answer = result
    if not passed and then != state:
        return  # what was said about other values says nothing about these
    if asked is None:
        _say_what_counts(ident.split(".")[0], state)
    typed = answer.strip() if isinstance(answer, str) and isinstance(asked, str) else ""
    if 0 < len(typed) <= LONGEST_TEXT and typed.isprintable():  # a mark of direction would turn the sentence round
        why = f"Checked {typed}: {why}"
    if passed:
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="top", wrap=False):
            st.markdown(":green[**✓**]", width="content")
            st.text(why, width="stretch")
    else:
        complain(why)


def _say_what_counts(path: str, state: Mapping) -> None:
    """Before a verdict on the page's values: which of its fields show a text that was refused, and what counts."""
    for name in state:
        if f"{path}_{name}" in _problems():
            st.text(f"{name} counts as {written(round(state[name], 12))}: what its field shows was refused.")
