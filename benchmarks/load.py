"""How long a click takes where a class plays, and what many visitors cost, over Streamlit's own protocol.

    python -m benchmarks.load [--seconds 12] [--most 100] [--json FILE]

Each visitor behaves as the board does (`ui/board/board.js`): plays frames, acknowledges them, asks when hungry, asks
again when an answer is late. Now and then one of them pauses and plays again; a click lasts until Python says that it
is done. The losses of five visitors are compared, bit for bit, with a run of the same experiment that nobody disturbs.
A row is void where other programs took more than 30 % of a core. Server and visitors share the machine. At the end
one visitor comes to a fresh server that has a tenth of a core: it is stopped for nine tenths of each tenth of a second.
Then 29 play beside one who harms as he can: the largest network at full speed, twenty clicks and as many forged
messages a second. How long their clicks take is compared with that of the same 29 while he does nothing, in turns.
"""

import asyncio
import json
import random
import statistics
import threading
import time
import urllib.parse
from collections.abc import Iterator
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
OTHERS, BLOWS, TURNS = 29, 20, 3  # beside a hostile visitor; his clicks a second; how often he begins and stops
LEAD = 5.0  # seconds, after which what anybody may take at once is used up (ui/allowance.py)
# The largest network that an address may ask for (scratchnet/cost.py), each update with all samples.
LARGEST = "hidden=128-128-128&samples=1100&train_fraction=0.9&batch_size=990&activation=gelu&optimizer=adam"
# What he clicks on, over and over: what computes most and what throws most away.
BLOW = (
    *({"kind": "step", "what": "epoch"}, {"kind": "play"}, {"kind": "new_weights"}, {"kind": "new_data"}),
    *({"kind": "edit", "layer": 0, "unit": 0, "source": 0, "value": 1.0}, {"kind": "undo"}, {"kind": "redo"}),
    *({"kind": "play"}, {"kind": "probe", "x": [0.5, 0.5]}, {"kind": "units", "layer": 0, "by": -1}),
    *({"kind": "units", "layer": 0, "by": 1}, {"kind": "speed", "name": "max"}, {"kind": "reset"}),
    {"kind": "resume", "link": LARGEST, "update": 1_000_000, "playing": True},
)
# What no board says.
FORGED = (
    "[" * 100_000,
    '{"ack":' * 30_000,
    json.dumps({"ack": {"outbox": [0] * 200_000}}),
    json.dumps({"ack": {"outbox": [{"kind": "x" * 500_000, "id": 1e300}], "n": -1, "tail": "all"}}),
    '{"ack": {"outbox": [{"kind": "probe", "x": [NaN, Infinity], "id": 1}], "queued": -9e99}}',
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
    query: str = ""
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
        for task in self.tasks:
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

    async def _say(self, ack: dict | None = None) -> None:
        message = BackMsg()
        run = message.rerun_script
        run.page_script_hash = self.page
        run.query_string = self.query
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


@dataclass
class Hostile(Visitor):
    """One who wants the others to wait."""

    async def strike(self, seconds: float) -> None:
        began = time.perf_counter()
        for number in range(round(BLOWS * seconds)):
            await self.click(**BLOW[number % len(BLOW)], counts=False)
            message = BackMsg()
            message.rerun_script.widget_states.widgets.add(id=self.board, json_value=FORGED[number % len(FORGED)])
            if number % 2:
                message.rerun_script.fragment_id = self.fragment  # else he has the whole page run
            await self.socket.send(message.SerializeToString())
            await asyncio.sleep(max(0.0, began + (number + 1) / BLOWS - time.perf_counter()))
        await self.click("pause", False)


async def all_come(visitors: list[Visitor]) -> None:
    """Within some five seconds, and each has the board."""
    for visitor in visitors:
        await visitor.come()
        await asyncio.sleep(5 / len(visitors))
    latest = time.perf_counter() + 60
    while not all(visitor.board for visitor in visitors) and time.perf_counter() < latest:
        await asyncio.sleep(0.1)


async def clicks_of(playing: list[Visitor], seconds: float, chance: random.Random) -> list[float]:
    """Now and then one of these pauses or plays; how long each click took, or has waited by now."""
    before = [len(visitor.clicks) for visitor in playing]
    latest = time.perf_counter() + seconds
    while time.perf_counter() < latest:
        visitor = chance.choice(playing)
        if not visitor.clicked:
            await visitor.click("pause" if visitor.playing else "play")
        await asyncio.sleep(max(0.02, THINKING / len(playing)))
    await asyncio.sleep(1)
    waited = [time.perf_counter() - at for visitor in playing for at in visitor.clicked.values()]
    return waited + [took for visitor, known in zip(playing, before, strict=True) for took in visitor.clicks[known:]]


@dataclass(frozen=True)
class Hostility:
    """Clicks of those who play beside a hostile visitor, in seconds: while he rests, and while he strikes."""

    p50: float
    p95: float
    p50_struck: float
    p95_struck: float
    clicks: int
    right: int
    wrong: int
    others: float

    def line(self) -> str:
        ratio = self.p95_struck / self.p95
        holds = "**wrong losses**" if self.wrong else "yes" if ratio < 2 else "**no**"
        return (
            f"{OTHERS} beside one who harms as he can: click p50 {self.p50:.3f} s, p95 {self.p95:.3f} s while he "
            f"rests; {self.p50_struck:.3f} s and {self.p95_struck:.3f} s while he strikes, {ratio:.2f} times (asked: "
            f"less than 2): {holds}. {self.clicks} clicks; {self.right} losses right, {self.wrong} wrong; others "
            f"{self.others:.0f} %"
        )


async def beside_a_hostile_one(server: app_server.AppServer, seconds: float) -> Hostility:
    """`TURNS` times so many seconds of each: he rests, he strikes."""
    process = psutil.Process(server.pid)
    playing = [Visitor(server.address) for _ in range(OTHERS)]
    hostile = Hostile(server.address, query=LARGEST)
    await all_come([*playing, hostile])
    for visitor in playing:
        await visitor.click("play", False)
    await asyncio.sleep(3)
    began, chance = time.perf_counter(), random.Random(0)
    busy, mine, ours = psutil.cpu_times(), psutil.Process().cpu_times(), process.cpu_times()
    clicks: dict[bool, list[float]] = {False: [], True: []}
    for _ in range(TURNS):
        for strikes in (False, True):
            blows = asyncio.create_task(hostile.strike(LEAD + seconds)) if strikes else None
            await asyncio.sleep(LEAD)
            clicks[strikes] += await clicks_of(playing, seconds, chance)
            if blows:
                await blows
            await asyncio.sleep(2)
    took = time.perf_counter() - began
    used = [used_since(psutil.cpu_times(), busy), used_since(psutil.Process().cpu_times(), mine)]
    others = used[0] - used[1] - used_since(process.cpu_times(), ours)
    for visitor in [*playing, hostile]:
        await visitor.go()
    faults = [error for visitor in playing for error in visitor.errors]
    if faults:
        raise RuntimeError(f"{len(faults)} errors, the first one: {faults[0]}")
    right, wrong = compared(playing[:5])
    figures = [percentile(clicks[strikes], share) for strikes in (False, True) for share in (0.5, 0.95)]
    count = sum(map(len, clicks.values()))
    return Hostility(*figures, count, right, wrong, max(0.0, 100 * others / took))


async def measure(server: app_server.AppServer, players: int, lookers: int, speed: str, asked: float, seconds: float):
    process = psutil.Process(server.pid)
    visitors = [Visitor(server.address, speed) for _ in range(players + lookers)]
    await all_come(visitors)
    playing = visitors[:players]
    for visitor in playing:
        if speed != "10e":
            await visitor.click("speed", False, name=speed)
        await visitor.click("play", False)
    await asyncio.sleep(3)
    began, before = time.perf_counter(), [visitor.snapshots for visitor in playing]
    busy, mine, ours = psutil.cpu_times(), psutil.Process().cpu_times(), process.cpu_times()
    clicks = await clicks_of(playing, seconds, random.Random(0))
    took = time.perf_counter() - began
    used = [used_since(psutil.cpu_times(), busy), used_since(psutil.Process().cpu_times(), mine)]
    others = used[0] - used[1] - used_since(process.cpu_times(), ours)
    rates = [(visitor.snapshots - count) / took for visitor, count in zip(playing, before, strict=True)]
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


async def memory_of(server: app_server.AppServer, count: int) -> float:
    """MB of a server with so many open visits of which none plays."""
    visitors = [Visitor(server.address) for _ in range(count)]
    for visitor in visitors:
        await visitor.come()
        await asyncio.sleep(0.05)
    latest = time.perf_counter() + 120
    while not all(visitor.board for visitor in visitors) and time.perf_counter() < latest:
        await asyncio.sleep(0.2)
    memory = psutil.Process(server.pid).memory_info().rss / 1e6
    for visitor in visitors:
        await visitor.go()
    return memory


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
    with a_tenth_of_a_core(psutil.Process(server.pid)):
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
        with app_server.running() as server:
            memory = asyncio.run(memory_of(server, 300))
        print(f"\n300 open visits: {memory:.0f} MB (asked: at most 690)", flush=True)
        kept.append({"open": 300, "megabytes": memory})
    with app_server.running() as server:
        board, speed = asyncio.run(on_a_tenth(server, given.seconds))
    print(
        f"a tenth of a core: board after {board:.1f} s (asked: at most 6), then {speed:.1f} of 10 epochs/s", flush=True
    )
    kept.append({"cores": 0.1, "board": board, "epochs": speed})
    with app_server.running() as server:
        hostility = asyncio.run(beside_a_hostile_one(server, given.seconds))
    print(hostility.line(), flush=True)
    kept.append(vars(hostility))
    table.write(given.json, rows=kept)


if __name__ == "__main__":
    main()
