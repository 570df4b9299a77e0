"""Health: the tab of the study with what the doctor finds in the run and what to try, and charts of what was measured.

At rest only: while the network plays, it shows what was found before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

import scratchnet as sn
from scratchnet.doctor import Finding, Remedy, findings, waits_since
from scratchnet.health import MANY_LOST, RELU_KIN, Health, measured, searched
from ui import health_charts as charts
from ui import labels
from ui.gate import gate
from ui.kit.numbers import percent, text
from ui.play.playground import Playground
from ui.play.words import joined
from ui.unbroken import unbroken

if TYPE_CHECKING:
    from ui.study import Still

TITLES = {
    "unscaled": "Badly scaled numbers",
    "alike": "Units that are all the same",
    "too fast": "Learning rate too high",
    "dead": "Dead units",
    "saturated": "Saturated units",
    "vanishing": "Vanishing gradient",
    "too strong": "Weights held down too strongly",
    "too slow": "Learning rate too low",
    "overfitting": "Overfitting",
    "oscillation": "Swinging loss",
    "underfitting": "Network too small",
    "plateau": "Plateau",
}
GRADIENT, UPDATES, FLAT, SPREAD, GAP = "Gradient", "Update size", "Flat units", "Spread", "Gap of losses"
SAID = {
    GRADIENT: "The gradient tells each weight which way to change for the training loss to fall. The longer it is, the"
    " more a layer is told: where a line lies far below the others, its layer hardly learns.",
    UPDATES: "By how much the next update changes the weights of a layer, as a share of their own size: 0.001 is a"
    " thousandth. Far above the grey band it may jump too far, far below it hardly moves.",
    FLAT: "A unit is flat at a point where a small change of its sum z hardly changes its answer: it learns almost"
    " nothing from that point (its slope is below a twentieth of its steepest). Lines: how often that is so, of all"
    f" units at all training points. Marks: how many units are flat at {charts.NEARLY_ALL}; such a unit is dead (ReLU"
    " and its kin) or may be saturated (sigmoid and tanh).",
    SPREAD: "How much the answers of a layer differ, over its units and the training points: their standard deviation,"
    " a usual distance from their mean. A layer near 0 says the same to every input.",
    GAP: "The loss on points that the network never learns from, less the loss on its training points. A gap that grows"
    " is a sign that it learns its training points by heart instead of the pattern.",
}
AT_HAND = (
    "The charts also have moments that the server has at hand, so another visit may see other ones; what is found does "
    "not depend on them."
)
LOOKED_FOR = TITLES | {"dead": "Many dead units in a layer", "saturated": "Many saturated units in a layer"}
ACTED = "health_acted"
SHOWN = "health_shown"  # (Finding, experiment, settings, update) of the finding that is shown where it is seen
WAITS = "Pause, and the doctor looks at the run."
CONFIG = {"displaylogo": False}


def health(pg: Playground, now: Still, on_use: Callable[[], None]) -> None:
    """Findings on the left, a chart on the right. on_use: called when something was chosen here."""
    shown_from(pg)
    if "health" not in now.figures:
        if pg.playing:
            st.caption(WAITS)
            return
        with pg.lock:
            run = pg.run.fork()
        with gate().turn(f"health {id(pg)}"):  # without the lock: her own clicks must not wait for other visitors
            found = measured(run)
        with gate().turn(f"health {id(pg)}"):  # in two turns, that others can play on between
            found = searched(run, found)
        now.figures["findings"] = findings(found)
        now.figures["health"] = found
    found = now.figures["health"]
    left, right = st.columns(2, gap="medium")
    with left:
        _findings(pg, found, now.figures["findings"])
    with right:
        _chart(pg, now, found, on_use)


# ---- findings --------------------------------------------------------------------------------------------------------


def looked_at(found: Health) -> str:
    """What was looked at, in a sentence."""
    moments, last = int(found.is_sure.sum()), int(found.update[-1])
    when = "the start" if not last else f"{moments} moments from the start to update {last:,}"
    rows, points = len(found.rows), found.points
    where = f"{rows:,} of {points:,} training points" if rows < points else f"all {points:,} training points"
    said = f"The doctor looked at {when}, at {where if points > 1 else 'the one training point'}."
    return said if found.is_sure.all() else f"{said} {AT_HAND}"


def _findings(pg: Playground, found: Health, said: tuple[Finding, ...]) -> None:
    st.caption(looked_at(found))
    if not said:
        names = ", ".join(title[:1].lower() + title[1:] for title in LOOKED_FOR.values())
        changed = waits_since(found)
        if changed is None:
            st.markdown("**Nothing was found.**")
        else:
            st.markdown(f"**Changed at update {changed:,}: press Play, and look again.**")
        st.caption(" ".join([f"Looked for: {names}.", *_dead_words(found)]))
    for finding in said:
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"**{TITLES[finding.kind]}**")
            st.markdown(labels.literal(finding.sentence))
            _buttons(pg, found, finding)


def _dead_words(found: Health) -> list[str]:
    """Of each layer with dead units that are no finding: that there are some."""
    said = []
    for layer, lost in enumerate(found.lost):
        dead, units = int(lost[-1].sum()), lost.shape[1]
        if dead and found.network.activations[layer] in RELU_KIN:
            which = f"{dead} of {units} units of layer {layer + 1} {'is' if dead == 1 else 'are'} dead"
            few = dead < MANY_LOST * units
            said.append(f"{which}: {'too few to matter' if few else 'watch whether the training loss falls'}.")
    return said


def shown_from(pg: Playground) -> None:
    """The finding that was shown where it is seen, and the way back, as long as the board stands there."""
    kept = st.session_state.get(pg.key(SHOWN))
    if kept is None or pg.playing:  # on the way there, or on from there
        return
    finding, experiment, settings, update = kept
    if pg.shown != finding.update or pg.run.experiment != experiment:
        del st.session_state[pg.key(SHOWN)]
        return
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**Found at update {update:,}: {TITLES[finding.kind][:1].lower()}{TITLES[finding.kind][1:]}**")
        st.markdown(labels.literal(finding.sentence))
        with st.container(horizontal=True, gap="small"):
            st.button(f"Back to update {update:,}", key=pg.key("health_back"), on_click=_back, args=(pg, update))
            refusal = _try_button(pg, finding, settings, "health_try_shown")
        if refusal:
            st.caption(refusal)


def _buttons(pg: Playground, found: Health, finding: Finding) -> None:
    is_past = finding.update < found.update[-1]
    with st.container(horizontal=True, gap="small"):
        if is_past or finding.unit is not None:
            where = f"update {finding.update:,}" if is_past else "this update"
            what = (
                f"unit {finding.unit + 1} of layer {(finding.layer or 0) + 1} at " if finding.unit is not None else ""
            )
            st.button(
                "Show",
                key=pg.key(f"health_show_{finding.kind}"),
                help=f"Show {what}{where}.",
                on_click=_show,
                args=(pg, finding, found),
            )
        refusal = _try_button(pg, finding, found.settings, f"health_try_{finding.kind}")
    if refusal:
        st.caption(refusal)


def _try_button(pg: Playground, finding: Finding, settings: sn.Experiment, key: str) -> str:
    """The button of a remedy. Why it is idle, "" where it is not."""
    refusal = pg.locks(*finding.remedy.changes)
    st.button(
        f"Try: {labels.literal(remedy_words(finding.remedy, settings))}",
        key=pg.key(key),
        help=refusal or "Makes this change. Then press Play and see whether it helps; Undo brings this run back.",
        disabled=bool(refusal),
        on_click=_try,
        args=(pg, finding, settings),
    )
    return refusal


def remedy_words(remedy: Remedy, settings: sn.Experiment) -> str:
    """What a remedy changes, and from when on, such as "learning rate 0.001 from update 250 on"."""
    parts = [_change_words(name, value, settings) for name, value in remedy.changes.items()]
    when = f"from update {remedy.update:,} on" if remedy.is_live else "in a new start"
    return f"{' and '.join(parts)} {when}"


def _change_words(name: str, value: Any, settings: sn.Experiment) -> str:
    if isinstance(value, Mapping):
        before = getattr(settings, name)
        return " and ".join(
            f"{labels.setting_label(key).lower()} {text(new)}" for key, new in value.items() if before.get(key) != new
        )
    if name == "hidden":
        units = joined([str(count) for count in value])
        return f"{'a hidden layer' if len(value) == 1 else 'hidden layers'} of {units} units"
    if isinstance(value, tuple):
        return f"activations {joined([labels.title(one) for one in value])}"
    label = labels.LABELS[name]
    label = label if label.isupper() or label[1:2].isdigit() else label[:1].lower() + label[1:]
    if name == "initializer":
        return f"{label} {sn.INITIALIZERS[value].title}"
    return f"{label} {labels.title(value) if isinstance(value, str) else text(value)}"


def has_acted(pg: Playground) -> bool:
    """Whether a button here has changed what is on screen: the board and the address stand outside of the study, which
    alone runs then. Says so once; the button itself may be gone by now, with the finding that it belonged to.
    """
    return st.session_state.pop(pg.key(ACTED), False)


@unbroken
def _show(pg: Playground, finding: Finding, found: Health) -> None:
    st.session_state[pg.key(ACTED)] = True
    pg.is_used()
    update = int(found.update[-1])
    if finding.update < update:
        st.session_state[pg.key(SHOWN)] = (finding, found.experiment, found.settings, update)
    layer, unit = finding.layer or 0, finding.unit
    pg.goto(finding.update, None if unit is None else lambda: pg.look(layer, unit))


@unbroken
def _back(pg: Playground, update: int) -> None:
    st.session_state[pg.key(ACTED)] = True
    pg.is_used()
    st.session_state.pop(pg.key(SHOWN), None)
    pg.goto(update)


@unbroken
def _try(pg: Playground, finding: Finding, settings: sn.Experiment) -> None:
    st.session_state[pg.key(ACTED)] = True
    pg.is_used()
    remedy = finding.remedy

    def make() -> None:
        if pg.apply(**remedy.changes):
            tried = f"Tried: {remedy_words(remedy, settings)}. Press Play and see whether it helps."
            pg.notice = f"{pg.notice} {tried}".strip()

    with pg.lock:
        if remedy.is_live:
            pg.goto(remedy.update, make)
        else:
            make()


# ---- charts ----------------------------------------------------------------------------------------------------------


def _chart(pg: Playground, now: Still, found: Health, on_use: Callable[[], None]) -> None:
    makers = {GRADIENT: charts.gradient_figure, UPDATES: charts.ratio_figure}
    makers |= {FLAT: charts.flat_figure} if found.flat else {}
    makers[SPREAD] = charts.spread_figure
    makers |= {GAP: charts.gap_figure} if found.held_out else {}
    picture = st.segmented_control(
        "Picture",
        list(makers),
        default=GRADIENT,
        required=True,
        key=pg.key(f"health_picture_{len(makers)}_{GAP in makers}"),
        on_change=unbroken(on_use),
        persist_state="session",
        label_visibility="collapsed",
        wrap=True,
    )
    picture = picture or GRADIENT
    if ("health", picture) not in now.figures:
        now.figures["health", picture] = makers[picture](found)
    st.plotly_chart(
        now.figures["health", picture], key=pg.key("health_chart"), config=CONFIG, alt=_in_words(found, picture)
    )
    st.caption(SAID[picture])


def _in_words(found: Health, picture: str) -> str:
    """A chart for who does not see it: what it says of now."""
    last = f"at update {int(found.update[-1]):,}"
    names = [charts.layer_name(found, layer) for layer in range(len(found.network.sizes) - 1)]
    if picture == GAP:
        return f"{found.held_out.capitalize()} loss minus training loss after each epoch: {text(_gap(found))} now."
    if picture == FLAT:
        shares = [
            f"{name} {percent(flat.mean())}, {int((flat >= charts.SATURATED).sum())} of {len(flat)} units at "
            f"{charts.NEARLY_ALL}"
            for name, flat in zip(names, (flat[-1] for flat in found.flat), strict=False)
        ]
        return (
            f"How often the units of each hidden layer are flat, by update. {last.capitalize()}: {'; '.join(shares)}."
        )
    what, values = {
        GRADIENT: ("Length of the gradient", found.gradient),
        UPDATES: ("Update-to-weight ratio", found.ratio),
        SPREAD: ("Standard deviation of the activations", found.spread),
    }[picture]
    said = ", ".join(f"{name} {text(value)}" for name, value in zip(names, values[-1], strict=True))
    return f"{what} of each layer, by update. {last.capitalize()}: {said}."


def _gap(found: Health) -> float:
    return float(np.asarray(found.held_out_loss)[-1] - found.history.train_loss[-1])
