"""The page Sweep: what is chosen is computed as fresh runs would, for all visitors in turn, and ends with them."""

import base64
import csv
import io
import json
import math
import threading
import time
from concurrent.futures import Executor, Future

import numpy as np
import pytest
import streamlit
from streamlit.testing.v1 import AppTest

import scratchnet as sn
from scratchnet.cell import run_cell
from scratchnet.sweep import Failure, Sweep, counted, run
from scratchnet.worker_processes import WorkerProcesses
from tests.cell_workers import cell_workers, waited_for
from tests.lesson_app import sound, texts
from tests.menu_pages import MENU
from tests.widgets import named
from ui import moment
from ui.data.export import as_csv
from ui.play.playground import SPEEDS
from ui.sweeps import choices, pictures, progress
from ui.sweeps import pool as pool_module
from ui.sweeps.job import Job
from ui.sweeps.pool import Pool
from ui.sweeps.table import table

SMALL = sn.Experiment(dataset="moons", samples=40, hidden=(3,), batch_size=5)


def opened():
    app = AppTest.from_file(MENU, default_timeout=60)
    return sound(app.switch_page("../pages/lab/sweep.py").run())


def set_up(app, epochs=2, **values):
    """Choose settings with their typed values."""
    for place in (2, 1, 0):
        named(app.selectbox, f"sweep_setting_{place}").set_value("none")
        sound(app.run())
    for place, name in enumerate(values):
        named(app.selectbox, f"sweep_setting_{place}").set_value(name)
        sound(app.run())
    for name, value in values.items():
        kind = app.text_input if name in choices.TYPED else app.button_group
        named(kind, f"sweep_values_{name}").set_value(value)
    named(app.text_input, "sweep_epochs").set_value(str(epochs))
    return sound(app.run())


def finished(app):
    """Press Run and wait until it is over."""
    sound(named(app.button, "sweep_run").click().run())
    app.session_state["sweep_job"].thread.join(30)
    return sound(app.run())


def test_the_page_computes_what_was_chosen_and_each_cell_opens_as_its_experiment():
    app = set_up(opened(), learning_rate="0,003; 0,3", hidden="2; none")
    assert "12 cells: 4 combinations from 3 seeds each: about" in texts(app)
    app = finished(app)
    job = app.session_state["sweep_job"]
    base = app.session_state["sweep_base"]
    assert list(job.sweep.over.items()) == [("learning_rate", (0.003, 0.3)), ("hidden", ((2,), ()))]
    losses = {}
    for cell, outcome in zip(job.sweep.cells, job.outcomes, strict=True):
        fresh = base.replace(learning_rate=cell.values[0], hidden=cell.values[1], init_seed=cell.seed).start()
        fresh.advance(epochs=2)
        assert outcome.test_loss == fresh.evaluate().test_loss
        losses.setdefault(cell.values, []).append(outcome.test_loss)
    (chart,) = app.get("plotly_chart")
    shown = json.loads(chart.proto.spec)["data"][0]["z"]
    assert np.frombuffer(base64.b64decode(shown["bdata"]), shown["dtype"]).tolist() == [
        sorted(losses[rate, hidden])[1] for hidden in ((2,), ()) for rate in (0.003, 0.3)
    ]
    assert "Best test loss" in texts(app)
    (link,) = app.get("page_link")
    best = min(range(12), key=lambda index: job.outcomes[index].test_loss)
    there, ignored = moment.read(link.proto.query_string, SPEEDS)
    assert (there.experiment, there.update, ignored) == (
        job.sweep.cells[best].experiment,
        job.outcomes[best].update,
        (),
    )
    assert there.update > 0, "where the number was measured"


def test_the_experiment_can_be_had_as_the_file_that_the_command_line_takes(monkeypatch):
    given = []
    monkeypatch.setattr(streamlit, "download_button", lambda label, data, *more, **settings: given.append((data, more)))
    app = opened()
    ((data, (name, _)),) = given
    assert name == "experiment.json" and sn.Experiment.from_json(data) == app.session_state["sweep_base"]


def test_the_base_is_what_the_playground_shows_and_is_taken_anew_by_one_click():
    app = AppTest.from_file(MENU, default_timeout=60)
    app.query_params.update({"dataset": "moons", "hidden": "5", "learning_rate": "0.2"})
    sound(app.run())
    sound(app.switch_page("../pages/lab/sweep.py").run())
    base = app.session_state["sweep_base"]
    assert (base.dataset, base.hidden, base.learning_rate) == ("moons", (5,), 0.2)
    assert named(app.button, "sweep_take").disabled
    pg = app.session_state["conversations"]["playground"].playground
    pg.run.advance(updates=3)
    pg.run.change(l2=0.1)
    sound(app.run())
    sound(named(app.button, "sweep_take").click().run())
    taken = app.session_state["sweep_base"]
    assert (taken.l2, taken.events, taken.hidden) == (0.1, (), (5,))


