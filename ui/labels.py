"""Labels: what things are called on screen: settings, so that a refusal names the field in which a learner has to look;
layers and units; what a slice through the inputs holds."""

import re
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import scratchnet as sn
from scratchnet.events import POINTS
from scratchnet.forks import Forks
from scratchnet.settings import LIVE_SETTINGS
from ui.kit.numbers import text
from ui.kit.typed import written

SHORT = {"learning_rate": "rate", "l1": "L1", "l2": "L2"}  # in the name of a branch
MOST_NAMED = 2  # differences in the name of a branch; of more it is said how many
LABELS = {
    "dataset": "Data set",
    "samples": "Samples",
    "noise": "Noise",
    "train_fraction": "Share for training",
    "validation_fraction": "Share for validation",
    "scaling": "Scaling",
    "features": "Features",
    "hidden": "Units of the hidden layers",
    "activation": "Activation",
    "output": "Output",
    "loss": "Loss",
    "initializer": "First weights",
    "data_seed": "Seed of the data",
    "init_seed": "Seed of the first weights",
    "order_seed": "Seed",
    "optimizer": "Optimizer",
    "learning_rate": "Learning rate",
    "schedule": "Schedule",
    "batch_size": "Batch size",
    "shuffle": "Shuffle",
    "l1": "L1",
    "l2": "L2",
    "clip_norm": "Longest gradient",
}
# What names of the registries are called where capitals alone do not make words of them.
PLAIN = ("step", "warmup", "identity", "mixed")  # words as they are, in a sentence
WORDS = {
    "relu": "ReLU",
    "leaky_relu": "Leaky ReLU",
    "elu": "ELU",
    "gelu": "GELU",
    "sgd": "SGD",
    "rmsprop": "RMSProp",
    "adamw": "AdamW",
    "nadam": "NAdam",
    "step": "Steps",
    "warmup": "Warm-up",
    "identity": "Identity",
    "mixed": "Mixed",
}
# Settings of optimizers and schedules whose names in links are abbreviations or say nothing to a beginner.
SETTINGS = {
    "lr_decay": "Decay of the rate",
    "initial_accumulator_value": "First sum of squares",
    "eps": "Epsilon",
    "step_size": "Updates per step",
    "t_max": "Updates of the cosine",
    "eta_min": "Lowest rate",
    "start_factor": "First share of the rate",
    "total_iters": "Updates of the warm-up",
}
MOST_HELD = 4  # of a slice's values are listed; of more it is said what they are
LOW, HIGH = "₀₁₂₃₄₅₆₇₈₉", "⁰¹²³⁴⁵⁶⁷⁸⁹"


def title(name: str) -> str:
    """What a name of a registry is called on screen."""
    return WORDS.get(name) or name.replace("_", " ").capitalize()


def loss_title(name: str) -> str:
    """A loss's name on screen, with a capital."""
    words = sn.LOSSES[name].title if name in sn.LOSSES else name
    return words[:1].upper() + words[1:]


def spoken(sentence: str) -> str:
    """A sentence of scratchnet with the names that stand in links replaced by those that stand on screen."""
    names = WORDS | {name: loss.title for name, loss in sn.LOSSES.items()}
    names |= {name: name.replace("_", " ") for name in (*sn.INITIALIZERS, *sn.DATASETS) if "_" in name}
    abbreviated = [name for name in names if "_" in name or name in ("mse", "bce", "mae", "huber") or WORDS.get(name)]
    written = "|".join(sorted((name for name in abbreviated if name not in PLAIN), key=len, reverse=True))
    return re.sub(rf"(?<![\w'])({written})(?![\w'])", lambda found: names[found[1]], sentence)


def setting_label(name: str) -> str:
    """What a setting of an optimizer or a schedule is called, such as "Weight decay"."""
    return SETTINGS.get(name) or name.replace("_", " ").capitalize()


def branch_name(forks: Forks, id: int) -> str:
    """What a branch of a run is called: by its given name, or by what differs from the branch that it left."""
    fork = forks[id]
    update, names = forks.difference(id)
    if fork.name or not names:
        return fork.name or "as it began"
    said = in_words(fork.experiment.at(update), names)
    if "edits" in names:
        said.append("weights set by hand" if fork.experiment.edits_at(update) else "no weights set by hand")
    said += ["other points"] * (POINTS in names)
    shown = said if len(said) <= MOST_NAMED else [*said[:MOST_NAMED], f"{len(said) - MOST_NAMED} more"]
    return f"{', '.join(shown)} from update {update:,}"


def left_behind(tree: Forks, start: sn.Experiment) -> str:
    """What a new start after the branch that is here does not show by itself, " " before each sentence, "" for nothing:
    the branches went, and what was changed on the way is there from the first update on."""
    said, began = "", tree.here.experiment
    if len(tree.every) > 1:
        said = " The branches of this run went too; Undo brings all back."
    later = {name for _, changes in began.events for name in changes}
    first = began.at(0)
    names = tuple(n for n in LIVE_SETTINGS if n in later and getattr(first, n) != getattr(start, n))
    words = [f"the {one}" if one.startswith("rate ") else one for one in in_words(start, names)]
    return f"{said} It begins with {' and '.join(words)}." if words else said


