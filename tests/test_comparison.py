"""Comparison: two to four boards with the same data, opened by one link, each equal to its own run."""

from itertools import pairwise
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.cost import multiplications
from tests.test_state import Board
from ui.compare.comparison import NAMES, ON_THE_WAY, Comparison, link
from ui.gate import Gate
from ui.play.conversation import Conversation
from ui.play.playground import MOST_MEASURED, Playground, work_of

SMALL = sn.Experiment(dataset="circle", hidden=(4,), samples=60)
FASTER = SMALL.replace(learning_rate=0.1)


def points(count: int) -> sn.Points:
    """Drawn points, every third one for testing."""
    random = np.random.default_rng(0)
    x, y, parts = random.uniform(-6, 6, (count, 2)).round(2), np.arange(count) % 2, np.arange(count) % 3 // 2 * 2
    return sn.Points("drawn", x, y, ("x1", "x2"), "class", ("a", "b"), (), parts, ((-6.0, 6.0),) * 2)


DRAWN = SMALL.replace(dataset=points(30))


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
        while pg.replay is not None:  # a large network on a busy machine goes on in pieces
            pg.train(1000)


def compared_at(update: int) -> Comparison:
    """Two boards that stand at an update, and the page has run since."""
    of = compared()
    stand_at(of, update)
    of.page_runs()
    return of


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
    assert bool(of.notice) == bool(text)


@pytest.mark.parametrize(
    ("text", "boards", "said"),
    [
        ("a=dataset%3Dmoons", ["moons", "moons"], "board 'A' alone"),
        ("b=hidden%3D3", ["spiral", "spiral"], "board 'B' alone"),
        ("a=dataset%3Dmoons&b=hidden%3D3%26dataset%3Dxor", ["moons", "moons"], ""),
        ("a=dataset%3Dmoons&b=hidden%3Dlots", ["moons", "moons"], "hidden"),
        ("a=dataset%3Dmoons&b=hidden%3D3&at=many", ["moons", "moons"], "at: expected the number of an update"),
    ],
)
def test_a_damaged_link_opens_what_is_left_of_it_and_says_one_sentence(text, boards, said):
    of = compared()
    of.open(text)
    assert [experiment.dataset for experiment in of.experiments] == boards
    assert said in of.notice and of.notice.count(". ") == 0


def test_what_is_wrong_with_the_whole_link_is_said_beside_what_is_wrong_with_each_board_each_once():
    of = compared()
    of.open("a=dataset%3Dmoons%26hidden%3Dlots&b=noise%3Dx%26l1%3Dx&a=dataset%3Dxor&at=many&e=1")
    told = ["'a' is given more than once", "called 'e'", "hidden: ", "at: expected the number of an update", "l1: "]
    assert [of.notice.count(word) for word in told] == [1] * len(told)
    of.playgrounds[1].goto(-1)
    assert of.notice.count("at: ") == 1  # until the first board says something else
    of.playgrounds[0].goto(-1)
    assert of.notice.startswith("Update: expected")


def test_what_is_wrong_with_a_link_is_said_as_well_when_its_update_is_reached_after_a_while(monkeypatch):
    of = compared()
    monkeypatch.setattr("ui.play.playground.REACH_SECONDS", 0.0)
    of.open("a=dataset%3Dcircle%26hidden%3D3%26q%3D1&b=hidden%3D2&at=20&e=1")
    assert of.notice.startswith("Training up to update 20.") and "called 'q'" in of.notice
    arrive(of)
    assert shown_by(of) == [20, 20]
    assert "called 'q'" in of.notice and "called 'e'" in of.notice and "Training" not in of.notice


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


WORDS = {
    "the batches are the same.": [SMALL.with_event(0, learning_rate=0.1), SMALL.with_event(20, learning_rate=0.1)],
    "the points come in the same order, in batches of their own size.": [
        SMALL.with_event(0, batch_size=15),
        SMALL.with_event(20, batch_size=15),
        SMALL.replace(batch_size=30, order_seed=5),  # which are all points, in no order
    ],
    "the order of the points differs.": [SMALL.with_event(0, shuffle=False), SMALL.with_event(20, shuffle=False)],
    "the batches are of the same points, as other inputs.": [
        SMALL.replace(scaling="standard"),
        SMALL.replace(features=("x1^2", "x2^2")),
    ],
}


