"""Branching: in what the branch on screen differs from the one that it left, for a mark at each control and a sentence.

It is asked where the run stands, as the controls show what is in force there: before the branches part nothing differs.
"""

import scratchnet as sn
from scratchnet.events import POINTS
from scratchnet.forks import differing
from ui.labels import branch_name, in_words
from ui.play.playground import Playground
from ui.play.words import joined

MARK = "\u2260"  # at a control; the page Compare has it too


def differences(pg: Playground) -> tuple[str, ...]:
    """Names of what differs, as `scratchnet.forks.differing` gives them; of one optimizer or schedule each setting by
    itself, such as "optimizer_settings.momentum"."""
    if pg.parent is None:
        return ()
    names = differing(pg.run.experiment, pg.parent.experiment, pg.run.update)
    found: list[str] = []
    for name in names:
        kind = name.removesuffix("_settings")
        if kind == name:
            found.append(name)
        elif kind not in names:
            mine, theirs = (getattr(settings, name) for settings in (pg.run.settings, _there(pg)))
            found += [f"{name}.{key}" for key in {**mine, **theirs} if mine.get(key) != theirs.get(key)]
    return tuple(found)


def mark(pg: Playground, *names: str) -> str:
    """What stands behind the label of a control for these settings."""
    return f" {MARK}" if _found(pg, names) else ""


def explained(pg: Playground, *names: str) -> str:
    """The sentence of a control for these settings; "" where none of them differs."""
    found = _found(pg, names)
    return f"Differs from {_parent(pg)}: {joined(in_words(_there(pg), found))} there." if found else ""


def sentence(pg: Playground) -> str:
    """All that differs, also what has no control or one that is hidden; "" where nothing does."""
    names = differences(pg)
    said = in_words(_there(pg), names) if names else []
    parts = [f"{joined(said)} there"] if said else []
    parts += ["other weights set by hand"] * ("edits" in names) + ["other points"] * (POINTS in names)
    return f"{MARK} Differs from {_parent(pg)}: {'; '.join(parts)}." if parts else ""


def _found(pg: Playground, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in differences(pg) if name in names or name.split(".")[0] in names)


def _there(pg: Playground) -> sn.Experiment:
    """The settings in force at the same update of the branch that was left."""
    assert pg.parent is not None
    return pg.parent.experiment.at(pg.run.update)


def _parent(pg: Playground) -> str:
    """Its letter and its name, as on the board."""
    assert pg.parent is not None
    tree = pg.forks
    return f"{chr(ord('A') + tree.every.index(tree[pg.parent.id]))} ({branch_name(tree, pg.parent.id)})"
