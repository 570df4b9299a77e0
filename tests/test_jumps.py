"""Where the training loss rose, against losses whose jumps are seen with the eye."""

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.jumps import jumps

FALLING = [1.0, 0.8, 0.6, 0.5, 0.4, 0.35, 0.3, 0.28]


def of(*losses: float) -> tuple[int, ...]:
    return jumps(10 * np.arange(len(losses)), np.array(losses))


@pytest.mark.parametrize(
    ("losses", "found"),
    [
        ((), ()),
        ((1.0,), ()),
        (FALLING, ()),
        ((*FALLING, 0.41), ()),  # less than half more than 0.28
        ((*FALLING, 0.43), (80,)),
        ((*FALLING, 0.9, 0.8, 0.7, 0.6), (80,)),  # it is high until it has fallen: one jump
        ((*FALLING, 0.9, 0.25, 0.9), (80, 100)),
        ((1.0, 1.6, 0.1), (10,)),
        ((0.1, 0.4, 0.41, 0.42, 0.43, 0.44, 0.45), (10,)),
        ((0.1, 0.14, 0.14, 0.14, 0.14, 0.14, 0.2), ()),  # what was six rows before is forgotten
        ((0.1, 0.12, 0.14, 0.17, 0.2, 0.24), (30,)),  # slowly, but within five rows by more than half
        ((0.0, 0.0, 1e-9), (20,)),
        ((0.5, np.inf, 0.5), (10,)),
        ((0.5, np.nan, 0.5), (10,)),
        ((np.inf, np.inf), ()),
    ],
)
def test_a_jump_is_where_the_loss_begins_to_be_half_more_than_the_smallest_of_five_before(losses, found):
    assert of(*losses) == found


def test_of_many_jumps_the_highest_are_told_in_their_order():
    losses, peaks = [], [2, 9, 3, 8, 4, 7, 5, 6]
    for peak in peaks:
        losses += [0.1, float(peak)]
    highest = sorted(sorted(range(8), key=lambda i: -peaks[i])[:5])
    assert of(*losses) == tuple(10 * (2 * i + 1) for i in highest)


def test_the_highest_jumps_are_those_to_the_largest_multiple_of_what_was_before():
    losses = []
    for base, times in ((10.0, 1.6), (1.0, 2.0), (0.1, 3.0), (0.01, 4.0), (1e-3, 5.0), (1e-4, 6.0)):
        losses += [base] * 6 + [base * times]
    assert of(*losses) == tuple(10 * (7 * i + 6) for i in range(1, 6))


def test_a_run_whose_rate_is_raised_far_too_high_jumps_there_and_a_calm_one_does_not():
    experiment = sn.Experiment(dataset="circle", noise=0.0, batch_size=1000, learning_rate=0.01)
    run = experiment.start()
    run.advance(epochs=60)
    assert jumps(run.history.update, run.history.train_loss) == ()
    at = run.update
    run.change(learning_rate=3.0)
    run.advance(epochs=10)
    first, *_ = jumps(run.history.update, run.history.train_loss)
    assert at < first <= at + 10 * run.updates_per_epoch
