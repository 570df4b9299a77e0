"""The playground without a browser: messages in, answers out, and what a visitor may rely on in between."""

import itertools
import threading
import time

import numpy as np
import pytest
from streamlit.runtime.state import query_params

import scratchnet as sn
from ui import study
from ui.gate import Gate
from ui.play import conversation, payload
from ui.play.conversation import Conversation
from ui.play.playground import Playground


class Board:
    """Plays the browser: keeps what a board keeps, sends the acks it sends."""

    def __init__(self, playground, conversation=None):
        self.conversation = conversation or Conversation(playground)
        self.visit, self.generation, self.tail, self.shown, self.scene, self.n, self.ids = None, -1, -1, -1, -1, 0, 0
        self.points, self.clock = -1, time.perf_counter
        self.frames, self.outbox, self.header, self.arrays = [], [], None, None
        self.read(self.conversation.answer(None))

    @property
    def playground(self):
        return self.conversation.playground

    def message(self, **more):
        self.n += 1
        known = {name: getattr(self, name) for name in ("n", "visit", "generation", "tail", "shown", "scene", "points")}
        return {**known, "queued": 0, "rest": None, "hover": None, "outbox": list(self.outbox), **more}

    def read(self, payload_bytes):
        header, arrays = payload.unpack(payload_bytes)
        if (header["visit"], header["generation"]) != (self.visit, self.generation):
            self.visit, self.generation, self.tail, self.frames = header["visit"], header["generation"], -1, []
        self.outbox = [command for command in self.outbox if command["id"] > header["done"]]
        if "scene_data" in header:
            self.scene, self.points = header["scene"], -1
        self.points = max([self.points, *(points["number"] for points in header["sets"])])
        new = [(frame, arrays["theta"][i]) for i, frame in enumerate(header["frames"]) if frame["update"] > self.tail]
        self.frames += new
        if new:
            self.tail = new[-1][0]["update"]
        self.header, self.arrays = header, arrays

    def show(self, position=-1):
        """The frame at this place of the queue is now on screen."""
        self.shown = self.frames[position][0]["update"]
        return self.frames[position]

    def ask(self, **more):
        self.read(self.conversation.answer(self.message(**more), clock=self.clock))

    def tell(self, kind, **settings):
        self.ids += 1
        self.outbox.append({"id": self.ids, "kind": kind, **settings})
        self.ask()


@pytest.fixture
def board():
    board = Board(Playground(sn.Experiment(hidden=(4,), samples=100)))
    board.show()
    return board


def test_the_first_answer_shows_the_start(board):
    assert [frame["update"] for frame, _ in board.frames] == [0]
    assert board.header["playing"] is False
    np.testing.assert_array_equal(board.frames[0][1], board.playground.run.network.theta)


def test_play_goes_on_with_each_message_and_only_then(board):
    board.tell("play")
    board.show(0)
    first = board.tail
    assert first > 0
    board.ask()
    assert board.tail > first
    at = board.playground.run.update
    last = board.message()
    board.conversation.answer(last)
    after = board.playground.run.update
    board.conversation.answer(last)  # the whole page ran again: the same message, answered before
    assert after > at
    assert board.playground.run.update == after


def test_training_ends_when_its_visitor_has_done_something_else(board):
    board.tell("play")
    board.show(0)
    for gives_up, most in ((True, 1), (False, 10**6)):
        board.ask()  # the first turn after a change is short anyway
        before = board.playground.run.update
        board.read(board.conversation.answer(board.message(), Gate(), gives_up=lambda said=gives_up: said))
        assert 1 <= board.playground.run.update - before <= most
        assert gives_up or board.playground.run.update - before > 1


def test_an_answer_repeats_every_frame_the_browser_does_not_hold(board):
    board.tell("play")
    message = board.message()
    first = payload.unpack(board.conversation.answer(message))[0]["frames"]
    again = payload.unpack(board.conversation.answer(message))[0]["frames"]
    assert first
    assert again == first


def test_every_frame_is_a_moment_of_the_experiment(board):
    board.tell("play")
    board.ask()
    run = board.playground.run.experiment.start()
    for frame, theta in board.frames:
        run.goto(frame["update"])
        np.testing.assert_array_equal(theta, run.network.theta)
        assert frame["train"]["loss"] == run.evaluate().train_loss


