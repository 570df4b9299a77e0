"""The link to a moment: update, speed and stop rules beside the Experiment, read leniently like it."""

from dataclasses import replace

import numpy as np
import pytest

import scratchnet as sn
from ui import moment
from ui.gallery import FIRST
from ui.moment import MOST_UPDATES, Moment, read
from ui.play.playground import SPEEDS, Playground

EDITED = sn.Experiment(hidden=(3,), samples=60).with_event(5, learning_rate=0.05).with_edit(9, 0, 1, 0, 2.5)


@pytest.mark.parametrize(
    "there",
    [
        Moment(sn.Experiment()),
        Moment(EDITED, 250),
        Moment(EDITED, 9, "1u", {"solved": True, "plateau": False, "epochs": None}),
        Moment(EDITED, MOST_UPDATES, "max", {"solved": True, "plateau": True, "epochs": 1500}),
        Moment(sn.Experiment(dataset="sine", output="identity", loss="mse", features=("x1",)), 1, probe=(-0.125,)),
        Moment(EDITED, 250, probe=(0.1 + 0.2, -1e6)),
        Moment(EDITED, 250, ticks=("test", "discretize", "log")),
        Moment(EDITED, ticks=("linear",)),
        Moment(sn.Experiment(dataset="tutorial", features=("x1",)), 3, probe=(0.0, 1e-9, 7.0), columns=(2, 0)),
    ],
)
def test_a_moment_survives_its_link(there):
    assert moment.read(there.query, SPEEDS) == (there, ())
    assert moment.read("?" + there.query, SPEEDS) == (there, ())


def test_what_is_as_usual_is_left_out_and_the_experiment_reads_the_rest_as_it_always_did():
    assert Moment(EDITED).query == EDITED.to_query()
    assert Moment(EDITED, 250, "1e").query == EDITED.to_query() + "&at=250&speed=1e"


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("at=-5", "got '-5'"),
        ("at=", "got ''"),
        ("at=nan", "got 'nan'"),
        ("at=1e3", "got '1e3'"),
        ("at=2.5", "got '2.5'"),
        ("at=%D9%A3", "the number of an update"),  # a digit of another script
        ("at=99999999999", "99,999,999,999 is too far"),
        ("at=" + "9" * 5000, "the number of an update"),
        ("at=3&at=4", "'at' is given more than once"),
        ("at=500&until=100", "until: expected the furthest update that was seen, no earlier than the one to show"),
        ("speed=warp", "got 'warp'"),
        ("speed=%3Cb%3E", "got '<b>'"),
        ("stop=never", "got 'never'"),
        ("stop=0", "got '0'"),
        ("stop=solved-9999999999", "got '9999999999'"),
        ("input=1", "a number for each of x1, x2, at most 1,000,000 in size, got '1'"),
        ("input=1_2_3", "got '1_2_3'"),
        ("input=1_nan", "got '1_nan'"),
        ("input=1_-2e6", "got '1_-2e6'"),
        ("input=", "got ''"),
        ("input=1_%3Cb%3E", "got '1_<b>'"),
        ("show=test-warp", "one of log or linear, such as test-log, got 'test-warp'"),
        ("show=log-linear", "got 'log-linear'"),
        ("show=%3Cb%3E", "got '<b>'"),
        ("axes=1_2", "none, for this data has no others, got '1_2'"),
        ("dataset=tutorial&axes=1_4", "two of 1, 2, 3, such as 1_2, got '1_4'"),
        ("dataset=tutorial&axes=2_2", "got '2_2'"),
        ("dataset=tutorial&axes=3", "got '3'"),
    ],
)
def test_a_value_that_cannot_be_used_gets_one_sentence_and_the_rest_opens(query, says):
    there, ignored = moment.read(f"hidden=5&{query}&init_seed=3", SPEEDS)
    assert len(ignored) == 1 and says in ignored[0] and ignored[0].endswith(".")
    assert (there.experiment.hidden, there.experiment.init_seed) == ((5,), 3)
    assert (there.probe, there.columns) == (None, (0, 1))
    assert 0 <= there.update <= MOST_UPDATES and there.speed in SPEEDS


def test_an_experiments_own_mistakes_are_told_beside_those_of_the_moment():
    there, ignored = moment.read("hidden=x&at=7&stop=solved&nonsense=1", SPEEDS)
    assert (there.update, there.stop["solved"]) == (7, True)
    assert len(ignored) == 2 and "hidden" in ignored[0] and "nonsense" in ignored[1]


