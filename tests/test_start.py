"""`make run`: a port that cannot be had is one sentence, and the app answers to no name that a stranger may own."""

import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from tools import app_server, run
from ui.web import hosts


def test_a_port_in_use_ends_the_start_with_one_sentence():
    with socket.create_server(("", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "tools.run", "--port", port]
        start = subprocess.run(command, cwd=app_server.CHECKOUT, capture_output=True, text=True, timeout=30)
    assert (start.returncode, start.stdout) == (1, "")
    assert start.stderr == (
        f"Port {port} cannot be used (Address already in use): choose another one, as in make run PORT=8600.\n"
    )


def test_a_port_that_somebody_has_at_another_address_of_this_computer_is_in_use():
    if sys.platform != "linux":
        pytest.skip("only Linux has all of 127.0.0.0/8")
    with socket.create_server(("127.0.0.2", 0)) as taken:
        port = taken.getsockname()[1]
        assert run.fault_of(str(port)).startswith(f"Port {port} cannot be used")
    assert run.fault_of(str(port)) == ""


@pytest.mark.parametrize("port", ["abc", "0", "-1", "65536", "80000", "8501.0", "", "٣", "9" * 5000])
def test_what_is_no_port_is_refused_in_one_sentence(port, capsys):
    assert run.main([f"--port={port}"]) == 1
    said = capsys.readouterr().err
    assert re.fullmatch(r"The port is .{2,20}: expected a whole number from 1 to 65535, as in .*\.\n", said)


def test_the_makefile_starts_it_so():
    makefile = (app_server.CHECKOUT / "Makefile").read_text("utf-8")
    assert re.search(r"^run: .*\n\t@exec \$\(BIN\)/python -m tools\.run --port \$\(PORT\)$", makefile, re.MULTILINE)


def asked_as(host: str, port: int) -> int:
    """The status of the first page, asked for under another name than the address."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_what_it_starts_answers_to_local_names_and_a_plain_start_to_any():
    port = app_server.free_port()
    environment = {name: value for name, value in os.environ.items() if name != hosts.VARIABLE}
    environment |= {"STREAMLIT_SERVER_HEADLESS": "true"}
    command = [sys.executable, "-m", "tools.run", "--port", str(port)]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=app_server.CHECKOUT, env=environment, **quiet) as process:
        try:
            server = app_server.AppServer(f"http://127.0.0.1:{port}", app_server.CHECKOUT / "README.md", process.pid)
            app_server.wait_until_healthy(server, process)
            names = ("localhost", "192.168.1.20", "laptop.local", "evil.example")
            assert [asked_as(f"{name}:{port}", port) for name in names] == [200, 200, 200, 400]
        finally:
            app_server.stop(process)
    with app_server.running() as server:
        port = int(server.address.rsplit(":", 1)[1])
        assert [asked_as(name, port) for name in ("localhost", "playground.streamlit.app")] == [200, 200]


@pytest.fixture
def started(monkeypatch):
    """What `main` starts: how, and what its environment then names as hosts."""
    found = []

    def start(how):
        def starts(*command):
            found.append((how, command[-1][1:], os.environ.get(hosts.VARIABLE)))
            return 7

        return starts

    monkeypatch.setattr(run.os, "execv", start("in its place"))
    monkeypatch.setattr(run.subprocess, "call", start("beside it"))
    monkeypatch.setattr(run.os, "chdir", lambda folder: None)
    monkeypatch.setattr(run, "fault_of", lambda port: "")
    monkeypatch.setenv(hosts.VARIABLE, "")  # so that what is set goes after the test
    monkeypatch.delenv(hosts.VARIABLE)
    return found


@pytest.mark.parametrize("named", ["school.example", "*", ""])
def test_names_that_were_listed_stay_listed(started, monkeypatch, named):
    monkeypatch.setenv(hosts.VARIABLE, named)
    run.main([])
    assert [names for _, _, names in started] == [named]


def test_where_none_were_listed_the_list_is_empty_and_not_missing(started):
    run.main([])
    assert [names for _, _, names in started] == [""]


@pytest.mark.parametrize(
    ("platform", "how"), [("linux", "in its place"), ("darwin", "in its place"), ("win32", "beside it")]
)
def test_on_windows_the_prompt_waits_for_the_app(started, monkeypatch, platform, how):
    monkeypatch.setattr(run.sys, "platform", platform)
    told = run.main(["--port", "8600"])
    command = ["-m", "streamlit", "run", "app.py", "--server.port", "8600"]
    assert [(found, line) for found, line, _ in started] == [(how, command)]
    assert platform != "win32" or told == 7, "its own end is that of the app"


def test_windows_is_told_to_start_it_in_the_same_way():
    readme = (app_server.CHECKOUT / "README.md").read_text("utf-8")
    assert re.search(r"^\.venv\\Scripts\\python -m tools\.run$", readme, re.MULTILINE)
    assert not re.search(r"^.*python.* -m streamlit run", readme, re.MULTILINE)
