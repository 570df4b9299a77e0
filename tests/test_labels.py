"""Words on screen: no sentence says the name that only a link has."""

import itertools
import re

import pytest

import scratchnet as sn
from ui.labels import literal, named, spoken
from ui.play.playground import Playground

CODE = re.compile(r"(?<![\w'])(mse|bce|mae|relu|elu|gelu|sgd|[a-z0-9]+_[a-z0-9_]+)(?![\w'])")


def told(dataset, output, loss):
    """What is said of this output and loss: why they are refused, or that they are unusual, or ""."""
    usual = sn.defaults_for(dataset)
    try:
        return sn.unusual(sn.Experiment(dataset=dataset, **usual | {"output": output, "loss": loss}))
    except ValueError as error:
        return error


@pytest.mark.parametrize("dataset", sn.DATASETS)
def test_what_is_said_of_an_output_and_a_loss_has_the_names_of_the_lists(dataset):
    met = 0
    for output, loss in itertools.product(sn.ACTIVATIONS, sn.LOSSES):
        words = told(dataset, output, loss)
        said = named(words) if isinstance(words, ValueError) else spoken(words)
        assert not CODE.search(said), said
        met += bool(said)
    assert met > 20


@pytest.mark.parametrize(
    "changes",
    [
        {"samples": 0},
        {"noise": -1},
        {"train_fraction": 2},
        {"hidden": (0,)},
        {"learning_rate": 0},
        {"batch_size": 0},
        {"l1": -1},
        {"l2": -1},
        {"clip_norm": 0},
        {"optimizer_settings": {"eps": 0}},
        {"optimizer": "sgd", "optimizer_settings": {"momentum": -1}},
        {"optimizer": "rmsprop", "optimizer_settings": {"alpha": 1}},
        {"optimizer": "sgd", "optimizer_settings": {"nesterov": True}},
        {"schedule": "step", "schedule_settings": {"step_size": 0}},
        {"schedule": "cosine", "schedule_settings": {"t_max": 0}},
        {"output": "softmax", "loss": "bce"},
        {"dataset": "three_blobs", "output": "leaky_relu"},
        {"features": ("x9",)},
    ],
    ids=str,
)
def test_a_refusal_has_the_names_of_the_fields(changes):
    playground = Playground()
    playground.apply(**changes)
    assert playground.notice[0].isupper() and playground.notice.endswith(".")
    assert not CODE.search(playground.notice), playground.notice


@pytest.mark.parametrize(("betas", "field"), [((2.0, 0.9), "Beta 1"), ((0.9, 1.0), "Beta 2")])
def test_of_two_fields_of_one_setting_the_refusal_names_the_one_that_is_wrong(betas, field):
    playground = Playground()
    playground.apply(optimizer_settings={"betas": betas})
    assert playground.notice.startswith(f"{field} must be at least 0 and below 1; got ")


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("petal width, 0.1667 (cm)", "petal width, 0.1667 (cm)"),  # as most names are
        ("**b** _i_ `c` ~s~", r"\*\*b\*\* \_i\_ \`c\` \~s\~"),
        ("[a](b) <i> $x$ &lt; | \\", r"\[a\](b) \<i\> \$x\$ \&lt; \| \\"),
        (":red[x] :smile:", ":\u2060red\\[x\\] :\u2060smile:\u2060"),
        ("www.a.org a@b.cd 3.5", "www.\u2060a.\u2060org a@\u2060b.\u2060cd 3.5"),
        ("two\n\n# lines", "two # lines"),
    ],
)
def test_words_from_outside_mean_nothing_in_markdown(words, written):
    assert literal(words) == written
