"""Comparison: two to four boards that learn from the same data, step by step together. Plain Python, without a browser.

Each board is an ordinary conversation with a playground of its own. What they have in common is kept the same here: the
data, and where they stand after one of them has begun anew. While they play, ui/board/together.js keeps them together.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import scratchnet as sn
from scratchnet import links
from scratchnet.datasets import training_rows
from scratchnet.forks import Forks
from scratchnet.links import MAX_QUERY, MAX_SENTENCES
from scratchnet.values import shown
from ui import moment
from ui.kit.typed import written
from ui.labels import LABELS, left_behind, title
from ui.moment import KEYS, USUAL_SPEED, Moment
from ui.paper.settings import NAMES as NAMES_OF
from ui.paper.settings import in_words
from ui.play.conversation import Conversation
from ui.play.playground import SPEEDS, Playground, work_of
from ui.undo import Place

LETTERS = ("a", "b", "c", "d")  # of the boards, in a link; on screen they are capitals
NAMES = tuple(f"compare{number}" for number in range(1, len(LETTERS) + 1))
LEAST = 2
# What all boards have in common. How its numbers are scaled belongs to the network.
DATA = ("dataset", "samples", "noise", "train_fraction", "validation_fraction", "data_seed")
ON_THE_WAY = "Changed on the way"
LEFT = "left"  # of a link, see `link`
SHARED = ("at", "speed", "until", "forks", LEFT)  # likewise: what is said beside the boards
MOST_STANDS = 30  # that Undo leads back to

# Boards, and where each stood: what Undo and Redo lead to.
Stand = tuple[tuple[Conversation, Place], ...]


class Comparison:
    """One visitor's. conversation_of: gives the board of a name. first: what is compared at first."""

    name = "compare"

    def __init__(self, conversation_of: Callable[[str], Conversation], first: Sequence[sn.Experiment]):
        self._conversation_of = conversation_of
        self._who = secrets.token_hex(4)  # as which all of them wait for the gate
        self.boards: list[Conversation] = []
        self._seen: list[Moment] = []  # when the page ran last
        self._left: dict[str, int] = {}  # board's name -> the number of the place that it had left last, likewise
        self._said = "", [0]  # a sentence, and which updates were on screen then
        self._before: list[Stand] = []  # each change, and those that were taken back
        self._after: list[Stand] = []
        self.has_heard = False  # what the browser has kept of another visit
        self._go_to([experiment.to_query() for experiment in first])
        self._is_chosen = False  # by anybody: else it is what a visit begins with

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
        of_a_board = next((pg.notice for pg in self.playgrounds if pg.notice), "")
        return here if of_a_board in here else of_a_board

    @property
    def is_full(self) -> bool:
        return len(self.boards) == len(NAMES)

    @property
    def can_lose_one(self) -> bool:
        return len(self.boards) > LEAST

    @property
    def visit(self) -> str:
        """Unlike that of any other comparison: by it the browser sees that the server has forgotten another one."""
        return self._who

    @property
    def can_undo(self) -> bool:
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        return bool(self._after)

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

    @property
    def names(self) -> list[str]:
        """What is said of each board beside its losses: what differs, and what changed on the way with its update."""
        differences = self.differences
        later = differences.pop(ON_THE_WAY, ["–"] * len(self.boards))
        names = []
        for place, changed in enumerate(later):
            said = [
                f"{label} {words[place]}"
                for label, words in differences.items()
                if words[place] != "–" and f"{label} {words[place]} from" not in changed
            ]
            names.append(", ".join([*said, *([changed] if changed != "–" else [])]))
        return names

    @property
    def given_names(self) -> list[str]:
        """What somebody has called the branch that each board shows; "" where nobody has."""
        return [pg.forks.here.name for pg in self.playgrounds]

    def start_in_words(self) -> str:
        """Which boards begin with the same first weights, and whether they have the same points in the same order: with
        all that was changed up to the update on screen."""
        kinds: dict[tuple, list[str]] = {}
        for letter, pg in zip(LETTERS, self.playgrounds, strict=False):
            kinds.setdefault(_first_weights(pg.run), []).append(letter.upper())
        groups = list(kinds.values())
        if len(groups) == 1:
            weights = "All begin with the same first weights"
        elif len(groups) == len(self.boards):
            weights = "Their first weights differ, in shape or in how they are drawn or set"
        else:
            same = " and ".join(f"{', '.join(group)} alike" for group in groups if len(group) > 1)
            weights = f"First weights: {same}; the others differ in shape or in how they are drawn or set"
        ways = [_way(pg.run.experiment, pg.shown) for pg in self.playgrounds]
        if len({_changes(way, "points") for way in ways}) > 1:
            return f"{weights}; the points differ."
        if len({_changes(way, "points", "size", "order") for way in ways}) > 1:
            # Who takes all points at once has them in any order.
            if len({_changes(way, "said_order") for way in ways if any(at["order"] is not None for at in way)}) > 1:
                return f"{weights}; the order of the points differs."
            return f"{weights}; the points come in the same order, in batches of their own size."
        if len({(one.scaling, one.features) for one in self.experiments}) > 1:
            return f"{weights}; the batches are of the same points, as other inputs."
        return f"{weights}; the batches are the same."

    def costs(self) -> list[dict[str, float | None]]:
        """Of each board at the update on screen: updates, epochs, multiplications, and the seconds that these updates
        take here, as measured; None where some of them are of a kind of which none was."""
        found = []
        for pg in self.playgrounds:
            run = pg.run.fork()
            run.goto(pg.shown)
            found.append(
                {
                    "update": run.update,
                    "epoch": run.epoch,
                    "multiplications": run.multiplications,
                    "seconds": _seconds(pg, run.update) if run.update else None,
                }
            )
        return found

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
        there = [pg.moment for pg in self.playgrounds]
        return link([one.tree for one in there], max(one.update for one in there), there[0].speed)

    def open(self, query: str, first: object = None) -> None:
        """Go to what a link holds; one without any board changes nothing. first: as of a board's, and not needed."""
        queries, said = _queries(query, self.files)
        if queries:
            self._go_to(queries)
        there = [moment.read(text, SPEEDS, self.files) for text in queries]
        told = dict.fromkeys(sentence for _, ignored in there for sentence in ignored)  # often the same of all boards
        self._say(" ".join(filter(None, (said, *told))), [one.update for one, _ in there])

    def is_led_here(self) -> None:
        for pg in self.playgrounds:
            pg.is_led_here()

    def resume(self, said: object) -> None:
        """Go on where the browser was when another visit answered it. said: {link, update, playing, reloaded}, what
        ui/compare/compare.js has kept. A browser may say anything, and late: what has been chosen since stays.
        """
        self.has_heard = True
        kept = said if isinstance(said, dict) else {}
        queries, _ = _queries(text if isinstance(text := kept.get("link"), str) else "", self.files)
        there = [moment.read(query, SPEEDS, self.files)[0] for query in queries]
        update, is_playing = kept.get("update"), kept.get("playing") is True
        if not there or (self._is_chosen and [one.experiment for one in there] != list(self.experiments)):
            return
        if (
            self._is_chosen
            and not is_playing
            and [update] * len(there) == [pg.moment.update for pg in self.playgrounds]
        ):
            return  # the address has brought all back
        self._set_number(len(there))
        for pg, one in zip(self.playgrounds, there, strict=True):
            last = max(one.tree.here.furthest, update) if type(update) is int else None
            around = {"furthest": last, "forks": one.tree.to_text(), "reloaded": kept.get("reloaded")}
            pg.resume(one.experiment.to_query(), update, is_playing, one.speed, ticks=pg.ticks, **around)
        self._fall_in()

    def _set_number(self, count: int) -> None:
        del self.boards[count:]
        while len(self.boards) < count:
            self._add()
        self._is_chosen = True

    def _go_to(self, queries: Sequence[str]) -> None:
        self._set_number(len(queries))
        for pg, query in zip(self.playgrounds, queries, strict=True):
            pg.notice = ""
            pg.open(query)
        self._fall_in()

    # ---- what the visitor does -------------------------------------------------------------------------------------

    def load(self, experiments: Sequence[sn.Experiment]) -> None:
        """These, from their start, at the speed of the first board."""
        self._changes(self._stand())
        speed = self.playgrounds[0].speed
        self._set_number(len(experiments))
        for pg, experiment in zip(self.playgrounds, experiments, strict=True):
            pg.replace(experiment)
            pg.set_speed(speed)
        self._say("")
        self._fall_in()

    def add(self) -> None:
        """One more board, a copy of the last one with all that it did."""
        if not self.is_full:
            self._changes(self._stand())
            last = self.playgrounds[-1].moment
            unnamed = last.tree.renamed(last.tree.present, "")  # two of one name could not be told apart
            self._add().open(replace(last, forks=unnamed).query)
            self._fall_in()

    def remove(self, place: int) -> None:
        if self.can_lose_one and 0 <= place < len(self.boards):
            self._changes(self._stand())
            self.boards.pop(place).playground.pause()
            self._fall_in()

    def undo(self) -> None:
        """Take back the last change, whichever board it was of: all boards that there were, where they stood."""
        self._move(self._before, self._after)

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._move(self._after, self._before)

    def _move(self, source: list[Stand], target: list[Stand]) -> None:
        if not source:
            return
        target.append(self._stand())
        stand = source.pop()
        for board in self.boards:
            board.playground.pause()
        self.boards = [board for board, _ in stand]
        for board, place in stand:
            pg, been = board.playground, place.forks.here.furthest
            if pg.run.experiment == place.experiment:  # what was learned since on a board that was not changed stays
                been = max(been, pg.furthest)
            pg.return_to(replace(place, forks=place.forks.stands(place.update, been)))
        update = max(place.update for _, place in stand)
        for pg in self.playgrounds:  # while they played, one may have been a few updates ahead
            if pg.moment.update < update:  # where it stands, or is on the way to
                pg.reach(update)
        self._say("")
        self._fall_in()

    def _stand(self) -> Stand:
        return tuple((board, board.playground.place) for board in self.boards)

    def _changes(self, stand: Stand) -> None:
        """Something is about to change, or has just done so, where all stood: it can be had back."""
        self._before = [*self._before[1 - MOST_STANDS :], stand]
        self._after = []
        self._is_chosen = True

    def page_runs(self) -> None:
        """One board may have been changed since: the others follow its data, and its start where it began anew.

        Data that one of them cannot take are refused: the board that was changed goes back to what it had.
        """
        pgs = self.playgrounds
        changed = [(pg, was) for pg, was in zip(pgs, self._seen, strict=True) if pg.run.experiment != was.experiment]
        stand, branched = self._stand_before(), self._branched()
        if changed:
            refusal = self._share_data(changed[0][0])
            if not refusal and changed[0][0].notice:
                changed[0][0].notice += self._others_begin_with(changed[0][0])
            if not refusal and stand is not None:
                self._changes(stand)
            if refusal:
                for pg, was in changed:
                    if _data(pg) != _data_of(was.experiment):
                        _go_back(pg, was)
                for pg in pgs:
                    pg.notice = ""  # of before
                self._say(refusal)
            elif branched and not any(pg.notice for pg in pgs):
                self._say(branched)
            said = next((pg.notice for pg, _ in changed if pg.notice), refusal)
            begun = [pg for pg in pgs if not pg.shown]
            if begun and any(pg.shown for pg in pgs):  # it cannot change within a run
                for pg in pgs:
                    pg.goto(0)
                self._say(said)
        self._fall_in()

    def _others_begin_with(self, changed: Playground) -> str:
        """Of the boards that took new data along, what their new starts do not show by themselves."""
        said = ""
        for board, was in zip(self.boards, self._seen, strict=True):
            pg = board.playground
            if pg is not changed and _data(pg) != _data_of(was.experiment):
                pg.notice = ""  # the same as is said of the one that was changed
                left = left_behind(was.tree, pg.run.settings)
                said += left.replace(" It ", f" Board {board.letter} ").replace("this run", f"board {board.letter}")
        return said

    def _stand_before(self) -> Stand | None:
        """Where all stood before what was changed since the page ran last; None where Undo takes nothing of it back."""
        stand, is_changed = [], False
        for board in self.boards:
            pg, place = board.playground, board.playground.place
            if before := pg.first_left(self._left[pg.name]):
                place, is_changed = replace(before, run=None), True
            stand.append((board, place))
        return tuple(stand) if is_changed else None

    def _branched(self) -> str:
        """What is said where a change was made before the furthest update of a board: nothing of it is lost."""
        for board, was in zip(self.boards, self._seen, strict=True):
            tree = board.playground.forks
            if tree.made > was.tree.made and tree.here.parent is not None:
                left = tree[tree.here.parent].furthest
                return (
                    f"Board {board.letter} goes another way from update {tree.here.at:,} on. The way that it had gone, "
                    f"up to update {left:,}, is kept: the buttons on the board lead to each, and Undo takes this back."
                )
        return ""

    def _fall_in(self) -> None:
        """Each board has its letter. A speed in epochs means those of the first: all make as many updates a second."""
        self._seen = [pg.moment for pg in self.playgrounds]
        self._left = {pg.name: pg.left for pg in self.playgrounds}
        of_the_first = self.playgrounds[0].updates_per_epoch
        for board, letter in zip(self.boards, LETTERS, strict=False):
            board.letter, board.playground.counted = letter.upper(), of_the_first

    def _share_data(self, changed: Playground) -> str:
        """Give the data of one board to all. "" where that is done; else, and then nothing is, why it cannot be."""
        wanted = _data(changed)
        others = [(board.letter, board.playground) for board in self.boards if _data(board.playground) != wanted]
        for letter, pg in others:
            if sentence := pg.why_not(**wanted):
                return f"Board {letter} cannot learn from these points, so all keep theirs: {sentence}"
        for _, pg in others:
            pg.apply(**wanted)
        return ""

    def _say(self, sentence: str, at: Sequence[int] = ()) -> None:
        """at: the updates at which it is said, for boards that are on the way there; else where all stand now."""
        self._said = sentence, [*at] or [pg.shown for pg in self.playgrounds]


