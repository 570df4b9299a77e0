"""Microscope: any number of the playground, opened. The next update, told for one link, unit or bias; who pulled it.

It shows what the next Step will do, before it does it: `Trainer.step` is pure, so the run stays where it is.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st

import scratchnet as sn
from scratchnet import network
from scratchnet.run import is_usable
from scratchnet.trainer import Step
from ui import walkthrough as walk
from ui.gate import gate
from ui.kit.numbers import exact, text
from ui.labels import input_names, short_class
from ui.play.playground import Playground
from ui.play.turn import longest
from ui.player import START, open_from_address, pictures, player
from ui.present import MICROSCOPE, is_projected
from ui.unbroken import unbroken
from ui.walkthrough import UNIT, Focus

MOST_PULLS = 12  # rows of samples; the strongest first, the others are counted
PIECE = 10  # updates between two looks at the clock
MOST_OTHERS = 400  # points of the training data behind those of the mini-batch
UNIT_ITSELF, BIAS = "the unit itself", "its bias"


@dataclass(frozen=True, eq=False)
class Next:
    """The update that comes next. step: None when it would leave no usable numbers. rows: its samples in x and y.

    x (n, features), y (n, outputs): what the network trains on; data: the points that it was made of.
    """

    step: Step | None
    rows: np.ndarray
    x: np.ndarray
    y: np.ndarray
    data: sn.Dataset
    features: tuple[str, ...]

    def of_one(self, row: int) -> "Next":
        """What the same weights and settings would make of one training point alone."""
        step, rows = self.step, np.array([row])
        if step is not None:
            with np.errstate(all="ignore"):
                memory = step.optimizer_before
                step = step.trainer.step(step.before, self.x[rows], self.y[rows], memory, step.update)
            step = step if is_usable(step.after.theta) else None
        return replace(self, step=step, rows=rows)


def next_update(run: sn.Run) -> Next:
    """What the next update of a run will do. The run is not changed."""
    rows = run.next_batch()
    with np.errstate(all="ignore"):  # numbers about to overflow are met here as in the run
        step = run.trainer.step(run.network, run.x_train[rows], run.y_train[rows], run.optimizer_state, run.update)
        is_good = run.status != "diverged" and bool(is_usable(step.after.theta))
    return Next(
        step if is_good else None,
        rows,
        run.x_train,
        run.y_train,
        run.dataset,
        input_names(run.dataset, run.settings.features),
    )


def values(pg: Playground) -> dict:
    """What the board's microscope looks at: place, frame and sample, kept for the visit."""
    return st.session_state.setdefault(pg.key("microscope"), START | {"place": (0, 0, 0), "frame": "start"})


def look(pg: Playground) -> None:
    """Open it at what was chosen on the board last: a training point, or a place of the network."""
    kept, place = values(pg), pg.looked_at
    kept.update(row=pg.looked_sample, bring=kept.get("bring", 0) + 1)
    if pg.looked_sample is None:
        kept.update(place=place, action="compute gradients")
        kept["frame"] = "start" if len(place) == 2 else f"d{'b' if place[2] is None else 'W'}{place[0] + 1}"


def look_near(pg: Playground, now: Next) -> None:
    """A place on the map was chosen: the sample of the mini-batch nearest to it comes up."""
    kept, probe = values(pg), pg.probe
    if probe is None or kept.get("probe") == (probe, id(now)):
        return
    if probe != kept.get("probe", (None,))[0]:
        kept["row"] = None
    kept["probe"] = (probe, id(now))
    points, there = (now.data.scaled(np.asarray(x)) for x in (now.data.x_train[now.rows], [probe]))
    kept["sample"] = int(np.argmin(((points - there) ** 2).sum(axis=1)))


def microscope(pg: Playground, now: Next, caption: str, on_report: Callable[[], None]) -> None:
    """The tab. caption: which update this is, in words. on_report: called when something was chosen in it."""
    kept = values(pg)
    open_from_address(kept)
    shown = _shown(now, kept)
    if is_projected():
        pass  # the player itself says what it shows
    elif shown is now:
        st.caption(caption)
    else:
        _say_alone(pg, shown, kept)
    if shown.step is None:
        st.info("The next update would leave no usable numbers, so there is none to show: go back, or lower the rate.")
        return
    step = shown.step
    player(
        pg.key("microscope"),
        step,
        kept,
        only=True,
        inputs=now.features,
        around=lambda focus: around(pg.name, shown, step, focus),
        on_report=on_report,
        present_as={"present": MICROSCOPE},
    )


