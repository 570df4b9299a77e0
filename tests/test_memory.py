"""Memory of the server: however many threads there have been, it lies in a few places; what visits had goes back."""

import asyncio
import gc
import inspect
import re
import subprocess
import sys
import threading
import time
import weakref
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.runtime.caching.ttl_cache import TTLCache
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
    storage, looks = MemorySessionStorage(ttl_seconds=60), list[None]()
    # Its time is over from the third look on, whenever that is: a look before has to have seen that it is there.
    storage._cache = TTLCache(8, 60, timer=lambda: 100.0 if is_over and len(looks) > 2 else 0.0)
    manager = WebsocketSessionManager(storage, anything, anything, anything)

    def looked() -> Any:
        looks.append(None)
        return SimpleNamespace(_session_mgr=manager)

    monkeypatch.setattr(memory, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(memory.runtime, "get_instance", looked)
    left = visit("left")
    held = weakref.ref(left.session.playground)
    storage.save(left)
    del left

    async def server() -> None:
        async with memory.given_back():
            latest = time.monotonic() + 30
            while (held() is not None if is_over else len(looks) < 6) and time.monotonic() < latest:
                await asyncio.sleep(0.02)

    gc.disable()
    try:
        asyncio.run(server())
        assert (held() is None) is is_over
    finally:
        gc.enable()


def test_streamlits_server_has_its_visits_where_they_are_looked_for():
    assert "self._session_mgr = config.session_manager_class(" in inspect.getsource(Runtime.__init__)


class State(dict):
    """Of a session, as far as it is looked at here."""

    @property
    def filtered_state(self):
        return dict(self)


def session(updates: int = 400, used: float = 1.0) -> Any:
    """One whose visitor has three branches and has taken things back."""
    pg = Playground(sn.Experiment(hidden=(24, 24), samples=60))
    for rate in (0.1, 0.2, 0.3):
        pg.reach(updates)
        pg.goto(updates // 2)
        pg.apply(learning_rate=rate)
    pg.reach(updates)
    state = State(conversations={"playground": SimpleNamespace(playground=pg)}, visit=SimpleNamespace(used=used))
    state["playground_landscape_still"] = object()
    return SimpleNamespace(session_state=state, playground=pg)


def runs_of(pg: Playground) -> int:
    return len(pg._kept.runs) + len(pg._undo.runs)


def test_of_a_visit_that_is_gone_no_run_is_kept_but_the_one_on_screen_and_its_branches_are_the_same():
    here, left = session(), session()
    tree, theta = left.playground.forks, left.playground.run.network.theta
    curve = {fork.id: left.playground.future_of(fork).train_loss.tolist() for fork in tree.every}
    assert runs_of(left.playground) > 3
    spare = left.playground.spare_bytes
    assert spare > 1e6
    assert memory._bound({"here": here, "left": left}, {"left"})
    assert (runs_of(left.playground), left.playground.spare_bytes) == (0, 0)
    assert "playground_landscape_still" not in left.session_state
    assert runs_of(here.playground) > 3 and "playground_landscape_still" in here.session_state
    assert not memory._bound({"here": here, "left": left}, {"left"}), "nothing is left to free"
    pg = left.playground
    assert pg.forks == tree and pg.run.network.theta is theta
    assert {fork.id: pg.future_of(fork).train_loss.tolist() for fork in tree.every} == curve
    for one in (pg, here.playground):
        one.branch(0, 300)
        while one.replay is not None:
            one.train(100)
    assert (pg.run.network.theta == here.playground.run.network.theta).all()
    for one in (pg, here.playground):
        one.undo()
        while one.replay is not None:
            one.train(100)
    assert pg.run.experiment == here.playground.run.experiment
    assert (pg.run.network.theta == here.playground.run.network.theta).all()


def test_all_visits_together_keep_so_much_and_who_was_seen_last_keeps_most(monkeypatch):
    sessions = {str(used): session(used=float(used)) for used in (3, 1, 4, 2)}
    each = sessions["1"].playground.spare_bytes
    monkeypatch.setattr(memory, "MOST_SPARE", int(2.5 * each))
    assert memory._bound(sessions, set())
    assert {used: runs_of(one.playground) > 0 for used, one in sessions.items()} == {
        "1": False,
        "2": False,
        "3": True,
        "4": True,
    }
    assert all("playground_landscape_still" in one.session_state for one in sessions.values())


def test_a_visit_whose_thread_is_at_work_is_left_for_the_next_look():
    left = session()
    held, done = threading.Event(), threading.Event()

    def work():
        with left.playground.lock:
            held.set()
            done.wait(10)

    thread = threading.Thread(target=work)
    thread.start()
    held.wait(10)
    memory._bound({"left": left}, {"left"})
    assert runs_of(left.playground) > 3
    done.set()
    thread.join()
    assert memory._bound({"left": left}, {"left"}) and not runs_of(left.playground)


def test_of_a_server_s_visit_that_has_left_the_runs_go_while_it_may_still_come_back(monkeypatch):
    anything: Any = None
    storage = MemorySessionStorage(ttl_seconds=60)
    manager = WebsocketSessionManager(storage, anything, anything, anything)
    monkeypatch.setattr(memory, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(memory.runtime, "get_instance", lambda: SimpleNamespace(_session_mgr=manager))
    left = session()
    left.id = "left"
    storage.save(SessionInfo(client=None, session=left))

    async def server() -> None:
        async with memory.given_back():
            latest = time.monotonic() + 10
            while runs_of(left.playground) and time.monotonic() < latest:
                await asyncio.sleep(0.02)

    asyncio.run(server())
    assert runs_of(left.playground) == 0
    assert len(storage.list()) == 1


def looks_of(monkeypatch, left: Any, actives: list[bool]) -> None:
    """A server looks so often, once for each of these: whether the visit is connected then."""
    left.id = "left"
    session_manager = SimpleNamespace(
        _session_storage=SimpleNamespace(_cache=SimpleNamespace(expire=lambda: None)),
        list_sessions=lambda: [SimpleNamespace(session=left)],
        is_active_session=lambda _: next(said),
    )
    said, done = iter(actives), threading.Event()

    def looked() -> Any:
        if said.__length_hint__() == 0:
            done.set()
            session_manager.list_sessions = list
        return SimpleNamespace(_session_mgr=session_manager)

    monkeypatch.setattr(memory, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(memory.runtime, "get_instance", looked)

    async def server() -> None:
        async with memory.given_back():
            latest = time.monotonic() + 10
            while not done.is_set() and time.monotonic() < latest:
                await asyncio.sleep(0.01)

    asyncio.run(server())
    assert done.is_set()


@pytest.mark.parametrize("actives, is_kept", [([True, False, True, False], True), ([True, False, False], False)])
def test_who_is_cut_off_for_a_moment_loses_nothing_and_who_is_gone_at_two_looks_all_runs(monkeypatch, actives, is_kept):
    left = session()
    looks_of(monkeypatch, left, actives)
    assert (runs_of(left.playground) > 0) is is_kept


def test_after_a_look_that_went_wrong_there_is_another_one_and_the_log_tells(monkeypatch, caplog):
    left = session()
    bound, failed = memory._bound, []

    def fails_once(*given):
        if not failed:
            failed.append(1)
            raise AttributeError("of a Streamlit of tomorrow")
        return bound(*given)

    monkeypatch.setattr(memory, "_bound", fails_once)
    looks_of(monkeypatch, left, [False, False, False, False])
    assert runs_of(left.playground) == 0
    (record,) = caplog.records
    assert record.exc_info and "of a Streamlit of tomorrow" in str(record.exc_info[1])


def checkpoints_of(*runs: sn.Run) -> dict[int, int]:
    """Of every moment that these runs hold its bytes, each once: forks hold the same ones."""
    return {id(moment): moment.nbytes for run in runs for moment in run._checkpoints}


def on_its_way(pg: Playground) -> sn.Run:
    """A run that is on its way to losses that are missing."""
    run = sn.Experiment(hidden=(24, 24), samples=60, init_seed=5).start()
    run.advance(updates=30)
    pg._catching = run
    return run


def test_what_can_be_freed_is_counted_once_and_without_what_the_run_on_screen_holds_too():
    pg = session().playground
    alone = pg.spare_bytes
    shown = checkpoints_of(pg.run)
    held = checkpoints_of(*pg._kept.runs, *pg._undo.runs)
    assert alone == sum(size for moment, size in held.items() if moment not in shown) > 0
    assert held.keys() & shown.keys(), "else nothing is shared"
    assert pg.spare_bytes == alone
    run = on_its_way(pg)
    assert pg.spare_bytes == alone + sum(checkpoints_of(run).values())
    run.advance(updates=30)
    assert pg.spare_bytes == alone + sum(checkpoints_of(run).values())


def test_a_run_on_its_way_to_missing_losses_is_let_go_too():
    pg = session().playground
    run = weakref.ref(on_its_way(pg))
    assert pg.lets_go()
    gc.collect()
    assert run() is None and pg.spare_bytes == 0


def test_who_has_just_come_and_has_no_visit_yet_loses_nothing_before_others_do(monkeypatch):
    new, old = session(), session(used=5.0)
    del new.session_state["visit"]
    sessions = {"new": new, "old": old}
    memory._bound(sessions, set())
    assert runs_of(new.playground) > 0
    monkeypatch.setattr(memory, "MOST_SPARE", int(1.5 * new.playground.spare_bytes))
    assert memory._bound(sessions, set())
    assert (runs_of(new.playground) > 0, runs_of(old.playground) > 0) == (True, False)