@pytest.mark.parametrize(
    ("dataset", "score", "more"),
    [
        ("plane", "Test R²", {}),
        ("penguins", "Test accuracy", {"scaling": "standard"}),
        ("moons", "Validation accuracy", {"validation_fraction": "0.2"}),
    ],
)
def test_the_page_takes_whatever_is_on_the_playground(dataset, score, more):
    app = AppTest.from_file(MENU, default_timeout=60)
    app.query_params.update({"dataset": dataset, **more})
    sound(app.run())
    sound(app.switch_page("../pages/lab/sweep.py").run())
    app = finished(set_up(app, epochs=1, learning_rate="0.01"))
    job = app.session_state["sweep_job"]
    assert {cell.experiment.dataset for cell in job.sweep.cells} == {dataset} and job.done == 3
    shown = named(app.selectbox, "sweep_measure")
    assert score in shown.options
    for measure in shown.options:
        named(app.selectbox, "sweep_measure").select(measure)
        sound(app.run())
        assert f"Best {measure[0].lower()}{measure[1:]}: " in texts(app)


def test_a_pace_is_near_what_a_run_takes_and_measured_in_a_moment_also_of_a_large_network(monkeypatch):
    monkeypatch.setattr(choices.time, "perf_counter", time.thread_time)  # what others do does not count
    advance, trained = sn.Run.advance, []

    def counted(run, updates):
        trained.append(updates)
        advance(run, updates=updates)

    monkeypatch.setattr(sn.Run, "advance", counted)
    large = sn.Experiment(samples=1000, hidden=(128, 128), batch_size=10**6)
    pace = choices.pace_of(large)
    assert (sum(trained) - trained[-1]) * pace.update < choices.LONGEST_SECONDS, "the last piece of it begins in time"
    run_ = large.start()
    began = time.thread_time()
    run_.advance(updates=20)
    assert pace.update / 10 < (time.thread_time() - began) / 20 < pace.update * 10


class Clock:
    """Seconds as they pass while runs of SMALL train, of which some pieces have to wait for others."""

    def __init__(self, waits):
        self.now, self.waits = 0.0, iter(waits)

    def __call__(self):
        return self.now

    def train(self, updates):
        self.now += 0.001 * updates + next(self.waits, 0.0)


@pytest.mark.parametrize("waits", [[0.3], [0.0, 0.3], [0.0, 0.0, 0.3]])
def test_a_pace_is_not_that_of_one_piece_that_had_to_wait(monkeypatch, waits):
    clock = Clock(waits)
    monkeypatch.setattr(choices.time, "perf_counter", clock)
    monkeypatch.setattr(sn.Run, "advance", lambda run, updates: clock.train(updates))
    assert choices.pace_of(SMALL).update == pytest.approx(0.001)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (
            {"learning_rate": "0,01; abc"},
            "Learning rate: expected numbers separated by ;, such as 0.001; 0.003; 0.01; 0.03; 0.1, got 'abc'; correct "
            "it or take it out.",
        ),
        (
            {"batch_size": "5; ten; 20"},
            "Batch size: expected whole numbers separated by ;, such as 5; 10; 20; 50, got 'ten';",
        ),
        ({"batch_size": "5; 2.5"}, "such as 5; 10; 20; 50, got '2.5';"),
        ({"init_seed": "0; x"}, "expected whole numbers separated by ;, such as 0; 1; 2; 3; 4, got 'x';"),
        ({"hidden": "8; 8-x"}, "expected whole numbers separated by ;, such as none; 4; 8; 8-8, got '8-x'; correct it"),
        ({"noise": "0; 1/0"}, "Noise: expected numbers separated by ;, such as 0; 0.1; 0.2, got '1/0'; correct it"),
        ({"l2": "0; " + "9" * 90}, "such as 0; 0.001; 0.01; 0.1, got '" + "9" * 40 + "...'; correct it"),
        ({"learning_rate": "-1; 2"}, "Learning rate: expected a finite number above 0"),
        ({"learning_rate": ""}, "Learning rate: expected values such as"),
        ({"hidden": "8.5"}, "Hidden layers: expected whole numbers"),
        ({"hidden": "500"}, "Units of the hidden layers: expected a whole number from 1 to 128"),
        ({"batch_size": "1; 1"}, "got one twice"),
        ({"activation": []}, "Activation: expected at least one value"),
        ({}, "Settings: expected one to three"),
        ({"init_seed": "0; 1"}, None),
        ({"learning_rate": "; ".join(f"0.{k}" for k in range(11, 60)), "l2": "0;1;2"}, "at most 400, got 441"),
    ],
)
def test_what_cannot_be_swept_is_said_in_one_sentence_and_nothing_runs(values, told):
    app = set_up(opened(), **values)
    assert told is None or told in texts(app)
    assert named(app.button, "sweep_run").disabled is (told is not None)


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("seeds", "0", "Seeds: expected a whole number from 1 to 30, got 0"),
        ("seeds", "31", "Seeds: expected a whole number from 1 to 30, got 31"),
        ("epochs", "2.001", "Epochs: expected a whole number from 1 to 2,000, got 2.001"),
        ("epochs", "ten", "Epochs: expected a number such as 10, got 'ten'"),
    ],
)
def test_a_wrong_number_of_seeds_or_epochs_is_answered_by_a_sentence(field, typed, told):
    app = opened()
    named(app.text_input, f"sweep_{field}").set_value(typed)
    assert told in texts(sound(app.run()))
    assert named(app.button, "sweep_run").disabled


