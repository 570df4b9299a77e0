"""Many workers behind nginx: who stays where, what is closed, what a dead worker costs, and what is refused at once.

One pair of workers behind a real nginx serves the tests that need it, in their order; the last one stops it.
"""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import tomllib
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tools import find_nginx, serve

CHECKOUT = Path(__file__).parent.parent
LINUX = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in Linux's /proc")


@dataclass
class Visitor:
    """A browser without pictures: keeps its cookies, comes from an address of its own, opens a websocket."""

    port: int
    source: str = "127.0.0.1"
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def worker(self) -> str:
        return self.cookies["worker"]

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}

    def learn(self, headers) -> None:
        for name, value in headers:
            if name.lower() == "set-cookie":
                said, _, kept = value.split(";")[0].partition("=")
                self.cookies[said] = kept

    def ask(self, path: str, method="GET", body=None, **headers):
        """Status, headers and body of the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20, source_address=(self.source, 0))
        try:
            connection.request(method, path, body, self.headers | headers)
            answer = connection.getresponse()
            self.learn(answer.getheaders())
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def come(self, origin: str | None = None, again: bool = False) -> "Visitor":
        """Open the page and its websocket, or that alone again, and wait until the page's script has run."""
        if not again:
            self.ask("/")
        self.opened = connect(
            f"ws://127.0.0.1:{self.port}/_stcore/stream",
            subprotocols=["streamlit", self.cookies.get("_streamlit_xsrf", "PLACEHOLDER_AUTH_TOKEN")],
            origin=origin or f"http://127.0.0.1:{self.port}",
            additional_headers=self.headers,
            max_size=None,
            source_address=(self.source, 0),
        )
        self.socket = self.opened.__enter__()
        self.learn(self.socket.response.headers.raw_items())
        self.session = self.run()
        return self

    def go(self) -> None:
        self.opened.__exit__(None, None, None)

    def run(self) -> str:
        """Have the page run, wait until it has, and return the session that it has run in."""
        message = BackMsg()
        message.rerun_script.context_info.url = f"http://127.0.0.1:{self.port}"
        message.rerun_script.context_info.timezone = "UTC"
        message.rerun_script.context_info.locale = "en-US"
        self.socket.send(message.SerializeToString())
        session = ""
        while True:
            heard = ForwardMsg.FromString(self.socket.recv(timeout=20))
            if heard.WhichOneof("type") == "new_session":
                session = heard.new_session.initialize.session_id
            elif heard.WhichOneof("type") == "script_finished" and session:
                return session


@dataclass
class Served:
    """The program under test, and what the system says of it."""

    process: subprocess.Popen
    port: int
    log: Path

    def pid_of(self, worker: str) -> int:
        (found,) = [
            pid for pid in below(self.process.pid) if f"\0--server.port\0{self.port + int(worker)}\0" in cmd(pid)
        ]
        return found

    def visitor(self, source="127.0.0.1") -> Visitor:
        return Visitor(self.port, source)

    def sessions_of(self, worker: str) -> int:
        _, _, body = Visitor(self.port + int(worker)).ask("/_stcore/metrics")
        return int(re.search(rb"^active_sessions (\d+)", body, re.MULTILINE)[1])


