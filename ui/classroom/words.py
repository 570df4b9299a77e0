"""Words: the conditions of a task as the pupil and the teacher read them, and how far a run is with each."""

import math

from scratchnet.goals import Condition, Measured
from ui.kit.numbers import text, text_beside, tick
from ui.labels import LABELS

WANTED = {
    "train_accuracy": "Training accuracy at least {} %",
    "test_accuracy": "Test accuracy at least {} %",
    "train_loss": "Training loss at most {}",
    "test_loss": "Test loss at most {}",
    "gap": "Test loss above training loss by at most {}",
    "units": "At most {} hidden units",
    "updates": "At most {} updates",
    "parameters": "At most {} weights and biases",
    "unchanged": "As at the start: {}",
    "diverges": "The learning rate makes it diverge",
}
TITLES = {
    "train_accuracy": "Training accuracy",
    "test_accuracy": "Test accuracy",
    "train_loss": "Training loss",
    "test_loss": "Test loss",
    "gap": "Test loss above training loss",
    "units": "Hidden units",
    "updates": "Updates",
    "parameters": "Weights and biases",
    "unchanged": "As at the start",
    "diverges": "The learning rate makes it diverge",
}
CONTROL_LABELS = LABELS | {
    "optimizer_settings": "Settings of the optimizer",
    "schedule_settings": "Settings of the schedule",
    "order_seed": "Seed of the order",
    "edits": "Weights set by hand",
    "edit weights": "Editing weights",
    "layers": "Layers and units",
    "speed": "Speed",
    "data": "Button Data, with all behind it",
    "network": "Button Network, with all behind it",
    "training": "Button Training, with all behind it",
}


def wanted(condition: Condition) -> str:
    """What a condition asks for."""
    value = condition.value
    if condition.kind == "unchanged":
        said = ", ".join(CONTROL_LABELS[name] for name in value)
    elif condition.kind.endswith("accuracy"):
        said = tick(_percent(value))
    elif isinstance(value, float):
        said = text(value)
    else:
        said = f"{value:,}"
    return WANTED[condition.kind].format(said)


def so_far(measured: Measured, now: str = "now ") -> str:
    """Where the run is with it: a number that lies on the same side of the bound as the true one.

    now: what is said before a number; "" where the sentence names an update.
    """
    kind, value, at = measured.condition.kind, measured.condition.value, measured.now
    if math.isnan(at):
        return "not measured for this data"
    if kind == "diverges":
        return "it has" if measured.is_met else "not yet"
    if kind == "unchanged":
        return "nothing changed" if measured.is_met else f"{int(at)} changed"
    if kind.endswith("accuracy"):
        return f"{now}{text_beside(_percent(at), _percent(value))} %"
    return f"{now}{text_beside(at, value) if isinstance(value, float) else f'{int(at):,}'}"


def _percent(share: float) -> float:
    return round(100 * share, 10)  # 0.57 is 57 %, and not a little less
