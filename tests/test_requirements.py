"""The files that pip installs from: what pyproject.toml asks for, what that needs, and what each of them may be."""

import re
import shutil
import subprocess
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).parent.parent
GROUPS = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
FILES = {group: f"requirements{'' if group == 'app' else f'-{group}'}.txt" for group in GROUPS}
ENTRY = re.compile(r"(?P<package>\S+==\S+(?: ; [^\\]+?)?)(?: \\\n    --hash=sha256:[0-9a-f]{64})+\n")


def asked_for(group: str) -> dict[str, str]:
    """Name and version of each package that a group of pyproject.toml asks for."""
    found = {}
    for each in GROUPS[group]:
        if isinstance(each, dict):
            found |= asked_for(each["include-group"])
        else:
            name, version = each.split("==")
            found[name] = version
    return found


def entries(group: str) -> list[Requirement]:
    """Each package of a group's file that has a hash."""
    text = (CHECKOUT / FILES[group]).read_text("utf-8")
    return [Requirement(one["package"]) for one in ENTRY.finditer(text)]


def version(requirement: Requirement) -> str:
    return str(requirement.specifier).removeprefix("==")


def test_each_group_has_its_file_and_each_file_its_group():
    assert sorted(path.name for path in CHECKOUT.glob("requirements*")) == sorted(FILES.values())
    assert {"app", "dev"} <= set(GROUPS)


@pytest.mark.parametrize("group", GROUPS)
def test_what_is_asked_for_is_in_the_file_in_the_same_version(group):
    listed = {entry.name: version(entry) for entry in entries(group) if entry.marker is None}
    asked = asked_for(group)
    assert {name: listed.get(name) for name in asked} == asked, "make requirements makes the files anew"


@pytest.mark.parametrize("group", GROUPS)
def test_nothing_stands_in_a_file_but_packages_with_hashes_and_who_needs_them(group):
    text = (CHECKOUT / FILES[group]).read_text("utf-8")
    rest = [line for line in ENTRY.sub("", text).splitlines() if not line.lstrip().startswith("#")]
    assert rest == [], "an address, an option, or a package that pip would take whatever is in it"
    assert "://" not in text, "where packages come from is a matter of who installs them"


@pytest.mark.parametrize("group", [group for group in GROUPS if group not in ("app", "upkeep")])
def test_a_package_of_the_app_has_the_same_version_wherever_it_is_listed(group):
    """Tests, benchmarks and mutants speak of the app as it is installed."""
    listed = {str(entry) for entry in entries(group)}
    assert [str(entry) for entry in entries("app") if str(entry) not in listed] == []


def needed(name: str, extras: frozenset[str], found: set[str]) -> None:
    """Add the package and all that it needs in this environment, as the installed packages say themselves."""
    for line in metadata.requires(name) or ():
        wanted = Requirement(line)
        if wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in extras | {""}):
            known = canonicalize_name(wanted.name)
            if known not in found or wanted.extras:
                found.add(known)
                needed(known, frozenset(wanted.extras), found)


@pytest.mark.parametrize("group", ["app", "cluster", "dev"])
def test_a_file_lists_what_its_packages_need_and_nothing_else(group):
    found = set(asked_for(group))
    for name in asked_for(group):
        needed(name, frozenset(), found)
    here = {entry.name for entry in entries(group) if entry.marker is None or entry.marker.evaluate()}
    assert here == found, "make requirements makes the files anew"


@pytest.mark.parametrize("group", ["app", "cluster", "dev"])
def test_what_the_tests_run_with_is_what_the_file_says(group):
    for entry in entries(group):
        if entry.marker is None or entry.marker.evaluate():
            assert metadata.version(entry.name) == version(entry), f"{entry.name}: install {FILES[group]} again"


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not on this machine")
@pytest.mark.parametrize(("python", "scripts"), [(0, 0), (1, 0), (0, 1), (1, 1)])
def test_an_audit_that_finds_a_fault_or_gets_no_answer_asks_about_everything_and_says_what_to_do(
    tmp_path, python, scripts
):
    asked = tmp_path / "asked"
    for name, code in (("bin/python", 0), ("upkeep/bin/pip-audit", python), ("bin/npm", scripts)):
        program = tmp_path / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f'#!/bin/sh\necho {name} "$@" >> {asked}\nexit {code}\n', encoding="utf-8")
        program.chmod(0o755)
    for stamp in ("app", "tests", "upkeep"):
        (tmp_path / f"{stamp}-installed").touch()
    told = subprocess.run(
        ["make", "--no-print-directory", "audit", f"VENV={tmp_path}", "AUDIT=osv"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    packages, others = asked.read_text("utf-8").splitlines()
    assert all(f"-r {name}" in packages for name in FILES.values()) and "--vulnerability-service osv" in packages
    assert others.startswith("bin/npm audit")
    assert (told.returncode != 0) is ("make requirements UPGRADE=1" in told.stderr) is bool(python or scripts)
