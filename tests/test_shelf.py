"""Tasks by their letters: kept whole, believed only if they are their own, and no more than there is room for."""

import os

import pytest

import scratchnet as sn
from scratchnet.goals import Goal
from ui.classroom import assignment, shelf
from ui.classroom.assignment import Assignment
from ui.classroom.tasks import TASKS

START = sn.Experiment(dataset="circle")


def task(said: str) -> Assignment:
    return Assignment(said, Goal(), (), (), START)


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    monkeypatch.setenv(shelf.FOLDER, str(tmp_path / "a" / "shelf"))
    return tmp_path / "a" / "shelf"


def test_a_task_that_is_kept_opens_by_its_letters_however_they_are_typed(folder):
    shelf.keep(task("Look."))
    shelf.keep(task("Look."))
    letters = task("Look.").fingerprint
    assert shelf.text_of(letters) == shelf.text_of(letters.lower()) == task("Look.").text
    assert [file.name for file in folder.iterdir()] == [f"{letters}.txt"]


def test_a_ready_task_is_known_without_being_kept(folder):
    for ready in TASKS.values():
        assert shelf.is_kept(ready.assignment)
        shelf.keep(ready.assignment)
        assert shelf.text_of(ready.assignment.fingerprint) == ready.assignment.text
    assert not folder.exists()


def test_a_whole_text_is_its_own():
    for text in (task("Look.").text, "", "1.x", "2.abc", "abcdefghi", "ABCDEFG1"):
        assert shelf.text_of(text) == text


@pytest.mark.parametrize("content", ["", "1.x", "é", task("Another.").text])
def test_a_file_that_holds_anything_else_is_not_believed(folder, content):
    letters = task("Look.").fingerprint
    folder.mkdir(parents=True)
    (folder / f"{letters}.txt").write_text(content, "utf-8")
    assert shelf.text_of(letters) == letters
    with pytest.raises(ValueError, match=f"No task is known here as '{letters}'"):
        assignment.read(shelf.text_of(letters.lower()))
    shelf.keep(task("Look."))
    assert shelf.text_of(letters) == task("Look.").text


def test_letters_never_lead_out_of_the_folder(folder):
    (folder.parent).mkdir(parents=True)
    (folder.parent / "SECRETXX.txt").write_text(task("Look.").text)
    for said in ("../SECRE", "..\\SECRE", "/etc/pas", "ABCD\0EFG", "ÄBCDEFGH"):
        assert shelf.text_of(said) == said, "it is no name, so it is read as a task and refused there"


def test_the_oldest_goes_when_there_are_too_many(folder, monkeypatch):
    monkeypatch.setattr(shelf, "MOST", 3)
    for number in range(5):
        shelf.keep(task(f"Task {number}"))
        os.utime(folder / f"{task(f'Task {number}').fingerprint}.txt", (number, number))
    left = {file.stem for file in folder.iterdir()}
    assert left == {task(f"Task {number}").fingerprint for number in (2, 3, 4)}


def test_a_link_that_somebody_has_put_there_is_replaced_and_not_followed(folder, tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("mine")
    folder.mkdir(parents=True)
    (folder / f"{task('Look.').fingerprint}.txt").symlink_to(precious)
    shelf.keep(task("Look."))
    assert precious.read_text() == "mine"
    assert shelf.text_of(task("Look.").fingerprint) == task("Look.").text
