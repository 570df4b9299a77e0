"""Time: a visitor goes back, nothing is forgotten, and what is shown is what was shown the first time."""

import itertools
from urllib.parse import urlencode

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.forks import Forks
from scratchnet.goals import Goal
from tests.test_state import Board
from ui import moment
from ui.classroom.assignment import Assignment
from ui.gate import Gate
from ui.play.playground import SPEEDS, Playground
from ui.play.turn import longest

SMALL = {"dataset": "circle", "hidden": (4,), "samples": 60, "batch_size": 10}  # 3 updates an epoch


def trained(updates=60, **settings):
    """A board at rest, with every update up to this one seen."""
    board = Board(Playground(sn.Experiment(**SMALL, **settings)))
    board.show()
    board.playground._stand_at(updates)
    board.ask()
    board.show()
    return board


def fresh(experiment, update):
    run = experiment.start()
    run.advance(updates=update)
    return run


def alike(run, other):
    same = run.network.theta.tobytes() == other.network.theta.tobytes() and run.update == other.update
    states = zip(run.optimizer_state.values(), other.optimizer_state.values(), strict=True)
    return same and all(np.array_equal(one, two) for one, two in states)


def test_going_back_and_on_shows_the_same_numbers_and_forgets_no_future():
    board = trained()
    board.playground.apply(learning_rate=0.1)  # an event at the furthest update: no other future is left behind
    board.playground._stand_at(90)
    whole = board.playground.run.experiment
    for update in (50, 0, 75, 90, 60, 59):
        board.tell("goto", update=update)
        (frame, theta), pg = board.show(), board.playground
        assert frame["update"] == pg.shown == pg.run.update == update
        assert alike(pg.run, fresh(whole, update)) and theta.tobytes() == fresh(whole, update).network.theta.tobytes()
        assert (pg.furthest, board.header["time"]["furthest"], pg.playing) == (90, 90, False)
    board.tell("play")
    while board.show()[0]["update"] < 120:
        board.ask()
    board.tell("pause")
    assert board.playground.run.experiment == whole
    assert alike(board.playground.run, fresh(whole, board.playground.shown))
    assert board.playground.furthest == board.playground.shown >= 120


def test_the_answer_holds_the_curve_on_both_sides_of_the_cursor():
    board = trained(60)
    known = fresh(board.playground.run.experiment, 60).history
    for update in (31, 30, 0, 60):
        board.tell("goto", update=update)
        board.show()
        parts = {part: getattr(known, f"{part}_loss").astype("f4") for part in ("train", "validation", "test")}
        for name, rows in (("history", known.update <= update), ("future", known.update > update)):
            np.testing.assert_array_equal(board.arrays[f"{name}_update"], known.update[rows])
            for part, losses in parts.items():
                np.testing.assert_array_equal(board.arrays[f"{name}_{part}"], losses[rows])


def test_what_was_trained_ahead_of_the_picture_is_no_future_until_it_was_seen():
    board = trained(0)
    board.tell("speed", name="max")
    board.tell("play")
    board.ask()
    board.show(0)
    board.ask()
    seen, ahead = board.show(0)[0]["update"], board.playground.run.update
    board.tell("pause")
    assert ahead > seen == board.playground.furthest == board.header["time"]["furthest"]
    assert not (board.arrays["future_update"] > seen).any()
    board.tell("goto", update=seen + 1)
    assert board.playground.shown == seen and f"up to {seen:,}" in board.header["notice"]


@pytest.mark.parametrize("update", [-1, 61, 1.5, True, "3", None, 10**30, [2]])
def test_an_update_that_was_never_seen_is_refused_in_one_sentence(update):
    board = trained(60)
    before = board.playground.run
    board.tell("goto", update=update)
    assert board.playground.run is before
    assert board.header["notice"].startswith("Update: expected a whole number up to 60")
    assert board.header["notice"].count(". ") == 0 and board.header["done"] == 1


