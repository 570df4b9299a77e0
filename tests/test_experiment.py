import copy
import dataclasses
import itertools
import json
import pickle
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scratchnet.activations import ACTIVATIONS
from scratchnet.datasets import DATASETS
from scratchnet.events import MAX_CHANGES
from scratchnet.experiment import Experiment
from scratchnet.features import FEATURES
from scratchnet.initializers import INITIALIZERS
from scratchnet.links import MAX_QUERY, MAX_SENTENCES
from scratchnet.losses import LOSSES, check_pair
from scratchnet.optimizers import OPTIMIZERS
from scratchnet.schedules import SCHEDULES
from scratchnet.settings import LIVE_SETTINGS, Settings
from scratchnet.task import defaults_for, unusual

# One experiment that uses every field in another way than the default one.
RICH = Experiment(
    dataset="xor",
    samples=300,
    noise=0.1,
    train_fraction=0.7,
    features=["x1", "x1*x2", "sin(x1)"],
    hidden=[4, 3],
    activation=["relu", "tanh"],
    output="tanh",
    loss="mse",
    initializer="he_normal",
    optimizer="sgd",
    optimizer_settings={"nesterov": True, "momentum": 0.9},
    learning_rate=0.03,
    schedule="step",
    schedule_settings={"step_size": 40},
    batch_size=7,
    shuffle=False,
    l1=1e-5,
    l2=1e-300,
    clip_norm=2,
    data_seed=1,
    init_seed=2,
    order_seed=2**31,
    events=[
        [120, {"learning_rate": 1, "edits": [[1, 0, 2, 0.5], [1, 0, None, -0.25]]}],
        [300, {"optimizer": "adam", "optimizer_settings": {"betas": [0.8, 1e-5]}, "clip_norm": None}],
        [400, {"optimizer": "sgd", "batch_size": 300, "shuffle": True, "edits": [[0, 3, 0, 1e-20]]}],
    ],
)


def refused(**changes):
    """The sentence with which an Experiment of these values is refused."""
    with pytest.raises(ValueError) as caught:
        Experiment(**changes)
    sentence = str(caught.value)
    assert sentence.endswith(".") and "\n" not in sentence and len(sentence) < 600
    return sentence


# Values


def test_the_default_experiment_is_the_one_of_the_contract():
    assert Experiment() == Experiment(
        dataset="spiral",
        samples=500,
        noise=0.0,
        train_fraction=0.5,
        features=("x1", "x2"),
        hidden=(8, 8),
        activation="tanh",
        output="sigmoid",
        loss="bce",
        initializer="glorot_uniform",
        optimizer="adam",
        optimizer_settings={},
        learning_rate=0.01,
        schedule="constant",
        schedule_settings={},
        batch_size=10,
        shuffle=True,
        l1=0.0,
        l2=0.0,
        clip_norm=None,
        data_seed=0,
        init_seed=0,
        order_seed=0,
        events=(),
    )
    assert Experiment().sizes == (2, 8, 8, 1)


def test_experiments_that_mean_the_same_compare_and_hash_equal():
    one = Experiment(learning_rate=1, noise=-0.0, hidden=[8, 8], activation=["tanh", "tanh"], l1=np.float64(0))
    other = Experiment(learning_rate=1.0, noise=0, hidden=(np.int64(8), 8), activation="tanh", shuffle=np.True_)
    assert one == other and hash(one) == hash(other)
    assert one.to_query() == other.to_query() and one.to_json() == other.to_json()
    assert "-0.0" not in one.to_query()
    assert type(one.learning_rate) is float and type(other.hidden[0]) is int and type(other.shuffle) is bool
    order = [{"momentum": 0.9, "weight_decay": 0}, {"weight_decay": 0.0, "momentum": 0.9}]
    one, other = (Experiment(optimizer="sgd", optimizer_settings=given) for given in order)
    assert one == other and hash(one) == hash(other) and one.to_query() == other.to_query()
    assert one != Experiment(optimizer="sgd", optimizer_settings={"momentum": 0.9})


