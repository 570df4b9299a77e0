"""Presets of the comparison: what their texts say is so, and their boards differ in what they are about alone."""

import pytest

from tests.test_comparison import compared
from ui.compare.presets import PRESETS, SEEDS

MEASURED = (0, 3)  # of the ten seeds that `python -m benchmarks.presets` runs; 3 is one that a text excepts


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("seed", MEASURED)
def test_it_ends_as_its_text_says_with_this_seed(name, seed):
    preset = PRESETS[name]
    runs = preset.runs(seed)
    assert [run.update for run in runs] == [preset.update] * len(runs)
    assert preset.holds(runs) == (seed not in preset.fails)


@pytest.mark.parametrize("name", PRESETS)
def test_boards_in_another_order_do_not_end_as_the_text_says(name):
    """So `holds` is no rule that anything passes."""
    preset = PRESETS[name]
    assert not preset.holds(preset.runs(0)[::-1])


@pytest.mark.parametrize("name", PRESETS)
def test_a_text_names_the_share_and_fits_one_line_of_a_laptop(name):
    preset = PRESETS[name]
    assert set(preset.fails) <= set(SEEDS)
    assert preset.text.endswith(f"So at update {preset.update:,} in {10 - len(preset.fails)} of 10 seeds.")
    assert len(preset.text) < 150


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("rates", {"Learning rate"}),
        ("optimizers", {"Optimizer", "Momentum"}),
        ("activations", {"Activation"}),
        ("initializers", {"First weights"}),
        ("depth", {"Units of the hidden layers"}),
        ("batches", {"Batch size"}),
        ("regularisation", {"L2"}),
        ("scaling", {"Scaling"}),
    ],
)
def test_its_boards_differ_in_one_thing_and_have_the_same_data(name, labels):
    of = compared(*PRESETS[name].experiments)
    assert of.differences.keys() == labels
    assert 2 <= len(of.boards) <= 4
    assert of.experiments == PRESETS[name].experiments
