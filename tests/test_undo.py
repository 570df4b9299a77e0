"""Undo remembers many places, and of large tables only as many as memory has room for."""

import numpy as np

import scratchnet as sn
from ui.play.playground import Playground
from ui.undo import MOST_BYTES


def test_of_large_tables_undo_keeps_the_last_few_and_of_others_a_hundred():
    x = np.random.default_rng(0).normal(0, 1, (15_000, 40))
    playground = Playground(sn.Experiment(samples=20, hidden=(2,)))
    for number in range(12):
        points = sn.Points(f"table {number}", x + number, (x[:, 0] > 0).astype(int), names(40), classes=("no", "yes"))
        assert playground.apply(dataset=points, hidden=(2,))
    backs = 0
    while playground.can_undo:
        playground.undo()
        backs += 1
    assert 1 <= backs <= MOST_BYTES // x.nbytes + 1
    small = Playground(sn.Experiment(samples=20, hidden=(2,)))
    for number in range(60):
        small.apply(init_seed=number + 1)
    for _ in range(60):
        assert small.can_undo
        small.undo()
    assert small.run.experiment.init_seed == 0


def names(count):
    return tuple(f"column {k}" for k in range(count))
