"""What must hold for every network, experiment and run, tried on many that hypothesis makes up."""

import dataclasses
import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import scratchnet as sn
from scratchnet.run import CHECKPOINT_BYTES, MAX_CHECKPOINTS

HIDDEN = sorted(set(sn.ACTIVATIONS) - {"softmax"})
PAIRS = [("sigmoid", "bce"), ("softmax", "cross_entropy")]
PAIRS += [(output, loss) for output in HIDDEN for loss in ("mse", "half_squared_error", "mae", "huber", "hinge")]
OPTIMIZERS = {
    "sgd": [{}, {"momentum": 0.9}, {"momentum": 0.9, "nesterov": True, "weight_decay": 0.01}],
    "adagrad": [{}, {"lr_decay": 0.01}],
    "adadelta": [{}, {"rho": 0.5}],
    "rmsprop": [{}, {"centered": True, "momentum": 0.5}],
    "adam": [{}, {"betas": (0.8, 0.95)}],
    "adamw": [{}, {"weight_decay": 0.1}],
    "nadam": [{}, {"momentum_decay": 0.01}],
}
EVERY_OPTIMIZER = [(name, chosen) for name, many in OPTIMIZERS.items() for chosen in many]
optimizer_ids = pytest.mark.parametrize(
    ("optimizer", "chosen"), EVERY_OPTIMIZER, ids=[" ".join([n, *c]) for n, c in EVERY_OPTIMIZER]
)


# ------------------------------------------------------------------------------------------------------ networks


@st.composite
def problems(draw):
    """(network, x, y, loss) of any architecture of up to three hidden layers."""
    output, loss = draw(st.sampled_from(PAIRS))
    outputs = draw(st.integers(2 if output == "softmax" else 1, 4))
    hidden = draw(st.lists(st.tuples(st.integers(1, 6), st.sampled_from(HIDDEN)), max_size=3))
    sizes = (draw(st.integers(1, 4)), *(size for size, _ in hidden), outputs)
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    net = sn.Network.from_arrays(
        weights=[rng.normal(0, 1, (o, i)) for i, o in pairwise(sizes)],
        biases=[rng.normal(0, 1, o) for o in sizes[1:]],
        activations=[*(name for _, name in hidden), output],
    )
    n = draw(st.integers(1, 7))
    x = rng.normal(0, 2, (n, sizes[0]))
    if loss == "cross_entropy":
        return net, x, rng.integers(0, outputs, n), loss
    y = rng.integers(0, 2, (n, outputs)).astype(float)
    return net, x, 2 * y - 1 if loss == "hinge" else y, loss


@given(problems())
def test_a_batch_gradient_is_the_mean_of_single_sample_gradients(problem):
    net, x, y, loss = problem
    whole = sn.backpropagate(net, net.forward(x), y, loss=loss, l1=0.01, l2=0.1)
    single = [
        sn.backpropagate(net, net.forward(x[i : i + 1]), y[i : i + 1], loss=loss, l1=0.01, l2=0.1)
        for i in range(len(x))
    ]
    scale = 1 + np.abs([s.gradient for s in single]).max()
    np.testing.assert_allclose(
        whole.gradient, np.mean([s.gradient for s in single], axis=0), rtol=1e-10, atol=1e-12 * scale
    )
    np.testing.assert_allclose(whole.loss, np.mean([s.loss for s in single]), rtol=1e-10)
    rows = np.concatenate([s.delta[-1] for s in single]) / len(x)  # a sample's delta carries its share 1/n of the mean
    np.testing.assert_allclose(whole.delta[-1], rows, rtol=1e-10, atol=1e-12 * scale)


@given(problems())
def test_the_order_of_samples_in_a_batch_does_not_matter(problem):
    net, x, y, loss = problem
    forth = sn.backpropagate(net, net.forward(x), y, loss=loss)
    back = sn.backpropagate(net, net.forward(x[::-1]), y[::-1], loss=loss)
    scale = 1 + np.abs(forth.gradient).max()
    np.testing.assert_allclose(back.gradient, forth.gradient, rtol=1e-9, atol=1e-12 * scale)


