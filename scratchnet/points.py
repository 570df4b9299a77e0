"""Points: somebody's own data, drawn, pasted or loaded: a value that an Experiment holds as it holds a name.

A row is a sample, a column an input. Two Points of the same content are equal and have the same digest, wherever they
came from. Up to 200 rows of one or two columns are written into a link whole; a larger table is a file, of which a link
says the name and the digest.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from .values import is_number, is_whole, listed, shown

MAX_ROWS, MAX_COLUMNS, MAX_CLASSES = 20_000, 64, 10
MAX_LINK_ROWS, MAX_LINK_COLUMNS = 200, 2  # what a link can carry
MAX_NAME = 60  # characters of a name
LARGEST = 1e30  # of a value: pictures hold it as a float32, and its square is a float64
KINDS = ("number", "flag")  # a flag is 0 or 1: one of the columns that a column of words became
TRAIN, VALIDATION, TEST = 0, 1, 2  # the parts
IN_A_LINK, A_FILE = "points.1.", "file.1."  # how a link's text begins; the number is the version of what follows
MAX_UNPACKED = 100_000  # bytes of a link's points, unpacked
Row = tuple[float, ...]  # the inputs, the target, and the part where parts are given


@dataclass(frozen=True, eq=False)
class Points:
    """x: (n, columns) float64, nan where a missing value is filled with the mean of the training rows.

    y: (n,) targets: for classes their numbers, int64, for a regression the values, float64. names: of the columns.
    target: the name of what is to be learned. classes: the classes' names, () for a regression. kinds: of KINDS, one a
    column (() for all numbers); flags are not scaled. parts: (n,) of 0 train, 1 validation, 2 test; None where an
    Experiment splits them. domain: (low, high) of each column, the window they are shown in; None: as wide as they lie.

    Arrays are copied and read-only. ValueError with one sentence for anything else.
    """

    name: str
    x: np.ndarray
    y: np.ndarray
    names: tuple[str, ...] = ("x1", "x2")
    target: str = "y"
    classes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    parts: np.ndarray | None = None
    domain: tuple[tuple[float, float], ...] | None = None
    digest: str = field(init=False, default="")  # SHA-256 of all of the above, 64 hexadecimal digits

    def __post_init__(self) -> None:
        names = tuple(_name("name of a column", name) for name in listed("points: names", self.names, "['x1', 'x2']"))
        classes = tuple(
            _name("name of a class", name) for name in listed("points: classes", self.classes, "['a', 'b']")
        )
        if not 1 <= len(names) <= MAX_COLUMNS:
            raise ValueError(f"points: expected 1 to {MAX_COLUMNS} columns, got {len(names)}; leave some out.")
        if classes and not 2 <= len(classes) <= MAX_CLASSES:
            raise ValueError(f"points: expected 2 to {MAX_CLASSES} classes, got {len(classes)}; choose another target.")
        for what, given in (("columns", names), ("classes", classes)):
            if len(set(given)) < len(given):
                raise ValueError(f"points: expected {what} of different names, got one twice; rename one.")
        x = _numbers(self.x, "values", 2)
        if x.shape[1:] != (len(names),) or not 1 <= len(x) <= MAX_ROWS:
            raise ValueError(
                f"points: expected 1 to {MAX_ROWS:,} rows of {len(names)} values, got an array of shape {x.shape}; "
                "give fewer rows, or a value for each column."
            )
        if not np.nanmax(np.abs(x), initial=0.0) <= LARGEST:
            raise ValueError(f"points: expected finite values of at most {LARGEST:g}, got a larger one; remove it.")
        if np.isnan(x).all(axis=0).any():
            name = names[int(np.isnan(x).all(axis=0).argmax())]
            raise ValueError(f"points: expected a value in column {shown(name)}, got none; leave the column out.")
        y = _numbers(self.y, "targets", 1)
        if y.shape != (len(x),) or not (np.abs(y) <= LARGEST).all():
            raise ValueError(f"points: expected a finite target for each of the {len(x)} rows; remove rows without.")
        if classes and not (np.isin(y, np.arange(len(classes)))).all():
            raise ValueError(f"points: expected classes from 0 to {len(classes) - 1}, got another number; change it.")
        kinds = tuple(listed("points: kinds", self.kinds, "['number', 'flag']")) or ("number",) * len(names)
        if len(kinds) != len(names) or not all(kind in KINDS for kind in kinds):
            raise ValueError(f"points: expected number or flag for each of {len(names)} columns, got something else.")
        checked: dict[str, Any] = {"names": names, "classes": classes, "kinds": kinds, "x": _frozen(x + 0.0)}
        checked["name"], checked["target"] = _name("name", self.name), _name("name of the target", self.target)
        checked["y"] = _frozen(y.astype(np.int64) if classes else y + 0.0)
        checked["parts"] = None if self.parts is None else _frozen(_parts(self.parts, len(x)))
        checked["domain"] = None if self.domain is None else _domain(self.domain, len(names))
        for (low, high), column in zip(checked["domain"] or (), x.T, strict=False):
            if not np.all((low <= column) & (column <= high) | np.isnan(column)):
                raise ValueError(f"points: expected values from {low:g} to {high:g}, got one outside; move it inside.")
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "digest", self._content())

    def _content(self) -> str:
        said = [self.name, self.names, self.target, self.classes, self.kinds, self.domain, self.x.shape]
        content = hashlib.sha256(json.dumps(said).encode())
        for array in (self.x, self.y, self.parts):
            content.update(b"" if array is None else np.ascontiguousarray(array).tobytes())
        return content.hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Points) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __len__(self) -> int:
        return len(self.x)

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<Points {self.name!r}: {len(self)} rows, {len(self.names)} columns, {self.digest[:8]}>"

    @property
    def task(self) -> str:
        """ "regression", "binary" or "multiclass"."""
        return {0: "regression", 2: "binary"}.get(len(self.classes), "multiclass")

    @cached_property
    def window(self) -> tuple[tuple[float, float], ...]:
        """(low, high) of each column: the domain, or a little more than the values take, to round numbers."""
        return self.domain or tuple(round_window(column[~np.isnan(column)]) for column in self.x.T)

    @property
    def is_drawn(self) -> bool:
        """Whether points can be put to them while a run goes on: each says its part, and a picture shows them all."""
        return self.parts is not None and self.domain is not None and len(self.names) <= MAX_LINK_COLUMNS

    # Changed by hand

    def rows(self, start: int = 0, end: int | None = None) -> tuple[Row, ...]:
        """Each row as (inputs ..., target, part), or those from `start` to `end`; where there are no parts, without."""
        columns = [*self.x.T, self.y, *([] if self.parts is None else [self.parts])]
        return tuple(zip(*(column[start:end].tolist() for column in columns), strict=True))

    def with_rows(self, rows: Sequence[Row]) -> Points:
        """The same with other rows, as `rows` gives them. ValueError with one sentence for bad ones."""
        width = len(self.names) + 1 + (self.parts is not None)
        if not rows:
            raise ValueError("points: expected at least one point, got none; draw one.")
        if any(len(row) != width for row in rows):
            raise ValueError(f"points: expected {width} numbers for each point, got another count; draw it again.")
        table = _numbers(rows, "values", 2)
        columns = len(self.names)
        parts = None if self.parts is None else table[:, columns + 1]
        return Points(
            self.name,
            table[:, :columns],
            table[:, columns],
            self.names,
            self.target,
            self.classes,
            self.kinds,
            parts,
            self.domain,
        )

    def fits(self, other: Points) -> bool:
        """Whether both differ in their rows alone, so that a run may go on from the one to the other."""
        alike = ("name", "names", "target", "classes", "kinds", "domain")
        same_parts = (self.parts is None) == (other.parts is None)
        return same_parts and all(getattr(self, what) == getattr(other, what) for what in alike)

    def splice(self, new: Points) -> tuple[int, int, tuple[Row, ...]]:
        """What leads from here to `new`: (where, how many rows go, the rows that come), as short as one cut allows."""
        old, rows = (np.column_stack([of.x, of.y, *([] if of.parts is None else [of.parts])]) for of in (self, new))
        shorter = min(len(old), len(rows))
        start = _agreeing(old[:shorter], rows[:shorter])
        end = _agreeing(old[::-1][: shorter - start], rows[::-1][: shorter - start])
        return start, len(old) - start - end, new.rows(start, len(rows) - end)

    def spliced(self, start: int, removed: int, rows: Sequence[Row]) -> Points:
        """What `splice` leads to. ValueError with one sentence where there are no such rows."""
        old = self.rows()
        if not (is_whole(start, 0, len(old)) and is_whole(removed, 0, len(old) - start)):
            raise ValueError(f"points: expected a place among {len(old)} points, got another one; draw it again.")
        return self.with_rows([*old[:start], *rows, *old[start + removed :]])

    # In writing

    @property
    def fits_a_link(self) -> bool:
        return len(self) <= MAX_LINK_ROWS and len(self.names) <= MAX_LINK_COLUMNS and not np.isnan(self.x).any()

    @cached_property
    def link(self) -> str:
        """How a link says these points: whole, or which file they are."""
        if not self.fits_a_link:
            return f"{A_FILE}{self.digest[:32]}.{_letters(self.name.encode())}"
        plain = json.dumps(self.to_plain(), separators=(",", ":"), ensure_ascii=False).encode()
        return IN_A_LINK + _letters(zlib.compress(plain, 9))

    def to_plain(self) -> dict[str, Any]:
        """All of it in values that JSON has; nan is null."""
        written = [[None if math.isnan(v) else _short(v) for v in row] for row in self.rows()]
        plain: dict[str, Any] = {"name": self.name, "names": list(self.names), "target": self.target}
        plain |= {"classes": list(self.classes)} if self.classes else {}
        plain |= {"kinds": list(self.kinds)} if "flag" in self.kinds else {}
        plain |= {"parts": True} if self.parts is not None else {}
        plain |= {"domain": [[_short(end) for end in ends] for ends in self.domain]} if self.domain else {}
        return {**plain, "rows": written}

    @classmethod
    def from_plain(cls, plain: object) -> Points:
        """What `to_plain` wrote. ValueError with one sentence for anything else."""
        known = {"name", "names", "target", "classes", "kinds", "parts", "domain", "rows"}
        if not isinstance(plain, Mapping) or not set(plain) <= known or not isinstance(plain.get("names"), list):
            raise ValueError("points: expected points that this app has written, got something else; copy them again.")
        rows, columns = plain.get("rows"), len(plain["names"])
        with_parts = plain.get("parts") is True
        width = columns + 1 + with_parts
        if not isinstance(rows, list) or not all(isinstance(row, list) and len(row) == width for row in rows):
            raise ValueError(f"points: expected rows of {width} values, got something else; copy them again.")
        if not all(value is None or is_number(value) for row in rows for value in row):
            raise ValueError("points: expected finite numbers in each row, got something else; copy them again.")
        table = np.array([[math.nan if value is None else value for value in row] for row in rows], dtype=np.float64)
        table = table.reshape(len(rows), width)
        return cls(
            plain.get("name", ""),
            table[:, :columns],
            table[:, columns],
            plain["names"],
            plain.get("target", ""),
            plain.get("classes", ()),
            plain.get("kinds", ()),
            table[:, columns + 1] if with_parts else None,
            plain.get("domain"),
        )


def read_link(text: str, files: Mapping[str, Points]) -> Points:
    """The points that a link's text means. files: digest -> Points, those that are at hand.

    ValueError with one sentence: damaged, of a later version, or a file that is not at hand.
    """
    if text.startswith(A_FILE):
        digest, _, letters = text.removeprefix(A_FILE).partition(".")
        for known, points in files.items():
            if len(digest) == 32 and known.startswith(digest):
                return points
        try:
            name = _bytes_of(letters).decode()
        except ValueError:
            name = ""
        raise ValueError(
            f"the link is about the file {shown(name)} (digest {shown(digest[:8])[1:-1]}), which is not here; "
            "give that file on the page Your own data."
        )
    if not text.startswith(IN_A_LINK):
        raise ValueError("the points in it are of a later version of this app, or damaged; copy the whole link again.")
    try:
        unpacking = zlib.decompressobj()
        packed = unpacking.decompress(_bytes_of(text.removeprefix(IN_A_LINK)), MAX_UNPACKED)
        if not unpacking.eof:
            raise ValueError
        plain = json.loads(packed)
    except (ValueError, zlib.error, RecursionError):
        raise ValueError("the points in it are damaged; copy the whole link again.") from None
    points = Points.from_plain(plain)
    if not points.fits_a_link:
        raise ValueError(f"the link holds more than {MAX_LINK_ROWS} points of two columns; give them as a file.")
    return points


def says_points(text: str) -> bool:
    """Whether a link's text for a data set means points and is no name."""
    return text.startswith(("points.", "file."))


