"""Connections: what is sent to a browser leaves at once."""

import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress

HIGHEST = 100  # a server that has just started has few open files


@asynccontextmanager
async def at_once(app: object) -> AsyncIterator[None]:
    """While a server runs, as a lifespan of its app: connections do not hold back small packets.

    Streamlit opens its port in a way for which asyncio leaves Nagle's algorithm on (RFC 896): what follows a small
    packet waits until the other side has confirmed that one, and this may take it 40 ms (RFC 1122, 4.2.3.2). So late
    came each file and each answer of the board. A connection has the options of the port that it came through.
    """
    for port in listening():
        port.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    yield


def listening() -> Iterator[socket.socket]:
    """The ports at which this process waits for others, each until the next is asked for."""
    for number in range(3, HIGHEST):
        with suppress(OSError):  # no open file, or no socket
            copy = os.dup(number)
            try:
                port = socket.socket(fileno=copy)
            except OSError:
                os.close(copy)
                continue
            with port:
                is_tcp = port.family in (socket.AF_INET, socket.AF_INET6)
                if is_tcp and port.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    yield port