def test_a_sweep_that_would_take_a_shared_server_too_long_is_not_begun(monkeypatch):
    monkeypatch.setattr(choices, "MOST_SECONDS", 5.0)
    app = set_up(opened(), epochs=2000, batch_size="1", learning_rate="0.1; 0.2")
    assert "too much for a server that others use" in texts(app)
    assert named(app.button, "sweep_run").disabled


def test_values_may_be_typed_with_decimal_commas_points_and_several_separators():
    typed = {
        ("learning_rate", "0,003; 0,01"): (0.003, 0.01),
        ("learning_rate", "0.003, 0.01 1/4"): (0.003, 0.01, 0.25),
        ("hidden", "none; 8-4;16"): ((), (8, 4), (16,)),
        ("batch_size", "10 20"): (10, 20),
        ("clip_norm", "None; 0,5"): (None, 0.5),
    }
    assert {key: choices.read_values(*key) for key in typed} == typed


def test_all_settings_that_are_offered_can_be_swept_with_the_values_proposed():
    for name in choices.OFFERED:
        values = choices.read_values(name, choices.TYPED[name]) if name in choices.TYPED else choices.CHOSEN[name]
        sweep = choices.checked(sn.Experiment(), {name: values}, epochs=1)
        assert len(sweep.cells) == len(values)
        assert all(choices.value_in_words(name, value) for value in values)


def test_updates_are_counted_as_the_cells_make_them():
    sweep = Sweep(SMALL, {"batch_size": [3, 7, 100], "samples": [40, 50]}, [0, 1], epochs=3)
    made = run(sweep, lambda: Pool(1, Now).executor())
    assert [one.updates for one in choices.efforts(sweep)] == [one.update for one in made]


class Modelled:
    """A clock of which an update of a cell takes what its layers and its multiplications, counted by hand, take."""

    PER_LAYER, PER_MULTIPLICATION = 1e-5, 2e-9

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def seconds(self, experiment):
        rows = round(experiment.samples * experiment.train_fraction)
        batch = min(experiment.batch_size, rows)
        sizes = experiment.sizes
        work = parameters = 0
        for layer in range(1, len(sizes)):
            weights = sizes[layer - 1] * sizes[layer]
            parameters += weights + sizes[layer]
            is_slow = experiment.activation == "gelu" and layer < len(sizes) - 1
            work += batch * ((3 if layer > 1 else 2) * weights + (900 if is_slow else 100) * sizes[layer])
        return len(sizes) * self.PER_LAYER + (work + 80 * parameters) * self.PER_MULTIPLICATION

    def train(self, run_, updates):
        self.now += updates * self.seconds(run_.experiment)


UNEVEN = [
    {"hidden": [(), (4,), (4, 4, 4, 4), (128, 128, 128)]},
    {"hidden": [(128, 128, 128), (4,), (2,)]},
    {"batch_size": [1, 10, 100, 250]},
    {"samples": [20, 100, 600], "hidden": [(), (64, 64)]},
    {"batch_size": [1, 250], "hidden": [(2,), (100, 100)]},
    {"activation": ["tanh", "gelu", "relu", "sigmoid"]},
    {"learning_rate": [0.1, 0.2]},
]


@pytest.mark.parametrize("over", UNEVEN, ids=str)
def test_the_time_of_a_sweep_is_the_sum_over_its_cells_however_uneven_they_are(monkeypatch, over):
    clock = Modelled()
    monkeypatch.setattr(choices.time, "perf_counter", clock)
    monkeypatch.setattr(sn.Run, "advance", lambda run_, updates: clock.train(run_, updates))
    sweep = Sweep(sn.Experiment(samples=500), over, [0, 1], epochs=7)
    of = choices.efforts(sweep)
    light, heavy = (choices.pace_of(sweep.cells[at].experiment) for at in choices.measured_cells(of))
    by_hand_ = 0.0
    for cell in sweep.cells:
        rows = round(cell.experiment.samples * cell.experiment.train_fraction)
        updates = 7 * math.ceil(rows / min(cell.experiment.batch_size, rows))
        by_hand_ += updates * clock.seconds(cell.experiment)
    assert sum(choices.seconds_of(of, light, heavy)) == pytest.approx(by_hand_, rel=1e-6)


