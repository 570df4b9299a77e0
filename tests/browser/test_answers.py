"""The colours on the screen are those of the classes that the network decides for, pixel by pixel, light and dark."""

import itertools

import numpy as np
import pytest
from playwright.sync_api import expect

import scratchnet as sn
from tests.browser.lesson_page import PHONE
from tests.browser.live_board import PATIENCE, LiveBoard, computed
from tests.test_board_answers import seen_class
from tests.test_decision import class_by_hand

REACH = 1.0  # map pixels (a hundredth of the side): the line may be so far from where the class changes
SIDE = 100


@pytest.mark.parametrize(
    ("dataset", "output", "loss"),
    [
        ("circle", "tanh", "hinge"),
        ("circle", "identity", "mse"),
        ("circle", "softmax", "cross_entropy"),
        ("three_spirals", "softmax", "cross_entropy"),
    ],
)
def test_under_discretize_200_places_have_the_colour_of_their_class_and_the_line_parts_the_classes(
    app, page, dataset, output, loss
):
    board = LiveBoard(page).open(
        app.address, f"dataset={dataset}&output={output}&loss={loss}&hidden=6&learning_rate=0.01"
    )
    board.play_until("update > 100")
    board.pause()
    _, run = board.check()
    board.root.get_by_label("Discretize").check()
    spread = np.random.default_rng(1).random((200, 2))
    places = 0.02 + 0.96 * spread
    classes, sure = classes_at(run, places)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        expect(board.root).to_have_attribute("data-theme", scheme)
        shown = settled(board, places, classes, sure)
        assert [s for s, ok in zip(shown, sure, strict=True) if ok] == [
            c for c, ok in zip(classes, sure, strict=True) if ok
        ]
        assert sum(sure) > 100, "too many places are near a line for the test to say much"
    looks = sn.DATASETS[dataset].classes
    legend = board.root.get_by_label("Classes", exact=True)
    if looks > 2:
        expect(legend.get_by_role("listitem")).to_have_text([f"class {k}" for k in range(looks)])
        board.button("Output unit of class 1").hover()
        expect(legend).to_be_hidden()  # one class's probability has a scale instead
        expect(board.root.get_by_text("Output unit of class 1", exact=True)).to_be_visible()
    else:
        expect(legend).to_be_hidden()
        scale = board.root.locator(".scale")
        expect(scale.locator(".middle")).to_have_text("0" if output == "tanh" else "0.5")
        assert scale.locator("> canvas").evaluate(BLACK) == pytest.approx([0.5], abs=0.02), "the line on the scale"
        board.button("Unit 1 of layer 1").hover()
        expect(scale.locator(".middle")).to_have_text("0")
        assert scale.locator("> canvas").evaluate(BLACK) == [], "a unit decides nothing"


# Where the colour scale has black lines, as shares of its height: the middle of each.
BLACK = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, 1, canvas.height);
  const dark = [...Array(canvas.height).keys()].filter((y) => Math.max(...data.slice(4 * y, 4 * y + 3)) < 110);
  if (!dark.length) return [];
  return [(dark[0] + dark[dark.length - 1]) / 2 / canvas.height];
}"""

# The colours [red, green, blue] of a unit's tile at shares (across, down) of its side.
TILE = """(unit, shares) => {
  const tile = unit.getBoundingClientRect();
  const isBelow = (canvas) => {
    const { left, right } = canvas.getBoundingClientRect();
    return left < tile.left && tile.right < right;
  };
  const canvas = [...unit.getRootNode().querySelectorAll(".columns canvas")].find(isBelow);
  const box = canvas.getBoundingClientRect();
  const density = canvas.width / box.width;
  return shares.map(([x, y]) => [...canvas.getContext("2d").getImageData(
    (tile.left + x * tile.width - box.left) * density, (tile.top + y * tile.height - box.top) * density, 1, 1).data]);
}"""


@pytest.mark.parametrize("hidden", ["128-128", "40-40-40-40", "5"])
def test_every_tile_has_the_map_of_its_own_unit_however_many_units_there_are(app, page, hidden):
    board = LiveBoard(page).open(app.address, f"dataset=circle&hidden={hidden}&features=x1,x2,x1*x2")
    for _ in range(2):
        board.wait_until_nothing_is_painted()
        run = computed(board.experiment(), board.numbers().update)
        (x_low, x_high), (y_low, y_high) = run.dataset.domain
        shares = [(x, y) for x in (0.3, 0.5, 0.7, 0.9) for y in (0.1, 0.3, 0.5, 0.7)]
        around = []  # a tile's pixel is a twentieth of its side
        for dx, dy in itertools.product((-0.06, 0, 0.06), repeat=2):
            points = [(x_low + (x + dx) * (x_high - x_low), y_high - (y + dy) * (y_high - y_low)) for x, y in shares]
            around.append(run.network.forward(sn.apply_features(points, run.experiment.features)).a)
        compared = 0
        for unit in board.root.locator("[data-kind=unit]").all():
            layer, number = (int(unit.get_attribute(f"data-{name}")) for name in ("layer", "unit"))
            if layer == len(hidden.split("-")):
                continue  # the answer's map is looked at above
            values = np.array([a[layer][:, number] for a in around])
            for (red, _, blue, alpha), near in zip(unit.evaluate(TILE, shares), values.T, strict=True):
                assert alpha == 255
                if near.min() > 0.3 or near.max() < -0.3:
                    assert (blue > red) == (near[0] > 0), (layer, number, near)
                    compared += 1
        assert compared > 20
        page.set_viewport_size(PHONE)


def settled(board, places, classes, sure):
    """The classes that are seen at places, once they are the expected ones or patience is over."""
    for _ in range(int(4 * PATIENCE)):
        shown = [seen_class(tuple(color)) for color in board.colours(places.tolist())]
        if all(s == c for s, c, ok in zip(shown, classes, sure, strict=True) if ok):
            break
        board.page.wait_for_timeout(250)
    return shown


def classes_at(run, places):
    """The class at each place (across, down from 0 to 1), and whether no other one is within reach."""
    signed = run.experiment.output == "tanh" or run.experiment.loss == "hinge"
    around = [np.array([dx, dy]) * REACH / SIDE for dx in (-1, -0.5, 0, 0.5, 1) for dy in (-1, -0.5, 0, 0.5, 1)]
    found = []
    for shift in around:
        (x_low, x_high), (y_low, y_high) = run.dataset.domain
        x, y = (places + shift).T
        points = np.column_stack([x_low + x * (x_high - x_low), y_high - y * (y_high - y_low)])
        outputs = run.network.predict(sn.apply_features(points, run.experiment.features)).tolist()
        found.append([class_by_hand(row, signed) for row in outputs])
    return found[12], [len(set(seen)) == 1 for seen in zip(*found, strict=True)]


@pytest.mark.parametrize(
    ("activation", "scale"),
    [("tanh-tanh", "-1 to 1"), ("sigmoid-sigmoid", "0 to 1"), ("tanh-sigmoid", "each its own, within -1 to 1")],
)
def test_the_scale_of_the_unit_maps_is_one_only_where_all_units_share_it(app, page, activation, scale):
    board = LiveBoard(page).open(app.address, f"hidden=2-2&samples=60&activation={activation}")
    told = board.root.locator(".legend").inner_text().replace("\u2212", "-")
    assert scale in told and ("each its own" in told) == ("each its own" in scale)
