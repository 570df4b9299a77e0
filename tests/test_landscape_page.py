"""The page Landscape: what it draws and says of a run is what plain arithmetic finds; pieces, Cancel, odd runs."""

import contextlib
import html
import itertools
import math
import re
import threading
from types import SimpleNamespace
from urllib.parse import parse_qsl

import numpy as np
import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

import scratchnet as sn
from scratchnet import landscape as sl
from scratchnet.gradient_check import total_loss
from tests.lesson_app import sound
from tests.menu_pages import MENU
from ui.gate import Gate, gate
from ui.kit.numbers import text
from ui.landscapes import arriving, choices, surfaces, turns
from ui.landscapes import still as stills
from ui.landscapes.pictures import Scene, Way, heights, map_figure, surface_figure
from ui.play.playground import Playground
from ui.terms import SCALED_LOSS

MOONS = "dataset=moons&samples=60&hidden=5-4&at=150"
EDITED = f"{MOONS}&60.edit.0.1.0=3.0"


@pytest.fixture(autouse=True)
def everything_at_once_and_nothing_kept(monkeypatch):
    monkeypatch.setattr(turns, "FIRST_PIECE", 60)  # however busy the machine is
    surfaces.surfaces.clear()


def opened(query: str = MOONS) -> AppTest:
    """The page by a link to it."""
    app = AppTest.from_file(MENU, default_timeout=60)
    app.switch_page("../pages/lab/landscape.py")
    for name, value in parse_qsl(query, keep_blank_values=True):
        app.query_params[name] = value
    return sound(app.run())


def pg(app):
    return app.session_state["conversations"]["playground"].playground


def still(app) -> stills.Still:
    return app.session_state["playground_landscape_still"]


def figures(app) -> tuple[dict, dict]:
    """(map, surface) on the page."""
    (both,) = [value for key, value in still(app).figures.items() if key[0] == "pictures"]
    return both


def pictures(app) -> list[str]:
    """What is read aloud in the place of each chart."""
    return [chart.proto.alt for chart in app.get("plotly_chart")]


def said(app) -> str:
    return "\n".join(element.value for element in [*app.markdown, *app.caption, *app.info, *app.text])


def choose(app, name, value) -> AppTest:
    (found,) = [box for box in app.selectbox if str(box.key).startswith(f"playground_landscape_{name}")]
    return sound(found.set_value(value).run())


def toggle(app, name, value=True) -> AppTest:
    (found,) = [one for one in app.toggle if str(one.key).startswith(f"playground_landscape_{name}")]
    return sound(found.set_value(value).run())


def number(found: str) -> float:
    return float(found.replace("−", "-"))


# What is drawn


def test_the_map_and_the_surface_have_the_loss_of_the_network_at_each_place():
    app = toggle(choose(opened(), "grid", 21), "log", False)
    run, way = still(app).run, sl.path_of(still(app).run)
    _, _, directions = np.linalg.svd(way.thetas - way.thetas.mean(axis=0))
    flat, solid = figures(app)
    for figure in (flat, solid):
        go.Figure(figure)
        surface = figure["data"][0]
        assert np.shape(surface["z"]) == (21, 21)
        signs = [math.copysign(1, d.dot(e)) for d, e in zip(directions[:2], axes(app), strict=True)]
        for i, j in ((0, 0), (3, 17), (10, 10), (20, 5)):
            across, up = surface["x"][j] * signs[0], surface["y"][i] * signs[1]
            theta = run.network.theta + across * directions[0] + up * directions[1]
            expected = total_loss(run.network.replace(theta), run.x_train, run.y_train, "bce")
            assert surface["z"][i][j] == pytest.approx(expected, rel=1e-8)
    shares = np.linalg.svd(way.thetas - way.thetas.mean(axis=0), compute_uv=False) ** 2
    first, second = (f"{100 * share / shares.sum():.1f} %" for share in shares[:2])
    titles = [html.unescape(flat["layout"][axis]["title"]["text"]) for axis in ("xaxis", "yaxis")]
    assert titles == [f"direction 1 ({first} of the variance)", f"direction 2 ({second} of the variance)"]
    assert f"spread most: {first} and {second} of their variance" in said(app)


def axes(app):
    plane = sl.path_plane([still(app).path])
    return plane.across, plane.up


