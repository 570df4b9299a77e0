"""Reach: how other devices come to this app: its address, where this browser has another one, and a picture of it."""

import ipaddress
import socket
from contextlib import closing
from typing import Literal
from urllib.parse import urlsplit

import streamlit as st

from ui.classroom import qr

# An address that is nobody's (RFC 5737). Asking which way would lead there sends nothing.
NOBODY = ("192.0.2.1", 9)
ONLY_HERE = (
    "Only this computer opens this link. Open the app by the address that pupils type, and the link will hold that."
)
IN_THE_NETWORK = "For whoever is in the same network as this computer."


def of_page() -> tuple[str, str]:
    """(address of the page that runs, without a final slash, what to know about it) for devices elsewhere."""
    return address((st.context.url or "").rstrip("/"), st.get_option("server.address"))


def by_camera(link: str, alt: str, width: int | Literal["content"] = "content") -> None:
    """The picture of a link for cameras, or a sentence where the link is too long for one. width: pixels."""
    try:
        picture = qr.picture(link)
    except ValueError as error:
        st.text(str(error))
        return
    st.image(picture, width=width, alt=alt)


def address(here: str, listens_at: str | None) -> tuple[str, str]:
    """(address, what to know about it), for devices elsewhere.

    here: the app's address in the teacher's browser, without a final slash. listens_at: the address at which the server
    listens, None or "" for every one of this machine.
    """
    parts = urlsplit(here)
    host = parts.hostname or ""
    if not (_is_only_here(host) or _is_every(host)):
        return here, ""
    ours = own_address()
    if ours is None or (listens_at and not _is_every(listens_at)):
        return here, ONLY_HERE
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{ours}{port}{parts.path}", IN_THE_NETWORK


def own_address() -> str | None:
    """This machine's address in its network, None without a network."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as asked:
        try:
            asked.connect(NOBODY)
            found = asked.getsockname()[0]
        except OSError:
            return None
    return None if _is_only_here(found) or _is_every(found) else found


def _is_only_here(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_every(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False
