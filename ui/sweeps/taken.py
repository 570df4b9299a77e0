"""Taken: the experiment of the playground, which a page of sweeps starts from, and the way to take it anew."""

import streamlit as st

import scratchnet as sn
from ui import gallery
from ui.paper.settings import in_words as settings_in_words
from ui.state import conversations
from ui.unbroken import unbroken


def on_the_playground() -> sn.Experiment:
    """What the visitor has there, as it is set now; else what the playground opens with."""
    known = conversations().get("playground")
    return gallery.FIRST if known is None else known.playground.run.settings


@unbroken
def _take(key: str) -> None:
    st.session_state[key] = on_the_playground()


def taken(page: str) -> sn.Experiment:
    """The experiment that a page has taken, shown in a line with all its settings and the way to take another."""
    key = f"{page}_base"
    base = st.session_state.setdefault(key, on_the_playground())
    said = settings_in_words(base.start())
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.text(f"{said['Data set']}, {'-'.join(map(str, base.sizes))}, {said['Optimizer']} {said['Learning rate']}")
        with st.popover("All its settings", width="content"):
            for name, value in said.items():
                st.text(f"{name}: {value}")
            if not isinstance(base.dataset, sn.Points) or base.dataset.fits_a_link:  # else it only names its table
                st.download_button(
                    "Download (JSON)",
                    base.to_json(),
                    "experiment.json",
                    "application/json",
                    key=f"{page}_json",
                    on_click="ignore",
                    icon=":material/download:",
                    help="For a sweep of any size on your own computer: python -m scratchnet.sweep experiment.json",
                )
        st.button(
            "Take that of the playground",
            key=f"{page}_take",
            on_click=_take,
            args=(key,),
            disabled=on_the_playground() == base,
            help="Its settings as they are now. What was changed on the way there is left out: each run is trained "
            "from its start.",
        )
    return base
