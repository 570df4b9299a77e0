"""Charts: what one studies at rest, in Plotly: the loss with axes and hover, and what the network answers everywhere.

Each function takes what scratchnet computed and returns a figure as plain values; nothing is computed here but the
network's own answers on a grid. The colours are those of the board: orange is negative or class 0, blue positive or 1.
"""

import html
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import scratchnet as sn
from scratchnet.task import coded_targets
from ui.kit import palette
from ui.kit.numbers import D3, percent, text, tick
from ui.labels import held_in_words, short_class
from ui.play.payload import number_range

TRAIN, TEST = palette.THEME_GREY, palette.THEME_PLUM


@dataclass(frozen=True)
class Look:
    """How one part of the data is told from the others. mark: what stands behind a mark's name as Plotly has it."""

    color: str
    dash: str
    mark: str


# By what a part is called on screen; as on the board, filled, hollow with a dot, hollow.
LOOKS = {
    "training": Look(TRAIN, "solid", ""),
    "validation": Look(palette.GREY, "dot", "-open-dot"),
    "test": Look(TEST, "dash", "-open"),
    "training and test": Look(TRAIN, "solid", ""),
}
PALEST, SUREST = 0.4, 0.999  # of a class's colour where it just wins; the surest is still of its own piece of the scale
FARTHEST = 100  # times the largest coded target: a curve that goes further would press all points into one line
LONGEST_SAID = 24  # letters of a class's name in a hover, of which a map has thousands
GRID = 81  # answers along each side of the plane
CURVE = 301  # answers along one input
MOST_MARKS = 7  # of a logarithmic axis
SPARE = 0.06  # of an axis beside what is drawn
LEAST_POWER, LARGEST_POWER = -307.0, 308.25  # of ten, among the numbers of a browser and of NumPy
HEIGHT = 460
LOWER = 420  # where controls stand above it and a sentence below


def loss_figure(history: sn.History, loss: str, log: bool) -> dict:
    """Training loss (solid), validation loss (dotted) if any, and test loss (dashed) over the epochs. loss: its name.

    A loss of exactly 0 has no place on a logarithmic axis: there it is a triangle at the foot. One that is not finite
    has no place on any axis: how many there are is said.
    """
    parts = {"training": history.train_loss, "validation": history.validation_loss, "test": history.test_loss}
    curves = [
        (f"{name} loss", losses, LOOKS[name].color, LOOKS[name].dash)
        for name, losses in parts.items()
        if has_losses(name, losses)
    ]
    axis: dict[str, Any] = {
        "title": {"text": f"{loss}, logarithmic" if log else loss},
        "type": "log" if log else "linear",
    }
    axis |= _log_range(history) if log else {"rangemode": "tozero"}
    data = [_loss_curve(history, name, values, color, dash, log) for name, values, color, dash in curves]
    for name, values, color, _ in curves:
        if log and (values == 0).any():
            data.append(_zeros(history, name, values, color, 10 ** axis["range"][0]))
            axis["title"]["text"] = f"{loss}, logarithmic (▲ is 0)"
    missing = sum(int((~np.isfinite(values)).sum()) for _, values, *_ in curves)
    return {
        "data": data,
        "layout": layout()
        | {
            "hovermode": "x unified",
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            "xaxis": {"title": {"text": "epoch"}, "rangemode": "tozero"},
            "yaxis": axis,
            "annotations": [note(f"Not drawn: {missing} losses that are infinite or not a number.")] * (missing > 0),
        },
    }


def has_losses(name: str, losses: np.ndarray) -> bool:
    """Whether there is such a curve: where no points are kept for validation, all their losses are nan."""
    return name != "validation" or not np.isnan(losses).all()


def _loss_curve(history, name, values, color, dash, log):
    shown = np.isfinite(values) & ((values > 0) | (not log))
    beside = np.pad(shown, 1)
    alone = shown & ~beside[:-2] & ~beside[2:]  # between two gaps a line alone would not be seen
    return {
        "type": "scatter",
        "mode": "lines+markers" if alone.any() or shown.sum() < 3 else "lines",
        "marker": {"size": np.where(alone | (shown.sum() < 3), 6, 0), "color": color},
        "name": name,
        "x": history.epoch,
        "y": np.where(shown, values, np.nan),
        "customdata": history.update,
        "hovertemplate": f"epoch %{{x}}, update %{{customdata}}<br>%{{y:{D3}}}",
        "line": {"color": color, "dash": dash, "width": 2},
        "cliponaxis": False,
    }


