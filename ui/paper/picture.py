"""Picture: a small network drawn for paper: units, links, and the numbers that are given. It reads without colours."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element

import scratchnet as sn
from ui.kit.numbers import text
from ui.kit.palette import MAP_INK, SIGNS, WHITE
from ui.labels import LOW, layer_title
from ui.paper.document import element

RADIUS, ACROSS, DOWN, EDGE = 17, 150, 76, 24  # of a unit; from layer to layer, from unit to unit, around it all
MOST_LINKS = 6  # between two layers, for which a picture has room for numbers
LETTER = 11.5  # size of the numbers


def has_room(net: sn.Network) -> bool:
    """Whether the picture shows the weights and biases as numbers; among more links they would cover each other."""
    return max(W.size for W in net.weights) <= MOST_LINKS


def network_picture(net: sn.Network, x: Sequence[float]) -> Element:
    """The network with the inputs x, a number for each, as SVG. A negative weight is dashed; see `has_room`."""
    width = ACROSS * (len(net.sizes) - 1) + 2 * (EDGE + RADIUS)
    height = DOWN * (max(net.sizes) - 1) + 2 * RADIUS + 46
    drawing = element(
        "svg",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        role="img",
        aria_label=f"A network of {' - '.join(map(str, net.sizes))} units with its weights and biases",
        font_size=LETTER,
        text_anchor="middle",
        fill=MAP_INK,
    )

    def place(layer: int, unit: int) -> tuple[float, float]:
        """The middle of a unit; layer -1 is the inputs."""
        top = 24 + RADIUS + DOWN * (max(net.sizes) - net.sizes[layer + 1]) / 2
        return EDGE + RADIUS + ACROSS * (layer + 1), top + DOWN * unit

    for layer, W in enumerate(net.weights):
        for unit, row in enumerate(W):
            for source, weight in enumerate(row):
                drawing.append(_link(place(layer - 1, source), place(layer, unit), float(weight)))
    for layer, W in enumerate(net.weights if has_room(net) else ()):  # numbers over all links
        units, sources = W.shape
        # So far on the way that no two numbers meet, however the links cross, at the end where there is more room.
        share = 1 / (units + 1) if units <= sources else sources / (sources + 1)
        for unit, row in enumerate(W):
            for source, weight in enumerate(row):
                (x1, y1), (x2, y2) = place(layer - 1, source), place(layer, unit)
                drawing.append(_number(x1 + (x2 - x1) * share, y1 + (y2 - y1) * share + 4, text(weight)))
    for layer in range(-1, len(net.weights)):
        for unit in range(net.sizes[layer + 1]):
            across, down = place(layer, unit)
            circle = element("circle", cx=across, cy=down, r=RADIUS, fill=WHITE, stroke=MAP_INK, stroke_width=1.2)
            drawing.append(circle)
            name = f"x{LOW[unit + 1]}" if layer < 0 else str(unit + 1)
            drawing.append(element("text", name, x=across, y=down + 4.5, font_size=13))
            if layer < 0 or has_room(net):
                given = text(x[unit]) if layer < 0 else f"b = {text(net.biases[layer][unit])}"
                drawing.append(_number(across, down + RADIUS + 14, given))
        drawing.append(
            element("text", layer_title(net, layer), x=place(layer, 0)[0], y=13, font_size=12, font_weight=600)
        )
    return drawing


def _link(start: tuple[float, float], stop: tuple[float, float], weight: float) -> Element:
    sign = "negative" if weight < 0 else "positive"
    (x1, y1), (x2, y2) = start, stop
    more = {"stroke_dasharray": "6 3"} if weight < 0 else {}
    ink = SIGNS["light"][f"{sign}-ink"]
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=ink, stroke_width=1.3, **more)


def _number(x: float, y: float, words: str) -> Element:
    """A number on a white ground, so that the lines behind it do not cross it out."""
    return element(
        "text",
        words,
        x=round(x, 1),
        y=round(y, 1),
        stroke=WHITE,
        stroke_width=6,
        stroke_linejoin="round",
        paint_order="stroke",
    )
