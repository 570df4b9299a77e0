"""The checks of step 2: every known slip first, then the right answer, typed with a point or a comma."""

import numpy as np
import pytest

import scratchnet as sn
from ui.checks import forward as checks


def test_every_check_fails_on_the_initial_state_and_says_what_is_missing():
    for check in (checks.missing_activation, checks.parameters_counted, checks.shapes_that_fit):
        passed, why = check(checks.START, None)
        assert not passed
        assert "answer is missing" in why


# z = 0.5*1.5 + 0.8*(-1) + (-0.6)*0.5 + 0.6 = 0.25; sigmoid(0.25) = 0.562177 (by hand, with a calculator)
@pytest.mark.parametrize("typed", ["0.562", "0,562", "0.5622", " .56218 ", "0,562177"])
def test_the_missing_activation_is_accepted_to_three_digits_with_point_or_comma(typed):
    passed, why = checks.missing_activation(checks.START, typed)
    assert passed
    assert "z is 0.25" in why


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("0.25", "sum z"),
        ("0.413", "bias of this unit is missing"),  # sigmoid(-0.35)
        ("0.279", "wrong sign"),  # sigmoid(-0.95)
        ("0.701", "sign of each weight"),  # sigmoid(0.85): -0.6 taken for 0.6
        ("0.921", "minus times plus"),  # sigmoid(2.45): worked out without a minus anywhere
        ("0.245", "tanh"),  # tanh(0.25)
        ("0.786", "other hidden unit"),  # z = 0.9 + 0.4 + 0.1 - 0.1 = 1.3
        ("0.56", "Nearly"),
        ("7", "Not yet"),
        ("", "missing"),
        ("nan", "expected a number"),
        ("1e400", "too large"),
        ("7" * 10_000, "10000 characters"),
    ],
)
def test_a_slip_in_the_missing_activation_gets_its_own_hint(typed, hint):
    passed, why = checks.missing_activation(checks.START, typed)
    assert not passed
    assert hint in why
    assert "0.562" not in why


@pytest.mark.parametrize("typed", ["51", "51.0", "51,0", " 51 "])
def test_the_parameters_of_4_5_3_2_are_51(typed):  # (4*5 + 5) + (5*3 + 3) + (3*2 + 2)
    passed, why = checks.parameters_counted(checks.START, typed)
    assert passed
    assert why == "Right: (5·4 + 5) + (3·5 + 3) + (2·3 + 2) = 51."


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("41", "weights"),
        ("10", "biases"),
        ("55", "inputs have no bias"),
        ("14", "units"),
        ("50.9", "Not yet"),
        ("x", "expected"),
    ],
)
def test_a_slip_in_the_number_of_parameters_gets_its_own_hint(typed, hint):
    passed, why = checks.parameters_counted(checks.START, typed)
    assert not passed
    assert hint in why
    assert "51" not in why


def test_exactly_one_of_the_offered_shapes_fits_and_it_is_what_the_network_has():
    right = [choice for choice in checks.SHAPES if checks.shapes_that_fit(checks.START, choice)[0]]
    assert right == ["W (3, 4), b (3,), z (5, 3)"]
    net = sn.Network.build((4, 3))
    forward = net.forward(np.zeros((5, 4)))
    assert checks.SHAPES[right[0]] == (net.weights[0].shape, net.biases[0].shape, forward.z[0].shape)


def test_each_wrong_shape_is_told_from_the_others():
    whys = {checks.shapes_that_fit(checks.START, choice)[1] for choice in checks.SHAPES}
    assert len(whys) == len(checks.SHAPES)


@pytest.mark.parametrize("text", ["3-2-1", "3, 2, 1", "3 2 1", " 3x2x1 ", "3–2–1", "3;2;1"])
def test_sizes_may_be_typed_in_many_ways(text):
    assert checks.read_sizes(text) == (3, 2, 1)


@pytest.mark.parametrize(
    "text",
    ["", "text", "nan", "1e400", "3", "0-1", "7-1", "3-2.5-1", "-3-2", "1-1-1-1-1-1", "9" * 10_000, "3-2-", "٣-٢"],
)
def test_bad_sizes_get_one_sentence_that_names_what_is_expected(text):
    with pytest.raises(
        ValueError, match=r"^Sizes: expected 2 to 5 whole numbers from 1 to 6, such as 3-2-1, got "
    ) as error:
        checks.read_sizes(text)
    assert len(str(error.value)) < 200


def test_the_start_is_the_worked_example():
    net = checks.network_of(checks.START)
    forward = net.forward(checks.samples_of(sn.load_dataset("tutorial"), checks.START))
    np.testing.assert_allclose(forward.z[0], [[0.44, -0.38]], atol=1e-12)
    np.testing.assert_allclose(forward.a[0], [[0.608259, 0.406127]], atol=5e-7)
    np.testing.assert_allclose(forward.output, [[0.582621]], atol=5e-7)


def test_other_sizes_and_a_seed_draw_weights_that_the_seed_determines():
    four = checks.START | {"sizes": (4, 2)}
    np.testing.assert_array_equal(checks.network_of(four).theta, checks.network_of(four).theta)
    drawn = checks.network_of(checks.START | {"seed": 1})
    assert not np.array_equal(drawn.theta, checks.network_of(checks.START).theta)
    assert not np.array_equal(drawn.theta, checks.network_of(checks.START | {"seed": 2}).theta)


def test_typed_inputs_take_their_place_among_the_samples_of_the_data():
    data = sn.load_dataset("tutorial")
    state = checks.START | {"rows": 3, "row": 1, "x1": 9.0, "x2": 8.0, "x3": 7.0}
    rows = checks.samples_of(data, state)
    np.testing.assert_array_equal(rows[1], [9.0, 8.0, 7.0])
    np.testing.assert_array_equal(rows[[0, 2]], data.x_train[[0, 2]])
    assert data.x_train[1].tolist() == [0.1, 0.8, -0.5], "the data itself stays as it is"


def test_one_hidden_neuron_for_two_weights_is_the_tutorials_shape_error():
    assert "shapes (1,) and (2,) not aligned" in checks.asked_and_built(2, 1)["NumPy says"]
    assert checks.asked_and_built(2, 1)["weights"] == "(2,)"
    assert checks.asked_and_built(2, 1)["inputs"] == "(1,)"
    assert checks.asked_and_built(1, 1)["NumPy says"].startswith("nothing")
    assert checks.asked_and_built(2, 2)["NumPy says"].startswith("nothing")
