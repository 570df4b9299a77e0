"""Schedules: the learning rate of each update, against torch.optim.lr_scheduler and by hand."""

import json
from pathlib import Path

import numpy as np
import pytest

import scratchnet as sn

ORACLE = json.loads((Path(__file__).parent / "oracles" / "schedules.json").read_text())["data"]
BASE = ORACLE["learning_rate"]
NAMES = ["constant", "step", "exponential", "cosine", "warmup"]


def test_the_names_are_those_the_learner_chooses_from():
    assert sorted(sn.SCHEDULES) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_forty_rates_agree_with_pytorch(name):
    schedule = sn.SCHEDULES[name](**ORACLE[name]["settings"])
    rates = [schedule.rate(BASE, update) for update in range(40)]
    np.testing.assert_allclose(rates, ORACLE[name]["rates"], rtol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_with_its_default_settings_a_schedule_gives_a_finite_rate_at_any_update(name):
    schedule = sn.SCHEDULES[name]()
    rates = np.array([schedule.rate(BASE, update) for update in (0, 1, 10, 1000, 10**5, 10**9, 10**12)])
    assert np.isfinite(rates).all()
    assert (rates >= 0).all()
    assert (rates <= BASE * (1 + 1e-15)).all()


@pytest.mark.parametrize("name", ["step", "exponential", "cosine"])
def test_a_decay_begins_at_the_base_rate_and_never_rises(name):
    schedule = sn.SCHEDULES[name](**ORACLE[name]["settings"])
    rates = [schedule.rate(BASE, update) for update in range(200)]
    assert rates[0] == BASE
    assert (np.diff(rates) <= 0).all()


def test_cosine_is_half_way_at_half_time_and_stays_at_its_end():
    schedule = sn.SCHEDULES["cosine"](t_max=100, eta_min=0.02)
    assert schedule.rate(0.1, 50) == pytest.approx(0.06, rel=1e-12)
    for update in (100, 101, 150, 10**6):
        assert schedule.rate(0.1, update) == pytest.approx(0.02, rel=1e-12)


def test_warm_up_begins_at_its_share_and_ends_at_the_base_rate():
    schedule = sn.SCHEDULES["warmup"](start_factor=0.25, total_iters=8)
    assert schedule.rate(0.4, 0) == pytest.approx(0.1, rel=1e-12)
    assert schedule.rate(0.4, 4) == pytest.approx(0.25, rel=1e-12)
    assert schedule.rate(0.4, 8) == pytest.approx(0.4, rel=1e-15)
    assert schedule.rate(0.4, 9) == schedule.rate(0.4, 10**6) == pytest.approx(0.4, rel=1e-15)


def test_the_trainer_uses_the_rate_of_its_update():
    net = sn.Network.build(sizes=(2, 3, 1), hidden="tanh", output="sigmoid", initializer="glorot_uniform", rng=0)
    x, y = np.array([[1.0, -1.0]]), np.array([[1.0]])
    schedule = sn.SCHEDULES["step"](step_size=3, gamma=0.1)
    optimizer = sn.SGD(learning_rate=0.5)
    trainer = sn.Trainer(loss="bce", optimizer=optimizer, schedule=schedule)
    for update, rate in ((0, 0.5), (2, 0.5), (3, 0.05), (8, 0.005)):
        step = trainer.step(net, x, y, optimizer.init(net.theta), update=update)
        assert step.learning_rate == pytest.approx(rate, rel=1e-12)
        np.testing.assert_allclose(step.after.theta, net.theta - rate * step.gradient, rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("step", {"step_size": 0}),
        ("step", {"gamma": -0.5}),
        ("step", {"gamma": float("nan")}),
        ("exponential", {"gamma": 1.5}),
        ("cosine", {"t_max": 0}),
        ("cosine", {"t_max": 10.5}),
        ("cosine", {"eta_min": -0.1}),
        ("warmup", {"start_factor": -1.0}),
        ("warmup", {"total_iters": 0}),
    ],
    ids=str,
)
def test_settings_that_give_no_rate_are_refused(name, settings):
    with pytest.raises(ValueError, match=next(iter(settings))):
        sn.SCHEDULES[name](**settings)


