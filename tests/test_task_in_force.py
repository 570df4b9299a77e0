"""A task in force: the playground obeys it whatever the browser sends, says when it is reached, and keeps its link."""

import json
import re
from unittest import mock
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest

import scratchnet as sn
from scratchnet import goals
from scratchnet.goals import Condition, Goal
from tests.test_playground_page import opened, select, talk
from tests.widgets import named
from ui.classroom import hand_in
from ui.classroom.assignment import CONTROLS, HIDEABLE, Assignment
from ui.classroom.tasks import TASKS
from ui.gallery import FIRST
from ui.play import payload
from ui.play.conversation import Conversation
from ui.play.playground import FIELDS, Playground

EASY = Goal((Condition("test_accuracy", 0.9),))


def task(locked=(), hidden=(), goal=EASY, start=FIRST, instruction="Reach 90 % test accuracy.") -> Assignment:
    return Assignment(instruction, goal, tuple(locked), tuple(hidden), start)


def playing(assignment: Assignment, query: str = "") -> Playground:
    """A playground that was opened by the task's link, or by a moment's with the task in it."""
    playground = Playground()
    playground.open("&".join(filter(None, [query, urlencode({"task": assignment.text})])), FIRST)
    return playground


# What a pupil may send for each field, unlike the start's value.
OTHER = {
    **{
        "dataset": "xor",
        "samples": 100,
        "noise": 0.2,
        "train_fraction": 0.7,
        "validation_fraction": 0.1,
        "scaling": "minmax",
        "features": ("x1",),
        "hidden": (3,),
    },
    **{"activation": "relu", "output": "tanh", "loss": "mse", "initializer": "he_normal", "optimizer": "sgd"},
    **{"optimizer_settings": {"eps": 0.5}, "learning_rate": 0.3, "schedule": "step"},
    **{"schedule_settings": {}, "batch_size": 3, "shuffle": False, "l1": 0.1, "l2": 0.1, "clip_norm": 1.0},
    **{"data_seed": 5, "init_seed": 5, "order_seed": 5},
}
COMMANDS = {
    "edit weights": {"kind": "edit", "layer": 0, "unit": 0, "source": 0, "value": 0.5},
    "layers": {"kind": "units", "layer": 0, "by": 1},
    "hidden": {"kind": "layers", "by": 1},
    "features": {"kind": "feature", "name": "x1*x2", "on": True},
    "speed": {"kind": "speed", "name": "max"},
    "init_seed": {"kind": "new_weights"},
    "data_seed": {"kind": "new_data"},
}


def state(playground: Playground) -> tuple:
    return playground.run.experiment, playground.run.update, playground.speed, playground.stop_rule


@pytest.mark.parametrize("kept", ["locked", "hidden"])
@pytest.mark.parametrize("name", [name for name in FIELDS if name != "schedule_settings"])
def test_a_setting_that_a_task_keeps_cannot_be_changed_and_one_sentence_says_so(name, kept):
    start = FIRST.replace(loss="mse") if name == "output" else FIRST
    free, bound = playing(task(start=start)), playing(task(**{kept: [name]}, start=start))
    assert free.apply(**{name: OTHER[name]})  # so it is no change that is refused anyway
    before = state(bound)
    assert not bound.apply(**{name: OTHER[name]})
    assert state(bound) == before
    assert bound.notice.startswith("Locked by the task: ") and bound.notice.endswith(".")


@pytest.mark.parametrize("kept", ["locked", "hidden"])
@pytest.mark.parametrize("name", COMMANDS)
def test_what_the_board_sends_is_refused_as_well(name, kept):
    for names, is_refused in ((), False), ((name,), True):
        conversation = Conversation(playing(task(**{kept: names})))
        before = state(conversation.playground)
        conversation.answer({"outbox": [{"id": 1, **COMMANDS[name]}]})
        assert conversation.done == 1
        assert (state(conversation.playground) == before) == is_refused
        assert conversation.playground.notice.startswith("Locked by the task: ") == is_refused


