"""Finding a Chromium: a name on the PATH is not enough, it must start; installing is the last resort."""

import os
from pathlib import Path

import pytest

from tools import find_chromium

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-ins for browsers are shell scripts")


def program(folder: Path, name: str, text: str) -> str:
    """A stand-in for a browser: a shell script that answers text to any question."""
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return str(file)


@pytest.fixture
def empty_machine(monkeypatch, tmp_path):
    """A machine without any browser; programs laid into its folder are on its PATH."""
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(find_chromium, "USUAL_PLACES", ())
    monkeypatch.setattr(find_chromium, "downloaded_by_playwright", lambda: str(tmp_path / "downloaded" / "chrome"))
    return tmp_path / "bin"


def test_without_a_browser_nothing_is_found(empty_machine):
    assert find_chromium.find() is None


def test_a_program_that_only_says_how_to_install_one_is_passed_over(empty_machine):
    program(empty_machine, "chromium-browser", "echo 'install the snap first' >&2; exit 1")
    chrome = program(empty_machine, "google-chrome", "echo Google Chrome 140.0")
    assert find_chromium.find() == chrome


def test_the_browser_named_by_the_environment_comes_first(empty_machine, monkeypatch, tmp_path):
    program(empty_machine, "chromium", "echo Chromium 156.0")
    own = program(tmp_path, "my-chromium", "echo Chromium 150.0")
    monkeypatch.setenv("CHROMIUM", own)
    assert find_chromium.find() == own


def test_a_browser_downloaded_before_is_found(empty_machine, tmp_path):
    downloaded = program(tmp_path / "downloaded", "chrome", "echo Chromium 156.0")
    assert find_chromium.find() == downloaded


def installers(monkeypatch, root: bool, effect=lambda command: None) -> list[str]:
    """Record which installers would run, in order; effect stands for what one of them brings."""
    asked = []

    def said(*command, environment=None):
        asked.append(" ".join(command[:3] if command[0] == "apt-get" else command[1:]))
        effect(command)

    monkeypatch.setattr(find_chromium, "said", said)
    monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000)
    return asked


def test_as_root_with_apt_the_package_lists_are_fetched_and_debians_package_is_enough(empty_machine, monkeypatch):
    program(empty_machine, "apt-get", "exit 0")

    def effect(command):
        if command[:2] == ("apt-get", "install"):
            program(empty_machine, "chromium", "echo Chromium 156.0")

    asked = installers(monkeypatch, root=True, effect=effect)
    assert find_chromium.install() == str(empty_machine / "chromium")
    assert asked == ["apt-get update", "apt-get install --yes"]


def test_where_the_package_brings_no_browser_playwright_downloads_one_with_its_libraries(empty_machine, monkeypatch):
    program(empty_machine, "apt-get", "exit 0")
    asked = installers(monkeypatch, root=True)
    assert find_chromium.install() is None
    assert asked == ["apt-get update", "apt-get install --yes", "-m playwright install --with-deps chromium"]


def test_without_root_only_playwrights_download_is_tried(empty_machine, monkeypatch):
    program(empty_machine, "apt-get", "exit 0")
    asked = installers(monkeypatch, root=False)
    assert find_chromium.install() is None
    assert asked == ["-m playwright install chromium"]
