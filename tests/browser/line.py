"""The line between a browser and a server, which a test can cut, silence, or lead to another server."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


class Line:
    """What comes in at `address` goes to a server and back, as long as the line is whole."""

    def __init__(self, server: str):
        self.server = server  # its address; a new connection goes to the one that is named here then
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._ends: list[socket.socket] = []
        self._is_cut = False
        self._asks, self._answers = threading.Event(), threading.Event()  # set while they come through
        self.mend()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Every connection ends, and none is made until `mend`."""
        self._is_cut = True
        for end in self._ends:
            with suppress(OSError):  # closed already
                end.shutdown(socket.SHUT_RDWR)
        self._ends.clear()

    def silence(self) -> None:
        """Connections stay, and nothing comes through until `mend`, which brings what was sent meanwhile."""
        self.hold_answers()
        self._asks.clear()

    def hold_answers(self) -> None:
        """What the server says waits until `mend`, and what is said to it comes through."""
        self._answers.clear()

    def mend(self) -> None:
        self._is_cut = False
        self._asks.set()
        self._answers.set()

    def close(self) -> None:
        self.mend()
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):  # the listener was closed
            while True:
                near, _ = self._listener.accept()
                if self._is_cut:
                    near.close()
                    continue
                try:
                    far = socket.create_connection(("127.0.0.1", urlsplit(self.server).port))
                except OSError:  # nobody is there
                    near.close()
                    continue
                self._ends += [near, far]
                for way in ((near, far, self._asks), (far, near, self._answers)):
                    threading.Thread(target=self._carry, args=way, daemon=True).start()

    def _carry(self, start: socket.socket, end: socket.socket, flows: threading.Event) -> None:
        with suppress(OSError):
            while data := start.recv(65536):
                flows.wait()
                end.sendall(data)
        for one in (start, end):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        start.close()  # the other end is closed where it is read


@contextmanager
def line_to(server: str) -> Iterator[Line]:
    line = Line(server)
    try:
        yield line
    finally:
        line.close()
