"""Landscape: losses on a plane are those of each network alone, slopes the gradient's; paths, planes, random walks."""

import contextlib
import itertools
import math

import numpy as np
import pytest

import scratchnet as sn
from scratchnet import landscape
from scratchnet.gradient_check import total_loss
from scratchnet.landscape import LossPlane, MeanLoss, Path, Surface
from scratchnet.losses import mean_loss

# Several layers, several outputs, every loss with an output that it may meet.
PAIRS = [
    *(("sigmoid", loss) for loss in ("bce", "mse", "half_squared_error", "mae", "huber")),
    *(("softmax", loss) for loss in ("cross_entropy", "mse", "huber")),
    *(("tanh", "hinge"), ("identity", "hinge"), ("identity", "mse"), ("gelu", "mae")),
]


def targets_for(output, loss, n, outputs, rng):
    if output == "softmax":
        return np.eye(outputs)[rng.integers(0, outputs, n)]
    low = -1.0 if loss == "hinge" else 0.0
    return np.where(rng.random((n, outputs)) < 0.5, low, 1.0)


def case(output, loss, hidden=("tanh", "swish"), sizes=(3, 4, 5, 3), n=23):
    rng = np.random.default_rng(7)
    net = sn.Network.build(sizes, hidden, output, initializer="standard_normal", rng=1)
    return net, rng.normal(size=(n, sizes[0])), targets_for(output, loss, n, sizes[-1], rng)


def trained(updates=120, **settings):
    run = sn.Experiment(**({"dataset": "moons", "samples": 60, "hidden": (5, 4)} | settings)).start()
    run.advance(updates=updates)
    return run


def path(*thetas, updates=None):
    return Path(np.array(updates or range(len(thetas))), np.array(thetas, dtype=float), np.zeros(len(thetas), bool))


# The loss


@pytest.mark.parametrize(("output", "loss"), PAIRS)
def test_each_loss_on_a_plane_is_that_of_the_network_with_those_parameters(output, loss):
    net, x, y = case(output, loss)
    rng = np.random.default_rng(2)
    across, up = rng.normal(size=(2, net.n_parameters))
    plane = LossPlane(net.theta, across, up)
    surface = Surface(MeanLoss(net, x, y, loss), plane, np.linspace(-1, 1, 7), np.linspace(-0.5, 2, 5))
    while not surface.is_complete:
        surface.advance()
    assert surface.values.shape == (5, 7)
    for i, j in itertools.product(range(5), range(7)):
        there = net.replace(net.theta + surface.s[j] * across + surface.t[i] * up).forward(x)
        assert surface.values[i, j] == pytest.approx(mean_loss(loss, y, there.output, there.z[-1]), rel=1e-12)


@pytest.mark.parametrize(("output", "loss"), PAIRS)
def test_slopes_along_the_axes_are_the_gradients_own(output, loss):
    net, x, y = case(output, loss)
    plane = landscape.random_plane(net, 3)
    of, h = MeanLoss(net, x, y, loss, l1=0.01, l2=0.02), 1e-6
    left, right, below, above = of(plane.thetas([-h, h, 0, 0], [0, 0, -h, h]))
    gradient = sn.backpropagate(net, net.forward(x), y, loss, l1=0.01, l2=0.02).gradient
    size = np.linalg.norm(gradient) * np.linalg.norm(plane.across)
    assert (right - left) / (2 * h) == pytest.approx(gradient.dot(plane.across), abs=1e-6 * size)
    assert (above - below) / (2 * h) == pytest.approx(gradient.dot(plane.up), abs=1e-6 * size)


@pytest.mark.parametrize(("l1", "l2"), [(0.1, 0.0), (0.0, 0.3), (0.2, 0.05)])
def test_penalties_count_the_weights_and_not_the_biases(l1, l2):
    net, x, y = case("sigmoid", "bce")
    thetas = np.random.default_rng(5).normal(size=(9, net.n_parameters))
    bare, whole = MeanLoss(net, x, y, "bce")(thetas), MeanLoss(net, x, y, "bce", l1, l2)(thetas)
    for theta, without, with_them in zip(thetas, bare, whole, strict=True):
        weights = [value for W in net.replace(theta).weights for value in W.ravel().tolist()]
        added = l1 * sum(map(abs, weights)) + l2 / 2 * sum(value**2 for value in weights)
        assert with_them - without == pytest.approx(added, rel=1e-9)


