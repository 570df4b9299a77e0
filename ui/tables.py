"""Tables: a network's parameters as numbers, a table for each layer, and all of them in one file to download."""

import csv
import io

import numpy as np
import pandas as pd

import scratchnet as sn
from ui.data.export import harmless


def parameter_tables(network: sn.Network, features: tuple[str, ...]) -> list[pd.DataFrame]:
    """A table a layer, counted as on screen: a row a unit, a column for each source of its sum, and the bias.

    The numbers are the parameters themselves, not rounded. features: names of the network's inputs.
    """
    tables, sources = [], list(features)
    for weights, biases in zip(network.weights, network.biases, strict=True):
        units = [f"unit {unit + 1}" for unit in range(len(biases))]
        table = pd.DataFrame(np.column_stack([weights, biases]), index=units, columns=[*sources, "bias"])
        tables.append(table)
        sources = units
    return tables


def parameters_as_csv(network: sn.Network, features: tuple[str, ...]) -> str:
    """All parameters, a line each: layer, unit, source (a feature, a unit of the layer before, or bias), value.

    Values have all their digits, so that they read back as the same numbers. A name that a spreadsheet would run as a
    formula has an apostrophe before it.
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(("layer", "unit", "source", "value"))
    for layer, table in enumerate(parameter_tables(network, features), 1):
        sources = [harmless(source) for source in table.columns]
        for unit, row in enumerate(table.to_numpy().tolist(), 1):
            writer.writerows((layer, unit, source, repr(value)) for source, value in zip(sources, row, strict=True))
    return written.getvalue()
