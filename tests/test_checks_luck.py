"""The checks of the lesson of luck: what is measured, the three tasks, the pictures."""

import math

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.luck import claims
from ui.checks import luck as checks
from ui.drawings import luck as drawings

BAD = [None, "", "   ", "text", "nan", "inf", "1e400", "9" * 10_000, "0.3.1", "<b>1</b>"]
# 4 seeds: at two the second is better, at one alike, at one the first.
FEW = checks.Measured("units", ((10, 12), (10, 10), (14, 11), (9, 15)), 20)


@pytest.fixture(scope="module")
def measured():
    found = {}
    for pair in checks.PAIRS:
        runs = [[checks.right_answers(pair, side, seed) for side in (0, 1)] for seed in range(checks.SEEDS)]
        found[pair] = checks.Measured(pair, tuple((a[0], b[0]) for a, b in runs), runs[0][0][1])
    return found


def state(measured, *pairs, pair="units"):
    return checks.START | {"pair": pair, "measured": tuple(measured[name] for name in pairs)}


@pytest.mark.parametrize("pair", checks.PAIRS)
def test_a_run_counts_its_right_answers_on_the_test_samples_and_the_two_sides_differ_in_one_thing(pair):
    first, second = (checks.experiment_of(pair, side, 7) for side in (0, 1))
    names = [name for name in vars(first) if getattr(first, name) != getattr(second, name)]
    assert len(names) == 1 and first.init_seed == first.order_seed == 7 and first.data_seed == 0
    for side, experiment in enumerate((first, second)):
        run = experiment.start()
        run.advance(epochs=checks.EPOCHS)
        answers = [float(output > 0.5) for output in run.network.predict(run.x_test)[:, 0]]
        right = sum(a == y for a, y in zip(answers, run.y_test[:, 0], strict=True))
        assert checks.right_answers(pair, side, 7) == (right, 60)


def test_differences_and_counts_by_hand():
    assert FEW.differences == pytest.approx([0.1, 0.0, -0.15, 0.3])
    assert FEW.counts == (2, 1, 1)
    assert FEW.seeds == 4 and not FEW.is_whole


def test_what_the_page_says_of_the_pairs_is_measured(measured):
    """Half of the single seeds are right with units; with rates one seed is enough; the spread is what makes it so."""
    single = {pair: claims(found.differences, 1) for pair, found in measured.items()}
    assert 0.4 < single["units"].right < 0.6 and single["units"].wrong > 0.15
    assert single["rate"].wrong <= checks.SURE < single["activation"].wrong
    units, rate = (np.array(measured[pair].differences) for pair in ("units", "rate"))
    assert abs(units.mean()) < units.std() and abs(rate.mean()) > rate.std()
    wrong = [claim.wrong for claim in checks.claims_of(measured["units"])]
    assert wrong == sorted(wrong, reverse=True) and wrong[-1] < 0.05


def test_the_share_of_wrong_claims_is_a_count_of_the_seeds(measured):
    found = measured["units"]
    better = sum(b > a for a, b in found.right)
    worse = sum(b < a for a, b in found.right)
    assert better > worse and sum(b - a for a, b in found.right) > 0
    whole = state(measured, "units")
    for answer in (f"{100 * worse / 60} %", f"{worse}/60", str(round(100 * worse / 60))):
        assert checks.wrong_claims(whole, answer)[0], answer
    for answer, told in (
        (str(100 * better / 60), "name the better setting"),
        (str(100 * (60 - better) / 60), "names no setting"),
        (f"{100 * worse / (better + worse)}", "Divide by all 60"),
        (str(worse), "divide by the number of seeds"),
        ("99", "Not what the differences show"),
    ):
        passed, why = checks.wrong_claims(whole, answer)
        assert not passed and told in why, answer


def test_a_share_of_few_seeds_or_of_another_pair_is_not_asked_for(measured):
    for held in (checks.START, checks.START | {"measured": (FEW,)}, state(measured, "rate")):
        passed, why = checks.wrong_claims(held, "23")
        assert not passed and "of 60 seeds have run with 3 or 4 hidden units" in why


@pytest.mark.parametrize("answer", BAD)
def test_what_is_no_number_gets_one_short_sentence(measured, answer):
    for passed, why in (
        checks.wrong_claims(state(measured, "units"), answer),
        checks.six_by_hand(checks.START, answer),
    ):
        assert not passed and why.startswith("Your answer") and len(why) < 150


