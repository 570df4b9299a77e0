"""The entry: `streamlit run app.py`. What the app shows begins in ui/menu.py."""

import os
import runpy
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

# Networks here are tiny: threads inside BLAS cost eight times what they save. This must come before NumPy is imported.
for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(threads, "1")

import streamlit as st  # noqa: E402
from starlette.middleware import Middleware  # noqa: E402

from ui import (  # noqa: E402
    admission,
    controls,  # noqa: F401 - with study all that the first page needs: the server reads it before the first visitor comes
    errors,
    study,  # noqa: F401
)
from ui.kit import assets  # noqa: E402
from ui.sweeps import pool  # noqa: E402
from ui.web import connections, memory  # noqa: E402
from ui.web.files import Files  # noqa: E402
from ui.web.guard import Guard  # noqa: E402

MENU = Path(__file__).resolve().parent / "ui" / "menu.py"


@asynccontextmanager
async def while_it_runs(app: object) -> AsyncIterator[None]:
    async with connections.at_once(app), memory.given_back():
        try:
            yield
        finally:
            pool.close()


if __name__ == "__main__":  # a host that does not know st.App runs this file as the script of every visit
    runpy.run_path(str(MENU))
else:
    memory.share_arenas()
    st.secrets.load_if_toml_exists()  # into the environment, where a host such as Community Cloud gives settings so
    try:
        admission.most_visitors()
    except ValueError as fault:
        sys.exit(str(fault))
    app = st.App(
        MENU,
        routes=[assets.route()],
        middleware=[Middleware(Guard), Middleware(Files)],
        lifespan=while_it_runs,
        on_script_error=errors.show,
    )
