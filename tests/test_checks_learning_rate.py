"""The checks of the learning rate's lesson: how a run ends, the edge found and predicted, a rise below the edge."""

import numpy as np
import pytest

from scratchnet.full_batch import Way
from ui.checks import learning_rate as checks
from ui.drawings import learning_rate as drawings
from ui.drawings.ways import Drawn, loss_figure, map_figure

BAD = [None, "", "   ", "text", "nan", "inf", "1e400", "9" * 10_000, "0.3.1", "<b>1</b>"]
# By hand from x and its mean: twice the mean square of x, with 2 beside it; for x as measured see test_curvature.py.
CURVATURES = {"raw": (8.5 - 67.25**0.5, 8.5 + 67.25**0.5), "centred": (2.0, 2.5), "stretched": (2.0, 22.5)}
LOWEST = {"raw": (0.9, 0.5), "centred": (0.9, 2.75), "stretched": (0.3, 2.75)}


def loop(data: str, rate: float, updates: int) -> list[float]:
    """The distance from the lowest point after each update, by plain loops."""
    shift = 0.0 if data == "raw" else 2.5
    x = [(3 if data == "stretched" else 1) * (value - shift) for value in (1.0, 2.0, 3.0, 4.0)]
    w, b, far = -1.0, 0.5, []
    for _ in range(updates):
        errors = [w * xi + b - yi for xi, yi in zip(x, (1.5, 2.0, 3.5, 4.0), strict=True)]
        w -= rate * sum(2 * e * xi for e, xi in zip(errors, x, strict=True)) / 4
        b -= rate * sum(2 * e for e in errors) / 4
        if abs(w) > 1e100:
            break
        far.append(((w - LOWEST[data][0]) ** 2 + (b - LOWEST[data][1]) ** 2) ** 0.5)
    return far


@pytest.mark.parametrize("data", checks.DATA)
@pytest.mark.parametrize("share", [0.2, 0.49, 0.7, 0.9, 0.99, 0.9999, 1.0001, 1.01, 1.3, 3.0])
def test_how_a_run_ends_is_what_a_loop_shows_and_the_edge_parts_the_two_kinds(data, share):
    rate = share * 2 / CURVATURES[data][1]
    far = loop(data, rate, 400)
    diverges = far[-1] > far[-2] > 1e-12 if share > 1 else False
    ends = checks.how_it_ends(checks.run_with(data, rate))
    assert (ends == checks.DIVERGES) == diverges == (share > 1)
    if share < 0.5:
        assert ends == checks.CONVERGES, "below 1 / curvature nothing swings"
    if 0.9 <= share < 1:
        assert ends == checks.SWINGS


def test_a_run_at_the_edge_itself_neither_converges_nor_diverges():
    theta = np.array([[(-1.0) ** k, 0.0] for k in range(2001)])
    assert checks.how_it_ends(Way(theta, np.ones(2001), True)) == checks.NEITHER
    assert checks.how_it_ends(checks.run_with("stretched", 2 / 22.5)) in (checks.NEITHER, checks.SWINGS)


@pytest.mark.parametrize("data", checks.DATA)
def test_a_bowl_has_the_curvatures_and_the_lowest_point_that_are_worked_by_hand(data):
    bowl = checks.bowl_of(data)
    assert bowl.curvatures == pytest.approx(CURVATURES[data])
    assert bowl.lowest == pytest.approx(LOWEST[data])
    assert bowl.least == pytest.approx(0.05)  # the residuals 0.1, -0.3, 0.3, -0.1
    assert np.linalg.norm(bowl.hessian @ bowl.steepest - CURVATURES[data][1] * bowl.steepest) < 1e-9


def tried(*runs: tuple[str, float, str]) -> dict:
    return checks.START | {"tried": runs}


HELD, SWUNG = ("raw", 0.119, checks.SWINGS), ("raw", 0.05, checks.CONVERGES)
BROKE, FAR = ("raw", 0.12, checks.DIVERGES), ("raw", 0.2, checks.DIVERGES)
OTHER = [("stretched", 0.0885, checks.SWINGS), ("stretched", 0.0895, checks.DIVERGES)]


@pytest.mark.parametrize(
    ("runs", "passed", "told"),
    [
        ((), False, "No run yet with x as measured"),
        (OTHER, False, "No run yet with x as measured"),
        ([SWUNG], False, "All your rates up to 0.05 converge"),
        ([FAR], False, "All your rates from 0.2 on diverge"),
        ([SWUNG, FAR], False, "0.05 converges and 0.2 diverges, 75 % apart: the edge lies between"),
        ([HELD, FAR, SWUNG], False, "0.119 converges and 0.2 diverges"),
        ([FAR, HELD, BROKE, SWUNG], True, "Right: 0.119 converges and 0.12 diverges"),
    ],
)
def test_the_edge_is_found_by_two_runs_close_together_and_else_is_told_what_is_missing(runs, passed, told):
    assert checks.edge_found(tried(*runs))[0] == passed
    assert told in checks.edge_found(tried(*runs))[1]


