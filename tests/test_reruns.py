"""Runs of a page that are asked for while another one is under way: one thread a visit, however many they are."""

import asyncio

import psutil
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg

import scratchnet as sn
from tools import app_server

MOST_THREADS = 25  # a server that nobody visits has some five; with a thread for each run there were 140
LATE = sn.Experiment(dataset="circle", hidden=(128, 128, 128), samples=2000, batch_size=1000)


async def asks_for_runs(address: str, process: psutil.Process, count: int) -> int:
    """How many threads the server has at most while a visitor changes the address faster than it answers."""
    most = 0
    async with websockets.connect(
        f"{address.replace('http', 'ws')}/_stcore/stream",
        subprotocols=["streamlit", "PLACEHOLDER_AUTH_TOKEN"],
        origin=address,
        max_size=None,
    ) as socket:
        for seed in range(count):
            message = BackMsg()
            message.rerun_script.query_string = f"{LATE.replace(init_seed=seed).to_query()}&at=1000000"
            await socket.send(message.SerializeToString())
            await asyncio.sleep(0.03)
            most = max(most, process.num_threads())
    return most


def test_a_visitor_who_changes_the_address_faster_than_it_is_opened_has_no_thread_for_each():
    with app_server.running() as server:
        assert asyncio.run(asks_for_runs(server.address, psutil.Process(server.pid), 100)) < MOST_THREADS
