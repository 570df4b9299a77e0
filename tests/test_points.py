"""Somebody's own points: a value, in writing and back, split and scaled, changed while a run goes on."""

import base64
import json
import math
import zlib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import scratchnet as sn
from scratchnet.events import MAX_POINT_CHANGES
from scratchnet.points import MAX_LINK_ROWS, read_link

WINDOW = ((-6.0, 6.0), (-6.0, 6.0))


def drawn(count=40, seed=0, classes=("orange", "blue"), columns=2):
    """Points as somebody draws them: two decimals, every third one for testing."""
    random = np.random.default_rng(seed)
    x = np.round(random.uniform(-6, 6, (count, columns)), 2)
    y = random.integers(0, len(classes), count) if classes else np.round(x.sum(axis=1), 2)
    names = tuple(f"x{column + 1}" for column in range(columns))
    parts = np.where(np.arange(count) % 3 == 2, 2, 0)
    return sn.Points("drawn", x, y, names, "class", classes, (), parts, WINDOW[:columns])


def table(rows=90, columns=3, classes=("low", "middle", "high"), seed=1, missing=0):
    """A table of uneven classes, with gaps in its first column."""
    random = np.random.default_rng(seed)
    x = random.normal(0, 1, (rows, columns)) * 10.0 ** np.arange(columns) + 5
    x[:missing, 0] = np.nan
    y = random.choice(len(classes), rows, p=[0.6, 0.3, 0.1]) if classes else random.normal(1e6, 1e5, rows)
    return sn.Points("table.csv", x, y, tuple(f"column {k}" for k in range(columns)), "y", classes)


# A value


def test_points_of_the_same_content_are_equal_and_every_difference_shows_in_the_digest():
    points = drawn()
    assert points == drawn() and hash(points) == hash(drawn()) and len(points.digest) == 64
    x = points.x.copy()
    x[3, 1] += 0.01
    others = [
        sn.Points("drawn", x, points.y, points.names, "class", points.classes, (), points.parts, WINDOW),
        sn.Points("drawn", points.x, 1 - points.y, points.names, "class", points.classes, (), points.parts, WINDOW),
        sn.Points("other", points.x, points.y, points.names, "class", points.classes, (), points.parts, WINDOW),
        sn.Points("drawn", points.x, points.y, points.names, "class", ("red", "blue"), (), points.parts, WINDOW),
        sn.Points("drawn", points.x, points.y, points.names, "class", points.classes, (), 0 * points.parts, WINDOW),
        sn.Points("drawn", points.x, points.y, points.names, "class", points.classes, ("flag", "number"), points.parts),
        sn.Points("drawn", points.x, points.y, points.names, "class", points.classes, (), None, WINDOW),
    ]
    assert len({points.digest, *(other.digest for other in others)}) == 8


def test_points_cannot_be_changed_and_do_not_follow_the_array_they_were_made_of():
    x, y = np.zeros((3, 1)), np.array([0.0, 1.0, 2.0])
    points = sn.Points("p", x, y, ("t",))
    x[0, 0] = 9
    assert points.x[0, 0] == 0
    for array in (points.x, points.y):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"x": np.zeros((0, 2)), "y": []}, "1 to 20,000 rows"),
        ({"x": np.zeros((20_001, 2)), "y": np.zeros(20_001)}, "1 to 20,000 rows"),
        ({"x": np.zeros((2, 3))}, "rows of 2 values"),
        ({"x": [[1, math.inf], [0, 0]]}, "finite values"),
        ({"x": [[1, 1.1e30], [0, 0]]}, "finite values"),
        ({"x": [[1, math.nan], [0, math.nan]]}, "a value in column 'b'"),
        ({"x": [["one", 1], [0, 0]]}, "numbers"),
        ({"y": [0, math.nan]}, "a finite target"),
        ({"y": [0]}, "a finite target for each"),
        ({"y": [0, 2]}, "classes from 0 to 1"),
        ({"y": [0, 0.5]}, "classes from 0 to 1"),
        ({"names": ("a", "a")}, "columns of different names"),
        ({"names": ("a", "")}, "1 to 60 printable characters"),
        ({"names": ("a", "b\n")}, "1 to 60 printable characters"),
        ({"classes": ("one",)}, "2 to 10 classes"),
        ({"classes": tuple(map(str, range(11)))}, "2 to 10 classes"),
        ({"kinds": ("number",)}, "number or flag"),
        ({"parts": [0, 3]}, "part 0, 1 or 2"),
        ({"parts": [2, 2]}, "at least one training point"),
        ({"domain": ((0, 1), (1, 1))}, "a low and a higher end"),
        ({"domain": ((0, 0.5), (0, 1))}, "values from 0 to 0.5"),
    ],
)
def test_bad_points_are_refused_with_one_sentence(changed, says):
    good = {"name": "p", "x": [[0, 0], [1, 1]], "y": [0, 1], "names": ("a", "b"), "classes": ("no", "yes")}
    sn.Points(**good)
    with pytest.raises(ValueError, match=says) as caught:
        sn.Points(**{**good, **changed})
    assert "\n" not in str(caught.value)


