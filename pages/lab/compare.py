"""Compare: two to four boards that learn from the same data, under one bar: what does a setting change?"""

import time

import streamlit as st

from ui import address
from ui.board import YIELD_SECONDS, board
from ui.compare import bar, comparison
from ui.compare.comparison import LETTERS
from ui.compare.presets import PRESETS
from ui.controls import data_of_all, of_one_board, share_of_all
from ui.kit.numbers import text
from ui.playground_link import PLAYGROUND
from ui.unbroken import unbroken
from ui.ways import way

ACROSS = 2  # boards in a row
# What stands in the row is Streamlit's wrapper of the container.
WORDS_STYLE = """<style>@media (max-width: 640px) {
  [data-testid="stLayoutWrapper"]:has(> .st-key-compare_words) { flex: none; width: 100%; }
}</style>"""
SAME = "as the others"

of = comparison()
address.read(of)
for pg in of.playgrounds:
    pg.page_runs()
of.page_runs()


@unbroken
def load() -> None:
    chosen = PRESETS.get(st.session_state[of.key("preset")])
    if chosen:
        of.load(chosen.experiments)


differences = of.differences
names = [name or SAME for name in of.names]
opened = None
known = next((preset for preset in PRESETS.values() if preset.experiments == of.experiments), None)

st.html(WORDS_STYLE)
with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
    st.title("Compare", anchor=False, width="content")
    st.menu_button(
        "Start from",
        list(PRESETS),
        key=of.key("preset"),
        format_func=lambda name: PRESETS[name].title,
        on_click=load,
        help="Comparisons to begin with, each with what came out of it from ten seeds.",
    )
    share_of_all(of)
    data_of_all(of.playgrounds[0])
    # Not among the boards: Undo leads back from what was done on any of them, or to all.
    st.button(
        "Undo",
        key=of.key("undo"),
        on_click=unbroken(of.undo),
        disabled=not of.can_undo,
        shortcut="Ctrl+Z",
        help="Takes back the last change, whichever board it was made on."
        if of.can_undo
        else "There is no change to take back.",
    )
    st.button(
        "Redo",
        key=of.key("redo"),
        on_click=unbroken(of.redo),
        disabled=not of.can_redo,
        shortcut="Ctrl+Y",
        help="Makes the change again that was taken back last."
        if of.can_redo
        else "There is no change that was taken back.",
    )
    if not of.is_full:
        st.button("Add a board", key=of.key("add"), on_click=unbroken(of.add), help="A copy of the last one.")
    with st.container(
        width="stretch", key=of.key("words")
    ):  # in which long words break, and do not go below the buttons
        if of.notice:
            st.text(of.notice)  # it may quote a link
        else:
            st.caption(known.text if known else of.start_in_words())
with st.container(gap="small"):
    bar(of, names)
    for first in range(0, len(of.boards), ACROSS):
        for place, column in enumerate(st.columns(ACROSS, gap="medium"), start=first):
            if place >= len(of.boards):
                continue
            conversation = of.boards[place]
            pg, letter = conversation.playground, LETTERS[place].upper()
            with column, st.container(gap="xsmall"):
                with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                    st.markdown(f"**{letter}**", width="content")
                    of_one_board(pg, letter, differences)
                    if st.button(
                        f"Open {letter}",
                        icon=":material/arrow_forward:",
                        key=pg.key("open"),
                        type="tertiary",
                        help="This board alone on the playground, at the update it has here.",
                    ):
                        opened = pg
                    if of.can_lose_one:
                        st.button(
                            f"Remove {letter}",
                            icon=":material/close:",
                            key=pg.key("remove"),
                            type="tertiary",
                            on_click=unbroken(of.remove),
                            args=(place,),
                            help="Takes this board away.",
                        )
                board(conversation)
if opened is not None:  # only now has each board heard where it stands still
    st.switch_page(st.Page(PLAYGROUND, default=True), query_params=way(opened.link))
address.write(of)

st.subheader("What differs, and what it costs", anchor=False)
costs = of.costs()
called = [f"{letter.upper()} {name}".strip() for letter, name in zip(LETTERS, of.given_names, strict=False)]
table = {"": called} | differences
table |= {"Updates": [f"{cost['update']:,}" for cost in costs], "Epochs": [f"{cost['epoch']:,}" for cost in costs]}
table |= {"Multiplications": [f"{cost['multiplications']:,}" for cost in costs]}
table |= {"Time here": ["–" if (s := cost["seconds"]) is None else f"{text(s, 2)} s" for cost in costs]}
st.dataframe(table, hide_index=True)
st.caption(
    f"{of.start_in_words()} Boards wait for each other update by update, whatever their batch size: an update of more "
    "points costs more, and with multiplications across the chart they are compared at equal cost. Counted are those "
    "with weights, forward and backward, not those of activations, loss and optimizer. Time here: what so many updates "
    "take on this server, now, as measured while they were made."
)
# As on the playground: an answer that begins before this page has been sent would take the boards out of it.
time.sleep(YIELD_SECONDS)
