"""PNG: a small picture of up to 256 colours as the address of an image, made with the standard library alone."""

import base64
import struct
import zlib

import numpy as np


def png_address(pixels: np.ndarray, colours: np.ndarray) -> str:
    """pixels (rows, columns) uint8, row 0 on top: places in `colours` (n, 3), numbers from 0 to 255.

    The format: W3C, Portable Network Graphics (Second Edition), 2003; colour type 3 is a palette.
    """
    rows, columns = pixels.shape
    lines = np.hstack([np.zeros((rows, 1), np.uint8), pixels.astype(np.uint8)])  # each begins with its filter: none
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)),
        (b"PLTE", np.asarray(colours).astype(np.uint8).tobytes()),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    )
    file = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
    return "data:image/png;base64," + base64.b64encode(file).decode()