def test_a_change_that_takes_a_locked_setting_along_is_refused_whole():
    bound = playing(task(["features"]))
    assert not bound.apply(dataset="sine")  # which has one input alone
    assert bound.run.experiment == FIRST and "the input features" in bound.notice


def test_the_hidden_drawer_takes_the_stop_rules_along_also_those_of_a_link():
    bound = playing(task(hidden=["training"]), FIRST.to_query() + "&stop=solved-50")
    assert not any(bound.stop_rule.values())
    bound.set_stop(solved=True)
    assert not any(bound.stop_rule.values()) and "when training stops by itself" in bound.notice


def test_undo_and_redo_go_through_what_is_free_and_not_out_of_the_task():
    bound = Playground()
    bound.apply(hidden=(2,))
    bound.open(urlencode({"task": task(["dataset"]).text}))
    assert not bound.can_undo and bound.run.experiment == FIRST
    bound.apply(hidden=(4,))
    bound.undo()
    assert bound.run.experiment == FIRST
    bound.undo()
    assert bound.run.experiment == FIRST
    bound.redo()
    assert bound.run.experiment == FIRST.replace(hidden=(4,))


def test_reset_leads_back_to_the_teachers_start_with_its_events():
    start = FIRST.with_event(3, learning_rate=0.1).with_edit(3, 0, 0, 0, 0.25)
    bound = playing(task(start=start))
    bound.apply(hidden=(4,), activation="relu")
    bound.step("epoch")
    bound.reset()
    assert (bound.run.experiment, bound.run.update) == (start, 0)
    assert "start of the task" in bound.notice
    for _ in range(3):
        bound.step()
    assert bound.run.settings.learning_rate == 0.1 and bound.run.network.weights[0][0, 0] == 0.25
    bound.reset()
    assert (bound.run.experiment, bound.run.update, bound.notice) == (start, 0, "")


def test_another_start_cannot_be_taken_from_the_gallery():
    bound = playing(task())
    bound.replace(sn.Experiment())
    assert bound.run.experiment == FIRST and "own start" in bound.notice


# ---- the link --------------------------------------------------------------------------------------------------------


def test_the_pupils_own_moment_opens_with_the_task_and_its_fingerprint():
    bound = playing(task(["dataset"]))
    bound.apply(activation="relu")
    bound.step("epoch")
    again = Playground()
    again.open(bound.link, FIRST)
    assert again.moment == bound.moment
    assert again.assignment.fingerprint == task(["dataset"]).fingerprint
    assert dict(parse_qsl(bound.link))["task"] == task(["dataset"]).text


@pytest.mark.parametrize(
    "forged",
    [
        FIRST.replace(dataset="xor"),
        FIRST.with_event(2, learning_rate=0.5),
        FIRST.with_edit(2, 0, 0, 0, 3.0),
        FIRST.replace(features=("x1", "x1^2")),
    ],
)
def test_a_link_that_changes_what_is_locked_opens_the_tasks_start_and_says_so(forged):
    assignment = task(["dataset", "learning_rate", "edit weights", "features"])
    bound = playing(assignment, forged.to_query() + "&at=20")
    assert (bound.run.experiment, bound.run.update, bound.assignment) == (FIRST, 0, assignment)
    assert "The link changes what the task locks" in bound.notice
    bound.resume(forged.to_query(), 20, False, task=assignment.text)
    while bound.replay is not None:
        bound.train(100)
    assert (bound.run.experiment, bound.run.update) == (FIRST, 0)
    assert bound.assignment == assignment


