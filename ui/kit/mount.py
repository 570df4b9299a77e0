"""Mount: the one way in which a component of the browser comes onto a page."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from ui.kit import assets
from ui.unbroken import unbroken


def mount(script: str, key: str, data: object = None, css: str | None = None, **on_change: Callable[[], None]) -> Any:
    """Mount the component of ui/<script>.js, such as "graph/graph", and give what it has said.

    key: its own on the page. data: JSON or bytes. css: rules that hold before the script is there.
    on_<name>_change: called when the browser says <name>. What it says is only kept where such a callback declares it:
    `nothing` where the script reads it from the session.
    """
    # All pages share one register of components, where the last of a name is taken for all: each look has its own name.
    look = f"-{hashlib.sha256(css.encode()).hexdigest()[:8]}" if css else ""
    name = f"{Path(script).name}{look}{'' if assets.served() else '-inline'}"
    component: Callable[..., Any] = st.components.v2.component(name, js=assets.script(f"{script}.js"), css=css)
    return component(key=key, data=data, **on_change)


@unbroken
def nothing() -> None:
    """For what is read when the script runs."""
