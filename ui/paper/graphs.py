"""Graphs for paper: the losses of a run, and what the network answers, as SVG. They read without colours too."""

import math
from collections.abc import Callable, Sequence
from xml.etree.ElementTree import Element

import numpy as np

import scratchnet as sn
from ui.charts import axis_names, has_losses
from ui.kit import palette
from ui.kit.numbers import tick
from ui.loss_axis import wants_log
from ui.paper.document import element
from ui.paper.png import png_address
from ui.play.payload import Scene

WIDTH, HEIGHT = 340, 270
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 12, 44  # pixels around what is drawn
MOST_POINTS = 150  # of a map, so that it stays a picture of the map
POINT = 2.9  # pixels from the middle of a mark to its edge
LINES = {"training": (palette.MAP_INK, "none"), "validation": (palette.PAPER_INK, "1.5 2.5")}
LINES |= {"test": (palette.PLUM, "5 3")}
Scale = Callable[[float], float]


def loss_graph(history: sn.History, loss: str) -> Element:
    """Training (solid), validation (dotted) and test loss (dashed) over updates; logarithmic where the app takes it."""
    parts = {"training": history.train_loss, "validation": history.validation_loss, "test": history.test_loss}
    curves = {name: losses for name, losses in parts.items() if has_losses(name, losses)}
    log = wants_log(*curves.values())
    shown = {
        name: [(u, v) for u, v in zip(history.update.tolist(), values.tolist(), strict=True) if _can_show(v, log)]
        for name, values in curves.items()
    }
    every = [value for points in shown.values() for _, value in points] or [1.0]
    last = max(int(history.update[-1]), 1)
    if log:
        low, high = math.floor(math.log10(min(every))), math.ceil(math.log10(max(every)))
        steps = [float(10.0**power) for power in range(low, high + 1, -(-(high - low) // 5))]
        up = _scale(low, high, HEIGHT - BOTTOM, TOP)
        place = lambda value: up(math.log10(value))  # noqa: E731 - the other branch has no formula
    else:
        steps = _round_steps(0.0, max(every) or 1.0)
        place = _scale(0.0, max(every) or 1.0, HEIGHT - BOTTOM, TOP)
    across = _scale(0, last, LEFT, WIDTH - RIGHT)
    title = f"{loss}, {'logarithmic' if log else 'linear'} axis"
    said = f"{' and '.join(curves)} loss over updates".capitalize()
    drawing = _axes(said, "update", title, _round_steps(0, last), steps, across, place)
    for name, points in shown.items():
        colour, dash = LINES[name]
        line = " ".join(f"{round(across(u), 1)},{round(place(v), 1)}" for u, v in points)
        drawing.append(
            element(
                "polyline",
                points=line,
                fill="none",
                stroke=colour,
                stroke_width=1.5,
                stroke_dasharray=dash,
                class_=name,
            )
        )
        for u, v in points[-1:]:  # a single update has no line
            drawing.append(element("circle", cx=round(across(u), 1), cy=round(place(v), 1), r=2.2, fill=colour))
    return drawing


def answer_graph(run: sn.Run, plane: sn.Plane | None) -> Element:
    """What the network answers, with training points: over a plane of the inputs a map, over a single one a curve."""
    scene = Scene(run, 0)
    if plane is not None:
        scene.look(plane.columns, plane.origin)
    values, arrays = scene.describe(run)
    if plane is None:
        return _curve(run, scene, arrays)
    data = run.dataset
    domain = plane.window(data)
    side = HEIGHT - TOP - BOTTOM
    across, up = _scale(*domain[0], LEFT, LEFT + side), _scale(*domain[1], HEIGHT - BOTTOM, TOP)
    below, beside = (data.names[column] for column in plane.columns) if plane.columns else axis_names(data, plane)
    steps_across, steps_up = (_round_steps(*ends) for ends in domain)
    said = "What the network answers, and training points"
    drawing = _axes(said, below, beside, steps_across, steps_up, across, up, LEFT + side)
    pixels, _ = scene.sharp(run, [])
    table = arrays["tables"][1]
    address = png_address(pixels[0], table[values["tables"]["answer"]])
    picture = element("image", href=address, x=LEFT, y=TOP, width=side, height=side, preserveAspectRatio="none")
    drawing.insert(0, picture)
    if "pixel_classes" in arrays:
        classes = arrays["pixel_classes"][1][pixels[0]]
        drawing.insert(1, _borders(classes, side / len(classes)))
    looks = scene.sets[scene.points][1]["looks_train"][1].astype(int)[:MOST_POINTS]
    x = data.x_train[:MOST_POINTS]
    points = plane.coordinates(x if plane.columns else data.scaled(x))
    for look in np.unique(looks).tolist():
        if scene.decision.classes:
            mark = palette.CLASSES[look]
            colour, outline = mark.color, mark.outline
        else:
            colour, outline = f"rgb{tuple(table[0][look].astype(int).tolist())}", ()
        path = "".join(_mark(across(x1), up(x2), outline) for x1, x2 in points[looks == look].tolist())
        drawing.append(element("path", d=path, fill=colour, stroke=palette.MAP_INK, stroke_width=0.6))
    return drawing


def _curve(run: sn.Run, scene: Scene, arrays: dict) -> Element:
    """The output over the one column: solid; the target without noise, where it is known, dashed; training points."""
    data, places = run.dataset, arrays["curve_x"][1]
    frame = scene.frame(run, None)
    assert frame.curves is not None and frame.ranges is not None  # there is one column
    low, high = frame.ranges[-1].tolist()
    across, up = _scale(*data.domain[0], LEFT, WIDTH - RIGHT), _scale(low, high, HEIGHT - BOTTOM, TOP)
    steps = _round_steps(*data.domain[0]), _round_steps(low, high)
    drawing = _axes("What the network answers, and training points", data.names[0], "output", *steps, across, up)
    for x, y in zip(data.x_train[:MOST_POINTS, 0].tolist(), np.ravel(data.y_train)[:MOST_POINTS].tolist(), strict=True):
        drawing.append(
            element("circle", cx=round(across(x), 1), cy=round(up(y), 1), r=2, fill="none", stroke=palette.GREY)
        )
    curves = [(frame.curves[-1], "none")]
    curves += [(arrays["curve_target"][1], "5 3")] if "curve_target" in arrays else []
    for curve, dash in curves:
        inside = [(x, y) for x, y in zip(places.tolist(), np.ravel(curve).tolist(), strict=True) if low <= y <= high]
        line = " ".join(f"{round(across(x), 1)},{round(up(y), 1)}" for x, y in inside)
        drawing.append(
            element("polyline", points=line, fill="none", stroke=palette.PLUM, stroke_width=1.8, stroke_dasharray=dash)
        )
    return drawing


def _axes(
    said: str,
    below: str,
    beside: str,
    steps_across: Sequence[float],
    steps_up: Sequence[float],
    across: Scale,
    up: Scale,
    right: int = WIDTH - RIGHT,
) -> Element:
    """An SVG with two axes, their numbers and names. said: what it shows, for who does not see it; right: its edge."""
    drawing = element(
        "svg",
        viewBox=f"0 0 {right + RIGHT} {HEIGHT}",
        width=right + RIGHT,
        height=HEIGHT,
        role="img",
        aria_label=said,
        font_size=10.5,
        fill=palette.MAP_INK,
    )
    foot = HEIGHT - BOTTOM
    for value in steps_across:
        x = round(across(value), 1)
        drawing.append(element("line", x1=x, x2=x, y1=foot, y2=foot + 4, stroke=palette.MAP_INK))
        drawing.append(element("text", tick(value, 3), x=x, y=foot + 16, text_anchor="middle"))
    for value in steps_up:
        y = round(up(value), 1)
        drawing.append(element("line", x1=LEFT - 4, x2=LEFT, y1=y, y2=y, stroke=palette.MAP_INK))
        drawing.append(element("text", tick(value, 3), x=LEFT - 7, y=y + 3.5, text_anchor="end"))
    frame = f"M{LEFT} {TOP}V{foot}H{right}"
    drawing.append(element("path", d=frame, fill="none", stroke=palette.MAP_INK))
    drawing.append(element("text", below, x=(LEFT + right) / 2, y=HEIGHT - 8, text_anchor="middle"))
    turned = f"translate(11 {(TOP + foot) / 2}) rotate(-90)"
    drawing.append(element("text", beside, transform=turned, text_anchor="middle"))
    return drawing


def _borders(classes: np.ndarray, pixel: float) -> Element:
    """The lines between pixels of different classes, classes (side, side)."""
    path = ""
    for row, column in zip(*np.nonzero(classes[:, :-1] != classes[:, 1:]), strict=True):
        path += f"M{round(LEFT + (column + 1) * pixel, 1)} {round(TOP + row * pixel, 1)}v{round(pixel, 2)}"
    for row, column in zip(*np.nonzero(classes[:-1] != classes[1:]), strict=True):
        path += f"M{round(LEFT + column * pixel, 1)} {round(TOP + (row + 1) * pixel, 1)}h{round(pixel, 2)}"
    return element("path", d=path, fill="none", stroke=palette.MAP_INK, stroke_width=0.9, stroke_linecap="round")


def _mark(x: float, y: float, outline: Sequence[tuple[float, float]]) -> str:
    """A path of the mark of a class around a place; without an outline a disc."""
    if not outline:
        return f"M{round(x - POINT, 1)} {round(y, 1)}" + "".join(
            f"a{POINT} {POINT} 0 1 0 {way} 0" for way in (2 * POINT, -2 * POINT)
        )
    corners = (f"{round(x + POINT * dx, 1)} {round(y + POINT * dy, 1)}" for dx, dy in outline)
    return f"M{'L'.join(corners)}Z"


def _scale(low: float, high: float, start: float, stop: float) -> Scale:
    """Value -> pixel, from `start` at low to `stop` at high."""
    return lambda value: start + (stop - start) * (value - low) / (high - low)


def _round_steps(low: float, high: float) -> list[float]:
    """Two to six round numbers from low to high."""
    wanted = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(wanted))
    step = next(times * power for times in (1, 2, 5, 10) if times * power >= wanted * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(tick(count * step, 6).replace("\u2212", "-")) for count in range(first, last + 1)]


def _can_show(value: float, log: bool) -> bool:
    return math.isfinite(value) and (value > 0 or not log)
