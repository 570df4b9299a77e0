"""A run's own bookkeeping: where its epochs end, which of them it remembers, what it can still compute with."""

from itertools import pairwise

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.run import in_history, is_usable


def small(**changes):
    """25 training points in mini-batches of 10, 10 and 5: three updates an epoch."""
    given = {"dataset": "xor", "samples": 50, "hidden": (3,), "batch_size": 10}
    return sn.Experiment(**(given | changes)).start()


def test_a_theta_is_usable_up_to_the_length_of_1e8_and_not_beyond():
    assert is_usable(np.array([6e7, -8e7])) and is_usable(np.array([0.0, 1e8]))
    assert not is_usable(np.array([0.0, np.nextafter(1e8, np.inf)]))
    with np.errstate(all="ignore"):
        assert not is_usable(np.array([0.0, np.nan])) and not is_usable(np.array([np.inf, 0.0]))


def test_every_epoch_up_to_128_is_remembered_then_64_for_each_doubling():
    for epoch in range(5000):
        step = 1
        while epoch > 128 * step:
            step *= 2
        assert in_history(epoch) == (epoch % step == 0), epoch


@pytest.mark.parametrize("batch_size", [1, 7, 10, 25, 100])
def test_the_end_of_an_epoch_is_where_training_arrives_also_when_events_change_the_batch_on_the_way(batch_size):
    run = small(batch_size=batch_size)
    run.change(learning_rate=0.02)
    for update, changed in ((2, 4), (5, 3), (9, 30)):
        run.advance(updates=update - run.update)
        run.change(batch_size=changed)
    experiment = run.experiment
    for start in range(12):
        run = experiment.start()
        run.advance(updates=start)
        told, epoch = run.epoch_end(), run.epoch
        run.advance(epochs=1)
        assert (told, run.epoch) == (run.update, epoch + 1)


def test_the_next_batch_is_the_one_that_the_next_update_takes():
    for run in (small(), small(shuffle=False)):
        for _ in range(7):
            rows = run.next_batch()
            step = run.step()
            np.testing.assert_array_equal(step.forward.x, run.x_train[rows])
            np.testing.assert_array_equal(step.y, run.y_train[rows])


def test_nobody_can_write_into_the_samples_of_a_run():
    run = small()
    for array in (run.x_train, run.x_test, run.y_train, run.y_test, run.network.theta, run.step().after.theta):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 7.0
    run.advance(updates=5)
    with pytest.raises(ValueError, match="read-only"):
        run.network.theta[...] = 7.0
    run.edit(0, 0, 0, 0.5)
    with pytest.raises(ValueError, match="read-only"):
        run.network.theta[...] = 7.0


def test_the_history_shows_what_is_behind_and_the_last_epoch_end():
    run = small()
    run.advance(updates=7)
    assert run.history.epoch.tolist() == [0, 1, 2] and run.history.update.tolist() == [0, 3, 6]
    run.goto(4)
    assert run.history.epoch.tolist() == [0, 1] and run.history.update.tolist() == [0, 3]
    run.goto(3)
    assert run.history.epoch.tolist() == [0, 1]
    run.advance(epochs=130)
    assert run.history.multiplications.tolist() == [21 * 25 * epoch for epoch in run.history.epoch.tolist()]
    assert run.history.epoch.tolist() == [*range(129), 130, 131], "epoch 129 has gone, and 131 is where it stands"


def points(count):
    """Drawn points, every third one for testing."""
    random = np.random.default_rng(0)
    x, y, parts = random.uniform(-6, 6, (count, 2)).round(2), np.arange(count) % 2, np.arange(count) % 3 // 2 * 2
    return sn.Points("drawn", x, y, ("x1", "x2"), "class", ("a", "b"), (), parts, ((-6.0, 6.0),) * 2)


@pytest.mark.parametrize("how", ["one batch size", "batches changed on the way", "points drawn and erased"])
def test_samples_passes_and_multiplications_are_counted_batch_by_batch_whatever_changes_on_the_way(how):
    run = small(dataset=points(30), batch_size=4)  # 20 training points
    # Forward 2 x 3 + 3 x 1, back to the gradient as many, and back through the second layer 3 x 1.
    each, used, counted, ended = 9 + 9 + 3, 0, {0: 0}, {0: 0}
    for update in range(24):
        if how == "batches changed on the way" and update in (2, 7):
            run.change(batch_size={2: 7, 7: 50}[update])
        if how == "points drawn and erased" and update in (3, 8):
            run.draw(points(30 if update == 8 else 45))
        used += len(run.next_batch())
        run.step()
        counted[run.update] = used
        ended.setdefault(run.epoch, run.update)
    assert len(ended) > 3, "the test needs some epochs"
    at_once = run.experiment.start()
    at_once.advance(updates=24)
    for run, at in [(at_once, 24), *((run, at) for at in (24, 0, 11, 3, 24))]:  # also where one goes back
        run.goto(at)
        assert (run.samples_used, run.multiplications) == (counted[at], each * counted[at])
        history, rows = run.history, len(run.x_train)
        assert history.multiplications.tolist() == [each * counted[update] for update in history.update.tolist()]
        begun = counted[ended[run.epoch]]
        if how != "points drawn and erased":
            assert run.passes == run.epoch + (counted[at] - begun) / rows
    assert run.at_hand.multiplications.tolist() == [each * counted[update] for update in run.at_hand.update.tolist()]
    assert [ended[epoch] for epoch in run.history.epoch.tolist()] == run.history.update.tolist()


