"""Taken: the experiment that a page of sweeps starts from: of the playground, or of a link that opens the page."""

import streamlit as st

import scratchnet as sn
from ui import address, gallery, moment
from ui.paper.settings import in_words as settings_in_words
from ui.play.playground import SPEEDS
from ui.state import conversations, tables
from ui.unbroken import unbroken


def on_the_playground() -> sn.Experiment:
    """What the visitor has there, as it is set now; else what the playground opens with."""
    known = conversations().get("playground")
    return gallery.FIRST if known is None else known.playground.run.settings


@unbroken
def _take(page: str) -> None:
    st.session_state[f"{page}_base"] = on_the_playground()
    st.session_state[f"{page}_link"] = ("", "")
    for name in {*st.query_params} - {*address.BESIDE}:
        del st.query_params[name]


def _read_address(page: str) -> str:
    """Take the experiment of a link, once; what is to be said of it, "" without one."""
    text = address.in_the_bar()
    read, said = st.session_state.get(f"{page}_link", ("", ""))
    if text and text != read:
        own, left_out = moment.without({*moment.KEYS} - {"at"}, text)
        there, ignored = moment.read(own, SPEEDS, tables())
        if not moment.says_an_experiment(text):
            ignored = ("In the link (it is left out), expected an experiment with its data set, got none.", *ignored)
        else:
            st.session_state[f"{page}_base"] = there.experiment.at(there.update)
            ignored = (
                f"Taken from the link: the settings at update {there.update:,}. Each run is trained from its start.",
                *ignored,
                *moment.changes_after(there.update, there.experiment),
                *_set_by_hand(there),
            )
        said = "\n".join([*ignored, *left_out])
        st.session_state[f"{page}_link"] = (text, said)
    return said


def _set_by_hand(there: moment.Moment) -> list[str]:
    """A sentence on weights that the run of a link has from a hand, up to the update that is taken."""
    at = [update for update, _ in there.experiment.events if there.experiment.edits_at(update)]
    said = "In the link (left out), expected weights drawn from a seed, got some set by hand at update {:,}."
    return [said.format(at[0])] if at and at[0] <= there.update else []


def taken(page: str) -> sn.Experiment:
    """The experiment that a page has taken, shown in a line with all its settings and the way to take another."""
    link = _read_address(page)
    base = st.session_state.setdefault(f"{page}_base", on_the_playground())
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
            args=(page,),
            disabled=on_the_playground() == base,
            help="Its settings as they are now. What was changed on the way there is left out: each run is trained "
            "from its start.",
        )
    if link:
        st.text(link)  # it quotes the link
    return base
