"""Turns of clicks: what a click computes is in a turn of the gate, is counted there, and others are let through."""

import threading
import time
from contextlib import contextmanager

import pytest

import scratchnet as sn
from scratchnet.run import Scorer
from tests.test_film import Counting
from tests.test_state import Board
from ui.gate import BORROWED_SECONDS, Gate
from ui.play import payload, playground
from ui.play.conversation import Conversation
from ui.play.playground import Playground
from ui.play.turn import SLICE_SECONDS, Slices

SMALL = sn.Experiment(dataset="circle", samples=60, hidden=(3,), learning_rate=0.1)
COMMANDS = [
    {"kind": "goto", "update": 7},
    {"kind": "goto", "update": 33},
    {"kind": "branch", "branch": 0, "update": 50},
    {"kind": "step", "what": "epoch"},
    {"kind": "back"},
    {"kind": "reach", "update": 90},
    {"kind": "reset"},
    {"kind": "undo"},
    {"kind": "new_weights"},
    {"kind": "edit", "layer": 0, "unit": 0, "source": 0, "value": 0.5},
    {"kind": "play"},
    {"kind": "pause"},
]


class Strict(Counting):
    """A gate that knows whether somebody is inside."""

    inside = False

    def turn(self, who, first, gives_up):
        gate = self

        class Turn:
            def __enter__(self):
                gate.turns.append(first)
                gate.inside = True
                return True

            def __exit__(self, *_):
                gate.inside = False

        return Turn()


def board_with_a_branch() -> Board:
    board = Board(Playground(SMALL))
    board.tell("reach", update=60)
    board.tell("goto", update=20)
    board.show()
    board.playground.apply(learning_rate=0.3)
    board.tell("reach", update=40)
    board.show()
    return board


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command["kind"])
def test_whatever_a_click_computes_and_draws_is_in_a_turn_that_goes_first(monkeypatch, command):
    board, gate, outside = board_with_a_branch(), Strict(), []
    for of, name in ((sn.Run, "advance"), (sn.Run, "approach"), (payload.Scene, "frame"), (Scorer, "__call__")):
        real = getattr(of, name)

        def watched(*given, real=real, name=name, **more):
            if not gate.inside:
                outside.append(name)
            return real(*given, **more)

        monkeypatch.setattr(of, name, watched)
    message = board.message(outbox=[command | {"id": board.ids + 1}])
    header, _ = payload.unpack(board.conversation.answer(message, gate))
    assert header["done"] == board.ids + 1
    assert gate.turns == [True]
    assert not outside


def test_who_clicks_without_end_is_counted_at_the_gate_and_then_goes_behind_others():
    board, gate = board_with_a_branch(), Gate()
    for number in range(60):
        command = {"kind": "goto", "update": 10 + number % 20, "id": board.ids + 1 + number}
        board.conversation.answer(board.message(outbox=[command]), gate)
    assert gate.players("another one") == 2
    with gate.turn("nobody before"):
        answers = []
        last = board.message(outbox=[{"kind": "goto", "update": 5, "id": board.ids + 61}])
        hers = threading.Thread(target=lambda: answers.append(board.conversation.answer(last, gate)))
        gate._used[board.conversation.who] += BORROWED_SECONDS  # of a network so slow
        hers.start()
        while not gate._line:
            time.sleep(0.001)
        assert not gate.is_awaited()
    hers.join(10)
    assert payload.unpack(answers[0])[0]["done"] == board.ids + 61


def test_a_message_that_brings_nothing_new_is_answered_without_a_turn():
    board, gate = board_with_a_branch(), Strict()
    board.conversation.answer(board.message(), gate)
    assert gate.turns == []


def test_a_turn_that_finds_another_thread_of_its_visitor_at_work_is_given_back():
    board, gate, answered = board_with_a_branch(), Gate(), []
    message = board.message(outbox=[{"kind": "goto", "update": 3, "id": board.ids + 1}])
    with board.playground.lock:
        clicks = threading.Thread(target=lambda: answered.append(board.conversation.answer(message, gate)))
        clicks.start()
        time.sleep(0.3)
        latest = time.monotonic() + 30
        with gate.turn("somebody else", gives_up=lambda: time.monotonic() > latest) as is_ours:
            assert is_ours, "else she waits until the lock is free, which is after this"
        assert not answered
    clicks.join(10)
    header, _ = payload.unpack(answered[0])
    assert (header["done"], header["frames"][0]["update"]) == (board.ids + 1, 3)


