"""Whole trainings against PyTorch: the same start, the same mini-batches, fifty updates with each optimizer.

An error of one part in a billion in any piece grows from update to update, so the end of the road is the severest test.
"""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import scratchnet as sn

PROBLEMS = json.loads((Path(__file__).parent / "oracles" / "training.json").read_text())["data"]
RUNS = [
    pytest.param(
        problem, run, id=" ".join([problem["problem"], run["optimizer"], str(run["settings"] | run["trainer"])])
    )
    for problem in PROBLEMS
    for run in problem["runs"]
]


def start(problem):
    weights, biases, at = [], [], 0
    theta = np.array(problem["theta"])
    for fan_in, fan_out in pairwise(problem["sizes"]):
        weights.append(theta[at : at + fan_in * fan_out].reshape(fan_out, fan_in))
        biases.append(theta[at + fan_in * fan_out : at + (fan_in + 1) * fan_out])
        at += (fan_in + 1) * fan_out
    return sn.Network.from_arrays(weights=weights, biases=biases, activations=problem["activations"])


@pytest.mark.parametrize(("problem", "run"), RUNS)
def test_fifty_updates_agree_with_pytorch(problem, run):
    net = start(problem)
    x, y = np.array(problem["x"]), np.array(problem["y"])
    optimizer = sn.OPTIMIZERS[run["optimizer"]](**run["settings"])
    trainer = sn.Trainer(loss=problem["loss"], optimizer=optimizer, **run["trainer"])
    state = optimizer.init(net.theta)
    for update, rows in enumerate(problem["order"]):
        step = trainer.step(net, x[rows], y[rows], state, update=update)
        np.testing.assert_allclose(step.backward.loss, run["loss_before_each_update"][update], rtol=1e-9)
        net, state = step.after, step.optimizer_after
        if (oracle := run["theta_after"].get(str(update + 1))) is not None:
            np.testing.assert_allclose(net.theta, oracle, rtol=1e-9, atol=1e-11, err_msg=f"after update {update + 1}")
    assert update == 49


def test_fifty_updates_on_values_of_a_million_agree_with_pytorch_which_was_given_them_scaled():
    oracle = json.loads((Path(__file__).parent / "oracles" / "scaled_regression.json").read_text())["data"]
    points = sn.Points("prices", oracle["x"], np.ravel(oracle["y"]), ("price", "share"), parts=oracle["parts"])
    settings = {"hidden": tuple(oracle["sizes"][1:-1]), "output": "identity", "loss": "mse", "scaling": "standard"}
    run = sn.Experiment(dataset=points, **settings).start()
    net = start(oracle)
    trainer = sn.Trainer(loss="mse", optimizer=sn.Adam(learning_rate=0.02))
    state = trainer.optimizer.init(net.theta)
    for update, rows in enumerate(oracle["order"]):
        step = trainer.step(net, run.x_train[rows], run.y_train[rows], state, update=update)
        np.testing.assert_allclose(step.backward.loss, oracle["loss_before_each_update"][update], rtol=1e-8)
        net, state = step.after, step.optimizer_after
    np.testing.assert_allclose(net.theta, oracle["theta_after"]["50"], rtol=1e-8, atol=1e-10)
    answers = run.dataset.in_units(net.predict(np.concatenate([run.x_train, run.x_test])))
    np.testing.assert_allclose(answers, oracle["answers_in_units"], rtol=1e-9)


def one_step(trainer, update=0):
    problem = PROBLEMS[0]
    net, x, y = start(problem), np.array(problem["x"]), np.array(problem["y"])
    return trainer.step(net, x, y, trainer.optimizer.init(net.theta), update=update)


def test_a_step_tells_the_whole_update():
    trainer = sn.Trainer(loss="bce", optimizer=sn.SGD(learning_rate=0.25, momentum=0.5))
    step = one_step(trainer)
    assert step.learning_rate == 0.25
    np.testing.assert_array_equal(step.gradient, step.backward.gradient)
    np.testing.assert_array_equal(step.forward.output, step.before.predict(step.forward.x))
    theta, _ = trainer.optimizer.update(step.before.theta, step.gradient, step.optimizer_before, learning_rate=0.25)
    np.testing.assert_array_equal(step.after.theta, theta)


def test_a_gradient_longer_than_clip_norm_keeps_its_direction_and_gets_that_length():
    free = one_step(sn.Trainer(loss="bce", optimizer=sn.SGD(learning_rate=1.0)))
    norm = np.linalg.norm(free.gradient)
    step = one_step(sn.Trainer(loss="bce", optimizer=sn.SGD(learning_rate=1.0), clip_norm=norm / 4))
    np.testing.assert_allclose(step.gradient, free.gradient / 4, rtol=1e-12)
    np.testing.assert_array_equal(step.backward.gradient, free.gradient)
    np.testing.assert_allclose(step.after.theta, step.before.theta - free.gradient / 4, rtol=1e-12)


def test_a_gradient_shorter_than_clip_norm_is_left_alone_to_the_last_bit():
    free = one_step(sn.Trainer(loss="bce", optimizer=sn.SGD(learning_rate=1.0)))
    clipped = one_step(sn.Trainer(loss="bce", optimizer=sn.SGD(learning_rate=1.0), clip_norm=1e3))
    np.testing.assert_array_equal(clipped.gradient, free.gradient)
    np.testing.assert_array_equal(clipped.after.theta, free.after.theta)


def test_a_perfect_fit_can_be_clipped():
    """A gradient of length 0 must not be divided by its length."""
    net = sn.Network.from_arrays([[[1.0]]], [[0.0]], ["identity"])
    x = np.array([[1.0], [2.0]])
    optimizer = sn.SGD(learning_rate=1.0)
    step = sn.Trainer(loss="mse", optimizer=optimizer, clip_norm=1.0).step(
        net, x, x, optimizer.init(net.theta), update=0
    )
    np.testing.assert_array_equal(step.after.theta, net.theta)
