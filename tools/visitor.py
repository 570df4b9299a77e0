"""A visitor: one browser with the board, without pictures, over Streamlit's own protocol; for tests and benchmarks."""

import asyncio
import json
import time
import urllib.parse
from dataclasses import dataclass, field

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from ui.play.payload import unpack

TICK = 0.05  # seconds between two looks of a visitor at her queue
HUNGRY_MS, HUNGRY_FRAMES = 500, 30  # as in ui/board/playback.js
PATIENCE, LONGEST_PATIENCE = 1.5, 12.0  # seconds, as in ui/board/protocol.js
REST = {"maps": 0.25, "page": 0.8}  # seconds of standing still, as there
FILM_PARTS, FILM_FRAMES = 24, 40  # as in ui/board/time.js


@dataclass
class Visitor:
    """One browser with the board.

    rests: whether it asks for sharp maps and for the page around the board where it stands still, as a browser does.
    """

    address: str
    speed: str = "10e"
    query: str = ""
    rests: bool = False
    board: str = ""  # its id as a widget, "" before it is there
    fragment: str = ""
    page: str = ""
    visit: str = ""
    generation: int = -1
    scene: int = -1
    points: int = -1
    tail: int = -1
    shown: int = -1
    furthest: int = 0  # the last update of the run that was on screen
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
    moves: bool = False  # the time slider is being dragged
    barrier: int = 0  # answers that were under way before this command are not shown
    film: dict | None = None  # that is asked for
    film_at: float = 0.0
    films: list[float] = field(default_factory=list)  # seconds until one came
    let_go: tuple[int, float] | None = None  # where the slider was let go and when, until the exact state is there
    arrivals: list[float] = field(default_factory=list)  # seconds from letting go
    exact: list[tuple[int, float]] = field(default_factory=list)  # (update, loss) of what came then, and of films
    still_since: float = 0.0
    rest: str | None = None
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
            self.rest = None
        if kind == "pause":
            self.queue, self.tail = [], self.shown
        await self._ask()

    async def grab(self) -> None:
        """Take hold of the time slider. A film of the way is asked for, as by a browser that has seen little of it."""
        self.move()
        if self.furthest >= FILM_PARTS:
            self.film_at = time.perf_counter()
            self.film = {"from": 0, "to": self.furthest, "n": FILM_FRAMES}
            await self._ask()

    def move(self) -> None:
        """Drag the slider: nothing is said, and what comes meanwhile is not shown."""
        self.moves, self.playing, self.rest = True, False, None
        self.queue, self.tail = [], self.shown

    async def stop_at(self, update: int, counts: bool = True) -> None:
        """Rest with the pointer, or let go of the slider (`counts`), at an update: its exact state is asked for."""
        self.moves, self.playing, self.rest = False, False, None
        self.queue, self.tail, self.still_since = [], self.shown, time.perf_counter()
        self.ids += 1
        self.barrier = self.ids
        while self.outbox and self.outbox[-1]["kind"] == "goto":  # of several quick moves the last one counts
            self.outbox.pop()
        self.outbox.append({"kind": "goto", "id": self.ids, "update": update})
        self.let_go = (update, time.perf_counter()) if counts else None
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
        run.query_string = self.query
        run.context_info.url = self.address
        run.context_info.timezone, run.context_info.locale = "UTC", "en-US"
        if ack is not None:
            run.fragment_id = self.fragment
            run.widget_states.widgets.append(WidgetState(id=self.board, json_value=json.dumps({"ack": ack})))
        await self.socket.send(message.SerializeToString())

    async def _ask(self) -> None:
        self.asked, self.asked_at = self.asked + 1, time.perf_counter()
        known = {
            name: getattr(self, name) for name in ("visit", "generation", "tail", "shown", "scene", "points", "playing")
        }
        known |= {"n": self.asked, "queued": len(self.queue), "fps": 60, "hover": None, "rest": self.rest}
        known |= {"film": self.film, "address": f"?{self.query}"}
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
                elif kind == "page_info_changed":
                    self.query = message.page_info_changed.query_string
                    await self._ask()  # Python learns which address the browser has
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
            self.visit, self.generation, self.scene, self.points = header["visit"], -1, -1, -1
        if header["ack"] > self.answered:
            self.answered, self.patience = header["ack"], PATIENCE
        self.outbox = [command for command in self.outbox if command["id"] > header["done"]]
        for done in [id_ for id_ in self.clicked if id_ <= header["done"]]:
            self.clicks.append(time.perf_counter() - self.clicked.pop(done))
        if self.film and "film" in header and header["scene"] == self.scene:
            self.film = None
            self.films.append(time.perf_counter() - self.film_at)
            self.exact += [(frame["update"], frame["train"]["loss"]) for frame in header["film"]["frames"]]
        if header["done"] < self.barrier or self.moves:
            return
        if "scene_data" in header:
            self.scene, self.points = header["scene"], -1
        self.points = max([self.points, *(points["number"] for points in header["sets"])])
        if header["generation"] != self.generation:
            self.generation, self.queue, self.tail, self.credit = header["generation"], [], -1, 1.0
        self.hold, self.playing = header["hold"], header["playing"]
        self.furthest = max(self.furthest, header["time"]["furthest"])
        for frame in header["frames"]:
            if frame["update"] > self.tail:
                self.still_since, self.rest = time.perf_counter(), None
                if self.let_go and frame["update"] == self.let_go[0]:
                    self.arrivals.append(time.perf_counter() - self.let_go[1])
                    self.exact.append((frame["update"], frame["train"]["loss"]))
                    self.let_go = None
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
                    self.still_since = now
                    self.shown, self.credit = self.queue[due - 1], max(0.0, self.credit - due)
                    self.furthest = max(self.furthest, self.shown)
                    del self.queue[:due]
            waits = self.asked > self.answered
            left = len(self.queue)
            hungry = left * self.hold < HUNGRY_MS if self.hold else left <= HUNGRY_FRAMES
            if (self.playing and hungry and not waits) or self._comes_to_rest(now):
                await self._ask()
            elif (waits or self.film) and now - self.asked_at > self.patience:
                self.patience = min(2 * self.patience, LONGEST_PATIENCE)
                await self._ask()

    def _comes_to_rest(self, now: float) -> bool:
        """Whether the board has stood still long enough to ask for what it does not need while it moves."""
        wanted = {None: "maps", "maps": "page", "page": None}[self.rest]
        if not self.rests or self.playing or self.moves or wanted is None or now - self.still_since < REST[wanted]:
            return False
        self.rest = wanted
        return True