@pytest.mark.parametrize(("words", "other"), [(words, other) for words, others in WORDS.items() for other in others])
def test_the_words_about_the_batches_are_of_what_was_in_force_up_to_the_update_on_screen(words, other):
    of = compared(SMALL, other)
    stand_at(of, 20)
    assert of.start_in_words() == f"All begin with the same first weights; {words}"
    runs = [experiment.start() for experiment in of.experiments]
    batches = [[], []]
    for run, seen in zip(runs, batches, strict=True):
        for _ in range(24):
            seen.append(run.next_batch().tolist())
            run.step()
    assert (batches[0] == batches[1]) == ("the same." in words or "of the same points" in words)
    stand_at(of, 19)
    is_later = any(update == 20 for update, _ in other.events)
    assert of.start_in_words().endswith("the batches are the same." if is_later else words)


def test_a_setting_chosen_at_the_start_counts_in_the_words_about_the_batches():
    of = compared(SMALL, SMALL)
    of.playgrounds[1].apply(batch_size=50)
    assert of.start_in_words().endswith("the points come in the same order, in batches of their own size.")


def test_batches_that_are_all_points_on_both_boards_are_the_same_whatever_their_order():
    of = compared(SMALL.replace(batch_size=30), SMALL.replace(batch_size=1000, order_seed=5, shuffle=False))
    assert of.start_in_words().endswith("the batches are the same.")


def test_first_weights_set_by_hand_at_the_start_are_others_and_later_ones_are_not():
    edited = SMALL.with_edit(0, 0, 1, None, 0.5)
    assert compared(SMALL, edited).start_in_words().startswith("Their first weights differ")
    assert compared(edited, edited).start_in_words().startswith("All begin with the same first weights")
    assert "First weights: A, C alike; the others differ" in compared(SMALL, edited, SMALL).start_in_words()
    later = compared(SMALL, SMALL.with_edit(5, 0, 1, None, 0.5))
    stand_at(later, 9)
    assert later.start_in_words().startswith("All begin with the same first weights")
    zeros = [SMALL.replace(initializer="zeros", init_seed=seed) for seed in (1, 2)]
    assert compared(*zeros).start_in_words().startswith("All begin with the same first weights")


def test_points_that_were_drawn_on_one_board_are_other_points_from_then_on():
    of = compared(DRAWN, DRAWN.with_points(20, points(36)))
    stand_at(of, 19)
    assert of.start_in_words().endswith("the batches are the same.")
    stand_at(of, 20)
    assert of.start_in_words().endswith("the points differ.")


def test_data_that_one_board_cannot_take_are_refused_whole_and_nothing_is_lost():
    large = SMALL.replace(hidden=(128, 128, 128))
    of = compared(FASTER, large, SMALL)
    of.playgrounds[0].reach(12)
    of.playgrounds[0].apply(learning_rate=0.3)
    stand_at(of, 25)
    of.page_runs()
    stand_at(of, 30)  # which the page has not seen, as while they play
    before, link_before = of.experiments, of.link
    theta = [pg.run.network.theta.tobytes() for pg in of.playgrounds]
    assert of.playgrounds[0].apply(dataset="digits")
    of.page_runs()
    assert of.experiments == before and of.link == link_before and shown_by(of) == [30, 30, 30]
    assert [pg.run.network.theta.tobytes() for pg in of.playgrounds] == theta
    assert of.notice.startswith("Board B cannot learn from these points, so all keep theirs: ")
    assert "expected at most 40,000 weights and biases" in of.notice
    of.playgrounds[0].undo()  # what was done before it can be taken back as well
    of.page_runs()
    assert of.experiments == (FASTER, large, SMALL)
    assert of.playgrounds[0].apply(dataset="moons")
    of.page_runs()
    assert [experiment.dataset for experiment in of.experiments] == ["moons"] * 3 and "Board" not in of.notice


