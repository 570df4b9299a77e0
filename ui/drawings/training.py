"""Pictures of many starts: a square for each, filled when it got every sample right, and what each setting came to."""

import pandas as pd

from ui.checks.training import LOSSES, Measured
from ui.kit import palette
from ui.kit.numbers import exact, text
from ui.kit.typed import written

IN_A_ROW = 10
MANY = 100  # above, squares are too small for letters
SHORT = {"bce": "cross-entropy", "mse": "MSE"}


def strip_figure(measured: Measured, seed: int, planned: int) -> dict:
    """A square for each start, in the order of its seed: how many samples it got right, filled when all.

    seed: the start that the page shows, which is ringed. A square's customdata is its seed. planned: so many squares
    are drawn, empty, when no start was run yet.
    """
    if not measured.starts:
        return _figure([_empty(planned)], planned, 40, IN_A_ROW)
    in_a_row = IN_A_ROW if measured.starts <= MANY else 3 * IN_A_ROW
    size, step = (30, 40) if measured.starts <= MANY else (14, 21)
    data = []
    for name, whole, symbol, letters in (
        ("all samples right", True, "square", palette.RIGHT_INK),
        ("a sample wrong", False, "square-open", palette.THEME_GREY),
    ):
        seeds = [k for k, right in enumerate(measured.right) if all(right) == whole]
        counts = [f"{sum(measured.right[k])}/{len(measured.right[k])}" for k in seeds]
        data.append(
            {
                "type": "scatter",
                "mode": "markers+text" if measured.starts <= MANY else "markers",
                "name": name,
                "x": [k % in_a_row for k in seeds],
                "y": [k // in_a_row for k in seeds],
                "text": counts,
                "textfont": {"size": 12, "color": letters},
                "customdata": [[k, _in_words(measured.right[k])] for k in seeds],
                "hovertemplate": "seed %{customdata[0]}: %{text} right<br>%{customdata[1]}<extra></extra>",
                "marker": {
                    "symbol": symbol,
                    "size": size,
                    "color": palette.RIGHT if whole else palette.THEME_GREY,
                    "line": {"width": 0 if whole else 2},
                },
                # A click chooses a start; it is not to make the others pale.
                "selected": {"marker": {"opacity": 1}},
                "unselected": {"marker": {"opacity": 1}},
            }
        )
    if seed < measured.starts:
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": f"seed {seed}, shown above",
                "x": [seed % in_a_row],
                "y": [seed // in_a_row],
                "hoverinfo": "skip",
                "marker": {
                    "symbol": "square-open",
                    "size": size + 8,
                    "color": palette.THEME_PLUM,
                    "line": {"width": 2.5},
                },
            }
        )
    return _figure(data, measured.starts, step, in_a_row)


def _empty(planned: int) -> dict:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "not run yet",
        "x": [k % IN_A_ROW for k in range(planned)],
        "y": [k // IN_A_ROW for k in range(planned)],
        "hovertemplate": "not run yet<extra></extra>",
        "showlegend": True,
        "marker": {"symbol": "square", "size": 30, "color": palette.THEME_GREY, "opacity": 0.18},
    }


def _figure(data: list[dict], starts: int, step: int, in_a_row: int) -> dict:
    rows = -(-starts // in_a_row)
    return {
        "data": data,
        "layout": {
            "height": 44 + step * rows,
            "margin": {"l": 4, "r": 4, "t": 36, "b": 4},
            "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "itemclick": False},
            "xaxis": {"visible": False, "range": [-0.6, in_a_row - 0.4], "fixedrange": True},
            "yaxis": {"visible": False, "range": [rows - 0.4, -0.6], "fixedrange": True},
            "dragmode": False,
            "hovermode": "closest",
        },
    }


def _in_words(right: tuple[bool, ...]) -> str:
    wrong = [str(i + 1) for i, answer in enumerate(right) if not answer]
    return f"wrong: sample {' and '.join(wrong)}" if wrong else "none wrong"


def measured_table(measured: tuple[Measured, ...], in_percent: bool) -> pd.DataFrame:
    """A row for each setting that was measured, by loss and rate. in_percent: also the share, which a task asks for."""
    rows = sorted(measured, key=lambda m: (list(LOSSES).index(m.loss), m.learning_rate))
    columns = {
        "learning rate": [written(m.learning_rate) for m in rows],
        "loss": [SHORT[m.loss] for m in rows],
        "all three right": [f"{m.successes} of {m.starts}" for m in rows],
        "success rate": [f"{text(100 * m.successes / m.starts)} %" for m in rows],
        "wrong sample": [", ".join(map(str, m.failing)) or "none" for m in rows],
    }
    if not in_percent:
        del columns["success rate"]
    return pd.DataFrame(columns)


def deltas_table(outputs, targets, deltas: dict[str, list[float]]) -> pd.DataFrame:
    """A row for each sample: output, target, and what each loss sends back from there."""
    return pd.DataFrame(
        {
            "sample": range(1, len(outputs) + 1),
            "output a": list(map(text, outputs)),
            "target y": list(map(text, targets)),
        }
        | {f"δ, {SHORT[name]}": list(map(text, values)) for name, values in deltas.items()}
    )


def histories_table(in_place: list[float], before: list[float], after: list[float]) -> pd.DataFrame:
    """One parameter after updates 1, 2, 3: as a history of one changing array has it, and as Steps have it."""
    return pd.DataFrame(
        {
            "update": range(1, len(in_place) + 1),
            "one array, kept": list(map(_shorter, in_place)),
            "Step.before": list(map(_shorter, before)),
            "Step.after": list(map(_shorter, after)),
        }
    )


def _shorter(value: float) -> str:
    return exact(round(value, 6))