def test_the_time_is_never_less_than_nothing_however_oddly_two_cells_were_measured():
    sweep = Sweep(SMALL, {"hidden": [(2,), (8,), (64, 64)]}, epochs=10)
    of = choices.efforts(sweep)
    updates = [one.updates for one in of]
    same = sum(choices.seconds_of(of, choices.Pace(0.0, 0.001), choices.Pace(0.0, 0.0001)))  # the first had to wait
    assert 0.001 * sum(updates) <= same < 0.003 * sum(updates)
    steep = sum(choices.seconds_of(of, choices.Pace(0.5, 1e-9), choices.Pace(0.25, 1.0)))
    assert 1.5 + 1.0 * updates[2] <= steep < 1.5 + 1.5 * updates[2]
    deep = [choices.Effort(1000, 14, 130), choices.Effort(1, 3, 100), choices.Effort(1, 3, 10_000)]
    assert sum(choices.seconds_of(deep, choices.Pace(0.0, 1e-9), choices.Pace(0.0, 1.0))) == pytest.approx(14.01)


def test_a_sweep_is_as_long_as_its_longest_cells_wherever_these_stand(monkeypatch):
    monkeypatch.setattr(choices, "MOST_SECONDS", 5.0)
    for hidden in ("128-128-128; 1; 1-1", "1; 1-1; 128-128-128", "1; 128-128-128; 1-1"):
        app = set_up(opened(), epochs=500, hidden=hidden)
        assert "too much for a server that others use" in texts(app), hidden


# Pictures


class Now(Executor):
    """Computes in the thread that asks."""

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        future.set_result(fn(*args))
        return future


GRID = Sweep(SMALL, {"learning_rate": [0.01, 0.3, 1e9], "activation": ["tanh", "relu"]}, [0, 1, 2], epochs=2)
OUTCOMES = run(GRID, lambda: Pool(1, Now).executor())


def by_hand(rate, activation, measure="test_loss"):
    values = []
    for seed in (0, 1, 2):
        fresh = SMALL.replace(learning_rate=rate, activation=activation, init_seed=seed).start()
        fresh.advance(epochs=2)
        values.append(getattr(fresh.evaluate(), measure))
    return sorted(values)[1]


def test_the_heat_map_shows_the_median_over_the_seeds_and_marks_what_diverged():
    figure = pictures.heat_map(GRID, OUTCOMES, "test_loss", "Test loss")
    (heat,) = figure["data"]
    assert figure["layout"]["xaxis"]["ticktext"] == ["0.01", "0.3", "1000000000"]
    assert figure["layout"]["yaxis"]["ticktext"] == ["Tanh", "ReLU"]
    shown = np.array(heat["z"], dtype=float)
    for y, activation in enumerate(("tanh", "relu")):
        for x, rate in enumerate((0.01, 0.3)):
            assert shown[y, x] == by_hand(rate, activation)
        assert np.isnan(shown[y, 2]) and heat["customdata"][y][2] == "3 of 3 diverged"
    assert [(one["x"], one["y"], one["text"]) for one in figure["layout"]["annotations"]] == [(2, 0, "✕"), (2, 1, "✕")]
    assert heat["reversescale"] is True  # of losses the least is the darkest
    scores = pictures.heat_map(GRID, OUTCOMES, "test_score", "Test accuracy")["data"][0]
    assert scores["reversescale"] is False and scores["z"][0][1] == by_hand(0.3, "tanh", "test_score")


def test_words_say_what_the_picture_shows():
    losses = {(rate, name): by_hand(rate, name) for rate in (0.01, 0.3) for name in ("tanh", "relu")}
    rate, name = min(losses, key=losses.__getitem__)
    words = pictures.in_words(GRID, OUTCOMES, "test_loss", "Test loss")
    shown = "Tanh" if name == "tanh" else "ReLU"
    assert words.startswith("Best test loss: ")
    assert f"(the median of 3 seeds) at Learning rate {rate}, Activation {shown}." in words.split("Worst")[0]
    assert words.endswith("6 of 18 cells diverged, which counts as worse than any number.")
    some = [Failure("gone"), None, *OUTCOMES[2:]]
    assert "1 could not be computed; the table says why. 1 were not computed." in pictures.in_words(
        GRID, some, "test_loss", "Test loss"
    )