def test_the_window_is_round_and_holds_every_point():
    points = sn.Points("p", [[4.3, 1e6], [7.9, 3e6], [5, math.nan]], [1, 2, 3], ("length", "price"))
    (low, high), (low2, high2) = points.window
    assert (low, high) == pytest.approx((4.1, 8.1)) and (low2, high2) == pytest.approx((0.9e6, 3.1e6))
    ((low, high),) = sn.Points("p", [[5.0], [5.0]], [1, 2], ("same",)).window
    assert low < 5 < high


# In writing


@given(st.integers(1, MAX_LINK_ROWS), st.integers(0, 2**32), st.sampled_from([(), ("a", "b"), tuple("abcdef")]))
def test_up_to_200_points_come_back_from_a_link_exactly(count, seed, classes):
    random = np.random.default_rng(seed)
    x = random.normal(0, 1, (count, 2)) * 10.0 ** random.integers(-8, 8)
    y = random.integers(0, len(classes), count) if classes else random.normal(0, 1, count)
    points = sn.Points("punkte ü", x, y, ("größe", "<script>"), "$y$", classes)
    experiment = sn.Experiment(dataset=points, hidden=(3,), **sn.defaults_for(points))
    opened, ignored = sn.Experiment.from_query(experiment.to_query())
    assert ignored == () and opened == experiment and np.array_equal(opened.dataset.x, points.x)
    assert sn.Experiment.from_json(experiment.to_json()) == experiment


def test_a_large_table_travels_by_name_and_content_and_opens_when_the_file_is_there():
    points = table(300)
    experiment = sn.Experiment(dataset=points, **sn.defaults_for(points))
    query = experiment.to_query()
    assert len(query) < 1000
    opened, ignored = sn.Experiment.from_query(query)
    assert opened.dataset == "spiral" and len(ignored) >= 1 and "'table.csv'" in ignored[0]
    assert sn.Experiment.from_query(query, {points.digest: points}) == (experiment, ())
    other = table(300, seed=2)
    assert sn.Experiment.from_query(query, {other.digest: other})[0].dataset == "spiral"
    assert sn.Experiment.from_json(experiment.to_json(), {points.digest: points}) == experiment
    with pytest.raises(ValueError, match=rf"'table\.csv' \(digest {points.digest[:8]}\), which is not here"):
        sn.Experiment.from_json(experiment.to_json())


@given(st.integers(0, 10**6), st.integers(0, 255), st.integers(0, 3))
def test_a_damaged_link_is_refused_politely_and_nothing_else_is_lost(at, byte, cut):
    text = drawn().link
    at %= len(text)
    damaged = (text[:at] + chr(byte) + text[at + 1 :])[: len(text) - cut]
    try:
        points = read_link(damaged, {})
    except ValueError as error:
        assert "\n" not in str(error)
    else:
        assert isinstance(points, sn.Points)
    experiment, ignored = sn.Experiment.from_query("hidden=5&dataset=points.1.AAAA")
    assert experiment.hidden == (5,) and experiment.dataset == "spiral" and "damaged" in ignored[0]


def test_a_link_of_a_later_version_and_a_small_link_that_unpacks_to_much_are_refused():
    with pytest.raises(ValueError, match="later version"):
        read_link("points.2.abcd", {})
    bomb = base64.urlsafe_b64encode(zlib.compress(b" " * 10_000_000)).decode().rstrip("=")
    with pytest.raises(ValueError, match="damaged"):
        read_link("points.1." + bomb, {})


# Split and scaled


