"""Shelf: tasks that open by their eight letters alone, so that an address can be typed from a wall.

The letters name a task and do not hold it, so this machine keeps its text: a small file each, in a folder that all
processes of the app share and that a new start of it finds again. Kept is only what somebody asks for. On a full shelf
one gives way that nobody has opened for a day; so nobody can push out what stands on a wall. Whole links need nothing
of this, and a ready task is known without it.
"""

import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path

from ui.classroom import assignment
from ui.classroom.assignment import LETTERS, Assignment
from ui.classroom.tasks import TASKS

MOST = 500  # tasks; with at most 6 kB each some megabytes
UNUSED = 86_400  # seconds
FOLDER = "PLAYGROUND_TASKS"  # names another folder than one among this machine's temporary files
OURS = re.compile(f"[A-Z]{{{LETTERS}}}\\.txt")  # others in that folder are somebody else's


def keep(task: Assignment) -> None:
    """Have the task open by its letters. ValueError with one sentence where it cannot be kept."""
    if is_kept(task):
        return
    try:
        folder = _folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Whole or not at all, also while another process reads it; and a link that somebody put there is not followed.
        with tempfile.TemporaryDirectory(dir=folder) as apart:
            part = Path(apart, "task")
            part.write_text(task.text, "ascii")
            if not _has_room(folder, part.stat().st_mtime):
                raise ValueError(
                    f"There is no short address: expected room for one more, got {MOST} of today. Use the link."
                )
            part.replace(folder / f"{task.fingerprint}.txt")
    except OSError as error:
        reason = f"{error.strerror or error}".lower()
        raise ValueError(f"There is no short address: this computer keeps no file ({reason}). Use the link.") from None


def _has_room(folder: Path, now: float) -> bool:
    """Whether there is room for one more, once those have gone that nobody needs. now: by the clock of the files."""
    opened = []
    for file in folder.iterdir():
        if OURS.fullmatch(file.name):
            with suppress(FileNotFoundError):  # another process has just taken it away
                opened.append((file.stat().st_mtime, file))
    too_many = sorted(opened)[: max(0, len(opened) - MOST + 1)]
    for last, file in too_many:
        if now - last > UNUSED:
            file.unlink(missing_ok=True)
    return all(now - last > UNUSED for last, _ in too_many)


def is_kept(task: Assignment) -> bool:
    return _kept(task.fingerprint) is not None


def text_of(said: str) -> str:
    """The text of the task that a link says by its letters; what is whole already, or unknown here, stays as it is."""
    letters = said.upper()
    text = _kept(letters) if assignment.is_letters(said) else None
    if text is None:
        return said
    with suppress(OSError):  # a ready task is no file, and on some disks nothing can be written
        os.utime(_folder() / f"{letters}.txt")
    return text


def _kept(letters: str) -> str | None:
    """The text of the task of these letters; what a file holds is believed only if they are its own.

    Its table need not be at hand: whoever reads the text says which one that is.
    """
    for ready in TASKS.values():
        if ready.assignment.fingerprint == letters:
            return ready.assignment.text
    with suppress(OSError, ValueError):
        text = (_folder() / f"{letters}.txt").read_text("ascii")
        return text if assignment.letters_in(text) == letters else None
    return None


def _folder() -> Path:
    user = os.getuid() if hasattr(os, "getuid") else "mine"  # Windows has a temporary folder for each user
    return Path(os.environ.get(FOLDER) or Path(tempfile.gettempdir(), f"playground-tasks-{user}"))
