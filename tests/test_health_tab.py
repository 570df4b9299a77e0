"""Health on the screen: what the doctor finds is said with its evidence, shown on the board, and tried in one click."""

import dataclasses
import threading
from contextlib import contextmanager

import numpy as np
import plotly.graph_objects as go
import pytest

import scratchnet as sn
from scratchnet.doctor import Remedy, findings
from scratchnet.health import health_of, measured, searched
from scratchnet.settings import Settings
from tests.test_mistakes import HOSTILE, figures, opened, pictures
from tests.test_playground_page import captions, checked, pg, whole
from tests.test_task_in_force import task
from tests.widgets import named
from ui import health, health_charts, labels, study
from ui.play import playground as playground_module
from ui.play.playground import Playground

DEAD = "dataset=circle&samples=200&hidden=8-8&activation=relu&optimizer=sgd&learning_rate=3.0&at=200"
SMALL = "dataset=xor&hidden=none&samples=300&at=2250"
WELL = "dataset=circle&samples=200&hidden=4&at=30"
COLUMNS = "dataset=penguins&features=x1-x2-x3-x4&output=softmax&loss=cross_entropy&hidden=8&at=60"
MANY = "dataset=digits&hidden=8&output=softmax&loss=cross_entropy&at=20&features=" + "-".join(
    f"x{number}" for number in range(1, 65)
)


def fresh(query: str) -> sn.Run:
    """The run of a link, trained anew."""
    experiment, at = sn.Experiment.from_query(query.split("&at=")[0])[0], query.split("&at=")[1].split("&")[0]
    run = experiment.start()
    run.advance(updates=int(at))
    return run


def pressed(app, name: str):
    return checked(named(app.button, f"playground_health_{name}").click().run())


def buttons(app) -> dict:
    return {button.key: button for button in app.button if "_health_" in str(button.key)}


def show(app, picture: str):
    (control,) = [box for box in app.segmented_control if "health_picture" in str(box.key)]
    return checked(control.set_value(picture).run())


def test_a_finding_is_a_sentence_of_the_run_on_screen_with_what_to_try():
    app = opened(DEAD, "Health")
    finding = figures(app)["findings"][0]
    a = fresh(DEAD).network.forward(fresh(DEAD).x_train).a[1]
    assert not a.any(), "all of layer 2 is 0 at every training point"
    assert finding.sentence.startswith("8 of 8 units of layer 2 are dead: ")
    assert finding.sentence.endswith(f" They have been since update {finding.update}.")
    assert labels.literal(finding.sentence) in [text.value for text in app.markdown]
    assert "**Dead units**" in [text.value for text in app.markdown]
    trying = buttons(app)["playground_health_try_dead"]
    assert trying.label == f"Try: learning rate 0.3 from update {finding.remedy.update} on" and not trying.disabled
    assert any("to update 200, at all 100 training points" in caption for caption in captions(app))


def test_what_is_tried_begins_at_its_update_and_undo_brings_the_run_back():
    app = opened(DEAD, "Health")
    remedy = figures(app)["findings"][0].remedy
    theta = fresh(DEAD)
    theta.goto(remedy.update)
    app = pressed(app, "try_dead")
    run = pg(app).run
    assert run.update == remedy.update == run.experiment.events[-1][0] < 200
    assert run.settings.learning_rate == 0.3 and np.array_equal(run.network.theta, theta.network.theta)
    assert pg(app).notice.startswith("Tried: learning rate 0.3 from update") and pg(app).notice in [
        text.value for text in app.text
    ]
    pg(app).undo()
    app = checked(app.run())
    assert pg(app).run.settings.learning_rate == 3.0 and pg(app).run.experiment.events == ()


def test_a_unit_that_is_shown_is_under_the_microscope_at_the_moment_where_it_begins():
    app = opened(DEAD, "Health")
    finding = figures(app)["findings"][0]
    app = pressed(app, "show_dead")
    assert pg(app).run.update == finding.update < 200
    assert pg(app).looked_at == (1, finding.unit)
    assert app.session_state["playground_study_tab"] == study.MICROSCOPE