def test_settings_are_copied_and_read_only():
    mine = {"momentum": 0.9}
    experiment = Experiment(optimizer="sgd", optimizer_settings=mine)
    mine["momentum"] = 0.1
    assert experiment.optimizer_settings == {"momentum": 0.9}
    with pytest.raises(TypeError):
        experiment.optimizer_settings["momentum"] = 0.1
    with pytest.raises(dataclasses.FrozenInstanceError):
        experiment.learning_rate = 1.0
    assert OPTIMIZERS["sgd"](**experiment.optimizer_settings).momentum == 0.9


def test_settings_are_a_mapping_that_says_what_it_holds():
    assert dict(Settings({"a": 1})) == {"a": 1} and len(Settings()) == 0 and "b" not in Settings({"a": 1})
    assert repr(Settings({"a": 1})) == "Settings({'a': 1})"
    with pytest.raises(KeyError):
        Settings({"a": 1})["b"]


def test_an_experiment_can_be_copied_and_pickled():
    assert copy.deepcopy(RICH) == RICH and pickle.loads(pickle.dumps(RICH)) == RICH


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("dataset", ["moon", 3, None, ["xor"]]),
        ("samples", [1, 10_001, 10.0, True, "500", None, 10**5000]),
        ("noise", [-0.1, 0.6, float("nan"), "0", None, True]),
        ("train_fraction", [0, 0.05, 0.95, float("inf"), "0.5"]),
        ("features", [(), ("x1", "x1"), ("x9",), ("x3",), "x1", None, (1,), (["x1"],)]),
        ("hidden", [8, "8", (0,), (129,), (8,) * 13, (8.0,), (True,), None, ((8,),)]),
        ("activation", ["softmax", "Tanh", (), ("tanh",) * 3, 1, None, ("tanh", None), {"tanh": 1}]),
        ("output", ["", None, "step"]),
        ("loss", ["log", None, 0]),
        ("initializer", ["he", None]),
        ("optimizer", ["SGD", None, ["sgd"]]),
        ("optimizer_settings", [{"momentum": 0.5}, {"eps": "1"}, {"betas": 0.9}, {"betas": (0.9,)}, {1: 2}, "", None]),
        ("learning_rate", [0, -0.1, float("inf"), float("nan"), 10**400, "0.1", True, None, 1j]),
        ("schedule", ["linear", None]),
        ("schedule_settings", [{"gamma": 0.5}, []]),
        ("batch_size", [0, 1.5, 10.0, None, True]),
        ("shuffle", [1, 0, "true", None]),
        ("l1", [-1e-9, float("inf"), None]),
        ("l2", [-1e-9, float("nan"), "0"]),
        ("clip_norm", [0, -1, float("inf"), True, "none"]),
        ("data_seed", [-1, 2**31 + 1, 0.0, None]),
        ("init_seed", [-1, 2**31 + 1, False]),
        ("order_seed", [-1, 2**31 + 1, "0"]),
        ("events", [None, 3, "x", [3], [[1, 2]], [[1]], [[-1, {}]], [[1.5, {}]], [["1", {}]], [[1, {"x": 1}]]]),
    ],
)
def test_a_bad_value_is_refused_with_one_sentence_that_names_its_field(field, bad):
    for value in bad:
        assert field in refused(**{field: value})


def test_a_refusal_says_what_was_expected_what_came_and_what_to_do():
    assert refused(hidden=(8, 999)) == "hidden: expected a whole number from 1 to 128, got 999; change it to one."
    assert "x3" in refused(dataset="sine", **{**defaults_for("sine"), "features": ("x3",)})
    assert "choose from" in refused(optimizer_settings={"momentum": 0.9})  # adam has none
    assert "Nesterov" in refused(optimizer="sgd", optimizer_settings={"nesterov": True})


def test_the_largest_allowed_values_are_allowed():
    experiment = Experiment(hidden=(3,) * 12, samples=10_000, noise=0.5, train_fraction=0.9, batch_size=2**31)
    assert experiment.sizes == (2, *(3,) * 12, 1)
    assert Experiment(hidden=(128,) * 3).sizes == (2, 128, 128, 128, 1)
    assert Experiment(hidden=()).sizes == (2, 1) and Experiment(hidden=()).activations == ()
    assert Experiment(learning_rate=1e-300, clip_norm=1e300, init_seed=2**31).clip_norm == 1e300


