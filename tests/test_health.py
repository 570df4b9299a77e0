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
        penalised = there.trainer
        weights = np.concatenate([theta[weights] for weights, _ in layer_slices(net.sizes)])
        pull = penalised.l1 * np.sign(weights) + penalised.l2 * weights
        of_both = np.concatenate([slope[weights] for weights, _ in layer_slices(net.sizes)])
        assert health.size[moment] == pytest.approx(math.hypot(*weights))
        assert health.pull[moment] == pytest.approx(math.hypot(*pull) / math.hypot(*(of_both - pull)), rel=1e-5)
        batch = there.next_batch()
        x_batch, y_batch = there.x_train[batch], there.y_train[batch]
        before, after = theta, there.step().after.theta
        plain = experiment.replace(l1=0.0, l2=0.0)
        losses = [loss_by_hand(net, plain, parameters, x_batch, y_batch) for parameters in (before, after)]
        assert health.own[moment] == pytest.approx(losses[1] - losses[0], rel=1e-9, abs=1e-12)
        if moment == len(health.update) - 1:
            losses = [loss_by_hand(net, e, before, there.x_train, there.y_train) for e in (plain, experiment)]
            assert health.penalty == pytest.approx(losses[1] / losses[0] - 1, abs=1e-12)
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


def test_a_weight_decay_pulls_as_l2_does_where_it_is_added_to_the_gradient_and_that_of_adamw_beside_it():
    l2 = sn.Experiment(samples=40, hidden=(3,), l2=0.3).start()
    for optimizer in ("sgd", "adam"):
        decayed = sn.Experiment(
            samples=40, hidden=(3,), optimizer=optimizer, optimizer_settings={"weight_decay": 0.3}
        ).start()
        assert health_of(decayed).pull[0] == pytest.approx(health_of(l2).pull[0]) and health_of(l2).pull[0] > 0
    beside = sn.Experiment(samples=40, hidden=(3,), optimizer="adamw", optimizer_settings={"weight_decay": 0.3})
    assert health_of(beside.start()).pull[0] == 0


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
    assert first.is_sure.all() and first.update.tolist() == [*range(0, 907, 16), 907]
    for other in others:
        for name in ("update", "gradient", "ratio", "spread"):
            assert np.array_equal(getattr(other, name), getattr(first, name)), name
        assert np.array_equal(other.flat[0], first.flat[0])


def test_what_a_longer_run_is_looked_at_by_is_what_it_was_before_or_every_second_or_fourth_of_it():
    run, before = sn.Experiment(samples=40, hidden=(2,)).start(), {0}
    for _ in range(30):
        run.advance(updates=13)
        moments, sure = moments_of(run)
        assert moments == sure and len(moments) <= MOST_MOMENTS
        assert len(moments) == run.update + 1 or len(moments) > MOST_MOMENTS / 2
        (apart,) = set(np.diff(moments[:-1]).tolist())
        assert apart & (apart - 1) == 0 and moments[0] == 0 and moments[-1] == run.update
        assert set(moments[:-1]) - set(range(max(before), run.update)) <= before
        before = {*moments}


def test_a_costly_run_is_looked_at_less_often_and_one_that_is_too_costly_also_where_it_is_at_hand(monkeypatch):
    costly = sn.Experiment(samples=2000, hidden=(64, 64), batch_size=500).start()
    costly.advance(updates=60)
    moments, sure = moments_of(costly)
    assert moments == sure and ENOUGH_MOMENTS <= len(moments) < 60
    costly = sn.Experiment(samples=2000, hidden=(128, 128, 64), batch_size=500).start()
    for _ in range(30):
        costly.advance(updates=1)
    moments, sure = moments_of(costly)
    at_hand = [update for update, _ in costly.checkpoints]
    assert set(sure) < set(moments) and sure[0] == 0 and sure[-1] == 30
    assert set(moments[:-1]) <= {*at_hand, *sure}
    health = health_of(costly)
    assert health.update.tolist() == list(moments) and health.update[health.is_sure].tolist() == list(sure)
    fewer = health.of_the_run_alone()
    assert fewer.update.tolist() == list(sure) and fewer.is_sure.all()
    for name in ("gradient", "ratio", "spread", "own", "pull", "size", "alike"):
        assert np.array_equal(getattr(fewer, name), getattr(health, name)[np.isin(moments, sure)])
    assert [len(flat) for flat in fewer.flat] == [len(sure)] * 3