@given(problems(), st.integers(0, 2**32))
def test_predict_between_forward_and_backward_changes_nothing(problem, seed):
    net, x, y, loss = problem
    expected = sn.backpropagate(net, net.forward(x), y, loss=loss)
    fwd = net.forward(x)
    net.predict(np.random.default_rng(seed).normal(0, 1, (3, x.shape[1])))
    net.forward(x + 1)
    net.replace(net.theta + 1).forward(x)
    bwd = sn.backpropagate(net, fwd, y, loss=loss)
    sn.backpropagate(net, net.forward(x - 1), y, loss=loss)
    assert bwd.loss == expected.loss
    np.testing.assert_array_equal(bwd.gradient, expected.gradient)
    np.testing.assert_array_equal(bwd.dx, expected.dx)


@given(problems())
def test_one_small_step_down_the_gradient_lowers_the_loss_by_rate_times_its_square(problem):
    """To first order the loss falls by learning_rate * |g|**2: what the page shows beside the loss after."""
    net, x, y, loss = problem
    bwd = sn.backpropagate(net, net.forward(x), y, loss=loss)
    square = float(bwd.gradient @ bwd.gradient)
    assume(1e-8 < square < 1e8)
    rate = 1e-7 / (1 + square)
    moved = net.replace(net.theta - rate * bwd.gradient)
    fall = bwd.loss - sn.backpropagate(moved, moved.forward(x), y, loss=loss).loss
    assert fall == pytest.approx(rate * square, rel=1e-2, abs=1e-13 * (1 + abs(bwd.loss)))


# --------------------------------------------------------------------------------------------------- experiments


def rates():
    return st.floats(1e-6, 100, allow_nan=False)


@st.composite
def experiments(draw):
    """Experiments of two-class and regression data with any settings, and up to four events on the way."""
    dataset = draw(
        st.sampled_from(["circle", "xor", "gauss", "spiral", "moons", "plane", "multi_gaussian", "xor_gate"])
    )
    usual = [("identity", "mse"), ("tanh", "huber"), ("relu", "mae"), ("identity", "half_squared_error")]
    regression = sn.DATASETS[dataset].task == "regression"
    output, loss = draw(st.sampled_from(usual if regression else [("sigmoid", "bce"), ("tanh", "hinge"), *usual]))
    hidden = tuple(draw(st.lists(st.integers(1, 8), max_size=4)))
    activation = draw(
        st.sampled_from(HIDDEN) | st.tuples(*[st.sampled_from(HIDDEN) for _ in hidden]) if hidden else st.just("tanh")
    )
    optimizer, chosen = draw(st.sampled_from(EVERY_OPTIMIZER))
    features = draw(
        st.permutations(sorted(sn.FEATURES)).flatmap(lambda p: st.integers(1, 7).map(lambda k: tuple(p[:k])))
    )
    features = tuple(f for f in features if sn.FEATURES[f].columns <= 2) or ("x1",)
    experiment = sn.Experiment(
        dataset=dataset,
        samples=draw(st.integers(10, 60)),
        noise=draw(st.floats(0, 0.5)),
        train_fraction=draw(st.floats(0.1, 0.9)),
        features=features,
        hidden=hidden,
        activation=activation,
        output=output,
        loss=loss,
        initializer=draw(st.sampled_from(sorted(sn.INITIALIZERS))),
        optimizer=optimizer,
        optimizer_settings=chosen,
        learning_rate=draw(rates()),
        batch_size=draw(st.integers(1, 100)),
        shuffle=draw(st.booleans()),
        l1=draw(st.just(0.0) | rates()),
        l2=draw(st.just(0.0) | rates()),
        clip_norm=draw(st.none() | rates()),
        data_seed=draw(st.integers(0, 2**31)),
        init_seed=draw(st.integers(0, 2**31)),
        order_seed=draw(st.integers(0, 2**31)),
    )
    update = 0
    for _ in range(draw(st.integers(0, 4))):
        update += draw(st.integers(0, 50))
        kind = draw(st.sampled_from(["rate", "optimizer", "batch", "weight", "bias"]))
        if kind == "rate":
            experiment = experiment.with_event(update, learning_rate=draw(rates()), l2=draw(rates()))
        elif kind == "optimizer":
            name, chosen = draw(st.sampled_from(EVERY_OPTIMIZER))
            experiment = experiment.with_event(update, optimizer=name, optimizer_settings=chosen)
        elif kind == "batch":
            experiment = experiment.with_event(update, batch_size=draw(st.integers(1, 50)), shuffle=draw(st.booleans()))
        else:
            layer = draw(st.integers(0, len(experiment.sizes) - 2))
            unit = draw(st.integers(0, experiment.sizes[layer + 1] - 1))
            source = draw(st.integers(0, experiment.sizes[layer] - 1)) if kind == "weight" else None
            experiment = experiment.with_edit(update, layer, unit, source, draw(st.floats(-5, 5)))
    return experiment


