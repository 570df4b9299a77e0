"""The guard in front of the real server: who forges values keeps his visit, who comes from elsewhere gets none."""

import asyncio
import json
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from ui.play.payload import unpack

FORGED = ("[" * 100_000, '{"ack":' * 30_000, "nonsense", json.dumps("[" * 100_000))


def run(coroutine):
    """In a thread of its own: in this one the browser's events run."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def visit(app, origin: str):
    address = f"{app.address.replace('http', 'ws', 1)}/_stcore/stream"
    return websockets.connect(address, subprotocols=["streamlit", "TOKEN"], origin=origin, max_size=None)


async def answer_to(socket, board: str = "", value: str = "", wanted=lambda header: True) -> tuple[str, dict]:
    """Have the page run, with a value of the board if there is one; the board's id and the first answer wanted."""
    message = BackMsg()
    message.rerun_script.context_info.timezone = "UTC"
    if board:
        message.rerun_script.widget_states.widgets.add(id=board, json_value=value)
    await socket.send(message.SerializeToString())
    async with asyncio.timeout(20):
        async for data in socket:
            component = ForwardMsg.FromString(data).delta.new_element.bidi_component
            if component.id.endswith("-playground_board"):
                header = unpack(component.bytes)[0]
                if wanted(header):
                    return component.id, header
    raise AssertionError("the connection was closed")


def test_values_that_no_browser_sends_are_passed_over_and_the_visit_goes_on(app):
    async def forge() -> list[int]:
        updates = []
        async with visit(app, app.address) as socket:
            board, header = await answer_to(socket)
            known = {"visit": header["visit"], "generation": header["generation"], "shown": 0, "playing": False}
            for number, forged in enumerate(FORGED, 1):
                message = BackMsg()
                message.rerun_script.widget_states.widgets.add(id=board, json_value=forged)
                await socket.send(message.SerializeToString())
                step = {"kind": "step", "what": "update", "id": number}
                ack = known | {"n": number, "tail": -1, "scene": -1, "queued": 0, "fps": 60, "outbox": [step]}
                _, header = await answer_to(
                    socket, board, json.dumps({"ack": ack}), lambda header, number=number: header["done"] == number
                )
                known |= {"generation": header["generation"], "shown": header["frames"][-1]["update"]}
                updates.append(header["frames"][-1]["update"])
        return updates

    assert run(forge()) == [1, 2, 3, 4]


def test_a_page_from_elsewhere_gets_no_connection_and_nothing_is_taken_or_told(app):
    async def come() -> None:
        async with visit(app, "http://elsewhere.example"):
            pass

    with pytest.raises(websockets.InvalidStatus) as refused:
        run(come())
    assert refused.value.response.status_code == 403
    for method, path, status in (("GET", "_stcore/agent/openapi.json", 404), ("PUT", "_stcore/upload_file/a/b", 405)):
        with pytest.raises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(urllib.request.Request(f"{app.address}/{path}", method=method), timeout=20)
        with error.value as answer:
            assert answer.code == status
