"""Guard: what no visitor of this app asks for is refused, and every answer says what a browser may do with it."""

import asyncio
import base64
import hashlib
import json
import math
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

from google.protobuf.message import DecodeError
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util, get_option
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime import get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from ui.data.decoding import MAX_BYTES
from ui.web import hosts

# Of Streamlit's own addresses a page needs these, and one takes the tables of the page Data; others tell how many are
# here.
NEEDED = ("health", "host-config", "stream")
UPLOAD = re.compile(r"/_stcore/upload_file/([0-9a-f-]{36})/[0-9a-f-]{36}$")  # a visit's id and a file's
MOST_FILES = 3  # of a visit that come in or wait to be read; the page reads and forgets one as soon as it has come
MOST_BYTES = 60_000_000  # of all visits' files that come in or wait to be read
AT_A_TIME = 8  # visits whose files come in at once: the others wait, so that they take no memory
QUICK = 1.0  # seconds, after which a file that is not whole leaves its turn to the next one, and goes on beside them
SLOW_AT_A_TIME = 16  # files that go on so; of more the bytes that have come wait until one of these is whole
MOST_WAITING = 8_000_000  # of those bytes
LONGEST_WAIT = 60.0  # seconds in which they do
SILENCE = 5.0  # seconds in which nothing of a file comes
SPEED = 20_000  # bytes a second that a file comes in at least, after the first seconds
TOO_LARGE = f"The file has more than {MAX_BYTES:,} bytes (2 MB): leave out rows or columns."
FULL = "Many tables are being read: try again in a minute."
CROWDED = "Many tables are coming in slowly: try again in a minute."
LATE = f"The file came too slowly: expected at least {SPEED // 1000} kB a second. Try again, or leave out rows."
COUNTERS = "metrics"
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")  # what a proxy on this machine says of whom it asks for
OWN = re.compile(r"/_stcore(?:/(.*))?$")
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
HOST = re.compile(r"[\w.-]+(:\d+)?|\[[0-9a-fA-F:.]+\](:\d+)?")
# Messages of a visitor: of a board at full speed and whoever clicks as fast as possible there are some 20 a second.
AT_ONCE, A_SECOND = 200, 40
WEIGHT = 20_000  # bytes that count as one more: the largest message that is taken, 1 MB, is as many as in a second
# What all components of a page say in one message. The most that is meant: hand-ins of 400,000 characters that a tab
# has kept; 20,000 points of a drawn digit, two values each; some hundred rows of a drawing. Lists and objects cost
# the most by far: to read 300,000 of them took 0.2 s, in which nobody gets an answer, and Streamlit does more.
MOST_CHARACTERS, MOST_VALUES, MOST_LISTS = 600_000, 50_000, 3_000
MANY_VALUES, MANY_LISTS = 2_000, 100  # that count as one more message
MOST_WIDGETS = 1_000
CLOSED = 1008  # a websocket's code for a broken rule (RFC 6455, 7.4.1)


