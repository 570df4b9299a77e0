"""Jumps: where in its history the training loss rose suddenly, as after too large a step or a changed setting."""

import numpy as np

WINDOW = 5  # rows before, of which the smallest loss is what it rose from
FACTOR = 1.5  # times that loss; less is how mini-batches usually go up and down
MOST = 5


def jumps(update: np.ndarray, train_loss: np.ndarray) -> tuple[int, ...]:
    """The updates of at most MOST rows at which the training loss begins to be above FACTOR times the smallest of the
    (up to WINDOW) rows before, in order; of more those that rose most. A row that is not finite counts as infinite.

    update, train_loss: columns (n,) of a history.
    """
    loss = np.where(np.isfinite(train_loss), train_loss, np.inf)
    found: list[tuple[float, int]] = []
    was_high = False
    for row in range(1, len(loss)):
        least = loss[max(row - WINDOW, 0) : row].min()
        is_high = bool(loss[row] > FACTOR * least)
        if is_high and not was_high:
            found.append((float(loss[row] / least) if least > 0 else np.inf, int(update[row])))
        was_high = is_high
    strongest = sorted(found, key=lambda jump: -jump[0])[:MOST]
    return tuple(sorted(at for _, at in strongest))
