"""The terms: every word that a beginner does not know has one plain sentence."""

import pytest

from ui.terms import TERMS


@pytest.mark.parametrize(
    "word",
    ["seed", "z", "a", "bias", "weight", "unit", "discretize", "R²", "batch", "epoch", "update", "noise", "loss"],
)
def test_a_word_that_a_beginner_meets_has_its_sentence(word):
    assert word in TERMS


@pytest.mark.parametrize("word", TERMS)
def test_a_sentence_is_short_and_ends(word):
    assert TERMS[word][0].isupper()
    assert TERMS[word].endswith(".")
    assert len(TERMS[word]) <= 110
