"""Sweep: one experiment with many settings and seeds, side by side: which of them learn, which diverge?"""

from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl

import pandas as pd
import streamlit as st

import scratchnet as sn
from scratchnet.sweep import MOST_SETTINGS, SEEDS_OF, Failure, Sweep, rows
from ui import errors, gallery
from ui.data.export import as_csv
from ui.kit.numbers import text
from ui.kit.typed import LONGEST_TEXT, whole_number, written
from ui.labels import named
from ui.paper.settings import in_words as settings_in_words
from ui.state import conversations
from ui.sweeps import choices, pictures
from ui.sweeps.choices import CHOSEN, NAMES, OFFERED, TYPED
from ui.sweeps.job import Job, job, start
from ui.sweeps.pool import executor_factory, pool
from ui.unbroken import unbroken

PLAYGROUND = Path(__file__).resolve().parent.parent / "play" / "playground.py"
NO_SETTING = "none"
BASE = "sweep_base"  # of the session: the Experiment that is varied
TIMED = "sweep_timed"  # (the Experiment that was measured, its pace)
MOST_SEEDS, MOST_EPOCHS = 30, 2000
START_SECONDS = 0.5  # of the processes
LOOK_SECONDS = 1.0  # between two looks at how far it is
SEED_WORDS = {"init_seed": "First weights", "order_seed": "Order of the samples", "data_seed": "Data"}


def on_the_playground() -> sn.Experiment:
    """What the visitor has there, as it is set now; else what the playground opens with."""
    known = conversations().get("playground")
    return gallery.FIRST if known is None else known.playground.run.settings


@unbroken
def take() -> None:
    st.session_state[BASE] = on_the_playground()


@unbroken
def cancel() -> None:
    if (running := job()) is not None:
        running.cancel()


def what_is_varied() -> sn.Experiment:
    """The experiment with its settings, and the way to take the playground's."""
    base = st.session_state.setdefault(BASE, on_the_playground())
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
                    key="sweep_json",
                    on_click="ignore",
                    icon=":material/download:",
                    help="For a sweep of any size on your own computer: python -m scratchnet.sweep experiment.json",
                )
        st.button(
            "Take that of the playground",
            key="sweep_take",
            on_click=take,
            disabled=on_the_playground() == base,
            help="Its settings as they are now. What was changed on the way there is left out: each cell is trained "
            "from its start.",
        )
    return base


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
        "Seeds of", SEEDS_OF, format_func=SEED_WORDS.__getitem__, key="sweep_seed_of", persist_state="session"
    )
    epochs = end.text_input("Epochs", "50", key="sweep_epochs", persist_state="session", max_chars=LONGEST_TEXT)
    if faults or not over:
        raise ValueError(faults[0] if faults else "Settings: expected one to three, got none; choose one.")
    # A setting that is itself the seed has no other seeds.
    several = () if seed_of in over else tuple(range(at_most("Seeds", count, MOST_SEEDS)))
    return choices.checked(base, over, seeds=several, seed_of=seed_of, epochs=at_most("Epochs", epochs, MOST_EPOCHS))


def at_most(name: str, typed: str, most: int) -> int:
    """A typed number of 1 to so many. ValueError with one sentence."""
    value = whole_number(typed, name)
    if not 1 <= value <= most:
        raise ValueError(f"{name}: expected a whole number from 1 to {most:,}, got {typed.strip()}; change it.")
    return value


def cost_of(sweep: Sweep) -> tuple[str, float]:
    """(how many cells and about how long in words, seconds of one processor)."""
    measured = sweep.cells[len(sweep.cells) // 2].experiment
    if st.session_state.get(TIMED, (None,))[0] != measured:
        st.session_state[TIMED] = measured, choices.pace_of(measured)
    pace, cells = st.session_state[TIMED][1], len(sweep.cells)
    seconds = pace.start * cells + pace.update * choices.updates_of(sweep)
    seeds = f", {len(sweep.seeds)} seeds each" if len(sweep.seeds) > 1 else ""
    said = f"{cells:,} cell{'s' * (cells != 1)}{seeds}: about {duration(START_SECONDS + seconds / pool().places)}."
    return said, seconds


def duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} minutes"


def ask() -> None:
    """What is to be swept, and Run."""
    base = what_is_varied()
    try:
        sweep = asked(base)
        said, seconds = cost_of(sweep)
        if seconds > choices.MOST_SECONDS:
            raise ValueError(
                f"{said} That is too much for a server that others use as well: choose fewer epochs or values."
            )
    except ValueError as error:
        st.text(named(error))
        st.button("Run", key="sweep_run", disabled=True)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button("Run", key="sweep_run"):
            try:
                start(sweep, executor_factory())
            except (ValueError, ImportError) as error:
                st.text(f"The cluster that this server was told to use cannot be used: {error}")
        st.text(said)
    present = job()
    if present is not None and present.sweep != sweep and not present.is_running:
        st.caption("What is below is the sweep before.")


def progress(running: Job) -> None:
    """How far it is; runs by itself until it is over."""
    with errors.caught():
        if not running.is_running:
            st.rerun(scope="app")
        total = len(running.outcomes)
        left = running.seconds_left
        others = running.before
        waits = f"; {others} {'is' if others == 1 else 'are'} before you" if others else ""
        st.progress(
            running.done / total,
            f"{running.done} of {total} cells" + (f", about {duration(left)} left" if left is not None else "") + waits,
        )
        st.button("Cancel", key="sweep_cancel", on_click=cancel)


def show(finished: Job) -> None:
    """The picture, the table, and the way to each cell."""
    sweep, outcomes = finished.sweep, tuple(finished.outcomes)
    if finished.fault:
        st.error(finished.fault, icon=":material/error:")
    if finished.is_cancelled:
        st.text(f"Cancelled: {finished.done} of {len(outcomes)} cells are done and kept.")
    for reason in dict.fromkeys(one.reason for one in outcomes if isinstance(one, Failure)):
        st.text(f"Without a result: {reason}")
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
    key = "Plum: the best tenth. " if draw is pictures.parallel else "Darker is better. "
    st.caption(
        f"{key}{crosses}A number is the median over the seeds. What is chosen because it is best here "
        "was lucky, too: try it with other seeds before you believe it."
    )
    names, table = rows(sweep, outcomes)
    cells = pd.DataFrame([[as_cell(value) for value in row] for row in table], columns=list(names))
    index = st.selectbox(
        "A cell, the best first",
        order,
        format_func=partial(titled, sweep, outcomes, measure),
        key=f"sweep_cell_{measure}",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(
            st.Page(PLAYGROUND, default=True),
            label="Open in the playground",
            icon=":material/arrow_forward:",
            query_params=parse_qsl(sweep.cells[index].experiment.to_query(), keep_blank_values=True),
            help="The same experiment with its seeds, at its start: Play gives these numbers.",
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


def as_cell(value: str | float) -> str:
    """All digits, so that it reads back as the same number."""
    return value if isinstance(value, str) else repr(value)


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
    present_job = job()
    if present_job is None:
        st.text("The results will be here: a map of the grid, and every cell to open and to download.")
    elif present_job.is_running:
        st.fragment(progress, run_every=LOOK_SECONDS)(present_job)
    else:
        show(present_job)