@given(experiments(), st.randoms(use_true_random=False))
def test_no_link_is_an_exception_however_it_was_damaged(experiment, random):
    text = list(experiment.to_query())
    for _ in range(random.randint(1, 8)):
        text[random.randrange(len(text))] = random.choice("&=.-%+e0nN\x00é∞,;{'")
    back, ignored = sn.Experiment.from_query("".join(text))
    assert isinstance(back, sn.Experiment)
    assert all(isinstance(sentence, str) and sentence for sentence in ignored)


# ---------------------------------------------------------------------------------------------------------- runs


def small(**changes):
    """25 training points in mini-batches of 10, 10 and 5: three updates an epoch."""
    given = {"dataset": "xor", "samples": 50, "noise": 0.1, "hidden": (4, 3), "batch_size": 10}
    return sn.Experiment(**(given | changes))


def numbers_in(value):
    """All numbers inside a state, whatever its form, as bytes: equal only when equal to the last bit."""
    if isinstance(value, np.ndarray):
        return value.tobytes()
    if isinstance(value, Mapping):
        return tuple((k, numbers_in(v)) for k, v in value.items())
    if isinstance(value, (tuple, list)):
        return tuple(numbers_in(v) for v in value)
    if dataclasses.is_dataclass(value):
        return tuple(numbers_in(getattr(value, field.name)) for field in dataclasses.fields(value))
    return value


def position(run):
    """Everything the future of a run depends on, as bytes."""
    return run.update, run.epoch, run.status, run.network.theta.tobytes(), numbers_in(run.optimizer_state)


@given(experiments())
@settings(max_examples=20)
def test_replaying_an_experiment_gives_the_same_bits(experiment):
    first, second = experiment.start(), experiment.start()
    first.advance(updates=60)
    for n in (1, 7, 52):
        second.advance(updates=n)
    assert position(second) == position(first)
    for name in ("update", "train_loss", "test_loss"):
        one, two = getattr(first.history, name), getattr(second.history, name)
        np.testing.assert_array_equal(one, two)


@optimizer_ids
def test_goto_returns_to_every_update_bit_for_bit(optimizer, chosen):
    run = small(optimizer=optimizer, optimizer_settings=chosen, learning_rate=0.05).start()
    first_visit = [position(run)]
    for _ in range(70):
        run.step()
        first_visit.append(position(run))
    for update in (70, 0, 1, 69, 35, 3, 34, 36, 2, 64, 70):
        run.goto(update)
        assert position(run) == first_visit[update]


@optimizer_ids
def test_stepping_and_advancing_take_the_same_way(optimizer, chosen):
    experiment = small(optimizer=optimizer, optimizer_settings=chosen, clip_norm=0.5, l1=0.001, l2=0.01)
    stepped, advanced = experiment.start(), experiment.start()
    for _ in range(20):
        stepped.step()
    advanced.advance(updates=20)
    assert position(stepped) == position(advanced)


@pytest.mark.parametrize(("optimizer", "chosen"), [("adam", {}), ("sgd", {"momentum": 0.9})], ids=["adam", "momentum"])
def test_goto_is_exact_after_checkpoints_were_thinned(optimizer, chosen):
    run = small(optimizer=optimizer, optimizer_settings=chosen, hidden=(3,), learning_rate=0.003).start()
    run.change(learning_rate=0.004)
    first_visit = {0: position(run)}
    rng = np.random.default_rng(0)
    end = 24 * MAX_CHECKPOINTS  # three updates an epoch: eight times as many epoch ends as are kept
    stops = sorted({1, 2, 3, 255, 256, 257, 1000, *rng.integers(0, end, 12).tolist(), end})
    for stop in stops:
        run.advance(updates=stop - run.update)
        first_visit[stop] = position(run)
    for stop in rng.permutation([0, *stops]).tolist():
        run.goto(stop)
        assert position(run) == first_visit[stop]


