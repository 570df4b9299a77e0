"""Maps and curves against plain loops: which value each pixel shows, on which scale, and where two classes part."""

import itertools
import math

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.maps import class_crossings, symmetric_scale
from tests import by_hand

DOMAIN = ((-2.0, 3.0), (-1.0, 5.0))  # nothing of it is symmetric
BOUNDS = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0), "softmax": (0.0, 1.0)}  # the others have no two ends
NUMBER = sn.Decision(0, 1, None)


def net_of(*activations, sizes, factor=1.0, seed=7):
    """A network with weights and biases that are all different."""
    rng = np.random.default_rng(seed)
    layers = list(itertools.pairwise(sizes))
    return sn.Network.from_arrays(
        [factor * rng.normal(size=(units, inputs)) for inputs, units in layers],
        [rng.normal(size=units) for _, units in layers],
        activations,
    )


def answers_at(net, x):
    """The activations of every layer for one sample, by hand."""
    return by_hand.forward([W.tolist() for W in net.weights], [b.tolist() for b in net.biases], net.activations, x)[1]


def centre(row, column, size):
    (low1, high1), (low2, high2) = DOMAIN
    return [low1 + (high1 - low1) * (column + 0.5) / size, high2 - (high2 - low2) * (row + 0.5) / size]


def power_of_2_over(values):
    """The least one that no value exceeds, 1 where all are 0."""
    largest, s = np.abs(values).max(), 2.0**-200
    if largest == 0:
        return 1.0
    while s < largest:
        s *= 2
    return s


def assert_pixels_show(pixels, values, low, high):
    """Each of 256 pixels stands for the value nearest to it, its ends for what lies beyond."""
    shown = low + (high - low) * np.asarray(pixels, dtype=float) / 255
    np.testing.assert_allclose(shown, np.clip(values, low, high), rtol=0, atol=(high - low) * (0.5 / 255 + 1e-5))