def test_of_a_links_branches_those_that_break_the_task_are_left_out_and_one_sentence_says_so():
    free = Playground(FIRST)
    for rates in ({"learning_rate": 0.5}, {"batch_size": 3}):
        free.branch(0)
        free._stand_at(20)
        free.goto(5)
        free.apply(**rates)
    free.branch(0)
    assert len(free.forks.every) == 3
    said = "Branches of the link that change what the task locks were left out."
    for locked, left in (("learning_rate", 2), ("data_seed", 3)):
        bound = playing(task([locked]), free.link)
        while bound.replay is not None:
            bound.train(100)
        assert (bound.run.experiment, len(bound.forks.every)) == (FIRST, left)
        assert {fork.experiment.at(9).learning_rate for fork in bound.forks.every} == (
            {FIRST.learning_rate} if left == 2 else {FIRST.learning_rate, 0.5}
        )
        assert (said in bound.notice) == (left == 2)


def test_a_locked_speed_is_the_usual_one_whatever_a_link_says():
    free, bound = playing(task(), "speed=max"), playing(task(["speed"]), "speed=max")
    assert (free.speed, bound.speed) == ("max", "10e")
    bound.resume(FIRST.to_query(), 0, False, speed="max", task=task(["speed"]).text)
    assert bound.speed == "10e"


def test_a_damaged_task_is_one_sentence_and_what_is_on_screen_else_is_as_without_it():
    fresh = Playground()
    fresh.open("task=1.AAAA", FIRST)
    assert (fresh.run.experiment, fresh.assignment) == (FIRST, None)
    assert fresh.notice == "The task in the link is damaged: copy the whole link again."
    fresh.open(FIRST.replace(hidden=(3,)).to_query() + "&task=2.AAAA")
    assert fresh.run.experiment == FIRST.replace(hidden=(3,)) and "another form" in fresh.notice
    assert "task" not in fresh.link


def test_a_playground_looks_for_no_file_so_letters_alone_are_no_task_to_it():
    fresh = Playground()
    fresh.open(f"task={TASKS['few_units'].assignment.fingerprint}", FIRST)
    assert (fresh.run.experiment, fresh.assignment) == (FIRST, None)
    assert fresh.notice.startswith("No task is known here as ") and "is left" not in fresh.notice


def test_a_link_without_the_task_leaves_it():
    bound = playing(task(["dataset"]))
    bound.open(FIRST.replace(dataset="xor").to_query())
    assert bound.assignment is None and bound.run.experiment.dataset == "xor"
    assert not bound.can_undo


def test_a_server_that_forgot_the_visit_gets_the_task_back_from_the_browser():
    conversation = Conversation(playing(task(["dataset"])))
    remembered = payload.unpack(conversation.answer(None))[0]["remember"]
    other = Conversation(Playground())
    other.answer({"outbox": [{"id": 1, "kind": "resume", "update": 5, "playing": False, **remembered}]})
    assert other.playground.assignment == task(["dataset"])


# ---- reached ---------------------------------------------------------------------------------------------------------


def first_epoch_end_with(share: float, start: sn.Experiment = FIRST) -> int:
    """The first update at an epoch end with this test accuracy, found by going there epoch by epoch."""
    run = start.start()
    while run.evaluate().test_correct / run.evaluate().test_total < share:
        run.advance(epochs=1)
    return run.update


@pytest.mark.parametrize("stride", [1, 7, 1000])
def test_it_is_reached_at_the_first_epoch_end_that_meets_it_however_far_each_piece_goes(stride):
    bound = playing(task())
    bound.play()
    while bound.run.update < 1500:
        bound.train(stride)
    assert bound.reached is None  # not before it was seen
    bound.page_is_stale()
    bound.sees(bound.run.update)
    assert bound.reached == first_epoch_end_with(0.9)
    assert bound.page_is_stale()  # it is to be said while it plays on


def test_what_was_met_ahead_of_the_picture_and_then_forgotten_is_not_reached():
    bound = playing(task())
    bound.play()
    bound.train(3000)
    bound.sees(1)
    bound.pause()
    assert bound.run.update == 1 and bound.reached is None
    bound.apply(hidden=(1,))  # of which the accuracy never comes near
    bound.play()
    bound.train(1500)
    bound.sees(bound.run.update)
    assert bound.reached is None