def test_the_path_is_drawn_at_its_nearest_places_and_on_the_surface_at_its_own_losses():
    app = opened(EDITED)
    run, way = still(app).run, still(app).path
    flat, solid = figures(app)
    own = [total_loss(run.network.replace(theta), run.x_train, run.y_train, "bce") for theta in way.thetas]
    line = next(trace for trace in solid["data"] if trace.get("name") == "path of the run")
    np.testing.assert_allclose(line["z"], own, rtol=1e-12)
    line = next(trace for trace in flat["data"] if trace.get("name") == "path of the run")
    places = np.stack([(way.thetas - run.network.theta).dot(axis) for axis in axes(app)])
    np.testing.assert_allclose([line["x"], line["y"]], places, atol=1e-9)
    assert [row[:2] for row in line["customdata"]] == [
        [f"{update:,}", text(loss)] for update, loss in zip(way.updates, own, strict=True)
    ]
    marks = {trace["name"]: trace for trace in flat["data"] if trace.get("mode") == "markers"}
    assert {name: [row[0] for row in mark["customdata"]] for name, mark in marks.items()} == {
        "start": ["0"],
        "changed by hand": ["60"],
        "present": ["150"],
    }
    assert len({mark["marker"].get("symbol", "circle") for mark in marks.values()}) == 3, "told by more than colour"
    assert (marks["present"]["x"][0], marks["present"]["y"][0]) == pytest.approx((0, 0), abs=1e-9)


def test_the_words_say_how_far_the_path_lies_off_and_how_steep_the_loss_is():
    app = opened()
    run, way = still(app).run, still(app).path
    found = re.search(
        r"path is (\S+) long, .*? by (\S+) % of that at most, at update ([\d,]+), and by (\S+) % at present", said(app)
    )
    legs = sum(math.dist(a, b) for a, b in zip(way.thetas[:-1], way.thetas[1:], strict=True))
    across, up = axes(app)
    rest = [
        np.linalg.norm(theta - run.network.theta - sum((theta - run.network.theta).dot(d) * d for d in (across, up)))
        for theta in way.thetas
    ]
    farthest = int(np.argmax(rest))
    assert number(found[1]) == pytest.approx(legs, rel=1e-3)
    assert number(found[2]) == pytest.approx(100 * rest[farthest] / legs, abs=0.06)
    assert int(found[3]) == way.updates[farthest]
    assert found[4] == "0.0"
    found = re.search(r"slope is (\S+) across and (\S+) up; the whole gradient has length (\S+)\.", said(app))
    h, slopes = 1e-6, []
    for axis in (across, up):
        ends = [run.network.replace(run.network.theta + step * axis) for step in (h, -h)]
        plus, minus = (total_loss(net, run.x_train, run.y_train, "bce") for net in ends)
        slopes.append((plus - minus) / (2 * h))
    assert [number(found[1]), number(found[2])] == pytest.approx(slopes, rel=2e-3)
    gradient = sn.gradient_check(run.network, run.x_train, run.y_train, "bce").numeric
    assert number(found[3]) == pytest.approx(math.hypot(*gradient), rel=1e-3)


def test_each_picture_is_told_in_words():
    app = toggle(opened(), "log", False)
    flat, _ = figures(app)
    z = np.array(flat["data"][0]["z"])
    i, j = np.unravel_index(z.argmin(), z.shape)
    x, y = flat["data"][0]["x"][j], flat["data"][0]["y"][i]
    above, beside = pictures(app)
    assert above.startswith("From above: ") and beside.startswith("As a surface: ")
    for alt in (above, beside):
        assert f"It is lowest, {text(z.min())}, at ({text(x)}, {text(y)})." in alt
        assert f"at update 150, loss {text(still(app).run.evaluate().train_loss)}." in alt


def test_two_parameters_are_named_as_on_the_board_and_vary_alone():
    app = choose(opened(), "plane", choices.OF_PARAMETERS)
    app = choose(app, "Layer_up", 2)
    app = choose(app, "Number_up", choices.BIAS)
    app = toggle(choose(choose(app, "Unit_across", 3), "grid", 21), "log", False)
    flat, _ = figures(app)
    names = ["weight from x1 to unit 4 of layer 1", "bias of output unit"]
    assert [flat["layout"][axis]["title"]["text"] for axis in ("xaxis", "yaxis")] == names
    assert f"vary, {names[0]} and {names[1]}. The other 42 weights and biases are held" in said(app)
    run, surface = still(app).run, flat["data"][0]
    W, b = [w.copy() for w in run.network.weights], [v.copy() for v in run.network.biases]
    W[0][3, 0], b[2][0] = surface["x"][4], surface["y"][15]
    there = sn.Network.from_arrays(W, b, run.network.activations)
    assert surface["z"][15][4] == pytest.approx(total_loss(there, run.x_train, run.y_train, "bce"), rel=1e-12)


