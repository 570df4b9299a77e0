"""The checks of the optimizers' lesson: the grounds, when a rule arrives, a fair race, the turned valley, a step."""

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.full_batch import Way
from scratchnet.gradient_check import total_loss
from ui.checks import optimizers as checks
from ui.drawings import optimizers as drawings
from ui.drawings.ways import loss_figure, map_figure

BAD = [None, "", "   ", "text", "nan", "inf", "1e400", "9" * 10_000, "0.3.1", "<b>1</b>"]


def second_differences(ground: checks.Ground, h: float = 1e-2) -> np.ndarray:
    """The Hessian of the first two parameters at the start, from values of the loss alone."""
    found = np.empty((2, 2))
    for i in range(2):
        for j in range(2):
            total = 0.0
            for a, b, sign in ((1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1)):
                theta = ground.net.theta.copy()
                theta[i] += a * h
                theta[j] += b * h
                total += sign * total_loss(ground.net.replace(theta), ground.x, ground.y, "mse")
            found[i, j] = total / (4 * h * h)
    return found


@pytest.mark.parametrize("landscape", ["along", "turned"])
@pytest.mark.parametrize("condition", checks.CONDITIONS)
def test_a_valley_is_as_long_as_it_says_along_the_axis_or_at_45_degrees(landscape, condition):
    ground = checks.ground_of(landscape, condition)
    hessian = second_differences(ground)
    values, directions = np.linalg.eigh(hessian)
    assert values[1] / values[0] == pytest.approx(condition, rel=1e-5)
    assert ground.curvatures == pytest.approx(tuple(values), rel=1e-5)
    if condition > 1:
        wanted = [1.0, 0.0] if landscape == "along" else [0.5**0.5, 0.5**0.5]
        assert np.abs(directions[:, 0]) == pytest.approx(wanted, abs=1e-5)
    flat = np.array([1.0, 0.0]) if landscape == "along" else np.array([1.0, -1.0]) / 2**0.5
    steep = np.array([0.0, 1.0]) if landscape == "along" else np.array([1.0, 1.0]) / 2**0.5
    away = ground.net.theta[:2] - np.array([1.0, -0.5])
    assert (away @ flat, away @ steep) == pytest.approx((-3.0, 2.0)), "the start is turned with the valley"
    assert ground.lowest == pytest.approx([1.0, -0.5, 0.0]) and ground.least == pytest.approx(0.0, abs=1e-20)


def test_the_plateau_is_flat_at_the_start_bends_both_ways_and_is_nowhere_lower_than_it_says():
    ground = checks.ground_of("plateau", 1)
    gradient = sn.backpropagate(ground.net, ground.net.forward(ground.x), ground.y, "mse").gradient
    at_start = total_loss(ground.net, ground.x, ground.y, "mse")
    assert np.linalg.norm(gradient) < 0.01 and at_start > 0.6
    landscape = drawings.landscape_of(ground)
    assert landscape.values.min() >= ground.least
    for shift in ([1e-3, 0.0], [-1e-3, 0.0], [0.0, 1e-3], [0.0, -1e-3]):
        assert total_loss(ground.net.replace(ground.lowest + shift), ground.x, ground.y, "mse") > ground.least
    bends = [np.linalg.eigvalsh(second_differences(ground))[0]]
    assert bends[0] < 0, "no bowl: there it bends down"


@pytest.mark.parametrize(
    ("losses", "whole", "arrived"),
    [
        ([1.0, 0.5, 1e-4, 1e-5], True, 2),
        ([1.0, 1e-4, 0.5, 1e-5], True, 3),  # it came by and went on
        ([1.0, 1e-4, 1e-5, 0.5], True, None),
        ([1.0, 0.5, 1e-4], False, None),
        ([1e-4, 1e-4], True, 0),
    ],
)
def test_a_rule_has_arrived_where_its_loss_stays_low_for_good(losses, whole, arrived):
    for least in (0.0, 5.0):
        way = Way(np.zeros((len(losses), 2)), least + np.array(losses), whole)
        assert checks.arrival(way, least) == arrived


@pytest.fixture(scope="module")
def arrivals():
    found = {}
    for landscape in ("along", "turned"):
        ground = checks.ground_of(landscape, 100)
        for rule in checks.RULES:
            for rate in checks.RATES:
                found[landscape, rule, rate] = checks.arrival(checks.race(ground, rule, rate), ground.least)
    return found


def raced(arrivals, *landscapes: str) -> tuple:
    return tuple((place, 100, rule, rate, n) for (place, rule, rate), n in arrivals.items() if place in landscapes)


