"""Find a Chromium for the browser tests and the screenshots, install one if there is none, and print where it is.

    python tools/find_chromium.py

Looked for in this order: the program named by the environment variable CHROMIUM, one on the PATH, one where systems
usually put it, one that Playwright downloaded before. Installed, if none is found: Debian's package where apt works as
root, else Playwright's own download. Every candidate is asked for its version, because Ubuntu has a chromium-browser
that only says how to install one.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# Without these the browser wants a sandbox and a GPU that containers do not have, and talks to its maker.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
USUAL_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
)


def main() -> int:
    found = find() or install()
    if found is None:
        print(
            "No Chromium was found and none could be installed: install Chromium or Chrome by hand, "
            "or set the environment variable CHROMIUM to the program.",
            file=sys.stderr,
        )
        return 1
    print(found)
    return 0


def find() -> str | None:
    """The first Chromium that starts, or None."""
    return next((path for path in candidates() if starts(path)), None)


def candidates() -> Iterator[str]:
    if named := os.environ.get("CHROMIUM"):
        yield named
    yield from filter(None, map(shutil.which, NAMES))
    yield from filter(os.path.isfile, USUAL_PLACES)
    yield from filter(os.path.isfile, [downloaded_by_playwright()])


def starts(path: str) -> bool:
    """Whether the program at path is a Chromium that runs. On Windows --version opens a window: a file counts."""
    if os.name == "nt":
        return Path(path).is_file()
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and ("Chromium" in answer.stdout or "Chrome" in answer.stdout)


def downloaded_by_playwright() -> str:
    """Where Playwright's own Chromium lies, or would lie."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def install() -> str | None:
    """Install a Chromium and return where it is, or None. What the installers say goes to the error stream."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    apt = root and shutil.which("apt-get") is not None
    if apt:
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        said("apt-get", "update", environment=quiet)
        said("apt-get", "install", "--yes", "--no-install-recommends", "chromium", environment=quiet)
        if found := find():
            return found
    # --with-deps lets apt add the libraries that the download needs; without root there is nobody to add them.
    said(sys.executable, "-m", "playwright", "install", *(["--with-deps"] if apt else []), "chromium")
    return find()


def said(*command: str, environment: dict[str, str] | None = None) -> None:
    """Run a command whose failure shows in what find() finds afterwards."""
    print("+", *command, file=sys.stderr)
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, env=environment)


if __name__ == "__main__":
    sys.exit(main())
