"""The spread of one experiment over seeds: quantiles, standing and order are those of plain loops."""

import itertools
import math
import statistics

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.cell import Result, cell_text, run_cell
from scratchnet.run import History
from scratchnet.spread import fan, middle, quantiles, ranked, standing

NAN, INF = math.nan, math.inf


def result(score=0.5, loss=1.0, diverged="", losses=None, updates=None):
    """A result with the numbers that a test is about; losses: of its history, a row an epoch of 5 updates."""
    history = None
    if losses is not None:
        update = 5 * np.arange(len(losses)) if updates is None else np.array(updates)
        rows = [np.array(losses, dtype=float) for _ in range(6)]
        history = History(update, update // 5, update, *rows)
    parts = [loss, loss, loss, score, score, score]
    return Result(10, 2, *parts, loss, 0, score, 0, diverged, history)


def quantile_by_hand(values, level):
    ordered = sorted(value for value in values if not math.isnan(value))
    if not ordered:
        return NAN
    place = level * (len(ordered) - 1)
    below = int(place)
    if place == below:
        return ordered[below]
    low, high = ordered[below], ordered[below + 1]
    if math.isinf(low) or math.isinf(high):
        return -INF if low == -INF else INF
    return low + (place - below) * (high - low)


def same(found, wanted):
    return found == pytest.approx(wanted, rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("seed", range(20))
def test_quantiles_are_those_of_a_plain_loop_also_beside_infinities_and_what_is_no_number(seed):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(rng.integers(1, 12), 7))
    values[rng.random(values.shape) < 0.2] = NAN
    values[rng.random(values.shape) < 0.2] = (-INF, INF)[seed % 2]
    values[:, 3] = NAN
    levels = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
    found = quantiles(values, levels)
    assert found.shape == (7, 7)
    for at, level in enumerate(levels):
        for column in range(7):
            assert same(found[at, column], quantile_by_hand(values[:, column].tolist(), level))


def test_quantiles_of_numbers_are_numpys_and_the_median_that_of_the_standard_library():
    values = np.random.default_rng(1).normal(size=(10, 4))
    assert np.allclose(quantiles(values, [0.05, 0.5, 0.9]), np.quantile(values, [0.05, 0.5, 0.9], axis=0), rtol=1e-12)
    for column in range(4):
        assert same(quantiles(values, [0.5])[0, column], statistics.median(values[:, column].tolist()))


def test_the_fan_of_real_runs_is_that_of_their_losses_epoch_by_epoch():
    base = sn.Experiment(dataset="moons", samples=40, hidden=(3,), batch_size=6)
    runs = [base.replace(init_seed=seed).start() for seed in range(6)]
    losses = [[run.evaluate()] for run in runs]
    for of, run in zip(losses, runs, strict=True):
        for _ in range(5):
            run.advance(epochs=1)
            of.append(run.evaluate())
    texts = [cell_text(base.replace(init_seed=seed), epochs=5, history=True) for seed in range(6)]
    results = [Result.from_json(run_cell(text)) for text in texts]
    for name in ("test_loss", "train_loss"):
        found = fan(results, name, (0.1, 0.5))
        assert found.update.tolist() == [0, 4, 8, 12, 16, 20] and found.epoch.tolist() == [0, 1, 2, 3, 4, 5]
        assert found.runs.tolist() == [6] * 6 and found.diverged.tolist() == [0] * 6
        for at, level in enumerate((0.1, 0.5)):
            for epoch in range(6):
                values = [getattr(of[epoch], name) for of in losses]
                assert same(found.loss[at, epoch], quantile_by_hand(values, level))


def test_a_run_that_diverged_counts_as_worse_than_any_number_from_there_on_and_is_counted():
    results = [
        result(losses=[1.0, 0.5, 0.2, 0.1]),
        result(losses=[2.0, 9.0], diverged="too long"),
        result(losses=[3.0, 0.7, NAN, 0.3]),
    ]
    found = fan(results, levels=(0.0, 0.5, 1.0))
    assert found.update.tolist() == [0, 5, 10, 15]
    assert found.diverged.tolist() == [0, 0, 1, 1] and found.runs.tolist() == [3, 3, 2, 3]
    assert found.loss.tolist() == [[1.0, 0.5, 0.2, 0.1], [2.0, 0.7, INF, 0.3], [3.0, 9.0, INF, INF]]


def test_moments_that_not_all_runs_have_are_left_out_of_the_fan():
    # The last epoch end of one that diverged is a row of its history alone.
    results = [result(losses=[1, 2, 3], updates=[0, 10, 20]), result(losses=[4, 5, 6], updates=[0, 10, 15])]
    assert fan(results).update.tolist() == [0, 10, 20]
    results = [result(losses=[1, 2, 3], updates=[0, 10, 20]), result(losses=[4, 5, 6], updates=[0, 15, 20])]
    assert fan(results, levels=[0.5]).update.tolist() == [0, 20]
    assert fan(results, levels=[0.5]).loss.tolist() == [[2.5, 4.5]]


def test_a_fan_needs_histories():
    for results in ([], [result()], [result(losses=[1.0]), result()]):
        with pytest.raises(ValueError, match="expected results with their histories"):
            fan(results)


@pytest.mark.parametrize("seed", range(20))
def test_standing_counts_as_a_plain_loop_does(seed):
    rng = np.random.default_rng(seed)
    scores = [NAN if rng.random() < 0.2 else int(rng.integers(0, 5)) / 4 for _ in range(12)]
    gone = ["it grew" if rng.random() < 0.2 else "" for _ in range(12)]
    runs = [result(score=score, diverged=why) for score, why in zip(scores, gone, strict=True)]
    counted = [-1.0 if why else score for score, why in zip(scores, gone, strict=True)]
    for own in range(12):
        better = equal = worse = undefined = 0
        for other in range(12):
            if math.isnan(counted[own]) or math.isnan(counted[other]):
                undefined += 1
            elif counted[own] > counted[other]:
                better += 1
            elif counted[own] == counted[other]:
                equal += 1
            else:
                worse += 1
        found = standing(runs[own], runs)
        assert (found.better, found.equal, found.worse, found.undefined) == (better, equal, worse, undefined)
        count = better + equal + worse
        assert same(found.share, (better + 0.5 * equal) / count if count else NAN)


def test_the_share_that_a_run_beats_in_a_case_worked_by_hand():
    others = [result(score=s) for s in (0.5, 0.6, 0.7, 0.7, 0.9)] + [result(score=0.99, diverged="it grew")]
    found = standing(result(score=0.7), others)
    assert (found.better, found.equal, found.worse) == (3, 2, 1)
    assert found.share == pytest.approx(4 / 6)
    assert math.isnan(standing(result(), []).share)


def test_runs_are_ranked_by_score_then_loss_with_the_diverged_and_the_undefined_last():
    of = {
        "good": result(0.9, 0.3),
        "good, lower loss": result(0.9, 0.2),
        "best": result(0.95, 5.0),
        "diverged": result(1.0, 0.0, "it grew"),
        "no score": result(NAN, 0.1),
        "no score, lower loss": result(NAN, 0.05),
        "nothing": result(NAN, NAN),
    }
    wanted = ["best", "good, lower loss", "good", "diverged", "no score, lower loss", "no score", "nothing"]
    for order in itertools.permutations(of):
        assert [order[index] for index in ranked([of[name] for name in order])] == wanted
    assert ranked([result(0.5, 1.0), result(0.5, 1.0)]) == [0, 1]
    assert ranked([]) == []


def test_the_median_run_has_as_many_before_it_as_behind_it():
    for count in range(1, 9):
        order = list(range(100, 100 + count))
        before, behind = order.index(middle(order)), count - 1 - order.index(middle(order))
        assert behind - before == (0 if count % 2 else 1)
