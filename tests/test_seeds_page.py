"""The page Luck: its numbers are those of fresh runs, its pictures show these, and nothing that diverged is hidden."""

import csv
import io
import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import scratchnet as sn
from scratchnet.cell import Result, cell_text, run_cell
from scratchnet.run import History
from scratchnet.spread import fan
from scratchnet.sweep import Failure
from tests.cell_workers import waited_for
from tests.lesson_app import sound, texts
from tests.menu_pages import MENU
from tests.widgets import named
from ui.data.export import as_csv
from ui.kit.numbers import text
from ui.moment import read
from ui.play.playground import SPEEDS
from ui.sweeps import choices
from ui.sweeps import spread_pictures as pictures
from ui.sweeps.spread_pictures import Score
from ui.sweeps.table import table

SMALL = {"dataset": "moons", "samples": "40", "hidden": "3", "batch_size": "5"}
ACCURACY, R2 = Score("test", True), Score("test", False)


def opened(**query):
    """The page, for a visitor who comes from the playground with a link."""
    app = AppTest.from_file(MENU, default_timeout=60)
    app.query_params.update({**SMALL, **query})
    sound(app.run())
    return sound(app.switch_page("../pages/lab/seeds.py").run())


def set_up(app, epochs=3, count="10", of="init_seed"):
    named(app.text_input, "seeds_epochs").set_value(str(epochs))
    named(app.button_group, "seeds_count").set_value(count)
    named(app.button_group, "seeds_of").set_value(of)
    return sound(app.run())


def finished(app):
    sound(named(app.button, "seeds_run").click().run())
    app.session_state["seeds_job"].thread.join(60)
    return sound(app.run())


def said_moment(link):
    moment, ignored = read(link.proto.query_string, SPEEDS)
    assert ignored == ()
    return moment


def ways(app):
    """The links to the playground."""
    lesson, *others = sorted(app.get("page_link"), key=lambda link: not link.proto.label.startswith("Lesson:"))
    assert lesson.proto.label.startswith("Lesson:")
    return others


def fresh(base, epochs, **seed):
    run = base.replace(**seed).start()
    run.advance(epochs=epochs)
    return run


@pytest.mark.parametrize("of", ["init_seed", "order_seed", "data_seed"])
def test_the_page_says_how_ones_own_seed_stands_among_fresh_runs_of_ten_others(of):
    app = finished(set_up(opened(**{of: "4"}), of=of))
    base = app.session_state["seeds_base"]
    others = {seed: fresh(base, 3, **{of: seed}).evaluate() for seed in (0, 1, 2, 3, 5, 6, 7, 8, 9, 10)}
    own = fresh(base, 3).evaluate()
    better = sum(own.test_score > other.test_score for other in others.values())
    equal = sum(own.test_score == other.test_score for other in others.values())
    said = texts(app).replace("\N{NO-BREAK SPACE}", " ")
    assert f"Your seed 4 has a test accuracy of {100 * own.test_score:.1f} %, better than {better} of 10" in said
    if equal:
        share = 100 * (better + equal / 2) / 10
        assert f"the same as {equal}: better than {share:.1f} %, where the same counts half." in said
    else:
        assert f"({10 * better:.1f} %)" in said
    order = sorted(
        [(-e.test_score, e.test_loss, seed) for seed, e in others.items()] + [(-own.test_score, own.test_loss, 4)]
    )
    best, median, worst, chosen = ways(app)
    for link, (_, loss, seed) in ((best, order[0]), (median, order[5]), (worst, order[-1]), (chosen, order[0])):
        moment = said_moment(link)
        assert (moment.experiment, moment.update) == (base.replace(**{of: seed}), 12)
        run = moment.experiment.start()
        run.advance(updates=moment.update)
        assert run.evaluate().test_loss == loss


def test_each_seed_opens_on_the_playground_at_its_end():
    app = finished(set_up(opened(init_seed="3"), count="10"))
    job, choice = app.session_state["seeds_job"], named(app.selectbox, "seeds_chosen")
    assert job.sweep.seeds == (3, 0, 1, 2, 4, 5, 6, 7, 8, 9, 10)
    assert len(choice.options) == 11 and sum("(yours)" in option for option in choice.options) == 1
    scores = [float(option.split(", ")[1].removesuffix(" %")) for option in choice.options]
    assert scores == sorted(scores, reverse=True)
    seven = [option.startswith("seed 7,") for option in choice.options].index(True)
    app = sound(choice.select_index(seven).run())
    *_, chosen = ways(app)
    assert said_moment(chosen).experiment == app.session_state["seeds_base"].replace(init_seed=7)