@pytest.mark.parametrize(("train", "validation"), [(0.5, 0.0), (0.6, 0.2), (0.1, 0.5), (0.9, 0.05)])
def test_each_part_has_its_share_of_each_class_and_every_row_is_in_one_part(train, validation):
    points = table(200)
    data = sn.load_dataset(points, train_fraction=train, validation_fraction=validation, seed=3)
    parts = (data.y_train, data.y_validation, data.y_test)
    assert len(data.y_train) == round(200 * train) and len(data.y_validation) == round(200 * validation)
    whole = Counter(points.y.tolist())
    for part in parts:
        for k, count in Counter(part.tolist()).items():
            assert abs(count - whole[k] * len(part) / 200) <= 1.5  # as even as whole rows allow, on both borders
    rows = np.concatenate([data.x_train, data.x_validation, data.x_test])
    assert sorted(map(tuple, rows.tolist())) == sorted(map(tuple, points.x.tolist()))


STUDY = json.loads((Path(__file__).parent / "oracles" / "study.json").read_text())["data"]


@pytest.mark.parametrize("case", STUDY["stratified"], ids=lambda case: f"{case['counts']} {case['share']}")
def test_each_class_has_as_many_training_rows_as_scikit_learn_gives_it_or_one_more_or_less(case):
    y = np.repeat(np.arange(len(case["counts"])), case["counts"])
    points = sn.Points("t", np.arange(float(len(y)))[:, None], y, ("x",), classes=tuple(map(str, range(max(y) + 1))))
    mine = sn.load_dataset(points, train_fraction=case["share"]).y_train
    found = np.bincount(mine.ravel().astype(int), minlength=len(case["counts"]))
    assert found.sum() == sum(case["train"])
    assert np.abs(found - case["train"]).max() <= 1


@pytest.mark.parametrize("case", STUDY["scaling"], ids=lambda case: case["scaling"])
def test_rows_are_scaled_as_scikit_learn_scales_them(case):
    x = np.array(case["x"])
    parts = np.where(np.arange(len(x)) < case["train"], 0, 2)
    points = sn.Points("t", x, np.arange(float(len(x))), ("a", "b", "c", "constant"), parts=parts)
    data = sn.load_dataset(points, scaling=case["scaling"])
    assert data.scaled(x) == pytest.approx(np.array(case["scaled"]), rel=1e-9, abs=1e-12)


def test_the_split_is_another_one_for_another_seed_and_validation_takes_from_the_test_only():
    points = table(200)
    first, second = (sn.load_dataset(points, seed=seed).x_train.tolist() for seed in (0, 1))
    assert sorted(first) != sorted(second)
    plain, with_validation = (
        sn.load_dataset("circle", 100, train_fraction=0.5, validation_fraction=share) for share in (0, 0.2)
    )
    assert np.array_equal(plain.x_train, with_validation.x_train)
    assert np.array_equal(plain.x_test, np.concatenate([with_validation.x_validation, with_validation.x_test]))


def test_one_scale_for_all_has_the_mean_and_spread_of_all_columns_together_and_leaves_flags_as_they_are():
    x = np.column_stack([np.arange(50.0) ** 2, np.arange(50) % 2, np.full(50, 7.0), -np.arange(50.0)])
    points = sn.Points(
        "t", x, np.arange(50) % 2, ("a", "odd", "c", "d"), "t", ("u", "v"), ("number", "flag") + ("number",) * 2
    )
    data = sn.load_dataset(points, train_fraction=0.4, scaling="shared")
    mine = [value for a, _, c, d in data.x_train.tolist() for value in (a, c, d)]
    mean = sum(mine) / len(mine)
    spread = math.sqrt(sum((value - mean) ** 2 for value in mine) / len(mine))
    expected = [
        [(a - mean) / spread, odd, (c - mean) / spread, (d - mean) / spread] for a, odd, c, d in data.x_test.tolist()
    ]
    assert data.scale(data.x_test) == pytest.approx(np.array(expected), rel=1e-12)
    assert data.scale.back(data.scale(data.x_test)) == pytest.approx(data.x_test, rel=1e-12)


@pytest.mark.parametrize(("columns", "kinds"), [((7.0, 7.0), ("number", "number")), ((0.0, 1.0), ("flag", "flag"))])
def test_one_scale_for_all_stretches_nothing_where_all_is_equal_or_a_flag(columns, kinds):
    x = np.tile(columns, (20, 1)) + 0.0
    points = sn.Points("t", x, np.arange(20) % 2, ("a", "b"), "t", ("u", "v"), kinds)
    data = sn.load_dataset(points, scaling="shared")
    moved = 7.0 if kinds[0] == "number" else 0.0
    assert data.scale(x).tolist() == (x - moved).tolist()


