"""Moment: the link to what is on screen: an Experiment with its events, the update, the speed, when to stop, the view.

The Experiment determines every number (scratchnet/links.py writes it); `at=250` says which update is looked at,
`speed=1e` how fast it plays, `stop=solved-500` what ends it, `input=0.5_-0.2` which input is followed, `axes=1_3`
which columns of the data lie across and up on the map, and `show=test-log` what is ticked below it. `until=400` is the
furthest update that was seen, where the one looked at lies before it, and `forks=` the other futures of the run, while
they fit (scratchnet/forks.py writes them). What is as usual is left out, so a link without them is a link to the start.
`task=` is the teacher's task that the moment belongs to (ui/classroom/assignment.py reads it); where a link holds no
more it begins where the task does.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, urlencode

import scratchnet as sn
from scratchnet import forks, links
from scratchnet.forks import Forks
from scratchnet.links import MAX_QUERY
from scratchnet.values import shown
from ui.kit.typed import written

MOST_UPDATES = 1_000_000  # that a link has trained again; some minutes of a server that others use as well
USUAL_SPEED = "10e"  # at full speed the first experiment is solved before one has looked
MOST_EPOCHS = 999_999_999  # after which to stop
NO_STOP = {"solved": False, "plateau": False, "epochs": None}
LARGEST_INPUT = 1e6  # that is followed; far outside every data set, and its squares and products stay numbers
VIEW = ("input", "axes", "show")  # of a link: what is looked at; ui/way_back.js knows them too
TICKS = ("test", "discretize", "log", "linear")  # test points, discretize, the loss on the one axis or the other
EMPTY: Mapping = MappingProxyType({})
MOST_SLICED = 3  # columns of which the first two lie on the map at first
PRINCIPAL = "pca"  # for axes: the first two principal components instead of two columns
AROUND = ("until", "forks")  # of a link: what the run on screen became besides; ui/way_back.js knows them too
KEYS = ("at", "speed", "stop", *VIEW, *AROUND, "map", "task")


@dataclass(frozen=True)
class Moment:
    """What a link opens. probe: the input followed, a number for each column of the data; columns: those of the map, ()
    for the plane of the first two principal components; None becomes what is usual for the data.

    task: the text of a task as it stands in the link, "" without one. is_empty: the drawn points were cleared, and the
    first new one begins a run. forks: the tree of which the experiment is the present branch; None where it is alone.
    """

    experiment: sn.Experiment
    update: int = 0
    speed: str = USUAL_SPEED
    stop: dict = field(default_factory=lambda: dict(NO_STOP))
    probe: tuple[float, ...] | None = None
    columns: tuple[int, ...] | None = None
    ticks: tuple[str, ...] = ()  # of TICKS, in their order
    task: str = ""
    is_empty: bool = False
    forks: Forks | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self.columns is None:
            object.__setattr__(self, "columns", usual_columns(sn.spec_of(self.experiment.dataset).names))

    @property
    def tree(self) -> Forks:
        """The branches, of which the present one is this experiment, looked at where it is looked at."""
        if self.forks is None or self.forks.here.experiment != self.experiment:
            return Forks.of(self.experiment, shown=self.update)
        return self.forks.stands(self.update, self.forks.here.furthest)

    @property
    def query(self) -> str:
        """The link's query string, without "?"."""
        rules = [name for name in ("solved", "plateau") if self.stop[name]]
        rules += [str(self.stop["epochs"])] if self.stop["epochs"] else []
        pairs: list[tuple[str, Any]] = [("at", self.update)] if self.update else []
        pairs += [("speed", self.speed)] if self.speed != USUAL_SPEED else []
        pairs += [("stop", "-".join(rules))] if rules else []
        pairs += [("input", "_".join(map(written, self.probe)))] if self.probe is not None else []
        if self.columns is not None and self.columns != usual_columns(sn.spec_of(self.experiment.dataset).names):
            pairs += [("axes", "_".join(str(column + 1) for column in self.columns) or PRINCIPAL)]
        pairs += [("show", "-".join(self.ticks))] if self.ticks else []
        tree = self.tree
        pairs += [("until", tree.here.furthest)] if tree.here.furthest > self.update else []
        pairs += [("forks", text)] if (text := tree.to_text()) else []
        pairs += [("map", "empty")] if self.is_empty else []
        pairs += [("task", self.task)] if self.task else []
        return "&".join([self.experiment.to_query(), *([urlencode(pairs)] if pairs else [])])


