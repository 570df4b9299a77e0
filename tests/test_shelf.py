"""Tasks by their letters: kept whole, believed only if they are their own, and no more than there is room for."""

import os
import threading
import time

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


def age(folder, said: str, days: float) -> None:
    at = time.time() - 86_400 * days
    os.utime(folder / f"{task(said).fingerprint}.txt", (at, at))


def kept(folder) -> set[str]:
    return {file.stem for file in folder.iterdir()}


def test_on_a_full_shelf_those_go_that_nobody_has_opened_for_a_day_the_oldest_first(folder, monkeypatch):
    monkeypatch.setattr(shelf, "MOST", 3)
    for number in range(3):
        shelf.keep(task(f"Task {number}"))
    for number, days in enumerate((2, 4, 3)):
        age(folder, f"Task {number}", days)
    shelf.keep(task("Task 3"))
    assert kept(folder) == {task(f"Task {number}").fingerprint for number in (0, 2, 3)}
    shelf.text_of(task("Task 2").fingerprint)  # a pupil opens it: it is young again
    shelf.keep(task("Task 4"))
    assert kept(folder) == {task(f"Task {number}").fingerprint for number in (2, 3, 4)}


def test_nobody_can_push_out_what_stands_on_a_wall(folder, monkeypatch):
    monkeypatch.setattr(shelf, "MOST", 3)
    for number in range(3):
        shelf.keep(task(f"Task {number}"))
    with pytest.raises(ValueError, match=r"expected room for one more, got 3 of today\. Use the link"):
        shelf.keep(task("One more"))
    shelf.keep(task("Task 1"))
    assert kept(folder) == {task(f"Task {number}").fingerprint for number in range(3)}


def test_files_of_others_in_the_folder_are_left_alone(folder, monkeypatch):
    monkeypatch.setattr(shelf, "MOST", 2)
    folder.mkdir(parents=True)
    for name in ("notes.txt", "ABCDEFG.txt", "abcdefgh.txt", "ABCDEFGHI.txt", "ABCDEFGH.md", "12345678.txt"):
        (folder / name).write_text("mine")
        os.utime(folder / name, (0, 0))
    others = kept(folder)
    for number in range(2):
        shelf.keep(task(f"Task {number}"))
    assert kept(folder) == others | {task(f"Task {number}").fingerprint for number in range(2)}


def test_a_disk_that_takes_nothing_leaves_nothing_behind(folder, monkeypatch):
    folder.mkdir(parents=True)
    monkeypatch.setattr(shelf.Path, "replace", lambda self, target: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(ValueError, match=r"keeps no file \(no space left\)\. Use the link"):
        shelf.keep(task("Look."))
    assert kept(folder) == set()


def test_many_who_keep_at_the_same_time_are_never_refused_for_each_other(folder, monkeypatch):
    monkeypatch.setattr(shelf, "MOST", 20)
    monkeypatch.setattr(shelf, "UNUSED", -10)  # all may go
    faults = []

    def keep(thread: int) -> None:
        for number in range(25):
            try:
                shelf.keep(task(f"Task {thread} {number}"))
            except ValueError as error:
                faults.append(error)

    threads = [threading.Thread(target=keep, args=(thread,)) for thread in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_only_this_user_may_look_into_the_folder_and_it_is_called_after_her(folder, monkeypatch):
    shelf.keep(task("Look."))
    assert folder.stat().st_mode & 0o777 == 0o700
    monkeypatch.delenv(shelf.FOLDER)
    assert shelf._folder().name == f"playground-tasks-{os.getuid()}"


def test_a_link_that_somebody_has_put_there_is_replaced_and_not_followed(folder, tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("mine")
    folder.mkdir(parents=True)
    (folder / f"{task('Look.').fingerprint}.txt").symlink_to(precious)
    shelf.keep(task("Look."))
    assert precious.read_text() == "mine"
    assert shelf.text_of(task("Look.").fingerprint) == task("Look.").text