def link(boards: Sequence[sn.Experiment | Forks], update: int = 0, speed: str = USUAL_SPEED) -> str:
    """The query string of a comparison at an update. boards: of each the branches, or an Experiment that has none.

    `a=` holds an Experiment, `b=` and so on the others, without the data, which all have of the first. `until=` says
    how far each was seen, where one was seen beyond the update (900_250), and `forks=` the branches of each that has
    some, by its letter. `left=` says how many found no place: those after the fourth.
    """
    pairs: list[tuple[str, Any]] = []
    trees = [one if isinstance(one, Forks) else Forks.of(one, shown=update) for one in boards[: len(LETTERS)]]
    for letter, tree in zip(LETTERS, trees, strict=False):
        own = parse_qsl(tree.here.experiment.to_query(), keep_blank_values=True)
        pairs.append((letter, urlencode([(name, text) for name, text in own if letter == "a" or name not in DATA])))
    said = parse_qsl(Moment(trees[0].here.experiment, update, speed).query, keep_blank_values=True)
    pairs += [(name, text) for name, text in said if name in ("at", "speed")]
    ends = [max(tree.here.furthest, update) for tree in trees]
    pairs += [("until", "_".join(map(str, ends)))] if max(ends) > update else []
    branches = [(letter, text) for letter, tree in zip(LETTERS, trees, strict=False) if (text := tree.to_text())]
    pairs += [("forks", urlencode(branches))] if branches else []
    pairs += [(LEFT, len(boards) - len(LETTERS))] if len(boards) > len(LETTERS) else []
    return urlencode(pairs)


