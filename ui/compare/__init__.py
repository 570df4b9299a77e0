"""Compare: the bar above the boards of a comparison. It moves them together, has their losses in one picture, and
remembers what is compared, for a server that has forgotten it.
"""

from collections.abc import Sequence

import streamlit as st

from ui.compare.comparison import LETTERS, Comparison
from ui.compare.presets import PRESETS
from ui.kit.mount import mount
from ui.state import conversation
from ui.unbroken import unbroken

KEY = "comparison"  # of the visit
PLACE = ":host { min-height: 216px; }"


def comparison() -> Comparison:
    """The visitor's, made at the first call of a visit."""
    if KEY not in st.session_state:
        st.session_state[KEY] = Comparison(conversation, next(iter(PRESETS.values())).experiments)
    return st.session_state[KEY]


def bar(of: Comparison, names: Sequence[str]) -> None:
    """Mount it. names: what each board is called, by what it differs in; the name that somebody gave stands before."""
    described = [
        {"board": pg.name, "letter": letter.upper(), "given": given, "name": name}
        for pg, letter, given, name in zip(of.playgrounds, LETTERS, of.given_names, names, strict=False)
    ]
    key = of.key("bar")

    @unbroken
    def resume() -> None:
        of.resume(st.session_state[key].kept)

    data = {"boards": described, "visit": of.visit, "link": of.link, "heard": of.has_heard}
    mount("compare/compare", key=key, data=data, css=PLACE, on_kept_change=resume)
