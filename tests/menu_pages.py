"""The pages that the menu knows, asked from the menu itself, so that nobody has to list a new page twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import streamlit as st
from streamlit.testing.v1 import AppTest

MENU = Path(__file__).parent.parent / "ui" / "menu.py"


@dataclass(frozen=True)
class MenuPage:
    """A page's section and title as shown, and its path in the address ("" is home)."""

    section: str
    title: str
    url_path: str


def menu_pages() -> list[MenuPage]:
    """Run the menu up to its list of pages; no page runs."""
    pages: list[MenuPage] = []

    def navigation(sections: Mapping[str, list], **_settings) -> None:
        pages.extend(MenuPage(name, page.title, page.url_path) for name, group in sections.items() for page in group)
        st.stop()

    with mock.patch.object(st, "navigation", navigation):
        AppTest.from_file(MENU).run(timeout=30)
    return pages