def test_data_that_come_back_by_undo_are_refused_as_well_where_another_board_has_outgrown_them():
    of = compared(*(one.replace(dataset="digits", **sn.defaults_for("digits")) for one in (SMALL, SMALL)))
    of.playgrounds[0].apply(dataset="moons")
    of.page_runs()
    of.playgrounds[1].apply(hidden=(128, 128, 128))
    of.page_runs()
    stand_at(of, 5)
    of.page_runs()
    stand_at(of, 9)
    before = of.experiments
    assert {experiment.dataset for experiment in before} == {"moons"}
    of.playgrounds[0].undo()
    of.page_runs()
    assert of.experiments == before and shown_by(of) == [9, 9] and of.notice.startswith("Board B cannot learn")
    assert of.playgrounds[0].can_undo  # it was done again


def test_where_and_how_fast_is_said_once_for_all_and_not_within_a_board():
    of = compared()
    inner = urlencode({"dataset": "circle", "at": "9", "speed": "max", "task": "x", "forks": "y", "until": "80"})
    of.open(urlencode({"a": inner, "b": inner, "at": "4", "speed": "1e"}))
    assert shown_by(of) == [4, 4] and [pg.speed for pg in of.playgrounds] == ["1e", "1e"]
    assert [pg.furthest for pg in of.playgrounds] == [4, 4]
    assert of.notice.count("is said of all boards or of none") == 2 * len(("at", "speed", "task", "forks", "until"))
    of.open(urlencode({"a": inner, "b": inner}))
    assert shown_by(of) == [0, 0] and of.playgrounds[0].task == ""


def test_a_link_without_board_a_says_so_though_it_has_two_others():
    of = compared()
    of.open(urlencode({"b": SMALL.to_query(), "c": FASTER.to_query()}))
    assert of.notice == "The link holds board 'B, C' alone; what is missing is as usual or a copy."
    of.open(urlencode({"a": SMALL.to_query(), "c": FASTER.to_query()}))
    assert of.notice == "In the link (they are A, B here), expected boards A, B, got A, C."
    assert of.experiments == (SMALL, FASTER)


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (4, ""),
        (5, "A comparison has at most 4 boards: 1 more branch of the run is not here."),
        (7, "A comparison has at most 4 boards: 3 more branches of the run are not here."),
    ],
)
def test_branches_that_find_no_place_are_counted_in_words(count, said):
    of = compared()
    of.open(link([SMALL.replace(init_seed=seed) for seed in range(count)], 5))
    assert [experiment.init_seed for experiment in of.experiments] == [0, 1, 2, 3]
    assert of.notice == said and "left" not in dict(parse_qsl(of.link))


@pytest.mark.parametrize("left", ["", "0", "-1", "many", "**3**", "1234", "²"])
def test_a_number_of_them_that_is_none_is_said_to_be_none(left):
    of = compared()
    of.open(link([SMALL, FASTER]) + "&" + urlencode({"left": left}))
    said = f"In the link (it is left out), left: expected how many branches found no place, got {left!r}."
    assert of.notice == (said if left else "") and of.experiments == (SMALL, FASTER)


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
    of = compared_at(30)
    of.playgrounds[1].apply(learning_rate=0.3)
    of.page_runs()
    assert shown_by(of) == [30, 30] and of.experiments[1].events == ((30, {"learning_rate": 0.3}),)
    of.playgrounds[0].play()
    of.playgrounds[1].apply(hidden=(5,))
    of.page_runs()
    assert shown_by(of) == [0, 0] and not any(pg.playing for pg in of.playgrounds)
    assert of.notice.startswith("Started anew")
    assert of.playgrounds[0].furthest == 30  # nothing that was learned is forgotten
    assert of.notice.endswith("cannot change within a run. It begins with the rate 0.3.")


