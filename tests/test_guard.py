"""The guard before the app: what no page of it asks for is refused, and answers say what a browser may do with them."""

import asyncio
import base64
import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from streamlit import file_util
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from ui.web.guard import MOST_FILES, Guard, Heard, Uploads, can_be_read, widgets_of


class Behind:
    """An app that takes all that reaches it."""

    def __init__(self, kind=b"text/html; charset=utf-8"):
        self.kind, self.reached = kind, []

    async def __call__(self, scope, receive, send):
        self.reached.append((scope["type"], scope.get("path")))
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
        elif scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", self.kind)]})
            await send({"type": "http.response.body", "body": b"<html></html>"})


@pytest.fixture
def options(monkeypatch):
    """Streamlit's options as a test sets them; by default as they are where nobody has set any."""
    chosen = {"server.allowedHosts": [], "server.corsAllowedOrigins": [], "server.enableCORS": True}
    chosen["server.maxUploadSize"] = 2
    monkeypatch.setattr("ui.web.guard.get_option", chosen.get)
    return chosen


def ask(app, path="/", kind="http", method="GET", client=("10.0.0.7", 5), **headers) -> list[dict]:
    """All that the guard sends."""
    told = {"host": "school.example:8501"} | headers
    scope = {"type": kind, "path": path, "method": method, "headers": [], "client": client}
    scope["headers"] = [(name.encode(), value.encode()) for name, value in told.items()]
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(Guard(app)(scope, None, send))
    return sent


def status_and_headers(sent) -> tuple[int, dict[str, str]]:
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}


@pytest.mark.parametrize(
    ("origin", "is_taken"),
    [
        ("http://school.example:8501", True),
        ("https://school.example:8501", True),
        (None, True),
        ("http://school.example", False),
        ("http://elsewhere.example", False),
        ("http://school.example:8501.elsewhere.example", False),
        ("http://localhost:8501", False),
        ("null", False),
        ("", False),
    ],
)
def test_a_websocket_is_taken_from_pages_of_this_server_alone_and_nobody_is_asked_about_others(
    options, origin, is_taken
):
    app = Behind()
    sent = ask(app, "/_stcore/stream", "websocket", **({} if origin is None else {"origin": origin}))
    assert sent == ([{"type": "websocket.accept"}] if is_taken else [{"type": "websocket.close", "code": 1008}])
    assert len(app.reached) == is_taken


def test_pages_that_the_server_was_told_of_may_open_one_too(options):
    options["server.corsAllowedOrigins"] = ["https://course.example/"]
    assert ask(Behind(), kind="websocket", origin="https://course.example")[0]["type"] == "websocket.accept"
    assert ask(Behind(), kind="websocket", origin="https://courses.example")[0]["type"] == "websocket.close"
    options["server.enableCORS"] = False
    assert ask(Behind(), kind="websocket", origin="https://courses.example")[0]["type"] == "websocket.accept"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("HEAD", "/neurons", 200),
        ("GET", "/_stcore/health", 200),
        ("GET", "/_stcore/host-config", 200),
        ("GET", "/media/a.csv", 200),
        ("GET", "/_stcore/metrics", 404),
        ("GET", "/school/_stcore/metrics", 404),
        ("GET", "/_stcore/agent/openapi.json", 404),
        ("GET", "/_stcore/upload_file/a/b", 404),
        ("GET", "/_stcore/health/../metrics", 404),
        ("GET", "/_stcore", 404),
        ("PUT", "/_stcore/upload_file/a/b", 405),
        ("POST", "/", 405),
        ("DELETE", "/_stcore/upload_file/a/b", 405),
        ("OPTIONS", "/", 405),
    ],
)
def test_only_what_a_page_needs_is_answered_and_nothing_is_taken(options, method, path, status):
    app = Behind()
    answered, headers = status_and_headers(ask(app, path, method=method))
    assert answered == status
    assert len(app.reached) == (status == 200)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        (("127.0.0.1", 5), {}, 200),
        (("::1", 5), {}, 200),
        (("::ffff:127.0.0.1", 5), {}, 200),  # by a port that listens to both families
        (("::ffff:10.0.0.7", 5), {}, 404),
        (("10.0.0.7", 5), {}, 404),
        (None, {}, 404),
        *((("127.0.0.1", 5), {name: "10.0.0.7"}, 404) for name in ("forwarded", "x-forwarded-for", "x-real-ip")),
    ],
)
def test_how_many_are_here_learns_who_sits_at_the_machine_and_nobody_through_a_proxy_on_it(
    options, client, headers, status
):
    assert status_and_headers(ask(Behind(), "/_stcore/metrics", client=client, **headers))[0] == status
    assert status_and_headers(ask(Behind(), "/_stcore/agent/x", client=client, **headers))[0] == 404