@pytest.mark.parametrize("look", ["epoch by epoch", "at once"])
def test_the_memory_of_a_run_stays_bounded(look):
    """Twice as many epochs, the same bound on checkpoints; the history grows with the logarithm of the epochs."""
    run = small(optimizer="sgd", hidden=(2,)).start()
    rows = []
    for _ in range(4):
        for _ in range(MAX_CHECKPOINTS) if look == "epoch by epoch" else [None]:
            run.advance(epochs=1 if look == "epoch by epoch" else MAX_CHECKPOINTS)
        assert 2 <= len(run._checkpoints) <= MAX_CHECKPOINTS
        rows.append(len(run.history.update))
    assert rows[-1] <= rows[0] + 2 * 128 + 2  # two doublings


def test_the_checkpoints_of_a_large_network_stay_below_their_bytes():
    run = small(hidden=(100, 100), batch_size=25).start()
    run.advance(epochs=60)
    assert sum(moment.nbytes for moment in run._checkpoints) <= CHECKPOINT_BYTES
    there = position(run)
    run.goto(31)
    run.goto(60)
    assert position(run) == there


def test_the_order_of_samples_comes_from_its_own_seed():
    def first_batches(**changes):
        run = small(**changes).start()
        return [run.step().forward.x.tolist() for _ in range(6)]

    assert first_batches(order_seed=3) == first_batches(order_seed=3)
    assert first_batches(order_seed=3) == first_batches(order_seed=3, init_seed=9)
    assert first_batches(order_seed=3) != first_batches(order_seed=4)


def test_what_is_trained_again_after_goto_is_what_was_trained_before():
    run = small().start()
    run.advance(updates=50)
    there = position(run)
    run.goto(17)
    run.advance(updates=33)
    assert position(run) == there


def test_events_are_replayed_at_their_update():
    run = small(optimizer="adam").start()
    run.advance(updates=10)
    run.change(learning_rate=0.2, batch_size=4)
    run.advance(updates=10)
    run.edit(0, 1, None, 0.75)
    run.edit(1, 2, 0, -1.5)
    assert run.network.biases[0][1] == 0.75
    assert run.network.weights[1][2, 0] == -1.5
    run.advance(updates=10)
    there = position(run)
    replay = run.experiment.start()
    replay.advance(updates=30)
    assert position(replay) == there
    for update in (5, 30):
        run.goto(update)
    assert position(run) == there
    linked, ignored = sn.Experiment.from_query(run.experiment.to_query())
    assert ignored == ()
    assert linked == run.experiment


@st.composite
def journeys(draw):
    """What a learner may do to a run, in any order: a list of (kind, arguments)."""
    amount = st.integers(0, 40)
    rate = st.sampled_from([0.001, 0.03, 0.5])
    kinds = [
        st.tuples(st.just("advance"), amount),
        st.tuples(st.just("step"), st.integers(1, 4)),
        st.tuples(st.just("epochs"), st.integers(0, 3)),
        st.tuples(st.just("goto"), st.integers(0, 120)),
        st.tuples(st.just("rate"), rate),
        st.tuples(st.just("optimizer"), st.sampled_from(EVERY_OPTIMIZER)),
        st.tuples(st.just("batch"), st.tuples(st.integers(1, 30), st.booleans())),
        st.tuples(st.just("edit"), st.tuples(st.sampled_from([None, 0, 1]), st.floats(-2, 2))),
        st.tuples(st.just("fork"), rate),
        st.tuples(st.just("look"), st.just(0)),
    ]
    return draw(st.lists(st.one_of(kinds), min_size=3, max_size=12))


def travel(run, journey):
    """Make the journey; a fork goes on as a new run. Returns the run at the end."""
    for kind, what in journey:
        if kind == "advance":
            run.advance(updates=what)
        elif kind == "epochs":
            run.advance(epochs=what)
        elif kind == "step":
            for _ in range(what):
                run.step()
        elif kind == "goto":
            run.goto(what)
        elif kind == "rate":
            run.change(learning_rate=what)
        elif kind == "optimizer":
            run.change(optimizer=what[0], optimizer_settings=what[1])
        elif kind == "batch":
            run.change(batch_size=what[0], shuffle=what[1])
        elif kind == "edit":
            run.edit(1, 0, *what)
        elif kind == "fork":
            run = run.fork(learning_rate=what)
        elif kind == "look":
            run.evaluate(), run.history, run.network.predict(run.x_train)
    return run


