"""Loss axis: when losses are drawn on a logarithmic axis, unless somebody has chosen; board, chart, film ask here."""

import numpy as np

LOG_ABOVE = 20  # times the smallest loss: up to there a linear axis is easier to read


def wants_log(*losses: np.ndarray) -> bool:
    """Whether losses span so much that a logarithmic axis shows them better: those it can show, above 0, finite."""
    every = np.concatenate(losses)
    every = every[np.isfinite(every) & (every > 0)]
    return bool(len(every) and every.max() / LOG_ABOVE > every.min())