@pytest.mark.parametrize("text", [None, 5, "x" * 300_000, "&&&===", "%", "at", "at&speed&stop"])
def test_no_text_at_all_breaks_it(text):
    there, ignored = moment.read(text, SPEEDS)
    assert there.experiment == sn.Experiment() and all(ignored)


def test_a_link_to_another_view_of_the_same_numbers_trains_nothing_again_and_is_no_change_to_take_back(monkeypatch):
    playground = Playground(sn.Experiment(dataset="tutorial", features=("x1", "x2")))
    playground.open(playground.link)
    playground.step("epoch")
    there = playground.moment
    monkeypatch.setattr(sn.Run, "advance", None)
    playground.open(replace(there, probe=(0.5, 0.25, -1.0), columns=(0, 2)).query)
    assert playground.shown == there.update > 0 and not playground.can_undo
    assert (playground.probe, playground.columns) == ((0.5, 0.25, -1.0), (0, 2))
    playground.open(there.query)
    assert (playground.probe, playground.columns) == (None, (0, 1))


@pytest.mark.parametrize(
    ("columns", "then"), [([2, 0], (2, 0)), ("nonsense", (0, 1)), ([1, 1], (0, 1)), (None, (0, 1))]
)
def test_a_playground_that_the_server_had_lost_comes_back_with_its_view(columns, then):
    playground = Playground()
    query = sn.Experiment(dataset="tutorial", features=("x1",)).to_query()
    playground.resume(query, 0, False, probe=[1, 2, 3], columns=columns)
    assert (playground.probe, playground.columns) == ((1.0, 2.0, 3.0), then)


def test_of_a_key_given_twice_the_first_counts_as_the_sentence_says():
    there, ignored = moment.read("at=3&at=4&speed=1u&speed=max&stop=7&stop=solved", SPEEDS)
    assert (there.update, there.speed, there.stop["epochs"], there.stop["solved"]) == (3, "1u", 7, False)
    assert len(ignored) == 3 and all("the first one, " in sentence for sentence in ignored)


@pytest.mark.parametrize(
    ("query", "opens_first"),
    [
        ("", True),
        ("utm_source=mail", True),
        ("fbclid=x&hello", True),
        ("utm_source=mail&learning_rate=0.1", False),
        ("3.learning_rate=0.1", False),
        ("optimizer.momentum=0.9", False),
        ("at=0", False),
    ],
)
def test_an_address_that_says_nothing_of_an_experiment_opens_the_first_one_whatever_hangs_on_it(query, opens_first):
    playground = Playground()
    playground.open(query, FIRST)
    assert (playground.run.experiment == FIRST) == opens_first
    assert playground.notice.count("is left out") == query.count("=mail") + ("fbclid" in query) * 2


def wide(columns=5):
    x = np.random.default_rng(0).normal(0, 1, (40, columns))
    names = tuple(f"column {k}" for k in range(columns))
    return sn.Points("wide", x, (x[:, 0] > 0).astype(int), names, classes=("no", "yes"))


@pytest.mark.parametrize(("columns", "said"), [((), ""), ((0, 1), "axes=1_2"), ((3, 1), "axes=4_2")])
def test_of_many_columns_the_map_shows_the_principal_components_unless_the_link_says_otherwise(columns, said):
    points = wide()
    experiment = sn.Experiment(dataset=points, hidden=(3,), **sn.defaults_for(points))
    there = Moment(experiment, columns=columns)
    assert said in there.query and ("axes" in there.query) is bool(said)
    pg = Playground(files={points.digest: points})
    pg.open(there.query)
    assert pg.columns == columns and pg.moment == there
    opened, ignored = read(there.query, SPEEDS, {points.digest: points})
    assert opened == there and ignored == ()


def test_another_data_set_brings_its_own_usual_picture_and_the_principal_one_may_be_chosen_from_three_columns_on():
    pg = Playground()
    assert pg.columns == (0, 1)
    pg.slice([])
    assert pg.columns == (0, 1) and pg.notice
    points = wide()
    pg.apply(dataset=points)
    assert pg.columns == ()
    pg.slice([2, 4])
    pg.apply(hidden=(2,))
    assert pg.columns == (2, 4)
    pg.apply(dataset="tutorial")
    assert pg.columns == (0, 1)
    pg.slice([])
    assert pg.columns == () and "axes=pca" in pg.link
    pg.apply(dataset="spiral")
    assert pg.columns == (0, 1)
