"""Memory: what was freed goes back to the system, what visits held that have ended is freed, and of what could be
trained again all visits together keep so much, those who are gone nothing."""

import asyncio
import ctypes
import gc
import logging
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from streamlit import runtime

from ui.landscapes import LANDSCAPE_KEYS
from ui.play.playground import Playground
from ui.state import KEY
from ui.visit import KEY as VISIT

ARENAS = 2
M_ARENA_MAX = -8  # of glibc's malloc.h
LOOK_SECONDS = 10.0
MOST_SPARE = 150_000_000  # bytes of runs that are on no screen, in all visits of a process


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
    """While a server runs: of a visit that has ended nothing is left ten seconds later, also where nobody
    else comes."""
    looks = asyncio.create_task(_look_again_and_again())
    try:
        yield
    finally:
        looks.cancel()


async def _look_again_and_again() -> None:
    """Streamlit drops a visit whose time to come back is over when another one ends, not before. And visits hold each
    other in circles, which only the garbage collector undoes; among so few new objects it would not come by itself for
    hours, and a large network kept 150 MB. Streamlit has no public names for this."""
    known, gone = set[str](), set[str]()
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            known, gone = await _look(known, gone)
        except Exception:  # a visit may change meanwhile, and Streamlit one day: without looks memory only grows
            logging.getLogger(__name__).exception("a look at the memory of visits went wrong")


async def _look(known: set[str], gone: set[str]) -> tuple[set[str], set[str]]:
    """known: the visits after the last look; gone: those that were not connected then. Gives the same of this one."""
    manager: Any = runtime.get_instance()._session_mgr
    manager._session_storage._cache.expire()
    sessions = {one.session.id: one.session for one in manager.list_sessions()}
    absent = {id_ for id_ in sessions if not manager.is_active_session(id_)}
    is_freed = await asyncio.to_thread(_bound, sessions, absent & gone)  # a cut of a moment costs nobody anything
    if known - sessions.keys() or is_freed:
        del sessions
        give_back()
    return {one.session.id for one in manager.list_sessions()}, absent


def _bound(sessions: dict[str, Any], gone: set[str]) -> bool:
    """Have visits that are gone, and where all keep too much those used longest ago, forget what can be had again.

    Gives whether anything was freed."""
    playgrounds: list[tuple[bool, float, Playground]] = []  # whether it stays, when it was used last
    is_freed = False
    for id_, session in sessions.items():
        with suppress(AttributeError, KeyError, RuntimeError):  # it may just be beginning, or ending
            state = session.session_state
            if id_ in gone:
                for key in [key for key in state.filtered_state if str(key).endswith(LANDSCAPE_KEYS)]:
                    del state[key]
                    is_freed = True
            used = state[VISIT].used if VISIT in state else math.inf  # who has just come has no Visit yet
            held = [one.playground for one in state[KEY].values()] if KEY in state else []
            playgrounds += [(id_ not in gone, used, pg) for pg in held]
    playgrounds.sort(key=lambda one: one[:2])
    kept = sum(pg.spare_bytes for *_, pg in playgrounds)
    for stays, _, pg in playgrounds:
        mine = pg.spare_bytes
        if mine and (not stays or kept > MOST_SPARE) and pg.lets_go():
            kept, is_freed = kept - mine, True
    return is_freed


def give_back() -> None:
    """Collect garbage, which takes a tenth of a second, and give free memory back; of glibc's arenas alone it has to be
    asked for."""
    gc.collect()
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
