"""Links passed on while the app grew still open what their sender saw. Never change a link in this file; add."""

import pytest

import scratchnet as sn
from scratchnet import Experiment
from scratchnet.goals import Condition, Goal
from ui.classroom.assignment import Assignment, read
from ui.paper import worksheet

ENDS = "shuffle=true&l1=0.0&l2=0.0&clip_norm=none&data_seed=0&init_seed=0&order_seed=0"

# November 2026, first form: every field, nothing about the moment.
NOVEMBER_2026 = {
    "two classes with sines": (
        "dataset=spiral&samples=500&noise=0.05&train_fraction=0.5&features=x1-x2-sin(x1)-sin(x2)&hidden=8-6"
        "&activation=tanh&output=sigmoid&loss=bce&initializer=glorot_uniform&optimizer=adam&learning_rate=0.003"
        f"&schedule=constant&batch_size=10&{ENDS}",
        {
            "noise": 0.05,
            "features": ("x1", "x2", "sin(x1)", "sin(x2)"),
            "hidden": (8, 6),
            "learning_rate": 0.003,
        },
    ),
    "no hidden layer, a regression": (
        "dataset=plane&samples=500&noise=0.0&train_fraction=0.5&features=x1-x2&hidden=none&activation=tanh"
        "&output=identity&loss=mse&initializer=glorot_uniform&optimizer=sgd&learning_rate=0.3&schedule=constant"
        f"&batch_size=10&{ENDS}",
        {
            "dataset": "plane",
            "hidden": (),
            "output": "identity",
            "loss": "mse",
            "optimizer": "sgd",
            "learning_rate": 0.3,
        },
    ),
    "three inputs in the order given": (
        "dataset=tutorial&samples=500&noise=0.0&train_fraction=0.5&features=x1-x2-x3&hidden=2&activation=sigmoid"
        "&output=sigmoid&loss=bce&initializer=standard_normal&optimizer=sgd&learning_rate=0.01&schedule=constant"
        "&batch_size=1&shuffle=false&l1=0.0&l2=0.0&clip_norm=none&data_seed=0&init_seed=0&order_seed=0",
        {
            "dataset": "tutorial",
            "features": ("x1", "x2", "x3"),
            "hidden": (2,),
            "activation": "sigmoid",
            "initializer": "standard_normal",
            "optimizer": "sgd",
            "batch_size": 1,
            "shuffle": False,
        },
    ),
    "many classes": (
        "dataset=three_blobs&hidden=4&output=softmax&loss=cross_entropy",
        {"dataset": "three_blobs", "hidden": (4,), "output": "softmax", "loss": "cross_entropy"},
    ),
    "a data set alone": (
        "dataset=sine",
        {"dataset": "sine", "features": ("x1",), "output": "identity", "loss": "mse"},
    ),
    "changed on the way": (
        "dataset=xor&samples=500&noise=0.0&train_fraction=0.5&features=x1-x2&hidden=4-3&activation=tanh-relu"
        "&output=sigmoid&loss=bce&initializer=glorot_uniform&optimizer=adam&optimizer.betas=0.8-0.99"
        "&optimizer.eps=1e-07&learning_rate=0.01&schedule=cosine&schedule.t_max=500&batch_size=20&shuffle=true"
        "&l1=0.0001&l2=0.0&clip_norm=0.5&data_seed=0&init_seed=0&order_seed=0&100.learning_rate=0.1"
        "&250.optimizer=sgd&250.optimizer.momentum=0.9&250.optimizer.nesterov=true&250.edit.0.1.0=0.5"
        "&250.edit.1.2.bias=-1e-20&300.schedule=warmup&300.shuffle=false&300.clip_norm=none",
        {
            "dataset": "xor",
            "hidden": (4, 3),
            "activation": ("tanh", "relu"),
            "optimizer_settings": {"betas": (0.8, 0.99), "eps": 1e-07},
            "schedule": "cosine",
            "schedule_settings": {"t_max": 500},
            "batch_size": 20,
            "l1": 0.0001,
            "clip_norm": 0.5,
            "events": (
                (100, {"learning_rate": 0.1}),
                (
                    250,
                    {
                        "optimizer": "sgd",
                        "optimizer_settings": {"momentum": 0.9, "nesterov": True},
                        "edits": ((0, 1, 0, 0.5), (1, 2, None, -1e-20)),
                    },
                ),
                (300, {"schedule": "warmup", "shuffle": False, "clip_norm": None}),
            ),
        },
    ),
    "typed by hand, with commas": (
        "?features=x1,x2&hidden=4,4&activation=tanh,relu",
        {"hidden": (4, 4), "activation": ("tanh", "relu")},
    ),
    "nothing at all": ("", {}),
}


