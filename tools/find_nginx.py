"""Find an nginx for tools/serve.py and its tests, install one if there is none, and print where it is.

    python tools/find_nginx.py

Looked for in this order: the program named by the environment variable NGINX, one on the PATH, one where systems
usually put it. Installed, if none is found: Debian's package where apt works as root.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

USUAL_PLACES = (  # none of them is on the PATH of everybody who is not root
    "/usr/sbin/nginx",
    "/usr/local/sbin/nginx",
    "/usr/local/nginx/sbin/nginx",
    "/opt/homebrew/bin/nginx",
)
MISSING = (
    "No nginx was found: install it (Debian and Ubuntu: apt-get install nginx; macOS: brew install nginx), "
    "or set the environment variable NGINX to the program."
)


def main() -> int:
    found = find() or install()
    print(found or MISSING, file=sys.stdout if found else sys.stderr)
    return 0 if found else 1


def find() -> str | None:
    """The first nginx that says its version, or None."""
    return next((path for path in candidates() if version(path)), None)


def candidates() -> Iterator[str]:
    if named := os.environ.get("NGINX"):
        yield named
    yield from filter(None, [shutil.which("nginx")])
    yield from filter(os.path.isfile, USUAL_PLACES)


def version(path: str) -> tuple[int, ...]:
    """Of the nginx at path, such as (1, 22, 1); () if it is none or does not start."""
    try:
        answer = subprocess.run([path, "-v"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    said = re.search(r"nginx/(\d+)\.(\d+)\.(\d+)", answer.stderr)
    return tuple(map(int, said.groups())) if said else ()


def install() -> str | None:
    """Install Debian's nginx and return where it is, or None. What apt says goes to the error stream."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        # The package starts a server of its own on port 80; in runlevel 1 Debian starts none.
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        for command in (["update"], ["install", "--yes", "--no-install-recommends", "nginx"]):
            print("+ apt-get", *command, file=sys.stderr)
            subprocess.run(["apt-get", *command], stdin=subprocess.DEVNULL, stdout=sys.stderr, env=quiet)
    return find()


if __name__ == "__main__":
    sys.exit(main())
