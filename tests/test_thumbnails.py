"""Thumbnails: every data set has a picture of its own points, and choosing the picture chooses the data set."""

import re

import pytest

import scratchnet as sn
from tests.test_playground_page import checked, opened, pg
from ui.palette import CLASSES
from ui.thumbnails import GROUPS, HEIGHT, WIDTH, group_of, picture


@pytest.mark.parametrize("name", sn.DATASETS)
def test_a_picture_lies_within_its_frame_and_has_the_colour_of_every_class(name):
    drawn = picture(name)
    places = re.findall(r"[ML](\d+) (\d+)", drawn)
    assert len(places) >= 3
    assert all(0 <= int(across) <= WIDTH and 0 <= int(down) <= HEIGHT for across, down in places)
    for number in range(sn.DATASETS[name].classes):
        assert f'stroke="{CLASSES[number].color}"' in drawn


def test_no_two_data_sets_look_the_same():
    assert len({picture(name) for name in sn.DATASETS}) == len(sn.DATASETS)


def test_in_the_picture_of_and_the_true_point_is_at_the_top_right():
    (blue,) = re.findall(rf'd="M(\d+) (\d+)h0" stroke="{CLASSES[1].color}"', picture("and_gate"))
    assert int(blue[0]) > WIDTH / 2 and int(blue[1]) < HEIGHT / 2


def test_every_group_has_data_sets():
    assert {group_of(spec) for spec in sn.DATASETS.values()} == set(GROUPS)


def test_every_data_set_can_be_chosen_by_its_picture_and_only_it_is_marked():
    app = opened()
    for name in ("moons", "six_blobs", "plane", "sine", "tutorial", "xor_gate", "circle"):
        checked(app.button(key=f"picture_{name}").click().run())
        assert pg(app).settings["dataset"] == name
        marked = [button.key for button in app.button if button.label.startswith("![Chosen:]")]
        assert marked == [f"picture_{name}"]
