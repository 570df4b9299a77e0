"""Still: the run on the playground as it stood at one update, with its path and those of its other branches."""

from dataclasses import dataclass, field

import streamlit as st

import scratchnet as sn
from scratchnet import landscape as sl
from ui import labels
from ui.landscapes.turns import go, pieces
from ui.play.payload import feature_label, unit_names
from ui.play.playground import Playground


@dataclass(frozen=True, eq=False)
class Still:
    """The run on the playground as it stood at one update. figures: what was drawn of it."""

    shown: tuple[int, int, bool]  # generation and update of the playground it was taken at, and whether a branch waits
    run: sn.Run
    path: sl.Path
    branches: tuple[tuple[str, sl.Path], ...] = ()  # the other ones: name and path, from where it left its parent on
    missing: int = 0  # branches that are not at hand
    figures: dict = field(default_factory=dict)

    @property
    def paths(self) -> list[sl.Path]:
        """The run's, then those of its other branches."""
        return [self.path, *(path for _, path in self.branches)]

    @property
    def network(self) -> sn.Network:
        return self.run.network

    def mean_loss(self, penalties: bool) -> sl.MeanLoss:
        """The loss of the training points, with the penalties in force or without."""
        settings = self.run.settings
        l1, l2 = (settings.l1, settings.l2) if penalties else (0.0, 0.0)
        return sl.MeanLoss(self.network, self.run.x_train, self.run.y_train, settings.loss, l1, l2)


def still(pg: Playground) -> Still:
    """The run at the update on screen, taken once for each picture of the board; it goes on without this one."""
    key = pg.key("landscape_still")
    with pg.lock:
        shown = (pg.generation, pg.shown, pg.is_behind)
        last = st.session_state.get(key)
        if last is not None and last.shown == shown:
            return last
        run, forks = pg.run.fork(), pg.forks
    others = pg.others_at_hand()
    with pieces(pg, "Following the path of the run", sl.FEWEST * (1 + len(others))) as turn:
        go(run, shown[1], turn)
        path = sl.path_of(run, turn)
        branches = []
        for fork, other in others:
            go(other, fork.furthest, turn)
            branches.append((labels.branch_name(forks, fork.id), sl.path_of(other, turn).since(fork.at)))
    missing = len(forks.every) - 1 - len(branches)
    st.session_state[key] = now = Still(shown, run, path, tuple(branches), missing)
    return now


def sources(now: Still, layer: int) -> list[str]:
    """What the sources of a layer's units are called."""
    if layer == 0:
        return [feature_label(name, now.run.dataset.names) for name in now.run.settings.features]
    return unit_names(now.network.sizes, now.run.dataset.class_names)[layer - 1]


def parameter_name(now: Still, place: tuple[int, int, int | None]) -> str:
    """A weight or bias as the board names it."""
    layer, unit, source = place
    of = unit_names(now.network.sizes, now.run.dataset.class_names)[layer][unit]
    return f"bias of {of}" if source is None else f"weight from {sources(now, layer)[source]} to {of}"
