"""Film: pictures of a run's whole way, for a visitor who moves through time and whose browser has seen little of it.

They are made of what the run has at hand, its checkpoints, so nothing is trained.
"""

from collections.abc import Callable

import scratchnet as sn
from ui.play.payload import Frame, Scene

MOST_FRAMES, MOST_BYTES = 48, 600_000
SECONDS = 0.15  # for all of them; those that come first are spread over the way


def film(
    scene: Scene,
    run: sn.Run,
    first: int,
    last: int,
    count: int,
    probe: tuple | None,
    clock: Callable[[], float],
    seconds: float = SECONDS,
    others: Callable[[], bool] = lambda: False,
) -> list[Frame]:
    """Up to `count` frames at updates from first to last, in order; none whose points are not the scene's.

    run: is left as it is. clock: seconds. seconds: that its turn may last; no film takes more than SECONDS.
    others: whether somebody waits who goes first.
    """
    latest, count, fork = clock() + min(seconds, SECONDS), min(count, MOST_FRAMES), run.fork()
    made: dict[int, Frame] = {}
    for share in _coarse_first(count):
        fork.approach(first + round((last - first) * share))
        if fork.update in made or not first <= fork.update <= last:
            continue
        if fork.settings.dataset != scene.experiment.dataset:
            continue
        frame = scene.frame(fork, probe)
        if sum(one.nbytes for one in made.values()) + frame.nbytes > MOST_BYTES:
            break
        made[fork.update] = frame
        if clock() > latest or others():
            break
    return [made[update] for update in sorted(made)]


def _coarse_first(count: int) -> list[float]:
    """Shares of the way from 0 to 1, so that the first of them are spread over all of it already."""
    steps, stride = max(count - 1, 1), 1
    while stride < steps:
        stride *= 2
    order: list[int] = []
    while stride:
        order += [step for step in range(0, steps + 1, stride) if step not in order]
        stride //= 2
    return [step / steps for step in order[:count]]