def usual_columns(names: tuple[str, ...]) -> tuple[int, ...]:
    """What lies on the map at first: two columns, and of many the principal components, which show more of them."""
    return (0, 1) if len(names) <= MOST_SLICED else ()


def says_something(query: str) -> bool:
    """Whether a query names anything of a moment; what others hang on to a link (a mailer's mark) is nothing."""
    own = {*KEYS, *(field.name for field in fields(sn.Experiment))}
    names = [name.split(".")[0] for name, _ in parse_qsl(query[:MAX_QUERY], keep_blank_values=True)]
    return any(name in own or name in ("optimizer", "schedule") or name.isdigit() for name in names)


def says_a_task(query: str) -> bool:
    """Whether a query names a task, even where nothing is left of it."""
    return any(name == "task" for name, _ in parse_qsl(query.removeprefix("?")[:MAX_QUERY], keep_blank_values=True))


def says_an_experiment(query: str) -> bool:
    """Whether a query names an Experiment, not just a task: every link of ours names the data set."""
    return any(name == "dataset" for name, _ in parse_qsl(query.removeprefix("?")[:MAX_QUERY], keep_blank_values=True))


def without(names: Collection[str], query: str) -> tuple[str, list[str]]:
    """(query, said): a query string without what the playground alone has, and a sentence on what of it was there."""
    pairs = parse_qsl(query.removeprefix("?")[:MAX_QUERY], keep_blank_values=True)
    there = ", ".join(dict.fromkeys(name for name, _ in pairs if name in names))
    said = [f"In the link (left out), only the playground has these: {there}."]
    return urlencode([pair for pair in pairs if pair[0] not in names]), said if there else []


def changes_after(update: int, experiment: sn.Experiment) -> list[str]:
    """A sentence on the events after an update, for a page that takes what is in force there."""
    later = [at for at, _ in experiment.events if at > update]
    said = f"In the link (left out), expected no change after update {update:,}, got one at update {{:,}}."
    return [said.format(later[0])] if later else []


def read(query: str, speeds, files: Mapping[str, sn.Points] = EMPTY) -> tuple[Moment, tuple[str, ...]]:
    """(moment, ignored) of a query string, whatever it holds; ignored: a sentence for each value that was not used.

    speeds: the known ones. files: tables that are at hand, see `Experiment.from_query`. As in an Experiment's own link,
    the first of a key given twice counts.
    """
    text = query.removeprefix("?") if isinstance(query, str) else ""
    own = [pair for pair in parse_qsl(text[:MAX_QUERY], keep_blank_values=True) if pair[0] in KEYS]
    if own:
        kept = [part for part in text.split("&") if part.split("=")[0] not in KEYS]
        text = "&".join(kept)
    experiment, ignored = sn.Experiment.from_query(text if isinstance(query, str) else query, files)
    said = list(ignored)
    given = links.once(own, lambda error, used: said.append(f"In the link ({used}), {error}."))
    update, before = _update("at", given.get("at", "0"), said), len(said)
    furthest = max(update, until := _update("until", given.get("until", "0"), said))
    if "until" in given and until < update and len(said) == before:
        said.append(
            f"In the link (update {update:,} is used), until: expected the furthest update that was seen, no earlier "
            f"than the one to show, got {shown(given['until'])}."
        )
    tree, ignored = (
        forks.read(given["forks"], experiment, furthest, update, MOST_UPDATES)
        if "forks" in given
        else (Forks.of(experiment, furthest, update), ())
    )
    said += ignored
    speed = given.get("speed", USUAL_SPEED)
    if speed not in speeds:
        said.append(
            f"In the link (the usual one is used), speed: expected one of {', '.join(speeds)}, got {shown(speed)}."
        )
        speed = USUAL_SPEED
    stop, names = _stop(given.get("stop", ""), said), sn.spec_of(experiment.dataset).names
    probe, columns = _probe(given.get("input"), names, said), _columns(given.get("axes"), names, said)
    ticks = _ticks(given.get("show", ""), said)
    if given.get("task") == "":
        said.append("The link should hold a task and ends before it: copy the whole link again.")
    drawn = experiment.dataset
    is_empty = given.get("map") == "empty" and not update and isinstance(drawn, sn.Points) and drawn.is_drawn
    if given.get("map", "empty") != "empty":
        said.append(f"In the link (left out), map: expected empty, got {shown(given['map'])}.")
    if is_empty and tree != Forks.of(experiment):  # else it would be trained though nobody can see it
        said.append("In the link (left out): beyond an empty map there is no later update and no other branch.")
        tree = Forks.of(experiment)
    seen = (speed, stop, probe, columns, ticks)
    return Moment(experiment, update, *seen, given.get("task", ""), is_empty, tree), tuple(said)


