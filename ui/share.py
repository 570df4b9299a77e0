"""Share: what leads from the update on screen to somebody else: its link, what is on paper, a task for a class."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl

import streamlit as st

from ui.classroom import reach
from ui.classroom.hand_out import hand_out
from ui.compare.comparison import Comparison
from ui.kit.typed import whole_number
from ui.paper import worksheet as paper
from ui.paper.report import report
from ui.play.playground import Playground
from ui.unbroken import unbroken

EXERCISE = Path(__file__).resolve().parent.parent / "pages" / "learn" / "exercise.py"


def share(pg: Playground) -> None:
    """One drawer for all: beside it there is no room for a button more, or the board would move down a line."""
    ways = {"Link": _link, "On paper": _print}
    if pg.assignment is None:
        ways["Use in class"] = hand_out
    tabs = st.tabs(list(ways), key=pg.key("share_tab"), on_change=unbroken(pg.is_used))
    for tab, content in zip(tabs, ways.values(), strict=True):
        if tab.open:
            with tab:
                content(pg)


def _link(pg: Playground) -> None:
    address, known = _page()
    _way(f"{address}?{pg.link}", known, "experiment", {"the run": pg}, pg.follows_the_address)


def share_all(of: Comparison) -> None:
    """Of boards side by side: a link to all of them. What is on paper, and a task, is of one."""
    address, known = reach.of_page()
    boards = {f"board {board.letter}": board.playground for board in of.boards}
    _way(f"{address}?{of.link}", known, "comparison", boards, True)


def _way(link: str, known: str, what: str, runs: Mapping[str, Playground], is_in_the_bar: bool) -> None:
    """What a link opens, the link, and its picture.

    known: what to know about its address, "" if nothing. what: it opens. runs: those in it, by what they are called.
    """
    at = f"update {max(pg.moment.update for pg in runs.values()):,}"
    playing = any(pg.playing for pg in runs.values())
    words, picture = st.columns((2, 3), gap="medium")
    with words:
        said = f"This link opens {at} of this {what} anywhere, with the same data, first weights and changes."
        if playing:
            said = f"It is playing: this link opens {at}, not the one on screen. Pause to share what is on screen."
        st.markdown(said)
        for name, pg in runs.items():
            others = len(pg.forks.every) - 1
            if others and not pg.forks.to_text():
                st.markdown(f"The other branches of {name} do not fit into it: it holds the one on screen alone.")
            elif others:
                st.markdown(f"It holds {name}'s other {'branch' if others == 1 else f'{others} branches'}, too.")
        st.code(link, language=None)
        if known:
            st.caption(known)
        if is_in_the_bar and not playing:
            st.caption("The address bar holds it, too.")
    with picture:
        reach.by_camera(link, f"QR code of the link to this {what}")


def _page() -> tuple[str, str]:
    """(address of the app's first page, the playground, asked on that page, what to know about it)."""
    address, known = reach.of_page()
    return f"{address}/", known


def _print(pg: Playground) -> None:
    """What there is on paper of the update on screen: a worksheet with its key, and a report."""
    if pg.playing:
        st.markdown("On paper there are a worksheet and a report of what is on screen, once it is paused.")
        return
    page = _page()[0]
    link = f"{page}?{dataclasses.replace(pg.moment, forks=None).query}"  # nobody types other branches
    st.markdown(
        f"**Worksheet.** One update by plain gradient descent, from update {pg.run.update:,} or with friendly numbers, "
        "to compute by hand; the key is on its own page."
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        is_friendly = st.toggle(
            "Friendly numbers",
            bool(paper.why_not(pg.run.network, pg.run.settings.loss)),  # the first screen's network is too large
            key=pg.key("print_friendly"),
            persist_state="session",
            on_change=unbroken(pg.is_used),
            help="A 2-2-1 network whose inputs, weights and biases have one decimal, instead of the network on screen.",
        )
        name, label, first = (
            ("seed", "Seed of the numbers", "0") if is_friendly else ("point", "Point to learn from", "1")
        )
        typed = st.text_input(
            label,
            first,
            key=pg.key(f"print_{name}"),
            persist_state="session",
            width=160,
            on_change=unbroken(pg.is_used),
            help="Another seed gives other numbers; the same one gives the same again."
            if is_friendly
            else f"A training point, by its number on the board: 1 to {len(pg.run.x_train):,}.",
        )
        refused = ""
        try:
            chosen = whole_number(typed, label, first)
            sheet = paper.friendly(chosen, page) if is_friendly else paper.of_run(pg.run, chosen, link)
            _download(pg, "Worksheet (HTML)", paper.worksheet(sheet), f"worksheet-{name}-{chosen}.html")
            if sheet.query:
                st.page_link(
                    st.Page(EXERCISE),
                    label="As an exercise on the screen",
                    icon=":material/edit_note:",
                    query_params=parse_qsl(sheet.query),
                    help="The same worksheet as an exercise that checks each number; its address is the link to share.",
                )
        except ValueError as error:
            refused = str(error)
    if refused:
        st.text(refused)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(
            f"**Report.** Settings, curves, scores and parameters at update {pg.run.update:,}.", width="content"
        )
        held = pg.probe if len(pg.run.dataset.names) > 2 else None
        made = report(pg.run, pg.words, link, pg.columns, held)
        _download(pg, "Report (HTML)", made, f"report-update-{pg.run.update}.html")


def _download(pg: Playground, label: str, file: str, name: str) -> None:
    st.download_button(
        label,
        file,
        name,
        "text/html",
        key=pg.key(f"download_{label.split()[0].lower()}"),
        on_click="ignore",
        icon=":material/download:",
        help="One file that a browser opens without the internet: print it there, on A4 or Letter.",
    )
