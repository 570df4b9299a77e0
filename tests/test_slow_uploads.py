"""Files that come in slowly, over real sockets: whoever is quick waits for none of them, and they are bounded."""

import asyncio
import re
import threading
import time
from collections import Counter
from contextlib import contextmanager

import pytest
import uvicorn

from ui.web import guard
from ui.web.guard import Guard, Uploads

LARGEST = 2 * 1024 * 1024
ANSWER = {"type": "http.response.start", "status": 204, "headers": []}


class Taking:
    """An app that reads whatever reaches it. whole: bytes of the files that came to their end."""

    def __init__(self):
        self.whole = []

    async def __call__(self, scope, receive, send):
        count, more = 0, True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return
            count, more = count + len(message["body"]), message["more_body"]
        self.whole.append(count)
        await send(ANSWER)
        await send({"type": "http.response.body", "body": b""})


@contextmanager
def served(held=lambda visit: (0, 0)):
    """(uploads, port) of a server whose guard takes files; it is ended when the block is left. held: see `Uploads`."""
    app = Guard(taking := Taking())
    app.uploads = Uploads(taking, held)
    server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", 0, lifespan="off", log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield app.uploads, server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


async def bring(port: int, visit: int, length: int, piece: int = LARGEST, pause: float = 0.0) -> tuple[int, str]:
    """(status, sentence) of what a visit is told that brings a file in such pieces, resting after each."""
    ids = f"{visit:08x}-0000-4000-8000-000000000001"
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"PUT /_stcore/upload_file/{ids}/{ids} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n"
    writer.write(f"{head}Connection: close\r\n\r\n".encode())
    answer = asyncio.create_task(answered(reader))
    try:
        for at in range(0, length, piece):
            writer.write(b"a" * min(piece, length - at))
            if (await asyncio.wait([answer], timeout=pause))[0]:
                break
        return await answer
    finally:
        answer.cancel()
        writer.close()


async def answered(reader: asyncio.StreamReader) -> tuple[int, str]:
    """It is read as it comes: a server that refuses a file ends the connection while more is sent."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = re.search(r"(?i)^content-length: (\d+)", head, re.MULTILINE)
    return int(head.split()[1]), (await reader.readexactly(int(length[1]))).decode() if length else ""


def nothing_is_left(uploads: Uploads) -> bool:
    """Soon after the last answer was sent; a busy machine takes its time."""
    latest = time.perf_counter() + 30
    while time.perf_counter() < latest:
        free = uploads.turns._value, uploads.slow._value
        if (uploads.bytes, uploads.waiting, free) == (0, 0, (guard.AT_A_TIME, guard.SLOW_AT_A_TIME)):
            return True
        time.sleep(0.01)
    return False


async def tick(ticks: list[None]) -> None:
    """One more about every tenth of a second, of those in which this process has the processor."""
    while True:
        await asyncio.sleep(0.1)
        ticks.append(None)


@pytest.mark.parametrize("slow", [8, 24, 40])
def test_forty_who_send_slowly_keep_nobody_waiting_who_sends_quickly(slow):
    """At 30 kB a second a file of 2 MB takes over a minute."""
    with served() as (uploads, port):

        async def together():
            others = [asyncio.create_task(bring(port, 1 + place, LARGEST, 3000, 0.1)) for place in range(slow)]
            while uploads.coming.total() < slow:
                await asyncio.sleep(0.05)
            ticks, took, most = [], [], 0
            ticking = asyncio.create_task(tick(ticks))
            for place in range(6):
                began = len(ticks)
                assert (await bring(port, 1000 + place, LARGEST))[0] == 204
                took.append(0.1 * (len(ticks) - began))
                most = max(most, uploads.bytes)
            assert not any(other.done() for other in others)
            for other in (*others, ticking):
                other.cancel()
            await asyncio.wait((*others, ticking))
            return took, most

        took, most = asyncio.run(together())
        # The first may wait while the slow ones lose their turns, eight at a time.
        assert took[0] < (1 + slow / 8) * guard.QUICK + 3 and max(took[1:]) < guard.QUICK + 3
        assert most <= guard.MOST_BYTES


def test_slow_files_that_wait_for_one_another_come_in_whole(monkeypatch):
    for name, value in {"AT_A_TIME": 2, "SLOW_AT_A_TIME": 1, "QUICK": 0.1, "SILENCE": 1.0}.items():
        monkeypatch.setattr(guard, name, value)
    with served() as (uploads, port):
        waited = []

        async def together():
            files = [asyncio.create_task(bring(port, place, 60_000, 10_000, 0.1)) for place in range(6)]
            while not all(file.done() for file in files):
                waited.append((uploads.waiting, uploads.bytes))
                await asyncio.sleep(0.02)
            return [file.result()[0] for file in files]

        assert asyncio.run(together()) == [204] * 6
        assert uploads.app.whole == [60_000] * 6
        assert 0 < max(waiting for waiting, _ in waited) <= 6 * 60_000
        assert nothing_is_left(uploads)


@pytest.mark.parametrize("bound", ["MOST_WAITING", "LONGEST_WAIT", "held"])
def test_whoever_is_slow_where_many_are_is_told_to_come_again_and_the_first_one_goes_on(monkeypatch, bound):
    """Three at a time, one place for slow ones: the others hold too many bytes, wait too long, or find no room."""
    settings = {"AT_A_TIME": 3, "SLOW_AT_A_TIME": 1, "QUICK": 0.1, "SILENCE": 1.0}
    settings |= {"MOST_WAITING": {"MOST_WAITING": 5_000}, "LONGEST_WAIT": {"LONGEST_WAIT": 0.2}}.get(bound, {})
    for name, value in settings.items():
        monkeypatch.setattr(guard, name, value)
    full = []
    with served(lambda visit: (0, guard.MOST_BYTES if full else 0)) as (uploads, port):

        async def together():
            files = [asyncio.create_task(bring(port, place, 100_000, 10_000, 0.1)) for place in range(3)]
            while bound == "held" and not full:
                await asyncio.sleep(0.2)
                full.extend([True] * (uploads.waiting > 0))
            return await asyncio.gather(*files)

        assert Counter(asyncio.run(together())) == {(204, ""): 1, (503, guard.CROWDED): 2}
        assert nothing_is_left(uploads) and uploads.app.whole == [100_000]


def test_whoever_is_slower_than_is_waited_for_is_told_how_quick_a_file_has_to_be(monkeypatch):
    monkeypatch.setattr(guard, "SILENCE", 0.5)
    monkeypatch.setattr(guard, "QUICK", 0.2)
    with served() as (uploads, port):
        status, sentence = asyncio.run(bring(port, 1, LARGEST, 500, 0.1))
        assert status == 408
        assert sentence == ("The file came too slowly: expected at least 20 kB a second. Try again, or leave out rows.")
        assert nothing_is_left(uploads) and uploads.app.whole == []


def test_time_in_which_a_file_has_to_wait_is_not_counted_as_slowness(monkeypatch):
    settings = {"AT_A_TIME": 2, "SLOW_AT_A_TIME": 1, "QUICK": 0.1, "SILENCE": 0.4, "SPEED": 100_000}
    for setting, value in settings.items():
        monkeypatch.setattr(guard, setting, value)
    with served() as (uploads, port):

        async def together():
            return await asyncio.gather(*(bring(port, place, 300_000, 20_000, 0.15) for place in range(2)))

        assert [status for status, _ in asyncio.run(together())] == [204, 204]
        assert nothing_is_left(uploads)