@pytest.mark.parametrize("scaling", ["standard", "minmax"])
def test_scaling_is_fitted_on_the_training_rows_alone_and_leaves_flags_as_they_are(scaling):
    x = np.column_stack([np.arange(50.0) ** 2, np.arange(50) % 2, np.full(50, 7.0)])
    points = sn.Points("t", x, np.arange(50.0), ("square", "odd", "constant"), kinds=("number", "flag", "number"))
    data = sn.load_dataset(points, train_fraction=0.4, scaling=scaling)
    mine = [row[0] for row in data.x_train.tolist()]
    if scaling == "standard":
        mean = sum(mine) / len(mine)
        shift, factor = mean, math.sqrt(sum((value - mean) ** 2 for value in mine) / len(mine))
    else:
        shift, factor = min(mine), max(mine) - min(mine)
    expected = [[(a - shift) / factor, b, c - 7.0] for a, b, c in data.x_test.tolist()]
    assert data.scale(data.x_test) == pytest.approx(np.array(expected), rel=1e-12)
    assert data.scale.back(data.scale(data.x_test)) == pytest.approx(data.x_test, rel=1e-12)
    network = {"features": ("x1", "x2", "x1*x2"), "hidden": (2,), "output": "identity", "loss": "mse"}
    run = sn.Experiment(dataset=points, train_fraction=0.4, scaling=scaling, **network).start()
    own = [[a, b, a * b] for a, b, _ in expected]
    assert run.x_test == pytest.approx(np.array(own), rel=1e-12)
    targets = [float(y) for y in data.y_train[:, 0]]
    low, spread = (
        (min(targets), max(targets) - min(targets)) if scaling == "minmax" else (np.mean(targets), np.std(targets))
    )
    assert run.y_train[:, 0] == pytest.approx((np.array(targets) - low) / spread, rel=1e-12)
    assert run.dataset.in_units(run.y_train) == pytest.approx(data.y_train, rel=1e-12)


def test_missing_values_become_the_mean_of_the_training_rows_and_are_counted():
    points = table(60, missing=20)
    data = sn.load_dataset(points, train_fraction=0.5)
    known = {tuple(row[1:]): row[0] for row in points.x.tolist()}
    mine = [known[tuple(row[1:])] for row in data.x_train.tolist()]
    mean = np.mean([value for value in mine if not math.isnan(value)])
    assert data.filled == 20
    for row in [*data.x_train.tolist(), *data.x_test.tolist()]:
        there = known[tuple(row[1:])]
        assert row[0] == pytest.approx(mean if math.isnan(there) else there)


def test_values_of_a_million_train_once_they_are_scaled():
    random = np.random.default_rng(0)
    x = random.uniform(1e6, 3e6, (80, 2))
    points = sn.Points("prices", x, 2 * x[:, 0] - x[:, 1], ("a", "b"))
    plain = sn.Experiment(dataset=points, hidden=(6,), output="identity", loss="mse", learning_rate=0.03)
    run = plain.replace(scaling="standard").start()
    run.advance(epochs=60)
    assert run.evaluate().test_score > 0.99
    run = plain.start()
    run.advance(epochs=60)
    assert not run.evaluate().test_score > 0.9


def test_validation_has_a_loss_and_a_score_of_its_own():
    run = sn.Experiment(dataset="gauss", validation_fraction=0.2, noise=0.3).start()
    run.advance(epochs=2)
    outputs = run.network.predict(run.x_validation)[:, 0]
    y = run.y_validation[:, 0]
    loss = -np.mean([math.log(p if t else 1 - p) for p, t in zip(outputs.tolist(), y.tolist(), strict=True)])
    now = run.evaluate()
    assert now.validation_loss == pytest.approx(loss) and now.validation_total == 100
    assert now.validation_correct == sum((outputs > 0.5) == y) and now.validation_score == now.validation_correct / 100
    assert run.history.validation_loss[-1] == now.validation_loss
    assert now.train_total + now.validation_total + now.test_total == 500


# Drawn while a run goes on


