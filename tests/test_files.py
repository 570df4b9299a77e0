"""What stands before Streamlit: files are compressed once and kept, and no connection holds back what is small."""

import asyncio
import gzip
import posixpath
import re
import socket

import pytest

from ui.kit import assets
from ui.web import connections
from ui.web.files import OURS, STREAMLITS, Files, links, with_imports
from ui.web.guard import Guard

SCRIPT = b"export default 1;\n" * 400
# So long that it is worth while to compress it, whatever version of our files stands in its head.
PAGE = b"<html><head><title>x</title></head><body></head>" + 20 * b"<p>some words</p>" + b"</body></html>"


class Behind:
    """An app that answers with fixed files, in pieces, and counts how often it was asked for each."""

    def __init__(self):
        self.asked = []
        self.headers = []

    async def __call__(self, scope, receive, send):
        path = scope["path"]
        self.asked.append(path)
        self.headers.append(dict(scope["headers"]))
        await asyncio.sleep(0)
        kind, body, cache = {
            "/static/js/a.js": (b"text/javascript", SCRIPT, b"public, immutable, max-age=1"),
            "/static/media/font.woff2": (b"font/woff2", bytes(range(256)), b"public, immutable, max-age=1"),
            "/static/js/today.js": (b"text/javascript", SCRIPT, b"no-cache"),
            "/": (b"text/html; charset=utf-8", PAGE, b"no-cache"),
            "/neurons": (b"text/html; charset=utf-8", PAGE, b"no-cache"),
        }.get(posixpath.normpath(path), (b"text/plain", b"not here " * 300, b"immutable"))
        status = 404 if body[:3] == b"not" else 200
        headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body)), (b"cache-control", cache)]
        headers += [(b"etag", b'"1"'), (b"last-modified", b"yesterday")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body[:100], "more_body": True})
        await send({"type": "http.response.body", "body": body[100:]})


@pytest.fixture
def behind():
    return Behind()


async def gone():
    """What a browser says that has asked and left."""
    return {"type": "http.disconnect"}


def ask(files, path, times=1, method="GET", **headers) -> list[tuple[int, dict[str, str], bytes]]:
    """Ask so many times at once; status, headers and body of each answer."""
    told = {"accept-encoding": "gzip, br"} | {name.replace("_", "-"): value for name, value in headers.items()}
    scope = {"type": "http", "method": method, "path": path}
    scope["headers"] = [(name.encode(), value.encode()) for name, value in told.items()]

    async def one():
        sent = []

        async def send(message):
            sent.append(message)

        await files(dict(scope), gone, send)
        start, *bodies = sent
        return (
            start["status"],
            {name.decode(): value.decode() for name, value in start["headers"]},
            b"".join(message["body"] for message in bodies),
        )

    async def all_of_them():
        return await asyncio.gather(*(one() for _ in range(times)))

    return asyncio.run(all_of_them())


def test_a_file_that_never_changes_is_asked_for_once_however_many_come_and_reaches_each_compressed(behind):
    files = Files(behind)
    answers = ask(files, "/static/js/a.js", times=30) + ask(files, "/static/js/a.js", if_none_match='"1"')
    for status, headers, body in answers:
        assert status == 200
        assert headers["content-encoding"] == "gzip"
        assert "accept-encoding" in headers["vary"].lower()
        assert int(headers["content-length"]) == len(body) < len(SCRIPT) / 10
        assert gzip.decompress(body) == SCRIPT
    assert behind.asked == ["/static/js/a.js"]


def test_a_browser_that_leaves_before_it_has_a_file_does_not_decide_what_others_get(behind):
    async def sends_no_more_once_it_is_alone(scope, receive, send):
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            if not message.get("more_body"):
                break
        listening = asyncio.ensure_future(receive())
        await asyncio.sleep(0)
        if listening.done() and listening.result()["type"] == "http.disconnect":
            await send({"type": "http.response.start", "status": 200, "headers": [(b"cache-control", b"immutable")]})
            await send({"type": "http.response.body", "body": b""})
        else:
            listening.cancel()
            await behind(scope, receive, send)

    files = Files(sends_no_more_once_it_is_alone)
    for _ in range(2):
        ((status, _, body),) = ask(files, "/static/js/a.js")
        assert (status, gzip.decompress(body)) == (200, SCRIPT)


