"""Pictures of a race of optimizers: the ground, each rule's way and loss, and when it arrives."""

from collections.abc import Mapping

import numpy as np

from scratchnet.full_batch import Way, loss_plane
from ui.checks import optimizers as checks
from ui.drawings.ways import Drawn, Landscape
from ui.kit import palette
from ui.kit.typed import written

PLACES = 97  # along each side of the map
MARKS = {"triangle-up": "▲", "diamond": "◆", "cross": "✚", "triangle-down": "▼", "star": "★"}  # as letters
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
WIDTHS = (5.0, 4.0, 3.0, 2.2, 1.4)  # each lies on a wider one, so where two go the same way both are seen
MARKED = 10  # updates from mark to mark, of each rule at other ones


def landscape_of(ground: checks.Ground) -> Landscape:
    first, second = np.linspace(*ground.first, PLACES), np.linspace(*ground.second, PLACES)
    values = loss_plane(ground.net, ground.x, ground.y, "mse", first, second)
    return Landscape(first, second, values, (ground.lowest[:2], ground.least), ground.names)


def drawn(ways: Mapping[str, Way], updates: int) -> list[Drawn]:
    """The first so many updates of each rule, in colours and marks that stand for no sign and no class of this page."""
    looks = zip(ways.items(), palette.CLASSES[2:7], palette.LINES, DASHES, WIDTHS, strict=True)
    return [
        Drawn(
            checks.RULES[rule],
            way.theta[: updates + 1],
            way.loss[: updates + 1],
            colour,
            mark.symbol,
            dash,
            width,
            range(number * MARKED // len(ways), updates + 1, MARKED),
        )
        for number, ((rule, way), mark, colour, dash, width) in enumerate(looks)
    ]


def results_table(state: Mapping, ways: Mapping[str, Way], least: float) -> list[dict]:
    """A row a rule: its rate, other settings, and after how many updates it has arrived."""
    return [
        {
            "rule": f"{MARKS[mark.symbol]} {checks.RULES[rule]}",
            "rate": written(state[f"rate_{rule}"]),
            "settings": checks.SETTINGS_OF[rule] or "none",
            "at the goal": _arrival(way, least),
        }
        for (rule, way), mark in zip(ways.items(), palette.CLASSES[2:], strict=False)
    ]


def _arrival(way: Way, least: float) -> str:
    if not way.is_whole:
        return "diverges"
    arrived = checks.arrival(way, least)
    return f"not in {checks.LONG}" if arrived is None else f"update {arrived}"