def test_a_median_is_said_to_be_of_those_seeds_that_have_a_number():
    sweep = Sweep(SMALL, {"learning_rate": [0.01, 0.3, 1e9]}, [0, 1, 2], epochs=1)
    whole = run(sweep, lambda: Pool(1, Now).executor())
    one, two, three = whole[:3], whole[3:6], whole[6:]
    outcomes = [one[0], None, Failure("gone"), two[0], two[1], None, three[0], three[1], None]
    assert counted(sweep, outcomes, "test_loss").tolist() == [1, 2, 2]
    assert counted(sweep, whole, "validation_loss").tolist() == [0, 0, 3]  # no such points; diverged is worse than any
    words = pictures.in_words(sweep, outcomes, "test_loss", "Test loss")
    assert "(one of 3 seeds) at Learning rate 0.01" in words
    assert "(the median of 2 of 3 seeds) at Learning rate 0.3" in words and "median of 3 seeds" not in words
    (heat,) = pictures.heat_map(sweep, outcomes, "test_loss", "Test loss")["data"]
    assert heat["customdata"][0][0].endswith(" (1 of 3 seeds)") and heat["customdata"][0][2] == "2 of 2 diverged"
    (full,) = pictures.heat_map(sweep, whole, "test_loss", "Test loss")["data"]
    assert not any("seeds)" in said for said in full["customdata"][0])
    four = Sweep(SMALL, {"learning_rate": [0.01]}, [0, 1, 2, 3], epochs=1)
    (heat,) = pictures.heat_map(four, [*one[:2], three[0], None], "test_loss", "Test loss")["data"]
    assert heat["text"][0][0].endswith(" (✕ 1 of 3)") and heat["customdata"][0][0].endswith(
        " (✕ 1 of 3) (3 of 4 seeds)"
    )
    lines = Sweep(SMALL, {"learning_rate": [0.01, 0.3], "l2": [0.0], "l1": [0.0]}, [0, 1, 2], epochs=1)
    others, best = pictures.parallel(lines, outcomes[:6], "test_loss", "Test loss")["data"]
    assert {said.split("<br>")[0][-12:] for said in (others["customdata"][0], best["customdata"][0])} == {
        "(1 of 3 seeds)"[-12:],
        "(2 of 3 seeds)"[-12:],
    }


def test_the_page_says_of_a_cancelled_sweep_that_medians_are_of_the_seeds_that_have_a_number():
    app = finished(set_up(opened(), epochs=1, learning_rate="0.01; 0.1"))
    said = "A number is the median over the seeds"
    assert f"{said}. What is chosen" in texts(app)
    app.session_state["sweep_job"].outcomes[1] = None
    assert f"{said} that have one. What is chosen" in texts(sound(app.run()))


@pytest.mark.parametrize(
    ("base", "values", "told"),
    [
        ({"dataset": "and_gate"}, {"noise": "0; 0.1"}, "Noise: all values would give the same run."),
        ({"dataset": "and_gate"}, {"learning_rate": "0.1; 0.2", "data_seed": "0; 1"}, "Seed of the data"),
        ({"initializer": "zeros"}, {"learning_rate": "0.1; 0.2"}, "Seeds: all seeds of first weights would give"),
        ({"hidden": "none"}, {"activation": ["tanh", "relu"]}, "Activation: all values would give the same run."),
        ({"batch_size": "500"}, {"order_seed": "0; 1"}, "Each update takes all training points: there is no order."),
        ({}, {"batch_size": "500; 1000"}, "Batch size: all values would give the same run. Each update takes all"),
        # Where it matters in one of the cells there is something to see.
        ({}, {"batch_size": "10; 500; 1000"}, None),
        ({"hidden": "none"}, {"activation": ["tanh", "relu"], "hidden": "none; 2"}, None),
        ({"batch_size": "500"}, {"order_seed": "0; 1", "batch_size": "10; 500"}, None),
        ({"dataset": "and_gate"}, {"noise": "0.1"}, None),
    ],
)
def test_what_would_change_nothing_is_said_before_it_is_run(base, values, told):
    app = AppTest.from_file(MENU, default_timeout=60)
    app.query_params.update(base)
    sound(app.run())
    app = set_up(sound(app.switch_page("../pages/lab/sweep.py").run()), **values)
    assert told is None or told in texts(app)
    assert named(app.button, "sweep_run").disabled is (told is not None)


