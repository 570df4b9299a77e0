"""Forks: what a run became, and what it could have become as well. From one start, branches that part at an update.

A tree of plain values. Each fork is a whole Experiment, so each branch determines its numbers by itself; before the
update `at` it is its parent's. Nothing here trains: with `Run.follow` a run goes on as another branch of its past.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

from . import links
from .events import MAX_UPDATE, POINTS
from .experiment import Experiment
from .settings import LIVE_SETTINGS
from .values import shown

MOST_FORKS = 8  # more cannot be told apart on one chart
LONGEST_NAME = 40  # characters of a name that somebody gives
LONGEST_TEXT = 8_000  # characters of a tree in writing: it stands in an address, and in each answer to a browser


@dataclass(frozen=True)
class Fork:
    """One branch of a tree.

    parent: the id of the branch that it left at update `at`, None for the first one; before `at` the events of both are
    the same. experiment: with all of its events. furthest: the last update that was seen of it; shown: the one that was
    on screen last. name: given by somebody, "" without one.
    """

    id: int
    parent: int | None
    at: int
    experiment: Experiment
    furthest: int = 0
    shown: int = 0
    name: str = ""


@dataclass(frozen=True)
class Forks:
    """All branches of one run, in the order in which they began: a parent stands before its children.

    present: the id of the one on screen. made: how many were ever begun, and so the next one's id.
    """

    every: tuple[Fork, ...]
    present: int = 0
    made: int = 1

    @classmethod
    def of(cls, experiment: Experiment, furthest: int = 0, shown: int = 0) -> Forks:
        """The tree of a run without another future."""
        return cls((Fork(0, None, 0, experiment, max(furthest, shown), shown),))

    def __getitem__(self, id: int) -> Fork:
        """ValueError with one sentence where there is none of this id."""
        for fork in self.every:
            if type(id) is int and fork.id == id:
                return fork
        raise ValueError(f"There is no branch {shown(id)} of this run; choose another one.")

    @property
    def here(self) -> Fork:
        return self[self.present]

    def known(self, experiment: Experiment) -> Fork | None:
        """The branch that is this Experiment."""
        return next((fork for fork in self.every if fork.experiment == experiment), None)

    def stands(self, update: int, furthest: int = 0) -> Forks:
        """The same while the present branch is looked at there, and was seen up to `furthest`."""
        return self._with(replace(self.here, shown=update, furthest=max(update, furthest)))

    def goto(self, id: int) -> Forks:
        return replace(self, present=self[id].id)

    def renamed(self, id: int, name: object) -> Forks:
        """With another name of a branch; "" gives it none. ValueError with one sentence for what cannot be shown."""
        if not isinstance(name, str):
            raise ValueError(f"Name: expected text, got {shown(name)}; type a name.")
        name = name.strip()
        if len(name) > LONGEST_NAME:
            raise ValueError(
                f"Name: expected at most {LONGEST_NAME} characters, got {len(name)}; choose a shorter one."
            )
        if not name.isprintable():
            raise ValueError(
                "Name: expected letters, digits and signs, got something that cannot be seen; type it anew."
            )
        return self._with(replace(self[id], name=name))

    def without(self, id: int) -> Forks:
        """Without one branch; its children stay whole. ValueError for the only one."""
        gone = self[id]
        if len(self.every) == 1:
            raise ValueError("This is the only branch of the run, so it stays.")
        parent, heir = gone.parent, None
        if parent is None:  # of its children the oldest takes its place
            heir = next(fork for fork in self.every if fork.parent == id)
            parent = heir.id
        kept = []
        for fork in self.every:
            if heir is not None and fork.id == heir.id:
                kept.append(replace(fork, parent=None, at=0))
            elif fork.parent == id:
                kept.append(replace(fork, parent=parent, at=min(fork.at, heir.at if heir else gone.at)))
            elif fork.id != id:
                kept.append(fork)
        return replace(self, every=tuple(kept), present=parent if self.present == id else self.present)

    def changed(self, experiment: Experiment, update: int) -> Forks:
        """After a change of the present branch at an update: where it has no future yet it goes on changed, else a new
        fork begins and both are kept. A change that leads to a branch that is there already leads to that one; what is
        drawn before the first update is another start, and so another tree.

        At most MOST_FORKS are kept: of more the oldest goes that nobody has named. ValueError where all have names.
        """
        here, known = self.here, self.known(experiment)
        if experiment.dataset != here.experiment.dataset and (len(self.every) > 1 or update < here.furthest):
            return Forks.of(experiment, shown=update)
        if known is not None and known.id != here.id:
            there = replace(known, shown=update, furthest=max(known.furthest, update))
            tree = self._with(there).goto(known.id)
            return tree if update < here.furthest else tree.without(here.id)
        if known is not None or update >= here.furthest:
            return self._with(replace(here, experiment=experiment, shown=update, furthest=max(here.furthest, update)))
        parent = here
        while parent.parent is not None and update <= parent.at:  # what lies before a fork is its parent's
            parent = self[parent.parent]
        tree = self
        if len(self.every) >= MOST_FORKS:
            unnamed = [fork for fork in self.every[1:] if not fork.name and fork.id not in (here.id, parent.id)]
            if not unnamed:
                raise ValueError(f"Of a run {MOST_FORKS} branches are kept, and all have names; delete one first.")
            tree = self.without(unnamed[0].id)
        fork = Fork(self.made, parent.id, update, experiment, update, update)
        return Forks((*tree.every, fork), fork.id, self.made + 1)

    def difference(self, id: int) -> tuple[int, tuple[str, ...]]:
        """(update, names): where a branch first differs from its parent, and in what: names of live settings, "edits",
        "points". Of the first branch, its first event; (0, ()) where it has none.
        """
        fork = self[id]
        other = self[fork.parent].experiment if fork.parent is not None else replace(fork.experiment, events=())
        update = parting(fork.experiment, other)
        return (0, ()) if update is None else (update, differing(fork.experiment, other, update))

    def _with(self, changed: Fork) -> Forks:
        return replace(self, every=tuple(changed if fork.id == changed.id else fork for fork in self.every))

    # ---- in writing ------------------------------------------------------------------------------------------------

    def to_text(self) -> str:
        """The tree beside the Experiment of its present branch, of letters that survive in an address; "" for one
        branch without a name, or where it is longer than LONGEST_TEXT.

        Between "~~" stands a branch: `parent_at_furthest_shown`, of the present one `parent_at`, the parent by its
        place; then what happened from `at` on, as in an Experiment's link: `~250.learning_rate~0.1`, and `~name~...`.
        """
        if len(self.every) == 1 and not self.here.name:
            return ""
        places = {fork.id: place for place, fork in enumerate(self.every)}
        written = []
        for fork in self.every:
            head = [places[fork.parent] if fork.parent is not None else "", fork.at]
            steps: list[str] = []
            if fork.id != self.present:
                head += [fork.furthest, fork.shown]
                steps = [part for pair in links.steps(fork.experiment, fork.at) for part in pair]
            name = ["name", quote(fork.name, safe="").replace("~", "%7E")] if fork.name else []
            written.append("~".join(["_".join(map(str, head)), *name, *steps]))
        text = "~~".join(written)
        return text if len(text) <= LONGEST_TEXT else ""


def parting(one: Experiment, other: Experiment) -> int | None:
    """The first update at which the events of two experiments differ; None where they do not."""
    at = [dict(experiment.events) for experiment in (one, other)]
    updates = sorted({update for events in at for update in events})
    return next((update for update in updates if at[0].get(update) != at[1].get(update)), None)


def differing(one: Experiment, other: Experiment, update: int) -> tuple[str, ...]:
    """In what two experiments with one start differ at an update: names of live settings, "edits" where other weights
    were set by hand up to there, "points".
    """
    mine, theirs = one.at(update), other.at(update)
    names = [name for name in LIVE_SETTINGS if getattr(mine, name) != getattr(theirs, name)]
    edits = [[(at, of.edits_at(at)) for at, _ in of.events if at <= update and of.edits_at(at)] for of in (one, other)]
    names += ["edits"] if edits[0] != edits[1] else []
    names += [POINTS] if mine.dataset != theirs.dataset else []
    return tuple(names)


def read(
    text: str, experiment: Experiment, furthest: int, update: int, most: int = MAX_UPDATE
) -> tuple[Forks, tuple[str, ...]]:
    """(forks, ignored) of what `to_text` wrote; never an exception, whatever the text.

    experiment: the present branch, seen up to `furthest` and shown at `update`; most: the largest number of an update.
    ignored: one sentence for each bad part; the branch it belongs to is left out, or what is wrong of its events alone.
    """
    said: list[str] = []
    alone = Forks.of(experiment, furthest, update)

    def ignore(error: object, used: str = "this branch is left out") -> None:
        sentence = f"In the link ({used}), forks: {str(error).removesuffix('.')}."
        if len(said) < links.MAX_SENTENCES and sentence not in said:
            said.append(sentence)

    if len(text) > LONGEST_TEXT:
        ignore(f"expected at most {LONGEST_TEXT} characters, got {len(text)}", "one branch is left")
        return alone, tuple(said)
    parts = text.split("~~")
    for part in parts[MOST_FORKS:]:
        ignore(f"expected at most {MOST_FORKS} branches, got {shown(part)} as well")
    found: dict[int, Fork] = {}  # by its place
    for place, part in enumerate(parts[:MOST_FORKS]):
        before = len(said)
        try:
            fork = _read_fork(place, part, found, alone.here, most, ignore)
        except ValueError as error:
            if place == 0:  # of this one all others are branches
                return alone, (f"In the link (the run on screen is shown alone), forks: {error}.",)
            ignore(error)
            continue
        found[place] = next((other for other in found.values() if other.experiment == fork.experiment), fork)
        if found[place] is not fork and len(said) == before:  # else what would make it another one cannot be read
            ignore(f"expected branches that differ, got {shown(part)} as well")
    tree = Forks(tuple(dict.fromkeys(found.values())), made=len(parts))
    present = tree.known(experiment)
    if present is None:
        ignore("expected that the run on screen is one of the branches, but it is none", "it is shown alone")
        return alone, tuple(said)
    return tree.goto(present.id).stands(update, alone.here.furthest), tuple(said)


def _read_fork(
    place: int, text: str, found: dict[int, Fork], here: Fork, most: int, ignore: Callable[[object, str], None]
) -> Fork:
    """One branch of a text. found: those before it, by their places. ValueError with one sentence."""
    head, *rest = text.split("~")
    match = re.fullmatch("([0-9]?)_([0-9]{1,12})(?:_([0-9]{1,12})_([0-9]{1,12}))?", head)
    if not match or len(rest) % 2:
        raise ValueError(f"expected where a branch begins and what happened there, got {shown(text)}")
    pairs = list(zip(rest[::2], rest[1::2], strict=True))
    steps = [pair for pair in pairs if pair[0] != "name"]
    name = unquote(links.once([pair for pair in pairs if pair[0] == "name"], ignore).get("name", ""))
    at, parent = int(match[2]), found.get(int(match[1])) if match[1] else None
    if (parent is None) != (place == 0) or (place == 0 and (match[1] or at)):
        raise ValueError(f"expected a branch of one that is known, got {shown(text)}")
    before = replace(here.experiment, events=())
    if parent is not None:
        if at > parent.furthest:
            raise ValueError(f"expected a branch of what was seen, up to update {parent.furthest}, got {shown(text)}")
        before = replace(before, events=tuple(event for event in parent.experiment.events if event[0] < at))
    if match[3] is None:  # the present one, whose events the Experiment's own link has
        if tuple(event for event in here.experiment.events if event[0] < at) != before.events:
            raise ValueError("expected that the run on screen begins as the one that it left, but it does not")
        for key, _ in steps:
            ignore(f"what happened on the run on screen is said before, got {shown(key)} here", "it is left out")
        fork = replace(here, id=place, parent=parent.id if parent else None, at=at)
    else:
        experiment = links.read_steps(steps, before, at, ignore)
        furthest, seen = int(match[3]), int(match[4])
        if furthest > most:
            ignore(f"update {furthest:,} is too far to be trained again here", f"update {most:,} is the last one")
            furthest, seen = most, min(seen, most)
        fork = Fork(place, parent.id if parent else None, at, experiment, furthest, seen)
    if not max(fork.shown, at) <= fork.furthest:
        raise ValueError(f"expected updates up to the furthest that was seen, {fork.furthest}, got {shown(head)}")
    first = next((update for update, _ in fork.experiment.events if update >= at), at)
    if parent is not None and first > fork.furthest:
        raise ValueError(
            f"expected a change up to the furthest update that was seen, {fork.furthest}, got one at update {first}"
        )
    try:
        return Forks((fork,), place).renamed(place, name).here
    except ValueError as error:
        ignore(error, "this name is left out")
        return fork
