"""QR: a link as a picture that a phone's camera reads."""

from functools import lru_cache

import segno

from ui.kit.palette import BLACK, WHITE

MOST = 2953  # bytes that the largest code holds, version 40 with the least correction (ISO/IEC 18004)


@lru_cache(maxsize=50)  # of at most 60 kB: the longest link takes a tenth of a second, each time the page runs
def picture(link: str) -> str:
    """The address of an SVG image of the link, dark on white also on a dark page: cameras expect that.

    ValueError with one sentence for a link that no code holds.
    """
    count = len(link.encode())
    if count > MOST:
        raise ValueError(f"This link is too long for a QR code: it has {count:,} characters, a code holds {MOST:,}.")
    return segno.make(link, error="l", micro=False).svg_data_uri(scale=4, border=4, dark=BLACK, light=WHITE)
