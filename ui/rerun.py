"""Rerun: have the whole page run again, and lose nothing that the visitor has asked for in the meantime.

`st.rerun` asks for another run of this page with the address of this run. What has come from the browser since the run
began waits, and Streamlit puts the newer request over it: a press of Back, or of a link to another page, would be gone.
"""

from dataclasses import replace
from typing import Any, NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType


def rerun_page() -> NoReturn:
    """End this run and have the whole page run anew: where the visitor has asked for one, that one.

    Streamlit has no public names for this.
    """
    context: Any = get_script_run_ctx()
    requests = context.script_requests
    with requests._lock:
        if requests._state is ScriptRequestType.RERUN:
            requests._rerun_data = replace(requests._rerun_data, fragment_id_queue=[], is_fragment_scoped_rerun=False)
        else:
            here = RerunData(
                query_string=context.query_string,
                page_script_hash=context.page_script_hash,
                cached_message_hashes=context.cached_message_hashes,
                context_info=context.context_info,
            )
            requests._request_rerun_locked(here)
    st.empty()  # Streamlit looks for requests where something is shown: the run ends here
    st.stop()
