"""Full batch: every place of the way is that of single updates, and its loss is the loss there."""

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.full_batch import loss_plane, walk
from scratchnet.gradient_check import total_loss
from scratchnet.schedules import StepDecay

X = np.array([[0.5, -0.2], [0.1, 0.8], [-0.4, 0.2], [0.9, -0.7]])
Y = np.array([[1.0], [0.0], [1.0], [1.0]])


@pytest.mark.parametrize("name", sn.OPTIMIZERS)
def test_a_way_is_one_single_update_after_the_other(name):
    net, trainer = sn.Network.build((2, 3, 1), rng=1), sn.Trainer(loss="bce", optimizer=sn.OPTIMIZERS[name]())
    way, state = walk(net, trainer, X, Y, 12), None
    assert way.is_whole and way.updates == 12 and len(way.theta) == 13
    for number in range(12):
        np.testing.assert_array_equal(way.theta[number], net.theta)
        assert way.loss[number] == pytest.approx(total_loss(net, X, Y, "bce"), rel=1e-14)
        step = trainer.step(net, X, Y, state, number)
        net, state = step.after, step.optimizer_after
    np.testing.assert_array_equal(way.theta[12], net.theta)
    assert way.loss[12] == pytest.approx(total_loss(net, X, Y, "bce"), rel=1e-14)


def test_a_way_ends_before_its_numbers_do():
    net = sn.Network.from_arrays([[[1.0, 1.0]]], [[0.0]], ["identity"])
    way = walk(net, sn.Trainer(loss="mse", optimizer=sn.SGD(50.0)), X, Y, 500)
    assert not way.is_whole and 2 < way.updates < 500
    assert len(way.theta) == len(way.loss) and np.isfinite(way.theta).all() and np.isfinite(way.loss).all()
    for theta, loss in zip(way.theta, way.loss, strict=True):
        assert loss == pytest.approx(total_loss(net.replace(theta), X, Y, "mse"), rel=1e-12)


def test_a_way_is_whole_up_to_its_last_usable_place_and_not_with_one_update_more():
    net, trainer = sn.Network.from_arrays([[[1.0, 1.0]]], [[0.0]], ["identity"]), sn.Trainer("mse", sn.SGD(50.0))
    most = walk(net, trainer, X, Y, 500).updates
    for updates, is_whole in ((most, True), (most + 1, False)):
        way = walk(net, trainer, X, Y, updates)
        assert (way.updates, way.is_whole) == (most, is_whole)


def test_a_schedule_sees_the_number_of_each_update():
    net = sn.Network.from_arrays([[[1.0]]], [[0.0]], ["identity"])
    trainer = sn.Trainer("mse", sn.SGD(0.1), schedule=StepDecay(step_size=2, gamma=0.5))
    way = walk(net, trainer, [[1.0]], [[0.0]], 6)  # d loss / d w = d loss / d b = 2 (w + b)
    w, b = 1.0, 0.0
    for number in range(6):
        rate = 0.1 * 0.5 ** (number // 2)
        w, b = w - rate * 2 * (w + b), b - rate * 2 * (w + b)
        assert way.theta[number + 1] == pytest.approx([w, b], rel=1e-12)


def test_nobody_can_change_a_way():
    way = walk(sn.Network.build((2, 1), rng=0), sn.Trainer(), X, Y, 3)
    for array in (way.theta, way.loss):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0


def test_a_plane_has_the_loss_of_every_pair_first_across_and_second_up():
    x, y = [0.5, -1.0, 2.0], [1.0, 0.0, 0.5]
    net = sn.Network.from_arrays([[[1.0]]], [[0.0]], ["identity"])
    plane = loss_plane(net, np.array(x)[:, None], np.array(y)[:, None], "mse", np.array([-1.0, 2.0]), np.arange(3.0))
    assert plane.shape == (3, 2)
    for i, b in enumerate((0.0, 1.0, 2.0)):
        for j, w in enumerate((-1.0, 2.0)):
            assert plane[i, j] == pytest.approx(sum((w * a + b - t) ** 2 for a, t in zip(x, y, strict=True)) / 3)


def test_a_plane_leaves_all_but_the_first_two_parameters_as_they_are():
    x, y = [(0.5, 2.0), (-1.0, 0.25)], [1.0, -0.5]
    net = sn.Network.from_arrays([[[1.0, 1.0]]], [[0.75]], ["identity"])
    plane = loss_plane(net, np.array(x), np.array(y)[:, None], "mse", np.array([-1.0, 2.0]), np.arange(3.0))
    for i, v in enumerate((0.0, 1.0, 2.0)):
        for j, w in enumerate((-1.0, 2.0)):
            assert plane[i, j] == pytest.approx(
                sum((w * a + v * b + 0.75 - t) ** 2 for (a, b), t in zip(x, y, strict=True)) / 2
            )