def test_pause_returns_to_the_frame_on_screen(board):
    board.tell("play")
    board.ask()
    frame, theta = board.show(len(board.frames) // 2)
    board.tell("pause")
    assert board.header["playing"] is False
    assert [shown["update"] for shown, _ in board.frames] == [frame["update"]]
    np.testing.assert_array_equal(board.frames[0][1], theta)
    assert board.playground.run.update == frame["update"]


def test_a_pause_because_nobody_looked_says_so_with_the_update_and_has_the_page_run(board):
    board.tell("play")
    board.ask()
    frame, _ = board.show(len(board.frames) // 2)
    board.playground.page_is_stale()
    board.tell("pause", unseen=True)
    assert board.header["playing"] is False
    assert board.playground.run.update == frame["update"] > 0
    assert board.header["notice"] == f"Paused at update {frame['update']:,}: nobody had looked for ten minutes."
    assert board.playground.page_is_stale(), "the sentence stands on the page around the board"
    board.tell("play")
    assert board.header["notice"] == ""
    assert board.playground.page_is_stale(), "and goes from there"
    board.tell("pause", unseen="yes")  # a browser may send anything
    assert board.header["notice"] == ""


def test_a_board_that_was_left_while_it_played_stands_still_on_the_frame_that_was_seen_last(board):
    board.tell("play")
    board.ask()
    frame, theta = board.show(len(board.frames) // 2)
    board.tail, board.scene = -1, -1  # built anew, it holds no frame
    board.tell("pause", of=board.generation)
    assert board.header["playing"] is False
    assert [shown["update"] for shown, _ in board.frames] == [frame["update"]]
    np.testing.assert_array_equal(board.frames[0][1], theta)


def test_a_board_that_was_left_does_not_stop_what_its_visitor_came_back_to_by_a_link(board, monkeypatch):
    monkeypatch.setattr("ui.play.playground.REACH_SECONDS", 0)
    board.tell("play")
    left = board.generation
    board.playground.open("dataset=xor&hidden=128-128&samples=2000&at=900000")
    assert board.playground.replay is not None, "it is on the way to that update"
    board.tell("pause", of=left)
    assert board.outbox == []
    assert board.playground.replay is not None
    board.tell("pause", of=board.generation)
    assert board.playground.replay is None


def test_a_step_is_one_update_and_an_epoch_step_ends_the_epoch(board):
    board.tell("step", what="update")
    assert board.show()[0]["update"] == 1
    board.tell("step", what="epoch")
    assert board.show()[0]["update"] == 5  # 50 training points in batches of 10
    assert board.frames[-1][0]["epoch"] == 1


def test_two_steps_in_one_message_are_two_updates(board):
    board.outbox = [{"id": 1, "kind": "step", "what": "update"}, {"id": 2, "kind": "step", "what": "update"}]
    board.ask()
    assert board.tail == 2


def test_a_step_pressed_before_the_answer_to_the_last_one_came_is_not_lost(board):
    before = board.message()
    one = {"id": 1, "kind": "step", "what": "update"}
    two = {"id": 2, "kind": "step", "what": "update"}
    board.conversation.answer({**before, "outbox": [one]})
    board.read(board.conversation.answer({**before, "n": before["n"] + 1, "outbox": [one, two]}))
    assert board.tail == 2


def test_a_command_is_carried_out_once_however_often_it_arrives(board):
    message = board.message()
    message["outbox"] = [{"id": 1, "kind": "step", "what": "update"}]
    for n in range(3):
        board.read(board.conversation.answer({**message, "n": n}))
    assert board.tail == 1


def test_of_very_many_commands_in_one_message_some_are_done_and_the_others_when_they_are_said_again(board):
    board.outbox = [{"id": n, "kind": "step", "what": "update"} for n in range(1, 2 * conversation.MOST_COMMANDS + 51)]
    board.ids = len(board.outbox)
    for left in (conversation.MOST_COMMANDS + 50, 50, 0):
        board.ask()
        assert len(board.outbox) == left
    board.show()
    assert board.tail == 2 * conversation.MOST_COMMANDS + 50


def test_of_what_no_browser_could_have_in_its_outbox_only_the_first_thousand_entries_are_looked_at(board):
    step = {"id": 1, "kind": "step", "what": "update"}
    for before, is_seen in ((conversation.MOST_LISTED - 1, True), (conversation.MOST_LISTED, False)):
        message = board.message(outbox=[0] * before + [step])
        assert board.conversation.has_news(message) == is_seen
    board.read(board.conversation.answer(message))
    assert board.header["done"] == 0


@pytest.mark.parametrize("far", [2**53 - 1, 10**9])
def test_a_command_numbered_far_beyond_the_last_one_does_not_make_the_next_ones_look_done(board, far):
    board.read(board.conversation.answer(board.message(outbox=[{"id": far, "kind": "step", "what": "epoch"}])))
    assert board.header["done"] == 0
    board.tell("step", what="update")
    assert board.tail == 1


def test_reset_returns_to_the_very_same_start(board):
    start = board.frames[0]
    board.tell("step", what="epoch")
    board.show()
    board.tell("reset")
    frame, theta = board.frames[-1]
    assert frame == start[0]
    np.testing.assert_array_equal(theta, start[1])


def test_reset_keeps_the_settings_on_screen_and_drops_weights_set_by_hand(board):
    board.tell("step", what="update")
    board.show()
    board.playground.apply(learning_rate=0.5)
    board.playground.edit(0, 0, 0, 3.0)
    board.playground.reset()
    assert board.playground.settings["learning_rate"] == 0.5
    assert board.playground.run.experiment.events == ()
    assert "by hand" in board.playground.notice


def test_a_live_setting_goes_on_from_the_frame_on_screen(board):
    board.tell("play")
    board.ask()
    frame, theta = board.show(1)
    board.conversation.answer(board.message())  # an ack tells what is shown; then a control changes something
    assert board.playground.apply(learning_rate=0.3)
    run = board.playground.run
    assert run.update == frame["update"]
    assert run.settings.learning_rate == 0.3
    assert board.playground.playing
    board.ask()
    np.testing.assert_array_equal(board.frames[0][1], theta)
    assert board.tail > frame["update"]


def test_a_setting_that_needs_a_new_network_starts_anew_and_says_so(board):
    board.tell("step", what="epoch")
    board.show()
    assert board.playground.apply(hidden=(4, 3))
    assert board.playground.run.update == 0
    assert "the layers" in board.playground.notice
    board.ask()
    assert board.header["scene_data"]["sizes"] == [2, 4, 3, 1]


def test_a_unit_more_or_less_is_not_said_to_be_a_layer(board):
    board.tell("units", layer=0, by=-1)
    assert board.playground.notice == "Started anew: the number of units cannot change within a run."
    board.tell("layers", by=1)
    assert board.playground.notice == "Started anew: the layers cannot change within a run."


def test_equal_settings_change_nothing(board):
    generation = board.playground.generation
    assert not board.playground.apply(**board.playground.settings)
    assert board.playground.generation == generation


def test_a_bad_setting_changes_nothing_and_says_what_is_wrong(board):
    run = board.playground.run
    assert not board.playground.apply(learning_rate=-1.0)
    assert board.playground.run is run
    assert "Learning rate" in board.playground.notice


def test_another_task_brings_an_output_and_a_loss_that_suit_it(board):
    assert board.playground.apply(dataset="plane")
    assert (board.playground.settings["output"], board.playground.settings["loss"]) == ("identity", "mse")


def test_an_edit_shows_the_loss_of_the_edited_network(board):
    board.tell("step", what="epoch")
    before, _ = board.show()
    board.tell("edit", layer=0, unit=1, source=None, value=2.5)
    frame, theta = board.frames[-1]
    assert frame["update"] == before["update"]
    assert theta[8 + 1] == 2.5  # W1 has 4 x 2 weights
    run = board.playground.run
    assert frame["train"]["loss"] == run.evaluate().train_loss != before["train"]["loss"]
    assert board.arrays["history_update"].tolist()[-1] <= frame["update"]


def test_undo_brings_back_the_run_as_it_was(board):
    board.tell("step", what="epoch")
    frame, theta = board.show()
    board.tell("units", layer=0, by=1)
    assert board.playground.can_undo
    board.tell("undo")
    np.testing.assert_array_equal(board.frames[-1][1], theta)
    assert board.frames[-1][0] == frame
    assert not board.playground.can_undo


def test_layers_units_and_features_are_changed_on_the_board(board):
    board.tell("layers", by=1)
    assert board.playground.settings["hidden"] == (4, 4)
    board.tell("units", layer=1, by=-1)
    assert board.playground.settings["hidden"] == (4, 3)
    board.tell("feature", name="x1*x2", on=True)
    assert board.playground.settings["features"] == ("x1", "x2", "x1*x2")
    board.tell("layers", by=-1)
    assert board.playground.settings["hidden"] == (4,)


def test_the_last_feature_cannot_be_left_out(board):
    board.playground.apply(features=("x1",))
    board.tell("feature", name="x1", on=False)
    assert board.playground.settings["features"] == ("x1",)
    assert "at least one" in board.header["notice"]


def test_a_probe_is_followed_through_the_network(board):
    board.tell("probe", x=[1.0, -2.0])
    forward = board.playground.run.network.forward([[1.0, -2.0]])
    np.testing.assert_array_equal(board.arrays["z"][0], np.concatenate([z[0] for z in forward.z]))
    board.tell("probe", x=None)
    assert "z" not in board.arrays


def test_the_columns_of_a_slice_are_chosen_and_another_input_moves_it():
    board = Board(Playground(sn.Experiment(dataset="tutorial", features=("x1", "x2", "x3"), hidden=(3,))))
    board.show()
    first, features = board.arrays["output_maps"][0], board.arrays["feature_maps"]
    board.tell("slice", columns=[2, 0])
    assert board.header["view"]["columns"] == [2, 0]
    assert (board.arrays["output_maps"][0] != first).any() and (board.arrays["feature_maps"] != features).any()
    before = board.arrays["output_maps"][0]
    board.tell("probe", x=[0.0, 0.9, 0.0])
    assert board.header["view"]["held"] == [0.0, 0.9, 0.0]
    assert (board.arrays["output_maps"][0] != before).any()
    for wrong in ([1, 1], [0, 3], [-1, 0], [0], [0, 1, 2], "01", [0.5, 1], None):
        board.playground.notice = ""
        board.tell("slice", columns=wrong)
        assert "choose another one" in board.header["notice"]
        assert board.header["view"]["columns"] == [2, 0]
    board.playground.apply(dataset="xor_gate")
    board.ask()
    whole = {"columns": [0, 1], "names": ["x1", "x2"], "domain": [[-0.5, 1.5]] * 2, "held": [0.5, 0.5]}
    assert board.header["view"] == whole | {"place": None, "words": ""}
    board.tell("slice", columns=[1, 0])  # of two there is nothing to choose
    assert board.header["view"]["columns"] == [0, 1]


@pytest.mark.parametrize("values", [[1.0], ["a", 2.0], [1e300, 0.0], [float("nan"), 0.0], 5, [1.0, 2.0, 3.0]])
def test_a_probe_that_is_no_point_is_refused_in_words(board, values):
    board.tell("probe", x=values)
    assert board.playground.probe is None
    assert "x1, x2" in board.header["notice"]


@pytest.mark.parametrize(
    "message",
    [
        {"outbox": [{"id": 1, "kind": "explode"}]},
        {"outbox": [{"id": 1, "kind": "edit", "layer": 9, "unit": 0, "source": None, "value": 1.0}]},
        {"outbox": [{"id": 1, "kind": "edit", "layer": 0, "unit": 0, "source": None, "value": float("nan")}]},
        {"outbox": [{"id": 1, "kind": "step"}]},
        {"outbox": [{"id": 1, "kind": "units", "layer": 7, "by": 1}]},
        {"outbox": [{"id": 1, "kind": "layers", "by": "many"}]},
        {"outbox": "nonsense", "n": "1", "generation": None, "hover": {"a": 1}, "rest": True, "fps": "fast"},
        {"outbox": [3, None], "shown": 1e300, "tail": -5},
    ],
)
def test_a_forged_message_ends_in_a_sentence_at_most(board, message):
    before = board.playground.run.network.theta
    header, _ = payload.unpack(board.conversation.answer({**board.message(), **message}))
    np.testing.assert_array_equal(board.playground.run.network.theta, before)
    assert header["playing"] is False


@pytest.mark.parametrize(
    ("opened", "told"),
    [
        ([9_000, 1_001], "The link was ignored: expected at most 1,000 parameters, got 1,001; use a shorter one."),
        ([600_000, 3], "The link was ignored: expected at most 524,288 characters, got 600,000; use a shorter one."),
        ([9_000, 1_000], ""),
        ([0, 1], ""),
        ("many", ""),
        ([None, "x"], ""),
    ],
)
def test_a_link_that_streamlit_dropped_for_its_length_is_told_once(board, opened, told):
    board.playground.open("")  # it follows the address
    board.ask(opened=opened)
    assert board.header["notice"] == told and board.playground.page_is_stale() == bool(told)
    board.playground.notice = ""
    board.ask(opened=opened)
    assert board.header["notice"] == ""


@pytest.mark.parametrize("names", [["warp"], ["log", "linear"], "test", 5, None, [None], [["test"]]])
def test_ticks_that_are_none_are_refused_and_the_old_ones_stay(board, names):
    board.tell("tick", names=["discretize", "test"])
    assert board.header["ticks"] == ["test", "discretize"] and board.header["notice"] == ""
    board.tell("tick", names=names)
    assert board.header["ticks"] == ["test", "discretize"] and "reload the page" in board.header["notice"]


def test_what_is_refused_is_shown_by_the_page_around_the_board(board):
    assert not board.playground.page_is_stale()
    board.tell("probe", x=[1e9, 0])
    assert "An input is one number" in board.playground.notice
    assert board.playground.page_is_stale()


def test_training_stops_by_itself_with_its_reason():
    playground = Playground(sn.Experiment(dataset="gauss", hidden=(4,), learning_rate=0.1))
    playground.set_stop(solved=True)
    board = Board(playground)
    board.tell("play")
    for _ in range(200):
        board.ask()
        if not board.header["playing"]:
            break
    assert board.header["status"] == "stopped"
    assert "accuracy" in board.header["words"]
    stopped_at = playground.run.update
    board.show()
    board.tell("play")  # who presses Play after that wants to go on
    assert playground.run.update > stopped_at


@pytest.mark.parametrize("pace", [100, 1e6])
def test_where_training_stops_does_not_depend_on_how_fast_it_goes(pace):
    playground = Playground(sn.Experiment(dataset="gauss", samples=100, learning_rate=0.001))
    run = playground.run.settings.start()
    while not run.history.test_score[-1] >= 0.95:
        run.advance(epochs=1)
    assert run.epoch > 3
    playground.set_stop(solved=True)
    board = Board(playground)
    board.conversation._pace.updates = pace
    board.show()
    board.tell("play")
    while board.header["playing"]:
        board.show()
        board.ask()
    assert playground.run.update == run.update


def test_a_diverging_run_stops_with_numbers_that_can_be_shown():
    playground = Playground(
        sn.Experiment(
            dataset="plane",
            output="identity",
            loss="mse",
            hidden=(4,),
            activation="relu",
            optimizer="sgd",
            learning_rate=50.0,
        )
    )
    board = Board(playground)
    board.tell("play")
    for _ in range(50):
        board.ask()
        if not board.header["playing"]:
            break
    assert board.header["status"] == "diverged"
    assert "iverged" in board.header["words"]
    for _, theta in board.frames:
        assert np.isfinite(theta).all()
    board.show()
    board.tell("play")
    assert board.header["playing"] is False
    assert "diverged" in board.header["notice"]


def test_at_rest_the_maps_become_sharp_and_the_page_runs_once(board):
    playground = board.playground
    playground.page_is_stale()
    board.ask(rest="maps", hover=[0, 2])
    assert board.header["sharp"]["units"] == [[0, 2]]
    assert board.arrays["sharp"].shape == (2, 100, 100)
    assert not playground.page_is_stale()
    board.ask(rest="page")
    assert playground.page_is_stale()
    board.ask(rest="page")
    assert not playground.page_is_stale()
    np.testing.assert_array_equal(board.arrays["history_update"], playground.run.history.update)


def test_a_part_of_the_page_that_was_used_has_the_page_run_unless_it_ran_itself(board):
    playground = board.playground
    playground.is_used()
    playground.is_used("study")
    playground.study_runs()
    assert playground.page_is_stale()
    playground.is_used("study")
    playground.study_runs()
    assert not playground.page_is_stale()
    playground.is_used("study")
    assert playground.page_is_stale()


def test_a_limited_speed_gives_frames_that_far_apart(board):
    board.clock = lambda: 0.0  # on a slow machine they are other ones
    board.tell("speed", name="1u")
    board.tell("play")
    assert [frame["update"] for frame, _ in board.frames] == [0, 1]
    assert board.header["hold"] == 1000
    board.show()
    board.tell("speed", name="100e")  # 5 updates an epoch here
    board.ask()
    updates = [frame["update"] for frame, _ in board.frames]
    assert np.diff(updates).tolist() == [8] * (len(updates) - 1)  # 500 updates a second, 60 frames a second
    assert board.header["hold"] == 16


def test_a_browser_that_does_not_know_the_scene_gets_it(board):
    board.ask()
    assert "scene_data" not in board.header
    newcomer = Board(board.playground, board.conversation)
    assert newcomer.header["scene_data"]["sizes"] == [2, 4, 1]
    assert newcomer.frames[0][0]["update"] == 0


def test_a_board_that_outlived_its_playground_starts_anew(board):
    board.tell("step", what="epoch")
    board.show()
    board.conversation = Conversation(Playground(sn.Experiment(hidden=(3,))))
    board.ask()
    assert board.header["scene_data"]["sizes"] == [2, 3, 1]
    assert board.tail == 0


def test_a_link_opens_its_experiment_and_names_what_it_ignored():
    playground = Playground()
    playground.open("?hidden=3-2&learning_rate=nonsense")
    assert playground.settings["hidden"] == (3, 2)
    assert playground.run.update == 0
    # What is used instead comes first: of a long notice the beginning is what everybody sees.
    assert playground.notice.startswith("In the link (0.01 is used instead), learning_rate: expected ")
    generation = playground.generation
    playground.open(playground.query)  # the address bar as the page wrote it
    assert playground.generation == generation


def test_without_a_link_the_playground_opens_untrained_and_at_rest_so_that_no_change_is_an_event_of_a_later_update():
    playground = Playground()
    playground.open("", sn.Experiment(hidden=(3,)))
    assert playground.run.update == 0
    assert not playground.playing
    playground.apply(learning_rate=0.5)
    assert sn.Experiment.from_query(playground.query)[0].at(0).learning_rate == 0.5


def test_the_gate_is_given_back_when_training_fails(board, monkeypatch):
    gate = Gate()
    monkeypatch.setattr(board.playground, "train", lambda updates: 1 / 0)
    message = board.message()
    message["outbox"] = [{"id": 1, "kind": "play"}]
    with pytest.raises(ZeroDivisionError):
        board.conversation.answer(message, gate)
    with gate.turn("another") as is_its_turn:
        assert is_its_turn


def test_a_control_does_not_wait_for_other_visitors_who_train(board):
    gate = Gate()
    message = board.message()
    message["outbox"] = [{"id": 1, "kind": "play"}]
    waiting = threading.Thread(target=board.conversation.answer, args=(message, gate))
    with gate.turn("another"):
        waiting.start()
        changed = []
        control = threading.Thread(target=lambda: changed.append(board.playground.apply(learning_rate=0.2)))
        control.start()
        control.join(timeout=5)
        assert changed == [True]
    waiting.join()


def test_turns_grow_after_play_and_are_shorter_while_other_visitors_train(board):
    ticks, now = itertools.count(), [0.0]
    gate = Gate(clock=lambda: now[0])

    def frames_of_next() -> int:
        board.show()
        before = len(board.frames)
        board.read(board.conversation.answer(board.message(), gate, clock=lambda: next(ticks) / 250))
        return len(board.frames) - before

    board.playground.set_speed("100e")
    board.playground.play()
    counts = [frames_of_next() for _ in range(8)]
    assert counts[:5] == sorted(counts[:5])
    assert counts[0] < counts[2] < counts[4] <= counts[-1]
    with gate.turn("another"):
        pass
    assert frames_of_next() < 0.7 * counts[-1]
    now[0] += 6  # the other one has gone
    assert [frames_of_next() for _ in range(3)][-1] == counts[-1]


def test_a_turn_ends_as_soon_as_somebody_waits_who_has_just_done_something(board):
    gate, clicks, ticks = Gate(), [], itertools.count()
    learn = board.playground.train

    def train(updates):
        learn(updates)
        if len(clicks) < 1 and board.playground.run.update > start + 20:
            clicks.append(threading.Thread(target=lambda: gate.turn("clicks", first=True).__enter__()))
            clicks[0].start()
            while not gate.is_awaited():
                time.sleep(0.001)
            clicks.append(board.playground.run.update)

    board.playground.set_speed("max")
    board.playground.play()
    for _ in range(6):  # the first turns are short
        start = board.playground.run.update
        board.show()
        board.read(board.conversation.answer(board.message(), gate, clock=lambda: next(ticks) / 250))
    longest, start = board.playground.run.update - start, board.playground.run.update
    board.playground.train = train
    board.show()
    board.read(board.conversation.answer(board.message(), gate, clock=lambda: next(ticks) / 250))
    assert board.playground.run.update == clicks[1], "with the frame of the update at which the click came"
    assert board.playground.run.update - start < longest
    clicks[0].join()


def test_a_training_point_is_looked_at_while_the_run_stands_still(board):
    pg = board.playground
    board.tell("play")
    board.show(0)
    board.tell("look_at", index=7)
    assert (pg.playing, pg.looked_sample, pg.looks) == (False, 7, 1)
    assert pg.page_is_stale()
    board.tell("look", layer=0, unit=1, source=[0])
    assert (pg.looked_at, pg.looked_sample, pg.looks) == ((0, 1, 0), None, 2)


@pytest.mark.parametrize("index", [-1, 50, None, "7", float("nan")])
def test_a_training_point_that_does_not_exist_is_refused_in_one_sentence(board, index):
    board.tell("look_at", index=index)
    assert board.playground.looked_sample is None
    assert board.playground.looks == 0
    assert board.playground.notice == "Training point: expected a number from 1 to 50; choose another one."


def test_what_the_board_at_rest_wants_under_the_microscope_is_put_there_and_anything_else_is_not(board):
    pg = board.playground
    study.open_place(pg, {"layer": 0, "unit": 1, "source": [1]})
    assert (pg.looked_at, pg.looked_sample, pg.looks) == ((0, 1, 1), None, 1)
    study.open_place(pg, {"layer": 1, "unit": 0, "source": [None]})
    assert (pg.looked_at, pg.looked_sample, pg.looks) == ((1, 0, None), None, 2)
    study.open_place(pg, {"index": 3})
    assert (pg.looked_sample, pg.looks) == (3, 3)
    for hostile in (
        None,
        "look",
        {"layer": 0},
        {"layer": 0, "unit": 0, "source": [0, 1]},
        {"layer": "0", "unit": 0, "source": []},
        {"layer": None, "unit": {}, "source": [[]]},
        {"layer": 9, "unit": 0, "source": []},
        {"layer": True, "unit": 0, "source": []},
        {"layer": 0, "unit": 1.0, "source": []},
        {"layer": 0, "unit": 1.5, "source": [True]},
        {"layer": 0, "unit": "x" * 10**6, "source": []},
        {"index": "3"},
        {"index": True},
        {"index": 1.5},
        {"index": 10**9},
    ):
        study.open_place(pg, hostile)
        assert len(pg.notice) < 200
    assert (pg.looked_at, pg.looked_sample, pg.looks) == ((1, 0, None), 3, 3)


def test_the_rate_in_force_is_said_while_a_schedule_holds_it_away_from_the_chosen_one(board):
    playground = board.playground
    for _ in range(60):
        playground.step()
    playground.apply(schedule="cosine", schedule_settings={"t_max": 40})
    board.ask()
    assert "learning rate" not in board.header["words"]  # it begins at the chosen rate
    for _ in range(20):
        playground.step()
    board.ask()
    assert board.header["words"].endswith("The schedule makes the learning rate 0.005 now.")  # half of 0.01, half way
    for _ in range(20):
        playground.step()
    theta = playground.run.network.theta
    board.ask()
    assert board.header["words"].endswith("learning rate 0 now: the next update changes nothing.")
    playground.step()
    assert np.array_equal(playground.run.network.theta, theta)


def test_what_was_overruled_by_pressing_play_again_belongs_to_that_run_alone():
    playground = Playground(sn.Experiment(dataset="gauss", hidden=(2,), samples=100, learning_rate=0.05))
    board = Board(playground)
    board.show()
    playground.set_speed("max")
    playground.set_stop(solved=True)

    def play_until_it_stops(most=400):
        for _ in range(most):
            board.ask()
            if board.frames:
                board.show()
            if not playground.playing:
                return True
        return False

    playground.play()
    assert play_until_it_stops()
    assert playground.notice == ""
    reason = playground.run.reason
    playground.play()
    assert "accuracy" in reason and playground.notice == f"It goes on past this: {reason}."
    assert not play_until_it_stops(4)  # the visitor wants to go on with this one
    for another in (playground.new_weights, playground.new_data, lambda: playground.apply(hidden=(3,))):
        another()
        assert playground.playing
        assert play_until_it_stops()
        assert "accuracy" in playground.run.reason
        board.ask()  # now the playground knows that the frame on screen is the solved one
        playground.play()
    playground.undo()  # back to a run that was overruled: it is solved, and goes on
    assert playground.playing
    assert not play_until_it_stops(4)


def changed_many_times(playground, count):
    """So many changes of all kinds, a step between them: (experiment, update, theta) before each, and at the end."""
    seen = []
    for k in range(count):
        seen.append((playground.run.experiment, playground.run.update, playground.run.network.theta))
        match k % 5:
            case 0:
                playground.apply(learning_rate=0.001 * (k + 1))
            case 1:
                playground.edit(0, 0, 0, 0.01 * k)
            case 2:
                playground.new_weights()
            case 3:
                playground.apply(hidden=(5 + k // 5,))
            case 4:
                playground.replace(sn.Experiment(hidden=(3,), samples=60, init_seed=k))
        playground.step()
    return seen, (playground.run.experiment, playground.run.update, playground.run.network.theta)


def stands_at(playground, place):
    experiment, update, theta = place
    run = playground.run
    return (run.experiment, run.update) == (experiment, update) and np.array_equal(run.network.theta, theta)


def test_sixty_changes_are_taken_back_and_made_again_one_by_one_to_the_last_bit():
    playground = Playground(sn.Experiment(hidden=(4,), samples=60))
    places, last = changed_many_times(playground, 60)
    for place in reversed(places):
        playground.undo()
        assert stands_at(playground, place)
    assert not playground.can_undo
    for place in (*places[1:], last):
        playground.redo()
        assert stands_at(playground, place)
    assert not playground.can_redo


def test_a_new_change_forgets_what_was_taken_back(board):
    playground = board.playground
    playground.apply(learning_rate=0.5)
    playground.undo()
    assert playground.can_redo
    playground.apply(batch_size=20)
    assert not playground.can_redo
    board.tell("redo")
    assert board.header["notice"] == "There is nothing to do again."
    assert playground.settings["batch_size"] == 20


def test_the_browsers_back_and_forward_are_no_changes_that_undo_would_run_through_again():
    playground = Playground(sn.Experiment(hidden=(4,), samples=60))
    addresses = []
    for do in (
        lambda: playground.step("epoch"),
        lambda: playground.step("epoch"),
        lambda: playground.apply(hidden=(4, 3)),
        lambda: playground.apply(hidden=(4, 3, 2)),
        lambda: playground.step("epoch"),
    ):
        do()
        addresses.append(playground.link)
    one, two = (4,), (4, 3)
    for back in addresses[-2::-1]:
        playground.open(back)
    assert playground.run.settings.hidden == one and not playground.can_undo
    for forward in addresses[1:]:
        playground.open(forward)
    assert playground.link == addresses[-1] and not playground.can_redo
    seen = []
    while playground.can_undo:
        playground.undo()
        seen.append((playground.run.settings.hidden, playground.run.update))
    assert seen == [(two, 0), (one, 6)]  # two epochs of three updates
    playground.open(addresses[-1])  # far ahead in one go, as from the browser's list of pages
    playground.undo()
    assert playground.run.settings.hidden == two
    playground.open(sn.Experiment(hidden=(7,)).to_query())  # a link of somebody else is a change
    playground.undo()
    assert playground.run.settings.hidden == two


def test_undo_and_redo_while_it_plays_go_on_playing(board):
    playground = board.playground
    board.tell("play")
    board.show()
    board.tell("units", layer=0, by=1)
    board.tell("undo")
    assert board.header["playing"] and playground.settings["hidden"] == (4,) and board.header["can_redo"]
    board.tell("redo")
    assert board.header["playing"] and playground.settings["hidden"] == (5,)
    board.show()
    board.ask()
    assert playground.run.update > 0


def test_undo_remembers_a_bounded_number_of_places_and_few_runs(board):
    playground = board.playground
    for k in range(150):
        playground.apply(learning_rate=0.001 * (k + 1))
    assert 1 <= sum(place.run is not None for place in playground._undo._before) <= 4
    count = 0
    while playground.can_undo:
        playground.undo()
        count += 1
    assert 50 <= count <= 100


def test_what_of_a_link_to_a_far_update_is_not_used_is_told_before_the_way_there_has_ended(monkeypatch):
    monkeypatch.setattr("ui.play.playground.REACH_SECONDS", 0)
    playground = Playground()
    playground.open("at=1000000000&noise=9")
    assert playground.playing
    for told in ("Training up to update 1,000,000", "update 1,000,000,000 is too far", "noise: expected"):
        assert told in playground.notice


def test_a_link_to_a_far_update_is_reached_in_pieces_that_the_board_shows_and_pause_stops_there(monkeypatch):
    monkeypatch.setattr("ui.play.playground.REACH_SECONDS", 0)
    monkeypatch.setattr("ui.play.turn.ALONE_SECONDS", 0.02)
    experiment = sn.Experiment(hidden=(3,), samples=60).with_event(7, learning_rate=0.1)
    link = f"{experiment.to_query()}&at=3000"
    playground = Playground()
    playground.open(link)
    board = Board(playground)
    assert board.header["playing"] and "update 3,000" in board.header["words"] and "Pause" in playground.notice
    assert playground.link == link  # a reload on the way begins the same way again
    board.show()
    for _ in range(400):
        board.ask()
        board.show()
        if not board.header["playing"]:
            break
    assert not playground.playing and playground.run.update == board.shown == 3000
    expected = experiment.start()
    expected.advance(updates=3000)
    assert np.array_equal(playground.run.network.theta, expected.network.theta)

    playground = Playground()
    playground.open(link.replace("3000", "900000"))
    board = Board(playground)
    board.show()
    board.ask()
    board.tell("pause")
    stopped = playground.run.update
    assert stopped < 900_000 and not board.header["playing"]
    board.ask()
    assert playground.run.update == stopped and "Training again" not in board.header["words"]


@pytest.mark.parametrize("updates", [1, 7, 10_000])
def test_a_rule_stops_at_the_first_epoch_end_where_it_holds_however_far_one_answer_trains(updates):
    playground = Playground(sn.Experiment(samples=40, hidden=(2,), batch_size=5))
    playground.set_stop(epochs=3)
    playground.play()
    while playground.playing:
        playground.train(updates)
    assert playground.run.reason.startswith("3 epochs are done")
    assert (playground.run.epoch, playground.run.update) == (3, 12)


def test_the_bounds_of_an_address_are_those_of_the_installed_streamlit():
    assert conversation.MOST_PARAMETERS == query_params.CLIENT_STATE_QUERY_STRING_MAX_FIELDS
    assert conversation.MOST_CHARACTERS == query_params.CLIENT_STATE_QUERY_STRING_MAX_LENGTH


def test_what_was_said_before_the_last_answer_came_is_answered_again_but_trains_no_second_time(board):
    board.tell("play")
    board.show(0)
    early = board.message()
    board.read(board.conversation.answer(early))
    trained = board.playground.run.update
    late = {**early, "n": early["n"] + 1}  # asked again, because the answer took long
    header, _ = payload.unpack(board.conversation.answer(late))
    assert board.playground.run.update == trained
    assert [frame["update"] for frame in header["frames"]] == [
        frame["update"] for frame, _ in board.frames if frame["update"] > early["tail"]
    ]
    board.n += 1
    board.ask()
    assert board.playground.run.update > trained


@pytest.mark.parametrize("settings", [{}, {"hidden": (128, 128), "batch_size": 100}])
def test_a_browser_that_says_it_has_all_but_shows_nothing_is_given_no_more_than_a_few_megabytes(settings):
    board = Board(Playground(sn.Experiment(**settings)))
    board.tell("play")
    sizes, before = [], -1
    while len(sizes) < 2000 and board.playground.run.update > before:  # a busy machine makes few frames a turn
        before = board.playground.run.update
        sent = board.conversation.answer(board.message(shown=0, queued=0))
        sizes.append(len(sent))
        board.read(sent)
    kept = board.conversation._frames
    assert len(kept) <= 256 and sum(frame.nbytes for frame in kept) <= 6_000_000 + kept[0].nbytes
    assert max(sizes) < 4_000_000
    stopped = board.playground.run.update
    board.ask()
    assert board.playground.run.update == stopped > 0, "it trains no further"
    board.show()
    board.ask()
    assert board.playground.run.update > stopped, "until the browser has shown what it has"


def test_a_long_step_goes_on_in_pieces_that_the_board_shows_and_pause_stops_it(monkeypatch):
    monkeypatch.setattr("ui.play.playground.REACH_SECONDS", 0)
    monkeypatch.setattr("ui.play.turn.ALONE_SECONDS", 0.002)
    experiment = sn.Experiment(hidden=(3,), samples=4000, batch_size=1)
    for is_paused in (False, True):
        board = Board(Playground(experiment))
        board.show()
        board.tell("step", what="epoch")
        assert board.header["playing"] and board.header["words"] == "Training up to update 2,000. Pause stops here."
        pieces = 0
        while board.header["playing"]:
            board.show()
            board.ask()
            pieces += 1
            if is_paused and pieces == 3:
                board.show()
                board.tell("pause")
        run = board.playground.run
        assert pieces > 3 or is_paused
        assert (run.update == 2000) != is_paused and 0 < run.update <= 2000
        again = experiment.start()
        again.goto(run.update)
        np.testing.assert_array_equal(run.network.theta, again.network.theta)
    assert not board.playground.playing


def test_where_one_update_takes_long_the_clock_is_looked_at_within_a_frame_however_many_updates_it_should_cover(board):
    board.playground.set_speed("100e")  # 500 updates a second here: 8 a frame
    now, made = [0.0], []

    def slow_train(updates):
        made.append(updates)
        board.playground.run.advance(updates=updates)
        now[0] += 0.1 * updates

    board.playground.train = slow_train
    board.playground.play()
    board.read(board.conversation.answer(board.message(), clock=lambda: now[0]))
    assert made == [1], "the first turn has 0.02 s: one update tells that there is no time for more"
    assert [frame["update"] for frame, _ in board.frames] == [0, 1], "the frame covers what was reached"
    for _ in range(6):
        board.show()
        before = now[0]
        board.read(board.conversation.answer(board.message(), clock=lambda: now[0]))
        assert now[0] - before <= 0.45 + 0.1, "no turn is longer than it may be and one update"
    assert set(made) == {1}


@pytest.mark.parametrize(
    ("each", "said"),
    [
        (0.1, " The server reaches about 2 of 100 epochs/s."),
        (0.01, " The server reaches about 10 of 100 epochs/s."),
        (0.0001, ""),
    ],
)
def test_a_speed_that_is_not_reached_is_said_with_the_one_that_is(board, each, said):
    board.playground.set_speed("100e")  # 500 updates a second here
    now = [0.0]

    def train(updates):
        board.playground.run.advance(updates=updates)
        now[0] += each * updates

    board.playground.train = train
    board.playground.play()
    words = []
    for _ in range(24):
        board.show()
        board.read(board.conversation.answer(board.message(), clock=lambda: now[0]))
        words.append(board.header["words"])
        now[0] += 0.27 if each < 0.1 else 0.03  # until the browser asks again
    assert not any("reaches" in early for early in words[:5])
    assert words[-1].endswith(said) and ("reaches" in words[-1]) == bool(said)
    board.tell("pause")
    assert "reaches" not in board.header["words"]


@pytest.mark.parametrize(("left", "covered"), [(0, 0.96), (200, 0.3)])
def test_where_answers_take_long_and_the_browser_has_run_dry_an_answer_holds_frames_until_the_next(left, covered):
    """Answers come each 0.8 s. covered: seconds at the chosen speed that an answer holds for a browser with so many
    frames left beyond its last ones: as long as the answers take and a fifth more, or the usual three tenths."""
    now = [0.0]
    board = Board(Playground(sn.Experiment(samples=100, batch_size=10)))  # 50 training points: 50 updates a second
    board.tell("play")
    made = 0
    for _ in range(25):
        now[0] += 0.8
        before = board.playground.run.update
        board.read(board.conversation.answer(board.message(queued=min(made + left, 71)), clock=lambda: now[0]))
        board.show()
        made = sum(1 for frame, _ in board.frames if frame["update"] > before)
    assert board.playground.run.update - before == pytest.approx(50 * covered, abs=2)


@pytest.mark.parametrize(
    "command",
    [
        {"kind": "units", "layer": -1, "by": 1},
        {"kind": "units", "layer": True, "by": 1},
        {"kind": "units", "layer": 2, "by": 1},
        {"kind": "units", "layer": 0.5, "by": 1},
        {"kind": "units", "layer": 0, "by": 5},
        {"kind": "units", "layer": 0},
        {"kind": "layers", "by": 5},
        {"kind": "layers", "by": 0},
        {"kind": "layers", "by": None},
    ],
    ids=str,
)
def test_layers_and_units_that_no_button_asks_for_are_refused_and_nothing_changes(command):
    board = Board(Playground(sn.Experiment(hidden=(3, 2))))
    board.show()
    before = board.playground.run
    board.tell(**command)
    assert board.playground.run is before
    assert board.playground.notice.endswith("reload the page.")


def test_data_with_more_columns_bring_along_the_features_that_suit_them():
    playground = Playground(sn.Experiment(features=("x1*x2", "x2"), hidden=(3,)))
    playground.apply(dataset="tutorial")
    assert playground.settings["features"] == ("x1", "x2", "x3")
    playground.apply(dataset="spiral")
    assert playground.settings["features"] == ("x1", "x2")
    playground.apply(features=("x1*x2",))
    playground.apply(dataset="xor")
    assert playground.settings["features"] == ("x1*x2",), "of the same columns they are kept"


def test_an_address_that_was_too_long_is_told_by_the_board_that_follows_it_alone():
    follows, other = (Board(Playground(sn.Experiment(), name=name)) for name in ("left", "right"))
    follows.playground.open("")
    for board in (follows, other):
        board.read(board.conversation.answer(board.message() | {"opened": [600_000, 3]}))
    assert follows.playground.notice.startswith("The link was ignored")
    assert other.playground.notice == ""


def test_numbers_too_large_for_a_float_are_refused_in_a_sentence(board):
    huge = 10**400
    board.tell("probe", x=[huge, 0])
    assert board.playground.notice.startswith("An input is one number for each of x1, x2, at most ")
    board.tell("resume", link="hidden=3", update=huge, playing=False, probe=[0, huge])
    assert board.playground.settings["hidden"] == (3,)
    assert "too far to be trained again" in board.playground.notice
    assert board.playground.probe is None


def test_many_long_commands_of_one_message_are_carried_out_for_a_while_and_the_others_when_they_are_said_again(
    monkeypatch,
):
    monkeypatch.setattr("ui.play.playground.REACH_SECONDS", 0.3)
    monkeypatch.setattr("ui.play.conversation.OBEY_SECONDS", 0.5)
    board = Board(Playground(sn.Experiment(hidden=(100, 100), samples=2000, batch_size=1)))
    board.outbox = [{"id": i, "kind": "step", "what": "epoch"} for i in range(1, 101)]
    board.conversation.answer(board.message())
    assert 0 < board.conversation.done < 100, "each takes 0.3 s at least"
    done = board.conversation.done
    for _ in range(500):  # a slow machine goes the way of the last one in pieces first
        board.ask()
        board.show()
        if board.conversation.done > done:
            break
    assert done < board.conversation.done < 100


def test_pause_on_the_way_to_an_update_takes_back_that_it_trains(monkeypatch):
    monkeypatch.setattr("ui.play.playground.REACH_SECONDS", 0)
    playground = Playground()
    playground.open("at=100000")
    assert playground.notice.startswith("Training up to update 100,000")
    playground.pause()
    assert playground.notice == "" and playground.replay is None and not playground.playing
