"""The font of icons has every icon that somebody names; tests/browser/test_icons.py looks at how they are drawn."""

from tools import icons

KEPT = icons.LIST.read_text("utf-8").split()


def test_every_icon_that_we_name_is_in_the_font():
    ours = icons.named(*(icons.CHECKOUT / folder for folder in icons.OURS))
    assert len(ours) > 10
    assert sorted(ours - set(KEPT)) == [], "make icons makes the font anew"


def test_every_icon_that_streamlit_names_is_in_the_font_but_those_that_its_own_has_not():
    """Its widgets have icons that stand in no script of ours; the two are an example and no icon at all."""
    assert sorted(icons.named(icons.STREAMLIT) - set(KEPT)) == ["icon_name", "star_filled"], "make icons"


def test_the_font_is_a_small_part_of_streamlits():
    whole = icons.streamlits_font().stat().st_size
    assert icons.FONT.stat().st_size < whole / 20