def test_the_activation_is_one_name_or_one_a_layer_and_equal_names_are_one():
    assert Experiment(hidden=(4, 4), activation=("relu", "tanh")).activations == ("relu", "tanh")
    assert Experiment(hidden=(4, 4), activation=("relu", "relu")).activation == "relu"
    assert Experiment(hidden=(4, 4), activation="relu").activations == ("relu", "relu")


def test_the_number_of_outputs_follows_from_task_and_output():
    assert Experiment(output="softmax", loss="cross_entropy").sizes[-1] == 2
    assert Experiment(dataset="five_spirals", **defaults_for("five_spirals")).sizes[-1] == 5
    assert Experiment(dataset="tutorial", **defaults_for("tutorial")).sizes == (3, 8, 8, 1)


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_data_set_has_defaults_that_are_usual_and_survive_link_and_json(dataset):
    experiment = Experiment(dataset=dataset, **defaults_for(dataset))
    assert unusual(experiment) == ""
    assert Experiment.from_query(experiment.to_query()) == (experiment, ())
    assert Experiment.from_query(f"dataset={dataset}") == (experiment, ())
    assert Experiment.from_json(experiment.to_json()) == experiment


def test_defaults_of_an_unknown_data_set_are_refused():
    with pytest.raises(ValueError, match="dataset"):
        defaults_for("moon")


def test_pairs_that_mean_nothing_are_refused():
    refused(output="tanh", loss="bce")
    refused(output="sigmoid", loss="cross_entropy")
    for loss in ("bce", "cross_entropy", "hinge"):
        output = {"bce": "sigmoid", "cross_entropy": "softmax", "hinge": "identity"}[loss]
        assert f"got {loss}" in refused(dataset="plane", output=output, loss=loss)
    assert "softmax" in refused(dataset="plane", output="softmax", loss="mse")
    assert "each class" in refused(dataset="five_spirals", output="sigmoid", loss="bce")
    assert "hinge" in refused(output="softmax", loss="hinge")


@pytest.mark.parametrize("dataset", ["spiral", "three_blobs", "plane"])
def test_every_other_pair_is_usual_or_has_one_sentence(dataset):
    quiet = set()
    for output in ACTIVATIONS:
        for loss in LOSSES:
            try:
                check_pair(output, loss)
                experiment = Experiment(dataset=dataset, output=output, loss=loss)
            except ValueError:
                continue
            sentence = unusual(experiment)
            if not sentence:
                quiet.add((output, loss))
            assert sentence == "" or (sentence.endswith(".") and sentence.count(". ") == 0)
    assert (
        quiet
        == {
            "spiral": {("sigmoid", "bce"), ("softmax", "cross_entropy"), ("identity", "hinge")},
            "three_blobs": {("softmax", "cross_entropy")},
            "plane": {("identity", loss) for loss in ("mse", "half_squared_error", "mae", "huber")},
        }[dataset]
    )


@pytest.mark.parametrize("dataset", ["xor", "tutorial", "three_blobs", "sine", "multi_gaussian"])
def test_every_allowed_pair_can_be_run(dataset):
    started = 0
    for output in ACTIVATIONS:
        for loss in LOSSES:
            try:
                changes = {**defaults_for(dataset), "output": output, "loss": loss}
                experiment = Experiment(dataset=dataset, **changes, samples=20, hidden=(3,))
            except ValueError:
                continue
            run = experiment.start()
            run.advance(epochs=2)
            started += 1
            assert run.epoch == 2 and np.isfinite(run.history.train_loss).all()
    assert started >= 5


def test_squared_error_on_a_sigmoid_says_that_it_learns_slowly_where_wrong():
    sentence = unusual(Experiment(output="sigmoid", loss="mse"))
    assert "slowly" in sentence and "bce" in sentence


def test_replace_keeps_the_checks_and_a_new_optimizer_starts_with_its_own_defaults():
    experiment = Experiment(optimizer="sgd", optimizer_settings={"momentum": 0.9})
    assert experiment.replace(learning_rate=1).optimizer_settings == {"momentum": 0.9}
    assert experiment.replace(optimizer="sgd").optimizer_settings == {"momentum": 0.9}
    assert experiment.replace(optimizer="adam").optimizer_settings == {}
    assert dataclasses.replace(experiment, learning_rate=1) == experiment.replace(learning_rate=1.0)
    for bad in ({"learning_rate": 0}, {"rate": 1}):
        with pytest.raises(ValueError):
            experiment.replace(**bad)


