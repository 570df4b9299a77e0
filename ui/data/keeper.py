"""Keeper: the tables that visitors have given to this process, by their digest, so that a reload or a link finds them.

It holds a bounded amount. Of too much the table goes that nobody has used for longest: its link then says which file is
needed.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress

from scratchnet.points import A_FILE, Points, read_link

MOST_BYTES = 100_000_000  # of all tables; the largest one takes 8 MB


class Keeper(Mapping[str, Points]):
    """Digest -> Points. What asks while another thread gives something sees what was there when it began."""

    def __init__(self, most_bytes: int = MOST_BYTES):
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._tables: dict[str, Points] = {}  # the one used last is the last

    def keep(self, points: Points) -> None:
        """Take in a table, or say of one that it is used."""
        with self._lock:
            tables = {digest: kept for digest, kept in self._tables.items() if digest != points.digest}
            tables[points.digest] = points
            while len(tables) > 1 and sum(map(_bytes, tables.values())) > self._most_bytes:
                del tables[next(iter(tables))]
            self._tables = tables

    def __getitem__(self, digest: str) -> Points:
        return self._tables[digest]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def items(self):
        return self._tables.items()  # one state, whatever is kept meanwhile: `keep` makes a new dict


def is_missing(dataset: str, files: Mapping[str, Points]) -> bool:
    """Whether what a link says of its data set is a file that is not at hand."""
    if dataset.startswith(A_FILE):
        with suppress(ValueError):
            read_link(dataset, files)
            return False
        return True
    return False


def is_meant(dataset: str, points: Points) -> bool:
    """Whether a link that says this of its data set is about these points."""
    return dataset.startswith(A_FILE) and not is_missing(dataset, {points.digest: points})


def _bytes(points: Points) -> int:
    return points.x.nbytes + points.y.nbytes
