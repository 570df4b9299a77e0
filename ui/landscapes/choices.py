"""Choices: which plane is shown, how wide, on how fine a grid and with what added, and the controls for it."""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from scratchnet import landscape as sl
from ui import labels
from ui.landscapes.still import Still, sources
from ui.play.playground import Playground
from ui.unbroken import unbroken

OF_PATH, OF_PARAMETERS, RANDOM = "path", "parameters", "random"
PLANES = {
    OF_PATH: "The run's own path",
    OF_PARAMETERS: "Two weights or biases",
    RANDOM: "Two random directions",
}
BIAS = "its bias"
ZOOMS = {
    0.05: "a 20th, around the present",
    0.25: "a quarter, around the present",
    1.0: "the whole path",
    2.0: "twice as wide",
    5.0: "five times as wide",
}
RESOLUTIONS = (21, 31, 61, 101)  # places along each side
USUAL = 61
# Multiplications of a surface: places times training points times parameters. What is usual takes a second or two, and
# nobody has half a minute of a shared server.
MOST_AT_FIRST, MOST_AT_ALL = 5e9, 6e10


@dataclass(frozen=True)
class Chosen:
    """What the visitor wants to see. plane: of PLANES; places: of two parameters; seed: of random directions."""

    plane: str
    places: tuple[tuple[int, int, int | None], ...] = ()
    seed: int = 0
    zoom: float = 1.0
    size: int = USUAL
    penalties: bool = False


def controls(pg: Playground, now: Still, row: DeltaGenerator) -> Chosen | None:
    """What is chosen, None where that cannot be shown: then why is said."""
    settings, has_path = now.run.settings, now.path.length > 0
    with row:
        plane = st.selectbox(
            "Plane",
            list(PLANES),
            index=0 if has_path else 2,
            format_func=PLANES.__getitem__,
            key=pg.key(f"landscape_plane_{has_path}"),
            persist_state="session",
            width=230,
        )
        zoom = st.selectbox(
            "Shown",
            list(ZOOMS),
            index=2,
            format_func=lambda zoom: ZOOMS[zoom] if plane != RANDOM or zoom != 1 else "as far as the weights are large",
            key=pg.key("landscape_zoom"),
            persist_state="session",
            width=250,
        )
        cost = len(now.run.x_train) * now.network.n_parameters
        offered = [size for size in RESOLUTIONS if size**2 * cost <= MOST_AT_ALL] or list(RESOLUTIONS[:1])
        quick = [size for size in offered if size <= USUAL and size**2 * cost <= MOST_AT_FIRST] or offered[:1]
        size = st.selectbox(
            "Grid",
            offered,
            index=len(quick) - 1,
            format_func=lambda size: f"{size} × {size}",
            key=pg.key(f"landscape_grid_{quick[-1]}_{offered[-1]}"),
            help="At so many places of the plane the loss is computed. A finer grid takes longer.",
            persist_state="session",
            width=120,
        )
        penalties = bool(settings.l1 or settings.l2) and st.toggle(
            "With penalties",
            key=pg.key("landscape_penalties"),
            help="Adds what L1 and L2 add: training goes down on that sum. The curves on the playground leave it out.",
            persist_state="session",
        )
        seed = 0
        if plane == RANDOM:
            seed = seed_button(pg, "landscape_seed", "New directions")
    if quick[-1] < USUAL:
        st.caption(
            f"This network is large for its {len(now.run.x_train):,} training points, so the grid is coarse at first; "
            "a finer one takes longer, and you can cancel it."
        )
    if plane == OF_PATH and not has_path:
        st.info(
            "This run has no path yet: it stands where it began. Train it on the playground, or choose two random "
            "directions."
        )
        return None
    places: tuple = ()
    if plane == OF_PARAMETERS:
        left, right = st.columns(2, gap="medium")
        with left:
            across = _parameter(pg, now, "across", 0)
        with right:
            up = _parameter(pg, now, "up", 1)
        if across == up:
            st.info("Across and up are the same number of the network: choose another one for one of them.")
            return None
        places = (across, up)
    return Chosen(plane, places, seed, zoom, size, penalties)


def seed_button(pg: Playground, name: str, label: str) -> int:
    """A seed that a button counts on, as the board's New weights."""
    key = pg.key(name)
    seed = st.session_state.setdefault(key, 0)

    @unbroken
    def another() -> None:
        st.session_state[key] = seed + 1

    st.button(f"{label} · seed {seed}", key=f"{key}_next", on_click=another)
    return seed


def _parameter(pg: Playground, now: Still, axis: str, first: int) -> tuple[int, int, int | None]:
    """Lists for one weight or bias: its layer, its unit, and where it comes from. first: the source at first."""
    net = now.network
    of = f"{axis}_{'-'.join(map(str, net.sizes))}"

    def choose(label: str, options: list, words, width: int, index: int = 0):
        return st.selectbox(
            f"{label} {axis}",
            options,
            index=index,
            format_func=words,
            key=pg.key(f"landscape_{label}_{of}_{len(options)}"),
            persist_state="session",
            width=width,
        )

    with st.container(horizontal=True, gap="small"):
        layer = choose("Layer", list(range(len(net.sizes) - 1)), lambda n: labels.layer_title(net, n), 120)
        unit = choose("Unit", list(range(net.sizes[layer + 1])), lambda k: str(k + 1), 100)
        given, names = [*range(net.sizes[layer]), BIAS], sources(now, layer)
        source = choose(
            "Number",
            given,
            lambda k: BIAS if k == BIAS else f"weight from {names[k]}",
            230,
            min(first, len(given) - 1),
        )
    return layer, unit, None if source == BIAS else source


def plane_of(now: Still, chosen: Chosen) -> sl.LossPlane:
    if chosen.plane == OF_PARAMETERS:
        return sl.parameter_plane(now.network, *chosen.places)
    if chosen.plane == RANDOM:
        return sl.random_plane(now.network, chosen.seed)
    if OF_PATH not in now.figures:
        now.figures[OF_PATH] = sl.path_plane(now.paths)
    return now.figures[OF_PATH]