def test_the_names_of_the_registries_fit_into_a_link():
    for registry in (ACTIVATIONS, DATASETS, FEATURES, INITIALIZERS, LOSSES, OPTIMIZERS, SCHEDULES):
        for name in registry:
            assert not set(name) & set("-,.&=?") and name not in ("none", "true", "false")


# Events


def test_a_setting_acts_from_the_update_made_at_its_event_on():
    experiment = Experiment().with_event(120, learning_rate=0.1)
    assert experiment.events == ((120, {"learning_rate": 0.1}),)
    assert [experiment.at(u).learning_rate for u in (0, 119, 120, 121, 10**9)] == [0.01, 0.01, 0.1, 0.1, 0.1]
    assert experiment.at(119) == Experiment() and experiment.at(120) == Experiment(learning_rate=0.1)
    assert experiment.learning_rate == 0.01


def test_a_new_event_drops_later_ones_and_keeps_earlier_ones():
    experiment = Experiment().with_event(10, l2=0.1).with_event(20, l2=0.2).with_event(30, l2=0.3)
    assert [u for u, _ in experiment.events] == [10, 20, 30]
    assert experiment.with_event(15, l1=1).events == ((10, {"l2": 0.1}), (15, {"l1": 1.0}))
    assert [u for u, _ in experiment.with_edit(20, 0, 0, 0, 1.0).events] == [10, 20]


def test_changes_at_one_update_merge_and_the_later_value_wins():
    one = Experiment().with_event(5, l1=0.1).with_edit(5, 0, 1, None, 2).with_event(5, l1=0.3, shuffle=False)
    one = one.with_edit(5, 0, 1, None, 4).with_edit(5, 0, 0, 1, 3)
    assert one.events == ((5, {"shuffle": False, "l1": 0.3, "edits": ((0, 0, 1, 3.0), (0, 1, None, 4.0))}),)
    edits = [[0, 1, None, 2], [0, 0, 1, 3], [0, 1, None, 4]]
    other = Experiment(events=[[5, {"edits": edits}], [5, {"l1": 0.3, "shuffle": False}]])
    assert one == other and hash(one) == hash(other)
    assert one.edits_at(5) == ((0, 0, 1, 3.0), (0, 1, None, 4.0)) and one.edits_at(4) == one.edits_at(6) == ()


def test_a_change_that_changes_nothing_is_no_event():
    assert Experiment().with_event(5, learning_rate=0.01).events == ()
    assert Experiment().with_event(5, learning_rate=0.1).with_event(5, learning_rate=0.01).events == ()
    there_and_back = Experiment().with_event(5, learning_rate=0.1).with_event(9, learning_rate=0.01)
    assert [u for u, _ in there_and_back.events] == [5, 9]


def test_a_new_optimizer_in_an_event_comes_with_its_settings():
    experiment = Experiment(optimizer="sgd", optimizer_settings={"momentum": 0.9})
    switched = experiment.with_event(5, optimizer="adam")
    assert switched.events == ((5, {"optimizer": "adam", "optimizer_settings": {}}),)
    assert switched.at(5).optimizer_settings == {} and switched.at(4).optimizer_settings == {"momentum": 0.9}
    slower = experiment.with_event(5, optimizer_settings={"momentum": 0.5})
    assert slower.events == ((5, {"optimizer": "sgd", "optimizer_settings": {"momentum": 0.5}}),)
    assert experiment.with_event(5, optimizer_settings={}).at(5).optimizer_settings == {}
    later = switched.with_event(9, optimizer_settings={"eps": 1e-6})
    assert later.at(9).optimizer == "adam" and later.at(9).optimizer_settings == {"eps": 1e-6}


def test_the_next_event_is_later_than_the_update_asked_for():
    assert [RICH.next_event(u) for u in (0, 119, 120, 300, 400)] == [120, 120, 300, 400, None]


