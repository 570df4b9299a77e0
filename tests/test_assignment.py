"""Assignment: a task goes into a link and comes out the same, whatever is done to the link is one sentence."""

import base64
import dataclasses
import json
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scratchnet as sn
from scratchnet.goals import Condition, Goal
from ui.classroom import assignment as tasks
from ui.classroom.assignment import CONTROLS, HIDEABLE, Assignment, read
from ui.gallery import FIRST

TASK = Assignment(
    "Reach 95 % with three hidden units.",
    Goal((Condition("test_accuracy", 0.95), Condition("units", 3))),
    ("dataset", "edit weights"),
    ("training",),
    FIRST,
)


def packed(document: bytes, version: str = "1", dictionary: bytes = tasks.USUAL) -> str:
    """A link's text as anybody could write it."""
    packer = zlib.compressobj(9, zdict=dictionary)
    return f"{version}.{base64.urlsafe_b64encode(packer.compress(document) + packer.flush()).decode().rstrip('=')}"


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=120),
    st.sets(st.sampled_from(sorted(CONTROLS))),
    st.sets(st.sampled_from(sorted(HIDEABLE))),
    st.floats(0, 1),
    st.floats(0.001, 10),
)
def test_every_task_comes_out_of_its_link_as_it_went_in(instruction, locked, hidden, share, rate):
    goal = Goal((Condition("train_accuracy", share),))
    task = Assignment(instruction, goal, tuple(locked), tuple(hidden), FIRST.with_event(7, learning_rate=rate))
    assert read(task.text) == task
    assert read(task.text).fingerprint == task.fingerprint
    assert set(task.text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


def test_a_usual_task_is_short_enough_for_a_code_that_a_phone_reads():
    assert len(TASK.text) < 200


@pytest.mark.parametrize(
    "changes",
    [
        {"instruction": "Reach 95 % with three hidden units"},
        {"goal": Goal((Condition("test_accuracy", 0.95), Condition("units", 4)))},
        {"goal": Goal()},
        {"locked": ("dataset",)},
        {"hidden": ("network",)},
        {"hidden": ()},
        {"start": FIRST.replace(init_seed=1)},
        {"start": FIRST.with_event(1, learning_rate=0.5)},
    ],
)
def test_another_task_has_another_fingerprint(changes):
    other = dataclasses.replace(TASK, **changes)
    assert other.fingerprint != TASK.fingerprint and other.text != TASK.text
    assert len(other.fingerprint) == 8 and other.fingerprint.isalpha() and other.fingerprint.isupper()


def test_what_is_hidden_need_not_be_locked_too_and_the_order_does_not_matter():
    one = Assignment("", Goal(), ("noise", "dataset", "speed"), ("speed", "data"), FIRST)
    two = Assignment("", Goal(), ("dataset", "noise", "dataset"), ("data", "speed"), FIRST)
    assert one == two and one.fingerprint == two.fingerprint
    assert one.locked == ("dataset", "noise") and set(one.hidden) == {"data", "speed"}


def test_a_hidden_drawer_takes_along_what_only_it_can_change():
    fixed = {drawer: Assignment("", Goal(), (), (drawer,), FIRST).fixed for drawer in tasks.DRAWERS}
    assert {"noise", "samples", "train_fraction", "validation_fraction", "scaling"} == fixed["data"]
    assert {"output", "loss", "initializer"} == fixed["network"]
    assert {"optimizer", "batch_size", "stop", "l2"} <= fixed["training"] and "learning_rate" not in fixed["training"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1.",
        "x",
        "1.!!!",
        "1.\u00e4",
        f"1.{'A' * 40}",
        TASK.text[:-4],
        TASK.text[:30] + ("A" if TASK.text[30] != "A" else "B") + TASK.text[31:],
        TASK.text + "AAAA",
        packed(b"[]"),
        packed(b"{}"),
        packed(b"null"),
        packed(b"\xff\xfe"),
        packed(b'{"a":1,"a":1}'),
        packed(b"[" * 30_000),
        packed(TASK.canonical.replace("0.95", "NaN").encode()),
        packed(TASK.canonical.replace('"start":{', '"more":1,"start":{').encode()),
        packed(TASK.canonical.encode(), dictionary=b"another one"),
    ],
)
def test_a_damaged_link_is_told_in_one_sentence(text):
    with pytest.raises(ValueError) as refused:
        read(text)
    assert str(refused.value).startswith("The task in the link ") and str(refused.value).endswith(".")
    assert "\n" not in str(refused.value) and len(str(refused.value)) < 300


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"units",3', '"units",-3', "units: expected a whole number"),
        ('"units",3', '"wings",3', "expected a known name, got 'wings'"),
        ('"edit weights"', '"edit wings"', "locked: expected a known name, got 'edit wings'"),
        ('"training"', '"learning"', "hidden: expected a known name, got 'learning'"),
        ('"samples":300', '"samples":3e9', "samples: expected a whole number"),
        ('"samples":300', '"sample":300', "got 'sample'"),
        ('"dataset":"circle"', '"dataset":"plane"', "plane"),
        ('"Reach 95 % with three hidden units."', "7", "instruction: expected text"),
        ('"Reach 95 % with three hidden units."', '"\\u0007"', "cannot be shown"),
        ('"Reach 95 % with three hidden units."', '"\\ud800"', "cannot be shown"),
        ('"Reach 95 % with three hidden units."', f'"{"a" * 501}"', "at most 500 characters, got 501"),
    ],
)
def test_what_cannot_be_used_is_named(old, new, told):
    assert old in TASK.canonical
    with pytest.raises(ValueError) as refused:
        read(packed(TASK.canonical.replace(old, new).encode()))
    assert told in str(refused.value) and str(refused.value).startswith("The task in the link cannot be used: ")


