"""Settings of an Experiment: their largest numbers, and those of a list."""

import pytest

from scratchnet.experiment import Experiment


@pytest.mark.parametrize(
    "settings",
    [
        {"batch_size": 2**31},
        {"schedule": "step", "schedule_settings": {"step_size": 2**31}},
        {"data_seed": 2**31},
        {"init_seed": 2**31},
        {"order_seed": 2**31},
    ],
    ids=lambda settings: list(settings)[-1],
)
def test_the_largest_whole_number_that_a_setting_may_be_is_2_to_the_31(settings):
    def one_more(value):
        return {k: v + 1 for k, v in value.items()} if isinstance(value, dict) else value + 1

    Experiment(**settings)
    *kept, last = settings.items()
    with pytest.raises(ValueError, match=r"from [01] to 2147483648, got 2147483649"):
        Experiment(**dict(kept), **{last[0]: one_more(last[1])})


def test_a_number_of_a_list_of_settings_is_checked_like_one_that_stands_alone():
    betas = {"optimizer": "adam", "optimizer_settings": {"betas": [0.5, 0]}}
    assert Experiment(**betas).optimizer_settings == {"betas": (0.5, 0.0)}
    for bad, why in (([0.5], "expected 2 numbers, got 1; give 2"), ([0.5, "1"], "a finite number, got '1'")):
        with pytest.raises(ValueError, match=why):
            Experiment(optimizer="adam", optimizer_settings={"betas": bad})
    with pytest.raises(ValueError, match=r"expected a list such as \[0.9, 0.999\], got 0.5"):
        Experiment(optimizer="adam", optimizer_settings={"betas": 0.5})