def said(app) -> list[str]:
    return [text.value for text in app.markdown]


@pytest.mark.parametrize("tab", [study.MICROSCOPE, study.HEALTH])
def test_a_finding_that_is_shown_stays_to_be_read_and_tried_with_the_way_back(tab):
    app = opened(DEAD, "Health")
    finding = figures(app)["findings"][0]
    app = pressed(app, "show_dead")
    app.session_state["playground_study_tab"] = tab
    app = checked(app.run())
    assert pg(app).shown == finding.update < 200
    assert "**Found at update 200: dead units**" in said(app) and labels.literal(finding.sentence) in said(app)
    assert buttons(app)["playground_health_try_shown"].label.startswith("Try: learning rate 0.3 from update ")
    assert buttons(app)["playground_health_back"].label == "Back to update 200"
    app = pressed(app, "back")
    assert pg(app).shown == 200 and "playground_health_back" not in buttons(app)
    assert np.array_equal(pg(app).run.network.theta, fresh(DEAD).network.theta)


@pytest.mark.parametrize(
    "act",
    [
        lambda playground: playground.step("epoch"),
        lambda playground: playground.apply(learning_rate=0.5),
        lambda playground: playground.apply(hidden=(3,)),
        lambda playground: playground.goto(3),
    ],
)
def test_who_goes_on_or_changes_something_no_longer_reads_what_was_shown(act):
    app = pressed(opened(DEAD, "Health"), "show_dead")
    assert "**Found at update 200: dead units**" in said(app)
    act(pg(app))
    app = checked(app.run())
    assert not any("Found at update" in words for words in said(app)) and "playground_health_back" not in buttons(app)


def test_what_was_shown_can_be_tried_from_where_it_is_seen():
    app = opened(DEAD, "Health")
    remedy = figures(app)["findings"][0].remedy
    app = pressed(pressed(app, "show_dead"), "try_shown")
    assert pg(app).run.experiment.events == ((remedy.update, remedy.changes),) and pg(app).shown == remedy.update


def test_where_a_setting_was_just_changed_the_tab_says_that_it_waits():
    app = opened(WELL, "Health")
    pg(app).apply(learning_rate=0.02)
    app = checked(app.run())
    assert "**Changed at update 30: press Play, and look again.**" in said(app)
    assert "**Nothing was found.**" not in said(app)
    pg(app).reach(60)
    assert "**Nothing was found.**" in said(checked(app.run()))


def test_a_few_dead_units_are_said_beside_what_was_looked_for():
    app = opened(WELL.replace("at=30", "activation=relu&hidden=8-8&at=30"), "Health")
    run = pg(app).run
    for source in (0, 1):
        pg(app).edit(0, 2, source, 0.0)
    pg(app).edit(0, 2, None, -1.0)
    app = checked(app.run())
    zero = [not any(column) for column in run.network.forward(run.x_train).a[0].T.tolist()]
    assert pg(app).run.update == 30
    dead = sum(zero) + (not zero[2])
    assert dead == 1 and "**Nothing was found.**" in said(app)
    looked = " ".join(captions(app))
    assert "many dead units in a layer" in looked and "1 of 8 units of layer 1 is dead: too few to matter." in looked


def test_a_remedy_that_needs_a_new_start_begins_anew():
    app = opened(SMALL, "Health")
    assert list(buttons(app)) == ["playground_health_try_underfitting"], "there is no other moment to show"
    app = pressed(app, "try_underfitting")
    assert pg(app).run.update == 0 and pg(app).run.settings.hidden == (8,)
    assert "Started anew" in pg(app).notice and "a hidden layer of 8 units in a new start" in pg(app).notice


def test_where_nothing_is_found_it_says_what_was_looked_for_and_at():
    app = opened(WELL, "Health")
    assert findings(health_of(fresh(WELL))) == ()
    assert "**Nothing was found.**" in [text.value for text in app.markdown]
    said = " ".join(captions(app))
    assert all(title[1:] in said for title in health.TITLES.values()) and "moments from the start to update 30" in said


