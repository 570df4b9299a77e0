"""Memory of the server: however many threads there have been, it lies in a few places."""

import re
import subprocess
import sys

import pytest

from tools import app_server
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
