"""A graph: a network drawn as units and links, with numbers on it that Python has computed and formatted.

A place names what is meant, with layers counted from 0 as in the code and the inputs as layer -1:
(layer, unit) is a unit; (layer, unit, source) the weight from unit `source` of the layer before, which is
W[layer][unit, source]; (layer, unit, None) the bias b[layer][unit]. Clicking a part, or Enter on it, reports its place.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from ui import present
from ui.kit.mount import mount
from ui.kit.numbers import exact, text
from ui.unbroken import unbroken

MOST_UNITS = 8  # drawn in a layer; of a larger one the lit and chosen come first, and the rest is counted

Place = tuple[int, int] | tuple[int, int, int | None]


@dataclass(frozen=True)
class Unit:
    """What stands on a unit: its name, its number as text, and lines below it.

    shade: the unit's colour, from -1 (orange) through 0 (none) to 1 (blue). asked: a value that somebody has to find.
    exact: the number with all its digits, for whoever rests the pointer there.
    """

    name: str = ""
    text: str = ""
    below: Sequence[str] = ()
    shade: float = 0.0
    asked: bool = False
    exact: str = ""


@dataclass(frozen=True)
class Link:
    """What stands on a weight or a bias: its value (width, colour, dash), the value as text, and a line below it.

    text None: the value as ui.kit.numbers writes it.
    """

    value: float
    text: str | None = None
    below: str = ""


def graph(
    key: str,
    sizes: Sequence[int],
    units: Mapping[Place, Unit] | None = None,
    links: Mapping[Place, Link] | None = None,
    lit: Collection[Place] | None = None,
    chosen: Place | None = None,
    on_choose: Callable[[Place], None] | None = None,
    titles: Sequence[str] = (),
    scale: float | None = None,
    backward: bool = False,
) -> None:
    """Draw a network of the layer sizes (inputs, ..., outputs).

    units, links: what stands where; a unit without an entry is drawn empty, a link without one thin and grey.
    lit: the places that are spoken of, all others are dimmed; None: nothing is dimmed. chosen: the one with a ring.
    on_choose(place): called before the script runs again, as Streamlit calls callbacks; None: nothing can be chosen.
    titles: a heading for each column, lines separated by a line break. scale: the |weight| of the widest link, printed
    in the legend; None: the largest here. backward: the arrows on lit links point to the layer before.
    """
    sizes = tuple(int(size) for size in sizes)
    data = drawing(sizes, units or {}, links or {}, lit, chosen, titles, scale, backward)
    data |= {"interactive": on_choose is not None, "tight": present.is_projected()}

    @unbroken
    def choose() -> None:
        place = place_of((st.session_state.get(key) or {}).get("chosen"), sizes)
        if place is not None and on_choose is not None:
            on_choose(place)

    mount("graph/graph", key=key, data=data, on_chosen_change=choose)


def place_of(report: object, sizes: Sequence[int]) -> Place | None:
    """The place that a browser reports as {kind, layer, unit, source}; None for nothing and for what does not exist."""
    if not isinstance(report, Mapping):
        return None
    kind, layer, unit, source = (report.get(name) for name in ("kind", "layer", "unit", "source"))
    if type(layer) is not int or type(unit) is not int or not -1 <= layer < len(sizes) - 1:
        return None
    if not 0 <= unit < sizes[layer + 1]:
        return None
    if kind == "unit":
        return layer, unit
    if kind != "link" or layer < 0 or not (source is None or (type(source) is int and 0 <= source < sizes[layer])):
        return None
    return layer, unit, source


def drawing(sizes, units, links, lit=None, chosen=None, titles=(), scale=None, backward=False) -> dict:
    """What the browser draws, as plain values: numbers arrive there as text, a link's width as a share of the widest.

    ValueError for a place that a network of these sizes does not have.
    """
    for place in (*units, *links, *(lit or ()), *([chosen] if chosen else [])):
        _check(place, sizes)
    lit_places = None if lit is None else set(lit)
    weights = [link.value for (_, _, source), link in links.items() if source is not None]
    widest = float(scale) if scale else max((abs(value) for value in weights if math.isfinite(value)), default=0.0)

    def is_lit(place):
        return lit_places is None or place in lit_places

    def drawn_link(place):
        face = link_face(links[place], widest) if place in links else {"share": 0.0, "text": "", "below": ""}
        return {"at": list(place), **face, "lit": is_lit(place)}

    shown = [shown_units(layer, size, lit_places or (), chosen) for layer, size in enumerate(sizes, start=-1)]
    columns, drawn_links = [], []
    for layer, (size, members) in enumerate(zip(sizes, shown, strict=True), start=-1):
        drawn_units = []
        for index in members:
            drawn_units.append(
                {
                    "at": [layer, index],
                    **unit_face(units.get((layer, index), Unit())),
                    "lit": is_lit((layer, index)),
                    "bias": drawn_link((layer, index, None)) if (layer, index, None) in links else None,
                }
            )
            if layer >= 0:
                drawn_links += [drawn_link((layer, index, source)) for source in shown[layer]]
        title = titles[layer + 1].split("\n") if layer + 1 < len(titles) else []
        columns.append({"layer": layer, "title": title, "units": drawn_units, "rest": size - len(members)})
    return {
        "columns": columns,
        "links": drawn_links,
        "chosen": list(chosen) if chosen else None,
        "backward": bool(backward),
        "widest": text(widest) if widest else "",
    }


def unit_face(unit: Unit) -> dict:
    """What the browser shows of a unit."""
    return {
        "name": unit.name,
        "text": unit.text,
        "below": list(unit.below),
        "shade": max(-1.0, min(1.0, float(unit.shade))) if math.isfinite(unit.shade) else 0.0,
        "asked": unit.asked,
        "exact": unit.exact,
    }


def link_face(link: Link, widest: float) -> dict:
    """What the browser shows of a weight or bias, its width as a share of the widest."""
    is_number = math.isfinite(link.value) and widest
    return {
        "share": round(math.copysign(min(1.0, abs(link.value) / widest), link.value), 4) if is_number else 0.0,
        "text": text(link.value) if link.text is None else link.text,
        "exact": exact(link.value) if link.text is None else "",
        "below": link.below,
    }


def _check(place, sizes):
    layer, unit, *source = place
    ok = -1 <= layer < len(sizes) - 1 and 0 <= unit < sizes[layer + 1]
    if source:
        ok = ok and layer >= 0 and (source[0] is None or 0 <= source[0] < sizes[layer])
    if not ok:
        raise ValueError(
            f"A {tuple(sizes)} network has no place {place}; layers count from 0, the inputs are layer -1."
        )


def shown_units(layer, size, lit, chosen, most=MOST_UNITS):
    """The units of a layer that are drawn, in order: all, or of a large layer the chosen and lit ones first."""
    if size <= most:
        return range(size)

    def named(places):
        here = {place[1] for place in places if place[0] == layer}
        return here | {
            place[2] for place in places if place[0] == layer + 1 and len(place) == 3 and place[2] is not None
        }

    spoken_of = named([chosen] if chosen else [])
    wanted = [*sorted(spoken_of), *sorted(named(lit) - spoken_of), *range(size)]
    return sorted(list(dict.fromkeys(wanted))[: most - 1])
