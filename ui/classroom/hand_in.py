"""Hand-in: a pupil's run as a short text to send, and what a teacher's computer finds when it is run again.

The Experiment with its events and the update determine every number, so that is all a hand-in has to hold. Bits differ
between processors (scratchnet's sums are added in another order), so it carries a few losses on the way, too: they show
up to where both computers computed the same.
"""

import base64
import itertools
import json
import platform
import re
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import numpy as np

import scratchnet as sn
from scratchnet import goals
from scratchnet.values import number, shown, whole
from ui.classroom.assignment import Assignment
from ui.moment import EMPTY, MOST_UPDATES

FORM = "N1"  # the form's name and version
TEXT = re.compile(r"N(\d+)\.([A-Za-z0-9_-]+)")
# What mail makes of a text: lines, with quote marks before them, and with = at their ends.
BETWEEN = r"=?[\s>|]+"
REST = re.compile(rf"(?:{BETWEEN}(?!N\d+\.)[A-Za-z0-9_-]+){{0,400}}")
MAX_NAME = 60  # characters
MAX_TEXT = 6_000
MAX_UNPACKED = 40_000  # bytes
MOST = 200  # hand-ins looked through at once
MAX_PASTED = 400_000  # characters, with what a form writes around them
LOSSES = 6  # carried by each: the first, the last, and some between
SAME = 1e-9  # relative difference below which two losses are one: far above round-off, far below another run's
SLICE = 100  # updates between two looks at the clock, and for one turn of training
PATIENCE = 20.0  # seconds for the longest run: then only its link tells


@dataclass(frozen=True)
class HandIn:
    """What a pupil sends. losses: (update, training loss) in rising order, update 0 first and the one handed in last.

    task: the fingerprint of the task that was on screen, "" without one. reached: the update at which its goal was met,
    None if it was not. made_with: versions of what computed it.
    """

    name: str
    task: str
    experiment: sn.Experiment
    update: int
    reached: int | None
    losses: tuple[tuple[int, float], ...]
    made_with: str

    @property
    def text(self) -> str:
        """The hand-in in letters that survive any form, mail or table."""
        document = [self.name, self.task, self.experiment.to_query(), self.update, self.reached, self.losses]
        document.append(self.made_with)
        packed = zlib.compress(json.dumps(document, separators=(",", ":"), allow_nan=False).encode(), 9)
        return f"{FORM}.{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"


@dataclass(frozen=True)
class Found:
    """What running it again showed. complaint: one sentence where it could not be, and then nothing else is known.

    reached: the update at which the goal was met here, too; measured: the conditions there, or at the last update;
    measured_at: which of both that is.
    same_up_to: the last of its losses that came out here as there, as an update; None where not even the first did.
    """

    place: int  # in what was pasted, 1 is the first
    name: str = ""
    complaint: str = ""
    experiment: sn.Experiment | None = None
    update: int = 0
    reached: int | None = None
    measured: tuple[goals.Measured, ...] = ()
    measured_at: int = 0
    broken: tuple[str, ...] = ()  # what the task fixes and is otherwise
    differs: tuple[str, ...] = ()  # what is otherwise than at the task's start, allowed or not
    is_another_task: bool = False
    same_up_to: int | None = None
    is_same: bool = False  # all of its losses came out here as there
    made_with: str = ""


def made_with() -> str:
    return f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}"


def of_run(name: str, run: sn.Run, assignment: Assignment | None = None, reached: int | None = None) -> HandIn:
    """The hand-in of a run as it stands. reached: the update at which this run met the goal, if it did.

    ValueError with one sentence for a name that is none.
    """
    name = " ".join(name.split())
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise ValueError(f"Name: expected 1 to {MAX_NAME} letters, got {shown(name)}; type yours.")
    history = run.history
    rows = zip(history.update.tolist(), history.train_loss.tolist(), strict=True)
    before = [(update, loss) for update, loss in rows if update < run.update and np.isfinite(loss)]
    places = {0, 1, *np.linspace(1, len(before) - 1, LOSSES - 2).astype(int).tolist()}
    losses = [before[place] for place in sorted(places) if 0 <= place < len(before)]
    last = run.evaluate().train_loss
    if np.isfinite(last):
        losses.append((run.update, last))
    update = run.update + (run.status == "diverged")  # that the next update fails, only trying it shows
    fingerprint = assignment.fingerprint if assignment else ""
    return HandIn(name, fingerprint, run.experiment, update, reached, tuple(losses), made_with())