def test_reached_stays_said_after_a_change_after_reset_and_when_it_holds_no_more():
    bound = playing(task(goal=Goal((Condition("updates", 0),))))
    assert bound.reached == 0
    bound.step()
    bound.apply(hidden=(2,))
    bound.reset()
    assert bound.reached == 0


def test_all_conditions_have_to_hold_at_the_same_update():
    late = first_epoch_end_with(0.9)
    start = Goal((Condition("test_accuracy", 0.9), Condition("updates", late - 1)))
    end = Goal((Condition("test_accuracy", 0.9), Condition("updates", late)))
    for goal, reached in (start, None), (end, late):
        bound = playing(task(goal=goal))
        bound.play()
        bound.train(late + 500)
        bound.sees(bound.run.update)
        assert bound.reached == reached


def test_a_link_to_a_later_update_knows_that_it_was_reached_on_the_way():
    bound = playing(task(), f"{FIRST.to_query()}&at={first_epoch_end_with(0.9) + 7}")
    while bound.replay is not None:
        bound.train(500)
    assert bound.reached == first_epoch_end_with(0.9)


def test_another_task_begins_anew():
    bound = playing(task(goal=Goal((Condition("updates", 0),))))
    bound.open(urlencode({"task": task(["dataset"]).text}))
    assert bound.reached is None


def test_a_task_without_conditions_is_never_reached():
    bound = playing(task(goal=Goal()))
    bound.step("epoch")
    assert bound.reached is None and told(Conversation(bound))["goal"] == []


def test_the_board_in_the_browser_sees_it_between_two_runs_of_the_page():
    conversation = Conversation(playing(task()))
    bound = conversation.playground
    header = payload.unpack(conversation.answer(None))[0]
    message = {"n": 1, "visit": header["visit"], "outbox": [{"id": 1, "kind": "play"}]}
    for n in range(2, 400):
        header, _ = payload.unpack(conversation.answer(message))
        bound.page_is_stale()
        message = {"n": n, "visit": header["visit"], "generation": header["generation"], "tail": bound.run.update}
        message |= {"shown": bound.run.update, "queued": 0, "scene": header["scene"], "outbox": []}
        if bound.reached is not None:
            break
    assert bound.reached == first_epoch_end_with(0.9)


# ---- how far it is ---------------------------------------------------------------------------------------------------


def told(conversation: Conversation) -> dict:
    """What the board hears of the task."""
    return payload.unpack(conversation.answer(None))[0]["task"]


def percent(share: float) -> str:
    return f"{float(f'{100 * share:.4g}'):g} %"


EVERY = Goal(
    (
        Condition("test_accuracy", 0.9),
        Condition("train_loss", 0.2),
        Condition("updates", 90),
        Condition("units", 3),
        Condition("unchanged", ("learning_rate",)),
    )
)


def test_every_frame_says_how_far_each_condition_is_at_its_own_update():
    start = FIRST.replace(hidden=(3,)).with_event(40, learning_rate=0.3)
    conversation = Conversation(playing(task(goal=EVERY), f"{start.to_query()}&speed=1e"))
    header = payload.unpack(conversation.answer(None))[0]
    message = {"n": 1, "visit": header["visit"], "outbox": [{"id": 1, "kind": "play"}]}
    frames = {}
    for n in range(2, 60):
        header, _ = payload.unpack(conversation.answer(message))
        frames |= {frame["update"]: frame["goal"] for frame in header["frames"]}
        shown = header["frames"][-1]["update"] if header["frames"] else 0
        message = {"n": n, "visit": header["visit"], "generation": header["generation"], "tail": shown, "shown": shown}
        message |= {"queued": 0, "scene": header["scene"], "outbox": []}
    assert len(frames) > 40 and max(frames) > 100
    run = start.start()  # once more by single steps
    for update in range(max(frames) + 1):
        if update in frames:
            output, y = run.network.predict(run.x_test), run.y_test
            share, loss = float(np.mean((output > 0.5) == (y > 0.5))), run.evaluate().train_loss
            accuracy, train_loss, units, updates, unchanged = [tuple(one) for one in frames[update]]
            assert accuracy == (f"now {percent(share)}", share >= 0.9)
            assert train_loss[1] == (loss <= 0.2) and float(train_loss[0][4:]) == pytest.approx(loss, rel=1e-3)
            assert units == ("now 3", True) and updates == (f"now {update}", update <= 90)
            assert unchanged == (("1 changed", False) if update >= 40 else ("nothing changed", True))
        run.step()