def test_a_seed_that_was_chosen_and_is_not_among_those_of_the_next_run_gives_way_to_the_best():
    app = finished(set_up(opened(), count="20"))
    choice = named(app.selectbox, "seeds_chosen")
    app = sound(choice.select_index(next(i for i, o in enumerate(choice.options) if o.startswith("seed 20,"))).run())
    assert said_moment(ways(app)[3]).experiment.init_seed == 20
    app = finished(set_up(app, count="10"))
    assert said_moment(ways(app)[3]) == said_moment(ways(app)[0])


def test_the_table_has_every_digit_of_every_seed():
    app = finished(set_up(opened()))
    job = app.session_state["seeds_job"]
    read_back = list(csv.DictReader(io.StringIO(as_csv(table(job.sweep, job.outcomes)).decode("utf-8-sig"))))
    assert [int(row["init_seed"]) for row in read_back] == list(range(11))
    for row, seed in zip(read_back, range(11), strict=True):
        end = fresh(app.session_state["seeds_base"], 3, init_seed=seed).evaluate()
        assert (float(row["test_score"]), float(row["train_loss"])) == (end.test_score, end.train_loss)
    assert "Download all seeds (CSV)" in [one.label for one in app.get("download_button")]


def test_seeds_that_would_all_give_the_same_run_are_refused_with_the_reason():
    app = set_up(opened(batch_size="100"), of="order_seed")
    assert "all seeds would give the same run. Each update takes all training points" in texts(app)
    assert named(app.button, "seeds_run").disabled
    assert not named(set_up(app, of="init_seed").button, "seeds_run").disabled


@pytest.mark.parametrize("typed", ["0", "2001", "many", "1.5", ""])
def test_epochs_that_cannot_be_are_refused_in_one_sentence(typed):
    app = set_up(opened(), epochs=typed)
    assert texts(app).count("Epochs: expected ") == 1
    assert named(app.button, "seeds_run").disabled


def test_what_would_take_a_shared_server_too_long_is_not_begun(monkeypatch):
    monkeypatch.setattr(choices, "MOST_SECONDS", 0.5)
    app = set_up(opened(), epochs=2000, count="100")
    assert "101 runs" in texts(app) and "too much for a server that others use" in texts(app)
    assert named(app.button, "seeds_run").disabled


def test_cancel_keeps_what_is_done_and_another_page_ends_no_sweep_that_is_over():
    app = finished(set_up(opened()))
    first = app.session_state["seeds_job"]
    assert first.done == 11
    sound(app.switch_page("../pages/lab/sweep.py").run())
    named(app.text_input, "sweep_epochs").set_value("2000")
    sound(app.run())
    sound(named(app.button, "sweep_run").click().run())
    sweep = app.session_state["sweep_job"]
    assert sweep.is_running and not first.is_cancelled
    sound(app.switch_page("../pages/lab/seeds.py").run())
    app = set_up(app, epochs=2000)
    sound(named(app.button, "seeds_run").click().run())
    sweep.thread.join(10)
    assert sweep.is_cancelled
    second = app.session_state["seeds_job"]
    waited_for(lambda: second.done > 0, 60)
    sound(named(app.button, "seeds_cancel").click().run())
    second.thread.join(10)
    assert 0 < second.done < 11
    assert f"Cancelled: {second.done} of 11 runs are done and kept." in texts(sound(app.run()))
    assert len(ways(app)) == 4


def test_runs_that_are_missing_are_named_and_those_that_are_there_open_as_themselves():
    app = finished(set_up(opened()))
    job = app.session_state["seeds_job"]
    job.outcomes[0], job.outcomes[4] = None, Failure("Tried 3 times: the memory was too small.")
    sound(app.run())
    assert "Without a result: Tried 3 times" in texts(app) and "Your seed" not in texts(app)
    left = {seed: fresh(app.session_state["seeds_base"], 3, init_seed=seed).evaluate() for seed in range(11)}
    best = min((seed for seed in left if seed not in (0, 4)), key=lambda s: (-left[s].test_score, left[s].test_loss))
    assert said_moment(ways(app)[0]).experiment.init_seed == best
    assert len(named(app.selectbox, "seeds_chosen").options) == 9
    job.outcomes[:] = [None] * 11
    assert ways(app) and not ways(sound(app.run()))


