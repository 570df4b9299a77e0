"""Comparison: two to four boards with the same data, opened by one link, each equal to its own run."""

from itertools import pairwise
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.cost import multiplications
from ui.compare.comparison import NAMES, ON_THE_WAY, Comparison, link
from ui.gate import Gate
from ui.play.conversation import Conversation
from ui.play.playground import Playground

SMALL = sn.Experiment(dataset="circle", hidden=(4,), samples=60)
FASTER = SMALL.replace(learning_rate=0.1)


def compared(*experiments: sn.Experiment) -> Comparison:
    known: dict[str, Conversation] = {}

    def conversation_of(name: str) -> Conversation:
        if name not in known:
            known[name] = Conversation(Playground(name=name))
        return known[name]

    return Comparison(conversation_of, experiments or (SMALL, FASTER))


def stand_at(of: Comparison, update: int) -> None:
    for pg in of.playgrounds:
        pg.reach(update)


def fresh(experiment: sn.Experiment, update: int) -> np.ndarray:
    run = experiment.start()
    run.advance(updates=update)
    return run.network.theta


def shown_by(of: Comparison) -> list[int]:
    return [pg.shown for pg in of.playgrounds]


def test_a_link_opens_the_same_boards_at_the_same_update_with_the_same_numbers():
    forked = SMALL.with_event(20, learning_rate=0.3).with_edit(20, 0, 1, None, 0.5)
    of = compared(SMALL, forked, SMALL.replace(hidden=(3, 3), optimizer="sgd"))
    stand_at(of, 37)
    other = compared()
    other.open(of.link)
    assert (other.experiments, shown_by(other), other.notice) == (of.experiments, [37] * 3, "")
    for pg in other.playgrounds:
        assert pg.run.network.theta.tobytes() == fresh(pg.run.experiment, 37).tobytes()
    assert other.link == of.link
    assert link([forked] * 4).count(urlencode({"dataset": "circle"}).replace("=", "%3D")) == 1  # the data once


def test_a_board_that_diverges_is_opened_where_it_ends_and_the_others_go_on():
    wild = sn.Experiment(dataset="plane", hidden=(), output="identity", loss="mse", optimizer="sgd", learning_rate=0.3)
    calm = wild.replace(learning_rate=0.03)
    of = compared(wild, calm)
    stand_at(of, 2000)
    end, all_of_it = shown_by(of)
    assert 0 < end < 2000 == all_of_it and of.playgrounds[0].run.status == "diverged"
    other = compared()
    other.open(of.link)
    assert shown_by(other) == [end, 2000] and other.playgrounds[0].run.status == "diverged"


@pytest.mark.parametrize("text", ["", "nothing=1", "at=5", "e=dataset%3Dmoons", "a" * 300_000, "c"])
def test_a_link_without_a_board_leaves_what_is_there(text):
    of = compared()
    of.open(text)
    assert of.experiments == (SMALL, FASTER)
    assert bool(of.notice) == (len(text) > 200_000)


@pytest.mark.parametrize(
    ("text", "boards", "said"),
    [
        ("a=dataset%3Dmoons", ["moons", "moons"], "board 'A' alone"),
        ("b=hidden%3D3", ["spiral", "spiral"], "board 'B' alone"),
        ("a=dataset%3Dmoons&b=hidden%3D3%26dataset%3Dxor", ["moons", "moons"], ""),
        ("a=dataset%3Dmoons&b=hidden%3Dlots", ["moons", "moons"], "hidden"),
        ("a=dataset%3Dmoons&b=&a=dataset%3Dxor&at=many", ["moons", "moons"], "at: expected the number of an update"),
    ],
)
def test_a_damaged_link_opens_what_is_left_of_it_and_says_one_sentence(text, boards, said):
    of = compared()
    of.open(text)
    assert [experiment.dataset for experiment in of.experiments] == boards
    assert said in of.notice and of.notice.count(". ") == 0


