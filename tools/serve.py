"""Serve the app to a school: several processes of it, the workers, behind one nginx, until SIGTERM or Ctrl-C.

    python -m tools.serve [--workers 2] [--port 8080] [--address 0.0.0.0] [--first-worker-port 8601]

Python uses one core a process, so a machine with four cores is used by four workers. A visit lives in the memory of one
of them, and a cookie keeps a visitor there (deploy/nginx/ says how). A worker that dies or is silent is started again;
its visitors go on with another one, because their browsers remember where they were. SIGHUP starts the workers anew one
by one, so that a new version of the code comes into force while the others answer.

The workers share one secret for their cookies: STREAMLIT_SERVER_COOKIE_SECRET, or one drawn at each start.
"""

import argparse
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from tools import find_nginx

CHECKOUT = Path(__file__).resolve().parent.parent
TEMPLATES = CHECKOUT / "deploy" / "nginx"
STICKY = (1, 29, 6)  # the first nginx with `sticky`
NO_LOG = (1, 19, 5)  # the first that can be told where to complain before it has read its configuration
SECRET = "STREAMLIT_SERVER_COOKIE_SECRET"
SHORTEST_SECRET = 32  # characters; what is drawn here has 64
MOST_WORKERS = 32
OPENING = 150  # requests of a browser with an empty cache, 138 to 146 were counted; test_assets.py holds it

STARTUP_SECONDS = 120  # for two dozen workers on a few cores; one alone takes about two
STOP_SECONDS = 5  # after that a worker has said good-bye to all who will hear it
LOOK_SECONDS = 0.1  # between two looks whether a process still runs
ASK_SECONDS = 5  # between two questions whether it answers, and how long an answer may take
MISSES = 4  # a busy worker may be late once; one that is silent for so long, half a minute, is not busy
SHORT_LIFE, LONGEST_PAUSE = 10, 30  # seconds: what died sooner is started again later each time


class Refused(Exception):
    """What was asked for cannot be served; the message is one sentence for whoever asked."""


