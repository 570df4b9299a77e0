"""Present: the same pages in a window of their own, for the projector.

`?present=board`, `microscope`, `lesson` or `task` in the address says so, and here alone it is read. Pages ask
`is_projected()` and leave out all that is not for the wall, so it is not sent. Of a lesson one frame is sent at a time;
`shows` tells a page which of its parts that is. Size, keys, pointer, spotlight, black: present.js, which knows nothing
of networks.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

import streamlit as st

from scratchnet.values import shown
from ui.kit.mount import mount
from ui.unbroken import unbroken

BOARD, MICROSCOPE, LESSON, TASK = "board", "microscope", "lesson", "task"
NAMES = ("present", "slide", "frame")  # of an address: what is shown, which frame of a lesson, which of a player
STAGE = "present_stage"
SLIDE = "present_slide"  # which frame of the lesson is on the wall, counted from 0
FRAMES = "present_frames"  # those of the lesson that runs
LONGEST = 80  # characters of any of these that are read
# Streamlit measures everything in rem, so this makes it as large as a wall needs: 24 px of 1280 x 720, and where the
# browser is zoomed in no less than 22 px, with more to scroll. What has no part of the frame in it takes no room.
EMPTY = ':not(:has([data-testid="stElementContainer"], [data-testid^="stBidiComponent"]))'
STYLE = f"""<style>
:root {{ font-size: max(22px, min(1.875vw, 3.3333vh)) !important; }}
[data-testid="stMain"] [data-testid="stMainBlockContainer"] {{ padding: 0.7rem 1rem 2.3rem; max-width: none; }}
[data-testid="stColumn"]{EMPTY}, [data-testid="stLayoutWrapper"]{EMPTY} {{ display: none; }}
.st-key-present_stage_place {{ position: absolute; }}
[data-testid="stHeader"] {{ display: none; }}
[data-testid="stBidiComponentIsolated"], .js-plotly-plot {{ zoom: var(--present-zoom, 1); }}
.js-plotly-plot {{ width: calc(100% * var(--present-zoom, 1)) !important; }}
[data-testid="stElementContainer"]:has([data-testid="stPlotlyChart"]) {{
  width: calc(100% / var(--present-zoom, 1)) !important; overflow: visible !important;
}}
.st-key-present_stage_place [data-testid="stBidiComponentIsolated"] {{ zoom: 1; }}
:is(button, label, td, th, [data-testid="stCaptionContainer"], [data-testid="stWidgetLabel"], [data-testid="stSlider"],
  [data-testid="stMetricLabel"], [data-testid="stMetricDelta"]) p, p code,
[data-testid="stCode"] * {{ font-size: 0.93rem !important; }}
[class*="st-key-predict_"] p {{ font-size: 1.2rem !important; }}
[data-testid="stMarkdownContainer"] .katex-display {{ margin: 0.2em 0; }}
[data-testid="stVerticalBlock"] {{ gap: 0.6rem; }}
</style>"""

# No phone has a projector.
OPENER_STYLE = "<style>@media (max-width: 640px) { .st-key-OPENER { display: none; } }</style>"


@dataclass(frozen=True)
class Frame:
    """A frame of a lesson on the wall. part: which part of its page; put: values that it begins with."""

    title: str
    part: str
    put: Mapping = field(default_factory=dict)


def what() -> str:
    """What this window presents: "board", "microscope", "lesson" or "task"; "" where it is no window for the wall."""
    wanted = st.query_params.get("present", "")
    return wanted if wanted in (BOARD, MICROSCOPE, LESSON, TASK) else ""


def is_projected() -> bool:
    """Whether this window is for the wall: what is typed, and what only who reads by herself needs, is not sent."""
    return what() != ""


def problems(is_lesson: bool, is_playground: bool) -> list[str]:
    """Sentences on what an address says of this and a page cannot do."""
    said, name = [], "present"
    kinds = (LESSON,) if is_lesson else (BOARD, MICROSCOPE, TASK) if is_playground else ()
    wanted = st.query_params.get(name)
    if wanted is not None and wanted not in kinds:
        expected = f"one of {', '.join(kinds)}" if kinds else "none, for this page has nothing for the wall"
        said.append(f"In the link (open it without), {name}: expected {expected}, got {shown(wanted)}.")
    for name, form, what in (("slide", r"[0-9]{1,4}", "a number"), ("frame", r"[^.]+\.[^.]+\.[^.]+.*", "dW1.0_1.3")):
        text = st.query_params.get(name)
        if text is not None and not (is_projected() and re.fullmatch(form, text)):
            said.append(f"In the link (it is left out), {name}: expected {what} beside present, got {shown(text)}.")
    return said


def in_address() -> dict[str, str]:
    """What an address says of this: the names and values of its query."""
    if not is_projected():
        return {}
    held = {name: st.query_params.get(name, "")[:LONGEST] for name in NAMES}
    if SLIDE in st.session_state:
        held["slide"] = str(st.session_state[SLIDE] or "")
    return {name: text for name, text in held.items() if text}


def link(kind: str, query: str = "") -> str:
    """The address, seen from this page, of a window that presents what `query` opens, without Streamlit's bars."""
    own = {"present": kind, "embed": "true"}
    return "?" + "&".join(filter(None, [query, urlencode(own)]))


def opener(kind: str, query: str, key: str) -> None:
    """The way to a window for the projector; in one there is no other."""
    if is_projected():
        return
    st.html(OPENER_STYLE.replace("OPENER", key))
    st.link_button(
        "Present",
        link(kind, query),
        icon=":material/present_to_all:",
        type="secondary" if kind == BOARD else "tertiary",  # in a lesson's heading no higher than the links beside it
        key=key,
        help="Opens a window of its own for the projector: large, with a clicker's keys, and without what is typed.",
    )


# ---- a lesson, frame by frame ----------------------------------------------------------------------------------------


def begin(frames: Sequence[Frame]) -> None:
    """These are the frames of the page that begins to run."""
    st.session_state[FRAMES] = tuple(frames)
    if SLIDE not in st.session_state:
        asked = st.query_params.get("slide", "0")[:LONGEST]
        st.session_state[SLIDE] = int(asked) if asked.isascii() and asked.isdigit() else 0
    st.session_state[SLIDE] = min(st.session_state[SLIDE], len(frames) - 1)


def shows(*parts: str) -> bool:
    """Whether one of these parts of a lesson is sent: all are, but to the wall only that of its present frame."""
    return what() != LESSON or present_frame().part in parts


def present_frame() -> Frame:
    return st.session_state[FRAMES][st.session_state[SLIDE]]


def stage(values: dict | None = None) -> None:
    """What makes a window one for the wall; call last on its page. values: a lesson's, which its frames change."""
    key, frames = STAGE, st.session_state.get(FRAMES, ()) if what() == LESSON else ()

    @unbroken
    def go() -> None:
        by = st.session_state[key].go
        now = min(max(st.session_state[SLIDE] + (1 if by == 1 else -1), 0), len(frames) - 1)
        if by in (1, -1) and now != st.session_state[SLIDE]:
            st.session_state[SLIDE] = now
            if values is not None:
                values.update(frames[now].put)

    st.html(STYLE)
    with st.container(key=STAGE + "_place"):
        here = st.session_state[SLIDE] if frames else 0
        data = {
            "what": what(),
            "title": frames[here].title if frames else "",
            "place": here,
            "count": len(frames),
        }
        mount("present/present", key=key, data=data, on_go_change=go)
