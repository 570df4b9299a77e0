"""The parts of an update lead where the update itself leads, for every optimizer and setting, and as far as PyTorch."""

import json
from pathlib import Path

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.update_parts import PARTS_OF, parts

ORACLE = json.loads((Path(__file__).parent / "oracles" / "optimizers.json").read_text())["data"]
START, GRADIENTS, RATES = np.array(ORACLE["start"]), np.array(ORACLE["gradients"]), ORACLE["rates"]


def build(case):
    settings = {name: tuple(v) if isinstance(v, list) else v for name, v in case["settings"].items()}
    return sn.OPTIMIZERS[case["optimizer"]](**settings)


def updates(optimizer, rates=RATES):
    """Sixteen updates: (theta, gradient, state before, state after, rate) and the theta that each led to."""
    theta, before = START, optimizer.init(START)
    for gradient, rate in zip(GRADIENTS, rates, strict=True):
        following, after = optimizer.update(theta, gradient, before, learning_rate=rate)
        yield (theta, gradient, before, after, rate), following
        theta, before = following, after


def test_every_optimizer_has_its_parts():
    assert [PARTS_OF[kind.__name__].__name__ for kind in sn.OPTIMIZERS.values()] == [
        f"_{name}" for name in sn.OPTIMIZERS
    ]


@pytest.mark.parametrize("case", ORACLE["paths"], ids=lambda case: f"{case['optimizer']} {case['settings']}")
def test_the_last_part_is_the_next_theta_of_the_real_update(case):
    for (theta, gradient, before, after, rate), following in updates(build(case)):
        found = parts(build(case), theta, gradient, before, after, rate)
        np.testing.assert_allclose(found[-1].result, following, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("case", ORACLE["paths"], ids=lambda case: f"{case['optimizer']} {case['settings']}")
def test_the_last_parts_lead_along_the_path_of_pytorch(case):
    optimizer, theta = build(case), START
    state = optimizer.init(theta)
    for gradient, expected in zip(GRADIENTS, case["path"], strict=True):
        _, after = optimizer.update(theta, gradient, state)
        theta = parts(optimizer, theta, gradient, state, after, optimizer.learning_rate)[-1].result
        np.testing.assert_allclose(theta, expected, rtol=1e-9, atol=1e-12)
        state = after


@pytest.mark.parametrize("case", ORACLE["paths"], ids=lambda case: f"{case['optimizer']} {case['settings']}")
def test_what_the_optimizer_remembers_is_read_from_the_real_update(case):
    for (theta, gradient, before, after, rate), _ in updates(build(case)):
        found = {part.name: part for part in parts(build(case), theta, gradient, before, after, rate)}
        for name in set(after) - {"t"}:
            assert found[name].result is after[name]


def moments(optimizer, gradients):
    """m^ and v^ of Adam after these gradients, from their definition as weighted sums, with loops."""
    t, (beta1, beta2) = len(gradients), optimizer.betas
    m = sum((1 - beta1) * beta1 ** (t - 1 - i) * g for i, g in enumerate(gradients))
    v = sum((1 - beta2) * beta2 ** (t - 1 - i) * g * g for i, g in enumerate(gradients))
    return m / (1 - beta1**t), v / (1 - beta2**t)


def test_the_corrected_averages_of_adam_are_weighted_means_of_all_gradients():
    optimizer = sn.Adam()
    for k, (update, _) in enumerate(updates(optimizer), 1):
        found = {part.name: part.result for part in parts(optimizer, *update)}
        for i in range(START.size):
            m_hat, v_hat = moments(optimizer, GRADIENTS[:k, i].tolist())
            assert found["m_hat"][i] == pytest.approx(m_hat, rel=1e-9)
            assert found["v_hat"][i] == pytest.approx(v_hat, rel=1e-9)


def test_without_weight_decay_adamw_has_the_parts_of_adam():
    for (update, _), (of_adam, _) in zip(updates(sn.AdamW(weight_decay=0.0)), updates(sn.Adam()), strict=True):
        ours, theirs = parts(sn.AdamW(weight_decay=0.0), *update), parts(sn.Adam(), *of_adam)
        assert [part.formula for part in ours] == [part.formula for part in theirs]
        np.testing.assert_array_equal(ours[-1].result, theirs[-1].result)
