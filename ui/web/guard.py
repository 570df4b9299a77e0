"""Guard: what no visitor of this app asks for is refused, and every answer says what a browser may do with it."""

import asyncio
import base64
import hashlib
import json
import math
import re
import time
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from urllib.parse import urlsplit

from google.protobuf.message import DecodeError
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util, get_option
from streamlit.proto.BackMsg_pb2 import BackMsg

from ui.web import hosts

# Of Streamlit's own addresses a page needs these. Others tell how many are here, or take files for no page.
NEEDED = ("health", "host-config", "stream")
COUNTERS = "metrics"
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")  # what a proxy on this machine says of whom it asks for
OWN = re.compile(r"/_stcore(?:/(.*))?$")
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
HOST = re.compile(r"[\w.-]+(:\d+)?|\[[0-9a-fA-F:.]+\](:\d+)?")
# Messages of a visitor: of a board at full speed and whoever clicks as fast as possible there are some 20 a second.
AT_ONCE, A_SECOND = 200, 40
WEIGHT = 20_000  # bytes that count as one more: the largest message that is taken, 1 MB, is as many as in a second
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
            elif scope["method"] not in ("GET", "HEAD"):
                await PlainTextResponse("This app is only read.", 405, {"allow": "GET, HEAD"})(scope, receive, told)
            elif own and own[1] not in NEEDED and not (own[1] == COUNTERS and sits_here(scope, asked)):
                await PlainTextResponse("Not found.", 404)(scope, receive, told)
            else:
                await self.app(scope, receive, told)
        else:
            await self.app(scope, receive, send)


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
            await self.hold_back(1 + len(data or message.get("text") or "") / WEIGHT)
            if data is not None and can_be_read(data):
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
    return host in ("127.0.0.1", "::1") and not any(name in asked for name in FORWARDED)


def can_be_read(data: bytes) -> bool:
    """Whether the widgets of a visitor's message hold JSON that is some and not too deep, and numbers that are some."""
    try:
        for widget in BackMsg.FromString(data).rerun_script.widget_states.widgets:
            if widget.WhichOneof("value") in ("json_value", "json_trigger_value"):
                value = json.loads(widget.json_value or widget.json_trigger_value)
                if isinstance(value, str):  # a component may wrap it twice
                    json.loads(value)
            if not all(map(math.isfinite, [widget.double_value, *widget.double_array_value.data])):
                return False
    except DecodeError:
        return True  # no message at all: Streamlit says so
    except (ValueError, RecursionError):
        return False
    return True


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
