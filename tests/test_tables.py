"""Tables: the parameters as they are, none missing, none rounded."""

import csv
import io

import numpy as np

import scratchnet as sn
from ui.tables import parameter_tables, parameters_as_csv

FEATURES = ("x1", "x1*x2")


def network() -> sn.Network:
    return sn.Network.build(sizes=(2, 3, 1), hidden="tanh", output="sigmoid", initializer="standard_normal", rng=5)


def test_a_table_has_a_row_a_unit_a_column_a_source_and_the_bias_last():
    net = network()
    hidden, output = parameter_tables(net, FEATURES)
    assert list(hidden.columns) == ["x1", "x1*x2", "bias"]
    assert list(hidden.index) == ["unit 1", "unit 2", "unit 3"]
    assert list(output.columns) == ["unit 1", "unit 2", "unit 3", "bias"]
    for table, weights, biases in zip((hidden, output), net.weights, net.biases, strict=True):
        assert np.array_equal(table.to_numpy()[:, :-1], weights)
        assert np.array_equal(table["bias"].to_numpy(), biases)


def test_the_file_holds_every_parameter_with_all_its_digits_in_the_order_of_theta():
    net = network()
    rows = list(csv.DictReader(io.StringIO(parameters_as_csv(net, FEATURES))))
    assert len(rows) == net.n_parameters
    for row in rows:
        layer, unit = int(row["layer"]) - 1, int(row["unit"]) - 1
        if row["source"] == "bias":
            value = net.biases[layer][unit]
        else:
            source = FEATURES.index(row["source"]) if layer == 0 else int(row["source"].removeprefix("unit ")) - 1
            value = net.weights[layer][unit, source]
        assert float(row["value"]) == value