@pytest.mark.parametrize("waits", [False, True])
def test_on_a_long_way_others_are_let_through_and_it_arrives_at_the_same_numbers(monkeypatch, waits):
    clock = iter(range(10**6))
    monkeypatch.setattr(playground.time, "perf_counter", lambda: 0.004 * next(clock))
    monkeypatch.setattr(playground, "REACH_SECONDS", 0.3)
    pg = Playground(SMALL)
    pg.others = lambda: waits
    pg.reach(10_000)
    at_once = pg.run.update
    assert 0 < at_once < 10_000 and pg.playing
    monkeypatch.undo()
    pg.others = lambda: True
    while pg.replay is not None:
        pg.train(500)
    fresh = SMALL.start()
    fresh.goto(10_000)
    assert pg.run.evaluate() == fresh.evaluate()
    assert (pg.run.network.theta == fresh.network.theta).all()


def test_who_lets_others_through_does_so_soon():
    reached = {}
    for waits in (False, True):
        pg, ticks = Playground(SMALL), iter(range(10**6))
        pg.others = lambda waits=waits: waits
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(playground.time, "perf_counter", lambda ticks=ticks: 0.01 * next(ticks))
            patch.setattr(playground, "REACH_SECONDS", 0.3)
            pg.reach(10**6)
            reached[waits] = 0.01 * next(ticks)
    assert reached[True] <= 2 * playground.SHARED_SECONDS + 0.05 < 0.3 <= reached[False]


def test_slices_of_slow_updates_are_single_and_of_quick_ones_grow_to_their_most():
    slow, quick = Slices(64), Slices(64)
    for _ in range(12):
        slow.took(0.05 * slow.updates)
        quick.took(0.0001 * quick.updates)
    assert (slow.updates, quick.updates) == (1, 64)
    middling = Slices()
    for _ in range(20):
        middling.took(0.002 * middling.updates)
    assert middling.updates == round(SLICE_SECONDS / 0.002)


def test_missing_losses_of_a_slow_network_are_trained_an_update_at_a_time(monkeypatch):
    board, trained = board_with_a_branch(), []
    pg = board.playground
    advance, ticks = sn.Run.advance, iter(range(10**6))
    monkeypatch.setattr(
        sn.Run, "advance", lambda run, updates: trained.append(updates) or advance(run, updates=updates)
    )
    monkeypatch.setattr(playground.time, "perf_counter", lambda: 0.1 * next(ticks))
    pg._use(pg.run.experiment.start(), forks=pg.forks)
    assert pg.is_behind
    pg.catch_up(lambda: False)
    assert set(trained) == {1}


def test_losses_of_the_present_are_computed_once_for_an_answer(monkeypatch):
    board, seen = board_with_a_branch(), []
    of = Scorer._of
    monkeypatch.setattr(Scorer, "_of", lambda scorer, theta: seen.append(theta.tobytes()) or of(scorer, theta))
    board.tell("goto", update=17)
    assert board.tail == 17
    assert len(seen) == 1


def test_what_was_evaluated_once_is_not_taken_for_other_parameters_or_other_data():
    run = SMALL.start()
    losses = []
    for _ in range(5):
        run.advance(updates=1)
        losses.append((run.evaluate().train_loss, run.evaluate().train_loss))
    assert len({first for first, _ in losses}) == 5
    assert all(first == second for first, second in losses)
    for update in range(1, 6):
        again = SMALL.start()
        again.goto(update)
        assert again.evaluate().train_loss == losses[update - 1][0]
    scorer = run._scorer(run._samples)
    theta = run.network.theta.copy()  # may be written to
    first = scorer(theta)
    theta *= 2
    assert scorer(theta) != first


def test_a_conversation_begun_while_others_wait_says_the_same_as_one_alone():
    alone, beside = Conversation(Playground(SMALL)), Conversation(Playground(SMALL))
    pictures = []
    for one, gate in ((alone, None), (beside, Strict())):
        first, _ = payload.unpack(one.answer(None, gate))
        held = {"visit": first["visit"], "generation": first["generation"], "tail": 0, "shown": 0, "scene": 1}
        outbox = [{"kind": "step", "what": "epoch", "id": 1}]
        header, arrays = payload.unpack(one.answer(held | {"n": 1, "outbox": outbox}, gate))
        pictures.append((header["frames"], {name: array.tobytes() for name, array in arrays.items()}))
    assert pictures[0] == pictures[1]


EDIT = {"kind": "edit", "layer": 0, "unit": 0, "source": 0, "value": 0.5}
EPOCH = {"kind": "step", "what": "epoch"}


def arrives(board: Board) -> None:
    """The board asks until nothing waits and nothing plays."""
    for _ in range(2000):
        board.show()
        board.ask()
        if not (board.outbox or board.header["playing"]):
            return
    pytest.fail("it is still on its way")


def queue(board: Board, *commands: dict) -> None:
    board.outbox += [command | {"id": board.ids + place} for place, command in enumerate(commands, 1)]
    board.ids += len(commands)


