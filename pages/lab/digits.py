"""Digits: draw one, and a network that you trained yourself reads it while the pen moves."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

import scratchnet as sn
from scratchnet.real_data import REAL_DATA
from ui import address
from ui.digits import digits, reading
from ui.digits.reading import FIRST
from ui.following import follow, is_followed
from ui.kit.numbers import text
from ui.labels import title
from ui.unbroken import unbroken

PLAYGROUND = Path(__file__).resolve().parent.parent / "play" / "playground.py"
UNITS = ((), (8,), (16,), (32,), (64,), (128,), (32, 16))
NAMES = tuple(name for name in sn.ACTIVATIONS if name != "softmax")
RATES = (0.001, 0.003, 0.01, 0.03, 0.1)

of = reading()
address.read(of.playground, FIRST)
of.keeps_to_digits()
pg = of.playground
pg.page_runs()


@unbroken
def chosen(field: str, key: str) -> None:
    if is_followed(key):
        pg.apply(**{field: st.session_state[key]})


def choice(label: str, field: str, options: Sequence, words: Callable[[Any], str], help: str) -> None:
    """A list for one setting; what a link has chosen beyond it is in the list, too."""
    value = pg.settings[field]
    options = [*options, *([value] if value not in options else [])]
    key = follow(pg.key(f"choose_{field}"), value)
    st.selectbox(
        label,
        options,
        options.index(value),
        key=key,
        format_func=words,
        help=help,
        on_change=chosen,
        args=(field, key),
    )


def layers(hidden: tuple[int, ...]) -> str:
    return " and ".join(map(str, hidden)) or "no hidden units"


def activation(names: str | tuple[str, ...]) -> str:
    return title(names) if isinstance(names, str) else "mixed"


st.title("Digits", anchor=False)
st.markdown(
    "Train the network, then draw a digit with mouse, finger or keys. What it is given are 64 numbers: the ink in 8 by "
    "8 blocks. It answers while the pen moves."
)
settings = pg.settings
with st.container(horizontal=True, gap="xsmall"):
    kind = f" units, {activation(settings['activation'])}" if settings["hidden"] else ""
    network = f"Network: {layers(settings['hidden'])}{kind}"
    drawer = st.popover(network, key=pg.key("network"), on_change=unbroken(pg.is_used), width="content")
    if drawer.open:
        with drawer:
            choice("Hidden units", "hidden", UNITS, layers, "Between the 64 pixels and the ten answers.")
            choice("Activation", "activation", NAMES, activation, "What a hidden unit makes of its weighted sum.")
            choice("Learning rate", "learning_rate", RATES, text, "How far one update goes.")
    st.button(
        "New weights",
        key=pg.key("new_weights"),
        on_click=unbroken(pg.new_weights),
        help=f"Starts anew with other first weights. Now: seed {settings['init_seed']}.",
    )
    st.button("Undo", key=pg.key("undo"), on_click=unbroken(pg.undo), disabled=not pg.can_undo)
if pg.notice:
    st.text(pg.notice)
address.write(pg)
digits(of)

st.page_link(
    st.Page(PLAYGROUND, default=True),
    label="This network on the playground",
    icon=":material/arrow_forward:",
    query_params=address.way(pg.link),
    help="The same experiment at the same update, on the board that plays it.",
)
card = REAL_DATA["digits"].card
st.subheader("The data", anchor=False)
st.markdown(f"{card.what}\n\n**Try:** {card.to_try}\n\n**Known faults:** {card.known_faults}")
st.caption(f"Made by: {card.made_by} Source: {card.source}. Licence: {card.licence}.")
