"""How long a click takes where a class plays, and what many visitors cost, over Streamlit's own protocol.

    python -m benchmarks.load [--seconds 12] [--most 100] [--json FILE]

Each visitor behaves as the board does (`tools/visitor.py`). Now and then one of them pauses and plays again; a click
lasts until Python says that it is done. The losses of five visitors are compared, bit for bit, with a run of the same
experiment that nobody disturbs. A row is void where other programs took more than 30 % of a core. Server and visitors
share the machine. At the end one visitor comes to a fresh server that has a tenth of a core: it is stopped for nine
tenths of each tenth of a second.
"""

import asyncio
import random
import statistics
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from benchmarks import table
from tools import app_server
from tools.visitor import Visitor
from ui.gallery import FIRST

THINKING = 6.0  # seconds between two clicks of a visitor, on average
OTHERS_PERCENT = 30.0  # of a core; what else runs on the machine
# players, others who only look, speed, wanted: seconds within which 95 % of the clicks are answered
CLASSES = (
    (10, 0, "10e", 0.1),
    (30, 0, "10e", 0.2),
    (60, 0, "10e", 0.3),
    (60, 140, "10e", 0.4),
    (100, 0, "10e", 0.6),
    (10, 0, "max", 0.15),
    (30, 0, "max", 0.3),
    (60, 0, "max", 0.6),
)
HEADER = (
    "| playing | looking | speed | click p50 | click p95 | asked | holds | snapshots/s each | all | server's memory | "
    "losses | others |\n|" + "---|" * 12
)


@dataclass(frozen=True)
class Row:
    """What one class met with. Seconds, snapshots a second of each who plays (median) and of all, MB, percent."""

    playing: int
    looking: int
    speed: str
    p50: float
    p95: float
    asked: float
    each: float
    all: float
    megabytes: float
    right: int
    wrong: int
    others: float
    cores: tuple[float, ...]  # in use by each process of the server

    @property
    def verdict(self) -> str:
        if self.wrong:
            return "**wrong losses**"
        if self.others > OTHERS_PERCENT:
            return "void"
        return "yes" if self.p95 <= self.asked else "**no**"

    def line(self) -> str:
        speed = {"10e": "10 epochs/s", "max": "full"}[self.speed]
        return (
            f"| {self.playing} | {self.looking} | {speed} | {self.p50:.2f} s | {self.p95:.2f} s | {self.asked:g} s | "
            f"{self.verdict} | {self.each:.1f} | {self.all:.0f} | {self.megabytes:.0f} MB | {self.right} right, "
            f"{self.wrong} wrong | {self.others:.0f} % |"
        )


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


async def measure(
    address: str, processes: list[psutil.Process], players: int, lookers: int, speed: str, asked: float, seconds: float
) -> Row:
    """A class at this address, where these processes answer."""
    visitors = [Visitor(address, speed) for _ in range(players + lookers)]
    for visitor in visitors:
        await visitor.come()
        await asyncio.sleep(5 / len(visitors))
    latest = time.perf_counter() + 60
    while not all(visitor.board for visitor in visitors) and time.perf_counter() < latest:
        await asyncio.sleep(0.1)
    playing = visitors[:players]
    for visitor in playing:
        if speed != "10e":
            await visitor.click("speed", False, name=speed)
        await visitor.click("play", False)
    await asyncio.sleep(3)
    began, before = time.perf_counter(), [visitor.snapshots for visitor in playing]
    busy, mine, ours = psutil.cpu_times(), psutil.Process().cpu_times(), [each.cpu_times() for each in processes]
    chance = random.Random(0)
    while time.perf_counter() < began + seconds:
        visitor = chance.choice(playing)
        if not visitor.clicked:
            await visitor.click("pause" if visitor.playing else "play")
        await asyncio.sleep(max(0.02, THINKING / players))
    took = time.perf_counter() - began
    used = [used_since(psutil.cpu_times(), busy), used_since(psutil.Process().cpu_times(), mine)]
    cores = [used_since(each.cpu_times(), then) / took for each, then in zip(processes, ours, strict=True)]
    others = (used[0] - used[1]) / took - sum(cores)
    rates = [(visitor.snapshots - count) / took for visitor, count in zip(playing, before, strict=True)]
    await asyncio.sleep(1)
    waited = [time.perf_counter() - at for visitor in playing for at in visitor.clicked.values()]
    clicks = [each for visitor in playing for each in visitor.clicks] + waited
    memory = sum(each.memory_info().rss for each in processes) / 1e6
    for visitor in visitors:
        await visitor.go()
    faults = [error for visitor in visitors for error in visitor.errors]
    if faults:
        raise RuntimeError(f"{len(faults)} errors, the first one: {faults[0]}")
    right, wrong = compared(playing[:5])
    figures = (percentile(clicks, 0.5), percentile(clicks, 0.95), asked, statistics.median(rates), sum(rates), memory)
    return Row(players, lookers, speed, *figures, right, wrong, max(0.0, 100 * others), tuple(cores))