def test_of_quick_moves_the_latest_wins_also_on_a_long_way(monkeypatch):
    board = trained(60)
    went = []
    goto = Playground.goto
    monkeypatch.setattr(Playground, "goto", lambda self, update: went.append(update) or goto(self, update))
    for update in (3, 20, 40):
        board.ids += 1
        board.outbox.append({"id": board.ids, "kind": "goto", "update": update})
    board.ask()
    assert went == [40] and board.playground.shown == 40 and board.header["done"] == 3
    monkeypatch.setattr("ui.play.playground.REACH_SECONDS", -1.0)  # as if the way were long: in pieces on the board
    board.playground.run._checkpoints[1:] = []
    pg = board.playground
    pg.goto(50)
    assert (pg.replay.update, pg.playing) == (50, True) and pg.shown < 50
    pg.train(7)
    board.tell("goto", update=30)  # in the middle of it
    while board.header["playing"]:
        board.show()
        board.ask()
    assert pg.shown == pg.run.update == 30 and pg.replay is None and pg.furthest == 60
    assert alike(pg.run, fresh(pg.run.experiment, 30))


def test_the_path_tells_pictures_of_one_past_from_those_of_another():
    board = trained(30)
    first = board.header["time"]["path"]
    board.playground.apply(learning_rate=0.1)
    board.playground._stand_at(60)
    board.tell("edit", layer=0, unit=0, source=None, value=0.5)
    second = board.header["time"]["path"]
    assert [update for update, _ in second] == [0, 30, 60] and second[:1] == first
    assert len({digest for _, digest in second}) == 3
    assert "path" not in (board.ask(), board.header["time"])[1]  # nothing new to the browser
    other = Playground(sn.Experiment.from_query(board.playground.query)[0])  # another server, by the link
    assert [list(entry) for entry in other.run.experiment.path] == second
    board.tell("reset")
    board.show()
    assert board.header["time"]["path"][0][1] != first[0][1]  # the rate at the start is another one
    assert board.header["time"]["furthest"] == 0 and len(board.arrays["future_update"]) == 0


def test_a_change_of_any_field_or_event_changes_the_digest():
    known = sn.Experiment(dataset="circle")
    others = [
        known.replace(**changes)
        for changes in (
            {"dataset": "gauss"},
            {"data_seed": 1},
            {"validation_fraction": 0.2},
            {"optimizer_settings": {"betas": (0.8, 0.999)}},
            {"l1": 0.1},
            {"events": [(0, {"learning_rate": 0.5})]},
        )
    ]
    digests = [one.path[-1][1] for one in (known, *others)]
    assert len(set(digests)) == len(digests) and all(one.path[0][0] == 0 for one in others)
    one, two = (known.with_edit(5, 0, 0, source, 0.25) for source in (0, None))
    assert one.path[0] == two.path[0] == known.path[0] and one.path[1] != two.path[1]
    assert one.with_event(9, l1=0.5).path[-1] != two.with_event(9, l1=0.5).path[-1]  # what came before counts on
    again = one.with_event(9, learning_rate=0.2)
    assert again.path[:2] == one.path and again.path[2] != one.with_event(10, learning_rate=0.2).path[2]


def test_an_address_of_the_same_run_goes_there_without_training_it_anew(monkeypatch):
    board = trained(60)
    there = board.playground.link
    board.tell("goto", update=20)
    monkeypatch.setattr(sn.Experiment, "start", lambda self: pytest.fail("trained anew"))
    board.playground.open(there)
    assert board.playground.shown == board.playground.furthest == 60
    board.playground.open(there.replace("at=60", "at=20"))
    assert (board.playground.shown, board.playground.furthest) == (20, 60)


def test_to_any_update_of_a_long_run_at_most_500_are_trained_anew():
    """Which take less than a tenth of a second; docs/benchmarks.md has how long it takes in the browser."""
    run = sn.Experiment(hidden=(8, 8)).start()
    run.advance(updates=60_000)
    for update in np.random.default_rng(3).integers(0, 60_000, 200).tolist():
        run.approach(update)
        assert 0 <= update - run.update <= 500


# ---- forks on the board ----------------------------------------------------------------------------------------------


def forked(**changes):
    """A board with 60 updates seen, gone back to 30, changed there and stepped to 35."""
    board = trained(60)
    board.tell("goto", update=30)
    board.show()
    board.playground.apply(**(changes or {"learning_rate": 0.1}))
    board.ask()
    board.show()
    for _ in range(5):
        board.tell("step", what="update")
        board.show()
    return board


def listed(board):
    return {entry["id"]: entry for entry in board.header["time"]["branches"]}