def test_that_it_diverged_is_said_of_the_last_update_though_its_frame_was_made_before():
    assignment = task(goal=Goal((Condition("diverges", True),)), start=TASKS["too_fast"].assignment.start)
    bound = playing(assignment)
    conversation = Conversation(bound)
    assert told(conversation)["goal"] == [["not yet", False]]
    bound.apply(learning_rate=0.3)
    bound.set_speed("1u")  # a frame for each update, and none for the one that fails
    header = payload.unpack(conversation.answer(None))[0]
    message = {"n": 1, "visit": header["visit"], "outbox": [{"id": 1, "kind": "play"}]}
    n = 1
    while bound.run.status != "diverged":
        n += 1
        header, _ = payload.unpack(conversation.answer(message))
        message = {"n": n, "visit": header["visit"], "generation": header["generation"], "tail": bound.run.update}
        message |= {"shown": bound.run.update, "queued": 0, "scene": header["scene"], "outbox": []}
    assert (header["task"]["update"], header["task"]["goal"]) == (bound.run.update, [["it has", True]])


def test_no_answer_evaluates_the_data_once_more_for_the_task():
    counted = {}
    for assignment in (None, task(goal=EVERY)):
        conversation = Conversation(playing(assignment) if assignment else Playground(FIRST))
        header = payload.unpack(conversation.answer(None))[0]
        message = {"n": 1, "visit": header["visit"], "outbox": [{"id": 1, "kind": "step", "what": "update"}]}
        header = payload.unpack(conversation.answer(message))[0]
        with mock.patch.object(sn.Run, "evaluate", autospec=True, side_effect=sn.Run.evaluate) as evaluate:
            for _ in range(5):  # said again
                told = payload.unpack(conversation.answer(message))[0]["task"]
        counted[assignment is None] = evaluate.call_count
        run = FIRST.start()
        run.step()
        if assignment:
            assert [bool(met) for _, met in told["goal"]] == [one.is_met for one in goals.measure(EVERY, run, FIRST)]
    assert counted[False] == counted[True] > 0


def test_a_task_taken_at_the_very_moment_on_screen_has_its_conditions_in_the_frame():
    conversation = Conversation(Playground(FIRST))
    conversation.playground.open(FIRST.to_query())
    assert payload.unpack(conversation.answer(None))[0]["frames"][0]["goal"] == []
    conversation.playground.open(f"{FIRST.to_query()}&{link_of(task())}")
    (frame,) = payload.unpack(conversation.answer(None))[0]["frames"]
    run = FIRST.start()
    assert frame["goal"] == [[f"now {percent(run.evaluate().test_correct / run.evaluate().test_total)}", False]]


# ---- kept by the browser, and left -----------------------------------------------------------------------------------


def told_by_the_browser(playground: Playground, **command) -> Playground:
    Conversation(playground).answer({"outbox": [{"id": 1, **command}]})
    return playground


def test_what_the_tab_knows_was_reached_before_stays_said_by_a_visit_that_begins_anew():
    bound = playing(task())
    told_by_the_browser(bound, kind="reached", task=bound.assignment.fingerprint, update=120)
    assert bound.reached == 120 and bound.page_is_stale()
    bound.reset()
    bound.apply(hidden=(2,))
    bound.undo()
    assert bound.reached == 120


