"""A film of a run's way: its frames are those that a fresh run makes, and a lost answer is asked for again."""

from collections.abc import Callable
from contextlib import contextmanager

import numpy as np
import pytest

import scratchnet as sn
from ui.play import drawn_points, payload
from ui.play.conversation import Conversation
from ui.play.film import MOST_BYTES, MOST_FRAMES, film
from ui.play.playground import Playground

SMALL = sn.Experiment(dataset="circle", samples=60, hidden=(3,), learning_rate=0.1)


def trained(experiment: sn.Experiment = SMALL, updates: int = 3000) -> sn.Run:
    run = experiment.start()
    run.advance(updates=updates)
    return run


def test_a_film_is_of_true_frames_spread_over_the_way_and_leaves_the_run_as_it_is():
    run = trained()
    run.goto(500)
    run.change(learning_rate=0.03)
    run.advance(updates=2500)
    run.goto(2000)
    scene, probe = payload.Scene(run, 1), (0.5, -1.0)
    frames = film(scene, run, 0, 3000, 20, probe, lambda: 0.0)
    updates = [frame.update for frame in frames]
    assert updates == sorted(set(updates)) and updates[0] == 0 and len(updates) > 12
    assert max(np.diff([*updates, 3000])) < 400
    for frame in frames:
        fresh = run.experiment.start()
        fresh.goto(frame.update)
        true = payload.Scene(fresh, 1).frame(fresh, probe)
        assert (frame.epoch, frame.evaluation, frame.points) == (true.epoch, true.evaluation, scene.points)
        for name in ("theta", "inputs", "z", "a", "output_maps", "crossings", "unit_maps", "ranges"):
            assert np.array_equal(getattr(frame, name), getattr(true, name)), name
    assert run.update == 2000


def test_a_film_is_bounded_in_frames_time_and_bytes_and_begins_with_what_is_spread():
    run = trained()
    scene = payload.Scene(run, 1)
    assert len(film(scene, run, 0, 3000, 500, None, lambda: 0.0)) <= MOST_FRAMES
    ticks = iter(np.arange(0, 10, 0.04))
    short = [frame.update for frame in film(scene, run, 0, 3000, 33, None, lambda: float(next(ticks)))]
    assert 3 <= len(short) <= 5 and short[0] < 100 and short[-1] > 2900
    assert any(1000 < update < 2000 for update in short)
    wide = trained(SMALL.replace(hidden=(20,) * 6), 300)
    ticks = iter(np.arange(0, 10, 0.04))
    shorter = film(scene, run, 0, 3000, 33, None, lambda: float(next(ticks)), seconds=0.05)
    assert [frame.update for frame in shorter] == [0, short[-1]]
    frames = film(payload.Scene(wide, 1), wide, 0, 300, 48, None, lambda: 0.0)
    assert 5 < len(frames) < 48 and sum(frame.nbytes for frame in frames) <= MOST_BYTES


def test_a_stretch_without_a_checkpoint_has_no_frames_and_other_points_are_left_out():
    run = trained()
    assert film(payload.Scene(run, 1), run, 2991, 2992, 10, None, lambda: 0.0) == []
    points, _ = drawn_points.taken(run.dataset, "circle")
    drawn = trained(SMALL.replace(dataset=points), 1000)
    drawn.draw(points.with_rows(points.rows()[:-3]))
    drawn.advance(updates=1000)
    updates = [frame.update for frame in film(payload.Scene(drawn, 1), drawn, 0, 2000, 40, None, lambda: 0.0)]
    assert len(updates) > 5 and min(updates) >= 1000


def at_once() -> float:
    """A clock that stands still: how much is filmed must not depend on how busy this machine is."""
    return 0.0


def said(conversation: Conversation, **message) -> dict:
    header, arrays = payload.unpack(conversation.answer(message, clock=at_once))
    header["arrays_of"] = arrays
    return header


