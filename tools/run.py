"""Start the app on this computer, for whoever sits at it and others in the same network: `make run`, on Windows

    python -m tools.run [--port 8501]

It refuses a port that cannot be had, in one sentence, and has the app answer to no public name but those of
PLAYGROUND_HOSTS (ui/web/hosts.py).
"""

import argparse
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from ui.web import hosts

CHECKOUT = Path(__file__).resolve().parent.parent


def fault_of(port: str) -> str:
    """Why the app cannot have this port; "" if it can."""
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 1 <= int(port) <= 65535):
        return f"The port is {port!r:.20}: expected a whole number from 1 to 65535, as in make run PORT=8600."
    try:
        socket.create_server(("", int(port))).close()
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else error
        return f"Port {port} cannot be used ({why}): choose another one, as in make run PORT=8600."
    return ""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--port", default="8501", help="where browsers come in")
    port = parser.parse_args(arguments).port
    if fault := fault_of(port):
        print(fault, file=sys.stderr)
        return 1
    os.environ.setdefault(hosts.VARIABLE, "")
    os.chdir(CHECKOUT)  # where Streamlit looks for .streamlit
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", port]
    if sys.platform == "win32":  # there execv starts it beside this one, and ends this one: the prompt would come back
        try:
            return subprocess.call(command)
        except KeyboardInterrupt:  # Ctrl-C, which ends both
            return 0
    os.execv(sys.executable, command)


if __name__ == "__main__":
    sys.exit(main())
