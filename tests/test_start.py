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
    assert run.HOSTS == hosts.VARIABLE
    port = app_server.free_port()
    environment = {name: value for name, value in os.environ.items() if name != run.HOSTS}
    environment |= {"STREAMLIT_SERVER_HEADLESS": "true"}
    command = [sys.executable, "-m", "tools.run", "--port", str(port)]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=app_server.CHECKOUT, env=environment, **quiet) as process:
        try:
            server = app_server.AppServer(f"http://127.0.0.1:{port}", app_server.CHECKOUT / "README.md")
            app_server.wait_until_healthy(server, process)
            names = ("localhost", "192.168.1.20", "laptop.local", "evil.example")
            assert [asked_as(f"{name}:{port}", port) for name in names] == [200, 200, 200, 400]
        finally:
            app_server.stop(process)
    with app_server.running() as server:
        port = int(server.address.rsplit(":", 1)[1])
        assert [asked_as(name, port) for name in ("localhost", "playground.streamlit.app")] == [200, 200]