def test_three_settings_are_lines_through_their_values_and_their_median():
    sweep = Sweep(SMALL, {"learning_rate": [0.01, 1e9], "l2": [0.0, 0.05, 0.1], "hidden": [(2,), (3,)]}, [0], epochs=1)
    outcomes = run(sweep, lambda: Pool(1, Now).executor())
    figure = pictures.parallel(sweep, outcomes, "test_loss", "Test loss")
    others, best = figure["data"]
    losses = [outcome.test_loss for outcome in outcomes[:6]]  # those of the other rate diverged
    shares = [(loss - min(losses)) / (max(losses) - min(losses)) for loss in losses]
    lines = [[0.0, l2, hidden] for l2 in (0.0, 0.5, 1.0) for hidden in (0.0, 1.0)]
    drawn = [[*line, pytest.approx(share)] for line, share in zip(lines, shares, strict=True)]
    first = losses.index(min(losses))
    assert best["x"] == [0, 1, 2, 3, None] and best["y"] == [*drawn[first], None]
    assert [others["y"][at : at + 4] for at in range(0, 25, 5)] == [*drawn[:first], *drawn[first + 1 :]]
    assert figure["layout"]["xaxis"]["ticktext"] == [*("Learning rate", "L2", "Hidden layers", "Test loss")]
    marks = [(one["x"], one["text"]) for one in figure["layout"]["annotations"] if one["x"] < 3]
    assert marks == [*((0, "0.01"), (0, "1000000000")), *((1, "0"), (1, "0.05"), (1, "0.1")), (2, "2"), (2, "3")]
    nothing = pictures.parallel(sweep, [*outcomes[6:], *outcomes[6:]], "test_loss", "Test loss")
    assert [one["x"] for one in nothing["data"]] == [[], []]


def test_the_best_cell_comes_first_and_diverged_ones_last():
    order = pictures.best_first(GRID, OUTCOMES, "test_loss")
    kept = [index for index in range(18) if not OUTCOMES[index].diverged]
    assert order[:12] == sorted(kept, key=lambda index: OUTCOMES[index].test_loss)
    assert set(order[12:]) == {index for index in range(18) if OUTCOMES[index].diverged}
    assert pictures.best_first(GRID, OUTCOMES, "train_score")[0] == max(
        kept, key=lambda index: OUTCOMES[index].train_score
    )


def test_the_download_has_every_digit_and_no_formula():
    app = finished(set_up(opened(), learning_rate="0.01; 1e9", l2="0"))
    job = app.session_state["sweep_job"]
    text = as_csv(table(job.sweep, job.outcomes))
    read = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    assert [float(row["test_loss"]) for row in read] == [outcome.test_loss for outcome in job.outcomes]


# The pool


class Held(Executor):
    """Computes one cell when the test says so."""

    def __init__(self, log):
        self.log, self.futures, self.is_ended = log, [], False

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        self.log.append((args[0], future))
        self.futures.append(future)
        return future

    def shutdown(self, wait=True, *, cancel_futures=False):
        self.is_ended = True
        for future in self.futures:
            if cancel_futures and not future.done():
                future.set_exception(OSError("ended"))


def held_pool(places, **settings):
    """(pool, log, made): (cell, future) of all that is computed by its processes, and these, of `Held`."""
    log, made = [], []

    def make():
        made.append(Held(log))
        return made[-1]

    return Pool(places, make, **settings), log, made


def test_visitors_have_a_cell_each_in_turn_and_are_told_how_many_come_before():
    pool, log, made = held_pool(1)
    first, second, third = (pool.executor() for _ in range(3))
    for name, who in (("a", first), ("b", second), ("c", third)):
        for number in range(3):
            who.submit(None, f"{name}{number}")
    assert (first.before(), second.before(), third.before(), pool.others(None)) == (0, 1, 2, 3)
    for _ in range(9):
        log[-1][1].set_result("done")
    # a0 was begun before anybody else came, and a1 came before b0.
    assert [name for name, _ in log] == ["a0", "a1", "b0", "c0", "a2", "b1", "c1", "b2", "c2"]
    assert len(made) == 1


def test_a_visitor_who_is_ended_loses_the_cell_that_is_computed_and_the_others_go_on():
    pool, log, made = held_pool(1)
    first, second = pool.executor(), pool.executor()
    gone = [first.submit(None, "a0"), first.submit(None, "a1")]
    kept = second.submit(None, "b0")
    first.shutdown(cancel_futures=True)
    assert made[0].is_ended and isinstance(gone[0].exception(), OSError) and gone[1].cancelled()
    assert [name for name, _ in log] == ["a0", "b0"] and len(made) == 2
    log[-1][1].set_result("done")
    assert kept.result() == "done"
    with pytest.raises(RuntimeError):
        first.submit(None, "a2")


def test_cells_of_minutes_have_all_places_but_one_more_is_kept_for_those_of_seconds():
    pool, log, _ = held_pool(2)
    long, longer = pool.executor("a", 400.0), pool.executor("b", 1700.0)
    short, brief = pool.executor("c", 0.2), pool.executor("d", 10.0)
    for number in range(2):
        for name, who in (("a", long), ("b", longer), ("c", short), ("d", brief)):
            who.submit(None, f"{name}{number}")
    assert [name for name, _ in log] == ["a0", "b0", "c0"]  # alone, two sweeps of long cells have all that there is
    last = pool.executor("e", 3.0)
    last.submit(None, "e0")
    assert (short.before(), brief.before(), last.before()) == (0, 0, 2)  # the long ones are not in their way
    for at, name in ((2, "d0"), (3, "c1"), (4, "e0"), (5, "d1")):
        log[at][1].set_result("done")
        assert log[-1][0] == name  # in turn, and no long one has come to its end
    log[6][1].set_result("done")
    assert len(log) == 7
    log[0][1].set_result("done")
    assert log[-1][0] == "a1"


