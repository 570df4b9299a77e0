"""Study: what stands below the board for a closer look: loss, answers and parameters of the update on screen, at rest.

While the network plays nothing here moves: it shows the update at which it last stood still, and says which that is.
Another rate or optimizer in between is a part of what comes, and the charts show what was: in the browser they take
longer than the change.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import streamlit as st

import scratchnet as sn
from ui import charts, errors, labels, microscope
from ui.following import follow, is_followed
from ui.health import has_acted, health, shown_from
from ui.kit.mount import mount
from ui.kit.numbers import text
from ui.layers import layers
from ui.loss_axis import LOG_ABOVE, wants_log
from ui.mistakes import mistakes
from ui.play.playground import EMPTY_MAP, Playground
from ui.player import formula_module
from ui.rerun import rerun_page
from ui.terms import SAME_POINTS, SCALED_LOSS, TERMS
from ui.unbroken import unbroken

STUDY = "study"  # the part of a page that is this
CHARTS, MISTAKES, LAYERS, HEALTH, MICROSCOPE, PARAMETERS = TABS = (
    *("Charts", "Mistakes", "Layers"),
    *("Health", "Microscope", "Parameters"),
)
# On a phone all of them have room side by side.
TABS_STYLE = "<style>@media (max-width: 640px) { .st-key-TABS [role=tablist] { gap: 10px; } }</style>"


@dataclass(frozen=True)
class Still:
    """A run as it stood at one update. inputs: the network's, (n, features), and targets as coded for the loss, (n,
    outputs), of "train", "validation" and "test". figures: what was drawn of it.
    """

    shown: tuple[int, int]  # the generation and update of the playground it was taken at
    update: int
    epoch: int
    experiment: sn.Experiment
    settings: sn.Experiment
    network: sn.Network
    data: sn.Dataset
    inputs: dict[str, np.ndarray]
    targets: dict[str, np.ndarray]
    history: sn.History
    evaluation: sn.Evaluation
    next: microscope.Next
    figures: dict = field(default_factory=dict)

    @property
    def parts(self) -> dict[str, str]:
        """The parts of the data that have points of their own, and what they are called."""
        if self.data.fixed:
            return {"train": "training and test"}
        names = {"train": "training", "validation": "validation", "test": "test"}
        return {part: name for part, name in names.items() if len(self.inputs[part])}

    @cached_property
    def outputs(self) -> dict[str, np.ndarray]:
        """What the network answers, (n, outputs), of "train", "validation" and "test"."""
        with np.errstate(over="ignore", invalid="ignore"):  # what comes of it is drawn, or said
            return {part: self.network.predict(x) for part, x in self.inputs.items()}


def still(pg: Playground) -> Still:
    """The run at rest; while it plays, as it was at rest or at the last change of what is shown."""
    last, shown = st.session_state.get(pg.key(STUDY)), (pg.generation, pg.shown)
    if last is not None and (last.shown == shown or (pg.playing and _is_still_true(pg, last))):
        return last
    run = pg.run
    now = Still(
        shown=shown,
        update=run.update,
        epoch=run.epoch,
        experiment=run.experiment,
        settings=run.settings,
        network=run.network,
        data=run.dataset,
        inputs={"train": run.x_train, "validation": run.x_validation, "test": run.x_test},
        targets={"train": run.y_train, "validation": run.y_validation, "test": run.y_test},
        history=run.history,
        evaluation=run.evaluate(),
        next=microscope.next_update(run),
    )
    st.session_state[pg.key(STUDY)] = now
    return now


def _is_still_true(pg: Playground, last: Still) -> bool:
    """Whether nothing was changed since, or only what comes after it where no more than that is looked at."""
    if last.shown[0] == pg.generation:
        return True
    are_charts_open = st.session_state.get(pg.key("study_tab"), CHARTS) in (CHARTS, MISTAKES, LAYERS, HEALTH)
    return (
        are_charts_open
        and last.update <= pg.run.update
        and _past(pg.run.experiment, last) == _past(last.experiment, last)
    )


def _past(experiment: sn.Experiment, last: Still) -> sn.Experiment:
    """The experiment with what was changed up to an update: all that decides what a run is there."""
    past = [(at, new) for at, new in experiment.events if at < last.update or (at == last.update and "edits" in new)]
    return experiment.replace(events=tuple(past))


@st.fragment
def study(pg: Playground) -> None:
    """Charts and parameters, in tabs of which only the open one is drawn."""
    with errors.caught():
        pg.study_runs()
        if has_acted(pg):
            rerun_page()
        with st.container(gap=None):  # what only listens takes no room
            _listen(pg)
            if pg.is_empty:
                st.caption(EMPTY_MAP)
                return
            is_chosen = _is_chosen_on_the_board(pg)
            now = still(pg)
            microscope.look_near(pg, now.next)
            if is_chosen:
                microscope.look(pg)
            st.html(TABS_STYLE.replace("TABS", pg.key("study_tab")))
            tabs = st.tabs(
                TABS,
                key=pg.key("study_tab"),
                on_change=unbroken(lambda: pg.is_used(STUDY)),
            )
        for name, tab in zip(TABS, tabs, strict=True):
            if tab.open:
                with tab:
                    _draw(pg, now, name)


def _draw(pg: Playground, now: Still, tab: str) -> None:
    """What stands in the open tab."""

    def on_use() -> None:
        pg.is_used(STUDY)

    if tab == MICROSCOPE:
        shown_from(pg)  # which opens a unit here
        microscope.microscope(pg, now.next, which_next_update(now), on_report=on_use)
        return
    if tab != PARAMETERS and not st.session_state.get(pg.key("study_seen")):
        with st.container(height=charts.HEIGHT, border=False):
            st.caption("The charts are drawn when they come into sight.")
        return
    st.caption(which_update(now, pg.playing) + f" {SAME_POINTS}" * (now.data.fixed and tab != PARAMETERS))
    if tab == CHARTS:
        left, right = st.columns(2, gap="medium")
        with left:
            _loss(pg, now)
        with right:
            _answers(pg, now)
    elif tab == MISTAKES:
        mistakes(pg, now, on_use)
    elif tab == LAYERS:
        layers(pg, now, _plane(pg, now), on_use)
    elif tab == HEALTH:
        health(pg, now, on_use)
    else:
        _parameters(pg, now)


def _listen(pg: Playground) -> None:
    """Hear what the board at rest wants to have opened here, and when this has come into sight.

    Until then there are no charts: their library is by far the largest download, and while the network plays the
    browser goes through all that stands on the page at each answer.
    """
    key, seen = pg.key("study_listener"), pg.key("study_seen")

    @unbroken
    def look() -> None:
        open_place(pg, st.session_state[key].look)

    @unbroken
    def came_into_sight() -> None:
        pg.is_used(STUDY)
        st.session_state[seen] = True

    data = {"board": pg.name, "formulas": formula_module(), "seen": st.session_state.get(seen, False)}
    mount("listener", key=key, data=data, on_look_change=look, on_sight_change=came_into_sight)


def which_update(now: Still, playing: bool) -> str:
    """Which moment the charts and tables show, in one sentence."""
    where = f"update {now.update:,} ({now.epoch:,} complete {'epoch' if now.epoch == 1 else 'epochs'})"
    if playing:
        return f"These show {where} and stand still while the network learns; pause to bring them up to date."
    return f"These show {where}."


def which_next_update(now: Still) -> str:
    """Which update the microscope shows, in one sentence that stays true while the network plays on."""
    return (
        f"This is update {now.update + 1:,}: what Step does when the board stands at update {now.update:,}, digit for"
        " digit. While the network plays, this keeps still; pause to bring it up to date."
    )


def open_place(pg: Playground, wanted: object) -> None:
    """Put under the microscope what the board at rest wants to have there. A browser may send anything."""
    pg.is_used(STUDY)
    with suppress(TypeError):
        match wanted:
            case {"index": index}:
                pg.look_at(index)
            case {"layer": layer, "unit": unit, "source": [*source]} if len(source) <= 1:
                pg.look(layer, unit, *source)


def _is_chosen_on_the_board(pg: Playground) -> bool:
    """Whether a link, unit, bias or point of the map was chosen on the board: it comes under the microscope."""
    looks = pg.key("study_looks")
    if pg.looks <= st.session_state.get(looks, 0):
        return False
    st.session_state[looks] = pg.looks
    st.session_state[pg.key("study_tab")] = MICROSCOPE
    return True


def _loss(pg: Playground, now: Still) -> None:
    automatic = wants_log(now.history.train_loss, now.history.validation_loss, now.history.test_loss)
    log = st.session_state.get(pg.key("study_log_chosen"))
    log = automatic if log is None else log
    key = follow(pg.key("study_log"), log)
    st.toggle(
        "Logarithmic loss axis",
        log,
        key=key,
        on_change=_log_chosen,
        args=(pg, key),
        help=f"{TERMS['log loss']} It comes by itself when the largest loss is over {LOG_ABOVE} times the smallest.",
    )
    words = labels.loss_title(now.settings.loss)
    if ("loss", log) not in now.figures:
        now.figures["loss", log] = charts.loss_figure(now.history, words, log)
    st.plotly_chart(
        now.figures["loss", log],
        key=pg.key("loss_chart"),
        config={"displaylogo": False},
        alt=f"Loss of the {' and the '.join(now.parts.values())} points after each epoch. {_scores(now)}",
    )
    if now.data.target_scale is not None:
        st.caption(SCALED_LOSS)


@unbroken
def _log_chosen(pg: Playground, key: str) -> None:
    pg.is_used(STUDY)
    if is_followed(key):
        st.session_state[pg.key("study_log_chosen")] = st.session_state[key]


def _plane(pg: Playground, now: Still) -> sn.Plane | None:
    """The plane of the inputs that the board shows; None where there is one input alone."""
    if len(now.data.names) == 1:
        return None
    if len(now.data.names) > 2 and len(pg.held) == len(now.data.names):
        return sn.slice_at(pg.columns, pg.held) if pg.columns else sn.principal_plane_of(now.data)[0]
    return sn.plane_of(now.data)  # while it plays, the board may have another data set


def _answers(pg: Playground, now: Still) -> None:
    plane = _plane(pg, now)
    if plane is not None and len(now.data.names) > 2:
        st.caption(labels.literal(charts.slice_in_words(now.data, plane)))
    if ("answers", plane) not in now.figures:
        now.figures["answers", plane] = charts.answer_figure(
            now.network,
            now.settings,
            now.data,
            now.targets["train"],
            now.targets["test"],
            plane,
            now.targets["validation"],
        )
    st.plotly_chart(
        now.figures["answers", plane],
        key=pg.key("answers_chart"),
        config={"displaylogo": False},
        alt=f"What the network answers to every input, with the data. {_scores(now)}",
    )


def _scores(now: Still) -> str:
    e = now.evaluation
    validation = f"validation loss {text(e.validation_loss)}, " if e.validation_loss is not None else ""
    return f"At update {now.update}: training loss {text(e.train_loss)}, {validation}test loss {text(e.test_loss)}."


def _parameters(pg: Playground, now: Still) -> None:
    from ui import tables  # pandas comes with it: half a second that only who opens this tab shall wait

    st.download_button(
        f"Download all {now.network.n_parameters:,} parameters (CSV)",
        tables.parameters_as_csv(now.network, labels.input_names(now.data, now.settings.features)),
        key=pg.key("parameters"),
        file_name=f"parameters-update-{now.update}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
    for layer, table in enumerate(
        tables.parameter_tables(now.network, labels.input_names(now.data, now.settings.features)), 1
    ):
        name = labels.title(now.network.activations[layer - 1])
        st.caption(f"Layer {layer} ({name}): {table.shape[0]} × {table.shape[1] - 1} weights and the biases")
        st.dataframe(
            table.style.format(text),  # sorted as numbers, written as everywhere
            alt=f"Weights and biases of layer {layer}",
        )
