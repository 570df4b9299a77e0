"""Sweep: one experiment with many settings and seeds, side by side: which of them learn, which diverge?"""

from functools import partial
from pathlib import Path

import streamlit as st

import scratchnet as sn
from scratchnet.sweep import MOST_SETTINGS, SEEDS_OF, Sweep, counted
from ui import address
from ui.data.export import as_csv
from ui.kit.numbers import text
from ui.kit.typed import LONGEST_TEXT, written
from ui.moment import MOST_UPDATES, Moment
from ui.sweeps import choices, pictures
from ui.sweeps.choices import CHOSEN, NAMES, OFFERED, TYPED
from ui.sweeps.job import Job, job
from ui.sweeps.progress import cost, progress, run_button, what_went_wrong, why_not
from ui.sweeps.table import table
from ui.sweeps.taken import taken

PLAYGROUND = Path(__file__).resolve().parent.parent / "play" / "playground.py"
NO_SETTING = "none"
MOST_SEEDS = 30


def values_of(name: str) -> tuple:
    """The values that are chosen for a setting. ValueError with one sentence."""
    if name in TYPED:
        typed = st.text_input(
            f"{NAMES[name]}: values",
            TYPED[name],
            key=f"sweep_values_{name}",
            persist_state="session",
            max_chars=400,
            help="With semicolons between them; a decimal point or comma. Units of several layers: 8-8.",
        )
        return choices.read_values(name, typed)
    chosen = st.pills(
        f"{NAMES[name]}: values",
        CHOSEN[name],
        selection_mode="multi",
        wrap=True,
        default=choices.AT_FIRST.get(name, CHOSEN[name]),
        format_func=partial(choices.value_in_words, name),
        key=f"sweep_values_{name}",
        persist_state="session",
    )
    if not chosen:
        raise ValueError(f"{NAMES[name]}: expected at least one value, got none; choose one.")
    return tuple(chosen)


def asked(base: sn.Experiment) -> Sweep:
    """The sweep that the widgets ask for. ValueError with one sentence."""
    over: dict[str, tuple] = {}
    faults = []
    for place in range(MOST_SETTINGS):
        which, values = st.columns([4, 5])
        left = [NO_SETTING, *(name for name in OFFERED if name not in over)]
        name = which.selectbox(
            f"Setting {place + 1}",
            left,
            left.index(OFFERED[place]) if place < 2 and OFFERED[place] in left else 0,
            format_func=lambda name: NAMES.get(name, name),
            key=f"sweep_setting_{place}",
            persist_state="session",
        )
        if name != NO_SETTING:
            over[name] = ()
            with values:
                try:
                    over[name] = values_of(name)
                except ValueError as error:
                    faults.append(str(error))
    seeds, of, end = st.columns([3, 4, 3], vertical_alignment="bottom")
    count = seeds.text_input("Seeds", "3", key="sweep_seeds", persist_state="session", max_chars=LONGEST_TEXT)
    seed_of = of.selectbox(
        "Seeds of", SEEDS_OF, format_func=choices.SEED_WORDS.__getitem__, key="sweep_seed_of", persist_state="session"
    )
    epochs = end.text_input("Epochs", "50", key="sweep_epochs", persist_state="session", max_chars=LONGEST_TEXT)
    if faults or not over:
        raise ValueError(faults[0] if faults else "Settings: expected one to three, got none; choose one.")
    # A setting that is itself the seed has no other seeds.
    several = () if seed_of in over else tuple(range(choices.at_most("Seeds", count, MOST_SEEDS)))
    return choices.checked(
        base, over, seeds=several, seed_of=seed_of, epochs=choices.at_most("Epochs", epochs, choices.MOST_EPOCHS)
    )


def ask() -> None:
    """What is to be swept, and Run."""
    base = taken("sweep")
    try:
        sweep = asked(base)
        choices.check_idle(sweep)
        cells, seeds = len(sweep.cells), len(sweep.seeds)
        of = f": {cells // seeds:,} combination{'s' * (cells != seeds)} from {seeds} seeds each" if seeds > 1 else ""
        said = cost(sweep, f"{cells:,} cell{'s' * (cells != 1)}{of}")
    except ValueError as error:
        why_not("sweep", error)
    else:
        run_button("sweep", sweep, said)


def show(finished: Job) -> None:
    """The picture, the table, and the way to each cell."""
    sweep, outcomes = finished.sweep, tuple(finished.outcomes)
    what_went_wrong(finished, "cells")
    known = pictures.measures(sweep)
    measure = st.selectbox("Shown", list(known), format_func=known.__getitem__, key="sweep_measure")
    label = known[measure]
    order = pictures.best_first(sweep, outcomes, measure)
    if not order:
        return
    words = pictures.in_words(sweep, outcomes, measure, label)
    draw = pictures.parallel if len(sweep.over) == MOST_SETTINGS else pictures.heat_map
    st.plotly_chart(draw(sweep, outcomes, measure, label), key="sweep_chart", config={"displaylogo": False}, alt=words)
    st.text(words)
    crosses = "✕: diverged. " if any(getattr(one, "diverged", "") for one in outcomes) else ""
    some = " that have one" if (counted(sweep, outcomes, measure) < max(len(sweep.seeds), 1)).any() else ""
    key = "Plum: the best tenth. " if draw is pictures.parallel else "Darker is better. "
    st.caption(
        f"{key}{crosses}A number is the median over the seeds{some}. What is chosen because it is best here "
        "was lucky, too: try it with other seeds before you believe it."
    )
    cells = table(sweep, outcomes)
    index = st.selectbox(
        "A cell, the best first",
        order,
        format_func=partial(titled, sweep, outcomes, measure),
        key=f"sweep_cell_{measure}",
    )
    update = min(getattr(outcomes[index], "update", 0), MOST_UPDATES)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(
            st.Page(PLAYGROUND, default=True),
            label="Open in the playground",
            icon=":material/arrow_forward:",
            query_params=address.way(Moment(sweep.cells[index].experiment, update).query),
            help=f"The same experiment with its seeds, at update {update:,}.",
        )
        st.download_button(
            "Download all cells (CSV)",
            partial(as_csv, cells),
            "sweep.csv",
            "text/csv",
            key="sweep_download",
            on_click="ignore",
            icon=":material/download:",
        )
    with st.expander("All cells as a table"):
        st.dataframe(cells, hide_index=True)


def titled(sweep: Sweep, outcomes: pictures.Outcomes, measure: str, index: int) -> str:
    cell = sweep.cells[index]
    outcome = outcomes[index]
    value = "diverged" if getattr(outcome, "diverged", "") else text(getattr(outcome, measure))
    seed = "" if cell.seed is None else f", seed {written(cell.seed)}"
    return f"{value}: {choices.cell_in_words(sweep, cell.values)}{seed}"


st.title("Sweep", anchor=False)
st.markdown(
    "Train one experiment with every combination of some settings, each from several seeds, and see which learn."
)
left, right = st.columns([2, 3], gap="large")
with left:
    ask()
with right:
    present_job = job("sweep")
    if present_job is None:
        st.text("The results will be here: a map of the grid, and every cell to open and to download.")
    elif present_job.is_running:
        progress("sweep", present_job, "cells")
    else:
        show(present_job)
