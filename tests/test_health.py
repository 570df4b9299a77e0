"""Health: what is measured of a run is what plain loops and small differences make of the same moments."""

import dataclasses
import math
import statistics
from itertools import pairwise

import numpy as np
import pytest

import scratchnet as sn
from scratchnet import health as health_module
from scratchnet.health import ENOUGH_MOMENTS, MOST_MOMENTS, MOST_ROWS, health_of, moments_of

CASES = {
    "three layers, six classes": sn.Experiment(
        dataset="six_blobs",
        samples=60,
        noise=0.2,
        hidden=(5, 4),
        activation=("tanh", "sigmoid"),
        output="softmax",
        loss="cross_entropy",
        optimizer="sgd",
        optimizer_settings={"momentum": 0.9},
        learning_rate=0.3,
        batch_size=7,
        l2=0.01,
    ),
    "relu and elu, a regression": sn.Experiment(
        dataset="multi_gaussian",
        samples=50,
        hidden=(6, 3),
        activation=("relu", "elu"),
        output="identity",
        loss="mse",
        learning_rate=0.3,
        batch_size=8,
    ),
    "two outputs ends, no hidden layer": sn.Experiment(dataset="moons", samples=40, hidden=(), batch_size=6, l1=0.01),
}
CURVES = {
    "tanh": (math.tanh, lambda z: 1 - math.tanh(z) ** 2, 1.0),
    "sigmoid": (
        lambda z: 1 / (1 + math.exp(-z)),
        lambda z: math.exp(-z) / (1 + math.exp(-z)) ** 2,
        0.25,
    ),
    "relu": (lambda z: max(z, 0.0), lambda z: 1.0 if z > 0 else 0.0, 1.0),
    "elu": (lambda z: z if z > 0 else math.exp(z) - 1, lambda z: 1.0 if z > 0 else math.exp(z), 1.0),
    "identity": (lambda z: z, lambda z: 1.0, 1.0),
}


def layers_by_hand(net, theta, x):
    """Of each layer (z, a), lists of rows, from a flat theta, by plain loops."""
    place, a, found = 0, [list(map(float, row)) for row in x], []
    for name, inputs, units in zip(net.activations, net.sizes, net.sizes[1:], strict=False):
        weights = [[float(theta[place + unit * inputs + i]) for i in range(inputs)] for unit in range(units)]
        place += units * inputs
        biases = [float(theta[place + unit]) for unit in range(units)]
        place += units
        z = [[sum(w * v for w, v in zip(weights[u], row, strict=True)) + biases[u] for u in range(units)] for row in a]
        if name == "softmax":
            a = [[math.exp(v - max(row)) / sum(math.exp(u - max(row)) for u in row) for v in row] for row in z]
        else:
            a = [[CURVES[name][0](v) for v in row] for row in z]
        found.append((z, a))
    return found


def loss_by_hand(net, experiment, theta, x, y):
    output = layers_by_hand(net, theta, x)[-1][1]
    total = 0.0
    for row, target in zip(output, y.tolist(), strict=True):
        if experiment.loss == "cross_entropy":
            total -= sum(t * math.log(p) for t, p in zip(target, row, strict=True))
        elif experiment.loss == "bce":
            total -= target[0] * math.log(row[0]) + (1 - target[0]) * math.log(1 - row[0])
        else:
            total += (target[0] - row[0]) ** 2
    place, penalty = 0, 0.0
    for inputs, units in pairwise(net.sizes):
        for value in theta[place : place + inputs * units]:
            penalty += experiment.l1 * abs(value) + experiment.l2 / 2 * value**2
        place += (inputs + 1) * units
    return total / len(output) + penalty


def layer_slices(sizes):
    """Of each layer where its weights and where all its parameters lie in theta."""
    place, found = 0, []
    for inputs, units in pairwise(sizes):
        found.append((slice(place, place + inputs * units), slice(place, place + (inputs + 1) * units)))
        place += (inputs + 1) * units
    return found