def test_what_differs_is_said_as_it_is_called_on_screen_and_nothing_else():
    of = compared(SMALL, FASTER.replace(hidden=(8, 8)), SMALL.replace(optimizer="sgd", batch_size=30))
    assert of.differences == {
        "Units of the hidden layers": ["4", "8, 8", "4"],
        "Optimizer": ["Adam", "Adam", "SGD"],
        "Learning rate": ["0.01", "0.1", "0.01"],
        "Batch size": ["10", "10", "all"],  # of 30
    }
    assert compared(SMALL, SMALL).differences == {}


def test_two_futures_differ_in_what_was_changed_on_the_way():
    of = compared(SMALL.with_event(20, learning_rate=0.3), SMALL)
    assert of.differences == {ON_THE_WAY: ["Learning rate 0.3 from update 20", "–"]}
    stand_at(of, 20)
    assert of.differences["Learning rate"] == ["0.3", "0.01"]
    begun = compared(SMALL.with_event(0, learning_rate=0.3), SMALL)  # what was chosen at the start is no such change
    assert begun.differences == {"Learning rate": ["0.3", "0.01"]}


@pytest.mark.parametrize(
    ("changes", "alike"),
    [
        ({"activation": "relu", "learning_rate": 1.0, "batch_size": 30, "l2": 0.1}, True),
        ({"order_seed": 5}, True),
        ({"hidden": (5,)}, False),
        ({"initializer": "he_normal"}, False),
        ({"init_seed": 1}, False),
    ],
)
def test_the_same_first_weights_are_promised_where_they_are_the_same(changes, alike):
    other = SMALL.replace(**changes)
    of = compared(SMALL, other)
    assert of.start_in_words().startswith("All begin with the same first weights") == alike
    assert (fresh(SMALL, 0).tobytes() == fresh(other, 0).tobytes()) == alike
    same_batches = other.start().next_batch().tolist() == SMALL.start().next_batch().tolist()
    assert of.start_in_words().endswith("the batches are the same.") == same_batches


def test_the_data_of_one_board_become_those_of_all_and_all_begin_anew():
    of = compared(SMALL, FASTER, SMALL.replace(activation="relu"))
    stand_at(of, 30)
    of.page_runs()
    of.playgrounds[1].apply(dataset="sine", samples=100)
    of.page_runs()
    assert [experiment.dataset for experiment in of.experiments] == ["sine"] * 3
    assert {(one.samples, one.loss, one.features) for one in of.experiments} == {(100, "mse", ("x1",))}
    assert shown_by(of) == [0, 0, 0]
    assert of.differences.keys() == {"Activation", "Learning rate"}


def test_a_change_within_a_run_leaves_all_where_they_are_and_one_that_begins_anew_takes_all_along():
    of = compared()
    stand_at(of, 30)
    of.page_runs()
    of.playgrounds[1].apply(learning_rate=0.3)
    of.page_runs()
    assert shown_by(of) == [30, 30] and of.experiments[1].events == ((30, {"learning_rate": 0.3}),)
    of.playgrounds[0].play()
    of.playgrounds[1].apply(hidden=(5,))
    of.page_runs()
    assert shown_by(of) == [0, 0] and not any(pg.playing for pg in of.playgrounds)
    assert of.notice.startswith("Started anew")
    assert of.playgrounds[0].furthest == 30  # nothing that was learned is forgotten


def test_boards_come_and_go_between_two_and_four_and_a_new_one_is_a_copy():
    of = compared()
    stand_at(of, 12)
    of.add()
    of.add()
    of.add()
    assert of.experiments == (SMALL, FASTER, FASTER, FASTER) and shown_by(of) == [12] * 4 and of.is_full
    of.remove(0)
    of.remove(7)
    assert of.experiments == (FASTER,) * 3
    of.remove(1)
    of.remove(1)
    assert len(of.boards) == 2 and not of.can_lose_one
    of.add()
    names = [pg.name for pg in of.playgrounds]
    assert [board.letter for board in of.boards] == ["A", "B", "C"]
    assert len(set(names)) == 3 and set(names) <= set(NAMES)
    of.page_runs()
    assert shown_by(of) == [12] * 3