def test_the_same_parameter_across_and_up_is_one_sentence():
    app = choose(opened(), "plane", choices.OF_PARAMETERS)
    app = choose(app, "Number_up", 0)
    assert "Across and up are the same number of the network" in said(app)
    assert pictures(app) == []


def test_random_directions_have_a_seed_that_is_seen_and_counts_on():
    app = choose(opened(), "plane", choices.RANDOM)
    before = np.array(figures(app)[0]["data"][0]["z"])
    (button,) = [button for button in app.button if button.label == "New directions · seed 0"]
    app = sound(button.click().run())
    assert [button.label for button in app.button if "seed" in button.label] == ["New directions · seed 1"]
    assert "seed 1, " in said(app) and "filter-normalised" in said(app)
    assert not np.array_equal(figures(app)[0]["data"][0]["z"], before)


def test_a_logarithmic_loss_is_chosen_by_itself_where_losses_span_much_and_can_be_taken_back():
    app = opened("dataset=moons&samples=60&hidden=5-4&at=3000&learning_rate=0.05")
    flat, solid = figures(app)
    plane = sl.path_plane([still(app).path])
    run, surface = still(app).run, flat["data"][0]
    (theta,) = plane.thetas([surface["x"][2]], [surface["y"][9]])
    expected = total_loss(run.network.replace(theta), run.x_train, run.y_train, "bce")
    assert surface["z"][9][2] == pytest.approx(math.log10(expected), rel=1e-6)
    assert surface["text"][9][2] == text(expected)
    assert solid["layout"]["scene"]["zaxis"]["type"] == "log" and solid["data"][0]["z"][9][2] == pytest.approx(expected)
    printed = [float(value) for value in surface["colorbar"]["ticktext"]]
    assert 10 ** np.array(surface["colorbar"]["tickvals"]) == pytest.approx(printed)
    app = toggle(app, "log", False)
    assert "type" not in figures(app)[1]["layout"]["scene"]["zaxis"]


def test_penalties_are_offered_where_there_are_any_and_counted_where_they_are_wanted():
    assert not [one for one in opened().toggle if "penalties" in str(one.key)]
    app = choose(opened(f"{MOONS}&l2=0.1"), "grid", 21)
    assert "Training goes down on it with the penalties added" in said(app)
    bare = np.array(figures(app)[0]["data"][0]["z"])
    app = toggle(app, "penalties")
    surface, run = figures(app)[0]["data"][0], still(app).run
    (theta,) = sl.path_plane([still(app).path]).thetas([surface["x"][4]], [surface["y"][7]])
    added = 0.05 * sum(float((W * W).sum()) for W in run.network.replace(theta).weights)
    assert surface["z"][7][4] - bare[7][4] == pytest.approx(added, rel=1e-6)
    assert "with the penalties L1 and L2 on top" in said(app)


def test_what_is_shown_can_be_wider_than_the_path_or_a_part_of_it_around_the_present():
    app = opened()
    whole = np.ptp(figures(app)[0]["data"][0]["x"])
    wide = figures(choose(app, "zoom", 5.0))[0]["data"][0]["x"]
    assert np.ptp(wide) == pytest.approx(5 * whole)
    near = figures(choose(app, "zoom", 0.05))[0]["data"][0]["x"]
    assert np.ptp(near) == pytest.approx(whole / 20)
    assert near[0] == pytest.approx(-near[-1])  # the present is at 0


# The random walk


def test_a_random_walk_of_as_many_steps_says_its_own_shares():
    app = toggle(opened(), "walk")
    steps = len(still(app).path.updates) - 1
    walk = np.cumsum(np.random.default_rng(0).normal(size=(steps, 44)), axis=0)
    walk = np.concatenate([np.zeros((1, 44)), walk])
    variances = np.linalg.svd(walk - walk.mean(axis=0), compute_uv=False) ** 2
    first, second = (f"{100 * share / variances.sum():.1f} %" for share in variances[:2])
    assert f"takes {steps} steps in 44 dimensions" in said(app)
    assert f"show {first} and {second} of its variance all the same" in said(app)
    assert "Antognini and Sohl-Dickstein 2018" in said(app)
    assert pictures(app)[3].startswith("A random walk, seed 0 on its own")
    (button,) = [button for button in app.button if button.label == "Another walk · seed 0"]
    assert f"show {first} and" not in said(sound(button.click().run()))


