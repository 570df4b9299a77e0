"""What comes in from outside is refused in one sentence where it makes no sense, and copied where it could change."""

import numpy as np
import pytest

import scratchnet as sn

NET = sn.Network.build((2, 3, 1), rng=0)
X = np.array([[0.5, -1.0], [2.0, 0.25]])
Y = np.array([[1.0], [0.0]])


def test_a_record_does_not_change_when_the_callers_array_does():
    x = X.copy()
    fwd, step = NET.forward(x), sn.Trainer().step(NET, x, Y)
    x[:] = 9.0
    assert (fwd.x == X).all() and (step.forward.x == X).all()


def test_a_network_does_not_change_when_a_read_only_view_of_a_writable_array_does():
    theta = np.zeros(NET.n_parameters)
    view = theta[:]
    view.setflags(write=False)
    net = NET.replace(view)
    theta[:] = 9.0
    assert (net.theta == 0).all()


@pytest.mark.parametrize("x", [[[np.nan, 1.0]], [[np.inf, 1.0]], [["a", "b"]]], ids=["nan", "inf", "text"])
def test_inputs_that_are_no_finite_numbers_are_refused(x):
    with pytest.raises(ValueError, match="finite numbers"):
        NET.predict(x)


@pytest.mark.parametrize(
    ("loss", "output", "y", "sentence"),
    [
        ("bce", "sigmoid", [[np.nan], [0.0]], "finite numbers"),
        ("bce", "sigmoid", [["yes"], ["no"]], "finite numbers"),
        ("bce", "sigmoid", [[2.0], [0.0]], "from 0 to 1"),
        ("bce", "sigmoid", [[1.0000001], [0.0]], "from 0 to 1"),
        ("bce", "sigmoid", [[1.0], [-1e-7]], "from 0 to 1"),
        ("hinge", "tanh", [[0.0], [1.0]], "-1 or 1"),
    ],
)
def test_targets_that_a_loss_cannot_read_are_refused(loss, output, y, sentence):
    net = sn.Network.build((2, 3, 1), output=output)
    with pytest.raises(ValueError, match=sentence):
        sn.backpropagate(net, net.forward(X), y, loss=loss)


def test_probabilities_of_classes_must_sum_to_1():
    net = sn.Network.build((2, 3, 2), output="softmax")
    with pytest.raises(ValueError, match="sum to 1"):
        sn.backpropagate(net, net.forward(X), [[1.0, 1.0], [0.0, 1.0]], loss="cross_entropy")
    with pytest.raises(ValueError, match="sum to 1"):
        sn.backpropagate(net, net.forward(X), [[0.5, 0.5], [0.5, 0.499999]], loss="cross_entropy")
    sn.backpropagate(net, net.forward(X), [[0.1 + 0.2, 0.7], [0.25, 0.75]], loss="cross_entropy")  # but for round-off


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: sn.backpropagate(NET, NET.forward(X), Y, l1=-1.0),
        lambda: sn.Network.build((2, 2.5, 1)),
        lambda: sn.Network.build((2, 3, 1), rng=None),
        lambda: sn.SGD(learning_rate="0.1"),
        lambda: sn.Adam(betas=(0.9, None)),
        lambda: sn.Trainer(optimizer="sgd"),
        lambda: sn.Trainer(schedule="step"),
        lambda: sn.Trainer(l1="much"),
        lambda: sn.Trainer(clip_norm=0.0),
        lambda: sn.Trainer(clip_norm=-1.0),
        lambda: sn.Trainer(clip_norm=float("inf")),
        lambda: sn.Trainer().step(NET, X, Y, state=sn.Adam().init(NET.theta)),
        lambda: sn.Neuron(["a"], 0.0),
        lambda: sn.Neuron([1.0], 0.0).z(["a"]),
        lambda: sn.Neuron([1.0], None),
        lambda: sn.Neuron([1.0], "much"),
        lambda: sn.Neuron([1.0, 2.0, 3.0], 0.0).products([5.0]),
    ],
    ids=[
        "negative l1",
        "half a unit",
        "no seed",
        "rate as text",
        "no beta",
        "optimizer by name",
        "schedule by name",
        "l1 as text",
        "gradients clipped to nothing",
        "gradients clipped to less than nothing",
        "gradients clipped to any length",
        "the state of another optimizer",
        "weights as text",
        "input as text",
        "no bias",
        "bias as text",
        "one input that would be stretched over three weights",
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(wrong):
    with pytest.raises(ValueError, match=r"^[A-Z\w].*; got .*\.$"):
        wrong()


def test_a_very_long_gradient_is_clipped_without_overflow():
    from scratchnet.trainer import clipped

    short = clipped(np.array([3e200, 4e200]), 5.0)
    np.testing.assert_allclose(short, [3.0, 4.0], rtol=1e-15)


def test_a_map_of_a_unit_that_is_0_everywhere_is_the_middle_of_its_scale():
    net = sn.Network.from_arrays([np.zeros((1, 2)), np.ones((1, 1))], [np.zeros(1), np.zeros(1)], ["relu", "identity"])
    for layer in sn.UnitMaps(("x1", "x2"), ((-6.0, 6.0), (-6.0, 6.0)), size=4)(net):
        assert (layer.pixels == 127).all() or (layer.pixels == 128).all()
        assert (layer.low == -1).all() and (layer.high == 1).all()


def test_a_fork_without_changes_keeps_the_place_and_does_not_train_again():
    run = sn.Experiment(dataset="circle").start()
    run.advance(updates=30)
    other = run.fork()
    assert other.update == 30 and (other.network.theta == run.network.theta).all()
    other.advance(updates=5)
    assert run.update == 30
