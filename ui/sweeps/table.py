"""Table: every cell of a sweep as a row of text, to be read and downloaded."""

from collections.abc import Sequence

import pandas as pd

from scratchnet.cell import Result
from scratchnet.sweep import Failure, Sweep, rows


def table(sweep: Sweep, outcomes: Sequence[Result | Failure | None]) -> pd.DataFrame:
    """As `rows` has them; a number with all its digits, so that it reads back as the same."""
    names, cells = rows(sweep, outcomes)
    return pd.DataFrame(
        [[cell if isinstance(cell, str) else repr(cell) for cell in row] for row in cells], columns=list(names)
    )