@st.composite
def drawings(draw):
    """A run with changes of its points at rising updates, and where it ends."""
    points, events, update = drawn(draw(st.integers(1, 25)), draw(st.integers(0, 99))), [], 0
    for _ in range(draw(st.integers(1, 5))):
        update += draw(st.integers(0, 30))
        rows, place = list(points.rows()), draw(st.integers(0, len(points)))
        match draw(st.sampled_from(["add", "move", "erase", "flip"])):
            case "add":
                rows.append((draw(st.integers(-600, 600)) / 100, 1.25, draw(st.integers(0, 1)), 0))
            case "move" if place < len(rows):
                rows[place] = (0.5, *rows[place][1:])
            case "erase" if place < len(rows) and sum(row[-1] == 0 for row in rows) > 1:
                rows[place : place + draw(st.integers(1, 8))] = []
            case "flip" if place < len(rows):
                rows[place] = (*rows[place][:2], 1 - rows[place][2], rows[place][3])
        if not any(row[-1] == 0 for row in rows):
            rows = list(points.rows())
        points = points.with_rows(rows)
        events.append((update, points))
    return drawn(10), events, update + draw(st.integers(0, 40))


@given(drawings(), st.integers(1, 12))
def test_points_drawn_on_the_way_are_the_same_run_by_link_by_json_and_by_goto(drawing, batch_size):
    _, events, end = drawing
    start = events[0][1]
    run = sn.Experiment(dataset=start, hidden=(3,), batch_size=batch_size).start()
    for update, points in events:
        run.advance(updates=update - run.update)
        run.draw(points)
    run.advance(updates=end - run.update)
    opened, ignored = sn.Experiment.from_query(run.experiment.to_query())
    assert ignored == () and opened == run.experiment == sn.Experiment.from_json(run.experiment.to_json())
    again = opened.start()
    again.goto(end)
    for other in (again, run.fork()):
        assert np.array_equal(other.network.theta, run.network.theta)
        assert other.evaluate() == run.evaluate() and other.epoch == run.epoch
        assert other.dataset.x_train.tolist() == run.dataset.x_train.tolist()
        for name in ("update", "epoch", "train_loss", "test_loss"):
            assert np.array_equal(getattr(other.history, name), getattr(run.history, name))
    half = end // 2
    again.goto(half)
    fresh = run.experiment.start()
    fresh.goto(half)
    assert np.array_equal(again.network.theta, fresh.network.theta) and again.evaluate() == fresh.evaluate()


def test_the_points_in_force_are_those_that_the_next_update_learns_from():
    """Worked out beside the run: plain loops over the epoch's order, with another number of points in mid-epoch."""
    start = drawn(12)
    run = sn.Experiment(dataset=start, hidden=(2,), optimizer="sgd", learning_rate=0.5, batch_size=3).start()
    run.advance(updates=4)  # 8 training points: three updates an epoch, so one of the second
    assert (run.epoch, len(run.x_train)) == (1, 8)
    more = start.with_rows([*start.rows(), (1.0, 2.0, 1, 0), (2.0, -2.0, 0, 0)])
    run.draw(more)
    assert len(run.x_train) == 10
    rows = run.next_batch()
    before = run.network
    step = run.step()
    forward = before.forward(run.x_train[rows])
    gradient = sn.backpropagate(before, forward, run.y_train[rows], loss="bce").gradient
    assert np.array_equal(step.after.theta, before.theta - 0.5 * gradient)
    run.advance(updates=1)
    assert run.epoch == 1 and run.epoch_end() == 7  # position 9 of 10: one more update with a single point
    run.advance(updates=1)
    assert run.epoch == 2
    few = start.with_rows(start.rows()[:3])
    run.advance(updates=1)
    run.draw(few)  # two training points are left, three have been used: the epoch is over
    assert (run.epoch, len(run.x_train)) == (3, 2)
    run.advance(updates=1)
    assert run.epoch == 4


def test_the_loss_curve_keeps_what_was_measured_before_a_point_was_drawn():
    run = sn.Experiment(dataset=drawn(30), hidden=(3,)).start()
    run.advance(
        epochs=201
    )  # rows of the history lie two epochs apart, so the last one is measured when it is asked for
    run.advance(updates=1)
    before = run.history.train_loss.tolist()
    run.draw(run.settings.dataset.with_rows(run.settings.dataset.rows()[:27]))
    assert run.history.train_loss.tolist() == before


