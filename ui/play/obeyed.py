"""Obeyed: what a task leaves of a link: the moment that opens, without what the task fixes."""

import dataclasses
from collections.abc import Mapping

import scratchnet as sn
from ui import moment
from ui.classroom import assignment as tasks
from ui.moment import Moment
from ui.play.words import listed


def read_task(
    text: object, said: tuple[str, ...], files: Mapping[str, sn.Points]
) -> tuple[tasks.Assignment | None, tuple[str, ...]]:
    """(the task, said): of a link's text, with a sentence more where it cannot be read. files: as `Playground`
    has them."""
    if not isinstance(text, str) or not text:
        return None, said
    try:
        return tasks.read(text, files), said
    except ValueError as error:
        return None, (*said, str(error))


def allowed(
    assignment: tasks.Assignment | None,
    there: Moment,
    is_named: bool,
    is_whole: bool,
    first: sn.Experiment,
    said: tuple[str, ...],
) -> tuple[Moment, tuple[str, ...]]:
    """(moment, said): the one that a link opens where this task is obeyed.

    is_named: the link names a task; is_whole: it says an Experiment as well. first: what is shown where it
    holds a task alone, and damaged.
    """
    if assignment is None:
        experiment = first if is_named and not is_whole else there.experiment
        columns = there.columns if experiment is there.experiment else None  # what is usual for the other data
        return dataclasses.replace(there, experiment=experiment, columns=columns, task=""), said
    there = dataclasses.replace(there, task=assignment.text)
    if not is_whole:
        there = dataclasses.replace(there, experiment=assignment.start, columns=None, is_empty=False)
    elif broken := assignment.broken_by(there.experiment):
        said = (*said, f"The link changes what the task locks, {listed(list(broken))}: this is the task's start.")
        there = dataclasses.replace(there, experiment=assignment.start, update=0, columns=None, is_empty=False)
    if "speed" in assignment.fixed:
        there = dataclasses.replace(there, speed=moment.USUAL_SPEED)
    if "stop" in assignment.fixed:
        there = dataclasses.replace(there, stop=dict(moment.NO_STOP))
    tree = there.tree
    for fork in tree.every:
        if fork.id != tree.present and assignment.broken_by(fork.experiment):
            tree = tree.without(fork.id)
    if len(tree.every) < len(there.tree.every):
        said = (*said, "Branches of the link that change what the task locks were left out.")
        there = dataclasses.replace(there, forks=tree)
    return there, said