def test_a_visitor_alone_has_all_places_for_cells_however_long_and_no_more():
    for seconds in (0.1, 900.0):
        pool, log, _ = held_pool(2)
        alone = pool.executor("a", seconds)
        for number in range(5):
            alone.submit(None, f"a{number}")
        assert [name for name, _ in log] == ["a0", "a1"]


def test_a_long_cell_gets_its_turn_among_short_ones():
    pool, log, _ = held_pool(1)
    short, long = pool.executor("a", 1.0), pool.executor("b", 100.0)
    for number in range(3):
        short.submit(None, f"a{number}")
    long.submit(None, "b0")
    log[0][1].set_result("done")
    log[1][1].set_result("done")
    assert [name for name, _ in log] == ["a0", "a1", "b0", "a2"]


def test_a_cell_far_beyond_what_was_expected_is_ended_and_named_and_not_tried_again(monkeypatch):
    monkeypatch.setattr(pool_module, "LATE_SECONDS", 0.2)
    pool, log, made = held_pool(1)
    outcomes = {}

    def others(index, outcome):
        outcomes[index] = outcome

    sweep = Sweep(SMALL, {"learning_rate": [0.01, 0.02]}, epochs=1)
    running = threading.Thread(
        target=run, args=(sweep, lambda: pool.executor("a", 0.01), others, lambda: False), daemon=True
    )
    running.start()
    waited_for(lambda: len(log) == 2)
    text, future = log[1]
    future.set_result(run_cell(text))
    running.join(10)
    assert len(log) == 2 and len(made) == 2 and made[0].is_ended and not made[1].is_ended
    assert outcomes[0].reason.startswith(
        "Not finished: about 0.01 s were expected, and it was ended after 0.2 s, as others"
    )
    assert outcomes[1].epoch == 1


def test_a_cell_in_time_is_not_ended_nor_is_the_process_that_computed_it(monkeypatch):
    monkeypatch.setattr(pool_module, "LATE_SECONDS", 0.2)
    pool, log, made = held_pool(1)
    who = pool.executor("a", 0.01)
    first = who.submit(None, "a0")
    log[0][1].set_result("done")
    waiting = [one for one in threading.enumerate() if getattr(one, "function", None) == pool._end_late]
    assert not [one for one in waiting if not one.finished.is_set()]
    time.sleep(0.4)
    assert first.result() == "done" and not made[0].is_ended


@pytest.mark.parametrize("fails", ["made", "asked"])
def test_where_no_process_is_to_be_had_the_cell_fails_and_its_place_is_free_for_the_next(fails):
    log, made = [], []

    class Refusing(Held):
        def submit(self, fn, /, *args, **kwargs):
            if len(made) == 1:
                raise OSError("no process")
            return super().submit(fn, *args, **kwargs)

    def make():
        made.append(Refusing(log))
        if fails == "made" and len(made) == 1:
            raise OSError("no process")
        return made[-1]

    pool = Pool(1, make)
    who = pool.executor("a", 100.0)
    lost, kept = who.submit(None, "a0"), who.submit(None, "a1")
    with pytest.raises(OSError, match="no process"):
        lost.result(timeout=1)
    assert [name for name, _ in log] == ["a1"] and made[0].is_ended == (fails == "asked")
    log[0][1].set_result("done")
    assert kept.result(timeout=1) == "done" and pool.others(None) == 0


def test_a_cell_of_unknown_length_has_no_claim_to_the_place_for_short_ones():
    pool, log, _ = held_pool(1)
    for name, seconds in (("a", 100.0), ("b", 0.0), ("c", 1.0)):
        pool.executor(name, seconds).submit(None, name)
    assert [name for name, _ in log] == ["a", "c"]


def test_ones_own_sweeps_do_not_come_before_oneself_whether_cancelled_or_not():
    pool, _, _ = held_pool(1)
    mine = [pool.executor("me") for _ in range(4)]
    for who in mine:
        who.submit(None, "cell")
    mine[1].shutdown(cancel_futures=True)
    other = pool.executor("other")
    other.submit(None, "cell")
    assert [who.before() for who in mine] == [0, 0, 0, 0] and other.before() == 1
    assert (pool.others("me"), pool.others("other"), pool.others("nobody")) == (1, 1, 2)