def corners(experiment, *extra, last):
    """[(update, training loss)] of a run started anew: update 0, its epoch ends up to the last one, and these."""
    rows = fresh(experiment, last).at_hand
    found = dict(zip(rows.update.tolist(), rows.train_loss.astype("f4").tolist(), strict=True))
    found |= {update: float(np.float32(fresh(experiment, update).evaluate().train_loss)) for update in extra}
    return sorted(found.items())


def rested(board):
    """The board when its browser has asked at rest until nothing is missing."""
    for _ in range(40):
        board.ask(rest="maps")
        if not board.header["time"]["is_behind"]:
            return board
    raise AssertionError("it asks without end")


def curves(board):
    """id -> (updates, training losses) of the other branches, taken apart as the browser does."""
    found, at = {}, 0
    for entry in board.header["time"]["branches"]:
        rows = slice(at, at + entry["points"])
        found[entry["id"]] = board.arrays["branches_update"][rows].tolist(), board.arrays["branches_train"][rows]
        at += entry["points"]
    assert at == len(board.arrays["branches_update"]) == len(board.arrays["branches_test"])
    return found


def test_a_change_in_the_past_keeps_both_futures_and_says_what_differs():
    board = forked()
    time_ = board.header["time"]
    first, second = time_["branches"]
    assert (first["name"], first["setting"], first["parent"], first["furthest"]) == ("as it began", None, None, 60)
    assert second["name"] == "rate 0.1 from update 30" and second["setting"] == "learning_rate"
    assert (second["parent"], second["at"], second["furthest"]) == (first["id"], 30, 35) == (0, 30, time_["furthest"])
    assert time_["branch"] == second["id"] and second["points"] == 0
    updates, losses = curves(board)[0]  # the first branch parted from nothing
    assert list(zip(updates, losses.tolist(), strict=True)) == corners(sn.Experiment(**SMALL), last=60)


def test_to_and_fro_between_branches_each_is_where_it_was_left():
    board = forked()
    board.tell("branch", branch=0)
    (frame, theta), pg = board.show(), board.playground
    assert frame["update"] == 30 and theta.tobytes() == fresh(sn.Experiment(**SMALL), 30).network.theta.tobytes()
    assert pg.furthest == 60 and board.arrays["future_update"].tolist() == list(range(33, 61, 3))
    assert curves(rested(board))[1][0] == [30, 33, 35]  # from where it left to where it was seen last
    board.tell("branch", branch=1, update=33)
    assert board.show()[0]["update"] == 33 and pg.furthest == 35
    board.tell("branch", branch=0, update=60)
    assert board.show()[0]["update"] == 60
    board.tell("branch", branch=1)
    assert board.show()[0]["update"] == 33 and alike(pg.run, fresh(pg.run.experiment, 33))
    for command, sentence in (
        ({"branch": 7}, "There is no branch 7 of this run"),
        ({"branch": True}, "There is no branch True"),
        ({"branch": 0, "update": 61}, "expected a whole number up to 60"),
        ({"branch": 0, "update": -1}, "expected a whole number up to 60"),
        ({}, "was incomplete"),
    ):
        before = pg.run
        board.tell("branch", **command)
        assert sentence in board.header["notice"] and pg.run is before


def test_undo_takes_back_a_fork_a_name_and_a_deletion():
    board = forked()
    board.tell("rename", branch=1, name="<b>hot</b> *")
    assert listed(board)[1]["name"] == "<b>hot</b> *" and listed(board)[1]["is_named"]
    board.tell("rename", branch=1, name="a\nb")
    assert board.header["notice"].startswith("Name: expected") and listed(board)[1]["name"] == "<b>hot</b> *"
    board.show()
    board.tell("delete", branch=1)
    assert list(listed(board)) == [0] and board.show()[0]["update"] == 35
    board.tell("delete", branch=0)
    assert "only branch" in board.header["notice"] and list(listed(board)) == [0]
    for expected in (["as it began", "<b>hot</b> *"], ["as it began", "rate 0.1 from update 30"], ["as it began"]):
        board.tell("undo")
        board.show()
        assert [entry["name"] for entry in board.header["time"]["branches"]] == expected
    assert board.playground.shown == 30 and board.playground.furthest == 60
    board.tell("redo")
    assert [entry["furthest"] for entry in board.header["time"]["branches"]] == [60, 35]