# Pieces


def test_a_surface_that_takes_long_comes_in_pieces_with_its_progress_and_can_be_cancelled(monkeypatch):
    monkeypatch.setattr(turns, "FIRST_PIECE", 0)
    monkeypatch.setattr(turns, "PIECE", 0)
    app = opened(MOONS.replace("samples=60", "samples=2000"))
    work = app.session_state["playground_landscape_work"]
    total, at_once = 61 * 61, still(app).mean_loss(False).at_once
    assert work.surface.done == 2 * at_once < total
    (progress,) = app.get("progress")
    assert progress.proto.text == f"Computing the loss: {2 * at_once:,} of {total:,} places"
    assert progress.proto.value == int(100 * 2 * at_once / total)
    assert pictures(app) == []
    (cancel,) = [button for button in app.button if button.label == "Cancel"]
    app = sound(cancel.click().run())
    done = work.surface.done
    assert f"Cancelled after {done:,} of {total:,} places." in said(app)
    assert sound(app.run()) and work.surface.done == done, "nothing goes on"
    monkeypatch.setattr(turns, "PIECE", 60)
    (go_on,) = [button for button in app.button if button.label == "Go on"]
    app = sound(go_on.click().run())
    assert len(pictures(app)) == 2


def test_what_the_path_needs_is_trained_again_in_turns_of_the_gate(monkeypatch):
    app = opened("dataset=moons&samples=1000&train_fraction=0.9&batch_size=1&hidden=3&at=300")
    turns, updated = [], sn.trainer.BatchUpdate.__call__

    @contextlib.contextmanager
    def turn(who):
        turns.append(0)
        with real.turn(who) as is_ours:
            assert is_ours
            yield True
        turns.append(None)

    def counted(update, *given):
        assert turns and turns[-1] is not None, "trained outside of a turn"
        turns[-1] += 1
        return updated(update, *given)

    real = gate()
    monkeypatch.setattr("ui.landscapes.turns.gate", lambda: SimpleNamespace(turn=turn))
    monkeypatch.setattr(sn.trainer.BatchUpdate, "__call__", counted)
    before = still(app).path
    del app.session_state["playground_landscape_still"]
    app = sound(app.run())
    assert np.array_equal(still(app).path.thetas, before.thetas)
    assert sum(filter(None, turns)) > 200 and len(turns) > 40


LARGE = "dataset=moons&samples=300&batch_size=100&hidden=96-96-96&at=60"


def test_losses_of_the_moments_of_a_path_are_computed_in_turns_a_stack_at_a_time(monkeypatch):
    app = opened(LARGE)
    before, inside, stacks = figures(app), [], []
    real, of_block = gate(), sl.MeanLoss._of_block

    @contextlib.contextmanager
    def turn(who):
        with real.turn(who):
            inside.append(0)
            yield True
            inside.append(None)

    def watched(loss, thetas):
        assert inside and inside[-1] is not None, "computed outside of a turn"
        inside[-1] += 1
        stacks.append(len(thetas))
        return of_block(loss, thetas)

    monkeypatch.setattr("ui.landscapes.turns.gate", lambda: SimpleNamespace(turn=turn))
    monkeypatch.setattr(sl.MeanLoss, "_of_block", watched)
    del app.session_state["playground_landscape_still"]
    app = sound(app.run())
    moments = len(still(app).path.updates)
    assert moments > 20 and sum(stacks) == moments
    assert max(filter(None, inside)) == 1
    for new, old in zip(figures(app), before, strict=True):
        assert [trace.get("customdata") for trace in new["data"]] == [trace.get("customdata") for trace in old["data"]]