def test_with_new_data_is_said_which_board_begins_with_what_was_changed_on_the_way():
    of = compared_at(30)
    of.playgrounds[1].apply(learning_rate=0.3)
    of.page_runs()
    stand_at(of, 60)
    of.playgrounds[0].goto(40)
    of.playgrounds[0].apply(l2=0.01)
    of.page_runs()
    of.playgrounds[0].new_data()
    of.page_runs()
    assert of.notice == (
        "New data: seed 1. The branches of this run went too; Undo brings all back. It begins with L2 0.01."
        " Board B begins with the rate 0.3."
    )
    of.undo()
    assert [len(pg.forks.every) for pg in of.playgrounds] == [2, 1]
    assert of.experiments[1].events == ((30, {"learning_rate": 0.3}),)


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


CHANGED = {
    "batches": SMALL.with_event(4, batch_size=3),
    "points": DRAWN.with_points(4, points(36)),
    "points and batches": DRAWN.with_points(4, points(36)).with_event(7, batch_size=4),
}


def walked(experiment: sn.Experiment, updates: int) -> list[int]:
    """Samples used after each update, counted batch by batch."""
    run, used = experiment.start(), [0]
    for _ in range(updates):
        used.append(used[-1] + len(run.next_batch()))
        run.step()
    return used


@pytest.mark.parametrize("what", CHANGED)
def test_batches_and_points_that_changed_on_the_way_are_counted_too(what):
    of = compared(CHANGED[what], CHANGED[what])
    stand_at(of, 9)
    assert of.costs()[0]["multiplications"] == walked(CHANGED[what], 9)[9] * counted((2, 4, 1))


@pytest.mark.parametrize("what", CHANGED)
def test_frames_and_curves_say_by_themselves_where_they_lie_on_each_axis_and_where_their_epoch_ends(what):
    experiment = CHANGED[what]
    used, each = walked(experiment, 60), counted((2, 4, 1))
    board = Board(Playground(experiment))
    board.show()
    for update in (2, 5, 23, 40):
        board.tell("reach", update=update)
        frame, _ = board.show()
        assert (frame["update"], frame["multiplications"]) == (update, used[update] * each)
        run = experiment.start()
        run.advance(updates=update)
        begun = experiment.start()
        begun.advance(epochs=run.epoch)
        epoch = run.epoch
        if what == "batches":
            assert frame["passes"] == pytest.approx(epoch + (used[update] - used[begun.update]) / 30)
        run.advance(epochs=1)
        assert frame["epoch_end"] == run.update
        assert epoch <= frame["passes"] < epoch + 1
    board.tell("goto", update=23)
    for part in ("history", "future"):
        rows = {name: board.arrays[f"{part}_{name}"].tolist() for name in ("update", "passes", "multiplications")}
        assert rows["multiplications"] == [used[int(update)] * each for update in rows["update"]] and rows["update"]
        for update, epoch in zip(rows["update"], rows["passes"], strict=True):
            run = experiment.start()
            run.advance(epochs=int(epoch))
            assert run.update == update


def test_the_time_here_is_that_of_so_many_updates_each_as_those_of_its_kind_took():
    changed = SMALL.with_event(10, batch_size=3)
    of = compared(changed, SMALL)
    stand_at(of, 30)
    first, second = work_of(SMALL, 30), work_of(SMALL.replace(batch_size=3), 30)
    for pg in of.playgrounds:
        pg.measured = {first: (100, 2.0), second: (50, 5.0)}
    assert [cost["seconds"] for cost in of.costs()] == [pytest.approx(0.2 + 2.0), pytest.approx(0.6)]
    of.playgrounds[0].goto(10)
    of.playgrounds[1].goto(0)
    assert [cost["seconds"] for cost in of.costs()] == [pytest.approx(0.2), None]
    of.playgrounds[0].goto(30)
    of.playgrounds[0].measured = {first: (100, 2.0)}
    assert of.costs()[0]["seconds"] is None  # of the later ones none was measured