def test_one_stroke_of_the_pen_in_the_past_is_one_fork_and_one_undo():
    board = trained(0)
    board.tell("draw", what="take")
    board.show()
    board.playground._stand_at(20)
    board.playground.goto(10)
    for x in (1.0, 2.0, 3.0):
        board.tell("draw", what="add", rows=[[x, 1.0, 0, 0]], stroke=4)
        board.show()
    assert [entry["name"] for entry in board.header["time"]["branches"]] == [
        "as it began",
        "other points from update 10",
    ]
    board.tell("undo")
    assert len(board.header["time"]["branches"]) == 1 and board.header["time"]["furthest"] == 20


def test_what_is_drawn_before_the_first_update_is_another_start_and_so_another_tree():
    board = trained(0)
    board.tell("draw", what="take")
    board.show()
    board.playground._stand_at(20)
    board.playground.goto(10)
    board.playground.apply(l2=0.5)
    board.playground.goto(0)
    board.ask()
    old = board.playground.forks
    board.show()
    board.tell("draw", what="add", rows=[[1.0, 1.0, 0, 0]])
    assert len(board.playground.forks.every) == 1 and board.playground.furthest == 0
    assert board.header["notice"] == (
        "Started anew with these points. The branches of this run went too; Undo brings all back."
    )
    assert alike(board.playground.run, board.playground.run.experiment.start())
    board.tell("undo")
    assert board.playground.forks == old and len(old.every) == 2


def test_the_ninth_branch_says_which_one_made_room():
    pg = trained(60).playground
    for number in range(8):
        pg.branch(0, number + 10)
        pg.apply(l1=(number + 1) / 100)
    assert len(pg.forks.every) == 8
    assert pg.notice == "The oldest branch, L1 0.01 from update 10, made room; Undo brings it back."
    pg.undo()
    assert [fork.at for fork in pg.forks.every] == [0, *range(10, 17)] and pg.notice == ""


def test_what_starts_a_new_run_begins_a_new_tree_and_undo_brings_the_old_one_back_whole():
    for change in ({"hidden": (2,)}, None):
        board = forked()
        old = board.playground.forks
        if change:
            board.playground.apply(**change)
        else:
            board.tell("reset")
        assert len(board.playground.forks.every) == 1 and board.playground.furthest == 0
        board.playground.undo()
        assert board.playground.forks == old
        board.ask()
        assert curves(board)[0][0][-1] == 60


def test_a_setting_that_a_task_locks_stays_locked_in_the_past():
    pg = Playground()
    start = sn.Experiment(**SMALL)
    task = Assignment("Learn.", Goal(), ("learning_rate",), (), start)
    pg.open(f"task={task.text}")
    pg._stand_at(30)
    pg.goto(10)
    assert not pg.apply(learning_rate=0.1) and "Locked by the task" in pg.notice and len(pg.forks.every) == 1
    assert pg.apply(l2=0.1) and len(pg.forks.every) == 2
    free = Playground(start)
    free._stand_at(30)
    free.goto(10)
    free.apply(learning_rate=0.1)
    free.goto(0)
    free.branch(0)
    other = Playground()
    other.open(f"{free.link}&task={task.text}")
    assert len(other.forks.every) == 1 and "left out" in other.notice
    free.open(f"{start.to_query()}&task={task.text}")  # by whom such a branch was made before there was a task
    assert len(free.forks.every) == 1 and free.assignment == task


def test_a_reload_and_another_server_give_back_the_tree_and_the_furthest_update_and_train_the_curves_at_rest():
    board = forked()
    board.tell("rename", branch=1, name="hot")
    board.tell("branch", branch=0, update=12)
    remember = board.header["remember"]
    for by_link in (False, True):
        other = Board(Playground())
        other.show()
        if by_link:
            other.playground.open(board.playground.link)
        else:
            other.tell("resume", update=12, playing=False, reloaded=True, **remember)
        while other.header["playing"] or other.playground.replay:
            other.show()
            other.ask()
        other.ask()
        assert other.show()[0]["update"] == 12 and other.playground.notice == ""
        before = [entry | {"points": 0} for entry in listed(board).values()]
        assert [entry | {"points": 0} for entry in listed(other).values()] == before
        assert other.header["time"]["furthest"] == 60
        for _ in range(5):
            other.ask(rest="maps")
            other.show()
        assert other.header["time"]["is_behind"] is False and other.shown == 12 == other.playground.run.update
        other.ask(rest="maps")
        rested(board)
        np.testing.assert_array_equal(other.arrays["future_update"], board.arrays["future_update"])
        np.testing.assert_array_equal(other.arrays["future_train"], board.arrays["future_train"])
        assert curves(other)[1][0] == curves(board)[1][0] == [30, 33, 35]
        np.testing.assert_array_equal(curves(other)[1][1], curves(board)[1][1])