@given(journeys())
def test_whatever_was_done_the_experiment_of_a_run_leads_to_the_same_bits(journey):
    run = travel(small(samples=20, hidden=(2,), optimizer="adam", learning_rate=0.03).start(), journey)
    replay = run.experiment.start()
    replay.goto(run.update)
    assert position(replay)[:2] == position(run)[:2]
    assert position(replay)[3:] == position(run)[3:]
    np.testing.assert_array_equal(replay.history.update, run.history.update)
    np.testing.assert_array_equal(replay.history.train_loss, run.history.train_loss)
    assert replay.evaluate() == run.evaluate()
    run.advance(updates=7)
    replay.advance(updates=7)
    assert position(replay) == position(run)


def test_a_fork_shares_the_past_and_leaves_the_first_run_alone():
    run = small().start()
    run.advance(updates=20)
    there, history = position(run), run.history.train_loss.tolist()
    other = run.fork(learning_rate=0.3)
    assert other.network.theta.tobytes() == run.network.theta.tobytes()
    other.advance(updates=20)
    assert position(run) == there
    assert run.history.train_loss.tolist() == history
    other.goto(11)
    run.goto(11)
    assert other.network.theta.tobytes() == run.network.theta.tobytes()
    run.goto(20)
    run.advance(updates=20)
    other.goto(40)
    assert other.network.theta.tobytes() != run.network.theta.tobytes()


@optimizer_ids
def test_an_old_step_is_unchanged_after_further_training(optimizer, chosen):
    run = small(optimizer=optimizer, optimizer_settings=chosen).start()
    run.advance(updates=4)
    step = run.step()
    arrays = [
        step.before.theta,
        step.after.theta,
        step.gradient,
        step.backward.gradient,
        step.backward.dx,
        step.forward.x,
    ]
    arrays += [*step.forward.z, *step.forward.a, *step.backward.delta, *step.backward.dW, *step.backward.db]
    arrays += [*step.before.weights, *step.before.biases, *step.after.weights, *step.after.biases]
    copies = [array.copy() for array in arrays]
    states = numbers_in(step.optimizer_before), numbers_in(step.optimizer_after)
    run.step()
    run.advance(updates=40)
    run.evaluate()
    run.goto(2)
    run.edit(0, 0, 0, 9.0)
    run.advance(epochs=3)
    for array, copy in zip(arrays, copies, strict=True):
        np.testing.assert_array_equal(array, copy)
    assert (numbers_in(step.optimizer_before), numbers_in(step.optimizer_after)) == states


@pytest.mark.parametrize("shuffle", [True, False], ids=["shuffled", "in order"])
def test_the_last_smaller_mini_batch_is_a_batch_of_its_own(shuffle):
    run = small(shuffle=shuffle, learning_rate=0.1, optimizer="sgd").start()
    x, y = sn.apply_features(run.dataset.x_train, ("x1", "x2")), run.dataset.y_train
    orders = []
    for epoch in range(2):
        steps = [run.step() for _ in range(3)]
        assert [len(step.forward.x) for step in steps] == [10, 10, 5]
        assert run.epoch == epoch + 1
        seen = np.concatenate([step.forward.x for step in steps])
        order = [int(np.flatnonzero((x == row).all(axis=1))[0]) for row in seen]
        assert sorted(order) == list(range(25))  # every training row once
        rows = order[20:]
        alone = sn.backpropagate(steps[2].before, steps[2].before.forward(x[rows]), y[rows], loss="bce")
        np.testing.assert_array_equal(steps[2].gradient, alone.gradient)  # the mean over 5, not over 10
        np.testing.assert_allclose(steps[2].after.theta, steps[2].before.theta - 0.1 * alone.gradient, rtol=1e-12)
        orders.append(order)
    assert (orders[0] == list(range(25))) is not shuffle
    assert (orders[0] == orders[1]) is not shuffle


def test_a_batch_of_all_rows_or_more_is_one_update_an_epoch():
    for batch_size in (25, 26, 1000):
        run = small(batch_size=batch_size).start()
        step = run.step()
        assert len(step.forward.x) == 25
        assert run.epoch == 1