def test_every_finding_has_a_title():
    from scratchnet import doctor

    kinds = {look.__name__.replace("_", " ") for look in (*doctor.CAUSES, *doctor.SYMPTOMS)}
    assert set(health.TITLES) == kinds


def test_a_task_that_locks_what_would_be_tried_leaves_the_button_idle_with_the_reason():
    start = sn.Experiment.from_query(DEAD)[0]
    bound = task(["learning_rate"], start=start)
    app = whole()
    playground = pg(app)
    playground.open(f"{DEAD}&task={bound.text}", start)
    app.session_state["playground_study_tab"] = "Health"
    app = checked(app.run())
    assert playground.assignment == bound and playground.run.update == 200
    trying = buttons(app)["playground_health_try_dead"]
    assert trying.disabled and trying.help == "Locked by the task: learning rate."
    assert "Locked by the task: learning rate." in captions(app)
    assert not buttons(app)["playground_health_show_dead"].disabled


def test_while_it_plays_nothing_is_examined_and_what_was_found_stays(monkeypatch):
    app = opened(WELL, "Health")
    before = figures(app)["health"]
    monkeypatch.setattr(health, "measured", lambda run: pytest.fail("examined"))
    pg(app).play()
    pg(app).train(40)
    app = app.run()
    assert not app.exception and figures(app)["health"] is before
    pg(app).pause()
    monkeypatch.undo()
    other = whole(WELL)
    pg(other).play()
    other.session_state["playground_study_tab"] = "Health"
    other = other.run()
    assert not other.exception and health.WAITS in captions(other)


@pytest.mark.parametrize(
    "query", [DEAD, SMALL, WELL, COLUMNS, MANY, "dataset=xor_gate&hidden=3&at=10", "dataset=moons&at=0"]
)
def test_any_run_has_its_charts_each_with_words_that_say_the_numbers_of_now(query):
    app = opened(query, "Health")
    (control,) = [box for box in app.segmented_control if "health_picture" in str(box.key)]
    run, found = pg(app).run, figures(app)["health"]
    expected = {health.GRADIENT, health.UPDATES, health.SPREAD}
    expected |= {health.FLAT} if run.experiment.hidden else set()
    expected |= {health.GAP} if not run.dataset.fixed else set()
    assert set(control.options) == expected
    for picture in control.options:
        app = show(app, picture)
        figure = go.Figure(figures(app)["health", picture])
        assert health.SAID[picture] in captions(app)
        (said,) = pictures(app)
        if picture == health.SPREAD:
            for layer, a in enumerate(run.network.forward(run.x_train[found.rows]).a):
                name = health_charts.layer_name(found, layer)
                assert f"{name} {health.text(a.std())}" in said
                assert figure.data[layer].y[-1] == pytest.approx(a.std())
        if picture == health.GAP:
            e = run.history
            assert health.text(e.test_loss[-1] - e.train_loss[-1]) in said
            drawn = [test - train for test, train in zip(e.test_loss, e.train_loss, strict=True)]
            assert list(figure.data[0].y) == pytest.approx(drawn)


def test_a_number_that_has_no_place_on_a_logarithmic_axis_is_counted():
    app = show(opened(DEAD, "Health"), health.GRADIENT)
    found = figures(app)["health"]
    zeros = int((found.gradient == 0).sum())
    figure = figures(app)["health", health.GRADIENT]
    assert zeros > 10 and f"Not drawn: {zeros} values" in figure["layout"]["annotations"][0]["text"]
    drawn = sum(int(np.isfinite(trace["y"]).sum()) for trace in figure["data"])
    assert drawn == found.gradient.size - zeros


def test_the_words_below_each_chart_say_what_its_name_means():
    for picture, words in {
        health.GRADIENT: "which way to change",
        health.UPDATES: "as a share of their own size",
        health.FLAT: "hardly changes its answer",
        health.SPREAD: "How much the answers of a layer differ",
        health.GAP: "less the loss on its training points",
    }.items():
        assert words in health.SAID[picture].split(":")[0] + health.SAID[picture]
        assert words in " ".join(health.SAID[picture].split(". ")[:1]), "in the first sentence"