@pytest.mark.parametrize(
    "given", [{"furthest": "x"}, {"furthest": -3}, {"furthest": 10**9}, {"forks": 7}, {"forks": None}]
)
def test_what_a_browser_remembers_wrongly_of_time_is_left_out(given):
    board = trained(20)
    other = Playground()
    other.resume(**(board.header["remember"] | {"update": 10, "playing": False, "reloaded": True} | given))
    other.train(10)
    assert other.shown == 10 and len(other.forks.every) == 1
    assert other.furthest == (20 if "forks" in given else 10)


def test_the_browsers_back_leads_to_the_branch_that_was_left_and_forward_to_the_other():
    board = forked()
    pg = board.playground
    second = pg.link
    pg.branch(0)
    first = sn.Experiment(**SMALL).to_query() + "&at=30"  # as it was before anything was forked
    pg.open(second)
    undo = pg.can_undo
    pg.open(first)
    assert pg.forks.present == 0 and pg.shown == 30 and pg.furthest == 60 and len(pg.forks.every) == 2
    pg.open(second)
    assert pg.forks.present == 1 and pg.shown == 35 and pg.can_undo == undo
    other = Playground()
    other.open(second)
    assert [fork.experiment for fork in other.forks.every] == [fork.experiment for fork in pg.forks.every]


def test_a_branch_on_a_board_costs_no_answer_while_nothing_of_it_changes(monkeypatch):
    board = forked()
    monkeypatch.setattr(Forks, "difference", lambda self, id: pytest.fail("asked again"))
    board.ask()
    board.tell("goto", update=32)
    assert len(listed(board)) == 2


def test_a_branch_whose_run_is_not_kept_any_more_is_trained_again_and_its_curve_is_whole(monkeypatch):
    monkeypatch.setattr("ui.play.kept.MOST_HISTORIES", 2)
    board = trained(60)
    pg = board.playground
    rates = [0.02 * k for k in range(1, 7)]
    for k, rate in enumerate(rates):
        pg.branch(0, 6 * k + 5)
        pg.apply(learning_rate=rate)
        pg.step("epoch")
        pg._stand_at(60)
    for k, rate in enumerate(rates):
        pg.branch(k + 1, 6 * k + 5)
        assert alike(pg.run, fresh(sn.Experiment(**SMALL).with_event(6 * k + 5, learning_rate=rate), 6 * k + 5))
        board.ask()
        board.show()
        for _ in range(3):
            board.ask(rest="maps")
            board.show()
        true = fresh(pg.run.experiment, 60).history
        np.testing.assert_array_equal(board.arrays["future_update"], true.update[true.update > pg.shown])
        np.testing.assert_array_equal(
            board.arrays["future_train"], true.train_loss[true.update > pg.shown].astype("f4")
        )


def test_where_a_run_diverged_nothing_lies_beyond():
    pg = Playground(sn.Experiment(dataset="plane", output="identity", loss="mse", hidden=(), optimizer="sgd"))
    pg.open(pg.run.experiment.replace(learning_rate=0.1).to_query() + "&at=100000&until=200000")
    while pg.playing:
        pg.train(1000)
    assert pg.run.status == "diverged" and pg.furthest == pg.shown == pg.run.update < 100_000 and not pg.is_behind
    last, why = pg.furthest, pg.words
    pg.goto(3)
    assert pg.run.status == "running" and "diverged" not in pg.words
    pg.goto(last)
    assert (pg.run.status, pg.words, pg.shown, pg.furthest) == ("diverged", why, last, last)
    ahead = Playground(pg.run.experiment)
    ahead.play()
    ahead.train(last + 5)
    ahead.sees(last - 2)  # of what failed beyond it nothing was seen
    ahead.goto(last - 2)
    assert (ahead.run.status, ahead.shown, ahead.furthest) == ("running", last - 2, last - 2)


def away(update=12):
    """A board by a link to the first of two branches: the losses beyond this update are still to be trained."""
    board = forked()
    board.tell("branch", branch=0, update=update)
    other = Board(Playground())
    other.playground.open(board.playground.link)
    other.ask()
    other.show()
    other.ask()
    assert other.playground.shown == update and other.playground.is_behind and other.tail == update
    return other