@pytest.mark.parametrize("experiment", CASES.values(), ids=list(CASES))
def test_what_is_measured_at_each_moment_is_what_plain_loops_and_small_differences_say(experiment):
    run = experiment.start()
    for _ in range(9):
        run.advance(updates=2)
    health = health_of(run)
    assert health.update.tolist()[0] == 0 and health.update.tolist()[-1] == 18
    assert len(health.update) > 5
    for moment in (0, len(health.update) // 2, len(health.update) - 1):
        there = experiment.start()
        there.goto(int(health.update[moment]))
        net, theta = there.network, there.network.theta
        slope = np.zeros(len(theta))
        for i in range(len(theta)):
            sides = []
            for h in (1e-6, -1e-6):
                other = theta.copy()
                other[i] += h
                sides.append(loss_by_hand(net, experiment, other, there.x_train, there.y_train))
            slope[i] = (sides[0] - sides[1]) / 2e-6
        before, after = theta, there.step().after.theta
        for layer, (weights, both) in enumerate(layer_slices(net.sizes)):
            length = math.sqrt(sum(value**2 for value in slope[both].tolist()))
            assert health.gradient[moment, layer] == pytest.approx(length, rel=1e-5, abs=1e-8)
            moved = math.sqrt(sum((after[weights] - before[weights]) ** 2))
            size = math.sqrt(sum(before[weights] ** 2))
            assert health.ratio[moment, layer] == pytest.approx(moved / size, rel=1e-9)
        for layer, (z, a) in enumerate(layers_by_hand(net, theta, there.x_train)):
            numbers = [value for row in a for value in row]
            assert health.spread[moment, layer] == pytest.approx(statistics.pstdev(numbers), rel=1e-9)
            if layer == len(net.sizes) - 2:
                continue
            _, derivative, steepest = CURVES[net.activations[layer]]
            for unit in range(net.sizes[layer + 1]):
                is_flat = [abs(derivative(row[unit])) <= steepest / 20 for row in z]
                assert health.flat[layer][moment, unit] == pytest.approx(sum(is_flat) / len(z))
                varies = statistics.pstdev(row[unit] for row in a)
                assert health.varies[layer][moment, unit] == pytest.approx(varies, rel=1e-9, abs=1e-12)
                if moment == len(health.update) - 1:
                    assert health.flat_points[layer][:, unit].tolist() == is_flat
    assert len(health.flat) == len(health.varies) == len(experiment.hidden)


def test_of_the_cases_above_some_units_are_flat_at_some_points_and_others_are_not():
    shares = []
    for experiment in CASES.values():
        run = experiment.start()
        run.advance(updates=18)
        shares += [flat[-1].mean() for flat in health_of(run).flat]
    assert min(shares) < 0.05 and max(shares) > 0.1


def test_identity_and_leaky_relu_are_never_flat():
    for activation in ("identity", "leaky_relu"):
        run = sn.Experiment(samples=40, hidden=(3,), activation=activation).start()
        assert not health_of(run).flat[0].any()


def test_the_run_stays_as_it_is_and_what_was_measured_cannot_be_changed():
    run = sn.Experiment(samples=60, hidden=(4,)).start()
    run.advance(epochs=30)
    theta, state, history, at_hand = run.network.theta, run.optimizer_state, run.history, len(run.checkpoints)
    health = health_of(run)
    assert run.update == 90 and run.epoch == 30 and run.status == "running" and len(run.checkpoints) == at_hand
    assert np.array_equal(run.network.theta, theta) and run.optimizer_state is state
    assert np.array_equal(run.history.train_loss, history.train_loss)
    for array in (health.update, health.gradient, health.ratio, health.spread, *health.flat, *health.flat_points):
        assert not array.flags.writeable


def test_a_run_is_looked_at_alike_however_it_was_watched_on_its_way():
    experiment = sn.Experiment(samples=100, hidden=(3,), events=((40, {"learning_rate": 0.1}),))
    at_once, in_steps, in_frames = experiment.start(), experiment.start(), experiment.start()
    at_once.advance(updates=907)
    for _ in range(907):
        in_steps.step()
    for updates in [1, 2, 4, 8, 16, 32, 64] * 7 + [18]:
        in_frames.advance(updates=updates)
    assert [update for update, _ in at_once.checkpoints] != [update for update, _ in in_frames.checkpoints]
    first, *others = (health_of(run) for run in (at_once, in_steps, in_frames))
    assert first.is_even and len(first.update) == MOST_MOMENTS
    assert first.update[0] == 0 and first.update[-1] == 907 and set(np.diff(first.update)) == {14, 15}
    for other in others:
        for name in ("update", "gradient", "ratio", "spread"):
            assert np.array_equal(getattr(other, name), getattr(first, name)), name
        assert np.array_equal(other.flat[0], first.flat[0])


def test_a_costly_run_is_looked_at_less_often_and_one_that_is_too_costly_where_it_is_at_hand(monkeypatch):
    costly = sn.Experiment(samples=2000, hidden=(64, 64), batch_size=500).start()
    costly.advance(updates=60)
    moments, is_even = moments_of(costly)
    assert is_even and ENOUGH_MOMENTS <= len(moments) < 60
    costly = sn.Experiment(samples=2000, hidden=(128, 128, 64), batch_size=500).start()
    for _ in range(30):
        costly.advance(updates=1)
    moments, is_even = moments_of(costly)
    at_hand = [update for update, _ in costly.checkpoints]
    assert not is_even and moments[0] == 0 and moments[-1] == 30
    assert set(moments[:-1]) <= set(at_hand)
    monkeypatch.setattr(sn.Run, "advance", lambda *_, **__: pytest.fail("trained"))
    assert not health_of(costly).is_even


def test_where_too_much_is_at_hand_moments_from_all_of_the_run_are_taken_as_many_as_are_enough(
    monkeypatch,
):
    monkeypatch.setattr(health_module, "WORK", 12_000_000)  # of some 1,000,000 a moment
    run = sn.Experiment(samples=200, hidden=(3,)).start()
    run.advance(updates=300)
    moments, is_even = moments_of(run)
    at_hand = [update for update, _ in run.checkpoints if update < 300]
    assert not is_even and len(at_hand) > 1.5 * len(moments)
    assert len(moments) == ENOUGH_MOMENTS and moments[0] == 0 and moments[-2:] == (at_hand[-1], 300)
    places = [at_hand.index(update) for update in moments[:-1]]
    apart = {later - earlier for earlier, later in pairwise(places)}
    assert max(apart) - min(apart) <= 1, "evenly taken of those at hand"


def test_data_whose_test_points_are_its_training_points_hold_none_out():
    for name in ("xor_gate", "tutorial"):
        run = sn.Experiment(dataset=name, hidden=(3,), **sn.defaults_for(name)).start()
        assert run.dataset.fixed and len(run.x_test)
        assert health_of(run).held_out == ""
    usual = sn.Experiment(samples=40, hidden=(3,))
    assert health_of(usual.start()).held_out == "test"
    assert health_of(usual.replace(validation_fraction=0.2).start()).held_out == "validation"


def test_of_more_than_a_thousand_points_every_second_or_third_is_looked_at():
    for samples, each in ((1000, 1), (2000, 1), (2100, 2), (5000, 3)):
        run = sn.Experiment(samples=samples, hidden=(2,)).start()
        health = health_of(run)
        assert health.rows.tolist() == list(range(0, samples // 2, each))
        assert len(health.rows) <= MOST_ROWS and health.points == samples // 2
        net, x = run.network, run.x_train[::each]
        assert health.spread[0, 0] == pytest.approx(np.tanh(x @ net.weights[0].T + net.biases[0]).std())


def test_units_are_alike_only_where_all_their_weights_in_and_out_and_their_biases_are():
    constant = sn.Experiment(samples=40, hidden=(3, 2), initializer="constant").start()
    constant.advance(updates=20)
    assert health_of(constant).alike == (True, True)
    for layer, source in ((0, 1), (0, None), (1, 2)):  # a weight into a unit of layer 1, its bias, a weight out of it
        edited = constant.fork()
        edited.edit(layer, 1, source, 0.9)
        assert health_of(edited).alike[0] is False
    assert health_of(sn.Experiment(hidden=(3, 1)).start()).alike == (False, False)


def test_points_that_are_drawn_on_the_way_are_those_that_each_moment_is_measured_with():
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(12, 2)), np.array([0, 1] * 6)
    points = sn.Points("mine", x, y, ("x1", "x2"), "class", classes=("a", "b"), parts=np.array([0] * 8 + [2] * 4))
    points = dataclasses.replace(points, domain=((-9.0, 9.0), (-9.0, 9.0)))
    run = sn.Experiment(dataset=points, hidden=(3,), batch_size=4).start()
    run.advance(updates=3)
    run.draw(points.with_rows([*points.rows(), (9.0, 9.0, 1.0, 0.0)]))
    run.advance(updates=2)
    health = health_of(run)
    assert health.points == len(run.x_train) == 9
    assert health.largest_input.tolist() == [9.0, 9.0]
    there = run.fork()
    there.goto(0)
    assert health.spread[0, 0] == pytest.approx(there.network.forward(there.x_train).a[0].std())
    assert len(there.x_train) == 8


def test_a_run_that_has_diverged_is_measured_up_to_its_last_usable_update():
    run = sn.Experiment(
        dataset="plane", hidden=(), output="identity", loss="mse", optimizer="sgd", learning_rate=0.3
    ).start()
    run.advance(epochs=5)
    assert run.status == "diverged"
    health = health_of(run)
    assert health.update[-1] == run.update and health.reason == run.reason
    assert health.ratio[-1, 0] > 1
