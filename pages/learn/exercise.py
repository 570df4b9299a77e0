"""Exercise: one update of a small network by hand, number by number, each of them checked."""

from urllib.parse import parse_qsl, urlencode

import streamlit as st

from ui.exercise import exercise
from ui.paper import worksheet as paper
from ui.unbroken import unbroken

CHOSEN = "exercise_chosen"  # the query of the sheet on screen, for when the menu leads back here without one


def query_of_address() -> str:
    """The sheet that the address names, "" where it names none: what another page has left there is no sheet."""
    names = dict(st.query_params)
    return urlencode(names) if "seed" in names or "point" in names else ""


@unbroken
def choose(query: str) -> None:
    st.session_state[CHOSEN] = query
    st.query_params.from_dict(dict(parse_qsl(query)))


query = query_of_address()
if not query and CHOSEN in st.session_state:
    choose(st.session_state[CHOSEN])
    query = st.session_state[CHOSEN]
st.session_state[CHOSEN] = query = query or "seed=0"

st.title("One update by hand", anchor=False)
st.markdown(
    "What does this network answer, how wrong is that, and what does one step of plain gradient descent make of every "
    "weight and bias? Keep all digits on the way and type at least three. Each number is checked when you leave its "
    "field, by Enter or Tab; one that follows from an earlier number of yours is told so, even where that one is wrong."
)
try:
    sheet, said = paper.of_query(query, f"{(st.context.url or '').rsplit('/', 1)[0]}/")
except ValueError as error:
    sheet, said = None, (str(error),)
seed = dict(parse_qsl(sheet.query)).get("seed") if sheet else None
following = 0 if seed is None else (int(seed) + 1) % paper.SEEDS
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    st.text(sheet.about if sheet else "There is no exercise of this.", width="content")
    st.button(
        "Friendly numbers" if seed is None else "Other numbers",
        key="exercise_other",
        on_click=choose,
        args=(f"seed={following}",),
        help="A 2-2-1 network whose inputs, weights and biases have one decimal. The address names the numbers, so who "
        "opens it has the same.",
    )
for sentence in said:
    st.text(sentence)
if sheet is not None:
    exercise(sheet)
