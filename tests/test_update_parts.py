"""The parts of an update lead where the update itself leads, for every optimizer and setting, and as far as PyTorch."""

import json
import math
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


# Every line in plain numbers, from the values that it says it was computed from.
LINES = {
    "decayed": lambda v: v["g"] + v["decay"] * v["w"],
    "sum": lambda v: v["s_old"] + v["g"] ** 2,
    "rate": lambda v: v["rate"] / (1 + (v["t"] - 1) * v["decay"]),
    "variance": lambda v: max(0.0, v["v"] - v["average"] ** 2),
    "m_hat": lambda v: v["average"] / (1 - v["beta"] ** v["t"]),
    "v_hat": lambda v: v["average"] / (1 - v["beta"] ** v["t"]),
    "shrunk": lambda v: v["w"] * (1 - v["rate"] * v["decay"]),
    "mu": lambda v: v["beta"] * (1 - 0.5 * 0.96 ** (v["t"] * v["decay"])),
    "mu_next": lambda v: v["beta"] * (1 - 0.5 * 0.96 ** (v["t"] * v["decay"])),
    "mu_product": lambda v: v["old"] * v["mu"],
    "theta": lambda v: v["w"] - v["rate"] * v["step"],
    "average": lambda v: v["keep"] * v["old"] + (1 - v["keep"]) * v["g"],
    "m": lambda v: v["keep"] * v["old"] + (1 - v["keep"]) * v["g"],
    "v": lambda v: v["keep"] * v["old"] + (1 - v["keep"]) * v["g"] ** 2,
    "u": lambda v: v["keep"] * v["old"] + (1 - v["keep"]) * v["g"] ** 2,
    "velocity": lambda v: v["mu"] * v["v_old"] + (v["d"] if "d" in v else v["fresh"] * v["g"]),
    "step": lambda v: (
        v["g"] * math.sqrt(v["u_old"] + v["eps"]) / math.sqrt(v["v"] + v["eps"])
        if "u_old" in v
        else v["g"] / (math.sqrt(v["v"]) + v["eps"])
    ),
    "look_ahead": lambda v: (
        (1 - v["mu"]) * v["g"] / (1 - v["product"]) + v["mu_next"] * v["m"] / (1 - v["product"] * v["mu_next"])
        if "m" in v
        else v["g"] + v["mu"] * v["v"]
    ),
}


@pytest.mark.parametrize("case", ORACLE["paths"], ids=lambda case: f"{case['optimizer']} {case['settings']}")
def test_every_line_is_its_formula_of_the_values_it_names_from_the_first_update_on(case):
    for t, (update, _) in enumerate(updates(build(case)), 1):
        for part in parts(build(case), *update):
            for i in range(START.size):
                values = {slot: float(np.broadcast_to(v, START.shape)[i]) for slot, (_, v) in part.values.items()}
                result = float(np.broadcast_to(part.result, START.shape)[i])
                assert result == pytest.approx(LINES[part.name](values), rel=1e-9, abs=1e-15), (part.name, t)
            if "t" in part.values:
                assert part.values["t"][1] == t + (part.name == "mu_next")


def test_the_first_gradient_enters_the_velocity_whole_and_later_ones_without_the_dampening():
    shares = []
    for update, _ in updates(sn.SGD(momentum=0.9, dampening=0.25)):
        velocity = parts(sn.SGD(momentum=0.9, dampening=0.25), *update)[0]
        shares.append((velocity.values["fresh"][1], "«fresh»" in velocity.formula))
    assert shares == [(1.0, False), *[(0.75, True)] * 15]


def test_a_running_average_says_of_what():
    update, _ = next(updates(sn.RMSProp(centered=True)))
    sentences = [part.sentence for part in parts(sn.RMSProp(centered=True), *update)[:2]]
    mostly = "mostly the old one, a little of the new."
    assert sentences == [
        f"v is a running average of the squared gradient: {mostly}",
        f"The average is a running average of the gradient: {mostly}",
    ]
    update, _ = next(updates(sn.Adadelta()))
    assert parts(sn.Adadelta(), *update)[2].sentence == f"u is a running average of the squared step: {mostly}"


def test_squares_are_averaged_and_summed_where_the_formula_says_so():
    for case in ORACLE["paths"]:
        update, _ = next(updates(build(case)))
        for part in parts(build(case), *update):
            assert ("^{2}" in part.formula) == (part.name in ("v", "u", "sum", "variance")), part.name
