"""Thumbnails: every data set has a picture of its own points, and choosing the picture chooses the data set."""

import re

import numpy as np
import pytest

import scratchnet as sn
from tests.test_playground_page import checked, opened, pg
from ui.kit.palette import CLASSES
from ui.thumbnails import EDGE, GROUPS, HEIGHT, WIDTH, group_of, picture


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


def seen_at(name, places):
    """The colour on top at places (n, 2) of the picture, None where the page shows through."""
    top = [None] * len(places)
    for dots, colour, size in re.findall(r'<path d="([^"]+)" stroke="([^"]+)" stroke-width="([^"]+)"', picture(name)):
        for at in np.array(re.findall(r"M(\d+) (\d+)", dots), float):
            for i in np.flatnonzero(np.hypot(*(places - at).T) <= float(size) / 2):
                top[i] = colour
    return top


@pytest.mark.parametrize("name", ["checkerboard", "stripes", "xor"])
def test_the_squares_and_stripes_of_a_data_set_are_seen_in_its_picture(name):
    data = sn.load_dataset(name, samples=1000, seed=9)  # other points of the same kind
    inner = np.array([WIDTH, HEIGHT]) - 2 * EDGE
    (x_low, x_high), (y_low, y_high) = data.domain
    x, y = data.x_train.T
    places = EDGE + np.column_stack([(x - x_low) / (x_high - x_low), (y_high - y) / (y_high - y_low)]) * inner
    colours = [CLASSES[int(target)].color for target in data.y_train.ravel()]
    seen = seen_at(name, places)
    right = np.mean([s == c for s, c in zip(seen, colours, strict=True)])
    wrong = np.mean([s not in (c, None) for s, c in zip(seen, colours, strict=True)])
    assert right > 0.65 and wrong < 0.08, (right, wrong)


@pytest.mark.parametrize(
    "name", [name for name, spec in sn.DATASETS.items() if spec.task == "regression" and len(spec.names) == 2]
)
def test_the_picture_of_a_regression_over_a_plane_has_no_gaps_that_its_pale_colours_would_be_lost_between(name):
    across, down = np.meshgrid(np.arange(EDGE, WIDTH - EDGE), np.arange(EDGE, HEIGHT - EDGE))
    seen = seen_at(name, np.column_stack([across.ravel(), down.ravel()]).astype(float))
    assert np.mean([colour is None for colour in seen]) < 0.02


def test_every_group_has_data_sets():
    assert {group_of(spec) for spec in sn.DATASETS.values()} == set(GROUPS)


def test_every_data_set_can_be_chosen_by_its_picture_and_only_it_is_marked():
    app = opened()
    for name in ("moons", "six_blobs", "plane", "sine", "tutorial", "xor_gate", "circle"):
        checked(app.button(key=f"playground_picture_{name}").click().run())
        assert pg(app).settings["dataset"] == name
        marked = [button.key for button in app.button if button.label.startswith("![Chosen:]")]
        assert marked == [f"playground_picture_{name}"]