@pytest.mark.parametrize("name", NOVEMBER_2026)
def test_a_link_of_november_2026_opens_the_experiment_that_its_sender_saw(name):
    query, fields = NOVEMBER_2026[name]
    experiment, ignored = Experiment.from_query(query)
    assert ignored == ()
    assert experiment == Experiment(**fields)


def test_what_a_link_does_not_say_is_what_it_was_in_november_2026():
    """A link may leave out what was usual then: another default would change what it opens."""
    usual = {
        "dataset": "spiral",
        "samples": 500,
        "noise": 0.0,
        "train_fraction": 0.5,
        "features": ("x1", "x2"),
        "hidden": (8, 8),
        "activation": "tanh",
        "output": "sigmoid",
        "loss": "bce",
        "initializer": "glorot_uniform",
        "optimizer": "adam",
        "optimizer_settings": {},
        "learning_rate": 0.01,
        "schedule": "constant",
        "schedule_settings": {},
        "batch_size": 10,
        "shuffle": True,
        "l1": 0.0,
        "l2": 0.0,
        "clip_norm": None,
        "data_seed": 0,
        "init_seed": 0,
        "order_seed": 0,
        "events": (),
    }
    opened, _ = Experiment.from_query("")
    for name, value in usual.items():
        assert getattr(opened, name) == value, name


def test_every_data_set_of_november_2026_still_has_its_name():
    names = (
        "circle xor gauss spiral moons rings checkerboard stripes and_gate or_gate nand_gate nor_gate xor_gate "
        "tutorial three_blobs six_blobs three_spirals five_spirals plane multi_gaussian sine step abs square"
    )
    assert set(names.split()) <= set(sn.DATASETS)


def test_a_task_of_november_2026_opens_as_its_teacher_made_it_and_has_its_letters():
    task = read("1.ePkmJ-ZsIxDnOtHQ9KdjjBL_iFSFkRKCUhOTMxQsTRVUFcozSzIUSjKKUlMVIDoVwIbpIScWePTqoKbr0UQ0dBIRAHoYwWk")
    assert task == Assignment(
        "Reach 95 % with three hidden units.",
        Goal((Condition("test_accuracy", 0.95), Condition("units", 3))),
        locked=("dataset", "edit weights"),
        hidden=("training",),
        start=Experiment(dataset="circle", samples=300, noise=0.05, hidden=(6,)),
    )
    assert task.fingerprint == "ZKEJIGCG"


def test_an_exercise_of_november_2026_asks_for_the_numbers_that_its_teacher_saw():
    friendly, _ = worksheet.of_query("seed=7", "")
    assert friendly.network.theta.tolist() == [-0.7, -0.9, 0.6, -0.7, 0.8, -0.3, -0.1, 0.3, -0.3]
    assert (friendly.x, friendly.y, friendly.learning_rate) == ((0.9, 0.6), (0.0,), 0.5)
    sheet, ignored = worksheet.of_query(
        "dataset=xor&samples=20&noise=0.0&train_fraction=0.5&features=x1-x2&hidden=2&activation=tanh&output=sigmoid"
        "&loss=bce&initializer=glorot_uniform&optimizer=sgd&learning_rate=0.3&schedule=constant&batch_size=10"
        "&shuffle=true&l1=0.0&l2=0.0&clip_norm=none&data_seed=4&init_seed=0&order_seed=0&0.edit.0.0.bias=0.7461"
        "&0.edit.0.0.0=1.098&0.edit.0.0.1=0.2505&0.edit.0.1.bias=-0.795&0.edit.0.1.0=-1.828&0.edit.0.1.1=-0.4603"
        "&0.edit.1.0.bias=0.06557&0.edit.1.0.0=0.1415&0.edit.1.0.1=0.6184&point=2",
        "",
    )
    assert ignored == ()
    theta = [1.098, 0.2505, -1.828, -0.4603, 0.7461, -0.795, 0.1415, 0.6184, 0.06557]
    assert sheet.network.theta.tolist() == theta
    assert (sheet.x, sheet.y, sheet.learning_rate, sheet.loss) == ((2.945, -3.75), (0.0,), 0.3, "bce")
    assert worksheet.key_of(sheet)["loss",] == pytest.approx(0.5082933857548175)