def test_what_is_reached_now_is_not_overruled_by_what_was_before():
    bound = playing(task(goal=Goal((Condition("updates", 0),))))
    told_by_the_browser(bound, kind="reached", task=bound.assignment.fingerprint, update=120)
    assert bound.reached == 0


@pytest.mark.parametrize("update", [-1, 1.5, True, None, "7", 10**30, [3]])
def test_an_update_that_is_none_is_not_believed(update):
    bound = playing(task())
    told_by_the_browser(bound, kind="reached", task=bound.assignment.fingerprint, update=update)
    assert bound.reached is None


@pytest.mark.parametrize("name", ["ABCDEFGH", "", None, 3])
def test_another_tasks_success_is_not_this_ones(name):
    assert told_by_the_browser(playing(task()), kind="reached", task=name, update=5).reached is None
    assert told_by_the_browser(Playground(), kind="reached", task=name, update=5).reached is None


def test_a_link_without_a_task_leaves_it_and_one_sentence_says_so_and_the_way_back():
    bound = playing(task())
    name = bound.assignment.fingerprint
    bound.open(FIRST.replace(dataset="xor").to_query())
    assert bound.assignment is None and told(Conversation(bound)) is None
    assert bound.notice == (
        f"This link has no task, so task {name} is left. The browser's Back button leads to it again."
    )
    bound.open(link_of(task()))
    assert bound.assignment == task() and bound.notice == ""


def test_the_same_moment_without_the_task_leaves_it_as_well():
    bound = playing(task())
    bound.open(FIRST.to_query())
    assert bound.assignment is None and "is left" in bound.notice


def test_a_damaged_task_is_said_to_be_damaged_not_to_be_none():
    bound = playing(task())
    bound.open(f"{FIRST.to_query()}&task=1.AAAA")
    assert bound.assignment is None and bound.notice == "The task in the link is damaged: copy the whole link again."


@pytest.mark.parametrize("query", ["task=", "?task=", "task=&at=7"])
def test_a_link_whose_task_was_cut_off_says_so_and_changes_nothing_else(query):
    fresh = Playground()
    fresh.open(query, FIRST)
    assert fresh.notice == "The link should hold a task and ends before it: copy the whole link again."
    assert (fresh.run.experiment, fresh.assignment) == (FIRST, None)


def test_no_help_or_sentence_names_a_control_that_the_task_hides():
    app = opened(urlencode({"task": task().text}))
    assert "Data shows pictures of all." in named(app.selectbox, "playground_choose_dataset").help
    hidden = opened(urlencode({"task": task(hidden=("data", "network", "training")).text}))
    helps = [one.help for kind in (hidden.selectbox, hidden.button, hidden.text_input, hidden.toggle) for one in kind]
    assert len(helps) > 2
    assert [
        one for one in helps if one and re.search(r"\b(Data|Network|Training) (shows|has|takes)|\bdrawer\b", one)
    ] == []


def test_the_board_is_told_whether_the_button_network_is_there():
    for hidden, there in (((), True), (("network",), False), (("data",), True)):
        header = payload.unpack(Conversation(playing(task(hidden=hidden))).answer(None))[0]
        assert header["hidden"]["network"] is not there


def test_a_page_loaded_anew_without_the_task_hears_of_it_from_the_browser():
    fresh = Playground()
    fresh.open(FIRST.to_query(), FIRST)
    told_by_the_browser(fresh, kind="left", task="ABCDEFGH")
    assert fresh.notice.startswith("This link has no task, so task ABCDEFGH is left.")
    for forged in ("<b>", "ABC", 5, None, ["ABCDEFGH"], "ABCDEFG1"):
        other = Playground()
        told_by_the_browser(other, kind="left", task=forged)
        assert other.notice == ""
    bound = playing(task())
    told_by_the_browser(bound, kind="left", task="ABCDEFGH")
    assert bound.notice == ""


