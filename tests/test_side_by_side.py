"""Many starts trained side by side are the same starts, each trained alone by a Run."""

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.side_by_side import SideBySide
from ui.checks import training as checks

DATA = sn.load_dataset("tutorial")


def nets(seeds, sizes=(3, 2, 1)):
    return [
        sn.Network.build(sizes, hidden="sigmoid", output="sigmoid", initializer="standard_normal", rng=seed)
        for seed in seeds
    ]


def together(seeds, loss="bce", rate=0.1):
    trainer = sn.Trainer(loss=loss, optimizer=sn.SGD(learning_rate=rate))
    return SideBySide(nets(seeds), trainer, DATA.x_train, DATA.y_train)


@pytest.mark.parametrize("loss", ["bce", "mse", "half_squared_error"])
def test_starts_side_by_side_answer_like_runs_of_the_same_seeds(loss):
    side = together(range(5, 9), loss)
    side.advance(40)
    side.advance(10)
    assert side.epoch == 50
    for seed, answers in zip(range(5, 9), side.predict(), strict=True):
        run = checks.experiment_of(checks.START | {"seed": seed, "loss": loss, "learning_rate": 0.1}).start()
        run.advance(epochs=50)
        np.testing.assert_allclose(answers, run.network.predict(run.x_train), rtol=1e-12)


def test_a_deeper_network_with_adam_and_two_outputs_learns_as_alone():
    x, y = np.random.default_rng(1).normal(size=(4, 3)), np.eye(2)[[0, 1, 1, 0]]
    trainer = sn.Trainer(loss="bce", optimizer=sn.Adam(learning_rate=0.05))
    starts = nets(range(3), (3, 4, 2, 2))
    side = SideBySide(starts, trainer, x, y)
    side.advance(20)
    for net, answers in zip(starts, side.predict(), strict=True):
        state = trainer.optimizer.init(net.theta)
        for update in range(80):
            i = update % 4
            step = trainer.step(net, x[i : i + 1], y[i : i + 1], state, update=update)
            net, state = step.after, step.optimizer_after
        np.testing.assert_allclose(answers, net.predict(x), rtol=1e-9)


def test_predict_gives_a_block_for_each_network_with_a_row_for_each_sample():
    assert together(range(6)).predict().shape == (6, 3, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: SideBySide([], sn.Trainer(), DATA.x_train, DATA.y_train),
        lambda: SideBySide(nets([0]) + nets([1], (3, 3, 1)), sn.Trainer(), DATA.x_train, DATA.y_train),
        lambda: SideBySide(nets([0]), sn.Trainer(l2=0.1), DATA.x_train, DATA.y_train),
        lambda: SideBySide(nets([0]), sn.Trainer(clip_norm=1.0), DATA.x_train, DATA.y_train),
        lambda: SideBySide(nets([0]), sn.Trainer(), DATA.x_train, DATA.y_train[:, 0]),
    ],
)
def test_what_it_cannot_train_is_refused(wrong):
    with pytest.raises(ValueError, match=r"\.$|reshape"):
        wrong()


def test_numbers_that_explode_are_named():
    starts = [
        sn.Network.build((3, 2, 1), hidden="relu", output="identity", initializer="standard_normal", rng=seed)
        for seed in range(3)
    ]
    trainer = sn.Trainer(loss="mse", optimizer=sn.SGD(learning_rate=100.0))
    with pytest.raises(ValueError, match="smaller learning rate"):
        SideBySide(starts, trainer, DATA.x_train, DATA.y_train).advance(300)
