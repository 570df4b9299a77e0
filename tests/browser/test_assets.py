"""The address assets/: it serves the scripts and styles of components and nothing that lies beside them."""

import urllib.error
import urllib.request

import pytest

from tests.browser.live_board import LiveBoard
from tools import serve
from ui.kit import assets

SCRIPTS = [path.relative_to(assets.FOLDER).as_posix() for path in sorted(assets.FOLDER.rglob("*.js"))]


def answer(app, path: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body; the path is sent as it stands."""
    try:
        with urllib.request.urlopen(f"{app.address}/{path}", timeout=20) as response:
            return response.status, dict(response.headers), response.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), b""


def test_there_are_scripts_to_serve():
    assert SCRIPTS


@pytest.mark.parametrize("path", SCRIPTS)
def test_a_script_is_served_as_it_is_with_a_type_that_browsers_run(app, path):
    status, headers, body = answer(app, f"assets/{assets.VERSION}/{path}")
    assert status == 200
    assert headers["content-type"].startswith("text/javascript")
    assert "immutable" in headers["cache-control"], "for the address holds its version"
    assert body == (assets.FOLDER / path).read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "menu.py",
        "icon.svg",
        "board",
        "board/__init__.py",
        "board/no-such-file.js",
        "../../app.py",
        "..%2F..%2Fapp.py",
        "%00.js",
    ],
)
def test_nothing_else_is_served(app, path):
    status, _, _ = answer(app, f"assets/{assets.VERSION}/{path}")
    assert status in (400, 404)


def test_an_opening_takes_as_many_requests_as_the_limits_of_a_schools_server_count_with(app, new_page):
    page, asked = new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    LiveBoard(page).open(app.address)
    page.wait_for_load_state("networkidle")
    assert serve.OPENING / 2 < len(asked) <= serve.OPENING