FAIR = {"rate_sgd": 0.9, "rate_momentum": 0.1, "rate_nesterov": 0.3, "rate_rmsprop": 0.03, "rate_adam": 0.1}


def test_a_fair_race_is_one_in_which_all_five_arrive_at_once(arrivals):
    state = checks.START | FAIR | {"raced": raced(arrivals, "along")}
    assert checks.all_quick(state)[0]
    for rule in checks.RULES:
        passed, why = checks.all_quick(state | {f"rate_{rule}": 0.003})
        assert not passed and f"within 150 updates: {checks.RULES[rule]}." in why
    late = checks.all_quick(state | {"rate_momentum": 0.03})
    assert (
        arrivals["along", "momentum", 0.03] == 363 and not late[0] and late[1].startswith("Not yet within 150 updates")
    )
    assert "Choose the valley along an axis" in checks.all_quick(state | {"condition": 10})[1]
    assert not checks.all_quick(state | {"landscape": "turned"})[0]
    assert not checks.all_quick(checks.START | FAIR)[0], "what was not seen does not count"


def test_turning_leaves_every_rule_but_one_a_rate_at_which_it_arrives_in_time(arrivals):
    for rule in checks.RULES:
        numbers = [arrivals["turned", rule, rate] for rate in checks.RATES]
        assert any(number is not None and number <= 150 for number in numbers) == (rule != "rmsprop")
    assert min(n for (place, rule, _), n in arrivals.items() if (place, rule) == ("along", "rmsprop") and n) < 10


def plain_race(ground: checks.Ground, rule: str, rate: float) -> tuple[int | None, list[tuple[float, float]]]:
    """(updates to the goal, the places on the way) of a rule that adds gradients up, in loops and without a bias."""
    samples = [(float(a), float(b), float(t)) for (a, b), (t,) in zip(ground.x, ground.y, strict=True)]
    w, velocity, places, arrived = [float(v) for v in ground.net.theta[:2]], [0.0, 0.0], [], 0
    for update in range(checks.LONG + 1):
        places.append((w[0], w[1]))
        errors = [w[0] * a + w[1] * b - t for a, b, t in samples]
        loss = sum(e * e for e in errors) / len(samples)
        if not loss < 1e12:
            return None, places
        if loss > checks.GOAL:
            arrived = update + 1
        for i in (0, 1):
            slope = sum(2 * e * sample[i] for e, sample in zip(errors, samples, strict=True)) / len(samples)
            velocity[i] = (0.0 if rule == "sgd" else 0.9) * velocity[i] + slope
            w[i] -= rate * (slope + 0.9 * velocity[i] if rule == "nesterov" else velocity[i])
    return (arrived if arrived <= checks.LONG else None), places


@pytest.mark.parametrize("condition", [1, 10, 100])
@pytest.mark.parametrize("rule", ["sgd", "momentum", "nesterov"])
def test_in_the_turned_valley_a_rule_that_adds_gradients_up_takes_the_same_way_turned(rule, condition):
    along, turned = (checks.ground_of(landscape, condition) for landscape in ("along", "turned"))
    for rate in checks.RATES:
        expected, places = plain_race(along, rule, rate)
        assert plain_race(turned, rule, rate)[0] == expected
        for ground in (along, turned):
            way = checks.race(ground, rule, rate)
            assert checks.arrival(way, ground.least) == expected
            if expected is not None:
                assert np.abs(way.theta[:, 2]).max() < 1e-9, "the bias is right and stays"
                away = np.array(places[:60]) - [1.0, -0.5]
                if ground is turned:
                    away = np.array([((u + v) / 2**0.5, (v - u) / 2**0.5) for u, v in away])
                np.testing.assert_allclose(way.theta[:60, :2] - [1.0, -0.5], away[: way.updates + 1], atol=1e-9)


@pytest.mark.parametrize("condition", [1, 10, 100])
def test_the_turned_valley_has_the_curvatures_of_the_one_along_the_axis(condition):
    for landscape in ("along", "turned"):
        assert checks.ground_of(landscape, condition).curvatures == pytest.approx((2 / condition, 2), rel=1e-12)


def test_rmsprop_and_adam_suffer_from_turning_a_long_valley_at_the_rates_they_had(arrivals):
    assert (arrivals["along", "rmsprop", 0.1], arrivals["turned", "rmsprop", 0.1]) == (8, None)
    for rate in (0.1, 0.3):
        assert arrivals["turned", "adam", rate] > 2 * arrivals["along", "adam", rate]


