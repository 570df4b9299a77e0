"""The list of symbols: complete for an update, in the order of its frames, and each where it first appears."""

import functools
import itertools
import re

from ui.checks import backpropagation as checks
from ui.symbols import SYMBOLS, symbol_table
from ui.walkthrough import frames

CHOICES = [
    {"network": network, "loss": loss, "optimizer": optimizer, "rows": rows, "made": 1}
    for network, loss, optimizer, rows in itertools.product(
        checks.NETWORKS, checks.LOSSES, checks.OPTIMIZERS, checks.ROWS
    )
]
STORY = frames(checks.step_of(checks.START))
TABLE = symbol_table(STORY)
LAYOUT = {"frac", "text", "left", "right", "cdot", "quad", "ldots"}  # commands that nobody reads aloud


@functools.cache
def stories():
    """The frames of each choice; told when a test asks, as several processes read this file for its names alone."""
    return [frames(checks.step_of(checks.START | choice)) for choice in CHOICES]


def signs(latex):
    """The commands of LaTeX that are read aloud, and the letters that stand for something."""
    commands = set(re.findall(r"\\([A-Za-z]+)", latex)) - LAYOUT
    words = re.sub(r"\\text\{[^}]*\}|_\{\\text\{[^}]*\}\}|\\[A-Za-z]+", " ", latex)
    return commands | set(re.findall("[A-Za-z]", words))


def test_every_letter_and_sign_in_a_formula_of_any_update_that_can_be_chosen_is_in_its_list():
    for story in stories():
        listed = set().union(*(signs(row["symbol"]) for row in symbol_table(story)))
        for frame in story:
            assert signs(frame.formula) <= listed, frame.formula
    assert {"eta", "theta", "partial", "delta", "beta", "mu", "s", "v"} <= set().union(
        *(signs(frame.formula) for story in stories() for frame in story)
    )


def test_every_symbol_of_the_list_is_met_in_some_update():
    met = {(row["symbol"], row["stands for"]) for story in stories() for row in symbol_table(story)}
    assert met == {(f"${symbol.latex}$", symbol.means) for symbol in SYMBOLS}


def test_no_list_has_one_symbol_for_two_things():
    for choice, story in zip(CHOICES, stories(), strict=True):
        named = [row["symbol"] for row in symbol_table(story)]
        twice = {symbol for symbol in named if named.count(symbol) > 1}
        assert twice <= ({"$m$"} if choice["loss"] == "mse" else set())  # outputs of the loss; Adam's average


def test_each_symbol_of_the_list_is_shown_first_in_the_frame_that_the_list_names():
    titles = [frame.title for frame in STORY]
    by_latex = {f"${symbol.latex}$": symbol for symbol in SYMBOLS}
    places = []
    for row in TABLE:
        place = titles.index(row["first in the frame"])
        mark = by_latex[row["symbol"]].mark
        assert mark in STORY[place].formula
        letters = signs(mark) - {"text"}
        assert letters <= signs(STORY[place].formula), "a letter of a command"
        if len(mark) == 1:
            assert not any(mark in signs(frame.formula) for frame in STORY[:place])
        assert row["read aloud"]
        assert row["stands for"]
        places.append(place)
    assert places == sorted(places)
    named = {row["symbol"]: row["first in the frame"] for row in TABLE}
    assert named[r"$\theta$"] == "Before the update"
    assert named[r"$\delta$"] == "Delta of the output"
    assert named[r"$\eta$"] == "New weights and biases"
    assert named["$g$"] == "New weights and biases"
    assert named["$y$"] == "Loss: binary cross-entropy"
    assert named["$h$"] == "Numeric check of one parameter"