@pytest.mark.parametrize(
    "edit",
    [
        (3, 0, 0, 1),
        (-1, 0, 0, 1),
        (0, 8, 0, 1),
        (0, 0, 2, 1),
        (2, 1, 0, 1),
        (0, 0, 0, float("nan")),
        (0, 0, 0, 1.1e6),
        (0, 0, 0, "1"),
    ],
)
def test_an_edit_outside_the_network_or_without_a_number_is_refused(edit):
    with pytest.raises(ValueError, match="edit"):
        Experiment().with_edit(0, *edit)


def test_only_live_settings_can_be_events_and_only_with_good_values():
    assert set(LIVE_SETTINGS) < {field.name for field in dataclasses.fields(Experiment)}
    for field in dataclasses.fields(Experiment):
        if field.name not in LIVE_SETTINGS:
            with pytest.raises(ValueError, match=field.name):
                Experiment().with_event(1, **{field.name: field.default})
    for bad in ({"learning_rate": 0}, {"batch_size": 0}, {"optimizer": "x"}, {"optimizer_settings": {"x": 1}}):
        with pytest.raises(ValueError, match="update 7"):
            Experiment().with_event(7, **bad)
    for update in (-1, 1.0, None, 10**12):
        with pytest.raises(ValueError, match="update"):
            Experiment().with_event(update, l1=1)


def test_events_out_of_order_are_refused():
    assert "rising" in refused(events=[(5, {"l1": 1}), (4, {"l1": 2})])


