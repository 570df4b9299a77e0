"""Exercise: one update of a small network by hand, number by number, each of them checked."""

from urllib.parse import parse_qsl

import streamlit as st

from ui import address
from ui.exercise import exercise
from ui.paper import worksheet as paper
from ui.state import tables
from ui.unbroken import unbroken

MOST_BEFORE = 100
BEFORE = "exercise_before"  # the queries of the sheets that the button below led away from, with their names
CHOSEN = "exercise_chosen"  # the query of the sheet on screen, for when the menu leads back here without one


def query_of_address() -> str:
    """The sheet that the address names, "" where it names none: what another page has left there is no sheet."""
    return address.in_the_bar() if address.names_a_sheet() else ""


@unbroken
def choose(query: str) -> None:
    st.session_state[CHOSEN] = query
    st.query_params.from_dict(dict(parse_qsl(query)))


@unbroken
def go_on(query: str, here: list[tuple[str, str]]) -> None:
    """To other numbers. here: (query, name) of those on screen, for the way back; empty where there are none."""
    st.session_state[BEFORE] = [*st.session_state.get(BEFORE, []), *here][-MOST_BEFORE:]
    choose(query)


@unbroken
def go_back(query: str) -> None:
    st.session_state[BEFORE] = st.session_state.get(BEFORE, [])[:-1]
    choose(query)


def way_back(query: str, seed: int | None) -> tuple[str, str] | None:
    """(query, name) of the numbers before: those that were on screen, or the seed before; None where there are none."""
    before = st.session_state.get(BEFORE, [])
    while before and before[-1][0] == query:  # the browser's Back button has led to them already
        before = before[:-1]
    st.session_state[BEFORE] = before
    return before[-1] if before else ((f"seed={seed - 1}", f"seed {seed - 1:,}") if seed else None)


query = query_of_address()
if not query and CHOSEN in st.session_state:
    choose(st.session_state[CHOSEN])
    query = st.session_state[CHOSEN]
st.session_state[CHOSEN] = query = query or "seed=0"

st.title("One update by hand", anchor=False)
st.markdown(
    "What does this network answer, how wrong is that, and what does one step of plain gradient descent make of every "
    "weight and bias? Keep all digits on the way and write down four; another last digit is no mistake. Each number is "
    "checked when you leave its field, by Enter or Tab; one that follows from an earlier number of yours is told so, "
    "even where that one is wrong."
)
try:
    sheet, said = paper.of_query(query, f"{(st.context.url or '').rsplit('/', 1)[0]}/", tables())
except ValueError as error:
    sheet, said = None, (str(error),)
    address.wait_for_a_table("exercise", query, tables())
named = dict(parse_qsl(sheet.query)).get("seed") if sheet else None
seed = None if named is None else int(named)
following = 0 if seed is None else (seed + 1) % paper.SEEDS
here = "your own network" if seed is None else f"seed {seed:,}"
before = way_back(query, seed)
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    st.text(sheet.about if sheet else "There is no exercise of this.", width="content")
    if before:
        st.button(
            f"Back to {before[1]}",
            key="exercise_back",
            on_click=go_back,
            args=(before[0],),
            help="The numbers before, with what you have typed there.",
        )
    st.button(
        "Friendly numbers" if seed is None else "Other numbers",
        key="exercise_other",
        on_click=go_on,
        args=(f"seed={following}", [(query, here)] if sheet else []),
        help="A 2-2-1 network whose inputs, weights and biases have one decimal. The address names the numbers, so who "
        "opens it has the same.",
    )
for sentence in said:
    st.text(sentence)
if sheet is not None:
    exercise(sheet)
