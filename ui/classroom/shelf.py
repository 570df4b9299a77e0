"""Shelf: tasks that open by their eight letters alone, so that an address can be typed from a wall.

The letters name a task and do not hold it, so this machine keeps its text: a small file each, in a folder that all
processes of the app share and that a new start of it finds again. Kept is only what a teacher asks for; of too many the
oldest goes. Whole links need nothing of this, and a ready task is known without it.
"""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from ui.classroom import assignment
from ui.classroom.assignment import Assignment
from ui.classroom.tasks import TASKS

MOST = 500  # tasks; with at most 6 kB each some megabytes
FOLDER = "PLAYGROUND_TASKS"  # names another folder than one among this machine's temporary files


def keep(task: Assignment) -> None:
    """Have the task open by its letters. ValueError with one sentence where nothing can be kept."""
    if is_kept(task):
        return
    try:
        folder = _folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        oldest_first = sorted(folder.glob("*.txt"), key=lambda file: file.stat().st_mtime)
        for file in oldest_first[: max(0, len(oldest_first) - MOST + 1)]:
            file.unlink(missing_ok=True)
        # Whole or not at all, also while another process reads it; and a link that somebody put there is not followed.
        with tempfile.NamedTemporaryFile("w", encoding="ascii", dir=folder, suffix=".part", delete=False) as part:
            part.write(task.text)
        os.replace(part.name, folder / f"{task.fingerprint}.txt")
    except OSError as error:
        reason = f"{error.strerror or error}".lower()
        raise ValueError(f"There is no short address: this computer keeps no file ({reason}). Use the link.") from None


def is_kept(task: Assignment) -> bool:
    return _kept(task.fingerprint) is not None


def text_of(said: str) -> str:
    """The text of the task that a link says by its letters; what is whole already, or unknown here, stays as it is."""
    task = _kept(said.upper()) if assignment.is_letters(said) else None
    return said if task is None else task.text


def _kept(letters: str) -> Assignment | None:
    """The task of these letters; what a file holds is believed only if they are its own."""
    for ready in TASKS.values():
        if ready.assignment.fingerprint == letters:
            return ready.assignment
    with suppress(OSError, ValueError):
        task = assignment.read((_folder() / f"{letters}.txt").read_text("ascii"))
        return task if task.fingerprint == letters else None
    return None


def _folder() -> Path:
    user = os.getuid() if hasattr(os, "getuid") else "mine"  # Windows has a temporary folder for each user
    return Path(os.environ.get(FOLDER) or Path(tempfile.gettempdir(), f"playground-tasks-{user}"))
