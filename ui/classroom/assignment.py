"""Assignment: a teacher's task in plain values: what to do, the goal, what is locked or hidden, and where it begins.

It travels in a link as one value of the query, `task=1.eNp...`: its version, then its canonical JSON, packed. A link
comes from anybody, so how much is read and unpacked is bounded, and anything damaged is one sentence.
"""

import base64
import hashlib
import json
import string
import unicodedata
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import scratchnet as sn
from scratchnet import goals
from scratchnet.values import listed, one_of, shown
from ui.moment import EMPTY

VERSION = "1"
MAX_INSTRUCTION = 500  # characters
MAX_TEXT = 6_000  # characters of a task in a link: some browsers and mail programs cut longer links off
MAX_UNPACKED = 40_000  # bytes
LETTERS = 8  # of a fingerprint
DRAWERS = ("data", "network", "training")
# What can be locked -> what of an experiment or a board then stays as it is.
CONTROLS = MappingProxyType(
    {name: (name,) for name in goals.KEPT if name != goals.EDITS}
    | {"edit weights": (goals.EDITS,), "layers": ("hidden",), "speed": ("speed",)}
)
# What can be hidden; a drawer takes along what only it can change.
HIDEABLE = MappingProxyType(
    CONTROLS
    | {
        "data": ("samples", "noise", "train_fraction", "validation_fraction", "scaling"),
        "network": ("output", "loss", "initializer"),
        "training": (
            *("optimizer", "optimizer_settings", "schedule", "schedule_settings", "batch_size", "shuffle"),
            *("order_seed", "l1", "l2", "clip_norm", "stop"),
        ),
    }
)
# What most tasks have in common, so that it need not travel: never to be changed within a version.
USUAL = (
    b'"train_accuracy""train_loss""test_loss""gap""parameters""diverges""updates""units""unchanged""edit weights"'
    b'"layers""speed""data","network","training""init_seed","data_seed","dataset"'
    b'{"goal":[["test_accuracy",0.95]],"hidden":[],"instruction":"","locked":[],"start":{"activation":"tanh",'
    b'"batch_size":10,"clip_norm":null,"data_seed":0,"dataset":"circle","events":[],"features":["x1","x2"],'
    b'"hidden":[6],"init_seed":0,"initializer":"glorot_uniform","l1":0.0,"l2":0.0,"learning_rate":0.01,"loss":"bce",'
    b'"noise":0.05,"optimizer":"adam","optimizer_settings":{},"order_seed":0,"output":"sigmoid","samples":300,'
    b'"schedule":"constant","schedule_settings":{},"shuffle":true,"train_fraction":0.5}}'
)
DAMAGED = "The task in the link is damaged: copy the whole link again."


@dataclass(frozen=True)
class Assignment:
    """A task. Equal ones compare equal, and have the same text and fingerprint.

    instruction: what is to be done, plain text. locked: names of CONTROLS that can be seen and not used; hidden: names
    of HIDEABLE that cannot be seen either. start: where it begins, and where Reset leads back to.
    """

    instruction: str
    goal: goals.Goal
    locked: tuple[str, ...]
    hidden: tuple[str, ...]
    start: sn.Experiment

    def __post_init__(self) -> None:
        object.__setattr__(self, "instruction", _instruction(self.instruction))
        if not isinstance(self.goal, goals.Goal) or not isinstance(self.start, sn.Experiment):
            raise ValueError("task: expected a goal and an experiment to start from; give both.")
        goals.check_fits(self.goal, self.start)
        hidden = _names("hidden", self.hidden, HIDEABLE)
        locked = tuple(name for name in _names("locked", self.locked, CONTROLS) if name not in hidden)
        object.__setattr__(self, "hidden", hidden)
        object.__setattr__(self, "locked", locked)

    @cached_property
    def fixed(self) -> frozenset[str]:
        """What the pupil cannot change: fields of the Experiment, "edits", "speed" and "stop"."""
        every = [CONTROLS[name] for name in self.locked] + [HIDEABLE[name] for name in self.hidden]
        return frozenset(name for names in every for name in names)

    @cached_property
    def unseen(self) -> frozenset[str]:
        """What has no control on the screen, by the names of `fixed`, and the drawers that are not there."""
        return frozenset(name for control in self.hidden for name in (control, *HIDEABLE[control]))

    def broken_by(self, experiment: sn.Experiment) -> tuple[str, ...]:
        """What is fixed and yet otherwise in an experiment: empty for all that a pupil can come to."""
        fixed = tuple(name for name in goals.KEPT if name in self.fixed)
        return goals.changed(experiment, self.start, fixed)

    @cached_property
    def canonical(self) -> str:
        """Its JSON, letter for letter the same for equal assignments."""
        document = {
            "goal": self.goal.to_plain(),
            "hidden": self.hidden,
            "instruction": self.instruction,
            "locked": self.locked,
            "start": json.loads(self.start.to_json()),
        }
        return _canonical(document)

    @cached_property
    def text(self) -> str:
        """The value of `task=` in a link. ValueError where it is too long for one."""
        packer = zlib.compressobj(9, zdict=USUAL)
        packed = packer.compress(self.canonical.encode("ascii")) + packer.flush()
        text = f"{VERSION}.{base64.urlsafe_b64encode(packed).decode('ascii').rstrip('=')}"
        if len(text) > MAX_TEXT or len(self.canonical) > MAX_UNPACKED:
            raise ValueError(
                f"This task takes {len(text)} characters and a link holds {MAX_TEXT}: begin with fewer changes made "
                "on the way, such as after Reset."
            )
        return text

    @cached_property
    def fingerprint(self) -> str:
        """Eight letters that name it: another task has others, whatever differs."""
        return _letters_of(self.canonical)