def test_thirteen_layers_have_a_look_of_their_own_each():
    looks = [(look["color"], look["dash"]) for look in map(health_charts._look, range(13))]
    assert len(set(looks)) == 13


def test_a_diverged_run_has_its_finding_and_the_way_back_to_a_lower_rate():
    app = opened("dataset=plane&hidden=none&output=identity&loss=mse&optimizer=sgd&learning_rate=0.3&at=100", "Health")
    assert pg(app).run.status == "diverged"
    app = pressed(app, "try_too fast")
    assert pg(app).run.settings.learning_rate < 0.3 and pg(app).run.status != "diverged"
    pg(app).step("epoch")
    assert pg(app).run.status == "running"


@pytest.mark.parametrize(
    ("changes", "update", "words"),
    [
        ({"learning_rate": 0.001}, 250, "learning rate 0.001 from update 250 on"),
        ({"l2": 0.01}, 7, "L2 0.01 from update 7 on"),
        (
            {"optimizer": "adam", "learning_rate": 0.01},
            3000,
            "optimizer Adam and learning rate 0.01 from update 3,000 on",
        ),
        ({"optimizer_settings": Settings({"momentum": 0.9})}, 1, "momentum 0.9 from update 1 on"),
        ({"schedule": "constant"}, 9, "schedule Constant from update 9 on"),
        ({"batch_size": 40}, 9, "batch size 40 from update 9 on"),
        ({"hidden": (8,)}, 0, "a hidden layer of 8 units in a new start"),
        ({"hidden": (4, 2, 8)}, 0, "hidden layers of 4, 2 and 8 units in a new start"),
        (
            {"activation": "leaky_relu", "initializer": "he_uniform"},
            0,
            "activation Leaky ReLU and first weights He uniform in a new start",
        ),
        (
            {"hidden": (4, 8), "activation": ("tanh", "relu")},
            0,
            "hidden layers of 4 and 8 units and activations Tanh and ReLU in a new start",
        ),
        ({"scaling": "standard"}, 0, "scaling Standard in a new start"),
        ({"init_seed": 1}, 0, "seed of the first weights 1 in a new start"),
    ],
)
def test_a_remedy_is_said_in_the_words_of_the_screen(changes, update, words):
    assert health.remedy_words(Remedy(Settings(changes), update), sn.Experiment()) == words


def test_names_of_columns_are_shown_as_text_wherever_they_come_from():
    x = np.array([[0.0, 1000.0], [1.0, 500.0], [2.0, 100.0], [3.0, 900.0], [4.0, 200.0], [5.0, 800.0]])
    points = sn.Points("mine", x, np.array([0, 1, 0, 1, 0, 1]), ("width", HOSTILE), "kind", ("a", "b"))
    app = whole()
    app.session_state["playground_study_tab"] = "Health"
    pg(app).apply(dataset=points)
    app = app.run()
    assert not app.exception
    assert figures(app)["findings"][0].sentence.startswith(f"Numbers are badly scaled: {HOSTILE} reaches ")
    assert not any(HOSTILE in text.value for text in app.markdown)
    assert any(labels.literal(HOSTILE) in text.value for text in app.markdown)


def test_of_scaled_targets_and_one_column_the_tab_stands_as_well():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(40, 1)) * 1000
    points = sn.Points("one", x, 5000 * np.sin(x[:, 0] / 500), ("size",), "price")
    app = whole()
    app.session_state["playground_study_tab"] = "Health"
    pg(app).apply(dataset=points, features=("x1",), output="identity", loss="mse", hidden=(4,))
    pg(app).step("epoch")
    app = checked(app.run())
    assert "unscaled" in [finding.kind for finding in figures(app)["findings"]]
    app = pressed(app, "try_unscaled")
    pg(app).step("epoch")
    app = checked(app.run())
    assert pg(app).run.dataset.target_scale is not None
    assert "unscaled" not in [finding.kind for finding in figures(app)["findings"]]


