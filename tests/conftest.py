"""What holds for every test: arithmetic that overflows, divides by zero or makes NaN is an error, not a warning."""

import numpy as np
import pytest


@pytest.fixture(autouse=True)
def strict_arithmetic():
    # Underflow is allowed: exp(-1000) is 0, and that is the right number.
    with np.errstate(divide="raise", over="raise", invalid="raise", under="ignore"):
        yield
