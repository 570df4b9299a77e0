"""Unbroken: a callback that ends what it has begun, whatever the browser says meanwhile.

Whoever clicks twice in quick succession has the second message arrive while the first one's callback runs. Streamlit
then breaks that callback off at its next use of `st.session_state`, never calls it again, and may put the older values
over the newer ones: the choice stands in the browser and the app has not heard of it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from streamlit.runtime.scriptrunner import get_script_run_ctx


def unbroken(callback: Callable[..., None]) -> Callable[..., None]:
    """For every `on_click`, `on_change` and the like: what is newer is heard once the callback has come to its end."""

    @wraps(callback)
    def to_the_end(*args, **kwargs) -> None:
        context: Any = get_script_run_ctx()
        state = context.session_state
        breaks_off = state._yield_callback  # SafeSessionState calls it before each use; it has no public switch
        object.__setattr__(state, "_yield_callback", _goes_on)
        try:
            callback(*args, **kwargs)
        finally:
            object.__setattr__(state, "_yield_callback", breaks_off)

    to_the_end.__dict__["is_unbroken"] = True
    return to_the_end


def _goes_on() -> None:
    pass
