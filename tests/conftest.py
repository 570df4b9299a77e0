"""What holds for every test: arithmetic that overflows, divides by zero or makes NaN is an error, not a warning."""

import numpy as np
import pytest
from hypothesis import settings

# Every run tries the same cases, so a failure comes back; and a slow moment of a busy machine is not a failure.
settings.register_profile("reproducible", derandomize=True, deadline=None)
settings.load_profile("reproducible")


@pytest.fixture(autouse=True)
def strict_arithmetic():
    # Underflow is allowed: exp(-1000) is 0, and that is the right number.
    with np.errstate(divide="raise", over="raise", invalid="raise", under="ignore"):
        yield
