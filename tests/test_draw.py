"""Drawing on the playground's map: each tool, what a browser may forge, Undo, links, and what the board is sent."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scratchnet as sn
from scratchnet.goals import Goal
from tests.test_state import Board
from ui.classroom.assignment import Assignment
from ui.controls import LONGEST_LINE
from ui.play.playground import EMPTY_MAP, Playground

SMALL = {"hidden": (3,), "samples": 40}
A, B, C = [1, 2.5, 0, 0], [-3.25, 0, 1, 0], [5, -5, 1, 2]  # x1, x2, class, part (0: training, 2: test)


def drawn(*rows, classes=("orange", "blue"), **more):
    """A board whose points are these."""
    table = np.array(rows or [A, B, C], dtype=float)
    window = ((-6, 6),) * (table.shape[1] - 2)
    names = ("x1", "x2")[: len(window)]
    points = sn.Points("mine", table[:, :-2], table[:, -2], names, "class", classes, (), table[:, -1], window)
    board = Board(Playground(sn.Experiment(dataset=points, hidden=(3,), **(sn.defaults_for(points) | more))))
    board.show()
    return board


def rows(board):
    return [list(row) for row in board.playground.run.settings.dataset.rows()]


def play_to(board, update):
    """The board stands at this update."""
    while board.playground.run.update < update:
        board.tell("step", what="update")
        board.show()


def same_as_its_link(playground):
    """Whether a new run of the address comes to the same numbers, to the last bit."""
    run = playground.run
    opened, ignored = sn.Experiment.from_query(run.experiment.to_query())
    fresh = opened.start()
    fresh.goto(run.update)
    histories = zip(*(vars(one.history).values() for one in (fresh, run)), strict=True)
    return (
        ignored == ()
        and opened == run.experiment
        and np.array_equal(fresh.network.theta, run.network.theta)
        and repr(fresh.evaluate()) == repr(run.evaluate())  # the score of equal targets is nan, which equals nothing
        and all(np.array_equal(one, other, equal_nan=True) for one, other in histories)
    )


# Take


def test_points_of_a_data_set_become_the_visitors_own_at_most_150_rounded_and_apart():
    playground = Playground(sn.Experiment(dataset="spiral", **SMALL | {"samples": 500}))
    before, data = playground.run.experiment, playground.run.dataset
    playground.draw("take", {})
    points = playground.run.settings.dataset
    assert (len(points), points.is_drawn, points.classes) == (150, True, ("class 0", "class 1"))
    for part, x, y in ((0, data.x_train, data.y_train), (2, data.x_test, data.y_test)):
        taken = [row[:3] for row in points.rows() if row[3] == part]
        assert taken == [
            (round(x1, 2), round(x2, 2), label) for (x1, x2), label in zip(x[:75].tolist(), y[:75].ravel(), strict=True)
        ]
    assert playground.notice == "150 of 500 points are yours now, rounded, and there is room for 50 more. Started anew."
    assert playground.run.update == 0 and playground.run.settings.hidden == (3,)
    playground.draw("take", {})
    assert playground.notice == "These points are yours already." and playground.run.settings.dataset is points
    playground.undo()
    assert playground.run.experiment == before


@pytest.mark.parametrize(
    ("dataset", "counts"),
    [("xor_gate", (4, 0)), ("sine", (20, 20)), ("plane", (20, 20)), ("six_blobs", (20, 20)), ("moons", (20, 20))],
)
def test_every_kind_of_data_with_one_or_two_inputs_can_be_taken(dataset, counts):
    playground = Playground(sn.Experiment(dataset=dataset, **SMALL | sn.defaults_for(dataset)))
    data = playground.run.dataset
    playground.draw("take", {})
    points, now = playground.run.settings.dataset, playground.run.dataset
    assert tuple((points.parts == part).sum() for part in (0, 2)) == counts
    assert (now.task, now.domain, now.names, now.class_names) == (data.task, data.domain, data.names, data.class_names)
    assert np.abs(now.x_train - data.x_train).max() <= 0.005 + 1e-12
    assert np.abs(np.ravel(now.y_train) - np.ravel(data.y_train)).max() <= 0.005 + 1e-12
    playground.play()
    playground.train(5)
    assert same_as_its_link(playground)


def test_data_with_three_inputs_cannot_be_drawn_on_and_stays():
    board = Board(Playground(sn.Experiment(dataset="tutorial", **sn.defaults_for("tutorial"))))
    before = board.playground.run.experiment
    assert "one or two inputs" in board.header["draw"]["why_not"]
    for what in ("take", "clear"):
        board.tell("draw", what=what)
        assert board.playground.notice == "Only data with one or two inputs can be drawn on the map."
    assert board.playground.run.experiment == before


def test_points_that_are_the_data_sets_are_not_drawn_on_before_they_are_taken():
    board = Board(Playground(sn.Experiment(**SMALL)))
    board.tell("draw", what="add", rows=[A])
    assert board.playground.notice.startswith("These points are the data set's: take them")
    assert board.playground.run.settings.dataset == "spiral"


# From nothing


def test_a_cleared_map_is_empty_until_its_first_point_which_begins_a_run_with_the_same_settings():
    board = Board(Playground(sn.Experiment(dataset="circle", learning_rate=0.3, **SMALL)))
    board.show()
    play_to(board, 3)
    board.tell("play")
    board.show()
    board.tell("draw", what="clear")
    frame, _ = board.show()
    assert board.header["draw"]["is_empty"] and not board.header["playing"]
    assert frame["update"] == 0 and frame["train"]["loss"] is None and frame["test"]["loss"] is None
    assert [board.arrays[f"places_{part}@{frame['points']}"].shape for part in ("train", "test")] == [(0, 2)] * 2
    assert len(board.arrays["history_update"]) == 0 and board.header["words"] == EMPTY_MAP
    for kind, more in (
        ("play", {}),
        ("step", {"what": "update"}),
        ("step", {"what": "epoch"}),
        ("look_at", {"index": 0}),
    ):
        board.tell(kind, **more)
        assert board.playground.notice == EMPTY_MAP
        assert (board.playground.run.update, board.playground.playing, board.playground.is_empty) == (0, False, True)
    board.tell("draw", what="add", rows=[C])  # a test point
    assert "has to be a training point" in board.playground.notice and board.playground.is_empty
    board.tell("draw", what="erase", rows=[[0, A]])
    assert board.playground.notice == EMPTY_MAP
    board.tell("draw", what="add", rows=[A])
    frame, _ = board.show()
    assert rows(board) == [A] and not board.header["draw"]["is_empty"] and frame["train"]["loss"] > 0
    run = board.playground.run
    assert (run.update, run.settings.learning_rate, run.experiment.events) == (0, 0.3, ())
    play_to(board, 2)
    assert same_as_its_link(board.playground)


def test_each_thing_done_on_an_empty_map_leaves_it_empty_and_another_data_set_fills_it():
    board = Board(Playground(sn.Experiment(dataset="circle", **SMALL)))
    board.show()
    board.tell("draw", what="clear")
    board.show()
    for kind, more in (
        ("probe", {"x": [1, 1]}),
        ("speed", {"name": "max"}),
        ("pause", {}),
        ("back", {}),
        ("reset", {}),
        ("units", {"by": 1, "layer": 0}),
        ("new_weights", {}),
        ("edit", {"layer": 0, "unit": 0, "source": 0, "value": 0.25}),
        ("draw", {"what": "classes", "by": 1}),
    ):
        board.tell(kind, **more)
        frame, _ = board.show()
        assert board.playground.is_empty and frame["train"]["loss"] is None, kind
    board.tell("edit", layer=0, unit=0, source=0, value=0.25)
    board.tell("draw", what="add", rows=[[1, 1, 2, 0]])
    assert rows(board) == [[1, 1, 2, 0]] and board.playground.run.network.weights[0][0, 0] == 0.25
    board.tell("draw", what="clear")
    board.playground.apply(dataset="moons")
    board.ask()
    assert not board.playground.is_empty and not board.header["draw"]["is_empty"]


def test_undo_leads_back_over_the_empty_map_and_redo_forward_again():
    board = drawn()
    play_to(board, 4)
    before = board.playground.run.experiment
    board.tell("draw", what="clear")
    board.show()
    board.tell("draw", what="add", rows=[A])
    board.show()
    board.tell("undo")
    assert board.playground.is_empty
    board.tell("undo")
    frame, _ = board.show()
    assert not board.playground.is_empty and board.playground.run.experiment == before and frame["update"] == 4
    board.tell("redo")
    frame, _ = board.show()
    assert board.playground.is_empty and frame["train"]["loss"] is None
    board.tell("redo")
    assert not board.playground.is_empty and rows(board) == [A]


def test_the_point_that_was_there_before_can_be_drawn_again_on_the_empty_map():
    board = drawn(A)
    board.tell("draw", what="clear")
    board.show()
    assert board.playground.is_empty
    board.tell("draw", what="add", rows=[A])
    assert rows(board) == [A] and not board.playground.is_empty


def test_an_empty_map_outlives_the_server_and_a_forged_one_does_not_cover_a_data_set():
    board = drawn()
    board.tell("draw", what="clear")
    board.show()
    remembered = board.header["remember"]
    again = Board(Playground())
    again.show()
    again.tell("resume", update=0, playing=False, **remembered)
    frame, _ = again.show()
    assert again.playground.is_empty and frame["train"]["loss"] is None and not again.playground.playing
    again.tell("draw", what="add", rows=[A])
    assert rows(again) == [A]
    for forged in ({**remembered, "empty": "yes"}, {"link": "dataset=moons", "empty": True}):
        again.tell("resume", **{"update": 0, "playing": False} | forged)
        assert not again.playground.is_empty
    again.tell("resume", **{**remembered, "update": 3, "playing": False})
    assert not again.playground.is_empty and again.playground.run.update == 3


# While it plays


def test_a_point_drawn_while_it_plays_is_in_the_next_frame_and_the_run_goes_on_from_the_one_on_screen():
    board = drawn()
    board.tell("play")
    board.ask()
    board.ask()
    frame, theta = board.show(len(board.frames) // 2)
    shown = frame["update"]
    assert shown > 0
    kept = board.playground.run.history.train_loss[0]
    board.tell("draw", what="add", rows=[[0.5, 0.5, 1, 0]], stroke=1)
    first, first_theta = board.frames[0]
    assert first["update"] == shown and np.array_equal(theta, first_theta)
    assert board.arrays[f"places_train@{first['points']}"].tolist() == [A[:2], B[:2], [0.5, 0.5]]
    assert board.header["playing"] and board.playground.run.history.train_loss[0] == kept
    ((update, changes),) = board.playground.run.experiment.events
    assert update == shown and [list(row) for row in changes["points"].rows()] == [A, B, C, [0.5, 0.5, 1, 0]]
    board.tell("play")
    assert board.playground.run.update > shown and same_as_its_link(board.playground)


def test_a_drawn_point_is_sent_alone_and_the_scene_is_not():
    board = drawn()
    scene = board.scene
    board.tell("draw", what="add", rows=[[0.5, 0.5, 1, 0]])
    assert "scene_data" not in board.header and board.header["scene"] == scene
    assert [points["number"] for points in board.header["sets"]] == [1]
    rows_of = {"train": [0, 1, 3], "validation": [], "test": [2]}
    assert board.header["sets"][0]["drawn"] == {"rows": rows_of, "decimals": [2, 2]}
    board.ask()
    assert board.header["sets"] == []


def test_a_run_that_comes_to_a_drawn_point_again_shows_it_from_that_update_on():
    board = drawn()
    play_to(board, 6)
    board.tell("draw", what="add", rows=[[0.5, 0.5, 1, 0]])
    board.show()
    held = {}
    for kind in (*["back"] * 4, "play", *["ask"] * 6):
        if kind == "ask":
            board.ask()
        else:
            board.tell(kind)
        places = {name: array for name, array in board.arrays.items() if name.startswith("places_train@")}
        held |= {int(name.split("@")[1]): len(array) for name, array in places.items()}
        if kind == "back":
            board.show()
    assert held[board.frames[0][0]["points"]] == 2
    counts = {frame["update"]: held.get(frame["points"]) for frame, _ in board.frames if frame["update"] < 10}
    assert {update: counts[update] for update in (3, 5, 6, 7)} == {3: 2, 5: 2, 6: 3, 7: 3}


def test_a_drag_while_it_plays_is_one_undo_and_at_rest_one_event():
    board = drawn()
    play_to(board, 3)
    was = A
    for step in range(5):
        to = [1 + 0.1 * (step + 1), 2.5, 0, 0]
        board.tell("draw", what="change", index=0, was=was, row=to, stroke=7)
        board.show()
        was = rows(board)[0]
    assert was == [1.5, 2.5, 0, 0]
    assert [(update, list(changes)) for update, changes in board.playground.run.experiment.events] == [(3, ["points"])]
    board.tell("play")
    board.show()
    for step in range(3):
        board.tell("draw", what="change", index=0, was=was, row=[2 + step, 0, 0, 0], stroke=8)
        board.show()
        was = rows(board)[0]
    assert same_as_its_link(board.playground)
    board.tell("undo")
    board.show()
    assert rows(board)[0] == [1.5, 2.5, 0, 0]
    board.tell("undo")
    board.show()
    assert rows(board) == [A, B, C] and board.playground.run.experiment.events == ()
    assert not board.header["can_undo"] or board.playground.run.update == 3


def test_what_is_done_between_two_parts_of_a_stroke_parts_them_for_undo():
    board = drawn()
    board.tell("draw", what="add", rows=[[0, 0, 1, 0]], stroke=7)
    board.tell("edit", layer=0, unit=0, source=0, value=0.25)
    board.tell("draw", what="add", rows=[[1, 1, 1, 0]], stroke=7)
    board.tell("undo")
    assert rows(board) == [A, B, C, [0, 0, 1, 0]] and board.playground.run.network.weights[0][0, 0] == 0.25


@pytest.mark.parametrize(
    ("change", "cut"),
    [
        (lambda rows: rows[1:], (0, 1, ())),
        (lambda rows: rows[:-1], (99, 1, ())),
        (lambda rows: [*rows[:40], *rows[43:]], (40, 3, ())),
        (lambda rows: [*rows, (1, 2, 0, 0)], (100, 0, ((1, 2, 0, 0),))),
        (lambda rows: [*rows[:7], (1, 2, 0, 0), *rows[8:]], (7, 1, ((1, 2, 0, 0),))),
        (lambda rows: rows, (100, 0, ())),
    ],
)
def test_of_a_change_no_more_rows_are_told_than_have_changed(change, cut):
    board = drawn(*[[round(0.05 * i, 2), 0, 0, 0] for i in range(100)])
    points = board.playground.run.settings.dataset
    assert points.splice(points.with_rows(change(list(points.rows())))) == cut


# Each tool


def test_points_are_added_moved_flipped_made_test_points_and_erased():
    board = drawn()
    board.tell("draw", what="add", rows=[[0.126, -0.004, 1, 0], [6, -6, 0, 2]])
    assert rows(board)[3:] == [[0.13, 0, 1, 0], [6, -6, 0, 2]]
    board.tell("draw", what="change", index=1, was=B, row=[0, 0, 1, 0])
    board.tell("draw", what="change", index=0, was=A, row=[1, 2.5, 1, 0])
    board.tell("draw", what="change", index=3, was=[0.13, 0, 1, 0], row=[0.13, 0, 1, 2])
    assert rows(board) == [[1, 2.5, 1, 0], [0, 0, 1, 0], C, [0.13, 0, 1, 2], [6, -6, 0, 2]]
    board.tell("draw", what="erase", rows=[[0, [1, 2.5, 1, 0]], [4, [6, -6, 0, 2]]])
    assert rows(board) == [[0, 0, 1, 0], C, [0.13, 0, 1, 2]]
    assert board.playground.notice == "" and same_as_its_link(board.playground)


def test_a_point_is_known_by_what_it_was_when_its_number_has_become_anothers():
    board = drawn()
    board.tell("draw", what="erase", rows=[[0, A]])
    board.tell("draw", what="change", index=1, was=B, row=[0, 0, 1, 0])  # decided while B was number 1
    assert rows(board) == [[0, 0, 1, 0], C]
    board.tell("draw", what="change", index=0, was=B, row=[5, 5, 1, 0])
    assert rows(board) == [[0, 0, 1, 0], C] and "no longer where it was" in board.playground.notice


def test_of_two_points_at_one_place_one_is_erased_and_the_other_stays():
    board = drawn(A, A, B)
    board.tell("draw", what="erase", rows=[[7, A]])
    assert rows(board) == [A, B]


def test_heights_over_the_plane_and_points_of_a_curve_are_drawn_as_numbers():
    board = drawn([1, 1, 0.5, 0], [2, 2, -0.5, 0], classes=())
    board.tell("draw", what="add", rows=[[0, 0, 1.2345, 0]])
    assert rows(board)[-1] == [0, 0, 1.2345, 0]
    board.tell("draw", what="change", index=2, was=[0, 0, 1.2345, 0], row=[0, 0, -40, 0])
    assert rows(board)[-1] == [0, 0, -40, 0]
    assert board.playground.run.y_train.ravel().tolist() == [0.5, -0.5, -40]
    ((low, high),) = board.arrays["ranges"][:, -1]
    assert (low, high) == (-40, 40), "the colours reach as far as the heights do"
    board = drawn([1, 0.5, 0], [2, -0.5, 0], classes=())
    board.tell("draw", what="change", index=0, was=[1, 0.5, 0], row=[3, 0.75, 0])
    board.tell("draw", what="add", rows=[[-6, 0.25, 2]])
    assert rows(board) == [[3, 0.75, 0], [2, -0.5, 0], [-6, 0.25, 2]]
    play_to(board, 2)
    assert same_as_its_link(board.playground)


def test_the_range_of_a_drawn_curve_grows_by_small_steps_and_never_shrinks_while_one_draws():
    board = drawn([1, 0.5, 0], [2, -0.5, 0], classes=())

    def top():
        low, high = board.arrays["ranges"][-1, -1]
        assert low == -high
        return high / 1.3  # the room above and below is 0.15 of the span

    assert top() == pytest.approx(1.0)
    height, tops = 0.5, []
    for _ in range(14):
        new = round(1.25 * top(), 3)  # where a pen at the upper edge puts it
        board.tell("draw", what="change", index=0, was=[1, height, 0], row=[1, new, 0])
        height = new
        tops.append(top())
    assert tops == pytest.approx([1.5, 2, 3, 4, 5, 8, 10, 15, 20, 30, 40, 50, 80, 100])
    board.tell("draw", what="change", index=0, was=[1, height, 0], row=[1, 0.25, 0])
    assert top() == pytest.approx(100)
    board.tell("draw", what="change", index=0, was=[1, 0.25, 0], row=[1, -99.5, 0])
    assert top() == pytest.approx(100)


def test_a_typed_function_labels_all_points_at_the_update_on_screen():
    board = drawn([0, 2, 1, 0], [0, -2, 1, 0], [3, 1, 0, 2])
    play_to(board, 2)
    board.tell("draw", what="label", text="above sin(x1)", **{"class": 0})
    assert [row[2] for row in rows(board)] == [0, 1, 0] and board.playground.run.update == 2
    assert board.playground.notice == "Where it holds, 2 of 3 points are of orange now."
    assert same_as_its_link(board.playground)
    for text, says in (("x1 +", "at character 5"), ("sin(x1)", "type a comparison"), ("sqrt(x2) > 1", "no value at")):
        board.tell("draw", what="label", text=text, **{"class": 0})
        assert says in board.playground.notice and [row[2] for row in rows(board)] == [0, 1, 0]
    board.tell("draw", what="label", text="x1 > 0", **{"class": 2})
    assert "a class from 1 to 2" in board.playground.notice
    board = drawn([0, 2, 0, 0], [0, -2, 1, 0], [3, 1, 2, 0], classes=("a", "b", "c"))
    board.tell("draw", what="label", text="inside x1^2 + x2^2 < 9", **{"class": 1})
    assert [row[2] for row in rows(board)] == [1, 1, 2]
    board = drawn([0, 2, 0, 0], [0, -2, 1, 0], classes=())
    board.tell("draw", what="label", text="x2/4", **{"class": 0})
    assert [row[2] for row in rows(board)] == [0.5, -0.5]
    for text, says in (("x1 > 2", "not a comparison"), ("exp(x2^4)", "at most a million"), ("1/x1", "no value at")):
        board.tell("draw", what="label", text=text, **{"class": 0})
        assert says in board.playground.notice and [row[2] for row in rows(board)] == [0.5, -0.5]


BACK = "Undo brings back what was learned."


def test_a_class_more_or_less_is_a_new_start_with_other_outputs_and_says_so():
    board = drawn()
    play_to(board, 3)
    board.tell("draw", what="classes", by=1)
    settings_ = board.playground.run.settings
    assert settings_.dataset.classes == ("orange", "blue", "class 2") and settings_.sizes[-1] == 3
    assert (settings_.output, settings_.loss, board.playground.run.update) == ("softmax", "cross_entropy", 0)
    assert rows(board) == [A, B, C]
    said = "Started anew with 3 classes, so with other outputs. "
    assert board.playground.notice == said + BACK
    assert len(said + BACK) <= LONGEST_LINE, "it is read whole, without a click"
    learned = board.playground
    learned.undo()
    assert learned.run.update == 3 and learned.run.settings.dataset.classes == ("orange", "blue")
    learned.redo()
    board.tell("draw", what="add", rows=[[0, 0, 2, 0]])
    board.tell("draw", what="classes", by=-1)
    assert "still has points" in board.playground.notice and len(board.playground.run.settings.dataset.classes) == 3
    board.tell("draw", what="erase", rows=[[3, [0, 0, 2, 0]]])
    board.tell("draw", what="classes", by=-1)
    assert board.playground.run.settings.dataset.classes == ("orange", "blue")
    assert board.playground.notice == "Started anew with 2 classes, so with other outputs."
    board.tell("draw", what="classes", by=1)
    play_to(board, 2)
    board.tell("draw", what="classes", by=-1)
    assert board.playground.notice.endswith("with 2 classes, so with other outputs. " + BACK)
    board.tell("draw", what="classes", by=-1)
    assert "at least two" in board.playground.notice
    for _ in range(5):
        board.tell("draw", what="classes", by=1)
    assert len(board.playground.run.settings.dataset.classes) == 6 and "at most 6 classes" in board.playground.notice


def test_as_many_points_as_a_link_holds_find_room_and_the_sentence_says_how_many_did():
    board = drawn()
    board.tell("draw", what="add", rows=[[round(-6 + 0.05 * i, 2), 1, 0, 0] for i in range(199)])
    assert len(rows(board)) == 200 and board.playground.notice.startswith("197 of 199 points were added")
    board.tell("draw", what="add", rows=[A])
    assert len(rows(board)) == 200 and "erase some first" in board.playground.notice
    assert same_as_its_link(board.playground)


def test_more_changes_than_a_link_holds_are_refused_and_nothing_is_lost():
    board = drawn(*[[0.05 * i, 0, 0, 0] for i in range(100)])
    full, said = rows(board), ""
    for _ in range(30):
        play_to(board, board.playground.run.update + 1)
        there = rows(board)
        if len(there) == 100:
            board.tell("draw", what="erase", rows=[[i, there[i]] for i in range(99)])
        else:
            board.tell("draw", what="add", rows=full[:99])
        board.show()
        if said := board.playground.notice:
            break
    assert "at most 2000 points" in said and rows(board) == there
    assert same_as_its_link(board.playground)


# Forged


@pytest.mark.parametrize(
    ("forged", "says"),
    [
        ({"what": "add"}, "incomplete"),
        ({"what": "add", "rows": []}, "1 to 200 points"),
        ({"what": "add", "rows": [A] * 5000}, "1 to 200 points"),
        ({"what": "add", "rows": "all"}, "1 to 200 points"),
        ({"what": "add", "rows": [None]}, "4 finite numbers"),
        ({"what": "add", "rows": [[1, 2, 0]]}, "4 finite numbers"),
        ({"what": "add", "rows": [[1, 2, 0, 0, 0]]}, "4 finite numbers"),
        ({"what": "add", "rows": [["1", 2, 0, 0]]}, "4 finite numbers"),
        ({"what": "add", "rows": [[True, 2, 0, 0]]}, "4 finite numbers"),
        ({"what": "add", "rows": [[math.nan, 2, 0, 0]]}, "4 finite numbers"),
        ({"what": "add", "rows": [[math.inf, 2, 0, 0]]}, "4 finite numbers"),
        ({"what": "add", "rows": [[10**400, 2, 0, 0]]}, "4 finite numbers"),
        ({"what": "add", "rows": [[6.01, 2, 0, 0]]}, "inside the map"),
        ({"what": "add", "rows": [A, [0, -7, 0, 0]]}, "inside the map"),
        ({"what": "add", "rows": [[1, 2, 2, 0]]}, "a class from 1 to 2"),
        ({"what": "add", "rows": [[1, 2, -1, 0]]}, "a class from 1 to 2"),
        ({"what": "add", "rows": [[1, 2, 0.5, 0]]}, "a class from 1 to 2"),
        ({"what": "add", "rows": [[1, 2, 0, 3]]}, "for training or for testing"),
        ({"what": "change", "index": 0, "was": A}, "incomplete"),
        ({"what": "change", "index": 0, "was": B[:3], "row": A}, "no longer where it was"),
        ({"what": "change", "index": 0, "was": None, "row": A}, "no longer where it was"),
        ({"what": "change", "index": 0, "was": [1, 2.51, 0, 0], "row": B}, "no longer where it was"),
        ({"what": "change", "index": 0, "was": [math.nan] * 4, "row": B}, "no longer where it was"),
        ({"what": "change", "index": 0, "was": A, "row": [9, 9, 0, 0]}, "inside the map"),
        ({"what": "erase", "rows": [[0, A], [1, B]]}, "One training point has to stay"),
        ({"what": "erase", "rows": [[0, A], [0, A]]}, "no longer where it was"),
        ({"what": "erase", "rows": [[0]]}, "no longer where it was"),
        ({"what": "erase", "rows": []}, "1 to 200 points"),
        ({"what": "classes", "by": 9}, "one at a time"),
        ({"what": "classes"}, "incomplete"),
        ({"what": "paint"}, "no tool 'paint'"),
        ({"what": ["add"]}, "no tool"),
        ({"what": None}, "no tool"),
        ({}, "incomplete"),
    ],
)
def test_whatever_a_browser_says_is_one_sentence_and_nothing_is_lost(forged, says):
    board = drawn()
    play_to(board, 2)
    before = board.playground.run.experiment
    board.tell("draw", **forged)
    assert says in board.playground.notice and "\n" not in board.playground.notice
    assert board.playground.run.experiment == before and board.playground.run.update == 2
    assert board.outbox == []


def test_where_a_task_locks_the_data_set_drawing_is_refused_and_not_offered():
    board = drawn()
    start = board.playground.run.experiment
    for locked, offered in ((("dataset",), False), (("layers",), True)):
        task = Assignment("Learn these.", Goal(), locked, (), start)
        bound = Board(Playground())
        bound.playground.open(f"task={task.text}")
        bound.ask()
        bound.show()
        assert bound.header["draw"]["is_offered"] is offered
        for command in (
            {"what": "add", "rows": [A]},
            {"what": "clear"},
            {"what": "take"},
            {"what": "classes", "by": 1},
        ):
            bound.tell("draw", **command)
            bound.show()
            if not offered:
                assert bound.playground.notice == "Locked by the task: the data set."
                assert bound.playground.run.experiment == start and not bound.playground.is_empty
    assert len(bound.playground.run.settings.dataset.classes) == 3 or bound.playground.is_empty


def test_points_that_were_drawn_on_the_way_count_as_another_data_set_to_a_task():
    board = drawn()
    start = board.playground.run.experiment
    task = Assignment("Learn these.", Goal(), ("dataset",), (), start)
    assert task.broken_by(start) == ()
    play_to(board, 2)
    board.tell("draw", what="add", rows=[A])
    assert task.broken_by(board.playground.run.experiment) == ("dataset",)


def test_nothing_is_offered_on_the_wall():
    board = drawn()
    board.read(board.conversation.answer(board.message(), wall=True))
    assert board.header["draw"]["is_offered"] is False


# All of it together


@st.composite
def doings(draw):
    """What a visitor does, one after another: (kind, ...)."""
    number = st.integers(-600, 600).map(lambda n: n / 100)
    row = st.tuples(number, number, st.integers(0, 1), st.sampled_from([0, 0, 2])).map(list)
    one = st.one_of(
        st.tuples(st.just("add"), st.lists(row, min_size=1, max_size=4)),
        st.tuples(st.just("change"), st.integers(0, 9), row),
        st.tuples(st.just("erase"), st.lists(st.integers(0, 9), min_size=1, max_size=3, unique=True)),
        st.tuples(st.sampled_from(["train", "step"]), st.integers(1, 7)),
        st.tuples(st.sampled_from(["clear", "undo", "redo", "back", "reset"])),
    )
    return draw(st.lists(one, min_size=1, max_size=14))


@settings(max_examples=60)
@given(doings(), st.integers(1, 4))
def test_whatever_is_drawn_and_learned_a_run_of_the_link_is_the_same_to_the_last_bit(done, batch_size):
    board = drawn(batch_size=batch_size)
    playground = board.playground
    for kind, *what in done:
        there = rows(board)
        match kind, what:
            case "add", [new]:
                board.tell("draw", what="add", rows=new)
            case "change", [index, row] if index < len(there):
                board.tell("draw", what="change", index=index, was=there[index], row=row)
            case "erase", [chosen]:
                board.tell("draw", what="erase", rows=[[i, there[i]] for i in chosen if i < len(there)])
            case "train", [updates] if not playground.is_empty:
                playground.play()
                playground.train(updates)
                playground.sees(playground.run.update)
                playground.pause()
            case "step", [updates]:
                for _ in range(updates):
                    board.tell("step", what="update")
            case "clear", _:
                board.tell("draw", what="clear")
            case (("undo" | "redo" | "back" | "reset"), _):
                board.tell(kind)
        board.show()
    assert same_as_its_link(playground)
    half = playground.run.update // 2
    again = playground.run.fork()
    again.goto(half)
    fresh = playground.run.experiment.start()
    fresh.goto(half)
    assert np.array_equal(again.network.theta, fresh.network.theta)


def test_an_empty_map_is_in_the_address_and_opens_empty_anywhere():
    pg = Playground()
    pg.draw("take", {})
    pg.draw("clear", {})
    assert pg.is_empty and "map=empty" in pg.link
    other = Playground()
    other.open(pg.link)
    assert other.is_empty and other.moment == pg.moment
    other.open(pg.link.replace("&map=empty", ""))
    assert not other.is_empty
    other.open(pg.link)
    assert other.is_empty
    other.open(Playground().link + "&map=empty")  # there is nothing that was cleared
    assert not other.is_empty
    other.open(pg.link.replace("map=empty", "map=full"))
    assert not other.is_empty and "expected empty" in other.notice


def test_no_number_stands_in_the_sentence_about_drawn_points_which_change_faster_than_it_is_read():
    pg = Playground(sn.Experiment(dataset="circle", samples=20))
    pg.draw("take", {})
    before = sn.spec_of(pg.settings["dataset"]).description
    pg.draw("add", {"rows": [[0.5, 0.5, 1, 0]]})
    after = sn.spec_of(pg.settings["dataset"]).description
    assert len(pg.settings["dataset"]) == 21 and before == after == "Points of your own, with the target class"