@pytest.mark.parametrize("is_quick", [True, False])
@pytest.mark.parametrize(
    "commands, end",
    [
        (({"kind": "reach", "update": 300}, {"kind": "step", "what": "update"}), 301),
        ((EPOCH, EPOCH, EPOCH), 15),  # of 5 updates each: 50 points in batches of 10
        (({"kind": "reach", "update": 300}, EDIT), 300),
    ],
)
def test_commands_of_one_message_come_to_the_same_whether_a_way_among_them_is_gone_at_once_or_in_pieces(
    monkeypatch, is_quick, commands, end
):
    monkeypatch.setattr(playground, "REACH_SECONDS", 60.0 if is_quick else -1.0)
    board = Board(Playground(sn.Experiment(dataset="circle", samples=100, hidden=(3,))))
    board.show()
    queue(board, *commands)
    board.ask()
    assert (board.conversation.done == len(commands)) is is_quick
    arrives(board)
    pg = board.playground
    assert (pg.run.update, board.conversation.done) == (end, len(commands))
    assert [event[0] for event in pg.run.experiment.events] == [300] * (EDIT in commands)


@pytest.mark.parametrize("is_later", [True, False])
def test_pause_ends_a_way_at_once_whether_it_is_of_the_same_message_or_of_a_later_one(monkeypatch, is_later):
    monkeypatch.setattr(playground, "REACH_SECONDS", -1.0)
    board = Board(Playground(SMALL))
    board.show()
    queue(board, {"kind": "reach", "update": 100_000}, {"kind": "rename", "branch": 0, "name": "far"})
    if is_later:
        board.ask()
        assert board.conversation.done == 1
    queue(board, {"kind": "pause"})
    board.ask()
    pg = board.playground
    assert (board.conversation.done, pg.replay, pg.playing) == (3, None, False)
    assert pg.run.update < 100_000 and pg.forks.here.name == "far"


def test_what_waits_for_the_end_of_a_way_does_not_go_first_at_the_gate_again_and_again(monkeypatch):
    monkeypatch.setattr(playground, "REACH_SECONDS", -1.0)
    board, gate = Board(Playground(SMALL)), Counting()
    board.show()
    queue(board, {"kind": "reach", "update": 100_000}, EDIT)
    for _ in range(5):
        board.read(board.conversation.answer(board.message(), gate))
        assert board.outbox and not board.conversation.has_news(board.message())
        board.show()
    assert gate.turns[0] and not all(gate.turns)
    assert board.conversation.has_news(board.message(outbox=[*board.outbox, {"kind": "pause", "id": 3}]))


@pytest.mark.parametrize("is_far", [True, False])
def test_a_command_that_is_never_carried_out_does_not_go_first_at_the_gate(is_far):
    board, gate = Board(Playground(SMALL)), Counting()
    board.show()
    never = {"kind": "play", "id": 10**9} if is_far else {"kind": "play", "id": 1}
    message = board.message(outbox=[never]) | ({} if is_far else {"visit": "another"})
    for n in range(3):
        board.conversation.answer(message | {"n": n + 1}, gate)
    assert (board.conversation.done, board.playground.playing, gate.turns) == (0, False, [])


class GivenUp(Counting):
    """A gate whose visitor has done something else before it is her turn."""

    @contextmanager
    def turn(self, who, first, gives_up):
        self.turns.append(first)
        yield False


def test_who_does_something_else_while_she_waits_has_nothing_carried_out_before_it_is_her_turn():
    board = Board(Playground(SMALL))
    board.show()
    message = board.message(outbox=[EPOCH | {"id": 1}])
    board.read(board.conversation.answer(message, GivenUp()))
    assert (board.conversation.done, board.playground.run.update) == (0, 0)
    board.read(board.conversation.answer(message, Counting()))
    assert (board.conversation.done, board.playground.run.update) == (1, 3)


def test_the_first_frames_after_a_play_that_was_pressed_outside_of_the_board_go_first_at_the_gate_and_the_next_do_not():
    board, gate = Board(Playground(SMALL)), Counting()
    board.show()
    board.playground.play()
    for _ in range(2):
        board.read(board.conversation.answer(board.message(), gate))
    assert gate.turns == [True, False]


@pytest.mark.parametrize("is_resumed", [True, False])
def test_what_is_said_later_ends_a_way_also_where_another_way_had_waited(monkeypatch, is_resumed):
    monkeypatch.setattr(playground, "REACH_SECONDS", -1.0)
    board = Board(Playground(SMALL))
    board.show()
    resume = {"kind": "resume", "link": SMALL.to_query(), "update": 500_000, "playing": False, "waiting": 1}
    queue(board, resume if is_resumed else {"kind": "reach", "update": 500_000}, {"kind": "reach", "update": 600_000})
    if not is_resumed:
        board.ask()
        assert board.conversation.done == 1
    queue(board, {"kind": "goto", "update": 0})  # with resume, whose number of waiting ones says so, in one message
    board.ask()
    assert (board.conversation.done, board.playground.run.update, board.playground.replay) == (3, 0, None)