def known_ticks(names: object) -> tuple[str, ...] | None:
    """Names of TICKS in their order; None for anything else, also for both axes at once."""
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) and name in TICKS for name in names):
        return None
    return None if {"log", "linear"} <= set(names) else tuple(name for name in TICKS if name in names)


def _ticks(text: str, said: list[str]) -> tuple[str, ...]:
    ticks = known_ticks(text.split("-") if text else ())
    if ticks is None:
        expected = "some of test, discretize and one of log or linear, such as test-log"
        said.append(f"In the link (left out), show: expected {expected}, got {shown(text)}.")
    return ticks or ()


def _update(name: str, text: str, said: list[str]) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 12:
        if int(text) <= MOST_UPDATES:
            return int(text)
        said.append(
            f"In the link (this is update {MOST_UPDATES:,}, the last that a link opens), {name}: update {int(text):,} "
            "is too far to be trained again here."
        )
        return MOST_UPDATES
    expected = f"the number of an update, from 0 to {MOST_UPDATES:,}"
    said.append(f"In the link (this is the start), {name}: expected {expected}, got {shown(text)}.")
    return 0


def _stop(text: str, said: list[str]) -> dict:
    stop: dict[str, Any] = dict(NO_STOP)
    for rule in text.split("-") if text else []:
        if rule in ("solved", "plateau"):
            stop[rule] = True
        elif rule.isascii() and rule.isdigit() and len(rule) <= 12 and 1 <= int(rule) <= MOST_EPOCHS:
            stop["epochs"] = int(rule)
        else:
            said.append(
                f"In the link (left out), stop: expected solved, plateau or a number of epochs, got {shown(rule)}."
            )
            break
    return stop


def _probe(text: str | None, names: tuple[str, ...], said: list[str]) -> tuple[float, ...] | None:
    if text is None:
        return None
    try:
        values = tuple(float(number) for number in text.split("_"))
    except ValueError:
        values = ()
    if len(values) == len(names) and all(abs(value) <= LARGEST_INPUT for value in values):  # which nan is not
        return values
    said.append(
        f"In the link (none is followed), input: expected a number for each of {', '.join(names)}, at most "
        f"{LARGEST_INPUT:,.0f} in size, got {shown(text)}."
    )
    return None


def _columns(text: str | None, names: tuple[str, ...], said: list[str]) -> tuple[int, ...]:
    if text is None:
        return usual_columns(names)
    if text == PRINCIPAL and len(names) > 2:
        return ()
    known = [str(place + 1) for place in range(len(names))]
    chosen = text.split("_")
    if len(names) > 2 and len(chosen) == len(set(chosen)) == 2 and set(chosen) <= set(known):
        return known.index(chosen[0]), known.index(chosen[1])
    expected = f"two of {', '.join(known)}, such as 1_2" if len(names) > 2 else "none, for this data has no others"
    said.append(f"In the link (left out), axes: expected {expected}, got {shown(text)}.")
    return usual_columns(names)