def _zeros(history, name, values, color, foot):
    """Triangles at the foot of a logarithmic axis, at the epochs in which a loss was exactly 0."""
    epochs = history.epoch[values == 0]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": f"{name} 0",
        "x": epochs,
        "y": np.full(len(epochs), foot),
        "customdata": history.update[values == 0],
        "hovertemplate": "epoch %{x}, update %{customdata}<br>exactly 0",
        "marker": {"symbol": "triangle-up", "size": 9, "color": color},
        "cliponaxis": False,
        "showlegend": False,
    }


def _log_range(history):
    """A logarithmic axis for the positive losses."""
    losses = np.concatenate([history.train_loss, history.validation_loss, history.test_loss])
    return log_axis(losses[np.isfinite(losses) & (losses > 0)])


def log_axis(values: np.ndarray) -> dict[str, Any]:
    """A logarithmic axis, a little longer than positive values need, with its marks. range: as exponents, none so small
    that a browser has no number for it."""
    if not len(values):
        return {"type": "log", "range": [-0.3, 0.3], "tickvals": []}
    low, high = float(np.log10(values.min())), float(np.log10(values.max()))
    spare = SPARE * (high - low) or 0.3
    ends = [max(low - spare, LEAST_POWER), min(high + spare, LARGEST_POWER)]
    return {"type": "log", "range": ends} | log_marks(*ends)


def log_marks(low: float, high: float) -> dict:
    """Marks of a logarithmic axis between two powers of ten: as many round numbers as can be read, each written whole;
    where there are not two, both ends.

    Plotly's own say 5 for 0.05 beside 0.1.
    """
    decades = range(math.floor(low), math.ceil(high) + 1)
    tenths, halves, ones = ([digit / by for digit in range(by, 10 * by)] for by in (10, 2, 1))
    few = [(digits, 1) for digits in (tenths, halves, ones, [1, 2, 5])]
    ways = [*few, *(([1], stride) for stride in range(1, len(decades) + 1))]
    for digits, stride in ways:
        powers = [power for power in decades if power % stride == 0]
        values = [float(f"{digit}e{power}") for power in powers for digit in digits]
        values = [value for value in values if value and low <= math.log10(value) <= high]
        if len(values) <= MOST_MARKS:
            break
    written = [tick(value) for value in values]
    if len(values) < 2:
        values = [10.0 ** min(end, LARGEST_POWER) for end in (low, high)]
        shown = ([tick(value, digits) for value in values] for digits in range(5, 17))
        written = next((pair for pair in shown if pair[0] != pair[1]), written)
    return {"tickmode": "array", "tickvals": values, "ticktext": written}


def note(words: str) -> dict:
    """A sentence inside the plot, at its top."""
    return {
        "text": words,
        "xref": "paper",
        "yref": "paper",
        "x": 0.5,
        "y": 0.99,
        "yanchor": "top",
        "showarrow": False,
        "bgcolor": palette.OVER_A_MAP,
        "font": {"color": palette.MAP_INK},
    }


