"""Pictures of learning rates: a run in a bowl, the runs that were tried, the curvature along a larger network's run."""

import numpy as np

from scratchnet.curvature import edge
from scratchnet.full_batch import loss_plane
from ui.checks import learning_rate as checks
from ui.drawings.ways import Drawn, Landscape
from ui.kit import palette
from ui.kit.numbers import text, tick
from ui.kit.typed import written

FIRST, SECOND = np.linspace(-1.8, 3.0, 97), np.linspace(-1.5, 4.5, 97)  # w and b of the map; the same for all data


def landscape_of(data: str) -> Landscape:
    bowl = checks.bowl_of(data)
    values = loss_plane(checks.unit(), *checks.samples(data), "mse", FIRST, SECOND)
    return Landscape(FIRST, SECOND, values, (bowl.lowest, bowl.least), ("weight w", "bias b"))


def drawn(rate: float, way, updates: int) -> Drawn:
    """The first so many updates of a run."""
    return Drawn(f"rate {written(rate)}", way.theta[: updates + 1], way.loss[: updates + 1])


def tried_table(tried: tuple, data: str) -> list[dict]:
    """The runs with these data that lie nearest to the edge, by rate: at most three on either side."""
    runs = sorted((rate, end) for where, rate, end in tried if where == data)
    broke = next((k for k, (_, end) in enumerate(runs) if end == checks.DIVERGES), len(runs))
    return [{"learning rate": written(rate), "the run": end} for rate, end in runs[max(broke - 3, 0) : broke + 3]]


def curvature_figure(run: checks.NetRun) -> dict:
    """The largest curvature by update, with the line that the rate draws; below it the loss, marked where it rises."""
    losses, rises = run.way.loss, np.array(run.rises, dtype=int)
    values = [found.value for found in run.curvatures]
    data = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": "largest curvature",
            "x": run.at,
            "y": values,
            "line": {"color": palette.THEME_PLUM, "width": 2},
            "marker": {"color": palette.THEME_PLUM, "size": 5},
            "customdata": [(text(value), text(edge(value))) for value in values],
            "hovertemplate": "update %{x}<br>largest curvature %{customdata[0]}<br>edge there %{customdata[1]}"
            "<extra></extra>",
        },
        {
            "type": "scatter",
            "mode": "lines",
            "name": f"2 / rate = {text(edge(run.rate))}",
            "x": [0, checks.NET_UPDATES],
            "y": [edge(run.rate)] * 2,
            "line": {"color": palette.THEME_GREY, "width": 2, "dash": "dash"},
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "lines",
            "name": "training loss",
            "x": list(range(len(losses))),
            "y": losses,
            "yaxis": "y2",
            "line": {"color": palette.THEME_GREY, "width": 2},
            "customdata": [text(loss) for loss in losses],
            "hovertemplate": "update %{x}<br>loss %{customdata}<extra></extra>",
            "showlegend": False,
        },
    ]
    if rises.size:
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": "the loss rose",
                "x": rises,
                "y": losses[rises],
                "yaxis": "y2",
                "marker": {"color": palette.THEME_PLUM, "size": 8, "symbol": "triangle-up"},
                "hoverinfo": "skip",
            }
        )
    return {
        "data": data,
        "layout": {
            "height": 430,
            "margin": {"l": 60, "r": 8, "t": 34, "b": 42},
            "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
            "xaxis": {
                "title": {"text": "update"},
                "range": [-5, checks.NET_UPDATES + 5],
                "zeroline": False,
                "anchor": "y2",
                "fixedrange": True,
            },
            "yaxis": {
                "title": {"text": "curvature", "font": {"size": 12}},
                "type": "log",
                "domain": [0.5, 1.0],
                "range": [-0.6, 1.5],
                **_ticks((0.3, 3, 30)),
            },
            "yaxis2": {
                "title": {"text": "loss", "font": {"size": 12}},
                "type": "log",
                "domain": [0.0, 0.42],
                "range": [-4.1, 0.6],
                **_ticks((1e-4, 1e-2, 1)),
            },
            "dragmode": False,
        },
    }


def _ticks(values) -> dict:
    return {"tickvals": list(values), "ticktext": [tick(value) for value in values], "fixedrange": True}
