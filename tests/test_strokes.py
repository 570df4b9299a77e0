"""Strokes: from the way of a pen to the 8 by 8 numbers that the digits data have."""

import math
from itertools import pairwise

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.real_data import load_real_data
from scratchnet.strokes import bitmap_of_canvas, bitmap_of_strokes, counted, digit_of_strokes
from tests.drawn_digits import DRAWN, PEN, SIDE


def points(digit):
    """The drawn digit without its times."""
    return [[(x, y) for x, y, _ in stroke] for stroke in DRAWN[digit]]


def away(px, py, a, b):
    """How far a point is from a segment, by hand."""
    (ax, ay), (bx, by) = a, b
    length = (bx - ax) ** 2 + (by - ay) ** 2
    along = 0 if length == 0 else min(1, max(0, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length))
    return math.dist((px, py), (ax + along * (bx - ax), ay + along * (by - ay)))


def by_loops(strokes, pen):
    """(32, 32) True and False, pixel after pixel, with Python's numbers alone."""
    flat = [point for stroke in strokes for point in stroke]
    left, right = min(x for x, _ in flat) - pen / 2, max(x for x, _ in flat) + pen / 2
    top, bottom = min(y for _, y in flat) - pen / 2, max(y for _, y in flat) + pen / 2
    scale = 32 / max(right - left, bottom - top)

    def moved(point):
        return (point[0] - (left + right) / 2) * scale + 16, (point[1] - (top + bottom) / 2) * scale + 16

    segments = [
        (moved(a), moved(b)) for stroke in strokes for a, b in (pairwise(stroke) if len(stroke) > 1 else [stroke * 2])
    ]
    return [
        [any(away(column + 0.5, row + 0.5, a, b) <= pen * scale / 2 for a, b in segments) for column in range(32)]
        for row in range(32)
    ]


@pytest.mark.parametrize("digit", DRAWN)
def test_the_bitmap_of_a_drawn_digit_is_what_plain_loops_make_of_it(digit):
    expected = by_loops(points(digit), PEN)
    assert bitmap_of_strokes(points(digit), PEN).tolist() == expected
    assert sum(map(sum, expected)) > 100


def test_a_drawing_of_many_points_is_drawn_to_its_last_one():
    spiral = [(100 + n / 6 * math.cos(n / 20), 100 + n / 6 * math.sin(n / 20)) for n in range(600)]
    assert bitmap_of_strokes([spiral], 5).tolist() == by_loops([spiral], 5)


def test_a_dot_is_a_disc_and_each_block_counts_its_pixels():
    bitmap = bitmap_of_strokes([[(70, 90)]], 10)
    assert bitmap.tolist() == [
        [math.dist((column + 0.5, row + 0.5), (16, 16)) <= 16 for column in range(32)] for row in range(32)
    ]
    expected = [
        [sum(bitmap[4 * r + i][4 * c + j] for i in range(4) for j in range(4)) for c in range(8)] for r in range(8)
    ]
    assert counted(bitmap).tolist() == digit_of_strokes([[(70, 90)]], 10).tolist() == expected
    assert (expected[0][0], expected[4][4]) == (0, 16)


@pytest.mark.parametrize("strokes", [[], [[]], [[], []]])
def test_an_empty_drawing_gives_no_digit(strokes):
    assert bitmap_of_strokes(strokes, PEN) is None
    assert digit_of_strokes(strokes, PEN) is None
    assert bitmap_of_canvas(np.zeros((SIDE, SIDE))) is None


@pytest.mark.parametrize("digit", [1, 4, 8])
def test_where_and_how_large_a_digit_is_drawn_changes_nothing(digit):
    original = bitmap_of_strokes(points(digit), 16)
    moved = [
        [(x / 4 + 64, y / 4 - 32) for x, y in stroke] for stroke in points(digit)
    ]  # quarters of whole pixels: exact
    assert bitmap_of_strokes(moved, 4).tolist() == original.tolist()


def test_the_aspect_is_kept_and_the_ink_is_in_the_middle():
    upright = bitmap_of_strokes([[(50, 10), (50, 210)]], 20)
    assert np.flatnonzero(upright.any(axis=1)).tolist() == list(range(32))
    columns = np.flatnonzero(upright.any(axis=0))
    assert columns.tolist() == [15, 16]  # 20 of 220 wide is 2.9 of 32, whose outer pixels have their middle outside
    lying = bitmap_of_strokes([[(10, 50), (210, 50)]], 20)
    assert lying.tolist() == upright.T.tolist()


