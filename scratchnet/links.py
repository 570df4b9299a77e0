"""Links: an Experiment in writing, as the query string of a link and as JSON, and read back from either.

A link is passed on, shortened and edited by hand, so it is read leniently: whatever it holds, an experiment comes out,
and a sentence for each value that was ignored. A document is read strictly: it is right, or it is refused.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import parse_qsl, urlencode

from .datasets import DATASETS
from .events import MAX_CHANGES, MAX_POINT_CHANGES, POINTS, checked_edit, checked_points, weight_of
from .points import Points, read_link, says_points
from .settings import LIVE_CHECKS, LIVE_SETTINGS, WITH_SETTINGS, checked_live, setting_defaults
from .task import defaults_for
from .values import shown

if TYPE_CHECKING:
    from .experiment import Experiment

MAX_QUERY = 200_000  # characters of a link; MAX_CHANGES long ones fit
MAX_JSON = 200_000  # characters of a document
MAX_SENTENCES = 20  # about ignored values of one link
# Fields that came later: written only where they differ from this, so that what was written before stays as it was.
LATER = {"validation_fraction": 0.0, "scaling": "none"}


# A link


def to_query(experiment: Experiment) -> str:
    """See `Experiment.to_query`."""
    said = steps(experiment)
    pairs = [*_start_pairs(experiment), *(pair for pair in said if not _is_drawn(pair[0]))]
    drawn = [f"{key.split('.')[0]}_{text}" for key, text in said if _is_drawn(key)]
    pairs += [(POINTS, "~".join(drawn))] if drawn else []  # one for all: a server takes a thousand parameters
    return urlencode(pairs, safe="*()~")


def steps(experiment: Experiment, since: int = 0) -> list[tuple[str, str]]:
    """The keys and texts of the events from an update on; what was drawn there has the key `120.points`."""
    pairs, dataset = [], experiment.dataset
    for update, changes in experiment.events:
        for name, value in changes.items():
            said = [(name, _cut(dataset, value))] if name == POINTS else _query_pairs(name, value)
            pairs += [(f"{update}.{key}", text) for key, text in said if update >= since]
        dataset = changes.get(POINTS, dataset)
    return pairs


def _is_drawn(key: str) -> bool:
    return key.endswith(f".{POINTS}")


def read_steps(
    pairs: list[tuple[str, str]], before: Experiment, since: int, ignore: Callable[[object, str], None]
) -> Experiment:
    """`before` with the events that `steps` wrote, all of them at `since` or later, after which it has none.

    What cannot be used is left out, and ignore is told why and what is used instead. ValueError where they are too
    many.
    """
    given = once([pair for pair in pairs if not _is_drawn(pair[0])], ignore)
    given[POINTS] = "~".join(f"{key.removesuffix(f'.{POINTS}')}_{text}" for key, text in pairs if _is_drawn(key))
    events = []
    for update, changes in _read_events(given, before, before.at(since), ignore):
        if update < since:
            ignore(f"expected events from update {since} on, got one at update {update}", "it is left out")
        else:
            events.append((update, changes))
    for key in given:
        ignore(f"there is nothing that is called {shown(key)}", "it is left out")
    return dataclasses.replace(before, events=(*before.events, *events))


def digests(experiment: Experiment) -> tuple[tuple[int, str], ...]:
    """See `Experiment.path`."""
    dataset = experiment.dataset
    data = dataset.digest if isinstance(dataset, Points) else dataset
    digest, path = _digest("", [("data", data), *_start_pairs(experiment)[1:]]), []
    if not experiment.events or experiment.events[0][0]:
        path.append((0, digest))
    said: dict[int, list[tuple[str, str]]] = {}
    for key, text in steps(experiment):
        said.setdefault(int(key.split(".")[0]), []).append((key, text))
    for update, pairs in said.items():
        digest = _digest(digest, pairs)
        path.append((update, digest))
    return tuple(path)


def _start_pairs(experiment: Experiment) -> list[tuple[str, str]]:
    """The keys and texts of all fields but the events, the data set first."""
    names = [name for name in _fields(experiment) if name != "events" and not _is_left_out(experiment, name)]
    return [pair for name in names for pair in _query_pairs(name, getattr(experiment, name))]


def _digest(before: str, pairs: list[tuple[str, str]]) -> str:
    return hashlib.blake2b(f"{before}?{urlencode(pairs)}".encode(), digest_size=8).hexdigest()


def _is_left_out(experiment: Experiment, name: str) -> bool:
    return name in LATER and getattr(experiment, name) == LATER[name]


def _cut(old: Any, new: Any) -> str:
    """What was drawn, as a link says it: where, how many points go, and the numbers of those that come."""
    start, removed, rows = old.splice(new)
    return "_".join(write_value(number) for number in (start, removed, *(value for row in rows for value in row)))


def _read_cut(text: str, old: Points) -> Points:
    """ValueError with one sentence for a text that is none of `_cut`."""
    wrong = f"points: expected numbers of points that were drawn, got {shown(text)}; copy the whole link again."
    numbers = [read_value("points", part, 0.0) for part in text.split("_")]
    width = len(old.names) + 2
    if any(isinstance(number, str) for number in numbers) or len(numbers) < 2 or (len(numbers) - 2) % width:
        raise ValueError(wrong)
    start, removed = (int(number) if number == int(number) else -1 for number in numbers[:2])
    rows = [tuple(numbers[at : at + width]) for at in range(2, len(numbers), width)]
    return old.spliced(start, removed, rows)


def _fields(experiment: Experiment) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(experiment))


def _query_pairs(name: str, value: Any) -> list[tuple[str, str]]:
    """The keys and texts of one field, of one setting, or of the edits of one event."""
    if name == "edits":
        return [
            (f"edit.{layer}.{unit}.{'bias' if source is None else source}", write_value(new))
            for layer, unit, source, new in value
        ]
    if isinstance(value, Mapping):
        return [(f"{name.removesuffix('_settings')}.{key}", write_value(part)) for key, part in value.items()]
    return [(name, write_value(value))]


def write_value(value: object) -> str:
    """One value as it stands in a link."""
    if value is None or value == ():
        return "none"
    if isinstance(value, Points):
        return value.link
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "-".join(write_value(part) for part in value)
    # repr reads back exactly; a link would turn the plus of 1e+20 into a space
    return repr(value).replace("e+", "e") if isinstance(value, float) else str(value)


def read_query(text: str, usual: Experiment, files: Mapping[str, Points]) -> tuple[Experiment, tuple[str, ...]]:
    """(experiment, ignored), see `Experiment.from_query`; `usual` has the value of whatever the text does not say."""
    experiment = usual
    if not isinstance(text, str) or len(text) > MAX_QUERY:
        return experiment, (f"The link was ignored: expected text of at most {MAX_QUERY} characters.",)
    ignored: list[str] = []

    def ignore(error: object, used: str) -> None:
        sentence = f"In the link ({used}), {str(error).removesuffix('.')}."
        if sentence not in ignored[:MAX_SENTENCES]:
            ignored.append(sentence if len(ignored) < MAX_SENTENCES else "")

    def attempt(**changes: Any) -> Experiment:
        try:
            return experiment.replace(**changes)
        except ValueError as error:
            ignore(error, " and ".join(write_value(getattr(experiment, name)) for name in changes) + " is used instead")
            return experiment

    given = once(parse_qsl(text.removeprefix("?"), keep_blank_values=True), ignore)
    if "dataset" in given:  # first, because the defaults of features, output and loss follow from it
        said, dataset = given.pop("dataset"), usual.dataset
        try:
            dataset = read_link(said, files) if says_points(said) else said
        except ValueError as error:
            ignore(error, f"{usual.dataset} is used instead")
        else:
            is_known = isinstance(dataset, Points) or dataset in DATASETS
            experiment = attempt(dataset=dataset, **(defaults_for(dataset) if is_known else {}))
    pair: dict[str, str] = {name: given.pop(name) for name in ("output", "loss") if name in given}
    try:
        experiment = experiment.replace(**pair)
    except ValueError as error:
        for name, value in pair.items():
            with contextlib.suppress(ValueError):  # one of the two may be right beside the usual other
                experiment = experiment.replace(**{name: value})
        ignore(error, f"{experiment.output} and {experiment.loss} are used instead")
    for name in _fields(usual):
        if name in given and name not in LIVE_SETTINGS and name != "events":
            experiment = attempt(**{name: read_value(name, given.pop(name), getattr(usual, name))})
    in_force = {name: getattr(experiment, name) for name in LIVE_SETTINGS}
    experiment = experiment.replace(**_read_live(given, usual, in_force, ignore))
    experiment = experiment.replace(events=_read_events(given, usual, experiment, ignore))
    for key in given:
        ignore(f"there is nothing that is called {shown(key)}", "it is left out")
    if len(ignored) > MAX_SENTENCES:
        ignored[MAX_SENTENCES:] = [f"In the link, {len(ignored) - MAX_SENTENCES} more values were left out."]
    return experiment, tuple(ignored)


def once(pairs: Iterable[tuple[str, str]], ignore: Callable[[object, str], None]) -> dict[str, str]:
    """Names and texts of a link. Of a name that is given more than once the first text counts, and ignore is told."""
    given: dict[str, str] = {}
    repeated: dict[str, None] = {}
    for name, text in pairs:
        if name in given:
            repeated[name] = None
        given.setdefault(name, text)
    for name in repeated:
        ignore(f"{shown(name)} is given more than once", f"the first one, {shown(given[name])}, is used")
    return given


def _read_live(
    texts: dict[str, str], usual: Experiment, in_force: Mapping[str, Any], ignore: Callable[[object, str], None]
) -> dict:
    """Takes the live settings out of `texts` of a link and returns those that are right, checked."""
    changes: dict[str, Any] = {}

    def refused(new: dict[str, Any]) -> ValueError | None:
        try:
            changes.update(checked_live(new, {**in_force, **changes}))
        except ValueError as error:
            return error
        return None

    for name in LIVE_CHECKS:
        if name in texts and (error := refused({name: read_value(name, texts.pop(name), getattr(usual, name))})):
            ignore(error, f"{write_value(in_force[name])} is used instead")
    for kind, registry in WITH_SETTINGS.items():
        field = f"{kind}_settings"
        if kind in texts and (error := refused({kind: texts.pop(kind), field: {}})):
            ignore(error, f"{in_force[kind]} is used instead")
        known = setting_defaults(registry[changes.get(kind, in_force[kind])])
        own = {key: key.removeprefix(f"{kind}.") for key in texts if key.startswith(f"{kind}.")}
        settings = {name: read_value(name, texts.pop(key), known.get(name)) for key, name in own.items()}
        if settings and refused({field: settings}):  # together they may be right where one alone is not
            for name, value in settings.items():
                if error := refused({field: {**changes.get(field, {}), name: value}}):
                    ignore(error, "its default is used instead")
    return changes


def _read_events(
    given: dict[str, str], usual: Experiment, experiment: Experiment, ignore: Callable[[object, str], None]
) -> list:
    """Takes the events out of `given` and returns those that are right, in order and at most MAX_CHANGES."""
    said: list[tuple[str, str]] = []  # 0100.shuffle and 100.shuffle are one name
    for key in list(given):
        if match := re.fullmatch(r"([0-9]{1,12})\.(.+)", key, re.DOTALL):
            said.append((f"{int(match[1])}.{match[2]}", given.pop(key)))
    for cut in given.pop(POINTS, "").split("~"):
        if match := re.fullmatch(r"([0-9]{1,12})_(.+)", cut, re.DOTALL):
            said.append((f"{int(match[1])}.{POINTS}", match[2]))
        elif cut:
            ignore(f"points: expected what was drawn at an update, got {shown(cut)}", "it is left out")
    texts_at: dict[int, dict[str, str]] = {}
    for key, text in once(said, ignore).items():
        at, _, name = key.partition(".")
        texts_at.setdefault(int(at), {})[name] = text
    in_force = {name: getattr(experiment, name) for name in LIVE_SETTINGS}
    events, total, moved, dataset = [], 0, 0, experiment.dataset
    for update, texts in sorted(texts_at.items()):

        def ignore_here(error: object, used: str, update: int = update) -> None:
            ignore(f"at update {update}, {error}", used)

        changes = _read_live(texts, usual, in_force, ignore_here)
        edits = []
        for key in [key for key in texts if key.startswith("edit.")]:
            value = read_value(key, texts.pop(key), 0.0)
            place = re.fullmatch(r"edit\.([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,4}|bias)", key)
            try:
                if not place:
                    raise ValueError(f"{shown(key)}: expected edit.layer.unit.source; use whole numbers.")
                source = None if place[3] == "bias" else int(place[3])
                edits.append(checked_edit((int(place[1]), int(place[2]), source, value), experiment.sizes))
            except ValueError as error:
                ignore_here(error, "it is left out")
        drawn = dataset
        if POINTS in texts:
            try:
                if not isinstance(dataset, Points) or not dataset.is_drawn:
                    raise ValueError("points: expected a link that begins with drawn points; copy it again.")
                drawn = checked_points(_read_cut(texts.pop(POINTS), dataset), dataset)
                moved += weight_of(dataset, drawn)
                if moved > MAX_POINT_CHANGES:
                    raise ValueError(f"points: expected at most {MAX_POINT_CHANGES} points drawn in one run, got more.")
            except ValueError as error:
                texts.pop(POINTS, None)
                ignore_here(error, "it is left out")
                drawn = dataset
        for key in texts:
            ignore_here(f"there is nothing that is called {shown(key)}", "it is left out")
        total += len(changes) + len(edits)
        if total > MAX_CHANGES:
            ignore_here(f"expected at most {MAX_CHANGES} changes in one run", "this and later ones are left out")
            break
        in_force.update(changes)
        events.append((update, {**changes, "edits": edits, POINTS: drawn}))
        dataset = drawn
    return events


_FLOAT = r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?"


def read_value(name: str, text: str, like: object) -> Any:
    """The value that `text` of a link stands for, in the type of `like`.

    Text that stands for none comes back as it is: the check of the field refuses and shows it. Only 0 to 9 are digits,
    because Python's own int and float also read "5_0", " 5" and the digits of other scripts.
    """
    if isinstance(like, bool):
        return {"true": True, "false": False}.get(text, text)
    if isinstance(like, tuple):
        if text == "none":
            return ()
        if like and isinstance(like[0], str):
            return tuple(re.split("[-,]", text))
        return tuple(read_value(name, part, like[0] if like else 0.0) for part in re.split("(?<=[0-9])[-,]", text))
    if name == "activation" and re.search("[-,]", text):
        return tuple(re.split("[-,]", text))
    if isinstance(like, str):
        return text
    if like is None and text == "none":
        return None
    if isinstance(like, int):
        return int(text) if re.fullmatch("-?[0-9]{1,18}", text) else text
    number = float(text) if len(text) < 100 and re.fullmatch(_FLOAT, text) else math.inf
    return number if math.isfinite(number) else text  # 1e400 is shown as it was written


# A document


def to_json(experiment: Experiment) -> str:
    """See `Experiment.to_json`."""
    names = [name for name in _fields(experiment) if not _is_left_out(experiment, name)]
    return json.dumps({name: _plain(getattr(experiment, name)) for name in names}, allow_nan=False)


def _plain(value: object) -> Any:
    """`value` with lists and dicts for tuples and Settings, as JSON has them; of a large table, which file it is."""
    if isinstance(value, Points):
        return value.to_plain() if value.fits_a_link else value.link
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def read_json(text: str, known: tuple[str, ...], files: Mapping[str, Points]) -> dict[str, Any]:
    """The fields in a document, all of them `known` names. ValueError with one sentence, see `Experiment.from_json`."""
    if not isinstance(text, str) or len(text) > MAX_JSON:
        raise ValueError(f"experiment: expected JSON text of at most {MAX_JSON} characters; give an exported one.")
    try:
        document = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_json_int)
    except json.JSONDecodeError as error:
        raise ValueError(
            f"experiment: expected JSON, got something else at line {error.lineno}, column {error.colno}; "
            "export it again."
        ) from None
    except RecursionError:
        raise ValueError(
            "experiment: expected a flat object, got too many brackets in brackets; export it again."
        ) from None
    if not isinstance(document, dict):
        raise ValueError(f"experiment: expected a JSON object, got {shown(document)}; export it again.")
    for name in document:
        if name not in known:
            raise ValueError(f"experiment: expected fields of an Experiment, got {shown(name)}; remove it.")
    if "dataset" in document:
        document["dataset"] = _points_of(document["dataset"], files)
    for event in document.get("events") or ():
        if isinstance(event, list) and len(event) == 2 and isinstance(event[1], dict) and POINTS in event[1]:
            event[1][POINTS] = _points_of(event[1][POINTS], files)
    return document


def _points_of(value: object, files: Mapping[str, Points]) -> Any:
    """Points where a document's value means some, else the value."""
    if isinstance(value, dict):
        return Points.from_plain(value)
    return read_link(value, files) if isinstance(value, str) and says_points(value) else value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        raise ValueError("experiment: expected each name once in an object, got one twice; remove one of the two.")
    return document


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"experiment: expected finite numbers, got {name}; change it to a number.")


def _json_int(text: str) -> int | float:
    return int(text) if len(text) < 25 else float(text)  # Python refuses to read whole numbers of many digits