def counted(sizes: tuple[int, ...]) -> int:
    """Multiplications of one sample's way forward and back, by walking it: each product of a weight or of a delta."""
    count = 0
    for before, units in pairwise(sizes):
        for _unit in range(units):
            for _source in range(before):
                count += 1  # weight times activation
    for layer in range(len(sizes) - 1, 0, -1):
        for _unit in range(sizes[layer]):
            for _source in range(sizes[layer - 1]):
                count += 1  # delta times activation: the weight's gradient
                if layer > 1:
                    count += 1  # weight times delta, on the way back
    return count


@pytest.mark.parametrize("sizes", [(2, 1), (2, 3, 1), (3, 5, 4, 2)])
def test_multiplications_are_counted_as_by_walking_forward_and_back(sizes):
    assert multiplications(sizes) == counted(sizes)


@pytest.mark.parametrize("batch_size", [1, 7, 10, 1000])
def test_the_cost_at_an_update_is_that_of_the_samples_which_were_used(batch_size):
    experiment = SMALL.replace(batch_size=batch_size)
    of = compared(experiment, SMALL)
    stand_at(of, 17)
    run, used = experiment.start(), 0
    for _ in range(17):
        used += len(run.next_batch())
        run.step()
    cost = of.costs()[0]
    assert (cost["update"], cost["multiplications"]) == (17, used * counted((2, 4, 1)))
    assert run.samples_used == used
    epoch = -(-30 // batch_size)
    assert of.per_update()[0] == pytest.approx(30 * counted((2, 4, 1)) / epoch)


def test_a_batch_size_changed_on_the_way_is_counted_too_and_drawn_points_are_not():
    changed = SMALL.with_event(4, batch_size=3)
    of = compared(changed, SMALL)
    stand_at(of, 9)
    run, used = changed.start(), 0
    for _ in range(9):
        used += len(run.next_batch())
        run.step()
    assert of.costs()[0]["multiplications"] == used * counted((2, 4, 1))
    assert of.costs()[0]["seconds"] is None  # nothing was measured yet


def test_the_boards_of_one_visitor_wait_for_the_gate_as_one():
    of = compared(SMALL, FASTER, SMALL, FASTER)
    gate, asked = Gate(), []
    turn = gate.turn
    gate.turn = lambda who, *args: asked.append(who) or turn(who, *args)
    for n, board in enumerate(of.boards):
        board.answer({"n": 1, "outbox": [{"kind": "play", "id": 1}]}, gate)
        assert len(asked) == n + 1
    assert len(set(asked)) == 1 and gate.players("somebody else") == 2
    assert compared().boards[0].who not in asked
    assert all(updates > 0 and seconds > 0 for updates, seconds in (board.trained for board in of.boards))


def test_a_board_reaches_any_update_and_refuses_what_is_none():
    pg = Playground(SMALL)
    pg.reach(40)
    assert pg.shown == 40 and pg.run.network.theta.tobytes() == fresh(SMALL, 40).tobytes()
    pg.reach(11)
    assert (pg.shown, pg.furthest) == (11, 40)
    for wrong in (-1, 1_000_001, 2.0, "7", None, True):
        pg.reach(wrong)
        assert "expected a whole number from 0 to 1,000,000" in pg.notice and pg.shown == 11


def test_a_link_for_two_copies_is_read_back_as_it_was():
    there = SMALL.with_event(5, l2=0.1)
    of = compared()
    of.open(urlencode(parse_qsl(link([there, there], 25, "max"))))
    assert of.experiments == (there, there) and shown_by(of) == [25, 25]
    assert [pg.speed for pg in of.playgrounds] == ["max", "max"]


def test_a_speed_in_epochs_means_those_of_the_first_board_for_all():
    of = compared(SMALL, SMALL.replace(batch_size=30), SMALL.replace(batch_size=1))
    assert [pg.limit for pg in of.playgrounds] == [30.0] * 3  # ten times the three updates of board A
    of.page_runs()
    of.playgrounds[0].apply(batch_size=5)
    of.page_runs()
    assert [pg.limit for pg in of.playgrounds] == [60.0] * 3
    of.remove(0)
    assert [pg.limit for pg in of.playgrounds] == [10.0] * 2
    assert Playground(SMALL.replace(batch_size=30)).limit == 10.0