def test_the_time_of_another_network_does_not_count_and_that_of_steps_and_of_the_slider_does(monkeypatch):
    of = compared(SMALL, SMALL)
    for pg in of.playgrounds:
        pg.measured = {work_of(SMALL, 30): (1000, 1.0)}
    large = SMALL.replace(hidden=(64, 64))
    of.load([large, large])
    ticks = iter(range(10_000))
    monkeypatch.setattr("ui.play.playground.time.perf_counter", lambda: next(ticks) / 100)
    of.playgrounds[0].reach(3)
    of.playgrounds[1].step()
    updates, seconds = of.playgrounds[0].measured[work_of(large, 30)]
    assert updates == 3 and 0 < seconds < 0.035 < 1.0
    assert of.costs()[0]["seconds"] == pytest.approx(seconds)
    assert of.playgrounds[1].measured[work_of(large, 30)][0] == 1


def test_updates_of_two_kinds_in_one_go_are_measured_as_none_of_them_and_few_kinds_are_kept():
    pg = Playground(SMALL.with_event(2, batch_size=3))
    pg._advance(pg.run, 9)
    assert pg.run.update == 9 and not pg.measured
    for size in range(1, MOST_MEASURED + 20):
        run = SMALL.replace(samples=400, batch_size=size).start()
        pg._advance(run, 1)
    assert len(pg.measured) == MOST_MEASURED and work_of(run.settings, 200) in pg.measured


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
    for pg in of.playgrounds:
        ((updates, seconds),) = pg.measured.values()
        assert updates == pg.run.update > 0 and seconds > 0


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


def all_of(of: Comparison) -> tuple:
    """What there is to be lost: which boards, what each is, where it stands, how far it was seen, its branches."""
    pgs = of.playgrounds
    return tuple((pg.run.experiment, pg.shown, pg.furthest, [fork.experiment for fork in pg.forks.every]) for pg in pgs)


def is_again(of: Comparison, there: tuple) -> bool:
    """Whether all is as it was, with what was seen since of a run that is the same."""
    here = all_of(of)
    parts = [[(experiment, shown, forks) for experiment, shown, _, forks in every] for every in (here, there)]
    return parts[0] == parts[1] and all(now[2] >= then[2] for now, then in zip(here, there, strict=True))


def branched() -> Comparison:
    """Both were seen up to update 40; the second went another way from 10 on, and came to 25 as the first did."""
    of = compared()
    stand_at(of, 40)
    stand_at(of, 10)
    of.page_runs()
    of.playgrounds[1].apply(learning_rate=0.3)
    of.page_runs()
    stand_at(of, 25)
    of.page_runs()
    return of


def test_a_link_holds_how_far_each_board_was_seen_and_its_branches_and_their_numbers_come_again():
    of = branched()
    assert [pg.furthest for pg in of.playgrounds] == [40, 25]
    other = compared()
    other.open(of.link)
    assert all_of(other) == all_of(of) and other.link == of.link and other.notice == ""
    second = other.playgrounds[1]
    second.branch(0, 40)
    assert second.run.network.theta.tobytes() == fresh(FASTER, 40).tobytes()
    second.branch(1, 25)
    assert second.run.network.theta.tobytes() == fresh(FASTER.with_event(10, learning_rate=0.3), 25).tobytes()
    names = [name for name, _ in parse_qsl(of.link)]
    assert names == ["a", "b", "at", "until", "forks"]
    stand_at(of, 40)
    assert "until" not in dict(parse_qsl(of.link))  # as in every link of which nothing lies ahead


@pytest.mark.parametrize(
    ("around", "furthest", "said"),
    [
        ({"until": "90"}, [90, 90], ""),
        ({"until": "90_7"}, [90, 9], "until: expected the furthest update that was seen, no earlier"),
        ({"until": "90_"}, [90, 9], "until: expected"),
        ({"until": "x_90"}, [9, 90], "until: expected"),
        ({"forks": "b=nonsense"}, [9, 9], "forks: expected"),
        ({"forks": "q=1&b"}, [9, 9], "forks: expected those of a, b, got some of 'q'"),
    ],
)
def test_of_a_damaged_link_what_is_left_of_the_future_is_used(around, furthest, said):
    of = compared()
    of.open(f"{link([SMALL, FASTER], 9)}&{urlencode(around)}")
    assert [pg.furthest for pg in of.playgrounds] == furthest and shown_by(of) == [9, 9]
    assert said in of.notice and bool(said) == bool(of.notice)


