"""Start a Dask cluster of this machine, a scheduler and two workers, until Ctrl-C: `make cluster`.

    python -m tools.cluster [--port 8786] [--workers 2]

Who can reach its port can have it run anything, so it answers to this machine alone.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
START_SECONDS = 60
END_SECONDS = 5


def dask(*arguments: str) -> "subprocess.Popen[bytes]":
    """A program of Dask, in a session of its own: Ctrl-C is for who has started it."""
    paths = os.pathsep.join(filter(None, [str(CHECKOUT), os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments, *("--no-dashboard", "--dashboard-address", f"{HOST}:0")],
        env={**os.environ, "PYTHONPATH": paths},
        start_new_session=True,
    )


def answers(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--port", type=int, default=8786, help="of the scheduler")
    parser.add_argument("--workers", type=int, default=2, help="processes that compute")
    said = parser.parse_args(arguments)
    address = f"tcp://{HOST}:{said.port}"
    if answers(said.port):
        print(f"Port {said.port} is taken: choose another, as in make cluster SCHEDULER_PORT=8790.", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    started = [dask("scheduler", "--host", HOST, "--port", str(said.port))]
    try:
        end = time.monotonic() + START_SECONDS
        while not answers(said.port):
            if started[0].poll() is not None or time.monotonic() > end:
                print("The scheduler did not start; what it said is above.", file=sys.stderr)
                return 1
            time.sleep(0.1)
        started.append(dask("worker", address, "--host", HOST, "--nworkers", str(said.workers), "--nthreads", "1"))
        print(f"The cluster is at {address}. In another terminal: SCRATCHNET_SCHEDULER={address} make run", flush=True)
        while all(program.poll() is None for program in started):
            time.sleep(0.2)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        for program in reversed(started):  # workers first: they would look for their scheduler
            program.terminate()
            try:
                program.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(program.pid, signal.SIGKILL)
                program.wait()


if __name__ == "__main__":
    sys.exit(main())
