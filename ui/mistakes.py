"""Mistakes: the tab of the study that shows what the network gets wrong: in counts, curves, and point by point."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

import scratchnet as sn
from scratchnet.calibration import calibration, is_probability
from scratchnet.roc import Roc, roc
from scratchnet.worst_answers import sample_losses, worst
from ui import labels
from ui import mistake_charts as charts
from ui.kit.numbers import text
from ui.play.playground import Playground
from ui.rerun import rerun_page
from ui.terms import SCALED_LOSS
from ui.unbroken import unbroken

if TYPE_CHECKING:
    from ui.study import Still

CONFUSION, ROC, CALIBRATION, RESIDUALS = "Confusion matrix", "ROC curve", "Calibration", "Residuals"
MOST_WORST = 8  # rows of the list: as high as the picture beside it
NOT_FINITE = "At this update some outputs are infinite or not a number, and cannot be counted: lower the rate."
CONFIG = {"displaylogo": False}
SHARES = "Precision: of the points with this answer, the share of this class. Recall: of this class, the share found."
CUTS = (
    "Each place on a curve is a cut: the lower it is, the more of {one} is found, and the more of {zero} is taken for"
    " it. The mark is the network's own. The area: how often a point of {one} has a higher output than one of {zero}."
)
SAID = (
    "Points are put together by how probable the network says {one} is. Below the thin line it said too much, above"
    " it too little; of few points a share says little."
)
MISSED = "A residual is what the answer misses. A pattern that can be seen is one that the network has not learned."
WORST = "The points that cost most. Often they are noise, alone of their kind, or what would have to be learned next."


def mistakes(pg: Playground, now: Still, on_use: Callable[[], None]) -> None:
    """Counts and curves on the left, the worst answers on the right. on_use: called when something was chosen here."""
    decision = sn.decision_of(now.settings)
    pictures = [CONFUSION if decision.classes else RESIDUALS]
    if decision.classes == 2:
        pictures += [ROC, CALIBRATION] if is_probability(now.settings.output) else [ROC]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        picture = pictures[0]
        if len(pictures) > 1:
            picture = _choose(pg, "Picture", {name: name for name in pictures}, f"picture_{len(pictures)}", on_use)
        parts = dict(reversed(now.parts.items()))  # the test points are what is asked for first
        part = next(iter(parts)) if len(parts) == 1 else _choose(pg, "Points", parts, f"part_{len(parts)}", on_use)
    left, right = st.columns(2, gap="medium")
    with left:
        if not all(np.isfinite(now.outputs[part]).all() for part in now.parts):
            st.info(NOT_FINITE)
        elif picture == CONFUSION:
            _confusion(pg, now, part, decision)
        else:
            {ROC: _roc, CALIBRATION: _calibration, RESIDUALS: _residuals}[picture](pg, now, decision)
    with right:
        _worst(pg, now, part, decision)


def _choose(pg: Playground, label: str, names: dict[str, str], key: str, on_use: Callable[[], None]) -> str:
    """One of the keys of names; the first until something is chosen."""
    chosen = st.segmented_control(
        label,
        list(names),
        default=next(iter(names)),
        required=True,
        format_func=lambda name: names[name][:1].upper() + names[name][1:],
        key=pg.key(f"mistakes_{key}"),
        on_change=unbroken(on_use),
        persist_state="session",
        label_visibility="collapsed",
    )
    return chosen or next(iter(names))


def _drawn(pg: Playground, now: Still, picture: str, make: Callable[[], dict], alt: str) -> None:
    """A picture, made once for what stands still."""
    if picture not in now.figures:
        now.figures[picture] = make()
    st.plotly_chart(now.figures[picture], key=pg.key("mistakes_chart"), config=CONFIG, alt=alt)


def _about_classes(sentence: str, now: Still) -> str:
    """A sentence about the two classes, by their names."""
    zero, one = map(labels.literal, now.data.class_names)
    return sentence.format(zero=zero, one=one)


def _counts(now: Still, part: str, decision: sn.Decision) -> np.ndarray:
    true, answers = (decision.answers(values) for values in (now.targets[part], now.outputs[part]))
    return sn.confusion_matrix(true, answers, classes=decision.classes)


def _confusion(pg: Playground, now: Still, part: str, decision: sn.Decision) -> None:
    counts, name = _counts(now, part, decision), now.parts[part]
    precisions, recalls = sn.precision_and_recall(counts)
    names = [labels.short_class(now.data.class_names, k) for k in range(decision.classes)]
    said = "; ".join(
        f"class {names[k]}: {', '.join(f'{n:,} answered {names[j]}' for j, n in enumerate(row) if n) or 'no points'},"
        f" precision {charts.share(precisions[k])}, recall {charts.share(recalls[k])}"
        for k, row in enumerate(counts.tolist())
    )
    _drawn(
        pg,
        now,
        f"confusion {part}",
        lambda: charts.confusion_figure(counts, names),
        f"Confusion matrix of the {name} points at update {now.update}, by true class. {said}.",
    )
    st.caption(f"{name.capitalize()} points. {SHARES}")


def _roc(pg: Playground, now: Still, decision: sn.Decision) -> None:
    curves: dict[str, tuple[Roc, np.ndarray]] = {}
    missing = ""
    for part, name in now.parts.items():
        true = decision.answers(now.targets[part])
        try:
            curves[name] = roc(true, now.outputs[part][:, -1]), _counts(now, part, decision)
        except ValueError as error:  # one class alone
            own = labels.literal(labels.short_class(now.data.class_names, int(true[0])))
            missing += f" {name.capitalize()}: {str(error).replace(f'class {true[0]}.', f'class {own}.')}"
    areas = ", ".join(f"{name} {text(curve.area)}" for name, (curve, _) in curves.items())
    _drawn(
        pg,
        now,
        "roc",
        lambda: charts.roc_figure(curves, now.data.class_names),
        f"ROC curves at update {now.update}. Area under the curve: {areas or 'none'}.",
    )
    st.caption(_about_classes(CUTS, now) + missing)


def _calibration(pg: Playground, now: Still, decision: sn.Decision) -> None:
    found = {
        name: calibration(decision.answers(now.targets[part]), now.outputs[part][:, -1])
        for part, name in now.parts.items()
    }
    said = ". ".join(
        f"{name}: "
        + ", ".join(
            f"{n:,} points said {text(p)}, {charts.share(a)} of {now.data.class_names[1]}"
            for n, p, a in zip(one.counts, one.predicted, one.actual, strict=True)
            if n
        )
        for name, one in found.items()
    )
    _drawn(
        pg,
        now,
        "calibration",
        lambda: charts.calibration_figure(found, now.data.class_names[1]),
        f"Calibration at update {now.update}. {said}.",
    )
    st.caption(_about_classes(SAID, now))


def _residuals(pg: Playground, now: Still, decision: sn.Decision) -> None:
    found = {}
    for part, name in now.parts.items():
        answers, true = (decision.answers(now.data.in_units(of[part])) for of in (now.outputs, now.targets))
        found[name] = answers, sn.residuals(true, answers)
    said = ", ".join(f"{name} {text(left.min())} to {text(left.max())}" for name, (_, left) in found.items())
    _drawn(
        pg,
        now,
        "residuals",
        lambda: charts.residual_figure(found),
        f"Residuals, target minus answer, by the answer at update {now.update}: {said}.",
    )
    st.caption(MISSED)


def _worst(pg: Playground, now: Still, part: str, decision: sn.Decision) -> None:
    """The points with the largest loss; a click has the board follow one of them."""
    name = now.parts[part]
    losses = now.figures.get(("losses", part))
    if losses is None:
        losses = sample_losses(now.network, now.inputs[part], now.targets[part], now.settings.loss)
        now.figures["losses", part] = losses
    points = {"train": now.data.x_train, "validation": now.data.x_validation, "test": now.data.x_test}[part]
    st.markdown(f"**Worst answers**, {name} points", help=WORST)
    with st.container(gap=None):
        for row in worst(losses, MOST_WORST).tolist():
            point = tuple(points[row].tolist())
            # In words: a button of another kind would be another one in the browser, and the focus would be lost.
            followed = " **← on the board**" if point == pg.probe else ""
            if st.button(
                f"**{text(losses[row])}**  point {row + 1:,}: {_answer(now, part, row, decision)}{followed}",
                key=pg.key(f"worst_{part}_{row}"),
                type="tertiary",
                on_click=_follow,
                args=(pg, point),
            ):
                rerun_page()  # the board and the address stand outside of the study
    scaled = f" {SCALED_LOSS}" if now.data.target_scale is not None else ""
    st.caption(f"The loss of each point. Click one and the board above follows it through the network.{scaled}")


def _answer(now: Still, part: str, row: int, decision: sn.Decision) -> str:
    """What was wanted of one point, and what came."""
    target, output = now.targets[part][row : row + 1], now.outputs[part][row : row + 1]
    true, answer = (decision.answers(now.data.in_units(values))[0] for values in (target, output))
    if not decision.classes:
        return f"target {text(true)}, answer {text(answer)}"
    wanted, came = (labels.literal(labels.short_class(now.data.class_names, k)) for k in (true, answer))
    if decision.outputs > 1:
        return f"class {wanted} (output {text(output[0, true])}), answer {came}"
    return f"class {wanted}, answer {came} (output {text(output[0, 0])})"


@unbroken
def _follow(pg: Playground, point: tuple[float, ...]) -> None:
    pg.is_used()
    pg.set_probe(point)
    pg.calls += 1
