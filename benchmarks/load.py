"""How long a click takes where a class plays, and what many visitors cost, over Streamlit's own protocol.

    python -m benchmarks.load [--seconds 12] [--most 100] [--only-dragging 1] [--json FILE]

Each visitor behaves as the board does (`tools/visitor.py`). Now and then one of them pauses and plays again; a click
lasts until Python says that it is done. The losses of five visitors are compared, bit for bit, with a run of the same
experiment that nobody disturbs.

In some rows a third of those who play drag the time slider, over and over: take hold of it, move it for a second, rest
on the way, let go, look until the board has come to rest and the page around it has run, play on. Each time they ask
for a film of the way, as a browser does that has just loaded the page; one that was there while it played asks seldom.
Clicks are those of the others. How long the exact state takes after letting go is measured, and its loss and those of
all films are compared as well, of five more visitors.

A row is void where other programs took more than 30 % of a core. Server and visitors share the machine. At the end one
visitor comes to a fresh server that has a tenth of a core: it is stopped for nine tenths of each tenth of a second.
Then 29 play beside one who harms as he can: the largest network with eight branches at full speed, twenty clicks and as
many forged messages a second, bursts of commands, films, curves that are missing. How long their clicks take is
compared with that of the same 29 while he does nothing, in turns.
"""

import asyncio
import itertools
import json
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg

from benchmarks import table
from benchmarks.turns import in_turns
from tools import app_server
from tools.visitor import FILM_FRAMES, Visitor
from ui.gallery import FIRST

THINKING = 6.0  # seconds between two clicks of a visitor, on average
OTHERS_PERCENT = 30.0  # of a core; what else runs on the machine
# players, those of them who drag, others who only look, speed, wanted: seconds within which 95 % of the clicks are
# answered
CLASSES = (
    (10, 0, 0, "10e", 0.1),
    (30, 0, 0, "10e", 0.2),
    (60, 0, 0, "10e", 0.3),
    (60, 0, 140, "10e", 0.4),
    (100, 0, 0, "10e", 0.6),
    (10, 0, 0, "max", 0.15),
    (30, 0, 0, "max", 0.3),
    (60, 0, 0, "max", 0.6),
    (30, 10, 0, "10e", 0.2),
    (60, 20, 0, "10e", 0.3),
    (30, 10, 0, "max", 0.3),
)
EXACT = 0.3  # seconds from letting go of the slider within which 95 % are to have the exact state
DRAGGED, LOOKED, PLAYED = 1.0, 1.2, 2.0  # seconds of each drag: moving, standing still after it, playing on at most
OTHERS, BLOWS, TURNS = 29, 20, 3  # beside a hostile visitor; his clicks a second; how often he begins and stops
LEAD = 5.0  # seconds, after which what anybody may take at once is used up (ui/allowance.py)
# The largest network that an address may ask for (scratchnet/cost.py), each update with all samples.
LARGEST = "hidden=128-128-128&samples=1100&train_fraction=0.9&batch_size=990&activation=gelu&optimizer=adam"
# And with eight branches, seven of which were seen up to their millionth update.
FORKED = "&at=60&until=1000000&forks=_0" + "".join(
    f"~~0_{50 + place}_1000000_1000000~{50 + place}.learning_rate~0.0{2 + place}" for place in range(7)
)
# What he clicks on, over and over: what computes most and what throws most away.
BLOW = (
    *({"kind": "step", "what": "epoch"}, {"kind": "play"}, {"kind": "new_weights"}, {"kind": "new_data"}),
    *({"kind": "edit", "layer": 0, "unit": 0, "source": 0, "value": 1.0}, {"kind": "undo"}, {"kind": "redo"}),
    *({"kind": "play"}, {"kind": "probe", "x": [0.5, 0.5]}, {"kind": "units", "layer": 0, "by": -1}),
    *({"kind": "units", "layer": 0, "by": 1}, {"kind": "speed", "name": "max"}, {"kind": "reset"}),
    *({"kind": "goto", "update": 59}, {"kind": "branch", "branch": 0, "update": 58}, {"kind": "goto", "update": 0}),
    *({"kind": "branch", "branch": branch, "update": 1_000_000} for branch in (1, 7, 3)),
    {"kind": "resume", "link": LARGEST, "update": 1_000_000, "playing": True},
)
BURST = 300  # commands of one message, now and then
# What no board says.
FORGED = (
    "[" * 100_000,
    '{"ack":' * 30_000,
    json.dumps({"ack": {"outbox": [0] * 200_000}}),
    json.dumps({"ack": {"outbox": [{"kind": "x" * 500_000, "id": 1e300}], "n": -1, "tail": "all"}}),
    '{"ack": {"outbox": [{"kind": "probe", "x": [NaN, Infinity], "id": 1}], "queued": -9e99}}',
)
HEADER = (
    "| playing | dragging | looking | speed | click p50 | click p95 | asked | let go p50 | let go p95 | holds | "
    "snapshots/s each | all | server's memory | losses | others |\n|" + "---|" * 15
)


