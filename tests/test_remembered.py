"""Remembered: a playground that knows nothing of a visit goes on where the browser says that it was."""

import numpy as np
import pytest

import scratchnet as sn
from tests.test_state import Board
from ui import remembered
from ui.moment import MOST_UPDATES
from ui.play.playground import Playground

EDITED = sn.Experiment(hidden=(3,), samples=60).with_event(5, learning_rate=0.05).with_edit(9, 0, 1, 0, 2.5)


def lost(experiment: sn.Experiment, update: int, **after):
    """What the browser keeps of a visit that stood at this update."""
    before = Playground(experiment)
    before.run.goto(update)
    before._use(before.run)
    for name, value in after.items():
        getattr(before, name)(value) if name == "set_speed" else before.set_stop(**{name: value})
    return before, {**Board(before).header["remember"], "update": update, "playing": False}


def back_at_rest(board: Board) -> None:
    for _ in range(400):
        if not board.header["playing"]:
            return
        board.show()
        board.ask()
    raise AssertionError("it did not come back")


@pytest.mark.parametrize("update", [0, 4, 5, 9, 10, 333])
def test_another_playground_shows_the_same_parameters_to_the_last_bit_and_says_so(update):
    before, keeps = lost(EDITED, update, set_speed="1e", plateau=True)
    board = Board(Playground())
    board.tell("resume", **keeps)
    back_at_rest(board)
    now = board.playground
    np.testing.assert_array_equal(now.run.network.theta, before.run.network.theta)
    expected = EDITED.start()  # once more by single steps
    for _ in range(update):
        expected.step()
    np.testing.assert_array_equal(now.run.network.theta, expected.network.theta)
    assert (now.run.update, now.query, now.speed, now.stop_rule) == (update, before.query, "1e", before.stop_rule)
    assert now.notice.startswith("The server had lost this visit")


def test_who_was_playing_goes_on_and_rules_that_held_before_stop_nothing():
    _, keeps = lost(EDITED, 100, epochs=1)
    board = Board(Playground())
    board.tell("resume", **keeps | {"playing": True})
    while board.playground.run.update <= 130:
        board.show()
        board.ask()
        assert board.header["playing"], board.header["words"]


def test_pause_on_the_way_stays_there_and_play_then_learns_on():
    _, keeps = lost(EDITED, 5)
    board = Board(Playground())
    board.tell("resume", **keeps | {"update": 900_000})
    assert board.header["playing"] and board.header["words"].startswith("Training again up to update 900,000")
    assert board.header["remember"]["update"] == 900_000  # should this server be lost as well
    board.show()
    board.tell("pause")
    at = board.playground.run.update
    board.ask()
    assert not board.header["playing"] and 0 < board.playground.run.update == at < 900_000
    assert "update" not in board.header["remember"]
    board.show()
    board.tell("play")
    assert not board.header["words"].startswith("Training again")


def test_a_change_on_the_way_takes_its_place():
    _, keeps = lost(EDITED, 5)
    board = Board(Playground())
    board.tell("resume", **keeps | {"update": 900_000})
    board.show()
    board.tell("undo")  # there is nothing to take back: no harm
    board.tell("units", layer=0, by=1)
    assert not board.header["playing"] and board.playground.run.update == 0
    assert board.playground.run.experiment.hidden == (4,)


@pytest.mark.parametrize("update", [50, 20_000])
def test_what_was_wanted_while_the_server_was_lost_is_done_after_the_way_back(update):
    before, keeps = lost(EDITED, update)
    board = Board(Playground())
    board.outbox = [{"id": 1, "kind": "resume", "waiting": 1, **keeps}, {"id": 2, "kind": "step", "what": "update"}]
    board.ids = 2
    board.ask()
    back_at_rest(board)
    board.ask()
    before.step()
    assert board.playground.run.update == update + 1
    np.testing.assert_array_equal(board.playground.run.network.theta, before.run.network.theta)


def test_commands_that_another_playground_was_given_are_not_carried_out():
    board = Board(Playground())
    board.visit = "another"
    board.tell("step", what="update")
    assert board.playground.run.update == 0


def test_an_update_beyond_a_divergence_ends_where_the_run_ends():
    wild = sn.Experiment(
        dataset="plane", output="identity", loss="mse", hidden=(3,), optimizer="sgd", learning_rate=20.0
    )
    before = wild.start()
    before.advance(updates=5000)
    assert before.status == "diverged"
    board = Board(Playground())
    board.tell("resume", link=wild.to_query(), update=5000, playing=True)
    back_at_rest(board)
    for _ in range(2):  # and whoever remembers that comes back to the same
        assert (board.header["status"], board.playground.run.update) == ("diverged", before.update)
        np.testing.assert_array_equal(board.playground.run.network.theta, before.network.theta)
        assert f"update {before.update:,} was" in board.playground.notice
        keeps = board.header["remember"]
        board = Board(Playground())
        board.tell("resume", **{"update": before.update, "playing": False} | keeps)
        back_at_rest(board)


@pytest.mark.parametrize(
    "bad",
    [
        {"link": None},
        {"link": 3},
        {"link": "hidden=" + "9" * 200_000},
        {"update": -1},
        {"update": None},
        {"update": float("nan")},
        {"update": "7"},
        {"update": True},
        {"update": 10**30},
        {"playing": "yes"},
        {"speed": "warp"},
        {"speed": []},
        {"stop": {"epochs": "many", "solved": 1}},
        {"stop": [1]},
        {"probe": "here"},
        {"probe": [1e99, 0]},
    ],
)
def test_a_hostile_memory_leaves_a_working_playground_and_a_sentence(bad, monkeypatch):
    monkeypatch.setattr(remembered, "MOST_UPDATES", 500)
    _, keeps = lost(EDITED, 5)
    board = Board(Playground())
    board.tell("resume", **keeps | bad)
    back_at_rest(board)
    assert board.playground.notice
    assert board.playground.stop_rule == {"solved": False, "plateau": False, "epochs": None}
    board.show()
    board.tell("step", what="update")
    assert board.playground.run.update in (1, 6, 501)


def test_who_is_brought_back_to_less_far_than_she_was_does_not_go_on_learning():
    replay = remembered.replay_of(sn.Experiment().to_query(), 5_000_000, True)
    assert (replay.update, replay.playing) == (MOST_UPDATES, False)
    assert remembered.replay_of(sn.Experiment().to_query(), 5, True).playing