def test_a_change_in_the_past_keeps_the_other_future_and_says_where_it_is():
    of = branched()
    assert [fork.furthest for fork in of.playgrounds[1].forks.every] == [40, 25]
    of = compared()
    stand_at(of, 40)
    stand_at(of, 10)
    of.page_runs()
    of.playgrounds[1].apply(learning_rate=0.3)
    of.page_runs()
    assert of.notice.startswith("Board B goes another way from update 10 on.") and "up to update 40" in of.notice
    of.undo()
    assert of.notice == "" and [pg.furthest for pg in of.playgrounds] == [40, 40]


CHANGES = {
    "live": lambda of: of.playgrounds[1].apply(learning_rate=0.5),
    "edit": lambda of: of.playgrounds[0].edit(0, 0, None, 0.5),
    "anew": lambda of: of.playgrounds[0].apply(hidden=(5,)),
    "data": lambda of: of.playgrounds[0].apply(dataset="moons", noise=0.1),
    "preset": lambda of: of.load([SMALL, FASTER, SMALL.replace(activation="relu")]),
    "add": lambda of: of.add(),
    "remove": lambda of: of.remove(0),
    "delete": lambda of: of.playgrounds[1].delete(of.playgrounds[1].forks.here.id),
}


@pytest.mark.parametrize("what", CHANGES)
def test_each_change_can_be_taken_back_and_made_again_whole(what):
    of = branched()
    of.add()
    before = all_of(of)
    CHANGES[what](of)
    of.page_runs()
    after = all_of(of)
    assert after != before and of.can_undo
    of.undo()
    assert all_of(of) == before and of.can_redo
    of.page_runs()
    of.redo()
    assert is_again(of, after)
    of.undo()
    assert is_again(of, before)
    for pg in of.playgrounds:
        assert pg.run.network.theta.tobytes() == fresh(pg.run.experiment, pg.shown).tobytes()


@pytest.mark.parametrize("seed", range(6))
def test_after_any_changes_undo_leads_back_through_all_of_them_and_redo_forward(seed):
    random, of, seen = np.random.default_rng(seed), compared(), []
    for _ in range(8):
        update = int(random.integers(0, 30))
        stand_at(of, update)
        of.page_runs()
        before = all_of(of)
        what = random.choice([name for name in CHANGES if name != "delete" or len(of.playgrounds[1].forks.every) > 1])
        CHANGES[what](of)
        of.page_runs()
        if all_of(of) != before:
            seen.append(before)
    assert len(seen) >= 3
    left = []
    for before in reversed(seen):
        left.append(all_of(of))
        of.undo()
        of.page_runs()
        assert is_again(of, before)
    assert not of.can_undo
    for there in reversed(left):
        of.redo()
        of.page_runs()
        assert is_again(of, there)
    assert not of.can_redo


def test_undo_forgets_nothing_of_the_boards_that_were_not_changed():
    of = compared_at(12)
    of.playgrounds[1].apply(learning_rate=0.3)
    of.page_runs()
    stand_at(of, 40)
    of.page_runs()
    of.undo()
    assert shown_by(of) == [12, 12] and [pg.furthest for pg in of.playgrounds] == [40, 12]
    of.redo()
    assert shown_by(of) == [40, 40] and of.experiments[1] == FASTER.with_event(12, learning_rate=0.3)


def test_undo_takes_back_one_change_also_after_memory_has_been_given_back():
    of = compared()
    of.page_runs()
    stand_at(of, 20)
    of.playgrounds[1].apply(learning_rate=0.05)
    of.page_runs()
    stand_at(of, 40)
    assert all(pg.lets_go() for pg in of.playgrounds)
    of.playgrounds[0].apply(learning_rate=0.3)
    of.page_runs()
    of.undo()
    later = FASTER.with_event(20, learning_rate=0.05)
    assert of.experiments == (SMALL, later) and shown_by(of) == [40, 40]
    of.undo()
    assert of.experiments == (SMALL, FASTER) and shown_by(of) == [20, 20] and not of.can_undo