@pytest.mark.parametrize("stays", [0, 3])
def test_of_a_visitor_who_has_left_nothing_more_is_computed(monkeypatch, stays):
    app = opened("dataset=moons&samples=1000&train_fraction=0.9&batch_size=1&hidden=3&at=300")
    looks, updated, real = itertools.count(), [], sn.trainer.BatchUpdate.__call__
    here = SimpleNamespace(is_active_session=lambda who: next(looks) < stays)
    monkeypatch.setattr("ui.landscapes.turns.runtime", SimpleNamespace(exists=lambda: True, get_instance=lambda: here))
    monkeypatch.setattr(sn.trainer.BatchUpdate, "__call__", lambda *given: updated.append(1) or real(*given))
    del app.session_state["playground_landscape_still"]
    app = app.run()
    assert next(looks) == stays + 1, "it ended at the first look that found her gone"
    assert len(updated) < 300 / 32 * (stays + 1)
    assert "playground_landscape_still" not in app.session_state
    assert not app.exception


def test_the_way_to_an_update_is_gone_in_many_turns_and_ends_at_the_same_numbers(monkeypatch):
    run, had = sn.Experiment(dataset="moons", hidden=(3,)).start(), []
    run.advance(updates=5000)
    monkeypatch.setattr(turns, "PIECE", 0.0)

    @contextlib.contextmanager
    def turn():
        had.append(again.update)
        yield

    for update in (4999, 3, 5000):
        again, wanted = run.fork(), run.fork()
        turns.go(again, update, turn)
        wanted.goto(update)
        assert again.update == update and (again.network.theta == wanted.network.theta).all()
    assert len(had) == len(set(had)) > 2


def test_a_surface_is_computed_once_for_all_who_look_at_the_same(monkeypatch):
    first = opened()
    monkeypatch.setattr(sl.Surface, "advance", lambda surface: pytest.fail("computed again"))
    second = opened()
    assert np.array_equal(figures(first)[0]["data"][0]["z"], figures(second)[0]["data"][0]["z"])
    with pytest.raises(BaseException, match="computed again"):
        surfaces.Work("", sl.Surface(still(first).mean_loss(False), None, np.zeros(2), np.zeros(2)), "x").advance(1)


@pytest.mark.parametrize("other", ["at=149", "at=150&140.learning_rate=0.5", "at=150&init_seed=1"])
def test_another_run_has_another_surface(other):
    first, second = opened(), opened(MOONS.replace("at=150", other))
    assert not np.array_equal(figures(first)[0]["data"][0]["z"], figures(second)[0]["data"][0]["z"])


def test_of_too_many_surfaces_those_go_that_nobody_has_used_for_longest():
    kept = surfaces.Surfaces(most=2)
    for name in "ab":
        kept.keep(name, np.array([ord(name)]))
    assert kept.get("a") == [97]
    kept.keep("c", np.array([99]))
    assert [kept.get(name) is not None for name in "abc"] == [True, False, True]


# Runs of every kind


def test_a_run_at_its_start_has_no_path_and_is_offered_random_directions():
    app = opened(MOONS.replace("&at=150", ""))
    assert "random direction 1" in pictures(app)[0] and "there is no path yet" in said(app)
    app = choose(app, "plane", choices.OF_PATH)
    assert "This run has no path yet" in said(app) and pictures(app) == []
    app = choose(app, "plane", choices.OF_PARAMETERS)
    assert len(pictures(app)) == 2


def test_after_one_update_the_path_is_a_line_and_the_second_direction_a_weight():
    app = opened(MOONS.replace("at=150", "at=1"))
    assert "They lie on one line" in said(app)
    assert len(pictures(app)) == 2
    assert not [one for one in app.toggle if "walk" in str(one.key)]


def test_a_network_of_one_weight_has_no_two_random_directions():
    app = opened("dataset=sine&features=x1&hidden=none&output=identity&loss=mse&at=20")
    assert len(pictures(app)) == 2
    app = choose(app, "plane", choices.RANDOM)
    assert "they make no plane; choose two others." in said(app) and pictures(app) == []


