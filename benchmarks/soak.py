"""Whether the server's memory grows while visitors come and go.

    python -m benchmarks.soak [--minutes 30] [--visitors 20] [--json FILE]

So many play at any time, each with another network, and change it now and then; each stays for a minute at most, looks
at a lesson or not, and leaves, and another one comes. The server's memory in the last third of the time is compared
with that in the middle third, the losses of every tenth visitor with a run that nobody disturbs, bit for bit.
"""

import asyncio
import random
import statistics
import time

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg

import scratchnet as sn
from benchmarks import table
from tools import app_server
from tools.visitor import Visitor

STAYS = (10.0, 60.0)  # seconds, least and most
CLICKS = 3.0  # seconds between two of a visitor
LOOK = 2.0  # seconds between two looks at the memory
ASKED = 0.05  # how much more the last third may take than the middle third
LESSONS = ("neurons", "forward", "losses", "backpropagation", "training", "evaluation")
LESSONS += ("gradient_check", "learning_rate", "optimizers", "luck")
CHECKED = 10  # of so many visitors one is checked


async def visit(server: app_server.AppServer, number: int, chance: random.Random) -> tuple[int, int, list[str]]:
    """One visitor's stay: (losses that were right, losses that were not, what went wrong)."""
    experiment = sn.Experiment(hidden=(chance.randint(2, 8), chance.randint(2, 8)), samples=200, init_seed=number)
    visitor = Visitor(server.address, query=f"{experiment.to_query()}&speed={chance.choice(('10e', 'max'))}")
    latest = time.monotonic() + chance.uniform(*STAYS)
    await visitor.come()
    while not visitor.board and time.monotonic() < latest:
        await asyncio.sleep(0.1)
    await visitor.click("play", False)
    await asyncio.sleep(CLICKS)
    losses = dict(visitor.losses)  # of the network that she came with
    while time.monotonic() < latest:
        await visitor.click(chance.choice(("play", "pause", "new_weights", "new_data", "undo", "reset")), False)
        await asyncio.sleep(CLICKS)
    if chance.random() < 0.5:
        message = BackMsg()
        message.rerun_script.page_name = chance.choice(LESSONS)
        message.rerun_script.context_info.timezone = "UTC"
        await visitor.socket.send(message.SerializeToString())
        await asyncio.sleep(CLICKS)
    await visitor.go()
    if number % CHECKED:
        return 0, 0, visitor.errors
    return *compared(experiment, losses), visitor.errors


def compared(experiment: sn.Experiment, losses: dict[int, float]) -> tuple[int, int]:
    run, right, wrong = experiment.start(), 0, 0
    for update in sorted(losses)[:: max(1, len(losses) // 10)]:
        run.goto(update)
        same = run.evaluate().train_loss == losses[update]
        right, wrong = right + same, wrong + (not same)
    return right, wrong


async def soak(server: app_server.AppServer, visitors: int, seconds: float) -> tuple[list[float], int, int, list[str]]:
    """MB of the server at each look; losses that were right and wrong; errors."""
    process, chance = psutil.Process(server.pid), random.Random(0)
    began, memory, told = time.monotonic(), [], []
    here: set[asyncio.Task] = set()
    while time.monotonic() < began + seconds:
        for task in [task for task in here if task.done()]:
            here.discard(task)
            told.append(task.result())
        while len(here) < visitors:
            here.add(asyncio.create_task(visit(server, len(told) + len(here), random.Random(chance.random()))))
            await asyncio.sleep(0.2)
        memory.append(process.memory_info().rss / 1e6)
        await asyncio.sleep(LOOK)
    for task in here:
        task.cancel()
    rights, wrongs, faults = zip(*told, strict=True)
    return memory, sum(rights), sum(wrongs), [fault for of_one in faults for fault in of_one]


def main() -> None:
    given = table.arguments(__doc__, ("--minutes", 30, "of coming and going"), ("--visitors", 20, "at any time"))
    with app_server.running() as server:
        memory, right, wrong, faults = asyncio.run(soak(server, given.visitors, 60 * given.minutes))
        is_quiet = "Traceback" not in server.log()
    third = len(memory) // 3
    first, middle, last = (statistics.mean(memory[place * third : (place + 1) * third]) for place in range(3))
    grown = last / middle - 1
    holds = grown <= ASKED and not wrong and not faults and is_quiet
    print(
        f"{given.minutes} minutes, {given.visitors} visitors at any time: {first:.0f}, {middle:.0f} and {last:.0f} MB"
        f" in the thirds, the last {100 * grown:+.1f} % of the middle one (asked: at most {100 * ASKED:+.0f} %);"
        f" {right} losses right, {wrong} wrong; {len(faults)} errors; log {'quiet' if is_quiet else 'with faults'}:"
        f" {'yes' if holds else '**no**'}"
    )
    for fault in faults[:5]:
        print(fault)
    figures = {"megabytes": memory, "grown": grown, "right": right, "wrong": wrong, "errors": faults}
    table.write(given.json, minutes=given.minutes, visitors=given.visitors, **figures)


if __name__ == "__main__":
    main()