def test_500_changes_fit_into_a_run_and_into_its_link_and_one_more_is_refused():
    worst = -1.2345678901234567e-100  # the longest way to write a number
    edits = tuple((11, unit, source, worst) for unit in range(100, 125) for source in range(100, 120))
    big = Experiment(hidden=(*(4,) * 10, 120, 125), events=[(10**12 - 1, {"edits": edits})])
    assert len(edits) == MAX_CHANGES and Experiment.from_query(big.to_query()) == (big, ())
    assert Experiment.from_json(big.to_json()) == big
    with pytest.raises(ValueError, match="500 changes"):
        big.with_event(10**12 - 1, l1=1)
    settings = {"lr_decay": 1 / 3, "eps": 1.2345678901234567e-100, "weight_decay": 1 / 3}
    settings["initial_accumulator_value"] = 1.2345678901234567e-100
    event = {"optimizer": "adagrad", "optimizer_settings": settings}
    switching = [(10**11 + u, event if u % 2 else {"optimizer": "adam"}) for u in range(MAX_CHANGES // 2)]
    long = Experiment(events=switching)
    assert len(long.to_query()) < MAX_QUERY and Experiment.from_query(long.to_query()) == (long, ())


# Link and JSON


def test_a_link_says_every_field_in_words():
    query = Experiment().to_query()
    assert query == (
        "dataset=spiral&samples=500&noise=0.0&train_fraction=0.5&features=x1-x2&hidden=8-8&activation=tanh&output=sigmoid"
        "&loss=bce&initializer=glorot_uniform&optimizer=adam&learning_rate=0.01&schedule=constant&batch_size=10"
        "&shuffle=true&l1=0.0&l2=0.0&clip_norm=none&data_seed=0&init_seed=0&order_seed=0"
    )
    assert "&120.learning_rate=1.0&120.edit.1.0.bias=-0.25&120.edit.1.0.2=0.5&300." in RICH.to_query()
    assert "&300.optimizer=adam&300.optimizer.betas=0.8-1e-05&" in RICH.to_query()


def test_a_link_survives_the_re_encoding_of_a_browser_and_a_question_mark():
    assert Experiment.from_query(RICH.to_query()) == (RICH, ())
    assert Experiment.from_query("?" + RICH.to_query()) == (RICH, ())
    assert Experiment.from_query(urlencode(parse_qsl(RICH.to_query()))) == (RICH, ())


def test_lists_in_a_link_may_also_have_commas():
    experiment, ignored = Experiment.from_query(
        "features=x1,x2&hidden=4,2&activation=relu,tanh&optimizer.betas=0.8,0.9"
    )
    assert ignored == () and experiment.hidden == (4, 2) and experiment.activation == ("relu", "tanh")
    assert experiment.optimizer_settings == {"betas": (0.8, 0.9)}


def test_an_empty_link_is_the_default_experiment():
    assert Experiment.from_query("") == Experiment.from_query("?") == (Experiment(), ())


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("dataset=moon", "'moon'"),
        ("samples=1e3", "'1e3'"),
        ("samples=٣٠٠", "samples"),
        ("samples=5_0", "samples"),
        ("samples= 50", "samples"),
        ("samples=" + "9" * 10_000, "samples"),
        ("noise=nan", "'nan'"),
        ("noise=-0.5", "-0.5"),
        ("learning_rate=inf", "'inf'"),
        ("learning_rate=1e999", "'1e999'"),
        ("learning_rate=0x10", "'0x10'"),
        ("learning_rate=", "learning_rate"),
        ("learning_rate=" + "1" * 5000, "learning_rate"),
        ("shuffle=True", "'True'"),
        ("hidden=", "hidden"),
        ("hidden=8-", "hidden"),
        ("hidden=8--8", "hidden"),
        ("hidden=8-8-999", "999"),
        ("hidden=" + "-".join(["8"] * 500), "500"),
        ("features=x1-x1", "features"),
        ("features=none", "features"),
        ("features=x3", "'x3'"),
        ("activation=tanh-relu-tanh", "activation"),
        ("activation=softmax", "softmax"),
        ("optimizer=Adam", "'Adam'"),
        ("optimizer.momentum=0.9", "'momentum'"),
        ("optimizer.betas=0.9", "betas"),
        ("optimizer.betas=2-0.9", "beta 1"),
        ("schedule.gamma=0.5", "'gamma'"),
        ("clip_norm=0", "clip_norm"),
        ("order_seed=-1", "order_seed"),
        ("data_seed=%FF%FE", "data_seed"),
        ("events=3", "'events'"),
        ("optimizer_settings=3", "'optimizer_settings'"),
        ("colour=red", "'colour'"),
        ("%zz=%", "'%zz'"),
        ("=", "''"),
        ("l1=0.5&l1=0.5", "'l1'"),
        ("5.hidden=3", "'hidden'"),
        ("5.learning_rate=0", "update 5"),
        ("5.edit.9.0.0=1", "update 5"),
        ("5.edit.0.0=1", "update 5"),
        ("5.edit.0.0.bias=nan", "'nan'"),
        ("5.edit.٠.0.bias=1", "update 5"),
        ("5.=1", "5"),
        ("-5.l1=1", "'-5.l1'"),
        ("9999999999999.l1=1", "9999999999999"),
    ],
)
def test_a_bad_value_in_a_link_is_ignored_with_one_sentence_that_names_it(query, named):
    experiment, ignored = Experiment.from_query(query + "&init_seed=5")
    assert len(ignored) == 1 and named in ignored[0] and ignored[0].endswith(".") and len(ignored[0]) < 600
    expected = Experiment(init_seed=5, l1=0.5 if query.startswith("l1") else 0.0)
    assert experiment == expected  # everything else is as if the bad value were not there


def test_one_bad_value_takes_no_good_one_with_it():
    query = RICH.to_query()
    for part in query.split("&"):
        key = part.split("=")[0]
        experiment, ignored = Experiment.from_query(query.replace(part, f"{key}=?!", 1))
        kept = parse_qsl(experiment.to_query())
        assert ignored and ("?!" in " ".join(ignored) or ("betas" in key and "betas" in ignored[0]))
        if key.split(".")[-1] not in ("dataset", "hidden", "optimizer", "schedule", "features", "output", "loss"):
            # The others stand alone, but Nesterov needs its momentum, and an event that sets the default is none then.
            lost = {name for name, value in parse_qsl(query) if (name, value) not in kept}
            assert {name for name in lost if not name.endswith(key)} <= {"optimizer.nesterov"}


def test_an_output_and_a_loss_that_do_not_fit_fall_back_to_a_pair_that_does():
    def pair(query):
        experiment, ignored = Experiment.from_query(query)
        assert len(ignored) == 1
        return experiment.output, experiment.loss

    assert pair("output=softmax&loss=bce") == ("sigmoid", "bce")
    assert pair("output=tanh&loss=cross_entropy") == ("sigmoid", "bce")
    assert pair("output=nothing&loss=mse") == ("sigmoid", "mse")
    assert pair("dataset=plane&output=sigmoid&loss=bce") == ("sigmoid", "mse")
    assert pair("dataset=plane&loss=cross_entropy") == ("identity", "mse")