ODD = {
    "softmax": "dataset=six_blobs&output=softmax&loss=cross_entropy&samples=120&hidden=4&at=80",
    "scaled": "dataset=plane&scaling=standard&samples=80&hidden=3&output=identity&loss=mse&at=40",
    "diverged": "dataset=multi_gaussian&output=identity&loss=mse&hidden=3&activation=relu&optimizer=sgd"
    "&learning_rate=9&samples=80&at=90",
    "validation": "dataset=moons&samples=100&validation_fraction=0.2&hidden=3&at=30&activation=relu",
    "hinge": "dataset=circle&loss=hinge&output=tanh&samples=60&hidden=none&at=30",
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("plane", choices.PLANES)
def test_runs_of_every_kind_are_shown(name, plane):
    app = opened(ODD[name])
    app = choose(app, "plane", plane)
    figures_, words = figures(app), said(app)
    for figure in figures_:
        go.Figure(figure)
        assert np.isfinite(np.array(figure["data"][0]["z"], dtype=float)).all()
    assert (SCALED_LOSS in words) == (name == "scaled")
    assert ("has diverged" in words) == (name == "diverged")


def test_64_inputs_begin_with_a_coarse_grid_and_their_time_is_bounded():
    app = opened("dataset=digits&" + "&".join(f"{k}={v}" for k, v in digits().items()))
    (grid,) = [box for box in app.selectbox if box.label == "Grid"]
    run = still(app).run
    cost = run.network.n_parameters * len(run.x_train)
    assert [int(option.split()[0]) for option in grid.options] == [n for n in (21, 31, 61, 101) if n * n * cost <= 6e10]
    assert grid.value**2 * cost <= 5e9 and "the grid is coarse at first" in said(app)


def digits():
    features = "-".join(f"x{k}" for k in range(1, 65))
    return {"features": features, "output": "softmax", "loss": "cross_entropy", "hidden": "32", "at": 3}


def test_points_that_were_drawn_on_the_way_are_said():
    app = opened()
    board = pg(app)
    board.draw("take", {})
    board.step()
    board.draw("add", {"rows": [[0.1, 0.2, 0, 0]]})
    board.step()
    app = sound(app.run())
    assert "it is the loss of the points as they are now" in said(app)
    assert still(app).run.update == 2


def test_an_empty_map_is_one_sentence():
    app = opened()
    pg(app).draw("clear", {})
    app = sound(app.run())
    assert "draw the first point" in said(app) and pictures(app) == []


def test_a_run_that_plays_is_shown_at_the_update_on_screen_and_left_alone():
    app = opened()
    board = pg(app)
    board.play()
    board.train(40)
    del app.session_state["playground_landscape_still"]  # as where the page is opened only now
    app = sound(app.run())
    assert still(app).run.update == 150 and board.run.update == 190 and board.playing
    assert "It plays, and stands still while you are here." in said(app)


# Links


def test_a_link_to_an_update_far_away_is_reached_in_pieces_and_pause_stops_there(monkeypatch):
    monkeypatch.setattr("ui.play.playground.REACH_SECONDS", 0)
    monkeypatch.setattr(turns, "FIRST_PIECE", 0)
    monkeypatch.setattr(turns, "PIECE", 0)
    app = opened(MOONS.replace("at=150", "at=9000"))
    at = pg(app).run.update
    assert 0 < at < 9000 and app.get("progress")[0].proto.text.startswith("Training up to update 9,000.")
    monkeypatch.setattr(turns, "FIRST_PIECE", 60)
    (pause,) = [button for button in app.button if button.label == "Pause"]
    app = sound(pause.click().run())
    assert at <= still(app).run.update < 9000 and len(pictures(app)) == 2


def test_a_link_to_an_update_far_away_arrives_at_the_numbers_of_a_fresh_run(monkeypatch):
    monkeypatch.setattr("ui.play.playground.REACH_SECONDS", 0)
    app = opened(MOONS.replace("at=150", "at=2500"))
    while pg(app).replay is not None:
        app = sound(app.run())
    fresh = still(app).run.experiment.start()
    fresh.advance(updates=2500)
    assert np.array_equal(still(sound(app.run())).run.network.theta, fresh.network.theta)


def test_the_address_holds_the_moment_and_each_moment_of_the_path_leads_to_the_playground():
    app = opened()
    assert app.query_params["at"] in ("150", ["150"])
    (box,) = [box for box in app.selectbox if box.label == "Moment of the path"]
    app = sound(box.set_value(still(app).path.updates[3]).run())
    (link,) = app.get("page_link")
    assert f"at={still(app).path.updates[3]}" in link.proto.query_string
    assert "dataset=moons" in link.proto.query_string


def test_the_path_is_there_in_numbers_when_it_is_asked_for():
    app = opened(EDITED)
    assert len(app.dataframe) == 0
    app.session_state["playground_landscape_numbers"] = True
    app = sound(app.run())
    table = app.dataframe[0].value
    assert table["update"].tolist() == still(app).path.updates.tolist()
    assert table["changed by hand"].sum() == 1
    run = still(app).run
    expected = [total_loss(run.network.replace(w), run.x_train, run.y_train, "bce") for w in still(app).path.thetas]
    assert table["loss"].tolist() == pytest.approx(expected, rel=1e-12)


def behind() -> Playground:
    """One by a link whose way on, from update 20 to 60, is still to be trained."""
    playground, other = Playground(sn.Experiment(samples=60, hidden=(3,))), Playground()
    playground.reach(60)
    playground.goto(20)
    other.open(playground.link)
    assert other.is_behind and other.run.been == 20
    return other


@pytest.mark.parametrize("arrive", [lambda pg: arriving.train(pg, 60), arriving.catch_up])
def test_who_finds_another_thread_of_the_visitor_at_work_gives_the_turn_back(monkeypatch, arrive):
    own = Gate()
    monkeypatch.setattr(arriving, "gate", lambda: own)
    playground, held, returned, waited = behind(), threading.Event(), threading.Event(), []

    def work():
        with playground.lock:
            held.set()
            waited.append(returned.wait(5))

    thread = threading.Thread(target=work)
    thread.start()
    held.wait(10)
    arrive(playground)
    returned.set()
    thread.join()
    assert waited == [True] and playground.run.been == 20


@pytest.mark.parametrize("is_awaited", [True, False])
def test_missing_branches_are_trained_no_further_while_somebody_waits_who_has_just_done_something(
    monkeypatch, is_awaited
):
    class Asked(Gate):
        def is_awaited(self) -> bool:
            return is_awaited

    own = Asked()
    monkeypatch.setattr(arriving, "gate", lambda: own)
    monkeypatch.setattr(turns, "FIRST_PIECE", 2.0 if is_awaited else 60)
    playground = behind()
    arriving.catch_up(playground)
    assert playground.is_behind is is_awaited
    assert playground.shown == playground.run.update == 20


# Heights


def way(*losses):
    k = len(losses)
    zeros = np.zeros(k)
    return Way("path", np.zeros((k, 2)), np.arange(k), np.array(losses), zeros, zeros > 0)


def test_losses_far_above_the_path_are_cut_off_and_counted():
    surface = np.array([[0.5, 3.0], [9.0, 100.0]])
    drawn = heights(surface, [way(2.0, 1.0)], is_log=False)
    assert drawn.surface.tolist() == [[0.5, 3.0], [8.0, 8.0]] and (drawn.low, drawn.high) == (0.5, 8.0)
    assert drawn.said == (
        "At 2 of 4 places the loss is above 8, 4 times the largest on the path (up to 100): they are drawn at 8.",
    )
    drawn = heights(surface, [way(2.0, 1.0)], is_log=True)
    assert drawn.surface.tolist() == surface.tolist() and drawn.said == () and not drawn.clipped


def test_what_is_no_number_or_zero_on_a_logarithmic_scale_is_drawn_at_an_end_and_counted():
    surface = np.array([[math.nan, math.inf], [0.0, 2.0], [1e-14, 4.0]])
    drawn = heights(surface, [way(1.0, math.inf)], is_log=True)
    assert drawn.surface.ravel().tolist() == pytest.approx([4.0, 4.0, 4e-12, 2.0, 4e-12, 4.0])
    assert drawn.ways[0].tolist() == [1.0, 4.0]
    assert drawn.said == (
        "At 2 places the loss is below 4e-12: they are drawn at 4e-12.",
        "At 2 of 6 places the loss is too large for a number: they are drawn at 4.",
    )


def test_a_surface_without_any_number_is_still_a_picture():
    drawn = heights(np.full((2, 2), math.nan), [way(math.nan)], is_log=False)
    assert np.isfinite(drawn.surface).all() and "At 4 of 4 places" in drawn.said[0]


def test_who_points_at_a_place_reads_its_own_loss_on_both_pictures_also_where_it_is_cut_off():
    losses = np.array([[0.5, 3.0, 1.0], [9.0, 100.0, math.inf]])
    drawn = np.arange(3.0), np.arange(2.0), losses, [way(2.0, 1.0)], ("a", "b")
    for is_log in (False, True):
        for figure in (map_figure, surface_figure):
            surface = figure(Scene(*drawn, is_log))["data"][0]
            assert surface["hovertemplate"].endswith("loss %{text}<extra></extra>")
            assert surface["text"] == [["0.5", "3", "1"], ["9", "100", text(math.inf)]]
    calm = figure(Scene(*drawn[:2], np.full((2, 3), 1.5), *drawn[3:], False))["data"][0]  # nothing is cut off
    assert "loss %{z:" in calm["hovertemplate"] and "text" not in calm


def test_of_a_path_on_the_surface_only_what_lies_inside_the_window_is_drawn():
    places = np.array([[0.0, 0.0], [2.5, 0.0], [1.0, 1.5], [-0.1, 0.5], [1.0, -0.1], [2.0, 1.0]])
    zeros = np.zeros(6)
    path = Way("path", places, np.arange(6), np.ones(6), zeros, zeros > 0)
    figure = surface_figure(Scene(np.arange(3.0), np.arange(2.0), np.ones((2, 3)), [path], ("a", "b"), False))
    line = next(trace for trace in figure["data"] if trace.get("name") == "path")
    assert np.isnan(line["x"]).tolist() == [False, True, True, True, True, False]


def test_all_branches_of_a_run_lie_on_one_plane_each_from_where_it_left_its_parent():
    app = opened(MOONS)
    with pg(app).lock:
        pg(app).goto(60)
        pg(app).apply(learning_rate=0.1)
        for _ in range(10):
            pg(app).step("epoch")
        pg(app).rename(1, "<b>quick</b> $x$")
        pg(app).goto(75)
        pg(app).apply(l2=0.01)
        pg(app).step("epoch")
    app = sound(app.run())
    now, others = still(app), {}
    for fork in pg(app).forks.every[:2]:
        run = fork.experiment.start()
        run.advance(updates=fork.furthest)
        others[fork.furthest] = run.network.theta
    assert [path.updates[-1] for path in now.paths] == [pg(app).shown, *others] and now.missing == 0
    for path, theta in zip(now.paths[1:], others.values(), strict=True):
        assert np.array_equal(path.thetas[-1], theta)
    assert [path.updates[0] for path in now.paths] == [0, 0, 60]
    every = np.concatenate([path.thetas for path in now.paths])
    _, _, directions = np.linalg.svd(every - every.mean(axis=0), full_matrices=False)
    branches = [trace for trace in figures(app)[0]["data"] if str(trace.get("name", "")).startswith("branch")]
    assert [trace["name"] for trace in branches] == ["branch: as it began", "branch: &lt;b&gt;quick&lt;/b&gt; $x$"]
    assert len({trace["line"]["dash"] for trace in branches}) == 2
    for trace, theta in zip(branches, others.values(), strict=True):
        assert abs(trace["x"][-1]) == pytest.approx(abs((theta - now.network.theta) @ directions[0]))
    said = " ".join(text.value for text in app.text)
    assert "The branch “<b>quick</b> $x$” leaves its parent at update 60" in said
    assert all("The branch as it began ends at" in picture for picture in pictures(app)[:2])


def test_the_way_to_where_another_branch_ends_is_trained_in_turns_of_the_gate(monkeypatch):
    app = opened(MOONS)
    with pg(app).lock:
        pg(app).goto(60)
        pg(app).apply(learning_rate=0.1)
    app = sound(app.run())
    del app.session_state["playground_landscape_still"]
    trained, updated = [], sn.trainer.BatchUpdate.__call__

    def in_turn(update, *given):
        trained.append(gate()._inside is not None)
        return updated(update, *given)

    monkeypatch.setattr(sn.trainer.BatchUpdate, "__call__", in_turn)
    (other,) = pg(app)._kept.runs
    other.approach(0)
    other._checkpoints[1:] = []  # as of a long run, whose checkpoints lie far apart
    app = sound(app.run())
    assert len(still(app).paths) == 2 and still(app).paths[1].updates[-1] == 150
    assert len(trained) >= 150 and all(trained)


def test_branches_that_come_with_a_link_are_trained_for_a_moment_and_else_said_not_to_be_drawn(monkeypatch):
    app = opened(MOONS)
    with pg(app).lock:
        pg(app).goto(60)
        pg(app).apply(learning_rate=0.1)
        pg(app).step("epoch")
    link = pg(app).link
    assert "forks=" in link
    there = still(opened(link))
    assert there.missing == 0 and [path.updates[-1] for path in there.paths] == [63, 150]
    monkeypatch.setattr(turns, "FIRST_PIECE", 0)
    app = opened(link)
    assert still(app).missing == 1 and len(still(app).paths) == 1
    assert any("1 other branch is not drawn: go there once" in text.value for text in app.text)