class Guard:
    """Middleware before all others.

    A websocket is taken from pages of this server alone, or of those that `server.corsAllowedOrigins` names: Streamlit
    asks a server elsewhere for its own address before it refuses one, and meanwhile nobody gets an answer. Under which
    names the server answers says hosts.py, and where it names any, `server.allowedHosts`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.answers = hosts.of_this_server()
        allowed = [str(host) for host in get_option("server.allowedHosts") or ["*"]]
        self.app = TrustedHostMiddleware(app, allowed_hosts=allowed, www_redirect=False)
        self.uploads = Uploads(self.app)
        page = Path(file_util.get_static_dir(), "index.html").read_text("utf-8")
        self.scripts = " ".join(f"'sha256-{digest(script)}'" for script in INLINE.findall(page))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = Headers(scope=scope) if scope["type"] in ("http", "websocket") else Headers()
        if scope["type"] == "websocket":
            if self.answers(asked.get("host", "")) and is_taken_from(asked.get("origin"), asked.get("host")):
                await self.app(scope, Heard(receive), send)
            else:
                await send({"type": "websocket.close", "code": CLOSED})
        elif scope["type"] == "http":
            told = Told(send, policy(self.scripts, asked.get("host", "")))
            own = OWN.search(scope["path"])
            if not self.answers(asked.get("host", "")):
                await PlainTextResponse(hosts.refusal(asked.get("host", "")), 400)(scope, receive, told)
            elif (file := UPLOAD.search(scope["path"])) and scope["method"] in ("PUT", "DELETE"):
                await self.uploads(scope, receive, told, file[1])
            elif scope["method"] not in ("GET", "HEAD"):
                await PlainTextResponse("This app is only read.", 405, {"allow": "GET, HEAD"})(scope, receive, told)
            elif own and own[1] not in NEEDED and not (own[1] == COUNTERS and sits_here(scope, asked)):
                await PlainTextResponse("Not found.", 404)(scope, receive, told)
            else:
                await self.app(scope, receive, told)
        else:
            await self.app(scope, receive, send)


class Uploads:
    """Where a visitor's files come in: few at a time, none above the largest that is taken, from our own pages alone.

    What is too large is refused before it is kept, whether its head says so or only its length shows. Who sends slowly
    keeps nobody waiting who sends quickly: a turn lasts a second, and slow files have places of their own. held: (files
    of a visit, bytes of all visits) that wait in Streamlit's memory, which forgets them when they were read or their
    visit has ended; Streamlit itself refuses who has no visit, or not its cookie.
    """

    def __init__(self, app: ASGIApp, held: Callable[[str], tuple[int, int]] | None = None) -> None:
        self.app, self.held = app, held or _held
        # With the form around it: beyond this Streamlit refuses a file itself, with fewer words. The reader's own bound
        # is a little lower, and says more.
        self.most = int(get_option("server.maxUploadSize")) * 1024 * 1024
        self.turns = asyncio.Semaphore(AT_A_TIME)
        self.slow = asyncio.Semaphore(SLOW_AT_A_TIME)
        self.queues: dict[str, asyncio.Lock] = {}  # a visit's files come in one after the other
        self.coming = Counter[str]()  # files of a visit
        self.bytes = 0  # of the files that come in, as announced; of those that wait in the middle what has come
        self.waiting = 0  # of the latter

    async def __call__(self, scope: Scope, receive: Receive, send: Send, visit: str) -> None:
        asked = Headers(scope=scope)
        length = asked.get("content-length", "")
        if not is_taken_from(asked.get("origin"), asked.get("host")):
            await PlainTextResponse("Files are taken from this app's own pages.", 403)(scope, receive, send)
        elif scope["method"] == "DELETE":
            await self.app(scope, receive, send)
        elif not length.isdecimal() or len(length) > 12 or int(length) > self.most:
            await PlainTextResponse(TOO_LARGE, 413)(scope, receive, send)
        elif self.held(visit)[0] + self.coming[visit] >= MOST_FILES:
            await PlainTextResponse("Too many files: reload the page.", 429)(scope, receive, send)
        else:
            self.coming[visit] += 1
            try:
                async with self.queues.setdefault(visit, asyncio.Lock()), AsyncExitStack() as turn:
                    await turn.enter_async_context(self.turns)
                    await self.take(scope, receive, send, visit, int(length), turn)
            finally:
                self.coming[visit] -= 1
                if not self.coming[visit]:
                    del self.coming[visit], self.queues[visit]

    async def take(
        self, scope: Scope, receive: Receive, send: Send, visit: str, length: int, turn: AsyncExitStack
    ) -> None:
        """A file whose turn it is, of so many bytes as was announced, if there is room and it comes quickly enough."""
        if not self.has_room(visit, length):
            await PlainTextResponse(FULL, 503, {"retry-after": "60"})(scope, receive, send)
            return
        self.bytes += length
        clock, left = asyncio.get_running_loop().time, length
        began, is_slow = clock(), False
        refusal = LATE, 408

        async def as_announced() -> Message:
            nonlocal left, began, is_slow, refusal
            if left > 0 and not is_slow and clock() > began + QUICK:
                is_slow, at, late = True, clock(), refusal
                refusal = CROWDED, 503
                patience.reschedule(at + LONGEST_WAIT)
                if not await self.lets_others_pass(visit, length - left, left, turn):
                    patience.reschedule(at)
                    await asyncio.Event().wait()  # which it does not survive
                refusal, began = late, began + clock() - at
                patience.reschedule(clock() + SILENCE)
            message = await receive()
            left -= len(message.get("body", b""))
            due = min(clock(), began + (length - left) / SPEED) + SILENCE
            patience.reschedule(due if left > 0 else None)
            return message if left >= 0 else {"type": "http.disconnect"}

        try:
            async with asyncio.timeout(SILENCE) as patience:
                await self.app(scope, as_announced, send)
        except ClientDisconnect:  # who has gone needs no answer
            return
        except TimeoutError:
            await PlainTextResponse(*refusal, {"connection": "close"})(scope, receive, send)
        finally:
            self.bytes -= length

    def has_room(self, visit: str, length: int) -> bool:
        """Whether so many bytes more can be taken."""
        return self.held(visit)[1] + self.bytes + length <= MOST_BYTES

    async def lets_others_pass(self, visit: str, come: int, left: int, turn: AsyncExitStack) -> bool:
        """A file of which so many bytes have come and are left gives up its turn, and goes on when there is a place for
        slow ones. Gives whether there is one for it, and room.
        """
        await turn.aclose()
        if self.slow.locked() and self.waiting + come > MOST_WAITING:
            return False
        self.waiting, self.bytes = self.waiting + come, self.bytes - left
        try:
            await turn.enter_async_context(self.slow)
            return self.has_room(visit, left)
        finally:
            self.waiting, self.bytes = self.waiting - come, self.bytes + left


def _held(visit: str) -> tuple[int, int]:
    """(files of a visit, bytes of all visits' files) that Streamlit keeps."""
    manager = get_instance().uploaded_file_mgr
    if not isinstance(manager, MemoryUploadedFileManager):
        return 0, 0
    kept = chain.from_iterable(manager.get_stats().values())
    return len(manager.file_storage.get(visit, ())), sum(stat.byte_length for stat in kept)


class Heard:
    """Where a visitor's messages come from, no faster than any browser of ours speaks, and only those that can be read.

    No browser sends the others. Streamlit keeps one whose value cannot be read and stumbles over it before each later
    run of the visit, and it writes a stack trace for one that is text. From who is faster nothing is taken meanwhile,
    so the network holds him back. rest: waits for so many seconds; clock: seconds.
    """

    def __init__(
        self,
        receive: Receive,
        rest: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.receive, self.rest, self.clock = receive, rest, clock
        self.left, self.at = float(AT_ONCE), clock()

    async def __call__(self) -> Message:
        while True:
            message = await self.receive()
            if message["type"] != "websocket.receive":
                return message
            data = message.get("bytes")
            spoken = widgets_of(data or b"")
            size = len(data or message.get("text") or "")
            values, lists = _sizes(_texts(spoken[:MOST_WIDGETS]))
            read = min(values, MOST_VALUES) / MANY_VALUES + min(lists, MOST_LISTS) / MANY_LISTS  # of more, none
            await self.hold_back(1 + size / WEIGHT + read)
            if data is not None and can_be_read(spoken):
                return message

    async def hold_back(self, messages: float) -> None:
        """Until as many may have been said."""
        now = self.clock()
        self.left = min(AT_ONCE, self.left + A_SECOND * (now - self.at)) - messages
        self.at = now
        if self.left < 0:
            await self.rest(-self.left / A_SECOND)


class Told:
    """Where an answer goes, with what the browser is told of it."""

    def __init__(self, send: Send, policy: str) -> None:
        self.send, self.policy = send, policy

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message["headers"]))
            headers["x-content-type-options"] = "nosniff"
            headers["referrer-policy"] = "same-origin"  # the address holds what a visitor does
            if headers.get("content-type", "").startswith("text/html"):
                headers["content-security-policy"] = self.policy
            message = message | {"headers": headers.raw}
        await self.send(message)


