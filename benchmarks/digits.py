"""Handwritten digits: how soon a network reads 95 in 100 of them, and which way from a canvas to 8 by 8 it can read.

    python -m benchmarks.digits [--seeds 10] [--json FILE]

First, the seconds of training until the test accuracy of the page's own experiment, a 64-32-10 network, is at least
0.95, for each seed (of the split, the initial weights and the order). Then all digits are redrawn on a canvas of 280 by
280 pixels, and each network reads those of its test part, which it never saw. Height (35 to 80 % of the canvas) and
place are chance, from one seed:

- as a shape: the 8 by 8 counts are enlarged (bilinear), and what is at least half full is ink;
- as a line: that shape is thinned to a line one pixel wide (Zhang and Suen 1984) and drawn with a round pen of 8 % of
  the canvas. This loses some digits for good: a loop that 8 by 8 pixels have filled becomes a plain line.

The shapes are read once more drawn half as wide again, as nobody on the form wrote.

Five ways bring the canvas back to 8 by 8. The digits as the data have them say what the networks can do at best.
"""

import time
from collections.abc import Callable

import numpy as np

import scratchnet as sn
from benchmarks import table
from scratchnet.real_data import load_real_data
from scratchnet.strokes import bitmap_of_canvas, counted
from ui.digits.reading import CANVAS, EPOCHS, FIRST

CANVAS_PEN = 22  # 8 % of the canvas


def trained(seed: int) -> tuple[sn.Run, list[float], list[float]]:
    """(run of the page's own experiment, test accuracy after each epoch, seconds until then)."""
    run = FIRST.replace(data_seed=seed, init_seed=seed, order_seed=seed).start()
    accuracy, seconds, start = [], [], time.perf_counter()
    for _ in range(EPOCHS):
        run.advance(epochs=1)
        seconds.append(time.perf_counter() - start)
        accuracy.append(run.evaluate().test_score)
    return run, accuracy, seconds


# Redrawing


def enlarged(digit: np.ndarray, side: int) -> np.ndarray:
    """(8, 8) counts as (side, side) numbers, bilinear, each count at the middle of its block."""
    places = np.clip((np.arange(side) + 0.5) * 8 / side - 0.5, 0, 7)
    left = np.minimum(places.astype(int), 6)
    share = places - left
    rows = digit[left] * (1 - share)[:, None] + digit[left + 1] * share[:, None]
    return rows[:, left] * (1 - share) + rows[:, left + 1] * share


def thinned(ink: np.ndarray) -> np.ndarray:
    """The lines, one pixel wide, in the middle of the ink (Zhang and Suen 1984); ink has an empty border."""
    ink = ink.copy()
    while True:
        gone = 0
        for first in (True, False):
            n, e, s, w = (np.roll(ink, *way) for way in ((1, 0), (-1, 1), (-1, 0), (1, 1)))
            ne, se, sw, nw = np.roll(n, -1, 1), np.roll(s, -1, 1), np.roll(s, 1, 1), np.roll(n, 1, 1)
            around = [n, ne, e, se, s, sw, w, nw]
            neighbours = sum(a.astype(int) for a in around)
            rises = sum((~a & b).astype(int) for a, b in zip(around, [*around[1:], n], strict=True))
            ends = (~(n & e & s) & ~(e & s & w)) if first else (~(n & e & w) & ~(n & s & w))
            leave = ink & (neighbours >= 2) & (neighbours <= 6) & (rises == 1) & ends
            ink &= ~leave
            gone += int(leave.sum())
        if not gone:
            return ink


def thickened(lines: np.ndarray, pen: int) -> np.ndarray:
    """The lines drawn with a round pen."""
    reach = pen / 2
    drawn = np.zeros_like(lines)
    for dy in range(-int(reach), int(reach) + 1):
        for dx in range(-int(reach), int(reach) + 1):
            if dx * dx + dy * dy <= reach * reach:
                drawn |= np.roll(lines, (dy, dx), (0, 1))
    return drawn