def test_many_bad_values_give_a_bounded_number_of_sentences():
    query = "&".join(f"key{i}={i}" for i in range(5000))
    experiment, ignored = Experiment.from_query(query)
    assert experiment == Experiment() and len(ignored) == MAX_SENTENCES + 1
    assert str(5000 - MAX_SENTENCES) in ignored[-1]


def test_more_changes_than_a_run_may_have_are_left_out_with_a_sentence():
    query = "&".join(f"{u}.l1={u}.0" for u in range(1, 2000))
    experiment, ignored = Experiment.from_query(query)
    assert [u for u, _ in experiment.events] == list(range(1, MAX_CHANGES + 1)) and len(ignored) == 1


@pytest.mark.parametrize(
    "text",
    [
        "a" * (MAX_QUERY + 1),
        None,
        b"dataset=xor",
        7,
    ],
)
def test_a_link_that_is_no_link_gives_the_default_experiment_and_one_sentence(text):
    experiment, ignored = Experiment.from_query(text)
    assert experiment == Experiment() and len(ignored) == 1


KEYS = st.sampled_from(
    [field.name for field in dataclasses.fields(Experiment)]
    + ["optimizer.momentum", "optimizer.betas", "schedule.gamma", "7.learning_rate", "7.optimizer", "9.edit.0.1.bias"]
)
VALUES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["none", "true", "1e999", "nan", "-1", "0", "3", "0.5", "x1", "relu", "softmax", "sgd", "step", "8-8"]
    ),
    st.sampled_from([*DATASETS, *LOSSES]),
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(st.text(), st.lists(st.tuples(KEYS, VALUES)).map(lambda pairs: "&".join(f"{k}={v}" for k, v in pairs)))
)
def test_no_text_breaks_the_reading_of_a_link(text):
    experiment, ignored = Experiment.from_query(text)
    assert all(sentence.isprintable() and sentence.endswith(".") for sentence in ignored)
    assert Experiment.from_query(experiment.to_query()) == (experiment, ())


rates = st.floats(min_value=0, exclude_min=True, allow_infinity=False)
seeds = st.integers(0, 2**31)


def cost_of(hidden):
    """Weights and biases, and units, of hidden layers beside at most 10 features and outputs."""
    sizes = (10, *hidden, 10)
    return sum(units * inputs + units for inputs, units in itertools.pairwise(sizes)), sum(sizes[1:])


