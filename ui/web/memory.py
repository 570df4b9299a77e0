"""Memory: what was freed goes back to the system, and what visits held that have ended is freed."""

import asyncio
import ctypes
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from streamlit import runtime

ARENAS = 2
M_ARENA_MAX = -8  # of glibc's malloc.h
LOOK_SECONDS = 60.0


def share_arenas() -> None:
    """Have all threads take their memory from the same few arenas; call before there are many threads.

    glibc gives threads arenas of their own, up to eight for each core, so that none waits for another, which Python's
    threads do anyway. Each run of a page is a thread: what one has freed lay in its arena, and the next took more from
    the system. As MALLOC_ARENA_MAX in the environment, which a host of apps does not let us set. Other C libraries have
    nothing like it.
    """
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)


@asynccontextmanager
async def given_back() -> AsyncIterator[None]:
    """While a server runs: of a visit that has ended nothing is left a minute later, also where nobody else comes."""
    looks = asyncio.create_task(_look_again_and_again())
    try:
        yield
    finally:
        looks.cancel()


async def _look_again_and_again() -> None:
    """Streamlit drops a visit whose time to come back is over when another one ends, not before. And visits hold each
    other in circles, which only the garbage collector undoes; among so few new objects it would not come by itself for
    hours, and a large network kept 150 MB. Streamlit has no public names for this."""
    known = set[str]()
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        manager: Any = runtime.get_instance()._session_mgr
        manager._session_storage._cache.expire()
        here = {one.session.id for one in manager.list_sessions()}
        if known - here:
            give_back()
        known = here


def give_back() -> None:
    """Collect garbage, which takes a tenth of a second, and give free memory back; of glibc's arenas alone it has to be
    asked for."""
    gc.collect()
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