@dataclass(frozen=True)
class Row:
    """What one class met with. Seconds, snapshots a second of each who plays (median) and of all, MB, percent.

    dragging: of those who play. let_go_*: from letting go of the time slider to the exact state, so often; film_*: from
    taking hold of it to the film, so often.
    """

    playing: int
    dragging: int
    looking: int
    speed: str
    p50: float
    p95: float
    asked: float
    each: float
    all: float
    megabytes: float
    let_go_p50: float
    let_go_p95: float
    lets_go: int
    film_p50: float
    film_p95: float
    films: int
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
        is_exact = not self.dragging or self.let_go_p95 <= EXACT
        return "yes" if self.p95 <= self.asked and is_exact else "**no**"

    def line(self) -> str:
        speed = {"10e": "10 epochs/s", "max": "full"}[self.speed]
        let_go = f"{self.let_go_p50:.2f} s | {self.let_go_p95:.2f} s of {self.lets_go}" if self.dragging else " | "
        return (
            f"| {self.playing} | {self.dragging} | {self.looking} | {speed} | {self.p50:.2f} s | {self.p95:.2f} s | "
            f"{self.asked:g} s | {let_go} | "
            f"{self.verdict} | {self.each:.1f} | {self.all:.0f} | {self.megabytes:.0f} MB | {self.right} right, "
            f"{self.wrong} wrong | {self.others:.0f} % |"
        )


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


