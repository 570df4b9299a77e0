"""The visitor of tests and benchmarks drags the time slider as the board does, and tells what she has got."""

import asyncio

import scratchnet as sn
from tools.visitor import REST, TICK, Visitor
from ui.play.conversation import Conversation
from ui.play.payload import unpack
from ui.play.playground import Playground

SMALL = sn.Experiment(dataset="circle", samples=60, hidden=(3,), learning_rate=0.1, batch_size=1)


class Told(Visitor):
    """One who speaks with a conversation itself. said: her acks; slow: answers are held back until `hears`."""

    async def come(self) -> None:
        self.conversation, self.said, self.held, self.slow = Conversation(Playground(SMALL)), [], [], False
        self.tasks = []
        self.board = "there"
        await self._ask()

    async def _say(self, ack=None) -> None:
        self.said.append(ack)
        header = unpack(self.conversation.answer(ack))[0]
        self.held.append(header)
        if not self.slow:
            self.hears()

    def hears(self) -> None:
        held, self.held = self.held, []
        for header in held:
            self._read(header)


async def who_has_played(**more) -> Told:
    """One who has seen a few hundred updates, and still plays."""
    visitor = Told("", **more)
    await visitor.come()
    live = asyncio.create_task(visitor._live())
    visitor.tasks.append(live)
    await visitor.click("play", False)
    while visitor.furthest < 200:
        await asyncio.sleep(TICK)
        assert not live.done()
    return visitor


def gone(visitor: Told) -> None:
    for task in visitor.tasks:
        task.cancel()


def test_she_lets_go_and_has_the_exact_state_of_that_update_and_the_film_has_true_losses():
    async def drags():
        visitor = await who_has_played()
        await visitor.grab()
        await visitor.stop_at(67)
        gone(visitor)
        return visitor

    visitor = asyncio.run(drags())
    assert visitor.let_go is None and len(visitor.arrivals) == len(visitor.films) == 1
    assert visitor.exact[-1][0] == 67 and len(visitor.exact) > 5 and not visitor.playing
    for update, loss in visitor.exact:
        fresh = SMALL.start()
        fresh.advance(updates=update)
        assert fresh.evaluate().train_loss == loss


def test_while_she_drags_nothing_is_said_and_what_comes_late_moves_nothing():
    async def drags():
        visitor = await who_has_played()
        visitor.slow = True
        await visitor._ask()
        visitor.move()
        stood, count = (visitor.shown, list(visitor.queue), visitor.snapshots), len(visitor.said)
        visitor.hears()
        await asyncio.sleep(3 * TICK)
        same = (visitor.shown, list(visitor.queue), visitor.snapshots) == stood
        said, playing = len(visitor.said) - count, visitor.playing
        gone(visitor)
        return same, said, playing

    assert asyncio.run(drags()) == (True, 0, False)


def test_answers_that_were_under_way_before_she_let_go_are_not_taken_for_the_exact_state():
    async def drags():
        visitor = await who_has_played()
        visitor.slow = True
        await visitor._ask()
        early, visitor.held = visitor.held, []
        visitor.move()
        await visitor.stop_at(10)
        late, visitor.held = visitor.held, early
        visitor.hears()
        waits = visitor.let_go is not None and not visitor.arrivals and not visitor.playing
        visitor.held = late
        visitor.hears()
        gone(visitor)
        return waits, visitor.let_go, visitor.exact[-1][0]

    assert asyncio.run(drags()) == (True, None, 10)


def test_of_quick_moves_the_last_one_is_asked_for_and_only_letting_go_is_measured():
    async def drags():
        visitor = await who_has_played()
        visitor.slow = True
        for update in (5, 9, 3):
            visitor.move()
            await visitor.stop_at(update, counts=update == 3)
        outbox = [(command["kind"], command["update"]) for command in visitor.outbox]
        visitor.hears()
        gone(visitor)
        return outbox, len(visitor.arrivals), visitor.exact[-1][0]

    assert asyncio.run(drags()) == ([("goto", 3)], 1, 3)


def test_standing_still_she_asks_for_sharp_maps_and_then_for_the_page_and_no_more():
    async def rests(does):
        visitor = await who_has_played(rests=does)
        visitor.move()
        await visitor.stop_at(50)
        count = len(visitor.said)
        await asyncio.sleep(REST["page"] + 8 * TICK)
        gone(visitor)
        return [ack["rest"] for ack in visitor.said[count:]]

    assert asyncio.run(rests(True)) == ["maps", "page"]
    assert asyncio.run(rests(False)) == []