def test_losses_that_are_missing_are_trained_only_while_the_browser_says_that_it_rests():
    board = away()
    for more in ({}, {"rest": None}, {"rest": "maps", "generation": -5}):
        board.ask(**more)
        assert board.playground.is_behind and board.playground.run.been == 12
    for _ in range(4):
        board.ask(rest="maps")
        board.show()
    assert not board.playground.is_behind


def test_once_the_losses_ahead_are_trained_the_run_on_screen_has_them_where_it_stood():
    board = away()
    pg = board.playground
    before = pg.generation
    pg.catch_up(lambda: False)
    assert (pg.run.update, pg.shown, pg.run.been, pg.furthest) == (12, 12, 60, 60)
    assert alike(pg.run, fresh(pg.run.experiment, 12))
    assert pg.generation > before, "the browser asks for the curve anew"
    known = pg.run
    pg.catch_up(lambda: False)  # now the other branch: it is kept, and the picture stays
    assert pg.run is known and not pg.is_behind
    assert pg.future_of(pg.forks[1]).update.tolist() == [30, 33, 35]


def test_what_is_missing_is_trained_up_to_the_furthest_update_once_and_no_further(monkeypatch):
    pg, trained_ = away().playground, []
    advance = sn.Run.advance
    monkeypatch.setattr(
        sn.Run, "advance", lambda run, updates: trained_.append(updates) or advance(run, updates=updates)
    )
    pg.catch_up(lambda: True)  # others wait already
    assert not trained_ and pg.is_behind
    looks = iter([False, True])
    monkeypatch.setattr("ui.play.playground.LARGEST_SLICE", 20)
    pg.catch_up(lambda: next(looks))
    assert trained_ == [1] and pg.is_behind
    pg.catch_up(lambda: False)
    assert (sum(trained_), max(trained_) <= 20, pg.run.been) == (48, True, 60), "it goes on where it was"


def test_a_map_that_was_cleared_has_no_losses_ahead():
    board = trained(30)
    board.tell("draw", what="take")
    board.show()
    board.playground._stand_at(20)
    board.tell("goto", update=10)
    board.show()
    assert len(board.arrays["future_update"])
    board.tell("draw", what="clear")
    board.show()
    assert board.playground.is_empty and len(board.arrays["future_update"]) == 0
    other = Board(Playground())
    other.playground.open(f"{board.playground.link}&until=20")  # somebody has written this
    for _ in range(3):
        other.ask(rest="maps")
        other.show()
    assert other.playground.is_empty and other.playground.furthest == 0
    assert len(other.arrays["future_update"]) == 0


@pytest.mark.parametrize("way", ["link", "resume"])
@pytest.mark.parametrize("more", [{"until": "500"}, {"until": "500", "forks": "_0_500_500~~0_300"}])
def test_beyond_an_empty_map_nothing_is_trained_whoever_wrote_the_address(monkeypatch, way, more):
    board = trained(30)
    board.tell("draw", what="take")
    board.tell("draw", what="clear")
    empty = board.playground.link
    monkeypatch.setattr(sn.Run, "advance", lambda run, **_: pytest.fail("trained for nobody"))
    other = Board(Playground())
    if way == "link":
        other.playground.open(f"{empty}&{urlencode(more)}")
        assert other.playground.notice.count("beyond an empty map") == 1
    else:
        remembered = board.playground.remember | {"furthest": 500, "forks": more.get("forks", "")}
        other.playground.resume(**remembered, update=0, playing=False)
    for _ in range(3):
        other.ask(rest="maps")
        other.show()
    assert other.playground.is_empty and not other.playground.is_behind and other.playground.link == empty


def test_the_other_branches_at_hand_are_given_without_training_any(monkeypatch):
    board = forked()
    board.playground._kept.runs[0].approach(0)
    monkeypatch.setattr(sn.Run, "advance", lambda run, **_: pytest.fail("trained outside of a turn of the gate"))
    (found,) = board.playground.others_at_hand()
    assert found[0].id == 0 and found[1].been >= found[0].furthest