def answer_figure(
    network: sn.Network,
    settings: sn.Experiment,
    data: sn.Dataset,
    y_train: np.ndarray,
    y_test: np.ndarray,
    plane: sn.Plane | None = None,
    y_validation: np.ndarray | None = None,
) -> dict:
    """What the network answers to every input, with the points of each part of the data.

    y_train, y_test, y_validation: the targets as coded for the loss, (n, outputs). One input: the output as a curve.
    More: a map of a plane, by default that of the first two through the mean. Its colours are those of the answers that
    `Decision` gives: one output that parts two classes, with the line of its cut; an output a class, in the colour of
    the class that wins, the stronger the surer; or the number itself.
    """
    if len(data.names) == 1:
        return _curve(network, settings, data, y_train, y_test, y_validation)
    plane, decision = plane or sn.plane_of(data), sn.decision_of(settings)
    window = plane.window(data)
    x1, x2 = (np.linspace(*ends, GRID) for ends in window)
    places = plane.points(*(axis.ravel() for axis in np.meshgrid(x1, x2)))
    with np.errstate(over="ignore", invalid="ignore"):  # what comes of it is drawn, or said
        outputs = data.in_units(network.predict(inputs_at(places, settings, data, plane)))
    answers = decision.answers(outputs)
    if not decision.classes:
        layers = [_surface(outputs[:, 0], x1, x2, *number_scale(settings, data, y_train), zsmooth="best")]
    elif decision.outputs == 1:
        ends = coded_targets(settings, "binary", [0, 1])
        layers = [_two_sides(outputs[:, 0], answers, x1, x2, decision.cut, ends, data.class_names)]
    else:
        layers = [_winners(outputs, answers, x1, x2, data.class_names), _borders(answers.reshape(GRID, GRID), x1, x2)]
    parts = {"training": (data.x_train, data.in_units(y_train)), "test": (data.x_test, data.in_units(y_test))}
    if data.fixed:  # the test points are the training points, which they would hide
        parts = {"training and test": parts["training"]}
    elif y_validation is not None and len(y_validation):
        parts["validation"] = data.x_validation, data.in_units(y_validation)
    scale = layers[0]["zmin"], layers[0]["zmax"]
    points = [
        marks(name, places, decision.answers(y), data.class_names[: decision.classes], scale)
        | {"legendgroup": name, "showlegend": False}
        for name, (x, y) in parts.items()
        for places in [plane.coordinates(x if plane.columns else data.scaled(x))]
    ]
    legend = in_legend(parts, data.class_names[: decision.classes])
    traces = [layers[0], *points, *layers[1:], *legend]
    missing = int(np.isnan(outputs).any(axis=1).sum())
    # As on the board: of columns in unlike units equal lengths would make a strip of it.
    square = (window[0][1] - window[0][0]) / (window[1][1] - window[1][0])
    name1, name2 = axis_names(data, plane)
    for trace in (layers[0], *points):
        trace["hovertemplate"] = f"{name1} = %{{x:{D3}}}<br>{name2} = %{{y:{D3}}}<br>" + trace["hovertemplate"]
    return {
        "data": traces,
        "layout": layout()
        | {
            # Below: with ten classes it has several lines, and on a phone Plotly's buttons are above, always.
            "legend": {"orientation": "h", "x": 0, "y": -0.22, "yanchor": "top"},
            "xaxis": {"title": {"text": name1}, "range": window[0], "constrain": "domain"},
            "yaxis": {"title": {"text": name2}, "range": window[1], "scaleanchor": "x", "scaleratio": square},
            "annotations": [note(f"Not drawn: at {missing:,} of {len(outputs):,} places the output is not a number.")]
            * (missing > 0),
        },
    }


def inputs_at(places: np.ndarray, settings: sn.Experiment, data: sn.Dataset, plane: sn.Plane | None) -> np.ndarray:
    """What the network is given at places (n, columns) of a plane; that of principal components is of scaled rows."""
    is_scaled = plane is not None and not plane.columns
    return sn.apply_features(places, settings.features, None if is_scaled else data.scale)


def axis_names(data: sn.Dataset, plane: sn.Plane) -> tuple[str, str]:
    """What lies across and up on a slice, or on the plane of the principal components, as Plotly may write it."""
    if not plane.columns:
        first, second = (percent(share) for share in sn.principal_plane_of(data)[1])
        return f"component 1 ({first} of the variance)", f"component 2 ({second} of the variance)"
    first, second = (plain(data.names[column]) for column in plane.columns)
    return first, second


def plain(words: str) -> str:
    """Words from outside, so that Plotly shows them as they are: no tags, no %{x} of a hover."""
    return html.escape(words, quote=False).replace("%", "&#37;")


def said_classes(names: Sequence[str], classes: np.ndarray) -> np.ndarray:
    """For a hover that says "class %{customdata}": each class by its own name, by its number where it has none."""
    return np.array([plain(cut(short_class(names, k), LONGEST_SAID)) for k in range(len(names))])[classes]


def cut(name: str, letters: int) -> str:
    """A name that is too long for its place, cut off so that it can be seen."""
    return name if len(name) <= letters else f"{name[: letters - 1]}…"


def slice_in_words(data: sn.Dataset, plane: sn.Plane) -> str:
    """Which slice of three and more inputs `answer_figure` shows, in a sentence or two; "" where two are all."""
    if not plane.columns:
        return (
            "The map is the plane on which the training points spread most. Points stand at the places nearest to them."
        )
    held = held_in_words(data, plane)
    first, second = (data.names[column] for column in plane.columns)
    said = f"The map is a slice along {first} and {second}, at {held}."
    return f"{said} Points stand at their own place in these two, wherever they are in the others." if held else ""