def _letters(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _agreeing(one: np.ndarray, other: np.ndarray) -> int:
    """How many rows of two arrays of one shape agree before the first that does not."""
    same = (one == other).all(axis=1)
    return len(same) if same.all() else int(same.argmin())


def _bytes_of(letters: str) -> bytes:
    """ValueError for letters that are none of `_letters`."""
    return base64.b64decode(letters + "=" * (-len(letters) % 4), altchars=b"-_", validate=True)


def _short(value: float) -> float | int:
    """A whole number without its point: links are short."""
    return int(value) if value == int(value) and abs(value) < 2**53 else value


def _name(what: str, text: object) -> str:
    if not isinstance(text, str) or not 0 < len(text.strip()) <= MAX_NAME or not text.isprintable():
        raise ValueError(f"points: expected a {what} of 1 to {MAX_NAME} printable characters, got {shown(text)}.")
    return text.strip()


def _numbers(values: object, what: str, axes: int) -> np.ndarray:
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"points: expected {what} that are numbers, got something else; change them.") from None
    if array.ndim != axes:
        raise ValueError(f"points: expected {what} in an array of {axes} axes, got {array.ndim}; change them.")
    return array


def _parts(parts: object, rows: int) -> np.ndarray:
    numbers = _numbers(parts, "parts", 1)
    if numbers.shape != (rows,) or not np.isin(numbers, (TRAIN, VALIDATION, TEST)).all():
        raise ValueError("points: expected part 0, 1 or 2 (train, validation, test) for each row, got something else.")
    if not (numbers == TRAIN).any():
        raise ValueError("points: expected at least one training point, got none; draw one.")
    return numbers.astype(np.uint8)