def _canonical(document: dict[str, Any]) -> str:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _letters_of(canonical: str) -> str:
    value, found = int.from_bytes(hashlib.sha256(canonical.encode("ascii")).digest()), ""
    for _ in range(LETTERS):
        value, letter = divmod(value, 26)
        found += string.ascii_uppercase[letter]
    return found


def letters_in(text: str) -> str:
    """The letters of the task in a link's text, "" where there is none. Its table need not be at hand."""
    try:
        return _letters_of(_canonical(_document(text)))
    except ValueError:
        return ""


def dataset_in(text: str) -> str:
    """What the task in a link's text says of its data set, "" where it is no name of one and no file."""
    try:
        dataset = _document(text)["start"].get("dataset")
    except ValueError:
        return ""
    return dataset if isinstance(dataset, str) else ""


def is_letters(text: str) -> bool:
    """Whether a text is the form of a fingerprint, however it is typed."""
    return len(text) == LETTERS and text.isascii() and text.isalpha()


def read(text: str, files: Mapping[str, sn.Points] = EMPTY) -> Assignment:
    """The assignment of a link's `task=`. ValueError with one sentence, for the pupil, whatever the text holds.

    files: tables that are at hand, see `Experiment.from_json`.

    Letters alone do not hold it: whoever has a shelf looks there first, see `shelf.text_of`.
    """
    document = _document(text)
    try:
        start = sn.Experiment.from_json(json.dumps(document["start"]), files)
        goal = goals.Goal.from_plain(document["goal"])
        return Assignment(document["instruction"], goal, document["locked"], document["hidden"], start)
    except ValueError as error:
        raise ValueError(f"The task in the link cannot be used: {error}") from None


def _document(text: str) -> dict[str, Any]:
    """What a link's `task=` holds, unpacked. ValueError with one sentence where it is no task of this form."""
    if is_letters(text):
        raise ValueError(f"No task is known here as {shown(text.upper())}: check the letters, or ask for the link.")
    if len(text) > MAX_TEXT:
        raise ValueError(
            f"The task in the link is too long: expected at most {MAX_TEXT} characters, got {len(text)}; "
            "ask for the link again."
        )
    version, point, packed = text.partition(".")
    if not point or not packed:
        raise ValueError(DAMAGED)
    if version != VERSION:
        raise ValueError(
            f"The task in the link has another form, {shown(version)}, than the {VERSION} known here: "
            "reload the page, or ask for a new link."
        )
    document = _unpacked(packed)
    wanted = {"goal", "hidden", "instruction", "locked", "start"}
    if not isinstance(document, dict) or set(document) != wanted or not isinstance(document["start"], dict):
        raise ValueError(DAMAGED)
    return document


def _unpacked(packed: str) -> Any:
    """The document; how long it is is known before it is unpacked whole."""
    try:
        data = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj(zdict=USUAL)
        text = unpacker.decompress(data, MAX_UNPACKED)
        if not unpacker.eof or unpacker.unused_data:
            raise ValueError
        return json.loads(text)
    except (ValueError, zlib.error, RecursionError):
        raise ValueError(DAMAGED) from None


def _instruction(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"instruction: expected text, got {shown(value)}; write what is to be done.")
    value = value.replace("\r\n", "\n").strip()
    if len(value) > MAX_INSTRUCTION:
        raise ValueError(
            f"instruction: expected at most {MAX_INSTRUCTION} characters, got {len(value)}; write it shorter."
        )
    if any(unicodedata.category(letter) in ("Cc", "Cs") and letter != "\n" for letter in value):
        raise ValueError("instruction: expected letters and signs, got one that cannot be shown; write it anew.")
    return value


def _names(what: str, value: object, known: MappingProxyType) -> tuple[str, ...]:
    names = listed(what, value, "['dataset', 'layers']")
    for name in names:
        one_of(what, name, known)
    return tuple(name for name in known if name in names)