# Chosen on the way


def rates_of(experiment, updates):
    """The learning rate of each of the first updates of a run, as its steps say it."""
    run = experiment.start()
    return [run.step().learning_rate for _ in range(updates)]


def small(**settings):
    return sn.Experiment(samples=40, hidden=(3,), batch_size=5, learning_rate=0.1, **settings)


def test_a_schedule_counts_from_the_update_at_which_it_was_chosen():
    cosine = {"schedule": "cosine", "schedule_settings": {"t_max": 10}}
    by_hand = [0.1] * 7 + [0.1 * (1 + np.cos(np.pi * min(k, 10) / 10)) / 2 for k in range(13)]
    np.testing.assert_allclose(rates_of(small(events=((7, cosine),)), 20), by_hand, rtol=1e-12, atol=1e-17)
    warm_up = {"schedule": "warmup", "schedule_settings": {"start_factor": 0.5, "total_iters": 4}}
    by_hand = [0.1] * 3 + [0.05, 0.0625, 0.075, 0.0875, 0.1, 0.1]
    np.testing.assert_allclose(rates_of(small(events=((3, warm_up),)), 9), by_hand, rtol=1e-12)


def test_another_rate_lets_the_schedule_go_on_and_another_setting_of_it_begins_it_anew():
    steps = {"schedule": "step", "schedule_settings": {"step_size": 2, "gamma": 0.5}}
    events = ((3, {"learning_rate": 0.2}), (5, {"schedule_settings": {"step_size": 3, "gamma": 0.5}}), (7, {"l2": 0.1}))
    by_hand = [0.1, 0.1, 0.05, 0.1, 0.05, 0.2, 0.2, 0.2, 0.1, 0.1]
    assert rates_of(small(**steps, events=events), 10) == by_hand


def test_the_same_schedule_chosen_twice_is_right_wherever_one_goes_in_time():
    cosine = {"schedule": "cosine", "schedule_settings": {"t_max": 8}}
    run = small(events=((2, cosine), (5, {"schedule": "constant"}), (9, cosine))).start()

    def by_hand(update):
        start = 2 if 2 <= update < 5 else 9 if update >= 9 else None
        return 0.1 if start is None else 0.1 * (1 + np.cos(np.pi * min(update - start, 8) / 8)) / 2

    for update in (3, 12, 4, 9, 10, 2, 16, 0, 11, 6):
        run.goto(update)
        assert run.learning_rate == pytest.approx(by_hand(update), rel=1e-12)
        assert run.fork().step().learning_rate == run.learning_rate
    run.goto(11)
    theta, again = run.network.theta, small(events=run.experiment.events).start()
    again.advance(updates=11)
    assert np.array_equal(theta, again.network.theta)
    run.goto(0)
    run.advance(updates=11)  # in one piece, without the steps
    assert np.array_equal(theta, run.network.theta)


def test_a_schedule_chosen_at_the_start_counts_from_the_start():
    run = small(schedule="exponential", schedule_settings={"gamma": 0.5}).start()
    assert [run.step().learning_rate for _ in range(3)] == [0.1, 0.05, 0.025]
    assert run.learning_rate == 0.0125


def test_the_default_settings_are_those_that_links_without_them_have_meant():
    assert sn.SCHEDULES["step"]() == sn.SCHEDULES["step"](step_size=1000, gamma=0.5)
    assert sn.SCHEDULES["exponential"]() == sn.SCHEDULES["exponential"](gamma=0.9995)
    assert sn.SCHEDULES["cosine"]() == sn.SCHEDULES["cosine"](t_max=5000, eta_min=0.0)
    assert sn.SCHEDULES["warmup"]() == sn.SCHEDULES["warmup"](start_factor=0.1, total_iters=200)