class Kept(threading.Thread):
    """A process that is started again when it ends or no longer answers, until `end`."""

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], answers: Callable[[], bool]
    ) -> None:
        super().__init__(name=name)
        self.command, self.environment, self.answers = command, environment, answers
        self.started = 0  # how many processes there have been
        self.answered = 0  # the last of them that has answered
        self.fault = ""  # what the last one before this ended with
        self._ends, self._anew = threading.Event(), threading.Event()

    def run(self) -> None:
        pause = 0.0
        while not self._ends.wait(pause):
            self._anew.clear()
            self.started += 1
            began = time.monotonic()
            # A group of its own: Ctrl-C reaches this program alone, which then stops the others in their order.
            process = subprocess.Popen(
                self.command,
                cwd=CHECKOUT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
            try:
                self.fault = self._watched(process)
            finally:
                stop(process)
            if self.fault:
                say(f"{self.name} {self.fault}; it is started again")
            short = self.fault and time.monotonic() - began < SHORT_LIFE
            pause = min(max(1.0, 2 * pause), LONGEST_PAUSE) if short else 0.0

    def end(self) -> None:
        self._ends.set()

    def anew(self) -> int:
        """Have it start anew; that is done when `answered` has reached the number returned."""
        wanted = self.started + 1
        self._anew.set()
        return wanted

    def _watched(self, process: subprocess.Popen) -> str:
        """Watch until it is to end or to start anew, then ""; or until it has a fault, then what it is."""
        misses, ask_at, latest = 0, 0.0, time.monotonic() + STARTUP_SECONDS
        while not self._ends.wait(LOOK_SECONDS) and not self._anew.is_set():
            if process.poll() is not None:
                return f"has ended with code {process.returncode}"
            now = time.monotonic()
            if self.answered < self.started:
                if self.answers():
                    self.answered = self.started
                elif now > latest:
                    return f"has not answered for {STARTUP_SECONDS} s since its start"
            elif now >= ask_at:
                misses = 0 if self.answers() else misses + 1
                ask_at = now + ASK_SECONDS
                if misses == MISSES:
                    return "no longer answers"
        return ""


def stop(process: subprocess.Popen) -> None:
    """Politely first; then it and whatever it has started."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=STOP_SECONDS)
    with suppress(ProcessLookupError, PermissionError):  # nobody is left; macOS says it the second way
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def is_healthy(port: int) -> bool:
    """Whether the worker at this port of this machine says that it is well."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=ASK_SECONDS) as answer:
            return answer.status == 200
    except OSError:
        return False


def is_open(address: str, port: int) -> bool:
    """Whether somebody listens there."""
    try:
        socket.create_connection((address, port), timeout=ASK_SECONDS).close()
    except OSError:
        return False
    return True


def configuration(version: tuple[int, ...], address: str, port: int, workers: Sequence[int]) -> str:
    """What nginx of this version is told: listen at address and port, and pass on to the workers at these ports."""
    servers = {number: f"server 127.0.0.1:{at} max_fails=0" for number, at in enumerate(workers, start=1)}
    filled = {"ADDRESS": address, "PORT": str(port), "OPENING": str(OPENING)}
    if version >= STICKY:
        form, filled["CHOSEN"] = "sticky.conf", "workers"
        filled["SERVERS"] = lines(f"{server} route={number};" for number, server in servers.items())
    else:
        form, filled["CHOSEN"] = "by_cookie.conf", "$chosen"
        filled["SERVERS"] = lines(f"{server};" for server in servers.values())
        filled["CHOICES"] = lines(f"{number} worker_{number};" for number in servers)
        filled["NAMES"] = lines(
            f'"~^{number} .*:{at}$" "";\n"~:{at}$" "worker={number}; Path=/; HttpOnly; SameSite=Lax";'
            for number, at in enumerate(workers, start=1)
        )
        filled["UPSTREAMS"] = "\n    ".join(
            f"upstream worker_{number} {{\n        "
            + lines(f"{server};" if other == number else f"{server} backup;" for other, server in servers.items())
            + "\n    }"
            for number in servers
        )
    text = (TEMPLATES / "playground.conf").read_text("utf-8")
    text = text.replace("@WORKERS@", (TEMPLATES / form).read_text("utf-8").rstrip())
    for name, value in filled.items():
        text = text.replace(f"@{name}@", value)
    return text


def lines(said) -> str:
    """Below each other, as deep as they stand in a block of the templates."""
    return "\n".join(said).replace("\n", "\n        ")


def cookie_secret(given: str | None) -> str:
    """The one for all workers: the given one, or a new one. Refused if it is no secret.

    With an empty one each worker would draw its own, and refuse what was uploaded on a page that another one had sent.
    """
    if given is None:
        return secrets.token_hex(SHORTEST_SECRET)
    if len(given.strip()) < SHORTEST_SECRET:
        raise Refused(
            f"{SECRET} has {len(given.strip())} characters, and the workers need one secret of at least "
            f"{SHORTEST_SECRET}: take a longer one, or unset it to have one drawn."
        )
    return given


def checked_ports(workers: int, address: str, port: int, first: int) -> list[int]:
    """The ports of so many workers. Refused if that is no number of workers, or if a port cannot be had."""
    if not 1 <= workers <= MOST_WORKERS:
        raise Refused(f"--workers is {workers}: give a number from 1 to {MOST_WORKERS}, about one for each core.")
    ports = list(range(first, first + workers))
    if not 1 <= port <= 65535 or not 1 <= first <= 65535 - workers or port in ports:
        raise Refused(
            f"--port {port} and the workers' ports {first} to {ports[-1]} must be different numbers from 1 to 65535: "
            "choose others with --port and --first-worker-port."
        )
    for at, option in [(port, "--port"), *((at, "--first-worker-port") for at in ports)]:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address if at == port else "127.0.0.1", at))
            except OSError as error:
                raise Refused(f"Port {at} cannot be used ({error.strerror}): choose another with {option}.") from error
    return ports


