"""What holds for every test: arithmetic that overflows, divides by zero or makes NaN is an error, not a warning."""

import functools

import numpy as np
import pytest
from hypothesis import settings
from streamlit.components.v2 import manifest_scanner

import ui.board
import ui.state

# Every run tries the same cases, so a failure comes back; and a slow moment of a busy machine is not a failure.
settings.register_profile("reproducible", derandomize=True, deadline=None)
settings.load_profile("reproducible")


@pytest.fixture(autouse=True, scope="session")
def pages_open_at_once():
    """Every page that is tried without a browser would read the descriptions of all installed packages again, pause for
    visitors that there are none of, and look for garbage among all that pytest holds: half of these tests' time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner, "scan_component_manifests", functools.cache(manifest_scanner.scan_component_manifests)
        )
        patch.setattr(ui.board, "YIELD_SECONDS", 0)
        patch.setattr(ui.state, "forget_who_has_gone", lambda: None)
        yield


@pytest.fixture(autouse=True)
def strict_arithmetic():
    # Underflow is allowed: exp(-1000) is 0, and that is the right number.
    with np.errstate(divide="raise", over="raise", invalid="raise", under="ignore"):
        yield
