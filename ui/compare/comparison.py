"""Comparison: two to four boards that learn from the same data, step by step together. Plain Python, without a browser.

Each board is an ordinary conversation with a playground of its own. What they have in common is kept the same here: the
data, and where they stand after one of them has begun anew. While they play, ui/board/together.js keeps them together.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

import scratchnet as sn
from scratchnet.cost import multiplications
from scratchnet.links import MAX_QUERY
from scratchnet.values import shown
from ui.kit.typed import written
from ui.labels import LABELS, title
from ui.moment import USUAL_SPEED, Moment
from ui.paper.settings import NAMES as NAMES_OF
from ui.paper.settings import in_words
from ui.play.conversation import Conversation
from ui.play.playground import Playground

LETTERS = ("a", "b", "c", "d")  # of the boards, in a link; on screen they are capitals
NAMES = tuple(f"compare{number}" for number in range(1, len(LETTERS) + 1))
LEAST = 2
# What all boards have in common. How its numbers are scaled belongs to the network.
DATA = ("dataset", "samples", "noise", "train_fraction", "validation_fraction", "data_seed")
ON_THE_WAY = "Changed on the way"


class Comparison:
    """One visitor's. conversation_of: gives the board of a name. first: what is compared at first."""

    name = "compare"

    def __init__(self, conversation_of: Callable[[str], Conversation], first: Sequence[sn.Experiment]):
        self._conversation_of = conversation_of
        self._who = secrets.token_hex(4)  # as which all of them wait for the gate
        self.boards: list[Conversation] = []
        self._seen: list[sn.Experiment] = []  # when the page ran last
        self._said = "", [0]  # a sentence, and which updates were on screen then
        self.load(first)

    def _add(self) -> Playground:
        known = [pg.name for pg in self.playgrounds]
        board = self._conversation_of(next(name for name in NAMES if name not in known))
        board.who = self._who
        self.boards.append(board)
        return board.playground

    # ---- what is on screen -----------------------------------------------------------------------------------------

    @property
    def playgrounds(self) -> list[Playground]:
        return [board.playground for board in self.boards]

    @property
    def experiments(self) -> tuple[sn.Experiment, ...]:
        return tuple(pg.run.experiment for pg in self.playgrounds)

    @property
    def notice(self) -> str:
        """A sentence for the visitor, "" for none: what one board says is said for all."""
        said, shown_then = self._said
        here = said if shown_then == [pg.shown for pg in self.playgrounds] else ""
        return next((pg.notice for pg in self.playgrounds if pg.notice), here)

    @property
    def is_full(self) -> bool:
        return len(self.boards) == len(NAMES)

    @property
    def can_lose_one(self) -> bool:
        return len(self.boards) > LEAST

    @property
    def differences(self) -> dict[str, list[str]]:
        """Setting as it is called on screen -> its words for each board, for those that are not alike; the values are
        those in force. Where a setting has no meaning for a board it is "–"."""
        runs = [pg.run for pg in self.playgrounds]
        said = [_settings_in_words(run) for run in runs]
        alike = {NAMES_OF[name] for name in NAMES_OF if len({getattr(run.settings, name) for run in runs}) == 1}
        labels = [label for words in said for label in words if label not in alike]
        found = {label: [words.get(label, "–") for words in said] for label in dict.fromkeys(labels)}
        found[ON_THE_WAY] = [_events_in_words(run.experiment) or "–" for run in runs]
        return {label: words for label, words in found.items() if len(set(words)) > 1}

    def start_in_words(self) -> str:
        """Which boards begin with the same first weights, and whether they see the points in the same order."""
        own = self.experiments
        kinds: dict[tuple, list[str]] = {}
        for letter, experiment in zip(LETTERS, own, strict=False):
            kinds.setdefault(_first_weights(experiment), []).append(letter.upper())
        groups = list(kinds.values())
        if len(groups) == 1:
            weights = "All begin with the same first weights"
        elif len(groups) == len(own):
            weights = "Their first weights differ, in shape or in how they are drawn"
        else:
            same = " and ".join(f"{', '.join(group)} alike" for group in groups if len(group) > 1)
            weights = f"First weights: {same}; the others differ in shape or in how they are drawn"
        if len({(one.order_seed, one.shuffle) for one in own}) > 1:
            return f"{weights}; the order of the points differs."
        if len({one.batch_size for one in own}) > 1:
            return f"{weights}; the points come in the same order, in batches of their own size."
        return f"{weights}; the batches are the same."

    def costs(self) -> list[dict[str, float | None]]:
        """Of each board at the update on screen: updates, epochs, multiplications (None where the number of points has
        changed on the way), and the seconds that so many updates take here, as measured; None before any was."""
        found = []
        for board in self.boards:
            pg, (updates, seconds) = board.playground, board.trained
            run = pg.run.fork()
            run.goto(pg.shown)
            drawn = any("points" in changes for at, changes in run.experiment.events if at <= run.update)
            found.append(
                {
                    "update": run.update,
                    "epoch": run.epoch,
                    "multiplications": None if drawn else run.samples_used * multiplications(run.experiment.sizes),
                    "seconds": run.update * seconds / updates if updates else None,
                }
            )
        return found

    def per_update(self) -> list[float]:
        """Multiplications of each board's update, on average over an epoch, with the settings in force."""
        runs = [pg.run for pg in self.playgrounds]
        return [multiplications(run.experiment.sizes) * len(run.x_train) / run.updates_per_epoch for run in runs]

    # ---- the address -----------------------------------------------------------------------------------------------

    def key(self, what: str) -> str:
        """As of a board, see `Playground.key`."""
        return f"{self.name}_{what}"

    @property
    def files(self) -> Mapping[str, sn.Points]:
        return self.playgrounds[0].files

    @property
    def address(self) -> str:
        """What the browser has, as a board told last."""
        return self.playgrounds[0].address

    @property
    def link(self) -> str:
        """All boards and the update that they are at, as a query string."""
        pgs = self.playgrounds
        return link([pg.moment.experiment for pg in pgs], max(pg.moment.update for pg in pgs), pgs[0].speed)

    def open(self, query: str, first: object = None) -> None:
        """Go to what a link holds; one without any board changes nothing. first: as of a board's, and not needed."""
        queries, said = _queries(query)
        if queries:
            self._go_to(queries)
        self._say(said)

    def _go_to(self, queries: Sequence[str]) -> None:
        del self.boards[len(queries) :]
        while len(self.boards) < len(queries):
            self._add()
        for pg, query in zip(self.playgrounds, queries, strict=True):
            pg.notice = ""
            pg.open(query)
        self._seen = list(self.experiments)
        self._fall_in()

    # ---- what the visitor does -------------------------------------------------------------------------------------

    def load(self, experiments: Sequence[sn.Experiment]) -> None:
        """These, from their start."""
        self._go_to([experiment.to_query() for experiment in experiments])
        self._say("")

    def add(self) -> None:
        """One more board, a copy of the last one with all that it did."""
        if not self.is_full:
            last = self.playgrounds[-1].moment
            self._add().open(last.query)
            self._seen = list(self.experiments)
            self._fall_in()

    def remove(self, place: int) -> None:
        if self.can_lose_one and 0 <= place < len(self.boards):
            self.boards.pop(place).playground.pause()
            self._seen = list(self.experiments)
            self._fall_in()

    def page_runs(self) -> None:
        """One board may have been changed since: the others follow its data, and its start where it began anew."""
        pgs, now = self.playgrounds, list(self.experiments)
        changed = [pg for pg, before in zip(pgs, self._seen, strict=True) if pg.run.experiment != before]
        if changed:
            self._share_data(changed[0])
            said = next((pg.notice for pg in changed if pg.notice), "")
            begun = [pg for pg in pgs if not pg.shown]
            if begun and any(pg.shown for pg in pgs):  # it cannot change within a run
                for pg in pgs:
                    pg.goto(0)
                self._say(said)
            now = list(self.experiments)
            self._fall_in()
        self._seen = now

    def _fall_in(self) -> None:
        """Each board has its letter. A speed in epochs means those of the first: all make as many updates a second."""
        of_the_first = self.playgrounds[0].updates_per_epoch
        for board, letter in zip(self.boards, LETTERS, strict=False):
            board.letter, board.playground.counted = letter.upper(), of_the_first

    def _share_data(self, changed: Playground) -> None:
        wanted = {name: getattr(changed.run.experiment, name) for name in DATA}
        for pg in self.playgrounds:
            if any(getattr(pg.run.experiment, name) != value for name, value in wanted.items()):
                pg.apply(**wanted)

    def _say(self, sentence: str) -> None:
        self._said = sentence, [pg.shown for pg in self.playgrounds]