@pytest.mark.parametrize("sent", [[b""], [SCRIPT[:100]], []])
def test_half_a_file_is_not_kept(sent):
    async def breaks_off(scope, receive, send):
        headers = [(b"cache-control", b"immutable"), (b"content-length", b"%d" % len(SCRIPT))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for part in sent:
            await send({"type": "http.response.body", "body": part})

    files = Files(breaks_off)
    ask(files, "/static/js/a.js")
    assert files.kept == {}


def test_what_compression_makes_no_smaller_is_kept_as_it_is(behind):
    files = Files(behind)
    for _ in range(2):
        ((status, headers, body),) = ask(files, "/static/media/font.woff2")
        assert (status, body) == (200, bytes(range(256)))
        assert "content-encoding" not in headers
    assert behind.asked == ["/static/media/font.woff2"]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/static/js/today.js", {}),
        ("/static/js/a.js", {"accept_encoding": "identity"}),
        ("/static/js/a.js", {"range": "bytes=0-9"}),
        ("/static/js/a.js", {"method": "HEAD"}),
        ("/static/js/no-such-file.js", {}),
        ("/static//js/a.js", {}),
        ("/static/./js/a.js", {}),
        ("/static/js/../js/a.js", {}),
        ("/media/a.js", {}),
    ],
)
def test_nothing_is_kept_of_what_may_change_is_a_part_or_has_many_names(behind, path, headers):
    files = Files(behind)
    answers = ask(files, path, **headers) + ask(files, path, **headers)
    assert behind.asked == [path, path]
    assert answers[0] == answers[1]
    assert files.kept == {}


def test_who_takes_nothing_compressed_gets_what_streamlit_says(behind):
    ((status, headers, body),) = ask(Files(behind), "/static/js/a.js", accept_encoding="identity")
    assert (status, body) == (200, SCRIPT)
    assert "content-encoding" not in headers


def test_the_first_page_names_in_its_head_what_it_will_need_and_is_told_anew_each_time(behind):
    files = Files(behind)
    ((status, headers, body),) = ask(files, "/", if_none_match='"1"')
    page = gzip.decompress(body)
    assert status == 200
    assert int(headers["content-length"]) == len(body)
    with_ours = PAGE.replace(b"<head>", b"<head>" + OURS.encode(), 1)
    assert page == with_ours.replace(b"</head>", links().encode() + b"</head>", 1)
    assert not {"etag", "last-modified"} & set(headers), "they would tell of another page"
    assert not any(name.startswith(b"if-") for name in behind.headers[0])
    other = gzip.decompress(ask(files, "/neurons")[0][2])
    assert other == with_ours, "others do not show the board"
    for path in ("/_stcore/health", "/school/_stcore/health", "/media/a.csv", "/media/a"):
        behind.asked.clear()
        ((_, headers, body),) = ask(files, path)
        assert "content-encoding" not in headers and body == b"not here " * 300


def test_below_a_path_of_its_own_the_first_page_is_the_one_at_that_path(behind, monkeypatch):
    monkeypatch.setattr("streamlit.get_option", lambda name: "/school/" if name == "server.baseUrlPath" else None)
    behind_it = Files(behind)
    assert (behind_it.home, assets.route().path) == ("/school", f"/school/assets/{assets.VERSION}")
    assert links().encode() not in gzip.decompress(ask(behind_it, "/")[0][2])


def test_every_link_names_a_file_and_none_twice():
    named = re.findall(r'href="\./([^"]+)"', links())
    page = (STREAMLITS.parent.parent / "index.html").read_text("utf-8")
    assert len(named) == len(set(named)) > 40
    assert [name for name in named if name in page] == [], "Streamlit's page names it already"
    for name in named:
        if name.startswith("assets/"):
            _, version, path = name.split("/", 2)
            assert version == assets.VERSION
            assert (assets.FOLDER / path).is_file()
        else:
            assert (STREAMLITS.parent.parent / name).is_file()
    for script in ("board/board.js", "kit/numbers.js", "kit/palette.css", "board/board.css", "keys.js"):
        assert f"assets/{assets.VERSION}/{script}" in named
    assert not [name for name in named if "/player/" in name], "the first page has no player"


def test_a_version_of_streamlit_whose_scripts_have_other_names_is_served_without_links_to_them():
    assert with_imports(["NoSuchWidget"]) == []
    assert len(with_imports(["BidiComponent"])) > 10


def test_connections_of_a_server_that_runs_send_what_is_small_at_once_and_nothing_stays_open():
    def delayed(at: socket.socket) -> bool:
        with socket.create_connection(at.getsockname()), at.accept()[0] as accepted:
            return not accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

    async def run(at: socket.socket) -> list[bool]:
        before = delayed(at)
        async with connections.at_once(None):
            return [before, delayed(at)]

    with socket.create_server(("127.0.0.1", 0)) as at, socket.socket() as free:
        number = free.fileno()
        assert asyncio.run(run(at)) == [True, False]
        assert any(port.getsockname() == at.getsockname() for port in connections.listening())
    with socket.socket() as again:
        assert again.fileno() <= number, "a copy of a socket was left open"


def test_the_app_is_served_through_all_of_it():
    import app

    assert [middleware.cls for middleware in app.app._user_middleware] == [Guard, Files]
    assert app.app._user_lifespan is app.while_it_runs

    async def what_runs(port):
        async with app.while_it_runs(app.app):
            names = {task.get_coro().__qualname__ for task in asyncio.all_tasks()}
            return names, port.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

    with socket.create_server(("127.0.0.1", 0)) as port:
        names, leaves_at_once = asyncio.run(what_runs(port))
    assert leaves_at_once and any(name.endswith("_look_again_and_again") for name in names)