@pytest.mark.parametrize("others", [0, 9])
def test_missing_losses_take_no_longer_than_one_turn_which_is_shorter_the_more_visitors_play(monkeypatch, others):
    board, trained_ = away(), []
    advance = sn.Run.advance
    monkeypatch.setattr(
        sn.Run, "advance", lambda run, updates: trained_.append(updates) or advance(run, updates=updates)
    )
    monkeypatch.setattr("ui.play.playground.LARGEST_SLICE", 1)
    gate = Gate()
    for number in range(others):
        with gate.turn(f"visitor {number}"):
            pass
    clock = itertools.count(0, longest(1 + others) / 10)  # a tenth of the turn for each look at it
    board.read(board.conversation.answer(board.message(rest="maps"), gate, lambda: next(clock)))
    assert sum(trained_) == 10
    board.read(board.conversation.answer(board.message(rest="maps"), gate, lambda: next(clock), gives_up=lambda: True))
    assert sum(trained_) == 10, "who does something else is not kept waiting"


def test_every_answer_has_the_link_to_the_moment_also_while_it_plays_and_one_draws():
    board = trained(9)
    board.tell("draw", what="take")
    board.show()
    board.tell("play")
    board.show()
    for _ in range(2):
        board.ask()
        board.show()
        board.tell("draw", what="add", rows=[[0.5, 0.5, 1, 0]])
        board.show()
        there, ignored = moment.read(board.header["link"], SPEEDS)
        assert ignored == () and board.header["playing"]
        assert (there.experiment, there.update) == (board.playground.run.experiment, board.playground.shown)


class Curves(Board):
    """A board that keeps the past as the browser does: what came as the generation began, and what was played past."""

    kept: list

    def read(self, payload_bytes):
        super().read(payload_bytes)
        for name in ("history", "passed"):
            if f"{name}_update" in self.arrays:
                rows = zip(*(self.arrays[f"{name}_{part}"].tolist() for part in ("update", "train")), strict=True)
                known = self.kept if name == "passed" else []
                self.kept = known + [row for row in rows if not known or row[0] > known[-1][0]]

    def whole(self):
        """(update, loss) of all that is drawn of the present branch but the cursor's point."""
        ahead = zip(*(self.arrays[f"future_{part}"].tolist() for part in ("update", "train")), strict=True)
        return [*(row for row in self.kept if row[0] <= self.shown), *(row for row in ahead if row[0] > self.shown)]


@pytest.mark.parametrize("seed", range(3))
def test_the_curve_of_a_run_has_the_same_corners_however_one_came_there(seed):
    """Over drawn orders of playing, slowly or fast, going to and fro, forking, other branches, reloads."""
    draw = np.random.default_rng(seed)
    board = Curves(Playground(sn.Experiment(**SMALL)))
    board.playground._stand_at(500)  # 166 epochs, of which not all are rows
    board.ask()
    board.show()
    seen = 0
    for _ in range(9):
        pg, what = board.playground, draw.choice(["play", "play", "goto", "fork", "branch", "link"])
        if what == "play":
            board.tell("speed", name=str(draw.choice(["1u", "10e", "max"])))
            board.tell("play")
            for _ in range(draw.integers(1, 6)):
                board.show(int(draw.integers(len(board.frames))))
                board.ask()
            board.show()
            passed = [row for row in board.kept if row[0] <= board.shown]
            rows = fresh(pg.run.experiment, board.shown).at_hand
            assert [update for update, _ in passed] == rows.update.tolist(), "while it plays"
            seen = max(seen, len(passed))
            board.tell("pause")
        elif what == "goto":
            board.tell("goto", update=int(draw.integers(pg.furthest + 1)))
        elif what == "fork":
            pg.apply(learning_rate=float(draw.choice([0.003, 0.02, 0.1])), batch_size=int(draw.choice([5, 10, 20])))
        elif what == "branch":
            board.tell("branch", branch=int(draw.choice([fork.id for fork in pg.forks.every])))
        else:
            board, link = Curves(Playground()), pg.link
            board.playground.open(link)
        pg = board.playground
        board.ask()
        board.show()
        while board.header["playing"]:
            board.ask()
            board.show()
        rested(board)
        for _ in range(2):
            board.ask(rest="maps")
            board.show()
        for fork in pg.forks.every:
            if fork.id == pg.forks.present:
                ends = [fork.furthest] * (board.shown < fork.furthest)
                assert board.whole() == corners(fork.experiment, *ends, last=fork.furthest)
            else:
                true = corners(fork.experiment, fork.at, fork.furthest, last=fork.furthest)
                updates, losses = curves(board)[fork.id]
                assert list(zip(updates, losses.tolist(), strict=True)) == [row for row in true if row[0] >= fork.at]
    assert seen > 3