def test_that_a_task_was_left_is_not_said_over_what_is_said_already():
    fresh = Playground()
    fresh.open(f"{FIRST.to_query()}&noise=much", FIRST)
    said = fresh.notice
    assert "noise" in said
    told_by_the_browser(fresh, kind="left", task="ABCDEFGH")
    assert fresh.notice == said


def test_what_was_reached_by_another_run_is_not_said_of_the_one_on_screen():
    bound = playing(task())
    while bound.reached is None:
        bound.step("epoch")
    reached = bound.reached
    assert bound.reached_here() == reached
    bound.step("epoch")
    bound.apply(learning_rate=0.3)  # later than it was reached
    assert bound.reached_here() == reached
    bound.apply(hidden=(1,))  # of which the accuracy never comes near
    while bound.run.update <= reached:
        bound.step("epoch")
    assert bound.reached_here() is None
    bound.undo()
    assert bound.reached_here() == reached
    bound.reset()
    assert bound.reached_here() is None
    sent = hand_in.read(hand_in.of_run("Ada", bound.run, bound.assignment, bound.reached_here()).text)
    assert (sent.update, sent.reached) == (0, None)


def gone_to(bound: Playground, update: int) -> None:
    """Play on, and see each frame on the way."""
    bound.play()
    while bound.run.update < update:
        bound.train(min(50, update - bound.run.update))
        bound.sees(bound.run.update)
    bound.pause()


@pytest.mark.parametrize("knows", ["the playground", "the browser alone"])
def test_a_second_run_that_reaches_it_is_handed_in_with_its_own_update_though_the_first_stays_said(knows):
    first = first_epoch_end_with(0.9)
    other = FIRST.replace(init_seed=1)
    second = first_epoch_end_with(0.9, other)
    goal = Goal((*EASY.conditions, Condition("updates", max(first, second))))
    bound = playing(task(goal=goal))
    if knows == "the playground":
        gone_to(bound, first + 20)
        assert bound.reached == first
    else:
        told_by_the_browser(bound, kind="reached", task=bound.assignment.fingerprint, update=first)
    bound.reset()
    bound.apply(init_seed=1)
    assert bound.reached_here() is None
    gone_to(bound, max(first, second) + 20)  # and there it is met no more
    assert (bound.reached, bound.reached_here()) == (first, second)
    sent = hand_in.of_run("Bo", bound.run, bound.assignment, bound.reached_here())
    (found,) = hand_in.look_through(sent.text, bound.assignment)
    assert found.reached == second
    bound.step("epoch")
    assert bound.reached_here() == second


def test_a_run_without_the_change_by_which_another_reached_it_has_not_reached_it():
    soon = first_epoch_end_with(0.9, FIRST.with_event(0, learning_rate=0.3))
    assert soon < first_epoch_end_with(0.9) / 2
    bound = playing(task())
    bound.apply(learning_rate=0.3)
    gone_to(bound, soon + 15)
    assert bound.reached_here() == soon
    bound.reset()
    gone_to(bound, soon + 15)
    assert bound.reached == soon and bound.reached_here() is None


def test_another_task_knows_nothing_of_what_reached_the_one_before():
    bound = playing(task())
    gone_to(bound, first_epoch_end_with(0.9))
    bound.open(f"{bound.query}&at={bound.run.update}&{link_of(task(goal=Goal((Condition('test_accuracy', 1.0),))))}")
    assert bound.reached is None and bound.reached_here() is None


# ---- the page --------------------------------------------------------------------------------------------------------


def link_of(assignment: Assignment) -> str:
    return urlencode({"task": assignment.text})


def panel_of(app) -> dict:
    """What the panel in the browser is given."""
    return next(
        data for one in app.get("bidi_component") if "instruction" in (data := json.loads(one.proto.json or "{}"))
    )


