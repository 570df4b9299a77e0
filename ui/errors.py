"""Errors: an error nobody foresaw becomes one sentence for the learner and a full report in the server's log."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.errors import FragmentHandledException

from ui import visit

SENTENCE = "Something went wrong here, and it was not you: reload the page, or carry on with another part."


def show(error: Exception) -> bool:
    """Show the sentence; True tells Streamlit, which has logged the error, that nothing else is to be shown."""
    st.error(SENTENCE, icon=":material/error:")
    return True


@contextmanager
def caught() -> Iterator[None]:
    """Around a page and inside each fragment: st.stop and st.rerun pass through, an error is shown as the sentence.

    A fragment needs its own, because it also runs without the page around it, and some hosts show stack traces. So this
    is where each run of either comes by.
    """
    visit.runs()
    try:
        yield
    except FragmentHandledException:
        raise  # the fragment has shown its sentence already
    except Exception as error:
        logging.getLogger(__name__).exception("an error reached the learner as one sentence")
        show(error)