@dataclass
class Hostile(Visitor):
    """One who wants the others to wait."""

    async def strike(self, seconds: float) -> None:
        """For so long, however slowly the server takes what he sends."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.strike_on()
        await self.click("pause", False)

    async def strike_on(self) -> None:
        began = time.perf_counter()
        for number in itertools.count():
            blow = BLOW[number % len(BLOW)]
            for _ in range(BURST if blow["kind"] == "goto" and len(self.outbox) < BURST else 0):
                self.ids += 1
                self.outbox.append({"kind": "goto", "id": self.ids, "update": self.ids % 60})
            self.rest = "maps" if number % 3 else "page"
            self.film = {"from": 0, "to": 1_000_000, "n": FILM_FRAMES} if number % 2 else None
            await self.click(**blow, counts=False)
            message = BackMsg()
            message.rerun_script.widget_states.widgets.add(id=self.board, json_value=FORGED[number % len(FORGED)])
            if number % 2:
                message.rerun_script.fragment_id = self.fragment  # else he has the whole page run
            await self.socket.send(message.SerializeToString())
            await asyncio.sleep(max(0.0, began + (number + 1) / BLOWS - time.perf_counter()))


async def drag_on(visitor: Visitor, chance: random.Random) -> None:
    """Drag the time slider, let go, look, play on, until this is cancelled."""
    while True:
        await asyncio.sleep(chance.uniform(0.5, 1) * PLAYED)
        await visitor.grab()
        await asyncio.sleep(DRAGGED / 2)
        await visitor.stop_at(chance.randint(0, visitor.furthest), counts=False)
        await asyncio.sleep(DRAGGED / 4)
        visitor.move()
        await asyncio.sleep(DRAGGED / 4)
        await visitor.stop_at(chance.randint(0, visitor.furthest))
        await asyncio.sleep(LOOKED)
        while visitor.let_go:
            await asyncio.sleep(0.05)
        await visitor.click("play", False)


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
    hostile = Hostile(server.address, query=LARGEST + FORKED)
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


async def measure(
    address: str,
    processes: list[psutil.Process],
    players: int,
    draggers: int,
    lookers: int,
    speed: str,
    asked: float,
    seconds: float,
) -> Row:
    """A class at this address, where these processes answer."""
    visitors = [Visitor(address, speed, rests=place < draggers) for place in range(players + lookers)]
    await all_come(visitors)
    dragging, clicking, playing = visitors[:draggers], visitors[draggers:players], visitors[:players]
    for visitor in playing:
        if speed != "10e":
            await visitor.click("speed", False, name=speed)
        await visitor.click("play", False)
    await asyncio.sleep(3)
    began, before = time.perf_counter(), [visitor.snapshots for visitor in playing]
    busy, mine, ours = psutil.cpu_times(), psutil.Process().cpu_times(), [each.cpu_times() for each in processes]
    drags = [asyncio.create_task(drag_on(one, random.Random(place))) for place, one in enumerate(dragging, 1)]
    clicks = await clicks_of(clicking, seconds, random.Random(0))
    for drag in drags:
        drag.cancel()
    ended = await asyncio.gather(*drags, return_exceptions=True)
    took = time.perf_counter() - began
    used = [used_since(psutil.cpu_times(), busy), used_since(psutil.Process().cpu_times(), mine)]
    cores = [used_since(each.cpu_times(), then) / took for each, then in zip(processes, ours, strict=True)]
    others = (used[0] - used[1]) / took - sum(cores)
    waited = [time.perf_counter() - visitor.let_go[1] for visitor in dragging if visitor.let_go]
    waited += [took for visitor in dragging for took in visitor.arrivals]
    rates = [(visitor.snapshots - count) / took for visitor, count in zip(playing, before, strict=True)]
    memory = sum(each.memory_info().rss for each in processes) / 1e6
    for visitor in visitors:
        await visitor.go()
    faults = [
        *(one for one in ended if isinstance(one, Exception)),
        *(error for visitor in visitors for error in visitor.errors),
    ]
    if faults:
        raise RuntimeError(f"{len(faults)} errors, the first one: {faults[0]}")
    right, wrong = compared([*dragging[:5], *clicking[:5]])
    figures = (percentile(clicks, 0.5), percentile(clicks, 0.95), asked, statistics.median(rates), sum(rates), memory)
    films = [took for visitor in dragging for took in visitor.films]
    let_go = [(percentile(times, 0.5), percentile(times, 0.95), len(times)) for times in (waited, films)]
    counts = (players, draggers, lookers, speed)
    return Row(*counts, *figures, *let_go[0], *let_go[1], right, wrong, max(0.0, 100 * others), tuple(cores))


def compared(visitors: list[Visitor]) -> tuple[int, int]:
    """How many losses are those of an undisturbed run, to the last bit, and how many are not."""
    run, right, wrong = FIRST.start(), 0, 0
    for visitor in visitors:
        for known in (sorted(visitor.losses.items()), sorted(visitor.exact)):
            for update, loss in known[:: max(1, len(known) // 20)]:
                run.goto(update)
                same = run.evaluate().train_loss == loss
                right, wrong = right + same, wrong + (not same)
    return right, wrong


def used_since(now, before) -> float:
    """Seconds of processor time in use between two readings of psutil."""
    return sum(getattr(now, name) - getattr(before, name) for name in ("user", "system"))


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
    process = psutil.Process(server.pid)
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


async def on_a_tenth(server: app_server.AppServer, seconds: float) -> tuple[float, float]:
    """One visitor of a fresh server with a tenth of a core: seconds to the board, epochs a second of 10."""
    updates_per_epoch = FIRST.start().updates_per_epoch
    with in_turns([psutil.Process(server.pid)], 10):
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


def rows(seconds: float, most: int, only_dragging: bool) -> Iterator[Row]:
    for players, draggers, lookers, speed, asked in CLASSES:
        if players + lookers <= most and (draggers or not only_dragging):
            with app_server.running() as server:
                class_ = (players, draggers, lookers, speed, asked, seconds)
                yield asyncio.run(measure(server.address, [psutil.Process(server.pid)], *class_))


def main() -> None:
    given = table.arguments(
        __doc__,
        ("--seconds", 12, "of measuring, each class"),
        ("--most", 200, "visitors at once"),
        ("--only-dragging", 0, "1: no other rows than those in which some drag the time slider"),
    )
    print(HEADER, flush=True)
    kept = []
    for row in rows(given.seconds, given.most, bool(given.only_dragging)):
        print(row.line(), flush=True)
        kept.append(vars(row))
    if given.only_dragging:
        table.write(given.json, rows=kept)
        return
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
    with app_server.running() as server:
        hostility = asyncio.run(beside_a_hostile_one(server, given.seconds))
    print(hostility.line(), flush=True)
    kept.append(vars(hostility))
    table.write(given.json, rows=kept)


if __name__ == "__main__":
    main()