def test_a_regression_is_compared_by_r2():
    app = finished(set_up(opened(dataset="plane", output="identity", loss="mse")))
    own = fresh(app.session_state["seeds_base"], 3).evaluate()
    assert f"Your seed 0 has a test R² of {text(own.test_score)}, better than" in texts(app)
    assert "accuracy" not in texts(app)


def test_seeds_that_diverge_are_said_and_stand_last():
    app = opened(optimizer="sgd", activation="relu", output="identity", loss="mse", learning_rate="0.3")
    app = finished(set_up(app))
    gone = {
        seed for seed in range(11) if fresh(app.session_state["seeds_base"], 3, init_seed=seed).status == "diverged"
    }
    assert 0 < len(gone) < 11, "the test needs an experiment of which some seeds diverge"
    assert f"{len(gone)} of 11 seeds diverged, which counts as worse than any number." in texts(app)
    last = named(app.selectbox, "seeds_chosen").options[-len(gone) :]
    assert {int(option.split()[1].strip(",")) for option in last} == gone
    assert all(option.endswith("diverged") for option in last)


# Pictures and words


def result(score=0.5, loss=1.0, diverged="", losses=None):
    history = None
    if losses is not None:
        update = 5 * np.arange(len(losses))
        history = History(update, update // 5, update, *[np.array(losses, dtype=float)] * 6)
    return Result(10, 2, *[loss] * 3, *[score] * 3, loss, 0, score, 0, diverged, history)


def real_results(count=7, epochs=4):
    texts_ = [cell_text(sn.Experiment(samples=60, init_seed=seed), epochs, history=True) for seed in range(count)]
    return [Result.from_json(run_cell(text)) for text in texts_]


@pytest.mark.parametrize("log", [True, False])
def test_the_fan_is_drawn_where_the_quantiles_are_with_ones_own_run_over_it(log):
    results = real_results()
    of, own = fan(results), results[2].history
    figure = pictures.fan_figure(of, own, "test_loss", "Test loss", log)
    outer, inner, median, yours = figure["data"]
    columns = [sorted(one.history.test_loss[epoch] for one in results) for epoch in range(5)]
    assert median["x"].tolist() == [0, 1, 2, 3, 4]
    assert median["y"].tolist() == [column[3] for column in columns]
    between = [
        [column[1] + (column[2] - column[1]) * 0.5, column[4] + (column[5] - column[4]) * 0.5] for column in columns
    ]
    assert np.allclose(inner["y"], [low for low, _ in between] + [high for _, high in between][::-1])
    assert inner["x"].tolist() == outer["x"].tolist() == [0, 1, 2, 3, 4, 4, 3, 2, 1, 0]
    assert outer["y"].max() <= max(map(max, columns)) and outer["y"].min() >= min(map(min, columns))
    assert yours["y"].tolist() == own.test_loss.tolist() and yours["name"] == "yours"
    axis = figure["layout"]["yaxis"]
    low, high = 10 ** np.array(axis["range"]) if log else axis["range"]
    assert axis["type"] == ("log" if log else "linear")
    drawn = [*outer["y"], *yours["y"]]
    assert low <= min(drawn) and max(drawn) <= high


def test_where_many_have_diverged_the_bands_reach_the_top_of_the_axis_and_words_say_so():
    results = [result(losses=[1.0, 0.5, 0.25]), *[result(losses=[2.0, 3.0], diverged="it grew") for _ in range(3)]]
    of = fan(results)
    figure = pictures.fan_figure(of, None, "test_loss", "Test loss", False)
    outer, _, median = figure["data"]
    top = figure["layout"]["yaxis"]["range"][1]
    assert median["y"].tolist() == [2.0, 3.0, top] and outer["y"].tolist()[2:4] == [top, top]
    assert pictures.fan_in_words(of, "Test loss").endswith(
        "Test loss after epoch 2: median diverged; 25 to 75 %: diverged to diverged; "
        "5 to 95 %: diverged to diverged; 3 of 4 diverged."
    )


def test_a_fan_of_losses_among_the_largest_numbers_that_there_are_is_drawn():
    of = replace(fan([result(losses=[1.0, 1.0])]), loss=np.array([[1.0, 1e308]] * 5))
    figure = pictures.fan_figure(of, None, "test_loss", "Test loss", True)
    assert figure["data"][2]["y"].tolist() == [1.0, 1e308]
    low, high = figure["layout"]["yaxis"]["range"]
    assert -30 < low < 0 and 308 < high < 308.3


def test_a_fan_without_a_loss_that_can_be_drawn_is_an_empty_picture():
    of = fan([result(losses=[math.nan, math.nan])])
    assert all(not np.isfinite(one["y"]).any() for one in pictures.fan_figure(of, None, "test_loss", "", True)["data"])


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("points", [None, 37])
def test_bars_hold_each_score_once_and_each_as_many_possible_accuracies_as_every_other(seed, points):
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 60))
    scores = rng.integers(5, 38, count) / 37 if points else rng.normal(size=count)
    edges = pictures.bar_edges(scores, points)
    shown = pictures.scores_figure(scores, -math.inf, ACCURACY if points else R2, "score", points or 1)["data"][0]
    by_hand = [sum(low <= score < high for score in scores) for low, high in pairwise(edges)]
    assert shown["y"].tolist() == by_hand and sum(by_hand) == count
    assert len(by_hand) <= pictures.MOST_BARS + 1
    if points:
        possible = {sum(low <= k / 37 < high for k in range(-100, 200)) for low, high in pairwise(edges)}
        assert len(possible) == 1