def painted(strokes, pen):
    """A canvas as a browser paints it: (280, 280), pixel after pixel."""
    canvas = np.zeros((SIDE, SIDE))
    y, x = np.mgrid[:SIDE, :SIDE] + 0.5
    for stroke in strokes:
        for a, b in pairwise(stroke):
            for along in np.linspace(0, 1, 60):
                middle = a[0] + along * (b[0] - a[0]), a[1] + along * (b[1] - a[1])
                canvas[(x - middle[0]) ** 2 + (y - middle[1]) ** 2 <= (pen / 2) ** 2] = 1
    return canvas


@pytest.mark.parametrize("digit", [2, 5])
def test_strokes_and_the_canvas_they_were_painted_on_give_the_same_bitmap_but_for_single_pixels_at_edges(digit):
    of_strokes, of_canvas = bitmap_of_strokes(points(digit), PEN), bitmap_of_canvas(painted(points(digit), PEN))
    assert np.abs(of_strokes.astype(int) - of_canvas).sum() < 0.08 * of_strokes.sum()


def test_a_bitmap_that_fills_the_canvas_stays_as_it_is_and_one_enlarged_seven_times_comes_back():
    rng = np.random.default_rng(5)
    bitmap = rng.random((32, 32)) < 0.4
    bitmap[0, 3] = bitmap[31, 8] = bitmap[4, 6] = bitmap[9, 25] = True
    bitmap[:, :6], bitmap[:, 26:] = False, False  # six empty columns on either side: the ink is in the middle
    bitmap[0, 10] = bitmap[31, 10] = True
    assert bitmap_of_canvas(bitmap).tolist() == bitmap.tolist()
    large = np.zeros((32 * 7 + 30, 32 * 7 + 90))
    large[10 : 10 + 32 * 7, 70 : 70 + 32 * 7] = np.kron(bitmap, np.ones((7, 7)))
    assert bitmap_of_canvas(large).tolist() == bitmap.tolist()


@pytest.mark.parametrize(
    ("strokes", "words"),
    [
        ("0,0", "list of at most 200 strokes"),
        ([[(0, 0)]] * 201, "list of at most 200 strokes"),
        ([[(0, 0)] * 20_001], "at most 20000 points"),
        ([[(0, "a")]], "numbers"),
        ([[(0, 0), (1,)]], "numbers"),
        ([[(0, 0, 0)]], "two numbers"),
        ([[1, 2]], "two numbers"),
        ([[(0, math.nan)]], "two numbers"),
        ([[(0, 1e308)]], "two numbers"),
        ([[(0, 10**400)]], "numbers"),
        ([[(None, 0)]], "two numbers"),
    ],
)
def test_what_is_no_drawing_is_refused_in_one_sentence(strokes, words):
    with pytest.raises(ValueError, match=words) as refusal:
        digit_of_strokes(strokes, PEN)
    assert str(refusal.value).startswith("strokes: expected") and str(refusal.value).endswith("; draw anew.")


@pytest.mark.parametrize("pen", [0, -1, math.nan, math.inf, "20", True, None])
def test_a_pen_without_a_width_is_refused(pen):
    with pytest.raises(ValueError, match="pen: expected a width"):
        digit_of_strokes([[(0, 0)]], pen)


def test_a_canvas_or_bitmap_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="canvas: expected shape"):
        bitmap_of_canvas(np.ones((2, 2, 3)))
    with pytest.raises(ValueError, match="bitmap: expected shape"):
        counted(np.ones((8, 8)))


def trained_on_the_shipped_digits(seed):
    """A 64-32-10 network after 25 epochs over three quarters of the digits, and how many of the others it reads."""
    data = load_real_data("digits")
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(data.y))
    train, test = order[:1347], order[1347:]
    net = sn.Network.build((64, 32, 10), "tanh", "softmax", "glorot_uniform", seed)
    optimizer = sn.Adam(learning_rate=0.01)
    trainer, state, update = sn.Trainer("cross_entropy", optimizer), optimizer.init(net.theta), 0
    for _ in range(25):
        rows = rng.permutation(train)
        for first in range(0, len(rows), 32):
            batch = rows[first : first + 32]
            step = trainer.step(net, data.x[batch] / 16, data.y[batch], state, update)
            net, state, update = step.after, step.optimizer_after, update + 1
    answers = net.predict(data.x[test] / 16).argmax(axis=1)
    return net, sum(int(answer == truth) for answer, truth in zip(answers, data.y[test], strict=True)) / len(test)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_network_trained_here_reads_95_in_100_digits_and_8_of_the_10_that_were_drawn(seed):
    net, share = trained_on_the_shipped_digits(seed)
    assert share >= 0.95
    seen = np.array([digit_of_strokes(points(digit), PEN).ravel() for digit in DRAWN])
    answers = net.predict(seen / 16).argmax(axis=1).tolist()
    right = [digit for digit, answer in zip(DRAWN, answers, strict=True) if digit == answer]
    assert len(right) >= 8, answers
