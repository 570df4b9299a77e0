"""Moment: the link to what is on screen: an Experiment with its events, the update, the speed and when to stop.

The Experiment determines every number (scratchnet/links.py writes it); `at=250` says which update is looked at,
`speed=1e` how fast it plays, `stop=solved-500` what ends it. What is as usual is left out, so a link without them is
a link to the start.
"""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

import scratchnet as sn
from scratchnet.links import MAX_QUERY
from scratchnet.settings import shown

MOST_UPDATES = 1_000_000  # that a link has trained again; some minutes of a server that others use as well
USUAL_SPEED = "10e"  # at full speed the first experiment is solved before one has looked
NO_STOP = {"solved": False, "plateau": False, "epochs": None}
KEYS = ("at", "speed", "stop")


@dataclass(frozen=True)
class Moment:
    """What a link opens."""

    experiment: sn.Experiment
    update: int = 0
    speed: str = USUAL_SPEED
    stop: dict = field(default_factory=lambda: dict(NO_STOP))

    @property
    def query(self) -> str:
        """The link's query string, without "?"."""
        rules = [name for name in ("solved", "plateau") if self.stop[name]]
        rules += [str(self.stop["epochs"])] if self.stop["epochs"] else []
        pairs = [("at", self.update)] if self.update else []
        pairs += [("speed", self.speed)] if self.speed != USUAL_SPEED else []
        pairs += [("stop", "-".join(rules))] if rules else []
        return "&".join([self.experiment.to_query(), *([urlencode(pairs)] if pairs else [])])


def read(query: str, speeds) -> tuple[Moment, tuple[str, ...]]:
    """(moment, ignored) of a query string, whatever it holds; ignored: a sentence for each value that was not used.

    speeds: the known ones. As in an Experiment's own link, the first of a key given twice counts.
    """
    text = query.removeprefix("?") if isinstance(query, str) else ""
    own = [pair for pair in parse_qsl(text[:MAX_QUERY], keep_blank_values=True) if pair[0] in KEYS]
    if own:
        kept = [part for part in text.split("&") if part.split("=")[0] not in KEYS]
        text = "&".join(kept)
    experiment, ignored = sn.Experiment.from_query(text if isinstance(query, str) else query)
    said = list(ignored)
    given = {}
    for name, value in own:
        if name in given:
            said.append(f"In the link, '{name}' is given more than once (the first one is used).")
        given.setdefault(name, value)
    update = _update(given.get("at", "0"), said)
    speed = given.get("speed", USUAL_SPEED)
    if speed not in speeds:
        said.append(f"In the link, speed: expected one of {', '.join(speeds)}, got {shown(speed)} (the usual is used).")
        speed = USUAL_SPEED
    return Moment(experiment, update, speed, _stop(given.get("stop", ""), said)), tuple(said)


def _update(text: str, said: list[str]) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 12:
        if int(text) <= MOST_UPDATES:
            return int(text)
        said.append(
            f"In the link, at: update {int(text):,} is too far to be trained again here; "
            f"this is update {MOST_UPDATES:,}, the last that a link opens."
        )
        return MOST_UPDATES
    said.append(f"In the link, at: expected the number of an update, got {shown(text)} (this is the start).")
    return 0


def _stop(text: str, said: list[str]) -> dict:
    stop = dict(NO_STOP)
    for rule in text.split("-") if text else []:
        if rule in ("solved", "plateau"):
            stop[rule] = True
        elif rule.isascii() and rule.isdigit() and 1 <= len(rule) <= 9 and int(rule):
            stop["epochs"] = int(rule)
        else:
            said.append(
                f"In the link, stop: expected solved, plateau or a number of epochs, got {shown(rule)} (left out)."
            )
            break
    return stop
