"""What would cost too much is refused in one sentence wherever it may come from, and what is allowed stays small."""

import tracemalloc

import numpy as np
import pytest

import scratchnet as sn
from ui.play.playground import Playground

LARGEST = {"hidden": (128, 128, 128), "samples": 1000, "train_fraction": 0.9}  # near both bounds
TOO_MANY_PARAMETERS = {"hidden": (128,) * 12}
TOO_MANY_UNITS = {"hidden": (64, 64), "samples": 10_000, "train_fraction": 0.9}
PARAMETERS = "hidden: expected at most 40,000 weights and biases, got 182,145; use fewer layers or units."
UNITS = (
    "hidden and samples: expected at most 400,000 units, those of the output too, times training samples, "
    "got 129 times 9,000 = 1,161,000; use fewer units or samples."
)


def test_parameters_and_units_are_counted_as_by_hand():
    sn.Experiment(**LARGEST)
    assert 2 * 128 + 128 + 2 * (128 * 128 + 128) + 128 + 1 == 33_537 <= 40_000
    assert (3 * 128 + 1) * 900 == 346_500 <= 400_000
    with pytest.raises(ValueError) as caught:
        sn.Experiment(**TOO_MANY_PARAMETERS)
    assert 2 * 128 + 128 + 11 * (128 * 128 + 128) + 128 + 1 == 182_145
    assert str(caught.value) == PARAMETERS
    with pytest.raises(ValueError) as caught:
        sn.Experiment(**TOO_MANY_UNITS)
    assert str(caught.value) == UNITS


@pytest.mark.parametrize(
    ("allowed", "refused"),
    [
        ({"hidden": (40, 39), "samples": 10_000, "train_fraction": 0.5}, {"train_fraction": 0.51}),
        ({"hidden": (40, 39), "samples": 10_000, "train_fraction": 0.5}, {"hidden": (40, 40)}),
        ({"hidden": (128, 128, 128, 50)}, {"hidden": (128, 128, 128, 51)}),
    ],
)
def test_the_bounds_are_where_they_are_said_to_be(allowed, refused):
    experiment = sn.Experiment(**allowed)
    with pytest.raises(ValueError, match="expected at most"):
        experiment.replace(**refused)


def test_given_points_are_few_whatever_number_of_samples_is_set_beside_them():
    sn.Experiment(dataset="xor_gate", samples=10_000, hidden=(128, 128, 128))


def test_a_link_a_file_and_a_control_refuse_it_and_what_was_there_stays():
    experiment, ignored = sn.Experiment.from_query("hidden=" + "-".join(["128"] * 12))
    assert experiment == sn.Experiment() and len(ignored) == 1 and PARAMETERS[:-1] in ignored[0]
    experiment, ignored = sn.Experiment.from_query("samples=10000&train_fraction=0.9&hidden=64-64")
    assert (experiment.samples, experiment.hidden) == (10_000, (8, 8)) and UNITS[:-1] in ignored[0]
    with pytest.raises(ValueError, match="40,000 weights"):
        sn.Experiment.from_json(
            sn.Experiment().to_json().replace("[8, 8]", str([128] * 12)).replace("[8,8]", str([128] * 12))
        )
    playground = Playground(sn.Experiment(hidden=(8,), samples=60))
    before = playground.run
    assert not playground.apply(**TOO_MANY_PARAMETERS)
    assert playground.run is before and "40,000 weights and biases" in playground.notice


def test_predictions_block_by_block_are_those_of_all_samples_at_once():
    rng = np.random.default_rng(3)
    net = sn.Network.build((2, 128, 64, 3), hidden="gelu", output="softmax", rng=1)
    for samples in (0, 1, 671, 672, 673, 1344, 5000):
        x = rng.normal(size=(samples, 2))
        np.testing.assert_allclose(net.predict(x), net.forward(x).output, rtol=1e-12, atol=0)
        assert not net.predict(x).flags.writeable


def test_an_evaluation_block_by_block_counts_every_sample_once():
    experiment = sn.Experiment(**LARGEST, loss="bce", init_seed=4)
    run = experiment.start()
    now = run.evaluate()
    for part, loss, correct in (
        ("train", now.train_loss, now.train_correct),
        ("test", now.test_loss, now.test_correct),
    ):
        x, y = getattr(run, f"x_{part}"), getattr(run, f"y_{part}")
        p = run.network.forward(x).output
        assert loss == pytest.approx(float(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()), rel=1e-12)
        assert correct == int(((p > 0.5) == (y == 1)).sum())


def test_a_run_of_the_largest_experiment_keeps_25_megabytes_at_most():
    tracemalloc.start()
    run = sn.Experiment(**LARGEST, batch_size=2**31).start()
    for _ in range(40):
        run.advance(updates=1)
    run.evaluate()
    run.network.predict(run.x_train)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 25e6
