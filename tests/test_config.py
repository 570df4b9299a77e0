"""The settings of .streamlit/config.toml: each is known to the installed Streamlit, of the right type, and readable."""

import tomllib
from pathlib import Path

import pytest
from streamlit import config

from ui.kit.palette import PLUM, SIGNS, WHITE

CONFIG = Path(__file__).parent.parent / ".streamlit" / "config.toml"


def settings(table: dict, prefix: str = "") -> dict:
    """The table with dotted names: {"theme": {"light": {"textColor": x}}} is {"theme.light.textColor": x}."""
    flat = {}
    for name, value in table.items():
        flat |= settings(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return flat


def unknown(names) -> list[str]:
    known = config._config_options_template  # no public list of the options exists
    return [name for name in names if name not in known or known[name].deprecated]


OURS = settings(tomllib.loads(CONFIG.read_text(encoding="utf-8")))


def test_every_option_is_known_to_the_installed_streamlit():
    assert len(OURS) > 20
    assert unknown(OURS) == []


def test_an_option_that_does_not_exist_is_noticed():
    assert unknown(["runner.postScriptGC", "runner.postScriptGarbage"]) == ["runner.postScriptGarbage"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("runner.postScriptGC", False),
        ("client.showErrorDetails", "none"),
        ("browser.gatherUsageStats", False),
        ("server.showEmailPrompt", False),
    ],
)
def test_a_setting_that_speed_or_privacy_rests_on_is_in_force(name, value):
    assert OURS[name] == value


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb", 0 to 1 (WCAG 2.2, definition of relative luminance)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_the_one_of_the_definition():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read_and_marks_can_be_seen(theme):
    colour = {name.rsplit(".")[-1]: value for name, value in OURS.items() if name.startswith(f"theme.{theme}.")}
    for background in ("backgroundColor", "secondaryBackgroundColor"):
        assert contrast(colour["textColor"], colour[background]) >= 7
        for letters in ("linkColor", "primaryColor"):
            assert contrast(colour[letters], colour[background]) >= 4.5
        for mark in ("orangeColor", "blueColor"):
            assert contrast(colour[mark], colour[background]) >= 3, (mark, background)


def test_white_letters_can_be_read_on_what_streamlit_fills_and_it_stands_out_from_both_pages():
    """Buttons and chips: `FILLED_STYLE` of ui/menu.py makes them plum in the dark too, where the primary is bright."""
    assert contrast(PLUM, WHITE) >= 4.5
    assert contrast(OURS["theme.light.primaryColor"], WHITE) >= 4.5
    assert contrast(OURS["theme.dark.primaryColor"], WHITE) < 4.5, "the style is not needed any more"
    for theme in ("light", "dark"):
        assert contrast(PLUM, OURS[f"theme.{theme}.backgroundColor"]) > 2


def test_captions_can_be_read_which_are_written_in_60_percent_of_the_text():
    for theme in ("light", "dark"):
        text, page = (OURS[f"theme.{theme}.{name}"] for name in ("textColor", "backgroundColor"))
        assert contrast(mixed(text, page, 0.6), page) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_boards_links_stand_out_from_the_page_and_its_numbers_can_be_read(theme):
    page = OURS[f"theme.{theme}.backgroundColor"]
    for sign in ("negative", "positive"):
        assert contrast(SIGNS[theme][sign], page) >= 3
        assert contrast(SIGNS[theme][f"{sign}-ink"], page) >= 4.5


def mixed(one: str, other: str, share: float) -> str:
    """The colour that is `share` of one and the rest of the other."""
    pairs = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in pairs)


def test_the_scale_from_negative_to_positive_is_lightest_in_the_middle():
    for theme in ("light", "dark"):
        scale = [luminance(colour) for colour in OURS[f"theme.{theme}.chartDivergingColors"]]
        assert len(scale) == 10
        assert scale[:5] == sorted(scale[:5])
        assert scale[5:] == sorted(scale[5:], reverse=True)
