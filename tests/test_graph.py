"""The graph's payload: numbers arrive as text and shares, what does not exist is refused, large layers are counted."""

import json
import math

import pytest
from streamlit.testing.v1 import AppTest

from ui.graph import MOST_UNITS, Link, Unit, drawing, place_of

SIZES = (3, 2, 1)


def links_of(data):
    return {tuple(link["at"]): link for link in data["links"]}


def units_of(data):
    return {tuple(unit["at"]): unit for column in data["columns"] for unit in column["units"]}


def test_every_unit_and_every_weight_of_a_small_network_is_drawn_once():
    data = drawing(SIZES, {}, {})
    assert set(units_of(data)) == {(-1, 0), (-1, 1), (-1, 2), (0, 0), (0, 1), (1, 0)}
    assert set(links_of(data)) == {(0, u, s) for u in range(2) for s in range(3)} | {(1, 0, 0), (1, 0, 1)}
    assert len(data["links"]) == 8


def test_a_links_width_is_its_share_of_the_widest_and_keeps_its_sign():
    data = drawing(SIZES, {}, {(0, 0, 0): Link(0.4), (0, 0, 1): Link(-0.8), (0, 0, None): Link(100.0)})
    assert links_of(data)[0, 0, 0]["share"] == 0.5
    assert links_of(data)[0, 0, 1]["share"] == -1.0
    assert data["widest"] == "0.8"  # a bias is no link with a width


def test_a_given_scale_stays_the_same_whatever_the_weights_are():
    data = drawing(SIZES, {}, {(0, 0, 0): Link(0.4), (0, 0, 1): Link(9.0)}, scale=2)
    assert links_of(data)[0, 0, 0]["share"] == 0.2
    assert links_of(data)[0, 0, 1]["share"] == 1.0
    assert data["widest"] == "2"


def test_a_number_that_is_not_finite_is_named_and_the_payload_stays_valid_json():
    data = drawing(SIZES, {(0, 0): Unit("a", "not a number", shade=math.nan)}, {(0, 0, 0): Link(math.inf)})
    assert links_of(data)[0, 0, 0]["text"] == "infinity"
    assert links_of(data)[0, 0, 0]["share"] == 0
    json.dumps(data, allow_nan=False)


def test_only_what_is_lit_is_lit_and_without_a_word_everything_is():
    data = drawing(SIZES, {}, {}, lit={(0, 1), (0, 1, 2)})
    assert [place for place, unit in units_of(data).items() if unit["lit"]] == [(0, 1)]
    assert [place for place, link in links_of(data).items() if link["lit"]] == [(0, 1, 2)]
    assert all(unit["lit"] for unit in units_of(drawing(SIZES, {}, {})).values())


def test_a_large_layer_draws_the_chosen_and_the_lit_units_and_counts_the_rest():
    data = drawing((64, 32, 10), {}, {}, lit={(0, 30), (1, 4, 20)}, chosen=(1, 9, 31))
    _, second, third = data["columns"]
    assert [len(column["units"]) for column in data["columns"]] == [MOST_UNITS - 1] * 3
    assert [column["rest"] for column in data["columns"]] == [57, 25, 3]
    assert {20, 30, 31} < {unit["at"][1] for unit in second["units"]}
    assert {4, 9} < {unit["at"][1] for unit in third["units"]}
    assert len(data["links"]) == 2 * (MOST_UNITS - 1) ** 2


@pytest.mark.parametrize("place", [(2, 0), (0, 2), (0, 0, 3), (-1, 0, 0), (-2, 0), (0, 0, -1)])
def test_a_place_that_the_network_does_not_have_is_refused_with_its_sizes(place):
    with pytest.raises(ValueError, match=r"\(3, 2, 1\) network has no place"):
        drawing(SIZES, {}, {}, chosen=place)


@pytest.mark.parametrize(
    ("report", "place"),
    [
        ({"kind": "unit", "layer": -1, "unit": 2, "source": None}, (-1, 2)),
        ({"kind": "unit", "layer": 1, "unit": 0, "source": None}, (1, 0)),
        ({"kind": "link", "layer": 0, "unit": 1, "source": 2}, (0, 1, 2)),
        ({"kind": "link", "layer": 0, "unit": 1, "source": None}, (0, 1, None)),
    ],
)
def test_a_report_of_the_browser_names_a_place(report, place):
    assert place_of(report, SIZES) == place


@pytest.mark.parametrize(
    "report",
    [
        None,
        "unit",
        {},
        {"kind": "unit", "layer": 2, "unit": 0},
        {"kind": "unit", "layer": "0", "unit": 0},
        {"kind": "unit", "layer": True, "unit": 0},
        {"kind": "link", "layer": 0, "unit": 0, "source": 3},
        {"kind": "link", "layer": -1, "unit": 0, "source": 0},
        {"kind": "link", "layer": 0, "unit": 0, "source": math.nan},
        {"kind": "other", "layer": 0, "unit": 0, "source": 0},
    ],
)
def test_a_report_of_something_that_does_not_exist_is_ignored(report):
    assert place_of(report, SIZES) is None


def test_the_component_mounts_with_its_script_and_its_payload():
    def page():
        from ui.graph import Link, Unit, graph

        graph("network", (2, 1), {(-1, 0): Unit("x1", "0.5")}, {(0, 0, 0): Link(-0.3)}, on_choose=print)

    at = AppTest.from_function(page).run()
    assert not at.exception
    (component,) = at.get("bidi_component")
    assert json.loads(component.proto.json)["links"][0]["text"] == "−0.3"