def sits_here(scope: Scope, asked: Headers) -> bool:
    """Whether a request comes from this very machine, and not through a proxy on it: who runs the app may count."""
    host, _ = scope.get("client") or ("", 0)
    return host.removeprefix("::ffff:") in ("127.0.0.1", "::1") and not any(name in asked for name in FORWARDED)


def widgets_of(data: bytes) -> Sequence[WidgetState]:
    """What the widgets of a visitor's message hold; nothing where it is no message at all: Streamlit says so."""
    try:
        return BackMsg.FromString(data).rerun_script.widget_states.widgets
    except DecodeError:
        return ()


def can_be_read(widgets: Sequence[WidgetState]) -> bool:
    """Whether they are no more than a page has, and hold JSON that is some, not too deep and not too much, and numbers
    that are some."""
    if len(widgets) > MOST_WIDGETS:
        return False
    try:
        wrapped = [value for value in _values(_texts(widgets)) if isinstance(value, str)]
        _values(wrapped)  # a component may wrap it twice
    except (ValueError, RecursionError):
        return False
    return all(math.isfinite(one) for w in widgets for one in (w.double_value, *w.double_array_value.data))


def _texts(widgets: Sequence[WidgetState]) -> list[str]:
    """What those widgets say that are components."""
    spoken = (widget for widget in widgets if widget.WhichOneof("value") in ("json_value", "json_trigger_value"))
    return [widget.json_value or widget.json_trigger_value for widget in spoken]


def _sizes(texts: Iterable[str]) -> tuple[int, int]:
    """(values, lists and objects) that these JSON texts hold at most, without reading them."""
    counted = [(text.count(","), text.count("[") + text.count("{")) for text in texts]
    return sum(values for values, _ in counted), sum(lists for _, lists in counted)


def _values(texts: Sequence[str]) -> list[object]:
    """What these JSON texts say. ValueError or RecursionError for one that says nothing, and if they are too large."""
    values, lists = _sizes(texts)
    if sum(map(len, texts)) > MOST_CHARACTERS or values > MOST_VALUES or lists > MOST_LISTS:
        raise ValueError("more than any page says")
    return [json.loads(text) for text in texts]


def is_taken_from(origin: str | None, host: str | None) -> bool:
    """Whether a websocket for this host may come from a page of this origin; None is no browser's."""
    if origin is None or not get_option("server.enableCORS"):
        return True
    known: Iterable[str] = get_option("server.corsAllowedOrigins") or ()
    return urlsplit(origin).netloc == host or origin.rstrip("/") in {one.rstrip("/") for one in known}


def policy(scripts: str, host: str) -> str:
    """The Content-Security-Policy of a page: all comes from this server, and nothing is evaluated.

    Components are modules that Streamlit makes of text (blob:); it, Plotly and KaTeX set styles from scripts. Not every
    browser counts the websocket to the own host as its own.
    """
    here = f" ws://{host} wss://{host}" if HOST.fullmatch(host) else ""
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' blob: {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self'{here}",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        ]
    )


def digest(script: str) -> str:
    """The SHA-256 of a script as a policy names it (CSP Level 3, 2.3.1)."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
