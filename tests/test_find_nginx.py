"""Finding an nginx: it must say its version; installing is the last resort, and says in one sentence what failed."""

import os

import pytest

from tests.test_find_chromium import program
from tools import find_nginx

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-ins for nginx are shell scripts")


@pytest.fixture
def empty_machine(monkeypatch, tmp_path):
    """A machine without nginx; programs laid into its folder are on its PATH."""
    monkeypatch.delenv("NGINX", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(find_nginx, "USUAL_PLACES", ())
    return tmp_path / "bin"


def nginx(folder, name="nginx", version="1.22.1"):
    return program(folder, name, f"echo nginx version: nginx/{version} >&2")


def test_the_nginx_named_by_the_environment_comes_first_and_says_its_version(empty_machine, monkeypatch, tmp_path):
    nginx(empty_machine)
    own = nginx(tmp_path, "my-nginx", "1.29.6")
    monkeypatch.setenv("NGINX", own)
    assert find_nginx.find() == own
    assert find_nginx.version(own) == (1, 29, 6)


def test_a_program_that_is_no_nginx_or_does_not_start_is_passed_over(empty_machine, monkeypatch, tmp_path):
    program(empty_machine, "nginx", "echo something else >&2")
    usual = nginx(tmp_path, "usual")
    monkeypatch.setattr(find_nginx, "USUAL_PLACES", (str(tmp_path / "gone"), usual))
    monkeypatch.setenv("NGINX", str(tmp_path / "gone"))
    assert find_nginx.find() == usual


def test_as_root_debians_package_is_installed_and_without_root_nothing(empty_machine, monkeypatch):
    asked = empty_machine.parent / "asked"
    there, packed = empty_machine / "nginx", nginx(empty_machine, "packed")
    program(empty_machine, "apt-get", f'echo "$*" >> {asked}\n[ "$1" = update ] || /bin/cp {packed} {there}')
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert find_nginx.install() is None
    assert not asked.exists()
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert find_nginx.install() == str(there)
    assert asked.read_text().split("\n")[:2] == ["update", "install --yes --no-install-recommends nginx"]


def test_a_machine_without_it_is_told_in_one_sentence_how_to_get_it(empty_machine, monkeypatch, capsys):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert find_nginx.main() == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "apt-get install nginx" in said
