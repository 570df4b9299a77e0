"""Player: a walkthrough on screen. Frame after frame, with graph, arrays and code that lead to each other.

`player(key, step, values)` shows one `Step`. The browser gets all frames at once and goes from one to another by
itself. `values` is a plain dict that the page keeps: which frame, which link or unit, which sample. Only what changes
the numbers, another link or another sample, is asked of Python, and runs only the player's own fragment.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import streamlit as st

from scratchnet.trainer import Step
from ui import errors, present
from ui import walkthrough as walk
from ui.graph import Place
from ui.kit.mount import mount
from ui.player import pictures
from ui.unbroken import unbroken
from ui.walkthrough import UNIT, Focus, Frame

ACTIONS = {"compute gradients": "Compute gradients", "apply update": "Apply update", "check": "Check one gradient"}
# There is room for so many units of a layer, lines of a formula with numbers and characters in them.
ON_THE_WALL = {"most": 5, "lines": 2, "width": 36, "small": 3}
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


def story_of(
    step: Step, values: dict, only: bool, inputs: tuple[str, ...], around: Callable[[Focus], dict] | None
) -> tuple[dict, str]:
    """(the frames as plain values for the browser, a name for exactly these values); kept in values like the frames."""
    focus, frames = told(step, values, only)
    kept = values.get("_story")
    if kept is None or kept[0] is not frames:
        story = pictures.story(step, frames, focus, inputs, **(ON_THE_WALL if present.is_projected() else {})) | {
            "actions": list(ACTIONS.items()),
            "sample": focus.sample,
        }
        story |= around(focus) if around is not None else {}
        version = hashlib.sha1(json.dumps(story).encode(), usedforsecurity=False).hexdigest()
        values["_story"] = kept = (frames, story, version)
    return kept[1:]


def on_screen(frames: tuple[Frame, ...], values: Mapping) -> tuple[list[Frame], int]:
    """(the frames of the chosen action, which of them is on screen)."""
    own = [frame for frame in frames if frame.action == values["action"]]
    keys = [frame.key for frame in own]
    return own, keys.index(values["frame"]) if values["frame"] in keys else 0


def hear(step: Step, values: dict, only: bool, report: object) -> None:
    """What a browser reports: {n, have, action, frame, choose}. Each report counts once; a browser may send anything.

    n: its number; have: the version of the story that is there; choose: None or {at: place, sample}.
    """
    if not isinstance(report, Mapping) or type(report.get("n")) is not int or report["n"] == values.get("heard"):
        return
    values["heard"], values["have"] = report["n"], report.get("have")
    action, frame = report.get("action"), report.get("frame")
    if isinstance(action, str) and action in ACTIONS and isinstance(frame, str):
        values["action"], values["frame"] = action, frame
    wanted = report.get("choose")
    if isinstance(wanted, Mapping) and isinstance(wanted.get("at"), list | tuple):
        place = tuple(wanted["at"])
        known = len(place) in (2, 3) and all(type(p) is int or (p is None and i == 2) for i, p in enumerate(place))
        if known and _exists(step, place):
            choose(step, values, only, place, wanted.get("sample"))


def choose(step: Step, values: dict, only: bool, place: Place, sample: object = None) -> None:
    """A link, unit or bias was chosen on the graph, in an array or in a list: the frame about it comes up."""
    _, frames = told(step, values, only)
    own, index = on_screen(frames, values)
    values["place"] = tuple(place)
    if type(sample) is int and 0 <= sample < len(step.y):
        values["sample"] = sample
    values["frame"] = pictures.frame_for(told(step, values, only)[1], own[index], place)


@st.fragment
def player(
    key: str,
    step: Step,
    values: dict,
    only: bool = False,
    above: Callable[[], None] | None = None,
    inputs: tuple[str, ...] = (),
    around: Callable[[Focus], dict] | None = None,
    on_report: Callable[[], None] = lambda: None,
    present_as: dict | None = None,
) -> None:
    """Show a Step. only: just the frames of the chosen place, for the microscope. above: called first at every run.

    inputs: their names; none: x1, x2, ... around(focus): what else belongs to the place, as ui.microscope.around says.
    on_report: called when the browser says where it is or what was chosen. present_as: what the address of a window
    for the projector says beside the frame; None: there is none.
    """
    with errors.caught():
        widget = f"{key}_player"
        report = (st.session_state.get(widget) or {}).get("report")
        hear(step, values, only, report)
        if above is not None:
            above()
        frames = told(step, values, only)[1]
        if values.pop("_opened", False):  # which of the actions its frame belongs to
            values["action"] = next((f.action for f in frames if f.key == values["frame"]), values["action"])
        own, index = on_screen(frames, values)
        story, version = story_of(step, values, only, inputs, around)
        is_there = report is not None and values.get("have") == version  # without a report the browser is new here
        mount(
            "player/player",
            key=widget,
            data={
                "story": None if is_there else story,
                "version": version,
                "heard": values.get("heard", 0),
                "action": values["action"],
                "frame": own[index].key,
                "bring": values.get("bring", 0),
                "formulas": formula_module(),
                "wall": present.is_projected(),
                "present": None if present.is_projected() else present_as,
                "row": values.get("row"),
            },
            on_report_change=unbroken(on_report),
        )
        values["have"] = version


def _exists(step: Step, place: tuple) -> bool:
    """Whether the network has this place."""
    try:
        Focus(place[0], place[1], place[2] if len(place) == 3 else UNIT).checked(step)
    except ValueError:
        return False
    return place[0] >= 0


def open_from_address(values: dict) -> None:
    """On the wall: begin at the frame that was on screen where the window was opened, once.

    In the address it is frame=dW1.0_1_2.3.17: the frame's key, the place (a bias' source is b), the sample, and the
    training point where one alone is looked at. What is none is left out.
    """
    text = st.query_params.get("frame", "") if present.is_projected() else ""
    if not text or "_at" in values:
        return
    values["_at"] = text
    with suppress(ValueError):
        key, place, sample, *row = text[: present.LONGEST].split(".")
        numbers = tuple(None if part == "b" else int(part) for part in place.split("_"))
        if len(numbers) in (2, 3) and None not in numbers[:2]:
            values.update(frame=key, place=numbers, sample=int(sample), _opened=True)
            values["row"] = int(row[0]) if row and row[0].isdecimal() else None


def formula_module() -> str:
    """Where Streamlit serves the module that sets its formulas (KaTeX), below the app's address."""
    static = Path(st.__file__).parent / "static"
    return next((static / "static/js").glob("rehype-katex.*.js")).relative_to(static).as_posix()