def read(text: str, files: Mapping[str, sn.Points] = EMPTY) -> HandIn:
    """The hand-in of a text that `HandIn.text` wrote. ValueError with one sentence for anything else.

    files: tables that are at hand, see `Experiment.from_query`.
    """
    match = TEXT.fullmatch(text)
    if match is None or len(text) > MAX_TEXT:
        raise ValueError(f"expected a text that begins with {FORM}., got {shown(text)}; copy it whole.")
    if f"N{match[1]}" != FORM:
        raise ValueError(f"expected the form {FORM}, got N{match[1]}: it comes from another version of this app.")
    try:
        data = base64.b64decode(match[2] + "=" * (-len(match[2]) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj()
        plain = unpacker.decompress(data, MAX_UNPACKED)
        if not unpacker.eof or unpacker.unused_data:
            raise ValueError
        name, task, query, update, reached, losses, versions = json.loads(plain)
    except (ValueError, TypeError, zlib.error, RecursionError):
        raise ValueError("it is damaged, letters are missing or others: ask for it again.") from None
    return _checked(name, task, query, update, reached, losses, versions, files)


def _checked(name, task, query, update, reached, losses, versions, files) -> HandIn:
    if not all(isinstance(one, str) for one in (name, task, query, versions)):
        raise ValueError("it holds something other than this app writes: ask for it again.")
    experiment, ignored = sn.Experiment.from_query(query, files)
    if ignored:
        raise ValueError(f"it cannot be run again. {ignored[0]}")
    try:
        update = whole("update", update, 0, MOST_UPDATES)
        reached = None if reached is None else whole("update", reached, 0, update)
        pairs = tuple((whole("update", u, 0, update), number("loss", loss)) for u, loss in losses)
    except (TypeError, ValueError):
        raise ValueError("its updates and losses are no numbers: ask for it again.") from None
    updates = [u for u, _ in pairs]
    if updates[:1] != [0] or len(pairs) > LOSSES or any(a >= b for a, b in itertools.pairwise(updates)):
        raise ValueError("its losses are not in order: ask for it again.")
    return HandIn(name[:MAX_NAME], task, experiment, update, reached, pairs, versions[:100])


def texts_in(pasted: str) -> list[str]:
    """Every hand-in in what a teacher pasted: lines, mails, or the table of a form. What stands around them is left.

    Mail wraps long lines and quotes them, and words look like more of the text: its packed letters know their own end.
    """
    found = []
    for match in TEXT.finditer(pasted):
        rest = REST.match(pasted, match.end())
        letters = match[2] + re.sub(BETWEEN, "", rest[0] if rest else "")[:MAX_TEXT]
        found.append(f"N{match[1]}.{letters[: _length(letters)] or match[2]}")
    return found


def _length(letters: str) -> int:
    """How many of these letters, from the first on, are a packed document; 0 where they begin with no whole one."""
    even = letters[: len(letters) - (len(letters) % 4 == 1)]  # a single letter behind a group of four says nothing
    unpacker = zlib.decompressobj()
    try:
        data = base64.urlsafe_b64decode(even + "=" * (-len(even) % 4))
        unpacker.decompress(data, MAX_UNPACKED)
    except (ValueError, zlib.error):
        return 0
    return -(-4 * (len(data) - len(unpacker.unused_data)) // 3) if unpacker.eof else 0


def look_through(
    pasted: str,
    assignment: Assignment,
    turn: Callable[[], AbstractContextManager] = nullcontext,
    said: Callable[[int, int], object] = lambda done, of: None,
    files: Mapping[str, sn.Points] = EMPTY,
) -> Iterator[Found]:
    """What is found for each hand-in, one after the other. turn: held while training; said(done, of): how far it is.

    files: tables that are at hand.
    """
    texts = texts_in(pasted)[:MOST]
    for place, text in enumerate(texts, 1):
        try:
            if text in texts[: place - 1]:
                raise ValueError(f"it is the same text as number {texts.index(text) + 1}.")
            yield _found(place, read(text, files), assignment, turn)
        except ValueError as error:
            yield Found(place, complaint=f"This hand-in cannot be used: {error}")
        said(place, len(texts))


def _found(place: int, handed: HandIn, assignment: Assignment, turn: Callable[[], AbstractContextManager]) -> Found:
    run, latest = handed.experiment.start(), time.perf_counter() + PATIENCE
    said, stops = dict(handed.losses), {handed.update, *dict(handed.losses)}
    same_up_to, is_same, reached = None, True, None
    measured: tuple[goals.Measured, ...] = ()
    measured_at = 0
    for update in sorted(stops | ({handed.reached} if handed.reached is not None else set())):
        _advance(run, update, latest, turn)
        is_there = run.update == update or run.status == "diverged"
        if is_same and update in said:
            mine = run.evaluate().train_loss
            is_same = run.update == update and abs(mine - said[update]) <= SAME * max(abs(mine), abs(said[update]))
            same_up_to = update if is_same else same_up_to
        if is_there and reached is None and update in (handed.reached, handed.update):
            measured, measured_at = goals.measure(assignment.goal, run, assignment.start), update
            reached = update if goals.is_reached(measured) else None
    return Found(
        place,
        handed.name,
        experiment=handed.experiment,
        update=handed.update,
        reached=reached,
        measured=measured,
        measured_at=measured_at,
        broken=assignment.broken_by(handed.experiment),
        differs=goals.changed(handed.experiment, assignment.start),
        is_another_task=handed.task != assignment.fingerprint,
        same_up_to=same_up_to,
        is_same=is_same,
        made_with=handed.made_with,
    )


def _advance(run: sn.Run, update: int, latest: float, turn: Callable[[], AbstractContextManager]) -> None:
    """Train to an update, as far as the training goes. ValueError where it takes too long."""
    while run.update < update and run.status != "diverged":
        with turn():
            run.advance(updates=min(SLICE, update - run.update))
        if time.perf_counter() > latest:
            raise ValueError(f"to run it again takes longer than {int(PATIENCE)} seconds; open its link on the board.")
