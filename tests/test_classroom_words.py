"""Words of a task: each condition says what it wants, and a number stands on that side of its bound where it is."""

import pytest

from scratchnet.goals import KINDS, Condition, Measured
from ui.classroom.words import TITLES, WANTED, so_far, wanted


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("train_accuracy", 1, "Training accuracy at least 100 %"),
        ("test_accuracy", 0.57, "Test accuracy at least 57 %"),
        ("train_loss", 0.05, "Training loss at most 0.05"),
        ("test_loss", 1 / 3, "Test loss at most 0.3333"),
        ("gap", 0, "Test loss above training loss by at most 0"),
        ("units", 3, "At most 3 hidden units"),
        ("updates", 12345, "At most 12,345 updates"),
        ("parameters", 1000, "At most 1,000 weights and biases"),
        ("unchanged", ["noise", "edits"], "As at the start: Noise, Weights set by hand"),
        ("diverges", True, "The learning rate makes it diverge"),
    ],
)
def test_a_condition_says_what_it_wants(kind, value, said):
    assert wanted(Condition(kind, value)) == said


def test_every_kind_has_its_words():
    assert set(WANTED) == set(TITLES) == set(KINDS)


@pytest.mark.parametrize(
    ("kind", "value", "now", "is_met", "said"),
    [
        ("test_accuracy", 0.95, 0.62, False, "now 62 %"),
        ("test_accuracy", 0.57, 0.57, True, "now 57 %"),  # in floats a little less
        ("test_accuracy", 0.95, 0.9499999, False, "now 94.99999 %"),
        ("test_accuracy", 0.95, float("nan"), False, "not measured for this data"),
        ("test_loss", 0.2, 0.2000001, False, "now 0.2000001"),
        ("gap", 0.1, -0.25, True, "now \u22120.25"),
        ("units", 3, 12.0, False, "now 12"),
        ("updates", 1000, 4321.0, False, "now 4,321"),
        ("unchanged", ["noise"], 1.0, False, "1 changed"),
        ("unchanged", ["noise"], 0.0, True, "nothing changed"),
        ("diverges", True, 0.0, False, "not yet"),
        ("diverges", True, 1.0, True, "it has"),
    ],
)
def test_how_far_it_is_is_said_on_the_right_side_of_the_bound(kind, value, now, is_met, said):
    assert so_far(Measured(Condition(kind, value), now, is_met)) == said