def test_where_too_much_is_at_hand_moments_from_all_of_the_run_are_taken_as_many_as_are_enough(
    monkeypatch,
):
    monkeypatch.setattr(health_module, "WORK", 12_000_000)  # of some 1,000,000 a moment
    run = sn.Experiment(samples=200, hidden=(3,)).start()
    run.advance(updates=300)
    moments, sure = moments_of(run)
    at_hand = [update for update, _ in run.checkpoints if update < 300]
    assert len(at_hand) > 1.4 * len(moments)
    assert sure == (0, 64, 128, 192, 256, 300)
    assert moments[0] == 0 and moments[-2:] == (at_hand[-1], 300)
    taken = [at_hand.index(update) for update in moments if update in at_hand]
    assert ENOUGH_MOMENTS - 1 <= len(taken) <= ENOUGH_MOMENTS + len(sure)
    assert max(later - earlier for earlier, later in pairwise(taken)) <= -(-len(at_hand) // (ENOUGH_MOMENTS - 2))


# ---- what is lost, and since when ---------------------------------------------------------------------------------


def is_lost(activation, values):
    """Whether a unit that answers these values at the training points is lost, by plain means."""
    if activation == "relu":
        return all(value == 0 for value in values)
    if activation == "elu":  # the slope of its left side is a + 1
        return all(value < 0 and value + 1 <= 1 / 20 for value in values)
    slopes = {"tanh": lambda a: 1 - a * a, "sigmoid": lambda a: 4 * a * (1 - a)}[activation]
    is_flat = statistics.mean(slopes(value) <= 1 / 20 for value in values) >= 0.99
    return is_flat and statistics.pstdev(values) <= 0.1 * {"tanh": 2, "sigmoid": 1}[activation]


def lost_ever(experiment, layer, units, until):
    """Of each update from 0 on whether all these units are lost there, in a run made anew, step by step."""
    there, found = experiment.start(), []
    for update in range(until + 1):
        if update:
            there.step()
        a = there.network.forward(there.x_train).a[layer]
        found.append(all(is_lost(experiment.activations[layer], a[:, unit].tolist()) for unit in units))
    return found


def drawn_with_losses(several):
    """(experiment, run, health, layer) of drawn runs in which half of a layer and more is lost."""
    rng = np.random.default_rng(1)
    while several:
        experiment = sn.Experiment(
            dataset=str(rng.choice(["circle", "spiral", "moons"])),
            samples=60,
            hidden=((6,), (8, 8), (6, 6, 6))[rng.integers(3)],
            activation=str(rng.choice(["relu", "tanh", "sigmoid", "elu"])),
            optimizer=str(rng.choice(["sgd", "adam"])),
            learning_rate=float(rng.choice([0.3, 1.0, 3.0, 10.0])),
            init_seed=int(rng.integers(100)),
        )
        run = experiment.start()
        run.advance(updates=int(rng.choice([40, 200, 500])))
        health = health_of(run)
        for layer, since in enumerate(health.since):
            assert (since is not None) == (health.lost[layer][-1].sum() >= max(1, experiment.hidden[layer] / 2))
            if since is not None and run.status != "diverged" and several:
                several -= 1
                yield experiment, run, health, layer


def test_since_when_units_are_lost_is_exactly_what_a_run_made_anew_shows_at_every_update():
    activations = set()
    for experiment, run, health, layer in drawn_with_losses(25):
        units, since = np.flatnonzero(health.lost[layer][-1]).tolist(), health.since[layer]
        a = run.network.forward(run.x_train).a[layer]
        assert units == [u for u in range(a.shape[1]) if is_lost(experiment.activations[layer], a[:, u].tolist())]
        ever = lost_ever(experiment, layer, units, run.update)
        assert since.is_exact and since.is_seen, "such a small run is searched through"
        assert all(ever[since.by :]) and (since.after < 0 or not ever[since.after]), experiment.to_query()
        activations.add(experiment.activations[layer])
    assert activations == {"relu", "tanh", "sigmoid", "elu"}


@pytest.mark.parametrize("search", [0, 20_000_000])
def test_where_a_search_would_cost_too_much_what_is_said_is_less_and_still_true(monkeypatch, search):
    monkeypatch.setattr(health_module, "SEARCH", search)
    kinds = set()
    for experiment, run, health, layer in drawn_with_losses(25):
        units, since = np.flatnonzero(health.lost[layer][-1]).tolist(), health.since[layer]
        ever = lost_ever(experiment, layer, units, run.update)
        assert ever[since.by] and (since.after < 0 or not ever[since.after])
        assert all(ever[update] for update in health.update.tolist() if update >= since.by)
        assert since.is_exact or search == 0 or since.by - since.after <= 16
        assert not (since.is_exact and since.is_seen) or all(ever[since.by :])
        kinds.add((since.is_exact, since.is_seen))
    assert kinds >= ({(False, False)} if search == 0 else {(True, False), (True, True)})


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
    assert health_of(constant).alike.all() and health_of(constant).alike.shape == (21, 2)
    for layer, source in ((0, 1), (0, None), (1, 2)):  # a weight into a unit of layer 1, its bias, a weight out of it
        edited = constant.fork()
        edited.edit(layer, 1, source, 0.9)
        assert not health_of(edited).alike[-1, 0] and health_of(edited).alike[0, 0]
    assert not health_of(sn.Experiment(hidden=(3, 1)).start()).alike.any()


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
    assert health.update[-1] == run.update and health.has_diverged
    again = run.experiment.start()
    again.goto(run.update)
    assert again.status != "diverged" and health_of(again).has_diverged, "who comes there another way is told so too"
    again.goto(run.update - 1)
    assert not health_of(again).has_diverged
    assert health.ratio[-1, 0] > 1