def test_a_film_is_answered_once_for_a_message_and_again_where_the_answer_was_lost():
    pg = Playground(SMALL)
    conversation = Conversation(pg)
    first = said(conversation)
    pg.run.advance(updates=2000)
    pg.sees(1500)  # it is ahead of the picture
    same = {"visit": first["visit"], "generation": first["generation"], "tail": 2000, "shown": 1500, "scene": 1}
    asked = same | {"film": {"from": 0, "to": 5000, "n": 24}}
    answer = said(conversation, n=1, **asked)
    updates = [frame["update"] for frame in answer["film"]["frames"]]
    assert len(updates) > 8 and updates[-1] <= 1500
    assert len(answer["arrays_of"]["film_theta"]) == len(updates)
    assert [frame["update"] for frame in answer["frames"]] == []
    assert "film" not in said(conversation, n=1, **asked)  # the page ran again: nobody asked anew
    again = said(conversation, n=2, **asked)
    assert [frame["update"] for frame in again["film"]["frames"]] == updates
    assert "film" not in said(conversation, n=3, **asked | {"generation": first["generation"] - 1})
    assert (pg.run.update, pg.shown, pg.playing) == (2000, 1500, False)


def test_who_lets_go_of_the_slider_while_a_film_is_asked_for_has_the_exact_state_in_a_turn_that_goes_first():
    gate, pg = Counting(), Playground(SMALL)
    conversation = Conversation(pg)
    first = said(conversation)
    pg.run.advance(updates=2000)
    pg.sees(2000)
    film_of = {"from": 0, "to": 2000, "n": 24}
    let_go = {"kind": "goto", "id": 1, "update": 700}
    held = {"visit": first["visit"], "generation": first["generation"], "tail": 2000, "shown": 2000, "scene": 1}
    message = held | {"n": 1, "film": film_of, "outbox": [let_go]}
    header, _ = payload.unpack(conversation.answer(message, gate, at_once))
    assert (header["frames"][0]["update"], header["done"], gate.turns) == (700, 1, [True])
    message = held | {"generation": header["generation"], "tail": 700, "shown": 700, "n": 2, "film": film_of}
    header, _ = payload.unpack(conversation.answer(message, gate, at_once))
    assert (len(header["film"]["frames"]) > 8, gate.turns) == (True, [True, False])


@pytest.mark.parametrize(("players", "seconds"), [(1, 0.15), (3, 0.15), (30, 0.05), (80, 0.08)])
def test_the_turn_of_a_film_is_no_longer_than_anybody_s_where_many_train(players, seconds):
    pg, now = Playground(SMALL), iter(np.arange(0, 10, 0.01))
    conversation = Conversation(pg)
    first = said(conversation)
    pg.run.advance(updates=3000)
    pg.sees(3000)
    same = {"visit": first["visit"], "generation": first["generation"], "tail": 3000, "shown": 3000, "scene": 1}
    message = same | {"n": 1, "film": {"from": 0, "to": 3000, "n": 40}}
    header, _ = payload.unpack(conversation.answer(message, Counting(players), lambda: float(next(now))))
    took = 0.01 * len(header["film"]["frames"])  # it looks at the clock once for each of its frames
    assert seconds <= took <= seconds + 0.015


def test_a_film_ends_where_somebody_waits_who_has_just_done_something():
    pg = Playground(SMALL)
    conversation = Conversation(pg)
    first = said(conversation)
    pg.run.advance(updates=3000)
    pg.sees(3000)
    same = {"visit": first["visit"], "generation": first["generation"], "tail": 3000, "shown": 3000, "scene": 1}
    message = same | {"n": 1, "film": {"from": 0, "to": 3000, "n": 40}}
    looks = iter([False, False, True])
    header, _ = payload.unpack(conversation.answer(message, Counting(2, lambda: next(looks)), at_once))
    assert len(header["film"]["frames"]) == 3


class Counting:
    """A gate that says so many train, and notes of each who waits for it whether she goes first."""

    def __init__(self, players: int = 30, is_awaited: Callable[[], bool] = lambda: False):
        self.players = lambda who: players
        self.is_awaited = is_awaited
        self.turns: list[bool] = []

    @contextmanager
    def turn(self, who, first, gives_up):
        self.turns.append(first)
        yield True


@pytest.mark.parametrize(
    "asked",
    [None, 3, [], {}, {"from": 0, "to": 10}, {"from": 5, "to": 2, "n": 3}, {"from": -1, "to": 2, "n": 3}]
    + [{"from": 0, "to": 10, "n": bad} for bad in (0, -4, "9", 1.5, None, 1e300)],
)
def test_what_is_no_film_is_not_answered(asked):
    conversation = Conversation(Playground(SMALL))
    first = said(conversation)
    same = {"visit": first["visit"], "generation": first["generation"]}
    assert "film" not in said(conversation, n=1, film=asked, **same)
