"""Idle settings: what would change nothing says why and throws no training away; everything else changes the run."""

import pytest

from scratchnet import DATASETS, INITIALIZERS, Experiment, defaults_for, why_idle
from ui.play.playground import Playground

OTHER = {
    "samples": 30,
    "noise": 0.5,
    "train_fraction": 0.7,
    "data_seed": 9,
    "init_seed": 9,
    "order_seed": 9,
}


def numbers(experiment):
    """Everything that a run of three epochs depends on and comes to, as bytes."""
    run = experiment.start()
    first = run.network.theta.tobytes()
    run.advance(epochs=3)
    return first, run.x_train.tobytes(), run.y_train.tobytes(), run.x_test.tobytes(), run.network.theta.tobytes()


CASES = [
    *({"dataset": name, **defaults_for(name)} for name in DATASETS),
    *({"initializer": name} for name in INITIALIZERS),
    *({"shuffle": shuffle, "batch_size": size} for shuffle in (True, False) for size in (1, 19, 20, 21, 1000)),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_setting_is_called_idle_exactly_where_another_value_gives_the_same_numbers(case):
    experiment = Experiment(**{"samples": 40, "hidden": (2,), "batch_size": 2, **case})
    points = len(experiment.start().x_train)
    for name, value in (OTHER | {"shuffle": not experiment.shuffle}).items():
        same = numbers(experiment) == numbers(experiment.replace(**{name: value}))
        assert bool(why_idle(experiment, points, name)) == same, name


@pytest.mark.parametrize("size", [1, 19, 20, 21, 1000])
@pytest.mark.parametrize("other", [2, 18, 20, 22, 2**31])
def test_another_batch_size_is_idle_exactly_where_both_take_all_points_and_the_numbers_are_the_same(size, other):
    experiment = Experiment(samples=40, hidden=(2,), batch_size=size)
    points = len(experiment.start().x_train)
    assert points == 20
    same = size == other or numbers(experiment) == numbers(experiment.replace(batch_size=other))
    assert bool(why_idle(experiment, points, "batch_size", other)) == same
    assert why_idle(experiment, points, "batch_size") == "", "of no value in particular nothing can be said"


def test_a_batch_size_that_changes_nothing_is_no_change_and_says_why_and_one_that_changes_something_is_taken():
    playground = Playground(Experiment(samples=40, hidden=(2,), batch_size=20))
    playground.step("epoch")
    assert not playground.apply(batch_size=1000)
    assert playground.notice == "Each update takes all 20 training points: no batch is larger."
    assert (playground.run.epoch, playground.can_undo, playground.run.settings.batch_size) == (1, False, 20)
    assert playground.apply(batch_size=19) and playground.can_undo and playground.run.settings.batch_size == 19


@pytest.mark.parametrize(
    ("case", "name"),
    [
        *(({"dataset": "xor_gate"}, name) for name in ("samples", "noise", "train_fraction", "data_seed")),
        *(({"initializer": name}, "init_seed") for name in ("zeros", "constant")),
        ({"hidden": ()}, "activation"),
        *((case, "order_seed") for case in ({"shuffle": False}, {"batch_size": 1000})),
        ({"batch_size": 1000}, "shuffle"),
    ],
)
def test_what_would_change_nothing_throws_no_training_away_and_says_why(case, name):
    playground = Playground(Experiment(**{"hidden": (2,), **case}))
    playground.step("epoch")
    update, undo = playground.run.update, playground.can_undo
    assert not playground.apply(**{name: (OTHER | {"activation": "relu", "shuffle": False})[name]})
    assert playground.notice == playground.why_idle(name) != ""
    assert (playground.run.update, playground.can_undo) == (update, undo)


def test_new_data_and_new_weights_of_what_is_not_drawn_keep_the_network():
    playground = Playground(Experiment(dataset="xor_gate", hidden=(2,), initializer="zeros"))
    playground.step("epoch")
    playground.new_data()
    assert playground.notice == "Nothing is drawn at random: the points of this data set are given."
    playground.new_weights()
    assert playground.notice == "Nothing is drawn at random: the first weights are all the same number."
    assert playground.run.epoch == 1


def test_a_seed_at_its_end_has_no_next_one_and_the_sentence_says_so():
    playground = Playground(Experiment(data_seed=2**31))
    playground.new_data()
    assert playground.notice.startswith("Seed of the data: expected a whole number")


def test_new_data_says_its_seed():
    playground = Playground(Experiment(data_seed=4))
    playground.new_data()
    assert playground.notice == "New data: seed 5."


def test_equal_signs_and_the_gate_xor_say_which_class_is_where():
    inside = Experiment(dataset="xor", samples=200).start().dataset
    signs = [a * b > 0 for a, b in inside.x_train.tolist()]
    assert "Class 1 where x1 and x2 have the same sign" in DATASETS["xor"].description
    assert [bool(y) for y in inside.y_train[:, 0]] == signs
    gate = Experiment(dataset="xor_gate").start().dataset
    assert "1 if exactly one input is 1" in DATASETS["xor_gate"].description
    assert [bool(y) for y in gate.y_train[:, 0]] == [a + b == 1 for a, b in gate.x_train.tolist()]


@pytest.mark.parametrize("hidden", [(), (1,), (3, 2)])
def test_the_activation_is_idle_exactly_where_no_hidden_layer_uses_it(hidden):
    experiment = Experiment(samples=40, hidden=hidden)
    same = numbers(experiment) == numbers(experiment.replace(activation="relu"))
    assert bool(why_idle(experiment, 20, "activation")) == same == (hidden == ())