def link(experiments: Sequence[sn.Experiment], update: int = 0, speed: str = USUAL_SPEED) -> str:
    """The query string of a comparison at an update.

    `a=` holds an Experiment, `b=` and so on the others, without the data, which all have of the first.
    """
    pairs: list[tuple[str, Any]] = []
    for letter, experiment in zip(LETTERS, experiments, strict=False):
        own = parse_qsl(experiment.to_query(), keep_blank_values=True)
        pairs.append((letter, urlencode([(name, text) for name, text in own if letter == "a" or name not in DATA])))
    said = parse_qsl(Moment(experiments[0], update, speed).query, keep_blank_values=True)
    return urlencode([*pairs, *((name, text) for name, text in said if name in ("at", "speed"))])


def _queries(text: str) -> tuple[list[str], str]:
    """(queries, notice): what each board is to open, and a sentence on what of the link could not be used."""
    if len(text) > MAX_QUERY:
        return [], f"The link was ignored: expected at most {MAX_QUERY:,} characters."
    pairs = parse_qsl(text.removeprefix("?"), keep_blank_values=True)
    given: dict[str, str] = {}
    for name, value in pairs:
        given.setdefault(name, value)
    held = [letter for letter in LETTERS if given.get(letter)]
    if not held:
        return [], ""
    shared = [(name, given[name]) for name in ("at", "speed") if name in given]
    first = parse_qsl(given.get("a", ""), keep_blank_values=True)
    data = [pair for pair in first if pair[0] in DATA]
    found = []
    for letter in held:
        own = [pair for pair in parse_qsl(given[letter], keep_blank_values=True) if pair[0] not in DATA]
        found.append(urlencode([*data, *own, *shared]))
    if len(found) >= LEAST and held[0] == "a":
        return found, ""
    whole = (found * LEAST)[: max(LEAST, len(found))]
    return whole, f"The link holds board {shown(', '.join(held).upper())} alone; what is missing is as usual or a copy."


def _settings_in_words(run: sn.Run) -> dict[str, str]:
    said = in_words(run)
    if run.settings.batch_size >= len(run.x_train):
        said[NAMES_OF["batch_size"]] = "all"
    return said


def _first_weights(experiment: sn.Experiment) -> tuple:
    """What the first weights are drawn by; equal ones are equal to the last bit."""
    return experiment.sizes, experiment.initializer, experiment.init_seed


def _events_in_words(experiment: sn.Experiment) -> str:
    """What was changed in the middle of a run, such as "Learning rate 0.1 from update 250"."""
    said = []
    for update, changes in experiment.events:
        for name, value in changes.items():
            if not update and name != "edits":
                continue  # chosen before the first update, so it is a setting like any other
            if name == "edits":
                words = f"{len(value)} weight{'s' * (len(value) > 1)} set by hand at"
            elif name == "points":
                words = "points drawn at"
            else:
                words = f"{LABELS.get(name) or title(name)} {_value(value)} from"
            said.append(f"{words} update {update:,}")
    return ", ".join(said)


def _value(value: object) -> str:
    if isinstance(value, str):
        return title(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{title(name)} {_value(part)}" for name, part in value.items()) or "as usual"
    return written(value) if isinstance(value, int | float | None) else str(value)
