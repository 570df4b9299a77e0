"""How long a click takes where a class plays, and what many visitors cost, over Streamlit's own protocol.

    python -m benchmarks.load [--seconds 12] [--most 100] [--json FILE]

Each visitor behaves as the board does (`ui/board/board.js`): plays frames, acknowledges them, asks when hungry, asks
again when an answer is late. Now and then one of them pauses and plays again; a click lasts until Python says that it
is done. The losses of five visitors are compared, bit for bit, with a run of the same experiment that nobody disturbs.
A row is void where other programs took more than 30 % of a core. Server and visitors share the machine. At the end
one visitor comes to a fresh server that has a tenth of a core: it is stopped for nine tenths of each tenth of a second.
"""

import asyncio
import json
import random
import statistics
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks import table
from tools import app_server
from ui.gallery import FIRST
from ui.play.payload import unpack

TICK = 0.05  # seconds between two looks of a visitor at her queue
HUNGRY_MS, HUNGRY_FRAMES = 500, 30  # as in ui/board/playback.js
PATIENCE, LONGEST_PATIENCE = 1.5, 12.0  # seconds, as in ui/board/board.js
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


@dataclass
class Visitor:
    """One browser with the board."""

    address: str
    speed: str = "10e"
    board: str = ""  # its id as a widget, "" before it is there
    fragment: str = ""
    page: str = ""
    visit: str = ""
    generation: int = -1
    scene: int = -1
    tail: int = -1
    shown: int = -1
    playing: bool = False
    hold: float | None = None  # ms
    queue: list[int] = field(default_factory=list)
    outbox: list[dict] = field(default_factory=list)
    ids: int = 0
    asked: int = 0
    answered: int = 0
    asked_at: float = 0.0
    patience: float = PATIENCE
    credit: float = 0.0
    snapshots: int = 0
    losses: dict[int, float] = field(default_factory=dict)
    clicked: dict[int, float] = field(default_factory=dict)  # id -> when
    clicks: list[float] = field(default_factory=list)  # seconds
    errors: list[str] = field(default_factory=list)
    looks_again: asyncio.Task | None = None  # in the line before a full house

    async def come(self) -> None:
        host = urllib.parse.urlparse(self.address).netloc
        self.socket = await websockets.connect(
            f"ws://{host}/_stcore/stream",
            subprotocols=["streamlit", "PLACEHOLDER_AUTH_TOKEN"],
            origin=self.address,
            max_size=None,
            max_queue=4096,
            open_timeout=60,
            compression=None,
            ping_interval=None,
        )
        self.tasks = [asyncio.create_task(self._hear()), asyncio.create_task(self._live())]
        await self._say()

    async def go(self) -> None:
        for task in (*self.tasks, self.looks_again):
            if task is not None:
                task.cancel()
        await self.socket.close()

    async def click(self, kind: str, counts: bool = True, **more) -> None:
        """Give a command of the board; `counts`: measure how long it takes until it is done."""
        self.ids += 1
        self.outbox.append({"kind": kind, "id": self.ids, **more})
        if counts:
            self.clicked[self.ids] = time.perf_counter()
        if kind in ("play", "pause"):
            self.playing = kind == "play"
        if kind == "pause":
            self.queue, self.tail = [], self.shown
        await self._ask()

    async def _look_again(self, seconds: float, fragment: str) -> None:
        """What Streamlit's page does for a fragment with run_every."""
        while True:
            await asyncio.sleep(seconds)
            message = BackMsg()
            message.rerun_script.page_script_hash = self.page
            message.rerun_script.context_info.url = self.address
            message.rerun_script.fragment_id, message.rerun_script.is_auto_rerun = fragment, True
            await self.socket.send(message.SerializeToString())

    async def _say(self, ack: dict | None = None) -> None:
        message = BackMsg()
        run = message.rerun_script
        run.page_script_hash = self.page
        run.context_info.url = self.address
        run.context_info.timezone, run.context_info.locale = "UTC", "en-US"
        if ack is not None:
            run.fragment_id = self.fragment
            run.widget_states.widgets.append(WidgetState(id=self.board, json_value=json.dumps({"ack": ack})))
        await self.socket.send(message.SerializeToString())

    async def _ask(self) -> None:
        self.asked, self.asked_at = self.asked + 1, time.perf_counter()
        known = {name: getattr(self, name) for name in ("visit", "generation", "tail", "shown", "scene", "playing")}
        known |= {"n": self.asked, "queued": len(self.queue), "fps": 60, "hover": None, "rest": None}
        await self._say({**known, "outbox": self.outbox})

    async def _hear(self) -> None:
        try:
            async for data in self.socket:
                message = ForwardMsg.FromString(data)
                kind = message.WhichOneof("type")
                if kind == "new_session" and not message.metadata.run.fragment_ids:
                    self.page = message.new_session.page_script_hash
                    if self.looks_again is not None:
                        self.looks_again.cancel()
                elif kind == "auto_rerun":
                    again = self._look_again(message.auto_rerun.interval, message.auto_rerun.fragment_id)
                    self.looks_again = asyncio.create_task(again)
                elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                    self._see(message.delta.new_element, message.delta.fragment_id)
        except websockets.ConnectionClosed as error:
            self.errors.append(f"the connection was closed: {error}")

    def _see(self, element, fragment: str) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.errors.append(element.exception.message)
        elif kind == "bidi_component" and element.bidi_component.id.endswith("-playground_board"):
            self.board, self.fragment = element.bidi_component.id, fragment or self.fragment
            if element.bidi_component.bytes:
                self._read(unpack(element.bidi_component.bytes)[0])

    def _read(self, header: dict) -> None:
        if header["visit"] != self.visit:
            self.visit, self.generation, self.scene = header["visit"], -1, -1
        if header["ack"] > self.answered:
            self.answered, self.patience = header["ack"], PATIENCE
        self.outbox = [command for command in self.outbox if command["id"] > header["done"]]
        for done in [id_ for id_ in self.clicked if id_ <= header["done"]]:
            self.clicks.append(time.perf_counter() - self.clicked.pop(done))
        if "scene_data" in header:
            self.scene = header["scene"]
        if header["generation"] != self.generation:
            self.generation, self.queue, self.tail, self.credit = header["generation"], [], -1, 1.0
        self.hold, self.playing = header["hold"], header["playing"]
        for frame in header["frames"]:
            if frame["update"] > self.tail:
                self.tail = frame["update"]
                self.queue.append(self.tail)
                self.snapshots += 1
                self.losses[self.tail] = frame["train"]["loss"]

    async def _live(self) -> None:
        """What the browser does between two pictures: play the queue, ask when it runs low, ask again when late."""
        last = time.perf_counter()
        while True:
            await asyncio.sleep(TICK)
            now = time.perf_counter()
            passed, last = 1000 * (now - last), now
            if not self.board:
                continue
            if self.queue:
                self.credit = min(self.credit + passed / (self.hold or 1000 / 60), 60.0)
                due = min(int(self.credit), len(self.queue)) if self.playing else len(self.queue)
                if due:
                    self.shown, self.credit = self.queue[due - 1], max(0.0, self.credit - due)
                    del self.queue[:due]
            waits = self.asked > self.answered
            left = len(self.queue)
            hungry = left * self.hold < HUNGRY_MS if self.hold else left <= HUNGRY_FRAMES
            if self.playing and hungry and not waits:
                await self._ask()
            elif waits and now - self.asked_at > self.patience:
                self.patience = min(2 * self.patience, LONGEST_PATIENCE)
                await self._ask()


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


