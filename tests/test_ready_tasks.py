"""Ready tasks: each is solved by changes that it allows, and not by leaving its start alone."""

import pytest

from ui.classroom.assignment import MAX_INSTRUCTION, read
from ui.classroom.tasks import TASKS
from ui.play.playground import Playground

# What a pupil does -> one sequence that solves it
SOLUTIONS = {
    "few_units": [{"hidden": (3,)}],
    "right_input": [{"features": ("x1", "x2", "x1*x2")}],
    "too_fast": [{"learning_rate": 0.1}, {"learning_rate": 0.3}],
    "dead_units": [{"learning_rate": 0.1}],
    "new_points": [{"hidden": (2,)}, {"l2": 0.01}],
    "spiral": [{"features": ("x1", "x2", "sin(x1)", "sin(x2)")}, {"learning_rate": 0.01}],
    "all_alike": [{"initializer": "glorot_uniform"}],
    "momentum": [{"optimizer_settings": {"momentum": 0.9}}],
    "calm_end": [{"schedule": "cosine"}],
    "short_wave": [{"activation": "tanh"}, {"hidden": (3,)}],
}
# Other ways that its text speaks of.
ALSO = {
    "all_alike": [{"initializer": "he_normal"}],
    "momentum": [{"optimizer": "adam"}],
    "calm_end": [{"batch_size": 50}],
}


def opened(name: str) -> Playground:
    playground = Playground()
    playground.open(f"task={TASKS[name].assignment.text}")
    assert playground.assignment == TASKS[name].assignment and playground.notice == ""
    return playground


def played(playground: Playground, epochs: int) -> int | None:
    """The update at which the goal was reached within so many epochs."""
    playground.play()
    playground.train(epochs * playground.updates_per_epoch)
    playground.sees(playground.run.update)
    return playground.reached


def test_there_is_a_solution_for_each():
    assert set(SOLUTIONS) == set(TASKS) and len(TASKS) >= 10


@pytest.mark.parametrize(("name", "ways"), [*SOLUTIONS.items(), *ALSO.items()])
def test_it_is_solved_by_what_it_allows(name, ways):
    playground = opened(name)
    for changes in ways:
        assert playground.apply(**changes), playground.notice
    assert playground.reached is None  # it takes the training, too
    assert played(playground, 100) is not None


@pytest.mark.parametrize("name", TASKS)
def test_the_start_left_alone_for_300_epochs_does_not_solve_it(name):
    assert played(opened(name), 300) is None


@pytest.mark.parametrize("name", TASKS)
def test_its_text_is_short_enough_and_its_link_holds_it(name):
    task = TASKS[name]
    assert 60 < len(task.assignment.instruction) <= MAX_INSTRUCTION
    assert task.assignment.instruction.endswith((".", "?")) and len(task.title) <= 32
    assert read(task.assignment.text) == task.assignment
    assert len(task.assignment.text) < 700
