"""QR: a link as a picture that a phone's camera reads."""

import segno

from ui.kit.palette import BLACK, WHITE


def picture(link: str) -> str:
    """The address of an SVG image of the link, dark on white also on a dark page: cameras expect that."""
    return segno.make(link, error="l", micro=False).svg_data_uri(scale=4, border=4, dark=BLACK, light=WHITE)