def test_points_before_the_first_update_are_the_data_itself():
    start, other = drawn(20), drawn(20).with_rows(drawn(20).rows()[:10])
    run = sn.Experiment(dataset=start, hidden=(3,)).start()
    run.edit(0, 0, 0, 0.25)
    run.draw(other)
    assert run.experiment.dataset == other and "points" not in dict(run.experiment.events)[0]
    assert run.network.weights[0][0, 0] == 0.25 and len(run.dataset.x_train) + len(run.dataset.x_test) == 10


def test_what_is_no_drawing_of_the_same_points_is_refused_and_nothing_changes():
    run = sn.Experiment(dataset=drawn(20), hidden=(3,)).start()
    run.advance(updates=3)
    before = run.experiment
    for points in (drawn(20, classes=("a", "b", "c")), drawn(20, columns=1), table(20)):
        with pytest.raises(ValueError, match="same columns and classes"):
            run.draw(points)
    with pytest.raises(ValueError, match="only own points"):
        sn.Experiment().start().draw(drawn())
    unsplit = sn.Experiment(dataset=table(20), features=("x1",), output="softmax", loss="cross_entropy").start()
    unsplit.advance(updates=1)
    with pytest.raises(ValueError, match="same columns"):
        unsplit.draw(table(20, seed=5))
    assert run.experiment == before and run.update == 3


def test_as_many_points_as_a_link_can_say_may_be_drawn_and_no_more():
    full = drawn(100)
    run = sn.Experiment(dataset=full, hidden=(2,)).start()
    for count in range(MAX_POINT_CHANGES // 50):
        run.advance(updates=1)
        rows = full.rows()
        run.draw(full.with_rows(rows[:50] if count % 2 == 0 else rows))
    run.advance(updates=1)
    with pytest.raises(ValueError, match=f"at most {MAX_POINT_CHANGES} points"):
        run.draw(full.with_rows(full.rows()[:60]))
    opened, ignored = sn.Experiment.from_query(run.experiment.to_query())
    assert ignored == () and opened == run.experiment


def test_a_link_with_150_points_gives_the_same_loss_at_update_1000_to_the_bit():
    random = np.random.default_rng(5)
    x = random.normal(0, 2, (150, 2))
    points = sn.Points("mine", x, (x[:, 0] > x[:, 1]).astype(int), classes=("below", "above"))
    run = sn.Experiment(dataset=points, hidden=(5,)).start()
    run.goto(1000)
    opened = sn.Experiment.from_query(run.experiment.to_query())[0].start()
    opened.goto(1000)
    assert opened.evaluate().train_loss == run.evaluate().train_loss


@pytest.mark.parametrize("kinds", [[["number"], ["flag"]], [{}, {}], [1, 2], "number"])
def test_kinds_that_are_no_words_are_refused_with_one_sentence(kinds):
    with pytest.raises(ValueError, match="points: "):
        sn.Points("p", [[0, 0], [1, 1]], [0, 1], ("a", "b"), kinds=kinds)


@pytest.mark.parametrize(
    "values",
    [(5e-324, 5e-324), (0.0, 5e-324), (1e-320, 1e30), (-1e30, 1e30), (1e30, 1e30), (7.0, 7.0), (1e-300, 2e-300)],
)
def test_of_the_smallest_and_the_largest_values_the_window_is_wide_and_every_picture_can_be_drawn(values):
    x = np.array([[values[0], 0.0], [values[1], 1.0]])
    points = sn.Points("p", x, [0, 1], classes=("a", "b"), parts=[0, 2])
    for low, high in points.window:
        assert math.isfinite(low) and math.isfinite(high) and low < high
    run = sn.Experiment(dataset=points, hidden=(2,)).start()
    with np.errstate(all="raise"):
        maps = sn.UnitMaps(("x1", "x2"), points.window, 20)
        assert maps(run.network)[-1].pixels.shape == (1, 20, 20)


def test_as_many_changes_as_a_run_may_have_fit_into_the_thousand_parameters_that_a_server_reads():
    full = drawn(100)
    run = sn.Experiment(dataset=full, hidden=(2,)).start()
    for count in range(400):
        run.advance(updates=1)
        run.draw(full.with_rows(full.rows()[: 99 + count % 2]))
        run.change(learning_rate=0.01 + count / 1e5)
    query = run.experiment.to_query()
    assert query.count("&") < 1000
    assert sn.Experiment.from_query(query) == (run.experiment, ())
    damaged, ignored = sn.Experiment.from_query(query.replace("points=1_", "points=x_", 1))
    assert len(ignored) >= 1 and damaged.dataset == full
