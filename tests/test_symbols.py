"""The list of symbols: complete for an update, in the order of its frames, and each where it first appears."""

import re

from ui.checks import backpropagation as checks
from ui.symbols import SYMBOLS, symbol_table
from ui.walkthrough import frames

STORY = frames(checks.step_of(checks.START))
TABLE = symbol_table(STORY)
LAYOUT = {"frac", "text", "left", "right", "cdot", "quad", "ldots"}  # commands that nobody reads aloud


def test_every_greek_letter_and_sign_in_a_formula_of_the_walk_is_in_the_list():
    commands = {command for frame in STORY for command in re.findall(r"\\([A-Za-z]+)", frame.formula)} - LAYOUT
    listed = {command for symbol in SYMBOLS for command in re.findall(r"\\([A-Za-z]+)", symbol.latex)}
    assert commands - listed == set()
    assert {"eta", "theta", "partial", "delta"} <= commands


def test_every_letter_in_a_formula_of_the_walk_is_in_the_list():
    def letters(latex):
        words = re.sub(r"\\text\{[^}]*\}|_\{\\text\{[^}]*\}\}|\\[A-Za-z]+", " ", latex)
        return set(re.findall("[A-Za-z]", words))

    listed = set().union(*(letters(symbol.latex) for symbol in SYMBOLS))
    assert set().union(*(letters(frame.formula) for frame in STORY)) - listed == set()


def test_each_symbol_of_the_list_is_shown_first_in_the_frame_that_the_list_names():
    assert len(TABLE) == len(SYMBOLS)
    titles = [frame.title for frame in STORY]
    by_latex = {f"${symbol.latex}$": symbol for symbol in SYMBOLS}
    places = []
    for row in TABLE:
        place = titles.index(row["first in the frame"])
        mark = by_latex[row["symbol"]].mark
        assert mark in STORY[place].formula
        assert not any(mark in frame.formula for frame in STORY[:place])
        if mark[0].isalpha():
            assert not re.search(r"\\[A-Za-z]*" + re.escape(mark), STORY[place].formula), "a letter of a command"
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
