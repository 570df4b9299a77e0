"""Settings: what made a run, in words, so that whoever holds a sheet of paper can make it again."""

import dataclasses
import platform

import numpy as np

import scratchnet as sn
from ui.kit.typed import written
from ui.labels import LABELS, input_names, loss_title, setting_label, title
from ui.play.payload import FEATURE_LABELS, feature_label

NAMES = LABELS | {"order_seed": "Seed of the order"}
SCALING_WORDS = {"none": "None", "standard": "Mean 0, spread 1", "minmax": "From 0 to 1", "shared": "One scale for all"}


def in_words(run: sn.Run) -> dict[str, str]:
    """What each setting is called on screen -> its value in force, in the order of the Experiment.

    Later changes are left out, and what changes nothing: neither as the run began, nor as it is now.
    """
    said: dict[str, str] = {}
    now, points = run.settings, len(run.x_train)
    for field in dataclasses.fields(now):
        value = getattr(now, field.name)
        if sn.why_idle(now, points, field.name) and sn.why_idle(run.experiment, points, field.name):
            continue
        if field.name in ("optimizer_settings", "schedule_settings"):
            said |= {setting_label(name): _words(name, given) for name, given in value.items()}
        elif field.name == "features":
            said[NAMES["features"]] = ", ".join(feature_label(name, run.dataset.names) for name in value)
        elif field.name != "events":
            said[NAMES[field.name]] = _words(field.name, value)
    return said


def inputs_in_words(run: sn.Run) -> tuple[str, ...]:
    """What the network's inputs are called: by the columns' own names, and whether they are scaled."""
    return input_names(run.dataset, tuple(FEATURE_LABELS.get(name, name) for name in run.settings.features))


def versions() -> str:
    """What computed the numbers: elsewhere the last digits may differ."""
    return f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine() or 'unknown machine'}"


def _words(name: str, value: object) -> str:
    if name == "dataset" and isinstance(value, str | sn.Points):
        return sn.spec_of(value).title
    if name == "loss":
        return loss_title(str(value))
    if name == "scaling":
        return SCALING_WORDS[str(value)]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(_words(name, part) for part in value) or "none"
    if isinstance(value, str):
        return title(value)
    return written(value if isinstance(value, int | float) else None)