def _domain(domain: object, columns: int) -> tuple[tuple[float, float], ...]:
    ends = tuple(
        tuple(listed("points: domain", pair, "[-6, 6]")) for pair in listed("points: domain", domain, "[[-6, 6]]")
    )
    right = len(ends) == columns and all(
        len(pair) == 2 and all(is_number(end, -LARGEST, LARGEST) for end in pair) and pair[0] < pair[1] for pair in ends
    )
    if not right:
        raise ValueError(f"points: expected a low and a higher end for each of {columns} columns, got something else.")
    return tuple((float(low), float(high)) for low, high in ends)


def round_window(values: np.ndarray) -> tuple[float, float]:
    """(low, high) of a window that shows all values (n,), a little wider than they are, to round numbers."""
    low, high = float(values.min()), float(values.max())
    span = high - low
    if span == 0:
        span = abs(low) or 1.0
    span = max(span, 1 / LARGEST)
    step = 10.0 ** (math.floor(math.log10(span)) - 1)
    edge = 0.05 * span
    ends = math.floor((low - edge) / step) * step, math.ceil((high + edge) / step) * step
    if not (ends[0] < low or ends[1] > high) or not all(map(math.isfinite, ends)):  # of huge values a step is nothing
        return low - edge, high + edge
    return ends


def _frozen(array: np.ndarray) -> np.ndarray:
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array