def redrawn(digit: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(280, 280) booleans, twice: the digit as a shape and as a line, in a size and at a place by chance."""
    side = int(CANVAS * rng.uniform(0.35, 0.8))
    edge = CANVAS_PEN // 2 + 1
    top, left = rng.integers(edge, CANVAS - side - edge, 2)
    shape = np.zeros((CANVAS, CANVAS), dtype=bool)
    shape[top : top + side, left : left + side] = enlarged(digit, side) >= 8
    return shape, thickened(thinned(shape), CANVAS_PEN)


# From a canvas to 8 by 8 numbers of 0 to 16


def shares(image: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """The image brought to (rows, columns): each new pixel is the mean of the old ones under it, in their shares."""

    def along(old: int, new: int) -> np.ndarray:
        edges = np.arange(new + 1) * old / new
        return np.maximum(
            np.minimum(edges[1:, None], np.arange(1, old + 1)) - np.maximum(edges[:-1, None], np.arange(old)), 0
        ) * (new / old)

    return along(image.shape[0], rows) @ image @ along(image.shape[1], columns).T


def box(ink: np.ndarray) -> np.ndarray:
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(float)


def whole_canvas(ink: np.ndarray) -> np.ndarray:
    return 16 * shares(ink.astype(float), 8, 8)


def stretched(ink: np.ndarray) -> np.ndarray:
    return 16 * shares(box(ink), 8, 8)


def twenty_pixel_box(ink: np.ndarray, by_mass: bool) -> np.ndarray:
    """As for MNIST: the ink in a box of 20, in 28 by 28, centred by its box or by its centre of mass; then 8 by 8."""
    cut = box(ink)
    small = shares(cut, *(max(1, round(20 * length / max(cut.shape))) for length in cut.shape))
    middle = (
        [
            float((small.sum(axis=1 - axis) * (np.arange(small.shape[axis]) + 0.5)).sum() / small.sum())
            for axis in (0, 1)
        ]
        if by_mass
        else [length / 2 for length in small.shape]
    )
    top, left = (min(max(round(14 - m), 0), 28 - length) for m, length in zip(middle, small.shape, strict=True))
    image = np.zeros((28, 28))
    image[top : top + small.shape[0], left : left + small.shape[1]] = small
    return 16 * shares(image, 8, 8)


def as_the_makers(ink: np.ndarray) -> np.ndarray:
    bitmap = bitmap_of_canvas(ink)
    assert bitmap is not None  # every digit has ink
    return counted(bitmap)


WAYS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "the whole canvas": whole_canvas,
    "a box of 20 in 28, centre of mass": lambda ink: twenty_pixel_box(ink, by_mass=True),
    "a box of 20 in 28, middle of the box": lambda ink: twenty_pixel_box(ink, by_mass=False),
    "the ink's box, stretched": stretched,
    "as the data's makers": as_the_makers,
}


def main() -> None:
    given = table.arguments(__doc__, ("--seeds", 10, "how many networks"))
    data = load_real_data("digits")
    place = {digit.tobytes(): row for row, digit in enumerate(data.x)}
    rng = np.random.default_rng(0)
    shapes_and_lines = [redrawn(digit, rng) for digit in data.x.reshape(-1, 8, 8)]
    wide = np.array([as_the_makers(np.repeat(shape, 3, axis=1)[:, ::2]).ravel() for shape, _ in shapes_and_lines])
    wide_right = []
    seen = {
        (way, kind): np.array([bring(canvases[kind == "line"]).ravel() for canvases in shapes_and_lines])
        for way, bring in WAYS.items()
        for kind in ("shape", "line")
    }
    seconds, epochs, last = [], [], []
    right: dict[tuple[str, str], list[float]] = {key: [] for key in seen}
    for seed in range(given.seeds):
        run, accuracy, times = trained(seed)
        test = [place[digit.tobytes()] for digit in run.dataset.x_test]
        reached = next((epoch for epoch, share in enumerate(accuracy) if share >= 0.95), None)
        if reached is None:
            raise SystemExit(f"Seed {seed} never reached 0.95; the best was {max(accuracy):.3f}.")
        seconds.append(times[reached])
        epochs.append(float(reached + 1))
        last.append(accuracy[-1])
        x = sn.apply_features(wide[test], FIRST.features, run.dataset.scale)
        wide_right.append(100 * sn.accuracy(data.y[test], run.network.predict(x)))
        for key, digits in seen.items():
            x = sn.apply_features(digits[test], FIRST.features, run.dataset.scale)
            right[key].append(100 * sn.accuracy(data.y[test], run.network.predict(x)))
    rows = table.printed(
        [
            table.row_of("seconds to test accuracy 0.95", seconds, "s", 5),
            table.row_of("epochs to test accuracy 0.95", epochs, "epochs", EPOCHS),
            table.row_of(f"test accuracy after {EPOCHS} epochs", last, "of 1", 0.95, at_least=True),
            table.row_of("redrawn shapes read right", right["as the data's makers", "shape"], "%", 89, at_least=True),
            table.row_of("redrawn shapes half as wide again read right", wide_right, "%", 70, at_least=True),
        ]
    )
    print("\n| way from the canvas to 8 by 8 | shapes read right | lines read right |\n|---|---|---|")
    for way in WAYS:
        spans = (right[way, kind] for kind in ("shape", "line"))
        cells = (f"{np.median(span):.1f} % ({min(span):.1f} to {max(span):.1f})" for span in spans)
        print(f"| {way} | {' | '.join(cells)} |")
    print(f"| not redrawn | {100 * np.median(last):.1f} % ({100 * min(last):.1f} to {100 * max(last):.1f}) | |")
    table.write(given.json, rows=rows, ways={f"{way}, {kind}": share for (way, kind), share in right.items()})


if __name__ == "__main__":
    main()