def test_another_version_and_too_long_a_text_are_told_apart():
    with pytest.raises(ValueError, match="another form, '2'"):
        read("2" + TASK.text[1:])
    with pytest.raises(ValueError, match="at most 6000 characters, got 6001"):
        read("1." + "A" * 5999)


def test_what_would_unpack_to_very_much_is_not_unpacked(monkeypatch):
    bomb = packed(b" " * 3_000_000)
    assert len(bomb) < tasks.MAX_TEXT
    given = []
    monkeypatch.setattr(tasks.json, "loads", lambda text, **more: given.append(len(text)))
    with pytest.raises(ValueError, match="damaged"):
        read(bomb)
    assert given == []


def test_a_start_with_too_many_changes_is_refused_before_there_is_a_link():
    start = FIRST
    for update in range(450):
        start = start.with_edit(update, 0, update % 6, 0, (update * 0.7310585786) % 1)
    with pytest.raises(ValueError, match=r"a link holds 6000: begin with fewer changes"):
        _ = Assignment("", Goal(), (), (), start).text


def test_what_a_task_fixes_is_broken_by_settings_events_and_edits_and_by_nothing_that_is_free():
    task = Assignment("", Goal(), ("dataset", "learning_rate", "edit weights", "layers"), (), FIRST)
    assert task.broken_by(FIRST.replace(noise=0.2, activation="relu").with_event(3, batch_size=5)) == ()
    assert task.broken_by(FIRST.replace(dataset="xor")) == ("dataset",)
    assert task.broken_by(FIRST.replace(hidden=(7,))) == ("hidden",)
    assert task.broken_by(FIRST.with_event(3, learning_rate=0.5)) == ("learning_rate",)
    assert task.broken_by(FIRST.with_edit(3, 0, 0, 0, 0.5)) == ("edits",)


def test_a_goal_that_the_start_cannot_be_measured_by_is_no_task():
    plane = sn.Experiment(dataset="plane", output="identity", loss="mse")
    with pytest.raises(ValueError, match="expected data with classes"):
        Assignment("", Goal((Condition("test_accuracy", 0.9),)), (), (), plane)


def test_the_canonical_form_is_json_with_sorted_names_and_nothing_between():
    assert json.dumps(json.loads(TASK.canonical), sort_keys=True, separators=(",", ":")) == TASK.canonical
