"""Input weights: sums by hand, and their order."""

import numpy as np
from hypothesis import given
from hypothesis.extra import numpy as hnp

import scratchnet as sn
from scratchnet.input_weights import input_weights


def test_weights_above_and_below_0_are_added_up_apart_and_the_weightiest_input_comes_first():
    net = sn.Network.from_arrays(
        [[[1.0, -5.0, 0.0], [-2.0, -1.0, 0.25]], [[7.0, 7.0]]], [[9.0, 9.0], [9.0]], ("tanh",) * 2
    )
    found = input_weights(net)
    assert found.inputs.tolist() == [1, 0, 2]
    assert found.positive.tolist() == [0, 1, 0.25]
    assert found.negative.tolist() == [-6, -2, 0]


@given(hnp.arrays(float, (3, 40), elements={"min_value": -2, "max_value": 2}))
def test_the_order_is_that_of_the_sizes_and_of_equal_ones_that_of_the_inputs(weights):
    found = input_weights(sn.Network.from_arrays([np.round(weights)], [np.zeros(3)], ("tanh",)))
    sizes = [sum(abs(row[i]) for row in np.round(weights).tolist()) for i in range(40)]
    assert found.inputs.tolist() == sorted(range(40), key=lambda i: (-sizes[i], i))
    assert (found.positive - found.negative).tolist() == sorted(sizes, reverse=True)