def test_bars_of_equal_scores_are_one_and_ones_own_is_marked():
    figure = pictures.scores_figure(np.full(5, 0.8), 0.8, ACCURACY, "test accuracy", 50)
    assert figure["data"][0]["y"].tolist() == [5] and figure["data"][0]["customdata"] == ["80.0 %"]
    assert figure["layout"]["shapes"][0]["x0"] == figure["layout"]["shapes"][0]["x1"] == 0.8
    assert [one["text"] for one in figure["layout"]["annotations"]] == ["yours: 80.0 %"]
    assert pictures.scores_figure(np.full(5, -2.0), -math.inf, R2, "test R²", 50)["data"][0]["y"].tolist() == [5]
    assert "shapes" not in pictures.scores_figure(np.full(5, 0.8), -math.inf, ACCURACY, "", 50)["layout"]


def test_words_say_how_one_stands():
    others = [result(score) for score in (0.5, 0.6, 0.7, 0.9)]
    said = pictures.standing_in_words
    assert said(3, result(0.8), others, ACCURACY) == (
        "Your seed 3 has a test accuracy of 80.0 %, better than 3 of 4 other seeds (75.0 %)."
    )
    assert said(3, result(0.7), others, ACCURACY).endswith(
        "better than 2 of 4 other seeds and the same as 1: better than 62.5 %, where the same counts half."
    )
    gone = result(0.99, diverged="it grew")
    assert said(3, gone, [*others, gone], ACCURACY) == "Your seed 3 diverged, as 1 of 5 other seeds did."
    assert said(3, result(0.7), [result(math.nan)], R2) == (
        "Your seed 3 has a test R² of 0.7; no other seed has one to compare it with."
    )
    assert pictures.scores_in_words([*others, result(math.nan)], ACCURACY) == (
        "The median is 65.0 %; 2 of 4 seeds lie between 51.5 % and 87.0 %."
    )
    assert pictures.scores_in_words([result(0.45)] * 3, ACCURACY) == (
        "The median is 45.0 %; 3 of 3 seeds lie between 45.0 % and 45.0 %."
    )
    assert pictures.scores_in_words([*others, gone], ACCURACY) == "The median is 60.0 %, the best 90.0 %."
    assert pictures.scores_in_words([gone, gone, gone, result(0.6)], ACCURACY) == (
        "The median seed diverged; the best has 60.0 %."
    )
    assert pictures.scores_in_words([gone, gone], ACCURACY) == ""
    assert pictures.scores_in_words([result(math.nan)], R2) == ""
    assert pictures.uncounted_in_words([*others, gone, result(math.nan)], ACCURACY) == (
        "1 of 6 seeds diverged, which counts as worse than any number. "
        "1 of 6 seeds have no test accuracy: it is not defined for their points."
    )
    assert pictures.uncounted_in_words(others, ACCURACY) == ""


def test_where_there_are_no_test_points_runs_are_compared_on_the_training_points():
    bare = result()
    object.__setattr__(bare, "test_loss", math.nan)
    assert pictures.score_of(sn.Experiment(), [bare]) == Score("train", True)
    assert pictures.score_of(sn.Experiment(), [bare, result()]) == ACCURACY
    assert Score("train", True).label == "training accuracy"