@pytest.mark.parametrize("activation", sorted(set(sn.ACTIVATIONS) - {"softmax"}))
@pytest.mark.parametrize(("size", "step"), [(6, 3), (4, 1), (1, 1)])
def test_each_pixel_of_a_unit_is_its_value_at_the_pixels_centre(activation, size, step):
    net = net_of(activation, activation, "identity", sizes=(2, 3, 2, 1))
    hidden1, hidden2, output = sn.UnitMaps(("x1", "x2"), DOMAIN, size=size, unit_step=step)(net)
    for layer, maps in enumerate((hidden1, hidden2)):
        assert maps.pixels.dtype == np.uint8 and maps.pixels.shape == (net.sizes[layer + 1], size // step, size // step)
        middles = range(step // 2, size, step)
        for unit, pixels in enumerate(maps.pixels):
            values = [[answers_at(net, centre(r, c, size))[layer][unit] for c in middles] for r in middles]
            s = power_of_2_over(values)
            low, high = BOUNDS.get(activation, (-s, s))
            assert (maps.low[unit], maps.high[unit]) == (low, high)
            assert_pixels_show(pixels, values, low, high)
    values = [[answers_at(net, centre(r, c, size))[2][0] for c in range(size)] for r in range(size)]
    s = power_of_2_over(values)
    assert (output.low.tolist(), output.high.tolist(), output.crossings) == ([-s], [s], None)
    assert_pixels_show(output.pixels[0], values, -s, s)


def test_a_given_range_is_the_outputs_scale_and_what_is_beyond_is_its_end_but_a_bounded_output_keeps_its_bounds():
    for activation, (low, high) in (("identity", (-0.5, 0.5)), ("tanh", (-1.0, 1.0))):
        net = net_of("tanh", activation, sizes=(2, 3, 1))
        output = sn.UnitMaps(("x1", "x2"), DOMAIN, size=5, output_range=(-0.5, 0.5))(net)[-1]
        values = np.array([[answers_at(net, centre(r, c, 5))[1][0] for c in range(5)] for r in range(5)])
        assert (output.low[0], output.high[0]) == (low, high)
        assert activation == "tanh" or (values.min() < low and values.max() > high), "both ends are tried"
        assert_pixels_show(output.pixels[0], values, low, high)


def test_the_units_of_a_softmax_share_each_pixel():
    net = net_of("relu", "softmax", sizes=(2, 3, 3))
    maps = sn.UnitMaps(("x1", "x2"), DOMAIN, size=4)(net)[1]
    for unit in range(3):
        values = [[answers_at(net, centre(r, c, 4))[1][unit] for c in range(4)] for r in range(4)]
        assert (maps.low[unit], maps.high[unit]) == (0, 1)
        assert_pixels_show(maps.pixels[unit], values, 0, 1)


def test_two_columns_of_more_are_shown_and_the_others_held():
    net = net_of("tanh", "identity", sizes=(3, 2, 1))
    maps = sn.UnitMaps(("x1", "x2", "x3"), DOMAIN, size=4, plane=sn.slice_at((2, 0), (9.0, 0.75, 9.0)))(net)
    for unit in range(2):
        at = [[centre(r, c, 4) for c in range(4)] for r in range(4)]
        values = [[answers_at(net, [up, 0.75, across])[0][unit] for across, up in row] for row in at]
        assert_pixels_show(maps[0].pixels[unit], values, -1, 1)


@pytest.mark.parametrize("factor", [1e-10, 1e12, 1e15, 1e25, 1e40])
def test_parameters_of_any_size_have_true_maps(factor):
    net = net_of("identity", "identity", "identity", sizes=(2, 1, 1, 1), factor=factor)
    for layer, maps in enumerate(sn.UnitMaps(("x1", "x2"), DOMAIN, size=3)(net)):
        values = [[answers_at(net, centre(r, c, 3))[layer][0] for c in range(3)] for r in range(3)]
        s = power_of_2_over(values)
        assert (maps.low[0], maps.high[0]) == (-s, s)
        assert_pixels_show(maps.pixels[0], values, -s, s)


def test_many_inputs_whose_sum_alone_is_too_large_for_float32_have_true_maps():
    # 500 units of 1e18 each, times 1e18, 500 times: only their sum is beyond the 3e38 of float32.
    net = sn.Network.from_arrays(
        [np.full((500, 2), 1e18), np.full((1, 500), 1e18)], [np.zeros(500), np.zeros(1)], ("identity", "identity")
    )
    output = sn.UnitMaps(("x1", "x2"), ((1.0, 2.0), (1.0, 2.0)), size=1)(net)[1]
    assert output.high[0] == power_of_2_over([1e18 * 1e18 * 500 * 3.0])
    assert_pixels_show(output.pixels[0], [[1e18 * 1e18 * 500 * 3.0]], -output.high[0], output.high[0])


def test_what_is_infinite_is_drawn_as_the_end_of_the_largest_scale():
    net = sn.Network.from_arrays([[[1e200, 0.0]], [[1e200]]], [[0.0], [0.0]], ("identity", "identity"))
    output = sn.UnitMaps(("x1", "x2"), ((-1.0, 1.0), (-1.0, 1.0)), size=2)(net)[1]
    assert (output.low[0], output.high[0]) == (-(2.0**1000), 2.0**1000)
    assert output.pixels.tolist() == [[[0, 255], [0, 255]]]


def test_a_tiny_plane_under_huge_weights_has_true_maps():
    net = sn.Network.from_arrays([[[1e39, 0.0]]], [[0.0]], ("identity",))  # float32 ends at 3.4e38
    output = sn.UnitMaps(("x1", "x2"), ((-1e-12, 1e-12), (-1e-12, 1e-12)), size=2)(net)[0]
    assert output.high[0] == power_of_2_over([5e26])
    assert_pixels_show(output.pixels[0], [[-5e26, 5e26]] * 2, -output.high[0], output.high[0])


def test_pictures_of_the_features_reach_from_minus_to_plus_their_largest_size():
    maps = sn.UnitMaps(("x2", "x1*x2", "x1^2"), DOMAIN, size=6, unit_step=3).inputs()
    for feature, value in enumerate((lambda x1, x2: x2, lambda x1, x2: x1 * x2, lambda x1, x2: x1 * x1)):
        values = [[value(*centre(r, c, 6)) for c in (1, 4)] for r in (1, 4)]
        s = max(abs(v) for row in values for v in row)
        np.testing.assert_allclose([maps.low[feature], maps.high[feature]], [-s, s], rtol=1e-15)
        assert_pixels_show(maps.pixels[feature], values, -s, s)
    nothing = sn.UnitMaps(("x1",), ((-1.0, 1.0), (-1.0, 1.0)), size=1).inputs()  # 0 in its only pixel
    assert (nothing.low[0], nothing.high[0], nothing.pixels[0, 0, 0]) == (-1, 1, 128)


@pytest.mark.parametrize(("size", "step"), [(0, 1), (4, 2), (5, 3), (4, -2)])
def test_pixels_without_a_middle_are_refused(size, step):
    with pytest.raises(ValueError, match=rf"odd and divide the size; got {step} and {size}"):
        sn.UnitMaps(("x1", "x2"), DOMAIN, size=size, unit_step=step)


@pytest.mark.parametrize("domain", [DOMAIN[:1], (*DOMAIN, (0.0, 1.0))])
def test_what_is_no_plane_has_no_maps(domain):
    with pytest.raises(ValueError, match=f"two columns; got {len(domain)}"):
        sn.UnitMaps(("x1",), domain)


def test_a_scale_is_the_least_power_of_2_that_no_value_exceeds():
    rows = [[0.3, -0.7], [1.0, 0.5], [-4.0, 4.0], [4.1, 0.0], [3e-5, 1e-5], [1e30, -1.0], [0.0, 0.0], [2.0**-120, 0]]
    scale = symmetric_scale(np.array(rows))
    assert scale.tolist() == [[-power_of_2_over(row), power_of_2_over(row)] for row in rows]
    tiny = float(np.finfo(np.float32).tiny)
    unusual = symmetric_scale(np.array([[np.nan, 2.0], [np.inf, 0.0], [tiny, 0.0], [tiny / 2, 0.0], [1e307, 0.0]]))
    assert unusual[:, 1].tolist() == [1.0, 2.0**1000, tiny, 1.0, 2.0**1000]
    assert (unusual[:, 0] == -unusual[:, 1]).all()


def test_what_is_no_number_counts_as_0_and_infinity_is_the_end_of_the_scale():
    outputs = np.array([[np.nan], [np.inf], [-np.inf], [1e300], [-1.0], [1.0]])
    assert sn.answer_pixels(outputs, NUMBER, (-2.0, 6.0)).tolist() == [64, 255, 0, 255, 32, 96]


@pytest.mark.parametrize(("classes", "output_range"), [(2, (0.0, 1.0)), (2, (-1.0, 3.0))])
def test_a_pixel_of_two_classes_is_its_value_but_stays_on_its_side(classes, output_range):
    low, high = output_range
    for cut in (0.5, 0.0, 0.9):
        for value in np.linspace(low - 0.2, high + 0.2, 41):
            pixel = int(sn.answer_pixels(np.array([[value]]), sn.Decision(classes, 1, cut), output_range)[0])
            plain = math.floor(0.5 + 255 * min(1, max(0, (value - low) / (high - low))))
            assert abs(pixel - (max(plain, 128) if value > cut else min(plain, 127))) <= (plain not in (127, 128))


def test_of_an_output_for_each_of_two_classes_the_second_is_drawn():
    pixels = sn.answer_pixels(np.array([[0.9, 0.1], [0.25, 0.75]]), sn.Decision(2, 2, None), (0.0, 1.0))
    assert pixels.tolist() == [round(255 * 0.1), round(255 * 0.75)]


@pytest.mark.parametrize("classes", [3, 4, 5, 6])
def test_several_classes_have_shades_from_chance_to_certainty_and_the_way_back(classes):
    decision, shades = sn.Decision(classes, classes, None), 256 // classes
    meaning, surely = sn.pixel_meanings(decision)
    assert meaning.dtype == np.uint8
    assert meaning.tolist() == [min(pixel // shades, classes - 1) for pixel in range(256)]
    for pixel in range(256):
        assert surely[pixel] == min((pixel - meaning[pixel] * shades) / (shades - 1), 1.0)
    for answer in range(classes):
        for sure in (1 / classes, 0.4, 0.7, 1.0):
            outputs = np.full((1, classes), (1 - sure) / (classes - 1))
            outputs[0, answer] = max(sure, outputs.max() + 1e-6)
            share = (outputs[0, answer] - 1 / classes) / (1 - 1 / classes)
            assert sn.answer_pixels(outputs, decision, (0, 1))[0] == answer * shades + round(share * (shades - 1))


def test_less_sure_than_by_chance_is_drawn_as_chance_and_no_number_as_class_0_at_chance():
    outputs = np.array([[-5.0, -4.0, -6.0], [7.0, 9.0, 8.0], [np.nan, np.nan, np.nan]])
    assert sn.answer_pixels(outputs, sn.Decision(3, 3, None), (0, 1)).tolist() == [85, 85 + 84, 0]


@pytest.mark.parametrize("classes", [0, 2])
def test_a_pixel_of_two_classes_or_a_number_is_surer_the_farther_it_is_from_the_middle(classes):
    meaning, surely = sn.pixel_meanings(sn.Decision(classes, 1, 0.5 if classes else None))
    np.testing.assert_allclose(surely, [abs(pixel - 127.5) / 127.5 for pixel in range(256)], rtol=1e-12)
    assert meaning is None if classes == 0 else meaning.tolist() == [0] * 128 + [1] * 128


@pytest.mark.parametrize(("output", "outputs"), [("sigmoid", 1), ("softmax", 3)])
def test_the_answers_map_tells_where_classes_part_between_neighbouring_pixels(output, outputs):
    size, decision = 8, sn.Decision(max(2, outputs), outputs, 0.5 if outputs == 1 else None)
    net = net_of("tanh", output, sizes=(2, 4, outputs), seed=18)
    maps = sn.UnitMaps(("x1", "x2"), DOMAIN, size=size, output_range=(0.0, 1.0), decision=decision)(net)
    assert len(maps) == (2 if outputs == 1 else 3), "several outputs are drawn one by one before the answer"
    answer = maps[-1]
    assert answer.pixels.shape == (1, size, size) and (answer.low[0], answer.high[0]) == (0, 1)
    a = [[answers_at(net, centre(r, c, size))[1] for c in range(size)] for r in range(size)]
    classes = [[int(v[0] > 0.5) if outputs == 1 else v.index(max(v)) for v in row] for row in a]
    assert sn.pixel_meanings(decision)[0][answer.pixels[0]].tolist() == classes
    shares = []
    for down, right in ((0, 1), (1, 0)):
        for r in range(size - down):
            for c in range(size - right):
                mine, other = classes[r][c], classes[r + down][c + right]
                if mine != other:
                    here, there = a[r][c], a[r + down][c + right]
                    before = here[0] - 0.5 if outputs == 1 else here[mine] - here[other]
                    after = there[0] - 0.5 if outputs == 1 else there[mine] - there[other]
                    shares.append(255 * before / (before - after))
    assert len(shares) > 6
    np.testing.assert_allclose(answer.crossings, shares, rtol=0, atol=0.51)


def test_every_pair_of_neighbours_of_different_classes_has_its_share_in_the_order_of_the_rows():
    classes = np.array([[0, 1, 1], [0, 0, 1], [1, 0, 0]])
    outputs = np.array([[0.4, 0.7, 0.9], [0.1, 0.2, 0.8], [0.6, 0.3, 0.45]]).reshape(9, 1)
    across = [(0.4, 0.7), (0.2, 0.8), (0.6, 0.3)]
    down = [(0.7, 0.2), (0.1, 0.6), (0.8, 0.45)]
    expected = [round(255 * (0.5 - here) / (there - here)) for here, there in across + down]
    assert class_crossings(classes, outputs, sn.Decision(2, 1, 0.5)).tolist() == expected


def test_curves_are_the_units_values_along_the_only_column_on_scales_like_those_of_maps():
    net = net_of("tanh", "relu", "identity", sizes=(2, 2, 3, 1))
    curves = sn.UnitCurves(("x1", "sin(x1)"), (-3.0, 5.0), size=9)
    assert curves.x.tolist() == [-3.0 + place for place in range(9)]
    np.testing.assert_allclose(curves.inputs(), [curves.x, [math.sin(x) for x in curves.x]], rtol=1e-15)
    drawn = curves(net)
    names = ["tanh"] * 2 + ["relu"] * 3 + ["identity"]
    values = [list(itertools.chain(*answers_at(net, [x, math.sin(x)]))) for x in curves.x.tolist()]
    np.testing.assert_allclose(drawn, np.transpose(values), rtol=1e-12)
    for name, curve, (low, high) in zip(names, drawn, curves.scale(net, drawn), strict=True):
        s = power_of_2_over(curve)
        assert (low, high) == BOUNDS.get(name, (-s, s))
    assert len(sn.UnitCurves(("x1",), (0.0, 1.0)).x) == 121