def test_an_edit_at_an_epoch_end_is_the_epoch_end_that_the_history_shows_and_one_in_between_is_not():
    run = small()
    run.advance(epochs=1)
    before = run.history.train_loss[-1]
    run.edit(1, 0, None, 3.0)
    assert run.history.train_loss[-1] == run.evaluate().train_loss != before
    run.advance(updates=1)
    shown = run.history.train_loss[-1]
    run.edit(1, 0, None, -3.0)
    assert run.history.train_loss[-1] == shown != run.evaluate().train_loss


def test_a_status_is_ready_running_or_stopped_and_an_update_takes_the_stop_away():
    run = small()
    assert (run.status, run.reason) == ("ready", "")
    run.stop("enough")
    assert (run.status, run.reason) == ("stopped", "enough")
    run.advance(updates=1)
    assert (run.status, run.reason) == ("running", "")
    run.stop("enough")
    run.step()
    assert (run.status, run.reason) == ("running", "")
    run.goto(0)
    assert (run.status, run.reason) == ("ready", "")


def test_a_diverged_run_stays_diverged_when_it_is_told_to_stop():
    run = small(optimizer="sgd", learning_rate=1e9, output="identity", loss="mse")
    run.advance(epochs=5)
    assert run.status == "diverged" and run.reason.startswith(f"Update {run.update + 1:,} made")
    reason = run.reason
    run.stop("enough")
    assert (run.status, run.reason) == ("diverged", reason)
    assert run.step() is None


@pytest.mark.parametrize("wrong", [-1, 1.0, True, "3", None])
def test_what_is_no_number_of_updates_is_refused(wrong):
    run = small()
    for go in (lambda: run.advance(updates=wrong), lambda: run.advance(epochs=wrong), lambda: run.goto(wrong)):
        with pytest.raises(ValueError, match=r"advance needs|goto needs"):
            go()
    with pytest.raises(ValueError, match="one of the two"):
        run.advance(updates=1, epochs=1)
    run.advance(updates=0)
    run.advance(updates=np.int64(2))
    assert run.update == 2


def test_an_edit_at_an_epoch_end_that_is_not_remembered_is_shown_while_it_is_the_last_one():
    run = small(hidden=(1,))
    run.advance(epochs=129)
    before = run.history.train_loss[-1]
    run.edit(1, 0, None, 3.0)
    assert run.history.epoch[-1] == 129 and run.history.train_loss[-1] == run.evaluate().train_loss != before
    shown = run.history.train_loss[-1]
    run.advance(updates=1)
    run.edit(1, 0, None, -3.0)
    assert run.history.train_loss[-1] == shown != run.evaluate().train_loss


def test_the_r2_of_targets_that_do_not_vary_is_no_number():
    run = small(dataset="sine", features=("x1",), samples=2, output="identity", loss="mse")
    assert len(run.y_train) == len(run.y_test) == 1
    assert np.isnan([run.evaluate().train_score, run.evaluate().test_score]).all()
    run = small(dataset="sine", features=("x1",), samples=20, output="identity", loss="mse")
    assert np.isfinite([run.evaluate().train_score, run.evaluate().test_score]).all()


def test_checkpoints_are_moments_of_the_runs_own_way_up_to_now_and_of_bounded_number():
    run = sn.Experiment(dataset="xor", samples=60, batch_size=3).start()
    run.advance(updates=3000)
    run.goto(1400)
    updates = [update for update, _ in run.checkpoints]
    assert updates[0] == 0 and updates == sorted(set(updates)) and 64 <= len(updates) <= 256
    assert max(updates) <= 1400 < max(updates) + 2 * max(later - one for one, later in pairwise(updates))
    plain = sn.Experiment(dataset="xor", samples=60, batch_size=3).start()
    for update, theta in run.checkpoints:
        plain.advance(updates=update - plain.update)
        assert (theta == plain.network.theta).all()
