"""What holds for every test: arithmetic that overflows, divides by zero or makes NaN is an error, not a warning."""

import functools
import signal

import numpy as np
import pytest
from hypothesis import settings
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner_utils import script_run_context
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.testing.v1 import local_script_runner

import ui.board
import ui.play.conversation
import ui.play.playground

# Every run tries the same cases, so a failure comes back; and a slow moment of a busy machine is not a failure.
settings.register_profile("reproducible", derandomize=True, deadline=None)
settings.load_profile("reproducible")

# make check runs a half of the tests in the background, where a shell has Ctrl-C ignored, also by what they start.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True, scope="session")
def pages_open_at_once():
    """Every page that is tried without a browser would read the descriptions of all installed packages and compile its
    script again, pause for visitors that there are none of, and look for garbage among all that pytest holds. Streamlit
    would copy the whole session for each list and each field, to ask it for one name, and sum up each message for a
    browser's cache. Together that is more than what the pages themselves take."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner, "scan_component_manifests", functools.cache(manifest_scanner.scan_component_manifests)
        )
        patch.setattr(local_script_runner, "ScriptCache", functools.cache(local_script_runner.ScriptCache))
        patch.setattr(SafeSessionState, "filtered_state", property(lambda session: session))
        patch.setattr(script_run_context, "populate_hash_if_needed", lambda message: None)
        patch.setattr(ui.board, "YIELD_SECONDS", 0)
        yield


@pytest.fixture(autouse=True, scope="session")
def short_ways_are_gone_at_once():
    """However busy the machine is: half a second without the processor would have a way of ten updates go on in pieces.
    A test of a way in pieces sets these itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ui.play.playground, "REACH_SECONDS", 60.0)
        patch.setattr(ui.play.conversation, "OBEY_SECONDS", 60.0)
        yield


@pytest.fixture(autouse=True)
def strict_arithmetic():
    # Underflow is allowed: exp(-1000) is 0, and that is the right number.
    with np.errstate(divide="raise", over="raise", invalid="raise", under="ignore"):
        yield
