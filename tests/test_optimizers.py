"""Optimizers: the path of six parameters through sixteen gradients, step by step beside torch.optim.

Among the gradients are one that is always 0, one that is 0 for a while, one of a million, one of a billionth, and a
step where all are 0: slips in a correction, an epsilon or a state hide at "one parameter, ordinary gradient".
"""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

import scratchnet as sn

ORACLE = json.loads((Path(__file__).parent / "oracles" / "optimizers.json").read_text())["data"]
START, GRADIENTS, RATES = np.array(ORACLE["start"]), np.array(ORACLE["gradients"]), ORACLE["rates"]
NAMES = ["sgd", "adagrad", "adadelta", "rmsprop", "adam", "adamw", "nadam"]


def build(name, settings):
    settings = {k: tuple(v) if isinstance(v, list) else v for k, v in settings.items()}
    return sn.OPTIMIZERS[name](**settings)


def describe(case):
    return " ".join([case["optimizer"], *(f"{k}={v}" for k, v in case["settings"].items())])


def follow(optimizer, rates=None):
    theta, state = START, optimizer.init(START)
    path = []
    for k, gradient in enumerate(GRADIENTS):
        theta, state = optimizer.update(theta, gradient, state, learning_rate=None if rates is None else rates[k])
        path.append(theta)
    return np.array(path)


def test_the_names_are_those_the_learner_chooses_from():
    assert sorted(sn.OPTIMIZERS) == sorted(NAMES)
    assert sn.OPTIMIZERS["rmsprop"] is sn.RMSProp
    assert sn.OPTIMIZERS["sgd"] is sn.SGD


@pytest.mark.parametrize("case", ORACLE["paths"], ids=describe)
def test_sixteen_steps_agree_with_pytorch(case):
    path = follow(build(case["optimizer"], case["settings"]))
    np.testing.assert_allclose(path, case["path"], rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("case", ORACLE["paths"], ids=describe)
def test_sixteen_steps_at_the_rates_of_a_schedule_agree_with_pytorch(case):
    path = follow(build(case["optimizer"], case["settings"]), RATES)
    np.testing.assert_allclose(path, case["path_with_rates"], rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("name", NAMES)
def test_the_default_settings_are_those_of_pytorch(name):
    optimizer = sn.OPTIMIZERS[name]()
    ours = {field.name: getattr(optimizer, field.name) for field in dataclasses.fields(optimizer)}
    theirs = {k: tuple(v) if isinstance(v, list) else v for k, v in ORACLE["defaults"][name].items()}
    assert ours == {k: v for k, v in theirs.items() if k in ours or v}


@pytest.mark.parametrize("case", ORACLE["paths"], ids=describe)
def test_an_update_changes_nothing_it_was_given(case):
    optimizer = build(case["optimizer"], case["settings"])
    theta, gradient = START.copy(), GRADIENTS[0].copy()
    state = optimizer.init(theta)
    once, after = optimizer.update(theta, gradient, state)
    optimizer.update(once, GRADIENTS[1], after)
    again, _ = optimizer.update(theta, gradient, state)
    np.testing.assert_array_equal(again, once)
    np.testing.assert_array_equal(theta, START)
    np.testing.assert_array_equal(gradient, GRADIENTS[0])


@pytest.mark.parametrize("name", NAMES)
def test_the_settings_are_frozen(name):
    optimizer = sn.OPTIMIZERS[name]()
    with pytest.raises(dataclasses.FrozenInstanceError):
        optimizer.learning_rate = 3.0


@pytest.mark.parametrize("name", NAMES)
def test_a_gradient_of_another_length_is_refused(name):
    optimizer = sn.OPTIMIZERS[name]()
    for wrong in (np.ones(1), np.ones((6, 1)), np.ones(5)):
        with pytest.raises(ValueError, match="6"):
            optimizer.update(START, wrong, optimizer.init(START))


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("sgd", {"learning_rate": -0.1}),
        ("sgd", {"learning_rate": float("nan")}),
        ("sgd", {"learning_rate": float("inf")}),
        ("sgd", {"momentum": -0.5}),
        ("sgd", {"nesterov": True}),  # torch: Nesterov needs a momentum and no dampening
        ("sgd", {"nesterov": True, "momentum": 0.9, "dampening": 0.1}),
        ("sgd", {"weight_decay": -1.0}),
        ("adam", {"betas": (1.0, 0.9)}),
        ("adam", {"betas": (0.9, -0.1)}),
        ("adam", {"betas": (0.9,)}),
        ("adam", {"betas": (0.9, 0.9, 0.9)}),
        ("adam", {"betas": 0.9}),
        ("adam", {"eps": -1e-8}),
        ("adadelta", {"rho": 1.5}),
        ("adagrad", {"lr_decay": -1.0}),
        ("nadam", {"momentum_decay": -1.0}),
    ],
    ids=str,
)
def test_settings_that_pytorch_refuses_are_refused(name, settings):
    with pytest.raises(ValueError, match=r"\S+ \S+"):
        sn.OPTIMIZERS[name](**settings)


def test_a_centred_average_survives_a_constant_gradient():
    """mean(g**2) - mean(g)**2 goes to 0 there; rounding pushes it below 0, where a square root is not a number."""
    gradient = np.array([0.1, -0.00947081, 1e5, *np.random.default_rng(0).normal(0, 1, 100)])
    optimizer = sn.RMSProp(learning_rate=1e-3, alpha=0.5, centered=True)
    theta = np.ones(103)
    state = optimizer.init(theta)
    below_0 = False
    mean_square = mean = np.zeros(103)
    for _ in range(200):
        theta, state = optimizer.update(theta, gradient, state)
        assert np.isfinite(theta).all()
        mean_square, mean = 0.5 * mean_square + 0.5 * gradient * gradient, 0.5 * mean + 0.5 * gradient
        below_0 = below_0 or (mean_square - mean * mean < 0).any()
    assert below_0  # the case was met


@pytest.mark.parametrize("case", ORACLE["paths"], ids=describe)
def test_the_state_counts_the_updates_and_nobody_can_write_into_it(case):
    optimizer, theta = build(case["optimizer"], case["settings"]), START
    state = optimizer.init(theta)
    assert state["t"] == 0
    for k, gradient in enumerate(GRADIENTS, 1):
        theta, state = optimizer.update(theta, gradient, state)
        assert state["t"] == k
        for array in (theta, *state.values()):
            assert not (isinstance(array, np.ndarray) and array.flags.writeable)
    with pytest.raises(TypeError):
        state["t"] = 0
