"""One decision: accuracy counts what a reader would count with pencil and paper, for every pair that may meet."""

import itertools

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.task import check_task


def allowed():
    for dataset, output, loss in itertools.product(
        ("circle", "xor_gate", "tutorial", "three_blobs", "five_spirals", "plane", "sine"), sn.ACTIVATIONS, sn.LOSSES
    ):
        try:
            check_task(dataset, output, loss)
        except ValueError:
            continue
        yield dataset, output, loss


def class_by_hand(outputs, signed):
    """The class of one row of outputs, by plain comparison."""
    if len(outputs) == 1:
        return 1 if outputs[0] > (0 if signed else 0.5) else 0
    best = 0
    for k in range(1, len(outputs)):
        if outputs[k] > outputs[best]:
            best = k
    return best


@pytest.mark.parametrize(("dataset", "output", "loss"), list(allowed()))
def test_accuracy_is_what_plain_loops_count(dataset, output, loss):
    names = sn.DATASETS[dataset].names
    experiment = sn.Experiment(
        dataset=dataset, features=names, hidden=(5,), output=output, loss=loss, samples=120, noise=0.2, init_seed=3
    )
    run = experiment.start()
    run.advance(updates=7)
    evaluation, data = run.evaluate(), run.dataset
    decision = sn.decision_of(experiment)
    if data.task == "regression":
        assert evaluation.train_correct is None
        predicted = run.network.predict(run.x_train)
        assert (decision.answers(predicted) == predicted[:, 0]).all()
        return
    signed = output == "tanh" or loss == "hinge"
    for part in ("train", "test"):
        raw, truth = getattr(data, f"x_{part}"), np.asarray(getattr(data, f"y_{part}")).reshape(-1)
        outputs = run.network.predict(sn.apply_features(raw, experiment.features)).tolist()
        predicted = [class_by_hand(row, signed) for row in outputs]
        correct = sum(int(p == int(t)) for p, t in zip(predicted, truth, strict=True))
        assert getattr(evaluation, f"{part}_correct") == correct
        assert getattr(evaluation, f"{part}_total") == len(truth)
        assert decision.answers(outputs).tolist() == predicted
        assert decision.answers(getattr(run, f"y_{part}")).tolist() == [int(t) for t in truth]


@pytest.mark.parametrize(
    ("output", "loss", "cut"),
    [
        ("sigmoid", "bce", 0.5),
        ("identity", "mse", 0.5),
        ("relu", "mae", 0.5),
        ("tanh", "mse", 0.0),
        ("identity", "hinge", 0.0),
        ("sigmoid", "hinge", 0.0),
    ],
)
def test_an_output_exactly_at_the_cut_is_class_0_and_just_above_it_class_1(output, loss, cut):
    decision = sn.decision_of(sn.Experiment(dataset="circle", output=output, loss=loss))
    assert (decision.classes, decision.cut) == (2, cut)
    assert decision.answers([[cut], [np.nextafter(cut, 1)], [np.nextafter(cut, -1)]]).tolist() == [0, 1, 0]


def test_outputs_of_another_shape_are_refused():
    decision = sn.decision_of(sn.Experiment())
    with pytest.raises(ValueError, match=r"expected outputs of shape \(n, 1\), got \(3, 2\)"):
        decision.answers(np.zeros((3, 2)))


@pytest.mark.parametrize("cut", [0.5, 0.0])
def test_the_answer_of_one_output_changes_where_a_straight_line_meets_the_cut(cut):
    here, there = np.array([[cut - 3], [cut + 1], [cut]]), np.array([[cut + 1], [cut - 1], [cut + 2]])
    np.testing.assert_allclose(sn.Decision(2, 1, cut).changes(here, there), [3 / 4, 1 / 2, 0.0], rtol=1e-15)


def test_the_answer_of_several_outputs_changes_where_the_two_largest_are_equal():
    here = np.array([[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]])
    there = np.array([[0.1, 0.6, 0.3], [0.5, 0.1, 0.4]])
    # 0.7 - 0.6 s = 0.2 + 0.4 s, and 0.7 - 0.3 s = 0.1 + 0.4 s
    np.testing.assert_allclose(sn.Decision(3, 3, None).changes(here, there), [0.5, 6 / 7], rtol=1e-12)


def test_where_outputs_say_nothing_the_answer_changes_halfway():
    nan = float("nan")
    assert sn.Decision(2, 1, 0.5).changes(np.array([[nan], [0.5]]), np.array([[1.0], [0.5]])).tolist() == [0.5, 0.5]