def test_the_promise_of_time_knows_of_a_cell_that_no_two_can_share_and_of_others(monkeypatch):
    pool, _, _ = held_pool(4)
    monkeypatch.setattr(progress, "pool", lambda: pool)
    monkeypatch.setattr(choices, "pace_of", lambda one: choices.Pace(0.0, 1.0))
    sweep = Sweep(SMALL, epochs=50)  # of 20 training points, 5 each
    assert progress._cost(sweep, "1 cell")[0] == "1 cell: about 3 minutes."
    for name, said in (("a", "longer while 1 other computes here"), ("b", "longer while 2 others compute here")):
        pool.executor(name).submit(None, "cell")
        assert progress._cost(sweep, "1 cell") == (f"1 cell: about 3 minutes, {said} as well.", 200.0)


@pytest.mark.parametrize("address", ["nonsense", "tcp://127.0.0.1:9"])
def test_a_cluster_that_cannot_be_used_is_told_to_the_log_alone_and_the_server_computes_the_same(
    monkeypatch, caplog, address
):
    if address.startswith("tcp"):
        pytest.importorskip("distributed")
        monkeypatch.setattr("ui.sweeps.cluster.CONNECT_SECONDS", 0.5)
    monkeypatch.setenv("SCRATCHNET_SCHEDULER", address)
    app = finished(set_up(opened(), learning_rate="0.01; 0.02"))
    job = app.session_state["sweep_job"]
    assert [one.to_json() for one in job.outcomes] == [run_cell(job.sweep.text(at)) for at in range(6)]
    assert "this server does it by itself. That may take longer; the results are the same." in texts(app)
    assert address not in texts(app) and address in caplog.text


def real_pool(idle_seconds=0.2):
    return Pool(2, lambda: WorkerProcesses(1), idle_seconds)


def test_processes_that_nobody_needs_are_ended_and_come_again():
    pool, before = real_pool(), len(cell_workers())
    sweep = Sweep(SMALL, {"learning_rate": [0.01, 0.02, 0.03]}, epochs=1)
    for _ in range(2):
        outcomes = run(sweep, pool.executor)
        assert [one.epoch for one in outcomes] == [1, 1, 1]
        waited_for(lambda: len(cell_workers()) == before)


def test_a_process_that_is_free_stays_while_others_compute():
    pool, log, made = held_pool(2, idle_seconds=0.05)
    first, second = pool.executor(), pool.executor()
    first.submit(None, "a0")
    second.submit(None, "b0")
    log[0][1].set_result("done")
    time.sleep(0.3)
    assert not made[0].is_ended
    first.submit(None, "a1")
    assert len(made) == 2 and made[0].futures == [log[0][1], log[2][1]]
    log[1][1].set_result("done")
    log[2][1].set_result("done")
    waited_for(lambda: made[0].is_ended and made[1].is_ended)


def test_cancel_leaves_no_process_and_keeps_the_finished_cells():
    pool, before = real_pool(), len(cell_workers())
    sweep = Sweep(SMALL, {"learning_rate": [0.01, 0.02]}, epochs=10**9)
    job = Job(sweep, pool.executor)
    waited_for(lambda: len(cell_workers()) == before + 2)
    job.cancel()
    job.thread.join(10)
    waited_for(lambda: len(cell_workers()) == before)
    assert job.is_cancelled and job.done == 0 and not job.is_running


def test_a_sweep_ends_when_its_visitor_has_left_but_not_for_a_moment_without_connection():
    now, here = [0.0], threading.Event()
    here.set()
    pool = real_pool()
    sweep = Sweep(SMALL, epochs=10**9)
    job = Job(sweep, pool.executor, here.is_set, lambda: now[0])
    here.clear()
    now[0] = 19.0
    time.sleep(0.4)
    here.set()
    time.sleep(0.4)
    assert job.is_running
    here.clear()
    now[0] = 38.0
    time.sleep(0.4)
    assert job.is_running
    now[0] = 60.0
    job.thread.join(10)
    assert not job.is_running and job.is_cancelled
    pool.close()


def test_another_sweep_of_the_same_visitor_ends_the_one_before():
    app = set_up(opened(), epochs=2000, learning_rate="0.01; 0.02; 0.03")
    sound(named(app.button, "sweep_run").click().run())
    first = app.session_state["sweep_job"]
    assert first.is_running
    assert [one.label for one in app.button if one.key == "sweep_cancel"] == ["Cancel"]
    named(app.text_input, "sweep_epochs").set_value("1")
    sound(app.run())
    app = finished(app)
    second = app.session_state["sweep_job"]
    first.thread.join(10)
    assert first.is_cancelled and second is not first and second.done == 9
    assert [one.label for one in app.button if one.key == "sweep_cancel"] == []


def test_a_server_that_starts_again_in_the_same_process_computes_sweeps():
    pool_module.close()
    (outcome,) = run(Sweep(sn.Experiment(dataset="xor_gate", hidden=(2,)), epochs=1), pool_module.pool().executor)
    assert outcome.update == 1
    pool_module.close()