def compared(visitors: list[Visitor]) -> tuple[int, int]:
    """How many losses are those of an undisturbed run, to the last bit, and how many are not."""
    run, right, wrong = FIRST.start(), 0, 0
    for visitor in visitors:
        for update in sorted(visitor.losses)[:: max(1, len(visitor.losses) // 20)]:
            run.goto(update)
            same = run.evaluate().train_loss == visitor.losses[update]
            right, wrong = right + same, wrong + (not same)
    return right, wrong


def used_since(now, before) -> float:
    """Seconds of processor time in use between two readings of psutil."""
    return sum(getattr(now, name) - getattr(before, name) for name in ("user", "system"))


def server_process(server: app_server.AppServer) -> psutil.Process:
    port = urllib.parse.urlparse(server.address).port
    for child in psutil.Process().children():
        if any(connection.laddr.port == port for connection in child.net_connections("tcp")):
            return child
    raise RuntimeError(f"no process of ours answers at {server.address}")


@dataclass
class House:
    """What a full house costs. MB with every place taken and with others in the line, percent of a core that both take
    at rest, and seconds until all who wait have a place when as many leave."""

    places: int
    waiting: int
    megabytes: float
    with_line: float
    percent: float
    let_in: float


async def full_house(server: app_server.AppServer, places: int, waiting: int) -> House:
    """A server with so many places, all taken by visits of which none plays, and others in the line."""
    process = server_process(server)
    visitors: list[Visitor] = []

    async def come(count: int) -> float:
        for _ in range(count):
            visitors.append(Visitor(server.address))
            await visitors[-1].come()
            await asyncio.sleep(0.05)
        await until(lambda: boards(visitors) == places, 120)
        await asyncio.sleep(4)
        return process.memory_info().rss / 1e6

    megabytes, with_line = await come(places), await come(waiting)
    began, before = time.perf_counter(), process.cpu_times()
    await asyncio.sleep(10)
    percent = 100 * used_since(process.cpu_times(), before) / (time.perf_counter() - began)
    for visitor in visitors[:waiting]:
        await visitor.go()
    began = time.perf_counter()
    await until(lambda: boards(visitors) == places + waiting, 120)
    let_in = time.perf_counter() - began
    for visitor in visitors[waiting:]:
        await visitor.go()
    return House(places, waiting, megabytes, with_line, percent, let_in)


def boards(visitors: list[Visitor]) -> int:
    return sum(bool(visitor.board) for visitor in visitors)


async def until(is_so: Callable[[], bool], seconds: float) -> None:
    """Until it is so. RuntimeError if that takes longer."""
    latest = time.perf_counter() + seconds
    while not is_so():
        if time.perf_counter() > latest:
            raise RuntimeError(f"what was waited for did not happen within {seconds} s")
        await asyncio.sleep(0.1)


@contextmanager
def a_tenth_of_a_core(process: psutil.Process) -> Iterator[None]:
    """The process runs for a hundredth of a second, then stands still for nine."""
    ends = threading.Event()

    def hold_back() -> None:
        while not ends.wait(0.01):
            process.suspend()
            ends.wait(0.09)
            process.resume()

    holder = threading.Thread(target=hold_back)
    holder.start()
    try:
        yield
    finally:
        ends.set()
        holder.join()
        process.resume()


async def on_a_tenth(server: app_server.AppServer, seconds: float) -> tuple[float, float]:
    """One visitor of a fresh server with a tenth of a core: seconds to the board, epochs a second of 10."""
    updates_per_epoch = FIRST.start().updates_per_epoch
    with a_tenth_of_a_core(server_process(server)):
        visitor, began = Visitor(server.address), time.perf_counter()
        await visitor.come()
        while not visitor.board and time.perf_counter() < began + 60:
            await asyncio.sleep(0.02)
        board = time.perf_counter() - began
        await visitor.click("play", False)
        await asyncio.sleep(3)
        at, shown = time.perf_counter(), visitor.shown
        await asyncio.sleep(seconds)
        speed = (visitor.shown - shown) / updates_per_epoch / (time.perf_counter() - at)
        await visitor.go()
    return board, speed


def rows(seconds: float, most: int) -> Iterator[Row]:
    for players, lookers, speed, asked in CLASSES:
        if players + lookers <= most:
            with app_server.running() as server:
                processes = [server_process(server)]
                yield asyncio.run(measure(server.address, processes, players, lookers, speed, asked, seconds))


def main() -> None:
    given = table.arguments(__doc__, ("--seconds", 12, "of measuring, each class"), ("--most", 200, "visitors at once"))
    print(HEADER, flush=True)
    kept = []
    for row in rows(given.seconds, given.most):
        print(row.line(), flush=True)
        kept.append(vars(row))
    if given.most >= 200:
        with app_server.running(PLAYGROUND_VISITORS="300") as server:
            house = asyncio.run(full_house(server, 300, 100))
        print(
            f"\n300 open visits: {house.megabytes:.0f} MB (asked: at most 690); {house.waiting} more in the line: "
            f"{house.with_line:.0f} MB, {house.percent:.1f} % of a core; in after {house.let_in:.0f} s",
            flush=True,
        )
        kept.append(vars(house))
    with app_server.running() as server:
        board, speed = asyncio.run(on_a_tenth(server, given.seconds))
    print(
        f"a tenth of a core: board after {board:.1f} s (asked: at most 6), then {speed:.1f} of 10 epochs/s", flush=True
    )
    kept.append({"cores": 0.1, "board": board, "epochs": speed})
    table.write(given.json, rows=kept)


if __name__ == "__main__":
    main()
