"""Memory of the server: however many threads there have been, it lies in a few places; what visits had goes back."""

import asyncio
import gc
import inspect
import re
import subprocess
import sys
import time
import weakref
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.runtime import Runtime
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

import scratchnet as sn
from tools import app_server
from ui.play.playground import Playground
from ui.web import memory

# Eight threads have memory at the same time; the C library then tells of every arena that it has.
COUNT = """
import ctypes, sys, threading
import app
libc, both = ctypes.CDLL(None), threading.Barrier(9)
libc.fopen.restype = ctypes.c_void_p
libc.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]
libc.fclose.argtypes = [ctypes.c_void_p]
def work():
    kept = [bytearray(50_000) for _ in range(20)]
    both.wait()
    both.wait()
for _ in range(8):
    threading.Thread(target=work).start()
both.wait()
file = libc.fopen(sys.argv[1].encode(), b"w")
libc.malloc_info(0, file)
libc.fclose(file)
both.wait()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="arenas are glibc's")
def test_the_threads_of_the_app_share_few_arenas(tmp_path):
    file = tmp_path / "malloc.xml"
    subprocess.run([sys.executable, "-c", COUNT, str(file)], cwd=app_server.CHECKOUT, check=True, timeout=60)
    assert len(re.findall("<heap nr=", file.read_text("utf-8"))) == memory.ARENAS


def visit(name: str) -> Any:
    """What Streamlit keeps of one: its parts hold each other, as callbacks of widgets and a session do."""
    playground = Playground(sn.Experiment(hidden=(4,), samples=60))
    session = SimpleNamespace(id=name, playground=playground)
    session.held_by = [session, playground.is_used]
    return SessionInfo(client=None, session=session)  # type: ignore[arg-type]


@pytest.mark.parametrize("is_over", [True, False])
def test_what_a_visit_held_is_free_soon_after_its_time_to_come_back_though_nobody_else_comes_or_goes(
    monkeypatch, is_over
):
    anything: Any = None
    storage = MemorySessionStorage(ttl_seconds=0.1 if is_over else 60)  # type: ignore[arg-type]
    manager = WebsocketSessionManager(storage, anything, anything, anything)
    monkeypatch.setattr(memory, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(memory.runtime, "get_instance", lambda: SimpleNamespace(_session_mgr=manager))
    left = visit("left")
    held = weakref.ref(left.session.playground)
    storage.save(left)
    del left

    async def server() -> None:
        async with memory.given_back():
            latest = time.monotonic() + (5 if is_over else 0.5)
            while held() is not None and time.monotonic() < latest:
                await asyncio.sleep(0.02)

    gc.disable()
    try:
        asyncio.run(server())
        assert (held() is None) is is_over
    finally:
        gc.enable()


def test_streamlits_server_has_its_visits_where_they_are_looked_for():
    assert "self._session_mgr = config.session_manager_class(" in inspect.getsource(Runtime.__init__)