def test_the_rule_that_turning_hurts_needs_races_that_show_it(arrivals):
    state = checks.START | {"raced": raced(arrivals, "turned")}
    assert checks.hurt_by_turning(state, "RMSProp")[0]
    passed, why = checks.hurt_by_turning(state, "Adam")
    assert not passed and f"Adam arrives in the turned valley, after {arrivals['turned', 'adam', 0.9]}" in why
    assert "RMSProp needs 481 updates even at its best" in checks.hurt_by_turning(state, "RMSProp")[1]
    some = tuple(race for race in state["raced"] if race[3] != 0.3)
    passed, why = checks.hurt_by_turning(state | {"raced": some}, "RMSProp")
    assert not passed and why.endswith("at the rate 0.3.")
    for rule in ("SGD", "Momentum", "Nesterov", "Adam"):
        assert "You have not seen" in checks.hurt_by_turning(checks.START, rule)[1]
    assert "Choose a rule" in checks.hurt_by_turning(state, None)[1]


@pytest.mark.parametrize(
    ("answer", "passed", "told"),
    [
        ("0.03", True, "only its sign is left"),
        ("0,0300", True, "only its sign is left"),
        ("0.0006", False, "the step of SGD"),
        ("0.00006", False, "m is corrected"),
        ("0.0949", False, "Both averages began at 0"),
        ("-0.03", False, "the sign is not"),
        ("7", False, "m and v first"),
    ],
)
def test_adams_first_step_is_the_rate_whatever_the_slope(answer, passed, told):
    said = checks.first_step_by_hand(checks.START, answer)
    assert said[0] == passed and told in said[1]
    m, v = 0.1 * -0.02, 0.001 * 0.02**2  # by hand
    assert checks.first_step() == pytest.approx(-0.03 * (m / 0.1) / ((v / 0.001) ** 0.5 + 1e-8), rel=1e-12)


@pytest.mark.parametrize("answer", BAD)
def test_what_is_no_number_gets_one_short_sentence(answer):
    passed, why = checks.first_step_by_hand(checks.START, answer)
    assert not passed and why.startswith("Your answer") and len(why) < 150


@pytest.mark.parametrize("rule", checks.RULES)
def test_each_rule_is_the_one_of_its_name_with_the_settings_that_are_printed(rule):
    optimizer = checks.optimizer_of(rule, 0.07)
    assert optimizer.learning_rate == 0.07
    assert type(optimizer) is {"rmsprop": sn.RMSProp, "adam": sn.Adam}.get(rule, sn.SGD)
    if isinstance(optimizer, sn.SGD):
        assert (optimizer.momentum, optimizer.nesterov) == (0.9 if rule != "sgd" else 0.0, rule == "nesterov")
    for number in checks.SETTINGS_OF[rule].replace(",", "").split()[1:]:
        assert float(number) in (*vars(optimizer).values(), *getattr(optimizer, "betas", ()))


def test_each_way_on_the_map_has_the_mark_of_its_row_in_the_table():
    ground = checks.ground_of("along", 10)
    ways = {rule: checks.race(ground, rule, 0.1) for rule in checks.RULES}
    figure = map_figure(drawings.landscape_of(ground), drawings.drawn(ways, 5))
    paths = [trace for trace in figure["data"] if trace.get("mode") == "lines+markers"]
    rows = drawings.results_table(checks.START, ways, ground.least)
    assert [f"{drawings.MARKS[path['marker']['symbol']]} {path['name']}" for path in paths] == [r["rule"] for r in rows]
    for look in ("color", "dash"):
        assert len({path["line"][look] for path in paths}) == len(ways)
    widths = [path["line"]["width"] for path in paths]
    assert widths == sorted(set(widths), reverse=True)  # what is drawn later covers no way that goes along with it
    for path, way in zip(paths, ways.values(), strict=True):
        np.testing.assert_array_equal(np.column_stack([path["x"], path["y"]]), way.theta[:6, :2])
    assert [row["at the goal"] for row in rows] == [
        "not in 500" if (n := checks.arrival(way, ground.least)) is None else f"update {n}" for way in ways.values()
    ]


def test_each_rules_marks_stand_at_updates_of_its_own():
    ground = checks.ground_of("turned", 100)
    shown = drawings.drawn({rule: checks.race(ground, rule, 0.03) for rule in checks.RULES}, 100)
    for figure in (
        map_figure(drawings.landscape_of(ground), shown),
        loss_figure(shown, ground.least, checks.SHOWN, (-10, 2)),
    ):
        paths = [trace for trace in figure["data"] if trace.get("mode") == "lines+markers"]
        full = [{k for k, size in enumerate(path["marker"]["size"]) if size > 6} for path in paths]
        assert [len(path["marker"]["size"]) for path in paths] == [101] * 5
        assert sum(map(len, full)) == len(set.union(*full)) > 40