def _queries(text: str, files: Mapping[str, sn.Points]) -> tuple[list[str], str]:
    """(queries, notice): what each board is to open, and sentences on what of the link could not be used. A link to one
    experiment is that of board A."""
    if len(text) > MAX_QUERY:
        return [], f"The link was ignored: expected at most {MAX_QUERY:,} characters."
    said: list[str] = []

    def ignore(error: object, used: str = "it is left out") -> None:
        said.append(f"In the link ({used}), {str(error).removesuffix('.')}.")

    given = links.once(parse_qsl(text.removeprefix("?"), keep_blank_values=True), ignore)
    if not any(letter in given for letter in LETTERS) and "dataset" in given:  # every link to one names it
        branches = {"forks": urlencode({"a": given.pop("forks")})} if "forks" in given else {}
        own = {name: given.pop(name) for name in list(given) if name not in SHARED}
        given |= {"a": urlencode(own)} | branches
    for name in given:
        if name not in (*LETTERS, *SHARED):
            ignore(f"there is nothing that is called {shown(name)} in a comparison")
        elif name in LETTERS and not given[name]:
            ignore(f"expected an experiment for board {name.upper()}, got none")
    held = [letter for letter in LETTERS if given.get(letter)]
    if not held:
        if given:
            ignore("expected an experiment for each board, got none", "what was there stays")
        return [], " ".join(said[:MAX_SENTENCES])
    if len(held) >= LEAST and held[0] == "a" and held != list(LETTERS[: len(held)]):
        letters = [", ".join(names).upper() for names in (LETTERS[: len(held)], held)]
        ignore(f"expected boards {letters[0]}, got {letters[1]}", f"they are {letters[0]} here")
    shared = [(name, given[name]) for name in ("at", "speed") if name in given]
    boards = {letter: parse_qsl(given[letter], keep_blank_values=True) for letter in held}
    data = [pair for pair in boards[held[0]] if pair[0] in DATA]
    ends = given["until"].split("_") if given.get("until") else []
    if len(ends) > 1 and len(ends) != len(held):
        ignore(f"until: expected a number for each of {len(held)} boards, got {len(ends)}", "the last counts for more")
    branches = links.once(parse_qsl(given.get("forks", ""), keep_blank_values=True), ignore)
    for letter in branches:
        if letter not in held:
            ignore(f"forks: expected those of {', '.join(held)}, got some of {shown(letter)}")
    if given.get(LEFT) and not _is_left_out(given[LEFT]):
        ignore(f"{LEFT}: expected how many branches found no place, got {shown(given[LEFT])}")
    found = []
    for place, (letter, pairs) in enumerate(boards.items()):
        around = [("until", ends[min(place, len(ends) - 1)])] if ends else []
        around += [("forks", branches[letter])] if branches.get(letter) else []
        for name in dict.fromkeys(name for name, _ in pairs if name in KEYS):
            ignore(f"board {letter.upper()}: {shown(name)} is said of all boards or of none")
        if not _has_data(pairs, data, files):
            ignore(f"board {letter.upper()}: expected the data of board {held[0].upper()}, got other data")
        # Where all stand and how fast they go is said once, for all.
        own = [pair for pair in pairs if pair[0] not in (*DATA, *KEYS)]
        found.append(urlencode([*data, *own, *shared, *around]))
    if len(found) >= LEAST and held[0] == "a":
        more = _left_out(given.get(LEFT, ""))
        return found, " ".join([*said[:MAX_SENTENCES], *([more] if more else [])])
    whole = (found * LEAST)[: max(LEAST, len(found))]
    alone = f"The link holds board {shown(', '.join(held).upper())} alone; what is missing is as usual or a copy."
    return whole, " ".join([alone, *said[:MAX_SENTENCES]])