def test_the_page_shows_instruction_conditions_and_fingerprint_and_the_address_keeps_the_task():
    assignment = task(["dataset"])
    app = opened(link_of(assignment))
    assert app.query_params["task"] == assignment.text
    assert panel_of(app)["instruction"] == "Reach 90 % test accuracy."
    assert panel_of(app)["wanted"] == ["Test accuracy at least 90 %"]
    assert panel_of(app)["fingerprint"] == told(talk(app))["fingerprint"] == assignment.fingerprint
    app = select(app, "activation", "relu")
    address = {name: "".join(value) for name, value in app.query_params.items()}
    assert (address["task"], address["activation"]) == (assignment.text, "relu")
    assert panel_of(app)["fingerprint"] == assignment.fingerprint
    assert [one for one in opened().get("bidi_component") if "instruction" in one.proto.json] == []


def test_an_instruction_goes_to_the_browser_as_data_whatever_is_written_in_it():
    written = "<b>Bold</b> **stars** :material/home: $x$ [link](https://example.org)"
    app = opened(link_of(task(instruction=written)))
    assert panel_of(app)["instruction"] == written
    assert [element.value for element in (*app.markdown, *app.text, *app.caption) if "Bold" in element.value] == []


WIDGETS = {
    "dataset": "choose_dataset",
    "activation": "choose_activation",
    "learning_rate": "choose_learning_rate",
    "noise": "choose_noise",
    "samples": "choose_samples",
    "train_fraction": "choose_train_fraction",
    "data_seed": "choose_data_seed",
    "hidden": "choose_hidden",
    "output": "choose_output",
    "loss": "choose_loss",
    "initializer": "choose_initializer",
    "init_seed": "choose_init_seed",
    "optimizer": "choose_optimizer",
    "optimizer_settings": "choose_optimizer_adam_eps_0",
    "batch_size": "choose_batch_size",
    "schedule": "choose_schedule",
    "shuffle": "choose_shuffle",
    "order_seed": "choose_order_seed",
    "l1": "choose_l1",
    "l2": "choose_l2",
    "clip_norm": "choose_clip_norm",
}


def widget(app, name):
    kinds = (*app.selectbox, *app.text_input, *app.slider, *app.toggle)
    return [one for one in kinds if str(one.key).split(":")[0] == f"playground_{WIDGETS[name]}"]


def test_locked_controls_are_seen_disabled_and_say_why_and_hidden_ones_are_not_there():
    names = list(WIDGETS)
    locked, hidden = names[::2], names[1::2]
    app = opened(link_of(task(locked, hidden)))
    for name in locked:
        (one,) = widget(app, name)
        assert one.disabled and one.help.startswith("Locked by the task."), name
    assert [name for name in hidden if widget(app, name)] == []
    free = opened(link_of(task()))
    assert [name for name in names if len(widget(free, name)) != 1 or widget(free, name)[0].disabled] == []


def test_a_hidden_drawer_is_not_there():
    app = opened(link_of(task(hidden=["data", "training"])))
    labels = [block.proto.popover.label for block in app.get("popover")]
    assert "Network" in labels and "Data" not in labels and "Training" not in labels


def test_the_board_is_told_what_is_locked_and_what_is_hidden():
    app = opened(link_of(task(["speed", "edit weights"], ["layers", "features"])))
    header = payload.unpack(talk(app).answer(None))[0]
    assert header["idle"]["speed"] == "Locked by the task: the speed."
    assert header["idle"]["edits"].startswith("Locked") and header["idle"]["layers"].startswith("Locked")
    assert {name for name, isnt in header["hidden"].items() if isnt} == {"layers", "features"}
    assert [feature["name"] for feature in header["scene_data"]["features"]] == ["x1", "x2"]


def test_the_gallery_gives_way_to_the_tasks_own_start():
    assert not [one for one in opened(link_of(task())).get("menu_button") if "Start" in str(one.proto)]
    assert [one for one in opened().get("menu_button") if "Start" in str(one.proto)]


def test_every_control_that_can_be_locked_has_a_word_for_the_teacher():
    from ui.classroom.words import CONTROL_LABELS

    assert set(HIDEABLE) | set(CONTROLS) <= set(CONTROL_LABELS)
