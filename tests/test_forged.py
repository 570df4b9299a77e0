"""Forged: whatever a browser says that a widget holds, nothing or less than it can, no page shows Python's words."""

import logging
import re

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from tests.lesson_app import sound, texts
from tests.menu_pages import MENU, menu_pages
from tests.widgets import named

PYTHON = re.compile(r"Traceback|NoneType|'None'|got None|\w+Error\b|invalid literal|has no attribute")
OWN = {page.title: page for page in menu_pages()}
FOLDERS = {"": "play", "Learn": "learn", "Lab": "lab", "Teach": "teach"}
# What no field of this kind sends: nothing, and what is none of its values.
NOTHING = {
    "button_group": ("string_array_value", []),
    "multiselect": ("string_array_value", []),
    "select_slider": ("string_array_value", []),
    "slider": ("double_array_value", []),
    "selectbox": ("string_value", ""),
    "radio": ("string_value", ""),
    "number_input": ("double_value", -1e308),
    "text_input": ("string_value", ""),
    "text_area": ("string_value", ""),
}
UNKNOWN = {
    "button_group": ("string_array_value", ["zzz", "<b>"]),
    "multiselect": ("string_array_value", ["zzz", "<b>"]),
    "select_slider": ("string_array_value", ["zzz"]),
    "slider": ("double_array_value", [1e308]),
    "selectbox": ("string_value", "zzz"),
    "radio": ("string_value", "zzz"),
    "number_input": ("double_value", 1e308),
    "text_input": ("string_value", "zzz\0<b>"),
    "text_area": ("string_value", "zzz\0<b>"),
}
SMALL = {  # of which there are results at once
    "Sweep": {"sweep_epochs": "1", "sweep_seeds": "1", "sweep_values_learning_rate": "0.1; 0.2"},
    "Luck": {"seeds_epochs": "1"},
}


def opened(page):
    app = AppTest.from_file(MENU, default_timeout=60)
    name = page.url_path or "playground"
    return sound(app.switch_page(f"../pages/{FOLDERS[page.section]}/{name}.py").run())


def widgets(app):
    return {(kind, widget.key): widget for kind in NOTHING for widget in app.get(kind) if widget.key}


def forge(widget, field, value):
    """Have the next run told, as by a browser, that this is what the widget holds."""

    def said(self):
        state = WidgetState(id=self.id)
        if isinstance(value, list):
            getattr(state, field).data[:] = value
            getattr(state, field).SetInParent()
        else:
            setattr(state, field, value)
        return state

    widget.__class__ = type(type(widget).__name__, (type(widget),), {"_widget_state": property(said)})


def holds(app, caplog, what):
    sound(app.run())
    assert not (found := PYTHON.search(texts(app))), (what, found)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR], what


@pytest.mark.parametrize("title", OWN)
def test_whatever_a_widget_is_said_to_hold_there_are_neither_pythons_words_nor_a_stack_trace(title, caplog):
    app = opened(OWN[title])
    if title in SMALL:  # what it shows only then has widgets, too
        for name, text in SMALL[title].items():
            named(app.text_input, name).set_value(text)
        app = sound(app.run())
        page = OWN[title].url_path
        sound(named(app.button, f"{page}_run").click().run())
        app.session_state[f"{page}_job"].thread.join(60)
        app = sound(app.run())
        assert len(widgets(app)) > len(widgets(opened(OWN[title])))
    for kind, key in widgets(app):
        known = widgets(app)
        if (kind, key) in known:
            held = known[kind, key].value
            forge(known[kind, key], *NOTHING[kind])
            holds(app, caplog, key)
            if (kind, key) in (known := widgets(app)):
                known[kind, key].set_value(held)
    app.run()
    for (kind, _), widget in widgets(app).items():
        forge(widget, *UNKNOWN[kind])
    holds(app, caplog, "all")
    holds(app, caplog, "and after it")