async def measure(server: app_server.AppServer, players: int, lookers: int, speed: str, asked: float, seconds: float):
    process = server_process(server)
    visitors = [Visitor(server.address, speed) for _ in range(players + lookers)]
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
    busy, mine, ours = psutil.cpu_times(), psutil.Process().cpu_times(), process.cpu_times()
    chance = random.Random(0)
    while time.perf_counter() < began + seconds:
        visitor = chance.choice(playing)
        if not visitor.clicked:
            await visitor.click("pause" if visitor.playing else "play")
        await asyncio.sleep(max(0.02, THINKING / players))
    took = time.perf_counter() - began
    used = [used_since(psutil.cpu_times(), busy), used_since(psutil.Process().cpu_times(), mine)]
    others = used[0] - used[1] - used_since(process.cpu_times(), ours)
    rates = [(visitor.snapshots - count) / took for visitor, count in zip(playing, before, strict=True)]
    await asyncio.sleep(1)
    waited = [time.perf_counter() - at for visitor in playing for at in visitor.clicked.values()]
    clicks = [each for visitor in playing for each in visitor.clicks] + waited
    memory = process.memory_info().rss / 1e6
    for visitor in visitors:
        await visitor.go()
    faults = [error for visitor in visitors for error in visitor.errors]
    if faults:
        raise RuntimeError(f"{len(faults)} errors, the first one: {faults[0]}")
    right, wrong = compared(playing[:5])
    figures = (percentile(clicks, 0.5), percentile(clicks, 0.95), asked, statistics.median(rates), sum(rates), memory)
    return Row(players, lookers, speed, *figures, right, wrong, max(0.0, 100 * others / took))


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
                yield asyncio.run(measure(server, players, lookers, speed, asked, seconds))


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