def test_only_a_pair_further_apart_than_its_seeds_spread_passes(measured):
    for pair in checks.PAIRS:
        passed, why = checks.sure_from_one(state(measured, *checks.PAIRS, pair=pair))
        assert passed == (pair == "rate") and ("Right: " in why) == passed
    assert "Only 0 of 60 seeds" in checks.sure_from_one(state(measured, "units", pair="rate"))[1]


@pytest.mark.parametrize(
    ("answer", "passed", "told"),
    [
        ("0.03125", True, "Right."),
        ("1/32", True, "Right."),
        ("3.13 %", True, "Right."),
        ("0.015625", False, "all six for the other"),
        ("0.0938", False, "five of six"),
        ("0.96875", False, "its rest to 1"),
        ("-0.5", False, "never negative"),
        ("0.2", False, "count both sides"),
    ],
)
def test_six_of_six_by_chance(answer, passed, told):
    said = checks.six_by_hand(checks.START, answer)
    assert said[0] == passed and told in said[1]


# ---- the pictures ----------------------------------------------------------------------------------------------------


def test_each_seed_is_one_dot_at_its_accuracy_and_equal_ones_stand_above_each_other():
    assert drawings.stacked([0.5, 0.1 + 0.2, 0.5, 0.3, 0.5]) == [1, 1, 2, 2, 3]
    traces = drawings.seeds_figure(FEW)["data"]
    first, second = (next(t for t in traces if t.get("name") == name) for name in ("3 units", "4 units"))
    assert first["x"] == pytest.approx([50, 50, 70, 45]) and first["y"] == [1, 2, 1, 1]
    assert second["x"] == pytest.approx([60, 50, 55, 75])
    medians = [trace["x"][0] for trace in traces if trace["mode"] == "lines"]
    assert medians == pytest.approx([50, 57.5])


def test_a_difference_has_the_colour_of_its_side_and_tells_its_seed():
    plus, alike, minus = drawings.differences_figure(FEW)["data"]
    assert plus["x"] == pytest.approx([10, 30]) and [k for k, _ in plus["customdata"]] == [0, 3]
    assert alike["x"] == [0.0] and [k for k, _ in alike["customdata"]] == [1]
    assert minus["x"] == pytest.approx([-15]) and minus["customdata"] == [(2, "−15.0 %")]
    assert plus["name"] == "4 units better" and minus["name"] == "3 units better"


def test_an_axis_of_accuracy_writes_percent_with_a_space_as_all_else_here_does():
    for figure in (drawings.seeds_figure, drawings.differences_figure):
        axis = figure(FEW)["layout"]["xaxis"]
        assert axis["ticksuffix"] == " %" and "tickformat" not in axis


def test_pictures_of_no_seed_are_empty_and_drawn():
    for figure in (drawings.seeds_figure, drawings.differences_figure):
        assert all(not trace["x"] for trace in figure(checks.Measured("rate"))["data"])


def test_the_table_of_tests_has_the_first_seeds_as_they_ran():
    rows = drawings.tests_table(FEW)
    assert [row["seeds"] for row in rows] == ["0 to 2"]
    assert rows[0]["mean difference"] == "−1.7 %"
    assert float(rows[0]["chance alone, p"]) == 1.0  # of the eight ways all are at least as far from 0


def test_the_row_of_a_single_seed_is_told_only_where_no_task_asks_for_it():
    found = [claims([0.1, 0.2, -0.1], n) for n in (1, 3)]
    assert [row["seeds"] for row in drawings.claims_table(found, False)] == ["3"]
    rows = drawings.claims_table(found, True)
    assert rows[0] == {"seeds": "1", "right": "66.7 %", "wrong": "33.3 %", "no difference": "0.0 %", "groups": "all"}


def test_a_pair_is_listed_as_its_settings_are():
    assert math.isclose(sum(len(pair.words) for pair in checks.PAIRS.values()), 2 * len(checks.PAIRS))
    for pair in checks.PAIRS.values():
        assert all(word.split()[0] in pair.title for word in pair.words)
        assert all(name in vars(sn.Experiment()) for change in pair.changes for name in change)
