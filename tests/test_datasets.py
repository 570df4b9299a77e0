"""Data sets: formulas checked point by point, seeds, splits, domains, bad input."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scratchnet.activations import ACTIVATIONS
from scratchnet.datasets import DATASETS, load_dataset
from scratchnet.losses import LOSSES

DRAWN = [name for name, spec in DATASETS.items() if not (spec.fixed or spec.given)]
FIXED = [name for name, spec in DATASETS.items() if spec.fixed]
WITH_TARGET = [name for name in DRAWN if DATASETS[name].target]

names = st.sampled_from(list(DATASETS))
drawn_names = st.sampled_from(DRAWN)
samples = st.integers(2, 120)
noises = st.floats(0, 0.5)
fractions = st.floats(0.1, 0.9)
seeds = st.integers(0, 2**63 - 1)


@pytest.fixture(autouse=True, scope="module")
def floating_point_errors_raise():
    with np.errstate(divide="raise", over="raise", invalid="raise"):
        yield


def everything(data):
    """All samples of a data set, train first: x, and y as (n,)."""
    return np.vstack([data.x_train, data.x_test]), np.concatenate([data.y_train.ravel(), data.y_test.ravel()])


def rows(*parts):
    """All samples as a sorted list, to compare sets of points that may repeat."""
    return sorted(tuple(row) for x, y in parts for row in np.column_stack([x, y]).tolist())


def all_rows(data):
    return rows((data.x_train, data.y_train), (data.x_test, data.y_test))


# What every data set promises


@given(names, samples, noises, fractions, seeds)
def test_arrays_have_the_shapes_and_kinds_of_their_task_and_are_read_only(name, n, noise, fraction, seed):
    spec, data = DATASETS[name], load_dataset(name, n, noise, fraction, seed)
    assert (data.name, data.task, data.names, data.classes, data.fixed) == (
        name,
        spec.task,
        spec.names,
        spec.classes,
        spec.fixed,
    )
    for x, y in ((data.x_train, data.y_train), (data.x_test, data.y_test)):
        assert x.dtype == np.float64 and x.shape == (len(y), len(spec.names)) and x.flags.c_contiguous and len(x) > 0
        assert np.isfinite(x).all() and np.isfinite(y).all()
        assert not x.flags.writeable and not y.flags.writeable
        if spec.task == "multiclass":
            assert y.shape == (len(x),) and y.dtype == np.int64 and y.min() >= 0 and y.max() < spec.classes
        else:
            assert y.shape == (len(x), 1) and y.dtype == np.float64
        if spec.task == "binary":
            assert set(np.unique(y)) <= {0.0, 1.0}
    with pytest.raises(ValueError):
        data.x_train[0, 0] = 0
    with pytest.raises(AttributeError):
        data.x_train = data.x_test


@given(names, samples, noises, fractions, seeds)
def test_the_same_arguments_give_the_same_bits(name, n, noise, fraction, seed):
    first, second = (load_dataset(name, n, noise, fraction, seed) for _ in range(2))
    for part in ("x_train", "y_train", "x_test", "y_test"):
        assert getattr(first, part).tobytes() == getattr(second, part).tobytes()


@pytest.mark.parametrize("name", DRAWN)
def test_another_seed_gives_other_points(name):
    if "spiral" in name:  # without noise their points lie where they lie, whatever the seed; the split differs
        assert all_rows(load_dataset(name, seed=0)) == all_rows(load_dataset(name, seed=1))
        assert not np.array_equal(load_dataset(name, seed=0).x_train, load_dataset(name, seed=1).x_train)
    one, other = load_dataset(name, noise=0.1, seed=0), load_dataset(name, noise=0.1, seed=1)
    assert not set(all_rows(one)) & set(all_rows(other))


@given(drawn_names, samples, noises, fractions, fractions, seeds)
def test_another_train_fraction_moves_points_between_train_and_test_only(name, n, noise, low, high, seed):
    low, high = sorted((low, high))
    small, large = load_dataset(name, n, noise, low, seed), load_dataset(name, n, noise, high, seed)
    assert all_rows(small) == all_rows(large)
    k = len(small.x_train)
    assert k <= len(large.x_train)
    assert np.array_equal(small.x_train, large.x_train[:k]) and np.array_equal(small.y_train, large.y_train[:k])


@given(st.integers(2, 60), seeds)
def test_the_split_depends_on_the_seed_and_the_number_of_samples_only(n, seed):
    # These three use up different numbers of random numbers but make their classes in the same order: an equal split
    # shows as equal labels.
    labels = [load_dataset(name, n, seed=seed).y_train.tolist() for name in ("gauss", "spiral", "moons")]
    assert labels[0] == labels[1] == labels[2]


@given(drawn_names, samples, fractions)
@example("circle", 2, 0.1)
@example("circle", 2, 0.9)
@example("circle", 100, 0.29)  # 0.29 * 100 is 28.999999999999996: rounded, not cut off
def test_the_training_share_is_rounded_and_neither_part_is_empty(name, n, fraction):
    data = load_dataset(name, n, train_fraction=fraction)
    assert len(data.x_train) + len(data.x_test) == n
    assert len(data.x_train) == min(max(round(n * fraction), 1), n - 1)
    assert len(data.x_train) >= 1 and len(data.x_test) >= 1


def test_0_29_of_100_samples_are_29():
    assert len(load_dataset("xor", 100, train_fraction=0.29).x_train) == 29


@given(names, samples, noises, seeds)
@example("gauss", 120, 0.5, 0)
def test_every_point_lies_in_the_domain(name, n, noise, seed):
    data = load_dataset(name, n, noise, seed=seed)
    x, _ = everything(data)
    assert len(data.domain) == x.shape[1]
    for column, (low, high) in enumerate(data.domain):
        assert low <= x[:, column].min() and x[:, column].max() <= high


@given(st.sampled_from([n for n in DRAWN if n not in ("gauss", "three_blobs", "six_blobs")]), samples, noises, seeds)
def test_only_clouds_can_leave_the_usual_domain(name, n, noise, seed):
    assert load_dataset(name, n, noise, seed=seed).domain == DATASETS[name].domain


def test_a_cloud_that_is_too_wide_widens_the_domain_to_a_whole_number_on_every_side():
    data = load_dataset("gauss", 500, noise=0.5)
    reach = math.ceil(np.abs(everything(data)[0]).max())
    assert reach > 6 and data.domain == ((-reach, reach), (-reach, reach))
    assert load_dataset("gauss", 500, noise=0.0).domain == ((-6, 6), (-6, 6))


@pytest.mark.parametrize("name", DRAWN)
def test_classes_have_as_many_points_as_promised(name):
    spec = DATASETS[name]
    if spec.task == "regression":
        assert spec.classes == 0
        return
    _, y = everything(load_dataset(name, 302))
    counts = np.bincount(y.astype(int), minlength=spec.classes)
    assert len(counts) == spec.classes
    if name in ("xor", "checkerboard", "stripes"):  # places are drawn, classes follow: binomial, sd sqrt(302)/2 = 8.7
        assert np.abs(counts - 151).max() < 4 * 8.7
    else:
        assert counts.max() - counts.min() <= (2 if name == "rings" else 1)


@pytest.mark.parametrize("name", DATASETS)
def test_a_data_set_introduces_itself(name):
    spec = DATASETS[name]
    assert spec.name == name and spec.title
    assert spec.description.endswith(".") and "\n" not in spec.description
    assert spec.task in ("binary", "multiclass", "regression")
    assert len(spec.names) == len(spec.domain)
    assert spec.output in ACTIVATIONS and spec.loss in LOSSES
    assert spec.outputs == (spec.classes if spec.task == "multiclass" else 1)


# Formulas


@pytest.mark.parametrize("name", WITH_TARGET)
def test_without_noise_every_target_is_that_of_the_formula(name):
    for n, seed in ((2, 0), (3, 1), (500, 2)):
        x, y = everything(load_dataset(name, n, seed=seed))
        assert np.array_equal(y, DATASETS[name].target(x))


def by_hand(name, x1, x2=0.0):
    """The target of one place in plain Python, written from the definition and not from the code."""
    if name == "circle":
        return float(x1**2 + x2**2 < 2.5**2)
    if name == "xor":
        return float((x1 >= 0) == (x2 >= 0))
    if name == "checkerboard":
        return float(math.floor(x1 / 3) % 2 == math.floor(x2 / 3) % 2)
    if name == "stripes":
        return float(math.floor(x1 / 2) % 2 == 0)
    if name == "plane":
        return (x1 + x2) / 10
    if name == "multi_gaussian":
        for column, cx in enumerate((-4, 0, 4)):
            for line, cy in enumerate((-2.5, 2.5)):
                distance = math.dist((x1, x2), (cx, cy))
                if distance < 2:
                    return (1 - distance / 2) * (-1 if (column + line) % 2 == 0 else 1)
        return 0.0
    return {"sine": math.sin(x1), "step": float(x1 >= 0), "abs": abs(x1), "square": x1 * x1}[name]


@given(st.sampled_from(WITH_TARGET), st.floats(-5.99, 5.99), st.floats(-5.99, 5.99))
@example("multi_gaussian", 4.0, 2.5)
@example("multi_gaussian", -4.0, 3.5)
@example("step", 0.0, 0.0)
def test_the_formula_agrees_with_one_written_in_plain_python(name, x1, x2):
    if name == "circle" and abs(math.hypot(x1, x2) - 2.5) < 1e-9:
        return
    if name == "xor" and abs(x1 * x2) < 1e-300:
        return  # on an axis (or where the product underflows) the label is a matter of taste; points keep 0.3 away
    place = np.array([[x1, x2][: len(DATASETS[name].names)]])
    assert DATASETS[name].target(place)[0] == pytest.approx(by_hand(name, x1, x2), rel=1e-12, abs=1e-12)


def test_the_bumps_are_1_high_0_at_distance_2_and_opposite_to_their_neighbours():
    f = DATASETS["multi_gaussian"].target
    assert f(np.array([[-4, 2.5], [0, 2.5], [4, 2.5], [-4, -2.5], [0, -2.5], [4, -2.5]])).tolist() == [
        1,
        -1,
        1,
        -1,
        1,
        -1,
    ]
    assert f(np.array([[-4, 3.5], [-2, 2.5], [0, 0], [6, 6]])).tolist() == [0.5, 0, 0, 0]


@pytest.mark.parametrize("name", ["circle", "xor", "checkerboard", "stripes", "plane", "multi_gaussian", *FIXED])
def test_noise_leaves_the_places_of_these_points_alone(name):
    assert np.array_equal(load_dataset(name, noise=0.0).x_train, load_dataset(name, noise=0.5).x_train)


@pytest.mark.parametrize(("name", "shift"), [("plane", 6), ("circle", 5), ("xor", 5)])
def test_noise_decides_the_target_at_a_place_up_to_noise_times_the_shift_away(name, shift):
    noise = 0.25
    x, y = everything(load_dataset(name, 2000, noise=noise))
    clean = DATASETS[name].target(x)
    reach = noise * shift
    if name == "plane":
        # (e1 + e2) / 10 with both in -reach .. reach; the sum of two uniforms has variance 2 reach^2 / 3
        error = y - clean
        assert np.abs(error).max() <= 2 * reach / 10
        assert error.var() == pytest.approx(2 * reach**2 / 3 / 100, rel=0.1)
    else:
        far = np.abs(np.hypot(*x.T) - 2.5) > reach * math.sqrt(2) if name == "circle" else np.abs(x).min(axis=1) > reach
        assert far.sum() > 100 and np.array_equal(y[far], clean[far])
        assert (y[~far] != clean[~far]).mean() > 0.1


def test_circle_points_lie_in_a_disc_and_a_ring():
    x, y = everything(load_dataset("circle", 2000))
    radius = np.hypot(*x.T)
    assert radius[y == 1].max() <= 2.5 and radius[y == 0].min() >= 3.5 and radius.max() <= 5
    # the radius is uniform, as in the formula, so the disc is denser in the middle: means 1.25 and 4.25, sd 0.02, 0.01
    assert radius[y == 1].mean() == pytest.approx(1.25, abs=0.1)
    assert radius[y == 0].mean() == pytest.approx(4.25, abs=0.06)


def test_xor_points_keep_0_3_away_from_both_axes():
    x, _ = everything(load_dataset("xor", 2000))
    assert np.abs(x).min() >= 0.3 and 5 < np.abs(x).max() <= 5.3


@pytest.mark.parametrize(("noise", "variance"), [(0.0, 0.5), (0.25, 2.25), (0.5, 4.0)])
def test_gauss_has_its_centres_and_variance(noise, variance):
    x, y = everything(load_dataset("gauss", 4000, noise=noise))
    for label, centre in ((1, 2.0), (0, -2.0)):
        cloud = x[y == label]
        # 4000 numbers: the mean has sd sqrt(variance / 4000), the variance sqrt(2 / 4000) of itself
        assert abs(cloud.mean() - centre) < 4 * math.sqrt(variance / 4000)
        assert abs(cloud.var() / variance - 1) < 4 * math.sqrt(2 / 4000)


@pytest.mark.parametrize(("name", "classes"), [("three_blobs", 3), ("six_blobs", 6)])
def test_blobs_sit_evenly_on_a_circle(name, classes):
    x, y = everything(load_dataset(name, 1000 * classes))
    for label in range(classes):
        angle = 2 * math.pi * label / classes
        centre = x[y == label].mean(axis=0)
        assert centre == pytest.approx([4 * math.sin(angle), 4 * math.cos(angle)], abs=4 * 0.5 / math.sqrt(1000))
        # 2000 numbers of variance 0.25: their variance has a standard deviation of sqrt(2 / 2000) = 3 % of itself
        assert (x[y == label] - centre).var() == pytest.approx(0.25, rel=0.13)


@pytest.mark.parametrize("n", [2, 7, 100])
def test_spiral_points_follow_the_formula(n):
    x, y = everything(load_dataset("spiral", n))
    expected = []
    for arm in (0, 1):
        m = (n + 1 - arm) // 2  # an odd sample goes to the first arm
        for i in range(1, m + 1):
            r, t = 5 * i / m, 1.75 * (i / m) * 2 * math.pi + arm * math.pi
            expected.append((r * math.sin(t), r * math.cos(t), 1 - arm))
    assert np.array(rows((x, y[:, None]))) == pytest.approx(np.array(sorted(expected)), abs=1e-12)


@pytest.mark.parametrize(("name", "arms"), [("three_spirals", 3), ("five_spirals", 5)])
def test_the_arms_of_a_k_arm_spiral_are_the_first_one_turned(name, arms):
    x, y = everything(load_dataset(name, 100 * arms))
    first = x[y == 0][np.argsort(np.hypot(*x[y == 0].T))]
    for label in range(1, arms):
        turn = 2 * math.pi * label / arms  # clockwise, as the angle is measured from the x2 axis
        turned = first @ np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
        arm = x[y == label][np.argsort(np.hypot(*x[y == label].T))]
        assert arm == pytest.approx(turned, abs=1e-12)


@pytest.mark.parametrize(("name", "reach"), [("spiral", 1), ("three_spirals", 1), ("moons", 3), ("rings", 2)])
def test_noise_displaces_these_points_by_at_most_noise_times_their_reach(name, reach):
    clean, noisy = everything(load_dataset(name, 1000)), everything(load_dataset(name, 1000, noise=0.2))
    shift = noisy[0] - clean[0]
    assert np.array_equal(clean[1], noisy[1])
    assert 0.19 * reach < np.abs(shift).max() <= 0.2 * reach + 1e-12


def test_moons_are_two_half_circles_that_keep_apart():
    x, y = everything(load_dataset("moons", 600))
    up, down = x[y == 1], x[y == 0]
    assert np.hypot(up[:, 0] + 1.5, up[:, 1] + 0.75) == pytest.approx(3)
    assert np.hypot(down[:, 0] - 1.5, down[:, 1] - 0.75) == pytest.approx(3)
    assert up[:, 1].min() >= -0.75 and down[:, 1].max() <= 0.75
    assert np.hypot(*(up[:, None] - down[None]).transpose(2, 0, 1)).min() > 0.8


def test_rings_are_a_disc_a_ring_of_the_other_class_and_an_outer_ring():
    x, y = everything(load_dataset("rings", 400))
    band = np.hypot(*x.T)
    inner, middle, outer = band <= 1, (band >= 2) & (band <= 3), (band >= 4) & (band <= 5)
    assert (inner.sum(), middle.sum(), outer.sum()) == (100, 200, 100)
    assert np.array_equal(y == 0, middle)


@pytest.mark.parametrize("name", ["sine", "step", "abs", "square"])
def test_noise_moves_the_values_over_one_input_by_at_most_itself(name):
    x, y = everything(load_dataset(name, 2000, noise=0.3))
    error = y - DATASETS[name].target(x)
    assert 0.29 < np.abs(error).max() <= 0.3 and abs(error.mean()) < 4 * 0.3 / math.sqrt(3 * 2000)
    assert np.array_equal(x, everything(load_dataset(name, 2000))[0])


def distance_to_the_other_class(x, y):
    gap = np.hypot(*(x[:, None] - x[None]).transpose(2, 0, 1))
    return gap[y[:, None] != y[None]].min()


@pytest.mark.parametrize(
    ("name", "gap"),
    # the spirals come closest in the middle, where 250 (100) points an arm begin at radius 5/250 (5/100)
    [("circle", 1.0), ("xor", 0.6), ("moons", 0.8), ("rings", 1.0), ("spiral", 0.03), ("five_spirals", 0.05)],
)
def test_without_noise_the_classes_of_a_shape_keep_apart(name, gap):
    assert distance_to_the_other_class(*everything(load_dataset(name, 500))) >= gap


def test_without_noise_a_straight_line_separates_the_two_clouds():
    x, y = everything(load_dataset("gauss", 500))
    # x1 + x2 has centre 4 and sd 1 in class 1: a point beyond 0 is a 4 sd event, 3 in 100000
    assert np.array_equal(x.sum(axis=1) > 0, y == 1)


# Given samples


@pytest.mark.parametrize(
    ("name", "truth"),
    [
        ("and_gate", lambda a, b: a and b),
        ("or_gate", lambda a, b: a or b),
        ("nand_gate", lambda a, b: not (a and b)),
        ("nor_gate", lambda a, b: not (a or b)),
        ("xor_gate", lambda a, b: a != b),
    ],
)
def test_a_gate_is_its_truth_table(name, truth):
    data = load_dataset(name)
    assert data.x_train.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert data.y_train.ravel().tolist() == [float(truth(a, b)) for a, b in data.x_train]


def test_the_tutorials_points_come_in_the_tutorials_order():
    data = load_dataset("tutorial")
    assert data.x_train.tolist() == [[0.5, -0.2, 0.1], [0.1, 0.8, -0.5], [-0.4, 0.2, 0.9]]
    assert data.y_train.tolist() == [[1.0], [0.0], [1.0]]
    assert data.names == ("x1", "x2", "x3")


@pytest.mark.parametrize("name", FIXED)
def test_given_samples_are_train_and_test_at_once_and_nothing_moves_them(name):
    data, other = load_dataset(name), load_dataset(name, 50, 0.4, 0.8, 9)
    assert data.fixed
    for part in ("x_train", "x_test", "y_train", "y_test"):
        assert np.array_equal(getattr(data, part), getattr(other, part))
    assert np.array_equal(data.x_train, data.x_test) and np.array_equal(data.y_train, data.y_test)


# Bad input


@pytest.mark.parametrize("name", ["spirals", "", "x" * 10_000, None, 3, ["xor"], {}])
def test_an_unknown_name_is_refused_with_the_names_there_are(name):
    with pytest.raises(ValueError, match=r"no data set .*choose one of circle, xor, ") as caught:
        load_dataset(name)
    assert len(str(caught.value)) < 500 and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        *(("samples", value) for value in (1, 0, -5, 100_001, 10.0, 2.5, "10", None, True, math.nan)),
        *(("noise", value) for value in (-0.01, 0.51, 25, math.nan, math.inf, "0.1", None, True, 1j)),
        *(("train_fraction", value) for value in (0, 0.09, 0.91, 1, math.nan, -math.inf, "0.5", None, [0.5])),
        *(("seed", value) for value in (-1, 2**63, 1.0, "1", None, False, math.nan)),
    ],
)
def test_a_bad_setting_is_refused_with_one_sentence_that_names_it_its_limits_and_what_came(setting, value):
    for name in ("spiral", "xor_gate"):
        with pytest.raises(ValueError) as caught:
            load_dataset(name, **{setting: value})
        message = str(caught.value)
        assert message.startswith(f"load_dataset: {setting} must be a ") and message.endswith(f"got {value!r}.")


def test_numpy_numbers_are_as_good_as_pythons():
    data = load_dataset("xor", np.int64(40), np.float32(0.25), np.float64(0.5), np.uint8(3))
    assert np.array_equal(data.x_train, load_dataset("xor", 40, 0.25, 0.5, 3).x_train)


def test_the_largest_data_set_allowed_can_be_made():
    assert len(load_dataset("five_spirals", 100_000, 0.5, 0.9, 2**63 - 1).x_train) == 90_000


@pytest.mark.parametrize(
    ("name", "point", "target"),
    [
        ("xor", [-0.4967951517567954, -3.1695682813465558], 1.0),
        ("spiral", [-2.3550769122050297, 3.1786766118728575], 0.0),
        ("gauss", [-2.990871599309481, -0.25652796455307403], 0.0),
        ("sine", [2.2601464318804965], 0.7600003132217183),
    ],
)
def test_a_shared_link_still_shows_the_points_it_showed_when_it_was_made(name, point, target):
    # Written down when this file was: a reordered draw would keep every other promise and break every link.
    data = load_dataset(name, 10, 0.1, 0.5, 3)
    assert data.x_train[0] == pytest.approx(point, rel=1e-12)
    assert data.y_train[0, 0] == pytest.approx(target, rel=1e-12)


def test_without_settings_there_are_250_points_without_noise_to_train_on_and_250_to_test():
    usual = load_dataset("circle")
    assert len(usual.x_train) == len(usual.x_test) == 250
    said = load_dataset("circle", samples=500, noise=0.0, train_fraction=0.5, seed=0)
    for part in ("x_train", "y_train", "x_test", "y_test"):
        np.testing.assert_array_equal(getattr(usual, part), getattr(said, part))


@pytest.mark.parametrize("name", ["sine", "plane"])
def test_noise_raises_some_targets_and_lowers_others(name):
    still, moved = load_dataset(name, samples=200), load_dataset(name, samples=200, noise=0.3)
    change = moved.y_train - still.y_train
    assert (change > 0).sum() > 30 and (change < 0).sum() > 30


# Of 40 points drawn from seed 3 with noise 0.5: where the first one for training lies, and the classes of all 20 (for a
# regression the first target). As above, a reordered or rescaled draw would keep other promises and break old links.
DRAWN_BEFORE = [
    ("circle", [4.7107674029012525, 1.6203766571065612], "00010010000110000110"),
    ("xor", [0.9965572638730464, 4.975287620314076], "10001011110101011001"),
    ("gauss", [0.03113260660174033, 2.284631012158113], "00010111010110001111"),
    ("spiral", [2.1126129752152667, 4.477058120879062], "00010111010110001111"),
    ("moons", [5.622177228548838, -0.6302676467268123], "00010111010110001111"),
    ("rings", [2.5060578958228588, 1.692833470460889], "01010110011001011100"),
    ("checkerboard", [0.8358687166476564, 5.6103451443768915], "10111010110100111110"),
    ("stripes", [0.8358687166476564, 5.6103451443768915], "10001110000010000100"),
    ("three_blobs", [-2.0278739755205546, 1.0296916435791807], "21202001201002210010"),
    ("six_blobs", [-2.0278739755205555, 5.0296916435791825], "52414002513114530021"),
    ("three_spirals", [-3.412199090855085, -1.9358220895234868], "21202001201002210010"),
    ("five_spirals", [3.4109301920936863, -1.2349356119918888], "42304001412113420021"),
    ("plane", [0.8358687166476564, 5.6103451443768915], 0.7651489927720319),
    ("multi_gaussian", [0.8358687166476564, 5.6103451443768915], 0.0),
    ("sine", [5.853290983913762], -0.7195020553635187),
    ("step", [5.853290983913762], 0.6972726882062501),
    ("abs", [1.951096994637921], 1.6483696828441712),
    ("square", [1.951096994637921], 3.504052170691378),
]


@pytest.mark.parametrize(("name", "point", "targets"), DRAWN_BEFORE, ids=[name for name, *_ in DRAWN_BEFORE])
def test_points_with_noise_are_drawn_as_ever(name, point, targets):
    data = load_dataset(name, 40, 0.5, 0.5, 3)
    assert data.x_train[0] == pytest.approx(point, rel=1e-12)
    if data.task == "regression":
        assert data.y_train[0, 0] == pytest.approx(targets, rel=1e-12)
    else:
        assert "".join(str(int(label)) for label in data.y_train.ravel()) == targets


def test_every_data_set_that_draws_is_held_to_what_it_drew():
    assert {name for name, *_ in DRAWN_BEFORE} == set(DRAWN)


@pytest.mark.parametrize("name", [*DRAWN, *FIXED])
def test_without_noise_a_data_set_is_shown_in_the_window_it_has_always_had(name):
    special = {
        "tutorial": ((-1, 1),) * 3,
        "sine": ((-6, 6),),
        "step": ((-6, 6),),
        "abs": ((-2, 2),),
        "square": ((-2, 2),),
    }
    gate = name.endswith("_gate")
    window = special.get(name, ((-0.5, 1.5),) * 2 if gate else ((-6, 6),) * 2)
    assert load_dataset(name).domain == DATASETS[name].domain == window
