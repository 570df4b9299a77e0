"""Hosts: under which names this server answers.

A page of another site can have its own name lead to a computer in the visitor's network, and then reads from it as if
that were its own server (DNS rebinding). It needs a name that it owns. So where the app runs on somebody's own computer
(tools/run.py), public names get no answer unless they are listed; addresses do, and names that nobody can own. Behind a
proxy and on a host of apps the name is a public one that is not known here, so there any is answered.
"""

import ipaddress
import os
import re
import socket
from collections.abc import Callable

VARIABLE = "PLAYGROUND_HOSTS"  # names with commas between them; where it is not set, or has *, every name is answered
# Domains that no registry gives to anybody (RFC 6761, 6762, 8375; .internal and .lan are kept out of the DNS's root).
NOBODYS = ("localhost", "local", "home.arpa", "internal", "lan")
WITH_PORT = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]]*)(?::\d+)?")


def answered(text: str | None, own: str) -> Callable[[str], bool]:
    """A function: whether a Host header is answered. text: of the variable; own: this computer's name."""
    named = {name_in(one.strip()) for one in (text or "").split(",")} - {""}
    if text is None or "*" in named:
        return lambda _host: True
    named |= {own.lower()}

    def is_answered(host: str) -> bool:
        name = name_in(host)
        if not name:
            return False
        is_nobodys = "." not in name or name.endswith(tuple(f".{one}" for one in NOBODYS))
        return is_nobodys or name in named or is_address(name)

    return is_answered


def name_in(host: str) -> str:
    """The name of "name:port" or "name"; "" where it is neither."""
    found = WITH_PORT.fullmatch(host)
    return found[1].lower().rstrip(".") if found else ""


def is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def of_this_server() -> Callable[[str], bool]:
    """The same, as the environment says."""
    return answered(os.environ.get(VARIABLE), socket.gethostname())


def refusal(host: str) -> str:
    """What a visitor reads who has come under another name."""
    shown = re.sub(r"[^\w.:-]", "?", host)[:60]
    return (
        f"This app does not answer under the name {shown}, but at its computer's address, as localhost, or under a "
        f"name that ends in .local. Whoever runs it may add the name: {VARIABLE}={shown.split(':')[0]} make run\n"
    )