def alone(pg: Playground) -> None:
    """On the wall: nothing but the microscope, at the update of the address, however long the way there is."""
    kept, wanted = values(pg), pg.moment
    if kept.get("_alone_at") != wanted:
        run = pg.run.fork()
        _go(run, wanted.update, kept.setdefault("_alone_name", secrets.token_hex(8)))
        kept.update(_alone_at=wanted, _alone_next=next_update(run))
    microscope(pg, kept["_alone_next"], "", on_report=lambda: None)


def _go(run: sn.Run, update: int, who: str) -> None:
    """Train to an update in turns with others. who: a name of this visit for the gate.

    The bar that tells how far it is also lets Streamlit end the run, of a visitor who has left among others.
    """
    begin, bar = run.update, st.empty()
    while run.update < update and run.status != "diverged":
        bar.progress((run.update - begin) / (update - begin), f"Training to update {update:,}")
        with gate().turn(who):
            latest = time.monotonic() + longest(gate().players(who))
            while run.update < update and run.status != "diverged" and time.monotonic() < latest:
                run.advance(updates=min(PIECE, update - run.update))
    bar.empty()


def _shown(now: Next, kept: dict) -> Next:
    """The next update; where a training point was chosen that is not in it, what this point alone would do."""
    row: Any = kept.get("row")
    if row is not None and row in now.rows:
        kept.update(row=None, sample=int(np.flatnonzero(now.rows == row)[0]))
    if kept.get("row") is None or row >= len(now.x):
        kept["row"] = None
        return now
    kept["sample"] = 0
    alone = kept.get("_alone")
    if alone is None or alone[:2] != (id(now), row):
        kept["_alone"] = alone = (id(now), row, now.of_one(row), now)  # now is held: its id stays its own
    return alone[2]


def _say_alone(pg: Playground, shown: Next, kept: dict) -> None:
    row = int(shown.rows[0])
    with st.container(horizontal=True, vertical_alignment="center", key=pg.key("microscope_alone")):
        st.markdown(
            f"Training point {row + 1}, {point_name(shown, 0)}, is not in the next mini-batch. This is what it"
            " **alone** would do now: an update from the same weights, with this one sample."
        )
        st.button(
            "Back to the next mini-batch",
            key=pg.key("microscope_back"),
            on_click=unbroken(lambda: kept.update(row=None)),
            icon=":material/undo:",
        )


def around(board: str, now: Next, step: Step, focus: Focus) -> dict:
    """What a board's microscope shows around the frames: the chosen number, other choices, and who pulled it."""
    return {
        "headline": headline(step, focus, now.features),
        "choices": choices(now, step, focus),
        "board": board,
        "pulls": pulls_of(now, step, focus) if focus.source != UNIT else None,
    }


def choices(now: Next, step: Step, focus: Focus) -> list[dict]:
    """The same choice as on the board, as lists: for the keyboard, a phone, a screen reader.

    Each list: {name, label, chosen, options: [{text, at, sample}]}.
    """
    sizes = step.before.sizes
    layers = range(len(sizes) - 1)
    sources = [UNIT_ITSELF, BIAS, *range(sizes[focus.layer])]
    source = {UNIT: UNIT_ITSELF, None: BIAS}.get(focus.source, focus.source)

    def place(layer, unit, source):
        unit = min(unit, sizes[layer + 1] - 1)
        source = min(source, sizes[layer] - 1) if isinstance(source, int) else source
        return list({UNIT_ITSELF: (layer, unit), BIAS: (layer, unit, None)}.get(source, (layer, unit, source)))

    def from_where(choice):
        if isinstance(choice, str):
            return choice
        return f"weight from {now.features[choice]}" if focus.layer == 0 else f"weight from unit {choice + 1}"

    here = place(focus.layer, focus.unit, source)
    lists = (
        (
            "layer",
            "Layer",
            focus.layer,
            [("Output" if n == layers[-1] else f"Layer {n + 1}", place(n, focus.unit, source), None) for n in layers],
        ),
        (
            "unit",
            "Unit",
            focus.unit,
            [(str(k + 1), place(focus.layer, k, source), None) for k in range(sizes[focus.layer + 1])],
        ),
        (
            "source",
            "Number",
            sources.index(source),
            [(from_where(choice), place(focus.layer, focus.unit, choice), None) for choice in sources],
        ),
        (
            "sample",
            f"Sample (of {len(now.rows)})",
            focus.sample,
            [(sample_name(now, s), here, s) for s in range(len(now.rows))],
        ),
    )
    return [
        {
            "name": name,
            "label": label,
            "chosen": chosen,
            "options": [{"text": words, "at": at, "sample": sample} for words, at, sample in options],
        }
        for name, label, chosen, options in lists
    ]


