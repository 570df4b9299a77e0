"""Player: a walkthrough on screen. Frame after frame, with graph, arrays and code that lead to each other.

`player(key, step, values)` shows one `Step`. `values` is a plain dict that the page keeps: which frame, which link or
unit, which sample. A change of any of them runs only the player's own fragment.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import streamlit as st

from scratchnet.trainer import Step
from ui import assets, errors, numbers
from ui import walkthrough as walk
from ui.graph import graph
from ui.player import pictures
from ui.walkthrough import UNIT, Focus, Frame

FOLDER = Path(__file__).parent
ACTIONS = {"compute gradients": "Compute gradients", "apply update": "Apply update", "check": "Check one gradient"}
START = {"action": "compute gradients", "frame": "start", "place": (-1, 0), "sample": 0}


def focus_of(step: Step, values: Mapping) -> Focus:
    """The chosen place as a Focus of this step; where the network or mini-batch has no such place, the first output."""
    place = tuple(values["place"])
    wanted = Focus(place[0], place[1], place[2] if len(place) == 3 else UNIT, values["sample"])
    try:
        return wanted.checked(step)
    except (ValueError, TypeError):
        return Focus().checked(step)


def told(step: Step, values: dict, only: bool) -> tuple[Focus, tuple[Frame, ...]]:
    """(focus, its frames); kept in values until the step or the focus is another one."""
    focus = focus_of(step, values)
    kept = values.get("_told")
    if kept is None or kept[0] is not step or kept[1] != (focus, only):
        made = walk.microscope(step, focus) if only else walk.frames(step, focus)
        values["_told"] = kept = (step, (focus, only), made)
    return focus, kept[2]


def present(frames: tuple[Frame, ...], values: Mapping) -> tuple[list[Frame], int]:
    """(the frames of the chosen action, which of them is on screen)."""
    own = [frame for frame in frames if frame.action == values["action"]]
    keys = [frame.key for frame in own]
    return own, keys.index(values["frame"]) if values["frame"] in keys else 0


def choose(step: Step, values: dict, only: bool, place, sample: object = None) -> None:
    """A link, unit or bias was chosen on the graph, in an array or in a list: the frame about it comes up."""
    if place[0] < 0:
        return
    _, frames = told(step, values, only)
    own, index = present(frames, values)
    values["place"] = tuple(place)
    if type(sample) is int and 0 <= sample < len(step.y):
        values["sample"] = sample
    _, frames = told(step, values, only)
    values["frame"] = pictures.frame_for(frames, own[index], place)


@st.fragment
def player(
    key: str,
    step: Step,
    values: dict,
    only: bool = False,
    above: Callable[[], None] | None = None,
    below: Callable[[Step, Focus], None] | None = None,
    inputs: tuple[str, ...] = (),
) -> None:
    """Show a Step. only: just the frames of the chosen place, for the microscope. above: drawn first; below: last.

    inputs: their names; none: x1, x2, ...
    """
    with errors.caught():
        if above is not None:
            above()
        focus, frames = told(step, values, only)
        own, index = present(frames, values)
        frame = own[index]
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _actions(key, values, frames)
            _list(key, values, own, frame)
        _bar(key, values, own, index)
        left, right = st.columns([11, 10], gap="medium")
        with left:
            graph(
                f"{key}_graph",
                **pictures.graph_of(step, frame, focus, inputs),
                on_choose=lambda place: choose(step, values, only, place),
            )
            _arrays(key, step, values, only, frame, focus)
        with right:
            _words(frame, frames)
            _listing(key, values, frames, frame, focus)
            if below is not None:
                below(step, focus)


def _actions(key: str, values: dict, frames: tuple[Frame, ...]) -> None:
    widget = f"{key}_action"

    def change() -> None:
        values["action"] = st.session_state[widget] or values["action"]
        values["frame"] = next(frame.key for frame in frames if frame.action == values["action"])

    st.session_state[widget] = values["action"]
    st.segmented_control(
        "What to follow",
        list(ACTIONS),
        format_func=ACTIONS.get,
        key=widget,
        required=True,
        on_change=change,
        label_visibility="collapsed",
        wrap=True,
        width="content",
    )


def _bar(key: str, values: dict, own: list[Frame], index: int) -> None:
    widget = f"{key}_bar"
    keys = [frame.key for frame in own]

    def go() -> None:
        wanted = (st.session_state.get(widget) or {}).get("go")
        if wanted in keys:
            values["frame"] = wanted

    part("bar")(
        key=widget,
        data={
            "index": index,
            "keys": keys,
            "names": [frame.title for frame in own],
            "stages": [frame.stage for frame in own],
            "bring": values.get("bring", 0),
        },
        on_go_change=go,
    )


def _list(key: str, values: dict, own: list[Frame], frame: Frame) -> None:
    widget = f"{key}_frame"
    titles = {frame.key: f"{place}. {frame.title}" for place, frame in enumerate(own, start=1)}

    def change() -> None:
        values["frame"] = st.session_state[widget]

    st.session_state[widget] = frame.key
    st.selectbox(
        "Frame",
        list(titles),
        format_func=lambda name: titles.get(name, ""),
        key=widget,
        on_change=change,
        label_visibility="collapsed",
    )


def _words(frame: Frame, frames: tuple[Frame, ...]) -> None:
    badge = ":blue-badge[old weights]" if frame.weights_old else ":violet-badge[new weights]"
    st.markdown(f"{frame.sentence} {badge}")
    st.latex(pictures.formula_of(frame))
    more = f" · {frame.more:,} more like it: choose another unit or link" if frame.more else ""
    st.caption(f"{frame.shape}{more}")
    if frame.action == "apply update":
        _losses(frames)


def _losses(frames: tuple[Frame, ...]) -> None:
    """Loss before and after, and what the gradient had predicted; from the frames, which have computed them."""
    found = {frame.key: frame.result for frame in frames}
    before, after, change = found["loss_after"]
    predicted, _ = found["prediction"]
    st.table(
        [
            {
                "loss before": numbers.text(before, 6),
                "loss after": numbers.text(after, 6),
                "change": numbers.text(change),
                "predicted by the gradient": numbers.text(predicted),
            }
        ],
        border="horizontal",
        hide_index=True,
    )


def _arrays(key: str, step: Step, values: dict, only: bool, frame: Frame, focus: Focus) -> None:
    widget = f"{key}_arrays"

    def chosen() -> None:
        report = (st.session_state.get(widget) or {}).get("cell")
        if not isinstance(report, Mapping) or not isinstance(report.get("at"), list | tuple):
            return
        place = tuple(report["at"])
        known = len(place) in (2, 3) and all(type(p) is int or (p is None and i == 2) for i, p in enumerate(place))
        if known and _exists(step, place):
            choose(step, values, only, place, report.get("sample"))

    part("arrays")(key=widget, data={"arrays": pictures.arrays_of(step, frame, focus)}, on_cell_change=chosen)


def _exists(step: Step, place: tuple) -> bool:
    """Whether the network has this place: a browser may report anything."""
    try:
        Focus(place[0], place[1], place[2] if len(place) == 3 else UNIT).checked(step)
    except ValueError:
        return False
    return place[0] >= 0


def _listing(key: str, values: dict, frames: tuple[Frame, ...], frame: Frame, focus: Focus) -> None:
    widget = f"{key}_listing"

    def chosen() -> None:
        number = (st.session_state.get(widget) or {}).get("line")
        found = pictures.frame_of_line(frames, frame, number, focus.layer)
        values["frame"] = found
        values["action"] = next(other.action for other in frames if other.key == found)

    part("listing")(key=widget, data=pictures.listing_of(frames, frame, focus.layer), on_line_change=chosen)


def part(name: str):
    """One of the components of this folder. Where the app serves its files, the browser fetches the styles itself."""
    is_served = assets.served()
    css = None if is_served else (FOLDER / "player.css").read_text("utf-8")
    return st.components.v2.component(
        f"player-{name}" if is_served else f"player-{name}-inline", js=assets.script(f"player/{name}.js"), css=css
    )