def _has_data(pairs: list[tuple[str, str]], data: list[tuple[str, str]], files: Mapping[str, sn.Points]) -> bool:
    """Whether what a board of a link says of its data, if it says anything, is what the first board says."""
    own = [pair for pair in pairs if pair[0] in DATA]
    if not own or own == data:
        return True
    mine, first = (sn.Experiment.from_query(urlencode(said), files)[0] for said in (own, data))
    return all(getattr(mine, name) == getattr(first, name) for name, _ in own)


def _settings_in_words(run: sn.Run) -> dict[str, str]:
    said = in_words(run)
    if run.settings.batch_size >= len(run.x_train):
        said[NAMES_OF["batch_size"]] = "all"
    return said


def _left_out(text: str) -> str:
    """What is said of so many branches that found no place."""
    if not _is_left_out(text):
        return ""
    more = "1 more branch of the run is" if int(text) == 1 else f"{int(text)} more branches of the run are"
    return f"A comparison has at most {len(LETTERS)} boards: {more} not here."


def _is_left_out(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 4 and int(text) > 0


def _data(pg: Playground) -> dict[str, Any]:
    return _data_of(pg.run.experiment)


def _data_of(experiment: sn.Experiment) -> dict[str, Any]:
    return {name: getattr(experiment, name) for name in DATA}


def _go_back(pg: Playground, before: Moment) -> None:
    """Put a board back to what it had, with all its updates: by the way on which it came from there."""
    for can, go, back in ((pg.can_undo, pg.undo, pg.redo), (pg.can_redo, pg.redo, pg.undo)):
        if can:
            go()
            if pg.run.experiment == before.experiment:
                break
            back()
    else:
        pg.open(before.query)


def _first_weights(run: sn.Run) -> tuple:
    """The layer sizes and the first weights, as the first update gets them."""
    start = run.fork()
    start.goto(0)
    return run.experiment.sizes, start.network.theta.tobytes()


def _stretches(experiment: sn.Experiment, until: int) -> list[tuple[int, sn.Experiment, int]]:
    """(update, settings, number of training points): what is in force from that update on, up to one more of them."""
    found = []
    for update in dict.fromkeys([0, *(at for at, _ in experiment.events if at <= until)]):
        now = experiment.at(update)
        found.append((update, now, training_rows(now.dataset, now.samples, now.train_fraction)))
    return found


def _way(experiment: sn.Experiment, until: int) -> list[dict[str, Any]]:
    """What decides the batches from each update on at which something was changed. order: None without any."""
    return [
        {
            "update": update,
            "points": tuple(_data_of(now).values()),
            "size": min(now.batch_size, rows),
            "order": (now.shuffle and now.order_seed, now.shuffle) if now.batch_size < rows else None,
            "said_order": (now.shuffle and now.order_seed, now.shuffle),
        }
        for update, now, rows in _stretches(experiment, until)
    ]


def _changes(way: list[dict[str, Any]], *names: str) -> tuple:
    """(update, values) of the start and of each update at which one of these changed."""
    found: list[tuple[int, tuple]] = []
    for at in way:
        values = tuple(at[name] for name in names)
        if not found or found[-1][1] != values:
            found.append((at["update"], values))
    return tuple(found)


def _seconds(pg: Playground, until: int) -> float | None:
    """What the updates up to one take here, each as those of its kind took; None where of a kind none was measured."""
    stretches = _stretches(pg.run.experiment, until - 1)
    ends = [*(update for update, _, _ in stretches[1:]), until]
    total = 0.0
    for (update, now, rows), end in zip(stretches, ends, strict=True):
        updates, seconds = pg.measured.get(work_of(now, rows), (0, 0.0))
        if not updates:
            return None
        total += (end - update) * seconds / updates
    return total


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
