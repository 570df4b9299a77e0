"""One start of the app as `make run` starts it, and one visitor who plays: what was met, as JSON in the last line.

tests/test_bare_machine.py runs this on a machine from which it has taken the network, the home, the right to write.
"""

import asyncio
import json
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools import app_server
from tools.visitor import Visitor

ENOUGH = 20  # frames


def main() -> None:
    folder = Path(tempfile.mkdtemp(dir=sys.argv[1]))
    port = app_server.free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    began = time.monotonic()
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, cwd=app_server.CHECKOUT, stdin=subprocess.DEVNULL, stdout=log, stderr=log) as process,
    ):
        server = app_server.AppServer(f"http://localhost:{port}", folder / "log", process.pid)
        try:
            app_server.wait_until_healthy(server, process)
            while server.address not in server.log():
                time.sleep(0.02)
            took = time.monotonic() - began
            frames, errors = asyncio.run(played(server.address))
        finally:
            app_server.stop(process)
    met = {"seconds": took, "frames": frames, "errors": errors, "log": server.log()}
    met |= {"may write": tried(lambda: (app_server.CHECKOUT / "app.py").open("a").close()), "has a route": tried(route)}
    print(json.dumps(met))


async def played(address: str) -> tuple[int, list[str]]:
    """Frames that a visitor has got, and errors."""
    visitor = Visitor(address)
    await visitor.come()
    latest = time.monotonic() + 30
    while not visitor.board and time.monotonic() < latest and not visitor.errors:
        await asyncio.sleep(0.05)
    if visitor.board:
        await visitor.click("play")
        while visitor.snapshots < ENOUGH and time.monotonic() < latest and not visitor.errors:
            await asyncio.sleep(0.05)
    await visitor.go()
    return visitor.snapshots, visitor.errors


def route() -> None:
    """Whether the system knows a way to another machine; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 1))  # an address of nobody (RFC 5737)


def tried(what) -> bool:
    try:
        what()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