@st.composite
def experiments(draw):
    """Any valid Experiment: all data sets, optimizers and schedules, settings where they have a number from 0 to 1."""
    dataset = draw(st.sampled_from(list(DATASETS)))
    columns = len(DATASETS[dataset].names)
    available = [name for name, feature in FEATURES.items() if feature.columns <= columns]
    hidden = draw(st.lists(st.integers(1, 128), max_size=12).filter(lambda sizes: cost_of(sizes)[0] <= 36_000))
    names = st.sampled_from([name for name in ACTIVATIONS if name != "softmax"])
    activation = draw(st.lists(names, min_size=len(hidden), max_size=len(hidden))) if hidden else "relu"

    def live():
        optimizer, schedule = draw(st.sampled_from(list(OPTIMIZERS))), draw(st.sampled_from(list(SCHEDULES)))
        fields = {field.name: field.default for field in dataclasses.fields(OPTIMIZERS[optimizer])}
        own = {}
        if "betas" in fields:
            own["betas"] = draw(st.lists(st.floats(0, 0.999), min_size=2, max_size=2))
        if "momentum" in fields and draw(st.booleans()):
            own["momentum"] = draw(st.floats(0, 1, exclude_min=True))
            if "nesterov" in fields:
                own["nesterov"] = draw(st.booleans())
        if "weight_decay" in fields and draw(st.booleans()):
            own["weight_decay"] = draw(st.floats(0, 1))
        return {
            "optimizer": optimizer,
            "optimizer_settings": own,
            "learning_rate": draw(rates),
            "schedule": schedule,
            "batch_size": draw(st.integers(1, 2**31)),
            "shuffle": draw(st.booleans()),
            "l1": draw(st.floats(0, allow_infinity=False)),
            "clip_norm": draw(st.one_of(st.none(), rates)),
        }

    experiment = Experiment(
        dataset=dataset,
        **{**defaults_for(dataset), "features": draw(st.lists(st.sampled_from(available), min_size=1, unique=True))},
        samples=draw(st.integers(2, min(10_000, 400_000 // cost_of(hidden)[1]))),
        noise=draw(st.floats(0, 0.5)),
        train_fraction=draw(st.floats(0.1, 0.9)),
        hidden=hidden,
        activation=activation,
        initializer=draw(st.sampled_from(list(INITIALIZERS))),
        data_seed=draw(seeds),
        init_seed=draw(seeds),
        order_seed=draw(seeds),
        **live(),
    )
    update = 0
    for _ in range(draw(st.integers(0, 3))):
        update += draw(st.integers(0, 10**9))
        if draw(st.booleans()):
            experiment = experiment.with_event(update, **live())
        layer = draw(st.integers(0, len(hidden)))
        source = draw(st.one_of(st.none(), st.integers(0, experiment.sizes[layer] - 1)))
        unit = draw(st.integers(0, experiment.sizes[layer + 1] - 1))
        value = draw(st.floats(-1e6, 1e6))
        experiment = experiment.with_edit(update, layer, unit, source, value)
    return experiment


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(experiments())
def test_every_experiment_survives_link_and_json_exactly(experiment):
    linked, ignored = Experiment.from_query(experiment.to_query())
    assert linked == experiment and hash(linked) == hash(experiment) and not ignored
    read = Experiment.from_json(experiment.to_json())
    assert read == experiment and hash(read) == hash(experiment) and read.to_json() == experiment.to_json()
    assert dataclasses.replace(experiment) == experiment


def test_json_has_all_fields_in_the_order_of_the_class():
    document = json.loads(RICH.to_json())
    later = ("validation_fraction", "scaling")  # written where they are not as they were before they existed
    fields = [field.name for field in dataclasses.fields(Experiment)]
    assert list(document) == [name for name in fields if name not in later]
    document = json.loads(RICH.replace(validation_fraction=0.25, scaling="standard").to_json())
    assert list(document) == fields
    assert document["events"][0] == [120, {"learning_rate": 1.0, "edits": [[1, 0, None, -0.25], [1, 0, 2, 0.5]]}]
    assert Experiment.from_json(RICH.to_json()) == RICH
    assert Experiment.from_json("{}") == Experiment()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "3",
        '"spiral"',
        "null",
        "NaN",
        '{"noise": NaN}',
        '{"learning_rate": Infinity}',
        '{"learning_rate": 1e999}',
        '{"samples": 5e2}',
        '{"samples": ' + "9" * 5000 + "}",
        '{"learning_rate": ' + "9" * 5000 + "}",
        '{"l1": 0, "l1": 1}',
        '{"optimizer": "sgd", "optimizer_settings": {"momentum": 0.1, "momentum": 0.2}}',
        '{"colour": "red"}',
        '{"hidden": {"a": 1}}',
        '{"hidden": [[8]]}',
        '{"features": "x1"}',
        '{"dataset": "\\ud800"}',
        '{"shuffle": 1}',
        '{"events": [[1, {"edits": [[0, 0, 0]]}]]}',
        '{"events": [[1, {"edits": 3}]]}',
        '{"events": {"1": {}}}',
        "[" * 100_000,
        '{"hidden": ' + "[" * 500 + "]" * 500 + "}",
        '{"a":' * 20_000,
        " " * 200_001,
        None,
        b"{}",
        RICH.to_json()[:-1],
    ],
)
def test_bad_json_is_refused_with_one_sentence(text):
    with pytest.raises(ValueError) as caught:
        Experiment.from_json(text)
    sentence = str(caught.value)
    assert type(caught.value) is ValueError and sentence.endswith(".")
    assert sentence.isprintable() and "expected" in sentence and len(sentence) < 600
