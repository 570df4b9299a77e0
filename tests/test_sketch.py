"""Sketches: what the pictures of neurons and losses place, held against the network's own numbers."""

import base64
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import scratchnet as sn
from ui.checks import losses as loss_checks
from ui.checks import neurons as checks
from ui.drawings import losses, neurons
from ui.kit.numbers import text
from ui.sketch import Axis, rounds

STEEP = {"x1": 5.0, "x2": -5.0, "w1": 5.0, "w2": -5.0, "b": -10.0}
STATES = [checks.START, checks.START | STEEP, checks.START | {"inputs": 2, "b": 1.0}]


def items(picture: dict, kind: str) -> list[dict]:
    return [item for item in picture["items"] if item["kind"] == kind]


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_marks_of_an_axis_are_few_and_lie_on_it(low, length):
    marks = rounds(low, low + length)
    assert 1 <= len(marks) <= 7
    assert all(low - 1e-6 * length <= mark <= low + (1 + 1e-6) * length for mark in marks)


def test_marks_are_round_numbers():
    assert rounds(-5, 5) == [-4, -2, 0, 2, 4]
    assert rounds(0, 1) == [0, 0.2, 0.4, 0.6, 0.8, 1]
    assert Axis("a", 0, 1).drawn()["marks"][1] == (0.2, "0.2")


@pytest.mark.parametrize("state", STATES)
def test_each_bar_begins_where_the_one_before_ends_and_they_add_up_to_z(state):
    neuron, x = checks.neuron_of(state)
    terms = [*neuron.products(x), neuron.bias]
    *bars, z = items(neurons.sum_picture([*"abcdef"[: len(terms)]], terms, neuron.z(x)), "bar")
    starts, ends = np.array([bar["ends"] for bar in bars]).T
    assert starts.tolist() == [0.0, *ends[:-1]]
    assert [bar["label"] for bar in bars] == [text(term) for term in terms]
    assert [bar["colour"] for bar in bars] == ["positive" if term >= 0 else "negative" for term in terms]
    assert z["ends"] == [0.0, neuron.z(x)]
    assert ends[-1] == pytest.approx(neuron.z(x), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("name", [name for name in sn.ACTIVATIONS if name != "softmax"])
def test_the_curve_and_its_point_are_the_activation_and_the_tangent_has_its_slope(name):
    neuron, x = checks.neuron_of(checks.START | {"activation": name})
    z, a, slope = neuron.z(x), neuron.forward(x), neuron.slope(x)
    picture = neurons.activation_picture(name, name, z, a, slope)
    slopes, tangent, curve = (np.array(line["points"]) for line in items(picture, "line"))
    np.testing.assert_array_equal(curve[:, 1], sn.ACTIVATIONS[name].f(curve[:, 0]))
    np.testing.assert_array_equal(slopes[:, 1], sn.ACTIVATIONS[name].derivative(curve[:, 0], curve[:, 1]))
    (x0, y0), (x1, y1) = tangent
    assert (y1 - y0) / (x1 - x0) == pytest.approx(slope, rel=1e-9, abs=1e-9)
    assert items(picture, "point")[0]["at"] == [z, a]


@pytest.mark.parametrize("state", STATES)
def test_the_map_holds_the_neurons_answers_and_the_line_is_where_z_is_0(state):
    neuron, x = checks.neuron_of(state)
    picture = neurons.plane_picture(neuron, x)
    (drawn,) = items(picture, "plane")
    values = np.frombuffer(base64.b64decode(drawn["values"]), "<f4").reshape(drawn["rows"], drawn["columns"])
    for row, column, place in ((0, 0, (-5, -5)), (0, 60, (5, -5)), (60, 0, (-5, 5)), (30, 30, (0, 0))):
        inputs = [*map(float, place), *x[2:]]
        assert values[row, column] == np.float32(neuron.forward(inputs))
    (line,) = items(picture, "line")
    assert len(line["points"]) == 2
    for place in line["points"]:
        assert neuron.z([*place, *x[2:]]) == pytest.approx(0, abs=1e-9)
        assert max(map(abs, place)) == pytest.approx(5, abs=1e-9)


def test_a_neuron_that_says_the_same_everywhere_has_no_line():
    neuron, x = checks.neuron_of(checks.START | {"w1": 0.0, "w2": 0.0})
    assert not items(neurons.plane_picture(neuron, x), "line")


@pytest.mark.parametrize("target", [0, 1])
@pytest.mark.parametrize("a", [loss_checks.LEAST, 0.5, loss_checks.MOST])
def test_the_points_lie_on_the_curves_of_their_losses(target, a):
    picture = losses.probability_picture(losses.OF_PROBABILITIES, target, a)
    for name, line, point in zip(losses.OF_PROBABILITIES, items(picture, "line"), items(picture, "point"), strict=True):
        assert line["name"] == losses.title(name)
        assert point["at"] == [a, loss_checks.losses_of(name, [target], [a]).item()]
        places = np.array(line["points"])
        np.testing.assert_allclose(np.interp(a, *places.T), point["at"][1], atol=1e-2)


@pytest.mark.parametrize(
    ("target", "a", "ends"), [(1, 0.7, (0.7, loss_checks.MOST)), (0, 0.7, (loss_checks.LEAST, 0.7))]
)
def test_curves_that_are_not_whole_end_at_the_output_and_begin_at_its_target(target, a, ends):
    for line in items(losses.probability_picture(losses.OF_PROBABILITIES, target, a, whole=False), "line"):
        assert (line["points"][0][0], line["points"][-1][0]) == ends


@pytest.mark.parametrize("z", [-1000.0, 0.0, 36.0, 40.0, 1000.0])
def test_the_printed_form_is_drawn_as_far_as_it_is_a_number_and_the_rest_is_shaded(z):
    picture = losses.stable_picture(z)
    whole, printed = (np.array(line["points"]) for line in items(picture, "line"))
    assert np.isfinite(printed).all()
    left, right = [whole[0, 0], printed[0, 0]], [printed[-1, 0], whole[-1, 0]]
    shaded = [shade["ends"] for shade in items(picture, "shade")]
    assert shaded == [ends for ends in (left, right) if ends[0] < ends[1]]
    assert len(shaded) == (2 if abs(z) == 1000 else 1), "below about -709 exp overflows as well"
    for edge, outwards in ((printed[-1, 0], math.inf), *([(printed[0, 0], -math.inf)] if len(shaded) == 2 else [])):
        assert np.isfinite(loss_checks.printed(edge)) and not np.isfinite(
            loss_checks.printed(np.nextafter(edge, outwards))
        )
    assert items(picture, "point")[0]["at"][1] == loss_checks.from_z(0.0, z)
    json.dumps(picture["items"], allow_nan=False)
