"""Start the app in its own process, as `make run` does, and stop it: for browser tests, pictures and benchmarks."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent
STARTUP_SECONDS = 60  # a cold disk and two busy cores; a warm start takes about two


@dataclass(frozen=True)
class AppServer:
    """A running server: the address to open, without a final slash, where its output goes, and its process."""

    address: str
    log_file: Path
    pid: int

    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8", errors="replace")


@contextmanager
def running(script: Path = CHECKOUT / "app.py", port: int = 0, **settings: str) -> Iterator[AppServer]:
    """A fresh server of the script on this port, 0 for a free one; ready to answer, ended when the block is left.

    settings are environment variables for the server. RuntimeError with the server's output if it does not start.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.headless", "true", "--server.address", "127.0.0.1", "--server.fileWatcherType", "none"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
    threads = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
    environment |= dict.fromkeys(threads, "1") | settings
    with tempfile.TemporaryDirectory() as folder:
        log_file = Path(folder, "server.log")
        with (
            log_file.open("wb") as log,
            subprocess.Popen(
                command, cwd=CHECKOUT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            ) as process,
        ):
            server = AppServer(f"http://127.0.0.1:{port}", log_file, process.pid)
            try:
                wait_until_healthy(server, process)
                yield server
            finally:
                stop(process)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_healthy(server: AppServer, process: subprocess.Popen) -> None:
    latest = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < latest and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.address}/_stcore/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the app did not answer at {server.address}; its output was:\n{server.log()}")


def stop(process: subprocess.Popen) -> None:
    """Politely first; but a server may wait long for the last of its visitors."""
    process.terminate()
    try:
        process.wait(timeout=2)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