def cmd(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def below(pid: int) -> list[int]:
    """All processes that this one has started, and those that they have."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    found = list(children.get(pid, []))
    for each in found:
        found += children.get(each, [])
    return found


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


STARTED = 60  # seconds; a start takes two of the processor, which others may be using


def within(seconds: float, what) -> bool:
    latest = time.monotonic() + seconds
    while not (so := what()) and time.monotonic() < latest:
        time.sleep(0.05)
    return bool(so)


def free_ports(count: int) -> int:
    """The first of so many free ones in a row, below those that the system gives to who asks for any."""
    for first in range(20000, 32000, count):
        try:
            for port in range(first, first + count):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            return first
        except OSError:
            continue
    raise RuntimeError("no ports are free")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    if find_nginx.find() is None and find_nginx.install() is None:
        pytest.skip(find_nginx.MISSING)
    port, log = free_ports(3), tmp_path_factory.mktemp("serve") / "log"
    command = [sys.executable, "-m", "tools.serve", "--address", "127.0.0.1", "--workers", "2"]
    command += ["--port", str(port), "--first-worker-port", str(port + 1)]
    with log.open("wb") as output, subprocess.Popen(command, cwd=CHECKOUT, stderr=output) as process:
        try:
            assert within(STARTED, lambda: "2 workers answer" in log.read_text() or process.poll() is not None)
            assert process.poll() is None, log.read_text()
            yield Served(process, port, log)
        finally:
            process.terminate()
            process.wait(20)


@LINUX
def test_both_workers_get_visits_and_each_visitor_stays_with_one(served):
    before = {worker: served.sessions_of(worker) for worker in "12"}
    visitors = [served.visitor().come() for _ in range(4)]
    assert sorted(visitor.worker for visitor in visitors) == ["1", "1", "2", "2"]
    assert {worker: served.sessions_of(worker) - before[worker] for worker in "12"} == {"1": 2, "2": 2}
    for visitor in visitors:
        assert "Set-Cookie" not in visitor.ask("/_stcore/host-config")[1], "a cookie that says nothing new"
    lost = visitors[0]
    lost.cookies["worker"] = "3"
    assert lost.ask("/_stcore/health")[0] == 200, "a cookie that names no worker is as none"
    for visitor in visitors:
        visitor.go()


@LINUX
def test_nginx_takes_tables_where_they_come_in_and_nothing_anywhere_else(served):
    visitor = served.visitor()
    upload = "/_stcore/upload_file/0a1b2c3d-0000-4000-8000-000000000001/0a1b2c3d-0000-4000-8000-000000000002"
    assert visitor.ask(upload, "PUT", b"1" * 2_000_000)[0] == 403, "it came through: the app minds the missing cookie"
    status, _, body = visitor.ask(upload, "PUT", b"1" * 3_500_000)
    assert (status, b"nginx" in body) == (413, True)
    status, _, body = visitor.ask("/", "POST", b"1" * 1_000)
    assert (status, b"nginx" in body) == (413, True)
    assert visitor.ask("/", "POST", b"")[0] == 405


@LINUX
@pytest.mark.parametrize("origin", ["http://elsewhere.example", "http://localhost:9", "http://127.0.0.1", "null"])
def test_a_websocket_that_a_page_of_another_site_opens_is_refused(served, origin):
    with pytest.raises(InvalidStatus) as refused:
        served.visitor().come(origin)
    assert refused.value.response.status_code == 403


@LINUX
def test_how_many_visit_is_told_to_who_sits_at_the_machine_and_to_nobody_else(served):
    assert Visitor(served.port + 1).ask("/_stcore/metrics")[0] == 200
    for path in (
        "/_stcore/metrics",
        "/_stcore/metrics/",
        "//_stcore//metrics",
        "/_stcore/%6Detrics",
        "/x/../_stcore/metrics?a",
    ):
        status, _, body = served.visitor().ask(path)
        assert (status, b"active_sessions" in body) == (404, False), path


@LINUX
def test_files_come_through_as_the_app_compressed_them(served):
    page = served.visitor().ask("/")[2].decode()
    script = re.search(r'"\./(static/js/index[^"]+\.js)"', page)[1]
    for path in (f"/{script}", "/"):
        through = served.visitor().ask(path, **{"Accept-Encoding": "gzip"})
        direct = Visitor(served.port + 1).ask(path, **{"Accept-Encoding": "gzip"})
        assert through[1]["content-encoding"] == direct[1]["content-encoding"] == "gzip"
        assert through[2] == direct[2]


@LINUX
def test_a_class_with_three_tabs_each_comes_in_at_once_and_a_flood_does_not(served):
    handshake = (
        f"GET /_stcore/stream HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Protocol: streamlit, x\r\n\r\n"
    ).encode()
    flood = [socket.create_connection(("127.0.0.1", served.port), source_address=("127.0.0.2", 0)) for _ in range(400)]
    try:
        for each in flood:
            each.sendall(handshake)
        statuses = [each.recv(4096).split()[1].decode() for each in flood]
    finally:
        for each in flood:
            each.close()
    assert statuses.count("101") >= 300
    assert statuses.count("429") >= 50
    assert statuses.count("101") + statuses.count("429") == 400
    assert served.visitor("127.0.0.3").ask("/")[0] == 200, "another address has limits of its own"


@LINUX
def test_a_killed_worker_costs_its_visitors_one_try_and_the_others_nothing_and_is_started_again(served):
    one, two = served.visitor().come(), served.visitor().come()
    assert {one.worker, two.worker} == {"1", "2"}
    dead, at = one.worker, served.pid_of(one.worker)
    session = two.run()
    os.kill(at, signal.SIGKILL)
    with pytest.raises(ConnectionClosed):
        one.run()
    one.come(again=True)  # at the first try
    assert one.worker == two.worker, "its cookie names the worker that has the visit now"
    assert two.run() == session, "the others' connection is the same, and so is their visit"
    assert within(STARTED, lambda: serve.is_healthy(served.port + int(dead)))
    assert served.pid_of(dead) != at
    assert served.sessions_of(two.worker) >= 2, "who has moved stays where the visit is"
    assert {served.visitor().come().worker for _ in range(4)} == {"1", "2"}
    for visitor in (one, two):
        visitor.go()


@LINUX
def test_no_process_is_left_after_the_stop(served):
    started = below(served.process.pid)
    assert len(started) == 4, "two workers, nginx and its own worker"
    staying, first = served.visitor().come(), served.pid_of("1")
    served.process.send_signal(signal.SIGHUP)
    assert within(STARTED, lambda: not lives(first) and len(below(served.process.pid)) == 4)
    started += below(served.process.pid)
    served.process.terminate()  # in the middle of starting that one anew
    assert served.process.wait(STARTED) == 0
    assert [pid for pid in started if lives(pid)] == []
    assert "Traceback" not in served.log.read_text()
    with pytest.raises(ConnectionClosed):
        staying.run()


# How workers are looked after, with workers that start in no time.

SMALL = """
import http.server, os, signal, sys

class Healthy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(str(os.getpid()).encode())
    def log_message(self, *_):
        pass

http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Healthy).serve_forever()
"""


@pytest.fixture
def small(monkeypatch):
    """Two small workers that answer with their process's number; they end with the test."""
    for name, seconds in {"ASK_SECONDS": 0.3, "LOOK_SECONDS": 0.01, "STOP_SECONDS": 0.3, "SHORT_LIFE": 0.0}.items():
        monkeypatch.setattr(serve, name, seconds)
    first = free_ports(2)

    def kept(number: int, port: int) -> serve.Kept:
        command = [sys.executable, "-S", "-c", SMALL, str(port)]
        return serve.Kept(f"worker {number}", command, dict(os.environ), lambda: serve.is_healthy(port))

    workers = [kept(1, first), kept(2, first + 1)]
    try:
        assert serve.begun(workers, threading.Event())
        yield workers, [first, first + 1]
    finally:
        serve.end(workers)