def worker(number: int, port: int, environment: Mapping[str, str]) -> Kept:
    command = [sys.executable, "-m", "streamlit", "run", str(CHECKOUT / "app.py"), "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true"]
    # Streamlit looks for settings in the home of its user, and does not start for one who has none.
    environment = {"HOME": str(CHECKOUT), **environment}
    return Kept(f"worker {number}", command, environment, lambda: is_healthy(port))


def serve(workers: int, address: str, port: int, first: int) -> None:
    """Serve until SIGTERM or SIGINT; when this returns no process is left. Refused if it cannot begin."""
    ports = checked_ports(workers, address, port, first)
    environment = {**os.environ, SECRET: cookie_secret(os.environ.get(SECRET))}
    program = find_nginx.find()
    if program is None:
        raise Refused(find_nginx.MISSING)
    version = find_nginx.version(program)
    ends, anew = threading.Event(), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ends.set())
    signal.signal(signal.SIGINT, lambda *_: ends.set())
    signal.signal(signal.SIGHUP, lambda *_: anew.set())
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="playground-")))
        folder.chmod(0o711)  # as root nginx works under another name, and keeps what is uploaded below
        (folder / "nginx.conf").write_text(configuration(version, address, port, ports), "utf-8")
        command = [program, "-p", str(folder), "-c", "nginx.conf"] + ["-e", "stderr"] * (version >= NO_LOG)
        here = "127.0.0.1" if address == "0.0.0.0" else address
        nginx = Kept("nginx", command, environment, lambda: is_open(here, port))
        all_workers = [worker(number, at, environment) for number, at in enumerate(ports, start=1)]
        running.callback(end, all_workers)
        if not begun(all_workers, ends):
            return
        running.callback(end, [nginx])  # it ends first, so that nobody is passed on to a worker that ends
        if not begun([nginx], ends):
            return
        say(f"{workers} workers answer at http://{here}:{port} through nginx {'.'.join(map(str, version))}")
        while not ends.wait(LOOK_SECONDS):
            if anew.is_set():
                anew.clear()
                one_by_one(all_workers, ends)


def begun(processes: Sequence[Kept], ends: threading.Event) -> bool:
    """Start them and wait until all answer; False if the end comes first. Refused if one of them does not start."""
    for process in processes:
        process.start()
    while not all(process.answered for process in processes):
        for process in processes:
            if process.fault:
                raise Refused(f"{process.name} {process.fault}: its reason stands above.")
        if ends.wait(LOOK_SECONDS):
            return False
    return True


def end(processes: Sequence[Kept]) -> None:
    """End them all at once and wait until no process is left."""
    for process in processes:
        process.end()
    for process in processes:
        if process.ident is not None:
            process.join()


def one_by_one(workers: Sequence[Kept], ends: threading.Event) -> None:
    """Start each worker anew after the one before it answers. One that does not start keeps the others as they are."""
    for each in workers:
        wanted, latest = each.anew(), time.monotonic() + STARTUP_SECONDS
        while each.answered < wanted:
            if ends.wait(LOOK_SECONDS):
                return
            if time.monotonic() > latest:
                say(f"{each.name} does not start: those after it stay as they are; look above for its reason")
                return
    say("all workers were started anew")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--workers", type=int, default=2, help=f"processes of the app, 1 to {MOST_WORKERS}")
    parser.add_argument("--port", type=int, default=8080, help="where browsers come in")
    parser.add_argument("--address", default="0.0.0.0", help="of this machine: 127.0.0.1 lets nobody else in")
    parser.add_argument("--first-worker-port", type=int, default=8601, help="the others follow it; on 127.0.0.1 only")
    given = parser.parse_args(arguments)
    try:
        serve(given.workers, given.address, given.port, given.first_worker_port)
    except Refused as refusal:
        say(str(refusal))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
