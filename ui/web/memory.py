"""Memory: how the C library keeps what was freed."""

import ctypes
from contextlib import suppress

ARENAS = 2
M_ARENA_MAX = -8  # of glibc's malloc.h


def share_arenas() -> None:
    """Have all threads take their memory from the same few arenas; call before there are many threads.

    glibc gives threads arenas of their own, up to eight for each core, so that none waits for another, which Python's
    threads do anyway. Each run of a page is a thread: what one has freed lay in its arena, and the next took more from
    the system. As MALLOC_ARENA_MAX in the environment, which a host of apps does not let us set. Other C libraries have
    nothing like it.
    """
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)