def in_words(settings: sn.Experiment, names: tuple[str, ...]) -> list[str]:
    """The values of live settings of these names, in the middle of a sentence, such as "rate 0.1".

    "optimizer_settings.eps" is one setting of an optimizer, of which the value may be the usual one.
    """
    said = []
    for name in names:
        kind, value = name.removesuffix("_settings"), getattr(settings, name, None)
        if "." in name:
            kind, key = name.split("_settings.")
            registry: Any = sn.OPTIMIZERS if kind == "optimizer" else sn.SCHEDULES
            usual = {field.name: field.default for field in fields(registry[getattr(settings, kind)])}
            there = usual | dict(getattr(settings, f"{kind}_settings"))
            said.append(f"{setting_label(key).lower()} {_value(there[key])}")
        elif name == kind and name in LABELS:
            said.append(f"{SHORT.get(name) or LABELS[name].lower()} {_value(value)}")
        elif name != kind and kind not in names:  # of the same optimizer or schedule
            own = [f"{setting_label(key).lower()} {_value(of)}" for key, of in (value or {}).items()]
            said += own or [f"usual settings of {title(getattr(settings, kind))}"]
    return said


def _value(value: Any) -> str:
    """The value of a setting in the middle of a sentence."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(map(_value, value))
    return title(value) if isinstance(value, str) else written(value)


def layer_title(net: sn.Network, layer: int) -> str:
    """What a layer is called, counted from 0; the inputs are layer -1."""
    if layer < 0:
        return "Inputs"
    return "Output" if layer == len(net.sizes) - 2 else f"Layer {layer + 1}"


def unit_name(layer: int, unit: int, letter: str = "a") -> str:
    """The name of a unit's number in plain text: x₂ for an input, a⁽¹⁾₂ for unit 2 of layer 1."""
    below = "".join(LOW[int(digit)] for digit in str(unit + 1))
    if layer < 0:
        return f"x{below}"
    return f"{letter}⁽{''.join(HIGH[int(digit)] for digit in str(layer + 1))}⁾{below}"


def input_names(data: sn.Dataset, features: tuple[str, ...]) -> tuple[str, ...]:
    """What the network's inputs are called: features of columns, by the columns' own names."""
    return tuple(of_columns(name, data.names) + ", scaled" * _is_scaled(data, name) for name in features)


def _is_scaled(data: sn.Dataset, feature: str) -> bool:
    """Whether a feature sees scaled values: flags stay 0 and 1."""
    if data.scale is None:
        return False
    columns = [int(number) - 1 for number in re.findall(r"x(\d+)", feature)]
    return any(data.scale.shift[column] != 0 or data.scale.factor[column] != 1 for column in columns)


def of_columns(name: str, columns: tuple[str, ...]) -> str:
    """The name of a feature, with the names of the columns that it is made of for x1, x2, ..."""
    return re.sub(r"x(\d+)", lambda found: columns[int(found[1]) - 1], name)


def short_class(names: Sequence[str], k: int) -> str:
    """A class by its own name, or by its number where it has none. names: those of all classes."""
    return str(k) if names[k] == f"class {k}" else names[k]


def literal(words: str) -> str:
    """Words from outside for the middle of a line of Markdown, which then shows them as they are.

    A backslash takes its meaning from a character. Names between colons (colours, icons, emoji) and addresses are
    looked for later, in what is left: there a word joiner, which nobody sees, comes in between.
    """
    escaped = re.sub(r"([\\`*_{}\[\]<>$~|&])", r"\\\1", " ".join(words.split()))
    return re.sub(r":|[.@](?=[^\W\d])", lambda found: f"{found[0]}\u2060", escaped)


def held_in_words(data: sn.Dataset, plane: sn.Plane) -> str:
    """At which values a slice through three and more inputs holds those that it does not show; "" where two are all."""
    held = [column for column in range(len(data.names)) if column not in plane.columns]
    if not held:
        return ""
    of_the_mean = all(plane.origin[column] == sn.plane_of(data, plane.columns).origin[column] for column in held)
    why = "the mean of the training points" if of_the_mean else "as in the input that is followed on the board"
    if len(held) > MOST_HELD:
        where = why if of_the_mean else "the values of the input that is followed on the board"
        return f"{where} in the other {len(held)} inputs"
    return ", ".join(f"{data.names[column]} = {text(plane.origin[column])}" for column in held) + f" ({why})"


def named(error: ValueError) -> str:
    """The sentence of an Experiment that refuses a value, beginning with the field's label instead of its name."""
    sentence = re.sub(r"^events: at update \d+, ", "", spoken(str(error))).replace("edit: value", "Weight or bias", 1)
    if found := re.match(r"(?:optimizer|schedule)_settings: (\w+)", sentence):
        return setting_label(found[1]) + sentence[found.end() :]
    name, colon, rest = sentence.partition(":")
    return (LABELS.get(name) or name[:1].upper() + name[1:]) + colon + rest