@pytest.fixture
def far(monkeypatch):
    """A visit with two branches, at update 300, whose finding begins at 237 and whose remedy at 253: both are reached
    in pieces on the board."""
    app = opened(WELL.replace("at=30", "learning_rate=1e-7&optimizer=sgd&at=300"), "Health")
    pg(app).goto(200)
    pg(app).apply(learning_rate=2e-7)
    pg(app).reach(300)
    app = checked(app.run())
    (finding,) = figures(app)["findings"]
    assert finding.kind == "too slow" and pg(app).shown == 300 and len(pg(app).forks.every) == 2
    later = dataclasses.replace(finding, update=237, layer=0, unit=3, remedy=Remedy(finding.remedy.changes, 253))
    app.session_state["playground_study"].figures["findings"] = (later,)
    monkeypatch.setattr(playground_module, "REACH_SECONDS", 0.0)
    return checked(app.run())


def pressed_far(app, name: str):
    """After a button, before the board has made the first update on the way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Playground, "train", lambda *_: None)
        app = named(app.button, f"playground_health_{name}").click().run()
    assert not app.exception and pg(app).playing
    return app


def test_a_remedy_far_from_now_is_made_on_arrival_as_one_more_branch(far):
    before, changes = pg(far).forks, figures(far)["findings"][0].remedy.changes
    app = pressed_far(far, "try_too slow")
    assert pg(app).run.update < 253
    assert "Training up to update 253." in pg(app).notice
    assert [fork.experiment for fork in pg(app).forks.every] == [fork.experiment for fork in before.every]
    while pg(app).playing:
        pg(app).train(7)
    first, second, third = pg(app).forks.every
    assert (first, second.experiment, second.furthest) == (before.every[0], before.here.experiment, 300)
    run = pg(app).run
    assert (pg(app).shown, run.settings.learning_rate) == (253, changes["learning_rate"])
    assert third.experiment == run.experiment and run.experiment.events[-1] == (253, changes)
    assert pg(app).notice.startswith("Tried: learning rate ")
    theta = before.here.experiment.start()
    theta.goto(253)
    assert np.array_equal(run.network.theta, theta.network.theta)
    pg(app).undo()
    while pg(app).playing:
        pg(app).train(50)
    assert pg(app).run.experiment == before.here.experiment and len(pg(app).forks.every) == 2


def test_who_stops_on_the_way_to_a_remedy_has_changed_nothing(far):
    before = pg(far).run.experiment
    app = pressed_far(far, "try_too slow")
    pg(app).train(1)
    pg(app).pause()
    assert pg(app).shown < 253
    pg(app).play()
    pg(app).train(400)
    assert pg(app).run.update > 300
    assert pg(app).run.experiment == before and len(pg(app).forks.every) == 2


def test_a_unit_that_is_far_from_now_is_looked_at_once_the_board_is_there(far):
    looks = pg(far).looks
    app = pressed_far(far, "show_too slow")
    assert pg(app).run.update < 237 and pg(app).looks == looks
    while pg(app).playing:
        pg(app).train(7)
    assert (pg(app).shown, pg(app).looked_at, pg(app).looks) == (237, (0, 3), looks + 1)
    assert not pg(app).playing and pg(app).run.settings.learning_rate == 2e-7


@pytest.mark.parametrize("seconds", [0.0, 0.3])
def test_what_waits_for_an_arrival_is_not_done_where_the_run_fails_before(monkeypatch, seconds):
    monkeypatch.setattr(playground_module, "REACH_SECONDS", seconds)
    playground, done = Playground(), []
    playground.open("dataset=plane&hidden=none&output=identity&loss=mse&optimizer=sgd&learning_rate=0.3&at=3&until=500")
    while playground.playing:
        playground.train(50)
    playground.goto(2, lambda: done.append(playground.shown))
    while playground.playing:
        playground.train(1)
    assert done == [2]
    playground.goto(400, lambda: done.append(playground.shown))
    while playground.playing:
        playground.train(50)
    assert playground.run.status == "diverged" and playground.run.update < 20 and done == [2]


def test_a_run_is_measured_in_two_turns_of_the_gate_which_are_waited_for_without_the_lock(monkeypatch):
    app, done = whole(WELL), []
    run = pg(app).run

    class Door:
        inside = turns = 0

        @contextmanager
        def turn(self, who):
            free = []  # the lock, for another thread of the same visit
            other = threading.Thread(target=lambda: free.append(pg(app).lock.acquire(blocking=False)))
            other.start()
            other.join()
            assert free == [True] and str(id(pg(app))) in who
            self.turns += 1
            self.inside = self.turns
            yield True
            self.inside = 0

    door = Door()

    def in_turn(act):
        def acts(one, *more):
            done.append((door.inside, act.__name__, one is run))
            return act(one, *more)

        return acts

    monkeypatch.setattr(health, "gate", lambda: door)
    for act in (measured, searched):
        monkeypatch.setattr(health, act.__name__, in_turn(act))
    app.session_state["playground_study_tab"] = "Health"
    app.session_state["playground_study_seen"] = True
    checked(app.run())
    assert done == [(1, "measured", False), (2, "searched", False)], "and of a run that nobody else moves"


def test_marks_are_the_units_that_are_flat_at_99_of_100_points_and_that_is_what_is_said():
    found = health_of(fresh(WELL))
    shares = np.array([[0.0, 0.5, 0.98, 1.0], [0.6, 0.985, 0.99, 0.995], [0.989, 0.99, 0.995, 1.0]])
    found = dataclasses.replace(found, update=np.array([0, 10, 30]), flat=(shares,))
    lines, marks = health_charts.flat_figure(found)["data"]
    assert list(lines["y"]) == pytest.approx([100 * sum(row) / 4 for row in shares.tolist()])
    assert list(marks["y"]) == [25.0, 50.0, 75.0]
    said = health._in_words(found, health.FLAT)
    assert "layer 1 99.4 %, 3 of 4 units at 99 % of the points and more." in said
    assert marks["name"] == "layer 1: units flat at 99 % of the points and more"
    assert "% of its units flat at 99 % of the points and more" in marks["hovertemplate"]
    assert "everywhere" not in said + marks["name"] + marks["hovertemplate"] + health.SAID[health.FLAT]


def test_a_large_network_is_looked_at_where_it_is_at_hand_and_that_is_said():
    app = opened("dataset=moons&samples=2000&hidden=128-128-64&batch_size=500&at=30", "Health")
    said = " ".join(captions(app))
    assert not figures(app)["health"].is_sure.all() and health.AT_HAND in said
    assert health.AT_HAND not in " ".join(captions(opened(WELL, "Health")))


def test_points_that_are_drawn_are_looked_at_from_then_on():
    app = opened(WELL, "Health")
    pg(app).draw("take", {})
    pg(app).step("epoch")
    points = len(pg(app).run.x_train)
    pg(app).draw("add", {"rows": [[5.0, 5.0, 1, 0], [-5.0, 5.0, 0, 0]], "stroke": 1})
    pg(app).step("epoch")
    app = checked(app.run())
    found = figures(app)["health"]
    assert found.points == len(pg(app).run.x_train) == points + 2
    assert any(f"at all {points + 2} training points" in caption for caption in captions(app))


def test_a_remedy_that_is_tried_in_the_past_is_a_branch_and_the_run_as_it_was_stays():
    app = opened(DEAD, "Health")
    (finding,) = (one for one in figures(app)["findings"] if one.remedy.is_live)
    was, update = pg(app).run.experiment, pg(app).shown
    assert finding.remedy.update < update
    app = pressed(app, f"try_{finding.kind}")
    first, second = pg(app).forks.every
    assert (first.experiment, first.furthest) == (was, update)
    assert second.experiment.events == ((finding.remedy.update, finding.remedy.changes),)
    assert (pg(app).run.experiment, pg(app).shown) == (second.experiment, finding.remedy.update)
