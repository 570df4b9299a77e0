"""Files: all that a browser fetches before it shows a page comes compressed, from memory, and is asked for at once.

Streamlit reads each of its files from the disk for each visitor and sends it as it is, 2.4 MB of scripts before the
first page stands; and of most of them, as of the board's, the browser learns only from those before.
"""

import asyncio
import gzip
import re
from collections.abc import Iterable
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

from ui.kit import assets

# A path with one spelling, so that no more answers are kept than there are files.
FILE = re.compile(r"/(static|assets)(/[\w-][\w.-]*)+$")
PAGE = re.compile(r"(?!.*/(_stcore|media)/)/[^.]*")
STREAMLITS = Path(file_util.get_static_dir()) / "static" / "js"
# What draws the first page: Streamlit's scripts, which it asks for when it has seen what is on the page, and ours.
WIDGETS = ("BidiComponent", "MenuButton", "Selectbox")
BOARD = ("board/board.js", "board/caller.js", "listener.js")
IMPORTED = re.compile(r"""(?:from|import)\s*["']\./([^"']+\.js)["']""")
# What any page needs, before Streamlit's own scripts.
OURS = "".join(
    f'<script type="module" src="./assets/{assets.VERSION}/{name}"></script>'
    for name in ("icons/icons.js", "waiting.js")
)
SMALLER = 0.9  # fonts and pictures are compressed already: below this share it is worth while


class Files:
    """Middleware: files that never change are compressed once and kept, and the first page says which it will need."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.home = assets.home()
        self.links = links()
        self.kept: dict[str, Answer] = {}
        self.turn = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        if "gzip" not in asked.get("accept-encoding", "") or "range" in asked:
            await self.app(scope, receive, send)
        elif FILE.search(scope["path"]):
            await (self.kept.get(scope["path"]) or await self.kept_answer(scope)).send(send)
        elif scope["path"].rstrip("/") == self.home:
            await (await self.answer(scope, OURS, self.links)).send(send)
        elif PAGE.fullmatch(scope["path"]):
            await (await self.answer(scope, OURS)).send(send)
        else:
            await self.app(scope, receive, send)

    async def kept_answer(self, scope: Scope) -> "Answer":
        """What the app behind answers; kept if it never changes."""
        async with self.turn:
            if scope["path"] in self.kept:  # a class comes at once
                return self.kept[scope["path"]]
            answer = await self.answer(scope)
            if answer.is_whole and "immutable" in answer.headers.get("cache-control", ""):
                self.kept[scope["path"]] = answer
            return answer

    async def answer(self, scope: Scope, first: str = "", last: str = "") -> "Answer":
        """What the app behind answers to who has nothing of it yet, compressed. first and last: for a page's head."""
        unconditional = [
            (name, value) for name, value in scope["headers"] if name != b"accept-encoding" and name[:3] != b"if-"
        ]
        answer = Answer()
        await self.app(scope | {"headers": unconditional}, Patient(), answer)
        if answer.is_whole:
            answer.add(first, last)
            await asyncio.to_thread(answer.compress)
        return answer


class Patient:
    """Who asks for others, too: what the app behind hears from. The first browser may leave before it has all, and then
    Streamlit would send no more, and all others would get that."""

    def __init__(self) -> None:
        self.has_asked = False

    async def __call__(self) -> Message:
        if self.has_asked:
            await asyncio.Event().wait()  # for ever; whoever listens for the end stops with the answer
        self.has_asked = True
        return {"type": "http.request", "body": b"", "more_body": False}


class Answer:
    """What an app sends for one request, caught."""

    def __init__(self) -> None:
        self.start: Message = {}
        self.body = b""
        self.is_whole = False  # a 200 that was sent to its end

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            self.headers = MutableHeaders(raw=message["headers"])
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                said = int(self.headers.get("content-length", len(self.body)))
                self.is_whole = self.start["status"] == 200 and said == len(self.body)

    def add(self, first: str, last: str) -> None:
        """Into the head of a page, before and after what it has."""
        if first + last and "text/html" in self.headers.get("content-type", ""):
            self.body = self.body.replace(b"<head>", b"<head>" + first.encode(), 1)
            self.body = self.body.replace(b"</head>", last.encode() + b"</head>", 1)
            for name in ("etag", "last-modified"):  # they tell of Streamlit's page, and this one changes with our files
                del self.headers[name]

    def compress(self) -> None:
        self.headers.add_vary_header("Accept-Encoding")
        small = gzip.compress(self.body, 6, mtime=0)
        if len(small) < SMALLER * len(self.body):
            self.body = small
            self.headers["content-encoding"] = "gzip"
        self.headers["content-length"] = str(len(self.body))

    async def send(self, send: Send) -> None:
        await send(self.start)
        await send({"type": "http.response.body", "body": self.body})


def links() -> str:
    """Links that have a browser fetch at once what the first page's scripts ask for one after the other."""
    known = (STREAMLITS.parent.parent / "index.html").read_text("utf-8")  # names some of them itself
    widgets = [f"static/js/{name}" for name in with_imports(WIDGETS) if name not in known]
    scripts = widgets + assets.addresses(*BOARD, kind=".js")
    sheets = assets.addresses(*BOARD, kind=".css")
    return "".join(
        [f'<link rel="modulepreload" crossorigin href="./{script}">' for script in scripts]
        + [f'<link rel="preload" as="fetch" crossorigin href="./{sheet}">' for sheet in sheets]
    )


def with_imports(names: Iterable[str]) -> list[str]:
    """Streamlit's scripts <name>.<hash>.js and all that they import; none where a version has other names."""
    todo = [path.name for name in names for path in sorted(STREAMLITS.glob(f"{name}.*.js"))]
    found: list[str] = []
    while todo:
        name = todo.pop()
        if name not in found and (STREAMLITS / name).is_file():
            found.append(name)
            todo += IMPORTED.findall((STREAMLITS / name).read_text("utf-8"))
    return found
