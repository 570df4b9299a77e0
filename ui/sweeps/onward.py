"""Onward: from a cell of a sweep to the playground, and with all cells as a file."""

from functools import partial

import pandas as pd
import streamlit as st

from scratchnet.sweep import Sweep
from ui.data.export import as_csv
from ui.moment import MOST_UPDATES, Moment
from ui.playground_link import playground_link


def cell_link(sweep: Sweep, index: int, update: int, label: str, help: str) -> None:
    """Opens a cell's experiment at its last update; help: what it is, up to the update."""
    update = min(update, MOST_UPDATES)
    query = Moment(sweep.cells[index].experiment, update).query
    playground_link(query, label, f"{help}, at update {update:,}.")


def download(page: str, cells: pd.DataFrame, what: str) -> None:
    """All cells as `table` has them; what: their name on the page, such as "seeds"."""
    st.download_button(
        f"Download all {what} (CSV)",
        partial(as_csv, cells),
        f"{page}.csv",
        "text/csv",
        key=f"{page}_download",
        on_click="ignore",
        icon=":material/download:",
    )