def point_name(now: Next, sample: int) -> str:
    """A sample by its inputs and its target."""
    point, y = now.data.x_train[now.rows[sample]], now.y[now.rows[sample]]
    own = now.data.y_train.ravel()[now.rows[sample]]  # in the data's own units; the class, where targets are classes
    inputs = ", ".join(text(value, 3) for value in point[:3]) + (", …" if len(point) > 3 else "")
    if now.data.task == "regression":
        return f"({inputs}) → {text(own, 4)}"
    return f"({inputs}) → {text(y[0], 3) if len(y) == 1 else f'class {short_class(now.data.class_names, int(own))}'}"


def sample_name(now: Next, sample: int) -> str:
    """A sample by its place in the mini-batch, its inputs and its target."""
    return f"{sample + 1}: {point_name(now, sample)}"


def headline(step: Step, focus: Focus, features: tuple[str, ...]) -> list[tuple[str, str]]:
    """The chosen number now, its gradient, and what it will be: with all digits, as the board will hold them."""
    name = pictures.place_name(step.before.sizes, focus, features)
    if focus.source == UNIT:
        z, a = (array[focus.layer][focus.sample, focus.unit] for array in (step.forward.z, step.forward.a))
        delta = step.backward.delta[focus.layer][focus.sample, focus.unit]
        return [("unit", name), ("z of this sample", exact(z)), ("a", exact(a)), ("δ (with 1/n)", exact(delta))]
    i = network.parameter_index(step.before.sizes, focus.layer, focus.unit, focus.source)
    return [
        ("number", name),
        ("now", exact(step.before.theta[i])),
        ("gradient", exact(step.gradient[i])),
        ("after this update", exact(step.after.theta[i])),
    ]


def _which_way(step: Step) -> str:
    """Whether the update surely goes where the samples pull, and if not, what else has a say."""
    t = step.trainer
    others = ["the gradients before, which the optimizer remembers"] * bool(
        {"velocity", "m"} & set(step.optimizer_after)
    )
    others += ["a pull of every weight towards 0"] * bool(t.l1 or t.l2 or t.optimizer.weight_decay)
    if others:
        return f"; {' and '.join(others)} may send it the other way"
    return ": the update goes against the gradient"


def _what_joins(step: Step, focus: Focus, mean: float) -> str:
    """What the gradient of the update has beside the mean of the samples' own: a penalty, and a limit on its length."""
    i = network.parameter_index(step.before.sizes, focus.layer, focus.unit, focus.source)
    penalty = step.backward.gradient[i] - mean
    has_penalty = (step.trainer.l1 or step.trainer.l2) and focus.source is not None and penalty
    words = f" The penalty adds {text(penalty)}." if has_penalty else ""
    if not np.array_equal(step.gradient, step.backward.gradient):
        words += f" Clipping makes {text(step.gradient[i])} of it."
    return words


def pulls_of(now: Next, step: Step, focus: Focus) -> dict:
    """The picture of who pulled, as plain values: samples, the strongest first, and a map of two inputs."""
    found, chosen = walk.shares(step, focus), focus.sample
    largest = float(np.abs(found.gradients).max()) or 1.0
    order = [int(s) for s in found.order]
    shown = order[:MOST_PULLS]
    if chosen not in shown:
        shown[-1] = chosen
    is_plane = len(now.data.names) == 2
    samples = [
        {
            "at": s,
            "name": sample_name(now, s),
            "text": text(found.gradients[s]),
            "exact": exact(found.gradients[s]),
            "share": float(found.gradients[s]) / largest,
            "here": s == chosen,
            "point": [float(v) for v in now.data.x_train[now.rows[s]]] if is_plane else None,
        }
        for s in shown
    ]
    rest = len(order) - len(shown)
    return {
        "sentence": f"Each sample alone would have this gradient; their mean, {text(found.mean)}, is what"
        f" backpropagation gives.{_what_joins(step, focus, found.mean)} Blue pulls the number down, orange"
        f" up{_which_way(step)}.",
        "update": step.update,
        "points": [
            {"index": int(row), "share": float(gradient) / largest}
            for row, gradient in zip(now.rows, found.gradients, strict=True)
        ],
        "samples": samples,
        "more": f"and {rest:,} more" if rest else "",
        "map": {
            "names": list(now.data.names),
            "domain": [[float(low), float(high)] for low, high in now.data.domain],
            "others": now.data.x_train[:MOST_OTHERS].tolist(),
        }
        if is_plane
        else None,
    }