@pytest.mark.parametrize("earlier", [0, 1])
def test_two_changes_of_one_board_before_the_page_runs_are_taken_back_together(earlier):
    of = compared_at(20)
    for unit in range(earlier):
        of.playgrounds[1].edit(0, unit, None, 0.25)
        of.page_runs()
    before = all_of(of)
    of.playgrounds[1].edit(0, 0, 0, 0.5)
    of.playgrounds[1].edit(0, 1, 0, -0.5)
    of.page_runs()
    after = all_of(of)
    assert of.experiments[1].events != before[1][0].events
    of.undo()
    assert all_of(of) == before and of.can_undo == bool(earlier)
    of.redo()
    assert all_of(of) == after


def test_a_change_after_a_board_has_taken_one_back_by_itself_is_a_change_of_all():
    of = compared_at(20)
    of.playgrounds[1].apply(learning_rate=0.05)
    of.page_runs()
    of.playgrounds[1].undo()
    of.playgrounds[1].apply(learning_rate=0.3)
    of.page_runs()
    of.undo()
    assert of.experiments == (SMALL, FASTER) and shown_by(of) == [20, 20]


def test_a_change_that_a_board_has_taken_back_by_itself_before_the_page_runs_is_none_of_all():
    of = compared_at(20)
    of.playgrounds[1].edit(0, 0, 0, 0.5)
    of.playgrounds[1].undo()
    of.playgrounds[0].edit(0, 0, 0, 0.5)
    of.page_runs()
    of.undo()
    assert of.experiments == (SMALL, FASTER) and shown_by(of) == [20, 20] and not of.can_undo


def test_a_change_of_a_board_that_the_browser_had_to_bring_back_can_be_taken_back():
    of = compared_at(20)
    of.playgrounds[1].apply(learning_rate=0.05)
    of.page_runs()
    brought = of.experiments[1]
    of.playgrounds[1].resume(brought.to_query(), 20, False)
    of.playgrounds[1].train(20)
    of.playgrounds[1].apply(learning_rate=0.3)
    of.page_runs()
    of.undo()
    assert of.experiments == (SMALL, brought) and shown_by(of) == [20, 20]


def test_undo_while_they_play_stands_still_where_all_stood_before_the_change():
    of = compared_at(12)
    for pg in of.playgrounds:
        pg.play()
        pg.train(9)
    of.playgrounds[0].sees(20)
    of.playgrounds[1].sees(17)
    of.playgrounds[1].apply(learning_rate=0.3)
    of.page_runs()
    of.undo()
    assert of.experiments == (SMALL, FASTER) and shown_by(of) == [20, 20]
    assert not any(pg.playing for pg in of.playgrounds)


def arrive(of: Comparison) -> None:
    """Who is still on the way, in pieces as the board goes it, gets there."""
    for pg in of.playgrounds:
        while pg.replay is not None:
            pg.train(1000)


@pytest.mark.parametrize("seconds", [0.0, 60.0])
def test_undo_leads_all_to_one_update_however_long_the_way_is_and_no_board_goes_it_twice(monkeypatch, seconds):
    of, sent = compared(), []
    stand_at(of, 12)
    of.page_runs()
    for pg, update in zip(of.playgrounds, (20, 17), strict=True):
        pg.play()
        pg.train(9)
        pg.sees(update)
    of.playgrounds[1].apply(learning_rate=0.3)
    of.page_runs()
    of.load([SMALL.replace(init_seed=5)] * 2)
    assert all(pg.lets_go() for pg in of.playgrounds)
    monkeypatch.setattr("ui.play.playground.REACH_SECONDS", seconds)
    reach = Playground._reach
    monkeypatch.setattr(Playground, "_reach", lambda pg, *rest: sent.append(pg.name) or reach(pg, *rest))
    of.undo()  # what was loaded instead: all stood at 20 and 17 then
    assert [pg.replay is not None for pg in of.playgrounds] == [not seconds] * 2
    assert sorted(sent) == [NAMES[0], NAMES[1], NAMES[1]]  # the second goes on from 17 to 20
    arrive(of)
    assert shown_by(of) == [20, 20] and not any(pg.playing for pg in of.playgrounds)
    for pg in of.playgrounds:
        assert pg.run.network.theta.tobytes() == fresh(pg.run.experiment, 20).tobytes()