@pytest.mark.parametrize("at_once", [1, 100, 4000, 2**17])
def test_however_many_fit_into_memory_at_once_the_losses_are_the_same(monkeypatch, at_once):
    net, x, y = case("softmax", "cross_entropy", n=50)
    thetas = np.random.default_rng(1).normal(size=(31, net.n_parameters))
    expected = [total_loss(net.replace(theta), x, y, "cross_entropy") for theta in thetas]
    monkeypatch.setattr(landscape, "AT_ONCE", at_once)
    monkeypatch.setattr("scratchnet.network.AT_ONCE", at_once)
    of = MeanLoss(net, x, y, "cross_entropy")
    assert of.at_once == max(1, at_once // 600)
    np.testing.assert_allclose(of(thetas), expected, rtol=1e-12)
    np.testing.assert_allclose(of(thetas[:3]), expected[:3], rtol=1e-12)


@pytest.mark.parametrize("penalty", [{"l1": -0.1}, {"l2": -1e-9}, {"l2": math.nan}])
def test_a_penalty_below_0_is_refused(penalty):
    net, x, y = case("sigmoid", "bce")
    with pytest.raises(ValueError, match="must be a number of at least 0"):
        MeanLoss(net, x, y, "bce", **penalty)


def test_what_overflows_is_handed_out_as_it_is():
    net, x, y = case("identity", "mse", hidden="relu")
    huge = MeanLoss(net, x, y, "mse")(np.array([net.theta, 1e120 * net.theta]))
    assert math.isfinite(huge[0])
    assert not math.isfinite(huge[1])


def test_a_surface_is_computed_piece_by_piece_and_says_how_far_it_is():
    net, x, y = case("sigmoid", "bce", n=3000)
    plane = landscape.random_plane(net, 0)
    surface = Surface(MeanLoss(net, x, y, "bce"), plane, np.linspace(-1, 1, 5), np.linspace(-1, 1, 2))
    seen = []
    while not surface.is_complete:
        assert np.isnan(surface.values).sum() == surface.total - surface.done
        seen.append(surface.done)
        surface.advance()
    assert seen == [0, 3, 6, 9]  # three networks of 3000 rows and 12 units
    assert not np.isnan(surface.values).any()


def test_what_is_handed_out_cannot_be_written():
    run = trained(30)
    way = landscape.path_of(run)
    plane = landscape.path_plane([way])
    surface = Surface(MeanLoss(run.network, run.x_train, run.y_train, "bce"), plane, np.zeros(2), np.zeros(2))
    for array in (way.updates, way.thetas, way.changed, plane.origin, plane.across, plane.up, surface.values):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    surface.advance()
    assert np.isfinite(surface.values).all()


@pytest.mark.parametrize(("output", "loss"), [("tanh", "bce"), ("sigmoid", "cross_entropy")])
def test_a_loss_that_the_output_does_not_fit_is_refused(output, loss):
    net, x, y = case(output, "mse")
    with pytest.raises(ValueError, match="needs the output"):
        MeanLoss(net, x, y, loss)


# Paths


def test_a_path_goes_from_the_start_to_the_present_through_moments_of_the_run():
    run = trained(117)
    way = landscape.path_of(run)
    again = sn.Experiment(dataset="moons", samples=60, hidden=(5, 4)).start()
    assert way.updates[0] == 0 and way.updates[-1] == 117 == run.update
    assert (np.diff(way.updates) > 0).all()
    for update, theta in zip(way.updates.tolist(), way.thetas, strict=True):
        again.goto(update)
        assert np.array_equal(theta, again.network.theta)
    assert not way.changed.any()
    legs = [math.dist(a, b) for a, b in itertools.pairwise(way.thetas.tolist())]
    assert way.length == pytest.approx(sum(legs), rel=1e-12)


def test_what_was_changed_on_the_way_is_a_moment_with_its_mark():
    run = trained(43)
    run.edit(0, 1, 0, 3.0)
    run.advance(updates=20)
    run.change(learning_rate=0.1)
    run.advance(updates=20)
    run.edit(2, 0, None, -1.0)
    before = run.network.theta
    way = landscape.path_of(run)
    assert run.update == 83 and np.array_equal(run.network.theta, before)
    assert way.updates[way.changed].tolist() == [43, 63, 83]
    W, b = sn.network.parameter_views(way.thetas, run.network.sizes)
    assert W[0][way.changed][0, 1, 0] == 3.0
    fresh = trained(43).network.theta
    arrival = int(np.flatnonzero(way.changed)[0]) - 1
    assert way.updates[arrival] == 43 and np.array_equal(way.thetas[arrival], fresh)
    assert np.flatnonzero(way.thetas[arrival + 1] != fresh).tolist() == [2]  # the edited weight alone: W1 row 2 is 2, 3
    assert b[2][-1, 0] == -1.0
    assert np.array_equal(way.thetas[-1], before)


def test_an_edit_at_the_start_is_seen_as_a_jump():
    run = trained(0)
    run.edit(0, 0, 0, 9.0)
    run.advance(updates=5)
    way = landscape.path_of(run)
    assert way.updates.tolist()[:2] == [0, 0] and way.changed.tolist()[:2] == [False, True]
    assert np.flatnonzero(way.thetas[0] != way.thetas[1]).tolist() == [0]


def test_a_run_that_has_gone_back_shows_no_more_than_its_past():
    run = trained(60)
    run.change(learning_rate=0.5)
    run.advance(updates=40)
    run.goto(30)
    way = landscape.path_of(run)
    assert way.updates.max() == 30 and not way.changed.any()


def test_for_a_change_that_lies_too_far_from_any_moment_no_run_is_trained_again(monkeypatch):
    run = trained(0)
    for update in range(700):  # so many moments that not all can be at hand
        if update in (8, 603):
            run.change(learning_rate=run.settings.learning_rate + 0.01)
        if update == 301:
            run.edit(0, 0, 0, 2.0)
        run.step()
    way = landscape.path_of(run)
    assert way.unmarked == 0 and way.updates[way.changed].tolist() == [8, 301, 603]
    without = run.experiment.replace(events=run.experiment.events[:1]).start()
    without.goto(301)
    arrival = way.thetas[(way.updates == 301) & ~way.changed]
    assert np.array_equal(arrival, [without.network.theta])
    known = [update for update, _ in run.checkpoints]
    back = [at - max(update for update in known if update < at) for at in (8, 301, 603)]
    monkeypatch.setattr(landscape, "MOST_REPLAYED", back[0] + back[1])
    way = landscape.path_of(run)
    assert way.unmarked == 1 and way.updates[way.changed].tolist() == [8, 301]


@pytest.mark.parametrize("limit", ["MOST_REPLAYED", "MOST_MULTIPLICATIONS"])
def test_where_few_moments_are_at_hand_others_are_trained_again_unless_that_takes_long(monkeypatch, limit):
    run = trained(400, samples=1000, batch_size=1, train_fraction=0.9)
    assert len(run.checkpoints) < 3
    way = landscape.path_of(run)
    assert len(way.updates) >= 32 and np.diff(way.updates).max() <= 13
    again = run.experiment.start()
    for update, theta in zip(way.updates.tolist(), way.thetas, strict=True):
        again.goto(update)
        assert np.array_equal(theta, again.network.theta)
    monkeypatch.setattr(landscape, limit, {"MOST_REPLAYED": 399, "MOST_MULTIPLICATIONS": 399 * 44}[limit])
    assert len(landscape.path_of(run).updates) < 4


@pytest.mark.parametrize("limit", ["MOST_REPLAYED", "MOST_MULTIPLICATIONS"])
def test_whatever_is_trained_again_is_in_turns_of_a_thirty_second_of_the_most(monkeypatch, limit):
    run = trained(0, samples=1000, batch_size=1, train_fraction=0.9)
    for updates in (500, 20, 190):
        run.advance(updates=updates)
        run.change(learning_rate=run.settings.learning_rate + 0.01)
    expected, at_hand = landscape.path_of(run), trained(120)
    assert len(at_hand.checkpoints) >= 32
    monkeypatch.setattr(landscape, limit, {"MOST_REPLAYED": 800, "MOST_MULTIPLICATIONS": 800 * 44}[limit])
    turns, is_ours, updated = [], [], sn.trainer.BatchUpdate.__call__

    @contextlib.contextmanager
    def turn():
        turns.append(0)
        is_ours.append(True)
        yield
        is_ours.pop()

    def counted(update, *given):
        assert is_ours, "trained outside of a turn"
        turns[-1] += 1
        return updated(update, *given)

    monkeypatch.setattr(sn.trainer.BatchUpdate, "__call__", counted)
    way = landscape.path_of(run, turn)
    assert np.array_equal(way.thetas, expected.thetas) and np.array_equal(way.updates, expected.updates)
    assert sum(turns) > 600 and max(turns) <= 25
    turns.clear()
    assert landscape.path_of(at_hand, turn).length and not turns


def test_a_run_at_its_start_has_a_path_of_one_moment():
    way = landscape.path_of(trained(0))
    assert way.updates.tolist() == [0] and way.length == 0


# Planes


def test_the_plane_of_a_path_is_that_of_its_singular_vectors_and_the_present_lies_in_it():
    run = trained(300)
    way = landscape.path_of(run)
    plane = landscape.path_plane([way])
    _, singular, directions = np.linalg.svd(way.thetas - way.thetas.mean(axis=0))
    shares = singular**2 / (singular**2).sum()
    assert plane.shares == pytest.approx(shares[:2].tolist(), rel=1e-9)
    for mine, witness in zip((plane.across, plane.up), directions, strict=False):
        assert abs(mine.dot(witness)) == pytest.approx(1, abs=1e-9)
    assert np.array_equal(plane.origin, run.network.theta)
    assert plane.distances(way.thetas)[-1] == pytest.approx(0, abs=1e-12)
    off = way.thetas - way.thetas[-1]
    for k, distance in enumerate(plane.distances(way.thetas)):
        rest = off[k] - sum(off[k].dot(v) * v for v in directions[:2])
        assert distance == pytest.approx(math.hypot(*rest), abs=1e-9)
    assert plane.angle == pytest.approx(90)


def test_several_paths_share_a_plane_on_which_both_spread():
    first = path([0, 0, 0, 1], [4, 0, 0, 1])
    second = path([0, 0, 0, 1], [0, 2, 0, 1])
    plane = landscape.path_plane([first, second])
    assert plane.distances(np.concatenate([first.thetas, second.thetas])) == pytest.approx([0] * 4, abs=1e-12)
    assert np.array_equal(plane.origin, [4, 0, 0, 1])
    assert sum(plane.shares) == pytest.approx(1)


def test_two_parameters_vary_and_all_others_stay():
    run = trained(40)
    net = run.network
    plane = landscape.parameter_plane(net, (1, 2, 3), (0, 4, None))
    (theta,) = plane.thetas([7.0], [-8.0])
    there = net.replace(theta)
    assert there.weights[1][2, 3] == 7.0 and there.biases[0][4] == -8.0
    assert (theta != net.theta).sum() == 2
    assert plane.coordinates([net.theta]).tolist() == [[net.weights[1][2, 3], net.biases[0][4]]]


def test_the_same_parameter_twice_makes_no_plane():
    with pytest.raises(ValueError, match="choose two others"):
        landscape.parameter_plane(trained(0).network, (0, 0, 0), (0, 0, 0))
    with pytest.raises(ValueError, match="has no weight from 9"):
        landscape.parameter_plane(trained(0).network, (0, 0, 9), (0, 0, 0))


def test_random_directions_are_as_long_for_each_unit_as_its_weights_are_and_leave_biases_alone():
    weights = [np.array([[3.0, 4.0], [0.0, 0.0], [0.6, 0.8]]), np.array([[1.0, 2.0, 2.0]])]
    net = sn.Network.from_arrays(weights, [np.array([1.0, 2.0, 3.0]), np.array([4.0])], ["tanh", "sigmoid"])
    plane = landscape.random_plane(net, 5)
    rng = np.random.default_rng(5)
    for direction in (plane.across, plane.up):
        drawn = [rng.normal(size=(3, 2)), rng.normal(size=(1, 3))]  # a layer after the other, a direction then the next
        by_hand = []
        for rows, lengths in zip(drawn, ([5.0, 0.0, 1.0], [3.0]), strict=True):
            for row, length in zip(rows.tolist(), lengths, strict=True):
                norm = math.hypot(*row)
                by_hand.append([value / norm * length for value in row])
        expected = [*by_hand[0], *by_hand[1], *by_hand[2], 0, 0, 0, *by_hand[3], 0]
        assert direction.tolist() == pytest.approx(expected, rel=1e-12)
    assert np.array_equal(plane.thetas([0], [0])[0], net.theta)


def test_the_same_seed_gives_the_same_directions_and_another_one_others():
    net = trained(0).network
    one, same, other = (landscape.random_plane(net, seed) for seed in (1, 1, 2))
    assert np.array_equal(one.across, same.across) and np.array_equal(one.up, same.up)
    assert not np.array_equal(one.across, other.across)


@pytest.mark.parametrize("weights", [[[2.0]], [[0.0, 0.0]]])
def test_where_one_weight_or_none_is_left_there_are_no_two_random_directions(weights):
    net = sn.Network.from_arrays([np.array(weights)], [np.array([1.0])], ["sigmoid"])
    with pytest.raises(ValueError, match="lie along one line or are 0"):
        landscape.random_plane(net, 0)


def test_the_nearest_place_of_a_skew_plane_is_that_of_least_squares():
    rng = np.random.default_rng(3)
    origin, across, up, *others = rng.normal(size=(9, 6))
    plane = LossPlane(origin, 10 * across, up)
    for theta, place in zip(others, plane.coordinates(others), strict=True):
        witness = np.linalg.lstsq(np.stack([10 * across, up]).T, theta - origin, rcond=None)[0]
        np.testing.assert_allclose(place, witness, rtol=1e-9)
    cosine = across.dot(up) / math.hypot(*across) / math.hypot(*up)
    assert plane.angle == pytest.approx(math.degrees(math.acos(cosine)))


def test_a_window_shows_all_of_the_paths_and_a_part_of_it_is_around_the_present():
    plane = LossPlane(np.zeros(3), np.array([1.0, 0, 0]), np.array([0, 1.0, 0]))
    way = path([-2, 1, 5], [6, 0, 5], [2, -1, 5])
    # 8 wide with 15 % on each side, 2 high: brought up to a quarter of the width
    assert landscape.window(plane, [way]) == (pytest.approx((-3.2, 7.2)), pytest.approx((-1.3, 1.3)))
    assert landscape.window(plane, [way], zoom=0.5) == (pytest.approx((-0.6, 4.6)), pytest.approx((-1.65, -0.35)))
    assert landscape.window(plane, [way], zoom=2.0) == (pytest.approx((-8.4, 12.4)), pytest.approx((-2.6, 2.6)))
    assert landscape.window(plane, [path([3, 4, 0])]) == ((2, 4), (3, 5))
    assert landscape.window(plane, [path([3, 4, 0])], least=2.0) == ((1, 5), (2, 6))


# The random walk


def test_a_long_random_walk_in_many_dimensions_has_the_shares_that_theory_says():
    walk = landscape.random_walk(300, 8000, seed=1)
    steps = np.diff(walk, axis=0)
    assert walk.shape == (301, 8000) and not walk[0].any()
    assert steps.std() == pytest.approx(1, abs=0.01) and steps.mean() == pytest.approx(0, abs=0.01)
    variances = np.linalg.svd(walk - walk.mean(axis=0), compute_uv=False) ** 2
    shares = variances / variances.sum()
    assert shares[:3].tolist() == pytest.approx([6 / math.pi**2 / k**2 for k in (1, 2, 3)], abs=0.01)