def process_at(port: int) -> int:
    """The number of the process that answers there, however late; 0 if none does."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=STARTED) as answer:
            return int(answer.read())
    except (OSError, http.client.HTTPException):
        return 0


@LINUX
def test_workers_are_started_anew_one_by_one_and_one_of_them_always_answers(small):
    workers, ports = small
    before, seen, done = [process_at(port) for port in ports], [], threading.Event()

    def look_again_and_again() -> None:
        while not done.wait(0.005):
            seen.append([process_at(port) for port in ports])

    looking = threading.Thread(target=look_again_and_again)
    looking.start()
    serve.one_by_one(workers, threading.Event())
    done.set()
    looking.join()
    assert not set(before) & {process_at(port) for port in ports}
    assert any(seen.count([0, other]) for other in before), "the first one was away while the second stayed"
    assert all(map(any, seen))
    assert [pid for pid in before if lives(pid)] == []


@LINUX
def test_one_that_does_not_start_anew_leaves_those_after_it_as_they_are(small, monkeypatch, capsys):
    workers, ports = small
    stays = process_at(ports[1])
    monkeypatch.setattr(serve, "STARTUP_SECONDS", 0.3)
    workers[0].command = [sys.executable, "-c", "import sys; sys.exit(3)"]
    serve.one_by_one(workers, threading.Event())
    assert "worker 1 does not start" in capsys.readouterr().err
    assert process_at(ports[1]) == stays


@LINUX
def test_a_worker_that_is_silent_is_started_again_and_one_that_was_late_once_is_not(small, capsys):
    _, ports = small
    at = process_at(ports[0])
    os.kill(at, signal.SIGSTOP)
    time.sleep(0.5)
    os.kill(at, signal.SIGCONT)
    time.sleep(1)
    assert process_at(ports[0]) == at
    os.kill(at, signal.SIGSTOP)
    assert within(STARTED, lambda: process_at(ports[0]) not in (0, at))
    assert not lives(at)
    assert "worker 1 no longer answers; it is started again" in capsys.readouterr().err


@LINUX
def test_what_a_worker_has_started_ends_with_it(monkeypatch):
    monkeypatch.setattr(serve, "STOP_SECONDS", 0.2)
    deaf = "import signal, subprocess; signal.signal(15, signal.SIG_IGN); subprocess.run(['sleep', '60'])"
    process = subprocess.Popen([sys.executable, "-S", "-c", deaf], start_new_session=True)
    assert within(STARTED, lambda: below(process.pid))
    child = below(process.pid)
    serve.stop(process)
    assert within(STARTED, lambda: not any(map(lives, [process.pid, *child])))


# What is known before anything is started.


@pytest.mark.parametrize("workers", ["0", "-1", "33"])
def test_a_number_of_workers_that_makes_no_sense_is_refused_in_a_sentence(workers, capsys):
    assert serve.main(["--workers", workers]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"--workers is {workers}: give a number from 1 to 32")
    assert said.count("\n") == 1


@pytest.mark.parametrize("given", ["", " " * 64, "a" * 31])
def test_a_cookie_secret_with_which_workers_would_differ_or_that_can_be_guessed_is_refused(given):
    with pytest.raises(serve.Refused, match=r"STREAMLIT_SERVER_COOKIE_SECRET has \d+ characters"):
        serve.cookie_secret(given)


def test_a_cookie_secret_that_is_given_is_taken_and_otherwise_each_start_draws_another():
    assert serve.cookie_secret("a" * 32) == "a" * 32
    drawn = {serve.cookie_secret(None) for _ in range(3)}
    assert len(drawn) == 3
    assert min(map(len, drawn)) >= 64


def test_all_workers_get_the_same_secret_and_ports_of_their_own(monkeypatch):
    environment = {serve.SECRET: "s" * 32}
    one, two = serve.worker(1, 20001, environment), serve.worker(2, 20002, environment)
    assert one.environment[serve.SECRET] == two.environment[serve.SECRET]
    ports = [each.command[each.command.index("--server.port") + 1] for each in (one, two)]
    assert ports == ["20001", "20002"]
    for each in (one, two):
        assert each.command[each.command.index("--server.address") + 1] == "127.0.0.1"


@pytest.mark.parametrize(("port", "first"), [(8601, 8600), (0, 8601), (70000, 8601), (8080, 65535)])
def test_ports_that_meet_or_do_not_exist_are_refused_in_a_sentence(port, first):
    with pytest.raises(serve.Refused, match="must be different numbers"):
        serve.checked_ports(2, "127.0.0.1", port, first)


def test_a_port_that_somebody_else_has_is_refused_with_the_option_that_chooses_another():
    first = free_ports(3)
    with socket.create_server(("127.0.0.1", first)):
        with pytest.raises(serve.Refused, match=rf"Port {first} cannot be used .*--port\."):
            serve.checked_ports(2, "127.0.0.1", first, first + 1)
        with pytest.raises(serve.Refused, match=rf"Port {first} cannot be used .*--first-worker-port\."):
            serve.checked_ports(1, "127.0.0.1", first + 1, first)


def test_a_machine_without_nginx_is_told_so_before_anything_starts(monkeypatch, capsys):
    monkeypatch.setattr(find_nginx, "find", lambda: None)
    first = free_ports(3)
    assert serve.main(["--port", str(first), "--first-worker-port", str(first + 1)]) == 1
    assert capsys.readouterr().err == find_nginx.MISSING + "\n"


@pytest.mark.parametrize("version", [(1, 22, 1), (1, 29, 5), (1, 29, 6), (1, 30, 0)])
def test_nginx_with_sticky_uses_it_and_an_older_one_names_the_worker_itself(version):
    said = serve.configuration(version, "0.0.0.0", 8080, [8601, 8602, 8603])
    sticky = "sticky cookie worker path=/ httponly samesite=lax;"
    assert (sticky in said, "add_header Set-Cookie" in said) == (version >= (1, 29, 6), version < (1, 29, 6))
    assert re.findall("@[A-Z]+@", said) == []
    assert said.count("{") == said.count("}")
    assert "listen 0.0.0.0:8080;" in said
    assert {int(port) for port in re.findall(r"server 127\.0\.0\.1:(\d+)", said)} == {8601, 8602, 8603}
    assert "ip_hash" not in said, "a school has one address"


def number(pattern: str) -> int:
    (found,) = re.findall(pattern, serve.configuration((1, 22, 1), "0.0.0.0", 8080, [8601]))
    return int(found)


def test_limits_leave_room_for_a_class_of_100_behind_one_address():
    assert number(r"zone=requests burst=(\d+) nodelay") >= 100 * serve.OPENING, "all open the page at once"
    assert 60 * number(r"zone=requests:1m rate=(\d+)r/s") >= 2 * 100 * serve.OPENING, "all reload twice a minute"
    assert number(r"zone=visits burst=(\d+) nodelay") >= 300, "three tabs each"
    assert number(r"limit_conn connections (\d+)") >= 100 * (6 + 3), "six connections for files, three tabs"
    assert number(r"worker_connections (\d+)") >= 2 * number(r"limit_conn connections (\d+)"), "one more to a worker"
    assert number(r"worker_rlimit_nofile (\d+)") >= 2 * number(r"worker_connections (\d+)")


def test_a_file_that_the_app_takes_fits_through_nginx_with_the_form_around_it():
    config = tomllib.loads((CHECKOUT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert number(r"client_max_body_size (\d+)m") == config["server"]["maxUploadSize"] + 1


def test_the_container_copies_what_is_there_and_with_the_unit_starts_the_program_as_it_is_called(capsys):
    container = (CHECKOUT / "deploy" / "Containerfile").read_text("utf-8")
    copied = [path for line in re.findall(r"^COPY (.+)$", container, re.MULTILINE) for path in line.split()[:-1]]
    assert len(copied) > 5
    assert [path for path in copied if not (CHECKOUT / path).exists()] == []
    unit = (CHECKOUT / "deploy" / "systemd" / "playground.service").read_text("utf-8")
    (begun,) = re.findall(r"^ExecStart=\S+ -m tools\.serve (.+)$", unit, re.MULTILINE)
    (entry,) = re.findall(r'^ENTRYPOINT \["python", "-m", "tools\.serve", (.+)\]$', container, re.MULTILINE)
    for options in (begun.split(), re.findall('"([^"]+)"', entry)):
        assert serve.main([*options, "--workers", "0"]) == 1, "options that it does not know would end it otherwise"
        assert "--workers is 0" in capsys.readouterr().err


def test_whoever_installs_or_updates_for_a_user_who_may_not_write_compiles_too():
    container = (CHECKOUT / "deploy" / "Containerfile").read_text("utf-8")
    (compiles,) = re.findall(r"^RUN python (-m compileall .+)$", container, re.MULTILINE)
    guide = (CHECKOUT / "docs" / "hosting.md").read_text("utf-8")
    installs = [block for block in re.findall(r"^```sh\n(.+?)^```", guide, re.MULTILINE | re.DOTALL) if "pip" in block]
    assert len(installs) == 2
    assert [block for block in installs if f".venv/bin/python {compiles}\n" not in block] == []