def test_history_has_the_same_points_whoever_looks():
    looked, left_alone = small().start(), small().start()
    for _ in range(40):
        looked.advance(epochs=1)
        looked.evaluate()
        len(looked.history.update)
    left_alone.advance(epochs=40)
    for name in ("update", "train_loss", "test_loss"):
        np.testing.assert_array_equal(getattr(looked.history, name), getattr(left_alone.history, name))
    assert looked.history.update[0] == 0


def test_evaluate_is_the_data_loss_and_the_counts_at_the_present_parameters():
    run = small(l1=0.1, l2=0.1).start()
    run.advance(epochs=2)
    scores = run.evaluate()
    for part, x, y in (
        ("train", run.dataset.x_train, run.dataset.y_train),
        ("test", run.dataset.x_test, run.dataset.y_test),
    ):
        fwd = run.network.forward(sn.apply_features(x, ("x1", "x2")))
        loss = sn.backpropagate(run.network, fwd, y, loss="bce").loss
        assert getattr(scores, f"{part}_loss") == pytest.approx(loss, rel=1e-12)
        assert getattr(scores, f"{part}_correct") == int(((fwd.output > 0.5) == (y == 1)).sum())
        assert getattr(scores, f"{part}_total") == len(x)


@pytest.mark.parametrize("activation", HIDDEN)
@pytest.mark.parametrize(
    ("output", "loss"), [("sigmoid", "bce"), ("identity", "mse"), ("tanh", "hinge")], ids=["bce", "mse", "hinge"]
)
def test_a_rate_far_too_high_ends_in_a_sentence_and_never_in_nan(activation, output, loss):
    experiment = small(
        activation=activation, output=output, loss=loss, optimizer="sgd", learning_rate=1e8, batch_size=5
    )
    run = experiment.start()
    run.advance(updates=300)
    assert run.status in ("running", "diverged")
    assert (run.status == "diverged") == bool(run.reason)
    assert np.isfinite(run.network.theta).all()
    assert np.isfinite(run.history.train_loss).all()
    scores = run.evaluate()
    assert np.isfinite([scores.train_loss, scores.test_loss]).all()
    assert np.isfinite(run.network.predict(np.zeros((1, 2)))).all()


def test_a_diverged_run_says_when_and_why_and_can_be_rewound():
    run = small(output="identity", loss="mse", activation="relu", optimizer="sgd", learning_rate=1e6).start()
    run.advance(updates=500)
    assert run.status == "diverged"
    assert "learning rate: 1e6)" in run.reason
    update = run.update
    run.advance(updates=10)
    assert run.update == update  # it stays stopped
    run.goto(0)
    assert run.status != "diverged"
    np.testing.assert_array_equal(run.network.theta, run.experiment.start().network.theta)


def test_step_and_advance_diverge_at_the_same_update_for_the_same_reason():
    for rate in (1e3, 1e8, 1e160, 1e300):
        experiment = small(output="identity", loss="mse", activation="relu", optimizer="sgd", learning_rate=rate)
        advanced, stepped = experiment.start(), experiment.start()
        advanced.advance(updates=200)
        for _ in range(200):
            stepped.step()
        assert advanced.status == "diverged"
        assert position(stepped) == position(advanced)
        assert stepped.reason == advanced.reason


PROGRAM = """
import hashlib
import scratchnet as sn
from scratchnet.run import CHECKPOINT_BYTES, MAX_CHECKPOINTS
for optimizer in ("sgd", "adam", "rmsprop"):
    run = sn.Experiment(dataset="spiral", optimizer=optimizer, samples=100).start()
    run.advance(updates=200)
    print(hashlib.sha256(run.network.theta.tobytes()).hexdigest())
"""


def test_another_process_computes_the_same_bits():
    here = []
    for optimizer in ("sgd", "adam", "rmsprop"):
        run = sn.Experiment(dataset="spiral", optimizer=optimizer, samples=100).start()
        run.advance(updates=200)
        here.append(hashlib.sha256(run.network.theta.tobytes()).hexdigest())
    for hash_seed in ("1", "2"):
        environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": hash_seed}
        root = Path(__file__).parents[1]
        answer = subprocess.run(
            [sys.executable, "-c", PROGRAM], cwd=root, env=environment, capture_output=True, text=True, check=True
        )
        assert answer.stdout.split() == here