def test_the_page_runs_for_a_change_of_settings_that_is_played_past_and_not_for_one_that_is_jumped_over():
    pg = Playground(sn.Experiment(**SMALL))
    pg.reach(20)
    pg.apply(learning_rate=0.3)
    pg.reach(40)
    pg.goto(10)
    pg.page_runs()
    pg.goto(30)
    assert not pg.page_is_stale()
    pg.goto(10)
    pg.play()
    pg.train(20)
    pg.sees(30)
    assert pg.page_is_stale()


@pytest.mark.parametrize("changes", [{"learning_rate": 0.1}, {"batch_size": 4}, {"l2": 0.1}])
def test_a_branch_that_is_shorter_than_an_epoch_is_drawn_from_where_it_left_to_its_end(changes):
    board = trained(61)
    pg = board.playground
    pg.goto(40)
    pg.apply(**changes)
    pg.step()
    short = pg.run.experiment
    board.ask()
    board.show()
    board.tell("branch", branch=0, update=50)
    board.show()
    rested(board)
    known = [(update, fresh(short, update)) for update in (40, 41)]
    others = {name: board.arrays[f"branches_{name}"].tolist() for name in ("update", "passes", "multiplications")}
    assert others["update"] == [update for update, _ in known]
    assert others["passes"] == [run.passes for _, run in known] and others["passes"][0] == 13 + 1 / 3
    assert others["multiplications"] == [run.multiplications for _, run in known]
    for part in ("train", "test"):
        true = [np.float32(getattr(run.evaluate(), f"{part}_loss")) for _, run in known]
        assert board.arrays[f"branches_{part}"].tolist() == true
    # And the future of the one on screen goes on to the furthest update, which ends no epoch.
    last = fresh(sn.Experiment(**SMALL), 61)
    assert board.arrays["future_update"].tolist() == [51, 54, 57, 60, 61]
    assert board.arrays["future_train"][-1] == np.float32(last.evaluate().train_loss)
    assert board.arrays["future_passes"][-1] == last.passes == 20 + 1 / 3


def test_a_branch_that_begins_with_weights_set_by_hand_begins_at_its_own_loss():
    board = trained(61)
    pg = board.playground
    pg.goto(40)
    pg.edit(0, 1, None, 3.0)
    edited, before = pg.run.experiment, fresh(sn.Experiment(**SMALL), 40).evaluate().train_loss
    board.ask()
    board.show()
    board.tell("branch", branch=0)
    board.show()
    rested(board)
    own = fresh(edited, 40).evaluate().train_loss
    assert own != before and curves(board)[1][1].tolist() == [np.float32(own)]


def test_what_a_curve_lacks_at_its_ends_is_trained_once_and_from_the_nearest_checkpoint(monkeypatch):
    board, trained_ = trained(2000), []
    advance = sn.Run.advance
    pg = board.playground
    pg.goto(1003)
    rested(board)
    monkeypatch.setattr(
        sn.Run, "advance", lambda run, updates: trained_.append(updates) or advance(run, updates=updates)
    )
    for rate in (0.1, 0.3):
        pg.goto(1003)
        trained_.clear()
        pg.apply(learning_rate=rate)
        board.ask()
        board.show()
        board.tell("branch", branch=0)
        board.show()
        rested(board)
        assert sum(trained_) < 100, "of 2,000 updates and of 1,003"
        trained_.clear()
        rested(board)
        assert trained_ == []
    assert len(pg.forks.every) == 3 and not pg.lacks_losses


def test_of_a_branch_that_diverged_the_curve_ends_at_its_last_numbers():
    board = trained(61, optimizer="sgd", activation="relu")
    pg = board.playground
    pg.goto(40)
    pg.apply(learning_rate=1e6)
    pg.reach(61)
    assert pg.run.status == "diverged" and 40 <= pg.furthest < 61
    wild, last = pg.run.experiment, pg.furthest
    board.ask()
    board.show()
    board.tell("branch", branch=0)
    board.show()
    rested(board)
    updates, losses = curves(board)[1]
    assert updates[-1] == last and losses[-1] == np.float32(fresh(wild, last).evaluate().train_loss)
