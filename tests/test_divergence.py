"""Why numbers explode: the setting that is named expands by itself, as plain loops over one weight say."""

import itertools

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.divergence import UNKNOWN, advice, pull_limit

SHARES = (0.2, 0.8, 0.97, 1.03, 1.2, 5.0)
PULLS = (0.01, 1.0, 40.0)
FORMS = {"plain": {}, "nesterov": {"nesterov": True}, "dampening": {"dampening": 0.5}}


def grow(optimizer, rates, l2, updates=2000):
    """Which of some weights, each with its own rate and pull, move away from 0 for ever where the loss is flat, so that
    only the settings act on them. All are arrays (n,)."""
    theta, state = np.ones(len(rates)), optimizer.init(np.ones(len(rates)))
    largest = []
    with np.errstate(over="ignore", invalid="ignore"):  # one that has run away runs on beside the others
        for _ in range(2):
            most = np.zeros(len(rates))
            for _ in range(updates):
                theta, state = optimizer.update(theta, l2 * theta, state, rates)
                most = np.fmax(most, abs(theta))  # infinity stays, nan is passed over
            largest.append(most)
    return (largest[1] > largest[0] * 1.0001) | ~(np.max(largest, axis=0) < 1e60)


@pytest.mark.parametrize(("momentum", "form"), [(0.0, "plain"), *itertools.product([0.3, 0.9, 0.99], FORMS)])
@pytest.mark.parametrize("weight_decay", [0.0, 0.02])
def test_sgd_with_a_pull_is_named_exactly_where_one_weight_runs_away(momentum, form, weight_decay):
    optimizer = sn.SGD(learning_rate=0.1, momentum=momentum, weight_decay=weight_decay, **FORMS[form])
    cases = list(itertools.product(SHARES, PULLS))
    rates = [share * pull_limit(optimizer) / (l2 + weight_decay) for share, l2 in cases]
    grown = grow(optimizer, np.array(rates), np.array([l2 for _, l2 in cases]))
    for (share, l2), rate, grows in zip(cases, rates, grown, strict=True):
        named = advice(sn.Trainer(optimizer=optimizer, l2=l2), rate) != UNKNOWN
        assert named == grows == (share > 1), (share, l2)


@pytest.mark.parametrize(
    ("optimizer", "l2", "rate", "begins"),
    [
        (sn.SGD(0.1), 25.0, 0.1, "L2 times the learning rate is 2.5: above 2 "),
        (sn.SGD(0.1, weight_decay=30.0), 0.0, 0.1, "weight decay times the learning rate is 3: above 2 "),
        (sn.SGD(0.1, weight_decay=10.0), 15.0, 0.1, "(L2 + weight decay) times the learning rate is 2.5: "),
        (sn.SGD(0.1, momentum=0.5), 40.0, 0.1, "L2 times the learning rate is 4: above 3 "),
        (sn.SGD(0.1, momentum=1.5), 0.0, 0.1, "Momentum is 1.5: with 1 or more the steps never fade"),
        (sn.RMSProp(0.1, momentum=1.0), 0.0, 0.1, "Momentum is 1: "),
        (sn.SGD(0.1, momentum=0.9, dampening=2.0), 0.0, 0.1, "Dampening is 2: above 1 the steps go up the gradient"),
        (sn.AdamW(0.1, weight_decay=21.0), 0.0, 0.1, "weight decay times the learning rate is 2.1: above 2 "),
    ],
)
def test_the_setting_that_expands_is_named_with_its_number(optimizer, l2, rate, begins):
    assert advice(sn.Trainer(optimizer=optimizer, l2=l2), rate).startswith(begins)


@pytest.mark.parametrize(
    "optimizer",
    [
        sn.SGD(0.1),
        sn.SGD(0.1, momentum=0.9, dampening=1.0, weight_decay=100.0),
        sn.SGD(0.1, dampening=3.0),  # without momentum it does nothing
        sn.Adam(0.1, weight_decay=100.0),  # its steps have the size of the rate, whatever pulls
        sn.AdamW(0.1, weight_decay=19.0),
        sn.RMSProp(0.1, momentum=0.9),
        sn.Adagrad(0.1),
    ],
    ids=repr,
)
def test_no_setting_is_blamed_that_does_not_expand_by_itself(optimizer):
    assert advice(sn.Trainer(optimizer=optimizer), 0.1) == UNKNOWN


def test_a_run_that_diverges_names_the_setting_in_force_at_that_update():
    experiment = sn.Experiment(samples=40, hidden=(3,), optimizer="sgd", learning_rate=0.01)
    run = experiment.start()
    run.advance(updates=3)
    run.change(optimizer="sgd", optimizer_settings={"momentum": 1.5})
    run.advance(updates=5000)
    assert run.status == "diverged" and "Momentum is 1.5" in run.reason and "learning rate may" not in run.reason
    run = experiment.replace(l2=300.0).start()
    run.advance(updates=5000)
    assert run.status == "diverged" and "L2 times the learning rate is 3: above 2 " in run.reason