def test_a_page_may_load_from_this_server_alone_and_evaluate_nothing(options):
    _, headers = status_and_headers(ask(Behind()))
    rules = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert rules["default-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'self'"
    assert rules["object-src"] == "'none'"
    assert rules["connect-src"] == "'self' ws://school.example:8501 wss://school.example:8501"
    page = Path(file_util.get_static_dir(), "index.html").read_text("utf-8")
    (inline,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashed = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
    assert rules["script-src"] == f"'self' blob: 'sha256-{hashed}'"
    assert "unsafe-eval" not in headers["content-security-policy"]
    assert "content-security-policy" not in status_and_headers(ask(Behind(b"text/javascript")))[1]


@pytest.mark.parametrize("host", ["a;script-src *", "a b", "", "a,b", "[::1", "a/b", "\u00e9"])
def test_a_host_that_is_none_adds_nothing_to_the_policy(options, host):
    _, headers = status_and_headers(ask(Behind(), host=host))
    assert "connect-src 'self'; object-src" in headers["content-security-policy"]


def test_where_hosts_are_named_another_name_gets_no_page_and_no_connection(options):
    options["server.allowedHosts"] = ["school.example"]
    assert status_and_headers(ask(Behind()))[0] == 200
    app = Behind()
    assert status_and_headers(ask(app, host="elsewhere.example"))[0] == 400
    assert app.reached == []
    options["server.allowedHosts"] = ["*.school.example"]
    assert status_and_headers(ask(Behind(), host="a.school.example"))[0] == 200


def said(**value) -> bytes:
    """A visitor's message in which a widget has this value; a list fills an array."""
    message = BackMsg()
    widget = message.rerun_script.widget_states.widgets.add(id="w")
    for name, given in value.items():
        if isinstance(given, list):
            getattr(widget, name).data.extend(given)
        else:
            setattr(widget, name, given)
    return message.SerializeToString()


DEEP = "[" * 100_000


@pytest.mark.parametrize(
    ("value", "is_read"),
    [
        ({"json_value": '{"ack": {"n": 3, "outbox": [{"kind": "play", "id": 1}]}}'}, True),
        ({"json_value": "null"}, True),
        ({"json_value": DEEP}, False),
        ({"json_value": DEEP + "]" * 100_000}, False),
        ({"json_value": '{"ack":' * 30_000}, False),
        ({"json_value": json.dumps(DEEP)}, False),
        ({"json_value": "nonsense"}, False),
        ({"json_value": ""}, False),
        ({"json_trigger_value": DEEP}, False),
        ({"json_trigger_value": "{}"}, True),
        ({"double_value": 0.5}, True),
        ({"double_value": float("nan")}, False),
        ({"double_value": float("inf")}, False),
        ({"double_array_value": [0.1, 2.0]}, True),
        ({"double_array_value": [0.1, float("nan")]}, False),
        ({"string_value": DEEP}, True),
        ({"int_value": 2**62}, True),
        ({"bool_value": True}, True),
    ],
)
def test_a_message_with_a_value_that_cannot_be_read_is_told_from_others(value, is_read):
    assert can_be_read(widgets_of(said(**value))) is is_read


def digit(points: int) -> str:
    """What the page of digits says of a drawing of so many points, in tenths of the canvas's unit."""
    return json.dumps({"said": {"n": 7, "strokes": [[123.4, 234.5] * (points // 4)] * 4, "outbox": []}})


def hand_ins(characters: int) -> str:
    """What a tab has kept of pasted hand-ins: lines of a form, each with its quotes, and all quoted by the page."""
    line = '"2026-11-26 10:00:00","Ada","http://school.example:8501/?dataset=moons&hidden=8-8&update=500"\n'
    return json.dumps({"found": (line * (characters // len(line) + 1))[:characters]})


def board(rows: int, address: str = "", link: str = "") -> str:
    """What the board says that draws so many points at once, after it was given another visit."""
    outbox = [
        {"kind": "resume", "id": 1, "update": 10_000, "playing": True, "link": link},
        {"kind": "draw", "id": 2, "what": "add", "rows": [[-0.123456789, 1.23456789, 1, 0]] * rows, "stroke": 2},
    ]
    ack = {"visit": "0123abcd", "n": 9, "tail": 4, "hover": [0.5, 0.5], "address": address, "outbox": outbox}
    return json.dumps({"ack": ack})


@pytest.mark.parametrize(
    "text",
    [
        digit(20_000),
        hand_ins(400_000),
        board(1_000),
        board(400, address="?dataset=" + "a_-1" * 50_000, link="dataset=" + "a_-1" * 24_998),
        json.dumps({"said": {"has": True, "typed": {f"cell {place}": "1" * 60 for place in range(500)}, "asked": 7}}),
    ],
    ids=["a digit of 20,000 points", "all hand-ins of a class", "a drawing", "the longest link", "an exercise"],
)
def test_the_most_that_a_page_says_is_read(text):
    assert can_be_read(widgets_of(said(json_value=text)))
    event = json.dumps({"event": "found", "value": json.loads(text)})
    assert can_be_read(widgets_of(said(json_trigger_value=event)))


MUCH = {
    "empty lists": '{"ack":{"n":1,"outbox":[]},"x":[' + ",".join(["[]"] * 330_000) + "]}",
    "commands": '{"ack":{"n":1,"outbox":[' + ",".join(['{"id":0}'] * 100_000) + "]}}",
    "a few too many lists": "[" + ",".join(["[]"] * 3_000) + "]",
    "numbers": "[" + ",".join(["0"] * 60_000) + "]",
    "letters": '"' + "a" * 600_000 + '"',
    "lists that a text hides": json.dumps("[" + ",".join(["[]"] * 4_000) + "]").replace("[", "\\u005b"),
}


@pytest.mark.parametrize("text", MUCH.values(), ids=MUCH)
@pytest.mark.parametrize("kind", ["json_value", "json_trigger_value"])
def test_what_is_far_more_than_a_page_says_is_refused_and_not_read(text, kind, monkeypatch):
    read = []
    monkeypatch.setattr("ui.web.guard.json.loads", lambda text, loads=json.loads: read.append(text) or loads(text))
    assert not can_be_read(widgets_of(said(**{kind: text})))
    assert not any(one.count("[") > 3_000 or len(one) > 200_000 for one in read)


def test_what_is_too_much_is_so_also_where_it_is_said_by_several_components():
    message = BackMsg()
    for place in range(11):
        message.rerun_script.widget_states.widgets.add(id=f"w{place}", json_value="[" + ",".join(["[]"] * 299) + "]")
    assert not can_be_read(message.rerun_script.widget_states.widgets)
    del message.rerun_script.widget_states.widgets[-1]
    assert can_be_read(message.rerun_script.widget_states.widgets)


def test_more_widgets_than_any_page_has_are_refused():
    message = BackMsg()
    for place in range(1_000):
        message.rerun_script.widget_states.widgets.add(id=f"w{place}", bool_value=True)
    assert can_be_read(message.rerun_script.widget_states.widgets)
    message.rerun_script.widget_states.widgets.add()
    assert not can_be_read(message.rerun_script.widget_states.widgets)


def test_what_a_table_holds_that_is_edited_or_was_pasted_is_no_components_and_may_be_long():
    edited = json.dumps({"edited_rows": {str(row): {"a": "1", "b": "2"} for row in range(20_000)}, "added_rows": []})
    assert can_be_read(widgets_of(said(string_value=edited)))
    assert can_be_read(widgets_of(said(string_value="1,2,3\n" * 66_666)))


def test_what_cannot_be_read_does_not_reach_the_app_and_what_follows_does():
    good, bad = said(double_value=1.0), said(double_value=float("nan"))
    waiting = [{"type": "websocket.connect"}]
    waiting += [{"type": "websocket.receive", "bytes": data} for data in (good, bad, bad, b"\xff\xff", good)]
    waiting += [{"type": "websocket.receive", "text": "debug"}, {"type": "websocket.disconnect"}]
    left = list(waiting)

    async def receive():
        return left.pop(0)

    async def hear():
        heard = Heard(receive)
        return [await heard() for _ in range(5)]

    assert asyncio.run(hear()) == [
        message for message in waiting if message.get("bytes") != bad and message.get("text") is None
    ]


def rests(messages: list[dict], seconds_between: float) -> list[float]:
    """For how long somebody is held back who says these, each so long after the one before was taken."""
    left, now, rested = list(messages), [100.0], []

    async def receive():
        now[0] += seconds_between
        return left.pop(0) if left else {"type": "websocket.disconnect"}

    async def rest(seconds):
        rested.append(seconds)
        now[0] += seconds

    async def hear():
        heard = Heard(receive, rest, lambda: now[0])
        while (await heard())["type"] != "websocket.disconnect":
            pass

    asyncio.run(hear())
    return rested


def test_who_speaks_as_fast_as_a_person_with_a_board_is_never_held_back():
    click = {"type": "websocket.receive", "bytes": said(double_value=1.0)}
    assert rests([click] * 190, 0.0) == [], "as fast as they can be said"
    assert rests([click] * 2000, 1 / 30) == []


def test_who_floods_is_taken_forty_messages_a_second_also_where_none_of_them_can_be_read():
    for data in (said(double_value=1.0), said(double_value=float("nan"))):
        flood = [{"type": "websocket.receive", "bytes": data}] * 1000
        assert sum(rests(flood, 0.0)) == pytest.approx((1000 - 200) / 40, abs=0.1)
    assert sum(rests([{"type": "websocket.receive", "text": "hello"}] * 1000, 0.0)) == pytest.approx(20, abs=0.1)


def test_a_large_message_counts_as_many():
    large = {"type": "websocket.receive", "bytes": b"\xff" * 1_000_000}
    assert sum(rests([large] * 20, 0.0)) == pytest.approx((20 * 51 - 200) / 40, abs=0.1)


def test_a_message_of_many_values_counts_as_many_and_who_draws_is_never_held_back():
    for values, lists, more in ((0, 2_000, 20 + 1), (40_000, 1, 20), (0, 100_000, 30 + 25)):  # the last is not read
        text = "[" + ",".join(["[]"] * (lists - 1) + ["1"] * values) + "]"
        data = said(json_value=text)
        of_all = 20 * (1 + len(data) / 20_000 + more)
        flood = [{"type": "websocket.receive", "bytes": data}] * 20
        assert sum(rests(flood, 0.0)) == pytest.approx((of_all - 200) / 40, abs=0.1)
    table = {"type": "websocket.receive", "bytes": said(string_value="1,2,3\n" * 3_000)}
    assert rests([table] * 500, 1 / 20) == [], "its commas are no values of a component"
    drawn = [{"type": "websocket.receive", "bytes": said(json_value=digit(points))} for points in range(4, 800, 4)]
    assert rests(drawn * 3, 1 / 20) == []
    rows = {"type": "websocket.receive", "bytes": said(json_value=board(40))}
    assert rests([rows] * 500, 1 / 20) == []


VISIT, FILE = "0a1b2c3d-0000-4000-8000-000000000001", "0a1b2c3d-0000-4000-8000-000000000002"


class Taking:
    """An app that reads whatever body reaches it and takes it."""

    def __init__(self):
        self.bytes, self.whole = 0, 0

    async def __call__(self, scope, receive, send):
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return
            self.bytes += len(message["body"])
            if not message.get("more_body"):
                break
        self.whole += 1
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def bring(app, size, announced=None, method="PUT", held=0, of_all=0, **headers) -> list[dict]:
    """What the guard's way for files sends, when a browser brings so many bytes in pieces of 100 kB."""
    told = {"host": "school.example", "content-length": str(size if announced is None else announced)} | headers
    told = {name: value for name, value in told.items() if value is not None}
    scope = {"type": "http", "path": "/", "method": method, "headers": []}
    scope["headers"] = [(name.encode(), value.encode()) for name, value in told.items()]
    sent, left = [], [size]

    async def send(message):
        sent.append(message)

    async def receive():
        piece = min(100_000, left[0])
        left[0] -= piece
        return {"type": "http.request", "body": b"a" * piece, "more_body": left[0] > 0}

    asyncio.run(Uploads(app, lambda visit: (held, of_all))(scope, receive, send, VISIT))
    return sent


@pytest.mark.parametrize(
    ("size", "settings", "status"),
    [
        (2_000_000, {}, 204),
        (2_000_000 + 65_536, {}, 204),  # the largest file that is read, with the form around it
        (2 * 1024 * 1024, {}, 204),
        (2 * 1024 * 1024 + 1, {}, 413),
        (100, {"announced": "1000000000000000000"}, 413),
        (100, {"announced": "-1"}, 413),
        (100, {"announced": "x"}, 413),
        (100, {"content-length": None, "transfer-encoding": "chunked"}, 413),
        (100, {"origin": "http://elsewhere.example"}, 403),
        (100, {"origin": "http://school.example"}, 204),
        (100, {"held": MOST_FILES}, 429),
        (100, {"held": MOST_FILES - 1}, 204),
        (1_000_000, {"of_all": 59_000_000}, 204),
        (1_000_001, {"of_all": 59_000_000}, 503),
        (0, {"method": "DELETE", "held": MOST_FILES, "of_all": 60_000_000}, 204),
        (0, {"method": "DELETE", "origin": "http://elsewhere.example"}, 403),
    ],
)
def test_a_table_is_taken_from_our_own_pages_and_nothing_that_is_larger_reaches_the_app(
    options, size, settings, status
):
    app = Taking()
    assert bring(app, size, **settings)[0]["status"] == status
    assert app.whole == (status == 204)
    if status != 204:
        assert app.bytes == 0


@pytest.mark.parametrize(
    ("size", "settings", "sentence"),
    [
        (2 * 1024 * 1024 + 1, {}, "The file has more than 2,000,000 bytes (2 MB): leave out rows or columns."),
        (2_157_152, {}, "The file has more than 2,000,000 bytes (2 MB): leave out rows or columns."),
        (100, {"of_all": 60_000_000}, "Many tables are being read: try again in a minute."),
    ],
)
def test_what_is_refused_says_what_to_do(options, size, settings, sentence):
    assert bring(Taking(), size, **settings)[1]["body"].decode() == sentence


def test_who_brings_more_than_was_announced_is_cut_off_there(options):
    app = Taking()
    assert bring(app, 5_000_000, announced=250_000) == []
    assert (app.bytes, app.whole) == (200_000, 0)


def test_only_the_address_of_a_visits_file_takes_anything(options):
    for method, path, status in (
        ("PUT", f"/_stcore/upload_file/{VISIT}/{FILE}", 413),  # it comes to be weighed: without a length it is too much
        ("PUT", f"/school/_stcore/upload_file/{VISIT}/{FILE}", 413),
        ("DELETE", f"/_stcore/upload_file/{VISIT}/{FILE}", 200),
        ("POST", f"/_stcore/upload_file/{VISIT}/{FILE}", 405),
        ("PUT", f"/_stcore/upload_file/{VISIT}/{FILE}/more", 405),
        ("PUT", f"/_stcore/upload_file/{VISIT}", 405),
        ("PUT", f"/media/{VISIT}/{FILE}", 405),
        ("GET", f"/_stcore/upload_file/{VISIT}/{FILE}", 404),
    ):
        assert status_and_headers(ask(Behind(), path, method=method))[0] == status, (method, path)


def put(length: int, visit: str = VISIT) -> dict:
    """The head of a file of so many bytes."""
    path = f"/_stcore/upload_file/{visit}/{FILE}"
    return {"type": "http", "path": path, "method": "PUT", "headers": [(b"content-length", str(length).encode())]}


def pieces(sizes, seconds=0.0, is_whole=True):
    """A body that comes in such pieces, each after so many seconds; nothing more comes if it is not whole then."""
    left = list(sizes)

    async def receive():
        await asyncio.sleep(seconds if left else 60)
        body = b"a" * left.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(left) or not is_whole}

    return receive


async def status_of(uploads, length, receive, visit=VISIT) -> int | None:
    """What is answered to a file; None: nothing."""
    sent = []

    async def send(message):
        sent.append(message)

    await uploads(put(length, visit), receive, send, visit)
    return sent[0]["status"] if sent else None


def test_of_many_files_at_once_those_of_eight_visits_come_in_and_of_each_visit_one(options):
    inside = most = 0
    of_visit, most_of_visit = Counter(), 0

    async def app(scope, receive, send):
        nonlocal inside, most, most_of_visit
        visit = scope["path"].split("/")[3]
        inside += 1
        of_visit[visit] += 1
        most, most_of_visit = max(most, inside), max(most_of_visit, *of_visit.values())
        await asyncio.sleep(0.01)
        inside -= 1
        of_visit[visit] -= 1
        await PlainTextResponse("")(scope, receive, send)

    async def all_at_once():
        uploads = Uploads(app, lambda visit: (0, 0))
        visits = [VISIT.replace("1", str(place)) for place in range(10, 30)] * 2
        answers = await asyncio.gather(*(status_of(uploads, 9, None, visit) for visit in visits))
        assert not uploads.coming and not uploads.queues and not uploads.bytes, "nothing of them is left"
        return answers

    assert set(asyncio.run(all_at_once())) == {200}
    assert (most, most_of_visit) == (8, 1)


def test_of_forty_files_of_a_visit_at_once_no_more_are_taken_than_wait_to_be_read(options):
    app = Taking()

    async def all_at_once(held):
        uploads = Uploads(app, lambda visit: (held, 0))
        answers = (status_of(uploads, 100, pieces([100])) for _ in range(40))
        return Counter(await asyncio.gather(*answers))

    assert asyncio.run(all_at_once(0)) == {204: MOST_FILES, 429: 40 - MOST_FILES}
    assert asyncio.run(all_at_once(MOST_FILES - 1)) == {204: 1, 429: 39}
    assert app.whole == MOST_FILES + 1


def test_a_visit_whose_files_never_come_keeps_nobody_else_waiting(options):
    async def come():
        uploads = Uploads(Taking(), lambda visit: (0, 0))
        silent = [asyncio.create_task(status_of(uploads, 2_000_000, pieces([3]))) for _ in range(24)]
        await asyncio.sleep(0)
        async with asyncio.timeout(2):
            answer = await status_of(uploads, 100, pieces([100]), FILE)
        for one in silent:
            one.cancel()
        await asyncio.gather(*silent, return_exceptions=True)
        assert not uploads.coming and not uploads.queues and not uploads.bytes
        return answer

    assert asyncio.run(come()) == 204


@pytest.mark.parametrize(
    ("length", "receive", "status"),
    [
        (2_000_000, pieces([], is_whole=False), 408),
        (2_000_000, pieces([100_000] * 19, is_whole=False), 408),  # a good beginning is no leave to be silent
        (2_000_000, pieces([10] * 200, 0.01), 408),  # never silent, and a thousand bytes a second
        (160_000, pieces([20_000] * 8, 0.05), 204),
    ],
)
def test_a_file_that_stays_away_or_comes_too_slowly_makes_room(options, monkeypatch, length, receive, status):
    monkeypatch.setattr("ui.web.guard.SILENCE", 0.2)

    async def come():
        async with asyncio.timeout(1.5):
            return await status_of(Uploads(Taking(), lambda visit: (0, 0)), length, receive)

    assert asyncio.run(come()) == status


def test_a_file_that_is_whole_asks_for_no_place_among_the_slow_ones_however_long_it_is_read(options, monkeypatch):
    monkeypatch.setattr("ui.web.guard.QUICK", 0.05)
    monkeypatch.setattr("ui.web.guard.SLOW_AT_A_TIME", 0)  # there is none
    monkeypatch.setattr("ui.web.guard.MOST_WAITING", 0)

    async def read(scope, receive, send):
        assert not (await receive())["more_body"]
        await asyncio.sleep(0.1)
        waiting = asyncio.create_task(receive())  # whether the browser goes away meanwhile
        await asyncio.sleep(0.05)
        waiting.cancel()
        await send({"type": "http.response.start", "status": 204, "headers": []})

    async def come():
        async with asyncio.timeout(5):
            return await status_of(Uploads(read, lambda visit: (0, 0)), 100, pieces([100]))

    assert asyncio.run(come()) == 204


def test_what_of_all_visits_comes_in_and_waits_to_be_read_has_a_bound(options):
    async def come():
        uploads = Uploads(Taking(), lambda visit: (0, 57_500_000))
        together = [status_of(uploads, 1_500_000, pieces([1_500_000], 0.01), visit) for visit in (VISIT, FILE)]
        return await asyncio.gather(*together), await status_of(uploads, 1_500_000, pieces([1_500_000]), FILE)

    assert asyncio.run(come()) == ([204, 503], 204)


def test_files_count_until_they_were_read_or_their_visit_has_ended(options, monkeypatch):
    kept = MemoryUploadedFileManager("/_stcore/upload_file")
    monkeypatch.setattr("ui.web.guard.get_instance", lambda: SimpleNamespace(uploaded_file_mgr=kept))

    def answers():
        """To a file of a visit that has three, to one of another, and to one that is larger by a byte."""
        ways = ((VISIT, 1), (FILE, 100), (FILE, 101))
        uploads = Uploads(Taking())
        return [asyncio.run(status_of(uploads, length, pieces([length]), visit)) for visit, length in ways]

    assert answers() == [204, 204, 204]
    for name, size in (("a", 20_000_000), ("b", 20_000_000), ("c", 19_999_900)):
        kept.add_file(VISIT, UploadedFileRec(name, f"{name}.csv", "text/csv", b"a" * size))
    assert answers() == [429, 204, 503]
    kept.remove_file(VISIT, "c")
    assert answers() == [204, 204, 204]
    kept.add_file(VISIT, UploadedFileRec("c", "c.csv", "text/csv", b"a" * 20_000_000))
    assert answers() == [429, 503, 503]
    kept.remove_session_files(VISIT)
    assert answers() == [204, 204, 204]


def test_who_goes_away_with_half_a_file_said_leaves_no_trace(options):
    async def read(request):
        await request.body()

    async def go():
        waiting = [{"type": "http.request", "body": b"aaa", "more_body": True}, {"type": "http.disconnect"}]
        uploads = Uploads(Starlette(routes=[Route("/{path:path}", read, methods=["PUT"])]), lambda visit: (0, 0))

        async def receive():
            return waiting.pop(0)

        await status_of(uploads, 9, receive)  # it raised ClientDisconnect, of which the server writes 70 lines
        return uploads.bytes, len(waiting)

    assert asyncio.run(go()) == (0, 0)
