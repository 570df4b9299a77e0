"""Runs and losses that are kept beside the one on screen: the last ones, as many as memory has room for."""

import numpy as np

import scratchnet as sn
from ui.play import kept as module
from ui.play.kept import Kept
from ui.undo import MOST_BYTES

SMALL = sn.Experiment(samples=20, hidden=(2,), batch_size=5)


def left(experiment, updates=5):
    run = experiment.start()
    run.advance(updates=updates)
    return run


def keep(experiments, updates=5):
    kept = Kept()
    for experiment in experiments:
        kept.keep(left(experiment, updates))
    return kept


def tables(count, rows=15_000):
    x, names = np.random.default_rng(0).normal(0, 1, (rows, 40)), tuple(f"column {k}" for k in range(40))
    base = sn.Experiment(
        dataset=sn.Points("table", x, (x[:, 0] > 0).astype(int), names, classes=("no", "yes")),
        features=("x1", "x2"),
        hidden=(2,),
        batch_size=1000,
    )
    for number in range(count):
        points = sn.Points(f"table {number}", x + number, base.dataset.y, names, classes=("no", "yes"))
        yield base.replace(dataset=points)


def test_of_large_tables_the_last_few_are_kept_with_their_losses_and_only_the_last_one_with_its_run():
    every = list(tables(9))
    kept = keep(every, updates=1)
    assert [run.experiment for run in kept.runs] == every[-1:]  # about four copies of 4.8 MB each
    room = MOST_BYTES // every[0].dataset.x.nbytes
    assert [kept.been(experiment) for experiment in every] == [0] * (9 - room) + [1] * room


def test_branches_of_one_large_table_hold_it_once_and_are_all_kept():
    (start,) = tables(1, rows=20_000)  # its copies alone take more than there is room for
    every = [start.replace(learning_rate=rate) for rate in (0.01, 0.02, 0.03, 0.04)]
    kept = keep(every, updates=1)
    assert [run.experiment for run in kept.runs] == every[1:]
    assert [kept.been(experiment) for experiment in every] == [1] * 4


def test_of_runs_the_last_three_are_kept_and_fewer_where_their_checkpoints_are_large(monkeypatch):
    every = [SMALL.replace(init_seed=seed) for seed in range(5)]
    kept = keep(every)
    assert [run.experiment for run in kept.runs] == every[-3:]
    again = keep([*every[:3], every[0], every[3]])
    assert [run.experiment for run in again.runs] == [every[2], every[0], every[3]]
    monkeypatch.setattr(module, "MOST_RUN_BYTES", int(2.5 * sum(one.nbytes for one in kept.runs[0]._checkpoints)))
    assert [run.experiment for run in keep(every).runs] == every[-2:]


def test_losses_of_the_last_24_runs_are_known_also_of_one_that_comes_again():
    every = [SMALL.replace(init_seed=seed) for seed in range(30)]
    kept = keep([*every[:24], every[0], *every[24:]])
    known = [number for number in range(30) if kept.been(every[number])]
    assert known == [0, *range(7, 30)]
    assert kept.been(every[1]) == 0 and not len(kept.curve(every[1], 0, 100).update)
    assert kept.curve(every[0], 0, 100).update.tolist() == left(every[0]).history.update.tolist()


def test_what_is_known_of_a_run_is_its_furthest_visit():
    kept = keep([SMALL], updates=20)
    kept.keep(left(SMALL, 10))
    assert kept.been(SMALL) == 20 and kept.curve(SMALL, 0, 100).update[-1] == 20


def test_of_a_run_the_last_four_updates_are_known_that_end_no_epoch_and_stand_where_the_curve_begins_and_ends():
    run = left(SMALL, 22)
    kept = Kept()
    kept.keep(run)
    losses = {}
    for update in (2, 3, 5, 9, 13):
        run.goto(update)
        losses[update] = run.evaluate().train_loss
        kept.keep_point(SMALL, update, run.row)
    assert [kept.has_point(SMALL, update) for update in (2, 3, 5, 9, 13)] == [False, True, True, True, True]
    curve = kept.curve(SMALL, 3, 13)
    assert curve.update.tolist() == [3, *(end for end in left(SMALL, 22).history.update.tolist() if 3 < end < 13), 13]
    assert [curve.train_loss[0], curve.train_loss[-1]] == [losses[3], losses[13]]
    assert 9 not in curve.update, "of an update in between it would be a corner that others do not have"


def test_what_branches_have_in_common_counts_once_for_the_room_that_runs_have(monkeypatch):
    first = left(SMALL, 40)
    second = first.fork()
    second.change(learning_rate=0.2)
    third = first.fork()
    third.change(learning_rate=0.3)
    monkeypatch.setattr(module, "MOST_RUN_BYTES", int(1.5 * sum(moment.nbytes for moment in first._checkpoints)))
    kept = Kept()
    for run in (first, second, third):
        kept.keep(run)
    assert [run.experiment for run in kept.runs] == [first.experiment, second.experiment, third.experiment]
