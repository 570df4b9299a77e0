"""Progress: how long a sweep will take, the button Run, how far it is, and what is to be said of one that is over."""

from collections.abc import Callable

import streamlit as st

import scratchnet as sn
from scratchnet.sweep import Failure, Sweep
from ui import errors
from ui.labels import named
from ui.rerun import rerun_page
from ui.sweeps import choices
from ui.sweeps.job import Job, job, start, visitor
from ui.sweeps.pool import executor_factory, pool
from ui.sweeps.taken import taken
from ui.unbroken import unbroken

TIMED = "sweep_timed"  # of the session: (an Experiment that was measured, its pace) of the last one or two
START_SECONDS = 0.5  # of the processes
LOOK_SECONDS = 1.0  # between two looks at how far it is
INSTEAD = (
    "The computers that should compute this do not answer, so this server does it by itself. That may take longer; the "
    "results are the same."
)


def ask(page: str, asked: Callable[[sn.Experiment], tuple[Sweep, str]]) -> None:
    """The experiment that a page has taken, what it asks to run of it, and Run; why not, where that cannot be run.

    asked: draws the widgets; the sweep and how much it is, in words. ValueError with one sentence.
    """
    base = taken(page)
    try:
        sweep, what = asked(base)
        said, longest = _cost(sweep, what)
    except ValueError as error:
        st.text(named(error))
        st.button("Run", key=f"{page}_run", disabled=True)
    else:
        _run_button(page, sweep, said, longest)


def _cost(sweep: Sweep, what: str) -> tuple[str, float]:
    """(what is run and about how long it takes, in words; seconds of its longest cell). ValueError with one sentence
    where that is too long."""
    efforts = choices.efforts(sweep)
    measured = [sweep.cells[at].experiment for at in choices.measured_cells(efforts)]
    known = dict(st.session_state.get(TIMED, ()))
    known = {one: known.get(one) or choices.pace_of(one) for one in dict.fromkeys(measured)}
    st.session_state[TIMED] = tuple(known.items())
    of_cells = choices.seconds_of(efforts, *(known[one] for one in measured))  # of one processor
    seconds, longest = sum(of_cells), max(of_cells)
    said = f"{what}: about {duration(START_SECONDS + max(seconds / pool().places, longest))}"
    if others := pool().others(visitor()):
        said += f", longer while {others} other{'s compute' if others > 1 else ' computes'} here as well"
    said += "."
    if seconds > choices.MOST_SECONDS:
        raise ValueError(
            f"{said} That is too much for a server that others use as well: choose fewer epochs, values or seeds."
        )
    return said, longest


def duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} minutes"


def _run_button(page: str, sweep: Sweep, said: str, longest: float) -> None:
    """Run, and beside it what it will take."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button("Run", key=f"{page}_run", type="primary"):
            start(page, sweep, executor_factory(visitor(), longest))
        st.text(said)
    present = job(page)
    if present is not None and present.sweep != sweep and not present.is_running:
        st.caption("The results here are of the settings before.")


def results(page: str, what: str, show: Callable[[Job], None], before: str) -> None:
    """How far the visitor's last sweep is, of what, and then what came of it; before: what is said without one."""
    last = job(page)
    if last is None:
        st.text(before)
    elif last.is_running:
        st.fragment(_look, run_every=LOOK_SECONDS)(page, last, what)
    else:
        _what_went_wrong(last, what)
        show(last)


def _look(page: str, running: Job, what: str) -> None:
    with errors.caught():
        if not running.is_running:
            rerun_page()
        total, left, others = len(running.outcomes), running.seconds_left, running.before
        said = f"{running.done} of {total} {what}"
        said += f", about {duration(left)} left" if left is not None else ""
        said += f"; {others} {'is' if others == 1 else 'are'} before you" if others else ""
        st.progress(running.done / total, said)
        if running.is_instead:
            st.caption(INSTEAD)
        st.button("Cancel", key=f"{page}_cancel", on_click=_cancel, args=(page,))


@unbroken
def _cancel(page: str) -> None:
    if (running := job(page)) is not None:
        running.cancel()


def _what_went_wrong(finished: Job, what: str) -> None:
    """Why some of it has no result, where that is so."""
    if finished.is_instead:
        st.caption(INSTEAD)
    if finished.fault:
        st.error(finished.fault, icon=":material/error:")
    if finished.is_cancelled:
        st.text(f"Cancelled: {finished.done} of {len(finished.outcomes)} {what} are done and kept.")
    for reason in dict.fromkeys(one.reason for one in finished.outcomes if isinstance(one, Failure)):
        st.text(f"Without a result: {reason}")