@pytest.mark.parametrize("answer", ["0.0889", "4/45", "0,08889", "8.89e-2"])
def test_the_predicted_edge_needs_runs_on_both_sides_of_it(answer):
    for runs in ((), OTHER[:1], OTHER[1:], [HELD, BROKE]):
        passed, why = checks.edge_predicted(tried(*runs), answer)
        assert not passed and "your own runs" in why
    far = [("stretched", 0.088, checks.SWINGS), ("stretched", 0.09, checks.DIVERGES)]
    passed, why = checks.edge_predicted(tried(*far), answer)
    assert not passed and "0.088 converges and 0.09 diverges, 2.222 % apart" in why and "at most 2 % apart" in why
    assert "0.0885 converges" in checks.edge_predicted(tried(OTHER[0]), answer)[1]
    assert "0.0895 diverges" in checks.edge_predicted(tried(OTHER[1]), answer)[1]
    passed, why = checks.edge_predicted(tried(*OTHER), answer)
    assert passed and "0.0885 converges, 0.0895 diverges" in why


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("0.0444", "begins to swing"),
        ("11.25", "divided by 2"),
        ("22.5", "the largest curvature itself"),
        ("1", "the smallest curvature"),
        ("0.1198", "x as measured"),
        ("0.8", "narrow data"),
        ("0.0892", "three significant digits"),
        ("5", "Divide 2 by it"),
    ],
)
def test_a_wrong_edge_is_told_what_it_is(answer, told):
    passed, why = checks.edge_predicted(tried(*OTHER), answer)
    assert not passed and told in why and "0.0889" not in why


@pytest.mark.parametrize("answer", BAD)
def test_what_is_no_number_gets_one_short_sentence(answer):
    passed, why = checks.edge_predicted(checks.START, answer)
    assert not passed and why.startswith("Your answer") and len(why) < 150


@pytest.fixture(scope="module")
def runs():
    return {rate: checks.net_run(rate) for rate in checks.NET_RATES}


def test_in_the_larger_network_the_curvature_at_the_start_is_the_same_for_every_rate_and_grows_at_first(runs):
    starts = {round(run.curvatures[0].value, 6) for run in runs.values()}
    assert len(starts) == 1
    assert max(found.value for found in runs[0.3].curvatures) > 2 * runs[0.3].curvatures[0].value


def test_a_rise_of_the_loss_is_counted_where_a_run_of_the_playground_rises(runs):
    run = runs[1.0]
    assert run.rises and run.rises[0] > 1
    for k in range(1, 60):
        assert (k in run.rises) == (run.way.loss[k] > run.way.loss[k - 1])


def test_only_a_rate_below_the_edge_of_the_start_at_which_the_loss_rises_later_passes(runs):
    seen = tuple(run.summary for run in runs.values())
    verdicts = {
        rate: checks.rises_below_the_edge(checks.START | {"net_tried": seen, "net_rate": rate})
        for rate in checks.NET_RATES
    }
    assert {rate: passed for rate, (passed, _) in verdicts.items()} == {0.1: False, 0.3: False, 1.0: True, 3.0: False}
    assert "its loss never rises" in verdicts[0.3][1]
    assert "a rise is no surprise" in verdicts[3.0][1]
    assert "No run yet" in checks.rises_below_the_edge(checks.START)[1]


# ---- the pictures ----------------------------------------------------------------------------------------------------


def test_the_map_has_the_loss_of_every_place_above_the_lowest_and_the_runs_places():
    landscape = drawings.landscape_of("raw")
    way = checks.run_with("raw", 0.05)
    lines, lowest, path, end = map_figure(landscape, [drawings.drawn(0.05, way, 7)])["data"]
    i, j = 11, 30
    w, b = lines["x"][j], lines["y"][i]
    loss = sum((w * x + b - y) ** 2 for x, y in zip(checks.X, checks.Y, strict=True)) / 4
    assert 10 ** lines["z"][i][j] == pytest.approx(loss - 0.05)
    assert (lowest["x"][0], lowest["y"][0]) == pytest.approx(LOWEST["raw"])
    np.testing.assert_array_equal(np.column_stack([path["x"], path["y"]]), way.theta[:8])
    assert (end["x"][0], end["y"][0]) == tuple(way.theta[7])


def test_a_loss_beyond_the_chart_is_drawn_at_its_end_and_said_as_it_is():
    (curve,) = loss_figure([Drawn("a", np.zeros((3, 2)), np.array([1.0, 1e9, 0.05]))], 0.05, 3, (-4, 4))["data"]
    assert list(curve["y"]) == pytest.approx([0.95, 1e4, 1e-4])
    assert curve["customdata"] == ["1", "1e9", "0.05"]


def test_the_table_of_runs_has_at_most_three_on_each_side_of_the_edge_in_order():
    rates = [0.01, 0.02, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.11]
    runs = [("raw", rate, checks.DIVERGES if rate > 0.12 else checks.CONVERGES) for rate in rates]
    table = drawings.tried_table((*runs, ("centred", 0.5, checks.SWINGS)), "raw")
    assert [row["learning rate"] for row in table] == ["0.03", "0.1", "0.11", "0.2", "0.3", "0.4"]
