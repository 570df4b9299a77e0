"""The app starts and is played on a machine without a network, without a home, and in a checkout nobody may write into.

Linux takes these away for one process and its children (namespaces). Elsewhere, and where that is forbidden, what needs
it is skipped.
"""

import functools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bare_visit import ENOUGH
from tools import serve

CHECKOUT = Path(__file__).parent.parent
# In the second all that leaves the machine is lost without a word, as at a school whose network lets nothing out.
NETWORKS = {"no route": "", "lost packets": "ip route add default dev lo"}
# The system's administrator in all but the checkout, into which nobody may write; or a number without a name or a home.
USERS = {"root": "", "nobody": "unshare --user --map-user=54321"}
BARE = """
ip link set lo up
{network}
mount --bind "$PWD" "$PWD"
mount -o remount,bind,ro "$PWD"
cd "$PWD"
exec {user} "$@"
"""


def bare(
    *command: str, network="no route", user="nobody", home: str | None = str(CHECKOUT)
) -> subprocess.CompletedProcess:
    """Run a command in the checkout on a bare machine. home: $HOME there, None for none."""
    # No display, so that Streamlit opens no browser.
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "OPENBLAS_CORETYPE")}
    inside = ["sh", "-ec", BARE.format(network=NETWORKS[network], user=USERS[user]), "sh", *command]
    return subprocess.run(
        ["unshare", "--map-root-user", "--net", "--mount", *inside],
        cwd=CHECKOUT,
        env=kept | ({} if home is None else {"HOME": home}),
        capture_output=True,
        text=True,
        timeout=120,
    )


@functools.cache
def missing() -> str:
    """Why no machine can be made bare here, or ""."""
    if not all(map(shutil.which, ("unshare", "mount", "ip"))):
        return "this needs Linux with unshare, mount and ip"
    tried = bare("true", network="lost packets")
    return f"this system makes no namespaces for who runs the tests: {tried.stderr.strip()}" if tried.returncode else ""


@pytest.fixture
def visit(tmp_path):
    """A function that starts the app on a bare machine and has a visitor play, and gives what was met."""
    if missing():
        pytest.skip(missing())

    def visited(**wanted) -> dict:
        done = bare(sys.executable, "-m", "tests.bare_visit", str(tmp_path), **wanted)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return visited


def is_well(met: dict) -> None:
    assert met["errors"] == []
    assert met["frames"] >= ENOUGH
    assert "Traceback" not in met["log"]
    assert "Error" not in met["log"]
    assert not met["may write"], "the machine was not bare"


@pytest.mark.parametrize(
    ("user", "home"),
    [("root", None), ("nobody", "/nowhere/at/all"), ("nobody", str(CHECKOUT))],
    ids=["not said", "missing", "as make run says"],
)
def test_without_a_network_a_home_and_the_right_to_write_the_app_starts_and_is_played(visit, user, home):
    met = visit(user=user, home=home)
    is_well(met)
    assert not met["has a route"], "the machine was not bare"


def test_where_every_packet_is_lost_the_start_waits_for_no_answer(visit):
    """A look-up of a name takes 10 s there, until it is given up."""
    without = visit(network="no route")
    for _ in range(3):  # others may have the processor in one of them; a look-up takes its time in each
        lost = visit(network="lost packets")
        is_well(lost)
        assert lost["has a route"]
        if lost["seconds"] < without["seconds"] + 5:
            break
    assert lost["seconds"] < without["seconds"] + 5


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not on this machine")
def test_who_has_no_home_gets_the_checkout_from_make_because_streamlit_does_not_start_without_one():
    def said(environment: dict[str, str]) -> str:
        command = ["make", "--no-print-directory", "-f", "Makefile", "-f", "-", "said"]
        asked = 'said: ; @echo "$$HOME"'
        return subprocess.check_output(command, cwd=CHECKOUT, env=environment, input=asked, text=True).strip()

    path = {"PATH": os.environ["PATH"]}
    assert said(path) == str(CHECKOUT)
    assert said(path | {"HOME": "/home/ada"}) == "/home/ada"


def test_so_does_each_worker_of_a_school():
    assert serve.worker(1, 8601, {}).environment["HOME"] == str(CHECKOUT)
    assert serve.worker(1, 8601, {"HOME": "/home/ada"}).environment["HOME"] == "/home/ada"