def test_a_board_that_goes_by_undo_stands_still():
    of = compared()
    of.add()
    gone = of.playgrounds[2]
    gone.play()
    of.undo()
    assert gone not in of.playgrounds and not gone.playing


def test_data_that_were_refused_are_no_change_that_undo_takes_back():
    of = compared(FASTER, SMALL.replace(hidden=(128, 128, 128)))
    of.page_runs()
    of.playgrounds[0].apply(dataset="digits")
    of.page_runs()
    assert of.notice.startswith("Board B cannot learn") and not of.can_undo


def kept(of: Comparison, **other) -> dict:
    return {"link": of.link, "update": 25, "playing": False, "reloaded": True} | other


def test_a_visit_that_begins_goes_on_where_the_browser_was_with_all_boards_of_then():
    of, other = branched(), compared(SMALL, SMALL, SMALL, SMALL)
    of.remove(0)
    of.add()
    of.add()
    assert other.visit != of.visit
    other.resume(kept(of))
    for pg in other.playgrounds:
        pg.train(25)
    assert all_of(other) == all_of(of) and other.has_heard


def test_what_was_chosen_before_the_browser_spoke_stays():
    chosen = [SMALL.replace(activation=name) for name in ("relu", "sigmoid", "identity")]
    ways = (lambda of: of.load(chosen), lambda of: of.open(link(chosen)), lambda of: of.open(link(chosen, 8)))
    for choose in (*ways, CHANGES["edit"], CHANGES["anew"], CHANGES["add"]):
        of = compared()
        choose(of)
        of.page_runs()
        before = all_of(of)
        of.resume(kept(branched()))
        assert all_of(of) == before and not any(pg.playing for pg in of.playgrounds)


def test_what_played_goes_on_from_the_update_on_screen_and_what_the_address_brought_back_is_not_trained_again():
    of, other = branched(), compared()
    other.open(of.link)
    before = [pg.generation for pg in other.playgrounds]
    other.resume(kept(of))
    assert [pg.generation for pg in other.playgrounds] == before
    other.resume(kept(of, update=31, playing=True))
    for pg in other.playgrounds:
        pg.train(40)
        assert pg.playing and pg.run.network.theta.tobytes() == fresh(pg.run.experiment, pg.run.update).tobytes()
    assert [len(pg.forks.every) for pg in other.playgrounds] == [1, 2]


def test_what_the_browser_kept_of_the_same_boards_leads_to_its_update_also_where_it_stood_still():
    of, other = branched(), compared()
    other.open(of.link)
    other.resume(kept(of, update=18))
    arrive(other)
    assert shown_by(other) == [18, 18] and not any(pg.playing for pg in other.playgrounds)


@pytest.mark.parametrize(
    "said",
    [None, 5, "", {}, {"link": 7}, {"link": "a" * 300_000}, {"link": "nothing=1", "update": 3}, [1], {"update": 3}],
)
def test_a_browser_that_has_kept_nothing_of_use_changes_nothing(said):
    of = compared()
    before = all_of(of)
    of.resume(said)
    assert all_of(of) == before and of.has_heard


@pytest.mark.parametrize("update", ["many", -1, 1.5, None, True, 10**30])
def test_an_update_that_is_none_is_not_gone_to(update):
    of = compared()
    of.resume({"link": link([FASTER, SMALL]), "update": update, "playing": True})
    assert of.experiments == (FASTER, SMALL) and of.notice