def _surface(values, x1, x2, low, high, said="", **more):
    """A map of numbers (n,), row by row, on a scale from low to high; what lies beyond is drawn as its end.

    A hover says the true number, four digits of it, and after it what is `said`.
    """
    shown = np.clip(values, low, high)
    if (shown == values).all():
        output = {"hovertemplate": f"output %{{z:{D3}}}{said}<extra></extra>"}
    else:
        words = [text(value) for value in values]
        output = {
            "text": np.reshape(words, (GRID, GRID)).tolist(),
            "hovertemplate": f"output %{{text}}{said}<extra></extra>",
        }
    return (
        {
            "type": "heatmap",
            "x": x1,
            "y": x2,
            "z": shown.reshape(GRID, GRID),
            "zmin": low,
            "zmax": high,
            "colorscale": palette.SCALE,
            "colorbar": {"title": {"text": "output"}, "thickness": 14} | _ticks(low, high),
        }
        | output
        | more
    )


def number_scale(settings: sn.Experiment, data: sn.Dataset, targets: np.ndarray) -> tuple[float, float]:
    """The ends of the colours of a regression, those of the board, in the data's own units.

    targets: coded for the loss, (n, 1). No line means anything there: neighbouring answers run into each other.
    """
    low, high = data.in_units(np.array(number_range(settings.output, targets))).tolist()
    return low, high


def _two_sides(values, answers, x1, x2, cut, targets, names):
    """One output for two classes: the line stands at the cut, which is the middle of the scale."""
    low, high = map(float, targets[:, 0])
    return _surface(
        values,
        x1,
        x2,
        low,
        high,
        type="contour",
        contours={"coloring": "heatmap", "start": cut, "end": cut, "size": 1},
        line={"color": palette.MAP_INK, "width": 2},
        said=": class %{customdata}",
        customdata=said_classes(names, answers).reshape(GRID, GRID),
    )


def _winners(outputs, answers, x1, x2, names):
    """An output for each class: z is the class that wins plus how sure it is, and each class has its piece of scale."""
    classes = outputs.shape[1]
    won = np.take_along_axis(outputs, answers[:, None], axis=1)[:, 0]
    sure = np.clip((won * classes - 1) / (classes - 1), 0, SUREST)  # all outputs alike: 0
    scale = []
    for k in range(classes):
        pale, strong = _mixed(palette.CLASSES[k].color, palette.MIDDLE, PALEST), palette.CLASSES[k].color
        scale += [(k / classes, pale), ((k + 1) / classes, strong)]
    return _surface(
        answers + sure,
        x1,
        x2,
        0,
        classes,
        zsmooth=False,
        colorscale=scale,
        showscale=False,
        text=[[text(value) for value in row] for row in won.reshape(GRID, GRID)],
        hovertemplate="output %{text}: class %{customdata}<extra></extra>",
        customdata=said_classes(names, answers).reshape(GRID, GRID),
    )


