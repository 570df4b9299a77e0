"""Strokes: what a pen drew, brought to the 8 by 8 numbers of the digits data in the way the data's makers did it.

A stroke is the pen's way from where it is put down to where it is lifted: points (x, y) in any unit, x to the right and
y down. A drawing is a list of strokes and the width of the pen in the same unit.

    draw      the ink is every pixel within half a pen's width of a stroke
    crop      to the box around the ink
    scale     to 32 pixels high, the aspect kept (and no wider than 32)
    centre    in 32 by 32 pixels
    count     the pixels with ink in each block of 4 by 4: 8 by 8 numbers from 0 to 16

The makers (Alpaydin and Kaynak 1998, see data/NOTICE) say "normalized bitmaps", 32 by 32, counted in blocks of 4 by 4.
That the digits are scaled to the full height with their aspect kept, and centred, can be seen in their bitmaps. It
matters: `python -m benchmarks.digits` compares with other ways.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from .values import is_number

SIDE = 32  # pixels of the bitmap, each way
BLOCK = 4  # pixels of a block, each way
MAX_STROKES, MAX_POINTS, FAR = 200, 20_000, 1e6  # of a drawing: what comes from a browser may be anything


def checked_strokes(strokes: Sequence[ArrayLike]) -> list[np.ndarray]:
    """The strokes as arrays (points, 2) of float64; strokes without a point are left out.

    ValueError with one sentence for anything but finite points in the form of lists, and for more than a person draws.
    """
    if not isinstance(strokes, Sequence) or isinstance(strokes, str | bytes) or len(strokes) > MAX_STROKES:
        raise ValueError(f"strokes: expected a list of at most {MAX_STROKES} strokes; draw anew.")
    checked = []
    for stroke in strokes:
        try:
            points = np.array(stroke, dtype=np.float64)
        except (TypeError, ValueError, OverflowError):
            raise ValueError("strokes: expected points (x, y) that are numbers; draw anew.") from None
        if points.size == 0:
            continue
        if points.ndim != 2 or points.shape[1] != 2 or not (np.abs(points) <= FAR).all():
            raise ValueError(f"strokes: expected points of two numbers (x, y) from -{FAR:.0f} to {FAR:.0f}; draw anew.")
        checked.append(points)
    if sum(len(points) for points in checked) > MAX_POINTS:
        raise ValueError(f"strokes: expected at most {MAX_POINTS} points, got more; draw anew.")
    return checked


def bitmap_of_strokes(strokes: Sequence[ArrayLike], pen: float) -> np.ndarray | None:
    """The (32, 32) bitmap of a drawing, True where there is ink, or None where nothing was drawn.

    pen: the width of the round pen in the unit of the points.
    """
    if not is_number(pen, 1e-3, FAR):
        raise ValueError(f"pen: expected a width from 0.001 to {FAR:.0f}, got {pen!r:.40}; choose one.")
    lines = checked_strokes(strokes)
    if not lines:
        return None
    points = np.concatenate(lines)
    low, high = points.min(axis=0) - pen / 2, points.max(axis=0) + pen / 2  # the box around the ink
    scale = SIDE / float((high - low).max())
    middle = (low + high) / 2
    starts = np.concatenate([line[:-1] if len(line) > 1 else line for line in lines])
    ends = np.concatenate([line[1:] if len(line) > 1 else line for line in lines])
    centres = np.arange(SIDE) + 0.5
    x, y = np.meshgrid(centres, centres)
    pixels = np.column_stack([x.ravel(), y.ravel()])
    place = SIDE / 2
    near = _near(pixels, (starts - middle) * scale + place, (ends - middle) * scale + place, pen * scale / 2)
    return near.reshape(SIDE, SIDE)


def _near(pixels: np.ndarray, starts: np.ndarray, ends: np.ndarray, reach: float) -> np.ndarray:
    """Whether each pixel (p, 2) lies within `reach` of one of the segments from starts (s, 2) to ends (s, 2)."""
    near = np.zeros(len(pixels), dtype=bool)
    x, y = pixels.T[:, :, None]
    for block in range(0, len(starts), 256):  # some hundred segments at once: a long drawing needs no more memory
        (x0, y0), (across, down) = starts[block : block + 256].T, (ends - starts)[block : block + 256].T
        length = np.maximum(across * across + down * down, 1e-300)
        to_x, to_y = x - x0, y - y0
        along = np.clip((to_x * across + to_y * down) / length, 0, 1)  # how far along it the nearest point lies
        to_x -= along * across
        to_y -= along * down
        near |= (to_x * to_x + to_y * to_y <= reach * reach).any(axis=1)
    return near


def bitmap_of_canvas(canvas: ArrayLike) -> np.ndarray | None:
    """The (32, 32) bitmap of a drawn canvas (height, width), not 0 where there is ink; None where there is none."""
    ink = np.asarray(canvas) != 0
    if ink.ndim != 2:
        raise ValueError(f"canvas: expected shape (height, width), got {ink.shape}; give one number a pixel.")
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        return None
    box = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = SIDE / max(box.shape)
    # Each pixel of the bitmap looks at the pixel of the canvas under its middle; beside the box there is no ink.
    row, column = (
        np.floor((np.arange(SIDE) + 0.5 - SIDE / 2) / scale + length / 2).astype(int) for length in box.shape
    )
    inside = np.logical_and.outer((row >= 0) & (row < box.shape[0]), (column >= 0) & (column < box.shape[1]))
    return inside & box[np.ix_(np.clip(row, 0, box.shape[0] - 1), np.clip(column, 0, box.shape[1] - 1))]


def counted(bitmap: ArrayLike) -> np.ndarray:
    """The pixels with ink in each block of 4 by 4 of a (32, 32) bitmap: (8, 8) float64, whole numbers from 0 to 16."""
    ink = np.asarray(bitmap, dtype=bool)
    if ink.shape != (SIDE, SIDE):
        raise ValueError(f"bitmap: expected shape ({SIDE}, {SIDE}), got {ink.shape}; scale it first.")
    blocks = ink.reshape(SIDE // BLOCK, BLOCK, SIDE // BLOCK, BLOCK)
    return blocks.sum(axis=(1, 3)).astype(np.float64)


def digit_of_strokes(strokes: Sequence[ArrayLike], pen: float) -> np.ndarray | None:
    """What the network sees of a drawing: (8, 8) numbers from 0 to 16, or None where nothing was drawn."""
    bitmap = bitmap_of_strokes(strokes, pen)
    return None if bitmap is None else counted(bitmap)
