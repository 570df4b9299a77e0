"""Assets: how a component's JavaScript and CSS reach the browser.

A script given to Streamlit inline is sent again in every message. When app.py runs as an `st.App`, the browser fetches
the files once from the address `assets/` instead, and only a two-line script that imports them is inline. A host that
runs app.py as a plain script has no such address; then the files themselves are inline.
"""

import base64
import hashlib
import re
from pathlib import Path

import streamlit as st
from starlette.exceptions import HTTPException
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from streamlit.runtime.scriptrunner import get_script_run_ctx

FOLDER = Path(__file__).resolve().parent.parent  # ui/
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".woff2": "font/woff2"}
FILES = [path for path in sorted(FOLDER.rglob("*")) if path.suffix in TYPES]
# Part of the address, so that a browser need never ask whether a file is still the same.
VERSION = hashlib.sha256(b"".join(path.read_bytes() for path in FILES)).hexdigest()[:12]
RELATIVE = re.compile(r"""\b(from |import |new URL\()["'](\.{1,2}/[^"']+)["']""")


def served() -> bool:
    """Whether the server that runs this script also answers `assets/`.

    app.py gives `route()` to the very `st.App` that has ui/menu.py as its script, so a visit whose script is ui/menu.py
    came through that app. A host without st.App has app.py as the script, a test perhaps a page; both get False.
    """
    visit = get_script_run_ctx(suppress_warning=True)
    return visit is not None and Path(visit.main_script_path) == FOLDER / "menu.py"


def home() -> str:
    """The path below which the server has the app, such as "/school"; "" where that is all of it."""
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


def route() -> Mount:
    """The route that answers `assets/board/board.js` with ui/board/board.js; so for scripts, styles and fonts there."""
    return Mount(f"{home()}/assets/{VERSION}", ScriptsAndStyles(directory=FOLDER))


class ScriptsAndStyles(StaticFiles):
    """Files of the types a browser needs, and no others: Python lies in the same folders."""

    async def get_response(self, path, scope):
        kind = TYPES.get(Path(path).suffix)
        if kind is None:
            raise HTTPException(status_code=404)
        response = await super().get_response(path, scope)
        # Said here because Windows may have another type for .js in its registry, and a module of that type is refused.
        response.headers["content-type"] = kind
        response.headers["cache-control"] = "public, immutable, max-age=31536000"
        return response


def addresses(*scripts: str, kind: str) -> list[str]:
    """Where the server has these scripts and all that they need, as far as it is of a kind, ".js" or ".css"."""
    todo, found = [FOLDER / script for script in scripts], set[Path]()
    while todo:
        file = todo.pop()
        if file not in found:
            found.add(file)
            todo += [(file.parent / wanted[2]).resolve() for wanted in RELATIVE.finditer(file.read_text("utf-8"))]
    return [f"assets/{VERSION}/{path.relative_to(FOLDER).as_posix()}" for path in sorted(found) if path.suffix == kind]


def script(path: str) -> str:
    """The text for a component's `js=`; path is below ui/, such as "board/board.js", and exports the component."""
    if served():
        return (
            f'const module = await import(new URL("assets/{VERSION}/{path}", document.baseURI).href);\n'
            "export default module.default;\n"
        )
    return inlined(FOLDER / path)


def inlined(file: Path) -> str:
    """The source of a JavaScript module that carries with it every module it imports and every style sheet it fetches.

    An inline script has no address that "./draw.js" could be relative to, so each such file becomes a data: address.
    """

    def carried(match: re.Match) -> str:
        wanted = (file.parent / match[2]).resolve()
        encoded = base64.b64encode(inlined(wanted).encode()).decode()
        return f'{match[1]}"data:{TYPES[wanted.suffix].replace(" ", "")};base64,{encoded}"'

    return RELATIVE.sub(carried, file.read_text(encoding="utf-8"))