def _mixed(color, other, share):
    """So much of a colour "#rrggbb", and the rest of another."""
    parts = ((int(color[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(share * part + (1 - share) * rest):02x}" for part, rest in parts)


def point_color(k: int) -> str:
    """The colour of a point of class k: darker than the map that it lies on."""
    return _mixed(palette.CLASSES[k].color, palette.BLACK, 0.66)


def _borders(classes, x1, x2):
    """Lines between the cells of a map in which another class wins. classes (rows, columns)."""
    right, up = np.diff(classes, axis=1) != 0, np.diff(classes, axis=0) != 0
    half1, half2 = (x1[1] - x1[0]) / 2, (x2[1] - x2[0]) / 2
    row, column = np.nonzero(right)
    upright = x1[column] + half1, x1[column] + half1, x2[row] - half2, x2[row] + half2
    row, column = np.nonzero(up)
    level = x1[column] - half1, x1[column] + half1, x2[row] + half2, x2[row] + half2
    from_x, to_x, from_y, to_y = (np.concatenate(ends) for ends in zip(upright, level, strict=True))
    pause = np.full(len(from_x), np.nan)
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "where another class wins",
        "x": np.column_stack([from_x, to_x, pause]).ravel(),
        "y": np.column_stack([from_y, to_y, pause]).ravel(),
        "line": {"color": palette.MAP_INK, "width": 1.5},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _ticks(low, high):
    """Values printed beside the scale: the ends and quarters."""
    values = np.linspace(low, high, 5).tolist()
    return {"tickmode": "array", "tickvals": values, "ticktext": [tick(value, 3) for value in values]}


def marks(name: str, x: np.ndarray, y: np.ndarray, classes: Sequence[str], scale: tuple[float, float]) -> dict:
    """The points x (n, 2) of a part of the data with colour and mark of their class, or of a target on a scale. y (n,).

    classes: their names, none where targets are numbers. scale: its ends.
    """
    shades: dict[str, Any] = {}
    if classes:
        colors, symbols = [point_color(k) for k in y], [_symbol(name, palette.CLASSES[k].symbol) for k in y]
        said = "class %{customdata}"
    else:
        colors, symbols = y, _symbol(name, "circle")
        shades = {"colorscale": palette.POINTS, "cmin": scale[0], "cmax": scale[1]}
        said = f"target %{{customdata:{D3}}}"
    look = (
        {"color": palette.WHITE, "line": {"width": 2, "color": colors} | shades}
        if LOOKS[name].mark
        else {"color": colors, "line": {"width": 1, "color": palette.WHITE}} | shades
    )
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": x[:, 0],
        "y": x[:, 1],
        "customdata": said_classes(classes, y) if classes else y,
        "hovertemplate": f"{said}<extra>{name}</extra>",
        "marker": {"size": 8, "symbol": symbols} | look,
    }


def _symbol(name: str, symbol: str) -> str:
    """A mark of this part of the data: hollow ones are filled with white, and those of validation have a dot."""
    return f"{symbol}-dot" if "dot" in LOOKS[name].mark else symbol


def in_legend(parts: Iterable[str], classes: tuple[str, ...]) -> list[dict]:
    """What is only in the legend: the parts of the data, and each class, by its name, with its mark."""
    kinds = [
        _legend_entry(name, _symbol(name, "circle"), palette.GREY, bool(LOOKS[name].mark)) | {"legendgroup": name}
        for name in parts
    ]
    looks = zip(classes, palette.CLASSES, strict=False)
    return [*kinds, *(_legend_entry(plain(name), look.symbol, look.color) for name, look in looks)]


def _legend_entry(name, symbol, color, hollow=False):
    look = {"color": palette.WHITE, "line": {"width": 2, "color": color}} if hollow else {"color": color}
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [None],
        "y": [None],
        "marker": {"size": 9, "symbol": symbol} | ({"line": {"width": 1, "color": palette.WHITE}} | look),
        "hoverinfo": "skip",
    }


def _curve(network, settings, data, y_train, y_test, y_validation):
    ((low, high),) = data.domain
    x = np.linspace(low, high, CURVE)
    with np.errstate(over="ignore", invalid="ignore"):  # what comes of it is drawn, or said
        coded = network.predict(sn.apply_features(x[:, None], settings.features, data.scale))
        outputs = data.in_units(coded)[:, 0]
    parts = {"training": (data.x_train, data.in_units(y_train)), "test": (data.x_test, data.in_units(y_test))}
    if y_validation is not None and len(y_validation):
        parts["validation"] = data.x_validation, data.in_units(y_validation)
    dots = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": name,
            "x": points[:, 0],
            "y": y[:, 0],
            "marker": {"color": TRAIN, "size": 6, "symbol": f"circle{LOOKS[name].mark}"},
        }
        for name, (points, y) in parts.items()
    ]
    reach = float(np.abs(np.concatenate([y_train, y_test])).max()) or 1.0
    fits = np.abs(coded[:, 0]) <= FARTHEST * reach  # False where it is not a number
    curve = {
        "type": "scatter",
        "mode": "lines",
        "name": "output",
        "x": x,
        "y": np.where(fits, outputs, np.nan),
        "line": {"color": TEST, "width": 3},
    }
    beyond = outputs[~fits]
    words = f"Not drawn: outputs from {text(beyond.min())} to {text(beyond.max())}." if len(beyond) else ""
    if np.isnan(beyond).any():
        words = f"Not drawn: at {np.isnan(beyond).sum()} of {CURVE} places the output is not a number."
    return {
        "data": [*dots, curve],
        "layout": layout()
        | {
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            "xaxis": {"title": {"text": plain(data.names[0])}},
            "yaxis": {"title": {"text": "output"}},
            "annotations": [note(words)] * bool(words),
        },
    }


def layout() -> dict:
    """The frame of every chart."""
    # Above the plot there is room for Plotly's buttons, which a touch screen always shows, and for the legend.
    return {"height": HEIGHT, "margin": {"l": 56, "r": 12, "t": 66, "b": 44}}
