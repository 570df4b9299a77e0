"""Walk: the path beside a random walk of as many steps, each on its own two principal components."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from scratchnet import landscape as sl
from scratchnet.principal_components import principal_components
from ui.charts import layout, plain
from ui.kit import palette
from ui.kit.numbers import percent
from ui.landscapes.choices import seed_button
from ui.landscapes.pictures import CONFIG
from ui.landscapes.still import Still
from ui.play.playground import Playground

HEIGHT = 300  # pixels of each of the two pictures
SMOOTH = (
    "Smooth curves on such a plane are no sign of learning: a walk whose steps are all drawn at random has them, too "
    "(Antognini and Sohl-Dickstein 2018)."
)


def walk(pg: Playground, now: Still) -> None:
    """The path beside a walk that learned nothing."""
    st.caption(SMOOTH)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        is_shown = st.toggle("A random walk of as many steps", key=pg.key("landscape_walk"), persist_state="session")
        if not is_shown:
            return
        seed = seed_button(pg, "landscape_walk_seed", "Another walk")
    steps, size = len(now.path.updates) - 1, now.network.n_parameters
    if ("walk", seed) not in now.figures:
        found = []
        for places in (now.path.thetas, sl.random_walk(steps, size, seed)):
            components = principal_components(places, 2)
            found.append((components.coordinates(places), components.shares.tolist()))
        now.figures["walk", seed] = found
    titles = "The path of the run", f"A random walk, seed {seed}"
    for title, (places, shares), column in zip(titles, now.figures["walk", seed], st.columns(2), strict=True):
        first, second = (percent(share) for share in shares)
        with column:
            st.plotly_chart(
                curve_figure(places, shares, title),
                key=pg.key(f"landscape_curve_{title.split(',')[0]}"),
                config=CONFIG,
                alt=f"{title} on its own first two principal components, with {first} and {second} of its variance.",
            )
    first, second = (percent(share) for share in now.figures["walk", seed][1][1])
    st.caption(
        f"The walk takes {steps:,} steps in {size:,} dimensions, each drawn at random, and its first two components "
        f"show {first} and {second} of its variance all the same; of a long one they show 60.8 % and 15.2 %, on curves "
        f"that are cosines. What tells the run from it are its losses."
    )


def curve_figure(places: np.ndarray, shares: Sequence[float], title: str) -> dict:
    """A path alone on its first two principal components. places (k, 2), shares (2,): of its variance."""
    ends = [
        {"name": "start", "at": 0, "symbol": "circle", "color": palette.WHITE},
        {"name": "end", "at": -1, "symbol": "star", "color": palette.GOLD},
    ]
    first, second = (percent(share) for share in shares)
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": places[:, 0],
                "y": places[:, 1],
                "name": title,
                "line": {"color": palette.THEME_GREY, "width": 2},
                "marker": {"size": 4, "color": palette.THEME_GREY},
                "hoverinfo": "skip",
                "showlegend": False,
            },
            *(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "x": places[end["at"] :][:1, 0],
                    "y": places[end["at"] :][:1, 1],
                    "name": end["name"],
                    "marker": {
                        "size": 13,
                        "symbol": end["symbol"],
                        "color": end["color"],
                        "line": {"width": 2, "color": palette.MAP_INK},
                    },
                    "hoverinfo": "skip",
                }
                for end in ends
            ),
        ],
        "layout": layout()
        | {
            "height": HEIGHT,
            "title": {"text": plain(title), "font": {"size": 13}},
            "legend": {"orientation": "h", "x": 1, "xanchor": "right", "y": 1.02, "yanchor": "bottom"},
            "xaxis": {"title": {"text": f"component 1 ({first} of the variance)"}, "zeroline": False},
            "yaxis": {"title": {"text": f"component 2 ({second} of the variance)"}, "zeroline": False},
        },
    }
